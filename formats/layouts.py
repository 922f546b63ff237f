"""What stands in a document, field by field: the names in files, how a value is written there, and the way back.

The classes of documents.py say it: a field of a document or of a line is a cell, so are the fields of its signers, and
what is counted from the lines (documents.counted). exchange.py makes attributes of cells, twins.py cells of a sheet.

>>> [cell.name for cell in LAYOUTS["appendix1-1"].columns][:4]
['code', 'authority_bin', 'authority_kk', 'authority_ru']
>>> month = LAYOUTS["appendix1-1"].heading[0]
>>> month.value("03.2024", "sheet"), month.text(date(2024, 3, 1), "xml")
(datetime.date(2024, 3, 1), '2024-03')
"""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from typing import Any, Literal, get_args, get_origin, get_type_hints

from formats import forms
from formats.act_documents import FINDINGS, SECTIONS, CorrectiveAct, Protocol
from formats.amounts import display_amount
from formats.columns import refusal
from formats.documents import (
    BELOW_ZERO,
    BYTES_MAX,
    MONEY,
    MONTHS,
    NAMES,
    TITLES,
    TOTAL_ROWS,
    VERSION,
    Document,
    FundsRequest,
    Line,
    Person,
    ReturnNotice,
    counted,
    counted_names,
)
from formats.errors import Code, Findings

Value = str | int | date
Written = Literal["sheet", "xml"]

AGAIN = "correct it, or ask the sender for the document again"
CORRECT = "correct the value where the document is made"
OTHER_FILE = "look whether this is the right file"
OTHER_VERSION = "ask the sender for one of these versions, or look whether this is the right file"

_SPACE = " \t\r\n"
_NEVER_EMPTY = (FundsRequest, ReturnNotice, Protocol, CorrectiveAct)
_IDENTIFIERS = {
    "authority_bin": forms.COMPANY_NUMBER,
    "corporation_bin": forms.COMPANY_NUMBER,
    "iin": forms.PERSON_NUMBER,
    "iban": forms.BANK_ACCOUNT,
    "bic": forms.BANK_CODE,
}
_CHOICES = {
    "title": forms.choice(*TITLES),
    "total_row": forms.choice(*TOTAL_ROWS),
    "section": forms.choice(*SECTIONS),
    "finding": forms.choice(*FINDINGS),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A value of a document or of a line: its name, how it is written, what it is, and which signer it is of.

    One with a default is left out of a file where it has it, and read as the default where it is left out.
    """

    name: str
    kind: forms.Kind
    value_type: type[Value]
    signer: str = ""
    default: Value | None = None

    @property
    def attribute(self) -> str:
        """Its name in XML, where a signer is an element."""
        return self.name.removeprefix(f"{self.signer}_")

    def text(self, value: Value, written: Written) -> str:
        """The value as the file has it."""
        if isinstance(value, date):
            return self._day(value, written)
        return display_amount(value) if isinstance(value, int) and self.kind.code is Code.AMOUNT else str(value)

    def is_left_out(self, value: Value) -> bool:
        """Whether a file does without it."""
        return self.default is not None and value == self.default

    def _day(self, value: date, written: Written) -> str:
        parts = [f"{value.year:04}", f"{value.month:02}", f"{value.day:02}"]
        shown = parts[:2] if self.kind is forms.MONTH else parts
        return "-".join(shown) if written == "xml" else ".".join(reversed(shown))

    def value(self, text: str, written: Written) -> Value | None:
        """The value of a text of the file; None when it has not its form."""
        parsed = self._form(written).parse(self._bare(text))
        if parsed == forms.REFUSED:
            return None
        if self.value_type is date:
            return date.fromisoformat(parsed)
        return int(parsed) if self.value_type is int else parsed

    def read(self, line: int, text: str, written: Written, findings: Findings) -> Value | None:
        """The value of a text of the file; None, and a fault, when it has not its form."""
        value = self.value(text, written)
        if value is None:
            findings.add([refusal(line, self.name, self._bare(text), self._form(written), self.kind.code)])
        return value

    def _form(self, written: Written) -> forms.Form:
        return self.kind.sheet if written == "sheet" else self.kind.xml

    def _bare(self, text: str) -> str:
        """The text without the spaces around it, which mean nothing unless it is a name."""
        return text if self.kind is forms.LABEL else text.strip(_SPACE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What stands in one class of documents: the values of the heading, and those of each line."""

    document: type[Document]
    line: type[Line]
    lines: str
    heading: tuple[Cell, ...]
    columns: tuple[Cell, ...]

    @property
    def least(self) -> int:
        """How many lines there must be: an act of an empty month has none."""
        return 1 if self.document in _NEVER_EMPTY else 0

    @property
    def signers(self) -> tuple[str, ...]:
        """Who signs, in order."""
        return tuple(dict.fromkeys(cell.signer for cell in self.heading if cell.signer))


def _layout(document: type[Document]) -> Layout:
    hints = get_type_hints(document).items()
    [(lines, line)] = [(name, get_args(hint)[0]) for name, hint in hints if get_origin(hint) is tuple]
    return Layout(
        document=document,
        line=line,
        lines=lines,
        heading=tuple(_cells(document)),
        columns=tuple(_cells(line)),
    )


def _cells(owner: type[Document | Line]) -> Iterator[Cell]:
    defaults = {field.name: field.default for field in fields(owner) if field.default is not MISSING}
    for name, hint in get_type_hints(owner).items():
        if hint is Person:
            for part in get_type_hints(Person):
                yield Cell(name=f"{name}_{part}", kind=forms.LABEL, value_type=str, signer=name)
        elif get_origin(hint) is not tuple:
            kind = _kind(owner, name, hint)
            yield Cell(name=name, kind=kind, value_type=hint, default=defaults.get(name))
    for name in counted_names(owner):
        yield _counted_cell(owner, name)


def _kind(owner: type[Document | Line], name: str, value_type: type[Value]) -> forms.Kind:
    if value_type is date:
        return forms.MONTH if name in MONTHS else forms.DAY
    if value_type is str:
        return _CHOICES.get(name) or _IDENTIFIERS.get(name, forms.LABEL)
    if name in BELOW_ZERO.get(owner, ()):
        # What was sent or returned may be nothing; a line for no money is none.
        return forms.CHANGE if name == "amount" else _signed(name)
    if name in MONEY:
        return forms.AMOUNT if name == "amount" else forms.SUM
    return forms.COUNT


def _signed(name: str) -> forms.Kind:
    return forms.DIFFERENCE if name.endswith("_count") else forms.BALANCE


def _counted_cell(owner: type[Document | Line], name: str) -> Cell:
    if name in BELOW_ZERO.get(owner, ()):
        kind = _signed(name)
    else:
        kind = forms.SUM if name.removeprefix("total_") in MONEY else forms.COUNT
    return Cell(name=name, kind=kind, value_type=int)


LAYOUTS = {f"{name}-{VERSION}": _layout(document) for document, name in NAMES.items()}
"""The layouts by the names of the documents with their version."""


def layout_of(document: Document) -> Layout:
    """The layout of a document."""
    return LAYOUTS[f"{NAMES[type(document)]}-{VERSION}"]


def values_of(part: Document | Line) -> dict[str, Value]:
    """The values of a document or a line by the names of their cells, the counted ones too."""
    values: dict[str, Value] = {}
    for name, hint in get_type_hints(type(part)).items():
        value = getattr(part, name)
        if hint is Person:
            values |= {f"{name}_{field}": getattr(value, field) for field in get_type_hints(Person)}
        elif get_origin(hint) is not tuple:
            values[name] = value
    return values | counted(part)


def line_of(layout: Layout, values: Mapping[str, Value]) -> Line:
    """The line of its values, the counted ones apart."""
    own: dict[str, Any] = {name: values[name] for name in get_type_hints(layout.line)}
    return layout.line(**own)


def document_of(layout: Layout, values: Mapping[str, Value], lines: tuple[Line, ...]) -> Document:
    """The document of the values of its heading, the counted ones apart, and its lines."""
    parts: dict[str, Any] = {}
    for name, hint in get_type_hints(layout.document).items():
        if hint is Person:
            signer: dict[str, Any] = {field: values[f"{name}_{field}"] for field in get_type_hints(Person)}
            parts[name] = Person(**signer)
        else:
            parts[name] = lines if name == layout.lines else values[name]
    return layout.document(**parts)


def compare(part: Document | Line, values: Mapping[str, Value], places: Mapping[str, int], findings: Findings) -> None:
    """A fault for each counted value that is not what the part itself gives."""
    for name, computed in counted(part).items():
        if values[name] != computed:
            cell = _counted_cell(type(part), name)
            found, expected = cell.text(values[name], "sheet"), f"{cell.text(computed, 'sheet')}, as the lines give"
            findings.fault(Code.TOTAL, places[name], f"wrong totals, {name}", found, expected, AGAIN)


def check_size(data: bytes, findings: Findings) -> None:
    """Refuse a file without bytes or with more than a document may have, before anything looks at them.

    Raises FormatError.
    """
    if not data:
        findings.fault(Code.FILE_EMPTY, None, "file", "no byte", "a document", "ask the sender for the whole file")
    if len(data) > BYTES_MAX:
        most = f"at most {BYTES_MAX >> 20} MiB"
        findings.fault(Code.FILE_TOO_LARGE, None, "file", f"{len(data)} bytes", most, OTHER_FILE)
    findings.check()
