"""What the statements MT940, MT950 and MT970 share with each other and with the rest of category 9.

A balance (:60a:, :62a:, :64:, :65:) is a mark C or D, a date YYMMDD, a currency and an amount with a comma and up to
two digits behind it; `1234,` is normal. Here it is one signed number of hundredths, below zero for D.

>>> found = Findings("statement.txt")
>>> read_balance("D260701KZT1234,5", 3, "60F", found)
Balance(on=datetime.date(2026, 7, 1), currency='KZT', amount=-123450)
"""

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date

from formats.amounts import AMOUNT_MAX, format_amount
from formats.errors import Code, Fault, Findings
from formats.mt import HOMOGLYPHS, Field, to_correct
from formats.mt_fields import CURRENCY, Shape, day
from formats.mt_parts import Others, shape
from formats.mt_writing import unwritable_day
from formats.statement import MARKS, Mark, effect

AMOUNT_EXPECTED = "digits and a comma, with up to two digits behind it, like 18460,00"
UNSAFE = r"{}\x00-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffd-\uffff"
"""What no text may hold that is to be read back, inside of a pattern's [^]."""
EFFECTS = {mark: effect(mark) for mark in MARKS}
"""What each mark does to a balance, for readers that look it up for every row."""

_BALANCE = re.compile(r"([CD]?)([0-9]{6})([A-Z]{3})(.*)")
_AMOUNT = re.compile(r"([0-9]{1,15})(?:([,.])([0-9]{0,2}))?")
_IBAN = re.compile(r"(?<![A-Z0-9])KZ[0-9]{5}[A-Z0-9]{13}(?![A-Z0-9])")
_ROW = rf"(?![\s:\-])[^{UNSAFE}]+(?<!\s)"

ONE_ROW = shape(_ROW, "text on one line without {} at any place, : or - at the start and blanks at the ends")
ROWS = shape(rf"{_ROW}(?:\n{_ROW})*", "lines without {} at any place, : or - at their starts and blanks at their ends")
FIELD_TEXT = shape(
    rf"(?:(?!\s)[^{UNSAFE}]+(?<!\s))?(?:\n{_ROW})*",
    "lines without {} and blanks at their ends, of which only the first begins with : or -",
)
REFERENCE = shape(
    rf"(?![:\-])[^\s/{UNSAFE}]{{1,16}}", "1 to 16 characters without blanks and / {}, no : or - at the start"
)
CURRENCIES = shape(r"[A-Z]{3}", "a currency of three capital letters")


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """A balance at the end of a day: the amount in hundredths, below zero for a debit balance."""

    on: date
    currency: str
    amount: int

    def text(self) -> str:
        """The balance as it stands behind its tag; zero is written as a credit balance."""
        mark = "D" if self.amount < 0 else "C"
        return f"{mark}{self.on:%y%m%d}{self.currency}{format_amount(abs(self.amount))}"


NO_BALANCE = Balance(on=date.min, currency="", amount=0)
"""Stands in for a balance that is a fault."""


def single(
    fields: Iterable[Field], wanted: Sequence[str], optional: AbstractSet[str], line: int, findings: Findings
) -> tuple[dict[str, Field], Others]:
    """The wanted fields, each of which stands once at the most, and the others, which are kept and reported."""
    found: dict[str, Field] = {}
    kept: list[tuple[str, str]] = []
    for one in fields:
        if one.tag not in wanted:
            text = "\n".join(one.rows)
            findings.note(one.line, f":{one.tag}:", text, "a tag that says nothing to Esep; it is kept")
            kept.append((one.tag, text))
        elif one.tag in found:
            first = f"again, first on line {found[one.tag].line}"
            findings.fault(Code.REPEATED, one.line, f":{one.tag}: of the message", first, "once")
        else:
            found[one.tag] = one
    for tag in wanted:
        if tag not in found and tag not in optional:
            findings.fault(Code.MISSING, line, f":{tag}: of the message", "", "the tag, which is mandatory")
    return found, tuple(kept)


def one_row(one: Field | None, findings: Findings) -> str:
    """The text of a field of one line; '' without the field."""
    if one is None:
        return ""
    if len(one.rows) > 1:
        findings.fault(Code.MT_TEXT_BLOCK, one.line + 1, f"text under :{one.tag}:", one.rows[1], "a tag like :20:")
    return one.rows[0]


def shaped_row(one: Field | None, what: str, wanted: Shape, findings: Findings) -> str:
    """The text of a field of one line, which must have a shape; '' without the field."""
    return read_shaped(one_row(one, findings), one.line, f":{one.tag}: {what}", wanted, findings) if one else ""


def read_balance(text: str, line: int, tag: str, findings: Findings) -> Balance:
    """The balance behind a tag; NO_BALANCE stands in for one that is a fault."""
    latin = text[:10].translate(HOMOGLYPHS) + text[10:]
    match = _BALANCE.fullmatch(latin)
    if match is None:
        expected = f"C or D, a date YYMMDD, a currency and an amount, like C260701{CURRENCY}18460,00"
        findings.fault(Code.VALUE if text else Code.MISSING, line, f":{tag}: balance", text, expected)
        return NO_BALANCE
    if latin != text:
        findings.note(
            line, f":{tag}: balance", text[:10], "Cyrillic letters were read as the Latin ones they look like"
        )
    mark, digits, currency, rest = match.groups()
    amount = read_amount(rest, line, f":{tag}: amount", findings)
    on = day(digits, line, f":{tag}: date", findings)
    if not mark and amount:
        findings.fault(Code.VALUE, line, f":{tag}: mark", text, "C or D before the date, since the balance is not zero")
    elif not mark and amount == 0:
        findings.note(line, f":{tag}: mark", text, "C or D is missing, which says nothing of a balance of zero")
    if amount is None:
        return NO_BALANCE
    return Balance(on=on, currency=currency, amount=-amount if mark == "D" else amount)


def read_amount(text: str, line: int, place: str, findings: Findings) -> int | None:
    """Hundredths of `1234,56`, `1234,5` or `1234,`; None when it is a fault.

    A dot instead of the comma, or neither, is read and noted.
    """
    match = _AMOUNT.fullmatch(text)
    amount = int(match[1] + (match[3] or "").ljust(2, "0")) if match else 0
    if match is None or amount > AMOUNT_MAX:
        expected = AMOUNT_EXPECTED if match is None else f"at most {format_amount(AMOUNT_MAX)}"
        findings.fault(Code.AMOUNT, line, place, text, expected)
        return None
    if match[2] != ",":
        found = "a dot was read as the comma" if match[2] else "the comma is missing: read as whole units"
        findings.note(line, place, text, found)
    return amount


def read_shaped(text: str, line: int, place: str, wanted: Shape, findings: Findings) -> str:
    """The text when it has the shape, Latin letters put for their look-alikes where the shape says so; else a fault."""
    if wanted.pattern.fullmatch(text):
        return text
    latin = text.translate(HOMOGLYPHS) if wanted.latin else text
    if latin != text and wanted.pattern.fullmatch(latin):
        findings.note(line, place, text, f"Cyrillic letters were read as the Latin ones that they look like: {latin}")
        return latin
    findings.fault(Code.VALUE if text else Code.MISSING, line, place, text, wanted.expected)
    return text


def account_of(text: str) -> str:
    """The account in a :25:, which may have a bank before it or a currency after it: the IBAN if there is one."""
    match = _IBAN.search(text)
    return match[0] if match else text.rpartition("/")[2]


def mark_of(text: str) -> Mark | None:
    """The mark that a text is."""
    return next((mark for mark in MARKS if mark == text), None)


def unwritable_balance(tag: str, balance: Balance, currency: str) -> list[Fault]:
    """All faults of a balance to write in a statement of this currency."""
    faults = unwritable_day(f":{tag}: date", balance.on)
    if balance.currency != currency or not CURRENCIES.pattern.fullmatch(balance.currency):
        expected = f"the currency of the opening balance, {CURRENCIES.expected}"
        faults.append(to_correct(f":{tag}: currency", balance.currency, expected))
    return faults + unwritable_amount(f":{tag}: amount", abs(balance.amount))


def unwritable_amount(place: str, amount: int) -> list[Fault]:
    """The fault of an amount that a message cannot carry."""
    return [] if 0 <= amount <= AMOUNT_MAX else [to_correct(place, str(amount), f"0 to {AMOUNT_MAX} hundredths")]
