"""What verification finds: whatever the owner of the tables changes behind the triggers, it is seen and named."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from ledgers import db
from ledgers.verify import BadDigest, Head, VerifyReport, heads, read_digest, verify
from tests.ledgers.stories import Story


@pytest.fixture
def owner(golden_location: db.Location) -> Iterator[Engine]:
    """The owner of the tables, who can switch triggers off."""
    with db.owned(golden_location) as engine:
        yield engine


@pytest.fixture
def story(golden: Story) -> Story:
    return golden


def checked(story: Story, digest: list[Head] | None = None) -> VerifyReport:
    with story.desk.database.begin() as connection:
        return verify(connection, digest or ())


def tamper(owner: Engine, *statements: str) -> None:
    """Change facts with the triggers off, and put the triggers back, as somebody who wants to stay unseen would."""
    tables = ("award_line", "payment", "posting", "entry", "refund", "document", "transfer", "resolution", "account")
    with owner.begin() as connection:
        for table in tables:
            connection.execute(text(f"ALTER TABLE esep.{table} DISABLE TRIGGER USER"))
        connection.execute(text("SET CONSTRAINTS ALL DEFERRED"))
        for statement in statements:
            assert connection.execute(text(statement)).rowcount > 0
        connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        for table in tables:
            connection.execute(text(f"ALTER TABLE esep.{table} ENABLE TRIGGER USER"))


def test_sound_books_have_no_fault(story: Story) -> None:
    report = checked(story)
    assert report.is_sound, [str(fault) for fault in report.faults]
    # One award batch a kind, and so on: the leaves are all rows of all tables.
    assert (report.books, report.entries) == (2, 27)
    assert report.leaves > 140 + 141


TAMPERED = [
    (
        "the payee's account",
        ("UPDATE esep.award_line SET iban = 'KZ71722C000000000722' WHERE award_number = 20000007",),
        [(2, "changed_rows")],
        "book 1, entry 2 (awards_imported, awards_imported): its rows are not those that were sealed",
    ),
    (
        "one tiyn of one payment",
        ("UPDATE esep.payment SET amount = amount + 1 WHERE award_number = 20000007",),
        [(7, "changed_rows")],
        "entry 7 (orders_sent",
    ),
    (
        "two payments swapped",
        (
            "UPDATE esep.payment SET item = 1000 WHERE award_number = 20000007",
            "UPDATE esep.payment SET item = 7 WHERE award_number = 20000008",
            "UPDATE esep.payment SET item = 8 WHERE award_number = 20000007",
        ),
        [(7, "changed_rows")],
        "entry 7",
    ),
    (
        "a payment taken away",
        ("DELETE FROM esep.payment WHERE award_number = 20000007",),
        [(7, "number_of_rows")],
        "rows were taken away, 63 were sealed, 62 are there",
    ),
    (
        "a document added to a sealed entry",
        ("INSERT INTO esep.document VALUES (1, 7, 'more.txt', sha256(''))",),
        [(7, "number_of_rows")],
        "rows were added, 63 were sealed, 64 are there",
    ),
    (
        "a document for an entry that never was",
        ("INSERT INTO esep.document VALUES (1, 70, 'more.txt', sha256(''))",),
        [(70, "stray_rows")],
        "1 rows of document name entry 70, which the journal lacks",
    ),
    (
        "the actor of an entry",
        ("UPDATE esep.entry SET actor = 'somebody else' WHERE authority_id = 1 AND number = 9",),
        [(9, "changed_entry")],
        "entry 9 (orders_sent, orders_sent) was changed",
    ),
    (
        "an entry with a hash made to fit",
        ("UPDATE esep.entry e SET actor = 'x', hash = sha256('x') WHERE authority_id = 1 AND number = 9",),
        [(9, "changed_entry"), (10, "broken_chain")],
        "entry 9",
    ),
    (
        "a moment put back",
        (
            "UPDATE esep.entry SET recorded_at = recorded_at - interval '1 day' WHERE authority_id = 1 AND number = 9",
            "UPDATE esep.entry e SET hash = esep.entry_hash(e) WHERE authority_id = 1 AND number = 9",
        ),
        [(9, "time_went_back"), (10, "broken_chain")],
        "was recorded before entry 8",
    ),
    (
        "an entry taken out of the middle",
        (
            "DELETE FROM esep.resolution WHERE entry_number = 20",
            "DELETE FROM esep.posting WHERE authority_id = 1 AND entry_number = 20",
            "UPDATE esep.account SET entry_number = 1 WHERE authority_id = 1 AND entry_number = 20",
            "DELETE FROM esep.entry WHERE authority_id = 1 AND number = 20",
        ),
        [(1, "number_of_rows"), (20, "gap"), (21, "broken_chain")],
        "entry 1 (setup_imported",
    ),
]


@pytest.mark.parametrize(
    ("statements", "expected", "words"), [case[1:] for case in TAMPERED], ids=[case[0] for case in TAMPERED]
)
def test_what_the_owner_changed_is_found_and_named(
    story: Story, owner: Engine, statements: tuple[str, ...], expected: list[tuple[int, str]], words: str
) -> None:
    tamper(owner, *statements)
    report = checked(story)
    assert [(fault.entry_number, fault.kind) for fault in report.faults] == expected
    assert {fault.authority_id for fault in report.faults} == {1}
    assert words in str(report.faults[0])


def test_a_tail_cut_off_with_all_its_rows_shows_against_the_digest_alone(story: Story, owner: Engine) -> None:
    with story.desk.database.begin() as connection:
        published = heads(connection)
    assert [(head.authority_id, head.number) for head in published] == [(0, 2), (1, 25)]
    # The last entry settles the refund: one posting, no account of its own.
    tamper(
        owner,
        "DELETE FROM esep.posting WHERE authority_id = 1 AND entry_number = 25",
        "DELETE FROM esep.entry WHERE authority_id = 1 AND number = 25",
    )
    assert checked(story).is_sound
    report = checked(story, published)
    assert [(fault.entry_number, fault.kind) for fault in report.faults] == [(25, "cut_off")]


def test_a_history_written_anew_shows_against_the_digest(story: Story, owner: Engine) -> None:
    with story.desk.database.begin() as connection:
        published = heads(connection)
    tamper(
        owner,
        "UPDATE esep.entry SET actor = 'somebody else' WHERE authority_id = 1 AND number = 25",
        "UPDATE esep.entry e SET hash = esep.entry_hash(e) WHERE authority_id = 1 AND number = 25",
    )
    assert checked(story).is_sound
    assert [fault.kind for fault in checked(story, published).faults] == ["other_history"]


GUARDS = [
    ("ALTER TABLE esep.posting DISABLE TRIGGER refuse_change", "trigger refuse_change of esep.posting is switched off"),
    (
        "ALTER TABLE esep.posting ENABLE REPLICA TRIGGER refuse_overdraft",
        "refuse_overdraft of esep.posting is switched off",
    ),
    ("DROP TRIGGER check_month_lock ON esep.month_lock", "trigger check_month_lock of esep.month_lock is missing"),
    (
        "DROP TRIGGER refuse_truncate ON esep_months.payment_2024_03",
        "trigger refuse_truncate of esep_months.payment_2024_03 is missing",
    ),
    (
        "ALTER TABLE esep_months.award_line_2024_03 DISABLE TRIGGER refuse_change",
        "trigger refuse_change of esep_months.award_line_2024_03 is switched off",
    ),
    (
        "CREATE OR REPLACE FUNCTION esep.check_month_lock() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW;END'",
        "the function behind trigger check_month_lock of esep.month_lock was replaced",
    ),
]


@pytest.mark.parametrize(("statement", "sentence"), GUARDS, ids=[sentence for _, sentence in GUARDS])
def test_a_guard_that_does_not_guard_is_found(story: Story, owner: Engine, statement: str, sentence: str) -> None:
    with owner.begin() as connection:
        connection.execute(text(statement))
    report = checked(story)
    assert [fault.sentence for fault in report.faults if sentence in fault.sentence]
    assert len(report.faults) == 1


def test_a_digest_is_read_as_it_was_written(story: Story) -> None:
    with story.desk.database.begin() as connection:
        published = heads(connection)
    content = "# heads of 31.03.2024\n\n" + "".join(f"{head}\n" for head in published)
    assert read_digest(content) == published
    assert checked(story, read_digest(content)).is_sound


@pytest.mark.parametrize("line", ["1 7", "1 7 abc", "one 7 " + "ab" * 32, "1 7 " + "AB" * 32])
def test_a_bad_digest_line_is_named(line: str) -> None:
    with pytest.raises(BadDigest, match="digest line 2"):
        read_digest("# heads\n" + line)


def test_every_kind_of_fault_is_reported_once_with_the_number_of_places(story: Story, owner: Engine) -> None:
    tamper(
        owner,
        "UPDATE esep.entry SET actor = 'x' WHERE authority_id = 1 AND number IN (9, 12, 13)",
        "UPDATE esep.award_line SET phone = '' WHERE award_number = 20000007",
    )
    faults = checked(story).faults
    assert [(fault.entry_number, fault.kind, fault.places) for fault in faults] == [
        (2, "changed_rows", 1),
        (9, "changed_entry", 3),
    ]
    assert str(faults[1]).endswith("(and 2 more like it)")
