"""A debit that a person gives to its file: the amount decides all the same, and a file is settled once."""

from datetime import date
from pathlib import Path

import pytest

from reconcile import funding_report, settle, statement, undo
from reconcile.desk import Desk
from reconcile.line_book import NoReason, UnknownLine
from reconcile.settle import NotItsFile
from tests.reconcile.bank import KASPI, balances, counts, debit
from tests.reconcile.bank import statement as written
from tests.reconcile.golden import at, play

DAY = date(2024, 3, 18)
TO_HALYK, TO_KASPI = "GCVP-00100000071", "GCVP-00100000072"
A_TO_HALYK, A_TO_KASPI = 1_107_600_00, 553_800_00


@pytest.fixture
def sent(desk: Desk, tmp_path: Path) -> Desk:
    """The golden files went out; the bank debits two of them under numbers of its own (S3 and S4)."""
    play(desk, "orders", tmp_path)
    lines = [
        debit(DAY, A_TO_HALYK, "NT-1"),
        debit(DAY, A_TO_KASPI, "NT-2", KASPI),
    ]
    statement.import_file(at(desk, DAY), written(tmp_path, *lines, opening=2_141_360_00))
    assert balances(desk)[f"1 transit/{TO_HALYK}"] == A_TO_HALYK
    return at(desk, DAY)


def test_a_debit_without_a_number_of_ours_is_settled_by_hand(sent: Desk) -> None:
    settle.settle(sent, "S3", TO_HALYK, "банктің хаты № 5")
    assert f"1 transit/{TO_HALYK}" not in balances(sent)
    before = counts(sent)
    again = settle.settle(sent, "S3", TO_HALYK, "банктің хаты № 5")
    assert again.is_repeat
    assert funding_report.settled(again) == [
        f"S3 settles {TO_HALYK}, 1\u00a0107\u00a0600,00 KZT, as before, nothing changed"
    ]
    assert counts(sent) == before


def test_a_dry_run_changes_nothing(sent: Desk) -> None:
    before = counts(sent)
    assert settle.settle(sent, "S3", TO_HALYK, "хат", dry_run=True).file.reference == TO_HALYK
    assert counts(sent) == before


def test_what_was_undone_by_mistake_is_settled_again(sent: Desk) -> None:
    settle.settle(sent, "S3", TO_HALYK, "хат № 5")
    undo.undo(sent, "S3", "қате")
    assert balances(sent)[f"1 transit/{TO_HALYK}"] == A_TO_HALYK
    settle.settle(sent, "S3", TO_HALYK, "бәрі дұрыс екен")
    assert f"1 transit/{TO_HALYK}" not in balances(sent)


REFUSED = (
    ("S3", TO_KASPI, "the bank took 1\u00a0107\u00a0600,00 KZT, the file is of 553\u00a0800,00 KZT"),
    ("S1", TO_HALYK, "it is a credit, the bank gave money"),
    ("S3", "GCVP-00100000099", "no file was sent under this reference"),
)


@pytest.mark.parametrize(("line", "file", "why"), REFUSED)
def test_a_file_of_another_amount_or_direction_is_refused(sent: Desk, line: str, file: str, why: str) -> None:
    before = counts(sent)
    with pytest.raises(NotItsFile, match=f"{line} cannot settle {file}: {why}"):
        settle.settle(sent, line, file, "хат")
    assert counts(sent) == before


def test_a_file_is_settled_once_and_a_line_settles_one_file(sent: Desk, tmp_path: Path) -> None:
    settle.settle(sent, "S3", TO_HALYK, "хат")
    with pytest.raises(NotItsFile, match=f"it is of {TO_HALYK} already; undo that first"):
        settle.settle(sent, "S3", TO_KASPI, "хат")
    statement.import_file(sent, written(tmp_path, debit(DAY, A_TO_HALYK, "NT-3"), opening=A_TO_HALYK))
    with pytest.raises(NotItsFile, match="the bank refused or debited it already"):
        settle.settle(sent, "S5", TO_HALYK, "хат")


def test_a_line_and_a_reason_are_named(sent: Desk) -> None:
    with pytest.raises(NoReason):
        settle.settle(sent, "S3", TO_HALYK, " ")
    with pytest.raises(UnknownLine):
        settle.settle(sent, "S99", TO_HALYK, "хат")
