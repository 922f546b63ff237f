"""`esep breaks find`: what differs now against the breaks in the books; new ones are opened, what is gone is closed.

Every reconciliation is a source that says what differs in a book on a day. A difference that a person closed by a match
or carried into an act is not opened again while it stays what it was.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from ledgers import breaks, crediting_breaks, posting, setup, statement_differences
from ledgers.breaks import Break, Event
from ledgers.differences import Difference
from ledgers.journal import EntryDraft
from reconcile import list_differences, statement_control, waiting
from reconcile.counted import counted
from reconcile.desk import Desk
from reconcile.line_book import OWN_BOOK

Source = Callable[[Connection, int, date], Iterable[Difference]]
"""A reconciliation: what differs in a book (0: in none of an authority) on a day."""

OWN_CODE = "SC"
"""How the State Corporation's own book is called on a screen."""


def _statement(connection: Connection, book: int, today: date) -> Iterable[Difference]:
    reasons: dict[str, str] = {}
    if book == OWN_BOOK:
        lines = waiting.waiting(connection, today)
        reasons = {one.line: one.reason for one in lines if one.direction == "debit"}
    return statement_differences.differences(connection, book, today, debit_reasons=reasons)


def _control(connection: Connection, book: int, _today: date) -> Iterable[Difference]:
    return statement_control.differences(connection, book)


def _creditings(connection: Connection, book: int, _today: date) -> Iterable[Difference]:
    return crediting_breaks.differences(connection, book)


def _lists(connection: Connection, book: int, _today: date) -> Iterable[Difference]:
    return list_differences.differences(connection, book) if book != OWN_BOOK else []


SOURCES: tuple[Source, ...] = (_statement, _control, _creditings, _lists)
"""All reconciliations."""


class Opening(NamedTuple):
    """A break that is opened: its number, its occurrence, the difference, and whose it was before."""

    number: int
    occurrence: int
    difference: Difference
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a look changed in a book: breaks opened, breaks that are gone, and how many stay open."""

    authority_code: str
    entry_number: int
    opened: tuple[Opening, ...]
    cleared: tuple[Break, ...]
    open: int

    @property
    def is_repeat(self) -> bool:
        """Whether nothing changed."""
        return not self.opened and not self.cleared


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What is to be written of a book: differences to open (with the break before, if any), breaks to close."""

    fresh: tuple[tuple[Difference, Break | None], ...]
    gone: tuple[Break, ...]


def find(desk: Desk, *, dry_run: bool = False, sources: Sequence[Source] | None = None) -> list[Found]:
    """Compare what differs today with the breaks in the books; one entry in each book that went on since the last look.

    The same books once more change nothing. `dry_run` only says what would be written.
    """
    with desk.database.begin() as connection:
        codes = {OWN_BOOK: OWN_CODE} | {one.authority_id: one.code for one in setup.authorities(connection)}
        posting.lock(connection, codes)
        went_on = {one.authority_id for one in breaks.looked(connection) if one.since}
        found = [
            _enter(desk, connection, book, code, SOURCES if sources is None else sources, is_new=book in went_on)
            for book, code in codes.items()
        ]
        if dry_run:
            connection.rollback()
    return found


def changes(differences: Iterable[Difference], known: Iterable[Break]) -> Changes:
    """What differs now against what stands in a book, both in any order."""
    now: dict[tuple[str, str], Difference] = {(one.kind, one.subject): one for one in differences}
    before = breaks.latest(known)
    fresh: list[tuple[Difference, Break | None]] = []
    gone: list[Break] = []
    for key in sorted(now):
        last = before.get(key)
        if last is None or not _is_same(now[key], last):
            fresh.append((now[key], last))
    for key in sorted(before):
        last = before[key]
        if not last.is_closed and (key not in now or now[key].amount != last.amount):
            gone.append(last)
    return Changes(fresh=tuple(fresh), gone=tuple(sorted(gone, key=lambda one: one.break_number)))


def _is_same(now: Difference, last: Break) -> bool:
    """Whether a break stands for a difference: an open one of this amount, or one that a person closed as it is."""
    if not last.is_closed:
        return now.amount == last.amount
    return last.action in {"matched", "carried"} and (now.amount, now.reason) == (last.amount, last.reason)


def _enter(
    desk: Desk, connection: Connection, book: int, code: str, sources: Sequence[Source], *, is_new: bool
) -> Found:
    """Write what changed in a book under one entry; that a book which went on was looked at is an entry as well."""
    differences = [one for source in sources for one in source(connection, book, desk.today)]
    known = breaks.states(connection, book)
    todo = changes(differences, known)
    number = posting.next_number(connection, book)
    first = breaks.next_break_number(connection, book)
    opened = tuple(
        Opening(
            number=first + place,
            occurrence=last.occurrence + 1 if last else 1,
            difference=difference,
            owner=last.owner if last and not last.is_closed else "",
        )
        for place, (difference, last) in enumerate(todo.fresh)
    )
    still = sum(not one.is_closed for one in known) - len(todo.gone) + len(opened)
    found = Found(authority_code=code, entry_number=number, opened=opened, cleared=todo.gone, open=still)
    if found.is_repeat and not is_new:
        return replace(found, entry_number=0)
    events = _closings(desk.today, number, todo.gone, opened)
    breaks.append_events(connection, book, number, events)
    breaks.append_items(connection, number, [(one.number, one.occurrence, one.difference) for one in opened])
    breaks.append_events(connection, book, number, _inherited(desk.today, opened))
    draft = EntryDraft(
        kind="breaks_found",
        booked_on=desk.today,
        value_date=desk.today,
        actor=desk.actor,
        source_key=f"breaks:{number}",
        source_digest=posting.digest(*opened, *events),
        summary=f"{counted(len(opened), 'difference')} opened, {len(todo.gone)} gone",
    )
    posting.seal(connection, book, number, draft, ["break_item", "break_event"])
    return found


def _closings(today: date, number: int, gone: Iterable[Break], opened: Iterable[Opening]) -> list[Event]:
    """The steps that close what is gone; one whose amount changed names the break that goes on with it."""
    after = {(one.difference.kind, one.difference.subject): one.number for one in opened}
    return [
        Event(
            break_number=one.break_number,
            step=one.step + 1,
            action="cleared",
            happened_on=today,
            reference=f"entry {number - 1}",
            note=f"another amount now: break {after[key]}" if (key := (one.kind, one.subject)) in after else "",
        )
        for one in gone
    ]


def _inherited(today: date, opened: Iterable[Opening]) -> list[Event]:
    """Who worked on a difference works on it under its new amount as well."""
    return [
        Event(break_number=one.number, step=1, action="assigned", happened_on=today, owner=one.owner)
        for one in opened
        if one.owner
    ]
