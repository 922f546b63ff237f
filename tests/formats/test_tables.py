"""Records as a table: which columns a message has, and that every cell is the text that the file has."""

import csv
import io
from dataclasses import replace

import pytest
from python_calamine import CalamineWorkbook

from formats import read, tables
from formats.errors import Code, FormatError
from formats.mt102_message import Mt102
from formats.tables import Table
from tests.formats import files

LIST = files.FIXTURES / "C_crediting_card_accounts_input.txt"
MOVEMENT = ("account", "line", "mark", "amount", "booked_on", "value_date", "number", "reference", "bank_reference")
# What has records, and the beginning of its heading.
WITH_RECORDS = [
    ("C_crediting_card_accounts_input.txt", ("reference", "number", "amount", "surname"), 4),
    ("G_utilities_input_cp1251.txt", ("reference", "number", "amount", "address"), 2),
    ("H_multi_payment_102_clearing.txt", ("reference", "amount", "number", "dated", "payer"), 2),
    ("I_mt100_input.txt", ("reference", "amount", "number", "dated", "payer"), 1),
    ("onec/payment_orders_INFERRED.txt", ("reference", "amount", "number", "dated", "payer"), 1),
    ("onec/kaspi_like.txt", MOVEMENT, 2),
    ("onec/accounts_two.txt", MOVEMENT, 4),
    ("mt940/two_pages.sta", MOVEMENT, 2),
    ("mt940/general_mt950.fin", MOVEMENT, 2),
    ("mt9xx/mt950_gross_bic.txt", MOVEMENT, 3),
    ("iso20022/camt.053.001.02_statement.xml", MOVEMENT, 4),
    ("iso20022/pacs.008_crediting.xml", ("message", "end_to_end_id", "amount", "currency", "debtor"), 2),
    ("iso20022/pain.001_freedom.xml", ("message", "end_to_end_id", "amount", "currency", "debtor"), 2),
    ("iso20022/pacs.004_return.xml", ("message", "return_id", "original_end_to_end_id", "amount"), 1),
]


def table_of(name: str) -> Table:
    return tables.table_of(read(files.FIXTURES / name).messages, name)


def rows_of(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.parametrize(("name", "heading", "count"), WITH_RECORDS, ids=[row[0] for row in WITH_RECORDS])
def test_csv_and_xlsx_have_the_same_texts(name: str, heading: tuple[str, ...], count: int) -> None:
    found = rows_of(tables.csv_of(table_of(name), name))
    assert tuple(found[0][: len(heading)]) == heading
    assert len(found) == count + 1
    assert {len(row) for row in found} == {len(found[0])}
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(tables.xlsx_of(table_of(name)))).get_sheet_by_index(0)
    assert sheet.to_python(skip_empty_area=False) == found


def test_amounts_and_days_are_written_as_in_the_exchange_files() -> None:
    heading, first, *_ = rows_of(tables.csv_of(table_of("onec/kaspi_like.txt"), "a"))
    row = dict(zip(heading, first, strict=True))
    assert (row["amount"], row["booked_on"], row["mark"]) == ("4000,00", "14.03.2024", "D")


def test_an_iin_keeps_its_zeros_in_both() -> None:
    [message] = read(LIST).messages
    assert isinstance(message, Mt102)
    zeros = replace(message, items=tuple(item._replace(idn="000112233445") for item in message.items))
    table = tables.table_of([zeros], "a")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(tables.xlsx_of(table))).get_sheet_by_index(0)
    again = tables.table_of([zeros], "a")
    for rows in (sheet.to_python(), rows_of(tables.csv_of(again, "a"))):
        column = [str(name) for name in rows[0]].index("idn")
        assert {row[column] for row in rows[1:]} == {"000112233445"}


def test_the_same_table_gives_the_same_workbook() -> None:
    assert tables.xlsx_of(table_of("onec/kaspi_like.txt")) == tables.xlsx_of(table_of("onec/kaspi_like.txt"))


WITHOUT = [
    ("mt9xx/mt920_request.txt", "MT920, asks for an MT950"),
    ("mt9xx/J_mt905_reject_INFERRED.txt", "MT905, a message was refused"),
    ("iso20022/pacs.002_rejected.xml", "pacs.002, status"),
]


@pytest.mark.parametrize(("name", "found"), WITHOUT)
def test_a_message_without_records_is_named(name: str, found: str) -> None:
    with pytest.raises(FormatError) as refusal:
        table_of(name)
    [fault] = refusal.value.faults
    assert (fault.code, fault.found) == (Code.UNWRITABLE, found)
    assert fault.expected == "messages with people, payments or movements"


def test_no_message_at_all_is_refused() -> None:
    with pytest.raises(FormatError, match="no message"):
        tables.table_of([], "file.txt")


def test_messages_with_different_columns_are_named() -> None:
    found = [*read(LIST).messages, *read(files.FIXTURES / "I_mt100_input.txt").messages]
    with pytest.raises(FormatError) as refusal:
        tables.table_of(found, "file.txt")
    [fault] = refusal.value.faults
    assert fault.found == "MT-102, crediting by list; MT-100, one payment"
    assert fault.expected == "messages whose records have the same columns"


FORMULAS = [
    ("=1+1", True),
    ("  =1+1", True),
    ("+7 701", True),
    ("-x", True),
    ("@SUM(A1)", True),
    ("＝1", True),
    ("+77010000017", False),
    ("№ 1 = 2", False),
    ("", False),
]


@pytest.mark.parametrize(("text", "is_refused"), FORMULAS)
def test_csv_refuses_what_a_spreadsheet_would_compute(text: str, is_refused: bool) -> None:
    table = Table(heading=("purpose",), rows=[(text,)])
    if not is_refused:
        assert rows_of(tables.csv_of(table, "a"))[1:] == [[text]]
        return
    with pytest.raises(FormatError) as refusal:
        tables.csv_of(table, "a")
    [fault] = refusal.value.faults
    assert (fault.place, fault.found, fault.remedy) == ("row 1, purpose", text, "choose xlsx")
