"""`esep breaks export` and `import`: breaks as an XLSX sheet that people fill in, and what they wrote.

The first columns say what the break is; action, owner, until, note and reference are filled in. A sheet is applied
whole or not at all; the very same file once more changes nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection

from formats import forms, sheet_lists, sheets
from formats.columns import Family, Faults, Field
from formats.errors import Code, Fault, FormatError
from ledgers import posting
from ledgers.breaks import Break
from ledgers.crediting_matches import NoSuchMatch
from ledgers.money import plain_tenge
from reconcile import breaks_match, breaks_work
from reconcile.breaks_list import BreakRow, Wanted, listing
from reconcile.breaks_match import Matched
from reconcile.breaks_work import NoSuchBreak, NotWorked, Work, Worked
from reconcile.desk import Desk
from reconcile.inbox import received

ACTIONS = ("assign", "note", "park", "escalate", "accept", "match", "post", "carry", "reopen")
"""What a row may ask for, as the commands are called."""

EDITED = ("action", "owner", "until", "note", "reference")
"""The columns that people fill in."""

_TOLD = ("number", "kind", "subject", "bank", "amount", "since", "working_days", "owned_by", "state", "reason")

FAMILY = Family(
    root="breaks",
    namespace="",
    fields=(
        Field(name="number", kind=forms.TEXT),
        *(Field(name=name, kind=forms.LABEL, mandatory=False) for name in _TOLD[1:]),
        Field(name="action", kind=forms.choice(*ACTIONS), mandatory=False),
        Field(name="owner", kind=forms.TEXT, mandatory=False),
        Field(name="until", kind=forms.DAY, mandatory=False),
        Field(name="note", kind=forms.LABEL, mandatory=False),
        Field(name="reference", kind=forms.TEXT, mandatory=False),
    ),
)
"""The columns of a sheet of breaks."""


class Row(NamedTuple):
    """A row of a sheet, with its line in the file; `until` is a day as YYYY-MM-DD or empty."""

    line: int
    number: str
    subject: str
    action: str
    owner: str
    until: str
    note: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetImport:
    """What a sheet did, row by row, how many rows asked for nothing, and whether the very file was known."""

    worked: tuple[Worked, ...]
    left: int
    is_known: bool = False


def export(connection: Connection, today: date, wanted: Wanted, path: Path) -> int:
    """Write the breaks that are wanted as a sheet to fill in; returns how many rows.

    Raises:
        NotWorked: the name does not end in .xlsx.
    """
    if path.suffix.lower() != ".xlsx":
        raise NotWorked(f"{path.name}: a sheet of breaks is an .xlsx; name the file so")
    rows = listing(connection, today, wanted).rows
    sheets.write_xlsx([_cells(row) for row in rows], path, FAMILY)
    return len(rows)


def _cells(row: BreakRow) -> list[str]:
    told = [
        row.number,
        row.kind,
        row.subject,
        row.bank,
        plain_tenge(row.amount),
        f"{row.since:%d.%m.%Y}",
        str(row.working_days),
        row.owner,
        row.state,
        row.reason,
    ]
    # A cell has simple spaces: amounts in a sentence have others.
    return [*(" ".join(text.split()) for text in told), *("" for _ in EDITED)]


def import_file(desk: Desk, path: Path, *, dry_run: bool = False) -> SheetImport:
    """Do what a sheet asks for, under the name of who imports it.

    Raises:
        FormatError: with every fault of the sheet; nothing of it was applied.
    """
    if dry_run:
        name, content = path.name, posting.digest(path.read_bytes())
        return _apply(desk, name, _read(path, name), content, None)
    with received(desk, path, "breaks") as file:
        rows = _read(file.path, file.name)
        return _apply(desk, file.name, rows, posting.digest(file.read()), file.accept)


def _read(path: Path, source: str) -> list[Row]:
    faults: list[Fault] = []
    rows: list[Row] = []
    try:
        for batch in sheet_lists.batches(path, source, FAMILY, Faults(source, faults)):
            names = ("number", "subject", *EDITED)
            for line, *values in zip(batch.lines, *(batch.columns[name] for name in names), strict=True):
                rows.append(Row(line, *values))
    except FormatError as refusal:
        raise FormatError(source, [*faults, *refusal.faults]) from refusal
    if not rows and not faults:
        faults.append(sheet_lists.empty(FAMILY))
    faults += [_no_action(row) for row in rows if not row.action and any(row[4:])]
    first: dict[str, int] = {}
    for row in rows:
        if first.setdefault(row.number, row.line) != row.line:
            faults.append(
                _fault(row, "number", row.number, f"each break once; line {first[row.number]} has it", _ONE_ROW)
            )
    if faults:
        raise FormatError(source, _ordered(faults))
    return rows


_ONE_ROW = "leave one row; a second step goes into a second sheet"


def _no_action(row: Row) -> Fault:
    found = ", ".join(name for name, value in zip(EDITED[1:], row[4:], strict=True) if value)
    return _fault(row, "action", f"{found} without an action", f"one of {', '.join(ACTIONS)}", "say what is to be done")


def _fault(row: Row, place: str, found: str, expected: str, remedy: str) -> Fault:
    code = Code.REPEATED if place == "number" and expected.startswith("each") else Code.VALUE
    return Fault(code=code, line=row.line, place=place, found=found, expected=expected, remedy=remedy)


def _ordered(faults: Sequence[Fault]) -> list[Fault]:
    return sorted(faults, key=lambda fault: (fault.line or 0, fault.place))


def _apply(
    desk: Desk, source: str, rows: list[Row], content: bytes, accept: Callable[[Connection], None] | None
) -> SheetImport:
    """Apply the rows in one transaction; without `accept` it is only tried."""
    asked = [row for row in rows if row.action]
    key = f"breaks-sheet:{content.hex()}"
    faults: list[Fault] = []
    with desk.database.begin() as connection:
        work = Work(desk, connection)
        if any(posting.find(connection, book, key) for book in work.codes):
            return SheetImport(worked=(), left=len(rows) - len(asked), is_known=True)
        done: list[Worked] = []
        for row in asked:
            try:
                done += _do(work, row)
            except (NotWorked, NoSuchBreak, NoSuchMatch) as refusal:
                faults.append(_refused(row, refusal))
        if faults:
            raise FormatError(source, _ordered(faults))
        work.seal(source_key=key, content=[content.hex()])
        if accept is None:
            connection.rollback()
        else:
            accept(connection)
    return SheetImport(worked=tuple(done), left=len(rows) - len(asked))


def _refused(row: Row, refusal: Exception) -> Fault:
    place = "number" if isinstance(refusal, NoSuchBreak) else "action"
    found = row.number if place == "number" else f"{row.action} {row.number}"
    return _fault(row, place, found, "a step that can be done", str(refusal))


def _do(work: Work, row: Row) -> list[Worked]:
    """What one row asks for.

    Raises:
        NotWorked, NoSuchBreak: it cannot be done; the sentence says why.
    """
    (one,) = work.chosen([row.number])
    if one.subject != row.subject:
        raise NoSuchBreak(f"{row.number} is about {one.subject}, the sheet says {row.subject}; export it again")
    result: Matched | Worked
    match row.action:
        case "assign":
            result = breaks_work.assign(work, one, row.owner)
        case "note":
            result = breaks_work.note(work, one, row.note)
        case "park":
            result = breaks_work.park(work, one, _day(row), row.note)
        case "escalate":
            result = breaks_work.escalate(work, one, row.owner, row.note)
        case "post":
            result = breaks_work.post(work, one, _number(row, "entry"), row.note)
        case "carry":
            result = breaks_work.carry(work, one, _month(row), row.note)
        case "reopen":
            result = breaks_work.reopen(work, one, row.note)
        case "accept":
            result = breaks_match.accept(work, one, _number(row, "proposal"), row.note)
        case _:
            result = _match(work, one, row)
    return _steps(result, one, work)


def _match(work: Work, one: Break, row: Row) -> Matched:
    others = row.reference.replace(",", " ").split()
    both = [one.subject, *others]
    lines = [name for name in both if name.startswith("C")]
    payments = [name for name in both if not name.startswith("C")]
    return breaks_match.match(work, lines, payments, row.note, work.codes[one.authority_id])


def _steps(result: Matched | Worked, one: Break, work: Work) -> list[Worked]:
    if isinstance(result, Worked):
        return [result]
    repeat = Worked(name=work.name(one), action="matched", detail=f"match {result.match_number}", is_repeat=True)
    return [repeat] if result.is_repeat else list(result.worked)


def _day(row: Row) -> date:
    if not row.until:
        raise NotWorked("a break is parked until a day: write it into the column until, like 29.03.2024")
    return date.fromisoformat(row.until)


def _number(row: Row, what: str) -> int:
    digits = row.reference.removeprefix("entry").strip()
    if not digits.isascii() or not digits.isdigit():
        raise NotWorked(f"the column reference has no number of the {what}, like 12")
    return int(digits)


def _month(row: Row) -> date:
    try:
        return date.fromisoformat(f"{row.reference}-01")
    except ValueError:
        raise NotWorked("the column reference has no month of the act, like 2024-03") from None
