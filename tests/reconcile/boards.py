"""The board of deadlines as tests look at it, and the calendar that is made of it."""

from datetime import date
from pathlib import Path
from typing import Any

from icalendar import Calendar

from ledgers.deadlines import State
from reconcile import deadlines
from reconcile.deadlines import DeadlineRow
from reconcile.desk import Desk


def board(desk: Desk, on: date, *states: State, met_since: date = date.min) -> list[DeadlineRow]:
    with desk.database.begin() as connection:
        return deadlines.board(connection, on, "AST", states=states, met_since=met_since)


def own(desk: Desk, on: date, rule: str, subject: str) -> DeadlineRow:
    (found,) = [row for row in board(desk, on) if (row.rule, row.subject) == (rule, subject)]
    return found


def events(path: Path) -> dict[str, Any]:
    calendar_file: Any = Calendar.from_ical(path.read_bytes())
    return {str(event["UID"]): event for event in calendar_file.walk("VEVENT")}
