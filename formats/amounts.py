"""Money between text and whole tiyn: the only place of `formats` that turns digits into money and back.

Bank messages (MT-102 tags :32A: and :32B:, mt100 alike) and award files write digits, a comma and exactly two digits
(E48); the 1C statement writes a dot and drops trailing zeros. No sign, no thousands separator, no floating point.

>>> parse_amount("18460,00"), format_amount(1846000)
(1846000, '18460,00')
>>> parse_dot_amount("7745.7"), format_dot_amount(774570)
(774570, '7745.70')
"""

import re
from collections.abc import Sequence

AMOUNT_EXPECTED = "digits, a comma and exactly two digits, like 18460,00"
DOT_AMOUNT_EXPECTED = "digits, optionally a dot and one or two digits, like 7745.7"
AMOUNT_MAX = 92_233_720_368_547_758
"""The greatest amount that bank messages carry, in tiyn: 922337203685477,58."""

# ASCII digits only: \d and int() would also take the digits of other scripts.
_COMMA = re.compile(r"([0-9]{1,15}),([0-9]{2})")
_COMMA_COLUMN = re.compile(r"(?:[0-9]{1,15},[0-9]{2}\n)*")
_DOT = re.compile(r"([0-9]{1,15})(?:\.([0-9]{1,2}))?")


def parse_amount(text: str) -> int:
    """Tiyn of `18460,00`; zero is an amount.

    Raises ValueError, whose text is what was expected, on any other form and above AMOUNT_MAX.
    """
    match = _COMMA.fullmatch(text)
    if match is None:
        raise ValueError(AMOUNT_EXPECTED)
    return _bounded(int(match[1] + match[2]))


def parse_amounts(texts: Sequence[str]) -> list[int] | None:
    """parse_amount() of a whole column, checked at once; None when one of them is zero or has not the form.

    Which one it is and what is wrong with it, parse_amount() says.
    """
    joined = "\n".join((*texts, ""))
    if _COMMA_COLUMN.fullmatch(joined) is None:
        return None
    tiyn = list(map(int, joined.replace(",", "").split()))
    return tiyn if len(tiyn) == len(texts) and 0 < min(tiyn, default=1) <= max(tiyn, default=1) <= AMOUNT_MAX else None


def format_amount(tiyn: int) -> str:
    """`18460,00` of 1846000 tiyn.

    Raises ValueError for a negative amount and above AMOUNT_MAX.
    """
    return _digits(tiyn, ",")


def format_amounts(tiyn: Sequence[int]) -> list[str]:
    """format_amount() of a whole column, checked at once, for lists of hundreds of thousands.

    Raises ValueError when one of them is below 100 tiyn or above AMOUNT_MAX: the column is for sums of money paid out,
    and smaller ones go through format_amount().
    """
    if tiyn and not 100 <= min(tiyn) <= max(tiyn) <= AMOUNT_MAX:
        raise ValueError(f"amounts of 1,00 to {format_amount(AMOUNT_MAX)} each")
    # Aid has few different amounts, so that most of a column is looked up.
    texts = {amount: str(amount) for amount in set(tiyn)}
    known = {amount: f"{text[:-2]},{text[-2:]}" for amount, text in texts.items()}
    return [known[amount] for amount in tiyn]


def parse_dot_amount(text: str) -> int:
    """Tiyn of `7745.7`, `110860` or `7745.70`, as 1C statements write them.

    Raises ValueError, whose text is what was expected, on any other form and above AMOUNT_MAX.
    """
    match = _DOT.fullmatch(text)
    if match is None:
        raise ValueError(DOT_AMOUNT_EXPECTED)
    return _bounded(int(match[1] + (match[2] or "").ljust(2, "0")))


def format_dot_amount(tiyn: int) -> str:
    """`7745.70` of 774570 tiyn.

    Raises ValueError for a negative amount and above AMOUNT_MAX.
    """
    return _digits(tiyn, ".")


def display_amount(tiyn: int) -> str:
    """A computed sum for the eyes of a person, in whatever size and sign it came out."""
    return f"{'-' if tiyn < 0 else ''}{abs(tiyn) // 100},{abs(tiyn) % 100:02d}"


def _digits(tiyn: int, mark: str) -> str:
    if tiyn < 0:
        raise ValueError(f"{tiyn} tiyn is negative; an amount has no sign")
    text = str(_bounded(tiyn)).rjust(3, "0")
    return f"{text[:-2]}{mark}{text[-2:]}"


def _bounded(tiyn: int) -> int:
    if tiyn > AMOUNT_MAX:
        raise ValueError("at most 922337203685477,58")
    return tiyn
