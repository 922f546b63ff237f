"""A document as the rows of a sheet: the heading, a name and its value in each row, an empty row, then the table.

Cells are texts here; twins.py makes CSV and XLSX of them. A person may put the rows of the heading and the columns in
another order and leave empty rows; nothing else is guessed.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from formats import forms
from formats.documents import LINES_MAX, NAMES, VERSION, Document, Line
from formats.errors import Code, Findings
from formats.layouts import (
    AGAIN,
    CORRECT,
    LAYOUTS,
    OTHER_FILE,
    OTHER_VERSION,
    Cell,
    Layout,
    Value,
    compare,
    document_of,
    layout_of,
    line_of,
    values_of,
)
from formats.sheets import DELIMITER, not_text, wrong_heading

FIRST = "document"
"""The name of the first row, whose value says which document it is."""

Row = tuple[int, Sequence[object]]

_HEADING_ROWS_MAX = 100


def rows_of(document: Document, uncarried: re.Pattern[str], carried: str) -> list[list[str]]:
    """The rows of the document's sheet; no text of a dictionary in it may have what the sheet does not carry.

    Raises FormatError with every value that would not be read back as it is.
    """
    name, layout = NAMES[type(document)], layout_of(document)
    findings = Findings(f"{name} to write")
    writer = _Writer(findings, uncarried, carried)
    values = values_of(document)
    rows = [
        [cell.name, writer.text(cell, cell.name, values[cell.name])]
        for cell in layout.heading
        if not cell.is_left_out(values[cell.name])
    ]
    table = [[cell.name for cell in layout.columns]]
    lines: Sequence[Line] = getattr(document, layout.lines)
    if not LINES_MAX >= len(lines) >= layout.least:
        writer.refuse("table", f"{len(lines)} lines", f"{layout.least} to {LINES_MAX} lines")
    for number, line in enumerate(lines, 1):
        values = values_of(line)
        table.append([writer.text(cell, f"line {number}, {cell.name}", values[cell.name]) for cell in layout.columns])
    findings.check()
    return [[FIRST, f"{name}-{VERSION}"], *rows, [], *table]


@dataclass(frozen=True, slots=True)
class _Writer:
    """The texts of one document and what is wrong with them."""

    findings: Findings
    uncarried: re.Pattern[str]
    carried: str

    def text(self, cell: Cell, place: str, value: Value) -> str:
        text = cell.text(value, "sheet")
        if cell.value(text, "sheet") != value:
            self.refuse(place, text, cell.kind.sheet.expected)
        elif cell.kind is forms.LABEL and self.uncarried.search(text):
            self.refuse(place, text, self.carried)
        return text

    def refuse(self, place: str, found: str, expected: str) -> None:
        self.findings.fault(Code.UNWRITABLE, None, place, found, expected, CORRECT)


def document_in(rows: Iterable[Row], findings: Findings) -> Document:
    """The document of the rows of a sheet, each with its number.

    Raises FormatError with every value that has not its form, or with every total that is not that of the lines.
    """
    feed = iter(rows)
    heading = list(islice(_until_empty(feed), _HEADING_ROWS_MAX))
    layout = _recognised(heading, findings)
    places, values = _heading(heading[1:], layout, findings)
    lines = tuple(_lines(feed, layout, findings))
    if len(lines) < layout.least and not findings.faults:
        findings.fault(Code.MISSING, None, "table", "no line", "at least one line", AGAIN)
    findings.check()
    document = document_of(layout, values, lines)
    compare(document, values, places, findings)
    findings.check()
    return document


def _is_empty(cells: Iterable[object]) -> bool:
    return not any(not isinstance(cell, str) or cell.strip() for cell in cells)


def _until_empty(feed: Iterator[Row]) -> Iterator[Row]:
    """The rows before the next empty one; empty ones at the start are passed over."""
    is_begun = False
    for line, cells in feed:
        if not _is_empty(cells):
            is_begun = True
            yield line, cells
        elif is_begun:
            return


def _text(cells: Sequence[object], place: int) -> str:
    return str(cells[place]).strip() if len(cells) > place else ""


def _recognised(heading: Sequence[Row], findings: Findings) -> Layout:
    """What the first row says that the sheet is."""
    line, cells = heading[0] if heading else (1, [])
    name = _text(cells, 1) if _text(cells, 0) == FIRST else ""
    if name not in LAYOUTS:
        found = DELIMITER.join(_text(cells, place) for place in range(min(len(cells), 3)))
        expected = " or ".join(f"{FIRST}{DELIMITER}{known}" for known in LAYOUTS)
        findings.fault(Code.TABLE_HEADING, line, "heading", found, expected, OTHER_VERSION)
        findings.check()
    return LAYOUTS[name]


def _heading(rows: Sequence[Row], layout: Layout, findings: Findings) -> tuple[dict[str, int], dict[str, Value]]:
    """The values of the heading, and the line of each."""
    known = {cell.name: cell for cell in layout.heading}
    places: dict[str, int] = {}
    values: dict[str, Value] = {}
    for line, cells in rows:
        name = _text(cells, 0)
        if name not in known:
            remedy = f"correct it to one of {', '.join(known)}, or leave an empty line before the table"
            findings.fault(Code.TABLE_HEADING, line, "heading", name, "a name of the heading", remedy)
        elif name in places:
            findings.fault(Code.REPEATED, line, name, "the name again", f"it once, in line {places[name]}", AGAIN)
        elif not _is_empty(cells[2:]):
            found = f"{len(cells)} cells"
            findings.fault(Code.TABLE_WIDTH, line, name, found, "a name and its value", "put it in the second cell")
        else:
            value = _value(known[name], line, cells[1] if len(cells) > 1 else "", findings)
            values |= {} if value is None else {name: value}
        places.setdefault(name, line)
    left_out = {name: cell.default for name, cell in known.items() if name not in places and cell.default is not None}
    for name in (name for name in known if name not in places and name not in left_out):
        findings.fault(Code.MISSING, None, name, "no such name in the heading", "a line of it", "add the line")
    return places, values | left_out


def _value(cell: Cell, line: int, raw: object, findings: Findings) -> Value | None:
    """The value of a cell of the sheet; None, and a fault, when it is no text or not of its form."""
    if isinstance(raw, str):
        return cell.read(line, raw, "sheet", findings)
    findings.add([not_text(line, cell.name, raw)])
    return None


def _lines(feed: Iterator[Row], layout: Layout, findings: Findings) -> Iterator[Line]:
    """The lines of the table; one with a fault is left out."""
    names = _columns(feed, layout, findings)
    cells = {cell.name: cell for cell in layout.columns}
    for number, (line, row) in enumerate((one for one in feed if not _is_empty(one[1])), 1):
        if number > LINES_MAX:
            findings.fault(Code.FILE_TOO_LARGE, line, "table", f"more than {LINES_MAX} lines", "fewer", OTHER_FILE)
            findings.check()
        if len(row) < len(names) or not _is_empty(row[len(names) :]):
            width, expected = f"{len(row)} columns", f"{len(names)} columns, as the table's heading has"
            remedy = 'put values that hold a semicolon in quotes "", double the quotes inside them'
            findings.fault(Code.TABLE_WIDTH, line, "line", width, expected, remedy)
            continue
        found = {name: _value(cells[name], line, raw, findings) for name, raw in zip(names, row, strict=False)}
        values = {name: value for name, value in found.items() if value is not None}
        if len(values) == len(cells):
            part = line_of(layout, values)
            compare(part, values, dict.fromkeys(values, line), findings)
            yield part


def _columns(feed: Iterator[Row], layout: Layout, findings: Findings) -> list[str]:
    """The names over the table, in their order."""
    line, row = next((one for one in feed if not _is_empty(one[1])), (None, ()))
    names = [str(cell).strip() for cell in row]
    while names and not names[-1]:
        names.pop()
    if line is None:
        expected = f"an empty line and then {DELIMITER.join(cell.name for cell in layout.columns)}"
        findings.fault(Code.TABLE_HEADING, None, "table", "no table", expected, AGAIN)
        findings.check()
    elif wrong := list(wrong_heading(names, [cell.name for cell in layout.columns], line)):
        findings.add(wrong)
        findings.check()
    return names
