"""Which few amounts make a sum: one line for many items, many lines for one item (E72).

The search is exact and bounded: all subsets are looked at, of as many amounts as may be, and only a sum that can be
made in one way says anything. Two equal amounts in different places are two ways: which was meant is not known.

>>> only_subset([700, 250, 300, 1_000], 1_300)
(2, 3)
>>> only_subset([300, 300, 1_000], 1_300) is None
True
>>> print(subsets_found([300, 300, 1_000], 1_300).sentence)
more than one sum of the 3 amounts is 13,00
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ledgers.money import plain_tenge

MOST = 20
"""As many amounts as are searched, when nobody says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubsetsFound:
    """In how many ways `target` tiyn can be made of `among` amounts, and the places (from 0) of the one way.

    `ways` is "unsearched" when there are more amounts than `most`; only one way has places.
    """

    ways: Literal["one", "none", "several", "unsearched"]
    places: tuple[int, ...]
    target: int
    among: int
    most: int

    @property
    def sentence(self) -> str:
        """Say what was found with its numbers, for the explanation of a match or of a break."""
        target = plain_tenge(self.target)
        match self.ways:
            case "unsearched":
                return f"{self.among} amounts are more than the {self.most} of which every sum is tried"
            case "none":
                return f"no sum of the {self.among} amounts is {target}"
            case "several":
                return f"more than one sum of the {self.among} amounts is {target}"
            case "one":
                return f"{len(self.places)} of the {self.among} amounts make {target}, and no others do"


def only_subset(amounts: Sequence[int], target: int, *, most: int = MOST) -> tuple[int, ...] | None:
    """The places (from 0, rising) of the one subset of amounts (tiyn, above zero) that makes the target.

    None when there is none or more than one, or when there are more than `most` amounts.

    Raises:
        ValueError: an amount is not above zero.
    """
    found = subsets_found(amounts, target, most=most)
    return found.places if found.ways == "one" else None


def subsets_found(amounts: Sequence[int], target: int, *, most: int = MOST) -> SubsetsFound:
    """Search all subsets of the amounts (tiyn, above zero) for the target, from both halves to the middle.

    Raises:
        ValueError: an amount is not above zero.
    """
    if any(amount <= 0 for amount in amounts):
        raise ValueError("amounts that are summed up are above zero")
    among = len(amounts)
    if among > most:
        return SubsetsFound(ways="unsearched", places=(), target=target, among=among, most=most)
    half = among // 2
    left: dict[int, list[int]] = defaultdict(list)
    for mask, amount in enumerate(_sums(amounts[:half])):
        left[amount].append(mask)
    solutions: list[int] = []
    for mask, amount in enumerate(_sums(amounts[half:])):
        solutions += [(mask << half) | other for other in left.get(target - amount, ())[:2] if mask or other]
        if len(solutions) > 1:
            break
    if len(solutions) == 1:
        places = tuple(place for place in range(among) if solutions[0] >> place & 1)
        return SubsetsFound(ways="one", places=places, target=target, among=among, most=most)
    ways: Literal["none", "several"] = "several" if solutions else "none"
    return SubsetsFound(ways=ways, places=(), target=target, among=among, most=most)


def _sums(amounts: Sequence[int]) -> list[int]:
    """The sum of every subset; the bits of its place say which amounts are in it."""
    sums = [0]
    for amount in amounts:
        sums += [other + amount for other in sums]
    return sums
