"""Files that come in: kept as they are before they are read, and written down as accepted or refused.

A refusal undoes everything the file began; that it came, and with how many faults, is evidence that stays.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from formats.errors import FormatError
from ledgers import evidence
from ledgers.errors import LedgerError
from reconcile.archive import Stored
from reconcile.desk import Desk
from reconcile.errors import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A file that came: what kind it is, under which name, and where its bytes are kept."""

    desk: Desk
    kind: str
    name: str
    stored: Stored

    @property
    def path(self) -> Path:
        """The kept bytes: what is read is what was kept, whatever happens to the file in between."""
        return self.desk.archive.path(self.stored.sha256)

    def read(self) -> bytes:
        """All the bytes."""
        return self.desk.archive.read(self.stored.sha256, self.name)

    def accept(self, connection: Connection) -> None:
        """Write down that the file was accepted, in the transaction that applies it."""
        self._record(connection, faults=0)

    def refuse(self, faults: int) -> None:
        """Write down that the file was refused, in a transaction of its own."""
        with self.desk.database.begin() as connection:
            self._record(connection, faults=faults)

    def _record(self, connection: Connection, *, faults: int) -> None:
        evidence.record_received(
            connection,
            sha256=self.stored.sha256,
            octets=self.stored.octets,
            kind=self.kind,
            name=self.name,
            faults=faults,
            actor=self.desk.actor,
        )


@contextmanager
def received(desk: Desk, path: Path, kind: str) -> Iterator[Received]:
    """Keep a file that came in; if working with it ends in a refusal, that is written down and passed on."""
    file = Received(desk=desk, kind=kind, name=path.name, stored=desk.archive.keep_file(path))
    try:
        yield file
    except FormatError as refusal:
        file.refuse(len(refusal.faults))
        raise
    except (LedgerError, Refusal):
        file.refuse(1)
        raise
