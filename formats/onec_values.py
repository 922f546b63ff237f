"""The values of 1C documents: days, amounts, kinds and owners, one by one or in columns, each text parsed once.

>>> parsed_day("15.03.2024")
datetime.date(2024, 3, 15)
>>> kind_read('"выписка"')
'Выписка'
"""

import re
from collections.abc import Sequence
from datetime import date

from formats import onec_keys as keys
from formats.amounts import parse_dot_amount
from formats.errors import Code, Findings
from formats.onec_parts import NOBODY, Owner
from formats.onec_sections import RESEND, Section

_DATE = re.compile(r"([0-9]{2})\.([0-9]{2})\.([1-9][0-9]{3})")
_MEMO_MAX = 50_000
_KINDS = {kind.casefold(): kind for kind in (keys.STATEMENT_KIND, keys.ORDER_KIND, "Платежное поручение")}


class Unusual(Exception):
    """Something in the columns wants to be looked at one by one."""


class Values:
    """The values seen in one file."""

    def __init__(self, findings: Findings) -> None:
        """Start with nothing seen."""
        self._findings = findings
        self._days: dict[str, date] = {}
        self._amounts: dict[str, int] = {"": 0}
        self._kinds: dict[str, str] = {keys.STATEMENT_KIND: keys.STATEMENT_KIND}
        self._owners: dict[tuple[str, ...], Owner] = {}

    def kind(self, text: str, line: int) -> str:
        """What follows СекцияДокумент: a known word in any case and in quotes, or any other as it stands."""
        kind = self._kinds.get(text)
        if kind is None:
            kind = kind_read(text)
            if kind != text:
                self._findings.note(line, keys.DOCUMENT, text, f"read as {kind}")
            elif kind.casefold() not in _KINDS:
                self._findings.note(line, keys.DOCUMENT, text, "a kind of document that Esep does not know, kept")
            if len(self._kinds) < _MEMO_MAX:
                self._kinds[text] = kind
        return kind

    def owner(self, values: tuple[str, ...]) -> Owner:
        """The same object for the same values: it is the same in every document of a file."""
        if not any(values):
            return NOBODY
        if values not in self._owners:
            if len(self._owners) > _MEMO_MAX:
                self._owners.clear()
            name, number, kbe, bic, bank, account = values
            self._owners[values] = Owner(name=name, bin=number, kbe=kbe, bic=bic, bank=bank, account=account)
        return self._owners[values]

    def kinds(self, column: list[str]) -> list[str]:
        """The kinds of a column; raises Unusual for one that was not seen before."""
        if not self._kinds.keys() >= set(column):
            raise Unusual
        return [self._kinds[text] for text in column]

    def tiyn(self, column: list[str] | None) -> list[int]:
        """Tiyn of a column, 0 where it is empty; a column that is not there is [].

        Raises Unusual for a text that is no plain amount.
        """
        if column is None:
            return []
        known = self._amounts
        if len(known) > _MEMO_MAX:
            known.clear()
            known[""] = 0
        for text in set(column).difference(known):
            try:
                known[text] = parse_dot_amount(text)
            except ValueError:
                raise Unusual from None
        return [known[text] for text in column]

    def dates(self, column: list[str], instead: Sequence[date]) -> list[date]:
        """The dates of a column; where it is empty, those instead.

        Raises Unusual for a text that is no date.
        """
        known = self._days
        if len(known) > _MEMO_MAX:
            known.clear()
        for text in set(column).difference(known):
            found = parsed_day(text)
            if found is not None:
                known[text] = found
            elif text or not instead:
                raise Unusual
        if instead and "" in column:
            return [known[text] if text else other for text, other in zip(column, instead, strict=True)]
        return [known[text] for text in column]


def day(section: Section, key: str, findings: Findings) -> date | None:
    """The date dd.mm.yyyy under the key; None when it is a fault or not there."""
    line, text = section.get(key)
    found = parsed_day(text)
    if found is None:
        code = Code.DATE if text else Code.MISSING
        findings.fault(code, line, key, text, "a date dd.mm.yyyy", RESEND)
    return found


def kind_read(text: str) -> str:
    """The kind of document that is read from a text."""
    return _KINDS.get(text.strip('"').casefold(), text)


def parsed_day(text: str) -> date | None:
    """The day of dd.mm.yyyy; None for anything else."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    try:
        return date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:
        return None


def purpose(section: Section, findings: Findings) -> str:
    """The whole purpose, or the numbered parts of it that some banks write instead."""
    line, whole = section.get(keys.PURPOSE)
    parts = [section.text(key) for key in section.values if key in keys.PURPOSES[1:]]
    note_lost_parts(line, whole, parts, findings)
    return whole or " ".join(filter(None, parts))


def note_lost_parts(line: int, whole: str, parts: Sequence[str], findings: Findings) -> None:
    """Say what stands in the numbered parts of a purpose and not in the whole one, which goes before them."""
    if whole and not all(part in whole for part in parts):
        meaning = "numbered lines that the whole purpose does not hold, passed over"
        findings.note(line, keys.PURPOSE, " ".join(filter(None, parts)), meaning)
