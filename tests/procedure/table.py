"""The form of the tables: rows that name an id, what is given, what has to come out, and how that is proved.

Days are written as the order's offices write them, `04.05.2024`; a weekday beside a day is checked like all else.
"""

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from ledgers.calendar import BUILT_IN, Calendar
from ledgers.settings import Settings
from ledgers.terms import Given, term, transfer_rule

Proof = Callable[..., None]

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_NAMED_DAY = re.compile(rf"\b({'|'.join(WEEKDAYS)}) \**(\d\d\.\d\d\.\d{{4}})")


def d(text: str) -> date:
    """The day written `04.05.2024`."""
    day, month, year = text.split(".")
    return date(int(year), int(month), int(day))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A case: proved by a function, or waiting for a part of the product that is named in `later`."""

    id: str
    given: str
    expected: str
    proof: Proof | None
    later: str = ""
    contradicts: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one section, in its order."""

    rows: list[Row] = field(default_factory=list)

    def row(self, name: str, given: str, expected: str, *, contradicts: str = "") -> Callable[[Proof], Proof]:
        """A case that the decorated function proves; its parameters are fixtures.

        `contradicts` says where the product does something else: the row fails as soon as it does not any more.
        """

        def proved_by(proof: Proof) -> Proof:
            self.rows.append(Row(id=name, given=given, expected=expected, proof=proof, contradicts=contradicts))
            return proof

        return proved_by

    def steps(self, name: str, given: str, expected: str, *steps: Callable[[], None]) -> None:
        """A case of days alone: every step is one term that is counted."""

        def proof() -> None:
            for step in steps:
                step()

        assert steps, name
        self.rows.append(Row(id=name, given=given, expected=expected, proof=proof))

    def later(self, name: str, given: str, expected: str, reason: str) -> None:
        """A case of a part that the product does not have yet."""
        self.rows.append(Row(id=name, given=given, expected=expected, proof=None, later=reason))


def due(
    rule: str,
    start: str,
    last: str | None,
    *,
    earliest: str = "",
    nominal: str = "",
    warn: str = "",
    month: str = "",
    memorial: str = "",
    payment_days: str = "",
    calendar: Calendar = BUILT_IN,
    **chosen: str,
) -> Callable[[], None]:
    """A term that starts on a day and must be due on `last` (None: no latest day); `chosen` are settings.

    Only the days that are named are compared. A term of the money of a request is asked for with the rule that the
    month and the day of arrival make, which must be `rule`.
    """

    def step() -> None:
        given = Given(
            memorial_on=d(memorial) if memorial else None,
            payment_month=d(f"01.{month}") if month else None,
            payment_days=payment_days,
        )
        if month and rule in {"R-040", "R-042"}:
            assert transfer_rule(d(start), d(f"01.{month}")) == rule
        found = term(rule, d(start), calendar, Settings(chosen), given)
        assert found.due == (d(last) if last else None), (rule, start, found)
        for name, expected in (("earliest", earliest), ("nominal", nominal), ("warn", warn)):
            if expected:
                assert getattr(found, name) == d(expected), (rule, start, name, found)

    return step


def between(after: str, upto: str, count: int) -> Callable[[], None]:
    """So many working days lie after one day and up to another: what a delay is counted in."""

    def step() -> None:
        assert BUILT_IN.working_days_between(d(after), d(upto)) == count, (after, upto)

    return step


def off(*days: str) -> Callable[[], None]:
    """None of these days is worked."""

    def step() -> None:
        assert [day for day in days if BUILT_IN.is_working_day(d(day))] == []

    return step


def worked(*days: str) -> Callable[[], None]:
    """All of these days are worked."""

    def step() -> None:
        assert [day for day in days if not BUILT_IN.is_working_day(d(day))] == []

    return step


def parameters(rows: Sequence[Row]) -> list[Any]:
    """The proved rows as parameters of a test; what the product contradicts is expected to fail, and must."""
    return [
        pytest.param(
            row,
            id=row.id,
            marks=[pytest.mark.xfail(reason=row.contradicts, strict=True)] if row.contradicts else [],
        )
        for row in rows
        if row.proof is not None
    ]


def prove(row: Row, request: pytest.FixtureRequest) -> None:
    """Run the proof of a row with the fixtures that it asks for."""
    assert row.proof is not None
    names = inspect.signature(row.proof).parameters
    row.proof(**{name: request.getfixturevalue(name) for name in names})


def wrong_weekdays(rows: Sequence[Row]) -> Mapping[str, list[str]]:
    """Days in the words of the rows whose weekday is another one, by id."""
    found: dict[str, list[str]] = {}
    for row in rows:
        for weekday, day in _NAMED_DAY.findall(f"{row.given} {row.expected}"):
            if WEEKDAYS[d(day).weekday()] != weekday:
                found.setdefault(row.id, []).append(f"{weekday} {day}")
    return found
