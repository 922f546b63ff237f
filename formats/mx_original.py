"""What a return or a status says of the message and the payment that it is about, and why.

Shared by pacs.004, pacs.002 and pain.002. The original transfer (OrgnlTxRef) repeats who paid whom; its parties stand
in Pty in newer versions, which read_party() knows. The reasons of the first versions had longer names (RtrRsn, StsRsn,
AddtlRtrRsnInf, AddtlStsRsnInf).
"""

from dataclasses import dataclass
from datetime import date

from formats.mx_nodes import Amount, Node
from formats.mx_parts import (
    Account,
    Agent,
    Coded,
    Others,
    Party,
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
    remittance_element,
)
from formats.mx_proof import money_element
from formats.mx_write import Part, element

_PARTY = "Pty"


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginalMessage:
    """The message that is answered: its MsgId, its name such as pacs.008.001.08, and when it was made."""

    message_id: str
    message_name: str
    created: str = ""
    other: Others = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why: a code of the ISO lists or another (Rsn), texts of at most 105 characters (AddtlInf), and who says so."""

    reason: Coded | None = None
    information: tuple[str, ...] = ()
    originator: Party | None = None
    other: Others = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginalTransfer:
    """What the original transfer said (OrgnlTxRef); None and () where nothing is repeated.

    `amount` is the one between banks (IntrBkSttlmAmt), `instructed_amount` the client's (Amt/InstdAmt).
    """

    amount: Amount | None = None
    instructed_amount: Amount | None = None
    settlement_date: date | None = None
    remittance: tuple[str, ...] = ()
    ultimate_debtor: Party | None = None
    debtor: Party | None = None
    debtor_account: Account | None = None
    debtor_agent: Agent | None = None
    creditor_agent: Agent | None = None
    creditor_agent_account: Account | None = None
    creditor: Party | None = None
    creditor_account: Account | None = None
    ultimate_creditor: Party | None = None
    purpose: Coded | None = None
    other: Others = ()


def read_original_message(node: Node | None) -> OriginalMessage | None:
    """The original message of an element, None when there is no such element."""
    if node is None:
        return None
    return OriginalMessage(
        message_id=read_id(node, "OrgnlMsgId", required=True),
        message_name=read_id(node, "OrgnlMsgNmId", required=True),
        created=node.moment("OrgnlCreDtTm"),
        other=node.other(),
    )


def read_reasons(node: Node, path: str) -> tuple[Reason, ...]:
    """All reasons at the path."""
    return tuple(
        Reason(
            reason=read_coded(one, "Rsn") or read_coded(one, "RtrRsn") or read_coded(one, "StsRsn"),
            information=(
                *one.texts("AddtlInf"),
                *one.texts("AddtlRtrRsnInf"),
                *one.texts("AddtlStsRsnInf"),
            ),
            originator=read_party(one.node("Orgtr", "RtrOrgtr", "StsOrgtr")),
            other=one.other(),
        )
        for one in node.nodes(path)
    )


def read_original_transfer(node: Node | None) -> OriginalTransfer | None:
    """The original transfer of an element, None when there is no such element."""
    if node is None:
        return None
    return OriginalTransfer(
        amount=node.amount("IntrBkSttlmAmt"),
        instructed_amount=node.amount("Amt/InstdAmt"),
        settlement_date=node.day("IntrBkSttlmDt"),
        remittance=node.texts("RmtInf/Ustrd"),
        ultimate_debtor=read_party(node.node("UltmtDbtr")),
        debtor=read_party(node.node("Dbtr")),
        debtor_account=read_account(node.node("DbtrAcct")),
        debtor_agent=read_agent(node.node("DbtrAgt")),
        creditor_agent=read_agent(node.node("CdtrAgt")),
        creditor_agent_account=read_account(node.node("CdtrAgtAcct")),
        creditor=read_party(node.node("Cdtr")),
        creditor_account=read_account(node.node("CdtrAcct")),
        ultimate_creditor=read_party(node.node("UltmtCdtr")),
        purpose=read_coded(node, "Purp"),
        other=node.other(),
    )


def original_message_parts(original: OriginalMessage | None) -> tuple[Part | None, ...]:
    """The elements that name the original message."""
    if original is None:
        return ()
    return (
        element("OrgnlMsgId", original.message_id),
        element("OrgnlMsgNmId", original.message_name),
        element("OrgnlCreDtTm", original.created),
    )


def reason_elements(name: str, reasons: tuple[Reason, ...]) -> list[Part | None]:
    """The elements of reasons."""
    return [
        element(
            name,
            party_element("Orgtr", one.originator),
            coded_element("Rsn", one.reason),
            *(element("AddtlInf", text) for text in one.information),
        )
        for one in reasons
    ]


def original_transfer_element(one: OriginalTransfer | None) -> Part | None:
    """The element OrgnlTxRef, None when there is nothing to write."""
    if one is None:
        return None
    return element(
        "OrgnlTxRef",
        money_element("IntrBkSttlmAmt", one.amount),
        element("Amt", money_element("InstdAmt", one.instructed_amount)),
        day_element("IntrBkSttlmDt", one.settlement_date),
        remittance_element(one.remittance),
        party_element("UltmtDbtr", one.ultimate_debtor, _PARTY),
        party_element("Dbtr", one.debtor, _PARTY),
        account_element("DbtrAcct", one.debtor_account),
        agent_element("DbtrAgt", one.debtor_agent),
        agent_element("CdtrAgt", one.creditor_agent),
        account_element("CdtrAgtAcct", one.creditor_agent_account),
        party_element("Cdtr", one.creditor, _PARTY),
        account_element("CdtrAcct", one.creditor_account),
        party_element("UltmtCdtr", one.ultimate_creditor, _PARTY),
        coded_element("Purp", one.purpose),
    )
