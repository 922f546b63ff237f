"""Which charset bytes are in: told by marks, by zero bytes, by validity and by words, and not guessed otherwise."""

import pytest

from formats.charsets import CHARSETS, NAMED, TOLD, WRITTEN, charset_named, tell
from formats.text import encode, transliterate

SINGLE_BYTE = ("cp1251", "cp866", "koi8-r")
MESSAGE = """{1:F01K050700000000001000001}
{2:I102SGROSS000000U3003}
{4:
:20:REFERENCE
:50:/D/KZ77070103KSN9999000
/NAME/ГУ "УПРАВЛЕНИЕ ЗАНЯТОСТИ"
/CHIEF/СЕРИКОВ С.С.
/MAINBK/НЕ ПРЕДУСМОТРЕН
:70:/NUM/101
/ASSIGN/ЗАЧИСЛЕНИЕ НА СЧЕТА ПО СПИСКУ
:21:1
:32B:KZT5000,00
:70:
/FM/ПРИМЕРОВА
/NM/АННА
/FT/ПЕТРОВНА
-}
"""
RETURN = "/ASSIGN/Возврат ошибочных элементов платежного поручения: счет закрыт, лицо снято с учета"


@pytest.mark.parametrize("charset", SINGLE_BYTE)
@pytest.mark.parametrize(
    ("text", "why"),
    [
        (MESSAGE, "a whole message in capitals: capitals of KOI8-R are small letters of CP1251"),
        (MESSAGE.lower(), "the same in small letters: they are capitals of CP1251"),
        (MESSAGE.title(), "words with one capital are the other way round in the wrong charset"),
        (RETURN, "a text in mixed case, as returns have"),
        ("/FM/ИВАНОВ", "one surname in capitals"),
        ("/FM/Серикова\n/NM/Анна", "a name"),
        ("возврат", "one word in small letters"),
        ("ЩЕРБАКОВ ПЁТР", "rare letters"),
    ],
)
def test_words_tell_the_charset(text: str, charset: str, why: str) -> None:
    told = tell(encode(text, charset))
    assert told.charset == charset, (why, told)
    assert told.evidence.startswith("not UTF-8; ")


@pytest.mark.parametrize("name", ["Қоңыров Әділ", "ҚОҢЫРОВ ӘДІЛ", "өтегенова ұлпан", "ІЗБАСАР ҒАНИ", "Шаһмардан Үсен"])
def test_kazakh_names_in_cp1251_are_not_taken_for_another_charset(name: str) -> None:
    assert tell(encode(f"/FM/{name}", "cp1251")).charset == "cp1251"


@pytest.mark.parametrize(
    ("data", "charset", "evidence"),
    [
        (b"", "utf-8", "pure ASCII"),
        (b"{1:F01", "utf-8", "pure ASCII"),
        ("Қ".encode(), "utf-8", "valid UTF-8"),
        ("«—№»".encode(), "utf-8", "valid UTF-8"),
        ("\ufeffa".encode(), "utf-8-sig", "byte-order mark of UTF-8"),
        ("\ufeffа".encode("utf-16-le"), "utf-16", "byte-order mark of UTF-16-LE"),
        ("\ufeffа".encode("utf-16-be"), "utf-16", "byte-order mark of UTF-16-BE"),
        (MESSAGE.encode("utf-16-le"), "utf-16-le", "zero bytes in every second place"),
        (MESSAGE.encode("utf-16-be"), "utf-16-be", "zero bytes in every second place"),
        (
            encode("раз", "cp866"),
            "cp866",
            "UTF-8 by accident; 3 letters in 1 word read likeliest in cp866 (score 15 over cp1251, 25 over koi8-r)",
        ),
        (
            encode("ИВАНОВА АННА", "koi8-r"),
            "koi8-r",
            "not UTF-8; 11 letters in 2 words read likeliest in koi8-r (score 13 over cp1251, 36 over cp866)",
        ),
    ],
)
def test_evidence_is_said_in_words(data: bytes, charset: str, evidence: str) -> None:
    told = tell(data)
    assert (told.charset, told.evidence) == (charset, evidence)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\xe9t\xe9", "French"),
        ("БСК".encode("koi8-r"), "an abbreviation without vowels"),
        (b"/FM/\xc1", "one letter: А of KOI8-R is Б of CP1251"),
        ("флк".encode("cp866"), "valid UTF-8 by accident, and an abbreviation"),
    ],
)
def test_too_few_letters_are_not_guessed_at(data: bytes, why: str) -> None:
    told = tell(data)
    assert told.charset is None, why
    assert [charset for charset, _ in told.readings] == list(SINGLE_BYTE)


@pytest.mark.parametrize(
    "data",
    [
        b"/FM/IVANOV\0\r\n/NM/IVAN\r\n",
        encode(MESSAGE, "cp1251").replace(b":70:", b"\0\0\0\0"),
        encode(MESSAGE, "cp866").replace(b"\n", b"\0\n"),
        b"\0" + encode(MESSAGE, "utf-8"),
    ],
)
def test_zero_bytes_among_others_are_not_taken_for_utf16(data: bytes) -> None:
    assert "utf-16" not in (tell(data).charset or "")


def test_an_incomplete_sample_must_be_beyond_doubt() -> None:
    data = encode("ИВАНОВ", "koi8-r")
    assert tell(data, complete=True).charset == "koi8-r"
    assert tell(data, complete=False).charset is None


@pytest.mark.parametrize(
    ("name", "charset"),
    [
        ("CP866", "cp866"),
        ("866", "cp866"),
        ("DOS", "cp866"),
        ("IBM866", "cp866"),
        ("windows-1251", "cp1251"),
        ("Windows", "cp1251"),
        ("win", "cp1251"),
        ("1251", "cp1251"),
        ("KZ-1048", "cp1251"),
        ("kz1048", "cp1251"),
        ("KOI8_R", "koi8-r"),
        ("koi8", "koi8-r"),
        ("UTF8", "utf-8"),
        ("Utf-8-Sig", "utf-8-sig"),
        ("UTF-16", "utf-16"),
        ("utf16le", "utf-16-le"),
        *((charset, charset) for charset in CHARSETS),
    ],
)
def test_charsets_are_known_by_the_names_that_people_use(name: str, charset: str) -> None:
    assert charset_named(name) == charset


@pytest.mark.parametrize("name", ["", "latin-1", "koi8-t", "cp1252"])
def test_unknown_name_lists_the_known_ones(name: str) -> None:
    with pytest.raises(LookupError, match=r"is not known; known are utf-8 .*koi8-r"):
        charset_named(name)


def test_cp1251_of_kazakhstan_is_the_standard_kz1048() -> None:
    standard = bytes(range(256)).decode("kz1048", "replace")
    assert all(ours in {theirs, "\ufffe"} for ours, theirs in zip(NAMED["cp1251"], standard, strict=True))
    look_alikes = bytes(standard.index(letter) for letter in "әңғүұқөһӘҢҒҮҰҚӨҺ").decode("cp1251")
    assert look_alikes == "јѕєїўќґћЈЅЄЇЎЌҐЋ"


@pytest.mark.parametrize("charset", SINGLE_BYTE)
def test_what_is_written_is_read_and_what_is_told_may_be_named(charset: str) -> None:
    for written, told, named in zip(WRITTEN[charset], TOLD[charset], NAMED[charset], strict=True):
        assert written in {told, "\ufffe"}
        assert told in {named, "\ufffe"}


@pytest.mark.parametrize("charset", ["cp866", "koi8-r"])
def test_transliterated_kazakh_is_told_like_russian(charset: str) -> None:
    text = transliterate("/FM/ӨТЕГЕНҰЛЫ\n/NM/ҚАЙРАТ", charset).text
    assert tell(encode(text, charset)).charset == charset
