"""Corrections: a reversal turns its entry round, in full and once; a closed month takes nothing more (E106)."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Connection

from ledgers import posting
from ledgers.errors import MonthLocked, NotAReversal, Overdrawn, TakenAlready
from ledgers.journal import Event
from tests.ledgers.books import (
    FILE,
    REQUEST,
    balances,
    day,
    draft,
    enter,
    placed,
    refused,
    sent,
    settled,
    waiting,
)


def turned_round(events: list[Event], number: int, connection: Connection) -> int:
    """A reversal of entry `number` written by hand, with the postings of `events` instead of the mirror."""
    own = posting.next_number(connection, 1)
    posting.post(connection, 1, own, day(20), events)
    posting.seal(connection, 1, own, draft(f"undo:{number}", day(20), reverses=number), ())
    return own


LATER = day(20)


def reverse(connection: Connection, number: int, on: date = LATER) -> int:
    return posting.reverse(connection, 1, number, draft(f"undo:{number}:{on}", on, reverses=number))


def close(connection: Connection, month: date, on: date) -> int:
    return enter(connection, on=on, rows={"month_lock": [{"month": month, "closing_cash": 0}]})


def test_a_reversal_takes_the_entry_back(role: Connection) -> None:
    number = enter(role, placed(100), waiting(7))
    reverse(role, number)
    assert balances(role) == {}
    enter(role, placed(93))
    assert balances(role) == {"cash": 93, "funding": 93}


def test_an_entry_is_reversed_once(role: Connection) -> None:
    number = enter(role, placed(100))
    enter(role, placed(100))
    reverse(role, number)
    with refused(role, TakenAlready) as caught:
        reverse(role, number, day(21))
    assert str(caught.error) == "this entry was reversed already; nothing was changed"


def test_a_reversal_can_be_reversed(role: Connection) -> None:
    """Undo leaves its trace: the first entry, what took it back, and what took that back."""
    number = enter(role, placed(100))
    reverse(role, reverse(role, number))
    assert balances(role) == {"cash": 100, "funding": 100}


@pytest.mark.parametrize(
    ("events", "why"),
    [
        ([], "nothing is turned round"),
        ([settled(100)], "one posting of two"),
        ([settled(100), sent(100)], "the same way again"),
        ([settled(99)], "another amount"),
    ],
)
def test_a_reversal_is_the_exact_mirror(role: Connection, events: list[Event], why: str) -> None:
    enter(role, placed(500), sent(300))
    number = enter(role, sent(100), placed(100))
    with refused(role, NotAReversal) as caught:
        turned_round(events, number, role)
    assert str(caught.error) == "entry 3 of book 1 is not entry 2 turned round", why


def test_a_reversal_has_nothing_beside_the_mirror(role: Connection) -> None:
    number = enter(role, placed(100))
    with refused(role, NotAReversal):
        own = posting.next_number(role, 1)
        posting.post(role, 1, own, day(20), [waiting(1)], lines_before=1)
        reverse(role, number)


def test_what_was_used_cannot_be_reversed(role: Connection) -> None:
    number = enter(role, placed(100), on=day(14))
    enter(role, sent(1), on=day(18))
    with refused(role, Overdrawn) as caught:
        reverse(role, number)
    assert (caught.error.code, caught.error.reference) == ("funding", REQUEST)


def test_a_reversal_dated_before_its_entry_is_refused(role: Connection) -> None:
    number = enter(role, placed(100), on=day(14))
    with refused(role, Overdrawn):
        reverse(role, number, day(13))


def test_a_settled_file_cannot_be_taken_back(role: Connection) -> None:
    enter(role, placed(100))
    number = enter(role, sent(100))
    enter(role, settled(100))
    with refused(role, Overdrawn) as caught:
        reverse(role, number)
    assert (caught.error.code, caught.error.reference) == ("transit", FILE)


@pytest.mark.parametrize(
    ("on", "is_open"),
    [(day(1), False), (day(31), False), (day(29, 2), False), (day(1, 4), True), (day(30, 4), True)],
)
def test_a_closed_month_takes_no_entry(role: Connection, on: date, *, is_open: bool) -> None:
    """E106: whatever lies in the closed month or before it is refused, postings or not."""
    close(role, date(2024, 3, 1), day(31))
    if is_open:
        enter(role, placed(100), on=on)
        return
    for events in ([placed(100)], []):
        with refused(role, MonthLocked) as caught:
            enter(role, *events, on=on)
        assert f"booking date {on} lies in a closed month (closed through 2024-03)" in str(caught.error)


def test_late_money_keeps_its_value_date_in_the_open_month(role: Connection) -> None:
    close(role, date(2024, 3, 1), day(31))
    posting.post(role, 1, 2, day(1, 4), [placed(100)])
    posting.seal(role, 1, 2, replace(draft("late", day(1, 4)), value_date=day(29)), ())
    late = posting.find(role, 1, "late")
    assert late is not None
    assert (late.booked_on, late.value_date) == (day(1, 4), day(29))


def test_a_correction_of_a_closed_month_is_booked_in_the_open_one(role: Connection) -> None:
    number = enter(role, placed(100), on=day(14))
    close(role, date(2024, 3, 1), day(31))
    with refused(role, MonthLocked):
        reverse(role, number, day(31))
    reverse(role, number, day(1, 4))
    assert balances(role) == {}


def test_other_books_stay_open(role: Connection) -> None:
    close(role, date(2024, 3, 1), day(31))
    assert enter(role, placed(100), on=day(14), book=2) == 1


@pytest.mark.parametrize("month", [date(2024, 3, 1), date(2024, 2, 1)], ids=["twice", "before one that is closed"])
def test_months_are_closed_in_their_order_and_once(role: Connection, month: date) -> None:
    close(role, date(2024, 3, 1), day(31))
    with refused(role, MonthLocked):
        close(role, month, day(1, 4))
    close(role, date(2024, 4, 1), day(30, 4))


def test_the_entry_that_closes_a_month_may_be_booked_in_it_and_nothing_after_it(role: Connection) -> None:
    enter(role, placed(100), on=day(30))
    close(role, date(2024, 3, 1), day(31))
    with refused(role, MonthLocked):
        enter(role, placed(1), on=day(31))
