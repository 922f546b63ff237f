"""The board of deadlines as lines that people read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from reconcile import report
from reconcile.counted import counted

if TYPE_CHECKING:
    from datetime import date

    from reconcile.deadlines import DeadlineRow, Noted

_HEADING = ("authority", "state", "due", "late, wd", "rule", "what is due", "subject", "owed by", "met")


def board(rows: Sequence[DeadlineRow], today: date, *, tabs: bool = False) -> list[str]:
    """The lines of a board, what to do about the overdue ones, and the sums of each authority."""
    lines = [f"deadlines on {report.day(today)}"]
    if not rows:
        return [*lines, "none"]
    lines += report.table(_HEADING, [_row(row) for row in rows], tabs=tabs)
    advice = {row.rule: row.advice for row in rows if row.advice}
    if advice:
        lines += ["", *(f"{rule} overdue: {text}" for rule, text in advice.items())]
    return [*lines, "", *_sums(rows)]


def _row(row: DeadlineRow) -> tuple[str, ...]:
    due = _day(row.due) if row.due else f"from {_day(row.earliest)}"
    met = f"{_day(row.met_on)} {row.met_by}" if row.met_on else ""
    state = f"waiting for {_day(row.earliest)}" if row.state == "waiting" else row.state
    late = str(row.late_by) if row.late_by else ""
    owed_by = f"{row.owed_by} (soft)" if row.is_soft else row.owed_by
    return row.authority, state, due, late, row.rule, row.what, row.subject, owed_by, met


def _day(value: date | None) -> str:
    return "" if value is None else report.day(value)


def _sums(rows: Sequence[DeadlineRow]) -> list[str]:
    lines = []
    for code in dict.fromkeys(row.authority for row in rows):
        own = [row for row in rows if row.authority == code]
        counts = Counter(row.state for row in own)
        late = sum(row.state == "met" and row.late_by > 0 for row in own)
        said = ", ".join(f"{count} {state}" for state, count in counts.items())
        lines.append(f"{code}: {said}" + (f", {late} of them late" if late else ""))
    return lines


def noted(result: Noted) -> list[str]:
    """What was noted, and the deadline after it."""
    row = result.deadline
    lines = []
    if result.is_repeat:
        lines.append(f"this was noted before, {report.NOTHING_CHANGED}")
    days = f"due {_day(row.due)}" if row.due else f"from {_day(row.earliest)} on"
    late = f", {counted(row.late_by, 'working day')} late" if row.late_by else ""
    met = f", met {_day(row.met_on)}" if row.met_on else ""
    return [*lines, f"{row.authority}, {row.rule} of {row.subject}: {row.what}; {days}{met}{late}"]
