"""Every rule of the order has at least two cases here that the order's own edge cases lack.

The list of rules is kept here: a rule with fewer than two rows fails. Ids are those of the rule with a number, like
R-033/2; 1.10 and 1.11 are the machines of states and the control sums.
"""

from collections import Counter

import pytest

from tests.procedure import (
    rule_actors,
    rule_decisions,
    rule_documents,
    rule_frame,
    rule_money,
    rule_readings,
    rule_states,
    rule_terms,
)
from tests.procedure.table import Row, parameters, prove, wrong_weekdays

_PAGE = """
R-001 R-002 R-003 R-004 R-005 R-006 R-007
R-010 R-011 R-012 R-013 R-014 R-015 R-016 R-017
R-020 R-021 R-022 R-023 R-024 R-025 R-026 R-027
R-030 R-031 R-032 R-033 R-034
R-040 R-041 R-042 R-043 R-044
R-050 R-051 R-052
R-060 R-061 R-062 R-063 R-064 R-065
R-070 R-071 R-072 R-073
AMB-1 AMB-2 AMB-3 AMB-4 AMB-5 AMB-6 AMB-7 AMB-8 AMB-9 AMB-10 AMB-11 AMB-12 AMB-13 AMB-14 AMB-15
1.10-decision 1.10-need 1.10-request 1.10-transfer 1.10-payment 1.10-act 1.10-statement 1.10-period
1.11
"""
RULES = _PAGE.split()

TABLES = (rule_actors, rule_decisions, rule_documents, rule_frame, rule_money, rule_readings, rule_states, rule_terms)
ROWS: list[Row] = [row for module in TABLES for row in module.CASES.rows]


def test_every_rule_has_two_new_cases() -> None:
    counts = Counter(row.id.rpartition("/")[0] for row in ROWS)
    assert set(counts) <= set(RULES)
    assert {rule: counts[rule] for rule in RULES if counts[rule] < 2} == {}


def test_the_cases_of_a_rule_are_numbered() -> None:
    for rule in RULES:
        numbers = sorted(int(row.id.rpartition("/")[2]) for row in ROWS if row.id.rpartition("/")[0] == rule)
        assert numbers == list(range(1, len(numbers) + 1)), rule


def test_every_row_is_proved() -> None:
    assert [row.id for row in ROWS if row.proof is None or not (row.given and row.expected)] == []


def test_the_weekdays_in_the_rows_are_right() -> None:
    assert wrong_weekdays(ROWS) == {}


@pytest.mark.parametrize("row", parameters(ROWS))
def test_rule(row: Row, request: pytest.FixtureRequest) -> None:
    prove(row, request)
