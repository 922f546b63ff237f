"""Lists of an authority against the books, as lines that people read and rows that they save."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledgers.money import format_tenge, plain_tenge
from reconcile import report
from reconcile.counted import counted
from reconcile.list_compare import SIDES
from reconcile.list_result import REAL
from reconcile.report import NOTHING_CHANGED, table

if TYPE_CHECKING:
    from datetime import date

    from reconcile.authority_list import HandMatched, ListImport
    from reconcile.list_differences import ComparedList
    from reconcile.list_protocol import ProtocolsMade
    from reconcile.list_result import Result

# The names of types in signatures are read by people and checkers alone: a command imports only what it works with.

_FINDINGS = {
    "agrees": "agrees",
    "timing": "timing",
    "missing_with_us": "missing with us",
    "missing_with_them": "missing with them",
    "amount": "amount",
    "date": "date",
    "kind": "kind",
    "twice": "twice",
}
_HEADING = (
    "line",
    "side",
    "order",
    "dated",
    "kind",
    "ours, KZT",
    "theirs, KZT",
    "difference, KZT",
    "found",
    "rule",
    "sentence",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRow:
    """A result as it is saved: amounts in tiyn and, for people, in tenge."""

    line: str
    side: str
    order: str
    dated: date
    kind: str
    ours_tiyn: int
    ours_kzt: str
    theirs_tiyn: int
    theirs_kzt: str
    difference_tiyn: int
    difference_kzt: str
    found: str
    rule: str
    sentence: str


def rows(comparison: ComparedList) -> list[ResultRow]:
    """The results as rows of a table."""
    return [
        ResultRow(
            line=comparison.subject(one),
            side=one.side,
            order=one.order_number,
            dated=one.order_date,
            kind=one.aid_kind,
            ours_tiyn=one.ours,
            ours_kzt=plain_tenge(one.ours),
            theirs_tiyn=one.theirs,
            theirs_kzt=plain_tenge(one.theirs),
            difference_tiyn=one.difference,
            difference_kzt=plain_tenge(one.difference),
            found=_FINDINGS[one.finding],
            rule=_rule(one),
            sentence=one.sentence,
        )
        for one in comparison.results
    ]


def _rule(result: Result) -> str:
    return "" if result.rule == "none" else result.rule.replace("_", " ")


def shown(comparison: ComparedList, *, tabs: bool = False) -> list[str]:
    """The results, both totals, and what of the difference is of time alone."""
    cells = [
        (
            row.line,
            row.side,
            row.order,
            report.day(row.dated),
            row.kind,
            format_tenge(row.ours_tiyn),
            format_tenge(row.theirs_tiyn),
            format_tenge(row.difference_tiyn),
            row.found,
            row.rule,
            row.sentence,
        )
        for row in rows(comparison)
    ]
    found = table(_HEADING, cells, tabs=tabs) if cells else ["no order and no refund on either side"]
    return found if tabs else [*found, *_sums(comparison)]


def _sums(comparison: ComparedList) -> list[str]:
    head = comparison.head
    counts = {name: sum(_FINDINGS[one.finding] == name for one in comparison.results) for name in _FINDINGS.values()}
    found = ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "empty, as are the books"
    lines = [f"list {head.list_number} of {report.month(head.month)} ({head.document}): {found}"]
    for side in SIDES:
        if any(one.side == side for one in comparison.results):
            totals = comparison.totals(side)
            lines.append(
                f"{side}s: ours {format_tenge(totals.ours)}, theirs {format_tenge(totals.theirs)}, difference "
                f"{format_tenge(totals.difference)} KZT: real {format_tenge(totals.real)}, of time "
                f"{format_tenge(totals.timing)}"
            )
    return lines


def imported(result: ListImport, *, dry_run: bool = False) -> list[str]:
    """What an import brought, and the comparison."""
    head = result.comparison.head
    name = f"list {head.list_number} of {report.month(head.month)} of {result.authority_code}"
    lines = [f"{name}: {counted(head.count, 'line')} {'would be' if dry_run else ''} imported".replace("  ", " ")]
    if result.is_repeat:
        lines = [f"{name} is this very file, {NOTHING_CHANGED}"]
        if result.in_force != head.list_number:
            lines.append(f"list {result.in_force} came after it and is in force; to bring it back name a new letter")
    if result.before:
        lines.append(f"it takes the place of list {result.before}")
    if result.hands_left:
        lines.append(f"{counted(result.hands_left, 'match', 'matches')} by hand of list {result.before} stay with it")
    if result.file.not_ours:
        lines.append(f"{counted(result.file.not_ours, 'document')} of the statement not ours, left out")
    if result.file.other_months:
        lines.append(f"{counted(result.file.other_months, 'document')} of other months left out")
    return [*lines, *report.notes(result.file.notes), *shown(result.comparison)]


def matched(result: HandMatched) -> list[str]:
    """A line that was matched by hand, or is no longer, and the sums after it."""
    line = f"line L{result.comparison.head.list_number}/{result.line.line}"
    what = "transfer" if result.line.side == "transfer" else "refund order"
    said = f"{line} is matched to {what} {result.match.number}: {result.match.reason}"
    if result.is_repeat:
        said = f"{line} was matched to {what} {result.match.number} before, {NOTHING_CHANGED}"
    elif not result.match.number:
        said = f"{line} is matched by hand no longer: {result.match.reason}"
    return [said, *_of_line(result.comparison.results, result.line.line), *_sums(result.comparison)]


def _of_line(results: Iterable[Result], line: int) -> list[str]:
    return [one.sentence for one in results if line in one.lines]


def protocols(result: ProtocolsMade) -> list[str]:
    """The protocols of a month, and their files."""
    lines = [*_sums(result.comparison), *(f"wrote {path}" for path in result.files)]
    if any(one.finding in REAL for one in result.protocol_lines):
        lines.append("to keep the act from being signed until this is settled: esep act dispute")
    return lines
