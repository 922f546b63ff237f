"""Monthly calculation index (айлық есептік көрсеткіш, МРП) and subsistence minimum by the day they hold from.

They change on the first of January and now and then within a year (01.04.2020, 01.04.2022), so a day is asked for,
never a year. `data/mrp.csv` comes along, with the source of every figure and how sure it is; a setup file adds to it or
puts another figure in its place.

>>> BUILT_IN.mrp(date(2020, 3, 10)), BUILT_IN.mrp(date(2020, 5, 1))
(265100, 277800)
"""

import csv
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from importlib import resources

from sqlalchemy import Connection, text

from ledgers.errors import LedgerError

TIYN = 100


class RateMissing(LedgerError):
    """A day before the first rate that is known."""

    def __init__(self, day: date, first: date) -> None:
        super().__init__(
            f"no calculation index is known for {day:%d.%m.%Y}, the first is from {first:%d.%m.%Y}: "
            "add a [[rate]] to the setup file"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """The index and the subsistence minimum (tiyn) from a day on, and where the figures come from."""

    valid_from: date
    mrp: int
    subsistence: int
    basis: str


@dataclass(frozen=True, slots=True)
class Rates:
    """Rates in the order of their days."""

    rows: tuple[Rate, ...] = field(repr=False)

    def on(self, day: date) -> Rate:
        """The rate that holds on a day.

        Raises:
            RateMissing: the day lies before all rates.
        """
        place = bisect_right([rate.valid_from for rate in self.rows], day)
        if place == 0:
            raise RateMissing(day, self.rows[0].valid_from)
        return self.rows[place - 1]

    def mrp(self, day: date) -> int:
        """The monthly calculation index on a day, in tiyn."""
        return self.on(day).mrp

    def subsistence(self, day: date) -> int:
        """The subsistence minimum on a day, in tiyn."""
        return self.on(day).subsistence

    def rise(self, day: date) -> int:
        """How much the index rose, in tiyn, when the rate of the day took the place of the one before; 0 for the first.

        That is what an indexation owes for months that were paid by the rate before (E100).
        """
        place = self.rows.index(self.on(day))
        return self.rows[place].mrp - self.rows[place - 1].mrp if place else 0

    def with_rows(self, later: Iterable[Rate]) -> "Rates":
        """These rates with others in the place of those from the same day."""
        merged = {rate.valid_from: rate for rate in (*self.rows, *later)}
        return Rates(tuple(rate for _, rate in sorted(merged.items())))


def load(connection: Connection) -> Rates:
    """The rates as in force: those that came along, and what setup files said since."""
    rows = connection.execute(text("SELECT valid_from, mrp, subsistence, basis FROM esep.rate ORDER BY valid_from"))
    return BUILT_IN.with_rows(Rate(**row._asdict()) for row in rows)


def _built_in() -> Rates:
    table = resources.files("ledgers").joinpath("data/mrp.csv").read_text(encoding="utf-8")
    return Rates(
        tuple(
            Rate(
                valid_from=date.fromisoformat(row["valid_from"]),
                mrp=int(row["mrp"]) * TIYN,
                subsistence=int(row["subsistence"]) * TIYN,
                basis=f"{row['source']} ({row['confidence']})",
            )
            for row in csv.DictReader(table.splitlines())
        )
    )


BUILT_IN = _built_in()
"""The rates that come along with the program."""
