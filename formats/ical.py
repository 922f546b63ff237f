"""iCalendar (RFC 5545): days to keep in mind, for the calendar program that an office works with. Written, never read.

An event lasts its whole day and reminds at nine in the morning of the warning day, wherever the calendar is opened. The
same events give the same bytes: nothing here knows the time of writing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Alarm, Calendar, Event

PRODUCT = "-//Esep//deadlines//EN"
NINE = timedelta(hours=9)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayEvent:
    """A day to keep in mind. The same `uid` with a higher `sequence` is the same event moved to another day.

    `known_on` is the day of this version; without `warn_on` nothing reminds.
    """

    uid: str
    sequence: int
    day: date
    known_on: date
    summary: str
    description: str
    category: str
    warn_on: date | None = None


def write(name: str, events: Sequence[DayEvent]) -> bytes:
    """A calendar of this name with the events, in their order; UTF-8, lines of 75 octets at most."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for event in events:
        calendar.add_component(_event(event))
    return bytes(calendar.to_ical())


def _event(one: DayEvent) -> Event:
    event = Event()
    event.add("uid", one.uid)
    event.add("sequence", one.sequence)
    event.add("dtstamp", datetime.combine(one.known_on, time(), UTC))
    event.add("dtstart", one.day)
    event.add("dtend", one.day + timedelta(days=1))
    event.add("summary", one.summary)
    event.add("description", one.description)
    event.add("categories", [one.category])
    event.add("transp", "TRANSPARENT")
    if one.warn_on is not None:
        event.add_component(_alarm(one.summary, one.warn_on - one.day + NINE))
    return event


def _alarm(summary: str, before: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", before)
    return alarm
