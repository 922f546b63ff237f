"""Deadlines: what an entry starts, what meets it, and by how many working days it is late."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from ledgers import deadline_starts, posting
from ledgers.errors import EntrySealed
from ledgers.journal import EntryDraft
from ledgers.verify import verify
from reconcile.desk import Desk
from tests.ledgers.books import refused
from tests.ledgers.due import april, board
from tests.ledgers.stories import REQUEST, Story
from tests.ledgers.story_rows import MONTH, day

ACTOR = "tester"


@pytest.fixture
def story(desk: Desk) -> Story:
    return Story(desk)


GOLDEN = [
    # rule, subject, started, warning, due, met
    ("R-027", "decisions 2024-03-05/2", day(5), day(5), day(6), day(11)),
    ("R-030", "awards A 2024-03/2", day(11), day(11), day(11), day(11)),
    ("R-030", "awards B 2024-03/2", day(11), day(11), day(11), day(11)),
    ("R-033", "need 1", day(11), day(11), day(12), day(12)),
    ("R-033", "need 2", day(11), day(11), day(12), day(12)),
    ("R-040", REQUEST, day(12), day(13), day(14), day(14)),
    ("R-050", "transfer 1/A", day(14), day(15), day(18), day(18)),
    ("R-050", "transfer 2/B", day(14), day(15), day(18), day(18)),
    ("R-060", "return 1", day(19), day(19), day(20), None),
    ("R-060", "return 2", day(19), day(19), day(20), None),
    ("R-063", "return 1", day(19), day(28), day(29), day(29)),
    ("R-063", "return 2", day(19), day(28), day(29), day(29)),
    ("R-070", "2024-03", day(31), april(19), april(22), None),
    ("R-071", "2024-03", day(31), april(19), april(22), None),
]


def test_the_golden_month_by_name(golden: Story) -> None:
    """1.11: each deadline with its days; the story tells the authority of no return."""
    found = board(golden, april(1))
    resends = [found.pop(key) for key in list(found) if key[0] == "R-064"]
    told = [(o.rule, o.subject, o.started_on, o.warn, o.due, o.met_on) for o in found.values()]
    assert sorted(told) == sorted(GOLDEN)
    assert [(one.started_on, one.due, one.met_on) for one in resends] == [(day(27), day(29), day(28))]
    assert {one.met_by for one in found.values() if one.met_on} == {ACTOR}
    # Decisions of Tuesday the 5th arrive on Monday the 11th, due on the 6th: the 7th and the 11th were worked.
    assert {one.rule: one.late_by for one in found.values() if one.met_on and one.late_by} == {"R-027": 2}


def test_the_deadlines_are_proved_with_their_entries(golden: Story) -> None:
    with golden.desk.database.begin() as connection:
        assert verify(connection).is_sound


def test_nothing_joins_the_deadlines_of_a_sealed_entry(role: Connection) -> None:
    """Nor can anybody write a deadline without an entry that starts it."""
    number = _entered(role)
    with refused(role, EntrySealed):
        posting.append(role, "deadline", [deadline_row(number, "need 9")])


def _entered(connection: Connection) -> int:
    """An entry with a deadline, by hand; returns its number."""
    number = posting.next_number(connection, 1)
    posting.append(connection, "deadline", [deadline_row(number, "need 1")])
    draft = EntryDraft(
        kind="need_formed",
        booked_on=day(11),
        value_date=day(11),
        actor=ACTOR,
        source_key="need:1",
        source_digest=bytes(32),
        summary="-",
    )
    posting.seal(connection, 1, number, draft, ["deadline"])
    return number


def deadline_row(number: int, subject: str, version: int = 1) -> dict[str, Any]:
    days = {"started_on": day(11), "nominal": day(12), "earliest": None, "warn": day(11), "due": day(12)}
    key = {"authority_id": 1, "entry_number": number, "rule": "R-033", "subject": subject, "version": version}
    return key | days | {"started_by": subject, "calendar_version": 0}


def test_entries_that_start_nothing_ask_nothing() -> None:
    """A statement enters thousands of them."""
    kinds: list[Any] = ["file_settled", "money_unidentified", "statement_imported", "orders_sent", "refund_sent"]
    for kind in kinds:
        draft = EntryDraft(
            kind=kind,
            booked_on=day(1),
            value_date=day(1),
            actor=ACTOR,
            source_key="x",
            source_digest=bytes(32),
            summary="-",
        )
        nobody: Any = None
        assert not deadline_starts.enter(nobody, 1, 7, draft)


# --- Acts -------------------------------------------------------------------------------------------------------------


def test_acts_are_due_whether_or_not_anybody_began_with_them(golden: Story) -> None:
    """R-070, R-071, E25: from the month of the first entry on; computed until the month is closed, then a fact."""
    assert not [rule for rule, _ in board(golden, day(31)) if rule == "R-070"]
    found = board(golden, date(2024, 5, 2))
    live = [(o.subject, o.version, o.due) for o in found.values() if o.rule == "R-070"]
    assert live == [("2024-03", 0, april(22)), ("2024-04", 0, date(2024, 5, 20))]
    golden.enter("month_closed", april(2), {"month_lock": [{"month": MONTH, "closing_cash": 0}]})
    own = board(golden, april(22))["R-070", "2024-03"]
    assert (own.version, own.due, own.state) == (1, april(22), "due today")
    assert board(golden, april(23))["R-070", "2024-03"].late_by == 1


def test_an_act_is_signed_by_both_and_the_statement_is_sent(golden: Story) -> None:
    golden.enter("month_closed", april(2), {"month_lock": [{"month": MONTH, "closing_cash": 0}]})
    golden.enter("act_built", april(3), {"act": [{"month": MONTH}]})
    signature = {"month": MONTH, "act_number": 0}
    first = signature | {"role": "corporation", "signer": "Айгүл", "signed_on": april(4)}
    second = signature | {"role": "authority", "signer": "Әсел", "signed_on": april(24)}
    golden.enter("act_signed", april(4), {"act_signature": [first]})
    assert board(golden, april(24))["R-070", "2024-03"].state == "overdue"
    golden.enter("act_signed", april(24), {"act_signature": [second]})
    for role, signer in (("deputy", "Ерлан"), ("director", "Гүлнар")):
        own = signature | {"role": role, "signer": signer, "signed_on": april(19)}
        golden.enter("act_signed", april(19), {"act_signature": [own]})
    golden.enter("statement_sent", april(19), {"statement_sent": [{"month": MONTH, "sent_on": april(19)}]})
    found = board(golden, april(24))
    assert (found["R-070", "2024-03"].met_on, found["R-070", "2024-03"].late_by) == (april(24), 2)
    assert (found["R-071", "2024-03"].met_on, found["R-071", "2024-03"].late_by) == (april(19), 0)


# --- Noted by hand ----------------------------------------------------------------------------------------------------

OVERPAID = [
    # E86, E87: rule, start, earliest, due, met, working days late on 14.10.2019
    ("P-012", date(2019, 9, 6), None, date(2019, 9, 9), date(2019, 9, 9), 0),
    ("P-013", date(2019, 9, 9), None, date(2019, 9, 10), date(2019, 9, 11), 1),
    ("P-014", date(2019, 9, 10), date(2019, 9, 10), date(2019, 9, 10), None, 24),
    ("P-015", date(2019, 9, 10), None, date(2019, 10, 10), None, 2),
    ("P-016", date(2019, 9, 10), date(2019, 10, 11), None, None, 0),
]


@pytest.mark.parametrize(("rule", "start", "earliest", "due", "met", "late"), OVERPAID)
def test_terms_of_targeted_aid_are_noted(
    story: Story, rule: str, start: date, earliest: date | None, due: date | None, met: date | None, late: int
) -> None:
    story.desk = replace(story.desk, today=start)
    event = {"rule": rule, "subject": "overpayment 1", "event": "started", "happened_on": start, "note": "акт № 1"}
    story.enter("deadline_noted", start, {"deadline_event": [event]})
    if met:
        done = event | {"event": "met", "happened_on": met, "note": "хат № 2"}
        story.enter("deadline_noted", met, {"deadline_event": [done]})
    own = board(story, date(2019, 10, 14))[rule, "overpayment 1"]
    assert (own.earliest, own.due, own.met_on, own.late_by) == (earliest, due, met, late)
    assert own.started_by == "акт № 1"


def test_books_without_entries_have_no_deadlines(story: Story) -> None:
    assert board(story, day(1)) == {}


def test_a_second_version_follows_the_first(role: Connection) -> None:
    """AMB-15: what was computed before stays, and no version is left out."""
    number = posting.next_number(role, 1)
    with pytest.raises(IntegrityError, match="deadline_authority_id_rule_subject_ended_version_fkey"):
        posting.append(role, "deadline", [deadline_row(number, "need 1", version=2)])
