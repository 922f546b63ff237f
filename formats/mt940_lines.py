"""The movements of a general statement, MT940 or MT950: each :61: with the :86: under it.

    :61:2512310102RC1234,5NTRFORDER 17//B0000017      value date, entry date MMDD, mark, amount, type, references
    supplementary details
    :86:any text, over several lines                  what the bank says of the movement

The year of the entry date is the one that brings it nearest to the value date. A block of rows is matched by one
pattern as far as it is regular, and the rest row by row: both give the same.

>>> moments = Heads()
>>> moments["2512310102RC"]
('RC', datetime.date(2025, 12, 31), datetime.date(2026, 1, 2), '', -1)
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from formats.amounts import format_amount
from formats.errors import Code, Fault, Findings
from formats.mt import HOMOGLYPHS, to_correct
from formats.mt_parts import shape
from formats.mt_statement import AMOUNT_EXPECTED, EFFECTS, ROWS, UNSAFE, mark_of, read_amount, unwritable_amount
from formats.mt_writing import unwritable, unwritable_day
from formats.rows import Rows
from formats.statement import MARKS, Mark

BLANK = " \t\x1a"
TAG = re.compile(r":([0-9]{2}[A-Z]?|NS):(.*)")
END = re.compile(r"-(?:\}(?:\{(?:5|S):[^{}]*(?:\{[^{}]*\})*\})*[ \t\x1a]*(\{1:.*)?)?")

_HEAD = r"[0-9]{6}(?:[0-9]{4})?[RE]?[CD][A-Z]?"
_TAIL = r"([NSF][A-Z0-9]{3})([^/\n]*+(?:/[^/\n]++)*+)(?://(.*+))?+"
_ROW = re.compile(rf":61:({_HEAD})([0-9.,]*){_TAIL}")
# What the patterns take they never give back, which is a fifth faster. Heads look closer at the beginning.
_MOVEMENT = re.compile(
    rf":61:([0-9]{{6,10}}+[A-Z]{{1,3}}+)([0-9]{{1,14}}+),([0-9]{{0,2}}+){_TAIL}\n"
    r"(?:([^:\-{\n].*+)\n)?+(?::86:(.++(?:\n[^:\-{\n].*+)*+)\n)?+|(.*\n)"
)
_LOOSE_ROW = re.compile(r":61:([0-9]{6}(?:[0-9]{4})?)([^0-9,.]*)(?:(.*?)([NSF][A-Z0-9]{3}.*))?")
_LOOSE_MARK = re.compile(r"[RE]?[CD][A-Z]?")
_SPLIT_HEAD = re.compile(r"([0-9]{6})([0-9]{4})?([RE]?[CD])([A-Z]?)")
_BLANK_END = re.compile(rf"[{BLANK}]+\n")
_HEADS_MAX = 20_000
_REACH_MIN, _REACH_MAX = 32, 4096

REFERENCE = shape(
    rf"(?![\s/])(?!.*//)[^{UNSAFE}]{{1,16}}(?<![\s/])",
    "1 to 16 characters without {} and //, no / or blank at the ends",
)
_TYPE = shape(r"[NSF][A-Z0-9]{3}", "N, S or F and three capitals or digits, like NTRF")
_FUNDS = shape(r"[A-Z]?", "one capital letter, or nothing")


Head = tuple[Mark, date, date | None, str, int]
"""How a :61: begins: mark, value date, entry date, funds code, and what the mark does to a balance."""


class Mt940Line(NamedTuple):
    """One movement: its place in the message from 1, and what :61: and :86: say, the amount in hundredths.

    `booked_on` is the entry date, None where there is none. `reference` is the account owner's (NONREF where there is
    none), `bank_reference` the bank's. Lines of `supplement` and `details` are parted by a line feed.
    """

    line: int
    mark: Mark
    value_date: date
    booked_on: date | None
    funds_code: str
    amount: int
    transaction_type: str
    reference: str
    bank_reference: str = ""
    supplement: str = ""
    details: str = ""

    @property
    def change(self) -> int:
        """What the movement does to the balance, in hundredths."""
        return EFFECTS[self.mark] * self.amount


class Heads(dict[str, Head]):
    """The beginnings of :61: met so far: a statement has few different ones."""

    def __missing__(self, head: str) -> Head:
        """Read a new one; raises ValueError, whose text is the day, for one with a day that does not exist."""
        match = _SPLIT_HEAD.fullmatch(head)
        mark = mark_of(match[3]) if match else None
        if match is None or mark is None:
            raise ValueError(head)
        try:
            value_date = date(2000 + int(head[:2]), int(head[2:4]), int(head[4:6]))
        except ValueError:
            raise ValueError(match[1]) from None
        entry_date = nearest(match[2], value_date) if match[2] else None
        if len(self) > _HEADS_MAX:
            self.clear()
        self[head] = found = (mark, value_date, entry_date, match[4], EFFECTS[mark])
        return found


def nearest(month_day: str, to: date) -> date:
    """The day MMDD of the year that brings it nearest to another day.

    Raises ValueError, whose text is the day, when none of the three years around has it.
    """
    found: list[date] = []
    for year in (to.year - 1, to.year, to.year + 1):
        try:
            found.append(date(year, int(month_day[:2]), int(month_day[2:])))
        except ValueError:
            continue
    if not found:
        raise ValueError(month_day)
    return min(found, key=lambda day: abs(day - to))


class LineReader:
    """The movements of one message, block by block."""

    def __init__(self, rows: Rows, heads: Heads, findings: Findings) -> None:
        """Begin before the first :61: of a message."""
        self._rows = rows
        self._heads = heads
        self._findings = findings
        self._reach = _REACH_MIN
        self._slow_until = 0
        self.count = 0
        """How many movements stand in the message so far."""
        self.change = 0
        """What they did to the balance, in hundredths."""
        self.is_whole = True
        """Whether all of them could be read."""

    def batches(self) -> Iterator[tuple[Mt940Line, ...]]:
        """Movements while the next row is a :61:."""
        while (row := self._rows.peek()) is not None and row.startswith(":61:"):
            batch = self._regular() if self._rows.number >= self._slow_until else []
            if batch:
                yield tuple(batch)
            elif one := self._one():
                self.change += one.change
                yield (one,)

    def _regular(self) -> list[Mt940Line]:
        """The regular movements that come next in the block, but for its last one, which may go on in the next."""
        block, start = self._rows.block()
        last = min(len(block), start + self._reach) - 1
        end = next((at for at in range(last, start, -1) if block[at].startswith(":61:")), start)
        batch: list[Mt940Line] = []
        text = "\n".join(block[start:end]) + "\n" if end > start else ""
        if " \n" in text or "\t\n" in text or "\x1a" in text:
            text = _BLANK_END.sub("\n", text)
        if text and "\n\n" not in text and self._match(text, batch):
            self._reach = min(2 * self._reach, _REACH_MAX)
            self._rows.skip(end - start)
        else:
            self._slow_until = self._rows.number + max(end - start, 1)
            self._reach = _REACH_MIN
            self._rows.skip(
                sum(1 + bool(one.supplement) + bool(one.details) + one.details.count("\n") for one in batch)
            )
        return batch

    def _match(self, text: str, batch: list[Mt940Line]) -> bool:
        """Add the movements of the rows to the batch; False at the first row that is of no regular one."""
        heads, new, number, change = self._heads, tuple.__new__, self.count, self.change
        irregular = ""
        try:
            for head, units, hundredths, kind, reference, bank_reference, more, details, other in _MOVEMENT.findall(
                text
            ):
                if other:
                    irregular = other.rstrip()
                    break
                mark, value_date, booked_on, funds, effect = heads[head]
                amount = int(units + hundredths if len(hundredths) == 2 else units + hundredths.ljust(2, "0"))
                number += 1
                change += effect * amount
                values = (number, mark, value_date, booked_on, funds, amount, kind, reference, bank_reference)
                batch.append(new(Mt940Line, (*values, more, details)))
        except ValueError:
            # A day that does not exist is reported by the reading row by row.
            irregular = ":61:"
        self.count, self.change = number, change
        if irregular and batch and not self._begins_anew(irregular):
            self.count -= 1
            self.change -= batch.pop().change
        return not irregular

    @staticmethod
    def _begins_anew(row: str) -> bool:
        """Whether a row cannot be more of the movement before it."""
        return (TAG.match(row) is not None and not row.startswith(":86:")) or END.fullmatch(row) is not None

    def _one(self) -> Mt940Line | None:
        """The next movement, read row by row; None when it is a fault."""
        line = self._rows.number
        row = (self._rows.take() or "").rstrip(BLANK)
        supplement = "\n".join(self.text_rows())
        details: list[str] = []
        while (self._rows.peek() or "").startswith(":86:"):
            if details:
                note = "another :86: under the same :61: was read as more of the first"
                self._findings.note(self._rows.number, ":86:", self._rows.peek() or "", note)
            details += [(self._rows.take() or "")[4:].rstrip(BLANK), *self.text_rows()]
        self.count += 1
        found = self._first_row(row, line)
        if found is None:
            self.is_whole = False
            return None
        match, amount = found
        try:
            mark, value_date, booked_on, funds, _ = self._heads[match[1]]
        except ValueError as error:
            expected = "days that exist: YYMMDD, then optionally MMDD"
            self._findings.fault(Code.DATE, line, ":61: date", str(error), expected)
            self.is_whole = False
            return None
        texts = (match[3], match[4], match[5] or "", supplement, "\n".join(details).strip("\n"))
        return Mt940Line(self.count, mark, value_date, booked_on, funds, amount, *texts)

    def text_rows(self) -> list[str]:
        """The rows up to the next tag or the end; those at the end that are blank belong to nothing."""
        found: list[str] = []
        while (row := self._rows.peek()) is not None:
            text = row.rstrip(BLANK)
            if TAG.match(text) or END.fullmatch(text) or text.startswith("{1:"):
                break
            if text.startswith(":"):
                self._findings.note(self._rows.number, "text", text, "a line that begins with : was read as text")
            found.append(text)
            self._rows.skip(1)
        while found and not found[-1]:
            found.pop()
        return found

    def _first_row(self, row: str, line: int) -> tuple[re.Match[str], int] | None:
        """The parts of a :61: and its amount; None when it is a fault."""
        match = _ROW.fullmatch(row)
        if match is None:
            match = _ROW.fullmatch(_forgiven(row, line, self._findings))
            if match is None:
                return None
            self._findings.note(line, ":61:", row[4:], f"read as {match[1]}{match[2]}{match[3]}")
        amount = read_amount(match[2], line, ":61: amount", self._findings)
        return None if amount is None else (match, amount)


def _forgiven(row: str, line: int, findings: Findings) -> str:
    """The row of a :61: with small letters, look-alikes and blanks put right; '' when something else is wrong."""
    loose = _LOOSE_ROW.match(row)
    if loose is None:
        findings.fault(Code.DATE, line, ":61: value date", row[4:], "a date YYMMDD, then optionally MMDD")
        return ""
    digits, marks, amounts, tail = loose.groups()
    mark = marks.upper().translate(HOMOGLYPHS).replace(" ", "")
    if not _LOOSE_MARK.fullmatch(mark):
        expected = f"{', '.join(MARKS)}, then at most one letter of the currency"
        findings.fault(Code.VALUE, line, ":61: mark", marks or row[4:], expected)
        return ""
    if tail is None:
        expected = f"behind the amount, {_TYPE.expected}"
        findings.fault(Code.VALUE, line, ":61: transaction type", row[loose.end() :], expected)
        return ""
    amount = amounts.replace(" ", "")
    if not amount or amount.strip("0123456789.,"):
        findings.fault(Code.AMOUNT, line, ":61: amount", amounts, AMOUNT_EXPECTED)
        return ""
    fixed = f":61:{digits}{mark}{amount}{tail}"
    if not _ROW.fullmatch(fixed):
        findings.fault(Code.VALUE, line, ":61: references", tail, "references parted by //, none of which ends with /")
    return fixed


def line_rows(line: Mt940Line) -> list[str]:
    """The rows of a movement to write."""
    entry_date = f"{line.booked_on:%m%d}" if line.booked_on else ""
    head = f":61:{line.value_date:%y%m%d}{entry_date}{line.mark}{line.funds_code}{format_amount(line.amount)}"
    bank_reference = f"//{line.bank_reference}" if line.bank_reference else ""
    rows = [f"{head}{line.transaction_type}{line.reference}{bank_reference}"]
    rows += line.supplement.split("\n") if line.supplement else []
    return rows + (f":86:{line.details}".split("\n") if line.details else [])


def unwritable_lines(lines: Iterable[Mt940Line]) -> list[Fault]:
    """The faults of all movements that would not be read back as they are."""
    return [fault for number, line in enumerate(lines, 1) for fault in _unwritable_line(line, number)]


def _unwritable_line(line: Mt940Line, number: int) -> list[Fault]:
    place = f":61: number {number}"
    faults = [*unwritable_day(f"{place}: value date", line.value_date), *unwritable_amount(place, line.amount)]
    if line.line != number:
        faults.append(to_correct(place, str(line.line), f"{number}: the movements are counted from 1"))
    if line.mark not in MARKS:
        faults.append(to_correct(f"{place}: mark", line.mark, ", ".join(MARKS)))
    if line.booked_on and not faults and nearest(f"{line.booked_on:%m%d}", line.value_date) != line.booked_on:
        expected = "a day within half a year of the value date, since its year is not written"
        faults.append(to_correct(f"{place}: entry date", line.booked_on.isoformat(), expected))
    faults += unwritable(f"{place}: funds code", line.funds_code, _FUNDS)
    faults += unwritable(f"{place}: transaction type", line.transaction_type, _TYPE)
    faults += unwritable(f"{place}: reference", line.reference, REFERENCE)
    faults += unwritable(f"{place}: bank reference", line.bank_reference, REFERENCE) if line.bank_reference else []
    faults += unwritable(f"{place}: supplement", line.supplement, ROWS) if line.supplement else []
    # The first line stands behind the tag, where a sign does no harm, but one rule for all lines is easier to keep.
    return faults + (unwritable(f":86: number {number}", line.details, ROWS) if line.details else [])
