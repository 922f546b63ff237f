"""What an import of decisions lets pass and points at: a warning is read by a person, it never blocks.

The place and the term of a set of rules (R-001, R-002), an amount other than the kind's size (E97, E99), a decision
that reached the books late (R-027), a due month of another budget year, a system or a category that the kind's
programme does not have.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from ledgers import aid_terms, calendar_versions, rates, rule_sets, setup
from ledgers.aid_terms import HUNDREDTHS, AidTerm
from ledgers.award_groups import AwardGroup
from ledgers.calendar import Calendar
from ledgers.money import format_tenge
from ledgers.rates import RateMissing, Rates
from ledgers.rule_sets import RuleSet
from ledgers.setup import AidKind, Authority

CATEGORIES = ("1", "2", "3", "4", "5")
"""Categories of a household that aid is given to; the sixth is refused."""

_DAY_WORDS = {"decision": "the day of the decision", "memorial": "the memorial date", "payment": "the day of payment"}


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardWarning:
    """One thing to look at: how many lines it is about, the first of them, and what is unusual."""

    first_line: int
    count: int
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What decisions are compared with: rules, kinds by (book, code), rates, working days, and the day of today."""

    authorities: Mapping[int, Authority]
    kinds: Mapping[tuple[int, str], AidKind]
    terms: Mapping[tuple[int, str], AidTerm]
    rule_sets: Sequence[RuleSet]
    rates: Rates
    calendar: Calendar
    today: date


def surroundings(connection: Connection, today: date) -> Surroundings:
    """What the books say today."""
    authorities = {one.authority_id: one for one in setup.authorities(connection)}
    kinds = {(book, code): kind for book in authorities for code, kind in setup.aid_kinds(connection, book).items()}
    return Surroundings(
        authorities=authorities,
        kinds=kinds,
        terms={(term.authority_id, term.code): term for term in aid_terms.in_force(connection)},
        rule_sets=rule_sets.load(connection),
        rates=rates.load(connection),
        calendar=calendar_versions.load(connection),
        today=today,
    )


def warnings(groups: Sequence[AwardGroup], around: Surroundings) -> list[AwardWarning]:
    """Everything to look at, alike things together, in the order of the lines."""
    found: dict[str, AwardWarning] = {}
    for group in groups:
        for check in _CHECKS:
            for said in check(group, around):
                before = found.get(said)
                found[said] = AwardWarning(
                    first_line=min(group.first_line, before.first_line) if before else group.first_line,
                    count=group.count + (before.count if before else 0),
                    said=said,
                )
    return sorted(found.values(), key=lambda one: one.first_line)


def _rules(group: AwardGroup, around: Surroundings) -> Iterator[str]:
    authority = around.authorities[group.authority_id]
    here = [one for one in around.rule_sets if one.is_of(authority.region_kk, authority.district_kk)]
    if not here:
        places = "; ".join(f"{one.code}: {one.places}" for one in around.rule_sets)
        yield f"{authority.code} lies in no place of a set of rules ({places}; R-001)"
    elif not any(one.is_in_force(group.decided_on) for one in here):
        terms = "; ".join(f"{one.code}: {one.valid_from:%d.%m.%Y} to {one.valid_to:%d.%m.%Y}" for one in here)
        yield f"the decision of {group.decided_on:%d.%m.%Y} is outside the term of the rule set ({terms}; R-002)"


def _amount(group: AwardGroup, around: Surroundings) -> Iterator[str]:
    term = around.terms.get((group.authority_id, group.aid_kind))
    if term is None or term.is_free:
        return
    memorial_on = _memorial_on(group, around)
    paid_on = max(around.today, memorial_on or group.due_month)
    try:
        amounts = aid_terms.expected_amounts(term, around.rates, group.decided_on, memorial_on, paid_on)
    except RateMissing as missing:
        yield str(missing)
        return
    if amounts is None or _is_indexation(term, group, around):
        return
    name = f"aid {group.aid_kind} for {group.due_month:%m.%Y}, decided on {group.decided_on:%d.%m.%Y},"
    both = (
        f"{format_tenge(amounts.decision)} KZT by {_DAY_WORDS['decision']}"
        f" and {format_tenge(amounts.payment)} KZT by {_DAY_WORDS['payment']}"
    )
    if group.amount != amounts.by(term.mrp_day):
        yield f"{name} has {format_tenge(group.amount)} KZT; its size is {both}, {_DAY_WORDS[term.mrp_day]} counts"
    elif not amounts.is_one:
        yield f"{name} comes to {both}; {_DAY_WORDS[term.mrp_day]} counts (E99)"


def _is_indexation(term: AidTerm, group: AwardGroup, around: Surroundings) -> bool:
    """Whether the line brings what the index rose by, for a month that was paid by the rate before (E100)."""
    owed = term.mrp_hundredths * around.rates.rise(group.due_month) // HUNDREDTHS
    return 0 < owed == group.amount


def _memorial_on(group: AwardGroup, around: Surroundings) -> date | None:
    kind = around.kinds[group.authority_id, group.aid_kind]
    return date.fromisoformat(f"{group.due_month.year:04}-{kind.memorial_day}") if kind.memorial_day else None


def _late(group: AwardGroup, around: Surroundings) -> Iterator[str]:
    days = around.calendar.working_days_between(group.decided_on, around.today)
    if days > 1:
        yield (
            f"the decision of {group.decided_on:%d.%m.%Y} reached the books {days} working days later; "
            "it goes to the payment side at once when it is signed (R-024, R-027)"
        )


def _budget_year(group: AwardGroup, around: Surroundings) -> Iterator[str]:
    """Months to come are paid from the year to come; one-off aid is paid at once, from the budget of today."""
    kind = around.kinds[group.authority_id, group.aid_kind]
    is_to_come = group.due_month.year > around.today.year and kind.periodicity != "one_off"
    if group.due_month.year != around.today.year and not is_to_come:
        yield (
            f"aid {group.aid_kind} is due for {group.due_month:%m.%Y}, in another budget year than "
            f"{around.today:%d.%m.%Y}"
        )


def _programme(group: AwardGroup, around: Surroundings) -> Iterator[str]:
    term = around.terms.get((group.authority_id, group.aid_kind))
    if term is None:
        return
    if term.source_system and group.source_system != term.source_system:
        yield f"aid {group.aid_kind} is awarded in {term.source_system}; these lines come from {group.source_system}"
    if term.needs_category and group.category not in CATEGORIES:
        yield (
            f"aid {group.aid_kind} needs the household's category, 1 to 5, as payment_code; "
            f"these lines have {group.category or 'none'}, and category 6 gets no aid"
        )


_CHECKS: tuple[Callable[[AwardGroup, Surroundings], Iterator[str]], ...] = (
    _rules,
    _amount,
    _late,
    _budget_year,
    _programme,
)
