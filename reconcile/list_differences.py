"""The list in force of each month against the books: what agrees, what is of time alone, and the differences.

Both sides are read here and handed to the pure comparison. A difference names the authority's line ('L2/7'), or our
transfer ('T4') or refund order ('R72') where it has no line.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from ledgers import authority_lists, closing
from ledgers.authority_lists import ListHead, ListLine, OwnOrder, Side
from ledgers.differences import Difference, Kind
from reconcile.list_compare import compare
from reconcile.list_result import REAL, Finding, Result, Totals

_KINDS: Mapping[Finding, Kind] = {
    "missing_with_us": "list_missing_with_us",
    "missing_with_them": "list_missing_with_them",
    "amount": "list_amount",
    "date": "list_date",
    "kind": "list_kind",
    "twice": "list_twice",
}
_LETTERS = {"transfer": "T", "refund": "R"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedList:
    """A list with everything that was found of it."""

    head: ListHead
    results: tuple[Result, ...]

    def totals(self, side: Side) -> Totals:
        """The totals of both sides, of transfers or of refunds."""
        return Totals.of(one for one in self.results if one.side == side)

    def subject(self, result: Result) -> str:
        """What a result is about: 'L2/7', 'T4' or 'R72'."""
        if result.listed:
            return f"L{self.head.list_number}/{result.lines[0]}"
        return f"{_LETTERS[result.side]}{result.own.number if result.own else 0}"


def compared(
    connection: Connection, authority_id: int, head: ListHead, lines: Sequence[ListLine] | None = None
) -> ComparedList:
    """A list against the books as they are; `lines` are those of a list that is only tried."""
    by_hand: dict[int, int] = {}
    if lines is None:
        lines = authority_lists.lines(connection, authority_id, head.list_number)
        hands = authority_lists.hand_matches(connection, authority_id, head.list_number)
        by_hand = {one.line: one.number for one in hands.values() if one.number}
    own = authority_lists.own_orders(connection, authority_id, head.month, closing.last_day(head.month))
    elsewhere = _elsewhere(connection, authority_id, own, head.month)
    return ComparedList(head=head, results=compare(lines, own, head.month, by_hand=by_hand, elsewhere=elsewhere))


def _elsewhere(
    connection: Connection, authority_id: int, own: Iterable[OwnOrder], month: date
) -> dict[date, list[ListLine]]:
    """The lists in force of the other months that orders of ours reach into."""
    days = [day for order in own for day in (order.ordered_on, order.moved_on) if day is not None]
    others = {day.replace(day=1) for day in days} - {month}
    in_force = authority_lists.in_force(connection, authority_id) if others else {}
    return {
        other: authority_lists.lines(connection, authority_id, in_force[other].list_number)
        for other in others
        if other in in_force
    }


def differences(connection: Connection, authority_id: int) -> list[Difference]:
    """What differs between the lists in force of an authority and the books; timing differences are none.

    What one record has several differences of a kind about (an order with two kinds of aid) is one difference.
    """
    found: dict[tuple[Kind, str], Difference] = {}
    for head in authority_lists.in_force(connection, authority_id).values():
        one = compared(connection, authority_id, head)
        for result in one.results:
            if result.finding in REAL:
                difference = _difference(authority_id, result, one.subject(result))
                key = (difference.kind, difference.subject)
                found[key] = _joined(found[key], difference) if key in found else difference
    return sorted(found.values(), key=lambda one: (one.happened_on, one.kind, one.subject))


def _difference(authority_id: int, result: Result, subject: str) -> Difference:
    return Difference(
        authority_id=authority_id,
        kind=_KINDS[result.finding],
        subject=subject,
        amount=abs(result.difference) or result.theirs,
        happened_on=result.order_date,
        reason=result.sentence,
        aid_kind=result.aid_kind,
    )


def _joined(one: Difference, other: Difference) -> Difference:
    return Difference(
        authority_id=one.authority_id,
        kind=one.kind,
        subject=one.subject,
        amount=one.amount + other.amount,
        happened_on=one.happened_on,
        reason=f"{one.reason}; {other.reason}",
    )
