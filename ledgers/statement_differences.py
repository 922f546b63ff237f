"""Where the bank statement and the cash side of the books differ: reconciliation (a), line by line.

Money that nobody could place, debits without a file, files that no statement debited in time, returns without money,
return messages that fit no payments. Each is one difference; whatever is placed later is none any more.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, text

from ledgers import calendar_versions, lines, match_terms, returns, statements
from ledgers.differences import Difference, Kind
from ledgers.money import format_tenge

OWN_BOOK = 0
"""The State Corporation's own book: what belongs to no authority yet stands there."""

_PARKED = "parked: "


@dataclass(frozen=True, slots=True, kw_only=True)
class _OpenFile:
    """A file that was sent, of which `open` tiyn are not debited."""

    reference: str
    message: str
    bic: str
    aid_kind: str
    dated: date
    amount: int
    open: int


def differences(
    connection: Connection, authority_id: int, today: date, *, debit_reasons: Mapping[str, str] | None = None
) -> list[Difference]:
    """What differs in a book on a day, in no special order.

    `debit_reasons` says of a debit, by the name of its line, why it fits no file.
    """
    found = [*_money(connection, authority_id), *_not_debited(connection, authority_id, today)]
    if authority_id == OWN_BOOK:
        return [*found, *_debits(connection, debit_reasons or {}), *_not_placed(connection)]
    return [*found, *_without_money(connection, authority_id)]


def _money(connection: Connection, authority_id: int) -> Iterator[Difference]:
    for one in statements.unidentified(connection):
        if one.book != authority_id:
            continue
        line = one.line
        reason = one.reason
        if one.matched_as == "transfer" and one.amount < line.amount:
            placed = format_tenge(line.amount - one.amount)
            reason = (
                f"of {format_tenge(line.amount)} KZT {placed} are placed, "
                f"{format_tenge(one.amount)} are above what was asked for"
            )
        yield Difference(
            authority_id=authority_id,
            kind="money_unidentified",
            subject=line.reference,
            amount=one.amount,
            happened_on=one.posted_on,
            reason=reason,
            bic=line.counterparty_bic,
        )


def _debits(connection: Connection, reasons: Mapping[str, str]) -> Iterator[Difference]:
    for one in lines.unplaced(connection):
        line = one.line
        what = f"document {line.document_number} of {line.document_date:%d.%m.%Y}, {format_tenge(line.amount)} KZT"
        yield Difference(
            authority_id=OWN_BOOK,
            kind="debit_without_file",
            subject=line.reference,
            amount=line.amount,
            happened_on=line.booked_on,
            reason=reasons.get(line.reference) or f"the bank debited {what}, and no file that was sent is of it",
            bic=line.counterparty_bic,
        )


def _not_debited(connection: Connection, authority_id: int, today: date) -> Iterator[Difference]:
    calendar = calendar_versions.load(connection)
    terms = match_terms.last_terms(connection)
    for one in _open_files(connection, authority_id):
        term = match_terms.in_force(terms, "file_not_debited", bic=one.bic)
        if not term.is_on or calendar.working_days_between(one.dated, today) <= term.window_days:
            continue
        rest = f"{format_tenge(one.open)} of {format_tenge(one.amount)} KZT" if one.open != one.amount else "it"
        yield Difference(
            authority_id=authority_id,
            kind="file_not_debited",
            subject=one.reference,
            amount=one.open,
            happened_on=one.dated,
            reason=f"{one.message} of {one.dated:%d.%m.%Y}, {format_tenge(one.amount)} KZT: no statement shows {rest} "
            f"debited within {term.window_days} working days",
            bic=one.bic,
            aid_kind=one.aid_kind,
        )


def _open_files(connection: Connection, authority_id: int) -> list[_OpenFile]:
    rows = connection.execute(
        text("""
            SELECT o.reference, o.message, o.bic, o.aid_kind, o.dated, o.amount, b.open
            FROM esep.account a
            JOIN esep.payment_order o ON o.authority_id = a.authority_id AND o.reference = a.reference
            CROSS JOIN LATERAL (
                SELECT sum(CASE WHEN p.credit = a.account_id THEN p.amount ELSE -p.amount END)::bigint AS open
                FROM esep.posting p
                WHERE p.authority_id = a.authority_id AND (p.debit = a.account_id OR p.credit = a.account_id)
            ) b
            WHERE a.authority_id = :authority AND a.code = 'transit' AND b.open > 0
            ORDER BY o.order_number
        """),
        {"authority": authority_id},
    )
    return [_OpenFile(**row._asdict()) for row in rows]


def _without_money(connection: Connection, authority_id: int) -> Iterator[Difference]:
    for one in returns.waiting_messages(connection):
        if one.authority_id == authority_id:
            yield _of_message(
                one, "return_without_money", f"{_named(one)}: no statement shows its money, {_amount(one)}"
            )


def _not_placed(connection: Connection) -> Iterator[Difference]:
    for one in returns.parked_messages(connection):
        reason = f"{_named(one.message)}, {_amount(one.message)}: {one.reason.removeprefix(_PARKED)}"
        yield _of_message(one.message, "return_not_placed", reason)


def _of_message(message: returns.Message, kind: Kind, reason: str) -> Difference:
    return Difference(
        authority_id=message.authority_id,
        kind=kind,
        subject=f"R{message.return_number}",
        amount=message.amount,
        happened_on=message.dated,
        reason=reason,
        bic=message.bic,
    )


def _named(message: returns.Message) -> str:
    return f"return message {message.document_number} of {message.dated:%d.%m.%Y} from {message.bic}"


def _amount(message: returns.Message) -> str:
    return f"{format_tenge(message.amount)} KZT"
