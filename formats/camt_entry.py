"""An entry of an account report out of its elements: Ntry, NtryDtls and TxDtls of camt.052, camt.053 and camt.054.

What changed between the versions .02 and .14 and is read alike: the status (text of Sts, then Sts/Cd from .07), the
amount of a payment (AmtDtls/TxAmt in .02, Amt from .03), BIC and BICFI (from .03), parties in Pty (from .08).
"""

from typing import TYPE_CHECKING

from formats.camt_report import BankCode, Batch, Direction, Entry, PaymentDetails, ReturnInformation, Status
from formats.errors import Code, Findings
from formats.mx_nodes import Node
from formats.mx_parts import read_account, read_agent, read_coded, read_party

if TYPE_CHECKING:
    from lxml import etree

DIRECTIONS: dict[str, Direction] = {"CRDT": "credit", "DBIT": "debit"}
STATUSES: dict[str, Status] = {"BOOK": "booked", "PDNG": "pending", "INFO": "information", "FUTR": "future"}
_TRUE, _FALSE = ("true", "1"), ("", "false", "0")


class EntryReader:
    """Puts entries together: the parser gives the details of an entry first, then their batch, then the entry."""

    def __init__(self, findings: Findings) -> None:
        """Start before the first entry of a file."""
        self._findings = findings
        self._details: list[PaymentDetails] = []
        self._batches: list[Batch] = []
        self._line = 0

    def begin(self) -> None:
        """Count the entries of the next report from 1."""
        self._line = 0

    def add_details(self, found: "etree._Element") -> None:
        """Read a TxDtls."""
        self._details.append(_details(Node(found, self._findings, "Ntry/NtryDtls/TxDtls")))

    def add_batch(self, found: "etree._Element") -> None:
        """Read a NtryDtls, whose details were read before."""
        node = Node(found, self._findings, "Ntry/NtryDtls", without=("TxDtls",))
        details, self._details = tuple(self._details), []
        self._batches.append(
            Batch(
                message_id=node.text("Btch/MsgId"),
                payment_id=node.text("Btch/PmtInfId"),
                count=node.number("Btch/NbOfTxs"),
                total=node.amount("Btch/TtlAmt"),
                direction=read_direction(node, "Btch/CdtDbtInd"),
                details=details,
                other=node.other(),
            )
        )

    def entry(self, found: "etree._Element") -> Entry | None:
        """Read a Ntry, whose batches were read before; None when it is a fault."""
        node = Node(found, self._findings, without=("NtryDtls",))
        batches, self._batches = tuple(self._batches), []
        self._line += 1
        amount = node.amount("Amt")
        if amount is None and not node.has("Amt"):
            node.missing("Amt")
        direction, status = read_direction(node, "CdtDbtInd", required=True), _status(node)
        entry = Entry(
            line=self._line,
            amount=amount.value if amount else 0,
            currency=amount.currency if amount else "",
            direction=direction or "credit",
            status=status or "booked",
            reversal=_reversal(node),
            reference=node.text("NtryRef"),
            bank_reference=node.text("AcctSvcrRef"),
            booked_on=node.day("BookgDt/Dt", "BookgDt/DtTm"),
            booked_at=node.moment("BookgDt/DtTm"),
            value_date=node.day("ValDt/Dt", "ValDt/DtTm"),
            valued_at=node.moment("ValDt/DtTm"),
            code=_code(node, "BkTxCd"),
            batches=batches,
            additional=node.text("AddtlNtryInf"),
            other=node.other(),
        )
        return entry if amount and direction and status else None


def read_direction(node: Node, path: str, *, required: bool = False) -> Direction | None:
    """The direction at the path; None when there is none, which may be a fault, or when it is a fault."""
    text = node.required(path) if required else node.text(path)
    if text and text not in DIRECTIONS:
        node.fault(Code.VALUE, path, text, "CRDT or DBIT")
    return DIRECTIONS.get(text)


def _status(node: Node) -> Status | None:
    text = node.required("Sts/Cd", "Sts/Prtry", "Sts")
    if text and text not in STATUSES:
        remedy = "ask the bank what it means: whether the entry is booked decides on the balance"
        node.fault(Code.VALUE, "Sts", text, "BOOK, PDNG, INFO or FUTR", remedy)
    return STATUSES.get(text)


def _reversal(node: Node) -> bool:
    text = node.text("RvslInd")
    if text not in (*_TRUE, *_FALSE):
        node.fault(Code.VALUE, "RvslInd", text, "true or false")
    return text in _TRUE


def _code(node: Node, path: str) -> BankCode | None:
    code = BankCode(
        domain=node.text(f"{path}/Domn/Cd"),
        family=node.text(f"{path}/Domn/Fmly/Cd"),
        subfamily=node.text(f"{path}/Domn/Fmly/SubFmlyCd"),
        proprietary=node.text(f"{path}/Prtry/Cd"),
        issuer=node.text(f"{path}/Prtry/Issr"),
    )
    node.text(path)
    return code if code != BankCode() else None


def _details(node: Node) -> PaymentDetails:
    structured = node.nodes("RmtInf/Strd")
    return PaymentDetails(
        message_id=node.text("Refs/MsgId"),
        bank_reference=node.text("Refs/AcctSvcrRef"),
        payment_id=node.text("Refs/PmtInfId"),
        instruction_id=node.text("Refs/InstrId"),
        end_to_end_id=node.text("Refs/EndToEndId"),
        uetr=node.text("Refs/UETR"),
        transaction_id=node.text("Refs/TxId"),
        clearing_reference=node.text("Refs/ClrSysRef"),
        amount=node.amount("Amt", "AmtDtls/TxAmt/Amt"),
        direction=read_direction(node, "CdtDbtInd"),
        instructed=node.amount("AmtDtls/InstdAmt/Amt"),
        code=_code(node, "BkTxCd"),
        debtor=read_party(node.node("RltdPties/Dbtr")),
        debtor_account=read_account(node.node("RltdPties/DbtrAcct")),
        debtor_agent=read_agent(node.node("RltdAgts/DbtrAgt")),
        ultimate_debtor=read_party(node.node("RltdPties/UltmtDbtr")),
        creditor=read_party(node.node("RltdPties/Cdtr")),
        creditor_account=read_account(node.node("RltdPties/CdtrAcct")),
        creditor_agent=read_agent(node.node("RltdAgts/CdtrAgt")),
        ultimate_creditor=read_party(node.node("RltdPties/UltmtCdtr")),
        purpose=read_coded(node, "Purp"),
        remittance=node.texts("RmtInf/Ustrd"),
        creditor_references=tuple(text for one in structured if (text := one.text("CdtrRefInf/Ref"))),
        returned=_returned(node),
        additional=node.text("AddtlTxInf"),
        other=(*node.other(), *(one for part in structured for one in part.other())),
    )


def _returned(node: Node) -> ReturnInformation | None:
    if not node.has("RtrInf"):
        return None
    return ReturnInformation(
        original_code=_code(node, "RtrInf/OrgnlBkTxCd"),
        originator=read_party(node.node("RtrInf/Orgtr")),
        reason=read_coded(node, "RtrInf/Rsn"),
        additional=node.texts("RtrInf/AddtlInf"),
    )
