"""Which line, transfer or return belongs to what: pure decisions, each with the rule that made it or why there is none.

One candidate on each side is a match; several are a difference to be listed, never a guess. What is decided here does
not depend on the order of the lines in a file.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import TypeVar

from ledgers.money import format_tenge
from ledgers.returns import Item, Message, Payment
from ledgers.setup import Bank
from ledgers.statements import Line, OpenRequest, SentFile
from reconcile.mined import Mined, mine

CELLS_MAX = 12
"""Of more open kinds than these, no set is looked for."""

Cells = tuple[OpenRequest, ...]
T = TypeVar("T")
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """The parts of a transfer that requests take (tiyn by request and kind), what is left, and why so."""

    parts: tuple[tuple[OpenRequest, int], ...]
    rest: int
    rule: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """An item of a return message with the payment that came back, or the reason why none is found."""

    item: Item
    payment: Payment | None
    reason: str


# --- Transfers: the request's number in the purpose, else the amount of one kind (R-041, E32, E34, E35) ---------------


def place_transfer(amount: int, day: date, named: Sequence[str], open_requests: Sequence[OpenRequest]) -> Placing:
    """Place a transfer booked on a day on the open requests of its authority.

    A transfer that names requests goes to them: to all open kinds when it covers them, to the one kind or the only set
    of kinds whose open amounts it equals, or to the only open kind; what is above is left. One that names none must
    equal what one kind of one request awaits, or all that one request awaits (one order for several kinds).
    """
    cells = [cell for cell in open_requests if cell.sent_on <= day and (not named or cell.reference in named)]
    if named and not cells:
        sent = {cell.reference for cell in open_requests}
        late = "was sent later" if sent & set(named) else "was not sent to this authority"
        return _left(amount, "request_unknown", f"request {', '.join(named)} {late}")
    cells = [cell for cell in cells if cell.amount > 0]
    awaited = sum(cell.amount for cell in cells)
    if named and cells and amount >= awaited:
        return _placed(amount, [(cell, cell.amount) for cell in cells], "request_named")
    equal = _sets_of(amount, cells) if named else _wholes_of(amount, cells)
    if len(equal) == 1:
        rule = "amount_of_one_kind" if len(equal[0]) == 1 else "amount_of_request"
        return _placed(amount, [(cell, cell.amount) for cell in equal[0]], "request_named" if named else rule)
    if named and len(cells) == 1:
        return _placed(amount, [(cells[0], amount)], "request_named")
    return _left(amount, "not_placed", _why_not_placed(named, cells, equal))


def _sets_of(amount: int, cells: Sequence[OpenRequest]) -> list[Cells]:
    """The sets of cells that await this amount together: a single cell comes before any set; of many cells, no set."""
    single = [(cell,) for cell in cells if cell.amount == amount]
    if single or len(cells) > CELLS_MAX:
        return list(single)
    sizes = range(2, len(cells) + 1)
    found = (chosen for size in sizes for chosen in combinations(cells, size))
    return [chosen for chosen in found if sum(cell.amount for cell in chosen) == amount]


def _wholes_of(amount: int, cells: Sequence[OpenRequest]) -> list[Cells]:
    """The single cells, and the requests of several kinds, that await this amount."""
    single = [(cell,) for cell in cells if cell.amount == amount]
    requests = [tuple(group) for group in grouped(cells, lambda cell: cell.reference).values() if len(group) > 1]
    return [*single, *(group for group in requests if sum(cell.amount for cell in group) == amount)]


def _placed(amount: int, parts: Sequence[tuple[OpenRequest, int]], rule: str) -> Placing:
    rest = amount - sum(part for _, part in parts)
    names = ", ".join(dict.fromkeys(cell.reference for cell, _ in parts))
    above = f"; {format_tenge(rest)} is above the request" if rest else ""
    return Placing(parts=tuple(parts), rest=rest, rule=rule, reason=f"transfer for {names}{above}")


def _left(amount: int, rule: str, reason: str) -> Placing:
    return Placing(parts=(), rest=amount, rule=rule, reason=reason)


def _why_not_placed(named: Sequence[str], cells: Sequence[OpenRequest], equal: Sequence[Cells]) -> str:
    if named and not cells:
        return f"request {', '.join(named)} has nothing open, all of its money came"
    if equal:
        sets = (", ".join(f"{cell.reference} kind {cell.aid_kind}" for cell in chosen) for chosen in equal)
        return f"the amount fits {_and(sets)} alike"
    if named:
        awaited = _and(f"kind {cell.aid_kind} {format_tenge(cell.amount)}" for cell in cells)
        return f"request {', '.join(named)} is named without a kind, and awaits {awaited}"
    return "no request is named, and the amount is not what one request or one kind of one awaits"


# --- Settlement: the debit of a file by number, date and amount -------------------------------------------------------


def find_file(
    line: Line, files: Sequence[SentFile], named: Collection[str], payee_bins: Mapping[str, str]
) -> SentFile | str:
    """The one of these files that a debit settles, or the reason why there is none.

    They have the line's number, or their references are `named` in its purpose: then a bank may give its document a
    number and a date of its own. `payee_bins` has the BIN that each file pays, by reference.
    """
    found = list(files)
    if not found:
        return f"no file was sent under number {line.document_number or '(none)'}"
    steps: tuple[tuple[Callable[[SentFile], bool], Callable[[SentFile], str]], ...] = (
        (lambda file: file.amount == line.amount, lambda file: f"{file.reference} is of {format_tenge(file.amount)}"),
        (
            lambda file: file.dated <= min(line.document_date, line.booked_on),
            lambda file: f"{file.reference} was sent later, on {file.dated:%d.%m.%Y}",
        ),
        (
            lambda file: file.dated == line.document_date or file.reference in named,
            lambda file: f"{file.reference} is dated {file.dated:%d.%m.%Y}, not {line.document_date:%d.%m.%Y}",
        ),
        (
            lambda file: _is_payee(line, file, payee_bins[file.reference]),
            lambda file: f"{file.reference} went to {file.bic}, and the line's other side is another",
        ),
        (lambda file: file.open == file.amount, lambda file: f"{file.reference} was debited already"),
    )
    for fits, why in steps:
        kept = [file for file in found if fits(file)]
        if not kept:
            return _and(map(why, found))
        found = kept
    return found[0] if len(found) == 1 else f"it fits {_and(file.reference for file in found)} alike"


def _is_payee(line: Line, file: SentFile, payee_bin: str) -> bool:
    """Whether the line's other side may be the one that a file pays: its BIN says so, else its BIC, if it has any."""
    if line.counterparty_bin:
        return line.counterparty_bin == payee_bin
    return line.counterparty_bic in ("", file.bic)


def of_banks(lines: Iterable[Line], banks: Mapping[str, Bank]) -> list[tuple[Line, str]]:
    """The lines whose other side is itself a bank, with the BIC of that bank.

    The BIC alone names a bank only when the line has no BIN: it is as well the BIC of all customers of the bank.
    """
    by_bin = {bank.bin: bank.bic for bank in banks.values()}
    found = []
    for line in lines:
        bic = by_bin.get(line.counterparty_bin, "") if line.counterparty_bin else line.counterparty_bic
        if bic in banks:
            found.append((line, bic))
    return found


def number_of(document_number: str) -> int | None:
    """A document number as our files have it, up to nine digits, or None for a numbering of the bank's own."""
    digits = document_number.lstrip("0") or "0"
    return int(digits) if document_number.isascii() and document_number.isdigit() and len(digits) <= 9 else None


def returned_refund(line: Line, mined: Mined, files: Iterable[SentFile]) -> SentFile | None:
    """The refund to an authority whose money its credit gives back: it names the refund, or is its very document."""
    for file in files:
        is_named = file.reference in mined.references or (file.order_number, file.dated) in mined.documents
        document = number_of(line.document_number), line.document_date, line.amount
        if file.message == "MT-100" and (is_named or document == (file.order_number, file.dated, file.amount)):
            return file
    return None


def named_files(mined: Mined, files: Iterable[SentFile], bic: str) -> list[SentFile]:
    """The files to a bank that a purpose text names: by our reference, else by number and, where given, date."""
    at_bank = [file for file in files if file.bic == bic]
    by_reference = [file for file in at_bank if file.reference in mined.references]
    return by_reference or [
        file
        for file in at_bank
        if any(number == file.order_number and dated in (None, file.dated) for number, dated in mined.documents)
    ]


# --- Return items: person, amount, account and the order that the text names (R-060, E54, E56) ------------------------


def find_payments(
    message: Message, items: Sequence[Item], payments: Sequence[Payment], files: Sequence[SentFile]
) -> list[Fit]:
    """The payment of each item of a message, among the payments to its people; `files` are those that may be named."""
    mined = mine(message.purpose)
    named = {file.reference for file in named_files(mined, files, message.bic)}
    if mined.names_payment and not named:
        return [
            Fit(item=item, payment=None, reason=f"{_names(mined)}, which was not sent to this bank") for item in items
        ]
    known = [
        payment
        for payment in payments
        if payment.bic == message.bic
        and payment.dated <= message.dated
        and (not named or payment.order_reference in named)
    ]
    by_person = grouped(known, lambda payment: payment.iin)
    where = f" in {_and(sorted(named))}" if named else " at this bank"
    fits: list[Fit] = []
    for (iin, _, _), alike in grouped(items, lambda item: (item.iin, item.iban, item.amount)).items():
        fits += _fit(alike, by_person.get(iin, []), where)
    return sorted(fits, key=lambda fit: fit.item.item)


def _fit(alike: Sequence[Item], payments: Sequence[Payment], where: str) -> list[Fit]:
    """Items that look alike take payments that look alike, when there are as many of one as of the other."""
    found = _payments_like(alike[0], payments) if payments else f"no payment of this person{where}"
    if isinstance(found, str):
        return [Fit(item=item, payment=None, reason=found) for item in alike]
    if len(found) > len(alike):
        reason = f"it fits {_and(f'{payment.reference} of {payment.order_reference}' for payment in found)} alike"
        return [Fit(item=item, payment=None, reason=reason) for item in alike]
    paired = [Fit(item=item, payment=payment, reason="") for item, payment in zip(alike, found, strict=False)]
    twice = "there is no second payment like it"
    return paired + [Fit(item=item, payment=None, reason=twice) for item in alike[len(found) :]]


def _payments_like(item: Item, payments: Sequence[Payment]) -> list[Payment] | str:
    of_account = [payment for payment in payments if item.iban in ("", payment.iban)]
    if not of_account:
        return "its account is not the one that was paid to"
    of_amount = [payment for payment in of_account if payment.amount == item.amount]
    if not of_amount:
        return _other_amount(item.amount, of_account)
    return [payment for payment in of_amount if not payment.is_returned] or "it came back already"


def _other_amount(amount: int, payments: Sequence[Payment]) -> str:
    paid = _and(format_tenge(payment.amount) for payment in payments)
    fee = ": fee kept? the service is free (R-006)" if all(amount < payment.amount for payment in payments) else ""
    return f"amount {format_tenge(amount)} differs from the payment's {paid}{fee}"


def _names(mined: Mined) -> str:
    # What follows the word "reference" may be anything, also an IIN: only ours are told, the journal keeps no person.
    references = [name if name.startswith("GCVP-") else "a reference that is not ours" for name in mined.references]
    orders = [f"order {number}" + (f" of {dated:%d.%m.%Y}" if dated else "") for number, dated in mined.documents]
    return f"the purpose names {_and([*references, *orders])}"


def grouped(items: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    """The items by what they have in common, in their order."""
    groups: dict[K, list[T]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups


def _and(names: Iterable[str]) -> str:
    return " and ".join(dict.fromkeys(names))
