"""The pilot's cities and term are data (R-001 to R-003), and setup files may say otherwise."""

from datetime import date

import pytest

from ledgers.rule_sets import BUILT_IN, RuleSet

(PILOT,) = BUILT_IN


@pytest.mark.parametrize(
    ("day", "is_inside"),
    [
        (date(2023, 5, 31), False),
        (date(2023, 6, 1), True),  # relations from 01.06.2023, although the order is of 10.07.2023
        (date(2023, 6, 5), True),  # E29
        (date(2024, 5, 31), True),  # E28: the end is included
        (date(2024, 6, 3), False),  # E28
    ],
)
def test_both_ends_of_the_term_belong_to_it(day: date, is_inside: bool) -> None:
    assert PILOT.is_in_force(day) is is_inside


@pytest.mark.parametrize(
    ("places", "is_inside"),
    [
        (("Астана қаласы", ""), True),
        (("Алматы қаласы", "Медеу ауданы"), True),
        (("Алматы облысы", ""), False),  # the region is not the city
        (("Шымкент қаласы", ""), False),
        (("", ""), False),
    ],
)
def test_the_pilot_is_of_two_cities(places: tuple[str, ...], is_inside: bool) -> None:
    assert PILOT.is_of(*places) is is_inside


def test_a_district_may_be_a_place_of_its_own() -> None:
    rules = RuleSet(
        code="S3", valid_from=date(2015, 6, 29), valid_to=date(2021, 3, 29), places="Қарақия ауданы", basis="-"
    )
    assert rules.is_of("Маңғыстау облысы", "Қарақия ауданы")
    assert not rules.is_of("Маңғыстау облысы", "Бейнеу ауданы")
