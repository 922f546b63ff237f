"""Payment registers of targeted aid and controls: cases E82 to E104."""

from pathlib import Path

import pytest

from formats.errors import FormatError
from ledgers.aid_terms import AidTerm, expected_amounts
from ledgers.rates import BUILT_IN
from reconcile import award, deadlines, hold
from reconcile.desk import Desk
from tests.procedure.table import Table, d, due
from tests.procedure.town import FIVE_MRP, Town

CASES = Table()

CASES.steps(
    "E82",
    "decisions of September 2019",
    "register due Sat 05.10.2019: submit Fri 04.10.2019; pay by Thu 10.10.2019",
    due("P-003", "30.09.2019", "04.10.2019", nominal="05.10.2019"),
    due("P-003", "02.09.2019", "04.10.2019", nominal="05.10.2019"),
    due("P-005", "30.09.2019", "10.10.2019"),
)
CASES.steps(
    "E84",
    "decision Mon 30.09.2019",
    "in the register by Tue 01.10.2019, which makes it the October register, due Tue 05.11.2019",
    due("P-002", "30.09.2019", "01.10.2019"),
    due("P-004", "01.10.2019", "05.11.2019"),
)


@CASES.row(
    "E86",
    "false data found Fri 06.09.2019",
    "the Centre informs by Mon 09.09.2019; sum established 09.09: notice by Tue 10.09.2019; payment suspended from "
    "10.09; voluntary return until 10.10.2019",
)
def e86() -> None:
    due("P-012", "06.09.2019", "09.09.2019")()
    due("P-013", "09.09.2019", "10.09.2019")()
    due("P-014", "10.09.2019", "10.09.2019", earliest="10.09.2019")()
    due("P-015", "10.09.2019", "10.10.2019")()


@CASES.row(
    "E87",
    "overpaid 80 000,00, returned 50 000,00 by 10.10.2019",
    "court step from 11.10 for 30 000,00: a part return does not stop it",
)
def e87(desk: Desk, tmp_path: Path) -> None:
    town = Town(desk, tmp_path)
    town.set_up("01.09.2019")
    claim = f"claim {80_000_00 - 50_000_00} tiyn of 8000000"
    deadlines.note(town.at("10.09.2019"), "P-015", "AST", "case 4", "started", on=d("10.09.2019"), words="80 000,00")
    deadlines.note(town.at("10.09.2019"), "P-016", "AST", "case 4", "started", on=d("10.09.2019"), words=claim)
    (voluntary,) = town.board("11.10.2019", "P-015")
    assert (voluntary.due, voluntary.state, voluntary.late_by) == (d("10.10.2019"), "overdue", 1)
    (court,) = town.board("10.10.2019", "P-016")
    assert (court.earliest, court.due, court.state) == (d("11.10.2019"), None, "waiting")
    assert court.started_by == "claim 3000000 tiyn of 8000000"


REGISTER_CONTROLS = (
    "the register of a month does not exist as a document yet, its control report C01 to C21 comes with it"
)
REPORT_IMPORT = "tables of the ministry's reports are not imported yet; the check of their totals comes with that"
CASES.later("E89", "one line covers 4 months", "C01 block; 3 months pass", REGISTER_CONTROLS)
CASES.later(
    "E91",
    "application 12.05.2019, decision 12.05.2019",
    "C03 block; decision 13.05 without a conclusion of the commission: C03 block",
    "days of application and conclusion are no fields of a decision yet: they come with the register's controls",
)


@CASES.row("E92", "line without a case id", "the file is refused whole (C02)")
def e92(town: Town) -> None:
    rows = [town.row(next(town.persons), "O", "03.2024", FIVE_MRP, "HSBKKZKX", case_id=case) for case in ("Е-1", "")]
    with pytest.raises(FormatError) as refused:
        award.import_file(town.at("06.03.2024"), town.decisions(rows))
    assert [(one.line, one.place) for one in refused.value.faults] == [(3, "case_id")]
    assert town.ask("SELECT 1 FROM esep.award_line") == []


CASES.later(
    "E93",
    "active individual plan, income 0",
    "C06 warn, the line goes to a manual check, it is not refused by itself",
    "income is no field of a decision: the data of control C06 come with the register's controls",
)


@CASES.row(
    "E95",
    "identity card valid until 18.03.2024, payment 18.03 or 19.03",
    "18.03 passes; 19.03 is held (S3 p.32(6)), and goes when the new card is there",
)
def e95(town: Town) -> None:
    first = town.funded(amounts=[FIVE_MRP])
    assert [one.count for one in town.send("18.03.2024").orders] == [1]
    second = town.decide("18.03.2024", "O", persons=first.people)
    town.form("18.03.2024")
    (reference,) = town.ask_for("18.03.2024")
    town.pay_in("19.03.2024", FIVE_MRP, reference)
    iin = first.people[0].iin
    number = town.stop("19.03.2024", iin, "document_expired")
    assert town.send("19.03.2024").orders == ()
    hold.end(town.at("28.03.2024"), "AST", number, document="жаңа куәлік", note="берілді")
    assert [one.count for one in town.send("28.03.2024").orders] == [1]
    assert len(second.awards) == 1


@CASES.row("E96", "person in the wanted list on the payment day", "hold, no automatic refund (C21)")
def e96(town: Town) -> None:
    decided = town.funded(amounts=[FIVE_MRP, FIVE_MRP])
    wanted = decided.people[0].iin
    town.stop("18.03.2024", wanted, "wanted")
    assert [one.count for one in town.send("18.03.2024").orders] == [1]
    paid = town.ask(
        "SELECT w.iin FROM esep.payment p JOIN esep.award_line w USING (authority_id, due_month, award_number)"
    )
    assert paid == [(decided.people[1].iin,)]
    assert town.refund("29.03.2024").refunds == ()
    assert town.balances()["1 funding/A/AST-2024-0001"] == FIVE_MRP


@CASES.row(
    "E97",
    "aid 5 MRP, line 18 640,00 in 2024",
    "amount control: expected 18 460,00, difference 180,00; it warns at import, the block is C-control of a register",
)
def e97(town: Town) -> None:
    assert 18_640_00 - 5 * 3_692_00 == 180_00
    told = town.decide("06.03.2024", "F", "03.2024", amounts=[18_640_00]).told
    (warning,) = [one for one in told.warnings if "its size is" in one.said]
    said = warning.said.replace("\N{NO-BREAK SPACE}", " ")
    assert "has 18 640,00 KZT" in said
    assert "its size is 18 460,00 KZT by the day of the decision" in said
    right = town.decide("06.03.2024", "F", "03.2024", amounts=[FIVE_MRP]).told
    assert [one for one in right.warnings if "its size is" in one.said] == []


@CASES.row(
    "E99",
    "aid for 01.05.2020, decision 10.03.2020, 5 MRP",
    "13 255,00 by the MRP of the decision's day, 13 890,00 by that of payment; the setting decides, both are shown",
)
def e99(desk: Desk, tmp_path: Path) -> None:
    five = AidTerm(authority_id=1, code="L", mrp_hundredths=500)
    amounts = expected_amounts(five, BUILT_IN, d("10.03.2020"), d("01.05.2020"), d("27.04.2020"))
    assert amounts is not None
    assert (amounts.by("decision"), amounts.by("payment")) == (13_255_00, 13_890_00)
    town = Town(desk, tmp_path)
    town.set_up("02.03.2020")
    for amount, phrase in ((13_890_00, "comes to"), (13_255_00, "has 13 255,00 KZT")):
        told = town.decide("10.03.2020", "L", "05.2020", amounts=[amount]).told
        said = [one.said.replace("\N{NO-BREAK SPACE}", " ") for one in told.warnings]
        assert any(
            phrase in one and "13 255,00 KZT" in one and "13 890,00 KZT by the day of payment" in one for one in said
        ), said


@CASES.row(
    "E100",
    "indexation from 01.04.2022, paid from 01.06.2022",
    "extra lines for April and May with their own period; paid lines do not change",
)
def e100(desk: Desk, tmp_path: Path) -> None:
    assert BUILT_IN.rise(d("01.04.2022")) == 3_180_00 - 3_063_00
    town = Town(desk, tmp_path)
    town.set_up("01.03.2022")
    person = next(town.persons)
    for month in ("04.2022", "05.2022"):
        town.decide("15.03.2022", "F", month, amounts=[5 * 3_063_00], persons=[person], number=f"Е-{month}")
    before = town.ask("SELECT * FROM esep.award_line ORDER BY award_number")
    for month in ("04.2022", "05.2022"):
        extra = town.decide("01.06.2022", "F", month, amounts=[5 * 117_00], persons=[person], number=f"И-{month}")
        assert [one for one in extra.told.warnings if "its size is" in one.said] == []
        assert [(one.amount, one.due_month) for one in extra.told.totals] == [(585_00, d(f"01.{month}"))]
    after = town.ask("SELECT * FROM esep.award_line ORDER BY award_number")
    assert set(map(tuple, before)) < set(map(tuple, after))
    assert len(after) == 4


CASES.later("E102", "S0 table 06 imported", "933 880 against 933 889, difference 9 reported", REPORT_IMPORT)
CASES.later("E104", "S0 table 03", "no total row; text total 4 489 against 3 867 reported", REPORT_IMPORT)
