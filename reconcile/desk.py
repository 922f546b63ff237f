"""The desk a person works at: the open books, the archive of files, who works and on which day.

Nothing below the command line reads a clock or an environment: the day and the name come in here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from ledgers.db import Database
from reconcile.archive import Archive


def silent(stage: str, done: int) -> None:
    """Report no progress: for tests and for commands that are over at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Everything a verb needs besides its own input. `progress` takes a stage and how many lines are done."""

    database: Database
    archive: Archive
    actor: str
    today: date
    progress: Callable[[str, int], None] = silent
