"""`esep month equation`: what became of the money that an authority sent, by aid kind and bank, and the bar to signing.

    funded = paid + returned and not resent + refunded + in transit + held

Cumulative, as it stands at the end of the month, from the registers and from the postings (`ledgers.equation` defines
the terms and their accounts). It holds when both add up and say the same of every reference; until then neither side
signs the act (R-072, E72). A locked month takes no more entries, so what held when a month was closed holds for good
unless somebody changed rows beside the verbs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import Connection

from ledgers import closing, equation, setup
from ledgers.equation import EquationRow, TermDifference, Terms, Waiting
from ledgers.money import format_tenge
from reconcile.errors import Refusal

SAID = {
    "paid": "paid",
    "not_resent": "returned and not resent",
    "refunded": "refunded",
    "in_transit": "in transit",
    "held": "held",
}
"""The terms on the right side of the equation, and what they are called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Equation:
    """The equation of a month of an authority: a row for each kind and bank, one for each kind, and one for all.

    `differences` are the references of which registers and postings say another amount; `waiting` is for information:
    awards on hold, for which money may not even have come.
    """

    authority_code: str
    month: date
    last: date
    rows: tuple[EquationRow, ...]
    kinds: tuple[EquationRow, ...]
    total: EquationRow
    differences: tuple[TermDifference, ...]
    waiting: tuple[Waiting, ...]

    @property
    def holds(self) -> bool:
        """Whether every row holds."""
        return not self.failing

    @property
    def failing(self) -> tuple[EquationRow, ...]:
        """The rows that do not hold."""
        return tuple(row for row in self.rows if not row.holds)


class EquationFails(Refusal):
    """An act whose month's money does not add up, or of which registers and postings say different things."""

    def __init__(self, found: Equation) -> None:
        own = f"--authority {found.authority_code} --month {found.month:%Y-%m}"
        more = f" (and {len(found.failing) - 1} more)" if len(found.failing) > 1 else ""
        named = f"; {difference(found.differences[0])}" if found.differences else ""
        super().__init__(
            f"the act cannot be signed, the control equation of {found.month:%m.%Y} fails: "
            f"{sentence(found.failing[0])}{more}{named}. See all of it with: esep month equation {own}; whether rows "
            "were changed beside the commands says: esep ledger verify"
        )


def look(connection: Connection, authority_code: str, day: date) -> Equation:
    """The equation at the end of the month that `day` is in.

    Raises:
        UnknownAuthority: nobody has this code.
    """
    authority = setup.authority(connection, authority_code)
    last = closing.last_day(day.replace(day=1))
    rows = tuple(row for row in equation.rows(connection, authority.authority_id, last) if _says_something(row))
    by_kind = groupby(rows, key=lambda row: row.aid_kind)
    wrong = any(row.differing for row in rows)
    return Equation(
        authority_code=authority_code,
        month=last.replace(day=1),
        last=last,
        rows=rows,
        kinds=tuple(equation.total(own) for _, own in by_kind),
        total=equation.total(rows),
        differences=tuple(equation.differences(connection, authority.authority_id, last)) if wrong else (),
        waiting=tuple(equation.waiting(connection, authority.authority_id, last)),
    )


def demand(connection: Connection, authority_code: str, month: date) -> None:
    """Let an act be signed only while the equation of its month holds.

    Raises:
        EquationFails: it does not; the refusal has the first failing row with its numbers.
    """
    found = look(connection, authority_code, month)
    if not found.holds:
        raise EquationFails(found)


def verdict(row: EquationRow) -> str:
    """Say in words whether a row holds, and what is wrong if it does not."""
    return "; ".join(_faults(row)) or "holds"


def _faults(row: EquationRow) -> Iterator[str]:
    if row.register.missing:
        yield f"registers: {format_tenge(row.register.missing)} not accounted for"
    if row.ledger.missing:
        yield f"postings: {format_tenge(row.ledger.missing)} not accounted for"
    if row.differing:
        yield "registers and postings differ"


def sentence(row: EquationRow) -> str:
    """The equation of a row with its numbers, by the registers, and by the postings where they say otherwise."""
    where = f"kind {row.aid_kind or '(none)'}, {row.bic or 'at no bank'}"
    told = f"{where}: {_numbers(row.register)}"
    return told if row.register == row.ledger else f"{told} by the registers, {_numbers(row.ledger)} by the postings"


def _numbers(terms: Terms) -> str:
    parts = " + ".join(f"{said} {format_tenge(getattr(terms, name))}" for name, said in SAID.items())
    sign = "≠" if terms.missing else "="
    return f"funded {format_tenge(terms.funded)} {sign} {parts}"


def difference(one: TermDifference) -> str:
    """Name a reference of which registers and postings say another amount."""
    said = SAID.get(one.term, one.term)
    return (
        f"{one.reference or '(no reference)'}, kind {one.aid_kind or '(none)'}, {one.bic or 'at no bank'}: {said} "
        f"{format_tenge(one.register)} in the registers, {format_tenge(one.ledger)} in the postings"
    )


def _says_something(row: EquationRow) -> bool:
    return bool(row.differing) or row.register != Terms() or row.ledger != Terms()
