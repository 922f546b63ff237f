"""What the database refuses of claims, carry-overs and returns, to who works on the books and to their owner."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from psycopg import errors as driver
from sqlalchemy import Connection, text

from ledgers import claims, db, open_returns
from ledgers.errors import LedgerError, NotPermitted, OutOfOrder, Overdrawn, TakenAlready
from reconcile.archive import Archive
from reconcile.desk import Desk
from tests.ledgers.books import (
    EACH,
    FIRST,
    MONTH,
    Rows,
    balances,
    claim_paid,
    claimed,
    day,
    decided,
    enter,
    gone,
    payment,
    refused,
    resolution,
    returned,
)
from tests.ledgers.conftest import NewBooks, SharedBooks
from tests.ledgers.stories import Story

SECOND, THIRD = 20_000_002, 20_000_003
FEE = 460_00


@pytest.fixture(scope="module")
def shared(new_books: NewBooks, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedBooks]:
    """Three people were paid, the first two payments came back; file 72 was refused by the bank."""
    with new_books() as location, db.opened(location) as database, db.owned(location) as owner:
        archive = Archive(tmp_path_factory.mktemp("archive"))
        story = Story(Desk(database=database, archive=archive, actor="tester", today=day(14)))
        story.set_up()
        story.awards({("A", "HSBKKZKX"): 3})
        story.request({"A": 3 * EACH})
        story.transfer("145", "A", 3 * EACH, day(14))
        story.settle(story.send("A", "HSBKKZKX", [FIRST, SECOND], day(18)), day(18))
        story.come_back("A", "HSBKKZKX", [FIRST, SECOND], day(19), "шот жабылған")
        story.send("A", "HSBKKZKX", [THIRD], day(19))
        refusal = {"order_number": 72, "refused_on": day(19), "reference": "MT905", "code": "01"}
        story.enter("file_refused", day(19), {"order_refusal": [refusal | {"reason": "-", "sha256": bytes(32)}]})
        story.statement()
        yield SharedBooks(location, database.engine, owner)


def key(award: int = FIRST, attempt: int = 1) -> dict[str, Any]:
    return {"due_month": MONTH, "award_number": award, "attempt": attempt}


def claim(amount: int = FEE, award: int = FIRST) -> Rows:
    return {"return_claim": [key(award) | {"amount": amount, "reason": "fee"}]}


def paid(amount: int = FEE, award: int = FIRST, line: int = 1) -> Rows:
    return {"return_claim_paid": [key(award) | {"amount": amount, "line_number": line}]}


def carried(award: int = FIRST, month: date = MONTH, reason: str = "себеп") -> Rows:
    return {"carry_over": [key(award) | {"month": month, "reason": reason}]}


REFUSED: list[tuple[str, Rows, type[Exception]]] = [
    ("a claim for what did not come back", claim(award=THIRD), driver.ForeignKeyViolation),
    ("a claim for nothing", claim(amount=0), driver.CheckViolation),
    ("money for what nobody claims", paid(award=SECOND), driver.ForeignKeyViolation),
    ("a carry-over of what did not come back", carried(award=THIRD), driver.ForeignKeyViolation),
    ("a carry-over without a reason", carried(reason=""), driver.CheckViolation),
    ("a carry-over from a day, not a month", carried(month=day(29)), driver.CheckViolation),
]


@pytest.mark.parametrize(("rows", "error"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_makes_no_sense_is_refused(role: Connection, rows: Rows, error: type[Exception]) -> None:
    with refused(role, error):
        enter(role, rows=rows)


TWICE: list[tuple[str, list[Rows], Rows, str]] = [
    ("a claim", [claim()], claim(1), "what the bank kept of this return is claimed already"),
    ("a line", [claim(), claim(FEE, SECOND), paid()], paid(1, SECOND), "this statement line paid a claim already"),
    ("a carry-over", [carried()], carried(reason="тағы"), "this return is carried over already"),
]


@pytest.mark.parametrize(("before", "again", "sentence"), [row[1:] for row in TWICE], ids=[row[0] for row in TWICE])
def test_the_same_is_not_recorded_twice(role: Connection, before: list[Rows], again: Rows, sentence: str) -> None:
    for rows in before:
        enter(role, rows=rows)
    with refused(role, TakenAlready) as caught:
        enter(role, rows=again)
    assert str(caught.error) == f"{sentence}; nothing was changed"


def test_a_return_is_carried_over_from_each_month_anew(role: Connection) -> None:
    enter(role, rows=carried())
    enter(role, rows=carried(month=day(1, 4)))
    assert open_returns.carried_over(role, 1, MONTH) == open_returns.carried_over(role, 1, day(1, 4)) == {f"P{FIRST}/1"}


def test_a_bank_pays_no_more_than_is_claimed_of_it_nor_before(role: Connection) -> None:
    enter(role, claimed(FEE), on=day(20), rows=claim())
    with refused(role, Overdrawn) as caught:
        enter(role, claim_paid(FEE + 1), on=day(21), rows=paid(FEE + 1))
    assert (caught.error.code, caught.error.reference, caught.error.balance) == ("claim", f"P{FIRST}/1", -1)
    with refused(role, Overdrawn):
        enter(role, claim_paid(FEE), on=day(19), rows=paid())
    with refused(role, Overdrawn):
        enter(role, claim_paid(1, f"P{SECOND}/1"), on=day(21), rows=paid(1))
    enter(role, claim_paid(FEE), returned(FEE), on=day(21), rows=paid())
    [found] = claims.claims(role, [1])
    assert (found.amount, found.paid, found.open, found.bic) == (FEE, FEE, 0, "HSBKKZKX")
    assert "claim" not in balances(role)
    assert claims.paid_by_line(role, 1) == (1, f"P{FIRST}/1", FEE)
    assert claims.paid_by_line(role, 2) is None


def test_a_claim_is_no_money(role: Connection) -> None:
    """Neither is it paid out, nor does it count for the cash of the book."""
    before = balances(role)
    enter(role, claimed(FEE), rows=claim())
    assert balances(role) == before | {"claim": FEE, "claims": FEE}
    with refused(role, Overdrawn) as caught:
        enter(role, decided("refund_decided", EACH + FEE, f"P{FIRST}/1"), on=day(27))
    assert caught.error.code == "returned"


def test_what_was_refunded_by_term_is_not_resent(role: Connection) -> None:
    enter(role, decided("refund_by_term", EACH), on=day(29), rows={"resolution": [resolution("refund_by_term")]})
    with refused(role, OutOfOrder):
        enter(role, gone("payment_resent", EACH), on=day(29), rows={"payment": [payment(attempt=2, order=73)]})


def test_what_was_in_a_refused_file_cannot_come_back(role: Connection) -> None:
    row = key(THIRD) | {"return_number": 9, "item": 1, "amount": EACH}
    with refused(role, NotPermitted) as caught:
        enter(role, rows={"returned_payment": [row]})
    assert f"payment P{THIRD}/1 was in a file that the bank refused" in str(caught.error)


CHANGES = ["UPDATE esep.{} SET attempt = attempt", "DELETE FROM esep.{}", "TRUNCATE esep.{} CASCADE"]


@pytest.mark.parametrize("table", ["return_claim", "return_claim_paid", "carry_over"])
@pytest.mark.parametrize("change", CHANGES)
def test_nothing_of_it_is_changed_later(shared: SharedBooks, table: str, change: str) -> None:
    statement = change.format(table)
    for name in ("worker", "owner"):
        with shared.undone(name) as connection:
            enter(connection, claimed(FEE), rows=claim())
            enter(connection, claim_paid(FEE), rows=paid())
            enter(connection, rows=carried())
            expected = LedgerError if name == "owner" else driver.InsufficientPrivilege
            with refused(connection, expected):
                connection.execute(text(statement))
