"""XLSX workbooks that come in: walked through with an XML parser before the library that reads them sees them.

The library holds the rectangle of all rows and columns, so that two cells in the corners of a sheet would stop the
whole process; a small archive may unpack to anything; a cell with a formula's error would be read as an empty one. All
of that is refused here. Then the cells are given as they are, so that a number is told from a text.
"""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, BinaryIO
from xml.parsers import expat

from formats.errors import Code, Fault, FormatError, shortened

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

ROWS_MAX = 1_048_576
"""The rows of a sheet."""

_READ_BYTES = 65_536
_ELEMENT_BYTES_MAX = 1 << 20
_COLUMNS_MAX = 26
_PARTS = "xl/_rels/workbook.xml.rels"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a workbook may hold."""

    rows: int = ROWS_MAX
    unpacked_bytes: int = 1 << 31


TABULAR = Limits()


def only_sheet(stream: BinaryIO, source: str) -> "CalamineSheet":
    """The sheet of a workbook that was walked through, its rows read one by one.

    Raises FormatError where the library cannot read it, or it has more sheets, or cells begin elsewhere than in A1.
    """
    from python_calamine import CalamineWorkbook

    stream.seek(0)
    with _refused(source):
        workbook = CalamineWorkbook.from_filelike(stream)
        names = workbook.sheet_names
        sheet = workbook.get_sheet_by_index(0)
    if len(names) != 1:
        raise _unreadable(source, f"{len(names)} sheets", "a workbook with one sheet")
    if sheet.start not in {(0, 0), None}:
        raise _unreadable(source, "an empty first row or column", "the heading in row 1, from column A")
    return sheet


def read_cells(stream: BinaryIO, source: str) -> Iterator[tuple[object, ...]]:
    """The rows of a workbook's only sheet, each cell as the workbook keeps it: a text, a number, a day.

    Nothing is taken for a number or for missing that the workbook does not say is one.
    Raises FormatError like only_sheet().
    """
    from pandas import read_excel

    only_sheet(stream, source)
    stream.seek(0)
    with _refused(source):
        frame = read_excel(stream, engine="calamine", header=None, dtype=object, na_filter=False, keep_default_na=False)
    rows: Iterator[tuple[object, ...]] = frame.itertuples(index=False, name=None)
    return rows


@contextmanager
def _refused(source: str) -> Iterator[None]:
    """Turn whatever the library raises into a refusal."""
    try:
        yield
    except BaseException as error:
        # A panic of the library's own language is no Exception; only what a person or the machine sends goes on.
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError | GeneratorExit):
            raise
        raise _unreadable(source, str(error)) from None


def walk_through(stream: BinaryIO, source: str, limits: Limits = TABULAR) -> None:
    """Look at every part of the workbook before the library does.

    Raises FormatError when a part cannot be unpacked or parsed, or has cells where no field can stand.
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            if "xl/workbook.xml" not in archive.namelist() or "xl/workbook.bin" in archive.namelist():
                raise _unreadable(source, "an archive of another kind")
            if sum(part.file_size for part in archive.infolist()) > limits.unpacked_bytes:
                found = f"more than {limits.unpacked_bytes >> 20} MiB unpacked"
                raise _too_large(source, found, f"at most {limits.unpacked_bytes >> 20} MiB")
            for part in archive.infolist():
                # The library finds parts in any case and with either slash.
                name = part.filename.replace("\\", "/").lower()
                if name.endswith((".xml", ".rels")):
                    with archive.open(part) as content:
                        _Part(source, name, limits).walk(content)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        if isinstance(error, FormatError):
            raise
        raise _unreadable(source, str(error)) from None


class _Part:
    """The cells of one part: none may stand beyond the last row and the 26 columns that a family may have."""

    def __init__(self, source: str, name: str, limits: Limits) -> None:
        self._source = source
        self._name = name
        self._limits = limits
        self._rows = 0
        self._cells = 0

    def walk(self, content: IO[bytes]) -> None:
        """Parse the whole part."""
        parser = expat.ParserCreate("utf-8")
        parser.StartElementHandler = self._start
        parser.StartDoctypeDeclHandler = self._document_type
        fed = 0
        try:
            while piece := content.read(_READ_BYTES):
                parser.Parse(piece, False)  # noqa: FBT003 - the parser takes no keyword here
                fed += len(piece)
                if fed - parser.CurrentByteIndex > _ELEMENT_BYTES_MAX:
                    raise _unreadable(self._source, f"an element longer than 1 MiB in {self._name}")
            parser.Parse(b"", True)  # noqa: FBT003
        except expat.ExpatError as error:
            raise _unreadable(self._source, f"broken XML in {self._name}: {error}") from None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        element = name.rpartition(":")[2]
        if element == "row":
            self._rows += 1
            self._cells = 0
            self._check(attributes.get("r", ""))
        elif element == "c":
            self._cells += 1
            self._check(attributes.get("r", ""))
            if attributes.get("t") == "e":
                raise _unreadable(self._source, f"an error in cell {attributes.get('r', '')}", "cells of text")
        elif element == "Relationship" and self._name == _PARTS:
            self._check_part(attributes.get("Target", ""))

    def _check_part(self, target: str) -> None:
        # The library takes for a sheet whatever part is named so; only those named .xml are walked through.
        if not target.lower().endswith(".xml"):
            raise _unreadable(self._source, f"the part {target}", "a workbook of sheets without programs")

    def _check(self, reference: str) -> None:
        letters = reference.rstrip("0123456789")
        row = max(int(reference[len(letters) :][:8] or 0), self._rows)
        if len(letters) > 1 or self._cells > _COLUMNS_MAX:
            found = f"a cell in column {shortened(letters) or self._cells}"
            raise _unreadable(self._source, found, "cells in columns A to Z")
        if row > self._limits.rows:
            raise _too_large(self._source, f"row {row}", f"at most {self._limits.rows} rows with the heading")

    def _document_type(self, name: str, _system: str | None, _public: str | None, _internal: int) -> None:
        raise _unreadable(self._source, f"document type declaration {name}")


def _unreadable(source: str, found: str, expected: str = "an XLSX workbook") -> FormatError:
    remedy = "save it again as XLSX with one sheet of values, or send CSV or XML"
    return _refusal(Code.WORKBOOK, source, found, expected, remedy)


def _too_large(source: str, found: str, expected: str) -> FormatError:
    remedy = "delete what stands far below the table; if it is as long as that, send it in parts"
    return _refusal(Code.FILE_TOO_LARGE, source, found, expected, remedy)


def _refusal(code: Code, source: str, found: str, expected: str, remedy: str) -> FormatError:
    fault = Fault(code=code, line=None, place="workbook", found=shortened(found), expected=expected, remedy=remedy)
    return FormatError(source, [fault])
