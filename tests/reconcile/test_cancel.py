"""A list of awards that will not be paid (1.10): each row names its award, whole or not at all."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from formats.errors import FormatError
from reconcile import cancel_list, order, payment_report
from reconcile.desk import Desk
from tests.reconcile.bank import Person, counts, people
from tests.reconcile.golden import at, play

DAY = date(2024, 3, 18)
HEADING = "authority_bin;due_month;iin;aid_kind;decision_number;document;reason"
ASTANA = "230540100010"


def written(folder: Path, *rows: str) -> Path:
    path = folder / f"cancellations-{len(list(folder.iterdir()))}.csv"
    path.write_text("\n".join([HEADING, *rows]), "utf-8")
    return path


def row(person: Person, *, bin_: str = ASTANA, decision: str = "2024-15", reason: str = "қайтыс болды") -> str:
    return f"{bin_};03.2024;{person.iin};A;{decision};АХАТ 12;{reason}"


def rows_of_books(desk: Desk) -> dict[str, int]:
    return {name: count for name, count in counts(desk).items() if name != "received_file"}


@pytest.fixture
def funded(desk: Desk, tmp_path: Path) -> Desk:
    play(desk, "transfers", tmp_path / "out")
    return at(desk, DAY)


def test_a_list_is_cancelled_whole_and_a_second_time_changes_nothing(funded: Desk, tmp_path: Path) -> None:
    first, second, third, *_ = people(funded)
    path = written(tmp_path, row(first), row(second, reason="қайта қаралды"), row(third))
    before = rows_of_books(funded)
    cancel_list.import_file(funded, path, dry_run=True)
    assert rows_of_books(funded) == before
    (result,) = cancel_list.import_file(funded, path)
    assert payment_report.cancelled([result])[0] == "3 awards cancelled, 55\u00a0380,00 KZT will not be paid"
    assert rows_of_books(funded)["entry"] == before["entry"] + 2, "an entry for each reason"
    with funded.database.begin() as connection:
        query = "SELECT reason FROM esep.award_cancellation ORDER BY award_number"
        assert connection.execute(text(query)).scalars().all() == ["қайтыс болды", "қайта қаралды", "қайтыс болды"]
    before = rows_of_books(funded)
    again = cancel_list.import_file(funded, path)
    assert payment_report.cancelled(again) == ["cancelled already, nothing changed"]
    assert rows_of_books(funded) == before
    sent = order.send(funded, tmp_path / "sent")
    assert [(one.reason, one.count) for one in sent.left_out] == [("cancelled", 3)]


def test_all_faults_of_a_list_are_told_and_nothing_is_cancelled(funded: Desk, tmp_path: Path) -> None:
    first, second, third, *_ = people(funded)
    path = written(
        tmp_path,
        row(first),
        row(first),
        row(second, decision="2024-99"),
        row(third, bin_="230540100020"),
        row(third, reason=""),
    )
    before = rows_of_books(funded)
    with pytest.raises(FormatError) as refusal:
        cancel_list.import_file(funded, path)
    assert {(fault.line, fault.place) for fault in refusal.value.faults} >= {
        (3, "iin"),
        (4, "decision_number"),
        (5, "decision_number"),
        (6, "reason"),
    }
    assert rows_of_books(funded) == before


def test_what_is_out_at_a_bank_refuses_the_list(desk: Desk, tmp_path: Path) -> None:
    play(desk, "orders", tmp_path / "out")
    person = people(desk)[0]
    with pytest.raises(FormatError) as refusal:
        cancel_list.import_file(at(desk, DAY), written(tmp_path, row(person)))
    (fault,) = refusal.value.faults
    assert (fault.line, fault.place, fault.found) == (2, "iin", person.iin)
    assert fault.expected == "an award that is not out: it was sent to the bank, and can only come back"
