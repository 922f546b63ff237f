"""Three independent sums of a month, document by document: what the registers say, the ledger, and the bank (E72, E80).

A document is a transfer, a file, the debit of a file, the money of a return, a refund. Each of the three has its own
source: the rows of the registers, the postings by their rules, the lines of the bank's statements. Nothing is computed
from another, so what agrees was written down three times.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import Connection, text

Category = Literal["transfers", "sent", "settled", "returned", "refunded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreeSums:
    """One document, or a month's total, by the three sources, in tiyn.

    The bank says nothing (None) of a file that it has not debited yet.
    """

    category: Category
    document: str
    register: int
    ledger: int
    statement: int | None

    @property
    def agree(self) -> bool:
        """Whether all that is said is the same."""
        return self.register == self.ledger and self.statement in {None, self.register}


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlEquation:
    """The control equation of a month (tiyn): what should be on 100, what is, and what 100 stands for.

    `other` is money that moved 100 without being a transfer, return, file or refund: lines that nobody could place yet,
    and money that came from or went to another book. `cash` is what the bank still has: 100 before open files are
    taken off.
    """

    opening: int
    transfers: int
    returned: int
    other: int
    sent: int
    refunded: int
    closing: int
    cash: int
    obligations: int

    @property
    def expected(self) -> int:
        """What the month's movements make of the opening balance."""
        return self.opening + self.transfers + self.returned + self.other - self.sent - self.refunded

    @property
    def holds(self) -> bool:
        """Whether 100 is what it should be, and what the accounts 200 to 230 make together."""
        return self.expected == self.closing == self.obligations


def three_sums(connection: Connection, authority_id: int, first: date, last: date) -> list[ThreeSums]:
    """Every document of an authority booked from `first` to `last`, by its three sources."""
    found: list[ThreeSums] = []
    for category, query in _QUERIES.items():
        rows = connection.execute(text(_IN_FORCE + query), {"authority": authority_id, "first": first, "last": last})
        found += [ThreeSums(category=category, **row._asdict()) for row in rows]
    return found


def totals(documents: Iterable[ThreeSums]) -> list[ThreeSums]:
    """The sums of each category over its documents."""
    by_category: dict[Category, list[ThreeSums]] = {category: [] for category in _QUERIES}
    for document in documents:
        by_category[document.category].append(document)
    return [
        ThreeSums(
            category=category,
            document="total",
            register=sum(one.register for one in rows),
            ledger=sum(one.ledger for one in rows),
            statement=sum(one.statement or 0 for one in rows),
        )
        for category, rows in by_category.items()
    ]


def control_equation(connection: Connection, authority_id: int, first: date, last: date) -> ControlEquation:
    """The control equation: movements from the registers and the statements, balances from the ledger."""
    row = connection.execute(
        text(_IN_FORCE + _CONTROL), {"authority": authority_id, "first": first, "last": last}
    ).one()
    return ControlEquation(**row._asdict())


_IN_FORCE = """
    WITH moved AS (
        -- A reversal takes back in its own month what its entry brought.
        SELECT p.entry_number, p.rule, coalesce(o.kind, e.kind) AS kind,
               CASE WHEN e.reverses IS NULL THEN p.amount ELSE -p.amount END AS amount,
               CASE WHEN e.reverses IS NULL THEN c.reference ELSE d.reference END AS credited,
               CASE WHEN e.reverses IS NULL THEN d.reference ELSE c.reference END AS debited
        FROM esep.posting p
        JOIN esep.entry e ON e.authority_id = p.authority_id AND e.number = p.entry_number
        LEFT JOIN esep.entry o ON o.authority_id = e.authority_id AND o.number = e.reverses
        JOIN esep.account d ON d.authority_id = p.authority_id AND d.account_id = p.debit
        JOIN esep.account c ON c.authority_id = p.authority_id AND c.account_id = p.credit
        WHERE p.authority_id = :authority AND p.booked_on BETWEEN :first AND :last
    ),
    line AS (
        SELECT e.number AS entry_number, m.matched_as, m.reference, l.line_number, l.amount, e.booked_on
        FROM esep.line_match m
        JOIN esep.statement_line l ON l.authority_id = m.authority_id AND l.line_number = m.line_number
        LEFT JOIN esep.entry e ON e.authority_id = m.placed_in AND e.number = m.placed_entry
        WHERE m.placed_in = :authority AND m.matched_as <> 'undone'
        UNION ALL
        SELECT r.number, m.matched_as, m.reference, l.line_number, -l.amount, r.booked_on
        FROM esep.line_match m
        JOIN esep.statement_line l ON l.authority_id = m.authority_id AND l.line_number = m.line_number
        JOIN esep.entry r ON r.authority_id = m.placed_in AND r.reverses = m.placed_entry
        WHERE m.placed_in = :authority AND m.matched_as <> 'undone'
    ),
    order_moved AS (
        SELECT o.*, 1 AS sign FROM esep.payment_order o
        WHERE o.authority_id = :authority AND o.dated BETWEEN :first AND :last
        UNION ALL
        SELECT o.*, -1 FROM esep.order_refusal f
        JOIN esep.entry e ON e.authority_id = f.authority_id AND e.number = f.entry_number
        JOIN esep.payment_order o ON o.authority_id = f.authority_id AND o.order_number = f.order_number
        WHERE f.authority_id = :authority AND e.booked_on BETWEEN :first AND :last
    )
"""
"""The month's postings, the bank's lines of a book as they were placed and turned round, orders sent and refused."""

_SENT = """,
    register AS (
        SELECT o.reference, sum(o.sign * p.amount)::bigint AS amount FROM order_moved o
        JOIN {register} p ON p.authority_id = o.authority_id AND p.order_number = o.order_number
        GROUP BY o.reference
    ),
    ledger AS (
        SELECT reference, sum(amount)::bigint AS amount
        FROM (
            SELECT credited AS reference, amount FROM moved WHERE rule = ANY ({sent})
            UNION ALL
            SELECT debited, -amount FROM moved WHERE rule = ANY ({refused})
        ) g
        GROUP BY reference
    ),
    bank AS (
        SELECT reference, nullif(sum(amount), 0)::bigint AS amount FROM line WHERE matched_as = 'settlement'
        GROUP BY reference
    )
    SELECT 'file ' || coalesce(o.reference, g.reference)
               || coalesce(' No ' || o.order_number || ' of ' || to_char(o.dated, 'DD.MM.YYYY') || ' to ' || o.bic, '')
               AS document,
           coalesce(r.amount, 0) AS register, coalesce(g.amount, 0) AS ledger, b.amount AS statement
    FROM (SELECT DISTINCT reference, order_number, dated, bic FROM order_moved WHERE message = '{message}') o
    FULL JOIN ledger g ON g.reference = o.reference
    LEFT JOIN register r ON r.reference = o.reference
    LEFT JOIN bank b ON b.reference = coalesce(o.reference, g.reference)
    ORDER BY 1
"""

_BY_ENTRY = """
    SELECT {name} AS document, coalesce(r.amount, 0) AS register, coalesce(g.amount, 0) AS ledger,
           coalesce(b.amount, 0) AS statement
    FROM register r
    FULL JOIN ledger g USING (entry_number)
    FULL JOIN bank b USING (entry_number)
    ORDER BY entry_number
"""

_TRANSFERS = """,
    transfer AS (
        SELECT entry_number, order_number, order_date, amount FROM esep.transfer
        WHERE authority_id = :authority AND received_on BETWEEN :first AND :last
        UNION ALL
        SELECT e.number, t.order_number, t.order_date, -t.amount FROM esep.transfer t
        JOIN esep.entry e ON e.authority_id = t.authority_id AND e.reverses = t.entry_number
        WHERE t.authority_id = :authority AND e.booked_on BETWEEN :first AND :last
    ),
    register AS (
        SELECT entry_number, sum(amount)::bigint AS amount,
               string_agg(order_number || ' of ' || to_char(order_date, 'DD.MM.YYYY'), ', ') AS document
        FROM transfer GROUP BY entry_number
    ),
    ledger AS (
        SELECT entry_number, sum(amount)::bigint AS amount FROM moved
        WHERE kind = 'transfer_received' AND rule IN ('transfer_placed', 'money_unidentified') GROUP BY entry_number
    ),
    bank AS (
        SELECT entry_number, sum(amount)::bigint AS amount FROM line
        WHERE matched_as = 'transfer' AND booked_on BETWEEN :first AND :last GROUP BY entry_number
    )
"""

_SETTLED = """,
    bank AS (
        SELECT entry_number, sum(amount)::bigint AS amount, string_agg(reference, ', ') AS document
        FROM line WHERE matched_as = 'settlement' AND booked_on BETWEEN :first AND :last GROUP BY entry_number
    ),
    register AS (
        SELECT l.entry_number, sum(sign(l.amount) * o.amount)::bigint AS amount FROM line l
        JOIN esep.payment_order o ON o.authority_id = :authority AND o.reference = l.reference
        WHERE l.matched_as = 'settlement' AND l.booked_on BETWEEN :first AND :last GROUP BY l.entry_number
    ),
    ledger AS (
        SELECT entry_number, sum(amount)::bigint AS amount FROM moved WHERE rule = 'file_settled' GROUP BY entry_number
    )
"""

_RETURNED = """,
    came AS (
        SELECT m.entry_number, r.amount, s.bic || ' ' || s.reference AS document
        FROM esep.return_money m
        JOIN esep.return_message s ON s.authority_id = m.authority_id AND s.return_number = m.return_number
        JOIN esep.returned_payment r ON r.authority_id = m.authority_id AND r.return_number = m.return_number
        WHERE m.authority_id = :authority AND m.returned_on BETWEEN :first AND :last
        UNION ALL
        SELECT c.entry_number, c.amount, 'claim for P' || c.award_number || '/' || c.attempt
        FROM esep.return_claim_paid c
        JOIN esep.entry e ON e.authority_id = c.authority_id AND e.number = c.entry_number
        WHERE c.authority_id = :authority AND e.booked_on BETWEEN :first AND :last
    ),
    register AS (
        SELECT entry_number, sum(amount)::bigint AS amount, string_agg(DISTINCT document, ', ') AS document
        FROM came GROUP BY entry_number
    ),
    ledger AS (
        SELECT entry_number, sum(amount)::bigint AS amount FROM moved
        WHERE rule IN ('return_received', 'return_identified', 'claim_received', 'claim_identified')
        GROUP BY entry_number
    ),
    bank AS (
        -- What a bank gave back above the payments is no return: it waits on the line's own reference.
        SELECT l.entry_number, sum(l.amount - coalesce(s.surplus, 0))::bigint AS amount
        FROM line l
        LEFT JOIN LATERAL (
            -- By the side of the account, as a reversal keeps the rule of what it turns round.
            SELECT sum(CASE WHEN p.credit = a.account_id THEN p.amount ELSE -p.amount END) AS surplus
            FROM esep.account a
            JOIN esep.posting p ON p.authority_id = a.authority_id AND a.account_id IN (p.debit, p.credit)
                AND p.rule IN ('money_unidentified', 'moved_in', 'moved_out', 'return_identified', 'claim_identified')
            WHERE a.authority_id = :authority AND a.code = 'unidentified' AND a.reference = 'S' || l.line_number
        ) s ON true
        WHERE l.matched_as IN ('return', 'claim') AND l.booked_on BETWEEN :first AND :last
        GROUP BY l.entry_number
    )
"""

_QUERIES: dict[Category, str] = {
    "transfers": _TRANSFERS + _BY_ENTRY.format(name="coalesce('transfer ' || r.document, 'entry ' || entry_number)"),
    "sent": _SENT.format(
        register="esep.payment",
        sent="CAST('{payment_sent,payment_resent}' AS text[])",
        refused="CAST('{payment_refused,resend_refused}' AS text[])",
        message="MT-102",
    ),
    "settled": _SETTLED + _BY_ENTRY.format(name="coalesce('debit of ' || b.document, 'entry ' || entry_number)"),
    "returned": _RETURNED + _BY_ENTRY.format(name="coalesce('return ' || r.document, 'entry ' || entry_number)"),
    "refunded": _SENT.format(
        register="esep.refund",
        sent="CAST('{refund_sent,excess_refunded}' AS text[])",
        refused="CAST('{refund_refused,excess_refund_refused}' AS text[])",
        message="MT-100",
    ),
}

_CONTROL = """,
    balance AS (
        SELECT a.code, coalesce(sum(s.amount) FILTER (WHERE s.booked_on < :first), 0) AS opening,
               coalesce(sum(s.amount), 0) AS closing
        FROM esep.account a
        JOIN LATERAL (
            SELECT p.booked_on, p.amount FROM esep.posting p
            WHERE p.authority_id = a.authority_id AND p.credit = a.account_id AND p.booked_on <= :last
            UNION ALL
            SELECT p.booked_on, -p.amount FROM esep.posting p
            WHERE p.authority_id = a.authority_id AND p.debit = a.account_id AND p.booked_on <= :last
        ) s ON true
        WHERE a.authority_id = :authority
        GROUP BY a.code
    )
    SELECT
        (SELECT coalesce(-sum(opening), 0) FROM balance WHERE code IN ('cash', 'transit'))::bigint AS opening,
        ((SELECT coalesce(sum(amount), 0) FROM esep.transfer
          WHERE authority_id = :authority AND received_on BETWEEN :first AND :last)
         - (SELECT coalesce(sum(t.amount), 0) FROM esep.transfer t
            JOIN esep.entry e ON e.authority_id = t.authority_id AND e.reverses = t.entry_number
            WHERE t.authority_id = :authority AND e.booked_on BETWEEN :first AND :last))::bigint AS transfers,
        ((SELECT coalesce(sum(r.amount), 0) FROM esep.return_money m
          JOIN esep.returned_payment r ON r.authority_id = m.authority_id AND r.return_number = m.return_number
          WHERE m.authority_id = :authority AND m.returned_on BETWEEN :first AND :last)
         + (SELECT coalesce(sum(c.amount), 0) FROM esep.return_claim_paid c
            JOIN esep.entry e ON e.authority_id = c.authority_id AND e.number = c.entry_number
            WHERE c.authority_id = :authority AND e.booked_on BETWEEN :first AND :last))::bigint AS returned,
        (SELECT coalesce(sum(CASE WHEN rule IN ('return_identified', 'claim_identified', 'moved_out') THEN -amount
                                  ELSE amount END), 0)
         FROM moved
         WHERE rule IN ('return_identified', 'claim_identified', 'moved_out', 'moved_in')
            OR rule = 'money_unidentified' AND kind <> 'transfer_received')::bigint AS other,
        (SELECT coalesce(sum(o.sign * p.amount), 0) FROM order_moved o
         JOIN esep.payment p ON p.authority_id = o.authority_id AND p.order_number = o.order_number)::bigint AS sent,
        (SELECT coalesce(sum(o.sign * f.amount), 0) FROM order_moved o
         JOIN esep.refund f ON f.authority_id = o.authority_id AND f.order_number = o.order_number)::bigint AS refunded,
        (SELECT coalesce(-sum(closing), 0) FROM balance WHERE code IN ('cash', 'transit'))::bigint AS closing,
        (SELECT coalesce(-sum(closing), 0) FROM balance WHERE code = 'cash')::bigint AS cash,
        (SELECT coalesce(sum(closing), 0) FROM balance
         WHERE code IN ('funding', 'unidentified', 'returned', 'resend', 'refundable'))::bigint AS obligations
"""
