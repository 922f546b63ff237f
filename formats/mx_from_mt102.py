"""From MT-102 to ISO 20022, a PROPOSAL that mx_mapping describes: who is who, and what stands in which line."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from formats import mt_parts, mx
from formats.errors import FormatError
from formats.mt102_message import Mt102, Mt102Header, Mt102Item
from formats.mt_fields import CURRENCY
from formats.mx_lines import Entry, encode
from formats.mx_parts import Account, Agent, Coded, Identifier, Party, RegulatoryDetail, RegulatoryReport
from formats.mx_write import to_correct
from formats.pacs008 import CreditTransfer, Header, Pacs008

PERSON = "21"
"""The tag of the line after which everything is said of the person, as :21: begins one in MT-102."""
SEND = "07"
NAME_MAX = 140

_REMITTANCE_MAX = 140
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Za-z0-9]{1,30}")
_BIC = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
_BIN = re.compile(r"[0-9]{4}[456][0-9]{7}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Where codes of Kazakhstan stand in pacs.008: data, since no definition is public.

    `knp` may stand in Purp/Prtry, in RgltryRptg or in RmtInf; `codes` (KOd, KBe, VO, PSO, PRT) in RgltryRptg or RmtInf.
    """

    knp: Literal["purpose", "regulatory", "remittance"] = "purpose"
    codes: Literal["regulatory", "remittance"] = "regulatory"
    charge_bearer: str = "SLEV"
    settlement_method: str = "CLRG"


PROPOSAL = Proposal()


def pacs008_of(message: Mt102, created: str, message_id: str, proposal: Proposal) -> Pacs008:
    """The pacs.008 of an MT-102; `message_id` stands for :20: where it is given."""
    header = message.header
    identification = message_id or header.reference
    shared = head_entries(header, proposal, identification)
    total = mx.Amount(value=message.total, currency=CURRENCY)
    head = Header(
        message_id=identification,
        created=created,
        count=len(message.items),
        settlement_method=proposal.settlement_method,
        total=total,
        settlement_date=header.value_date,
    )
    transfers = tuple(_transfer(header, item, identification, shared, proposal) for item in message.items)
    return Pacs008(header=head, transfers=transfers)


def _transfer(
    header: Mt102Header, item: Mt102Item, identification: str, shared: list[Entry], proposal: Proposal
) -> CreditTransfer:
    own = item_entries(item)
    entries = [*shared, (PERSON, str(item.number)), *own] if own else shared
    return CreditTransfer(
        end_to_end_id=f"{identification}-{item.number}",
        amount=item.amount,
        currency=CURRENCY,
        charge_bearer=proposal.charge_bearer,
        purpose=Coded(proprietary=header.knp) if proposal.knp == "purpose" else None,
        regulatory=_regulatory(header, proposal),
        remittance=lines(entries, _REMITTANCE_MAX, f"item {item.number}"),
        **roles(header.payer, header.beneficiary, item),
    )


def roles(payer: mt_parts.Party, beneficiary: mt_parts.Party, item: Mt102Item) -> dict[str, Any]:
    """Who is who in a transfer, with accounts and agents: who contributes (/OPV/) pays, anybody else is paid."""
    found: dict[str, Any] = {
        "debtor": _party(payer),
        "debtor_account": account_of(payer.account),
        "debtor_agent": agent_of(payer.bic),
    }
    if item.contribution:
        found |= {"creditor": _party(beneficiary), "creditor_account": account_of(beneficiary.account)}
        return found | {"creditor_agent": agent_of(beneficiary.bic), "ultimate_debtor": _person(item)}
    bank = agent_of(beneficiary.bic, beneficiary.name, beneficiary.idn)
    found |= {"creditor": _person(item), "creditor_account": account_of(item.account) if item.account else None}
    return found | {"creditor_agent": bank, "creditor_agent_account": account_of(beneficiary.account)}


def lines(entries: Iterable[Entry], width: int, place: str) -> tuple[str, ...]:
    """The lines of the entries.

    Raises FormatError for an entry that fits no line.
    """
    try:
        return encode(entries, width)
    except ValueError as error:
        expected = f"words that fit lines of {width} characters"
        raise FormatError("MT-102 to map", [to_correct(place, str(error)[:90], expected)]) from None


def head_entries(header: Mt102Header, proposal: Proposal, identification: str) -> list[Entry]:
    """What of the head stands in the remittance, the purpose first."""
    payer, beneficiary = header.payer, header.beneficiary
    entries = [("", header.assign), ("NUM", header.number), ("DATE", header.dated.isoformat())]
    entries += [("20", header.reference)] if header.reference != identification else []
    entries += [("CHIEF", payer.chief), ("MAINBK", payer.main_bk), ("RNN50", payer.rnn), ("RNN59", beneficiary.rnn)]
    entries += [("PERIOD", header.period), ("BCLASS", header.budget_code)]
    entries += [("SEND", header.send)] if header.send != SEND else []
    entries += _codes(header) if proposal.codes == "remittance" else []
    entries += [("KNP", header.knp)] if proposal.knp == "remittance" else []
    return [*((tag, text) for tag, text in entries if text), *_other_entries(header.other)]


def item_entries(item: Mt102Item) -> list[Entry]:
    """What of a person stands in the remittance."""
    whole = full_name(item)
    split = len(whole) <= NAME_MAX and names_of(whole) == (item.surname, item.first_name, item.patronymic)
    entries = [] if split else [("FM", item.surname), ("NM", item.first_name), ("FT", item.patronymic)]
    entries += [("DT", item.birth_date.isoformat() if item.birth_date else ""), ("PERIOD", item.period)]
    entries += [("OPV", item.contribution), ("CARD", item.social_card), ("RNN", item.rnn)]
    entries += [("LA", item.account)] if item.contribution else []
    entries += [("FM2", item.changed_surname), ("ASSIGN", item.assign)]
    return [*((tag, text) for tag, text in entries if text), *_other_entries(item.other)]


def _other_entries(other: Iterable[tuple[str, str]]) -> list[Entry]:
    return [("OTHER", f"{place}={text}") for place, text in other]


def _codes(header: Mt102Header) -> list[Entry]:
    payer, beneficiary = header.payer, header.beneficiary
    residency = [("KOD", f"{payer.irs}{payer.seco}"), ("KBE", f"{beneficiary.irs}{beneficiary.seco}")]
    return [*residency, ("VO", header.vo), ("PSO", header.pso), ("PRT", header.prt)]


def _regulatory(header: Mt102Header, proposal: Proposal) -> tuple[RegulatoryReport, ...]:
    """KOd on the side of the debtor, KBe on that of the creditor, the others on both."""
    found: dict[str, list[Entry]] = {"DEBT": [], "CRED": [], "BOTH": []}
    if proposal.codes == "regulatory":
        kod, kbe, *others = _codes(header)
        found = {"DEBT": [kod], "CRED": [kbe], "BOTH": others}
    if proposal.knp == "regulatory":
        found["BOTH"].append(("KNP", header.knp))
    return tuple(
        RegulatoryReport(
            indicator=side,
            details=tuple(RegulatoryDetail(type=tag, code=code) for tag, code in codes if code),
        )
        for side, codes in found.items()
        if codes
    )


def full_name(item: Mt102Item) -> str:
    """The name of a person as one text."""
    return " ".join(part for part in (item.surname, item.first_name, item.patronymic) if part)


def names_of(whole: str) -> tuple[str, str, str]:
    """Surname, first name and patronymic as the words of a name, what is more in the last."""
    parts = [*whole.split(" ", 2), "", ""]
    return parts[0], parts[1], parts[2]


def _person(item: Mt102Item) -> Party:
    name = full_name(item)[:NAME_MAX].rstrip()
    return _identified(name, item.idn, "IIN")


def _party(party: mt_parts.Party) -> Party:
    return _identified(party.name, party.idn, _scheme(party.idn))


def _identified(name: str, number: str, scheme: str) -> Party:
    if not number:
        return Party(name=name)
    identifiers = (Identifier(number=number, scheme=Coded(proprietary=scheme)),)
    return Party(name=name, kind="person" if scheme == "IIN" else "organisation", identifiers=identifiers)


def _scheme(number: str) -> str:
    """Digit 5 is 4, 5 or 6 in the number of an organisation, and part of a day in that of a person."""
    return "BIN" if _BIN.fullmatch(number) else "IIN"


def account_of(number: str) -> Account:
    """An IBAN, or an account of another form."""
    return Account(iban=number) if _IBAN.fullmatch(number) else Account(number=number)


def agent_of(bank: str, name: str = "", number: str = "") -> Agent:
    """A bank by its BIC, or by its MFO of before 2010."""
    identifier = Identifier(number=number, scheme=Coded(proprietary=_scheme(number))) if number else None
    if _BIC.fullmatch(bank):
        return Agent(bic=bank, name=name, identifier=identifier)
    return Agent(member=bank, name=name, identifier=identifier)
