"""Calculation index and subsistence minimum by the day, never by the year (4.1)."""

from datetime import date

import pytest
from sqlalchemy import Connection

from ledgers import posting, rates, setup
from ledgers.journal import EntryDraft
from ledgers.rates import BUILT_IN, Rate, RateMissing
from tests.ledgers.books import day as in_march

TABLE = [
    ("2015-01-01", 1982, 21364),
    ("2016-01-01", 2121, 22859),
    ("2017-01-01", 2269, 24459),
    ("2018-01-01", 2405, 28284),
    ("2019-01-01", 2525, 29698),
    ("2020-01-01", 2651, 31183),
    ("2020-04-01", 2778, 32668),
    ("2021-01-01", 2917, 34302),
    ("2022-01-01", 3063, 36018),
    ("2022-04-01", 3180, 37389),
    ("2023-01-01", 3450, 40567),
    ("2024-01-01", 3692, 43407),
    ("2025-01-01", 3932, 46228),
    ("2026-01-01", 4325, 50851),
]


@pytest.mark.parametrize(("first", "mrp", "subsistence"), TABLE, ids=[row[0] for row in TABLE])
def test_a_rate_holds_from_its_day_on(first: str, mrp: int, subsistence: int) -> None:
    day = date.fromisoformat(first)
    assert BUILT_IN.mrp(day) == mrp * 100
    assert BUILT_IN.subsistence(day) == subsistence * 100


@pytest.mark.parametrize(
    ("day", "mrp"),
    [("2020-03-31", 2651_00), ("2020-04-01", 2778_00), ("2020-12-31", 2778_00), ("2022-03-31", 3063_00)],
)
def test_a_rate_may_change_within_a_year(day: str, mrp: int) -> None:
    """16news.kz: from 01.04.2020; E100: from 01.04.2022."""
    assert BUILT_IN.mrp(date.fromisoformat(day)) == mrp


def test_a_day_before_all_rates_is_refused() -> None:
    with pytest.raises(RateMissing, match=r"31\.12\.2014, the first is from 01\.01\.2015"):
        BUILT_IN.mrp(date(2014, 12, 31))


def test_figures_that_no_source_shows_say_so() -> None:
    doubtful = [rate.valid_from.isoformat() for rate in BUILT_IN.rows if "not seen" in rate.basis]
    assert doubtful == ["2017-01-01", "2018-01-01", "2019-01-01", "2022-04-01"]


def test_a_rate_of_the_books_adds_to_the_table_or_takes_the_place_of_one(worker: Connection) -> None:
    posting.lock(worker, [0])
    number = posting.next_number(worker, 0)
    for first, mrp in ((date(2026, 1, 1), 4330_00), (date(2026, 7, 1), 4400_00)):
        setup.append_version(worker, number, Rate(valid_from=first, mrp=mrp, subsistence=1, basis="an act"))
    draft = EntryDraft(
        kind="setup_imported",
        booked_on=in_march(1),
        value_date=in_march(1),
        actor="tester",
        source_key="setup:1",
        source_digest=bytes(32),
        summary="-",
    )
    posting.seal(worker, 0, number, draft, ["rate_version"])
    now = rates.load(worker)
    days = (date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1))
    assert [now.mrp(day) for day in days] == [3932_00, 4330_00, 4330_00, 4400_00]
