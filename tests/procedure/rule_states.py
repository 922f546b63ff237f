"""Two new cases for every machine of states (1.10): a thing stands where its reference is open."""

import pytest
from sqlalchemy.exc import IntegrityError

from ledgers import closing, queries
from ledgers.errors import LedgerError
from reconcile import act_sign, award_change, cancel, close, refusal, release
from reconcile.act_sign import SignedOtherwise
from reconcile.cancel import NotCancelled
from reconcile.close import MonthNotOver, MonthOutOfTurn
from reconcile.refusal import NotRefusable
from tests.procedure.case_returns import by_banks
from tests.procedure.rule_money import REQUEST, orders_of, returned
from tests.procedure.table import Table, d
from tests.procedure.town import FIVE_MRP, MARCH, Town

CASES = Table()


def stands_on(town: Town, reference: str) -> list[tuple[str, int]]:
    """The accounts that a reference is open on: what state it is in."""
    with town.desk.database.begin() as connection:
        return [(one.code, one.balance) for one in queries.balances(connection) if one.reference == reference]


# --- Decision ---------------------------------------------------------------------------------------------------------


@CASES.row(
    "1.10-decision/1",
    "a decision is accepted, needed, requested, funded; on Mon 18.03.2024 it is cancelled instead of paid",
    "cancelled before the MT-102: no file; its 18 460,00 are released and go back with the next refund",
)
def decision_1(town: Town) -> None:
    decided = town.funded()
    cancel.cancel(town.at("18.03.2024"), "AST", decided.awards, reason="бас тартты", document="№ 8")
    assert orders_of(town, "18.03.2024") == []
    release.release(town.at("18.03.2024"), "AST", REQUEST, "бас тартты")
    assert stands_on(town, REQUEST) == [("refundable", FIVE_MRP)]
    assert [one.order.amount for one in town.refund("19.03.2024").refunds] == [FIVE_MRP]


@CASES.row(
    "1.10-decision/2",
    "a decision is changed before it is paid, and cancelled after its MT-102 was sent",
    "the new account is a version 2, the file pays it; the cancellation is refused: it can only come back",
)
def decision_2(town: Town) -> None:
    decided = town.funded()
    (person,) = decided.people
    ((number, signed),) = town.ask("SELECT decision_number, decided_on FROM esep.award_line")
    row = town.row(person, "A", MARCH, FIVE_MRP, "CASPKZKA", decision_number=number, decision_date=f"{signed:%d.%m.%Y}")
    award_change.import_file(town.at("15.03.2024"), town.decisions([row]))
    assert [one.bic for one in town.send("18.03.2024").orders] == ["CASPKZKA"]
    with pytest.raises(NotCancelled):
        cancel.cancel(town.at("18.03.2024"), "AST", decided.awards, reason="бас тартты", document="№ 8")


# --- Need and request -------------------------------------------------------------------------------------------------


@CASES.row(
    "1.10-need/1",
    "a need formed on Thu 29.02.2024 takes what came until then; the next list comes on Fri 01.03.2024",
    "formed, requested once; a second need for the second list; neither is formed twice",
)
def need_1(town: Town) -> None:
    town.decide("29.02.2024", "O", "02.2024", amounts=[1])
    assert len(town.form("29.02.2024").formed) == 1
    assert town.form("29.02.2024").formed == ()
    town.decide("01.03.2024", "O", amounts=[2])
    assert [need.amount for _, need in town.form("01.03.2024").formed] == [2]
    assert len(town.ask_for("04.03.2024")) == 1
    assert town.ask_for("04.03.2024") == []


@CASES.row(
    "1.10-need/2",
    "all awards of a day are cancelled before their need is formed; of another need one of two",
    "no need of nobody; the need of 18 460,01 is covered when 0,01 came and the rest was withdrawn",
)
def need_2(town: Town) -> None:
    gone = town.decide("06.03.2024", "O")
    cancel.cancel(town.at("06.03.2024"), "AST", gone.awards, reason="қате", document="№ 1")
    assert town.form("06.03.2024").formed == ()
    two = town.decide("07.03.2024", "O", amounts=[FIVE_MRP, 1])
    town.form("07.03.2024")
    (reference,) = town.ask_for("07.03.2024")
    cancel.cancel(town.at("11.03.2024"), "AST", two.awards[:1], reason="қате", document="№ 2")
    release.release(town.at("11.03.2024"), "AST", reference, "қате")
    assert stands_on(town, reference) == [("requested", 1)]
    town.pay_in("12.03.2024", 1, reference)
    assert orders_of(town, "12.03.2024") == [1]
    assert stands_on(town, reference) == []


@CASES.row(
    "1.10-request/1",
    "a request sent on Wed 28.02.2024 for March: looked at on the leap day, on Mon 04.03.2024 and on Thu 07.03.2024",
    "waits until the 1st is over; then due by Tue 05.03.2024; then overdue, 2 working days",
)
def request_1(town: Town) -> None:
    town.decide("20.02.2024", "M")
    town.form("27.02.2024")
    town.ask_for("28.02.2024")
    states = [town.asked(on)[0].state for on in ("29.02.2024", "04.03.2024", "07.03.2024")]
    assert states == [
        "waits until 04.03.2024 (R-042)",
        "due by 05.03.2024",
        "overdue since 05.03.2024, 2 working days",
    ]


@CASES.row(
    "1.10-request/2",
    "0,01 of 18 460,00 comes, then the rest",
    "requested, part transferred, transferred: the rest stands on `requested` until nothing does",
)
def request_2(town: Town) -> None:
    town.funded(received=1)
    assert stands_on(town, REQUEST) == [("funding", 1), ("requested", FIVE_MRP - 1)]
    assert town.asked("14.03.2024")[0].state.startswith("part came")
    town.pay_in("15.03.2024", FIVE_MRP - 1, REQUEST, number="146")
    assert stands_on(town, REQUEST) == [("funding", FIVE_MRP)]
    assert town.asked("15.03.2024")[0].state == "all came"


# --- Transfer ---------------------------------------------------------------------------------------------------------


@CASES.row(
    "1.10-transfer/1",
    "a transfer comes before any request is sent, and names none",
    "received and unmatched on 205; nothing is requested or funded",
)
def transfer_1(town: Town) -> None:
    town.pay_in("01.03.2024", FIVE_MRP)
    assert stands_on(town, "S1") == [("unidentified", FIVE_MRP)]


@CASES.row(
    "1.10-transfer/2",
    "one transfer of 36 920,01 for a request of 36 920,00 of two authorities' worth of people",
    "matched for 36 920,00, excess 0,01; the other authority's request takes nothing of it",
)
def transfer_2(town: Town) -> None:
    town.decide("06.03.2024", "A", amounts=[FIVE_MRP] * 2)
    town.decide("06.03.2024", "A", book=2)
    town.form("11.03.2024")
    own, other = town.ask_for("12.03.2024")
    town.pay_in("14.03.2024", 2 * FIVE_MRP + 1, own)
    assert stands_on(town, own) == [("funding", 2 * FIVE_MRP)]
    assert stands_on(town, "S1") == [("unidentified", 1)]
    assert stands_on(town, other) == [("requested", FIVE_MRP)]


# --- Payment item -----------------------------------------------------------------------------------------------------


@CASES.row(
    "1.10-payment/1",
    "a payment is ordered and sent; the bank refuses the file on Tue 19.03.2024, and takes the next one",
    "queued again, no attempt that counts; Appendix 2 has it once; what was debited cannot be refused",
)
def payment_1(town: Town) -> None:
    town.funded()
    (first,) = town.send("18.03.2024").orders
    town.undebited = []
    refusal.refuse(town.at("19.03.2024"), first.reference, reason="қате шот")
    assert stands_on(town, REQUEST) == [("funding", FIVE_MRP)]
    (second,) = town.send("19.03.2024").orders
    town.debit("19.03.2024")
    assert by_banks(town, MARCH) == [("A", "HSBKKZKX", 1, FIVE_MRP, 0, 0)]
    with pytest.raises(NotRefusable):
        refusal.refuse(town.at("20.03.2024"), second.reference, reason="қате шот")


@CASES.row(
    "1.10-payment/2",
    "sent, returned, decided, resent: the account that the payment stands on, step by step",
    "transit, (credited), returned, resend, transit of the new file; the first payment stands nowhere any more",
)
def payment_2(town: Town) -> None:
    decided = town.funded()
    (payment,) = decided.payments
    (sent,) = town.send("18.03.2024").orders
    assert stands_on(town, sent.reference) == [("transit", FIVE_MRP)]
    town.debit("18.03.2024")
    assert stands_on(town, sent.reference) == []
    town.give_back("19.03.2024", payment)
    assert stands_on(town, payment) == [("returned", FIVE_MRP)]
    town.notify("20.03.2024")
    town.resolve("26.03.2024", payment, "resend")
    assert stands_on(town, payment) == [("resend", FIVE_MRP)]
    (again,) = town.send("27.03.2024").orders
    assert (stands_on(town, payment), stands_on(town, again.reference)) == ([], [("transit", FIVE_MRP)])


@CASES.row(
    "1.10-payment/3",
    "decided to resend on Fri 29.03.2024, the last working day, and not resent by the end of it",
    "to be refunded: the month's end takes what was not resent (R-063)",
)
def payment_3(town: Town) -> None:
    (payment,) = returned(town).payments
    town.resolve("29.03.2024", payment, "resend")
    (back,) = town.refund("29.03.2024").refunds
    assert (back.lapsed, [one.reference for one in back.items]) == (1, [payment])
    assert orders_of(town, "29.03.2024") == []


# --- Documents and periods --------------------------------------------------------------------------------------------


@CASES.row(
    "1.10-act/1",
    "an act that one side signed on 10.04.2024; a corrective act is tried",
    "not signed by both: refused; a second signature of the same side by another name as well",
)
def act_1(golden: Town) -> None:
    golden.sign("10.04.2024", "corporation", "Мұқанова С.")
    own = {"month": d("01.03.2024"), "act_number": 1, "dated": d("11.04.2024"), "reason": "қате"}
    with pytest.raises(LedgerError):
        golden.enter("corrective_act_built", "11.04.2024", "corrective_act", own)
    with pytest.raises(SignedOtherwise):
        golden.sign("11.04.2024", "corporation", "Басқа Адам")
    assert golden.ask("SELECT role FROM esep.act_signature") == [("corporation",)]


@CASES.row(
    "1.10-act/2",
    "both sides sign; corrective act No 2 is tried before No 1",
    "refused: corrective acts follow one another; No 2 comes when both sides signed No 1",
)
def act_2(golden: Town) -> None:
    golden.sign("10.04.2024", "corporation", "Мұқанова С.")
    golden.sign("10.04.2024", "authority", "Дәулетова Ә.")
    own = {"month": d("01.03.2024"), "dated": d("06.05.2024"), "reason": "қате"}
    with pytest.raises(IntegrityError):
        golden.enter("corrective_act_built", "06.05.2024", "corrective_act", own | {"act_number": 2})
    golden.enter("corrective_act_built", "06.05.2024", "corrective_act", own | {"act_number": 1})
    with pytest.raises(LedgerError):
        golden.enter("corrective_act_built", "06.05.2024", "corrective_act", own | {"act_number": 2})
    golden.sign("07.05.2024", "corporation", "Мұқанова С.", number=1)
    golden.sign("07.05.2024", "authority", "Дәулетова Ә.", number=1)
    golden.enter("corrective_act_built", "08.05.2024", "corrective_act", own | {"act_number": 2})
    assert golden.ask("SELECT act_number FROM esep.corrective_act ORDER BY 1") == [(1,), (2,)]


@CASES.row(
    "1.10-statement/1",
    "Appendix 2 of March is sent on 02.04.2024 without a signature, and on 03.04.2024 with both",
    "first refused; then sent, before its due day Mon 22.04.2024",
)
def statement_1(golden: Town) -> None:
    with pytest.raises(LedgerError):
        act_sent(golden, "02.04.2024")
    golden.sign("02.04.2024", "deputy", "Өтегенова Ұ.")
    golden.sign("03.04.2024", "director", "Сейітов А.")
    act_sent(golden, "03.04.2024")
    (sent,) = golden.board("03.04.2024", "R-071")
    assert (sent.met_on, sent.due, sent.late_by) == (d("03.04.2024"), d("22.04.2024"), 0)


def act_sent(town: Town, on: str) -> None:
    act_sign.sent(town.at(on), "AST", d("01.03.2024"), d(on))


@CASES.row(
    "1.10-statement/2",
    "Appendix 2 is sent twice on one day, and on another",
    "the same again changes nothing; another day is a conflict",
)
def statement_2(golden: Town) -> None:
    golden.sign("02.04.2024", "deputy", "Өтегенова Ұ.")
    golden.sign("02.04.2024", "director", "Сейітов А.")
    act_sent(golden, "02.04.2024")
    act_sent(golden, "02.04.2024")
    with pytest.raises(LedgerError):
        act_sent(golden, "03.04.2024")
    assert golden.ask("SELECT sent_on FROM esep.statement_sent") == [(d("02.04.2024"),)]


@CASES.row(
    "1.10-period/1",
    "February 2024 is closed on its last day, the leap day, and on Fri 01.03.2024",
    "first refused: it is not over; then locked, and nothing can be booked in it any more",
)
def period_1(town: Town) -> None:
    town.quiet("01.02.2024", "29.02.2024")
    february = d("01.02.2024")
    with pytest.raises(MonthNotOver):
        close.month(town.at("29.02.2024"), "AST", february)
    close.month(town.at("01.03.2024"), "AST", february)
    with pytest.raises(LedgerError):
        town.decide("29.02.2024", "O", "02.2024")


@CASES.row(
    "1.10-period/2",
    "December 2023 has postings; January 2024 is closed before it",
    "refused, in its turn; money of December that comes late is booked in the open month with its own value date",
)
def period_2(town: Town) -> None:
    town.pay_in("29.12.2023", FIVE_MRP)
    town.quiet("30.12.2023", "31.01.2024")
    with pytest.raises(MonthOutOfTurn):
        close.month(town.at("01.02.2024"), "AST", d("01.01.2024"))
    close.month(town.at("01.02.2024"), "AST", d("01.12.2023"))
    close.month(town.at("01.02.2024"), "AST", d("01.01.2024"))
    with town.desk.database.begin() as connection:
        assert closing.closed_through(connection, 1) == d("01.01.2024")
