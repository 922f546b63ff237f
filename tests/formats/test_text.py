"""Charsets are told by content; what no charset explains is refused with its line."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats.charsets import CHARSETS
from formats.errors import Code, FormatError
from formats.text import decode, encode, open_text, transliterate

MESSAGES = Path(__file__).parents[2] / "fixtures" / "messages"
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


@given(st.lists(st.sampled_from(WORDS), min_size=1), st.sampled_from(["cp1251", "utf-8", "utf-8-sig", "utf-16"]))
def test_text_encoded_is_the_text_decoded(words: list[str], charset: str) -> None:
    text = f"{RUSSIAN}\r\n" + "\r\n".join(words)
    assert decode(encode(text, charset), "file.txt").text == text


@pytest.mark.parametrize(
    ("name", "charset", "change"),
    [
        ("cp1251", "cp1251", None),
        ("cp866_transliterated", "cp866", ""),
        ("koi8-r_transliterated", "koi8-r", ""),
        ("utf-8-sig", "utf-8-sig", None),
        ("utf-16-le_with_mark", "utf-16", None),
        ("utf-16-be_without_mark", "utf-16-be", None),
        ("utf-8_cr", "utf-8", "\r"),
        ("utf-8_lf", "utf-8", "\n"),
    ],
)
def test_a_whole_message_is_read_in_every_charset(name: str, charset: str, change: str | None) -> None:
    """In CP866 and KOI8-R the Kazakh letters of the message are transliterated; others have other line ends."""
    text = (MESSAGES / "C_crediting_card_accounts_input.txt").read_bytes().decode()
    if change == "":
        text = transliterate(text, charset).text
    elif change:
        text = change.join(text.splitlines()) + change
    data = (MESSAGES / "charsets" / f"crediting_{name}.txt").read_bytes()
    decoded = decode(data, name)
    assert (decoded.text, decoded.charset) == (text, charset)
    assert decode(data, name, charset) == type(decoded)(text=text, charset=charset, evidence="named by the user")
    stream = open_text([data[:700], data[700:]], name)
    assert ("".join(stream), stream.charset) == (text, charset)


@pytest.mark.parametrize("charset", CHARSETS)
def test_charset_named_is_obeyed_for_a_text_too_short_to_tell(charset: str) -> None:
    decoded = decode(encode("А", charset), "file.txt", charset.upper())
    assert (decoded.text, decoded.charset, decoded.evidence) == ("А", charset, "named by the user")


@pytest.mark.parametrize(
    ("text", "charset", "why"),
    [
        ("100 € § 5 ©", "cp1251", "signs that unvouched speak for another charset"),
        ("5° мороза", "cp866", "the same"),
        ("", "utf-16", "nothing at all"),
    ],
)
def test_who_names_the_charset_vouches_for_its_signs(text: str, charset: str, why: str) -> None:
    assert decode(text.encode(charset), "file.txt", charset).text == text, why


def test_kazakh_letter_of_koi8_u_is_read_in_koi8_r() -> None:
    data = "Ізтілеу Ілияс ВОЗВРАТ ПЛАТЕЖА".encode("koi8-u")
    assert decode(data, "file.txt").text == "Ізтілеу Ілияс ВОЗВРАТ ПЛАТЕЖА"
    assert decode(data, "file.txt").charset == "koi8-r"


def test_doubt_about_the_charset_named_is_said() -> None:
    data = encode(f"{RUSSIAN}\n{RUSSIAN}".replace("№", "N"), "koi8-r")
    decoded = decode(data, "file.txt", "cp1251")
    assert decoded.charset == "cp1251"
    assert decoded.evidence.startswith("named by the user, although not UTF-8; ")
    assert "read likeliest in koi8-r" in decoded.evidence


@pytest.mark.parametrize(
    ("data", "named", "line", "found"),
    [
        (b"a\n" + encode("ИВАНОВ", "cp1251"), "cp866", 2, "bytes 0xC8 0xC2 0xC0 0xCD 0xCE 0xC2"),
        (b"a\n" + encode("ИВАНОВ", "cp866"), "cp1251", 2, "byte 0x80"),
        (b"a\n" + encode("ИВАНОВ", "cp866"), "koi8-r", 2, "bytes 0x88 0x82 0x80 0x8D 0x8E 0x82"),
        (b"a\n" + encode("ИВАНОВ", "cp1251"), "utf-8", 2, "byte 0xC8"),
        (encode("ИВАНОВ", "utf-8-sig"), "cp1251", 1, "the byte-order mark of utf-8"),
        (b"\xff\xfe" + encode("ИВАНОВ", "utf-16-le"), "utf-16-be", 1, "the byte-order mark of utf-16-le"),
        (b"a\rb\r\x98", "cp1251", 3, "byte 0x98"),
    ],
)
def test_wrong_charset_named_is_refused_with_the_line(data: bytes, named: str, line: int, found: str) -> None:
    with pytest.raises(FormatError) as refusal:
        decode(data, "file.txt", named)
    first = refusal.value.faults[0]
    assert (first.line, first.found, first.code, first.place) == (line, found, Code.CHARSET_BYTES, "charset")


def test_unknown_charset_named_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(LookupError, match="cp866 "):
        decode(b"", "file.txt", "latin-1")
    with pytest.raises(LookupError, match="cp866 "):
        open_text([], "file.txt", "latin-1")


@pytest.mark.parametrize(
    ("data", "where", "found", "expected", "remedy"),
    [
        (
            b"/FM/\xe9t\xe9\n",
            "line 1, charset",
            "'й' (cp1251) or 'щ' (cp866) or 'И' (koi8-r)",
            "letters enough to tell the charset",
            "name the charset with --charset, or ask the sender for the file in UTF-8",
        ),
        (
            "/FM/ИВАНОВ\n/NM/ИВ\0Н\n".encode("cp1251"),
            "line 2, text",
            "a zero byte",
            "no control characters",
            "ask the sender for the file again: it was damaged on its way or is no text",
        ),
        (
            "/FM/ИВАНОВ\n/NM/".encode("cp1251") + b"\x98",
            "line 2, charset",
            "byte 0x98",
            "letters of cp1251",
            "name the right charset, or ask the sender for the file in one charset, best in UTF-8",
        ),
    ],
)
def test_refusals_say_what_to_do(data: bytes, where: str, found: str, expected: str, remedy: str) -> None:
    with pytest.raises(FormatError) as refusal:
        decode(data, "file.txt")
    texts = [str(fault) for fault in refusal.value.faults]
    assert texts == [f"{where}: found {found!r}, expected {expected}; {remedy}"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xe9t\xe9", Code.CHARSET_UNKNOWN),
        (b"\xe9t\xe9\0", Code.CONTROL_CHARACTER),
        (b"a\0b\n" * 9, Code.CONTROL_CHARACTER),
        ("aа\u0085".encode(), Code.CONTROL_CHARACTER),
        ("aа\ufeff".encode(), Code.CONTROL_CHARACTER),
        ("aа\ufffd".encode(), Code.CHARSET_BYTES),
        ("аб\0вг".encode("utf-16"), Code.CONTROL_CHARACTER),
        ("аб\x85вг".encode("utf-16"), Code.CONTROL_CHARACTER),
        ("абвг".encode("utf-16")[:-1], Code.FILE_CUT_SHORT),
        (RUSSIAN.encode()[:-1], Code.FILE_CUT_SHORT),
        (encode(RUSSIAN, "cp1251") + b"\x98", Code.CHARSET_BYTES),
    ],
)
def test_refusals_have_their_code(data: bytes, code: Code) -> None:
    with pytest.raises(FormatError) as refusal:
        decode(data, "file.txt")
    assert [fault.code for fault in refusal.value.faults] == [code] * len(refusal.value.faults)


def test_faults_of_both_kinds_are_listed_in_their_order() -> None:
    with pytest.raises(FormatError) as refusal:
        decode(b"\n".join([encode(RUSSIAN, "cp1251"), b"\7", b"\x98", b"a\x1ab", b"c"]), "file.txt")
    faults = [(fault.line, fault.code) for fault in refusal.value.faults]
    assert faults == [(2, Code.CONTROL_CHARACTER), (3, Code.CHARSET_BYTES), (4, Code.CONTROL_CHARACTER)]


@given(st.binary(max_size=300), st.sampled_from(CHARSETS))
def test_charset_named_raises_nothing_but_format_error(data: bytes, charset: str) -> None:
    try:
        answer = decode(data, "file.txt", charset)
    except FormatError as refusal:
        assert refusal.faults  # noqa: PT017
    else:
        assert answer.charset == charset


@given(st.lists(st.binary(max_size=40), max_size=8), st.none() | st.sampled_from(CHARSETS))
def test_stream_raises_nothing_but_format_error(chunks: list[bytes], charset: str | None) -> None:
    try:
        assert "\ufffd" not in "".join(open_text(chunks, "file.txt", charset))
    except FormatError as refusal:
        assert refusal.faults  # noqa: PT017


@given(st.text(max_size=200).map(lambda text: encode(text, "utf-8")) | st.binary(max_size=300))
def test_decoding_raises_nothing_but_format_error(data: bytes) -> None:
    try:
        answer = decode(data, "file.txt")
    except FormatError as refusal:
        assert refusal.faults  # noqa: PT017
    else:
        assert "\ufffd" not in answer.text


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


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 10_000])
def test_stream_gives_the_same_text_in_chunks_of_any_size(charset: str, size: int) -> None:
    ascii_lines = "authority_bin;amount\r\n" * 30
    russian = ascii_lines + f"{RUSSIAN}\r\n".replace("№", "N") * 20
    data = encode(russian, charset)
    chunks = (data[start : start + size] for start in range(0, len(data), size))
    assert "".join(open_text(chunks, "file.csv")) == russian


@given(st.lists(st.sampled_from(WORDS), min_size=1), st.integers(1, 50), st.sampled_from(["cp1251", "utf-8"]))
def test_stream_gives_the_same_text_as_the_whole_file(words: list[str], size: int, charset: str) -> None:
    data = encode("\n".join([*WORDS, *words]), charset)
    chunks = [data[start : start + size] for start in range(0, len(data), size)]
    assert "".join(open_text(chunks, "file.csv")) == decode(data, "file.csv").text


def test_stream_lets_ascii_through_before_the_charset_is_known() -> None:
    taken = []

    def chunks() -> Iterator[bytes]:
        for chunk in (b"plain\n", encode(RUSSIAN, "cp1251"), b"more\n"):
            taken.append(chunk)
            yield chunk

    stream = open_text(chunks(), "file.csv")
    assert next(stream) == "plain\n"
    assert taken == [b"plain\n"]


def test_bytes_of_a_mark_in_the_middle_of_a_stream_are_letters() -> None:
    assert "".join(open_text([b"a\n", b"\xff\xfe " + encode(RUSSIAN, "cp1251")], "file.csv")) == f"a\nяю {RUSSIAN}"


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
        "".join(open_text(chunks, "file.csv"))
    assert refusal.value.faults[0].line == line


def test_stream_says_what_is_known_so_far() -> None:
    chunks = (b"plain\n" * 20, encode("СЕР", "koi8-r"), encode("ИКОВА АННА\n" * 9, "koi8-r"), b"\n")
    stream = open_text(chunks, "file.csv")
    assert (stream.charset, stream.evidence) == ("utf-8", "pure ASCII")
    assert next(stream) == "plain\n" * 20
    assert (stream.charset, stream.evidence) == ("utf-8", "pure ASCII")
    assert next(stream).startswith("СЕРИКОВА АННА\n")
    assert stream.charset == "koi8-r"
    assert "read likeliest in koi8-r" in stream.evidence
    assert list(stream) == ["\n"]


def test_stream_of_ascii_alone_is_utf8_to_the_end() -> None:
    stream = open_text([b"{1:F01", b"}{2:I102"], "file.txt")
    assert "".join(stream) == "{1:F01}{2:I102"
    assert (stream.charset, stream.evidence) == ("utf-8", "pure ASCII")


def test_stream_holds_back_little_when_the_charset_cannot_be_told() -> None:
    chunks = (chunk for chunk in [encode("БСК\n" + "A" * 996, "koi8-r")] * 2000)
    with pytest.raises(FormatError) as refusal:
        "".join(open_text(chunks, "file.txt"))
    assert refusal.value.faults[0].code is Code.CHARSET_UNKNOWN
    assert len(list(chunks)) > 900
