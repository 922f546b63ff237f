"""Facts of a trace that stop or take back: holds, cancellations, refused files, placings turned round, arrivals.

Each is a query over the keys that `trace` collected, and the sentence of its rows.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Row

from ledgers.money import format_tenge


def _hold(row: Row[Any]) -> str:
    what = f"award {row.award_number}" if row.award_number else "the person"
    return f"hold {row.hold_number} on {what} from {row.placed_on:%d.%m.%Y}: {row.reason}{_paper(row)}"


def _hold_end(row: Row[Any]) -> str:
    return f"hold {row.hold_number} ended on {row.ended_on:%d.%m.%Y}: {row.note}{_paper(row)}"


def _cancellation(row: Row[Any]) -> str:
    day = f"{row.cancelled_on:%d.%m.%Y}"
    return f"award {row.award_number} cancelled on {day}: {row.reason}{_paper(row)}"


def _paper(row: Row[Any]) -> str:
    return f", {row.document}" if row.document else ""


def _refusal(row: Row[Any]) -> str:
    return f"{row.file} refused by {row.bic} on {row.refused_on:%d.%m.%Y}: {row.reason}; its items go again"


def _turned_round(row: Row[Any]) -> str:
    head = f"transfer {row.order_number} of {row.order_date:%d.%m.%Y} turned round"
    return f"{head}: {format_tenge(row.amount)}, {row.summary}"


def _arrival(row: Row[Any]) -> str:
    return f"request {row.reference} arrived on {row.arrived_on:%d.%m.%Y}"


STOPS: tuple[tuple[str, Callable[[Row[Any]], str]], ...] = (
    (
        """
        SELECT DISTINCT h.* FROM esep.award_line w
        JOIN esep.hold h ON h.iin = w.iin AND h.authority_id = w.authority_id AND h.award_number IN (0, w.award_number)
        WHERE (w.authority_id, w.due_month, w.award_number) IN (TABLE known_award) AND w.due_month = ANY(:award_months)
            AND w.version = 1
        ORDER BY h.hold_number
        """,
        _hold,
    ),
    (
        """
        SELECT DISTINCT e.* FROM esep.award_line w
        JOIN esep.hold h ON h.iin = w.iin AND h.authority_id = w.authority_id AND h.award_number IN (0, w.award_number)
        JOIN esep.hold_end e ON e.authority_id = h.authority_id AND e.hold_number = h.hold_number
        WHERE (w.authority_id, w.due_month, w.award_number) IN (TABLE known_award) AND w.due_month = ANY(:award_months)
            AND w.version = 1
        ORDER BY e.hold_number
        """,
        _hold_end,
    ),
    (
        "SELECT * FROM esep.award_cancellation WHERE (authority_id, due_month, award_number) IN (TABLE known_award)",
        _cancellation,
    ),
    (
        """
        SELECT f.authority_id, f.entry_number, f.refused_on, f.reason, o.reference AS file, o.bic
        FROM esep.order_refusal f
        JOIN esep.payment_order o ON o.authority_id = f.authority_id AND o.order_number = f.order_number
        WHERE (f.authority_id, f.order_number) IN (TABLE known_order)
        """,
        _refusal,
    ),
    (
        """
        SELECT r.authority_id, r.number AS entry_number, t.order_number, t.order_date, t.amount, r.summary
        FROM esep.transfer t
        JOIN esep.entry r ON r.authority_id = t.authority_id AND r.reverses = t.entry_number
        WHERE (t.authority_id, t.transfer_number) IN (TABLE known_transfer)
        """,
        _turned_round,
    ),
    (
        """
        SELECT a.authority_id, a.entry_number, a.arrived_on, r.reference
        FROM esep.arrival a
        JOIN esep.request r ON r.authority_id = a.authority_id AND r.request_number = a.number
        WHERE a.document = 'request' AND (r.authority_id, r.request_number) IN (TABLE known_request)
        """,
        _arrival,
    ),
)
"""Query and sentence of each kind of fact."""
