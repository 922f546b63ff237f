"""The clock on the wall is looked at by the command alone: inside, every verb takes the day that it is given."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from freezegun import freeze_time
from sqlalchemy import text
from typer.testing import CliRunner, Result

import cli
from ledgers import db
from reconcile import need
from tests.conftest import NewBooks
from tests.procedure.conftest import Template, opened
from tests.procedure.town import Town

Run = Callable[..., Result]


@pytest.fixture
def books(new_books: NewBooks, set_up: Template, tmp_path: Path) -> Iterator[db.Location]:
    """Monthly aid for February 2024 is decided; its 27th is Saturday 27.01.2024, so the need is due on Friday."""
    with new_books(set_up.location) as location:
        with opened(location, set_up.archive) as desk:
            Town(desk, tmp_path).decide("10.01.2024", "M", "02.2024")
        yield location


@pytest.fixture
def esep(books: db.Location) -> Run:
    surroundings = {
        "ESEP_DATABASE_URL": str(books.url),
        "ESEP_OWNER_DATABASE_URL": str(books.owner_url),
        "ESEP_HOME": str(books.home),
        "ESEP_USER": "Айгүл",
    }

    def run(*words: str) -> Result:
        return CliRunner(env=surroundings).invoke(cli.app, [*words])

    # What a command imports when it runs first must be there before a clock is frozen.
    assert run("need", "form", "--today", "2024-01-11").exit_code == 0
    return run


def formed_on(books: db.Location) -> list[date]:
    with db.opened(books) as database, database.begin() as connection:
        return list(connection.execute(text("SELECT formed_on FROM esep.need")).scalars())


@pytest.mark.parametrize(
    ("on_the_wall", "formed"),
    [
        (datetime(2024, 1, 25, 23, 59), []),  # noqa: DTZ001 - a clock on the wall has no zone
        (datetime(2024, 1, 26, 0, 1), [date(2024, 1, 26)]),  # noqa: DTZ001
        (datetime(2024, 2, 29, 12, 0), [date(2024, 2, 29)]),  # noqa: DTZ001
    ],
)
def test_without_a_day_the_command_takes_that_of_the_calendar(
    esep: Run, books: db.Location, on_the_wall: datetime, formed: list[date]
) -> None:
    with freeze_time(on_the_wall):
        result = esep("need", "form")
    assert result.exit_code == 0, result.output
    assert formed_on(books) == formed


def test_a_day_that_is_named_is_stronger_than_the_calendar(esep: Run, books: db.Location) -> None:
    """The wall says some day after 2024; the option reads days with the clock's own class, so it is not frozen."""
    assert esep("need", "form", "--today", "2024-01-25").exit_code == 0
    assert formed_on(books) == []
    assert esep("need", "form", "--today", "2024-01-29").exit_code == 0
    assert formed_on(books) == [date(2024, 1, 29)]


def test_inside_nobody_looks_at_the_clock(town: Town) -> None:
    """On a wall that says 2031 the verb forms the need of the day at its desk."""
    town.decide("10.01.2024", "M", "02.2024")
    with freeze_time(datetime(2031, 5, 9, 12, 0)):  # noqa: DTZ001
        ((_, own),) = need.form(town.at("26.01.2024")).formed
        (deadline,) = town.board("26.01.2024", "R-033")
    assert own.formed_on == date(2024, 1, 26)
    assert (deadline.due, deadline.state) == (date(2024, 1, 29), "soon")
