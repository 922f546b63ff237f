"""`esep need form`: the need for budget money, from the signed decisions (R-030 to R-032).

The day a need is formed on belongs to the aid kind: ten calendar days before its memorial date, the 27th of the month
before the payment month for monthly and quarterly aid, every day for one-off aid by application. Where that day is a
day off, the working day before it (AMB-4). Decisions that come later get a need of their own (additional lists).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from ledgers import posting, requests, setup
from ledgers.calendar import working_day_on_or_before
from ledgers.journal import EntryDraft
from reconcile.desk import Desk

DAYS_BEFORE_MEMORIAL = timedelta(days=10)
DAY_OF_MONTHLY_NEED = 27


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Decisions whose need is not due yet."""

    authority_code: str
    aid_kind: str
    due_month: date
    count: int
    amount: int
    formed_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedsFormed:
    """Needs formed by authority code, and decisions that wait for their day."""

    formed: tuple[tuple[str, requests.Need], ...]
    waiting: tuple[Waiting, ...]


def formation_day(kind: setup.AidKind, due_month: date, today: date) -> date:
    """The first day on which the need of a kind and due month is formed."""
    if kind.periodicity == "memorial":
        month, day = (int(part) for part in kind.memorial_day.split("-"))
        nominal = date(due_month.year, month, day) - DAYS_BEFORE_MEMORIAL
    elif kind.periodicity == "one_off":
        return today
    else:
        nominal = (due_month - timedelta(days=1)).replace(day=DAY_OF_MONTHLY_NEED)
    return working_day_on_or_before(nominal)


def form(desk: Desk) -> NeedsFormed:
    """Form the needs of all authorities whose day has come; running it again forms nothing twice."""
    formed: list[tuple[str, requests.Need]] = []
    waiting: list[Waiting] = []
    with desk.database.begin() as connection:
        authorities = setup.authorities(connection)
        posting.lock(connection, [authority.authority_id for authority in authorities])
        for authority in authorities:
            kinds = setup.aid_kinds(connection, authority.authority_id)
            due: list[requests.OpenNeed] = []
            for need in requests.open_needs(connection, authority.authority_id):
                day = formation_day(kinds[need.aid_kind], need.due_month, desk.today)
                if day <= desk.today:
                    due.append(need)
                else:
                    waiting.append(_waiting(authority.code, need, day))
            formed += [(authority.code, need) for need in _form(desk, connection, due)]
    return NeedsFormed(formed=tuple(formed), waiting=tuple(waiting))


def _form(desk: Desk, connection: Connection, due: Sequence[requests.OpenNeed]) -> list[requests.Need]:
    if not due:
        return []
    book = due[0].authority_id
    number = posting.next_number(connection, book)
    needs = requests.append_needs(connection, number, due, desk.today)
    draft = EntryDraft(
        kind="need_formed",
        booked_on=desk.today,
        value_date=desk.today,
        actor=desk.actor,
        source_key=f"need:{needs[0].need_number}",
        source_digest=posting.digest(*due),
        summary=f"needs {needs[0].need_number} to {needs[-1].need_number}",
    )
    posting.seal(connection, book, number, draft, ["need"])
    return needs


def _waiting(code: str, need: requests.OpenNeed, day: date) -> Waiting:
    return Waiting(
        authority_code=code,
        aid_kind=need.aid_kind,
        due_month=need.due_month,
        count=need.count,
        amount=need.amount,
        formed_from=day,
    )
