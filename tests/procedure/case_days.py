"""Deadlines and the calendar: cases E01 to E31."""

from ledgers import setup
from ledgers.calendar import BUILT_IN
from ledgers.settings import Settings
from reconcile.need import Formation
from tests.procedure.table import Table, d, due, off, worked
from tests.procedure.town import FIVE_MRP, Town

CASES = Table()

CASES.steps(
    "E01",
    "need formed Fri 03.05.2024",
    "request due Sat 04.05.2024 (moved working day); a Mon–Fri calendar gives 06.05",
    due("R-033", "03.05.2024", "04.05.2024"),
    worked("04.05.2024"),
)
CASES.steps(
    "E02",
    "request arrives Tue 27.06.2023",
    "transfer due Fri 30.06.2023 (28.06 Kurban Ait off); not after the 27th; AMB-1 reading B: 29.06",
    off("28.06.2023"),
    due("R-040", "27.06.2023", "30.06.2023", month="07.2023", warn="29.06.2023"),
    due("R-040", "27.06.2023", "29.06.2023", month="07.2023", transfer_term="arrival_day"),
)
CASES.steps(
    "E03",
    "transfer received Fri 30.06.2023",
    "payment due Mon 03.07.2023 (Sat 01.07.2023 counts)",
    worked("01.07.2023"),
    due("R-050", "30.06.2023", "03.07.2023"),
)


@CASES.row(
    "E05",
    "monthly need for January 2024",
    "formed Wed 27.12.2023; request due Thu 28.12.2023; arrived 28.12, earliest transfer Wed 03.01.2024, softly due "
    "Thu 04.01.2024; a transfer of 28.–31.12 warns: before the 1st, old budget year",
)
def e05(town: Town) -> None:
    town.decide("20.12.2023", "M", "01.2024")
    assert town.form("26.12.2023").formed == ()
    ((_, formed),) = town.form("27.12.2023").formed
    assert formed.amount == FIVE_MRP
    (sent,) = town.board("27.12.2023", "R-033")
    assert sent.due == d("28.12.2023")
    (reference,) = town.ask_for("28.12.2023")
    (line,) = town.asked("28.12.2023")
    assert (line.arrived_on, line.earliest, line.due) == (d("28.12.2023"), d("03.01.2024"), d("04.01.2024"))
    (awaited,) = town.board("29.12.2023", "R-042")
    assert (awaited.earliest, awaited.due, awaited.is_soft) == (d("03.01.2024"), d("04.01.2024"), True)
    told = town.pay_in("29.12.2023", FIVE_MRP, reference)
    (remark,) = told.remarks
    assert "before the 1st, old budget year" in remark.sentence


CASES.steps(
    "E07",
    "return Tue 19.03.2024",
    "data due Wed 20.03.2024; the authority gets them 20.03: decision due Thu 28.03.2024 (26, 27, 28)",
    due("R-060", "19.03.2024", "20.03.2024"),
    due("R-061", "20.03.2024", "28.03.2024"),
)
CASES.steps(
    "E08",
    "return Wed 20.03.2024 (eve of Nauryz)",
    "data due Tue 26.03.2024; got 26.03: decision due Fri 29.03.2024, the refund deadline of the month; both shown",
    off("21.03.2024", "22.03.2024", "23.03.2024", "24.03.2024", "25.03.2024"),
    due("R-060", "20.03.2024", "26.03.2024"),
    due("R-061", "26.03.2024", "29.03.2024"),
    due("R-063", "20.03.2024", "29.03.2024"),
)
CASES.steps(
    "E10",
    "return Fri 29.03.2024 (last working day)",
    "data due Mon 01.04.2024; got 01.04: decision due Thu 04.04.2024",
    due("R-060", "29.03.2024", "01.04.2024"),
    due("R-061", "01.04.2024", "04.04.2024"),
)
CASES.steps(
    "E11",
    "transfer received Mon 06.05.2024",
    "payment due Mon 13.05.2024 (7, 9 holidays, 8 moved off; 10 and 13 count)",
    off("07.05.2024", "08.05.2024", "09.05.2024"),
    due("R-050", "06.05.2024", "13.05.2024"),
)
CASES.steps(
    "E12",
    "transfer received Fri 03.05.2024",
    "payment due Mon 06.05.2024; a calendar without moved days gives 08.05, which is wrong",
    due("R-050", "03.05.2024", "06.05.2024"),
)
CASES.steps(
    "E14",
    "request arrives Mon 30.12.2024",
    "after the 27th: earliest transfer Sun 05.01.2025 (worked); received 05.01: payment due Wed 08.01.2025 (6 and 8)",
    worked("05.01.2025"),
    off("03.01.2025", "07.01.2025"),
    due("R-042", "30.12.2024", "06.01.2025", month="01.2025", earliest="05.01.2025"),
    due("R-050", "05.01.2025", "08.01.2025"),
)


@CASES.row(
    "E15",
    "aid for 09.05.2024",
    "need Mon 29.04.2024; request due Tue 30.04.2024, arrives after the 27th: transfer earliest Thu 02.05.2024, by "
    "03.05; payment due Sat 04.05.2024 or Mon 06.05.2024, before the holiday",
)
def e15(town: Town) -> None:
    town.decide("15.04.2024", "V", "05.2024")
    assert town.form("26.04.2024").formed == ()
    assert len(town.form("29.04.2024").formed) == 1
    assert [one.due for one in town.board("29.04.2024", "R-033")] == [d("30.04.2024")]
    (reference,) = town.ask_for("30.04.2024")
    assert [(one.earliest, one.due) for one in town.asked("30.04.2024")] == [(d("02.05.2024"), d("03.05.2024"))]
    due("R-050", "02.05.2024", "04.05.2024")()
    town.pay_in("03.05.2024", FIVE_MRP, reference)
    assert [one.due for one in town.board("03.05.2024", "R-050")] == [d("06.05.2024")]


def formed(periodicity: str, memorial_day: str, month: str, arrived: str, **chosen: str) -> str:
    """The day on which the verb forms a need, by the same words as the tables."""
    kind = setup.AidKind(
        authority_id=1,
        code="K",
        name_kk="К",
        name_ru="К",
        periodicity=periodicity,  # type: ignore[arg-type]
        memorial_day=memorial_day,
        purpose="К",
    )
    day = Formation(BUILT_IN, Settings(chosen)).day(kind, d(f"01.{month}"), d(arrived))
    return f"{day:%d.%m.%Y}"


@CASES.row(
    "E16",
    "aid for 01.05.2024",
    "nominal need day Sun 21.04.2024: formed Fri 19.04.2024 (setting next working day: Mon 22.04.2024)",
)
def e16() -> None:
    due("R-030", "01.04.2024", "19.04.2024", memorial="01.05.2024", nominal="21.04.2024")()
    due(
        "R-030",
        "01.04.2024",
        "22.04.2024",
        memorial="01.05.2024",
        nominal="21.04.2024",
        formation_on_day_off="next_working_day",
    )()
    assert formed("memorial", "05-01", "05.2024", "01.04.2024") == "19.04.2024"
    following = formed("memorial", "05-01", "05.2024", "01.04.2024", formation_on_day_off="next_working_day")
    assert following == "22.04.2024"


CASES.steps(
    "E18",
    "aid for 08.03.2024",
    "need Tue 27.02.2024; request arrives Wed 28.02.2024: earliest transfer Mon 04.03.2024 (Fri 01.03.2024 is not "
    "after the 1st; AMB-2 B: 01.03); received 04.03: payment due Wed 06.03.2024",
    due("R-030", "01.02.2024", "27.02.2024", memorial="08.03.2024"),
    due("R-042", "28.02.2024", "05.03.2024", month="03.2024", earliest="04.03.2024"),
    due("R-042", "28.02.2024", "04.03.2024", month="03.2024", earliest="01.03.2024", after_the_first="first_included"),
    due("R-050", "04.03.2024", "06.03.2024"),
)
CASES.steps(
    "E19",
    "the same, but the request arrives on 27.02.2024",
    "the normal rule: transfer due Thu 29.02.2024",
    due("R-040", "27.02.2024", "29.02.2024", month="03.2024"),
)


@CASES.row(
    "E21",
    "27.10.2024 is a Sunday, Fri 25.10.2024 a holiday",
    "need formed Thu 24.10.2024; request due Mon 28.10.2024",
)
def e21() -> None:
    due("R-032", "01.10.2024", "24.10.2024", month="11.2024", nominal="27.10.2024")()
    due("R-033", "24.10.2024", "28.10.2024")()
    assert formed("monthly", "", "11.2024", "01.10.2024") == "24.10.2024"


CASES.steps(
    "E23",
    "refund deadline of August 2024",
    "Thu 29.08.2024 (30.08 holiday, Sat 31.08.2024)",
    due("R-063", "05.08.2024", "29.08.2024"),
)
CASES.steps("E24", "refund deadline of December 2023", "Fri 29.12.2023", due("R-063", "04.12.2023", "29.12.2023"))
CASES.steps(
    "E25",
    "act for July 2023",
    "Sun 20.08.2023: warn Fri 18.08.2023, overdue after Mon 21.08.2023",
    due("R-070", "31.07.2023", "21.08.2023", nominal="20.08.2023", warn="18.08.2023"),
)
CASES.steps(
    "E26",
    "act for December 2023",
    "Sat 20.01.2024: warn 19.01, overdue after 22.01",
    due("R-070", "31.12.2023", "22.01.2024", nominal="20.01.2024", warn="19.01.2024"),
    due("R-071", "31.12.2023", "22.01.2024", nominal="20.01.2024", warn="19.01.2024"),
)


@CASES.row(
    "E28",
    "decision signed 31.05.2024 and another 03.06.2024",
    "the first is inside the pilot; the second warns: outside the term of the rule set; no hard block",
)
def e28(town: Town) -> None:
    inside = town.decide("31.05.2024", "O", "05.2024").told
    assert [one for one in inside.warnings if "R-002" in one.said] == []
    outside = town.decide("03.06.2024", "O", "06.2024").told
    assert outside.count == 1
    (warning,) = [one for one in outside.warnings if "R-002" in one.said]
    assert "the decision of 03.06.2024 is outside the term of the rule set" in warning.said


@CASES.row("E29", "event of 05.06.2023 entered on 11.07.2023", "accepted: the order applies from 01.06.2023")
def e29(town: Town) -> None:
    told = town.decide("11.07.2023", "O", "06.2023", decided="05.06.2023").told
    assert told.count == 1
    assert [one for one in told.warnings if "R-002" in one.said] == []


@CASES.row(
    "E31",
    "request arrived Tue 12.03.2024, transfer received Mon 18.03.2024",
    "due was Thu 14.03.2024: 2 working days late; the State Corporation's own term starts 18.03: due Wed 20.03.2024",
)
def e31(town: Town) -> None:
    town.funded(came="18.03.2024")
    (late,) = town.board("18.03.2024", "R-040")
    assert (late.due, late.met_on, late.late_by) == (d("14.03.2024"), d("18.03.2024"), 2)
    (own,) = town.board("18.03.2024", "R-050")
    assert (own.started_on, own.due, own.late_by) == (d("18.03.2024"), d("20.03.2024"), 0)
