"""How a run of the tests ends: what this machine cannot test is said, however many processes ran them."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = re.compile(r"^_FOLDERS_OF_15 = .*$", re.MULTILINE)
NOWHERE = '_FOLDERS_OF_15 = ("/nowhere/15/bin",)'


def end_of_run(folder: Path, *options: str) -> list[str]:
    """The last lines of a run of the ledger's tests where no PostgreSQL 15 is installed."""
    conftest, found = FOLDERS.subn(NOWHERE, Path(__file__).with_name("conftest.py").read_text("utf-8"))
    assert found == 1
    (folder / "conftest.py").write_text(conftest, encoding="utf-8")
    (folder / "ledgers").mkdir()
    for name, fixture in {"one": "server_url", "other": ""}.items():
        test = f"def test_{name}({fixture}): pass\n"
        (folder / "ledgers" / f"test_{name}.py").write_text(test, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-c", os.devnull, f"--rootdir={folder}", "--import-mode=importlib"]
    command += [f"--basetemp={folder / 'own'}", "-p", "no:cacheprovider"]
    ran = subprocess.run(
        [*command, "-k", "not embedded", *options, str(folder)],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return [line for line in ran.stdout.splitlines() if line][-3:]


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["one process", "two processes"])
def test_the_end_of_a_run_says_that_no_postgresql_15_is_there(tmp_path: Path, options: tuple[str, ...]) -> None:
    heading, line, result = end_of_run(tmp_path, *options)
    assert "POSTGRESQL 15 IS NOT INSTALLED" in heading
    assert line.endswith("the ledger was tested on the embedded server alone; looked in /nowhere/15/bin")
    assert "1 passed, 1 skipped" in result
