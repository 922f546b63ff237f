"""Evidence of files: what came, accepted or refused, and what an entry sent out."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, text

from ledgers.posting import append


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file that an entry sent out: its name and the SHA-256 of its bytes."""

    file_name: str
    sha256: bytes


def record_received(
    connection: Connection, *, sha256: bytes, octets: int, kind: str, name: str, faults: int, actor: str
) -> None:
    """Keep that a file came, and whether it was refused (with how many faults); a second time changes nothing."""
    connection.execute(
        text("""
            INSERT INTO esep.received_file (sha256, kind, verdict, name, octets, faults, actor)
            VALUES (:sha256, :kind, :verdict, :name, :octets, :faults, :actor) ON CONFLICT DO NOTHING
        """),
        {
            "sha256": sha256,
            "kind": kind,
            "verdict": "refused" if faults else "accepted",
            "name": name,
            "octets": octets,
            "faults": faults,
            "actor": actor,
        },
    )


def record_documents(connection: Connection, authority_id: int, number: int, documents: Sequence[Document]) -> None:
    """Write down the files that entry `number` sends out."""
    rows = [
        {"authority_id": authority_id, "entry_number": number, "file_name": d.file_name, "sha256": d.sha256}
        for d in documents
    ]
    append(connection, "document", rows)


def documents_of(connection: Connection, authority_id: int, number: int) -> list[Document]:
    """The files that entry `number` sent out, by name."""
    rows = connection.execute(
        text("""
            SELECT file_name, sha256 FROM esep.document WHERE authority_id = :authority AND entry_number = :number
            ORDER BY file_name
        """),
        {"authority": authority_id, "number": number},
    )
    return [Document(file_name=row.file_name, sha256=bytes(row.sha256)) for row in rows]


def latest_documents(connection: Connection, kind: str) -> list[Document]:
    """The files that the last entry of this kind sent out, in every book."""
    rows = connection.execute(
        text("""
            SELECT d.file_name, d.sha256 FROM esep.document d
            JOIN (SELECT authority_id, max(number) AS number FROM esep.entry WHERE kind = :kind GROUP BY authority_id) e
              ON e.authority_id = d.authority_id AND e.number = d.entry_number
            ORDER BY d.authority_id, d.file_name
        """),
        {"kind": kind},
    )
    return [Document(file_name=row.file_name, sha256=bytes(row.sha256)) for row in rows]
