"""Staged decisions as groups that are alike in all that a warning may be about: few, however many lines a file has."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardGroup:
    """Lines of one authority, kind, month and decision day; `first_line` is the first of them in the file.

    `amount` (tiyn) tells lines apart only where the kind has a size, else it is 0; `category` only where the kind
    needs one, else it is empty.
    """

    authority_id: int
    aid_kind: str
    due_month: date
    decided_on: date
    source_system: str
    amount: int
    category: str
    count: int
    first_line: int


def staged_groups(connection: Connection) -> list[AwardGroup]:
    """The groups of the staged lines of known authorities, in the order of their first lines."""
    rows = connection.execute(
        text("""
            SELECT a.authority_id, s.aid_kind, s.due_month, s.decided_on, s.source_system,
                   CASE WHEN t.mrp_hundredths > 0 OR t.fixed_amount > 0 THEN s.amount ELSE 0 END AS amount,
                   CASE WHEN t.needs_category THEN s.payment_code ELSE '' END AS category,
                   count(*) AS count, min(s.line) AS first_line
            FROM pg_temp.staged_award s
            JOIN esep.authority a ON a.bin = s.authority_bin
            LEFT JOIN esep.aid_term t ON t.authority_id = a.authority_id AND t.code = s.aid_kind
            GROUP BY 1, 2, 3, 4, 5, 6, 7
            ORDER BY first_line
        """)
    )
    return [AwardGroup(**row._asdict()) for row in rows]
