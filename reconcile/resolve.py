"""`esep resolution import`: the authority decided on returned payments: resend them corrected, or refund (R-062).

Exactly one outcome is in force for a return: a second one is refused with the first one named. The same lines again
change nothing. After the last attempt that the setting `attempts_max` allows only a refund is taken (E58).
"""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from formats.awards import read_resolutions
from formats.errors import Fault, FormatError
from ledgers import identifiers, posting, resolutions, settings
from ledgers.journal import EntryDraft
from reconcile.desk import Desk
from reconcile.inbox import Received, received

KIND = "resolutions"

_RENAMED = {"decided_on": "date"}
_CHECKS = (
    ("authority_bin", identifiers.invalid_bins, "a BIN with a right check digit"),
    ("iin", identifiers.invalid_iins, "an IIN with a real birth date and a right check digit"),
    ("iban", identifiers.invalid_ibans, "an IBAN of Kazakhstan with right check digits"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolutionImport:
    """Outcomes recorded now, and how many lines of the file were known already."""

    outcomes: tuple[resolutions.Outcome, ...]
    known: int

    @property
    def count(self) -> int:
        """Returned payments that got their outcome now."""
        return sum(outcome.count for outcome in self.outcomes)


def import_file(desk: Desk, path: Path) -> ResolutionImport:
    """Import the authority's resolutions (XML, CSV or XLSX), whole or not at all.

    Raises:
        FormatError: with every fault of the file; its bytes are kept, nothing is applied.
    """
    with received(desk, path, KIND) as file, desk.database.begin() as connection:
        return _import(desk, connection, file)


def _import(desk: Desk, connection: Connection, file: Received) -> ResolutionImport:
    faults: list[Fault] = []
    staged = _stage(connection, file, faults)
    if staged:
        books = resolutions.staged_books(connection)
        posting.lock(connection, books)
        attempts_max = {book: int(settings.load(connection, book)["attempts_max"]) for book in books}
        found = resolutions.line_faults(connection, desk.today, attempts_max)
        faults += [
            Fault(line=f.line, place=f.place, found=f.found, expected=f.expected, remedy=f.remedy) for f in found
        ]
    if faults:
        raise FormatError(file.name, sorted(faults, key=lambda fault: (fault.line or 0, fault.place)))
    outcomes: list[resolutions.Outcome] = []
    for book in resolutions.staged_books(connection):
        outcomes += _append(desk, connection, book, file)
    file.accept(connection)
    return ResolutionImport(outcomes=tuple(outcomes), known=staged - sum(outcome.count for outcome in outcomes))


def _stage(connection: Connection, file: Received, faults: list[Fault]) -> int:
    staged = 0
    for batch in read_resolutions(file.path, file.name, faults):
        for name, invalid, expected in _CHECKS:
            values = batch.columns[name]
            for index in invalid(values):
                if values[index]:
                    remedy = "compare it with the document it was taken from"
                    faults.append(
                        Fault(
                            line=batch.lines[index], place=name, found=values[index], expected=expected, remedy=remedy
                        )
                    )
        columns = [batch.columns[_RENAMED.get(name, name)] for name in resolutions.FIELDS]
        resolutions.stage(connection, batch.lines, columns)
        staged += len(batch.lines)
    return staged


def _append(desk: Desk, connection: Connection, book: int, file: Received) -> list[resolutions.Outcome]:
    number = posting.next_number(connection, book)
    outcomes = resolutions.append_staged(connection, book, number)
    if not outcomes:
        return []
    posting.post_register(connection, book, number, desk.today, resolutions.DECIDED_EVENTS, {})
    draft = EntryDraft(
        kind="resolutions_imported",
        booked_on=desk.today,
        value_date=desk.today,
        actor=desk.actor,
        source_key=f"resolutions:{file.stored.sha256.hex()}",
        source_digest=file.stored.sha256,
        summary=f"resolutions from {file.name}",
    )
    condition, bind = resolutions.narrowing(connection, book, number)
    posting.seal(connection, book, number, draft, {"resolution": "", "award_line": condition}, bind)
    return outcomes
