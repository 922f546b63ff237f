"""`esep hold`: what is not sent waits, because somebody died, is looked for, or a fact must be cleared (S3 p.32, C12).

A hold stops everything unsent of a person, or of one award, in the book of each authority that awarded something to the
person. What was sent before stays lawful (E65). It ends by a person with a reason; both stand in the books.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from formats.errors import Fault, FormatError
from formats.holds import HoldLine, read_holds
from ledgers import holds, posting, setup
from ledgers.holds import Hold
from ledgers.identifiers import Iin, InvalidIdentifier
from ledgers.journal import EntryDraft
from reconcile.counted import counted
from reconcile.desk import Desk
from reconcile.errors import Refusal
from reconcile.inbox import received


class NobodyHeld(Refusal):
    """A person without an award, an award that does not exist, or a hold that is not open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A hold that is in force: in which book, and whether it stood there before."""

    authority_code: str
    hold: Hold
    is_repeat: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldImport:
    """What a list of holds brought, and how many of its people have no award here."""

    placed: tuple[Placed, ...]
    strangers: int


def place(
    desk: Desk, line: HoldLine, *, award: int = 0, authority_code: str | None = None, dry_run: bool = False
) -> list[Placed]:
    """Stop what is not sent of the person of a line, or of one award; the same hold again changes nothing.

    Without an authority the hold stands with all that awarded something to the person; with an award the line needs no
    IIN.

    Raises:
        NobodyHeld: there is no such person, award or reason, or the day lies in the future.
    """
    if line.placed_on > desk.today:
        day = f"{line.placed_on:%d.%m.%Y} lies after today, {desk.today:%d.%m.%Y}"
        raise NobodyHeld(f"{day}; a hold is of what happened")
    if line.reason not in holds.REASONS:
        raise NobodyHeld(f"{line.reason!r} is no reason of a hold; it is one of {', '.join(holds.REASONS)}")
    with desk.database.begin() as connection:
        authorities = setup.chosen(connection, authority_code)
        posting.lock(connection, [one.authority_id for one in authorities])
        codes = {one.authority_id: one.code for one in authorities}
        person, books = _whom(connection, line.iin, award, codes)
        own = [line._replace(iin=person)]
        placed = [one for book in books for one in _place(desk, connection, book, codes[book], own, award)]
        if dry_run:
            connection.rollback()
    return placed


def _whom(connection: Connection, iin: str, award: int, codes: dict[int, str]) -> tuple[str, list[int]]:
    """The person, and the books in which it is stopped."""
    if award:
        found = [(book, one) for book in codes for one in holds.awards(connection, book, [award]).values()]
        if not found:
            raise NobodyHeld(f"there is no award {award}; its number stands in: esep trace IIN")
        if len(found) > 1:
            named = ", ".join(codes[book] for book, _ in found)
            raise NobodyHeld(f"award {award} is a number of several authorities, {named}; say which: --authority CODE")
        return found[0][1].iin, [book for book, _ in found]
    try:
        Iin(iin)
    except InvalidIdentifier as error:
        raise NobodyHeld(f"IIN {iin}: {error}") from error
    books = [book for book in holds.known_people(connection, [iin]).get(iin, []) if book in codes]
    if not books:
        raise NobodyHeld("no award of this person is in the books; a hold stops awards that are")
    return iin, books


def _place(
    desk: Desk, connection: Connection, book: int, code: str, lines: Sequence[HoldLine], award: int = 0
) -> list[Placed]:
    """Record the holds that a book does not have yet, under one entry."""
    known = {(one.iin, one.award_number, one.reason): one for one in holds.open_holds(connection, book)}
    first = holds.next_hold_number(connection, book)
    fresh: list[Hold] = []
    placed: list[Placed] = []
    for line in lines:
        before = known.get((line.iin, award, line.reason))
        hold = before or Hold(
            hold_number=first + len(fresh),
            iin=line.iin,
            award_number=award,
            reason=line.reason,
            placed_on=line.placed_on,
            document=line.document,
            note=line.note,
        )
        if before is None:
            fresh.append(hold)
            known[line.iin, award, line.reason] = hold
        placed.append(Placed(authority_code=code, hold=hold, is_repeat=before is not None))
    if fresh:
        number = posting.next_number(connection, book)
        holds.append_holds(connection, book, number, fresh)
        draft = EntryDraft(
            kind="hold_placed",
            booked_on=desk.today,
            value_date=desk.today,
            actor=desk.actor,
            source_key=f"hold:{fresh[0].hold_number}",
            source_digest=posting.digest(*fresh),
            summary=f"{counted(len(fresh), 'hold')} from number {fresh[0].hold_number} on",
        )
        posting.seal(connection, book, number, draft, ["hold"])
    return placed


def end(desk: Desk, authority_code: str, hold_number: int, *, document: str, note: str, dry_run: bool = False) -> Hold:
    """End a hold: what it stopped goes with the next files.

    Raises:
        NobodyHeld: no hold of this number is open.
        TakenAlready: somebody ended it at the same time.
    """
    if not note.strip():
        raise NobodyHeld("a hold ends with a reason that others understand later: --note TEXT")
    with desk.database.begin() as connection:
        book = setup.authority(connection, authority_code).authority_id
        posting.lock(connection, [book])
        known = {one.hold_number: one for one in holds.open_holds(connection, book)}
        if hold_number not in known:
            raise NobodyHeld(f"no hold {hold_number} of {authority_code} is open; see: esep hold list")
        number = posting.next_number(connection, book)
        holds.append_end(connection, book, number, hold_number=hold_number, on=desk.today, document=document, note=note)
        draft = EntryDraft(
            kind="hold_ended",
            booked_on=desk.today,
            value_date=desk.today,
            actor=desk.actor,
            source_key=f"hold-end:{hold_number}",
            source_digest=posting.digest(hold_number, document, note),
            summary=f"hold {hold_number} ended",
        )
        posting.seal(connection, book, number, draft, ["hold_end"])
        if dry_run:
            connection.rollback()
    return known[hold_number]


def import_file(desk: Desk, path: Path) -> HoldImport:
    """Import a list of holds (CSV or XLSX), whole or not at all; people without an award here are counted, no fault.

    Raises:
        FormatError: with every fault of the file.
    """
    with received(desk, path, "holds") as file:
        faults: list[Fault] = []
        lines = read_holds(file.path, file.name, holds.REASONS, faults)
        faults += [
            Fault(
                line=line.line,
                place="placed_on",
                found=f"{line.placed_on:%d.%m.%Y}",
                expected=f"a day not after {desk.today:%d.%m.%Y}",
                remedy="a hold is of what happened",
            )
            for line in lines
            if line.placed_on > desk.today
        ]
        if faults:
            raise FormatError(file.name, sorted(faults, key=lambda fault: (fault.line or 0, fault.place)))
        with desk.database.begin() as connection:
            authorities = setup.authorities(connection)
            codes = {one.authority_id: one.code for one in authorities}
            posting.lock(connection, codes)
            known = holds.known_people(connection, [line.iin for line in lines])
            placed: list[Placed] = []
            for book, code in codes.items():
                own = [line for line in lines if book in known.get(line.iin, [])]
                placed += _place(desk, connection, book, code, own) if own else []
            file.accept(connection)
    return HoldImport(placed=tuple(placed), strangers=sum(line.iin not in known for line in lines))
