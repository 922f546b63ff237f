"""What starts a deadline: decisions by their kind, requests by the day they arrive."""

from datetime import date

import pytest

from ledgers.journal import Event
from reconcile.desk import Desk
from tests.ledgers.due import EACH, april, arrived, asked, board, with_kind
from tests.ledgers.stories import REQUEST, Rows, Story
from tests.ledgers.story_rows import MONTH, day

ACTOR = "tester"


@pytest.fixture
def story(desk: Desk) -> Story:
    return Story(desk)


# --- Needs and decisions ----------------------------------------------------------------------------------------------


NEEDS = [
    # periodicity, memorial day, due month, arrival, rule, nominal, due
    ("monthly", "", april(1), day(11), "R-032", day(27), day(27)),
    ("quarterly", "", april(1), day(27), "R-032", day(27), day(27)),
    ("monthly", "", april(1), day(28), "R-032", april(27), april(26)),  # carried to the next 27th, a Saturday
    ("monthly", "", day(1), day(4), "R-032", day(27), day(27)),
    ("one_off", "", day(1), day(12), "R-031", day(12), day(12)),
    ("memorial", "05-09", date(2024, 5, 1), day(12), "R-030", april(29), april(29)),
    ("memorial", "03-21", day(1), day(15), "R-030", day(15), day(15)),  # an additional list: on the day it comes
]


@pytest.mark.parametrize(("periodicity", "memorial", "month", "arrival", "rule", "nominal", "due"), NEEDS)
def test_decisions_start_the_term_of_their_kind(
    story: Story, periodicity: str, memorial: str, month: date, arrival: date, rule: str, nominal: date, due: date
) -> None:
    """R-030 to R-032, S3 p.16, 6.5."""
    story.set_up()
    with_kind(story, periodicity, memorial)
    batch = {"aid_kind": "M", "due_month": month, "count": 1, "amount": EACH}
    number = story.enter("awards_imported", arrival, {"award_batch": [batch]})
    own = board(story, arrival)[rule, f"awards M {month:%Y-%m}/{number}"]
    assert (own.started_on, own.nominal, own.due, own.met_on) == (arrival, nominal, due, None)
    formed = {"need_number": 1, "formed_on": due, "after_entry": 0, "upto_entry": number}
    story.enter("need_formed", due, {"need": [batch | formed]})
    met = board(story, due)
    assert met[rule, own.subject].met_on == due
    assert met["R-033", "need 1"].met_on is None


def test_a_need_whose_decisions_were_all_cancelled_is_not_owed(story: Story) -> None:
    story.set_up()
    story.awards({("A", "HSBKKZKX"): 2})
    first, second = ({"due_month": MONTH, "award_number": number} for number in (20_000_001, 20_000_002))
    said = {"document": "-", "reason": "шешім күшін жойды"}
    story.enter("awards_cancelled", day(12), {"award_cancellation": [first | said | {"cancelled_on": day(12)}]})
    key = ("R-030", "awards A 2024-03/2")
    assert board(story, day(13))[key].state == "overdue"
    assert board(story, day(13))[key].late_by == 2
    story.enter("awards_cancelled", day(13), {"award_cancellation": [second | said | {"cancelled_on": day(13)}]})
    assert board(story, day(13))[key].met_on == day(13)


# --- The authority's money --------------------------------------------------------------------------------------------


def test_money_that_comes_late_starts_the_next_term_late(story: Story) -> None:
    """E31: request on Tue 12.03.2024, money on Mon 18.03: 2 working days late; paid on until Wed 20.03."""
    asked(story)
    late = board(story, day(15))["R-040", REQUEST]
    assert (late.due, late.state, late.late_by) == (day(14), "overdue", 1)
    story.transfer("145", "A", 3 * EACH, day(18))
    found = board(story, day(18))
    own = found["R-040", REQUEST]
    assert (own.met_on, own.late_by, own.state, own.met_by) == (day(18), 2, "met", ACTOR)
    paid = found["R-050", "transfer 1/A"]
    assert (paid.started_on, paid.due, paid.state) == (day(18), day(20), "open")


def test_a_part_of_the_money_does_not_meet_the_term(story: Story) -> None:
    """R-041: the last part does, whenever it comes."""
    asked(story)
    story.transfer("145", "A", EACH, day(14))
    assert board(story, day(15))["R-040", REQUEST].met_on is None
    story.transfer("146", "A", 2 * EACH, day(15))
    own = board(story, day(15))["R-040", REQUEST]
    assert (own.met_on, own.late_by) == (day(15), 1)


def test_on_an_earlier_day_the_board_is_as_it_was(golden: Story) -> None:
    own = board(golden, day(13))["R-040", REQUEST]
    assert (own.met_on, own.state) == (None, "soon")
    assert ("R-050", "transfer 1/A") not in board(golden, day(13))


def asked_for_april(story: Story) -> None:
    """A request for a kind of April that is sent on Wednesday the 27th of March."""
    story.set_up()
    with_kind(story, "monthly")
    batch = {"aid_kind": "M", "due_month": april(1), "count": 1, "amount": EACH}
    number = story.enter("awards_imported", day(20), {"award_batch": [batch]})
    formed = {"need_number": 1, "formed_on": day(27), "after_entry": 0, "upto_entry": number}
    story.enter("need_formed", day(27), {"need": [batch | formed]})
    request = {"request_number": 1, "reference": REQUEST, "sent_on": day(27), "amount": EACH}
    event = Event(rule="request_sent", aid_kind="M", debit_reference=REQUEST, amount=EACH)
    rows: Rows = {"request": [request], "request_need": [{"need_number": 1, "request_number": 1}]}
    story.enter("request_sent", day(27), rows, [event])


def transfer_terms(story: Story, on: date) -> list[tuple[str, int, date | None, date | None]]:
    found = board(story, on).values()
    return [(o.rule, o.version, o.earliest, o.due) for o in found if o.rule in ("R-040", "R-042")]


def test_the_day_of_arrival_decides_which_rule_a_request_is_under(story: Story) -> None:
    """R-043: sent on the 27th the request is under R-040; it arrived on the 28th, so it is under R-042."""
    asked_for_april(story)
    assert transfer_terms(story, day(28)) == [("R-040", 1, None, day(29))]
    arrived(story, "request", day(28))
    assert transfer_terms(story, day(28)) == [("R-042", 1, april(2), april(3))]
    assert board(story, day(28))["R-042", REQUEST].state == "waiting"
    arrived(story, "request", day(27), version=2)  # the first word was right after all
    assert transfer_terms(story, day(29)) == [("R-040", 2, None, day(29))]


def test_money_meets_the_rule_that_the_request_is_under(story: Story) -> None:
    asked_for_april(story)
    arrived(story, "request", day(28))
    story.transfer("145", "M", EACH, april(4))
    own = board(story, april(4))["R-042", REQUEST]
    assert (own.met_on, own.late_by) == (april(4), 1)
