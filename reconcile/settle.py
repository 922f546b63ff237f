"""`esep statement settle`: a person says which file a debit is of, where the bank wrote no number or date of ours.

The amount is compared all the same, and a file is settled once: what a person knows is which of the open files it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from ledgers import posting, setup, statements
from ledgers.books import OpenBooks
from ledgers.journal import EntryDraft, Event
from ledgers.lines import PlacedLine
from ledgers.money import format_tenge
from ledgers.statements import Line, Match, SentFile
from reconcile import line_book
from reconcile.desk import Desk
from reconcile.errors import Refusal
from reconcile.line_book import OWN_BOOK, NoReason


class NotItsFile(Refusal):
    """A debit that cannot be of the file, and why."""

    def __init__(self, name: str, reference: str, why: str) -> None:
        super().__init__(f"{name} cannot settle {reference}: {why}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """The debit and the file that it settles now, or did already (`is_repeat`)."""

    line: Line
    file: SentFile
    codes: Mapping[int, str] = field(default_factory=dict)
    is_repeat: bool = False


def settle(desk: Desk, name: str, reference: str, reason: str, *, dry_run: bool = False) -> Settled:
    """Settle a file by a debit that has no place; `dry_run` only tries. The same once more changes nothing.

    Raises:
        UnknownLine: there is no such line.
        NotItsFile: the line is no debit or has a place, or the file is of another amount, later, or debited already.
    """
    if not reason.strip():
        raise NoReason
    with desk.database.begin() as connection:
        codes = {OWN_BOOK: "SC"} | {one.authority_id: one.code for one in setup.authorities(connection)}
        books = OpenBooks(connection, codes, today=desk.today)
        state = line_book.found(connection, name)
        file = _file(connection, name, reference)
        match = state.match
        if match is not None and match.matched_as == "settlement" and match.reference == file.reference:
            return Settled(line=state.line, file=file, codes=codes, is_repeat=True)
        why = _why_not(state, file)
        if why:
            raise NotItsFile(name, reference, why)
        _enter(desk, books, state, file, reason)
        if dry_run:
            connection.rollback()
    return Settled(line=state.line, file=file, codes=codes)


def _file(connection: Connection, name: str, reference: str) -> SentFile:
    files = statements.sent_files(connection, [], [reference])
    if not files:
        raise NotItsFile(name, reference, "no file was sent under this reference")
    return files[0]


def _why_not(state: PlacedLine, file: SentFile) -> str:
    line = state.line
    if line.direction != "debit":
        return "it is a credit, the bank gave money"
    if state.match is not None and state.match.matched_as != "undone":
        return f"it is of {state.match.reference} already; undo that first: esep statement undo --line {line.reference}"
    if line.amount != file.amount:
        return f"the bank took {format_tenge(line.amount)} KZT, the file is of {format_tenge(file.amount)} KZT"
    if line.booked_on < file.dated:
        return f"the bank took the money on {line.booked_on:%d.%m.%Y}, the file was sent on {file.dated:%d.%m.%Y}"
    return "" if file.open == file.amount else "the bank refused or debited it already"


def _enter(desk: Desk, books: OpenBooks, state: PlacedLine, file: SentFile, reason: str) -> None:
    line, book = state.line, file.authority_id
    draft = EntryDraft(
        kind="file_settled",
        booked_on=books.day(book, line.booked_on),
        value_date=line.value_date,
        actor=desk.actor,
        source_key=f"line:{line.line_number}:{state.next_version}",
        source_digest=posting.digest(*line.identity, line.occurrence, file.reference, reason),
        summary=f"the bank debited {file.reference}, settled by hand: {reason}",
    )
    event = Event(rule="file_settled", debit_reference=file.reference, amount=line.amount)
    match = Match(
        line_number=line.line_number,
        version=state.next_version,
        placed_in=book,
        placed_entry=books.enter(book, draft, {}, [event]),
        matched_as="settlement",
        reference=file.reference,
        rule="by_hand",
    )
    line_book.enter_match(desk, books, line, match, reason)
