"""The checklist of a month, as lines that people read or paste."""

from collections.abc import Sequence

from reconcile.counted import counted
from reconcile.month_status import MonthStatus, Point
from reconcile.report import table

HEADING = ("state", "what", "source", "due", "reason", "what to do")


def status(found: MonthStatus, *, tabs: bool = False) -> list[str]:
    """The checklist, and how much of it is left."""
    lines = table(HEADING, [_row(point) for point in found.points], tabs=tabs)
    if tabs:
        return lines
    head = f"{found.month:%m.%Y} of {found.authority_code} on {found.today:%d.%m.%Y}"
    undone = len(found.undone)
    left = "nothing is left to do now" if not undone else f"{counted(undone, 'point')} left"
    return [f"{head}: {left}", *lines]


def rows(found: MonthStatus) -> Sequence[Point]:
    """The points, as a table to save."""
    return found.points


def _row(point: Point) -> tuple[str, ...]:
    due = f"{point.due:%d.%m.%Y}" if point.due else ""
    command = f"esep {point.command}" if point.command else ""
    return (point.state, point.what, point.source, due, point.reason, command)
