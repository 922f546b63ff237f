"""The rows of the two documents that close a month, from the registers (R-070, R-071).

Appendix 1 lists transfers by the day they were received (AMB-9); one that is turned round in a later month, because it
was placed wrong, stands there with a minus. Appendix 2 counts payment items, not people, so that a resend is one more
item sent (AMB-10), and a return counts in the month its money came back (AMB-12); what was in a file that the bank
refused was not sent.
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
            WITH moved AS (
                SELECT t.*, t.received_on AS day, 1 AS sign FROM esep.transfer t
                WHERE t.authority_id = :authority AND t.received_on BETWEEN :first AND :last
                UNION ALL
                SELECT t.*, e.booked_on, -1 FROM esep.transfer t
                JOIN esep.entry e ON e.authority_id = t.authority_id AND e.reverses = t.entry_number
                WHERE t.authority_id = :authority AND e.booked_on BETWEEN :first AND :last
            ),
            -- What came and was turned round within the month is no row of its act.
            shown AS (
                SELECT m.* FROM moved m
                WHERE NOT EXISTS (
                    SELECT 1 FROM moved o WHERE o.transfer_number = m.transfer_number AND o.sign <> m.sign)
            ),
            part AS (
                SELECT s.transfer_number, p.aid_kind, sum(p.amount)::bigint AS amount
                FROM shown s
                JOIN esep.transfer_placing p ON p.authority_id = s.authority_id
                                            AND p.transfer_number = s.transfer_number
                JOIN esep.entry e ON e.authority_id = p.authority_id AND e.number = p.entry_number
                LEFT JOIN esep.entry r ON r.authority_id = e.authority_id AND r.reverses = e.number
                -- A row taken back is told as the acts before had it; another shows what stood at the end of the month.
                WHERE s.sign < 0 AND e.booked_on < :first AND (r.number IS NULL OR r.booked_on >= :first)
                    OR s.sign > 0 AND e.booked_on <= :last AND (r.number IS NULL OR r.booked_on > :last)
                GROUP BY s.transfer_number, p.aid_kind
            )
            SELECT order_number, order_date, aid_kind, (sign * amount)::bigint AS amount
            FROM (
                SELECT t.day, t.transfer_number, t.order_number, t.order_date, t.sign, p.aid_kind, p.amount
                FROM shown t JOIN part p ON p.transfer_number = t.transfer_number
                UNION ALL
                SELECT t.day, t.transfer_number, t.order_number, t.order_date, t.sign, '', t.amount - coalesce(
                    (SELECT sum(p.amount) FROM part p WHERE p.transfer_number = t.transfer_number), 0)::bigint
                FROM shown t
            ) r
            WHERE amount <> 0
            ORDER BY day, transfer_number, aid_kind = '', aid_kind
        """),
        {"authority": authority_id, "first": first, "last": last},
    )
    return [TransferPart(**row._asdict()) for row in rows]


def bank_parts(connection: Connection, authority_id: int, first: date, last: date) -> list[BankPart]:
    """What was sent and what came back from `first` to `last`, by aid kind and bank, Kazpost last."""
    rows = connection.execute(
        text("""
            WITH sent AS (
                SELECT o.aid_kind, o.bic, sum(o.sign)::bigint AS count, sum(o.sign * p.amount)::bigint AS amount
                FROM (
                    SELECT f.*, 1 AS sign FROM esep.payment_order f
                    WHERE f.authority_id = :authority AND f.dated BETWEEN :first AND :last
                    UNION ALL
                    -- A file that the bank refused was not transferred.
                    SELECT f.*, -1 FROM esep.order_refusal x
                    JOIN esep.entry e ON e.authority_id = x.authority_id AND e.number = x.entry_number
                    JOIN esep.payment_order f ON f.authority_id = x.authority_id AND f.order_number = x.order_number
                    WHERE x.authority_id = :authority AND e.booked_on BETWEEN :first AND :last
                ) o
                JOIN esep.payment p ON p.authority_id = o.authority_id AND p.order_number = o.order_number
                WHERE o.message = 'MT-102'
                GROUP BY o.aid_kind, o.bic
                HAVING sum(o.sign) <> 0 OR sum(o.sign * p.amount) <> 0
            ),
            came AS (
                SELECT r.authority_id, r.due_month, r.award_number, r.attempt, 1 AS count, r.amount
                FROM esep.return_money m
                JOIN esep.returned_payment r ON r.authority_id = m.authority_id AND r.return_number = m.return_number
                WHERE m.authority_id = :authority AND m.returned_on BETWEEN :first AND :last
                UNION ALL
                -- What a bank paid of a claim completes a return that was counted.
                SELECT c.authority_id, c.due_month, c.award_number, c.attempt, 0, c.amount
                FROM esep.return_claim_paid c
                JOIN esep.entry e ON e.authority_id = c.authority_id AND e.number = c.entry_number
                WHERE c.authority_id = :authority AND e.booked_on BETWEEN :first AND :last
            ),
            returned AS (
                SELECT o.aid_kind, o.bic, sum(c.count)::bigint AS count, sum(c.amount)::bigint AS amount
                FROM came c
                JOIN esep.payment p ON p.authority_id = c.authority_id AND p.due_month = c.due_month
                                   AND p.award_number = c.award_number AND p.attempt = c.attempt
                JOIN esep.payment_order o ON o.authority_id = p.authority_id AND o.order_number = p.order_number
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
