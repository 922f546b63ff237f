"""A file that the bank refused (MT-905): its money stands where it stood, its items go again, no attempt is counted."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from formats import pacs002
from formats.errors import FormatError
from ledgers import acts, integrity, sums
from reconcile import order, payment_report, refund, refusal, statement
from reconcile.desk import Desk
from reconcile.refusal import NotRefusable
from tests.reconcile.bank import HALYK, balances, counts, debit
from tests.reconcile.bank import statement as written
from tests.reconcile.golden import at, play

DAY, NEXT = date(2024, 3, 18), date(2024, 3, 19)
FILE = "GCVP-00100000071"
AMOUNT = 1_107_600_00
MARCH, LAST = date(2024, 3, 1), date(2024, 3, 31)


def message(folder: Path, *references: str, kind: str = "905") -> Path:
    """A bank's refusals of these files."""
    path = folder / f"mt{kind}-{len(list(folder.iterdir()))}.txt"
    texts = [
        f"{{1:F01K054700000000010066500}}\n{{2:O{kind}2403181530SCLEAR00000000000000002403181530U}}\n{{4:\n"
        f":20:ERR{number:07d}\n:21:{reference}\n:72:ОШИБКА: НЕВЕРНЫЙ БИК ПОЛУЧАТЕЛЯ\n-}}\n"
        for number, reference in enumerate(references, start=1)
    ]
    path.write_bytes("".join(texts).encode("cp1251"))
    return path


def is_sound(desk: Desk) -> None:
    with desk.database.begin() as connection:
        assert [one for one in sums.three_sums(connection, 1, MARCH, LAST) if not one.agree] == []
        assert sums.control_equation(connection, 1, MARCH, LAST).holds
        assert list(integrity.mismatches(connection, 1, MARCH, LAST)) == []


def payments(desk: Desk) -> dict[int, tuple[int, int]]:
    """Attempt -> payments and their sum."""
    with desk.database.begin() as connection:
        rows = connection.execute(
            text("SELECT attempt, count(*), sum(amount)::bigint FROM esep.payment GROUP BY attempt ORDER BY attempt")
        )
        return {attempt: (count, amount) for attempt, count, amount in rows}


@pytest.fixture
def sent(desk: Desk, tmp_path: Path) -> Desk:
    play(desk, "orders", tmp_path / "out")
    return at(desk, DAY)


def test_a_refused_file_goes_again_with_the_next_attempt(sent: Desk, tmp_path: Path) -> None:
    (result,) = refusal.import_file(sent, message(tmp_path, FILE))
    assert payment_report.refused([result]) == [
        f"{FILE} to HSBKKZKX, 60 items, 1\u00a0107\u00a0600,00 KZT: refused, ОШИБКА: НЕВЕРНЫЙ БИК ПОЛУЧАТЕЛЯ",
        "its items go again with the next: esep order send",
    ]
    assert balances(sent)["1 funding/A/AST-2024-0001"] == AMOUNT
    is_sound(sent)
    again = order.send(at(sent, NEXT), tmp_path / "again")
    assert [(one.reference, one.count, one.amount) for one in again.orders] == [("GCVP-00100000076", 60, AMOUNT)]
    assert payments(sent) == {1: (140, 2_141_360_00), 2: (60, AMOUNT)}
    assert f"{FILE}-HSBKKZKX.txt" not in {path.name for path in (tmp_path / "again").iterdir()}, "never written again"
    is_sound(sent)


def test_a_refused_file_stands_in_no_appendix(sent: Desk, tmp_path: Path) -> None:
    refusal.import_file(sent, message(tmp_path, FILE))
    with sent.database.begin() as connection:
        rows = acts.bank_parts(connection, 1, MARCH, LAST)
    assert ("A", "HSBKKZKX") not in {(row.aid_kind, row.bic) for row in rows}
    order.send(at(sent, NEXT), tmp_path / "again")
    with sent.database.begin() as connection:
        rows = acts.bank_parts(connection, 1, MARCH, LAST)
    assert [(row.sent_count, row.sent) for row in rows if (row.aid_kind, row.bic) == ("A", "HSBKKZKX")] == [
        (60, AMOUNT)
    ]


def test_the_same_message_twice_changes_nothing(sent: Desk, tmp_path: Path) -> None:
    path = message(tmp_path, FILE)
    refusal.import_file(sent, path)
    before = {name: count for name, count in counts(sent).items() if name != "received_file"}
    (again,) = refusal.import_file(sent, path)
    assert again.is_repeat
    assert payment_report.refused([again])[0].endswith("refused on 18.03.2024 already, nothing changed")
    assert {name: count for name, count in counts(sent).items() if name != "received_file"} == before


def test_what_is_none_of_our_files_refuses_the_whole_message(sent: Desk, tmp_path: Path) -> None:
    before = balances(sent)
    with pytest.raises(FormatError) as refused:
        refusal.import_file(sent, message(tmp_path, FILE, "F230703-00101001"))
    assert [(fault.place, fault.found) for fault in refused.value.faults] == [(":21:", "F230703-00101001")]
    with pytest.raises(FormatError, match="MT905, a refusal"):
        refusal.import_file(sent, message(tmp_path, FILE, kind="973"))
    assert balances(sent) == before


def test_a_file_that_was_debited_was_taken(sent: Desk, tmp_path: Path) -> None:
    lines = [debit(DAY, AMOUNT, "71", HALYK)]
    statement.import_file(sent, written(tmp_path, *lines, opening=2_141_360_00))
    before = counts(sent)
    with pytest.raises(NotRefusable, match=f"{FILE} cannot be refused: the bank debited 1\u00a0107\u00a0600,00 KZT"):
        refusal.refuse(sent, FILE, reason="қате")
    assert counts(sent) == before


def test_by_hand_with_a_reason_on_a_day_that_can_be(sent: Desk) -> None:
    before = counts(sent)
    for given, why in (
        ({"reason": " "}, "a refusal has a reason"),
        ({"reason": "қате", "on": date(2024, 3, 17)}, "not on 17.03.2024"),
        ({"reason": "қате", "on": date(2024, 3, 19)}, "not on 19.03.2024"),
    ):
        with pytest.raises(NotRefusable, match=why):
            refusal.refuse(sent, FILE, **given)
    with pytest.raises(NotRefusable, match="no file was sent"):
        refusal.refuse(sent, "GCVP-00100000099", reason="қате")
    assert refusal.refuse(sent, FILE, reason="қате", dry_run=True).is_repeat is False
    assert counts(sent) == before
    refusal.refuse(sent, FILE, reason="БСК қате")
    assert balances(sent)["1 funding/A/AST-2024-0001"] == AMOUNT


def test_a_refused_resend_goes_again_and_its_refusal_counts_as_no_attempt(desk: Desk, tmp_path: Path) -> None:
    play(desk, "resend", tmp_path / "out")
    office = at(desk, date(2024, 3, 28))
    refusal.refuse(office, "GCVP-00100000076", reason="БСК қате")
    assert balances(office)["1 resend/A/P20000006/1"] == 18_460_00
    again = order.send(office, tmp_path / "again")
    assert [(one.reference, one.count) for one in again.orders] == [("GCVP-00100000077", 1)]
    assert payments(office)[3] == (1, 18_460_00)
    assert "1 resend/A/P20000006/1" not in balances(office)
    is_sound(office)


def test_a_refused_refund_goes_again(desk: Desk, tmp_path: Path) -> None:
    play(desk, "refund", tmp_path / "out")
    office = at(desk, date(2024, 3, 29))
    refusal.refuse(office, "GCVP-00100000077", reason="шот қате")
    assert balances(office)["1 refundable/A/P20000030/1"] == 18_460_00
    is_sound(office)
    (again,) = refund.send(office, tmp_path / "again").refunds
    assert (again.order.reference, again.order.amount) == ("GCVP-00100000078", 36_920_00)
    is_sound(office)


def test_a_file_that_is_refused_twice_in_one_message_is_refused_once(sent: Desk, tmp_path: Path) -> None:
    (result,) = refusal.import_file(sent, message(tmp_path, FILE, FILE))
    assert (result.refusal.reference, result.is_repeat) == ("ERR0000001", False)


def status(folder: Path, reference: str, group: str, reason: str = "") -> Path:
    """A report on the status of one of our files in ISO 20022."""
    report = pacs002.Pacs002(
        message_id="S240318-9",
        created="2024-03-18T09:31:00+05:00",
        groups=(
            pacs002.GroupStatus(
                original=pacs002.OriginalMessage(message_id=reference, message_name="pacs.008.001.08"),
                status=group,
                reasons=(pacs002.Reason(reason=pacs002.Coded(code="RC01"), information=(reason,)),) if reason else (),
            ),
        ),
    )
    path = folder / f"status-{len(list(folder.iterdir()))}.xml"
    path.write_bytes(pacs002.write(report))
    return path


def test_a_refusal_in_iso_20022_is_one_too(sent: Desk, tmp_path: Path) -> None:
    (result,) = refusal.import_file(sent, status(tmp_path, FILE, "RJCT", "НЕВЕРНЫЙ БИК"))
    told = result.refusal
    assert (told.reference, told.code, told.reason) == ("S240318-9", "RC01", "НЕВЕРНЫЙ БИК")
    assert balances(sent)["1 funding/A/AST-2024-0001"] == AMOUNT
    (again,) = refusal.import_file(sent, message(tmp_path, FILE))
    assert again.is_repeat, "the same refusal in another form changes nothing"


@pytest.mark.parametrize("group", ["PDNG", "PART", "ACSC"])
def test_a_status_that_refuses_no_whole_file_is_nothing_to_import(sent: Desk, tmp_path: Path, group: str) -> None:
    before = balances(sent)
    with pytest.raises(FormatError) as refused:
        refusal.import_file(sent, status(tmp_path, FILE, group))
    assert [(fault.place, fault.found) for fault in refused.value.faults] == [("OrgnlGrpInfAndSts/GrpSts", group)]
    assert balances(sent) == before
