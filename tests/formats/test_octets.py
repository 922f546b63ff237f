"""Bytes that no text has are named with their line, however the lines end."""

import codecs

import pytest

from formats.charsets import NAMED, TOLD
from formats.errors import Code
from formats.octets import Coding, Lines


@pytest.mark.parametrize(
    ("chunks", "last", "line", "why"),
    [
        ([b"a\n", b"b\n"], b"c\n\7", 4, "LF"),
        ([b"a\r\n", b"b\r\n"], b"c\r\n\7", 4, "CR LF"),
        ([b"a\r", b"b\r"], b"c\r\7", 4, "CR alone"),
        ([b"a\r", b"\nb\r"], b"\nc\7", 3, "CR LF cut in two by chunks"),
        ([b"a\rb\n"], b"c\7", 2, "a carriage return within a line ended by LF"),
        ([], b"\7", 1, "the first line"),
    ],
)
def test_lines_are_counted_over_chunks(chunks: list[bytes], last: bytes, line: int, why: str) -> None:
    lines = Lines()
    for chunk in chunks:
        lines.pass_over(chunk)
    assert [fault.line for fault in lines.faults(last, Coding("cp1251", TOLD).controls(last))] == [line], why


@pytest.mark.parametrize(
    ("charset", "octets", "is_suspect"),
    [
        ("cp1251", b"\xc8\xc2\t\r\n", False),
        ("cp1251", b"\xc2\x85", False),
        ("cp1251", b"a\x7f", True),
        ("utf-8", "«Қ» №\t\r\n".encode(), False),
        ("utf-8", "\u0085".encode(), True),
        ("utf-8", "\ufeff".encode(), True),
        ("utf-8", "\ufffe".encode(), True),
        ("utf-8", "ﬁ".encode(), False),
        ("utf-8", b"\x1a{1:", True),
    ],
)
def test_the_quick_look_misses_nothing(charset: str, octets: bytes, is_suspect: bool) -> None:
    assert Coding(charset, NAMED).is_suspect(octets) is is_suspect


@pytest.mark.parametrize(
    ("octets", "found"),
    [
        (b"\0", ["a zero byte"]),
        (b"a\x1ab", ["the DOS end of a file (0x1A) in the middle"]),
        (b"\x1a{1:F01\n\x1a\r\n", []),
        (
            "\ufeff\ufffd\u0085".encode(),
            ["a byte-order mark in the middle", "U+FFFD, the sign of a letter lost before", "U+0085"],
        ),
    ],
)
def test_control_characters_are_named(octets: bytes, found: list[str]) -> None:
    assert [sign[2] for sign in Coding("utf-8", NAMED).controls(octets)] == found


@pytest.mark.parametrize(
    ("charset", "octets", "signs"),
    [
        ("cp1251", b"a\x98\x98\n\7\n\x98", [(1, "bytes 0x98 0x98"), (4, "U+0007"), (6, "byte 0x98")]),
        ("cp1251", b"\x98" * 20, [(0, "bytes 0x98 0x98 0x98 0x98 0x98 0x98 0x98 0x98 and more")]),
        ("utf-8", b"\xff\xff\n\xd0\n\7\r\xd0", [(0, "byte 0xFF"), (3, "byte 0xD0"), (5, "U+0007"), (7, "byte 0xD0")]),
        ("utf-8", b"\xff\xff\r\xd0\r\xd0", [(0, "byte 0xFF"), (3, "byte 0xD0"), (5, "byte 0xD0")]),
        ("utf-16-le", b"a\0\n\0\7\0\x00\xd8", [(2, "U+0007"), (3, "bytes 0x00 0xD8")]),
    ],
)
def test_wrong_bytes_are_named_in_their_order(charset: str, octets: bytes, signs: list[tuple[int, str]]) -> None:
    coding = Coding(charset, NAMED)
    with pytest.raises(UnicodeDecodeError) as error:
        coding.decode(octets, "strict", True)
    found = list(coding.signs_of(error.value, final=True)[1])
    assert [(place, sign) for place, _, sign in found] == signs
    assert {code for _, code, sign in found if sign.startswith("byte")} == {Code.CHARSET_BYTES}


def test_letters_cut_by_the_end_of_a_chunk_are_left_for_the_next() -> None:
    octets = "ҚА".encode()[:3]
    assert Coding("utf-8", TOLD).decode(octets, "strict", False) == ("Қ", 2)
    assert Coding("utf-16-be", TOLD).decode(codecs.BOM_UTF16_BE[:1], "strict", False) == ("", 0)
