"""Two new cases for every actor: who stands in which document, and what the books keep."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from fixtures.people import people
from formats import exchange, mt102
from formats.errors import FormatError
from reconcile import award, setup
from tests.procedure.case_returns import build, by_banks
from tests.procedure.rule_frame import refused
from tests.procedure.table import Table, d
from tests.procedure.town import FIVE_MRP, KAZPOST, MARCH, Town, setup_file
from tests.reconcile.bank import AUTHORITY, OTHER_AUTHORITY
from tests.reconcile.golden import STORY

CASES = Table()
STATE_CORPORATION = "160440007161"

# --- The actors -------------------------------------------------------------------------------------------------------


def document(town: Town, name: str) -> object:
    path = town.out / name
    return exchange.read(path.read_bytes(), path.name)


@CASES.row(
    "R-010/1",
    "both authorities have needs of one day",
    "two requests, each to the BIN of its own authority; neither names the other",
)
def r010_1(town: Town) -> None:
    for book in (1, 2):
        town.decide("06.03.2024", "A", book=book)
    town.form("11.03.2024")
    assert town.ask_for("12.03.2024") == ["AST-2024-0001", "ALA-2024-0001"]
    for code, own in (("AST", AUTHORITY), ("ALA", OTHER_AUTHORITY)):
        request = document(town, f"request-{code}-2024-0001.xml")
        assert (request.authority_bin, request.amount) == (own[0], FIVE_MRP)  # type: ignore[attr-defined]


@CASES.row(
    "R-010/2",
    "the authority of Almaty decides on a return of Astana's payment",
    "refused: an authority decides on its own returns alone",
)
def r010_2(town: Town) -> None:
    (payment,) = town.paid().payments
    town.give_back("19.03.2024", payment)
    town.notify("20.03.2024")
    with pytest.raises(FormatError) as refusal:
        town.resolve("21.03.2024", payment, "refund", book=2)
    assert [one.place for one in refusal.value.faults] == ["payment_reference"]
    town.resolve("26.03.2024", payment, "refund")


@CASES.row(
    "R-011/1",
    "a request for 0,01",
    "the State Corporation asks with its own BIN and the account that the money comes to",
)
def r011_1(town: Town) -> None:
    town.decide("06.03.2024", "O", amounts=[1])
    town.form("06.03.2024")
    town.ask_for("07.03.2024")
    request = document(town, "request-AST-2024-0001.xml")
    assert (request.corporation_bin, request.iban, request.amount) == (  # type: ignore[attr-defined]
        STATE_CORPORATION,
        "KZ24009ESEP000000001",
        1,
    )


@CASES.row(
    "R-011/2",
    "an MT-102 to a bank and an MT-100 back to the authority",
    "the payer of both is the State Corporation",
)
def r011_2(town: Town) -> None:
    (payment,) = town.funded().payments
    (sent,) = town.send("18.03.2024").orders
    (message,) = mt102.read((town.out / sent.file_name).read_bytes(), sent.file_name)
    assert message.header.payer.idn == STATE_CORPORATION
    town.debit("18.03.2024")
    town.give_back("19.03.2024", payment)
    town.notify("20.03.2024")
    town.resolve("26.03.2024", payment, "refund")
    (back,) = town.refund("26.03.2024").refunds
    text_ = (town.out / back.order.file_name).read_bytes().decode("cp1251")
    assert STATE_CORPORATION in text_
    assert AUTHORITY[1] in text_


@CASES.row(
    "R-012/1",
    "a recipient of Kazpost, 0,01",
    "Kazpost gets a file like a bank and is a row of Appendix 2",
)
def r012_1(town: Town) -> None:
    town.funded(amounts=[1], bics=["KPSTKZKA"])
    (sent,) = town.send("18.03.2024").orders
    assert (sent.bic, sent.amount) == ("KPSTKZKA", 1)
    (message,) = mt102.read((town.out / sent.file_name).read_bytes(), sent.file_name)
    assert (message.header.beneficiary.idn, message.header.beneficiary.account) == KAZPOST[:2]
    assert by_banks(town, MARCH) == [("A", "KPSTKZKA", 1, 1, 0, 0)]


@CASES.row(
    "R-012/2",
    "a bank that no setup names, and one that is in no list of banks",
    "decisions to the first are refused; the second is refused at setup",
)
def r012_2(town: Town) -> None:
    row = town.row(next(town.persons), "A", MARCH, FIVE_MRP, "HSBKKZKX").replace("HSBKKZKX", "TSESKZKA")
    assert ("bic", "TSESKZKA") in refused(town, "06.03.2024", row)
    content = setup_file(town.folder).read_text("utf-8").replace('bic = "KPSTKZKA"', 'bic = "ZZZZKZKA"')
    with pytest.raises(FormatError):
        setup.import_file(town.at("02.06.2023"), town.path("unknown.toml", content))


@CASES.row(
    "R-013/1",
    "a decision for an organisation: a BIN in the place of the IIN",
    "refused: the recipient is a natural person, with a birth date in the number",
)
def r013_1(town: Town) -> None:
    row = town.row(next(town.persons), "A", MARCH, FIVE_MRP, "HSBKKZKX", iin=AUTHORITY[0])
    assert "iin" in [place for place, _ in refused(town, "06.03.2024", row)]


@CASES.row(
    "R-013/2",
    "a person born on the leap day 29.02.2000, and the same number with 28.02.2000 beside it",
    "the first is taken; the second is refused, the birth date is not that of the number",
)
def r013_2(town: Town) -> None:
    leapling = next(one for one in people(seed=29, born=(2000, 2000)) if one.iin.startswith("000229"))
    row = town.row(leapling, "A", MARCH, FIVE_MRP, "HSBKKZKX", birth_date="28.02.2000")
    assert refused(town, "06.03.2024", row) == [("birth_date", "28.02.2000")]
    assert town.decide("06.03.2024", "A", persons=[leapling]).told.count == 1


@CASES.row("R-014/1", "a decision of system E-SOBES", "the books keep the system with the decision")
def r014_1(town: Town) -> None:
    town.decide("06.03.2024", "A", number="Ш-14", source_system="E-SOBES")
    assert town.ask("SELECT source_system, decision_number FROM esep.award_line") == [("E-SOBES", "Ш-14")]


@CASES.row(
    "R-014/2",
    "after a return the authority changes the account in its system",
    "the change is a second version beside the first; the payment of the first still points at it",
)
def r014_2(town: Town) -> None:
    decided = town.paid()
    town.give_back("19.03.2024", *decided.payments)
    town.notify("20.03.2024")
    town.resolve("26.03.2024", decided.payments[0], "resend")
    town.send("27.03.2024")
    versions = town.ask("SELECT version, bic FROM esep.award_line ORDER BY version")
    assert versions == [(1, "HSBKKZKX"), (2, "CASPKZKA")]
    assert town.ask("SELECT attempt, version FROM esep.payment ORDER BY attempt") == [(1, 1), (2, 2)]


@CASES.row(
    "R-015/1",
    "the payment side gets decisions on a worked Saturday, 04.05.2024",
    "they stand in the books of that day, by kind and month, with count and amount",
)
def r015_1(town: Town) -> None:
    town.decide("04.05.2024", "O", "05.2024", amounts=[1, 2])
    rows = town.ask(
        "SELECT e.booked_on, b.aid_kind, b.count, b.amount FROM esep.award_batch b "
        "JOIN esep.entry e ON e.authority_id = b.authority_id AND e.number = b.entry_number"
    )
    assert rows == [(d("04.05.2024"), "O", 2, 3)]


@CASES.row("R-015/2", "the same decisions arrive twice, in two files", "the second time nothing changes")
def r015_2(town: Town) -> None:
    row = town.row(next(town.persons), "O", MARCH, FIVE_MRP, "HSBKKZKX")
    first = award.import_file(town.at("06.03.2024"), town.decisions([row]))
    again = award.import_file(town.at("07.03.2024"), town.decisions([row, ""]))
    assert (first.count, again.count, again.known) == (1, 0, 1)
    assert town.ask("SELECT count(*), sum(amount)::bigint FROM esep.award_line") == [(1, FIVE_MRP)]


@CASES.row(
    "R-016/1",
    "somebody changes the amount of a decision by 0,01 in the database, and deletes an entry",
    "refused for the working role: what users formed does not change",
)
def r016_1(town: Town) -> None:
    town.decide("06.03.2024", "A")
    for statement in ("UPDATE esep.award_line SET amount = amount + 1", "DELETE FROM esep.entry"):
        with pytest.raises(ProgrammingError, match="permission denied"), town.desk.database.begin() as connection:
            connection.execute(text(statement))
    assert town.ask("SELECT amount FROM esep.award_line") == [(FIVE_MRP,)]


@CASES.row(
    "R-016/2",
    "a file of decisions with three faults in three lines",
    "the format-logic control lists all three at once, each with its line; nothing is taken",
)
def r016_2(town: Town) -> None:
    persons = [next(town.persons) for _ in range(3)]
    rows = [
        town.row(persons[0], "A", MARCH, FIVE_MRP, "HSBKKZKX", iban="KZ12009NPS0413609817"),
        town.row(persons[1], "ZZ", MARCH, FIVE_MRP, "HSBKKZKX"),
        town.row(persons[2], "A", MARCH, FIVE_MRP, "HSBKKZKX", decision_date="07.03.2024"),
    ]
    with pytest.raises(FormatError) as refusal:
        award.import_file(town.at("06.03.2024"), town.decisions(rows))
    assert sorted({one.line for one in refusal.value.faults if one.line}) == [2, 3, 4]


@CASES.row(
    "R-017/1",
    "Appendix 2 of the golden month",
    "the director and the deputy director of the central branch stand under it, by name",
)
def r017_1(golden: Town) -> None:
    path = build(golden, MARCH) / "statement-by-banks-AST-2024-03.xml"
    own = exchange.read(path.read_bytes(), path.name)
    assert own.director.full_name == "Сейітов Асқар Болатұлы"  # type: ignore[union-attr]
    assert own.deputy.full_name == "Өтегенова Ұлжан Қайратқызы"  # type: ignore[union-attr]


@CASES.row(
    "R-017/2",
    "a new director from 02.04.2024; the documents of March were built on 01.04.2024",
    "the documents keep who was director when they were built",
)
def r017_2(golden: Town) -> None:
    content = (STORY / "setup.toml").read_text("utf-8").replace("Сейітов Асқар Болатұлы", "Жаңа Директор")
    setup.import_file(golden.at("02.04.2024"), golden.path("director.toml", content))
    path = build(golden, MARCH) / "statement-by-banks-AST-2024-03.xml"
    own = exchange.read(path.read_bytes(), path.name)
    assert own.director.full_name == "Сейітов Асқар Болатұлы"  # type: ignore[union-attr]
