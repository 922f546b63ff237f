"""`esep act correct`: a corrective act No k to a signed act, built in an open month (E75).

What was signed never changes. The corrective act lists it beside what the books say now of the same transfers: placings
of that month which were turned round later, and what was placed in their stead. It is dated with the day on which it is
built, names the signed document by its digest, and is signed by both sides like the act.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from formats.documents import CorrectedRow, CorrectiveAct
from ledgers import act_life, evidence, posting, setup
from ledgers.journal import EntryDraft
from ledgers.money import format_tenge
from ledgers.setup import Authority
from reconcile import act, act_papers, act_values, outbox, render
from reconcile.act_compare import Row, compare
from reconcile.act_dispute import EmptyText
from reconcile.act_papers import Paper
from reconcile.desk import Desk
from reconcile.errors import Refusal
from reconcile.outbox import Delivered


class NotSigned(Refusal):
    """What is not signed by both sides is not corrected."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} is not signed by both sides: only a signed act is corrected; until then the authority "
            "disputes it with: esep act dispute"
        )


class NothingToCorrect(Refusal):
    """The books say what was signed."""

    def __init__(self, name: str, total: int) -> None:
        super().__init__(
            f"nothing differs from {name}: the books have the same rows, {format_tenge(total)} in all; first correct "
            "the wrong placing in the open month: esep statement place --anew, or esep statement undo"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """A corrective act and its files; `was_built` when it says already what the books say."""

    authority_code: str
    value: CorrectiveAct
    files: tuple[Delivered, ...]
    was_built: bool


def correct(desk: Desk, authority_code: str, day: date, reason: str, out: Path, *, dry_run: bool = False) -> Corrected:
    """Build the next corrective act to the signed act of the month that `day` is in, and write its files to `out`.

    `dry_run` only says what it would list. Run again without a new difference it builds nothing and writes the files
    of the last corrective act where they are missing.

    Raises:
        UnknownAuthority, NoActs: there is no act.
        NotSigned: the act, or the corrective act before, is not signed by both sides.
        NothingToCorrect: nothing differs from what was signed.
        MonthLocked: today is in a closed month (by the database).
    """
    month, why = day.replace(day=1), " ".join(reason.split())
    if not why:
        raise EmptyText("--reason")
    with desk.database.begin() as connection:
        authority = setup.authority(connection, authority_code)
        book = authority.authority_id
        posting.lock(connection, [book])
        life = act_papers.life_of(connection, authority, month)
        last = life.acts[-1]
        paper = act_papers.paper(desk, connection, authority, last)
        rows = _rows(connection, authority, month, paper)
        if all(not row.difference for row in rows):
            if not isinstance(paper.value, CorrectiveAct):
                raise NothingToCorrect(_name(last.act_number, month), sum(row.signed for row in rows))
            value, documents, was_built = paper.value, list(paper.documents), True
        else:
            if not life.is_signed(last.act_number):
                raise NotSigned(_name(last.act_number, month))
            value, was_built = _value(desk, connection, authority, paper, rows, why), False
            documents = [] if dry_run else _enter(desk, connection, authority, value)
    files = () if dry_run else act.delivered(desk, documents, out)
    return Corrected(authority_code=authority_code, value=value, files=files, was_built=was_built)


def _name(act_number: int, month: date) -> str:
    return f"{f'corrective act No {act_number} to' if act_number else 'the act of'} {month:%m.%Y}"


def _rows(connection: Connection, authority: Authority, month: date, paper: Paper) -> tuple[CorrectedRow, ...]:
    """Each row as it was signed and as the books have it now, by the names of the signed act's month."""
    names = act_values.names(connection, authority.authority_id, month)
    now = [
        Row(
            order_number=part.order_number,
            order_date=part.order_date,
            aid=names.kind(part.aid_kind)[0],
            amount=part.amount,
        )
        for part in act_life.transfers_now(connection, authority.authority_id, month, names.last)
    ]
    # What the act took back from earlier months is as it was: it is no transfer of this month.
    now += [row for row in paper.rows if row.amount < 0]
    russian = {one.name_kk: one.name_ru for one in names.kinds.values()}
    return tuple(
        CorrectedRow(
            code=code,
            order_number=one.order_number,
            order_date=one.order_date,
            aid_kk=one.aid,
            aid_ru=russian.get(one.aid, one.aid),
            signed=one.ours,
            corrected=one.theirs,
        )
        for code, one in enumerate(compare(paper.rows, now, kinds_told=True), start=1)
    )


def _value(
    desk: Desk, connection: Connection, authority: Authority, paper: Paper, rows: tuple[CorrectedRow, ...], reason: str
) -> CorrectiveAct:
    """The corrective act; who signs it is who signs today, not who signed then."""
    signed, now = paper.value, setup.corporation(connection)
    return CorrectiveAct(
        number=paper.built.act_number + 1,
        month=signed.month,
        dated=desk.today,
        reason=reason,
        signed_sha256=paper.signed_pdf.sha256.hex(),
        authority_bin=signed.authority_bin,
        authority_kk=signed.authority_kk,
        authority_ru=signed.authority_ru,
        corporation_kk=signed.corporation_kk,
        corporation_ru=signed.corporation_ru,
        rows=rows,
        corporation_signer=act_values.signer(now),
        authority_signer=act_values.signer(authority),
    )


def _enter(desk: Desk, connection: Connection, authority: Authority, value: CorrectiveAct) -> list[evidence.Document]:
    book = authority.authority_id
    number = posting.next_number(connection, book)
    act_life.append_corrective(
        connection,
        book,
        number,
        month=value.month,
        act_number=value.number,
        dated=value.dated,
        reason=value.reason,
    )
    name = f"corrective-act-{authority.code}-{value.month:%Y-%m}-{value.number}"
    outbox.keep(desk, connection, book, number, render.files(value, name))
    draft = EntryDraft(
        kind="corrective_act_built",
        booked_on=desk.today,
        value_date=value.dated,
        actor=desk.actor,
        source_key=f"corrective-act:{value.month:%Y-%m}:{value.number}",
        source_digest=posting.digest(value),
        summary=(
            f"corrective act No {value.number} to {value.month:%m.%Y}: signed {format_tenge(value.signed)}, "
            f"corrected {format_tenge(value.corrected)}"
        ),
    )
    posting.seal(connection, book, number, draft, ["corrective_act", "document"])
    return evidence.documents_of(connection, book, number)
