"""No account of a reference goes below zero on any booking date: money is spent once, and not before it came (E49)."""

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, text

from ledgers.chart import CHART
from ledgers.errors import Overdrawn
from ledgers.journal import Event
from tests.ledgers.books import (
    FILE,
    LINE,
    PAYMENT,
    REQUEST,
    awaited,
    balances,
    claim_paid,
    claimed,
    day,
    decided,
    enter,
    gone,
    identified,
    placed,
    refused,
    request_sent,
    returned,
    sent,
    settled,
    waiting,
)

Spend = Callable[[int], Event]

# Account code -> what brings 100 to it, what takes from it, and the reference that it is kept by.
LIMITED: dict[str, tuple[list[Event], Spend, str]] = {
    "funding": ([placed(100)], sent, REQUEST),
    "transit": ([placed(100), sent(100)], settled, FILE),
    "unidentified": ([waiting(100)], identified, LINE),
    "returned": ([returned(100)], lambda amount: decided("resend_decided", amount), PAYMENT),
    "resend": (
        [returned(100), decided("resend_decided", 100)],
        lambda amount: gone("payment_resent", amount),
        PAYMENT,
    ),
    "refundable": (
        [returned(100), decided("refund_decided", 100)],
        lambda amount: gone("refund_sent", amount),
        PAYMENT,
    ),
    # More than was asked for cannot be placed on a request; it waits on its statement line (E38).
    "requested": ([request_sent(100)], awaited, REQUEST),
    # A bank pays no more than what is claimed of it (E54).
    "claim": ([claimed(100)], claim_paid, PAYMENT),
}


def test_the_table_names_every_limited_account() -> None:
    assert set(LIMITED) == {account.code for account in CHART.values() if not account.may_overdraw}
    assert all(account.takes_reference for account in CHART.values() if not account.may_overdraw)


@pytest.mark.parametrize("code", LIMITED)
def test_a_reference_is_spent_to_zero_and_no_further(role: Connection, code: str) -> None:
    brought, spend, reference = LIMITED[code]
    for event in brought:
        enter(role, event)
    enter(role, spend(60))
    with refused(role, Overdrawn) as caught:
        enter(role, spend(41))
    error = caught.error
    assert (error.code, error.reference, error.day, error.balance) == (code, reference, day(14), -1)
    enter(role, spend(40))
    assert balances(role).get(code, 0) == 0
    with refused(role, Overdrawn):
        enter(role, spend(1))


@pytest.mark.parametrize("code", LIMITED)
def test_nothing_is_spent_on_the_day_before_it_came(role: Connection, code: str) -> None:
    """E49: a file that is dated before its money."""
    brought, spend, _ = LIMITED[code]
    for event in brought:
        enter(role, event, on=day(14))
    with refused(role, Overdrawn) as caught:
        enter(role, spend(1), on=day(13))
    assert caught.error.day == day(13)
    enter(role, spend(1), on=day(14))


def test_a_posting_dated_back_may_not_take_what_was_spent_later(role: Connection) -> None:
    enter(role, placed(100), on=day(14))
    enter(role, sent(100), on=day(20))
    with refused(role, Overdrawn) as caught:
        enter(role, sent(1, "GCVP-00100000072"), on=day(15))
    assert (caught.error.day, caught.error.balance) == (day(20), -1)


def test_a_posting_dated_back_may_not_break_a_day_in_between(role: Connection) -> None:
    """The last balance would be right, that of the 18th would not."""
    enter(role, placed(100), on=day(14))
    enter(role, sent(100), on=day(18))
    enter(role, placed(50), on=day(19))
    with refused(role, Overdrawn) as caught:
        enter(role, sent(50, "GCVP-00100000072"), on=day(15))
    assert (caught.error.day, caught.error.balance) == (day(18), -50)
    enter(role, sent(50, "GCVP-00100000072"), on=day(19))


def test_money_that_came_in_the_same_entry_may_be_spent(role: Connection) -> None:
    enter(role, waiting(100), identified(100))
    assert balances(role) == {"cash": 100, "returned": 100}


@pytest.mark.parametrize(
    "other",
    [sent(1, reference="AST-2024-0002"), sent(1, kind="B")],
    ids=["another request", "another aid kind"],
)
def test_money_of_one_reference_does_not_pay_for_another(role: Connection, other: Event) -> None:
    enter(role, placed(100))
    with refused(role, Overdrawn):
        enter(role, other)


def test_money_of_one_book_does_not_pay_in_another(role: Connection) -> None:
    enter(role, placed(100), book=1)
    with refused(role, Overdrawn):
        enter(role, sent(1), book=2)


def test_a_copy_is_checked_like_an_insert(role: Connection) -> None:
    """COPY goes past no trigger."""
    enter(role, placed(100))
    enter(role, sent(100))
    accounts = {row.code: row.account_id for row in role.execute(text("SELECT code, account_id FROM esep.account"))}
    with refused(role, Overdrawn):
        copy(role, f"1\t3\t1\t2024-03-14\tpayment_sent\t{accounts['funding']}\t{accounts['transit']}\t1\n")
    assert role.execute(text("SELECT count(*) FROM esep.posting")).scalar_one() == 2


def copy(connection: Connection, rows: str) -> None:
    into = "esep.posting (authority_id, entry_number, line, booked_on, rule, debit, credit, amount)"
    driver = connection.connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as stream:
        stream.write(rows)
