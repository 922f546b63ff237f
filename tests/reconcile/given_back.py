"""People who were paid and whose money comes back: a small month for the tests of what is done by hand."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from ledgers import closing, integrity, sums, verify
from reconcile import statement
from reconcile.desk import Desk
from tests.ledgers.story_rows import day
from tests.reconcile.bank import FIVE_MRP, KASPI, balances, debit, requested, transfer
from tests.reconcile.bank import statement as written

FIRST, SECOND, THIRD = (f"P2000000{n}/1" for n in (1, 2, 3))
FILE = "GCVP-00100000071"
NAMED = "Возврат по пл.поручению № 71 от 18.03.2024. Счет закрыт"
MARCH = date(2024, 3, 1)


def paid_month(desk: Desk, folder: Path) -> Desk:
    """Three people at Halyk and one at Kaspi were paid by files 71 and 72 of the 18th; returns the desk of the 19th."""
    story = requested(desk, {("A", "HSBKKZKX"): 3, ("A", "CASPKZKA"): 1})
    story.desk = replace(desk, today=day(19))
    statement.import_file(desk, written(folder, transfer(day(14), 4 * FIVE_MRP, "145")))
    story.send("A", "HSBKKZKX", [20_000_001, 20_000_002, 20_000_003], day(18))
    story.send("A", "CASPKZKA", [20_000_004], day(18))
    lines = [debit(day(18), 3 * FIVE_MRP, "71"), debit(day(18), FIVE_MRP, "72", KASPI)]
    statement.import_file(story.desk, written(folder, *lines, opening=4 * FIVE_MRP))
    assert balances(desk) == {}
    return story.desk


def differences(desk: Desk, month: date = MARCH) -> list[str]:
    """What of a month does not agree in the three sums, the control equation, the registers or the proof of rows."""
    last = closing.last_day(month)
    with desk.database.begin() as connection:
        documents = [str(one) for one in sums.three_sums(connection, 1, month, last) if not one.agree]
        equation = sums.control_equation(connection, 1, month, last)
        rows = [str(one) for one in integrity.mismatches(connection, 1, month, last)]
        proved = verify.verify(connection)
    return [*documents, *([] if equation.holds else [str(equation)]), *rows, *map(str, proved.faults)]
