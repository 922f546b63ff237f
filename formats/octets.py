r"""Bytes on their way to text: decoded chunk by chunk, and those that no text has named with their line.

>>> from formats.charsets import TOLD
>>> coding = Coding("cp1251", TOLD)
>>> coding.decode(b"\xc8\xc2\xc0\xcd", "strict", True)
('ИВАН', 4)
>>> for fault in Lines().faults(b"a\nb\x07", coding.controls(b"a\nb\x07")):
...     print(fault.line, fault.found, fault.code)
2 U+0007 control-character
"""

import codecs
import heapq
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from formats.charsets import UNDEFINED
from formats.errors import Code, Fault

# Control characters mean a binary file or a broken transfer. 0x1A is the exception: the message queue puts it before
# {1: and DOS at the end of a file.
_CONTROL_BYTES = bytes([*range(9), 11, 12, *range(14, 32), 127])
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x19\x1b-\x1f\x7f]|\x1a(?!\{1:|\s*\Z)")
# The same in UTF-8, and what is there for no letter: U+0080 to U+009F, and U+FEFF, U+FFFD to U+FFFF.
_C1, _SIGNS = re.compile(rb"\xc2[\x80-\x9f]"), re.compile(rb"\xef(?:\xbb\xbf|\xbf[\xbd-\xbf])")
_CONTROL_UTF8 = re.compile(b"|".join([_CONTROL.pattern, _C1.pattern, _SIGNS.pattern]))
_MEANINGS = {
    "\0": "a zero byte",
    "\x1a": "the DOS end of a file (0x1A) in the middle",
    "\ufeff": "a byte-order mark in the middle",
    "\ufffd": "U+FFFD, the sign of a letter lost before",
}
_REMEDIES = {
    Code.CHARSET_UNKNOWN: "name the charset with --charset, or ask the sender for the file in UTF-8",
    Code.CHARSET_BYTES: "name the right charset, or ask the sender for the file in one charset, best in UTF-8",
    Code.CONTROL_CHARACTER: "ask the sender for the file again: it was damaged on its way or is no text",
}
_FAULTS_MAX = 50
_SHOWN_MAX = 8

Decode = Callable[[bytes, str, bool], tuple[str, int]]
"""Bytes, what to do on errors, whether these are the last; returns the text and how many bytes it took."""
Sign = tuple[int, Code, str]
"""Something that no text has: its place in the bytes, the class of the fault and how a person is told of it."""

_UNICODE: dict[str, Decode] = {
    "utf-8": codecs.utf_8_decode,
    "utf-16-le": codecs.utf_16_le_decode,
    "utf-16-be": codecs.utf_16_be_decode,
}


class Coding:
    """How the bytes of one charset become text, and what in them no text has."""

    def __init__(self, charset: str, tables: dict[str, str]) -> None:
        """Decode by one of the tables, or UTF-8 or UTF-16 without a byte-order mark."""
        self.charset = charset
        self.is_utf16 = charset.startswith("utf-16")
        self._table = tables.get(charset)
        self.decode = _UNICODE[charset] if self._table is None else _by_table(self._table)
        self._control = _CONTROL_UTF8 if self._table is None else _CONTROL

    def is_suspect(self, octets: bytes) -> bool:
        """Whether the bytes should be looked at closely: a quick answer, which is no for nearly all chunks."""
        if len(octets.translate(None, _CONTROL_BYTES)) != len(octets):
            return True
        return self._table is None and bool(_C1.search(octets) or (b"\xef" in octets and _SIGNS.search(octets)))

    def controls(self, octets: bytes) -> Iterator[Sign]:
        """The control characters among the bytes of a table or of UTF-8."""
        for match in self._control.finditer(octets):
            letter = match[0].decode("utf-8")
            code = Code.CHARSET_BYTES if letter == "\ufffd" else Code.CONTROL_CHARACTER
            yield match.start(), code, _MEANINGS.get(letter, f"U+{ord(letter):04X}")

    def signs_of(self, error: UnicodeDecodeError, *, final: bool) -> tuple[bytes, Iterator[Sign]]:
        """The bytes that could not be decoded and what is wrong in them; of UTF-16 up to the first that is wrong."""
        octets = error.object
        if self.is_utf16:
            before = octets[: error.start].decode(self.charset).encode()
            wrong = (len(before), Code.CHARSET_BYTES, _described(octets[error.start : error.end]))
            return before, chain(self.controls(before), [wrong])
        wrongs = _undefined(octets, self._table) if self._table is not None else _wrong_utf8(octets, final=final)
        return octets, heapq.merge(wrongs, self.controls(octets))


class Lines:
    """Counts the lines of a file chunk by chunk; they end in LF, or in CR where the file has no LF."""

    def __init__(self) -> None:
        """Begin before the first line."""
        self._feeds = 0
        self._returns = 0

    def pass_over(self, octets: bytes) -> None:
        """Count the lines that end in these bytes."""
        self._feeds += octets.count(b"\n")
        self._returns += octets.count(b"\r")

    def cut_short(self, charset: str) -> Fault:
        """The fault of a file that ends within a letter."""
        return Fault(
            code=Code.FILE_CUT_SHORT,
            line=(self._feeds or self._returns) + 1,
            place="end of file",
            found="half a letter",
            expected=f"a whole letter of {charset}",
            remedy="the file is cut short: ask the sender for the whole file",
        )

    def faults(self, octets: bytes, signs: Iterable[Sign], charset: str = "text") -> list[Fault]:
        """One fault for each line with a sign, and no more faults than a person would read."""
        end = b"\n" if self._feeds or b"\n" in octets else b"\r"
        faults: list[Fault] = []
        line, passed = 1 + (self._returns if end == b"\r" else self._feeds), 0
        for place, code, found in signs:
            line += octets.count(end, passed, place)
            passed = place
            if faults and faults[-1].line == line:
                continue
            if len(faults) == _FAULTS_MAX:
                return [*faults, fault(None, code, "more lines like these", charset)]
            faults.append(fault(line, code, found, charset))
        return faults


def fault(line: int | None, code: Code, found: str, charset: str) -> Fault:
    """The fault of some bytes of a file that should be in `charset`."""
    is_control = code is Code.CONTROL_CHARACTER
    expected = {
        Code.CHARSET_UNKNOWN: "letters enough to tell the charset",
        Code.CONTROL_CHARACTER: "no control characters",
    }
    return Fault(
        code=code,
        line=line,
        place="text" if is_control else "charset",
        found=found,
        expected=expected.get(code, f"letters of {charset}"),
        remedy=_REMEDIES[code],
    )


def _by_table(table: str) -> Decode:
    return lambda octets, errors, _: codecs.charmap_decode(octets, errors, table)


def _undefined(octets: bytes, table: str) -> Iterator[Sign]:
    lacking = bytes(byte for byte, letter in enumerate(table) if letter == UNDEFINED)
    for match in re.finditer(b"[" + re.escape(lacking) + b"]+", octets):
        yield match.start(), Code.CHARSET_BYTES, _described(match[0])


def _wrong_utf8(octets: bytes, *, final: bool) -> Iterator[Sign]:
    """The first bytes of each line that are no UTF-8."""
    line_end = b"\n" if b"\n" in octets else b"\r"
    start = 0
    while start >= 0:
        rest = memoryview(octets)[start:]
        try:
            codecs.utf_8_decode(rest, "strict", final)
        except UnicodeDecodeError as error:
            yield start + error.start, Code.CHARSET_BYTES, _described(octets[start + error.start : start + error.end])
            start = octets.find(line_end, start + error.end)
        else:
            start = -1


def _described(octets: bytes) -> str:
    """Bytes as a person may look them up: byte 0x98."""
    shown = " ".join(f"0x{octet:02X}" for octet in octets[:_SHOWN_MAX])
    return f"byte{'s' if len(octets) > 1 else ''} {shown}{' and more' if len(octets) > _SHOWN_MAX else ''}"
