"""Tables as files: amounts that a sum is exact over, texts that stay texts in a spreadsheet, a digest beside each."""

import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from reconcile import export
from reconcile.export import ParquetMissing, UnknownTable


@dataclass(frozen=True)
class Row:
    name: str
    amount: int


def rows_of(path: Path) -> list[list[Any]]:
    return list[list[Any]](CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python())


def test_amounts_are_in_tiyn_and_in_tenge(tmp_path: Path) -> None:
    assert export.save([Row("a", 18_460_00)], tmp_path / "table.xlsx") == 1
    assert rows_of(tmp_path / "table.xlsx") == [["name", "amount_tiyn", "amount_kzt"], ["a", 1846000, "18460,00"]]


@pytest.mark.parametrize("name", ["=1+1", '=HYPERLINK("http://x.kz")', "https://x.kz", "mailto:a@x.kz"])
def test_what_looks_like_a_formula_or_an_address_stays_a_text(tmp_path: Path, name: str) -> None:
    export.save([Row(name, 1)], tmp_path / "table.xlsx")
    assert rows_of(tmp_path / "table.xlsx")[1][0] == name


def test_a_name_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownTable, match=r"table\.ods"):
        export.save([Row("a", 1)], tmp_path / "table.ods")


@dataclass(frozen=True)
class Moved:
    booked_on: date
    opening_debit: int
    closing_credit: int


@pytest.mark.parametrize("name", ["table.csv", "table.xlsx"])
def test_the_digest_beside_a_table_is_what_sha256sum_checks(tmp_path: Path, name: str) -> None:
    export.save([Row("a", 1)], tmp_path / name)
    check = ["sha256sum", "-c", f"{name}.sha256"]
    assert subprocess.run(check, cwd=tmp_path, check=True, capture_output=True, text=True).stdout == f"{name}: OK\n"
    (tmp_path / name).write_bytes(b"another")
    assert subprocess.run(check, cwd=tmp_path, check=False, capture_output=True).returncode == 1


def test_every_amount_of_a_trial_balance_is_in_tiyn_and_in_tenge(tmp_path: Path) -> None:
    export.save([Moved(date(2024, 3, 14), 5_00, 7_00)], tmp_path / "table.xlsx")
    assert rows_of(tmp_path / "table.xlsx")[0] == [
        "booked_on",
        "opening_debit_tiyn",
        "opening_debit_kzt",
        "closing_credit_tiyn",
        "closing_credit_kzt",
    ]


def test_parquet_keeps_whole_tiyn_and_dates(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "table.parquet"
    assert export.save([Moved(date(2024, 3, 14), 5_00, 7_00)], path) == 1
    table = parquet.read_table(path)
    assert {field.name: str(field.type) for field in table.schema} == {
        "booked_on": "date32[day]",
        "opening_debit_tiyn": "int64",
        "closing_credit_tiyn": "int64",
    }
    assert table.to_pylist() == [
        {"booked_on": date(2024, 3, 14), "opening_debit_tiyn": 5_00, "closing_credit_tiyn": 7_00}
    ]
    assert export.digest_path(path).exists()


def test_parquet_without_its_library_is_refused_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ParquetMissing, match=r"install it, or name a \.csv or \.xlsx file"):
        export.save([Row("a", 1)], tmp_path / "table.parquet")
    assert list(tmp_path.iterdir()) == []
