"""The authority's own lists of orders and refunds, and what the books hold of the same.

A month's last list is the one in force. Our side are the transfers in force with their placings by kind, and the refund
orders (MT-100) that the bank did not refuse.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import Connection, Row, text

from ledgers.posting import append

Side = Literal["transfer", "refund"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListHead:
    """A list of a month: by which letter it came, how many lines it has, and its sums (tiyn)."""

    list_number: int
    month: date
    document: str
    count: int
    transferred: int
    refunded: int
    sha256: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLine:
    """A line of a list (tiyn): the kind is a code of ours where the authority named one, its own words or empty."""

    line: int
    side: Side
    order_number: str
    order_date: date
    amount: int
    aid_kind: str
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandMatch:
    """The last thing said by hand about a line: our transfer or refund order, or 0 where the match was undone."""

    line: int
    version: int
    number: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnOrder:
    """A transfer of the authority, or a refund order of ours, with its parts by aid kind ('' for what none took).

    `number` is the transfer's or the refund order's; `ordered_on` the day of the order, `moved_on` the day the money
    came, or left with a refund (None while it has not). Amounts are in tiyn and add up.
    """

    side: Side
    number: int
    order_number: str
    ordered_on: date
    moved_on: date | None
    amount: int
    parts: tuple[tuple[str, int], ...]


def next_list_number(connection: Connection, authority_id: int) -> int:
    """The number of the next list of an authority; true while its book's lock is held."""
    query = "SELECT coalesce(max(list_number), 0) + 1 FROM esep.authority_list WHERE authority_id = :authority"
    return int(connection.execute(text(query), {"authority": authority_id}).scalar_one())


def append_list(
    connection: Connection, authority_id: int, number: int, head: ListHead, lines: Sequence[ListLine]
) -> None:
    """Record a list with its lines under entry `number`."""
    key = {"authority_id": authority_id, "entry_number": number}
    append(connection, "authority_list", [key | asdict(head)])
    own = key | {"list_number": head.list_number}
    append(connection, "authority_list_line", [own | asdict(line) for line in lines])


def lists(connection: Connection, authority_id: int, month: date | None = None) -> list[ListHead]:
    """The lists of an authority, or those of a month, as they came."""
    rows = connection.execute(
        text("""
            SELECT list_number, month, document, count, transferred, refunded, sha256 FROM esep.authority_list
            WHERE authority_id = :authority AND month = coalesce(CAST(:month AS date), month) ORDER BY list_number
        """),
        {"authority": authority_id, "month": month},
    )
    return [ListHead(**(row._asdict() | {"sha256": bytes(row.sha256)})) for row in rows]


def in_force(connection: Connection, authority_id: int) -> dict[date, ListHead]:
    """The last list of each month, by month."""
    return {head.month: head for head in sorted(lists(connection, authority_id), key=lambda head: head.month)}


def lines(connection: Connection, authority_id: int, list_number: int) -> list[ListLine]:
    """The lines of a list in its order."""
    rows = connection.execute(
        text("""
            SELECT line, side, order_number, order_date, amount, aid_kind, comment FROM esep.authority_list_line
            WHERE authority_id = :authority AND list_number = :list_number ORDER BY line
        """),
        {"authority": authority_id, "list_number": list_number},
    )
    return [ListLine(**row._asdict()) for row in rows]


def hand_matches(connection: Connection, authority_id: int, list_number: int) -> dict[int, HandMatch]:
    """The last match by hand of each line that has one, undone ones too, by line."""
    rows = connection.execute(
        text("""
            SELECT DISTINCT ON (line) line, version, number, reason FROM esep.authority_list_match
            WHERE authority_id = :authority AND list_number = :list_number ORDER BY line, version DESC
        """),
        {"authority": authority_id, "list_number": list_number},
    )
    return {row.line: HandMatch(**row._asdict()) for row in rows}


def append_match(connection: Connection, authority_id: int, number: int, list_number: int, match: HandMatch) -> None:
    """Record under entry `number` what a person said about a line.

    Raises:
        TakenAlready: somebody said something about it at the same time.
    """
    key = {"authority_id": authority_id, "entry_number": number, "list_number": list_number}
    append(connection, "authority_list_match", [key | asdict(match)])


def own_orders(connection: Connection, authority_id: int, first: date, last: date) -> list[OwnOrder]:
    """The transfers and the refund orders that were ordered, or whose money moved, from `first` to `last`."""
    bind = {"authority": authority_id, "first": first, "last": last}
    found = [*connection.execute(text(_TRANSFERS), bind), *connection.execute(text(_REFUNDS), bind)]
    return [_own_order(row) for row in found]


def _own_order(row: Row[Any]) -> OwnOrder:
    parts = [(str(kind), int(amount)) for kind, amount in zip(row.kinds, row.amounts, strict=True)]
    rest = row.amount - sum(amount for _, amount in parts)
    return OwnOrder(
        side=row.side,
        number=row.number,
        order_number=row.order_number,
        ordered_on=row.ordered_on,
        moved_on=row.moved_on,
        amount=row.amount,
        parts=(*parts, ("", rest)) if rest else tuple(parts),
    )


_TRANSFERS = """
    SELECT 'transfer' AS side, t.transfer_number AS number, t.order_number, t.order_date AS ordered_on,
           t.received_on AS moved_on, t.amount, p.kinds, p.amounts
    FROM esep.transfer t
    CROSS JOIN LATERAL (
        SELECT coalesce(array_agg(k.aid_kind ORDER BY k.aid_kind), '{}') AS kinds,
               coalesce(array_agg(k.amount ORDER BY k.aid_kind), '{}') AS amounts
        FROM (
            SELECT g.aid_kind, sum(g.amount)::bigint AS amount FROM esep.transfer_placing g
            WHERE g.authority_id = t.authority_id AND g.transfer_number = t.transfer_number
                AND NOT EXISTS (SELECT 1 FROM esep.entry e
                                WHERE e.authority_id = g.authority_id AND e.reverses = g.entry_number)
            GROUP BY g.aid_kind
        ) k
    ) p
    WHERE t.authority_id = :authority
        AND (t.received_on BETWEEN :first AND :last OR t.order_date BETWEEN :first AND :last)
        AND NOT EXISTS (SELECT 1 FROM esep.entry e
                        WHERE e.authority_id = t.authority_id AND e.reverses = t.entry_number)
    ORDER BY t.transfer_number
"""

# A refund order leaves the account when a line of the bank's statement settles it, by the line's last match.
_REFUNDS = """
    WITH settled AS (
        SELECT m.reference, min(l.booked_on) AS moved_on
        FROM esep.line_match m
        JOIN esep.statement_line l ON l.authority_id = m.authority_id AND l.line_number = m.line_number
        WHERE m.authority_id = 0 AND m.placed_in = :authority AND m.matched_as = 'settlement'
            AND NOT EXISTS (SELECT 1 FROM esep.line_match later
                            WHERE later.authority_id = 0 AND later.line_number = m.line_number
                                AND later.version > m.version)
        GROUP BY m.reference
    )
    SELECT 'refund' AS side, o.order_number AS number, o.order_number::text AS order_number, o.dated AS ordered_on,
           s.moved_on, o.amount, p.kinds, p.amounts
    FROM esep.payment_order o
    LEFT JOIN settled s ON s.reference = o.reference
    CROSS JOIN LATERAL (
        SELECT coalesce(array_agg(k.aid_kind ORDER BY k.aid_kind), '{}') AS kinds,
               coalesce(array_agg(k.amount ORDER BY k.aid_kind), '{}') AS amounts
        FROM (
            SELECT f.aid_kind, sum(f.amount)::bigint AS amount FROM esep.refund f
            WHERE f.authority_id = o.authority_id AND f.order_number = o.order_number AND f.aid_kind <> ''
            GROUP BY f.aid_kind
        ) k
    ) p
    WHERE o.authority_id = :authority AND o.message = 'MT-100'
        AND (o.dated BETWEEN :first AND :last OR s.moved_on BETWEEN :first AND :last)
        AND NOT EXISTS (SELECT 1 FROM esep.order_refusal x
                        WHERE x.authority_id = o.authority_id AND x.order_number = o.order_number)
    ORDER BY o.order_number
"""
