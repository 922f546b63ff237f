"""The terms of the order: what is due, by whom, from which day on and until which one. The page that a lawyer reviews.

A term starts on a day. `nominal` is the day that the text names, before a day off, a setting or a schedule moves it;
`earliest` is the first day on which it may be done, `due` the last one in time, `warn` the day on which the board
begins to remind: the working day before the due day, but never before the start. Counted in working days, the day
after the start is day 1 (AMB-1, reading A). An unknown latest day is None: nothing can be late then.

>>> from ledgers.calendar import BUILT_IN
>>> term("R-033", datetime.date(2024, 5, 3), BUILT_IN, Settings()).due  # E01: a Saturday that was worked
datetime.date(2024, 5, 4)
"""

import calendar as civil
import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast

from ledgers.calendar import ONE_DAY, Calendar
from ledgers.errors import LedgerError
from ledgers.settings import Settings

Debtor = Literal["corporation", "authority", "centre", "commission", "akim", "recipient"]
"""Who owes it; the centre is the one that takes applications, the akim that of a village (S2)."""

DAYS_BEFORE_MEMORIAL = datetime.timedelta(days=10)
DAY_OF_MONTHLY_NEED = 27
DAY_OF_REGISTER, DAY_OF_PAYMENT, DAY_OF_ACTS = 5, 10, 20
WINDOWS_WITHIN = datetime.timedelta(days=400)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A term: its id, where it is written, who owes it, how it is counted, what is due in a sentence.

    `is_soft` where the text names no such day: a proposal that warns, and that nobody is bound by. `counted` is a
    number of working days (`2 wd`) or calendar days (`10 d`) from the day after the start, or the name of a day below.
    """

    id: str
    source: str
    owed_by: Debtor
    is_soft: bool
    counted: str
    due: str


class UnknownTerm(LedgerError):
    """A rule that sets no term."""

    def __init__(self, rule: str) -> None:
        super().__init__(f"rule {rule!r} sets no term; those that do: {', '.join(TERMS)}")


_PAGE = """
R-027   | Algorithm 7     | authority   | soft  | 1 wd     | a signed decision reaches the payment system at once
R-030   | Algorithm 8     | corporation | legal | memorial | the need for a memorial date is formed ten days before it
R-031   | Algorithm 8     | corporation | legal | at once  | the need for one-off aid is formed on the day of arrival
R-032   | Algorithm 8     | corporation | legal | the 27th | the need of a month is formed on the 27th before it
R-033   | Algorithm 9     | corporation | legal | 1 wd     | the request goes out on the working day after the need
R-040   | Algorithm 9     | authority   | legal | transfer | the money comes within 2 working days of the request
R-042   | Algorithm 9     | authority   | soft  | the 1st  | the money of a request after the 27th comes after the 1st
R-050   | Algorithm 10    | corporation | legal | payment  | the money is paid on within 2 working days, by schedule
R-060   | Algorithm 11    | corporation | legal | 1 wd     | the authority is told of a return on the next working day
R-061   | Algorithm 12    | authority   | legal | 3 wd     | a return is examined within 3 working days
R-063   | Algorithm 13    | corporation | legal | last wd  | what is not resent goes back on the last working day
R-064   | Algorithm 12    | corporation | soft  | 2 wd     | what is to be resent is sent within 2 working days
R-070   | Algorithm 14    | corporation | legal | the 20th | the act of a month (Appendix 1) is signed by the 20th
R-071   | Algorithm 14    | corporation | legal | the 20th | the statement of payments (Appendix 2) is sent by the 20th
P-002   | ASP rules 36    | authority   | legal | 1 wd     | an awarded sum stands in the register within a working day
P-003   | ASP rules 36    | authority   | legal | the 5th  | the register goes to the treasury by the 5th of next month
P-004   | ASP rules 36    | authority   | legal | the 5th  | what came after the register stands in that of next month
P-005   | ASP rules 36    | authority   | legal | the 10th | the aid is paid by the 10th of the month after the decision
P-007   | ASP rules 20    | recipient   | legal | 10 wd    | a change of family or income is told within 10 working days
P-008   | ASP rules 20-1  | recipient   | legal | 10 d     | a change of the kind of aid is told within 10 days
P-012   | ASP rules 36-1  | centre      | legal | 1 wd     | false data are told to the authority within a working day
P-013   | ASP rules 36-1  | authority   | legal | 1 wd     | the notice of voluntary return goes out in a working day
P-014   | ASP rules 36-1  | authority   | legal | same day | the payment is suspended from the day of the notice
P-015   | ASP rules 36-1  | recipient   | legal | a month  | an overpaid sum is returned within a month of the notice
P-016   | ASP rules 36-1  | authority   | legal | court    | what was not returned in that month is claimed in court
P-019/1 | ASP rules 12-14 | centre      | legal | 1 wd     | the application goes to the commission
P-019/2 | ASP rules 12-14 | commission  | legal | 3 wd     | the commission concludes
P-019/3 | ASP rules 12-14 | akim        | legal | 3 wd     | the akim passes the documents to the centre
P-019/4 | ASP rules 12-14 | centre      | legal | 1 wd     | the centre passes the documents to the authority
P-019/5 | ASP rules 12-14 | authority   | legal | 30 d     | after a written request the decision is made
P-019/6 | ASP rules 12-14 | authority   | legal | 2 wd     | the applicant is told of the longer term
"""


def _rules() -> dict[str, Rule]:
    rows = ([cell.strip() for cell in line.split("|")] for line in _PAGE.strip().splitlines())
    return {
        name: Rule(
            id=name,
            source=", p. ".join(source.rsplit(maxsplit=1)),
            owed_by=cast("Debtor", owed_by),
            is_soft=force == "soft",
            counted=counted,
            due=due,
        )
        for name, source, owed_by, force, counted, due in rows
    }


TERMS = _rules()
"""Rule id -> rule, in the order in which things happen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One deadline: the rule, its start and days as the page above says; `due` is None where no latest day is set."""

    rule: str
    started_on: date
    nominal: date
    earliest: date | None = None
    warn: date | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a term needs besides its start.

    `memorial_on` for R-030; `payment_month` (its first day) for R-032; `payment_days` of the kind of aid for R-050
    (AMB-8), windows like '5-10,20-25', empty for any day.
    """

    memorial_on: date | None = None
    payment_month: date | None = None
    payment_days: str = ""


NOTHING = Given()
_Days = tuple[date, date | None, date | None]
"""Nominal, earliest, due."""


def term(rule: str, started_on: date, calendar: Calendar, settings: Settings, given: Given = NOTHING) -> Term:
    """The term that a rule sets when it starts on a day.

    Raises:
        UnknownTerm: the rule sets none.
        ValueError: what the rule needs is not given.
    """
    if rule not in TERMS:
        raise UnknownTerm(rule)
    count, _, unit = TERMS[rule].counted.partition(" ")
    if unit == "wd" and count.isdigit():
        due = calendar.add_working_days(started_on, int(count))
        days: _Days = (due, None, due)
    elif unit == "d":
        due = started_on + datetime.timedelta(days=int(count))
        days = (due, None, due)
    else:
        days = _NAMED[TERMS[rule].counted](started_on, calendar, settings, given)
    nominal, earliest, last = days
    warn = None if last is None else max(_warning(rule, started_on, nominal, last, calendar), started_on)
    return Term(rule=rule, started_on=started_on, nominal=nominal, earliest=earliest, warn=warn, due=last)


def need_rule(periodicity: str) -> str:
    """Which rule says when the need of a kind is formed."""
    return {"memorial": "R-030", "one_off": "R-031"}.get(periodicity, "R-032")


def transfer_rule(arrived_on: date, payment_month: date) -> str:
    """R-042 for a request that arrived after the 27th of the month before the payment month, else R-040 (R-043)."""
    is_late = arrived_on.day > DAY_OF_MONTHLY_NEED and payment_month == _next_month(arrived_on)
    return "R-042" if is_late else "R-040"


def _warning(rule: str, started_on: date, nominal: date, due: date, calendar: Calendar) -> date:
    """The day on which the board begins to remind: by the other reading where there are two (AMB-1, AMB-6)."""
    other = None
    if rule == "R-040":
        other = _second_day_with_arrival(started_on, calendar)
    elif rule in ("R-070", "R-071"):
        other = calendar.on_or_before(nominal)
    return other if other is not None and other < due else calendar.previous_working_day(due)


# --- Needs ------------------------------------------------------------------------------------------------------------


def _formed(nominal: date, calendar: Calendar, settings: Settings) -> date:
    """The real day of a formation day (AMB-4, E16, E21)."""
    reading = settings["formation_on_day_off"]
    if reading == "same_day":
        return nominal
    return calendar.on_or_after(nominal) if reading == "next_working_day" else calendar.on_or_before(nominal)


def _at_once(arrived_on: date, calendar: Calendar, _settings: Settings, _given: Given) -> _Days:
    """R-031: on the day of arrival itself, the next working day where nobody works on it."""
    return arrived_on, arrived_on, calendar.on_or_after(arrived_on)


def _memorial_need(arrived_on: date, calendar: Calendar, settings: Settings, given: Given) -> _Days:
    """R-030; an additional list that comes after the day makes a need at once (S3 p.16)."""
    nominal = _needed(given.memorial_on, "the memorial date") - DAYS_BEFORE_MEMORIAL
    day = _formed(nominal, calendar, settings)
    return _at_once(arrived_on, calendar, settings, given) if arrived_on > day else (nominal, day, day)


def _monthly_need(arrived_on: date, calendar: Calendar, settings: Settings, given: Given) -> _Days:
    """R-032; decisions that come after the day of their month are carried to the next 27th (6.5)."""
    month = _needed(given.payment_month, "the payment month")
    nominal = (month - ONE_DAY).replace(day=DAY_OF_MONTHLY_NEED)
    if arrived_on > _formed(nominal, calendar, settings):
        nominal = arrived_on.replace(day=DAY_OF_MONTHLY_NEED)
        if arrived_on > _formed(nominal, calendar, settings):
            nominal = _next_month(arrived_on).replace(day=DAY_OF_MONTHLY_NEED)
    day = _formed(nominal, calendar, settings)
    return nominal, day, day


# --- Money ------------------------------------------------------------------------------------------------------------


def _second_day_with_arrival(arrived_on: date, calendar: Calendar) -> date:
    """The second working day, the day of arrival being day 1 (AMB-1, reading B)."""
    return calendar.next_working_day(calendar.on_or_after(arrived_on))


def _transfer(arrived_on: date, calendar: Calendar, settings: Settings, _given: Given) -> _Days:
    """R-040, AMB-1."""
    if settings["transfer_term"] == "arrival_day":
        due = _second_day_with_arrival(arrived_on, calendar)
    else:
        due = calendar.add_working_days(arrived_on, 2)
    return due, None, due


def _transfer_after_the_first(arrived_on: date, calendar: Calendar, settings: Settings, _given: Given) -> _Days:
    """R-042: from the first working day after the 1st (AMB-2), softly until the next one (AMB-3)."""
    first = _next_month(arrived_on)
    is_included = settings["after_the_first"] == "first_included"
    earliest = calendar.on_or_after(first if is_included else first + ONE_DAY)
    is_open = settings["late_request_deadline"] == "none"
    return first, earliest, None if is_open else calendar.next_working_day(earliest)


def _payment(received_on: date, calendar: Calendar, settings: Settings, given: Given) -> _Days:
    """R-050: within 2 working days; in the windows of the kind, the next one where none is open in time (AMB-8)."""
    nominal = calendar.add_working_days(received_on, 2)
    if not given.payment_days or settings["payment_schedule"] == "none":
        return nominal, None, nominal
    days = open_days(received_on, calendar, given.payment_days)
    earliest = next(days)
    following = earliest if earliest > received_on else next(days)
    due = following
    while following <= nominal:
        due, following = following, next(days)
    return nominal, earliest, due


def open_days(since: date, calendar: Calendar, payment_days: str) -> Iterator[date]:
    """The working days from a day on that lie in windows of days of the month; one that never opens is an error."""
    windows = [tuple(map(int, window.split("-"))) for window in payment_days.split(",")]
    found, day = since, since
    while day - found < WINDOWS_WITHIN:
        if calendar.is_working_day(day) and any(first <= day.day <= last for first, last in windows):
            found = day
            yield day
        day += ONE_DAY
    raise ValueError(f"no working day lies in the payment days {payment_days}")


# --- Month ends, registers, overpayments ------------------------------------------------------------------------------


def _refund(returned_on: date, calendar: Calendar, settings: Settings, _given: Given) -> _Days:
    """R-063: the last working day of the month in which the money came back (E59, E61).

    By the other reading of AMB-5 the next month's, where the examination still runs; never in December.
    """
    end = calendar.last_working_day(returned_on)
    waits = settings["unexamined_at_month_end"] == "carry_over" and end.month < 12
    if waits and calendar.add_working_days(returned_on, 4) > end:  # a day for the data, three for the authority
        return end, None, calendar.last_working_day(_next_month(returned_on))
    return end, None, end


def _act(month: date, calendar: Calendar, settings: Settings, _given: Given) -> _Days:
    """R-070, R-071: the 20th of the month after the reporting month, whichever day of it is given (AMB-6)."""
    nominal = _next_month(month).replace(day=DAY_OF_ACTS)
    if settings["act_on_day_off"] == "previous_working_day":
        return nominal, None, calendar.on_or_before(nominal)
    return nominal, None, calendar.on_or_after(nominal)


def _of_next_month(day: int) -> Callable[[date, Calendar, Settings, Given], _Days]:
    """A day of the month after the start, the working day before it where it is a day off (P-006)."""

    def days(started_on: date, calendar: Calendar, _settings: Settings, _given: Given) -> _Days:
        nominal = _next_month(started_on).replace(day=day)
        return nominal, None, calendar.on_or_before(nominal)

    return days


def _suspended(sent_on: date, _calendar: Calendar, _settings: Settings, _given: Given) -> _Days:
    """P-014: from the day of the notice on."""
    return sent_on, sent_on, sent_on


def _voluntary(sent_on: date, _calendar: Calendar, _settings: Settings, _given: Given) -> _Days:
    """P-015: one month from the notice, on the day of the same number, or the last one of a shorter month (E86)."""
    due = _a_month_later(sent_on)
    return due, None, due


def _court(sent_on: date, _calendar: Calendar, _settings: Settings, _given: Given) -> _Days:
    """P-016: from the day after that month; no text says until when (E87)."""
    day = _a_month_later(sent_on) + ONE_DAY
    return day, day, None


def _a_month_later(day: date) -> date:
    month = _next_month(day)
    return month.replace(day=min(day.day, civil.monthrange(month.year, month.month)[1]))


def _next_month(day: date) -> date:
    return (day.replace(day=1) + datetime.timedelta(days=31)).replace(day=1)


def _needed(value: date | None, name: str) -> date:
    if value is None:
        raise ValueError(f"the term needs {name}")
    return value


_NAMED: dict[str, Callable[[date, Calendar, Settings, Given], _Days]] = {
    "memorial": _memorial_need,
    "at once": _at_once,
    "the 27th": _monthly_need,
    "transfer": _transfer,
    "the 1st": _transfer_after_the_first,
    "payment": _payment,
    "last wd": _refund,
    "the 20th": _act,
    "the 5th": _of_next_month(DAY_OF_REGISTER),
    "the 10th": _of_next_month(DAY_OF_PAYMENT),
    "same day": _suspended,
    "a month": _voluntary,
    "court": _court,
}
