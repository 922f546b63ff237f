"""pacs.008, customer credit transfer between banks: in Kazakhstan's payment systems since January 2025.

All versions from 001.01 on are read, 001.08 is written. The transfers of a message stream by in pieces; their number
and their sum must be those that the group header states, in one currency. What pacs.008 carries in Kazakhstan besides
what ISO 20022 says (actual payer and payee, purpose code, residency) was announced by banks without a definition:
docs/formats/pacs.md says what is known.

>>> header = Header(message_id="F240314-1", created="2024-03-14T09:30:00+05:00", count=1, settlement_method="CLRG")
>>> transfer = CreditTransfer(end_to_end_id="F240314-1-1", amount=500000, currency="KZT", charge_bearer="SLEV",
...     debtor=Party(name="ГУ СИНТЕТИКА"), debtor_agent=Agent(bic="KKMFKZ2A"), creditor_agent=Agent(bic="HSBKKZKX"),
...     creditor=Party(name="ПРИМЕРОВА АННА"), creditor_account=Account(iban="KZ716017A99999999912"))
>>> message = Pacs008(header=header, transfers=(transfer,))
>>> read(write(message), "march.xml") == (message,)
True
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import BinaryIO

from formats import mx
from formats.errors import Code, Findings
from formats.mx_nodes import Node, local_name
from formats.mx_parts import (
    Account,
    Agent,
    Coded,
    Others,
    Party,
    RegulatoryReport,
    account_element,
    agent_element,
    coded_element,
    day_element,
    party_element,
    read_account,
    read_agent,
    read_coded,
    read_id,
    read_party,
    read_regulatory,
    regulatory_elements,
    remittance_element,
)
from formats.mx_proof import Totals, money_element, proven, stands_in
from formats.mx_settlement import Settlement, read_settlement, settlement_element
from formats.mx_write import Part, element

NAME = "pacs.008"
VERSION = "001.08"
KNOWN = {NAME: range(1, 14)}
PIECE = 1000
"""So many transfers at most are in a piece of a message."""

_TOTAL = "TtlIntrBkSttlmAmt"
_BODIES = ("FIToFICstmrCdtTrf", "pacs.008.001.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Header(Settlement):
    """The group header (GrpHdr); `total` is TtlIntrBkSttlmAmt."""

    version: str = VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditTransfer:
    """One transfer (CdtTrfTxInf): references, the amount between the banks (IntrBkSttlmAmt), who pays whom and why.

    The ultimate debtor and creditor are the actual payer and payee; they stand only where they are others than the
    debtor and the creditor. `creditor_agent_account` is the account of the creditor's bank (CdtrAgtAcct).
    """

    end_to_end_id: str
    amount: int
    currency: str
    charge_bearer: str
    debtor: Party
    debtor_agent: Agent
    creditor_agent: Agent
    creditor: Party
    instruction_id: str = ""
    transaction_id: str = ""
    uetr: str = ""
    clearing_reference: str = ""
    priority: str = ""
    settlement_date: date | None = None
    ultimate_debtor: Party | None = None
    debtor_account: Account | None = None
    creditor_agent_account: Account | None = None
    creditor_account: Account | None = None
    ultimate_creditor: Party | None = None
    purpose: Coded | None = None
    regulatory: tuple[RegulatoryReport, ...] = ()
    remittance: tuple[str, ...] = ()
    other: Others = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pacs008:
    """A message, or a piece of one: then the header states the count and the sums of all pieces together."""

    header: Header
    transfers: tuple[CreditTransfer, ...]
    other: Others = ()

    @property
    def total(self) -> int:
        """The sum of these transfers in hundredths of their currency."""
        return sum(one.amount for one in self.transfers)


def read(data: bytes, source: str) -> tuple[Pacs008, ...]:
    """All messages of a file.

    Raises FormatError with every fault of the file.
    """
    return mx.read_all(messages, data, source)


def messages(stream: BinaryIO, findings: Findings) -> Iterator[Pacs008]:
    """The messages of a file, each collected; nothing is to be used until findings.check() passed at the end."""
    for _, group in groupby(pieces(stream, findings), key=lambda piece: id(piece.header)):
        found = tuple(group)
        transfers = tuple(one for piece in found for one in piece.transfers)
        yield Pacs008(header=found[0].header, transfers=transfers, other=found[-1].other)


def pieces(stream: BinaryIO, findings: Findings) -> Iterator[Pacs008]:
    """The messages of a file in pieces of at most PIECE transfers, in flat memory.

    The pieces of one message have the same header object; nothing is to be used until findings.check() passed.
    """
    document = mx.open_document(stream, findings, KNOWN)
    if document is None:
        return
    reading, ended = _Reading(document.version, findings), False
    for found in document.each("GrpHdr", "CdtTrfTxInf", *_BODIES):
        node, name = Node(found, findings), local_name(found)
        if name not in _BODIES and not stands_in(node, _BODIES):
            continue
        if name == "GrpHdr":
            reading.begin(node)
        elif name == "CdtTrfTxInf":
            reading.add(node)
            if len(reading.transfers) == PIECE:
                yield reading.piece()
        else:
            yield reading.end(node)
            reading, ended = _Reading(document.version, findings), True
    if not ended and not findings.faults:
        findings.fault(Code.MISSING, document.line, "Document", "nothing", f"an element {_BODIES[0]}")


class _Reading:
    """One message while it streams by."""

    def __init__(self, version: str, findings: Findings) -> None:
        self.transfers: list[CreditTransfer] = []
        self._version = version
        self._findings = findings
        self._totals = Totals(findings)
        self._line: int | None = None
        self._began = False
        self._header = Header(message_id="", created="", count=0, settlement_method="", version=version)

    def begin(self, node: Node) -> None:
        if self._began or self._totals.count:
            node.fault(Code.REPEATED, "MsgId", node.text("MsgId"), "one GrpHdr before the transfers")
        self._line, self._began = node.line, True
        self._header = Header(version=self._version, **read_settlement(node, _TOTAL), other=node.other())

    def add(self, node: Node) -> None:
        amount = node.amount("IntrBkSttlmAmt")
        if amount is None and not node.has("IntrBkSttlmAmt"):
            node.missing("IntrBkSttlmAmt")
        self._totals.add(amount, node, "IntrBkSttlmAmt")
        self.transfers.append(_transfer(node, amount))

    def piece(self, other: Others = ()) -> Pacs008:
        found = Pacs008(header=self._header, transfers=tuple(self.transfers), other=other)
        self.transfers = []
        return found

    def end(self, node: Node) -> Pacs008:
        if not self._began:
            node.missing("GrpHdr")
        elif not self._totals.count:
            node.missing("CdtTrfTxInf")
        else:
            header, totals = self._header, self._totals
            totals.check_count(self._line, "GrpHdr/NbOfTxs", header.count)
            totals.check_sum(self._line, "GrpHdr/CtrlSum", header.control_sum)
            totals.check_total(self._line, "GrpHdr/TtlIntrBkSttlmAmt", header.total)
        return self.piece(node.other())


def _transfer(node: Node, amount: mx.Amount | None) -> CreditTransfer:
    """One transfer; where there was a fault it holds stand-ins, which nobody gets to see."""
    for path in ("Dbtr", "DbtrAgt", "CdtrAgt", "Cdtr"):
        if not node.has(path):
            node.missing(path)
    return CreditTransfer(
        end_to_end_id=read_id(node, "PmtId/EndToEndId", required=True),
        amount=amount.value if amount else 0,
        currency=amount.currency if amount else "",
        charge_bearer=node.required("ChrgBr"),
        debtor=read_party(node.node("Dbtr")) or Party(),
        debtor_agent=read_agent(node.node("DbtrAgt")) or Agent(),
        creditor_agent=read_agent(node.node("CdtrAgt")) or Agent(),
        creditor=read_party(node.node("Cdtr")) or Party(),
        instruction_id=read_id(node, "PmtId/InstrId"),
        transaction_id=read_id(node, "PmtId/TxId"),
        uetr=node.text("PmtId/UETR"),
        clearing_reference=read_id(node, "PmtId/ClrSysRef"),
        priority=node.text("PmtTpInf/InstrPrty"),
        settlement_date=node.day("IntrBkSttlmDt"),
        ultimate_debtor=read_party(node.node("UltmtDbtr")),
        debtor_account=read_account(node.node("DbtrAcct")),
        creditor_agent_account=read_account(node.node("CdtrAgtAcct")),
        creditor_account=read_account(node.node("CdtrAcct")),
        ultimate_creditor=read_party(node.node("UltmtCdtr")),
        purpose=read_coded(node, "Purp"),
        regulatory=read_regulatory(node),
        remittance=node.texts("RmtInf/Ustrd"),
        other=node.other(),
    )


def write(message: Pacs008) -> bytes:
    """The message as XML of version 001.08, valid against its schema, the same bytes for the same message.

    Raises FormatError with every value that would not be read back as it is, also for totals that are not those of
    the transfers and for elements that are read and not written.
    """
    header = settlement_element(message.header, _TOTAL)
    body = element(_BODIES[0], header, *(_transfer_element(one) for one in message.transfers))
    return proven(NAME, VERSION, body, message, read)


def _transfer_element(one: CreditTransfer) -> Part | None:
    references = element(
        "PmtId",
        element("InstrId", one.instruction_id),
        element("EndToEndId", one.end_to_end_id),
        element("TxId", one.transaction_id),
        element("UETR", one.uetr),
        element("ClrSysRef", one.clearing_reference),
    )
    return element(
        "CdtTrfTxInf",
        references,
        element("PmtTpInf", element("InstrPrty", one.priority)),
        money_element("IntrBkSttlmAmt", mx.Amount(value=one.amount, currency=one.currency)),
        day_element("IntrBkSttlmDt", one.settlement_date),
        element("ChrgBr", one.charge_bearer),
        party_element("UltmtDbtr", one.ultimate_debtor),
        party_element("Dbtr", one.debtor),
        account_element("DbtrAcct", one.debtor_account),
        agent_element("DbtrAgt", one.debtor_agent),
        agent_element("CdtrAgt", one.creditor_agent),
        account_element("CdtrAgtAcct", one.creditor_agent_account),
        party_element("Cdtr", one.creditor),
        account_element("CdtrAcct", one.creditor_account),
        party_element("UltmtCdtr", one.ultimate_creditor),
        coded_element("Purp", one.purpose),
        *regulatory_elements(one.regulatory),
        remittance_element(one.remittance),
    )
