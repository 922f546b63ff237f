"""The envelope of Kazakhstan MT messages and their text block as tagged fields (MT-102, MT-100, MT9xx).

    {1:F01K050700000000001000001}     block 1: terminal (12), session (4), sequence (6)
    {2:I102SGROSS000000U3003}         block 2: input I (to the system, 24 or 25 characters) or output O (from it, 51)
    {4:                               the text block: tags :nn: and, one a line, what belongs to them
    -}

Several messages may follow one another in a file. What stands between them is nothing, blank lines or the prefix of the
message queue (`MSGID=...;` up to the byte 0x1A). Fields are found by tag, never by position. Everything is read row by
row, so that a list of any length takes the room of a few rows.

>>> Header(terminal="K05070000000", message_type="102").text().splitlines()
['{1:F01K050700000000001000001}', '{2:I102SGROSS000000U3003}']
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from formats.errors import RESEND, Code, Fault, Findings, shortened
from formats.rows import Rows

EOL = "\r\n"
ROOM_MAX = 1 << 22
"""Characters of a tag, a head or a record: a message without an end must not fill the memory."""

_BLOCK_1 = r"\{1:F01(?P<terminal>[A-Z0-9]{12})(?P<session>[0-9]{4})(?P<sequence>[0-9]{6})\}"
_INPUT = r"I(?P<input>[0-9]{3})(?P<to>[A-Z]{4,6}0*)(?P<urgency>[UN]?)(?P<delivery>[0-9]{4})"
_OUTPUT = (
    r"O(?P<output>[0-9]{3})(?P<accepted>[0-9]{10})(?P<sender>[A-Z][A-Z0-9]{11})(?P<trace>[0-9]{10})"
    r"(?P<delivered>[0-9]{10})(?P<priority>[UN])"
)
_HEADER = re.compile(rf"{_BLOCK_1}\{{2:(?:{_INPUT}|{_OUTPUT})\}}(?P<block_3>\{{3:[^\r\n]*\}})?\{{4:")
_HEADER_EXPECTED = "{1:F01, terminal of 12, 10 digits}, then {2:I102... or {2:O102..., then {4:"
_HEADER_ROWS_MAX = 8
_FIELD_SIZE = 100
_SYSTEM_LENGTH = 12
# Cyrillic letters that look Latin were seen in block 2 (SGRОSS), and may stand in any field of Latin letters.
HOMOGLYPHS = str.maketrans("АВЕКМНОРСТХУІ", "ABEKMHOPCTXYI")
_QUEUE_PREFIX = re.compile(r"(?:[A-Z_]+=[^;{}]*;)+\s*\x1a?")
_TAG = re.compile(r":([0-9]{2}[A-Z]?):(.*)")
_TYPE = re.compile(r"\{2:.([0-9]{3})")
_END = re.compile(r"-\}(\{5:[^{}]*(?:\{[^{}]*\})*\})?[ \t\x1a]*(\{1:.*)?")
_BLANK = " \t\x1a"

Direction = Literal["input", "output"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Blocks 1 and 2. Input goes to the payment system, output comes from it.

    `system` has 12 characters (SGROSS000000 gross, SCLEAR000000 clearing). `priority` is U, N or, in the input of some
    programs, ''; `delivery` is monitoring and obsolescence of an input. An output has the moments when the system took
    and delivered it, YYMMDDHHMM, and ten digits between them.
    """

    terminal: str
    message_type: str
    session: str = "0001"
    sequence: str = "000001"
    direction: Direction = "input"
    system: str = "SGROSS000000"
    priority: str = "U"
    delivery: str = "3003"
    accepted: str = ""
    delivered: str = ""
    trace: str = ""

    def text(self) -> str:
        """The two blocks as two lines without the last line end."""
        first = f"{{1:F01{self.terminal}{self.session}{self.sequence}}}"
        if self.direction == "input":
            second = f"{{2:I{self.message_type}{self.system}{self.priority}{self.delivery}}}"
        else:
            moments = f"{self.accepted}{self.system}{self.trace}{self.delivered}"
            second = f"{{2:O{self.message_type}{moments}{self.priority}}}"
        return f"{first}{EOL}{second}"

    def unwritable(self) -> list[Fault]:
        """The faults of a header that would not be read back as it is."""
        found = Findings("")
        read = header(f"{self.text()}{{4:".replace(EOL, ""), 1, found)
        if read == self and not found.notes and not found.faults:
            return []
        expected = "a terminal of 12 capitals and digits, a system of 12, and the digits of its direction"
        shown = self.text().replace(EOL, " ")
        return [to_correct("blocks 1 and 2", shown, expected)]


class Field(NamedTuple):
    """One tag of the text block: the rows under it, the first of which is what follows the tag, on line `line`."""

    tag: str
    line: int
    rows: list[str]

    @property
    def size(self) -> int:
        """The characters that it holds, and about as many as it takes to hold it."""
        return _FIELD_SIZE + sum(map(len, self.rows)) + len(self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """One message of a file: its header, the line of its block 1, and its fields, read as they are asked for."""

    header: Header
    line: int
    block: "TextBlock"


class Room:
    """How much of a message may still be held at once; `place` says of which part of it."""

    def __init__(self, findings: Findings, place: str) -> None:
        """Begin with ROOM_MAX characters."""
        self._findings = findings
        self._place = place
        self._left = ROOM_MAX

    def take(self, size: int, line: int) -> None:
        """Hold so many more characters, up to this line.

        Raises FormatError, with all faults found before, when they are too many.
        """
        self._left -= size
        if self._left < 0:
            found, remedy = f"more than 4 MiB {self._place}", "look whether this is the right file"
            self._findings.fault(Code.MT_TEXT_BLOCK, line, "text block", found, "far less", remedy)
            self._findings.check()


class TextBlock(Iterator[Field]):
    """The fields of one message up to its end; a message that does not end is a fault."""

    def __init__(self, rows: Rows, findings: Findings) -> None:
        """Begin at the row after {4:."""
        self.rows = rows
        self._findings = findings
        self._last = rows.number - 1
        self._is_over = False

    def __next__(self) -> Field:
        if not self.next_tag():
            raise StopIteration
        match = _TAG.fullmatch(self._row() or "")
        if match is None:
            raise StopIteration
        line = self.rows.number
        self.rows.skip(1)
        return Field(match[1], line, [match[2].strip(_BLANK), *self._following()])

    def next_tag(self) -> str:
        """The tag of the next row that has one, '' when the message is over; other rows before it are faults."""
        while (row := self._row()) is not None:
            match = _TAG.fullmatch(row)
            if match is not None:
                return match[1]
            if row:
                expected = "a tag like :20:" if row.startswith(":") else "a tag :nn: before any text"
                self._findings.fault(Code.MT_TEXT_BLOCK, self.rows.number, "text block", row, expected)
            self.rows.skip(1)
        return ""

    def skip(self, count: int) -> None:
        """Pass over so many rows, which were read as a block."""
        self.rows.skip(count)
        self._last = self.rows.number - 1

    def _following(self) -> Iterator[str]:
        """The rows up to the next tag; those at the end that are blank belong to nothing."""
        blank = 0
        room = Room(self._findings, "under one tag")
        while (row := self._row()) is not None and not row.startswith(":"):
            if row:
                room.take(blank + len(row) + 1, self.rows.number)
                yield from [""] * blank
                yield row
            blank = 0 if row else blank + 1
            self.rows.skip(1)

    def _row(self) -> str | None:
        """The next row of this message, bare of blanks at its end; None when the message is over."""
        if self._is_over:
            return None
        row = self.rows.peek()
        end = _END.fullmatch(row) if row is not None and row.startswith("-}") else None
        if end is not None:
            if end[1]:
                self._findings.note(self.rows.number, "block 5", end[1], _passed_over(5))
            self.rows.skip(1)
            if end[2]:
                self.rows.put_back(end[2])
        elif row is None or "{1:" in row:
            remedy = "the file is cut short: " + RESEND
            place, expected = "end of message", "-} alone on a line"
            self._findings.fault(Code.FILE_CUT_SHORT, self._last, place, "no -}", expected, remedy)
        else:
            text = row.rstrip(_BLANK)
            self._last = self.rows.number if text else self._last
            return text
        self._is_over = True
        return None


def envelopes(rows: Rows, findings: Findings, message_type: str = "") -> Iterator[Envelope]:
    """Messages of the file in order; what is not a message, or not of the type asked for, becomes a fault.

    Fields that were not asked for when the next message is, are passed over.
    """
    is_first = True
    while _comes_to_message(rows, findings):
        is_first = False
        line = rows.number
        found = _header_rows(rows, findings)
        head = header(found, line, findings)
        if head is None:
            _pass_over(rows)
            continue
        block = TextBlock(rows, findings)
        if message_type and head.message_type != message_type:
            expected, remedy = f"MT{message_type}", "give the file to the command for its type"
            findings.fault(Code.MT_OTHER_TYPE, line, "block 2", f"MT{head.message_type}", expected, remedy)
        else:
            yield Envelope(header=head, line=line, block=block)
        for _ in block:
            pass
    if is_first:
        findings.fault(Code.FILE_EMPTY, 1, "file", "no {1:", f"at least one MT{message_type or ' message'}")


def _comes_to_message(rows: Rows, findings: Findings) -> bool:
    """Go on to the next {1:; text before it is a fault, once a place, since a message may have lost its head."""
    is_reported = False
    while (row := rows.peek()) is not None:
        before, mark, _ = row.partition("{1:")
        text = before.strip().strip("\x1a")
        if text and _QUEUE_PREFIX.fullmatch(text + "\x1a"):
            findings.note(rows.number, "before the message", text, "the prefix of a message queue was passed over")
        elif text and not is_reported:
            is_reported = True
            expected = "blank lines or the message queue's prefix"
            findings.fault(Code.MT_OUTSIDE, rows.number, "outside of messages", text, expected)
        if mark:
            return True
        rows.skip(1)
    return False


def _header_rows(rows: Rows, findings: Findings) -> str:
    """The rows from {1: to {4: as one text; what follows {4: on its row is left for the text block."""
    parts: list[str] = []
    for _ in range(_HEADER_ROWS_MAX):
        row = rows.peek()
        if row is None or (parts and (row.startswith(":") or "{1:" in row)):
            break
        rows.skip(1)
        row = row.rstrip(_BLANK)
        parts.append(row if parts else row[row.index("{1:") :])
        head, opening, rest = parts[-1].partition("{4:")
        if opening:
            parts[-1] = head + opening
            if rest.strip():
                findings.note(rows.number - 1, "block 4", rest, "text on the line of {4: was read as its first line")
                rows.put_back(rest)
            break
    return "".join(parts)


def header(found: str, line: int, findings: Findings) -> Header | None:
    """The header of blocks 1, 2 and the opening of 4, without line ends.

    One of another form is a fault; what comes back then has stand-ins and the message's type, or is None without one.
    """
    text = found.replace(" ", "").translate(HOMOGLYPHS)
    match = _HEADER.fullmatch(text)
    if match is None:
        findings.fault(Code.MT_HEADER, line, "blocks 1 and 2", found, _HEADER_EXPECTED)
        guess = _TYPE.search(text) if text.endswith("{4:") else None
        return Header(terminal="", message_type=guess[1]) if guess else None
    if text != found.replace(" ", ""):
        findings.note(line, "blocks 1 and 2", found, "Cyrillic letters were read as the Latin ones that they look like")
    part = match.groupdict(default="")
    if text != found.translate(HOMOGLYPHS):
        findings.note(line, "blocks 1 and 2", found, "blanks inside of the header were passed over")
    if part["block_3"]:
        findings.note(line, "block 3", part["block_3"], _passed_over(3))
    if part["output"]:
        names = ("terminal", "session", "sequence", "accepted", "trace", "delivered", "priority")
        return Header(
            message_type=part["output"],
            direction="output",
            system=part["sender"],
            delivery="",
            **{name: part[name] for name in names},
        )
    if len(part["to"]) != _SYSTEM_LENGTH:
        findings.note(line, "block 2", part["to"], "the system was read with the zeros that it lacks or has too many")
    return Header(
        terminal=part["terminal"],
        session=part["session"],
        sequence=part["sequence"],
        message_type=part["input"],
        system=part["to"].rstrip("0").ljust(_SYSTEM_LENGTH, "0"),
        priority=part["urgency"],
        delivery=part["delivery"],
    )


def _passed_over(block: int) -> str:
    return f"a block {block}, of which Esep knows nothing, was passed over"


def _pass_over(rows: Rows) -> None:
    """Go on behind a message whose header cannot be read: its fields would mean nobody knows what."""
    while (row := rows.peek()) is not None and "{1:" not in row:
        rows.skip(1)
        if _END.fullmatch(row):
            return


def to_correct(place: str, found: str, expected: str) -> Fault:
    """A fault of a value to write, which has no line yet."""
    remedy = "correct it before it is sent"
    text = shortened(found) or "nothing"
    return Fault(code=Code.UNWRITABLE, line=None, place=place, found=text, expected=expected, remedy=remedy)
