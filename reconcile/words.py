"""How the documents speak Kazakh and Russian: amounts, months and days, and the words common to all of them (E68, E69).

The number words come from num2words; here they get their currency, their capital and the two digits of the tiyn.
"тенге" and "тиын" are not declined in Russian. Of the two Kazakh ways to say one hundred the short one is kept: жүз.

>>> amount_in_words(214136000, "kk")
'Екі миллион жүз қырық бір мың үш жүз алпыс теңге 00 тиын'
>>> month_text(date(2024, 3, 1), "kk"), month_text(date(2024, 3, 1), "ru")
('2024 жылғы наурыз', 'март 2024 года')
"""

from datetime import date
from typing import Literal, NamedTuple

from num2words import num2words

Language = Literal["kk", "ru"]


class Text(NamedTuple):
    """One wording in both languages."""

    kk: str
    ru: str

    def say(self, language: Language, **values: str) -> str:
        """Return the wording in one language with its values put in."""
        return (self.kk if language == "kk" else self.ru).format(**values)


NO_BREAK = "\N{NO-BREAK SPACE}"

TOTAL = Text("Барлығы", "Всего")
AMOUNT = Text("Сомасы, теңге", "Сумма, тенге")
AID = Text("Әлеуметтік көмек атауы", "Наименование социальной помощи")
ORDINAL = Text("Р/с №", "№ п/п")
BIN = Text("БСН", "БИН")
IN_WORDS = Text("(сомасы жазбаша)", "(сумма прописью)")

# num2words calls Kazakh by the country's code, not by the language's.
_NUMBER_LANGUAGE: dict[Language, str] = {"kk": "kz", "ru": "ru"}
_CURRENCY: dict[Language, str] = {"kk": "теңге", "ru": "тенге"}

# Russian names a period by the month as it is, and a day by the month in the genitive.
_MONTHS = (
    Text("қаңтар", "январь"),
    Text("ақпан", "февраль"),
    Text("наурыз", "март"),
    Text("сәуір", "апрель"),
    Text("мамыр", "май"),
    Text("маусым", "июнь"),
    Text("шілде", "июль"),
    Text("тамыз", "август"),
    Text("қыркүйек", "сентябрь"),
    Text("қазан", "октябрь"),
    Text("қараша", "ноябрь"),
    Text("желтоқсан", "декабрь"),
)
_MONTHS_OF_DAYS = (
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
)


def amount_in_words(tiyn: int, language: Language) -> str:
    """Return an amount of tiyn with the tenge in words and the tiyn in two digits, the first letter a capital.

    Both languages call what is below zero by the same word: минус.
    """
    tenge, fraction = divmod(abs(tiyn), 100)
    words: str = num2words(tenge, lang=_NUMBER_LANGUAGE[language])
    said = f"минус {words}" if tiyn < 0 else words
    return f"{said[0].upper()}{said[1:]} {_CURRENCY[language]} {fraction:02d} тиын"


def month_text(month: date, language: Language) -> str:
    """Return a month as the forms name a period: `2024 жылғы наурыз`, `март 2024 года`."""
    name = _MONTHS[month.month - 1].say(language)
    return f"{month.year} жылғы {name}" if language == "kk" else f"{name} {month.year} года"


def long_date(day: date, language: Language) -> str:
    """Return a day as a letter dates itself: `2024 жылғы 12 наурыз`, `12 марта 2024 года`."""
    if language == "kk":
        return f"{day.year} жылғы {day.day} {_MONTHS[day.month - 1].kk}"
    return f"{day.day} {_MONTHS_OF_DAYS[day.month - 1]} {day.year} года"


def short_date(day: date) -> str:
    """Return a day as tables print it: `14.03.2024`."""
    return day.strftime("%d.%m.%Y")
