"""Lists of awards that will not be paid, read: a row names an award as its decision does, and says why.

CSV with semicolons or XLSX: authority_bin, due_month, iin, aid_kind, decision_number, document, reason.
"""

from datetime import date
from pathlib import Path
from typing import NamedTuple

from formats import forms, sheet_lists
from formats.columns import Family, Faults, Field
from formats.errors import Code, Fault, FormatError


class CancellationLine(NamedTuple):
    """One award of the list, with the line of the file; `due_month` is the first day of the month."""

    line: int
    authority_bin: str
    due_month: date
    iin: str
    aid_kind: str
    decision_number: str
    document: str
    reason: str


FAMILY = Family(
    root="cancellations",
    namespace="",
    fields=(
        Field(name="authority_bin", kind=forms.COMPANY_NUMBER),
        Field(name="due_month", kind=forms.MONTH),
        Field(name="iin", kind=forms.PERSON_NUMBER),
        Field(name="aid_kind", kind=forms.TEXT),
        Field(name="decision_number", kind=forms.TEXT),
        Field(name="document", kind=forms.TEXT, mandatory=False),
        Field(name="reason", kind=forms.TEXT),
    ),
)


def read_cancellations(path: Path, source: str, faults: list[Fault]) -> list[CancellationLine]:
    """The awards of a list in its order; every fault goes to `faults`, an award that stands twice too."""
    lines: list[CancellationLine] = []
    try:
        for batch in sheet_lists.batches(path, source, FAMILY, Faults(source, faults)):
            columns = (batch.columns[name] for name in FAMILY.names)
            lines += [
                CancellationLine(line, bin_, date.fromisoformat(month), *rest)
                for line, bin_, month, *rest in zip(batch.lines, *columns, strict=True)
            ]
    except FormatError as refusal:
        faults += refusal.faults
        return []
    if not lines and not faults:
        faults.append(sheet_lists.empty(FAMILY))
    faults += _repeated(lines)
    return lines


def _repeated(lines: list[CancellationLine]) -> list[Fault]:
    first: dict[tuple[object, ...], int] = {}
    return [
        Fault(
            code=Code.REPEATED,
            line=one.line,
            place="iin",
            found=one.iin,
            expected=f"each award once; line {first[one[1:6]]} has it",
            remedy="delete the second line",
        )
        for one in lines
        if first.setdefault(one[1:6], one.line) != one.line
    ]
