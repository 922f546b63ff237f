"""Holds and cancellations: what keeps an award from being sent (1.10, E65, E96, S3 p.32).

A hold stops what is not sent of one award, or of a person altogether, until it is ended; what was sent stays lawful. A
cancelled award is never paid. Both are facts in the authority's book; the database sees to it that nothing stopped is
sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Literal, get_args

from sqlalchemy import Connection, text

from ledgers.posting import append

HoldReason = Literal[
    "suspended", "death", "missing", "wanted", "document_expired", "account_blocked", "no_movement", "other"
]
REASONS: tuple[str, ...] = get_args(HoldReason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A hold as it is placed; award number 0 stops the person altogether."""

    hold_number: int
    iin: str
    award_number: int
    reason: str
    placed_on: date
    document: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRow:
    """A hold as people look at it: who, since when, until when if it was ended, and what of it waits (items, tiyn)."""

    authority: str
    hold_number: int
    iin: str
    award: str
    reason: str
    placed_on: date
    ended_on: date | None
    document: str
    note: str
    count: int
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """An award of a person: whose, for what, and whether it is out at a bank or was cancelled; the amount in tiyn."""

    authority_id: int
    due_month: date
    award_number: int
    iin: str
    aid_kind: str
    decision_number: str
    amount: int
    is_out: bool
    is_cancelled: bool


def next_hold_number(connection: Connection, authority_id: int) -> int:
    """The number of the next hold of an authority; true while its book's lock is held."""
    query = "SELECT coalesce(max(hold_number), 0) + 1 FROM esep.hold WHERE authority_id = :authority"
    return int(connection.execute(text(query), {"authority": authority_id}).scalar_one())


def append_holds(connection: Connection, authority_id: int, number: int, holds: Sequence[Hold]) -> None:
    """Record holds under entry `number`."""
    key = {"authority_id": authority_id, "entry_number": number}
    append(connection, "hold", [key | asdict(hold) for hold in holds])


def append_end(
    connection: Connection, authority_id: int, number: int, *, hold_number: int, on: date, document: str, note: str
) -> None:
    """Record under entry `number` that a hold ended."""
    key = {"authority_id": authority_id, "entry_number": number, "hold_number": hold_number}
    append(connection, "hold_end", [key | {"ended_on": on, "document": document, "note": note}])


def open_holds(connection: Connection, authority_id: int) -> list[Hold]:
    """The holds of an authority that were not ended."""
    rows = connection.execute(
        text("""
            SELECT h.hold_number, h.iin, h.award_number, h.reason, h.placed_on, h.document, h.note FROM esep.hold h
            WHERE h.authority_id = :authority AND NOT EXISTS (
                SELECT 1 FROM esep.hold_end e
                WHERE e.authority_id = h.authority_id AND e.hold_number = h.hold_number)
            ORDER BY h.hold_number
        """),
        {"authority": authority_id},
    )
    return [Hold(**row._asdict()) for row in rows]


def rows(connection: Connection, authority_id: int | None, *, ended: bool) -> list[HoldRow]:
    """The holds of an authority or of all, with what each keeps from being sent; `ended` shows those over as well."""
    found = connection.execute(
        text(f"""
            SELECT a.code AS authority, h.hold_number, h.iin,
                   CASE WHEN h.award_number = 0 THEN '' ELSE h.award_number::text END AS award, h.reason, h.placed_on,
                   e.ended_on, h.document, h.note, w.count, w.amount
            FROM esep.hold h
            JOIN esep.authority a ON a.authority_id = h.authority_id
            LEFT JOIN esep.hold_end e ON e.authority_id = h.authority_id AND e.hold_number = h.hold_number
            CROSS JOIN LATERAL (
                SELECT count(*) AS count, coalesce(sum(w.amount), 0)::bigint AS amount
                FROM esep.award_line w
                WHERE e.hold_number IS NULL AND w.authority_id = h.authority_id AND w.iin = h.iin AND w.version = 1
                    AND h.award_number IN (0, w.award_number) AND NOT {_IS_OUT} AND NOT {_IS_CANCELLED}
            ) w
            WHERE h.authority_id = coalesce(:authority, h.authority_id) AND (:ended OR e.hold_number IS NULL)
            ORDER BY h.authority_id, h.hold_number
        """),  # noqa: S608 - constants
        {"authority": authority_id, "ended": ended},
    )
    return [HoldRow(**row._asdict()) for row in found]


# A payment is out while its file was not refused and it did not come back.
_IS_OUT = """EXISTS (
    SELECT 1 FROM esep.taken_payment p
    WHERE p.authority_id = w.authority_id AND p.due_month = w.due_month AND p.award_number = w.award_number
        AND NOT EXISTS (SELECT 1 FROM esep.returned_payment r
                        WHERE r.authority_id = p.authority_id AND r.due_month = p.due_month
                            AND r.award_number = p.award_number AND r.attempt = p.attempt)
)"""

_IS_CANCELLED = """EXISTS (
    SELECT 1 FROM esep.award_cancellation c WHERE c.authority_id = w.authority_id AND c.due_month = w.due_month
        AND c.award_number = w.award_number
)"""


def awards(connection: Connection, authority_id: int, numbers: Sequence[int]) -> dict[int, Award]:
    """The awards of an authority with these numbers."""
    found = connection.execute(
        text(f"""
            SELECT w.authority_id, w.due_month, w.award_number, w.iin, w.aid_kind, w.decision_number, w.amount,
                   {_IS_OUT} AS is_out, {_IS_CANCELLED} AS is_cancelled
            FROM esep.award_line w
            WHERE w.authority_id = :authority AND w.version = 1
                AND w.due_month IN (SELECT DISTINCT due_month FROM esep.award_batch WHERE authority_id = :authority)
                AND w.award_number = ANY(CAST(:numbers AS bigint[]))
        """),  # noqa: S608 - constants
        {"authority": authority_id, "numbers": list(numbers)},
    )
    return {row.award_number: Award(**row._asdict()) for row in found}


def known_people(connection: Connection, iins: Sequence[str]) -> dict[str, list[int]]:
    """The authorities that awarded something to each of these people, by IIN."""
    found = connection.execute(
        text("""
            SELECT DISTINCT w.iin, w.authority_id
            FROM (SELECT DISTINCT authority_id, due_month FROM esep.award_batch) b
            JOIN esep.award_line w ON w.authority_id = b.authority_id AND w.due_month = b.due_month
                AND w.iin = ANY(CAST(:iins AS text[]))
            ORDER BY w.iin, w.authority_id
        """),
        {"iins": list(iins)},
    )
    people: dict[str, list[int]] = {}
    for row in found:
        people.setdefault(row.iin, []).append(row.authority_id)
    return people


def append_cancellations(
    connection: Connection, authority_id: int, number: int, cancelled: Sequence[Award], why: Mapping[str, object]
) -> None:
    """Record under entry `number` that awards will not be paid; `why` has cancelled_on, document and reason."""
    key = {"authority_id": authority_id, "entry_number": number}
    append(
        connection,
        "award_cancellation",
        [key | dict(why) | {"due_month": one.due_month, "award_number": one.award_number} for one in cancelled],
    )
