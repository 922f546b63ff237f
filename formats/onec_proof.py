"""The balances of a 1C statement, proved: turnovers against the documents, closing against opening and turnovers.

An account may have one СекцияРасчСчет for the span of the file or several, one a day: then each must open with the
balance that the one before it closed with (mt102.md §5.5). How a statement follows the one of another file is for the
caller, with formats.statement.continuity.

>>> print(wrong_total(Code.TOTAL, 12, "ВсегоПоступило", 750, 700, "the sum of the credits"))  # doctest: +ELLIPSIS
line 12, ВсегоПоступило, wrong totals: found '7,50', expected 7,00, the sum of the credits (difference 0,50); ...
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from formats import onec_keys as keys
from formats.amounts import display_amount
from formats.errors import Code, Fault, Findings
from formats.onec_keys import BALANCES, CLOSING, CREDITED, DEBITED, OPENING
from formats.onec_lines import Part
from formats.onec_parts import FileHead, Other, SpanBalance, Statement
from formats.onec_sections import RESEND, Section, amount
from formats.onec_values import day


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
    other: Other = ()

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
    first, last = days
    if first is None or last is None or None in stated.values():
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


def _given(section: Section) -> list[str]:
    return [key for key in BALANCES if section.text(key)]


def proved(account: Account, head: FileHead, findings: Findings) -> Statement | None:
    """The statement without its lines; None where it cannot be made, and what is wrong goes to the findings."""
    if not account.is_whole or not account.spans:
        return None
    spans = sorted(account.spans, key=lambda one: one.date_from)
    faults = [*_wrong_chain(spans), *_wrong_turnovers(account, spans, findings)]
    balances = _balances(account, spans)
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
        other=account.other,
    )


def _wrong_chain(spans: list[Span]) -> Iterator[Fault]:
    """Sections whose days overlap, or that do not open with the balance before."""
    for before, after in pairwise(spans):
        if after.date_from <= before.date_to:
            yield Fault(
                code=Code.ONEC_SECTION,
                line=after.section.line,
                place=keys.ACCOUNT,
                found=f"2 sections, to {before.date_to:%d.%m.%Y} and from {after.date_from:%d.%m.%Y}",
                expected="one section of an account for a day",
                remedy="ask the bank for one statement of each account, whose days do not overlap",
            )
        elif CLOSING in before.stated and OPENING in after.stated:
            closing, opening = before.stated[CLOSING], after.stated[OPENING]
            if closing != opening:
                words = f"the balance of {before.date_to:%d.%m.%Y}, line {before.line(CLOSING)}"
                yield _wrong(Code.BALANCE, after, OPENING, opening, closing, words)


def _wrong_turnovers(account: Account, spans: list[Span], findings: Findings) -> Iterator[Fault]:
    """Stated turnovers against the documents: of the whole account, and by day to say where they differ."""
    for key, turnover, words in (
        (CREDITED, account.credited, "the sum of the credits"),
        (DEBITED, account.debited, "the sum of the debits"),
    ):
        if any(key not in one.stated for one in spans):
            continue
        stated, computed = sum(one.stated[key] for one in spans), turnover.total()
        differ = [one for one in spans if one.stated[key] != _within(turnover, one)] if len(spans) > 1 else []
        if stated == computed:
            for one in differ:
                found, meaning = display_amount(one.stated[key]), "not the documents of these days, but the sums agree"
                findings.note(one.line(key), key, found, meaning)
        elif differ:
            yield from (_wrong(Code.TOTAL, one, key, one.stated[key], _within(turnover, one), words) for one in differ)
        else:
            yield _wrong(Code.TOTAL, spans[0], key, stated, computed, words)


def _within(turnover: Counter[date], one: Span) -> int:
    return sum(tiyn for booked_on, tiyn in turnover.items() if one.date_from <= booked_on <= one.date_to)


def _balances(account: Account, spans: list[Span]) -> list[SpanBalance]:
    """The balances of each section, those that are not stated computed from the others and the documents."""
    balances: list[SpanBalance] = []
    for place, one in enumerate(spans):
        turnovers = [
            one.stated.get(key, turnover.total() if len(spans) == 1 else _within(turnover, one))
            for key, turnover in ((CREDITED, account.credited), (DEBITED, account.debited))
        ]
        change = turnovers[0] - turnovers[1]
        before = balances[-1].closing if place else 0
        opening = one.stated.get(OPENING, one.stated[CLOSING] - change if CLOSING in one.stated else before)
        balances.append(
            SpanBalance(
                date_from=one.date_from,
                date_to=one.date_to,
                opening=opening,
                credited=turnovers[0],
                debited=turnovers[1],
                closing=one.stated.get(CLOSING, opening + change),
            )
        )
    return balances


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
    for booked_on in sorted({*account.credited, *account.debited}):
        if not any(one.date_from <= booked_on <= one.date_to for one in spans):
            line, meaning = spans[0].section.line, "documents booked on a day that the statement is not for"
            findings.note(line, keys.BOOKED_ON, f"{booked_on:%d.%m.%Y}", meaning)
