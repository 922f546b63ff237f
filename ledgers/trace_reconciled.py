"""Facts of a trace that come from reconciling: acts, crediting registers, the authority's lists, differences.

Each is a query over the keys that `trace` collected, and the sentence of its rows.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import Row

from ledgers.money import format_tenge


def _day(value: date) -> str:
    return f"{value:%d.%m.%Y}"


def _closed(row: Row[Any]) -> str:
    return f"month {row.month:%m.%Y} closed: {format_tenge(row.closing_cash)} on the account"


def _act(row: Row[Any]) -> str:
    return f"act of {row.month:%m.%Y} built"


def _corrective(row: Row[Any]) -> str:
    return f"corrective act No {row.act_number} of {row.month:%m.%Y}, dated {_day(row.dated)}: {row.reason}"


def _signature(row: Row[Any]) -> str:
    number = f"corrective act No {row.act_number}" if row.act_number else "act"
    return f"{number} of {row.month:%m.%Y} signed as {row.role} on {_day(row.signed_on)} by {row.signer}"


def _sent(row: Row[Any]) -> str:
    return f"statement of payments for {row.month:%m.%Y} sent on {_day(row.sent_on)}"


def _dispute(row: Row[Any]) -> str:
    head = f"act of {row.month:%m.%Y} disputed on {_day(row.opened_on)}, protocol {row.dispute_number}"
    return f"{head}: ours {format_tenge(row.ours)}, theirs {format_tenge(row.theirs)}"


def _dispute_line(row: Row[Any]) -> str:
    head = f"protocol {row.dispute_number}, line {row.line}: order {row.order_number}, {row.finding}"
    return f"{head}, ours {format_tenge(row.ours)}, theirs {format_tenge(row.theirs)}"


def _dispute_end(row: Row[Any]) -> str:
    return (
        f"protocol {row.dispute_number} of {row.month:%m.%Y} ended on {_day(row.ended_on)}: {row.outcome}; {row.note}"
    )


def _returned(row: Row[Any]) -> str:
    head = f"return message R{row.return_number}, {row.reference} of {_day(row.dated)} from {row.bic}"
    return f"{head}: {row._asdict()['count']} items, {format_tenge(row.amount)}"


def _crediting(row: Row[Any]) -> str:
    head = f"crediting register C{row.crediting_number} of {row.bic} of {_day(row.dated)}"
    return f"{head}: {row._asdict()['count']} lines, {format_tenge(row.amount)}"


def _credited(row: Row[Any]) -> str:
    ours = f"order {row.order_reference}, item {row.item}" if row.order_reference else "no order named"
    said = f"{row.outcome} on {_day(row.credited_on)}{': ' + row.reason if row.reason else ''}"
    head = f"crediting line C{row.crediting_number}/{row.line}: {format_tenge(row.amount)}"
    return f"{head}, {said}, {ours}, IIN {row.iin}, account {row.iban}"


def _match(row: Row[Any]) -> str:
    paid, credited = format_tenge(row.amount_paid), format_tenge(row.amount_credited)
    pairs = f"{row.items} {'payment' if row.items == 1 else 'payments'}, {row.lines} of its lines"
    note = f"; {row.note}" if row.note else ""
    return (
        f"match {row.match_number} with crediting register C{row.crediting_number}: {pairs}, {paid} = {credited}{note}"
    )


def _unmatch(row: Row[Any]) -> str:
    what = f"line C{row.crediting_number}/{row.line}" if row.line else "all of it"
    return f"match {row.match_number} undone for {what}: {row.reason}"


def _list(row: Row[Any]) -> str:
    head = f"the authority's list L{row.list_number} for {row.month:%m.%Y}: {row._asdict()['count']} lines"
    return f"{head}, transferred {format_tenge(row.transferred)}, refunded {format_tenge(row.refunded)}"


def _listed(row: Row[Any]) -> str:
    kind = f", aid {row.aid_kind}" if row.aid_kind else ""
    head = f"list line L{row.list_number}/{row.line}, {row.side} {row.order_number} of {_day(row.order_date)}"
    return f"{head}: {format_tenge(row.amount)}{kind}"


def _list_match(row: Row[Any]) -> str:
    with_ = (f"T{row.number}" if row.side == "transfer" else f"order No {row.number}") if row.number else ""
    what = f"matched by hand with {with_}" if with_ else "its match by hand undone"
    return f"list line L{row.list_number}/{row.line} {what}: {row.reason}"


def _break(row: Row[Any]) -> str:
    head = f"difference {row.code}/{row.break_number} found: {row.kind}, {row.subject}"
    return f"{head}, {format_tenge(row.amount)}; {row.reason}"


def _break_event(row: Row[Any]) -> str:
    more = [
        f"to {row.owner}" if row.action == "assigned" else "",
        f"until {_day(row.until)}" if row.until else "",
        f"by {row.reference}" if row.reference else "",
    ]
    said = " ".join([f"difference {row.code}/{row.break_number} {row.action}", *(part for part in more if part)])
    return f"{said}: {row.note}" if row.note else said


_CODE = "coalesce((SELECT a.code FROM esep.authority a WHERE a.authority_id = b.authority_id), 'SC') AS code"

RECONCILED: tuple[tuple[str, Callable[[Row[Any]], str]], ...] = (
    *(
        (f"SELECT * FROM esep.{table} WHERE (authority_id, month) IN (TABLE known_act) ORDER BY {order}", sentence)  # noqa: S608
        for table, order, sentence in (
            ("month_lock", "month", _closed),
            ("act", "month", _act),
            ("corrective_act", "act_number", _corrective),
            ("act_signature", "entry_number", _signature),
            ("statement_sent", "month", _sent),
            ("act_dispute", "act_number, dispute_number", _dispute),
            ("act_dispute_line", "act_number, dispute_number, line", _dispute_line),
            ("act_dispute_end", "act_number, dispute_number", _dispute_end),
        )
    ),
    (
        """
        SELECT m.*, (SELECT min(v.name) FROM esep.received_file v WHERE v.sha256 = m.sha256) AS document
        FROM esep.return_message m WHERE (m.authority_id, m.return_number) IN (TABLE known_returned)
        """,
        _returned,
    ),
    (
        """
        SELECT * FROM esep.crediting
        WHERE (authority_id, crediting_number) IN (SELECT authority_id, number FROM known_credited)
        """,
        _crediting,
    ),
    (
        """
        SELECT l.*, c.document FROM esep.crediting_line l
        JOIN esep.crediting c ON c.authority_id = l.authority_id AND c.crediting_number = l.crediting_number
        WHERE (l.authority_id, l.crediting_number, l.line) IN (TABLE known_credited)
        """,
        _credited,
    ),
    (
        """
        SELECT DISTINCT m.authority_id, m.entry_number, m.match_number, m.crediting_number, m.rule, m.amount_paid,
               m.amount_credited, m.note, cardinality(m.items) AS items, cardinality(m.lines) AS lines
        FROM known_credited k
        JOIN esep.crediting_match m ON m.authority_id = k.authority_id AND m.crediting_number = k.number
            AND CASE WHEN k.line > 0 THEN k.line = ANY(m.lines) ELSE NOT m.is_paired END
        ORDER BY m.match_number
        """,
        _match,
    ),
    (
        """
        SELECT DISTINCT x.*, m.crediting_number FROM known_credited k
        JOIN esep.crediting_match m ON m.authority_id = k.authority_id AND m.crediting_number = k.number
        JOIN esep.crediting_unmatch x ON x.authority_id = m.authority_id AND x.match_number = m.match_number
            AND x.line IN (0, k.line)
        WHERE x.line > 0 OR k.line = ANY(m.lines) OR k.line = 0 AND NOT m.is_paired
        """,
        _unmatch,
    ),
    (
        """
        SELECT * FROM esep.authority_list
        WHERE (authority_id, list_number) IN (SELECT authority_id, number FROM known_listed)
        """,
        _list,
    ),
    (
        """
        SELECT l.*, h.document FROM esep.authority_list_line l
        JOIN esep.authority_list h ON h.authority_id = l.authority_id AND h.list_number = l.list_number
        WHERE (l.authority_id, l.list_number, l.line) IN (TABLE known_listed)
        """,
        _listed,
    ),
    (
        """
        SELECT m.*, l.side, 'by_hand' AS rule FROM esep.authority_list_match m
        JOIN esep.authority_list_line l ON l.authority_id = m.authority_id AND l.list_number = m.list_number
            AND l.line = m.line
        WHERE (m.authority_id, m.list_number, m.line) IN (TABLE known_listed)
        ORDER BY m.version
        """,
        _list_match,
    ),
    (
        f"""
        SELECT b.*, {_CODE} FROM esep.break_item b
        WHERE (b.authority_id, b.break_number) IN (TABLE known_break) ORDER BY b.break_number
        """,  # noqa: S608
        _break,
    ),
    (
        f"""
        SELECT b.*, {_CODE} FROM esep.break_event b
        WHERE (b.authority_id, b.break_number) IN (TABLE known_break) ORDER BY b.break_number, b.step
        """,  # noqa: S608
        _break_event,
    ),
)
"""Query and sentence of each kind of fact."""
