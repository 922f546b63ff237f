"""How banks served a month: the golden month's figures, and what a refusal, a fee and open money make of them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text

from ledgers import bank_performance, db
from ledgers.bank_performance import Reason, median_halves
from ledgers.journal import Event
from reconcile import bank_report
from reconcile.bank_report import BankMonth, percent
from tests.ledgers.stories import Story
from tests.ledgers.story_rows import day

MARCH = (day(1), day(31))


APRIL = date(2024, 4, 1)


@pytest.fixture
def story(golden: Story) -> Story:
    return golden


@pytest.fixture
def told(golden_books: tuple[db.Location, Story]) -> Iterator[Story]:
    """The golden month itself, for a test that only looks."""
    with db.opened(golden_books[0]) as database:
        yield replace(golden_books[1], desk=replace(golden_books[1].desk, database=database))


def month_of(story: Story, month: date = MARCH[0], authority: str | None = None) -> dict[str, BankMonth]:
    with story.desk.database.begin() as connection:
        return {one.bank: one for one in bank_report.performance(connection, month, authority).banks}


def test_golden_month_by_banks_and_in_total(told: Story) -> None:
    """141 payments were sent, three came back: two of Halyk's, one of Kazpost's."""
    rows = month_of(told)
    assert list(rows)[-1] == "total"
    figures = {
        bank: (one.files, one.payments, one.returned, one.median_halves, one.longest, one.not_debited)
        for bank, one in rows.items()
    }
    assert figures == {
        "HSBKKZKX": (2, 85, 2, 0, 0, 0),
        "CASPKZKA": (3, 46, 0, 0, 0, 0),
        "KPSTKZKA": (1, 10, 1, 0, 0, 0),
        "total": (6, 141, 3, 0, 0, 0),
    }
    total = rows["total"]
    assert (total.sent_tiyn, total.returned_tiyn, total.unexplained) == (2_159_820_00, 55_380_00, 0)
    assert percent(total.returned, total.payments) == "2,1 %"


def test_reasons_are_grouped_in_words_made_alike(story: Story) -> None:
    story.come_back("A", "KPSTKZKA", [20_000_092], day(29), "  Алушы   ҚАЙТЫС болған!  ЖСН 900101300017 ")
    story.come_back("A", "KPSTKZKA", [20_000_093], day(29), "алушы қайтыс болған.")
    with story.desk.database.begin() as connection:
        found = bank_performance.reasons(connection, *MARCH)
    assert found == [
        Reason(bic="HSBKKZKX", reason="шот жабылған", count=2, amount=36_920_00),
        Reason(bic="KPSTKZKA", reason="алушы қайтыс болған", count=3, amount=55_380_00),
    ]


def test_another_month_and_another_authority_have_none_of_it(told: Story) -> None:
    april = month_of(told, APRIL)
    assert all((one.files, one.returned, one.unexplained) == (0, 0, 0) for one in april.values())
    assert month_of(told, authority="AST") == month_of(told)
    with told.desk.database.begin() as connection:
        result = bank_report.performance(connection, APRIL)
    assert bank_report.lines(result, tabs=False) == ["nothing was sent to a bank in 04.2024, and nothing is open"]


def test_days_are_working_days_and_what_is_not_debited_is_open(story: Story) -> None:
    """Sent on Thursday the 28th, debited on Tuesday the 2nd: Friday, Monday, Tuesday."""
    story.come_back("B", "HSBKKZKX", [20_000_101], day(20), "шот жабылған")
    story.resolve(20_000_101, "resend", day(27), kind="B")
    reference = story.send("B", "HSBKKZKX", [20_000_101], day(28), attempt=2)
    open_now = month_of(story)["HSBKKZKX"]
    assert (open_now.not_debited, open_now.transit_tiyn, open_now.files) == (1, 7_384_00, 3)
    story.settle(reference, date(2024, 4, 2))
    story.statement(date(2024, 4, 2), since=APRIL)
    later = month_of(story)["HSBKKZKX"]
    assert (later.not_debited, later.median_halves, later.longest) == (0, 0, 3)
    assert later.transit_tiyn == 7_384_00, "at the end of March it was open, whatever came later"
    assert month_of(story, APRIL)["HSBKKZKX"].transit_tiyn == 0


def test_a_refused_file_is_no_payment_and_is_counted_apart(story: Story) -> None:
    story.come_back("B", "CASPKZKA", [20_000_126], day(20), "шот жабылған")
    story.resolve(20_000_126, "resend", day(27), kind="B")
    reference = story.send("B", "CASPKZKA", [20_000_126], day(28), attempt=2)
    refusal = {
        "order_number": int(reference[-8:]),
        "refused_on": day(29),
        "reference": "R1",
        "code": "5",
        "reason": "түр",
        "sha256": bytes(32),
    }
    back = Event(
        rule="resend_refused",
        aid_kind="B",
        debit_reference=reference,
        credit_reference="P20000126/1",
        amount=7_384_00,
    )
    story.enter("file_refused", day(29), {"order_refusal": [refusal]}, [back])
    one = month_of(story)["CASPKZKA"]
    assert (one.files, one.payments, one.refused_files, one.refused_payments) == (3, 46, 1, 1)
    assert (one.transit_tiyn, one.not_debited) == (0, 0)


def test_what_a_bank_kept_of_returns_and_its_money_without_a_place(story: Story) -> None:
    claim = {"due_month": day(1), "award_number": 20_000_091, "attempt": 1, "amount": 500_00, "reason": "fee"}
    story.enter("return_placed", day(29), {"return_claim": [claim]})
    line = story.unidentified(70_00, day(29))
    story.lines[-1] |= {"counterparty_bin": "240140563011", "counterparty_bic": "KPSTKZKA"}
    other = story.unidentified(80_00, day(29))
    story.lines[-1] |= {"counterparty_bin": "230640999996", "counterparty_bic": "KPSTKZKA"}
    assert (line, other) == (line, line + 1)
    story.statement(since=day(29), opening=0)
    rows = month_of(story)
    kazpost = rows["KPSTKZKA"]
    assert (kazpost.claims, kazpost.claimed_tiyn, kazpost.claim_paid_tiyn) == (1, 500_00, 0)
    assert (kazpost.unidentified_tiyn, kazpost.unexplained) == (70_00, 70_00), "a customer of the bank is not the bank"
    assert (rows["total"].claimed_tiyn, rows["total"].unexplained) == (500_00, 70_00)


def test_the_report_has_a_row_for_each_bank_and_the_total(told: Story) -> None:
    with told.desk.database.begin() as connection:
        lines = bank_report.lines(bank_report.performance(connection, day(1)), tabs=True)
    cells = {row.split("\t")[0]: row.split("\t")[1:] for row in lines if "\t" in row}
    assert cells["total"][:4] == ["3", "2,1 %", f"55{chr(160)}380,00", "2,6 %"]
    assert sum(row.startswith("KPSTKZKA") for row in lines) == 3


MEDIANS = [
    ([(0, 5)], 0),
    ([(0, 1), (1, 1)], 1),
    ([(4, 1), (0, 1), (2, 1)], 4),
    ([(1, 2), (2, 2)], 3),
    ([], None),
]


@pytest.mark.parametrize(("days", "expected"), MEDIANS)
def test_the_median_is_exact(days: list[tuple[int, int]], expected: int | None) -> None:
    assert median_halves(days) == expected


def test_no_figure_is_a_sum_over_joined_rows_twice(story: Story) -> None:
    """Two claims paid in two parts are the parts, each once."""
    for award in (20_000_001, 20_000_002):
        claim = {"due_month": day(1), "award_number": award, "attempt": 1, "amount": 500_00, "reason": "fee"}
        story.enter("return_placed", day(29), {"return_claim": [claim]})
        for part in (100_00, 150_00):
            paid = {"line_number": award + part, "due_month": day(1), "award_number": award, "attempt": 1}
            story.enter("claim_received", day(29), {"return_claim_paid": [paid | {"amount": part}]})
    one = month_of(story)["HSBKKZKX"]
    assert (one.claims, one.claimed_tiyn, one.claim_paid_tiyn) == (2, 1_000_00, 500_00)
    with story.desk.database.begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM esep.return_claim_paid")).scalar_one() == 4
