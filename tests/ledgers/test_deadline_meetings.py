"""What meets a deadline: files that banks took, notices, outcomes, and nothing that is left open."""

from datetime import date
from typing import Any

import pytest

from ledgers import posting
from ledgers.journal import EntryDraft, Event
from reconcile.desk import Desk
from tests.ledgers.due import EACH, april, arrived, asked, board
from tests.ledgers.stories import REQUEST, Story
from tests.ledgers.story_rows import MONTH, day

ACTOR = "tester"


@pytest.fixture
def story(desk: Desk) -> Story:
    return Story(desk)


# --- Paying on --------------------------------------------------------------------------------------------------------


def test_a_rest_that_pays_nobody_is_no_debt(story: Story) -> None:
    """E32 in small: two are paid, what is less than an item waits; one more tiyn less than an item changes nothing."""
    asked(story)
    story.transfer("145", "A", 2 * EACH + 100, day(14))
    assert board(story, day(18))["R-050", "transfer 1/A"].state == "due today"
    story.send("A", "HSBKKZKX", [20_000_001, 20_000_002], day(18))
    assert board(story, day(18))["R-050", "transfer 1/A"].met_on == day(18)
    story.transfer("146", "A", EACH - 101, day(19))
    assert board(story, day(19))["R-050", "transfer 2/A"].met_on == day(19)
    story.transfer("147", "A", 1, day(20))
    assert board(story, day(20))["R-050", "transfer 3/A"].met_on is None


def test_a_person_on_hold_is_not_owed_in_time(story: Story) -> None:
    asked(story, 1)
    story.transfer("145", "A", EACH, day(14))
    key = ("R-050", "transfer 1/A")
    assert board(story, day(19))[key].state == "overdue"
    with story.desk.database.begin() as connection:
        iin = connection.exec_driver_sql("SELECT iin FROM esep.award_line").scalar_one()
    hold = {"hold_number": 1, "iin": iin, "award_number": 0, "reason": "wanted", "placed_on": day(15)}
    story.enter("hold_placed", day(15), {"hold": [hold | {"document": "-", "note": "-"}]})
    assert board(story, day(19))[key].state == "met"
    ended = {"hold_number": 1, "ended_on": day(19), "document": "-", "note": "-"}
    story.enter("hold_ended", day(19), {"hold_end": [ended]})
    assert board(story, day(19))[key].state == "overdue"


def test_a_refused_file_has_paid_nobody(story: Story) -> None:
    asked(story, 1)
    story.transfer("145", "A", EACH, day(14))
    reference = story.send("A", "HSBKKZKX", [20_000_001], day(18))
    key = ("R-050", "transfer 1/A")
    assert board(story, day(18))[key].met_on == day(18)
    refusal = {"order_number": 71, "refused_on": day(19), "reference": "R905", "code": "1", "reason": "-"}
    back = Event(rule="payment_refused", aid_kind="A", debit_reference=reference, credit_reference=REQUEST, amount=EACH)
    story.enter("file_refused", day(19), {"order_refusal": [refusal | {"sha256": bytes(32)}]}, [back])
    own = board(story, day(19))[key]
    assert (own.met_on, own.state, own.late_by) == (None, "overdue", 1)


def test_a_transfer_that_was_turned_round_is_not_to_be_paid(story: Story) -> None:
    asked(story)
    number = story.transfer("145", "A", 3 * EACH, day(14))
    draft = EntryDraft(
        kind="reversed",
        booked_on=day(15),
        value_date=day(15),
        actor=ACTOR,
        source_key=f"undo:{number}",
        source_digest=bytes(32),
        summary="-",
        reverses=number,
    )
    with story.desk.database.begin() as connection:
        posting.reverse(connection, 1, number, draft)
    found = board(story, day(15))
    assert ("R-050", "transfer 1/A") not in found
    assert found["R-040", REQUEST].met_on is None


def test_what_is_placed_later_starts_on_the_day_it_is_placed(story: Story) -> None:
    asked(story)
    story.transfer("145", "A", 2 * EACH, day(14), excess=EACH)
    events = [
        Event(rule="transfer_identified", aid_kind="A", debit_reference="S1", credit_reference=REQUEST, amount=EACH),
        Event(rule="transfer_awaited", aid_kind="A", credit_reference=REQUEST, amount=EACH),
    ]
    placing = {"transfer_number": 1, "request_number": 1, "aid_kind": "A", "amount": EACH}
    number = story.enter("money_placed", day(19), {"transfer_placing": [placing]}, events)
    found = board(story, day(19))
    assert found["R-050", "transfer 1/A"].due == day(18)
    assert found["R-050", f"transfer 1/A/{number}"].due == day(26)  # 20.03 and 26.03
    story.send("A", "HSBKKZKX", [20_000_001, 20_000_002, 20_000_003], day(20))
    later = board(story, day(20))
    assert later["R-050", "transfer 1/A"].late_by == 2
    assert later["R-050", f"transfer 1/A/{number}"].late_by == 0


def test_payment_days_of_a_kind_bind_its_payments(story: Story) -> None:
    """AMB-8: received on Thu 14.03.2024, paid from 20 to 25."""
    story.set_up()
    numbers = {"mrp_hundredths": 0, "fixed_amount": 0, "needs_category": False, "is_active": True}
    texts = {"mrp_day": "decision", "programme": "", "source_system": "", "payment_days": "20-25", "note": ""}
    validity = {"valid_from": date(2024, 1, 1), "valid_to": date(2024, 12, 31)}
    own: dict[str, Any] = {"code": "A", "version": 1} | numbers | texts | validity
    story.enter("setup_imported", day(1), {"aid_kind_term": [own]})
    story.desk.database.open_months([MONTH.isoformat()])
    batch = {"aid_kind": "A", "due_month": MONTH, "count": 1, "amount": EACH}
    upto = story.enter("awards_imported", day(11), {"award_batch": [batch]})
    formed = {"need_number": 1, "formed_on": day(11), "after_entry": 0, "upto_entry": upto}
    story.enter("need_formed", day(11), {"need": [batch | formed]})
    request = {"request_number": 1, "reference": REQUEST, "sent_on": day(12), "amount": EACH}
    event = Event(rule="request_sent", aid_kind="A", debit_reference=REQUEST, amount=EACH)
    asked_need = [{"need_number": 1, "request_number": 1}]
    story.enter("request_sent", day(12), {"request": [request], "request_need": asked_need}, [event])
    story.transfer("145", "A", EACH, day(14))
    found = board(story, day(15))["R-050", "transfer 1/A"]
    assert (found.nominal, found.earliest, found.due) == (day(18), day(20), day(20))


# --- Returns ----------------------------------------------------------------------------------------------------------


def came_back(story: Story) -> None:
    """One of three payments comes back on Tuesday the 19th."""
    asked(story)
    story.transfer("145", "A", 3 * EACH, day(14))
    story.settle(story.send("A", "HSBKKZKX", [20_000_001, 20_000_002, 20_000_003], day(18)), day(18))
    story.come_back("A", "HSBKKZKX", [20_000_001, 20_000_002], day(19), "шот жабылған")


def notify(story: Story, on: date) -> None:
    with story.desk.database.begin() as connection:
        upto = posting.next_number(connection, 1) - 1
    notice = {"notice_number": 1, "sent_on": on, "after_entry": 0, "upto_entry": upto, "count": 2, "amount": 2 * EACH}
    story.enter("returns_notified", on, {"return_notice": [notice]})


def test_a_return_is_told_examined_and_ended(story: Story) -> None:
    """E07: data due 20.03.2024, got then the decision is due 28.03; it is there when the last one is."""
    came_back(story)
    assert board(story, day(20))["R-060", "return 1"].state == "due today"
    notify(story, day(20))
    found = board(story, day(20))
    assert found["R-060", "return 1"].met_on == day(20)
    assert (found["R-061", "notice 1"].due, found["R-061", "notice 1"].state) == (day(28), "open")
    story.resolve(20_000_001, "resend", day(27))
    assert board(story, day(27))["R-061", "notice 1"].met_on is None
    story.resolve(20_000_002, "refund", day(29))
    found = board(story, day(29))
    assert (found["R-061", "notice 1"].met_on, found["R-061", "notice 1"].late_by) == (day(29), 1)
    assert found["R-063", "return 1"].state == "due today"
    story.refund([20_000_002], day(29))
    assert board(story, day(29))["R-063", "return 1"].met_on is None
    story.send("A", "CASPKZKA", [20_000_001], day(29), attempt=2)
    found = board(story, day(29))
    assert found["R-063", "return 1"].met_on == day(29)
    assert [one.met_on for one in found.values() if one.rule == "R-064"] == [day(29)]


def test_data_on_returns_that_arrive_later_are_examined_later(story: Story) -> None:
    """R-061: three working days from their arrival, here Tue 26.03.2024 (E08)."""
    came_back(story)
    notify(story, day(20))
    arrived(story, "notice", day(26))
    own = board(story, day(26))["R-061", "notice 1"]
    assert (own.version, own.started_on, own.due) == (2, day(26), day(29))


def test_what_is_carried_over_is_due_at_the_next_months_end(story: Story) -> None:
    """AMB-5."""
    came_back(story)
    key = {"due_month": MONTH, "attempt": 1, "month": MONTH, "reason": "зерделенуде"}
    assert board(story, april(1))["R-063", "return 1"].state == "overdue"
    story.enter("carry_over_decided", day(29), {"carry_over": [key | {"award_number": 20_000_001}]})
    own = board(story, april(1))["R-063", "return 1"]
    assert (own.version, own.state) == (1, "overdue"), "the other person of the return is still due"
    story.enter("carry_over_decided", day(29), {"carry_over": [key | {"award_number": 20_000_002}]})
    own = board(story, april(1))["R-063", "return 1"]
    assert (own.version, own.due, own.state) == (2, april(30), "open")
    assert own.started_by == "carried over from 03.2024"


def test_an_answer_on_paper_counts(story: Story) -> None:
    came_back(story)
    notify(story, day(20))
    event = {"rule": "R-061", "subject": "notice 1", "event": "met", "happened_on": day(26), "note": "хат № 7"}
    story.enter("deadline_noted", day(26), {"deadline_event": [event]})
    assert board(story, day(26))["R-061", "notice 1"].met_on == day(26)
