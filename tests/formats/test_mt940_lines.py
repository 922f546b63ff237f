"""The movements of a general statement: every part of :61: and :86:, and two ways of reading that agree."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats.errors import Findings, FormatError
from formats.mt940_lines import Heads, LineReader, Mt940Line, line_rows, nearest, unwritable_lines
from formats.rows import Rows
from tests.formats import statements

USUAL = Mt940Line(1, "C", date(2026, 7, 15), date(2026, 7, 15), "", 25_000, "NTRF", "NONREF")


def slowly(text: str) -> tuple[list[Mt940Line], Findings]:
    """The movements of a text read row by row."""
    findings = Findings("statement.sta")
    reader = LineReader(Rows([text], "statement.sta"), Heads(), findings)
    reader._regular = list  # type: ignore[method-assign]
    return [line for batch in reader.batches() for line in batch], findings


def quickly(text: str, size: int = 1 << 16) -> tuple[list[Mt940Line], Findings, LineReader]:
    """The movements of a text read as usual, from chunks of some size."""
    findings = Findings("statement.sta")
    chunks = [text[at : at + size] for at in range(0, len(text), size)]
    reader = LineReader(Rows(chunks, "statement.sta"), Heads(), findings)
    return [line for batch in reader.batches() for line in batch], findings, reader


@pytest.mark.parametrize(
    ("row", "parts", "why"),
    [
        (":61:2607150715C250,00NTRFNONREF", {}, "all in its usual form"),
        (":61:260715C250,00NTRFNONREF", {"booked_on": None}, "no entry date"),
        (":61:2607150715C250,NTRFNONREF", {}, "nothing behind the comma"),
        (":61:2607150715C250,0NTRFNONREF", {}, "one digit behind the comma"),
        (":61:2607150715D250,00NTRFNONREF", {"mark": "D"}, "debit"),
        (":61:2607150715RC250,00NTRFNONREF", {"mark": "RC"}, "credit turned back"),
        (":61:2607150715RD250,00NTRFNONREF", {"mark": "RD"}, "debit turned back"),
        (":61:2607150715EC250,00NTRFNONREF", {"mark": "EC"}, "expected credit"),
        (":61:2607150715ED250,00NTRFNONREF", {"mark": "ED"}, "expected debit"),
        (":61:2607150715CT250,00NTRFNONREF", {"funds_code": "T"}, "last letter of the currency"),
        (":61:2607150715RDR250,00NTRFNONREF", {"mark": "RD", "funds_code": "R"}, "two letters and a third"),
        (":61:2607150715C250,00S103NONREF", {"transaction_type": "S103"}, "type of a SWIFT message"),
        (":61:2607150715C250,00FMSCNONREF", {"transaction_type": "FMSC"}, "first advice"),
        (":61:2607150715C250,00NTRFA/17//B/17", {"reference": "A/17", "bank_reference": "B/17"}, "slashes inside"),
        (":61:2607150715C250,00NTRF//B17", {"reference": "", "bank_reference": "B17"}, "no reference of the owner"),
        (":61:2607150715C250,00NTRFORDER 17", {"reference": "ORDER 17"}, "a blank inside"),
        (":61:2607150715C250,00NTRF" + "9" * 40, {"reference": "9" * 40}, "longer than it should be, kept whole"),
        (":61:2512310102C250,00NTRFNONREF", {"value_date": date(2025, 12, 31), "booked_on": date(2026, 1, 2)}, "new"),
        (":61:2601021231C250,00NTRFNONREF", {"value_date": date(2026, 1, 2), "booked_on": date(2025, 12, 31)}, "old"),
        (":61:2403010229C250,00NTRFNONREF", {"value_date": date(2024, 3, 1), "booked_on": date(2024, 2, 29)}, "leap"),
        (":61:2607150715C0,00NTRFNONREF", {"amount": 0}, "nothing moved"),
        (":61:2607150715C922337203685477,58NTRFNONREF", {"amount": 92_233_720_368_547_758}, "the greatest amount"),
    ],
)
def test_every_part_of_a_movement_is_read(row: str, parts: dict[str, Any], why: str) -> None:
    expected = USUAL._replace(**parts)
    following = ":61:2607150715C250,00NTRFNONREF\n:62F:"
    for ending in (f"\n{following}", f"\n:86:text\nmore\n{following}", f"\nsupplement\n:86:text\n{following}"):
        found, findings, _ = quickly(row + ending)
        assert findings.faults == (), why
        assert found[0]._replace(supplement="", details="") == expected, why
        assert slowly(row + ending)[0] == found, why
    assert found[0][9:] == ("supplement", "text")


@pytest.mark.parametrize(
    ("row", "expected", "why"),
    [
        (":61:2607150715c250,00NTRFNONREF", "read as 2607150715C250,00NTRF", "a small letter"),
        (":61:2607150715С250,00NTRFNONREF", "read as 2607150715C250,00NTRF", "a Cyrillic letter"),
        (":61:2607150715C 250,00NTRFNONREF", "read as 2607150715C250,00NTRF", "a blank"),
        (":61:2607150715C250.00NTRFNONREF", "a dot was read as the comma", "a dot"),
    ],
)
def test_what_can_mean_one_thing_only_is_read_and_noted(row: str, expected: str, why: str) -> None:
    found, findings, _ = quickly(row + "\n:62F:")
    assert found == [USUAL], why
    assert [note.meaning for note in findings.notes] == [expected]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (
            ":61:2607150715K250,00NTRFNONREF",
            "line 1, :61: mark: found 'K', expected C, D, RC, RD, EC, ED, then at most one letter of the currency; ",
        ),
        (
            ":61:2607150715C12,5ONTRFNONREF",
            (
                "line 1, :61: amount: found '12,5O', expected digits and a comma, with up to two digits behind it, "
                "like 18460,00; "
            ),
        ),
        (
            ":61:2607150715C1.250,00NTRFNONREF",
            (
                "line 1, :61: amount: found '1.250,00', expected digits and a comma, with up to two digits behind it, "
                "like 18460,00; "
            ),
        ),
        (
            ":61:2602300228C250,00NTRFNONREF",
            "line 1, :61: date: found '260230', expected days that exist: YYMMDD, then optionally MMDD; ",
        ),
        (
            ":61:2602280230C250,00NTRFNONREF",
            "line 1, :61: date: found '0230', expected days that exist: YYMMDD, then optionally MMDD; ",
        ),
        (
            ":61:15.07.26C250,00NTRF",
            "line 1, :61: value date: found '15.07.26C250,00NTRF', expected a date YYMMDD, then optionally MMDD; ",
        ),
        (
            ":61:2607150715C250,00XTRF",
            (
                "line 1, :61: transaction type: found '250,00XTRF', expected behind the amount, N, S or F and three "
                "capitals or digits, like NTRF; "
            ),
        ),
        (
            ":61:2607150715C922337203685477,59NTRFNONREF",
            "line 1, :61: amount: found '922337203685477,59', expected at most 922337203685477,58; ",
        ),
        (
            ":61:2607150715C250,00NTRFA/",
            "line 1, :61: references: found 'NTRFA/', expected references parted by //, none of which ends with /; ",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place(row: str, fault: str) -> None:
    found, findings, reader = quickly(f"{row}\n:86:text\n:62F:")
    assert found == []
    assert [str(one) for one in findings.faults] == [f"{fault}ask the sender for a corrected file"]
    assert not reader.is_whole


@pytest.mark.parametrize(
    ("rows", "supplement", "details", "why"),
    [
        ([":86:A", "B", "", "C", ""], "", "A\nB\n\nC", "blank lines inside, none at the end"),
        ([":86:A", "- B", "-"], "", "A\n- B", "a hyphen alone ends the statement"),
        ([":86:A  ", "B\t"], "", "A\nB", "blanks at the ends of lines"),
        ([":86:A", ":86:B"], "", "A\nB", "several :86: under one :61:"),
        ([":86:A", ": B"], "", "A\n: B", "a line that begins with a colon is no tag"),
        (["S", "T", ":86:A"], "S\nT", "A", "more supplementary lines than one"),
        ([":86:", "A"], "", "A", "nothing behind the tag"),
        ([":86:A", "{B}"], "", "A\n{B}", "braces"),
        ([":86:A", "{1:F01"], "", "A", "the next message"),
        (["-}{5:{MAC:00000000}}"], "", "", "the end of the message"),
    ],
)
def test_texts_of_a_movement_are_kept_whole(rows: list[str], supplement: str, details: str, why: str) -> None:
    found, _, _ = quickly("\n".join([":61:2607150715C250,00NTRFNONREF", *rows]) + "\n")
    assert found == [USUAL._replace(supplement=supplement, details=details)], why


PIECES = st.sampled_from(
    [
        ":61:2607150715C250,00NTRFNONREF",
        ":61:2512310102RD1,5NTRFA/1//B",
        ":61:260230D1,NTRFA",
        ":61:26071C1,NTRFA",
        ":61:2607150715CC250.0NTRFNONREF//",
        ":86:text",
        ":86:",
        "more text",
        "more text ",
        "",
        ": no tag",
        "- no end",
        "{text}",
    ]
)


@given(st.lists(PIECES, max_size=60), st.integers(1, 400))
def test_reading_by_blocks_gives_what_reading_row_by_row_gives(pieces: list[str], size: int) -> None:
    text = "\n".join([":61:260715C250,NTRFNONREF", *pieces, ":62F:"])
    found, findings, reader = quickly(text, size)
    slow, slow_findings = slowly(text)
    assert found == slow
    assert findings.faults == slow_findings.faults
    assert findings.notes == slow_findings.notes
    assert reader.change == sum(line.change for line in found)


@given(statements.movements(40), st.integers(1, 2000))
def test_movements_written_are_the_movements_read(lines: tuple[Mt940Line, ...], size: int) -> None:
    assert unwritable_lines(lines) == []
    text = "\r\n".join(row for line in lines for row in line_rows(line)) + "\r\n:62F:"
    found, findings, reader = quickly(text, size)
    assert tuple(found) == lines
    assert (findings.faults, findings.notes) == ((), ())
    assert (reader.count, reader.change) == (len(lines), sum(line.change for line in lines))


@given(st.dates(date(2000, 7, 1), date(2099, 6, 30)), st.integers(-182, 182))
def test_year_of_the_entry_date_is_the_nearest(value_date: date, apart: int) -> None:
    booked_on = date.fromordinal(value_date.toordinal() + apart)
    found = nearest(f"{booked_on:%m%d}", value_date)
    assert abs((found - value_date).days) <= abs(apart) or found == booked_on
    assert found.strftime("%m%d") == booked_on.strftime("%m%d")


def test_memory_of_beginnings_is_bounded() -> None:
    heads = Heads()
    for day in range(1, 29):
        for month in range(1, 13):
            for year in range(100):
                assert heads[f"{year:02d}{month:02d}{day:02d}C"][0] == "C"
    assert len(heads) <= 20_001


@pytest.mark.parametrize(
    ("parts", "place"),
    [
        ({"line": 2}, ":61: number 1"),
        ({"mark": "X"}, ":61: number 1: mark"),
        ({"value_date": date(1999, 12, 31), "booked_on": None}, ":61: number 1: value date"),
        ({"booked_on": date(2025, 7, 15)}, ":61: number 1: entry date"),
        ({"funds_code": "TT"}, ":61: number 1: funds code"),
        ({"amount": -1}, ":61: number 1"),
        ({"transaction_type": "TRF"}, ":61: number 1: transaction type"),
        ({"reference": ""}, ":61: number 1: reference"),
        ({"reference": "A//B"}, ":61: number 1: reference"),
        ({"reference": "12345678901234567"}, ":61: number 1: reference"),
        ({"bank_reference": "/B"}, ":61: number 1: bank reference"),
        ({"supplement": ":61:"}, ":61: number 1: supplement"),
        ({"details": "A\n-}"}, ":86: number 1"),
        ({"details": "A\n\nB"}, ":86: number 1"),
    ],
)
def test_what_would_be_read_otherwise_is_not_written(parts: dict[str, Any], place: str) -> None:
    [fault] = unwritable_lines([USUAL._replace(**parts)])
    assert fault.place == place


def test_row_without_end_is_refused() -> None:
    with pytest.raises(FormatError, match="more than 1 MiB"):
        quickly(":61:2607150715C250,00NTRF" + "9" * (1 << 21))
