"""Books that the tests of a module share: each works in a transaction that is undone at its end."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

import pytest
from sqlalchemy import Connection, Engine

from ledgers import db


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
def shared(new_books: Callable[[], AbstractContextManager[db.Location]]) -> Iterator[SharedBooks]:
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
