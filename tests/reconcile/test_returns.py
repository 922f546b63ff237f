"""Returns: people are found by what the text names, money by the statement's line, and neither is ever guessed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from formats import exchange
from formats.errors import FormatError
from formats.mt102 import Mt102Item
from ledgers import posting
from ledgers import returns as register
from reconcile import returns, statement
from reconcile.archive import Archive, Stored
from reconcile.desk import Desk
from reconcile.return_message import MessageChanged, incoming
from tests.ledgers.stories import Story
from tests.ledgers.story_rows import day
from tests.reconcile.bank import (
    AUTHORITY,
    FIVE_MRP,
    HALYK,
    KASPI,
    OUR_IBAN,
    Person,
    balances,
    cash_of_lines,
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

FIRST, SECOND, THIRD = (f"P2000000{n}/1" for n in (1, 2, 3))
NAMED = "Возврат по пл.поручению № 71 от 18.03.2024. Счет закрыт"


@pytest.fixture
def paid(desk: Desk, tmp_path: Path) -> Desk:
    """Three people at Halyk and one at Kaspi were paid by files 71 and 72 of the 18th; returns the desk of the 19th."""
    story = requested(desk, {("A", "HSBKKZKX"): 3, ("A", "CASPKZKA"): 1})
    story.desk = replace(desk, today=day(19))
    statement.import_file(desk, written(tmp_path, transfer(day(14), 4 * FIVE_MRP, "145")))
    story.send("A", "HSBKKZKX", [20_000_001, 20_000_002, 20_000_003], day(18))
    story.send("A", "CASPKZKA", [20_000_004], day(18))
    lines = [debit(day(18), 3 * FIVE_MRP, "71"), debit(day(18), FIVE_MRP, "72", KASPI)]
    statement.import_file(story.desk, written(tmp_path, *lines, opening=4 * FIVE_MRP))
    assert balances(desk) == {}
    return story.desk


def returned(desk: Desk) -> dict[str, int]:
    """What came back and waits for the authority: payment reference -> tiyn."""
    return {name.rpartition("/A/")[2]: amount for name, amount in balances(desk).items() if "1 returned/" in name}


def waiting(desk: Desk) -> list[register.Message]:
    with desk.database.begin() as connection:
        return register.waiting_messages(connection)


def parked(desk: Desk) -> list[register.Parked]:
    with desk.database.begin() as connection:
        return register.parked_messages(connection)


def entries(desk: Desk) -> list[tuple[int, str]]:
    """Book and kind of every entry, as they became known."""
    with desk.database.begin() as connection:
        rows = connection.execute(text("SELECT authority_id, kind FROM esep.entry ORDER BY recorded_at"))
        return [(row.authority_id, row.kind) for row in rows]


def test_message_first_then_its_money(paid: Desk, tmp_path: Path) -> None:
    first, second, *_ = people(paid)
    before = len(entries(paid))
    told = returns.import_file(paid, returns_file(tmp_path, message(day(19), "77", [item(first), item(second)], NAMED)))
    assert [(one.state, one.authority_code, one.count, one.reasons) for one in told.messages] == [
        ("money not seen", "AST", 2, ())
    ]
    assert returned(paid) == {}
    assert [one.document_number for one in waiting(paid)] == ["77"]
    result = statement.import_file(paid, written(tmp_path, credit(day(19), 2 * FIVE_MRP, "77")))
    assert [(one.matched_as, one.amount) for one in result.placed] == [("return", 2 * FIVE_MRP)]
    assert returned(paid) == {FIRST: FIVE_MRP, SECOND: FIVE_MRP}
    assert entries(paid)[before:] == [(1, "return_received"), (1, "return_money_seen"), (0, "statement_imported")]
    assert waiting(paid) == []


SEEN = [(1, "return_received"), (1, "return_money_seen")]
MONEY_FIRST = [
    ("Возврат GCVP-00100000071", "1 unidentified/S4", [*SEEN, (0, "return_money_seen")]),
    ("-", "0 unidentified/S4", [*SEEN, (0, "money_moved")]),
]


@pytest.mark.parametrize(("purpose", "waits_on", "expected"), MONEY_FIRST)
def test_money_first_then_its_message(
    paid: Desk, tmp_path: Path, purpose: str, waits_on: str, expected: list[tuple[int, str]]
) -> None:
    """Money whose authority is named waits there, other money in the own book, from which it moves by `between`."""
    result = statement.import_file(paid, written(tmp_path, credit(day(19), FIVE_MRP, "77", purpose=purpose)))
    assert [one.reason for one in result.unidentified] == ["no return message of HSBKKZKX has this money"]
    assert balances(paid)[waits_on] == FIVE_MRP
    before = len(entries(paid))
    told = returns.import_file(
        replace(paid, today=day(20)), returns_file(tmp_path, message(day(19), "77", [item(people(paid)[0])], NAMED))
    )
    assert [one.state for one in told.messages] == ["money seen"]
    assert returned(paid) == {FIRST: FIVE_MRP}
    assert balances(paid) == {f"1 returned/A/{FIRST}": FIVE_MRP, "1 cash": FIVE_MRP}
    assert entries(paid)[before:] == expected
    assert cash_of_lines(paid)[4] == FIVE_MRP
    with paid.database.begin() as connection:
        booked = connection.execute(text("SELECT returned_on FROM esep.return_money")).scalar_one()
        versions = connection.execute(
            text("SELECT version, matched_as, placed_in FROM esep.line_match WHERE line_number = 4 ORDER BY 1")
        ).all()
    assert booked == day(19)
    assert [tuple(row) for row in versions] == [(1, "unidentified", int(waits_on[0])), (2, "return", 1)]


class SwappedArchive(Archive):
    """An archive beside which the file is changed as soon as it was kept."""

    def keep_file(self, path: Path) -> Stored:
        stored = super().keep_file(path)
        path.write_bytes(b"something else")
        return stored


def amount_of(person: Person) -> Mt102Item:
    return item(person, 18_000_00)


def nobody(person: Person) -> Mt102Item:
    return item(replace(person, iin="800101399997"))


def other_account(person: Person) -> Mt102Item:
    return item(person, iban="KZ30601A000000000601")


FEE = "amount 18\N{NO-BREAK SPACE}000,00 differs from the payment's 18\N{NO-BREAK SPACE}460,00: fee kept? "
OTHER_ACCOUNT = "its account is not the one that was paid to"
NOT_SENT = "the purpose names {}, which was not sent to this bank".format
PARKED = [
    (amount_of, NAMED, f"{FEE}the service is free (R-006)", "E54"),
    (nobody, NAMED, "no payment of this person in GCVP-00100000071", "E56: person unknown"),
    (item, "Возврат п\\п № 99 от 18.03.2024", NOT_SENT("order 99 of 18.03.2024"), "E56: unknown order"),
    (item, "Возврат п\\п № 71 от 17.03.2024", NOT_SENT("order 71 of 17.03.2024"), "number right, date wrong"),
    (item, "Возврат, реф RMZ5", NOT_SENT("a reference that is not ours"), "E56: unknown reference"),
    (item, "Возврат, реф 800101399997", NOT_SENT("a reference that is not ours"), "an IIN for a reference"),
    (item, "Возврат, реф GCVP-99", NOT_SENT("GCVP-99"), "a reference like ours"),
    (item, "Возврат п\\п № 72 от 18.03.2024", NOT_SENT("order 72 of 18.03.2024"), "the order of another bank"),
    (other_account, NAMED, OTHER_ACCOUNT, "account differs"),
]


@pytest.mark.parametrize(("made", "purpose", "reason", "why"), PARKED, ids=[why for *_, why in PARKED])
def test_message_that_fits_nothing_is_parked_and_touches_nobody(
    paid: Desk, tmp_path: Path, made: Callable[[Person], Mt102Item], purpose: str, reason: str, why: str
) -> None:
    first, *_ = people(paid)
    path = returns_file(tmp_path, message(day(19), "77", [made(first)], purpose))
    told = returns.import_file(paid, path)
    expected = f"item 1: {reason}"
    with paid.database.begin() as connection:
        summaries = "\n".join(connection.execute(text("SELECT summary FROM esep.entry")).scalars())
    secrets = (first.iin, "800101399997", first.iban[:16], "KZ30601A00000000", first.surname, first.first_name)
    assert [one for one in secrets if one in summaries] == [], "the journal is for ever and keeps no person"
    assert [(one.state, one.authority_code, one.reasons) for one in told.messages] == [("parked", "", (expected,))], why
    assert [one.reason for one in parked(paid)] == [f"parked: {expected}"]
    assert counts(paid)["returned_payment"] == 0
    before = counts(paid)
    again = returns.import_file(paid, path)
    assert again.changes_nothing
    assert counts(paid) == before


def test_money_of_a_parked_message_waits_and_says_so(paid: Desk, tmp_path: Path) -> None:
    """E54: 18 000,00 of 18 460,00; the money is there, the person is not touched."""
    returns.import_file(paid, returns_file(tmp_path, message(day(19), "77", [item(people(paid)[0], 18_000_00)], NAMED)))
    result = statement.import_file(paid, written(tmp_path, credit(day(19), 18_000_00, "77")))
    assert [one.reason[:48] for one in result.unidentified] == ["its return message 77 fits no payments: item 1: "]
    assert returned(paid) == {}


def test_one_wrong_person_parks_the_whole_message(paid: Desk, tmp_path: Path) -> None:
    first, second, *_ = people(paid)
    told = returns.import_file(
        paid, returns_file(tmp_path, message(day(19), "77", [item(first), item(second, 1_00)], NAMED))
    )
    assert [reason[:14] for reason in told.messages[0].reasons] == ["item 2: amount"]
    assert counts(paid)["returned_payment"] == 0


def test_payment_comes_back_once(paid: Desk, tmp_path: Path) -> None:
    first, *_ = people(paid)
    path = returns_file(tmp_path, message(day(19), "77", [item(first)]), message(day(19), "78", [item(first)]))
    told = returns.import_file(paid, path)
    assert [(one.state, one.reasons) for one in told.messages] == [
        ("money not seen", ()),
        ("parked", ("item 1: it came back already",)),
    ]
    twice = message(day(19), "79", [item(people(paid)[1]), item(people(paid)[1])])
    told = returns.import_file(paid, returns_file(tmp_path, twice))
    assert told.messages[0].reasons == ("item 2: there is no second payment like it",)


def test_same_file_twice_changes_nothing_and_says_so(paid: Desk, tmp_path: Path) -> None:
    path = returns_file(tmp_path, message(day(19), "77", [item(people(paid)[0])]))
    statement.import_file(paid, written(tmp_path, credit(day(19), FIVE_MRP, "77")))
    returns.import_file(paid, path)
    before = counts(paid)
    again = returns.import_file(replace(paid, today=day(21)), path)
    assert again.changes_nothing
    assert [(one.state, one.is_repeat) for one in again.messages] == [("money seen", True)]
    assert counts(paid) == before


def test_message_again_with_other_content_is_a_conflict(paid: Desk, tmp_path: Path) -> None:
    first, second, *_ = people(paid)
    returns.import_file(paid, returns_file(tmp_path, message(day(19), "77", [item(first)])))
    path = returns_file(tmp_path, message(day(19), "77", [item(second, assign="Счет в другом банке")]))
    with pytest.raises(MessageChanged, match="other content") as caught:
        returns.import_file(paid, path)
    assert caught.value.changed[-2:] == ("item 1 iban", "item 1 reason")
    assert "not as it was: item 1 iin, item 1 surname" in str(caught.value)
    assert second.iin not in str(caught.value)
    with pytest.raises(MessageChanged) as caught:
        returns.import_file(paid, returns_file(tmp_path, message(day(19), "77", [item(first), item(second)])))
    assert caught.value.changed == ("amount", "count")
    with paid.database.begin() as connection:
        rows = connection.execute(
            text("SELECT verdict, faults FROM esep.received_file WHERE kind = 'return' ORDER BY recorded_at")
        )
        assert [tuple(row) for row in rows] == [("accepted", 0), ("refused", 1), ("refused", 1)]


def test_digest_of_a_message_is_over_named_values(paid: Desk) -> None:
    """What the books add to a message later does not make the same file another one."""
    person = people(paid)[0]
    found = incoming(message(day(19), "77", [item(person)], "Счет закрыт"))
    head = ("RMZ77", "77", day(19), "HSBKKZKX", HALYK[1], FIVE_MRP, 1, "Счет закрыт")
    names = (person.surname, person.first_name, person.patronymic)
    assert found.digest == posting.digest(*head, 1, person.iin, *names, person.iban, FIVE_MRP, "Счет закрыт")


def test_what_was_archived_is_what_is_read(paid: Desk, tmp_path: Path) -> None:
    swapped = replace(paid, archive=SwappedArchive(paid.archive.folder))
    told = returns.import_file(swapped, returns_file(tmp_path, message(day(19), "77", [item(people(paid)[0])])))
    assert [one.state for one in told.messages] == ["money not seen"]


def test_parked_message_finds_its_payment_when_the_file_was_sent(desk: Desk, tmp_path: Path) -> None:
    """The same file again tries again: here the return came before our file was recorded."""
    story = requested(desk, {("A", "HSBKKZKX"): 1})
    statement.import_file(desk, written(tmp_path, transfer(day(14), FIVE_MRP, "145")))
    path = returns_file(tmp_path, message(day(19), "77", [item(people(desk)[0])]))
    assert returns.import_file(desk, path).messages[0].state == "parked"
    story.send("A", "HSBKKZKX", [20_000_001], day(18))
    again = returns.import_file(desk, path)
    assert [(one.state, one.is_repeat) for one in again.messages] == [("money not seen", False)]
    assert parked(desk) == []


NAMING = [
    ("Возврат сумм, счет закрыт", "nothing is named: the person, amount, account and bank are enough when unique"),
    ("Возврат по пл.поручению № 000071 от 18\\03\\2024", "leading zeros, slashes"),
    ("реф GCVP-00100000071 п\\п № 5 от 01.01.2024", "our reference is stronger than a number"),
]


@pytest.mark.parametrize(("purpose", "reason"), NAMING)
def test_payment_is_found(paid: Desk, tmp_path: Path, purpose: str, reason: str) -> None:
    person = replace(people(paid)[1])
    for number, iban in (("77", person.iban), ("78", "")):
        told = returns.import_file(
            paid, returns_file(tmp_path, message(day(19), number, [item(person, iban=iban)], purpose))
        )
        person = people(paid)[2]
        assert told.messages[0].state == "money not seen", reason


PAIRS = [
    ([("77", day(19), "-")], ["77"], ["77"], "number and date"),
    ([("77", day(20), "-")], ["77"], ["77"], "the number, and the amount is the only one"),
    ([("NT-1", day(19), "-")], ["77"], ["77"], "a numbering of the bank's own, the only amount"),
    ([("NT-1", day(19), "-")], ["77", "78"], [], "two messages for one line: never a guess"),
    ([("NT-1", day(19), "-"), ("NT-2", day(19), "-")], ["77"], [], "two lines for one message: never a guess"),
    ([("NT-1", day(19), "реф RMZ78")], ["77", "78"], ["78"], "the message's own reference"),
    ([("78", day(19), "-"), ("77", day(19), "-")], ["77", "78"], ["77", "78"], "each its own, in any order"),
    ([("80", day(19), "-")], ["77"], [], "the number of another document"),
    ([("7" * 20, day(19), "-")], ["77"], ["77"], "a number too long to be a document's, the only amount"),
    ([("80", day(19), NAMED)], ["77"], [], "another document, though of the same order"),
    ([("NT-1", day(19), "Возврат п\\п № 72 от 18.03.2024")], ["77"], [], "another order is named"),
    ([("77", day(19), "-"), ("77", day(19), "-")], ["77"], ["77"], "equal lines: the first, the second waits"),
]


@pytest.mark.parametrize(("lines", "messages", "expected", "reason"), PAIRS, ids=[reason for *_, reason in PAIRS])
@pytest.mark.parametrize("money_first", [False, True])
def test_line_and_message_belong_together(
    paid: Desk,
    tmp_path: Path,
    lines: list[tuple[str, date, str]],
    messages: list[str],
    expected: list[str],
    reason: str,
    money_first: bool,
) -> None:
    """The same pairs are found whichever of the two comes first."""
    persons = people(paid)
    file = returns_file(
        tmp_path, *(message(day(19), number, [item(persons[place])], NAMED) for place, number in enumerate(messages))
    )
    content = [replace(credit(day(20), FIVE_MRP, number, purpose=purpose), dated=on) for number, on, purpose in lines]
    path = written(tmp_path, *content)
    if money_first:
        statement.import_file(paid, path)
        returns.import_file(paid, file)
    else:
        returns.import_file(paid, file)
        statement.import_file(paid, path)
    unseen = {one.document_number for one in waiting(paid)}
    assert sorted(set(messages) - unseen) == expected, reason
    assert sum(returned(paid).values()) == FIVE_MRP * len(expected)
    assert sum(cash_of_lines(paid)[line] for line in range(4, 4 + len(lines))) == FIVE_MRP * len(lines)


def test_credit_of_a_banks_customer_is_not_the_banks_return(paid: Desk, tmp_path: Path) -> None:
    returns.import_file(paid, returns_file(tmp_path, message(day(19), "77", [item(people(paid)[0])])))
    stranger = ("230640999996", "KZ076017A99999999900", "HSBKKZKX")
    result = statement.import_file(paid, written(tmp_path, credit(day(19), FIVE_MRP, "77", stranger)))
    assert [one.reason for one in result.unidentified] == ["the payer is no authority and no bank"]
    without_bin = ("", "KZ30601A000000000601", "HSBKKZKX")
    result = statement.import_file(paid, written(tmp_path, credit(day(20), FIVE_MRP, "77", without_bin)))
    assert [one.matched_as for one in result.placed] == ["return"]


def test_file_that_is_no_return_to_us_is_refused_with_all_faults(paid: Desk, tmp_path: Path) -> None:
    person = people(paid)[0]
    wrong = [
        message(day(19), "77", [item(person)], account="KZ30601A000000000601"),
        message(day(19), "78", [item(replace(person, iin="800101399998"))], side=AUTHORITY),
        message(day(19), "79", [item(person, iban="KZ31601A000000000601")], side=(HALYK[0], KASPI[1], HALYK[2])),
    ]
    with pytest.raises(FormatError) as caught:
        returns.import_file(paid, returns_file(tmp_path, *wrong))
    assert [(fault.place, fault.expected) for fault in caught.value.faults] == [
        ("message 1, :59:", f"our account {OUR_IBAN}"),
        ("message 2, :52B:", "a bank of the setup"),
        ("message 2, :21:1, /IDN/", "check digit 7"),
        ("message 3, :50:", "an account at HSBKKZKX, bank code 601 (E46)"),
        ("message 3, :21:1, /LA/", "check digits 30"),
    ]
    assert counts(paid)["return_message"] == 0


def test_reason_of_each_person_is_kept(paid: Desk, tmp_path: Path) -> None:
    first, second, *_ = people(paid)
    returns.import_file(
        paid,
        returns_file(
            tmp_path, message(day(19), "77", [item(first, assign="[ИИН] не соответствует Ф.И.О."), item(second)])
        ),
    )
    with paid.database.begin() as connection:
        rows = connection.execute(text("SELECT reason FROM esep.return_item ORDER BY item"))
        assert [row.reason for row in rows] == ["[ИИН] не соответствует Ф.И.О.", "Счет закрыт"]


def come_back(desk: Desk, folder: Path, person: Person, number: str, on: date) -> None:
    returns.import_file(desk, returns_file(folder, message(on, number, [item(person)])))
    statement.import_file(desk, written(folder, credit(on, FIVE_MRP, number)))


def test_notice_covers_what_came_back_since_the_last_one(paid: Desk, tmp_path: Path) -> None:
    first, second, *_ = people(paid)
    out = tmp_path / "out"
    assert returns.notify(paid, out).notices == ()
    returns.import_file(paid, returns_file(tmp_path, message(day(19), "76", [item(people(paid)[2])])))
    assert returns.notify(paid, out).notices == ()
    come_back(paid, tmp_path, first, "77", day(19))
    sent = returns.notify(paid, out)
    assert [(one.number, one.count, one.amount) for one in sent.notices] == [("AST-1", 1, FIVE_MRP)]
    (told,) = sent.notices[0].lines
    assert (told.payment_reference, told.order_number, told.iin, told.returned_on, told.reason) == (
        FIRST,
        "71",
        first.iin,
        day(19),
        "Счет закрыт",
    )
    assert sorted(path.name for path in out.iterdir()) == [
        "return-notice-AST-1-kk.xlsx",
        "return-notice-AST-1-ru.xlsx",
        "return-notice-AST-1.xml",
    ]
    assert exchange.read((out / "return-notice-AST-1.xml").read_bytes(), "notice") == sent.notices[0]
    come_back(paid, tmp_path, second, "78", day(20))
    assert [(one.number, one.count) for one in returns.notify(paid, out).notices] == [("AST-2", 1)]


def test_notifying_again_tells_nobody_twice_and_writes_missing_files(paid: Desk, tmp_path: Path) -> None:
    come_back(paid, tmp_path, people(paid)[0], "77", day(19))
    out = tmp_path / "out"
    returns.notify(paid, out)
    before = counts(paid)
    octets = (out / "return-notice-AST-1.xml").read_bytes()
    (out / "return-notice-AST-1.xml").unlink()
    again = returns.notify(replace(paid, today=day(25)), out)
    assert again.notices == ()
    assert [file.path.name for file in again.files if file.written] == ["return-notice-AST-1.xml"]
    assert (out / "return-notice-AST-1.xml").read_bytes() == octets
    assert counts(paid) == before


def test_return_of_a_resend_is_a_return_of_the_second_attempt(paid: Desk, tmp_path: Path) -> None:
    """E58: the chain of attempts; the person's first payment came back already, so the second one is meant."""
    first, *_ = people(paid)
    come_back(paid, tmp_path, first, "77", day(19))
    story = Story(paid)
    story.orders = dict.fromkeys(("71", "72"), 0)
    story.resolve(20_000_001, "resend", day(27))
    story.send("A", "CASPKZKA", [20_000_001], day(28), attempt=2)
    april = replace(paid, today=date(2024, 4, 1))
    resent = replace(first, iban=f"KZ71722{first.iban[7:]}")
    with paid.database.begin() as connection:
        iban = connection.execute(text("SELECT iban FROM esep.award_line WHERE version = 2")).scalar_one()
    told = returns.import_file(
        april,
        returns_file(tmp_path, message(date(2024, 4, 1), "5", [item(resent, iban="")], "Счет закрыт", side=KASPI)),
    )
    assert told.messages[0].state == "money not seen"
    assert iban == resent.iban
    statement.import_file(april, written(tmp_path, credit(date(2024, 4, 1), FIVE_MRP, "5", KASPI)))
    assert returned(paid) == {"P20000001/2": FIVE_MRP}


def test_order_that_the_text_names_tells_one_authority_from_the_other(desk: Desk, tmp_path: Path) -> None:
    """A person who was paid the same by two authorities at one bank: without a name it would be a guess."""
    both = two_authorities(desk, tmp_path)
    person = people(both)[0]
    told = returns.import_file(
        both,
        returns_file(
            tmp_path,
            message(day(19), "1", [item(person)], "Счет закрыт"),
            message(day(19), "2", [item(person)], "Возврат платежа № 72 от 18.03.2024"),
            message(day(19), "3", [item(person)], "Возврат GCVP-00100000071"),
        ),
    )
    assert [(one.state, one.authority_code) for one in told.messages] == [
        ("parked", ""),
        ("money not seen", "ALA"),
        ("money not seen", "AST"),
    ]
    assert told.messages[0].reasons == (
        "item 1: it fits P20000001/1 of GCVP-00100000071 and P20000001/1 of GCVP-00200000072 alike",
    )


def test_message_over_two_authorities_is_parked(desk: Desk, tmp_path: Path) -> None:
    both = two_authorities(desk, tmp_path)
    person = people(both)[0]
    purpose = "Возврат платежей № 71, 72 от 18.03.2024"
    told = returns.import_file(
        both, returns_file(tmp_path, message(day(19), "1", [item(person), item(person)], purpose))
    )
    assert told.messages[0].reasons == (
        "its people were paid for several authorities, ALA, AST: a message is booked for one",
    )


def test_money_put_into_another_authoritys_book_moves_to_its_own(desk: Desk, tmp_path: Path) -> None:
    """The line names the file of one authority, the message has the person of the other: the message decides."""
    both = two_authorities(desk, tmp_path)
    line = credit(day(19), FIVE_MRP, "1", purpose="реф RMZ1, возврат GCVP-00200000072")
    statement.import_file(both, written(tmp_path, line))
    assert balances(both)["2 unidentified/S3"] == FIVE_MRP
    before = balances(both)["1 cash"]
    returns.import_file(
        both, returns_file(tmp_path, message(day(19), "1", [item(people(both)[0])], "Возврат GCVP-00100000071"))
    )
    found = balances(both)
    assert (found["1 returned/A/P20000001/1"], found["1 cash"] - before) == (FIVE_MRP, FIVE_MRP)
    assert not [name for name in found if "unidentified" in name or "between" in name]
    assert cash_of_lines(both)[3] == FIVE_MRP
