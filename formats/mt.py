"""The envelope of Kazakhstan MT messages and their text block as tagged fields (MT-102, MT-100).

    {1:F01K050700000000001000001}     block 1: terminal (12), session (4), sequence (6)
    {2:I102SGROSS000000U3003}         block 2: input I (to the system) or output O (from it)
    {4:                               the text block: tags :nn: and subfields /NAME/ one a line
    -}

Several messages may follow one another in a file. What stands between them is nothing, blank lines or the prefix of the
message queue (`MSGID=...;` up to the byte 0x1A). Fields are found by tag, never by position; subfields that a reader
does not know stay in `Field.parts` and harm nobody.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from formats.amounts import AMOUNT_EXPECTED, parse_amount
from formats.errors import Fault, FormatError

CURRENCY = "KZT"
EOL = "\r\n"
RESEND = "ask the sender for a corrected file"

_HEADER = re.compile(
    r"\{1:F01(?P<terminal>[A-Z0-9]{12})[0-9]{10}\}"
    r"\{2:(?:I(?P<input>[0-9]{3})[A-Z]{4,6}0*[UN]?[0-9]{4}|O(?P<output>[0-9]{3})[0-9]{10}[A-Z0-9]{12}[0-9]{20}[UN])\}"
    r"(?:\{3:.*\})?\{4:"
)
_HEADER_EXPECTED = "{1:F01, terminal of 12, 10 digits}, then {2:I102... or {2:O102...}, then {4:"
_HEADER_ROWS_MAX = 8
# Cyrillic letters that look Latin were seen in block 2 (SGRОSS); the header carries no words that could be Cyrillic.
_HOMOGLYPHS = str.maketrans("АВЕКМНОРСТХУ", "ABEKMHOPCTXY")
_QUEUE_PREFIX = re.compile(r"(?:[A-Z]+=[^;{}]*;)+\s*\x1a?")
_TAG = re.compile(r":([0-9]{2}[A-Z]?):(.*)")
_SUBFIELD = re.compile(r"//?([A-Z][A-Z0-9]*)/(.*)")
_ALIASES = {"MAINBNK": "MAINBK"}
_MONEY = re.compile(r"([A-Z]{3})(.*)")

# One line each; text that runs on under them is a fault. Under a tag or subfield that nobody reads it is not looked at.
_ONE_LINE_TAGS = frozenset({"20", "21", "32A", "32B", "50", "52B", "57B", "59", "70"})
_ONE_LINE_PARTS = frozenset(
    {"D", "NAME", "IDN", "CHIEF", "MAINBK", "IRS", "SECO", "NUM", "DATE", "SEND", "VO", "KNP", "PSO", "PRT"}
    | {"FM", "NM", "FT", "DT", "PERIOD", "LA"}
)


class Part(NamedTuple):
    """The text of one subfield and the line where it starts."""

    line: int
    text: str


@dataclass(slots=True)
class Field:
    """One tag of the text block with its subfields."""

    tag: str
    line: int
    value: str = ""
    parts: dict[str, Part] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """One message of a file: the sender's terminal, the line of its block 1 and the fields of its text block.

    The fields are read as they are asked for, so that a list of any length takes the room of its lines only.
    """

    terminal: str
    line: int
    fields: Iterator[Field]


class Shape(NamedTuple):
    """What a value must look like, as a pattern and in words."""

    pattern: re.Pattern[str]
    expected: str


class Faults:
    """Faults of one file, collected until the reader has seen all of it."""

    def __init__(self, source: str) -> None:
        """Start with no fault of the file named `source`."""
        self.source = source
        self._faults: list[Fault] = []

    def add(self, line: int | None, place: str, found: str, expected: str, remedy: str = RESEND) -> None:
        """Note one fault and go on."""
        self._faults.append(Fault(line=line, place=place, found=found, expected=expected, remedy=remedy))

    def check(self) -> None:
        """Raise FormatError when there was any fault, ordered by line."""
        if self._faults:
            raise FormatError(self.source, sorted(self._faults, key=lambda fault: fault.line or 0))


def envelopes(text: str, message_type: str, faults: Faults) -> Iterator[Envelope]:
    """Messages of the file in order; what is not a message of this type goes to the faults."""
    rows = [row.rstrip(" \t\r\x1a") for row in text.split("\n")]
    starts = [number for number, row in enumerate(rows) if "{1:" in row]
    starts.append(len(rows))
    _outside(rows[: starts[0]], 1, faults)
    if len(starts) == 1:
        faults.add(1, "file", "no {1:", f"at least one MT{message_type}")
    for start, end in pairwise(starts):
        before = rows[start].partition("{1:")[0]
        _outside([before], start + 1, faults)
        opening = next((n for n in range(start, min(end, start + _HEADER_ROWS_MAX)) if "{4:" in rows[n]), start)
        terminal = _header("".join(rows[start : opening + 1])[len(before) :], start + 1, message_type, faults)
        closing = next((n for n in range(opening + 1, end) if rows[n] == "-}"), end)
        if closing == end:
            last = next(n for n in range(end, start, -1) if rows[n - 1])
            faults.add(last, "end of message", "no -}", "-} alone on a line", "the file is cut short: " + RESEND)
        _outside(rows[closing + 1 : end], closing + 2, faults)
        if terminal is not None:
            fields = _fields(enumerate(rows[opening + 1 : closing], opening + 2), faults)
            yield Envelope(terminal=terminal, line=start + 1, fields=fields)


def _header(found: str, line: int, message_type: str, faults: Faults) -> str | None:
    """The terminal of block 1; None for a message of another type, whose fields mean something else."""
    match = _HEADER.fullmatch(found.replace(" ", "").translate(_HOMOGLYPHS))
    if match is None:
        faults.add(line, "blocks 1 and 2", found[:90], _HEADER_EXPECTED)
        return ""
    given = match["input"] or match["output"]
    if given != message_type:
        faults.add(line, "block 2", f"MT{given}", f"MT{message_type}", "give the file to the command for its type")
        return None
    return match["terminal"]


def _outside(rows: Iterable[str], line: int, faults: Faults) -> None:
    """Text outside of messages is a fault, once a place: a message may have lost its head."""
    for number, row in enumerate(rows, line):
        if row.strip() and not _QUEUE_PREFIX.fullmatch(row.strip()):
            faults.add(number, "outside of messages", row.strip()[:60], "blank lines or the message queue's prefix")
            return


def _fields(rows: Iterable[tuple[int, str]], faults: Faults) -> Iterator[Field]:
    current: Field | None = None
    inside = ""
    for line, row in rows:
        if row.startswith(":"):
            match = _TAG.fullmatch(row)
            if match is None:
                faults.add(line, "text block", row[:60], "a tag like :20:")
                continue
            if current is not None:
                yield current
            current = Field(match[1], line)
            inside = _open(current, match[2], line, faults)
        elif row.startswith("/") and current is not None:
            inside = _open(current, row, line, faults)
        elif row.strip():
            _continue(current, inside, row, line, faults)
    if current is not None:
        yield current


def _open(current: Field, text: str, line: int, faults: Faults) -> str:
    """Put the text of a line under its field; returns the subfield that following lines continue."""
    match = _SUBFIELD.fullmatch(text)
    if match is None:
        if text.startswith("/"):
            faults.add(line, f":{current.tag}: subfield", text[:60], "a subfield like /NAME/")
        current.value = text.strip()
        return ""
    name = _ALIASES.get(match[1], match[1])
    if name in current.parts and (name in _ONE_LINE_PARTS or name == "ASSIGN"):
        faults.add(line, f":{current.tag}: /{name}/", f"again, first on line {current.parts[name].line}", "once")
    current.parts[name] = Part(line, match[2].strip())
    return name


def _continue(current: Field | None, inside: str, row: str, line: int, faults: Faults) -> None:
    if current is not None and inside == "ASSIGN":
        first, text = current.parts[inside]
        current.parts[inside] = Part(first, f"{text} {row.strip()}".strip())
    elif current is None or inside in _ONE_LINE_PARTS or (not inside and current.tag in _ONE_LINE_TAGS):
        faults.add(line, "text block", row[:60], "a tag :nn:, a subfield /NAME/ or more text of /ASSIGN/")


def by_tag(fields: Iterable[Field], wanted: Sequence[str], place: str, line: int, faults: Faults) -> dict[str, Field]:
    """The wanted fields, each of which must stand once; a missing one is a fault and comes back empty."""
    found: dict[str, Field] = {}
    for one in fields:
        if one.tag in wanted and one.tag in found:
            faults.add(one.line, f":{one.tag}: of {place}", f"again, first on line {found[one.tag].line}", "once")
        found.setdefault(one.tag, one)
    for tag in wanted:
        if tag not in found:
            faults.add(line, f":{tag}: of {place}", "nothing", "the tag, which is mandatory")
    # Line 0 marks a field that was reported already, so that its subfields are not reported once more.
    return {tag: found.get(tag, Field(tag, 0)) for tag in wanted}


def value(one: Field, shape: Shape, faults: Faults) -> str:
    """The plain value after a tag."""
    return _shaped(one.value, one.line, f":{one.tag}: value", shape, faults) if one.line else ""


def part(one: Field, name: str, shape: Shape, faults: Faults, *, optional: bool = False) -> str:
    """The text of a subfield; '' for an optional one that is absent or empty."""
    if not one.line:
        return ""
    line, text = one.parts.get(name, Part(one.line, ""))
    return "" if optional and not text else _shaped(text, line, f":{one.tag}: /{name}/", shape, faults)


def _shaped(text: str, line: int, place: str, shape: Shape, faults: Faults) -> str:
    if not shape.pattern.fullmatch(text):
        faults.add(line, place, text[:90] or "nothing", shape.expected)
    return text


def day(text: str, line: int, place: str, faults: Faults, *, full: bool = False) -> date:
    """A date YYMMDD of this century, or YYYYMMDD when full; 1.1.0001 stands in for one that is a fault."""
    try:
        if len(text) == (8 if full else 6) and text.isascii() and text.isdigit():
            digits = text if full else "20" + text
            return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        pass
    faults.add(line, place, text[:60] or "nothing", f"a date {'YYYYMMDD' if full else 'YYMMDD'}")
    return date.min


def part_day(one: Field, name: str, faults: Faults, *, full: bool = False) -> date:
    """The date of a mandatory subfield."""
    if not one.line:
        return date.min
    line, text = one.parts.get(name, Part(one.line, ""))
    return day(text, line, f":{one.tag}: /{name}/", faults, full=full)


def value_day(one: Field, faults: Faults) -> date:
    """The value date that :32A: begins with."""
    return day(one.value[:6], one.line, f":{one.tag}: date", faults) if one.line else date.min


def money(one: Field, faults: Faults) -> int | None:
    """Tiyn of a :32B: like `KZT18460,00` or of a :32A: whose date was cut off; None when it is a fault (E48)."""
    match = _MONEY.fullmatch(one.value[6:] if one.tag == "32A" else one.value)
    if match is None or match[1] != CURRENCY:
        if one.line:
            faults.add(
                one.line, f":{one.tag}: currency", one.value[:60] or "nothing", f"the currency {CURRENCY} and an amount"
            )
        return None
    try:
        tiyn = parse_amount(match[2])
    except ValueError as error:
        faults.add(one.line, f":{one.tag}: amount", match[2][:60] or "nothing", str(error), "write it like 18460,00")
        return None
    if not tiyn:
        faults.add(one.line, f":{one.tag}: amount", match[2], f"{AMOUNT_EXPECTED}, above zero")
        return None
    return tiyn
