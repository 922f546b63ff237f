"""The facts of a trace about money on its way: decisions, needs, requests, transfers, files, lines, returns, refunds.

Each is a query over the keys that `trace` collected, and the sentence of its rows. A query may name the document, the
version and the rule of its fact by columns of these names.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Row

from ledgers.money import format_tenge


def _award(row: Row[Any]) -> str:
    who = " ".join(part for part in (row.surname, row.first_name, row.patronymic) if part)
    what = "decided" if row.version == 1 else f"corrected, version {row.version}"
    return (
        f"award {row.award_number} {what} by {row.decision_number} of {row.decided_on:%d.%m.%Y}: "
        f"{format_tenge(row.amount)}, aid {row.aid_kind} for {row.due_month:%m.%Y}, {who}, IIN {row.iin}, "
        f"account {row.iban} at {row.bic}"
    )


def _need(row: Row[Any]) -> str:
    month = f"aid {row.aid_kind} for {row.due_month:%m.%Y}"
    return f"need {row.need_number} formed: {month}, {_counted(row, 'award')}, {format_tenge(row.amount)}"


def _request(row: Row[Any]) -> str:
    return f"request {row.reference} sent: {format_tenge(row.amount)}"


def _transfer(row: Row[Any]) -> str:
    placed = (
        f"placed on {row.reference}, aid {row.aid_kind}: {format_tenge(row.placed)}" if row.reference else "not placed"
    )
    head = f"transfer {row.order_number} of {row.order_date:%d.%m.%Y} received on {row.received_on:%d.%m.%Y}"
    return f"{head}: {format_tenge(row.amount)}, {placed}"


def _order(row: Row[Any]) -> str:
    head = f"{row.message} {row.reference} No {row.order_number} of {row.dated:%d.%m.%Y} sent to {row.bic}"
    return f"{head}: {_counted(row, 'item')}, {format_tenge(row.amount)}"


def _attempt(row: Row[Any]) -> str:
    head = f"payment P{row.award_number}/{row.attempt} sent in {row.reference}"
    return f"{head}, item {row.item}: {format_tenge(row.amount)}"


def _line(row: Row[Any]) -> str:
    matched = f"{row.matched_as} {row.reference}" if row.matched_as else "not placed"
    head = f"statement line S{row.line_number} of {row.booked_on:%d.%m.%Y}, {row.direction}, No {row.document_number}"
    return f"{head}: {format_tenge(row.amount)}, {matched}"


def _returned(row: Row[Any]) -> str:
    seen = f"its money seen on {row.returned_on:%d.%m.%Y}" if row.returned_on else "its money not seen yet"
    head = f"payment P{row.award_number}/{row.attempt} came back from {row.bic}, message {row.reference}"
    return f"{head}: {format_tenge(row.amount)}, reason: {row.reason}; {seen}"


def _resolution(row: Row[Any]) -> str:
    head = f"outcome for P{row.award_number}/{row.attempt}: {row.outcome}"
    number = f"{row.number} " if row.number else ""
    return f"{head}, {number}of {row.decided_on:%d.%m.%Y}; {row.reason}"


def _claim(row: Row[Any]) -> str:
    return f"claimed of the bank for P{row.award_number}/{row.attempt}: {format_tenge(row.amount)}; {row.reason}"


def _claim_paid(row: Row[Any]) -> str:
    return f"the bank paid {format_tenge(row.amount)} of the claim for P{row.award_number}/{row.attempt}"


def _carry_over(row: Row[Any]) -> str:
    return f"P{row.award_number}/{row.attempt} carried over from {row.month:%m.%Y}: {row.reason}"


def _refund(row: Row[Any]) -> str:
    kind = f", aid {row.aid_kind}" if row.aid_kind else ", excess"
    return f"refund of {row.reference}{kind}, in {row.order_reference}: {format_tenge(row.amount)}"


FACTS: tuple[tuple[str, Callable[[Row[Any]], str]], ...] = (
    (
        """
        SELECT * FROM esep.award_line
        WHERE (authority_id, due_month, award_number) IN (TABLE known_award) AND due_month = ANY(:award_months)
        """,
        _award,
    ),
    (
        """
        SELECT DISTINCT n.* FROM esep.award_line a
        JOIN esep.need n ON n.authority_id = a.authority_id AND n.aid_kind = a.aid_kind AND n.due_month = a.due_month
            AND n.after_entry < a.entry_number AND n.upto_entry >= a.entry_number
        WHERE (a.authority_id, a.due_month, a.award_number) IN (TABLE known_award) AND a.due_month = ANY(:award_months)
            AND a.version = 1
        UNION
        SELECT n.* FROM esep.request_need r
        JOIN esep.need n ON n.authority_id = r.authority_id AND n.need_number = r.need_number
        WHERE NOT EXISTS (TABLE known_award) AND (r.authority_id, r.request_number) IN (TABLE known_request)
        ORDER BY need_number
        """,
        _need,
    ),
    ("SELECT * FROM esep.request WHERE (authority_id, request_number) IN (TABLE known_request)", _request),
    (
        """
        SELECT t.*, r.reference, p.aid_kind, p.amount AS placed FROM esep.transfer t
        LEFT JOIN esep.transfer_placing p ON p.authority_id = t.authority_id AND p.transfer_number = t.transfer_number
        LEFT JOIN esep.request r ON r.authority_id = p.authority_id AND r.request_number = p.request_number
        WHERE (t.authority_id, t.transfer_number) IN (TABLE known_transfer)
        """,
        _transfer,
    ),
    (
        """
        SELECT o.*, o.file_name AS document FROM esep.payment_order o
        WHERE (o.authority_id, o.order_number) IN (TABLE known_order)
        """,
        _order,
    ),
    (
        """
        SELECT p.*, o.reference, o.file_name AS document FROM esep.payment p
        JOIN esep.payment_order o ON o.authority_id = p.authority_id AND o.order_number = p.order_number
        WHERE (p.authority_id, p.due_month, p.award_number) IN (TABLE known_award) AND p.due_month = ANY(:award_months)
        """,
        _attempt,
    ),
    (
        """
        SELECT l.authority_id, coalesce(m.entry_number, l.entry_number) AS entry_number, l.line_number, l.booked_on,
               l.direction, l.document_number, l.amount, m.matched_as, m.reference, m.version, m.rule,
               (SELECT min(v.name) FROM esep.statement s JOIN esep.received_file v ON v.sha256 = s.sha256
                WHERE s.authority_id = l.authority_id AND s.statement_number = l.statement_number) AS document
        FROM esep.statement_line l
        LEFT JOIN esep.line_match m ON m.authority_id = l.authority_id AND m.line_number = l.line_number
        WHERE (l.authority_id, l.line_number) IN (TABLE known_line)
        """,
        _line,
    ),
    (
        """
        SELECT p.*, m.bic, m.reference, i.reason, s.returned_on,
               (SELECT min(v.name) FROM esep.received_file v WHERE v.sha256 = m.sha256) AS document
        FROM esep.returned_payment p
        JOIN esep.return_message m ON m.authority_id = p.authority_id AND m.return_number = p.return_number
        JOIN esep.return_item i ON i.authority_id = p.authority_id AND i.return_number = p.return_number
                               AND i.item = p.item
        LEFT JOIN esep.return_money s ON s.authority_id = p.authority_id AND s.return_number = p.return_number
        WHERE (p.authority_id, p.due_month, p.award_number) IN (TABLE known_award)
        """,
        _returned,
    ),
    (
        "SELECT * FROM esep.return_claim WHERE (authority_id, due_month, award_number) IN (TABLE known_award)",
        _claim,
    ),
    (
        "SELECT * FROM esep.return_claim_paid WHERE (authority_id, due_month, award_number) IN (TABLE known_award)",
        _claim_paid,
    ),
    (
        "SELECT * FROM esep.carry_over WHERE (authority_id, due_month, award_number) IN (TABLE known_award)",
        _carry_over,
    ),
    (
        "SELECT * FROM esep.resolution WHERE (authority_id, due_month, award_number) IN (TABLE known_award)",
        _resolution,
    ),
    (
        """
        SELECT r.*, o.reference AS order_reference, o.file_name AS document FROM (
            SELECT f.* FROM known_attempt a
            JOIN esep.refund f ON f.authority_id = a.authority_id AND f.reference = a.name
            UNION
            SELECT f.* FROM esep.refund f
            WHERE NOT EXISTS (TABLE known_award) AND NOT EXISTS (TABLE known_request)
                AND (f.authority_id, f.order_number) IN (TABLE known_order)
            UNION
            SELECT f.* FROM esep.request q
            JOIN esep.refund f ON f.authority_id = q.authority_id AND f.reference = q.reference
            WHERE NOT EXISTS (TABLE known_award) AND (q.authority_id, q.request_number) IN (TABLE known_request)
            UNION
            SELECT f.* FROM known_line k
            CROSS JOIN (SELECT DISTINCT authority_id FROM esep.authority_version) b
            JOIN esep.refund f ON f.authority_id = b.authority_id AND f.reference = 'S' || k.number
            WHERE NOT EXISTS (TABLE known_award)
        ) r
        JOIN esep.payment_order o ON o.authority_id = r.authority_id AND o.order_number = r.order_number
        ORDER BY r.order_number, r.reference
        """,
        _refund,
    ),
)
"""The query of each kind of fact, and the sentence that tells its row."""


def _counted(row: Row[Any], noun: str) -> str:
    number = int(row._asdict()["count"])
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
