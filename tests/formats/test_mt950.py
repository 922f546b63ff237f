"""MT950 and MT970 of the payment system: every part of their movements, the proof, and what is written."""

from dataclasses import replace
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats import mt950
from formats.errors import Code, Findings, FormatError
from formats.mt import Header
from formats.mt940 import Balance, Mt940
from formats.mt950 import Mt950, Mt950Line
from tests.formats import messages, statements

SERVICE = statements.SERVICE
CLEARING = (SERVICE / "mt970_clearing_mfo.txt").read_bytes()
GROSS = (SERVICE / "mt950_gross_bic.txt").read_bytes()
PRESENT = (SERVICE / "mt950_present_expected.txt").read_bytes()
FILES = sorted(path for path in SERVICE.rglob("*") if path.name.startswith(("mt950", "mt970")))

MARCH_2 = date(2005, 3, 2)
NET = Mt950(
    header=Header(
        terminal="K05914000000",
        message_type="970",
        session="0010",
        sequence="903365",
        direction="output",
        system="SCLEAR000000",
        delivery="",
        accepted="0503021507",
        delivered="0503021507",
        trace="0000000000",
    ),
    reference="CL9900639",
    report="FINAL",
    bank="190201125",
    account="900999999",
    number="1",
    opening=Balance(on=MARCH_2, currency="KZT", amount=0),
    closing=Balance(on=MARCH_2, currency="KZT", amount=1_386_370),
    lines=(
        Mt950Line(1, time(14, 53), "C", MARCH_2, 1_407_370, "100", "190501781", "000999869"),
        Mt950Line(2, time(15, 47), "D", MARCH_2, 21_000, "102", "190501914", "RMZ9900214", supplement="ПАКЕТ 17"),
    ),
)


def found(text: str) -> tuple[tuple[Mt950 | Mt940, ...], Findings]:
    """The statements of a text, and what was found on the way."""
    findings = Findings("statement.970")
    return tuple(mt950.messages([text], findings)), findings


def test_net_statement_of_clearing_is_read_in_full() -> None:
    assert mt950.read(CLEARING, "clear.970") == (NET,)


def test_net_statement_is_written_as_the_sample_but_for_the_blanks_at_its_end() -> None:
    assert mt950.write(NET).encode() == CLEARING.replace(b"        \r\n", b"\r\n")


def test_gross_statement_is_read_with_its_banks() -> None:
    [message] = mt950.read(GROSS, "gross.950")
    assert isinstance(message, Mt950)
    assert [(line.bank, line.filler, line.reference, line.supplement) for line in message.lines] == [
        ("KKMFKZ2A", " ", "TRS2307030001", ""),
        ("HSBKKZKX", "X", "F230703-00101001", "17"),
        ("NBRKKZKX", " ", "GR1429639", ""),
    ]
    statement = mt950.account_statement(message)
    assert (statement.account, statement.opening, statement.closing) == ("KZ29125KZT9999000017", -10_000, 13_250_150)
    assert (statement.date_from, statement.date_to) == (date(2023, 7, 3), date(2023, 7, 3))
    assert [one.counterparty_bic for one in statement.movements] == ["KKMFKZ2A", "HSBKKZKX", "NBRKKZKX"]


def test_bank_number_of_before_2010_is_no_bic() -> None:
    assert [one.counterparty_bic for one in mt950.account_statement(NET).movements] == ["", ""]


def test_statement_so_far_counts_nothing_that_is_only_expected() -> None:
    [message], findings = found(PRESENT.decode())
    assert isinstance(message, Mt950)
    assert [(line.mark, line.change, line.reference) for line in message.lines] == [
        ("C", 100_000, "TRS2307030001"),
        ("EC", 0, "TRS2307030002"),
        ("ED", 0, "RMZ9900215"),
    ]
    assert findings.faults == ()
    assert [note.place for note in findings.notes] == [":60F: mark", ":61: reference"]


def test_statement_so_far_may_close_with_what_is_expected() -> None:
    text = PRESENT.decode().replace(":62F:C230703KZT1000,00", ":62F:C230703KZT250,01")
    _, findings = found(text)
    assert findings.faults == ()
    assert "the closing balance counts what is only expected" in [note.meaning for note in findings.notes]
    _, findings = found(text.replace(":23:PRESENT", ":23:FINAL"))
    assert [fault.code for fault in findings.faults] == [Code.BALANCE]


def test_general_statement_is_told_by_its_movements_and_read_as_such() -> None:
    [message] = mt950.read((statements.FOLDER / "general_mt950.fin").read_bytes(), "general.950")
    assert isinstance(message, Mt940)
    assert mt950.account_statement(message).closing == 15_000


@pytest.mark.parametrize(
    ("start", "expected", "why"),
    [
        (":20:A\n:61:1453C050302KZT1,00", False, "a time first"),
        (":20:A\r:61:2607020702C1,", True, "a date first"),
        (":20:A\n:28C:1\n:60F:", True, "no movement, the number of SWIFT"),
        (":20:A\n:28:1\n:60F:", False, "no movement, the number of the payment system"),
    ],
)
def test_statement_of_swift_is_told_from_that_of_the_payment_system(start: str, expected: bool, why: str) -> None:
    assert mt950.is_general(start) is expected, why


@pytest.mark.parametrize(
    ("name", "code", "fault"),
    [
        (
            "mt950_wrong_closing.txt",
            Code.BALANCE,
            (
                "line 11, :62F: closing balance: found '132600,00', expected 132700,00, opening 100,00 and 2 movements "
                "(difference 100,00); ask the sender for a corrected file"
            ),
        ),
        (
            "mt950_mark_and_time.txt",
            Code.VALUE,
            "line 10, :61: time: found '2516', expected a time HHMM; ask the sender for a corrected file",
        ),
        (
            "mt970_cut_short.txt",
            Code.FILE_CUT_SHORT,
            (
                "line 9, end of message: found 'no -}', expected -} alone on a line; "
                "the file is cut short: ask the sender for a corrected file"
            ),
        ),
    ],
)
def test_broken_file_is_refused_with_its_fault(name: str, code: Code, fault: str) -> None:
    with pytest.raises(FormatError) as refusal:
        mt950.read((SERVICE / "broken" / name).read_bytes(), name)
    assert (code, fault) in [(one.code, str(one)) for one in refusal.value.faults]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        (":23:FINAL", ":23:TOTAL", ":23: report"),
        (":23:FINAL\r\n", "", ":23: of the message"),
        (":25:190201125/900999999", ":25:190201125/счёт", ":25: account"),
        (":60F:C050302", ":60F:C051302", ":60F: date"),
        (":60F:C050302", ":60F:C050303", ":62F: date"),
        ("C050302KZT14073,70S", "C050302KZT14073.7.0S", ":61: amount"),
        ("C050302KZT14073,70S", "C051302KZT14073,70S", ":61: date"),
        ("C050302KZT14073,70S", "C050302USD14073,70S", "balances and movements: currency"),
        ("C050302KZT14073,70S100", "C050302KZT14073,70N100", ":61: movement"),
        (":62F:C", ":62F:C050302KZT0,00\r\n:62F:C", ":62F: of the message"),
        ("{2:O970", "{2:O940", "block 2"),
        (":28:1", ":28:1\r\nTEXT", "text under :28:"),
    ],
)
def test_wrong_part_is_refused_at_its_place(old: str, new: str, place: str) -> None:
    text = CLEARING.decode()
    assert old in text
    _, findings = found(text.replace(old, new, 1))
    assert place in [fault.place for fault in findings.faults]


def test_tag_of_another_statement_is_kept_and_noted() -> None:
    [message], findings = found(CLEARING.decode().replace(":62F:", ":64:C050302KZT1,00\r\n:62F:"))
    assert isinstance(message, Mt950)
    assert message.other == (("64", "C050302KZT1,00"),)
    assert [note.meaning for note in findings.notes] == ["a tag that says nothing to Esep; it is kept"]


@given(statements.local(), st.integers(1, 500))
def test_statement_written_is_the_statement_read(message: Mt950, size: int) -> None:
    text = mt950.write(message)
    findings = Findings("bank.950")
    chunks = [text[at : at + size] for at in range(0, len(text), size)]
    assert tuple(mt950.messages(chunks, findings)) == (message,)
    assert findings.faults == ()


@given(st.text(max_size=40), st.sampled_from(["bank", "reference", "filler", "supplement", "message_type"]))
def test_any_text_is_refused_or_read_back(text: str, name: str) -> None:
    changed: dict[str, Any] = {name: text}
    message = replace(NET, lines=(NET.lines[0]._replace(**changed), NET.lines[1]))
    written = messages.answer(lambda: mt950.write(message))
    if isinstance(written, str):
        assert mt950.read(written.encode(), "bank.950", charset="utf-8") == (message,)


@pytest.mark.parametrize(
    ("parts", "place"),
    [
        ({"closing": Balance(on=MARCH_2, currency="KZT", amount=1)}, ":62F: closing balance"),
        ({"closing": Balance(on=MARCH_2, currency="USD", amount=1_386_370)}, ":62F: currency"),
        ({"opening": Balance(on=date(2005, 3, 3), currency="KZT", amount=0)}, ":62F: date"),
        ({"header": replace(NET.header, message_type="940")}, "block 2"),
        ({"report": "TOTAL"}, ":23:"),
        ({"number": ""}, ":28:"),
        ({"other": (("61", "A"),)}, ":61:"),
        ({"lines": (NET.lines[0]._replace(mark="RC"), NET.lines[1])}, ":61: number 1: mark"),
        ({"lines": (NET.lines[0]._replace(at=time(1, 2, 3)), NET.lines[1])}, ":61: number 1: time"),
        ({"lines": (NET.lines[0]._replace(filler="X"), NET.lines[1])}, ":61: number 1: filler"),
        ({"lines": (NET.lines[0]._replace(line=7), NET.lines[1])}, ":61: number 1"),
    ],
)
def test_what_would_be_read_otherwise_is_not_written(parts: dict[str, Any], place: str) -> None:
    with pytest.raises(FormatError) as refusal:
        mt950.write(replace(NET, **parts))
    assert place in [fault.place for fault in refusal.value.faults]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_file_cut_at_any_byte_is_read_or_refused(path: Path) -> None:
    data = path.read_bytes()
    for length in range(len(data)):
        messages.answer(lambda length=length: mt950.read(data[:length], "cut.950"))  # type: ignore[misc]


@given(st.sampled_from([path.read_bytes() for path in FILES]).flatmap(messages.mutated))
def test_broken_bytes_are_read_or_refused(data: bytes) -> None:
    read = messages.answer(lambda: mt950.read(data, "broken.950"))
    if not isinstance(read, FormatError):
        for message in read:
            mt950.account_statement(message)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    messages.answer(lambda: mt950.read(data, "any.950"))
