"""Every term on exact days: the cases of the field (E01 to E31, E58 to E61, E82 to E87), and the edges of years."""

from collections.abc import Mapping
from datetime import date

import pytest

from ledgers import terms
from ledgers.calendar import BUILT_IN, Calendar, MovedDay
from ledgers.settings import SETTINGS, Settings
from ledgers.terms import TERMS, Given, Term, UnknownTerm

DEFAULTS = Settings()


def d(text: str) -> date:
    """A day written as people write it."""
    day, month, year = text.split(".")
    return date(int(year), int(month), int(day))


def on(rule: str, start: str, given: Given = terms.NOTHING, chosen: Mapping[str, str] | None = None) -> Term:
    return terms.term(rule, d(start), BUILT_IN, Settings(chosen or {}), given)


DUE = [
    # case, rule, start, due
    ("E01", "R-033", "03.05.2024", "04.05.2024"),
    ("E02", "R-040", "27.06.2023", "30.06.2023"),
    ("E03", "R-050", "30.06.2023", "03.07.2023"),
    ("E05 request", "R-033", "27.12.2023", "28.12.2023"),
    ("E07", "R-060", "19.03.2024", "20.03.2024"),
    ("E07 decision", "R-061", "20.03.2024", "28.03.2024"),
    ("E08", "R-060", "20.03.2024", "26.03.2024"),
    ("E08 decision", "R-061", "26.03.2024", "29.03.2024"),
    ("E08 refund", "R-063", "20.03.2024", "29.03.2024"),
    ("E10", "R-060", "29.03.2024", "01.04.2024"),
    ("E10 decision", "R-061", "01.04.2024", "04.04.2024"),
    ("E11", "R-050", "06.05.2024", "13.05.2024"),
    ("E12", "R-050", "03.05.2024", "06.05.2024"),
    ("E14 payment", "R-050", "05.01.2025", "08.01.2025"),
    ("E15 request", "R-033", "29.04.2024", "30.04.2024"),
    ("E15 payment", "R-050", "02.05.2024", "04.05.2024"),
    ("E15 payment later", "R-050", "03.05.2024", "06.05.2024"),
    ("E18 payment", "R-050", "04.03.2024", "06.03.2024"),
    ("E19", "R-040", "27.02.2024", "29.02.2024"),
    ("E21 request", "R-033", "24.10.2024", "28.10.2024"),
    ("E23", "R-063", "15.08.2024", "29.08.2024"),
    ("E24", "R-063", "01.12.2023", "29.12.2023"),
    ("E25", "R-070", "31.07.2023", "21.08.2023"),
    ("E26", "R-070", "31.12.2023", "22.01.2024"),
    ("E28 decision", "R-027", "31.05.2024", "03.06.2024"),
    ("E29 event", "R-027", "05.06.2023", "06.06.2023"),
    ("E31", "R-040", "12.03.2024", "14.03.2024"),
    ("E31 payment", "R-050", "18.03.2024", "20.03.2024"),
    ("E58", "R-060", "01.04.2024", "02.04.2024"),
    ("E58 refund", "R-063", "01.04.2024", "30.04.2024"),
    ("E59 refund", "R-063", "03.04.2024", "30.04.2024"),
    ("E61 refund", "R-063", "29.12.2023", "29.12.2023"),
    ("E61 data", "R-060", "29.12.2023", "03.01.2024"),
    ("E82 register", "P-003", "30.09.2019", "04.10.2019"),
    ("E82 payment", "P-005", "30.09.2019", "10.10.2019"),
    ("E84", "P-002", "30.09.2019", "01.10.2019"),
    ("E86 centre", "P-012", "06.09.2019", "09.09.2019"),
    ("E86 notice", "P-013", "09.09.2019", "10.09.2019"),
    ("E86 suspended", "P-014", "10.09.2019", "10.09.2019"),
    ("E86 voluntary", "P-015", "10.09.2019", "10.10.2019"),
    # The helpers of domain 4.2: the refund of a month ...
    ("refund 06.2023, the first month of the pilot", "R-063", "01.06.2023", "30.06.2023"),
    ("refund 07.2023", "R-063", "03.07.2023", "31.07.2023"),
    ("refund 08.2023", "R-063", "31.08.2023", "31.08.2023"),
    ("refund 09.2023", "R-063", "11.09.2023", "29.09.2023"),
    ("refund 10.2023", "R-063", "02.10.2023", "31.10.2023"),
    ("refund 11.2023", "R-063", "30.11.2023", "30.11.2023"),
    ("refund 01.2024", "R-063", "08.01.2024", "31.01.2024"),
    ("refund 02.2024", "R-063", "29.02.2024", "29.02.2024"),
    ("refund 03.2024", "R-063", "19.03.2024", "29.03.2024"),
    ("refund 05.2024, the last day of the pilot", "R-063", "31.05.2024", "31.05.2024"),
    ("refund 06.2025", "R-063", "02.06.2025", "30.06.2025"),
    ("refund 11.2025", "R-063", "03.11.2025", "28.11.2025"),
    ("refund 01.2026", "R-063", "05.01.2026", "30.01.2026"),
    # ... and own edges.
    ("R-003, the act of June 2023", "R-070", "30.06.2023", "20.07.2023"),
    ("leap day, resend", "R-064", "28.02.2024", "01.03.2024"),
    ("leap day, voluntary return", "P-015", "29.02.2024", "29.03.2024"),
    ("January has a 31st, February 2024 a 29th", "P-015", "31.01.2024", "29.02.2024"),
    ("January has a 31st, February 2025 a 28th", "P-015", "31.01.2025", "28.02.2025"),
    ("a month over the year's end stays on a Sunday", "P-015", "12.12.2024", "12.01.2025"),
    ("ten working days over three days of Nauryz", "P-007", "15.03.2024", "03.04.2024"),
    ("ten calendar days end on a holiday", "P-008", "29.04.2024", "09.05.2024"),
    ("what came after the register", "P-004", "05.12.2023", "05.01.2024"),
    ("payment on 10.02.2024, a Saturday", "P-005", "31.01.2024", "09.02.2024"),
    ("centre", "P-019/1", "20.09.2019", "23.09.2019"),
    ("commission", "P-019/2", "20.09.2019", "25.09.2019"),
    ("akim", "P-019/3", "25.09.2019", "30.09.2019"),
    ("centre again", "P-019/4", "30.09.2019", "01.10.2019"),
    ("a written request", "P-019/5", "02.09.2019", "02.10.2019"),
    ("the applicant is told", "P-019/6", "02.09.2019", "04.09.2019"),
    ("a year's end before a working Sunday", "R-060", "31.12.2024", "05.01.2025"),
    ("a three-day weekend", "R-033", "30.08.2025", "02.09.2025"),
]


@pytest.mark.parametrize(("case", "rule", "start", "due"), DUE, ids=[row[0] for row in DUE])
def test_the_day_is_exact(case: str, rule: str, start: str, due: str) -> None:
    assert on(rule, start).due == d(due), case


ACTS = [
    # month, nominal, warning, due: the 20th of the table of domain 4.2 and AMB-6
    ("06.2023", "20.07.2023", "19.07.2023", "20.07.2023"),
    ("07.2023", "20.08.2023", "18.08.2023", "21.08.2023"),
    ("08.2023", "20.09.2023", "19.09.2023", "20.09.2023"),
    ("09.2023", "20.10.2023", "19.10.2023", "20.10.2023"),
    ("10.2023", "20.11.2023", "17.11.2023", "20.11.2023"),
    ("11.2023", "20.12.2023", "19.12.2023", "20.12.2023"),
    ("12.2023", "20.01.2024", "19.01.2024", "22.01.2024"),
    ("01.2024", "20.02.2024", "19.02.2024", "20.02.2024"),
    ("02.2024", "20.03.2024", "19.03.2024", "20.03.2024"),
    ("03.2024", "20.04.2024", "19.04.2024", "22.04.2024"),
    ("04.2024", "20.05.2024", "17.05.2024", "20.05.2024"),
    ("05.2024", "20.06.2024", "19.06.2024", "20.06.2024"),
    ("08.2024", "20.09.2024", "19.09.2024", "20.09.2024"),
    ("06.2025", "20.07.2025", "18.07.2025", "21.07.2025"),
    ("11.2025", "20.12.2025", "19.12.2025", "22.12.2025"),
    ("01.2026", "20.02.2026", "19.02.2026", "20.02.2026"),
]


@pytest.mark.parametrize("rule", ["R-070", "R-071"])
@pytest.mark.parametrize(("month", "nominal", "warn", "due"), ACTS)
def test_acts_warn_by_one_reading_and_are_overdue_by_the_other(
    rule: str, month: str, nominal: str, warn: str, due: str
) -> None:
    """AMB-6, E25, E26."""
    own = on(rule, f"15.{month}")
    assert (own.nominal, own.warn, own.due) == (d(nominal), d(warn), d(due))
    strict = on(rule, f"15.{month}", chosen={"act_on_day_off": "previous_working_day"})
    assert strict.due == min(d(due), BUILT_IN.on_or_before(d(nominal)))


MEMORIAL, MONTHLY = "R-030", "R-032"
NEEDS = [
    # case, rule, arrival, memorial date or payment month, nominal, real day
    ("R-030", MEMORIAL, "01.04.2024", "09.05.2024", "29.04.2024", "29.04.2024"),
    ("E16", MEMORIAL, "01.04.2024", "01.05.2024", "21.04.2024", "19.04.2024"),
    ("E18", MEMORIAL, "01.02.2024", "08.03.2024", "27.02.2024", "27.02.2024"),
    ("golden month", MEMORIAL, "06.03.2024", "21.03.2024", "11.03.2024", "11.03.2024"),
    ("an additional list, S3 p.16", MEMORIAL, "02.05.2024", "09.05.2024", "02.05.2024", "02.05.2024"),
    ("an additional list on a Sunday", MEMORIAL, "05.05.2024", "09.05.2024", "05.05.2024", "06.05.2024"),
    ("E05", MONTHLY, "20.12.2023", "01.01.2024", "27.12.2023", "27.12.2023"),
    ("E21", MONTHLY, "01.10.2024", "01.11.2024", "27.10.2024", "24.10.2024"),
    ("on the very day", MONTHLY, "27.12.2023", "01.01.2024", "27.12.2023", "27.12.2023"),
    ("6.5, the day after is carried", MONTHLY, "28.12.2023", "01.01.2024", "27.01.2024", "26.01.2024"),
    ("carried within the month it is for", MONTHLY, "05.01.2024", "01.01.2024", "27.01.2024", "26.01.2024"),
    ("February of a leap year", MONTHLY, "01.02.2024", "01.03.2024", "27.02.2024", "27.02.2024"),
    ("for the first month of the pilot", MONTHLY, "01.05.2023", "01.06.2023", "27.05.2023", "26.05.2023"),
]


@pytest.mark.parametrize(
    ("case", "rule", "arrival", "subject", "nominal", "real"), NEEDS, ids=[row[0] for row in NEEDS]
)
def test_needs_have_a_nominal_and_a_real_day(
    case: str, rule: str, arrival: str, subject: str, nominal: str, real: str
) -> None:
    """AMB-4."""
    given = Given(memorial_on=d(subject)) if rule == MEMORIAL else Given(payment_month=d(subject))
    own = on(rule, arrival, given)
    assert (own.nominal, own.due) == (d(nominal), d(real)), case
    assert own.earliest is not None
    assert own.earliest <= d(real)


@pytest.mark.parametrize(
    ("reading", "real"),
    [("previous_working_day", "19.04.2024"), ("next_working_day", "22.04.2024"), ("same_day", "21.04.2024")],
)
def test_the_setting_moves_the_formation_day(reading: str, real: str) -> None:
    """AMB-4, E16."""
    given = Given(memorial_on=d("01.05.2024"))
    assert on(MEMORIAL, "01.04.2024", given, {"formation_on_day_off": reading}).due == d(real)


def test_one_off_aid_is_needed_on_the_day_it_arrives_or_the_next_worked_one() -> None:
    """R-031."""
    assert on("R-031", "12.03.2024").due == d("12.03.2024")
    assert on("R-031", "21.03.2024").due == d("26.03.2024")  # Nauryz to Monday the 25th


UNEXAMINED = [
    # case, returned, due by the literal reading, due where what is examined may wait
    ("E08", "20.03.2024", "29.03.2024", "29.03.2024"),  # examined on the very last working day
    ("a day later", "26.03.2024", "29.03.2024", "30.04.2024"),
    ("E10", "29.03.2024", "29.03.2024", "30.04.2024"),
    ("E61", "29.12.2023", "29.12.2023", "29.12.2023"),  # never in December
]


@pytest.mark.parametrize(("case", "returned", "literal", "waiting"), UNEXAMINED, ids=[row[0] for row in UNEXAMINED])
def test_what_is_being_examined_may_wait_by_the_other_reading(
    case: str, returned: str, literal: str, waiting: str
) -> None:
    """AMB-5."""
    assert on("R-063", returned).due == d(literal), case
    assert on("R-063", returned, chosen={"unexamined_at_month_end": "carry_over"}).due == d(waiting), case


AFTER_THE_27TH = [
    # case, arrival, payment month, rule, earliest, due
    ("E02", "27.06.2023", "01.07.2023", "R-040", None, "30.06.2023"),
    ("E05", "28.12.2023", "01.01.2024", "R-042", "03.01.2024", "04.01.2024"),
    ("E14", "30.12.2024", "01.01.2025", "R-042", "05.01.2025", "06.01.2025"),
    ("E15", "30.04.2024", "01.05.2024", "R-042", "02.05.2024", "03.05.2024"),
    ("E18", "28.02.2024", "01.03.2024", "R-042", "04.03.2024", "05.03.2024"),
    ("E19", "27.02.2024", "01.03.2024", "R-040", None, "29.02.2024"),
    ("leap day", "29.02.2024", "01.03.2024", "R-042", "04.03.2024", "05.03.2024"),
    ("the month it is for runs already", "28.03.2024", "01.03.2024", "R-040", None, "01.04.2024"),
]


@pytest.mark.parametrize(
    ("case", "arrival", "month", "rule", "earliest", "due"), AFTER_THE_27TH, ids=[row[0] for row in AFTER_THE_27TH]
)
def test_requests_after_the_27th_wait_for_the_1st(
    case: str, arrival: str, month: str, rule: str, earliest: str | None, due: str
) -> None:
    """R-040, R-042, R-043."""
    assert terms.transfer_rule(d(arrival), d(month)) == rule, case
    own = on(rule, arrival)
    assert own.earliest == (d(earliest) if earliest else None)
    assert own.due == d(due)


def test_readings_of_the_transfer_term() -> None:
    """AMB-1: overdue by one reading, warned by the other; AMB-2 B is 01.03 in E18; AMB-3 B has no latest day."""
    own = on("R-040", "27.06.2023")
    assert (own.warn, own.due) == (d("29.06.2023"), d("30.06.2023"))  # E02
    strict = on("R-040", "27.06.2023", chosen={"transfer_term": "arrival_day"})
    assert (strict.warn, strict.due) == (d("27.06.2023"), d("29.06.2023"))
    included = on("R-042", "28.02.2024", chosen={"after_the_first": "first_included"})
    assert (included.earliest, included.due) == (d("01.03.2024"), d("04.03.2024"))
    endless = on("R-042", "28.02.2024", chosen={"late_request_deadline": "none"})
    assert (endless.nominal, endless.earliest, endless.warn, endless.due) == (
        d("01.03.2024"),
        d("04.03.2024"),
        None,
        None,
    )


SCHEDULE = [
    # windows, received, earliest, due
    ("", "10.05.2024", None, "14.05.2024"),
    ("5-10,20-25", "06.05.2024", "06.05.2024", "10.05.2024"),  # by 13.05, the window ends before
    ("5-10,20-25", "10.05.2024", "10.05.2024", "20.05.2024"),
    ("5-10,20-25", "13.05.2024", "20.05.2024", "20.05.2024"),
    ("5-10,20-25", "17.05.2024", "20.05.2024", "21.05.2024"),
    ("5-10", "27.12.2024", "05.01.2025", "05.01.2025"),  # a working Sunday
    ("31-31", "05.04.2024", "31.05.2024", "31.05.2024"),
    ("1-31", "03.05.2024", "03.05.2024", "06.05.2024"),
]


@pytest.mark.parametrize(("windows", "received", "earliest", "due"), SCHEDULE)
def test_payment_days_bind_payments(windows: str, received: str, earliest: str | None, due: str) -> None:
    """AMB-8: not before the window, then on its first working day; in it, within the two working days."""
    own = on("R-050", received, Given(payment_days=windows))
    assert (own.earliest, own.due) == (d(earliest) if earliest else None, d(due))
    free = on("R-050", received, Given(payment_days=windows), {"payment_schedule": "none"})
    assert (free.earliest, free.due) == (None, own.nominal)


def test_windows_that_never_open_are_refused() -> None:
    with pytest.raises(ValueError, match="no working day"):
        on("R-050", "01.03.2024", Given(payment_days="30-28"))


def test_the_court_step_has_a_first_day_and_no_last_one() -> None:
    """E87: notice on 10.09.2019, so from 11.10.2019."""
    own = on("P-016", "10.09.2019")
    assert (own.earliest, own.warn, own.due) == (d("11.10.2019"), None, None)


MOVED = {"04.05.2024": False, "08.05.2024": True}
WITHOUT_MOVED_DAYS = Calendar(
    0,
    {
        d(day): MovedDay(is_working=working, is_bank_day=working, basis="nobody moved it")
        for day, working in MOVED.items()
    },
)


def test_a_calendar_without_moved_days_gives_other_days() -> None:
    """E12: 08.05.2024 would be wrong; E01: 06.05.2024 would be."""
    assert terms.term("R-050", d("03.05.2024"), WITHOUT_MOVED_DAYS, DEFAULTS).due == d("08.05.2024")
    assert terms.term("R-033", d("03.05.2024"), WITHOUT_MOVED_DAYS, DEFAULTS).due == d("06.05.2024")


GIVEN = {"R-030": Given(memorial_on=d("09.05.2024")), "R-032": Given(payment_month=d("01.01.2024"))}


@pytest.mark.parametrize("rule", TERMS)
@pytest.mark.parametrize("start", ["29.02.2024", "31.12.2024", "01.06.2023", "31.05.2024", "30.06.2023", "07.01.2025"])
def test_no_term_warns_before_it_starts_or_after_it_is_due(rule: str, start: str) -> None:
    own = on(rule, start, GIVEN.get(rule, terms.NOTHING))
    assert own.started_on == d(start)
    if own.due is None:
        assert own.warn is None
    else:
        assert own.warn is not None
        assert own.started_on <= own.warn <= own.due
        assert own.earliest is None or own.earliest <= own.due


def test_the_page_names_every_rule_once_with_its_source_and_who_owes_it() -> None:
    assert list(TERMS) == sorted(TERMS, key=lambda name: (name[0] == "P", name))
    assert len({rule.due for rule in TERMS.values()}) == len(TERMS)
    assert {rule.id for rule in TERMS.values() if rule.is_soft} == {"R-027", "R-042", "R-064"}
    assert TERMS["R-061"].source == "Algorithm, p. 12"
    assert TERMS["R-061"].owed_by == "authority"
    assert TERMS["P-015"].owed_by == "recipient"


def test_a_rule_without_a_term_is_refused_by_name() -> None:
    with pytest.raises(UnknownTerm, match=r"R-041.*R-027, R-030"):
        on("R-041", "01.03.2024")
    with pytest.raises(ValueError, match="the memorial date"):
        on("R-030", "01.03.2024")


def test_the_settings_that_move_terms_exist() -> None:
    names = {"transfer_term", "after_the_first", "late_request_deadline", "formation_on_day_off", "act_on_day_off"}
    assert names | {"payment_schedule"} <= set(SETTINGS)
