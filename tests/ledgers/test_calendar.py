"""Working days of Kazakhstan: the counts, the moved days, and the terms that hang on them (E01 to E31)."""

import csv
import datetime
from calendar import monthrange
from pathlib import Path

import pytest

from ledgers.calendar import BUILT_IN, ONE_DAY, Calendar, MovedDay

DAYS_OFF = Path(__file__).parents[2] / "fixtures" / "calendar" / "days_off_2023_2027.csv"
SATURDAY = 5


def day(text: str) -> datetime.date:
    return datetime.datetime.strptime(text, "%d.%m.%Y").date()  # noqa: DTZ007 - a day has no time zone


@pytest.mark.parametrize(
    ("year", "counts"),
    [
        (2023, [20, 20, 19, 20, 20, 21, 20, 22, 21, 21, 22, 20]),
        (2024, [21, 21, 17, 22, 20, 20, 22, 21, 21, 22, 21, 21]),
        (2025, [20, 20, 17, 22, 19, 20, 22, 21, 21, 22, 20, 22]),
        (2026, [19, 20, 18, 22, 17, 22, 22, 21, 22, 21, 21, 22]),
    ],
)
def test_working_days_of_each_month(year: int, counts: list[int]) -> None:
    lengths = [monthrange(year, month)[1] for month in range(1, 13)]
    worked = [
        sum(BUILT_IN.is_working_day(datetime.date(year, month, number)) for number in range(1, length + 1))
        for month, length in enumerate(lengths, start=1)
    ]
    assert worked == counts


def test_every_day_of_five_years_agrees_with_the_published_calendar() -> None:
    with DAYS_OFF.open(encoding="utf-8", newline="") as table:
        exceptions = {
            datetime.date.fromisoformat(row["date"]): row["status"] == "working" for row in csv.DictReader(table)
        }
    assert len(exceptions) == 102
    current, differing = datetime.date(2023, 1, 1), []
    while current.year < 2028:
        if BUILT_IN.is_working_day(current) != exceptions.get(current, current.weekday() < SATURDAY):
            differing.append(current)
        current += ONE_DAY
    assert differing == []


@pytest.mark.parametrize(
    ("text", "worked"),
    [
        ("01.07.2023", True),  # a Saturday worked for Friday the 7th
        ("07.07.2023", False),
        ("04.05.2024", True),  # a Saturday worked for Wednesday the 8th
        ("08.05.2024", False),
        ("17.06.2024", True),  # Kurban Ait moved to Sunday the 16th, ten days before
        ("05.01.2025", True),  # a Sunday worked for Friday the 3rd
        ("03.01.2025", False),
        ("01.09.2025", False),  # 30.08 was a Saturday
        ("27.10.2025", False),  # 25.10 was a Saturday
        ("31.08.2026", True),  # 30 August is no holiday any more
        ("25.03.2024", False),  # 23.03 was a Saturday
        ("01.12.2023", True),  # no holiday since 2022
    ],
)
def test_moved_days_and_holidays_that_came_or_went(text: str, worked: bool) -> None:
    assert BUILT_IN.is_working_day(day(text)) is worked


@pytest.mark.parametrize(
    ("month", "refund_due"),
    [
        ("01.06.2023", "30.06.2023"),
        ("01.07.2023", "31.07.2023"),
        ("01.08.2023", "31.08.2023"),
        ("01.09.2023", "29.09.2023"),
        ("01.10.2023", "31.10.2023"),
        ("01.11.2023", "30.11.2023"),
        ("01.12.2023", "29.12.2023"),  # E24
        ("01.01.2024", "31.01.2024"),
        ("01.02.2024", "29.02.2024"),
        ("01.03.2024", "29.03.2024"),
        ("01.04.2024", "30.04.2024"),
        ("01.05.2024", "31.05.2024"),
        ("01.08.2024", "29.08.2024"),  # E23
        ("01.06.2025", "30.06.2025"),
        ("01.11.2025", "28.11.2025"),
        ("01.01.2026", "30.01.2026"),
    ],
)
def test_refunds_are_due_on_the_last_working_day_of_the_month(month: str, refund_due: str) -> None:
    """R-063, counted from any day of the month."""
    assert BUILT_IN.last_working_day(day(month)) == day(refund_due)
    assert BUILT_IN.last_working_day(day(refund_due)) == day(refund_due)


@pytest.mark.parametrize(
    ("twentieth", "warn", "overdue_after"),
    [
        ("20.07.2023", "20.07.2023", "20.07.2023"),
        ("20.08.2023", "18.08.2023", "21.08.2023"),  # E25
        ("20.01.2024", "19.01.2024", "22.01.2024"),  # E26
        ("20.04.2024", "19.04.2024", "22.04.2024"),
        ("20.05.2024", "20.05.2024", "20.05.2024"),
        ("20.07.2025", "18.07.2025", "21.07.2025"),
        ("20.12.2025", "19.12.2025", "22.12.2025"),
        ("20.02.2026", "20.02.2026", "20.02.2026"),
    ],
)
def test_an_act_due_on_a_day_off(twentieth: str, warn: str, overdue_after: str) -> None:
    """AMB-6: warn on the working day before, overdue only after the one that follows."""
    assert BUILT_IN.on_or_before(day(twentieth)) == day(warn)
    assert BUILT_IN.on_or_after(day(twentieth)) == day(overdue_after)


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        ("03.05.2024", 1, "04.05.2024"),  # E01: the request, on the worked Saturday
        ("27.06.2023", 2, "30.06.2023"),  # E02: Kurban Ait between
        ("30.06.2023", 2, "03.07.2023"),  # E03: the Saturday counts
        ("19.03.2024", 1, "20.03.2024"),  # E07
        ("20.03.2024", 3, "28.03.2024"),  # E07: over Nauryz
        ("20.03.2024", 1, "26.03.2024"),  # E08
        ("26.03.2024", 3, "29.03.2024"),  # E08
        ("29.03.2024", 1, "01.04.2024"),  # E10
        ("01.04.2024", 3, "04.04.2024"),  # E10
        ("06.05.2024", 2, "13.05.2024"),  # E11
        ("03.05.2024", 2, "06.05.2024"),  # E12
        ("05.01.2025", 2, "08.01.2025"),  # E14
        ("27.02.2024", 2, "29.02.2024"),  # E19
        ("12.03.2024", 2, "14.03.2024"),  # E31
        ("18.03.2024", 2, "20.03.2024"),  # E31
    ],
)
def test_terms_in_working_days(start: str, count: int, due: str) -> None:
    assert BUILT_IN.add_working_days(day(start), count) == day(due)


@pytest.mark.parametrize("count", [0, -1])
def test_working_days_are_counted_from_one(count: int) -> None:
    with pytest.raises(ValueError, match="counted from one"):
        BUILT_IN.add_working_days(day("01.03.2024"), count)


def test_next_and_previous_leave_the_day_itself_out() -> None:
    """E16 and E21: a need whose day is off is formed on the working day before."""
    assert BUILT_IN.next_working_day(day("29.03.2024")) == day("01.04.2024")
    assert BUILT_IN.previous_working_day(day("01.04.2024")) == day("29.03.2024")
    assert BUILT_IN.on_or_before(day("21.04.2024")) == day("19.04.2024")
    assert BUILT_IN.on_or_before(day("27.10.2024")) == day("24.10.2024")


@pytest.mark.parametrize(
    ("after", "upto", "count"),
    [
        ("14.03.2024", "18.03.2024", 2),  # E31: due on the 14th, received on the 18th: two working days late
        ("20.03.2024", "28.03.2024", 3),  # E07: over Nauryz
        ("03.05.2024", "06.05.2024", 2),  # the worked Saturday counts
        ("18.03.2024", "18.03.2024", 0),
        ("18.03.2024", "14.03.2024", 0),  # before the time is not late
        ("15.03.2024", "17.03.2024", 0),  # a weekend
    ],
)
def test_delays_are_counted_in_working_days(after: str, upto: str, count: int) -> None:
    assert BUILT_IN.working_days_between(day(after), day(upto)) == count


def test_the_reason_of_a_day_is_the_act_that_moved_it_or_the_holiday() -> None:
    assert BUILT_IN.reason(day("08.05.2024")).startswith("Order of the Minister of Labour of 17.04.2024")
    assert BUILT_IN.reason(day("09.05.2024")) == "Victory Day"
    assert BUILT_IN.reason(day("10.05.2024")) == ""


def test_bank_days_stand_apart_from_working_days() -> None:
    moved = {day("16.03.2024"): MovedDay(is_working=True, is_bank_day=False, basis="an order")}
    calendar = Calendar(1, moved)
    assert (calendar.is_working_day(day("16.03.2024")), calendar.is_bank_day(day("16.03.2024"))) == (True, False)
    assert (calendar.is_working_day(day("18.03.2024")), calendar.is_bank_day(day("18.03.2024"))) == (True, True)
    assert calendar.next_working_day(day("15.03.2024")) == day("16.03.2024")


def test_the_table_decides_over_the_package() -> None:
    """AMB-15: a day that was computed once must not change with the version of a package."""
    assert BUILT_IN.moved[day("17.06.2024")].is_working
    taken = {day("01.05.2024"): MovedDay(is_working=True, is_bank_day=True, basis="an order")}
    assert Calendar(1, taken).is_working_day(day("01.05.2024"))
    assert not BUILT_IN.is_working_day(day("01.05.2024"))
