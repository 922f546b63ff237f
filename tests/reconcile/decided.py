"""Decisions of any kind, month and authority, written into the books as an import writes them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection

from fixtures.people import people
from ledgers import posting, settings
from ledgers.journal import EntryDraft, EntryKind
from reconcile import setup
from reconcile.desk import Desk
from tests.ledgers.stories import GOLDEN
from tests.ledgers.story_rows import award_line
from tests.reconcile.bank import AUTHORITY, FIVE_MRP, OTHER_AUTHORITY

KINDS = {"M": "monthly", "Q": "quarterly", "O": "one_off", "P": "memorial"}
"""Kinds of aid besides those of the golden month; P is for the eighth of March."""


def set_up(desk: Desk, folder: Path) -> None:
    """AST with the kinds A, B and those above, and ALA with A and M."""
    content = GOLDEN.read_text("utf-8")
    block = content[content.index("[[authority]]") : content.index("[[authority.aid_kind]]")]
    kind_a = content[content.index("[[authority.aid_kind]]") :].split("[[authority.aid_kind]]")[1]
    own = "".join(_kind(kind_a, code, periodicity) for code, periodicity in KINDS.items())
    for found, put in (
        ("authority_id = 1", "authority_id = 2"),
        ('"AST"', '"ALA"'),
        (AUTHORITY[0], OTHER_AUTHORITY[0]),
        (AUTHORITY[1], OTHER_AUTHORITY[1]),
        ("first_order_number = 71", "first_order_number = 500"),
    ):
        block = block.replace(found, put)
    path = folder / "setup.toml"
    other = f"{block}\n[[authority.aid_kind]]{kind_a}{_kind(kind_a, 'M', 'monthly')}"
    path.write_text(f"{content}\n{own}\n{other}", "utf-8")
    setup.import_file(replace(desk, today=date(2023, 6, 1)), path)


def _kind(source: str, code: str, periodicity: str) -> str:
    memorial_day = "03-08" if periodicity == "memorial" else ""
    lines = source.replace('"A"', f'"{code}"').replace('"memorial"', f'"{periodicity}"')
    return "\n[[authority.aid_kind]]" + lines.replace('"03-21"', f'"{memorial_day}"')


@contextmanager
def entered(
    desk: Desk, kind: EntryKind, on: date, tables: list[str], book: int = 1
) -> Iterator[tuple[Connection, int]]:
    """An entry under the lock of its book: what is written inside becomes its rows."""
    with desk.database.begin() as connection:
        posting.lock(connection, [book])
        number = posting.next_number(connection, book)
        yield connection, number
        draft = EntryDraft(
            kind=kind,
            booked_on=on,
            value_date=on,
            actor="tester",
            source_key=f"{kind}:{number}",
            source_digest=posting.digest(kind, number),
            summary=kind,
        )
        posting.seal(connection, book, number, draft, tables)


def decide(desk: Desk, on: date, kind: str, month: date, many: int, *, book: int = 1) -> list[int]:
    """So many awards of five MRP that come in on a day; returns their numbers."""
    desk.database.open_months([month.isoformat()])
    with entered(desk, "awards_imported", on, ["award_line", "award_batch"], book) as (connection, number):
        key = {"authority_id": book, "entry_number": number}
        persons = islice(people(seed=number * 10 + book), many)
        numbers = [number * 10_000_000 + place for place in range(1, many + 1)]
        rows = [
            award_line(person, award, "A", "HSBKKZKX") | key | {"aid_kind": kind, "due_month": month}
            for person, award in zip(persons, numbers, strict=True)
        ]
        batch = key | {"aid_kind": kind, "due_month": month, "count": many, "amount": many * FIVE_MRP}
        posting.append(connection, "award_line", rows)
        posting.append(connection, "award_batch", [batch])
    return numbers


def cancel(desk: Desk, on: date, month: date, award: int) -> None:
    """An award that will not be paid."""
    with entered(desk, "awards_cancelled", on, ["award_cancellation"]) as (connection, number):
        row = {"due_month": month, "award_number": award, "cancelled_on": on, "document": "№ 7", "reason": "бас тартты"}
        posting.append(connection, "award_cancellation", [row | {"authority_id": 1, "entry_number": number}])


def choose(desk: Desk, on: date, name: str, value: str, *, book: int = 0) -> None:
    """A setting of an authority, or of all."""
    with entered(desk, "settings_changed", on, ["setting_version"], book) as (connection, number):
        settings.append_version(connection, book, number, name=name, value=value, reason="тест")
