"""Values of MT messages: subfields /NAME/ under a tag, what they must look like, days and money.

A tag is followed by its value, or by subfields one a line (`/NAME/` and `//NAME/` mean the same). Only the purpose
/ASSIGN/ runs on over several lines; under a subfield that no reader knows the lines are kept as they are.
"""

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from formats.amounts import AMOUNT_EXPECTED, parse_amount
from formats.errors import Code, Findings
from formats.mt import HOMOGLYPHS, Field

CURRENCY = "KZT"

_SUBFIELD = re.compile(r"//?([A-Z][A-Z0-9]*)/(.*)")
_ALIASES = {"MAINBNK": "MAINBK"}
_MONEY = re.compile(r"([A-Z]{3})(.*)")
_DOT_MONEY = re.compile(r"[0-9]{1,15}\.[0-9]{2}")

# The value of these tags is their subfields; for a party the account is one of them.
_WITHOUT_VALUE = {"50": "D", "70": ""}
# One line each; text that runs on under them is a fault. Under a subfield that nobody reads it is not looked at.
_ONE_LINE_PARTS = frozenset(
    {"D", "C", "NAME", "IDN", "RNN", "CHIEF", "MAINBK", "IRS", "SECO", "NUM", "DATE", "SEND", "VO", "KNP", "PSO", "PRT"}
    | {"BCLASS", "OPV", "FM", "NM", "FT", "DT", "PERIOD", "LA", "ADR", "LS", "PHONE", "NPD"}
)


class Part(NamedTuple):
    """The text of one subfield and the line where it starts."""

    line: int
    text: str


@dataclass(slots=True)
class Tagged:
    """One tag with its value and its subfields; line 0 marks one that is missing and was reported."""

    tag: str
    line: int
    value: str = ""
    parts: dict[str, Part] = field(default_factory=dict)


class Shape(NamedTuple):
    """What a value must look like, as a pattern and in words; `latin` values may come with Cyrillic look-alikes."""

    pattern: re.Pattern[str]
    expected: str
    latin: bool = False


def tagged(one: Field, findings: Findings) -> Tagged:
    """The value and the subfields in the rows of a field; text that belongs to neither is a fault."""
    value, inside = "", ""
    texts: dict[str, list[str]] = {}
    lines: dict[str, int] = {}
    for line, row in enumerate(one.rows, one.line):
        match = _SUBFIELD.fullmatch(row)
        if match is not None:
            inside = _name(match[1], one.tag, line, findings)
            if _is_allowed(inside, one.tag, line, lines, findings):
                again = f"/{inside}/" if inside in lines else ""
                lines.setdefault(inside, line)
                texts.setdefault(inside, []).append(again + match[2].strip())
        elif row.startswith("/"):
            findings.fault(Code.MT_TEXT_BLOCK, line, f":{one.tag}: subfield", row, "a subfield like /NAME/")
            inside, value = "", value if line > one.line or one.tag in _WITHOUT_VALUE else row
        elif line == one.line:
            value = row.strip()
        elif row.strip():
            _continue(texts.get(inside), inside, row, line, findings)
    parts = {name: Part(lines[name], _joined(name, rows)) for name, rows in texts.items()}
    if value and one.tag in _WITHOUT_VALUE and _WITHOUT_VALUE[one.tag] in {"", *parts}:
        findings.fault(Code.MT_TEXT_BLOCK, one.line, f":{one.tag}: value", value, "a subfield like /NAME/")
    return Tagged(one.tag, one.line, value, parts)


def _name(found: str, tag: str, line: int, findings: Findings) -> str:
    name = _ALIASES.get(found, found)
    if name != found:
        findings.note(line, f":{tag}: /{found}/", found, f"read as /{name}/")
    return name


def _is_allowed(name: str, tag: str, line: int, lines: dict[str, int], findings: Findings) -> bool:
    """Whether a subfield may stand here: only one that nobody knows comes several times."""
    if name not in lines or not is_one_line(name):
        return True
    findings.fault(Code.REPEATED, line, f":{tag}: /{name}/", f"again, first on line {lines[name]}", "once")
    return False


def _continue(texts: list[str] | None, inside: str, row: str, line: int, findings: Findings) -> None:
    if texts is None or inside in _ONE_LINE_PARTS:
        expected = "a tag :nn:, a subfield /NAME/ or more text of /ASSIGN/"
        findings.fault(Code.MT_TEXT_BLOCK, line, "text block", row, expected)
    else:
        texts.append(row.strip())


def is_one_line(name: str) -> bool:
    """Whether the text of a subfield is read as one line under whatever tag it stands."""
    return name in _ONE_LINE_PARTS or name == "ASSIGN"


def _joined(name: str, rows: Sequence[str]) -> str:
    return (" " if name == "ASSIGN" else "\n").join(rows).strip()


def by_tag(
    fields: Iterable[Tagged],
    wanted: Sequence[str],
    place: str,
    line: int,
    findings: Findings,
    optional: AbstractSet[str] = frozenset(),
) -> dict[str, Tagged]:
    """The wanted fields, each of which stands once at the most.

    One that is missing comes back empty, and is a fault unless it is optional.
    """
    found: dict[str, Tagged] = {}
    for one in fields:
        if one.tag in wanted and one.tag in found:
            first = f"again, first on line {found[one.tag].line}"
            findings.fault(Code.REPEATED, one.line, f":{one.tag}: of {place}", first, "once")
        found.setdefault(one.tag, one)
    for tag in wanted:
        if tag not in found and tag not in optional:
            findings.fault(Code.MISSING, line, f":{tag}: of {place}", "", "the tag, which is mandatory")
    return {tag: found.get(tag, Tagged(tag, 0)) for tag in wanted}


def others(one: Tagged, known: AbstractSet[str], findings: Findings) -> tuple[tuple[str, str], ...]:
    """The subfields that the reader does not know, kept with their texts and reported."""
    unknown = [(name, part) for name, part in one.parts.items() if name not in known]
    for name, part in unknown:
        findings.note(part.line, f":{one.tag}: /{name}/", part.text, "a subfield that Esep does not know; it is kept")
    return tuple((name, part.text) for name, part in unknown)


def value(one: Tagged, shape: Shape, findings: Findings) -> str:
    """The plain value after a tag."""
    return _shaped(one.value, one.line, f":{one.tag}: value", shape, findings) if one.line else ""


def part(one: Tagged, name: str, shape: Shape, findings: Findings, *, optional: bool = False) -> str:
    """The text of a subfield; '' for an optional one that is absent or empty."""
    if not one.line:
        return ""
    line, text = one.parts.get(name, Part(one.line, ""))
    return "" if optional and not text else _shaped(text, line, f":{one.tag}: /{name}/", shape, findings)


def _shaped(text: str, line: int, place: str, shape: Shape, findings: Findings) -> str:
    if shape.pattern.fullmatch(text):
        return text
    latin = text.translate(HOMOGLYPHS) if shape.latin else text
    if latin != text and shape.pattern.fullmatch(latin):
        findings.note(line, place, text, f"Cyrillic letters were read as the Latin ones that they look like: {latin}")
        return latin
    findings.fault(Code.VALUE if text else Code.MISSING, line, place, text, shape.expected)
    return text


def day(text: str, line: int, place: str, findings: Findings, *, full: bool = False) -> date:
    """A date YYMMDD of this century, or YYYYMMDD when full; 1.1.0001 stands in for one that is a fault."""
    try:
        if len(text) == (8 if full else 6) and text.isascii() and text.isdigit():
            digits = text if full else "20" + text
            return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        pass
    findings.fault(Code.DATE, line, place, text, f"a date {'YYYYMMDD' if full else 'YYMMDD'}")
    return date.min


def part_day(one: Tagged, name: str, findings: Findings, *, full: bool = False) -> date:
    """The date of a mandatory subfield."""
    if not one.line:
        return date.min
    line, text = one.parts.get(name, Part(one.line, ""))
    return day(text, line, f":{one.tag}: /{name}/", findings, full=full)


def value_day(one: Tagged, findings: Findings) -> date:
    """The value date that :32A: begins with."""
    return day(one.value[:6], one.line, f":{one.tag}: date", findings) if one.line else date.min


def money(one: Tagged, findings: Findings, *, dot: bool = False) -> int | None:
    """Tiyn of a :32B: like `KZT18460,00` or of a :32A: whose date was cut off; None when it is a fault (E48).

    `,50` is read as `0,50`, and where `dot` says so also `6666.50` as `6666,50`; both are noted.
    """
    text = one.value[6:] if one.tag == "32A" else one.value
    match = _MONEY.fullmatch(text[:3].translate(HOMOGLYPHS) + text[3:])
    if match is None or match[1] != CURRENCY:
        if one.line:
            expected = f"the currency {CURRENCY} and an amount"
            findings.fault(Code.CURRENCY, one.line, f":{one.tag}: currency", one.value, expected)
        return None
    if not text.startswith(CURRENCY):
        findings.note(one.line, f":{one.tag}: currency", text[:3], "Cyrillic letters were read as KZT")
    place = f":{one.tag}: amount"
    try:
        tiyn = parse_amount(_forgiven(match[2], one.line, place, findings, dot=dot))
    except ValueError as error:
        findings.fault(Code.AMOUNT, one.line, place, match[2], str(error), "write it like 18460,00")
        return None
    if not tiyn:
        findings.fault(Code.AMOUNT, one.line, place, match[2], f"{AMOUNT_EXPECTED}, above zero")
        return None
    return tiyn


def _forgiven(text: str, line: int, place: str, findings: Findings, *, dot: bool) -> str:
    """The amount in its right form, where the wrong one can mean nothing else."""
    if text.startswith(","):
        findings.note(line, place, text, "the zero before the comma was missing")
        return f"0{text}"
    if dot and _DOT_MONEY.fullmatch(text):
        findings.note(line, place, text, "a dot was read as the comma")
        return text.replace(".", ",")
    return text
