"""Money that waited on `unidentified` turns out to belong to a return message.

It is in the book that its line named, or in the State Corporation's own: from another book than the message's it
first moves through `between`, and the line gets a new match that ends the one before.
"""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date

from sqlalchemy import Connection

from ledgers import posting, returns, setup, statements
from ledgers.books import OpenBooks
from ledgers.journal import EntryDraft, EntryKind, Event
from ledgers.returns import Message
from ledgers.statements import Line, Match, Unidentified
from reconcile import match
from reconcile.desk import Desk
from reconcile.placing import Identified, money_row

OWN_BOOK = 0


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
        (waiting[line.line_number], message, rule)
        for line, message, rule in match.pair_returns(lines, messages)
        if message.authority_id != OWN_BOOK
    ]


def identify(desk: Desk, connection: Connection, books: OpenBooks, pairs: Iterable[Identified]) -> None:
    """Post waiting money as the returns that it is."""
    for money, message, rule in pairs:
        line, source, home = money.line, money.book, message.authority_id
        seen = max(line.booked_on, money.posted_on)
        day = max(books.day(home, seen), books.day(source, seen))
        reason = f"money of return message {message.document_number} of {message.dated:%d.%m.%Y}, {message.bic}"
        events = _moved_in(money) if source != home else []
        events += _identified(line, returns.returned_payments(connection, home, message.return_number))
        rows = {"return_money": [money_row(line, message, day)]}
        entry = books.enter(home, _draft(desk, "return_money_seen", day, money, reason), rows, events)
        if source not in (home, OWN_BOOK):
            books.enter(source, _draft(desk, "money_moved", day, money, reason), {}, _moved_out(money))
        kind: EntryKind = "money_moved" if source == OWN_BOOK else "return_money_seen"
        found = {"line_match": [asdict(_match(money, message, rule, entry))]}
        moved = _moved_out(money) if source == OWN_BOOK else []
        books.enter(OWN_BOOK, _draft(desk, kind, day, money, reason), found, moved)


def _draft(desk: Desk, kind: EntryKind, day: date, money: Unidentified, reason: str) -> EntryDraft:
    return EntryDraft(
        kind=kind,
        booked_on=day,
        value_date=money.line.value_date,
        actor=desk.actor,
        source_key=f"line:{money.line.line_number}:{money.version + 1}",
        source_digest=posting.digest(*money.line.identity, money.line.occurrence),
        summary=reason,
    )


def _match(money: Unidentified, message: Message, rule: str, entry: int) -> Match:
    return Match(
        line_number=money.line.line_number,
        version=money.version + 1,
        placed_in=message.authority_id,
        placed_entry=entry,
        matched_as="return",
        reference=str(message.return_number),
        rule=rule,
    )


def _moved_out(money: Unidentified) -> list[Event]:
    return [
        Event(rule="moved_out", debit_reference=money.line.reference, amount=money.amount),
        Event(rule="moved_out_cash", amount=money.amount),
    ]


def _moved_in(money: Unidentified) -> list[Event]:
    return [
        Event(rule="moved_in_cash", amount=money.amount),
        Event(rule="moved_in", credit_reference=money.line.reference, amount=money.amount),
    ]


def _identified(line: Line, payments: Iterable[returns.Returned]) -> list[Event]:
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
