"""An authority's list of a month against our transfers and refund orders: a pure function over two sets.

Rules stand in order of strictness, and each fires only where it is unique on both sides; what a person matched by hand
comes first. An order may have a line for each kind of aid. The result does not depend on the order of the input.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from ledgers.authority_lists import ListLine, OwnOrder, Side
from reconcile.list_result import Finding, Result, Rule, number_key

SIDES: tuple[Side, ...] = ("transfer", "refund")


@dataclass(frozen=True, slots=True)
class _Unit:
    """Lines that are one order: one line, or all with the same number and day."""

    lines: tuple[ListLine, ...]
    number: str
    day: date
    amount: int

    @property
    def parts(self) -> dict[str, int]:
        """The sums by kind."""
        return _by_kind((line.aid_kind, line.amount) for line in self.lines)


@dataclass(slots=True)
class _Matching:
    """One side on its way: what is not matched yet, and what is, by which rule."""

    left: list[ListLine]
    open: dict[int, OwnOrder]
    pairs: list[tuple[Rule, _Unit, OwnOrder]] = field(default_factory=list)
    again: list[tuple[ListLine, ListLine]] = field(default_factory=list)


def compare(
    theirs: Iterable[ListLine],
    ours: Iterable[OwnOrder],
    month: date,
    *,
    by_hand: Mapping[int, int] | None = None,
    elsewhere: Mapping[date, Sequence[ListLine]] | None = None,
) -> tuple[Result, ...]:
    """Both sides of a month, order by order; amounts that agree are always equal.

    `month` is its first day. `ours` may hold orders whose day or whose money lies in another month: they are matched,
    and count in their own. `by_hand` names our order for a line; `elsewhere` has the lists in force of other months, to
    tell a timing difference from an order that no list has.
    """
    listed, own = list(theirs), list(ours)
    results: list[Result] = []
    for side in SIDES:
        matching = _Matching(
            left=sorted((line for line in listed if line.side == side), key=lambda line: line.line),
            open={order.number: order for order in own if order.side == side},
        )
        _match(matching, by_hand or {})
        results += _told(matching, month, elsewhere or {})
    return tuple(sorted(results, key=_place))


def _place(result: Result) -> tuple[object, ...]:
    """By day and number; of one order its lines first, then what no line has."""
    number = result.own.number if result.own else 0
    order = (SIDES.index(result.side), result.order_date, number_key(result.order_number))
    return *order, not result.lines, result.lines, number, result.aid_kind


# --- The rules --------------------------------------------------------------------------------------------------------


def _kinds_fit(unit: _Unit, order: OwnOrder) -> bool:
    """Whether the kinds that the lines name are ours; who names none, or placed nothing, speaks of the whole."""
    named, own = _named(unit.parts), _named(dict(order.parts))
    if not named or not own:
        return True
    return set(named) == set(own) if len(named) == 1 else unit.parts == dict(order.parts)


def _any(_unit: _Unit, _order: OwnOrder) -> bool:
    return True


_RULES: tuple[tuple[Rule, Callable[[str, date, int], Hashable], Callable[[_Unit, OwnOrder], bool]], ...] = (
    ("number_date_amount_kind", lambda number, day, amount: (number, day, amount), _kinds_fit),
    ("number_date_amount", lambda number, day, amount: (number, day, amount), _any),
    ("number_amount", lambda number, _day, amount: (number, amount), _any),
    ("date_amount_kind", lambda _number, day, amount: (day, amount), _kinds_fit),
    ("number_date", lambda number, day, _amount: (number, day), _any),
    ("number", lambda number, _day, _amount: number, _any),
)
"""Rule, what must be equal, and what must fit besides."""


def _match(matching: _Matching, by_hand: Mapping[int, int]) -> None:
    """Pair what can be paired."""
    hands: dict[int, list[ListLine]] = defaultdict(list)
    for line in matching.left:
        if by_hand.get(line.line) in matching.open:
            hands[by_hand[line.line]].append(line)
    _take(matching, "by_hand", [(_unit(lines), matching.open[number]) for number, lines in hands.items()])
    _set_aside_repeats(matching)
    for rule, key, fits in _RULES:
        while True:
            # A line by itself first; the lines of one order together where that is not unique.
            found = _unique(_singles(matching.left), matching, key, fits) or _unique(
                _orders(matching.left), matching, key, fits
            )
            if not found:
                break
            _take(matching, rule, found)


def _take(matching: _Matching, rule: Rule, pairs: Sequence[tuple[_Unit, OwnOrder]]) -> None:
    taken = {line.line for unit, _ in pairs for line in unit.lines}
    matching.left = [line for line in matching.left if line.line not in taken]
    for unit, order in pairs:
        del matching.open[order.number]
        matching.pairs.append((rule, unit, order))


def _unique(
    units: Sequence[_Unit],
    matching: _Matching,
    key: Callable[[str, date, int], Hashable],
    fits: Callable[[_Unit, OwnOrder], bool],
) -> list[tuple[_Unit, OwnOrder]]:
    """The pairs of which each side has only the other."""
    known: dict[Hashable, list[OwnOrder]] = defaultdict(list)
    for order in matching.open.values():
        known[key(number_key(order.order_number), order.ordered_on, order.amount)].append(order)
    found = [
        (unit, [order for order in known.get(key(unit.number, unit.day, unit.amount), ()) if fits(unit, order)])
        for unit in units
    ]
    wanted = Counter(order.number for _, orders in found for order in orders)
    return [(unit, orders[0]) for unit, orders in found if len(orders) == 1 and wanted[orders[0].number] == 1]


def _set_aside_repeats(matching: _Matching) -> None:
    """Take out lines that say the same as a line before, but for as many as we hold orders of that kind (E39)."""
    held = Counter((number_key(order.order_number), order.ordered_on, order.amount) for order in matching.open.values())
    same: dict[Hashable, list[ListLine]] = defaultdict(list)
    for line in matching.left:
        same[_identity(line), line.aid_kind].append(line)
    again: dict[int, tuple[ListLine, ListLine]] = {}
    for lines in same.values():
        lawful = max(held[_identity(lines[0])], 1)
        again |= {line.line: (line, lines[0]) for line in lines[lawful:]}
    matching.again = list(again.values())
    matching.left = [line for line in matching.left if line.line not in again]


def _identity(line: ListLine) -> tuple[str, date, int]:
    return number_key(line.order_number), line.order_date, line.amount


def _singles(lines: Sequence[ListLine]) -> list[_Unit]:
    return [_unit([line]) for line in lines]


def _orders(lines: Sequence[ListLine]) -> list[_Unit]:
    """Lines with the same number and day, where there are several."""
    same: dict[Hashable, list[ListLine]] = defaultdict(list)
    for line in lines:
        same[number_key(line.order_number), line.order_date].append(line)
    return [_unit(group) for group in same.values() if len(group) > 1]


def _unit(lines: Sequence[ListLine]) -> _Unit:
    first = lines[0]
    amount = sum(line.amount for line in lines)
    return _Unit(tuple(lines), number_key(first.order_number), first.order_date, amount)


# --- What they say ----------------------------------------------------------------------------------------------------


def _told(matching: _Matching, month: date, elsewhere: Mapping[date, Sequence[ListLine]]) -> Iterator[Result]:
    for rule, unit, order in matching.pairs:
        yield from _of_pair(rule, unit, order, month)
    first = {order.number: unit.lines for _, unit, order in matching.pairs}
    taken: dict[str, list[OwnOrder]] = defaultdict(list)
    for _, _, order in matching.pairs:
        taken[number_key(order.order_number)].append(order)
    for line, before in matching.again:
        yield _of_line(line, month, "twice", "same_line", other=before.line)
    for line in matching.left:
        same = [order for order in taken[number_key(line.order_number)] if _says_again(line, order)]
        if same:
            other = min(listed.line for order in same for listed in first[order.number])
            yield _of_line(line, month, "twice", "number_amount", other=other)
        else:
            yield _of_line(line, month, "missing_with_us", "none")
    for order in matching.open.values():
        if _own_month(order) == month:
            yield _of_order(order, month, elsewhere)


def _says_again(line: ListLine, order: OwnOrder) -> bool:
    is_part = line.aid_kind != "" and (line.aid_kind, line.amount) in order.parts
    return is_part or line.amount == order.amount


def _of_line(line: ListLine, month: date, finding: Finding, rule: Rule, *, other: int = 0) -> Result:
    return Result(
        finding=finding,
        rule=rule,
        side=line.side,
        month=month,
        listed=(line,),
        own=None,
        aid_kind=line.aid_kind,
        ours=0,
        theirs=line.amount,
        is_of_month=False,
        other=other,
    )


def _of_order(order: OwnOrder, month: date, elsewhere: Mapping[date, Sequence[ListLine]]) -> Result:
    """An order of ours without a line: a timing difference, unless the list of its other month lacks it as well."""
    other = order.ordered_on if order.side == "transfer" else order.moved_on
    is_timing = other is None or _month(other) != month
    if other is not None and is_timing and (lines := elsewhere.get(_month(other))) is not None:
        is_timing = any(_lists(line, order) for line in lines)
    return Result(
        finding="timing" if is_timing else "missing_with_them",
        rule="none",
        side=order.side,
        month=month,
        listed=(),
        own=order,
        aid_kind=order.parts[0][0] if len(order.parts) == 1 else "",
        ours=order.amount,
        theirs=0,
        is_of_month=True,
    )


def _lists(line: ListLine, order: OwnOrder) -> bool:
    is_same = (line.order_date, line.amount) == (order.ordered_on, order.amount)
    return line.side == order.side and (is_same or number_key(line.order_number) == number_key(order.order_number))


def _of_pair(rule: Rule, unit: _Unit, order: OwnOrder, month: date) -> Iterator[Result]:
    """An order with its lines: kind by kind where the lines are, else as a whole."""
    whole = Result(
        finding="agrees",
        rule=rule,
        side=order.side,
        month=month,
        listed=unit.lines,
        own=order,
        aid_kind=_one(order.parts),
        ours=order.amount,
        theirs=unit.amount,
        is_of_month=_own_month(order) == month,
    )
    named, own = _named(unit.parts), _named(dict(order.parts))
    if own and (len(named) > 1 or (named and len(own) > 1 and unit.amount != order.amount)):
        for kind in sorted({*unit.parts, *dict(order.parts)}):
            yield _judged(_part(whole, unit, kind), unit, is_whole_equal=unit.amount == order.amount)
        return
    if unit.amount == order.amount and not _kinds_fit(unit, order):
        yield replace(whole, finding="kind", aid_kind=_one(unit.parts.items()))
        return
    yield _judged(whole, unit, is_whole_equal=False)


def _part(whole: Result, unit: _Unit, kind: str) -> Result:
    own = dict(whole.own.parts) if whole.own else {}
    return replace(
        whole,
        listed=tuple(line for line in unit.lines if line.aid_kind == kind),
        aid_kind=kind,
        ours=own.get(kind, 0),
        theirs=unit.parts.get(kind, 0),
    )


def _judged(result: Result, unit: _Unit, *, is_whole_equal: bool) -> Result:
    """The result with what its numbers mean."""
    finding: Finding = "amount"
    if result.ours == result.theirs:
        finding = "agrees"
        if not result.is_of_month:
            finding = "timing"
        elif result.own is not None and unit.day != result.own.ordered_on:
            finding = "date"
    elif is_whole_equal:
        # The order is the same as a whole: only what it is for is seen in two ways.
        finding = "kind"
    elif not result.ours:
        finding = "missing_with_us"
    elif not result.theirs:
        finding = "missing_with_them"
    return replace(result, finding=finding)


def _own_month(order: OwnOrder) -> date:
    """The month in which an order of ours counts: a transfer by its receipt (AMB-9), a refund by its order."""
    day = order.moved_on if order.side == "transfer" else order.ordered_on
    return _month(day or order.ordered_on)


def _month(day: date) -> date:
    return day.replace(day=1)


def _by_kind(parts: Iterable[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for kind, amount in parts:
        found[kind] = found.get(kind, 0) + amount
    return found


def _named(parts: Mapping[str, int]) -> list[str]:
    return [kind for kind in parts if kind]


def _one(parts: Iterable[tuple[str, int]]) -> str:
    """The kind, where there is only one."""
    kinds = {kind for kind, _ in parts}
    return kinds.pop() if len(kinds) == 1 else ""
