"""Tabular files as sheets: CSV (one person a line, semicolons) and XLSX, with the same columns in any order.

CSV is read in flat memory, its charset told by content. The cells of an XLSX must be text, because a spreadsheet takes
the leading zeros off a number and rewrites days; workbooks.py looks at it before anything else does.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from formats import workbooks
from formats.columns import Chunk, Family, Faults, Rows, checked_rows, unwritable
from formats.errors import Code, Fault, FormatError, shortened
from formats.text import open_text

DELIMITER = ";"
XLSX_ROWS_MAX = workbooks.ROWS_MAX - 1
"""The rows of a sheet without its heading."""

_READ_BYTES = 65_536
_LINE_MAX = 1 << 20


class _Table:
    """The rows of one sheet on their way into chunks: the heading is checked, then every row's width."""

    def __init__(self, source: str, family: Family, faults: Faults, heading: Sequence[str]) -> None:
        self.names = [name.strip() for name in heading]
        wrong = list(wrong_heading(self.names, family.names, 1))
        if wrong:
            raise FormatError(source, wrong)
        self._faults = faults
        self._order = [self.names.index(name) for name in family.names]
        self._rows = Rows(len(self.names))

    def add(self, line: int, row: Sequence[str]) -> bool:
        """Keep the row; say whether a whole chunk can be taken."""
        if len(row) == len(self.names):
            return self._rows.add(line, row)
        expected = f"{len(self.names)} columns, as the heading has"
        remedy = 'put values that hold a semicolon in quotes "", double the quotes inside them'
        found = f"{len(row)} columns"
        self._faults.add([_broken(Code.TABLE_WIDTH, line, found, expected, remedy)])
        return False

    def extend(self, lines: Iterable[int], columns: Sequence[Sequence[str]]) -> bool:
        """Keep rows of the right width that are columns already; say whether a whole chunk can be taken."""
        return self._rows.extend(lines, columns)

    def take(self) -> Iterator[Chunk]:
        """The rows kept so far as a chunk, in the order of the family; nothing when there are none."""
        for chunk in self._rows.take():
            yield Chunk(lines=chunk.lines, columns=[chunk.columns[place] for place in self._order])


_OTHER_DELIMITERS = ",\t|"


def wrong_heading(names: Sequence[str], expected: Sequence[str], line: int) -> Iterator[Fault]:
    """What is wrong with the line that names the columns."""
    whole = f"the heading {DELIMITER.join(expected)}"
    if not set(names) & set(expected):
        found = shortened(DELIMITER.join(names))
        if len(names) == 1 and any(set(names[0].split(mark)) & set(expected) for mark in _OTHER_DELIMITERS):
            yield _heading(line, "heading", found, "semicolons between the columns", "save it as CSV with semicolons")
            return
        yield _heading(line, "heading", found, whole, "give the columns these names")
        return
    for name in expected:
        if name not in names:
            yield _heading(line, name, "no such column", "a column", "add the column")
    for name in sorted({name for name in names if name not in expected}):
        remedy = f"take the column out, or correct its name to one of {whole}"
        yield _heading(line, "heading", shortened(name), "a known column", remedy)
    for name in expected:
        if names.count(name) > 1:
            yield _heading(line, name, "the column twice", "it once", "leave one of them")


def _heading(line: int, place: str, found: str, expected: str, remedy: str) -> Fault:
    return Fault(code=Code.TABLE_HEADING, line=line, place=place, found=found, expected=expected, remedy=remedy)


def _broken(code: Code, line: int, found: str, expected: str, remedy: str) -> Fault:
    return Fault(code=code, line=line, place="line", found=found, expected=expected, remedy=remedy)


def read_csv(stream: BinaryIO, source: str, family: Family, faults: Faults) -> Iterator[Chunk]:
    """The rows of a CSV file in chunks of columns; rows of another width are left out, empty lines are no rows.

    Raises FormatError where the file cannot be read on, or has too many faults.
    """
    lines = _Lines(stream, source)
    records = _records(lines, faults)
    table = _Table(source, family, faults, next(records, (1, []))[1])
    while True:
        columns = _plain_columns(lines.rest(), len(table.names))
        if columns is not None:
            if table.extend(lines.pass_over(len(columns[0])), columns):
                yield from table.take()
            continue
        for line, row in records:
            if table.add(line, row):
                yield from table.take()
            if lines.is_between_blocks:
                break
        else:
            break
    yield from table.take()


class _Lines(Iterator[str]):
    """The decoded lines with their ends, which the csv module wants to see inside quotes; or whole blocks of them."""

    def __init__(self, stream: BinaryIO, source: str) -> None:
        self._source = source
        self._blocks = self._read(stream)
        self.given = 0
        self._open("")

    def __next__(self) -> str:
        if self.is_between_blocks:
            self._open(next(self._blocks))
        self.given += 1
        return self._lines.readline()

    @property
    def is_between_blocks(self) -> bool:
        """Whether all lines of the block were given out."""
        return self._lines.tell() == len(self._block)

    def rest(self) -> str:
        """The lines of the block that were not given out yet, or else the next block; '' at the end."""
        if self.is_between_blocks:
            self._open(next(self._blocks, ""))
        return self._block[self._lines.tell() :]

    def pass_over(self, count: int) -> range:
        """Count the rest of the block, which is so many lines, as given out; returns their numbers."""
        self.given += count
        self._open("")
        return range(self.given - count + 1, self.given + 1)

    def _open(self, block: str) -> None:
        self._block = block
        self._lines = io.StringIO(block, newline="")

    def _read(self, stream: BinaryIO) -> Iterator[str]:
        """The text in blocks that end where a line ends."""
        tail = ""
        for text in open_text(iter(lambda: stream.read(_READ_BYTES), b""), self._source):
            # A carriage return at the very end may be half of a line end.
            end = max(text.rfind("\n"), text.rfind("\r", 0, -1)) + 1
            if end:
                yield tail + text[:end]
                tail = ""
            tail += text[end:]
            if len(tail) > _LINE_MAX:
                found, expected = "more than 1 MiB", "a short line"
                remedy = "look whether this is the right file, and whether its lines end"
                fault = _broken(Code.LINE_TOO_LONG, self.given + 1, found, expected, remedy)
                raise FormatError(self._source, [fault])
        if tail:
            yield tail


def _plain_columns(block: str, width: int) -> list[list[str]] | None:
    """The columns of a block of lines that need no csv module; None where a quote, a width or an end is not plain."""
    if "\r" in block:
        block = block.replace("\r\n", "\n")
    if '"' in block or "\r" in block or not block.endswith("\n"):
        return None
    # A line end stands as a value of its own, so that it shows at its place whether every line has the same width.
    values = block.replace("\n", f"{DELIMITER}\n{DELIMITER}").split(DELIMITER)
    ends = values[width :: width + 1]
    if len(ends) * (width + 1) + 1 != len(values) or ends.count("\n") != len(ends):
        return None
    # A line without its first value may be an empty one, which is no row.
    return None if "" in values[0 : -1 : width + 1] else [values[place : -1 : width + 1] for place in range(width)]


def _records(lines: _Lines, faults: Faults) -> Iterator[tuple[int, Sequence[str]]]:
    """The records, each with the line where it begins; a record with broken quotes is a fault."""
    reader = csv.reader(lines, delimiter=DELIMITER, strict=True)
    while True:
        line = lines.given + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            remedy = 'put the value in quotes "" and double the quotes inside it'
            expected = "values between semicolons, in quotes where they hold one"
            faults.add([_broken(Code.TABLE_CELL, line, str(error), expected, remedy)])
            continue
        if any(row):
            yield line, row


def read_xlsx(stream: BinaryIO, source: str, family: Family, faults: Faults) -> Iterator[Chunk]:
    """The rows of a workbook's only sheet in chunks of columns.

    Raises FormatError where the workbook cannot be read, or has too many faults.
    """
    workbooks.walk_through(stream, source)
    sheet = workbooks.only_sheet(stream, source)
    rows = enumerate(sheet.iter_rows(), 1)
    table = _Table(source, family, faults, [str(cell) for cell in next(rows, (1, []))[1]])
    for line, cells in rows:
        if not any(cell != "" for cell in cells):
            continue
        row = [cell for cell in cells if isinstance(cell, str)]
        if len(row) != len(cells):
            faults.add(
                not_text(line, table.names[place], cell)
                for place, cell in enumerate(cells)
                if not isinstance(cell, str)
            )
        elif table.add(line, row):
            yield from table.take()
    yield from table.take()


def not_text(line: int, place: str, cell: object) -> Fault:
    """The fault of a cell that a spreadsheet keeps as something else than text."""
    kind = "a number" if isinstance(cell, int | float) else "a day or time"
    shown = f"{cell:.0f}" if isinstance(cell, float) and cell.is_integer() else str(cell)
    return Fault(
        code=Code.TABLE_CELL,
        line=line,
        place=place,
        found=f"{kind}: {shown}",
        expected="a cell of text",
        remedy="format the column as text and write the value again: a number may have lost its leading zeros",
    )


def write_csv(rows: Iterable[Sequence[str]], path: Path, family: Family) -> None:
    """Write rows as CSV in UTF-8 with a heading.

    Raises FormatError for a row of another width or with a character that is not seen.
    """
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=DELIMITER, lineterminator="\n")
        writer.writerow(family.names)
        writer.writerows(checked_rows(rows, family))


def write_xlsx(rows: Iterable[Sequence[str]], path: Path, family: Family) -> None:
    """Write rows as XLSX with a heading, every cell as text; the same rows give the same bytes.

    Raises FormatError like write_csv(), and for more rows than a sheet has.
    """
    from datetime import UTC, datetime

    from xlsxwriter import Workbook

    with Workbook(path, {"constant_memory": True, "strings_to_numbers": False}) as workbook:
        workbook.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC)})
        text = workbook.add_format({"num_format": "@"})
        sheet = workbook.add_worksheet(family.root)
        sheet.set_column(0, len(family.fields) - 1, 18, text)
        for number, row in enumerate(chain([family.names], checked_rows(rows, family))):
            if number > XLSX_ROWS_MAX:
                raise unwritable(family, number, "more rows", f"at most {XLSX_ROWS_MAX} rows", "write CSV or XML")
            for column, value in enumerate(row):
                sheet.write_string(number, column, value, text)
