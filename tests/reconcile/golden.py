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

STEPS: tuple[tuple[str, date, Step], ...] = (
    ("setup", date(2024, 3, 1), lambda desk, out: setup.import_file(desk, STORY / "setup.toml")),
    ("awards", date(2024, 3, 6), lambda desk, out: award.import_file(desk, IN / "decisions.csv")),
    ("need", date(2024, 3, 11), lambda desk, out: need.form(desk)),
    ("request", date(2024, 3, 12), lambda desk, out: request.send(desk, out)),
    ("transfers", date(2024, 3, 14), lambda desk, out: statement.import_file(desk, IN / "statement-2024-03-14.txt")),
    ("orders", date(2024, 3, 18), lambda desk, out: order.send(desk, out)),
    ("settled", date(2024, 3, 18), lambda desk, out: statement.import_file(desk, IN / "statement-2024-03-18.txt")),
    ("return_halyk", date(2024, 3, 19), lambda desk, out: returns.import_file(desk, IN / "return-halyk.txt")),
    ("return_kazpost", date(2024, 3, 19), lambda desk, out: returns.import_file(desk, IN / "return-kazpost.txt")),
    ("return_money", date(2024, 3, 19), lambda desk, out: statement.import_file(desk, IN / "statement-2024-03-19.txt")),
    ("notice", date(2024, 3, 20), lambda desk, out: returns.notify(desk, out)),
    ("resolutions", date(2024, 3, 27), lambda desk, out: resolve.import_file(desk, IN / "resolutions.xml")),
    ("resend", date(2024, 3, 28), lambda desk, out: order.send(desk, out)),
    ("resend_settled", date(2024, 3, 28), lambda desk, out: statement.import_file(desk, IN / "statement-2024-03-28.txt")),
    ("refund", date(2024, 3, 29), lambda desk, out: refund.send(desk, out)),
    ("month_end", date(2024, 4, 1), lambda desk, out: statement.import_file(desk, IN / "statement-2024-03-31.txt")),
)
"""Name, day and verb of each step up to the close."""


def at(desk: Desk, day: date) -> Desk:
    """The same desk on another day."""
    return replace(desk, today=day)


def play(desk: Desk, upto: str, out: Path, *, after: str = "") -> Any:
    """Play the month up to and with a step, from the beginning or after another step; returns what the last one gave."""
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
