"""MT-100: one payment to one beneficiary, here the return of money to the authority's Treasury account (R-062).

The subfields are those of MT-102 without the list; :32A: stands second.
"""

from dataclasses import dataclass
from datetime import date

from formats import mt, mt_parts
from formats.amounts import AMOUNT_MAX, format_amount
from formats.errors import FormatError
from formats.mt_parts import Party
from formats.text import decode

__all__ = ["Mt100", "Party", "read", "write"]

_TYPE = "100"
_TAGS = ("20", "32A", "50", "52B", "57B", "59", "70")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mt100:
    """A whole message; amount in tiyn."""

    sender_terminal: str
    reference: str
    value_date: date
    amount: int
    payer: Party
    beneficiary: Party
    number: str
    dated: date
    vo: str
    knp: str
    pso: str
    prt: str
    assign: str


def read(data: bytes, source: str) -> tuple[Mt100, ...]:
    """All messages of a file, in order.

    Raises FormatError with every fault of the file; then nothing of it is returned.
    """
    faults = mt.Faults(source)
    found = [_message(one, faults) for one in mt.envelopes(decode(data, source).text, _TYPE, faults)]
    faults.check()
    return tuple(found)


def write(message: Mt100) -> str:
    """The message as text with CR LF.

    Raises FormatError with every value that would not be read back as it is.
    """
    details = _details(message)
    parties = (message.payer, message.beneficiary)
    faults = mt_parts.unwritable_head(message.sender_terminal, message.reference, *parties, details)
    faults += mt_parts.unwritable_day(":32A: date", message.value_date)
    if not 0 < message.amount <= AMOUNT_MAX:
        faults.append(mt_parts.to_correct(":32A: amount", str(message.amount), f"1 to {AMOUNT_MAX} tiyn"))
    if faults:
        raise FormatError("MT-100 to write", faults)
    return "".join(
        (
            mt_parts.envelope_head(_TYPE, message.sender_terminal, message.reference),
            mt_parts.lines((f":32A:{message.value_date:%y%m%d}{mt.CURRENCY}{format_amount(message.amount)}",)),
            mt_parts.payment_text(*parties, details),
            mt_parts.lines(("-}",)),
        )
    )


def _details(message: Mt100) -> mt_parts.Details:
    return mt_parts.Details(
        number=message.number,
        dated=message.dated,
        vo=message.vo,
        knp=message.knp,
        pso=message.pso,
        prt=message.prt,
        assign=message.assign,
    )


def _message(envelope: mt.Envelope, faults: mt.Faults) -> Mt100:
    """The message of an envelope; where there was a fault it holds stand-ins, which nobody gets to see."""
    fields = mt.by_tag(envelope.fields, _TAGS, "the message", envelope.line, faults)
    details = mt_parts.read_details(fields["70"], faults)
    return Mt100(
        sender_terminal=envelope.terminal,
        reference=mt.value(fields["20"], mt_parts.ANY_TEXT, faults),
        value_date=mt.value_day(fields["32A"], faults),
        amount=mt.money(fields["32A"], faults) or 0,
        payer=mt_parts.read_payer(fields["50"], fields["52B"], faults),
        beneficiary=mt_parts.read_beneficiary(fields["59"], fields["57B"], faults),
        number=details.number,
        dated=details.dated,
        vo=details.vo,
        knp=details.knp,
        pso=details.pso,
        prt=details.prt,
        assign=details.assign,
    )
