"""Breaks in the books: nothing is written off, whoever asks: a closing without what closed it is refused."""

from collections.abc import Mapping
from typing import Any

import pytest
from psycopg import errors as driver
from sqlalchemy import Connection, text

from ledgers import breaks, posting
from ledgers.breaks import CLOSING, Event
from ledgers.differences import Difference
from ledgers.errors import NotPermitted
from ledgers.journal import EntryDraft
from tests.ledgers.books import day, enter, refused, waiting

FOUND = Difference(
    authority_id=0, kind="debit_without_file", subject="S7", amount=100, happened_on=day(18), reason="no file"
)


def opened(connection: Connection, occurrence: int = 1, number: int = 1) -> int:
    """A break in book 0; returns the entry number that is next."""
    posting.lock(connection, [0])
    entry = posting.next_number(connection, 0)
    breaks.append_items(connection, entry, [(number, occurrence, FOUND)])
    sealed(connection, entry, "breaks_found")
    return entry + 1


def sealed(connection: Connection, entry: int, kind: Any, actor: str = "tester") -> None:
    draft = EntryDraft(
        kind=kind,
        booked_on=day(18),
        value_date=day(18),
        actor=actor,
        source_key=f"test:{entry}",
        source_digest=bytes(32),
        summary="-",
    )
    posting.seal(connection, 0, entry, draft, ["break_item", "break_event"])


def step(number: int, action: Any, **said: Any) -> Event:
    given: Mapping[str, Any] = {"note": "-"} | said
    return Event(break_number=1, step=number, action=action, happened_on=day(18), **given)


@pytest.mark.parametrize("action", sorted(CLOSING))
def test_nothing_is_closed_without_what_closed_it(role: Connection, action: str) -> None:
    entry = opened(role)
    with refused(role, driver.CheckViolation):
        breaks.append_events(role, 0, entry, [step(1, action)])


@pytest.mark.parametrize("action", ["written_off", "closed", ""])
def test_nothing_is_written_off(role: Connection, action: str) -> None:
    entry = opened(role)
    with refused(role, driver.CheckViolation):
        breaks.append_events(role, 0, entry, [step(1, action, reference="entry 1")])


def test_a_posting_that_is_not_in_the_book_closes_nothing(role: Connection) -> None:
    entry = opened(role)
    with refused(role, NotPermitted):
        breaks.append_events(role, 0, entry, [step(1, "posted", reference="entry 99")])


def test_what_is_closed_takes_nothing_but_its_reopening(worker: Connection) -> None:
    entry = opened(worker)
    breaks.append_events(worker, 0, entry, [step(1, "cleared", reference="entry 1")])
    sealed(worker, entry, "breaks_worked")
    with refused(worker, NotPermitted):
        breaks.append_events(worker, 0, entry + 1, [step(2, "noted")])
    breaks.append_events(worker, 0, entry + 1, [step(2, "reopened")])
    sealed(worker, entry + 1, "breaks_worked")
    (one,) = breaks.states(worker, 0)
    assert (one.action, one.is_closed, one.step) == ("reopened", False, 2)
    assert [each.event.action for each in breaks.steps(worker, 0, 1)] == ["cleared", "reopened"]


def test_the_same_difference_is_open_once(worker: Connection) -> None:
    entry = opened(worker)
    with refused(worker, NotPermitted):
        breaks.append_items(worker, entry, [(2, 2, FOUND)])
    breaks.append_events(worker, 0, entry, [step(1, "cleared", reference="entry 1")])
    sealed(worker, entry, "breaks_worked")
    opened(worker, occurrence=2, number=2)
    assert breaks.latest(breaks.states(worker, 0))["debit_without_file", "S7"].break_number == 2
    (looked,) = breaks.looked(worker, 0)
    assert (looked.booked_on, looked.since) == (day(18), 0)


@pytest.mark.parametrize("approver", ["tester", "somebody else"])
def test_a_posting_closes_a_break_only_for_who_did_not_make_it(role: Connection, approver: str) -> None:
    """The database holds it, whoever writes beside the verbs (E105)."""
    moved = enter(role, waiting(100), book=0, key="moved", on=day(18))
    entry = opened(role)

    def close() -> None:
        breaks.append_events(role, 0, entry, [step(1, "posted", reference=f"entry {moved}")])
        sealed(role, entry, "breaks_worked", actor=approver)

    if approver == "somebody else":
        close()
        role.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        assert breaks.states(role, 0)[0].is_closed
        return
    with refused(role, NotPermitted) as caught:
        close()
    assert "somebody else has to approve it" in str(caught.error)
