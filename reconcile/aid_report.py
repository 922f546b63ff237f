"""Kinds of aid as lines that people read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ledgers.aid_terms import ALWAYS_FROM, ALWAYS_TO, AidTerm, mrp_text
from ledgers.money import format_tenge
from reconcile import report

if TYPE_CHECKING:
    from datetime import date

    from ledgers.aid_catalogue import CatalogueKind
    from reconcile.aid import KindDecided, KindInForce, KindsAdopted


def catalogue(kinds: Sequence[CatalogueKind], *, tabs: bool = False) -> list[str]:
    """The models of the catalogue: where they stand, what they come to, and what is doubtful."""
    rows = [
        (
            one.source,
            one.code,
            one.point,
            _day_of(one.periodicity, one.memorial_day),
            ("at most " if one.is_limit else "") + _size(one.mrp_hundredths, one.fixed_amount),
            _validity(one.valid_from, one.valid_to),
            one.name_ru,
            ("inactive: " if not one.is_active else "") + one.doubt,
        )
        for one in kinds
    ]
    return report.table(("source", "kind", "point", "paid", "size", "valid", "name", "doubt"), rows, tabs=tabs)


def adopted(result: KindsAdopted) -> list[str]:
    """Kinds taken over, and what a person has to decide."""
    lines = [f"{code} stays as {result.authority_code} has it" for code in result.kept]
    if not result.adopted:
        return [*lines, f"{result.authority_code} has all of them already, {report.NOTHING_CHANGED}"]
    rows = [
        (one.code, _day_of(one.periodicity, one.memorial_day), _of(one.term(0)), one.name_ru) for one in result.adopted
    ]
    lines += report.table(("kind", "paid", "size", "name"), rows)
    lines += [f"{one.code} is not active: {one.doubt}" for one in result.waiting]
    lines += [f"look at {one.code}: {one.term(0).note}" for one in result.adopted if one.is_active and one.doubt]
    if result.waiting:
        lines.append(f"decide with: esep aid decide --authority {result.authority_code} --code KIND --mrp ... --reason")
    lines.append("the Kazakh names are translations; compare them with the authority's own rules")
    return [*lines, f"{result.authority_code} took over {len(result.adopted)} kinds"]


def decided(result: KindDecided) -> list[str]:
    """The size of a kind before and after."""
    name = f"{result.now.code} of {result.authority_code}"
    if result.is_repeat:
        return [f"{name} was decided so already, {report.NOTHING_CHANGED}"]
    return [f"{name}: {_of(result.was)} before, {_of(result.now)} now; {result.now.note}"]


def in_force(kinds: Sequence[KindInForce], *, tabs: bool = False) -> list[str]:
    """The kinds of authorities with their terms."""
    rows = [
        (
            one.authority_code,
            one.kind.code,
            _day_of(one.kind.periodicity, one.kind.memorial_day),
            _of(one.term),
            _validity(one.term.valid_from, one.term.valid_to),
            one.term.payment_days,
            one.term.source_system,
            one.kind.name_ru,
            one.term.note,
        )
        for one in kinds
    ]
    heading = ("authority", "kind", "paid", "size", "valid", "payment days", "system", "name", "note")
    return report.table(heading, rows, tabs=tabs)


def _of(term: AidTerm) -> str:
    if not term.is_active:
        return "inactive"
    day = f" of the {term.mrp_day} day" if term.mrp_hundredths else ""
    return _size(term.mrp_hundredths, term.fixed_amount) + day


def _size(hundredths: int, fixed_amount: int) -> str:
    if hundredths:
        return f"{mrp_text(hundredths)} MRP"
    return f"{format_tenge(fixed_amount)} KZT" if fixed_amount else "free"


def _day_of(periodicity: str, memorial_day: str) -> str:
    month, _, day = memorial_day.partition("-")
    return f"{day}.{month}" if memorial_day else periodicity.replace("_", "-")


def _validity(first: date, last: date) -> str:
    start = "" if first == ALWAYS_FROM else report.day(first)
    end = "" if last == ALWAYS_TO else report.day(last)
    return f"{start} to {end}".strip() if start or end else "always"
