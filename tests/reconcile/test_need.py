"""The need is formed on the day that belongs to the aid kind (R-030 to R-032, AMB-4, 6.5)."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from ledgers import calendar_versions
from ledgers.calendar import BUILT_IN, MovedDay
from ledgers.settings import Settings
from ledgers.setup import AidKind
from reconcile import award, need, report
from reconcile.desk import Desk
from tests.reconcile.bank import FIVE_MRP
from tests.reconcile.decided import cancel, choose, decide, entered, set_up
from tests.reconcile.golden import IN, at, counts, play
from tests.reconcile.test_award import rows, write

MEMORIAL = AidKind(
    authority_id=1, code="A", name_kk="", name_ru="", periodicity="memorial", memorial_day="03-21", purpose=""
)
MONTHLY = replace(MEMORIAL, periodicity="monthly", memorial_day="")
QUARTERLY = replace(MONTHLY, periodicity="quarterly")
ONE_OFF = replace(MONTHLY, periodicity="one_off")
EARLY = date(2023, 1, 1)
MARCH, APRIL = date(2024, 3, 1), date(2024, 4, 1)


def day_of(kind: AidKind, month: date, arrived_on: date, day_off: str = "previous_working_day") -> date:
    return need.Formation(BUILT_IN, Settings({"formation_on_day_off": day_off})).day(kind, month, arrived_on)


@pytest.mark.parametrize(
    ("memorial_day", "month", "day_off", "formed_on"),
    [
        ("03-21", MARCH, "previous_working_day", date(2024, 3, 11)),  # the golden month
        ("05-09", date(2024, 5, 1), "previous_working_day", date(2024, 4, 29)),  # R-030, E15
        ("05-01", date(2024, 5, 1), "previous_working_day", date(2024, 4, 19)),  # E16: 21.04 is a Sunday
        ("05-01", date(2024, 5, 1), "next_working_day", date(2024, 4, 22)),  # E16, the other reading
        ("05-01", date(2024, 5, 1), "same_day", date(2024, 4, 21)),  # E16, by a robot
        ("03-08", MARCH, "previous_working_day", date(2024, 2, 27)),  # E18
    ],
)
def test_a_memorial_need_is_formed_ten_calendar_days_before(
    memorial_day: str, month: date, day_off: str, formed_on: date
) -> None:
    assert day_of(replace(MEMORIAL, memorial_day=memorial_day), month, EARLY, day_off) == formed_on


@pytest.mark.parametrize("kind", [MONTHLY, QUARTERLY], ids=["monthly", "quarterly"])
@pytest.mark.parametrize(
    ("month", "day_off", "formed_on"),
    [
        (date(2024, 1, 1), "previous_working_day", date(2023, 12, 27)),  # E05
        (date(2024, 11, 1), "previous_working_day", date(2024, 10, 24)),  # E21: 27.10 a Sunday, 25.10 a holiday
        (date(2024, 11, 1), "next_working_day", date(2024, 10, 28)),  # E21, the other reading
        (date(2024, 11, 1), "same_day", date(2024, 10, 27)),
    ],
)
def test_a_monthly_need_is_formed_on_the_27th_of_the_month_before(
    kind: AidKind, month: date, day_off: str, formed_on: date
) -> None:
    assert day_of(kind, month, EARLY, day_off) == formed_on


@pytest.mark.parametrize("kind", [MONTHLY, QUARTERLY], ids=["monthly", "quarterly"])
@pytest.mark.parametrize(
    ("arrived_on", "formed_on", "is_carried"),
    [
        (date(2024, 3, 26), date(2024, 3, 27), False),
        (date(2024, 3, 27), date(2024, 3, 27), False),
        (date(2024, 3, 28), date(2024, 4, 26), True),  # 27.04 is a Saturday
        (date(2024, 4, 27), date(2024, 5, 27), True),  # after the 26th, on which the need of the 27th was formed
        (date(2024, 12, 28), date(2025, 1, 27), True),
    ],
)
def test_a_decision_after_the_27th_is_carried_to_the_next_one(
    kind: AidKind, arrived_on: date, formed_on: date, is_carried: bool
) -> None:
    formation = need.Formation(BUILT_IN, Settings())
    assert formation.day(kind, APRIL, arrived_on) == formed_on
    assert formation.is_carried(kind, APRIL, arrived_on) is is_carried


@pytest.mark.parametrize("kind", [MEMORIAL, ONE_OFF], ids=["memorial, S3 p.16", "one-off, R-031"])
def test_additional_lists_and_one_off_aid_are_needed_at_once(kind: AidKind) -> None:
    formation = need.Formation(BUILT_IN, Settings())
    assert formation.day(kind, MARCH, date(2024, 3, 16)) == date(2024, 3, 16), "a Saturday: every day"
    assert not formation.is_carried(kind, MARCH, date(2024, 3, 16))


def test_before_its_day_a_need_waits_and_the_day_is_said(desk: Desk, tmp_path: Path) -> None:
    play(desk, "awards", tmp_path)
    result = need.form(at(desk, date(2024, 3, 8)))
    assert result.formed == ()
    assert [(one.aid_kind, one.formed_from, one.is_carried) for one in result.waiting] == [
        ("A", date(2024, 3, 11), False),
        ("B", date(2024, 3, 11), False),
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
    """S3 p.16: additional lists for people whom the electronic list missed, after the ten-day point."""
    play(desk, "setup", tmp_path)
    award.import_file(at(desk, date(2024, 3, 6)), write(tmp_path / "first.csv", rows()[:90]))
    need.form(at(desk, date(2024, 3, 11)))
    award.import_file(at(desk, date(2024, 3, 12)), IN / "decisions.csv")
    result = need.form(at(desk, date(2024, 3, 12)))
    assert [(one.aid_kind, one.count) for _, one in result.formed] == [("A", 10), ("B", 40)]


def test_a_need_takes_what_is_due_and_leaves_what_is_carried(desk: Desk, tmp_path: Path) -> None:
    """6.5: what came after the 27th is shown as carried, and the next need begins where this one ended."""
    set_up(desk, tmp_path)
    decide(desk, date(2024, 3, 20), "M", APRIL, 3)
    decide(desk, date(2024, 3, 27), "M", APRIL, 2)
    decide(desk, date(2024, 3, 28), "M", APRIL, 4)
    first = need.form(at(desk, date(2024, 3, 28)))
    assert [(one.aid_kind, one.count, one.amount) for _, one in first.formed] == [("M", 5, 5 * FIVE_MRP)]
    assert [(one.count, one.formed_from, one.is_carried) for one in first.waiting] == [(4, date(2024, 4, 26), True)]
    assert report.needs_formed(first)[-1].startswith("carried to 26.04.2024: AST, kind M for 04.2024, 4 people, ")
    assert need.form(at(desk, date(2024, 4, 25))).formed == ()
    second = need.form(at(desk, date(2024, 4, 26)))
    assert [(one.aid_kind, one.due_month, one.count) for _, one in second.formed] == [("M", APRIL, 4)]


def test_no_award_is_asked_for_twice_and_none_is_forgotten(desk: Desk, tmp_path: Path) -> None:
    """Whatever comes when: on every day the needs hold the awards whose day has come, and in the end all."""
    set_up(desk, tmp_path)
    days = [date(2024, 2, 26), date(2024, 2, 28), date(2024, 3, 1), date(2024, 3, 27), date(2024, 3, 29)]
    formed = 0
    for place, day in enumerate(days, start=1):
        for kind, month in (("M", MARCH), ("Q", APRIL), ("O", MARCH), ("A", MARCH)):
            decide(desk, day, kind, month, place)
        formed += sum(one.count for _, one in need.form(at(desk, day)).formed)
        again = need.form(at(desk, day))
        assert again.formed == ()
        assert formed + sum(one.count for one in again.waiting) == 4 * place * (place + 1) / 2
    formed += sum(one.count for _, one in need.form(at(desk, date(2024, 6, 27))).formed)
    assert formed == 4 * sum(range(1, 6))
    with desk.database.begin() as connection:
        twice = connection.execute(
            text("""
                SELECT count(*) FROM (
                    SELECT w.award_number FROM esep.award_line w
                    JOIN esep.need n ON n.authority_id = w.authority_id AND n.aid_kind = w.aid_kind
                        AND n.due_month = w.due_month AND w.entry_number > n.after_entry
                        AND w.entry_number <= n.upto_entry
                    GROUP BY w.award_number HAVING count(*) <> 1) t
            """)
        ).scalar_one()
    assert twice == 0


def test_the_reading_of_each_authority_counts(desk: Desk, tmp_path: Path) -> None:
    """AMB-4: 27.10.2024 is a Sunday, the working day before it the 24th (E21); AST waits for the next one."""
    set_up(desk, tmp_path)
    november = date(2024, 11, 1)
    choose(desk, date(2024, 10, 1), "formation_on_day_off", "next_working_day", book=1)
    for book in (1, 2):
        decide(desk, date(2024, 10, 10), "M", november, 1, book=book)
    assert [code for code, _ in need.form(at(desk, date(2024, 10, 24))).formed] == ["ALA"]
    assert [code for code, _ in need.form(at(desk, date(2024, 10, 27))).formed] == []
    assert [code for code, _ in need.form(at(desk, date(2024, 10, 28))).formed] == ["AST"]


def test_a_day_that_was_moved_later_counts(desk: Desk, tmp_path: Path) -> None:
    """AMB-15: the calendar of the books, not the one that came along."""
    set_up(desk, tmp_path)
    decide(desk, date(2024, 3, 1), "M", APRIL, 1)
    off = MovedDay(is_working=False, is_bank_day=False, basis="тест")
    with entered(desk, "calendar_imported", date(2024, 3, 1), ["calendar_version", "calendar_day"], 0) as (
        connection,
        number,
    ):
        calendar_versions.append_version(connection, number, "тест", bytes(32), {date(2024, 3, 27): off})
    assert len(need.form(at(desk, date(2024, 3, 26))).formed) == 1


def test_what_was_cancelled_before_the_need_is_not_asked_for(desk: Desk, tmp_path: Path) -> None:
    """R-034: the sum of the unpaid lines; lines that were cancelled come with the next need, without their amount."""
    set_up(desk, tmp_path)
    first = decide(desk, date(2024, 3, 1), "M", APRIL, 2)
    for award_number in first:
        cancel(desk, date(2024, 3, 5), APRIL, award_number)
    before = counts(desk)
    result = need.form(at(desk, date(2024, 3, 27)))
    assert (result.formed, result.waiting, counts(desk)) == ((), (), before)
    second = decide(desk, date(2024, 3, 27), "M", APRIL, 3)
    cancel(desk, date(2024, 3, 27), APRIL, second[0])
    result = need.form(at(desk, date(2024, 3, 27)))
    assert [(one.count, one.amount) for _, one in result.formed] == [(2, 2 * FIVE_MRP)]
