"""Two new cases for the ambiguities that are not days alone, for deadlines as a log, and for the control sums."""

import pytest

from ledgers import settings as register
from ledgers.settings import UnknownSetting
from reconcile import calendar, settings
from reconcile.carry_over import NotOpen, NotThisMonth, carry_over
from tests.procedure.case_money import transfers_of
from tests.procedure.case_returns import by_banks, equation
from tests.procedure.rule_money import REQUEST, orders_of, returned
from tests.procedure.table import Table, d
from tests.procedure.town import FIVE_MRP, MARCH, Town

CASES = Table()


def choose(town: Town, on: str, name: str, value: str, authority: str | None = None) -> None:
    settings.change(town.at(on), name, value, reason="бұйрық № 5", authority_code=authority)


def not_offered(name: str, value: str) -> str:
    """Why a reading is not offered; the verb refuses it with the same words."""
    with pytest.raises(UnknownSetting) as refusal:
        register.check(name, value)
    return str(refusal.value)


# --- AMB-5: a return in the last days ---------------------------------------------------------------------------------


@CASES.row(
    "AMB-5/1",
    "returned on Wed 27.03.2024, data on Thu 28.03.2024: the authority may examine until Tue 02.04.2024",
    "A: it goes back on Fri 29.03.2024; B, by the setting: it waits while the examination runs, and then goes back",
)
def amb5_1(town: Town) -> None:
    (payment,) = returned(town, on="27.03.2024", told="28.03.2024").payments
    assert town.refund("29.03.2024", dry_run=True).refunds[0].lapsed == 1
    choose(town, "28.03.2024", "unexamined_at_month_end", "carry_over")
    assert town.refund("29.03.2024").refunds == ()
    assert town.balances()[f"1 returned/A/{payment}"] == FIVE_MRP
    (later,) = town.refund("30.04.2024").refunds
    assert (later.lapsed, later.order.amount) == (1, FIVE_MRP)


@CASES.row(
    "AMB-5/2",
    "the same in December: returned on Wed 27.12.2023, data on Thu 28.12.2023, setting carry-over",
    "never in December: all goes back on Fri 29.12.2023, the last working day",
)
def amb5_2(town: Town) -> None:
    choose(town, "01.12.2023", "unexamined_at_month_end", "carry_over")
    decided = town.paid(
        "20.12.2023",
        kind="O",
        month="12.2023",
        decided="14.12.2023",
        formed="14.12.2023",
        asked="15.12.2023",
        came="19.12.2023",
    )
    town.give_back("27.12.2023", *decided.payments)
    town.notify("28.12.2023")
    (back,) = town.refund("29.12.2023").refunds
    assert (back.lapsed, back.order.amount) == (1, FIVE_MRP)


@CASES.row(
    "AMB-5/3",
    "carry-over from March is tried on Fri 10.05.2024, and for a payment that never came back",
    "refused: a month is carried over while it ends, and only what is open",
)
def amb5_3(town: Town) -> None:
    decided = returned(town)
    with pytest.raises(NotThisMonth):
        carry_over(town.at("10.05.2024"), "AST", decided.payments, d("01.03.2024"), "себебі")
    with pytest.raises(NotOpen):
        carry_over(town.at("29.03.2024"), "AST", ["P1/1"], d("01.03.2024"), "себебі")


# --- AMB-9 to AMB-14 --------------------------------------------------------------------------------------------------


@CASES.row(
    "AMB-9/1",
    "payment order of Fri 31.05.2024, the pilot's last day, received on Mon 03.06.2024",
    "in the act of June, although the pilot is over; a timing difference for May",
)
def amb9_1(town: Town) -> None:
    town.decide("29.05.2024", "O", "05.2024")
    town.form("29.05.2024")
    (reference,) = town.ask_for("30.05.2024")
    told = town.pay_in("03.06.2024", FIVE_MRP, reference, dated="31.05.2024")
    assert any("in that of 05.2024 it is a timing difference" in one.sentence for one in told.remarks)
    assert transfers_of(town, "01.05.2024", "31.05.2024") == []
    assert transfers_of(town, "01.06.2024", "30.06.2024") == [("145", "O", FIVE_MRP)]


@CASES.row(
    "AMB-9/2",
    "the reading by the date of the payment order; an order of Fri 29.12.2023 received on Wed 03.01.2024",
    "the reading is not offered: the act would differ from the ledger; the transfer stands in January 2024",
)
def amb9_2(town: Town) -> None:
    assert "ledger's turnover" in not_offered("transfer_month", "order_date")
    town.decide("14.12.2023", "O", "12.2023")
    town.form("14.12.2023")
    (reference,) = town.ask_for("15.12.2023")
    town.pay_in("03.01.2024", FIVE_MRP, reference, dated="29.12.2023")
    assert transfers_of(town, "01.12.2023", "31.12.2023") == []
    assert transfers_of(town, "01.01.2024", "31.01.2024") == [("145", "O", FIVE_MRP)]


@CASES.row(
    "AMB-10/1",
    "one person is paid, returned and paid again in March",
    "items are counted: transferred 2, returned 1, paid 1; column 7 is column 3 less column 5",
)
def amb10_1(town: Town) -> None:
    (payment,) = returned(town).payments
    town.resolve("26.03.2024", payment, "resend", bic="HSBKKZKX")
    town.send("27.03.2024")
    assert by_banks(town, MARCH) == [("A", "HSBKKZKX", 2, 2 * FIVE_MRP, 1, FIVE_MRP)]
    assert town.ask("SELECT count(DISTINCT iin) FROM esep.award_line") == [(1,)]


@CASES.row("AMB-10/2", "the reading that counts different people", "not offered: column 7 would be wrong by a resend")
def amb10_2() -> None:
    assert "column 7" in not_offered("recipients", "people")


@CASES.row(
    "AMB-12/1",
    "paid on Wed 20.12.2023, returned on Wed 03.01.2024",
    "January 2024: transferred 0 / 0,00, returned 1 / 18 460,00; December keeps 1 / 18 460,00",
)
def amb12_1(town: Town) -> None:
    decided = town.paid(
        "20.12.2023",
        kind="O",
        month="12.2023",
        decided="14.12.2023",
        formed="14.12.2023",
        asked="15.12.2023",
        came="19.12.2023",
    )
    town.give_back("03.01.2024", *decided.payments)
    assert by_banks(town, "12.2023") == [("O", "HSBKKZKX", 1, FIVE_MRP, 0, 0)]
    assert by_banks(town, "01.2024") == [("O", "HSBKKZKX", 0, 0, 1, FIVE_MRP)]
    (due,) = town.board("03.01.2024", "R-063")
    assert due.due == d("31.01.2024")


@CASES.row("AMB-12/2", "the reading that restates the old month", "not offered: a signed month never changes")
def amb12_2() -> None:
    assert "signed month never changes" in not_offered("late_return", "restate")


@CASES.row(
    "AMB-13/1",
    "decisions № 2 of 05.03 (18 460,00), № 1 of 06.03 (0,01) and № 9 of 06.03 (18 460,00); 18 460,01 come",
    "by decision date, then number: the first two are paid whole, № 9 waits",
)
def amb13_1(town: Town) -> None:
    last = town.decide("06.03.2024", "A", number="9")
    second = town.decide("06.03.2024", "A", amounts=[1], number="1")
    first = town.decide("06.03.2024", "A", number="2", decided="05.03.2024")
    town.form("11.03.2024")
    (reference,) = town.ask_for("12.03.2024")
    town.pay_in("14.03.2024", FIVE_MRP + 1, reference)
    town.send("18.03.2024")
    paid = {number for (number,) in town.ask("SELECT award_number FROM esep.payment")}
    assert paid == {first.awards[0], second.awards[0]}
    assert last.awards[0] not in paid


@CASES.row(
    "AMB-13/2",
    "one decision for three people of 18 460,00; 36 920,00 less 0,01 come; the reading pro rata",
    "one person is paid, by IIN the first; 18 459,99 stays; pro rata is not offered",
)
def amb13_2(town: Town) -> None:
    decided = town.funded(amounts=[FIVE_MRP] * 3, received=2 * FIVE_MRP - 1)
    assert orders_of(town, "18.03.2024") == [FIVE_MRP]
    assert town.balances()[f"1 funding/A/{REQUEST}"] == FIVE_MRP - 1
    ((paid,),) = town.ask(
        "SELECT w.iin FROM esep.payment p JOIN esep.award_line w USING (authority_id, due_month, award_number, version)"
    )
    assert paid == min(one.iin for one in decided.people)
    assert "an award is paid whole" in not_offered("partial_transfer", "pro_rata")


@CASES.row("AMB-14/1", "the reading of an act that nobody signs", "not offered: it would end nothing")
def amb14_1() -> None:
    assert "ends nothing" in not_offered("disputed_act", "unsigned")


# --- AMB-15 and the log of deadlines ----------------------------------------------------------------------------------

MOVED = "day;working;bank;basis\n13.03.2024;no;no;бұйрық № 1\n16.03.2024;yes;yes;бұйрық № 1\n"


def move_a_day(town: Town, on: str) -> None:
    """Wed 13.03.2024 becomes a day off, Sat 16.03.2024 is worked for it."""
    calendar.import_file(town.at(on), town.path("moved.csv", MOVED))


def asked(town: Town) -> None:
    town.decide("06.03.2024", "A")
    town.form("11.03.2024")
    town.ask_for("12.03.2024")


@CASES.row(
    "AMB-15/1",
    "a request arrived on Tue 12.03.2024, due on Thu 14.03.2024; then Wed 13.03.2024 is moved off",
    "computed again: 14 and 15, due Fri 15.03.2024 by calendar version 1; the old day stays in the log",
)
def amb15_1(town: Town) -> None:
    asked(town)
    move_a_day(town, "12.03.2024")
    (now,) = town.board("12.03.2024", "R-040")
    assert (now.due, now.version, now.calendar_version) == (d("15.03.2024"), 2, 1)
    log = town.ask("SELECT version, due FROM esep.deadline WHERE rule = 'R-040' ORDER BY version")
    assert log == [(1, d("14.03.2024")), (2, d("15.03.2024"))]


@CASES.row(
    "AMB-15/2",
    "the same with the setting freeze; the next request arrives on the worked Sat 16.03.2024",
    "the open one stays due on Thu 14.03.2024; the new one counts by the new calendar: 18, 19: Tue 19.03.2024",
)
def amb15_2(town: Town) -> None:
    choose(town, "11.03.2024", "calendar_correction", "freeze")
    asked(town)
    move_a_day(town, "12.03.2024")
    (frozen,) = town.board("12.03.2024", "R-040")
    assert (frozen.due, frozen.version) == (d("14.03.2024"), 1)
    town.decide("14.03.2024", "A", decided="14.03.2024")
    town.form("14.03.2024")
    (reference,) = town.ask_for("16.03.2024")
    fresh = [one for one in town.board("16.03.2024", "R-040") if one.subject == reference]
    assert [(one.due, one.calendar_version) for one in fresh] == [(d("19.03.2024"), 1)]


@CASES.row(
    "R-073/1",
    "a return of Tue 19.03.2024 is told on Tue 26.03.2024 by another person than who imported it",
    "due Wed 20.03.2024, done on the 26th: one working day late over the five days off, with the person's name",
)
def r073_1(town: Town) -> None:
    (payment,) = town.paid().payments
    town.give_back("19.03.2024", payment)
    town.desk, before = town.at("26.03.2024", actor="Сәуле"), town.desk
    town.notify("26.03.2024")
    town.desk = before
    (told,) = town.board("26.03.2024", "R-060")
    assert (told.due, told.met_on, told.late_by, told.met_by) == (d("20.03.2024"), d("26.03.2024"), 1, "Сәуле")


@CASES.row(
    "R-073/2",
    "money due on Thu 14.03.2024 has not come by Fri 29.03.2024",
    "15, 18, 19, 20, 26, 27, 28, 29: eight working days late and still open; looked at on the 14th it is due today",
)
def r073_2(town: Town) -> None:
    asked(town)
    (late,) = town.board("29.03.2024", "R-040")
    assert (late.state, late.late_by, late.met_on) == ("overdue", 8, None)
    (then,) = town.board("14.03.2024", "R-040")
    assert (then.state, then.late_by) == ("due today", 0)


# --- The control sums -------------------------------------------------------------------------------------------------


@CASES.row(
    "1.11/1",
    "April 2024: 0,01 of March stays open, 18 460,00 of a payment of March come back and are refunded",
    "opening 0,01: opening + transfers + returns − MT-102 − refunds = closing = 200+205+210+220+230",
)
def sums_1(town: Town) -> None:
    decided = town.paid(received=FIVE_MRP + 1)
    town.give_back("02.04.2024", *decided.payments)
    town.notify("03.04.2024")
    town.resolve("04.04.2024", decided.payments[0], "refund")
    town.refund("05.04.2024")
    march, april = equation(town, MARCH), equation(town, "04.2024")
    assert (march.opening, march.transfers, march.sent, march.closing) == (0, FIVE_MRP + 1, FIVE_MRP, 1)
    assert (april.opening, april.transfers, april.returned, april.refunded) == (1, 0, FIVE_MRP, FIVE_MRP)
    assert (april.closing, april.obligations, april.holds) == (1, 1, True)


@CASES.row(
    "1.11/2",
    "a month in which nothing happened, and the identity of Appendix 2 for the golden month",
    "all sums 0,00; 2 104 440,00 paid + 36 920,00 refunded + 0,00 change of 100 = 2 141 360,00 transfers",
)
def sums_2(golden: Town) -> None:
    empty = equation(golden, "02.2024")
    assert (empty.opening, empty.transfers, empty.sent, empty.closing, empty.holds) == (0, 0, 0, 0, True)
    paid = sum(sent - back for _, _, _, sent, _, back in by_banks(golden, MARCH))
    own = equation(golden, MARCH)
    assert paid == 2_104_440_00
    assert paid + own.refunded + (own.closing - own.opening) == own.transfers == 2_141_360_00
