"""Returns: what banks sent back, for whom, and the statement line that brought its money (R-060).

A message whose people were all found stands in their authority's book, with the payments that came back; one that fits
nothing stands parked in book 0, and nobody's payment is touched (E56). A payment comes back at most once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A return message of a bank; `dated` is its document's date, the amount (tiyn) the sum of `count` people."""

    authority_id: int
    return_number: int
    reference: str
    document_number: str
    dated: date
    bic: str
    payer_iban: str
    amount: int
    count: int
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """A message that fits no payments, and why."""

    message: Message
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One person of a return message; `iban` is empty where the bank names no account, the amount is in tiyn."""

    item: int
    iin: str
    surname: str
    first_name: str
    patronymic: str
    iban: str
    amount: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """A payment that was sent: one attempt to pay an award, with the account that was used; the amount in tiyn."""

    authority_id: int
    due_month: date
    award_number: int
    attempt: int
    order_number: int
    order_reference: str
    dated: date
    bic: str
    aid_kind: str
    iin: str
    iban: str
    amount: int
    is_returned: bool

    @property
    def reference(self) -> str:
        """What the payment is called in the books."""
        return f"P{self.award_number}/{self.attempt}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """A payment of a return message as the books call it, and the day its file was sent; the amount in tiyn."""

    reference: str
    aid_kind: str
    amount: int
    sent_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The entry that a source key made already, in whichever book."""

    source_key: str
    authority_id: int
    number: int
    source_digest: bytes
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSpan:
    """Which entries of a book a notice of returns covers: after one, up to another."""

    notice_number: int
    after_entry: int
    upto_entry: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRow:
    """A returned payment whose money came, as the authority is told of it (R-060); the amount in tiyn."""

    award_number: int
    attempt: int
    order_number: int
    order_date: date
    bic: str
    aid_kind: str
    iin: str
    surname: str
    first_name: str
    patronymic: str
    iban: str
    amount: int
    returned_on: date
    reason: str


_MESSAGE = ", ".join(f"m.{field.name}" for field in fields(Message))
_ITEM = ", ".join(f"i.{field.name}" for field in fields(Item))


def known_entries(connection: Connection, books: Sequence[int], source_keys: Sequence[str]) -> list[Known]:
    """The entries of these books that were made under these keys."""
    rows = connection.execute(
        text("""
            SELECT source_key, authority_id, number, source_digest, summary FROM esep.entry
            WHERE authority_id = ANY(CAST(:books AS integer[])) AND source_key = ANY(CAST(:source_keys AS text[]))
            ORDER BY authority_id, number
        """),
        {"books": list(books), "source_keys": list(source_keys)},
    )
    return [Known(**row._asdict()) for row in rows]


def content_of(connection: Connection, authority_id: int, entry_number: int) -> tuple[Message, list[Item]]:
    """The message that an entry brought, with its people in their order."""
    bind = {"authority": authority_id, "entry": entry_number}
    message = connection.execute(
        text(f"""
            SELECT {_MESSAGE} FROM esep.return_message m
            WHERE m.authority_id = :authority AND m.entry_number = :entry
        """),  # noqa: S608 - names come from the dataclass
        bind,
    ).one()
    items = connection.execute(
        text(f"""
            SELECT {_ITEM} FROM esep.return_item i
            WHERE i.authority_id = :authority AND i.entry_number = :entry ORDER BY i.item
        """),  # noqa: S608 - names come from the dataclass
        bind,
    )
    return Message(**message._asdict()), [Item(**row._asdict()) for row in items]


def items_of(connection: Connection, message: Message) -> list[Item]:
    """The people of a message, in their order."""
    rows = connection.execute(
        text(f"""
            SELECT {_ITEM} FROM esep.return_item i
            WHERE i.authority_id = :authority AND i.return_number = :number ORDER BY i.item
        """),  # noqa: S608 - names come from the dataclass
        {"authority": message.authority_id, "number": message.return_number},
    )
    return [Item(**row._asdict()) for row in rows]


def next_return_numbers(connection: Connection) -> dict[int, int]:
    """The number of the next return message of each book that has any; true while its lock is held."""
    query = "SELECT authority_id, max(return_number) + 1 AS next FROM esep.return_message GROUP BY authority_id"
    return {row.authority_id: row.next for row in connection.execute(text(query))}


def waiting_messages(connection: Connection) -> list[Message]:
    """Messages with known payments whose money no statement has shown yet."""
    rows = connection.execute(
        text(f"""
            SELECT {_MESSAGE} FROM esep.return_message m
            WHERE m.authority_id > 0 AND NOT EXISTS (
                SELECT 1 FROM esep.return_money n
                WHERE n.authority_id = m.authority_id AND n.return_number = m.return_number)
            ORDER BY m.authority_id, m.return_number
        """)  # noqa: S608 - names come from the dataclass
    )
    return [Message(**row._asdict()) for row in rows]


def parked_messages(connection: Connection) -> list[Parked]:
    """Messages of book 0 that fit no payments: those that found them later stand in an authority's book as well."""
    rows = connection.execute(
        text(f"""
            SELECT {_MESSAGE}, e.summary FROM esep.return_message m
            JOIN esep.entry e ON e.authority_id = m.authority_id AND e.number = m.entry_number
            WHERE m.authority_id = 0 AND NOT EXISTS (
                SELECT 1 FROM esep.return_message found
                WHERE found.authority_id > 0 AND found.bic = m.bic AND found.reference = m.reference
                  AND found.document_number = m.document_number AND found.dated = m.dated)
            ORDER BY m.return_number
        """)  # noqa: S608 - names come from the dataclass
    )
    names = [field.name for field in fields(Message)]
    return [Parked(message=Message(**{name: getattr(row, name) for name in names}), reason=row.summary) for row in rows]


def payments_returned(connection: Connection, authority_id: int, return_numbers: Sequence[int]) -> list[Returned]:
    """The payments that these messages gave back, by kind and reference."""
    rows = connection.execute(
        text("""
            SELECT 'P' || r.award_number || '/' || r.attempt AS reference, o.aid_kind, r.amount, o.dated AS sent_on
            FROM esep.returned_payment r
            JOIN esep.payment p ON p.authority_id = r.authority_id AND p.due_month = r.due_month
                               AND p.award_number = r.award_number AND p.attempt = r.attempt
            JOIN esep.payment_order o ON o.authority_id = p.authority_id AND o.order_number = p.order_number
            WHERE r.authority_id = :authority AND r.return_number = ANY(CAST(:return_numbers AS integer[]))
            ORDER BY r.return_number, r.item
        """),
        {"authority": authority_id, "return_numbers": list(return_numbers)},
    )
    return [Returned(**row._asdict()) for row in rows]


def payments_of(connection: Connection, iins: Sequence[str], bics: Sequence[str]) -> list[Payment]:
    """All payments that were sent to these people at these banks, whether they came back or not.

    What was in a file that the bank refused was not sent.
    """
    # Needs name the months in which awards exist, so that every partition is entered by its key.
    rows = connection.execute(
        text("""
            SELECT p.authority_id, p.due_month, p.award_number, p.attempt, p.order_number,
                   o.reference AS order_reference, o.dated, o.bic, o.aid_kind, w.iin, w.iban, p.amount,
                   r.award_number IS NOT NULL AS is_returned
            FROM (SELECT DISTINCT authority_id, due_month FROM esep.need) n
            JOIN esep.award_line w ON w.authority_id = n.authority_id AND w.due_month = n.due_month
                                  AND w.iin = ANY(CAST(:iins AS text[]))
            JOIN esep.taken_payment p ON p.authority_id = w.authority_id AND p.due_month = w.due_month
                                     AND p.award_number = w.award_number AND p.version = w.version
            JOIN esep.payment_order o ON o.authority_id = p.authority_id AND o.order_number = p.order_number
                                     AND o.bic = ANY(CAST(:bics AS text[]))
            LEFT JOIN esep.returned_payment r ON r.authority_id = p.authority_id AND r.due_month = p.due_month
                                             AND r.award_number = p.award_number AND r.attempt = p.attempt
            ORDER BY p.authority_id, p.due_month, p.award_number, p.attempt
        """),
        {"iins": sorted(set(iins)), "bics": sorted(set(bics))},
    )
    return [Payment(**row._asdict()) for row in rows]


def open_notice(connection: Connection, authority_id: int) -> NoticeSpan | None:
    """The span that the next notice of an authority covers, or None when it was told of every return."""
    row = connection.execute(
        text("""
            WITH told AS (
                SELECT coalesce(max(notice_number), 0) AS notice_number, coalesce(max(upto_entry), 0) AS upto_entry
                FROM esep.return_notice WHERE authority_id = :authority
            )
            SELECT t.notice_number + 1 AS notice_number, t.upto_entry AS after_entry, max(m.entry_number) AS upto_entry
            FROM told t JOIN esep.return_money m ON m.authority_id = :authority AND m.entry_number > t.upto_entry
            GROUP BY t.notice_number, t.upto_entry
        """),
        {"authority": authority_id},
    ).one_or_none()
    return None if row is None else NoticeSpan(**row._asdict())


def notice_rows(connection: Connection, authority_id: int, span: NoticeSpan) -> list[NoticeRow]:
    """The returned payments of a span, in the order they came."""
    rows = connection.execute(
        text("""
            SELECT r.award_number, r.attempt, o.order_number, o.dated AS order_date, o.bic, o.aid_kind, w.iin,
                   w.surname, w.first_name, w.patronymic, w.iban, r.amount, m.returned_on, i.reason
            FROM esep.return_money m
            JOIN esep.returned_payment r ON r.authority_id = m.authority_id AND r.return_number = m.return_number
            JOIN esep.return_item i ON i.authority_id = r.authority_id AND i.return_number = r.return_number
                                   AND i.item = r.item
            JOIN esep.payment p ON p.authority_id = r.authority_id AND p.due_month = r.due_month
                               AND p.award_number = r.award_number AND p.attempt = r.attempt
            JOIN esep.payment_order o ON o.authority_id = p.authority_id AND o.order_number = p.order_number
            JOIN esep.award_line w ON w.authority_id = p.authority_id AND w.due_month = p.due_month
                                  AND w.award_number = p.award_number AND w.version = p.version
            WHERE m.authority_id = :authority AND m.entry_number > :after AND m.entry_number <= :upto
            ORDER BY m.entry_number, r.return_number, r.item
        """),
        {"authority": authority_id, "after": span.after_entry, "upto": span.upto_entry},
    )
    return [NoticeRow(**row._asdict()) for row in rows]
