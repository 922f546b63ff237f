"""Why a bank's line is a payment of ours: the rule that found it, the numbers that were compared, and a sentence."""

from dataclasses import dataclass

from sqlalchemy import Connection, text

from ledgers.crediting_matches import BY_HAND, listed
from ledgers.money import format_tenge


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchedLine:
    """Why a line is our payment: the rule, both sums (tiyn), the payments, and a sentence."""

    match_number: int
    entry_number: int
    rule: str
    payments: tuple[str, ...]
    lines: tuple[int, ...]
    paid: int
    credited: int
    note: str
    sentence: str


_WHY = {
    "reference": "{lines} names {payments} by order and item; IIN, account and amount are equal",
    "person": "{lines} names the order of {payments}; IIN, account and amount are equal and no other pair is as good",
    "account": "{lines} names the order of {payments} and no IIN; account and amount are equal",
    "person_any_order": "{lines} fits {payments} and no other payment of those days: IIN, account and amount are equal",
    "sum_of_person": "{lines} together and {payments} together are all that is open of the person on this account",
    BY_HAND: "{lines} and {payments} were matched by hand: {note}",
}


def explain(connection: Connection, authority_id: int, crediting_number: int, line: int) -> MatchedLine | None:
    """Why a line of a register is a payment of ours, or None while it is none."""
    row = connection.execute(
        text("""
            SELECT m.*, l.amount, p.order_number, p.item,
                   (SELECT x.amount FROM esep.payment x WHERE x.authority_id = m.authority_id
                       AND x.order_number = p.order_number AND x.item = p.item) AS paid
            FROM esep.crediting_pair p
            JOIN esep.crediting_match m ON m.authority_id = p.authority_id AND m.match_number = p.match_number
            JOIN esep.crediting_line l ON l.authority_id = p.authority_id AND l.crediting_number = p.crediting_number
                AND l.line = p.line
            WHERE p.authority_id = :book AND p.crediting_number = :crediting AND p.line = :line
        """),
        {"book": authority_id, "crediting": crediting_number, "line": line},
    ).one_or_none()
    if row is None:
        return None
    pairs = [(row.order_number, row.item)] if row.is_paired else list(zip(row.orders, row.items, strict=True))
    lines = (line,) if row.is_paired else tuple(row.lines)
    paid, credited = (row.paid, row.amount) if row.is_paired else (row.amount_paid, row.amount_credited)
    payments = tuple(f"{order}/{item}" for order, item in pairs)
    said = _WHY[row.rule].format(
        lines=f"{'line' if len(lines) == 1 else 'lines'} {listed(lines)} of C{crediting_number}",
        payments=f"{'item' if len(payments) == 1 else 'items'} {listed(payments)}",
        note=row.note,
    )
    return MatchedLine(
        match_number=row.match_number,
        entry_number=row.entry_number,
        rule=row.rule,
        payments=payments,
        lines=lines,
        paid=paid,
        credited=credited,
        note=row.note,
        sentence=f"{said}; paid {format_tenge(paid)}, credited {format_tenge(credited)} KZT",
    )
