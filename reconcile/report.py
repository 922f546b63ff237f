"""What the verbs did, as lines that people read on a screen or paste into a table.

Amounts stand in tenge with a decimal comma; a table has a heading and columns of equal width, or tabs between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

from ledgers.money import format_tenge
from reconcile.counted import counted

if TYPE_CHECKING:
    from formats.errors import FormatError, Note
    from ledgers.queries import AccountBalance, JournalRow, NumberPosting
    from ledgers.requests import Need
    from ledgers.statements import Line
    from ledgers.status import Status
    from ledgers.trace import TraceFact
    from ledgers.verify import VerifyReport
    from reconcile.close import MonthClosed
    from reconcile.need import NeedsFormed
    from reconcile.outbox import Delivered
    from reconcile.request import RequestsSent
    from reconcile.resolve import ResolutionImport
    from reconcile.returns import NoticesSent, ReturnedMessage, ReturnImport
    from reconcile.setup import SetupImport
    from reconcile.statement import StatementImport

# The names of types in signatures are read by people and checkers alone: a command imports only what it works with.

OPEN_SHOWN = 20
FAULTS_SHOWN = 100
NOTHING_CHANGED = "nothing changed"


def table(heading: Sequence[str], rows: Iterable[Sequence[str]], *, tabs: bool = False) -> list[str]:
    """Rows under a heading; numbers to the right, where a column's heading ends in ', KZT' or is 'count'."""
    cells = [list(heading), *(list(row) for row in rows)]
    if tabs:
        return ["\t".join(row) for row in cells]
    widths = [max(len(row[column]) for row in cells) for column in range(len(heading))]
    right = [name.endswith("KZT") or name == "count" for name in heading]
    return [
        "  ".join(
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(row, widths, right, strict=True)
        ).rstrip()
        for row in cells
    ]


def faults(refusal: FormatError) -> list[str]:
    """The faults of a refused file, each with the name of its page in docs/errors; very many go into a file."""
    lines = [str(refusal).splitlines()[0], *(f"  {fault} [{fault.code}]" for fault in refusal.faults)]
    if len(refusal.faults) <= FAULTS_SHOWN:
        return [*lines, "nothing of it was applied"]
    with NamedTemporaryFile("w", encoding="utf-8", prefix="esep-faults-", suffix=".txt", delete=False) as file:
        file.write("\n".join(lines) + "\n")
    shown = lines[: FAULTS_SHOWN + 1]
    return [*shown, f"  ... all {len(refusal.faults)} faults: {file.name}", "nothing of it was applied"]


def notes(found: Sequence[Note]) -> Iterator[str]:
    """What was read although it was unusual."""
    if found:
        yield ""
        yield "read although unusual:"
        yield from (f"  {note}" for note in found)


def day(value: date) -> str:
    """A day as people write it: 18.03.2024."""
    return f"{value:%d.%m.%Y}"


def month(value: date) -> str:
    """A month as people write it: 03.2024."""
    return f"{value:%m.%Y}"


def setup_import(result: SetupImport) -> list[str]:
    """Items that changed."""
    if not result.changed:
        return [f"all {result.unchanged} items are in force already, {NOTHING_CHANGED}"]
    return [f"new in force: {name}" for name in result.changed]


def needs_formed(result: NeedsFormed) -> list[str]:
    """Needs formed, and decisions whose day has not come."""
    lines = []
    if result.formed:
        lines += table(
            ("authority", "need", "kind", "month", "count", "amount, KZT"), [_need(*item) for item in result.formed]
        )
    else:
        lines.append(f"no need is due, {NOTHING_CHANGED}")
    for one in result.waiting:
        what = (
            f"{one.authority_code}, kind {one.aid_kind} for {month(one.due_month)}, {one.count} people, "
            f"{format_tenge(one.amount)} KZT"
        )
        if one.is_carried:
            lines.append(f"carried to {day(one.formed_from)}: {what}: decided after the day of its need")
        else:
            lines.append(f"not yet: {what}: formed from {day(one.formed_from)}")
    return lines


def _need(code: str, need: Need) -> tuple[str, ...]:
    return code, str(need.need_number), need.aid_kind, month(need.due_month), str(need.count), format_tenge(need.amount)


def requests_sent(result: RequestsSent) -> list[str]:
    """Requests sent, and their files."""
    lines = [
        f"request {one.number} to {one.authority_ru}: {format_tenge(one.amount)} KZT" for one in result.requests
    ] or [f"every need is requested already, {NOTHING_CHANGED}"]
    lines += [
        f"look: request {name} asks in one budget year for the payments of another; money that comes before the 1st "
        "is of the old year (R-042)"
        for name in result.over_year_end
    ]
    return [*lines, *files(result.files)]


def files(delivered: Iterable[Delivered]) -> list[str]:
    """Files in the folder: written now, or there already."""
    return [_file(file) for file in delivered]


def _file(file: Delivered) -> str:
    if not file.written:
        return f"there already: {file.path}"
    again = f" again, it was sent on {day(file.sent_on)} and is not debited yet:" if file.sent_on else ""
    return f"wrote{again} {file.path}"


def resolution_import(result: ResolutionImport) -> list[str]:
    """Outcomes by authority."""
    if not result.count:
        return [f"all {result.known} resolutions were imported before, {NOTHING_CHANGED}"]
    return [
        f"{outcome.authority_code}: {outcome.outcome} {outcome.count}, {format_tenge(outcome.amount)} KZT"
        for outcome in result.outcomes
    ]


def statement_import(result: StatementImport) -> list[str]:
    """Lines placed now, and everything that is open."""
    if result.changes_nothing:
        lines = [f"this statement was imported before, {NOTHING_CHANGED}"]
    else:
        lines = [f"{counted(result.new_lines, 'new line')}, {result.known_lines} known from earlier files"]
        rows = [(_MATCHED[one.matched_as], str(one.count), format_tenge(one.amount)) for one in result.placed]
        lines += table(("placed as", "count", "amount, KZT"), rows) if rows else []
        if result.identified:
            lines.append(f"{counted(result.identified, 'line')} that waited turned out to be returns")
    lines += [f"look: {remark.sentence}" for remark in result.remarks]
    lines += [f"unidentified: {_line(one.line)}: {one.reason}" for one in result.unidentified]
    lines += [f"not placed: {_line(one.line)}: {one.reason}" for one in result.unplaced]
    if result.difference:
        lines.append(
            f"look: the bank's closing balance and the books differ by {format_tenge(result.difference)} KZT; "
            "import the statements that are missing"
        )
    return [*lines, *notes(result.notes)]


_MATCHED = {
    "transfer": "transfers from authorities",
    "settlement": "files debited by the bank",
    "return": "returned payments",
    "claim": "claims paid by banks",
    "unidentified": "unidentified",
}


def _line(line: Line) -> str:
    name = line.counterparty_name or line.counterparty_iban
    return (
        f"S{line.line_number} of {day(line.booked_on)}, {line.direction} {format_tenge(line.amount)} KZT, "
        f"document {line.document_number} of {day(line.document_date)}, {name}"
    )


def return_import(result: ReturnImport) -> list[str]:
    """What became of each message."""
    lines = []
    for message in result.messages:
        lines.append(_message(message))
        lines += [f"  {reason}" for reason in message.reasons]
    lines += [NOTHING_CHANGED] if result.changes_nothing else []
    return [*lines, *notes(result.notes)]


def _message(message: ReturnedMessage) -> str:
    payments = counted(message.count, "payment")
    return (
        f"return {message.document_number} of {day(message.dated)} from {message.bic}: {payments}, "
        f"{format_tenge(message.amount)} KZT, {message.authority_code or 'no authority'}, {message.state}"
    )


def notices_sent(result: NoticesSent) -> list[str]:
    """Notices of returns by authority."""
    lines = [
        f"notice {one.number} to {one.authority_ru}: {counted(one.count, 'payment')} returned, "
        f"{format_tenge(one.amount)} KZT"
        for one in result.notices
    ] or [f"every return is reported already, {NOTHING_CHANGED}"]
    return [*lines, *files(result.files)]


def month_closed(result: MonthClosed) -> list[str]:
    """The control equation of the month, what is open, and whether it is closed."""
    equation = result.check.equation
    rows = [
        ("opening balance", equation.opening),
        ("+ transfers received", equation.transfers),
        ("+ returned by the banks", equation.returned),
        ("+ other (unidentified, between books)", equation.other),
        ("- MT-102 sent, resends included", -equation.sent),
        ("- refunded to the authority", -equation.refunded),
        ("= closing balance", equation.closing),
    ]
    name = f"{month(result.month)} of {result.authority_code}"
    lines = table((name, "amount, KZT"), [(what, format_tenge(amount)) for what, amount in rows])
    lines += [f"to clear: {finding}" for finding in result.check.blocking]
    lines += _shortened([f"open: {finding}" for finding in result.check.warnings], "see: esep ledger balances")
    if result.was_closed:
        return [*lines, f"{name} was closed before, {NOTHING_CHANGED}"]
    if result.lock is None:
        return [*lines, f"{name} can be closed" if not result.check.blocking else f"{name} cannot be closed yet"]
    return [*lines, f"{name} is closed"]


def _shortened(lines: list[str], rest: str) -> list[str]:
    """The first lines, and how many more there are and where to look."""
    if len(lines) <= OPEN_SHOWN:
        return lines
    return [*lines[:OPEN_SHOWN], f"... and {len(lines) - OPEN_SHOWN} more, {rest}"]


def verified(result: VerifyReport) -> list[str]:
    """What was proved again, or every fault."""
    if result.is_sound:
        return [f"sound: {result.books} books, {result.entries} entries, {result.leaves} rows proved again"]
    return [f"BROKEN: {fault}" for fault in result.faults]


def status(result: Status, codes: dict[int, str]) -> list[str]:
    """The server, the role, and the books."""
    rows = [
        (
            codes.get(book.authority_id, str(book.authority_id)),
            str(book.entries),
            f"{book.last_recorded_at:%Y-%m-%d %H:%M} UTC",
            month(book.closed_through) if book.closed_through else "",
        )
        for book in result.books
    ]
    head = f"PostgreSQL {result.server}, schema {result.schema}, working as {result.role}"
    return [head, *table(("book", "count", "last entry", "closed through"), rows)]


def balances(rows: Iterable[AccountBalance], codes: dict[int, str], *, tabs: bool) -> list[str]:
    """Open balances, an account a line."""
    cells = [(codes.get(row.authority_id, "0"), row.account, format_tenge(row.balance)) for row in rows]
    return table(("book", "account", "balance, KZT"), cells, tabs=tabs)


def journal(rows: Iterable[JournalRow], *, tabs: bool) -> list[str]:
    """Entries with their postings, a posting a line; an entry without postings has one line."""
    cells: list[tuple[str, ...]] = []
    for row in rows:
        head = (str(row.number), day(row.booked_on), row.kind, row.actor)
        cells += [(*head, p.debit, p.credit, format_tenge(p.amount)) for p in row.postings] or [(*head, "", "", "")]
    return table(("entry", "booked", "kind", "by", "debit", "credit", "amount, KZT"), cells, tabs=tabs)


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalLine:
    """A posting with its entry, as a line of a saved table; the amount in tiyn."""

    entry: int
    booked_on: date
    value_date: date
    kind: str
    actor: str
    rule: str
    debit: str
    credit: str
    amount: int


def journal_lines(rows: Iterable[JournalRow]) -> list[JournalLine]:
    """The journal, a line for each posting."""
    return [
        JournalLine(
            entry=row.number,
            booked_on=row.booked_on,
            value_date=row.value_date,
            kind=row.kind,
            actor=row.actor,
            rule=posting.rule,
            debit=posting.debit,
            credit=posting.credit,
            amount=posting.amount,
        )
        for row in rows
        for posting in row.postings
    ]


def collapsed(rows: Iterable[NumberPosting], *, tabs: bool) -> list[str]:
    """The journal by the numbers of the chart."""
    cells = [(str(r.entry_number), day(r.booked_on), r.rule, r.debit, r.credit, format_tenge(r.amount)) for r in rows]
    return table(("entry", "booked", "event", "debit", "credit", "amount, KZT"), cells, tabs=tabs)


def trace(facts: Sequence[TraceFact], reference: str, *, tabs: bool) -> list[str]:
    """What happened to a reference or a person, in time order."""
    if not facts:
        return [f"the books know nothing of {reference!r}"]
    cells = [(day(fact.booked_on), f"{fact.authority_id}/{fact.entry_number}", fact.sentence) for fact in facts]
    return table(("day", "entry", "what happened"), cells, tabs=tabs)
