"""`esep return place`: a person says whose payments a parked message gives back (E54, E56).

The items that fit are found as in an import; the others are named, each with its payment or with nobody's. What a bank
kept of a payment is claimed of it, for the service is free (R-006); what it gave above a payment waits on 205. Then the
message is looked for as in an import: its money joins it, and the same file again changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from ledgers import placed_returns, returns, setup, statements
from ledgers.books import OpenBooks
from ledgers.journal import EntryDraft, Event
from ledgers.money import format_tenge
from ledgers.placed_returns import Named
from ledgers.returns import Item, Payment
from reconcile import match, return_hand, return_lines
from reconcile.desk import Desk
from reconcile.errors import Refusal
from reconcile.identify import identify, waiting_pairs
from reconcile.line_book import NoReason
from reconcile.match import Fit
from reconcile.match_money import OWN_BOOK
from reconcile.mined import mine
from reconcile.return_hand import RULE, OfSeveralAuthorities, Placed, Said, WrongUse
from reconcile.return_message import key_of

NOBODY = "none"
"""What an item is that gives back no payment of ours."""


class WrongItem(Refusal):
    """An item that is not written NUMBER=PAYMENT, or that the message does not have."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"item {text!r}: expected NUMBER=PAYMENT, each once, like 1=P20000006/1, of an item of the message; "
            f"{NOBODY} for an item of no payment of ours"
        )


class ItemsOpen(Refusal):
    """Items that no payment was named for, or not a fitting one."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__("\n".join(["the message cannot be placed so:", *(f"  {reason}" for reason in reasons)]))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """An item with the payment that it gives back."""

    item: Item
    payment: Payment

    @property
    def amount(self) -> int:
        """What came back of the payment, in tiyn."""
        return min(self.item.amount, self.payment.amount)

    @property
    def kept(self) -> int:
        """What the bank kept of it, in tiyn."""
        return self.payment.amount - self.amount


def place(desk: Desk, said: Said, *, dry_run: bool = False) -> Placed:
    """Place what a person says: people of a parked message, messages in one sum, or a storno. `dry_run` only tries.

    Raises:
        Refusal: it cannot be so; the sentence says what was found and what to do.
    """
    if not said.reason.strip():
        raise NoReason
    if said.file is not None:
        if said.line is None or said.messages or said.items:
            raise WrongUse
        return return_lines.place_storno(desk, said.line, said.file, said.reason, dry_run=dry_run)
    if len(said.messages) == 1 and (said.items or said.line is None or _is_parked(desk, said.messages[0])):
        return place_message(desk, said.messages[0], said, dry_run=dry_run)
    if said.line is None or not said.messages or said.items:
        raise WrongUse
    return return_lines.place_lump(desk, said.line, said.messages, said.reason, over=said.over, dry_run=dry_run)


def _is_parked(desk: Desk, name: str) -> bool:
    with desk.database.begin() as connection:
        return return_hand.placed_home(return_hand.message_named(connection, name)) is None


def place_message(desk: Desk, name: str, said: Said, *, dry_run: bool = False) -> Placed:
    """Place a parked message on the payments of one authority; the same again changes nothing.

    Without a line the money is found as in an import. An item of nobody needs its line, on which its money stays.

    Raises:
        UnknownMessage, WrongItem, ItemsOpen, OfSeveralAuthorities: the items are not of these payments.
        UnknownLine, LineTaken, OtherAmount: the line is not its money.
    """
    with desk.database.begin() as connection:
        codes = {one.authority_id: one.code for one in setup.authorities(connection)}
        found = return_hand.message_named(connection, name)
        home = return_hand.placed_home(found)
        if home is not None:
            return _repeat(connection, home, codes)
        books = OpenBooks(connection, [OWN_BOOK, *codes], today=desk.today)
        placing = _Placing(desk, connection, books, found[0], codes)
        result = placing.enter(*placing.parts(said), said)
        if dry_run:
            connection.rollback()
    return result


def _wanted(items: Sequence[str]) -> dict[int, str]:
    """Item number -> what was said of it."""
    wanted: dict[int, str] = {}
    for text in items:
        number, _, payment = text.partition("=")
        if not (number.strip().isdecimal() and payment.strip()) or int(number) in wanted:
            raise WrongItem(text)
        wanted[int(number)] = payment.strip()
    return wanted


def _repeat(connection: Connection, home: Named, codes: Mapping[int, str]) -> Placed:
    """What a message is that stands in its authority's book already."""
    message = home.message
    payments = returns.payments_returned(connection, message.authority_id, [message.return_number])
    return Placed(
        authority_code=codes[message.authority_id],
        what=_what(message),
        line=", ".join(f"S{number}" for number in home.lines),
        payments=len(payments),
        amount=sum(one.amount for one in payments),
        is_repeat=True,
    )


def _what(message: returns.Message) -> str:
    return f"return {message.document_number} of {message.dated:%d.%m.%Y} from {message.bic}"


class _Placing:
    """One parked message under the locks of all books."""

    def __init__(
        self, desk: Desk, connection: Connection, books: OpenBooks, named: Named, codes: Mapping[int, str]
    ) -> None:
        self._desk, self._connection, self._books = desk, connection, books
        self._named, self._message, self._codes = named, named.message, codes
        self._items = returns.items_of(connection, named.message)

    def parts(self, said: Said) -> tuple[list[_Part], list[Item]]:
        """The items with their payments, and those of nobody."""
        wanted = _wanted(said.items)
        known = {item.item for item in self._items}
        if unknown := [number for number in wanted if number not in known]:
            raise WrongItem(str(unknown[0]))
        left = [item for item in self._items if wanted.get(item.item) == NOBODY]
        named = [item for item in self._items if wanted.get(item.item, NOBODY) != NOBODY]
        fits = [self._fit(item, wanted[item.item], said.authority_code) for item in named]
        taken = [fit.payment for fit in fits if fit.payment]
        fits += self._found([item for item in self._items if item.item not in wanted], taken)
        reasons = [f"item {fit.item.item}: {fit.reason}" for fit in fits if fit.payment is None]
        parts = [_Part(item=fit.item, payment=fit.payment) for fit in fits if fit.payment]
        reasons += self._unsaid(parts, short=said.short, over=said.over)
        if reasons or not parts:
            raise ItemsOpen(reasons or ["all of its items are nobody's: it stays parked, its money on 205 (E56)"])
        owners = sorted({self._codes[part.payment.authority_id] for part in parts})
        if len(owners) > 1:
            raise OfSeveralAuthorities(owners, f"message {self._message.reference}")
        return sorted(parts, key=lambda part: part.item.item), left

    def _fit(self, item: Item, reference: str, authority_code: str | None) -> Fit:
        """The payment that was named for an item, or why it cannot be that."""
        found = [
            payment
            for payment in placed_returns.payments_named(self._connection, reference, self._message.bic)
            if authority_code in (None, self._codes[payment.authority_id])
        ]
        if len(found) > 1:
            owners = ", ".join(self._codes[payment.authority_id] for payment in found)
            return Fit(item=item, payment=None, reason=f"{reference} is a payment of {owners}: say which --authority")
        if not found:
            return Fit(item=item, payment=None, reason=f"no payment {reference} was sent to {self._message.bic}")
        if found[0].is_returned:
            return Fit(item=item, payment=None, reason=f"{reference} came back already")
        if found[0].dated > self._message.dated:
            sent = f"{found[0].dated:%d.%m.%Y}"
            return Fit(item=item, payment=None, reason=f"{reference} was sent on {sent}, after the message")
        return Fit(item=item, payment=found[0], reason="")

    def _found(self, items: Sequence[Item], taken: Sequence[Payment]) -> list[Fit]:
        """The payments of the items that nobody spoke of, as an import finds them."""
        if not items:
            return []
        mined = mine(self._message.purpose)
        numbers, references = {number for number, _ in mined.documents}, set(mined.references)
        payments = returns.payments_of(self._connection, [item.iin for item in items], [self._message.bic])
        free = [payment for payment in payments if payment not in taken]
        files = statements.sent_files(self._connection, numbers, references)
        return match.find_payments(self._message, items, free, files)

    def _unsaid(self, parts: Sequence[_Part], *, short: bool, over: bool) -> list[str]:
        """What was not said of the amounts, and payments that were named twice."""
        twice = {one.payment.reference for one in parts for two in parts if one.payment == two.payment and one != two}
        reasons = [f"{reference} was named twice" for reference in sorted(twice)]
        for part in parts:
            amounts = f"{format_tenge(part.item.amount)} for {format_tenge(part.payment.amount)}"
            if part.kept and not short:
                reasons.append(
                    f"item {part.item.item}: {amounts}: if the bank kept {format_tenge(part.kept)}, add --short to "
                    "claim it: the service is free (R-006)"
                )
            if part.item.amount > part.payment.amount and not over:
                reasons.append(f"item {part.item.item}: {amounts}: if the bank gave too much, add --over")
        return reasons

    # --- The books ----------------------------------------------------------------------------------------------------

    def enter(self, parts: Sequence[_Part], left: Sequence[Item], said: Said) -> Placed:
        """Enter the message into its authority's book, and join its money with it."""
        reason, waiting = said.reason, return_hand.waiting_line(self._connection, said.line) if said.line else None
        if waiting is not None:
            return_hand.check_amount(waiting, _what(self._message), self._message.amount, over=said.over)
            return_hand.check_day(waiting.line, max(part.payment.dated for part in parts))
        if left and waiting is None:
            names = ", ".join(str(item.item) for item in left)
            raise ItemsOpen([f"item {names} is nobody's: name the line on which its money stays with --line"])
        book = parts[0].payment.authority_id
        number = returns.next_return_numbers(self._connection).get(book, 1)
        events = [
            Event(
                rule="claim_made",
                aid_kind=part.payment.aid_kind,
                debit_reference=part.payment.reference,
                amount=part.kept,
            )
            for part in parts
            if part.kept
        ]
        self._books.enter(book, self._draft(parts, left, reason), self._rows(parts, number, reason), events)
        own = next(m for m in returns.waiting_messages(self._connection) if _is(m, book, number))
        pairs = [(waiting, (own,), RULE)] if waiting else waiting_pairs(self._connection)
        identify(self._desk, self._connection, self._books, pairs, reason if waiting else "")
        joined = next((money for money, messages, _ in pairs if own in messages), None)
        amount = sum(part.amount for part in parts)
        return Placed(
            authority_code=self._codes[book],
            what=_what(self._message),
            line=joined.line.reference if joined else "",
            payments=len(parts),
            amount=amount,
            claimed=sum(part.kept for part in parts),
            rest=joined.amount - amount if joined else 0,
            look=tuple(_look(part) for part in parts if part.item.iin != part.payment.iin),
        )

    def _draft(self, parts: Sequence[_Part], left: Sequence[Item], reason: str) -> EntryDraft:
        message = self._message
        nobody = f", item {', '.join(str(item.item) for item in left)} nobody's" if left else ""
        return EntryDraft(
            kind="return_placed",
            booked_on=self._desk.today,
            value_date=message.dated,
            actor=self._desk.actor,
            # The key of the message itself: the same file again finds it here.
            source_key=key_of(message),
            source_digest=self._named.source_digest,
            summary=(
                f"return message {message.document_number}, {message.bic} placed by hand: "
                f"{len(parts)} came back{nobody}: {reason}"
            ),
        )

    def _rows(self, parts: Sequence[_Part], number: int, reason: str) -> dict[str, list[dict[str, Any]]]:
        message = {name: getattr(self._message, name) for name in _MESSAGE}
        message |= {
            "return_number": number,
            "amount": sum(part.item.amount for part in parts),
            "count": len(parts),
            "sha256": self._named.sha256,
        }
        items = [{name: getattr(part.item, name) for name in _ITEM} | {"return_number": number} for part in parts]
        keys = [
            {
                "due_month": part.payment.due_month,
                "award_number": part.payment.award_number,
                "attempt": part.payment.attempt,
            }
            for part in parts
        ]
        came = [
            key | {"return_number": number, "item": part.item.item, "amount": part.amount}
            for key, part in zip(keys, parts, strict=True)
        ]
        claims = [
            key | {"amount": part.kept, "reason": f"fee kept, the service is free (R-006): {reason}"}
            for key, part in zip(keys, parts, strict=True)
            if part.kept
        ]
        return {"return_message": [message], "return_item": items, "returned_payment": came, "return_claim": claims}


_MESSAGE = ("reference", "document_number", "dated", "bic", "payer_iban", "purpose")
_ITEM = ("item", "iin", "surname", "first_name", "patronymic", "iban", "amount", "reason")


def _is(message: returns.Message, book: int, number: int) -> bool:
    return (message.authority_id, message.return_number) == (book, number)


def _look(part: _Part) -> str:
    return f"item {part.item.item} names another person than {part.payment.reference}: compare them once more"
