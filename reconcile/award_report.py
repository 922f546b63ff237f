"""Decisions that came in, as lines that people read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledgers.money import format_tenge
from reconcile import report

if TYPE_CHECKING:
    from reconcile.award import AwardImport

SHOWN = 20


def imported(result: AwardImport) -> list[str]:
    """New lines by kind and month, how many were known, and what to look at."""
    if not result.count:
        return [f"all {result.known} lines were imported before with the same content, {report.NOTHING_CHANGED}"]
    rows = [
        (one.authority_code, one.aid_kind, report.month(one.due_month), str(one.count), format_tenge(one.amount))
        for one in result.totals
    ]
    lines = report.table(("authority", "kind", "month", "count", "amount, KZT"), rows)
    if result.known:
        lines.append(f"{result.known} lines were imported before with the same content")
    lines += _shown(
        [
            f"look at line {one.line}: this person has aid {one.aid_kind} for {report.month(one.due_month)} "
            f"by decision {one.other_number} too; as it stands both are paid"
            for one in result.twice_awarded
        ],
        "compare the decisions in the file",
    )
    lines += _shown(
        [f"look at line {one.first_line}{_and_more(one.count - 1)}: {one.said}" for one in result.warnings],
        "look through the file",
    )
    return [*lines, f"imported {result.count} award lines, {format_tenge(result.amount)} KZT"]


def _and_more(count: int) -> str:
    return f" and {count} more" if count else ""


def _shown(lines: list[str], rest: str) -> list[str]:
    more = len(lines) - SHOWN
    return [*lines[:SHOWN], f"... and {more} more; {rest}"] if more > 0 else lines
