"""`esep bank performance`: how banks and Kazpost served the payments of a month, as values and as lines to read.

The rates are whole numbers over whole numbers; a tenth of a percent is cut from them by whole arithmetic, half up.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from ledgers import bank_performance, calendar_versions, closing, setup
from ledgers.bank_performance import Reason, Served, Settled
from ledgers.calendar import Calendar
from ledgers.money import format_tenge
from reconcile.report import month as month_text
from reconcile.report import table

TOTAL = "total"


@dataclass(frozen=True, slots=True, kw_only=True)
class BankMonth:
    """A bank's month, or the total of all; sums in tiyn, days are working days from sending to the debit.

    `median_halves` is twice the median; it and `longest` are None while nothing is debited.
    """

    bank: str
    name: str
    files: int
    payments: int
    sent_tiyn: int
    not_debited: int
    median_halves: int | None
    longest: int | None
    returned: int
    returned_tiyn: int
    claims: int
    claimed_tiyn: int
    claim_paid_tiyn: int
    refused_files: int
    refused_payments: int
    transit_tiyn: int
    unidentified_tiyn: int

    @property
    def unexplained(self) -> int:
        """What was open at the month's end, in tiyn: files not debited, and money of the bank without a place."""
        return self.transit_tiyn + self.unidentified_tiyn


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """The banks of a month, the total under them, and why payments came back."""

    month: date
    banks: tuple[BankMonth, ...]
    reasons: tuple[Reason, ...]


def performance(connection: Connection, month: date, authority_code: str | None = None) -> Performance:
    """How each bank served the month that `month` is in, for all authorities or one.

    Raises:
        UnknownAuthority: nobody has this code.
    """
    first = month.replace(day=1)
    last = closing.last_day(first)
    book = setup.authority(connection, authority_code).authority_id if authority_code else None
    calendar = calendar_versions.load(connection)
    settled = bank_performance.settled(connection, first, last, book)
    served = bank_performance.served(connection, first, last, book)
    rows = [_bank(one, [row for row in settled if row.bic == one.bic], calendar) for one in served]
    total = _bank(_sum(served), settled, calendar)
    reasons = tuple(bank_performance.reasons(connection, first, last, book))
    return Performance(month=first, banks=(*rows, total), reasons=reasons)


def _sum(rows: Sequence[Served]) -> Served:
    return Served(
        bic=TOTAL,
        name="",
        files=sum(one.files for one in rows),
        payments=sum(one.payments for one in rows),
        amount=sum(one.amount for one in rows),
        refused_files=sum(one.refused_files for one in rows),
        refused_payments=sum(one.refused_payments for one in rows),
        returned=sum(one.returned for one in rows),
        returned_amount=sum(one.returned_amount for one in rows),
        claims=sum(one.claims for one in rows),
        claimed=sum(one.claimed for one in rows),
        claim_paid=sum(one.claim_paid for one in rows),
        transit=sum(one.transit for one in rows),
        unidentified=sum(one.unidentified for one in rows),
    )


def _bank(one: Served, settled: Iterable[Settled], calendar: Calendar) -> BankMonth:
    own = list(settled)
    days = [
        (calendar.working_days_between(row.sent_on, row.debited_on), row.files)
        for row in own
        if row.debited_on is not None
    ]
    return BankMonth(
        bank=one.bic,
        name=one.name,
        files=one.files,
        payments=one.payments,
        sent_tiyn=one.amount,
        not_debited=sum(row.files for row in own if row.debited_on is None),
        median_halves=bank_performance.median_halves(days),
        longest=max((value for value, _ in days), default=None),
        returned=one.returned,
        returned_tiyn=one.returned_amount,
        claims=one.claims,
        claimed_tiyn=one.claimed,
        claim_paid_tiyn=one.claim_paid,
        refused_files=one.refused_files,
        refused_payments=one.refused_payments,
        transit_tiyn=one.transit,
        unidentified_tiyn=one.unidentified,
    )


def percent(part: int, whole: int) -> str:
    """A share in tenths of a percent, half up; a dash of nothing.

    >>> percent(3, 141), percent(1, 2000), percent(0, 5), percent(0, 0)
    ('2,1 %', '0,1 %', '0,0 %', '–')
    """
    if not whole:
        return "\N{EN DASH}"
    tenths = (part * 2000 + whole) // (2 * whole)
    return f"{tenths // 10},{tenths % 10} %"


def lines(result: Performance, *, tabs: bool) -> list[str]:
    """Two tables of the banks, how fast and what came back and what is open, and the reasons."""
    if not any(one.files or one.refused_files or one.unexplained for one in result.banks):
        return [f"nothing was sent to a bank in {month_text(result.month)}, and nothing is open"]
    sent = [
        (
            one.bank,
            one.name,
            str(one.files),
            str(one.payments),
            format_tenge(one.sent_tiyn),
            _halves(one.median_halves),
            "" if one.longest is None else str(one.longest),
            str(one.not_debited),
            f"{one.refused_files} ({one.refused_payments})",
        )
        for one in result.banks
    ]
    back = [
        (
            one.bank,
            str(one.returned),
            percent(one.returned, one.payments),
            format_tenge(one.returned_tiyn),
            percent(one.returned_tiyn, one.sent_tiyn),
            format_tenge(one.claimed_tiyn),
            format_tenge(one.claim_paid_tiyn),
            format_tenge(one.transit_tiyn),
            format_tenge(one.unidentified_tiyn),
        )
        for one in result.banks
    ]
    heading = ("bank", "name", "files", "payments", "sent, KZT", "median, wd", "longest, wd", "not debited")
    answer = [
        f"files sent in {month_text(result.month)}, and the working days until the bank debited them",
        *table((*heading, "refused (payments)"), sent, tabs=tabs),
        "",
        "what came back of them, what the bank kept of it, and what was open at the month's end",
    ]
    columns = ("bank", "returned", "of payments", "returned, KZT", "of the sum", "kept, KZT", "paid of that, KZT")
    answer += table((*columns, "not debited, KZT", "not placed, KZT"), back, tabs=tabs)
    if result.reasons:
        rows = [
            (one.bic, one.reason or "none given", str(one.count), format_tenge(one.amount)) for one in result.reasons
        ]
        answer += ["", *table(("bank", "why payments came back", "count", "amount, KZT"), rows, tabs=tabs)]
    return answer


def _halves(value: int | None) -> str:
    return "" if value is None else f"{value // 2},{value % 2 * 5}"
