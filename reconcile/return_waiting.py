"""`esep return waiting`: everything that came back and is not done with: why it waits, how long, and what to do.

Messages that fit no payments, item by item; messages without money; returned payments by state, with the day by which
the authority decides (R-061) and how often the award was sent (E58); what banks still owe (R-006).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from sqlalchemy import Connection

from ledgers import calendar_versions, claims, open_returns, returns, settings, setup
from ledgers.calendar import Calendar
from ledgers.open_returns import Notice, OpenReturn
from reconcile.refund import examined_by

State = Literal["parked", "no money", "returned", "resend", "refundable", "claim"]
PARKED = "parked: "


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingReturn:
    """A message, a payment or a claim that waits (tiyn) for so many working days since a day.

    `due` is the day by which the authority decides, None where it has nothing to decide or was not told; `attempts` is
    how often the award was sent, 0 for what is no payment.
    """

    state: State
    name: str
    authority: str
    bank: str
    since: date
    amount: int
    reason: str
    to_do: str
    working_days: int = 0
    due: date | None = None
    attempts: int = 0


def waiting(connection: Connection, today: date, authority_code: str | None = None) -> list[WaitingReturn]:
    """What waits, of one authority or of all: parked messages, those without money, payments by state, claims."""
    chosen = setup.chosen(connection, authority_code)
    codes = {one.authority_id: one.code for one in chosen}
    calendar = calendar_versions.load(connection)
    rows = list(_parked(connection)) if authority_code is None else []
    for message in returns.waiting_messages(connection):
        if message.authority_id in codes:
            rows.append(
                WaitingReturn(
                    state="no money",
                    name=_name(message),
                    authority=codes[message.authority_id],
                    bank=message.bic,
                    since=message.dated,
                    amount=message.amount,
                    reason="no statement shows its money",
                    to_do="import the statement; a sum of several: return place --line",
                )
            )
    for authority in chosen:
        book = authority.authority_id
        notices = {one.notice_number: one for one in open_returns.notices(connection, book)}
        limit = int(settings.load(connection, book)["attempts_max"])
        for one in open_returns.open_returns(connection, book):
            notice = notices.get(one.notice_number) if one.notice_number else None
            rows.append(_payment(calendar, today, authority.code, one, notice, limit))
    for claim in claims.claims(connection, list(codes)):
        if claim.open:
            rows.append(
                WaitingReturn(
                    state="claim",
                    name=claim.reference,
                    authority=codes[claim.authority_id],
                    bank=claim.bic,
                    since=claim.claimed_on,
                    amount=claim.open,
                    reason=claim.reason,
                    to_do="ask the bank; when its money is there: return claim-paid",
                )
            )
    return [replace(row, working_days=calendar.working_days_between(row.since, today)) for row in rows]


def _name(message: returns.Message) -> str:
    return f"{message.bic}/{message.reference}"


def _parked(connection: Connection) -> Iterator[WaitingReturn]:
    """Each parked message, a row for each item that fits no payment."""
    for parked in returns.parked_messages(connection):
        message = parked.message
        amounts = {f"item {item.item}": item.amount for item in returns.items_of(connection, message)}
        for reason in parked.reason.removeprefix(PARKED).split("; "):
            place, _, why = reason.partition(": ")
            is_item = place in amounts
            yield WaitingReturn(
                state="parked",
                name=f"{_name(message)} {place}" if is_item else _name(message),
                authority="",
                bank=message.bic,
                since=message.dated,
                amount=amounts[place] if is_item else message.amount,
                reason=why if is_item else reason,
                to_do=_parked_to_do(reason),
            )


def _parked_to_do(reason: str) -> str:
    if "fee kept" in reason:
        return "ask the bank; then return place --item --short"
    if "came back already" in reason or "no second payment" in reason:
        return "given back twice: ask the bank"
    if "several authorities" in reason:
        return "ask the bank for a message for each"
    return "find the payment; then return place --item, or =none"


def _payment(
    calendar: Calendar, today: date, code: str, one: OpenReturn, notice: Notice | None, limit: int
) -> WaitingReturn:
    due = examined_by(calendar, notice.arrived_on) if notice and one.state == "returned" else None
    return WaitingReturn(
        state=one.state,
        name=one.reference,
        authority=code,
        bank=one.bic,
        since=one.returned_on,
        amount=one.amount,
        reason=one.reason,
        to_do=_payment_to_do(one, due, today, limit),
        due=due,
        attempts=one.attempts,
    )


def _payment_to_do(one: OpenReturn, due: date | None, today: date, limit: int) -> str:
    """What is next for a payment that came back."""
    carried = f"; carried over from {one.carried:%m.%Y}" if one.carried else ""
    if one.state == "refundable":
        return f"refund send{carried}"
    if one.state == "resend":
        claimed = "the bank owes a part of it: claim-paid first" if one.claimed else "order send"
        return f"{claimed}{carried}"
    if one.notice_number is None:
        return f"return notify{carried}"
    only = "only refund is left" if one.attempts >= limit else "the authority decides"
    late = ", overdue: tell its head" if due and due < today else ""
    return f"{only}{late}{carried}"
