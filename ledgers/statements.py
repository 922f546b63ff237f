"""Statements of the State Corporation's account: their lines, what each line turned out to be, and transfers (R-044).

Statements and lines stand in book 0, whichever authority a line belongs to; the money of a line stands in one book. A
line is known by account, booking date, direction, document, amount and other side, and among equal lines of one day by
its place: so an overlapping file brings nothing twice, and two equal lawful lines are both kept. Each line has at most
one match in force, the highest version; one that was undone leaves a debit without a place.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Literal

from sqlalchemy import Connection, text

Direction = Literal["credit", "debit"]
MatchedAs = Literal["transfer", "settlement", "return", "unidentified", "claim", "undone"]
Identity = tuple[date, str, str, date, int, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A statement that was imported; balances and turnovers in tiyn."""

    statement_number: int
    iban: str
    date_from: date
    date_to: date
    opening: int
    credited: int
    debited: int
    closing: int
    sha256: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a statement; `occurrence` counts equal lines of one day from 1, the amount is in tiyn."""

    line_number: int
    statement_number: int
    file_line: int
    iban: str
    booked_on: date
    value_date: date
    direction: Direction
    document_number: str
    document_date: date
    amount: int
    counterparty_name: str
    counterparty_bin: str
    counterparty_iban: str
    counterparty_bic: str
    knp: str
    purpose: str
    occurrence: int

    @property
    def reference(self) -> str:
        """What the line's money is called while it waits."""
        return f"S{self.line_number}"

    @property
    def identity(self) -> Identity:
        """What equal lines of one account have in common."""
        return (
            self.booked_on,
            self.direction,
            self.document_number,
            self.document_date,
            self.amount,
            self.counterparty_bin,
            self.counterparty_iban,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What a line turned out to be, by which rule, and the entry that has its postings."""

    line_number: int
    version: int
    placed_in: int
    placed_entry: int
    matched_as: MatchedAs
    reference: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unidentified:
    """Money of a line that waits: the book, how much (tiyn) since which day, its match in force and why it waits."""

    line: Line
    book: int
    amount: int
    posted_on: date
    version: int
    matched_as: MatchedAs
    reason: str

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the line was placed: it is no transfer whose rest waits."""
        return self.matched_as == "unidentified" and self.amount == self.line.amount


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRequest:
    """What is still awaited (tiyn, 0 when all of it came) of one kind of one request."""

    authority_id: int
    request_number: int
    reference: str
    sent_on: date
    aid_kind: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFile:
    """A file that went to a bank, MT-102, or a refund, MT-100; `open` is what is not debited yet, in tiyn."""

    authority_id: int
    order_number: int
    message: str
    reference: str
    bic: str
    dated: date
    amount: int
    open: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """A transfer of an authority; number, date, BIN and amount (tiyn) are its identity (E39)."""

    authority_id: int
    transfer_number: int
    order_number: str
    order_date: date
    payer_bin: str
    amount: int
    received_on: date
    line_number: int

    @property
    def identity(self) -> tuple[str, date, str, int]:
        """What no second transfer may share."""
        return self.order_number, self.order_date, self.payer_bin, self.amount


_LINE = ", ".join(f"l.{field.name}" for field in fields(Line))

_BALANCE = """
    LATERAL (
        SELECT coalesce(sum(CASE WHEN p.credit = a.account_id THEN p.amount ELSE -p.amount END), 0)::bigint AS credit
        FROM esep.posting p
        WHERE p.authority_id = a.authority_id AND (p.debit = a.account_id OR p.credit = a.account_id)
    ) b
"""


def statement_of(connection: Connection, sha256: bytes) -> int | None:
    """The number of the statement that these very bytes brought, or None."""
    query = "SELECT statement_number FROM esep.statement WHERE authority_id = 0 AND sha256 = :sha256"
    found = connection.execute(text(query), {"sha256": sha256}).scalar_one_or_none()
    return None if found is None else int(found)


def next_statement_number(connection: Connection) -> int:
    """The number of the next statement; true while the lock of book 0 is held."""
    query = "SELECT coalesce(max(statement_number), 0) + 1 FROM esep.statement WHERE authority_id = 0"
    return int(connection.execute(text(query)).scalar_one())


def next_line_number(connection: Connection) -> int:
    """The number of the next statement line; true while the lock of book 0 is held."""
    query = "SELECT coalesce(max(line_number), 0) + 1 FROM esep.statement_line WHERE authority_id = 0"
    return int(connection.execute(text(query)).scalar_one())


def next_transfer_numbers(connection: Connection) -> dict[int, int]:
    """The number of the next transfer of each authority that has any; true while its book's lock is held."""
    query = "SELECT authority_id, max(transfer_number) + 1 AS next FROM esep.transfer GROUP BY authority_id"
    return {row.authority_id: row.next for row in connection.execute(text(query))}


def known_lines(connection: Connection, iban: str, first: date, last: date) -> dict[Identity, int]:
    """Identity of the lines booked on these days -> how many equal ones are in the register."""
    rows = connection.execute(
        text(f"""
            SELECT {_LINE} FROM esep.statement_line l
            WHERE l.authority_id = 0 AND l.iban = :iban AND l.booked_on BETWEEN :first AND :last
        """),  # noqa: S608
        {"iban": iban, "first": first, "last": last},
    )
    counts: dict[Identity, int] = {}
    for row in rows:
        line = Line(**row._asdict())
        counts[line.identity] = max(line.occurrence, counts.get(line.identity, 0))
    return counts


def goes_on(connection: Connection, iban: str, date_from: date, opening: int) -> bool:
    """Whether a statement that begins so goes on within the day where the one that reaches furthest ended.

    Not when the balance was the same at another moment of that day, or a statement began so before: then it may as
    well bring again what is known.
    """
    row = connection.execute(
        text("""
            SELECT s.date_to = :date_from AND s.closing = :opening
                AND NOT EXISTS (
                    SELECT 1 FROM esep.statement o WHERE o.authority_id = 0 AND o.iban = s.iban
                        AND o.date_from = :date_from AND o.opening = :opening)
                AND (SELECT sum(CASE l.direction WHEN 'credit' THEN l.amount ELSE -l.amount END)
                     FROM esep.statement_line l
                     WHERE l.authority_id = 0 AND l.iban = s.iban AND l.booked_on = :date_from) <> 0
            FROM esep.statement s WHERE s.authority_id = 0 AND s.iban = :iban
            ORDER BY s.date_to DESC, s.statement_number DESC LIMIT 1
        """),
        {"iban": iban, "date_from": date_from, "opening": opening},
    ).scalar_one_or_none()
    return bool(row)


def reaching_furthest(connection: Connection, iban: str) -> int:
    """The number of the statement that reaches the latest day, the last of several."""
    query = """
        SELECT statement_number FROM esep.statement WHERE authority_id = 0 AND iban = :iban
        ORDER BY date_to DESC, statement_number DESC LIMIT 1
    """
    return int(connection.execute(text(query), {"iban": iban}).scalar_one())


def cash(connection: Connection) -> int:
    """The cash of all books, of all days, in tiyn."""
    query = f"SELECT coalesce(-sum(b.credit), 0) FROM esep.account a CROSS JOIN {_BALANCE} WHERE a.code = 'cash'"  # noqa: S608
    return int(connection.execute(text(query)).scalar_one())


def unidentified(connection: Connection) -> list[Unidentified]:
    """All money that stands on unidentified, in any book, with the line that brought it."""
    rows = connection.execute(
        text(f"""
            SELECT {_LINE}, a.authority_id AS book, b.credit AS waiting, e.booked_on AS posted_on, m.version,
                   m.matched_as, e.summary
            FROM esep.account a
            CROSS JOIN {_BALANCE}
            JOIN esep.statement_line l ON l.authority_id = 0 AND l.line_number = substr(a.reference, 2)::bigint
            CROSS JOIN LATERAL (
                SELECT * FROM esep.line_match m WHERE m.authority_id = 0 AND m.line_number = l.line_number
                ORDER BY m.version DESC LIMIT 1
            ) m
            JOIN esep.entry e ON e.authority_id = m.placed_in AND e.number = m.placed_entry
            WHERE a.code = 'unidentified' AND b.credit > 0
            ORDER BY l.line_number
        """)  # noqa: S608
    )
    return [
        Unidentified(
            line=Line(**{field.name: getattr(row, field.name) for field in fields(Line)}),
            book=row.book,
            amount=row.waiting,
            posted_on=row.posted_on,
            version=row.version,
            matched_as=row.matched_as,
            reason=row.summary,
        )
        for row in rows
    ]


def open_requests(connection: Connection, named: Sequence[str]) -> list[OpenRequest]:
    """What is still awaited by request and kind, and every kind of the named requests though nothing is awaited."""
    rows = connection.execute(
        text(f"""
            SELECT r.authority_id, r.request_number, r.reference, r.sent_on, a.aid_kind, -b.credit AS amount
            FROM esep.account a
            CROSS JOIN {_BALANCE}
            JOIN esep.request r ON r.authority_id = a.authority_id AND r.reference = a.reference
            WHERE a.code = 'requested' AND (b.credit < 0 OR a.reference = ANY(CAST(:named AS text[])))
            ORDER BY r.authority_id, r.request_number, a.aid_kind
        """),  # noqa: S608
        {"named": list(named)},
    )
    return [OpenRequest(**row._asdict()) for row in rows]


def transfers(connection: Connection, payer_bins: Sequence[str]) -> list[Transfer]:
    """The transfers that came from these payers, but for those that were turned round."""
    names = ", ".join(f"t.{field.name}" for field in fields(Transfer))
    rows = connection.execute(
        text(f"""
            SELECT {names} FROM esep.transfer t
            WHERE t.payer_bin = ANY(CAST(:bins AS text[])) AND NOT EXISTS (
                SELECT 1 FROM esep.entry e WHERE e.authority_id = t.authority_id AND e.reverses = t.entry_number)
            ORDER BY t.authority_id, t.transfer_number
        """),  # noqa: S608
        {"bins": list(payer_bins)},
    )
    return [Transfer(**row._asdict()) for row in rows]


def sent_files(connection: Connection, numbers: Iterable[int], references: Iterable[str]) -> list[SentFile]:
    """The files that were sent under these numbers or references, in any book."""
    rows = connection.execute(
        text(f"""
            SELECT o.authority_id, o.order_number, o.message, o.reference, o.bic, o.dated, o.amount,
                   b.credit AS open
            FROM esep.payment_order o
            JOIN esep.account a ON a.authority_id = o.authority_id AND a.code = 'transit' AND a.aid_kind = ''
                               AND a.reference = o.reference
            CROSS JOIN {_BALANCE}
            WHERE o.order_number = ANY(CAST(:numbers AS bigint[])) OR o.reference = ANY(CAST(:references AS text[]))
            ORDER BY o.authority_id, o.order_number
        """),  # noqa: S608
        {"numbers": list(numbers), "references": list(references)},
    )
    return [SentFile(**row._asdict()) for row in rows]
