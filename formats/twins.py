r"""The request, the return notice, the act and the statement by banks as CSV and XLSX: twins of their XML.

A sheet as a person would lay it out: first the heading, a name and its value in each line, then an empty line, then the
table with the names of its columns. The names are those of the XML (docs/formats/exchange.md), days are 05.03.2024,
months 03.2024, amounts 18460,00. The first name is `document` and its value says which document it is, in which
version. What is counted from the lines is written and compared. CSV is UTF-8 with a byte-order mark, without which
Excel takes the letters for another charset; every cell of an XLSX is text, so that an IIN keeps its leading zeros.

>>> from datetime import date
>>> from formats.documents import Person, TransferAct
>>> person = Person(full_name="Әлия Серік", position_kk="директор", position_ru="директор")
>>> act = TransferAct(month=date(2024, 3, 1), authority_bin="000000000000", authority_kk="а", authority_ru="а",
...     corporation_kk="к", corporation_ru="к", rows=(), corporation_signer=person, authority_signer=person)
>>> write_csv(act).decode("utf-8-sig").split("\r\n")[:3]
['document;appendix1-1', 'month;03.2024', 'authority_bin;000000000000']
>>> read_csv(write_csv(act), "act.csv") == read_xlsx(write_xlsx(act), "act.xlsx") == act
True
"""

import csv
import io
import re
from collections.abc import Iterator

from formats import workbooks
from formats.documents import LINES_MAX, NAMES, VERSION, Document
from formats.errors import Code, Findings
from formats.layouts import OTHER_FILE, check_size
from formats.sheets import DELIMITER
from formats.text import decode
from formats.twin_rows import document_in, rows_of

__all__ = ["read_csv", "read_xlsx", "write_csv", "write_xlsx"]

_LIMITS = workbooks.Limits(rows=LINES_MAX + 1_000, unpacked_bytes=256 << 20)
_LINE_MAX = 1 << 20
_FORMULA = re.compile(r"\A\s*[-=+@－＝＋＠]")
_ESCAPE = re.compile("_x[0-9A-Fa-f]{4}_")


def write_csv(document: Document) -> bytes:
    """The document as CSV in UTF-8 with a byte-order mark, semicolons and CR LF.

    Raises FormatError with every value that would not be read back as it is, or that a spreadsheet would compute.
    """
    carried = "a text that no spreadsheet takes for a formula; XLSX and XML carry this one"
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=DELIMITER, lineterminator="\r\n").writerows(rows_of(document, _FORMULA, carried))
    return text.getvalue().encode("utf-8-sig")


def read_csv(data: bytes, source: str, *, charset: str | None = None) -> Document:
    """The document of a CSV file, its charset told by content or named.

    Raises FormatError with every value that has not its form, or with every total that is not that of the lines.
    """
    findings = Findings(source)
    check_size(data, findings)
    text = decode(data, source, charset).text
    if not text.endswith(("\n", "\r")):
        found, expected = text[-40:], "a line end after the last line"
        remedy = "ask the sender for the whole file"
        findings.fault(Code.FILE_CUT_SHORT, text.count("\n") + 1, "end of file", found, expected, remedy)
    return document_in(_records(text, findings), findings)


def _records(text: str, findings: Findings) -> Iterator[tuple[int, list[str]]]:
    """The rows, each with the line where it begins; one with broken quotes is a fault."""
    reader = csv.reader(_short_lines(text, findings), delimiter=DELIMITER, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            expected = "values between semicolons, in quotes where they hold one"
            remedy = 'put the value in quotes "" and double the quotes inside it'
            findings.fault(Code.TABLE_CELL, line, "line", str(error), expected, remedy)
            continue
        yield line, row


def _short_lines(text: str, findings: Findings) -> Iterator[str]:
    """The lines with their ends; one that goes on and on would become a row that fills the memory."""
    for number, line in enumerate(io.StringIO(text, newline=""), 1):
        if len(line) > _LINE_MAX:
            findings.fault(Code.LINE_TOO_LONG, number, "line", f"{len(line)} characters", "a short line", OTHER_FILE)
            findings.check()
        yield line


def write_xlsx(document: Document) -> bytes:
    """The document as XLSX with one sheet, every cell as text; the same document gives the same bytes.

    Raises FormatError with every value that would not be read back as it is.
    """
    from datetime import UTC, datetime

    from xlsxwriter import Workbook

    carried = "a text without signs like _x000D_, which a workbook takes for another character"
    rows = rows_of(document, _ESCAPE, carried)
    target = io.BytesIO()
    with Workbook(target, {"in_memory": True}) as workbook:
        workbook.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC)})
        text = workbook.add_format({"num_format": "@"})
        sheet = workbook.add_worksheet(f"{NAMES[type(document)]}-{VERSION}")
        sheet.set_column(0, max(map(len, rows)) - 1, 24, text)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                sheet.write_string(number, column, value, text)
    return target.getvalue()


def read_xlsx(data: bytes, source: str) -> Document:
    """The document of a workbook with one sheet.

    Raises FormatError like read_csv(), also for a cell that is a number: its leading zeros are lost.
    """
    findings = Findings(source)
    check_size(data, findings)
    stream = io.BytesIO(data)
    workbooks.walk_through(stream, source, _LIMITS)
    return document_in(enumerate(workbooks.read_cells(stream, source), 1), findings)
