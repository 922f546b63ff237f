"""Returns placed by hand, carried over and waiting, claims, and refunds, as lines that people read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ledgers.money import format_tenge
from reconcile.counted import counted
from reconcile.report import NOTHING_CHANGED, day, files, month, table

if TYPE_CHECKING:
    from reconcile.carry_over import CarriedOver
    from reconcile.claim import ClaimPaid
    from reconcile.refund import RefundOrder, RefundsSent
    from reconcile.return_hand import Placed
    from reconcile.return_waiting import WaitingReturn

# The names of types in signatures are read by people and checkers alone: a command imports only what it works with.

_WHY = {
    "decided": "the authority decided",
    "not decided": "nobody decided by the last working day",
    "not resent": "to be resent, but not resent by the last working day",
    "released": "funding that no payment needs",
    "excess": "excess, above the request",
}
_OUTCOMES = {
    "": "it waits with the return for the authority's decision",
    "resend": "it goes out with the resend",
    "refund": "it goes back with the next refund",
    "refund_by_term": "it goes back with the next refund",
}


def placed(result: Placed) -> list[str]:
    """What a person placed, and where its money is."""
    came = f"{counted(result.payments, 'payment')}, {format_tenge(result.amount)} KZT"
    seen = f"money of {result.line}" if result.line else "money not seen"
    lines = [f"{result.what}: {came}, {result.authority_code}, {seen}"]
    if result.claimed:
        lines.append(f"claimed of the bank: {format_tenge(result.claimed)} KZT, the service is free (R-006)")
    if result.rest:
        lines.append(f"waits on 205: {format_tenge(result.rest)} KZT of {result.line}")
    lines += [f"look: {one}" for one in result.look]
    return [*lines, f"it was placed before, {NOTHING_CHANGED}"] if result.is_repeat else lines


def claim_paid(result: ClaimPaid) -> list[str]:
    """What a line paid of a claim, and what is still owed."""
    head = f"{result.line} pays {format_tenge(result.amount)} KZT of the claim for {result.reference}"
    if result.is_repeat:
        return [f"{head}, as was said before, {NOTHING_CHANGED}"]
    lines = [f"{head}, {result.authority_code}: {_OUTCOMES[result.outcome]}"]
    if result.open:
        lines.append(f"still owed: {format_tenge(result.open)} KZT")
    if result.rest:
        lines.append(f"waits on 205: {format_tenge(result.rest)} KZT of {result.line}")
    return lines


def carried_over(result: CarriedOver) -> list[str]:
    """Returns that wait for the next month."""
    lines = []
    if result.returns:
        amount = format_tenge(sum(one.amount for one in result.returns))
        count = counted(len(result.returns), "return")
        lines.append(f"carried over from {month(result.month)}: {count} of {result.authority_code}, {amount} KZT")
        if result.despite_december:
            lines.append(f"look: the refund will name budget year {result.month.year} (E61)")
    lines += [f"{reference} was carried over before" for reference in result.known]
    return lines if result.returns else [*lines, NOTHING_CHANGED]


def waiting(rows: Iterable[WaitingReturn], *, tabs: bool) -> list[str]:
    """What came back and is not done with."""
    cells = [
        (
            row.state,
            row.name,
            row.authority,
            row.bank,
            day(row.since),
            str(row.working_days),
            format_tenge(row.amount),
            day(row.due) if row.due else "",
            str(row.attempts or ""),
            row.reason,
            row.to_do,
        )
        for row in rows
    ]
    heading = ("state", "what", "authority", "bank", "since", "days", "amount, KZT", "decided by", "attempts")
    return table((*heading, "reason", "to do"), cells, tabs=tabs) if cells else ["nothing that came back waits"]


def refunds_sent(result: RefundsSent, *, dry_run: bool = False, tabs: bool = False) -> list[str]:
    """Refund orders by authority; a dry run lists every item, why it goes back and how long it waited."""
    lines = [f"the excess of {name} went back before" for name in result.known]
    for refund in result.refunds:
        lines += _refund(refund)
        if dry_run:
            lines += _items(refund, result, tabs=tabs)
    if not result.refunds:
        lines.append(f"nothing is to be refunded, {NOTHING_CHANGED}")
    return [*lines, *files(result.files)]


def _refund(refund: RefundOrder) -> Iterator[str]:
    order = refund.order
    others = sum(item.why in ("released", "excess") for item in refund.items)
    count = counted(order.count, "item" if others else "payment")
    yield (
        f"refund {order.order_number} to {refund.authority_code}: {count}, {format_tenge(order.amount)} KZT"
        + (f", of them {refund.lapsed} that nobody decided or resent by the last working day" if refund.lapsed else "")
    )
    for year, (number, amount) in refund.other_years.items():
        yield f"look: of budget year {year}: {counted(number, 'item')}, {format_tenge(amount)} KZT; the MT-100 says so"


def _items(refund: RefundOrder, result: RefundsSent, *, tabs: bool) -> list[str]:
    cells = [
        (
            item.reference,
            item.aid_kind,
            format_tenge(item.amount),
            day(item.since),
            str(result.ages[refund.authority_code, item.reference]),
            _WHY[item.why],
            str(item.budget_year) if item.budget_year != refund.order.dated.year else "",
        )
        for item in refund.items
    ]
    return table(("what", "kind", "amount, KZT", "since", "days", "why", "budget year"), cells, tabs=tabs)
