"""Money goes back to the authority: what it decided, and at month end what nobody decided (R-062, R-063, AMB-5)."""

from datetime import date
from pathlib import Path

import pytest

from formats import mt100
from reconcile import refund
from reconcile.desk import Desk
from tests.reconcile.golden import at, balance, counts, play

LAST_WORKING_DAY = date(2024, 3, 29)


def test_the_golden_refund(desk: Desk, tmp_path: Path) -> None:
    result = play(desk, "refund", tmp_path)
    (sent,) = result.refunds
    assert (sent.order.order_number, sent.order.count, sent.order.amount, sent.lapsed) == (77, 2, 36_920_00, 0)
    (message,) = mt100.read((tmp_path / sent.order.file_name).read_bytes(), "refund")
    assert (message.number, message.amount, message.reference) == ("77", 36_920_00, sent.order.reference)
    assert message.beneficiary.idn == "230540100010"
    assert balance(desk, "refundable") == 0


def test_what_was_decided_goes_back_on_any_day(desk: Desk, tmp_path: Path) -> None:
    play(desk, "resolutions", tmp_path)
    (sent,) = refund.send(at(desk, date(2024, 3, 27)), tmp_path).refunds
    assert (sent.order.amount, sent.lapsed) == (36_920_00, 0)
    assert balance(desk, "resend") == 18_460_00, "what is to be resent stays"


@pytest.mark.parametrize(
    ("step", "lapsed", "why"),
    [("notice", 3, "nobody decided"), ("resolutions", 1, "one was to be resent and was not")],
)
def test_the_last_working_day_sends_back_what_is_left(
    desk: Desk, tmp_path: Path, step: str, lapsed: int, why: str
) -> None:
    play(desk, step, tmp_path)
    (sent,) = refund.send(at(desk, LAST_WORKING_DAY), tmp_path).refunds
    assert (sent.order.amount, sent.order.count, sent.lapsed) == (55_380_00, 3, lapsed), why
    assert [balance(desk, code) for code in ("returned", "resend", "refundable")] == [0, 0, 0]


def test_before_the_last_working_day_undecided_returns_stay(desk: Desk, tmp_path: Path) -> None:
    play(desk, "notice", tmp_path)
    assert refund.send(at(desk, date(2024, 3, 28)), tmp_path).refunds == ()
    assert balance(desk, "returned") == 55_380_00


def test_a_resend_that_lapsed_cannot_be_sent_any_more(desk: Desk, tmp_path: Path) -> None:
    from reconcile import order

    play(desk, "resolutions", tmp_path)
    refund.send(at(desk, LAST_WORKING_DAY), tmp_path)
    assert order.send(at(desk, LAST_WORKING_DAY), tmp_path).orders == ()


def test_refunding_again_sends_nothing_twice_but_writes_a_missing_file(desk: Desk, tmp_path: Path) -> None:
    (sent,) = play(desk, "refund", tmp_path).refunds
    before = counts(desk)
    lost = tmp_path / sent.order.file_name
    octets = lost.read_bytes()
    lost.unlink()
    again = refund.send(at(desk, LAST_WORKING_DAY), tmp_path)
    assert again.refunds == ()
    assert lost.read_bytes() == octets
    assert counts(desk) == before


def test_a_dry_run_says_what_would_go_back_and_records_nothing(desk: Desk, tmp_path: Path) -> None:
    play(desk, "notice", tmp_path)
    before = counts(desk)
    (would,) = refund.send(at(desk, LAST_WORKING_DAY), tmp_path, dry_run=True).refunds
    assert would.lapsed == 3
    assert counts(desk) == before
    assert not list(tmp_path.glob("*-refund.txt"))


def test_a_missed_last_working_day_is_made_good_on_the_next_occasion(desk: Desk, tmp_path: Path) -> None:
    """R-063: what came back in March and nobody decided goes back in April, not never."""
    play(desk, "notice", tmp_path)
    (sent,) = refund.send(at(desk, date(2024, 4, 2)), tmp_path).refunds
    assert (sent.order.amount, sent.lapsed) == (55_380_00, 3)


def test_a_refund_that_the_bank_debited_is_not_written_again(desk: Desk, tmp_path: Path) -> None:
    (sent,) = play(desk, "refund", tmp_path).refunds
    play(desk, "month_end", tmp_path, after="refund")
    (tmp_path / sent.order.file_name).unlink()
    assert refund.send(at(desk, date(2024, 4, 2)), tmp_path).files == ()
