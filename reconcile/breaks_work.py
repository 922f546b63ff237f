"""What people do about breaks: give them to somebody, note, park, escalate, close by a posting, carry into the act.

Steps are collected book by book and written under one entry of each book. A closing is a posting that somebody else
made, a match (`breaks_match`), or a difference of an act; nothing is written off.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection

from ledgers import act_life, breaks, posting, setup
from ledgers.breaks import Action, Break, Event
from ledgers.journal import EntryDraft, EntryKind
from reconcile.breaks_find import OWN_CODE
from reconcile.counted import counted
from reconcile.desk import Desk
from reconcile.errors import Refusal
from reconcile.line_book import OWN_BOOK

_NAME = re.compile(r"(?:(?P<code>[^/\s]+)/)?(?P<number>[0-9]{1,9})")


class NoSuchBreak(Refusal):
    """A break that is not in the books, or a number that several books have."""


class NotWorked(Refusal):
    """Something that cannot be done about a break; the sentence says what can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """A step about a break: its name, what was done, and whether it stood so before."""

    name: str
    action: Action
    detail: str
    is_repeat: bool = False


@dataclass(slots=True)
class _Book:
    """What is written of a book: the number of its entry, the steps, and the registers besides."""

    number: int
    events: list[Event] = field(default_factory=list)
    tables: set[str] = field(default_factory=set)


class Work:
    """Steps of one transaction, checked one by one, sealed book by book. Holds the locks of all books."""

    def __init__(self, desk: Desk, connection: Connection) -> None:
        self.desk = desk
        self.connection = connection
        self.codes = {OWN_BOOK: OWN_CODE} | {one.authority_id: one.code for one in setup.authorities(connection)}
        posting.lock(connection, self.codes)
        self._books: dict[int, _Book] = {}
        self._last: dict[tuple[int, int], Event] = {}

    def chosen(self, names: Iterable[str], authority_code: str | None = None) -> list[Break]:
        """The breaks of these names, like AST/12, or 12 where it is plain whose it is.

        Raises:
            NoSuchBreak: there is none, or several books have the number.
        """
        return [chosen(self.connection, name, self.codes, authority_code) for name in names]

    def name(self, one: Break) -> str:
        """What a break is called: AST/12."""
        return named(one, self.codes)

    def number(self, book: int, *tables: str) -> int:
        """The entry of a book that writes these tables besides."""
        if book not in self._books:
            self._books[book] = _Book(posting.next_number(self.connection, book))
        self._books[book].tables |= set(tables)
        return self._books[book].number

    def step(
        self,
        one: Break,
        action: Action,
        *,
        owner: str = "",
        until: date | None = None,
        reference: str = "",
        note: str = "",
    ) -> Worked:
        """Add a step to a break; the very same step again is none.

        Raises:
            NotWorked: the break is closed, or is to be reopened and is open.
        """
        before = self._before(one)
        said = Event(
            break_number=one.break_number,
            step=(before.step if before else 0) + 1,
            action=action,
            happened_on=self.desk.today,
            owner=owner.strip(),
            until=until,
            reference=reference,
            note=note.strip(),
        )
        detail = " ".join(filter(None, (said.owner, f"{until:%d.%m.%Y}" if until else "", said.reference)))
        worked = Worked(name=self.name(one), action=action, detail=detail, is_repeat=_is_repeat(one, before, said))
        if worked.is_repeat:
            return worked
        is_closed = before.action in breaks.CLOSING if before else False
        if is_closed and action != "reopened":
            closed_by = before.reference if before else ""
            raise NotWorked(f"{worked.name} is closed by {closed_by}; to work on it: esep breaks reopen {worked.name}")
        if not is_closed and action == "reopened":
            raise NotWorked(f"{worked.name} is open, there is nothing to reopen")
        self.number(one.authority_id, "break_event")
        self._books[one.authority_id].events.append(said)
        self._last[one.authority_id, one.break_number] = said
        return worked

    def _before(self, one: Break) -> Event | None:
        """The last step of a break, of this transaction or before it."""
        key = one.authority_id, one.break_number
        if key not in self._last:
            steps = breaks.steps(self.connection, *key)
            if not steps:
                return None
            self._last[key] = steps[-1].event
        return self._last[key]

    def seal(self, kind: EntryKind = "breaks_worked", source_key: str = "", content: Sequence[object] = ()) -> None:
        """Write the steps and seal the entries of all books that have any.

        Without a source key the first step is the key: the same step is never entered twice.
        """
        for book, one in sorted(self._books.items()):
            breaks.append_events(self.connection, book, one.number, one.events)
            first = f"{one.events[0].break_number}:{one.events[0].step}" if one.events else f"entry:{one.number}"
            actions = sorted({event.action for event in one.events})
            worked = len({event.break_number for event in one.events})
            draft = EntryDraft(
                kind=kind,
                booked_on=self.desk.today,
                value_date=self.desk.today,
                actor=self.desk.actor,
                source_key=source_key or f"break:{first}",
                source_digest=posting.digest(*(content or one.events)),
                summary=f"{counted(worked, 'difference')} worked on: {', '.join(actions) or 'matches'}",
            )
            posting.seal(self.connection, book, one.number, draft, sorted(one.tables))


def named(one: Break, codes: dict[int, str]) -> str:
    """What a break is called: AST/12; SC/3 in the State Corporation's own book."""
    return f"{codes[one.authority_id]}/{one.break_number}"


def chosen(connection: Connection, name: str, codes: dict[int, str], authority_code: str | None = None) -> Break:
    """The break of a name; `codes` maps the books to what they are called.

    Raises:
        NoSuchBreak: there is none, or several books have the number.
    """
    parts = _NAME.fullmatch(name.strip())
    if parts is None:
        raise NoSuchBreak(f"{name!r} is no break; it is named like AST/12, see: esep breaks list --all")
    code = parts["code"] or authority_code
    if code is not None and code not in codes.values():
        raise NoSuchBreak(f"there is no book {code!r}; known are {', '.join(codes.values())}")
    found = [
        one for one in breaks.numbered(connection, int(parts["number"])) if code in {None, codes[one.authority_id]}
    ]
    if not found:
        raise NoSuchBreak(f"there is no break {name}; see: esep breaks list --all")
    if len(found) > 1:
        raise NoSuchBreak(f"{name} is a break of several books: {', '.join(named(one, codes) for one in found)}")
    return found[0]


def _is_repeat(one: Break, before: Event | None, said: Event) -> bool:
    if said.action == "assigned" and before and before.action not in breaks.CLOSING:
        return said.owner == (before.owner if before.action == "assigned" else one.owner)
    if before is None:
        return False
    fields = ("action", "owner", "until", "reference", "note")
    return all(getattr(before, name) == getattr(said, name) for name in fields)


def assign(work: Work, one: Break, owner: str) -> Worked:
    """Give a break to somebody."""
    if not owner.strip():
        raise NotWorked("a break is given to somebody: --to NAME")
    return work.step(one, "assigned", owner=owner)


def note(work: Work, one: Break, said: str) -> Worked:
    """Write down what others should know of a break."""
    return work.step(one, "noted", note=_reason(said, "a note says something: --note TEXT"))


def park(work: Work, one: Break, until: date, reason: str) -> Worked:
    """Let a break wait until a day: a return that came before its payment, an answer that is due."""
    if until <= work.desk.today:
        today = f"{work.desk.today:%d.%m.%Y}"
        raise NotWorked(f"{until:%d.%m.%Y} is not after today, {today}; a break waits until a day to come")
    return work.step(one, "parked", until=until, note=_reason(reason))


def escalate(work: Work, one: Break, owner: str, reason: str) -> Worked:
    """Take a break to whoever can decide more; whose it is stays as it was."""
    if not owner.strip():
        raise NotWorked("a break is escalated to somebody: --to NAME")
    return work.step(one, "escalated", owner=owner, note=_reason(reason))


def post(work: Work, one: Break, entry_number: int, reason: str) -> Worked:
    """Close a break by an entry that moved money; who closes it approves it, so somebody else made the entry.

    Raises:
        NotWorked: the entry is not in the break's book, moved no money, or was made by the same person.
    """
    code = work.codes[one.authority_id]
    actor = breaks.posted_by(work.connection, one.authority_id, entry_number)
    if actor is None:
        raise NotWorked(f"entry {entry_number} of {code} is not there, or moved no money; see: esep ledger entries")
    if actor == work.desk.actor:
        raise NotWorked(f"entry {entry_number} of {code} was made by {actor}: somebody else approves it and closes")
    return work.step(one, "posted", reference=f"entry {entry_number}", note=_reason(reason))


def carry(work: Work, one: Break, month: date, reason: str) -> Worked:
    """Carry a break into the act of a month (its first day), as a difference that both sides know of.

    Raises:
        NotWorked: the break is of no authority, or both sides signed that act.
    """
    name = work.name(one)
    if one.authority_id == OWN_BOOK:
        raise NotWorked(f"{name} is of no authority, so no act can carry it; find whose it is first")
    if act_life.life(work.connection, one.authority_id, month).is_signed(0):
        raise NotWorked(f"the act of {month:%m.%Y} is signed; {name} is carried into the act of a later month")
    return work.step(one, "carried", reference=f"act {month:%Y-%m}", note=_reason(reason))


def reopen(work: Work, one: Break, reason: str) -> Worked:
    """Open a closed break again; the closing stays where it was.

    Raises:
        NotWorked: the same difference came back since, under another number.
    """
    later = [
        other
        for other in breaks.about(work.connection, one.authority_id, [one.subject])
        if other.kind == one.kind and other.occurrence > one.occurrence
    ]
    if later:
        raise NotWorked(f"{work.name(one)} came back as {work.name(later[-1])}: work on that one")
    return work.step(one, "reopened", note=_reason(reason))


def _reason(text: str, otherwise: str = "say why, so that others understand it later: --reason TEXT") -> str:
    if not text.strip():
        raise NotWorked(otherwise)
    return text
