"""`esep return claim-paid`: a bank paid what it had kept of a return (R-006, E54).

The money joins the return where it is: it waits for the authority with it, goes out with the resend that waits for it,
or goes back with the next refund.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from ledgers import claims, setup
from ledgers.books import OpenBooks
from ledgers.claims import Claim
from ledgers.journal import Event
from ledgers.money import format_tenge
from reconcile import identify, line_book, return_hand
from reconcile.desk import Desk
from reconcile.errors import Refusal
from reconcile.identify import Found
from reconcile.line_book import OWN_BOOK, NoReason
from reconcile.return_hand import RULE

_OUTCOMES = {"resend": "resend_decided", "refund": "refund_decided", "refund_by_term": "refund_by_term"}


class NoClaim(Refusal):
    """A payment of which nothing is claimed."""

    def __init__(self, reference: str, owners: Sequence[str] = ()) -> None:
        why = f"it is a payment of {', '.join(owners)}: say which --authority" if owners else "see esep return waiting"
        super().__init__(f"nothing of {reference} is claimed of a bank, or not of a single authority's: {why}")


class OtherClaimPaid(Refusal):
    """A line that paid another claim."""

    def __init__(self, name: str, reference: str) -> None:
        super().__init__(f"{name} paid the claim for {reference} already")


class AboveClaim(Refusal):
    """A line that brings more than the bank owes."""

    def __init__(self, name: str, brings: int, claim: Claim) -> None:
        super().__init__(
            f"{name} brings {format_tenge(brings)} KZT, and {claim.bic} owes {format_tenge(claim.open)} KZT of "
            f"{claim.reference}; if it gave too much, add --over: the rest waits on 205"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimPaid:
    """What a line paid of a claim, what is still open of it and waits of the line (tiyn), and where the money went."""

    authority_code: str
    reference: str
    line: str
    amount: int
    open: int
    rest: int
    outcome: str
    is_repeat: bool = False


def paid(
    desk: Desk,
    line: str,
    payment: str,
    reason: str,
    *,
    authority_code: str | None = None,
    over: bool = False,
    dry_run: bool = False,
) -> ClaimPaid:
    """Say that a line paid the claim for a payment (P20000006/1); the same again changes nothing.

    Raises:
        NoClaim, AboveClaim, OtherClaimPaid: the bank owes nothing of it, or less.
        UnknownLine, LineTaken: there is no such line, or it is something already.
    """
    if not reason.strip():
        raise NoReason
    with desk.database.begin() as connection:
        codes = {one.authority_id: one.code for one in setup.authorities(connection)}
        books = OpenBooks(connection, [OWN_BOOK, *codes], today=desk.today)
        claim = _claim(connection, payment, codes, authority_code)
        state = line_book.found(connection, line).line
        known = claims.paid_by_line(connection, state.line_number)
        if known is not None:
            if known[:2] != (claim.authority_id, claim.reference):
                raise OtherClaimPaid(state.reference, known[1])
            return _told(claim, codes, state.reference, amount=known[2], rest=0, is_repeat=True)
        waiting = return_hand.waiting_line(connection, line)
        amount = min(claim.open, waiting.amount)
        if not amount or (waiting.amount > amount and not over):
            raise AboveClaim(state.reference, waiting.amount, claim)
        found = Found(
            home=claim.authority_id,
            kind="claim_received",
            matched_as="claim",
            reference=claim.reference,
            rule=RULE,
            reason=f"{claim.bic} paid what it kept of {claim.reference}: {reason}",
            not_before=claim.claimed_on,
        )
        row = {name: getattr(claim, name) for name in ("due_month", "award_number", "attempt")}
        row |= {"line_number": state.line_number, "amount": amount}
        events = _events(claim, state.reference, amount)
        identify.post(desk, books, waiting, found, {"return_claim_paid": [row]}, events)
        if dry_run:
            connection.rollback()
    rest = waiting.amount - amount
    return _told(claim, codes, state.reference, amount=amount, rest=rest, paid_now=amount)


def _claim(connection: Connection, payment: str, codes: dict[int, str], authority_code: str | None) -> Claim:
    found = [
        one
        for one in claims.claims(connection, list(codes))
        if one.reference == payment.strip() and authority_code in (None, codes[one.authority_id])
    ]
    if len(found) != 1:
        raise NoClaim(payment, [codes[one.authority_id] for one in found])
    return found[0]


def _events(claim: Claim, line: str, amount: int) -> list[Event]:
    """The money joins the return, the claim ends, and an outcome that stands takes the money along."""
    kind, reference = claim.aid_kind, claim.reference
    events = [
        Event(rule="claim_identified", aid_kind=kind, debit_reference=line, credit_reference=reference, amount=amount),
        Event(rule="claim_paid", aid_kind=kind, credit_reference=reference, amount=amount),
    ]
    if claim.outcome:
        rule = _OUTCOMES[claim.outcome]
        events.append(
            Event(rule=rule, aid_kind=kind, debit_reference=reference, credit_reference=reference, amount=amount)
        )
    return events


def _told(
    claim: Claim,
    codes: dict[int, str],
    line: str,
    *,
    amount: int,
    rest: int,
    paid_now: int = 0,
    is_repeat: bool = False,
) -> ClaimPaid:
    return ClaimPaid(
        authority_code=codes[claim.authority_id],
        reference=claim.reference,
        line=line,
        amount=amount,
        open=claim.open - paid_now,
        rest=rest,
        outcome=claim.outcome,
        is_repeat=is_repeat,
    )
