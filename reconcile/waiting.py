"""`esep statement waiting`: money that nobody could place, and debits that fit no file, with why and for how long."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from ledgers import calendar_versions, lines, setup, statements
from ledgers.books import OpenBooks
from ledgers.money import format_tenge
from ledgers.statements import Direction, Line, Unidentified
from reconcile.line_book import OWN_BOOK
from reconcile.placing import place

FITS_NOW = "it fits a file now: import its statement again"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingLine:
    """A line whose money waits, or a debit without a file; the amount (tiyn) is what waits of it.

    `working_days` have passed since it was booked in `book`; a debit is in no book.
    """

    line: str
    book: str
    since: date
    working_days: int
    direction: Direction
    amount: int
    document: str
    dated: date
    other_side: str
    reason: str


def waiting(connection: Connection, today: date) -> list[WaitingLine]:
    """Everything that waits on 205, and every debit without a file, in the order of the lines."""
    codes = {OWN_BOOK: "SC"} | {one.authority_id: one.code for one in setup.authorities(connection)}
    calendar = calendar_versions.load(connection)

    def row(line: Line, book: str, since: date, amount: int, reason: str) -> WaitingLine:
        return WaitingLine(
            line=line.reference,
            book=book,
            since=since,
            working_days=calendar.working_days_between(since, today),
            direction=line.direction,
            amount=amount,
            document=line.document_number,
            dated=line.document_date,
            other_side=line.counterparty_name or line.counterparty_iban,
            reason=reason,
        )

    money = [
        (one.line, row(one.line, codes[one.book], one.posted_on, one.amount, _why(one)))
        for one in statements.unidentified(connection)
    ]
    debits = [
        (line, row(line, "", line.booked_on, line.amount, reason)) for line, reason in _debits(connection, codes, today)
    ]
    return [row for _, row in sorted([*money, *debits], key=lambda one: one[0].line_number)]


def _why(money: Unidentified) -> str:
    """Why money waits: the reason it came with, until a part of it was placed."""
    if money.matched_as == "transfer" and money.amount < money.line.amount:
        placed = format_tenge(money.line.amount - money.amount)
        back = f"esep refund send --line {money.line.reference}"
        return f"{placed} KZT of it are placed, this is above what was asked for; it goes back with: {back}"
    return money.reason


def _debits(connection: Connection, books: Iterable[int], today: date) -> list[tuple[Line, str]]:
    """The debits without a file, each with why it has none today."""
    open_lines = lines.unplaced(connection)
    if not open_lines:
        return []
    taken_from = {one.line.line_number: one.taken_from for one in open_lines}
    tried = place(connection, OpenBooks(connection, books, today=today), [one.line for one in open_lines], taken_from)
    reasons = {one.line.line_number: one.reason for one in tried.unplaced}
    return [(one.line, reasons.get(one.line.line_number, FITS_NOW)) for one in open_lines]
