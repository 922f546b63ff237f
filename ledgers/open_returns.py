"""Returns as they stand: what is open of them and where, when the authority was told, and how often they were sent.

A return is `returned` until the authority decides, then to be `resend` or `refundable`; when its money left it is open
no more. Its examination runs from the day on which the notice of it arrived (R-061).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import Connection, text

from ledgers.posting import append

State = Literal["returned", "resend", "refundable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A notice of returns: when it was sent, when it arrived (told, or the day of sending), and its entries."""

    notice_number: int
    sent_on: date
    arrived_on: date
    after_entry: int
    upto_entry: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenReturn:
    """A payment that came back and whose money is here (tiyn); `notice_number` is None until the authority was told.

    `attempts` counts how often the award was sent up to it, files that a bank refused left out; `claimed` is what the
    bank still owes of it; `carried` the last month that it was carried over from.
    """

    authority_id: int
    due_month: date
    award_number: int
    attempt: int
    state: State
    aid_kind: str
    bic: str
    amount: int
    returned_on: date
    reason: str
    attempts: int
    claimed: int
    notice_number: int | None
    carried: date | None

    @property
    def reference(self) -> str:
        """What the payment is called in the books."""
        return f"P{self.award_number}/{self.attempt}"


def notices(connection: Connection, authority_id: int) -> list[Notice]:
    """The notices that an authority was sent, in their order."""
    rows = connection.execute(
        text("""
            SELECT n.notice_number, n.sent_on, coalesce(a.arrived_on, n.sent_on) AS arrived_on, n.after_entry,
                   n.upto_entry
            FROM esep.return_notice n
            LEFT JOIN LATERAL (
                SELECT x.arrived_on FROM esep.arrival x
                WHERE x.authority_id = n.authority_id AND x.document = 'notice' AND x.number = n.notice_number
                ORDER BY x.version DESC LIMIT 1) a ON true
            WHERE n.authority_id = :authority ORDER BY n.notice_number
        """),
        {"authority": authority_id},
    )
    return [Notice(**row._asdict()) for row in rows]


def open_returns(connection: Connection, authority_id: int) -> list[OpenReturn]:
    """The returns of an authority that have money, by state and reference."""
    rows = connection.execute(
        text("""
            WITH open AS (
                SELECT a.code, a.aid_kind, a.reference,
                       sum(CASE WHEN p.credit = a.account_id THEN p.amount ELSE -p.amount END)::bigint AS amount
                FROM esep.account a
                JOIN esep.posting p ON p.authority_id = a.authority_id AND a.account_id IN (p.debit, p.credit)
                WHERE a.authority_id = :authority AND a.code IN ('returned', 'resend', 'refundable')
                GROUP BY a.code, a.aid_kind, a.reference
                HAVING sum(CASE WHEN p.credit = a.account_id THEN p.amount ELSE -p.amount END) > 0
            )
            SELECT r.authority_id, r.due_month, r.award_number, r.attempt, n.code AS state, n.aid_kind, s.bic, n.amount,
                   m.returned_on, i.reason, t.notice_number,
                   (SELECT count(*) FROM esep.taken_payment x
                    WHERE x.authority_id = r.authority_id AND x.due_month = r.due_month
                        AND x.award_number = r.award_number AND x.attempt <= r.attempt) AS attempts,
                   coalesce((
                       SELECT c.amount - coalesce((
                           SELECT sum(d.amount) FROM esep.return_claim_paid d
                           WHERE d.authority_id = c.authority_id AND d.due_month = c.due_month
                               AND d.award_number = c.award_number AND d.attempt = c.attempt), 0)
                       FROM esep.return_claim c
                       WHERE c.authority_id = r.authority_id AND c.due_month = r.due_month
                           AND c.award_number = r.award_number AND c.attempt = r.attempt), 0)::bigint AS claimed,
                   (SELECT max(c.month) FROM esep.carry_over c
                    WHERE c.authority_id = r.authority_id AND c.due_month = r.due_month
                        AND c.award_number = r.award_number AND c.attempt = r.attempt) AS carried
            FROM open n
            JOIN esep.returned_payment r ON r.authority_id = :authority
                AND 'P' || r.award_number || '/' || r.attempt = n.reference
            JOIN esep.return_message s ON s.authority_id = r.authority_id AND s.return_number = r.return_number
            JOIN esep.return_item i ON i.authority_id = r.authority_id AND i.return_number = r.return_number
                AND i.item = r.item
            JOIN esep.return_money m ON m.authority_id = r.authority_id AND m.return_number = r.return_number
            LEFT JOIN esep.return_notice t ON t.authority_id = m.authority_id
                AND m.entry_number > t.after_entry AND m.entry_number <= t.upto_entry
            ORDER BY n.code DESC, r.award_number, r.attempt
        """),
        {"authority": authority_id},
    )
    return [OpenReturn(**row._asdict()) for row in rows]


def carried_over(connection: Connection, authority_id: int, month: date) -> set[str]:
    """The payments that are carried over from a month, by reference."""
    rows = connection.execute(
        text("""
            SELECT 'P' || award_number || '/' || attempt AS reference FROM esep.carry_over
            WHERE authority_id = :authority AND month = :month
        """),
        {"authority": authority_id, "month": month},
    )
    return {row.reference for row in rows}


def carry_over(
    connection: Connection, entry_number: int, month: date, chosen: Sequence[OpenReturn], reason: str
) -> None:
    """Record under an entry that these returns are not given back at the end of a month."""
    rows: list[dict[str, Any]] = [
        {
            "authority_id": one.authority_id,
            "entry_number": entry_number,
            "due_month": one.due_month,
            "award_number": one.award_number,
            "attempt": one.attempt,
            "month": month,
            "reason": reason,
        }
        for one in chosen
    ]
    append(connection, "carry_over", rows)
