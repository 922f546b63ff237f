"""MT-102 files and what goes into them: cases E41 to E52."""

from typing import Any

import pytest
from sqlalchemy import text

from fixtures.people import Person, people
from formats import mt102
from formats.errors import Fault, FormatError
from formats.text import encode
from ledgers.errors import Overdrawn, TakenAlready
from ledgers.identifiers import Iban, InvalidIdentifier
from reconcile import award
from tests.procedure.table import Table, d
from tests.procedure.town import FIVE_MRP, SIDES, Town
from tests.reconcile import bank

CASES = Table()


def three_people(*amounts: int) -> str:
    """A message of the bank with people of these amounts."""
    found = people(seed=41)
    items = [
        bank.item(bank.Person(award=1, iban=person.iban("601"), **named(person)), amount)
        for person, amount in zip(found, amounts, strict=False)
    ]
    return mt102.write(bank.message(d("18.03.2024"), "41", items, side=SIDES["HSBKKZKX"]))


def named(person: object) -> dict[str, str]:
    return {name: getattr(person, name) for name in ("iin", "surname", "first_name", "patronymic")}


def faults_of(text_: str) -> tuple[Fault, ...]:
    with pytest.raises(FormatError) as refused:
        mt102.read(encode(text_, "cp1251"), "bank.txt")
    return tuple(refused.value.faults)


@CASES.row(
    "E41",
    "items 3 × 18460,00; :32A: 55830,00",
    "the whole file refused: computed 55380,00, difference 450,00",
)
def e41() -> None:
    written = three_people(FIVE_MRP, FIVE_MRP, FIVE_MRP)
    assert "KZT55380,00" in written
    (fault,) = faults_of(written.replace("KZT55380,00", "KZT55830,00"))
    assert fault.found == "55830,00"
    assert "55380,00" in fault.expected
    assert "difference 450,00" in fault.expected


@CASES.row("E42", "items numbered 1, 2, 2", "refused: item number twice")
def e42() -> None:
    (fault,) = faults_of(three_people(FIVE_MRP, FIVE_MRP, FIVE_MRP).replace(":21:3", ":21:2"))
    assert (fault.place, fault.found.split()[:2]) == (":21: number", ["2", "again,"])


@CASES.row("E44", "one decision line in two files", "the second item is blocked (C11)")
def e44(town: Town) -> None:
    town.funded(amounts=[FIVE_MRP, FIVE_MRP])
    assert [one.count for one in town.send("18.03.2024").orders] == [2]
    assert town.send("18.03.2024").orders == ()
    columns = "authority_id, due_month, award_number, attempt, entry_number, version, order_number, item"
    copied = (
        f"INSERT INTO esep.payment ({columns}, request_number, amount) "
        f"SELECT {columns.replace('item', 'item + 10')}, request_number, amount FROM esep.payment LIMIT 1"
    )
    with pytest.raises(TakenAlready), town.desk.database.begin() as connection:
        connection.execute(text(copied))


@CASES.row("E45", "KZ12009NPS0413609817", "the IBAN check fails; …816 passes")
def e45(town: Town) -> None:
    assert Iban("KZ12009NPS0413609816").bank_code == "009"
    with pytest.raises(InvalidIdentifier):
        Iban("KZ12009NPS0413609817")
    row = town.row(next(town.persons), "A", "03.2024", FIVE_MRP, "HSBKKZKX", iban="KZ12009NPS0413609817")
    with pytest.raises(FormatError) as refused:
        award.import_file(town.at("06.03.2024"), town.decisions([row]))
    assert ("iban", "KZ12009NPS0413609817") in [(one.place, one.found) for one in refused.value.faults]


@CASES.row("E46", "account KZ82722TEST000000001 in a file to HSBKKZKX", "bank code 722 is not 601: blocked")
def e46(town: Town) -> None:
    row = town.row(next(town.persons), "A", "03.2024", FIVE_MRP, "HSBKKZKX", iban="KZ82722TEST000000001")
    with pytest.raises(FormatError) as refused:
        award.import_file(town.at("06.03.2024"), town.decisions([row]))
    (fault,) = refused.value.faults
    assert (fault.place, fault.found) == ("iban", "KZ82722TEST000000001")
    assert "bank code 601" in fault.expected


@CASES.row("E48", "amount 18460.00 or 18460,0 or 18460,005", "refused with the line number (a comma and two digits)")
def e48() -> None:
    written = three_people(FIVE_MRP)
    lines = written.splitlines()
    (place,) = [number for number, line in enumerate(lines, start=1) if line.startswith(":32B:")]
    for amount in ("18460.00", "18460,0", "18460,005"):
        found = faults_of(written.replace(lines[place - 1], f":32B:KZT{amount}"))
        assert (place, True) in [(fault.line, amount in fault.found) for fault in found], amount


@CASES.row("E49", "MT-102 dated 13.03.2024, transfer 14.03.2024", "blocked: no money on 100")
def e49(town: Town) -> None:
    town.funded()
    with pytest.raises(Overdrawn):
        town.send("13.03.2024")
    assert town.ask("SELECT 1 FROM esep.payment_order") == []
    assert len(town.send("14.03.2024").orders) == 1


@CASES.row(
    "E50",
    "recipient in the decision: Әбілқайырова Ұлпан; the bank answers «[ИИН] не соответствует указанным Ф.И.О.»",
    "the reason goes to the authority; after its correction a resend, attempt 2",
)
def e50(town: Town) -> None:
    reason = "[ИИН] не соответствует указанным Ф.И.О."
    person = replace_name(next(people(seed=50, sex="F")))
    decided = town.decide("06.03.2024", "A", persons=[person])
    town.form("11.03.2024")
    (reference,) = town.ask_for("12.03.2024")
    town.pay_in("14.03.2024", FIVE_MRP, reference)
    town.send("18.03.2024")
    town.debit("18.03.2024")
    town.tell("19.03.2024", decided.payments[0], assign=reason)
    town.money_back("19.03.2024", decided.payments[0])
    (line,) = town.notify("20.03.2024").notices[0].lines
    assert (line.surname, line.first_name, line.reason) == ("Әбілқайырова", "Ұлпан", reason)
    town.resolve("27.03.2024", decided.payments[0], "resend", first_name="Ұлпана")
    (again,) = town.send("28.03.2024").orders
    assert again.amount == FIVE_MRP
    item, _, _ = town.item(f"P{decided.awards[0]}/2")
    assert (item.idn, item.first_name) == (person.iin, "Ұлпана")


def replace_name(person: Person) -> Person:
    return person._replace(surname="Әбілқайырова", first_name="Ұлпан")


@CASES.row(
    "E52",
    "a child of 5 with disability, account of the guardian",
    "allowed when the guardian is in the data (R-021), else blocked",
)
def e52(town: Town) -> None:
    child, guardian = next(people(seed=52, born=(2018, 2018))), next(people(seed=53))
    without = town.row(child, "A", "03.2024", FIVE_MRP, "HSBKKZKX", iban=guardian.iban("601"))
    with pytest.raises(FormatError) as refused:
        award.import_file(town.at("06.03.2024"), town.decisions([without]))
    assert [one.place for one in refused.value.faults] == ["guardian_iin"]
    given: dict[str, Any] = {f"guardian_{name}": value for name, value in named(guardian).items()}
    told = town.decide("06.03.2024", "A", persons=[child], iban=guardian.iban("601"), **given).told
    assert told.count == 1
    assert town.ask("SELECT guardian_iin FROM esep.award_line")[0][0] == guardian.iin
