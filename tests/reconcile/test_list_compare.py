"""An authority's list against our orders, as a pure comparison: rules, classes, and that order does not matter."""

import random
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgers.authority_lists import ListLine, OwnOrder, Side
from reconcile.list_compare import compare
from reconcile.list_result import Result, Totals, swapped_digits

MARCH, APRIL = date(2024, 3, 1), date(2024, 4, 1)
DAY = date(2024, 3, 14)
A, B = 1_846_000_00, 295_360_00


def line(number: str, amount: int, place: int = 2, **values: Any) -> ListLine:
    usual: dict[str, Any] = {"side": "transfer", "order_date": DAY, "aid_kind": "", "comment": ""}
    return ListLine(**(usual | {"line": place, "order_number": number, "amount": amount} | values))


def own(number: int, order: str, *parts: tuple[str, int], **values: Any) -> OwnOrder:
    usual: dict[str, Any] = {
        "side": "transfer",
        "ordered_on": DAY,
        "moved_on": DAY,
        "amount": sum(amount for _, amount in parts),
    }
    return OwnOrder(**(usual | {"number": number, "order_number": order, "parts": parts} | values))


def found(*results: Result) -> list[tuple[Any, ...]]:
    return [(one.finding, one.rule, one.lines, one.own.number if one.own else 0) for one in results]


LATE = {"ordered_on": date(2024, 3, 29), "moved_on": date(2024, 4, 1)}
REFUND = {"side": "refund", "ordered_on": date(2024, 3, 29), "moved_on": date(2024, 3, 29)}

CASES: list[tuple[str, list[ListLine], list[OwnOrder], list[tuple[Any, ...]]]] = [
    ("an empty month", [], [], []),
    (
        "blanks and leading zeros of a number do not matter",
        [line(" 00145 ", A)],
        [own(1, "145", ("A", A))],
        [("agrees", "number_date_amount_kind", (2,), 1)],
    ),
    (
        "E34: swapped digits are an amount",
        [line("145", 2_141_360_00)],
        [own(1, "145", ("A", 2_141_360_00), ("", 270_00))],
        [("amount", "number_date", (2,), 1)],
    ),
    (
        "E39: the same order twice in the list",
        [line("145", A), line("0145", A, 3)],
        [own(1, "145", ("A", A))],
        [("agrees", "number_date_amount_kind", (2,), 1), ("twice", "same_line", (3,), 0)],
    ),
    (
        "the same order again under another day",
        [line("145", A), line("145", A, 3, order_date=date(2024, 3, 15))],
        [own(1, "145", ("A", A))],
        [("agrees", "number_date_amount_kind", (2,), 1), ("twice", "number_amount", (3,), 0)],
    ),
    (
        "E34: what no request took is listed by itself",
        [line("145", A), line("145", 270_00, 3)],
        [own(1, "145", ("A", A), ("", 270_00))],
        [("agrees", "number_date_amount_kind", (2, 3), 1)],
    ),
    (
        "E37, AMB-9: ordered in March, received in April",
        [line("150", A, order_date=date(2024, 3, 29))],
        [own(1, "150", ("A", A), **LATE)],
        [("timing", "number_date_amount_kind", (2,), 1)],
    ),
    ("E37: what is received in April and not listed is no matter of March", [], [own(1, "150", ("A", A), **LATE)], []),
    (
        "another day",
        [line("145", A, order_date=date(2024, 3, 15))],
        [own(1, "145", ("A", A))],
        [("date", "number_amount", (2,), 1)],
    ),
    (
        "another kind",
        [line("145", A, aid_kind="B")],
        [own(1, "145", ("A", A))],
        [("kind", "number_date_amount", (2,), 1)],
    ),
    (
        "another number: day, amount and kind are enough where they are unique",
        [line("154", A, aid_kind="A")],
        [own(1, "145", ("A", A)), own(2, "146", ("B", A))],
        [("missing_with_them", "none", (), 2), ("agrees", "date_amount_kind", (2,), 1)],
    ),
    (
        "two that fit are none",
        [line("999", A)],
        [own(1, "145", ("A", A)), own(2, "146", ("A", A))],
        [
            ("missing_with_them", "none", (), 1),
            ("missing_with_them", "none", (), 2),
            ("missing_with_us", "none", (2,), 0),
        ],
    ),
    (
        "two kinds in one order, a line for each",
        [line("145", A, aid_kind="A"), line("145", B, 3, aid_kind="B")],
        [own(1, "145", ("A", A), ("B", B))],
        [("agrees", "number_date_amount_kind", (2,), 1), ("agrees", "number_date_amount_kind", (3,), 1)],
    ),
    (
        "two kinds in one order, listed as a whole",
        [line("145", A + B)],
        [own(1, "145", ("A", A), ("B", B))],
        [("agrees", "number_date_amount_kind", (2,), 1)],
    ),
    (
        "two kinds in one order, shared out in another way",
        [line("145", A - 100, aid_kind="A"), line("145", B + 100, 3, aid_kind="B")],
        [own(1, "145", ("A", A), ("B", B))],
        [("kind", "number_date_amount", (2,), 1), ("kind", "number_date_amount", (3,), 1)],
    ),
    (
        "of two kinds one is not listed",
        [line("145", A, aid_kind="A")],
        [own(1, "145", ("A", A), ("B", B))],
        [("agrees", "number_date", (2,), 1), ("missing_with_them", "number_date", (), 1)],
    ),
    (
        "a refund missing with them, and one that agrees",
        [line("77", 18_460_00, side="refund", order_date=date(2024, 3, 29))],
        [own(77, "77", ("A", 18_460_00), **REFUND), own(78, "78", ("A", 7_384_00), **REFUND)],
        [("agrees", "number_date_amount_kind", (2,), 77), ("missing_with_them", "none", (), 78)],
    ),
    (
        "a refund that has not left yet is one of time",
        [],
        [own(77, "77", ("A", 18_460_00), **(REFUND | {"moved_on": None}))],
        [("timing", "none", (), 77)],
    ),
    (
        "a transfer is never matched to a refund",
        [line("77", 18_460_00, order_date=date(2024, 3, 29))],
        [own(77, "77", ("A", 18_460_00), **REFUND)],
        [("missing_with_us", "none", (2,), 0), ("missing_with_them", "none", (), 77)],
    ),
]


@pytest.mark.parametrize(("theirs", "ours", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_is_found(theirs: list[ListLine], ours: list[OwnOrder], expected: list[tuple[Any, ...]]) -> None:
    results = compare(theirs, ours, MARCH)
    assert found(*results) == expected
    assert all(one.sentence for one in results)


def test_swapped_digits_are_said() -> None:
    """E34: 2 141 630,00 against 2 141 360,00."""
    (result,) = compare([line("145", 2_141_630_00)], [own(1, "145", ("A", 2_141_360_00))], MARCH)
    text = result.sentence.replace("\N{NO-BREAK SPACE}", " ")
    assert text == (
        "order 145 of 14.03.2024, kind A: they list 2 141 630,00, we hold 2 141 360,00, 270,00 less; "
        "the digits 6 and 3 changed places"
    )


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [(1234, 1243, ("3", "4")), (1234, 4231, ("1", "4")), (1234, 1235, None), (100, 1000, None), (7, 7, None)],
)
def test_which_digits_changed_places(left: int, right: int, expected: tuple[str, str] | None) -> None:
    assert swapped_digits(left, right) == expected


def test_one_item_of_the_golden_month_less() -> None:
    """E73: 2 141 360,00 against 2 122 900,00, one item of 5 MRP."""
    ours = [own(1, "145", ("A", A)), own(2, "146", ("B", B))]
    totals = Totals.of(compare([line("145", A - 18_460_00), line("146", B, 3)], ours, MARCH))
    assert (totals.ours, totals.theirs, totals.real, totals.timing) == (2_141_360_00, 2_122_900_00, 18_460_00, 0)


def test_a_transfer_of_two_months_counts_in_the_second() -> None:
    """AMB-9, E37: of time in both months, unless no list has it."""
    late, listed = own(1, "150", ("A", A), **LATE), line("150", A, order_date=date(2024, 3, 29))
    march = Totals.of(compare([listed], [late], MARCH))
    assert (march.ours, march.theirs, march.real, march.timing) == (0, A, 0, -A)
    april = compare([], [late], APRIL, elsewhere={MARCH: [listed]})
    assert found(*april) == [("timing", "none", (), 1)]
    assert (Totals.of(april).real, Totals.of(april).timing) == (0, A)
    assert found(*compare([], [late], APRIL)) == [("timing", "none", (), 1)], "no list of March came"
    assert found(*compare([], [late], APRIL, elsewhere={MARCH: []})) == [("missing_with_them", "none", (), 1)]
    assert found(*compare([listed], [late], APRIL)) == [("agrees", "number_date_amount_kind", (2,), 1)]


def test_what_a_person_matched_comes_first() -> None:
    ours = [own(1, "145", ("A", A)), own(2, "146", ("A", A))]
    results = compare([line("999", A), line("145", A, 3)], ours, MARCH, by_hand={2: 1})
    assert ("agrees", "by_hand", (2,), 1) in found(*results)
    assert ("agrees", "by_hand", (2,), 1) not in found(*compare([line("999", A)], [ours[1]], MARCH, by_hand={2: 1}))


SIDES: tuple[Side, ...] = ("transfer", "refund")
DAYS = st.sampled_from([date(2024, 2, 29), DAY, date(2024, 3, 15), date(2024, 3, 29)])
NUMBERS, KINDS, AMOUNTS = st.sampled_from(["1", "2", "03", "21"]), st.sampled_from(["", "A", "B"]), st.integers(1, 4)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[ListLine], list[OwnOrder], dict[int, int]]:
    """Few numbers, days and amounts, so that everything meets everything."""
    theirs = [
        line(
            draw(NUMBERS), draw(AMOUNTS), place, side=draw(st.sampled_from(SIDES)), order_date=draw(DAYS), aid_kind=kind
        )
        for place, kind in enumerate(draw(st.lists(KINDS, max_size=8)), start=2)
    ]
    ours = [
        own(
            number,
            draw(NUMBERS),
            *draw(st.lists(st.tuples(KINDS, AMOUNTS), min_size=1, max_size=3, unique_by=lambda part: part[0])),
            side=draw(st.sampled_from(SIDES)),
            ordered_on=draw(DAYS),
            moved_on=draw(st.sampled_from([DAY, APRIL])),
        )
        for number in range(1, draw(st.integers(0, 6)) + 1)
    ]
    return theirs, ours, draw(st.dictionaries(st.integers(2, 9), st.integers(0, 6), max_size=2))


@given(worlds(), st.randoms())
def test_the_order_of_the_input_does_not_matter(
    world: tuple[list[ListLine], list[OwnOrder], dict[int, int]], shuffle: random.Random
) -> None:
    theirs, ours, hands = world
    expected = compare(theirs, ours, MARCH, by_hand=hands)
    shuffle.shuffle(theirs)
    shuffle.shuffle(ours)
    assert compare(theirs, ours, MARCH, by_hand=hands) == expected


@given(worlds())
def test_what_agrees_is_equal_and_every_tiyn_is_told_once(
    world: tuple[list[ListLine], list[OwnOrder], dict[int, int]],
) -> None:
    theirs, ours, hands = world
    results = compare(theirs, ours, MARCH, by_hand=hands)
    assert all(one.ours == one.theirs for one in results if one.finding in ("agrees", "date"))
    assert all(one.ours == one.theirs for one in results if one.finding == "timing" and one.listed)
    assert sorted(place for one in results for place in one.lines) == sorted(line.line for line in theirs)
    totals = Totals.of(results)
    assert totals.theirs == sum(line.amount for line in theirs)
    days = [(one.moved_on if one.side == "transfer" else one.ordered_on, one.amount) for one in ours]
    assert totals.ours == sum(amount for day, amount in days if day is not None and MARCH <= day < APRIL)
