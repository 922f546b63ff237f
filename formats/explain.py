"""What a word of a bank message means: tags, subfields, codes, keys, elements, banks, as people type them.

The words stand in data/terms_*.toml, a file a format. Each says how sure its meaning is, since most of Kazakhstan's
formats were never published, and which page tells more.

>>> [one.name_en for one in explain(":32A:")]
['value date, currency and total']
>>> [one.term for one in explain("d")]
['/D/', 'mark D']
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"

_NEAR_MAX = 5
_LIKENESS_MIN = 0.5
_SIGNS = re.compile(r"[\s:/\\{}<>\[\]()*«»\"'.,;=_-]+")
_VERSIONED = re.compile(r"(?:.*:)?([a-z]{4}\.[0-9]{3})\.[0-9]{3}\.[0-9]{2}")
_BRANCH = re.compile(r"([A-Z]{6}[A-Z0-9]{2})[A-Z0-9]{3}", re.IGNORECASE)
_ACCOUNT = re.compile(r"KZ[0-9]{2}([0-9]{3})[A-Z0-9]{13}", re.IGNORECASE)
_PURPOSE = re.compile(r"(?:knp|кнп)?([0-9])[0-9]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One meaning of a word: how it is spelled and in which format, its names, its form, what is done with it.

    `certainty` says in words how sure this is, `page` is where the documentation tells more; `rule` may be ''.
    """

    term: str
    format: str
    name_en: str
    name_kk: str
    name_ru: str
    form: str
    rule: str
    example: str
    certainty: str
    page: str

    def __str__(self) -> str:
        rows = [f"{self.term}  {self.name_en} ({self.format})", f"  {self.name_kk}", f"  {self.name_ru}"]
        rows += [f"  form: {self.form}", *([f"  {self.rule}"] if self.rule else []), f"  example: {self.example}"]
        return "\n".join([*rows, f"  {self.certainty}; see {self.page}"])


class UnknownTerm(ValueError):
    """A word that has no meaning here, with the known ones that are spelled most like it."""

    def __init__(self, word: str, near: tuple[str, ...]) -> None:
        self.word = word
        self.near = near
        super().__init__(word, near)

    def __str__(self) -> str:
        if self.near:
            return f"{self.word!r} is no word of a bank message that Esep knows; the nearest are {', '.join(self.near)}"
        return f"{self.word!r} is no word of a bank message that Esep knows; docs/formats/README.md lists the formats"


def explain(word: str) -> tuple[Explanation, ...]:
    """All meanings of a word, in whatever way it is typed: `:32A:`, `32a`, `/KNP/`, `KNP 027`, `MT-102`, `NtryRef`.

    Raises UnknownTerm, which names the nearest words.
    """
    for spelling in _spellings(word.strip()):
        found = _index().get(spelling)
        if found:
            return tuple(found)
    raise UnknownTerm(word, _near(word))


def terms() -> tuple[Explanation, ...]:
    """Every meaning that is known, file by file."""
    return tuple(one for one, _ in _entries())


def _spellings(word: str) -> Iterator[str]:
    """The word as it may be listed, and what it is a case of: a version, a branch of a bank, an account, a group."""
    folded = _folded(word)
    yield folded
    yield folded.removeprefix("мт" if folded.startswith("мт") else "mt")
    if versioned := _VERSIONED.fullmatch(word.casefold()):
        yield _folded(versioned[1])
    if branch := _BRANCH.fullmatch(word):
        yield _folded(branch[1])
    if account := _ACCOUNT.fullmatch(word.replace(" ", "")):
        yield account[1]
    if purpose := _PURPOSE.fullmatch(folded):
        yield f"knp{purpose[1]}xx"


def _near(word: str) -> tuple[str, ...]:
    index = _index()
    likest = get_close_matches(_folded(word), index, _NEAR_MAX, _LIKENESS_MIN)
    return tuple(dict.fromkeys(one.term for spelling in likest for one in index[spelling]))[:_NEAR_MAX]


def _folded(word: str) -> str:
    """The word without the signs around and within it; those of nothing but signs, like `-}`, stay as they are."""
    return _SIGNS.sub("", word).casefold() or word


@cache
def _index() -> dict[str, list[Explanation]]:
    """The meanings by every spelling that is listed for them."""
    found: dict[str, list[Explanation]] = {}
    for one, words in _entries():
        for spelling in dict.fromkeys(map(_folded, (one.term, *words, *_bare(one.term)))):
            found.setdefault(spelling, []).append(one)
    return found


def _bare(term: str) -> tuple[str, ...]:
    """A purpose code is also typed without KNP, and with the word in Russian."""
    code = term.removeprefix("KNP ")
    return (code, f"КНП {code}") if code != term else ()


@cache
def _entries() -> tuple[tuple[Explanation, tuple[str, ...]], ...]:
    """Every meaning with the other words for it."""
    return tuple(entry for file in sorted(DATA.glob("terms_*.toml")) for entry in _read(file))


def _read(file: Path) -> Iterator[tuple[Explanation, tuple[str, ...]]]:
    names = [field.name for field in fields(Explanation)]
    for section in tomllib.loads(file.read_text(encoding="utf-8"))["sections"]:
        for term in section["terms"]:
            values: dict[str, Any] = {"rule": ""} | section | term
            yield Explanation(**{name: values[name] for name in names}), tuple(term.get("words", ()))
