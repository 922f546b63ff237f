"""Money for a part of the people: whole items in the order of the decisions, nobody overtakes (R-041, AMB-13, E32)."""

from collections.abc import Sequence
from datetime import date
from itertools import islice
from pathlib import Path

import pytest
from sqlalchemy import text

from fixtures.people import Person, people
from reconcile import award, need, order, payment_report, request, setup, statement
from reconcile.desk import Desk
from tests.reconcile.bank import balances, transfer
from tests.reconcile.bank import statement as written
from tests.reconcile.golden import STORY, at
from tests.reconcile.world import HEADING

DAY = date(2024, 3, 18)
REQUEST = "AST-2024-0001"
PEOPLE = tuple(islice(people(seed=32), 271))

Line = tuple[Person, str, str, str]
"""A person, the number and day of the decision, the amount."""


def requested(desk: Desk, folder: Path, lines: Sequence[Line]) -> Desk:
    """Decisions for these people, all at Halyk, asked for on 12 March."""
    setup.import_file(at(desk, date(2024, 3, 1)), STORY / "setup.toml")
    file = folder / "decisions.csv"
    rows = [
        ";".join(
            [
                *["230540100010", number, decided_on, "Басшы", "Е-1", "E-SOBES", "A", "03.2024", amount, one.iin],
                *[one.surname, one.first_name, one.patronymic, f"{one.birth_date:%d.%m.%Y}", one.sex, "0101", "05"],
                *[one.address, "HSBKKZKX", one.iban("601"), one.phone, "", "", "", ""],
            ]
        )
        for one, number, decided_on, amount in lines
    ]
    file.write_text("\n".join([HEADING, *rows]), "utf-8")
    award.import_file(at(desk, date(2024, 3, 11)), file)
    need.form(at(desk, date(2024, 3, 11)))
    request.send(at(desk, date(2024, 3, 12)), folder / "out")
    return at(desk, DAY)


def paid(desk: Desk) -> list[str]:
    with desk.database.begin() as connection:
        rows = connection.execute(
            text("""
                SELECT w.iin FROM esep.payment p JOIN esep.award_line w USING (authority_id, due_month, award_number)
                WHERE w.version = 1 ORDER BY p.order_number, p.item
            """)
        )
        return [row.iin for row in rows]


def test_e32_162_of_271_people_are_paid_and_the_rest_waits_for_the_next_transfer(desk: Desk, tmp_path: Path) -> None:
    office = requested(desk, tmp_path, [(one, "2024-15", "05.03.2024", "18460,00") for one in PEOPLE])
    assert balances(office)["1 requested/A/AST-2024-0001"] == 5_002_660_00
    statement.import_file(office, written(tmp_path, transfer(DAY, 3_000_000_00, "145", REQUEST)))
    result = order.send(office, tmp_path / "out")
    (short,) = result.short
    assert (short.paid_count, short.paid, short.rest) == (162, 2_990_520_00, 9_480_00)
    assert (short.count - short.paid_count, short.needed - short.paid) == (109, 2_012_140_00)
    assert balances(office)["1 funding/A/AST-2024-0001"] == 9_480_00
    assert balances(office)["1 requested/A/AST-2024-0001"] == 2_002_660_00
    assert paid(office) == sorted(one.iin for one in PEOPLE)[:162], "one decision: by IIN"
    assert payment_report.orders_sent(result)[2] == (
        "waits for money: request AST-2024-0001, kind A: 109 of 271 people, 2\u00a0012\u00a0140,00 of "
        "5\u00a0002\u00a0660,00 KZT; received 3\u00a0000\u00a0000,00, 9\u00a0480,00 stay"
    )
    statement.import_file(office, written(tmp_path, transfer(DAY, 2_002_660_00, "146", REQUEST), opening=3_000_000_00))
    rest = order.send(office, tmp_path / "out")
    assert [(one.count, one.amount) for one in rest.orders] == [(109, 2_012_140_00)]
    assert rest.short == ()
    assert sorted(paid(office)) == sorted(one.iin for one in PEOPLE), "everybody once"
    assert "1 funding/A/AST-2024-0001" not in balances(office)


def test_a_rest_that_pays_nobody_is_refused_until_more_money_comes(desk: Desk, tmp_path: Path) -> None:
    office = requested(desk, tmp_path, [(one, "2024-15", "05.03.2024", "18460,00") for one in PEOPLE[:3]])
    statement.import_file(office, written(tmp_path, transfer(DAY, 27_940_00, "145", REQUEST)))
    assert [one.count for one in order.send(office, tmp_path / "out").orders] == [1]
    with pytest.raises(order.NotEnoughMoney) as refusal:
        order.send(office, tmp_path / "out")
    (short,) = refusal.value.short
    assert (short.count, short.available, short.paid) == (2, 9_480_00, 0)


def test_amb13_by_decision_date_then_number_then_iin_and_nobody_overtakes(desk: Desk, tmp_path: Path) -> None:
    """The fourth in order needs more than is left; the fifth would fit and waits all the same."""
    first, second, third, fourth, fifth = sorted(PEOPLE[:5], key=lambda one: one.iin)
    lines = [
        (fifth, "Б-1", "01.03.2024", "10000,00"),
        (fourth, "А-9", "02.03.2024", "10000,00"),
        (first, "Б-1", "02.03.2024", "10000,00"),
        (second, "Б-1", "02.03.2024", "30000,00"),
        (third, "А-1", "03.03.2024", "5000,00"),
    ]
    office = requested(desk, tmp_path, lines)
    statement.import_file(office, written(tmp_path, transfer(DAY, 40_000_00, "145", REQUEST)))
    (short,) = order.send(office, tmp_path / "out").short
    assert paid(office) == [one.iin for one in (fifth, fourth, first)]
    assert (short.paid, short.rest) == (30_000_00, 10_000_00)


def test_money_that_is_exactly_enough_for_some_pays_exactly_them(desk: Desk, tmp_path: Path) -> None:
    office = requested(desk, tmp_path, [(one, "2024-15", "05.03.2024", "18460,00") for one in PEOPLE[:3]])
    statement.import_file(office, written(tmp_path, transfer(DAY, 36_920_00, "145", REQUEST)))
    (short,) = order.send(office, tmp_path / "out").short
    assert (short.paid_count, short.rest) == (2, 0)
    assert order.send(office, tmp_path / "out").orders == ()


def test_a_dry_run_names_who_waits_and_sends_nothing(desk: Desk, tmp_path: Path) -> None:
    office = requested(desk, tmp_path, [(one, "2024-15", "05.03.2024", "18460,00") for one in PEOPLE[:3]])
    statement.import_file(office, written(tmp_path, transfer(DAY, 36_920_00, "145", REQUEST)))
    result = order.send(office, tmp_path / "out", dry_run=True)
    assert [(one.count, one.amount) for one in result.orders] == [(2, 36_920_00)]
    assert (paid(office), balances(office)["1 funding/A/AST-2024-0001"]) == ([], 36_920_00)
