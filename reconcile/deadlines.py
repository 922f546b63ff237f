"""`esep deadlines`: the board of a day, what is noted by hand, and what a corrected calendar moves (R-073, AMB-15).

The books start most deadlines by themselves and know when they were met. What happens outside is noted: the terms of
the rules of targeted aid (P-002 to P-019), and an answer on returns that came on paper (R-061).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from sqlalchemy import Connection

from ledgers import deadlines, posting, setup
from ledgers.deadlines import Obligation, State
from ledgers.journal import EntryDraft
from ledgers.terms import TERMS, UnknownTerm
from reconcile.desk import Desk
from reconcile.errors import Refusal

STATES: tuple[State, ...] = ("overdue", "due today", "soon", "waiting", "open", "met")
"""The order in which a board shows them."""

ADVICE = {
    "R-040": "remind the authority; the State Corporation's own term starts when the money comes",
    "R-042": "remind the authority",
    "R-061": "escalate to the head of the authority; a refund is proposed at the month's end (E62)",
    "R-063": "give it back with: esep refund send",
    "R-070": "ask for the signature; a dispute does not stop the term (E73)",
}
"""What to do about a deadline that is overdue."""

Happening = Literal["started", "met"]
_IIN = re.compile(r"(?<!\d)\d{12}(?!\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineRow:
    """A line of the board: the deadline in words, its days, how it stands, and what to do about it.

    `late_by` counts working days; the version is 0 for the acts of a month that is not closed.
    """

    authority: str
    state: State
    due: date | None
    late_by: int
    rule: str
    what: str
    subject: str
    owed_by: str
    is_soft: bool
    started_by: str
    started_on: date
    nominal: date
    earliest: date | None
    warn: date | None
    met_on: date | None
    met_by: str
    advice: str
    source: str
    version: int
    calendar_version: int
    known_on: date


class UnknownState(Refusal):
    """A state that no deadline has."""

    def __init__(self, state: str) -> None:
        super().__init__(f"{state!r} is no state of a deadline; there are: {', '.join(STATES)}")


def states(names: Sequence[str]) -> list[State]:
    """States as they were named.

    Raises:
        UnknownState: there is no such state.
    """
    known = {str(state): state for state in STATES}
    for name in names:
        if name not in known:
            raise UnknownState(name)
    return [known[name] for name in names]


def board(
    connection: Connection,
    today: date,
    authority_code: str | None = None,
    *,
    states: Sequence[State] = (),
    met_since: date | None = None,
) -> list[DeadlineRow]:
    """The board of a day: what is overdue first. `states` narrows it, empty for all of them.

    What was met stands there from `met_since` on, by default from the first day of the month before.
    """
    since = met_since or (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    codes = {one.authority_id: one.code for one in setup.authorities(connection)}
    book = None if authority_code is None else setup.authority(connection, authority_code).authority_id
    rows = [_row(one, codes[one.authority_id]) for one in deadlines.board(connection, today, book)]
    shown = [row for row in rows if (not states or row.state in states) and (row.met_on is None or row.met_on >= since)]
    return sorted(shown, key=lambda row: (row.authority, STATES.index(row.state)))


def _row(one: Obligation, code: str) -> DeadlineRow:
    rule = TERMS[one.rule]
    return DeadlineRow(
        authority=code,
        state=one.state,
        due=one.due,
        late_by=one.late_by,
        rule=one.rule,
        what=rule.due,
        subject=one.subject,
        owed_by=rule.owed_by,
        is_soft=rule.is_soft,
        started_by=one.started_by,
        started_on=one.started_on,
        nominal=one.nominal,
        earliest=one.earliest,
        warn=one.warn,
        met_on=one.met_on,
        met_by=one.met_by,
        advice=ADVICE.get(one.rule, "") if one.state == "overdue" else "",
        source=rule.source,
        version=one.version,
        calendar_version=one.calendar_version,
        known_on=one.known_on,
    )


# --- What a person notes ----------------------------------------------------------------------------------------------


class NotNoted(Refusal):
    """A rule that the books see for themselves."""

    def __init__(self, rule: str, happening: Happening) -> None:
        super().__init__(
            f"{rule} is {happening} by what stands in the books; noted are P-002 to P-019, and that R-061 was met"
        )


class NoSuchDeadline(Refusal):
    """A deadline that is not there."""

    def __init__(self, rule: str, subject: str, known: Sequence[str]) -> None:
        there = ", ".join(known) or "none"
        super().__init__(f"there is no {rule} of {subject!r}; there are: {there}. See: esep deadlines")


class WrongDay(Refusal):
    """A day that cannot be."""


class PersonNamed(Refusal):
    """A subject with the number of a person."""

    def __init__(self) -> None:
        super().__init__("the subject holds 12 digits like an IIN: name the case, not the person")


class NotedOtherwise(Refusal):
    """An event that was noted with another day or note."""

    def __init__(self, rule: str, subject: str, entry_number: int) -> None:
        super().__init__(
            f"{rule} of {subject} was noted already, with another day or note (entry {entry_number}); the first stands"
        )


class MetAlready(Refusal):
    """A deadline that was met before."""

    def __init__(self, rule: str, subject: str, met_on: date) -> None:
        super().__init__(f"{rule} of {subject} was met on {met_on:%d.%m.%Y}, nothing is left to note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """What was noted of a deadline, and the deadline after it as the board of today has it."""

    happening: Happening
    deadline: DeadlineRow
    is_repeat: bool


def note(
    desk: Desk,
    rule: str,
    authority_code: str,
    subject: str,
    happening: Happening,
    *,
    on: date,
    words: str,
    dry_run: bool = False,
) -> Noted:
    """Note that something outside of these books started or met a deadline; the same once more changes nothing.

    Raises:
        UnknownTerm, UnknownAuthority: what was named does not exist.
        NotNoted, NoSuchDeadline, WrongDay, PersonNamed, NotedOtherwise, MetAlready: it cannot be noted so.
    """
    if rule not in TERMS:
        raise UnknownTerm(rule)
    if not rule.startswith("P-") and (rule, happening) != ("R-061", "met"):
        raise NotNoted(rule, happening)
    subject, words = subject.strip(), words.strip()
    if _IIN.search(subject) or _IIN.search(words):
        raise PersonNamed
    if not subject or not words:
        raise Refusal("a deadline is noted with a subject and with words that say what happened")
    if on > desk.today:
        raise WrongDay(f"{on:%d.%m.%Y} has not come; today is {desk.today:%d.%m.%Y}")
    with desk.database.begin() as connection:
        book = setup.authority(connection, authority_code).authority_id
        posting.lock(connection, [book])
        is_repeat = not _note(desk, connection, book, rule, subject, happening, on, words)
        (told,) = [
            _row(one, authority_code)
            for one in deadlines.board(connection, desk.today, book)
            if (one.rule, one.subject) == (rule, subject)
        ]
        if dry_run:
            connection.rollback()
    return Noted(happening=happening, deadline=told, is_repeat=is_repeat)


def _note(
    desk: Desk, connection: Connection, book: int, rule: str, subject: str, happening: Happening, on: date, words: str
) -> bool:
    """Enter the event; returns whether it is new."""
    key, digest = f"deadline:{rule}:{subject}:{happening}", posting.digest(rule, subject, happening, on, words)
    known = posting.find(connection, book, key)
    if known is not None:
        if known.source_digest != digest:
            raise NotedOtherwise(rule, subject, known.number)
        return False
    if happening == "met":
        _refuse_met(connection, desk.today, book, rule, subject, on)
    number = posting.next_number(connection, book)
    row = {"rule": rule, "subject": subject, "event": happening, "happened_on": on, "note": words}
    posting.append(connection, "deadline_event", [row | {"authority_id": book, "entry_number": number}])
    draft = EntryDraft(
        kind="deadline_noted",
        booked_on=desk.today,
        value_date=on,
        actor=desk.actor,
        source_key=key,
        source_digest=digest,
        summary=f"{rule} of {subject}: {happening} on {on:%d.%m.%Y}",
    )
    posting.seal(connection, book, number, draft, ["deadline_event"])
    return True


def _refuse_met(connection: Connection, today: date, book: int, rule: str, subject: str, on: date) -> None:
    own = [one for one in deadlines.board(connection, today, book) if one.rule == rule]
    found = next((one for one in own if one.subject == subject), None)
    if found is None:
        raise NoSuchDeadline(rule, subject, [one.subject for one in own if one.met_on is None])
    if found.met_on is not None:
        raise MetAlready(rule, subject, found.met_on)
    if on < found.started_on:
        raise WrongDay(f"{rule} of {subject} started on {found.started_on:%d.%m.%Y}, it cannot be met before")


# --- Another calendar, another setting --------------------------------------------------------------------------------


def recompute(desk: Desk, connection: Connection, books: Iterable[int], key: str) -> int:
    """Give the open deadlines of these books, whose locks are held, the days of today's calendar and settings.

    `key` names what changed, like `calendar:2`. What was computed before stays as the version before (AMB-15).
    Returns how many deadlines got another day.
    """
    count = 0
    for book in sorted(set(books)):
        rows = deadlines.recomputed(connection, book, desk.today)
        if not rows:
            continue
        number = posting.next_number(connection, book)
        posting.append(connection, "deadline", [row | {"entry_number": number} for row in rows])
        draft = EntryDraft(
            kind="deadlines_recomputed",
            booked_on=desk.today,
            value_date=desk.today,
            actor=desk.actor,
            source_key=f"deadlines:{key}",
            source_digest=posting.digest(*(tuple(row.items()) for row in rows)),
            summary=f"{len(rows)} open deadlines computed again after {key}",
        )
        posting.seal(connection, book, number, draft, ["deadline"])
        count += len(rows)
    return count
