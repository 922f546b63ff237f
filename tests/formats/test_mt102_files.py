"""A list as the files that a bank takes: cut by its limits, with its habits, in its charset."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats import mt102, mt102_reading, mt102_writing, profiles
from formats.errors import Code, Findings, FormatError
from formats.mt102 import Mt102
from formats.mt102_files import Fee, Sibling, files
from formats.mt102_packed import PackedMt102
from formats.profiles import BankProfile, profile
from formats.text import decode, encode
from tests.formats import messages

PACKED = (messages.FIXTURES / "H_multi_payment_102_clearing.txt").read_bytes()
UTF8 = replace(profile("ANYBANK1"), charset="utf-8")


def crediting(count: int) -> Mt102:
    people = tuple(messages.PEOPLE[place % 4]._replace(number=place + 1) for place in range(count))
    return replace(messages.CREDITING, items=people)


def lists(found: tuple[Sibling, ...]) -> list[Mt102]:
    return [one.message for one in found if isinstance(one.message, Mt102)]


def faults(refusal: pytest.ExceptionInfo[FormatError]) -> list[tuple[Code, str, str]]:
    return [(fault.code, fault.place, fault.expected) for fault in refusal.value.faults]


def test_list_within_the_limits_is_one_file_as_it_is() -> None:
    (only,) = files(messages.CREDITING, UTF8)
    assert only.message == messages.CREDITING
    assert only.data.decode() == mt102.write(messages.CREDITING)


def test_list_of_too_many_people_becomes_numbered_siblings() -> None:
    found = lists(files(crediting(301), UTF8))
    assert [len(one.items) for one in found] == [150, 150, 1]
    assert [one.header.reference for one in found] == ["REFERENCE-1", "REFERENCE-2", "REFERENCE-3"]
    assert [one.header.number for one in found] == ["101-1", "101-2", "101-3"]
    assert [one.header.assign.rpartition("4 ")[2] for one in found] == [f"ЧАСТЬ {n} ИЗ 3" for n in (1, 2, 3)]
    assert all([item.number for item in one.items] == list(range(1, len(one.items) + 1)) for one in found)
    assert sum(one.total for one in found) == crediting(301).total


@pytest.mark.parametrize("charset", ["utf-8", "cp1251", "utf-16"])
@pytest.mark.parametrize("bytes_max", [1200, 2000, 64512])
def test_no_file_is_larger_than_the_bank_takes(charset: str, bytes_max: int) -> None:
    bank = replace(UTF8, charset=charset, bytes_max=bytes_max * (2 if charset == "utf-16" else 1))
    found = files(crediting(120), bank)
    assert len(found) > 1 or bytes_max > 2000
    assert all(len(one.data) <= bank.bytes_max for one in found)
    people = [item._replace(number=0) for one in lists(found) for item in one.items]
    assert people == [item._replace(number=0) for item in crediting(120).items]


@given(st.integers(1, 40), st.integers(1, 20), st.integers(1400, 4000))
def test_parts_are_the_whole_in_the_order_of_the_list(count: int, records_max: int, bytes_max: int) -> None:
    bank = replace(UTF8, records_max=records_max, bytes_max=bytes_max)
    found = files(crediting(count), bank)
    read = [message for one in found for message in mt102.read(one.data, "part.txt")]
    assert read == lists(found)
    assert [item.idn for one in read for item in one.items] == [item.idn for item in crediting(count).items]
    assert all(len(one.items) <= records_max for one in read)


def test_packed_payments_are_cut_by_their_own_limit() -> None:
    (message,) = mt102_reading.messages([decode(PACKED, "H.txt").text], Findings("H.txt"))
    assert isinstance(message, PackedMt102)
    (whole,) = files(message, UTF8)
    assert whole.data == PACKED
    short = replace(message, header=replace(message.header, reference="F230703"))
    found = files(short, replace(UTF8, packed_records_max=1))
    assert [one.message.header.reference for one in found] == ["F230703-1", "F230703-2"]
    assert [len(one.message.items) for one in found] == [1, 1]


@pytest.mark.parametrize(
    ("head", "why"),
    [
        ({"number": "123456789"}, "a number without room for the number of a part"),
        ({"reference": "GCVP-00099999902"}, "a reference without room"),
        ({"assign": " ".join(["А" * 60] * 7)}, "a purpose without room"),
    ],
)
def test_list_within_the_limits_needs_no_room_for_the_numbers_of_parts(head: dict[str, str], why: str) -> None:
    message = replace(messages.CREDITING, header=replace(messages.HEADER, **head))  # type: ignore[arg-type] # texts all
    (only,) = files(message, UTF8)
    assert only.message == message, why


def test_number_needs_only_the_room_that_its_parts_take() -> None:
    message = replace(crediting(151), header=replace(messages.HEADER, number="1234567"))
    assert [one.header.number for one in lists(files(message, UTF8))] == ["1234567-1", "1234567-2"]


def test_list_of_more_than_999_parts_has_room_for_their_numbers() -> None:
    bank = replace(UTF8, records_max=1, bytes_max=1300)
    found = files(crediting(1001), bank)
    assert [one.message.header.reference for one in found[::1000]] == ["REFERENCE-1", "REFERENCE-1001"]
    assert all(len(one.data) <= bank.bytes_max for one in found)


@given(st.integers(0, 120), st.sampled_from(["utf-8", "utf-8-sig", "cp1251", "utf-16"]), st.booleans())
def test_no_file_is_larger_than_the_bank_takes_by_a_single_byte(less: int, charset: str, is_lf: bool) -> None:
    """Large totals, letters beyond the first plane, numbers that grow when they are given anew."""
    name = "Ә" if charset == "cp1251" else "Ә\U0001f600" * 3
    people = tuple(
        item._replace(number=item.number - 1, amount=10**14 if item.number % 20 > 1 else 1, surname=name)
        for item in crediting(60).items
    )
    bank = replace(UTF8, charset=charset, line_end="lf" if is_lf else "crlf", bytes_max=4000 - less)
    found = files(replace(messages.CREDITING, items=people), bank)
    assert len(found) > 1
    assert all(len(one.data) <= bank.bytes_max for one in found)
    # Each file but the last has no room for one more.
    longest = max(len(encode(mt102_writing.item_text(item), charset)) for item in people)
    assert all(len(one.data) > bank.bytes_max - longest - 40 for one in found[:-1])


@pytest.mark.parametrize(("fields", "place"), [({"amount": -5}, "item 151, amount"), ({"number": 7}, "item 7, number")])
def test_item_that_cannot_be_written_is_refused_before_the_list_is_cut(fields: dict[str, int], place: str) -> None:
    items = list(crediting(151).items)
    items[150] = items[150]._replace(**fields)  # type: ignore[arg-type] # numbers all
    with pytest.raises(FormatError) as refusal:
        files(replace(messages.CREDITING, items=tuple(items)), UTF8)
    assert [fault.place for fault in refusal.value.faults] == [place]


def test_item_larger_than_a_file_is_refused() -> None:
    with pytest.raises(FormatError) as refusal:
        files(crediting(3), replace(UTF8, bytes_max=700))
    assert faults(refusal) == [(Code.BANK_LIMIT, "item 1", "files of 700 bytes")]


def test_reference_without_room_for_the_number_of_its_part_is_refused() -> None:
    message = replace(crediting(151), header=replace(messages.HEADER, reference="R" * 16))
    with pytest.raises(FormatError) as refusal:
        files(message, UTF8)
    assert (refusal.value.faults[0].code, refusal.value.faults[0].place) == (Code.UNWRITABLE, ":20:")


HALYK = replace(profile("HSBKKZKX"), charset="utf-8")
FIRST = replace(UTF8, enterprise_code="first")


def test_fee_of_the_bank_is_the_last_record_and_in_the_total() -> None:
    (only,) = lists(files(messages.CREDITING, HALYK, fee=Fee(amount=10000, account="FEE001")))
    assert (only.items[-1].is_fee, only.items[-1].number, only.items[-1].amount) == (True, 5, 10000)
    assert only.total == messages.CREDITING.total + 10000


@pytest.mark.parametrize(
    ("people", "expected"), [(150, [149, 2]), (149, [150]), (299, [150, 150]), (300, [150, 149, 2])]
)
def test_fee_counts_as_a_record_and_never_stands_alone(people: int, expected: list[int]) -> None:
    found = lists(files(crediting(people), HALYK, fee=Fee(amount=10000, account="FEE001")))
    assert [len(one.items) for one in found] == expected
    assert [item.is_fee for one in found for item in one.items] == [False] * people + [True]
    assert sum(one.total for one in found) == crediting(people).total + 10000


def test_enterprise_code_of_parts_stands_where_the_bank_looks_for_it() -> None:
    found = lists(files(crediting(151), HALYK, enterprise_code="0123456789ABCDEF"))
    assert [one.header.assign.partition("4 ")[2] for one in found] == [
        f"ЧАСТЬ {number} ИЗ 2 UNICODE 0123456789ABCDEF" for number in (1, 2)
    ]
    first = lists(files(crediting(151), FIRST, enterprise_code="ENT000001"))
    assert all(one.header.assign.startswith("ENT000001 ЗАЧИСЛЕНИЕ") for one in first)


def test_enterprise_code_is_not_lost_on_packed_payments() -> None:
    (message,) = mt102_reading.messages([decode(PACKED, "H.txt").text], Findings("H.txt"))
    assert isinstance(message, PackedMt102)
    with pytest.raises(FormatError, match="none: ANYBANK1 asks for no code here"):
        files(message, FIRST, enterprise_code="ENT000001")
    assert files(message, FIRST)[0].data == PACKED


def test_enterprise_code_stands_where_the_bank_looks_for_it() -> None:
    (at_the_end,) = lists(files(messages.CREDITING, HALYK, enterprise_code="0123456789ABCDEF"))
    assert at_the_end.header.assign.endswith("КОЛ-ВО 4 UNICODE 0123456789ABCDEF")
    (at_the_start,) = lists(files(messages.CREDITING, FIRST, enterprise_code="ENT000001"))
    assert at_the_start.header.assign.startswith("ENT000001 ЗАЧИСЛЕНИЕ")


@pytest.mark.parametrize(
    ("bank", "code", "fee", "place", "expected"),
    [
        (replace(UTF8, knp=("010", "012")), "", None, ":70: /KNP/", "010 or 012, as ANYBANK1 takes it"),
        (UTF8, "", Fee(amount=1, account="A"), "fee record", "none: ANYBANK1 takes no fee in the list"),
        (FIRST, "SHORT", None, "enterprise code", "9 characters or more, given by the bank"),
        (HALYK, "SHORT", None, "enterprise code", "16 characters, given by the bank, or none"),
        (UTF8, "ENT000001", None, "enterprise code", "none: ANYBANK1 asks for no code here"),
    ],
)
def test_what_the_bank_would_refuse_is_refused_before(
    bank: BankProfile, code: str, fee: Fee | None, place: str, expected: str
) -> None:
    with pytest.raises(FormatError) as refusal:
        files(messages.CREDITING, bank, enterprise_code=code, fee=fee)
    assert faults(refusal) == [(Code.BANK_LIMIT, place, expected)]


def test_letter_that_the_bank_lacks_is_refused_or_written_as_another_and_said() -> None:
    bank = replace(UTF8, charset="cp866")
    with pytest.raises(FormatError) as refusal:
        files(messages.CREDITING, bank)
    assert refusal.value.faults[0].code is Code.LETTER_LACKING
    (only,) = files(messages.CREDITING, bank, is_transliterated=True)
    assert "СЫНАКОВ" in only.data.decode("cp866")
    assert [(one.letter, one.written_as, one.count) for one in only.replaced] == [("Қ", "К", 1), ("Ұ", "У", 1)]


def test_no_line_begins_with_a_hyphen_written_for_a_dash() -> None:
    head = replace(messages.HEADER, assign="А" * 61 + " — Б")
    bank = replace(UTF8, charset="cp866")
    with pytest.raises(FormatError, match="7 lines"):
        files(replace(messages.CREDITING, header=head), bank, is_transliterated=True)


def test_profile_of_a_bank_is_found_by_the_bic_of_a_branch() -> None:
    assert replace(profile("HSBKKZKXXXX"), bic="HSBKKZKX") == profile("HSBKKZKX")


def test_line_end_is_that_of_the_bank() -> None:
    (only,) = files(messages.CREDITING, replace(UTF8, line_end="lf"))
    assert b"\r" not in only.data


def test_empty_list_is_refused() -> None:
    with pytest.raises(FormatError, match="at least one"):
        files(replace(messages.CREDITING, items=()), UTF8)


def test_every_profile_of_the_data_is_whole_and_says_where_it_comes_from() -> None:
    assert {"HSBKKZKX", "IRTYKZKA"} <= set(profiles.bics())
    for bic in (*profiles.bics(), "ANYBANK1"):
        bank = profile(bic)
        assert bank.source
        assert bank.line_end in {"crlf", "lf"}
        assert bank.enterprise_code in {"", "first", "unicode"}
        assert files(replace(messages.CREDITING, items=messages.PEOPLE[:1]), replace(bank, enterprise_code=""))
