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
        SELECT number, kind FROM esep.entry WHERE authority_id = :authority AND booked_on BETWEEN :first AND :last
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
        SELECT 'payment P' || p.award_number || '/1 in ' || p.reference AS place,
               'request ' || p.request_number AS says, NULL AS rows
        FROM paid p
        WHERE p.attempt = 1 AND NOT EXISTS (
            SELECT 1 FROM esep.request_need q
            JOIN esep.need n ON n.authority_id = q.authority_id AND n.need_number = q.need_number
            WHERE q.authority_id = p.authority_id AND q.request_number = p.request_number
              AND n.aid_kind = p.aid_kind AND n.due_month = p.due_month
        )
        ORDER BY 1
    """,
    "a later attempt and the outcome that allows it": """
        SELECT 'payment P' || p.award_number || '/' || p.attempt || ' in ' || p.reference AS place,
               'attempt ' || p.attempt AS says,
               CASE WHEN r.award_number IS NULL THEN 'attempt ' || p.attempt - 1 || ' did not come back'
                    ELSE 'attempt ' || p.attempt - 1 || ' came back, outcome ' || coalesce(x.outcome, 'none')
               END AS rows
        FROM paid p
        LEFT JOIN esep.returned_payment r ON r.authority_id = p.authority_id AND r.due_month = p.due_month
                                         AND r.award_number = p.award_number AND r.attempt = p.attempt - 1
        LEFT JOIN LATERAL (
            SELECT s.outcome FROM esep.resolution s
            WHERE s.authority_id = p.authority_id AND s.due_month = p.due_month AND s.award_number = p.award_number
              AND s.attempt = p.attempt - 1
            ORDER BY s.version DESC LIMIT 1
        ) x ON true
        WHERE p.attempt > 1 AND (r.award_number IS NULL OR x.outcome IS DISTINCT FROM 'resend')
        ORDER BY 1
    """,
    "a return message and its payments": """
        SELECT 'return ' || m.bic || ' ' || m.reference AS place, m.count || ' items, ' || m.amount || ' tiyn' AS says,
               count(p.award_number) || ' items, ' || coalesce(sum(p.amount), 0) || ' tiyn' AS rows
        FROM esep.return_money s
        JOIN entry e ON e.number = s.entry_number
        JOIN esep.return_message m ON m.authority_id = s.authority_id AND m.return_number = s.return_number
        LEFT JOIN esep.returned_payment r ON r.authority_id = m.authority_id AND r.return_number = m.return_number
        LEFT JOIN esep.payment p ON p.authority_id = r.authority_id AND p.due_month = r.due_month
                                AND p.award_number = r.award_number AND p.attempt = r.attempt AND p.amount = r.amount
        WHERE s.authority_id = :authority
        GROUP BY m.bic, m.reference, m.return_number, m.count, m.amount
        HAVING count(p.award_number) <> m.count OR coalesce(sum(p.amount), 0) <> m.amount
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
               coalesce(sum(b.count), 0) || ' lines, ' || coalesce(sum(b.amount), 0) || ' tiyn' AS rows
        FROM esep.need n
        JOIN entry e ON e.number = n.entry_number
        LEFT JOIN esep.award_batch b ON b.authority_id = n.authority_id AND b.aid_kind = n.aid_kind
                                    AND b.due_month = n.due_month AND b.entry_number > n.after_entry
                                    AND b.entry_number <= n.upto_entry
        WHERE n.authority_id = :authority
        GROUP BY n.need_number, n.count, n.amount
        HAVING coalesce(sum(b.count), 0) <> n.count OR coalesce(sum(b.amount), 0) <> n.amount
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
        SELECT 'transfer ' || t.order_number AS place, coalesce(sum(p.amount), 0) || ' tiyn placed' AS says,
               max(g.amount) || ' tiyn placed in the ledger' AS rows
        FROM esep.transfer t
        JOIN entry e ON e.number = t.entry_number
        LEFT JOIN esep.transfer_placing p ON p.authority_id = t.authority_id AND p.transfer_number = t.transfer_number
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(x.amount), 0) AS amount FROM esep.posting x
            WHERE x.authority_id = t.authority_id AND x.entry_number = t.entry_number AND x.rule = 'transfer_placed'
        ) g
        WHERE t.authority_id = :authority
        GROUP BY t.transfer_number, t.order_number
        HAVING coalesce(sum(p.amount), 0) <> max(g.amount)
        ORDER BY 1
    """,
}
"""What must agree with what -> the query of the rows that do not."""
