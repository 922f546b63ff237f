"""By when the authority's money is due, from when it may come, and what is unusual about money that came.

Within two working days from the day the request arrived (R-040, AMB-1). A request that arrived after the 27th of the
month before the payment month waits for the 1st (R-042, AMB-2), and then has two working days as well (AMB-3). Nothing
here stops money: it is taken as the bank brings it, and what is unusual is said.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ledgers import terms
from ledgers.calendar import Calendar
from ledgers.money import format_tenge
from ledgers.settings import Settings
from ledgers.terms import Term
from reconcile.counted import counted


def term(arrived_on: date, payment_month: date, calendar: Calendar, settings: Settings) -> Term:
    """When the money of a request is due that arrived on a day and asks for a month (E02, E05, E14, E15, E18, E19)."""
    rule = terms.transfer_rule(arrived_on, payment_month)
    return terms.term(rule, arrived_on, calendar, settings, terms.Given(payment_month=payment_month))


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """A transfer that came: its document, the days, and its parts by request and kind (tiyn); `rest` is left over."""

    authority_code: str
    line: str
    order_number: str
    order_date: date
    received_on: date
    parts: Sequence[tuple[str, str, int]]
    rest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something unusual about a transfer: which case it is, the statement line, and the sentence."""

    case: str
    line: str
    sentence: str


def remarks(came: Came, asked: Mapping[tuple[str, str], Term], calendar: Calendar) -> Iterator[Remark]:
    """What is unusual about a transfer (E05, E31, E34, E35, E37); `asked` has the terms of its requests and kinds."""

    def remark(case: str, sentence: str) -> Remark:
        name = f"transfer {came.order_number} of {came.order_date:%d.%m.%Y}"
        return Remark(case=case, line=came.line, sentence=f"{name} of {came.authority_code}: {sentence}")

    if came.order_date.replace(day=1) != came.received_on.replace(day=1):
        yield remark(
            "other_month",
            f"received on {came.received_on:%d.%m.%Y}, so it stands in the act of {came.received_on:%m.%Y}; in that of "
            f"{came.order_date:%m.%Y} it is a timing difference (AMB-9)",
        )
    for reference, own in _by_request(came.parts, asked):
        early = [one.earliest for one in own if one.earliest and min(came.order_date, came.received_on) < one.earliest]
        if early:
            yield remark("before_the_first", _before_the_first(came, reference, max(early)))
        late = [one.due for one in own if one.due and one.due < came.received_on]
        if late:
            days = calendar.working_days_between(min(late), came.received_on)
            yield remark(
                "late",
                f"{counted(days, 'working day')} late, the money of {reference} was due on {min(late):%d.%m.%Y} "
                "(R-040)",
            )
    if came.rest and came.parts:
        yield remark(
            "excess",
            f"{format_tenge(came.rest)} KZT above the request stand on 205 as {came.line}; the act shows the whole "
            f"transfer. Give them back with: esep refund send --line {came.line}",
        )
    if came.rest and not came.parts:
        yield remark(
            "no_request",
            f"{format_tenge(came.rest)} KZT stand on 205 as {came.line} without a request, nothing is paid from them; "
            f"place them with: esep statement place --line {came.line}",
        )


def _by_request(
    parts: Iterable[tuple[str, str, int]], asked: Mapping[tuple[str, str], Term]
) -> Iterator[tuple[str, list[Term]]]:
    found: dict[str, list[Term]] = {}
    for reference, aid_kind, _ in parts:
        found.setdefault(reference, []).append(asked[reference, aid_kind])
    yield from found.items()


def _before_the_first(came: Came, reference: str, earliest: date) -> str:
    what = "dated" if came.order_date < earliest else "received"
    on = came.order_date if came.order_date < earliest else came.received_on
    year = ", old budget year" if on.year < earliest.year else ""
    return (
        f"{what} {on:%d.%m.%Y}, before the 1st{year}: {reference} arrived after the 27th, its money comes from "
        f"{earliest:%d.%m.%Y} on (R-042)"
    )
