"""The authority's side of an act that it does not sign: its transfers, a line each, as CSV or XLSX (AMB-14).

One line is one payment order, or the part of it that one kind of aid has; the kind, by code or by name, and the comment
may be empty. A file with its heading alone says that the authority knows of no transfer.

>>> ACT_LINES.names
('order_number', 'order_date', 'amount', 'aid_kind', 'comment')
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO

from formats import forms, sheets
from formats.columns import Chunk, Converter, Family, Faults, Field
from formats.errors import Code, Fault, FormatError

ACT_LINES = Family(
    root="act-lines",
    namespace="urn:esep:act-lines:1",
    fields=(
        Field(name="order_number", kind=forms.TEXT),
        Field(name="order_date", kind=forms.DAY),
        Field(name="amount", kind=forms.CHANGE),
        Field(name="aid_kind", kind=forms.TEXT, mandatory=False),
        Field(name="comment", kind=forms.TEXT, mandatory=False),
    ),
)

_HEAD_BYTES = 4
_LINES_MAX = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ActLine:
    """A transfer as the authority has it (tiyn; below zero where it took one back); kind and comment may be empty."""

    order_number: str
    order_date: date
    amount: int
    aid_kind: str
    comment: str


def read_act_lines(path: Path, source: str) -> list[ActLine]:
    """The lines of a file that is named `source` where it is spoken of.

    Raises FormatError with every fault; nothing of such a file may be used. OSError where it cannot be opened.
    """
    faults: list[Fault] = []
    lines: list[ActLine] = []
    found = Faults(source, faults)
    with path.open("rb") as stream:
        converter = Converter(ACT_LINES, "sheet", found)
        for chunk in _chunks(stream, source, found):
            columns = converter.batch(chunk).columns
            rows = zip(*(columns[name] for name in ACT_LINES.names), strict=True)
            lines += [
                ActLine(
                    order_number=number,
                    order_date=date.fromisoformat(dated),
                    amount=int(amount),
                    aid_kind=kind,
                    comment=comment,
                )
                for number, dated, amount, kind, comment in rows
            ]
            if len(lines) > _LINES_MAX:
                raise FormatError(source, [_too_many(len(lines))])
    if faults:
        raise FormatError(source, faults)
    return lines


def _chunks(stream: BinaryIO, source: str, faults: Faults) -> Iterator[Chunk]:
    """The reader for what the file is by its content, whatever its name says."""
    head = stream.read(_HEAD_BYTES)
    stream.seek(0)
    if not head:
        fault = Fault(
            code=Code.FILE_EMPTY,
            line=None,
            place="file",
            found="no byte",
            expected="at least the heading",
            remedy="ask the authority for the file again",
        )
        raise FormatError(source, [fault])
    if head.startswith(b"PK\x03\x04"):
        return sheets.read_xlsx(stream, source, ACT_LINES, faults)
    return sheets.read_csv(stream, source, ACT_LINES, faults)


def _too_many(count: int) -> Fault:
    return Fault(
        code=Code.FILE_TOO_LARGE,
        line=None,
        place="file",
        found=f"{count} lines",
        expected=f"at most {_LINES_MAX} transfers of a month",
        remedy="look whether this is the right file",
    )
