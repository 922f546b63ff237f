"""Crediting registers as lines that people read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ledgers.money import format_tenge
from reconcile.counted import counted
from reconcile.report import NOTHING_CHANGED, day, table

if TYPE_CHECKING:
    from ledgers.crediting_matches import Found
    from ledgers.creditings import CreditingRow
    from reconcile.crediting import BookCrediting, CreditingImport, CreditingShown, MatchedAgain, ShownLine

# The names of types in signatures are read by people and checkers alone: a command imports only what it works with.

_LINES_SHOWN = 50


def imported(result: CreditingImport) -> list[str]:
    """What a register brought to each book, and what of it was found to be payments."""
    if result.is_repeat:
        where = ", ".join(f"C{one.crediting.crediting_number} of {_book(one.code)}" for one in result.books)
        return [f"this register came before as {where}, {NOTHING_CHANGED}"]
    return [line for one in result.books for line in _imported(one)]


def _imported(one: BookCrediting) -> list[str]:
    own = one.crediting
    said = f"register C{own.crediting_number} of {_book(one.code)}: {counted(own.count, 'line')}"
    lines = [f"{said}, {format_tenge(own.amount)} KZT"]
    if not one.code:
        return [*lines, "  none of them names an order or a person that this bank was paid for"]
    return lines + [f"  {line}" for line in _found(one.found)]


def _found(found: Sequence[Found]) -> list[str]:
    if not found:
        return ["no line was found to be a payment"]
    return [
        f"{one.rule}: {counted(one.count, 'line')} found to be payments, {format_tenge(one.amount)} KZT"
        for one in found
    ]


def matched(result: Iterable[MatchedAgain]) -> list[str]:
    """What the rules found among all that was open."""
    lines = [f"{one.code}, {line}" for one in result if one.found for line in _found(one.found)]
    return lines or [f"no open line fits a payment now, {NOTHING_CHANGED}"]


def listed(rows: Sequence[CreditingRow], *, tabs: bool) -> list[str]:
    """Registers, one a line."""
    if not rows:
        return ["no crediting register came yet"]
    cells = [
        (
            _book(row.authority),
            f"C{row.number}",
            row.bic,
            row.document,
            day(row.dated),
            str(row.count),
            format_tenge(row.amount),
            str(row.agreed),
            str(row.left),
            format_tenge(row.left_amount),
        )
        for row in rows
    ]
    heading = ("book", "register", "bank", "document", "dated", "count", "amount, KZT", "agreed", "left", "left, KZT")
    return table(heading, cells, tabs=tabs)


def shown(result: CreditingShown, *, tabs: bool) -> list[str]:
    """A register: how its lines were found to be payments, and why the others were not."""
    lines = listed(result.rows, tabs=tabs)
    cells = [(_book(one.authority), one.rule, str(one.count), format_tenge(one.amount)) for one in result.agreed]
    if cells:
        lines += ["", *table(("book", "rule", "count", "amount, KZT"), cells, tabs=tabs)]
    left = result.left if tabs else result.left[:_LINES_SHOWN]
    if left:
        lines += ["", *(_left(one) for one in left)]
    if len(left) < len(result.left):
        lines.append(f"... and {len(result.left) - len(left)} more; all of them with: --save FILE.xlsx")
    return lines


def _left(one: ShownLine) -> str:
    return f"{one.kind} {one.subject}: {one.reason}"


def _book(code: str) -> str:
    return code or "book 0"
