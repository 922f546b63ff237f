"""What an aid kind is beside its name: when it may be decided, how its amount comes about, whose programme it is.

A kind without a term is valid always, free in its amount and active. The amount is a number of monthly calculation
indexes on one of three days (R-005; which day counts is the kind's own), a fixed sum, or free.

>>> five = AidTerm(authority_id=1, code="A", mrp_hundredths=500)
>>> from ledgers.rates import BUILT_IN
>>> expected_amounts(five, BUILT_IN, date(2020, 3, 10), date(2020, 5, 1), date(2020, 4, 27))
ExpectedAmounts(decision=1325500, memorial=1389000, payment=1389000)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from sqlalchemy import Connection, text

from ledgers.rates import Rates

MrpDay = Literal["decision", "memorial", "payment"]
MRP_DAYS: tuple[str, ...] = get_args(MrpDay)

ALWAYS_FROM, ALWAYS_TO = date(1993, 1, 1), date(9999, 12, 31)
HUNDREDTHS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class AidTerm:
    """The term of one kind of one authority: the index in hundredths or a fixed amount (tiyn), free when both are 0.

    Both ends of the validity belong to it, and the decision's date counts. `payment_days` are windows of days of the
    month (AMB-8). An inactive kind waits for a person's decision, the note says on what.
    """

    authority_id: int
    code: str
    valid_from: date = ALWAYS_FROM
    valid_to: date = ALWAYS_TO
    mrp_hundredths: int = 0
    fixed_amount: int = 0
    mrp_day: MrpDay = "decision"
    programme: str = ""
    source_system: str = ""
    needs_category: bool = False
    payment_days: str = ""
    is_active: bool = True
    note: str = ""

    @property
    def is_free(self) -> bool:
        """Whether each decision sets its own amount."""
        return self.mrp_hundredths == 0 and self.fixed_amount == 0


@dataclass(frozen=True, slots=True)
class ExpectedAmounts:
    """What one payment of a kind comes to, in tiyn, by the index of each of three days."""

    decision: int
    memorial: int
    payment: int

    def by(self, mrp_day: MrpDay) -> int:
        """The amount by the day that counts."""
        return int(getattr(self, mrp_day))

    @property
    def is_one(self) -> bool:
        """Whether all three days come to the same."""
        return self.decision == self.memorial == self.payment


def expected_amounts(
    term: AidTerm, known: Rates, decided_on: date, memorial_on: date | None, paid_on: date
) -> ExpectedAmounts | None:
    """What a payment comes to by each day; None when the kind's amount is free.

    A kind without a memorial date takes the day of payment for it.

    Raises:
        RateMissing: a day lies before the first rate.
    """
    if term.is_free:
        return None
    days = (decided_on, memorial_on or paid_on, paid_on)
    return ExpectedAmounts(*(amount_on(term, known, day) for day in days))


def amount_on(term: AidTerm, known: Rates, day: date) -> int:
    """The amount by the index of one day, in tiyn; an index is whole tenge, so hundredths of it are whole tiyn."""
    if term.fixed_amount:
        return term.fixed_amount
    return term.mrp_hundredths * known.mrp(day) // HUNDREDTHS


def in_force(connection: Connection, authority_id: int | None = None) -> list[AidTerm]:
    """The terms in force of an authority, or of all, by code; a kind without one is not among them."""
    rows = connection.execute(
        text("""
            SELECT authority_id, code, valid_from, valid_to, mrp_hundredths, fixed_amount, mrp_day, programme,
                   source_system, needs_category, payment_days, is_active, note
            FROM esep.aid_term
            WHERE authority_id = coalesce(:authority, authority_id)
            ORDER BY authority_id, code
        """),
        {"authority": authority_id},
    )
    return [AidTerm(**row._asdict()) for row in rows]


def by_code(connection: Connection, authority_id: int, codes: Sequence[str]) -> dict[str, AidTerm]:
    """The term of each of these kinds, the always valid, free and active one for a kind that has none."""
    said = {term.code: term for term in in_force(connection, authority_id)}
    return {code: said.get(code, AidTerm(authority_id=authority_id, code=code)) for code in codes}


def mrp_text(hundredths: int) -> str:
    """A number of indexes as people write it: 5, 2.5."""
    whole, rest = divmod(hundredths, HUNDREDTHS)
    return f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)
