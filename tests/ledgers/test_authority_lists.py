"""Both sides of a month's list in the books: the list in force, matches by hand, our transfers and refund orders."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from ledgers import authority_lists
from ledgers.authority_lists import HandMatch, ListHead, ListLine
from ledgers.db import Database
from reconcile.desk import Desk
from tests.ledgers.stories import Story
from tests.ledgers.story_rows import MONTH, day

LAST = date(2024, 3, 31)
APRIL = date(2024, 4, 1)


def own(database: Database, first: date = MONTH, last: date = LAST) -> list[tuple[Any, ...]]:
    with database.begin() as connection:
        orders = authority_lists.own_orders(connection, 1, first, last)
    return [(one.side, one.number, one.order_number, one.ordered_on, one.moved_on, one.parts) for one in orders]


def test_our_side_of_the_golden_month(desk: Desk) -> None:
    """Two transfers and one refund order of two people, debited on its day."""
    Story(desk).golden()
    assert own(desk.database) == [
        ("transfer", 1, "145", day(14), day(14), (("A", 1_846_000_00),)),
        ("transfer", 2, "146", day(14), day(14), (("B", 295_360_00),)),
        ("refund", 77, "77", day(29), day(29), (("A", 36_920_00),)),
    ]
    assert own(desk.database, APRIL, date(2024, 4, 30)) == []


def test_what_no_request_took_is_a_part_without_a_kind(desk: Desk) -> None:
    """E34: received 2 141 630,00 for 2 141 360,00."""
    story = Story(desk)
    story.set_up()
    story.awards()
    story.request({"A": 1_846_000_00, "B": 295_360_00})
    story.transfer("145", "A", 1_846_000_00, day(14), excess=270_00)
    assert own(desk.database) == [("transfer", 1, "145", day(14), day(14), (("A", 1_846_000_00), ("", 270_00)))]


def test_a_refund_that_was_not_debited_has_no_day(desk: Desk) -> None:
    story = Story(desk)
    story.set_up()
    story.awards()
    story.request({"A": 1_846_000_00, "B": 295_360_00})
    story.transfer("145", "A", 1_846_000_00, day(14))
    story.settle(story.send("A", "HSBKKZKX", [20_000_001], day(18)), day(18))
    story.come_back("A", "HSBKKZKX", [20_000_001], day(19), "шот жабылған")
    story.resolve(20_000_001, "refund", day(27))
    story.refund([20_000_001], day(29))
    story.statement()
    assert own(desk.database)[1:] == [("refund", 72, "72", day(29), None, (("A", 18_460_00),))]


def head(number: int, **values: Any) -> ListHead:
    usual: dict[str, Any] = {
        "month": MONTH,
        "document": "letter",
        "count": 1,
        "transferred": 1,
        "refunded": 0,
        "sha256": bytes(32),
    }
    return ListHead(**(usual | {"list_number": number} | values))


LINE = ListLine(
    line=2, side="transfer", order_number="145", order_date=day(14), amount=1, aid_kind="", comment="түсінік"
)


def rows_of(number: int, month: date = MONTH) -> dict[str, list[dict[str, Any]]]:
    one = head(number, month=month)
    heading = {name: getattr(one, name) for name in ListHead.__dataclass_fields__}
    line = {name: getattr(LINE, name) for name in ListLine.__dataclass_fields__}
    return {"authority_list": [heading], "authority_list_line": [line | {"list_number": number}]}


def test_the_last_list_of_a_month_is_in_force(desk: Desk) -> None:
    story = Story(desk)
    story.set_up()
    for number, month in ((1, MONTH), (2, APRIL), (3, MONTH)):
        story.enter("list_imported", day(14), rows_of(number, month))
    with desk.database.begin() as connection:
        assert authority_lists.next_list_number(connection, 1) == 4
        in_force = authority_lists.in_force(connection, 1)
        assert authority_lists.lines(connection, 1, 3) == [LINE]
        assert authority_lists.lists(connection, 1, MONTH) == [head(1), head(3)]
    assert [(month, one.list_number) for month, one in in_force.items()] == [(MONTH, 3), (APRIL, 2)]


def test_the_last_word_about_a_line_counts(desk: Desk) -> None:
    story = Story(desk)
    story.set_up()
    story.enter("list_imported", day(14), rows_of(1))
    for version, number in enumerate((4, 0), start=1):
        match = {"list_number": 1, "line": 2, "version": version, "number": number, "reason": "хат"}
        story.enter("list_matched", day(14), {"authority_list_match": [match]})
    with desk.database.begin() as connection:
        expected = {2: HandMatch(line=2, version=2, number=0, reason="хат")}
        assert authority_lists.hand_matches(connection, 1, 1) == expected


def test_a_line_of_no_list_is_refused_by_the_database(desk: Desk) -> None:
    story = Story(desk)
    story.set_up()
    match = {"list_number": 9, "line": 1, "version": 1, "number": 1, "reason": "x"}
    with pytest.raises(IntegrityError, match="authority_list_match"):
        story.enter("list_matched", day(14), {"authority_list_match": [match]})
