"""MT900, 905, 910, 920, and the messages of the payment system that are kept as text."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats import mt9xx
from formats.errors import Code, Findings, FormatError
from formats.mt import Header
from formats.mt9xx import Confirmation, KeptMessage, Mt9xx, Refusal, StatementRequest
from tests.formats import messages, statements

SERVICE = statements.SERVICE
CREDIT = (SERVICE / "J2_mt910_credit_INFERRED.txt").read_bytes()
REQUEST = (SERVICE / "mt920_request.txt").read_bytes()
FILES = sorted(path for path in SERVICE.rglob("*") if path.is_file() and path.name[:5] not in {"mt950", "mt970"})


def output(message_type: str, sequence: str, system: str = "SGROSS000000", moment: str = "2307031531") -> Header:
    return Header(
        terminal="K05470000000",
        message_type=message_type,
        session="0010",
        sequence=sequence,
        direction="output",
        system=system,
        delivery="",
        accepted=moment,
        delivered=moment,
        trace="0000000000",
    )


REFUSED = Refusal(
    header=output("905", "066500", "SCLEAR000000", "2307031530"),
    reference="ERR0000001",
    related_reference="F230703-00101001",
    text="ОШИБКА: НЕВЕРНЫЙ БИК ПОЛУЧАТЕЛЯ",
)
CREDITED = Confirmation(
    header=output("910", "066501"),
    reference="GR1429640",
    related_reference="F230703-00101001",
    value_date=date(2023, 7, 3),
    amount=125_075,
    bank="FOBAKZKA",
)
DEBITED = Confirmation(
    header=output("900", "066502"),
    reference="GR1429641",
    related_reference="TRS2307030001",
    value_date=date(2023, 7, 3),
    amount=13_760_000,
    account="KZ29125KZT9999000017",
    bank="NBRKKZKX",
)
ASKED = StatementRequest(
    header=Header(terminal="K05470000000", message_type="920", session="0010", sequence="008395"),
    reference="BC0E990000000017",
    wanted="950",
    bank="NBRKKZKX",
    account="KZ29125KZT9999000017",
    day=date(2010, 10, 12),
)
CANCELLED = KeptMessage(
    header=Header(
        terminal="K05470000000", message_type="192", session="0010", sequence="000322", system="SCLEAR000000"
    ),
    fields=(
        ("20", "CANCEL0001"),
        ("21", "F230703-00101001"),
        ("11S", "102\n230703"),
        ("79", "ОТЗЫВ ПАКЕТА ДО ЗАКРЫТИЯ ДНЯ\n/REASON/ОШИБКА В СУММЕ"),
    ),
)


def found(text: str) -> tuple[tuple[Mt9xx, ...], Findings]:
    """The messages of a text, and what was found on the way."""
    findings = Findings("out.9xx")
    return tuple(mt9xx.messages([text], findings)), findings


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("J_mt905_reject_INFERRED.txt", REFUSED),
        ("J2_mt910_credit_INFERRED.txt", CREDITED),
        ("mt900_debit_INFERRED.txt", DEBITED),
        ("mt920_request.txt", ASKED),
        ("mt192_cancellation_INFERRED.txt", CANCELLED),
    ],
)
def test_file_is_read_in_full_and_written_again(name: str, expected: Mt9xx) -> None:
    assert mt9xx.read((SERVICE / name).read_bytes(), name) == (expected,)
    assert mt9xx.read(mt9xx.write(expected).encode(), name) == (expected,)


def test_confirmations_say_which_way_the_money_went() -> None:
    assert (CREDITED.is_credit, DEBITED.is_credit) == (True, False)


def test_request_is_written_as_the_sample() -> None:
    assert mt9xx.write(ASKED).encode() == REQUEST.replace(b"\n", b"\r\n")


@pytest.mark.parametrize("message_type", ["192", "195", "196", "971", "973", "974", "980", "996"])
def test_message_whose_fields_are_not_public_is_kept_and_said(message_type: str) -> None:
    [message], findings = found(CREDIT.decode().replace("{2:O910", f"{{2:O{message_type}"))
    assert isinstance(message, KeptMessage)
    assert message.fields == (
        ("20", "GR1429640"),
        ("21", "F230703-00101001"),
        ("32A", "230703KZT1250,75"),
        ("52B", "FOBAKZKA"),
    )
    assert [str(note) for note in findings.notes] == [
        f"line 1, block 2: 'MT{message_type}', a message whose fields are not public; it is kept as text"
    ]


def test_tag_that_is_not_known_is_kept_and_noted() -> None:
    [message], findings = found(CREDIT.decode().replace(":52B:", ":72:/NZP/TEXT\r\nMORE\r\n:52B:"))
    assert message == replace(CREDITED, other=(("72", "/NZP/TEXT\nMORE"),))
    assert [note.meaning for note in findings.notes] == ["a tag that says nothing to Esep; it is kept"]
    assert mt9xx.read(mt9xx.write(message).encode(), "out.910") == (message,)


def test_refusal_without_a_reference_of_its_own_is_read() -> None:
    text = (SERVICE / "J_mt905_reject_INFERRED.txt").read_bytes().decode()
    [message], findings = found(text.replace(":20:ERR0000001\r\n", ""))
    assert message == replace(REFUSED, reference="")
    assert (findings.faults, findings.notes) == ((), ())


def test_messages_of_several_kinds_are_read_in_order() -> None:
    everything = (REFUSED, CREDITED, ASKED, CANCELLED, DEBITED)
    text = "".join(mt9xx.write(one) for one in everything)
    assert mt9xx.read(text.encode(), "out.9xx") == everything


@pytest.mark.parametrize(
    ("name", "faults"),
    [
        (
            "mt905_no_reference.txt",
            ["line 1, :21: of the message: found 'nothing', expected the tag, which is mandatory; {}"],
        ),
        (
            "mt910_dollars.txt",
            ["line 6, :32A: currency: found '230703USD1250,75', expected the currency KZT and an amount; {}"],
        ),
        (
            "mt920_day_and_type.txt",
            [
                "line 5, :12: statement: found '942', expected one of 940, 950, 951, 954, 970; {}",
                "line 7, :30: day: found '101312', expected a date YYMMDD; {}",
            ],
        ),
        (
            "e11f_refusal_of_a_bank.txt",
            [
                (
                    "line 1, block 2: found '{{2:E11F01K05470000000}}', expected a message of the payment system, "
                    "which begins with {{1:; a bank writes this refusal for itself alone: ask it for the MT905 or the "
                    "reason in writing"
                )
            ],
        ),
    ],
)
def test_broken_file_is_refused_with_its_faults(name: str, faults: list[str]) -> None:
    with pytest.raises(FormatError) as refusal:
        mt9xx.read((SERVICE / "broken" / name).read_bytes(), name)
    expected = [fault.format("ask the sender for a corrected file") for fault in faults]
    assert [str(fault) for fault in refusal.value.faults] == expected


@pytest.mark.parametrize("message_type", ["100", "102", "940", "950", "970", "998"])
def test_message_of_another_reader_is_refused(message_type: str) -> None:
    _, findings = found(CREDIT.decode().replace("{2:O910", f"{{2:O{message_type}"))
    assert [fault.code for fault in findings.faults] == [Code.MT_OTHER_TYPE]


digits = messages.digits(12)
optional_bank = st.sampled_from(["", "NBRKKZKX", "190501914"])
kept = st.lists(st.tuples(st.sampled_from(["13D", "79"]), statements.rows), max_size=2).map(tuple)
all_of_them = st.one_of(
    st.builds(
        Confirmation,
        header=st.one_of(messages.envelopes("900"), messages.envelopes("910")),
        reference=digits,
        related_reference=digits,
        value_date=messages.days,
        amount=messages.amounts,
        account=st.one_of(st.just(""), messages.accounts),
        bank=optional_bank,
        other=kept,
    ),
    st.builds(
        Refusal,
        header=messages.envelopes("905"),
        reference=st.one_of(st.just(""), digits),
        related_reference=digits,
        text=st.lists(statements.rows, min_size=1, max_size=4).map("\n".join),
        other=kept,
    ),
    st.builds(
        StatementRequest,
        header=messages.envelopes("920"),
        reference=digits,
        wanted=st.sampled_from(["940", "950", "951", "954"]),
        bank=optional_bank,
        account=messages.accounts,
        day=messages.days,
        other=kept,
    ),
    st.builds(
        KeptMessage,
        header=st.sampled_from(["192", "974", "996"]).flatmap(messages.envelopes),
        fields=st.lists(st.tuples(st.sampled_from(["20", "21", "79"]), statements.rows), max_size=3).map(tuple),
    ),
)


@given(all_of_them)
def test_message_written_is_the_message_read(message: Mt9xx) -> None:
    [read], findings = found(mt9xx.write(message))
    assert read == message
    assert findings.faults == ()


@given(st.text(max_size=40), st.sampled_from(["reference", "related_reference", "text"]))
def test_any_text_is_refused_or_read_back(text: str, name: str) -> None:
    changed: dict[str, Any] = {name: text}
    message = replace(REFUSED, **changed)
    written = messages.answer(lambda: mt9xx.write(message))
    if isinstance(written, str):
        assert mt9xx.read(written.encode(), "out.905", charset="utf-8") == (message,)


@pytest.mark.parametrize(
    ("message", "place"),
    [
        (replace(CREDITED, amount=0), ":32A: amount"),
        (replace(CREDITED, value_date=date(1999, 1, 1)), ":32A: date"),
        (replace(CREDITED, header=REFUSED.header), "block 2"),
        (replace(CREDITED, bank="SHORT"), ":52B:"),
        (replace(CREDITED, other=(("20", "A"),)), ":20:"),
        (replace(CREDITED, other=(("79", "A\n:B"),)), ":79:"),
        (replace(REFUSED, text=""), ":72:"),
        (replace(ASKED, wanted="942"), ":12:"),
        (replace(ASKED, day=date(2100, 1, 1)), ":30:"),
        (replace(CANCELLED, header=CREDITED.header), "block 2"),
    ],
)
def test_what_would_be_read_otherwise_is_not_written(message: Mt9xx, place: str) -> None:
    with pytest.raises(FormatError) as refusal:
        mt9xx.write(message)
    assert place in [fault.place for fault in refusal.value.faults]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_file_cut_at_any_byte_is_read_or_refused(path: Path) -> None:
    data = path.read_bytes()
    for length in range(len(data)):
        messages.answer(lambda length=length: mt9xx.read(data[:length], "cut.9xx"))  # type: ignore[misc]


@given(st.sampled_from([path.read_bytes() for path in FILES]).flatmap(messages.mutated))
def test_broken_bytes_are_read_or_refused(data: bytes) -> None:
    messages.answer(lambda: mt9xx.read(data, "broken.9xx"))


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    messages.answer(lambda: mt9xx.read(data, "any.9xx"))
