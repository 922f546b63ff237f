"""`esep month close`: an authority's month is checked and locked (R-070: the act follows; E106).

A month is closed when it is over, in its turn, and when nothing blocks; after that nothing can be booked in it, late
money goes to the open month with its own value date.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from ledgers import closing, posting, setup
from ledgers.closing import MonthLock
from ledgers.journal import EntryDraft
from ledgers.money import format_tenge
from reconcile import checks
from reconcile.checks import Finding, MonthCheck
from reconcile.counted import counted
from reconcile.desk import Desk
from reconcile.errors import Refusal


class MonthNotOver(Refusal):
    """The month still runs."""

    def __init__(self, month: date, last: date) -> None:
        super().__init__(f"{month:%m.%Y} is not over; close it after {last:%d.%m.%Y}")


class MonthOutOfTurn(Refusal):
    """A month before it is open, or a later one is closed."""

    def __init__(self, month: date, other: date, *, is_later: bool) -> None:
        why = "was closed already" if is_later else "has postings and is not closed"
        todo = "a month before it cannot be closed any more" if is_later else "close it first"
        super().__init__(f"{month:%m.%Y} cannot be closed: {other:%m.%Y} {why}; {todo}")


class MonthDisagrees(Refusal):
    """Register, ledger and statement do not agree; every blocking finding is named."""

    def __init__(self, what: str, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        head = f"{what} is refused, {counted(len(findings), 'finding')}:"
        super().__init__("\n".join([head, *(f"  {finding}" for finding in findings)]))


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthClosed:
    """A month after the verb: its check, its lock (None after a dry run), whether it was closed before."""

    authority_code: str
    month: date
    check: MonthCheck
    lock: MonthLock | None
    was_closed: bool


def month(desk: Desk, authority_code: str, day: date, *, dry_run: bool = False) -> MonthClosed:
    """Close the month that `day` is in; `dry_run` only reports what was found.

    Raises:
        UnknownAuthority: nobody has this code.
        MonthNotOver: the month still runs.
        MonthOutOfTurn: an earlier month with postings is open, or a later one is closed.
        MonthDisagrees: with every blocking finding.
    """
    first = day.replace(day=1)
    with desk.database.begin() as connection:
        book = setup.authority(connection, authority_code).authority_id
        # Lines stand in book 0: under both locks nothing can join the month between its check and its lock.
        posting.lock(connection, [0, book])
        known = closing.month_lock(connection, book, first)
        if known is None and not dry_run:
            _refuse_turn(desk, connection, book, first)
        found = checks.run(connection, book, first)
        lock = known
        if known is None and not dry_run:
            if found.blocking:
                raise MonthDisagrees(f"closing {first:%m.%Y} of {authority_code}", found.blocking)
            lock = _lock(desk, connection, book, first, found)
    return MonthClosed(authority_code=authority_code, month=first, check=found, lock=lock, was_closed=known is not None)


def _refuse_turn(desk: Desk, connection: Connection, book: int, first: date) -> None:
    last = closing.last_day(first)
    if desk.today <= last:
        raise MonthNotOver(first, last)
    through = closing.closed_through(connection, book)
    if through is not None and through > first:
        raise MonthOutOfTurn(first, through, is_later=True)
    before = closing.open_month_before(connection, book, first)
    if before is not None:
        raise MonthOutOfTurn(first, before, is_later=False)


def _lock(desk: Desk, connection: Connection, book: int, first: date, found: MonthCheck) -> MonthLock:
    number = posting.next_number(connection, book)
    lock = MonthLock(authority_id=book, month=first, entry_number=number, closing_cash=found.equation.cash)
    closing.append_lock(connection, lock)
    draft = EntryDraft(
        kind="month_closed",
        booked_on=desk.today,
        value_date=closing.last_day(first),
        actor=desk.actor,
        source_key=f"month:{first:%Y-%m}",
        source_digest=posting.digest(book, first, *found.totals, found.equation),
        summary=f"{first:%m.%Y} closed, account 100 at {format_tenge(found.equation.closing)}",
    )
    posting.seal(connection, book, number, draft, ["month_lock"])
    return lock
