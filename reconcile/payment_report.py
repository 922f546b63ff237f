"""Files sent and refused, holds, cancellations, corrections and where everybody is, as lines that people read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ledgers.money import format_tenge
from reconcile.counted import counted
from reconcile.report import NOTHING_CHANGED, day, files, table

if TYPE_CHECKING:
    from ledgers.award_states import AwardState
    from ledgers.holds import Hold, HoldRow
    from reconcile.award_change import AwardsChanged
    from reconcile.cancel import Cancelled
    from reconcile.hold import HoldImport, Placed
    from reconcile.order import OrdersSent
    from reconcile.refusal import FileRefused

# The names of types in signatures are read by people and checkers alone: a command imports only what it works with.


_LEFT_OUT = {
    "cancelled": "cancelled, not sent",
    "held": "on hold ({detail}), not sent",
    "schedule": "paid from {detail} on",
    "claim": "returned short, waits for what the bank owes",
}


def orders_sent(result: OrdersSent) -> list[str]:
    """MT-102 files, and what waits for money."""
    rows = [
        (
            order.reference,
            str(order.order_number),
            order.aid_kind,
            order.bic,
            str(order.count),
            format_tenge(order.amount),
        )
        for order in result.orders
    ]
    lines = table(("file", "number", "kind", "bank", "count", "amount, KZT"), rows) if rows else []
    if not rows:
        lines.append(f"nothing waits to be sent, {NOTHING_CHANGED}")
    lines += [
        f"waits for money: request {one.request_reference}, kind {one.aid_kind}: {one.count - one.paid_count} of "
        f"{one.count} people, {format_tenge(one.needed - one.paid)} of {format_tenge(one.needed)} KZT; "
        f"received {format_tenge(one.available)}, {format_tenge(one.rest)} stay"
        for one in result.short
    ]
    lines += [
        f"{_LEFT_OUT[one.reason].format(detail=one.detail)}: kind {one.aid_kind}, "
        f"{counted(one.count, 'person', 'people')}, {format_tenge(one.amount)} KZT"
        for one in result.left_out
    ]
    return [*lines, *files(result.files)]


def placed(result: Iterable[Placed]) -> list[str]:
    """Holds that are in force now."""
    return [_placed(one) for one in result]


def _placed(one: Placed) -> str:
    what = f"award {one.hold.award_number}" if one.hold.award_number else "the person"
    said = f"hold {one.hold.hold_number} of {one.authority_code}: nothing of {what} is sent, {one.hold.reason}"
    return f"{said}; it stood before, {NOTHING_CHANGED}" if one.is_repeat else said


def hold_import(result: HoldImport) -> list[str]:
    """What a list of holds brought."""
    fresh = sum(not one.is_repeat for one in result.placed)
    known = len(result.placed) - fresh
    lines = [f"{fresh} holds placed" if fresh else f"no hold placed, {NOTHING_CHANGED}"]
    if known:
        lines.append(f"{known} stood before")
    if result.strangers:
        lines.append(f"{result.strangers} people of the list have no award here")
    return lines


def ended(hold: Hold, authority_code: str) -> list[str]:
    """A hold that is over."""
    return [f"hold {hold.hold_number} of {authority_code} is ended: what it stopped goes with the next files"]


def holds(rows: Sequence[HoldRow], *, tabs: bool) -> list[str]:
    """The holds, and what each keeps from being sent."""
    if not rows:
        return ["nothing is on hold"]
    cells = [
        (
            row.authority,
            str(row.hold_number),
            row.iin,
            row.award,
            row.reason,
            day(row.placed_on),
            day(row.ended_on) if row.ended_on else "",
            str(row.count),
            format_tenge(row.amount),
            row.document,
            row.note,
        )
        for row in rows
    ]
    heading = (
        "authority",
        "hold",
        "IIN",
        "award",
        "reason",
        "since",
        "until",
        "count",
        "waits, KZT",
        "document",
        "note",
    )
    return table(heading, cells, tabs=tabs)


def cancelled(result: Cancelled | Sequence[Cancelled]) -> list[str]:
    """Awards that will not be paid, of one authority or of several."""
    results = result if isinstance(result, Sequence) else [result]
    count, known = sum(len(one.awards) for one in results), sum(one.known for one in results)
    if not count:
        return [f"cancelled already, {NOTHING_CHANGED}"]
    amount = format_tenge(sum(one.amount for one in results))
    lines = [f"{counted(count, 'award')} cancelled, {amount} KZT will not be paid"]
    if known:
        lines.append(f"{known} were cancelled before")
    return [*lines, "money that came for them is let go with: esep request release"]


def changed(result: AwardsChanged) -> list[str]:
    """Awards with a further version."""
    lines = [f"{code}: {counted(count, 'award')} corrected" for code, count in result.changed]
    known = [f"{result.known} lines change nothing"] if result.known else []
    return [*lines, *known] if lines else [f"the books know all of it, {NOTHING_CHANGED}"]


def states(rows: Sequence[AwardState], *, tabs: bool) -> list[str]:
    """Where everybody is."""
    if not rows:
        return ["there are no awards"]
    cells = [
        (row.authority, row.aid_kind, f"{row.due_month:%m.%Y}", row.state, str(row.count), format_tenge(row.amount))
        for row in rows
    ]
    return table(("authority", "kind", "month", "state", "count", "amount, KZT"), cells, tabs=tabs)


def refused(results: Iterable[FileRefused]) -> list[str]:
    """Files that the bank did not take."""
    return [line for one in results for line in _refused(one)]


def _refused(one: FileRefused) -> list[str]:
    file = one.file
    said = f"{file.reference} to {file.bic}, {file.count} items, {format_tenge(file.amount)} KZT"
    if one.is_repeat:
        refused_on = day(file.refused_on) if file.refused_on else ""
        return [f"{said}: refused on {refused_on} already, {NOTHING_CHANGED}"]
    verb = "refund send" if file.message == "MT-100" else "order send"
    return [f"{said}: refused, {one.refusal.reason}", f"its items go again with the next: esep {verb}"]
