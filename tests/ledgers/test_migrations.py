"""Books of an earlier schema are brought up to date with everything they hold, and are proved as before.

`books_0001.jsonl.gz` holds every row of the golden month as schema 0001 wrote it, a line for each row.
"""

import gzip
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from ledgers import db, queries
from ledgers.errors import DatabaseOutdated
from ledgers.guards import broken_guards
from ledgers.verify import verify

BOOKS = Path(__file__).with_name("books_0001.jsonl.gz")
MIGRATIONS = Path(db.__file__).parent / "migrations"


@pytest.fixture
def old_books(server_url: str, tmp_path: Path) -> Iterator[db.Location]:
    """A database of schema 0001 with the golden month in it."""
    admin = create_engine(
        make_url(server_url).set(database="postgres"), poolclass=NullPool, isolation_level="AUTOCOMMIT"
    )
    owner = make_url(server_url).set(database="old_books").render_as_string(hide_password=False)
    worker = make_url(owner).set(username=db.WORKER).render_as_string(hide_password=False)
    location = db.Location(home=tmp_path, url=worker, owner_url=owner)
    with admin.connect() as connection:
        connection.execute(text("CREATE DATABASE old_books TEMPLATE template0 ENCODING 'UTF8'"))
    try:
        engine = create_engine(make_url(owner), poolclass=NullPool)
        db._make_roles(engine)
        with db.owned(location) as own, own.begin() as connection:
            connection.execute(text("CREATE SCHEMA esep"))
            upgrade(connection, "0001")
            connection.execute(text("SELECT esep.open_month('2024-03-01')"))
        with engine.begin() as connection:
            fill(connection)
        yield location
    finally:
        with admin.connect() as connection:
            connection.execute(text("DROP DATABASE old_books WITH (FORCE)"))
        admin.dispose()


def upgrade(connection: Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def fill(connection: Connection) -> None:
    """Put the rows in as they were, hashes and all: only who owns the server can, with the triggers asleep."""
    rows = defaultdict(list)
    for line in gzip.decompress(BOOKS.read_bytes()).decode().splitlines():
        found = json.loads(line)
        rows[found["table"]].append(found["row"])
    connection.execute(text("SET session_replication_role = replica"))
    for table, values in rows.items():
        columns = connection.execute(
            text("""
                SELECT string_agg(attname::text, ', ') FROM pg_attribute
                WHERE attrelid = CAST(:table AS regclass) AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
            """),
            {"table": f"esep.{table}"},
        ).scalar_one()
        connection.execute(
            text(f"""
                INSERT INTO esep.{table} ({columns}) OVERRIDING SYSTEM VALUE
                SELECT {columns} FROM json_populate_recordset(NULL::esep.{table}, CAST(:rows AS json))
            """),
            {"rows": json.dumps(values)},
        )


def test_books_of_schema_0001_are_refused_until_they_are_migrated(old_books: db.Location) -> None:
    with pytest.raises(DatabaseOutdated, match="esep db init"), db.opened(old_books):
        pass


def test_books_of_schema_0001_keep_every_row_and_its_proof(old_books: db.Location) -> None:
    assert db.initialise(old_books) == db.SCHEMA_VERSION
    with db.opened(old_books) as database, database.begin() as connection:
        found = verify(connection, ())
        assert (found.faults, found.entries, found.leaves) == ((), 30, 422)
        assert broken_guards(connection) == []
        assert [one.balance for one in queries.balances(connection, 1)] == []
        payments = connection.execute(text("SELECT count(*), sum(amount) FROM esep.payment")).one()
        assert tuple(payments) == (141, 2_159_820_00)
