"""The statements of an account as they follow each other: their days, what each brought, what was known before (R-044).

A line is kept once, under the statement that brought it first. So what a later statement says of its days can be held
against what was known of them: when it says less, a line that an earlier statement had is gone from it.

>>> Turnover(count=2, credited=100_00, debited=40_00).net
6000
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta

from sqlalchemy import Connection, text

from ledgers.statements import Statement

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turnover:
    """So many lines and what they credited and debited, in tiyn."""

    count: int = 0
    credited: int = 0
    debited: int = 0

    @property
    def net(self) -> int:
        """What the lines do to the balance, in tiyn."""
        return self.credited - self.debited

    def over(self, other: "Turnover") -> "Turnover | None":
        """What it has above another one's sums; None when they are the same. Lines are not counted."""
        credited, debited = self.credited - other.credited, self.debited - other.debited
        return Turnover(credited=credited, debited=debited) if credited or debited else None

    def plus(self, other: "Turnover") -> "Turnover":
        """Both together."""
        return Turnover(
            count=self.count + other.count,
            credited=self.credited + other.credited,
            debited=self.debited + other.debited,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What one statement brought of one day: only lines that no statement before it had."""

    statement_number: int
    day: date
    turnover: Turnover


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A statement with the name that its file had."""

    statement: Statement
    file_name: str

    @property
    def number(self) -> int:
        """The number of the statement."""
        return self.statement.statement_number

    @property
    def reference(self) -> str:
        """What the statement is called."""
        return f"ST{self.number}"

    @property
    def says(self) -> tuple[int, int, int, int]:
        """Opening balance, both turnovers and closing balance, in tiyn."""
        one = self.statement
        return one.opening, one.credited, one.debited, one.closing

    def has_days_of(self, other: "Kept") -> bool:
        """Whether it is of the same days."""
        days = (other.statement.date_from, other.statement.date_to)
        return (self.statement.date_from, self.statement.date_to) == days

    def goes_on_from(self, other: "Kept") -> bool:
        """Whether it begins within the day where the other one ended, with the balance that it ended with."""
        mine, its = self.statement, other.statement
        follows = mine.date_from == its.date_to and mine.opening == its.closing and mine.opening != its.opening
        return follows and other.number < self.number


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenFile:
    """A file that was sent and is not debited on a day; the amount in tiyn."""

    authority_id: int
    reference: str
    message: str
    order_number: int
    bic: str
    dated: date
    amount: int


class Account:
    """The statements of one account and what they brought, found by day without a search through all of them."""

    def __init__(self, kept: Iterable[Kept], brought: Iterable[Brought]) -> None:
        self.kept: Sequence[Kept] = sorted(kept, key=lambda one: (one.statement.date_from, one.number))
        self._by_end = sorted(self.kept, key=lambda one: (one.statement.date_to, one.number))
        self._ends = [one.statement.date_to for one in self._by_end]
        self._of_day: dict[date, list[Kept]] = {}
        self._brought: dict[date, list[Brought]] = {}
        for one in self.kept:
            for day in days_of(one.statement.date_from, one.statement.date_to):
                self._of_day.setdefault(day, []).append(one)
        for part in brought:
            self._brought.setdefault(part.day, []).append(part)

    def before(self, one: Kept) -> Kept | None:
        """The statement that reaches furthest of those that end before it begins; the latest of several."""
        place = bisect_left(self._ends, one.statement.date_from)
        return self._by_end[place - 1] if place else None

    def sharing(self, one: Kept) -> list[Kept]:
        """The other statements that have days of it, in the order they came."""
        days = days_of(one.statement.date_from, one.statement.date_to)
        found = {other.number: other for day in days for other in self._of_day[day]}
        return [found[number] for number in sorted(found) if number != one.number]

    def went_on(self, one: Kept) -> Kept | None:
        """The statement within whose last day it goes on, if it does."""
        return next((other for other in self.sharing(one) if one.goes_on_from(other)), None)

    def again(self, one: Kept) -> list[Kept]:
        """The statements before it that had days which it gives again; it does not give again what it goes on from."""
        on = self.went_on(one)
        earlier = [other for other in self.sharing(one) if other.number < one.number]
        return [other for other in earlier if on is None or other.statement.date_to > one.statement.date_from]

    def covering(self, one: Kept) -> list[Kept]:
        """The statements after it that give all of its days again."""
        first, last = one.statement.date_from, one.statement.date_to
        return [
            other
            for other in self.sharing(one)
            if other.number > one.number
            and other.statement.date_to >= last
            and (
                other.statement.date_from < first
                or (other.statement.date_from == first and self.went_on(other) is None)
            )
        ]

    def known(self, first: date, last: date, upto: int) -> Turnover:
        """The lines of these days that the statements up to number `upto` brought."""
        total = Turnover()
        for day in days_of(first, last):
            for part in self._brought.get(day, ()):
                if part.statement_number <= upto:
                    total = total.plus(part.turnover)
        return total

    def own(self, one: Kept, day: date) -> Turnover:
        """The lines of a day that this statement brought itself."""
        total = Turnover()
        for part in self._brought.get(day, ()):
            if part.statement_number == one.number:
                total = total.plus(part.turnover)
        return total

    def brought(self, one: Kept) -> Turnover:
        """The lines that this statement brought."""
        total = Turnover()
        for day in days_of(one.statement.date_from, one.statement.date_to):
            total = total.plus(self.own(one, day))
        return total

    def lacking(self, one: Kept) -> Turnover:
        """What was known of its days when it came, and it does not have; nothing when it agrees.

        A statement that goes on within a day may say nothing of the lines that the day had before it.
        """
        head = one.statement
        says = Turnover(credited=head.credited, debited=head.debited)
        known = self.known(head.date_from, head.date_to, one.number)
        if known.over(says) and self.went_on(one):
            later = self.known(head.date_from + ONE_DAY, head.date_to, one.number)
            within = self.own(one, head.date_from).plus(later)
            known = within if within.credited >= head.credited and within.debited >= head.debited else known
        return known.over(says) or Turnover()

    def balance(self, day: date) -> tuple[Kept, int] | None:
        """The bank's balance at the end of a day (tiyn) and the statement that says it; None when none reaches it.

        The last statement that has the day, less what it says of later days; between two statements and before all of
        them, what the next one opens with.
        """
        reaching = [one for one in self.kept if one.statement.date_to >= day]
        having = [one for one in reaching if one.statement.date_from <= day]
        if having:
            one = max(having, key=lambda kept: kept.number)
            later = self.known(day + ONE_DAY, one.statement.date_to, one.number)
            return one, one.statement.closing - later.net
        if reaching:
            return reaching[0], reaching[0].statement.opening
        return None


def days_of(first: date, last: date) -> Iterator[date]:
    """The days from one to another, both included."""
    return (first + ONE_DAY * number for number in range((last - first).days + 1))


def accounts(connection: Connection) -> list[str]:
    """The accounts that statements are there of, the one with the latest statement last."""
    query = "SELECT iban FROM esep.statement WHERE authority_id = 0 GROUP BY iban ORDER BY max(statement_number)"
    return list(connection.execute(text(query)).scalars())


def account(connection: Connection, iban: str) -> Account:
    """The statements of an account with what each brought."""
    names = ", ".join(f"s.{field.name}" for field in fields(Statement))
    kept = connection.execute(
        text(f"""
            SELECT {names}, coalesce((
                SELECT f.name FROM esep.received_file f
                WHERE f.sha256 = s.sha256 AND f.kind = 'statement' AND f.verdict = 'accepted'), '') AS file_name
            FROM esep.statement s WHERE s.authority_id = 0 AND s.iban = :iban
            ORDER BY s.statement_number
        """),  # noqa: S608 - names come from the dataclass
        {"iban": iban},
    )
    brought = connection.execute(
        text("""
            SELECT l.statement_number, l.booked_on AS day, count(*) AS lines,
                   coalesce(sum(l.amount) FILTER (WHERE l.direction = 'credit'), 0)::bigint AS credited,
                   coalesce(sum(l.amount) FILTER (WHERE l.direction = 'debit'), 0)::bigint AS debited
            FROM esep.statement_line l WHERE l.authority_id = 0 AND l.iban = :iban
            GROUP BY l.statement_number, l.booked_on ORDER BY l.statement_number, l.booked_on
        """),
        {"iban": iban},
    )
    return Account(
        [
            Kept(
                statement=Statement(**{field.name: getattr(row, field.name) for field in fields(Statement)}),
                file_name=row.file_name,
            )
            for row in kept
        ],
        [
            Brought(
                statement_number=row.statement_number,
                day=row.day,
                turnover=Turnover(count=row.lines, credited=row.credited, debited=row.debited),
            )
            for row in brought
        ],
    )


def all_lines(connection: Connection, day: date) -> int:
    """What all lines of all accounts booked up to a day make together, in tiyn."""
    found = connection.execute(
        text("""
            SELECT coalesce(sum(CASE l.direction WHEN 'credit' THEN l.amount ELSE -l.amount END), 0)::bigint
            FROM esep.statement_line l WHERE l.authority_id = 0 AND l.booked_on <= :day
        """),
        {"day": day},
    ).scalar_one()
    return int(found)


def open_files(connection: Connection, day: date) -> list[OpenFile]:
    """The files whose money was spoken for on a day: sent by then, and neither debited nor refused by then."""
    rows = connection.execute(
        text("""
            SELECT o.authority_id, o.reference, o.message, o.order_number, o.bic, o.dated, b.open AS amount
            FROM esep.account a
            JOIN esep.payment_order o ON o.authority_id = a.authority_id AND o.reference = a.reference
            CROSS JOIN LATERAL (
                SELECT coalesce(sum(CASE WHEN p.credit = a.account_id THEN p.amount ELSE -p.amount END), 0)::bigint
                    AS open
                FROM esep.posting p
                WHERE p.authority_id = a.authority_id AND a.account_id IN (p.debit, p.credit) AND p.booked_on <= :day
            ) b
            WHERE a.code = 'transit' AND b.open <> 0
            ORDER BY o.authority_id, o.order_number
        """),
        {"day": day},
    )
    return [OpenFile(**row._asdict()) for row in rows]


def booked_later(connection: Connection, line_numbers: Sequence[int], day: date) -> dict[int, date]:
    """Line number -> the first day after `day` on which its money was entered in a book."""
    rows = connection.execute(
        text("""
            SELECT m.line_number, min(e.booked_on) AS booked_on FROM esep.line_match m
            JOIN esep.entry e ON e.authority_id = m.placed_in AND e.number = m.placed_entry
            WHERE m.authority_id = 0 AND m.line_number = ANY(CAST(:lines AS bigint[])) AND m.matched_as <> 'undone'
                AND e.booked_on > :day
            GROUP BY m.line_number
        """),
        {"lines": list(line_numbers), "day": day},
    )
    return {row.line_number: row.booked_on for row in rows}
