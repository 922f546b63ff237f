"""MT-100: the subfields of MT-102 without a list, :32A: second."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats import mt100
from formats.errors import FormatError
from formats.mt100 import Mt100
from formats.text import encode
from tests.formats import messages, odd_values

PAYMENT = (messages.FIXTURES / "I_mt100_input.txt").read_bytes()
CREDITING = (messages.FIXTURES / "C_crediting_card_accounts_input.txt").read_bytes()


def test_payment_is_read_in_full() -> None:
    assert mt100.read(PAYMENT, "I.txt") == (messages.REFUND,)


def test_payment_is_written_in_the_layout_of_the_example() -> None:
    assert mt100.write(messages.REFUND).encode() == PAYMENT


def test_several_payments_of_a_file_are_read_in_order() -> None:
    later = replace(messages.REFUND, reference="LATER", amount=1)
    found = mt100.read(PAYMENT + mt100.write(later).encode(), "bank.txt")
    assert found == (messages.REFUND, later)


HEADS = odd_values.HEADS | {"amount": odd_values.ITEMS["amount"]}


@pytest.mark.parametrize(("name", "values"), HEADS.items())
def test_odd_value_is_refused_or_read_back_as_it_is(name: str, values: list[object]) -> None:
    for value in values:
        payment = replace(messages.REFUND, **{name: value})  # type: ignore[arg-type] # made to be wrong
        assert odd_values.comes_back(payment, mt100.write, mt100.messages), value


@given(messages.single_payments(), st.sampled_from(["utf-8", "cp1251", "utf-16"]))
def test_payment_written_is_the_payment_read(payment: Mt100, charset: str) -> None:
    assert mt100.read(encode(mt100.write(payment), charset), "bank.txt") == (payment,)


@pytest.mark.parametrize(
    ("old", "new", "line", "place"),
    [
        ("KZT137600,00", "KZT137600.00", 5, ":32A: amount"),
        ("KZT137600,00", "KZT0,00", 5, ":32A: amount"),
        ("KZT137600,00", "EUR137600,00", 5, ":32A: currency"),
        (":32A:230703", ":32A:233003", 5, ":32A: date"),
        (":32A:230703KZT137600,00\r\n", "", 1, ":32A: of the message"),
        ("/NUM/102", "/NUM/", 20, ":70: /NUM/"),
        ("/ASSIGN/ЗАЧИСЛЕНИЕ ПО РЕЕСТРУ 17\r\n", "", 20, ":70: /ASSIGN/"),
        ("\r\n-}", "", 27, "end of message"),
    ],
)
def test_fault_is_reported_with_line_and_place(old: str, new: str, line: int, place: str) -> None:
    text = PAYMENT.decode()
    assert old in text
    with pytest.raises(FormatError) as refusal:
        mt100.read(text.replace(old, new, 1).encode(), "bank.txt")
    assert [(fault.line, fault.place) for fault in refusal.value.faults] == [(line, place)]


def test_list_is_not_taken_for_a_single_payment() -> None:
    with pytest.raises(FormatError, match="MT102"):
        mt100.read(CREDITING, "C.txt")


@pytest.mark.parametrize(
    ("payment", "place"),
    [
        (replace(messages.REFUND, amount=0), ":32A: amount"),
        (replace(messages.REFUND, amount=10**17), ":32A: amount"),
        (replace(messages.REFUND, value_date=date(1999, 1, 1)), ":32A: date"),
        (replace(messages.REFUND, assign="ЗА {МАРТ}"), ":70: /ASSIGN/"),
        (replace(messages.REFUND, payer=replace(messages.PAYER, idn="")), ":50: /IDN/"),
    ],
)
def test_payment_that_would_not_be_read_back_is_not_written(payment: Mt100, place: str) -> None:
    with pytest.raises(FormatError) as refusal:
        mt100.write(payment)
    assert [fault.place for fault in refusal.value.faults] == [place]


@given(st.binary(max_size=200) | messages.mutated(PAYMENT))
def test_reading_raises_nothing_but_format_error(data: bytes) -> None:
    answer = messages.answer(lambda: mt100.read(data, "bank.txt"))
    assert answer.faults if isinstance(answer, FormatError) else all(payment.amount > 0 for payment in answer)
