"""The chain of statements and the bank's balance, as lines that people read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ledgers.money import format_tenge
from reconcile.counted import counted
from reconcile.report import day, table

if TYPE_CHECKING:
    from ledgers.differences import Difference
    from reconcile.bank_balance import BankBalance
    from reconcile.statement_control import Control

# The names of types in signatures are read by people and checkers alone: a command imports only what it works with.

REMEDIES = {
    "statement_gap": "ask the bank for a statement of these days, also if nothing moved: esep statement import FILE",
    "statement_opening": "a statement is missing, or one was corrected; ask the bank: esep statement import FILE",
    "statement_overlap": "ask the bank in writing which of the two holds; what it took back comes as a line of its own",
    "balance_differs": "see which lines and entries make it: esep statement balance --on DATE, esep ledger verify",
}
"""What to do about each kind of difference."""


def control(result: Control, *, tabs: bool) -> list[str]:
    """The chain of each account, then what is wrong, each with what to do."""
    if not result.links:
        return ["no statement was imported yet"]
    cells = [
        (
            one.statement,
            f"{day(one.first)} – {day(one.last)}",
            format_tenge(one.opening_tiyn),
            format_tenge(one.credited_tiyn),
            format_tenge(one.debited_tiyn),
            format_tenge(one.closing_tiyn),
            str(one.new_lines),
            " ".join(filter(None, (one.verdict, one.against))),
            one.file_name,
        )
        for one in result.links
    ]
    heading = ("statement", "days", "opening, KZT", "credited, KZT", "debited, KZT", "closing, KZT", "count", "verdict")
    lines: list[str] = []
    for account in dict.fromkeys(one.account for one in result.links):
        own = [cell for cell, one in zip(cells, result.links, strict=True) if one.account == account]
        lines += [f"account {account}, {counted(len(own), 'statement')}", *table((*heading, "file"), own, tabs=tabs)]
    wrong = {one.reason for one in result.differences}
    notes = [f"{one.statement}: {one.note}" for one in result.links if one.note and not wrong & {one.note}]
    return [*lines, *_listed("to know:", notes), *_wrong(result.differences)]


def _listed(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield from ("", title)
        yield from (f"  {line}" for line in lines)


def _wrong(found: tuple[Difference, ...]) -> Iterator[str]:
    if not found:
        yield from ("", "the statements follow each other, and nothing is missing")
        return
    yield from ("", f"{counted(len(found), 'difference')}:")
    for one in found:
        yield f"  {one.kind.replace('_', ' ')}, {one.subject}: {one.reason}"
        yield f"    {REMEDIES.get(one.kind, '')}"


def balance(result: BankBalance, *, tabs: bool) -> list[str]:
    """The bank's balance out of the cash of the books, the items between them, and the money that is spoken for."""
    sums = [("cash of all books", format_tenge(result.cash))]
    for name in dict.fromkeys(one.item for one in result.items):
        own = [one.amount for one in result.items if one.item == name]
        sums.append((f"{counted(len(own), 'item')} {name}", format_tenge(sum(own))))
    sums += [
        ("makes", format_tenge(result.expected)),
        (f"the bank has, by {result.said_by}", format_tenge(result.bank)),
        ("difference", format_tenge(result.difference)),
    ]
    lines = table((f"balance at the end of {day(result.day)}", "amount, KZT"), sums, tabs=tabs)
    if result.items:
        cells = [
            (one.item, one.line, day(one.happened_on), one.document, format_tenge(one.amount), one.reason)
            for one in result.items
        ]
        heading = ("not cleared", "line", "day", "document", "amount, KZT", "why")
        lines += ["", *table(heading, cells, tabs=tabs)]
    if result.spoken:
        spoken = [
            (one.authority, one.file, one.message, one.bic, day(one.sent_on), format_tenge(one.amount))
            for one in result.spoken
        ]
        heading = ("authority", "spoken for", "message", "to", "sent", "amount, KZT")
        free = f"of the cash of all books, {format_tenge(result.cash)} KZT, {format_tenge(result.free)} may be spent"
        lines += ["", *table(heading, spoken, tabs=tabs), free]
    if result.difference:
        lines += ["", f"{format_tenge(result.difference)} KZT are not explained: esep statement control says where"]
    return lines
