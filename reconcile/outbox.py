"""Files on their way out: kept in the archive before the commit, delivered to a folder after it.

Running a verb again delivers what is missing in the folder from its last entry, and makes nothing twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from ledgers import evidence
from ledgers.journal import EntryKind
from reconcile.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """A file in the folder, and whether it had to be written."""

    path: Path
    written: bool


def keep(desk: Desk, connection: Connection, authority_id: int, number: int, files: Mapping[str, bytes]) -> None:
    """Keep files (name -> bytes) in the archive and write them down under entry `number`."""
    documents = [
        evidence.Document(file_name=name, sha256=desk.archive.keep([octets]).sha256) for name, octets in files.items()
    ]
    evidence.record_documents(connection, authority_id, number, documents)


def deliver(desk: Desk, kind: EntryKind, out: Path) -> list[Delivered]:
    """Write into the folder what the last entry of this kind of each book sent out, where it is missing."""
    with desk.database.begin() as connection:
        documents = evidence.latest_documents(connection, kind)
    found = []
    for document in documents:
        target = out / document.file_name
        found.append(Delivered(path=target, written=desk.archive.deliver(document.sha256, target)))
    return found
