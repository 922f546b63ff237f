r"""The text of bank and authority files: decoded without loss or refused with the line, and encoded the same way.

The charset is told by content (module charsets) or named by a person; what it does not explain is refused with its
line, and nothing is ever replaced by a question mark.

>>> encode("ҚҰДАЙБЕРГЕН", "cp1251")
b'\x8d\xa1\xc4\xc0\xc9\xc1\xc5\xd0\xc3\xc5\xcd'
>>> decode(b"/FM/\x8d\xa1\xc4\xc0\xc9\xc1\xc5\xd0\xc3\xc5\xcd", "r.txt").text
'/FM/ҚҰДАЙБЕРГЕН'
>>> stream = open_text([b"/NM/ABC\r\n", b"/FM/\x8d\xa1\xc4\xc0\xc9"], "r.txt", charset="Windows-1251")
>>> "".join(stream), stream.charset
('/NM/ABC\r\n/FM/ҚҰДАЙ', 'cp1251')
"""

import codecs
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain

from formats.charsets import BYTE_ORDER_MARKS, NAMED, TOLD, WRITTEN, Told, charset_named, tell, utf16_order
from formats.errors import Code, Fault, FormatError
from formats.octets import Coding, Lines, fault

_WRITTEN_BYTES = {charset: codecs.charmap_build(table) for charset, table in WRITTEN.items()}
TRANSLITERATION: dict[str, str] = dict(zip("ӘҒҚҢӨҰҮҺІәғқңөұүһі", "АГКНОУУХИагкноуухи", strict=True)) | {
    **dict.fromkeys("«»“”„‟″", '"'),
    **dict.fromkeys("‘’‚‛′ʼ", "'"),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("\u2002\u2003\u2007\u2009\u202f", " "),
    "№": "N",
    "…": "...",
}
"""What is written for a letter that a charset lacks.

Kazakh letters become those that stand for them where Kazakh names are written in Russian (Қ as К, Ұ and Ү as У, and
so on); typographic signs become those of a typewriter.
"""
# At the start of a file so many bytes are waited for: for a byte-order mark, and for the zero bytes of UTF-16.
_MARK_BYTES = 3
_START_BYTES = 64
_HELD_MAX = 1 << 20
# So many bytes that are not ASCII: to try to tell the charset, and to say that the one named is doubtful.
_ENOUGH = 64
_ENOUGH_FOR_DOUBT = 8
_PLAIN = bytes(range(1, 128))
_WITH_MARK = ("utf-8-sig", "utf-16")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """The text of a file, the charset it was in and what gave the charset away."""

    text: str
    charset: str
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """A letter that a charset lacks, what was written in its place, how often, and on which line first."""

    letter: str
    written_as: str
    count: int
    first_line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Transliterated:
    """A text that its charset can carry, and everything that was changed for it."""

    text: str
    replaced: tuple[Replacement, ...]


class UnencodableLetter(FormatError):
    """A letter that the bank's charset lacks: the text is not sent with a question mark in its place."""

    def __init__(self, letter: str, charset: str, line: int | None = None, word: str = "") -> None:
        """Say which letter, in which charset, on which line and in which word."""
        self.letter = letter
        self.charset = charset
        fault = Fault(
            code=Code.LETTER_LACKING,
            line=line,
            place=f"charset {charset}",
            found=f"{letter} (U+{ord(letter):04X}) in {word or letter}",
            expected=f"letters that {charset} has",
            remedy="correct the letter, or agree another charset with the bank",
        )
        super().__init__("text to write", [fault])


def decode(data: bytes, source: str, charset: str | None = None) -> Decoded:
    """The text of a whole file, in the charset named or else in the one found by content.

    Raises:
        FormatError: every line that the charset cannot explain, or the readings when no charset is much the likeliest.
        LookupError: the charset named is not known.
    """
    stream = open_text([data], source, charset)
    text = "".join(stream)
    return Decoded(text=text, charset=stream.charset, evidence=stream.evidence)


def open_text(chunks: Iterable[bytes], source: str, charset: str | None = None) -> "TextStream":
    """The text of a file of any size, chunk after chunk, in flat memory.

    The stream raises FormatError like decode(), at the chunk where the fault stands.

    Raises:
        LookupError: the charset named is not known.
    """
    return TextStream(chunks, source, None if charset is None else charset_named(charset))


class TextStream(Iterator[str]):
    """Decoded chunks of a file; ASCII goes through at once, the charset is chosen where other letters begin."""

    def __init__(self, chunks: Iterable[bytes], source: str, charset: str | None) -> None:
        """Read `chunks` of the file named `source`, in one of CHARSETS or in the charset found by content."""
        self._source = source
        self._lines = Lines()
        self._told = Told(charset=charset or "utf-8", evidence="named by the user" if charset else "pure ASCII")
        self._texts = self._named(iter(chunks), charset) if charset else self._found(iter(chunks))

    def __next__(self) -> str:
        return next(self._texts)

    @property
    def charset(self) -> str:
        """The charset as far as it is known: UTF-8 while all is ASCII, final when the iteration has ended."""
        return self._told.charset or "utf-8"

    @property
    def evidence(self) -> str:
        """What gave the charset away so far."""
        return self._told.evidence

    def _found(self, feed: Iterator[bytes]) -> Iterator[str]:
        """The text in the charset that is told by the first chunks with other letters than ASCII."""
        held, enough, at_start, ascii_only = b"", _ENOUGH, True, Coding("utf-8", TOLD)
        for chunk in feed:
            held += chunk
            if at_start and len(held) < _MARK_BYTES:
                continue
            if held.isascii() and b"\0" not in held:
                yield self._block(ascii_only, held, final=True)[0]
                held, at_start = b"", False
                continue
            others, is_full = len(held.translate(None, _PLAIN)), len(held) > _HELD_MAX
            if others < enough and not is_full:
                continue
            enough = 2 * others
            told = tell(held, at_start=at_start, complete=is_full)
            if told.charset or is_full:
                yield from self._as_told(told, held, feed)
                return
        if held:
            yield from self._as_told(tell(held, at_start=at_start), held, feed)

    def _as_told(self, told: Told, held: bytes, feed: Iterator[bytes]) -> Iterator[str]:
        """The text from here to the end, in the charset told; without one, the reasons why it is refused."""
        if told.charset is None:
            raise FormatError(self._source, self._refusals(told, held))
        self._told = told
        mark, marked = _mark_of(held) if told.charset in _WITH_MARK else (b"", told.charset)
        yield from self._run(Coding(marked, TOLD), held[len(mark) :], feed, is_named=False)

    def _named(self, feed: Iterator[bytes], name: str) -> Iterator[str]:
        """The text in the charset named, which a byte-order mark may not contradict."""
        held = b""
        while len(held) < _START_BYTES and (chunk := next(feed, b"")):
            held += chunk
        mark, marked = _mark_of(held)
        order = marked if marked.startswith("utf-16") else utf16_order(held) or "utf-16-le"
        base = {"utf-8-sig": "utf-8", "utf-16": order}.get(name, name)
        if mark and marked != base:
            found = f"the byte-order mark of {marked}"
            raise FormatError(self._source, [fault(1, Code.CHARSET_BYTES, found, name)])
        yield from self._run(Coding(base, NAMED), held[len(mark) :], feed, is_named=True)

    def _run(self, coding: Coding, first: bytes, feed: Iterator[bytes], *, is_named: bool) -> Iterator[str]:
        """The text of all chunks; bytes that begin a letter wait for the chunk that ends it."""
        pending = b""
        is_doubted = is_named and coding.charset in NAMED
        for chunk in chain([first], feed):
            data = pending + chunk if pending else chunk
            if is_doubted and len(data.translate(None, _PLAIN)) >= _ENOUGH_FOR_DOUBT:
                self._doubt(tell(data, at_start=False, complete=False))
                is_doubted = False
            text, used = self._block(coding, data, final=False)
            pending = data[used:]
            yield text
        if pending:
            raise FormatError(self._source, [self._lines.cut_short(coding.charset)])

    def _doubt(self, told: Told) -> None:
        """Say when a charset named by the user is obeyed although the letters speak for another one."""
        if told.charset not in {None, self.charset}:
            self._told = replace(self._told, evidence=f"named by the user, although {told.evidence}")

    def _block(self, coding: Coding, data: bytes, *, final: bool) -> tuple[str, int]:
        """The text of a chunk and how many bytes it took; a chunk with faults ends the reading with all of them."""
        try:
            text, used = coding.decode(data, "strict", final)
        except UnicodeDecodeError as error:
            octets, signs = coding.signs_of(error, final=final)
            raise FormatError(self._source, self._lines.faults(octets, signs, coding.charset)) from None
        octets = text.encode() if coding.is_utf16 else data
        if coding.is_suspect(octets) and (faults := self._lines.faults(octets, coding.controls(octets))):
            raise FormatError(self._source, faults)
        self._lines.pass_over(octets)
        return text, used

    def _refusals(self, told: Told, held: bytes) -> list[Fault]:
        """Why bytes without a charset are refused: they are no text at all, or several charsets explain them."""
        controls = self._lines.faults(held, Coding("cp1251", NAMED).controls(held))
        first = re.search(rb"[\x80-\xff]", held)
        readings = " or ".join(f"{text!r} ({charset})" for charset, text in told.readings)
        sign = (first.start() if first else 0, Code.CHARSET_UNKNOWN, readings)
        return controls or self._lines.faults(held, [sign])


def encode(text: str, charset: str) -> bytes:
    """Bytes of the text in a charset; CP1251 carries the Kazakh letters as their look-alikes, that is as KZ-1048.

    Raises:
        UnencodableLetter: the first letter that the charset lacks.
        LookupError: the charset is not known.
    """
    name = charset_named(charset)
    try:
        if name in _WRITTEN_BYTES:
            return codecs.charmap_encode(text, "strict", _WRITTEN_BYTES[name])[0]
        return text.encode(name)
    except UnicodeEncodeError as error:
        before = text[: error.start]
        word = (re.split(r"\s", before)[-1] + re.split(r"\s", text[error.start :])[0])[:40]
        raise UnencodableLetter(text[error.start], name, _line_after(before), word) from None


def transliterate(text: str, charset: str) -> Transliterated:
    """The text with each letter that the charset lacks written as TRANSLITERATION says, and the list of these letters.

    Nothing calls this by itself: whoever writes a name otherwise than its owner does must want to, and show what was
    changed. Letters that the charset has stay as they are.

    >>> changed = transliterate("ҚАЙРАТ №1", "koi8-r")
    >>> changed.text, [(each.letter, each.written_as) for each in changed.replaced]
    ('КАЙРАТ N1', [('Қ', 'К'), ('№', 'N')])

    Raises:
        UnencodableLetter: the first letter that the charset lacks and that has no rule.
        LookupError: the charset is not known.
    """
    name = charset_named(charset)
    rules = {letter: other for letter, other in TRANSLITERATION.items() if _lacks(name, letter)}
    found = Counter(re.findall(f"[{re.escape(''.join(rules))}]", text)) if rules else Counter()
    replaced = tuple(
        Replacement(
            letter=letter,
            written_as=rules[letter],
            count=count,
            first_line=_line_after(text[: text.index(letter)]),
        )
        for letter, count in found.items()
    )
    changed = text.translate({ord(letter): other for letter, other in rules.items()})
    encode(changed, name)
    return Transliterated(text=changed, replaced=replaced)


def _lacks(charset: str, letter: str) -> bool:
    try:
        encode(letter, charset)
    except UnencodableLetter:
        return True
    return False


def _line_after(before: str) -> int:
    """The number of the line that begins or goes on after this text."""
    return 1 + (before.count("\n") or before.count("\r"))


def _mark_of(octets: bytes) -> tuple[bytes, str]:
    """The byte-order mark at the start, and the charset of what follows it; both empty without one."""
    return next(((mark, base) for mark, (_, base) in BYTE_ORDER_MARKS.items() if octets.startswith(mark)), (b"", ""))
