"""Rows of a decoded text: the same whatever its line ends are and wherever it is cut into pieces."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats.errors import Code, FormatError
from formats.rows import ROW_MAX, Rows

LETTERS = st.text("ab\u2028\x85\x0b\u00a0", max_size=3)


def numbered(texts: list[str]) -> list[tuple[int, str]]:
    return list(_numbered(Rows(texts, "bank.txt")))


def _numbered(rows: Rows) -> Iterator[tuple[int, str]]:
    while rows.peek() is not None:
        number = rows.number
        yield number, rows.take() or ""


@pytest.mark.parametrize(
    ("text", "expected", "why"),
    [
        ("", [], "nothing"),
        ("a", ["a"], "no line end"),
        ("a\n", ["a"], "the line end begins no row"),
        ("\n", [""], "a blank row"),
        ("a\r\nb\rc\nd", ["a", "b", "c", "d"], "all three line ends"),
        ("a\r\rb", ["a", "", "b"], "a blank row between carriage returns"),
        ("a\n\rb", ["a", "", "b"], "LF CR is two line ends"),
        ("a\r", ["a"], "CR at the very end"),
        ("\r", [""], "CR alone"),
        ("a\u2028b\x85c\x0bd\x1ce", ["a\u2028b\x85c\x0bd\x1ce"], "other separators end no row"),
    ],
)
def test_text_becomes_rows(text: str, expected: list[str], why: str) -> None:
    assert numbered([text]) == list(enumerate(expected, 1)), why


@given(st.lists(st.tuples(LETTERS, st.sampled_from(["\r\n", "\n", "\r"])), max_size=8), st.integers(1, 5))
def test_pieces_of_any_size_give_the_rows_of_the_whole(parts: list[tuple[str, str]], size: int) -> None:
    text = "".join(row + end for row, end in parts)
    pieces = ["", *(text[start : start + size] for start in range(0, len(text), size)), ""]
    assert numbered(pieces) == numbered([text])


def test_rest_of_a_row_is_put_back_under_its_number() -> None:
    rows = Rows(["a{4:b\nc"], "bank.txt")
    rows.take()
    rows.put_back("b")
    assert [(rows.number, rows.take()), (rows.number, rows.take())] == [(1, "b"), (2, "c")]


def test_rows_of_a_block_are_taken_at_once() -> None:
    rows = Rows(["a\nb\n", "c\nd\n"], "bank.txt")
    rows.take()
    assert (rows.peek(), rows.block()) == ("b", (["a", "b"], 1))
    rows.skip(1)
    assert (rows.number, rows.peek()) == (3, "c")


@pytest.mark.parametrize("texts", [["a\nb\n" + "x" * (ROW_MAX + 1)], ["a\nb\n", "x" * ROW_MAX, "xx"]])
def test_row_without_an_end_is_refused_where_it_stands(texts: list[str]) -> None:
    with pytest.raises(FormatError) as refusal:
        numbered(texts)
    (fault,) = refusal.value.faults
    assert (fault.code, fault.line, fault.place) == (Code.LINE_TOO_LONG, 3, "line")


def test_row_of_the_greatest_length_is_read() -> None:
    assert numbered(["x" * ROW_MAX + "\n", "b"]) == [(1, "x" * ROW_MAX), (2, "b")]
