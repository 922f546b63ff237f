r"""The rows of a 1CClientBankExchange file as sections: the reading that statements and payment orders have in common.

A file is a head, then sections СекцияРасчСчет … КонецРасчСчет and СекцияДокумент … КонецДокумента with a key on each
line, then КонецФайла (mt102.md §5.5). Keys come in any case. A section that was left open is closed by the next one or
by КонецФайла, and noted; one that is open where the file ends is a fault, since its last value may be cut short.

>>> reader = SectionReader(Findings("order.txt"))
>>> reader.take("1CClientBankExchange\nСЕКЦИЯДОКУМЕНТ=Выписка\nНомерДокумента=7\nКонецДокумента\n")
>>> reader.closed[0].get("НомерДокумента")
(3, '7')
"""

import re
from dataclasses import dataclass, field

from formats.amounts import parse_dot_amount
from formats.errors import Code, Findings
from formats.onec_keys import (
    ACCOUNT,
    ACCOUNT_END,
    ACCOUNT_NUMBER,
    BALANCES,
    DATE_FROM,
    DATE_TO,
    DOCUMENT,
    DOCUMENT_END,
    DOCUMENT_KEYS,
    FILE_END,
    FIRST_LINE,
    KEYS,
    MARKS,
    PURPOSE,
    PURPOSES,
)
from formats.onec_parts import Other

RESEND = "ask the bank for a corrected statement"
CUT = "the file is cut short or glued together: ask the bank for the whole statement"
LENGTH_MAX = 1 << 20
"""No line and no section is longer, in characters: the reading ends there."""

_ENDS = {ACCOUNT: ACCOUNT_END, DOCUMENT: DOCUMENT_END}
_MARKS = {mark.casefold() for mark in MARKS}
_KNOWN = {key.casefold(): key for key in KEYS}
_OF_SECTIONS = {ACCOUNT_NUMBER, DATE_FROM, DATE_TO, *BALANCES, *DOCUMENT_KEYS}
_KEY = re.compile(r"[А-Яа-яЁё][А-Яа-яЁё_]*[0-9]*")
_FOREIGN_KEY = re.compile(r"\w{1,60}")
_SPELLINGS_MAX = 10_000
_FILE_END_SIGNS = "\x1a "
"""What DOS programs put at the end of a file."""


@dataclass(slots=True)
class Section:
    """The keys of one section, each with its line and its value; `kind` is what follows the mark.

    `accounts` are all of РасчСчет, which the head repeats for each account of the file.
    """

    line: int
    mark: str = ""
    kind: str = ""
    values: dict[str, tuple[int, str]] = field(default_factory=dict)
    accounts: dict[str, None] = field(default_factory=dict)
    length: int = 0

    def get(self, key: str) -> tuple[int, str]:
        """The line and the value; the line of the section and nothing where the key is not there."""
        return self.values.get(key, (self.line, ""))

    def text(self, key: str) -> str:
        """The value; nothing where the key is not there."""
        return self.values[key][1] if key in self.values else ""

    def other(self, known: frozenset[str]) -> Other:
        """The keys that are not among the known ones, with their values."""
        return tuple((key, text) for key, (_, text) in self.values.items() if key not in known)


def key_read(spelling: str, *, foreign: bool = True) -> str:
    """The key that is read from a spelling; '' for what is no key at all."""
    known = _KNOWN.get(spelling.casefold(), "")
    is_key = _KEY.fullmatch(spelling) or (foreign and _FOREIGN_KEY.fullmatch(spelling))
    return known or (spelling if is_key else "")


class Names:
    """The spellings of keys seen so far: what each means, noted where it is not the usual one."""

    def __init__(self, findings: Findings) -> None:
        """Start with the usual spellings."""
        self._findings = findings
        self._seen = {key: key for key in KEYS}

    def key(self, spelling: str, line: int, *, foreign: bool = True) -> str:
        """The key of a spelling, itself where it is not known; '' for what is no key at all.

        Text that runs on may look like a key in other letters, which is then not taken for one (`foreign`).
        """
        known = self._seen.get(spelling)
        if known is not None:
            return known
        key = key_read(spelling, foreign=foreign)
        if key and key != spelling:
            self._findings.note(line, "keys", spelling, "a spelling that is not the usual one, read as the same key")
        elif key:
            self._findings.note(line, key, spelling, "a key that Esep does not know, kept as it is")
        if key and len(self._seen) < _SPELLINGS_MAX and (_KEY.fullmatch(spelling) or key != spelling):
            self._seen[spelling] = key
        return key

    def known(self, spelling: str) -> str:
        """The key of a spelling that was seen before; '' for any other."""
        return self._seen.get(spelling, "")


class SectionReader:
    """The sections of one file: rows go in, sections that are complete wait in `closed`."""

    def __init__(self, findings: Findings) -> None:
        """Start before the first line of the file."""
        self.head = Section(1)
        self.closed: list[Section] = []
        self.names = Names(findings)
        self.line = 0
        self.is_stopped = False
        self.document_end = DOCUMENT_END
        self._findings = findings
        self._current = self.head
        self._key = ""
        self._more: list[str] = []
        self._is_begun = False
        self._is_head_over = False
        self._is_ended = False

    @property
    def is_between(self) -> bool:
        """Whether no section is open, the head is over, and the file goes on."""
        return self._current is self.head and self._is_begun and not (self._key or self._is_ended or self.is_stopped)

    def take(self, text: str) -> None:
        """Read whole lines, the last of which has its line end."""
        for row in text.split("\n")[:-1]:
            self.line += 1
            if self.is_stopped:
                return
            self._row(row)

    def end(self, line: int) -> None:
        """Say what is lacking where the file ends, which is on this line."""
        self._end_purpose()
        if self.is_stopped:
            return
        if not self._is_begun:
            self._first("")
        elif self._current.mark:
            self._findings.fault(
                Code.FILE_CUT_SHORT,
                line,
                "end of file",
                "",
                f"{_ENDS[self._current.mark]}, the end of the section",
                CUT,
            )
        elif not self._is_ended:
            meaning = f"no {FILE_END}: only the totals show whether the file is whole"
            self._findings.note(line, "end of file", "", meaning)

    def stop(self, line: int) -> None:
        """End the reading at something that is too long to be what it should be."""
        found, expected = f"more than {LENGTH_MAX} characters", "a short line in a short section"
        remedy = "look whether this is the right file, and whether its lines end"
        self._findings.fault(Code.LINE_TOO_LONG, line, "line or section", found, expected, remedy)
        self.is_stopped = True

    def _row(self, raw: str) -> None:
        row = raw.strip()
        if not self._is_begun:
            if row:
                self._first(row)
            return
        spelling, equals, text = row.partition("=")
        key = self.names.key(spelling.rstrip(), self.line, foreign=not self._in_purpose) if equals else ""
        if not equals and (bare := row.rstrip(_FILE_END_SIGNS)).casefold() in _MARKS:
            key = self.names.key(bare, self.line)
        if self._is_ended:
            self._after_end(row)
        elif key in MARKS:
            self._mark(key, row, text.strip())
            if key == DOCUMENT_END and not text:
                self.document_end = raw
        elif row:
            self._current.length += len(raw)
            if self._current.length > LENGTH_MAX:
                self.stop(self._current.line)
            elif key and equals:
                self._put(key, text.strip())
            else:
                self._run_on(row)

    def _first(self, row: str) -> None:
        self._is_begun = True
        if row.partition("=")[0].strip().casefold() == FIRST_LINE.casefold():
            if row != FIRST_LINE:
                self._findings.note(self.line, "first line", row, f"read as {FIRST_LINE}")
            return
        remedy = "give a statement in the 1CClientBankExchange format"
        self._findings.fault(Code.ONEC_FIRST_LINE, 1, "first line", row, FIRST_LINE, remedy)
        self.is_stopped = True

    @property
    def _in_purpose(self) -> bool:
        return self._key in PURPOSES

    def _after_end(self, row: str) -> None:
        if row.startswith(FIRST_LINE):
            remedy = "split the files and give each one by itself"
            self._findings.fault(Code.ONEC_SECTION, self.line, "sections", row, f"nothing after {FILE_END}", remedy)
            self.is_stopped = True
        elif row.strip(_FILE_END_SIGNS):
            self._findings.fault(Code.ONEC_KEY, self.line, "keys", row, f"nothing after {FILE_END}", CUT)

    def _mark(self, mark: str, row: str, kind: str) -> None:
        """Close and open sections."""
        if kind and mark != DOCUMENT:
            self._findings.note(self.line, mark, row, "more than the mark of a section, passed over")
        self._end_purpose()
        opened = self._current.mark
        if mark in _ENDS or mark == FILE_END:
            if opened:
                self._findings.note(
                    self.line, opened, row, f"{_ENDS[opened]} is missing; the section ends where this begins"
                )
        elif mark != _ENDS.get(opened):
            expected = f"{_ENDS[opened] if opened else 'no end'}, since sections do not overlap"
            self._findings.fault(Code.ONEC_SECTION, self.line, "sections", row, expected, CUT)
        if opened:
            self.closed.append(self._current)
        self._current, self._key, self._is_head_over = self.head, "", True
        if mark in _ENDS:
            self._current = Section(self.line, mark, kind)
        self._is_ended = mark == FILE_END

    def _put(self, key: str, text: str) -> None:
        self._end_purpose()
        if self._current is self.head and self._is_head_over and not self._is_kept(key, text):
            return
        self._key = key
        line, known = self._current.values.setdefault(key, (self.line, text))
        if key == ACCOUNT_NUMBER:
            self._current.accounts[text] = None
        if line == self.line or (key == ACCOUNT_NUMBER and self._current is self.head):
            return
        if known != text:
            self._findings.fault(
                Code.REPEATED, self.line, key, f"again, first on line {line}", "once in a section", RESEND
            )
        else:
            self._findings.note(self.line, key, text, "the key again with the same value")

    def _is_kept(self, key: str, text: str) -> bool:
        """Whether a key between sections stays with the head; one of a section is a fault: of which section is it?"""
        if key not in _OF_SECTIONS:
            self._findings.note(self.line, key, text, "a key between sections, kept with the head of the file")
        elif text == self.head.text(key) or (key == ACCOUNT_NUMBER and text in self.head.accounts):
            self._findings.note(self.line, key, text, "the key again with the same value")
        else:
            found, expected = f"{key}={text}", "a key of a section within its section"
            self._findings.fault(Code.ONEC_KEY, self.line, "keys", found, expected, CUT)
        return key not in _OF_SECTIONS

    def _run_on(self, row: str) -> None:
        """More text of a purpose; under any other key it is a fault."""
        if not self._in_purpose:
            if row.strip(_FILE_END_SIGNS):
                self._findings.fault(Code.ONEC_KEY, self.line, "keys", row, "a line like НомерДокумента=1", RESEND)
            return
        self._more.append(row)
        self.note_run_on(self.line, row)

    def _end_purpose(self) -> None:
        """Join the lines over which a purpose ran on, all at once: there may be a million of them."""
        if self._more:
            first, text = self._current.values[self._key]
            self._current.values[self._key] = first, " ".join([text, *self._more]).strip()
            self._more = []

    def note_run_on(self, line: int, row: str) -> None:
        """Say that a purpose runs on."""
        meaning = "a purpose that runs on over several lines, joined by blanks"
        self._findings.note(line, PURPOSE, row, meaning)


def amount(section: Section, key: str, findings: Findings, *, signed: bool = False) -> int | None:
    """Tiyn under the key, 0 where it is empty; None when it is a fault. Only a balance may be below zero (`signed`)."""
    line, text = section.get(key)
    if not text:
        return 0
    digits = text
    if "," in digits:
        digits = digits.replace(",", ".", 1)
    sign = -1 if signed and digits.startswith("-") else 1
    try:
        tiyn = sign * parse_dot_amount(digits.removeprefix("-") if sign < 0 else digits)
    except ValueError as error:
        findings.fault(Code.AMOUNT, line, key, text, str(error), RESEND)
        return None
    if "," in text:
        findings.note(line, key, text, "an amount with a comma, read as one with a dot")
    if sign < 0:
        findings.note(line, key, text, "a balance below zero")
    return tiyn
