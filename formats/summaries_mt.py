"""Summaries of MT messages and 1C files; importing this teaches formats.summaries.summary_of() all of them.

>>> from formats.mt import Header
>>> kept = KeptText(header=Header(terminal="", message_type="998"), fields=(("20", "A"), ("77E", "B")))
>>> summary_of(kept).facts
(('reference', 'A'), ('tags', '20, 77E'))
"""

from formats import onec_keys as keys
from formats.errors import shortened
from formats.mt9xx import Confirmation, KeptMessage, Refusal, StatementRequest
from formats.mt100 import Mt100
from formats.mt102_message import Layout, Mt102, Mt102Header, Mt102Item, layout
from formats.mt102_packed import PackedHeader, PackedMt102
from formats.mt102_utilities import UtilityHeader, UtilityMt102
from formats.mt940 import Mt940
from formats.mt940_pages import Mt940Head
from formats.mt950 import Mt950
from formats.mt998 import CodedForm, KeptText, LimitRequest
from formats.mt_parts import Party
from formats.mt_statement import NO_BALANCE, Balance
from formats.onec_orders import PaymentOrder
from formats.onec_parts import Statement
from formats.summaries import Amount, Role, Summary, at_bank, bank_of, facts_given, summary_of, turnovers

_CORPORATION = "GCVPKZ2A"
_STATED = ":32A:"


def summary_of_any(message: object) -> Summary:
    """The summary of any message that a reader gives.

    Raises TypeError for what is no message.
    """
    return summary_of(message)


def summary_of_list(header: Mt102Header, first: Mt102Item | None, count: int, total: int) -> Summary:
    """A list of people MT-102; `first` is None where no person could be read."""
    kind = layout(header, first) if first else None
    is_ours = header.payer.bic == _CORPORATION
    return Summary(
        what=f"MT-102, {kind or 'a list without people'}",
        role=Role.RETURN if kind is Layout.BANK_RETURN else Role.OWN_ORDER if is_ours else Role.ORDER,
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
        stated=_STATED,
    )


def summary_of_packed(header: PackedHeader, count: int, total: int) -> Summary:
    """Ordinary payments packed into an MT-102."""
    return Summary(
        what="MT-102, ordinary payments packed together",
        role=Role.ORDER,
        facts=facts_given(
            ("reference", header.reference),
            ("dated", header.dated),
            ("value date", header.value_date),
            ("from", at_bank(header.payer_bic)),
            ("to", at_bank(header.beneficiary_bic)),
        ),
        count=count,
        records="payments",
        amounts=(("amount", total),),
        stated=_STATED,
    )


def summary_of_utilities(header: UtilityHeader, count: int, total: int) -> Summary:
    """A register of utility payments as MT-102."""
    return Summary(
        what="MT-102, utility payments",
        role=Role.ORDER,
        facts=facts_given(
            ("reference", header.reference),
            ("number", header.number),
            ("dated", header.dated),
            ("value date", header.value_date),
            ("from", at_bank(header.payer_bic)),
            ("purpose", header.assign),
        ),
        count=count,
        records="payments",
        amounts=(("amount", total),),
        stated=_STATED,
    )


def summary_of_onec(statement: Statement, count: int) -> Summary:
    """A 1C statement whose documents were counted; a balance that the file does not state is left out."""
    unstated = statement.unstated
    facts = (("bank", bank_of(statement.account)), ("from", statement.date_from), ("to", statement.date_to))
    return Summary(
        what="1C statement",
        role=Role.REPORT if {keys.OPENING, keys.CLOSING} & set(unstated) else Role.ONEC_STATEMENT,
        facts=facts_given(("account", statement.account), *facts),
        count=count,
        records="documents",
        amounts=(
            *((("opening", statement.opening),) if keys.OPENING not in unstated else ()),
            ("credited", statement.credited),
            ("debited", statement.debited),
            *((("closing", statement.closing),) if keys.CLOSING not in unstated else ()),
        ),
    )


def summary_of_unproved(account: str, count: int, credited: int, debited: int) -> Summary:
    """The documents of an account that could be read in a 1C file with faults."""
    return Summary(
        what="1C statement with faults: the documents that could be read",
        role=Role.OTHER,
        facts=facts_given(("account", account), ("bank", bank_of(account))),
        count=count,
        records="documents",
        amounts=(("credited", credited), ("debited", debited)),
    )


def summary_of_unended(count: int, amount: int) -> Summary:
    """The records of a message whose end could not be read."""
    return Summary(
        what="a message that was not read to its end",
        role=Role.OTHER,
        facts=(),
        count=count,
        records="records so far",
        amounts=(("amount", amount),),
    )


def summary_of_mt940(head: Mt940Head, count: int, credited: int, debited: int) -> Summary:
    """A statement MT940, a general MT950, or one page of it, whose movements were counted."""
    name = "MT950" if "{2:I950" in head.envelope or "{2:O950" in head.envelope else "MT940"
    is_page = not (head.is_first_page and head.is_last_page)
    return Summary(
        what=f"{name} statement{', a page' if is_page else ''}",
        role=Role.STATEMENT,
        facts=facts_given(
            ("reference", head.reference),
            ("account", head.account),
            ("bank", bank_of(head.account.rpartition("/")[2])),
            ("number", "/".join(filter(None, (head.number, head.page)))),
            ("from", head.opening.on),
            ("to", head.closing.on),
        ),
        count=count,
        records="movements",
        amounts=_balances(head.opening, head.closing, credited, debited),
        currency=head.opening.currency or head.closing.currency or "KZT",
    )


def _balances(opening: Balance, closing: Balance, credited: int, debited: int) -> tuple[Amount, ...]:
    """The four sums; a balance that could not be read is left out."""
    return (
        *((("opening", opening.amount),) if opening != NO_BALANCE else ()),
        ("credited", credited),
        ("debited", debited),
        *((("closing", closing.amount),) if closing != NO_BALANCE else ()),
    )


def _party(party: Party) -> str:
    named = ", ".join(filter(None, (party.name, party.account)))
    return f"{named} at {at_bank(party.bic)}" if named and party.bic else named or at_bank(party.bic)


def _one(name: str, amount: int) -> tuple[Amount, ...]:
    """The sum of one payment; none where it could not be read."""
    return ((name, amount),) if amount else ()


@summary_of.register
def _(message: Mt102) -> Summary:
    return summary_of_list(message.header, next(iter(message.items), None), len(message.items), message.total)


@summary_of.register
def _(message: PackedMt102) -> Summary:
    return summary_of_packed(message.header, len(message.items), message.total)


@summary_of.register
def _(message: UtilityMt102) -> Summary:
    return summary_of_utilities(message.header, len(message.items), message.total)


@summary_of.register
def _(message: Mt940) -> Summary:
    changes = [line.change for line in message.lines]
    return summary_of_mt940(message.head, len(changes), *turnovers(changes))


@summary_of.register
def _(message: Statement) -> Summary:
    return summary_of_onec(message, len(message.lines))


@summary_of.register
def _(message: Mt100) -> Summary:
    return Summary(
        what="MT-100, one payment",
        role=Role.OWN_ORDER if message.payer.bic == _CORPORATION else Role.OTHER,
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
        amounts=_one("amount", message.amount),
    )


@summary_of.register
def _(message: Confirmation) -> Summary:
    way = "credited" if message.is_credit else "debited"
    return Summary(
        what=f"MT{message.header.message_type}, a payment was {way}",
        role=Role.ANSWER,
        facts=facts_given(
            ("reference", message.reference),
            ("of payment", message.related_reference),
            ("value date", message.value_date),
            ("account", message.account),
            ("bank", bank_of(message.account) or at_bank(message.bank)),
        ),
        count=1,
        records="payments",
        amounts=_one(way, message.amount),
    )


@summary_of.register
def _(message: Refusal) -> Summary:
    facts = facts_given(
        ("reference", message.reference), ("of message", message.related_reference), ("reason", message.text)
    )
    what = "MT905, a message was refused"
    return Summary(what=what, role=Role.REFUSAL, facts=facts, count=1, records="messages")


@summary_of.register
def _(message: StatementRequest) -> Summary:
    facts = facts_given(("reference", message.reference), ("account", message.account), ("day", message.day))
    what = f"MT920, asks for an MT{message.wanted}"
    return Summary(what=what, role=Role.OTHER, facts=facts, count=1, records="messages")


@summary_of.register(KeptMessage)
@summary_of.register(KeptText)
def _(message: KeptMessage | KeptText) -> Summary:
    # What a text of an unknown layout says may be about a person: only where the message belongs is shown.
    texts = dict(reversed(message.fields))
    tags = ", ".join(dict.fromkeys(tag for tag, _ in message.fields))
    reference, related = (shortened(texts.get(tag, "")) for tag in ("20", "21"))
    what = f"MT{message.header.message_type}, kept as text: its fields are not public"
    facts = facts_given(("reference", reference), ("of message", related), ("tags", tags))
    return Summary(what=what, role=Role.OTHER, facts=facts, count=1, records="messages")


@summary_of.register
def _(message: CodedForm) -> Summary:
    facts = facts_given(
        ("reference", message.reference),
        ("form", message.code),
        ("title", message.title),
        ("formed on", message.formed_on),
        ("bank", at_bank(message.bank)),
        ("reason", message.reason),
    )
    what = "MT998, form of the tax authority"
    return Summary(what=what, role=Role.OTHER, facts=facts, count=len(message.receipts), records="receipts")


@summary_of.register
def _(message: LimitRequest) -> Summary:
    facts = facts_given(("reference", message.reference), ("dated", message.dated), ("action", message.action))
    amounts = (("limit", message.amount),)
    what = "MT998, limit in the gross system"
    return Summary(what=what, role=Role.OTHER, facts=facts, count=1, records="limits", amounts=amounts)


@summary_of.register
def _(message: Mt950) -> Summary:
    is_final = message.report == "FINAL"
    return Summary(
        what=f"MT{message.header.message_type} statement, {'final' if is_final else 'so far'} ({message.report})",
        role=Role.STATEMENT if is_final else Role.REPORT,
        facts=facts_given(
            ("reference", message.reference),
            ("account", message.account),
            ("bank", at_bank(message.bank)),
            ("number", message.number),
            ("from", message.opening.on),
            ("to", message.closing.on),
        ),
        count=len(message.lines),
        records="movements",
        amounts=_balances(message.opening, message.closing, *turnovers(line.change for line in message.lines)),
        currency=message.opening.currency or "KZT",
    )


@summary_of.register
def _(message: PaymentOrder) -> Summary:
    account = message.payer.account
    facts = facts_given(("account", account), ("bank", bank_of(account)), ("dated", message.dated))
    amounts = (("amount", message.amount),)
    return Summary(what="1C payment orders", role=Role.ORDER, facts=facts, count=1, records="orders", amounts=amounts)
