"""The page of rules and the chart: every account is there, in the program and in the database alike."""

import re

import pytest
from sqlalchemy import Connection, text

from ledgers import rules
from ledgers.chart import CHART
from ledgers.rules import RULES, Rule

# What 100 stands for; in every book they make up cash together.
STANDS_FOR_CASH = {"funding", "unidentified", "transit", "returned", "resend", "refundable"}
ONLY_A_STATEMENT_LINE = {
    "transfer_placed",
    "money_unidentified",
    "file_settled",
    "return_received",
    "claim_received",
    "moved_out_cash",
    "moved_in_cash",
}


def test_the_chart_of_the_program_is_that_of_the_database(worker: Connection) -> None:
    columns = ("code", "number", "normal_side", "may_overdraw", "takes_kind", "takes_reference")
    rows = worker.execute(text(f"SELECT {', '.join(columns)} FROM esep.chart"))
    found = {row.code: tuple(row) for row in rows}
    assert found == {code: tuple(getattr(account, name) for name in columns) for code, account in CHART.items()}


def test_every_account_has_its_name_in_both_languages() -> None:
    assert all(account.name_kk and account.name_ru for account in CHART.values())
    assert [code for code, account in CHART.items() if account.code != code] == []


def test_every_rule_names_two_accounts_of_the_chart() -> None:
    for name, rule in RULES.items():
        assert rule.name == name
        assert {rule.debit, rule.credit} <= set(CHART)
        assert rule.debit != rule.credit


def test_a_rule_with_an_account_that_the_chart_lacks_is_refused() -> None:
    with pytest.raises(ValueError, match="rule bribe names account pocket, which the chart lacks"):
        Rule(name="bribe", debit="pocket", credit="cash")


def test_the_page_an_accountant_reads_is_the_table_the_program_uses() -> None:
    """The first lines of the module are the same rules, in the same order, in words."""
    page = rules.__doc__ or ""
    lines = re.findall(r"^ {4}\S.*?\s{2,}([a-z]+)(?:\[[A-Z]\])?\s{2,}([a-z]+)(?:\[[A-Z]\])?$", page, re.MULTILINE)
    assert lines.pop(0) == ("debit", "credit")
    assert lines == [(rule.debit, rule.credit) for rule in RULES.values()]


def test_cash_moves_by_a_statement_line_alone() -> None:
    assert {name for name, rule in RULES.items() if "cash" in {rule.debit, rule.credit}} == ONLY_A_STATEMENT_LINE


def test_no_rule_lets_cash_and_what_it_stands_for_part() -> None:
    """Each posting moves both sides of the equation alike; only `between` waits for its other half."""
    for rule in RULES.values():
        change = (rule.debit == "cash") - (rule.credit == "cash")
        owed = (rule.credit in STANDS_FOR_CASH) - (rule.debit in STANDS_FOR_CASH)
        between = (rule.credit == "between") - (rule.debit == "between")
        assert change == owed + between, rule.name


def test_accounts_are_opened_and_emptied() -> None:
    """Every limited account has a rule that brings money to it and one that takes it away."""
    for code, account in CHART.items():
        if not account.may_overdraw:
            assert any(rule.debit == code for rule in RULES.values()), code
            assert any(rule.credit == code for rule in RULES.values()), code
