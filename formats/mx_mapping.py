"""A PROPOSAL how MT-102 and ISO 20022 carry the same list: no definition of this for Kazakhstan is public (inferred).

One MT-102 becomes one pacs.008 with a transfer for each person. :20: becomes MsgId and, with :21:, EndToEndId
(`F240314-3`); a person who is paid is the creditor and the bank of :59: its agent, a person who contributes (/OPV/) is
the ultimate debtor and :59: the creditor. KNP stands in Purp/Prtry, KOd and KBe (/IRS/ and /SECO/),
/VO/, /PSO/ and /PRT/ in RgltryRptg, the purpose and what has no place in RmtInf/Ustrd as tagged lines (mx_lines).
Where banks agree on other places, Proposal says so.

A return, an MT-102 with the parties swapped, becomes a pacs.004: each person a TxInf with the OrgnlEndToEndId of the
payment it was found to be, by IIN and amount, the KNP of the return as Rsn/Prtry and /ASSIGN/ in AddtlInf.

Nothing is lost in silence: each message is mapped there and back, and what differs then is in the notes.

>>> PROPOSAL.knp, PROPOSAL.codes
('purpose', 'regulatory')
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Generic, TypeVar

from formats import mt, mx
from formats.errors import Fault, Findings, FormatError, Note
from formats.mt102_message import Mt102, Mt102Header, Mt102Item
from formats.mt_fields import CURRENCY
from formats.mx_from_mt102 import Proposal, head_entries, item_entries, lines, pacs008_of, roles
from formats.mx_lines import decode
from formats.mx_original import OriginalMessage, OriginalTransfer, Reason
from formats.mx_parts import Coded, Party
from formats.mx_proof import differences, dotted
from formats.mx_to_mt102 import Frame, add_codes, halves, header_of, item_of, number_of, told, wrong_currency
from formats.mx_write import to_correct
from formats.pacs004 import Header as ReturnHeader
from formats.pacs004 import Pacs004, ReturnedTransfer
from formats.pacs008 import CreditTransfer, Pacs008

__all__ = ["PROPOSAL", "Mapped", "Proposal", "from_pacs004", "from_pacs008", "to_pacs004", "to_pacs008"]

Message = TypeVar("Message")

PROPOSAL = Proposal()
NOT_PROVIDED = "NOTPROVIDED"
"""What ISO 20022 has for a reference that nobody gave."""

_ANSWERED = "pacs.008.001.08"
_NOT_UNIQUE = "REFERENCE"
_INFORMATION_MAX = 105
_IN_LINES = Proposal(knp="purpose", codes="remittance")
_ONE_LIST = "the same in all transfers: an MT-102 has one head"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped(Generic[Message]):
    """A mapped message, and what of the other one did not survive."""

    message: Message
    notes: tuple[Note, ...]


def to_pacs008(message: Mt102, *, created: str, message_id: str = "", proposal: Proposal = PROPOSAL) -> Mapped[Pacs008]:
    """The pacs.008 of an MT-102, made at the moment `created`; `message_id` stands for a :20: that is not unique.

    Raises FormatError for a text that fits no line of a remittance, and for a list without people or without a code.
    """
    mapped = pacs008_of(message, created, message_id, proposal)
    findings = Findings("MT-102 to pacs.008")
    _note_head(message.header, message_id, findings)
    _note_lost(message, _mt102_of(mapped, message.header.envelope), findings)
    return Mapped(message=mapped, notes=findings.notes)


def from_pacs008(message: Pacs008, *, envelope: mt.Header, proposal: Proposal = PROPOSAL) -> Mapped[Mt102]:
    """The MT-102 of a pacs.008; the envelope is given, since pacs.008 has none.

    Raises FormatError where transfers are not of one payer and one beneficiary, or where something lacks that an MT-102
    cannot do without.
    """
    mapped = _mt102_of(message, envelope)
    findings = Findings("pacs.008 to MT-102")
    _note_lost(message, pacs008_of(mapped, message.header.created, message.header.message_id, proposal), findings)
    return Mapped(message=mapped, notes=findings.notes)


def to_pacs004(
    returned: Mt102, original: Mt102, *, created: str, message_id: str = "", original_id: str = ""
) -> Mapped[Pacs004]:
    """The pacs.004 of a return and of the MT-102 whose people it names, made at the moment `created`.

    `message_id` and `original_id` stand for a :20: that is not unique. A person is found by IIN and amount, and by the
    account where both name one; one who is not found, or found twice, has OrgnlEndToEndId NOTPROVIDED and is noted.

    Raises FormatError for a text that fits no line of a reason.
    """
    findings = Findings("return to pacs.004")
    mapped = _pacs004_of(returned, created, message_id or returned.header.reference)
    head = returned.header
    _note_head(head, message_id, findings)
    _note_lost(returned, _returned_mt102_of(mapped, head.envelope), findings)
    if (head.payer.account, head.beneficiary.account) != (
        original.header.beneficiary.account,
        original.header.payer.account,
    ):
        findings.note(None, ":50: and :59:", head.payer.account, "are not the accounts of the original swapped")
    transfers = tuple(
        _with_original(one, item, original, original_id or original.header.reference, findings)
        for one, item in zip(mapped.transfers, returned.items, strict=True)
    )
    answered = OriginalMessage(message_id=original_id or original.header.reference, message_name=_ANSWERED)
    return Mapped(message=replace(mapped, transfers=transfers, original_message=answered), notes=findings.notes)


def from_pacs004(message: Pacs004, *, envelope: mt.Header) -> Mapped[Mt102]:
    """The return as MT-102 of a pacs.004, parties swapped; the envelope is given, since pacs.004 has none.

    Raises FormatError like from_pacs008().
    """
    mapped = _returned_mt102_of(message, envelope)
    findings = Findings("pacs.004 to return")
    _note_lost(message, _pacs004_of(mapped, message.header.created, message.header.message_id), findings)
    return Mapped(message=mapped, notes=findings.notes)


def _note_head(header: Mt102Header, message_id: str, findings: Findings) -> None:
    if header.reference == _NOT_UNIQUE and not message_id:
        findings.note(None, ":20:", header.reference, "is the same in every file, so that EndToEndId is not unique")
    findings.note(None, "blocks 1 and 2", header.envelope.terminal, "have no place in ISO 20022")


def _note_lost(given: Any, back: Any, findings: Findings) -> None:
    """Note each value of the given message that is not in the one mapped there and back."""
    for place, here, there in differences(given, back):
        if here not in (None, "", ()):
            where = " ".join(word for word in place.split(" ") if not word.isdigit())
            findings.note(None, where, _shown(here), f"does not survive, {_shown(there)} stands there instead")


def _shown(value: Any) -> str:
    """A value for the eyes: of a part with fields those that say something."""
    if isinstance(value, mx.Amount):
        return f"{value.currency} {dotted(value.value)}"
    if is_dataclass(value):
        said = [(one.name, getattr(value, one.name)) for one in fields(value)]
        return ", ".join(f"{name} {_shown(text)}" for name, text in said if text not in (None, "", ()))
    return str(value or "nothing")


def _mt102_of(message: Pacs008, envelope: mt.Header) -> Mt102:
    faults: list[Fault] = []
    heads: list[Mt102Header] = []
    items: list[Mt102Item] = []
    for number, one in enumerate(message.transfers, 1):
        place = f"transfer {number}"
        faults += wrong_currency(one.currency, place)
        head, own = halves(one.remittance, place, faults)
        add_codes(head, one.regulatory)
        knp = one.purpose.proprietary if one.purpose else ""
        day = message.header.settlement_date or one.settlement_date
        frame = Frame(envelope=envelope, reference=message.header.message_id, value_date=day, knp=knp)
        is_debtor = bool(own.get("OPV"))
        heads.append(header_of(one, head, frame, is_person_debtor=is_debtor))
        person, account = _person(one, own.get("LA"), is_debtor=is_debtor)
        items.append(item_of(number_of(one.end_to_end_id, own), one.amount, person, account, own))
    return _one_list(heads, items, faults, "pacs.008")


def _person(one: CreditTransfer | OriginalTransfer, said: str, *, is_debtor: bool) -> tuple[Party, str]:
    """The person of the list and its account, which of one who contributes stands in a line if anywhere."""
    if is_debtor:
        return one.ultimate_debtor or Party(), said
    return one.creditor or Party(), one.creditor_account.text if one.creditor_account else ""


def _one_list(heads: Sequence[Mt102Header], items: Sequence[Mt102Item], faults: list[Fault], name: str) -> Mt102:
    """The list of the people, whose heads must all be the same."""
    for number, head in enumerate(heads[1:], 2):
        for place, first, here in differences(heads[0], head):
            faults.append(to_correct(f"transfer {number}, {place}", str(here), f"{first}, {_ONE_LIST}"))
    if not heads:
        faults.append(to_correct("transfers", "", "at least one"))
    if faults:
        raise FormatError(f"{name} to MT-102", faults)
    return Mt102(header=heads[0], items=tuple(items))


def _pacs004_of(returned: Mt102, created: str, message_id: str) -> Pacs004:
    """The pacs.004 of a return as far as the return itself says it; the original is not looked at."""
    header = returned.header
    total = mx.Amount(value=returned.total, currency=CURRENCY)
    head = ReturnHeader(
        message_id=message_id,
        created=created,
        count=len(returned.items),
        settlement_method=PROPOSAL.settlement_method,
        total=total,
        settlement_date=header.value_date,
    )
    rows = lines(head_entries(header, _IN_LINES, message_id), _INFORMATION_MAX, "the head")
    knp = Coded(proprietary=header.knp)
    transfers = tuple(_returned(returned, item, message_id, knp) for item in returned.items)
    return Pacs004(header=head, transfers=transfers, reasons=(Reason(reason=knp, information=rows),))


def _returned(returned: Mt102, item: Mt102Item, message_id: str, knp: Coded) -> ReturnedTransfer:
    header = returned.header
    own = [("" if tag == "ASSIGN" else tag, text) for tag, text in item_entries(item)]
    own.sort(key=lambda entry: entry[0] != "")
    # Who paid and who was paid in the original are the other way round in the return.
    parties = roles(header.beneficiary, header.payer, item)
    return ReturnedTransfer(
        amount=item.amount,
        currency=CURRENCY,
        return_id=f"{message_id}-{item.number}",
        original_end_to_end_id=NOT_PROVIDED,
        reasons=(Reason(reason=knp, information=lines(own, _INFORMATION_MAX, f"item {item.number}")),),
        original=OriginalTransfer(**parties),
    )


def _with_original(
    one: ReturnedTransfer, item: Mt102Item, original: Mt102, original_id: str, findings: Findings
) -> ReturnedTransfer:
    """The returned transfer with the references of the payment that it was."""
    found = list(_candidates(item, original))
    if len(found) != 1:
        words = f"{len(found)} payments of the original have this IIN and amount"
        findings.note(None, ":21:", str(item.number), words)
        return one
    repeated = replace(one.original or OriginalTransfer(), purpose=Coded(proprietary=original.header.knp))
    return replace(
        one,
        original_end_to_end_id=f"{original_id}-{found[0].number}",
        original_amount=mx.Amount(value=found[0].amount, currency=CURRENCY),
        original_settlement_date=original.header.value_date,
        original=repeated,
    )


def _candidates(item: Mt102Item, original: Mt102) -> Iterator[Mt102Item]:
    for one in original.items:
        if (one.idn, one.amount) == (item.idn, item.amount) and item.account in ("", one.account):
            yield one


def _returned_mt102_of(message: Pacs004, envelope: mt.Header) -> Mt102:
    faults: list[Fault] = []
    heads: list[Mt102Header] = []
    items: list[Mt102Item] = []
    rows = tuple(text for reason in message.reasons for text in reason.information)
    for number, one in enumerate(message.transfers, 1):
        place = f"transfer {number}"
        faults += wrong_currency(one.currency, place)
        original = one.original or OriginalTransfer()
        head = told(decode(rows), place, faults)
        own = told(decode(text for reason in one.reasons for text in reason.information), place, faults)
        own.texts["ASSIGN"] = own.get("")
        knp = next((reason.reason.proprietary for reason in one.reasons if reason.reason), "")
        day = message.header.settlement_date or one.settlement_date
        frame = Frame(envelope=envelope, reference=message.header.message_id, value_date=day, knp=knp, is_return=True)
        is_debtor = bool(own.get("OPV"))
        heads.append(header_of(original, head, frame, is_person_debtor=is_debtor))
        person, account = _person(original, own.get("LA"), is_debtor=is_debtor)
        items.append(item_of(number_of(one.return_id, own), one.amount, person, account, own))
    return _one_list(heads, items, faults, "pacs.004")
