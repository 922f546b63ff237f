r"""The charsets of Kazakhstan's bank files: their names, their letters, and which of them some bytes are in.

CP1251 of Kazakhstan is the standard KZ-1048 (STRK1048-2002): CP1251 with nine Kazakh letters, eight of them at the code
points of letters that Russian and Kazakh do not use. Programs that know plain CP1251 only show them as these
look-alikes (`ј` for `ә`, `ќ` for `қ` and so on, both cases).

A byte-order mark gives a charset away; zero bytes in every second place and valid UTF-8 do so nearly as surely. Among
CP1251, CP866 and KOI8-R the words decide: how frequent their letters are, how vowels and consonants follow each other,
and whether small and capital letters stand as they do in words. Where they do not decide, the charset is not guessed.

>>> told = tell("ИВАНОВА АННА".encode("cp866"))
>>> print(told.charset, told.evidence)
cp866 not UTF-8; 11 letters in 2 words read likeliest in cp866 (score 78 over cp1251, 126 over koi8-r)
>>> charset_named("Windows-1251")
'cp1251'
"""

import codecs
import math
import re
from dataclasses import dataclass

CHARSETS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251", "cp866", "koi8-r")

_ALIASES = {
    "utf-8": ("utf8", "unicode-1-1-utf-8", "65001"),
    "utf-8-sig": ("utf8sig", "utf-8-bom"),
    "utf-16": ("utf16", "unicode"),
    "utf-16-le": ("utf16le", "1200"),
    "utf-16-be": ("utf16be", "1201"),
    "cp1251": ("1251", "windows-1251", "win1251", "windows", "win", "ansi", "kz1048", "rk1048", "strk1048-2002"),
    "cp866": ("866", "ibm866", "dos", "oem"),
    "koi8-r": ("koi8", "koi"),
}
UNDEFINED = "\ufffe"
_BOX_DRAWING = "".join(map(chr, range(0x2500, 0x25A1)))


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]", "", name).lower()


_NAMES = {_plain(name): charset for charset, aliases in _ALIASES.items() for name in (charset, *aliases)}


def charset_named(name: str) -> str:
    """The charset that a person means by this name, in any case and with or without hyphens.

    Raises LookupError for an unknown name, with the names that are known.
    """
    if _plain(name) not in _NAMES:
        known = "; ".join(f"{charset} ({', '.join(aliases)})" for charset, aliases in _ALIASES.items())
        raise LookupError(f"charset {name!r} is not known; known are {known}")
    return _NAMES[_plain(name)]


def _table(codec: str, refused: str, more: dict[int, str] | None = None) -> str:
    """The 256 letters of a charset, those that only a wrong charset yields left undefined so that decoding stops."""
    letters = bytes(range(256)).decode(codec, "replace").replace("\ufffd", UNDEFINED)
    letters = letters.translate({ord(letter): UNDEFINED for letter in refused})
    return "".join((more or {}).get(byte, letter) for byte, letter in enumerate(letters))


# What words of one charset look like in another is refused: a file that changes its charset half-way is found out at
# the first such word.
_FOREIGN = {
    "cp1251": "ЂЃѓ†‡‰Љ‹ЊЏђљ›њџ¤¦¬\u00ad",
    "cp866": _BOX_DRAWING + "ЄєЇїЎў∙·√¤",
    "koi8-r": _BOX_DRAWING + "∙√≈≤≥⌠⌡²·÷",
}
_CODECS = {"cp1251": "kz1048", "cp866": "cp866", "koi8-r": "koi8-r"}
# Signs that a person may vouch for by naming the charset; unvouched they speak for another charset.
_VOUCHED = {"cp1251": "€™§©®", "cp866": "°", "koi8-r": "°©"}
# KOI8-U has the Kazakh І where KOI8-R draws boxes: read, but not written.
_KOI8_U = {0xA6: "і", 0xB6: "І"}

WRITTEN = {charset: _table(_CODECS[charset], _FOREIGN[charset] + _VOUCHED[charset]) for charset in _CODECS}
"""The letters of each charset as they are written."""
TOLD = WRITTEN | {"koi8-r": _table("koi8-r", _FOREIGN["koi8-r"] + _VOUCHED["koi8-r"], _KOI8_U)}
"""The letters that are read when the charset was told by content."""
NAMED = {
    "cp1251": _table("kz1048", _FOREIGN["cp1251"]),
    "cp866": _table("cp866", _FOREIGN["cp866"]),
    "koi8-r": _table("koi8-r", _FOREIGN["koi8-r"], _KOI8_U),
}
"""The letters that are read when a person named the charset."""

BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: ("utf-8-sig", "utf-8"),
    codecs.BOM_UTF16_LE: ("utf-16", "utf-16-le"),
    codecs.BOM_UTF16_BE: ("utf-16", "utf-16-be"),
}
"""Each mark with the charset it gives away and the charset of the bytes that follow it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The charset that bytes are in and what gave it away; no charset, and the readings in each, when nothing did."""

    charset: str | None
    evidence: str
    readings: tuple[tuple[str, str], ...] = ()


def tell(data: bytes, *, at_start: bool = True, complete: bool = True) -> Told:
    """The charset of the bytes; of an incomplete sample only what is beyond doubt.

    UTF-16 and byte-order marks count at the start of a file only.
    """
    mark = next((mark for mark in BYTE_ORDER_MARKS if at_start and data.startswith(mark)), None)
    if mark is not None:
        charset, marked = BYTE_ORDER_MARKS[mark]
        return Told(charset=charset, evidence=f"byte-order mark of {marked.upper()}")
    order = utf16_order(data) if at_start else None
    if order:
        return Told(charset=order, evidence="zero bytes in every second place")
    if data.isascii():
        return Told(charset="utf-8", evidence="pure ASCII")
    if not _is_utf8(data, complete=complete):
        return _single_byte(data, "not UTF-8", complete=complete)
    if _is_utf8_by_accident(data):
        return _single_byte(data, "UTF-8 by accident", complete=False)
    return Told(charset="utf-8", evidence="valid UTF-8")


def utf16_order(data: bytes) -> str | None:
    """The byte order of UTF-16 without a mark: Cyrillic and ASCII letters have 04 or 00 in every second place."""
    sample = data[:_SAMPLE_BYTES]
    sample = sample[: len(sample) & ~1]
    if b"\0" not in sample or len(sample) < 4:
        return None
    for order, high in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[0::2])):
        if 10 * (high.count(0) + high.count(4)) >= 9 * len(high):
            return order
    return None


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


def _is_utf8_by_accident(data: bytes) -> bool:
    """Whether a few bytes are valid UTF-8 of letters that no bank writes: `раз` in CP866 is a sign of Samaritan."""
    letters = data.translate(None, _ASCII) if len(data) <= _SAMPLE_BYTES else b""
    return 0 < len(letters) <= _ACCIDENT_BYTES and not _FAMILIAR.search(data.decode("utf-8", "replace"))


_ASCII = bytes(range(128))
_ACCIDENT_BYTES = 16
_FAMILIAR = re.compile("[\u00a0-\u017f\u0400-\u045fәғқңөұүһӘҒҚҢӨҰҮҺ\u2010-\u27bf\ufeff\ufffd]")

# Occurrences in a thousand letters, roughly: Russian first, then what Kazakh adds.
_FREQUENCY = dict(zip("оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё", (
    110, 85, 80, 74, 67, 63, 55, 47, 45, 44, 35, 32, 30, 28, 26, 20, 19,
    17, 17, 16, 16, 14, 12, 10, 9, 7, 6, 5, 4, 3, 3, 1, 1,
), strict=True)) | dict(zip("іқғңәөұүһ", (15, 12, 8, 6, 6, 5, 5, 5, 1), strict=True))  # fmt: skip
_CLASSES = str.maketrans(
    dict.fromkeys("аәеёиіоөуұүыэюя", "v") | dict.fromkeys("бвгғджзйкқлмнңпрстфхһцчшщ", "c") | dict.fromkeys("ьъ", "s")
)
# Scores are thousandths of a natural logarithm. Vowels and consonants take turns; a soft sign follows a consonant.
_NEIGHBOURS = {"vv": -1000, "cc": -500, "vc": 400, "cv": 400, "vs": -4000, "ss": -6000, " s": -4000}
_RARE, _NONE, _MIXED_CASE, _KOI8_IS_RARE = 0.5, 0.001, -3000, -1500
_CERTAIN = 5000
"""How much better one charset must score than the next before it is believed: it is then 150 times likelier."""
_CERTAIN_OF_A_SAMPLE = 10_000
"""The same while the rest of the file may still bring better evidence."""
_SAMPLE_BYTES = 65_536
_WORDS_MAX = 500
_SHOWN = 20


def _logs(table: str) -> list[int]:
    """How likely each byte is: its letter's frequency, little for other signs, almost nothing for undefined ones."""
    rare = {UNDEFINED: _NONE}
    likely = [_FREQUENCY.get(letter.lower(), rare.get(letter, _RARE)) for letter in table]
    return [round(1000 * math.log(frequency / 1000)) for frequency in likely]


_LOGS = {charset: _logs(table) for charset, table in TOLD.items()}


def _single_byte(data: bytes, why: str, *, complete: bool) -> Told:
    """Which of CP1251, CP866 and KOI8-R the bytes are in, by the different words of the first part of them."""
    first = re.search(rb"[\x80-\xff]", data)
    found = re.findall(rb"[\x80-\xff]+", data[first.start() : first.start() + _SAMPLE_BYTES]) if first else []
    words = list(dict.fromkeys(found))[:_WORDS_MAX]
    scores = {charset: sum(_score(word, charset) for word in words) for charset in TOLD}
    scores["koi8-r"] += _KOI8_IS_RARE
    best, *others = sorted(scores, key=scores.__getitem__, reverse=True)
    leads = {charset: scores[best] - scores[charset] for charset in others}
    letters = f"{sum(map(len, words))} letters in {len(words)} word{'' if len(words) == 1 else 's'}"
    over = ", ".join(f"{lead // 1000} over {charset}" for charset, lead in leads.items())
    if leads[others[0]] < (_CERTAIN if complete else _CERTAIN_OF_A_SAMPLE):
        shown = b" ".join(words)[:_SHOWN]
        readings = tuple((charset, shown.decode(_CODECS[charset], "replace")) for charset in TOLD)
        return Told(charset=None, evidence=f"{why}; {letters} are too few or too unlike words", readings=readings)
    return Told(charset=best, evidence=f"{why}; {letters} read likeliest in {best} (score {over})")


def _score(word: bytes, charset: str) -> int:
    """How likely the word is in the charset: by its letters, by their order and by their case."""
    logs, table = _LOGS[charset], TOLD[charset]
    text = "".join([table[byte] for byte in word])
    classes = " " + text.lower().translate(_CLASSES)
    neighbours = sum(_NEIGHBOURS.get(classes[place : place + 2], 0) for place in range(len(text)))
    is_mixed = not (text.islower() or text.isupper() or (text[0].isupper() and text[1:].islower()))
    return sum(logs[byte] for byte in word) + neighbours + (_MIXED_CASE if is_mixed and text.isalpha() else 0)
