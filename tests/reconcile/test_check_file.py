"""`esep format check` also says what the books would refuse, and what a person must not overlook."""

from pathlib import Path

import pytest

from formats import survey
from formats.awards import write_awards_csv
from formats.errors import Code
from reconcile import format_report
from reconcile.check_file import check_file
from tests.formats import messages
from tests.formats.tabular import award

CREDITING = (messages.FIXTURES / "C_crediting_card_accounts_input.txt").read_bytes().decode()
KASPI = messages.FIXTURES / "onec" / "kaspi_like.txt"
REJECTED = (messages.FIXTURES / "iso20022" / "pacs.002_rejected.xml").read_bytes()
WRONG = "a wrong check digit, which the command that takes the file refuses"


def notes(tmp_path: Path, data: str | bytes) -> list[tuple[str, str, str]]:
    file = tmp_path / "bank.txt"
    file.write_bytes(data.encode() if isinstance(data, str) else data)
    return [(note.place, note.found, note.meaning) for note in check_file(file).notes]


def changed(old: str, new: str) -> str:
    assert old in CREDITING
    return CREDITING.replace(old, new, 1)


def test_right_numbers_are_not_spoken_of(tmp_path: Path) -> None:
    assert notes(tmp_path, CREDITING) == []
    assert [note for note in check_file(KASPI).notes if note.meaning == WRONG] == []


@pytest.mark.parametrize(
    ("old", "new", "place", "found"),
    [
        ("/IDN/800101399997", "/IDN/800101399996", "IIN", "800101399996"),
        ("/LA/KZ986017A99999999911", "/LA/KZ986017A99999999912", "account", "KZ986017A99999999912"),
    ],
)
def test_wrong_check_digits_of_a_list_are_noted(tmp_path: Path, old: str, new: str, place: str, found: str) -> None:
    assert notes(tmp_path, changed(old, new)) == [(place, found, WRONG)]


def test_wrong_check_digits_of_decisions_and_statements_are_noted(tmp_path: Path) -> None:
    write_awards_csv([award(iin="850103301005")], tmp_path / "awards.csv")
    assert ("IIN", "850103301005", WRONG) in notes(tmp_path, (tmp_path / "awards.csv").read_bytes())
    statement = KASPI.read_bytes().replace(b"800101399997", b"800101399998")
    assert statement != KASPI.read_bytes()
    assert ("counterparty bin", "800101399998", WRONG) in notes(tmp_path, statement)


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("/NM/АРМАН", "/NM/?РМАН", "?РМАН"),
        ("/FM/СЫНАҚОВ", "/FM/СЫНА?ОВ", "СЫНА?ОВ"),
        ("/FM/СЫНАҚОВ", "/FM/????????", "????????"),
    ],
)
def test_letters_that_were_lost_are_noted_with_their_line(tmp_path: Path, old: str, new: str, found: str) -> None:
    file = tmp_path / "bank.txt"
    file.write_bytes(changed(old, new).encode())
    (note,) = check_file(file).notes
    assert (note.line, note.found) == (CREDITING[: CREDITING.index(old)].count("\n") + 1, found)
    assert "a letter was lost" in note.meaning


def test_question_behind_a_word_is_no_lost_letter(tmp_path: Path) -> None:
    assert notes(tmp_path, changed("ЗАЧИСЛЕНИЕ НА", "ЗАЧИСЛЕНИЕ? НА")) == []


def test_letters_of_a_wrong_charset_are_noted(tmp_path: Path) -> None:
    ((place, found, meaning),) = notes(tmp_path, CREDITING.encode("cp1251", "replace").decode("latin-1"))
    assert (place, meaning.partition(":")[0]) == ("letters", "letters of a wrong charset")
    assert found.isprintable()


def test_same_message_twice_in_a_file_is_noted(tmp_path: Path) -> None:
    """Client files all have the reference REFERENCE: only a message alike in all is the same."""
    assert notes(tmp_path, CREDITING * 2) == [
        ("message", "REFERENCE", "the same message stands in the file twice: nothing of it may be done twice")
    ]
    assert notes(tmp_path, CREDITING + changed("/NUM/101", "/NUM/102")) == []


def test_refusal_names_what_it_refuses_and_why(tmp_path: Path) -> None:
    file = tmp_path / "answer.xml"
    file.write_bytes(REJECTED.replace(b">PART<", b">RJCT<").replace(b">QUED<", b">RJCT<"))
    lines = format_report.checked(check_file(file))
    said = dict(line.strip().split("  ", 1) for line in lines if line.startswith("  ") and "  " in line.strip())
    assert said["status"].strip() == "RJCT (refused)"
    assert said["of message"].strip().startswith("F230701-101, F230701-101-3")
    assert said["reasons"].strip() == "AC01 СЧЕТ НЕ НАЙДЕН KZ446017A99999999913"
    assert lines[-2].startswith("next: import the refusal of F230701-101")
    assert lines[-1].strip() == "esep order refused answer.xml"


def test_message_refused_in_part_is_not_to_be_sent_again_whole(tmp_path: Path) -> None:
    file = tmp_path / "answer.xml"
    file.write_bytes(REJECTED)
    assert "again" not in format_report.checked(check_file(file))[-1]


def test_end_of_a_cut_file_stands_before_what_follows_from_it(tmp_path: Path) -> None:
    file = tmp_path / "cut.txt"
    file.write_bytes(CREDITING[: CREDITING.index("/LA/", CREDITING.index(":21:3"))].encode())
    lines = format_report.checked(check_file(file))
    first = next(line for line in lines if line.startswith("  line"))
    assert f"[{Code.FILE_CUT_SHORT}]" in first


def test_survey_without_a_judge_judges_nothing(tmp_path: Path) -> None:
    file = tmp_path / "bank.txt"
    file.write_bytes(changed("/IDN/800101399997", "/IDN/800101399996").encode())
    assert survey(file).notes == ()
