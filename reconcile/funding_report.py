"""Requests, their money and lines placed by hand, as lines that people read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from ledgers.money import format_tenge
from reconcile.report import NOTHING_CHANGED, day, table

if TYPE_CHECKING:
    from datetime import date

    from reconcile.arrivals import Arrived
    from reconcile.line_book import TurnedRound
    from reconcile.reallocate import Reallocated
    from reconcile.release import Released
    from reconcile.request import RequestLine
    from reconcile.settle import Settled
    from reconcile.undo import Undone
    from reconcile.waiting import WaitingLine

# The names of types in signatures are read by people and checkers alone: a command imports only what it works with.


def arrived(result: Arrived) -> list[str]:
    """When a document arrived, and what was told before."""
    said = f"{result.name} arrived on {day(result.arrived_on)}"
    if result.is_repeat:
        return [f"{said}, as was told before, {NOTHING_CHANGED}"]
    return [f"{said}, not on {day(result.before)} as was told before" if result.before else said]


def request_list(rows: Iterable[RequestLine], *, tabs: bool) -> list[str]:
    """Requests by kind: asked, came, awaited, and until when."""
    cells = [
        (
            row.authority,
            row.request,
            day(row.sent_on),
            day(row.arrived_on),
            row.aid_kind,
            str(row.count),
            format_tenge(row.asked_tiyn),
            format_tenge(row.came_tiyn),
            format_tenge(row.awaited_tiyn),
            _day(row.earliest),
            _day(row.due),
            ", ".join(filter(None, (row.state, row.note))),
        )
        for row in rows
    ]
    heading = ("authority", "request", "sent", "arrived", "kind", "count", "asked, KZT", "came, KZT", "awaited, KZT")
    return table((*heading, "from", "due", "state"), cells, tabs=tabs) if cells else ["no request was sent yet"]


def _day(value: date | None) -> str:
    return day(value) if value else ""


def released(result: Released) -> list[str]:
    """What a request let go of, by kind."""
    if not result.surpluses:
        return [f"the awards of request {result.reference} need all of it, {NOTHING_CHANGED}"]
    rows = [(one.aid_kind, format_tenge(one.withdrawn), format_tenge(one.released)) for one in result.surpluses]
    lines = table(("kind", "no longer awaited, KZT", "to be refunded, KZT"), rows)
    if any(one.released for one in result.surpluses):
        lines.append("what is to be refunded leaves with: esep refund send")
    return lines


def placed(result: Reallocated) -> list[str]:
    """Where the money of a line is now."""
    rows = [(f"request {reference}", kind, format_tenge(amount)) for (reference, kind), amount in result.parts.items()]
    if result.rest:
        rows.append((f"waits as {result.line.reference} on 205", "", format_tenge(result.rest)))
    lines = [*turned_round(result.turned_round, result.codes), f"{result.line.reference} of {result.authority_code}:"]
    lines += table(("placed on", "kind", "amount, KZT"), rows)
    return [*lines, f"it was so before, {NOTHING_CHANGED}"] if result.is_repeat else lines


def undone(result: Undone) -> list[str]:
    """What became of a line that was taken from its place."""
    name = result.line.reference
    if result.is_repeat:
        return [f"{name} has no place, {NOTHING_CHANGED}"]
    now = f"{name} waits on 205"
    if result.line.direction == "debit":
        now = f"{name} is of no file now; say which one it settles with: esep statement settle --line {name}"
    return [*turned_round(result.turned_round, result.codes), now]


def settled(result: Settled) -> list[str]:
    """Which file a debit settles."""
    said = f"{result.line.reference} settles {result.file.reference}, {format_tenge(result.line.amount)} KZT"
    return [f"{said}, as before, {NOTHING_CHANGED}" if result.is_repeat else said]


def turned_round(entries: Sequence[TurnedRound], codes: Mapping[int, str]) -> Iterator[str]:
    """Entries that were turned round, each as book/entry."""
    for one in entries:
        book = codes.get(one.book, str(one.book))
        yield f"turned round: entry {one.entry} of {book}, by entry {one.reversal} on {day(one.booked_on)}"


def waiting(rows: Sequence[WaitingLine], *, tabs: bool) -> list[str]:
    """What waits on 205, and debits without a file."""
    cells = [
        (
            row.line,
            row.book or "-",
            day(row.since),
            str(row.working_days),
            row.direction,
            format_tenge(row.amount),
            f"{row.document} of {day(row.dated)}",
            row.other_side,
            row.reason,
        )
        for row in rows
    ]
    heading = ("line", "book", "since", "working days", "side", "amount, KZT", "document", "other side", "why")
    return table(heading, cells, tabs=tabs) if cells else ["nothing waits"]
