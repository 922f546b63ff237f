"""Beginnings of months for the tests of deadlines, and the board that they are looked at on."""

from datetime import date

from ledgers import deadlines
from ledgers.deadlines import Obligation
from tests.ledgers.stories import Story
from tests.ledgers.story_rows import day

EACH = 18_460_00


def board(story: Story, on: date) -> dict[tuple[str, str], Obligation]:
    with story.desk.database.begin() as connection:
        return {(one.rule, one.subject): one for one in deadlines.board(connection, on, 1)}


def april(number: int) -> date:
    return date(2024, 4, number)


def with_kind(story: Story, periodicity: str, memorial_day: str = "") -> None:
    kind = {"code": "M", "version": 1, "name_kk": "-", "name_ru": "-", "purpose": "-"}
    own = kind | {"periodicity": periodicity, "memorial_day": memorial_day}
    story.enter("setup_imported", day(1), {"aid_kind_version": [own]})


def asked(story: Story, people: int = 3) -> None:
    story.set_up()
    story.awards({("A", "HSBKKZKX"): people})
    story.request({"A": people * EACH})


def arrived(story: Story, document: str, on: date, version: int = 1) -> None:
    row = {"document": document, "number": 1, "version": version, "arrived_on": on}
    story.enter("document_arrived", on, {"arrival": [row]})
