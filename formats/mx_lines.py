"""Tagged texts in the lines of a remittance: `/NUM/101`, each on a line of its own, longer ones on several.

A text without a tag may stand first. A line that does not begin with a tag goes on with the line before, after one
blank: as in MT messages, where /ASSIGN/ runs on. This is how Esep proposes to carry what ISO 20022 has no place for.

>>> rows = encode([("", "ЗАЧИСЛЕНИЕ ПО СПИСКУ"), ("NUM", "101"), ("CHIEF", "СЕРИКОВ С.С.")], 16)
>>> rows
('ЗАЧИСЛЕНИЕ ПО', 'СПИСКУ', '/NUM/101', '/CHIEF/СЕРИКОВ', 'С.С.')
>>> decode(rows)
[('', 'ЗАЧИСЛЕНИЕ ПО СПИСКУ'), ('NUM', '101'), ('CHIEF', 'СЕРИКОВ С.С.')]
"""

import re
from collections.abc import Iterable

Entry = tuple[str, str]
"""A tag of capital letters and digits, '' for the text that has none, and the text."""

_TAGGED = re.compile(r"/([A-Z0-9]{2,8})/(.*)", re.DOTALL)
_UNTAGGED = "TEXT"


def encode(entries: Iterable[Entry], width: int) -> tuple[str, ...]:
    """The lines of the entries, each at most `width` long.

    Raises ValueError, whose text is the entry, for one that cannot be broken between words so that it is joined again.
    """
    rows: list[str] = []
    for tag, text in entries:
        name = tag or (_UNTAGGED if _TAGGED.fullmatch(text) or rows else "")
        rows += _broken(f"/{name}/{text}" if name else text, width)
    return tuple(row for row in rows if row)


def decode(lines: Iterable[str]) -> list[Entry]:
    """The entries of the lines."""
    found: list[Entry] = []
    for line in lines:
        match = _TAGGED.fullmatch(line)
        if match is not None:
            found.append(("" if match[1] == _UNTAGGED else match[1], match[2]))
        elif found:
            tag, text = found[-1]
            found[-1] = tag, f"{text} {line}"
        else:
            found.append(("", line))
    return found


def _broken(row: str, width: int) -> list[str]:
    """The row broken at single blanks before a word that does not begin like a tag."""
    rows = []
    rest = row
    while len(rest) > width:
        places = (at for at in range(width, 0, -1) if rest[at] == " " and not rest[at - 1].isspace())
        place = next((at for at in places if not rest[at + 1 : at + 2].isspace() and rest[at + 1 : at + 2] != "/"), 0)
        if not place:
            raise ValueError(row)
        rows.append(rest[:place])
        rest = rest[place + 1 :]
    return [*rows, rest]
