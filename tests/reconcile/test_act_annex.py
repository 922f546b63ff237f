"""What stands beside the documents of a month, and by which names and readings they are made.

AMB-7, AMB-9 to AMB-12, E34, E37, E59, E68; a bank that was renamed keeps its name in the months before.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from formats import exchange
from formats.documents import MoneyAnnex, PeopleAnnex
from reconcile import act, close, setup, statement
from reconcile.desk import Desk
from tests.ledgers.stories import GOLDEN, Story
from tests.ledgers.story_rows import MONTH, day
from tests.reconcile.acts import DISABILITY, on
from tests.reconcile.bank import FIVE_MRP, line, transfer
from tests.reconcile.bank import statement as written
from tests.reconcile.decided import choose
from tests.reconcile.documents import pages_of

APRIL = date(2024, 4, 1)


def closed(desk: Desk, out: Path, month: date = MONTH, today: date = date(2024, 4, 2)) -> act.ActsBuilt:
    close.month(on(desk, today), "AST", month)
    return act.build(on(desk, today), "AST", month, out)


def money(built: act.ActsBuilt) -> MoneyAnnex:
    assert built.money is not None
    return built.money


def people(built: act.ActsBuilt) -> PeopleAnnex:
    assert built.people is not None
    return built.people


def page(out: Path, name: str) -> str:
    return " ".join(pages_of((out / name).read_bytes()))


def cells(out: Path, name: str) -> set[Any]:
    sheet = CalamineWorkbook.from_path(str(out / name)).get_sheet_by_index(0)
    return {value for row in sheet.to_python() for value in row}


def test_a_transfer_of_the_last_day_is_a_timing_difference_of_march_and_a_row_of_april(
    desk: Desk, tmp_path: Path
) -> None:
    """E37, AMB-9: ordered on Fri 29.03.2024, received on Mon 01.04.2024."""
    setup.import_file(desk, GOLDEN)
    statement.import_file(on(desk, APRIL), written(tmp_path, transfer(day(31), 1, "1", "-")))
    late = replace(transfer(APRIL, FIVE_MRP, "145", "-"), dated=date(2024, 3, 29))
    statement.import_file(on(desk, APRIL), written(tmp_path, late, opening=1))
    march = closed(desk, tmp_path / "march")
    assert [(row.order_number, row.amount) for row in march.act.rows] == [("1", 1)]
    [timing] = [row for row in money(march).rows if row.section == "received_later"]
    assert (timing.number, timing.dated, timing.known_on, timing.amount) == (
        "145",
        date(2024, 3, 29),
        APRIL,
        FIVE_MRP,
    )
    assert "145 29.03.2024 01.04.2024" in page(tmp_path / "march", "annex-1-AST-2024-03-kk.pdf")
    end = transfer(date(2024, 4, 30), 2, "146", "-")
    statement.import_file(on(desk, date(2024, 5, 2)), written(tmp_path, end, opening=FIVE_MRP + 1))
    april = closed(desk, tmp_path / "april", APRIL, date(2024, 5, 2))
    assert ("145", FIVE_MRP) in [(row.order_number, row.amount) for row in april.act.rows]
    assert [row.number for row in money(april).rows if row.section == "ordered_before"] == ["145"]


def test_excess_and_unidentified_money_and_open_files_are_told(desk: Desk, tmp_path: Path) -> None:
    """E34: 270,00 above the request stand in the act and, as held, in its annex; a file that nobody debited too."""
    story = Story(desk)
    story.set_up()
    story.awards({("A", "HSBKKZKX"): 3})
    story.request({"A": 3 * FIVE_MRP})
    story.transfer("145", "A", 3 * FIVE_MRP, day(14), excess=270_00)
    story.unidentified(1_00, day(15))
    story.send("A", "HSBKKZKX", [20_000_001, 20_000_002, 20_000_003], day(18))
    story.statement()
    built = closed(desk, tmp_path)
    annex = money(built)
    found = [(row.section, row.number, row.amount) for row in annex.rows]
    assert [(section, amount) for section, _, amount in found] == [
        ("unidentified", 1_00),
        ("excess", 270_00),
        ("uncleared", 3 * FIVE_MRP),
    ]
    assert annex.expected == annex.closing == 271_00
    assert (annex.opening, annex.transfers, annex.sent) == (0, 3 * FIVE_MRP + 270_00, 3 * FIVE_MRP)
    kk, ru = (page(tmp_path, f"annex-1-AST-2024-03-{language}.pdf") for language in ("kk", "ru"))
    assert "Нақтыланбаған сомалар" in kk
    assert "Отправленные платёжные файлы, которые банк ещё не списал" in ru
    assert "= Ай соңындағы қалдық 271,00" in kk
    assert exchange.read((tmp_path / "annex-1-AST-2024-03.xml").read_bytes(), "a") == annex
    sheet = cells(tmp_path, "annex-1-AST-2024-03-ru.xlsx")
    assert {270, "Суммы сверх заявки", "= Остаток на конец месяца"} <= sheet


def test_people_stand_beside_items(desk: Desk, tmp_path: Path) -> None:
    """AMB-10: of 141 items of the golden month one is a resend: 140 people, 3 came back, 138 have their money."""
    Story(desk).golden()
    built = closed(desk, tmp_path)
    annex = people(built)
    assert (annex.sent_people, annex.returned_people, annex.paid_people) == (140, 3, 138)
    assert (annex.total.sent_count, annex.total.returned_count, annex.total.paid_count) == (141, 3, 138)
    halyk = annex.rows[0]
    assert (halyk.bank_kk, halyk.aid_kk, halyk.paid_month) == ("Halyk", DISABILITY, MONTH)
    assert (halyk.sent_count, halyk.sent_people, halyk.returned_people, halyk.paid_people) == (60, 60, 2, 58)
    assert "Барлығы 141 140 3 3 55 380,00 138 138" in page(tmp_path, "annex-2-AST-2024-03-kk.pdf")
    assert "Всего 141 140 3 3 55 380,00 138 138" in page(tmp_path, "annex-2-AST-2024-03-ru.pdf")


def test_a_return_of_an_earlier_month_names_the_month_of_its_payment(desk: Desk, tmp_path: Path) -> None:
    """E59: Kaspi gives back on 03.04.2024 what was sent on 18.03.2024: −1 paid in April, noted with March."""
    story = Story(desk).golden()
    closed(desk, tmp_path / "march")
    story.come_back("A", "CASPKZKA", [20_000_061], date(2024, 4, 3), "шот жабылған")
    story.statement(date(2024, 4, 30), since=APRIL)
    april = closed(desk, tmp_path / "april", APRIL, date(2024, 5, 3))
    [row] = people(april).rows
    assert (row.bank_kk, row.paid_month, row.sent_count, row.returned_count, row.returned) == (
        "Kaspi",
        MONTH,
        0,
        1,
        FIVE_MRP,
    )
    assert (row.paid_count, row.paid_people, people(april).returned_people) == (-1, 0, 1)
    assert "03.2024 0 0 1 1 18 460,00 -1 0" in page(tmp_path / "april", "annex-2-AST-2024-04-kk.pdf")


def test_a_month_without_any_entry_has_its_documents(desk: Desk, tmp_path: Path) -> None:
    """E68: БАРЛЫҒЫ 0,00, «Нөл теңге 00 тиын», no bank rows, a total of 0 / 0,00; and the annexes say nothing."""
    setup.import_file(desk, GOLDEN)
    elsewhere = line("credit", day(31), 1, "1", ("230640999996", "KZ076017A99999999900", "HSBKKZKX"))
    statement.import_file(on(desk, APRIL), written(tmp_path, elsewhere))
    built = closed(desk, tmp_path / "out")
    assert (built.act.rows, built.act.total, built.statement.rows) == ((), 0, ())
    kk = page(tmp_path / "out", "act-AST-2024-03-kk.pdf")
    assert "БАРЛЫҒЫ 0,00" in kk
    assert "0,00 (Нөл теңге 00 тиын)" in kk
    assert "Барлығы 0 0,00 0 0,00 0 0,00" in page(tmp_path / "out", "statement-by-banks-AST-2024-03-kk.pdf")
    assert (money(built).rows, money(built).expected, people(built).rows) == ((), 0, ())
    assert "Суммы сверх заявки: нет" in page(tmp_path / "out", "annex-1-AST-2024-03-ru.pdf")


def test_a_bank_renamed_in_april_has_its_old_name_in_march(desk: Desk, tmp_path: Path) -> None:
    """The documents use the names in force at the end of their month, also when they are built later."""
    Story(desk).golden()
    renamed = tmp_path / "setup.toml"
    renamed.write_text(GOLDEN.read_text("utf-8").replace('name_kk = "Halyk"', 'name_kk = "Халық жаңа"'), "utf-8")
    changed = setup.import_file(on(desk, date(2024, 4, 5)), renamed)
    assert changed.changed
    built = closed(desk, tmp_path / "out", today=date(2024, 4, 8))
    assert {row.bank_kk for row in built.statement.rows} == {"Halyk", "Kaspi", "Қазпочта"}


@pytest.mark.parametrize(
    ("value", "kk", "ru"),
    [
        ("as_printed", "арасындағы АӘК төлеуге түскен", "на выплату АСП между"),
        ("social_aid", "арасындағы әлеуметтік көмек төлеуге түскен", "на выплату социальной помощи между"),
    ],
)
def test_the_title_is_by_the_reading_of_the_day_on_which_it_was_built(
    desk: Desk, tmp_path: Path, value: str, kk: str, ru: str
) -> None:
    """AMB-7: the value keeps the reading, a later change does not touch it."""
    Story(desk).golden()
    choose(desk, date(2024, 4, 1), "act_title", value)
    built = closed(desk, tmp_path / "out")
    assert built.act.title == value
    assert kk in page(tmp_path / "out", "act-AST-2024-03-kk.pdf")
    assert ru in page(tmp_path / "out", "act-AST-2024-03-ru.pdf")
    other = "social_aid" if value == "as_printed" else "as_printed"
    choose(desk, date(2024, 4, 9), "act_title", other)
    again = act.build(on(desk, date(2024, 4, 10)), "AST", MONTH, tmp_path / "again")
    assert again.act == built.act


def test_the_total_row_of_appendix_2_can_be_left_out(desk: Desk, tmp_path: Path) -> None:
    """AMB-11: on paper, in the sheet, and remembered in the XML."""
    Story(desk).golden()
    choose(desk, date(2024, 4, 1), "total_row", "leave_out", book=1)
    built = closed(desk, tmp_path)
    assert built.statement.total_row == "leave_out"
    text = page(tmp_path, "statement-by-banks-AST-2024-03-kk.pdf")
    assert "Барлығы" not in text
    assert "Орталық филиалдың директоры" in text
    assert "Барлығы" not in cells(tmp_path, "statement-by-banks-AST-2024-03-kk.xlsx")
    assert b'total_row="leave_out"' in (tmp_path / "statement-by-banks-AST-2024-03.xml").read_bytes()
