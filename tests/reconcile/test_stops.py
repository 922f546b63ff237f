"""What is not sent: holds, cancellations, corrected awards, payment days (1.10, E64, E65, E67, AMB-8)."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from fixtures.people import iban_for
from formats import mt102
from formats.errors import FormatError
from formats.holds import HoldLine
from ledgers import award_states, holds, trace
from reconcile import (
    award,
    award_change,
    cancel,
    hold,
    need,
    order,
    payment_report,
    refusal,
    release,
    request,
    setup,
    statement,
)
from reconcile.cancel import NotCancelled
from reconcile.desk import Desk
from reconcile.hold import NobodyHeld
from tests.reconcile.bank import FIVE_MRP, Person, balances, counts, people, transfer
from tests.reconcile.bank import statement as written
from tests.reconcile.golden import IN, STORY, at, play

DAY = date(2024, 3, 18)
FIRST = 20_000_001


def read(out: Path) -> dict[str, str]:
    """IIN -> account of everybody in the MT-102 files of a folder."""
    found: dict[str, str] = {}
    for path in out.glob("GCVP-*.txt"):
        for message in mt102.read(path.read_bytes(), path.name):
            found |= {item.idn: item.account for item in message.items}
    return found


def line(person: Person | None, reason: str = "death", on: date = DAY) -> HoldLine:
    return HoldLine(0, person.iin if person else "", reason, on, "АХАТ 12", "")


def states(desk: Desk) -> dict[str, tuple[int, int]]:
    with desk.database.begin() as connection:
        rows = award_states.states(connection, 1, None)
    found: dict[str, tuple[int, int]] = {}
    for row in rows:
        count, amount = found.get(row.state, (0, 0))
        found[row.state] = (count + row.count, amount + row.amount)
    return found


@pytest.fixture
def funded(desk: Desk, tmp_path: Path) -> Desk:
    """The golden month with its money there, nothing sent; on 18 March."""
    play(desk, "transfers", tmp_path / "out")
    return at(desk, DAY)


# --- Holds ------------------------------------------------------------------------------------------------------------


def test_a_death_between_decision_and_sending_stops_the_person_alone(funded: Desk, tmp_path: Path) -> None:
    person = people(funded)[5]
    (placed,) = hold.place(funded, line(person))
    assert (placed.authority_code, placed.hold.hold_number, placed.is_repeat) == ("AST", 1, False)
    result = order.send(funded, tmp_path / "sent")
    assert person.iin not in read(tmp_path / "sent")
    assert sum(one.count for one in result.orders) == 139
    (left,) = result.left_out
    assert (left.reason, left.detail, left.aid_kind, left.count, left.amount) == ("held", "death", "A", 1, FIVE_MRP)
    assert "on hold (death), not sent: kind A, 1 person, 18\u00a0460,00 KZT" in payment_report.orders_sent(result)
    assert states(funded) == {"on hold": (1, FIVE_MRP), "sent": (139, 2_141_360_00 - FIVE_MRP)}


def test_what_a_hold_stopped_goes_when_it_ends(funded: Desk, tmp_path: Path) -> None:
    person = people(funded)[5]
    hold.place(funded, line(person, "document_expired"))
    order.send(funded, tmp_path / "first")
    with pytest.raises(NobodyHeld, match="no hold 2 of AST is open"):
        hold.end(funded, "AST", 2, document="", note="жаңа куәлік")
    ended = hold.end(funded, "AST", 1, document="№ 7", note="жаңа куәлік")
    assert payment_report.ended(ended, "AST") == ["hold 1 of AST is ended: what it stopped goes with the next files"]
    (sent,) = order.send(funded, tmp_path / "first").orders
    assert (sent.count, sent.amount) == (1, FIVE_MRP)
    assert person.iin in read(tmp_path / "first")
    with pytest.raises(NobodyHeld):
        hold.end(funded, "AST", 1, document="", note="тағы")


def test_the_same_hold_twice_and_a_dry_run_change_nothing(funded: Desk) -> None:
    person = people(funded)[5]
    before = counts(funded)
    hold.place(funded, line(person), dry_run=True)
    assert counts(funded) == before
    hold.place(funded, line(person))
    before = counts(funded)
    (again,) = hold.place(funded, line(person))
    assert again.is_repeat
    assert payment_report.placed([again]) == [
        "hold 1 of AST: nothing of the person is sent, death; it stood before, nothing changed"
    ]
    assert counts(funded) == before
    (other,) = hold.place(funded, line(person, "wanted"))
    assert (other.hold.hold_number, other.is_repeat) == (2, False)


def test_e65_a_death_after_the_payment_leaves_it_lawful(desk: Desk, tmp_path: Path) -> None:
    """Death registered on 25.03 after the credit of 18.03: no posting, no change of what was paid."""
    play(desk, "settled", tmp_path)
    person = people(desk)[5]
    before = balances(desk)
    hold.place(at(desk, date(2024, 3, 25)), line(person, on=date(2024, 3, 25)))
    assert balances(desk) == before
    assert states(desk)["paid"] == (140, 2_141_360_00)
    with desk.database.begin() as connection:
        (row,) = holds.rows(connection, 1, ended=False)
    assert (row.count, row.amount) == (0, 0)


def test_a_hold_of_one_award_leaves_the_others_of_the_person(funded: Desk, tmp_path: Path) -> None:
    (placed,) = hold.place(funded, line(None, "suspended"), award=FIRST)
    assert placed.hold.award_number == FIRST
    order.send(funded, tmp_path / "sent")
    assert people(funded)[0].iin not in read(tmp_path / "sent")


WRONG = (
    (HoldLine(0, "950114465702", "death", DAY, "", ""), 0, "IIN 950114465702"),
    (HoldLine(0, "010816618595", "whim", DAY, "", ""), 0, "'whim' is no reason of a hold"),
    (HoldLine(0, "010816618595", "death", date(2024, 3, 19), "", ""), 0, "lies after today"),
    (HoldLine(0, "", "death", DAY, "", ""), 99, "there is no award 99"),
)


@pytest.mark.parametrize(("given", "award_number", "why"), WRONG)
def test_a_hold_of_nobody_is_refused(funded: Desk, given: HoldLine, award_number: int, why: str) -> None:
    before = counts(funded)
    with pytest.raises(NobodyHeld, match=why):
        hold.place(funded, given, award=award_number)
    assert counts(funded) == before


def test_a_list_of_deaths_is_imported_whole(funded: Desk, tmp_path: Path) -> None:
    first, second = people(funded)[5], people(funded)[6]
    path = tmp_path / "deaths.csv"
    rows = [
        "iin;reason;placed_on;document;note",
        f"{first.iin};death;17.03.2024;АХАТ 12;",
        f"{second.iin};death;18.03.2024;АХАТ 13;",
        "800101300123;death;18.03.2024;АХАТ 14;",
    ]
    path.write_text("\n".join(rows), "utf-8")
    result = hold.import_file(funded, path)
    assert ([one.hold.hold_number for one in result.placed], result.strangers) == ([1, 2], 1)
    assert payment_report.hold_import(result) == ["2 holds placed", "1 people of the list have no award here"]
    before = {name: count for name, count in counts(funded).items() if name != "received_file"}
    again = hold.import_file(funded, path)
    assert all(one.is_repeat for one in again.placed)
    assert {name: count for name, count in counts(funded).items() if name != "received_file"} == before
    order.send(funded, tmp_path / "sent")
    assert {first.iin, second.iin}.isdisjoint(read(tmp_path / "sent"))


def test_a_list_with_faults_is_refused_with_all_of_them(funded: Desk, tmp_path: Path) -> None:
    path = tmp_path / "deaths.csv"
    rows = [
        "iin;reason;placed_on;document;note",
        "8001013;death;17.03.2024;АХАТ 12;",
        "800101300123;whim;18.03.2024;АХАТ 13;",
        "800101300123;death;19.03.2024;АХАТ 14;",
        "800101300123;death;17.03.2024;АХАТ 14;",
    ]
    path.write_text("\n".join(rows), "utf-8")
    with pytest.raises(FormatError) as refusal:
        hold.import_file(funded, path)
    assert {(fault.line, fault.place) for fault in refusal.value.faults} >= {(2, "iin"), (3, "reason")}
    with funded.database.begin() as connection:
        assert holds.open_holds(connection, 1) == []


# --- Cancellations ----------------------------------------------------------------------------------------------------


def test_a_cancelled_award_is_never_sent_and_its_money_goes_back(funded: Desk, tmp_path: Path) -> None:
    result = cancel.cancel(funded, "AST", [FIRST, FIRST + 1], reason="қайта қаралды", document="№ 9")
    assert payment_report.cancelled(result)[0] == "2 awards cancelled, 36\u00a0920,00 KZT will not be paid"
    sent = order.send(funded, tmp_path / "sent")
    assert [(one.reason, one.count) for one in sent.left_out] == [("cancelled", 2)]
    assert balances(funded)["1 funding/A/AST-2024-0001"] == 36_920_00
    release.release(funded, "AST", "AST-2024-0001", "қайта қаралды")
    assert balances(funded)["1 refundable/A/AST-2024-0001"] == 36_920_00
    before = counts(funded)
    again = cancel.cancel(funded, "AST", [FIRST], reason="қайта қаралды", document="№ 9")
    assert (again.awards, again.known) == ((), 1)
    assert counts(funded) == before


def test_an_award_that_was_sent_cannot_be_cancelled(desk: Desk, tmp_path: Path) -> None:
    play(desk, "orders", tmp_path)
    before = counts(desk)
    with pytest.raises(NotCancelled, match=f"award {FIRST}: it was sent to the bank"):
        cancel.cancel(at(desk, DAY), "AST", [FIRST], reason="қате", document="")
    with pytest.raises(NotCancelled, match="award 7: there is none of this number"):
        cancel.cancel(at(desk, DAY), "AST", [7], reason="қате", document="")
    with pytest.raises(NotCancelled, match="a cancellation needs a reason"):
        cancel.cancel(at(desk, DAY), "AST", [FIRST], reason=" ", document="")
    assert counts(desk) == before


def test_one_award_that_cannot_be_cancelled_keeps_the_others(funded: Desk) -> None:
    before = counts(funded)
    with pytest.raises(NotCancelled):
        cancel.cancel(funded, "AST", [FIRST, 7], reason="қате", document="")
    assert counts(funded) == before
    cancel.cancel(funded, "AST", [FIRST], reason="қате", document="", dry_run=True)
    assert counts(funded) == before


# --- Corrected awards -------------------------------------------------------------------------------------------------


def corrected(folder: Path, column: str, value: str, index: int = 1) -> Path:
    """The decisions with one line and another value in a column."""
    heading, *lines = (IN / "decisions.csv").read_text("utf-8").splitlines()
    cells = lines[index - 1].split(";")
    cells[heading.split(";").index(column)] = value
    path = folder / f"changes-{column}.csv"
    path.write_text("\n".join([heading, ";".join(cells)]), "utf-8")
    return path


def test_a_corrected_account_is_paid_instead_of_the_first(funded: Desk, tmp_path: Path) -> None:
    account = iban_for("601", "0000000000900")
    path = corrected(tmp_path, "iban", account)
    result = award_change.import_file(funded, path)
    assert payment_report.changed(result) == ["AST: 1 award corrected"]
    before = counts(funded)
    again = award_change.import_file(funded, path)
    assert (again.changed, again.known) == ((), 1)
    assert {k: v for k, v in counts(funded).items() if k != "received_file"} == {
        k: v for k, v in before.items() if k != "received_file"
    }
    order.send(funded, tmp_path / "sent")
    assert read(tmp_path / "sent")[people(funded)[0].iin] == account


def test_a_corrected_bank_moves_the_person_to_another_file(funded: Desk, tmp_path: Path) -> None:
    heading, first, *_ = (IN / "decisions.csv").read_text("utf-8").splitlines()
    cells = first.split(";")
    names = heading.split(";")
    cells[names.index("iban")], cells[names.index("bic")] = iban_for("722", "0000000000901"), "CASPKZKA"
    path = tmp_path / "bank.csv"
    path.write_text("\n".join([heading, ";".join(cells)]), "utf-8")
    award_change.import_file(funded, path)
    result = order.send(funded, tmp_path / "sent")
    assert {one.bic: one.count for one in result.orders if one.aid_kind == "A"} == {
        "HSBKKZKX": 59,
        "CASPKZKA": 31,
        "KPSTKZKA": 10,
    }


REFUSED = (
    ("amount", "18460,01", "amount", "the same as in the decision"),
    ("decision_date", "04.03.2024", "amount", "the same as in the decision"),
    ("decision_number", "2024-99", "decision_number", "a decision on this person, kind and month"),
    ("bic", "CASPKZKA", "iban", "an account at CASPKZKA, bank code 722"),
)


@pytest.mark.parametrize(("column", "value", "place", "expected"), REFUSED)
def test_a_correction_that_only_a_decision_can_make_is_refused(
    funded: Desk, tmp_path: Path, column: str, value: str, place: str, expected: str
) -> None:
    with pytest.raises(FormatError) as refusal:
        award_change.import_file(funded, corrected(tmp_path, column, value))
    assert [(fault.place, expected in fault.expected) for fault in refusal.value.faults] == [(place, True)]


def test_what_was_sent_is_not_corrected(desk: Desk, tmp_path: Path) -> None:
    play(desk, "orders", tmp_path)
    with pytest.raises(FormatError) as refusal:
        award_change.import_file(at(desk, DAY), corrected(tmp_path, "surname", "Әлімжанов"))
    assert refusal.value.faults[0].expected == "an award that was not sent to a bank"


# --- Payment days (AMB-8) ---------------------------------------------------------------------------------------------


def test_amb8_a_kind_with_payment_days_waits_for_them(desk: Desk, tmp_path: Path) -> None:
    content = (STORY / "setup.toml").read_text("utf-8")
    path = tmp_path / "setup.toml"
    path.write_text(content.replace('code = "B"', 'code = "B"\npayment_days = "20-25"'), "utf-8")
    setup.import_file(at(desk, date(2024, 3, 1)), path)
    award.import_file(at(desk, date(2024, 3, 6)), IN / "decisions.csv")
    need.form(at(desk, date(2024, 3, 11)))
    request.send(at(desk, date(2024, 3, 12)), tmp_path / "out")
    office = at(desk, DAY)
    money = [transfer(DAY, 1_846_000_00, "145"), transfer(DAY, 295_360_00, "146")]
    statement.import_file(office, written(tmp_path, *money))
    result = order.send(office, tmp_path / "first")
    assert {one.aid_kind for one in result.orders} == {"A"}
    (left,) = result.left_out
    assert (left.reason, left.detail, left.count) == ("schedule", "20.03.2024", 40)
    assert "paid from 20.03.2024 on: kind B, 40 people, 295\u00a0360,00 KZT" in payment_report.orders_sent(result)
    later = order.send(replace(office, today=date(2024, 3, 20)), tmp_path / "second")
    assert {one.aid_kind for one in later.orders} == {"B"}


# --- The trace --------------------------------------------------------------------------------------------------------


def test_the_trace_of_a_person_tells_what_stopped_the_payment(funded: Desk) -> None:
    person = people(funded)[0]
    hold.place(funded, line(person, "suspended"))
    hold.end(funded, "AST", 1, document="№ 7", note="анықталды")
    cancel.cancel(funded, "AST", [FIRST], reason="қайта қаралды", document="№ 9")
    with funded.database.begin() as connection:
        told = [fact.sentence for fact in trace.trace(connection, person.iin)]
    assert told[-3:] == [
        "hold 1 on the person from 18.03.2024: suspended, АХАТ 12",
        "hold 1 ended on 18.03.2024: анықталды, № 7",
        f"award {FIRST} cancelled on 18.03.2024: қайта қаралды, № 9",
    ]


def test_the_trace_of_a_payment_tells_that_its_file_was_refused(funded: Desk, tmp_path: Path) -> None:
    order.send(funded, tmp_path / "out")
    refusal.refuse(funded, "GCVP-00100000071", reason="БСК қате")
    with funded.database.begin() as connection:
        told = [fact.sentence for fact in trace.trace(connection, f"P{FIRST}/1")]
    assert "GCVP-00100000071 refused by HSBKKZKX on 18.03.2024: БСК қате; its items go again" in told
