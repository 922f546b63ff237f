"""The documents as XLSX sheets: the columns of the forms, exact amounts, dates that are dates, print settings.

R-060, R-070, R-071. The equality of bytes over processes and years is tested with the PDF in test_render.py.
"""

import zipfile
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from reconcile import render
from reconcile.words import Language
from reconcile.workbook import TIYN_EXACT, AmountTooLarge
from tests.reconcile.documents import (
    ACT_COLUMNS,
    AUTHORITY,
    DISABILITY,
    STATEMENT_COLUMNS,
    act_of,
    golden_act,
    golden_notice,
    golden_statement,
    transfer,
)


def _cells(xlsx: bytes) -> list[list[Any]]:
    rows: list[list[Any]] = CalamineWorkbook.from_filelike(BytesIO(xlsx)).get_sheet_by_index(0).to_python()
    return rows


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_act_as_a_sheet_has_the_columns_their_numbers_and_real_figures(language: Language) -> None:
    rows = _cells(render.xlsx(golden_act(), language))
    heading = rows.index(ACT_COLUMNS[language])
    assert rows[heading + 1] == [1, 2, 3, 4, 5, 6, 7]
    aid = DISABILITY[f"aid_{language}"]
    name = AUTHORITY[f"authority_{language}"]
    assert rows[heading + 2] == [1, "230540100010", name, "145", date(2024, 3, 14), 1846000, aid]
    assert rows[heading + 4] == [{"kk": "БАРЛЫҒЫ", "ru": "ВСЕГО"}[language], "", "", "", "", 2141360, ""]
    text = str(rows)
    assert {"kk": "Екі миллион жүз қырық бір мың", "ru": "Два миллиона сто сорок одна тысяча"}[language] in text
    assert ("Копия на русском языке" in text) == (language == "ru")
    assert "Жұмағұлов Өмірзақ" in text


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_statement_as_a_sheet_has_grouped_columns_and_a_total(language: Language) -> None:
    rows = _cells(render.xlsx(golden_statement(), language))
    number, bank, sent, returned, paid, aid = STATEMENT_COLUMNS[language]
    heading = rows.index([number, bank, sent, "", returned, "", paid, "", aid])
    pair = {"kk": ["алушылардың саны", "сомасы"], "ru": ["число получателей", "сумма"]}[language]
    assert rows[heading + 1] == ["", "", *pair * 3, ""]
    assert rows[heading + 2] == list(range(1, 10))
    assert rows[heading + 3][2:8] == [60, 1107600, 2, 36920, 58, 1070680]
    total = {"kk": "Барлығы", "ru": "Всего"}[language]
    assert rows[heading + 8] == [total, "", 141, 2159820, 3, 55380, 138, 2104440, ""]
    assert "Нұрпейісова Әсем" in str(rows)


def _sheet_xml(xlsx: bytes, part: str = "xl/worksheets/sheet1.xml") -> str:
    with zipfile.ZipFile(BytesIO(xlsx)) as archive:
        return archive.read(part).decode()


@pytest.mark.parametrize(
    ("tiyn", "stored"),
    [
        (1, "0.01"),
        (10, "0.10"),
        (1005, "10.05"),
        (214136000, "2141360.00"),
        (800000000000029, "8000000000000.29"),
        (TIYN_EXACT - 1, "9999999999999.99"),
        (TIYN_EXACT - 7, "9999999999999.93"),
    ],
)
def test_an_amount_in_a_cell_is_the_amount_digit_for_digit(tiyn: int, stored: str) -> None:
    act = act_of(transfer(1, "1", tiyn, DISABILITY))
    assert _sheet_xml(render.xlsx(act, "kk")).count(f"<v>{stored}</v>") == 2


def test_an_amount_that_a_sheet_would_round_is_refused() -> None:
    with pytest.raises(AmountTooLarge, match="take the PDF or the XML"):
        render.xlsx(act_of(transfer(1, "1", TIYN_EXACT, DISABILITY)), "kk")


def test_a_sheet_prints_like_the_form_and_scrolls_under_its_heading() -> None:
    xlsx = render.xlsx(golden_statement(), "kk")
    sheet = _sheet_xml(xlsx)
    assert 'orientation="landscape"' in sheet
    assert 'fitToHeight="0"' in sheet
    assert 'state="frozen"' in sheet
    assert "_xlnm.Print_Titles" in _sheet_xml(xlsx, "xl/workbook.xml")


def test_the_notice_is_a_table_with_every_column_and_a_total() -> None:
    """R-060: codes and IIN keep their zeros, a name with an equals sign is a name, amounts and dates are values."""
    rows = _cells(render.xlsx(golden_notice(), "kk"))
    heading = next(number for number, row in enumerate(rows) if row[0] == "Р/с №")
    assert len(rows[heading]) == 14
    assert rows[heading + 1] == [
        1,
        "0240300000012",
        "007",
        date(2024, 3, 18),
        '"Қазақстан Халық Банкі" АҚ',
        "NRZ-5",
        "040512600014",
        "Әбдіғали",
        "=Ұлжан",
        "",
        "KZ86125KZT5004100100",
        18460,
        date(2024, 3, 19),
        "шот жабылған",
    ]
    assert rows[heading + 3][0] == "Барлығы: 2"
    assert rows[heading + 3][11] == 36920.01
    assert "Сведения о суммах" in str(_cells(render.xlsx(golden_notice(), "ru"))[0])
