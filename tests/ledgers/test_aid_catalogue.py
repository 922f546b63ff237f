"""The catalogue agrees with the published rules, and what is doubtful there is said here."""

import re
from datetime import date

import pytest

from formats.mt_writing import unwritable_assign
from ledgers.aid_catalogue import SOURCES, catalogue, of_source
from ledgers.rates import BUILT_IN
from reconcile.setup_file import read

BY_CODE = {kind.code: kind for kind in catalogue()}

# Point, memorial day, indexes, fixed sum, periodicity, and the tenge of 2019, January and April 2020, and 2021.
S3 = [
    ("K01", "9(1)", "03-22", 2, 0, "memorial", (5050, 5302, 5556, 5834)),
    ("K02", "9(1)", "03-22", 5, 0, "memorial", (12625, 13255, 13890, 14585)),
    ("K03", "9(2)", "04-26", 60, 0, "memorial", (151500, 159060, 166680, 175020)),
    ("K04", "9(2)", "04-26", 50, 0, "memorial", (126250, 132550, 138900, 145850)),
    ("K05", "9(2)", "04-26", 20, 0, "memorial", (50500, 53020, 55560, 58340)),
    ("K06", "9(3)", "05-09", 100, 0, "memorial", (252500, 265100, 277800, 291700)),
    ("K07", "9(3)", "05-09", 60, 0, "memorial", (151500, 159060, 166680, 175020)),
    ("K08", "9(3)", "05-09", 50, 0, "memorial", (126250, 132550, 138900, 145850)),
    ("K09", "9(3)", "05-09", 20, 0, "memorial", (50500, 53020, 55560, 58340)),
    *((f"K{n}", "9(3)", "05-09", 40, 0, "memorial", (101000, 106040, 111120, 116680)) for n in range(10, 16)),
    ("K16", "9(3)", "05-09", 50, 0, "memorial", (126250, 132550, 138900, 145850)),
    ("K17", "9(3)", "05-09", 0, 20_000, "memorial", (20000,) * 4),
    ("K18", "9(3)", "05-09", 0, 150_000, "memorial", (150000,) * 4),
    ("K19", "9(4)", "05-01", 5, 0, "memorial", (12625, 13255, 13890, 14585)),
    ("K20", "9(5)", "06-01", 5, 0, "memorial", (12625, 13255, 13890, 14585)),
    ("K21", "9(6)", "08-30", 8, 0, "memorial", (20200, 21208, 22224, 23336)),
    ("K22", "9(6)", "08-30", 60, 0, "memorial", (151500, 159060, 166680, 175020)),
    ("K23", "9(6)", "08-30", 36, 0, "memorial", (90900, 95436, 100008, 105012)),
    ("K24", "9(6)", "08-30", 5, 0, "memorial", (12625, 13255, 13890, 14585)),
    ("K25", "9(7)", "10-01", 2, 0, "memorial", (5050, 5302, 5556, 5834)),
    ("K26", "9(8)", "10-06", 5, 0, "memorial", (12625, 13255, 13890, 14585)),
    ("K27", "9(9)", "12-16", 5, 0, "memorial", (12625, 13255, 13890, 14585)),
    ("K28", "10", "", 5, 0, "monthly", (12625, 13255, 13890, 14585)),
    ("K29", "11", "", 26, 0, "one_off", (65650, 68926, 72228, 75842)),
    ("K30", "11", "", 20, 0, "quarterly", (50500, 53020, 55560, 58340)),
    ("K31", "12", "", 50, 0, "one_off", (126250, 132550, 138900, 145850)),
    ("K32", "13", "", 40, 0, "one_off", (101000, 106040, 111120, 116680)),
    ("K33", "13-1", "", 0, 100_000, "one_off", (100000,) * 4),
    ("K34", "14", "", 0, 0, "one_off", (0,) * 4),
    ("K35", "14", "", 5, 0, "monthly", (12625, 13255, 13890, 14585)),
]
DAYS = (date(2019, 3, 1), date(2020, 1, 1), date(2020, 4, 1), date(2021, 1, 1))


@pytest.mark.parametrize("row", S3, ids=[row[0] for row in S3])
def test_the_35_kinds_of_the_district_rules(row: tuple[str, str, str, int, int, str, tuple[int, ...]]) -> None:
    code, point, memorial_day, mrp, fixed, periodicity, tenge = row
    kind = BY_CODE[code]
    assert (kind.source, kind.point, kind.memorial_day, kind.periodicity) == ("S3", point, memorial_day, periodicity)
    assert (kind.mrp_hundredths, kind.fixed_amount) == (mrp * 100, fixed * 100)
    assert tuple(mrp * BUILT_IN.mrp(day) // 100 + fixed for day in DAYS) == tenge


def test_each_source_has_its_kinds_and_dates_of_validity() -> None:
    assert [len(of_source(source)) for source in SOURCES] == [2, 35, 5]
    assert [kind.code for kind in of_source("S4")] == ["S03", "S06", "S09", "S10", "S11"]
    assert {(kind.valid_from, kind.valid_to) for kind in of_source("S2")} == {(date(2019, 8, 26), date(2023, 6, 30))}
    assert {kind.valid_to for kind in of_source("S3")} == {date(2021, 3, 29)}
    assert {kind.valid_from for kind in of_source("S3") if kind.code != "K33"} == {date(2015, 6, 29)}


def test_a_kind_whose_figure_and_words_differ_is_not_active() -> None:
    """9(6): 36 (тридцать шесть тысяч): 90 900 or 90 900 000 tenge at an index of 2 525."""
    (waiting,) = [kind for kind in catalogue() if not kind.is_active]
    assert (waiting.code, waiting.point) == ("K23", "9(6)")
    assert "36 (тридцать шесть тысяч)" in waiting.doubt
    assert "36 (тридцать шесть тысяч)" in waiting.term(1).note


@pytest.mark.parametrize("code", ["K19", "K24"])
def test_children_left_out_of_one_point_and_named_in_others_are_pointed_at(code: str) -> None:
    """9(4), 9(6) against 9(1), 9(5), 9(8), 9(9)."""
    assert BY_CODE[code].is_active
    assert "children with a disability under 16 are not named" in BY_CODE[code].doubt


@pytest.mark.parametrize(
    ("code", "limit"), [("K18", "at most 150\N{NO-BREAK SPACE}000,00 KZT"), ("K32", "at most 40 MRP")]
)
def test_an_upper_limit_is_no_size(code: str, limit: str) -> None:
    term = BY_CODE[code].term(1)
    assert term.is_free
    assert limit in term.note


def test_the_services_of_the_platform_need_the_category_at_the_award() -> None:
    assert {kind.needs_category for kind in of_source("S4")} == {True}
    assert {kind.source_system for kind in of_source("S4")} == {"PLATFORM"}
    assert {kind.programme for kind in of_source("S4")} == {"Образование", "Жилищные отношения", "Физическая культура"}


@pytest.mark.parametrize("code", list(BY_CODE))
def test_every_kind_can_be_set_up_and_paid(code: str) -> None:
    kind = BY_CODE[code]
    assert re.fullmatch("[0-9A-Z]{1,6}", code)
    assert unwritable_assign("purpose", f"{kind.purpose}. 100000 ЧЕЛ.") == []
    table = "\n".join(
        f'{name} = "{value}"'
        for name, value in {
            "code": code,
            "name_kk": kind.name_kk.replace('"', ""),
            "name_ru": kind.name_ru,
            "periodicity": kind.periodicity,
            "memorial_day": kind.memorial_day,
            "purpose": kind.purpose,
            "note": kind.term(1).note,
        }.items()
    )
    content = f"[[authority]]\n{AUTHORITY}\n[[authority.aid_kind]]\n{table}\n"
    assert kind.kind(1) in read(content.encode(), "setup.toml")


AUTHORITY = """
authority_id = 1
code = "AST"
bin = "230540100010"
name_kk = "-"
name_ru = "-"
region_kk = "Астана қаласы"
region_ru = "-"
district_kk = ""
district_ru = ""
iban = "KZ73070A010100000001"
bic = "KKMFKZ2A"
irs = "1"
seco = "2"
signer = "-"
signer_position_kk = "-"
signer_position_ru = "-"
first_order_number = 71
"""
