"""Files of moved days: both forms say the same, and every fault of a file is listed at once."""

from datetime import date
from pathlib import Path

import pytest

from formats.errors import Code, FormatError
from formats.moved_days import MOVED_DAYS, read_moved_days
from formats.tables import Table, xlsx_of

HEADING = "day;working;bank;basis\n"
ROWS = (
    ("04.05.2024", "yes", "", "Order of 17.04.2024"),
    ("08.05.2024", "no", "", "Order of 17.04.2024"),
    ("15.06.2024", "yes", "no", "Order of 01.06.2024"),
)


def write(path: Path, *rows: tuple[str, ...]) -> Path:
    path.write_text(HEADING + "".join(";".join(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_bank_day_is_a_working_day_unless_the_file_says_otherwise(tmp_path: Path) -> None:
    found = read_moved_days(write(tmp_path / "days.csv", *ROWS), "days.csv")
    assert [(row.line, row.day, row.is_working, row.is_bank_day) for row in found] == [
        (2, date(2024, 5, 4), True, True),
        (3, date(2024, 5, 8), False, False),
        (4, date(2024, 6, 15), True, False),
    ]
    assert found[0].basis == "Order of 17.04.2024"


def test_a_workbook_says_the_same(tmp_path: Path) -> None:
    path = tmp_path / "days.xlsx"
    path.write_bytes(xlsx_of(Table(heading=MOVED_DAYS.names, rows=ROWS)))
    twin = read_moved_days(write(tmp_path / "days.csv", *ROWS), "days.csv")
    assert read_moved_days(path, "days.xlsx") == twin


def test_columns_may_stand_in_any_order_and_the_charset_is_told_by_content(tmp_path: Path) -> None:
    path = tmp_path / "days.csv"
    path.write_bytes("basis;day;bank;working\nПриказ от 17.04.2024;04.05.2024;;yes\n".encode("cp1251"))
    (row,) = read_moved_days(path, "days.csv")
    assert (row.day, row.is_working, row.basis) == (date(2024, 5, 4), True, "Приказ от 17.04.2024")


FAULTS = [
    (("31.06.2024", "yes", "", "-"), 2, "day", Code.DATE),
    (("2024-05-04", "yes", "", "-"), 2, "day", Code.DATE),
    (("04.05.2024", "maybe", "", "-"), 2, "working", Code.VALUE),
    (("04.05.2024", "", "", "-"), 2, "working", Code.MISSING),
    (("04.05.2024", "yes", "1", "-"), 2, "bank", Code.VALUE),
    (("04.05.2024", "yes", "", ""), 2, "basis", Code.MISSING),
    (("04.05.2024", "yes", "-"), 2, "line", Code.TABLE_WIDTH),
]


@pytest.mark.parametrize(("row", "line", "place", "code"), FAULTS)
def test_a_wrong_row_is_named(tmp_path: Path, row: tuple[str, ...], line: int, place: str, code: Code) -> None:
    with pytest.raises(FormatError) as caught:
        read_moved_days(write(tmp_path / "days.csv", row), "days.csv")
    assert (line, place, code) in {(fault.line, fault.place, fault.code) for fault in caught.value.faults}


def test_a_day_that_stands_twice_is_refused_with_its_first_line(tmp_path: Path) -> None:
    with pytest.raises(FormatError) as caught:
        read_moved_days(write(tmp_path / "days.csv", ROWS[0], ROWS[1], ROWS[0]), "days.csv")
    (fault,) = caught.value.faults
    assert (fault.line, fault.code, fault.found) == (4, Code.REPEATED, "04.05.2024")
    assert fault.expected == "each day once; line 2 has it"


def test_all_faults_are_listed_at_once(tmp_path: Path) -> None:
    bad = [row for row, *_ in FAULTS]
    with pytest.raises(FormatError) as caught:
        read_moved_days(write(tmp_path / "days.csv", *bad), "days.csv")
    assert {fault.line for fault in caught.value.faults} == {2, 3, 4, 5, 6, 7, 8}


@pytest.mark.parametrize("content", ["", HEADING, "day;working\n04.05.2024;yes\n"], ids=["empty", "heading", "columns"])
def test_a_file_without_days_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "days.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(FormatError):
        read_moved_days(path, "days.csv")
