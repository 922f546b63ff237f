"""Numbers of people, organisations, accounts and banks, one by one and as columns."""

import datetime
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban as published_iban

from fixtures.people import iban_for, iin_with_check_digit
from ledgers.identifiers import (
    Bic,
    Bin,
    Iban,
    Iin,
    InvalidIdentifier,
    check_digit,
    invalid_bins,
    invalid_ibans,
    invalid_iins,
)

COLUMN = 10_000

IINS = [
    ("800101399997", True, "one pass"),
    ("800101399693", True, "two passes"),
    ("800101399998", False, "check digit"),
    ("000229500008", True, "2000 was a leap year"),
    ("000229300005", False, "1900 was none"),
    ("800231399994", False, "31 February"),
    ("801301399997", False, "month 13"),
    ("800001399993", False, "month 0"),
    ("800100399991", False, "day 0"),
    ("800101799992", False, "no century has the digit 7"),
    ("80010139999", False, "eleven digits"),
    ("8001013999977", False, "thirteen digits"),
    ("", False, "empty"),
    ("80010139999A", False, "a letter"),
    ("80010139999７", False, "a digit of another script"),
    ("8001013999\u04307", False, "a Cyrillic letter"),
    (" 80010139999", False, "a space"),
]
BINS = [
    ("160440007161", True, "the State Corporation"),
    ("970740001013", True, "its forerunner"),
    ("000140002217", True, "Kazpost"),
    ("180540021234", False, "check digit"),
    ("800101399997", False, "a person's number: digit 5 is below 4"),
    ("16044000716", False, "eleven digits"),
    ("", False, "empty"),
]
IBANS = [
    ("KZ12009NPS0413609816", True, "letters in the account"),
    ("KZ12009NPS0413609817", False, "check digits (E45)"),
    ("KZ82722TEST000000001", True, "account at Kaspi (E46)"),
    ("kz12009nps0413609816", False, "small letters"),
    ("KZ1200 NPS041360981", False, "a space"),
    ("KZ12O09NPS0413609816", False, "letter O in the bank's code"),
    ("GB82WEST12345698765432", False, "another country"),
    ("GB12009NPS0413609816", False, "another country of the same length"),
    ("KZ12009NPS041360981", False, "19 characters"),
    ("", False, "empty"),
    ("KZ12009NPS04136098\u0430б", False, "Cyrillic letters"),
]


def _is_made(kind: Callable[[str], object], text: str) -> bool:
    try:
        kind(text)
    except InvalidIdentifier:
        return False
    return True


@pytest.mark.parametrize(("text", "good", "_why"), IINS)
def test_an_iin_exists_only_if_correct(text: str, good: bool, _why: str) -> None:
    assert _is_made(Iin, text) is good
    assert invalid_iins([text]) == ([] if good else [0])


@pytest.mark.parametrize(("text", "good", "_why"), BINS)
def test_a_bin_exists_only_if_correct(text: str, good: bool, _why: str) -> None:
    assert _is_made(Bin, text) is good
    assert invalid_bins([text]) == ([] if good else [0])


@pytest.mark.parametrize(("text", "good", "_why"), IBANS)
def test_an_iban_exists_only_if_correct(text: str, good: bool, _why: str) -> None:
    assert _is_made(Iban, text) is good
    assert invalid_ibans([text]) == ([] if good else [0])


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("HSBKKZKX", True),
        ("HSBKKZKXXXX", True),
        ("HSBKKZK", False),
        ("hsbkkzkx", False),
        ("HSBKQQKX", False),
        ("", False),
    ],
)
def test_a_bic_exists_only_if_correct(text: str, good: bool) -> None:
    assert _is_made(Bic, text) is good


def test_identifiers_of_different_kinds_are_never_equal() -> None:
    assert Iin("800101399997") == Iin("800101399997")
    assert len({Iin("800101399997"), Bin("160440007161"), Bin("160440007161")}) == 2
    # No text is correct as two kinds, so the same text is put into both by force.
    values: list[object] = [Iin.__new__(Iin), Bin.__new__(Bin), Iban.__new__(Iban), Bic.__new__(Bic)]
    for value in values:
        object.__setattr__(value, "text", "the same")
    assert all((one == other) is (one is other) for one in values for other in [*values, "the same"])


def test_a_refusal_says_what_was_found_and_what_was_expected() -> None:
    with pytest.raises(InvalidIdentifier, match="IBAN 'KZ12009NPS0413609817': expected check digits 82"):
        Iban("KZ12009NPS0413609817")
    with pytest.raises(InvalidIdentifier, match="IIN '800101399998': expected check digit 7"):
        Iin("800101399998")


@pytest.mark.parametrize(
    ("first_eleven", "birth_date"),
    [
        ("99123120001", datetime.date(1899, 12, 31)),
        ("80010139999", datetime.date(1980, 1, 1)),
        ("03082451674", datetime.date(2003, 8, 24)),
        ("80010109999", None),  # a foreigner's number tells no century
    ],
)
def test_an_iin_tells_the_day_of_birth(first_eleven: str, birth_date: datetime.date | None) -> None:
    text = iin_with_check_digit(first_eleven)
    assert text is not None
    assert Iin(text).birth_date == birth_date


def test_an_iban_tells_its_bank() -> None:
    """E46: the account of one bank in a file to another is found by these three digits."""
    assert Iban("KZ82722TEST000000001").bank_code == "722"


def test_a_number_whose_two_sums_end_in_ten_is_never_issued() -> None:
    unissued = next(f"8001013{serial:04d}" for serial in range(10_000) if check_digit(f"8001013{serial:04d}") is None)
    assert iin_with_check_digit(unissued) is None
    assert invalid_iins([f"{unissued}{last}" for last in range(10)]) == list(range(10))
    assert not _is_made(Iin, f"{unissued}0")


digits = st.text("0123456789", min_size=12, max_size=12)
dates = st.dates(datetime.date(1800, 1, 1), datetime.date(2099, 12, 31)).map(lambda day: f"{day:%y%m%d}")
births = st.builds("{}{}{}".format, dates, st.sampled_from("0123456789"), st.text("0123456789", min_size=5, max_size=5))
checked = st.one_of(births, digits).map(lambda text: iin_with_check_digit(text[:11]) or text)
months = st.builds("{}{}{}".format, st.sampled_from(["1604", "9712", "0001"]), st.sampled_from("3456"), digits)
registered = months.map(lambda text: iin_with_check_digit(text[:11]) or text[:12])
accounts = st.text("0123456789ABCXYZ", min_size=13, max_size=13)
ibans = st.builds(iban_for, st.from_regex(r"[0-9]{3}", fullmatch=True), accounts)
any_check = st.builds("KZ{:02d}{}".format, st.integers(0, 99), ibans.map(lambda text: text[4:]))


@given(st.lists(st.one_of(checked, births, digits, st.text(max_size=14)), max_size=60))
def test_a_column_of_iins_is_judged_like_each_of_them(values: list[str]) -> None:
    assert invalid_iins(values) == [index for index, text in enumerate(values) if not _is_made(Iin, text)]


@given(st.lists(st.one_of(registered, checked, digits, st.text(max_size=14)), max_size=60))
def test_a_column_of_bins_is_judged_like_each_of_them(values: list[str]) -> None:
    assert invalid_bins(values) == [index for index, text in enumerate(values) if not _is_made(Bin, text)]


@given(st.lists(st.one_of(ibans, any_check, st.text(max_size=22)), max_size=60))
def test_a_column_of_ibans_is_judged_like_each_of_them(values: list[str]) -> None:
    assert invalid_ibans(values) == [index for index, text in enumerate(values) if not _is_made(Iban, text)]


@given(ibans)
def test_a_made_iban_is_correct_by_the_published_rules(text: str) -> None:
    assert published_iban.is_valid(text)
    assert invalid_ibans([text]) == []


@pytest.mark.parametrize("check", ["00", "01", "99"])
def test_check_digits_that_only_look_correct_are_refused(check: str) -> None:
    """The remainder of 97 cannot tell 00, 01 and 99 from 97, 98 and 02; nobody issues the former."""
    twin = {"00": "97", "01": "98", "99": "02"}[check]
    account = next(f"{n:013d}" for n in range(10_000) if iban_for("601", f"{n:013d}").startswith(f"KZ{twin}"))
    assert invalid_ibans([f"KZ{twin}601{account}", f"KZ{check}601{account}"]) == [1]


@pytest.mark.parametrize(
    ("judge", "good"),
    [(invalid_iins, "800101399693"), (invalid_bins, "160440007161"), (invalid_ibans, "KZ12009NPS0413609816")],
)
def test_a_column_is_judged_in_milliseconds(judge: Callable[[list[str]], list[int]], good: str) -> None:
    """A load of 200,000 awards is twenty columns of ten thousand; one alone takes about two milliseconds."""
    column = [good] * (COLUMN - 1) + ["wrong"]
    assert judge(column) == [COLUMN - 1]
    durations = []
    for _ in range(5):
        start = time.perf_counter()
        judge(column)
        durations.append(time.perf_counter() - start)
    assert min(durations) < 0.02
