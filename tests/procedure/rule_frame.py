"""Two new cases for every rule of the frame: where, when, which kinds, for free."""

from typing import Any

import pytest

from formats.errors import FormatError
from ledgers import rule_sets, verify
from ledgers.chart import CHART
from ledgers.claims import claims
from ledgers.rules import RULES
from reconcile import award, deadlines, return_place, setup
from reconcile.return_hand import Said
from tests.procedure.table import Table, d, due
from tests.procedure.town import FIVE_MRP, MARCH, Town, setup_file

CASES = Table()


def refused(town: Town, on: str, *rows: str) -> list[tuple[str, str]]:
    """Import decisions that cannot be taken: place and found of every fault; nothing of the file is applied."""
    with pytest.raises(FormatError) as refusal:
        award.import_file(town.at(on), town.decisions(rows))
    assert town.ask("SELECT 1 FROM esep.award_line") == []
    return [(one.place, one.found) for one in refusal.value.faults]


def said(town: Town, on: str, kind: str, month: str, about: str, **other: Any) -> list[str]:
    """The warnings of an import that speak of a rule."""
    told = town.decide(on, kind, month, **other).told
    assert told.count == 1
    return [one.said for one in told.warnings if about in one.said]


# --- The frame --------------------------------------------------------------------------------------------------------


@CASES.row(
    "R-001/1",
    "an authority of Almaty and one of Shymkent decide on the first day of the pilot, Thu 01.06.2023",
    "Almaty without a word; Shymkent warns that it lies in no place of the rules, and is not blocked",
)
def r001_1(town: Town) -> None:
    assert said(town, "01.06.2023", "O", "06.2023", "R-001", book=2) == []
    moved = setup_file(town.folder).read_text("utf-8").replace("Алматы қаласы", "Шымкент қаласы")
    setup.import_file(town.at("02.06.2023"), town.path("shymkent.toml", moved))
    (warning,) = said(town, "02.06.2023", "O", "06.2023", "R-001", book=2)
    assert warning.startswith("ALA lies in no place")


@CASES.row(
    "R-001/2",
    "money of both cities comes to the one account of the State Corporation, 0,01 each",
    "each city's book has its own 0,01; the bank has 0,02",
)
def r001_2(town: Town) -> None:
    town.pay_in("14.03.2024", 1, book=1)
    town.pay_in("14.03.2024", 1, book=2, number="146")
    balances = town.balances()
    assert (balances["1 cash"], balances["2 cash"], town.balance) == (1, 1, 2)


@CASES.row(
    "R-002/1",
    "decisions of Wed 31.05.2023, Thu 01.06.2023, Fri 31.05.2024 and Sat 01.06.2024",
    "both ends of the pilot belong to it: only the first and the last of these days warn, none is blocked",
)
def r002_1(town: Town) -> None:
    warned = [
        bool(said(town, on, "O", on[3:], "R-002", decided=decided))
        for decided, on in (
            ("31.05.2023", "01.06.2023"),
            ("01.06.2023", "01.06.2023"),
            ("31.05.2024", "31.05.2024"),
            ("01.06.2024", "03.06.2024"),
        )
    ]
    assert warned == [True, False, False, True]


@CASES.row(
    "R-002/2",
    "a setup file gives the pilot a later end, 31.12.2024; then a decision of Mon 03.06.2024",
    "no warning any more: the term is data, not code",
)
def r002_2(town: Town) -> None:
    (pilot,) = rule_sets.BUILT_IN
    assert (pilot.valid_from, pilot.valid_to) == (d("01.06.2023"), d("31.05.2024"))
    longer = (
        f'[[rule_set]]\ncode = "{pilot.code}"\nvalid_from = 2023-06-01\nvalid_to = 2024-12-31\n'
        f'places = "{pilot.places}"\nbasis = "бұйрық"\n'
    )
    setup.import_file(town.at("03.06.2024"), town.path("longer.toml", longer))
    assert said(town, "03.06.2024", "O", "06.2024", "R-002") == []


@CASES.row(
    "R-003/1",
    "a decision of the first day, Thu 01.06.2023, entered on Mon 10.07.2023, when the order was signed last",
    "accepted, inside the term; its need is formed on the day it was entered",
)
def r003_1(town: Town) -> None:
    assert said(town, "10.07.2023", "O", "06.2023", "R-002", decided="01.06.2023") == []
    assert len(town.form("10.07.2023").formed) == 1


CASES.steps(
    "R-003/2",
    "June 2023 is older than the order",
    "its act is due all the same, on Thu 20.07.2023; the days of June count by the same calendar: 30.06 ends it",
    due("R-070", "30.06.2023", "20.07.2023"),
    due("R-063", "01.06.2023", "30.06.2023"),
)


@CASES.row(
    "R-004/1",
    "who controls the execution asks on Fri 15.03.2024 what is late",
    "the board names the debtor, the due day and the working days of each delay, and moves nothing in the books",
)
def r004_1(town: Town) -> None:
    town.decide("06.03.2024", "A")
    town.form("11.03.2024")
    town.ask_for("12.03.2024")
    before = town.ask("SELECT count(*) FROM esep.entry")
    with town.desk.database.begin() as connection:
        late = deadlines.board(connection, d("15.03.2024"), states=["overdue"])
    assert [(one.rule, one.owed_by, one.due, one.late_by) for one in late if one.rule == "R-040"] == [
        ("R-040", "authority", d("14.03.2024"), 1)
    ]
    assert town.ask("SELECT count(*) FROM esep.entry") == before


@CASES.row(
    "R-004/2",
    "who controls the execution asks whether anything was changed since the golden month was closed",
    "every row of every book is proved again, and none was",
)
def r004_2(golden: Town) -> None:
    with golden.desk.database.begin() as connection:
        report = verify.verify(connection)
    assert (report.books, report.is_sound) == (2, True)


@CASES.row(
    "R-005/1",
    "kind X is valid from 01.06.2023 to 31.05.2024; decisions of Fri 31.05.2024 and Mon 03.06.2024",
    "the last day is taken; after it the file is refused, with the dates of validity",
)
def r005_1(town: Town) -> None:
    late = town.row(next(town.persons), "X", "06.2024", FIVE_MRP, "HSBKKZKX", decision_date="03.06.2024")
    assert refused(town, "03.06.2024", late) == [("decision_date", "03.06.2024")]
    assert town.decide("31.05.2024", "X", "05.2024").told.count == 1


@CASES.row(
    "R-005/2",
    "a kind that only the other authority has, and the two authorities' own names for one code",
    "a kind belongs to one authority: the file is refused; the same code may be in both dictionaries",
)
def r005_2(town: Town) -> None:
    kinds = town.ask("SELECT authority_id, count(*) FROM esep.aid_kind GROUP BY 1 ORDER BY 1")
    assert [book for book, _ in kinds] == [1, 2]
    unknown = town.row(next(town.persons), "ZZ", MARCH, FIVE_MRP, "HSBKKZKX")
    assert refused(town, "06.03.2024", unknown) == [("aid_kind", "ZZ")]


@CASES.row("R-006/1", "the page of posting rules and the chart", "no rule and no account takes a fee")
def r006_1() -> None:
    words = " ".join([*RULES, *CHART]).lower()
    assert [word for word in ("fee", "commission", "комис", "charge") if word in words] == []
    assert {rule.debit for rule in RULES.values() if rule.credit == "cash"} == {"transit", "between"}


@CASES.row(
    "R-006/2",
    "a bank keeps 0,01 of a return of 18 460,00, and another all but 0,01",
    "18 459,99 in 210 and 0,01 claimed; 0,01 in 210 and 18 459,99 claimed",
)
def r006_2(town: Town) -> None:
    payments = town.paid(amounts=[FIVE_MRP] * 2, bics=["HSBKKZKX", "CASPKZKA"]).payments
    for payment, amount, number, bic in (
        (payments[0], FIVE_MRP - 1, "77", "HSBKKZKX"),
        (payments[1], 1, "78", "CASPKZKA"),
    ):
        town.tell("19.03.2024", payment, number=number, amount=amount)
        town.money_back("19.03.2024", payment, number=number, amount=amount)
        named = Said(messages=(f"{bic}/RMZ{number}",), items=(f"1={payment}",), reason="комиссия", short=True)
        return_place.place(town.at("20.03.2024"), named)
    with town.desk.database.begin() as connection:
        assert sorted((one.reference, one.open) for one in claims(connection, [1])) == sorted(
            [(payments[0], 1), (payments[1], FIVE_MRP - 1)]
        )
    balances = town.balances()
    assert [balances[f"1 returned/A/{one}"] for one in payments] == [FIVE_MRP - 1, 1]


@CASES.row(
    "R-007/1",
    "a memorial kind without a day of the year, and a one-off kind with one",
    "both are refused at setup: group (a) has a date, group (b) has none",
)
def r007_1(town: Town) -> None:
    content = setup_file(town.folder).read_text("utf-8")
    for found, put in (
        ('periodicity = "memorial"\nmemorial_day = "03-08"', 'periodicity = "memorial"\nmemorial_day = ""'),
        ('periodicity = "one_off"\nmemorial_day = ""\n', 'periodicity = "one_off"\nmemorial_day = "03-08"\n'),
    ):
        path = town.path("wrong.toml", content.replace(found, put, 1))
        with pytest.raises(FormatError) as refusal:
            setup.import_file(town.at("02.06.2023"), path)
        assert [one.place.rpartition(".")[2] for one in refusal.value.faults] == ["memorial_day"]


@CASES.row(
    "R-007/2",
    "periodicities other than one-off, monthly and quarterly; a memorial date on 29 February",
    "refused at setup: a day that some years lack is no memorial date",
)
def r007_2(town: Town) -> None:
    content = setup_file(town.folder).read_text("utf-8")
    for found, put, key in (
        ('periodicity = "monthly"', 'periodicity = "yearly"', "periodicity"),
        ('memorial_day = "03-08"', 'memorial_day = "02-29"', "memorial_day"),
    ):
        path = town.path("wrong.toml", content.replace(found, put, 1))
        with pytest.raises(FormatError) as refusal:
            setup.import_file(town.at("02.06.2023"), path)
        assert key in [one.place.rpartition(".")[2] for one in refusal.value.faults]
