"""The movements of MT950 and MT970 as the payment system writes them (mt102.md §5.4).

    :61:1547EC230703KZT210,00S102HSBKKZKX  RMZ9900214//text
        time, mark, date, currency, amount, S and message type, bank, filler, reference // what else is said

>>> row = "1547D230703KZT210,00S102HSBKKZKX RMZ9900214"
>>> read_line(Field("61", 7, [row]), 1, set(), Findings("gross.950")).reference
'RMZ9900214'
"""

import re
from collections.abc import Sequence
from datetime import date, time
from typing import NamedTuple

from formats.amounts import format_amount
from formats.errors import Code, Fault, Findings
from formats.mt import Field, to_correct
from formats.mt_fields import day
from formats.mt_parts import shape
from formats.mt_statement import EFFECTS, ROWS, UNSAFE, mark_of, read_amount, unwritable_amount
from formats.mt_writing import unwritable, unwritable_day
from formats.statement import Mark

_LINE = re.compile(r"([0-9]{4})(E?[CD])([0-9]{6})([A-Z]{3})([0-9.,]+)S([0-9]{3})([0-9]{9}|[A-Z][A-Z0-9]{7}.)(.*)")
_LINE_EXPECTED = "HHMM, C or D (EC, ED), YYMMDD, currency, amount, S and three digits, nine characters of the bank"
_TYPE = shape(r"[0-9]{3}", "three digits of a message type")
_LINE_REFERENCE = shape(rf"(?!/)(?!.*//)[^\s{UNSAFE}]{{1,16}}(?<!/)", "1 to 16 characters without blanks, {} and //")
_BANK = shape(r"[0-9]{9}|[A-Z][A-Z0-9]{7}", "a BIC of 8 characters or an MFO of 9 digits")


class Mt950Line(NamedTuple):
    """One :61:, its place in the statement counted from 1: the moment, and the message that moved the money; in tiyn.

    `bank` is the other bank's BIC or MFO; `filler` what fills its nine characters, with one more for EC and ED.
    """

    line: int
    at: time
    mark: Mark
    value_date: date
    amount: int
    message_type: str
    bank: str
    reference: str
    filler: str = ""
    supplement: str = ""

    @property
    def change(self) -> int:
        """What the movement does to the balance, in tiyn."""
        return EFFECTS[self.mark] * self.amount


def read_line(one: Field, number: int, currencies: set[str], findings: Findings) -> Mt950Line | None:
    """A movement; None when it is a fault."""
    text, line = one.rows[0], one.line
    match = _LINE.fullmatch(text)
    mark = mark_of(match[2]) if match else None
    if match is None or mark is None:
        findings.fault(Code.VALUE, line, ":61: movement", text, _LINE_EXPECTED)
        return None
    hours, minutes = int(match[1][:2]), int(match[1][2:])
    amount = read_amount(match[5], line, ":61: amount", findings)
    value_date = day(match[3], line, ":61: date", findings)
    if hours > 23 or minutes > 59:
        findings.fault(Code.VALUE, line, ":61: time", match[1], "a time HHMM")
    if amount is None or value_date == date.min or hours > 23 or minutes > 59:
        return None
    bank, filler = (match[7], "") if match[7].isdigit() else (match[7][:8], match[7][8:])
    rest = match[8]
    if mark.startswith("E"):
        filler, rest = filler + rest[:1], rest[1:]
        meaning = "the layout of an expected movement is not known for sure: one character was taken for a filler"
        findings.note(line, ":61: reference", f"{filler}{rest}", meaning)
    currencies.add(match[4])
    reference, _, supplement = rest.partition("//")
    supplement = "\n".join([supplement, *one.rows[1:]]).strip("\n")
    numbers = (number, time(hours, minutes), mark, value_date, amount)
    return Mt950Line(*numbers, match[6], bank, reference.strip(), filler, supplement)


def line_row(line: Mt950Line, currency: str) -> str:
    """The row of a movement to write."""
    supplement = f"//{line.supplement}".replace("\n", "\r\n") if line.supplement else ""
    head = f":61:{line.at:%H%M}{line.mark}{line.value_date:%y%m%d}{currency}{format_amount(line.amount)}"
    return f"{head}S{line.message_type}{line.bank}{line.filler}{line.reference}{supplement}"


def unwritable_lines(lines: Sequence[Mt950Line]) -> list[Fault]:
    """The faults of all movements that would not be read back as they are."""
    return [fault for number, line in enumerate(lines, 1) for fault in _unwritable_line(line, number)]


def _unwritable_line(line: Mt950Line, number: int) -> list[Fault]:
    place = f":61: number {number}"
    faults = [*unwritable_day(f"{place}: date", line.value_date), *unwritable_amount(f"{place}: amount", line.amount)]
    if line.mark not in {"C", "D", "EC", "ED"}:
        faults.append(to_correct(f"{place}: mark", line.mark, "C, D, EC or ED"))
    if line.line != number:
        faults.append(to_correct(place, str(line.line), f"{number}: the movements are counted from 1"))
    if line.at != time(line.at.hour, line.at.minute):
        faults.append(to_correct(f"{place}: time", line.at.isoformat(), "whole minutes"))
    length = (0 if line.bank.isdigit() and len(line.bank) == 9 else 1) + line.mark.startswith("E")
    filler = shape(rf"[^{UNSAFE}]{{{length}}}", f"{length} characters between the bank and the reference")
    faults += unwritable(f"{place}: message type", line.message_type, _TYPE)
    faults += unwritable(f"{place}: bank", line.bank, _BANK)
    faults += unwritable(f"{place}: filler", line.filler, filler)
    faults += unwritable(f"{place}: reference", line.reference, _LINE_REFERENCE)
    return faults + (unwritable(f"{place}: supplement", line.supplement, ROWS) if line.supplement else [])
