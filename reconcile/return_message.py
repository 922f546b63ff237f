"""The return message of a bank as it is read: swapped parties, a known bank, right check digits (E45, E46).

No format says that a message is a return: it is an MT-102 whose beneficiary is the State Corporation and whose payer is
a bank. Where a person has no reason of their own, the purpose text ends with one.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from formats import mt102
from formats.errors import Fault, FormatError
from ledgers import posting
from ledgers.errors import EntryConflict
from ledgers.identifiers import Bin, Iban, Iin, InvalidIdentifier
from ledgers.returns import Item, Message
from ledgers.setup import Bank, Corporation
from reconcile.mined import last_sentence

# What the digest of a message is over, in this order; a name more or a name moved would make every message another.
_MESSAGE_FIELDS = ("reference", "document_number", "dated", "bic", "payer_iban", "amount", "count", "purpose")
_ITEM_FIELDS = ("item", "iin", "surname", "first_name", "patronymic", "iban", "amount", "reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A message of the file, not yet numbered, and the digest of its content."""

    message: Message
    items: tuple[Item, ...]
    digest: bytes

    @property
    def key(self) -> str:
        """The source key: what the bank tells its messages apart by."""
        return key_of(self.message)


class MessageChanged(EntryConflict):
    """A return message that the books know came again, and something in it is not as it was."""

    def __init__(self, again: Incoming, entry_number: int, message: Message, items: Sequence[Item]) -> None:
        super().__init__(source_key=again.key, entry_number=entry_number)
        # Names of fields alone: what they hold may name a person.
        self.changed = tuple(_changed(again, message, items))
        self.args = (f"{self}; not as it was: {', '.join(self.changed)}",)


def _changed(again: Incoming, message: Message, items: Sequence[Item]) -> Iterator[str]:
    """The fields in which a message and its items differ from those that came first."""
    yield from (name for name in _MESSAGE_FIELDS if getattr(again.message, name) != getattr(message, name))
    for new, old in zip(again.items, items, strict=False):
        yield from (f"item {new.item} {name}" for name in _ITEM_FIELDS if getattr(new, name) != getattr(old, name))


def check(messages: Sequence[mt102.Mt102], corporation: Corporation, banks: Mapping[str, Bank], source: str) -> None:
    """Refuse a file of messages that are no returns to us, with every fault.

    Raises:
        FormatError: another account, an unknown bank, wrong check digits.
    """
    faults = [
        fault
        for place, message in enumerate(messages, start=1)
        for fault in (
            *_head_faults(message.header, f"message {place}", corporation, banks),
            *_item_faults(message.items, f"message {place}"),
        )
    ]
    if faults:
        raise FormatError(source, faults)


def _head_faults(
    header: mt102.Mt102Header, place: str, corporation: Corporation, banks: Mapping[str, Bank]
) -> Iterator[Fault]:
    payer, bank = header.payer, banks.get(header.payer.bic)
    if header.beneficiary.account != corporation.iban:
        remedy = "import what banks return to us; a file that we sent is no return"
        yield _fault(f"{place}, :59:", header.beneficiary.account, f"our account {corporation.iban}", remedy)
    if bank is None:
        yield _fault(f"{place}, :52B:", payer.bic, "a bank of the setup", "add the bank with: esep setup import")
    elif payer.account[4:7] != bank.bank_code:
        yield _fault(f"{place}, :50:", payer.account, f"an account at {bank.bic}, bank code {bank.bank_code} (E46)")
    yield from _wrong(Iban, payer.account, f"{place}, :50:")
    yield from _wrong(Bin, payer.idn, f"{place}, /IDN/ of :50:")


def _item_faults(items: Iterable[mt102.Mt102Item], place: str) -> Iterator[Fault]:
    for item in items:
        yield from _wrong(Iin, item.idn, f"{place}, :21:{item.number}, /IDN/")
        if item.account:
            yield from _wrong(Iban, item.account, f"{place}, :21:{item.number}, /LA/")


def _wrong(kind: Callable[[str], object], text: str, place: str) -> Iterator[Fault]:
    try:
        kind(text)
    except InvalidIdentifier as error:
        yield _fault(place, error.found, error.expected)


def _fault(place: str, found: str, expected: str, remedy: str = "ask the bank for a corrected message") -> Fault:
    return Fault(line=None, place=place, found=found, expected=expected, remedy=remedy)


def incoming(source: mt102.Mt102) -> Incoming:
    """A message of the file as the register will have it."""
    header = source.header
    message = Message(
        authority_id=0,
        return_number=0,
        reference=header.reference,
        document_number=header.number,
        dated=header.dated,
        bic=header.payer.bic,
        payer_iban=header.payer.account,
        amount=source.total,
        count=len(source.items),
        purpose=header.assign,
    )
    reason = last_sentence(header.assign)
    items = tuple(
        Item(
            item=item.number,
            iin=item.idn,
            surname=item.surname,
            first_name=item.first_name,
            patronymic=item.patronymic,
            iban=item.account,
            amount=item.amount,
            reason=item.assign or reason,
        )
        for item in source.items
    )
    return Incoming(message=message, items=items, digest=_digest(message, items))


def _digest(message: Message, items: Iterable[Item]) -> bytes:
    """The content of a message by the values of named fields: another field in the books does not change it."""
    own = (getattr(message, name) for name in _MESSAGE_FIELDS)
    return posting.digest(*own, *(getattr(item, name) for item in items for name in _ITEM_FIELDS))


def key_of(message: Message) -> str:
    """The source key of a message: bank, reference, document number and date."""
    return f"return:{message.bic}:{message.reference}:{message.document_number}:{message.dated}"
