"""pain.001 on its way out: its elements in the order of version 001.12, and what a bank would send back."""

from collections.abc import Iterator

from formats.errors import Code, Fault
from formats.mx_nodes import Amount
from formats.mx_parts import (
    Account,
    Agent,
    account_element,
    agent_element,
    coded_element,
    day_element,
    party_element,
    regulatory_elements,
    remittance_element,
)
from formats.mx_proof import money_element
from formats.mx_write import CORRECT, Part, element
from formats.pain001_message import Group, Pain001, Profile, Transfer

BODY = "CstmrCdtTrfInitn"


def body_element(message: Pain001) -> Part | None:
    """The element of a message below Document."""
    header = message.header
    head = element(
        "GrpHdr",
        element("MsgId", header.message_id),
        element("CreDtTm", header.created),
        element("NbOfTxs", str(header.count)),
        money_element("CtrlSum", header.control_sum),
        party_element("InitgPty", header.initiator),
    )
    return element(BODY, head, *(_group_element(group) for group in message.groups))


def refused(message: Pain001, profile: Profile) -> Iterator[Fault]:
    """What the bank of the profile would send back with a reason (BE04, AM04, AC01), seen before it is sent."""
    transfers = message.transfers
    if len(transfers) > profile.transfers_max:
        yield _limit("transfers", str(len(transfers)), f"at most {profile.transfers_max} in a message", profile)
    if message.header.control_sum is None:
        yield _limit("header control_sum", "", "the sum of all transfers", profile)
    given: set[str] = set()
    for group in message.groups:
        place = f"group {group.group_id}"
        if group.priority not in profile.priorities:
            yield _limit(f"{place}, priority", group.priority, " or ".join(sorted(profile.priorities)), profile)
        if group.method != "TRF":
            yield _limit(f"{place}, method", group.method, "TRF", profile)
        if group.count is None or group.control_sum is None:
            yield _limit(f"{place}, totals", "", "count and control_sum of the group", profile)
        yield from _refused_account(place, group.debtor_account, group.debtor_agent, profile)
        for one in group.transfers:
            yield from _refused_transfer(one, profile, given)


def _refused_transfer(one: Transfer, profile: Profile, given: set[str]) -> Iterator[Fault]:
    place = f"transfer {one.end_to_end_id}"
    if one.end_to_end_id in given:
        yield _limit(f"{place}, end_to_end_id", "the same again", "another for each transfer", profile)
    given.add(one.end_to_end_id)
    if one.amount <= 0:
        yield _limit(f"{place}, amount", str(one.amount), "more than zero", profile)
    if one.currency not in profile.currencies:
        yield _limit(f"{place}, currency", one.currency, " or ".join(sorted(profile.currencies)), profile)
    if one.creditor is None or not one.creditor.name:
        yield _limit(f"{place}, creditor", "", "a name", profile)
    yield from _refused_account(place, one.creditor_account, one.creditor_agent, profile)


def _refused_account(place: str, account: Account | None, agent: Agent | None, profile: Profile) -> Iterator[Fault]:
    iban = account.iban if account else ""
    if not iban.startswith(profile.account_start):
        yield _limit(f"{place}, account", iban, f"an IBAN that begins {profile.account_start}", profile)
    if agent is None or not agent.bic:
        yield _limit(f"{place}, bank", "", "a BIC", profile)


def _limit(place: str, found: str, expected: str, profile: Profile) -> Fault:
    words = f"{expected}, as {profile.bank} asks for"
    return Fault(code=Code.BANK_LIMIT, line=None, place=place, found=found or "nothing", expected=words, remedy=CORRECT)


def _group_element(group: Group) -> Part | None:
    return element(
        "PmtInf",
        element("PmtInfId", group.group_id),
        element("PmtMtd", group.method),
        element("BtchBookg", group.batch),
        element("NbOfTxs", "" if group.count is None else str(group.count)),
        money_element("CtrlSum", group.control_sum),
        element("PmtTpInf", element("InstrPrty", group.priority)),
        element("ReqdExctnDt", day_element("Dt", group.execution_date)),
        party_element("Dbtr", group.debtor),
        account_element("DbtrAcct", group.debtor_account),
        agent_element("DbtrAgt", group.debtor_agent),
        party_element("UltmtDbtr", group.ultimate_debtor),
        element("ChrgBr", group.charge_bearer),
        *(_transfer_element(one) for one in group.transfers),
    )


def _transfer_element(one: Transfer) -> Part | None:
    references = (element("InstrId", one.instruction_id), element("EndToEndId", one.end_to_end_id))
    return element(
        "CdtTrfTxInf",
        element("PmtId", *references, element("UETR", one.uetr)),
        element("PmtTpInf", element("InstrPrty", one.priority)),
        element("Amt", money_element("InstdAmt", Amount(value=one.amount, currency=one.currency))),
        element("ChrgBr", one.charge_bearer),
        party_element("UltmtDbtr", one.ultimate_debtor),
        agent_element("CdtrAgt", one.creditor_agent),
        party_element("Cdtr", one.creditor),
        account_element("CdtrAcct", one.creditor_account),
        party_element("UltmtCdtr", one.ultimate_creditor),
        coded_element("Purp", one.purpose),
        *regulatory_elements(one.regulatory),
        remittance_element(one.remittance),
    )
