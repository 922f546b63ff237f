"""History on the screen: trial balance, card, full trace and the digest file, from the commands to their words."""

import re
import shlex
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import cli
from ledgers import db
from ledgers.verify import Head
from reconcile import act, close, digest
from reconcile.desk import Desk
from reconcile.digest import DigestChanged, TooManyDigests
from tests.ledgers.story_rows import day
from tests.reconcile.golden import at, play

HEADS = [Head(authority_id=0, number=4, hash=bytes([1]) * 32), Head(authority_id=1, number=13, hash=bytes([2]) * 32)]
NARROW = "\xa0"
GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "history.md"


@pytest.fixture
def month(desk: Desk, tmp_path: Path, location: db.Location, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The golden month up to its returns, and the surroundings of a person who looks at it."""
    play(desk, "notice", tmp_path)
    monkeypatch.setenv("ESEP_DATABASE_URL", str(location.url))
    return tmp_path


def esep(*words: str | Path) -> Result:
    return CliRunner().invoke(cli.app, [str(word) for word in words])


def lines(result: Result) -> list[list[str]]:
    """The cells of what was printed with --tabs."""
    assert result.exit_code == 0, result.output
    return [line.split("\t") for line in result.output.replace(NARROW, " ").splitlines()]


def test_looking_back_from_the_command_line(month: Path) -> None:
    """E109, and debit is credit in each pair of columns."""
    heading, *rows = lines(esep("ledger", "trial", "--authority", "AST", "--collapsed", "--tabs"))
    assert heading[:3] == ["book", "No", "account"]
    assert [row[1] for row in rows] == ["100", "200/A", "200/B", "210/A", ""]
    assert rows[0][5:] == ["2 196 740,00", "2 141 360,00", "55 380,00", ""]
    total = rows[-1]
    assert total[2:] == ["total", "0,00", "0,00", *["4 338 100,00"] * 2, "55 380,00", "55 380,00"]
    earlier = esep("ledger", "trial", "--authority", "AST", "--known-at-entry", "6", "--collapsed")
    assert earlier.output.startswith("as known up to entry AST/6\n")
    assert "210/A" not in earlier.output
    balances = lines(esep("ledger", "balances", "--authority", "AST", "--known-at-entry", "6", "--tabs"))
    assert [row[1] for row in balances[1:]] == ["cash", "funding[AST-2024-0001]/A", "funding[AST-2024-0001]/B"]
    saved = month / "trial.csv"
    told = esep("ledger", "trial", "--from", "2024-03-19", "--to", "2024-03-19", "--save", saved)
    assert "returned/A" in told.output
    assert "opening_debit_tiyn;opening_debit_kzt" in saved.read_text("utf-8-sig")
    ahead = esep("ledger", "trial", "--known-at", "2099-01-01 12:00")
    assert "01.01.2099 12:00:00 has not come" in str(ahead.exception)
    assert esep("ledger", "trial", "--known-at-entry", "6").exit_code == 2
    assert "nothing was booked" in esep("ledger", "trial", "--known-at", "2015-01-01 12:00").output


def test_the_card_of_an_account_and_the_full_trace(month: Path) -> None:
    heading, *rows = lines(esep("ledger", "card", "transit[GCVP-00100000071]", "--authority", "AST", "--tabs"))
    assert heading == [
        "booked",
        "entry",
        "what",
        "against",
        "debit, KZT",
        "credit, KZT",
        "balance, KZT",
        "document",
        "by",
    ]
    assert [row[2] for row in rows] == ["opening", "payment_sent", "file_settled", "closing"]
    assert rows[1][1] == "AST/7"
    assert rows[1][6] == "1 107 600,00"
    assert rows[1][7].endswith(".txt")
    assert rows[1][8] == "tester"
    assert rows[3][4:7] == ["1 107 600,00", "1 107 600,00", "0,00"]
    title = esep("ledger", "card", "cash", "--authority", "AST", "--from", "2024-03-19").output.splitlines()
    assert title[0] == "card of cash, book AST"
    assert title[2].split() == ["19.03.2024", "opening", "0,00"]
    heading, *rows = lines(esep("trace", "P20000006/1", "--full", "--tabs", "--save", month / "trace.csv"))
    assert heading == ["day", "entry", "document", "version", "matched by", "by", "what happened"]
    facts = {row[6].split(":")[0].split(" of ")[0]: row for row in rows[:-1]}
    award = next(row for what, row in facts.items() if what.startswith("award 20000006 decided"))
    assert award[:6] == ["06.03.2024", "AST/2", "decisions.csv", "1", "", "tester"]
    line = facts["statement line S3"]
    assert line[1:5] == ["SC/3", "statement-2024-03-18.txt", "1", line[4]]
    assert line[4] != ""
    assert "matched_by" in (month / "trace.csv").read_text("utf-8-sig")


def test_the_digest_is_written_read_and_never_overwritten(month: Path) -> None:
    out = month / "kept"
    said = esep("ledger", "digest", "--out", out, "--today", "2024-03-20")
    path = out / "digest-2024-03-20.txt"
    assert said.exit_code == 0, said.output
    assert said.output.startswith(f"{path}: written; heads of 2 books, SHA-256 of the file ")
    before = path.read_bytes()
    assert "nothing changed" in esep("ledger", "digest", "--out", out, "--today", "2024-03-20").output
    assert path.read_bytes() == before
    proved = esep("ledger", "verify", "--digest", path)
    assert proved.exit_code == 0, proved.output
    path.write_bytes(before.replace(b"\n1 ", b"\n2 "))
    assert "its lines are not those that were written" in str(esep("ledger", "verify", "--digest", path).exception)


def test_another_state_of_a_day_gets_the_next_number(tmp_path: Path) -> None:
    first = digest.write(HEADS, day(20), tmp_path)
    again = digest.write(HEADS, day(20), tmp_path)
    other = digest.write(HEADS[:1], day(20), tmp_path)
    assert (first.path.name, first.is_repeat, first.books) == ("digest-2024-03-20.txt", False, 2)
    assert (again.path, again.is_repeat, again.sha256) == (first.path, True, first.sha256)
    assert (other.path.name, other.is_repeat) == ("digest-2024-03-20-2.txt", False)
    assert digest.write(HEADS, day(20), tmp_path).path == first.path


def test_the_digest_ends_with_the_sum_of_its_lines() -> None:
    text = digest.content(HEADS, day(20)).decode()
    assert text.splitlines()[0] == "# heads of all books on 20.03.2024: book, last entry, its hash"
    assert text.splitlines()[1] == f"0 4 {'01' * 32}"
    assert digest.checked(text, "digest.txt") == text
    assert digest.checked(f"{HEADS[0]}\n", "heads.txt") == f"{HEADS[0]}\n"
    for changed in (text.replace("0 4", "0 5"), text.replace(f"{HEADS[1]}\n", "")):
        with pytest.raises(DigestChanged, match=r"digest\.txt: its lines are not"):
            digest.checked(changed, "digest.txt")


def test_a_folder_full_of_digests_of_a_day_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digest, "_FILES_A_DAY", 1)
    digest.write(HEADS, day(20), tmp_path)
    with pytest.raises(TooManyDigests, match=r"digests of 20\.03\.2024 already"):
        digest.write(HEADS[:1], day(20), tmp_path)


def guide() -> list[tuple[str, list[str]]]:
    """The commands of the guide that only look, each with the answer printed under it."""
    blocks = re.findall(r"```console\n\$ (.*?)\n(.*?)\n```", GUIDE.read_text("utf-8"), re.DOTALL)
    return [
        (command, answer.splitlines()) for command, answer in blocks if "digest" not in answer and "OK" not in answer
    ]


def test_what_the_guide_shows_is_what_the_commands_answer(
    desk: Desk, tmp_path: Path, location: db.Location, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = replace(desk, actor="Айгүл")
    play(office, "month_end", tmp_path)
    close.month(at(office, date(2024, 4, 1)), "AST", date(2024, 3, 1))
    act.build(at(office, date(2024, 4, 2)), "AST", date(2024, 3, 1), tmp_path)
    monkeypatch.setenv("ESEP_DATABASE_URL", str(location.url))
    steps = guide()
    assert len(steps) == 7
    for command, expected in steps:
        result = esep(*shlex.split(command)[1:])
        said = str(result.exception) if result.exit_code else result.output
        assert said.splitlines() == expected, command
