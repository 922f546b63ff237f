"""Lists that people write: holds and cancellations, as CSV, with every fault at its line."""

from datetime import date
from pathlib import Path

import pytest

from formats.cancellations import CancellationLine, read_cancellations
from formats.errors import Code, Fault
from formats.holds import HoldLine, read_holds

REASONS = ("death", "wanted")
HOLDS = "iin;reason;placed_on;document;note"
CANCELLATIONS = "authority_bin;due_month;iin;aid_kind;decision_number;document;reason"


def written(folder: Path, *rows: str) -> Path:
    path = folder / "list.csv"
    path.write_text("\n".join(rows), "utf-8")
    return path


def test_a_list_of_holds(tmp_path: Path) -> None:
    faults: list[Fault] = []
    path = written(
        tmp_path, HOLDS, "950114465701;death;17.03.2024;АХАТ 12;", "950114465701;wanted;18.03.2024;№ 3;іздеу"
    )
    assert read_holds(path, "list.csv", REASONS, faults) == [
        HoldLine(2, "950114465701", "death", date(2024, 3, 17), "АХАТ 12", ""),
        HoldLine(3, "950114465701", "wanted", date(2024, 3, 18), "№ 3", "іздеу"),
    ]
    assert faults == []


def test_a_list_of_cancellations(tmp_path: Path) -> None:
    faults: list[Fault] = []
    path = written(tmp_path, CANCELLATIONS, "230540100010;03.2024;950114465701;A;2024-15;;қайта қаралды")
    assert read_cancellations(path, "list.csv", faults) == [
        CancellationLine(2, "230540100010", date(2024, 3, 1), "950114465701", "A", "2024-15", "", "қайта қаралды")
    ]
    assert faults == []


HOLD_FAULTS = (
    ("950114465701;whim;17.03.2024;№ 1;", (2, "reason")),
    ("95011446570;death;17.03.2024;№ 1;", (2, "iin")),
    ("950114465701;death;31.02.2024;№ 1;", (2, "placed_on")),
    ("950114465701;death;17.03.2024;;", (2, "document")),
    ("", (None, "file")),
)


@pytest.mark.parametrize(("row", "place"), HOLD_FAULTS)
def test_faults_of_a_list_of_holds(tmp_path: Path, row: str, place: tuple[int | None, str]) -> None:
    faults: list[Fault] = []
    read_holds(written(tmp_path, HOLDS, row), "list.csv", REASONS, faults)
    assert [(fault.line, fault.place) for fault in faults] == [place]


ROW = "230540100010;03.2024;950114465701;A;2024-15;№ 9;қате"
CANCELLATION_FAULTS = (
    ((ROW.replace("03.2024", "13.2024"),), [(2, "due_month")]),
    ((ROW.replace("қате", ""),), [(2, "reason")]),
    ((ROW.replace("230540100010", "2305"),), [(2, "authority_bin")]),
    ((ROW, ROW.replace("№ 9", "№ 10")), [(3, "iin")]),
    ((), [(None, "file")]),
)


@pytest.mark.parametrize(("rows", "places"), CANCELLATION_FAULTS)
def test_faults_of_a_list_of_cancellations(
    tmp_path: Path, rows: tuple[str, ...], places: list[tuple[int | None, str]]
) -> None:
    faults: list[Fault] = []
    read_cancellations(written(tmp_path, CANCELLATIONS, *rows), "list.csv", faults)
    assert [(fault.line, fault.place) for fault in faults] == places


def test_an_award_that_stands_twice_is_told_with_its_first_line(tmp_path: Path) -> None:
    faults: list[Fault] = []
    read_cancellations(written(tmp_path, CANCELLATIONS, ROW, ROW), "list.csv", faults)
    assert [(fault.code, fault.expected) for fault in faults] == [(Code.REPEATED, "each award once; line 2 has it")]


def test_an_empty_file_is_a_fault(tmp_path: Path) -> None:
    faults: list[Fault] = []
    path = tmp_path / "list.csv"
    path.write_bytes(b"")
    assert read_cancellations(path, "list.csv", faults) == []
    assert [fault.code for fault in faults] == [Code.FILE_EMPTY]
