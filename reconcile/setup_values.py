"""Values of a setup file beyond plain texts: days, amounts, numbers of indexes, windows of payment days.

Each function returns the value as the books hold it and raises ValueError for anything else; what was expected is said
by whoever asks. A number with a fraction stands in quotes: a float is never money.

>>> hundredths("2.5"), tenge("20 000,00"), windows("20-25, 5")
(250, 2000000, '20-25,5-5')
"""

import re
from datetime import date, datetime

_DECIMAL = re.compile(r"([0-9]{1,13})(?:[.,]([0-9]{1,2}))?", re.ASCII)
_WINDOW = re.compile(r"([0-9]{1,2})(?:-([0-9]{1,2}))?", re.ASCII)
_SPACES = str.maketrans("", "", " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}")
_LAST_DAY = 31


def day(value: object) -> date:
    """A day: of TOML, or a text like 2024-03-01."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    return date.fromisoformat(text(value))


def text(value: object) -> str:
    """One line of text, not empty."""
    found = line(value)
    if not found:
        raise ValueError(found)
    return found


def line(value: object) -> str:
    """One line of text, or an empty one."""
    if not isinstance(value, str) or value != value.strip() or not value.translate(_SPACES).isprintable():
        raise ValueError(value)
    return value


def truth(value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ValueError(value)  # noqa: TRY004 - whoever asks tells one kind of wrong value
    return value


def hundredths(value: object) -> int:
    """A number above zero with at most two decimals, in hundredths."""
    found = _DECIMAL.fullmatch(_digits(value))
    number = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else 0
    if not number:
        raise ValueError(value)
    return number


def tenge(value: object) -> int:
    """An amount above zero in tenge, in tiyn."""
    return hundredths(value)


def whole_tenge(value: object) -> int:
    """An amount above zero in whole tenge, in tiyn."""
    tiyn = hundredths(value)
    if tiyn % 100:
        raise ValueError(value)
    return tiyn


def windows(value: object) -> str:
    """Windows of days of the month like 5-10,20-25; a single day becomes a window of one; empty for any day."""
    found = line(value).translate(_SPACES)
    return ",".join(_window(part) for part in found.split(",")) if found else ""


def _window(part: str) -> str:
    found = _WINDOW.fullmatch(part)
    if found is None:
        raise ValueError(part)
    first, last = int(found[1]), int(found[2] or found[1])
    if not 1 <= first <= last <= _LAST_DAY:
        raise ValueError(part)
    return f"{first}-{last}"


def _digits(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError(value)  # noqa: TRY004 - whoever asks tells one kind of wrong value
    return str(value).translate(_SPACES)
