"""The books as tables of pandas: the read-only views, the trial balance and the card of an account.

Amounts are whole tiyn in `int64`, or `Int64` where a row may have none; days are `datetime64[s]` without a zone,
moments `datetime64[us, UTC]`. Nothing is a floating-point number, so a sum is exact. Each function takes a
connection as `ledgers.db` opens it and the code of an authority; None means every book.

Example: `frames.payments(connection, "AST").groupby("state")["amount"].sum()`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text

from ledgers import account_card, history, setup

if TYPE_CHECKING:
    from pandas import DataFrame

_DAY, _MOMENT, _TEXT, _TIYN, _NUMBER = "datetime64[s]", "datetime64[us, UTC]", "object", "int64", "int64"

JOURNAL = {
    "authority_id": _NUMBER,
    "entry_number": _NUMBER,
    "kind": _TEXT,
    "booked_on": _DAY,
    "value_date": _DAY,
    "recorded_at": _MOMENT,
    "actor": _TEXT,
    "summary": _TEXT,
    "reverses": "Int64",
    "line": "Int64",
    "rule": _TEXT,
    "debit": _TEXT,
    "credit": _TEXT,
    "amount": "Int64",
}
BALANCES = {
    "authority_id": _NUMBER,
    "number": _TEXT,
    "account": _TEXT,
    "code": _TEXT,
    "reference": _TEXT,
    "aid_kind": _TEXT,
    "debit": _TIYN,
    "credit": _TIYN,
    "balance": _TIYN,
}
PAYMENTS = {
    "authority_id": _NUMBER,
    "due_month": _DAY,
    "payment": _TEXT,
    "award_number": _NUMBER,
    "attempt": _NUMBER,
    "aid_kind": _TEXT,
    "bic": _TEXT,
    "order_number": _NUMBER,
    "file": _TEXT,
    "item": _NUMBER,
    "sent_on": _DAY,
    "amount": _TIYN,
    "state": _TEXT,
    "entry_number": _NUMBER,
}
TRANSFERS = {
    "authority_id": _NUMBER,
    "transfer_number": _NUMBER,
    "order_number": _TEXT,
    "order_date": _DAY,
    "payer_bin": _TEXT,
    "received_on": _DAY,
    "amount": _TIYN,
    "placed": _TIYN,
    "state": _TEXT,
    "line_number": _NUMBER,
    "entry_number": _NUMBER,
}
BREAKS = {
    "authority_id": _NUMBER,
    "authority": _TEXT,
    "break_number": _NUMBER,
    "kind": _TEXT,
    "subject": _TEXT,
    "occurrence": _NUMBER,
    "amount": _TIYN,
    "bic": _TEXT,
    "aid_kind": _TEXT,
    "happened_on": _DAY,
    "reason": _TEXT,
    "action": _TEXT,
    "is_closed": "bool",
    "owner": _TEXT,
    "parked_until": _DAY,
    "closed_by": _TEXT,
    "found_at": _MOMENT,
    "entry_number": _NUMBER,
}
_TRIAL = {
    "authority_id": _NUMBER,
    "number": _TEXT,
    "account": _TEXT,
    "opening_debit": _TIYN,
    "opening_credit": _TIYN,
    "debit": _TIYN,
    "credit": _TIYN,
    "closing_debit": _TIYN,
    "closing_credit": _TIYN,
}
_CARD = {
    "entry_number": _NUMBER,
    "line": _NUMBER,
    "booked_on": _DAY,
    "recorded_at": _MOMENT,
    "kind": _TEXT,
    "rule": _TEXT,
    "against": _TEXT,
    "debit": _TIYN,
    "credit": _TIYN,
    "balance": _TIYN,
    "document": _TEXT,
    "actor": _TEXT,
    "summary": _TEXT,
}


def journal(connection: Connection, authority: str | None = None) -> DataFrame:
    """Every entry with its postings, a posting a row; an entry without postings has one row without an amount."""
    return _view(connection, "journal", JOURNAL, authority, "authority_id, entry_number, line")


def balances(connection: Connection, authority: str | None = None) -> DataFrame:
    """Every account with its turnovers and its balance on its normal side, as known now."""
    return _view(connection, "balance", BALANCES, authority, "authority_id, code, aid_kind, reference")


def payments(connection: Connection, authority: str | None = None) -> DataFrame:
    """Every payment and what became of it: sent, refused, settled, returned, resent, refunded."""
    return _view(connection, "payment_state", PAYMENTS, authority, "authority_id, due_month, award_number, attempt")


def transfers(connection: Connection, authority: str | None = None) -> DataFrame:
    """Every transfer and how much of it requests took."""
    return _view(connection, "transfer_state", TRANSFERS, authority, "authority_id, transfer_number")


def breaks(connection: Connection, authority: str | None = None) -> DataFrame:
    """Every difference that a reconciliation found, and the last thing that was done about it."""
    return _view(connection, "break_list", BREAKS, authority, "authority_id, break_number")


def trial_balance(
    connection: Connection,
    authority: str | None = None,
    *,
    since: date | None = None,
    until: date | None = None,
    known_at: datetime | None = None,
) -> DataFrame:
    """The trial balance between two days, as known at a moment that is over (None: now)."""
    books = history.known(connection, _book(connection, authority), moment=known_at)
    lines = history.trial(connection, books, since=since, until=until)
    return _frame((asdict(line) for line in lines), _TRIAL)


def card(
    connection: Connection,
    authority: str,
    account: str,
    *,
    since: date | None = None,
    until: date | None = None,
    known_at: datetime | None = None,
) -> DataFrame:
    """The movements of one account, written like 'transit[GCVP-00100000071]', with the balance after each."""
    book = setup.authority(connection, authority).authority_id
    last = history.known(connection, book, moment=known_at)[book]
    name = account_card.AccountName.parse(account)
    found = account_card.card(connection, book, name, last_known=last, since=since, until=until)
    return _frame((asdict(movement) for movement in found.movements), _CARD)


def _book(connection: Connection, authority: str | None) -> int | None:
    return None if authority is None else setup.authority(connection, authority).authority_id


def _view(
    connection: Connection, view: str, columns: Mapping[str, str], authority: str | None, order: str
) -> DataFrame:
    rows = connection.execute(
        text(f"""
            SELECT {", ".join(columns)} FROM esep.{view}
            WHERE CAST(:book AS integer) IS NULL OR authority_id = :book ORDER BY {order}
        """),  # noqa: S608 - names of this page
        {"book": _book(connection, authority)},
    )
    return _frame((row._asdict() for row in rows), columns)


def _frame(rows: Iterable[Mapping[str, Any]], columns: Mapping[str, str]) -> DataFrame:
    """A table with these columns in this order and of these types, also when there are no rows."""
    import pandas as pd

    values: dict[str, list[Any]] = {name: [] for name in columns}
    for row in rows:
        for name, column in values.items():
            column.append(row[name])
    return pd.DataFrame({name: _series(pd, column, columns[name]) for name, column in values.items()})


def _series(pd: Any, values: list[Any], kind: str) -> Any:
    if kind == _MOMENT:
        return pd.to_datetime(pd.Series(values, dtype="object"), utc=True).astype(kind)
    if kind == _DAY:
        return pd.to_datetime(pd.Series(values, dtype="object")).astype(kind)
    return pd.Series(values, dtype=kind)
