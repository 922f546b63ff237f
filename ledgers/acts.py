"""The rows of the two documents that close a month, from the registers (R-070, R-071).

Appendix 1 lists transfers by the day they were received (AMB-9). Appendix 2 counts payment items, not people, so that a
resend is one more item sent (AMB-10), and a return counts in the month its money came back (AMB-12).
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, text

from ledgers.posting import append

KAZPOST = "KPSTKZKA"
"""Kazpost stands after the banks in the form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferPart:
    """A transfer, or the part of it that one aid kind took (tiyn); the kind is empty for what no request took."""

    order_number: str
    order_date: date
    aid_kind: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BankPart:
    """What was sent to one bank for one aid kind, and what came back from it: items and tiyn."""

    aid_kind: str
    bic: str
    sent_count: int
    sent: int
    returned_count: int
    returned: int


def transfer_parts(connection: Connection, authority_id: int, first: date, last: date) -> list[TransferPart]:
    """The transfers of an authority received from `first` to `last`, in the order they came, each by its kinds."""
    rows = connection.execute(
        text("""
            WITH part AS (
                SELECT transfer_number, aid_kind, sum(amount)::bigint AS amount FROM esep.transfer_placing
                WHERE authority_id = :authority GROUP BY transfer_number, aid_kind
            ),
            received AS (
                SELECT * FROM esep.transfer
                WHERE authority_id = :authority AND received_on BETWEEN :first AND :last
            )
            SELECT order_number, order_date, aid_kind, amount
            FROM (
                SELECT t.received_on, t.transfer_number, t.order_number, t.order_date, p.aid_kind, p.amount
                FROM received t JOIN part p ON p.transfer_number = t.transfer_number
                UNION ALL
                SELECT t.received_on, t.transfer_number, t.order_number, t.order_date, '', t.amount - coalesce(
                    (SELECT sum(p.amount) FROM part p WHERE p.transfer_number = t.transfer_number), 0)::bigint
                FROM received t
            ) r
            WHERE amount <> 0
            ORDER BY received_on, transfer_number, aid_kind = '', aid_kind
        """),
        {"authority": authority_id, "first": first, "last": last},
    )
    return [TransferPart(**row._asdict()) for row in rows]


def bank_parts(connection: Connection, authority_id: int, first: date, last: date) -> list[BankPart]:
    """What was sent and what came back from `first` to `last`, by aid kind and bank, Kazpost last."""
    rows = connection.execute(
        text("""
            WITH sent AS (
                SELECT o.aid_kind, o.bic, count(*) AS count, sum(p.amount)::bigint AS amount
                FROM esep.payment_order o
                JOIN esep.payment p ON p.authority_id = o.authority_id AND p.order_number = o.order_number
                WHERE o.authority_id = :authority AND o.message = 'MT-102' AND o.dated BETWEEN :first AND :last
                GROUP BY o.aid_kind, o.bic
            ),
            returned AS (
                SELECT o.aid_kind, o.bic, count(*) AS count, sum(r.amount)::bigint AS amount
                FROM esep.return_money m
                JOIN esep.returned_payment r ON r.authority_id = m.authority_id AND r.return_number = m.return_number
                JOIN esep.payment p ON p.authority_id = r.authority_id AND p.due_month = r.due_month
                                   AND p.award_number = r.award_number AND p.attempt = r.attempt
                JOIN esep.payment_order o ON o.authority_id = p.authority_id AND o.order_number = p.order_number
                WHERE m.authority_id = :authority AND m.returned_on BETWEEN :first AND :last
                GROUP BY o.aid_kind, o.bic
            )
            SELECT aid_kind, bic, coalesce(s.count, 0) AS sent_count, coalesce(s.amount, 0) AS sent,
                   coalesce(r.count, 0) AS returned_count, coalesce(r.amount, 0) AS returned
            FROM sent s FULL JOIN returned r USING (aid_kind, bic) LEFT JOIN esep.bank b USING (bic)
            ORDER BY aid_kind, bic = :kazpost, b.name_kk COLLATE "C", bic
        """),
        {"authority": authority_id, "first": first, "last": last, "kazpost": KAZPOST},
    )
    return [BankPart(**row._asdict()) for row in rows]


def append_act(connection: Connection, authority_id: int, month: date, number: int) -> None:
    """Record under entry `number` that the documents of a locked month were built."""
    append(connection, "act", [{"authority_id": authority_id, "month": month, "entry_number": number}])
