"""What the database itself keeps from being sent, cancelled, refused or counted, whoever writes it."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, text

from ledgers import db
from ledgers.errors import NotPermitted, OutOfOrder
from ledgers.journal import Event
from reconcile.archive import Archive
from reconcile.desk import Desk
from tests.ledgers.books import FILE, FIRST, REQUEST, day, enter, refused
from tests.ledgers.conftest import NewBooks, SharedBooks
from tests.ledgers.stories import Story
from tests.ledgers.story_rows import MONTH, payment_order

EACH = 18_460_00
IN_FILE, RETURNED, UNSENT, OTHER = FIRST, FIRST + 1, FIRST + 2, FIRST + 3


@pytest.fixture(scope="module")
def shared(new_books: NewBooks, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedBooks]:
    """Four people and their money; one is out at the bank, one came back, two were not sent."""
    with new_books() as location, db.opened(location) as database, db.owned(location) as owner:
        folder = tmp_path_factory.mktemp("archive")
        story = Story(Desk(database=database, archive=Archive(folder), actor="tester", today=day(14)))
        story.set_up()
        story.awards({("A", "HSBKKZKX"): 4})
        story.request({"A": 4 * EACH})
        story.transfer("145", "A", 4 * EACH, day(14))
        story.send("A", "HSBKKZKX", [IN_FILE, RETURNED], day(18))
        story.come_back("A", "HSBKKZKX", [RETURNED], day(19), "шот жабылған")
        yield SharedBooks(location, database.engine, owner)


def payment(award: int, *, attempt: int = 1, order: int = 72) -> dict[str, Any]:
    own = {"due_month": MONTH, "award_number": award, "attempt": attempt, "version": 1}
    return own | {"order_number": order, "item": 1, "request_number": 1, "amount": EACH}


def send(role: Connection, award: int, *, attempt: int = 1, order: int = 72) -> None:
    rows = {
        "payment_order": [payment_order(order, "MT-102", "A", "HSBKKZKX", day(20), 1, EACH)],
        "payment": [payment(award, attempt=attempt, order=order)],
    }
    file = f"GCVP-001{order:08d}"
    event = Event(rule="payment_sent", aid_kind="A", debit_reference=REQUEST, credit_reference=file, amount=EACH)
    enter(role, event, rows=rows, on=day(20))


def iin(role: Connection, award: int) -> str:
    query = "SELECT iin FROM esep.award_line WHERE award_number = :award AND version = 1"
    return str(role.execute(text(query), {"award": award}).scalar_one())


def hold(role: Connection, award: int, *, whole: bool, number: int = 1) -> None:
    row = {"hold_number": number, "iin": iin(role, award), "award_number": 0 if whole else award, "reason": "death"}
    enter(role, rows={"hold": [row | {"placed_on": day(19), "document": "", "note": ""}]}, on=day(19))


def cancelled(award: int) -> dict[str, Any]:
    own = {"due_month": MONTH, "award_number": award, "cancelled_on": day(19)}
    return own | {"document": "", "reason": "қайта қаралды"}


def refusal(order: int = 71) -> dict[str, Any]:
    own = {"order_number": order, "refused_on": day(19), "reference": "", "code": "", "reason": "қате"}
    return own | {"sha256": bytes(32)}


def test_without_a_stop_the_payment_passes(role: Connection) -> None:
    send(role, UNSENT)


@pytest.mark.parametrize("whole", [True, False], ids=["the person", "the award"])
def test_nothing_that_is_on_hold_is_sent(role: Connection, whole: bool) -> None:
    hold(role, UNSENT, whole=whole)
    with refused(role, NotPermitted) as caught:
        send(role, UNSENT)
    assert str(caught.error) == f"award {UNSENT} is on hold: death, it cannot be sent"
    send(role, OTHER)


def test_a_hold_of_one_award_leaves_another_one(role: Connection) -> None:
    hold(role, OTHER, whole=False)
    send(role, UNSENT)


def test_what_is_no_longer_on_hold_is_sent(role: Connection) -> None:
    hold(role, UNSENT, whole=True)
    row = {"hold_number": 1, "ended_on": day(19), "document": "", "note": "анықталды"}
    enter(role, rows={"hold_end": [row]}, on=day(19))
    send(role, UNSENT)


def test_one_of_two_holds_still_stops(role: Connection) -> None:
    hold(role, UNSENT, whole=True)
    hold(role, UNSENT, whole=True, number=2)
    row = {"hold_number": 1, "ended_on": day(19), "document": "", "note": "анықталды"}
    enter(role, rows={"hold_end": [row]}, on=day(19))
    with refused(role, NotPermitted):
        send(role, UNSENT)


def test_nothing_that_was_cancelled_is_sent(role: Connection) -> None:
    enter(role, rows={"award_cancellation": [cancelled(UNSENT)]}, on=day(19))
    with refused(role, NotPermitted) as caught:
        send(role, UNSENT)
    assert str(caught.error) == f"award {UNSENT} is cancelled, it cannot be sent"


def test_what_is_out_at_a_bank_cannot_be_cancelled_and_what_came_back_can(role: Connection) -> None:
    with refused(role, NotPermitted) as caught:
        enter(role, rows={"award_cancellation": [cancelled(IN_FILE)]}, on=day(19))
    assert str(caught.error) == f"award {IN_FILE} was sent to the bank: it can only come back"
    enter(role, rows={"award_cancellation": [cancelled(RETURNED)]}, on=day(19))


def test_a_file_of_which_payments_came_back_was_taken(role: Connection) -> None:
    with refused(role, NotPermitted) as caught:
        enter(role, rows={"order_refusal": [refusal()]}, on=day(19))
    assert str(caught.error) == "payments of order 71 came back: the bank took it"


def test_a_payment_of_a_refused_file_cannot_come_back(role: Connection) -> None:
    send(role, UNSENT)
    enter(role, rows={"order_refusal": [refusal(72)]}, on=day(20))
    row = {"due_month": MONTH, "award_number": UNSENT, "attempt": 1, "return_number": 1, "item": 2, "amount": EACH}
    with refused(role, NotPermitted) as caught:
        enter(role, rows={"returned_payment": [row]}, on=day(20))
    assert str(caught.error) == f"payment P{UNSENT}/1 was in a file that the bank refused, it cannot come back"


def test_the_next_attempt_follows_a_refusal_and_nothing_less(role: Connection) -> None:
    send(role, UNSENT)
    with refused(role, OutOfOrder):
        send(role, UNSENT, attempt=2, order=73)
    back = Event(
        rule="payment_refused",
        aid_kind="A",
        debit_reference="GCVP-00100000072",
        credit_reference=REQUEST,
        amount=EACH,
    )
    enter(role, back, rows={"order_refusal": [refusal(72)]}, on=day(20))
    send(role, UNSENT, attempt=2, order=73)
    with refused(role, OutOfOrder):
        send(role, UNSENT, attempt=3, order=74)


def test_a_refusal_turns_back_no_more_than_was_sent(role: Connection) -> None:
    """The bank debited nothing of a refused file: transit holds exactly what was sent."""
    from ledgers.errors import Overdrawn

    back = Event(
        rule="payment_refused",
        aid_kind="A",
        debit_reference=FILE,
        credit_reference=REQUEST,
        amount=2 * EACH + 1,
    )
    with refused(role, Overdrawn):
        enter(role, back, on=day(20))


def test_after_a_refused_resend_nothing_is_paid_from_a_request(role: Connection) -> None:
    """The last attempt that a bank took came back: only its own money, and only by a resolution, goes again."""
    own = {"due_month": MONTH, "award_number": RETURNED, "attempt": 1, "version": 1, "number": "1", "award_version": 1}
    decided = own | {"outcome": "resend", "decided_on": day(19), "signer": "Басшы", "reason": "жаңа шот"}
    moved = Event(
        rule="resend_decided",
        aid_kind="A",
        debit_reference=f"P{RETURNED}/1",
        credit_reference=f"P{RETURNED}/1",
        amount=EACH,
    )
    enter(role, moved, rows={"resolution": [decided]}, on=day(19))
    again = Event(
        rule="payment_resent",
        aid_kind="A",
        debit_reference=f"P{RETURNED}/1",
        credit_reference="GCVP-00100000072",
        amount=EACH,
    )
    rows = {
        "payment_order": [payment_order(72, "MT-102", "A", "HSBKKZKX", day(20), 1, EACH)],
        "payment": [payment(RETURNED, attempt=2) | {"request_number": 0}],
    }
    enter(role, again, rows=rows, on=day(20))
    enter(role, rows={"order_refusal": [refusal(72)]}, on=day(20))
    with refused(role, OutOfOrder):
        send(role, RETURNED, attempt=3, order=73)
