"""Acts and statements: cases E68 to E81."""

from dataclasses import fields
from pathlib import Path

import pytest

from formats import exchange
from formats.documents import TransferAct
from formats.errors import FormatError
from ledgers import closing, verify
from ledgers.errors import LedgerError
from reconcile import act, act_correct, act_dispute, act_settle, close, forms, reallocate
from reconcile.act_correct import NothingToCorrect
from reconcile.archive import ArchiveDamaged
from reconcile.close import MonthDisagrees
from reconcile.desk import Desk
from reconcile.words import amount_in_words
from tests.ledgers.stories import Story
from tests.procedure.case_returns import by_banks
from tests.procedure.table import Table, d
from tests.procedure.town import FIVE_MRP, MARCH, Town
from tests.reconcile import golden as story
from tests.reconcile.bank import OUR_IBAN

CASES = Table()


def act_xml(town: Town, name: str = "look") -> Path:
    """The act of March as it was built, delivered once more."""
    built = act.build(town.at("02.04.2024"), "AST", d("01.03.2024"), town.folder / name)
    (path,) = [one.path for one in built.files if one.path.name == "act-AST-2024-03.xml"]
    return path


@CASES.row(
    "E68",
    "no transfers in the month",
    "the act is made all the same: БАРЛЫҒЫ 0,00, «Нөл теңге 00 тиын»; Appendix 2 without bank rows, total 0 / 0,00",
)
def e68(town: Town) -> None:
    town.quiet("01.02.2024", "29.02.2024")
    built = town.closed("01.03.2024", "02.2024")
    assert (built.act.rows, built.act.total) == ((), 0)
    assert amount_in_words(built.act.total, "kk") == "Нөл теңге 00 тиын"
    form = forms.transfer_act_form(built.act, "kk")
    assert "Нөл теңге 00 тиын" in repr(form)
    assert "БАРЛЫҒЫ" in form.total_label
    assert (built.statement.rows, built.statement.total.sent_count, built.statement.total.paid) == ((), 0, 0)


@CASES.row(
    "E69",
    "2 141 360,00",
    "«Екі миллион жүз қырық бір мың үш жүз алпыс теңге 00 тиын»; «Два миллиона сто сорок одна тысяча триста шестьдесят "
    "тенге 00 тиын»",
)
def e69() -> None:
    assert amount_in_words(2_141_360_00, "kk") == "Екі миллион жүз қырық бір мың үш жүз алпыс теңге 00 тиын"
    russian = "Два миллиона сто сорок одна тысяча триста шестьдесят тенге 00 тиын"
    assert amount_in_words(2_141_360_00, "ru") == russian


@CASES.row(
    "E71",
    "figures 2 141 360,00 and words of another sum",
    "there is no such act: words come only from the figure",
)
def e71(golden: Town) -> None:
    assert [one.name for one in fields(TransferAct) if "word" in one.name or "total" in one.name] == []
    path = act_xml(golden)
    own = exchange.read(path.read_bytes(), path.name)
    assert isinstance(own, TransferAct)
    assert amount_in_words(own.total, "kk") in repr(forms.transfer_act_form(own, "kk"))
    changed = path.read_bytes().replace(b'amount="295360,00"', b'amount="295360,01"')
    assert changed != path.read_bytes()
    with pytest.raises(FormatError):
        exchange.read(changed, path.name)


@CASES.row("E72", "act total and ledger turnover differ by 0,01", "block, the line is shown")
def e72(desk: Desk) -> None:
    Story(desk).golden(posted=-1)
    with pytest.raises(MonthDisagrees) as refused:
        close.month(story.at(desk, d("01.04.2024")), "AST", d("01.03.2024"))
    assert any("GCVP-00100000071" in f"{one}" for one in refused.value.findings)
    assert any("0,01" in f"{one}" for one in refused.value.findings)


@CASES.row(
    "E73",
    "State Corporation 2 141 360,00, authority 2 122 900,00",
    "difference 18 460,00 (one item of 5 MRP): protocol, disputed; the deadline runs on",
)
def e73(golden: Town) -> None:
    lines = [
        "order_number;order_date;amount;aid_kind;comment",
        "145;14.03.2024;1827540,00;A;бір алушы",
        "146;14.03.2024;295360,00;B;",
    ]
    path = golden.path("act-lines.csv", "\n".join(lines))
    month = d("01.03.2024")
    told = act_dispute.dispute(golden.at("10.04.2024"), path, "AST", month, "№ 4", golden.out).protocol
    assert (told.ours, told.theirs, told.difference) == (2_141_360_00, 2_122_900_00, 18_460_00)
    with pytest.raises(LedgerError):
        golden.sign("11.04.2024", "corporation", "Мұқанова С.")
    (late,) = golden.board("23.04.2024", "R-070")
    assert (late.due, late.state, late.late_by) == (d("22.04.2024"), "overdue", 1)
    assert late.advice.endswith("a dispute does not stop the term (E73)")
    act_settle.settle(golden.at("23.04.2024"), "AST", month, 1, "explained", "түсіндірілді")
    golden.sign("23.04.2024", "corporation", "Мұқанова С.")
    golden.sign("23.04.2024", "authority", "Дәулетова Ә.")
    (met,) = golden.board("23.04.2024", "R-070")
    assert (met.state, met.late_by) == ("met", 1)


@CASES.row(
    "E75",
    "error found in the signed March act on 06.05.2024",
    "corrective act No 1 to March, dated 06.05.2024; the signed bytes of March still verify",
)
def e75(town: Town) -> None:
    for kind in "AB":
        town.decide("06.03.2024", kind)
    town.form("11.03.2024")
    (reference,) = town.ask_for("12.03.2024")
    town.pay_in("14.03.2024", FIVE_MRP)
    reallocate.place(town.at("14.03.2024"), "S1", "AST", [f"{reference}/A=18460,00"], "қате түр")
    town.quiet("15.03.2024", "31.03.2024")
    town.closed("01.04.2024", MARCH)
    signed = act_xml(town).read_bytes()
    with pytest.raises(NothingToCorrect):
        act_correct.correct(town.at("09.04.2024"), "AST", d("01.03.2024"), "түр", town.out)
    town.sign("10.04.2024", "corporation", "Мұқанова С.")
    town.sign("11.04.2024", "authority", "Дәулетова Ә.")
    reallocate.place(town.at("06.05.2024"), "S1", "AST", [f"{reference}/B=18460,00"], "түр", anew=True)
    corrected = act_correct.correct(town.at("06.05.2024"), "AST", d("01.03.2024"), "түр", town.out).value
    assert (corrected.number, corrected.dated, corrected.month) == (1, d("06.05.2024"), d("01.03.2024"))
    assert act_xml(town, "after").read_bytes() == signed
    with town.desk.database.begin() as connection:
        assert verify.verify(connection).is_sound


@CASES.row(
    "E76", "one byte of a signed act changed", "the check fails, a red flag; the original comes from the archive"
)
def e76(golden: Town) -> None:
    path = act_xml(golden)
    original = path.read_bytes()
    changed = original[:-2] + b"X" + original[-1:]
    path.write_bytes(changed)
    assert act_xml(golden).read_bytes() == original
    ((digest,),) = golden.ask("SELECT sha256 FROM esep.document WHERE file_name = 'act-AST-2024-03.xml'")
    kept = golden.desk.archive.path(bytes(digest))
    kept.write_bytes(changed)
    try:
        with pytest.raises(ArchiveDamaged):
            act_xml(golden, "damaged")
    finally:
        kept.write_bytes(original)


@CASES.row("E77", "the same person, aid A and aid B in Halyk", "two rows (column 9), counted once in each")
def e77(town: Town) -> None:
    a = town.decide("06.03.2024", "A")
    town.decide("06.03.2024", "B", persons=a.people, amounts=[7_384_00])
    town.form("11.03.2024")
    (reference,) = town.ask_for("12.03.2024")
    town.pay_in("14.03.2024", FIVE_MRP + 7_384_00, reference)
    town.send("18.03.2024")
    assert by_banks(town, MARCH) == [
        ("A", "HSBKKZKX", 1, FIVE_MRP, 0, 0),
        ("B", "HSBKKZKX", 1, 7_384_00, 0, 0),
    ]


@CASES.row(
    "E80",
    "sum of the authorities' books against the State Corporation's account 100",
    "equal; a difference stands on the 205 list",
)
def e80(town: Town) -> None:
    town.paid(book=1)
    town.paid(book=2, received=FIVE_MRP + 1_00)
    town.pay_in("20.03.2024", 5_00, "белгісіз", number="9", book=2)
    balances = town.balances()
    assert balances["2 cash"] == 6_00 == town.balance
    assert sum(amount for name, amount in balances.items() if "unidentified" in name) == 6_00
    town.quiet("21.03.2024", "31.03.2024")
    with town.desk.database.begin() as connection:
        position = closing.bank_position(connection, OUR_IBAN, d("31.03.2024"))
    assert (position.bank, position.cash, position.unexplained) == (6_00, 6_00, 0)


@CASES.row("E81", "Kazakh and Russian views of one act", "same figures; the signed form is the Kazakh one")
def e81(golden: Town) -> None:
    path = act_xml(golden)
    own = exchange.read(path.read_bytes(), path.name)
    assert isinstance(own, TransferAct)
    kk, ru = (forms.transfer_act_form(own, language) for language in ("kk", "ru"))
    figures = [[cell for cell in row if isinstance(cell, int)] for row in kk.rows]
    assert figures == [[cell for cell in row if isinstance(cell, int)] for row in ru.rows]
    assert kk.totals == ru.totals
    assert (kk.copy_mark == "", ru.copy_mark == "") == (True, False)
