"""pain.001, payments that a client asks its bank for: the interface of Freedom Bank takes version 001.12.

All versions from 001.03 on are read, 001.12 is written. A message holds groups of payments (PmtInf), each from one
account on one day; the transfers stream by in pieces. Number and sum of the transfers must be those that the message
and each group state, in one currency. What one bank asks for besides the schema is data: FREEDOM.

>>> transfer = Transfer(end_to_end_id="F240314-1-1", amount=500000, currency="KZT",
...     creditor_agent=Agent(bic="HSBKKZKX"), creditor=Party(name="ПРИМЕРОВА АННА"),
...     creditor_account=Account(iban="KZ716017A99999999912"))
>>> group = Group(group_id="F240314-1", execution_date=date(2024, 3, 14), debtor=Party(name="ТОО СИНТЕТИКА"), count=1,
...     priority="NORM", debtor_account=Account(iban="KZ076017A99999999900"), debtor_agent=Agent(bic="KSNVKZKA"),
...     control_sum=500000, transfers=(transfer,))
>>> header = Header(message_id="F240314", created="2024-03-14T09:30:00Z", count=1, control_sum=500000,
...     initiator=Party(name="ТОО СИНТЕТИКА"))
>>> message = Pain001(header=header, groups=(group,))
>>> read(write(message, FREEDOM), "march.xml") == (message,)
True
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import BinaryIO

from formats import mx
from formats.errors import Code, Findings, FormatError
from formats.mx_nodes import Node, local_name
from formats.mx_parts import (
    Account,
    Agent,
    Others,
    Party,
    read_account,
    read_agent,
    read_coded,
    read_id,
    read_moment,
    read_party,
    read_regulatory,
)
from formats.mx_proof import Totals, proven, stands_in, stated_count
from formats.pain001_message import FREEDOM, VERSION, Group, Header, Pain001, Profile, Transfer
from formats.pain001_writing import BODY, body_element, refused

__all__ = [
    "FREEDOM",
    "KNOWN",
    "NAME",
    "PIECE",
    "VERSION",
    "Group",
    "Header",
    "Pain001",
    "Profile",
    "Transfer",
    "messages",
    "pieces",
    "read",
    "write",
]

NAME = "pain.001"
KNOWN = {NAME: range(3, 14)}
PIECE = 1000
"""So many transfers at most are in a piece of a message."""

_PARENTS = {"GrpHdr": (BODY,), "PmtInf": (BODY,), "CdtTrfTxInf": ("PmtInf",)}


def read(data: bytes, source: str) -> tuple[Pain001, ...]:
    """All messages of a file.

    Raises FormatError with every fault of the file.
    """
    return mx.read_all(messages, data, source)


def messages(stream: BinaryIO, findings: Findings) -> Iterator[Pain001]:
    """The messages of a file, each collected; nothing is to be used until findings.check() passed at the end."""
    for _, found in groupby(pieces(stream, findings), key=lambda piece: id(piece.header)):
        groups: list[Group] = []
        last = Pain001(header=Header(message_id="", created="", count=0, initiator=Party()), groups=())
        for last in found:
            for group in last.groups:
                if groups and _same(groups[-1], group):
                    groups[-1] = replace(group, transfers=groups[-1].transfers + group.transfers)
                else:
                    groups.append(group)
        yield Pain001(header=last.header, groups=tuple(groups), other=last.other)


def _same(one: Group, other: Group) -> bool:
    """Whether both are pieces of one group: the parts of its head are read once and shared."""
    return one.debtor is other.debtor


def pieces(stream: BinaryIO, findings: Findings) -> Iterator[Pain001]:
    """The messages of a file in pieces of at most PIECE transfers of one group each, in flat memory.

    The pieces of one message have the same header object, those of one group the same debtor object; nothing is to be
    used until findings.check() passed. The last piece of a message has no groups.
    """
    document = mx.open_document(stream, findings, KNOWN)
    if document is None:
        return
    reading, ended = _Reading(document.version, findings), False
    for found in document.each("GrpHdr", "CdtTrfTxInf", "PmtInf", BODY):
        node, name = Node(found, findings), local_name(found)
        if name in _PARENTS and not stands_in(node, _PARENTS[name]):
            continue
        if name == "GrpHdr":
            reading.begin(node)
        elif name == "CdtTrfTxInf":
            reading.add(node)
            if len(reading.transfers) == PIECE:
                yield reading.piece()
        elif name == "PmtInf":
            yield reading.end_group(node)
        else:
            yield reading.end(node)
            reading, ended = _Reading(document.version, findings), True
    if not ended and not findings.faults:
        findings.fault(Code.MISSING, document.line, "Document", "nothing", f"an element {BODY}")


class _Reading:
    """One message while it streams by, and the group of it that is being read."""

    def __init__(self, version: str, findings: Findings) -> None:
        self.transfers: list[Transfer] = []
        self._findings = findings
        self._all = Totals(findings)
        self._some = Totals(findings)
        self._line: int | None = None
        self._began = False
        self._header = Header(message_id="", created="", count=0, initiator=Party(), version=version)
        self._node: Node | None = None
        self._group: Group | None = None

    def begin(self, node: Node) -> None:
        if self._began or self._all.count:
            node.fault(Code.REPEATED, "MsgId", node.text("MsgId"), "one GrpHdr before the groups")
        self._line, self._began = node.line, True
        if not node.has("InitgPty"):
            node.missing("InitgPty")
        self._header = Header(
            message_id=read_id(node, "MsgId", required=True),
            created=read_moment(node, "CreDtTm"),
            count=stated_count(node),
            initiator=read_party(node.node("InitgPty")) or Party(),
            version=self._header.version,
            control_sum=node.total("CtrlSum"),
            other=node.other(),
        )

    def add(self, node: Node) -> None:
        parent = node.element.getparent()
        if self._group is None and parent is not None:
            # What stands before the first transfer is the head of the group; it is the same element at the end.
            self._begin_group(Node(parent, self._findings))
        amount = node.amount("Amt/InstdAmt")
        if amount is None and not node.has("Amt/InstdAmt"):
            node.missing("Amt/InstdAmt")
        self._all.add(amount, node, "Amt/InstdAmt")
        self._some.add(amount)
        self.transfers.append(_transfer(node, amount))

    def piece(self, other: Others = ()) -> Pain001:
        groups: tuple[Group, ...] = ()
        if self._group is not None:
            groups = (replace(self._group, transfers=tuple(self.transfers), other=other),)
        self.transfers = []
        return Pain001(header=self._header, groups=groups)

    def end_group(self, node: Node) -> Pain001:
        known = self._node or self._begin_group(node)
        if not self._some.count:
            node.missing("CdtTrfTxInf")
        group = self._group
        if group is not None:
            self._some.check_count(node.line, "PmtInf/NbOfTxs", group.count)
            self._some.check_sum(node.line, "PmtInf/CtrlSum", group.control_sum)
        piece = self.piece(known.other())
        self._node, self._group, self._some = None, None, Totals(self._findings)
        return piece

    def end(self, node: Node) -> Pain001:
        if not self._began:
            node.missing("GrpHdr")
        elif not self._all.count:
            node.missing("PmtInf")
        else:
            self._all.check_count(self._line, "GrpHdr/NbOfTxs", self._header.count)
            self._all.check_sum(self._line, "GrpHdr/CtrlSum", self._header.control_sum)
        return Pain001(header=self._header, groups=(), other=node.other())

    def _begin_group(self, node: Node) -> Node:
        self._node, self._group = node, _group(node)
        return node


def _group(node: Node) -> Group:
    """The head of a group; where there was a fault it holds stand-ins, which nobody gets to see."""
    for path in ("ReqdExctnDt", "Dbtr", "DbtrAcct", "DbtrAgt"):
        if not node.has(path):
            node.missing(path)
    moment = node.text("ReqdExctnDt/DtTm")
    if moment:
        node.findings.note(node.line, f"{node.place}/ReqdExctnDt/DtTm", moment, "the day is kept without the time")
    return Group(
        group_id=read_id(node, "PmtInfId", required=True),
        execution_date=node.day("ReqdExctnDt/Dt", "ReqdExctnDt/DtTm", "ReqdExctnDt") or date.min,
        debtor=read_party(node.node("Dbtr")) or Party(),
        debtor_account=read_account(node.node("DbtrAcct")) or Account(),
        debtor_agent=read_agent(node.node("DbtrAgt")) or Agent(),
        transfers=(),
        method=node.required("PmtMtd"),
        count=node.number("NbOfTxs"),
        control_sum=node.total("CtrlSum"),
        batch=node.text("BtchBookg"),
        priority=node.text("PmtTpInf/InstrPrty"),
        ultimate_debtor=read_party(node.node("UltmtDbtr")),
        charge_bearer=node.text("ChrgBr"),
    )


def _transfer(node: Node, amount: mx.Amount | None) -> Transfer:
    return Transfer(
        end_to_end_id=read_id(node, "PmtId/EndToEndId", required=True),
        amount=amount.value if amount else 0,
        currency=amount.currency if amount else "",
        instruction_id=read_id(node, "PmtId/InstrId"),
        uetr=node.text("PmtId/UETR"),
        priority=node.text("PmtTpInf/InstrPrty"),
        charge_bearer=node.text("ChrgBr"),
        ultimate_debtor=read_party(node.node("UltmtDbtr")),
        creditor_agent=read_agent(node.node("CdtrAgt")),
        creditor=read_party(node.node("Cdtr")),
        creditor_account=read_account(node.node("CdtrAcct")),
        ultimate_creditor=read_party(node.node("UltmtCdtr")),
        purpose=read_coded(node, "Purp"),
        regulatory=read_regulatory(node),
        remittance=node.texts("RmtInf/Ustrd"),
        other=node.other(),
    )


def write(message: Pain001, profile: Profile | None = None) -> bytes:
    """The message as XML of version 001.12, valid against its schema, the same bytes for the same message.

    Raises FormatError with every value that would not be read back as it is, also for totals that are not those of
    the transfers; with a profile, also with everything that its bank does not take.
    """
    faults = list(refused(message, profile)) if profile else []
    if faults:
        raise FormatError(f"{NAME} to write", faults)
    return proven(NAME, VERSION, body_element(message), message, read)
