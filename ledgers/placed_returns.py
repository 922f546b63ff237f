"""What placing a return by hand needs of the books: messages by their name, payments by theirs, whole files.

A message that was placed stands twice: parked in book 0 as it came, and in its authority's book with what was placed.
"""

from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, text

from ledgers.returns import Message, Payment


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A message under a name, with the bytes it came in; `lines` are those that brought its money."""

    message: Message
    sha256: bytes
    source_digest: bytes
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreturned:
    """What of a file has not come back: payments, and their sum in tiyn."""

    count: int
    amount: int


def messages_named(connection: Connection, bic: str, name: str) -> list[Named]:
    """The messages, in all books, with this reference or document number, of a bank (or '' for any)."""
    names = ", ".join(f"m.{field.name}" for field in fields(Message))
    rows = connection.execute(
        text(f"""
            SELECT {names}, m.sha256, e.source_digest,
                   ARRAY(SELECT n.line_number FROM esep.return_money n
                         WHERE n.authority_id = m.authority_id AND n.return_number = m.return_number) AS lines
            FROM esep.return_message m
            JOIN esep.entry e ON e.authority_id = m.authority_id AND e.number = m.entry_number
            WHERE :bic IN ('', m.bic) AND :name IN (m.reference, m.document_number)
            ORDER BY m.dated, m.authority_id, m.return_number
        """),  # noqa: S608 - names come from the dataclass
        {"bic": bic, "name": name},
    )
    return [
        Named(
            message=Message(**{field.name: getattr(row, field.name) for field in fields(Message)}),
            sha256=row.sha256,
            source_digest=row.source_digest,
            lines=tuple(row.lines),
        )
        for row in rows
    ]


def payments_named(connection: Connection, reference: str, bic: str) -> list[Payment]:
    """The payments to a bank under this reference (P20000006/1), one for each authority that has it."""
    rows = connection.execute(
        text("""
            SELECT p.authority_id, p.due_month, p.award_number, p.attempt, p.order_number,
                   o.reference AS order_reference, o.dated, o.bic, o.aid_kind, w.iin, w.iban, p.amount,
                   r.award_number IS NOT NULL AS is_returned
            FROM (SELECT DISTINCT authority_id, due_month FROM esep.need) n
            JOIN esep.taken_payment p ON p.authority_id = n.authority_id AND p.due_month = n.due_month
                AND p.award_number = :award AND p.attempt = :attempt
            JOIN esep.award_line w ON w.authority_id = p.authority_id AND w.due_month = p.due_month
                AND w.award_number = p.award_number AND w.version = p.version
            JOIN esep.payment_order o ON o.authority_id = p.authority_id AND o.order_number = p.order_number
                AND o.bic = :bic
            LEFT JOIN esep.returned_payment r ON r.authority_id = p.authority_id AND r.due_month = p.due_month
                AND r.award_number = p.award_number AND r.attempt = p.attempt
            ORDER BY p.authority_id
        """),
        _key(reference) | {"bic": bic},
    )
    return [Payment(**row._asdict()) for row in rows]


def _key(reference: str) -> dict[str, Any]:
    """The award and the attempt of a payment's reference; none that exists for another text."""
    award, _, attempt = reference.removeprefix("P").partition("/")
    is_right = reference.startswith("P") and award.isdecimal() and attempt.isdecimal() and len(award + attempt) < 20
    return {"award": int(award), "attempt": int(attempt)} if is_right else {"award": 0, "attempt": 0}


# --- The storno of a whole file ---------------------------------------------------------------------------------------

_UNRETURNED = """
    FROM esep.payment p
    JOIN esep.payment_order o ON o.authority_id = p.authority_id AND o.order_number = p.order_number
    JOIN esep.award_line w ON w.authority_id = p.authority_id AND w.due_month = p.due_month
        AND w.award_number = p.award_number AND w.version = p.version
    WHERE p.authority_id = :authority AND p.order_number = :order AND NOT EXISTS (
        SELECT 1 FROM esep.returned_payment r WHERE r.authority_id = p.authority_id AND r.due_month = p.due_month
            AND r.award_number = p.award_number AND r.attempt = p.attempt)
"""


def unreturned(connection: Connection, authority_id: int, order_number: int) -> Unreturned:
    """How many payments of a file have not come back, and how much."""
    row = connection.execute(
        text(f"SELECT count(*) AS count, coalesce(sum(p.amount), 0)::bigint AS amount {_UNRETURNED}"),
        {"authority": authority_id, "order": order_number},
    ).one()
    return Unreturned(**row._asdict())


def append_unreturned(
    connection: Connection, authority_id: int, entry_number: int, return_number: int, order_number: int, reason: str
) -> None:
    """Record under an entry that every payment of a file that had not come back does so by one message."""
    bind = {"authority": authority_id, "entry": entry_number, "number": return_number, "order": order_number}
    # The items first: afterwards the payments have come back.
    connection.execute(
        text(f"""
            INSERT INTO esep.return_item (authority_id, return_number, item, entry_number, iin, surname, first_name,
                                          patronymic, iban, amount, reason)
            SELECT :authority, :number, p.item, :entry, w.iin, w.surname, w.first_name, w.patronymic, w.iban, p.amount,
                   :reason {_UNRETURNED}
        """),
        bind | {"reason": reason},
    )
    connection.execute(
        text(f"""
            INSERT INTO esep.returned_payment (authority_id, due_month, award_number, attempt, entry_number,
                                               return_number, item, amount)
            SELECT p.authority_id, p.due_month, p.award_number, p.attempt, :entry, :number, p.item, p.amount
            {_UNRETURNED}
        """),
        bind,
    )


STORNO_EVENTS = """
    SELECT 'return_identified' AS rule, o.aid_kind, CAST(:line AS text) AS debit_reference,
           'P' || r.award_number || '/' || r.attempt AS credit_reference, r.amount
    FROM esep.returned_payment r
    JOIN esep.payment p USING (authority_id, due_month, award_number, attempt)
    JOIN esep.payment_order o ON o.authority_id = p.authority_id AND o.order_number = p.order_number
    WHERE r.authority_id = :authority AND r.entry_number = :number
"""
"""The postings of a storno, computed from its returned payments."""
