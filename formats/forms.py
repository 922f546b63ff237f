"""How single values are written in tabular files: in a sheet, in XML, and what they become.

Only the form is judged: whether a day is in the calendar, an amount has its comma and two digits (E48), an IIN twelve
digits. Check digits and dictionaries are the concern of whoever takes the values. A kind also says by which code a
value of another form is refused.

>>> AMOUNT.sheet.parse("18460,00"), AMOUNT.sheet.parse("18460.00") == REFUSED
('1846000', True)
>>> DAY.sheet.parse("29.02.2024"), DAY.xml.parse("2024-02-29"), DAY.sheet.parse("29.02.2023") == REFUSED
('2024-02-29', '2024-02-29', True)
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from formats.amounts import AMOUNT_EXPECTED, parse_amount
from formats.errors import Code

TEXT_MAX = 200
LABEL_MAX = 32_767
"""What a cell of a spreadsheet holds, counted in UTF-16 as it counts."""

REFUSED = "\0"
"""What a value becomes that has not the form of its field: a character that no value may hold."""

_TENGE = "write tenge, a comma and two digits of tiyn"
_COUNT_MAX = 2_147_483_647
# ASCII digits only: int() would also take the digits of other scripts.
_DIGITS = re.compile("[0-9]{1,10}")
# What CSV, XLSX and XML do not carry alike: control characters, line ends, half letters and what is no letter.
_UNCARRIED = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffd-\uffff]")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How a value is written: `parse` gives the value or REFUSED; the words say what was expected and what to do.

    A column of which `plain` says yes is right and stays as it is: values that never repeat (IIN, IBAN, case) are
    looked at by it in one go, as one long text. It is not asked about empty values.
    """

    expected: str
    remedy: str
    parse: Callable[[str], str]
    plain: Callable[[Sequence[str]], bool] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """The two forms of a value, in a sheet and in XML, the way from the first to the second, and the code of faults."""

    sheet: Form
    xml: Form
    to_xml: Callable[[str], str] = str
    code: Code = Code.VALUE


def _text(value: str) -> str:
    if not value.isprintable() or len(value) > TEXT_MAX:
        return REFUSED
    if value.isascii():
        return value
    composed = unicodedata.normalize("NFC", value)
    return composed if len(composed) <= TEXT_MAX else REFUSED


def _plain_texts(values: Sequence[str]) -> bool:
    """Whether all these texts are surely right as they are: seen, stripped, composed and not too long."""
    joined = "\n".join(("", *values, ""))
    return (
        joined.count("\n") == len(values) + 1
        and joined.replace("\n", "").isprintable()
        and " \n" not in joined
        and "\n " not in joined
        and (joined.isascii() or unicodedata.is_normalized("NFC", joined))
        and max(map(len, values)) <= TEXT_MAX
    )


def _name(value: str) -> str:
    return REFUSED if "?" in value else _text(value)


def _plain_names(values: Sequence[str]) -> bool:
    return "?" not in "".join(values) and _plain_texts(values)


def _amount(value: str) -> str:
    try:
        tiyn = parse_amount(value)
    except ValueError:
        return REFUSED
    return str(tiyn) if tiyn > 0 else REFUSED


def _sum(value: str) -> str:
    try:
        return str(parse_amount(value))
    except ValueError:
        return REFUSED


def _balance(value: str) -> str:
    tiyn = _sum(value.removeprefix("-"))
    return tiyn if tiyn == REFUSED or not value.startswith("-") else str(-int(tiyn))


def _change(value: str) -> str:
    tiyn = _balance(value)
    return REFUSED if tiyn == "0" else tiyn


def _count(value: str) -> str:
    return str(int(value)) if _DIGITS.fullmatch(value) and int(value) <= _COUNT_MAX else REFUSED


def _difference(value: str) -> str:
    number = _count(value.removeprefix("-"))
    return number if number == REFUSED or not value.startswith("-") else str(-int(number))


def _label(value: str) -> str:
    if _UNCARRIED.search(value) or len(value) + len(_ASTRAL.findall(value)) > LABEL_MAX:
        return REFUSED
    return value


def _calendar(pattern: str) -> Callable[[str], str]:
    """A real calendar day from a pattern with the groups year, month and, where there is one, day."""
    shape = re.compile(pattern)
    match, has_day = shape.fullmatch, "day" in shape.groupindex

    def parse(value: str) -> str:
        parts = match(value)
        if parts is None:
            return REFUSED
        day = f"{parts['year']}-{parts['month']}-{parts['day'] if has_day else '01'}"
        try:
            date.fromisoformat(day)
        except ValueError:
            return REFUSED
        return day

    return parse


def _turned(value: str) -> str:
    """Day, month and year the other way round; what is not written with dots stays as wrong as it was."""
    return "-".join(reversed(value.split(".")))


def _same(
    expected: str,
    remedy: str,
    parse: Callable[[str], str],
    plain: Callable[[Sequence[str]], bool] | None = None,
    code: Code = Code.VALUE,
) -> Kind:
    form = Form(expected=expected, remedy=remedy, parse=parse, plain=plain)
    return Kind(sheet=form, xml=form, code=code)


def _shape(expected: str, remedy: str, pattern: str) -> Kind:
    one, all_of_them = re.compile(pattern).fullmatch, re.compile(f"(?:(?:{pattern})\n)*").fullmatch
    return _same(
        expected,
        remedy,
        lambda value: value if one(value) else REFUSED,
        lambda values: all_of_them("\n".join((*values, ""))) is not None,
    )


LOST_LETTER = "letters without a question mark, which stands where one was lost"
NAME = _same(
    f"1 to {TEXT_MAX} {LOST_LETTER}",
    "export the file again in UTF-8: a program wrote ? for letters that its charset lacks",
    _name,
    _plain_names,
)
TEXT = _same(f"1 to {TEXT_MAX} characters", "write it shorter", _text, _plain_texts)
LABEL = Kind(
    sheet=Form(
        expected=f"at most {LABEL_MAX} characters that can be seen, on one line",
        remedy="write it shorter",
        parse=_label,
    ),
    xml=Form(
        expected=f"at most {LABEL_MAX} characters",
        remedy="write it shorter",
        parse=lambda value: value if len(value) <= LABEL_MAX else REFUSED,
    ),
)
"""A text of a dictionary or a register, which may be empty and stays exactly as it is."""
AMOUNT = _same(f"{AMOUNT_EXPECTED}, more than zero", _TENGE, _amount, code=Code.AMOUNT)
SUM = _same(AMOUNT_EXPECTED, _TENGE, _sum, code=Code.AMOUNT)
BALANCE = _same(f"{AMOUNT_EXPECTED}, - before it when it is below zero", _TENGE, _balance, code=Code.AMOUNT)
CHANGE = _same(f"{AMOUNT_EXPECTED}, not zero, - before it when it is below zero", _TENGE, _change, code=Code.AMOUNT)
COUNT = _same("a whole number from 0 to 2147483647", "write it in digits", _count)
DIFFERENCE = _same("a whole number, - before it when it is below zero", "write it in digits", _difference)
PERSON_NUMBER = _shape("12 digits", "write the IIN in full, its leading zeros too", "[0-9]{12}")
COMPANY_NUMBER = _shape("12 digits", "write the BIN in full, its leading zeros too", "[0-9]{12}")
BANK_CODE = _shape("8 capital Latin letters and digits", "write the BIC without a branch", "[A-Z0-9]{8}")
BANK_ACCOUNT = _shape("KZ and 18 capital Latin letters and digits", "write the IBAN without spaces", "KZ[A-Z0-9]{18}")
DAY = Kind(
    sheet=Form(
        expected="a day of the calendar as dd.mm.yyyy",
        remedy="write it like 05.03.2024",
        parse=_calendar(r"(?P<day>[0-9]{2})\.(?P<month>[0-9]{2})\.(?P<year>[0-9]{4})"),
    ),
    xml=Form(
        expected="a day of the calendar as yyyy-mm-dd",
        remedy="write it like 2024-03-05",
        parse=_calendar(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"),
    ),
    to_xml=_turned,
    code=Code.DATE,
)
MONTH = Kind(
    sheet=Form(
        expected="a month as mm.yyyy",
        remedy="write it like 03.2024",
        parse=_calendar(r"(?P<month>[0-9]{2})\.(?P<year>[0-9]{4})"),
    ),
    xml=Form(
        expected="a month as yyyy-mm",
        remedy="write it like 2024-03",
        parse=_calendar(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})"),
    ),
    to_xml=_turned,
    code=Code.DATE,
)


def choice(*words: str) -> Kind:
    """One of a few words."""
    expected = " or ".join(words)
    return _same(expected, f"write {expected}", lambda value: value if value in words else REFUSED)
