"""The four documents as CSV and XLSX: what comes back, what a person may change, what is refused and how it is said."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from xlsxwriter import Workbook

from formats import forms, layouts, twin_rows, twins, workbooks
from formats.act_documents import FINDINGS, SECTIONS
from formats.documents import TITLES, TOTAL_ROWS, Document
from formats.errors import Code, FormatError
from formats.exchange import schema_of
from formats.layouts import LAYOUTS, Cell, Layout
from formats.text import encode
from formats.twins import read_csv, read_xlsx, write_csv, write_xlsx
from tests.formats.papers import ACT, DOCUMENTS, NOTICE, REQUEST, STATEMENT, TEXTS, documents

FIXTURES = Path(__file__).parents[2] / "fixtures" / "messages" / "exchange"
READERS: dict[str, Callable[[bytes, str], Document]] = {"csv": read_csv, "xlsx": read_xlsx}
WRITERS: dict[str, Callable[[Document], bytes]] = {"csv": write_csv, "xlsx": write_xlsx}


def _text(document: Document) -> str:
    return write_csv(document).decode("utf-8-sig")


def test_a_person_can_read_the_sheet() -> None:
    assert _text(REQUEST).replace("\r\n", "\n") == (
        "document;request-1\n"
        "number;3-Ө\n"
        "sent_on;28.02.2024\n"
        "authority_bin;020340000172\n"
        "authority_kk;Астана қаласының «Жұмыспен қамту» басқармасы\n"
        "authority_ru;Управление занятости & социальных программ\n"
        "corporation_bin;160440007161\n"
        'corporation_kk;"""Азаматтарға арналған үкімет"" КЕАҚ; Астана"\n'
        "corporation_ru;НАО «Правительство для граждан»\n"
        "iban;KZ35601A000000000123\n"
        "bic;HSBKKZKX\n"
        "amount;36920,01\n"
        "\n"
        "aid_kind;name_kk;name_ru;due_month;count;amount\n"
        "H8;8 наурыз;8 марта;03.2024;2;36920,00\n"
        "DC;мүгедек;инвалид;12.2023;1;0,01\n"
    )
    assert write_csv(REQUEST).startswith(b"\xef\xbb\xbfdocument;request-1\r\n")


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_comes_back_and_its_bytes_are_the_same(name: str, form: str) -> None:
    document = DOCUMENTS[name]
    data = WRITERS[form](document)
    assert READERS[form](data, "a") == document
    assert WRITERS[form](document) == data


_REFUSED = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "_x")
_SAFE = TEXTS.filter(lambda text: not any(sign in text for sign in (*_REFUSED, "\u2028", "\u2029", "\ufeff", "\ufffd")))


@pytest.mark.parametrize("form", WRITERS)
@settings(max_examples=60, deadline=None)
@given(document=documents(_SAFE))
def test_read_gives_what_was_written(form: str, document: Document) -> None:
    assert READERS[form](WRITERS[form](document), "a") == document


@pytest.mark.parametrize("form", WRITERS)
@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=12) | st.sampled_from(["_x0041_", "_x005F_x0041_", "=1", " @a", "a\r\nb", "\t", "\ufeff"]))
def test_a_text_comes_back_or_is_not_written(form: str, text: str) -> None:
    document = replace(NOTICE, lines=(replace(NOTICE.lines[0], reason=text),))
    try:
        data = WRITERS[form](document)
    except FormatError:
        return
    assert READERS[form](data, "a") == document


# What a spreadsheet or an editor makes of the CSV when it is opened and saved again.
RESAVED: list[tuple[Callable[[str], str], str]] = [
    (lambda text: text.replace("\r\n", "\n"), "utf-8"),
    (lambda text: text.replace("\r\n", "\r"), "utf-8-sig"),
    (
        lambda text: "\r\n".join(line + ";" * (13 - line.count(";")) for line in text.split("\r\n")[:-1]) + "\r\n",
        "utf-8",
    ),
    (lambda text: text.replace("\r\n\r\n", "\r\n;\r\n\r\n; ;\r\n"), "utf-8-sig"),
    (lambda text: text + ";;;\r\n", "utf-8"),
    (lambda text: text.replace(";0017", ';"0017"'), "utf-16"),
    (
        lambda text: (
            text.replace("«", '""')
            .replace("»", '""')
            .replace("Астана", '"Астана', 1)
            .replace("басқармасы", 'басқармасы"', 1)
        ),
        "cp1251",
    ),
    (lambda text: text.replace("number;0017\r\n", "").replace("\r\n\r\n", "\r\nnumber;0017\r\n\r\n"), "utf-8"),
    (lambda text: text.replace(";580312400120;", "; 580312400120 ;"), "utf-8"),
]


@pytest.mark.parametrize(("change", "charset"), RESAVED)
def test_what_other_programs_save_is_read(change: Callable[[str], str], charset: str) -> None:
    name = NOTICE.authority_kk if charset != "cp1251" else NOTICE.authority_kk.replace("«", '"').replace("»", '"')
    data = encode(change(_text(NOTICE)), charset)
    assert read_csv(data, "a.csv") == replace(NOTICE, authority_kk=name)


def test_the_columns_may_stand_in_any_order() -> None:
    head, table = _text(ACT).split("\r\n\r\n")
    turned = "\r\n".join(";".join(reversed(line.split(";"))) for line in table.split("\r\n"))
    assert read_csv(f"{head}\r\n\r\n{turned}\r\n".encode(), "a.csv") == ACT


def _swap(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new, 1)


_LINE = ";".join(cell.name for cell in LAYOUTS["return-notice-1"].columns)
# A document, a change, the code, what is said.
BROKEN: list[tuple[Document, Callable[[str], str], Code, str]] = [
    (NOTICE, _swap("580312400120", "80312400120"), Code.VALUE,
     "line 11, iin: found '80312400120', expected 12 digits; write the IIN in full, its leading zeros too"),
    (NOTICE, _swap("12.03.2024", "30.02.2024"), Code.DATE,
     "line 11, order_date: found '30.02.2024', expected a day of the calendar as dd.mm.yyyy; write it like 05.03.2024"),
    (NOTICE, _swap("18460,00", "18460.00"), Code.AMOUNT,
     ("line 11, amount: found '18460.00', expected digits, a comma and exactly two digits, like 18460,00, more than"
     " zero; write tenge, a comma and two digits of tiyn")),
    (NOTICE, _swap("020340000172", ""), Code.MISSING,
     "line 4, authority_bin: found '', expected 12 digits; fill the field in"),
    (NOTICE, _swap("amount;55380,00", "amount;55380,01"), Code.TOTAL,
     ("line 8, wrong totals, amount: found '55380,01', expected 55380,00, as the lines give; correct it, or ask the"
     " sender for the document again")),
    (NOTICE, _swap("count;2", "count;3"), Code.TOTAL, "line 7, wrong totals, count: found '3'"),
    (STATEMENT, _swap(";2;2,00\r\n", ";2;2,01\r\n"), Code.TOTAL, "line 24, wrong totals, paid: found '2,01'"),
    (STATEMENT, _swap("total_paid;-5,00", "total_paid;5,00"), Code.TOTAL,
     "line 21, wrong totals, total_paid: found '5,00', expected -5,00, as the lines give"),
    (NOTICE, _swap("return-notice-1", "return-notice-2"), Code.TABLE_HEADING,
     ("line 1, heading: found 'document;return-notice-2', expected document;request-1 or document;return-notice-1 or"
     " document;appendix1-1 or document;appendix2-1 or document;annex1-1 or document;annex2-1 or document;protocol-1 or"
     " document;corrective-act-1; ask the sender for one of these versions, or look whether this is"
     " the right file")),
    (NOTICE, lambda _: "authority_bin;number\r\n1;2\r\n", Code.TABLE_HEADING, "found 'authority_bin;number'"),
    (NOTICE, lambda _: "\r\n\r\n", Code.TABLE_HEADING, "line 1, heading: found 'nothing'"),
    (NOTICE, _swap("number;0017", "no;0017"), Code.TABLE_HEADING, "line 2, heading: found 'no', expected a name of"),
    (NOTICE, _swap("number;0017\r\n", ""), Code.MISSING, "number: found 'no such name in the heading'"),
    (NOTICE, _swap("count;2", "count;2\r\ncount;2"), Code.REPEATED,
     "line 8, count: found 'the name again', expected it once, in line 7"),
    (NOTICE, _swap("count;2", "count;2;x"), Code.TABLE_WIDTH, "line 7, count: found '3 cells'"),
    (NOTICE, _swap("\r\n\r\n", "\r\n"), Code.TABLE_HEADING, "line 9, heading: found 'payment_reference'"),
    (NOTICE, lambda text: text.split("\r\n\r\n")[0] + "\r\n", Code.TABLE_HEADING, "table: found 'no table'"),
    (NOTICE, _swap(";iin;", ";IIN;"), Code.TABLE_HEADING,
     (f"line 10, iin: found 'no such column', expected a column; add the column\n  line 10, heading: found 'IIN', "
     f"expected a known column; take the column out, or correct its name to one of the heading {_LINE}")),
    (NOTICE, _swap(";iin;", ";iban;"), Code.TABLE_HEADING, "line 10, iin: found 'no such column'"),
    (NOTICE, _swap(";Әсел;;", ";Әсел;"), Code.TABLE_WIDTH,
     "line 11, line: found '13 columns', expected 14 columns, as the table's heading has"),
    (NOTICE, _swap(";Әсел;;", ";Әсел;;;"), Code.TABLE_WIDTH, "line 11, line: found '15 columns'"),
    (NOTICE, _swap("Әсел", '"Әс"ел'), Code.TABLE_CELL, "line 11, line: found"),
    (NOTICE, _swap("Әсел", '"Әс\r\nел"'), Code.CONTROL_CHARACTER,
     "line 11, first_name: found 'the character U+000D in Әс··ел'"),
    (NOTICE, _swap("Әсел", "Ә" * 32_768), Code.VALUE, "at most 32767 characters that can be seen"),
    (NOTICE, lambda text: "\r\n".join(text.split("\r\n")[:10]) + "\r\n", Code.MISSING, "table: found 'no line'"),
    (NOTICE, lambda text: text.removesuffix("\r\n"), Code.FILE_CUT_SHORT,
     "line 12, end of file: found ',00;14.03.2024;"),
    (NOTICE, lambda _: "", Code.FILE_EMPTY, "file: found 'no byte'"),
    (NOTICE, lambda text: text + ";" * (1 << 20) + "\r\n", Code.LINE_TOO_LONG,
     "line 13, line: found '1048578 characters'"),
    (NOTICE, lambda text: text.split("\r\n\r\n")[0] + "\r\nx" * 200, Code.TABLE_HEADING, "leave an empty line"),
]  # fmt: skip


@pytest.mark.parametrize(("document", "change", "code", "said"), BROKEN)
def test_a_broken_csv_is_refused(document: Document, change: Callable[[str], str], code: Code, said: str) -> None:
    changed = change(_text(document))
    assert changed != _text(document)
    with pytest.raises(FormatError) as refusal:
        read_csv(changed.encode(), "a.csv")
    assert code in [fault.code for fault in refusal.value.faults]
    assert said in str(refusal.value)


def test_all_faults_are_named() -> None:
    text = _text(NOTICE).replace("KZ", "kz").replace("14.03.2024", "14/03/2024").replace("\nnumber;", "\nnumbers;")
    with pytest.raises(FormatError) as refusal:
        read_csv(text.encode(), "a.csv")
    assert [(fault.line, fault.place) for fault in refusal.value.faults] == [
        (None, "number"), (2, "heading"), (11, "iban"), (11, "returned_on"), (12, "iban"), (12, "returned_on"),
    ]  # fmt: skip


# A document that no reader would take as it is, the form, the place, what was expected.
UNWRITABLE: list[tuple[Document, str, str, str]] = [
    (replace(NOTICE, number="=cmd"), "csv", "number", "no spreadsheet takes for a formula"),
    (replace(NOTICE, number=" +7"), "csv", "number", "no spreadsheet takes for a formula"),
    (replace(NOTICE, number="a_x000D_"), "xlsx", "number", "another character"),
    (replace(NOTICE, number="a\nb"), "csv", "number", "on one line"),
    (replace(NOTICE, number="a" * 32_768), "xlsx", "number", "at most 32767 characters"),
    (replace(NOTICE, number="😀" * 16_384), "xlsx", "number", "at most 32767 characters"),
    (replace(NOTICE, authority_bin=" 020340000172"), "csv", "authority_bin", "12 digits"),
    (replace(NOTICE, lines=()), "csv", "table", "1 to 100000 lines"),
    (replace(ACT, month=ACT.month.replace(day=2)), "xlsx", "month", "a month as mm.yyyy"),
    (replace(REQUEST, lines=(replace(REQUEST.lines[0], amount=0),)), "csv", "line 1, amount", "more than zero"),
    (replace(ACT, rows=(replace(ACT.rows[0], amount=10**17),)), "xlsx", "total", "digits, a comma"),
]


@pytest.mark.parametrize(("document", "form", "place", "expected"), UNWRITABLE)
def test_what_no_reader_would_take_is_not_written(document: Document, form: str, place: str, expected: str) -> None:
    with pytest.raises(FormatError) as refusal:
        WRITERS[form](document)
    fault = refusal.value.faults[0]
    assert (fault.code, fault.place) == (Code.UNWRITABLE, place)
    assert expected in fault.expected


def test_a_formula_is_a_text_in_a_workbook() -> None:
    document = replace(NOTICE, number="=1+1")
    assert read_xlsx(write_xlsx(document), "a.xlsx") == document


def _workbook(document: Document, *changes: tuple[int, int, object], name: str = "a") -> bytes:
    """The document's workbook as a person would leave it: some cells written as what they look like."""
    target = io.BytesIO()
    with Workbook(target, {"in_memory": True, "default_date_format": "dd.mm.yyyy"}) as workbook:
        sheet = workbook.add_worksheet(name)
        text = workbook.add_format({"num_format": "@"})
        rows = twin_rows.rows_of(document, twins._ESCAPE, "")
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                sheet.write_string(number, column, value, text)
        for number, column, cell in changes:
            sheet.write(number, column, cell)
    return target.getvalue()


# The row and column of a cell, what stands there, the place, what is said.
CELLS: list[tuple[int, int, object, str, str]] = [
    (11, 6, 50309500031, "iin",
     ("line 12, iin: found 'a number: 50309500031', expected a cell of text; format the column as text and write the"
     " value again: a number may have lost its leading zeros")),
    (10, 11, 18460.5, "amount", "line 11, amount: found 'a number: 18460.5'"),
    (2, 1, ACT.month, "sent_on", "line 3, sent_on: found 'a day or time: 2024-03-01"),
    (3, 1, 20340000172, "authority_bin", "line 4, authority_bin: found 'a number: 20340000172'"),
    (6, 1, True, "count", "line 7, count: found 'a number: True'"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "column", "cell", "place", "said"), CELLS)
def test_a_cell_that_is_no_text_is_a_fault_and_not_a_guess(
    row: int, column: int, cell: object, place: str, said: str
) -> None:
    with pytest.raises(FormatError) as refusal:
        read_xlsx(_workbook(NOTICE, (row, column, cell)), "a.xlsx")
    [fault] = refusal.value.faults
    assert (fault.code, fault.place) == (Code.TABLE_CELL, place)
    assert said in str(fault)


def test_leading_zeros_of_a_text_stay() -> None:
    document = replace(NOTICE, authority_bin="000140002217", number="0001")
    assert read_xlsx(_workbook(document), "a.xlsx") == document
    assert read_xlsx(_workbook(replace(NOTICE, number="NA")), "a.xlsx") == replace(NOTICE, number="NA")


def _corners(workbook: Workbook) -> None:
    sheet = workbook.add_worksheet()
    sheet.write(0, 0, "document")
    sheet.write(1_048_575, 25, "x")


def _two_sheets(workbook: Workbook) -> None:
    workbook.add_worksheet().write(0, 0, "document")
    workbook.add_worksheet()


def _filled(fill: Callable[[Workbook], None]) -> bytes:
    target = io.BytesIO()
    with Workbook(target, {"in_memory": True}) as workbook:
        fill(workbook)
    return target.getvalue()


def _with_part(part: str, change: Callable[[bytes], bytes]) -> bytes:
    target = io.BytesIO()
    source = io.BytesIO(write_xlsx(NOTICE))
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.infolist():
            data = old.read(one)
            new.writestr(one.filename, change(data) if one.filename == part else data)
    return target.getvalue()


_SHEET = "xl/worksheets/sheet1.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
# The workbook, its code, what is said.
WORKBOOKS: list[tuple[bytes, Code, str]] = [
    (b"PK\x03\x04", Code.WORKBOOK, "File is not a zip file"),
    (b"document;request-1\r\n", Code.WORKBOOK, "File is not a zip file"),
    (b"", Code.FILE_EMPTY, "no byte"),
    (_filled(_two_sheets), Code.WORKBOOK, "2 sheets"),
    (_filled(_corners), Code.FILE_TOO_LARGE, "row 1048576"),
    (_filled(lambda workbook: workbook.add_worksheet()), Code.TABLE_HEADING, "nothing"),
    (_with_part(_SHEET, lambda xml: b"<!DOCTYPE x>" + xml.split(b"?>", 1)[1]), Code.WORKBOOK, "document type"),
    (_with_part(_SHEET, lambda xml: xml[:-9]), Code.WORKBOOK, "broken XML in xl/worksheets/sheet1.xml"),
    (_with_part(_SHEET, lambda xml: xml.replace(b't="s"', b't="e"', 1)), Code.WORKBOOK, "an error in cell A1"),
    (_with_part(_RELATIONS, lambda xml: xml.replace(b"sheet1.xml", b"sheet1.dat")), Code.WORKBOOK,
     "the part worksheets/sheet1.dat"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "code", "found"), WORKBOOKS)
def test_a_workbook_that_would_hurt_is_refused(data: bytes, code: Code, found: str) -> None:
    with pytest.raises(FormatError) as refusal:
        read_xlsx(data, "a.xlsx")
    fault = refusal.value.faults[0]
    assert fault.code is code
    assert found in fault.found


def test_a_workbook_that_unpacks_to_more_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(twins, "_LIMITS", workbooks.Limits(rows=100, unpacked_bytes=1 << 20))
    data = _with_part(_SHEET, lambda xml: xml.replace(b"<sheetData>", b"<sheetData>" + b" " * (1 << 20)))
    with pytest.raises(FormatError, match="more than 1 MiB unpacked"):
        read_xlsx(data, "a.xlsx")


def test_a_file_that_is_too_large_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    for form, write in WRITERS.items():
        data = write(ACT)
        monkeypatch.setattr(layouts, "BYTES_MAX", len(data) - 1)
        with pytest.raises(FormatError) as refusal:
            READERS[form](data, "a")
        assert [fault.code for fault in refusal.value.faults] == [Code.FILE_TOO_LARGE]


def test_more_lines_than_any_document_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = write_csv(NOTICE)
    monkeypatch.setattr(twin_rows, "LINES_MAX", 1)
    with pytest.raises(FormatError, match="line 12, table: found 'more than 1 lines'") as refusal:
        read_csv(data, "a.csv")
    assert refusal.value.faults[0].code is Code.FILE_TOO_LARGE


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_file_cut_short_anywhere_is_refused(name: str, form: str) -> None:
    data = WRITERS[form](DOCUMENTS[name])
    for length in range(0, len(data) - 1, 1 if form == "csv" else 97):
        with pytest.raises(FormatError):
            READERS[form](data[:length], "a")


@settings(max_examples=150, deadline=None)
@given(
    name=st.sampled_from(sorted(DOCUMENTS)),
    form=st.sampled_from(sorted(WRITERS)),
    place=st.integers(0, 10**6),
    piece=st.binary(max_size=6),
    cut=st.integers(0, 6),
)
def test_a_changed_file_is_read_or_refused(name: str, form: str, place: int, piece: bytes, cut: int) -> None:
    data = (FIXTURES / f"{name}.{form}").read_bytes()
    place %= len(data)
    try:
        READERS[form](data[:place] + piece + data[place + cut :], "a")
    except FormatError as refusal:
        assert str(refusal)  # noqa: PT017 - what is read is right too


@settings(max_examples=80, deadline=None)
@given(
    place=st.integers(0, 10**6),
    piece=st.binary(max_size=8),
    part=st.sampled_from([_SHEET, _RELATIONS, "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"]),
)
def test_a_changed_part_of_a_workbook_is_read_or_refused(place: int, piece: bytes, part: str) -> None:
    def change(xml: bytes) -> bytes:
        at = place % len(xml)
        return xml[:at] + piece + xml[at + len(piece) :]

    try:
        read_xlsx(_with_part(part, change), "a.xlsx")
    except FormatError as refusal:
        assert str(refusal)  # noqa: PT017


@settings(max_examples=100, deadline=None)
@given(
    data=st.binary(max_size=300), start=st.sampled_from([b"", b"PK\x03\x04", b"document;request-1\r\n", b"\xff\xfe"])
)
def test_bytes_of_any_kind_are_refused(data: bytes, start: bytes) -> None:
    for read in READERS.values():
        with pytest.raises(FormatError):
            read(start + data, "a")


_TYPES = {
    "Label": forms.LABEL,
    "Number": forms.COMPANY_NUMBER,
    "Bic": forms.BANK_CODE,
    "Iban": forms.BANK_ACCOUNT,
    "Day": forms.DAY,
    "Month": forms.MONTH,
    "AmountForm": forms.SUM,
    "Amount": forms.AMOUNT,
    "Balance": forms.BALANCE,
    "Change": forms.CHANGE,
    "Count": forms.COUNT,
    "Difference": forms.DIFFERENCE,
    "Title": forms.choice(*TITLES),
    "TotalRow": forms.choice(*TOTAL_ROWS),
    "Section": forms.choice(*SECTIONS),
    "Finding": forms.choice(*FINDINGS),
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_a_layout_has_the_fields_and_the_types_of_the_schema(layout: Layout) -> None:
    def said(cells: list[Cell]) -> list[tuple[str, str]]:
        return [(cell.attribute, cell.kind.sheet.expected) for cell in cells]

    schema = etree.parse(schema_of(layout.document))

    def types(name: str) -> list[tuple[str, str]]:
        attributes = schema.iterfind(f"{{*}}complexType[@name='{name}']/{{*}}attribute")
        return [
            (str(one.get("name")), _TYPES[str(one.get("type")).removeprefix("e:")].sheet.expected) for one in attributes
        ]

    assert said([cell for cell in layout.heading if not cell.signer]) == types("Document")
    assert said(list(layout.columns)) == types(layout.lines.removesuffix("s").capitalize())
    for signer in layout.signers:
        assert said([cell for cell in layout.heading if cell.signer == signer]) == types("Person")
