"""`esep calendar`: moved days come in as versions, both ways, and what was computed before stays (AMB-15)."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from formats.errors import FormatError
from ledgers import calendar_versions
from ledgers.calendar import BUILT_IN, Calendar
from reconcile import calendar, calendar_report, deadlines, setup
from reconcile.desk import Desk
from tests.reconcile.golden import STORY, at, counts, play

FIRST = "16.03.2024;yes;no;Order 1\n19.03.2024;no;;Order 1\n"
BACK = "16.03.2024;no;;Order 2\n"


def write(path: Path, rows: str) -> Path:
    path.write_text(f"day;working;bank;basis\n{rows}", encoding="utf-8")
    return path


def loaded(desk: Desk, version: int | None = None) -> Calendar:
    with desk.database.begin() as connection:
        return calendar.load(connection, version)


def test_books_without_a_file_have_the_calendar_that_came_along(desk: Desk) -> None:
    assert loaded(desk).version == 0
    assert loaded(desk).moved == BUILT_IN.moved


def test_moved_days_in_both_directions_make_a_version(desk: Desk, tmp_path: Path) -> None:
    result = calendar.import_file(desk, write(tmp_path / "a.csv", FIRST))
    assert (result.version, result.known) == (1, 0)
    assert [(one.day, one.was_working, one.is_working, one.is_bank_day) for one in result.changed] == [
        (date(2024, 3, 16), False, True, False),
        (date(2024, 3, 19), True, False, False),
    ]
    now = loaded(desk)
    assert now.version == 1
    assert now.add_working_days(date(2024, 3, 15), 1) == date(2024, 3, 16)
    assert now.add_working_days(date(2024, 3, 18), 1) == date(2024, 3, 20)
    assert not now.is_bank_day(date(2024, 3, 16))
    assert now.is_working_day(date(2024, 5, 4)), "what came along stays"


def test_the_same_file_again_changes_nothing_and_says_so(desk: Desk, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", FIRST)
    calendar.import_file(desk, path)
    before = counts(desk)
    again = calendar.import_file(desk, path)
    assert (again.is_repeat, again.known) == (True, 2)
    assert counts(desk) == before
    assert calendar_report.imported(again) == ["the calendar says all of it already (2 days), nothing changed"]


def test_days_that_the_calendar_has_already_make_no_version_in_whichever_file(desk: Desk, tmp_path: Path) -> None:
    calendar.import_file(desk, write(tmp_path / "a.csv", FIRST))
    again = calendar.import_file(desk, write(tmp_path / "b.csv", "".join(reversed(FIRST.splitlines(keepends=True)))))
    assert again.is_repeat


def test_a_later_file_takes_a_day_back_and_the_earlier_version_can_still_be_asked(desk: Desk, tmp_path: Path) -> None:
    calendar.import_file(desk, write(tmp_path / "a.csv", FIRST))
    result = calendar.import_file(desk, write(tmp_path / "b.csv", BACK))
    assert result.version == 2
    saturday = date(2024, 3, 16)
    assert [loaded(desk, version).is_working_day(saturday) for version in (0, 1, 2)] == [False, True, False]
    assert not loaded(desk).is_working_day(date(2024, 3, 19)), "the first file's other day stays"


def test_bytes_that_a_later_file_overruled_are_refused(desk: Desk, tmp_path: Path) -> None:
    first = write(tmp_path / "a.csv", FIRST)
    calendar.import_file(desk, first)
    calendar.import_file(desk, write(tmp_path / "b.csv", BACK))
    with pytest.raises(calendar.SupersededFile, match=r"calendar version 1, .* otherwise of 16\.03\.2024"):
        calendar.import_file(desk, first)
    assert loaded(desk).version == 2


def test_a_wrong_file_is_refused_whole_and_kept(desk: Desk, tmp_path: Path) -> None:
    before = counts(desk)
    with pytest.raises(FormatError) as caught:
        calendar.import_file(
            desk, write(tmp_path / "a.csv", FIRST + "32.03.2024;yes;;Order 1\n20.03.2024;x;;Order 1\n")
        )
    assert [(fault.line, fault.place) for fault in caught.value.faults] == [(4, "day"), (5, "working")]
    after = counts(desk)
    assert after.pop("received_file") == before.pop("received_file") + 1
    assert after == before


def test_a_dry_run_says_what_would_change_and_leaves_no_trace(desk: Desk, tmp_path: Path) -> None:
    before = counts(desk)
    result = calendar.import_file(desk, write(tmp_path / "a.csv", FIRST), dry_run=True)
    assert len(result.changed) == 2
    assert counts(desk) == before
    assert not (desk.archive.folder).exists() or not [one for one in desk.archive.folder.rglob("*") if one.is_file()]


def test_a_new_version_has_the_open_deadlines_of_all_books_computed_again(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """AMB-15: in the same transaction, under the key of the version."""
    setup.import_file(desk, STORY / "setup.toml")
    asked: list[tuple[list[int], str, int]] = []

    def recompute(_desk: Desk, connection: object, books: object, key: str) -> int:
        asked.append((list(books), key, calendar_versions.load(connection).version))  # type: ignore[call-overload,arg-type]
        return 3

    monkeypatch.setattr(deadlines, "recompute", recompute)
    assert calendar.import_file(desk, write(tmp_path / "a.csv", FIRST)).recomputed == 3
    assert asked == [([1], "calendar:1", 1)]
    calendar.import_file(desk, write(tmp_path / "a.csv", FIRST))
    assert len(asked) == 1, "a file that says nothing new computes nothing"


def test_an_open_deadline_gets_another_day_and_keeps_the_one_before(desk: Desk, tmp_path: Path) -> None:
    """AMB-15, R-040: a request of Tuesday 12.03.2024 is due on Thursday 14.03; then Thursday becomes a day off."""
    play(desk, "request", tmp_path)
    off = write(tmp_path / "off.csv", "14.03.2024;no;;Order 3\n")
    assert calendar.import_file(at(desk, date(2024, 3, 12)), off).recomputed >= 1
    with desk.database.begin() as connection:
        rows = connection.execute(
            text("""
                SELECT version, due, calendar_version FROM esep.deadline
                WHERE authority_id = 1 AND rule = 'R-040' ORDER BY version
            """)
        )
        assert [tuple(row) for row in rows] == [(1, date(2024, 3, 14), 0), (2, date(2024, 3, 15), 1)]


def test_the_entry_stands_in_book_0_with_its_author(desk: Desk, tmp_path: Path) -> None:
    calendar.import_file(replace(desk, actor="Айгүл"), write(tmp_path / "a.csv", FIRST))
    with desk.database.begin() as connection:
        row = connection.execute(text("SELECT authority_id, kind, actor, summary FROM esep.entry")).one()
    assert tuple(row) == (0, "calendar_imported", "Айгүл", "calendar version 1 from a.csv: 2 moved days")


@pytest.mark.parametrize("version", [-1, 1])
def test_a_version_that_is_not_there_is_refused(desk: Desk, version: int) -> None:
    with pytest.raises(calendar.UnknownVersion, match="the latest is 0"):
        loaded(desk, version)


@pytest.mark.parametrize(
    ("year", "months"),
    [
        (2023, [20, 20, 19, 20, 20, 21, 20, 22, 21, 21, 22, 20]),
        (2024, [21, 21, 17, 22, 20, 20, 22, 21, 21, 22, 21, 21]),
        (2025, [20, 20, 17, 22, 19, 20, 22, 21, 21, 22, 20, 22]),
        (2026, [19, 20, 18, 22, 17, 22, 22, 21, 22, 21, 21, 22]),
    ],
)
def test_a_shown_year_has_the_counts_of_the_published_balance(year: int, months: list[int]) -> None:
    lines = calendar_report.year(calendar.days(BUILT_IN, year), 0, tabs=True)
    assert lines[:2] == [f"{year}, calendar version 0", "month\tworking days\tbank days"]
    assert lines[2:14] == [f"{month:02}.{year}\t{count}\t{count}" for month, count in enumerate(months, start=1)]
    assert lines[14] == f"{sum(months)} working days, {sum(months)} bank days"


def test_a_shown_month_names_every_day_off_and_every_moved_day() -> None:
    lines = calendar_report.month(calendar.days(BUILT_IN, 2024, 5), 0, tabs=True)
    assert len(lines) == 1 + 1 + 31 + 1
    assert lines[5].startswith("04.05.2024\tSat\tworking\tyes\tmoved: Order of the Minister of Labour of 17.04.2024")
    assert lines[9].startswith("08.05.2024\tWed\toff\tno\tmoved: ")
    assert lines[10] == "09.05.2024\tThu\toff\tno\tVictory Day"
    assert lines[12] == "11.05.2024\tSat\toff\tno\tweekend"
    assert lines[-1] == "20 working days, 20 bank days"


@pytest.mark.parametrize("year", [1900, 3000])
def test_a_year_beyond_the_calendar_is_refused(year: int) -> None:
    with pytest.raises(calendar.NoSuchYear):
        calendar.days(BUILT_IN, year)
