"""People many at a time: whatever stands in a list, it is read as one by one, with the same faults and notes."""

import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats import mt102_columns, mt102_reading
from formats.errors import FAULTS_MAX, Findings, FormatError
from formats.mt102_columns import Columns
from tests.formats import messages

HEAD, _, _ = (messages.FIXTURES / "C_crediting_card_accounts_input.txt").read_text("utf-8").partition(":21:1")
PERSON = ["/FM/АЛИЕВ", "/NM/АННА", "/FT/", "/IDN/800101399997", "/LA/KZ986017A99999999911"]
BENEFIT = ["/FM/АЛИЕВ", "/NM/АННА", "/FT/ОМАРОВНА", "/DT/19800101", "/IDN/800101399997", "/PERIOD/072023"]
BENEFIT += ["/ASSIGN/СЧЕТ"]

VALUES = {
    "21": ["0", "01", "1", "A", "٣", "1234567890", ""],
    "32B": ["KZT,50", "KZT0,00", "KZT5.00", "KZT 5,00", "КZТ5,00", "USD1,00", "KZT٥,00", "KZT5,00 ", ""],
    "FM": ["A/B", "/B", "B/", "КОМИССИЯ", ""],
    "NM": ["БАНКА", "A/B", ""],
    "FT": ["", "-", "X"],
    "DT": ["00000000", "19990230", "1978924", "２0000101", ""],
    "IDN": ["80010139999", "8001013999977", "٨00101399997", "80010139999Х", ""],
    "LA": ["КZ1", "a b", "Ж", ""],
    "PERIOD": ["132023", "011800", "002023", ""],
    "ASSIGN": ["a/b", "", "/LA/X"],
    "OPV": ["C", "S", "X", "С", "C0000000000000001", ""],
}
SIGNS = [
    "\u00a0",
    "\u2028",
    "\x85",
    "\x0b",
    "\x1c",
    "\x1a",
    "\t",
    "И\u0306",
    "٣",
    "/",
    "{",
    "{1:",
    "-}",
    ":21:1",
    " ",
    "",
]
ROWS = [
    "",
    " ",
    "\u00a0",
    "extra",
    ":32A:230701KZT1,00",
    ":54B:X",
    ":50:/D/K",
    ":21",
    ":70:",
    "-",
    "/",
    "-}",
    "/XX/1",
    "\x1a",
]


@st.composite
def rows_of_people(draw: st.DrawFn) -> list[str]:
    """Records of one or two shapes, some rows of which are unusual, missing, added, twice or in another place."""
    shapes = [PERSON, BENEFIT, [f":70:/OPV/{draw(st.sampled_from('CVS'))}", *BENEFIT]]
    first, second = draw(st.sampled_from(shapes)), draw(st.sampled_from(shapes))
    rows: list[str] = []
    for number in range(1, draw(st.integers(1, 30)) + 1):
        shape = second if number % 7 == 0 else first
        bare = [] if shape[0].startswith(":70:") else [":70:"]
        rows += [f":21:{number}", ":32B:KZT5000,00", *bare, *shape]
    for _ in range(draw(st.integers(0, 4))):
        place = draw(st.integers(0, len(rows) - 1))
        rows[place : place + 1] = draw(_changes(rows[place]))
    return rows


def _changes(row: str) -> st.SearchStrategy[list[str]]:
    before, _, value = row.lstrip("/:").partition(":" if row.startswith(":") and not row.startswith(":70:/") else "/")
    mark = row[: len(row) - len(value)]
    name = before.rpartition("/")[2].rpartition(":")[2]
    sign = st.tuples(st.sampled_from(SIGNS), st.integers(0, len(value)))
    return st.one_of(
        st.sampled_from(VALUES.get(name, [""])).map(lambda text: [mark + text]),
        sign.map(lambda pair: [mark + value[: pair[1]] + pair[0] + value[pair[1] :]]),
        st.sampled_from(ROWS).map(lambda other: [other, row]),
        st.sampled_from(ROWS).map(lambda other: [row, other]),
        st.sampled_from([[], [row, row], [f"/{row}"], [row.replace("FM", "NM")], [row.replace("21", "32A")]]),
    )


def outcome(pieces: list[str]) -> tuple[Any, ...]:
    """All that a reader says of a list."""
    findings = Findings("bank.txt")
    found = messages.answer(lambda: tuple(mt102_reading.messages(pieces, findings)))
    return (str(found) if isinstance(found, FormatError) else found, findings.faults, findings.notes)


def cut(text: str, size: int) -> list[str]:
    return [text[start : start + size] for start in range(0, len(text), size)]


@given(
    rows_of_people(),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from([1, 7, 97, 333, 1000, 10**6]),
    st.sampled_from([1, 2, 64]),
    st.sampled_from([9, 40, 16_000]),
    st.integers(1, 2),
)
def test_unusual_people_are_read_at_once_as_they_are_one_by_one(
    rows: list[str], end: str, size: int, few: int, rows_max: int, times: int
) -> None:
    text = (HEAD + "\n".join([*rows, ":32A:230701KZT5000,00", "-}", ""])).replace("\n", end) * times
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mt102_columns, "_FEW", few)
        patch.setattr(mt102_columns, "_ROWS_MAX", rows_max)
        at_once = outcome(cut(text, size))
        patch.setattr(Columns, "take", lambda *_: ([], ()))
        assert at_once == outcome(cut(text, size))


@pytest.mark.parametrize("size", range(60, 700, 13))
def test_records_cut_at_any_place_are_read_alike(size: int) -> None:
    people = "".join(f":21:{number}\n:32B:KZT5000,00\n:70:\n" + "\n".join(PERSON) + "\n" for number in range(1, 41))
    text = f"{HEAD}{people}:32A:230701KZT200000,00\n-}}\n"
    found, faults, notes = outcome(cut(text, size))
    assert (len(found[0].items), faults, notes) == (40, (), ())
    assert found == outcome([text])[0]


@pytest.mark.parametrize("mark", ["{1:F01", "\x1a"])
@pytest.mark.parametrize("row", ["/NM/АННА", "/ASSIGN/СЧЕТ"])
def test_message_that_begins_inside_of_a_record_is_found_among_many(mark: str, row: str) -> None:
    rows = [":32B:KZT5000,00", ":70:", *BENEFIT]
    people = [[f":21:{number}", *rows] for number in range(1, 200)]
    people[150][people[150].index(row)] = row + mark
    text = HEAD + "\n".join(row for person in people for row in person) + "\n:32A:230701KZT995000,00\n-}\n"
    ((message, *_), faults, notes) = outcome([text])
    if mark == "\x1a":
        assert {(one.first_name, one.assign) for one in message.items} == {("АННА", "СЧЕТ")}
        assert (faults, notes) == ((), ())
    else:
        assert "end of message" in {fault.place for fault in faults}


def _record(more: str = "") -> Callable[[int], str]:
    body = ":32B:KZT5000,00\n:70:\n" + "\n".join(PERSON) + f"\n{more}"
    return lambda number: f":21:{number}\n{body}"


HOSTILE: dict[str, Callable[[int], Iterator[str]]] = {
    "records alike": lambda count: map(_record(), range(1, count)),
    "an unknown subfield in each": lambda count: map(_record("/XX/1\n"), range(1, count)),
    "one odd record in 64": lambda count: (_record("/XX/1\n" * (n % 64 == 0))(n) for n in range(1, count)),
    "no bodies": lambda count: (f":21:{number}\n" for number in range(1, 8 * count)),
    "blank rows": lambda count: iter([_record()(1), "\n" * 8 * count]),
    "blank rows in each": lambda count: map(_record("\n" * 8), range(1, count)),
    "rows without tags": lambda count: iter([_record("/ASSIGN/x\n")(1), "word\n" * 8 * count]),
    "one unknown subfield": lambda count: iter([_record()(1), "/XX/1\n" * 8 * count]),
    "many unknown subfields": lambda count: iter([_record()(1), *(f"/X{n}/1\n" for n in range(8 * count))]),
    "one number": lambda count: (_record()(1) for _ in range(1, count)),
    "totals": lambda count: iter([_record()(1), ":32A:230701KZT1,00\n" * 8 * count]),
    "one tag of the head": lambda count: iter([":57B:HSBKKZKX\n" * 8 * count, _record()(1)]),
}


def _calls(text: str) -> int:
    """How many functions of the package are called until the text is read or refused."""
    calls = 0

    def count(frame: FrameType, event: str, _: object) -> None:
        nonlocal calls
        calls += event == "call" and "formats" in frame.f_code.co_filename

    sys.setprofile(count)
    try:
        outcome(cut(text, 1 << 17))
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("kind", HOSTILE)
def test_work_grows_no_faster_than_the_list(kind: str) -> None:
    """Calls are counted, not seconds; what is refused for too many faults takes even less."""
    assert FAULTS_MAX <= 10_000
    small, large = (
        _calls(HEAD + "".join(HOSTILE[kind](count)) + ":32A:230701KZT5000,00\n-}\n") for count in (400, 1600)
    )
    assert large < 6 * small + 1000
