"""The fact tables: the page says what the catalogue says, and no row of any of them can be changed or taken away."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from psycopg import errors as driver
from sqlalchemy import Connection, text

from ledgers import db
from ledgers.errors import AppendOnly, LedgerError
from ledgers.guards import broken_guards
from ledgers.journal import EntryKind, Event
from ledgers.tables import FACTS, TEXT_KEYS, UNCHAINED
from reconcile.archive import Archive
from reconcile.desk import Desk
from tests.ledgers.books import day, refused
from tests.ledgers.conftest import NewBooks, SharedBooks
from tests.ledgers.stories import Rows, Story
from tests.ledgers.story_rows import MONTH

PARTS = ("award_line_2024_03", "payment_2024_03")


@pytest.fixture(scope="module")
def shared(new_books: NewBooks, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedBooks]:
    """Books with a row in every table: what has no rows cannot show that they stay."""
    with new_books() as location, db.opened(location) as database, db.owned(location) as owner:
        a_row_everywhere(database, tmp_path_factory.mktemp("archive"))
        yield SharedBooks(location, database.engine, owner)


def a_row_everywhere(database: db.Database, folder: Path) -> None:
    story = Story(Desk(database=database, archive=Archive(folder), actor="tester", today=day(14)))
    story.set_up()
    story.awards({("A", "HSBKKZKX"): 3})
    story.request({"A": 55_380_00})
    story.transfer("145", "A", 55_380_00, day(14))
    story.settle(story.send("A", "HSBKKZKX", [20_000_001, 20_000_002], day(18)), day(18))
    story.come_back("A", "HSBKKZKX", [20_000_001], day(19), "шот жабылған")
    notice = {
        "notice_number": 1,
        "sent_on": day(20),
        "after_entry": 0,
        "upto_entry": 7,
        "count": 1,
        "amount": 18_460_00,
    }
    document = {"file_name": "notice.xml", "sha256": bytes(32)}
    story.enter("returns_notified", day(20), {"return_notice": [notice], "document": [document]})
    story.resolve(20_000_001, "refund", day(27))
    refused_file(story)
    story.settle(story.refund([20_000_001], day(29)), day(29))
    story.statement()
    story.enter("month_closed", day(31), {"month_lock": [{"month": MONTH, "closing_cash": 0}]})
    april = day(1).replace(month=4)
    story.enter("act_built", april, {"act": [{"month": MONTH}]})
    for kind, book, rows in exceptional_rows(april):
        story.enter(kind, april, rows, book=book)


def refused_file(story: Story) -> None:
    """A file that the bank refuses, and the award of it that is cancelled then."""
    reference = story.send("A", "HSBKKZKX", [20_000_003], day(28))
    refusal = {"order_number": 72, "refused_on": day(28), "reference": "R905", "code": "1", "reason": "-"}
    back = Event(
        rule="payment_refused",
        aid_kind="A",
        debit_reference=reference,
        credit_reference="AST-2024-0001",
        amount=18_460_00,
    )
    story.enter("file_refused", day(28), {"order_refusal": [refusal | {"sha256": bytes(32)}]}, [back])
    award = {"due_month": MONTH, "award_number": 20_000_003}
    cancelled = award | {"cancelled_on": day(28), "document": "-", "reason": "шешім күшін жойды"}
    story.enter("awards_cancelled", day(28), {"award_cancellation": [cancelled]})


def exceptional_rows(on: date) -> list[tuple[EntryKind, int, Rows]]:
    """A row for each table of the exceptional days that the story has none in, with the book it stands in."""
    payment = {"due_month": MONTH, "award_number": 20_000_001, "attempt": 1}
    moved = {"version": 1, "day": on, "is_working": False, "is_bank_day": False, "basis": "-"}
    rate = {"valid_from": on, "version": 1, "mrp": 1, "subsistence": 1, "basis": "-"}
    rules = {"code": "pilot", "version": 1, "valid_from": on, "valid_to": on, "places": "-", "basis": "-"}
    term = {"code": "A", "version": 1, "valid_from": on, "valid_to": on, "mrp_hundredths": 500, "fixed_amount": 0}
    term |= {"mrp_day": "decision", "programme": "-", "source_system": "-", "needs_category": False}
    hold = {"hold_number": 1, "iin": "950114465701", "award_number": 0, "reason": "other", "placed_on": on}
    act = {"month": MONTH, "act_number": 0}
    dispute = act | {"dispute_number": 1}
    line = {"line": 1, "order_number": "145", "order_date": on, "aid_kind": "A", "ours": 1, "theirs": 2}
    return [
        (
            "calendar_imported",
            0,
            {"calendar_version": [{"version": 1, "basis": "-", "sha256": bytes(32)}], "calendar_day": [moved]},
        ),
        ("setup_imported", 0, {"rate_version": [rate], "rule_set_version": [rules]}),
        (
            "settings_changed",
            1,
            {"setting_version": [{"name": "attempts_max", "version": 1, "value": "3", "reason": "-"}]},
        ),
        ("setup_imported", 1, {"aid_kind_term": [term | {"payment_days": "", "is_active": True, "note": ""}]}),
        ("document_arrived", 1, {"arrival": [{"document": "request", "number": 1, "version": 1, "arrived_on": on}]}),
        ("deadline_noted", 1, {"deadline_event": [_event(on)]}),
        ("hold_placed", 1, {"hold": [hold | {"document": "-", "note": "-"}]}),
        ("hold_ended", 1, {"hold_end": [{"hold_number": 1, "ended_on": on, "document": "-", "note": "-"}]}),
        ("return_placed", 1, {"return_claim": [payment | {"amount": 460_00, "reason": "-"}]}),
        ("claim_received", 1, {"return_claim_paid": [payment | {"line_number": 1, "amount": 460_00}]}),
        ("carry_over_decided", 1, {"carry_over": [payment | {"month": MONTH, "reason": "-"}]}),
        ("act_disputed", 1, {"act_dispute": [dispute | _sides(on)], "act_dispute_line": [dispute | line | _finding()]}),
        ("dispute_ended", 1, {"act_dispute_end": [dispute | {"ended_on": on, "outcome": "explained", "note": "-"}]}),
        (
            "act_signed",
            1,
            {
                "act_signature": [
                    act | {"role": role, "signer": f"signer {role}", "signed_on": on}
                    for role in ("corporation", "authority", "deputy", "director")
                ]
            },
        ),
        ("statement_sent", 1, {"statement_sent": [{"month": MONTH, "sent_on": on}]}),
        (
            "corrective_act_built",
            1,
            {"corrective_act": [{"month": MONTH, "act_number": 1, "dated": on, "reason": "-"}]},
        ),
        *reconciled_rows(on),
    ]


def reconciled_rows(on: date) -> list[tuple[EntryKind, int, Rows]]:
    """A row for each table of the reconciliations: a register with two lines, a list, a break with its steps."""
    person = {"iin": "950114465701", "full_name": "-", "iban": "-", "amount": 18_460_00, "outcome": "credited"}
    line = person | {"crediting_number": 1, "order_reference": "GCVP-00100000071", "credited_on": on, "reason": "-"}
    crediting = {"crediting_number": 1, "bic": "HSBKKZKX", "document": "17", "dated": on, "count": 2}
    match = {"match_number": 1, "crediting_number": 1, "rule": "by_hand", "is_paired": True, "orders": [71]}
    match |= {"items": [1], "lines": [1], "amount_paid": 18_460_00, "amount_credited": 18_460_00, "note": "-"}
    listed = {"list_number": 1, "month": MONTH, "document": "-", "count": 1, "transferred": 1, "refunded": 0}
    order = {"list_number": 1, "line": 1, "side": "transfer", "order_number": "145", "order_date": on, "amount": 1}
    item = {"break_number": 1, "kind": "payment_not_credited", "subject": "P20000002/1", "occurrence": 1}
    item |= {"amount": 18_460_00, "bic": "HSBKKZKX", "aid_kind": "A", "happened_on": on, "reason": "-"}
    step = {"break_number": 1, "happened_on": on, "owner": "", "until": None, "reference": "", "note": "-"}
    term = {"iban": "", "bic": "HSBKKZKX", "rule": "person", "version": 1, "is_on": True, "window_days": 10}
    return [
        ("match_terms_changed", 0, {"match_term": [term | {"tolerance": 0, "reason": "-"}]}),
        (
            "crediting_imported",
            1,
            {
                "crediting": [crediting | {"amount": 36_920_00, "sha256": bytes(32)}],
                "crediting_line": [line | {"line": place, "item": place} for place in (1, 2)],
            },
        ),
        ("crediting_matched", 1, {"crediting_match": [match]}),
        ("crediting_unmatched", 1, {"crediting_unmatch": [{"match_number": 1, "line": 1, "reason": "-"}]}),
        (
            "list_imported",
            1,
            {
                "authority_list": [listed | {"sha256": bytes(32)}],
                "authority_list_line": [order | {"aid_kind": "A", "comment": ""}],
            },
        ),
        (
            "list_matched",
            1,
            {"authority_list_match": [{"list_number": 1, "line": 1, "version": 1, "number": 1, "reason": "-"}]},
        ),
        ("breaks_found", 1, {"break_item": [item]}),
        (
            "breaks_worked",
            1,
            {
                "break_event": [
                    step | {"step": 1, "action": "assigned", "owner": "tester"},
                    step | {"step": 2, "action": "cleared", "reference": "entry 1"},
                ]
            },
        ),
    ]


def _event(on: date) -> dict[str, object]:
    return {"rule": "P-013", "subject": "case 1", "event": "started", "happened_on": on, "note": "-"}


def _sides(on: date) -> dict[str, object]:
    return {"opened_on": on, "document": "-", "ours": 1, "theirs": 2}


def _finding() -> dict[str, object]:
    return {"finding": "amount", "comment": "-"}


def catalogue(connection: Connection) -> dict[str, tuple[list[str], list[str]]]:
    """Table -> its columns without generated ones, and its primary key, both in the catalogue's order."""
    rows = connection.execute(
        text("""
            SELECT c.relname AS name,
                   ARRAY(SELECT a.attname::text FROM pg_attribute a
                         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
                         ORDER BY a.attnum) AS columns,
                   ARRAY(SELECT a.attname::text FROM pg_index i
                         CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY k (attnum, place)
                         JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
                         WHERE i.indrelid = c.oid AND i.indisprimary ORDER BY k.place) AS key
            FROM pg_class c
            WHERE c.relnamespace = 'esep'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> 'schema_version'
        """)
    )
    return {row.name: (row.columns, row.key) for row in rows}


def test_the_page_of_facts_is_the_catalogue(worker: Connection) -> None:
    found = catalogue(worker)
    assert set(FACTS) | set(UNCHAINED) == set(found)
    for name, table in FACTS.items():
        columns, key = found[name]
        own = ["authority_id", "entry_number", *table.key]
        rest = [column for column in columns if column not in own]
        assert list(table.columns) == own + rest, name
        assert sorted(table.columns) == sorted(columns), name
        assert [column for column in key if column not in own[:2]] == list(table.key), name
        assert key[0] == "authority_id", name


def test_leaves_are_ordered_by_the_octets_of_every_text_in_a_key(worker: Connection) -> None:
    rows = worker.execute(
        text("""
            SELECT table_name, column_name FROM information_schema.columns
            WHERE table_schema = 'esep' AND data_type = 'text'
        """)
    )
    keys = {row.column_name for row in rows if row.table_name in FACTS and row.column_name in FACTS[row.table_name].key}
    assert keys == TEXT_KEYS


def test_every_table_of_these_tests_has_rows(worker: Connection) -> None:
    counts = {
        name: worker.execute(text(f"SELECT count(*) FROM esep.{name}")).scalar_one() for name in catalogue(worker)
    }
    assert [name for name, count in counts.items() if not count] == []


def not_refused(connection: Connection, statements: dict[str, str], expected: type[Exception]) -> dict[str, str]:
    """The statements that went through, or were refused for another reason, with what happened."""
    passed = {}
    for name, statement in statements.items():
        found: BaseException | None = None
        try:
            with db.refusals(), connection.begin_nested() as undone:
                connection.execute(text(statement))
                undone.rollback()
        except LedgerError as error:
            found = error
        except Exception as error:  # noqa: BLE001 - whatever it is, the test compares it
            found = getattr(error, "orig", error)
        if not isinstance(found, expected):
            passed[name] = repr(found)
    return passed


CHANGES = {
    "update": "UPDATE esep.{table} SET {column} = {column}",
    "delete": "DELETE FROM esep.{table}",
    "truncate": "TRUNCATE esep.{table} CASCADE",
    "merge": "MERGE INTO esep.{table} t USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE",
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(("role", "expected"), [("worker", driver.InsufficientPrivilege), ("owner", AppendOnly)])
def test_no_fact_is_changed_or_taken_away(
    shared: SharedBooks, role: str, expected: type[Exception], change: str
) -> None:
    """Privileges stop the working role, triggers stop the owner as well."""
    with shared.undone(role) as connection:
        tables = catalogue(connection)
        statements = {
            name: CHANGES[change].format(table=name, column=columns[-1]) for name, (columns, _) in tables.items()
        }
        assert len(statements) == len(FACTS) + len(UNCHAINED)
        assert not_refused(connection, statements, expected) == {}


@pytest.mark.parametrize(("role", "expected"), [("worker", driver.InsufficientPrivilege), ("owner", AppendOnly)])
def test_an_insert_that_would_change_a_row_is_refused(
    shared: SharedBooks, role: str, expected: type[Exception]
) -> None:
    statement = """
        INSERT INTO esep.received_file SELECT * FROM esep.received_file
        ON CONFLICT (sha256, kind, verdict) DO UPDATE SET octets = 0
    """
    with shared.undone(role) as connection, refused(connection, expected):
        connection.execute(text(statement))


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("change", ["UPDATE {} SET entry_number = 1", "DELETE FROM {}", "TRUNCATE {}"])
def test_nothing_changes_a_month_by_its_part(shared: SharedBooks, part: str, change: str) -> None:
    """Row triggers of the parent stand on every part; TRUNCATE is asked of the part alone, so each has its own."""
    statement = change.format(f"esep_months.{part}")
    with shared.undone("owner") as connection, refused(connection, AppendOnly):
        connection.execute(text(statement))
    with shared.undone("worker") as connection, refused(connection, driver.InsufficientPrivilege):
        connection.execute(text(statement))


@pytest.mark.parametrize("part", PARTS)
def test_nobody_writes_past_the_parents_into_a_part(shared: SharedBooks, part: str) -> None:
    with shared.undone("worker") as connection:
        for statement in (f"INSERT INTO esep_months.{part} DEFAULT VALUES", f"SELECT 1 FROM esep_months.{part}"):
            with refused(connection, driver.InsufficientPrivilege) as caught:
                connection.execute(text(statement))
            assert "schema esep_months" in str(caught.error)


FORBIDDEN = {
    "a trigger switched off": "ALTER TABLE esep.posting DISABLE TRIGGER refuse_overdraft",
    "a table dropped": "DROP TABLE esep.refund",
    "a function replaced": "CREATE OR REPLACE FUNCTION esep.refuse_change() RETURNS trigger LANGUAGE plpgsql AS ''",
    "a part taken off": "ALTER TABLE esep.payment DETACH PARTITION esep_months.payment_2024_03",
    "rights given away": "ALTER TABLE esep.posting OWNER TO esep_worker",
    "the owner's place taken": "SET ROLE esep_owner",
    "triggers put to sleep": "SET session_replication_role = replica",
    "a row of the chart": "INSERT INTO esep.chart SELECT 'x', '', 'debit', true, true, true",
    "an identity moved": "ALTER TABLE esep.account ALTER account_id RESTART WITH 1",
    "a number taken": "SELECT nextval('esep.account_account_id_seq')",
}


def test_the_working_role_cannot_take_the_guards_away(worker: Connection) -> None:
    assert not_refused(worker, FORBIDDEN, driver.InsufficientPrivilege) == {}


def test_the_owner_cannot_put_the_triggers_to_sleep_at_once(shared: SharedBooks) -> None:
    """Whoever is no superuser cannot; what a superuser does so is found by `ledger verify`."""
    with shared.undone("owner") as connection, refused(connection, driver.InsufficientPrivilege):
        connection.execute(text("SET session_replication_role = replica"))


def test_every_guard_stands(worker: Connection) -> None:
    assert broken_guards(worker) == []


def test_every_table_has_the_triggers_of_a_fact(worker: Connection) -> None:
    rows = worker.execute(
        text("""
            SELECT c.relname AS name, array_agg(t.tgname::text ORDER BY t.tgname) AS triggers
            FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
            WHERE c.relnamespace = 'esep'::regnamespace AND NOT t.tgisinternal AND t.tgenabled = 'O' GROUP BY c.relname
        """)
    )
    found = {row.name: set(row.triggers) for row in rows}
    assert set(found) == set(FACTS) | set(UNCHAINED)
    for name, triggers in found.items():
        assert {"refuse_change", "refuse_truncate"} <= triggers, name
        if name in FACTS and name not in {"award_line", "payment"}:
            assert "refuse_sealed" in triggers, name


def test_the_working_role_may_read_and_append_and_nothing_else(worker: Connection) -> None:
    """On tables, views, sequences and columns of every schema that is not PostgreSQL's own, with what PUBLIC may."""
    rows = worker.execute(
        text("""
            SELECT n.nspname || '.' || c.relname AS name,
                   array_agg(DISTINCT x.privilege_type ORDER BY x.privilege_type) AS may
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            LEFT JOIN pg_attribute a ON a.attrelid = c.oid
            CROSS JOIN LATERAL (SELECT * FROM aclexplode(c.relacl) UNION ALL SELECT * FROM aclexplode(a.attacl)) x
            WHERE n.nspname IN ('esep', 'esep_months', 'public') AND x.grantee IN (0, 'esep_worker'::regrole)
            GROUP BY 1
        """)
    )
    views = {"corporation", "bank", "authority", "aid_kind", "aid_term", "rate", "rule_set", "setting", "taken_payment"}
    views |= {"crediting_pair", "break_state"}
    views |= {"journal", "balance", "payment_state", "transfer_state", "break_list"}
    readable = {f"esep.{name}": ["SELECT"] for name in {*views, "chart", "schema_version"}}
    facts = {f"esep.{name}": ["INSERT", "SELECT"] for name in {*FACTS, "entry", "received_file"}}
    assert {row.name: row.may for row in rows} == readable | facts


def test_the_working_role_enters_one_schema_and_makes_nothing_in_any(worker: Connection) -> None:
    rows = worker.execute(
        text("""
            SELECT nspname, has_schema_privilege('esep_worker', oid, 'USAGE') AS enters,
                   has_schema_privilege('esep_worker', oid, 'CREATE') AS makes
            FROM pg_namespace WHERE nspname IN ('esep', 'esep_months', 'public')
        """)
    )
    found = {row.nspname: (row.enters, row.makes) for row in rows}
    assert found == {"esep": (True, False), "esep_months": (False, False), "public": (True, False)}
