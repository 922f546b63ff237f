"""The working days of Kazakhstan (five-day week), which every deadline of the order is counted in.

The holidays and the days off that follow from them come from the `holidays` package. A day that an order of the
government moved stands in a table, in both directions, and that table decides: a deadline that was computed once must
not change with the version of a package. `data/moved_days.csv` is version 0 of the table, what was imported later adds
to it (`calendar_versions`). A bank day is a working day unless the table says otherwise.

>>> BUILT_IN.is_working_day(datetime.date(2024, 5, 4))  # a Saturday that was worked for Wednesday 8 May
True
>>> BUILT_IN.add_working_days(datetime.date(2024, 5, 3), 1)
datetime.date(2024, 5, 4)
"""

import csv
import datetime
import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holidays import HolidayBase

ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedDay:
    """A day that an order moved: whether it is worked, whether banks work on it, and by which act."""

    is_working: bool
    is_bank_day: bool
    basis: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days as one version of the table makes them."""

    version: int
    moved: Mapping[datetime.date, MovedDay] = field(repr=False)

    def is_working_day(self, day: datetime.date) -> bool:
        """Tell whether the day is worked."""
        moved = self.moved.get(day)
        return _holidays().is_working_day(day) if moved is None else moved.is_working

    def is_bank_day(self, day: datetime.date) -> bool:
        """Tell whether banks settle payments on the day."""
        moved = self.moved.get(day)
        return _holidays().is_working_day(day) if moved is None else moved.is_bank_day

    def next_working_day(self, day: datetime.date) -> datetime.date:
        """Return the first working day after the day."""
        return self.on_or_after(day + ONE_DAY)

    def previous_working_day(self, day: datetime.date) -> datetime.date:
        """Return the last working day before the day."""
        return self.on_or_before(day - ONE_DAY)

    def on_or_after(self, day: datetime.date) -> datetime.date:
        """Return the day itself if it is worked, otherwise the next working day."""
        while not self.is_working_day(day):
            day += ONE_DAY
        return day

    def on_or_before(self, day: datetime.date) -> datetime.date:
        """Return the day itself if it is worked, otherwise the working day before it."""
        while not self.is_working_day(day):
            day -= ONE_DAY
        return day

    def add_working_days(self, day: datetime.date, count: int) -> datetime.date:
        """Return the working day number `count` after the day: the next working day is number one (AMB-1, reading A).

        Raises:
            ValueError: the count is below one.
        """
        if count < 1:
            raise ValueError(f"working days are counted from one, not from {count}")
        for _ in range(count):
            day = self.next_working_day(day)
        return day

    def working_days_between(self, after: datetime.date, upto: datetime.date) -> int:
        """Count the working days after one day up to another, the last included; 0 when there is none."""
        days = max((upto - after).days, 0)
        return sum(self.is_working_day(after + ONE_DAY * number) for number in range(1, days + 1))

    def last_working_day(self, month: datetime.date) -> datetime.date:
        """Return the last working day of the month that the day is in (R-063: refunds are due on it)."""
        first_of_next = (month.replace(day=1) + datetime.timedelta(days=31)).replace(day=1)
        return self.previous_working_day(first_of_next)

    def reason(self, day: datetime.date) -> str:
        """Return why the day is not an ordinary one: the act that moved it, or the holiday; empty for most days."""
        moved = self.moved.get(day)
        return moved.basis if moved is not None else str(_holidays().get(day) or "")


@functools.cache
def _holidays() -> "HolidayBase":
    # The package knows all countries and is slow to import, so it is imported when the first day is asked for.
    from holidays import country_holidays

    return country_holidays("KZ")


def _built_in() -> Calendar:
    table = resources.files("ledgers").joinpath("data/moved_days.csv").read_text(encoding="utf-8")
    words = {"yes": True, "no": False}
    moved = {
        datetime.date.fromisoformat(row["day"]): MovedDay(
            is_working=words[row["working"]], is_bank_day=words[row["working"]], basis=row["basis"]
        )
        for row in csv.DictReader(table.splitlines())
    }
    return Calendar(0, moved)


BUILT_IN = _built_in()
"""Version 0: what comes along with the program."""
