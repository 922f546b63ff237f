"""Documents of a 1C statement as statement lines: exactly, one by one, or whole columns of them.

Which way the money went is told by СуммаПриход and СуммаРасход, by the accounts of payer and payee, or both, and then
they must agree. Columns are for documents without anything unusual; the others are read one by one, so that each fault
and each note has its line (mt102.md §5.5).

>>> values = {"ДатаДокумента": "15.03.2024", "ДатаОперации": "15.03.2024", "СуммаПриход": "7.5"}
>>> section = Section(1, values={key: (1, text) for key, text in values.items()})
>>> part, *_ = Lines(Findings("march.txt"), Accounts(current="KZ36009PENS999999901")).take(Run(single=[(0, section)]))
>>> part.direction, part.amounts
('credit', [750])
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from itertools import compress, repeat
from typing import Any

from formats import onec_keys as keys
from formats.errors import Code, Findings
from formats.onec_columns import Group, Run
from formats.onec_keys import ROLES, Direction
from formats.onec_parts import StatementLine
from formats.onec_sections import RESEND, Section, amount
from formats.onec_values import Unusual, Values, day, note_lost_parts, purpose

_OWNERS_MAX = 8
_OWNERS_SAID = 3
_OTHER_SIDE = {
    "counterparty_name": keys.NAME, "counterparty_bin": keys.BIN, "counterparty_iban": keys.IIK,
    "counterparty_bic": keys.BIC, "counterparty_kbe": keys.KBE, "counterparty_bank": keys.BANK,
}  # fmt: skip
_OWN_SIDE = (keys.NAME, keys.BIN, keys.KBE, keys.BIC, keys.BANK)
_SETTERS: dict[str, Any] = {one.name: StatementLine.__dict__[one.name].__set__ for one in fields(StatementLine)}

Columns = dict[str, list[str]]


@dataclass(slots=True)
class Accounts:
    """The accounts of the file, and the one whose section was opened last."""

    numbers: set[str] = field(default_factory=set)
    current: str = ""


@dataclass(slots=True)
class Part:
    """Lines of one account and one direction, each with its place in the run."""

    account: str
    direction: Direction
    places: Sequence[int]
    lines: list[StatementLine]
    amounts: list[int]
    days: list[date]


class Lines:
    """Runs of documents in, statement lines out."""

    def __init__(self, findings: Findings, accounts: Accounts) -> None:
        """Start with nothing seen."""
        self.has_faults = False
        self._findings = findings
        self._accounts = accounts
        self._values = Values(findings)

    def take(self, run: Run) -> Iterator[Part]:
        """The lines of the run; a document with a fault gives none."""
        # First those that a layout was learned from, so that a note of all has the line of the first.
        yield from self._one_by_one(iter(run.single))
        for group in run.groups:
            columns = {
                key: list(map(str.strip, column))
                for key, column in zip(group.keys, zip(*group.rows, strict=True), strict=True)
            }
            try:
                parts = list(self._parts(columns, group.places))
            except Unusual:
                parts = self._one_by_one(zip(group.places, group.sections(), strict=True))
            else:
                self._note_short_codes(group, columns)
                self._note_lost_parts(group, columns)
            yield from parts

    def _one_by_one(self, documents: Iterator[tuple[int, Section]]) -> list[Part]:
        parts = [self._exact(section, place) for place, section in documents]
        self.has_faults |= None in parts
        return [part for part in parts if part is not None]

    def _exact(self, section: Section, place: int) -> Part | None:
        """One document; None where it has a fault."""
        found = self._movement(section)
        dated, booked_on = (day(section, key, self._findings) for key in (keys.DATED, keys.BOOKED_ON))
        # Where a bank gives no value date of its own, the money counts from the day it was booked.
        value_date = day(section, keys.VALUE_DATE, self._findings) if section.text(keys.VALUE_DATE) else booked_on
        line, currency = section.get(keys.CURRENCY)
        if currency.upper() not in keys.CURRENCIES:
            remedy = "import accounts in tenge only"
            self._findings.fault(Code.CURRENCY, line, keys.CURRENCY, currency, "KZT", remedy)
            return None
        if found is None or dated is None or booked_on is None or value_date is None:
            return None
        for side in (keys.PAYER, keys.PAYEE):
            self._note_short_code(*section.get(f"{side}{keys.KBE}"))
        direction, tiyn, account, own_account = found
        _, other_side, own_side = ROLES[direction]
        one = StatementLine(
            line=0,
            number=section.text(keys.NUMBER),
            dated=dated,
            booked_on=booked_on,
            value_date=value_date,
            amount=tiyn,
            direction=direction,
            knp=section.text(keys.KNP),
            purpose=purpose(section, self._findings),
            own=self._values.owner((*(section.text(f"{own_side}{name}") for name in _OWN_SIDE), own_account)),
            kind=self._values.kind(section.kind, section.line),
            form=section.text(keys.FORM),
            other=section.other(keys.LINE_USED),
            **{name: section.text(f"{other_side}{key}") for name, key in _OTHER_SIDE.items()},
        )
        return Part(account, direction, [place], [one], [tiyn], [booked_on])

    def _movement(self, section: Section) -> tuple[Direction, int, str, str] | None:
        """Which way the money went, how much, of which account, and the own account if it is named otherwise."""
        sums = {way: amount(section, ROLES[way][0], self._findings) for way in ROLES}
        plain = amount(section, keys.AMOUNT, self._findings)
        if None in sums.values() or plain is None:
            return None
        ways = [way for way, tiyn in sums.items() if tiyn]
        numbers = {way: section.text(f"{ROLES[way][2]}{keys.IIK}") for way in ROLES}
        holders = [way for way, number in numbers.items() if number in self._accounts.numbers]
        way = (ways or holders or ["credit"])[0]
        amounts = {tiyn for tiyn in (*sums.values(), plain) if tiyn}
        is_told = len(ways) == 1 and (way in holders or not holders) if ways else len(holders) == 1
        if not is_told or len(amounts) != 1:
            self._fault_of_direction(section)
            return None
        own = numbers[way]
        account = own if own in self._accounts.numbers else self._accounts.current
        if not account:
            self._findings.fault(
                Code.MISSING, section.line, keys.ACCOUNT_NUMBER, "", "the account of the statement", RESEND
            )
            return None
        if own and own != account:
            meaning = "an account that has no section in the file; the document is counted to the last section's"
            self._findings.note(section.get(f"{ROLES[way][2]}{keys.IIK}")[0], keys.IIK, own, meaning)
        return way, amounts.pop() or 0, account, "" if own == account else own

    def _fault_of_direction(self, section: Section) -> None:
        sums = (keys.CREDIT, keys.DEBIT, keys.AMOUNT)
        found = ", ".join(f"{key}={section.text(key)}" for key in sums)
        numbers = self._accounts.numbers
        # Sorting for each fault would take hours in a file of many accounts and many faults.
        owner = " or ".join(sorted(numbers)) if len(numbers) <= _OWNERS_SAID else f"one of {len(numbers)} accounts"
        expected = f"one sum above zero, {keys.CREDIT} to {owner} or {keys.DEBIT} from it"
        self._findings.fault(Code.ONEC_DIRECTION, section.line, keys.DOCUMENT, found, expected, RESEND)

    def _note_short_codes(self, group: Group, columns: Columns) -> None:
        for side in (keys.PAYER, keys.PAYEE):
            if f"{side}{keys.KBE}" in columns:
                place = group.keys.index(f"{side}{keys.KBE}")
                for line, text in zip(group.lines, columns[f"{side}{keys.KBE}"], strict=True):
                    self._note_short_code(line + group.offset(place), text)

    def _note_lost_parts(self, group: Group, columns: Columns) -> None:
        numbered = [columns[key] for key in columns if key in keys.PURPOSES[1:]]
        if numbered and keys.PURPOSE in columns:
            below = group.offset(group.keys.index(keys.PURPOSE))
            parts = zip(*numbered, strict=True)
            for line, whole, several in zip(group.lines, columns[keys.PURPOSE], parts, strict=True):
                note_lost_parts(line + below, whole, several, self._findings)

    def _note_short_code(self, line: int, text: str) -> None:
        if len(text) == 1:
            self._findings.note(line, keys.KBE, text, "a code of one digit, kept as it stands; it should have two")

    def _parts(self, columns: Columns, places: Sequence[int]) -> Iterator[Part]:
        """The documents of columns in parts of one direction and one account.

        Raises Unusual where one of them needs a closer look.
        """
        sums = {way: self._values.tiyn(columns.get(ROLES[way][0])) for way in ROLES}
        ways = self._ways(columns, sums, len(places))
        if len(set(ways)) > 1:
            for way in ROLES:
                yield from self._parts(*_chosen(columns, places, [one == way for one in ways]))
            return
        _, other_side, own_side = ROLES[ways[0]]
        own = columns.get(f"{own_side}{keys.IIK}", [""])
        if len(numbers := set(own)) > 1:
            if len(numbers) > _OWNERS_MAX:
                raise Unusual
            for number in sorted(numbers):
                yield from self._parts(*_chosen(columns, places, [one == number for one in own]))
            return
        account = own[0] or self._accounts.current
        others = columns.get(f"{other_side}{keys.IIK}", [])
        is_doubtful = not own[0] and not self._accounts.numbers.isdisjoint(others)
        if is_doubtful or account not in self._accounts.numbers:
            raise Unusual
        plain = self._values.tiyn(columns.get(keys.AMOUNT))
        amounts = sums[ways[0]] if any(sums[ways[0]]) else plain
        if not amounts or 0 in amounts or (any(plain) and plain != amounts):
            raise Unusual
        if any(text.upper() not in keys.CURRENCIES for text in set(columns.get(keys.CURRENCY, ()))):
            raise Unusual
        yield self._part(columns, places, ways[0], account, amounts)

    def _ways(self, columns: Columns, sums: dict[Direction, list[int]], count: int) -> list[Direction]:
        """The direction of each document."""
        credit, debit = sums["credit"], sums["debit"]
        if any(credit) or any(debit):
            if not any(debit):
                return ["credit"] * count
            if not any(credit):
                return ["debit"] * count
            if any(bool(one) == bool(two) for one, two in zip(credit, debit, strict=True)):
                raise Unusual
            return ["credit" if one else "debit" for one in credit]
        absent = [""] * count
        payer, payee = (columns.get(f"{side}{keys.IIK}", absent) for side in (keys.PAYER, keys.PAYEE))
        numbers = self._accounts.numbers
        if any((one in numbers) == (two in numbers) for one, two in zip(payer, payee, strict=True)):
            raise Unusual
        return ["credit" if one in numbers else "debit" for one in payee]

    def _part(
        self, columns: Columns, places: Sequence[int], direction: Direction, account: str, amounts: list[int]
    ) -> Part:
        count, absent = len(places), [""] * len(places)
        _, other_side, own_side = ROLES[direction]
        booked_on = self._values.dates(columns.get(keys.BOOKED_ON, absent), ())
        own = zip(*(columns.get(f"{own_side}{name}", absent) for name in _OWN_SIDE), absent, strict=True)
        numbered = [key for key in columns if key in keys.PURPOSES[1:]]
        values: dict[str, Sequence[object]] = {
            "line": [0] * count,
            "number": columns.get(keys.NUMBER, absent),
            "dated": self._values.dates(columns.get(keys.DATED, absent), ()),
            "booked_on": booked_on,
            "value_date": self._values.dates(columns.get(keys.VALUE_DATE, absent), booked_on),
            "amount": amounts,
            "direction": [direction] * count,
            "knp": columns.get(keys.KNP, absent),
            "purpose": _purposes(columns, numbered, absent),
            "own": list(map(self._values.owner, own)),
            "kind": self._values.kinds(columns[keys.DOCUMENT]),
            "form": columns.get(keys.FORM, absent),
            "other": _others(columns, count),
        }
        values |= {name: columns.get(f"{other_side}{key}", absent) for name, key in _OTHER_SIDE.items()}
        return Part(account, direction, places, _built(values, count), amounts, booked_on)


def _purposes(columns: Columns, numbered: list[str], absent: list[str]) -> list[str]:
    whole = columns.get(keys.PURPOSE, absent)
    if not numbered or "" not in whole:
        return whole
    parts = zip(*(columns[key] for key in numbered), strict=True)
    return [one or " ".join(filter(None, several)) for one, several in zip(whole, parts, strict=True)]


def _others(columns: Columns, count: int) -> list[tuple[tuple[str, str], ...]]:
    names = [key for key in columns if key not in keys.LINE_USED and key != keys.DOCUMENT]
    if not names:
        return [()] * count
    return [tuple(zip(names, values, strict=True)) for values in zip(*(columns[key] for key in names), strict=True)]


def _chosen(columns: Columns, places: Sequence[int], mask: list[bool]) -> tuple[Columns, list[int]]:
    return {key: list(compress(column, mask)) for key, column in columns.items()}, list(compress(places, mask))


def _built(values: dict[str, Sequence[object]], count: int) -> list[StatementLine]:
    # The slots are filled a column at a time: the constructor of a frozen class takes three times as long.
    lines = list(map(object.__new__, repeat(StatementLine, count)))
    for name, column in values.items():
        deque(map(_SETTERS[name], lines, column), maxlen=0)
    return lines


def numbered(lines: list[StatementLine], first: int) -> None:
    """Give lines that nobody has seen yet their places in the statement."""
    deque(map(_SETTERS["line"], lines, range(first, first + len(lines))), maxlen=0)
