"""Corrections of awards before they are paid, where the rules or the course have become others since (1.10)."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from fixtures.people import iban_for
from formats import mt102
from formats.errors import FormatError
from formats.holds import HoldLine
from ledgers import verify
from reconcile import award_change, cancel, hold, order, refusal, setup
from reconcile.desk import Desk
from tests.reconcile.bank import people
from tests.reconcile.golden import IN, STORY, at, play

DAY = date(2024, 3, 18)
FIRST = 20_000_001
HALYK_FILE = "GCVP-00100000071"


def corrected(folder: Path, changes: dict[str, str]) -> Path:
    """The first line of the decisions with other values in some columns."""
    heading, first, *_ = (IN / "decisions.csv").read_text("utf-8").splitlines()
    cells = dict(zip(heading.split(";"), first.split(";"), strict=True)) | changes
    path = folder / f"changes-{len(list(folder.iterdir()))}.csv"
    path.write_text("\n".join([heading, ";".join(cells.values())]), "utf-8")
    return path


def versions(desk: Desk) -> list[tuple[int, str]]:
    with desk.database.begin() as connection:
        query = "SELECT version, iban FROM esep.award_line WHERE award_number = :award ORDER BY version"
        return [(row.version, row.iban) for row in connection.execute(text(query), {"award": FIRST})]


def test_an_award_of_a_kind_that_is_no_longer_decided_on_is_still_corrected(desk: Desk, tmp_path: Path) -> None:
    play(desk, "transfers", tmp_path / "out")
    content = (STORY / "setup.toml").read_text("utf-8")
    path = tmp_path / "setup.toml"
    path.write_text(content.replace('code = "A"', 'code = "A"\nactive = false\nnote = "тоқтатылды"'), "utf-8")
    setup.import_file(at(desk, DAY), path)
    account = iban_for("601", "0000000000900")
    assert award_change.import_file(at(desk, DAY), corrected(tmp_path, {"iban": account})).count == 1
    assert [iban for _, iban in versions(desk)][-1] == account
    with pytest.raises(FormatError) as refused:
        award_change.import_file(at(desk, DAY), corrected(tmp_path, {"aid_kind": "X"}))
    assert [fault.place for fault in refused.value.faults] == ["decision_number"]


def test_a_refused_file_lets_its_account_be_corrected_and_the_next_one_pays_there(desk: Desk, tmp_path: Path) -> None:
    play(desk, "orders", tmp_path / "out")
    office = at(desk, DAY)
    account = iban_for("601", "0000000000900")
    changes = corrected(tmp_path, {"iban": account})
    with pytest.raises(FormatError, match="an award that was not sent to a bank"):
        award_change.import_file(office, changes)
    refusal.refuse(office, HALYK_FILE, reason="ШОТ ҚАТЕ")
    assert award_change.import_file(office, changes).count == 1
    order.send(office, tmp_path / "again")
    (path,) = (tmp_path / "again").glob("GCVP-00100000076-*")
    (message,) = mt102.read(path.read_bytes(), path.name)
    person = people(office)[0]
    assert {item.account for item in message.items if item.idn == person.iin} == {account}
    with office.database.begin() as connection:
        query = "SELECT attempt, version FROM esep.payment WHERE award_number = :award ORDER BY attempt"
        assert connection.execute(text(query), {"award": FIRST}).all() == [(1, 1), (2, 2)]


def test_what_stops_and_changes_is_proved_like_everything_else(desk: Desk, tmp_path: Path) -> None:
    """A correction, a hold and its end, a cancellation, a refused file: `ledger verify` proves each row again."""
    play(desk, "transfers", tmp_path / "out")
    office = at(desk, DAY)
    persons = people(office)
    award_change.import_file(office, corrected(tmp_path, {"phone": "+77010000000"}))
    hold.place(office, HoldLine(0, persons[5].iin, "missing", DAY, "", ""))
    cancel.cancel(office, "AST", [persons[6].award], reason="қайта қаралды", document="")
    order.send(office, tmp_path / "sent")
    refusal.refuse(office, HALYK_FILE, reason="БСК қате")
    hold.end(office, "AST", 1, document="", note="табылды")
    again = order.send(office, tmp_path / "again")
    assert [(one.bic, one.count) for one in again.orders] == [("HSBKKZKX", 59)], "60 less the cancelled one"
    with office.database.begin() as connection:
        assert verify.verify(connection).faults == ()
