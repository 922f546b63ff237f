"""Closing a month: when it is over, in its turn, with nothing that blocks; once, and nothing is booked in it after."""

from dataclasses import replace
from datetime import date

import pytest

from ledgers import closing
from ledgers.errors import MonthLocked
from ledgers.journal import Event
from ledgers.setup import UnknownAuthority
from reconcile import close
from reconcile.close import MonthDisagrees, MonthNotOver, MonthOutOfTurn
from reconcile.desk import Desk
from tests.ledgers.stories import Story
from tests.ledgers.story_rows import MONTH, day

APRIL = date(2024, 4, 2)


@pytest.fixture
def later(desk: Desk) -> Desk:
    """The desk in April."""
    return replace(desk, today=APRIL)


def test_golden_month_is_closed_once_and_the_second_time_says_so(desk: Desk, later: Desk) -> None:
    Story(desk).golden()
    first = close.month(later, "AST", day(15))
    assert not first.was_closed
    assert first.lock is not None
    assert (first.lock.month, first.lock.closing_cash, first.check.findings) == (MONTH, 0, ())
    again = close.month(later, "AST", MONTH)
    assert again.was_closed
    assert again.lock == first.lock


def test_nothing_is_booked_in_a_closed_month(desk: Desk, later: Desk) -> None:
    """E106."""
    story = Story(desk).golden()
    close.month(later, "AST", MONTH)
    with pytest.raises(MonthLocked):
        story.enter("reversed", day(31), {})
    story.enter("reversed", APRIL, {}, value=day(31))


def test_a_month_that_runs_is_not_closed_but_can_be_looked_at(desk: Desk) -> None:
    Story(desk).golden()
    with pytest.raises(MonthNotOver, match=r"close it after 31\.03\.2024"):
        close.month(replace(desk, today=day(31)), "AST", MONTH)
    report = close.month(replace(desk, today=day(31)), "AST", MONTH, dry_run=True)
    assert report.lock is None
    assert report.check.equation.holds


def test_a_tiyn_keeps_the_month_open(desk: Desk, later: Desk) -> None:
    """E72: the refusal lists every line, and nothing was written."""
    Story(desk).golden(posted=-1)
    with pytest.raises(MonthDisagrees) as caught:
        close.month(later, "AST", MONTH)
    assert len(caught.value.findings) == 3
    assert "closing 03.2024 of AST is refused, 3 findings:" in str(caught.value)
    assert "they differ by 0,01" in str(caught.value)
    with desk.database.begin() as connection:
        assert closing.month_lock(connection, 1, MONTH) is None
    assert close.month(later, "AST", MONTH, dry_run=True).check.blocking == caught.value.findings


def test_a_dry_run_writes_nothing(desk: Desk, later: Desk) -> None:
    Story(desk).golden()
    assert close.month(later, "AST", MONTH, dry_run=True).lock is None
    with desk.database.begin() as connection:
        assert closing.month_lock(connection, 1, MONTH) is None


def test_months_are_closed_in_their_turn(desk: Desk) -> None:
    """March has postings, so April waits for it; February has none and needs no closing."""
    story = Story(desk).golden()
    story.enter("awards_imported", date(2024, 2, 5), {})
    may = replace(desk, today=date(2024, 5, 3))
    with pytest.raises(MonthOutOfTurn, match=r"04\.2024 cannot be closed: 03\.2024 has postings and is not closed"):
        close.month(may, "AST", date(2024, 4, 1))
    close.month(may, "AST", MONTH)
    with pytest.raises(MonthOutOfTurn, match=r"02\.2024 cannot be closed: 03\.2024 was closed already"):
        close.month(may, "AST", date(2024, 2, 1))
    with pytest.raises(MonthDisagrees, match=r"the statements must reach 30\.04\.2024"):
        close.month(may, "AST", date(2024, 4, 1))


def test_a_month_closes_over_a_file_that_the_bank_has_not_debited(desk: Desk, later: Desk) -> None:
    story = Story(desk)
    story.set_up()
    story.awards({("A", "HSBKKZKX"): 2})
    story.request({"A": 36_920_00})
    story.transfer("145", "A", 36_920_00, day(14))
    reference = story.send("A", "HSBKKZKX", [20_000_001, 20_000_002], day(29))
    story.statement()
    result = close.month(later, "AST", MONTH)
    assert [finding.place for finding in result.check.warnings] == [f"transit[{reference}]"]
    assert (result.check.equation.closing, result.lock and result.lock.closing_cash) == (0, 36_920_00)
    story.enter("file_settled", APRIL, {}, [Event(rule="file_settled", debit_reference=reference, amount=36_920_00)])


def test_an_unknown_authority_is_refused(desk: Desk, later: Desk) -> None:
    Story(desk).set_up()
    with pytest.raises(UnknownAuthority):
        close.month(later, "ALA", MONTH)
