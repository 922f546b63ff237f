"""Files on their way out: kept in the archive before the commit, delivered to a folder after it.

Running a verb again delivers what is missing in the folder, and makes nothing twice.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from ledgers import evidence
from ledgers.journal import EntryKind
from reconcile.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """A file in the folder: whether it had to be written, and if it was sent before, on which day."""

    path: Path
    written: bool
    sent_on: date | None = None


def keep(desk: Desk, connection: Connection, authority_id: int, number: int, files: Mapping[str, bytes]) -> None:
    """Keep files (name -> bytes) in the archive and write them down under entry `number`."""
    documents = [
        evidence.Document(file_name=name, sha256=desk.archive.keep([octets]).sha256) for name, octets in files.items()
    ]
    evidence.record_documents(connection, authority_id, number, documents)


def deliver(desk: Desk, kind: EntryKind, out: Path) -> list[Delivered]:
    """Write into the folder what entries of this kind sent out this month, and the last of each book, where missing."""
    with desk.database.begin() as connection:
        documents = evidence.recent_documents(connection, kind, desk.today.replace(day=1))
    return [
        Delivered(path=out / one.file_name, written=desk.archive.deliver(one.sha256, out / one.file_name))
        for one in documents
    ]


def deliver_orders(desk: Desk, message: str, out: Path, new: Collection[str]) -> list[Delivered]:
    """Write into the folder the files (MT-102 or MT-100) that the bank has not debited yet, where they are missing.

    A file that was debited is never written again, so that a folder which the bank's program empties is not filled
    with what was paid. `new` names the references of the files sent now.
    """
    with desk.database.begin() as connection:
        files = evidence.open_order_documents(connection, message)
    return [
        Delivered(
            path=out / one.document.file_name,
            written=desk.archive.deliver(one.document.sha256, out / one.document.file_name),
            sent_on=None if one.reference in new else one.dated,
        )
        for one in files
    ]
