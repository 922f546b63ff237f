"""`esep act status` and `esep act check`: where the documents of a month stand, and whether they are as built.

A state is read from the facts: Appendix 1 is a draft, signed by one side, signed by both, disputed or corrected;
Appendix 2 a draft, signed by the deputy, by the director, or sent. A document that was changed is a red flag, in the
archive or in a folder; for a changed copy in a folder the original stands in the archive (E76).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection

from ledgers import act_life, closing, evidence, setup
from ledgers.act_life import BOTH_SIDES, ActLife
from ledgers.evidence import Document
from ledgers.setup import Authority
from reconcile import act
from reconcile.archive import ArchiveDamaged, MissingFromArchive, digest_of
from reconcile.counted import counted
from reconcile.desk import Desk
from reconcile.errors import Refusal

State = Literal[
    "OPEN",
    "CLOSED",
    "DRAFT",
    "SIGNED_SC",
    "SIGNED_AUTHORITY",
    "SIGNED_BOTH",
    "DISPUTED",
    "CORRECTED",
    "SIGNED_DEPUTY",
    "SIGNED_DIRECTOR",
    "SENT",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentStatus:
    """One document of a month: its state, and what happened to it last, by whom and on which day."""

    authority: str
    month: date
    document: str
    state: State
    since: date | None
    who: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedFile:
    """A file of a document: whether the archive has its bytes ('' when it has), and what is wrong with the copy."""

    authority: str
    month: date
    file_name: str
    sha256: str
    archive: str
    copy: str


class DocumentsChanged(Refusal):
    """Bytes that were built, and perhaps signed, are not what they were (E76)."""

    def __init__(self, found: list[CheckedFile]) -> None:
        self.found = tuple(found)
        count = len(found)
        head = f"RED FLAG: {counted(count, 'document')} not as built:"
        super().__init__("\n".join([head, *(f"  {one.archive or one.copy}" for one in found)]))


def status(connection: Connection, authority_code: str | None, day: date | None) -> list[DocumentStatus]:
    """The documents of the month that `day` is in, or of every month that has some, of one authority or of all.

    Raises:
        UnknownAuthority: nobody has this code.
    """
    found: list[DocumentStatus] = []
    for authority in setup.chosen(connection, authority_code):
        book = authority.authority_id
        for month in act_life.months(connection, book) if day is None else [day.replace(day=1)]:
            life = act_life.life(connection, book, month)
            found += _documents(connection, authority, month, life)
    return found


def _documents(connection: Connection, authority: Authority, month: date, life: ActLife) -> Iterator[DocumentStatus]:
    if not life.acts:
        lock = closing.month_lock(connection, authority.authority_id, month)
        for document in ("Appendix 1", "Appendix 2"):
            yield DocumentStatus(
                authority=authority.code,
                month=month,
                document=document,
                state="CLOSED" if lock else "OPEN",
                since=None,
                who="",
                what="not built: esep act build" if lock else "not built: esep month close, then esep act build",
            )
        return
    yield _appendix_1(authority.code, month, life)
    yield _appendix_2(authority.code, month, life)
    for one in life.acts[1:]:
        yield _signed_by_both(authority.code, month, life, one.act_number)


def _appendix_1(code: str, month: date, life: ActLife) -> DocumentStatus:
    if len(life.acts) > 1 and life.is_signed(life.acts[-1].act_number):
        last = life.acts[-1]
        return DocumentStatus(
            authority=code,
            month=month,
            document="Appendix 1",
            state="CORRECTED",
            since=last.dated,
            who=last.actor,
            what=f"corrective act No {last.act_number}: {last.reason}",
        )
    return _signed_by_both(code, month, life, 0)


def _signed_by_both(code: str, month: date, life: ActLife, act_number: int) -> DocumentStatus:
    built = next(one for one in life.acts if one.act_number == act_number)
    signed = [one for one in life.signatures if one.act_number == act_number and one.role in BOTH_SIDES]
    opened = life.open_dispute(act_number)
    state: State = "DRAFT"
    since, who, what = built.dated, built.actor, "built"
    if signed:
        since, who, what = signed[-1].signed_on, signed[-1].signer, f"signed for the {signed[-1].role}"
        state = "SIGNED_SC" if signed[-1].role == "corporation" else "SIGNED_AUTHORITY"
    if len(signed) == len(BOTH_SIDES):
        state = "SIGNED_BOTH"
    if opened is not None:
        state, since, who = "DISPUTED", opened.opened_on, opened.document
        what = f"protocol of differences {opened.dispute_number}"
    return DocumentStatus(
        authority=code,
        month=month,
        document=f"corrective act {act_number}" if act_number else "Appendix 1",
        state=state,
        since=since,
        who=who,
        what=what,
    )


def _appendix_2(code: str, month: date, life: ActLife) -> DocumentStatus:
    built = life.acts[0]
    state: State = "DRAFT"
    since, who, what = built.dated, built.actor, "built"
    for role, reached in (("deputy", "SIGNED_DEPUTY"), ("director", "SIGNED_DIRECTOR")):
        signature = next((one for one in life.signatures if (one.act_number, one.role) == (0, role)), None)
        if signature is not None:
            since, who, what = signature.signed_on, signature.signer, f"signed by the {role}"
            state = "SIGNED_DEPUTY" if reached == "SIGNED_DEPUTY" else "SIGNED_DIRECTOR"
    if life.sent_on is not None:
        state, since, what = "SENT", life.sent_on, "sent to the authority"
    return DocumentStatus(
        authority=code, month=month, document="Appendix 2", state=state, since=since, who=who, what=what
    )


def check(desk: Desk, authority_code: str | None, day: date | None, folder: Path | None = None) -> list[CheckedFile]:
    """Look whether every file of the documents is what was built: in the archive, and in a folder of copies if named.

    Raises:
        UnknownAuthority: nobody has this code.
        NoActs: nothing was built in the month that was named.
        DocumentsChanged: a file is not what it was; each is named with what to do.
    """
    found: list[CheckedFile] = []
    with desk.database.begin() as connection:
        for authority in setup.chosen(connection, authority_code):
            book = authority.authority_id
            for month in act_life.months(connection, book) if day is None else [day.replace(day=1)]:
                life = act_life.life(connection, book, month)
                if not life.acts:
                    raise act.NoActs(authority.code, month)
                entries = [one.entry_number for one in life.acts] + [one.entry_number for one in life.disputes]
                for number in sorted(entries):
                    documents = evidence.documents_of(connection, book, number)
                    found += [_checked(desk, authority.code, month, one, folder) for one in documents]
    wrong = [one for one in found if one.archive or one.copy]
    if wrong:
        raise DocumentsChanged(wrong)
    return found


def _checked(desk: Desk, code: str, month: date, document: Document, folder: Path | None) -> CheckedFile:
    archive = copy = ""
    try:
        for _ in desk.archive.blocks(document.sha256, document.file_name):
            pass
    except (MissingFromArchive, ArchiveDamaged) as wrong:
        archive = str(wrong)
    target = folder / document.file_name if folder else None
    if target is not None and target.exists() and digest_of(target) != document.sha256:
        original = desk.archive.path(document.sha256)
        copy = (
            f"{target} was changed after it was built: a signature under it does not count; the original stands in the "
            f"archive ({original}), esep act build writes it again"
        )
    return CheckedFile(
        authority=code,
        month=month,
        file_name=document.file_name,
        sha256=document.sha256.hex(),
        archive=archive,
        copy=copy,
    )
