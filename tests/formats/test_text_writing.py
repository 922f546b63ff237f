"""A letter that a charset lacks is refused, or transliterated on demand and reported; it is never replaced silently."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats.charsets import CHARSETS
from formats.errors import Code, FormatError
from formats.text import TRANSLITERATION, Replacement, UnencodableLetter, decode, encode, transliterate

KAZAKH = "Әбілқайыров Ғабдуллин Қоңыров Өтегенов Ұзақбаев Үсенов Шаһмарданов Іскендіров"
RUSSIAN = "Возврат ошибочных элементов платежа № 125 от 10.07.2023, ЗАЧИСЛЕНИЕ НА СЧЕТА ПО СПИСКУ"


def test_every_kazakh_letter_survives_cp1251() -> None:
    letters = "әғқңөұүһіӘҒҚҢӨҰҮҺІ"
    data = encode(letters, "cp1251")
    assert len(data) == len(letters)
    assert decode(encode(RUSSIAN, "cp1251") + data, "file.txt").text == RUSSIAN + letters


@pytest.mark.parametrize(
    ("letter", "charset"),
    [
        ("Ә", "cp866"),
        ("І", "cp866"),
        ("Є", "cp1251"),
        ("Ї", "cp1251"),
        ("ї", "cp866"),
        ("ā", "cp1251"),
        ("€", "cp1251"),
    ],
)
def test_letter_that_the_charset_lacks_is_refused_and_never_replaced(letter: str, charset: str) -> None:
    with pytest.raises(UnencodableLetter, match=re.escape(f"U+{ord(letter):04X}")) as refusal:
        encode(f"ИВАНОВ\nПЕТР{letter} ИВАН", charset)
    assert (refusal.value.letter, refusal.value.charset) == (letter, charset)
    assert refusal.value.faults[0].line == 2
    assert f"ПЕТР{letter}" in str(refusal.value)
    assert isinstance(refusal.value, FormatError)


def test_lone_surrogate_is_refused_in_utf8_too() -> None:
    with pytest.raises(UnencodableLetter):
        encode("\ud800", "utf-8")


def test_charset_that_no_bank_uses_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(LookupError, match="koi8-r"):
        encode("a", "latin-1")


@pytest.mark.parametrize(
    ("charset", "letters"),
    [
        ("cp866", "ӘҒҚҢӨҰҮҺІәғқңөұүһі«»“”—…"),
        ("koi8-r", "ӘҒҚҢӨҰҮҺІәғқңөұүһі«»“”—…№"),
        ("cp1251", "ʼ−‑"),
    ],
)
def test_letters_that_a_charset_lacks_have_a_rule(charset: str, letters: str) -> None:
    assert set(letters) <= set(TRANSLITERATION)
    changed = transliterate(letters, charset)
    assert [each.letter for each in changed.replaced] == list(letters)
    assert decode(encode(changed.text, charset), "file.txt", charset).text == changed.text


def test_transliteration_is_reported() -> None:
    changed = transliterate("/FM/ҚҰДАЙБЕРГЕН\r\n/NM/ӘДІЛ\r\n/FT/ҚАЙРАТҰЛЫ", "cp866")
    assert changed.text == "/FM/КУДАЙБЕРГЕН\r\n/NM/АДИЛ\r\n/FT/КАЙРАТУЛЫ"
    assert changed.replaced == (
        Replacement(letter="Қ", written_as="К", count=2, first_line=1),
        Replacement(letter="Ұ", written_as="У", count=2, first_line=1),
        Replacement(letter="Ә", written_as="А", count=1, first_line=2),
        Replacement(letter="І", written_as="И", count=1, first_line=2),
    )


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_letters_that_the_charset_has_stay(charset: str) -> None:
    changed = transliterate(f"{KAZAKH} «№» — …", charset)
    assert (changed.text, changed.replaced) == (f"{KAZAKH} «№» — …", ())


@pytest.mark.parametrize("letter", ["Ї", "ā", "€", "中"])
def test_letter_without_a_rule_is_refused(letter: str) -> None:
    with pytest.raises(UnencodableLetter, match=re.escape(f"U+{ord(letter):04X}")) as refusal:
        transliterate(f"ҚАЙРАТ\n{letter}", "cp866")
    assert (refusal.value.faults[0].line, refusal.value.faults[0].code) == (2, Code.LETTER_LACKING)


@given(st.text("ӘҒҚҢӨҰҮҺІәғқңөұүһі«»—АБВабв \n"), st.sampled_from(CHARSETS))
def test_transliterated_text_is_carried_by_its_charset(text: str, charset: str) -> None:
    changed = transliterate(text, charset)
    assert decode(encode(changed.text, charset), "file.txt", charset).text == changed.text
    assert sum(each.count for each in changed.replaced) == sum(a != b for a, b in zip(text, changed.text, strict=True))
