"""Tabular files as sheets: CSV (one person a line, semicolons) and XLSX, with the same columns in any order.

CSV is read in flat memory, its charset told by content. An XLSX is first walked through with an XML parser: the
library that reads it holds the rectangle of all rows and columns, and two cells in the corners of a sheet would stop
the whole process. Its cells must be text, because a spreadsheet takes the leading zeros off a number and rewrites days.
"""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO
from xml.parsers import expat

from formats.columns import Chunk, Family, Faults, Rows, checked_rows
from formats.errors import Fault, FormatError
from formats.text import decode_stream

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

DELIMITER = ";"
XLSX_ROWS_MAX = 1_048_575
"""The rows of a sheet without its heading."""

_READ_BYTES = 65_536
_LINE_MAX = 1 << 20
_UNPACKED_MAX = 1 << 31
_COLUMNS_MAX = 26


class _Table:
    """The rows of one sheet on their way into chunks: the heading is checked, then every row's width."""

    def __init__(self, source: str, family: Family, faults: Faults, heading: Sequence[str]) -> None:
        self.names = [name.strip() for name in heading]
        wrong = list(_wrong_heading(self.names, family.names))
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
        self._faults.add([Fault(line=line, place="line", found=found, expected=expected, remedy=remedy)])
        return False

    def extend(self, lines: Iterable[int], columns: Sequence[Sequence[str]]) -> bool:
        """Keep rows of the right width that are columns already; say whether a whole chunk can be taken."""
        return self._rows.extend(lines, columns)

    def take(self) -> Iterator[Chunk]:
        """The rows kept so far as a chunk, in the order of the family; nothing when there are none."""
        for chunk in self._rows.take():
            yield Chunk(lines=chunk.lines, columns=[chunk.columns[place] for place in self._order])


def _wrong_heading(names: Sequence[str], expected: Sequence[str]) -> Iterator[Fault]:
    """What is wrong with the first line; docs/formats/awards.md names its columns."""
    whole = f"the heading {DELIMITER.join(expected)}"
    if not set(names) & set(expected):
        found = DELIMITER.join(names)[:80]
        yield Fault(line=1, place="heading", found=found, expected=whole, remedy="give the columns these names")
        return
    for name in expected:
        if name not in names:
            yield Fault(line=1, place=name, found="no such column", expected="a column", remedy="add the column")
    for name in sorted({name for name in names if name not in expected}):
        remedy = f"take the column out, or correct its name to one of {whole}"
        yield Fault(line=1, place="heading", found=name[:80], expected="a known column", remedy=remedy)
    for name in expected:
        if names.count(name) > 1:
            yield Fault(line=1, place=name, found="the column twice", expected="it once", remedy="leave one of them")


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
        for text in decode_stream(iter(lambda: stream.read(_READ_BYTES), b""), self._source):
            # A carriage return at the very end may be half of a line end.
            end = max(text.rfind("\n"), text.rfind("\r", 0, -1)) + 1
            if end:
                yield tail + text[:end]
                tail = ""
            tail += text[end:]
            if len(tail) > _LINE_MAX:
                found, expected = "more than 1 MiB", "a short line"
                remedy = "look whether this is the right file, and whether its lines end"
                fault = Fault(line=self.given + 1, place="line", found=found, expected=expected, remedy=remedy)
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
            faults.add([Fault(line=line, place="line", found=str(error), expected=expected, remedy=remedy)])
            continue
        if any(row):
            yield line, row


def read_xlsx(stream: BinaryIO, source: str, family: Family, faults: Faults) -> Iterator[Chunk]:
    """The rows of a workbook's only sheet in chunks of columns.

    Raises FormatError where the workbook cannot be read, or has too many faults.
    """
    _walk_through(stream, source)
    stream.seek(0)
    sheet = _only_sheet(stream, source)
    rows = enumerate(sheet.iter_rows(), 1)
    table = _Table(source, family, faults, [str(cell) for cell in next(rows, (1, []))[1]])
    for line, cells in rows:
        if not any(cell != "" for cell in cells):
            continue
        row = [cell for cell in cells if isinstance(cell, str)]
        if len(row) != len(cells):
            faults.add(
                _not_text(line, table.names[place], cell)
                for place, cell in enumerate(cells)
                if not isinstance(cell, str)
            )
        elif table.add(line, row):
            yield from table.take()
    yield from table.take()


def _not_text(line: int, place: str, cell: object) -> Fault:
    kind = "a number" if isinstance(cell, int | float) else "a day or time"
    return Fault(
        line=line,
        place=place,
        found=f"{kind}: {cell}",
        expected="a cell of text",
        remedy="format the column as text and write the value again: a number has lost its leading zeros",
    )


def _only_sheet(stream: BinaryIO, source: str) -> "CalamineSheet":
    from python_calamine import CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_filelike(stream)
        names = workbook.sheet_names
        sheet = workbook.get_sheet_by_index(0)
    except BaseException as error:
        # A panic of the library's own language is no Exception; only what a person or the machine sends goes on.
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError | GeneratorExit):
            raise
        raise _unreadable(source, str(error)[:80]) from None
    if len(names) != 1:
        raise _unreadable(source, f"{len(names)} sheets", "a workbook with one sheet")
    if sheet.start not in {(0, 0), None}:
        raise _unreadable(source, "an empty first row or column", "the heading in row 1, from column A")
    return sheet


def _walk_through(stream: BinaryIO, source: str) -> None:
    """Look at every part of the workbook before the library does.

    Raises FormatError when a part cannot be unpacked or parsed, or has cells where no field can stand.
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            if "xl/workbook.xml" not in archive.namelist() or "xl/workbook.bin" in archive.namelist():
                raise _unreadable(source, "an archive of another kind")
            if sum(part.file_size for part in archive.infolist()) > _UNPACKED_MAX:
                raise _unreadable(source, "more than 2 GiB unpacked", "at most 1 048 575 rows, or CSV")
            for part in archive.infolist():
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as content:
                        _Cells(source).walk(content, part.filename)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        if isinstance(error, FormatError):
            raise
        raise _unreadable(source, str(error)[:80]) from None


class _Cells:
    """The cells of one part: none may stand beyond the last row and the 26 columns that a family may have."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._rows = 0
        self._cells = 0

    def walk(self, content: IO[bytes], part: str) -> None:
        """Parse the whole part."""
        parser = expat.ParserCreate("utf-8")
        parser.StartElementHandler = self._start
        parser.StartDoctypeDeclHandler = self._document_type
        fed = 0
        try:
            while piece := content.read(_READ_BYTES):
                parser.Parse(piece, False)  # noqa: FBT003 - the parser takes no keyword here
                fed += len(piece)
                if fed - parser.CurrentByteIndex > _LINE_MAX:
                    raise _unreadable(self._source, f"an element longer than 1 MiB in {part}")
            parser.Parse(b"", True)  # noqa: FBT003
        except expat.ExpatError as error:
            raise _unreadable(self._source, f"broken XML in {part}: {error}") from None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        element = name.rpartition(":")[2]
        if element == "row":
            self._rows += 1
            self._cells = 0
            self._check(attributes.get("r", ""), self._rows)
        elif element == "c":
            self._cells += 1
            self._check(attributes.get("r", ""), self._rows)

    def _check(self, reference: str, rows: int) -> None:
        letters = reference.rstrip("0123456789")
        row = int(reference[len(letters) :][:8] or 0)
        if len(letters) > 1 or self._cells > _COLUMNS_MAX:
            raise _unreadable(self._source, f"a cell in column {letters or self._cells}", "cells in columns A to Z")
        if max(row, rows) > XLSX_ROWS_MAX + 1:
            raise _unreadable(self._source, f"row {max(row, rows)}", "at most 1 048 575 rows; send more as CSV or XML")

    def _document_type(self, name: str, _system: str | None, _public: str | None, _internal: int) -> None:
        raise _unreadable(self._source, f"document type declaration {name}")


def _unreadable(source: str, found: str, expected: str = "an XLSX workbook") -> FormatError:
    remedy = "save it again as XLSX with one sheet, or send CSV or XML"
    return FormatError(source, [Fault(line=None, place="workbook", found=found, expected=expected, remedy=remedy)])


def write_csv(rows: Iterable[Sequence[str]], path: Path, family: Family) -> None:
    """Write rows as CSV in UTF-8 with a heading.

    Raises ValueError for a row of another width or with a character that is not seen.
    """
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=DELIMITER, lineterminator="\n")
        writer.writerow(family.names)
        writer.writerows(checked_rows(rows, family))


def write_xlsx(rows: Iterable[Sequence[str]], path: Path, family: Family) -> None:
    """Write rows as XLSX with a heading, every cell as text; the same rows give the same bytes.

    Raises ValueError like write_csv(), and for more rows than a sheet has.
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
                raise ValueError(f"a sheet has at most {XLSX_ROWS_MAX} rows; write CSV or XML")
            for column, value in enumerate(row):
                sheet.write_string(number, column, value, text)
