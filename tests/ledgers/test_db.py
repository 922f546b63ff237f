"""Where the books live: who may come in, what is said when there are none, and how far the working role reaches."""

import os
import pwd
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from psycopg import errors as driver
from sqlalchemy import Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from ledgers import db
from ledgers.errors import DatabaseMissing, DatabaseOutdated
from tests.ledgers.books import balances, enter, placed, refused
from tests.ledgers.conftest import SharedBooks


def superuser(location: db.Location, database: str | None = None) -> Engine:
    url = make_url(str(location.owner_url))
    return create_engine(url.set(database=database or url.database), poolclass=NullPool, isolation_level="AUTOCOMMIT")


@pytest.fixture
def embedded(embedded_url: str) -> Iterator[Connection]:
    """The embedded server's superuser."""
    engine = create_engine(embedded_url, poolclass=NullPool)
    with engine.connect() as connection:
        yield connection


def setting(connection: Connection, name: str) -> str:
    return str(connection.execute(text("SELECT current_setting(:name)"), {"name": name}).scalar_one())


def test_the_embedded_server_lets_in_its_user_alone_by_the_socket(embedded: Connection) -> None:
    rules = embedded.execute(
        text("SELECT type, database, user_name, auth_method, options FROM pg_hba_file_rules")
    ).all()
    assert [tuple(rule) for rule in rules] == [("local", ["all"], ["all"], "peer", ["map=esep"])]
    mapped = embedded.execute(text("SELECT map_name, sys_name, pg_username FROM pg_ident_file_mappings")).all()
    user = pwd.getpwuid(os.geteuid()).pw_name
    assert {tuple(row) for row in mapped} == {("esep", user, role) for role in ("postgres", db.OWNER, db.WORKER)}
    assert setting(embedded, "listen_addresses") == ""


def test_the_folder_and_the_socket_of_the_embedded_server_are_private(embedded: Connection) -> None:
    assert setting(embedded, "unix_socket_permissions") == "0700"
    socket = Path(setting(embedded, "unix_socket_directories"))
    data = Path(setting(embedded, "data_directory"))
    assert socket == data, "the socket lies in the server's own folder"
    assert data.stat().st_mode & 0o077 == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can try it as another user")
def test_another_user_of_the_machine_stays_outside(embedded: Connection) -> None:
    def enters(user: str) -> bool:
        command = ["/bin/ls", setting(embedded, "unix_socket_directories")]
        return subprocess.run(command, user=user, extra_groups=(), capture_output=True, check=False).returncode == 0

    assert enters("root")
    assert not enters("nobody")


def test_sessions_write_rows_the_same_way_whatever_the_server_is_set_to(location: db.Location) -> None:
    """Leaves are hashed over the text of rows."""
    name = make_url(str(location.url)).database
    with superuser(location).connect() as connection:
        for change in ("DateStyle = 'SQL, DMY'", "TimeZone = 'Asia/Almaty'", "bytea_output = 'escape'"):
            connection.execute(text(f"ALTER DATABASE {name} SET {change}"))
    with db.opened(location) as database, database.begin() as connection:
        row = (
            "SELECT ROW(CAST('2024-03-14' AS date), CAST('\\x00ff' AS bytea), CAST('2024-03-14 00:00Z' AS timestamptz))"
        )
        written = connection.execute(text(f"SELECT ({row})::text")).scalar_one()
        assert written == '(2024-03-14,"\\\\x00ff","2024-03-14 00:00:00+00")'


def test_initialising_again_changes_nothing(location: db.Location) -> None:
    with db.opened(location) as database:
        with database.begin() as connection:
            enter(connection, placed(100))
        assert db.initialise(location) == db.SCHEMA_VERSION
        with database.begin() as connection:
            assert balances(connection) == {"cash": 100, "funding": 100}
            assert enter(connection, placed(1)) == 2


def test_initialising_the_embedded_books_again_changes_nothing(embedded_url: str, embedded: Connection) -> None:
    home = Path(setting(embedded, "data_directory")).parent
    assert db.initialise(db.Location(home=home)) == db.SCHEMA_VERSION
    with db.opened(db.Location(home=home)) as database, database.begin() as connection:
        assert setting(connection, "server_version").startswith("18")
        who = connection.execute(text("SELECT current_user, session_user")).one()
        assert tuple(who) == (db.WORKER, db.WORKER)
    assert embedded_url


def test_books_are_made_on_a_server_whatever_the_database_is_called(location: db.Location) -> None:
    name = 'Есеп "2024"-b'
    quoted = '"' + name.replace('"', '""') + '"'
    url, owner_url = (
        make_url(str(address)).set(database=name).render_as_string(hide_password=False)
        for address in (location.url, location.owner_url)
    )
    admin = superuser(location, "postgres")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {quoted} TEMPLATE template0"))
    try:
        named = replace(location, url=url, owner_url=owner_url)
        with pytest.raises(DatabaseMissing), db.opened(named):
            pass
        db.initialise(named)
        with db.opened(named) as database, database.begin() as connection:
            assert enter(connection, placed(100)) == 1
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {quoted} WITH (FORCE)"))


def test_opening_books_that_nobody_made_says_how_to_make_them(tmp_path: Path, location: db.Location) -> None:
    with pytest.raises(DatabaseMissing) as caught, db.opened(db.Location(home=tmp_path / "nowhere")):
        pass
    assert str(caught.value) == f"there is no Esep database at {tmp_path / 'nowhere'}; make one with: esep db init"
    assert not (tmp_path / "nowhere").exists()
    url = f"postgresql://{db.WORKER}:hidden@/nowhere?{str(location.url).partition('?')[2]}"
    with pytest.raises(DatabaseMissing) as caught, db.opened(replace(location, url=url)):
        pass
    assert str(caught.value).endswith("make one with: esep db init")
    assert "hidden" not in str(caught.value)


def test_books_of_another_version_are_not_opened(location: db.Location) -> None:
    with db.owned(location) as owner, owner.begin() as connection:
        connection.execute(text("UPDATE esep.schema_version SET version_num = '0000'"))
    with pytest.raises(DatabaseOutdated) as caught, db.opened(location):
        pass
    assert str(caught.value) == "the database has schema 0000, this program needs 0003; run: esep db init"


FORBIDDEN = {
    "a table in the books' schema": "CREATE TABLE esep.mine (x integer)",
    "a table among the months": "CREATE TABLE esep_months.mine (x integer)",
    "a table in public": "CREATE TABLE public.mine (x integer)",
    "a schema": "CREATE SCHEMA mine",
    "a function in the books' schema": "CREATE FUNCTION esep.mine() RETURNS integer LANGUAGE sql RETURN 1",
    "passwords": "SELECT rolpassword FROM pg_authid",
    "another role": "CREATE ROLE mine",
    "rights": "GRANT esep_owner TO esep_worker",
    "the superuser's place": "SET ROLE postgres",
    "files of the server": "SELECT pg_read_file('PG_VERSION')",
    "programs of the server": "COPY (SELECT 1) TO PROGRAM 'true'",
    "the schema's version": "UPDATE esep.schema_version SET version_num = '9999'",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_the_working_role_reaches_nothing_but_the_books(worker: Connection, what: str) -> None:
    with refused(worker, driver.InsufficientPrivilege):
        worker.execute(text(FORBIDDEN[what]))


def test_the_working_role_opens_whole_months_and_each_once(worker: Connection) -> None:
    open_month = text("SELECT esep.open_month(CAST(:month AS date))")
    assert worker.execute(open_month, {"month": "2024-03-01"}).scalar_one() is True
    assert worker.execute(open_month, {"month": "2024-03-01"}).scalar_one() is False
    with refused(worker, driver.RaiseException) as caught:
        worker.execute(open_month, {"month": "2024-03-02"})
    assert "2024-03-02 is not the first day of a month" in str(caught.error)


def test_a_superuser_who_opens_the_books_works_as_the_working_role(location: db.Location) -> None:
    """The address in ESEP_DATABASE_URL may be anybody's: the rights are those of the working role."""
    with db.opened(replace(location, url=location.owner_url)) as database, database.begin() as connection:
        who = connection.execute(text("SELECT current_user, session_user")).one()
        assert tuple(who) == (db.WORKER, "postgres")
        enter(connection, placed(100))
        with refused(connection, driver.InsufficientPrivilege):
            connection.execute(text("DELETE FROM esep.posting"))


def test_a_member_of_the_working_role_works_and_a_stranger_does_not(location: db.Location) -> None:
    """A server may give each workplace a login of its own; the embedded one knows its own roles and nobody else."""
    with superuser(location).connect() as connection:
        is_embedded = setting(connection, "server_version").startswith("18")
        connection.execute(text("CREATE ROLE clerk LOGIN IN ROLE esep_worker"))
        connection.execute(text("CREATE ROLE stranger LOGIN"))
        try:
            clerk, stranger = (
                replace(location, url=make_url(str(location.url)).set(username=name).render_as_string())
                for name in ("clerk", "stranger")
            )
            if not is_embedded:
                with db.opened(clerk) as database, database.begin() as books:
                    assert enter(books, placed(100)) == 1
            for outside in [clerk, stranger] if is_embedded else [stranger]:
                with pytest.raises(DatabaseMissing), db.opened(outside):
                    pass
        finally:
            connection.execute(text("DROP ROLE clerk, stranger"))


def test_what_fails_inside_a_transaction_is_undone_whatever_it_is(database: db.Database) -> None:
    def fails() -> None:
        with database.begin() as connection:
            enter(connection, placed(100))
            raise KeyError

    with pytest.raises(KeyError):
        fails()
    with database.begin() as connection:
        assert balances(connection) == {}


def test_a_stream_gives_all_rows_in_blocks(worker: Connection) -> None:
    query = "SELECT n, :word FROM generate_series(1, :many) n"
    blocks = list(db.stream(worker, query, {"many": 25, "word": "сөз"}, rows_max=10))
    assert [len(block) for block in blocks] == [10, 10, 5]
    assert [row for block in blocks for row in block] == [(number, "сөз") for number in range(1, 26)]


def test_two_streams_are_read_at_once(shared: SharedBooks) -> None:
    with shared.undone() as connection:
        query = "SELECT n FROM generate_series(1, 4) n"
        one, other = (db.stream(connection, query, {}, rows_max=2) for _ in range(2))
        assert [next(one), next(other), next(one), next(other)] == [[(1,), (2,)]] * 2 + [[(3,), (4,)]] * 2


def test_no_function_with_the_owners_rights_can_be_captured_through_temporary_objects(database: db.Database) -> None:
    """A domain of the caller's own, named as a type of the catalogue, must not be taken for it."""
    with database.begin() as connection:
        paths = connection.execute(
            text("""
                SELECT p.proname, p.proconfig FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
                WHERE n.nspname = 'esep' AND p.prosecdef
            """)
        ).all()
        assert len(paths) > 5
        assert {tuple(path.proconfig) for path in paths} == {("search_path=pg_catalog, pg_temp",)}
        connection.execute(
            text("""
                CREATE FUNCTION pg_temp.caught(day pg_catalog.date) RETURNS boolean LANGUAGE plpgsql
                AS $$ BEGIN RAISE EXCEPTION 'caught as %', current_user; END $$
            """)
        )
        connection.execute(text("CREATE DOMAIN pg_temp.date AS pg_catalog.date CHECK (pg_temp.caught(VALUE))"))
        connection.execute(text("SELECT esep.open_month(CAST('2031-01-01' AS pg_catalog.date))"))


@pytest.mark.parametrize("month", ["0001-01-01", "2204-03-01", "infinity", "2024-03-02"])
def test_a_month_out_of_all_bounds_is_not_opened(database: db.Database, month: str) -> None:
    with database.begin() as connection, pytest.raises(DBAPIError, match="is not the first day of a month"):
        connection.execute(text("SELECT esep.open_month(CAST(:month AS date))"), {"month": month})
