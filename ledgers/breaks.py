"""Breaks: differences as they stand in the books, with every step that people took about them.

A break is opened once and never deleted; what is done about it is appended. A closing names what closed it: a match, a
posting, the entry after which the difference was gone, or the act that carries it. The database refuses any other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Literal, get_args

from sqlalchemy import Connection, text

from ledgers.differences import Difference
from ledgers.posting import append

Action = Literal["assigned", "noted", "parked", "escalated", "matched", "posted", "cleared", "carried", "reopened"]
ACTIONS: tuple[Action, ...] = get_args(Action)
CLOSING: frozenset[Action] = frozenset({"matched", "posted", "cleared", "carried"})
"""What closes a break."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A break as it stands: what differs (amount in tiyn), its last step (0: none), who works on it, what closed it."""

    authority_id: int
    break_number: int
    entry_number: int
    kind: str
    subject: str
    occurrence: int
    amount: int
    bic: str
    aid_kind: str
    happened_on: date
    reason: str
    step: int
    action: str
    is_closed: bool
    owner: str
    parked_until: date | None
    closed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What was done about a break: `owner` is to whom it was given or escalated, `reference` what closed it."""

    break_number: int
    step: int
    action: Action
    happened_on: date
    owner: str = ""
    until: date | None = None
    reference: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """An event with who entered it, when, and under which entry of the book."""

    event: Event
    entry_number: int
    actor: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """When the differences of a book were last looked for (entry 0: never), and how many entries came since."""

    authority_id: int
    entry_number: int
    booked_on: date | None
    since: int


_BREAK = ", ".join(f"s.{field.name}" for field in fields(Break))
_EVENT = ", ".join(f"e.{field.name}" for field in fields(Event))


def states(connection: Connection, authority_id: int | None = None, *, closed: bool = True) -> list[Break]:
    """The breaks of a book, or of all, by book and number; without `closed` only the open ones."""
    rows = connection.execute(
        text(f"""
            SELECT {_BREAK} FROM esep.break_state s
            WHERE (CAST(:authority AS integer) IS NULL OR s.authority_id = :authority)
                AND (:closed OR NOT s.is_closed)
            ORDER BY s.authority_id, s.break_number
        """),  # noqa: S608 - names come from the dataclass
        {"authority": authority_id, "closed": closed},
    )
    return [Break(**row._asdict()) for row in rows]


def numbered(connection: Connection, break_number: int) -> list[Break]:
    """The breaks of this number, in any book."""
    rows = connection.execute(
        text(f"SELECT {_BREAK} FROM esep.break_state s WHERE s.break_number = :number ORDER BY s.authority_id"),  # noqa: S608
        {"number": break_number},
    )
    return [Break(**row._asdict()) for row in rows]


def about(connection: Connection, authority_id: int, subjects: Iterable[str]) -> list[Break]:
    """The breaks of a book about these records, open and closed."""
    rows = connection.execute(
        text(f"""
            SELECT {_BREAK} FROM esep.break_state s
            WHERE s.authority_id = :authority AND s.subject = ANY(CAST(:subjects AS text[]))
            ORDER BY s.break_number
        """),  # noqa: S608 - names come from the dataclass
        {"authority": authority_id, "subjects": sorted(set(subjects))},
    )
    return [Break(**row._asdict()) for row in rows]


def latest(breaks: Iterable[Break]) -> dict[tuple[str, str], Break]:
    """The last occurrence of each difference, by kind and subject."""
    found: dict[tuple[str, str], Break] = {}
    for one in breaks:
        key = one.kind, one.subject
        if key not in found or found[key].occurrence < one.occurrence:
            found[key] = one
    return found


def steps(connection: Connection, authority_id: int, break_number: int) -> list[Step]:
    """Everything that was done about a break, in its order."""
    rows = connection.execute(
        text(f"""
            SELECT {_EVENT}, e.entry_number, n.actor, n.recorded_at FROM esep.break_event e
            JOIN esep.entry n ON n.authority_id = e.authority_id AND n.number = e.entry_number
            WHERE e.authority_id = :authority AND e.break_number = :number ORDER BY e.step
        """),  # noqa: S608 - names come from the dataclass
        {"authority": authority_id, "number": break_number},
    )
    names = [field.name for field in fields(Event)]
    return [
        Step(
            event=Event(**{name: getattr(row, name) for name in names}),
            entry_number=row.entry_number,
            actor=row.actor,
            recorded_at=row.recorded_at,
        )
        for row in rows
    ]


def opened_by(connection: Connection, one: Break) -> tuple[str, datetime]:
    """Who looked when the break was found, and at which moment."""
    query = "SELECT actor, recorded_at FROM esep.entry WHERE authority_id = :authority AND number = :number"
    row = connection.execute(text(query), {"authority": one.authority_id, "number": one.entry_number}).one()
    return row.actor, row.recorded_at


def looked(connection: Connection, authority_id: int | None = None) -> list[Looked]:
    """For each book with entries: the last look, and how many entries came since that no look and no work made."""
    rows = connection.execute(
        text("""
            SELECT b.authority_id, coalesce(l.number, 0) AS entry_number, l.booked_on,
                   (SELECT count(*) FROM esep.entry e
                    WHERE e.authority_id = b.authority_id AND e.number > coalesce(l.number, 0)
                        AND e.kind NOT IN ('breaks_found', 'breaks_worked')) AS since
            FROM (SELECT DISTINCT authority_id FROM esep.entry) b
            LEFT JOIN LATERAL (
                SELECT e.number, e.booked_on FROM esep.entry e
                WHERE e.authority_id = b.authority_id AND e.kind = 'breaks_found' ORDER BY e.number DESC LIMIT 1
            ) l ON true
            WHERE CAST(:authority AS integer) IS NULL OR b.authority_id = :authority
            ORDER BY b.authority_id
        """),
        {"authority": authority_id},
    )
    return [Looked(**row._asdict()) for row in rows]


def posted_by(connection: Connection, authority_id: int, entry_number: int) -> str | None:
    """Who made the entry, if it is in the book and moved money; else None."""
    found: str | None = connection.execute(
        text("""
            SELECT e.actor FROM esep.entry e
            WHERE e.authority_id = :authority AND e.number = :number AND EXISTS (
                SELECT 1 FROM esep.posting p WHERE p.authority_id = e.authority_id AND p.entry_number = e.number)
        """),
        {"authority": authority_id, "number": entry_number},
    ).scalar_one_or_none()
    return found


def next_break_number(connection: Connection, authority_id: int) -> int:
    """The number of the next break of a book; true while its lock is held."""
    query = "SELECT coalesce(max(break_number), 0) + 1 FROM esep.break_item WHERE authority_id = :authority"
    return int(connection.execute(text(query), {"authority": authority_id}).scalar_one())


def append_items(connection: Connection, entry_number: int, numbered: Sequence[tuple[int, int, Difference]]) -> None:
    """Open breaks of one book under an entry: each with its number and occurrence."""
    rows: list[Mapping[str, Any]] = [
        {
            "authority_id": one.authority_id,
            "break_number": number,
            "entry_number": entry_number,
            "kind": one.kind,
            "subject": one.subject,
            "occurrence": occurrence,
            "amount": one.amount,
            "bic": one.bic,
            "aid_kind": one.aid_kind,
            "happened_on": one.happened_on,
            "reason": one.reason,
        }
        for number, occurrence, one in numbered
    ]
    append(connection, "break_item", rows)


def append_events(connection: Connection, authority_id: int, entry_number: int, events: Sequence[Event]) -> None:
    """Append steps of breaks of one book under an entry."""
    own = {"authority_id": authority_id, "entry_number": entry_number}
    names = [field.name for field in fields(Event)]
    append(connection, "break_event", [own | {name: getattr(one, name) for name in names} for one in events])
