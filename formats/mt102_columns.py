"""People of an MT-102 many at a time: where records of one shape follow one another, whole columns are looked at.

The rows of such records, every k-th of them, are one column; it is right when each row begins alike and the joined
values pass one pattern. That is ten times faster than value by value. A run that is not surely right is left to the
careful reader of mt102_reading, which says what is wrong; both give the same people.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import pairwise, repeat

from formats.amounts import parse_amounts
from formats.mt import TextBlock
from formats.mt102_message import PERIODS, Mt102Item

_ROWS_MAX = 16_000
_ROWS_MIN = 600
_FEW = 64
_ENDS = (":21:", ":32A:")
_MEMO_MAX = 50_000
_PREFIX = re.compile(r":21:|:32B:KZT|:70:(?=$)|(?::70:)?//?OPV/(?=[CVS]$)|//?(?:FM|NM|FT|DT|IDN|PERIOD|LA|ASSIGN)/")
_TAGS = [":21:", ":32B", ":70:"]
_NEEDED = {"21", "32B", "70", "FM", "NM", "IDN"}
_FIELDS = ("21", "32B", "FM", "NM", "FT", "IDN", "LA", "ASSIGN", "DT", "PERIOD", "OPV")
"""In the order of the fields of Mt102Item."""

Column = Sequence[object]


class Columns:
    """Takes runs of records off the rows of one message, and keeps what it learned of days and of how long runs are."""

    def __init__(self) -> None:
        self._days: dict[str, date] = {}
        self._careful = 0
        self._reach = _ROWS_MAX

    def take(self, text: TextBlock) -> tuple[list[Mt102Item], Sequence[int]]:
        """The people of the records that come next and are surely right, and the line of each.

        There are none when the next one needs a closer look.
        """
        if self._careful:
            self._careful -= 1
            return [], ()
        block, start = text.rows.block()
        first = text.rows.number
        starts = _starts(block, start, self._reach)
        while len(starts) > 1:
            people = self._people(block, starts)
            if people:
                self._reach = min(2 * self._reach, _ROWS_MAX)
                text.skip(starts[-1] - start)
                return people, [first + place - start for place in starts[:-1]]
            if len(starts) <= _FEW:
                # One of a few is unusual: they are read one by one rather than tried again and again.
                self._careful = len(starts) - 2
                self._reach = max(self._reach // 4, _ROWS_MIN)
                return [], ()
            del starts[len(starts) // 8 + 1 :]
        return [], ()

    def _people(self, block: list[str], starts: Sequence[int]) -> list[Mt102Item]:
        """The people of the records that begin at these places, the last of which ends them; [] if any is unusual."""
        width = starts[1] - starts[0]
        if starts[-1] - starts[0] == width * (len(starts) - 1) and _is_even(starts, width):
            rows = block[starts[0] : starts[-1]]
            people = self._alike([rows[place::width] for place in range(width)])
            if people:
                return people
        return self._unlike(block, starts)

    def _unlike(self, block: list[str], starts: Sequence[int]) -> list[Mt102Item]:
        """The people of records of several shapes, each shape by itself, in the order of the records."""
        shapes: dict[tuple[str, ...], list[int]] = {}
        for number, (start, end) in enumerate(pairwise(starts)):
            shapes.setdefault(tuple([row[:4] for row in block[start + 1 : end]]), []).append(number)
        found: dict[int, Mt102Item] = {}
        for shape, numbers in shapes.items():
            places = [starts[number] for number in numbers]
            people = self._alike([[block[place + row] for place in places] for row in range(len(shape) + 1)])
            if not people:
                return []
            found.update(zip(numbers, people, strict=True))
        return [found[number] for number in range(len(found))]

    def _alike(self, rows: Sequence[list[str]]) -> list[Mt102Item]:
        """The people of records of one shape, given column by column; [] when a value is unusual."""
        prefixes = _prefixes([column[0] for column in rows])
        columns: dict[str, Column] = {}
        for prefix, column in zip(prefixes, rows, strict=False):
            name = _name(prefix)
            values = _values(column, prefix)
            checked = values and _CHECKS[name](self, values)
            if not checked:
                return []
            columns[name] = checked
        if not columns:
            return []
        empty: dict[str, Iterator[object]] = {"DT": repeat(None)}
        ordered = (columns.get(name, empty.get(name, repeat(""))) for name in _FIELDS)
        return list(map(Mt102Item._make, zip(*ordered, repeat(""), repeat(""), repeat(""), repeat(()))))

    def birth_dates(self, values: list[str]) -> Column:
        """Days YYYYMMDD, each different one read once."""
        known = self._days
        if len(known) > _MEMO_MAX:
            known.clear()
        for text in set(values).difference(known):
            try:
                if len(text) != 8 or not (text.isascii() and text.isdigit()):
                    return ()
                known[text] = date(int(text[:4]), int(text[4:6]), int(text[6:]))
            except ValueError:
                return ()
        return list(map(known.__getitem__, values))


def _name(prefix: str) -> str:
    """The tag or subfield of a row that begins so: `32B` of `:32B:KZT`, `OPV` of `:70:/OPV/`."""
    return prefix.replace(":70:", "").strip(":/").removesuffix(":KZT") or "70"


def _prefixes(record: Sequence[str]) -> list[str]:
    """How each row of a record begins; [] when one is unusual or stands under another tag than it should."""
    prefixes = [match[0] if (match := _PREFIX.match(row)) else "" for row in record]
    names = list(map(_name, prefixes))
    if any(prefix.startswith(":70:") and prefix != ":70:" for prefix in prefixes):
        names.append("70")
    tags = [prefix[:4] for prefix in prefixes if prefix.startswith(":")]
    # What stands before :70: would belong to another tag.
    right = all(prefixes) and len(set(names)) == len(names) and set(names) >= _NEEDED and tags == _TAGS
    return prefixes if right and prefixes[2].startswith(":70:") else []


def _starts(block: list[str], start: int, reach: int) -> list[int]:
    """Where the records of so many rows of the block begin, and where the last whole one of them ends."""
    last = min(len(block), start + reach)
    starts = [start]
    width = next((place for place in range(start + 1, last) if block[place].startswith(_ENDS)), last) - start
    for place in range(start + width, last, width):
        # As long as records are alike, only their first rows are looked at; the columns show whether they are.
        if not block[place].startswith(_ENDS):
            break
        starts.append(place)
        if not block[place].startswith(":21:"):
            return starts
    return starts if len(starts) > _FEW else _all_starts(block, start, last)


def _all_starts(block: list[str], start: int, last: int) -> list[int]:
    starts: list[int] = []
    for place in range(start, last):
        if block[place].startswith(_ENDS):
            starts.append(place)
            if not block[place].startswith(":21:"):
                break
    return starts


def _is_even(starts: Sequence[int], width: int) -> bool:
    return starts == list(range(starts[0], starts[-1] + 1, width))


def _values(rows: list[str], prefix: str) -> list[str]:
    """What follows the prefix in each of the rows; [] when one of them begins with something else."""
    values = "\n".join(("", *rows)).split(f"\n{prefix}")
    return values[1:] if len(values) == len(rows) + 1 and not values[0] else []


def _numbers(_: Columns, values: list[str]) -> Column:
    digits = "".join(values)
    if not (digits.isascii() and digits.isdigit() and all(values) and max(map(len, values)) <= 9):
        return ()
    return list(map(int, values))


def _amounts(_: Columns, values: list[str]) -> Column:
    return parse_amounts(values) or ()


def _surnames(_: Columns, values: list[str]) -> Column:
    """A second surname stands behind a slash."""
    return values if all(values) and "/" not in "".join(values) and _are_plain(values) else ()


def _texts(_: Columns, values: list[str]) -> Column:
    return values if all(values) and _are_plain(values) else ()


def _optional_texts(_: Columns, values: list[str]) -> Column:
    return values if _are_plain(values) else ()


def _accounts(_: Columns, values: list[str]) -> Column:
    """Only Latin letters are surely an account; others may look like them."""
    text = "".join(values)
    return values if text.isascii() and text.isprintable() and _are_plain(values) else ()


def _are_plain(values: list[str]) -> bool:
    """Whether nothing blank stands at an end, and no other message begins."""
    text = "".join(values)
    return "\x1a" not in text and "{1:" not in text and list(map(str.strip, values)) == values


def _person_numbers(_: Columns, values: list[str]) -> Column:
    digits = "".join(values)
    return values if digits.isascii() and digits.isdigit() and set(map(len, values)) == {12} else ()


def _months(_: Columns, values: list[str]) -> Column:
    return values if PERIODS.issuperset(values) else ()


def _contributions(_: Columns, values: list[str]) -> Column:
    return values if {"C", "V", "S"}.issuperset(values) else ()


def _nothing(_: Columns, values: list[str]) -> Column:
    return values if not any(values) else ()


_CHECKS: dict[str, Callable[[Columns, list[str]], Column]] = {
    "21": _numbers,
    "32B": _amounts,
    "70": _nothing,
    "FM": _surnames,
    "NM": _texts,
    "FT": _optional_texts,
    "IDN": _person_numbers,
    "LA": _accounts,
    "ASSIGN": _optional_texts,
    "DT": Columns.birth_dates,
    "PERIOD": _months,
    "OPV": _contributions,
}
