"""Statement lines as they stand in the books: those without a place, and what one was placed as, by which entries.

An entry that was turned round counts no more. A transfer's money may have been placed by several entries: the one that
brought it, and later ones that placed what had waited.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import Connection, text

from ledgers.statements import Line, Match


@dataclass(frozen=True, slots=True, kw_only=True)
class WithoutPlace:
    """A line without a match in force: the last version (0: none), and the files that it was taken from by hand."""

    line: Line
    version: int
    taken_from: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacingEntry:
    """An entry in force that placed money of a line: its number in the book, and its day."""

    number: int
    booked_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedLine:
    """A line with its match in force (None: it has no place), in tiyn.

    `entries` are those that placed it, the latest first; `parts` what requests took of a transfer, by request and kind;
    `waiting` what stands on unidentified in the book of the match.
    """

    line: Line
    match: Match | None
    entries: tuple[PlacingEntry, ...] = ()
    parts: Mapping[tuple[str, str], int]
    waiting: int

    @property
    def next_version(self) -> int:
        """The version of the next match."""
        return self.match.version + 1 if self.match else 1


_LINE = ", ".join(f"l.{field.name}" for field in fields(Line))
_MATCH = ", ".join(f"m.{field.name}" for field in fields(Match))


def unplaced(connection: Connection) -> list[WithoutPlace]:
    """Lines without a match in force, in their order: debits that fit no file that was sent."""
    rows = connection.execute(
        text(f"""
            SELECT {_LINE},
                   coalesce((SELECT max(m.version) FROM esep.line_match m
                             WHERE m.authority_id = 0 AND m.line_number = l.line_number), 0) AS version,
                   ARRAY(SELECT m.reference FROM esep.line_match m
                         WHERE m.authority_id = 0 AND m.line_number = l.line_number AND m.matched_as = 'undone'
                         ORDER BY m.version) AS taken_from
            FROM esep.statement_line l
            WHERE l.authority_id = 0 AND NOT EXISTS (
                SELECT 1 FROM esep.line_match m
                WHERE m.authority_id = 0 AND m.line_number = l.line_number AND m.matched_as <> 'undone'
                    AND NOT EXISTS (
                        SELECT 1 FROM esep.line_match u
                        WHERE u.authority_id = 0 AND u.line_number = m.line_number AND u.version > m.version))
            ORDER BY l.line_number
        """)  # noqa: S608
    )
    return [
        WithoutPlace(
            line=Line(**{field.name: getattr(row, field.name) for field in fields(Line)}),
            version=row.version,
            taken_from=tuple(row.taken_from),
        )
        for row in rows
    ]


def placed_line(connection: Connection, line_number: int) -> PlacedLine | None:
    """The line of a number, or None when no statement brought it."""
    line = _line(connection, line_number)
    if line is None:
        return None
    match = _match(connection, line_number)
    if match is None or match.matched_as == "undone":
        return PlacedLine(line=line, match=match, parts={}, waiting=0)
    bind = {"book": match.placed_in, "entry": match.placed_entry, "line": line_number, "reference": line.reference}
    entries = connection.execute(text(_PLACING + _ENTRIES), bind)
    parts = connection.execute(text(_PLACING + _PARTS), bind)
    return PlacedLine(
        line=line,
        match=match,
        entries=tuple(PlacingEntry(**row._asdict()) for row in entries),
        parts={(row.reference, row.aid_kind): row.amount for row in parts},
        waiting=int(connection.execute(text(_WAITING), bind).scalar_one()),
    )


def _line(connection: Connection, line_number: int) -> Line | None:
    row = connection.execute(
        text(f"SELECT {_LINE} FROM esep.statement_line l WHERE l.authority_id = 0 AND l.line_number = :line"),  # noqa: S608
        {"line": line_number},
    ).one_or_none()
    return None if row is None else Line(**row._asdict())


def _match(connection: Connection, line_number: int) -> Match | None:
    row = connection.execute(
        text(f"""
            SELECT {_MATCH} FROM esep.line_match m WHERE m.authority_id = 0 AND m.line_number = :line
            ORDER BY m.version DESC LIMIT 1
        """),  # noqa: S608
        {"line": line_number},
    ).one_or_none()
    return None if row is None else Match(**row._asdict())


_PLACING = """
    WITH placed AS (
        SELECT g.* FROM esep.transfer t
        JOIN esep.transfer_placing g ON g.authority_id = t.authority_id AND g.transfer_number = t.transfer_number
        WHERE t.authority_id = :book AND t.entry_number = :entry AND t.line_number = :line
            AND NOT EXISTS (
                SELECT 1 FROM esep.entry r WHERE r.authority_id = g.authority_id AND r.reverses = g.entry_number)
    )
"""

_ENTRIES = """
    SELECT e.number, e.booked_on FROM esep.entry e
    WHERE e.authority_id = :book AND (e.number = :entry OR e.number IN (SELECT p.entry_number FROM placed p))
    ORDER BY e.number DESC
"""

_PARTS = """
    SELECT r.reference, p.aid_kind, sum(p.amount)::bigint AS amount
    FROM placed p
    JOIN esep.request r ON r.authority_id = p.authority_id AND r.request_number = p.request_number
    GROUP BY r.reference, p.aid_kind ORDER BY r.reference, p.aid_kind
"""

_WAITING = """
    SELECT coalesce(sum(CASE WHEN p.credit = a.account_id THEN p.amount ELSE -p.amount END), 0)
    FROM esep.account a
    JOIN esep.posting p ON p.authority_id = a.authority_id AND a.account_id IN (p.debit, p.credit)
    WHERE a.authority_id = :book AND a.code = 'unidentified' AND a.aid_kind = '' AND a.reference = :reference
"""


def twin(connection: Connection, line: Line) -> str | None:
    """The transfer in force that has the same number, date, BIN and amount as a line (E39), like 'T1 of 14.03.2024'."""
    found: str | None = connection.execute(
        text("""
            SELECT 'T' || t.transfer_number || ' of ' || to_char(t.received_on, 'DD.MM.YYYY') FROM esep.transfer t
            WHERE t.order_number = :number AND t.order_date = :dated AND t.payer_bin = :bin AND t.amount = :amount
                AND t.line_number <> :line AND NOT EXISTS (
                    SELECT 1 FROM esep.entry e WHERE e.authority_id = t.authority_id AND e.reverses = t.entry_number)
            ORDER BY t.authority_id, t.transfer_number LIMIT 1
        """),
        {
            "number": line.document_number,
            "dated": line.document_date,
            "bin": line.counterparty_bin,
            "amount": line.amount,
            "line": line.line_number,
        },
    ).scalar_one_or_none()
    return found
