"""Statements by their days: which comes before, which days come again, what was known, and the balance of a day."""

from datetime import date

import pytest

from ledgers import db, statement_continuity
from ledgers.statement_continuity import Account, Brought, Kept, Turnover
from ledgers.statements import Statement
from tests.ledgers.stories import Story
from tests.ledgers.story_rows import day


def kept(number: int, first: int, last: int, opening: int, credited: int = 0, debited: int = 0) -> Kept:
    head = Statement(
        statement_number=number,
        iban="KZ24009ESEP000000001",
        date_from=day(first),
        date_to=day(last),
        opening=opening,
        credited=credited,
        debited=debited,
        closing=opening + credited - debited,
        sha256=bytes([number]) * 32,
    )
    return Kept(statement=head, file_name="")


def brought(number: int, on: int, credited: int = 0, debited: int = 0) -> Brought:
    turnover = Turnover(count=1, credited=credited, debited=debited)
    return Brought(statement_number=number, day=day(on), turnover=turnover)


FIRST, WITHIN, NEXT = kept(1, 4, 4, 0, 100), kept(2, 4, 4, 100, 20), kept(3, 5, 6, 120, 0, 50)
WHOLE = kept(4, 4, 6, 0, 120, 50)
LINES = [brought(1, 4, 100), brought(2, 4, 20), brought(3, 6, 0, 50)]
ACCOUNT = Account([WHOLE, NEXT, WITHIN, FIRST], LINES)


def test_statements_stand_in_the_order_of_their_days() -> None:
    assert [one.number for one in ACCOUNT.kept] == [1, 2, 4, 3]
    assert [one.number for one in ACCOUNT.sharing(NEXT)] == [4]
    assert ACCOUNT.before(NEXT) == WITHIN
    assert ACCOUNT.before(FIRST) is None


def test_what_goes_on_within_a_day_gives_nothing_of_it_again() -> None:
    assert ACCOUNT.went_on(WITHIN) == FIRST
    assert ACCOUNT.again(WITHIN) == []
    assert ACCOUNT.covering(FIRST) == [WHOLE]
    assert ACCOUNT.lacking(WITHIN) == Turnover()
    assert [one.number for one in ACCOUNT.again(WHOLE)] == [1, 2, 3]


LACKING = [
    (kept(4, 4, 6, 0, 120, 50), Turnover(), "it has all of them"),
    (kept(4, 4, 6, 0, 100, 50), Turnover(credited=20), "a credit is gone"),
    (kept(4, 6, 6, 120, 0, 0), Turnover(debited=50), "a debit is gone"),
    (kept(4, 5, 5, 120, 0, 0), Turnover(), "a day without a line"),
]


@pytest.mark.parametrize(("later", "expected", "why"), LACKING, ids=[row[-1] for row in LACKING])
def test_what_a_later_statement_lacks_is_told_by_sums(later: Kept, expected: Turnover, why: str) -> None:
    assert Account([FIRST, WITHIN, NEXT, later], LINES).lacking(later) == expected, why


def test_what_came_later_is_not_held_against_a_statement() -> None:
    account = Account([FIRST, kept(2, 4, 5, 0, 130)], [brought(1, 4, 100), brought(2, 4, 30)])
    assert account.lacking(FIRST) == Turnover(), "the line of 30 was not known when it came"
    assert account.known(day(4), day(4), 1).net == 100
    assert account.known(day(4), day(5), 2).net == 130


BALANCES = [
    (3, 0, 4, "before all of them: what the first opens with"),
    (4, 120, 4, "the last statement that has the day, rolled back"),
    (5, 120, 4, "no line of the day"),
    (6, 70, 4, "its last day"),
]


@pytest.mark.parametrize(("on", "expected", "by", "why"), BALANCES, ids=[row[-1] for row in BALANCES])
def test_the_balance_of_a_day_is_rolled_by_lines(on: int, expected: int, by: int, why: str) -> None:
    found = ACCOUNT.balance(day(on))
    assert found is not None
    assert found[1] == expected, why
    assert found[0].number == (1 if on == 3 else by)


def test_between_two_statements_the_next_one_says_the_balance() -> None:
    gap = Account([FIRST, kept(2, 8, 8, 175)], [brought(1, 4, 100)])
    assert gap.balance(day(6)) == (gap.kept[1], 175)
    assert gap.balance(day(9)) is None


def test_the_books_give_statements_lines_and_open_files(golden_books: tuple[db.Location, Story]) -> None:
    """The golden month in one statement: what is open on each of its days."""
    with db.opened(golden_books[0]) as database, database.begin() as connection:
        (iban,) = statement_continuity.accounts(connection)
        account = statement_continuity.account(connection, iban)
        (one,) = account.kept
        assert (one.reference, one.file_name, account.brought(one).count) == ("ST1", "", 11)
        assert account.lacking(one) == Turnover()
        assert statement_continuity.all_lines(connection, day(14)) == 2_141_360_00
        assert statement_continuity.all_lines(connection, date(2024, 3, 31)) == 0
        assert statement_continuity.open_files(connection, day(18)) == []
        assert statement_continuity.booked_later(connection, [1, 2], day(13)) == {1: day(14), 2: day(14)}


def test_a_file_is_open_until_it_is_debited(golden: Story) -> None:
    golden.come_back("B", "HSBKKZKX", [20_000_101], day(20), "шот жабылған")
    golden.resolve(20_000_101, "resend", day(27), kind="B")
    reference = golden.send("B", "HSBKKZKX", [20_000_101], day(28), attempt=2)
    golden.settle(reference, day(30))
    with golden.desk.database.begin() as connection:
        found = [statement_continuity.open_files(connection, day(number)) for number in (27, 28, 29, 30)]
    assert [[(one.reference, one.amount) for one in row] for row in found] == [
        [],
        [(reference, 7_384_00)],
        [(reference, 7_384_00)],
        [],
    ]
