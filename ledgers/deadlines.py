"""The deadlines of the books: which are in force, when each was met and by whom, how many working days late (R-073).

A deadline is a fact of the entry that started it (`deadline_starts`), by the calendar and the settings of that moment;
another version has another day. Whether it was met is asked of the registers and the accounts (`deadline_meetings`).
The acts of a month are due whether or not anybody began with them: until the month is closed their deadlines are
computed when they are looked at, as version 0.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from sqlalchemy import Connection, text

from ledgers import calendar_versions, deadline_starts, settings, terms
from ledgers.calendar import Calendar
from ledgers.closing import next_month
from ledgers.deadline_meetings import IN_FORCE, MET
from ledgers.deadline_starts import Source, Start
from ledgers.settings import Settings
from ledgers.terms import Term

State = Literal["overdue", "due today", "soon", "waiting", "open", "met"]
"""Late; due on this very day; its warning day has come; it may not be done yet; none of these; done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """A deadline in its latest version, as it stands on one day.

    `known_on` is the booking date of the version's entry. `met_on` and `met_by` say when and by whom it was met, None
    and '' while it is not; `late_by` counts the working days after the due day up to then, or up to the day of the
    look, by the deadline's own calendar. A deadline without a due day is never late.
    """

    authority_id: int
    rule: str
    subject: str
    version: int
    started_by: str
    started_on: date
    nominal: date
    earliest: date | None
    warn: date | None
    due: date | None
    calendar_version: int
    known_on: date
    met_on: date | None
    met_by: str
    late_by: int
    state: State


def board(connection: Connection, today: date, authority_id: int | None = None) -> list[Obligation]:
    """Every deadline of an authority, or of all, as it stands on a day; by authority, due day, rule and subject."""
    books = _first_days(connection, authority_id)
    latest = calendar_versions.load(connection)
    stored = list(_stored(connection, list(books), today))
    known = {_key(one) for one in stored}
    live = [one for one in _acts_due(connection, books, latest, today) if _key(one) not in known]
    met = _met(connection, list(books), today)
    versions = {one.calendar_version for one in stored} | {latest.version}
    calendars = {version: calendar_versions.load(connection, version) for version in versions}
    found = []
    for one in stored + live:
        met_on, met_by = met.get(_key(one), (None, ""))
        late_by = _late_by(one.due, met_on or today, calendars[one.calendar_version])
        told = replace(one, met_on=met_on, met_by=met_by, late_by=late_by)
        found.append(replace(told, state=_state(told, today)))
    return sorted(found, key=lambda one: (one.authority_id, one.due or date.max, one.rule, one.subject))


def _key(one: Obligation) -> tuple[int, str, str]:
    return one.authority_id, one.rule, one.subject


def _late_by(due: date | None, day: date, calendar: Calendar) -> int:
    return 0 if due is None else calendar.working_days_between(due, day)


def _state(one: Obligation, today: date) -> State:
    if one.met_on is not None:
        return "met"
    if one.due is not None and one.due <= today:
        return "due today" if one.due == today else "overdue"
    if one.warn is not None and one.warn <= today:
        return "soon"
    return "waiting" if one.earliest is not None and today < one.earliest else "open"


def _first_days(connection: Connection, authority_id: int | None) -> dict[int, date]:
    """The day of the first entry of each authority's book that has any."""
    rows = connection.execute(
        text("""
            SELECT authority_id, booked_on FROM esep.entry
            WHERE number = 1 AND authority_id > 0 AND authority_id = coalesce(:authority, authority_id)
            ORDER BY authority_id
        """),
        {"authority": authority_id},
    )
    return {row.authority_id: row.booked_on for row in rows}


_OPEN: Mapping[str, Any] = {"met_on": None, "met_by": "", "late_by": 0, "state": "open"}


def _stored(connection: Connection, books: Sequence[int], today: date) -> Iterator[Obligation]:
    rows = connection.execute(
        text(f"""
            WITH {IN_FORCE}
            SELECT d.authority_id, d.rule, d.subject, d.version, d.started_by, d.started_on, d.nominal, d.earliest,
                   d.warn, d.due, d.calendar_version, d.known_on
            FROM d
        """),  # noqa: S608 - composed of constants
        {"books": list(books), "today": today},
    )
    return (Obligation(**row._asdict(), **_OPEN) for row in rows)


def _met(connection: Connection, books: Sequence[int], today: date) -> dict[tuple[int, str, str], tuple[date, str]]:
    """When deadlines were met and by whom, up to a day, by authority, rule and subject; the earliest of several."""
    rows = connection.execute(
        text(f"""
            WITH {IN_FORCE}, met (authority_id, rule, subject, met_on, met_entry) AS ({MET})
            SELECT DISTINCT ON (m.authority_id, m.rule, m.subject)
                   m.authority_id, m.rule, m.subject, m.met_on, e.actor AS met_by
            FROM met m JOIN esep.entry e ON e.authority_id = m.authority_id AND e.number = m.met_entry
            WHERE m.met_on <= :today
            ORDER BY m.authority_id, m.rule, m.subject, m.met_on, m.met_entry
        """),  # noqa: S608
        {"books": list(books), "today": today},
    )
    return {(row.authority_id, row.rule, row.subject): (row.met_on, row.met_by) for row in rows}


def _acts_due(
    connection: Connection, first_days: Mapping[int, date], calendar: Calendar, today: date
) -> Iterator[Obligation]:
    """R-070 and R-071 of every month from the first entry on that is over, as version 0."""
    for book, day in first_days.items():
        chosen = settings.load(connection, book)
        month = day.replace(day=1)
        while next_month(month) <= today:
            for start in deadline_starts.act_starts(month):
                own = terms.term(start.rule, start.started_on, calendar, chosen)
                days = deadline_starts.row(own, book, 0, start.subject, start.started_by, 0)
                del days["entry_number"]
                yield Obligation(**days, calendar_version=calendar.version, known_on=next_month(month), **_OPEN)
            month = next_month(month)


# --- Another calendar, another setting (AMB-15) -----------------------------------------------------------------------


def recomputed(connection: Connection, authority_id: int, today: date) -> list[dict[str, Any]]:
    """The next versions of the open deadlines of an authority that have other days by today's calendar and settings.

    They are rows without an entry number. With `calendar_correction = freeze` a deadline keeps its calendar.
    """
    latest, chosen = calendar_versions.load(connection), settings.load(connection, authority_id)
    is_frozen = chosen["calendar_correction"] == "freeze"
    calendars = {latest.version: latest}
    met = _met(connection, [authority_id], today)
    still_open = [one for one in _stored(connection, [authority_id], today) if _key(one) not in met]
    starts = _starts(connection, authority_id, {(one.rule, one.subject) for one in still_open})
    changed = []
    for one in still_open:
        version = one.calendar_version if is_frozen else latest.version
        if version not in calendars:
            calendars[version] = calendar_versions.load(connection, version)
        start = starts.get((one.rule, one.subject))
        own = _term(start, calendars[version], chosen) if start else None
        if own is not None and (own.nominal, own.earliest, own.warn, own.due) != (
            one.nominal,
            one.earliest,
            one.warn,
            one.due,
        ):
            row = deadline_starts.row(own, authority_id, 0, one.subject, one.started_by, one.version + 1)
            changed.append(row | {"calendar_version": version})
    return changed


def _term(start: Start, calendar: Calendar, chosen: Settings) -> Term:
    return terms.term(start.rule, start.started_on, calendar, chosen, start.given)


def _starts(
    connection: Connection, authority_id: int, wanted: Collection[tuple[str, str]]
) -> dict[tuple[str, str], Start]:
    """What started these deadlines (rule and subject), read again from their entries; the last of several that did."""
    rows = connection.execute(
        text("""
            SELECT d.rule, d.subject, e.number, e.kind, e.booked_on FROM esep.deadline d
            JOIN esep.entry e ON e.authority_id = d.authority_id AND e.number = d.entry_number
            WHERE d.authority_id = :authority ORDER BY d.version
        """),
        {"authority": authority_id},
    )
    read: dict[int, dict[tuple[str, str], Start]] = {}
    found = {}
    for row in rows:
        key = row.rule, row.subject
        if key not in wanted:
            continue
        if row.number not in read:
            source = Source(row.number, row.booked_on)
            started = deadline_starts.started(connection, authority_id, row.kind, source)
            read[row.number] = {(start.rule, start.subject): start for start in started}
        if key in read[row.number]:
            found[key] = read[row.number][key]
    return found
