"""The calendar as lines that people read: a month day by day, a year by its months and its special days."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reconcile import report
from reconcile.counted import counted

if TYPE_CHECKING:
    from reconcile.calendar import CalendarDay, CalendarImport

SATURDAY = 5


def imported(result: CalendarImport) -> list[str]:
    """What a file of moved days changed."""
    if result.is_repeat:
        return [f"the calendar says all of it already ({counted(result.known, 'day')}), {report.NOTHING_CHANGED}"]
    rows = [
        (report.day(one.day), _status(one.was_working), _status(one.is_working), _yes(one.is_bank_day), one.basis)
        for one in result.changed
    ]
    lines = report.table(("day", "was", "is now", "bank day", "by"), rows)
    if result.known:
        lines.append(f"{counted(result.known, 'day')} of the file stood in the calendar already")
    deadlines = counted(result.recomputed, "open deadline")
    return [*lines, f"calendar version {result.version} is in force; {deadlines} computed again"]


def month(days: Sequence[CalendarDay], version: int, *, tabs: bool = False) -> list[str]:
    """One month day by day, and how many of its days are worked."""
    rows = [
        (report.day(one.day), f"{one.day:%a}", _status(one.is_working), _yes(one.is_bank_day), _why(one))
        for one in days
    ]
    heading = f"{days[0].day:%m.%Y}, calendar version {version}"
    return [heading, *report.table(("day", "", "status", "bank day", "why"), rows, tabs=tabs), _sum(days)]


def year(days: Sequence[CalendarDay], version: int, *, tabs: bool = False) -> list[str]:
    """A year by months, then the days that are not what their weekday says."""
    months: dict[int, list[CalendarDay]] = {}
    for one in days:
        months.setdefault(one.day.month, []).append(one)
    counts = [
        (f"{own[0].day:%m.%Y}", str(_working(own)), str(sum(one.is_bank_day for one in own))) for own in months.values()
    ]
    special = [
        (report.day(one.day), f"{one.day:%a}", _status(one.is_working), _yes(one.is_bank_day), _why(one))
        for one in days
        if one.is_moved or one.reason or one.is_working != (one.day.weekday() < SATURDAY)
    ]
    return [
        f"{days[0].day.year}, calendar version {version}",
        *report.table(("month", "working days", "bank days"), counts, tabs=tabs),
        _sum(days),
        "",
        *report.table(("day", "", "status", "bank day", "why"), special, tabs=tabs),
    ]


def _why(one: CalendarDay) -> str:
    if one.is_moved:
        return f"moved: {one.reason}"
    return one.reason or ("" if one.is_working else "weekend")


def _sum(days: Sequence[CalendarDay]) -> str:
    banks = sum(one.is_bank_day for one in days)
    return f"{_working(days)} working days, {banks} bank days"


def _working(days: Sequence[CalendarDay]) -> int:
    return sum(one.is_working for one in days)


def _status(is_working: bool) -> str:  # noqa: FBT001 - the word for a truth
    return "working" if is_working else "off"


def _yes(is_so: bool) -> str:  # noqa: FBT001 - the word for a truth
    return "yes" if is_so else "no"
