"""Refunds: what goes back to the authority, why, since when, and of which budget year (R-062, R-063, E61).

Open on `refundable` are payments that came back and funding that no payment of a request needs; excess stands on
`unidentified` under its statement line. A refund takes what is open, so a file that the bank refused comes again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import Connection, text

from ledgers.claims import PAID

Why = Literal["decided", "not decided", "not resent", "released", "excess"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """What lapses at the end of a month: returns seen before a day, but for those carried over.

    `month` is the month that ends. While `waits`, a return that nobody decided is left whose notice is `running`, by
    its number, or that no notice told of (AMB-5).
    """

    before: date
    month: date
    waits: bool
    running: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundItem:
    """Money that goes back: under which reference it is open (tiyn), why, since when, and its budget year."""

    aid_kind: str
    reference: str
    amount: int
    why: Why
    since: date
    budget_year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Excess:
    """What waits of a statement line in a book (tiyn), the line's document, and whether a refund took some of it."""

    authority_id: int
    line_number: int
    amount: int
    booked_on: date
    document_number: str
    document_date: date
    payer_bin: str
    matched_as: str
    was_refunded: bool

    @property
    def reference(self) -> str:
        """What the line's money is called while it waits."""
        return f"S{self.line_number}"


def lapse(connection: Connection, authority_id: int, number: int, day: date, term: Term, reason: str) -> int:
    """End what came back in a term and nobody decided or resent: outcome `refund_by_term` (R-063, AMB-5).

    Returns how many returned payments that concerns.
    """
    result = connection.execute(
        text("""
            INSERT INTO esep.resolution (authority_id, due_month, award_number, attempt, version, entry_number, outcome,
                                         number, decided_on, signer, reason, award_version)
            SELECT r.authority_id, r.due_month, r.award_number, r.attempt, coalesce(v.version, 0) + 1, :number,
                   'refund_by_term', '', :day, '', :reason, coalesce(v.award_version, p.version)
            FROM esep.returned_payment r
            JOIN esep.return_money m USING (authority_id, return_number)
            JOIN esep.payment p USING (authority_id, due_month, award_number, attempt)
            LEFT JOIN esep.return_notice t ON t.authority_id = m.authority_id
                AND m.entry_number > t.after_entry AND m.entry_number <= t.upto_entry
            LEFT JOIN LATERAL (
                SELECT x.version, x.outcome, x.award_version FROM esep.resolution x
                WHERE x.authority_id = r.authority_id AND x.due_month = r.due_month AND x.award_number = r.award_number
                    AND x.attempt = r.attempt
                ORDER BY x.version DESC LIMIT 1) v ON true
            WHERE r.authority_id = :authority AND m.returned_on < :before
                AND coalesce(v.outcome, 'resend') = 'resend'
                -- A file that the bank refused sent nothing.
                AND NOT EXISTS (
                    SELECT 1 FROM esep.taken_payment n
                    WHERE n.authority_id = r.authority_id AND n.due_month = r.due_month
                        AND n.award_number = r.award_number AND n.attempt > r.attempt)
                AND NOT EXISTS (
                    SELECT 1 FROM esep.carry_over c WHERE c.authority_id = r.authority_id AND c.due_month = r.due_month
                        AND c.award_number = r.award_number AND c.attempt = r.attempt AND c.month = :month)
                AND NOT (:waits AND v.outcome IS NULL AND (
                    t.notice_number IS NULL OR t.notice_number = ANY(CAST(:running AS integer[]))))
        """),
        {
            "authority": authority_id,
            "number": number,
            "day": day,
            "reason": reason,
            "before": term.before,
            "month": term.month,
            "waits": term.waits,
            "running": list(term.running),
        },
    )
    return result.rowcount


LAPSED_EVENTS = f"""
    SELECT CASE WHEN r.version = 1 THEN 'refund_by_term' ELSE 'resend_lapsed' END AS rule, w.aid_kind,
           'P' || r.award_number || '/' || r.attempt AS debit_reference,
           'P' || r.award_number || '/' || r.attempt AS credit_reference, p.amount + {PAID.format(key="r")} AS amount
    FROM esep.resolution r
    JOIN esep.returned_payment p USING (authority_id, due_month, award_number, attempt)
    JOIN esep.award_line w ON w.authority_id = r.authority_id AND w.due_month = r.due_month
        AND w.award_number = r.award_number AND w.version = r.award_version
    WHERE r.authority_id = :authority AND r.entry_number = :number AND r.outcome = 'refund_by_term'
"""  # noqa: S608 - composed of constants
"""The postings of what lapsed in an entry, computed from its rows."""

_BALANCE = "sum(CASE WHEN p.credit = a.account_id THEN p.amount ELSE -p.amount END)::bigint"


def refundable(connection: Connection, authority_id: int) -> list[RefundItem]:
    """Everything open on `refundable` in a book, with why and since when, and the year it was first paid in."""
    rows = connection.execute(
        text(f"""
            WITH open AS (
                SELECT a.aid_kind, a.reference, {_BALANCE} AS amount, max(p.booked_on) AS posted_on
                FROM esep.account a
                JOIN esep.posting p ON p.authority_id = a.authority_id AND a.account_id IN (p.debit, p.credit)
                WHERE a.authority_id = :authority AND a.code = 'refundable'
                GROUP BY a.aid_kind, a.reference
                HAVING {_BALANCE} > 0
            )
            SELECT n.aid_kind, n.reference, n.amount,
                   CASE WHEN r.award_number IS NULL THEN 'released' WHEN v.outcome = 'refund' THEN 'decided'
                        WHEN v.version = 1 THEN 'not decided' ELSE 'not resent' END AS why,
                   coalesce(m.returned_on, n.posted_on) AS since,
                   extract(YEAR FROM coalesce(f.dated, t.received_on, n.posted_on))::integer AS budget_year
            FROM open n
            LEFT JOIN esep.returned_payment r ON r.authority_id = :authority
                AND 'P' || r.award_number || '/' || r.attempt = n.reference
            LEFT JOIN esep.return_money m ON m.authority_id = r.authority_id AND m.return_number = r.return_number
            LEFT JOIN LATERAL (
                SELECT x.version, x.outcome FROM esep.resolution x
                WHERE x.authority_id = r.authority_id AND x.due_month = r.due_month
                    AND x.award_number = r.award_number AND x.attempt = r.attempt
                ORDER BY x.version DESC LIMIT 1) v ON true
            LEFT JOIN LATERAL (
                SELECT o.dated FROM esep.taken_payment b
                JOIN esep.payment_order o ON o.authority_id = b.authority_id AND o.order_number = b.order_number
                WHERE b.authority_id = r.authority_id AND b.due_month = r.due_month
                    AND b.award_number = r.award_number
                ORDER BY b.attempt LIMIT 1) f ON true
            LEFT JOIN esep.request q ON q.authority_id = :authority AND q.reference = n.reference
            LEFT JOIN LATERAL (
                SELECT min(x.received_on) AS received_on FROM esep.transfer_placing g
                JOIN esep.transfer x ON x.authority_id = g.authority_id AND x.transfer_number = g.transfer_number
                WHERE g.authority_id = q.authority_id AND g.request_number = q.request_number
                    AND g.aid_kind = n.aid_kind) t ON true
            ORDER BY n.aid_kind, n.reference
        """),  # noqa: S608 - composed of constants
        {"authority": authority_id},
    )
    return [RefundItem(**row._asdict()) for row in rows]


def excess(connection: Connection, line_numbers: Sequence[int]) -> list[Excess]:
    """What waits of these statement lines in the books of authorities, and which of them a refund took before."""
    rows = connection.execute(
        text(f"""
            SELECT a.authority_id, l.line_number, {_BALANCE} AS amount, l.booked_on, l.document_number, l.document_date,
                   l.counterparty_bin AS payer_bin, m.matched_as,
                   EXISTS (SELECT 1 FROM esep.refund f
                           WHERE f.authority_id = a.authority_id AND f.aid_kind = '' AND f.reference = a.reference)
                       AS was_refunded
            FROM esep.statement_line l
            JOIN esep.account a ON a.code = 'unidentified' AND a.reference = 'S' || l.line_number
                AND a.authority_id > 0
            JOIN esep.posting p ON p.authority_id = a.authority_id AND a.account_id IN (p.debit, p.credit)
            CROSS JOIN LATERAL (
                SELECT x.matched_as FROM esep.line_match x
                WHERE x.authority_id = 0 AND x.line_number = l.line_number ORDER BY x.version DESC LIMIT 1) m
            WHERE l.authority_id = 0 AND l.line_number = ANY(CAST(:lines AS bigint[]))
            GROUP BY a.authority_id, a.reference, l.line_number, l.booked_on, l.document_number, l.document_date,
                     l.counterparty_bin, m.matched_as
            ORDER BY a.authority_id, l.line_number
        """),  # noqa: S608 - composed of constants
        {"lines": list(line_numbers)},
    )
    return [Excess(**row._asdict()) for row in rows]


REFUND_EVENTS = """
    SELECT CASE WHEN f.aid_kind = '' THEN 'excess_refunded' ELSE 'refund_sent' END AS rule, f.aid_kind,
           f.reference AS debit_reference, o.reference AS credit_reference, f.amount
    FROM esep.refund f JOIN esep.payment_order o USING (authority_id, order_number)
    WHERE f.authority_id = :authority AND f.entry_number = :number
"""
"""The postings of a refund order, computed from its register rows."""
