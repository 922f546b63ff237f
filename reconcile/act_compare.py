"""An act against another account of the same transfers, order by order: the authority's lines, or what is right now.

A payment order is told by its number and day; it may have a row for each kind of aid. Where the other side names no
kind, the whole order is compared. Every row is kept, the agreeing ones too, so that both totals can be added up from
what is shown (AMB-14, E73).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from ledgers.act_life import Finding

Order = tuple[date, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A payment order, or the part of it of one kind (its name or code; empty for none): tiyn."""

    order_number: str
    order_date: date
    aid: str
    amount: int
    comment: str = ""

    @property
    def order(self) -> Order:
        """What tells an order from another, in the order in which they are listed."""
        return self.order_date, self.order_number.strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One order or one part of it on both sides (tiyn), 0 where a side has none, and what that means."""

    order_number: str
    order_date: date
    aid: str
    ours: int
    theirs: int
    finding: Finding
    comment: str


def compare(ours: Iterable[Row], theirs: Iterable[Row], *, kinds_told: bool = False) -> list[Compared]:
    """Both sides order by order, by day and number; with `kinds_told` a row without a kind means just that."""
    left, right = _by_order(ours), _by_order(theirs)
    found: list[Compared] = []
    for order in sorted({*left, *right}):
        found += _order(left.get(order, []), right.get(order, []), kinds_told=kinds_told)
    return found


def _by_order(rows: Iterable[Row]) -> dict[Order, list[Row]]:
    return {order: list(group) for order, group in groupby(sorted(rows, key=lambda row: row.order), lambda r: r.order)}


def _order(ours: list[Row], theirs: list[Row], *, kinds_told: bool) -> Iterator[Compared]:
    head = (ours or theirs)[0]
    # Who names no kind at all speaks of the whole order.
    if ours and theirs and not kinds_told and not any(row.aid for row in theirs):
        kinds = {row.aid for row in ours}
        aid = kinds.pop() if len(kinds) == 1 else ""
        yield _compared(head, aid, _sum(ours), _sum(theirs), _comments(theirs))
        return
    left, right = _by_kind(ours), _by_kind(theirs)
    same_total = _sum(ours) == _sum(theirs)
    for aid in dict.fromkeys([*left, *right]):
        comment = _comments(row for row in theirs if row.aid == aid)
        one = _compared(head, aid, left.get(aid), right.get(aid), comment)
        # The order is the same as a whole: only what it is for is seen in two ways.
        yield replace(one, finding="kind") if same_total and one.finding != "agrees" else one


def _compared(head: Row, aid: str, ours: int | None, theirs: int | None, comment: str) -> Compared:
    finding: Finding = "agrees" if ours == theirs else "amount"
    if theirs is None:
        finding = "missing_with_them"
    elif ours is None:
        finding = "missing_with_us"
    return Compared(
        order_number=head.order_number.strip(),
        order_date=head.order_date,
        aid=aid,
        ours=ours or 0,
        theirs=theirs or 0,
        finding=finding,
        comment=comment,
    )


def _by_kind(rows: Iterable[Row]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        found[row.aid] = found.get(row.aid, 0) + row.amount
    return found


def _sum(rows: Iterable[Row]) -> int:
    return sum(row.amount for row in rows)


def _comments(rows: Iterable[Row]) -> str:
    return "; ".join(dict.fromkeys(row.comment for row in rows if row.comment))
