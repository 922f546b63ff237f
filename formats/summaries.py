"""What a message is in a few lines, whatever its form: what it is called, its key figures, how many records, how much.

A summary has no people in it: names of organisations, references, accounts, days and sums alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import singledispatch

from formats import documents
from formats.camt_report import BankReport
from formats.documents import FundsRequest, PaymentStatement, ReturnNotice, TransferAct
from formats.mx_parts import Agent
from formats.pacs002 import Pacs002
from formats.pacs004 import Pacs004
from formats.pacs008 import Pacs008
from formats.pain001_message import Pain001
from formats.pain002 import Pain002

Fact = tuple[str, str | date]
Amount = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One message: what it is, its facts in order, the number of its records and its sums (hundredths of `currency`).

    `records` says what is counted: people, payments, movements.
    """

    what: str
    facts: tuple[Fact, ...]
    count: int
    records: str
    amounts: tuple[Amount, ...] = ()
    currency: str = "KZT"


def facts_given(*facts: Fact) -> tuple[Fact, ...]:
    """The facts that the message gives."""
    return tuple((name, value) for name, value in facts if value)


def _agent(agent: Agent | None) -> str:
    return "" if agent is None else agent.bic or agent.name


def summary_of_camt(report: BankReport, count: int, credited: int, debited: int) -> Summary:
    """A report of an account in camt.052, 053 or 054, whose entries were counted."""
    opening, closing = report.opening, report.closing
    names = {"statement": "camt.053 statement", "notification": "camt.054 notification", "report": "camt.052 report"}
    return Summary(
        what=names[report.kind],
        facts=facts_given(
            ("message", report.message_id),
            ("identification", report.identification),
            ("account", report.account.text),
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
    """A message that comes whole.

    Raises TypeError for what is none.
    """
    raise TypeError(f"{type(message).__name__} is no message")


@summary_of.register
def _(message: Pacs008) -> Summary:
    head = message.header
    return Summary(
        what="pacs.008, credit transfers",
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
    )


@summary_of.register
def _(message: Pacs004) -> Summary:
    head = message.header
    return Summary(
        what="pacs.004, returned transfers",
        facts=facts_given(
            ("message", head.message_id),
            ("created", head.created),
            ("of message", "" if message.original_message is None else message.original_message.message_id),
        ),
        count=len(message.transfers),
        records="payments",
        amounts=(("amount", message.total),),
        currency=message.transfers[0].currency if message.transfers else "KZT",
    )


@summary_of.register
def _(message: Pacs002) -> Summary:
    statuses = " ".join(filter(None, (group.status for group in message.groups)))
    facts = facts_given(("message", message.message_id), ("created", message.created), ("status", statuses))
    return Summary(what="pacs.002, status", facts=facts, count=len(message.payments), records="payments")


@summary_of.register
def _(message: Pain001) -> Summary:
    head, transfers = message.header, message.transfers
    return Summary(
        what="pain.001, payments for a bank",
        facts=facts_given(("message", head.message_id), ("created", head.created)),
        count=len(transfers),
        records="payments",
        amounts=(("amount", sum(one.amount for one in transfers)),),
        currency=transfers[0].currency if transfers else "KZT",
    )


@summary_of.register
def _(message: Pain002) -> Summary:
    facts = facts_given(
        ("message", message.message_id),
        ("created", message.created),
        ("of message", message.group.original.message_id),
        ("status", message.group.status),
    )
    return Summary(what="pain.002, status", facts=facts, count=len(message.payments), records="payments")


@summary_of.register(FundsRequest)
@summary_of.register(ReturnNotice)
@summary_of.register(TransferAct)
@summary_of.register(PaymentStatement)
def _(message: documents.Document) -> Summary:
    return next(_document(message))


def _document(message: documents.Document) -> Iterator[Summary]:
    match message:
        case FundsRequest():
            facts = facts_given(("number", message.number), ("sent on", message.sent_on), ("to", message.authority_ru))
            amounts = (("amount", message.amount),)
            yield Summary(
                what="request for funds", facts=facts, count=len(message.lines), records="lines", amounts=amounts
            )
        case ReturnNotice():
            facts = facts_given(("number", message.number), ("sent on", message.sent_on), ("to", message.authority_ru))
            amounts = (("amount", message.amount),)
            yield Summary(
                what="notice of returns", facts=facts, count=len(message.lines), records="payments", amounts=amounts
            )
        case TransferAct():
            facts = facts_given(("month", f"{message.month:%m.%Y}"), ("authority", message.authority_ru))
            amounts = (("total", message.total),)
            yield Summary(
                what="reconciliation act, Appendix 1",
                facts=facts,
                count=len(message.rows),
                records="transfers",
                amounts=amounts,
            )
        case PaymentStatement():
            facts = facts_given(("month", f"{message.month:%m.%Y}"), ("authority", message.authority_ru))
            total = message.total
            yield Summary(
                what="payments by banks, Appendix 2",
                facts=facts,
                count=len(message.rows),
                records="banks",
                amounts=(("sent", total.sent), ("returned", total.returned), ("paid", total.paid)),
            )
