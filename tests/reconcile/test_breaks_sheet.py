"""Breaks as a sheet: out, filled in, in; the same file again changes nothing, and all faults are said together."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from formats import sheets
from formats.errors import FormatError
from ledgers import breaks
from reconcile import breaks_find, breaks_report, breaks_sheet, statement
from reconcile.breaks_list import Wanted
from reconcile.breaks_sheet import FAMILY
from reconcile.desk import Desk
from tests.ledgers.story_rows import day
from tests.reconcile.bank import STRANGER, counts, credit
from tests.reconcile.bank import statement as written
from tests.reconcile.golden import at, play


@pytest.fixture
def office(desk: Desk, tmp_path: Path) -> Desk:
    """Three strangers sent money."""
    play(desk, "transfers", tmp_path)
    lines = [credit(day(15), 100_00 * number, str(number), STRANGER) for number in (1, 2, 3)]
    statement.import_file(at(desk, day(15)), written(tmp_path, *lines, opening=2_141_360_00))
    breaks_find.find(at(desk, day(15)))
    return at(desk, day(15))


def filled(desk: Desk, folder: Path, *steps: Mapping[str, str]) -> Path:
    """The sheet as it was written, with these values in its first rows."""
    path = folder / "breaks.xlsx"
    with desk.database.begin() as connection:
        breaks_sheet.export(connection, desk.today, Wanted(), path)
    heading, *rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    assert tuple(heading) == FAMILY.names
    cells = [[str(cell) for cell in row] for row in rows]
    for row, step in zip(cells, steps, strict=False):
        for name, value in step.items():
            row[FAMILY.names.index(name)] = value
    sheets.write_xlsx(cells, path, FAMILY)
    return path


def test_a_sheet_is_filled_in_and_done_once(office: Desk, tmp_path: Path) -> None:
    path = filled(
        office,
        tmp_path,
        {"action": "assign", "owner": "Сәуле"},
        {"action": "park", "until": "29.03.2024", "note": "хат жіберілді"},
    )
    before = counts(office)
    breaks_sheet.import_file(office, path, dry_run=True)
    assert counts(office) == before
    result = breaks_sheet.import_file(office, path)
    assert breaks_report.sheet(result) == [
        "SC/1: given to Сәуле",
        "SC/2: parked until 29.03.2024",
        "1 row without an action",
    ]
    with office.database.begin() as connection:
        states = breaks.states(connection, 0)
        (step,) = breaks.steps(connection, 0, 1)
    assert (states[0].owner, str(states[1].parked_until), states[2].action) == ("Сәуле", "2024-03-29", "opened")
    assert step.actor == "tester"
    after = counts(office)
    assert breaks_sheet.import_file(office, path).is_known
    assert {name: (after[name], count) for name, count in counts(office).items() if after[name] != count} == {}


def test_all_faults_of_a_sheet_are_said_together(office: Desk, tmp_path: Path) -> None:
    path = filled(
        office,
        tmp_path,
        {"action": "park", "until": "01.03.2024", "note": "-"},
        {"owner": "Сәуле"},
        {"action": "write off"},
    )
    before = counts(office)
    with pytest.raises(FormatError) as caught:
        breaks_sheet.import_file(office, path)
    faults = [(fault.line, fault.place, fault.found) for fault in caught.value.faults]
    assert faults == [(3, "action", "owner without an action"), (4, "action", "write off")]
    path = filled(
        office,
        tmp_path,
        {"action": "park", "until": "01.03.2024", "note": "-"},
        {"number": "SC/99", "action": "note", "note": "-"},
        {"action": "post", "reference": "x", "note": "-"},
    )
    with pytest.raises(FormatError) as caught:
        breaks_sheet.import_file(office, path)
    said = {fault.line: fault.remedy for fault in caught.value.faults}
    assert "is not after today" in said[2]
    assert "there is no break SC/99" in said[3]
    assert "has no number of the entry" in said[4]
    changed = {name for name, count in counts(office).items() if before[name] != count}
    assert changed <= {"received_file"}
