"""What MT writers share: texts that would come back changed, kept subfields in places where they would be lost."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats.mt_parts import DETAIL_PARTS, IN_HEAD, REFERENCE
from formats.mt_writing import NAME, Given, assign_lines, unwritable_assign, unwritable_kept

SIGNS = [":", "-", "/", "{", "}", " ", "\t", "\n", "\r", "\x1a", "\x00", "\x85", "\u00a0", "\u2028", "\u2029", "\ufeff"]


@pytest.mark.parametrize(
    "text", ["", " А", "А ", "\u00a0А", "А\u2003", ":А", "-А", "А\u2028Б", "А\u2029Б", "{1:", "А" * 61]
)
def test_name_that_would_not_be_read_back_is_not_written(text: str) -> None:
    assert not NAME.pattern.fullmatch(text)


@pytest.mark.parametrize("text", ["А\u00a0Б", "И\u0306", "О'НИЛ", "A-B", "№1", "А" * 60])
def test_name_that_is_read_back_is_written(text: str) -> None:
    assert NAME.pattern.fullmatch(text)


@pytest.mark.parametrize("text", ["R 1", "R\u00a0", "-R", ":R", "R/1", "R}", "R\ufeff", "R\ud800", "R\x85", "A" * 17])
def test_reference_that_would_not_be_read_back_is_not_written(text: str) -> None:
    assert not REFERENCE.pattern.fullmatch(text)


@given(st.lists(st.sampled_from(["А", "Б" * 9, " ", " ", ":", "-", "—", "\u00a0"]), max_size=80).map("".join))
def test_lines_of_a_purpose_give_it_again(text: str) -> None:
    if unwritable_assign("place", text):
        return
    rows = assign_lines(text)
    assert " ".join(rows) == text
    assert [len(row) <= (70 if place else 62) for place, row in enumerate(rows)] == [True] * len(rows)
    assert not any(row[0] in ":-/" or row != row.strip() for row in rows)


def test_no_line_begins_with_a_dash_that_is_written_as_the_sign_of_an_end() -> None:
    """CP866 has no dash but the hyphen, and writes it for all of them where that is asked for."""
    assert [row[0] for row in assign_lines("А" * 60 + " Г — Б" + " В" * 40)] == ["А", "Г", "В"]


@pytest.mark.parametrize(
    ("kept", "places"),
    [
        ((("54B", "NBRKKZKX"), ("50/XX", "A"), ("70/YY", "B")), []),
        ((("70/YY", "a\nb"),), []),
        ((("70/YY", "A"), ("54B", "X")), [":70/YY:", ":54B:"]),
        ((("70/YY", "A"), ("70/YY", "B")), [":70: /YY/"] * 2),
        ((("70/NUM", "A"),), [":70: /NUM/"]),
        ((("52B/YY", "A"),), [":52/YY:"]),
        ((("20/YY", "A"),), [":20: /YY/"]),
        ((("32A", "A"),), [":32A:"]),
        ((("54B", "a\n/b"),), [":54B:"]),
        ((("54B", "a\n:20:b"),), [":54B:"]),
        ((("54B", "a\n-}"),), [":54B:"]),
        ((("54B", "a\r"),), [":54B:"]),
        ((("70/YY", " A"),), [":70: /YY/"]),
    ],
)
def test_what_was_kept_is_written_only_where_it_is_read_again(
    kept: tuple[tuple[str, str], ...], places: list[str]
) -> None:
    found = [fault.place for fault in unwritable_kept(kept, IN_HEAD)]
    assert bool(found) == bool(places)
    assert len(found) >= len(places)


@pytest.mark.parametrize("place", ["50/XX", "59/XX"])
def test_subfield_kept_of_a_party_is_not_written_where_there_is_no_party(place: str) -> None:
    assert unwritable_kept(((place, "A"),), {"70": DETAIL_PARTS})


def test_many_kept_subfields_are_looked_at_in_linear_time() -> None:
    kept = tuple((f"70/X{number}", "A") for number in range(50_000))
    start = time.process_time()
    assert not unwritable_kept(kept, IN_HEAD)
    # Each compared with each they would take minutes.
    assert time.process_time() - start < 20


@given(st.lists(st.lists(st.integers(-1, 12), max_size=6), max_size=6))
def test_numbers_given_again_are_those_seen_before(chunks: list[list[int]]) -> None:
    given_out, seen = Given(), set[int]()
    for chunk in chunks:
        expected = []
        for number in chunk:
            if number in seen:
                expected.append(number)
            seen.add(number)
        assert given_out.again(tuple(chunk)) == expected
