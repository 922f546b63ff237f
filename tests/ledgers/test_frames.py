"""The books as tables of pandas, and the documented views behind them, on the golden month."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from ledgers import db, frames
from ledgers.journal import Event
from tests.ledgers.stories import Story
from tests.ledgers.story_rows import day

VIEWS = {
    "journal": frames.JOURNAL,
    "balance": frames.BALANCES,
    "payment_state": frames.PAYMENTS,
    "transfer_state": frames.TRANSFERS,
    "break_list": frames.BREAKS,
}
NOTEBOOK = Path(__file__).parents[2] / "docs" / "history.ipynb"


@pytest.fixture
def story(golden: Story) -> Story:
    return golden


@pytest.fixture(scope="module")
def books(golden_books: tuple[db.Location, Story]) -> Iterator[db.Database]:
    """The golden month itself, only to look at."""
    with db.opened(golden_books[0]) as database:
        yield database


def broken(story: Story) -> None:
    """A difference that is found and parked."""
    found = {
        "break_number": 1,
        "kind": "payment_not_credited",
        "subject": "P20000003/1",
        "occurrence": 1,
        "amount": 18_460_00,
        "bic": "HSBKKZKX",
        "aid_kind": "A",
        "happened_on": day(20),
        "reason": "the bank's register has no line for it",
    }
    story.enter("breaks_found", day(20), {"break_item": [found]})
    parked = {
        "break_number": 1,
        "step": 1,
        "action": "parked",
        "happened_on": day(21),
        "owner": "",
        "until": day(25),
        "reference": "",
        "note": "asked the bank",
    }
    story.enter("breaks_worked", day(21), {"break_event": [parked]})


def test_the_states_of_the_golden_months_payments(books: db.Database) -> None:
    with books.begin() as connection:
        found = frames.payments(connection, "AST")
    assert found.groupby("state")["payment"].count().to_dict() == {"settled": 138, "resent": 1, "refunded": 2}
    assert found["amount"].sum() == 1_846_000_00 + 295_360_00 + 18_460_00
    states = dict(zip(found["payment"], found["state"], strict=True))
    assert (states["P20000001/1"], states["P20000001/2"], states["P20000002/1"]) == ("resent", "settled", "refunded")


def test_no_column_is_a_floating_point_number(books: db.Database) -> None:
    """Also where there are no rows: a sum over an amount is exact."""
    for table in (frames.journal, frames.balances, frames.payments, frames.transfers, frames.breaks):
        with books.begin() as connection:
            kinds = {name: str(kind) for name, kind in table(connection, "AST").dtypes.items()}
        assert [name for name, kind in kinds.items() if "float" in kind] == []
        assert kinds.get("amount", "int64").lower() == "int64"
        assert {kind for name, kind in kinds.items() if name.endswith("_on")} <= {"datetime64[s]"}


def test_the_journal_has_each_posting_in_words(books: db.Database) -> None:
    with books.begin() as connection:
        found = frames.journal(connection, "AST")
        everything = frames.journal(connection)
    sent = found[found["rule"] == "payment_sent"]
    assert list(sent["debit"].unique()) == ["funding[AST-2024-0001]/A", "funding[AST-2024-0001]/B"]
    assert "transit[GCVP-00100000071]" in set(sent["credit"])
    assert int(sent["amount"].sum()) == 1_846_000_00 + 295_360_00
    assert set(everything["authority_id"]) == {0, 1}
    assert found["entry_number"].is_monotonic_increasing
    assert found["amount"].isna().sum() > 0


def test_balances_and_transfers(story: Story) -> None:
    money = [Event(rule="money_unidentified", amount=5_00, debit_reference="S900", credit_reference="S900")]
    story.enter("money_unidentified", day(31), {}, money)
    with story.desk.database.begin() as connection:
        open_ones = frames.balances(connection, "AST").query("balance != 0")
        transfers = frames.transfers(connection, "AST")
    assert dict(zip(open_ones["account"], open_ones["balance"], strict=True)) == {
        "cash": 5_00,
        "unidentified[S900]": 5_00,
    }
    assert list(transfers["state"]) == ["placed", "placed"]
    assert list(transfers["placed"]) == [1_846_000_00, 295_360_00]


def test_breaks_with_what_was_done_last(story: Story) -> None:
    broken(story)
    with story.desk.database.begin() as connection:
        (row,) = frames.breaks(connection, "AST").to_dict("records")
    assert (row["authority"], row["subject"], row["action"], row["is_closed"]) == (
        "AST",
        "P20000003/1",
        "parked",
        False,
    )
    assert (row["happened_on"].date(), row["parked_until"].date()) == (day(20), day(25))


def test_the_trial_balance_and_a_card(books: db.Database) -> None:
    with books.begin() as connection:
        trial = frames.trial_balance(connection, "AST", until=date(2024, 3, 19))
        card = frames.card(connection, "AST", "transit[GCVP-00100000071]")
    assert trial["debit"].sum() == trial["credit"].sum()
    assert dict(zip(trial["account"], trial["closing_credit"], strict=True))["returned/A"] == 55_380_00
    assert list(card["balance"]) == [1_107_600_00, 0]


def test_every_view_and_every_amount_is_documented(worker: Connection) -> None:
    rows = worker.execute(
        text("""
            SELECT c.relname AS view, a.attname AS column, obj_description(c.oid, 'pg_class') AS said,
                   col_description(c.oid, a.attnum) AS column_said
            FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
            WHERE c.relnamespace = 'esep'::regnamespace AND c.relname = ANY(:views)
        """),
        {"views": list(VIEWS)},
    ).all()
    assert {row.view for row in rows} == set(VIEWS)
    assert [row.view for row in rows if not row.said] == []
    amounts = {"amount", "debit", "credit", "balance", "placed", "state", "action"}
    assert [(row.view, row.column) for row in rows if row.column in amounts and not row.column_said] == []
    for view, columns in VIEWS.items():
        assert set(columns) <= {row.column for row in rows if row.view == view}


def test_no_view_names_a_person(worker: Connection) -> None:
    personal = ("iin", "surname", "first_name", "full_name", "iban", "address", "phone", "birth_date")
    query = text("""
        SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relnamespace = 'esep'::regnamespace AND c.relname = ANY(:views) AND a.attname = ANY(:personal)
    """)
    assert worker.execute(query, {"views": list(VIEWS), "personal": list(personal)}).all() == []


def test_the_cells_of_the_notebook_run(books: db.Database) -> None:
    notebook = json.loads(NOTEBOOK.read_text("utf-8"))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert len(cells) > 4
    assert [cell["outputs"] for cell in cells if cell["outputs"]] == []
    with books.begin() as connection:
        names: dict[str, Any] = {"connection": connection}
        for cell in cells:
            if "opens-the-books" not in cell["metadata"].get("tags", []):
                exec("".join(cell["source"]), names)  # noqa: S102 - the notebook is ours
    assert names["trial"]["debit"].sum() == names["trial"]["credit"].sum()
