"""A trace of whatever Esep numbers: transfers, acts, crediting lines, list lines, differences, with their proof."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from ledgers import db
from ledgers.trace import TraceFact, trace
from reconcile.archive import Archive
from reconcile.desk import Desk
from tests.ledgers.conftest import NewBooks
from tests.ledgers.reconciled import reconcile
from tests.ledgers.stories import Story
from tests.ledgers.story_rows import MONTH, day


@pytest.fixture(scope="module")
def books(
    golden_books: tuple[db.Location, Story], new_books: NewBooks, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[db.Database]:
    """The golden month reconciled and closed, only to look at."""
    with new_books(golden_books[0]) as location, db.opened(location) as database:
        desk = Desk(database=database, archive=Archive(tmp_path_factory.mktemp("a")), actor="tester", today=day(31))
        story = Story(desk=desk, _keys=iter(range(1000, 2000)))
        reconcile(story)
        story.enter("month_closed", day(31), {"month_lock": [{"month": MONTH, "closing_cash": 0}]})
        yield database


def facts(books: db.Database, reference: str) -> list[TraceFact]:
    with books.begin() as connection:
        return trace(connection, reference)


TRANSFER = ["transfer 145 of 14.03.2024", "statement line S1"]
CREDITED = [
    "award 20000003 decided",
    "need 1 formed",
    "request AST-2024-0001 sent",
    "transfer 145 of 14.03.2024",
    "MT-102 GCVP-00100000071",
    "payment P20000003/1 sent in GCVP-00100000071, item 3",
    "statement line S1",
    "statement line S3",
    "crediting register C1 of HSBKKZKX of 19.03.2024: 3 lines",
    "crediting line C1/1: 18\xa0460,00, credited on 19.03.2024, order GCVP-00100000071, item 3",
    "match 1 with crediting register C1: 2 payments, 2 of its lines, 36\xa0920,00 = 36\xa0920,00",
]
TRACES = {
    "T1": TRANSFER,
    "AST/T1": TRANSFER,
    "145": TRANSFER,
    "AST/145/2": [],
    "AST/2024-03": [*TRANSFER, "transfer 146", "statement line S2", "month 03.2024 closed: 0,00 on the account"],
    "2024-03": [],
    "C1/1": CREDITED,
    "P20000003/1": CREDITED,
    "C1/3": [
        "crediting register C1",
        "crediting line C1/3: 18\xa0460,00, credited on 19.03.2024, no order named",
        "difference AST/1 found: credited_unknown, C1/3, 18\xa0460,00; 18460,00 of C1/3",
    ],
    "C1": ["crediting register C1 of HSBKKZKX of 19.03.2024: 3 lines, 55\xa0380,00"],
    "L1/1": [
        *TRANSFER,
        "the authority's list L1 for 03.2024: 3 lines",
        "list line L1/1, transfer 145 of 14.03.2024: 1\xa0846\xa0000,00, aid A",
    ],
    "L1/3": [
        "MT-100 GCVP-00100000077",
        "refund of P20000002/1",
        "refund of P20000091/1",
        "statement line S11",
        "the authority's list L1",
        "list line L1/3, refund 77",
        "list line L1/3 matched by hand with order No 77: the date is that of our order",
    ],
    "AST/1": [
        "crediting register C1",
        "crediting line C1/3",
        "difference AST/1 found",
    ],
    "R1": ["return message R1", "statement line S8"],
    "AST/99": [],
    "SC/1": [],
    "NOBODY/1": [],
    "C9/1": [],
}


@pytest.mark.parametrize("reference", TRACES)
def test_every_number_leads_to_its_facts(books: db.Database, reference: str) -> None:
    told = sorted(fact.sentence for fact in facts(books, reference))
    expected = sorted(TRACES[reference])
    assert len(told) == len(expected), told
    assert all(sentence.startswith(start) for sentence, start in zip(told, expected, strict=True)), told


def test_a_match_that_was_undone_is_told_with_its_difference(books: db.Database) -> None:
    """The difference about a payment leads to the payment, to both matches and to what was done about it."""
    told = [fact.sentence for fact in facts(books, "AST/2")]
    assert any(sentence.startswith("award 20000004 decided") for sentence in told)
    assert "match 1 undone for line C1/2: other person" in told
    assert "difference AST/2 assigned to Аружан: asks the bank" in told
    assert told == [fact.sentence for fact in facts(books, "P20000004/1")]


def test_every_fact_shows_its_entry_document_version_match_and_actor(books: db.Database) -> None:
    told = facts(books, "C1/1")
    assert {fact.actor for fact in told} == {"tester"}
    assert all(fact.entry_number > 0 for fact in told)
    by_start = {fact.sentence.split(" ")[0]: fact for fact in told}
    assert by_start["award"].version == 1
    assert by_start["payment"].document == by_start["MT-102"].document != ""
    assert by_start["match"].rule == "exact_reference"
    assert by_start["crediting"].document == "register-halyk.csv"
    assert by_start["statement"].rule == "story"
    (by_hand,) = [fact for fact in facts(books, "L1/3") if "by hand" in fact.sentence]
    assert (by_hand.rule, by_hand.version) == ("by_hand", 1)


def test_a_guardian_is_found_by_the_index(books: db.Database) -> None:
    """The look-ups of the big registers use an index when there is one to use."""
    with books.begin() as connection:
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        plan = connection.execute(
            text("""
                EXPLAIN SELECT 1 FROM esep.award_line WHERE guardian_iin = '900101300017' AND guardian_iin <> ''
            """)
        ).scalars()
        assert "guardian_iin" in "\n".join(plan)
