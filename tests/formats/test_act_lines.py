"""The authority's lines of an act that it disputes, as CSV and XLSX, read whole or refused with every fault."""

import io
from datetime import date
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from formats.act_lines import ACT_LINES, ActLine, read_act_lines
from formats.errors import Code, FormatError

ROWS = [["145", "14.03.2024", "1846000,00", "A", ""], [" 146 ", "15.03.2024", "-0,01", "", "қате; түзету"]]
LINES = [
    ActLine(order_number="145", order_date=date(2024, 3, 14), amount=1_846_000_00, aid_kind="A", comment=""),
    ActLine(order_number="146", order_date=date(2024, 3, 15), amount=-1, aid_kind="", comment="қате; түзету"),
]


def csv_of(rows: list[list[str]]) -> bytes:
    quoted = [[f'"{cell}"' if ";" in cell else cell for cell in row] for row in [list(ACT_LINES.names), *rows]]
    return "".join(f"{';'.join(row)}\r\n" for row in quoted).encode("utf-8-sig")


def xlsx_of(rows: list[list[str]]) -> bytes:
    target = io.BytesIO()
    with Workbook(target, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        for number, row in enumerate([list(ACT_LINES.names), *rows]):
            for column, value in enumerate(row):
                sheet.write_string(number, column, value)
    return target.getvalue()


@pytest.mark.parametrize("form", [csv_of, xlsx_of])
def test_both_forms_give_the_same_lines(tmp_path: Path, form: object) -> None:
    assert callable(form)
    path = tmp_path / "lines"
    path.write_bytes(form(ROWS))
    assert read_act_lines(path, "lines") == LINES
    path.write_bytes(form([]))
    assert read_act_lines(path, "lines") == []


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (b"", [Code.FILE_EMPTY]),
        (csv_of([["145", "31.02.2024", "1.00", "", ""]]), [Code.DATE, Code.AMOUNT]),
        (csv_of([["", "14.03.2024", "0,00", "", ""]]), [Code.MISSING, Code.AMOUNT]),
        (b"number;date\r\n1;2\r\n", [Code.TABLE_HEADING]),
    ],
)
def test_every_fault_is_named(tmp_path: Path, data: bytes, codes: list[Code]) -> None:
    path = tmp_path / "lines"
    path.write_bytes(data)
    with pytest.raises(FormatError) as refusal:
        read_act_lines(path, "lines")
    assert [fault.code for fault in refusal.value.faults] == codes
