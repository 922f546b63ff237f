"""Looking at the books: balances, as they were and as they were known, and the journal, in full or by account numbers.

The books of 20 March as they were known on 25 March are a question that never gets another answer: entries are numbered
in the order they became known, so `known_at_entry` cuts off what came later, and `on` what was booked later (E109).

Example: `balances(connection, 1, on=date(2024, 3, 20), known_at_entry=17)`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, text

from ledgers.chart import CHART
from ledgers.posting import signed

MEMORANDUM = ("requested", "commitment", "claim", "claims")
"""Accounts that hold no money: what was asked for, and what banks owe."""

_HEAD = ("authority_id", "number", "kind", "booked_on", "value_date", "recorded_at", "actor", "summary")


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountBalance:
    """One account and its turnovers in tiyn."""

    authority_id: int
    code: str
    aid_kind: str
    reference: str
    debit: int
    credit: int

    @property
    def balance(self) -> int:
        """The balance on the account's normal side, in tiyn."""
        return signed(self.code, self.debit, self.credit)

    @property
    def account(self) -> str:
        """The account as people write it: 'funding[AST-2024-0001]/A'."""
        return account_text(self.code, self.aid_kind, self.reference)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberBalance:
    """A balance by the numbers of the chart: '100', '200/A'; money on its normal side, in tiyn."""

    number: str
    balance: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingRow:
    """A posting as people read it; the amount in tiyn."""

    rule: str
    debit: str
    credit: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalRow:
    """An entry with its postings; an entry that moved no money has none."""

    authority_id: int
    number: int
    kind: str
    booked_on: date
    value_date: date
    recorded_at: datetime
    actor: str
    summary: str
    postings: tuple[PostingRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberPosting:
    """Postings of one entry and rule by the numbers of the chart; the amount in tiyn."""

    entry_number: int
    booked_on: date
    rule: str
    debit: str
    credit: str
    amount: int


def account_text(code: str, aid_kind: str, reference: str) -> str:
    """An account as people write it: 'funding[AST-2024-0001]/A', 'transit[GCVP-00100000071]', 'cash'."""
    return code + (f"[{reference}]" if reference else "") + (f"/{aid_kind}" if aid_kind else "")


def balances(
    connection: Connection,
    authority_id: int | None = None,
    *,
    on: date | None = None,
    known_at_entry: int | None = None,
    open_only: bool = True,
) -> list[AccountBalance]:
    """Accounts of a book or of all, booked up to a day, known up to an entry; `open_only` leaves out those at zero."""
    cut = _cut(authority_id, on, known_at_entry)
    rows = connection.execute(
        text(f"""
            WITH side AS (
                SELECT p.authority_id, p.debit AS account_id, p.amount AS debit, 0::bigint AS credit
                FROM esep.posting p {cut}
                UNION ALL
                SELECT p.authority_id, p.credit, 0, p.amount FROM esep.posting p {cut}
            ),
            turnover AS (
                SELECT authority_id, account_id, sum(debit)::bigint AS debit, sum(credit)::bigint AS credit
                FROM side GROUP BY authority_id, account_id
            )
            SELECT a.authority_id, a.code, a.aid_kind, a.reference, t.debit, t.credit
            FROM turnover t JOIN esep.account a ON a.authority_id = t.authority_id AND a.account_id = t.account_id
            WHERE NOT :open_only OR t.debit <> t.credit
            ORDER BY a.authority_id, a.code, a.aid_kind, a.reference
        """),  # noqa: S608 - the conditions are constants of _cut
        {"authority": authority_id, "day": on, "known": known_at_entry, "open_only": open_only},
    )
    return [AccountBalance(**row._asdict()) for row in rows]


def _cut(authority_id: int | None, on: date | None, known_at_entry: int | None) -> str:
    given = (
        ("p.authority_id = :authority", authority_id),
        ("p.booked_on <= :day", on),
        ("p.entry_number <= :known", known_at_entry),
    )
    conditions = [condition for condition, value in given if value is not None]
    return f"WHERE {' AND '.join(conditions)}" if conditions else ""


def number_text(code: str, aid_kind: str) -> str:
    """An account by its number: '100', '200/A'; the clearing account between books keeps its name."""
    number = CHART[code].number or code
    return f"{number}/{aid_kind}" if aid_kind else number


def number_balances(accounts: Sequence[AccountBalance]) -> list[NumberBalance]:
    """Balances by the numbers of the chart: 100 is cash less transit; memorandum accounts are left out."""
    sums: dict[str, int] = {"100": 0}
    for account in accounts:
        if account.code not in MEMORANDUM:
            number = number_text(account.code, account.aid_kind)
            own = -account.balance if account.code == "transit" else account.balance
            sums[number] = sums.get(number, 0) + own
    return [NumberBalance(number=number, balance=balance) for number, balance in sorted(sums.items())]


_JOURNAL = """
    FROM esep.entry e
    LEFT JOIN esep.posting p ON p.authority_id = e.authority_id AND p.entry_number = e.number
    LEFT JOIN esep.account d ON d.authority_id = p.authority_id AND d.account_id = p.debit
    LEFT JOIN esep.account c ON c.authority_id = p.authority_id AND c.account_id = p.credit
    WHERE e.authority_id = :authority AND e.booked_on >= coalesce(:since, e.booked_on)
      AND e.booked_on <= coalesce(:until, e.booked_on)
"""


def entries(
    connection: Connection, authority_id: int, *, since: date | None = None, until: date | None = None
) -> list[JournalRow]:
    """The journal of a book between two booking dates (both included), in the order it became known."""
    rows = connection.execute(
        text(f"""
            SELECT e.authority_id, e.number, e.kind, e.booked_on, e.value_date, e.recorded_at, e.actor, e.summary,
                   p.rule, p.amount, d.code AS debit, d.aid_kind AS debit_kind, d.reference AS debit_reference,
                   c.code AS credit, c.aid_kind AS credit_kind, c.reference AS credit_reference
            {_JOURNAL} ORDER BY e.number, p.line
        """),
        {"authority": authority_id, "since": since, "until": until},
    )
    journal = []
    for _, group in groupby(rows, key=lambda row: row.number):
        lines = list(group)
        head = {name: getattr(lines[0], name) for name in _HEAD}
        postings = tuple(_posting(line) for line in lines if line.rule is not None)
        journal.append(JournalRow(**head, postings=postings))
    return journal


def _posting(row: Row[Any]) -> PostingRow:
    return PostingRow(
        rule=row.rule,
        debit=account_text(row.debit, row.debit_kind, row.debit_reference),
        credit=account_text(row.credit, row.credit_kind, row.credit_reference),
        amount=row.amount,
    )


def number_entries(
    connection: Connection, authority_id: int, *, since: date | None = None, until: date | None = None
) -> list[NumberPosting]:
    """The same journal by the numbers of the chart, file by file.

    Transit is a part of 100, so an MT-102 sent is Dr 200 Cr 100 and its settlement disappears; memorandum accounts are
    left out.
    """
    rows = connection.execute(
        text(f"""
            SELECT e.number, e.booked_on, p.rule, d.code AS debit, d.aid_kind AS debit_kind, c.code AS credit,
                   c.aid_kind AS credit_kind, CASE WHEN c.code = 'transit' THEN c.reference ELSE '' END AS file,
                   min(p.line) AS line, sum(p.amount)::bigint AS amount
            {_JOURNAL} AND d.code <> ALL (:memorandum) AND c.code <> ALL (:memorandum)
            GROUP BY e.number, e.booked_on, p.rule, 4, 5, 6, 7, 8 ORDER BY e.number, line
        """),
        {"authority": authority_id, "since": since, "until": until, "memorandum": list(MEMORANDUM)},
    )
    postings = [
        NumberPosting(
            entry_number=row.number,
            booked_on=row.booked_on,
            rule=row.rule,
            debit=number_text(row.debit, row.debit_kind),
            credit=number_text(row.credit, row.credit_kind),
            amount=row.amount,
        )
        for row in rows
    ]
    return [posting for posting in postings if posting.debit != posting.credit]
