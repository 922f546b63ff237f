"""MT-102 while it is read: nothing of it is lost or made up in silence, and no part of it fills the memory."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats import mt, mt102, mt102_reading
from formats.errors import Code, Findings
from formats.mt102 import Mt102
from formats.text import decode
from tests.formats import messages
from tests.formats.messages import changed, refused


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("/FM/СЫНАҚОВ", "/FM//НОВЫЙ", (Code.VALUE, 31, ":70: /FM/", "/НОВЫЙ")),
        ("/FM/СЫНАҚОВ", "/FM/СЫНАҚОВ/", (Code.VALUE, 31, ":70: /FM/", "СЫНАҚОВ/")),
        ("/LA/KZ986017A99999999911", "/LA/KZ98Ж", (Code.VALUE, 35, ":70: /LA/", "KZ98Ж")),
        ("/LA/KZ986017A99999999911", "/LA/KZ٩8", (Code.VALUE, 35, ":70: /LA/", "KZ٩8")),
        (":70:\r\n/FM/СЫНАҚОВ", ":70:ЗА МАРТ\r\n/FM/СЫНАҚОВ", (Code.MT_TEXT_BLOCK, 30, ":70: value", "ЗА МАРТ")),
        (
            ":59:KZ286017A99999999910",
            ":59:KZ286017A99999999910\r\n/lost",
            (Code.MT_TEXT_BLOCK, 15, ":59: subfield", "/lost"),
        ),
        (":32A:230701KZT", ":32A:230701 KZT", (Code.CURRENCY, 60, ":32A: currency", "230701 KZT137600,00")),
        (":32A:230701KZT", ":32A:230701KZT1,00\r\n:32A:230701KZT", (Code.TOTAL, 60, ":32A: total", "1,00")),
    ],
)
def test_nothing_is_dropped_or_made_up_in_silence(old: str, new: str, expected: tuple[Code, int, str, str]) -> None:
    found = [(one.code, one.line, one.place, one.found) for one in refused(changed((old, new))).faults]
    assert [one for one in found if one[0] is not Code.REPEATED] == [expected]


def test_two_surnames_are_read_without_the_blanks_around_their_slash() -> None:
    (message,) = mt102.read(changed(("/FM/СЫНАҚОВ", "/FM/СЫНАҚОВ / ҚОСЫМОВ")).encode(), "bank.txt")
    assert (message.items[0].surname, message.items[0].changed_surname) == ("СЫНАҚОВ", "ҚОСЫМОВ")
    assert mt102.read(mt102.write(message).encode(), "bank.txt") == (message,)


def test_subfield_that_a_beneficiary_does_not_have_is_kept_reported_and_written_again() -> None:
    findings = Findings("bank.txt")
    text = changed(("/IRS/1\r\n/SECO/4", "/CHIEF/ИВАНОВ И.И.\r\n/D/KZ1\r\n/IRS/1\r\n/SECO/4"))
    (message,) = mt102_reading.messages([text], findings)
    findings.check()
    assert isinstance(message, Mt102)
    assert message.header.other == (("59/CHIEF", "ИВАНОВ И.И."), ("59/D", "KZ1"))
    assert [(note.line, note.place) for note in findings.notes] == [(17, ":59: /CHIEF/"), (18, ":59: /D/")]
    assert mt102.read(mt102.write(message).encode(), "bank.txt") == (message,)


@pytest.mark.parametrize("where", ["20", "32B"])
def test_subfield_under_a_tag_that_has_none_is_kept_and_reported(where: str) -> None:
    findings = Findings("bank.txt")
    text = changed((f":{where}:", f":{where}:")).replace(f":{where}:", f"\0:{where}:", 1)
    start = text.index("\0")
    end = text.index("\r\n", start)
    text = f"{text[:start]}{text[start + 1 : end]}\r\n/XX/7{text[end:]}"
    (message,) = mt102_reading.messages([text], findings)
    findings.check()
    assert isinstance(message, Mt102)
    assert (f"{where}/XX", "7") in (*message.header.other, *message.items[0].other)
    assert len(findings.notes) == 1


def test_total_may_stand_before_the_people_or_among_them() -> None:
    total = ":32A:230701KZT137600,00\r\n"
    text = changed((total, ""))
    for place in (":50:", ":21:1", ":32B:KZT75000,00", "/FM/ПРИМЕРОВА", ":21:4"):
        moved = text.replace(place, total + place, 1)
        if place.startswith("/"):
            # What follows it there stands under :32A:.
            assert refused(moved).faults
        else:
            assert mt102.read(moved.encode(), "bank.txt") == (messages.CREDITING,)


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        (":54B:NBRKKZKX\r\n", "in the head of a message"),
        ("/ASSIGN/x\r\n" + "word\r\n" * 10, "in the head of a message"),
    ],
)
def test_head_that_would_fill_the_memory_is_refused(rows: str, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mt, "ROOM_MAX", 5000)
    text = changed((":57B:", ":54B:X\r\n" + rows * 60 + ":57B:")) if rows.startswith(":") else ""
    text = text or changed((":57B:", "".join(f":5{n % 3}X:\r\n{rows}" for n in range(60)) + ":57B:"))
    assert [fault.found for fault in refused(text).faults] == [f"more than 4 MiB {place}"]


def test_record_that_would_fill_the_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mt, "ROOM_MAX", 5000)
    text = changed((":21:2", ":54B:X\r\n" * 60 + ":21:2"))
    assert [fault.found for fault in refused(text).faults] == ["more than 4 MiB in one record"]


TEXTS = [
    decode(file.read_bytes(), file.name).text.replace("\r\n", "\n")
    for file in sorted(messages.FIXTURES.glob("[A-H]*_*.txt"))
]
PIECES = [
    "QZX", "7", "/QZX/7", "/QZX/\n7Q", "\n7Q", "\n/QZX/7Q", "\n:99Z:7Q", ":", "-", "{5:Q}", "-}", "\n:70:QZ\n",
    "\n:21:77", "\n/NM/QZX", "\n/ASSIGN/QZX", "\n/D/QZX", "\n/RNN/123456789012",
    "\n:57B:QZXZKZKA", "\n:32A:230701KZT1,00", ",", "К", "{1:",
]  # fmt: skip


@given(st.sampled_from(TEXTS), st.sampled_from(PIECES), st.floats(0, 1))
def test_piece_put_anywhere_into_a_message_is_read_noted_or_refused(text: str, piece: str, where: float) -> None:
    place = round(where * len(text))
    before, after = Findings("bank.txt"), Findings("bank.txt")
    plain = list(mt102_reading.messages([text], before))
    found = messages.answer(lambda: list(mt102_reading.messages([text[:place] + piece + text[place:]], after)))
    assert not before.faults
    assert found != plain or after.notes != before.notes or after.faults
