"""Entries for tests of the books in one line each, and what to expect when the database refuses one."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from ledgers import db, posting
from ledgers.errors import LedgerError
from ledgers.journal import EntryDraft, Event

MONTH = date(2024, 3, 1)
FIRST, EACH = 20_000_001, 18_460_00
"""An award, and its amount in tiyn."""

REQUEST, FILE, LINE, PAYMENT = "AST-2024-0001", "GCVP-00100000071", "S1", f"P{FIRST}/1"

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def day(number: int, month: int = 3) -> date:
    return date(2024, month, number)


ARRIVAL = day(14)
"""The day the golden month's transfers arrive."""


def request_sent(amount: int, reference: str = REQUEST) -> Event:
    return Event(rule="request_sent", aid_kind="A", debit_reference=reference, amount=amount)


def awaited(amount: int, reference: str = REQUEST) -> Event:
    return Event(rule="transfer_awaited", aid_kind="A", credit_reference=reference, amount=amount)


def placed(amount: int, reference: str = REQUEST, kind: str = "A") -> Event:
    return Event(rule="transfer_placed", aid_kind=kind, credit_reference=reference, amount=amount)


def sent(amount: int, file: str = FILE, reference: str = REQUEST, kind: str = "A") -> Event:
    return Event(rule="payment_sent", aid_kind=kind, debit_reference=reference, credit_reference=file, amount=amount)


def settled(amount: int, file: str = FILE) -> Event:
    return Event(rule="file_settled", debit_reference=file, amount=amount)


def waiting(amount: int, line: str = LINE) -> Event:
    return Event(rule="money_unidentified", credit_reference=line, amount=amount)


def identified(amount: int, line: str = LINE, payment: str = PAYMENT) -> Event:
    return Event(rule="return_identified", aid_kind="A", debit_reference=line, credit_reference=payment, amount=amount)


def returned(amount: int, payment: str = PAYMENT) -> Event:
    return Event(rule="return_received", aid_kind="A", credit_reference=payment, amount=amount)


def decided(rule: str, amount: int, payment: str = PAYMENT) -> Event:
    """Money of a payment that stays under its reference: `resend_decided`, `refund_decided`, `resend_lapsed`."""
    return Event(rule=rule, aid_kind="A", debit_reference=payment, credit_reference=payment, amount=amount)


def gone(rule: str, amount: int, file: str = FILE, payment: str = PAYMENT) -> Event:
    """Money of a payment that leaves in a file: `payment_resent`, `refund_sent`."""
    return Event(rule=rule, aid_kind="A", debit_reference=payment, credit_reference=file, amount=amount)


def claimed(amount: int, payment: str = PAYMENT) -> Event:
    """What a bank kept of a return (memorandum)."""
    return Event(rule="claim_made", aid_kind="A", debit_reference=payment, amount=amount)


def claim_paid(amount: int, payment: str = PAYMENT) -> Event:
    """The memorandum of what a bank paid of it."""
    return Event(rule="claim_paid", aid_kind="A", credit_reference=payment, amount=amount)


def resolution(outcome: str, *, version: int = 1, award: int = FIRST) -> dict[str, Any]:
    return {
        "due_month": MONTH,
        "award_number": award,
        "attempt": 1,
        "version": version,
        "outcome": outcome,
        "number": f"{outcome}-{version}",
        "decided_on": day(27),
        "signer": "Дәулетова Әсел",
        "reason": "-",
        "award_version": 1,
    }


def payment(*, attempt: int, award: int = FIRST, item: int = 1, order: int = 72, month: date = MONTH) -> dict[str, Any]:
    return {
        "due_month": month,
        "award_number": award,
        "attempt": attempt,
        "version": 1,
        "order_number": order,
        "item": item,
        "request_number": 1 if attempt == 1 else 0,
        "amount": EACH,
    }


def draft(key: str, on: date, *, reverses: int | None = None) -> EntryDraft:
    return EntryDraft(
        kind="reversed" if reverses else "statement_imported",
        booked_on=on,
        value_date=on,
        actor="tester",
        source_key=key,
        source_digest=posting.digest(key),
        summary=key,
        reverses=reverses,
    )


def enter(
    connection: Connection,
    *events: Event,
    on: date = ARRIVAL,
    book: int = 1,
    key: str = "",
    rows: Rows | None = None,
) -> int:
    """One sealed entry with its postings and register rows, as a verb makes it; returns its number."""
    posting.lock(connection, [book])
    number = posting.next_number(connection, book)
    for table, values in (rows or {}).items():
        own = {"authority_id": book, "entry_number": number}
        posting.append(connection, table, [dict(value) | own for value in values])
    posting.post(connection, book, number, on, events)
    posting.seal(connection, book, number, draft(key or f"test:{number}", on), list(rows or ()))
    return number


@dataclass
class Caught:
    """The refusal that `refused` waited for, once it came."""

    error: Any = None


@contextmanager
def refused(connection: Connection, expected: type[Exception]) -> Iterator[Caught]:
    """Expect the database to refuse what is done inside, at the latest at the commit, and undo it.

    `expected` is a refusal of the books or an error of the driver.
    """
    caught = Caught()
    try:
        with db.refusals(), connection.begin_nested():
            yield caught
            connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    except LedgerError as error:
        caught.error = error
    except DBAPIError as error:
        caught.error = error.orig
    except psycopg.Error as error:
        # What is refused to a COPY does not come through SQLAlchemy.
        caught.error = db._refusal(error) or error
    else:
        pytest.fail(f"the database let it pass; expected {expected.__name__}")
    assert isinstance(caught.error, expected), repr(caught.error)


def balances(connection: Connection, book: int = 1) -> dict[str, int]:
    """What stands on each account code of a book, on its normal side, in tiyn: straight from the postings."""
    rows = connection.execute(
        text("""
            SELECT c.code, sum(CASE c.normal_side WHEN m.side THEN m.amount ELSE -m.amount END)::bigint AS balance
            FROM (SELECT authority_id, debit AS account_id, 'debit' AS side, amount FROM esep.posting
                  UNION ALL SELECT authority_id, credit, 'credit', amount FROM esep.posting) m
            JOIN esep.account a USING (authority_id, account_id)
            JOIN esep.chart c ON c.code = a.code
            WHERE m.authority_id = :book GROUP BY c.code
        """),
        {"book": book},
    )
    return {row.code: row.balance for row in rows if row.balance}
