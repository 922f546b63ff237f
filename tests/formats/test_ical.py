"""A calendar is read back as it was written, reminds on the warning day, and has the same bytes tomorrow."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from freezegun import freeze_time
from icalendar import Calendar

from formats import ical
from formats.ical import DayEvent

DUE = date(2024, 3, 28)
EVENT = DayEvent(
    uid="R-061.AST.notice%201@esep",
    sequence=2,
    day=DUE,
    known_on=date(2024, 3, 20),
    summary="AST: a return is examined; қайтару, возврат (R-061)",
    description="first line\nsecond, with a comma; and a semicolon",
    category="authority",
    warn_on=date(2024, 3, 27),
)


def read(octets: bytes) -> list[Any]:
    return list(Calendar.from_ical(octets).walk("VEVENT"))


def test_an_event_is_read_back() -> None:
    octets = ical.write("Есеп", [EVENT])
    calendar: Any = Calendar.from_ical(octets)
    assert calendar["X-WR-CALNAME"] == "Есеп"
    assert calendar["METHOD"] == "PUBLISH"
    (event,) = read(octets)
    assert event["UID"] == EVENT.uid
    assert event["SEQUENCE"] == 2
    assert event["SUMMARY"] == EVENT.summary
    assert event["DESCRIPTION"] == EVENT.description
    assert event["CATEGORIES"].cats == ["authority"]
    assert event["TRANSP"] == "TRANSPARENT"
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (DUE, DUE + timedelta(days=1))
    assert event["DTSTAMP"].dt == datetime(2024, 3, 20, tzinfo=UTC)


def test_it_reminds_at_nine_on_the_warning_day() -> None:
    (event,) = read(ical.write("-", [EVENT]))
    (alarm,) = event.walk("VALARM")
    midnight = datetime(2024, 3, 28, tzinfo=UTC)
    assert midnight + alarm["TRIGGER"].dt == datetime(2024, 3, 27, 9, tzinfo=UTC)
    assert alarm["ACTION"] == "DISPLAY"


def test_without_a_warning_day_nothing_reminds() -> None:
    silent = DayEvent(uid="1", sequence=1, day=DUE, known_on=DUE, summary="-", description="-", category="-")
    (event,) = read(ical.write("-", [silent]))
    assert event.walk("VALARM") == []


def test_the_bytes_depend_on_the_events_alone() -> None:
    with freeze_time("2024-03-20"):
        first = ical.write("-", [EVENT, EVENT])
    with freeze_time("2025-01-01 12:00:01"):
        assert ical.write("-", [EVENT, EVENT]) == first
    assert first.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in first.split(b"\r\n"))
