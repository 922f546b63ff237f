"""Summaries of MT messages and 1C files."""

from formats.mt9xx import Confirmation, KeptMessage, Refusal, StatementRequest
from formats.mt100 import Mt100
from formats.mt102_message import Mt102Header, Mt102Item, layout
from formats.mt102_packed import PackedHeader
from formats.mt102_utilities import UtilityHeader
from formats.mt940_pages import Mt940Head
from formats.mt950 import Mt950
from formats.mt998 import CodedForm, KeptText, LimitRequest
from formats.mt_parts import Party
from formats.onec_orders import PaymentOrder
from formats.onec_parts import Statement
from formats.summaries import Summary, facts_given, summary_of


def _party(party: Party) -> str:
    return f"{party.name}, {party.account} at {party.bic}"


def summary_of_list(header: Mt102Header, first: Mt102Item, count: int, total: int) -> Summary:
    """A list of people MT-102."""
    return Summary(
        what=f"MT-102, {layout(header, first).value}",
        facts=facts_given(
            ("reference", header.reference),
            ("number", header.number),
            ("dated", header.dated),
            ("value date", header.value_date),
            ("from", _party(header.payer)),
            ("to", _party(header.beneficiary)),
            ("purpose code", header.knp),
            ("purpose", header.assign),
        ),
        count=count,
        records="people",
        amounts=(("amount", total),),
    )


def summary_of_packed(header: PackedHeader, count: int, total: int) -> Summary:
    """Ordinary payments packed into an MT-102."""
    return Summary(
        what="MT-102, ordinary payments packed together",
        facts=facts_given(
            ("reference", header.reference),
            ("dated", header.dated),
            ("value date", header.value_date),
            ("from", header.payer_bic),
            ("to", header.beneficiary_bic),
        ),
        count=count,
        records="payments",
        amounts=(("amount", total),),
    )


def summary_of_utilities(header: UtilityHeader, count: int, total: int) -> Summary:
    """A register of utility payments as MT-102."""
    return Summary(
        what="MT-102, utility payments",
        facts=facts_given(
            ("reference", header.reference),
            ("number", header.number),
            ("dated", header.dated),
            ("value date", header.value_date),
            ("from", header.payer_bic),
        ),
        count=count,
        records="payments",
        amounts=(("amount", total),),
    )


def summary_of_onec(statement: Statement, count: int) -> Summary:
    """A 1C statement whose lines were counted."""
    return Summary(
        what="1C statement",
        facts=facts_given(("account", statement.account), ("from", statement.date_from), ("to", statement.date_to)),
        count=count,
        records="documents",
        amounts=(
            *((("opening", statement.opening),) if "НачальныйОстаток" not in statement.unstated else ()),
            ("credited", statement.credited),
            ("debited", statement.debited),
            *((("closing", statement.closing),) if "КонечныйОстаток" not in statement.unstated else ()),
        ),
    )


def summary_of_mt940(head: Mt940Head, count: int, credited: int, debited: int) -> Summary:
    """A statement MT940, or one page of it, whose lines were counted."""
    return Summary(
        what="MT940 statement",
        facts=facts_given(
            ("reference", head.reference),
            ("account", head.account),
            ("number", "/".join(filter(None, (head.number, head.page)))),
            ("from", head.opening.on),
            ("to", head.closing.on),
        ),
        count=count,
        records="movements",
        amounts=(
            ("opening", head.opening.amount),
            ("credited", credited),
            ("debited", debited),
            ("closing", head.closing.amount),
        ),
        currency=head.opening.currency,
    )


@summary_of.register
def _(message: Mt100) -> Summary:
    return Summary(
        what="MT-100, one payment",
        facts=facts_given(
            ("reference", message.reference),
            ("number", message.number),
            ("dated", message.dated),
            ("value date", message.value_date),
            ("from", _party(message.payer)),
            ("to", _party(message.beneficiary)),
            ("purpose code", message.knp),
            ("purpose", message.assign),
        ),
        count=1,
        records="payments",
        amounts=(("amount", message.amount),),
    )


@summary_of.register
def _(message: Confirmation) -> Summary:
    way = "credited" if message.is_credit else "debited"
    return Summary(
        what=f"MT{message.header.message_type}, a payment was {way}",
        facts=facts_given(
            ("reference", message.reference),
            ("of payment", message.related_reference),
            ("value date", message.value_date),
            ("account", message.account),
        ),
        count=1,
        records="payments",
        amounts=((way, message.amount),),
    )


@summary_of.register
def _(message: Refusal) -> Summary:
    facts = facts_given(
        ("reference", message.reference), ("of message", message.related_reference), ("reason", message.text)
    )
    return Summary(what="MT905, a message was refused", facts=facts, count=1, records="messages")


@summary_of.register
def _(message: StatementRequest) -> Summary:
    facts = facts_given(("reference", message.reference), ("account", message.account), ("day", message.day))
    return Summary(what=f"MT920, asks for an MT{message.wanted}", facts=facts, count=1, records="messages")


@summary_of.register(KeptMessage)
@summary_of.register(KeptText)
def _(message: KeptMessage | KeptText) -> Summary:
    tags = ", ".join(dict.fromkeys(tag for tag, _ in message.fields))
    what = f"MT{message.header.message_type}, kept as text: its fields are not public"
    return Summary(what=what, facts=facts_given(("tags", tags)), count=1, records="messages")


@summary_of.register
def _(message: CodedForm) -> Summary:
    facts = facts_given(
        ("reference", message.reference),
        ("form", message.code),
        ("title", message.title),
        ("formed on", message.formed_on),
        ("bank", message.bank),
        ("reason", message.reason),
    )
    return Summary(
        what="MT998, form of the tax authority", facts=facts, count=len(message.receipts), records="receipts"
    )


@summary_of.register
def _(message: LimitRequest) -> Summary:
    facts = facts_given(("reference", message.reference), ("dated", message.dated), ("action", message.action))
    amounts = (("limit", message.amount),)
    return Summary(what="MT998, limit in the gross system", facts=facts, count=1, records="limits", amounts=amounts)


@summary_of.register
def _(message: Mt950) -> Summary:
    changes = [line.change for line in message.lines]
    return Summary(
        what=f"MT{message.header.message_type} statement, {message.report}",
        facts=facts_given(
            ("reference", message.reference),
            ("account", message.account),
            ("number", message.number),
            ("from", message.opening.on),
            ("to", message.closing.on),
        ),
        count=len(message.lines),
        records="movements",
        amounts=(
            ("opening", message.opening.amount),
            ("credited", sum(change for change in changes if change > 0)),
            ("debited", -sum(change for change in changes if change < 0)),
            ("closing", message.closing.amount),
        ),
        currency=message.opening.currency,
    )


@summary_of.register
def _(message: PaymentOrder) -> Summary:
    facts = facts_given(("account", message.payer.account), ("dated", message.dated))
    amounts = (("amount", message.amount),)
    return Summary(what="1C payment orders", facts=facts, count=1, records="orders", amounts=amounts)
