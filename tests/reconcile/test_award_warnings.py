"""What an import of decisions points at and never blocks: E28, E29, E97, E99, R-027, the place and the budget year."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from formats.errors import Fault, FormatError
from ledgers import rule_sets
from ledgers.aid_terms import AidTerm
from ledgers.award_groups import AwardGroup
from ledgers.calendar import BUILT_IN as CALENDAR
from ledgers.rates import BUILT_IN as RATES
from ledgers.setup import AidKind, Authority
from reconcile import aid, award, award_report, award_warnings, setup
from reconcile.award_warnings import Surroundings, warnings
from reconcile.desk import Desk
from tests.reconcile.golden import IN, STORY, at, counts
from tests.reconcile.test_award import rows, write

SPACE = "\N{NO-BREAK SPACE}"
ASTANA = Authority(
    authority_id=1,
    code="AST",
    bin="230540100010",
    name_kk="-",
    name_ru="-",
    region_kk="Астана қаласы",
    region_ru="-",
    district_kk="",
    district_ru="",
    iban="-",
    bic="-",
    irs="1",
    seco="2",
    signer="-",
    signer_position_kk="-",
    signer_position_ru="-",
    first_order_number=1,
)
MAY_DAY = AidKind(
    authority_id=1, code="A", name_kk="-", name_ru="-", periodicity="memorial", memorial_day="05-01", purpose="-"
)
FIVE = AidTerm(authority_id=1, code="A", mrp_hundredths=500)


def around(today: date, **values: Any) -> Surroundings:
    start = Surroundings(
        authorities={1: ASTANA},
        kinds={(1, "A"): MAY_DAY},
        terms={},
        rule_sets=rule_sets.BUILT_IN,
        rates=RATES,
        calendar=CALENDAR,
        today=today,
    )
    return replace(start, **values)


def group(decided_on: date, **values: Any) -> AwardGroup:
    start = AwardGroup(
        authority_id=1,
        aid_kind="A",
        due_month=decided_on.replace(day=1),
        decided_on=decided_on,
        source_system="E-SOBES",
        amount=0,
        category="",
        count=1,
        first_line=2,
    )
    return replace(start, **values)


def said(one: AwardGroup, where: Surroundings) -> list[str]:
    return [warning.said for warning in warnings([one], where)]


@pytest.mark.parametrize(
    ("decided_on", "today", "expected"),
    [
        (date(2024, 5, 31), date(2024, 5, 31), []),  # E28: inside
        (date(2024, 6, 3), date(2024, 6, 3), ["outside the term of the rule set (PILOT: 01.06.2023 to 31.05.2024"]),
        (date(2023, 6, 5), date(2023, 6, 5), []),  # E29: before the order was signed, and inside
        (date(2023, 6, 5), date(2023, 7, 11), ["reached the books 24 working days later"]),  # E29: only late
        (date(2023, 5, 31), date(2023, 5, 31), ["outside the term of the rule set"]),
    ],
)
def test_the_term_of_the_pilot_is_a_warning(decided_on: date, today: date, expected: list[str]) -> None:
    found = said(group(decided_on), around(today))
    assert len(found) == len(expected)
    assert all(part in sentence for part, sentence in zip(expected, found, strict=True))


def test_a_place_outside_of_the_pilot_is_a_warning() -> None:
    """R-001: Astana and Almaty only."""
    day = date(2024, 3, 5)
    shymkent = replace(ASTANA, code="SHY", region_kk="Шымкент қаласы")
    (sentence,) = said(group(day), around(day, authorities={1: shymkent}))
    assert sentence == "SHY lies in no place of a set of rules (PILOT: Астана қаласы; Алматы қаласы; R-001)"


def test_a_set_of_rules_that_is_added_takes_the_warning_away() -> None:
    day = date(2024, 6, 3)
    later = replace(rule_sets.BUILT_IN[0], code="NEXT", valid_from=date(2024, 6, 1), valid_to=date(2025, 5, 31))
    assert said(group(day), around(day, rule_sets=[*rule_sets.BUILT_IN, later])) == []


@pytest.mark.parametrize(
    ("decided_on", "today", "days"),
    [
        (date(2024, 3, 5), date(2024, 3, 6), 0),  # the golden month: the next working day
        (date(2024, 3, 5), date(2024, 3, 7), 2),
        (date(2024, 3, 20), date(2024, 3, 26), 0),  # over Nauryz
        (date(2024, 3, 20), date(2024, 3, 27), 2),
        (date(2024, 5, 3), date(2024, 5, 6), 2),  # Saturday 04.05 was worked
    ],
)
def test_a_decision_that_came_late_is_a_warning(decided_on: date, today: date, days: int) -> None:
    """R-027: alarm when the gap is more than one working day."""
    found = [sentence for sentence in said(group(decided_on), around(today)) if "R-027" in sentence]
    assert [re.findall(r"(\d+) working days later", sentence) for sentence in found] == ([[str(days)]] if days else [])


E99 = group(date(2020, 3, 10), due_month=date(2020, 5, 1))


@pytest.mark.parametrize(
    ("mrp_day", "amount", "expected"),
    [
        ("decision", 13_255_00, "comes to"),  # right by the day that counts; both are shown
        ("decision", 13_890_00, "has 13 890,00 KZT; its size is"),
        ("payment", 13_890_00, "comes to"),
        ("memorial", 13_255_00, "has 13 255,00 KZT; its size is"),
    ],
)
def test_e99_both_amounts_are_shown(mrp_day: Any, amount: int, expected: str) -> None:
    where = around(date(2020, 3, 10), terms={(1, "A"): replace(FIVE, mrp_day=mrp_day)})
    found = [sentence for sentence in said(replace(E99, amount=amount), where) if "aid A" in sentence]
    assert len(found) == 1
    sentence = found[0].replace(SPACE, " ")
    assert expected in sentence
    assert "13 255,00 KZT by the day of the decision and 13 890,00 KZT by the day of payment" in sentence
    assert {"decision": "the day of the decision", "memorial": "the memorial date", "payment": "the day of payment"}[
        mrp_day
    ] + " counts" in sentence


@pytest.mark.parametrize(("amount", "is_wrong"), [(18_640_00, True), (18_460_00, False)])
def test_e97_a_slip_of_the_pen_is_pointed_at(amount: int, is_wrong: bool) -> None:
    """E97: aid 5 MRP, line 18 640,00 in 2024: expected 18 460,00."""
    day = date(2024, 3, 5)
    found = said(group(day, amount=amount, due_month=date(2024, 5, 1)), around(day, terms={(1, "A"): FIVE}))
    assert [("18 460,00 KZT by the day" in sentence.replace(SPACE, " ")) for sentence in found] == [True] * is_wrong


def test_a_late_list_is_paid_by_the_index_of_its_own_day() -> None:
    """Aid for 01.05.2020 that is decided in January 2021 is paid after that, not on the holiday."""
    term = replace(FIVE, mrp_day="payment")
    where = around(date(2021, 1, 11), terms={(1, "A"): term})
    found = said(group(date(2021, 1, 11), due_month=date(2020, 5, 1), amount=14_585_00), where)
    assert not [sentence for sentence in found if "its size is" in sentence]


@pytest.mark.parametrize(
    ("due_month", "amount", "is_pointed_at"),
    [
        (date(2022, 4, 1), 585_00, False),  # 5 x (3 180 - 3 063)
        (date(2022, 5, 1), 585_00, False),
        (date(2022, 3, 1), 585_00, True),  # before the indexation nothing is owed
        (date(2022, 5, 1), 585_01, True),
    ],
)
def test_e100_the_difference_of_an_indexation_is_no_slip(due_month: date, amount: int, is_pointed_at: bool) -> None:
    """E100: indexation from 01.04.2022, paid from 01.06.2022: extra lines for April and May."""
    kind = replace(MAY_DAY, periodicity="monthly", memorial_day="")
    where = around(date(2022, 6, 1), kinds={(1, "A"): kind}, terms={(1, "A"): FIVE})
    found = said(group(date(2022, 6, 1), due_month=due_month, amount=amount), where)
    assert [True for sentence in found if "its size is" in sentence] == [True] * is_pointed_at


@pytest.mark.parametrize(
    ("periodicity", "due_month", "is_pointed_at"),
    [
        ("monthly", date(2024, 1, 1), False),  # E05: months to come are paid from the year to come
        ("one_off", date(2024, 1, 1), True),
        ("monthly", date(2022, 12, 1), True),
        ("one_off", date(2023, 12, 1), False),
    ],
)
def test_a_due_month_of_another_budget_year(periodicity: Any, due_month: date, is_pointed_at: bool) -> None:
    kind = replace(MAY_DAY, periodicity=periodicity, memorial_day="")
    found = said(group(date(2023, 12, 20), due_month=due_month), around(date(2023, 12, 20), kinds={(1, "A"): kind}))
    assert [("another budget year than 20.12.2023" in sentence) for sentence in found] == [True] * is_pointed_at


@pytest.mark.parametrize(
    ("category", "system", "expected"),
    [
        ("3", "PLATFORM", []),
        ("6", "PLATFORM", ["these lines have 6, and category 6 gets no aid"]),
        ("05", "PLATFORM", ["these lines have 05"]),
        ("1", "E-SOBES", ["is awarded in PLATFORM; these lines come from E-SOBES"]),
    ],
)
def test_a_kind_of_the_platform_names_the_category_and_comes_from_there(
    category: str, system: str, expected: list[str]
) -> None:
    day = date(2024, 3, 5)
    term = AidTerm(authority_id=1, code="A", needs_category=True, source_system="PLATFORM")
    found = said(group(day, category=category, source_system=system), around(day, terms={(1, "A"): term}))
    assert len(found) == len(expected)
    assert all(part in sentence for part, sentence in zip(expected, found, strict=True))


def test_an_index_that_is_not_known_is_said_and_blocks_nothing() -> None:
    old = group(date(2014, 3, 5), amount=1)
    assert "no calculation index is known for 05.03.2014" in " ".join(
        said(old, around(date(2014, 3, 5), terms={(1, "A"): FIVE}))
    )


def test_alike_warnings_stand_together_with_the_first_line() -> None:
    day = date(2024, 6, 3)
    groups = [group(day, count=5, first_line=9), group(day, due_month=date(2024, 7, 1), count=2, first_line=4)]
    (warning,) = warnings(groups, around(day))
    assert (warning.count, warning.first_line) == (7, 4)


@pytest.fixture
def ready(desk: Desk) -> Desk:
    setup.import_file(desk, STORY / "setup.toml")
    return at(desk, date(2024, 3, 6))


def test_the_golden_month_has_nothing_to_look_at(ready: Desk) -> None:
    result = award.import_file(ready, IN / "decisions.csv")
    assert result.warnings == ()
    assert award_report.imported(result)[-1] == f"imported 140 award lines, 2{SPACE}141{SPACE}360,00 KZT"
    assert len(award_report.imported(result)) == 4


def test_lines_with_warnings_come_in_all_the_same(ready: Desk, tmp_path: Path) -> None:
    """E28, E97: never a block."""
    aid.decide(ready, "AST", "A", aid.read_size(mrp="5"), reason="rules of the maslikhat")
    lines = rows()
    lines[3]["amount"] = "18640,00"
    for line in lines:
        line["decision_date"] = "03.06.2024"
    result = award.import_file(at(ready, date(2024, 6, 3)), write(tmp_path / "june.csv", lines))
    assert result.count == 140
    assert [(one.first_line, one.count) for one in result.warnings] == [(2, 140), (5, 1)]
    shown = award_report.imported(result)
    assert shown[3].startswith("look at line 2 and 139 more: the decision of 03.06.2024 is outside the term")
    assert shown[4].startswith("look at line 5: aid A for 03.2024, decided on 03.06.2024, has 18")


def test_known_lines_are_not_pointed_at_again(ready: Desk, tmp_path: Path) -> None:
    lines = rows()
    late = at(ready, date(2024, 3, 15))
    assert award.import_file(late, write(tmp_path / "a.csv", lines[:10])).warnings[0].count == 10
    assert award.import_file(late, write(tmp_path / "b.csv", lines[:11])).warnings[0].count == 1


def test_e100_extra_lines_come_beside_the_paid_ones(ready: Desk, tmp_path: Path) -> None:
    """E100: no change of paid lines; the difference has a decision and a period of its own."""
    aid.decide(ready, "AST", "A", aid.read_size(mrp="5"), reason="rules")
    old = rows()[0] | {"decision_date": "05.01.2022", "amount": "15315,00"}
    months = ("04.2022", "05.2022")
    award.import_file(ready, write(tmp_path / "old.csv", [old | {"due_month": month} for month in months]))
    before = counts(ready)["award_line"]
    extra = old | {"decision_number": "2022-60", "decision_date": "01.06.2022", "amount": "585,00"}
    path = write(tmp_path / "extra.csv", [extra | {"due_month": month} for month in months])
    result = award.import_file(at(ready, date(2022, 6, 1)), path)
    assert [(total.due_month, total.amount) for total in result.totals] == [
        (date(2022, 4, 1), 585_00),
        (date(2022, 5, 1), 585_00),
    ]
    assert [one.other_number for one in result.twice_awarded] == ["2024-15", "2024-15"]
    assert not [one for one in result.warnings if "its size is" in one.said]
    assert counts(ready)["award_line"] == before + 2


def refused(desk: Desk, path: Path) -> list[Fault]:
    before = counts(desk)
    with pytest.raises(FormatError) as caught:
        award.import_file(desk, path)
    after = counts(desk)
    assert after.pop("received_file") == before.pop("received_file") + 1
    assert after == before
    return list(caught.value.faults)


def test_a_kind_that_waits_for_a_decision_refuses_its_lines(ready: Desk, tmp_path: Path) -> None:
    aid.adopt(ready, "AST", "S3", codes=["K23"])
    lines = [row | {"aid_kind": "K23"} for row in rows()[:2]]
    faults = refused(ready, write(tmp_path / "k23.csv", lines))
    waiting = [fault for fault in faults if fault.place == "aid_kind"]
    assert [fault.line for fault in waiting] == [2, 3]
    assert "36 (тридцать шесть тысяч)" in waiting[0].expected
    aid.decide(ready, "AST", "K23", aid.read_size(mrp="36"), reason="letter No 7")
    assert "aid_kind" not in {fault.place for fault in refused(ready, write(tmp_path / "again.csv", lines[:1]))}


def test_lines_that_the_books_took_stay_known_whatever_the_rules_become(ready: Desk, tmp_path: Path) -> None:
    award.import_file(ready, IN / "decisions.csv")
    content = (STORY / "setup.toml").read_text("utf-8")
    ended = content.replace('code = "A"\n', 'code = "A"\nvalid_to = 2024-01-31\nactive = false\nnote = "ended"\n')
    (tmp_path / "setup.toml").write_text(ended, "utf-8")
    setup.import_file(ready, tmp_path / "setup.toml")
    assert award.import_file(ready, IN / "decisions.csv").known == 140
    faults = refused(ready, write(tmp_path / "more.csv", [row | {"decision_number": "2024-99"} for row in rows()[:1]]))
    assert [(fault.line, fault.place) for fault in faults] == [(2, "aid_kind"), (2, "decision_date")]


def test_a_decision_outside_the_validity_of_its_kind_is_refused(ready: Desk, tmp_path: Path) -> None:
    """S3 was repealed on 29.03.2021; what is decided later needs rules that hold."""
    aid.adopt(ready, "AST", "S3", codes=["K25"])
    lines = [row | {"aid_kind": "K25"} for row in rows()[:3]]
    lines[0] |= {"decision_date": "29.03.2021", "due_month": "10.2021"}
    lines[1] |= {"decision_date": "30.03.2021", "due_month": "10.2021"}
    lines[2] |= {"decision_date": "28.06.2015", "due_month": "10.2015"}
    faults = refused(ready, write(tmp_path / "k25.csv", lines))
    assert [(fault.line, fault.place, fault.found) for fault in faults] == [
        (3, "decision_date", "30.03.2021"),
        (4, "decision_date", "28.06.2015"),
    ]
    assert faults[0].expected == "a day from 29.06.2015 to 29.03.2021, in which kind K25 is valid"


@pytest.mark.parametrize(
    ("born", "decided_on", "has_guardian", "is_refused"),
    [
        ("14.05.2019", "05.03.2024", False, True),  # E52: a child of 4
        ("14.05.2019", "05.03.2024", True, False),
        ("05.03.2017", "05.03.2024", False, False),  # seven on that day
        ("06.03.2017", "05.03.2024", False, True),  # six still
    ],
)
def test_e52_a_young_child_has_a_guardian(
    ready: Desk, tmp_path: Path, born: str, decided_on: str, has_guardian: bool, is_refused: bool
) -> None:
    """E52, R-021: the account may be the guardian's when the guardian is in the data."""
    lines = rows()[:2]
    guardian = lines[1]
    lines[0] |= {"iin": iin_of(born), "birth_date": born, "decision_date": decided_on}
    if has_guardian:
        lines[0] |= {
            "guardian_iin": guardian["iin"],
            "guardian_surname": guardian["surname"],
            "guardian_first_name": guardian["first_name"],
            "bic": guardian["bic"],
            "iban": guardian["iban"],
        }
    path = write(tmp_path / "child.csv", lines)
    if not is_refused:
        assert award.import_file(ready, path).count == 2
        return
    (fault,) = refused(ready, path)
    assert (fault.line, fault.place) == (2, "guardian_iin")
    assert fault.expected == "the guardian of a child younger than 7 on the day of the decision"


def iin_of(born: str) -> str:
    """A number with a right check digit for somebody born then, in this century."""
    from fixtures.people import iin_with_check_digit

    day, month, year = born.split(".")
    found = (iin_with_check_digit(f"{year[2:]}{month}{day}5{serial:04}") for serial in range(1000, 1020))
    return next(iin for iin in found if iin)


def test_surroundings_are_what_the_books_say(ready: Desk) -> None:
    aid.decide(ready, "AST", "A", aid.read_size(mrp="5"), reason="rules")
    with ready.database.begin() as connection:
        found = award_warnings.surroundings(connection, ready.today)
    assert (list(found.authorities), list(found.kinds), list(found.terms)) == ([1], [(1, "A"), (1, "B")], [(1, "A")])
    assert found.rule_sets == list(rule_sets.BUILT_IN)
