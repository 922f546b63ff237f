"""`esep statement undo`: what a line was placed as was wrong, and is turned round.

A debit has no place then and is tried with the next statement, though never on the file that it was taken from. A
credit waits on `unidentified`, in its book.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ledgers import posting, setup
from ledgers.books import OpenBooks
from ledgers.errors import Overdrawn
from ledgers.journal import EntryDraft, Event
from ledgers.lines import PlacedLine
from ledgers.statements import Line, Match
from reconcile import line_book
from reconcile.desk import Desk
from reconcile.line_book import OWN_BOOK, MoneyUsed, NoReason, ReturnStands, TurnedRound


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """What was turned round; nothing when the line had no place before (`is_repeat`)."""

    line: Line
    turned_round: tuple[TurnedRound, ...]
    codes: Mapping[int, str] = field(default_factory=dict)
    is_repeat: bool = False


def undo(desk: Desk, name: str, reason: str, *, dry_run: bool = False) -> Undone:
    """Turn round what a line was placed as. `dry_run` only tries; a line without a place stays as it is.

    Raises:
        UnknownLine, ReturnStands: there is no such line, or it is the money of returned payments.
        MoneyUsed: its money went on.
    """
    if not reason.strip():
        raise NoReason
    try:
        with desk.database.begin() as connection:
            codes = {OWN_BOOK: "SC"} | {one.authority_id: one.code for one in setup.authorities(connection)}
            books = OpenBooks(connection, codes, today=desk.today)
            state = line_book.found(connection, name)
            match = state.match
            if match is None or match.matched_as in {"undone", "unidentified"}:
                return Undone(line=state.line, turned_round=(), codes=codes, is_repeat=True)
            if match.matched_as in {"return", "claim"}:
                raise ReturnStands(name)
            turned = line_book.turn_round(desk, books, state, match, reason, match.placed_in)
            after = _after(desk, books, state, match, turned[-1], reason)
            line_book.enter_match(desk, books, state.line, after, reason)
            if dry_run:
                connection.rollback()
    except Overdrawn as error:
        raise MoneyUsed(name, error) from error
    return Undone(line=state.line, turned_round=tuple(turned), codes=codes)


def _after(desk: Desk, books: OpenBooks, state: PlacedLine, match: Match, turned: TurnedRound, reason: str) -> Match:
    """The next match: a debit is undone, a credit waits."""
    line, book = state.line, match.placed_in
    if line.direction == "debit":
        return Match(
            line_number=line.line_number,
            version=state.next_version,
            placed_in=book,
            placed_entry=turned.reversal,
            matched_as="undone",
            reference=match.reference,
            rule="by_hand",
        )
    draft = EntryDraft(
        kind="money_unidentified",
        booked_on=turned.booked_on,
        value_date=line.value_date,
        actor=desk.actor,
        source_key=f"line:{line.line_number}:{state.next_version}",
        source_digest=posting.digest(*line.identity, line.occurrence, reason),
        summary=f"taken by hand from where it was placed: {reason}",
    )
    event = Event(rule="money_unidentified", credit_reference=line.reference, amount=line.amount)
    return Match(
        line_number=line.line_number,
        version=state.next_version,
        placed_in=book,
        placed_entry=books.enter(book, draft, {}, [event]),
        matched_as="unidentified",
        reference=line.reference,
        rule="by_hand",
    )
