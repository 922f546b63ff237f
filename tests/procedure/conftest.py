"""Books for the cases: a fresh copy of a town that is set up, or of one whose golden month was played and closed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from ledgers import db
from reconcile import act, close
from reconcile.archive import Archive
from reconcile.desk import Desk
from tests.conftest import NewBooks
from tests.reconcile import golden as story

PROOFS = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in {"conftest", "__init__"})
pytest.register_assert_rewrite(*(f"tests.procedure.{name}" for name in PROOFS if not name.startswith("test_")))

from tests.procedure.town import Town  # noqa: E402 - the proofs stand beside the tests, their asserts tell as much

APRIL, MARCH = date(2024, 4, 1), date(2024, 3, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """Books that are copied, and the archive that goes with them."""

    location: db.Location
    archive: Path


@contextmanager
def opened(location: db.Location, archive: Path) -> Iterator[Desk]:
    with db.opened(location) as database:
        yield Desk(database=database, archive=Archive(archive), actor="tester", today=MARCH)


@pytest.fixture(scope="session")
def set_up(new_books: NewBooks) -> Iterator[Template]:
    """The town on its first day."""
    with new_books() as location:
        template = Template(location=location, archive=location.home / "archive")
        folder = location.home / "files"
        folder.mkdir()
        with opened(location, template.archive) as desk:
            Town(desk, folder).set_up()
        yield template


@pytest.fixture(scope="session")
def played(new_books: NewBooks) -> Iterator[Template]:
    """The golden month, closed, with its documents."""
    with new_books() as location:
        template = Template(location=location, archive=location.home / "archive")
        with opened(location, template.archive) as desk:
            story.play(desk, "month_end", location.home / "out")
            close.month(story.at(desk, APRIL), "AST", MARCH)
            act.build(story.at(desk, APRIL), "AST", MARCH, location.home / "out")
        yield template


@contextmanager
def copied(new_books: NewBooks, template: Template, folder: Path) -> Iterator[Town]:
    with new_books(template.location) as location, opened(location, template.archive) as desk:
        yield Town(desk, folder)


@pytest.fixture
def town(new_books: NewBooks, set_up: Template, tmp_path: Path) -> Iterator[Town]:
    """Two authorities and three banks, nothing decided yet."""
    with copied(new_books, set_up, tmp_path) as own:
        yield own


@pytest.fixture
def golden(new_books: NewBooks, played: Template, tmp_path: Path) -> Iterator[Town]:
    """After the golden month: all books closed and the documents built on 01.04.2024."""
    with copied(new_books, played, tmp_path) as own:
        own.balance = 0
        yield own
