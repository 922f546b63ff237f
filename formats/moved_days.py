"""Moved days, read: days of the calendar that an order of the government made working days or days off.

A row is one day: whether it is worked, whether banks settle on it (as it is worked, where that is left empty), and the
act that says so. CSV with semicolons or XLSX; docs/guides/calendar.md describes the file to whoever writes it.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from formats import forms, sheet_lists
from formats.columns import Batch, Family, Faults, Field
from formats.errors import Code, Fault, FormatError

_YES_OR_NO = forms.choice("yes", "no")

MOVED_DAYS = Family(
    root="moved days",
    namespace="",
    fields=(
        Field(name="day", kind=forms.DAY),
        Field(name="working", kind=_YES_OR_NO),
        Field(name="bank", kind=_YES_OR_NO, mandatory=False),
        Field(name="basis", kind=forms.TEXT),
    ),
)


class MovedDayRow(NamedTuple):
    """One day of the file, with its line."""

    line: int
    day: date
    is_working: bool
    is_bank_day: bool
    basis: str


def read_moved_days(path: Path, source: str) -> list[MovedDayRow]:
    """All days of a file, in its order.

    Raises FormatError with every fault of the file, a day that stands twice in it too.
    """
    faults: list[Fault] = []
    try:
        rows = [
            row
            for batch in sheet_lists.batches(path, source, MOVED_DAYS, Faults(source, faults))
            for row in _rows(batch)
        ]
    except FormatError as refusal:
        raise FormatError(source, [*faults, *refusal.faults]) from None
    faults += _repeated(rows)
    if not rows and not faults:
        faults.append(sheet_lists.empty(MOVED_DAYS))
    if faults:
        raise FormatError(source, sorted(faults, key=lambda fault: fault.line or 0))
    return rows


def _rows(batch: Batch) -> Iterator[MovedDayRow]:
    columns = (batch.columns[name] for name in MOVED_DAYS.names)
    for line, day, working, bank, basis in zip(batch.lines, *columns, strict=True):
        yield MovedDayRow(line, date.fromisoformat(day), working == "yes", (bank or working) == "yes", basis)


def _repeated(rows: Iterable[MovedDayRow]) -> Iterator[Fault]:
    first: dict[date, int] = {}
    for row in rows:
        if first.setdefault(row.day, row.line) != row.line:
            yield Fault(
                code=Code.REPEATED,
                line=row.line,
                place="day",
                found=f"{row.day:%d.%m.%Y}",
                expected=f"each day once; line {first[row.day]} has it",
                remedy="leave the line that is right",
            )
