"""MT-100: one payment to one beneficiary, here the return of money to the authority's Treasury account (R-062).

The subfields are those of MT-102 without the list; :32A: stands second.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from formats import mt, mt_parts, mt_writing
from formats.amounts import AMOUNT_MAX, format_amount
from formats.errors import Findings, FormatError
from formats.mt_fields import CURRENCY, by_tag, money, value, value_day
from formats.mt_parts import Others, Party
from formats.rows import Rows
from formats.text import decode

__all__ = ["Mt100", "Party", "messages", "read", "write"]

TYPE = "100"
_TAGS = ("20", "32A", "50", "52B", "57B", "59", "70")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mt100:
    """A whole message; amount in tiyn, `other` is what no field here is for."""

    envelope: mt.Header
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
    period: str = ""
    budget_code: str = ""
    send: str = "07"
    other: Others = ()


def read(data: bytes, source: str, *, charset: str | None = None) -> tuple[Mt100, ...]:
    """All messages of a file, in order.

    Raises FormatError with every fault of the file; then nothing of it is returned.
    """
    findings = Findings(source)
    found = tuple(messages([decode(data, source, charset).text], findings))
    findings.check()
    return found


def messages(texts: Iterable[str], findings: Findings) -> Iterator[Mt100]:
    """All messages of a text, in order; where there was a fault they hold stand-ins, until findings.check() passed.

    Raises FormatError at once for a row or a message without an end, and for more faults than anybody would read.
    """
    for envelope in mt.envelopes(Rows(texts, findings.source), findings, TYPE):
        yield message(envelope, findings)


def message(envelope: mt.Envelope, findings: Findings) -> Mt100:
    """The message of an envelope; where there was a fault it holds stand-ins."""
    fields, kept = mt_parts.read_head(envelope.block, _TAGS, findings)
    head = by_tag(fields, _TAGS, "the message", envelope.line, findings)
    details = mt_parts.read_details(head["70"], findings)
    return Mt100(
        envelope=envelope.header,
        reference=value(head["20"], mt_parts.ANY_TEXT, findings),
        value_date=value_day(head["32A"], findings),
        amount=money(head["32A"], findings) or 0,
        payer=mt_parts.read_payer(head["50"], mt_parts.read_bank(head["52B"], findings), findings),
        beneficiary=mt_parts.read_beneficiary(head["59"], mt_parts.read_bank(head["57B"], findings), findings),
        other=(*kept, *mt_parts.other_parts(fields, findings)),
        **{name: getattr(details, name) for name in mt_parts.DETAILS},
    )


def write(message: Mt100) -> str:
    """The message as text with CR LF.

    Raises FormatError with every value that would not be read back as it is.
    """
    details = mt_parts.details_of(message)
    parties = (message.payer, message.beneficiary)
    faults = mt_writing.unwritable_head(message.envelope, message.reference, *parties, details, message.other)
    faults += mt_writing.unwritable_type(message.envelope, TYPE)
    faults += mt_writing.unwritable_day(":32A: date", message.value_date)
    if not 0 < message.amount <= AMOUNT_MAX:
        faults.append(mt.to_correct(":32A: amount", str(message.amount), f"1 to {AMOUNT_MAX} tiyn"))
    if faults:
        raise FormatError("MT-100 to write", faults)
    total = f":32A:{message.value_date:%y%m%d}{CURRENCY}{format_amount(message.amount)}"
    return "".join(
        (
            mt_writing.envelope_head(message.envelope, message.reference),
            mt_writing.lines((total,)),
            mt_writing.payment_text(*parties, details, message.other),
            mt_writing.lines(("-}",)),
        )
    )
