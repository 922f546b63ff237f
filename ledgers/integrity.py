"""What the big registers have no foreign keys for: every close proves their references and sums again.

A payment must have its order, the award line in the very version it names, and the outcome that allowed a later
attempt; an order must be the sum of its payments; what an import, a need, a request or a return message says must be
the sum of its lines (R-034, R-052, R-062, C11 of the controls).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """A row that does not agree with the rows it refers to; `says` and `rows` are what differs, as text."""

    place: str
    what: str
    says: str
    rows: str


def mismatches(connection: Connection, authority_id: int, first: date, last: date) -> Iterator[Mismatch]:
    """Every row of an authority's month, booked from `first` to `last`, that does not agree with what it refers to."""
    bind = {"authority": authority_id, "first": first, "last": last}
    for what, query in _QUERIES.items():
        for row in connection.execute(text(_MONTH + query), bind):
            yield Mismatch(place=row.place, what=what, says=row.says or "nothing", rows=row.rows or "nothing")


_MONTH = """
    WITH entry AS (
        SELECT number, kind, reverses FROM esep.entry
        WHERE authority_id = :authority AND booked_on BETWEEN :first AND :last
    ),
    sent AS (
        SELECT o.* FROM esep.payment_order o JOIN entry e ON e.number = o.entry_number WHERE o.authority_id = :authority
    ),
    paid AS (
        SELECT p.*, o.reference, o.aid_kind, o.bic FROM sent o
        JOIN esep.payment p ON p.authority_id = o.authority_id AND p.order_number = o.order_number
    ),
    batch AS (
        SELECT b.* FROM esep.award_batch b JOIN entry e ON e.number = b.entry_number WHERE b.authority_id = :authority
    )
"""
"""The month's entries, orders with their payments, and imports of awards."""

_QUERIES = {
    "an order and its items": """
        SELECT 'file ' || o.reference AS place, o.count || ' items, ' || o.amount || ' tiyn' AS says,
               coalesce(i.count, 0) || ' items, ' || coalesce(i.amount, 0) || ' tiyn' AS rows
        FROM sent o
        LEFT JOIN (
            SELECT order_number, count(*) AS count, sum(amount) AS amount FROM paid GROUP BY order_number
            UNION ALL
            SELECT f.order_number, count(*), sum(f.amount) FROM esep.refund f
            JOIN sent s ON s.order_number = f.order_number WHERE f.authority_id = :authority GROUP BY f.order_number
        ) i ON i.order_number = o.order_number
        WHERE i.count IS DISTINCT FROM o.count OR i.amount IS DISTINCT FROM o.amount
        ORDER BY 1
    """,
    "a payment without its order": """
        SELECT 'payment P' || p.award_number || '/' || p.attempt AS place, 'order ' || p.order_number AS says,
               NULL AS rows
        FROM esep.payment p
        LEFT JOIN esep.payment_order o ON o.authority_id = p.authority_id AND o.order_number = p.order_number
        WHERE p.authority_id = :authority AND o.order_number IS NULL AND p.entry_number IN (SELECT number FROM entry)
        ORDER BY 1
    """,
    "a payment and its award line": """
        SELECT 'payment P' || p.award_number || '/' || p.attempt || ' in ' || p.reference AS place,
               concat_ws(', ', 'version ' || p.version, 'aid ' || p.aid_kind, p.bic, p.amount || ' tiyn') AS says,
               concat_ws(', ', 'version ' || a.version, 'aid ' || a.aid_kind, a.bic, a.amount || ' tiyn') AS rows
        FROM paid p
        LEFT JOIN esep.award_line a ON a.authority_id = p.authority_id AND a.due_month = p.due_month
                                   AND a.award_number = p.award_number AND a.version = p.version
        WHERE a.award_number IS NULL OR a.amount <> p.amount OR a.aid_kind <> p.aid_kind OR a.bic <> p.bic
        ORDER BY 1
    """,
    "a first payment and its request": """
        SELECT 'payment P' || p.award_number || '/' || p.attempt || ' in ' || p.reference AS place,
               'request ' || p.request_number AS says, NULL AS rows
        FROM paid p
        WHERE p.request_number > 0 AND NOT EXISTS (
            SELECT 1 FROM esep.request_need q
            JOIN esep.need n ON n.authority_id = q.authority_id AND n.need_number = q.need_number
            WHERE q.authority_id = p.authority_id AND q.request_number = p.request_number
              AND n.aid_kind = p.aid_kind AND n.due_month = p.due_month
        )
        ORDER BY 1
    """,
    "a later attempt and the outcome that allows it": """
        SELECT 'payment P' || p.award_number || '/' || p.attempt || ' in ' || p.reference AS place,
               'attempt ' || p.attempt || CASE WHEN p.request_number > 0 THEN ', of a request' ELSE ', a resend' END
                   AS says,
               CASE WHEN t.attempt IS NULL THEN 'no attempt before it that a bank took'
                    ELSE 'attempt ' || t.attempt || CASE WHEN r.award_number IS NULL THEN ' did not come back'
                        ELSE ' came back, outcome ' || coalesce(x.outcome, 'none') END
               END AS rows
        FROM paid p
        -- The last attempt before it whose file was not refused: a refused one does not count.
        LEFT JOIN LATERAL (
            SELECT max(b.attempt) AS attempt FROM esep.taken_payment b
            WHERE b.authority_id = p.authority_id AND b.due_month = p.due_month AND b.award_number = p.award_number
              AND b.attempt < p.attempt
        ) t ON true
        LEFT JOIN esep.returned_payment r ON r.authority_id = p.authority_id AND r.due_month = p.due_month
                                         AND r.award_number = p.award_number AND r.attempt = t.attempt
        LEFT JOIN LATERAL (
            SELECT s.outcome FROM esep.resolution s
            WHERE s.authority_id = p.authority_id AND s.due_month = p.due_month AND s.award_number = p.award_number
              AND s.attempt = t.attempt
            ORDER BY s.version DESC LIMIT 1
        ) x ON true
        LEFT JOIN esep.payment b ON b.authority_id = p.authority_id AND b.due_month = p.due_month
                                AND b.award_number = p.award_number AND b.attempt = p.attempt - 1
        WHERE p.attempt > 1 AND CASE WHEN b.attempt IS NULL THEN true WHEN t.attempt IS NULL THEN p.request_number = 0
            ELSE p.request_number > 0 OR r.award_number IS NULL OR x.outcome IS DISTINCT FROM 'resend' END
        ORDER BY 1
    """,
    "a payment and what stopped it": """
        SELECT 'payment P' || p.award_number || '/' || p.attempt || ' in ' || p.reference AS place,
               'sent' AS says, 'cancelled before on ' || to_char(c.cancelled_on, 'DD.MM.YYYY') AS rows
        FROM paid p
        JOIN esep.award_cancellation c ON c.authority_id = p.authority_id AND c.due_month = p.due_month
                                      AND c.award_number = p.award_number AND c.entry_number < p.entry_number
        UNION ALL
        SELECT 'payment P' || p.award_number || '/' || p.attempt || ' in ' || p.reference, 'sent',
               'on hold since ' || to_char(h.placed_on, 'DD.MM.YYYY') || ', hold ' || h.hold_number
        FROM esep.hold h
        JOIN esep.award_line w ON w.authority_id = h.authority_id AND w.iin = h.iin AND w.version = 1
                              AND h.award_number IN (0, w.award_number)
        JOIN paid p ON p.due_month = w.due_month AND p.award_number = w.award_number
                   AND p.entry_number > h.entry_number
        LEFT JOIN esep.hold_end e ON e.authority_id = h.authority_id AND e.hold_number = h.hold_number
        WHERE h.authority_id = :authority AND (e.entry_number IS NULL OR e.entry_number > p.entry_number)
        ORDER BY 1
    """,
    "a return message and its payments": """
        SELECT 'return ' || m.bic || ' ' || m.reference AS place, m.count || ' items, ' || m.amount || ' tiyn' AS says,
               count(p.award_number) || ' items, ' || coalesce(sum(i.amount) FILTER (WHERE p.award_number > 0), 0)
                   || ' tiyn' AS rows
        FROM esep.return_money s
        JOIN entry e ON e.number = s.entry_number
        JOIN esep.return_message m ON m.authority_id = s.authority_id AND m.return_number = s.return_number
        LEFT JOIN esep.returned_payment r ON r.authority_id = m.authority_id AND r.return_number = m.return_number
        LEFT JOIN esep.return_item i ON i.authority_id = r.authority_id AND i.return_number = r.return_number
                                    AND i.item = r.item
        LEFT JOIN esep.return_claim c ON c.authority_id = r.authority_id AND c.due_month = r.due_month
                                     AND c.award_number = r.award_number AND c.attempt = r.attempt
        -- A return is the payment, less what is claimed of the bank, and never more than the payment.
        LEFT JOIN esep.payment p ON p.authority_id = r.authority_id AND p.due_month = r.due_month
                                AND p.award_number = r.award_number AND p.attempt = r.attempt
                                AND p.amount = r.amount + coalesce(c.amount, 0) AND r.amount = least(i.amount, p.amount)
        WHERE s.authority_id = :authority
        GROUP BY m.bic, m.reference, m.return_number, m.count, m.amount
        HAVING count(p.award_number) <> m.count
            OR coalesce(sum(i.amount) FILTER (WHERE p.award_number > 0), 0) <> m.amount
        ORDER BY 1
    """,
    "claims of the bank and the ledger": """
        SELECT 'entry ' || entry_number AS place, sum(rows) || ' tiyn in the register' AS says,
               sum(posted) || ' tiyn in the ledger' AS rows
        FROM (
            SELECT c.entry_number, c.amount AS rows, 0 AS posted FROM esep.return_claim c
            WHERE c.authority_id = :authority
            UNION ALL
            SELECT c.entry_number, -c.amount, 0 FROM esep.return_claim_paid c WHERE c.authority_id = :authority
            UNION ALL
            SELECT p.entry_number, 0, CASE p.rule WHEN 'claim_made' THEN p.amount ELSE -p.amount END
            FROM esep.posting p WHERE p.authority_id = :authority AND p.rule IN ('claim_made', 'claim_paid')
        ) c
        JOIN entry e ON e.number = c.entry_number
        GROUP BY entry_number
        HAVING sum(rows) <> sum(posted)
        ORDER BY 1
    """,
    "a refused file and the ledger": """
        SELECT 'file ' || o.reference AS place, o.amount || ' tiyn refused' AS says,
               coalesce(sum(p.amount), 0) || ' tiyn turned back in the ledger' AS rows
        FROM esep.order_refusal f
        JOIN entry e ON e.number = f.entry_number
        JOIN esep.payment_order o ON o.authority_id = f.authority_id AND o.order_number = f.order_number
        LEFT JOIN esep.account a ON a.authority_id = o.authority_id AND a.code = 'transit'
                                AND a.reference = o.reference
        LEFT JOIN esep.posting p ON p.authority_id = f.authority_id AND p.entry_number = f.entry_number
                                AND p.debit = a.account_id
        WHERE f.authority_id = :authority
        GROUP BY o.reference, o.amount
        HAVING coalesce(sum(p.amount), 0) <> o.amount
        ORDER BY 1
    """,
    "an import of awards and its lines": """
        SELECT 'awards of entry ' || coalesce(b.entry_number, l.entry_number) || ', aid '
                   || coalesce(b.aid_kind, l.aid_kind) AS place,
               b.count || ' lines, ' || b.amount || ' tiyn' AS says,
               l.count || ' lines, ' || l.amount || ' tiyn' AS rows
        FROM batch b
        FULL JOIN (
            SELECT a.entry_number, a.aid_kind, a.due_month, count(*) AS count, sum(a.amount) AS amount
            FROM esep.award_line a JOIN entry e ON e.number = a.entry_number AND e.kind = 'awards_imported'
            WHERE a.authority_id = :authority AND a.version = 1 AND a.due_month IN (SELECT due_month FROM batch)
            GROUP BY a.entry_number, a.aid_kind, a.due_month
        ) l ON l.entry_number = b.entry_number AND l.aid_kind = b.aid_kind AND l.due_month = b.due_month
        WHERE b.count IS DISTINCT FROM l.count OR b.amount IS DISTINCT FROM l.amount
        ORDER BY 1
    """,
    "a need and the imports it took": """
        SELECT 'need ' || n.need_number AS place, n.count || ' lines, ' || n.amount || ' tiyn' AS says,
               coalesce(b.count, 0) - c.count || ' lines, ' || coalesce(b.amount, 0) - c.amount || ' tiyn' AS rows
        FROM esep.need n
        JOIN entry e ON e.number = n.entry_number
        CROSS JOIN LATERAL (
            SELECT sum(b.count) AS count, sum(b.amount) AS amount FROM esep.award_batch b
            WHERE b.authority_id = n.authority_id AND b.aid_kind = n.aid_kind AND b.due_month = n.due_month
                AND b.entry_number > n.after_entry AND b.entry_number <= n.upto_entry
        ) b
        -- What was cancelled before the need is not asked for (R-034).
        CROSS JOIN LATERAL (
            SELECT count(*) AS count, coalesce(sum(w.amount), 0) AS amount
            FROM esep.award_cancellation x
            JOIN esep.award_line w ON w.authority_id = x.authority_id AND w.due_month = x.due_month
                AND w.award_number = x.award_number AND w.version = 1
            WHERE x.authority_id = n.authority_id AND x.due_month = n.due_month AND x.entry_number < n.entry_number
                AND w.aid_kind = n.aid_kind AND w.entry_number > n.after_entry AND w.entry_number <= n.upto_entry
        ) c
        WHERE n.authority_id = :authority
            AND (coalesce(b.count, 0) - c.count <> n.count OR coalesce(b.amount, 0) - c.amount <> n.amount)
        ORDER BY 1
    """,
    "a request and its needs": """
        SELECT 'request ' || r.reference AS place, r.amount || ' tiyn' AS says,
               coalesce(sum(n.amount), 0) || ' tiyn' AS rows
        FROM esep.request r
        JOIN entry e ON e.number = r.entry_number
        LEFT JOIN esep.request_need q ON q.authority_id = r.authority_id AND q.request_number = r.request_number
        LEFT JOIN esep.need n ON n.authority_id = q.authority_id AND n.need_number = q.need_number
        WHERE r.authority_id = :authority
        GROUP BY r.reference, r.amount
        HAVING coalesce(sum(n.amount), 0) <> r.amount
        ORDER BY 1
    """,
    "a transfer and its placings": """
        SELECT coalesce('transfer ' || string_agg(DISTINCT order_number, ', '), 'entry ' || entry_number) AS place,
               sum(rows) || ' tiyn placed' AS says, sum(posted) || ' tiyn placed in the ledger' AS rows
        FROM (
            SELECT g.entry_number, t.order_number, g.amount AS rows, 0 AS posted FROM esep.transfer_placing g
            JOIN esep.transfer t ON t.authority_id = g.authority_id AND t.transfer_number = g.transfer_number
            WHERE g.authority_id = :authority
            UNION ALL
            SELECT p.entry_number, NULL, 0, p.amount FROM esep.posting p
            WHERE p.authority_id = :authority AND p.rule IN ('transfer_placed', 'transfer_identified')
        ) t
        JOIN entry e ON e.number = t.entry_number AND e.reverses IS NULL
        GROUP BY entry_number
        HAVING sum(rows) <> sum(posted)
        ORDER BY 1
    """,
}
"""What must agree with what -> the query of the rows that do not."""
