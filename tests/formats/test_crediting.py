"""Banks' crediting registers as files: CSV and XLSX, outcomes in three languages, what a bank may leave empty."""

from pathlib import Path

import pytest

from formats.crediting import FAMILY, OUTCOMES, read_crediting
from formats.errors import Fault

HEADING = ";".join(FAMILY.names)
ROW = "GCVP-00100000071;5;880101300018;Тестова Айгүл;KZ456010000000000001;18460,00;credited;19.03.2024;"


def read(path: Path) -> tuple[dict[str, list[str]], list[int], list[Fault]]:
    faults: list[Fault] = []
    columns: dict[str, list[str]] = {name: [] for name in FAMILY.names}
    lines: list[int] = []
    for batch in read_crediting(path, path.name, faults):
        lines += batch.lines
        for name, values in batch.columns.items():
            columns[name] += values
    return columns, lines, faults


def written(folder: Path, *rows: str, charset: str = "utf-8") -> Path:
    path = folder / "register.csv"
    path.write_bytes("\n".join([HEADING, *rows, ""]).encode(charset))
    return path


@pytest.mark.parametrize("charset", ["utf-8", "cp1251"])
def test_a_row_is_a_person(tmp_path: Path, charset: str) -> None:
    row = ROW if charset == "utf-8" else ROW.replace("Айгүл", "Анна")
    columns, lines, faults = read(written(tmp_path, row, charset=charset))
    assert not faults
    assert lines == [2]
    assert {name: values[0] for name, values in columns.items() if name != "full_name"} == {
        "order_reference": "GCVP-00100000071",
        "item": "5",
        "iin": "880101300018",
        "iban": "KZ456010000000000001",
        "amount": "1846000",
        "outcome": "credited",
        "credited_on": "2024-03-19",
        "reason": "",
    }


@pytest.mark.parametrize("word", OUTCOMES)
def test_an_outcome_is_written_in_three_languages(tmp_path: Path, word: str) -> None:
    columns, _, faults = read(written(tmp_path, ROW.replace("credited", word)))
    assert not faults
    assert columns["outcome"] == [OUTCOMES[word]]


def test_what_a_bank_does_not_know_is_empty(tmp_path: Path) -> None:
    columns, _, faults = read(written(tmp_path, ";;;;KZ456010000000000001;0,01;returned;19.03.2024;СЧЕТ ЗАКРЫТ"))
    assert not faults
    assert [columns[name][0] for name in ("order_reference", "item", "iin", "full_name")] == ["", "0", "", ""]
    assert columns["reason"] == ["СЧЕТ ЗАКРЫТ"]


@pytest.mark.parametrize(
    ("found", "put", "place"),
    [
        ("KZ456010000000000001", "", "iban"),
        ("KZ456010000000000001", "KZ45", "iban"),
        ("880101300018", "88010130001", "iin"),
        ("18460,00", "18460.00", "amount"),
        ("18460,00", "0,00", "amount"),
        ("credited", "paid", "outcome"),
        ("19.03.2024", "2024-03-19", "credited_on"),
        (";5;", ";five;", "item"),
    ],
)
def test_a_fault_names_its_line_and_place(tmp_path: Path, found: str, put: str, place: str) -> None:
    columns, lines, faults = read(written(tmp_path, ROW, ROW.replace(found, put)))
    assert [(fault.line, fault.place) for fault in faults] == [(3, place)]
    assert lines == [2]
    assert len(columns["iban"]) == 1


def test_a_sheet_is_read_like_csv(tmp_path: Path) -> None:
    import pandas as pd

    path = tmp_path / "register.xlsx"
    frame = pd.DataFrame([ROW.split(";")], columns=list(FAMILY.names))
    frame.to_excel(path, index=False, engine="xlsxwriter")
    columns, lines, faults = read(path)
    assert not faults
    assert lines == [2]
    assert columns["amount"] == ["1846000"]


@pytest.mark.parametrize("rows", [[], ["no;such;columns"]])
def test_a_file_without_a_person_is_a_fault(tmp_path: Path, rows: list[str]) -> None:
    _, lines, faults = read(written(tmp_path, *rows))
    assert lines == []
    assert len(faults) == 1
