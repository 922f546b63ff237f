"""Charsets are told by content; what no charset explains is refused with its line."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats.errors import FormatError
from formats.text import CHARSETS, UnencodableLetter, decode, decode_stream, encode
from tests.formats import messages

KAZAKH = "Әбілқайыров Ғабдуллин Қоңыров Өтегенов Ұзақбаев Үсенов Шаһмарданов Іскендіров"
RUSSIAN = "Возврат ошибочных элементов платежа № 125 от 10.07.2023, ЗАЧИСЛЕНИЕ НА СЧЕТА ПО СПИСКУ"
WORDS = (*KAZAKH.split(), *KAZAKH.upper().split(), *RUSSIAN.split(), "/FM/", "KZT18460,00", "Ещё", "СЪЕЗД")


@pytest.mark.parametrize(
    ("text", "charset", "why"),
    [
        (KAZAKH, "cp1251", "Kazakh letters travel as look-alikes"),
        (KAZAKH.upper(), "cp1251", "in capitals too"),
        (KAZAKH, "utf-8", "UTF-8 has them"),
        (KAZAKH, "utf-16", "with a byte-order mark"),
        (KAZAKH, "utf-8-sig", "with a byte-order mark"),
        (RUSSIAN, "cp866", "DOS letters"),
        (RUSSIAN, "cp1251", "the same in Windows letters"),
        ("возврат", "cp866", "one word of small letters is enough"),
        ("возврат", "cp1251", "the same in Windows letters"),
        ("ИВАНОВ", "cp866", "one word of capitals is enough"),
        ("ИВАНОВ", "cp1251", "the same in Windows letters"),
        ("ҚОҢЫР", "cp1251", "look-alikes are capitals Р and Н in CP866, and still lose"),
        ("{1:F01", "utf-8", "pure ASCII is UTF-8"),
        ("", "utf-8", "nothing is UTF-8"),
    ],
)
def test_charset_is_told_by_content(text: str, charset: str, why: str) -> None:
    decoded = decode(encode(text, charset), "file.txt")
    assert (decoded.text, decoded.charset) == (text, charset), why
    assert decoded.evidence


@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be"])
def test_utf16_without_byte_order_mark_is_told_by_its_zero_bytes(order: str) -> None:
    assert decode(f"{{1:F01}}\n{KAZAKH}".encode(order), "file.txt").charset == order


def test_every_kazakh_letter_survives_cp1251() -> None:
    letters = "әғқңөұүһіӘҒҚҢӨҰҮҺІ"
    data = encode(letters, "cp1251")
    assert len(data) == len(letters)
    assert decode(encode(RUSSIAN, "cp1251") + data, "file.txt").text == RUSSIAN + letters


@given(st.lists(st.sampled_from(WORDS), min_size=1), st.sampled_from(["cp1251", "utf-8", "utf-8-sig", "utf-16"]))
def test_text_encoded_is_the_text_decoded(words: list[str], charset: str) -> None:
    text = f"{RUSSIAN}\r\n" + "\r\n".join(words)
    assert decode(encode(text, charset), "file.txt").text == text


@given(st.text(max_size=200).map(lambda text: encode(text, "utf-8")) | st.binary(max_size=300))
def test_decoding_raises_nothing_but_format_error(data: bytes) -> None:
    answer = messages.answer(lambda: decode(data, "file.txt"))
    assert answer.faults if isinstance(answer, FormatError) else "\ufffd" not in answer.text


@pytest.mark.parametrize(
    ("data", "line", "why"),
    [
        (encode(RUSSIAN, "cp1251") + b"\n" + encode(RUSSIAN, "cp866"), 2, "the charset changes half-way"),
        (encode(RUSSIAN, "cp866") + b"\n" + encode(RUSSIAN * 3, "cp1251"), 1, "the charset changes half-way"),
        (encode(f"{RUSSIAN}\n{RUSSIAN}", "utf-8")[:-1] + b"\xff", 2, "UTF-8 with one byte too few and a wrong one"),
        (encode(RUSSIAN, "utf-8") + b"\n\n" + encode("ИВАНОВ", "cp1251"), 3, "a word of another charset in UTF-8"),
        (encode(RUSSIAN, "cp1251") + b"\n\x98", 2, "a byte that CP1251 does not have"),
        (b"a\nb\x07", 2, "a control character"),
        (b"PK\x03\x04", 1, "an archive"),
        ("a\n\ufffd".encode(), 2, "a letter lost before"),
        (b"a\x1ab", 1, "the DOS end of file in the middle"),
        ("\ufeffa\n\ufeffb".encode(), 2, "two files glued together"),
        ("aа\n".encode("utf-16") + b"\x00\xd8", 2, "half a pair in UTF-16"),
        (b"\xe9t\xe9", 1, "too little to tell the charset"),
    ],
)
def test_undecodable_bytes_are_refused_with_their_line(data: bytes, line: int, why: str) -> None:
    with pytest.raises(FormatError) as refusal:
        decode(data, "file.txt")
    assert refusal.value.faults[0].line == line, why


def test_every_undecodable_line_is_reported_up_to_a_readable_number() -> None:
    good, bad = encode(RUSSIAN, "cp1251"), b"\x98\x98"
    with pytest.raises(FormatError) as few:
        decode(b"\n".join([good * 3, bad, good, bad]), "file.txt")
    assert [fault.line for fault in few.value.faults] == [2, 4]
    with pytest.raises(FormatError) as many:
        decode(b"\n".join([good * 100, *[bad] * 100]), "file.txt")
    assert [fault.line for fault in many.value.faults] == [*range(2, 52), None]


def test_dos_end_of_file_and_queue_prefix_are_not_faults() -> None:
    text = "MSGTYPE=102;\x1a{1:F01}\r\n\x1a"
    assert decode(text.encode(), "file.txt").text == text


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
        encode("a", "koi8-r")


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 10_000])
def test_stream_gives_the_same_text_in_chunks_of_any_size(charset: str, size: int) -> None:
    ascii_lines = "authority_bin;amount\r\n" * 30
    russian = ascii_lines + f"{RUSSIAN}\r\n" * 20
    data = encode(russian, charset)
    chunks = (data[start : start + size] for start in range(0, len(data), size))
    assert "".join(decode_stream(chunks, "file.csv")) == russian


@given(st.lists(st.sampled_from(WORDS), min_size=1), st.integers(1, 50), st.sampled_from(["cp1251", "utf-8"]))
def test_stream_gives_the_same_text_as_the_whole_file(words: list[str], size: int, charset: str) -> None:
    data = encode("\n".join([*WORDS, *words]), charset)
    chunks = [data[start : start + size] for start in range(0, len(data), size)]
    assert "".join(decode_stream(chunks, "file.csv")) == decode(data, "file.csv").text


def test_stream_lets_ascii_through_before_the_charset_is_known() -> None:
    taken = []

    def chunks() -> Iterator[bytes]:
        for chunk in (b"plain\n", encode(RUSSIAN, "cp1251"), b"more\n"):
            taken.append(chunk)
            yield chunk

    stream = decode_stream(chunks(), "file.csv")
    assert next(stream) == "plain\n"
    assert taken == [b"plain\n"]


def test_bytes_of_a_mark_in_the_middle_of_a_stream_are_letters() -> None:
    assert "".join(decode_stream([b"a\n", b"\xff\xfe " + encode(RUSSIAN, "cp1251")], "file.csv")) == f"a\nяю {RUSSIAN}"


@pytest.mark.parametrize(
    ("chunks", "line"),
    [
        ([b"a\n" * 5, encode(RUSSIAN * 2, "cp1251") + b"\n", b"\x98"], 7),
        ([b"a\n" * 5, encode(RUSSIAN * 2, "utf-8") + b"\n\n", b"\xff"], 8),
        ([b"a\n" * 5, b"b\n\x00"], 7),
        ([b"a\n" * 5, encode(RUSSIAN * 2, "utf-8") + b"\n", encode("Қ", "utf-8")[:1]], 7),
    ],
)
def test_stream_refuses_with_the_line_of_the_whole_file(chunks: list[bytes], line: int) -> None:
    with pytest.raises(FormatError) as refusal:
        "".join(decode_stream(chunks, "file.csv"))
    assert refusal.value.faults[0].line == line
