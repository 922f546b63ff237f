"""The golden month played through the verbs, step by step, for tests that need a part of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import text

from reconcile import award, need, order, refund, request, resolve, returns, setup, statement
from reconcile.desk import Desk

STORY = Path(__file__).parents[2] / "fixtures" / "golden_march_2024"
IN = STORY / "in"

Step = Callable[[Desk, Path], Any]


def _reads(verb: Callable[[Desk, Path], Any], file: Path) -> Step:
    """A step that reads a file and writes none."""
    return lambda desk, _out: verb(desk, file)


STEPS: tuple[tuple[str, date, Step], ...] = (
    ("setup", date(2024, 3, 1), _reads(setup.import_file, STORY / "setup.toml")),
    ("awards", date(2024, 3, 6), _reads(award.import_file, IN / "decisions.csv")),
    ("need", date(2024, 3, 11), lambda desk, _out: need.form(desk)),
    ("request", date(2024, 3, 12), request.send),
    ("transfers", date(2024, 3, 14), _reads(statement.import_file, IN / "statement-2024-03-14.txt")),
    ("orders", date(2024, 3, 18), order.send),
    ("settled", date(2024, 3, 18), _reads(statement.import_file, IN / "statement-2024-03-18.txt")),
    ("return_halyk", date(2024, 3, 19), _reads(returns.import_file, IN / "return-halyk.txt")),
    ("return_kazpost", date(2024, 3, 19), _reads(returns.import_file, IN / "return-kazpost.txt")),
    ("return_money", date(2024, 3, 19), _reads(statement.import_file, IN / "statement-2024-03-19.txt")),
    ("notice", date(2024, 3, 20), returns.notify),
    ("resolutions", date(2024, 3, 27), _reads(resolve.import_file, IN / "resolutions.xml")),
    ("resend", date(2024, 3, 28), order.send),
    ("resend_settled", date(2024, 3, 28), _reads(statement.import_file, IN / "statement-2024-03-28.txt")),
    ("refund", date(2024, 3, 29), refund.send),
    ("month_end", date(2024, 4, 1), _reads(statement.import_file, IN / "statement-2024-03-31.txt")),
)
"""Name, day and verb of each step up to the close."""


def at(desk: Desk, day: date) -> Desk:
    """The same desk on another day."""
    return replace(desk, today=day)


def play(desk: Desk, upto: str, out: Path, *, after: str = "") -> Any:
    """Play the month through a step, from the beginning or after another step; returns what the last one gave."""
    names = [name for name, _, _ in STEPS]
    first = names.index(after) + 1 if after else 0
    result = None
    for _, day, step in STEPS[first : names.index(upto) + 1]:
        result = step(at(desk, day), out)
    return result


def counts(desk: Desk) -> dict[str, int]:
    """How many rows every table holds: what a second run of a command must not change."""
    with desk.database.begin() as connection:
        tables = connection.execute(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'esep' ORDER BY tablename")
        ).scalars()
        return {name: connection.execute(text(f"SELECT count(*) FROM esep.{name}")).scalar_one() for name in tables}


def balance(desk: Desk, code: str, authority_id: int = 1) -> int:
    """The balance of all accounts of a code in a book, on its normal side, in tiyn."""
    with desk.database.begin() as connection:
        amount = connection.execute(
            text("""
                SELECT coalesce(sum(CASE WHEN a.account_id = p.credit THEN p.amount ELSE -p.amount END), 0)
                FROM esep.account a
                JOIN esep.posting p ON p.authority_id = a.authority_id AND a.account_id IN (p.debit, p.credit)
                WHERE a.authority_id = :authority AND a.code = :code
            """),
            {"authority": authority_id, "code": code},
        ).scalar_one()
    return -int(amount) if code in ("cash", "requested") else int(amount)
