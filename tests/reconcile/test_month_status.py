"""The close of a month as a checklist, on the days of the golden month and after."""

from datetime import date
from pathlib import Path

import pytest

from reconcile import act, act_sign, close, month_report, month_status
from reconcile.desk import Desk
from reconcile.month_status import MonthStatus
from tests.reconcile.golden import at, play

MARCH = date(2024, 3, 1)


def looked(desk: Desk, today: date, month: date = MARCH) -> MonthStatus:
    with desk.database.begin() as connection:
        return month_status.status(connection, "AST", month, today)


def states(found: MonthStatus) -> dict[str, str]:
    return {point.what: point.state for point in found.points}


DAYS: tuple[tuple[str, date, dict[str, str]], ...] = (
    ("awards", date(2024, 3, 11), {"needs are formed": "open"}),
    ("awards", date(2024, 3, 12), {"needs are formed": "overdue"}),
    ("need", date(2024, 3, 12), {"needs are formed": "done", "the authority was asked for the money": "open"}),
    ("request", date(2024, 3, 13), {"the authority was asked for the money": "done", "the money came": "open"}),
    ("request", date(2024, 3, 15), {"the money came": "overdue"}),
    ("transfers", date(2024, 3, 18), {"the money came": "done", "the money was paid on": "open"}),
    ("transfers", date(2024, 3, 19), {"the money was paid on": "overdue"}),
    ("return_money", date(2024, 3, 20), {"the authority was told of the returns": "open"}),
    ("notice", date(2024, 3, 29), {"the authority examined the returns": "overdue"}),
    (
        "resolutions",
        date(2024, 3, 28),
        {"what was to be resent is sent": "open", "what was not resent went back": "open"},
    ),
    ("refund", date(2024, 3, 29), {"what was to be resent is sent": "done", "what was not resent went back": "done"}),
    ("refund", date(2024, 4, 1), {"the statements reach the end of the month": "overdue"}),
    (
        "month_end",
        date(2024, 4, 1),
        {"the statements reach the end of the month": "done", "the month is closed": "open"},
    ),
)
"""The last step that was done, the day of the look, and what the checklist says of some points."""


@pytest.mark.parametrize(("step", "today", "expected"), DAYS, ids=[f"{step} {day}" for step, day, _ in DAYS])
def test_each_point_is_done_open_or_overdue(
    desk: Desk, tmp_path: Path, step: str, today: date, expected: dict[str, str]
) -> None:
    play(desk, step, tmp_path)
    found = states(looked(desk, today))
    assert {what: found[what] for what in expected} == expected


def test_a_running_month_is_closed_later(desk: Desk, tmp_path: Path) -> None:
    play(desk, "orders", tmp_path)
    found = looked(desk, date(2024, 3, 18))
    point = next(point for point in found.points if point.what == "the month is closed")
    assert (point.state, point.reason) == ("later", "the month runs until 31.03.2024")
    assert states(found)["Appendix 1 is signed by both sides"] == "later"


def test_the_acts_are_open_until_the_20th_and_overdue_after_the_next_working_day(desk: Desk, tmp_path: Path) -> None:
    """E25's kind: 20.04.2024 is a Saturday, so the act is overdue after Monday 22.04 (AMB-6)."""
    play(desk, "month_end", tmp_path)
    close.month(at(desk, date(2024, 4, 1)), "AST", MARCH)
    act.build(at(desk, date(2024, 4, 2)), "AST", MARCH, tmp_path)
    for today, state in ((date(2024, 4, 19), "open"), (date(2024, 4, 22), "open"), (date(2024, 4, 23), "overdue")):
        point = next(one for one in looked(desk, today).points if one.source == "R-070")
        assert (point.state, point.due) == (state, date(2024, 4, 22))


def test_what_the_documents_lack_is_named_with_its_command(desk: Desk, tmp_path: Path) -> None:
    """R-070, R-071: built, one side, both sides, deputy, director, sent; overdue until then."""
    play(desk, "month_end", tmp_path)
    office = at(desk, date(2024, 4, 15))

    def lacks() -> list[tuple[str, str, str]]:
        points = [point for point in looked(desk, office.today).points if point.source in ("R-070", "R-071")]
        return [(point.state, point.reason, point.command.split(" --authority")[0]) for point in points]

    not_closed = ("open", "the month is not closed", "month close, act build, act sign")
    assert lacks() == [not_closed, not_closed]
    close.month(office, "AST", MARCH)
    assert lacks() == [("open", "it is not built", "act build"), ("open", "it is not built", "act build")]
    act.build(office, "AST", MARCH, tmp_path)
    act_sign.sign(office, "AST", MARCH, "corporation", "Мұқанова Сәуле", office.today)
    deputy = ("open", "no signature of the deputy director", "act sign --as deputy")
    assert lacks() == [("open", "no signature of the authority", "act sign"), deputy]
    act_sign.sign(office, "AST", MARCH, "authority", "Дәулетова Әсел", office.today)
    act_sign.sign(office, "AST", MARCH, "deputy", "Өтегенова Ұлжан", office.today)
    act_sign.sign(office, "AST", MARCH, "director", "Сейітов Асқар", office.today)
    assert lacks() == [("done", "", ""), ("open", "it is not sent", "act sent")]
    act_sign.sent(office, "AST", MARCH, office.today)
    assert lacks() == [("done", "", ""), ("done", "", "")]


def test_the_checklist_reads_as_a_table(desk: Desk, tmp_path: Path) -> None:
    play(desk, "request", tmp_path)
    found = looked(desk, date(2024, 3, 18))
    lines = month_report.status(found)
    assert lines[0] == "03.2024 of AST on 18.03.2024: 2 points left"
    row = next(line for line in lines if "the money came" in line)
    assert row.split("  ")[0] == "overdue"
    assert "AST-2024-0001, 2 working days late" in row
    assert row.endswith("esep statement import")
    assert len(month_report.status(found, tabs=True)) == len(found.points) + 1
