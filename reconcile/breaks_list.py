"""`esep breaks list` and `esep breaks aging`: what differs, for how long, whose it is and what became of it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from ledgers import breaks, calendar_versions, setup
from ledgers.breaks import Break, Looked
from reconcile.breaks_find import OWN_CODE
from reconcile.breaks_work import named
from reconcile.line_book import OWN_BOOK

KIND_WORDS: dict[str, str] = {
    "money_unidentified": "money of nobody yet",
    "debit_without_file": "debit without a file",
    "file_not_debited": "file not debited",
    "return_without_money": "return without money",
    "return_not_placed": "return that fits no payment",
    "statement_gap": "days without a statement",
    "statement_overlap": "statements overlap",
    "statement_opening": "opening is not the last closing",
    "balance_differs": "books and bank differ",
    "payment_not_credited": "payment not credited",
    "credited_unknown": "credited, no payment of ours",
    "credited_amount": "credited another amount",
    "credited_account": "credited to another account",
    "credited_person": "credited to another person",
    "credited_twice": "credited twice",
    "credited_ambiguous": "credited, several payments fit",
    "credited_though_returned": "credited though it came back",
    "returned_without_notice": "returned, no message came",
    "list_missing_with_us": "on their list, not with us",
    "list_missing_with_them": "with us, not on their list",
    "list_amount": "their list: another amount",
    "list_date": "their list: another date",
    "list_kind": "their list: another kind",
    "list_twice": "their list: twice",
}
"""Each kind of difference as people say it."""

BANDS: tuple[tuple[str, int], ...] = (("0-1", 1), ("2-3", 3), ("4-10", 10))
"""Ages in working days, each with the last day in it; the rest is older."""
OLDER = ">10"


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakRow:
    """A break as people look at it; `working_days` have passed since it happened, the amount is in tiyn."""

    number: str
    kind: str
    subject: str
    bank: str
    amount: int
    since: date
    working_days: int
    owner: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeRow:
    """Open breaks of an authority at a bank, of an age: how many, how many tiyn."""

    authority: str
    bank: str
    working_days: str
    count: int
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The breaks that were asked for, and when their books were last looked at."""

    rows: tuple[BreakRow, ...]
    looked: tuple[Looked, ...]
    closed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which breaks are looked at: of an authority, a bank, a kind, an owner ('' is nobody), older than working days."""

    authority_code: str | None = None
    bic: str | None = None
    kind: str | None = None
    owner: str | None = None
    older_than: int = -1
    closed: bool = False


def listing(connection: Connection, today: date, wanted: Wanted) -> Listing:
    """The breaks that are wanted, the oldest first.

    Raises:
        UnknownAuthority: there is none of this code.
    """
    codes, book = _books(connection, wanted.authority_code)
    calendar = calendar_versions.load(connection)
    states = breaks.states(connection, book)
    rows = [
        _row(one, codes, calendar.working_days_between(one.happened_on, today), today)
        for one in states
        if (wanted.closed or not one.is_closed)
        and wanted.bic in {None, one.bic}
        and wanted.kind in {None, one.kind}
        and wanted.owner in {None, one.owner}
    ]
    rows = [row for row in rows if row.working_days > wanted.older_than]
    return Listing(
        rows=tuple(sorted(rows, key=lambda row: (-row.working_days, row.since))),
        looked=tuple(breaks.looked(connection, book)),
        closed=sum(one.is_closed for one in states),
    )


def aging(connection: Connection, today: date, authority_code: str | None = None) -> list[AgeRow]:
    """The open breaks by authority, bank and age in working days.

    Raises:
        UnknownAuthority: there is none of this code.
    """
    codes, book = _books(connection, authority_code)
    calendar = calendar_versions.load(connection)
    amounts: dict[tuple[int, str, str], list[int]] = defaultdict(list)
    for one in breaks.states(connection, book, closed=False):
        age = band(calendar.working_days_between(one.happened_on, today))
        amounts[one.authority_id, one.bic, age].append(one.amount)
    ages = [name for name, _ in BANDS] + [OLDER]
    return [
        AgeRow(authority=codes[own], bank=bic, working_days=age, count=len(found), amount=sum(map(abs, found)))
        for (own, bic, age), found in sorted(amounts.items(), key=lambda item: (*item[0][:2], ages.index(item[0][2])))
    ]


def band(working_days: int) -> str:
    """The band of an age.

    >>> band(0), band(3), band(10), band(11)
    ('0-1', '2-3', '4-10', '>10')
    """
    return next((name for name, last in BANDS if working_days <= last), OLDER)


def state_of(one: Break, today: date) -> str:
    """What became of a break, in words."""
    if one.is_closed:
        return f"{one.action}: {one.closed_by}"
    if one.parked_until:
        over = ", over" if one.parked_until <= today else ""
        return f"parked until {one.parked_until:%d.%m.%Y}{over}"
    return {"escalated": "escalated", "reopened": "reopened"}.get(one.action, "open")


def _row(one: Break, codes: dict[int, str], working_days: int, today: date) -> BreakRow:
    return BreakRow(
        number=named(one, codes),
        kind=KIND_WORDS.get(one.kind, one.kind),
        subject=one.subject,
        bank=one.bic,
        amount=one.amount,
        since=one.happened_on,
        working_days=working_days,
        owner=one.owner,
        state=state_of(one, today),
        reason=one.reason,
    )


def _books(connection: Connection, authority_code: str | None) -> tuple[dict[int, str], int | None]:
    codes = {OWN_BOOK: OWN_CODE} | {one.authority_id: one.code for one in setup.authorities(connection)}
    if authority_code is None:
        return codes, None
    if authority_code == OWN_CODE:
        return codes, OWN_BOOK
    return codes, setup.authority(connection, authority_code).authority_id
