"""Award and resolution files, whatever their form: what is right comes out the same, what is wrong is named."""

import tracemalloc
from datetime import date
from itertools import chain, repeat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formats import awards, columns
from formats.awards import AWARD_FIELDS, AWARDS, RESOLUTION_FIELDS, RESOLUTIONS
from formats.errors import Code
from formats.sheets import DELIMITER
from tests.formats.tabular import (
    AWARD_WRITERS,
    CHILD,
    GRANNY,
    REFUND,
    RESEND,
    RESOLUTION_WRITERS,
    award,
    read_awards,
    read_bytes,
    read_resolutions,
    resolution,
)

PAGE = Path(__file__).parents[2] / "docs" / "formats" / "awards.md"


@pytest.mark.parametrize("form", AWARD_WRITERS)
def test_awards_come_back_as_they_were_written(tmp_path: Path, form: str) -> None:
    path = tmp_path / "march"  # the name says nothing: the content does
    AWARD_WRITERS[form]([GRANNY, CHILD], path)
    batches, faults = read_awards(path)
    assert faults == []
    [batch] = batches
    assert batch.lines == ([3, 4] if form == "xml" else [2, 3])
    assert tuple(batch.columns) == AWARD_FIELDS
    assert batch.columns["amount"] == ["1846000", "1"]
    assert batch.columns["due_month"] == ["2024-03-01", "2024-12-01"]
    assert batch.columns["decision_date"] == ["2024-03-05", "2024-03-05"]
    assert batch.columns["birth_date"] == ["1958-03-12", "2019-07-05"]
    converted = {"amount", "due_month", "decision_date", "birth_date"}
    for place, name in enumerate(AWARD_FIELDS):
        if name not in converted:
            assert batch.columns[name] == [GRANNY[place], CHILD[place]], name


@pytest.mark.parametrize("form", RESOLUTION_WRITERS)
def test_resolutions_come_back_as_they_were_written(tmp_path: Path, form: str) -> None:
    RESOLUTION_WRITERS[form]([RESEND, REFUND], tmp_path / "r")
    batches, faults = read_resolutions(tmp_path / "r")
    assert faults == []
    [batch] = batches
    assert tuple(batch.columns) == RESOLUTION_FIELDS
    assert batch.columns["outcome"] == ["resend", "refund"]
    assert batch.columns["amount"] == ["1846000", "1"]
    assert batch.columns["iban"] == ["KZ46722C000000004567", ""]


# Field, a value that is not of its form, and why.
WRONG = [
    ("authority_bin", "", "mandatory"),
    ("authority_bin", "02034000017", "eleven digits"),
    ("authority_bin", "02034000017A", "a letter"),
    ("iin", "٥80312400120", "a digit of another script"),
    ("iin", "5803 12400120", "a space inside"),
    ("decision_number", "   ", "only spaces"),
    ("signer", "", "mandatory"),
    ("case_id", "", "mandatory"),
    ("surname", "Қ" * 201, "more than 200 characters"),
    ("decision_date", "30.02.2024", "no such day"),
    ("decision_date", "29.02.2023", "no leap year"),
    ("decision_date", "5.03.2024", "one digit"),
    ("decision_date", "05/03/2024", "slashes"),
    ("birth_date", "00.00.0000", "no day at all"),
    ("due_month", "13.2024", "no such month"),
    ("due_month", "05.03.2024", "a day"),
    ("amount", "18460.00", "a dot (E48)"),
    ("amount", "18460,0", "one decimal (E48)"),
    ("amount", "18460", "no decimals"),
    ("amount", "18 460,00", "a separator of thousands"),
    ("amount", "-18460,00", "a sign"),
    ("amount", "0,00", "zero"),
    ("amount", "9999999999999999,00", "sixteen digits"),
    ("sex", "Ж", "neither M nor F"),
    ("sex", "m", "small"),
    ("bic", "HSBKKZKXXXX", "with a branch"),
    ("bic", "hsbkkzkx", "small"),
    ("iban", "KZ35601A00000000012", "nineteen characters"),
    ("iban", "RU35601A000000000123", "another country"),
    ("iban", "KZ35 601A 0000 0000 0123", "in groups"),
    ("iban", "КZ35601A000000000123", "a Cyrillic K"),
    ("guardian_iin", "85051549998", "eleven digits"),
    ("phone", "7" * 201, "more than 200 characters"),
]


def _code(name: str, value: str) -> Code:
    if not value.strip():
        return Code.MISSING
    kinds = {"amount": Code.AMOUNT, "due_month": Code.DATE, "decision_date": Code.DATE, "birth_date": Code.DATE}
    return kinds.get(name, Code.VALUE)


@pytest.mark.parametrize("form", AWARD_WRITERS)
def test_every_wrong_value_is_named_with_its_line_and_the_rest_is_read(tmp_path: Path, form: str) -> None:
    rows = list(chain.from_iterable((award(**{name: value}), CHILD) for name, value, _ in WRONG))
    AWARD_WRITERS[form](rows, tmp_path / "wrong")
    batches, faults = read_awards(tmp_path / "wrong")
    first = 3 if form == "xml" else 2
    assert [(fault.line, fault.place) for fault in faults] == [
        (first + 2 * place, name) for place, (name, _, _) in enumerate(WRONG)
    ]
    assert all(fault.expected and fault.remedy for fault in faults)
    assert [fault.code for fault in faults] == [_code(name, value) for name, value, _ in WRONG]
    assert sum(len(batch.lines) for batch in batches) == len(WRONG)
    assert {case for batch in batches for case in batch.columns["case_id"]} == {CHILD[4]}


# A resolution, the fields changed, the field that is at fault.
WRONG_RESOLUTIONS = [
    (RESEND, {"outcome": "return"}, "outcome"),
    (RESEND, {"iban": ""}, "iban"),
    (RESEND, {"bic": ""}, "bic"),
    (RESEND, {"surname": ""}, "surname"),
    (RESEND, {"first_name": ""}, "first_name"),
    (RESEND, {"amount": "0,00"}, "amount"),
    (RESEND, {"date": "31.04.2024"}, "date"),
    (REFUND, {"reason": ""}, "reason"),
    (REFUND, {"iban": "KZ46722C000000004567"}, "iban"),
    (REFUND, {"patronymic": "Нұрланқызы"}, "patronymic"),
]


@pytest.mark.parametrize("form", RESOLUTION_WRITERS)
def test_a_resend_needs_its_details_and_a_refund_its_reason(tmp_path: Path, form: str) -> None:
    """R-062: two outcomes, each complete."""
    RESOLUTION_WRITERS[form]([resolution(row, **changes) for row, changes, _ in WRONG_RESOLUTIONS], tmp_path / "r")
    batches, faults = read_resolutions(tmp_path / "r")
    assert batches == []
    assert [fault.place for fault in faults] == [place for _, _, place in WRONG_RESOLUTIONS]
    assert [fault.code for fault in faults] == [
        *[Code.VALUE], *[Code.MISSING] * 4, Code.AMOUNT, Code.DATE, Code.MISSING, *[Code.VALUE] * 2,
    ]  # fmt: skip


def test_a_resend_without_patronymic_and_with_a_reason_is_right(tmp_path: Path) -> None:
    row = resolution(RESEND, patronymic="", reason="шот жабылған")
    RESOLUTION_WRITERS["csv"]([row], tmp_path / "r")
    assert read_resolutions(tmp_path / "r")[1] == []


def test_texts_are_stripped_and_composed(tmp_path: Path) -> None:
    """The same name typed on two machines is one name."""
    AWARD_WRITERS["csv"]([award(surname="  Байтасов ", first_name="Ерболаи\u0306")], tmp_path / "a")
    [batch], _ = read_awards(tmp_path / "a")
    assert (batch.columns["surname"], batch.columns["first_name"]) == (["Байтасов"], ["Ербола\u0439"])


@pytest.mark.parametrize("sign", ["\t", "\n", "\u00a0", "\u200b", "\u2028", "\x85"])
def test_a_character_that_nobody_sees_is_a_fault_inside_a_value(tmp_path: Path, sign: str) -> None:
    row = award(surname=f'"Қожа{sign}хметова"', address="Астана")
    text = "\n".join([DELIMITER.join(AWARD_FIELDS), DELIMITER.join(row)])
    batches, faults = read_bytes(tmp_path / "a", text.encode())
    assert batches == []
    assert len(faults) == 1
    assert faults[0].line == 2
    assert faults[0].code is Code.CONTROL_CHARACTER
    assert sign == "\x85" or f"U+{ord(sign):04X} in Қожа·хметова" in faults[0].found


@pytest.mark.parametrize("form", AWARD_WRITERS)
def test_rows_come_in_batches_in_the_order_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setattr(columns, "BATCH_ROWS", 500)
    rows = (award(case_id=f"{number}", amount=f"{number + 1},00") for number in range(1_030))
    AWARD_WRITERS[form](rows, tmp_path / "many")
    batches, faults = read_awards(tmp_path / "many")
    assert faults == []
    assert [len(batch.lines) for batch in batches] == [500, 500, 30]
    assert [case for batch in batches for case in batch.columns["case_id"]] == [f"{n}" for n in range(1_030)]


def test_values_that_never_repeat_are_checked_like_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second batch of such a column takes another way through the code."""
    monkeypatch.setattr(columns, "BATCH_ROWS", 10_000)
    rows = [award(case_id=f"{number}", iin=f"{number:012}") for number in range(20_300)]
    rows[15_000][AWARD_FIELDS.index("iin")] = "1234567890"
    rows[15_001][AWARD_FIELDS.index("case_id")] = " Ә\u0306 "
    AWARD_WRITERS["csv"](rows, tmp_path / "many")
    batches, faults = read_awards(tmp_path / "many")
    assert [(fault.line, fault.place) for fault in faults] == [(15_002, "iin")]
    assert [len(batch.lines) for batch in batches] == [10_000, 9_999, 300]
    assert batches[1].columns["case_id"][5_000] == "Ә\u0306"


def test_a_file_of_faults_ends_the_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "FAULTS_MAX", 100)
    AWARD_WRITERS["csv"](repeat(award(sex="X"), 300), tmp_path / "a")
    _, faults = read_awards(tmp_path / "a")
    assert len(faults) == 101
    assert (faults[-1].place, faults[-1].code) == ("file", Code.TOO_MANY_FAULTS)


@pytest.mark.parametrize("form", AWARD_WRITERS)
def test_a_file_without_lines_is_refused(tmp_path: Path, form: str) -> None:
    AWARD_WRITERS[form]([], tmp_path / "a")
    batches, faults = read_awards(tmp_path / "a")
    assert (batches, [(fault.found, fault.code) for fault in faults]) == ([], [("no line", Code.FILE_EMPTY)])


def test_a_file_without_bytes_is_refused(tmp_path: Path) -> None:
    batches, faults = read_bytes(tmp_path / "a", b"")
    assert (batches, [(fault.place, fault.found, fault.code) for fault in faults]) == (
        [],
        [("file", "no line", Code.FILE_EMPTY)],
    )


@pytest.mark.parametrize("form", ["csv", "xml"])
def test_memory_does_not_grow_with_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    monkeypatch.setattr(columns, "BATCH_ROWS", 500)
    monkeypatch.setattr(columns, "_MEMO_MAX", 200)

    def peak(rows: int) -> int:
        path = tmp_path / f"{rows}"
        AWARD_WRITERS[form]((award(case_id=f"{n}", iin=f"{n:012}", phone=f"{n}") for n in range(rows)), path)
        tracemalloc.start()
        assert sum(len(batch.lines) for batch in awards.read_awards(path, "a", [])) == rows
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return top

    small, large = peak(2_000), peak(8_000)
    assert large < small * 1.5, "four times the rows"


@settings(max_examples=150, deadline=None)
@given(data=st.binary(max_size=400), start=st.sampled_from([b"", b"<", b"PK\x03\x04", b"\xef\xbb\xbf<", b"\xff\xfe"]))
def test_bytes_of_any_kind_become_faults(tmp_path_factory: pytest.TempPathFactory, data: bytes, start: bytes) -> None:
    batches, faults = read_bytes(tmp_path_factory.mktemp("any") / "a", start + data)
    assert batches == []
    assert faults


_VISIBLE = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=30)


@settings(max_examples=40, deadline=None)
@given(texts=st.lists(_VISIBLE, min_size=1, max_size=3), day=st.dates(date(1900, 1, 1)), tiyn=st.integers(1, 10**16))
def test_every_form_carries_the_same_awards(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], day: date, tiyn: int
) -> None:
    rows = [
        award(
            surname=text,
            decision_date=f"{day:%d.%m.%Y}",
            amount=f"{tiyn // 100},{tiyn % 100:02}",
        )
        for text in texts
    ]
    folder = tmp_path_factory.mktemp("same")
    read = []
    for form, write in AWARD_WRITERS.items():
        write(rows, folder / form)
        batches, faults = read_awards(folder / form)
        assert faults == []
        read.append([batch.columns for batch in batches])
    assert read[0] == read[1] == read[2]
    assert read[0][0]["amount"] == [str(tiyn)] * len(texts)
    assert read[0][0]["decision_date"] == [day.isoformat()] * len(texts)


@pytest.mark.parametrize("name", sorted({*AWARDS.names, *RESOLUTIONS.names}))
def test_the_page_for_those_who_write_files_names_every_field(name: str) -> None:
    assert f"| `{name}` |" in PAGE.read_text(encoding="utf-8")


def test_the_example_of_the_page_can_be_read(tmp_path: Path) -> None:
    examples = PAGE.read_text(encoding="utf-8").split("```")[1::2]
    award_csv, resolution_csv, award_xml = (example.split("\n", 1)[1] for example in examples)
    for text in (award_csv, award_xml):
        batches, faults = read_bytes(tmp_path / "a", text.encode())
        assert (len(batches[0].lines), faults) == (2, [])
    (tmp_path / "r").write_text(resolution_csv, encoding="utf-8")
    batches, faults = read_resolutions(tmp_path / "r")
    assert (len(batches[0].lines), faults) == (2, [])


@pytest.mark.parametrize("name", ["surname", "first_name", "patronymic", "guardian_surname"])
def test_name_with_a_question_mark_has_lost_a_letter_and_is_refused(tmp_path: Path, name: str) -> None:
    awards.write_awards_csv([award(**{name: "Т?легенова"})], tmp_path / "awards.csv")
    _, (fault,) = read_awards(tmp_path / "awards.csv")
    assert (fault.place, fault.found) == (name, "Т?легенова")
    assert "a program wrote ?" in fault.remedy


def test_heading_with_commas_is_told_to_have_semicolons(tmp_path: Path) -> None:
    _, (fault,) = read_bytes(tmp_path / "awards.csv", (",".join(AWARD_FIELDS) + "\n").encode())
    assert (fault.place, fault.expected) == ("heading", "semicolons between the columns")
