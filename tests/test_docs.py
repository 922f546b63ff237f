"""The README is run: its tour closes the golden month command by command, and says what the commands really answer."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

import cli
from ledgers import db

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
# Words of a command that follow `esep` in a text: a group and its verb, or `trace`.
COMMAND = re.compile(
    r"`(?:esep )?((?:db|setup|calendar|setting|aid|award|hold|need|request|statement|bank|order|return|resolution|"
    r"refund|month|authority-list|act|deadlines|crediting|breaks|ledger|format) [a-z][a-z-]*)"
)


def tour() -> list[tuple[str, list[str]]]:
    """Each command of the README's tour with the answer printed under it."""
    steps: list[tuple[str, list[str]]] = []
    for block in BLOCK.findall(README):
        for line in block.splitlines():
            if line.startswith("$ "):
                steps.append((line[2:], []))
            else:
                steps[-1][1].append(line)
    return steps


def answers(commands: list[str], location: db.Location, folder: Path) -> list[list[str]]:
    """What a shell answers to the commands, `esep` being this program."""
    shim = folder / "bin" / "esep"
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m cli "$@"\n', encoding="utf-8")
    shim.chmod(0o755)
    mark = "@@@ next @@@"
    script = "".join(f"echo '{mark}'\n{command}\n" for command in commands)
    surroundings = os.environ | {
        "PATH": f"{shim.parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "ESEP_DATABASE_URL": str(location.url),
        "ESEP_OWNER_DATABASE_URL": str(location.owner_url),
    }
    ran = subprocess.run(
        ["/bin/bash", "-e", "-c", script],
        cwd=folder,
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stderr
    return [answer.splitlines()[1:] for answer in ran.stdout.split(mark)[1:]]


def test_the_tour_of_the_readme_is_true(location: db.Location, tmp_path: Path) -> None:
    (tmp_path / "fixtures").symlink_to(ROOT / "fixtures")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "activate").touch()
    steps = tour()
    assert len(steps) > 20
    came = answers([command for command, _ in steps], location, tmp_path)
    for (command, expected), answer in zip_longest(steps, came):
        if command == "esep db init":  # here the books are on a server, and it says where
            assert answer[0].endswith(expected[0].rsplit(",", 1)[1])
        else:
            assert answer == expected, command
    out = tmp_path / "build" / "tour" / "out"
    assert {file.suffix for file in out.iterdir()} == {".csv", ".txt", ".pdf", ".xlsx", ".xml"}


def groups_of_the_program() -> Iterator[tuple[list[str], typer.Typer]]:
    """Every group of commands with its words, and the groups inside of it."""
    for group in cli.app.registered_groups:
        assert group.typer_instance is not None
        yield [str(group.name)], group.typer_instance
        for inner in group.typer_instance.registered_groups:
            assert inner.typer_instance is not None
            yield [str(group.name), str(inner.name)], inner.typer_instance


def commands_of_the_program() -> dict[str, str]:
    """Every command and its help text; a group inside of a group stands by its own name too."""
    runner = CliRunner()
    found = {}
    for group, commands in groups_of_the_program():
        own = [[*group, str(command.name)] for command in commands.registered_commands]
        for words in [*own, *([group] if len(group) > 1 else [])]:
            shown = runner.invoke(cli.app, [*words, "--help"])
            assert shown.exit_code == 0
            found[" ".join(words)] = shown.output
    return found


def test_every_command_has_help_that_begins_with_what_it_does() -> None:
    for name, text in commands_of_the_program().items():
        body = text.split("\n\n")[1].strip()
        assert body, name
        assert body[0].isupper(), name


@pytest.mark.parametrize(
    "page", sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").rglob("*.md")), ids=lambda page: page.name
)
def test_every_command_that_a_page_names_exists(page: Path) -> None:
    known = commands_of_the_program()
    for named in COMMAND.findall(page.read_text("utf-8")):
        assert named in known, f"{page.name} names esep {named}"


def test_every_command_stands_in_the_readme_the_story_or_a_guide() -> None:
    pages = [ROOT / "fixtures" / "golden_march_2024" / "story.md", *(ROOT / "docs" / "guides").glob("*.md")]
    texts = [README, *(page.read_text("utf-8") for page in pages)]
    for name in commands_of_the_program():
        assert any(name in text for text in texts), f"esep {name} is documented nowhere"
