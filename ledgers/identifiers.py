"""The identifiers of people, organisations, accounts and banks: a value of one of these types is a correct one.

* IIN of a person: birth date as YYMMDD, a digit for century and sex, a serial of four, a check digit (R-021).
* BIN of an organisation: month of registration as YYMM, type 4, 5 or 6, a serial, the same check digit (R-044).
* IBAN of Kazakhstan: `KZ`, two check digits (ISO 7064 mod 97-10), three digits of the bank, 13 letters or digits.
* BIC: eight or eleven characters of ISO 9362.

The check digit of IIN and BIN: the sum of the first eleven digits with the weights 1 to 11, modulo 11; if that is 10,
with the weights 3 to 11, 1, 2; if it is 10 again, the number is never issued.

Single values are types that cannot be mixed up. Columns of a file are checked as arrays, ten thousand values at a time.

>>> Iin("800101399997").birth_date
datetime.date(1980, 1, 1)
>>> Iban("KZ12009NPS0413609816").bank_code
'009'
>>> invalid_iins(["800101399997", "800101399998", "80010139999"])
[1, 2]
"""

import datetime
import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]
    Small = NDArray[np.int16]
    Flags = NDArray[np.bool_]

FIRST_WEIGHTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
SECOND_WEIGHTS = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
NOT_ISSUED = 10

# The seventh digit of an IIN tells the century of birth. Zero is given to some foreigners and tells none.
CENTURIES = {1: 1800, 2: 1800, 3: 1900, 4: 1900, 5: 2000, 6: 2000}
CENTURY_UNKNOWN = 0
LEAP_CENTURY = 2000
BIN_TYPES = (4, 5, 6)

# A digit shifts the number before it by one decimal place, a letter (10 to 35) by two.
DIGIT_SHIFT = 10
LETTER_SHIFT = 100

_TWELVE_DIGITS = re.compile(r"[0-9]{12}", re.ASCII)
_KZ_IBAN = re.compile(r"KZ[0-9]{5}[0-9A-Z]{13}", re.ASCII)
_BIC = re.compile(r"[A-Z]{6}[0-9A-Z]{2}([0-9A-Z]{3})?", re.ASCII)


class InvalidIdentifier(ValueError):
    """A text that is not a correct identifier of its kind."""

    def __init__(self, *, kind: str, found: str, expected: str) -> None:
        self.kind = kind
        self.found = found
        self.expected = expected
        super().__init__(kind, found, expected)

    def __str__(self) -> str:
        return f"{self.kind} {self.found!r}: expected {self.expected}; compare it with the source document"


@dataclass(frozen=True, slots=True)
class Iin:
    """The individual identification number of a person (ЖСН, ИИН)."""

    text: str

    def __post_init__(self) -> None:
        _require_check_digit("IIN", self.text)
        if not _is_birth(self.text):
            raise InvalidIdentifier(kind="IIN", found=self.text, expected="a birth date in its first seven digits")

    def __str__(self) -> str:
        return self.text

    @property
    def birth_date(self) -> datetime.date | None:
        """The day of birth, or None where the seventh digit tells no century."""
        century = CENTURIES.get(int(self.text[6]))
        if century is None:
            return None
        return datetime.date(century + int(self.text[:2]), int(self.text[2:4]), int(self.text[4:6]))


@dataclass(frozen=True, slots=True)
class Bin:
    """The business identification number of an organisation (БСН, БИН)."""

    text: str

    def __post_init__(self) -> None:
        _require_check_digit("BIN", self.text)
        if not 1 <= int(self.text[2:4]) <= 12 or int(self.text[4]) not in BIN_TYPES:
            expected = "a month in digits 3 and 4 and a type 4, 5 or 6 in digit 5"
            raise InvalidIdentifier(kind="BIN", found=self.text, expected=expected)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Iban:
    """An account number of a bank of Kazakhstan (ЖСК, ИИК)."""

    text: str

    def __post_init__(self) -> None:
        # The library loads its tables of all countries when it is imported, which the command line should not wait for.
        from stdnum import iban

        if _KZ_IBAN.fullmatch(self.text) is None:
            expected = "KZ, two check digits, three digits of the bank, 13 capital letters or digits"
            raise InvalidIdentifier(kind="IBAN", found=self.text, expected=expected)
        check = self.text[2:4]
        if not iban.is_valid(self.text) or iban.calc_check_digits(self.text) != check:
            expected = f"check digits {iban.calc_check_digits(self.text)}"
            raise InvalidIdentifier(kind="IBAN", found=self.text, expected=expected)

    def __str__(self) -> str:
        return self.text

    @property
    def bank_code(self) -> str:
        """The three digits of the bank that keeps the account (E46)."""
        return self.text[4:7]


@dataclass(frozen=True, slots=True)
class Bic:
    """A bank identification code (БСК, БИК)."""

    text: str

    def __post_init__(self) -> None:
        from stdnum import bic

        if _BIC.fullmatch(self.text) is None or not bic.is_valid(self.text):
            expected = "eight or eleven capital letters and digits with a country in places 5 and 6"
            raise InvalidIdentifier(kind="BIC", found=self.text, expected=expected)

    def __str__(self) -> str:
        return self.text


def check_digit(first_eleven: str) -> int | None:
    """Return the check digit of the first eleven digits of an IIN or BIN, or None where no number is issued."""
    digits = [int(digit) for digit in first_eleven]
    for weights in (FIRST_WEIGHTS, SECOND_WEIGHTS):
        remainder = sum(digit * weight for digit, weight in zip(digits, weights, strict=True)) % 11
        if remainder != NOT_ISSUED:
            return remainder
    return None


def invalid_iins(values: Sequence[str]) -> list[int]:
    """Return the indexes of the values that are no IIN: length, characters, check digit or birth date are wrong."""
    return _invalid(values, 12, _good_iins)


def invalid_bins(values: Sequence[str]) -> list[int]:
    """Return the indexes of the values that are no BIN: length, characters, check digit, month or type are wrong."""
    return _invalid(values, 12, _good_bins)


def invalid_ibans(values: Sequence[str]) -> list[int]:
    """Return the indexes of the values that are no IBAN of Kazakhstan: length, characters or check digits are wrong."""
    return _invalid(values, 20, _good_ibans)


def _require_check_digit(kind: str, text: str) -> None:
    if _TWELVE_DIGITS.fullmatch(text) is None:
        raise InvalidIdentifier(kind=kind, found=text, expected="twelve digits")
    digit = check_digit(text[:11])
    if digit is None:
        raise InvalidIdentifier(
            kind=kind, found=text, expected="a number that can be issued; this one has no check digit"
        )
    if text[11] != str(digit):
        raise InvalidIdentifier(kind=kind, found=text, expected=f"check digit {digit}")


def _is_birth(text: str) -> bool:
    """Tell whether the first seven digits are a day of some century; without a century, any leap year will do."""
    digit = int(text[6])
    century = LEAP_CENTURY if digit == CENTURY_UNKNOWN else CENTURIES.get(digit)
    if century is None:
        return False
    try:
        datetime.date(century + int(text[:2]), int(text[2:4]), int(text[4:6]))
    except ValueError:
        return False
    return True


def _invalid(values: Sequence[str], length: int, good: Callable[["Bytes"], "Flags"]) -> list[int]:
    """Lay the values out as one row of bytes for each place of the text, and return the indexes that are not good."""
    import numpy as np

    filler = "?" * length
    # One character stays one byte: whatever is not Latin-1 becomes a question mark, which no identifier contains.
    laid_out = "".join([text if len(text) == length else filler for text in values]).encode("latin-1", "replace")
    places = np.frombuffer(laid_out, dtype=np.uint8).reshape(len(values), length)
    wrong: list[int] = np.flatnonzero(~good(np.ascontiguousarray(places.T))).tolist()
    return wrong


@functools.cache
def _remainders(divisor: int, largest: int) -> "Small":
    """Return the remainder of every number up to the largest: looking one up is many times faster than dividing."""
    import numpy as np

    return (np.arange(largest + 1) % divisor).astype(np.int16)


def _good_check_digits(digits: "Bytes") -> "Flags":
    import numpy as np

    modulo = _remainders(11, sum(FIRST_WEIGHTS) * 255)
    remainder = modulo.take(np.einsum("i,ij->j", np.array(FIRST_WEIGHTS, dtype=np.int32), digits[:11]))
    second = np.flatnonzero(remainder == NOT_ISSUED)
    remainder[second] = modulo.take(np.array(SECOND_WEIGHTS) @ digits[:11, second])
    good: Flags = (digits.max(axis=0) <= 9) & (remainder != NOT_ISSUED) & (remainder == digits[11])
    return good


def _good_iins(places: "Bytes") -> "Flags":
    import numpy as np

    digits = places - ord("0")
    first_year = np.full(256, -1, dtype=np.int16)
    first_year[list(CENTURIES)] = list(CENTURIES.values())
    first_year[CENTURY_UNKNOWN] = LEAP_CENTURY
    century = first_year.take(digits[6])
    year = century + _number(digits[0:2])
    leap = (year & 3 == 0) & (year != 1800) & (year != 1900)
    length_of = np.zeros(11 * 255 + 1, dtype=np.int16)
    length_of[1:13] = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    month, day = _number(digits[2:4]), _number(digits[4:6])
    born: Flags = (century >= 0) & (day >= 1) & (day <= length_of.take(month) + (leap & (month == 2)))
    return _good_check_digits(digits) & born


def _number(two_digits: "Bytes") -> "Small":
    import numpy as np

    number: Small = 10 * two_digits[0].astype(np.int16) + two_digits[1]
    return number


def _good_bins(places: "Bytes") -> "Flags":
    digits = places - ord("0")
    month = _number(digits[2:4])
    registered: Flags = (month >= 1) & (month <= 12) & (digits[4] >= min(BIN_TYPES)) & (digits[4] <= max(BIN_TYPES))
    return _good_check_digits(digits) & registered


def _good_ibans(places: "Bytes") -> "Flags":
    values, shifts = (table.take(places) for table in _iban_tables())
    modulo = _remainders(97, 96 * 100 + 35)
    remainder = values[4]
    for row in (*range(5, 20), *range(4)):
        remainder = modulo.take(remainder * shifts[row] + values[row])
    digits: Flags = shifts[2:7].max(axis=0) == DIGIT_SHIFT
    letters: Flags = (shifts.min(axis=0) > 0) & (places[0] == ord("K")) & (places[1] == ord("Z"))
    check = 10 * values[2] + values[3]
    # The remainder alone would let 00, 01 and 99 pass for 97, 98 and 02.
    summed: Flags = (remainder == 1) & (check >= 2) & (check <= 98)
    return digits & letters & summed


@functools.cache
def _iban_tables() -> tuple["Small", "Small"]:
    """Return, for each byte, the number it stands for and what it shifts the number before it by; zero for others."""
    import numpy as np

    values, shifts = np.zeros(256, dtype=np.int16), np.zeros(256, dtype=np.int16)
    for first, last, value, shift in (("0", "9", 0, DIGIT_SHIFT), ("A", "Z", 10, LETTER_SHIFT)):
        span = slice(ord(first), ord(last) + 1)
        values[span] = np.arange(value, value + ord(last) - ord(first) + 1)
        shifts[span] = shift
    return values, shifts
