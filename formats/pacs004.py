"""pacs.004, return of payments between banks.

All versions from 001.01 on are read, 001.11 is written. Number and sum of the returned transfers must be those that
the group header states, in one currency. Whether and how pacs.004 is used in Kazakhstan is not public;
docs/formats/pacs.md says what is known.

>>> from formats.mx_parts import Coded
>>> header = Header(message_id="R240320-1", created="2024-03-20T10:00:00+05:00", count=1, settlement_method="CLRG")
>>> returned = ReturnedTransfer(amount=4260000, currency="KZT", original_end_to_end_id="F240314-1-3",
...     reasons=(Reason(reason=Coded(code="AC01"), information=("СЧЕТ НЕ НАЙДЕН",)),))
>>> message = Pacs004(header=header, transfers=(returned,))
>>> read(write(message), "returns.xml") == (message,)
True
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from formats import mx
from formats.errors import Code, Findings
from formats.mx_nodes import Node, local_name
from formats.mx_original import (
    OriginalMessage,
    OriginalTransfer,
    Reason,
    original_message_parts,
    original_transfer_element,
    read_original_message,
    read_original_transfer,
    read_reasons,
    reason_elements,
)
from formats.mx_parts import (
    Others,
    day_element,
    read_id,
)
from formats.mx_proof import Totals, money_element, proven, stands_in
from formats.mx_settlement import Settlement, read_settlement, settlement_element
from formats.mx_write import Part, element

NAME = "pacs.004"
VERSION = "001.11"
KNOWN = {NAME: range(1, 15)}

_TOTAL = "TtlRtrdIntrBkSttlmAmt"
_BODIES = ("PmtRtr", "pacs.004.001.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Header(Settlement):
    """The group header (GrpHdr); `total` is TtlRtrdIntrBkSttlmAmt.

    `group_return` is true where a whole message comes back (GrpRtr: true, false or '').
    """

    version: str = VERSION
    group_return: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedTransfer:
    """One returned transfer (TxInf): the amount that comes back (RtrdIntrBkSttlmAmt), what it was, and why."""

    amount: int
    currency: str
    return_id: str = ""
    original_message: OriginalMessage | None = None
    original_instruction_id: str = ""
    original_end_to_end_id: str = ""
    original_transaction_id: str = ""
    original_uetr: str = ""
    original_amount: mx.Amount | None = None
    original_settlement_date: date | None = None
    settlement_date: date | None = None
    charge_bearer: str = ""
    reasons: tuple[Reason, ...] = ()
    original: OriginalTransfer | None = None
    other: Others = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pacs004:
    """A whole message; `original_message` and `reasons` are those of all its transfers (OrgnlGrpInf)."""

    header: Header
    transfers: tuple[ReturnedTransfer, ...]
    original_message: OriginalMessage | None = None
    reasons: tuple[Reason, ...] = ()
    other: Others = ()

    @property
    def total(self) -> int:
        """The sum of the returned transfers in hundredths of their currency."""
        return sum(one.amount for one in self.transfers)


def read(data: bytes, source: str) -> tuple[Pacs004, ...]:
    """All messages of a file.

    Raises FormatError with every fault of the file.
    """
    return mx.read_all(messages, data, source)


def messages(stream: BinaryIO, findings: Findings) -> Iterator[Pacs004]:
    """The messages of a file, each collected; nothing is to be used until findings.check() passed at the end."""
    document = mx.open_document(stream, findings, KNOWN)
    if document is None:
        return
    reading, ended = _Reading(document.version, findings), False
    for found in document.each("GrpHdr", "TxInf", *_BODIES):
        node, name = Node(found, findings), local_name(found)
        if name not in _BODIES and not stands_in(node, _BODIES):
            continue
        if name == "GrpHdr":
            reading.begin(node)
        elif name == "TxInf":
            reading.add(node)
        else:
            yield reading.end(node)
            reading, ended = _Reading(document.version, findings), True
    if not ended and not findings.faults:
        findings.fault(Code.MISSING, document.line, "Document", "nothing", f"an element {_BODIES[0]}")


class _Reading:
    """One message while it streams by."""

    def __init__(self, version: str, findings: Findings) -> None:
        self._version = version
        self._totals = Totals(findings)
        self._transfers: list[ReturnedTransfer] = []
        self._line: int | None = None
        self._header: Header | None = None

    def begin(self, node: Node) -> None:
        if self._header is not None:
            node.fault(Code.REPEATED, "MsgId", node.text("MsgId"), "one GrpHdr in a message")
        self._line = node.line
        group_return, settled = node.text("GrpRtr"), read_settlement(node, _TOTAL)
        self._header = Header(version=self._version, group_return=group_return, **settled, other=node.other())

    def add(self, node: Node) -> None:
        amount = node.amount("RtrdIntrBkSttlmAmt")
        if amount is None and not node.has("RtrdIntrBkSttlmAmt"):
            node.missing("RtrdIntrBkSttlmAmt")
        self._totals.add(amount, node, "RtrdIntrBkSttlmAmt")
        self._transfers.append(_returned(node, amount))

    def end(self, node: Node) -> Pacs004:
        header = self._header
        if header is None:
            node.missing("GrpHdr")
            header = Header(message_id="", created="", count=0, settlement_method="", version=self._version)
        elif self._transfers:
            self._check(header)
        elif header.group_return not in ("true", "1"):
            node.missing("TxInf")
        original = node.node("OrgnlGrpInf")
        reasons = read_reasons(original, "RtrRsnInf") if original else ()
        return Pacs004(
            header=header,
            transfers=tuple(self._transfers),
            original_message=read_original_message(original),
            reasons=reasons,
            other=node.other(),
        )

    def _check(self, header: Header) -> None:
        self._totals.check_count(self._line, "GrpHdr/NbOfTxs", header.count)
        self._totals.check_sum(self._line, "GrpHdr/CtrlSum", header.control_sum)
        self._totals.check_total(self._line, "GrpHdr/TtlRtrdIntrBkSttlmAmt", header.total)


def _returned(node: Node, amount: mx.Amount | None) -> ReturnedTransfer:
    """One returned transfer; where there was a fault it holds stand-ins, which nobody gets to see."""
    ids = ("OrgnlInstrId", "OrgnlEndToEndId", "OrgnlTxId")
    instruction, end_to_end, transaction = (read_id(node, path) for path in ids)
    if not (instruction or end_to_end or transaction or node.has("OrgnlUETR") or node.has("OrgnlClrSysRef")):
        expected = "OrgnlEndToEndId, OrgnlTxId or another reference of the payment that comes back"
        node.fault(Code.MISSING, "OrgnlEndToEndId", "", expected)
    return ReturnedTransfer(
        amount=amount.value if amount else 0,
        currency=amount.currency if amount else "",
        return_id=read_id(node, "RtrId"),
        original_message=read_original_message(node.node("OrgnlGrpInf")),
        original_instruction_id=instruction,
        original_end_to_end_id=end_to_end,
        original_transaction_id=transaction,
        original_uetr=node.text("OrgnlUETR"),
        original_amount=node.amount("OrgnlIntrBkSttlmAmt"),
        original_settlement_date=node.day("OrgnlIntrBkSttlmDt"),
        settlement_date=node.day("IntrBkSttlmDt"),
        charge_bearer=node.text("ChrgBr"),
        reasons=read_reasons(node, "RtrRsnInf"),
        original=read_original_transfer(node.node("OrgnlTxRef")),
        other=node.other(),
    )


def write(message: Pacs004) -> bytes:
    """The message as XML of version 001.11, valid against its schema, the same bytes for the same message.

    Raises FormatError with every value that would not be read back as it is, also for totals that are not those of
    the transfers and for elements that are read and not written.
    """
    original = (*original_message_parts(message.original_message), *reason_elements("RtrRsnInf", message.reasons))
    parts = (
        settlement_element(message.header, _TOTAL, element("GrpRtr", message.header.group_return)),
        element("OrgnlGrpInf", *original),
    )
    body = element(_BODIES[0], *parts, *(_returned_element(one) for one in message.transfers))
    return proven(NAME, VERSION, body, message, read)


def _returned_element(one: ReturnedTransfer) -> Part | None:
    return element(
        "TxInf",
        element("RtrId", one.return_id),
        element("OrgnlGrpInf", *original_message_parts(one.original_message)),
        element("OrgnlInstrId", one.original_instruction_id),
        element("OrgnlEndToEndId", one.original_end_to_end_id),
        element("OrgnlTxId", one.original_transaction_id),
        element("OrgnlUETR", one.original_uetr),
        money_element("OrgnlIntrBkSttlmAmt", one.original_amount),
        day_element("OrgnlIntrBkSttlmDt", one.original_settlement_date),
        money_element("RtrdIntrBkSttlmAmt", mx.Amount(value=one.amount, currency=one.currency)),
        day_element("IntrBkSttlmDt", one.settlement_date),
        element("ChrgBr", one.charge_bearer),
        *reason_elements("RtrRsnInf", one.reasons),
        original_transfer_element(one.original),
    )
