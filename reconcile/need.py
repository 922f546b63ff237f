"""`esep need form`: the need for budget money, from the signed decisions (R-030 to R-032).

The day a need is formed on belongs to the aid kind: ten calendar days before its memorial date, the 27th of the month
before the payment month for monthly and quarterly aid, every day for one-off aid by application. The payment month is
the due month that the decision names, also for quarterly aid. Where the day is a day off, the setting
`formation_on_day_off` says which day it is (AMB-4).

What comes after the day of its kind is not lost: an additional list for a memorial date makes a need of its own at once
(S3 p.16), a monthly or quarterly decision is carried to the next 27th.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import Connection

from ledgers import calendar_versions, posting, requests, settings, setup, terms
from ledgers.calendar import Calendar
from ledgers.journal import EntryDraft
from ledgers.requests import OpenBatch, OpenNeed
from ledgers.settings import Settings
from reconcile.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Decisions whose need is not due yet; `is_carried` when they came after the day of their month's need."""

    authority_code: str
    aid_kind: str
    due_month: date
    count: int
    amount: int
    formed_from: date
    is_carried: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedsFormed:
    """Needs formed by authority code, and decisions that wait for their day."""

    formed: tuple[tuple[str, requests.Need], ...]
    waiting: tuple[Waiting, ...]


@dataclass(frozen=True, slots=True)
class Formation:
    """The days on which the needs of an authority are formed, by the calendar and its settings."""

    calendar: Calendar
    settings: Settings

    def day(self, kind: setup.AidKind, due_month: date, arrived_on: date) -> date:
        """The first day on which a need of a kind and due month takes decisions that arrived on a day."""
        return self._term(kind, due_month, arrived_on).earliest or arrived_on

    def is_carried(self, kind: setup.AidKind, due_month: date, arrived_on: date) -> bool:
        """Whether monthly or quarterly decisions came after the day of their month's need (6.5)."""
        is_by_month = terms.need_rule(kind.periodicity) == "R-032"
        return is_by_month and self._term(kind, due_month, arrived_on).nominal >= due_month

    def _term(self, kind: setup.AidKind, due_month: date, arrived_on: date) -> terms.Term:
        given = terms.Given(memorial_on=_memorial(kind, due_month), payment_month=due_month)
        return terms.term(terms.need_rule(kind.periodicity), arrived_on, self.calendar, self.settings, given)


def _memorial(kind: setup.AidKind, due_month: date) -> date | None:
    if not kind.memorial_day:
        return None
    month, day = (int(part) for part in kind.memorial_day.split("-"))
    return date(due_month.year, month, day)


def form(desk: Desk) -> NeedsFormed:
    """Form the needs of all authorities whose day has come; running it again forms nothing twice."""
    formed: list[tuple[str, requests.Need]] = []
    waiting: list[Waiting] = []
    with desk.database.begin() as connection:
        authorities = setup.authorities(connection)
        posting.lock(connection, [authority.authority_id for authority in authorities])
        calendar = calendar_versions.load(connection)
        for authority in authorities:
            book = authority.authority_id
            formation = Formation(calendar, settings.load(connection, book))
            kinds = setup.aid_kinds(connection, book)
            due: list[OpenNeed] = []
            for (_, aid_kind), group in groupby(requests.open_batches(connection, book), key=_month_and_kind):
                batches = list(group)
                taken = _taken(batches, kinds[aid_kind], formation, desk.today)
                due += _need(batches[:taken])
                waiting += _waiting(authority.code, batches[taken:], kinds[aid_kind], formation)
            formed += [(authority.code, need) for need in _form(desk, connection, due)]
    return NeedsFormed(formed=tuple(formed), waiting=tuple(waiting))


def _month_and_kind(batch: OpenBatch) -> tuple[date, str]:
    return batch.due_month, batch.aid_kind


def _taken(batches: Sequence[OpenBatch], kind: setup.AidKind, formation: Formation, today: date) -> int:
    """How many of the batches a need takes today: those before the first that has to wait."""
    for place, batch in enumerate(batches):
        if formation.day(kind, batch.due_month, batch.arrived_on) > today:
            return place
    return len(batches)


def _need(batches: Sequence[OpenBatch]) -> list[OpenNeed]:
    """The need of some batches, or none when all of their lines were cancelled."""
    count = sum(batch.count for batch in batches)
    if not count:
        return []
    return [
        OpenNeed(
            authority_id=batches[0].authority_id,
            aid_kind=batches[0].aid_kind,
            due_month=batches[0].due_month,
            after_entry=batches[0].after_entry,
            upto_entry=batches[-1].entry_number,
            count=count,
            amount=sum(batch.amount for batch in batches),
        )
    ]


def _waiting(code: str, batches: Sequence[OpenBatch], kind: setup.AidKind, formation: Formation) -> Iterator[Waiting]:
    """What waits, a line for each day that it waits for."""
    found: dict[tuple[date, bool], list[OpenBatch]] = {}
    for batch in batches:
        arrived = kind, batch.due_month, batch.arrived_on
        found.setdefault((formation.day(*arrived), formation.is_carried(*arrived)), []).append(batch)
    for (day, is_carried), group in found.items():
        if count := sum(batch.count for batch in group):
            yield Waiting(
                authority_code=code,
                aid_kind=kind.code,
                due_month=group[0].due_month,
                count=count,
                amount=sum(batch.amount for batch in group),
                formed_from=day,
                is_carried=is_carried,
            )


def _form(desk: Desk, connection: Connection, due: Sequence[OpenNeed]) -> list[requests.Need]:
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
