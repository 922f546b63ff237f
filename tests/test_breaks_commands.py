"""`esep breaks` as a person runs it: find, list, show, work, a sheet out and in, rules; refusals as sentences."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import cli
from ledgers import db
from reconcile import statement
from reconcile.archive import Archive
from reconcile.desk import Desk
from tests.reconcile.bank import STRANGER, credit, debit
from tests.reconcile.bank import statement as written
from tests.reconcile.golden import at, play

Esep = Callable[..., Result]
TODAY = ("--today", "2024-03-18")


@pytest.fixture
def esep(location: db.Location, monkeypatch: pytest.MonkeyPatch) -> Esep:
    """Runs a command on fresh books."""
    monkeypatch.setenv("ESEP_DATABASE_URL", str(location.url))
    monkeypatch.setenv("ESEP_OWNER_DATABASE_URL", str(location.owner_url))
    monkeypatch.setenv("ESEP_HOME", str(location.home))
    monkeypatch.setenv("ESEP_USER", "tester")
    return lambda *words: CliRunner().invoke(cli.app, [str(word) for word in words])


def test_a_morning_with_breaks(esep: Esep, database: db.Database, tmp_path: Path) -> None:
    desk = Desk(database=database, archive=Archive(tmp_path / "archive"), actor="tester", today=date(2024, 3, 14))
    play(desk, "orders", tmp_path)
    lines = [debit(date(2024, 3, 18), 1_107_600_00, "NT-1"), credit(date(2024, 3, 18), 500_00, "8", STRANGER)]
    statement.import_file(at(desk, date(2024, 3, 18)), written(tmp_path, *lines, opening=2_141_360_00))
    sheet = tmp_path / "breaks.xlsx"
    late = ("--today", "2024-03-29")
    steps: list[tuple[tuple[str | Path, ...], str]] = [
        (("list", *TODAY), "nobody looked for differences yet: esep breaks find"),
        (("find", "--dry-run", *TODAY), "dry run, nothing was recorded:\nSC: 3 differences opened"),
        (("find", *late), "AST: 5 differences opened, 0 gone, 5 open"),
        (("find", *late), "nothing changed; 8 open"),
        (("list", *late, "--bank", "CASPKZKA", "--tabs"), "AST/2\tfile not debited\tGCVP-00100000072\tCASPKZKA\t"),
        (("list", *late, "--older-than", "99"), "no difference is open"),
        (("list", *late, "--save", tmp_path / "breaks.csv"), "wrote 8 rows"),
        (("show", "SC/1", *late), "esep statement settle --line S3 --file GCVP-00100000071"),
        (("aging", *late, "--authority", "AST"), "4-10"),
        (("accept", "AST/9", "--proposal", "1", *late), "!there is no break AST/9"),
        (("accept", "SC/1", "--proposal", "1", *late), "!another command does this: esep statement settle"),
        (("assign", "AST/1", "AST/2", "--to", "Сәуле", *late), "AST/1: given to Сәуле\nAST/2: given to Сәуле"),
        (("assign", "AST/1", "--to", "Сәуле", *late), "it stood so before, nothing changed"),
        (("note", "1", "--note", "-", *late), "!1 is a break of several books: SC/1, AST/1"),
        (("park", "AST/3", "--until", "2024-04-02", "--reason", "-", "--dry-run", *late), "dry run"),
        (("escalate", "AST/3", "--to", "bank", "--reason", "-", *late), "AST/3: escalated to bank"),
        (("carry", "AST/4", "--month", "2024-03", "--reason", "-", *late), "AST/4: carried into act 2024-03"),
        (("reopen", "AST/4", "--reason", "-", *late), "AST/4: reopened"),
        (("post", "AST/4", "--entry", "99", "--reason", "-", *late), "!entry 99 of AST is not there"),
        (("match", "--line", "C1/1", "--payment", "P1/1", "--reason", "-"), "!no book has all of these"),
        (("unmatch", "C1/1", "--reason", "-"), "!no book has all of these"),
        (("export", "--out", sheet, *late), "wrote 8 rows"),
        (("import", sheet, *late), "8 rows without an action"),
        (("rule", "show", "--rule", "person"), "0,00"),
        (("rule", "set", "--rule", "file_not_debited", "--window", "30", "--reason", "хат № 3"), "30 working days"),
        (("rule", "set", "--rule", "file_not_debited", "--window", "30", "--reason", "хат № 3"), "nothing changed"),
        (("rule", "set", "--rule", "nonsense", "--reason", "-"), "!there is no rule 'nonsense'"),
        (("find", *late), "AST: 0 differences opened, 5 gone, 0 open"),
        (("list", "--all", *late), "cleared: entry "),
    ]
    for words, expected in steps:
        ran = esep("breaks", *words)
        said = str(ran.exception) if expected.startswith("!") else ran.output
        assert expected.removeprefix("!") in said, (words, ran.output, ran.exception)
        assert ran.exit_code == int(expected.startswith("!")), words
