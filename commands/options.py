"""What all commands share: their options, the way to the books, and how they answer.

The clock and the surroundings are read here (and in `cli`) alone. Everything heavy is imported inside the functions.
"""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from ledgers.db import Database, Location
    from reconcile.desk import Desk

User = Annotated[
    str,
    typer.Option(
        "--user", envvar="ESEP_USER", help="Your name; it stands in the books with all you do.", show_default=False
    ),
]
"""Who does it."""

Today = Annotated[
    datetime | None,
    typer.Option("--today", formats=["%Y-%m-%d"], help="The working day, like 2024-03-18; the calendar's if left out."),
]
"""The day on which it is done."""

Charset = Annotated[
    str | None,
    typer.Option("--charset", help="The file's charset, like cp1251; told by its content if left out."),
]
"""How the bytes of a file are read."""

Home = Annotated[
    Path | None, typer.Option("--home", envvar="ESEP_HOME", help="Folder of the books and of the archive of files.")
]
"""Where the books are."""

Out = Annotated[Path, typer.Option("--out", file_okay=False, writable=True, help="Folder to write the files to.")]
"""Where files go."""

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)]
"""The file that is read."""

DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would be done; nothing is recorded or written.")]
"""Whether it is only tried."""

Tabs = Annotated[bool, typer.Option("--tabs", help="Tabs between the columns, to paste into a spreadsheet.")]
"""Whether a table is to be pasted elsewhere."""

Save = Annotated[
    Path | None, typer.Option("--save", help="Also write the table to a .csv, .xlsx or .parquet file.", dir_okay=False)
]
"""Where a table is saved besides."""

AuthorityCode = Annotated[
    str, typer.Option("--authority", help="Code of the authority, as in the setup.", show_default=False)
]
"""The authority that it is about."""

OneAuthority = Annotated[
    str | None, typer.Option("--authority", help="Only this authority; all of them if left out.", show_default=False)
]
"""The authority that it is about, if not all of them."""

Month = Annotated[
    datetime, typer.Option("--month", formats=["%Y-%m"], help="The reporting month, like 2024-03.", show_default=False)
]
"""The month that it is about; its day is the first."""


def group(help_text: str) -> typer.Typer:
    """Make a group of commands."""
    return typer.Typer(help=help_text, no_args_is_help=True, rich_markup_mode=None)


def location(home: Path | None) -> "Location":
    """The place of the books: the folder, and the server if the surroundings name one."""
    from ledgers.db import Location

    if home is None:
        home = Path("/var/lib/esep") if os.geteuid() == 0 else Path.home() / ".local" / "share" / "esep"
    return Location(
        home=home.resolve(),
        url=os.environ.get("ESEP_DATABASE_URL"),
        owner_url=os.environ.get("ESEP_OWNER_DATABASE_URL"),
    )


def place(where: "Location") -> str:
    """Where the books are, as short as it can be said from here."""
    if where.url is None and where.home.is_relative_to(Path.cwd()):
        return str(where.home.relative_to(Path.cwd()))
    return str(where)


@contextmanager
def books(home: Path | None) -> "Iterator[Database]":
    """Open the books, to look into them."""
    from ledgers import db

    with db.opened(location(home)) as database:
        yield database


@contextmanager
def desk(user: str, today: datetime | None, home: Path | None) -> "Iterator[Desk]":
    """Open the books at a desk, to change them: who works there, and on which day."""
    from reconcile.archive import Archive
    from reconcile.desk import Desk

    with books(home) as database:
        archive = Archive(location(home).home / "archive")
        yield Desk(database=database, archive=archive, actor=user, today=working_day(today), progress=progress())


def working_day(today: datetime | None) -> date:
    """The day on which it is done or looked at: the one that was named, else the calendar's."""
    return today.date() if today is not None else date.today()  # noqa: DTZ011 - the calendar on the wall counts


def progress() -> Callable[[str, int], None]:
    """Counts lines on a terminal; says nothing into a file or a pipe."""
    if not sys.stderr.isatty():
        return lambda _stage, _done: None
    counts: dict[str, int] = {}

    def count(stage: str, done: int) -> None:
        counts[stage] = counts.get(stage, 0) + done
        print(f"\r{stage}: {counts[stage]:>12}", end="" if done else "\n", file=sys.stderr, flush=True)

    return count


def say(lines: list[str]) -> None:
    """Print an answer."""
    print("\n".join(lines))


def saved(rows: Sequence[Any], path: Path | None) -> list[str]:
    """Save a table if a file was named for it, and say so."""
    if path is None:
        return []
    from reconcile import export

    return [f"wrote {export.save(rows, path)} rows to {path}, its SHA-256 to {export.digest_path(path).name}"]


def dry(dry_run: bool) -> list[str]:
    """Say that nothing is recorded, where that is so."""
    return ["dry run, nothing was recorded:"] if dry_run else []


def moment() -> str:
    """The moment of now, with the offset of the clock on the wall."""
    return datetime.now().astimezone().isoformat(timespec="seconds")
