"""The control equation by kind and bank, from two sources: funded = paid + not resent + refunded + transit + held."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, text

from ledgers import db, equation
from ledgers.equation import EquationRow, Terms
from ledgers.journal import Event
from tests.ledgers.stories import REQUEST, Story
from tests.ledgers.story_rows import day
from tests.ledgers.test_verify import tamper

LAST = date(2024, 3, 31)
ITEM = 18_460_00
HALYK, KASPI, KAZPOST = "HSBKKZKX", "CASPKZKA", "KPSTKZKA"


@pytest.fixture
def story(golden: Story) -> Story:
    return golden


@pytest.fixture
def owner(golden_location: db.Location) -> Iterator[Engine]:
    with db.owned(golden_location) as engine:
        yield engine


def rows(story: Story, last: date = LAST) -> dict[tuple[str, str], EquationRow]:
    with story.desk.database.begin() as connection:
        return {(row.aid_kind, row.bic): row for row in equation.rows(connection, 1, last)}


def differences(story: Story, last: date = LAST) -> list[tuple[str, str, str, int, int]]:
    with story.desk.database.begin() as connection:
        found = equation.differences(connection, 1, last)
    return [(one.term, one.reference, one.bic, one.register, one.ledger) for one in found]


def total(story: Story, last: date = LAST) -> Terms:
    whole = equation.total(rows(story, last).values())
    assert whole.holds, differences(story, last)
    assert whole.register == whole.ledger
    return whole.register


def test_the_golden_month_by_kind_and_bank(story: Story) -> None:
    """1.11: 2 141 360,00 = 2 104 440,00 paid + 36 920,00 refunded; what Halyk returned and Kaspi got is Kaspi's."""
    assert total(story) == Terms(funded=2_141_360_00, paid=2_104_440_00, refunded=36_920_00)
    found = {place: row.register for place, row in rows(story).items() if row.register != Terms()}
    assert found == {
        ("A", HALYK): Terms(funded=59 * ITEM, paid=58 * ITEM, refunded=ITEM),
        ("A", KASPI): Terms(funded=31 * ITEM, paid=31 * ITEM),
        ("A", KAZPOST): Terms(funded=10 * ITEM, paid=9 * ITEM, refunded=ITEM),
        ("B", HALYK): Terms(funded=184_600_00, paid=184_600_00),
        ("B", KASPI): Terms(funded=110_760_00, paid=110_760_00),
    }


WHOLE, BACK = 2_141_360_00, 3 * ITEM
DAYS = [
    (13, Terms(), "nothing came yet"),
    (14, Terms(funded=WHOLE, held=WHOLE), "received, not sent: at no bank"),
    (18, Terms(funded=WHOLE, paid=WHOLE), "sent and debited on one day"),
    (19, Terms(funded=WHOLE, paid=WHOLE - BACK, not_resent=BACK), "three came back"),
    (27, Terms(funded=WHOLE, paid=WHOLE - BACK, not_resent=ITEM, held=2 * ITEM), "one to resend, two due back"),
    (28, Terms(funded=WHOLE, paid=WHOLE - 2 * ITEM, held=2 * ITEM), "the one is paid at last"),
    (29, Terms(funded=WHOLE, paid=WHOLE - 2 * ITEM, refunded=2 * ITEM), "the two went back"),
]


@pytest.mark.parametrize(("on", "expected", "why"), DAYS, ids=[str(on) for on, _, _ in DAYS])
def test_it_is_told_as_it_stands_at_the_end_of_a_day(story: Story, on: int, expected: Terms, why: str) -> None:
    assert total(story, day(on)) == expected, why


def test_a_file_that_is_not_debited_is_in_transit(story: Story) -> None:
    """A fourth return goes again on 2 April: in transit in April, and a leftover of March still in March."""
    story.come_back("A", KASPI, [20_000_061], day(30), "шот жабылған")
    assert total(story).not_resent == ITEM
    story.resolve(20_000_061, "resend", date(2024, 4, 2))
    story.send("A", KASPI, [20_000_061], date(2024, 4, 2), attempt=2)
    assert total(story).not_resent == ITEM, "March stands as it stood"
    april = total(story, date(2024, 4, 30))
    assert (april.not_resent, april.in_transit) == (0, ITEM)
    assert rows(story, date(2024, 4, 30))["A", KASPI].register.in_transit == ITEM


def test_money_that_nobody_can_place_and_excess_fund_nothing(story: Story) -> None:
    """R-041: money above the request is of no kind."""
    story.unidentified(500_00, day(30))
    assert total(story).funded == WHOLE


def test_another_book_is_not_looked_at(story: Story) -> None:
    with story.desk.database.begin() as connection:
        assert equation.rows(connection, 2, LAST) == []


def wrong_posting(story: Story, rule: str, debit: str, credit: str) -> None:
    """An entry with a posting that no register row asked for."""
    event = Event(rule=rule, aid_kind="A", debit_reference=debit, credit_reference=credit, amount=1)
    story.enter("reversed", day(31), {}, [event])


POSTED: list[tuple[str, str, str, list[tuple[str, str, str, int, int]]]] = [
    (
        "transfer_placed",
        "",
        REQUEST,
        [
            ("funded", REQUEST, "", 0, 1),
            ("held", REQUEST, "", 0, 1),
        ],
    ),
    (
        "return_received",
        "",
        "P20000007/1",
        [("not_resent", "P20000007/1", "", 0, 1), ("paid", "P20000007/1", "", 0, -1)],
    ),
]


@pytest.mark.parametrize(("rule", "debit", "credit", "expected"), POSTED, ids=[row[0] for row in POSTED])
def test_a_posting_without_its_row_is_named(
    story: Story, rule: str, debit: str, credit: str, expected: list[tuple[str, str, str, int, int]]
) -> None:
    """A direct posting of one tiyn: the ledger adds up for itself, the register does not know of it."""
    wrong_posting(story, rule, debit, credit)
    assert differences(story) == expected
    found = rows(story)["A", ""]
    assert not found.holds
    assert found.register.missing == found.ledger.missing == 0


Named = tuple[str, str]
TAMPERED: list[tuple[str, str, tuple[str, str], list[Named], Callable[[EquationRow], Any]]] = [
    (
        "a payment of one tiyn more",
        "UPDATE esep.payment SET amount = amount + 1 WHERE award_number = 20000007",
        ("A", HALYK),
        [("funded", "GCVP-00100000071"), ("paid", "GCVP-00100000071")],
        lambda row: (row.register.missing, row.ledger.missing),
    ),
    (
        "a refund of one tiyn less",
        "UPDATE esep.refund SET amount = amount - 1 WHERE reference = 'P20000002/1'",
        ("A", HALYK),
        [("held", "P20000002/1"), ("refunded", "P20000002/1")],
        lambda row: (row.register.held - 1, row.ledger.held),
    ),
    (
        "a decision turned from refund to resend",
        "UPDATE esep.resolution SET outcome = 'resend' WHERE award_number = 20000002",
        ("A", HALYK),
        [("held", "P20000002/1"), ("not_resent", "P20000002/1")],
        lambda row: (row.register.not_resent - ITEM, row.ledger.not_resent),
    ),
    (
        "a refund posted to another account",
        "UPDATE esep.posting SET rule = 'refund_by_term' WHERE rule = 'refund_sent'",
        ("A", KAZPOST),
        [("refunded", "P20000002/1"), ("refunded", "P20000091/1")],
        lambda row: (row.register.missing, row.ledger.missing - ITEM),
    ),
]


@pytest.mark.parametrize(("what", "statement", "place", "named", "zeros"), TAMPERED, ids=[row[0] for row in TAMPERED])
def test_a_changed_row_breaks_the_equation_and_is_named(
    story: Story,
    owner: Engine,
    what: str,
    statement: str,
    place: tuple[str, str],
    named: list[Named],
    zeros: Callable[[EquationRow], Any],
) -> None:
    """By the owner of the tables, with the triggers off."""
    tamper(owner, statement)
    row = rows(story)[place]
    assert not row.holds, what
    assert {(term, reference) for term, reference, *_ in differences(story)} >= set(named)
    assert zeros(row) == (0, 0)


def test_people_on_hold_are_told_for_information(story: Story) -> None:
    """An award on hold without a payment: nothing of it is in a term."""
    with story.desk.database.begin() as connection:
        assert equation.waiting(connection, 1, LAST) == []
        query = "SELECT iin FROM esep.award_line WHERE award_number = 20000002 AND version = 1"
        iin = connection.execute(text(query)).scalar_one()
    hold = {
        "hold_number": 1,
        "iin": iin,
        "award_number": 0,
        "reason": "other",
        "placed_on": day(30),
        "document": "",
        "note": "",
    }
    story.enter("hold_placed", day(30), {"hold": [hold]})
    with story.desk.database.begin() as connection:
        found = equation.waiting(connection, 1, LAST)
    assert [(one.aid_kind, one.bic, one.count, one.amount) for one in found] == [("A", HALYK, 1, ITEM)]
