"""The books for auditors: trial balance, account card and balances, as of a day as they were known at a moment.

Two times stand in every entry: the day it is booked on and the moment it became known (E109). A moment is turned into
the number of the last entry of each book that was known then; entries are numbered in the order they became known, so
the same question gets the same answer for ever.

Example: `trial(connection, known(connection, moment=moment), until=date(2024, 3, 20))`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, text

from ledgers import queries
from ledgers.chart import CHART
from ledgers.errors import LedgerError
from ledgers.posting import LOCK_CLASS
from ledgers.queries import MEMORANDUM, AccountBalance, account_text, number_text

Known = Mapping[int, int]
"""Book -> the number of its last entry that was known; 0 when none was."""


class MomentAhead(LedgerError):
    """A moment that has not come: what will be known then is not known now."""

    def __init__(self, moment: datetime) -> None:
        super().__init__(
            f"{moment:%d.%m.%Y %H:%M:%S} has not come; ask for a moment that is over, or leave --known-at out"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialLine:
    """A line of the trial balance in tiyn: an account of the chart by aid kind; collapsed, a number of the chart."""

    authority_id: int
    number: str
    account: str
    opening_debit: int
    opening_credit: int
    debit: int
    credit: int
    closing_debit: int
    closing_credit: int


def known(
    connection: Connection,
    authority_id: int | None = None,
    *,
    moment: datetime | None = None,
    entry: int | None = None,
) -> dict[int, int]:
    """The last entry known of a book or of every one: now, at a moment that is over, or up to an entry's number.

    Raises:
        MomentAhead: the moment has not come.
    """
    if moment is not None:
        _settle(connection, authority_id, moment)
    rows = connection.execute(text(_KNOWN), {"authority": authority_id, "moment": moment})
    return {row.book: row.known if entry is None else min(entry, row.known) for row in rows}


def _settle(connection: Connection, authority_id: int | None, moment: datetime) -> None:
    """Wait until everything that became known by the moment is written: whoever writes holds the book's lock."""
    if connection.execute(text("SELECT clock_timestamp() < :moment"), {"moment": moment}).scalar_one():
        raise MomentAhead(moment)
    connection.execute(
        text(f"""
            SELECT pg_advisory_xact_lock_shared(:class, b.book)
            FROM ({_BOOKS}) b
            LEFT JOIN esep.entry e ON e.authority_id = b.book AND e.number = b.last
            WHERE e.recorded_at IS NULL OR e.recorded_at <= :moment ORDER BY b.book
        """),  # noqa: S608 - constants
        {"class": LOCK_CLASS, "authority": authority_id, "moment": moment},
    )


_BOOKS = """
    SELECT b.book, coalesce((SELECT max(e.number) FROM esep.entry e WHERE e.authority_id = b.book), 0) AS last
    FROM (SELECT 0 AS book UNION SELECT authority_id FROM esep.authority_version) b
    WHERE CAST(:authority AS integer) IS NULL OR b.book = :authority
"""

_KNOWN = f"""
    WITH RECURSIVE book AS ({_BOOKS}),
    -- Moments never go back within a book, and its numbers have no gap: halve until the two neighbours are found.
    halving AS (
        SELECT book, CASE WHEN CAST(:moment AS timestamptz) IS NULL THEN last ELSE 0 END AS known, last + 1 AS later
        FROM book
        UNION ALL
        SELECT h.book, CASE WHEN e.recorded_at <= :moment THEN e.number ELSE h.known END,
               CASE WHEN e.recorded_at <= :moment THEN h.later ELSE e.number END
        FROM halving h JOIN esep.entry e ON e.authority_id = h.book AND e.number = (h.known + h.later) / 2
        WHERE h.later - h.known > 1
    )
    SELECT book, known FROM halving WHERE later - known = 1 ORDER BY book
"""  # noqa: S608 - constants


def balances(
    connection: Connection, books: Known, *, on: date | None = None, open_only: bool = True
) -> list[AccountBalance]:
    """Every account of these books, booked up to a day, as they were known."""
    return [
        account
        for book, last in sorted(books.items())
        if last
        for account in queries.balances(connection, book, on=on, known_at_entry=last, open_only=open_only)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Flow:
    """All that moved from the accounts of one code and kind to those of another, before the first day or after."""

    authority_id: int
    is_before: bool
    debit: tuple[str, str]
    credit: tuple[str, str]
    amount: int


def trial(
    connection: Connection, books: Known, *, since: date | None = None, until: date | None = None
) -> list[TrialLine]:
    """The trial balance by account of the chart and aid kind: opening, turnovers between two days, closing."""
    sides: dict[tuple[int, str, str], list[int]] = {}
    for flow in _flows(connection, books, since, until):
        _add(sides, flow.authority_id, flow.debit, flow.amount, is_before=flow.is_before)
        _add(sides, flow.authority_id, flow.credit, -flow.amount, is_before=flow.is_before)
    order = list(CHART)
    lines = [
        _line(book, number_text(code, kind) if CHART[code].number else "", account_text(code, kind, ""), figures)
        for (book, code, kind), figures in sorted(
            sides.items(), key=lambda item: (item[0][0], order.index(item[0][1]), item[0][2])
        )
    ]
    return _alive(lines)


def trial_by_number(
    connection: Connection, books: Known, *, since: date | None = None, until: date | None = None
) -> list[TrialLine]:
    """The same by the numbers of the chart: 100 is cash less transit; memorandum accounts are left out."""
    sides: dict[tuple[int, str, str], list[int]] = {}
    for flow in _flows(connection, books, since, until):
        debit, credit = number_text(*flow.debit), number_text(*flow.credit)
        if {flow.debit[0], flow.credit[0]} & set(MEMORANDUM) or debit == credit:
            continue
        _add(sides, flow.authority_id, (debit, ""), flow.amount, is_before=flow.is_before)
        _add(sides, flow.authority_id, (credit, ""), -flow.amount, is_before=flow.is_before)
    return _alive([_line(book, number, "", figures) for (book, number, _), figures in sorted(sides.items())])


def totals(lines: Iterable[TrialLine]) -> TrialLine:
    """The sums of a trial balance; each pair of columns is equal, or the books are broken."""
    sums = dict.fromkeys(_COLUMNS, 0)
    for line in lines:
        for name in _COLUMNS:
            sums[name] += getattr(line, name)
    return TrialLine(authority_id=-1, number="", account="total", **sums)


_COLUMNS = ("opening_debit", "opening_credit", "debit", "credit", "closing_debit", "closing_credit")


def _alive(lines: Iterable[TrialLine]) -> list[TrialLine]:
    """Without the lines on which nothing stood, moved or stands."""
    return [line for line in lines if any(getattr(line, name) for name in _COLUMNS)]


def _add(
    sides: dict[tuple[int, str, str], list[int]], book: int, side: tuple[str, str], amount: int, *, is_before: bool
) -> None:
    """Add to opening, debit and credit; an amount below zero is a credit."""
    figures = sides.setdefault((book, *side), [0, 0, 0])
    if is_before:
        figures[0] += amount
    else:
        figures[1 if amount > 0 else 2] += abs(amount)


def _line(book: int, number: str, account: str, figures: list[int]) -> TrialLine:
    opening, debit, credit = figures
    closing = opening + debit - credit
    return TrialLine(
        authority_id=book,
        number=number,
        account=account,
        opening_debit=max(opening, 0),
        opening_credit=max(-opening, 0),
        debit=debit,
        credit=credit,
        closing_debit=max(closing, 0),
        closing_credit=max(-closing, 0),
    )


def _flows(connection: Connection, books: Known, since: date | None, until: date | None) -> Iterator[_Flow]:
    rows = connection.execute(
        text("""
            SELECT p.authority_id, coalesce(p.booked_on < CAST(:since AS date), false) AS is_before,
                   d.code AS debit, d.aid_kind AS debit_kind, c.code AS credit, c.aid_kind AS credit_kind,
                   sum(p.amount)::bigint AS amount
            FROM unnest(CAST(:books AS integer[]), CAST(:known AS bigint[])) AS k (book, known)
            JOIN esep.posting p ON p.authority_id = k.book AND p.entry_number <= k.known
            JOIN esep.account d ON d.authority_id = p.authority_id AND d.account_id = p.debit
            JOIN esep.account c ON c.authority_id = p.authority_id AND c.account_id = p.credit
            WHERE CAST(:until AS date) IS NULL OR p.booked_on <= :until
            GROUP BY 1, 2, 3, 4, 5, 6
        """),
        {"books": list(books), "known": list(books.values()), "since": since, "until": until},
    )
    for row in rows:
        yield _Flow(
            authority_id=row.authority_id,
            is_before=row.is_before,
            debit=(row.debit, row.debit_kind),
            credit=(row.credit, row.credit_kind),
            amount=row.amount,
        )
