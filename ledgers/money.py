"""Money between a whole number of tiyn and the text that people read (100 tiyn are one tenge).

Inside the product money is an `int` of tiyn, in the database `bigint`; nothing is ever rounded. The decimal sign is
the comma and the fraction has two digits, as the order's forms print them (R-070, Appendix 1: `0,00`).

>>> plain_tenge(214136000)
'2141360,00'
>>> parse_tenge("18460,00")
1846000
"""

import re

THOUSANDS = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"

_AMOUNT = re.compile(r"[0-9]{1,15},[0-9]{2}", re.ASCII)


class InvalidAmount(ValueError):
    """A text that is not an amount in tenge: digits, one comma, two digits (E48)."""

    def __init__(self, found: str) -> None:
        self.found = found
        super().__init__(found)

    def __str__(self) -> str:
        return f"amount {self.found!r}: expected digits, one comma and two digits; write it like 18460,00"


def format_tenge(tiyn: int) -> str:
    """Return an amount of tiyn as people read it: `1 846 000,00` with no-break spaces, a negative one with a minus."""
    tenge, fraction = divmod(abs(tiyn), 100)
    return f"{MINUS if tiyn < 0 else ''}{tenge:,}".replace(",", THOUSANDS) + f",{fraction:02d}"


def plain_tenge(tiyn: int) -> str:
    """Return an amount of tiyn for files and tables: `1846000,00`, no separator, a negative one with a hyphen."""
    tenge, fraction = divmod(abs(tiyn), 100)
    return f"{'-' if tiyn < 0 else ''}{tenge},{fraction:02d}"


def parse_tenge(text: str) -> int:
    """Return the tiyn of an amount written like `18460,00`.

    Raises:
        InvalidAmount: a dot, a space, a sign, or not exactly two digits after the comma.
    """
    if _AMOUNT.fullmatch(text) is None:
        raise InvalidAmount(text)
    return int(text.replace(",", ""))
