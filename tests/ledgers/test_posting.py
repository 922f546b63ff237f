"""The write path: pairs that cannot be unbalanced, numbers without a gap, sealed entries, sources entered once."""

from dataclasses import replace
from typing import Any

import pytest
from psycopg import errors as driver
from sqlalchemy import Connection, text

from ledgers import posting, proof, verify
from ledgers.errors import EntryConflict, EntrySealed, OutOfTurn, TakenAlready
from ledgers.journal import Event
from tests.ledgers.books import (
    FILE,
    REQUEST,
    balances,
    day,
    draft,
    enter,
    placed,
    refused,
    request_sent,
    sent,
    settled,
)
from tests.ledgers.conftest import SharedBooks

ZERO = bytes(32)


def accounts(connection: Connection, book: int = 1) -> dict[str, int]:
    rows = connection.execute(
        text("SELECT code, account_id FROM esep.account WHERE authority_id = :book"), {"book": book}
    )
    return {row.code: row.account_id for row in rows}


def insert_posting(connection: Connection, **changes: Any) -> None:
    """A posting by the shortest way, beside the write path: from cash to funding in the next entry."""
    known = accounts(connection)
    number = posting.next_number(connection, 1)
    row = {"authority_id": 1, "entry_number": number, "line": 1, "booked_on": day(14), "rule": "test"}
    row |= {"debit": known["cash"], "credit": known["funding"], "amount": 1}
    posting.append(connection, "posting", [row | changes])


def insert_entry(connection: Connection, number: int, **changes: Any) -> None:
    """An entry by the shortest way, with a root, a hash and a moment that are made up."""
    row = {"authority_id": 1, "number": number, "kind": "test", "booked_on": day(14), "value_date": day(14)}
    row |= {"recorded_at": "1999-12-31", "actor": "tester", "source_key": f"raw:{number}", "source_digest": ZERO}
    row |= {"summary": "", "leaves": 0, "root": ZERO, "previous": b"\xff" * 32, "hash": b"\xff" * 32} | changes
    names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
    connection.execute(text(f"INSERT INTO esep.entry ({names}) VALUES ({values})"), row)


UNBALANCED = [
    ({"amount": 0}, driver.CheckViolation, "no amount"),
    ({"amount": -1}, driver.CheckViolation, "an amount that turns the pair round"),
    ({"debit": None}, driver.NotNullViolation, "no debit side"),
    ({"credit": None}, driver.NotNullViolation, "no credit side"),
    ({"debit": 999_999}, driver.ForeignKeyViolation, "a debit account that there is not"),
    ({"credit": 999_999}, driver.ForeignKeyViolation, "a credit account that there is not"),
    ({"line": 0}, driver.CheckViolation, "a line before the first"),
    ({"rule": None}, driver.NotNullViolation, "no rule"),
]


@pytest.mark.parametrize(("changes", "expected"), [row[:2] for row in UNBALANCED], ids=[row[2] for row in UNBALANCED])
def test_a_posting_is_a_pair(role: Connection, changes: dict[str, Any], expected: type[Exception]) -> None:
    enter(role, placed(100))
    with refused(role, expected):
        insert_posting(role, **changes)
    assert balances(role) == {"cash": 100, "funding": 100}


def test_debit_and_credit_are_two_accounts(role: Connection) -> None:
    enter(role, placed(100))
    with refused(role, driver.CheckViolation):
        insert_posting(role, debit=accounts(role)["cash"], credit=accounts(role)["cash"])


def test_an_account_of_another_book_is_no_account_of_this_one(role: Connection) -> None:
    enter(role, placed(100))
    enter(role, placed(100), book=2)
    with refused(role, driver.ForeignKeyViolation):
        insert_posting(role, credit=accounts(role, 2)["funding"])


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (Event(rule="no_such_rule", amount=1), driver.NotNullViolation),
        (Event(rule="file_settled", amount=0, debit_reference=FILE), driver.CheckViolation),
        (Event(rule="transfer_placed", amount=1, aid_kind="A"), driver.ForeignKeyViolation),
        (Event(rule="transfer_placed", amount=1, credit_reference=REQUEST), driver.ForeignKeyViolation),
    ],
    ids=["a rule that the page lacks", "nothing", "no reference", "no aid kind"],
)
def test_an_event_that_cannot_be_posted_does_not_drop_out(
    worker: Connection, event: Event, expected: type[Exception]
) -> None:
    with refused(worker, expected):
        enter(worker, event)


@pytest.mark.parametrize(
    ("code", "aid_kind", "reference", "expected"),
    [
        ("petty_cash", "", "", driver.ForeignKeyViolation),
        ("cash", "A", "", driver.ForeignKeyViolation),
        ("cash", "", REQUEST, driver.ForeignKeyViolation),
        ("transit", "", "", driver.ForeignKeyViolation),
        ("funding", "", REQUEST, driver.ForeignKeyViolation),
        ("commitment", "A", REQUEST, driver.ForeignKeyViolation),
    ],
)
def test_an_account_is_kept_by_what_the_chart_says(
    role: Connection, code: str, aid_kind: str, reference: str, expected: type[Exception]
) -> None:
    rows = {"account": [{"code": code, "aid_kind": aid_kind, "reference": reference}]}
    with refused(role, expected):
        enter(role, rows=rows)


def test_one_account_of_a_reference(role: Connection) -> None:
    enter(role, placed(100))
    with refused(role, TakenAlready):
        enter(role, rows={"account": [{"code": "funding", "aid_kind": "A", "reference": REQUEST}]})


def test_a_posting_without_an_entry_is_refused_at_the_commit(role: Connection) -> None:
    enter(role, placed(100))
    with refused(role, driver.ForeignKeyViolation):
        insert_posting(role)


def test_a_posting_has_the_booking_date_of_its_entry(role: Connection) -> None:
    enter(role, placed(100))
    with refused(role, driver.ForeignKeyViolation):
        insert_posting(role, booked_on=day(15))
        posting.seal(role, 1, 2, draft("other", day(14)), ())


@pytest.mark.parametrize(("number", "why"), [(4, "one skipped"), (2, "one repeated"), (0, "before the first")])
def test_entry_numbers_have_no_gap(role: Connection, number: int, why: str) -> None:
    enter(role, placed(100))
    enter(role)
    with refused(role, OutOfTurn) as caught:
        insert_entry(role, number)
    assert str(caught.error) == f"entry {number} of book 1 is out of turn, the next number is 3", why


def test_two_entries_in_one_statement_follow_each_other(role: Connection) -> None:
    """Rows of one INSERT are numbered and chained one after the other, as if they came alone."""
    names = "authority_id, number, kind, booked_on, value_date, recorded_at, actor, source_key, source_digest, summary"
    insert = f"""
        INSERT INTO esep.entry ({names}, leaves, root, previous, hash)
        SELECT 1, n, 'test', '2024-03-14', '2024-03-14', now(), 'tester', 'raw:' || n, :zero, '', 0, :zero, :zero, :zero
        FROM unnest(CAST(:numbers AS bigint[])) n
    """
    with refused(role, OutOfTurn):
        role.execute(text(insert), {"numbers": [1, 3], "zero": ZERO})
    role.execute(text(insert), {"numbers": [1, 2], "zero": ZERO})
    first, second = (posting.entry_of(row) for row in role.execute(text("SELECT * FROM esep.entry ORDER BY number")))
    assert second.previous == first.hash == proof.entry_hash(first)


def test_the_database_computes_the_hash_the_chain_and_the_moment(role: Connection) -> None:
    """What the session gives for them is not looked at."""
    insert_entry(role, 1)
    insert_entry(role, 2)
    first, second = (posting.entry_of(row) for row in role.execute(text("SELECT * FROM esep.entry ORDER BY number")))
    assert (first.previous, second.previous) == (ZERO, first.hash)
    assert (first.hash, second.hash) == (proof.entry_hash(first), proof.entry_hash(second))
    assert first.recorded_at.year > 1999
    assert first.recorded_at <= second.recorded_at


def test_every_book_has_numbers_and_a_chain_of_its_own(worker: Connection) -> None:
    assert [enter(worker, book=book) for book in (1, 2, 1, 2)] == [1, 1, 2, 2]
    assert verify.verify(worker).is_sound


def minimal(connection: Connection, table: str) -> dict[str, Any]:
    """A row of a fact table made of zeros, by the types of its columns."""
    zeros = {"text": "x", "date": day(1), "bytea": ZERO, "bigint": 7, "integer": 7}
    columns = connection.execute(
        text("""
            SELECT column_name, data_type FROM information_schema.columns
            WHERE table_schema = 'esep' AND table_name = :table AND is_generated = 'NEVER' AND is_identity = 'NO'
        """),
        {"table": table},
    )
    return {column.column_name: zeros[column.data_type] for column in columns}


# The keys of the others are looked at before the seal; test_tables.py sees that the trigger stands on them too.
WITHOUT_KEYS_OF_OTHERS = [
    "account",
    "aid_kind_version",
    "authority_version",
    "award_batch",
    "bank_version",
    "corporation_version",
    "document",
    "month_lock",
    "need",
    "payment_order",
    "posting",
    "request",
    "return_message",
    "return_notice",
    "returned_payment",
    "statement",
    "transfer",
]

PASSING: dict[str, dict[str, Any]] = {
    "account": {"code": "between", "aid_kind": "", "reference": ""},
    "aid_kind_version": {"periodicity": "one_off", "memorial_day": ""},
    "bank_version": {"authority_id": 0},
    "corporation_version": {"authority_id": 0},
    "need": {"after_entry": 0},
    "payment_order": {"message": "MT-100"},
    "posting": {"line": 2},
    "return_notice": {"after_entry": 0},
    "statement": {"closing": 7},
}
"""What a row needs to pass everything but the seal."""


@pytest.mark.parametrize("table", WITHOUT_KEYS_OF_OTHERS)
def test_no_row_joins_a_sealed_entry(role: Connection, table: str) -> None:
    enter(role, placed(100))
    enter(role, book=0)
    row = minimal(role, table) | {"authority_id": 1, "entry_number": 1} | PASSING.get(table, {})
    if table == "posting":
        row |= {"booked_on": day(14), "debit": accounts(role)["cash"], "credit": accounts(role)["funding"]}
    with refused(role, EntrySealed) as caught:
        posting.append(role, table, [row])
    assert str(caught.error).endswith(f"is sealed, {table} takes no more rows for it")


@pytest.mark.parametrize("table", ["award_line", "payment"])
def test_a_row_added_to_a_sealed_entry_of_the_big_registers_breaks_its_root(worker: Connection, table: str) -> None:
    """They have no trigger for it; what the trigger would cost a load, verification finds."""
    enter(worker)
    worker.execute(text("SELECT esep.open_month('2024-03-01')"))
    assert verify.verify(worker).is_sound
    special = {"iin": "0" * 12, "iban": "0" * 20, "version": 1, "due_month": day(1), "attempt": 1}
    posting.append(worker, table, [minimal(worker, table) | special | {"authority_id": 1, "entry_number": 1}])
    faults = verify.verify(worker).faults
    assert [(fault.entry_number, fault.kind) for fault in faults] == [(1, "number_of_rows")]


def test_a_source_is_entered_once(role: Connection) -> None:
    enter(role, placed(100), key="line:7:1")
    with refused(role, TakenAlready) as caught:
        enter(role, placed(100), key="line:7:1")
    assert str(caught.error) == "this was entered already; nothing was changed"
    assert enter(role, placed(100), book=2, key="line:7:1") == 1


def test_equal_content_is_known_and_other_content_is_a_conflict(worker: Connection) -> None:
    enter(worker, key="line:6:1")
    number = enter(worker, placed(100), key="line:7:1")
    assert posting.find(worker, 1, "line:8:1") is None
    assert posting.find(worker, 2, "line:7:1") is None
    known = posting.find(worker, 1, "line:7:1", posting.digest("line:7:1"))
    assert known is not None
    assert known.number == number
    with pytest.raises(EntryConflict, match=r"^line:7:1 was entered as entry 2 with other content"):
        posting.find(worker, 1, "line:7:1", posting.digest("other"))


def test_a_digest_tells_parts_apart() -> None:
    assert posting.digest("ab", "c") != posting.digest("a", "bc")
    assert posting.digest(1, "x") == posting.digest("1", "x")


def test_equal_references_share_an_account_and_postings_are_numbered(worker: Connection) -> None:
    enter(worker, placed(100), placed(50), request_sent(10))
    enter(worker, sent(150), settled(150))
    rows = worker.execute(text("SELECT entry_number, line FROM esep.posting ORDER BY entry_number, line"))
    assert [tuple(row) for row in rows] == [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2)]
    assert worker.execute(text("SELECT count(*) FROM esep.account WHERE code = 'funding'")).scalar_one() == 1


def test_entries_that_may_start_deadlines_are_not_sealed_together(worker: Connection) -> None:
    own = posting.next_number(worker, 1)
    with pytest.raises(ValueError, match="alone"):
        posting.seal_many(worker, 1, {own: replace(draft("many", day(14)), kind="transfer_received")}, {}, {})


def test_a_reversal_names_the_entry_that_it_reverses(worker: Connection) -> None:
    number = enter(worker, placed(100))
    with pytest.raises(ValueError, match="names the entry it reverses"):
        posting.reverse(worker, 1, number, draft("undo", day(14)))


def test_a_transaction_that_fails_leaves_nothing(shared: SharedBooks) -> None:
    with shared.worker.connect() as connection:
        enter(connection, placed(100))
        connection.rollback()
    with shared.undone() as connection:
        assert posting.next_number(connection, 1) == 1
        assert balances(connection) == {}


def test_signed_balances_grow_on_the_normal_side() -> None:
    assert posting.signed("cash", 5, 3) == 2
    assert posting.signed("funding", 3, 5) == 2
