"""The end of a month for what came back: who waits for the next one, what goes back beside returns, of which year.

R-061 to R-063, AMB-5, E08, E34, E58, E59, E61, E62. Days and sums are those of the golden month: three returns of
18 460,00 on 19.03.2024, last working day 29.03.2024.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from formats import mt100
from formats.awards import RESOLUTION_FIELDS, write_resolutions_csv
from formats.errors import Fault, FormatError
from formats.mt_writing import assign_lines
from ledgers import annex, open_returns
from ledgers.calendar import BUILT_IN
from ledgers.journal import Event
from ledgers.refunds import Excess, RefundItem
from ledgers.trace import trace
from reconcile import (
    claim,
    order,
    refund,
    resolve,
    return_waiting,
    returns,
    returns_report,
    settings,
    statement,
)
from reconcile.carry_over import NotInDecember, NotOpen, NotThisMonth, carry_over
from reconcile.desk import Desk
from reconcile.errors import Refusal
from reconcile.refund_purpose import purpose
from reconcile.return_hand import Said
from reconcile.return_place import place
from tests.ledgers.stories import Story
from tests.ledgers.story_rows import day
from tests.reconcile.bank import (
    A_MONTH,
    B_MONTH,
    FIVE_MRP,
    KASPI,
    STRANGER,
    balances,
    credit,
    item,
    message,
    people,
    requested,
    returns_file,
    transfer,
)
from tests.reconcile.bank import statement as written
from tests.reconcile.given_back import FIRST, NAMED, differences, paid_month
from tests.reconcile.golden import at, balance, counts, play

MARCH, APRIL = date(2024, 3, 1), date(2024, 4, 1)
END, NEXT_END = date(2024, 3, 29), date(2024, 4, 30)
ALL = ["P20000006/1", "P20000030/1", "P20000094/1"]
BIN, SIGNER = "230540100010", "Дәулетова Әсел Нұрланқызы"


def back(desk: Desk, on: date, out: Path, **options: Any) -> list[tuple[str, int, str]]:
    """What goes back on a day: reference, tiyn and why."""
    sent = refund.send(at(desk, on), out, **options).refunds
    return [(one.reference, one.amount, one.why) for each in sent for one in each.items]


def references(desk: Desk, on: date, out: Path) -> list[str]:
    return [reference for reference, _, _ in back(desk, on, out)]


def waits(desk: Desk) -> None:
    """The reading of AMB-5 by which a return waits while it is examined."""
    settings.change(at(desk, day(15)), "unexamined_at_month_end", "carry_over", reason="келісім")


def decide(desk: Desk, folder: Path, reference: str, outcome: str, on: date, *, amount: int = FIVE_MRP) -> int:
    """The authority decides on a return in a file of its own; a resend goes to a new account at Kaspi."""
    with desk.database.begin() as connection:
        query = "SELECT * FROM esep.award_line WHERE award_number = :award ORDER BY version DESC LIMIT 1"
        person = connection.execute(text(query), {"award": int(reference[1:].partition("/")[0])}).one()
    names = ("surname", "first_name", "patronymic")
    details = {name: getattr(person, name) for name in names} | {"bic": "CASPKZKA", "iban": "KZ577220000000000007"}
    row = dict.fromkeys(RESOLUTION_FIELDS, "") | {
        "authority_bin": BIN,
        "number": f"{on:%d}-{reference}",
        "date": f"{on:%d.%m.%Y}",
        "signer": SIGNER,
        "payment_reference": reference,
        "iin": person.iin,
        "amount": f"{amount // 100},{amount % 100:02d}",
        "outcome": outcome,
        "reason": "шот",
        **(details if outcome == "resend" else {}),
    }
    path = folder / f"resolution-{len(list(folder.iterdir()))}.csv"
    write_resolutions_csv([[row[name] for name in RESOLUTION_FIELDS]], path)
    return resolve.import_file(at(desk, on), path).count


# --- What waits for the next month ------------------------------------------------------------------------------------

EXAMINED = [
    (None, ALL, [], "nobody told the authority, so it still examines"),
    (day(20), [], ALL, "E07: told on 20.03, examined by 28.03"),
    (day(26), [], ALL, "E08: told on 26.03, examined by 29.03, which is the refund's day as well"),
    (day(27), ALL, [], "told on 27.03, examined by 01.04"),
]


@pytest.mark.parametrize(("told", "waiting", "gone", "why"), EXAMINED, ids=[row[3] for row in EXAMINED])
def test_what_is_still_examined_waits_if_the_setting_says_so(
    desk: Desk, tmp_path: Path, told: date | None, waiting: list[str], gone: list[str], why: str
) -> None:
    play(desk, "return_money", tmp_path)
    if told:
        returns.notify(at(desk, told), tmp_path)
    with_setting = refund.send(at(desk, END), tmp_path, dry_run=True).refunds
    assert [one.reference for each in with_setting for one in each.items] == ALL, "the literal reading, by default"
    waits(desk)
    assert references(desk, END, tmp_path) == gone, why
    assert references(desk, date(2024, 4, 2), tmp_path) == [], "what waits is not made good in the next days"
    returns.notify(at(desk, date(2024, 4, 2)), tmp_path)
    assert references(desk, NEXT_END, tmp_path) == waiting, "but it goes back at the next month's end"


def test_the_day_of_arrival_starts_the_examination(desk: Desk, tmp_path: Path) -> None:
    play(desk, "notice", tmp_path)
    waits(desk)
    arrived = returns.arrived(at(desk, day(28)), "AST", "AST-1", day(28))
    assert (arrived.name, arrived.arrived_on, arrived.is_repeat) == ("notice AST-1", day(28), False)
    assert returns.arrived(at(desk, day(28)), "AST", "AST-1", day(28)).is_repeat
    assert references(desk, END, tmp_path) == []
    for name in ("AST-2", "ALA-1", "AST-x", ""):
        with pytest.raises(Refusal, match="was not sent to AST"):
            returns.arrived(at(desk, day(28)), "AST", name, day(28))


def test_a_missed_month_end_is_made_good_as_that_day_would_have_done_it(desk: Desk, tmp_path: Path) -> None:
    play(desk, "return_money", tmp_path)
    waits(desk)
    returns.notify(at(desk, day(20)), tmp_path)
    assert references(desk, date(2024, 4, 2), tmp_path) == ALL


def test_in_december_nothing_waits_by_setting(desk: Desk, tmp_path: Path) -> None:
    play(desk, "return_money", tmp_path)
    waits(desk)
    with desk.database.begin() as connection:
        for today, month, is_waiting in (
            (date(2023, 12, 29), date(2023, 12, 1), False),
            (date(2024, 1, 3), date(2023, 12, 1), False),
            (END, MARCH, True),
            (date(2024, 4, 2), MARCH, True),
        ):
            term = refund.term(connection, 1, BUILT_IN, today)
            assert (term.month, term.waits) == (month, is_waiting), today


def test_carried_over_by_action_and_reason_alone(desk: Desk, tmp_path: Path) -> None:
    play(desk, "resolutions", tmp_path)
    dry = carry_over(at(desk, END), "AST", [ALL[0]], MARCH, "банк тексереді", dry_run=True)
    before = counts(desk)
    assert counts(desk)["carry_over"] == 0
    assert carry_over(at(desk, END), "AST", [ALL[0], ALL[0]], MARCH, "банк тексереді") == dry
    again = carry_over(at(desk, END), "AST", [ALL[0]], MARCH, "тағы")
    assert (again.returns, again.known) == ((), (ALL[0],))
    after = counts(desk)
    assert (after["carry_over"], after["entry"], after["posting"]) == (1, before["entry"] + 1, before["posting"])
    assert references(desk, END, tmp_path) == ALL[1:], "what the authority took back goes, what was to be resent waits"
    assert references(desk, date(2024, 4, 15), tmp_path) == []
    assert back(desk, NEXT_END, tmp_path) == [(ALL[0], FIVE_MRP, "not resent")]
    with desk.database.begin() as connection:
        sentences = [fact.sentence for fact in trace(connection, ALL[0])]
    assert f"{ALL[0]} carried over from 03.2024: банк тексереді" in sentences


def test_a_carried_return_can_be_decided_and_resent_in_the_next_month(desk: Desk, tmp_path: Path) -> None:
    play(desk, "notice", tmp_path)
    carry_over(at(desk, END), "AST", [ALL[0]], MARCH, "банк тексереді")
    assert references(desk, END, tmp_path) == ALL[1:]
    assert decide(desk, tmp_path, ALL[0], "resend", date(2024, 4, 3)) == 1
    assert [one.amount for one in order.send(at(desk, date(2024, 4, 4)), tmp_path).orders] == [FIVE_MRP]
    with pytest.raises(FormatError, match="decided: refund_by_term"):
        decide(desk, tmp_path, ALL[1], "resend", date(2024, 4, 3))


REFUSED = [
    ([ALL[1]], MARCH, False, NotOpen, "P20000030/1 is no return of AST that waits"),
    (["P20000001/1"], MARCH, False, NotOpen, "P20000001/1 is no return"),
    ([ALL[0]], APRIL, False, NotThisMonth, "the month that ends is 02.2024 or 03.2024"),
    ([ALL[0]], date(2024, 2, 1), False, NotThisMonth, "P20000006/1 came back later"),
    ([ALL[0]], date(2023, 12, 1), False, NotInDecember, "--despite-december"),
    ([ALL[0]], date(2023, 12, 1), True, NotThisMonth, "the month that ends is"),
]
WHY = ["it goes back already", "it did not come back", "a month to come", "it came back later", "E61", "long past"]


@pytest.mark.parametrize(("payments", "month", "despite", "error", "found"), REFUSED, ids=WHY)
def test_what_cannot_be_carried_over_is_refused(
    desk: Desk,
    tmp_path: Path,
    payments: Sequence[str],
    month: date,
    despite: bool,
    error: type[Refusal],
    found: str,
) -> None:
    play(desk, "resolutions", tmp_path)
    before = counts(desk)
    with pytest.raises(error) as refused:
        carry_over(at(desk, END), "AST", payments, month, "себеп", despite_december=despite)
    assert found in str(refused.value)
    assert counts(desk) == before
    with pytest.raises(Refusal, match="needs a reason"):
        carry_over(at(desk, END), "AST", payments, month, " ")


def test_a_resend_whose_file_was_refused_lapses_too(desk: Desk, tmp_path: Path) -> None:
    """The refused file sent nothing: its money is on `resend` again, and goes back at the month's end."""
    play(desk, "resend", tmp_path)
    story = Story(desk)
    refuse(story, 76, "P20000006/1", day(28))
    assert balance(desk, "resend") == FIVE_MRP
    assert back(desk, END, tmp_path)[0] == (ALL[0], FIVE_MRP, "not resent")
    assert [balance(desk, code) for code in ("returned", "resend", "refundable")] == [0, 0, 0]


def refuse(story: Story, number: int, source: str, on: date) -> None:
    """The bank refuses a file of one resend."""
    refusal = {
        "order_number": number,
        "refused_on": on,
        "reference": "MT905",
        "code": "01",
        "reason": "шот",
        "sha256": bytes(32),
    }
    reference = f"GCVP-001{number:08d}"
    event = Event(
        rule="resend_refused", aid_kind="A", debit_reference=reference, credit_reference=source, amount=FIVE_MRP
    )
    story.enter("file_refused", on, {"order_refusal": [refusal]}, [event])


# --- Attempts (E58) ---------------------------------------------------------------------------------------------------


def returned_again(desk: Desk, folder: Path, attempt: int, on: date, file: int) -> str:
    """The resent payment of the golden month comes back from Kaspi."""
    person = next(one for one in people(desk) if one.award == 20_000_006)
    said = f"Возврат реф GCVP-001{file:08d}. Счет закрыт"
    number = f"90{attempt}"
    told = message(on, number, [item(person, iban="KZ577220000000000007")], said, KASPI)
    [one] = returns.import_file(at(desk, on), returns_file(folder, told)).messages
    assert one.state == "money not seen"
    statement.import_file(at(desk, on), written(folder, credit(on, FIVE_MRP, number, KASPI)))
    return f"P20000006/{attempt}"


def test_e58_after_the_last_attempt_only_a_refund_is_left(desk: Desk, tmp_path: Path) -> None:
    """Resent 28.03.2024, back on 01.04.2024: attempt 2 of 2 failed; refund due 30.04.2024."""
    play(desk, "month_end", tmp_path)
    second = returned_again(desk, tmp_path, 2, APRIL, 76)
    with pytest.raises(FormatError) as refused:
        decide(desk, tmp_path, second, "resend", date(2024, 4, 3))
    [fault] = refused.value.faults
    assert (fault.place, fault.found) == ("outcome", "resend")
    assert fault.expected == "refund: attempt 2 of at most 2 came back, only refund is left (E58)"
    assert back(desk, date(2024, 4, 29), tmp_path) == []
    assert back(desk, NEXT_END, tmp_path) == [(second, FIVE_MRP, "not decided")]
    with desk.database.begin() as connection:
        chain = [fact.sentence for fact in trace(connection, second) if "P20000006/" in fact.sentence]
    for part in ("P20000006/1 sent", "P20000006/1 came back", "P20000006/2 sent", "P20000006/2 came back"):
        assert any(part in sentence for sentence in chain), part
    assert any("refund of P20000006/2" in sentence for sentence in chain)


def test_e58_the_limit_is_a_setting_and_a_return_of_a_return_goes_out_again(desk: Desk, tmp_path: Path) -> None:
    play(desk, "month_end", tmp_path)
    settings.change(at(desk, APRIL), "attempts_max", "3", reason="келісім", authority_code="AST")
    second = returned_again(desk, tmp_path, 2, APRIL, 76)
    assert decide(desk, tmp_path, second, "resend", date(2024, 4, 3)) == 1
    settings.change(at(desk, date(2024, 4, 3)), "attempts_max", "2", reason="қайта", authority_code="AST")
    sent = order.send(at(desk, date(2024, 4, 3)), tmp_path).orders
    assert [(one.bic, one.amount) for one in sent] == [("CASPKZKA", FIVE_MRP)]
    with desk.database.begin() as connection:
        attempts = connection.execute(
            text("SELECT attempt FROM esep.payment WHERE award_number = 20000006 ORDER BY 1")
        ).scalars()
        assert list(attempts) == [1, 2, 3]


def test_a_refused_file_is_no_attempt(desk: Desk, tmp_path: Path) -> None:
    """Attempt 2 was refused and attempt 3 came back: two attempts count, and with a limit of three it goes again."""
    play(desk, "resend", tmp_path)
    refuse(Story(desk), 76, "P20000006/1", day(28))
    settings.change(at(desk, day(28)), "attempts_max", "3", reason="келісім")
    sent = order.send(at(desk, END), tmp_path).orders
    assert [one.order_number for one in sent] == [77]
    third = returned_again(desk, tmp_path, 3, APRIL, 77)
    assert decide(desk, tmp_path, third, "resend", date(2024, 4, 3)) == 1


# --- Returns of an earlier month (E59) --------------------------------------------------------------------------------


def test_e59_a_late_return_is_told_with_the_month_it_was_paid_in(desk: Desk, tmp_path: Path) -> None:
    play(desk, "month_end", tmp_path)
    late = next(one for one in people(desk) if one.award == 20_000_061)
    on = date(2024, 4, 3)
    told = message(on, "88", [item(late)], "Возврат реф GCVP-00100000072", KASPI)
    returns.import_file(at(desk, on), returns_file(tmp_path, told))
    statement.import_file(at(desk, on), written(tmp_path, credit(on, FIVE_MRP, "88", KASPI)))
    second = returned_again(desk, tmp_path, 2, date(2024, 4, 4), 76)
    with desk.database.begin() as connection:
        in_march = annex.people_parts(connection, 1, MARCH, date(2024, 3, 31))
        in_april = annex.people_parts(connection, 1, APRIL, NEXT_END)
        back = [one for one in open_returns.open_returns(connection, 1) if one.returned_on >= APRIL]
    assert {one.paid_month for one in in_march} == {MARCH}
    assert [(one.bic, one.paid_month, one.returned_count, one.returned) for one in in_april] == [
        ("CASPKZKA", MARCH, 2, 2 * FIVE_MRP)
    ]
    assert {(one.reference, one.amount, one.returned_on) for one in back} == {
        ("P20000061/1", FIVE_MRP, on),
        (second, FIVE_MRP, date(2024, 4, 4)),
    }
    assert references(desk, date(2024, 4, 29), tmp_path) == []
    assert references(desk, NEXT_END, tmp_path) == [second, "P20000061/1"]


# --- Claims and outcomes (E54) ----------------------------------------------------------------------------------------

PART, FEE = 18_000_00, 460_00


def short_return(desk: Desk, folder: Path) -> Desk:
    """E54: 18 000,00 of 18 460,00 came back on 19.03 and were placed by hand; returns the desk of the 20th."""
    paid = paid_month(desk, folder)
    path = returns_file(folder, message(day(19), "77", [item(people(paid)[0], PART)], NAMED))
    returns.import_file(paid, path)
    statement.import_file(paid, written(folder, credit(day(19), PART, "77")))
    later = at(paid, day(20))
    place(later, Said(messages=["RMZ77"], items=[f"1={FIRST}"], short=True, reason="комиссия"))
    returns.notify(later, folder / "out")
    return later


def fee_paid(desk: Desk, folder: Path, on: date) -> None:
    statement.import_file(at(desk, on), written(folder, credit(on, FEE, "95")))
    claim.paid(at(desk, on), "S5", FIRST, "доплата")


@pytest.mark.parametrize("amount", [PART, FIVE_MRP])
def test_e54_what_is_there_is_refunded_and_the_claim_later(desk: Desk, tmp_path: Path, amount: int) -> None:
    short = short_return(desk, tmp_path)
    if amount == FIVE_MRP:
        with pytest.raises(FormatError, match="the returned amount, 1800000 tiyn"):
            decide(short, tmp_path, FIRST, "refund", day(21), amount=amount)
        return
    decide(short, tmp_path, FIRST, "refund", day(21), amount=amount)
    assert back(short, day(21), tmp_path) == [(FIRST, PART, "decided")]
    fee_paid(short, tmp_path, day(22))
    assert balances(short)[f"1 refundable/A/{FIRST}"] == FEE
    assert back(short, day(22), tmp_path) == [(FIRST, FEE, "decided")]
    assert differences(short) == []


def test_e54_a_resend_waits_for_the_claim(desk: Desk, tmp_path: Path) -> None:
    short = short_return(desk, tmp_path)
    decide(short, tmp_path, FIRST, "resend", day(21), amount=PART)
    assert balances(short)[f"1 resend/A/{FIRST}"] == PART
    assert order.send(at(short, day(21)), tmp_path / "out").orders == (), "a part of an award is not sent"
    assert ("resend", FIRST, "the bank owes a part of it: claim-paid first") in [
        (one[0], one[1], one[5]) for one in seen(short, day(21))
    ]
    fee_paid(short, tmp_path, day(22))
    assert balances(short)[f"1 resend/A/{FIRST}"] == FIVE_MRP
    assert "1 claim/A/" not in "".join(balances(short))
    sent = order.send(at(short, day(25)), tmp_path / "out").orders
    assert [(one.bic, one.amount) for one in sent] == [("CASPKZKA", FIVE_MRP)]
    assert differences(short) == []


@pytest.mark.parametrize("paid_before", [True, False])
def test_e54_a_claim_before_and_after_the_month_end(desk: Desk, tmp_path: Path, paid_before: bool) -> None:
    short = short_return(desk, tmp_path)
    if paid_before:
        fee_paid(short, tmp_path, day(22))
        assert back(short, END, tmp_path) == [(FIRST, FIVE_MRP, "not decided")]
        return
    assert back(short, END, tmp_path) == [(FIRST, PART, "not decided")]
    fee_paid(short, tmp_path, date(2024, 4, 2))
    assert back(short, date(2024, 4, 2), tmp_path) == [(FIRST, FEE, "not decided")]


def test_a_claim_decided_after_it_was_paid_takes_all(desk: Desk, tmp_path: Path) -> None:
    short = short_return(desk, tmp_path)
    fee_paid(short, tmp_path, day(22))
    decide(short, tmp_path, FIRST, "resend", day(25), amount=FIVE_MRP)
    assert balances(short)[f"1 resend/A/{FIRST}"] == FIVE_MRP


# --- What goes back beside returns ------------------------------------------------------------------------------------


def text_of(out: Path) -> str:
    """What the last refund says."""
    path = max(out.glob("*-refund.txt"))
    [found] = mt100.read(path.read_bytes(), path.name)
    return " ".join(found.assign.split())


def test_e34_excess_goes_back_when_its_line_is_named(desk: Desk, tmp_path: Path) -> None:
    """Request 2 141 360,00, received 2 141 630,00: 270,00 above it."""
    requested(desk)
    statement.import_file(desk, written(tmp_path, transfer(day(14), A_MONTH + B_MONTH + 270_00, "145")))
    assert back(desk, day(15), tmp_path) == []
    result = refund.send(at(desk, day(15)), tmp_path, lines=["S1", "s1"], dry_run=True)
    assert "S1" in "\n".join(returns_report.refunds_sent(result, dry_run=True))
    assert back(desk, day(15), tmp_path, lines=["S1"]) == [("S1", 270_00, "excess")]
    assert text_of(tmp_path) == "Возврат излишне перечисленных сумм: поручение № 145 от 14.03.2024, 270,00"
    before = counts(desk)
    again = refund.send(at(desk, day(15)), tmp_path, lines=["S1"])
    assert (again.refunds, again.known) == ((), ("S1",))
    assert counts(desk) == before
    assert "1 unidentified" not in "".join(balances(desk))
    with desk.database.begin() as connection:
        assert "refund of S1, excess, in GCVP-00100000071" in " ".join(f.sentence for f in trace(connection, "S1"))


def test_only_money_of_the_authority_is_excess(desk: Desk, tmp_path: Path) -> None:
    paid = paid_month(desk, tmp_path)
    lines = [credit(day(19), 5_00, "1", STRANGER), credit(day(19), 6_00, "2", purpose="реф GCVP-00100000071")]
    statement.import_file(paid, written(tmp_path, *lines))
    for line, found in (
        ("S4", "nothing of it waits on 205 of an authority"),
        ("S5", "BIN 240140601018 paid it, not the authority"),
        ("S1", "nothing of it waits on 205"),
        ("S99", "there is no statement line"),
    ):
        with pytest.raises(Refusal, match=found):
            refund.send(paid, tmp_path, lines=[line])


def test_funding_that_no_payment_needs_goes_back_by_its_request(desk: Desk, tmp_path: Path) -> None:
    story = requested(desk)
    statement.import_file(desk, written(tmp_path, transfer(day(14), A_MONTH + B_MONTH, "145")))
    event = Event(
        rule="funding_released",
        aid_kind="A",
        debit_reference="AST-2024-0001",
        credit_reference="AST-2024-0001",
        amount=FIVE_MRP,
    )
    story.enter("request_released", day(15), {}, [event])
    assert back(desk, day(18), tmp_path) == [("AST-2024-0001", FIVE_MRP, "released")]
    assert text_of(tmp_path) == "Возврат трансфертов, не нужных для выплат: заявка AST-2024-0001, 18460,00"
    with desk.database.begin() as connection:
        sentences = [fact.sentence for fact in trace(connection, "AST-2024-0001")]
    assert any("refund of AST-2024-0001, aid A, in GCVP-00100000071" in one for one in sentences)


def item_of(why: Any, year: int, amount: int = 69_000_00, reference: str = "P1/1") -> RefundItem:
    return RefundItem(
        aid_kind="A", reference=reference, amount=amount, why=why, since=date(year, 12, 29), budget_year=year
    )


def test_e61_the_refund_names_another_budget_year() -> None:
    said = purpose([item_of("decided", 2023), item_of("not decided", 2024)], [], 2024)
    assert said.endswith("Количество 2. Бюджет 2023 года: 1 на 69000,00")
    assert "Бюджет" not in purpose([item_of("decided", 2023)], [], 2023)


def test_a_purpose_of_very_many_documents_fits_an_mt100() -> None:
    excess = [
        Excess(
            authority_id=1,
            line_number=number,
            amount=1,
            booked_on=day(14),
            document_number=f"ПП/2024-{number:013d}",
            document_date=day(14),
            payer_bin=BIN,
            matched_as="transfer",
            was_refunded=False,
        )
        for number in range(200)
    ]
    items = [item_of("decided", 2022), item_of("released", 2023, reference="ASTANA-2024-000001")]
    items += [item_of("excess", 2021, 10**15, f"S{one.line_number}") for one in excess]
    said = purpose(items, excess, 2024)
    assert len(assign_lines(said)) <= 7
    assert "/" not in said
    assert "всего 200" in said


# --- What people see --------------------------------------------------------------------------------------------------


def test_a_dry_run_lists_what_would_go_back_why_and_for_how_long(desk: Desk, tmp_path: Path) -> None:
    play(desk, "resolutions", tmp_path)
    result = refund.send(at(desk, END), tmp_path, dry_run=True)
    lines = [line.replace("\N{NO-BREAK SPACE}", " ") for line in returns_report.refunds_sent(result, dry_run=True)]
    assert lines[0].startswith("refund 76 to AST: 3 payments, 55 380,00 KZT, of them 1 that nobody decided or resent")
    assert [line.split("  ") for line in lines[1:]][1][0] == "P20000006/1"
    assert "5     to be resent, but not resent by the last working day" in lines[2]
    assert "5     the authority decided" in lines[3]
    assert balance(desk, "resend") == FIVE_MRP


def seen(desk: Desk, on: date) -> list[tuple[str, str, int, date | None, int, str]]:
    with desk.database.begin() as connection:
        rows = return_waiting.waiting(connection, on)
    return [(one.state, one.name, one.working_days, one.due, one.attempts, one.to_do) for one in rows]


def test_what_waits_is_shown_with_its_reason_its_age_and_what_to_do(desk: Desk, tmp_path: Path) -> None:
    play(desk, "return_halyk", tmp_path)
    assert [(one[0], one[1], one[2]) for one in seen(desk, day(20))] == [("no money", "HSBKKZKX/RMZ2403195521", 1)]
    play(desk, "return_money", tmp_path, after="return_halyk")
    assert {(one[0], one[3], one[5]) for one in seen(desk, day(20))} == {("returned", None, "return notify")}
    play(desk, "notice", tmp_path, after="return_money")
    assert {one[3:] for one in seen(desk, day(28))} == {(day(28), 1, "the authority decides")}
    late = {one[3:] for one in seen(desk, END)}
    assert late == {(day(28), 1, "the authority decides, overdue: tell its head")}, "E62"
    play(desk, "resolutions", tmp_path, after="notice")
    assert [(one[0], one[1], one[5]) for one in seen(desk, day(28))] == [
        ("resend", ALL[0], "order send"),
        ("refundable", ALL[1], "refund send"),
        ("refundable", ALL[2], "refund send"),
    ]
    play(desk, "month_end", tmp_path, after="resolutions")
    assert seen(desk, APRIL) == []
    second = returned_again(desk, tmp_path, 2, APRIL, 76)
    returns.notify(at(desk, date(2024, 4, 2)), tmp_path)
    assert seen(desk, date(2024, 4, 2)) == [
        ("returned", second, 1, date(2024, 4, 5), 2, "only refund is left"),
    ]


def test_parked_messages_and_claims_are_shown_item_by_item(desk: Desk, tmp_path: Path) -> None:
    paid = paid_month(desk, tmp_path)
    first, second, *_ = people(paid)
    told = message(day(19), "77", [item(first, PART), item(replace(second, iin="800101399997"))], NAMED)
    returns.import_file(paid, returns_file(tmp_path, told))
    assert [(one[0], one[1], one[5]) for one in seen(paid, day(20))] == [
        ("parked", "HSBKKZKX/RMZ77 item 1", "ask the bank; then return place --item --short"),
        ("parked", "HSBKKZKX/RMZ77 item 2", "find the payment; then return place --item, or =none"),
    ]
    place(paid, Said(messages=["RMZ77"], items=[f"1={FIRST}", "2=P20000002/1"], short=True, reason="комиссия"))
    assert [(one[0], one[1]) for one in seen(paid, day(20))] == [("no money", "HSBKKZKX/RMZ77"), ("claim", FIRST)]
    with paid.database.begin() as connection:
        lines = "\n".join(returns_report.waiting(return_waiting.waiting(connection, day(20)), tabs=True))
    assert first.iin not in lines
    assert first.surname not in lines
    assert "460,00" in lines


def test_the_faults_of_a_resolution_stay_after_the_month_end(desk: Desk, tmp_path: Path) -> None:
    play(desk, "notice", tmp_path)
    refund.send(at(desk, END), tmp_path)
    with pytest.raises(FormatError) as refused:
        decide(desk, tmp_path, ALL[0], "resend", date(2024, 4, 2))
    faults: list[Fault] = list(refused.value.faults)
    assert [fault.place for fault in faults] == ["outcome"]
    assert "decided: refund_by_term" in faults[0].expected
