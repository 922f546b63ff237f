"""`esep return import` and `esep return notify`: what the banks sent back, for whom, and telling the authority (R-060).

A return is an MT-102 with payer and beneficiary swapped. The payment that comes back is named only in its purpose text,
so each person is found by IIN, amount, account and the order that the text names. The message moves no money: the
statement's line does, and the one without the other waits. A message with a person that fits no payment is parked as
it is, with the reason of each person, and nobody's payment is touched (E54, E56); the same file again tries again.

A notice covers every returned payment whose money was seen since the notice before it. Running it again tells nobody
twice and writes the files of the last notices where they are missing.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection

from formats import exchange, mt102
from formats.errors import Findings, Note
from ledgers import posting, setup, statements
from ledgers import returns as register
from ledgers.books import OpenBooks
from ledgers.journal import EntryDraft, EntryKind
from ledgers.returns import Item, Message, NoticeRow, NoticeSpan, Payment
from ledgers.setup import Authority, Bank
from reconcile import arrivals, match, outbox, render
from reconcile.arrivals import Arrived
from reconcile.desk import Desk
from reconcile.identify import identify, waiting_pairs
from reconcile.inbox import received
from reconcile.match_money import OWN_BOOK
from reconcile.mined import mine
from reconcile.return_message import Incoming, MessageChanged, check, incoming, key_of

KIND = "return"
State = Literal["money seen", "money not seen", "parked"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedMessage:
    """What became of a message: its book, whether its money is there, and why if it is parked; the amount in tiyn.

    `is_repeat` says that the books knew the message and that nothing about it changed.
    """

    bic: str
    document_number: str
    dated: date
    amount: int
    count: int
    authority_code: str
    state: State
    reasons: tuple[str, ...]
    is_repeat: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnImport:
    """What a file of returns brought, message by message, and what was read although it was unusual."""

    messages: tuple[ReturnedMessage, ...]
    notes: tuple[Note, ...] = ()

    @property
    def changes_nothing(self) -> bool:
        """Whether the books are as they were before."""
        return all(message.is_repeat for message in self.messages)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticesSent:
    """The notices made now, and the files in the folder."""

    notices: tuple[exchange.ReturnNotice, ...]
    files: tuple[outbox.Delivered, ...]


def import_file(desk: Desk, path: Path) -> ReturnImport:
    """Import a file of return messages (MT-102), whole or not at all.

    Raises:
        FormatError: with every fault of the file; nothing of it is applied.
        MessageChanged: a message came before with other content.
        LedgerError, Refusal: the books do not take it. Whatever refuses a file, its bytes and that it came are kept.
    """
    with received(desk, path, KIND) as file:
        findings = Findings(file.name)
        messages = mt102.read(file.read(), file.name, findings=findings)
        with desk.database.begin() as connection:
            check(messages, setup.corporation(connection), setup.banks(connection), file.name)
            result = _Import(desk, connection, [incoming(message) for message in messages], file.stored.sha256).run()
            file.accept(connection)
    return replace(result, notes=findings.notes)


def notify(desk: Desk, out: Path) -> NoticesSent:
    """Make a notice for every authority with returns that it was not told of, and write its documents to `out`."""
    notices: list[exchange.ReturnNotice] = []
    with desk.database.begin() as connection:
        authorities, banks = setup.authorities(connection), setup.banks(connection)
        posting.lock(connection, [authority.authority_id for authority in authorities])
        for authority in authorities:
            span = register.open_notice(connection, authority.authority_id)
            if span is not None:
                rows = register.notice_rows(connection, authority.authority_id, span)
                notices.append(_notice(desk, authority, span, rows, banks))
                _enter_notice(desk, connection, authority, span, notices[-1])
    return NoticesSent(notices=tuple(notices), files=tuple(outbox.deliver(desk, "returns_notified", out)))


def arrived(desk: Desk, authority_code: str, name: str, on: date) -> Arrived:
    """Tell when a notice, like AST-1, came to the authority: its examination runs from that day (R-061).

    Raises:
        UnknownAuthority, UnknownDocument, ArrivedTooEarly, ArrivesInFuture: see `arrivals.arrived`.
    """
    code, _, number = name.strip().rpartition("-")
    is_number = number.isdecimal() and len(number) < 10
    found = int(number) if code in ("", authority_code) and is_number else 0
    return arrivals.arrived(desk, authority_code, "notice", found, f"notice {name.strip()}", on)


# --- The books --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entered:
    """Where a message stands: its authority, or book 0 with the reasons; and whether it stood there before."""

    message: Message
    book: int
    reasons: tuple[str, ...]
    is_repeat: bool


class _Import:
    """The messages of one file, and the state of the books that they are compared with."""

    def __init__(self, desk: Desk, connection: Connection, incoming: Sequence[Incoming], sha256: bytes) -> None:
        self._desk = desk
        self._connection = connection
        self._incoming = incoming
        self._sha256 = sha256
        self._codes = {one.authority_id: one.code for one in setup.authorities(connection)}
        self._books = OpenBooks(connection, [OWN_BOOK, *self._codes], today=desk.today)
        self._known = self._known_entries()
        self._next = register.next_return_numbers(connection)
        self._payments = self._sent_payments()
        mined = [mine(one.message.purpose) for one in incoming]
        numbers = {number for one in mined for number, _ in one.documents}
        references = {reference for one in mined for reference in one.references}
        self._files = statements.sent_files(connection, numbers, references)

    def run(self) -> ReturnImport:
        """Enter every message, then join those whose money is there already with it."""
        entered = [self._enter(one) for one in self._incoming]
        pairs = waiting_pairs(self._connection)
        identify(self._desk, self._connection, self._books, pairs)
        joined = {key_of(message) for _, own, _ in pairs for message in own}
        unseen = {key_of(message) for message in register.waiting_messages(self._connection)}
        return ReturnImport(messages=tuple(self._told(one, joined, unseen) for one in entered))

    def _known_entries(self) -> dict[str, list[register.Known]]:
        found: dict[str, list[register.Known]] = {}
        keys = [one.key for one in self._incoming]
        for entry in register.known_entries(self._connection, self._books.numbers, keys):
            found.setdefault(entry.source_key, []).append(entry)
        return found

    def _sent_payments(self) -> dict[str, list[Payment]]:
        found: dict[str, list[Payment]] = {}
        iins = [item.iin for one in self._incoming for item in one.items]
        for payment in register.payments_of(self._connection, iins, [one.message.bic for one in self._incoming]):
            found.setdefault(payment.iin, []).append(payment)
        return found

    def _enter(self, one: Incoming) -> _Entered:
        known = self._known.setdefault(one.key, [])
        for entry in known:
            if entry.source_digest != one.digest:
                first = register.content_of(self._connection, entry.authority_id, entry.number)
                raise MessageChanged(one, entry.number, *first)
        home = next((entry.authority_id for entry in known if entry.authority_id != OWN_BOOK), None)
        if home is not None:
            return _Entered(message=one.message, book=home, reasons=(), is_repeat=True)
        people = sorted({item.iin for item in one.items})
        payments = [payment for iin in people for payment in self._payments.get(iin, [])]
        fits = match.find_payments(one.message, one.items, payments, self._files)
        reasons = self._why_not(fits)
        if reasons:
            return self._park(one, reasons)
        return self._receive(one, [(fit.item, fit.payment) for fit in fits if fit.payment])

    def _why_not(self, fits: Sequence[match.Fit]) -> tuple[str, ...]:
        """The reason of each item without a payment, or that they are of several authorities."""
        reasons = tuple(f"item {fit.item.item}: {fit.reason}" for fit in fits if fit.payment is None)
        owners = sorted({self._codes[fit.payment.authority_id] for fit in fits if fit.payment})
        if reasons or len(owners) == 1:
            return reasons
        return (f"its people were paid for several authorities, {', '.join(owners)}: a message is booked for one",)

    def _receive(self, one: Incoming, fits: Sequence[tuple[Item, Payment]]) -> _Entered:
        """Enter a message whose payments are known into their authority's book."""
        book = fits[0][1].authority_id
        rows = self._rows(one, book)
        number = rows["return_message"][0]["return_number"]
        rows["returned_payment"] = [_returned_row(payment, number, item) for item, payment in fits]
        summary = f"return message {one.message.document_number}, {one.message.bic}: {len(fits)} came back"
        self._keep(one, book, "return_received", summary, rows)
        self._forget({payment for _, payment in fits})
        return _Entered(message=one.message, book=book, reasons=(), is_repeat=False)

    def _park(self, one: Incoming, reasons: tuple[str, ...]) -> _Entered:
        """Enter a message that fits no payments into book 0, once."""
        summary = f"parked: {'; '.join(reasons)}"
        known = self._known[one.key]
        is_repeat = any(entry.summary == summary for entry in known)
        if not known:
            self._keep(one, OWN_BOOK, "return_parked", summary, self._rows(one, OWN_BOOK))
        return _Entered(message=one.message, book=OWN_BOOK, reasons=reasons, is_repeat=is_repeat)

    def _rows(self, one: Incoming, book: int) -> dict[str, list[dict[str, Any]]]:
        number = self._next.get(book, 1)
        self._next[book] = number + 1
        message = asdict(one.message) | {"return_number": number, "sha256": self._sha256}
        return {"return_message": [message], "return_item": [asdict(i) | {"return_number": number} for i in one.items]}

    def _keep(
        self, one: Incoming, book: int, kind: EntryKind, summary: str, rows: Mapping[str, list[dict[str, Any]]]
    ) -> None:
        """Enter a message into a book, and know it when the file has it again."""
        draft = EntryDraft(
            kind=kind,
            booked_on=self._desk.today,
            value_date=one.message.dated,
            actor=self._desk.actor,
            source_key=one.key,
            source_digest=one.digest,
            summary=summary,
        )
        number = self._books.enter(book, draft, rows)
        known = register.Known(
            source_key=one.key, authority_id=book, number=number, source_digest=one.digest, summary=summary
        )
        self._known[one.key].append(known)

    def _forget(self, returned: Collection[Payment]) -> None:
        """Take payments that came back out of what the next messages of the file may find."""
        for payment in returned:
            own = self._payments[payment.iin]
            own[own.index(payment)] = replace(payment, is_returned=True)

    def _told(self, one: _Entered, joined: Collection[str], unseen: Collection[str]) -> ReturnedMessage:
        key = key_of(one.message)
        state: State = "parked" if one.book == OWN_BOOK else "money not seen" if key in unseen else "money seen"
        return ReturnedMessage(
            bic=one.message.bic,
            document_number=one.message.document_number,
            dated=one.message.dated,
            amount=one.message.amount,
            count=one.message.count,
            authority_code=self._codes.get(one.book, ""),
            state=state,
            reasons=one.reasons,
            is_repeat=one.is_repeat and key not in joined,
        )


def _returned_row(payment: Payment, return_number: int, item: Item) -> dict[str, Any]:
    return {
        "due_month": payment.due_month,
        "award_number": payment.award_number,
        "attempt": payment.attempt,
        "return_number": return_number,
        "item": item.item,
        "amount": payment.amount,
    }


# --- Notices ----------------------------------------------------------------------------------------------------------


def _notice(
    desk: Desk, authority: Authority, span: NoticeSpan, rows: Sequence[NoticeRow], banks: Mapping[str, Bank]
) -> exchange.ReturnNotice:
    return exchange.ReturnNotice(
        number=f"{authority.code}-{span.notice_number}",
        sent_on=desk.today,
        authority_bin=authority.bin,
        authority_kk=authority.name_kk,
        authority_ru=authority.name_ru,
        lines=tuple(_notice_line(row, banks[row.bic]) for row in rows),
    )


def _notice_line(row: NoticeRow, bank: Bank) -> exchange.ReturnNoticeLine:
    return exchange.ReturnNoticeLine(
        payment_reference=f"P{row.award_number}/{row.attempt}",
        order_number=str(row.order_number),
        order_date=row.order_date,
        bank_kk=bank.name_kk,
        bank_ru=bank.name_ru,
        aid_kind=row.aid_kind,
        iin=row.iin,
        surname=row.surname,
        first_name=row.first_name,
        patronymic=row.patronymic,
        iban=row.iban,
        amount=row.amount,
        returned_on=row.returned_on,
        reason=row.reason,
    )


def _enter_notice(
    desk: Desk, connection: Connection, authority: Authority, span: NoticeSpan, notice: exchange.ReturnNotice
) -> None:
    book = authority.authority_id
    number = posting.next_number(connection, book)
    row = asdict(span) | {"sent_on": desk.today, "count": notice.count, "amount": notice.amount}
    posting.append(connection, "return_notice", [row | {"authority_id": book, "entry_number": number}])
    outbox.keep(desk, connection, book, number, _files(notice))
    draft = EntryDraft(
        kind="returns_notified",
        booked_on=desk.today,
        value_date=desk.today,
        actor=desk.actor,
        source_key=f"notice:{notice.number}",
        source_digest=posting.digest(notice),
        summary=f"notice {notice.number} of {notice.count} returned payments",
    )
    posting.seal(connection, book, number, draft, ["return_notice", "document"])


def _files(notice: exchange.ReturnNotice) -> dict[str, bytes]:
    name = f"return-notice-{notice.number}"
    return {
        f"{name}.xml": exchange.write(notice),
        f"{name}-kk.xlsx": render.xlsx(notice, "kk"),
        f"{name}-ru.xlsx": render.xlsx(notice, "ru"),
    }
