"""`esep award cancel`: an award that will not be paid, only while it is not out at a bank (1.10).

Its money, where it came already, is let go with `esep request release` and goes back with the next refund.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from ledgers import holds, posting, setup
from ledgers.holds import Award
from ledgers.journal import EntryDraft
from reconcile.counted import counted
from reconcile.desk import Desk
from reconcile.errors import Refusal


class NotCancelled(Refusal):
    """Awards that cannot be cancelled; each with why."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("\n".join(["nothing was cancelled:", *(f"  {line}" for line in lines)]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled:
    """The awards that were cancelled now, and those that were already."""

    authority_code: str
    awards: tuple[Award, ...]
    known: int

    @property
    def amount(self) -> int:
        """What will not be paid, in tiyn."""
        return sum(one.amount for one in self.awards)


def cancel(
    desk: Desk, authority_code: str, numbers: Sequence[int], *, reason: str, document: str, dry_run: bool = False
) -> Cancelled:
    """Cancel awards of an authority, all or none; those that are cancelled already stay as they are.

    Raises:
        NotCancelled: an award that does not exist or is out at a bank, or no reason.
        UnknownAuthority: nobody has this code.
    """
    if not reason.strip():
        raise NotCancelled(["a cancellation needs a reason that others understand later: --reason TEXT"])
    with desk.database.begin() as connection:
        book = setup.authority(connection, authority_code).authority_id
        posting.lock(connection, [book])
        found = holds.awards(connection, book, numbers)
        reasons = {number: why_not(found.get(number)) for number in sorted(set(numbers))}
        faults = [f"award {number}: {sentence}" for number, sentence in reasons.items() if sentence]
        if faults:
            raise NotCancelled(faults)
        fresh = [one for one in found.values() if not one.is_cancelled]
        if fresh:
            enter(desk, connection, book, fresh, reason=reason, document=document)
        if dry_run:
            connection.rollback()
    return Cancelled(authority_code=authority_code, awards=tuple(fresh), known=len(found) - len(fresh))


def enter(
    desk: Desk, connection: Connection, book: int, awards: Sequence[Award], *, reason: str, document: str
) -> None:
    """Record that awards of one book will not be paid, under the next entry."""
    number = posting.next_number(connection, book)
    why: dict[str, object] = {"cancelled_on": desk.today, "document": document, "reason": reason}
    holds.append_cancellations(connection, book, number, awards, why)
    draft = EntryDraft(
        kind="awards_cancelled",
        booked_on=desk.today,
        value_date=desk.today,
        actor=desk.actor,
        source_key=f"cancelled:{number}",
        source_digest=posting.digest(*awards, document, reason),
        summary=f"{counted(len(awards), 'award')} cancelled: {reason}",
    )
    posting.seal(connection, book, number, draft, ["award_cancellation"])


def why_not(award: Award | None) -> str:
    """Why an award cannot be cancelled; empty when it can, or is already."""
    if award is None:
        return "there is none of this number; see esep trace, or esep award status"
    return "it was sent to the bank, and can only come back" if award.is_out else ""
