"""pain.002, what the bank says of payments that a client asked for: ACCP, PDNG, PART, RJCT, with a reason.

All versions from 001.03 on are read, 001.14 is written, which the interface of Freedom Bank answers with.

>>> original = OriginalMessage(message_id="F240314", message_name="pain.001.001.12")
>>> refused = PaymentStatus(status="RJCT", original_end_to_end_id="F240314-1-3",
...     reasons=(Reason(reason=Coded(code="AC01"), information=("invalid IBAN",)),))
>>> message = Pain002(message_id="S240314-9", created="2024-03-14T09:31:00Z",
...     group=GroupStatus(original=original, status="PART"),
...     instructions=(InstructionStatus(original_group_id="F240314-1", payments=(refused,)),))
>>> read(write(message), "status.xml") == (message,)
True
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from formats import mx
from formats.errors import Code, Findings
from formats.mx_nodes import Node, local_name
from formats.mx_original import OriginalMessage, Reason, read_reasons, reason_elements
from formats.mx_parts import (
    Agent,
    Coded,
    Others,
    Party,
    agent_element,
    party_element,
    read_agent,
    read_id,
    read_moment,
    read_party,
)
from formats.mx_proof import money_element, proven, stands_in
from formats.mx_status import (
    GroupStatus,
    PaymentStatus,
    StatusCount,
    count_elements,
    group_status_element,
    payment_status_element,
    read_counts,
    read_group_status,
    read_payment_status,
    read_status,
)
from formats.mx_write import Part, element

__all__ = [
    "KNOWN",
    "NAME",
    "VERSION",
    "Coded",
    "GroupStatus",
    "InstructionStatus",
    "OriginalMessage",
    "Pain002",
    "PaymentStatus",
    "Reason",
    "messages",
    "read",
    "write",
]

NAME = "pain.002"
VERSION = "001.14"
KNOWN = {NAME: range(3, 16)}

_BODY = "CstmrPmtStsRpt"
_PARENTS = {"TxInfAndSts": ("OrgnlPmtInfAndSts",), "OrgnlPmtInfAndSts": (_BODY,)}


@dataclass(frozen=True, slots=True, kw_only=True)
class InstructionStatus:
    """The status of one group of payments (OrgnlPmtInfAndSts) and of the payments in it."""

    original_group_id: str
    original_count: int | None = None
    original_control_sum: int | None = None
    status: str = ""
    reasons: tuple[Reason, ...] = ()
    counts: tuple[StatusCount, ...] = ()
    payments: tuple[PaymentStatus, ...] = ()
    other: Others = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pain002:
    """A status report on one message of the client."""

    message_id: str
    created: str
    group: GroupStatus
    version: str = VERSION
    initiator: Party | None = None
    debtor_agent: Agent | None = None
    creditor_agent: Agent | None = None
    instructions: tuple[InstructionStatus, ...] = ()
    other: Others = ()

    @property
    def payments(self) -> tuple[PaymentStatus, ...]:
        """The statuses of all single payments."""
        return tuple(one for instruction in self.instructions for one in instruction.payments)


def read(data: bytes, source: str) -> tuple[Pain002, ...]:
    """All messages of a file.

    Raises FormatError with every fault of the file.
    """
    return mx.read_all(messages, data, source)


def messages(stream: BinaryIO, findings: Findings) -> Iterator[Pain002]:
    """The messages of a file, each collected; nothing is to be used until findings.check() passed at the end."""
    document = mx.open_document(stream, findings, KNOWN)
    if document is None:
        return
    payments: list[PaymentStatus] = []
    instructions: list[InstructionStatus] = []
    ended = False
    for found in document.each("TxInfAndSts", "OrgnlPmtInfAndSts", _BODY):
        node, name = Node(found, findings), local_name(found)
        if name in _PARENTS and not stands_in(node, _PARENTS[name]):
            continue
        if name == "TxInfAndSts":
            payments.append(read_payment_status(node))
        elif name == "OrgnlPmtInfAndSts":
            instructions.append(_instruction(node, tuple(payments)))
            payments = []
        else:
            yield _message(node, document.version, tuple(instructions))
            instructions, ended = [], True
    if not ended and not findings.faults:
        findings.fault(Code.MISSING, document.line, "Document", "nothing", f"an element {_BODY}")


def _instruction(node: Node, payments: tuple[PaymentStatus, ...]) -> InstructionStatus:
    reasons = read_reasons(node, "StsRsnInf")
    return InstructionStatus(
        original_group_id=read_id(node, "OrgnlPmtInfId", required=True),
        original_count=node.number("OrgnlNbOfTxs"),
        original_control_sum=node.total("OrgnlCtrlSum"),
        status=read_status(node, "PmtInfSts", reasons),
        reasons=reasons,
        counts=read_counts(node),
        payments=payments,
        other=node.other(),
    )


def _message(node: Node, version: str, instructions: tuple[InstructionStatus, ...]) -> Pain002:
    """The message; where there was a fault it holds stand-ins, which nobody gets to see."""
    group = GroupStatus(original=OriginalMessage(message_id="", message_name=""))
    header, stated = node.node("GrpHdr"), node.node("OrgnlGrpInfAndSts")
    for path, found in (("GrpHdr", header), ("OrgnlGrpInfAndSts", stated)):
        if found is None:
            node.missing(path)
    if header is None or stated is None:
        return Pain002(message_id="", created="", group=group)
    group = read_group_status(stated)
    below = [status for one in instructions for status in (one.status, *(each.status for each in one.payments))]
    if not group.status and not any(below):
        node.fault(Code.MISSING, "OrgnlGrpInfAndSts/GrpSts", "", "a status: GrpSts, PmtInfSts or TxSts")
    return Pain002(
        message_id=read_id(header, "MsgId", required=True),
        created=read_moment(header, "CreDtTm"),
        group=group,
        version=version,
        initiator=read_party(header.node("InitgPty")),
        debtor_agent=read_agent(header.node("DbtrAgt")),
        creditor_agent=read_agent(header.node("CdtrAgt")),
        instructions=instructions,
        other=(*header.other(), *node.other()),
    )


def write(message: Pain002) -> bytes:
    """The message as XML of version 001.14, valid against its schema, the same bytes for the same message.

    Raises FormatError with every value that would not be read back as it is.
    """
    header = element(
        "GrpHdr",
        element("MsgId", message.message_id),
        element("CreDtTm", message.created),
        party_element("InitgPty", message.initiator),
        agent_element("DbtrAgt", message.debtor_agent),
        agent_element("CdtrAgt", message.creditor_agent),
    )
    instructions = (_instruction_element(one) for one in message.instructions)
    body = element(_BODY, header, group_status_element(message.group), *instructions)
    return proven(NAME, VERSION, body, message, read)


def _instruction_element(one: InstructionStatus) -> Part | None:
    return element(
        "OrgnlPmtInfAndSts",
        element("OrgnlPmtInfId", one.original_group_id),
        element("OrgnlNbOfTxs", "" if one.original_count is None else str(one.original_count)),
        money_element("OrgnlCtrlSum", one.original_control_sum),
        element("PmtInfSts", one.status),
        *reason_elements("StsRsnInf", one.reasons),
        *count_elements(one.counts),
        *(payment_status_element(each) for each in one.payments),
    )
