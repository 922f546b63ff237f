"""The working days of Kazakhstan (five-day week), which every deadline of the order is counted in.

The holidays and the days off that follow from them come from the `holidays` package. A day that an order of the
ministry moved stands in `data/moved_days.csv`, in both directions, and that table decides: a deadline that was computed
once must not change with the version of a package.

>>> is_working_day(datetime.date(2024, 5, 4))  # a Saturday that was worked for Wednesday 8 May
True
>>> add_working_days(datetime.date(2024, 5, 3), 1)
datetime.date(2024, 5, 4)
"""

import csv
import datetime
import functools
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holidays import HolidayBase

ONE_DAY = datetime.timedelta(days=1)


def is_working_day(day: datetime.date) -> bool:
    """Tell whether the day is worked."""
    moved = _moved_days().get(day)
    return _holidays().is_working_day(day) if moved is None else moved


def next_working_day(day: datetime.date) -> datetime.date:
    """Return the first working day after the day."""
    return working_day_on_or_after(day + ONE_DAY)


def previous_working_day(day: datetime.date) -> datetime.date:
    """Return the last working day before the day."""
    return working_day_on_or_before(day - ONE_DAY)


def working_day_on_or_after(day: datetime.date) -> datetime.date:
    """Return the day itself if it is worked, otherwise the next working day."""
    while not is_working_day(day):
        day += ONE_DAY
    return day


def working_day_on_or_before(day: datetime.date) -> datetime.date:
    """Return the day itself if it is worked, otherwise the working day before it."""
    while not is_working_day(day):
        day -= ONE_DAY
    return day


def add_working_days(day: datetime.date, count: int) -> datetime.date:
    """Return the working day number `count` after the day: the next working day is number one (AMB-1, reading A).

    Raises:
        ValueError: the count is below one.
    """
    if count < 1:
        raise ValueError(f"working days are counted from one, not from {count}")
    for _ in range(count):
        day = next_working_day(day)
    return day


def last_working_day(month: datetime.date) -> datetime.date:
    """Return the last working day of the month that the day is in (R-063: refunds are due on it)."""
    first_of_next = (month.replace(day=1) + datetime.timedelta(days=31)).replace(day=1)
    return previous_working_day(first_of_next)


@functools.cache
def _holidays() -> "HolidayBase":
    # The package knows all countries and is slow to import, so it is imported when the first day is asked for.
    from holidays import country_holidays

    return country_holidays("KZ")


@functools.cache
def _moved_days() -> dict[datetime.date, bool]:
    table = resources.files("ledgers").joinpath("data/moved_days.csv").read_text(encoding="utf-8")
    words = {"yes": True, "no": False}
    return {
        datetime.date.fromisoformat(row["day"]): words[row["working"]] for row in csv.DictReader(table.splitlines())
    }
