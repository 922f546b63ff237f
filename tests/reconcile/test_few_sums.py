"""The bounded exact search: what is found is the only subset there is, whatever the order of the amounts (E72)."""

from itertools import combinations
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconcile.few_sums import only_subset, subsets_found

CASES = [
    ([1_846_000, 738_400, 1_846_000], 738_400, (1,), "one amount alone"),
    ([1, 2, 4, 8], 13, (0, 2, 3), "some of them"),
    ([5, 6], 11, (0, 1), "all of them"),
    ([300, 300, 1_000], 1_300, None, "which of two equal amounts is not known"),
    ([300, 300, 1_000], 1_600, (0, 1, 2), "both equal amounts"),
    ([1, 2, 3], 3, None, "3, and 1 and 2"),
    ([5, 6], 12, None, "no sum"),
    ([5, 6], 0, None, "nothing at all is no answer"),
    ([5, 6], -5, None, "below zero"),
    ([], 5, None, "no amounts"),
    ([7], 7, (0,), "one for one"),
]


@pytest.mark.parametrize(("amounts", "target", "expected", "why"), CASES)
def test_the_one_subset(amounts: list[int], target: int, expected: tuple[int, ...] | None, why: str) -> None:
    assert only_subset(amounts, target) == expected, why


SENTENCES = [
    ([5, 6, 100], 11, "2 of the 3 amounts make 0,11, and no others do"),
    ([5, 6], 12, "no sum of the 2 amounts is 0,12"),
    ([300, 300, 1_000], 1_300, "more than one sum of the 3 amounts is 13,00"),
    ([1] * 21, 3, "21 amounts are more than the 20 of which every sum is tried"),
]


@pytest.mark.parametrize(("amounts", "target", "sentence"), SENTENCES)
def test_a_search_says_what_it_found(amounts: list[int], target: int, sentence: str) -> None:
    assert subsets_found(amounts, target).sentence == sentence


def test_an_amount_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="above zero"):
        only_subset([5, 0], 5)


@given(st.lists(st.integers(1, 12), max_size=10), st.integers(0, 60))
def test_every_subset_was_looked_at(amounts: list[int], target: int) -> None:
    """Against all subsets, one by one."""
    ways = [
        places
        for size in range(1, len(amounts) + 1)
        for places in combinations(range(len(amounts)), size)
        if sum(amounts[place] for place in places) == target
    ]
    assert only_subset(amounts, target) == (ways[0] if len(ways) == 1 else None)
    assert subsets_found(amounts, target).ways == ("none" if not ways else "one" if len(ways) == 1 else "several")


@given(st.permutations([700, 250, 300, 1_000, 125, 90]))
def test_the_order_of_the_amounts_says_nothing(amounts: list[int]) -> None:
    found = only_subset(amounts, 1_425)
    assert found is not None
    assert sorted(amounts[place] for place in found) == [125, 300, 1_000]


def test_twenty_amounts_take_no_time() -> None:
    amounts = [2**place * 100 for place in range(20)]
    started = perf_counter()
    assert only_subset(amounts, sum(amounts) - 300) == tuple(range(2, 20))
    assert perf_counter() - started < 1
