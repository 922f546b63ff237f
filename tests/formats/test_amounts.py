"""Money as text (E48): one form in bank messages and award files, another in 1C statements, and nothing in between."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats.amounts import (
    AMOUNT_MAX,
    display_amount,
    format_amount,
    format_amounts,
    format_dot_amount,
    parse_amount,
    parse_amounts,
    parse_dot_amount,
)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("18460.00", "a dot"),
        ("18460,0", "one decimal"),
        ("18460,005", "three decimals"),
        ("18460", "no decimals"),
        (",50", "no digit before the comma"),
        ("18 460,00", "thousands separator"),
        ("-1,00", "a sign"),
        ("+1,00", "a sign"),
        ("1,00 ", "a blank"),
        ("1,00\n", "a line feed"),
        ("١٢,٠٠", "digits of another script"),
        ("12,5O", "the letter O for a zero"),
        ("", "nothing"),
        ("9999999999999999,00", "sixteen digits"),
        ("922337203685477,59", "one tiyn beyond what a bank message carries"),
    ],
)
def test_amount_in_any_other_form_is_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=r"digits|at most"):
        pytest.fail(f"{why}: read as {parse_amount(text)}")


@pytest.mark.parametrize(
    ("text", "tiyn"),
    [("18460,00", 1846000), ("0,01", 1), ("0,00", 0), ("007,50", 750), ("922337203685477,58", AMOUNT_MAX)],
)
def test_amount_with_comma_and_two_digits_is_read(text: str, tiyn: int) -> None:
    assert parse_amount(text) == tiyn


@pytest.mark.parametrize(
    ("text", "tiyn"), [("7745.7", 774570), ("110860", 11086000), ("1.05", 105), ("0", 0), ("7745.70", 774570)]
)
def test_dot_amount_may_drop_trailing_zeros(text: str, tiyn: int) -> None:
    assert parse_dot_amount(text) == tiyn


@pytest.mark.parametrize("text", ["7745,7", "1.005", "1.", ".5", "-1", "1 000.00", "1e3", ""])
def test_dot_amount_in_any_other_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="digits"):
        parse_dot_amount(text)


@given(st.integers(0, AMOUNT_MAX))
def test_amount_written_is_the_amount_read(tiyn: int) -> None:
    assert parse_amount(format_amount(tiyn)) == tiyn
    assert parse_dot_amount(format_dot_amount(tiyn)) == tiyn


@given(st.lists(st.integers(100, AMOUNT_MAX)))
def test_column_of_amounts_is_each_amount(column: list[int]) -> None:
    assert format_amounts(column) == [format_amount(tiyn) for tiyn in column]


COLUMN_TEXTS = [
    "18460,00",
    "0,01",
    "922337203685477,58",
    "0,00",
    "922337203685477,59",
    "1.00",
    "",
    "1,0",
    "٣,00",
    "1,00\n1,00",
]


@given(st.lists(st.sampled_from(COLUMN_TEXTS[:3]) | st.sampled_from(COLUMN_TEXTS), max_size=6))
def test_column_is_read_as_each_text_or_not_at_all(column: list[str]) -> None:
    wrong = set(COLUMN_TEXTS[3:])
    assert parse_amounts(column) == (None if wrong.intersection(column) else [parse_amount(text) for text in column])


@pytest.mark.parametrize("tiyn", [-1, AMOUNT_MAX + 1])
def test_amount_that_no_message_carries_is_not_written(tiyn: int) -> None:
    with pytest.raises(ValueError, match=r"negative|at most"):
        format_amount(tiyn)


@pytest.mark.parametrize("column", [[500, 99], [AMOUNT_MAX + 1, 500], [-500]])
def test_column_with_an_amount_out_of_bounds_is_not_written(column: list[int]) -> None:
    with pytest.raises(ValueError, match="each"):
        format_amounts(column)


@pytest.mark.parametrize(("tiyn", "text"), [(45000, "450,00"), (-5, "-0,05"), (10**20, "1000000000000000000,00")])
def test_computed_sum_is_shown_whatever_it_is(tiyn: int, text: str) -> None:
    assert display_amount(tiyn) == text
