"""A corrective act to a signed act: what the books say now against what was signed, which never changes (E75)."""

from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from formats import exchange
from formats.documents import CorrectiveAct
from ledgers.verify import verify
from reconcile import act, act_correct, act_report, act_status, close, need, reallocate, request, statement
from reconcile.act_correct import NothingToCorrect, NotSigned
from reconcile.desk import Desk
from tests.ledgers.story_rows import day
from tests.reconcile.acts import DISABILITY, MOTHERS, sign
from tests.reconcile.bank import FIVE_MRP, transfer
from tests.reconcile.bank import statement as written
from tests.reconcile.decided import decide, set_up
from tests.reconcile.documents import pages_of
from tests.reconcile.golden import at

MARCH = date(2024, 3, 1)
FOUND = date(2024, 5, 6)
AST = "AST-2024-0001"
REASON = "145 тапсырмасы қате бөлінген"


@pytest.fixture
def signed(desk: Desk, tmp_path: Path) -> Desk:
    """March: order 145 was placed on kind A whole, order 146 on nothing; the act is signed by both sides."""
    set_up(desk, tmp_path)
    decide(desk, day(6), "A", MARCH, 3)
    decide(desk, day(6), "B", MARCH, 2)
    decide(desk, day(6), "A", MARCH, 3, book=2)
    need.form(at(desk, day(11)))
    request.send(at(desk, day(12)), tmp_path / "requests")
    two = (transfer(day(14), 3 * FIVE_MRP, "145", AST), transfer(day(14), FIVE_MRP, "146", AST))
    statement.import_file(desk, written(tmp_path, *two))
    end = transfer(date(2024, 3, 31), 1, "147", "-")
    statement.import_file(at(desk, date(2024, 4, 1)), written(tmp_path, end, opening=4 * FIVE_MRP))
    close.month(at(desk, date(2024, 4, 2)), "AST", MARCH)
    act.build(at(desk, date(2024, 4, 2)), "AST", MARCH, tmp_path / "out")
    sign(desk, "corporation", "authority")
    return at(desk, FOUND)


def correct(desk: Desk, out: Path, *, dry_run: bool = False) -> act_correct.Corrected:
    return act_correct.correct(desk, "AST", MARCH, REASON, out, dry_run=dry_run)


def rows(value: CorrectiveAct) -> list[tuple[str, str, int, int]]:
    return [(row.order_number, row.aid_kk, row.signed, row.corrected) for row in value.rows]


def test_a_placing_that_was_turned_round_in_may_makes_corrective_act_1(signed: Desk, tmp_path: Path) -> None:
    """E75: dated 06.05.2024; the signed bytes of March still verify."""
    out = tmp_path / "out"
    before = {path.name: sha256(path.read_bytes()).hexdigest() for path in out.iterdir()}
    reallocate.place(signed, "S1", "ALA", ["ALA-2024-0001/A=55380,00"], REASON, anew=True)
    tried = correct(signed, out, dry_run=True)
    assert not tried.files
    result = correct(signed, out)
    assert tried.value == result.value
    value = result.value
    assert (value.number, value.dated, value.reason) == (1, FOUND, REASON)
    assert value.signed_sha256 == before["act-AST-2024-03-kk.pdf"]
    assert [row for row in rows(value) if row[2] != row[3]] == [("145", DISABILITY, 3 * FIVE_MRP, 0)]
    assert value.difference == -3 * FIVE_MRP
    assert {name: sha256((out / name).read_bytes()).hexdigest() for name in before} == before
    checked = act_status.check(signed, "AST", MARCH, out)
    assert len(checked) == len(before) + 5
    assert exchange.read((out / "corrective-act-AST-2024-03-1.xml").read_bytes(), "a") == value
    with signed.database.begin() as connection:
        assert verify(connection).is_sound


def test_the_corrective_act_says_so_in_both_languages(signed: Desk, tmp_path: Path) -> None:
    """E81, E71: a difference below zero in figures and words."""
    out = tmp_path / "out"
    reallocate.place(signed, "S1", "ALA", ["ALA-2024-0001/A=55380,00"], REASON, anew=True)
    correct(signed, out)
    kk, ru = (
        " ".join(pages_of((out / f"corrective-act-AST-2024-03-1-{one}.pdf").read_bytes())) for one in ("kk", "ru")
    )
    assert "№ 1 түзету актісі" in kk
    assert "2024 жылғы 6 мамыр" in kk
    assert "−55 380,00 (Минус елу бес мың үш жүз сексен теңге 00 тиын)" in kk
    assert "Корректировочный акт № 1" in ru
    assert "−55 380,00 (Минус пятьдесят пять тысяч триста восемьдесят тенге 00 тиын)" in ru
    assert REASON in ru


def test_it_is_built_once_signed_and_followed_by_the_next(signed: Desk, tmp_path: Path) -> None:
    """No 2 corrects what No 1 said, after both sides signed that."""
    out = tmp_path / "out"
    reallocate.place(signed, "S1", "ALA", ["ALA-2024-0001/A=55380,00"], REASON, anew=True)
    correct(signed, out)
    again = correct(signed, out)
    assert again.was_built
    assert not any(file.written for file in again.files)
    reallocate.place(signed, "S1", "AST", [f"{AST}/A=55380,00"], REASON, anew=True)
    with pytest.raises(NotSigned, match=r"corrective act No 1 to 03.2024 is not signed by both sides"):
        correct(signed, out)
    sign(signed, "corporation", "authority", act_number=1, day=FOUND)
    with signed.database.begin() as connection:
        assert act_status.status(connection, "AST", MARCH)[0].state == "CORRECTED"
    second = correct(signed, out).value
    assert (second.number, second.difference) == (2, 3 * FIVE_MRP)
    assert "nothing changed" in act_report.corrected(correct(signed, out))[-6]


def test_only_a_signed_act_is_corrected(signed: Desk, tmp_path: Path) -> None:
    with pytest.raises(NothingToCorrect, match=r"nothing differs from the act of 03.2024"):
        correct(signed, tmp_path)
    april = replace(signed, today=date(2024, 5, 2))
    april_end = transfer(date(2024, 4, 30), FIVE_MRP, "148", "-")
    statement.import_file(april, written(tmp_path, april_end, opening=4 * FIVE_MRP + 1))
    close.month(april, "AST", date(2024, 4, 1))
    act.build(april, "AST", date(2024, 4, 1), tmp_path / "april")
    reallocate.place(signed, "S4", "ALA", [], REASON, anew=True)
    with pytest.raises(NotSigned, match=r"the act of 04.2024 is not signed by both sides"):
        act_correct.correct(signed, "AST", date(2024, 4, 1), REASON, tmp_path)


def test_a_kind_that_was_wrong_changes_rows_and_no_total(signed: Desk, tmp_path: Path) -> None:
    """E75: order 146 was no money for mothers; the sum is right, column 7 was not."""
    reallocate.place(signed, "S2", "AST", [], REASON, anew=True)
    value = correct(signed, tmp_path / "out").value
    assert [row for row in rows(value) if row[2] != row[3]] == [
        ("146", MOTHERS, FIVE_MRP, 0),
        ("146", "", 0, FIVE_MRP),
    ]
    assert value.difference == 0


def test_the_rest_of_a_transfer_that_is_placed_later_corrects_nothing(signed: Desk, tmp_path: Path) -> None:
    """147 had no request in March; that one took it in May is no error of March."""
    reallocate.place(signed, "S3", "AST", [f"{AST}/B=0,01"], REASON)
    with pytest.raises(NothingToCorrect, match="nothing differs"):
        correct(signed, tmp_path / "out")


def test_the_act_of_the_open_month_prints_what_was_taken_back(signed: Desk, tmp_path: Path) -> None:
    """A placing of March that was turned round in May is a minus row of May, in every form."""
    reallocate.place(signed, "S1", "ALA", ["ALA-2024-0001/A=55380,00"], REASON, anew=True)
    june, first = at(signed, date(2024, 6, 4)), FIVE_MRP
    end = transfer(date(2024, 5, 31), first, "149", "-")
    statement.import_file(june, written(tmp_path, end, opening=4 * FIVE_MRP + 1))
    close.month(june, "AST", date(2024, 5, 1))
    built = act.build(june, "AST", date(2024, 5, 1), tmp_path / "may")
    assert [(row.order_number, row.amount) for row in built.act.rows] == [("145", -3 * FIVE_MRP), ("149", FIVE_MRP)]
    assert built.act.total == -2 * FIVE_MRP
    text = " ".join(pages_of((tmp_path / "may" / "act-AST-2024-05-kk.pdf").read_bytes()))
    assert "145 14.03.2024 −55 380,00" in text
    assert "БАРЛЫҒЫ −36 920,00" in text
    assert "−36 920,00 (Минус отыз алты мың тоғыз жүз жиырма теңге 00 тиын)" in text
