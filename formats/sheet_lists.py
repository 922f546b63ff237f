"""Lists that people write in a spreadsheet, CSV with semicolons or XLSX: one heading, a row for each thing."""

from collections.abc import Iterator
from pathlib import Path

from formats import sheets
from formats.columns import Batch, Converter, Family, Faults
from formats.errors import Code, Fault, FormatError


def batches(path: Path, source: str, family: Family, faults: Faults) -> Iterator[Batch]:
    """The rows of a list as batches of converted columns; what is wrong with a row goes to `faults`.

    Raises FormatError for what stops the reading: an empty file, a workbook that is none.
    """
    with path.open("rb") as stream:
        head = stream.read(4)
        if not head:
            raise FormatError(source, [empty(family)])
        stream.seek(0)
        read = sheets.read_xlsx if head == b"PK\x03\x04" else sheets.read_csv
        converter = Converter(family, "sheet", faults)
        for chunk in read(stream, source, family, faults):
            yield converter.batch(chunk)


def empty(family: Family) -> Fault:
    """The fault of a list without a row."""
    return Fault(
        code=Code.FILE_EMPTY,
        line=None,
        place="file",
        found="no row",
        expected=f"at least one row of {family.root}",
        remedy="write a row for each of them",
    )
