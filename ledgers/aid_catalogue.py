"""Kinds of aid that published rules name, as models for an authority's own dictionary (R-005).

Sources: `S3`, the 35 kinds of the rules of Karakiya district (in force 29.06.2015 to 29.03.2021); `S2`, the two kinds
of targeted aid by the order of 26.08.2019 No 459 (to 30.06.2023); `S4`, those five of the eleven services of the
digital platform that are payments of money. Russian names follow the texts, Kazakh names are our own translation.
Where a text contradicts itself the kind comes inactive, and the doubt says what a person has to decide.
"""

import csv
import functools
from dataclasses import dataclass
from datetime import date
from importlib import resources

from ledgers.aid_terms import HUNDREDTHS, AidTerm, mrp_text
from ledgers.money import format_tenge
from ledgers.setup import AidKind, Periodicity

SOURCES = ("S2", "S3", "S4")


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueKind:
    """One kind of a source: the point of the rules that names it, and what those say of it.

    `mrp_hundredths` or `fixed_amount` (tiyn) is the size, or the most that a decision may give where `is_limit`.
    """

    source: str
    code: str
    point: str
    name_kk: str
    name_ru: str
    periodicity: Periodicity
    memorial_day: str
    mrp_hundredths: int
    fixed_amount: int
    is_limit: bool
    valid_from: date
    valid_to: date
    programme: str
    source_system: str
    needs_category: bool
    is_active: bool
    purpose: str
    doubt: str

    def kind(self, authority_id: int) -> AidKind:
        """The kind in an authority's dictionary."""
        return AidKind(
            authority_id=authority_id,
            code=self.code,
            name_kk=self.name_kk,
            name_ru=self.name_ru,
            periodicity=self.periodicity,
            memorial_day=self.memorial_day,
            purpose=self.purpose,
        )

    def term(self, authority_id: int) -> AidTerm:
        """Its term; a size that is only the upper limit leaves the amount free, and the note says it."""
        return AidTerm(
            authority_id=authority_id,
            code=self.code,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            mrp_hundredths=0 if self.is_limit else self.mrp_hundredths,
            fixed_amount=0 if self.is_limit else self.fixed_amount,
            programme=self.programme,
            source_system=self.source_system,
            needs_category=self.needs_category,
            is_active=self.is_active,
            note="; ".join(filter(None, (f"{self.source} p. {self.point}", self._limit(), self.doubt))),
        )

    def _limit(self) -> str:
        if not self.is_limit:
            return ""
        if self.fixed_amount:
            return f"at most {format_tenge(self.fixed_amount)} KZT"
        return f"at most {mrp_text(self.mrp_hundredths)} MRP"


@functools.cache
def catalogue() -> tuple[CatalogueKind, ...]:
    """Every kind of every source, in the order of their points."""
    table = resources.files("ledgers").joinpath("data/aid_kinds.csv").read_text(encoding="utf-8")
    return tuple(_kind(row) for row in csv.DictReader(table.splitlines()))


def of_source(source: str) -> tuple[CatalogueKind, ...]:
    """The kinds of one source."""
    return tuple(kind for kind in catalogue() if kind.source == source)


def _kind(row: dict[str, str]) -> CatalogueKind:
    whole = {"yes": True, "no": False}
    return CatalogueKind(
        **{name: row[name] for name in ("source", "code", "point", "name_kk", "name_ru", "memorial_day")},
        periodicity=row["periodicity"],  # type: ignore[arg-type]
        mrp_hundredths=int(row["mrp"] or 0) * HUNDREDTHS,
        fixed_amount=int(row["fixed_amount"].replace(".", "") or 0),
        is_limit=whole[row["limit"]],
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=date.fromisoformat(row["valid_to"]),
        programme=row["programme"],
        source_system=row["source_system"],
        needs_category=whole[row["category"]],
        is_active=whole[row["active"]],
        purpose=row["purpose"],
        doubt=row["doubt"],
    )
