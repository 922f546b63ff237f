"""What the order leaves open: every ambiguity is a setting with the default proposed for it (AMB-1 to AMB-15)."""

import re

import pytest
from sqlalchemy import Connection, text

from ledgers import posting, settings
from ledgers.journal import EntryDraft
from ledgers.settings import SETTINGS, UnknownSetting
from tests.ledgers.books import day

DEFAULTS = [
    ("AMB-1", "transfer_term", "day_after"),
    ("AMB-2", "after_the_first", "strictly_after"),
    ("AMB-3", "late_request_deadline", "second_working_day"),
    ("AMB-4", "formation_on_day_off", "previous_working_day"),
    ("AMB-5", "unexamined_at_month_end", "refund"),
    ("AMB-6", "act_on_day_off", "next_working_day"),
    ("AMB-7", "act_title", "as_printed"),
    ("AMB-8", "payment_schedule", "table"),
    ("AMB-9", "transfer_month", "receipt"),
    ("AMB-10", "recipients", "items"),
    ("AMB-11", "total_row", "add"),
    ("AMB-12", "late_return", "cash"),
    ("AMB-13", "partial_transfer", "decision_order"),
    ("AMB-14", "disputed_act", "protocol"),
    ("AMB-15", "calendar_correction", "recompute"),
]
REFUSED = [
    ("transfer_month", "order_date", "the act would differ from the ledger's turnover"),
    ("recipients", "people", "column 7 would not be column 3 less column 5"),
    ("late_return", "restate", "a signed month never changes"),
    ("partial_transfer", "pro_rata", "an award is paid whole"),
    ("disputed_act", "unsigned", "ends nothing"),
]


def put(connection: Connection, book: int, name: str, value: str) -> int:
    posting.lock(connection, [book])
    number = posting.next_number(connection, book)
    version = settings.append_version(connection, book, number, name=name, value=value, reason="letter 5")
    draft = EntryDraft(
        kind="settings_changed",
        booked_on=day(1),
        value_date=day(1),
        actor="tester",
        source_key=f"setting:{name}:{version}",
        source_digest=bytes(32),
        summary=name,
    )
    posting.seal(connection, book, number, draft, ["setting_version"])
    return version


@pytest.mark.parametrize(("ambiguity", "name", "default"), DEFAULTS, ids=[row[0] for row in DEFAULTS])
def test_every_ambiguity_is_a_setting_with_its_default(ambiguity: str, name: str, default: str) -> None:
    setting = SETTINGS[name]
    assert setting.default == default
    assert re.search(rf"{ambiguity}\b", setting.source)
    assert default in setting.readings
    assert setting.question.endswith("?")


def test_no_ambiguity_has_two_settings() -> None:
    named = [ambiguity for setting in SETTINGS.values() for ambiguity in re.findall(r"AMB-\d+", setting.source)]
    assert sorted(named) == sorted(row[0] for row in DEFAULTS)


@pytest.mark.parametrize(("name", "value", "why"), REFUSED)
def test_a_reading_that_would_break_the_books_is_refused_with_the_reason(name: str, value: str, why: str) -> None:
    with pytest.raises(UnknownSetting, match=why):
        settings.check(name, value)


@pytest.mark.parametrize(("name", "value"), [("transfer_trem", "day_after"), ("transfer_term", "tomorrow")])
def test_an_unknown_name_or_value_is_refused_with_the_known_ones(name: str, value: str) -> None:
    with pytest.raises(UnknownSetting, match="transfer_term"):
        settings.check(name, value)


def test_an_authority_has_its_own_word_else_that_of_all_else_the_default(worker: Connection) -> None:
    assert settings.load(worker, 1)["transfer_term"] == "day_after"
    put(worker, 0, "transfer_term", "arrival_day")
    assert settings.load(worker, 1)["transfer_term"] == "arrival_day"
    put(worker, 1, "transfer_term", "day_after")
    assert settings.load(worker, 1)["transfer_term"] == "day_after"
    assert settings.load(worker, 2)["transfer_term"] == "arrival_day"
    assert settings.load(worker)["act_on_day_off"] == "next_working_day"


def test_a_setting_in_force_says_whose_word_it_is_and_since_when(worker: Connection) -> None:
    put(worker, 0, "attempts_max", "3")
    put(worker, 1, "total_row", "leave_out")
    found = {one.name: one for one in settings.in_force(worker, 1)}
    assert [(found[name].value, found[name].book) for name in ("attempts_max", "total_row", "act_title")] == [
        ("3", 0),
        ("leave_out", 1),
        ("as_printed", None),
    ]
    assert (found["total_row"].since, found["total_row"].actor, found["total_row"].default) == (day(1), "tester", "add")
    assert list(found) == list(SETTINGS)


def test_a_change_is_a_version_and_the_one_before_stays(worker: Connection) -> None:
    assert [put(worker, 1, "total_row", value) for value in ("leave_out", "add")] == [1, 2]
    rows = worker.execute(text("SELECT value FROM esep.setting_version WHERE authority_id = 1 ORDER BY version"))
    assert rows.scalars().all() == ["leave_out", "add"]
    assert settings.load(worker, 1)["total_row"] == "add"
