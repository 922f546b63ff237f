"""Live once: of several facts that exclude each other the database lets one stand, and versions follow each other."""

from collections.abc import Iterator
from typing import Any

import pytest
from psycopg import errors as driver
from sqlalchemy import Connection, text

from ledgers import db, posting
from ledgers.errors import LedgerError, NotPermitted, OutOfOrder, Overdrawn, TakenAlready
from reconcile.archive import Archive
from reconcile.desk import Desk
from tests.ledgers.books import (
    EACH,
    FILE,
    FIRST,
    MONTH,
    REQUEST,
    balances,
    day,
    decided,
    enter,
    gone,
    payment,
    refused,
    resolution,
)
from tests.ledgers.conftest import NewBooks, SharedBooks
from tests.ledgers.stories import Story

SECOND, THIRD = 20_000_002, 20_000_003


@pytest.fixture(scope="module")
def shared(new_books: NewBooks, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedBooks]:
    """A month up to its returns: three people were paid, the first two payments came back."""
    with new_books() as location, db.opened(location) as database, db.owned(location) as owner:
        archive = Archive(tmp_path_factory.mktemp("archive"))
        story = Story(Desk(database=database, archive=archive, actor="tester", today=day(14)))
        story.set_up()
        story.awards({("A", "HSBKKZKX"): 3})
        story.request({"A": 3 * EACH})
        story.transfer("145", "A", 3 * EACH, day(14))
        story.settle(story.send("A", "HSBKKZKX", [FIRST, SECOND, THIRD], day(18)), day(18))
        story.come_back("A", "HSBKKZKX", [FIRST, SECOND], day(19), "шот жабылған")
        story.statement()
        yield SharedBooks(location, database.engine, owner)


def reference(award: int = FIRST) -> str:
    return f"P{award}/1"


def decide(connection: Connection, outcome: str, rule: str = "", *, version: int = 1, award: int = FIRST) -> int:
    """An outcome with its posting, as the verb enters it."""
    event = decided(rule or f"{outcome}_decided", EACH, reference(award))
    rows = {"resolution": [resolution(outcome, version=version, award=award)]}
    return enter(connection, event, on=day(27), rows=rows, key=f"{outcome}:{award}:{version}")


def resend(connection: Connection, **changes: Any) -> int:
    """The second attempt of the first award, with its posting."""
    event = gone("payment_resent", EACH, "GCVP-00100000072", reference())
    return enter(connection, event, on=day(28), rows={"payment": [payment(**{"attempt": 2} | changes)]}, key="resend")


def test_a_payment_comes_back_once(role: Connection) -> None:
    row = {"due_month": MONTH, "award_number": FIRST, "attempt": 1, "return_number": 9, "item": 1, "amount": EACH}
    with refused(role, TakenAlready) as caught:
        enter(role, rows={"returned_payment": [row]})
    assert str(caught.error) == "this payment came back already; nothing was changed"
    enter(role, rows={"returned_payment": [row | {"award_number": THIRD}]})


def test_an_item_of_a_return_names_one_payment(role: Connection) -> None:
    row = {"due_month": MONTH, "award_number": THIRD, "attempt": 1, "return_number": 1, "item": 1, "amount": EACH}
    with refused(role, TakenAlready):
        enter(role, rows={"returned_payment": [row]})


def test_the_money_of_a_return_comes_once_and_a_line_may_bring_it_for_several(role: Connection) -> None:
    row = {"return_number": 1, "line_number": 2, "returned_on": day(19)}
    with refused(role, TakenAlready):
        enter(role, rows={"return_money": [row]})
    line = role.execute(text("SELECT line_number FROM esep.return_money")).scalar_one()
    message = role.execute(text("SELECT * FROM esep.return_message")).one()._asdict()
    enter(role, rows={"return_message": [message | {"return_number": 2, "document_number": "2"}]})
    enter(role, rows={"return_money": [row | {"return_number": 2, "line_number": line}]})


@pytest.mark.parametrize(("first", "second"), [("resend", "refund"), ("refund", "resend"), ("refund", "refund")])
def test_a_return_has_one_outcome(role: Connection, first: str, second: str) -> None:
    decide(role, first)
    before = balances(role)
    with refused(role, TakenAlready) as caught:
        decide(role, second)
    assert str(caught.error).startswith("this ")
    # A second version may end the first one, but the money has left the account that it would take it from.
    with refused(role, Overdrawn) as caught:
        decide(role, second, version=2)
    assert (caught.error.code, caught.error.reference) == ("returned", reference())
    assert balances(role) == before


def test_the_outcomes_of_two_returns_do_not_meet(role: Connection) -> None:
    decide(role, "resend", award=FIRST)
    decide(role, "refund", award=SECOND)
    assert balances(role) == {"resend": EACH, "refundable": EACH, "cash": 2 * EACH}


def test_an_outcome_follows_the_one_before_it(role: Connection) -> None:
    with refused(role, driver.ForeignKeyViolation):
        decide(role, "refund", version=2)
    decide(role, "resend")
    with refused(role, driver.ForeignKeyViolation):
        decide(role, "refund_by_term", "resend_lapsed", version=3)
    decide(role, "refund_by_term", "resend_lapsed", version=2)
    assert balances(role)["refundable"] == EACH


def test_an_outcome_needs_a_return(role: Connection) -> None:
    with refused(role, driver.ForeignKeyViolation):
        enter(role, rows={"resolution": [resolution("resend", award=THIRD)]})


def test_a_second_attempt_needs_a_decision_to_resend(role: Connection) -> None:
    """R-062: nothing is sent again by itself."""
    with refused(role, OutOfOrder) as caught:
        resend(role)
    assert str(caught.error) == f"attempt 2 of award {FIRST} has no resolution to resend before it"
    decide(role, "refund")
    with refused(role, OutOfOrder):
        resend(role)


def test_a_decision_that_lapsed_allows_no_attempt(role: Connection) -> None:
    """R-063: what was to be resent and was not goes back to the authority; its resend is over."""
    decide(role, "resend")
    decide(role, "refund_by_term", "resend_lapsed", version=2)
    with refused(role, OutOfOrder):
        enter(role, rows={"payment": [payment(attempt=2)]})


def test_an_attempt_is_paid_once(role: Connection) -> None:
    decide(role, "resend")
    resend(role)
    with refused(role, TakenAlready):
        enter(role, rows={"payment": [payment(attempt=2, order=73)]})
    with refused(role, TakenAlready):
        enter(role, rows={"payment": [payment(attempt=1, award=THIRD, order=73)]})


@pytest.mark.parametrize("attempt", [3, 4])
def test_no_attempt_is_skipped(role: Connection, attempt: int) -> None:
    """R-064: each attempt has a return and a decision of its own before it."""
    decide(role, "resend")
    with refused(role, OutOfOrder):
        enter(role, rows={"payment": [payment(attempt=attempt)]})
    resend(role)
    with refused(role, OutOfOrder):
        enter(role, rows={"payment": [payment(attempt=attempt, item=2)]})


def test_what_was_resent_is_not_decided_again(role: Connection) -> None:
    decide(role, "resend")
    resend(role)
    with refused(role, OutOfOrder) as caught:
        enter(role, rows={"resolution": [resolution("refund_by_term", version=2)]})
    assert str(caught.error) == f"award {FIRST} was already sent again after attempt 1"


def test_an_item_of_an_order_is_one_payment(role: Connection) -> None:
    with refused(role, TakenAlready):
        enter(role, rows={"payment": [payment(attempt=1, award=20_000_009, order=71, item=2)]})


def line_match(version: int, line: int = 1) -> dict[str, Any]:
    own = {"line_number": line, "version": version, "placed_in": 1, "placed_entry": 5}
    return own | {"matched_as": "return", "reference": "1", "rule": "test"}


def test_a_statement_line_has_one_match_in_force(role: Connection) -> None:
    with refused(role, TakenAlready) as caught:
        enter(role, rows={"line_match": [line_match(1)]}, book=0)
    assert str(caught.error) == "this statement line was placed already; nothing was changed"
    with refused(role, driver.ForeignKeyViolation):
        enter(role, rows={"line_match": [line_match(3)]}, book=0)
    enter(role, rows={"line_match": [line_match(2)]}, book=0)
    with refused(role, TakenAlready):
        enter(role, rows={"line_match": [line_match(2)]}, book=0)


def test_a_match_is_of_a_line_that_came(role: Connection) -> None:
    with refused(role, driver.ForeignKeyViolation):
        enter(role, rows={"line_match": [line_match(1, line=99)]}, book=0)


def test_a_line_of_a_statement_is_known_by_what_it_says(role: Connection) -> None:
    """Two equal lawful lines of a day are told apart by their place; the same line in another file is known."""
    line = role.execute(text("SELECT * FROM esep.statement_line WHERE line_number = 1")).one()._asdict()
    with refused(role, TakenAlready):
        enter(role, rows={"statement_line": [line | {"line_number": 90, "file_line": 7}]}, book=0)
    enter(role, rows={"statement_line": [line | {"line_number": 90, "occurrence": 2}]}, book=0)


def test_a_statement_adds_up(role: Connection) -> None:
    head = role.execute(text("SELECT * FROM esep.statement")).one()._asdict()
    with refused(role, driver.CheckViolation):
        wrong = head | {"statement_number": 2, "sha256": b"\x01" * 32, "closing": head["closing"] + 1}
        enter(role, rows={"statement": [wrong]}, book=0)


def test_a_transfer_is_received_once(role: Connection) -> None:
    """E39: number, date, BIN and amount are its identity, whatever number we give it."""
    row = role.execute(text("SELECT * FROM esep.transfer")).one()._asdict()
    with refused(role, NotPermitted) as caught:
        enter(role, rows={"transfer": [row | {"transfer_number": 9, "line_number": 9}]})
    assert str(caught.error) == "transfer 145 of 14.03.2024 is in the books already"
    enter(role, rows={"transfer": [row | {"transfer_number": 9, "amount": 1}]})


def need(after: int, upto: int, number: int = 2) -> dict[str, Any]:
    own = {"need_number": number, "aid_kind": "A", "due_month": MONTH, "formed_on": day(12)}
    return own | {"after_entry": after, "upto_entry": upto, "count": 1, "amount": 1}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (need(0, 2), TakenAlready),
        (need(0, 9), TakenAlready),
        (need(1, 9), driver.ForeignKeyViolation),
        (need(5, 9), driver.ForeignKeyViolation),
        (need(2, 2), driver.CheckViolation),
        (need(-1, 9), driver.CheckViolation),
    ],
    ids=["the same again", "from the beginning again", "an overlap", "a gap", "nothing", "before the beginning"],
)
def test_no_award_line_is_needed_twice(role: Connection, row: dict[str, Any], expected: type[Exception]) -> None:
    """The month's need took the lines of entry 2; the next one begins there."""
    with refused(role, expected):
        enter(role, rows={"need": [row]})
    enter(role, rows={"need": [need(2, 9)]})
    enter(role, rows={"need": [need(0, 9, number=3) | {"aid_kind": "B"}]})


def test_a_need_is_requested_once(role: Connection) -> None:
    row = {"request_number": 2, "reference": "AST-2024-0002", "sent_on": day(13), "amount": 1}
    with refused(role, TakenAlready) as caught:
        enter(role, rows={"request": [row], "request_need": [{"need_number": 1, "request_number": 2}]})
    assert str(caught.error) == "this need was requested already; nothing was changed"
    with refused(role, TakenAlready):
        enter(role, rows={"request": [row | {"reference": REQUEST}]})


def test_a_return_is_told_once(role: Connection) -> None:
    def notice(after: int, upto: int, number: int) -> dict[str, Any]:
        own = {"notice_number": number, "sent_on": day(20), "after_entry": after, "upto_entry": upto}
        return own | {"count": 1, "amount": 1}

    enter(role, rows={"return_notice": [notice(0, 7, 1)]})
    for row, expected in ((notice(0, 9, 2), TakenAlready), (notice(3, 9, 2), driver.ForeignKeyViolation)):
        with refused(role, expected):
            enter(role, rows={"return_notice": [row]})
    enter(role, rows={"return_notice": [notice(7, 9, 2)]})


def award(role: Connection, **changes: Any) -> dict[str, Any]:
    query = text("SELECT * FROM esep.award_line WHERE award_number = :award AND version = 1")
    return dict(role.execute(query, {"award": FIRST}).one()._asdict()) | changes


def test_a_version_of_an_award_follows_the_one_before_it(role: Connection) -> None:
    for version in (3, 4):
        with refused(role, OutOfOrder) as caught:
            enter(role, rows={"award_line": [award(role, version=version)]})
        assert str(caught.error) == f"version {version} of award {FIRST} has no version before it"
    enter(role, rows={"award_line": [award(role, version=2)]})
    with refused(role, TakenAlready):
        enter(role, rows={"award_line": [award(role, version=2)]})
    enter(role, rows={"award_line": [award(role, version=3)]})


def test_an_award_is_known_by_person_kind_month_and_decision(role: Connection) -> None:
    with refused(role, TakenAlready):
        enter(role, rows={"award_line": [award(role, award_number=77)]})
    enter(role, rows={"award_line": [award(role, award_number=77, decision_number="2024-second")]})


@pytest.mark.parametrize(
    "changes",
    [{"amount": 0}, {"amount": -1}, {"iin": "12345"}, {"iban": "KZ00"}, {"version": 0}],
)
def test_an_award_that_cannot_be_is_refused(role: Connection, changes: dict[str, Any]) -> None:
    with refused(role, driver.CheckViolation):
        enter(role, rows={"award_line": [award(role, award_number=77, decision_number="x") | changes]})


def test_a_month_that_was_not_opened_takes_no_awards(role: Connection) -> None:
    with refused(role, driver.CheckViolation) as caught:
        enter(role, rows={"award_line": [award(role, due_month=day(1, 5))]})
    assert "no partition" in str(caught.error)


def test_an_order_and_its_reference_are_given_once(role: Connection) -> None:
    row = role.execute(text("SELECT * FROM esep.payment_order")).one()._asdict()
    for changes in ({"order_number": 72}, {"reference": "GCVP-00100000072"}):
        with refused(role, TakenAlready):
            enter(role, rows={"payment_order": [row | changes]})
    assert row["reference"] == FILE


def test_a_row_for_an_entry_of_the_past_names_the_entry(role: Connection) -> None:
    """Of the tables whose foreign keys are looked at first: with all keys right, the seal refuses."""
    rows: dict[str, dict[str, Any]] = {
        "line_match": line_match(2) | {"authority_id": 0, "entry_number": 2},
        "resolution": resolution("resend") | {"authority_id": 1, "entry_number": 7},
        "transfer_placing": {"transfer_number": 1, "request_number": 1, "aid_kind": "B", "amount": 1},
        "refund": {"order_number": 71, "aid_kind": "A", "reference": "x", "amount": 1},
    }
    for table, row in rows.items():
        with refused(role, LedgerError) as caught:
            posting.append(role, table, [{"authority_id": 1, "entry_number": 2} | row])
        assert str(caught.error).endswith(f"is sealed, {table} takes no more rows for it")
