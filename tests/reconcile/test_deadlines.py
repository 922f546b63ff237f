"""`esep deadlines`: the board of a day, its export, what is noted by hand, and another calendar (AMB-15)."""

import shlex
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import cli
from ledgers import db
from ledgers.deadlines import State
from ledgers.terms import TERMS, UnknownTerm
from ledgers.verify import verify
from reconcile import deadline_export, deadline_report, deadlines
from reconcile.desk import Desk
from reconcile.errors import Refusal
from tests.ledgers.story_rows import MONTH, day
from tests.reconcile import golden
from tests.reconcile.bank import two_authorities
from tests.reconcile.boards import board, events, own
from tests.reconcile.golden import at, counts

REQUEST = "AST-2024-0001"


# --- The board --------------------------------------------------------------------------------------------------------

STATES: list[tuple[str, int, str, str, State]] = [
    # played up to, day of March, rule, subject, state
    ("awards", 6, "R-030", "awards A 2024-03/2", "waiting"),  # formed on the 11th, warned of from the 7th on
    ("awards", 7, "R-030", "awards A 2024-03/2", "soon"),
    ("awards", 11, "R-030", "awards A 2024-03/2", "due today"),
    ("awards", 12, "R-030", "awards A 2024-03/2", "overdue"),
    ("need", 12, "R-030", "awards A 2024-03/2", "met"),
    ("need", 12, "R-033", "need 1", "due today"),
    ("request", 12, "R-040", REQUEST, "open"),
    ("request", 13, "R-040", REQUEST, "soon"),
    ("transfers", 14, "R-040", REQUEST, "met"),
    ("transfers", 15, "R-050", "transfer 1/A", "soon"),
    ("transfers", 19, "R-050", "transfer 1/A", "overdue"),
    ("return_money", 19, "R-063", "return 1", "open"),
    ("notice", 28, "R-061", "notice 1", "due today"),
    ("notice", 29, "R-061", "notice 1", "overdue"),
    ("resolutions", 27, "R-061", "notice 1", "met"),
]


@pytest.mark.parametrize(("upto", "number", "rule", "subject", "state"), STATES)
def test_the_state_of_a_deadline(
    desk: Desk, tmp_path: Path, upto: str, number: int, rule: str, subject: str, state: State
) -> None:
    golden.play(desk, upto, tmp_path / "out")
    assert own(desk, day(number), rule, subject).state == state


def test_an_authority_that_is_silent_is_escalated(desk: Desk, tmp_path: Path) -> None:
    """E62: silent for three working days, so the head is told; at the month's end a refund is proposed."""
    golden.play(desk, "notice", tmp_path / "out")
    assert own(desk, day(28), "R-061", "notice 1").advice == ""
    late = own(desk, day(29), "R-061", "notice 1")
    assert (late.late_by, late.owed_by) == (1, "authority")
    assert late.advice == "escalate to the head of the authority; a refund is proposed at the month's end (E62)"
    lines = deadline_report.board(board(desk, day(29)), day(29))
    assert lines[2].split()[:4] == ["AST", "overdue", "28.03.2024", "1"], "what is overdue stands first"
    assert f"R-061 overdue: {late.advice}" in lines
    assert lines[-1] == "AST: 1 overdue, 2 due today, 10 met"


def test_the_board_is_narrowed(desk: Desk, tmp_path: Path) -> None:
    golden.play(desk, "month_end", tmp_path / "out")
    assert {row.state for row in board(desk, date(2024, 4, 22))} == {"met", "due today"}
    assert {row.rule for row in board(desk, date(2024, 4, 22), "due today")} == {"R-070", "R-071"}
    assert board(desk, date(2024, 4, 22), "overdue") == []
    since = board(desk, date(2024, 4, 22), "met", met_since=day(28))
    assert {(row.rule, row.met_on) for row in since} == {("R-063", day(29)), ("R-064", day(28))}
    with desk.database.begin() as connection:
        may = deadlines.board(connection, date(2024, 5, 2))
        assert {row.state for row in may} == {"overdue", "open"}, "what was met before April is shown no more"
    assert deadline_report.board([], day(1)) == ["deadlines on 01.03.2024", "none"]
    with pytest.raises(deadlines.UnknownState, match=r"'late' is no state.*overdue, due today, soon"):
        deadlines.states(["late"])


def test_soft_deadlines_and_delays_are_told(desk: Desk, tmp_path: Path) -> None:
    golden.play(desk, "awards", tmp_path / "out")
    golden.play(at(desk, day(12)), "need", tmp_path / "out", after="awards")
    rows = board(desk, date(2024, 4, 23))
    table = deadline_report.board(rows, date(2024, 4, 23), tabs=True)
    cells = {tuple(line.split("\t")[4:8:2]): line.split("\t") for line in table if "\t" in line}
    assert cells["R-027", "decisions 2024-03-05/2"][7] == "authority (soft)"
    assert cells["R-070", "2024-03"][1:4] == ["overdue", "22.04.2024", "1"]


# --- Export -----------------------------------------------------------------------------------------------------------


def test_a_calendar_of_the_board_is_read_back(desk: Desk, tmp_path: Path) -> None:
    golden.play(desk, "notice", tmp_path / "out")
    rows = board(desk, day(26))
    path = tmp_path / "deadlines.ics"
    assert deadline_export.save(rows, path) == len(rows)
    found = events(path)
    assert len(found) == len(rows), "every deadline has a name of its own"
    event = found["R-061.AST.notice%201@esep"]
    assert event["DTSTART"].dt == day(28)
    assert event["SEQUENCE"] == 1
    assert str(event["SUMMARY"]) == "AST: a return is examined within 3 working days (R-061, notice 1)"
    assert "started 20.03.2024: arrival of notice 1" in event["DESCRIPTION"]
    (alarm,) = event.walk("VALARM")
    assert day(28) + alarm["TRIGGER"].dt == day(27), "it reminds on the warning day"
    met = found["R-060.AST.return%201@esep"]
    assert str(met["SUMMARY"]).endswith("(met 20.03.2024)")
    assert met.walk("VALARM") == []
    again = tmp_path / "again.ics"
    deadline_export.save(board(desk, day(26)), again)
    assert again.read_bytes() == path.read_bytes()


def test_a_nominal_day_is_told_and_what_has_no_last_day_stands_on_its_first(desk: Desk, tmp_path: Path) -> None:
    golden.play(desk, "setup", tmp_path / "out")
    deadlines.note(at(desk, day(5)), "P-016", "AST", "case 7", "started", on=day(4), words="хабарлама № 1")
    rows = board(desk, date(2024, 4, 22))
    path = tmp_path / "deadlines.ics"
    deadline_export.save(rows, path)
    found = events(path)
    assert found["P-016.AST.case%207@esep"]["DTSTART"].dt == date(2024, 4, 5)
    assert "nominal day 20.04.2024" in found["R-070.AST.2024-03@esep"]["DESCRIPTION"]


@pytest.mark.parametrize("name", ["board.csv", "board.xlsx"])
def test_tables_of_the_board(desk: Desk, tmp_path: Path, name: str) -> None:
    golden.play(desk, "need", tmp_path / "out")
    rows = board(desk, day(12))
    assert deadline_export.save(rows, tmp_path / name) == len(rows)
    if name.endswith(".csv"):
        lines = (tmp_path / name).read_text("utf-8-sig").splitlines()
        assert lines[0].startswith("authority;state;due;late_by;rule;what;subject;owed_by")
        assert len(lines) == len(rows) + 1


def test_a_file_name_says_the_format(tmp_path: Path) -> None:
    with pytest.raises(deadline_export.UnknownExport, match=r"board.pdf: .*\.ics, \.csv or \.xlsx"):
        deadline_export.save([], tmp_path / "board.pdf")


# --- Noted by hand ----------------------------------------------------------------------------------------------------


def test_a_register_is_noted_when_it_begins_and_when_it_went(desk: Desk, tmp_path: Path) -> None:
    """E82: decisions of September 2019, register due Fri 04.10.2019 (policy)."""
    golden.play(desk, "setup", tmp_path / "out")
    september = date(2019, 9, 30)
    register = ("P-003", "AST", "register 2019-09")
    noted = deadlines.note(desk, *register, "started", on=september, words="decisions of 09.2019")
    assert (noted.deadline.due, noted.deadline.nominal) == (date(2019, 10, 4), date(2019, 10, 5))
    before = counts(desk)
    again = deadlines.note(desk, *register, "started", on=september, words="decisions of 09.2019")
    assert again.is_repeat
    assert deadline_report.noted(again)[0] == "this was noted before, nothing changed"
    deadlines.note(desk, *register, "met", on=date(2019, 10, 7), words="treasury mark 12", dry_run=True)
    assert counts(desk) == before
    met = deadlines.note(desk, *register, "met", on=date(2019, 10, 7), words="treasury mark 12")
    assert (met.deadline.met_on, met.deadline.late_by, met.deadline.met_by) == (date(2019, 10, 7), 1, "tester")
    assert deadline_report.noted(met) == [
        f"AST, P-003 of register 2019-09: {TERMS['P-003'].due}; due 04.10.2019, met 07.10.2019, 1 working day late"
    ]
    with desk.database.begin() as connection:
        assert verify(connection).is_sound


def test_an_answer_on_paper_is_noted(desk: Desk, tmp_path: Path) -> None:
    """R-061."""
    golden.play(desk, "notice", tmp_path / "out")
    desk = at(desk, day(27))
    with pytest.raises(deadlines.NoSuchDeadline, match="no R-061 of 'notice 2'; there are: notice 1"):
        deadlines.note(desk, "R-061", "AST", "notice 2", "met", on=day(26), words="хат № 7")
    with pytest.raises(deadlines.WrongDay, match=r"started on 20\.03\.2024"):
        deadlines.note(desk, "R-061", "AST", "notice 1", "met", on=day(19), words="хат № 7")
    noted = deadlines.note(desk, "R-061", "AST", "notice 1", "met", on=day(26), words="хат № 7")
    assert (noted.deadline.met_on, noted.deadline.state) == (day(26), "met")
    with pytest.raises(deadlines.NotedOtherwise, match="noted already"):
        deadlines.note(desk, "R-061", "AST", "notice 1", "met", on=day(27), words="хат № 7")
    assert own(desk, day(25), "R-061", "notice 1").met_on is None


def test_what_the_books_know_is_not_noted_over(desk: Desk, tmp_path: Path) -> None:
    golden.play(desk, "resolutions", tmp_path / "out")
    with pytest.raises(deadlines.MetAlready, match=r"was met on 27\.03\.2024"):
        deadlines.note(at(desk, day(28)), "R-061", "AST", "notice 1", "met", on=day(28), words="хат № 7")


REFUSED: list[tuple[tuple[str, str, Any, date, str], type[Exception], str]] = [
    (("R-041", "case 7", "started", day(4), "-"), UnknownTerm, "sets no term"),
    (("R-050", "transfer 1/A", "met", day(4), "-"), deadlines.NotNoted, "met by what stands in the books"),
    (("R-061", "notice 1", "started", day(4), "-"), deadlines.NotNoted, "started by what stands in the books"),
    (("P-013", "case of 010203500017", "started", day(4), "-"), deadlines.PersonNamed, "name the case"),
    (("P-013", "case 7", "started", day(4), "for 010203500017"), deadlines.PersonNamed, "name the case"),
    (("P-013", "case 7", "started", day(6), "-"), deadlines.WrongDay, "has not come"),
    (("P-013", " ", "started", day(4), "-"), Refusal, "a subject and with words"),
    (("P-013", "case 7", "started", day(4), ""), Refusal, "a subject and with words"),
]


@pytest.mark.parametrize(("said", "refusal", "sentence"), REFUSED)
def test_what_cannot_be_noted_is_a_sentence(
    desk: Desk, tmp_path: Path, said: tuple[str, str, Any, date, str], refusal: type[Exception], sentence: str
) -> None:
    golden.play(desk, "setup", tmp_path / "out")
    before = counts(desk)
    rule, subject, happening, on, words = said
    with pytest.raises(refusal, match=sentence):
        deadlines.note(at(desk, day(5)), rule, "AST", subject, happening, on=on, words=words)
    assert counts(desk) == before


# --- The command line -------------------------------------------------------------------------------------------------


@pytest.fixture
def esep(location: db.Location, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Result]:
    """The program, on the books of the test."""
    monkeypatch.setenv("ESEP_DATABASE_URL", str(location.url))
    monkeypatch.setenv("ESEP_HOME", str(tmp_path))
    monkeypatch.setenv("ESEP_USER", "Айгүл")
    return lambda *words: CliRunner().invoke(cli.app, ["deadlines", *words], catch_exceptions=False)


def test_the_commands(desk: Desk, esep: Callable[..., Result], tmp_path: Path) -> None:
    golden.play(desk, "notice", tmp_path / "out")
    shown = esep("--today", "2024-03-29", "--state", "overdue", "--authority", "AST").output.splitlines()
    assert shown[0] == "deadlines on 29.03.2024"
    assert shown[2].split()[:5] == ["AST", "overdue", "28.03.2024", "1", "R-061"]
    assert esep().output.startswith("deadlines on "), "without a word it shows the board of today"
    path = tmp_path / "board.ics"
    wrote = esep("export", "--out", str(path), "--today", "2024-03-29", "--state", "overdue")
    assert wrote.output == f"wrote 1 deadlines to {path}\n"
    assert list(events(path)) == ["R-061.AST.notice%201@esep"]
    words = ["--as", "met", "--on", "2024-03-29", "--note", "хат № 7", "--authority", "AST", "--today", "2024-03-29"]
    assert "dry run" in esep("note", "R-061", "notice 1", *words, "--dry-run").output
    assert "met 29.03.2024, 1 working day late" in esep("note", "R-061", "notice 1", *words).output
    assert own(desk, day(29), "R-061", "notice 1").met_by == "Айгүл"


GUIDE = (Path(__file__).parents[2] / "docs" / "guides" / "deadlines.md").read_text("utf-8")


def test_the_guide_shows_the_board_as_it_is(desk: Desk, esep: Callable[..., Result], tmp_path: Path) -> None:
    golden.play(desk, "notice", tmp_path / "out")
    block = GUIDE.split("```console\n$ esep deadlines ")[1].split("```")[0]
    command, *lines = block.splitlines()
    assert esep(*shlex.split(command)).output.splitlines() == lines


@pytest.mark.parametrize("rule", TERMS)
def test_the_guide_names_every_term(rule: str) -> None:
    assert rule.partition("/")[0] in GUIDE


def test_books_of_two_authorities_have_their_own_boards(desk: Desk, tmp_path: Path) -> None:
    two_authorities(desk, tmp_path)
    with desk.database.begin() as connection:
        both = deadlines.board(connection, day(19), met_since=MONTH)
        one = deadlines.board(connection, day(19), "ALA", met_since=MONTH)
    assert [row.authority for row in both] == sorted(row.authority for row in both)
    assert {row.authority for row in both} == {"ALA", "AST"}
    assert one == [row for row in both if row.authority == "ALA"]
    assert replace(one[0], authority="AST") not in one
