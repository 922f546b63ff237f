"""`esep crediting`: banks' registers of whom they credited, kept, split into books and matched person by person.

A register is evidence and moves no money: its lines and its matches stand in the books beside the payments. What no
rule finds stays open and is tried again with the next register, or by `esep crediting match`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from formats.crediting import read_crediting
from formats.errors import Fault, FormatError
from ledgers import crediting_breaks, crediting_matches, creditings, posting, setup
from ledgers.crediting_matches import Found
from ledgers.creditings import FIELDS, AgreedBy, Crediting, CreditingRow
from ledgers.journal import EntryDraft
from reconcile.counted import counted
from reconcile.desk import Desk
from reconcile.errors import Refusal
from reconcile.inbox import Received, received

KIND = "crediting"


class NotACrediting(Refusal):
    """A register of a bank that is not set up, or of a day to come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookCrediting:
    """What a register brought to a book (code '' for book 0), and what the rules found there."""

    code: str
    crediting: Crediting
    found: tuple[Found, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditingImport:
    """A register by book; `is_repeat` when the same bytes of the bank came before, and nothing was changed."""

    books: tuple[BookCrediting, ...]
    is_repeat: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchedAgain:
    """What the rules found in a book among all that was open."""

    code: str
    found: tuple[Found, ...]


def import_file(
    desk: Desk, path: Path, *, bic: str, document: str, dated: date, dry_run: bool = False
) -> CreditingImport:
    """Import a register (CSV or XLSX) of a bank, its document and the document's date, whole or not at all.

    Raises:
        FormatError: with every fault of the file.
        NotACrediting: the bank is not set up, or the document is of a day to come.
        EntryConflict: the same file came before under another document or date.
    """
    if dated > desk.today:
        raise NotACrediting(f"{dated:%d.%m.%Y} lies after today, {desk.today:%d.%m.%Y}; a register is of what happened")
    if not document.strip():
        raise NotACrediting("a register has the number of its document: --document NUMBER")
    with received(desk, path, KIND) as file, desk.database.begin() as connection:
        banks = setup.banks(connection)
        if bic not in banks:
            raise NotACrediting(f"there is no bank {bic!r}; known are {', '.join(sorted(banks))}")
        result = _import(
            desk,
            connection,
            file,
            Crediting(authority_id=0, crediting_number=0, bic=bic, document=document, dated=dated, count=0, amount=0),
        )
        if dry_run:
            connection.rollback()
    return result


def _import(desk: Desk, connection: Connection, file: Received, head: Crediting) -> CreditingImport:
    codes = _codes(connection)
    before = creditings.of_file(connection, head.bic, file.stored.sha256)
    if before:
        for one in before:
            key, digest = _source(file, head)
            posting.find(connection, one.authority_id, key, digest)
        books = tuple(BookCrediting(code=codes[one.authority_id], crediting=one, found=()) for one in before)
        return CreditingImport(books=books, is_repeat=True)
    _stage(desk, connection, file)
    desk.progress("split", 0)
    shares = creditings.split(connection, head.bic)
    posting.lock(connection, [share.authority_id for share in shares])
    own = [
        replace(
            head,
            authority_id=share.authority_id,
            crediting_number=creditings.next_crediting_number(connection, share.authority_id),
            count=share.count,
            amount=share.amount,
        )
        for share in shares
    ]
    _append(desk, connection, file, own)
    file.accept(connection)
    books = tuple(
        BookCrediting(
            code=codes[one.authority_id],
            crediting=one,
            found=match_book(desk, connection, one.authority_id),
        )
        for one in own
    )
    return CreditingImport(books=books, is_repeat=False)


def _codes(connection: Connection) -> dict[int, str]:
    return {0: ""} | {one.authority_id: one.code for one in setup.authorities(connection)}


def _stage(desk: Desk, connection: Connection, file: Received) -> None:
    faults: list[Fault] = []
    with creditings.staging(connection) as staging:
        for batch in read_crediting(file.path, file.name, faults):
            if batch.lines:
                staging.add(batch.lines, [batch.columns[name] for name in FIELDS])
                desk.progress("read", len(batch.lines))
    faults += [
        Fault(
            line=line,
            place="credited_on",
            found=f"{day:%d.%m.%Y}",
            expected=f"a day not after {desk.today:%d.%m.%Y}",
            remedy="a register is of what happened",
        )
        for line, day in creditings.late_lines(connection, desk.today)
    ]
    if faults:
        raise FormatError(file.name, sorted(faults, key=lambda fault: (fault.line or 0, fault.place)))


def _source(file: Received, head: Crediting) -> tuple[str, bytes]:
    key = f"crediting:{head.bic}:{file.stored.sha256.hex()}"
    return key, posting.digest(file.stored.sha256.hex(), head.document, head.dated)


def _append(desk: Desk, connection: Connection, file: Received, own: Sequence[Crediting]) -> None:
    """Make the staged lines facts, under an entry of each book."""
    numbers = {one.authority_id: posting.next_number(connection, one.authority_id) for one in own}
    desk.progress("store", 0)
    creditings.append_staged(connection, numbers, own, file.stored.sha256)
    for one in own:
        key, digest = _source(file, one)
        draft = EntryDraft(
            kind="crediting_imported",
            booked_on=desk.today,
            value_date=one.dated,
            actor=desk.actor,
            source_key=key,
            source_digest=digest,
            summary=f"crediting register {one.document} of {one.bic}, {counted(one.count, 'line')}",
        )
        wrote = {"crediting": "", "crediting_line": "f.crediting_number = :crediting"}
        bind = {"crediting": one.crediting_number}
        posting.seal(connection, one.authority_id, numbers[one.authority_id], draft, wrote, bind)
        desk.progress("seal", one.count)


def match_again(desk: Desk, *, authority_code: str | None = None) -> list[MatchedAgain]:
    """Try the rules again on all that is open: payments may have come that a register was ahead of."""
    with desk.database.begin() as connection:
        authorities = setup.chosen(connection, authority_code)
        posting.lock(connection, [one.authority_id for one in authorities])
        return [
            MatchedAgain(code=one.code, found=match_book(desk, connection, one.authority_id)) for one in authorities
        ]


def match_book(desk: Desk, connection: Connection, book: int) -> tuple[Found, ...]:
    """Try the rules on all that is open in a book, under its lock; what they find is an entry, nothing is none."""
    if book == 0:
        return ()
    desk.progress("match", 0)
    number = posting.next_number(connection, book)
    first = crediting_matches.last_match_number(connection, book) + 1
    found = tuple(crediting_matches.match(connection, book, number))
    if not found:
        return ()
    count = sum(one.count for one in found)
    draft = EntryDraft(
        kind="crediting_matched",
        booked_on=desk.today,
        value_date=desk.today,
        actor=desk.actor,
        source_key=f"crediting-match:{first}",
        source_digest=posting.digest(*found),
        summary=f"{counted(count, 'line')} of crediting registers found to be payments, from match {first} on",
    )
    posting.seal(connection, book, number, draft, {"crediting_match": ""})
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLine:
    """What differs about a line of a register: the difference with its book; the amount in tiyn."""

    authority: str
    kind: str
    subject: str
    amount: int
    happened_on: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditingShown:
    """A register in each book that has one of its number, by rule, and the lines that differ."""

    rows: tuple[CreditingRow, ...]
    agreed: tuple[AgreedBy, ...]
    left: tuple[ShownLine, ...]


def show(connection: Connection, number: int, authority_code: str | None = None) -> CreditingShown:
    """A register of an authority, or the registers of this number in all books.

    Raises:
        NotACrediting: no book has a register of this number.
    """
    book = None if authority_code is None else setup.authority(connection, authority_code).authority_id
    rows = creditings.rows(connection, book, number)
    if not rows:
        raise NotACrediting(f"there is no crediting register C{number}; see: esep crediting list")
    codes = _codes(connection)
    books = {code: one for one, code in codes.items()}
    left = [
        ShownLine(
            authority=codes[one.authority_id],
            kind=one.kind,
            subject=one.subject,
            amount=one.amount,
            happened_on=one.happened_on,
            reason=one.reason,
        )
        for row in rows
        for one in crediting_breaks.differences(connection, books[row.authority])
        if one.subject.startswith(f"C{number}/")
    ]
    return CreditingShown(rows=tuple(rows), agreed=tuple(creditings.agreed(connection, book, number)), left=tuple(left))
