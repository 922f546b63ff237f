"""`esep act dispute`: the authority does not agree with an act (AMB-14, E73).

Its lines are set against the act's, order by order, and written down with both totals; the protocol of differences is
made of them in Kazakh and Russian. While the dispute is open nobody signs the act, and its term runs on.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from formats.act_lines import ActLine, read_act_lines
from formats.documents import Protocol, ProtocolLine
from ledgers import act_life, evidence, posting, setup
from ledgers.act_life import ActLife, Dispute, DisputeLine
from ledgers.journal import EntryDraft
from ledgers.money import format_tenge
from ledgers.setup import AidKind, Authority
from reconcile import act, act_papers, act_values, outbox, render
from reconcile.act_compare import Compared, Row, compare
from reconcile.act_papers import Paper
from reconcile.desk import Desk
from reconcile.errors import Refusal
from reconcile.inbox import Received, received
from reconcile.outbox import Delivered

KIND = "act lines"


class NothingDisputed(Refusal):
    """The authority's lines are those of the act."""

    def __init__(self, count: int) -> None:
        super().__init__(
            f"all {count} lines of the authority agree with the act, there is nothing to dispute: both sides sign it"
        )


class EmptyText(Refusal):
    """A note or a document that says nothing."""

    def __init__(self, option: str) -> None:
        super().__init__(f"{option} is empty; it stands in the books, say it in words")


@dataclass(frozen=True, slots=True, kw_only=True)
class Disputed:
    """A dispute with its protocol and files; `was_known` when the same lines were disputed before."""

    authority_code: str
    protocol: Protocol
    files: tuple[Delivered, ...]
    was_known: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _About:
    """What is disputed: an act of a month, by which letter and with which lines."""

    authority_code: str
    month: date
    act_number: int
    letter: str
    lines: tuple[ActLine, ...]

    @property
    def digest(self) -> bytes:
        """The content behind the source key."""
        return posting.digest(self.letter, *self.lines)

    @property
    def key(self) -> str:
        """The source key: the same lines and letter are one dispute."""
        return f"act-disputed:{self.month:%Y-%m}:{self.act_number}:{self.digest.hex()[:16]}"


def dispute(
    desk: Desk,
    file: Path,
    authority_code: str,
    day: date,
    document: str,
    out: Path,
    *,
    act_number: int = 0,
    dry_run: bool = False,
) -> Disputed:
    """Set the authority's lines against an act of the month that `day` is in, and write the protocol to `out`.

    `document` is the authority's letter. `dry_run` only says what differs. The same lines and letter again change
    nothing and write the files that are missing.

    Raises:
        FormatError: the file cannot be read; every fault is named.
        UnknownAuthority, NoActs, UnknownAct: there is no such act.
        NothingDisputed: every line agrees.
        NotPermitted: the authority signed the act, or another dispute is open (by the database).
    """
    letter = " ".join(document.split())
    if not letter:
        raise EmptyText("--document")
    month = day.replace(day=1)

    def about(lines: Iterable[ActLine]) -> _About:
        return _About(
            authority_code=authority_code, month=month, act_number=act_number, letter=letter, lines=tuple(lines)
        )

    if dry_run:
        protocol, _, was_known = _dispute(desk, about(read_act_lines(file, file.name)), None)
        return Disputed(authority_code=authority_code, protocol=protocol, files=(), was_known=was_known)
    with received(desk, file, KIND) as kept:
        protocol, documents, was_known = _dispute(desk, about(read_act_lines(kept.path, kept.name)), kept)
    files = act.delivered(desk, documents, out)
    return Disputed(authority_code=authority_code, protocol=protocol, files=files, was_known=was_known)


def _dispute(desk: Desk, about: _About, kept: Received | None) -> tuple[Protocol, list[evidence.Document], bool]:
    """The protocol with its files, and whether it was there before; without a kept file nothing is entered."""
    with desk.database.begin() as connection:
        authority = setup.authority(connection, about.authority_code)
        book = authority.authority_id
        posting.lock(connection, [book])
        if kept is not None:
            kept.accept(connection)
        life = act_papers.life_of(connection, authority, about.month)
        built = act_papers.built(life, authority, about.month, about.act_number)
        paper = act_papers.paper(desk, connection, authority, built)
        known = posting.find(connection, book, about.key, about.digest)
        if known is not None:
            documents = evidence.documents_of(connection, book, known.number)
            return act.one_of(Protocol, act.documents_in(desk, documents)), documents, True
        kinds = act_values.names(connection, book, about.month).kinds
        compared = compare(paper.rows, _theirs(about.lines, kinds))
        if all(one.finding == "agrees" for one in compared):
            raise NothingDisputed(len(compared))
        protocol = _protocol(desk, paper, life, about.letter, compared, kinds)
        if kept is None:
            return protocol, [], False
        return protocol, _enter(desk, connection, authority, protocol, kinds, about), False


def _theirs(lines: Iterable[ActLine], kinds: Mapping[str, AidKind]) -> list[Row]:
    """The authority's lines with the Kazakh names of the kinds, however it named them."""
    names = {name: one.name_kk for one in kinds.values() for name in (one.code, one.name_kk, one.name_ru)}
    return [
        Row(
            order_number=line.order_number,
            order_date=line.order_date,
            aid=names.get(line.aid_kind, line.aid_kind),
            amount=line.amount,
            comment=line.comment,
        )
        for line in lines
    ]


def _protocol(
    desk: Desk,
    paper: Paper,
    life: ActLife,
    letter: str,
    compared: list[Compared],
    kinds: Mapping[str, AidKind],
) -> Protocol:
    value, number = paper.value, paper.built.act_number
    russian = {one.name_kk: one.name_ru for one in kinds.values()}
    return Protocol(
        number=sum(one.act_number == number for one in life.disputes) + 1,
        act_number=number,
        month=value.month,
        dated=desk.today,
        document=letter,
        authority_bin=value.authority_bin,
        authority_kk=value.authority_kk,
        authority_ru=value.authority_ru,
        corporation_kk=value.corporation_kk,
        corporation_ru=value.corporation_ru,
        lines=tuple(
            ProtocolLine(
                line=line,
                order_number=one.order_number,
                order_date=one.order_date,
                aid_kk=one.aid,
                aid_ru=russian.get(one.aid, one.aid),
                ours=one.ours,
                theirs=one.theirs,
                finding=one.finding,
                comment=one.comment,
            )
            for line, one in enumerate(compared, start=1)
        ),
        corporation_signer=value.corporation_signer,
        authority_signer=value.authority_signer,
    )


def _enter(
    desk: Desk,
    connection: Connection,
    authority: Authority,
    protocol: Protocol,
    kinds: Mapping[str, AidKind],
    about: _About,
) -> list[evidence.Document]:
    book, month = authority.authority_id, protocol.month
    number = posting.next_number(connection, book)
    codes = {one.name_kk: one.code for one in kinds.values()}
    opened = Dispute(
        month=month,
        act_number=protocol.act_number,
        dispute_number=protocol.number,
        entry_number=number,
        opened_on=protocol.dated,
        document=protocol.document,
        ours=protocol.ours,
        theirs=protocol.theirs,
        outcome="",
        ended_on=None,
        note="",
    )
    lines = [
        DisputeLine(
            line=line.line,
            order_number=line.order_number,
            order_date=line.order_date,
            aid_kind=codes.get(line.aid_kk, line.aid_kk),
            ours=line.ours,
            theirs=line.theirs,
            finding=line.finding,
            comment=line.comment,
        )
        for line in protocol.lines
    ]
    act_life.append_dispute(connection, book, number, opened, lines)
    to = f"-{protocol.act_number}" if protocol.act_number else ""
    name = f"protocol-{authority.code}-{month:%Y-%m}{to}-{protocol.number}"
    outbox.keep(desk, connection, book, number, render.files(protocol, name))
    draft = EntryDraft(
        kind="act_disputed",
        booked_on=desk.today,
        value_date=protocol.dated,
        actor=desk.actor,
        source_key=about.key,
        source_digest=about.digest,
        summary=(
            f"act No {protocol.act_number} of {month:%m.%Y} disputed: ours {format_tenge(protocol.ours)}, "
            f"theirs {format_tenge(protocol.theirs)}"
        ),
    )
    posting.seal(connection, book, number, draft, ["act_dispute", "act_dispute_line", "document"])
    return evidence.documents_of(connection, book, number)
