"""`esep format` as a person runs it: its exit codes, its refusals, and that it never writes over a file."""

import doctest
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import cli
from formats.errors import FormatError
from reconcile.convert_file import FileThere

MESSAGES = Path(__file__).parents[1] / "fixtures" / "messages"
LIST = MESSAGES / "C_crediting_card_accounts_input.txt"
STATEMENT = MESSAGES / "mt940" / "kazakh_knp_cp1251.sta"


ROOT = Path(cli.__file__).parent
PAGE = ROOT / "docs" / "formats" / "check-and-convert.md"


def esep(*words: str | Path) -> Result:
    return CliRunner().invoke(cli.app, ["format", *map(str, words)])


def test_check_of_a_good_file_ends_well() -> None:
    ran = esep("check", LIST)
    assert ran.exit_code == 0
    assert "no fault: the file can be read" in ran.output


def test_check_of_a_file_with_faults_ends_with_1() -> None:
    ran = esep("check", MESSAGES / "onec" / "broken" / "total.txt")
    assert ran.exit_code == 1
    assert "[total]" in ran.output


@pytest.mark.parametrize("words", [("check", LIST), ("check", MESSAGES / "exchange" / "request.xml")])
def test_a_charset_that_does_not_exist_is_a_sentence(words: tuple[str | Path, ...]) -> None:
    ran = esep(*words, "--charset", "klingon")
    assert ran.exit_code == 2
    assert "Invalid value for --charset: charset 'klingon' is not known; known are utf-8" in " ".join(
        ran.output.split()
    )


def test_a_charset_that_is_named_is_obeyed() -> None:
    ran = esep("check", MESSAGES / "onec" / "dos_cp866.txt", "--charset", "dos")
    assert "charset cp866: named by the user" in ran.output


@pytest.mark.parametrize("command", ["check", "convert"])
def test_a_folder_and_a_missing_file_are_sentences(command: str, tmp_path: Path) -> None:
    more = ("--to", "csv", "--out", tmp_path) if command == "convert" else ()
    assert "is a directory" in esep(command, tmp_path, *more).output
    assert "does not exist" in esep(command, tmp_path / "nothing", *more).output


def test_an_empty_file_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "empty.txt"
    path.touch()
    ran = esep("check", path)
    assert ran.exit_code == 1
    assert "it is      an empty file" in ran.output


def test_a_second_run_finds_the_same_file_and_leaves_it_alone(tmp_path: Path) -> None:
    out = tmp_path / "new" / "folder"
    first = esep("convert", STATEMENT, "--to", "1c", "--out", out)
    [path] = out.iterdir()
    assert (first.exit_code, path.name) == (0, "kazakh_knp_cp1251.txt")
    assert first.output.startswith(f"wrote {path}\n")
    before = path.stat()
    second = esep("convert", STATEMENT, "--to", "1c", "--out", out)
    assert second.output.startswith(f"there already, the same: {path}\n")
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


def test_a_file_with_another_content_is_never_written_over(tmp_path: Path) -> None:
    there = tmp_path / "accounts_two-2.txt"
    there.write_bytes(b"something else")
    ran = esep("convert", MESSAGES / "onec" / "accounts_two.txt", "--to", "1c", "--out", tmp_path)
    assert isinstance(ran.exception, FileThere)
    assert str(ran.exception) == f"{there}: there already, with another content; name another folder, or move it away"
    assert [path.name for path in tmp_path.iterdir()] == [there.name]
    assert there.read_bytes() == b"something else"


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    ran = esep("convert", LIST, "--to", "xlsx", "--out", tmp_path / "out", "--dry-run")
    assert ran.output.startswith(f"would write {tmp_path / 'out' / 'C_crediting_card_accounts_input.xlsx'}\n")
    assert list(tmp_path.iterdir()) == []


def test_a_form_that_is_none_is_named_with_those_that_are(tmp_path: Path) -> None:
    ran = esep("convert", LIST, "--to", "pdf", "--out", tmp_path)
    assert ran.exit_code == 2
    assert "pdf is none of csv, xlsx, xml, mt102, pacs.008, pacs.004, 1c" in ran.output


def test_a_charset_to_write_that_does_not_exist_is_a_sentence(tmp_path: Path) -> None:
    ran = esep("convert", STATEMENT, "--to", "1c", "--out", tmp_path, "--write-charset", "klingon")
    assert ran.exit_code == 2
    assert "charset 'klingon' is not known" in ran.output


def test_the_moment_may_be_named_so_that_a_second_run_gives_the_same_file(tmp_path: Path) -> None:
    words = ("convert", LIST, "--to", "pacs.008", "--out", tmp_path, "--created", "2024-03-18T10:00:00+05:00")
    assert esep(*words).exit_code == 0
    assert esep(*words).output.startswith("there already, the same: ")


def test_a_file_with_faults_is_not_converted(tmp_path: Path) -> None:
    ran = esep("convert", MESSAGES / "onec" / "broken" / "total.txt", "--to", "csv", "--out", tmp_path / "out")
    assert isinstance(ran.exception, FormatError)
    assert list(tmp_path.iterdir()) == []


def test_what_is_written_is_for_its_user_alone(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "cli",
        "format",
        "convert",
        str(LIST),
        "--to",
        "csv",
        "--out",
        str(tmp_path / "out"),
    ]
    surroundings = os.environ | {"PYTHONPATH": str(ROOT)}
    assert subprocess.run(command, check=False, capture_output=True, env=surroundings, cwd=tmp_path).returncode == 0
    [path] = (tmp_path / "out").iterdir()
    assert path.stat().st_mode & 0o077 == 0


def test_explain_tells_every_meaning_and_names_the_nearest_words() -> None:
    assert (
        esep("explain", ":32A:").output.splitlines()[0] == ":32A:  value date, currency and total (MT-102 and MT-100)"
    )
    unknown = esep("explain", "NtryReff")
    assert unknown.exit_code == 1
    assert "the nearest are NtryRef" in unknown.output


def test_the_page_prints_what_the_commands_say(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "fixtures").symlink_to(ROOT / "fixtures")
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```console\n\$ esep format ([^\n]+)\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert len(blocks) == 3
    for words, answer in blocks:
        assert esep(*shlex.split(words)).output == answer


def test_the_page_shows_python_that_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    ran = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert (ran.failed, ran.attempted > 5) == (0, True)


def test_the_page_names_every_form_and_every_option() -> None:
    from formats.convert import Target

    text = PAGE.read_text("utf-8")
    assert [target for target in Target if target not in text] == []
    options = set(re.findall(r"--[a-z-]+", esep("convert", "--help").output)) - {"--help"}
    assert sorted(option for option in options if option not in text) == []
