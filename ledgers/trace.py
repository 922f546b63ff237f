"""Following one payment, file, request or transfer through the books: what happened, in the order it became known.

A reference leads to the facts around it: a person's IIN or a payment to the decision, the need, the request and its
transfers, the files, the statement lines that settled them, returns, outcomes and refunds (R-044, R-060 to R-063).
The text is compared whole: request, file or its number, payment, statement line (S12), transfer's order number, IIN.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, text

from ledgers.money import format_tenge
from ledgers.trace_stops import STOPS


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceFact:
    """One fact of the story, in words, and the entry that brought it."""

    authority_id: int
    entry_number: int
    booked_on: date
    recorded_at: datetime
    sentence: str


THINGS = ("award", "order", "request", "transfer", "line")
Keys = Mapping[str, list[tuple[int, int]]]
"""Thing -> its keys: the book, and the number within it."""

_PAYMENT = re.compile(r"P([0-9]{1,18})(?:/[0-9]{1,4})?", re.ASCII)
_LINE = re.compile(r"S([0-9]{1,18})", re.ASCII)


def trace(connection: Connection, reference: str) -> list[TraceFact]:
    """Every fact about a reference or a person, oldest first; empty when the books do not know it."""
    named = _named(connection, reference.strip())
    wider = _collect(connection, _AROUND, _bind(named))
    lines = _collect(connection, _LINES, _bind(wider))
    keys = {**wider, "line": named["line"] + lines["line"]}
    facts = [fact for query, sentence in (*_FACTS, *STOPS) for fact in _facts(connection, query, sentence, keys)]
    return sorted(facts, key=lambda fact: (fact.recorded_at, fact.authority_id, fact.entry_number))


def _named(connection: Connection, reference: str) -> Keys:
    """The things that bear this reference."""
    payment, line = _PAYMENT.fullmatch(reference), _LINE.fullmatch(reference)
    bind = {
        "reference": reference,
        "award": int(payment[1]) if payment else None,
        "line": int(line[1]) if line else None,
    }
    return _collect(connection, _NAMED, bind)


def _collect(connection: Connection, query: str, bind: Mapping[str, Any]) -> Keys:
    found: Keys = {thing: [] for thing in THINGS}
    for row in connection.execute(text(query), bind):
        found[row.thing].append((row.authority_id, row.number))
    return found


def _bind(keys: Keys) -> dict[str, list[int]]:
    books = {f"{thing}_books": [book for book, _ in keys[thing]] for thing in THINGS}
    return books | {f"{thing}_numbers": [number for _, number in keys[thing]] for thing in THINGS}


def _facts(connection: Connection, query: str, sentence: Callable[[Row[Any]], str], keys: Keys) -> list[TraceFact]:
    rows = connection.execute(
        text(f"""
            {_KNOWN}
            SELECT f.*, e.booked_on AS entry_booked_on, e.recorded_at FROM ({query}) f
            JOIN esep.entry e ON e.authority_id = f.authority_id AND e.number = f.entry_number
        """),  # noqa: S608 - one of the constants below
        _bind(keys),
    )
    return [
        TraceFact(
            authority_id=row.authority_id,
            entry_number=row.entry_number,
            booked_on=row.entry_booked_on,
            recorded_at=row.recorded_at,
            sentence=sentence(row),
        )
        for row in rows
    ]


_KNOWN = """
    WITH known_award AS (
        SELECT * FROM unnest(CAST(:award_books AS integer[]), CAST(:award_numbers AS bigint[]))
    ),
    known_order AS (
        SELECT * FROM unnest(CAST(:order_books AS integer[]), CAST(:order_numbers AS bigint[]))
    ),
    known_request AS (
        SELECT * FROM unnest(CAST(:request_books AS integer[]), CAST(:request_numbers AS bigint[]))
    ),
    known_transfer AS (
        SELECT * FROM unnest(CAST(:transfer_books AS integer[]), CAST(:transfer_numbers AS bigint[]))
    ),
    known_line AS (
        SELECT * FROM unnest(CAST(:line_books AS integer[]), CAST(:line_numbers AS bigint[]))
    )
"""

_NAMED = """
    SELECT 'award' AS thing, authority_id, award_number AS number FROM esep.award_line
    WHERE iin = :reference OR guardian_iin = :reference OR award_number = CAST(:award AS bigint)
    UNION
    SELECT 'order', authority_id, order_number FROM esep.payment_order
    WHERE reference = :reference OR order_number::text = :reference
    UNION
    SELECT 'request', authority_id, request_number FROM esep.request WHERE reference = :reference
    UNION
    SELECT 'transfer', authority_id, transfer_number FROM esep.transfer WHERE order_number = :reference
    UNION
    SELECT 'line', authority_id, line_number FROM esep.statement_line WHERE line_number = CAST(:line AS bigint)
"""

_AROUND = f"""
    {_KNOWN},
    attempt AS (
        SELECT p.* FROM esep.payment p WHERE (p.authority_id, p.award_number) IN (TABLE known_award)
    ),
    request AS (
        SELECT k.authority_id, k.number, NULL AS aid_kind FROM known_request AS k (authority_id, number)
        UNION
        SELECT a.authority_id, a.request_number, o.aid_kind FROM attempt a
        JOIN esep.payment_order o ON o.authority_id = a.authority_id AND o.order_number = a.order_number
    )
    SELECT 'award' AS thing, k.* FROM known_award AS k (authority_id, number)
    UNION
    SELECT 'order', k.* FROM known_order k
    UNION
    SELECT 'order', authority_id, order_number FROM attempt
    UNION
    SELECT 'order', r.authority_id, r.order_number FROM attempt a
    JOIN esep.refund r ON r.authority_id = a.authority_id AND r.reference = 'P' || a.award_number || '/' || a.attempt
    UNION
    SELECT 'request', authority_id, number FROM request
    UNION
    SELECT 'transfer', k.* FROM known_transfer k
    UNION
    SELECT 'transfer', p.authority_id, p.transfer_number FROM esep.transfer_placing p
    JOIN request r ON r.authority_id = p.authority_id AND r.number = p.request_number
                  AND p.aid_kind = coalesce(r.aid_kind, p.aid_kind)
"""  # noqa: S608 - constants

_LINES = f"""
    {_KNOWN}
    SELECT 'line' AS thing, m.authority_id, m.line_number AS number FROM esep.line_match m
    JOIN esep.payment_order o ON o.authority_id = m.placed_in AND o.reference = m.reference
    WHERE m.matched_as = 'settlement' AND (o.authority_id, o.order_number) IN (TABLE known_order)
    UNION
    SELECT 'line', 0, t.line_number FROM esep.transfer t
    WHERE (t.authority_id, t.transfer_number) IN (TABLE known_transfer)
    UNION
    SELECT 'line', 0, m.line_number FROM esep.return_money m
    JOIN esep.returned_payment r ON r.authority_id = m.authority_id AND r.return_number = m.return_number
    WHERE (r.authority_id, r.award_number) IN (TABLE known_award)
    UNION
    SELECT 'line', 0, c.line_number FROM esep.return_claim_paid c
    WHERE (c.authority_id, c.award_number) IN (TABLE known_award)
"""  # noqa: S608 - constants


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


_FACTS: tuple[tuple[str, Callable[[Row[Any]], str]], ...] = (
    ("SELECT * FROM esep.award_line WHERE (authority_id, award_number) IN (TABLE known_award)", _award),
    (
        """
        SELECT n.* FROM esep.need n
        WHERE EXISTS (
            SELECT 1 FROM esep.award_line a
            WHERE (a.authority_id, a.award_number) IN (TABLE known_award) AND a.version = 1
              AND a.authority_id = n.authority_id AND a.aid_kind = n.aid_kind AND a.due_month = n.due_month
              AND a.entry_number > n.after_entry AND a.entry_number <= n.upto_entry
        ) OR NOT EXISTS (TABLE known_award) AND EXISTS (
            SELECT 1 FROM esep.request_need r
            WHERE r.authority_id = n.authority_id AND r.need_number = n.need_number
              AND (r.authority_id, r.request_number) IN (TABLE known_request)
        )
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
    ("SELECT * FROM esep.payment_order WHERE (authority_id, order_number) IN (TABLE known_order)", _order),
    (
        """
        SELECT p.*, o.reference FROM esep.payment p
        JOIN esep.payment_order o ON o.authority_id = p.authority_id AND o.order_number = p.order_number
        WHERE (p.authority_id, p.award_number) IN (TABLE known_award)
        """,
        _attempt,
    ),
    (
        """
        SELECT l.authority_id, coalesce(m.entry_number, l.entry_number) AS entry_number, l.line_number, l.booked_on,
               l.direction, l.document_number, l.amount, m.matched_as, m.reference
        FROM esep.statement_line l
        LEFT JOIN esep.line_match m ON m.authority_id = l.authority_id AND m.line_number = l.line_number
        WHERE (l.authority_id, l.line_number) IN (TABLE known_line)
        """,
        _line,
    ),
    (
        """
        SELECT p.*, m.bic, m.reference, i.reason, s.returned_on FROM esep.returned_payment p
        JOIN esep.return_message m ON m.authority_id = p.authority_id AND m.return_number = p.return_number
        JOIN esep.return_item i ON i.authority_id = p.authority_id AND i.return_number = p.return_number
                               AND i.item = p.item
        LEFT JOIN esep.return_money s ON s.authority_id = p.authority_id AND s.return_number = p.return_number
        WHERE (p.authority_id, p.award_number) IN (TABLE known_award)
        """,
        _returned,
    ),
    ("SELECT * FROM esep.return_claim WHERE (authority_id, award_number) IN (TABLE known_award)", _claim),
    ("SELECT * FROM esep.return_claim_paid WHERE (authority_id, award_number) IN (TABLE known_award)", _claim_paid),
    ("SELECT * FROM esep.carry_over WHERE (authority_id, award_number) IN (TABLE known_award)", _carry_over),
    ("SELECT * FROM esep.resolution WHERE (authority_id, award_number) IN (TABLE known_award)", _resolution),
    (
        """
        SELECT r.*, o.reference AS order_reference FROM esep.refund r
        JOIN esep.payment_order o ON o.authority_id = r.authority_id AND o.order_number = r.order_number
        WHERE (o.authority_id, o.order_number) IN (TABLE known_order) AND (
            NOT EXISTS (TABLE known_award) AND NOT EXISTS (TABLE known_request) OR EXISTS (
                SELECT 1 FROM known_award AS k (authority_id, number)
                WHERE k.authority_id = r.authority_id AND r.reference LIKE 'P' || k.number || '/%'
            )
        ) OR NOT EXISTS (TABLE known_award) AND (
            EXISTS (
                SELECT 1 FROM esep.request q
                WHERE (q.authority_id, q.request_number) IN (TABLE known_request)
                    AND q.authority_id = r.authority_id AND q.reference = r.reference
            ) OR r.reference IN (SELECT 'S' || k.number FROM known_line AS k (authority_id, number))
        )
        """,
        _refund,
    ),
)
"""The query of each kind of fact, and the sentence that tells its row."""


def _counted(row: Row[Any], noun: str) -> str:
    number = int(row._asdict()["count"])
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
