"""CSV and XLSX: headings, charsets, quotes, cells and workbooks that would hurt."""

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from formats import sheets
from formats.awards import AWARD_FIELDS
from formats.errors import Code, FormatError
from formats.text import encode
from tests.formats.tabular import AWARD_WRITERS, CHILD, GRANNY, award, read_awards, read_bytes

HEADING = ";".join(AWARD_FIELDS)
LINE = ";".join(award(address="Астана қ., Жетісу 14"))


@pytest.mark.parametrize(
    ("charset", "mark"),
    [("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("cp1251", b""), ("utf-16", b"")],
)
def test_the_charset_is_told_by_content(tmp_path: Path, charset: str, mark: bytes) -> None:
    AWARD_WRITERS["csv"]([GRANNY, CHILD], tmp_path / "utf8")
    expected, _ = read_awards(tmp_path / "utf8")
    data = mark + encode((tmp_path / "utf8").read_text(encoding="utf-8"), charset)
    assert read_bytes(tmp_path / "other", data) == (expected, [])


def test_a_byte_that_does_not_fit_is_refused_with_its_line(tmp_path: Path) -> None:
    lines = [HEADING, *[LINE] * 2000]
    data = (
        "\n".join(lines).encode().replace("Қож".encode(), b"\xff\xfe", 1501).replace(b"\xff\xfe", "Қож".encode(), 1500)
    )
    _, faults = read_bytes(tmp_path / "a", data)
    assert [(fault.line, fault.place) for fault in faults] == [(1502, "charset")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_any_machine_are_taken(tmp_path: Path, end: str) -> None:
    batches, faults = read_bytes(tmp_path / "a", end.join([HEADING, LINE, "", LINE, ""]).encode())
    assert faults == []
    assert [batch.lines for batch in batches] == [[2, 4]]


def test_the_columns_may_stand_in_any_order(tmp_path: Path) -> None:
    text = "\n".join(";".join(reversed(line.split(";"))) for line in (HEADING, LINE))
    [batch], faults = read_bytes(tmp_path / "a", text.encode())
    assert faults == []
    assert (batch.columns["iin"], batch.columns["sex"]) == ([GRANNY[9]], ["F"])
    assert tuple(batch.columns) == AWARD_FIELDS


# A heading and the places of its faults.
HEADINGS = [
    (HEADING.replace(";sex;", ";gender;"), ["sex", "heading"]),
    (HEADING.replace(";sex;", ";"), ["sex"]),
    (HEADING + ";sex", ["sex"]),
    (HEADING + ";note", ["heading"]),
    # Where no column has a right name, one fault says what the heading should be.
    (HEADING.replace(";", ","), ["heading"]),
    (LINE, ["heading"]),
]


@pytest.mark.parametrize(("heading", "places"), HEADINGS)
def test_a_wrong_heading_ends_the_reading(tmp_path: Path, heading: str, places: list[str]) -> None:
    batches, faults = read_bytes(tmp_path / "a", f"{heading}\n{LINE}\n".encode())
    assert batches == []
    assert [fault.place for fault in faults] == places
    assert {(fault.line, fault.code) for fault in faults} == {(1, Code.TABLE_HEADING)}


# A line, the code, what the fault says, why.
BROKEN = [
    (LINE + ";", Code.TABLE_WIDTH, "26 columns", "one too many"),
    (LINE.removesuffix(";"), Code.TABLE_WIDTH, "24 columns", "one too few"),
    (LINE.replace("Астана", '"Аст"ана'), Code.TABLE_CELL, "expected after", "quotes inside a value"),
    (LINE.replace("Жетісу", "Жет;ісу"), Code.TABLE_WIDTH, "26 columns", "a semicolon without quotes"),
]


@pytest.mark.parametrize(("line", "code", "found", "reason"), BROKEN)
def test_a_broken_line_is_named_and_the_next_is_read(
    tmp_path: Path, line: str, code: Code, found: str, reason: str
) -> None:
    batches, faults = read_bytes(tmp_path / "a", f"{HEADING}\n{LINE}\n{line}\n{LINE}".encode())
    assert [(fault.line, fault.place, fault.code) for fault in faults] == [(3, "line", code)], reason
    assert found in faults[0].found
    assert [batch.lines for batch in batches] == [[2, 4]]


def test_a_quote_that_never_closes_is_a_fault(tmp_path: Path) -> None:
    lines = [HEADING, LINE.replace("Астана", '"Астана'), *[LINE] * 1000]
    _, faults = read_bytes(tmp_path / "a", "\n".join(lines).encode())
    assert faults[0].line == 2


def test_a_file_without_line_ends_does_not_fill_the_memory(tmp_path: Path) -> None:
    _, faults = read_bytes(tmp_path / "a", b"x" * (3 << 20))
    assert [(fault.found, fault.code) for fault in faults] == [("more than 1 MiB", Code.LINE_TOO_LONG)]


def _workbook(path: Path, fill: Callable[[Workbook], None]) -> Path:
    with Workbook(path) as workbook:
        fill(workbook)
    return path


def _rows(workbook: Workbook, *changes: tuple[int, object]) -> None:
    """The heading and the granny's row, some of its cells written as what they look like."""
    sheet = workbook.add_worksheet()
    sheet.write_row(0, 0, AWARD_FIELDS)
    for column, value in enumerate(GRANNY):
        sheet.write_string(1, column, value)
    for column, cell in changes:
        sheet.write(1, column, cell, workbook.add_format({"num_format": "dd.mm.yyyy"}))


def _two_sheets(workbook: Workbook) -> None:
    _rows(workbook)
    workbook.add_worksheet("rest")


def _one_cell(row: int, column: int) -> Callable[[Workbook], None]:
    def fill(workbook: Workbook) -> None:
        workbook.add_worksheet().write(row, column, "x")

    return fill


# What fills the workbook, the place of the fault, what it says.
WORKBOOKS: list[tuple[Callable[[Workbook], None], str, str]] = [
    (lambda workbook: _rows(workbook, (9, 580312400120)), "iin", "a number"),
    (lambda workbook: _rows(workbook, (2, 45356)), "decision_date", "a day"),
    (lambda workbook: _rows(workbook, (14, True)), "sex", "a number"),
    (_two_sheets, "workbook", "2 sheets"),
    (_one_cell(3, 3), "workbook", "empty first row"),
    (_one_cell(0, 16_383), "workbook", "column XFD"),
]


@pytest.mark.parametrize(("fill", "place", "found"), WORKBOOKS)
def test_cells_must_be_text_and_the_workbook_simple(
    tmp_path: Path, fill: Callable[[Workbook], None], place: str, found: str
) -> None:
    batches, faults = read_awards(_workbook(tmp_path / "a", fill))
    assert batches == []
    code = Code.WORKBOOK if place == "workbook" else Code.TABLE_CELL
    assert [(fault.place, fault.code) for fault in faults] == [(place, code)]
    assert found in faults[0].found


def test_two_cells_in_the_corners_of_a_sheet_do_not_stop_the_process(tmp_path: Path) -> None:
    """The rectangle between them would take half a tebibyte."""

    def corners(workbook: Workbook) -> None:
        sheet = workbook.add_worksheet()
        sheet.write(0, 0, "x")
        sheet.write(1_048_575, 16_383, "y")

    _, faults = read_awards(_workbook(tmp_path / "a", corners))
    assert [fault.place for fault in faults] == ["workbook"]


def _with_sheet(path: Path, xml: str) -> bytes:
    """A workbook whose sheet has these bytes."""
    AWARD_WRITERS["xlsx"]([GRANNY], path)
    target = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in source.infolist():
            data = xml.encode() if part.filename == "xl/worksheets/sheet1.xml" else source.read(part)
            archive.writestr(part.filename, data)
    return target.getvalue()


_OPEN = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
# The sheet, what the fault says.
SHEETS = [
    (f'{_OPEN}<row r="1">{"<c/>" * 16_384}</row><row r="1048576"/></sheetData></worksheet>', "column 27"),
    (f'{_OPEN}<row r="1048577"/></sheetData></worksheet>', "row 1048577"),
    (f'{_OPEN}<row r="1"><c r="A99999999999"/></row></sheetData></worksheet>', "row 99999999"),
    (f'<!DOCTYPE x [<!ENTITY a "b">]>{_OPEN}</sheetData></worksheet>', "document type"),
    (f"{_OPEN}<row>", "no element found"),
    (f'{_OPEN}<row r="{" " * (2 << 20)}"/></sheetData></worksheet>', "longer than 1 MiB"),
    (f'{_OPEN}<row r="1"><c r="A1" t="e"><v>#N/A</v></c></row></sheetData></worksheet>', "an error in cell A1"),
]


@pytest.mark.parametrize(("xml", "found"), SHEETS)
def test_a_sheet_that_would_hurt_is_refused(tmp_path: Path, xml: str, found: str) -> None:
    _, faults = read_bytes(tmp_path / "b", _with_sheet(tmp_path / "a", xml))
    assert [fault.place for fault in faults] == ["workbook"]
    assert found in faults[0].found


def test_a_sheet_that_was_not_walked_through_is_not_read(tmp_path: Path) -> None:
    """The library would take a part of any name for a sheet."""
    AWARD_WRITERS["xlsx"]([GRANNY], tmp_path / "a")
    target = io.BytesIO()
    with zipfile.ZipFile(tmp_path / "a") as source, zipfile.ZipFile(target, "w") as archive:
        for part in source.infolist():
            data = source.read(part).replace(b"worksheets/sheet1.xml", b"worksheets/sheet1.dat")
            archive.writestr(part.filename.replace("sheet1.xml", "sheet1.dat"), data)
    _, faults = read_bytes(tmp_path / "b", target.getvalue())
    assert [fault.found for fault in faults] == ["the part worksheets/sheet1.dat"]


def test_a_damaged_workbook_is_refused_wherever_it_is_damaged(tmp_path: Path) -> None:
    AWARD_WRITERS["xlsx"]([GRANNY], tmp_path / "a")
    data = (tmp_path / "a").read_bytes()
    right = read_awards(tmp_path / "a")
    for place in range(4, len(data), 37):
        broken = data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :]
        batches, faults = read_bytes(tmp_path / "b", broken)
        assert faults or (batches, faults) == right, place
    for length in range(4, len(data), 211):
        assert read_bytes(tmp_path / "b", data[:length])[1], length


def test_empty_rows_of_a_sheet_are_passed_over(tmp_path: Path) -> None:
    def gaps(workbook: Workbook) -> None:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, AWARD_FIELDS)
        for number in (2, 5):
            for column, value in enumerate(GRANNY):
                sheet.write_string(number, column, value)

    batches, faults = read_awards(_workbook(tmp_path / "a", gaps))
    assert (faults, [batch.lines for batch in batches]) == ([], [[3, 6]])


def test_more_rows_than_a_sheet_has_are_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "XLSX_ROWS_MAX", 3)
    with pytest.raises(FormatError, match="at most 3 rows; write CSV or XML") as refusal:
        AWARD_WRITERS["xlsx"]([GRANNY] * 4, tmp_path / "a")
    assert refusal.value.faults[0].code is Code.UNWRITABLE


@pytest.mark.parametrize("form", AWARD_WRITERS)
def test_the_same_rows_give_the_same_bytes(tmp_path: Path, form: str) -> None:
    for name in ("a", "b"):
        AWARD_WRITERS[form]([GRANNY, CHILD], tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize("form", AWARD_WRITERS)
@pytest.mark.parametrize(("row", "message"), [(GRANNY[:-1], "24 values"), (award(surname="a\tb"), "not seen")])
def test_a_writer_refuses_what_no_reader_would_take(tmp_path: Path, form: str, row: list[str], message: str) -> None:
    with pytest.raises(FormatError, match=message) as refusal:
        AWARD_WRITERS[form](_once(row), tmp_path / "a")
    assert [(fault.code, fault.place) for fault in refusal.value.faults] == [(Code.UNWRITABLE, "row 1")]


def _once(row: list[str]) -> Iterator[list[str]]:
    yield row
