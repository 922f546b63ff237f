"""Two real sessions at once: a book is written by one at a time, books do not wait for each other, one is first."""

import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from psycopg import errors as driver
from sqlalchemy import Connection, text

from ledgers import db, posting, verify
from ledgers.errors import LedgerError, MonthLocked, OutOfOrder, OutOfTurn, Overdrawn, TakenAlready
from ledgers.journal import Event
from tests.ledgers.books import (
    EACH,
    FIRST,
    MONTH,
    balances,
    day,
    decided,
    draft,
    enter,
    gone,
    payment,
    placed,
    refused,
    resolution,
    returned,
    sent,
    waiting,
)

PATIENCE = 20
"""Seconds after which a session that should have got its turn counts as stuck."""

LATER = day(20)

Deed = Callable[[Connection], Any]
Row = Mapping[str, Any]


@pytest.fixture
def sessions() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


def at_once(database: db.Database, sessions: ThreadPoolExecutor, *deeds: Deed) -> list[Any]:
    """Do each deed in a session of its own, all starting together; gives what came of each, refusals as values."""
    start = threading.Barrier(len(deeds))

    def session(deed: Deed) -> Any:
        try:
            with database.begin() as connection:
                connection.execute(text("SELECT 1"))
                start.wait(PATIENCE)
                return deed(connection)
        except LedgerError as refusal:
            return refusal

    return [future.result(PATIENCE) for future in [sessions.submit(session, deed) for deed in deeds]]


def waits(connection: Connection, pid: int) -> bool:
    """Whether the session with this number stands before a lock."""
    query = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND pid = :pid")
    for _ in range(PATIENCE * 50):
        if connection.execute(query, {"pid": pid}).scalar_one():
            return True
        connection.execute(text("SELECT pg_sleep(0.02)"))
    return False


def pid_of(connection: Connection) -> int:
    return int(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())


def test_a_book_is_written_by_one_session_at_a_time(database: db.Database, sessions: ThreadPoolExecutor) -> None:
    """Many small entries of two sessions: numbers without a gap, one chain, all the money there."""

    def five(name: str) -> Deed:
        def deed(connection: Connection) -> list[int]:
            return [enter(connection, placed(1), key=f"{name}:{place}") for place in range(5)]

        return deed

    for turn in range(3):
        found = at_once(database, sessions, five(f"left{turn}"), five(f"right{turn}"))
        assert sorted(found[0] + found[1]) == list(range(10 * turn + 1, 10 * turn + 11))
    with database.begin() as connection:
        report = verify.verify(connection)
        assert (report.entries, report.is_sound) == (30, True)
        assert balances(connection) == {"cash": 30, "funding": 30}


def test_books_do_not_wait_for_each_other(database: db.Database) -> None:
    with database.begin() as one, database.begin() as other:
        enter(one, placed(100), book=1)
        other.execute(text("SET LOCAL lock_timeout = '5s'"))
        assert enter(other, placed(100), book=2) == 1


def test_a_session_waits_for_the_book_that_another_writes(database: db.Database) -> None:
    with database.begin() as one:
        enter(one, placed(100))
        with database.begin() as other, refused(other, driver.LockNotAvailable):
            other.execute(text("SET LOCAL lock_timeout = '50ms'"))
            posting.lock(other, [1])


def test_locks_of_several_books_are_taken_in_their_order(database: db.Database, sessions: ThreadPoolExecutor) -> None:
    """Asked for crosswise they would wait for each other for ever."""

    def move(*books: int) -> Deed:
        def deed(connection: Connection) -> None:
            posting.lock(connection, books)
            for book in books:
                enter(connection, placed(1), book=book, key=f"{books}")

        return deed

    for turn in range(3):
        left, right = (3 * turn + 1, 3 * turn + 2)
        assert at_once(database, sessions, move(left, right), move(right, left)) == [None, None]


def beside_the_verbs(database: db.Database, sessions: ThreadPoolExecutor, first: Deed, second: Deed) -> Any:
    """Let a second session write while the first has written and not committed; gives what came of the second.

    Neither takes the book's lock: what the verbs promise each other, the database must hold by itself.
    """
    ready: Future[int] = Future()

    def session() -> Any:
        try:
            with database.begin() as connection:
                ready.set_result(pid_of(connection))
                return second(connection)
        except LedgerError as refusal:
            return refusal

    with database.begin() as connection:
        first(connection)
        other = sessions.submit(session)
        assert waits(connection, ready.result(PATIENCE)), "the second session did not wait for the first"
    return other.result(PATIENCE)


def unlocked(number: int, *events: Event, rows: Mapping[str, Row] | None = None, on: date = LATER) -> Deed:
    """An entry under a number that was guessed, by a session that never asked for the lock."""

    def deed(connection: Connection) -> int:
        for table, row in (rows or {}).items():
            posting.append(connection, table, [dict(row) | {"authority_id": 1, "entry_number": number}])
        posting.post(connection, 1, number, on, events)
        posting.seal(connection, 1, number, draft(f"unlocked:{number}", on), list(rows or ()))
        return number

    return deed


def test_money_is_spent_once_by_two_sessions_that_take_no_lock(
    database: db.Database, sessions: ThreadPoolExecutor
) -> None:
    with database.begin() as connection:
        enter(connection, placed(100))
    result = beside_the_verbs(database, sessions, unlocked(2, sent(60)), unlocked(3, sent(60, "GCVP-00100000072")))
    assert isinstance(result, Overdrawn)
    assert (result.code, result.balance) == ("funding", -20)
    with database.begin() as connection:
        assert balances(connection) == {"cash": 100, "funding": 40, "transit": 60}


def test_a_number_is_taken_once_by_two_sessions_that_take_no_lock(
    database: db.Database, sessions: ThreadPoolExecutor
) -> None:
    result = beside_the_verbs(database, sessions, unlocked(1), unlocked(1))
    assert isinstance(result, OutOfTurn)


def test_a_month_that_closes_takes_no_entry_of_a_session_that_takes_no_lock(
    database: db.Database, sessions: ThreadPoolExecutor
) -> None:
    lock = {"month_lock": {"month": MONTH, "closing_cash": 0}}
    result = beside_the_verbs(database, sessions, unlocked(1, rows=lock), unlocked(2, waiting(1)))
    assert isinstance(result, MonthLocked)


def test_months_are_closed_in_their_order_by_two_sessions_that_take_no_lock(
    database: db.Database, sessions: ThreadPoolExecutor
) -> None:
    """March after April, while nobody can see yet that April is closed."""
    april, march = ({"month_lock": {"month": day(1, month), "closing_cash": 0}} for month in (4, 3))
    result = beside_the_verbs(
        database, sessions, unlocked(1, rows=april, on=day(30, 4)), unlocked(2, rows=march, on=day(2, 5))
    )
    assert isinstance(result, MonthLocked)


@pytest.fixture
def came_back(database: db.Database) -> db.Database:
    """One payment that came back; the message that names it, and its money."""
    database.open_months([MONTH.isoformat()])
    returned_payment = {
        "due_month": MONTH,
        "award_number": FIRST,
        "attempt": 1,
        "return_number": 1,
        "item": 1,
        "amount": EACH,
    }
    with database.begin() as connection:
        rows = {"payment": [payment(attempt=1, order=71)], "returned_payment": [returned_payment]}
        enter(connection, returned(EACH), on=day(19), rows=rows)
    return database


def outcome(name: str) -> Deed:
    def deed(connection: Connection) -> int:
        rows = {"resolution": [resolution(name)]}
        return enter(connection, decided(f"{name}_decided", EACH), on=day(27), rows=rows, key=name)

    return deed


def test_resend_and_refund_of_one_return_exactly_one_wins(came_back: db.Database, sessions: ThreadPoolExecutor) -> None:
    found = at_once(came_back, sessions, outcome("resend"), outcome("refund"))
    won, lost = (found, found[::-1])[found[1] == 2]
    assert won == 2
    assert isinstance(lost, TakenAlready)
    assert str(lost) == "this return has its outcome already; nothing was changed"
    with came_back.begin() as connection:
        (name,) = connection.execute(text("SELECT outcome FROM esep.resolution")).scalars()
        assert balances(connection) == {"cash": EACH, "resend" if name == "resend" else "refundable": EACH}


@pytest.mark.parametrize(("first", "second"), [("resend", "refund"), ("refund", "resend")])
def test_one_outcome_and_then_the_other_the_first_stands(came_back: db.Database, first: str, second: str) -> None:
    with came_back.begin() as connection:
        outcome(first)(connection)
    with pytest.raises(TakenAlready), came_back.begin() as connection:
        outcome(second)(connection)
    with came_back.begin() as connection:
        assert list(connection.execute(text("SELECT outcome FROM esep.resolution")).scalars()) == [first]


@pytest.mark.parametrize("sent_first", [True, False], ids=["sent again first", "lapsed first"])
def test_what_is_sent_again_does_not_lapse_meanwhile(
    came_back: db.Database, sessions: ThreadPoolExecutor, *, sent_first: bool
) -> None:
    """The 29th: one session sends the resend, another gives it back to the authority; neither takes the lock."""
    with came_back.begin() as connection:
        outcome("resend")(connection)
    again = {"payment": payment(attempt=2)}
    lapse = {"resolution": resolution("refund_by_term", version=2)}
    # Without their postings, which alone would be refused as overdrawn: here the registers defend themselves.
    deeds = (
        [unlocked(3, rows=again), unlocked(4, rows=lapse)]
        if sent_first
        else [
            unlocked(3, rows=lapse),
            unlocked(4, rows=again),
        ]
    )
    assert isinstance(beside_the_verbs(came_back, sessions, *deeds), OutOfOrder)


def test_an_attempt_is_paid_by_one_of_two_sessions(came_back: db.Database, sessions: ThreadPoolExecutor) -> None:
    with came_back.begin() as connection:
        outcome("resend")(connection)

    def again(order: int) -> Deed:
        def deed(connection: Connection) -> int:
            event = gone("payment_resent", EACH, f"GCVP-001{order:08d}")
            rows = {"payment": [payment(attempt=2, order=order)]}
            return enter(connection, event, on=day(28), rows=rows, key=f"orders:{order}")

        return deed

    found = at_once(came_back, sessions, again(72), again(73))
    assert sorted(isinstance(one, TakenAlready) for one in found) == [False, True]
    with came_back.begin() as connection:
        assert balances(connection) == {"cash": EACH, "transit": EACH}


def test_an_entry_is_reversed_by_one_of_two_sessions(database: db.Database, sessions: ThreadPoolExecutor) -> None:
    with database.begin() as connection:
        enter(connection, placed(100))
        enter(connection, placed(100))

    def undo(name: str) -> Deed:
        return lambda connection: posting.reverse(connection, 1, 1, draft(name, day(20), reverses=1))

    found = at_once(database, sessions, undo("left"), undo("right"))
    assert sorted(isinstance(one, TakenAlready) for one in found) == [False, True]
    with database.begin() as connection:
        assert balances(connection) == {"cash": 100, "funding": 100}


def test_a_source_is_entered_by_one_of_two_sessions(database: db.Database, sessions: ThreadPoolExecutor) -> None:
    def deed(connection: Connection) -> int:
        return enter(connection, placed(100), key="line:1:1")

    found = at_once(database, sessions, deed, deed)
    assert sorted(isinstance(one, TakenAlready) for one in found) == [False, True]


def test_a_line_is_matched_by_one_of_two_sessions(database: db.Database, sessions: ThreadPoolExecutor) -> None:
    line = dict.fromkeys(
        ("iban", "document_number", "counterparty_name", "counterparty_bin", "counterparty_iban", "counterparty_bic"),
        "-",
    )
    own = {"line_number": 1, "statement_number": 1, "file_line": 1, "booked_on": day(14), "value_date": day(14)}
    own |= {"direction": "credit", "document_date": day(14), "amount": 100, "knp": "", "purpose": "", "occurrence": 1}
    head = {"statement_number": 1, "iban": "-", "date_from": day(14), "date_to": day(14), "sha256": bytes(32)}
    head |= {"opening": 0, "credited": 100, "debited": 0, "closing": 100}
    with database.begin() as connection:
        enter(connection, book=0, rows={"statement": [head], "statement_line": [line | own]})

    def match(matched_as: str) -> Deed:
        row = {"line_number": 1, "version": 1, "placed_in": 1, "placed_entry": 1, "rule": "test"}
        row |= {"matched_as": matched_as, "reference": matched_as}
        return lambda connection: enter(connection, book=0, rows={"line_match": [row]}, key=matched_as)

    found = at_once(database, sessions, match("transfer"), match("return"))
    assert sorted(isinstance(one, TakenAlready) for one in found) == [False, True]


def test_a_month_is_opened_by_two_sessions_at_once(database: db.Database, sessions: ThreadPoolExecutor) -> None:
    def deed(connection: Connection) -> bool:
        return bool(connection.execute(text("SELECT esep.open_month('2024-03-01')")).scalar_one())

    assert sorted(at_once(database, sessions, deed, deed)) == [False, True]
    database.open_months(["2024-03-01", "2024-04-01"])
