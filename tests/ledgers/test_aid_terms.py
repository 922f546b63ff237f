"""The size of a kind by its index and the day that counts (E97, E99, E100), and what the database refuses of a term."""

from datetime import date
from typing import Any

import pytest
from psycopg import errors as driver
from sqlalchemy import Connection

from ledgers import aid_terms, posting
from ledgers.aid_terms import AidTerm, ExpectedAmounts, MrpDay, expected_amounts
from ledgers.rates import BUILT_IN, Rates
from tests.ledgers.books import refused


def term(**values: Any) -> AidTerm:
    return AidTerm(authority_id=1, code="A", **values)


def expected_amount(
    term: AidTerm, known: Rates, decided_on: date, memorial_on: date | None, paid_on: date
) -> int | None:
    """By the day that counts for the kind."""
    amounts = expected_amounts(term, known, decided_on, memorial_on, paid_on)
    return None if amounts is None else amounts.by(term.mrp_day)


FIVE = term(mrp_hundredths=500)
MAY_DAY, DECIDED, PAID = date(2020, 5, 1), date(2020, 3, 10), date(2020, 4, 27)


def test_e99_the_index_changed_between_decision_and_payment() -> None:
    """E99: aid for 01.05.2020, decision 10.03.2020, 5 MRP; the setting decides, both are shown."""
    amounts = expected_amounts(FIVE, BUILT_IN, DECIDED, MAY_DAY, PAID)
    assert amounts == ExpectedAmounts(decision=13_255_00, memorial=13_890_00, payment=13_890_00)
    assert not amounts.is_one


@pytest.mark.parametrize(
    ("mrp_day", "amount"), [("decision", 13_255_00), ("memorial", 13_890_00), ("payment", 13_890_00)]
)
def test_e99_the_day_that_counts_is_the_kinds_own(mrp_day: MrpDay, amount: int) -> None:
    own = term(mrp_hundredths=500, mrp_day=mrp_day)
    assert expected_amount(own, BUILT_IN, DECIDED, MAY_DAY, PAID) == amount


@pytest.mark.parametrize(
    ("size", "day", "amount"),
    [
        ({"mrp_hundredths": 500}, date(2024, 3, 5), 18_460_00),  # the golden month
        ({"mrp_hundredths": 200}, date(2024, 3, 5), 7_384_00),
        ({"mrp_hundredths": 500}, date(2024, 2, 1), 18_460_00),  # E97: 18 640,00 was a slip
        ({"mrp_hundredths": 2000}, date(2023, 12, 29), 69_000_00),  # E61
        ({"mrp_hundredths": 3600}, date(2019, 8, 30), 90_900_00),  # 9(6) by its figure
        ({"mrp_hundredths": 3_600_000}, date(2019, 8, 30), 90_900_000_00),  # and by its words
        ({"mrp_hundredths": 150}, date(2024, 1, 1), 5_538_00),
        ({"mrp_hundredths": 1}, date(2024, 1, 1), 36_92),
        ({"fixed_amount": 20_000_00}, date(2024, 1, 1), 20_000_00),
        ({}, date(2024, 1, 1), None),
    ],
)
def test_the_size_of_a_payment(size: dict[str, int], day: date, amount: int | None) -> None:
    assert expected_amount(term(**size), BUILT_IN, day, None, day) == amount


def test_e100_an_indexation_brings_differences_for_the_months_since() -> None:
    """E100: indexed from 01.04.2022, paid from 01.06.2022: lines for the difference of April and May."""
    monthly = term(mrp_hundredths=500, mrp_day="payment")
    paid = [expected_amount(monthly, BUILT_IN, date(2022, 1, 5), None, day) for day in (date(2022, 3, 1),)]
    indexed = [
        expected_amount(monthly, BUILT_IN, date(2022, 6, 1), None, day) for day in (date(2022, 4, 1), date(2022, 5, 1))
    ]
    assert (paid, indexed) == ([15_315_00], [15_900_00, 15_900_00])
    assert [amount - paid[0] for amount in indexed if amount and paid[0]] == [585_00, 585_00]


def test_a_kind_without_a_term_is_always_valid_free_and_active(worker: Connection) -> None:
    found = aid_terms.by_code(worker, 1, ["A"])["A"]
    assert (found.is_free, found.is_active, found.mrp_day) == (True, True, "decision")
    assert found.valid_from < date(2015, 1, 1) < date(2100, 1, 1) < found.valid_to


@pytest.mark.parametrize(("hundredths", "text"), [(500, "5"), (250, "2.5"), (1, "0.01"), (3600, "36"), (1205, "12.05")])
def test_indexes_are_written_as_people_write_them(hundredths: int, text: str) -> None:
    assert aid_terms.mrp_text(hundredths) == text


ROW = {
    "authority_id": 1,
    "entry_number": 1,
    "code": "A",
    "version": 1,
    "valid_from": date(2024, 1, 1),
    "valid_to": date(2024, 12, 31),
    "mrp_hundredths": 500,
    "fixed_amount": 0,
    "mrp_day": "decision",
    "programme": "",
    "source_system": "",
    "needs_category": False,
    "payment_days": "",
    "is_active": True,
    "note": "",
}


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"is_active": False}, driver.CheckViolation),
        ({"fixed_amount": 1}, driver.CheckViolation),
        ({"valid_to": date(2023, 12, 31)}, driver.CheckViolation),
        ({"mrp_day": "holiday"}, driver.CheckViolation),
        ({"mrp_hundredths": -1}, driver.CheckViolation),
        ({"version": 2}, driver.ForeignKeyViolation),
    ],
    ids=["inactive without a reason", "two sizes", "ends before it begins", "no such day", "below zero", "a gap"],
)
def test_the_database_refuses_a_term_that_means_nothing(
    role: Connection, wrong: dict[str, Any], error: type[Exception]
) -> None:
    with refused(role, error):
        posting.append(role, "aid_kind_term", [ROW | wrong])
