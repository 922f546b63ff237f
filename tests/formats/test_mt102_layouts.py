"""MT-102 of ordinary payments packed together and of utility payments: read in full, written as they were."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats import mt102, mt102_packed, mt102_reading, mt102_utilities
from formats.errors import Code, Findings, FormatError
from formats.mt102_packed import PackedHeader, PackedMt102, PackedPayment
from formats.mt102_reading import MessageOfAny
from formats.mt102_utilities import UtilityHeader, UtilityMt102, UtilityPayment
from formats.text import decode
from tests.formats import messages, odd_values

PACKED = decode((messages.FIXTURES / "H_multi_payment_102_clearing.txt").read_bytes(), "H.txt").text
UTILITIES = decode((messages.FIXTURES / "G_utilities_input_cp1251.txt").read_bytes(), "G.txt").text


def read(text: str) -> tuple[MessageOfAny, ...]:
    findings = Findings("bank.txt")
    found = tuple(mt102_reading.messages([text], findings))
    findings.check()
    return found


def packed() -> PackedMt102:
    (message,) = read(PACKED)
    assert isinstance(message, PackedMt102)
    return message


def utilities() -> UtilityMt102:
    (message,) = read(UTILITIES)
    assert isinstance(message, UtilityMt102)
    return message


def test_packed_payments_are_read_in_full() -> None:
    message = packed()
    assert message.total == 125075
    assert message.header.reference == "F230703-00101001"
    assert (message.header.payer_bic, message.header.beneficiary_bic) == ("FOBAKZKA", "HSBKKZKX")
    assert (message.header.dated, message.header.prt) == (date(2023, 7, 3), "05")
    first = message.items[0]
    assert (first.reference, first.amount, first.knp, first.assign) == ("RMZ9900101", 100000, "710", "ЗА ТОВАР")
    assert (first.payer.name, first.payer.bic) == ('ТОО "ПЕРВОЕ"', "FOBAKZKA")
    assert (first.beneficiary.name, first.beneficiary.bic) == ('ТОО "ВТОРОЕ"', "HSBKKZKX")
    assert message.items[1].payer.chief == "СЕРИКОВ С.С."


def test_utility_payments_are_read_in_full() -> None:
    message = utilities()
    assert message.total == 786650
    assert message.header.payer_bic == "CASPKZKA"
    assert (message.header.reference, message.header.assign) == ("", "")
    assert message.items[0] == UtilityPayment(
        1, 666650, address="СИНТЕТИЧЕСКАЯ 1-13", personal_account="666", name="ОБРАЗЦОВ И", service="001011"
    )


def test_packed_and_utility_payments_are_written_as_they_were() -> None:
    assert mt102_packed.write(packed()) == PACKED
    assert mt102_utilities.write(utilities()) == UTILITIES


def test_dot_amounts_of_utilities_are_read_and_said() -> None:
    findings = Findings("bank.txt")
    text = UTILITIES.replace("6666,50", "6666.50").replace("7866,50", "7866.50")
    assert tuple(mt102_reading.messages([text], findings)) == (utilities(),)
    assert [note.meaning for note in findings.notes] == ["a dot was read as the comma"] * 2


@pytest.mark.parametrize(
    ("text", "code", "line", "place"),
    [
        (PACKED.replace("KZT1250,75", "KZT1250,76"), Code.TOTAL, 48, ":32A: total"),
        (PACKED.replace(":21:RMZ9900102", ":21:RMZ9900101"), Code.ITEM_NUMBER, 30, ":21: reference"),
        (PACKED.replace("/KNP/710\r\n", ""), Code.MISSING, 26, ":70: /KNP/"),
        (PACKED.replace(":57B:HSBKKZKX\r\n", ""), Code.MISSING, 1, ":57B: of the message"),
        (PACKED.replace("/CHIEF/ИВАНОВ И.И.\r\n", ""), Code.MISSING, 14, ":50: /CHIEF/"),
        (UTILITIES.replace("//LS/667\r\n", ""), Code.MISSING, 17, ":70: /LS/"),
        (UTILITIES.replace("KZT7866,50", "KZT7866,51"), Code.TOTAL, 22, ":32A: total"),
        (UTILITIES.replace(":21:2", ":21:1"), Code.ITEM_NUMBER, 15, ":21: number"),
    ],
)
def test_fault_is_reported_with_line_and_place(text: str, code: Code, line: int, place: str) -> None:
    with pytest.raises(FormatError) as refusal:
        read(text)
    assert [(fault.code, fault.line, fault.place) for fault in refusal.value.faults] == [(code, line, place)]


@pytest.mark.parametrize("above", ["21", "32B"])
def test_subfield_under_another_tag_of_a_utility_payment_is_kept_and_reported(above: str) -> None:
    findings = Findings("bank.txt")
    row = {"21": ":21:1", "32B": ":32B:KZT6666,50"}[above]
    (message,) = mt102_reading.messages([UTILITIES.replace(f"{row}\r\n", f"{row}\r\n/XX/7\r\n", 1)], findings)
    findings.check()
    assert isinstance(message, UtilityMt102)
    assert message.items[0].other == ((f"{above}/XX", "7"),)
    assert [note.place for note in findings.notes] == [f":{above}: /XX/"]


def test_payments_without_references_are_not_the_same_one() -> None:
    with pytest.raises(FormatError) as refusal:
        read(PACKED.replace(":21:RMZ9900101", ":21:").replace(":21:RMZ9900102", ":21:"))
    assert [(fault.code, fault.line) for fault in refusal.value.faults] == [(Code.MISSING, 12), (Code.MISSING, 30)]


def test_reader_of_people_refuses_the_other_layouts() -> None:
    with pytest.raises(FormatError, match="payments with payers of their own are another layout"):
        mt102.read(PACKED.encode(), "H.txt")
    with pytest.raises(FormatError, match="UtilityMt102"):
        mt102.read(UTILITIES.encode(), "G.txt")
    with pytest.raises(FormatError) as refusal:
        mt102.read((PACKED + UTILITIES).encode(), "both.txt")
    assert [(fault.line, fault.code) for fault in refusal.value.faults] == [
        (1, Code.MT_OTHER_TYPE),
        (PACKED.count("\n") + 1, Code.MT_OTHER_TYPE),
    ]


kept = st.sampled_from([(), (("54B", "NBRKKZKX"),), (("70/XX", "A"),)])


@st.composite
def packed_messages(draw: st.DrawFn) -> PackedMt102:
    head = draw(messages.headers())
    banks = (head.payer.bic, head.beneficiary.bic)
    header = PackedHeader(
        envelope=head.envelope,
        reference=head.reference,
        payer_bic=banks[0],
        beneficiary_bic=banks[1],
        dated=head.dated,
        value_date=head.value_date,
        pso=head.pso,
        prt=head.prt,
        send=head.send,
        other=draw(kept),
    )
    payments = st.builds(
        PackedPayment,
        reference=st.text("ABCXYZ0123456789", min_size=1, max_size=16),
        amount=messages.amounts,
        payer=messages.parties(officials=True).map(lambda party: replace(party, bic=banks[0])),
        beneficiary=messages.parties(officials=False).map(lambda party: replace(party, bic=banks[1])),
        number=messages.texts(9),
        vo=messages.digits(2),
        knp=messages.digits(3),
        assign=messages.purposes(),
        budget_code=st.one_of(st.just(""), messages.digits(6)),
        other=kept,
    )
    items = draw(st.lists(payments, min_size=1, max_size=3, unique_by=lambda item: item.reference))
    return PackedMt102(header=header, items=tuple(items))


@st.composite
def utility_messages(draw: st.DrawFn) -> UtilityMt102:
    head = draw(messages.headers())
    header = UtilityHeader(
        envelope=head.envelope,
        payer_bic=head.payer.bic,
        number=head.number,
        dated=head.dated,
        value_date=head.value_date,
        assign=draw(st.one_of(st.just(""), messages.purposes())),
        reference=draw(st.sampled_from(["", "R1"])),
        other=draw(kept),
    )
    text = st.one_of(st.just(""), messages.texts(66))
    payments = st.builds(
        UtilityPayment,
        number=st.integers(0, 999_999_999),
        amount=messages.amounts,
        address=text,
        personal_account=messages.texts(66),
        name=text,
        phone=text,
        service=text,
        other=kept,
    )
    items = draw(st.lists(payments, min_size=1, max_size=3, unique_by=lambda item: item.number))
    return UtilityMt102(header=header, items=tuple(items))


def odd(*names: str) -> list[tuple[str, list[object]]]:
    """Odd values for fields, each named after the one of odd_values that it is like, or `own:like`."""
    known = odd_values.PARTIES | odd_values.ITEMS | odd_values.HEADS
    return [(name.partition(":")[0], known[name.rpartition(":")[2]]) for name in names]


@pytest.mark.parametrize(
    ("name", "values"), odd("reference", "payer_bic:bic", "dated", "value_date", "pso", "prt", "send", "other")
)
def test_odd_value_of_a_packed_head_is_refused_or_read_back_as_it_is(name: str, values: list[object]) -> None:
    for value in values:
        message = replace(packed(), header=replace(packed().header, **{name: value}))  # type: ignore[arg-type] # wrong
        assert odd_values.comes_back(message, mt102_packed.write, mt102_reading.messages), value


@pytest.mark.parametrize(
    ("name", "values"), odd("reference", "amount", "number:vo", "vo", "knp", "assign", "budget_code", "other")
)
def test_odd_value_of_a_packed_payment_is_refused_or_read_back_as_it_is(name: str, values: list[object]) -> None:
    for value in values:
        items = (packed().items[0], replace(packed().items[1], **{name: value}))  # type: ignore[arg-type] # wrong
        assert odd_values.comes_back(replace(packed(), items=items), mt102_packed.write, mt102_reading.messages), value


@pytest.mark.parametrize(
    ("name", "values"), odd("reference", "payer_bic:bic", "number:assign", "dated", "value_date", "assign", "other")
)
def test_odd_value_of_a_utility_head_is_refused_or_read_back_as_it_is(name: str, values: list[object]) -> None:
    for value in values:
        header = replace(utilities().header, **{name: value})  # type: ignore[arg-type] # made to be wrong
        message = replace(utilities(), header=header)
        assert odd_values.comes_back(message, mt102_utilities.write, mt102_reading.messages), value


@pytest.mark.parametrize(
    ("name", "values"),
    odd("number", "amount", "address:name", "personal_account:name", "name", "phone:name", "service:name", "other"),
)
def test_odd_value_of_a_utility_payment_is_refused_or_read_back_as_it_is(name: str, values: list[object]) -> None:
    numbers = odd_values.ITEMS["number"]
    for value in numbers if name == "number" else values:
        items = (utilities().items[0], utilities().items[1]._replace(**{name: value}))  # type: ignore[arg-type] # wrong
        message = replace(utilities(), items=items)
        assert odd_values.comes_back(message, mt102_utilities.write, mt102_reading.messages), value


@given(packed_messages())
def test_packed_payments_written_are_those_read(message: PackedMt102) -> None:
    assert read(mt102_packed.write(message)) == (message,)


@given(utility_messages())
def test_utility_payments_written_are_those_read(message: UtilityMt102) -> None:
    assert read(mt102_utilities.write(message)) == (message,)


@pytest.mark.parametrize(
    ("message", "place"),
    [
        (replace(packed(), items=()), ":21: of the message"),
        (replace(packed(), header=replace(packed().header, payer_bic="X")), ":52B:"),
        (replace(packed(), items=(replace(packed().items[0], knp="7"),)), "payment 1, :70: /KNP/"),
        (replace(packed(), items=(replace(packed().items[0], reference="A/B"),)), "payment 1, :21:"),
        (replace(packed(), items=(replace(packed().items[0], amount=0),)), "payment 1, :32B: amount"),
        (replace(packed(), items=(packed().items[0], packed().items[0])), ":21: reference"),
        (replace(packed(), header=replace(packed().header, other=(("50/XX", "A"),))), ":50: /XX/"),
    ],
)
def test_packed_payment_that_would_not_be_read_back_is_not_written(message: PackedMt102, place: str) -> None:
    with pytest.raises(FormatError) as refusal:
        mt102_packed.write(message)
    assert place in {fault.place for fault in refusal.value.faults}


@pytest.mark.parametrize(
    ("message", "place"),
    [
        (replace(utilities(), items=()), ":21: of the message"),
        (replace(utilities(), items=(utilities().items[0]._replace(personal_account=""),)), "payment 1, /LS/"),
        (replace(utilities(), items=(utilities().items[0], utilities().items[0])), "payment 1, number"),
        (replace(utilities(), items=(utilities().items[0]._replace(address="А/Б"),)), "payment 1, /ADR/"),
        (replace(utilities(), header=replace(utilities().header, other=(("59/XX", "A"),))), ":59: /XX/"),
        (replace(utilities(), items=(utilities().items[0]._replace(other=(("50/XX", "A"),)),)), ":50: /XX/"),
    ],
)
def test_utility_payment_that_would_not_be_read_back_is_not_written(message: UtilityMt102, place: str) -> None:
    with pytest.raises(FormatError) as refusal:
        mt102_utilities.write(message)
    assert place in {fault.place for fault in refusal.value.faults}


@given(messages.mutated(PACKED.encode()) | messages.mutated(UTILITIES.encode()))
def test_reading_raises_nothing_but_format_error(data: bytes) -> None:
    answer = messages.answer(lambda: read(decode(data, "bank.txt").text))
    assert answer.faults if isinstance(answer, FormatError) else all(message.items for message in answer)
