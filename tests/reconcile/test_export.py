"""Tables as files: amounts that a sum is exact over, and texts that stay texts in a spreadsheet."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from reconcile import export
from reconcile.export import UnknownTable


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
