"""The balances of a 1C statement, proved: turnovers against the documents, closing against opening and turnovers.

An account may have one СекцияРасчСчет for the span of the file or several, one a day: then each must open with the
balance that the one before it closed with (mt102.md §5.5). How a statement follows the one of another file is for the
caller, with formats.statement.continuity.

>>> print(wrong_total(Code.TOTAL, 12, "ВсегоПоступило", 750, 700, "the sum of the credits"))  # doctest: +ELLIPSIS
line 12, ВсегоПоступило, wrong totals: found '7,50', expected 7,00, the sum of the credits (difference 0,50); ...
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate, pairwise

from formats import onec_keys as keys
from formats.amounts import display_amount
from formats.errors import Code, Fault, Findings
from formats.onec_keys import BALANCES, CLOSING, CREDITED, DEBITED, OPENING
from formats.onec_lines import Part
from formats.onec_parts import FileHead, SpanBalance, Statement
from formats.onec_sections import RESEND, Section, amount
from formats.onec_values import day

_CURRENCY_KEYS = {keys.CURRENCY.casefold(), "валютасчета"}


@dataclass(slots=True)
class Span:
    """One СекцияРасчСчет: its days and what it states, which may lack any of the four."""

    section: Section
    date_from: date
    date_to: date
    stated: dict[str, int]

    def line(self, key: str) -> int:
        """The line of the key, or of the section."""
        return self.section.get(key)[0]


@dataclass(slots=True)
class Account:
    """What was read of one account so far."""

    number: str
    spans: list[Span] = field(default_factory=list)
    count: int = 0
    credited: Counter[date] = field(default_factory=Counter)
    debited: Counter[date] = field(default_factory=Counter)
    is_whole: bool = True
    other: list[tuple[str, str]] = field(default_factory=list)

    def add(self, part: Part) -> None:
        """Count lines of the account."""
        self.count += len(part.lines)
        turnover = self.credited if part.direction == "credit" else self.debited
        for booked_on, tiyn in zip(part.days, part.amounts, strict=True):
            turnover[booked_on] += tiyn


def span(section: Section, head: Section, account: Account, findings: Findings, *, must: Sequence[str]) -> None:
    """Take an account section; where it has no days of its own, it is for those of the file.

    A balance that must be stated is a fault where it is not, and the others are noted.
    """
    days = [day(section if section.text(key) else head, key, findings) for key in (keys.DATE_FROM, keys.DATE_TO)]
    stated = {key: amount(section, key, findings, signed=key in {OPENING, CLOSING}) for key in _given(section)}
    account.other += section.other(keys.SPAN_USED)
    is_tenge = _is_tenge(section, head, findings)
    first, last = days
    if first is None or last is None or None in stated.values() or not is_tenge:
        account.is_whole = False
        return
    if first > last:
        line, expected = section.get(keys.DATE_TO)[0], f"not before {first:%d.%m.%Y}"
        findings.fault(Code.DATE, line, keys.DATE_TO, f"{last:%d.%m.%Y}", expected, RESEND)
        account.is_whole = False
        return
    for key in BALANCES:
        if key in must and key not in stated:
            findings.fault(Code.MISSING, section.line, key, "", "the balance, which the books are proved with", RESEND)
        elif key not in stated:
            findings.note(section.line, key, "", "not stated; it was computed from the others and the documents")
    account.spans.append(Span(section, first, last, {key: tiyn for key, tiyn in stated.items() if tiyn is not None}))


def _is_tenge(section: Section, head: Section, findings: Findings) -> bool:
    """Whether the account is in tenge by what its section says of the currency, or else the head."""
    said = _currencies(section) or _currencies(head)
    foreign = [(line, text) for line, text in said if text.upper() not in keys.CURRENCIES]
    for line, text in foreign:
        findings.fault(Code.CURRENCY, line, keys.CURRENCY, text, "KZT", "import accounts in tenge only")
    return not foreign


def _currencies(section: Section) -> list[tuple[int, str]]:
    return [said for key, said in section.values.items() if key.casefold() in _CURRENCY_KEYS]


def _given(section: Section) -> list[str]:
    return [key for key in BALANCES if section.text(key)]


def proved(account: Account, head: FileHead, findings: Findings) -> Statement | None:
    """The statement without its lines; None where it cannot be made, and what is wrong goes to the findings."""
    if not account.is_whole or not account.spans:
        return None
    spans = sorted(account.spans, key=lambda one: one.date_from)
    by_days = {key: _by_days(turnover, spans) for key, turnover, _ in _turnovers(account)}
    balances = _balances(spans, {key: _taken(key, spans, by_days[key]) for key in by_days})
    faults = [*_wrong_chain(spans, balances), *_wrong_turnovers(account, spans, by_days, findings)]
    faults += [fault for one, balance in zip(spans, balances, strict=True) for fault in _wrong_closing(one, balance)]
    findings.add(faults)
    if faults:
        return None
    _note_days(account, spans, findings)
    unstated = tuple(key for key in BALANCES if any(key not in one.stated for one in spans))
    return Statement(
        account=account.number,
        date_from=balances[0].date_from,
        date_to=balances[-1].date_to,
        opening=balances[0].opening,
        credited=sum(one.credited for one in balances),
        debited=sum(one.debited for one in balances),
        closing=balances[-1].closing,
        lines=(),
        spans=tuple(balances) if len(balances) > 1 else (),
        unstated=unstated,
        head=head,
        other=tuple(account.other),
    )


def _turnovers(account: Account) -> tuple[tuple[str, Counter[date], str], ...]:
    return (
        (CREDITED, account.credited, "the sum of the credits"),
        (DEBITED, account.debited, "the sum of the debits"),
    )


def _by_days(turnover: Counter[date], spans: list[Span]) -> list[int]:
    """What was booked on the days of each section; a section that is the only one has all documents."""
    if len(spans) == 1:
        return [turnover.total()]
    days = sorted(turnover)
    sums = list(accumulate((turnover[booked_on] for booked_on in days), initial=0))
    return [sums[bisect_right(days, one.date_to)] - sums[bisect_left(days, one.date_from)] for one in spans]


def _taken(key: str, spans: list[Span], by_days: list[int]) -> list[int]:
    """The turnover of each section: stated, or else what was booked on its days."""
    return [one.stated.get(key, booked) for one, booked in zip(spans, by_days, strict=True)]


def _wrong_chain(spans: list[Span], balances: list[SpanBalance]) -> Iterator[Fault]:
    """Sections whose days overlap, or that do not open with the balance before."""
    for (before, after), (left, right) in zip(pairwise(spans), pairwise(balances), strict=True):
        if after.date_from <= before.date_to:
            yield Fault(
                code=Code.ONEC_SECTION,
                line=after.section.line,
                place=keys.ACCOUNT,
                found=f"2 sections, to {before.date_to:%d.%m.%Y} and from {after.date_from:%d.%m.%Y}",
                expected="one section of an account for a day",
                remedy="ask the bank for one statement of each account, whose days do not overlap",
            )
        elif left.closing != right.opening:
            words = f"the balance of {before.date_to:%d.%m.%Y}, line {before.line(CLOSING)}"
            yield _wrong(Code.BALANCE, after, OPENING, right.opening, left.closing, words)


def _wrong_turnovers(
    account: Account, spans: list[Span], by_days: dict[str, list[int]], findings: Findings
) -> Iterator[Fault]:
    """Turnovers of the sections against the documents: of the whole account, and by day to say where they differ.

    Every document must be in the turnover of a section, so that none moves money that no balance shows.
    """
    for key, turnover, words in _turnovers(account):
        taken, computed = sum(_taken(key, spans, by_days[key])), turnover.total()
        both = zip(spans, by_days[key], strict=True)
        differ = [(one, booked) for one, booked in both if one.stated.get(key, booked) != booked]
        if taken == computed:
            for one, _ in differ:
                found, meaning = display_amount(one.stated[key]), "not the documents of these days, but the sums agree"
                findings.note(one.line(key), key, found, meaning)
        elif differ:
            yield from (_wrong(Code.TOTAL, one, key, one.stated[key], booked, words) for one, booked in differ)
        else:
            yield _wrong(Code.TOTAL, spans[0], key, taken, computed, words)


def _balances(spans: list[Span], taken: dict[str, list[int]]) -> list[SpanBalance]:
    """The balances of each section, those that are not stated computed from the others and the documents."""
    balances: list[SpanBalance] = []
    turnovers = list(zip(taken[CREDITED], taken[DEBITED], strict=True))
    before = _first_opening(spans, turnovers)
    for one, (credited, debited) in zip(spans, turnovers, strict=True):
        opening = one.stated.get(OPENING, before)
        before = one.stated.get(CLOSING, opening + credited - debited)
        balances.append(
            SpanBalance(
                date_from=one.date_from,
                date_to=one.date_to,
                opening=opening,
                credited=credited,
                debited=debited,
                closing=before,
            )
        )
    return balances


def _first_opening(spans: list[Span], turnovers: list[tuple[int, int]]) -> int:
    """The balance at the beginning by the first one that is stated; zero where none is."""
    change = 0
    for one, (credited, debited) in zip(spans, turnovers, strict=True):
        if OPENING in one.stated:
            return one.stated[OPENING] - change
        change += credited - debited
        if CLOSING in one.stated:
            return one.stated[CLOSING] - change
    return 0


def _wrong_closing(one: Span, balance: SpanBalance) -> Iterator[Fault]:
    computed = balance.opening + balance.credited - balance.debited
    if balance.closing != computed:
        words = "opening balance and credits less debits"
        yield _wrong(Code.BALANCE, one, CLOSING, balance.closing, computed, words)


def _wrong(code: Code, one: Span, key: str, stated: int, computed: int, words: str) -> Fault:
    return wrong_total(code, one.line(key), key, stated, computed, words)


def wrong_total(code: Code, line: int | None, key: str, stated: int, computed: int, words: str) -> Fault:
    """A total that does not agree, with the figures."""
    return Fault(
        code=code,
        line=line,
        place=f"{key}, wrong totals",
        found=display_amount(stated),
        expected=f"{display_amount(computed)}, {words} (difference {display_amount(abs(stated - computed))})",
        remedy=RESEND,
    )


def _note_days(account: Account, spans: list[Span], findings: Findings) -> None:
    """Say when documents were booked on days that no section is for."""
    begins = [one.date_from for one in spans]
    for booked_on in sorted({*account.credited, *account.debited}):
        place = bisect_right(begins, booked_on)
        if not place or booked_on > spans[place - 1].date_to:
            line, meaning = spans[0].section.line, "documents booked on a day that the statement is not for"
            findings.note(line, keys.BOOKED_ON, f"{booked_on:%d.%m.%Y}", meaning)
