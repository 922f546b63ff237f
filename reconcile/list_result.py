"""What the comparison of an authority's list with our books says of one order, with its numbers and its sentence.

Both sides' amounts are those that were compared. A timing difference is no difference: the order stands in the list of
one month and in the act of the next (AMB-9, E37).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal, Self

from ledgers.authority_lists import ListLine, OwnOrder, Side
from ledgers.money import format_tenge

Finding = Literal["agrees", "timing", "missing_with_us", "missing_with_them", "amount", "date", "kind", "twice"]
Rule = Literal[
    "by_hand",
    "number_date_amount_kind",
    "number_date_amount",
    "number_amount",
    "date_amount_kind",
    "number_date",
    "number",
    "same_line",
    "none",
]

REAL: tuple[Finding, ...] = ("missing_with_us", "missing_with_them", "amount", "date", "kind", "twice")
"""The findings that are differences."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One order, or its part of one kind: the lines that list it, our record of it (either may lack), what was found.

    `ours` and `theirs` are tiyn, 0 where a side has none; `is_of_month` says whether ours counts in the month. `other`
    is the line that lists the same order first, where it is listed twice, else 0.
    """

    finding: Finding
    rule: Rule
    side: Side
    month: date
    listed: tuple[ListLine, ...]
    own: OwnOrder | None
    aid_kind: str
    ours: int
    theirs: int
    is_of_month: bool
    other: int = 0

    @property
    def lines(self) -> tuple[int, ...]:
        """The numbers of the list's lines."""
        return tuple(line.line for line in self.listed)

    @property
    def order_number(self) -> str:
        """The number of the order as the authority gives it, else as we have it."""
        return self.listed[0].order_number.strip() if self.listed else self._own.order_number

    @property
    def order_date(self) -> date:
        """The day of the order as the authority gives it, else as we have it."""
        return self.listed[0].order_date if self.listed else self._own.ordered_on

    @property
    def difference(self) -> int:
        """What we have more than they (tiyn)."""
        return self.ours - self.theirs

    @property
    def sentence(self) -> str:
        """What was found, with the numbers that were compared; no names, no comments."""
        return f"{self._subject}: {_FOUND[self.finding](self)}"

    @property
    def _own(self) -> OwnOrder:
        if self.own is None:
            raise ValueError("a result is of a line, of an order of ours, or of both")
        return self.own

    @property
    def _subject(self) -> str:
        what = "order" if self.side == "transfer" else "refund"
        kind = f", kind {self.aid_kind}" if self.aid_kind else ""
        return f"{what} {self.order_number} of {self.order_date:%d.%m.%Y}{kind}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Both sides of a month (tiyn): `real` is the difference that is none of time, `timing` the rest of it."""

    ours: int
    theirs: int
    real: int

    @property
    def difference(self) -> int:
        """What we have more than they (tiyn)."""
        return self.ours - self.theirs

    @property
    def timing(self) -> int:
        """What of the difference is of time alone (tiyn)."""
        return self.difference - self.real

    @classmethod
    def of(cls, results: Iterable[Result]) -> Self:
        """The totals of results, of one side of the list or of both."""
        found = list(results)
        return cls(
            ours=sum(one.ours for one in found if one.is_of_month),
            theirs=sum(one.theirs for one in found),
            real=sum(one.difference for one in found if one.finding != "timing"),
        )


def number_key(number: str) -> str:
    """What tells the number of an order, whatever blanks and leading zeros it is written with.

    >>> number_key(" 00145 ") == number_key("145"), number_key("000")
    (True, '0')
    """
    return "".join(number.split()).removeprefix("№").lstrip("0").casefold() or "0"


def swapped_digits(left: int, right: int) -> tuple[str, str] | None:
    """The two digits that changed places between amounts, or None (E34).

    >>> swapped_digits(2_141_630_00, 2_141_360_00), swapped_digits(100_00, 200_00)
    (('6', '3'), None)
    """
    one, other = str(left), str(right)
    places = [place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]]
    if len(one) != len(other) or len(places) != 2:
        return None
    first, second = places
    return (one[first], one[second]) if (one[first], one[second]) == (other[second], other[first]) else None


def _agrees(result: Result) -> str:
    return f"{format_tenge(result.theirs)} on both sides{_renumbered(result)}"


def _renumbered(result: Result) -> str:
    if result.own is None or number_key(result.order_number) == number_key(result.own.order_number):
        return ""
    return f"; with us its number is {result.own.order_number}"


def _timing(result: Result) -> str:
    own = result._own  # noqa: SLF001 - of this module
    moved = "received" if result.side == "transfer" else "debited"
    when = f"{moved} on {own.moved_on:%d.%m.%Y}" if own.moved_on else f"not {moved} yet"
    if result.listed:
        sides = f"{format_tenge(result.theirs)} on both sides, {when}"
        counted = own.moved_on if result.side == "transfer" else own.ordered_on
        return f"{sides}; it counts in {counted:%m.%Y}" if counted else sides
    return f"{format_tenge(result.ours)}, {when}; the difference is one of time"


def _missing_with_us(result: Result) -> str:
    what = "transfer" if result.side == "transfer" else "refund order"
    if result.own is not None:
        return f"they list {format_tenge(result.theirs)}; our {what} {result.own.number} has nothing of this kind"
    return f"they list {format_tenge(result.theirs)} in line {result.lines[0]}; no {what} of ours fits it"


def _missing_with_them(result: Result) -> str:
    own = result._own  # noqa: SLF001 - of this module
    what = "transfer" if result.side == "transfer" else "refund order"
    if own.amount != result.ours and not result.aid_kind:
        return f"of our {what} {own.number} no request took {format_tenge(result.ours)}; they do not list it"
    return f"{format_tenge(result.ours)} is our {what} {own.number}; they have no line for it"


def _amount(result: Result) -> str:
    said = f"they list {format_tenge(result.theirs)}, we hold {format_tenge(result.ours)}"
    more = "more" if result.difference > 0 else "less"
    said += f", {format_tenge(abs(result.difference))} {more}"
    swapped = swapped_digits(result.theirs, result.ours)
    return f"{said}; the digits {swapped[0]} and {swapped[1]} changed places" if swapped else said


def _date(result: Result) -> str:
    own = result._own  # noqa: SLF001 - of this module
    return f"{format_tenge(result.theirs)} on both sides; with us its day is {own.ordered_on:%d.%m.%Y}"


def _kind(result: Result) -> str:
    own = result._own  # noqa: SLF001 - of this module
    parts = ", ".join(f"{kind or 'no kind'} {format_tenge(amount)}" for kind, amount in own.parts)
    if not result.theirs:
        return f"they list nothing of this kind, and the same whole; with us: {parts}"
    return f"they list {format_tenge(result.theirs)} of this kind, and the same whole; with us: {parts}"


def _twice(result: Result) -> str:
    return f"line {result.lines[0]} lists {format_tenge(result.theirs)} again; line {result.other} has the order"


_FOUND = {
    "agrees": _agrees,
    "timing": _timing,
    "missing_with_us": _missing_with_us,
    "missing_with_them": _missing_with_them,
    "amount": _amount,
    "date": _date,
    "kind": _kind,
    "twice": _twice,
}
