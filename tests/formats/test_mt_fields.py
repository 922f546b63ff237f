"""Values under a tag: what is no subfield, no amount or no day is a fault, and nothing of it is lost."""

import time
from datetime import date

import pytest

from formats.errors import Code, Findings
from formats.mt import Field
from formats.mt_fields import Part, day, money, tagged, value_day


def read(tag: str, *rows: str) -> tuple[str, dict[str, Part], list[tuple[Code, int | None, str, str]]]:
    findings = Findings("bank.txt")
    found = tagged(Field(tag, 5, list(rows)), findings)
    return found.value, found.parts, [(one.code, one.line, one.place, one.found) for one in findings.faults]


@pytest.mark.parametrize(
    ("rows", "name", "expected"),
    [
        (("/ASSIGN/a", " b ", "", "c"), "ASSIGN", Part(5, "a b c")),
        (("", "/ASSIGN/", "b"), "ASSIGN", Part(6, "b")),
        (("//FM/ A\u00a0",), "FM", Part(5, "A")),
        (("/XX/a", "b", "c"), "XX", Part(5, "a\nb\nc")),
        (("/XX/a", "/YY/", "/XX/b", "c"), "XX", Part(5, "a\n/XX/b\nc")),
        (("/MAINBNK/a",), "MAINBK", Part(5, "a")),
    ],
)
def test_rows_of_a_subfield_are_joined(rows: tuple[str, ...], name: str, expected: Part) -> None:
    value, parts, faults = read("70", *rows)
    assert (value, parts[name], faults) == ("", expected, [])


@pytest.mark.parametrize(
    ("tag", "rows", "expected"),
    [
        ("70", ("free text", "/NUM/1"), (Code.MT_TEXT_BLOCK, 5, ":70: value", "free text")),
        ("50", ("KZ1", "/D/KZ2"), (Code.MT_TEXT_BLOCK, 5, ":50: value", "KZ1")),
        ("59", ("KZ1", "/lost"), (Code.MT_TEXT_BLOCK, 6, ":59: subfield", "/lost")),
        ("70", ("/lost",), (Code.MT_TEXT_BLOCK, 5, ":70: subfield", "/lost")),
        ("20", ("R", "more"), (Code.MT_TEXT_BLOCK, 6, "text block", "more")),
        ("70", ("/NM/A", "more"), (Code.MT_TEXT_BLOCK, 6, "text block", "more")),
        ("70", ("/ASSIGN/A", "/NM/B", "/ASSIGN/C"), (Code.REPEATED, 7, ":70: /ASSIGN/", "again, first on line 5")),
    ],
)
def test_text_that_belongs_to_nothing_is_one_fault(
    tag: str, rows: tuple[str, ...], expected: tuple[Code, int, str, str]
) -> None:
    assert read(tag, *rows)[2] == [expected]


def test_row_that_is_no_subfield_does_not_take_the_place_of_the_value() -> None:
    assert read("59", "KZ1", "/lost")[0] == "KZ1"


@pytest.mark.parametrize("rows", [["/ASSIGN/"] + ["word"] * 200_000, ["/XX/"] * 200_000, ["/XX/"] + ["word"] * 200_000])
def test_rows_without_end_are_joined_in_linear_time(rows: list[str]) -> None:
    start = time.process_time()
    read("70", *rows)
    # Joined row by row they would take minutes.
    assert time.process_time() - start < 20


@pytest.mark.parametrize(
    ("text", "tiyn", "noted"),
    [
        ("KZT18460,00", 1846000, ""),
        ("KZT,50", 50, "the zero before the comma was missing"),
        ("КZТ1,00", 100, "Cyrillic letters were read as KZT"),
        ("KZT922337203685477,58", 92233720368547758, ""),
    ],
)
def test_amount_is_read_to_the_tiyn(text: str, tiyn: int, noted: str) -> None:
    findings = Findings("bank.txt")
    assert money(tagged(Field("32B", 5, [text]), findings), findings) == tiyn
    assert [note.meaning for note in findings.notes] == ([noted] if noted else [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("KZT0,00", Code.AMOUNT),
        ("KZT1.00", Code.AMOUNT),
        ("KZT 1,00", Code.AMOUNT),
        ("KZT1,0О", Code.AMOUNT),
        ("KZT١,٠٠", Code.AMOUNT),
        ("KZT1,00\u200b", Code.AMOUNT),
        ("KZT922337203685477,59", Code.AMOUNT),
        ("KZT", Code.AMOUNT),
        ("kzt1,00", Code.CURRENCY),
        ("USD1,00", Code.CURRENCY),
        ("1,00", Code.CURRENCY),
        ("030918KZT1,00", Code.CURRENCY),
    ],
)
def test_amount_in_another_form_is_one_fault(text: str, code: Code) -> None:
    findings = Findings("bank.txt")
    assert money(tagged(Field("32B", 5, [text]), findings), findings) is None
    assert [(one.code, one.line) for one in findings.faults] == [(code, 5)]


def test_blank_between_the_date_and_the_currency_is_not_forgiven_in_silence() -> None:
    findings = Findings("bank.txt")
    total = tagged(Field("32A", 5, ["230701 KZT1,00"]), findings)
    assert value_day(total, findings) == date(2023, 7, 1)
    assert money(total, findings) is None
    assert [one.code for one in findings.faults] == [Code.CURRENCY]


@pytest.mark.parametrize("text", ["230229", "20230701", "2307 1", "٢30701", "", "000000"])
def test_what_is_no_day_is_a_fault(text: str) -> None:
    findings = Findings("bank.txt")
    assert day(text, 5, "date", findings) == date.min
    assert [(one.code, one.line) for one in findings.faults] == [(Code.DATE, 5)]
