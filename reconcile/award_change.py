"""`esep award change`: decisions are corrected before they are paid: account, name, guardian (1.10, `CHANGED`).

The file has the columns of a decision file, and names each award by authority, month, person, kind and decision. The
old version stays; the next file pays the new one. What changes nothing is known, and an amount is changed by a decision
alone.
"""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from formats.awards import read_awards
from formats.errors import Fault, FormatError
from ledgers import award_changes, awards, posting, setup
from ledgers.journal import EntryDraft
from reconcile.award import RENAMED, checked, fault_of
from reconcile.desk import Desk
from reconcile.inbox import Received, received

_OF_DECISION = ("aid_kind", "decision_date")


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardsChanged:
    """How many awards got a further version, by authority code, and how many lines changed nothing."""

    changed: tuple[tuple[str, int], ...]
    known: int

    @property
    def count(self) -> int:
        """Awards that were changed."""
        return sum(count for _, count in self.changed)


def import_file(desk: Desk, path: Path, *, dry_run: bool = False) -> AwardsChanged:
    """Import corrections (CSV, XLSX or XML), whole or not at all; `dry_run` only tries.

    Raises:
        FormatError: with every fault of the file; its bytes are kept, nothing is applied.
    """
    with received(desk, path, "award changes") as file, desk.database.begin() as connection:
        result = _import(desk, connection, file)
        if dry_run:
            connection.rollback()
    return result


def _import(desk: Desk, connection: Connection, file: Received) -> AwardsChanged:
    faults: list[Fault] = []
    with awards.staging(connection) as staging:
        for batch in checked(read_awards(file.path, file.name, faults), faults):
            names = ("authority_bin", *awards.FIELDS)
            staging.add(batch.lines, [batch.columns[RENAMED.get(name, name)] for name in names])
    codes = {one.authority_id: one.code for one in setup.authorities(connection)}
    posting.lock(connection, codes)
    found = awards.repeated_lines(connection)
    # The decision stands: whether its kind could be decided on today is no question of a correction.
    found += [fault for fault in awards.line_faults(connection, desk.today) if fault.place not in _OF_DECISION]
    faults.extend(fault_of(fault) for fault in [*found, *award_changes.line_faults(connection)])
    if faults:
        raise FormatError(file.name, sorted(faults, key=lambda fault: (fault.line or 0, fault.place)))
    changed = tuple(
        (codes[book], _append(desk, connection, book, file)) for book in award_changes.staged_books(connection)
    )
    file.accept(connection)
    return AwardsChanged(changed=changed, known=staging.count - sum(count for _, count in changed))


def _append(desk: Desk, connection: Connection, book: int, file: Received) -> int:
    number = posting.next_number(connection, book)
    count = award_changes.append_changes(connection, book, number)
    condition, bind = award_changes.narrowing(connection, book, number)
    draft = EntryDraft(
        kind="awards_changed",
        booked_on=desk.today,
        value_date=desk.today,
        actor=desk.actor,
        # What was corrected twice and back may bring the same bytes again: the number belongs to the key.
        source_key=f"award-changes:{file.stored.sha256.hex()}:{number}",
        source_digest=file.stored.sha256,
        summary=f"corrections from {file.name}: {count} awards",
    )
    posting.seal(connection, book, number, draft, {"award_line": condition}, bind)
    return count
