"""A kill -9 in the middle of any command leaves the books as before it; running it again completes it.

Each command of the golden month is stopped at its last step before the commit: another session holds the table of
entries, the command waits for it with all its rows written, and is killed there. Then the same command runs to its end.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from fixtures.golden_march_2024.demo import LOOKING, STEPS
from ledgers import db

ROOT = Path(__file__).parents[1]
PATIENCE_SECONDS = 60


@pytest.fixture
def surroundings(location: db.Location, tmp_path: Path) -> dict[str, str]:
    """The environment of a command that works on this test's database."""
    return os.environ | {
        "ESEP_DATABASE_URL": str(location.url),
        "ESEP_OWNER_DATABASE_URL": str(location.owner_url),
        "ESEP_HOME": str(tmp_path / "home"),
        "ESEP_USER": "tester",
    }


@pytest.fixture
def home() -> Iterator[Path]:
    """A home for a server of its own; pytest's folder is closed to the server's user whenever another run begins."""
    with tempfile.TemporaryDirectory(prefix="esep-", ignore_cleanup_errors=True) as folder:
        yield Path(folder) / "h"


def start(words: list[str], surroundings: dict[str, str]) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "cli", *words]
    return subprocess.Popen(command, cwd=ROOT, env=surroundings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def wait_for(condition: str, connection: Connection) -> None:
    """Wait until a query over the other sessions of this database is true."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not connection.execute(text(f"SELECT {condition}")).scalar_one():
        assert time.monotonic() < end, f"never came true: {condition}"
        time.sleep(0.02)


WORKERS = f"FROM pg_stat_activity WHERE datname = current_database() AND usename = '{db.WORKER}'"


@contextmanager
def held_entries(owner_url: str) -> Iterator[Connection]:
    """Hold the table of entries, so that every command stops when it seals its first entry."""
    engine = create_engine(owner_url, poolclass=NullPool)
    # Looks at the sessions by itself: inside a transaction their list would not change.
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as watcher:
        with engine.connect() as holder:
            holder.execute(text("LOCK TABLE esep.entry IN SHARE ROW EXCLUSIVE MODE"))
            yield watcher
            holder.rollback()
        wait_for(f"count(*) = 0 {WORKERS}", watcher)
    engine.dispose()


def state(owner_url: str, out: Path) -> tuple[dict[str, int], list[str]]:
    """How many rows every table holds, and which files went out."""
    engine = create_engine(owner_url, poolclass=NullPool)
    with engine.connect() as connection:
        names = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'esep'")).scalars().all()
        counts = {name: connection.execute(text(f"SELECT count(*) FROM esep.{name}")).scalar_one() for name in names}
    engine.dispose()
    return counts, sorted(file.name for file in out.iterdir()) if out.exists() else []


def test_every_command_killed_before_its_commit_leaves_the_books_as_they_were(
    location: db.Location, surroundings: dict[str, str], tmp_path: Path
) -> None:
    out, owner_url = tmp_path / "out", str(location.owner_url)
    for day, step in STEPS:
        if step.startswith("db ") or step.split()[0] in LOOKING:
            continue
        words = [*step.format(out=out).split(), "--today", day]
        before = state(owner_url, out)
        with held_entries(owner_url) as watcher:
            killed = start(words, surroundings)
            wait_for(
                f"EXISTS (SELECT 1 {WORKERS} AND wait_event_type = 'Lock' AND query LIKE '%INTO esep.entry%')", watcher
            )
            killed.send_signal(signal.SIGKILL)
            killed.communicate()
        assert state(owner_url, out) == before, f"killed: {step}"
        again = start(words, surroundings)
        said, _ = again.communicate(timeout=PATIENCE_SECONDS)
        assert again.returncode == 0, said.decode()
        assert state(owner_url, out) != before, f"run again: {step}"


@pytest.mark.usefixtures("embedded_url")  # after it the user that root's servers run as is there, whoever made it
@pytest.mark.parametrize("step", ["draft", "migration"])
def test_making_the_database_killed_in_the_middle_is_completed_by_the_next_run(home: Path, step: str) -> None:
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("ESEP_")}
    surroundings["ESEP_HOME"] = str(home)
    killed = start(["db", "init"], surroundings)
    marks = {"draft": "postgres-draft-*/postmaster.pid", "migration": "postgres/postmaster.pid"}
    end = time.monotonic() + PATIENCE_SECONDS
    while not list(home.glob(marks[step])):
        assert time.monotonic() < end
        assert killed.poll() is None, "the command was over before it could be killed"
        time.sleep(0.005)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    again = start(["db", "init"], surroundings)
    said, _ = again.communicate(timeout=PATIENCE_SECONDS)
    assert again.returncode == 0, said.decode()
    looked = start(["db", "status"], surroundings)
    said, _ = looked.communicate(timeout=PATIENCE_SECONDS)
    assert looked.returncode == 0, said.decode()
    assert "working as esep_worker" in said.decode()
    assert not list(home.glob("postgres-draft-*"))
