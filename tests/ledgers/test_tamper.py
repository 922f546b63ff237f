"""Tampering by the owner with the triggers off: verification names the first thing that is not as it was sealed."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text

from ledgers import db
from ledgers.tables import FACTS
from ledgers.verify import Head, VerifyReport, heads, read_digest, verify
from reconcile import digest
from reconcile.archive import Archive
from reconcile.desk import Desk
from tests.ledgers.conftest import NewBooks
from tests.ledgers.reconciled import reconcile
from tests.ledgers.stories import Story
from tests.ledgers.story_rows import day


@dataclass(frozen=True)
class Books:
    """The golden month with its reconciliations: the owner's engine, and the entry of each new table."""

    owner: Engine
    entries: dict[str, int]
    published: list[Head]


@pytest.fixture(scope="module")
def books(
    golden_books: tuple[db.Location, Story], new_books: NewBooks, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Books]:
    """One copy for the module: every test undoes what it changed."""
    with new_books(golden_books[0]) as location, db.opened(location) as database, db.owned(location) as owner:
        desk = Desk(database=database, archive=Archive(tmp_path_factory.mktemp("a")), actor="tester", today=day(31))
        entries = reconcile(Story(desk=desk, _keys=iter(range(1000, 2000))))
        with database.begin() as connection:
            published = heads(connection)
        yield Books(owner=owner, entries=entries, published=published)


def tampered(books: Books, *statements: str, published: list[Head] | None = None) -> VerifyReport:
    """What verification says after these statements ran with the triggers off; all of it is undone."""
    with books.owner.connect() as connection:
        _switch(connection, "DISABLE")
        connection.execute(text("SET CONSTRAINTS ALL DEFERRED"))
        for statement in statements:
            assert connection.execute(text(statement)).rowcount > 0, statement
        connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        _switch(connection, "ENABLE")
        report = verify(connection, published or ())
        connection.rollback()
    return report


def _switch(connection: Connection, how: str) -> None:
    for table in (*FACTS, "entry"):
        connection.execute(text(f"ALTER TABLE esep.{table} {how} TRIGGER USER"))


def first(report: VerifyReport) -> tuple[int | None, int | None, str]:
    fault = report.faults[0]
    return fault.authority_id, fault.entry_number, fault.kind


NEW_TABLES = {
    "match_term": "tolerance = 100",
    "crediting": "amount = amount + 1",
    "crediting_line": "iban = 'KZ71722C000000000722' WHERE line = 2",
    "crediting_match": "items = '{3, 5}'",
    "crediting_unmatch": "reason = 'nobody asked'",
    "authority_list": "transferred = transferred + 100",
    "authority_list_line": "amount = amount - 1 WHERE line = 1",
    "authority_list_match": "number = 76",
    "break_item": "amount = 0 WHERE break_number = 2",
    "break_event": "owner = 'somebody else'",
}


def test_the_books_are_sound_and_every_new_table_has_rows(books: Books) -> None:
    with books.owner.connect() as connection:
        report = verify(connection, books.published)
    assert report.is_sound, [str(fault) for fault in report.faults]
    assert set(books.entries) == set(NEW_TABLES)


@pytest.mark.parametrize("table", NEW_TABLES)
def test_a_changed_row_of_a_new_table_is_named_by_its_entry(books: Books, table: str) -> None:
    report = tampered(books, f"UPDATE esep.{table} SET {NEW_TABLES[table]}")
    book = 0 if table == "match_term" else 1
    assert first(report) == (book, books.entries[table], "changed_rows")
    assert len(report.faults) == 1


TAMPERED = [
    (
        "the account of a payee",
        ("UPDATE esep.award_line SET iban = 'KZ71722C000000000722', bic = 'CASPKZKA' WHERE award_number = 20000009",),
        (1, 2, "changed_rows"),
    ),
    (
        "two payees' accounts swapped",
        (
            """
            UPDATE esep.award_line a SET iban = b.iban FROM esep.award_line b
            WHERE a.version = 1 AND b.version = 1
              AND (a.award_number, b.award_number) IN ((20000007, 20000008), (20000008, 20000007))
            """,
        ),
        (1, 2, "changed_rows"),
    ),
    (
        "two transfers swapped",
        ("UPDATE esep.transfer SET entry_number = 11 - entry_number WHERE entry_number IN (5, 6)",),
        (1, 5, "changed_rows"),
    ),
    (
        "what two entries say swapped",
        (
            "UPDATE esep.entry SET value_date = value_date - 1 WHERE authority_id = 1 AND number IN (5, 6)",
            "UPDATE esep.entry SET actor = 'x' WHERE authority_id = 1 AND number = 6",
        ),
        (1, 5, "changed_entry"),
    ),
    (
        "the tolerance of the match rules, with its entry",
        (
            "DELETE FROM esep.match_term",
            "DELETE FROM esep.entry WHERE authority_id = 0 AND kind = 'match_terms_changed'",
        ),
        None,
    ),
    (
        "what was done about a difference, with its entry",
        (
            "DELETE FROM esep.break_event",
            "DELETE FROM esep.entry WHERE authority_id = 1 AND kind = 'breaks_worked'",
        ),
        None,
    ),
    (
        "a list's match by hand with its entry, out of the middle",
        (
            "DELETE FROM esep.authority_list_match",
            "DELETE FROM esep.entry WHERE authority_id = 1 AND kind = 'list_matched'",
        ),
        (1, 30, "gap"),
    ),
    (
        "a crediting line added",
        (
            """
            INSERT INTO esep.crediting_line SELECT authority_id, crediting_number, 4, entry_number, order_reference, 9,
                iin, full_name, iban, amount, outcome, credited_on, reason FROM esep.crediting_line WHERE line = 1
            """,
        ),
        (1, 26, "number_of_rows"),
    ),
]


@pytest.mark.parametrize(
    ("statements", "expected"), [case[1:] for case in TAMPERED], ids=[case[0] for case in TAMPERED]
)
def test_the_first_broken_thing_is_named(
    books: Books, statements: tuple[str, ...], expected: tuple[int, int, str] | None
) -> None:
    report = tampered(books, *statements, published=books.published)
    if expected is None:  # a tail that was cut off: nothing of the book itself shows it
        assert {fault.kind for fault in report.faults} == {"cut_off"}
        assert tampered(books, *statements).is_sound
    else:
        assert first(report) == expected


def test_a_tail_cut_off_shows_against_the_digest_file(books: Books, tmp_path: Path) -> None:
    written = digest.write(books.published, day(31), tmp_path)
    published = read_digest(digest.checked(written.path.read_text("utf-8"), written.path.name))
    assert published == books.published
    cut = (
        "DELETE FROM esep.break_event",
        "DELETE FROM esep.entry WHERE authority_id = 1 AND kind = 'breaks_worked'",
    )
    report = tampered(books, *cut, published=published)
    assert first(report) == (1, books.entries["break_event"], "cut_off")


def test_entries_of_one_moment_after_another_cannot_be_written_in_between(books: Books) -> None:
    """A moment put back, with a hash made to fit, breaks the chain after it."""
    report = tampered(
        books,
        "UPDATE esep.entry SET recorded_at = recorded_at - interval '1 hour' WHERE authority_id = 1 AND number = 9",
        "UPDATE esep.entry e SET hash = esep.entry_hash(e) WHERE authority_id = 1 AND number = 9",
    )
    assert first(report) == (1, 9, "time_went_back")
