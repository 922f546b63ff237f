"""The envelope of MT messages: headers of both directions, what stands around messages, and where they end."""

import time

import pytest

from formats import mt
from formats.errors import Code, Findings, FormatError
from formats.mt import ROOM_MAX, Field, Header, Room, envelopes
from formats.rows import Rows

INPUT = "{1:F01K050700000000001000001}{2:I102SGROSS000000U3003}{4:"


def read(text: str, message_type: str = "102") -> tuple[list[tuple[Header, list[Field]]], Findings]:
    findings = Findings("bank.txt")
    found = [
        (envelope.header, list(envelope.block))
        for envelope in envelopes(Rows([text], findings.source), findings, message_type)
    ]
    return found, findings


def faults(findings: Findings) -> list[tuple[Code, int | None, str, str]]:
    return [(one.code, one.line, one.place, one.found) for one in findings.faults]


def notes(findings: Findings) -> list[tuple[int | None, str, str]]:
    return [(one.line, one.place, one.meaning) for one in findings.notes]


@pytest.mark.parametrize(
    ("blocks", "note", "why"),
    [
        ("{1:F01K050700000000001000001}\n{2:I102SGROSS000000U3003}\n{4:", None, "the usual form"),
        ("{1:F01SAGS000000000001000001}\n{2:I102SGROSS0000003003}\n{4:", None, "24 characters, another terminal"),
        ("{1:F01KRKZKX0000000001000001}{2:I102SMEP00000000N2020}{4:", None, "the third system"),
        ("{1:F01K050700000000001000001}{2:O1021806071505SCLEAR00000000000000001806071506U}{4:", None, "output"),
        (
            "{1:F01K050700000000001000001}{2:I102SCLEAR00000N3020}{4:",
            "the system was read with the zeros that it lacks or has too many",
            "one zero short",
        ),
        (
            "{1:F01K050700000000001000001}{2:I102SGRОSS000000U3003}{4:",
            "Cyrillic letters were read as the Latin ones that they look like",
            "a Cyrillic О",
        ),
        (
            "{1:F01K050700000000001000001}{2:I102SGROSS000000U3003}\n{3:{113:N}}\n{4:",
            "a block 3, of which Esep knows nothing, was passed over",
            "block 3",
        ),
        (
            "{1:F01 K05070000000 0001000001}{2:I102SGROSS000000U3003}{4:",
            "blanks inside of the header were passed over",
            "blanks",
        ),
    ],
)
def test_header_is_read_and_what_is_unusual_is_said(blocks: str, note: str | None, why: str) -> None:
    found, findings = read(f"{blocks}\n:20:R\n-}}\n")
    assert [len(fields) for _, fields in found] == [1], why
    assert not findings.faults
    assert [meaning for *_, meaning in notes(findings)] == ([note] if note else []), why


@pytest.mark.parametrize(
    "blocks",
    [
        "{1:F01K0507000000000010000011}{2:I102SGROSS000000U3003}{4:",
        "{1:F01K050700000000001000001}{2:I10SGROSS000000U3003}{4:",
        "{1:F01K050700000000001000001}{2:I102SGROSS000000X3003}{4:",
        "{1:F01K050700000000001000001}{2:O1021806071505SCLEAR0000000000000000180607150U}{4:",
        "{1:F01K050700000000001000001}{4:",
        "{1:f01K050700000000001000001}{2:I102SGROSS000000U3003}{4:",
        "{1:F01K0507000000000010000٠1}{2:I102SGROSS000000U3003}{4:",
        "{1:F01K050700000000001000001}{2:I102SGROSS000000U3003}",
    ],
)
def test_header_of_another_form_is_a_fault_on_its_line(blocks: str) -> None:
    _, findings = read(f"\n{blocks}\n:20:R\n-}}\n")
    assert faults(findings)[0][:3] == (Code.MT_HEADER, 2, "blocks 1 and 2")


def test_type_of_a_broken_header_is_looked_for_in_linear_time() -> None:
    start = time.process_time()
    _, findings = read("{1:" + "{2:I102" * 100_000 + "\n")
    # Tried from each beginning to the end it would take an hour.
    assert time.process_time() - start < 20
    assert [one[0] for one in faults(findings)] == [Code.MT_HEADER]


@pytest.mark.parametrize(
    ("end", "note"),
    [
        ("-}", []),
        ("-} \t\x1a", []),
        ("-}{5:{MAC:00}{CHK:11}}", [(3, "block 5", "a block 5, of which Esep knows nothing, was passed over")]),
    ],
)
def test_message_ends_and_a_trailer_is_said(end: str, note: list[tuple[int, str, str]]) -> None:
    found, findings = read(f"{INPUT}\n:20:R\n{end}\n")
    assert ([len(fields) for _, fields in found], faults(findings), notes(findings)) == ([1], [], note)


def test_messages_may_follow_on_the_row_where_one_ends() -> None:
    found, findings = read(f"{INPUT}\n:20:A\n-}}{INPUT}:20:B\n-}}\n")
    assert [fields[0].rows for _, fields in found] == [["A"], ["B"]]
    assert [fields[0].line for _, fields in found] == [2, 3]
    assert not findings.faults
    assert [one.place for one in findings.notes] == ["block 4"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [(Code.FILE_EMPTY, 1, "file", "no {1:")]),
        ("a\nb\n", [(Code.MT_OUTSIDE, 1, "outside of messages", "a"), (Code.FILE_EMPTY, 1, "file", "no {1:")]),
        (f"{INPUT}\n:20:R\n", [(Code.FILE_CUT_SHORT, 2, "end of message", "no -}")]),
        (
            f"{INPUT}\n:20:R\nx{{1:F01\n",
            [
                (Code.FILE_CUT_SHORT, 2, "end of message", "no -}"),
                (Code.MT_OUTSIDE, 3, "outside of messages", "x"),
                (Code.MT_HEADER, 3, "blocks 1 and 2", "{1:F01"),
            ],
        ),
        (f"{INPUT}\n:20:R\n-}}\nlost\nlost\n", [(Code.MT_OUTSIDE, 4, "outside of messages", "lost")]),
        (
            f"{INPUT.replace('102', '950')}\n:20:R\n-}}\n",
            [(Code.MT_OTHER_TYPE, 1, "block 2", "MT950")],
        ),
    ],
)
def test_what_is_no_whole_message_is_a_fault(text: str, expected: list[tuple[Code, int, str, str]]) -> None:
    assert faults(read(text)[1]) == expected


def test_rows_stand_under_their_tag_without_the_blank_ones_at_the_end() -> None:
    ((_, fields),), findings = read(f"{INPUT}\n:20:R \t\na\n\nb\u00a0\n\n\n:21:\n-x\n\n-}}\n")
    assert fields == [Field("20", 2, ["R", "a", "", "b\u00a0"]), Field("21", 8, ["", "-x"])]
    assert not findings.faults


@pytest.mark.parametrize("rows", ["abc def\n" * 200, "\n" * 1600 + "x\n"])
def test_rows_under_a_tag_that_would_fill_the_memory_are_refused(rows: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mt, "ROOM_MAX", 1000)
    with pytest.raises(FormatError) as refusal:
        read(f"{INPUT}\n:20:R\n{rows}-}}\n")
    (fault,) = refusal.value.faults
    assert (fault.code, fault.place, fault.found) == (Code.MT_TEXT_BLOCK, "text block", "more than 4 MiB under one tag")


def test_blank_rows_before_a_tag_are_not_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mt, "ROOM_MAX", 1000)
    ((_, fields),), findings = read(f"{INPUT}\n:20:R\n" + "\n" * 2000 + ":21:\n-}\n")
    assert fields == [Field("20", 2, ["R"]), Field("21", 2003, [""])]
    assert not findings.faults


def test_room_is_taken_up_to_its_end() -> None:
    findings = Findings("bank.txt")
    room = Room(findings, "under one tag")
    room.take(ROOM_MAX, 7)
    with pytest.raises(FormatError, match="line 8, text block: found 'more than 4 MiB under one tag'"):
        room.take(1, 8)


@pytest.mark.parametrize(
    ("header", "why"),
    [
        (Header(terminal="K05", message_type="102"), "three characters"),
        (Header(terminal="k05070000000", message_type="102"), "small letters"),
        (Header(terminal="К05070000000", message_type="102"), "a Cyrillic К"),
        (Header(terminal="K0507000\r\n0000", message_type="102"), "a line end"),
        (Header(terminal="K05070000000", message_type="1024"), "four digits"),
        (Header(terminal="K05070000000", message_type="102", system="SGROSS00000"), "one zero short"),
        (Header(terminal="K05070000000", message_type="102", system="SGROSS00000A"), "a letter behind zeros"),
        (Header(terminal="K05070000000", message_type="102", accepted="1806071505"), "a moment of an input"),
        (Header(terminal="K05070000000", message_type="102", direction="output"), "an output without moments"),
    ],
)
def test_header_that_would_not_be_read_back_is_not_written(header: Header, why: str) -> None:
    (fault,) = header.unwritable()
    assert (fault.code, fault.place) == (Code.UNWRITABLE, "blocks 1 and 2"), why
