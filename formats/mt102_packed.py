"""MT-102 of ordinary payments packed together for the clearing: each has a payer and a beneficiary of its own.

The head names only the banks and the date; behind each :21: with the payment's own reference stand :32B:, :50:, :59:
and :70:. The layout is that of a bank's program for the clearing system and was seen in one source.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from formats import mt, mt_parts, mt_writing
from formats.amounts import AMOUNT_MAX, format_amount
from formats.errors import Fault, Findings, FormatError
from formats.mt import Field, to_correct
from formats.mt102_message import TYPE
from formats.mt_fields import CURRENCY, Tagged, by_tag, money, part, part_day, value, value_day
from formats.mt_parts import ANY_TEXT, TWO_DIGITS, Known, Others, Party

__all__ = ["PackedHeader", "PackedMt102", "PackedPayment", "read_header", "read_payment", "write"]

HEAD_TAGS = ("20", "52B", "57B", "70", "32A")
_PAYMENT_TAGS = ("21", "32B", "50", "59", "70")
_PAYMENT_PARTS = frozenset({"NUM", "VO", "KNP", "BCLASS", "ASSIGN"})
_HEAD_PARTS = frozenset({"DATE", "SEND", "PSO", "PRT"})
_IN_PAYMENT: Known = {**mt_parts.IN_PARTIES, "70": _PAYMENT_PARTS}
_IN_HEAD: Known = {"70": _HEAD_PARTS}


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedHeader:
    """The head: the two banks, the day, how and with what priority; `other` is what no field here is for."""

    envelope: mt.Header
    reference: str
    payer_bic: str
    beneficiary_bic: str
    dated: date
    value_date: date
    pso: str
    prt: str
    send: str = "07"
    other: Others = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedPayment:
    """One payment of the list; amount in tiyn. The banks of the parties are those of the head."""

    reference: str
    amount: int
    payer: Party
    beneficiary: Party
    number: str
    vo: str
    knp: str
    assign: str
    budget_code: str = ""
    other: Others = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedMt102:
    """A whole message."""

    header: PackedHeader
    items: tuple[PackedPayment, ...]

    @property
    def total(self) -> int:
        """Sum of the payments in tiyn, which is what :32A: states."""
        return sum(item.amount for item in self.items)


def read_header(
    envelope: mt.Envelope, head: dict[str, Tagged], fields: Sequence[Tagged], kept: Others, findings: Findings
) -> PackedHeader:
    """The head from its fields."""
    details = head["70"]
    return PackedHeader(
        envelope=envelope.header,
        reference=value(head["20"], ANY_TEXT, findings),
        payer_bic=value(head["52B"], mt_parts.BIC, findings),
        beneficiary_bic=value(head["57B"], mt_parts.BIC, findings),
        dated=part_day(details, "DATE", findings),
        value_date=value_day(head["32A"], findings),
        pso=part(details, "PSO", TWO_DIGITS, findings),
        prt=part(details, "PRT", TWO_DIGITS, findings, optional=True),
        send=part(details, "SEND", TWO_DIGITS, findings),
        other=(*kept, *mt_parts.other_parts(fields, findings, _IN_HEAD)),
    )


def read_payment(group: Sequence[Field], payer_bic: str, beneficiary_bic: str, findings: Findings) -> PackedPayment:
    """One payment from the fields behind its :21:; amount 0 stands in for one that is a fault."""
    fields, kept = mt_parts.read_head(group, _PAYMENT_TAGS, findings)
    found = by_tag(fields, _PAYMENT_TAGS, "the payment", group[0].line, findings)
    details = found["70"]
    return PackedPayment(
        reference=value(found["21"], ANY_TEXT, findings),
        amount=money(found["32B"], findings) or 0,
        payer=mt_parts.read_payer(found["50"], payer_bic, findings),
        beneficiary=mt_parts.read_beneficiary(found["59"], beneficiary_bic, findings),
        number=part(details, "NUM", ANY_TEXT, findings),
        vo=part(details, "VO", TWO_DIGITS, findings),
        knp=part(details, "KNP", mt_parts.KNP, findings),
        assign=part(details, "ASSIGN", ANY_TEXT, findings),
        budget_code=part(details, "BCLASS", mt_parts.BUDGET_CODE, findings, optional=True),
        other=(*kept, *mt_parts.other_parts(fields, findings, _IN_PAYMENT)),
    )


def write(message: PackedMt102) -> str:
    """The message as text with CR LF.

    Raises FormatError with every value that would not be read back as it is.
    """
    faults = _unwritable(message)
    if faults:
        raise FormatError("MT-102 to write", faults)
    header = message.header
    rows = [f":52B:{header.payer_bic}", *mt_writing.kept_tags(header.other), f":57B:{header.beneficiary_bic}", ":70:"]
    rows += [f"/DATE/{header.dated:%y%m%d}", f"/SEND/{header.send}", f"/PSO/{header.pso}"]
    rows += [f"/PRT/{header.prt}"] if header.prt else []
    rows += mt_writing.kept_under("70", header.other)
    first = mt_writing.envelope_head(header.envelope, header.reference) + mt_writing.lines(rows)
    total = f":32A:{header.value_date:%y%m%d}{CURRENCY}{format_amount(message.total)}"
    return first + "".join(map(payment_text, message.items)) + mt_writing.lines((total, "-}"))


def payment_text(payment: PackedPayment) -> str:
    """One payment as text."""
    rows = [f":21:{payment.reference}", f":32B:{CURRENCY}{format_amount(payment.amount)}"]
    rows += [*mt_writing.kept_tags(payment.other), *mt_writing.payer_rows(payment.payer, payment.other)]
    rows += mt_writing.beneficiary_rows(payment.beneficiary, payment.other)
    rows += [f":70:/NUM/{payment.number}", f"/VO/{payment.vo}", f"/KNP/{payment.knp}"]
    rows += [f"/BCLASS/{payment.budget_code}"] if payment.budget_code else []
    return mt_writing.lines([*rows, *mt_writing.kept_under("70", payment.other)]) + mt_writing.assign_text(
        payment.assign
    )


def _unwritable(message: PackedMt102) -> list[Fault]:
    header = message.header
    values = [(":20:", header.reference, mt_parts.REFERENCE), (":52B:", header.payer_bic, mt_parts.BIC)]
    values += [(":57B:", header.beneficiary_bic, mt_parts.BIC), (":70: /PSO/", header.pso, TWO_DIGITS)]
    values += [(":70: /SEND/", header.send, TWO_DIGITS)]
    values += [(":70: /PRT/", header.prt, TWO_DIGITS)] if header.prt else []
    faults = [*header.envelope.unwritable(), *mt_writing.unwritable_values(values)]
    faults += mt_writing.unwritable_type(header.envelope, TYPE)
    faults += mt_writing.unwritable_day(":70: /DATE/", header.dated)
    faults += mt_writing.unwritable_day(":32A: date", header.value_date)
    faults += mt_writing.unwritable_kept(header.other, _IN_HEAD)
    for place, payment in enumerate(message.items, 1):
        faults += [
            to_correct(f"payment {place}, {f.place}", f.found, f.expected) for f in _payment_faults(payment, header)
        ]
    counts = Counter(payment.reference for payment in message.items)
    again = [reference for reference, count in counts.items() if count > 1]
    faults += [to_correct(":21: reference", f"{reference} again", "each reference once") for reference in again]
    if not message.items:
        faults.append(to_correct(":21: of the message", "no payment", "at least one"))
    elif not faults and message.total > AMOUNT_MAX:
        faults.append(to_correct(":32A: total", str(message.total), f"at most {AMOUNT_MAX} tiyn"))
    return faults


def _payment_faults(payment: PackedPayment, header: PackedHeader) -> list[Fault]:
    values = [
        (":21:", payment.reference, mt_parts.REFERENCE),
        (":70: /NUM/", payment.number, mt_writing.DOCUMENT_NUMBER),
    ]
    values += [(":70: /VO/", payment.vo, TWO_DIGITS), (":70: /KNP/", payment.knp, mt_parts.KNP)]
    values += [(":70: /BCLASS/", payment.budget_code, mt_parts.BUDGET_CODE)] if payment.budget_code else []
    faults = mt_writing.unwritable_values(values)
    faults += mt_writing.unwritable_party("50", "52B", payment.payer)
    faults += mt_writing.unwritable_party("59", "57B", payment.beneficiary)
    faults += mt_writing.unwritable_assign(":70: /ASSIGN/", payment.assign)
    faults += mt_writing.unwritable_kept(payment.other, _IN_PAYMENT)
    banks = (payment.payer.bic, payment.beneficiary.bic)
    if banks != (header.payer_bic, header.beneficiary_bic):
        faults.append(to_correct("banks", " ".join(banks), "those of the head"))
    if not 0 < payment.amount <= AMOUNT_MAX:
        faults.append(to_correct(":32B: amount", str(payment.amount), f"1 to {AMOUNT_MAX} tiyn"))
    return faults
