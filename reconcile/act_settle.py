"""`esep act settle`: a dispute about an act ends, and the act can be signed again (AMB-14).

It ends by an explanation, by being withdrawn, or in a corrective act: the act is signed as it is, and what is wrong
with it is corrected in an open month.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from ledgers import act_life, posting, setup
from ledgers.act_life import Dispute, Outcome
from ledgers.journal import EntryDraft
from reconcile import act_papers
from reconcile.act_dispute import EmptyText
from reconcile.desk import Desk
from reconcile.errors import Refusal


class UnknownDispute(Refusal):
    """A dispute that nobody opened."""

    def __init__(self, dispute_number: int, known: int) -> None:
        super().__init__(f"there is no dispute {dispute_number} about this act; there are {known}: see esep act status")


class EndedOtherwise(Refusal):
    """The dispute ended in another way."""

    def __init__(self, known: Dispute) -> None:
        super().__init__(
            f"dispute {known.dispute_number} ended on {known.ended_on:%d.%m.%Y} already: {known.outcome}, {known.note}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A dispute that ended, and whether that was recorded before."""

    authority_code: str
    month: date
    act_number: int
    dispute_number: int
    outcome: Outcome
    was_known: bool


def settle(
    desk: Desk,
    authority_code: str,
    day: date,
    dispute_number: int,
    outcome: Outcome,
    note: str,
    *,
    act_number: int = 0,
) -> Settled:
    """End a dispute about an act of the month that `day` is in; the same end again changes nothing.

    Raises:
        UnknownAuthority, NoActs, UnknownDispute: there is no such dispute.
        EndedOtherwise: it ended in another way.
    """
    month, said = day.replace(day=1), " ".join(note.split())
    if not said:
        raise EmptyText("--note")
    with desk.database.begin() as connection:
        authority = setup.authority(connection, authority_code)
        book = authority.authority_id
        posting.lock(connection, [book])
        life = act_papers.life_of(connection, authority, month)
        about = {one.dispute_number: one for one in life.disputes if one.act_number == act_number}
        if dispute_number not in about:
            raise UnknownDispute(dispute_number, len(about))
        opened = about[dispute_number]
        if opened.outcome and (opened.outcome, opened.note) != (outcome, said):
            raise EndedOtherwise(opened)
        if not opened.outcome:
            _end(desk, connection, book, opened, outcome, said)
    return Settled(
        authority_code=authority_code,
        month=month,
        act_number=act_number,
        dispute_number=dispute_number,
        outcome=outcome,
        was_known=bool(opened.outcome),
    )


def _end(desk: Desk, connection: Connection, book: int, opened: Dispute, outcome: Outcome, note: str) -> None:
    number = posting.next_number(connection, book)
    act_life.append_dispute_end(connection, book, number, opened, ended_on=desk.today, outcome=outcome, note=note)
    name = f"{opened.month:%Y-%m}:{opened.act_number}:{opened.dispute_number}"
    draft = EntryDraft(
        kind="dispute_ended",
        booked_on=desk.today,
        value_date=desk.today,
        actor=desk.actor,
        source_key=f"dispute-ended:{name}",
        source_digest=posting.digest(name, outcome, note),
        summary=f"dispute {opened.dispute_number} about act No {opened.act_number} of {opened.month:%m.%Y}: {outcome}",
    )
    posting.seal(connection, book, number, draft, ["act_dispute_end"])
