"""pacs.002, status of payments between banks: PDNG while a payment waits, ACSC when it is settled, RJCT when refused.

All versions from 001.01 on are read, 001.12 is written.

>>> original = OriginalMessage(message_id="F240314-1", message_name="pacs.008.001.08")
>>> refused = PaymentStatus(status="RJCT", original_end_to_end_id="F240314-1-3",
...     reasons=(Reason(reason=Coded(code="AC01"), information=("СЧЕТ НЕ НАЙДЕН",)),))
>>> message = Pacs002(message_id="S240314-9", created="2024-03-14T09:31:00+05:00",
...     groups=(GroupStatus(original=original, status="PART"),), payments=(refused,))
>>> read(write(message), "status.xml") == (message,)
True
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from formats import mx
from formats.errors import Code, Findings
from formats.mx_nodes import Node, local_name
from formats.mx_original import OriginalMessage, Reason
from formats.mx_parts import Agent, Coded, Others, agent_element, read_agent, read_id, read_moment
from formats.mx_proof import proven, stands_in
from formats.mx_status import (
    GroupStatus,
    PaymentStatus,
    group_status_element,
    payment_status_element,
    read_group_status,
    read_payment_status,
)
from formats.mx_write import element

__all__ = [
    "KNOWN",
    "NAME",
    "VERSION",
    "Coded",
    "GroupStatus",
    "OriginalMessage",
    "Pacs002",
    "PaymentStatus",
    "Reason",
    "messages",
    "read",
    "write",
]

NAME = "pacs.002"
VERSION = "001.12"
KNOWN = {NAME: range(1, 16)}

_BODIES = ("FIToFIPmtStsRpt", "pacs.002.001.01", "pacs.002.001.02")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pacs002:
    """A status report: statuses of whole messages (`groups`) and of single payments."""

    message_id: str
    created: str
    version: str = VERSION
    instructing_agent: Agent | None = None
    instructed_agent: Agent | None = None
    groups: tuple[GroupStatus, ...] = ()
    payments: tuple[PaymentStatus, ...] = ()
    other: Others = ()


def read(data: bytes, source: str) -> tuple[Pacs002, ...]:
    """All messages of a file.

    Raises FormatError with every fault of the file.
    """
    return mx.read_all(messages, data, source)


def messages(stream: BinaryIO, findings: Findings) -> Iterator[Pacs002]:
    """The messages of a file, each collected; nothing is to be used until findings.check() passed at the end."""
    document = mx.open_document(stream, findings, KNOWN)
    if document is None:
        return
    payments: list[PaymentStatus] = []
    ended = False
    for found in document.each("TxInfAndSts", *_BODIES):
        node = Node(found, findings)
        if local_name(found) == "TxInfAndSts":
            if stands_in(node, _BODIES):
                payments.append(read_payment_status(node))
        else:
            yield _message(node, document.version, tuple(payments))
            payments, ended = [], True
    if not ended and not findings.faults:
        findings.fault(Code.MISSING, document.line, "Document", "nothing", f"an element {_BODIES[0]}")


def _message(node: Node, version: str, payments: tuple[PaymentStatus, ...]) -> Pacs002:
    header = node.node("GrpHdr")
    if header is None:
        node.missing("GrpHdr")
        return Pacs002(message_id="", created="")
    groups = tuple(read_group_status(one) for one in node.nodes("OrgnlGrpInfAndSts"))
    if not any((*(one.status for one in groups), *(one.status for one in payments))):
        node.fault(Code.MISSING, "TxInfAndSts/TxSts", "", "a status: TxSts of a payment or GrpSts of a message")
    return Pacs002(
        message_id=read_id(header, "MsgId", required=True),
        created=read_moment(header, "CreDtTm"),
        version=version,
        instructing_agent=read_agent(header.node("InstgAgt")),
        instructed_agent=read_agent(header.node("InstdAgt")),
        groups=groups,
        payments=payments,
        other=(*header.other(), *node.other()),
    )


def write(message: Pacs002) -> bytes:
    """The message as XML of version 001.12, valid against its schema, the same bytes for the same message.

    Raises FormatError with every value that would not be read back as it is.
    """
    header = element(
        "GrpHdr",
        element("MsgId", message.message_id),
        element("CreDtTm", message.created),
        agent_element("InstgAgt", message.instructing_agent),
        agent_element("InstdAgt", message.instructed_agent),
    )
    groups = (group_status_element(one) for one in message.groups)
    payments = (payment_status_element(one) for one in message.payments)
    return proven(NAME, VERSION, element(_BODIES[0], header, *groups, *payments), message, read)
