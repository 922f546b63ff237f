"""The servers that tests run on: one embedded PostgreSQL, and for the ledger's tests a PostgreSQL 15 as well.

Each process that runs tests starts each server once; every test gets a fresh copy of its migrated database. The
PostgreSQL 15 must be installed on the machine: where it is not, its tests are skipped and the end of the run says so.
"""

import fcntl
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from ledgers import db
from reconcile.archive import Archive
from reconcile.desk import Desk

NewBooks = Callable[..., AbstractContextManager[db.Location]]

EMBEDDED, POSTGRESQL_15 = "embedded", "postgresql-15"
LEDGER_TESTS = Path(__file__).parent / "ledgers"

_FOLDERS_OF_15 = ("/usr/lib/postgresql/15/bin", "/usr/pgsql-15/bin", "/opt/homebrew/opt/postgresql@15/bin")
_WITHOUT_15 = "no PostgreSQL 15 is installed: the ledger was tested on the embedded server alone"
_numbers = itertools.count(1)


def programs_of_15() -> Path | None:
    """The folder with the programs of an installed PostgreSQL 15."""
    return next((Path(folder) for folder in _FOLDERS_OF_15 if Path(folder, "initdb").exists()), None)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what tests the ledger on both servers; everything else runs on the embedded one."""
    if "server_url" not in metafunc.fixturenames or LEDGER_TESTS not in metafunc.definition.path.parents:
        return
    marks = [pytest.mark.skip(reason=_WITHOUT_15)] if programs_of_15() is None else []
    servers = [pytest.param(EMBEDDED, id=EMBEDDED), pytest.param(POSTGRESQL_15, id=POSTGRESQL_15, marks=marks)]
    metafunc.parametrize("server_url", servers, indirect=True, scope="session")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the very end, where nobody overlooks it, that half of the ledger's tests did not run.

    Their reports tell it: where several processes run the tests, the one that writes the end of the run collects none.
    """
    if any(_WITHOUT_15 in str(report.longrepr) for report in terminalreporter.getreports("skipped")):
        terminalreporter.section("POSTGRESQL 15 IS NOT INSTALLED", red=True, bold=True)
        terminalreporter.line(f"{_WITHOUT_15}; looked in {', '.join(_FOLDERS_OF_15)}", red=True)


@pytest.fixture(scope="session")
def embedded_url() -> Iterator[str]:
    """Address of the embedded server's superuser, with the migrated database `esep` as the template."""
    with _folder() as folder:
        location = db.Location(home=folder)
        with _alone():
            db.initialise(location)
        with db._running(location, make=False) as server:
            assert server is not None
            url = db._socket_url(server, "postgres")
            # What a test writes need not survive a power cut.
            _execute(url.set(database="postgres"), "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
            yield url.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def postgresql_15_url() -> Iterator[str]:
    """The same of a PostgreSQL 15, started here as a user other than root, on a socket in a folder of its own.

    Its texts sort by Kazakh rules, those of the embedded server by bytes: nothing may depend on either.
    """
    with _folder() as folder:
        data, user = folder / "data", _server_user()
        shutil.chown(folder, user, pwd.getpwnam(user).pw_gid)
        locale = ("--locale=C", "--locale-provider=icu", "--icu-locale=kk")
        _run_15("initdb", "-D", data, "-U", "postgres", "-E", "UTF8", "-A", "trust", "--no-sync", *locale)
        _run_15("pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", f"-k {folder} -h '' -F", "start")
        try:
            url = URL.create("postgresql+psycopg", username="postgres", database="esep", query={"host": str(folder)})
            _execute(url.set(database="postgres"), "CREATE DATABASE esep")
            owner = url.render_as_string(hide_password=False)
            db.initialise(db.Location(home=folder, url=_worker(owner), owner_url=owner))
            yield owner
        finally:
            _run_15("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")


@pytest.fixture(scope="session")
def server_url(request: pytest.FixtureRequest) -> str:
    """Address of the superuser of the server that a test runs on, and of its migrated database."""
    name = "postgresql_15_url" if getattr(request, "param", EMBEDDED) == POSTGRESQL_15 else "embedded_url"
    return str(request.getfixturevalue(name))


@pytest.fixture(scope="session")
def new_books(server_url: str) -> NewBooks:
    """Makes databases, empty ones or copies of `template`'s; each is dropped when its context ends."""

    @contextmanager
    def copied(template: db.Location | None = None) -> Iterator[db.Location]:
        name = f"test_{next(_numbers)}"
        source = make_url(str(template.owner_url)).database if template else "esep"
        admin = make_url(server_url).set(database="postgres")
        _execute(admin, f"CREATE DATABASE {name} TEMPLATE {source} STRATEGY file_copy")
        owner = make_url(server_url).set(database=name).render_as_string(hide_password=False)
        with tempfile.TemporaryDirectory(prefix="esep-") as home:
            yield db.Location(home=Path(home), url=_worker(owner), owner_url=owner)
        _execute(admin, f"DROP DATABASE {name} WITH (FORCE)")

    return copied


@pytest.fixture
def location(new_books: NewBooks) -> Iterator[db.Location]:
    """A fresh database, addressed as a server: the working role, and the owner for tests that try to break it."""
    with new_books() as location:
        yield location


@pytest.fixture
def database(location: db.Location) -> Iterator[db.Database]:
    """The open books, as the working role."""
    with db.opened(location) as opened:
        yield opened


@pytest.fixture
def desk(database: db.Database, tmp_path: Path) -> Desk:
    """A desk on the day the golden month's transfers arrive."""
    return Desk(database=database, archive=Archive(tmp_path / "archive"), actor="tester", today=date(2024, 3, 14))


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder for a server, with a path short enough for a socket.

    It stands outside the folder that pytest makes: that one is closed to other users whenever another run begins, and
    a server started by root belongs to another user.
    """
    folder = Path(tempfile.mkdtemp(prefix="esep-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _alone() -> Iterator[None]:
    """One process at a time: the first server that root ever starts makes the user of the system that it runs as."""
    with Path(__file__).open(encoding="utf-8") as own:
        fcntl.flock(own, fcntl.LOCK_EX)
        yield


def _server_user() -> str:
    """Who the PostgreSQL 15 runs as: it refuses root, so root starts it as another user."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid()).pw_name
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _run_15(program: str, *arguments: str | Path) -> None:
    folder = programs_of_15()
    assert folder is not None
    user = pwd.getpwnam(_server_user()) if os.geteuid() == 0 else None
    # The server keeps open what it was started with, so the words of its programs go to a file and not to a pipe.
    with tempfile.TemporaryFile() as words:
        code = subprocess.call(
            [folder / program, *arguments],
            stdout=words,
            stderr=words,
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
            extra_groups=() if user else None,
        )
        words.seek(0)
        assert code == 0, words.read().decode(errors="replace")


def _worker(owner: str) -> str:
    return make_url(owner).set(username=db.WORKER).render_as_string(hide_password=False)


def _execute(url: URL, *statements: str) -> None:
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
