"""The control equation of a month, as lines that people read, paste or save."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ledgers.equation import EquationRow, Terms
from ledgers.money import format_tenge
from reconcile import equation
from reconcile.counted import counted
from reconcile.equation import Equation
from reconcile.report import table

HEADING = (
    "kind",
    "bank",
    "source",
    "funded, KZT",
    "paid, KZT",
    "not resent, KZT",
    "refunded, KZT",
    "in transit, KZT",
    "held, KZT",
    "verdict",
)
_TERMS = ("funded", "paid", "not_resent", "refunded", "in_transit", "held")


@dataclass(frozen=True, slots=True, kw_only=True)
class EquationLine:
    """A row of the equation by one source, as a table to save; all amounts in tiyn, `claimed` is a part of `held`."""

    kind: str
    bank: str
    source: str
    funded_tiyn: int
    paid_tiyn: int
    not_resent_tiyn: int
    refunded_tiyn: int
    in_transit_tiyn: int
    held_tiyn: int
    claimed_tiyn: int
    verdict: str


def month_equation(found: Equation, *, tabs: bool = False) -> list[str]:
    """The equation with its rows, totals and verdict; with tabs the table alone."""
    lines = table(HEADING, _cells(found), tabs=tabs)
    if tabs:
        return lines
    head = f"{found.month:%m.%Y} of {found.authority_code}, up to {found.last:%d.%m.%Y}"
    if not found.rows:
        return [f"{head}: no money was placed on a request"]
    many = counted(len(found.failing), "row")
    holds = "the control equation holds" if found.holds else f"the control equation FAILS in {many}"
    return [f"{head}: {holds}", *lines, *_below(found)]


def rows(found: Equation) -> Sequence[EquationLine]:
    """Every row by both sources, then the kinds and the total, as a table to save."""
    parts = (*found.rows, *found.kinds, found.total)
    kinds = [row.aid_kind for row in found.rows] + [row.aid_kind for row in found.kinds] + ["all kinds"]
    banks = [_bank(row) for row in found.rows] + ["all banks"] * (len(found.kinds) + 1)
    return [
        EquationLine(
            kind=kind,
            bank=bank,
            source=source,
            funded_tiyn=terms.funded,
            paid_tiyn=terms.paid,
            not_resent_tiyn=terms.not_resent,
            refunded_tiyn=terms.refunded,
            in_transit_tiyn=terms.in_transit,
            held_tiyn=terms.held,
            claimed_tiyn=terms.claimed,
            verdict=equation.verdict(row),
        )
        for row, kind, bank in zip(parts, kinds, banks, strict=True)
        for source, terms in (("registers", row.register), ("postings", row.ledger))
    ]


def _cells(found: Equation) -> Iterator[tuple[str, ...]]:
    for total in found.kinds:
        for row in found.rows:
            if row.aid_kind == total.aid_kind:
                yield from _row(row, row.aid_kind, _bank(row))
        yield from _row(total, total.aid_kind, "all banks")
    if found.rows:
        yield from _row(found.total, "all kinds", "all banks")


def _row(row: EquationRow, kind: str, bank: str) -> Iterator[tuple[str, ...]]:
    """One line while both sources say the same, else one for each."""
    if row.register == row.ledger:
        yield _line(kind, bank, "both", row.register, equation.verdict(row))
    else:
        yield _line(kind, bank, "registers", row.register, equation.verdict(row))
        yield _line(kind, bank, "postings", row.ledger, "")


def _line(kind: str, bank: str, source: str, terms: Terms, verdict: str) -> tuple[str, ...]:
    return (kind, bank, source, *(format_tenge(getattr(terms, name)) for name in _TERMS), verdict)


def _bank(row: EquationRow) -> str:
    return row.bic or "(none)"


def _below(found: Equation) -> Iterator[str]:
    """What differs, reference by reference; then what stands in no term, or in one of them unseen."""
    for one in found.differences:
        yield equation.difference(one)
    if found.total.register.claimed:
        yield f"of what is held banks kept {format_tenge(found.total.register.claimed)} of returns (R-006)"
    for held in found.waiting:
        awards = counted(held.count, "award")
        amount = format_tenge(held.amount)
        yield f"for information: {awards} of kind {held.aid_kind} at {held.bic} on hold and not paid, {amount}"
