"""Where and when a set of rules holds: the cities of the pilot and its term are data, never code (R-001 to R-003).

`data/rule_sets.csv` comes along; a setup file adds a set or gives one another term. Outside of every set there are
warnings, never a block: an order that extends the pilot may exist before anybody writes it down here.
"""

import csv
from dataclasses import dataclass
from datetime import date
from importlib import resources

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """A set of rules: both days of its term belong to it; `places` are names in Kazakh, apart by semicolons."""

    code: str
    valid_from: date
    valid_to: date
    places: str
    basis: str

    def is_in_force(self, day: date) -> bool:
        """Whether the day lies in the term."""
        return self.valid_from <= day <= self.valid_to

    def is_of(self, *places: str) -> bool:
        """Whether one of the places (region, district in Kazakh) is named."""
        named = {place.strip().casefold() for place in self.places.split(";")}
        return any(place.casefold() in named for place in places if place)


def load(connection: Connection) -> list[RuleSet]:
    """The sets as in force: what came along, and what setup files said since, by code."""
    rows = connection.execute(text("SELECT code, valid_from, valid_to, places, basis FROM esep.rule_set"))
    merged = {one.code: one for one in BUILT_IN} | {row.code: RuleSet(**row._asdict()) for row in rows}
    return [one for _, one in sorted(merged.items())]


def _built_in() -> tuple[RuleSet, ...]:
    table = resources.files("ledgers").joinpath("data/rule_sets.csv").read_text(encoding="utf-8")
    return tuple(
        RuleSet(
            code=row["code"],
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_to=date.fromisoformat(row["valid_to"]),
            places=row["places"],
            basis=row["basis"],
        )
        for row in csv.DictReader(table.splitlines())
    )


BUILT_IN = _built_in()
"""The pilot of the joint order."""
