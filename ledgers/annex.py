"""What stands beside the documents of a month: timing differences, money held, files under way, different people.

Everything is told as it stood at the end of the month; of transfers that came later (AMB-9) those are told which the
books know when they are asked. People are counted by IIN (AMB-10); a return counts in the month its money came back,
beside the month in which the payment was sent (AMB-12).
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import Connection, text

Held = Literal["unidentified", "excess"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedTransfer:
    """A transfer that was ordered in another month than it was received in; the amount in tiyn."""

    transfer_number: int
    order_number: str
    order_date: date
    received_on: date
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldMoney:
    """Money of a statement line on 205 of an authority (tiyn): not identified, or more than was asked for (E34)."""

    section: Held
    reference: str
    document_number: str
    document_date: date
    booked_on: date
    payer: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnclearedFile:
    """A file that was sent and that the bank had not debited yet; the amount in tiyn."""

    reference: str
    order_number: int
    dated: date
    bic: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PeoplePart:
    """Items and different people of a bank and kind, of what was sent in the month that begins on `paid_month`.

    Of an earlier month stands here what came back in the month that is asked about: `returned` tiyn.
    """

    aid_kind: str
    bic: str
    paid_month: date
    sent_count: int
    sent_people: int
    returned_count: int
    returned_people: int
    returned: int
    paid_people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Different people of a month, each counted once whatever banks and kinds they have."""

    sent_people: int
    returned_people: int
    paid_people: int


def timed_transfers(
    connection: Connection, authority_id: int, *, ordered: tuple[date, date], received: tuple[date, date]
) -> list[TimedTransfer]:
    """Transfers in force that were ordered and received within these days, both ends included (AMB-9, E37)."""
    rows = connection.execute(
        text("""
            SELECT t.transfer_number, t.order_number, t.order_date, t.received_on, t.amount
            FROM esep.transfer t
            WHERE t.authority_id = :authority AND t.order_date BETWEEN :ordered_from AND :ordered_to
                AND t.received_on BETWEEN :received_from AND :received_to
                AND NOT EXISTS (SELECT 1 FROM esep.entry e
                                WHERE e.authority_id = t.authority_id AND e.reverses = t.entry_number)
            ORDER BY t.received_on, t.transfer_number
        """),
        {
            "authority": authority_id,
            "ordered_from": ordered[0],
            "ordered_to": ordered[1],
            "received_from": received[0],
            "received_to": received[1],
        },
    )
    return [TimedTransfer(**row._asdict()) for row in rows]


def held_money(connection: Connection, authority_id: int, last: date) -> list[HeldMoney]:
    """What stood on 205 of an authority at the end of a day, line by line."""
    rows = connection.execute(
        text("""
            SELECT CASE WHEN EXISTS (
                       SELECT 1 FROM esep.transfer t
                       WHERE t.authority_id = :authority AND t.line_number = l.line_number AND t.received_on <= :last
                           AND NOT EXISTS (SELECT 1 FROM esep.entry e
                                           WHERE e.authority_id = t.authority_id AND e.reverses = t.entry_number
                                               AND e.booked_on <= :last)
                   ) THEN 'excess' ELSE 'unidentified' END AS section,
                   b.reference, l.document_number, l.document_date, l.booked_on,
                   coalesce(nullif(l.counterparty_name, ''), l.counterparty_iban) AS payer, b.amount
            FROM (
                SELECT a.reference,
                       sum(CASE WHEN p.credit = a.account_id THEN p.amount ELSE -p.amount END)::bigint AS amount
                FROM esep.account a
                JOIN esep.posting p ON p.authority_id = a.authority_id AND a.account_id IN (p.debit, p.credit)
                WHERE a.authority_id = :authority AND a.code = 'unidentified' AND p.booked_on <= :last
                GROUP BY a.reference
            ) b
            JOIN esep.statement_line l ON l.authority_id = 0 AND l.line_number = substr(b.reference, 2)::bigint
            WHERE b.amount <> 0
            ORDER BY section DESC, l.line_number
        """),
        {"authority": authority_id, "last": last},
    )
    return [HeldMoney(**row._asdict()) for row in rows]


def uncleared_files(connection: Connection, authority_id: int, last: date) -> list[UnclearedFile]:
    """The files that stood open on `transit` at the end of a day."""
    rows = connection.execute(
        text("""
            SELECT o.reference, o.order_number, o.dated, o.bic, b.amount
            FROM (
                SELECT a.reference,
                       sum(CASE WHEN p.credit = a.account_id THEN p.amount ELSE -p.amount END)::bigint AS amount
                FROM esep.account a
                JOIN esep.posting p ON p.authority_id = a.authority_id AND a.account_id IN (p.debit, p.credit)
                WHERE a.authority_id = :authority AND a.code = 'transit' AND p.booked_on <= :last
                GROUP BY a.reference
            ) b
            JOIN esep.payment_order o ON o.authority_id = :authority AND o.reference = b.reference
            WHERE b.amount <> 0
            ORDER BY o.order_number
        """),
        {"authority": authority_id, "last": last},
    )
    return [UnclearedFile(**row._asdict()) for row in rows]


def people_parts(connection: Connection, authority_id: int, first: date, last: date) -> list[PeoplePart]:
    """Items and people from `first` to `last` by kind, bank and month of payment, this month's first."""
    rows = connection.execute(
        text(_MOVED + _BY_BANK),
        {"authority": authority_id, "first": first, "last": last},
    )
    return [PeoplePart(**row._asdict()) for row in rows]


def people(connection: Connection, authority_id: int, first: date, last: date) -> People:
    """The different people of a month over all banks and kinds (AMB-10)."""
    row = connection.execute(
        text(_MOVED + _ALTOGETHER),
        {"authority": authority_id, "first": first, "last": last},
    ).one()
    return People(**row._asdict())


# An item is paid when it was sent in the month, by a file that the bank took, and has not come back by its end.
_MOVED = """
    WITH item AS (
        SELECT f.aid_kind, f.bic, date_trunc('month', f.dated)::date AS paid_month, 1 AS sent, f.order_number
        FROM esep.payment_order f
        WHERE f.authority_id = :authority AND f.message = 'MT-102' AND f.dated BETWEEN :first AND :last
        UNION ALL
        SELECT f.aid_kind, f.bic, date_trunc('month', f.dated)::date, -1, f.order_number
        FROM esep.order_refusal x
        JOIN esep.entry e ON e.authority_id = x.authority_id AND e.number = x.entry_number
        JOIN esep.payment_order f ON f.authority_id = x.authority_id AND f.order_number = x.order_number
        WHERE x.authority_id = :authority AND e.booked_on BETWEEN :first AND :last
    ),
    taken AS (
        SELECT i.aid_kind, i.bic, i.paid_month, i.order_number, sum(i.sent)::bigint AS sent
        FROM item i GROUP BY i.aid_kind, i.bic, i.paid_month, i.order_number HAVING sum(i.sent) <> 0
    ),
    came AS (
        SELECT r.authority_id, r.due_month, r.award_number, r.attempt, 1 AS came, r.amount
        FROM esep.return_money m
        JOIN esep.returned_payment r ON r.authority_id = m.authority_id AND r.return_number = m.return_number
        WHERE m.authority_id = :authority AND m.returned_on BETWEEN :first AND :last
        UNION ALL
        SELECT c.authority_id, c.due_month, c.award_number, c.attempt, 0, c.amount
        FROM esep.return_claim_paid c
        JOIN esep.entry e ON e.authority_id = c.authority_id AND e.number = c.entry_number
        WHERE c.authority_id = :authority AND e.booked_on BETWEEN :first AND :last
    ),
    sent_item AS (
        SELECT t.aid_kind, t.bic, t.paid_month, t.sent, p.due_month, p.award_number, p.attempt, p.version
        FROM taken t
        JOIN esep.payment p ON p.authority_id = :authority AND p.order_number = t.order_number
    ),
    returned_item AS (
        SELECT o.aid_kind, o.bic, date_trunc('month', o.dated)::date AS paid_month, sum(c.came)::bigint AS came,
               sum(c.amount)::bigint AS returned, p.due_month, p.award_number, p.attempt, p.version
        FROM came c
        JOIN esep.payment p ON p.authority_id = c.authority_id AND p.due_month = c.due_month
            AND p.award_number = c.award_number AND p.attempt = c.attempt
        JOIN esep.payment_order o ON o.authority_id = p.authority_id AND o.order_number = p.order_number
        GROUP BY o.aid_kind, o.bic, o.dated, p.due_month, p.award_number, p.attempt, p.version
    ),
    item_moved AS (
        SELECT aid_kind, bic, paid_month, due_month, award_number, attempt, version, coalesce(s.sent, 0) AS sent,
               coalesce(r.came, 0) AS came, coalesce(r.returned, 0) AS returned,
               coalesce(s.sent, 0) > 0 AND r.came IS NULL AS is_paid
        FROM sent_item s
        FULL JOIN returned_item r USING (aid_kind, bic, paid_month, due_month, award_number, attempt, version)
    ),
    moved AS (
        SELECT i.aid_kind, i.bic, i.paid_month, i.sent, i.came, i.returned, i.is_paid, w.iin
        FROM item_moved i
        JOIN esep.award_line w ON w.authority_id = :authority AND w.due_month = i.due_month
            AND w.award_number = i.award_number AND w.version = i.version
    )
"""

_BY_BANK = """
    SELECT m.aid_kind, m.bic, m.paid_month,
           sum(m.sent)::bigint AS sent_count,
           (count(DISTINCT m.iin) FILTER (WHERE m.sent > 0)) AS sent_people,
           sum(m.came)::bigint AS returned_count,
           (count(DISTINCT m.iin) FILTER (WHERE m.came > 0)) AS returned_people,
           sum(m.returned)::bigint AS returned,
           (count(DISTINCT m.iin) FILTER (WHERE m.is_paid)) AS paid_people
    FROM moved m LEFT JOIN esep.bank b ON b.bic = m.bic
    GROUP BY m.aid_kind, m.bic, b.name_kk, m.paid_month
    ORDER BY m.paid_month DESC, m.aid_kind, m.bic = 'KPSTKZKA', b.name_kk COLLATE "C", m.bic
"""

_ALTOGETHER = """
    SELECT (count(DISTINCT iin) FILTER (WHERE sent > 0)) AS sent_people,
           (count(DISTINCT iin) FILTER (WHERE came > 0)) AS returned_people,
           (count(DISTINCT iin) FILTER (WHERE is_paid)) AS paid_people
    FROM moved
"""
