"""The commands for what the procedure is measured by: calendar, settings, kinds of aid."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import cli
from ledgers import db
from reconcile.errors import Refusal

STORY = Path(cli.__file__).parent / "fixtures" / "golden_march_2024"

Run = Callable[..., Result]


@pytest.fixture
def esep(location: db.Location) -> Run:
    """The program on fresh books of the golden month's authority."""
    surroundings = {
        "ESEP_DATABASE_URL": str(location.url),
        "ESEP_OWNER_DATABASE_URL": str(location.owner_url),
        "ESEP_HOME": str(location.home),
        "ESEP_USER": "Айгүл",
    }

    def run(*words: str | Path) -> Result:
        return CliRunner(env=surroundings).invoke(cli.app, [*map(str, words)])

    assert run("setup", "import", STORY / "setup.toml", "--today", "2024-03-01").exit_code == 0
    return run


def test_the_calendar_shows_a_month_and_a_year(esep: Run) -> None:
    assert esep("calendar", "show", "2024", "--month", "5").output.splitlines()[-1] == "20 working days, 20 bank days"
    assert "249 working days, 249 bank days" in esep("calendar", "show", "2024").output
    assert esep("calendar", "show", "2024", "--month", "13").exit_code == 2


def test_the_calendar_is_saved_as_a_table(esep: Run, tmp_path: Path) -> None:
    path = tmp_path / "may.csv"
    assert f"wrote 31 rows to {path}" in esep("calendar", "show", "2024", "--month", "5", "--save", path).output
    with path.open(encoding="utf-8-sig", newline="") as table:
        kept = list(csv.DictReader(table, delimiter=";" if ";" in path.read_text("utf-8-sig").splitlines()[0] else ","))
    assert [row["day"] for row in kept if row["is_moved"] == "True"] == ["2024-05-04", "2024-05-08"]


def test_moved_days_are_tried_then_imported_then_known(esep: Run, tmp_path: Path) -> None:
    path = tmp_path / "moved.csv"
    path.write_text("day;working;bank;basis\n16.03.2024;yes;no;Order 1\n", encoding="utf-8")
    tried = esep("calendar", "import", path, "--dry-run", "--today", "2024-03-02")
    assert tried.output.splitlines()[0] == "dry run, nothing was recorded:"
    assert "20 bank days" not in esep("calendar", "show", "2024", "--month", "3").output
    done = esep("calendar", "import", path, "--today", "2024-03-02")
    assert done.output.splitlines()[-1] == "calendar version 1 is in force; 0 open deadlines computed again"
    assert "nothing changed" in esep("calendar", "import", path, "--today", "2024-03-02").output
    assert esep("calendar", "show", "2024", "--month", "3").output.splitlines()[-1] == "18 working days, 17 bank days"
    before = esep("calendar", "show", "2024", "--month", "3", "--on-version", "0")
    assert before.output.splitlines()[-1] == "17 working days, 17 bank days"


def test_settings_are_listed_explained_and_set(esep: Run) -> None:
    assert esep("setting", "list").output.count("AMB-") == 15
    assert "not offered: a signed month never changes" in esep("setting", "explain", "late_return").output
    done = esep(
        "setting", "set", "attempts_max", "3", "--reason", "letter 5", "--authority", "AST", "--today", "2024-03-02"
    )
    assert "attempts_max was 2, is 3 for AST (version 1): 3 attempts" in done.output
    (line,) = [one for one in esep("setting", "list", "--authority", "AST").output.splitlines() if "attempts" in one]
    assert line.split()[:4] == ["attempts_max", "3", "2", "AST"]
    assert isinstance(esep("setting", "set", "attempts_max", "3", "--reason", " ").exception, Refusal)


def test_kinds_are_looked_up_taken_over_decided_and_listed(esep: Run, tmp_path: Path) -> None:
    assert len(esep("aid", "catalogue").output.splitlines()) == 1 + 42
    assert len(esep("aid", "catalogue", "--source", "S3", "--tabs").output.splitlines()) == 1 + 35
    own = ("--authority", "AST", "--today", "2024-03-02")
    taken = esep("aid", "adopt", *own, "--source", "S3", "--code", "K02", "--code", "K23")
    assert "K23 is not active: figure and words differ" in taken.output
    assert taken.output.splitlines()[-1] == "AST took over 2 kinds"
    decided = esep("aid", "decide", *own, "--code", "K23", "--mrp", "36", "--reason", "letter 7")
    assert decided.output == "K23 of AST: inactive before, 36 MRP of the decision day now; letter 7\n"
    path = tmp_path / "kinds.xlsx"
    listed = esep("aid", "list", "--authority", "AST", "--save", path)
    assert f"wrote 4 rows to {path}" in listed.output
    assert path.exists()
