"""`esep request release`: what a request no longer needs, because awards of it were cancelled.

First the rest that is still awaited is withdrawn, then funding that no payment needs becomes refundable and leaves with
the next refund. An award on hold still needs its money: it may be paid yet.
"""

from dataclasses import dataclass

from sqlalchemy import Connection

from ledgers import posting, requests, setup
from ledgers.journal import EntryDraft, Event
from ledgers.requests import RequestedKind
from reconcile.desk import Desk
from reconcile.errors import Refusal
from reconcile.line_book import NoReason


class UnknownRequest(Refusal):
    """A request, or a kind of it, that was not sent to the authority."""

    def __init__(self, reference: str, authority_code: str, aid_kind: str | None) -> None:
        what = f"kind {aid_kind} was not asked for in" if aid_kind else "there is no"
        super().__init__(f"{what} request {reference} of {authority_code}; see what there is with: esep request list")


@dataclass(frozen=True, slots=True, kw_only=True)
class Surplus:
    """What one kind of a request has more than its unpaid awards need, in tiyn: withdrawn, and freed for a refund."""

    aid_kind: str
    withdrawn: int
    released: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """What was let go of a request, by kind; empty when its awards need all of it."""

    reference: str
    surpluses: tuple[Surplus, ...]


def surplus_of(asked: RequestedKind, unpaid: int) -> Surplus:
    """What of a kind is awaited and funded above `unpaid` (tiyn): the awaited part goes first."""
    above = max(asked.funding + asked.awaited - unpaid, 0)
    withdrawn = min(above, asked.awaited)
    return Surplus(aid_kind=asked.aid_kind, withdrawn=withdrawn, released=above - withdrawn)


def release(
    desk: Desk,
    authority_code: str,
    reference: str,
    reason: str,
    *,
    aid_kind: str | None = None,
    dry_run: bool = False,
) -> Released:
    """Let go of what the unpaid awards of a request do not need, of one kind or of all; `dry_run` only tries.

    Raises:
        UnknownAuthority, UnknownRequest, NoReason: what was named is not there.
    """
    if not reason.strip():
        raise NoReason
    with desk.database.begin() as connection:
        book = setup.authority(connection, authority_code).authority_id
        posting.lock(connection, [book])
        asked = [one for one in requests.requested_kinds(connection, [book]) if one.reference == reference]
        if not asked:
            raise UnknownRequest(reference, authority_code, None)
        chosen = [one for one in asked if aid_kind in (None, one.aid_kind)]
        if not chosen:
            raise UnknownRequest(reference, authority_code, aid_kind)
        unpaid = requests.unpaid(connection, book, asked[0].request_number)
        found = [surplus_of(one, unpaid.get(one.aid_kind, 0)) for one in chosen]
        surpluses = tuple(one for one in found if one.withdrawn or one.released)
        if surpluses and not dry_run:
            _enter(desk, connection, book, reference, surpluses, reason)
    return Released(reference=reference, surpluses=surpluses)


def _enter(
    desk: Desk, connection: Connection, book: int, reference: str, surpluses: tuple[Surplus, ...], reason: str
) -> None:
    events = [
        Event(rule="request_withdrawn", aid_kind=one.aid_kind, credit_reference=reference, amount=one.withdrawn)
        for one in surpluses
        if one.withdrawn
    ]
    events += [
        Event(
            rule="funding_released",
            aid_kind=one.aid_kind,
            debit_reference=reference,
            credit_reference=reference,
            amount=one.released,
        )
        for one in surpluses
        if one.released
    ]
    number = posting.next_number(connection, book)
    posting.post(connection, book, number, desk.today, events)
    draft = EntryDraft(
        kind="request_released",
        booked_on=desk.today,
        value_date=desk.today,
        actor=desk.actor,
        source_key=f"release:{reference}:{number}",
        source_digest=posting.digest(reference, *surpluses, reason),
        summary=f"request {reference}: what its awards do not need: {reason}",
    )
    posting.seal(connection, book, number, draft, ())
