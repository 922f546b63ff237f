"""Transfers and arrivals: what the database holds to whoever writes, the working role or the owner (E39, R-040)."""

from typing import Any

import pytest
from psycopg import errors as driver
from sqlalchemy import Connection, text

from ledgers import lines, posting, statements
from ledgers.errors import AppendOnly, EntrySealed, NotPermitted, TakenAlready
from tests.ledgers.books import (
    EACH,
    REQUEST,
    awaited,
    balances,
    day,
    draft,
    enter,
    placed,
    refused,
    request_sent,
    waiting,
)

BIN = "230540100010"


def transfer(number: int = 1, **changes: Any) -> dict[str, Any]:
    row = {
        "transfer_number": number,
        "order_number": "145",
        "order_date": day(14),
        "payer_bin": BIN,
        "amount": EACH,
        "received_on": day(14),
        "line_number": number,
    }
    return row | changes


def received(connection: Connection, row: dict[str, Any], *, book: int = 1) -> int:
    return enter(connection, waiting(EACH, f"S{row['line_number']}"), rows={"transfer": [row]}, book=book)


def reverse(connection: Connection, number: int) -> None:
    posting.reverse(connection, 1, number, draft(f"undo:{number}", day(20), reverses=number))


def test_a_transfer_is_in_force_once(role: Connection) -> None:
    """E39: number, date, BIN and amount are its identity; after a reversal it may come again."""
    first = received(role, transfer())
    with refused(role, NotPermitted) as caught:
        received(role, transfer(2))
    assert "transfer 145 of 14.03.2024 is in the books already" in str(caught.error)
    others: list[dict[str, Any]] = [{"order_number": "146"}, {"order_date": day(13)}, {"amount": EACH + 1}]
    for place, change in enumerate(others, start=3):
        received(role, transfer(place, **change))
    reverse(role, first)
    received(role, transfer(2))
    with refused(role, NotPermitted):
        received(role, transfer(9))


def test_a_transfer_turned_round_is_no_twin(role: Connection) -> None:
    first = received(role, transfer())
    assert [one.transfer_number for one in statements.transfers(role, [BIN])] == [1]
    reverse(role, first)
    assert statements.transfers(role, [BIN]) == []


def test_the_rest_of_a_transfer_is_placed_by_an_entry_of_its_own(role: Connection) -> None:
    """One row an entry for a request and a kind; the row before it stays as it is."""
    enter(role, request_sent(3 * EACH), rows={"request": [_request()]}, on=day(12))
    placing = {"transfer_number": 1, "request_number": 1, "aid_kind": "A", "amount": EACH}
    enter(role, placed(EACH), awaited(EACH), rows={"transfer": [transfer()], "transfer_placing": [placing]})
    enter(role, rows={"transfer_placing": [placing]}, on=day(15))
    with refused(role, TakenAlready):
        enter(role, rows={"transfer_placing": [placing, placing]}, on=day(16))
    assert balances(role)["funding"] == EACH


def _request() -> dict[str, Any]:
    return {"request_number": 1, "reference": REQUEST, "sent_on": day(12), "amount": 3 * EACH}


def arrival(version: int, on: int = 13, **changes: Any) -> dict[str, Any]:
    return {"document": "request", "number": 1, "version": version, "arrived_on": day(on)} | changes


def test_an_arrival_follows_the_one_before_it(role: Connection) -> None:
    with refused(role, driver.ForeignKeyViolation):
        enter(role, rows={"arrival": [arrival(2)]})
    enter(role, rows={"arrival": [arrival(1)]})
    with refused(role, TakenAlready):
        enter(role, rows={"arrival": [arrival(1, 14)]})
    enter(role, rows={"arrival": [arrival(2, 14)]})
    with refused(role, driver.CheckViolation):
        enter(role, rows={"arrival": [arrival(1, document="letter")]})
    for change in ("UPDATE esep.arrival SET arrived_on = arrived_on + 1", "DELETE FROM esep.arrival"):
        with refused(role, Exception) as caught:
            role.execute(text(change))
        assert isinstance(caught.error, (AppendOnly, driver.InsufficientPrivilege))


@pytest.mark.parametrize("table", ["arrival", "transfer"])
def test_a_sealed_entry_takes_no_row_more(role: Connection, table: str) -> None:
    number = enter(role, rows={table: [arrival(1) if table == "arrival" else transfer()]})
    row = arrival(2) if table == "arrival" else transfer(2, order_number="9")
    with refused(role, EntrySealed):
        posting.append(role, table, [row | {"authority_id": 1, "entry_number": number}])


def test_a_debit_that_was_undone_has_no_place_until_it_is_placed_again(role: Connection) -> None:
    """The highest version counts; the file that it was taken from is remembered."""
    enter(role, book=0, rows={"statement": [_head()], "statement_line": [_debit(1), _debit(2)]})
    assert [(one.line.line_number, one.version) for one in lines.unplaced(role)] == [(1, 0), (2, 0)]
    enter(role, book=0, rows={"line_match": [_match(1, "settlement")]})
    assert [one.line.line_number for one in lines.unplaced(role)] == [2]
    enter(role, book=0, rows={"line_match": [_match(2, "undone")]})
    found = [(one.line.line_number, one.version, one.taken_from) for one in lines.unplaced(role)]
    assert found == [(1, 2, ("GCVP-00100000071",)), (2, 0, ())]
    enter(role, book=0, rows={"line_match": [_match(3, "settlement")]})
    assert [one.line.line_number for one in lines.unplaced(role)] == [2]


def _head() -> dict[str, Any]:
    sums = {"opening": 0, "credited": 0, "debited": 0, "closing": 0}
    return sums | {
        "statement_number": 1,
        "iban": "KZ24009ESEP000000001",
        "date_from": day(14),
        "date_to": day(14),
        "sha256": bytes(32),
    }


def _debit(number: int) -> dict[str, Any]:
    texts = ("counterparty_name", "counterparty_bin", "counterparty_iban", "counterparty_bic", "knp", "purpose")
    return dict.fromkeys(texts, "-") | {
        "line_number": number,
        "statement_number": 1,
        "file_line": number,
        "iban": "KZ24009ESEP000000001",
        "booked_on": day(14),
        "value_date": day(14),
        "direction": "debit",
        "document_number": "71",
        "document_date": day(14),
        "amount": EACH,
        "occurrence": number,
    }


def _match(version: int, matched_as: str) -> dict[str, Any]:
    own = {"line_number": 1, "placed_in": 1, "placed_entry": 1, "reference": "GCVP-00100000071", "rule": "test"}
    return own | {"version": version, "matched_as": matched_as}
