"""Two new cases for every rule of the decisions."""

import pytest

from fixtures.people import Person, people
from formats.errors import FormatError
from reconcile import award
from tests.procedure.rule_frame import refused, said
from tests.procedure.table import Table, d
from tests.procedure.town import FIVE_MRP, MARCH, Town

CASES = Table()

# --- Decisions --------------------------------------------------------------------------------------------------------


@CASES.row(
    "R-020/1",
    "a list of three recipients for 08.03.2024 becomes one decision; the need is due on Tue 27.02.2024",
    "three lines of one decision, one need of all three on that day",
)
def r020_1(town: Town) -> None:
    town.decide("20.02.2024", "W", amounts=[FIVE_MRP] * 3, number="Ш-20")
    assert town.form("26.02.2024").formed == ()
    ((_, need),) = town.form("27.02.2024").formed
    assert (need.count, need.amount) == (3, 3 * FIVE_MRP)


@CASES.row(
    "R-020/2",
    "a person stands in the list twice; a missed person comes by an additional list on Tue 05.03.2024",
    "the first list is refused; the additional one makes a need of its own at once (S3 p.16)",
)
def r020_2(town: Town) -> None:
    row = town.row(next(town.persons), "W", MARCH, FIVE_MRP, "HSBKKZKX", decision_date="20.02.2024")
    assert [place for place, _ in refused(town, "20.02.2024", row, row)] == ["iin"]
    town.decide("20.02.2024", "W")
    town.form("27.02.2024")
    town.decide("05.03.2024", "W", decided="20.02.2024")
    ((_, late),) = town.form("05.03.2024").formed
    assert (late.count, late.formed_on) == (1, d("05.03.2024"))


@CASES.row(
    "R-021/1",
    "a decision with every field that the payment side sends",
    "the award line keeps each of them: branch and payment code, sex, address, bank details, telephone, guardian",
)
def r021_1(town: Town) -> None:
    guardian = next(people(seed=21))
    names = ("iin", "surname", "first_name", "patronymic")
    given = {f"guardian_{name}": getattr(guardian, name) for name in names}
    (person,) = town.decide("06.03.2024", "A", **given).people
    columns = (*names, "birth_date", "branch_code", "payment_code", "sex", "address", "bic", "iban", "phone", *given)
    ((*kept,),) = town.ask(f"SELECT {', '.join(columns)} FROM esep.award_line")
    own = {name: getattr(person, name) for name in (*names, "birth_date", "sex", "address", "phone")}
    expected = own | given | {"branch_code": "0101", "payment_code": "05", "bic": "HSBKKZKX"}
    assert dict(zip(columns, kept, strict=True)) == expected | {"iban": person.iban("601")}


@CASES.row(
    "R-021/2",
    "decided on Wed 06.03.2024 for a child who is 7 on that day, and for one who is 7 on the next",
    "seven years are full on the birthday: only the second needs a guardian",
)
def r021_2(town: Town) -> None:
    born = {one.birth_date: one for one in _children()}
    second = town.row(born[d("07.03.2017")], "A", MARCH, FIVE_MRP, "HSBKKZKX", decision_date="06.03.2024")
    assert [place for place, _ in refused(town, "06.03.2024", second)] == ["guardian_iin"]
    assert town.decide("06.03.2024", "A", persons=[born[d("06.03.2017")]]).told.count == 1


def _children() -> list[Person]:
    return [one for one, _ in zip(people(seed=7, born=(2017, 2017)), range(4000), strict=False)]


@CASES.row(
    "R-022/1",
    "a decision without a number, and one without a signer",
    "refused: a decision is signed, and has a number",
)
def r022_1(town: Town) -> None:
    for name in ("decision_number", "signer"):
        row = town.row(next(town.persons), "A", MARCH, FIVE_MRP, "HSBKKZKX", **{name: ""})
        assert refused(town, "06.03.2024", row) == [(name, "")]


@CASES.row(
    "R-022/2",
    "on Fri 29.12.2023 a decision dated Wed 03.01.2024 is imported",
    "refused: it is not signed yet; on 03.01.2024 it is taken",
)
def r022_2(town: Town) -> None:
    row = town.row(next(town.persons), "O", "01.2024", FIVE_MRP, "HSBKKZKX", decision_date="03.01.2024")
    assert refused(town, "29.12.2023", row) == [("decision_date", "03.01.2024")]
    assert award.import_file(town.at("03.01.2024"), town.decisions([row])).count == 1


@CASES.row(
    "R-023/1",
    "two decisions on disaster aid arrive on Fri 29.12.2023, one on Wed 03.01.2024",
    "needs on both days: two persons of the old year, one of the new",
)
def r023_1(town: Town) -> None:
    town.decide("29.12.2023", "O", "12.2023", amounts=[1])
    town.decide("29.12.2023", "O", "12.2023", amounts=[2])
    ((_, first),) = town.form("29.12.2023").formed
    town.decide("03.01.2024", "O", "01.2024", amounts=[4])
    ((_, second),) = town.form("03.01.2024").formed
    assert ((first.count, first.amount), (second.count, second.amount)) == ((2, 3), (1, 4))


@CASES.row(
    "R-023/2",
    "disease aid for three months is decided on Mon 18.12.2023",
    "three award lines, a need for each month on its 27th: January's on Wed 27.12.2023, February's on Fri 26.01.2024",
)
def r023_2(town: Town) -> None:
    person = next(town.persons)
    rows = [
        town.row(person, "M", month, FIVE_MRP, "HSBKKZKX", decision_date="18.12.2023")
        for month in ("01.2024", "02.2024", MARCH)
    ]
    award.import_file(town.at("18.12.2023"), town.decisions(rows))
    for on, month in (("27.12.2023", "01.2024"), ("26.01.2024", "02.2024"), ("27.02.2024", MARCH)):
        assert [need.due_month for _, need in town.form(on).formed] == [d(f"01.{month}")]


@CASES.row(
    "R-024/1",
    "the head of the authority signs and the decision arrives on the same day, the leap day",
    "who signed is kept with the decision; nothing is late",
)
def r024_1(town: Town) -> None:
    assert said(town, "29.02.2024", "O", "02.2024", "R-024", signer="Дәулетова Әсел") == []
    assert town.ask("SELECT signer, decided_on FROM esep.award_line") == [("Дәулетова Әсел", d("29.02.2024"))]
    (at_once,) = town.board("29.02.2024", "R-027")
    assert (at_once.met_on, at_once.late_by) == (d("29.02.2024"), 0)


@CASES.row(
    "R-024/2",
    "a correction of a return without the signer of the authority",
    "refused: also what changes a payment is signed",
)
def r024_2(town: Town) -> None:
    (payment,) = town.paid().payments
    town.give_back("19.03.2024", payment)
    town.notify("20.03.2024")
    with pytest.raises(FormatError) as refusal:
        town.resolve("26.03.2024", payment, "resend", signer="")
    assert "signer" in [one.place for one in refusal.value.faults]


@CASES.row(
    "R-025/1",
    "the golden month with 140 people, three returns and their outcomes",
    "no summary of an entry has a number or a surname of a person",
)
def r025_1(golden: Town) -> None:
    summaries = " ".join(summary for (summary,) in golden.ask("SELECT summary FROM esep.entry"))
    people_ = golden.ask("SELECT DISTINCT iin, surname FROM esep.award_line")
    assert len(people_) == 140
    assert [iin for iin, surname in people_ if iin in summaries or surname in summaries] == []


@CASES.row(
    "R-025/2",
    "an account whose check digits are wrong, and a name of one letter that is no letter",
    "both are refused before the books see them, with what was found",
)
def r025_2(town: Town) -> None:
    rows = [
        town.row(next(town.persons), "A", MARCH, FIVE_MRP, "HSBKKZKX", iban="KZ00601000000000000X"),
        town.row(next(town.persons), "A", MARCH, FIVE_MRP, "HSBKKZKX", surname=""),
    ]
    found = refused(town, "06.03.2024", *rows)
    assert {place for place, _ in found} >= {"surname"}
    assert refused(town, "06.03.2024", rows[0])[0][0] == "iban"


@CASES.row("R-026/1", "decisions with the payment codes 05 and 07", "each line keeps the code it was selected by")
def r026_1(town: Town) -> None:
    for code in ("05", "07"):
        town.decide("06.03.2024", "A", payment_code=code)
    assert town.ask("SELECT payment_code FROM esep.award_line ORDER BY 1") == [("05",), ("07",)]


@CASES.row("R-026/2", "a decision without a payment code", "refused: nobody could answer for the choice")
def r026_2(town: Town) -> None:
    row = town.row(next(town.persons), "A", MARCH, FIVE_MRP, "HSBKKZKX", payment_code="")
    assert refused(town, "06.03.2024", row) == [("payment_code", "")]


@CASES.row(
    "R-027/1",
    "signed on Wed 20.03.2024, in the books on Tue 26.03.2024: 21 to 25 are days off",
    "one working day: no alarm",
)
def r027_1(town: Town) -> None:
    assert said(town, "26.03.2024", "O", MARCH, "R-027", decided="20.03.2024") == []
    (own,) = town.board("26.03.2024", "R-027")
    assert (own.due, own.late_by) == (d("26.03.2024"), 0)


@CASES.row(
    "R-027/2",
    "signed on Fri 03.05.2024, in the books on Mon 06.05.2024; Sat 04.05.2024 is worked",
    "two working days: an alarm, one working day late",
)
def r027_2(town: Town) -> None:
    (alarm,) = said(town, "06.05.2024", "O", "05.2024", "R-027", decided="03.05.2024")
    assert "2 working days later" in alarm
    (own,) = town.board("06.05.2024", "R-027")
    assert (own.due, own.late_by) == (d("04.05.2024"), 1)
