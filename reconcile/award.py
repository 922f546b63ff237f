"""`esep award import`: signed decisions come in from the authority's system (R-021, R-022, R-024).

A file is right or it is refused whole, with all its faults. The same lines again change nothing, in whichever file
they come; a line that comes again with other content is a conflict and refuses the file.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from formats.awards import AwardBatch, read_awards
from formats.errors import Fault, FormatError
from ledgers import award_groups, awards, identifiers, posting
from ledgers.journal import EntryDraft
from reconcile import award_warnings
from reconcile.award_warnings import AwardWarning
from reconcile.desk import Desk
from reconcile.inbox import Received, received

KIND = "awards"

_CHECKS = (
    ("authority_bin", identifiers.invalid_bins, "a BIN with a right check digit"),
    ("iin", identifiers.invalid_iins, "an IIN with a real birth date and a right check digit"),
    ("iban", identifiers.invalid_ibans, "an IBAN of Kazakhstan with right check digits"),
    ("guardian_iin", identifiers.invalid_iins, "an IIN with a real birth date and a right check digit"),
)
RENAMED = {"decided_on": "decision_date"}
"""Columns of the register that a file calls otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardImport:
    """What an import brought: new lines by authority, kind and month, and how many were known already.

    `twice_awarded` are new lines whose person has the same kind and month by another decision: all of them are paid.
    `warnings` say what else is unusual about the new lines.
    """

    totals: tuple[awards.AwardTotal, ...]
    known: int
    twice_awarded: tuple[awards.OtherDecision, ...] = ()
    warnings: tuple[AwardWarning, ...] = ()

    @property
    def count(self) -> int:
        """New award lines."""
        return sum(total.count for total in self.totals)

    @property
    def amount(self) -> int:
        """Their sum in tiyn."""
        return sum(total.amount for total in self.totals)


def import_file(desk: Desk, path: Path) -> AwardImport:
    """Import a file of decisions (CSV, XLSX or XML; docs/formats/awards.md), whole or not at all.

    Raises:
        FormatError: with every fault of the file; its bytes are kept, nothing is applied.
    """
    with received(desk, path, KIND) as file, desk.database.begin() as connection:
        return _import(desk, connection, file)


def _import(desk: Desk, connection: Connection, file: Received) -> AwardImport:
    faults: list[Fault] = []
    with awards.staging(connection) as staging:
        for batch in checked(read_awards(file.path, file.name, faults), faults):
            names = ("authority_bin", *awards.FIELDS)
            staging.add(batch.lines, [batch.columns[RENAMED.get(name, name)] for name in names])
            desk.progress("read", len(batch.lines))
    desk.progress("check", 0)
    found = awards.repeated_lines(connection)
    totals = awards.staged_totals(connection)
    posting.lock(connection, [total.authority_id for total in totals])
    months = _months(totals)
    found += awards.conflicts(connection, months)
    # What the books took once they know, whatever the rules have become since.
    known = awards.forget_known(connection, months)
    found += awards.line_faults(connection, desk.today)
    faults.extend(fault_of(fault) for fault in found)
    if faults:
        raise FormatError(file.name, sorted(faults, key=lambda fault: (fault.line or 0, fault.place)))
    if known:
        totals = awards.staged_totals(connection)
    twice = awards.other_decisions(connection, months) if totals else []
    unusual = _unusual(desk, connection) if totals else []
    _append(desk, connection, file, totals)
    file.accept(connection)
    return AwardImport(totals=tuple(totals), known=known, twice_awarded=tuple(twice), warnings=tuple(unusual))


def _unusual(desk: Desk, connection: Connection) -> list[AwardWarning]:
    around = award_warnings.surroundings(connection, desk.today)
    return award_warnings.warnings(award_groups.staged_groups(connection), around)


def _append(desk: Desk, connection: Connection, file: Received, totals: Sequence[awards.AwardTotal]) -> None:
    """Make the staged lines facts, under an entry of each authority."""
    months = _months(totals)
    desk.database.open_months(months)
    numbers = {book: posting.next_number(connection, book) for book in sorted({total.authority_id for total in totals})}
    desk.progress("post", 0)
    awards.append_staged(connection, numbers, totals)
    for book, number in numbers.items():
        condition, bind = awards.narrowing(number, months)
        draft = EntryDraft(
            kind="awards_imported",
            booked_on=desk.today,
            value_date=desk.today,
            actor=desk.actor,
            source_key=f"awards:{file.stored.sha256.hex()}",
            source_digest=file.stored.sha256,
            summary=f"decisions from {file.name}",
        )
        posting.seal(connection, book, number, draft, {"award_line": condition, "award_batch": ""}, bind)
        desk.progress("seal", sum(total.count for total in totals if total.authority_id == book))


def _months(totals: Sequence[awards.AwardTotal]) -> list[str]:
    return sorted({total.due_month.isoformat() for total in totals})


def checked(batches: Iterator[AwardBatch], faults: list[Fault]) -> Iterator[AwardBatch]:
    """Pass the batches on, with a fault for every identifier whose check digits are wrong (E45)."""
    for batch in batches:
        for name, invalid, expected in _CHECKS:
            values = batch.columns[name]
            faults += [
                Fault(
                    line=batch.lines[index],
                    place=name,
                    found=values[index],
                    expected=expected,
                    remedy="compare it with the document it was taken from",
                )
                for index in invalid(values)
                if values[index]
            ]
        yield batch


def fault_of(fault: awards.LineFault) -> Fault:
    """A fault that the registers found, as one of the file."""
    place = RENAMED.get(fault.place, fault.place)
    return Fault(line=fault.line, place=place, found=fault.found, expected=fault.expected, remedy=fault.remedy)
