"""Where everybody is: awards counted by what became of them, asked of the registers and the holds (1.10)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardState:
    """How many awards of a kind and month are in a state, and for how much (tiyn)."""

    authority: str
    aid_kind: str
    due_month: date
    state: str
    count: int
    amount: int


STATES = (
    "decided",
    "in need",
    "requested",
    "on hold",
    "cancelled",
    "sent",
    "returned",
    "to resend",
    "refunded",
    "paid",
)
"""The states in the order of the way: decided, waiting for the request, for the money, stopped, at the bank, back."""


def states(
    connection: Connection, authority_id: int | None, month: date | None, aid_kind: str | None = None
) -> list[AwardState]:
    """The awards of an authority or of all, for one month or every one, of one kind or all, by kind, month and state.

    `sent` is at the bank and not debited, `paid` is debited and has not come back; `refunded` counts what goes back to
    the authority, sent or not yet.
    """
    bind = {"authority": authority_id, "month": month, "kind": aid_kind, "states": list(STATES)}
    rows = connection.execute(text(_STATES), bind)
    return [AwardState(**row._asdict()) for row in rows]


_STATES = """
    WITH line AS (
        SELECT w.authority_id, w.due_month, w.award_number, w.entry_number, w.aid_kind, w.amount, w.iin
        FROM (SELECT DISTINCT authority_id, due_month FROM esep.award_batch
              WHERE authority_id = coalesce(:authority, authority_id)
                AND due_month = coalesce(CAST(:month AS date), due_month)) b
        JOIN esep.award_line w ON w.authority_id = b.authority_id AND w.due_month = b.due_month AND w.version = 1
            AND w.aid_kind = coalesce(CAST(:kind AS text), w.aid_kind)
    ),
    -- The last attempt that the bank did not refuse, and what became of it.
    last AS (
        SELECT DISTINCT ON (p.authority_id, p.due_month, p.award_number)
               p.authority_id, p.due_month, p.award_number, p.attempt, o.reference
        FROM (SELECT DISTINCT authority_id, due_month FROM line) b
        JOIN esep.taken_payment p ON p.authority_id = b.authority_id AND p.due_month = b.due_month
        JOIN esep.payment_order o ON o.authority_id = p.authority_id AND o.order_number = p.order_number
        ORDER BY p.authority_id, p.due_month, p.award_number, p.attempt DESC
    ),
    settled AS (
        SELECT DISTINCT m.placed_in AS authority_id, m.reference FROM esep.line_match m
        WHERE m.matched_as = 'settlement' AND NOT EXISTS (
            SELECT 1 FROM esep.line_match n
            WHERE n.authority_id = m.authority_id AND n.line_number = m.line_number AND n.version > m.version)
    ),
    outcome AS (
        SELECT DISTINCT ON (authority_id, due_month, award_number, attempt)
               authority_id, due_month, award_number, attempt, outcome
        FROM esep.resolution ORDER BY authority_id, due_month, award_number, attempt, version DESC
    ),
    told AS (
        SELECT l.authority_id, l.aid_kind, l.due_month, l.amount,
               CASE
                   WHEN r.award_number IS NOT NULL THEN
                       CASE WHEN x.outcome IS NULL THEN 'returned' WHEN x.outcome = 'resend' THEN 'to resend'
                            ELSE 'refunded' END
                   WHEN s.reference IS NOT NULL THEN 'paid'
                   WHEN p.award_number IS NOT NULL THEN 'sent'
                   WHEN c.award_number IS NOT NULL THEN 'cancelled'
                   WHEN h.iin IS NOT NULL THEN 'on hold'
                   WHEN q.need_number IS NOT NULL THEN 'requested'
                   WHEN n.need_number IS NOT NULL THEN 'in need'
                   ELSE 'decided'
               END AS state
        FROM line l
        LEFT JOIN last p USING (authority_id, due_month, award_number)
        LEFT JOIN esep.returned_payment r USING (authority_id, due_month, award_number, attempt)
        LEFT JOIN outcome x USING (authority_id, due_month, award_number, attempt)
        LEFT JOIN settled s ON s.authority_id = l.authority_id AND s.reference = p.reference
        LEFT JOIN esep.award_cancellation c ON c.authority_id = l.authority_id AND c.due_month = l.due_month
            AND c.award_number = l.award_number
        LEFT JOIN LATERAL (
            SELECT o.iin FROM esep.hold o
            WHERE o.authority_id = l.authority_id AND o.iin = l.iin AND o.award_number IN (0, l.award_number)
                AND NOT EXISTS (SELECT 1 FROM esep.hold_end e
                                WHERE e.authority_id = o.authority_id AND e.hold_number = o.hold_number)
            LIMIT 1) h ON true
        LEFT JOIN esep.need n ON n.authority_id = l.authority_id AND n.aid_kind = l.aid_kind
            AND n.due_month = l.due_month AND l.entry_number > n.after_entry AND l.entry_number <= n.upto_entry
        LEFT JOIN esep.request_need q ON q.authority_id = n.authority_id AND q.need_number = n.need_number
    )
    SELECT a.code AS authority, t.aid_kind, t.due_month, t.state, count(*) AS count, sum(t.amount)::bigint AS amount
    FROM told t JOIN esep.authority a ON a.authority_id = t.authority_id
    GROUP BY t.authority_id, a.code, t.aid_kind, t.due_month, t.state
    ORDER BY t.authority_id, t.due_month, t.aid_kind, array_position(CAST(:states AS text[]), t.state)
"""
