"""Evidence of files: what came, accepted or refused, and what an entry sent out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

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


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDocument:
    """The file of an order that the bank has not debited yet."""

    reference: str
    dated: date
    document: Document


def recent_documents(connection: Connection, kind: str, since: date) -> list[Document]:
    """The files that entries of this kind sent out since a day, and those of the last such entry of every book."""
    rows = connection.execute(
        text("""
            SELECT d.file_name, d.sha256 FROM esep.entry e
            JOIN esep.document d ON d.authority_id = e.authority_id AND d.entry_number = e.number
            WHERE e.kind = :kind AND (e.booked_on >= :since OR e.number = (
                SELECT max(l.number) FROM esep.entry l WHERE l.authority_id = e.authority_id AND l.kind = :kind))
            ORDER BY d.authority_id, d.entry_number, d.file_name
        """),
        {"kind": kind, "since": since},
    )
    return [Document(file_name=row.file_name, sha256=bytes(row.sha256)) for row in rows]


def open_order_documents(connection: Connection, message: str) -> list[OrderDocument]:
    """The files of all orders of a message type whose account `transit` is still open."""
    rows = connection.execute(
        text("""
            SELECT o.reference, o.dated, d.file_name, d.sha256
            FROM (
                SELECT a.authority_id, a.reference FROM esep.account a
                JOIN esep.posting p ON p.authority_id = a.authority_id AND a.account_id IN (p.debit, p.credit)
                WHERE a.code = 'transit' GROUP BY a.authority_id, a.account_id, a.reference
                HAVING sum(CASE WHEN p.credit = a.account_id THEN p.amount ELSE -p.amount END) > 0
            ) t
            JOIN esep.payment_order o ON o.authority_id = t.authority_id AND o.reference = t.reference
            JOIN esep.document d ON d.authority_id = o.authority_id AND d.entry_number = o.entry_number
                AND d.file_name = o.file_name
            WHERE o.message = :message ORDER BY o.authority_id, o.order_number
        """),
        {"message": message},
    )
    return [
        OrderDocument(
            reference=row.reference,
            dated=row.dated,
            document=Document(file_name=row.file_name, sha256=bytes(row.sha256)),
        )
        for row in rows
    ]
