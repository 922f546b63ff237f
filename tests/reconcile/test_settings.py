"""`esep setting set`: a reading is chosen by name and reason; open deadlines follow, the same again changes nothing."""

import pytest
from sqlalchemy import text

from ledgers.settings import UnknownSetting
from ledgers.setup import UnknownAuthority
from reconcile import deadlines, settings, settings_report, setup
from reconcile.desk import Desk
from tests.reconcile.golden import STORY, counts


@pytest.fixture
def ready(desk: Desk) -> Desk:
    setup.import_file(desk, STORY / "setup.toml")
    return desk


def test_a_setting_of_one_authority_stands_in_its_book(ready: Desk) -> None:
    result = settings.change(ready, "transfer_term", "arrival_day", reason="letter 5", authority_code="AST")
    assert (result.was, result.value, result.version) == ("day_after", "arrival_day", 1)
    with ready.database.begin() as connection:
        row = connection.execute(
            text("SELECT authority_id, kind, summary FROM esep.entry WHERE kind = 'settings_changed'")
        ).one()
    assert tuple(row) == (1, "settings_changed", "transfer_term = arrival_day, version 1")


def test_the_same_again_changes_nothing_and_says_so(ready: Desk) -> None:
    settings.change(ready, "transfer_term", "arrival_day", reason="letter 5")
    before = counts(ready)
    again = settings.change(ready, "transfer_term", "arrival_day", reason="letter 6")
    assert again.is_repeat
    assert counts(ready) == before
    assert settings_report.changed(again) == [
        "transfer_term is arrival_day already for every authority that says nothing itself, nothing changed"
    ]


def test_there_and_back_are_two_versions(ready: Desk) -> None:
    versions = [settings.change(ready, "attempts_max", value, reason="letter").version for value in ("3", "2", "3")]
    assert versions == [1, 2, 3]


def test_a_dry_run_leaves_no_trace(ready: Desk) -> None:
    before = counts(ready)
    assert settings.change(ready, "attempts_max", "3", reason="letter", dry_run=True).version == 1
    assert counts(ready) == before


@pytest.mark.parametrize(
    ("authority", "books", "key"),
    [(None, [1], "setting:0:act_on_day_off:1"), ("AST", [1], "setting:1:act_on_day_off:1")],
)
def test_open_deadlines_of_the_books_it_speaks_of_are_computed_again(
    ready: Desk, monkeypatch: pytest.MonkeyPatch, authority: str | None, books: list[int], key: str
) -> None:
    asked: list[tuple[list[int], str]] = []

    def recompute(_desk: Desk, _connection: object, books: list[int], key: str) -> int:
        asked.append((books, key))
        return 2

    monkeypatch.setattr(deadlines, "recompute", recompute)
    result = settings.change(ready, "act_on_day_off", "previous_working_day", reason="letter", authority_code=authority)
    assert result.recomputed == 2
    assert asked == [(books, key)]


@pytest.mark.parametrize(
    ("name", "value", "reason", "authority", "refusal"),
    [
        ("act_title", "free", "letter", None, UnknownSetting),
        ("transfer_month", "order_date", "letter", None, UnknownSetting),
        ("act_title", "social_aid", " ", None, settings.ReasonMissing),
        ("act_title", "social_aid", "letter", "ALA", UnknownAuthority),
    ],
    ids=["no such reading", "not offered (AMB-9)", "no reason", "no such authority"],
)
def test_what_cannot_be_set_is_refused(
    ready: Desk, name: str, value: str, reason: str, authority: str | None, refusal: type[Exception]
) -> None:
    before = counts(ready)
    with pytest.raises(refusal):
        settings.change(ready, name, value, reason=reason, authority_code=authority)
    assert counts(ready) == before


def test_the_readings_say_what_is_not_offered_and_why() -> None:
    lines = settings_report.readings("late_return")
    assert lines[0].startswith("late_return (AMB-12): In which month")
    assert "not offered: a signed month never changes" in lines[-1]
