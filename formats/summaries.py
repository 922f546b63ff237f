"""What a message is in a few lines, whatever its form: what it is called, its key figures, how many records, how much.

A summary has no people in it: names of organisations, references, accounts, days and sums alone.

>>> bank_of("HSBKKZKX"), bank_of("KZ31563D601200099900"), bank_of("unknown")
('Halyk Bank', 'Kazpost', '')
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache, singledispatch
from itertools import islice

from formats import documents
from formats.camt_report import BankReport
from formats.documents import (
    CorrectiveAct,
    FundsRequest,
    MoneyAnnex,
    PaymentStatement,
    PeopleAnnex,
    Protocol,
    ReturnNotice,
    TransferAct,
)
from formats.explain import UnknownTerm, explain
from formats.mx_original import Reason
from formats.mx_parts import Agent
from formats.mx_status import REJECTED, STATUSES, PaymentStatus
from formats.pacs002 import Pacs002
from formats.pacs004 import Pacs004
from formats.pacs008 import Pacs008
from formats.pain001_message import Pain001
from formats.pain002 import Pain002

Fact = tuple[str, str | date]
Amount = tuple[str, int]

_NAMED_MAX = 5
_BANKS = "banks of Kazakhstan"


class Role(StrEnum):
    """What a message is in the work of a payer of benefits, as far as its content says."""

    ONEC_STATEMENT = "statement as 1C"
    STATEMENT = "statement"
    REPORT = "report without both balances"
    ORDER = "payments to be made"
    OWN_ORDER = "payments of the State Corporation"
    RETURN = "payments that a bank returns"
    RETURN_XML = "payments that a bank returns, as pacs.004"
    ORDER_XML = "payments to be made, as pacs.008"
    ANSWER = "answer to a message"
    REFUSAL = "refusal of a message"
    DECISIONS = "decisions on aid"
    RESOLUTIONS = "resolutions on returned payments"
    DOCUMENT = "document for an authority"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One message: what it is, its facts in order, the number of its records and its sums (hundredths of `currency`).

    `records` says what is counted: people, payments, movements. `stated` names what the file itself states of the sum,
    '' where it states nothing.
    """

    what: str
    role: Role
    facts: tuple[Fact, ...]
    count: int
    records: str
    amounts: tuple[Amount, ...] = ()
    currency: str = "KZT"
    stated: str = ""


def facts_given(*facts: Fact) -> tuple[Fact, ...]:
    """The facts that the message gives; a stand-in for a day that could not be read is none."""
    return tuple((name, value) for name, value in facts if value and value != date.min)


def turnovers(changes: Iterable[int]) -> tuple[int, int]:
    """What was added and what was taken away, both positive."""
    credited = debited = 0
    for change in changes:
        if change > 0:
            credited += change
        else:
            debited -= change
    return credited, debited


@cache
def bank_of(code: str) -> str:
    """The name of the bank of a BIC or an account; '' where it is not known."""
    try:
        return next((one.name_en for one in explain(code) if one.format == _BANKS), "") if code else ""
    except UnknownTerm:
        return ""


def at_bank(code: str) -> str:
    """A BIC with the name of its bank."""
    return f"{code} ({name})" if (name := bank_of(code)) else code


def _agent(agent: Agent | None) -> str:
    return "" if agent is None else at_bank(agent.bic) or agent.name


def _sums_stated(*, has_control_sum: bool, has_total: bool = False) -> str:
    """What of the sums a header states; the number of payments it always states."""
    return "CtrlSum" if has_control_sum else "the total of the header" if has_total else ""


def summary_of_camt(report: BankReport, count: int, credited: int, debited: int) -> Summary:
    """A report of an account in camt.052, 053 or 054, whose entries were counted."""
    opening, closing = report.opening, report.closing
    names = {"statement": "camt.053 statement", "notification": "camt.054 notification", "report": "camt.052 report"}
    is_whole = opening is not None and closing is not None
    return Summary(
        what=names[report.kind],
        role=Role.STATEMENT if is_whole else Role.REPORT,
        facts=facts_given(
            ("message", report.message_id),
            ("identification", report.identification),
            ("account", report.account.text),
            ("bank", bank_of(report.account.text) or _agent(report.servicer)),
            ("from", report.from_moment),
            ("to", report.to_moment),
        ),
        count=count,
        records="entries",
        amounts=(
            *(() if opening is None else (("opening", opening.amount),)),
            ("credited", credited),
            ("debited", debited),
            *(() if closing is None else (("closing", closing.amount),)),
        ),
        currency=report.currency or "KZT",
    )


@singledispatch
def summary_of(message: object) -> Summary:
    """The summary of a message; those of MT and 1C are added by formats.summaries_mt.

    Raises TypeError for what is no message.
    """
    raise TypeError(f"{type(message).__name__} is no message")


@summary_of.register
def _(message: BankReport) -> Summary:
    changes = [entry.change for entry in message.entries]
    return summary_of_camt(message, len(changes), *turnovers(changes))


@summary_of.register
def _(message: Pacs008) -> Summary:
    head = message.header
    return Summary(
        what="pacs.008, credit transfers",
        role=Role.ORDER_XML,
        facts=facts_given(
            ("message", head.message_id),
            ("created", head.created),
            ("settlement date", head.settlement_date or ""),
            ("from", _agent(head.instructing_agent)),
            ("to", _agent(head.instructed_agent)),
        ),
        count=len(message.transfers),
        records="payments",
        amounts=(("amount", message.total),),
        currency=message.transfers[0].currency if message.transfers else "KZT",
        stated=_sums_stated(has_control_sum=head.control_sum is not None, has_total=head.total is not None),
    )


@summary_of.register
def _(message: Pacs004) -> Summary:
    head = message.header
    return Summary(
        what="pacs.004, returned transfers",
        role=Role.RETURN_XML,
        facts=facts_given(
            ("message", head.message_id),
            ("created", head.created),
            ("of message", "" if message.original_message is None else message.original_message.message_id),
        ),
        count=len(message.transfers),
        records="payments",
        amounts=(("amount", message.total),),
        currency=message.transfers[0].currency if message.transfers else "KZT",
        stated=_sums_stated(has_control_sum=head.control_sum is not None, has_total=head.total is not None),
    )


@summary_of.register
def _(message: Pacs002) -> Summary:
    originals = [group.original.message_id for group in message.groups]
    reasons = [reason for group in message.groups for reason in group.reasons]
    statuses = [group.status for group in message.groups]
    return _answer("pacs.002, status", message, originals, statuses, reasons, message.payments)


@summary_of.register
def _(message: Pain001) -> Summary:
    head, transfers = message.header, message.transfers
    return Summary(
        what="pain.001, payments for a bank",
        role=Role.ORDER,
        facts=facts_given(("message", head.message_id), ("created", head.created)),
        count=len(transfers),
        records="payments",
        amounts=(("amount", sum(one.amount for one in transfers)),),
        currency=transfers[0].currency if transfers else "KZT",
        stated=_sums_stated(has_control_sum=head.control_sum is not None),
    )


@summary_of.register
def _(message: Pain002) -> Summary:
    group = message.group
    originals, statuses = [group.original.message_id], [group.status]
    return _answer("pain.002, status", message, originals, statuses, group.reasons, message.payments)


def _answer(
    what: str,
    message: Pacs002 | Pain002,
    originals: Sequence[str],
    groups: Sequence[str],
    why: Sequence[Reason],
    payments: Sequence[PaymentStatus],
) -> Summary:
    """An answer to a message: what became of it and of its payments, and why."""
    statuses = dict.fromkeys(filter(None, (*groups, *(one.status for one in payments))))
    told = "; ".join(f"{status} ({STATUSES[status]})" if status in STATUSES else status for status in statuses)
    reasons = dict.fromkeys(map(_why, (*why, *(reason for one in payments for reason in one.reasons))))
    references = dict.fromkeys(filter(None, (*originals, *(one.original_end_to_end_id for one in payments))))
    return Summary(
        what=what,
        role=Role.REFUSAL if set(statuses) == {REJECTED} else Role.ANSWER,
        facts=facts_given(
            ("message", message.message_id),
            ("created", message.created),
            ("of message", ", ".join(islice(references, _NAMED_MAX))),
            ("status", told),
            ("reasons", "; ".join(islice(filter(None, reasons), _NAMED_MAX))),
        ),
        count=len(payments),
        records="payments",
    )


def _why(reason: Reason) -> str:
    code = "" if reason.reason is None else reason.reason.text
    return " ".join(filter(None, (code, *reason.information)))


@summary_of.register(FundsRequest)
@summary_of.register(ReturnNotice)
@summary_of.register(TransferAct)
@summary_of.register(PaymentStatement)
@summary_of.register(MoneyAnnex)
@summary_of.register(PeopleAnnex)
@summary_of.register(Protocol)
@summary_of.register(CorrectiveAct)
def _(message: documents.Document) -> Summary:
    beside = message if isinstance(message, MoneyAnnex | PeopleAnnex | Protocol | CorrectiveAct) else None
    return next(_document(message)) if beside is None else _beside_the_act(beside)


def _document(message: documents.Document) -> Iterator[Summary]:
    match message:
        case FundsRequest():
            facts = (("number", message.number), ("sent on", message.sent_on), ("to", message.authority_ru))
            yield _paper("request for funds", facts, len(message.lines), "lines", ("amount", message.amount))
        case ReturnNotice():
            facts = (("number", message.number), ("sent on", message.sent_on), ("to", message.authority_ru))
            yield _paper("notice of returns", facts, len(message.lines), "payments", ("amount", message.amount))
        case TransferAct():
            month = (("month", f"{message.month:%m.%Y}"), ("authority", message.authority_ru))
            count = len(message.rows)
            yield _paper("reconciliation act, Appendix 1", month, count, "transfers", ("total", message.total))
        case PaymentStatement():
            month = (("month", f"{message.month:%m.%Y}"), ("authority", message.authority_ru))
            total = message.total
            sums = (("sent", total.sent), ("returned", total.returned), ("paid", total.paid))
            yield _paper("payments by banks, Appendix 2", month, len(message.rows), "banks", *sums)


def _beside_the_act(message: MoneyAnnex | PeopleAnnex | Protocol | CorrectiveAct) -> Summary:
    month = (("month", f"{message.month:%m.%Y}"), ("authority", message.authority_ru))
    match message:
        case MoneyAnnex():
            balances = (("opening", message.opening), ("closing", message.closing))
            return _paper("annex to Appendix 1", month, len(message.rows), "rows", *balances)
        case PeopleAnnex():
            return _paper("annex to Appendix 2", month, len(message.rows), "rows", ("returned", message.total.returned))
        case Protocol():
            sides = (("ours", message.ours), ("theirs", message.theirs), ("difference", message.difference))
            letter: tuple[Fact, ...] = (("dated", message.dated), ("document", message.document))
            return _paper("protocol of differences", (*month, *letter), len(message.lines), "transfers", *sides)
        case CorrectiveAct():
            totals = (("signed", message.signed), ("corrected", message.corrected), ("difference", message.difference))
            own: tuple[Fact, ...] = (("number", str(message.number)), ("dated", message.dated))
            return _paper("corrective act", (*month, *own), len(message.rows), "transfers", *totals)


def _paper(what: str, facts: tuple[Fact, ...], count: int, records: str, *amounts: Amount) -> Summary:
    return Summary(
        what=what,
        role=Role.DOCUMENT,
        facts=facts_given(*facts),
        count=count,
        records=records,
        amounts=amounts,
        stated="the totals of the document",
    )
