"""`esep return carry-over`: returns that wait for the next month although the month ends (AMB-5, E61).

By action and reason alone. In December it is refused, because the money of the year ends with it; who does it all the
same says so, and the refund then names its budget year.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ledgers import open_returns, posting, setup
from ledgers.journal import EntryDraft
from ledgers.open_returns import OpenReturn
from reconcile.desk import Desk
from reconcile.errors import Refusal
from reconcile.line_book import NoReason

DECEMBER = 12


class NotOpen(Refusal):
    """A payment that did not come back, or whose money left already."""

    def __init__(self, references: Sequence[str], authority_code: str) -> None:
        super().__init__(
            f"{', '.join(references)} is no return of {authority_code} that waits for a decision or a resend; "
            "see what does with: esep return waiting"
        )


class NotThisMonth(Refusal):
    """A month that does not end now, or that the return came after."""

    def __init__(self, month: date, expected: str) -> None:
        super().__init__(f"nothing can be carried over from {month:%m.%Y}: {expected}")


class NotInDecember(Refusal):
    """A carry-over from December, which ends the budget year."""

    def __init__(self, year: int) -> None:
        super().__init__(
            f"a return of December {year} goes back by its last working day: the budget year ends (E61). "
            "If that is impossible, say so with --despite-december; the refund then names its budget year"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedOver:
    """What was carried over from a month now, and what was already."""

    authority_code: str
    month: date
    returns: tuple[OpenReturn, ...]
    known: tuple[str, ...]
    despite_december: bool


def carry_over(
    desk: Desk,
    authority_code: str,
    payments: Sequence[str],
    month: date,
    reason: str,
    *,
    despite_december: bool = False,
    dry_run: bool = False,
) -> CarriedOver:
    """Leave these returns out of what goes back at the end of `month` (its first day); `dry_run` only tries.

    Raises:
        NotOpen, NotThisMonth, NotInDecember, NoReason: it cannot be, and the sentence says why.
    """
    if not reason.strip():
        raise NoReason
    if month.month == DECEMBER and not despite_december:
        raise NotInDecember(month.year)
    _check_month(month, desk.today)
    with desk.database.begin() as connection:
        book = setup.authority(connection, authority_code).authority_id
        posting.lock(connection, [book])
        known = open_returns.carried_over(connection, book, month)
        wanted = [one for one in dict.fromkeys(payments) if one not in known]
        waiting = {
            one.reference: one for one in open_returns.open_returns(connection, book) if one.state != "refundable"
        }
        if missing := [one for one in wanted if one not in waiting]:
            raise NotOpen(missing, authority_code)
        chosen = [waiting[one] for one in wanted]
        if late := [one.reference for one in chosen if one.returned_on.replace(day=1) > month]:
            raise NotThisMonth(month, f"{', '.join(late)} came back later")
        if chosen and not dry_run:
            number = posting.next_number(connection, book)
            open_returns.carry_over(connection, number, month, chosen, reason)
            names = [one.reference for one in chosen]
            draft = EntryDraft(
                kind="carry_over_decided",
                booked_on=desk.today,
                value_date=desk.today,
                actor=desk.actor,
                source_key=f"carry-over:{month:%Y-%m}:{posting.digest(*names).hex()[:16]}",
                source_digest=posting.digest(month, *names, reason),
                summary=f"carried over from {month:%m.%Y}, {len(chosen)} returns: {reason}",
            )
            posting.seal(connection, book, number, draft, ["carry_over"])
    return CarriedOver(
        authority_code=authority_code,
        month=month,
        returns=tuple(chosen),
        known=tuple(one for one in dict.fromkeys(payments) if one in known),
        despite_december=despite_december,
    )


def _check_month(month: date, today: date) -> None:
    """A month ends now, or ended and its returns were not given back yet."""
    this = today.replace(day=1)
    last = (this - timedelta(days=1)).replace(day=1)
    if month not in (this, last):
        raise NotThisMonth(month, f"today is {today:%d.%m.%Y}, the month that ends is {last:%m.%Y} or {this:%m.%Y}")
