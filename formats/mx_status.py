"""What status reports share (pacs.002 between banks, pain.002 to a client): the status of a message and of a payment.

A status is a code of the ISO lists: ACCP accepted after checks, ACSC settled, PDNG waiting, PART some of them, RJCT
refused. A refusal says why with a code (AC01 the account, AM04 the money, BE04 a party, RC01 the bank) or in words.
"""

from dataclasses import dataclass
from datetime import date

from formats.mx_nodes import Node
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
from formats.mx_parts import Others, day_element, read_id
from formats.mx_proof import money_element
from formats.mx_write import Part, element

REJECTED = "RJCT"
STATUSES = {
    "RCVD": "received",
    "PDNG": "waiting: checks or settlement are not finished",
    "ACTC": "the form was checked and is right",
    "ACCP": "accepted: the client was checked as well",
    "ACWC": "accepted with a change",
    "ACWP": "accepted without posting",
    "ACFC": "accepted: there is enough money",
    "ACSP": "accepted, settlement has begun",
    "ACSC": "settled on the payer's account",
    "ACCC": "settled on the payee's account",
    "PATC": "accepted in part, signatures are lacking",
    "PART": "some payments were accepted, others not yet or not",
    "CANC": "cancelled",
    "BLCK": "blocked",
    REJECTED: "refused",
}
"""What each status says; another one is read and noted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusCount:
    """How many payments have a status (NbOfTxsPerSts), and what they come to where that is said."""

    count: int
    status: str
    control_sum: int | None = None
    other: Others = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupStatus:
    """The status of a whole message (OrgnlGrpInfAndSts): its original, count and sum as the answer repeats them."""

    original: OriginalMessage
    original_count: int | None = None
    original_control_sum: int | None = None
    status: str = ""
    reasons: tuple[Reason, ...] = ()
    counts: tuple[StatusCount, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentStatus:
    """The status of one payment (TxInfAndSts): which one, what became of it and why.

    `accepted` is the moment of acceptance as it is written, `bank_reference` the reference of the account's bank.
    """

    status: str = ""
    status_id: str = ""
    original_message: OriginalMessage | None = None
    original_instruction_id: str = ""
    original_end_to_end_id: str = ""
    original_transaction_id: str = ""
    original_uetr: str = ""
    reasons: tuple[Reason, ...] = ()
    accepted: str = ""
    settlement_date: date | None = None
    bank_reference: str = ""
    clearing_reference: str = ""
    original: OriginalTransfer | None = None
    other: Others = ()

    @property
    def is_rejected(self) -> bool:
        """Whether the payment was refused."""
        return self.status == REJECTED


def read_status(node: Node, path: str, reasons: tuple[Reason, ...]) -> str:
    """The status at the path, noted when nobody knows it or when it refuses without a reason."""
    status = node.text(path)
    if status and status not in STATUSES:
        node.findings.note(node.line, f"{node.place}/{path}", status, "a status that is not known, kept as it is")
    if status == REJECTED and not reasons:
        node.findings.note(node.line, f"{node.place}/{path}", status, "refused without a reason: ask the bank")
    return status


def read_group_status(node: Node) -> GroupStatus:
    """The status of a whole message."""
    reasons, counts = read_reasons(node, "StsRsnInf"), read_counts(node)
    count, total = node.number("OrgnlNbOfTxs"), node.total("OrgnlCtrlSum")
    status = read_status(node, "GrpSts", reasons)
    original = read_original_message(node)
    return GroupStatus(
        original=original or OriginalMessage(message_id="", message_name=""),
        original_count=count,
        original_control_sum=total,
        status=status,
        reasons=reasons,
        counts=counts,
    )


def read_counts(node: Node) -> tuple[StatusCount, ...]:
    """How many payments have which status."""
    return tuple(
        StatusCount(
            count=one.number("DtldNbOfTxs") or 0,
            status=one.required("DtldSts"),
            control_sum=one.total("DtldCtrlSum"),
            other=one.other(),
        )
        for one in node.nodes("NbOfTxsPerSts")
    )


def read_payment_status(node: Node) -> PaymentStatus:
    """The status of one payment."""
    reasons = read_reasons(node, "StsRsnInf")
    return PaymentStatus(
        status=read_status(node, "TxSts", reasons),
        status_id=read_id(node, "StsId"),
        original_message=read_original_message(node.node("OrgnlGrpInf")),
        original_instruction_id=read_id(node, "OrgnlInstrId"),
        original_end_to_end_id=read_id(node, "OrgnlEndToEndId"),
        original_transaction_id=read_id(node, "OrgnlTxId"),
        original_uetr=node.text("OrgnlUETR"),
        reasons=reasons,
        accepted=node.moment("AccptncDtTm"),
        settlement_date=node.day("FctvIntrBkSttlmDt/Dt"),
        bank_reference=read_id(node, "AcctSvcrRef"),
        clearing_reference=read_id(node, "ClrSysRef"),
        original=read_original_transfer(node.node("OrgnlTxRef")),
        other=node.other(),
    )


def group_status_element(one: GroupStatus) -> Part | None:
    """The element OrgnlGrpInfAndSts."""
    return element(
        "OrgnlGrpInfAndSts",
        *original_message_parts(one.original),
        element("OrgnlNbOfTxs", "" if one.original_count is None else str(one.original_count)),
        money_element("OrgnlCtrlSum", one.original_control_sum),
        element("GrpSts", one.status),
        *reason_elements("StsRsnInf", one.reasons),
        *count_elements(one.counts),
    )


def count_elements(counts: tuple[StatusCount, ...]) -> list[Part | None]:
    """The elements NbOfTxsPerSts."""
    return [
        element(
            "NbOfTxsPerSts",
            element("DtldNbOfTxs", str(one.count)),
            element("DtldSts", one.status),
            money_element("DtldCtrlSum", one.control_sum),
        )
        for one in counts
    ]


def payment_status_element(one: PaymentStatus) -> Part | None:
    """The element TxInfAndSts."""
    return element(
        "TxInfAndSts",
        element("StsId", one.status_id),
        element("OrgnlGrpInf", *original_message_parts(one.original_message)),
        element("OrgnlInstrId", one.original_instruction_id),
        element("OrgnlEndToEndId", one.original_end_to_end_id),
        element("OrgnlTxId", one.original_transaction_id),
        element("OrgnlUETR", one.original_uetr),
        element("TxSts", one.status),
        *reason_elements("StsRsnInf", one.reasons),
        element("AccptncDtTm", one.accepted),
        element("FctvIntrBkSttlmDt", day_element("Dt", one.settlement_date)),
        element("AcctSvcrRef", one.bank_reference),
        element("ClrSysRef", one.clearing_reference),
        original_transfer_element(one.original),
    )
