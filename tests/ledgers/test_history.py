"""History for auditors: books as of a day as known at a moment (E109), trial balance, account card."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from ledgers import account_card, db, history, queries
from ledgers.account_card import AccountName, UnknownAccount
from ledgers.history import MomentAhead, TrialLine
from ledgers.journal import Event
from tests.ledgers.stories import Story
from tests.ledgers.story_rows import day

A_MONTH, B_MONTH = 1_846_000_00, 295_360_00


@pytest.fixture
def story(golden: Story) -> Story:
    return golden


@pytest.fixture(scope="module")
def books(golden_books: tuple[db.Location, Story]) -> Iterator[db.Database]:
    """The golden month itself, only to look at."""
    with db.opened(golden_books[0]) as database:
        yield database


def moment_of(connection: Connection, number: int) -> datetime:
    """The moment at which an entry of book 1 became known."""
    query = text("SELECT recorded_at FROM esep.entry WHERE authority_id = 1 AND number = :number")
    found: datetime = connection.execute(query, {"number": number}).scalar_one()
    return found


class Figures(NamedTuple):
    opening: int
    debit: int
    credit: int
    closing: int


def figures(lines: list[TrialLine]) -> dict[str, Figures]:
    """Opening and closing as debit less credit."""
    return {
        line.account or line.number: Figures(
            line.opening_debit - line.opening_credit,
            line.debit,
            line.credit,
            line.closing_debit - line.closing_credit,
        )
        for line in lines
    }


def test_a_moment_is_the_last_entry_known_then(books: db.Database) -> None:
    with books.begin() as connection:
        last = history.known(connection)
        assert last == {0: 2, 1: 25}
        for number in (1, 6, 14, 25):
            moment = moment_of(connection, number)
            assert history.known(connection, 1, moment=moment) == {1: number}
            assert history.known(connection, 1, moment=moment - timedelta(microseconds=1)) == {1: number - 1}
        assert history.known(connection, 1, entry=6) == {1: 6}
        assert history.known(connection, 1, entry=600) == {1: 25}
        assert history.known(connection, moment=datetime(2015, 1, 1, tzinfo=UTC)) == {0: 0, 1: 0}


def test_a_moment_that_has_not_come_is_no_answer(books: db.Database) -> None:
    ahead = datetime.now(UTC) + timedelta(hours=1)
    with books.begin() as connection, pytest.raises(MomentAhead, match="has not come"):
        history.known(connection, moment=ahead)


def test_e109_books_of_a_day_as_known_at_a_moment_never_change(story: Story) -> None:
    """E109: the state on 20.03.2024 as it was known when the two transfers were in, whatever came later."""
    with story.desk.database.begin() as connection:
        moment = moment_of(connection, 6)
        books = history.known(connection, moment=moment)
        first = history.balances(connection, books, on=date(2024, 3, 20))
        lines = history.trial(connection, books, until=date(2024, 3, 20))
    assert {row.account: row.balance for row in first if row.code not in queries.MEMORANDUM} == {
        "cash": A_MONTH + B_MONTH,
        "funding[AST-2024-0001]/A": A_MONTH,
        "funding[AST-2024-0001]/B": B_MONTH,
    }
    money = [Event(rule="money_unidentified", amount=5_00, debit_reference="S900", credit_reference="S900")]
    story.enter("money_unidentified", day(20), {}, money)
    with story.desk.database.begin() as connection:
        again = history.known(connection, moment=moment)
        assert again == books
        assert history.balances(connection, again, on=date(2024, 3, 20)) == first
        assert history.trial(connection, again, until=date(2024, 3, 20)) == lines
        now = history.trial(connection, history.known(connection), until=date(2024, 3, 20))
    assert figures(now)["unidentified"] == Figures(0, 0, 5_00, -5_00)


def test_a_moment_waits_for_what_is_being_written(books: db.Database) -> None:
    """An entry gets its moment before it is committed; an answer that left it out would change."""
    with books.begin() as connection:
        moment = moment_of(connection, 25)
        history.known(connection, 1, moment=moment)
        held = connection.execute(
            text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ShareLock' AND objid = 1")
        ).scalar_one()
    assert held == 1
    with books.begin() as connection:
        history.known(connection, 1, moment=moment_of(connection, 24))
        query = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ShareLock'"
        assert connection.execute(text(query)).scalar_one() == 0


def test_trial_balance_of_the_golden_month(books: db.Database) -> None:
    with books.begin() as connection:
        lines = history.trial_by_number(connection, history.known(connection, 1))
    assert figures(lines) == {
        "100": Figures(0, A_MONTH + B_MONTH + 55_380_00, A_MONTH + B_MONTH + 55_380_00, 0),
        "200/A": Figures(0, A_MONTH, A_MONTH, 0),
        "200/B": Figures(0, B_MONTH, B_MONTH, 0),
        "210/A": Figures(0, 55_380_00, 55_380_00, 0),
        "220/A": Figures(0, 18_460_00, 18_460_00, 0),
        "230/A": Figures(0, 36_920_00, 36_920_00, 0),
    }


def test_trial_balance_of_some_days_opens_with_what_was_there(books: db.Database) -> None:
    with books.begin() as connection:
        known = history.known(connection, 1)
        lines = history.trial(connection, known, since=day(19), until=day(27))
        numbered = history.trial_by_number(connection, known, since=day(19), until=day(27))
    found = figures(lines)
    assert found["cash"] == Figures(0, 55_380_00, 0, 55_380_00)
    assert found["returned/A"] == Figures(0, 55_380_00, 55_380_00, 0)
    assert found["refundable/A"] == Figures(0, 0, 36_920_00, -36_920_00)
    assert figures(numbered)["100"] == Figures(0, 55_380_00, 0, 55_380_00)
    assert lines[0].account == "cash"
    total = history.totals(lines)
    assert (total.opening_debit, total.debit, total.closing_debit) == (
        total.opening_credit,
        total.credit,
        total.closing_credit,
    )


class Window(NamedTuple):
    known: int
    since: int | None
    until: int | None


@given(
    st.lists(
        st.builds(
            Window,
            st.integers(0, 26),
            st.none() | st.integers(1, 31),
            st.none() | st.integers(1, 31),
        ),
        min_size=1,
        max_size=10,
    )
)
@settings(max_examples=15)
def test_the_trial_balance_is_the_sum_of_the_accounts_whatever_is_asked(
    books: db.Database, windows: list[Window]
) -> None:
    """Debit is credit in each pair of columns; closing is what `queries.balances` says of the same day and entry."""
    with books.begin() as connection:
        for window in windows:
            since = day(window.since) if window.since else None
            until = day(window.until) if window.until else None
            known = history.known(connection, 1, entry=window.known)
            lines = history.trial(connection, known, since=since, until=until)
            total = history.totals(lines)
            assert total.opening_debit == total.opening_credit
            assert total.debit == total.credit
            assert total.closing_debit == total.closing_credit
            if since and until and since > until:
                continue
            expected: dict[str, int] = {}
            for row in history.balances(connection, known, on=until, open_only=False):
                account = queries.account_text(row.code, row.aid_kind, "")
                expected[account] = expected.get(account, 0) + row.debit - row.credit
            closing = {name: one.closing for name, one in figures(lines).items() if one.closing}
            assert closing == {account: amount for account, amount in expected.items() if amount}


def test_the_card_of_a_file_in_transit(books: db.Database) -> None:
    name = AccountName.parse("transit[GCVP-00100000071]")
    with books.begin() as connection:
        card = account_card.card(connection, 1, name, last_known=25)
    assert [(one.booked_on, one.kind, one.against, one.debit, one.credit, one.balance) for one in card.movements] == [
        (day(18), "orders_sent", "funding[AST-2024-0001]/A", 0, 1_107_600_00, 1_107_600_00),
        (day(18), "file_settled", "cash", 1_107_600_00, 0, 0),
    ]
    assert {one.actor for one in card.movements} == {"tester"}
    assert (card.account, card.opening, card.closing) == ("transit[GCVP-00100000071]", 0, 0)


def test_the_card_of_cash_opens_with_what_was_there(books: db.Database) -> None:
    with books.begin() as connection:
        whole = account_card.card(connection, 1, AccountName.parse("cash"), last_known=25)
        later = account_card.card(connection, 1, AccountName.parse("cash"), last_known=25, since=day(28), until=day(28))
        early = account_card.card(connection, 1, AccountName.parse("cash"), last_known=6)
        none = account_card.card(connection, 1, AccountName.parse("cash"), last_known=25, since=day(30))
    assert (whole.opening, whole.closing, len(whole.movements)) == (0, 0, 12)
    assert (later.opening, later.closing) == (55_380_00, 36_920_00)
    assert [one.credit for one in later.movements] == [18_460_00]
    assert early.closing == A_MONTH + B_MONTH
    assert (none.opening, none.closing, none.movements) == (0, 0, ())


NAMES = [
    ("cash", AccountName(code="cash")),
    ("returned[P20000006/1]/A", AccountName(code="returned", reference="P20000006/1", aid_kind="A")),
    ("commitment/A", AccountName(code="commitment", aid_kind="A")),
    (" transit[GCVP-00100000071] ", AccountName(code="transit", reference="GCVP-00100000071")),
]


@pytest.mark.parametrize(("written", "expected"), NAMES, ids=[name for name, _ in NAMES])
def test_an_account_is_read_as_people_write_it(written: str, expected: AccountName) -> None:
    assert AccountName.parse(written) == expected


@pytest.mark.parametrize("written", ["", "kassa", "funding[", "200/A", "cash]"])
def test_what_is_no_account_is_refused(written: str) -> None:
    with pytest.raises(UnknownAccount, match="has no account"):
        AccountName.parse(written)


def test_an_account_that_a_book_lacks_names_those_it_has(books: db.Database) -> None:
    with (
        books.begin() as connection,
        pytest.raises(UnknownAccount, match=r"it has funding\[AST-2024-0001\]/A, funding\[AST-2024-0001\]/B"),
    ):
        account_card.card(connection, 1, AccountName.parse("funding"), last_known=25)
