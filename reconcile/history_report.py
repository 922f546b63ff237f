"""Trial balance and account card, as lines that people read on a screen or paste into a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ledgers.money import format_tenge
from reconcile.report import day, table

if TYPE_CHECKING:
    from ledgers.account_card import Card
    from ledgers.history import Known, TrialLine
    from ledgers.trace import TraceFact

# The names of types in signatures are read by people and checkers alone: a command imports only what it works with.


def known(books: Known, codes: Mapping[int, str]) -> str:
    """Say up to which entry of each book an answer goes: what makes it the same for ever."""
    return "as known up to entry " + ", ".join(f"{codes.get(book, str(book))}/{last}" for book, last in books.items())


def trial(lines: Sequence[TrialLine], total: TrialLine, codes: Mapping[int, str], *, tabs: bool) -> list[str]:
    """The trial balance: what stood, what moved, what stands, and the sums; zeros are left empty."""
    if not lines:
        return ["nothing was booked by then"]
    heading = (
        "book",
        "No",
        "account",
        "opening Dr, KZT",
        "opening Cr, KZT",
        "debit, KZT",
        "credit, KZT",
        "closing Dr, KZT",
        "closing Cr, KZT",
    )
    rows = [(codes.get(line.authority_id, ""), line.number, line.account, *_figures(line)) for line in lines]
    rows.append(("", "", total.account, *(text or format_tenge(0) for text in _figures(total))))
    return table(heading, rows, tabs=tabs)


def _figures(line: TrialLine) -> tuple[str, ...]:
    amounts = (
        line.opening_debit,
        line.opening_credit,
        line.debit,
        line.credit,
        line.closing_debit,
        line.closing_credit,
    )
    return tuple(format_tenge(amount) if amount else "" for amount in amounts)


def card(found: Card, code: str, since: date | None, *, tabs: bool) -> list[str]:
    """The card: the balance before, each movement with its entry, document and actor, the balance after."""
    heading = ("booked", "entry", "what", "against", "debit, KZT", "credit, KZT", "balance, KZT", "document", "by")
    opening = (day(since) if since else "", "", "opening", "", "", "", format_tenge(found.opening), "", "")
    rows = [
        (
            day(one.booked_on),
            f"{code}/{one.entry_number}",
            one.rule,
            one.against,
            format_tenge(one.debit) if one.debit else "",
            format_tenge(one.credit) if one.credit else "",
            format_tenge(one.balance),
            one.document or one.summary,
            one.actor,
        )
        for one in found.movements
    ]
    closing = ("", "", "closing", "", *_turnovers(found), format_tenge(found.closing), "", "")
    title = [] if tabs else [f"card of {found.account}, book {code}"]
    return [*title, *table(heading, [opening, *rows, closing], tabs=tabs)]


def _turnovers(found: Card) -> tuple[str, str]:
    return (
        format_tenge(sum(one.debit for one in found.movements)),
        format_tenge(sum(one.credit for one in found.movements)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceLine:
    """A fact of a trace as a line of a saved table."""

    recorded_at: str
    booked_on: date
    book: str
    entry: int
    document: str
    version: int | None
    matched_by: str
    actor: str
    what_happened: str


def trace_lines(facts: Sequence[TraceFact], codes: Mapping[int, str]) -> list[TraceLine]:
    """The facts of a trace with all that proves them."""
    return [
        TraceLine(
            recorded_at=fact.recorded_at.isoformat(sep=" ", timespec="seconds"),
            booked_on=fact.booked_on,
            book=codes.get(fact.authority_id, str(fact.authority_id)),
            entry=fact.entry_number,
            document=fact.document,
            version=fact.version,
            matched_by=fact.rule,
            actor=fact.actor,
            what_happened=fact.sentence,
        )
        for fact in facts
    ]


def full_trace(lines: Sequence[TraceLine], reference: str, *, tabs: bool) -> list[str]:
    """A trace in which every fact shows its entry, document, version, match and actor."""
    if not lines:
        return [f"the books know nothing of {reference!r}"]
    rows = [
        (
            day(line.booked_on),
            f"{line.book}/{line.entry}",
            line.document,
            "" if line.version is None else str(line.version),
            line.matched_by,
            line.actor,
            line.what_happened,
        )
        for line in lines
    ]
    return table(("day", "entry", "document", "version", "matched by", "by", "what happened"), rows, tabs=tabs)
