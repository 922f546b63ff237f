"""How like two spellings of a person's name are: only to propose a pair to a person, never to match (E72).

Banks, the authority and the awards write one name in Kazakh or in Russian letters, with the patronymic in either
language or without it, in any order, with initials, on any keyboard. What is only spelling is folded away: letters
that stand for one another (ә а, ғ г, қ к, ң н, ө о, ұ ү ю у, һ х, і ы й и, ё э е), letters that look alike, soft and
hard signs, doubled letters, -ұлы and -ович, -қызы and -овна. What is left different is another name, even by one
letter: Нұрлан and Нұржан may be brothers. How far apart they are is told by rapidfuzz.

>>> same_name("Әбілқайырова Құралай Серікқызы", "КУРАЛАЙ АБИЛКАИРОВА")
True
>>> similarity("Нұрлан", "Нуржан") < similarity("Нұрлан", "Нурлан") == 100
True
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations
from unicodedata import normalize

from rapidfuzz import fuzz

# Letters that a keyboard or a wrong charset put for a letter of one look: Latin ones, and CP1251 read for KZ-1048.
_KAZAKH = "ӘҒҚҢӨҰҮҺІәғқңөұүһі"
_LOOK_ALIKES = str.maketrans(
    dict(zip("ABCEHKMOPTXYI", "АВСЕНКМОРТХУІ", strict=True))
    | dict(zip(_KAZAKH.encode("kz1048").decode("cp1251").upper(), _KAZAKH.upper(), strict=True))
)
_ONE_LETTER = str.maketrans(
    dict(zip("ӘҒҚҢӨҰҮЮҺІЫЙЁЭ", "АГКНОУУУХИИИЕЕ", strict=True)) | {"Я": "ИА", "Ь": "", "Ъ": "", "'": "", "’": ""}
)
_SON, _DAUGHTER = "+УЛИ", "+КИЗИ"
_PATRONYMIC = (
    (re.compile(r"(?<=..)И?(?:УЛИ|ОВИЧ|ЕВИЧ|ОГЛИ)$"), _SON),
    (re.compile(r"(?<=..)И?(?:КИЗИ|ОВНА|ЕВНА)$"), _DAUGHTER),
)
_APART = re.compile(r"\s+(УЛИ|КИЗИ|ОГЛИ)\b")
_DOUBLED = re.compile(r"(\w)\1+")
_WORD = re.compile(r"\w+")

_WORDS_MAX = 6
_INITIAL, _UNSAID = 90, 90
"""What an initial counts that fits, and a third word that only one of the two says."""
_OTHER_NAME = 0.8
"""The most that two different words count of their likeness, so that no mistake looks like a spelling."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Paired:
    """The best pairing of the words of two names; `whole` words agree in full, `initials` by their first letter."""

    score: int
    whole: int
    initials: int
    strange: int
    unsaid: int


def similarity(a: str, b: str) -> int:
    """How like two names are, from 0 to 100: 100 when they differ in spelling and order only, 0 when one is empty."""
    return _paired(a, b).score


def same_name(a: str, b: str) -> bool:
    """Whether two names are spellings of one: every word that both say agrees, two words at least.

    A single word is compared with a single word only; a third word that only one of them says is no difference; an
    initial agrees with a word that begins with it, beside at least one word in full.
    """
    found = _paired(a, b)
    agree = found.whole + found.initials
    if found.strange or not found.whole:
        return False
    return found.unsaid == 0 or (agree >= 2 and found.unsaid == 1)


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name with their spelling folded away, sorted: what two spellings of one name have in common.

    >>> words_of("Серікұлы Нұрлан") == words_of("НУРЛАН СЕРИКОВИЧ")
    True
    """
    text = normalize("NFC", name).upper().translate(_LOOK_ALIKES).translate(_ONE_LETTER)
    return tuple(sorted(_folded(word) for word in _WORD.findall(_APART.sub(r"\1", text.replace("ДЖ", "Ж")))))


def _folded(word: str) -> str:
    """The word with one ending for a son or a daughter, then without doubled letters: Серік and қызы meet in a қ."""
    for ending, means in _PATRONYMIC:
        if ending.search(word):
            word = ending.sub(means, word)
            break
    return _DOUBLED.sub(r"\1", word)


@lru_cache(maxsize=4096)
def _paired(a: str, b: str) -> _Paired:
    fewer, more = sorted((words_of(a), words_of(b)), key=lambda words: (len(words), words))
    if not fewer:
        return _Paired(score=0, whole=0, initials=0, strange=0, unsaid=len(more))
    if len(more) > _WORDS_MAX:
        score = round(_OTHER_NAME * fuzz.ratio(" ".join(fewer), " ".join(more)))
        whole = len(more) if fewer == more else 0
        return _Paired(score=100 if whole else score, whole=whole, initials=0, strange=int(not whole), unsaid=0)
    points = [[_points(one, other) for other in more] for one in fewer]
    best = max(
        permutations(range(len(more)), len(fewer)),
        key=lambda places: _weighed(fewer, more, points, places),
    )
    got = [points[at][place] for at, place in enumerate(best)]
    whole = sum(1 for word, point in zip(fewer, got, strict=True) if point == 100 and len(word) > 1)
    agree = sum(1 for point in got if point >= _INITIAL)
    return _Paired(
        score=_weighed(fewer, more, points, best),
        whole=whole,
        initials=agree - whole,
        strange=len(fewer) - agree,
        unsaid=len(more) - len(fewer),
    )


def _points(one: str, other: str) -> int:
    """How like two folded words are: 100 equal, 90 an initial that fits, less for another name."""
    if one == other:
        return 100
    if 1 in {len(one), len(other)}:
        return _INITIAL if one[0] == other[0] else 0
    return round(_OTHER_NAME * fuzz.ratio(one, other))


def _weighed(fewer: tuple[str, ...], more: tuple[str, ...], points: list[list[int]], places: tuple[int, ...]) -> int:
    """The likeness of all words under a pairing, longer words counting more; a word that is not said counts little."""
    pairs = [(points[at][place], max(len(fewer[at]), len(more[place]))) for at, place in enumerate(places)]
    unsaid = _UNSAID if len(fewer) >= 2 and len(more) == len(fewer) + 1 else 0
    pairs += [(unsaid, len(word)) for place, word in enumerate(more) if place not in places]
    total, weight = sum(point * size for point, size in pairs), sum(size for _, size in pairs)
    # Rounded down: only what is equal in full is 100.
    return total // weight
