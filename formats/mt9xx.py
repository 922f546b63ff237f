r"""MT900, 905, 910, 920 of Kazakhstan's payment system, and its messages whose fields are not public (mt102.md §5.2).

    MT900, MT910  :20: :21: :32A:       debited, credited: :21: is the :20: of the payment
    MT905         :20: :21: :72:        refused: :21: as above, for a package all payments in it; :72: says why
    MT920         :20: :12: :25: :30:   asks for a statement: its type, bank and account, day

Known from programs are :20:, :21: and :32A: of MT910, :21: and :72: of MT905, and all of MT920. MT900 is taken to be
as MT910, and :20: of MT905 is a guess; so are :25: and :52B:, which the first two may have. MT192, 195, 196, 971, 973,
974, 980, 996 and others are kept as text. The refusal {2:E11F that a bank writes for itself alone is refused as such.

>>> rows = ["{1:F01K054700000000010008395}", "{2:I920SGROSS000000U3003}", "{4:", ":20:BC0E990000000017", ":12:950"]
>>> rows += [":25:NBRKKZKX/KZ29125KZT9999000017", ":30:101012", "-}"]
>>> [one] = read("\n".join(rows).encode(), "request.920")
>>> one.wanted, one.day.isoformat()
('950', '2010-10-12')
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from formats.amounts import AMOUNT_MAX, format_amount
from formats.errors import Code, Fault, Findings, FormatError
from formats.mt import Envelope, Field, Header, envelopes, to_correct
from formats.mt_fields import CURRENCY, money, tagged, value_day
from formats.mt_fields import day as day_of
from formats.mt_parts import ACCOUNT, ANY_TEXT, BANK, Others, shape
from formats.mt_statement import FIELD_TEXT, REFERENCE, ROWS, one_row, read_shaped, shaped_row, single
from formats.mt_writing import lines as text_of
from formats.mt_writing import unwritable, unwritable_day, unwritable_values
from formats.rows import Rows
from formats.text import decode

__all__ = [
    "Confirmation",
    "KeptMessage",
    "Mt9xx",
    "Refusal",
    "StatementRequest",
    "message",
    "messages",
    "read",
    "write",
]

OTHER_MODULES = frozenset({"100", "102", "940", "950", "970", "998"})
"""Types of messages that modules of their own read."""

_CONFIRMATIONS = ("900", "910")
_CONFIRMATION_TAGS = ("20", "21", "25", "32A", "52B")
_REFUSAL_TAGS = ("20", "21", "72")
_REQUEST_TAGS = ("20", "12", "25", "30")
_OWN_REFUSAL = re.compile(r"\s*\{2:E[0-9]{2}F")
_WANTED = shape(r"940|950|951|954|970", "one of 940, 950, 951, 954, 970")
_TAG = re.compile(r"[0-9]{2}[A-Z]?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """MT900 or MT910: a payment was debited or credited (:32A:, in tiyn).

    `related_reference` (:21:) is the :20: of the payment; `account` (:25:) and `bank` (:52B:) may be ''.
    """

    header: Header
    reference: str
    related_reference: str
    value_date: date
    amount: int
    account: str = ""
    bank: str = ""
    other: Others = ()

    @property
    def is_credit(self) -> bool:
        """Whether money came in."""
        return self.header.message_type == "910"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """MT905: a message was not taken; `related_reference` (:21:) is its :20:, `text` (:72:) says why, line by line."""

    header: Header
    reference: str
    related_reference: str
    text: str
    other: Others = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRequest:
    """MT920: asks for the statement `wanted` (:12:) of an account (:25:) on a day (:30:)."""

    header: Header
    reference: str
    wanted: str
    bank: str
    account: str
    day: date
    other: Others = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptMessage:
    """A message whose fields are not public: their tags and texts as they stand."""

    header: Header
    fields: Others


Mt9xx = Confirmation | Refusal | StatementRequest | KeptMessage


def read(data: bytes, source: str, *, charset: str | None = None) -> tuple[Mt9xx, ...]:
    """All messages of a file, in order.

    Raises FormatError with every fault of the file; then nothing of it is returned.
    """
    findings = Findings(source)
    found = tuple(messages([decode(data, source, charset).text], findings))
    findings.check()
    return found


def messages(texts: Iterable[str], findings: Findings) -> Iterator[Mt9xx]:
    """The messages of a text in any chunks; apply nothing before findings.check() passed.

    Raises FormatError for a text that has no lines, and for more faults than anybody would read.
    """
    rows = Rows(texts, findings.source)
    first = rows.peek() or ""
    if _OWN_REFUSAL.match(first):
        expected = "a message of the payment system, which begins with {1:"
        remedy = "a bank writes this refusal for itself alone: ask it for the MT905 or the reason in writing"
        findings.fault(Code.MT_OTHER_TYPE, 1, "block 2", first, expected, remedy)
        return
    for envelope in envelopes(rows, findings):
        one = message(envelope, findings)
        if one is not None:
            yield one


def message(envelope: Envelope, findings: Findings) -> Mt9xx | None:
    """The message of an envelope, None for one of another module; where there was a fault it holds stand-ins."""
    message_type = envelope.header.message_type
    if message_type in OTHER_MODULES:
        remedy = "give the file to the command for its type"
        found, expected = f"MT{message_type}", "MT900, 905, 910, 920 or a message without a reader of its own"
        findings.fault(Code.MT_OTHER_TYPE, envelope.line, "block 2", found, expected, remedy)
        return None
    if message_type in _CONFIRMATIONS:
        return _confirmation(envelope, findings)
    readers: dict[str, Callable[[Envelope, Findings], Mt9xx]] = {"905": _refusal, "920": _request}
    return readers.get(message_type, _kept)(envelope, findings)


def _confirmation(envelope: Envelope, findings: Findings) -> Confirmation:
    optional = frozenset({"25", "52B"})
    found, other = single(envelope.block, _CONFIRMATION_TAGS, optional, envelope.line, findings)
    settled = tagged(found.get("32A", Field("32A", 0, [""])), findings)
    return Confirmation(
        header=envelope.header,
        reference=shaped_row(found.get("20"), "reference", ANY_TEXT, findings),
        related_reference=shaped_row(found.get("21"), "reference of the payment", ANY_TEXT, findings),
        value_date=value_day(settled, findings),
        amount=money(settled, findings) or 0,
        account=shaped_row(found.get("25"), "account", ANY_TEXT, findings),
        bank=shaped_row(found.get("52B"), "bank", BANK, findings),
        other=other,
    )


def _refusal(envelope: Envelope, findings: Findings) -> Refusal:
    found, other = single(envelope.block, _REFUSAL_TAGS, frozenset({"20"}), envelope.line, findings)
    return Refusal(
        header=envelope.header,
        reference=shaped_row(found.get("20"), "reference", ANY_TEXT, findings),
        related_reference=shaped_row(found.get("21"), "reference of the message", ANY_TEXT, findings),
        text="\n".join(found["72"].rows) if "72" in found else "",
        other=other,
    )


def _request(envelope: Envelope, findings: Findings) -> StatementRequest:
    found, other = single(envelope.block, _REQUEST_TAGS, frozenset(), envelope.line, findings)
    bank, _, account = one_row(found.get("25"), findings).rpartition("/")
    asked = found.get("30")
    return StatementRequest(
        header=envelope.header,
        reference=shaped_row(found.get("20"), "reference", ANY_TEXT, findings),
        wanted=shaped_row(found.get("12"), "statement", _WANTED, findings),
        bank=bank,
        account=read_shaped(account, found["25"].line, ":25: account", ACCOUNT, findings) if "25" in found else "",
        day=day_of(one_row(asked, findings), asked.line, ":30: day", findings) if asked else date.min,
        other=other,
    )


def _kept(envelope: Envelope, findings: Findings) -> KeptMessage:
    meaning = "a message whose fields are not public; it is kept as text"
    findings.note(envelope.line, "block 2", f"MT{envelope.header.message_type}", meaning)
    fields = tuple((one.tag, "\n".join(one.rows)) for one in envelope.block)
    return KeptMessage(header=envelope.header, fields=fields)


def write(message: Mt9xx) -> str:
    """The message as text with CR LF.

    Raises FormatError with every value that would not be read back as it is.
    """
    faults = [*message.header.unwritable(), *_unwritable_type(message), *_unwritable(message)]
    if faults:
        raise FormatError(f"MT{message.header.message_type} to write", faults)
    rows = [message.header.text(), "{4:"]
    for tag, text in _fields(message):
        rows += f":{tag}:{text}".split("\n")
    return text_of([*rows, "-}"])


def _fields(message: Mt9xx) -> list[tuple[str, str]]:
    """Tags and texts of a message to write, without those that are optional and empty."""
    if isinstance(message, KeptMessage):
        return list(message.fields)
    fields = [("20", message.reference)] if message.reference else []
    if isinstance(message, Confirmation):
        settled = f"{message.value_date:%y%m%d}{CURRENCY}{format_amount(message.amount)}"
        fields += [("21", message.related_reference), ("25", message.account), ("32A", settled), ("52B", message.bank)]
        fields = [(tag, text) for tag, text in fields if text]
    elif isinstance(message, Refusal):
        fields += [("21", message.related_reference), ("72", message.text)]
    else:
        account = f"{message.bank}/{message.account}" if message.bank else message.account
        fields += [("12", message.wanted), ("25", account), ("30", f"{message.day:%y%m%d}")]
    return fields + list(message.other)


def _unwritable_type(message: Mt9xx) -> list[Fault]:
    """The fault of a header whose type is that of another message."""
    types = {Confirmation: _CONFIRMATIONS, Refusal: ("905",), StatementRequest: ("920",)}.get(type(message))
    given = message.header.message_type
    if types is None:
        typed = {*OTHER_MODULES, "900", "905", "910", "920"}
        return [to_correct("block 2", given, "a type without a reader of its own")] if given in typed else []
    return [] if given in types else [to_correct("block 2", given, " or ".join(types))]


def _unwritable(message: Mt9xx) -> list[Fault]:
    if isinstance(message, KeptMessage):
        return _unwritable_kept(message.fields, ())
    if isinstance(message, Confirmation):
        faults = _unwritable_confirmation(message)
        return faults + _unwritable_kept(message.other, _CONFIRMATION_TAGS)
    if isinstance(message, Refusal):
        values = [(":21:", message.related_reference, REFERENCE), (":72:", message.text, ROWS)]
        values += [(":20:", message.reference, REFERENCE)] if message.reference else []
        return unwritable_values(values) + _unwritable_kept(message.other, _REFUSAL_TAGS)
    values = [(":20:", message.reference, REFERENCE), (":12:", message.wanted, _WANTED)]
    values += [(":25: account", message.account, ACCOUNT)]
    values += [(":25: bank", message.bank, BANK)] if message.bank else []
    faults = unwritable_values(values) + unwritable_day(":30:", message.day)
    return faults + _unwritable_kept(message.other, _REQUEST_TAGS)


def _unwritable_confirmation(message: Confirmation) -> list[Fault]:
    values = [(":20:", message.reference, REFERENCE), (":21:", message.related_reference, REFERENCE)]
    values += [(":25:", message.account, ACCOUNT)] if message.account else []
    values += [(":52B:", message.bank, BANK)] if message.bank else []
    faults = unwritable_values(values) + unwritable_day(":32A: date", message.value_date)
    if not 0 < message.amount <= AMOUNT_MAX:
        faults.append(to_correct(":32A: amount", str(message.amount), f"1 to {AMOUNT_MAX} tiyn"))
    return faults


def _unwritable_kept(fields: Others, known: Iterable[str]) -> list[Fault]:
    """Faults of fields kept as text, which go out only under tags that would be kept again."""
    faults: list[Fault] = []
    for tag, text in fields:
        if tag in known or not _TAG.fullmatch(tag):
            faults.append(to_correct(f":{tag}:", tag, "a tag that has no field of its own"))
        faults += unwritable(f":{tag}:", text, FIELD_TEXT)
    return faults
