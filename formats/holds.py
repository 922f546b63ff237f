"""Lists of people whose aid waits, read: the state's list of deaths, of expired documents, of people looked for.

A row is one person: the IIN, the reason, the day it holds from, the document that says so. CSV with semicolons or XLSX.
"""

from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import NamedTuple

from formats import forms, sheet_lists
from formats.columns import Family, Faults, Field
from formats.errors import Code, Fault, FormatError


class HoldLine(NamedTuple):
    """One person of the list, with the line of the file."""

    line: int
    iin: str
    reason: str
    placed_on: date
    document: str
    note: str


def read_holds(path: Path, source: str, reasons: Collection[str], faults: list[Fault]) -> list[HoldLine]:
    """The people of a list in its order; every fault goes to `faults`, a person who stands twice for a reason too."""
    family = Family(
        root="holds",
        namespace="",
        fields=(
            Field(name="iin", kind=forms.PERSON_NUMBER),
            Field(name="reason", kind=forms.choice(*reasons)),
            Field(name="placed_on", kind=forms.DAY),
            Field(name="document", kind=forms.TEXT),
            Field(name="note", kind=forms.TEXT, mandatory=False),
        ),
    )
    lines: list[HoldLine] = []
    try:
        for batch in sheet_lists.batches(path, source, family, Faults(source, faults)):
            columns = (batch.columns[name] for name in family.names)
            for line, iin, reason, placed_on, document, note in zip(batch.lines, *columns, strict=True):
                lines.append(HoldLine(line, iin, reason, date.fromisoformat(placed_on), document, note))
    except FormatError as refusal:
        faults += refusal.faults
        return []
    if not lines and not faults:
        faults.append(sheet_lists.empty(family))
    first: dict[tuple[str, str], int] = {}
    for one in lines:
        if first.setdefault((one.iin, one.reason), one.line) != one.line:
            faults.append(
                Fault(
                    code=Code.REPEATED,
                    line=one.line,
                    place="iin",
                    found=one.iin,
                    expected=f"each person once for a reason; line {first[one.iin, one.reason]} has it",
                    remedy="delete the second line",
                )
            )
    return lines
