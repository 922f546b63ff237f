"""`esep order refused` and `esep order refuse`: a bank did not take a file, so its items go again (R-052).

A bank refuses before any debit: the money stands where it stood, and the next `order send` or `refund send` makes a new
file. A file that was debited was taken; what does not reach its people comes back as returns.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from formats.errors import FormatError
from ledgers import posting, refusals, setup
from ledgers.journal import EntryDraft
from ledgers.money import format_tenge
from ledgers.refusals import RefusableFile, Refusal
from reconcile import errors, refusal_message
from reconcile.desk import Desk
from reconcile.inbox import received
from reconcile.refusal_message import Told

BY_HAND = bytes(32)
"""The digest of a refusal that no message told."""


class NotRefusable(errors.Refusal):
    """A file that the bank took, or that nobody sent."""

    def __init__(self, reference: str, why: str) -> None:
        super().__init__(f"{reference} cannot be refused: {why}")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRefused:
    """A file that the bank refused, and whether the books knew it."""

    authority_code: str
    file: RefusableFile
    refusal: Refusal
    is_repeat: bool


def refuse(
    desk: Desk, reference: str, *, reason: str, code: str = "", on: date | None = None, dry_run: bool = False
) -> FileRefused:
    """Record by hand that a bank refused a file; `on` is the day of its refusal, today if left out.

    The same file again changes nothing.

    Raises:
        NotRefusable: nobody sent the file, it was debited, payments of it came back, or the day is impossible.
    """
    if not reason.strip():
        raise NotRefusable(reference, "a refusal has a reason, that of the bank: --reason TEXT")
    day = on or desk.today
    with desk.database.begin() as connection:
        posting.lock(connection, [one.authority_id for one in setup.authorities(connection)])
        file = refusals.file_named(connection, reference)
        if file is None:
            raise NotRefusable(reference, "no file was sent under this reference")
        if not file.dated <= day <= desk.today:
            span = f"{file.dated:%d.%m.%Y}, when it was sent, to {desk.today:%d.%m.%Y}"
            raise NotRefusable(reference, f"the bank refused it on a day from {span}, not on {day:%d.%m.%Y}")
        told = Refusal(
            order_number=file.order_number,
            refused_on=day,
            reference="",
            code=code,
            reason=reason,
            sha256=BY_HAND,
        )
        result = _record(desk, connection, file, told)
        if dry_run:
            connection.rollback()
    return result


def import_file(desk: Desk, path: Path) -> list[FileRefused]:
    """Import a bank's refusals (MT905, or pacs.002 of a whole message), whole or not at all.

    Raises:
        FormatError: with every fault of the file, also for a reference that is none of ours.
        NotRefusable: a file that was debited, or of which payments came back.
    """
    with received(desk, path, "refusal") as source:
        messages = refusal_message.read(source.read(), source.name)
        with desk.database.begin() as connection:
            posting.lock(connection, [one.authority_id for one in setup.authorities(connection)])
            found = _files(connection, messages, source.name)
            results = [
                _record(desk, connection, file, _told(desk, message, file, source.stored.sha256))
                for message, file in found
            ]
            source.accept(connection)
    return results


def _files(connection: Connection, messages: Sequence[Told], source: str) -> list[tuple[Told, RefusableFile]]:
    """Each refusal with the file that it names."""
    found, faults = [], []
    for message in messages:
        file = refusals.file_named(connection, message.file_reference)
        if file is None:
            remedy = "ask the bank which of our files it refused"
            expected = "the :20: of a file that was sent"
            faults.append(refusal_message.fault(":21:", message.file_reference, expected, remedy))
        else:
            found.append((message, file))
    if faults:
        raise FormatError(source, faults)
    return found


def _told(desk: Desk, message: Told, file: RefusableFile, sha256: bytes) -> Refusal:
    return Refusal(
        order_number=file.order_number,
        refused_on=desk.today,
        reference=message.reference,
        code=message.code,
        reason=message.reason,
        sha256=sha256,
    )


def _record(desk: Desk, connection: Connection, file: RefusableFile, refusal: Refusal) -> FileRefused:
    """Enter the refusal of a file, once, with its money turned back."""
    codes = {one.authority_id: one.code for one in setup.authorities(connection)}
    code = codes[file.authority_id]
    if file.refused_on is not None:
        return FileRefused(authority_code=code, file=file, refusal=refusal, is_repeat=True)
    if file.open != file.amount:
        taken = f"the bank debited {format_tenge(file.amount - file.open)} KZT of it: it took the file"
        raise NotRefusable(file.reference, f"{taken}, and what does not reach its people comes back as returns")
    if file.came_back:
        raise NotRefusable(file.reference, f"{file.came_back} of its payments came back: the bank took the file")
    book = file.authority_id
    number = posting.next_number(connection, book)
    refusals.append_refusal(connection, book, number, refusal)
    posting.post_register(connection, book, number, desk.today, refusals.REFUSED_EVENTS, {})
    draft = EntryDraft(
        kind="file_refused",
        booked_on=desk.today,
        value_date=refusal.refused_on,
        actor=desk.actor,
        source_key=f"refused:{file.reference}",
        source_digest=posting.digest(file.reference),
        summary=f"the bank refused {file.reference}: {file.count} items, {format_tenge(file.amount)}",
    )
    posting.seal(connection, book, number, draft, ["order_refusal"])
    return FileRefused(authority_code=code, file=file, refusal=refusal, is_repeat=False)
