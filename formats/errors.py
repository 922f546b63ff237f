"""What a reader says of a file: the faults that refuse it, and the notes on what it read although it was unusual.

A file is right or it is refused whole. The reader goes on to the end and collects all faults, so that the person
who has to ask the bank or the authority for a better file asks once. What a reader forgives, it says: a note names the
first place and counts the others.

>>> form = "digits, comma, two digits"
>>> wrong = Fault(code=Code.AMOUNT, line=7, place="amount", found="18460.00", expected=form, remedy="write 18460,00")
>>> print(FormatError("march.csv", [wrong]))
march.csv is refused, 1 fault:
  line 7, amount: found '18460.00', expected digits, comma, two digits; write 18460,00
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

FAULTS_MAX = 10_000
"""After so many faults the reading stops: nobody reads more, and a file of another kind must not fill the memory."""

RESEND = "ask the sender for a corrected file"
_FOUND_MAX = 90
_NOTES_MAX = 200


class Code(StrEnum):
    """The classes of faults. Each has a file that shows it under fixtures/messages and a page in docs/errors."""

    CHARSET_UNKNOWN = "charset-unknown"
    CHARSET_BYTES = "charset-bytes"
    CONTROL_CHARACTER = "control-character"
    LETTER_LACKING = "letter-lacking"
    FILE_UNKNOWN = "file-unknown"
    FILE_EMPTY = "file-empty"
    FILE_CUT_SHORT = "file-cut-short"
    FILE_TOO_LARGE = "file-too-large"
    LINE_TOO_LONG = "line-too-long"
    TOO_MANY_FAULTS = "too-many-faults"
    MT_HEADER = "mt-header"
    MT_OTHER_TYPE = "mt-other-type"
    MT_OUTSIDE = "mt-outside"
    MT_TEXT_BLOCK = "mt-text-block"
    MISSING = "missing"
    REPEATED = "repeated"
    VALUE = "value"
    DATE = "date"
    CURRENCY = "currency"
    AMOUNT = "amount"
    TOTAL = "total"
    BALANCE = "balance"
    ITEM_NUMBER = "item-number"
    ONEC_FIRST_LINE = "onec-first-line"
    ONEC_SECTION = "onec-section"
    ONEC_KEY = "onec-key"
    ONEC_DIRECTION = "onec-direction"
    XML_MALFORMED = "xml-malformed"
    XML_DOCTYPE = "xml-doctype"
    XML_LIMIT = "xml-limit"
    XML_NAMESPACE = "xml-namespace"
    XML_SCHEMA = "xml-schema"
    TABLE_HEADING = "table-heading"
    TABLE_WIDTH = "table-width"
    TABLE_CELL = "table-cell"
    WORKBOOK = "workbook"
    UNWRITABLE = "unwritable"
    BANK_LIMIT = "bank-limit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault of a file: where it stands, what was found, what was expected, what to do."""

    line: int | None
    place: str
    found: str
    expected: str
    remedy: str
    code: Code = Code.VALUE

    def __str__(self) -> str:
        where = f"line {self.line}, {self.place}" if self.line is not None else self.place
        return f"{where}: found {self.found!r}, expected {self.expected}; {self.remedy}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something that was read although it was unusual: the first place, what was found there, and how often."""

    line: int | None
    place: str
    found: str
    meaning: str
    count: int = 1

    def __str__(self) -> str:
        where = f"line {self.line}, {self.place}" if self.line is not None else self.place
        times = f" ({self.count} times)" if self.count > 1 else ""
        return f"{where}: {self.found!r}, {self.meaning}{times}"


class FormatError(ValueError):
    """A file that cannot be read; nothing of it is applied."""

    def __init__(self, source: str, faults: Sequence[Fault]) -> None:
        self.source = source
        self.faults = tuple(faults)
        super().__init__(source, self.faults)

    def __str__(self) -> str:
        count = len(self.faults)
        head = f"{self.source} is refused, {count} fault{'' if count == 1 else 's'}:"
        return "\n".join([head, *(f"  {fault}" for fault in self.faults)])


class Findings:
    """The faults and the notes of one file, collected until the reader has seen all of it."""

    def __init__(self, source: str) -> None:
        """Start with nothing found in the file named `source`."""
        self.source = source
        self._faults: list[Fault] = []
        self._notes: dict[tuple[str, str], Note] = {}
        self._unnamed = 0

    def fault(self, code: Code, line: int | None, place: str, found: str, expected: str, remedy: str = RESEND) -> None:
        """Keep one fault and go on; `found` is shortened, and nothing stands for an empty one.

        Raises FormatError when the file has more of them than anybody would read.
        """
        text = shortened(found) or "nothing"
        self.add([Fault(code=code, line=line, place=place, found=text, expected=expected, remedy=remedy)])

    def add(self, faults: Sequence[Fault]) -> None:
        """Keep faults that were found elsewhere; raises FormatError like fault()."""
        for fault in faults:
            self._faults.append(fault)
            if len(self._faults) >= FAULTS_MAX:
                raise FormatError(self.source, [*self._ordered(), too_many(fault.line)])

    def note(self, line: int | None, place: str, found: str, meaning: str) -> None:
        """Say what was read although it was unusual; the same again is counted."""
        known = self._notes.get((place, meaning))
        if known is not None:
            count = known.count + 1
            self._notes[place, meaning] = Note(
                line=known.line, place=place, found=known.found, meaning=meaning, count=count
            )
        elif len(self._notes) < _NOTES_MAX:
            self._notes[place, meaning] = Note(line=line, place=place, found=shortened(found), meaning=meaning)
        else:
            self._unnamed += 1

    @property
    def notes(self) -> tuple[Note, ...]:
        """What was forgiven, by line; beyond the number that anybody reads only how many more there are."""
        found = sorted(self._notes.values(), key=lambda note: note.line or 0)
        if self._unnamed:
            meaning = "more was read although it was unusual; the first kinds of it stand above"
            found.append(Note(line=None, place="file", found="other notes", meaning=meaning, count=self._unnamed))
        return tuple(found)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The faults found so far, by line."""
        return tuple(self._ordered())

    def check(self) -> None:
        """Raise FormatError when there was any fault, ordered by line."""
        if self._faults:
            raise FormatError(self.source, self._ordered())

    def _ordered(self) -> list[Fault]:
        return sorted(self._faults, key=lambda fault: fault.line or 0)


def shortened(text: str) -> str:
    """The text as it is shown in a fault: no longer than a line."""
    return text if len(text) <= _FOUND_MAX else f"{text[:_FOUND_MAX]}… ({len(text)} characters)"


def too_many(line: int | None) -> Fault:
    """The fault that ends the reading of a file with too many faults."""
    return Fault(
        code=Code.TOO_MANY_FAULTS,
        line=line,
        place="file",
        found=f"{FAULTS_MAX} faults up to this line",
        expected="a file with few faults",
        remedy="look whether this is the right file; the lines after this one were not read",
    )
