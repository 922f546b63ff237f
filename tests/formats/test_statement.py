"""The neutral statement: signs of the marks, the proof of the balances, and how one statement follows another."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats.errors import Code
from formats.statement import (
    MARKS,
    AccountStatement,
    Continuity,
    Mark,
    Movement,
    continuity,
    effect,
    wrong_total,
)

JUNE_30 = AccountStatement(
    account="KZ286017A99999999910",
    currency="KZT",
    number="31",
    date_from=date(2026, 6, 30),
    date_to=date(2026, 6, 30),
    opening=100_000,
    closing=125_000,
    movements=(Movement(line=1, mark="C", amount=25_000, reference="A"),),
)


def after(first: date, last: date | None = None, **fields: Any) -> AccountStatement:
    """A statement without movements behind that of June 30."""
    return replace(
        JUNE_30,
        number="32",
        date_from=first,
        date_to=last or first,
        opening=125_000,
        closing=125_000,
        movements=(),
        **fields,
    )


@pytest.mark.parametrize(
    ("mark", "sign", "why"),
    [
        ("C", 1, "money came in"),
        ("D", -1, "money went out"),
        ("RC", -1, "what came in was taken back"),
        ("RD", 1, "what went out came back"),
        ("EC", 0, "it is only expected to come in"),
        ("ED", 0, "it is only expected to go out"),
    ],
)
def test_marks_have_their_signs(mark: Mark, sign: int, why: str) -> None:
    assert effect(mark) == sign, why
    assert Movement(line=1, mark=mark, amount=250).change == sign * 250
    assert mark in MARKS


def test_sums_of_a_statement_count_reversals_by_what_they_do() -> None:
    marks: tuple[Mark, ...] = ("C", "D", "RC", "RD", "EC", "ED")
    movements = tuple(Movement(line=at, mark=mark, amount=10**at) for at, mark in enumerate(marks, 1))
    statement = replace(JUNE_30, movements=movements)
    assert (statement.credited, statement.debited) == (10 + 10_000, 100 + 1_000)


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(-(10**9), 10**9)))
def test_right_balance_has_no_fault_and_a_wrong_one_says_the_figures(opening: int, changes: list[int]) -> None:
    closing = opening + sum(changes)
    figures = (opening, sum(changes), len(changes))
    assert wrong_total(*figures, closing, line=9, place=":62F:") == []
    [fault] = wrong_total(*figures, closing + 1, line=9, place=":62F:")
    assert (fault.code, fault.line) == (Code.BALANCE, 9)
    assert fault.expected.endswith(f"and {len(changes)} movements (difference 0,01)")


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        (after(date(2026, 7, 1)), "the next day, in the next month"),
        (after(date(2026, 7, 6)), "days without movements need no statement: balances and numbers agree"),
        (replace(after(date(2026, 7, 1)), number="40"), "numbers may be of many accounts: no day is missing"),
        (replace(after(date(2026, 7, 6)), number="A-9"), "a number that is none says nothing"),
        (after(date(2026, 6, 30)), "two statements of one day, the second going on where the first ended"),
    ],
)
def test_statement_follows_the_one_before(statement: AccountStatement, why: str) -> None:
    assert continuity(JUNE_30, statement) is None, why


@pytest.mark.parametrize(
    ("statement", "kind", "days", "difference", "missing", "why"),
    [
        (replace(after(date(2026, 7, 4)), opening=130_000), "gap", 3, 5_000, 0, "three days in neither"),
        (replace(after(date(2026, 7, 4)), number="34"), "gap", 3, 0, 2, "days and numbers are missing, balances agree"),
        (replace(after(date(2026, 7, 1)), opening=124_999), "gap", 0, -1, 0, "only the balances differ"),
        (replace(after(date(2026, 7, 1)), number="33", opening=0), "gap", 0, -125_000, 1, "a number is missing"),
        (JUNE_30, "overlap", 1, -25_000, 0, "the same statement again"),
        (after(date(2026, 6, 29), date(2026, 7, 1)), "overlap", 2, 0, 0, "days in both, though the balances agree"),
    ],
)
def test_gap_or_overlap_is_given_with_its_figures(
    statement: AccountStatement, kind: str, days: int, difference: int, missing: int, why: str
) -> None:
    found = continuity(JUNE_30, statement)
    assert found is not None, why
    assert (found.kind, found.days, found.difference, found.numbers_missing) == (kind, days, difference, missing), why
    assert (found.closing_before, found.opening) == (125_000, statement.opening)


def test_same_statement_whose_movements_make_nothing_is_an_overlap() -> None:
    there_and_back = (Movement(line=1, mark="C", amount=5), Movement(line=2, mark="D", amount=5))
    statement = replace(JUNE_30, closing=100_000, movements=there_and_back)
    found = continuity(statement, statement)
    assert found is not None
    assert (found.kind, found.days, found.difference) == ("overlap", 1, 0)


def test_numbers_begin_anew_at_new_year() -> None:
    december = replace(JUNE_30, number="365", date_from=date(2025, 12, 31), date_to=date(2025, 12, 31))
    january = after(date(2026, 1, 3))
    assert continuity(december, replace(january, number="1")) is None
    assert continuity(december, replace(january, number="900")) is None
    found = continuity(december, replace(january, opening=1))
    assert found is not None
    assert (found.days, found.numbers_missing) == (2, 0)


def test_finding_reads_like_a_sentence() -> None:
    gap = Continuity(kind="gap", days=1, closing_before=125_000, opening=-50, difference=-125_050, numbers_missing=2)
    assert str(gap) == (
        "gap of 1 day, 2 statement numbers missing: closed with 1250,00, opens with -0,50, difference -1250,50"
    )


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (replace(JUNE_30, account="KZ986017A99999999911"), "expected one account and currency"),
        (replace(JUNE_30, currency="USD"), "expected one account and currency"),
        (replace(JUNE_30, opening=None), "expected a closing balance and an opening balance"),
    ],
)
def test_statements_that_say_nothing_of_each_other_are_refused(statement: AccountStatement, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        continuity(JUNE_30, statement)
