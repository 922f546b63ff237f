"""`esep request` and `esep statement` as a person runs them: the options they take, and refusals as sentences."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import cli
from ledgers import db
from tests.reconcile.golden import IN, STORY

Esep = Callable[..., Result]


@pytest.fixture
def esep(location: db.Location, monkeypatch: pytest.MonkeyPatch) -> Esep:
    """Runs a command on fresh books."""
    monkeypatch.setenv("ESEP_DATABASE_URL", str(location.url))
    monkeypatch.setenv("ESEP_OWNER_DATABASE_URL", str(location.owner_url))
    monkeypatch.setenv("ESEP_HOME", str(location.home))
    monkeypatch.setenv("ESEP_USER", "tester")
    return lambda *words: CliRunner().invoke(cli.app, [str(word) for word in words])


def test_a_request_and_its_money_from_the_command_line(esep: Esep, tmp_path: Path) -> None:
    for words in (
        ("setup", "import", STORY / "setup.toml", "--today", "2024-03-01"),
        ("award", "import", IN / "decisions.csv", "--today", "2024-03-06"),
        ("need", "form", "--today", "2024-03-11"),
        ("request", "send", "--out", tmp_path, "--today", "2024-03-12"),
        ("statement", "import", IN / "statement-2024-03-14.txt", "--today", "2024-03-14"),
    ):
        ran = esep(*words)
        assert ran.exit_code == 0, ran.output
    request = ("--authority", "AST", "--request", "AST-2024-0001")
    line = ("--line", "S1", "--reason", "хат № 5", "--today", "2024-03-14")
    part = ("--authority", "AST", "--part", "AST-2024-0001/A=1000000,00", "--part", "AST-2024-0001/B=0,00")
    saved = tmp_path / "waiting.csv"
    steps: list[tuple[tuple[str | Path, ...], str]] = [
        (("request", "arrived", *request, "--on", "2024-03-13", "--today", "2024-03-13"), "arrived on 13.03.2024"),
        (("request", "list", "--today", "2024-03-14", "--tabs"), "13.03.2024\tA\t100\t"),
        (("request", "release", *request, "--reason", "-", "--kind", "A"), "need all of it, nothing changed"),
        (("statement", "undo", *line, "--dry-run"), "dry run, nothing was recorded:\nturned round: entry "),
        (("statement", "undo", *line), "S1 waits on 205"),
        (("statement", "waiting", "--today", "2024-03-18", "--tabs", "--save", saved), f"wrote 1 rows to {saved}"),
        (("statement", "place", *line, *part[:4]), "waits as S1 on 205"),
        (("statement", "place", *line, *part[:4]), "it was so before, nothing changed"),
        (("statement", "place", *line, "--anew", "--authority", "AST"), "turned round: entry "),
    ]
    for step, expected in steps:
        ran = esep(*step)
        assert ran.exit_code == 0, ran.output
        assert expected in ran.output
    assert saved.read_text("utf-8-sig").splitlines()[0].startswith("line;book;since;working_days;direction;amount_tiyn")
    refused = esep("statement", "place", *line, *part)
    assert refused.exit_code == 1
    assert "expected REQUEST/KIND=AMOUNT, each once" in str(refused.exception)
