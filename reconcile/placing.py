"""What each new statement line is: the transfer, settlement or return it belongs to, with its postings.

Everything the decisions need is read once for all lines. Lines are looked at in an order of their own, not in that of
the file, so that the same lines always end in the same places: transfers that name their request come first.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection

from ledgers import returns, setup, statements
from ledgers.books import OpenBooks
from ledgers.journal import EntryKind, Event
from ledgers.returns import Message
from ledgers.statements import Line, MatchedAs, OpenRequest, SentFile, Transfer, Unidentified
from reconcile import match, match_money
from reconcile.mined import mine

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
Identified = tuple[Unidentified, tuple[Message, ...], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where the money of a line goes and why; `rest` is what of it nobody can place yet, in tiyn."""

    line: Line
    book: int
    kind: EntryKind
    matched_as: MatchedAs
    reference: str
    rule: str
    reason: str
    events: Sequence[Event]
    rows: Rows
    rest: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplaced:
    """A debit that fits no file that was sent, and why."""

    line: Line
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """The decisions on some lines, and money of earlier lines that turns out to belong to a message now."""

    placements: tuple[Placement, ...]
    unplaced: tuple[Unplaced, ...]
    identified: tuple[Identified, ...]


def place(
    connection: Connection,
    books: OpenBooks,
    lines: Sequence[Line],
    taken_from: Mapping[int, Collection[str]] = MappingProxyType({}),
) -> Placed:
    """Decide on lines that have no match in force.

    `taken_from` has, by line number, the files that a person took a debit from: it is not placed there again.
    """
    return _Placer(connection, books, lines, taken_from).place()


class _Placer:
    """The state of the books that decisions are made on; each decision takes its part of it."""

    def __init__(
        self,
        connection: Connection,
        books: OpenBooks,
        lines: Sequence[Line],
        taken_from: Mapping[int, Collection[str]],
    ) -> None:
        self._connection = connection
        self._taken_from = taken_from
        self._books = books
        self._lines = sorted(lines, key=_order)
        self._mined = {line.line_number: mine(line.purpose) for line in lines}
        self._authorities = {one.bin: one.authority_id for one in setup.authorities(connection)}
        self._bins = {number: bin_ for bin_, number in self._authorities.items()}
        self._banks = setup.banks(connection)
        self._bank_of = {line.line_number: bic for line, bic in match.of_banks(lines, self._banks)}
        mined = self._mined.values()
        self._requests = _by_book(
            statements.open_requests(connection, [name for one in mined for name in one.requests])
        )
        self._transfers = {one.identity: one for one in statements.transfers(connection, list(self._authorities))}
        self._next_transfer = statements.next_transfer_numbers(connection)
        numbers = {number for one in mined for number, _ in one.documents}
        numbers |= {number for line in lines if (number := match.number_of(line.document_number)) is not None}
        references = {reference for one in mined for reference in one.references}
        self._files = {one.reference: one for one in statements.sent_files(connection, numbers, references)}
        self._references = list(self._files)
        self._place = {reference: place for place, reference in enumerate(self._references)}
        self._numbered = match.grouped(range(len(self._files)), self._number_at)

    def place(self) -> Placed:
        """Decide on all lines."""
        transfers, others, debits = self._sorted_out()
        placements = [self._transfer(line) for line in transfers]
        returned, identified = self._returned(others)
        settled = [self._settled(line) for line in debits]
        return Placed(
            placements=(*placements, *returned, *(one for one in settled if isinstance(one, Placement))),
            unplaced=tuple(one for one in settled if isinstance(one, Unplaced)),
            identified=tuple(identified),
        )

    def _sorted_out(self) -> tuple[list[Line], list[Line], list[Line]]:
        """Transfers of authorities, those that name their request first; other credits; debits."""
        transfers: list[Line] = []
        others: list[Line] = []
        debits: list[Line] = []
        for line in self._lines:
            if line.direction == "debit":
                debits.append(line)
            else:
                (transfers if line.counterparty_bin in self._authorities else others).append(line)
        transfers.sort(key=lambda line: not self._mined[line.line_number].requests)
        return transfers, others, debits

    # --- Transfers ----------------------------------------------------------------------------------------------------

    def _transfer(self, line: Line) -> Placement:
        book = self._authorities[line.counterparty_bin]
        own = [file for file in self._files.values() if file.authority_id == book]
        refund = match.returned_refund(line, self._mined[line.line_number], own)
        if refund is not None:
            reason = f"it gives back refund {refund.reference} of {refund.dated:%d.%m.%Y}, so it is no transfer"
            return _waiting(line, book, "refund_given_back", reason)
        transfer = self._as_transfer(line, book)
        twin = self._transfers.setdefault(transfer.identity, transfer)
        if twin is not transfer:
            reason = f"same transfer again: it came on {twin.received_on:%d.%m.%Y} already, as line {twin.line_number}"
            return _waiting(line, book, "same_transfer_again", reason)
        self._next_transfer[book] = transfer.transfer_number + 1
        awaited = self._requests.get(book, [])
        placing = match.place_transfer(
            line.amount, transfer.received_on, self._mined[line.line_number].requests, awaited
        )
        taken = {(cell.reference, cell.aid_kind): part for cell, part in placing.parts}
        self._requests[book] = [
            replace(cell, amount=cell.amount - taken.get((cell.reference, cell.aid_kind), 0)) for cell in awaited
        ]
        return Placement(
            line=line,
            book=book,
            kind="transfer_received",
            matched_as="transfer",
            reference=f"T{transfer.transfer_number}",
            rule=placing.rule,
            reason=placing.reason,
            events=_transfer_events(line, placing),
            rows={"transfer": [asdict(transfer)], "transfer_placing": _placing_rows(transfer, placing)},
            rest=placing.rest,
        )

    def _as_transfer(self, line: Line, book: int) -> Transfer:
        return Transfer(
            authority_id=book,
            transfer_number=self._next_transfer.get(book, 1),
            order_number=line.document_number,
            order_date=line.document_date,
            payer_bin=line.counterparty_bin,
            amount=line.amount,
            # A closed month's act does not change: what is booked today counts as received today (AMB-9).
            received_on=self._books.day(book, line.booked_on),
            line_number=line.line_number,
        )

    # --- Returns ------------------------------------------------------------------------------------------------------

    def _returned(self, lines: Sequence[Line]) -> tuple[list[Placement], list[Identified]]:
        """Pair credits with return messages; money that waits already is a candidate as well."""
        waiting = {one.line.line_number: one for one in statements.unidentified(self._connection) if one.is_whole}
        candidates = match.of_banks([*lines, *(one.line for one in waiting.values())], self._banks)
        parked = {one.message: one.reason for one in returns.parked_messages(self._connection)}
        messages = [*returns.waiting_messages(self._connection), *parked]
        found = {line.line_number: (own, rule) for line, own, rule in match_money.money_of(candidates, messages)}
        placements = []
        for line in lines:
            own, rule = found.get(line.line_number, ((), ""))
            placements.append(self._return(line, own, rule, parked))
        identified = [
            (waiting[number], own, rule)
            for number, (own, rule) in found.items()
            if number in waiting and own[0] not in parked
        ]
        return placements, identified

    def _return(self, line: Line, own: Sequence[Message], rule: str, parked: Mapping[Message, str]) -> Placement:
        if not own:
            bic = self._bank_of.get(line.line_number)
            reason = f"no return message of {bic} has this money" if bic else "the payer is no authority and no bank"
            return _waiting(line, self._book_named(line), "no_message" if bic else "payer_unknown", reason)
        message = own[0]
        if message in parked:
            why = parked[message].removeprefix("parked: ")
            reason = f"its return message {message.document_number} fits no payments: {why}"
            return _waiting(line, self._book_named(line), "message_parked", reason)
        book = message.authority_id
        payments = returns.payments_returned(self._connection, book, [one.return_number for one in own])
        returned_on = self._books.day(book, line.booked_on)
        events = [
            Event(rule="return_received", aid_kind=one.aid_kind, credit_reference=one.reference, amount=one.amount)
            for one in payments
        ]
        rest = line.amount - sum(one.amount for one in payments)
        if rest:
            events.append(Event(rule="money_unidentified", credit_reference=line.reference, amount=rest))
        return Placement(
            line=line,
            book=book,
            kind="return_money_seen",
            matched_as="return",
            reference=", ".join(str(one.return_number) for one in own),
            rule=rule,
            reason=money_reason(own),
            events=events,
            rows={"return_money": [money_row(line, one, returned_on) for one in own]},
            rest=rest,
        )

    def _book_named(self, line: Line) -> int:
        """The one authority whose file the purpose names, or the State Corporation's own book."""
        mined, bic = self._mined[line.line_number], self._bank_of.get(line.line_number)
        if not bic or not mined.names_payment:
            return 0
        books = {one.authority_id for one in match.named_files(mined, self._files.values(), bic)}
        return books.pop() if len(books) == 1 else 0

    # --- Settlements --------------------------------------------------------------------------------------------------

    def _settled(self, line: Line) -> Placement | Unplaced:
        named = self._mined[line.line_number].references
        files = self._candidates(line, named)
        found = match.find_file(line, files, named, {file.reference: self._payee_bin(file) for file in files})
        if isinstance(found, str):
            taken_from = sorted(self._taken_from.get(line.line_number, ()))
            by_hand = f"it was taken from {', '.join(taken_from)} by hand; say which file it is: esep statement settle"
            return Unplaced(line=line, reason=by_hand if taken_from else found)
        self._files[found.reference] = replace(found, open=0)
        return Placement(
            line=line,
            book=found.authority_id,
            kind="file_settled",
            matched_as="settlement",
            reference=found.reference,
            rule="reference_amount" if found.reference in named else "number_date_amount",
            reason=f"the bank debited {found.reference}",
            events=[Event(rule="file_settled", debit_reference=found.reference, amount=line.amount)],
            rows={},
        )

    def _candidates(self, line: Line, named: Collection[str]) -> list[SentFile]:
        number, taken_from = match.number_of(line.document_number), self._taken_from.get(line.line_number, ())
        by_name = sorted(self._place[one] for one in set(named) if one in self._place)
        for places in (by_name, self._numbered.get(number, [])):
            files = [self._files[self._references[place]] for place in places]
            if found := [file for file in files if file.reference not in taken_from]:
                return found
        return []

    def _number_at(self, place: int) -> int | None:
        return self._files[self._references[place]].order_number

    def _payee_bin(self, file: SentFile) -> str:
        """The BIN of whom a file pays: the bank, or the authority itself with a refund."""
        return self._bins[file.authority_id] if file.message == "MT-100" else self._banks[file.bic].bin


def money_row(line: Line, message: Message, returned_on: date) -> Mapping[str, Any]:
    """The row that says which line brought the money of a message, and when it counts as returned."""
    return {"return_number": message.return_number, "line_number": line.line_number, "returned_on": returned_on}


def money_reason(messages: Sequence[Message]) -> str:
    """What the money of these messages is called in the journal."""
    names = ", ".join(f"{one.document_number} of {one.dated:%d.%m.%Y}" for one in messages)
    return f"money of return message{'s' if len(messages) > 1 else ''} {names}, {messages[0].bic}"


def _waiting(line: Line, book: int, rule: str, reason: str) -> Placement:
    """The whole line stands on unidentified."""
    return Placement(
        line=line,
        book=book,
        kind="money_unidentified",
        matched_as="unidentified",
        reference=line.reference,
        rule=rule,
        reason=reason,
        events=[Event(rule="money_unidentified", credit_reference=line.reference, amount=line.amount)],
        rows={},
        rest=line.amount,
    )


def _transfer_events(line: Line, placing: match.Placing) -> list[Event]:
    events = [
        Event(rule=rule, aid_kind=cell.aid_kind, credit_reference=cell.reference, amount=part)
        for cell, part in placing.parts
        for rule in ("transfer_placed", "transfer_awaited")
    ]
    if placing.rest:
        events.append(Event(rule="money_unidentified", credit_reference=line.reference, amount=placing.rest))
    return events


def _placing_rows(transfer: Transfer, placing: match.Placing) -> list[Mapping[str, Any]]:
    key = {"transfer_number": transfer.transfer_number}
    return [
        key | {"request_number": cell.request_number, "aid_kind": cell.aid_kind, "amount": part}
        for cell, part in placing.parts
    ]


def _by_book(cells: Iterable[OpenRequest]) -> dict[int, list[OpenRequest]]:
    found: dict[int, list[OpenRequest]] = {}
    for cell in cells:
        found.setdefault(cell.authority_id, []).append(cell)
    return found


def _order(line: Line) -> tuple[Any, ...]:
    return (*line.identity, line.occurrence)
