"""`esep award cancel --file`: a list of awards that will not be paid, whole or not at all (1.10).

Each row names its award as the decision does and has a document and a reason of its own. What is cancelled already is
known; the same list again changes nothing.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path

from sqlalchemy import Connection

from formats.cancellations import CancellationLine, read_cancellations
from formats.errors import Fault, FormatError
from ledgers import holds, named_awards, posting, setup
from ledgers.holds import Award
from ledgers.named_awards import AwardName
from reconcile.cancel import Cancelled, enter, why_not
from reconcile.desk import Desk
from reconcile.inbox import received

Found = tuple[CancellationLine, Award]


def import_file(desk: Desk, path: Path, *, dry_run: bool = False) -> list[Cancelled]:
    """Cancel the awards of a list (CSV or XLSX), by authority; `dry_run` only tries.

    Raises:
        FormatError: with every fault: an award that is not in the books or is out at a bank, a row that stands twice.
    """
    with received(desk, path, "cancellations") as file, desk.database.begin() as connection:
        faults: list[Fault] = []
        lines = read_cancellations(file.path, file.name, faults)
        codes = {one.authority_id: one.code for one in setup.authorities(connection)}
        posting.lock(connection, codes)
        found = _found(connection, lines, faults)
        if faults:
            raise FormatError(file.name, sorted(faults, key=lambda fault: (fault.line or 0, fault.place)))
        done = [_cancel(desk, connection, codes[book], book, own) for book, own in found.items()]
        file.accept(connection)
        if dry_run:
            connection.rollback()
    return done


def _found(connection: Connection, lines: Sequence[CancellationLine], faults: list[Fault]) -> dict[int, list[Found]]:
    """The award of each line, by book; a line without one that can be cancelled is a fault."""
    named = named_awards.numbers(connection, [AwardName(*line[1:6]) for line in lines])
    wanted: dict[int, list[int]] = {}
    for book, number in named.values():
        wanted.setdefault(book, []).append(number)
    known = {book: holds.awards(connection, book, numbers) for book, numbers in sorted(wanted.items())}
    found: dict[int, list[Found]] = {book: [] for book in known}
    for line in lines:
        award = _award(named, known, line)
        reason = why_not(award)
        if award is None or reason:
            faults.append(_fault(line, award, reason))
        else:
            found[award.authority_id].append((line, award))
    return found


def _award(
    named: Mapping[AwardName, tuple[int, int]], known: Mapping[int, Mapping[int, Award]], line: CancellationLine
) -> Award | None:
    book, number = named.get(AwardName(*line[1:6]), (0, 0))
    return known.get(book, {}).get(number)


def _fault(line: CancellationLine, award: Award | None, reason: str) -> Fault:
    if award is None:
        expected = "a decision on this person, kind and month that is in the books"
        remedy = "compare the row with the decision"
        return Fault(
            line=line.line, place="decision_number", found=line.decision_number, expected=expected, remedy=remedy
        )
    remedy = "delete the row; what comes back is resolved with: esep resolution import"
    expected = f"an award that is not out: {reason}"
    return Fault(line=line.line, place="iin", found=line.iin, expected=expected, remedy=remedy)


def _cancel(desk: Desk, connection: Connection, code: str, book: int, found: Sequence[Found]) -> Cancelled:
    """Enter what of a book is not cancelled yet: an entry for each document and reason."""
    fresh = sorted(
        (one for one in found if not one[1].is_cancelled), key=lambda one: (one[0].document, one[0].reason, one[0].line)
    )
    for (document, reason), group in groupby(fresh, key=lambda one: (one[0].document, one[0].reason)):
        enter(desk, connection, book, [award for _, award in group], reason=reason, document=document)
    return Cancelled(authority_code=code, awards=tuple(award for _, award in fresh), known=len(found) - len(fresh))
