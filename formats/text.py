r"""Charsets of bank and authority files, told by content and never by trust.

Kazakhstan banks write CP1251, whose missing Kazakh letters travel as look-alikes (`ј` for `ә`, `ќ` for `қ` and so on,
both cases), CP866 from DOS days, UTF-8 and UTF-16. A file does not say which: a byte-order mark, strict UTF-8 and then
the frequencies of Russian and Kazakh letters decide. What no charset explains is refused with its line; nothing is
replaced by a question mark.

>>> encode("ҚҰДАЙБЕРГЕН", "cp1251")
b'\x8d\xa1\xc4\xc0\xc9\xc1\xc5\xd0\xc3\xc5\xcd'
>>> decode(b"/FM/\x8d\xa1\xc4\xc0\xc9\xc1\xc5\xd0\xc3\xc5\xcd", "r.txt").text
'/FM/ҚҰДАЙБЕРГЕН'
"""

import codecs
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

from formats.errors import Fault, FormatError

CHARSETS = ("utf-8", "utf-8-sig", "utf-16", "cp1251", "cp866")

_LOOK_ALIKES = str.maketrans("јѕєїўќґћЈЅЄЇЎЌҐЋ", "әңғүұқөһӘҢҒҮҰҚӨҺ")
_UNDEFINED = "\ufffe"


def _table(charset: str, refused: str) -> str:
    """The 256 letters of a charset, those that only a wrong charset yields left undefined so that decoding stops."""
    letters = bytes(range(256)).decode(charset, "replace").replace("\ufffd", _UNDEFINED)
    return letters.translate({ord(letter): _UNDEFINED for letter in refused})


# The refused signs of CP1251 are what CP866 words look like in it, and the other way round: a file that changes its
# charset half-way is found out at the first such word.
_TABLES = {
    "cp1251": _table("cp1251", "ЂЃѓ†‡€‰Љ‹ЊЏђ™љ›њџ¤¦§©¬\u00ad®").translate(_LOOK_ALIKES),
    "cp866": _table("cp866", "".join(map(chr, range(0x2500, 0x25A1))) + "ЄєЇїЎў°∙·√¤"),
}
_BYTES = {charset: codecs.charmap_build(table) for charset, table in _TABLES.items()}

# Occurrences in a thousand letters, roughly: Russian first, then what Kazakh adds.
_FREQUENCY = dict(zip("оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё", (
    110, 85, 80, 74, 67, 63, 55, 47, 45, 44, 35, 32, 30, 28, 26, 20, 19,
    17, 17, 16, 16, 14, 12, 10, 9, 7, 6, 5, 4, 3, 3, 1, 1,
), strict=True)) | dict(zip("іқғңәөұүһ", (15, 12, 8, 6, 6, 5, 5, 5, 1), strict=True))  # fmt: skip
_MARGIN = 4.0
"""How much likelier one single-byte charset must be, as a natural logarithm, before it is believed."""
_SAMPLE_BYTES = 65_536
_HELD_MAX = 1 << 20
_ENOUGH = 64
_FAULTS_MAX = 50
_ASCII = bytes(range(128))

# Control characters mean a binary file or a broken transfer. 0x1A is the exception: the message queue puts it before
# {1: and DOS at the end of a file.
_CONTROL = re.compile("[\x00-\x08\x0b-\x0c\x0e-\x19\x1b-\x1f\x7f-\x9f\ufffd\ufffe\uffff\ufeff]|\x1a(?!\\{1:|\\s*\\Z)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """The text of a file, the charset it was in and what gave the charset away."""

    text: str
    charset: str
    evidence: str


class UnencodableLetter(FormatError):
    """A letter that the bank's charset lacks: the text is not sent with a question mark in its place."""

    def __init__(self, letter: str, charset: str, line: int | None = None, word: str = "") -> None:
        """Say which letter, in which charset, on which line and in which word."""
        self.letter = letter
        self.charset = charset
        fault = Fault(
            line=line,
            place=f"charset {charset}",
            found=f"{letter} (U+{ord(letter):04X}) in {word or letter}",
            expected=f"letters that {charset} has",
            remedy="correct the letter, or agree another charset with the bank",
        )
        super().__init__("text to write", [fault])


def decode(data: bytes, source: str) -> Decoded:
    """The text of a whole file, its charset found by content.

    Raises FormatError with every line that the charset cannot explain, or when no charset is likelier than another.
    """
    charset, evidence = _detect(data, source, complete=True)
    return Decoded(text="".join(_decode_as(charset, [data], source, 1)), charset=charset, evidence=evidence)


def decode_stream(chunks: Iterable[bytes], source: str) -> Iterator[str]:
    """The text of a file of any size, chunk after chunk, in flat memory.

    ASCII chunks go through at once; the charset is chosen on the first chunks that hold other letters.
    Raises FormatError like decode(), at the chunk where the fault stands.
    """
    feed = iter(chunks)
    held, line, at_start = b"", 1, True
    for chunk in feed:
        held += chunk
        if at_start and len(held) < len(codecs.BOM_UTF8):
            continue
        if held.isascii() and b"\0" not in held:
            yield from _decode_as("utf-8", [held], source, line)
            line += held.count(b"\n")
            held, at_start = b"", False
        elif len(held) > _HELD_MAX or len(held.translate(None, _ASCII)) >= _ENOUGH:
            charset, _ = _detect(held, source, complete=False, at_start=at_start, line=line)
            yield from _decode_as(charset, chain([held], feed), source, line)
            return
    if held:
        charset, _ = _detect(held, source, complete=True, at_start=at_start, line=line)
        yield from _decode_as(charset, [held], source, line)


def encode(text: str, charset: str) -> bytes:
    """Bytes of the text in one of CHARSETS; CP1251 carries the Kazakh letters as their look-alikes.

    Raises UnencodableLetter for the first letter that the charset lacks, LookupError for a charset not in CHARSETS.
    """
    if charset not in CHARSETS:
        raise LookupError(f"charset {charset!r}: expected one of {', '.join(CHARSETS)}")
    try:
        if charset in _BYTES:
            return codecs.charmap_encode(text, "strict", _BYTES[charset])[0]
        return text.encode(charset)
    except UnicodeEncodeError as error:
        before = text[: error.start]
        word = (re.split(r"\s", before)[-1] + re.split(r"\s", text[error.start :])[0])[:40]
        raise UnencodableLetter(text[error.start], charset, before.count("\n") + 1, word) from None


def _detect(data: bytes, source: str, *, complete: bool, at_start: bool = True, line: int = 1) -> tuple[str, str]:
    """The charset of the bytes and the evidence for it; UTF-16 and byte-order marks count at the start only."""
    if at_start and data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig", "byte-order mark of UTF-8"
    if at_start and data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", "byte-order mark of UTF-16"
    if at_start and b"\0" in data:
        order = "be" if data[::2].count(0) > data[1::2].count(0) else "le"
        return f"utf-16-{order}", "zero bytes between the letters"
    if _is_utf8(data, complete=complete):
        return "utf-8", "pure ASCII" if data.isascii() else "valid UTF-8"
    return _single_byte(data, source, line)


def _is_utf8(data: bytes, *, complete: bool) -> bool:
    """Valid UTF-8, or UTF-8 with a little damage that is worth reporting as such."""
    try:
        codecs.utf_8_decode(data, "strict", complete)
    except UnicodeDecodeError:
        text = data[:_SAMPLE_BYTES].decode("utf-8", "replace")
        broken = text.count("\ufffd")
        whole = len(re.findall(r"[^\x00-\x7f]", text)) - broken
        return whole > 4 * broken
    return True


def _single_byte(data: bytes, source: str, line: int) -> tuple[str, str]:
    letters = data.translate(None, _ASCII)[:_SAMPLE_BYTES]
    counts = Counter(letters)
    scores = {charset: sum(logs[byte] * count for byte, count in counts.items()) for charset, logs in _LOGS.items()}
    best, other = sorted(scores, key=scores.__getitem__, reverse=True)
    if scores[best] - scores[other] < _MARGIN:
        readings = " or ".join(
            f"{''.join(_TABLES[c][b] for b in letters[:20]).replace(_UNDEFINED, '?')!r} ({c})" for c in sorted(_TABLES)
        )
        place = re.search(rb"[\x80-\xff]", data)
        line += data.count(b"\n", 0, place.start()) if place else 0
        raise FormatError(source, [_fault(line, readings, "enough letters to tell the charset")])
    return best, f"not UTF-8; {len(letters)} letters read likelier in {best} than in {other}"


def _logs(table: str) -> list[float]:
    """How likely each byte is: its letter's frequency, little for other signs, almost nothing for undefined ones."""
    rare = {_UNDEFINED: 0.001}
    return [math.log(_FREQUENCY.get(letter.lower(), rare.get(letter, 0.5)) / 1000) for letter in table]


_LOGS = {charset: _logs(table) for charset, table in _TABLES.items()}


def _decode_as(charset: str, chunks: Iterable[bytes], source: str, line: int) -> Iterator[str]:
    """Decode the chunks strictly; a chunk with faults ends the reading with all the faults of that chunk."""
    if charset in _TABLES:
        return _checked(_by_table(charset, chunks, source, line), source, line)
    return _checked(_by_codec(charset, chunks, source, line), source, line)


def _by_table(charset: str, chunks: Iterable[bytes], source: str, line: int) -> Iterator[str]:
    table = _TABLES[charset]
    for chunk in chunks:
        try:
            yield codecs.charmap_decode(chunk, "strict", table)[0]
        except UnicodeDecodeError:
            undefined = bytes(byte for byte in range(256) if table[byte] == _UNDEFINED)
            bad = re.compile(b"[" + re.escape(undefined) + b"]+")
            rows = (bad.search(row) for row in chunk.split(b"\n"))
            raise FormatError(source, _per_line((m and str(m[0]) for m in rows), charset, line)) from None
        line += chunk.count(b"\n")


def _by_codec(charset: str, chunks: Iterable[bytes], source: str, line: int) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(charset)()
    for chunk in chain(chunks, [None]):
        try:
            text = decoder.decode(chunk or b"", chunk is None)
        except UnicodeDecodeError as error:
            raise FormatError(source, _per_line(*_undecodable_rows(error, charset, line))) from None
        line += text.count("\n")
        yield text


def _undecodable_rows(error: UnicodeDecodeError, charset: str, line: int) -> tuple[list[str | None], str, int]:
    """What is wrong in each row; of UTF-16, where a line feed is not one byte, only the first place."""
    if charset.startswith("utf-16"):
        before = error.object[: error.start].decode(charset, "ignore")
        return [str(error.object[error.start : error.start + 8])], charset, line + before.count("\n")
    return [_undecodable(row, charset) for row in error.object.split(b"\n")], charset, line


def _undecodable(row: bytes, charset: str) -> str | None:
    try:
        row.decode(charset)
    except UnicodeDecodeError as error:
        return str(row[error.start : error.end])
    return None


def _checked(texts: Iterable[str], source: str, line: int) -> Iterator[str]:
    for text in texts:
        if not _is_clean(text) and _CONTROL.search(text):
            rows = (_CONTROL.search(row + "\n") for row in text.split("\n"))
            raise FormatError(source, _per_line((m and ascii(m[0]) for m in rows), "text", line))
        line += text.count("\n")
        yield text


def _is_clean(text: str) -> bool:
    """Whether the text surely has no control character; one with a tab or a no-break space is looked at closely."""
    return "\ufffd" not in text and text.replace("\n", "").replace("\r", "").isprintable()


def _per_line(found: Iterable[str | None], charset: str, line: int) -> list[Fault]:
    """One fault for each line where something was found, and no more faults than a person would read."""
    expected = f"{charset} letters" if charset != "text" else "no control characters"
    faults = (_fault(number, sign[:60], expected) for number, sign in enumerate(found, line) if sign)
    few = list(islice(faults, _FAULTS_MAX))
    return [*few, *(_fault(None, "more lines like these", expected) for _ in islice(faults, 1))]


def _fault(line: int | None, found: str, expected: str) -> Fault:
    return Fault(
        line=line,
        place="charset",
        found=found,
        expected=expected,
        remedy="ask the sender for the file in one charset, best in UTF-8",
    )
