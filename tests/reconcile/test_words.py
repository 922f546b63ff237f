"""Amounts in words, months and days of the documents in Kazakh and Russian (R-070; E68, E69)."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconcile.words import Language, amount_in_words, long_date, month_text, short_date

AMOUNTS: list[tuple[int, Language, str, str]] = [
    (214136000, "kk", "Екі миллион жүз қырық бір мың үш жүз алпыс теңге 00 тиын", "E69"),
    (214136000, "ru", "Два миллиона сто сорок одна тысяча триста шестьдесят тенге 00 тиын", "E69"),
    (0, "kk", "Нөл теңге 00 тиын", "E68: a month without transfers"),
    (0, "ru", "Ноль тенге 00 тиын", "E68: a month without transfers"),
    (7, "kk", "Нөл теңге 07 тиын", "the tiyn have two digits"),
    (10050, "kk", "Жүз теңге 50 тиын", "one hundred is жүз, not бір жүз"),
    (10000, "ru", "Сто тенге 00 тиын", "one hundred"),
    (110_000_00, "kk", "Жүз он мың теңге 00 тиын", "one hundred before thousands is жүз too"),
    (1_000_00, "kk", "Бір мың теңге 00 тиын", "one thousand"),
    (1_000_00, "ru", "Одна тысяча тенге 00 тиын", "тысяча is feminine"),
    (2_002_00, "ru", "Две тысячи два тенге 00 тиын", "feminine thousands, masculine units"),
    (5_000_00, "ru", "Пять тысяч тенге 00 тиын", "genitive plural"),
    (11_000_00, "ru", "Одиннадцать тысяч тенге 00 тиын", "eleven is not one"),
    (21_000_00, "ru", "Двадцать одна тысяча тенге 00 тиын", "twenty-one is feminine again"),
    (112_000_00, "ru", "Сто двенадцать тысяч тенге 00 тиын", "one hundred and twelve is not two"),
    (1_000_000_00, "ru", "Один миллион тенге 00 тиын", "миллион is masculine"),
    (2_000_000_000_01, "ru", "Два миллиарда тенге 01 тиын", "milliards"),
    (2_000_000_000_01, "kk", "Екі миллиард теңге 01 тиын", "milliards"),
    (1_000_000_000_000_99, "kk", "Бір триллион теңге 99 тиын", "more than a year's budget of aid"),
]

# What each word counts, to read the words back without the library that wrote them.
KK = {"нөл": 0, "бір": 1, "екі": 2, "үш": 3, "төрт": 4, "бес": 5, "алты": 6, "жеті": 7, "сегіз": 8, "тоғыз": 9}
KK |= {
    "он": 10,
    "жиырма": 20,
    "отыз": 30,
    "қырық": 40,
    "елу": 50,
    "алпыс": 60,
    "жетпіс": 70,
    "сексен": 80,
    "тоқсан": 90,
}
RU = {"ноль": 0, "один": 1, "одна": 1, "два": 2, "две": 2, "три": 3, "четыре": 4, "пять": 5, "шесть": 6, "семь": 7}
RU |= {"восемь": 8, "девять": 9, "десять": 10, "одиннадцать": 11, "двенадцать": 12, "тринадцать": 13}
RU |= {"четырнадцать": 14, "пятнадцать": 15, "шестнадцать": 16, "семнадцать": 17, "восемнадцать": 18}
RU |= {"девятнадцать": 19, "двадцать": 20, "тридцать": 30, "сорок": 40, "пятьдесят": 50, "шестьдесят": 60}
RU |= {"семьдесят": 70, "восемьдесят": 80, "девяносто": 90, "сто": 100, "двести": 200, "триста": 300}
RU |= {"четыреста": 400, "пятьсот": 500, "шестьсот": 600, "семьсот": 700, "восемьсот": 800, "девятьсот": 900}
SCALES = {"мың": 10**3, "миллион": 10**6, "миллиард": 10**9, "триллион": 10**12}
# The form of a Russian scale after one, after two to four, and after all other counts.
RU_SCALES = {
    10**3: ("тысяча", "тысячи", "тысяч"),
    10**6: ("миллион", "миллиона", "миллионов"),
    10**9: ("миллиард", "миллиарда", "миллиардов"),
    10**12: ("триллион", "триллиона", "триллионов"),
}


def _read_kk(words: list[str]) -> int:
    total = group = 0
    for word in words:
        if word in SCALES:
            total, group = total + group * SCALES[word], 0
        elif word == "жүз":
            group = max(group, 1) * 100
        else:
            group += KK[word]
    return total + group


def _read_ru(words: list[str]) -> int:
    """Read the words back; the form of each scale and the gender of its count must agree."""
    total = group = 0
    last = ""
    for word in words:
        scale = next((value for value, forms in RU_SCALES.items() if word in forms), 0)
        if not scale:
            group, last = group + RU[word], word
            continue
        ending = 0 if last in {"один", "одна"} else 1 if last in {"два", "две", "три", "четыре"} else 2
        assert word == RU_SCALES[scale][ending]
        assert last not in ({"один", "два"} if scale == 10**3 else {"одна", "две"})
        total, group, last = total + group * scale, 0, ""
    assert last not in {"одна", "две"}
    return total + group


@pytest.mark.parametrize(("tiyn", "language", "expected", "reason"), AMOUNTS)
def test_amount_in_words(tiyn: int, language: Language, expected: str, reason: str) -> None:
    assert amount_in_words(tiyn, language) == expected, reason


@given(st.integers(min_value=0, max_value=10**15 - 1))
def test_kazakh_words_read_back_to_the_same_amount(tiyn: int) -> None:
    *words, tenge, fraction, unit = amount_in_words(tiyn, "kk").lower().split()
    assert (tenge, unit) == ("теңге", "тиын")
    assert _read_kk(words) * 100 + int(fraction) == tiyn


@given(st.integers(min_value=0, max_value=10**15 - 1))
def test_russian_words_read_back_to_the_same_amount_and_agree_in_gender_and_case(tiyn: int) -> None:
    *words, tenge, fraction, unit = amount_in_words(tiyn, "ru").lower().split()
    assert (tenge, unit) == ("тенге", "тиын")
    assert _read_ru(words) * 100 + int(fraction) == tiyn


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_words_are_cyrillic_with_one_capital(language: Language) -> None:
    """A Latin look-alike letter would not be found by a search in the document."""
    for tenge in (*range(1000), *(10**power + 1 for power in range(3, 13))):
        text = amount_in_words(tenge * 100, language)
        assert re.fullmatch(r"[А-ЯЁӘҒҚҢӨҰҮҺІ][а-яёәғқңөұүһі ]+ 00 тиын", text), text


@pytest.mark.parametrize(
    ("tiyn", "kk", "ru"),
    [
        (-1, "Минус нөл теңге 01 тиын", "Минус ноль тенге 01 тиын"),
        (
            -18_460_00,
            "Минус он сегіз мың төрт жүз алпыс теңге 00 тиын",
            "Минус восемнадцать тысяч четыреста шестьдесят тенге 00 тиын",
        ),
    ],
)
def test_what_is_below_zero_has_its_sign_in_words(tiyn: int, kk: str, ru: str) -> None:
    """A difference, or a month in which more was taken back than came."""
    assert (amount_in_words(tiyn, "kk"), amount_in_words(tiyn, "ru")) == (kk, ru)


@pytest.mark.parametrize(
    ("month", "kk", "ru"),
    [
        (1, "2024 жылғы қаңтар", "январь 2024 года"),
        (2, "2024 жылғы ақпан", "февраль 2024 года"),
        (3, "2024 жылғы наурыз", "март 2024 года"),
        (4, "2024 жылғы сәуір", "апрель 2024 года"),
        (5, "2024 жылғы мамыр", "май 2024 года"),
        (6, "2024 жылғы маусым", "июнь 2024 года"),
        (7, "2024 жылғы шілде", "июль 2024 года"),
        (8, "2024 жылғы тамыз", "август 2024 года"),
        (9, "2024 жылғы қыркүйек", "сентябрь 2024 года"),
        (10, "2024 жылғы қазан", "октябрь 2024 года"),
        (11, "2024 жылғы қараша", "ноябрь 2024 года"),
        (12, "2024 жылғы желтоқсан", "декабрь 2024 года"),
    ],
)
def test_a_reporting_period_is_named_as_an_office_writes_it(month: int, kk: str, ru: str) -> None:
    first = date(2024, month, 1)
    assert (month_text(first, "kk"), month_text(first, "ru")) == (kk, ru)


def test_a_letter_and_a_table_date_a_day_each_in_its_way() -> None:
    day = date(2024, 5, 9)
    assert long_date(day, "kk") == "2024 жылғы 9 мамыр"
    assert long_date(day, "ru") == "9 мая 2024 года"
    assert short_date(day) == "09.05.2024"
