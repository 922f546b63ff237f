"""MT-102 as a register of utility payments, a private variant of one program: people by address and personal account.

The head may lack all but :52B: and :70:; behind each :21: stand :32B: and :70: with /ADR/ //LS/ //FM/ //PHONE/ //NPD/.
Amounts may have a dot there, which is read as the comma and said.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from formats import mt, mt_parts, mt_writing
from formats.amounts import AMOUNT_MAX, format_amount
from formats.errors import Fault, Findings, FormatError
from formats.mt import Field, to_correct
from formats.mt102_message import NUMBER, TYPE
from formats.mt_fields import CURRENCY, Tagged, by_tag, money, part, part_day, value, value_day
from formats.mt_parts import ANY_TEXT, Known, Others

__all__ = ["UtilityHeader", "UtilityMt102", "UtilityPayment", "read_header", "read_payment", "write"]

HEAD_TAGS = ("20", "52B", "70", "32A")
_PAYMENT_TAGS = ("21", "32B", "70")
_HEAD_PARTS = frozenset({"NUM", "DATE", "ASSIGN"})
_PAYMENT_PARTS = frozenset({"ADR", "LS", "FM", "PHONE", "NPD"})
_IN_HEAD: Known = {"70": _HEAD_PARTS}
_IN_PAYMENT: Known = {"70": _PAYMENT_PARTS}
_TEXT = mt_writing.surviving(66)


@dataclass(frozen=True, slots=True, kw_only=True)
class UtilityHeader:
    """The head: the bank, the document; reference and purpose are '' where there are none."""

    envelope: mt.Header
    payer_bic: str
    number: str
    dated: date
    value_date: date
    assign: str = ""
    reference: str = ""
    other: Others = ()


class UtilityPayment(NamedTuple):
    """One payment: amount in tiyn, address (/ADR/), personal account (/LS/), name, phone, service (/NPD/)."""

    number: int
    amount: int
    address: str
    personal_account: str
    name: str
    phone: str = ""
    service: str = ""
    other: Others = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UtilityMt102:
    """A whole message."""

    header: UtilityHeader
    items: tuple[UtilityPayment, ...]

    @property
    def total(self) -> int:
        """Sum of the payments in tiyn, which is what :32A: states."""
        return sum(item.amount for item in self.items)


def read_header(
    envelope: mt.Envelope, head: dict[str, Tagged], fields: Sequence[Tagged], kept: Others, findings: Findings
) -> UtilityHeader:
    """The head from its fields."""
    details = head["70"]
    return UtilityHeader(
        envelope=envelope.header,
        payer_bic=value(head["52B"], mt_parts.BIC, findings),
        number=part(details, "NUM", ANY_TEXT, findings),
        dated=part_day(details, "DATE", findings),
        value_date=value_day(head["32A"], findings),
        assign=part(details, "ASSIGN", ANY_TEXT, findings, optional=True),
        reference=value(head["20"], ANY_TEXT, findings),
        other=(*kept, *mt_parts.other_parts(fields, findings, _IN_HEAD)),
    )


def read_payment(group: Sequence[Field], findings: Findings) -> UtilityPayment:
    """One payment from the fields behind its :21:; number -1 and amount 0 stand in for those that are faults."""
    fields, kept = mt_parts.read_head(group, _PAYMENT_TAGS, findings)
    found = by_tag(fields, _PAYMENT_TAGS, "the payment", group[0].line, findings)
    number, details = value(found["21"], NUMBER, findings), found["70"]
    return UtilityPayment(
        number=int(number) if NUMBER.pattern.fullmatch(number) else -1,
        amount=money(found["32B"], findings, dot=True) or 0,
        address=part(details, "ADR", ANY_TEXT, findings, optional=True),
        personal_account=part(details, "LS", ANY_TEXT, findings),
        name=part(details, "FM", ANY_TEXT, findings, optional=True),
        phone=part(details, "PHONE", ANY_TEXT, findings, optional=True),
        service=part(details, "NPD", ANY_TEXT, findings, optional=True),
        other=(*kept, *mt_parts.other_parts(fields, findings, _IN_PAYMENT)),
    )


def write(message: UtilityMt102) -> str:
    """The message as text with CR LF.

    Raises FormatError with every value that would not be read back as it is.
    """
    faults = _unwritable(message)
    if faults:
        raise FormatError("MT-102 to write", faults)
    header = message.header
    rows = [header.envelope.text(), "{4:", *([f":20:{header.reference}"] if header.reference else [])]
    rows += [f":52B:{header.payer_bic}", *mt_writing.kept_tags(header.other)]
    rows += [f":70:/NUM/{header.number}", f"/DATE/{header.dated:%y%m%d}", *mt_writing.kept_under("70", header.other)]
    first = mt_writing.lines(rows) + mt_writing.assign_text(header.assign)
    total = f":32A:{header.value_date:%y%m%d}{CURRENCY}{format_amount(message.total)}"
    return first + "".join(map(_payment_text, message.items)) + mt_writing.lines((total, "-}"))


def _payment_text(payment: UtilityPayment) -> str:
    rows = [f":21:{payment.number}", f":32B:{CURRENCY}{format_amount(payment.amount)}"]
    rows += mt_writing.kept_tags(payment.other)
    rows += [f":70:/ADR/{payment.address}", f"//LS/{payment.personal_account}", f"//FM/{payment.name}"]
    rows += [f"//PHONE/{payment.phone}", f"//NPD/{payment.service}"]
    return mt_writing.lines([*rows, *mt_writing.kept_under("70", payment.other)])


def _unwritable(message: UtilityMt102) -> list[Fault]:
    header = message.header
    values = [(":52B:", header.payer_bic, mt_parts.BIC), (":70: /NUM/", header.number, mt_writing.DOCUMENT_NUMBER)]
    values += [(":20:", header.reference, mt_parts.REFERENCE)] if header.reference else []
    faults = [*header.envelope.unwritable(), *mt_writing.unwritable_values(values)]
    faults += mt_writing.unwritable_type(header.envelope, TYPE)
    faults += mt_writing.unwritable_day(":70: /DATE/", header.dated)
    faults += mt_writing.unwritable_day(":32A: date", header.value_date)
    faults += mt_writing.unwritable_assign(":70: /ASSIGN/", header.assign) if header.assign else []
    faults += mt_writing.unwritable_kept(header.other, _IN_HEAD)
    faults += [fault for payment in message.items for fault in _payment_faults(payment)]
    given = mt_writing.Given().again(tuple(payment.number for payment in message.items))
    faults += [to_correct(f"payment {number}, number", "the number again", "each number once") for number in given]
    if not message.items:
        faults.append(to_correct(":21: of the message", "no payment", "at least one"))
    elif not faults and message.total > AMOUNT_MAX:
        faults.append(to_correct(":32A: total", str(message.total), f"at most {AMOUNT_MAX} tiyn"))
    return faults


def _payment_faults(payment: UtilityPayment) -> list[Fault]:
    place = f"payment {payment.number}"
    texts = [("/ADR/", payment.address), ("/FM/", payment.name), ("/PHONE/", payment.phone), ("/NPD/", payment.service)]
    values = [(f"{place}, {name}", text, _TEXT) for name, text in texts if text]
    values += [(f"{place}, /LS/", payment.personal_account, _TEXT), (f"{place}, :21:", str(payment.number), NUMBER)]
    faults = mt_writing.unwritable_values(values)
    if not 0 < payment.amount <= AMOUNT_MAX:
        faults.append(to_correct(f"{place}, :32B: amount", str(payment.amount), f"1 to {AMOUNT_MAX} tiyn"))
    return faults + mt_writing.unwritable_kept(payment.other, _IN_PAYMENT)
