"""From ISO 20022 to MT-102, a PROPOSAL (mx_mapping says what is proposed): the head and the person of one transfer.

What an MT-102 cannot do without and no transfer says is a fault; nothing is made up.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from formats import mt, mt_parts
from formats.errors import Fault
from formats.mt102_message import Mt102Header, Mt102Item
from formats.mt_fields import CURRENCY
from formats.mx_from_mt102 import PERSON, SEND, names_of
from formats.mx_lines import Entry, decode
from formats.mx_original import OriginalTransfer
from formats.mx_parts import Account, Agent, Party, RegulatoryReport
from formats.mx_write import to_correct
from formats.pacs008 import CreditTransfer

_NUMBERED = re.compile(r"(.*)-([0-9]{1,9})")
_OTHER = "OTHER"


@dataclass(slots=True)
class Told:
    """The tagged lines of the head or of a person, of which each text is asked for once."""

    place: str
    faults: list[Fault]
    texts: dict[str, str] = field(default_factory=dict)
    other: tuple[tuple[str, str], ...] = ()

    def get(self, tag: str) -> str:
        """The text under the tag, '' where there is none."""
        return self.texts.get(tag, "")

    def needed(self, tag: str, words: str) -> str:
        """The text under the tag, which an MT-102 cannot do without."""
        if not self.get(tag):
            self.faults.append(to_correct(self.place, f"no /{tag}/", f"{words}, which an MT-102 cannot do without"))
        return self.get(tag)

    def day(self, tag: str) -> date | None:
        """The day under the tag."""
        text = self.get(tag)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            self.faults.append(to_correct(f"{self.place} /{tag}/", text, "a day like 2024-03-14"))
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What a transfer does not say itself: envelope, reference, value date, KNP, and whether it is a return."""

    envelope: mt.Header
    reference: str
    value_date: date | None
    knp: str = ""
    is_return: bool = False


def told(entries: Iterable[Entry], place: str, faults: list[Fault]) -> Told:
    """The entries by their tags, the first of each; others of MT-102 apart."""
    found = Told(place, faults)
    other = []
    for tag, text in entries:
        where, sign, rest = text.partition("=")
        if tag == _OTHER and sign:
            other.append((where, rest))
        else:
            found.texts.setdefault(tag, text)
    found.other = tuple(other)
    return found


def halves(lines: Iterable[str], place: str, faults: list[Fault]) -> tuple[Told, Told]:
    """What the lines say of the head, and what of the person."""
    entries = decode(lines)
    at = next((number for number, (tag, _) in enumerate(entries) if tag == PERSON), len(entries))
    return told(entries[:at], place, faults), told(entries[at:], place, faults)


def add_codes(head: Told, reports: Iterable[RegulatoryReport]) -> None:
    """Take the regulatory details as if they stood in lines."""
    for report in reports:
        for one in report.details:
            head.texts.setdefault(one.type, one.code)


def header_of(
    one: CreditTransfer | OriginalTransfer, head: Told, frame: Frame, *, is_person_debtor: bool
) -> Mt102Header:
    """The head of the MT-102 as this transfer gives it; stand-ins where there was a fault."""
    codes = {"50": head.needed("KOD", "KOd"), "59": head.needed("KBE", "KBe")}
    # In a return the debtor of the original is the beneficiary.
    first, second = ("59", "50") if frame.is_return else ("50", "59")
    agent = one.creditor_agent or Agent()
    debtor = _party(one.debtor, one.debtor_account, one.debtor_agent, codes[first], head.get(f"RNN{first}"))
    if is_person_debtor:
        creditor, account = one.creditor, one.creditor_account
    else:
        creditor = Party(name=agent.name, identifiers=(agent.identifier,) if agent.identifier else ())
        account = one.creditor_agent_account
    other = _party(creditor, account, agent, codes[second], head.get(f"RNN{second}"))
    payer, beneficiary = (other, debtor) if frame.is_return else (debtor, other)
    knp = head.get("KNP") or frame.knp
    if not knp:
        head.faults.append(to_correct(head.place, "no KNP", "a payment purpose code"))
    if frame.value_date is None:
        head.faults.append(to_correct("header settlement_date", "", "the value date of :32A:"))
    return Mt102Header(
        envelope=frame.envelope,
        reference=head.get("20") or frame.reference,
        payer=replace(payer, chief=head.get("CHIEF"), main_bk=head.get("MAINBK")),
        beneficiary=beneficiary,
        number=head.needed("NUM", "the number of the document"),
        dated=head.day("DATE") or _lacking_day(head),
        value_date=frame.value_date or date.min,
        vo=head.needed("VO", "the kind of operation"),
        knp=knp,
        pso=head.needed("PSO", "the code PSO"),
        prt=head.get("PRT"),
        assign=head.get(""),
        period=head.get("PERIOD"),
        budget_code=head.get("BCLASS"),
        send=head.get("SEND") or SEND,
        other=head.other,
    )


def item_of(number: int, amount: int, person: Party, account: str, own: Told) -> Mt102Item:
    """The person of a transfer."""
    surname, first_name, patronymic = names_of(person.name)
    if own.get("FM"):
        surname, first_name, patronymic = own.get("FM"), own.get("NM"), own.get("FT")
    return Mt102Item(
        number=number,
        amount=amount,
        surname=surname,
        first_name=first_name,
        patronymic=patronymic,
        idn=person.number,
        account=account,
        assign=own.get("ASSIGN"),
        birth_date=own.day("DT"),
        period=own.get("PERIOD"),
        contribution=own.get("OPV"),
        social_card=own.get("CARD"),
        rnn=own.get("RNN"),
        changed_surname=own.get("FM2"),
        other=own.other,
    )


def number_of(reference: str, own: Told) -> int:
    """The number of the list: of its line, or of the end of the reference; a fault where neither says it."""
    match = _NUMBERED.fullmatch(reference)
    text = own.get(PERSON) or (match[2] if match else "")
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        own.faults.append(to_correct(own.place, reference, "a reference that ends in - and the number of the list"))
        return 0
    return int(text)


def wrong_currency(currency: str, place: str) -> list[Fault]:
    """The fault of a transfer in another currency than tenge."""
    return [] if currency == CURRENCY else [to_correct(f"{place}, currency", currency, CURRENCY)]


def _party(party: Party | None, account: Account | None, agent: Agent | None, codes: str, rnn: str) -> mt_parts.Party:
    bank = agent or Agent()
    return mt_parts.Party(
        account=account.text if account else "",
        name=party.name if party else "",
        idn=party.number if party else "",
        irs=codes[:1],
        seco=codes[1:],
        bic=bank.bic or bank.member,
        rnn=rnn,
    )


def _lacking_day(head: Told) -> date:
    head.needed("DATE", "the date of the document")
    return date.min
