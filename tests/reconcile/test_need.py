"""The need is formed on the day that belongs to the aid kind (R-030 to R-032, AMB-4)."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ledgers.setup import AidKind
from reconcile import award, need
from reconcile.desk import Desk
from tests.reconcile.golden import IN, at, counts, play
from tests.reconcile.test_award import rows, write

MEMORIAL = AidKind(
    authority_id=1, code="A", name_kk="", name_ru="", periodicity="memorial", memorial_day="03-21", purpose=""
)


@pytest.mark.parametrize(
    ("memorial_day", "month", "formed_on"),
    [
        ("03-21", date(2024, 3, 1), date(2024, 3, 11)),  # the golden month
        ("05-09", date(2024, 5, 1), date(2024, 4, 29)),
        ("05-01", date(2024, 5, 1), date(2024, 4, 19)),  # E16: 21.04 is a Sunday, the Friday before it
        ("03-08", date(2024, 3, 1), date(2024, 2, 27)),  # E18
    ],
)
def test_a_memorial_need_is_formed_ten_calendar_days_before(memorial_day: str, month: date, formed_on: date) -> None:
    kind = replace(MEMORIAL, memorial_day=memorial_day)
    assert need.formation_day(kind, month, date(2024, 1, 1)) == formed_on


@pytest.mark.parametrize(
    ("month", "formed_on"),
    [
        (date(2024, 1, 1), date(2023, 12, 27)),  # E05
        (date(2024, 11, 1), date(2024, 10, 24)),  # E21: 27.10 is a Sunday, 25.10 a holiday
    ],
)
def test_a_monthly_need_is_formed_on_the_27th_of_the_month_before(month: date, formed_on: date) -> None:
    kind = replace(MEMORIAL, periodicity="monthly", memorial_day="")
    assert need.formation_day(kind, month, date(2024, 1, 1)) == formed_on


def test_one_off_aid_is_needed_at_once() -> None:
    kind = replace(MEMORIAL, periodicity="one_off", memorial_day="")
    assert need.formation_day(kind, date(2024, 3, 1), date(2024, 3, 6)) == date(2024, 3, 6)


def test_before_its_day_a_need_waits_and_the_day_is_said(desk: Desk, tmp_path: Path) -> None:
    play(desk, "awards", tmp_path)
    result = need.form(at(desk, date(2024, 3, 8)))
    assert result.formed == ()
    assert [(one.aid_kind, one.formed_from) for one in result.waiting] == [
        ("A", date(2024, 3, 11)),
        ("B", date(2024, 3, 11)),
    ]


def test_the_golden_needs(desk: Desk, tmp_path: Path) -> None:
    result = play(desk, "need", tmp_path)
    assert [(code, one.aid_kind, one.count, one.amount) for code, one in result.formed] == [
        ("AST", "A", 100, 1_846_000_00),
        ("AST", "B", 40, 295_360_00),
    ]


def test_forming_again_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    play(desk, "need", tmp_path)
    before = counts(desk)
    assert need.form(at(desk, date(2024, 3, 12))).formed == ()
    assert counts(desk) == before


def test_decisions_that_come_later_get_a_need_of_their_own(desk: Desk, tmp_path: Path) -> None:
    play(desk, "setup", tmp_path)
    award.import_file(at(desk, date(2024, 3, 6)), write(tmp_path / "first.csv", rows()[:90]))
    need.form(at(desk, date(2024, 3, 11)))
    award.import_file(at(desk, date(2024, 3, 12)), IN / "decisions.csv")
    result = need.form(at(desk, date(2024, 3, 12)))
    assert [(one.aid_kind, one.count) for _, one in result.formed] == [("A", 10), ("B", 40)]
