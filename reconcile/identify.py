"""Money that waited on `unidentified` turns out to belong to return messages, or to pay what a bank owed.

It is in the book that its line named, or in the State Corporation's own: from another book than the message's it
first moves through `between`, and the line gets a new match that ends the one before. What a bank gave back above the
payments stays on `unidentified`, in the book of the messages.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from ledgers import posting, returns, setup, statements
from ledgers.books import OpenBooks
from ledgers.journal import EntryDraft, EntryKind, Event
from ledgers.statements import Line, Match, MatchedAs, Unidentified
from reconcile import match, match_money
from reconcile.desk import Desk
from reconcile.match_money import OWN_BOOK
from reconcile.placing import Identified, money_reason, money_row


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What waiting money turned out to be: in which book, as what, by which rule and why, and not before which day."""

    home: int
    kind: EntryKind
    matched_as: MatchedAs
    reference: str
    rule: str
    reason: str
    not_before: date = date.min


def waiting_pairs(connection: Connection) -> list[Identified]:
    """Money and messages that both wait, and now fit each other and nothing else."""
    waiting = {one.line.line_number: one for one in statements.unidentified(connection) if one.is_whole}
    lines = match.of_banks([one.line for one in waiting.values()], setup.banks(connection))
    messages = [
        *returns.waiting_messages(connection),
        # A parked message is a rival for the money, though it cannot have it yet.
        *(one.message for one in returns.parked_messages(connection)),
    ]
    return [
        (waiting[line.line_number], own, rule)
        for line, own, rule in match_money.money_of(lines, messages)
        if own[0].authority_id != OWN_BOOK
    ]


def identify(desk: Desk, connection: Connection, books: OpenBooks, pairs: Iterable[Identified], why: str = "") -> None:
    """Post waiting money as the returns that it is; `why` says what a person said of it."""
    for money, own, rule in pairs:
        home = own[0].authority_id
        found = Found(
            home=home,
            kind="return_money_seen",
            matched_as="return",
            reference=", ".join(str(one.return_number) for one in own),
            rule=rule,
            reason="; ".join(filter(None, (money_reason(own), why))),
        )
        day = day_of(books, money, found)
        rows = {"return_money": [money_row(money.line, one, day) for one in own]}
        payments = returns.payments_returned(connection, home, [one.return_number for one in own])
        post(desk, books, money, found, rows, identified(money.line, payments))


def day_of(books: OpenBooks, money: Unidentified, found: Found) -> date:
    """The day on which waiting money is posted as what it is: when it was seen, or today if that month is closed."""
    seen = max(money.line.booked_on, money.posted_on, found.not_before)
    return max(books.day(found.home, seen), books.day(money.book, seen))


def post(
    desk: Desk,
    books: OpenBooks,
    money: Unidentified,
    found: Found,
    rows: Mapping[str, Sequence[Mapping[str, Any]]],
    events: Sequence[Event],
) -> None:
    """Enter what waiting money is into its book, move it there, and give its line a new match."""
    source, home, day = money.book, found.home, day_of(books, money, found)
    moved = moved_in(money) if source != home else []
    entry = books.enter(home, draft(desk, found.kind, day, money, found.reason), rows, [*moved, *events])
    settle(desk, books, money, found, entry)


def settle(desk: Desk, books: OpenBooks, money: Unidentified, found: Found, entry: int) -> None:
    """Take the money out of the book where it waited, and match its line with the entry that has it now."""
    source, day = money.book, day_of(books, money, found)
    if source not in (found.home, OWN_BOOK):
        books.enter(source, draft(desk, "money_moved", day, money, found.reason), {}, _moved_out(money))
    kind: EntryKind = "money_moved" if source == OWN_BOOK else found.kind
    rows = {"line_match": [asdict(_match(money, found, entry))]}
    moved = _moved_out(money) if source == OWN_BOOK else []
    books.enter(OWN_BOOK, draft(desk, kind, day, money, found.reason), rows, moved)


def draft(desk: Desk, kind: EntryKind, day: date, money: Unidentified, reason: str) -> EntryDraft:
    """The entry by which waiting money becomes something."""
    return EntryDraft(
        kind=kind,
        booked_on=day,
        value_date=money.line.value_date,
        actor=desk.actor,
        source_key=f"line:{money.line.line_number}:{money.version + 1}",
        source_digest=posting.digest(*money.line.identity, money.line.occurrence),
        summary=reason,
    )


def _match(money: Unidentified, found: Found, entry: int) -> Match:
    return Match(
        line_number=money.line.line_number,
        version=money.version + 1,
        placed_in=found.home,
        placed_entry=entry,
        matched_as=found.matched_as,
        reference=found.reference,
        rule=found.rule,
    )


def _moved_out(money: Unidentified) -> list[Event]:
    return [
        Event(rule="moved_out", debit_reference=money.line.reference, amount=money.amount),
        Event(rule="moved_out_cash", amount=money.amount),
    ]


def moved_in(money: Unidentified) -> list[Event]:
    """What brings waiting money from another book, to wait under the same reference."""
    return [
        Event(rule="moved_in_cash", amount=money.amount),
        Event(rule="moved_in", credit_reference=money.line.reference, amount=money.amount),
    ]


def identified(line: Line, payments: Iterable[returns.Returned]) -> list[Event]:
    """The money of a line that waited becomes the payments that came back."""
    return [
        Event(
            rule="return_identified",
            aid_kind=one.aid_kind,
            debit_reference=line.reference,
            credit_reference=one.reference,
            amount=one.amount,
        )
        for one in payments
    ]
