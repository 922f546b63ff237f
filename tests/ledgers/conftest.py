"""Books for tests of the ledger: shared by a module, where every test is undone, or copies of the golden month."""

import copy
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from ledgers import db
from reconcile.archive import Archive
from reconcile.desk import Desk
from tests.ledgers.stories import Story

NewBooks = Callable[..., AbstractContextManager[db.Location]]


@dataclass(frozen=True)
class SharedBooks:
    """One database, open as both roles: who works on it, and who owns it."""

    location: db.Location
    worker: Engine
    owner: Engine

    @contextmanager
    def undone(self, role: str = "worker") -> Iterator[Connection]:
        """A transaction of a role; nothing of it stays."""
        engine: Engine = getattr(self, role)
        with engine.connect() as connection:
            yield connection
            connection.rollback()


@pytest.fixture(scope="module")
def shared(new_books: NewBooks) -> Iterator[SharedBooks]:
    """A database for a whole module; only what `undone` undoes may be written to it."""
    with new_books() as location, db.opened(location) as database, db.owned(location) as owner:
        yield SharedBooks(location, database.engine, owner)


@pytest.fixture
def worker(shared: SharedBooks) -> Iterator[Connection]:
    """A transaction of the working role."""
    with shared.undone() as connection:
        yield connection


@pytest.fixture(params=["worker", "owner"])
def role(shared: SharedBooks, request: pytest.FixtureRequest) -> Iterator[Connection]:
    """A transaction of the working role, and one of the owner: the same must be refused to both."""
    with shared.undone(request.param) as connection:
        yield connection


@pytest.fixture(scope="session")
def golden_books(new_books: NewBooks, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[db.Location, Story]]:
    """The golden month, told once a server."""
    with new_books() as location:
        with db.opened(location) as database:
            archive = Archive(tmp_path_factory.mktemp("golden"))
            story = Story(Desk(database=database, archive=archive, actor="tester", today=date(2024, 3, 14))).golden()
        yield location, story


@pytest.fixture
def golden_location(golden_books: tuple[db.Location, Story], new_books: NewBooks) -> Iterator[db.Location]:
    """A copy of the golden month's database."""
    with new_books(golden_books[0]) as location:
        yield location


@pytest.fixture
def golden(golden_books: tuple[db.Location, Story], golden_location: db.Location, tmp_path: Path) -> Iterator[Story]:
    """The golden month, for a test that may go on with it."""
    told = golden_books[1]
    values = {field.name: copy.copy(getattr(told, field.name)) for field in fields(told) if field.name != "_keys"}
    with db.opened(golden_location) as database:
        desk = Desk(database=database, archive=Archive(tmp_path / "archive"), actor="tester", today=told.desk.today)
        yield Story(**values | {"desk": desk, "_keys": told._keys})
