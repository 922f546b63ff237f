"""Rows of text into columns of checked values: what the tabular files (awards, resolutions) have in common.

A family of files has fields in a fixed order, and a field has a kind: how its value is written in a sheet (CSV, XLSX)
and in XML, and what it becomes. Conversion goes column by column, and a value that was seen before is looked up, so
that a file of the whole republic costs seconds. Only the form is checked here; check digits, dictionaries and
duplicates are the concern of whoever takes the batches.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Literal

from formats.errors import FAULTS_MAX, Code, Fault, FormatError, shortened, too_many
from formats.forms import REFUSED, Form, Kind

BATCH_ROWS = 1_000
"""So few that whoever takes a batch works on it while the next one is read, so many that a column is worth a call."""

_MEMO_MAX = 50_000
"""Different values of a column held at a time: the birth dates of everybody who lives are fewer."""

_WAITING_MAX = 250
_SPACE = " \t\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A column of a sheet, an attribute in XML."""

    name: str
    kind: Kind
    mandatory: bool = True


Rule = Callable[[int, dict[str, str]], Iterable[Fault]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A kind of tabular file: its fields in order, its XML names, and what must hold between the fields of one row."""

    root: str
    namespace: str
    fields: tuple[Field, ...]
    rule: Rule | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the fields in order."""
        return tuple(field.name for field in self.fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Rows as they were read, turned into columns in the family's order, each row with its line in the file."""

    lines: list[int]
    columns: list[list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Rows of the right form, column by column, each row with its line in the file.

    Texts are stripped and composed (NFC), '' where an optional field is empty; days are YYYY-MM-DD, a month is its
    first day, an amount is whole tiyn in digits.
    """

    lines: list[int]
    columns: dict[str, list[str]]


class Rows:
    """Rows on their way into chunks; turned into columns a few at a time.

    Thousands of rows waiting would be walked over by the garbage collector again and again, which costs more than
    reading them.
    """

    def __init__(self, width: int) -> None:
        self._lines: list[int] = []
        self._waiting: list[Sequence[str]] = []
        self._columns: list[list[str]] = [[] for _ in range(width)]

    def add(self, line: int, row: Sequence[str]) -> bool:
        """Keep a row of the right width; say whether a whole chunk can be taken."""
        self._lines.append(line)
        self._waiting.append(row)
        return len(self._waiting) >= _WAITING_MAX and self._turn()

    def extend(self, lines: Iterable[int], columns: Iterable[Sequence[str]]) -> bool:
        """Keep rows that are columns already; say whether a whole chunk can be taken."""
        self._turn()
        self._lines.extend(lines)
        for column, values in zip(self._columns, columns, strict=True):
            column.extend(values)
        return len(self._lines) >= BATCH_ROWS

    def take(self) -> Iterator[Chunk]:
        """The rows kept so far as one chunk, of the rows of one batch at most; nothing when there are none."""
        self._turn()
        if self._lines:
            yield Chunk(lines=self._lines[:BATCH_ROWS], columns=[column[:BATCH_ROWS] for column in self._columns])
            del self._lines[:BATCH_ROWS]
            for column in self._columns:
                del column[:BATCH_ROWS]

    def _turn(self) -> bool:
        if self._waiting:
            for column, values in zip(self._columns, zip(*self._waiting, strict=True), strict=True):
                column.extend(values)
            self._waiting.clear()
        return len(self._lines) >= BATCH_ROWS


class Faults:
    """The faults of one file, added to the caller's list and counted."""

    def __init__(self, source: str, found: list[Fault]) -> None:
        self._source = source
        self._found = found
        self.count = 0

    def add(self, faults: Iterable[Fault]) -> None:
        """Keep the faults.

        Raises FormatError, with the reason as its fault, when the file has more of them than anybody would read.
        """
        for fault in faults:
            self._found.append(fault)
            self.count += 1
            if self.count >= FAULTS_MAX:
                raise FormatError(self._source, [too_many(fault.line)])


class Converter:
    """Chunks of one file into batches."""

    def __init__(self, family: Family, form: Literal["sheet", "xml"], faults: Faults) -> None:
        self._family = family
        self._faults = faults
        self._columns = [_Column(field, getattr(field.kind, form)) for field in family.fields]

    def batch(self, chunk: Chunk) -> Batch:
        """The rows whose every field has its form; the faults of the others are kept.

        Raises FormatError when there are too many faults.
        """
        columns: dict[str, list[str]] = {}
        found: list[tuple[int, Fault]] = []
        for column, raw in zip(self._columns, chunk.columns, strict=True):
            columns[column.field.name] = values = column.convert(raw)
            if REFUSED in values:
                found += column.faults(chunk.lines, raw, values)
        if self._family.rule is not None:
            found += _broken(self._family.rule, chunk.lines, columns)
        if not found:
            return Batch(lines=chunk.lines, columns=columns)
        found.sort(key=lambda place: place[0])
        self._faults.add(fault for _, fault in found)
        refused = {place for place, _ in found}
        right = [place not in refused for place in range(len(chunk.lines))]
        kept = {name: list(compress(values, right)) for name, values in columns.items()}
        return Batch(lines=list(compress(chunk.lines, right)), columns=kept)


def _broken(rule: Rule, lines: list[int], columns: dict[str, list[str]]) -> Iterable[tuple[int, Fault]]:
    """The faults between the fields of rows whose every field is right, each with the place of its row."""
    for place, row in enumerate(zip(*columns.values(), strict=True)):
        if REFUSED not in row:
            for fault in rule(lines[place], dict(zip(columns, row, strict=True))):
                yield place, fault


class _Column:
    """One field of one file, with the values seen lately."""

    def __init__(self, field: Field, form: Form) -> None:
        self.field = field
        self._form = form
        self._seen: dict[str, str] = {}
        self._repeats = True

    def convert(self, raw: Sequence[str]) -> list[str]:
        """The values, or REFUSED in their places; each different text is parsed once."""
        if raw[0] == raw[-1] and raw.count(raw[0]) == len(raw):
            return [self._parse(raw[0])] * len(raw)
        if not self._repeats and self._form.plain is not None and "" not in raw and self._form.plain(raw):
            return list(raw)
        seen = self._seen
        unseen = set(raw).difference(seen)
        self._repeats = 2 * len(unseen) < len(raw)
        seen.update((text, self._parse(text)) for text in unseen)
        values = list(map(seen.__getitem__, raw))
        if len(seen) > _MEMO_MAX:
            # A column whose values never repeat must not hold the whole file.
            seen.clear()
        return values

    def _parse(self, text: str) -> str:
        value = text.strip(_SPACE)
        if not value:
            return REFUSED if self.field.mandatory else ""
        return self._form.parse(value)

    def faults(self, lines: list[int], raw: Sequence[str], values: list[str]) -> Iterable[tuple[int, Fault]]:
        """A fault for each refused value, with the place of its row in the chunk."""
        for place, value in enumerate(values):
            if value == REFUSED:
                text = raw[place].strip(_SPACE)
                yield place, refusal(lines[place], self.field.name, text, self._form, self.field.kind.code)


def refusal(line: int, name: str, text: str, form: Form, code: Code) -> Fault:
    """The fault of a value that has not the form of its field: it is missing, hides a character or is written wrong."""
    hidden = next((sign for sign in text if not sign.isprintable()), "")
    if hidden:
        shown = shortened("".join(sign if sign.isprintable() else "·" for sign in text))
        return Fault(
            code=Code.CONTROL_CHARACTER,
            line=line,
            place=name,
            found=f"the character U+{ord(hidden):04X} in {shown}",
            expected="letters, digits, signs and simple spaces",
            remedy="take out tabs, line breaks and other characters that are not seen",
        )
    if not text:
        code, remedy = Code.MISSING, "fill the field in"
    else:
        remedy = form.remedy
    return Fault(code=code, line=line, place=name, found=shortened(text), expected=form.expected, remedy=remedy)


def checked_rows(rows: Iterable[Sequence[str]], family: Family) -> Iterator[Sequence[str]]:
    """The rows that a writer is given, looked at before they are written.

    Raises FormatError for a row of another width or with a character that is not seen, which no reader would take.
    """
    width = len(family.fields)
    for number, row in enumerate(rows, 1):
        if len(row) != width:
            raise unwritable(family, number, f"{len(row)} values", f"{width} values, the fields of {family.root}")
        if not "".join(row).isprintable():
            raise unwritable(family, number, "a character that is not seen", "letters, digits, signs and simple spaces")
        yield row


def unwritable(family: Family, number: int, found: str, expected: str, remedy: str = "correct the row") -> FormatError:
    """The refusal to write a row that no reader would take."""
    fault = Fault(code=Code.UNWRITABLE, line=None, place=f"row {number}", found=found, expected=expected, remedy=remedy)
    return FormatError(f"{family.root} to write", [fault])
