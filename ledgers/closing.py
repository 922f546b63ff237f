"""Closing a month: which months are locked, and whether the cash of all books is the bank's balance (E80, E106).

A locked month takes no more entries: a seal trigger refuses them. Cash is compared over all books at once, because the
bank keeps one account; what explains a difference is named: lines that nobody could place, lines that were booked in a
later month because their own was closed, statements that do not join.
"""

from dataclasses import dataclass, fields
from datetime import date, timedelta

from sqlalchemy import Connection, text

from ledgers.posting import append


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthLock:
    """A closed month of a book, the entry that closed it, and its closing cash in tiyn."""

    authority_id: int
    month: date
    entry_number: int
    closing_cash: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LooseLine:
    """A statement line whose money is not in the books of its own month; the amount in tiyn."""

    line_number: int
    booked_on: date
    direction: str
    document_number: str
    amount: int

    @property
    def signed(self) -> int:
        """The amount as it moves the bank's balance."""
        return self.amount if self.direction == "credit" else -self.amount


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementGap:
    """A statement that opens with another balance (tiyn) than the one before it closed with."""

    statement_number: int
    date_from: date
    opening: int
    expected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BankPosition:
    """The bank's balance and the cash of all books on one day, in tiyn, and what explains their difference.

    `statement_to` is the last day that the statements reach; the bank's balance is None when they do not reach the day.
    """

    day: date
    statement_to: date | None
    bank: int | None
    cash: int
    unplaced: tuple[LooseLine, ...]
    late: tuple[LooseLine, ...]
    gaps: tuple[StatementGap, ...]

    @property
    def unexplained(self) -> int:
        """What remains of the difference when loose lines are counted in; 0 while the bank's balance is unknown."""
        if self.bank is None:
            return 0
        return self.bank - self.cash - sum(line.signed for line in (*self.unplaced, *self.late))


def last_day(month: date) -> date:
    """The last day of the month that begins on `month`."""
    return next_month(month) - timedelta(days=1)


def next_month(month: date) -> date:
    """The first day of the month after the one that begins on `month`."""
    return (month + timedelta(days=31)).replace(day=1)


def month_lock(connection: Connection, authority_id: int, month: date) -> MonthLock | None:
    """The lock of a month, or None while it is open."""
    row = connection.execute(
        text("""
            SELECT authority_id, month, entry_number, closing_cash FROM esep.month_lock
            WHERE authority_id = :authority AND month = :month
        """),
        {"authority": authority_id, "month": month},
    ).one_or_none()
    return None if row is None else MonthLock(**row._asdict())


def open_month_before(connection: Connection, authority_id: int, month: date) -> date | None:
    """The earliest month before `month` that is open though money or requests were booked in it."""
    found = connection.execute(
        text("""
            SELECT date_trunc('month', min(p.booked_on))::date FROM esep.posting p
            WHERE p.authority_id = :authority AND p.booked_on < :month AND p.booked_on >= coalesce(
                (SELECT max(l.month) + interval '1 month' FROM esep.month_lock l WHERE l.authority_id = :authority),
                CAST('-infinity' AS date))
        """),
        {"authority": authority_id, "month": month},
    ).scalar_one()
    return found if isinstance(found, date) else None


def closed_through(connection: Connection, authority_id: int) -> date | None:
    """The last month that is locked, or None."""
    query = "SELECT max(month) FROM esep.month_lock WHERE authority_id = :authority"
    found = connection.execute(text(query), {"authority": authority_id}).scalar_one()
    return found if isinstance(found, date) else None


def append_lock(connection: Connection, lock: MonthLock) -> None:
    """Lock a month under its entry, which must be sealed next."""
    row = {
        "authority_id": lock.authority_id,
        "month": lock.month,
        "entry_number": lock.entry_number,
        "closing_cash": lock.closing_cash,
    }
    append(connection, "month_lock", [row])


def bank_position(connection: Connection, iban: str, day: date) -> BankPosition:
    """The bank's balance of our account at the end of a day against the cash of all books, booked up to that day."""
    bind = {"iban": iban, "day": day}
    reached = connection.execute(text("SELECT max(date_to) FROM esep.statement WHERE iban = :iban"), bind).scalar_one()
    loose = [
        (row.is_placed, LooseLine(**{field.name: getattr(row, field.name) for field in fields(LooseLine)}))
        for row in connection.execute(text(_LOOSE), bind)
    ]
    return BankPosition(
        day=day,
        statement_to=reached,
        bank=connection.execute(text(_BANK), bind).scalar_one_or_none(),
        cash=int(connection.execute(text(_CASH), bind).scalar_one()),
        unplaced=tuple(line for is_placed, line in loose if not is_placed),
        late=tuple(line for is_placed, line in loose if is_placed),
        gaps=tuple(StatementGap(**row._asdict()) for row in connection.execute(text(_GAPS), bind)),
    )


def between_books(connection: Connection, day: date) -> int:
    """Cash that left a book for another and has not come there (tiyn): 0 when every move has both sides."""
    found = connection.execute(
        text("""
            SELECT coalesce(sum(CASE WHEN d.code = 'between' THEN p.amount ELSE -p.amount END), 0)
            FROM esep.posting p
            JOIN esep.account d ON d.authority_id = p.authority_id AND d.account_id = p.debit
            JOIN esep.account c ON c.authority_id = p.authority_id AND c.account_id = p.credit
            WHERE (d.code, c.code) IN (('between', 'cash'), ('cash', 'between')) AND p.booked_on <= :day
        """),
        {"day": day},
    ).scalar_one()
    return int(found)


# The statement that was imported last knows best; what the bank booked after the day is taken off its closing balance.
_BANK = """
    SELECT s.closing - coalesce((
        SELECT sum(CASE l.direction WHEN 'credit' THEN l.amount ELSE -l.amount END) FROM esep.statement_line l
        WHERE l.iban = s.iban AND l.booked_on > :day AND l.booked_on <= s.date_to), 0)::bigint
    FROM esep.statement s WHERE s.iban = :iban AND s.date_to >= :day ORDER BY s.statement_number DESC LIMIT 1
"""

_CASH = """
    SELECT coalesce(sum(CASE WHEN p.debit = a.account_id THEN p.amount ELSE -p.amount END), 0)
    FROM esep.account a
    JOIN esep.posting p ON p.authority_id = a.authority_id AND a.account_id IN (p.debit, p.credit)
    WHERE a.code = 'cash' AND p.booked_on <= :day
"""

# A line is loose while no placing of it stands: made by the day, and not turned round by then.
_LOOSE = """
    SELECT l.line_number, l.booked_on, l.direction, l.document_number, l.amount,
           coalesce(last.matched_as, 'undone') <> 'undone' AS is_placed
    FROM esep.statement_line l
    LEFT JOIN LATERAL (
        SELECT m.matched_as FROM esep.line_match m
        WHERE m.authority_id = l.authority_id AND m.line_number = l.line_number ORDER BY m.version DESC LIMIT 1
    ) last ON true
    WHERE l.iban = :iban AND l.booked_on <= :day AND NOT EXISTS (
        SELECT 1 FROM esep.line_match m
        JOIN esep.entry e ON e.authority_id = m.placed_in AND e.number = m.placed_entry
        LEFT JOIN esep.entry r ON r.authority_id = e.authority_id AND r.reverses = e.number
        WHERE m.authority_id = l.authority_id AND m.line_number = l.line_number AND m.matched_as <> 'undone'
            AND e.booked_on <= :day AND (r.number IS NULL OR r.booked_on > :day)
    )
    ORDER BY l.line_number
"""

_GAPS = """
    SELECT statement_number, date_from, opening, expected
    FROM (
        SELECT s.statement_number, s.date_from, s.opening, lag(s.date_to) OVER known AS date_to,
               coalesce(lag(s.closing) OVER known, 0) AS expected
        FROM esep.statement s WHERE s.iban = :iban
        WINDOW known AS (ORDER BY s.date_from, s.date_to, s.statement_number)
    ) s
    WHERE s.opening <> s.expected AND s.date_from <= :day AND (s.date_to IS NULL OR s.date_to < s.date_from)
    ORDER BY s.date_from, s.statement_number
"""
