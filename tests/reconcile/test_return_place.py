"""Returns placed by hand: what a bank kept or gave too much, several in one line, a storno, and nobody guessed for."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from formats.mt102 import Mt102
from ledgers import closing, sums
from reconcile import claim, returns, statement
from reconcile.desk import Desk
from reconcile.errors import Refusal
from reconcile.return_hand import Said
from reconcile.return_place import place
from tests.ledgers.stories import Story
from tests.ledgers.story_rows import day
from tests.reconcile.bank import (
    FIVE_MRP,
    HALYK,
    STRANGER,
    balances,
    counts,
    credit,
    debit,
    item,
    message,
    people,
    requested,
    returns_file,
    transfer,
    two_authorities,
)
from tests.reconcile.bank import statement as written
from tests.reconcile.given_back import FILE, FIRST, NAMED, SECOND, THIRD, differences, paid_month

PART, FEE = 18_000_00, 460_00
KIND = "1 returned/A/"


@pytest.fixture
def paid(desk: Desk, tmp_path: Path) -> Desk:
    return paid_month(desk, tmp_path)


def told(desk: Desk, folder: Path, *messages: Mt102) -> returns.ReturnImport:
    return returns.import_file(desk, returns_file(folder, *messages))


def money(desk: Desk, folder: Path, amount: int, number: str = "77", on: int = 19, purpose: str = "-") -> None:
    statement.import_file(desk, written(folder, credit(day(on), amount, number, HALYK, purpose)))


def fee_kept(desk: Desk, folder: Path) -> Path:
    """E54: the message with 18 000,00 for the first person, and its money on 205."""
    path = returns_file(folder, message(day(19), "77", [item(people(desk)[0], PART)], NAMED))
    returns.import_file(desk, path)
    money(desk, folder, PART)
    return path


SHORT = Said(messages=["HSBKKZKX/RMZ77"], items=[f"1={FIRST}"], short=True, reason="комиссия банка")


def test_e54_a_fee_kept_is_claimed_and_the_rest_stands_on_returned(paid: Desk, tmp_path: Path) -> None:
    path = fee_kept(paid, tmp_path)
    assert balances(paid) == {"0 cash": PART, "0 unidentified/S4": PART}
    with pytest.raises(Refusal, match="if the bank kept 460,00, add --short to claim it: the service is free"):
        place(paid, replace(SHORT, short=False))
    dry = place(paid, SHORT, dry_run=True)
    assert balances(paid) == {"0 cash": PART, "0 unidentified/S4": PART}
    placed = place(paid, SHORT)
    assert placed == dry
    assert (placed.authority_code, placed.line, placed.amount, placed.claimed) == ("AST", "S4", PART, FEE)
    assert balances(paid) == {
        "1 cash": PART,
        f"{KIND}{FIRST}": PART,
        f"1 claim/A/{FIRST}": FEE,
        "1 claims/A": FEE,
    }
    assert differences(paid) == []
    before = counts(paid)
    assert place(paid, SHORT).is_repeat
    assert returns.import_file(paid, path).changes_nothing
    assert counts(paid) == before


def test_a_message_placed_before_its_money_waits_for_the_line(paid: Desk, tmp_path: Path) -> None:
    told(paid, tmp_path, message(day(19), "77", [item(people(paid)[0], PART)], NAMED))
    placed = place(paid, SHORT)
    assert (placed.line, placed.claimed) == ("", FEE)
    money(paid, tmp_path, PART)
    assert balances(paid)[f"{KIND}{FIRST}"] == PART
    assert differences(paid) == []


def test_e54_the_bank_pays_the_claim(paid: Desk, tmp_path: Path) -> None:
    fee_kept(paid, tmp_path)
    place(paid, SHORT)
    later = replace(paid, today=day(22))
    money(later, tmp_path, FEE, "90", 22)
    assert claim.paid(later, "S5", FIRST, "доплата", dry_run=True).amount == FEE
    told_so = claim.paid(later, "S5", FIRST, "доплата")
    assert (told_so.amount, told_so.open, told_so.rest, told_so.outcome) == (FEE, 0, 0, "")
    assert balances(later) == {"1 cash": FIVE_MRP, f"{KIND}{FIRST}": FIVE_MRP}
    assert differences(later) == []
    before = counts(later)
    assert claim.paid(later, "S5", FIRST, "доплата").is_repeat
    assert counts(later) == before


@pytest.mark.parametrize(
    ("amount", "payment", "found"),
    [
        (FEE + 1, FIRST, "S5 brings 460,01 KZT, and HSBKKZKX owes 460,00 KZT of P20000001/1"),
        (FEE, SECOND, "nothing of P20000002/1 is claimed of a bank"),
        (FEE, "P1", "nothing of P1 is claimed of a bank"),
    ],
)
def test_nothing_else_pays_a_claim(paid: Desk, tmp_path: Path, amount: int, payment: str, found: str) -> None:
    fee_kept(paid, tmp_path)
    place(paid, SHORT)
    money(paid, tmp_path, amount, "90")
    before = counts(paid)
    with pytest.raises(Refusal) as refused:
        claim.paid(paid, "S5", payment, "доплата")
    assert found in str(refused.value)
    assert counts(paid) == before


def test_a_claim_is_paid_in_parts_and_what_is_above_waits(paid: Desk, tmp_path: Path) -> None:
    fee_kept(paid, tmp_path)
    place(paid, SHORT)
    for number, amount in (("90", 200_00), ("91", 300_00)):
        money(paid, tmp_path, amount, number)
    assert claim.paid(paid, "S5", FIRST, "доплата").open == 260_00
    over = claim.paid(paid, "S6", FIRST, "доплата", over=True)
    assert (over.amount, over.open, over.rest) == (260_00, 0, 40_00)
    assert balances(paid) == {"1 cash": PART + 500_00, f"{KIND}{FIRST}": FIVE_MRP, "1 unidentified/S6": 40_00}
    assert differences(paid) == []


def test_more_than_was_paid_leaves_the_rest_on_205(paid: Desk, tmp_path: Path) -> None:
    told(paid, tmp_path, message(day(19), "77", [item(people(paid)[0], 20_000_00)], NAMED))
    money(paid, tmp_path, 20_000_00)
    said = Said(messages=["HSBKKZKX/77"], items=[f"1={FIRST}"], reason="банк вернул больше")
    with pytest.raises(Refusal, match="if the bank gave too much, add --over"):
        place(paid, said)
    placed = place(paid, replace(said, over=True))
    assert (placed.amount, placed.rest, placed.claimed) == (FIVE_MRP, 1_540_00, 0)
    assert balances(paid) == {"1 cash": 20_000_00, f"{KIND}{FIRST}": FIVE_MRP, "1 unidentified/S4": 1_540_00}
    assert differences(paid) == []


def test_more_than_was_paid_when_the_line_comes_last(paid: Desk, tmp_path: Path) -> None:
    told(paid, tmp_path, message(day(19), "77", [item(people(paid)[0], 20_000_00)], NAMED))
    place(paid, Said(messages=["RMZ77"], items=[f"1={FIRST}"], reason="банк вернул больше", over=True))
    money(paid, tmp_path, 20_000_00)
    assert balances(paid) == {"1 cash": 20_000_00, f"{KIND}{FIRST}": FIVE_MRP, "1 unidentified/S4": 1_540_00}
    assert differences(paid) == []


def test_e56_an_item_of_nobody_stays_on_205_and_touches_nobody(paid: Desk, tmp_path: Path) -> None:
    """One wrong person does not keep the others' money: it is named as nobody's, with the line."""
    first, second, *_ = people(paid)
    stranger = item(replace(second, iin="800101399997"), 7_000_00)
    told(paid, tmp_path, message(day(19), "77", [item(first), stranger], NAMED))
    money(paid, tmp_path, FIVE_MRP + 7_000_00)
    said = Said(messages=["RMZ77"], items=["2=none"], reason="банк ошибся лицом")
    with pytest.raises(Refusal, match="item 2 is nobody's: name the line on which its money stays with --line"):
        place(paid, said)
    placed = place(paid, replace(said, line="S4"))
    assert (placed.payments, placed.amount, placed.rest) == (1, FIVE_MRP, 7_000_00)
    assert balances(paid) == {
        "1 cash": FIVE_MRP + 7_000_00,
        f"{KIND}{FIRST}": FIVE_MRP,
        "1 unidentified/S4": 7_000_00,
    }
    assert differences(paid) == []
    told(paid, tmp_path, message(day(19), "78", [stranger], NAMED))
    with pytest.raises(Refusal, match=r"all of its items are nobody's.*\(E56\)"):
        place(paid, Said(messages=["RMZ78"], items=["1=none"], reason="чужой"))


WRONG: list[tuple[Sequence[str], str, str]] = [
    (["1=P20000004/1"], "no payment P20000004/1 was sent to HSBKKZKX", "a payment to another bank"),
    (["1=P1/1"], "no payment P1/1 was sent to HSBKKZKX", "no such payment"),
    (["1=P20000001/2"], "no payment P20000001/2 was sent to HSBKKZKX", "no such attempt"),
    (["1=all"], "no payment all was sent to HSBKKZKX", "no payment at all"),
    ([f"1={THIRD}"], "P20000003/1 came back already", "twice"),
    ([f"2={FIRST}"], "item '2': expected NUMBER=PAYMENT", "no such item"),
    (["first"], "item 'first': expected NUMBER=PAYMENT", "no number"),
    ([f"1={FIRST}", f"1={SECOND}"], f"item '1={SECOND}': expected NUMBER=PAYMENT, each once", "an item twice"),
    ([], "item 1: no payment of this person in GCVP-00100000071", "nothing was said of it"),
]


@pytest.mark.parametrize(("items", "reason", "why"), WRONG, ids=[why for *_, why in WRONG])
def test_what_does_not_fit_is_refused_and_changes_nothing(
    paid: Desk, tmp_path: Path, items: Sequence[str], reason: str, why: str
) -> None:
    told(paid, tmp_path, message(day(19), "70", [item(people(paid)[2])], NAMED))
    told(paid, tmp_path, message(day(19), "77", [item(replace(people(paid)[0], iin="800101399997"))], NAMED))
    before = counts(paid)
    with pytest.raises(Refusal) as refused:
        place(paid, Said(messages=["RMZ77"], items=items, reason="-"))
    assert reason in str(refused.value), why
    assert counts(paid) == before


def test_a_person_who_differs_is_placed_and_told(paid: Desk, tmp_path: Path) -> None:
    """A wrong IIN in the message: by hand it may be placed, and the answer says to compare."""
    told(paid, tmp_path, message(day(19), "77", [item(replace(people(paid)[0], iin="800101399997"))], NAMED))
    placed = place(paid, Said(messages=["RMZ77"], items=[f"1={FIRST}"], reason="опечатка в ИИН"))
    assert placed.look == (f"item 1 names another person than {FIRST}: compare them once more",)


def test_a_payment_is_not_given_to_two_items(paid: Desk, tmp_path: Path) -> None:
    first, *_ = people(paid)
    strangers = [item(replace(first, iin="800101399997")), item(replace(first, iin="800101399997"))]
    told(paid, tmp_path, message(day(19), "77", strangers, NAMED))
    with pytest.raises(Refusal, match=f"{FIRST} was named twice"):
        place(paid, Said(messages=["RMZ77"], items=[f"1={FIRST}", f"2={FIRST}"], reason="-"))


@pytest.mark.parametrize("name", ["RMZ99", "CASPKZKA/RMZ77", "", "/"])
def test_an_unknown_message_is_refused(paid: Desk, tmp_path: Path, name: str) -> None:
    told(paid, tmp_path, message(day(19), "77", [item(people(paid)[0], PART)], NAMED))
    with pytest.raises(Refusal, match="there is no single return message"):
        place(paid, replace(SHORT, messages=[name]))


def test_a_message_of_two_authorities_is_not_placed(desk: Desk, tmp_path: Path) -> None:
    both = two_authorities(desk, tmp_path)
    person = people(both)[0]
    told(both, tmp_path, message(day(19), "77", [item(person), item(person)], "Возврат, счет закрыт"))
    [owner, other] = [
        (row.authority_id, f"P{row.award_number}/1")
        for row in rows(
            both,
            "SELECT authority_id, award_number FROM esep.payment p WHERE NOT EXISTS ("
            "SELECT 1 FROM esep.payment_order o WHERE o.authority_id = p.authority_id "
            "AND o.order_number = p.order_number AND o.bic <> 'HSBKKZKX') ORDER BY 1",
        )
    ]
    assert (owner[0], other[0]) == (1, 2)
    items = [f"1={owner[1]}", f"2={other[1]}"]
    with pytest.raises(Refusal, match=r"say which --authority|is of several authorities, ALA, AST"):
        place(both, Said(messages=["RMZ77"], items=items, reason="-"))


def rows(desk: Desk, query: str) -> Sequence:  # type: ignore[type-arg]
    with desk.database.begin() as connection:
        return connection.execute(text(query)).all()


# --- One line for several messages ------------------------------------------------------------------------------------


def three_messages(desk: Desk, folder: Path, days: Sequence[int] = (19, 19, 19)) -> None:
    """A message for each person, of the first's day and so on."""
    each = [message(day(on), str(77 + n), [item(people(desk)[n])], NAMED) for n, on in enumerate(days)]
    told(replace(desk, today=day(max(days))), folder, *each)


ALL = {f"{KIND}{name}": FIVE_MRP for name in (FIRST, SECOND, THIRD)} | {"1 cash": 3 * FIVE_MRP}


@pytest.mark.parametrize("order", ["messages first", "line first"])
def test_a_line_of_all_that_a_bank_has_waiting_is_found(paid: Desk, tmp_path: Path, order: str) -> None:
    steps: list[Callable[[], object]] = [
        lambda: three_messages(paid, tmp_path),
        lambda: money(paid, tmp_path, 3 * FIVE_MRP, "900"),
    ]
    for step in steps if order == "messages first" else reversed(steps):
        step()
    assert balances(paid) == ALL
    assert differences(paid) == []
    [match] = rows(paid, "SELECT rule, reference FROM esep.line_match WHERE line_number = 4 AND matched_as = 'return'")
    assert (match.rule, match.reference) == ("all_of_bank", "1, 2, 3")


NOT_FOUND: list[tuple[int, Sequence[int], str, str]] = [
    (2 * FIVE_MRP, (19, 19, 19), "-", "the sum of two of three"),
    (3 * FIVE_MRP, (19, 19, 20), "-", "one of them is of a later day"),
    (3 * FIVE_MRP, (19, 19, 19), "Возврат по пл.поручению № 99 от 18.03.2024", "the line names another order"),
    (3 * FIVE_MRP + 1, (19, 19, 19), "-", "a tiyn more"),
]


@pytest.mark.parametrize(("amount", "days", "purpose", "why"), NOT_FOUND, ids=[why for *_, why in NOT_FOUND])
def test_no_set_of_messages_is_guessed(
    paid: Desk, tmp_path: Path, amount: int, days: Sequence[int], purpose: str, why: str
) -> None:
    three_messages(paid, tmp_path, days)
    money(replace(paid, today=day(20)), tmp_path, amount, "900", purpose=purpose)
    assert [name for name in balances(paid) if "returned" in name] == [], why


def test_two_lines_of_the_same_sum_are_not_chosen_between(paid: Desk, tmp_path: Path) -> None:
    three_messages(paid, tmp_path)
    lines = [credit(day(19), 3 * FIVE_MRP, "900"), credit(day(19), 3 * FIVE_MRP, "901")]
    statement.import_file(paid, written(tmp_path, *lines))
    assert [name for name in balances(paid) if "returned" in name] == []


def test_a_parked_message_among_them_keeps_the_sum_from_being_found(paid: Desk, tmp_path: Path) -> None:
    first, second, third, *_ = people(paid)
    each = [message(day(19), "77", [item(first)], NAMED), message(day(19), "78", [item(second)], NAMED)]
    told(paid, tmp_path, *each, message(day(19), "79", [item(replace(third, iin="800101399997"))], NAMED))
    money(paid, tmp_path, 3 * FIVE_MRP, "900")
    assert [name for name in balances(paid) if "returned" in name] == []
    names = [f"HSBKKZKX/RMZ{n}" for n in (77, 78, 79)]
    with pytest.raises(Refusal, match="message HSBKKZKX/RMZ79 is parked: say first whose payments it gives back"):
        place(paid, Said(line="S4", messages=names, reason="реестр банка"))
    placed = place(paid, Said(messages=[names[2]], items=[f"1={THIRD}"], reason="опечатка в ИИН"))
    assert placed.line == "S4", "now that all are known, the sum is found"
    assert balances(paid) == ALL


def test_two_of_three_messages_are_placed_by_hand(paid: Desk, tmp_path: Path) -> None:
    three_messages(paid, tmp_path)
    money(paid, tmp_path, 2 * FIVE_MRP, "900")
    said = Said(line="S4", messages=["RMZ77", "HSBKKZKX/79"], reason="реестр банка")
    place(paid, said, dry_run=True)
    placed = place(paid, said)
    assert (placed.payments, placed.amount, placed.rest) == (2, 2 * FIVE_MRP, 0)
    assert balances(paid) == {f"{KIND}{FIRST}": FIVE_MRP, f"{KIND}{THIRD}": FIVE_MRP, "1 cash": 2 * FIVE_MRP}
    assert differences(paid) == []
    before = counts(paid)
    assert place(paid, said).is_repeat
    assert counts(paid) == before
    money(paid, tmp_path, 2 * FIVE_MRP, "901")
    with pytest.raises(Refusal, match="the money of message RMZ77 was brought by S4 already"):
        place(paid, Said(line="S5", messages=["RMZ77", "RMZ78"], reason="-"))


@pytest.mark.parametrize(
    ("amount", "found"), [(1, "brings 0,01 KZT, but 2 messages together makes 36"), (3, "add --over")]
)
def test_a_sum_that_differs_is_refused(paid: Desk, tmp_path: Path, amount: int, found: str) -> None:
    three_messages(paid, tmp_path)
    money(paid, tmp_path, amount if amount == 1 else 2 * FIVE_MRP + 5_00, "900")
    with pytest.raises(Refusal) as refused:
        place(paid, Said(line="S4", messages=["RMZ77", "RMZ78"], reason="-"))
    assert found in str(refused.value).replace("\N{NO-BREAK SPACE}", " ")


def test_a_line_that_is_something_else_is_not_taken(paid: Desk, tmp_path: Path) -> None:
    three_messages(paid, tmp_path)
    for line, found in (("S1", "S1 does not wait whole on 205: it is transfer T1"), ("S9", "no statement line 'S9'")):
        with pytest.raises(Refusal, match=found):
            place(paid, Said(line=line, messages=["RMZ77", "RMZ78"], reason="-"))


@pytest.mark.parametrize(
    "said",
    [
        Said(reason="-"),
        Said(line="S4", reason="-"),
        Said(file=FILE, reason="-"),
        Said(file=FILE, line="S4", messages=["RMZ77"], reason="-"),
        Said(line="S4", messages=["RMZ77", "RMZ78"], items=["1=P1/1"], reason="-"),
    ],
)
def test_what_does_not_go_together_is_refused(paid: Desk, said: Said) -> None:
    with pytest.raises(Refusal, match="say either --message with --item"):
        place(paid, said)
    with pytest.raises(Refusal, match="needs a reason"):
        place(paid, replace(said, reason=" "))


# --- Storno -----------------------------------------------------------------------------------------------------------


def test_a_storno_gives_back_every_payment_of_the_file(paid: Desk, tmp_path: Path) -> None:
    money(paid, tmp_path, 3 * FIVE_MRP, "СТ-1", purpose="Сторно дебета")
    said = Said(line="S4", file=FILE, reason="банк сторнировал дебет")
    place(paid, said, dry_run=True)
    assert balances(paid) == {"0 cash": 3 * FIVE_MRP, "0 unidentified/S4": 3 * FIVE_MRP}
    placed = place(paid, said)
    assert (placed.payments, placed.amount, placed.line) == (3, 3 * FIVE_MRP, "S4")
    assert balances(paid) == ALL
    assert differences(paid) == []
    [told_so] = rows(paid, "SELECT reference, count, amount FROM esep.return_message")
    assert tuple(told_so) == ("STORNO S4", 3, 3 * FIVE_MRP)
    before = counts(paid)
    assert place(paid, said).is_repeat
    assert counts(paid) == before


def test_a_storno_after_a_return_gives_back_what_had_not_come(paid: Desk, tmp_path: Path) -> None:
    told(paid, tmp_path, message(day(19), "77", [item(people(paid)[0])], NAMED))
    money(paid, tmp_path, FIVE_MRP)
    money(paid, tmp_path, 2 * FIVE_MRP, "СТ-1", purpose=f"Сторно реф {FILE}")
    assert "1 unidentified/S5" in balances(paid)
    place(paid, Said(line="S5", file=FILE, reason="банк сторнировал дебет"))
    assert balances(paid) == ALL
    assert differences(paid) == []


NO_STORNO = [
    (2 * FIVE_MRP, FILE, "and 3 payments of the file have not come back, 55 380,00 KZT"),
    (3 * FIVE_MRP, "GCVP-00100000099", "no MT-102 was sent under this reference"),
]


@pytest.mark.parametrize(("amount", "file", "found"), NO_STORNO)
def test_a_line_that_is_no_storno_of_the_file_is_refused(
    paid: Desk, tmp_path: Path, amount: int, file: str, found: str
) -> None:
    money(paid, tmp_path, amount, "СТ-1")
    before = counts(paid)
    with pytest.raises(Refusal) as refused:
        place(paid, Said(line="S4", file=file, reason="-"))
    assert found in str(refused.value).replace("\N{NO-BREAK SPACE}", " ")
    assert counts(paid) == before


# --- Before and after its month ---------------------------------------------------------------------------------------


def test_a_return_before_the_payment_was_seen_on_a_statement(desk: Desk, tmp_path: Path) -> None:
    """The bank gives back at once, and the statement shows the file's debit only afterwards."""
    story = requested(desk, {("A", "HSBKKZKX"): 2})
    statement.import_file(desk, written(tmp_path, transfer(day(14), 2 * FIVE_MRP, "145")))
    story.send("A", "HSBKKZKX", [20_000_001, 20_000_002], day(18))
    later = replace(desk, today=day(19))
    told(later, tmp_path, message(day(18), "77", [item(people(desk)[0])], NAMED))
    money(later, tmp_path, FIVE_MRP, on=18)
    assert balances(later) == {
        "1 cash": 3 * FIVE_MRP,
        f"{KIND}{FIRST}": FIVE_MRP,
        f"1 transit/{FILE}": 2 * FIVE_MRP,
    }
    assert differences(later) == []
    taken = replace(debit(day(19), 2 * FIVE_MRP, "71"), dated=day(18))
    statement.import_file(later, written(tmp_path, taken, opening=3 * FIVE_MRP))
    assert balances(later) == {"1 cash": FIVE_MRP, f"{KIND}{FIRST}": FIVE_MRP}
    assert differences(later) == []


def test_a_storno_of_a_file_that_was_not_debited_is_refused(desk: Desk, tmp_path: Path) -> None:
    story = requested(desk, {("A", "HSBKKZKX"): 2})
    statement.import_file(desk, written(tmp_path, transfer(day(14), 2 * FIVE_MRP, "145")))
    story.send("A", "HSBKKZKX", [20_000_001, 20_000_002], day(18))
    later = replace(desk, today=day(19))
    money(later, tmp_path, 2 * FIVE_MRP, "СТ-1")
    with pytest.raises(Refusal, match="the bank has not debited"):
        place(later, Said(line="S2", file=FILE, reason="-"))


@pytest.mark.parametrize("what", ["fee kept", "storno", "claim"])
def test_what_is_placed_after_its_month_was_closed_counts_in_the_open_one(
    paid: Desk, tmp_path: Path, what: str
) -> None:
    """AMB-12: a signed month never changes, the money is booked on the day it was placed."""
    april = replace(paid, today=date(2024, 4, 2))
    if what == "storno":
        money(paid, tmp_path, 3 * FIVE_MRP, "СТ-1")
    else:
        fee_kept(paid, tmp_path)
    if what == "claim":
        place(paid, SHORT)
        money(paid, tmp_path, FEE, "90")
    statement.import_file(april, written(tmp_path, credit(date(2024, 3, 31), 1, "1", STRANGER)))
    close_march(april)
    march = (sums_of(april, date(2024, 3, 1)), counts(april)["month_lock"])
    if what == "storno":
        place(april, Said(line="S4", file=FILE, reason="банк сторнировал дебет"))
    elif what == "claim":
        claim.paid(april, "S5", FIRST, "доплата")
    else:
        place(april, SHORT)
    assert (sums_of(april, date(2024, 3, 1)), counts(april)["month_lock"]) == march
    assert differences(april) == differences(april, date(2024, 4, 1)) == []
    days = rows(april, "SELECT DISTINCT booked_on FROM esep.entry WHERE booked_on > '2024-03-31' AND kind <> 'x'")
    assert {row.booked_on for row in days} == {date(2024, 4, 2)}


def close_march(desk: Desk) -> None:
    """A closed month, without what a close would ask of the other side."""
    story = Story(desk)
    lock = {"month": date(2024, 3, 1), "closing_cash": 0}
    story.enter("month_closed", desk.today, {"month_lock": [lock]})


def sums_of(desk: Desk, month: date) -> list[str]:
    """The three sums of a month, document by document."""
    with desk.database.begin() as connection:
        return [str(one) for one in sums.three_sums(connection, 1, month, closing.last_day(month))]
