"""Looking at the books: the golden month as balances, as a journal, by the account numbers, and one payment's story."""

from datetime import date

import pytest
from sqlalchemy import text

from ledgers import queries
from ledgers.trace import trace
from reconcile.desk import Desk
from tests.ledgers.stories import Story
from tests.ledgers.story_rows import day

# Date, debit, credit, tiyn: the golden month's journal; the two refunds are decided one by one.
GOLDEN = [
    (day(14), "100", "200/A", 1_846_000_00),
    (day(14), "100", "200/B", 295_360_00),
    (day(18), "200/A", "100", 1_107_600_00),
    (day(18), "200/A", "100", 553_800_00),
    (day(18), "200/A", "100", 184_600_00),
    (day(18), "200/B", "100", 184_600_00),
    (day(18), "200/B", "100", 110_760_00),
    (day(19), "100", "210/A", 36_920_00),
    (day(19), "100", "210/A", 18_460_00),
    (day(27), "210/A", "220/A", 18_460_00),
    (day(27), "210/A", "230/A", 18_460_00),
    (day(27), "210/A", "230/A", 18_460_00),
    (day(28), "220/A", "100", 18_460_00),
    (day(29), "230/A", "100", 36_920_00),
]


@pytest.fixture
def story(golden: Story) -> Story:
    return golden


def test_golden_month_collapses_onto_the_account_numbers(story: Story) -> None:
    with story.desk.database.begin() as connection:
        rows = queries.number_entries(connection, 1)
    assert [(row.booked_on, row.debit, row.credit, row.amount) for row in rows] == GOLDEN


def test_golden_month_closes_at_zero(story: Story) -> None:
    with story.desk.database.begin() as connection:
        assert queries.balances(connection, 1) == []
        everything = queries.balances(connection, 1, open_only=False)
        numbers = queries.number_balances(everything)
    assert {row.number: row.balance for row in numbers} == dict.fromkeys(
        ("100", "200/A", "200/B", "210/A", "220/A", "230/A"), 0
    )


AS_OF = [
    (14, {"100": 2_141_360_00, "200/A": 1_846_000_00, "200/B": 295_360_00}),
    (18, {"100": 0}),
    (19, {"100": 55_380_00, "210/A": 55_380_00}),
    (27, {"100": 55_380_00, "220/A": 18_460_00, "230/A": 36_920_00}),
    (28, {"100": 36_920_00, "230/A": 36_920_00}),
]


def test_balances_of_a_day_count_what_was_booked_by_then(story: Story) -> None:
    with story.desk.database.begin() as connection:
        for number, expected in AS_OF:
            rows = queries.number_balances(queries.balances(connection, 1, on=day(number)))
            assert {row.number: row.balance for row in rows} == expected, number


def test_books_of_a_day_as_known_earlier_never_change(story: Story) -> None:
    """E109: what became known later is cut off by the entry's number."""
    with story.desk.database.begin() as connection:
        first = queries.balances(connection, 1, on=date(2024, 3, 31), known_at_entry=6)
        assert {row.account: row.balance for row in first if row.code not in queries.MEMORANDUM} == {
            "cash": 2_141_360_00,
            "funding[AST-2024-0001]/A": 1_846_000_00,
            "funding[AST-2024-0001]/B": 295_360_00,
        }
    story.enter("reversed", day(31), {}, [])
    with story.desk.database.begin() as connection:
        assert queries.balances(connection, 1, on=date(2024, 3, 31), known_at_entry=6) == first


def test_memorandum_accounts_are_no_money(desk: Desk) -> None:
    story = Story(desk)
    story.set_up()
    story.awards({("A", "HSBKKZKX"): 1})
    story.request({"A": 18_460_00})
    with desk.database.begin() as connection:
        rows = queries.balances(connection)
        assert [(row.account, row.balance) for row in rows] == [
            ("commitment/A", 18_460_00),
            ("requested[AST-2024-0001]/A", 18_460_00),
        ]
        assert [(row.number, row.balance) for row in queries.number_balances(rows)] == [("100", 0)]
        assert queries.number_entries(connection, 1) == []


def test_journal_shows_entries_without_money_and_postings_in_words(story: Story) -> None:
    with story.desk.database.begin() as connection:
        journal = queries.entries(connection, 1, since=day(11), until=day(14))
    assert [(row.number, row.kind, len(row.postings)) for row in journal] == [
        (2, "awards_imported", 0),
        (3, "need_formed", 0),
        (4, "request_sent", 2),
        (5, "transfer_received", 2),
        (6, "transfer_received", 2),
    ]
    placed = next(posting for posting in journal[3].postings if posting.rule == "transfer_placed")
    assert (placed.debit, placed.credit, placed.amount) == ("cash", "funding[AST-2024-0001]/A", 1_846_000_00)


def sentences(story: Story, reference: str) -> list[str]:
    with story.desk.database.begin() as connection:
        return [fact.sentence for fact in trace(connection, reference)]


def test_a_person_is_followed_from_the_decision_to_the_resend(story: Story) -> None:
    with story.desk.database.begin() as connection:
        iin = connection.execute(
            text("SELECT iin FROM esep.award_line WHERE award_number = 20000001 AND version = 1")
        ).scalar_one()
    told = sentences(story, iin)
    starts = [
        "award 20000001 decided by 2024-A of 05.03.2024",
        "need 1 formed: aid A for 03.2024, 100 awards",
        "request AST-2024-0001 sent",
        "transfer 145 of 14.03.2024 received",
        "MT-102 GCVP-00100000071 No 71 of 18.03.2024 sent to HSBKKZKX: 60 items",
        "payment P20000001/1 sent in GCVP-00100000071, item 1",
        "payment P20000001/1 came back from HSBKKZKX",
        "award 20000001 corrected, version 2",
        "outcome for P20000001/1: resend",
        "MT-102 GCVP-00100000076 No 76 of 28.03.2024 sent to CASPKZKA: 1 item",
        "payment P20000001/2 sent in GCVP-00100000076, item 1",
    ]
    assert [sentence for sentence in told if not sentence.startswith("statement line")] == [
        next(sentence for sentence in told if sentence.startswith(start)) for start in starts
    ]
    lines = [sentence for sentence in told if sentence.startswith("statement line")]
    assert [line.split()[-2:] for line in lines] == [
        ["transfer", "145"],
        ["settlement", "GCVP-00100000071"],
        ["return", "1"],
        ["settlement", "GCVP-00100000076"],
    ]
    assert sentences(story, "P20000001/1") == told


TRACES = [
    ("GCVP-00100000077", ["MT-100 GCVP-00100000077 No 77", "refund of P20000002/1", "refund of P20000091/1"]),
    ("77", ["MT-100 GCVP-00100000077 No 77", "refund of P20000002/1", "refund of P20000091/1"]),
    ("145", ["transfer 145 of 14.03.2024"]),
    ("AST-2024-0001", ["need 1", "need 2", "request AST-2024-0001", "transfer 145", "transfer 146"]),
    ("S1", []),
    ("nothing of ours", []),
]


@pytest.mark.parametrize(("reference", "starts"), TRACES, ids=[reference for reference, _ in TRACES])
def test_every_reference_leads_to_its_facts(story: Story, reference: str, starts: list[str]) -> None:
    told = [sentence for sentence in sentences(story, reference) if not sentence.startswith("statement line")]
    assert len(told) == len(starts)
    assert all(sentence.startswith(start) for sentence, start in zip(told, starts, strict=True))


def test_a_statement_line_is_found_by_its_reference(story: Story) -> None:
    assert sentences(story, "S1") == [
        "statement line S1 of 14.03.2024, credit, No 145: 1\xa0846\xa0000,00, transfer 145",
    ]
