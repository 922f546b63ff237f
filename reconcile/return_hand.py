"""What is said by hand of returns: their messages and lines by name, and why they cannot be what was said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from ledgers import placed_returns, statements
from ledgers.money import format_tenge
from ledgers.placed_returns import Named
from ledgers.statements import Line, Unidentified
from reconcile import line_book
from reconcile.errors import Refusal
from reconcile.match_money import OWN_BOOK

RULE = "by_hand"


class UnknownMessage(Refusal):
    """A name that is no return message, or several."""

    def __init__(self, name: str, found: Sequence[Named] = ()) -> None:
        days = ", ".join(f"{one.message.bic}/{one.message.reference} of {one.message.dated:%d.%m.%Y}" for one in found)
        why = f"it fits {days} alike: name one by BIC/REFERENCE" if found else "see esep return waiting"
        super().__init__(f"there is no single return message {name!r}, like HSBKKZKX/RMZ77: {why}")


class LineTaken(Refusal):
    """A line whose money does not wait whole on 205."""

    def __init__(self, name: str, where: str) -> None:
        super().__init__(
            f"{name} does not wait whole on 205: {where}. What was placed wrong is taken back first with: "
            "esep statement undo"
        )


class OtherAmount(Refusal):
    """A line that brings another amount than what it is said to be."""

    def __init__(self, name: str, brings: int, what: str, expected: int) -> None:
        more = "; if the bank gave too much, add --over: the rest waits on 205" if brings > expected else ""
        super().__init__(
            f"{name} brings {format_tenge(brings)} KZT, but {what} makes {format_tenge(expected)} KZT{more}"
        )


class OfSeveralAuthorities(Refusal):
    """Money of one line that belongs to several authorities."""

    def __init__(self, codes: Sequence[str], what: str) -> None:
        super().__init__(
            f"{what} is of several authorities, {', '.join(codes)}: the money of a line stands in one book. "
            "Ask the bank for a message and a line for each"
        )


class WrongUse(Refusal):
    """A command that names too little, or things that do not go together."""

    def __init__(self) -> None:
        super().__init__(
            "say either --message with --item for people of a parked message, or --line with each --message that it "
            "brings in one sum, or --line with the --file whose debit the bank turned round"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a person says: messages by name, items as NUMBER=PAYMENT, the line, the file of a storno, and why.

    `short` and `over` say that a bank kept a part of a payment, or gave back more; `authority_code` tells payments of
    one name apart.
    """

    reason: str
    messages: Sequence[str] = ()
    items: Sequence[str] = ()
    line: str | None = None
    file: str | None = None
    authority_code: str | None = None
    short: bool = False
    over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What a person placed: in whose book, the payments that came back (tiyn), claims on the bank, money that waits.

    `line` brought the money; it is empty while no statement has shown it. `look` is what should be compared again.
    """

    authority_code: str
    what: str
    line: str
    payments: int
    amount: int
    claimed: int = 0
    rest: int = 0
    look: tuple[str, ...] = ()
    is_repeat: bool = False


def message_named(connection: Connection, name: str) -> list[Named]:
    """The message of a name (BIC/REFERENCE, or the document's number): as it was parked, and as it was placed.

    Raises:
        UnknownMessage: there is none, or there are several.
    """
    bic, _, reference = name.strip().rpartition("/")
    found = placed_returns.messages_named(connection, bic, reference)
    keys = {(one.message.bic, one.message.reference, one.message.document_number, one.message.dated) for one in found}
    if len(keys) != 1:
        raise UnknownMessage(name, found)
    return found


def placed_home(found: Sequence[Named]) -> Named | None:
    """The message as it stands in its authority's book, if it does."""
    return next((one for one in found if one.message.authority_id != OWN_BOOK), None)


def waiting_line(connection: Connection, name: str) -> Unidentified:
    """The line of a name, whose money waits whole.

    Raises:
        UnknownLine, LineTaken: there is no such line, or it is something already.
    """
    state = line_book.found(connection, name)
    number = state.line.line_number
    waiting = next((one for one in statements.unidentified(connection) if one.line.line_number == number), None)
    if waiting is None or not waiting.is_whole:
        match = state.match
        raise LineTaken(state.line.reference, f"it is {match.matched_as} {match.reference}" if match else "a debit")
    return waiting


class TooEarly(Refusal):
    """A line that the bank booked before the payments were sent, which it is said to bring back."""

    def __init__(self, line: Line, sent_on: date) -> None:
        super().__init__(
            f"{line.reference} is of {line.booked_on:%d.%m.%Y}, and the payments were sent on {sent_on:%d.%m.%Y}: "
            "it brings back something else"
        )


def check_day(line: Line, sent_on: date) -> None:
    """Refuse a line that came before what it would bring back was sent."""
    if line.booked_on < sent_on:
        raise TooEarly(line, sent_on)


def check_amount(line: Unidentified, what: str, expected: int, *, over: bool) -> None:
    """Refuse a line that brings less than expected, or more where nobody said so."""
    if line.amount < expected or (line.amount > expected and not over):
        raise OtherAmount(line.line.reference, line.amount, what, expected)
