"""Another calendar, another setting: what is open gets its new day, what was computed before stays (AMB-15)."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from ledgers.settings import UnknownSetting
from ledgers.verify import verify
from reconcile import calendar, deadline_export, settings
from reconcile.desk import Desk
from tests.ledgers.stories import Story
from tests.ledgers.story_rows import day
from tests.reconcile import golden
from tests.reconcile.boards import board, events, own
from tests.reconcile.golden import at


def moved(folder: Path, day_moved: date, working: str, act: str) -> Path:
    path = folder / f"{act}.csv"
    path.write_text(f"day;working;bank;basis\n{day_moved:%d.%m.%Y};{working};;{act}\n", "utf-8")
    return path


def with_need(desk: Desk, formed_on: date) -> Story:
    """A need that waits for its request."""
    story = Story(desk)
    story.set_up()
    need = {"need_number": 1, "aid_kind": "A", "due_month": formed_on.replace(day=1), "formed_on": formed_on}
    story.enter(
        "need_formed", formed_on, {"need": [need | {"after_entry": 0, "upto_entry": 1, "count": 1, "amount": 1}]}
    )
    return story


def versions(desk: Desk, rule: str) -> list[tuple[int, date, int]]:
    """Version, due day and calendar of each version of the deadlines of a rule."""
    query = "SELECT version, due, calendar_version FROM esep.deadline WHERE rule = :rule ORDER BY subject, version"
    with desk.database.begin() as connection:
        return [tuple(row) for row in connection.execute(text(query), {"rule": rule})]


CORRECTED = [
    # The day that was corrected, a need's day, when the correction came, due before and after.
    (date(2024, 6, 17), date(2024, 6, 14), date(2024, 6, 14), date(2024, 6, 18), date(2024, 6, 17)),
    (date(2026, 8, 31), date(2026, 8, 28), date(2026, 8, 28), date(2026, 9, 1), date(2026, 8, 31)),
]


@pytest.mark.parametrize(("corrected", "formed", "known", "before", "after"), CORRECTED)
def test_a_corrected_calendar_moves_what_is_open_and_keeps_the_old_day(
    desk: Desk, tmp_path: Path, corrected: date, formed: date, known: date, before: date, after: date
) -> None:
    """AMB-15: 17.06.2024 and 31.08.2026 were days off in the approved calendars, and became working days."""
    desk = at(desk, known)
    calendar.import_file(desk, moved(tmp_path, corrected, "no", "approved"))
    with_need(desk, formed)
    assert versions(desk, "R-033") == [(1, before, 1)]
    result = calendar.import_file(desk, moved(tmp_path, corrected, "yes", "corrected"))
    assert (result.version, result.recomputed) == (2, 1)
    assert versions(desk, "R-033") == [(1, before, 1), (2, after, 2)]
    row = own(desk, known, "R-033", "need 1")
    assert (row.version, row.due, row.calendar_version, row.started_on) == (2, after, 2, formed)
    assert calendar.import_file(desk, moved(tmp_path, corrected, "yes", "corrected")).recomputed == 0
    with desk.database.begin() as connection:
        assert verify(connection).is_sound


def test_what_was_met_stays_as_it_was(desk: Desk, tmp_path: Path) -> None:
    """Delays of the past are counted by the calendar that people worked by."""
    golden.play(desk, "transfers", tmp_path / "out")
    desk = at(desk, day(15))
    # Had Wednesday the 13th been off, the request would have been due on the 12th all the same, the money on the 15th.
    result = calendar.import_file(desk, moved(tmp_path, day(13), "no", "late act"))
    assert result.recomputed == 0
    assert versions(desk, "R-040") == [(1, day(14), 0)]
    again = calendar.import_file(desk, moved(tmp_path, day(18), "no", "another"))
    assert again.recomputed == 2
    assert versions(desk, "R-050") == [(1, day(18), 0), (2, day(19), 2), (1, day(18), 0), (2, day(19), 2)]


def test_frozen_deadlines_keep_their_calendar(desk: Desk, tmp_path: Path) -> None:
    """AMB-15, the other reading; what is thawed follows the calendar again."""
    golden.play(desk, "transfers", tmp_path / "out")
    desk = at(desk, day(15))
    settings.change(desk, "calendar_correction", "freeze", reason="letter 1", authority_code="AST")
    assert calendar.import_file(desk, moved(tmp_path, day(18), "no", "act")).recomputed == 0
    assert {due for _, due, _ in versions(desk, "R-050")} == {day(18)}
    thawed = settings.change(desk, "calendar_correction", "recompute", reason="letter 2", authority_code="AST")
    assert thawed.recomputed == 2
    assert own(desk, day(15), "R-050", "transfer 1/A").due == day(19)


def test_another_reading_moves_what_is_open(desk: Desk, tmp_path: Path) -> None:
    """AMB-1: by reading B the money of a request of Tuesday the 12th is due on the 13th."""
    golden.play(desk, "request", tmp_path / "out")
    desk = at(desk, day(12))
    dry = settings.change(desk, "transfer_term", "arrival_day", reason="letter 1", dry_run=True)
    assert dry.recomputed == 1
    assert versions(desk, "R-040") == [(1, day(14), 0)]
    settings.change(desk, "transfer_term", "arrival_day", reason="letter 1")
    assert versions(desk, "R-040") == [(1, day(14), 0), (2, day(13), 0)]
    settings.change(desk, "transfer_term", "day_after", reason="letter 2")
    assert versions(desk, "R-040")[-1] == (3, day(14), 0)
    with pytest.raises(UnknownSetting):
        settings.change(desk, "transfer_term", "never", reason="-")


def test_a_moved_deadline_moves_its_event(desk: Desk, tmp_path: Path) -> None:
    golden.play(desk, "transfers", tmp_path / "out")
    desk = at(desk, day(15))
    calendar.import_file(desk, moved(tmp_path, day(18), "no", "act"))
    deadline_export.save(board(desk, day(15)), tmp_path / "after.ics")
    event = events(tmp_path / "after.ics")["R-050.AST.transfer%201%2FA@esep"]
    assert (event["SEQUENCE"], event["DTSTART"].dt) == (2, day(19))
