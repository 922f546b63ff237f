"""Every case of the order's edge cases is a row here, with its days and tiyn as they are given there.

The lists of ids are kept here: a case without a row fails, and so does a row that nothing proves. What waits for a part
of the product that is not there yet is named with the reason.
"""

import pytest

from tests.procedure import case_acts, case_days, case_files, case_money, case_registers, case_returns
from tests.procedure.table import Row, parameters, prove, wrong_weekdays

SECTIONS = {
    "7.1": "E01 E02 E03 E05 E07 E08 E10 E11 E12 E14 E15 E16 E18 E19 E21 E23 E24 E25 E26 E28 E29 E31",
    "7.2": "E32 E34 E35 E37 E39 E40",
    "7.3": "E41 E42 E44 E45 E46 E48 E49 E50 E52",
    "7.4": "E53 E54 E56 E58 E59 E61 E62 E64 E65 E67",
    "7.5": "E68 E69 E71 E72 E73 E75 E76 E77 E80 E81",
    "7.6": "E82 E84 E86 E87 E89 E91 E92 E93 E95 E96 E97 E99 E100 E102 E104",
}
"""Section -> ids of its cases."""

LATER = ["E89", "E91", "E93", "E102", "E104"]
"""Cases of controls C01 to C21 of payment registers and of imported reports, which the product does not have yet."""

TABLES = {
    "7.1": case_days.CASES,
    "7.2": case_money.CASES,
    "7.3": case_files.CASES,
    "7.4": case_returns.CASES,
    "7.5": case_acts.CASES,
    "7.6": case_registers.CASES,
}
ROWS: list[Row] = [row for table in TABLES.values() for row in table.rows]


@pytest.mark.parametrize("section", SECTIONS)
def test_every_case_has_one_row_in_its_section(section: str) -> None:
    assert [row.id for row in TABLES[section].rows] == SECTIONS[section].split()


def test_every_row_is_proved_or_says_what_it_waits_for() -> None:
    assert [row.id for row in ROWS if row.proof is None] == LATER
    assert [row.id for row in ROWS if row.proof is None and len(row.later.split()) < 5] == []
    assert [row.id for row in ROWS if not (row.given and row.expected)] == []


def test_the_weekdays_in_the_rows_are_right() -> None:
    assert wrong_weekdays(ROWS) == {}


@pytest.mark.parametrize("row", parameters(ROWS))
def test_case(row: Row, request: pytest.FixtureRequest) -> None:
    prove(row, request)
