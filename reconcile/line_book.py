"""What placing a line by hand and undoing it have in common: find the line, turn its entries round, match it anew."""

import re
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import Connection

from ledgers import lines, posting
from ledgers.books import OpenBooks
from ledgers.errors import Overdrawn
from ledgers.journal import EntryDraft
from ledgers.lines import PlacedLine
from ledgers.money import format_tenge
from ledgers.statements import Line, Match
from reconcile.desk import Desk
from reconcile.errors import Refusal

OWN_BOOK = 0


class UnknownLine(Refusal):
    """A name that is no statement line."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no statement line {name!r}: a line is named like S12, see esep statement waiting")


class ReturnStands(Refusal):
    """A line that is the money of a return: people and outcomes hang on it."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} is the money of returned payments: it is not taken from them by hand; "
            "what becomes of it is for the authority to decide, with: esep resolution import"
        )


class MoneyUsed(Refusal):
    """A placement that cannot be turned round: its money went on."""

    def __init__(self, name: str, found: Overdrawn) -> None:
        where = "/".join(part for part in (found.code, found.aid_kind, found.reference) if part)
        super().__init__(
            f"{name} stays where it is: of its money on {where}, {format_tenge(-found.balance)} KZT were used already "
            f"by {found.day:%d.%m.%Y}; see with: esep trace {found.reference}. What was sent can only come back"
        )


class NoReason(Refusal):
    """A change by hand without a reason."""

    def __init__(self) -> None:
        super().__init__("a change by hand needs a reason that others understand later: --reason TEXT")


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnedRound:
    """An entry that was turned round, by which entry of its book and on which day."""

    book: int
    entry: int
    reversal: int
    booked_on: date


def found(connection: Connection, name: str) -> PlacedLine:
    """The line that a name like S12 stands for.

    Raises:
        UnknownLine: there is none.
    """
    number = re.fullmatch(r"[Ss]([0-9]{1,15})", name.strip())
    line = lines.placed_line(connection, int(number[1])) if number else None
    if line is None:
        raise UnknownLine(name)
    return line


def turn_round(
    desk: Desk, books: OpenBooks, state: PlacedLine, match: Match, reason: str, home: int
) -> list[TurnedRound]:
    """Turn every entry round that placed the line, the latest first, because its money belongs in book `home`.

    Each on its own day, or today where the month is closed in either book: so the bank's cash is the same on every
    day, over all books.
    """
    source, line, turned = match.placed_in, state.line, []
    for entry in state.entries:
        day = max(books.day(source, entry.booked_on), books.day(home, entry.booked_on))
        draft = EntryDraft(
            kind="reversed",
            booked_on=day,
            value_date=line.value_date,
            actor=desk.actor,
            source_key=f"line:{line.line_number}:{state.next_version}:back:{entry.number}",
            source_digest=posting.digest(*line.identity, line.occurrence, entry.number, reason),
            summary=f"entry {entry.number} turned round, line {line.reference}: {reason}",
            reverses=entry.number,
        )
        reversal = books.reverse(source, draft)
        turned.append(TurnedRound(book=source, entry=entry.number, reversal=reversal, booked_on=day))
    return turned


def enter_match(desk: Desk, books: OpenBooks, line: Line, match: Match, reason: str) -> None:
    """Enter into book 0 what the line turned out to be."""
    entry = EntryDraft(
        kind="money_placed",
        booked_on=desk.today,
        value_date=line.value_date,
        actor=desk.actor,
        source_key=f"match:{line.line_number}:{match.version}",
        source_digest=posting.digest(match, reason),
        summary=f"line {line.reference}: {reason}",
    )
    books.enter(OWN_BOOK, entry, {"line_match": [asdict(match)]})
