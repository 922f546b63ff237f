"""Amounts as people and files write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgers.money import InvalidAmount, format_tenge, parse_tenge, plain_tenge


@pytest.mark.parametrize(
    ("tiyn", "for_people", "for_files"),
    [
        (0, "0,00", "0,00"),  # an empty month still shows its total (E68)
        (1, "0,01", "0,01"),
        (100000, "1\xa0000,00", "1000,00"),
        (214136000, "2\xa0141\xa0360,00", "2141360,00"),
        (-1846000, "\u221218\xa0460,00", "-18460,00"),  # more came back than went out (E59)
        (-5, "\u22120,05", "-0,05"),
    ],
)
def test_an_amount_is_written(tiyn: int, for_people: str, for_files: str) -> None:
    assert format_tenge(tiyn) == for_people
    assert plain_tenge(tiyn) == for_files


@pytest.mark.parametrize(("text", "tiyn"), [("18460,00", 1846000), ("0,01", 1), ("999999999999999,99", 10**17 - 1)])
def test_an_amount_is_read(text: str, tiyn: int) -> None:
    assert parse_tenge(text) == tiyn


@pytest.mark.parametrize(
    "text",
    [
        "18460.00",  # a dot (E48)
        "18460,0",  # one decimal (E48)
        "18460,005",  # three decimals (E48)
        "18460",
        "18 460,00",
        "18\xa0460,00",
        "-18460,00",
        "+1,00",
        ",50",
        "",
        "18460,00\n",
        "1846O,00",  # the letter O
        "١٨٤٦٠,٠٠",  # digits of another script
        "1000000000000000,00",  # more than 15 digits of tenge
    ],
)
def test_an_amount_in_another_form_is_refused_with_its_text(text: str) -> None:
    with pytest.raises(InvalidAmount) as refusal:
        parse_tenge(text)
    assert repr(text) in str(refusal.value)
    assert "18460,00" in str(refusal.value)


@given(st.integers(min_value=0, max_value=10**17 - 1))
def test_what_files_say_is_read_back(tiyn: int) -> None:
    assert parse_tenge(plain_tenge(tiyn)) == tiyn
