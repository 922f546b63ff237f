"""Claims: what a bank kept of a returned payment, though the service is free (R-006, E54), and what it paid of that.

A claim is a memorandum: no money stands on it. Its money comes later as a line of a statement and goes where the
return already is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import Connection, text

PAID = """
    coalesce((SELECT sum(c.amount) FROM esep.return_claim_paid c
              WHERE c.authority_id = {key}.authority_id AND c.due_month = {key}.due_month
                  AND c.award_number = {key}.award_number AND c.attempt = {key}.attempt), 0)::bigint
"""
"""What was paid of the claim for a row that has the key of a payment, `key` being the row's name; in tiyn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What is claimed of the bank `bic` for a returned payment, what it paid (tiyn), and the return's outcome."""

    authority_id: int
    due_month: date
    award_number: int
    attempt: int
    aid_kind: str
    bic: str
    claimed_on: date
    amount: int
    paid: int
    outcome: str
    reason: str

    @property
    def reference(self) -> str:
        """What the payment is called in the books."""
        return f"P{self.award_number}/{self.attempt}"

    @property
    def open(self) -> int:
        """What the bank still owes, in tiyn."""
        return self.amount - self.paid


def claims(connection: Connection, books: Sequence[int]) -> list[Claim]:
    """All claims of these books, the paid ones too."""
    names = ", ".join(f"c.{field.name}" for field in fields(Claim) if field.name not in _JOINED)
    rows = connection.execute(
        text(f"""
            SELECT {names}, o.aid_kind, o.bic, e.booked_on AS claimed_on, {PAID.format(key="c")} AS paid,
                   coalesce((
                       SELECT x.outcome FROM esep.resolution x
                       WHERE x.authority_id = c.authority_id AND x.due_month = c.due_month
                           AND x.award_number = c.award_number AND x.attempt = c.attempt
                       ORDER BY x.version DESC LIMIT 1), '') AS outcome
            FROM esep.return_claim c
            JOIN esep.entry e ON e.authority_id = c.authority_id AND e.number = c.entry_number
            JOIN esep.payment p ON p.authority_id = c.authority_id AND p.due_month = c.due_month
                               AND p.award_number = c.award_number AND p.attempt = c.attempt
            JOIN esep.payment_order o ON o.authority_id = p.authority_id AND o.order_number = p.order_number
            WHERE c.authority_id = ANY(CAST(:books AS integer[]))
            ORDER BY c.authority_id, c.award_number, c.attempt
        """),  # noqa: S608 - names come from the dataclass
        {"books": list(books)},
    )
    return [Claim(**row._asdict()) for row in rows]


_JOINED = ("aid_kind", "bic", "claimed_on", "paid", "outcome")


def paid_by_line(connection: Connection, line_number: int) -> tuple[int, str, int] | None:
    """The book, the payment and the amount (tiyn) of the claim that a line paid, or None."""
    row = connection.execute(
        text("""
            SELECT authority_id, 'P' || award_number || '/' || attempt AS reference, amount
            FROM esep.return_claim_paid WHERE line_number = :line
        """),
        {"line": line_number},
    ).one_or_none()
    return None if row is None else (row.authority_id, row.reference, row.amount)
