"""People of an MT-102 into text many at a time: those of one shape are one template over checked columns.

Whole columns joined by the one sign that no text may hold are looked at, some ten times faster than value by value. A
doubtful chunk (one with a no-break space, say) is not refused here but left to the careful writer of mt102_writing;
both give the same text.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from formats.amounts import AMOUNT_MAX, format_amounts
from formats.mt102_message import PERIODS, Mt102Item

# A line has 70 characters, four of which are /FM/.
NAME_MAX = 66
ACCOUNT_MAX = 34
_ASSIGN_MAX = 62
_NUMBER_MAX = 999_999_999
_SIGNS = ("{", "}", "/:", "/-", "/ ", " /", "\ufffd")

Shape = tuple[bool, bool, str, bool, bool]
"""Whether there are birth date and month, which contribution, whether there are account and reason."""


def plain_text(people: Sequence[Mt102Item]) -> str:
    """The text of the people; '' when one of them is not surely writable, or has a rare field."""
    columns = tuple(zip(*people, strict=True))
    if _are_alike(columns):
        return "".join(_pieces(columns, _shape(people[0])))
    shapes: dict[Shape, list[int]] = {}
    for place, shape in enumerate(map(_shape, people)):
        shapes.setdefault(shape, []).append(place)
    found: dict[int, str] = {}
    for shape, places in shapes.items():
        pieces = _pieces(tuple(zip(*(people[place] for place in places), strict=True)), shape)
        if not pieces:
            return ""
        width = len(pieces) // len(places)
        found.update((place, "".join(pieces[n * width : (n + 1) * width])) for n, place in enumerate(places))
    return "".join([found[place] for place in range(len(people))])


def _shape(one: Mt102Item) -> Shape:
    return (one.birth_date is not None, bool(one.period), one.contribution, bool(one.account), bool(one.assign))


def _are_alike(columns: tuple[tuple[Any, ...], ...]) -> bool:
    """Whether all people have the same fields: a column is full or empty, and all contributions are of one kind."""
    count = len(columns[0])
    days, contributions = columns[8], columns[10]
    texts = (columns[6], columns[7], columns[9])
    return (
        days.count(None) in {0, count}
        and contributions.count(contributions[0]) == count
        and all(column.count("") in {0, count} for column in texts)
    )


def _pieces(columns: tuple[tuple[Any, ...], ...], shape: Shape) -> list[str]:
    """The pieces of the texts of all people in order, as many for each; [] when one is not surely writable."""
    has_birth_date, has_period, contribution, has_account, has_assign = shape
    numbers, amounts, surnames, first_names, patronymics, idns, accounts, assigns, days, periods, *rest = columns
    born = _day_texts(days) if has_birth_date else []
    if not (
        contribution in {"", "C", "V", "S"}
        and not any(map(any, rest[1:]))
        and all(surnames)
        and all(first_names)
        and _are_names((*surnames, *first_names, *patronymics), NAME_MAX)
        and _are_names(assigns, _ASSIGN_MAX)
        and _are_codes(idns, accounts)
        and 100 <= min(amounts) <= max(amounts) <= AMOUNT_MAX
        and 0 <= min(numbers) <= max(numbers) <= _NUMBER_MAX
        and (not has_period or PERIODS.issuperset(periods))
        and bool(born) == has_birth_date
    ):
        return []
    details = f"\r\n:70:/OPV/{contribution}\r\n/FM/" if contribution else "\r\n:70:\r\n/FM/"
    rows: list[tuple[str, Sequence[str]]] = [
        (":21:", list(map(str, numbers))),
        ("\r\n:32B:KZT", format_amounts(amounts)),
        (details, surnames),
        ("\r\n/NM/", first_names),
        ("\r\n/FT/", patronymics),
        *([("\r\n/DT/", born)] if has_birth_date else []),
        ("\r\n/IDN/", idns),
        *([("\r\n/PERIOD/", periods)] if has_period else []),
        *([("\r\n/LA/", accounts)] if has_account else []),
        *([("\r\n/ASSIGN/", assigns)] if has_assign else []),
    ]
    width, count = 2 * len(rows) + 1, len(numbers)
    pieces = ["\r\n"] * (width * count)
    for place, (mark, column) in enumerate(rows):
        pieces[2 * place :: width] = [mark] * count
        pieces[2 * place + 1 :: width] = column
    return pieces


def _are_names(texts: Sequence[str], length_max: int) -> bool:
    """Whether all these texts would survive as they are."""
    text = "/" + "/".join(texts) + "/"
    return (
        text.count("/") == len(texts) + 1
        and text.isprintable()
        and not any(sign in text for sign in _SIGNS)
        and max(map(len, texts)) <= length_max
    )


def _are_codes(idns: Sequence[str], accounts: Sequence[str]) -> bool:
    """Whether all numbers have 12 digits, and all accounts letters and digits."""
    digits, codes = "".join(idns), "".join(accounts)
    return (
        digits.isascii()
        and digits.isdigit()
        and set(map(len, idns)) == {12}
        and (not codes or (codes.isascii() and codes.isalnum()))
        and max(map(len, accounts)) <= ACCOUNT_MAX
    )


def _day_texts(days: Sequence[date]) -> list[str]:
    """The days as YYYYMMDD; [] when one of them has a year of less than four digits."""
    if min(days).year < 1000:
        return []
    return ",".join(map(date.isoformat, days)).replace("-", "").split(",")
