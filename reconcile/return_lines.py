"""`esep return place --line`: a person says what the line of a bank gives back.

It is the money of several messages in one sum, of one authority alone: the money of a line stands in one book. Or it
turns the debit of a whole file round (storno), which no message told of: then every payment of the file that has not
come back comes back with it, by a message that is made from the line.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from ledgers import placed_returns, posting, returns, setup, statements
from ledgers.books import OpenBooks
from ledgers.money import format_tenge
from ledgers.statements import SentFile, Unidentified
from reconcile import identify, line_book, return_hand
from reconcile.desk import Desk
from reconcile.errors import Refusal
from reconcile.identify import Found
from reconcile.line_book import NoReason
from reconcile.match_money import OWN_BOOK
from reconcile.return_hand import RULE, OfSeveralAuthorities, Placed

STORNO = "STORNO {line}"


class NotPlacedYet(Refusal):
    """A message that fits no payments: its people come first."""

    def __init__(self, name: str) -> None:
        super().__init__(f"message {name} is parked: say first whose payments it gives back, with --item, by itself")


class MoneySeen(Refusal):
    """A message whose money another line brought."""

    def __init__(self, name: str, line: int) -> None:
        super().__init__(f"the money of message {name} was brought by S{line} already")


class NoStorno(Refusal):
    """A line that does not turn the debit of this file round."""

    def __init__(self, name: str, reference: str, why: str) -> None:
        super().__init__(f"{name} does not give back {reference}: {why}")


def place_lump(
    desk: Desk, line: str, messages: Sequence[str], reason: str, *, over: bool = False, dry_run: bool = False
) -> Placed:
    """Place a line as the money of these messages; `over` says that it brings more. The same again changes nothing.

    Raises:
        UnknownMessage, NotPlacedYet, MoneySeen, OfSeveralAuthorities: a message cannot have it.
        UnknownLine, LineTaken, OtherAmount, TooEarly: the line is not their money.
    """
    if not reason.strip():
        raise NoReason
    with desk.database.begin() as connection:
        codes = {one.authority_id: one.code for one in setup.authorities(connection)}
        books = OpenBooks(connection, [OWN_BOOK, *codes], today=desk.today)
        number = line_book.found(connection, line).line.line_number
        chosen: list[returns.Message] = []
        seen: list[int] = []
        for name in dict.fromkeys(messages):
            home = return_hand.placed_home(return_hand.message_named(connection, name))
            if home is None:
                raise NotPlacedYet(name)
            if other := [one for one in home.lines if one != number]:
                raise MoneySeen(name, other[0])
            chosen.append(home.message)
            seen += home.lines
        owners = sorted({codes[one.authority_id] for one in chosen})
        if len(owners) > 1:
            raise OfSeveralAuthorities(owners, line)
        returned = returns.payments_returned(connection, chosen[0].authority_id, [one.return_number for one in chosen])
        amount = sum(one.amount for one in returned)
        rest = 0
        if len(seen) < len(chosen):
            waiting = return_hand.waiting_line(connection, line)
            what = f"{len(chosen)} messages together"
            return_hand.check_amount(waiting, what, sum(one.amount for one in chosen), over=over)
            return_hand.check_day(waiting.line, max(one.sent_on for one in returned))
            identify.identify(desk, connection, books, [(waiting, tuple(chosen), RULE)], reason)
            rest = waiting.amount - amount
        if dry_run:
            connection.rollback()
    return Placed(
        authority_code=owners[0],
        what=f"{len(chosen)} messages of {chosen[0].bic}",
        line=f"S{number}",
        payments=len(returned),
        amount=amount,
        rest=rest,
        is_repeat=len(seen) == len(chosen),
    )


def place_storno(desk: Desk, line: str, reference: str, reason: str, *, dry_run: bool = False) -> Placed:
    """Place a line that turns the debit of a file round: all of it that has not come back. The same again is known.

    Raises:
        UnknownLine, LineTaken, TooEarly: there is no such line, it is something already, or came before the file.
        NoStorno: there is no such file, the bank did not debit it, or the amounts differ.
    """
    if not reason.strip():
        raise NoReason
    with desk.database.begin() as connection:
        codes = {one.authority_id: one.code for one in setup.authorities(connection)}
        books = OpenBooks(connection, [OWN_BOOK, *codes], today=desk.today)
        name = line_book.found(connection, line).line.reference
        file = _file(connection, name, reference)
        known = placed_returns.messages_named(connection, file.bic, STORNO.format(line=name))
        if known:
            return _placed(known[0].message, codes, name, is_repeat=True)
        waiting = return_hand.waiting_line(connection, line)
        return_hand.check_day(waiting.line, file.dated)
        number = _enter(desk, connection, books, waiting, file, reason)
        message = next(
            m
            for m in placed_returns.messages_named(connection, file.bic, STORNO.format(line=name))
            if m.message.return_number == number
        )
        result = _placed(message.message, codes, name, is_repeat=False)
        if dry_run:
            connection.rollback()
    return result


def _file(connection: Connection, name: str, reference: str) -> SentFile:
    """The MT-102 of a reference, which the bank debited."""
    found = [one for one in statements.sent_files(connection, (), [reference.strip()]) if one.message == "MT-102"]
    if not found:
        raise NoStorno(name, reference, "no MT-102 was sent under this reference")
    if found[0].open:
        raise NoStorno(name, reference, f"the bank has not debited {format_tenge(found[0].open)} KZT of it")
    return found[0]


def _enter(
    desk: Desk, connection: Connection, books: OpenBooks, waiting: Unidentified, file: SentFile, reason: str
) -> int:
    """Enter the message that is made from the line, with the money of every payment; returns the message's number."""
    left = placed_returns.unreturned(connection, file.authority_id, file.order_number)
    if not left.count or left.amount != waiting.amount:
        raise NoStorno(
            waiting.line.reference,
            file.reference,
            f"it brings {format_tenge(waiting.amount)} KZT, and {left.count} payments of the file have not come back, "
            f"{format_tenge(left.amount)} KZT",
        )
    line, book = waiting.line, file.authority_id
    return_number = returns.next_return_numbers(connection).get(book, 1)
    found = Found(
        home=book,
        kind="return_placed",
        matched_as="return",
        reference=str(return_number),
        rule=RULE,
        reason=f"the debit of {file.reference} turned round by the bank: {reason}",
    )
    day = identify.day_of(books, waiting, found)
    entry = posting.next_number(connection, book)
    key = {"authority_id": book, "entry_number": entry, "return_number": return_number}
    message = {
        "reference": STORNO.format(line=line.reference),
        "document_number": line.document_number,
        "dated": line.booked_on,
        "bic": file.bic,
        "payer_iban": line.counterparty_iban,
        "amount": left.amount,
        "count": left.count,
        "purpose": line.purpose,
        # No file brought it: the digest is of the line.
        "sha256": posting.digest(*line.identity, line.occurrence),
    }
    posting.append(connection, "return_message", [key | message])
    why = f"storno: {reason}"
    placed_returns.append_unreturned(connection, book, entry, return_number, file.order_number, why)
    posting.append(connection, "return_money", [key | {"line_number": line.line_number, "returned_on": day}])
    moved = identify.moved_in(waiting) if waiting.book != book else []
    posted = posting.post(connection, book, entry, day, moved) if moved else 0
    bind = {"line": line.reference}
    posting.post_register(connection, book, entry, day, placed_returns.STORNO_EVENTS, bind, lines_before=posted)
    draft = identify.draft(desk, found.kind, day, waiting, found.reason)
    posting.seal(connection, book, entry, draft, ["return_message", "return_item", "returned_payment", "return_money"])
    identify.settle(desk, books, waiting, found, entry)
    return return_number


def _placed(message: returns.Message, codes: Mapping[int, str], line: str, *, is_repeat: bool) -> Placed:
    return Placed(
        authority_code=codes[message.authority_id],
        what=f"storno of a debit by {message.bic}",
        line=line,
        payments=message.count,
        amount=message.amount,
        is_repeat=is_repeat,
    )
