"""Statements: transfers are placed, files are settled, what fits nothing is listed, and nothing is booked twice."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from formats.errors import FormatError
from formats.onec import StatementLine
from ledgers import closing, db, verify
from ledgers.errors import TakenAlready
from reconcile import report, statement
from reconcile.archive import Archive, Stored
from reconcile.close import MonthNotOver
from reconcile.desk import Desk
from tests.ledgers.conftest import NewBooks
from tests.ledgers.stories import REQUEST
from tests.ledgers.story_rows import day
from tests.reconcile.bank import (
    A_MONTH,
    AUTHORITY,
    B_MONTH,
    FIVE_MRP,
    HALYK,
    KASPI,
    OUR_IBAN,
    STRANGER,
    balances,
    cash_of_lines,
    counts,
    credit,
    debit,
    line,
    requested,
    transfer,
    two_authorities,
)
from tests.reconcile.bank import statement as written
from tests.reconcile.golden import play

A = f"1 funding/A/{REQUEST}"
B = f"1 funding/B/{REQUEST}"
OPEN_A = f"1 requested/A/{REQUEST}"
OPEN_B = f"1 requested/B/{REQUEST}"


def cash(desk: Desk) -> int:
    return sum(amount for account, amount in balances(desk).items() if account.endswith(" cash"))


PLACED = [
    ([(A_MONTH, REQUEST), (B_MONTH, REQUEST)], {A: A_MONTH, B: B_MONTH}, "amount tells the kind of a named request"),
    ([(A_MONTH, "-"), (B_MONTH, "-")], {A: A_MONTH, B: B_MONTH}, "the amount of one kind of one open request"),
    ([(A_MONTH + B_MONTH, REQUEST)], {A: A_MONTH, B: B_MONTH}, "one transfer covers all kinds"),
    (
        [(A_MONTH + B_MONTH + 270_00, REQUEST)],
        {A: A_MONTH, B: B_MONTH, "1 unidentified/S1": 270_00},
        "E34: digits swapped, 270,00 is above the request",
    ),
    ([(1_000_000_00, REQUEST)], {OPEN_A: A_MONTH, OPEN_B: B_MONTH, "1 unidentified/S1": 1_000_000_00}, "no kind"),
    ([(A_MONTH + B_MONTH, "-")], {A: A_MONTH, B: B_MONTH}, "one order for all that one request awaits"),
    (
        [(A_MONTH + B_MONTH - 1_00, "-")],
        {OPEN_A: A_MONTH, OPEN_B: B_MONTH, "1 unidentified/S1": A_MONTH + B_MONTH - 1_00},
        "E35",
    ),
    ([(A_MONTH, "AST-2024-0009")], {OPEN_A: A_MONTH, "1 unidentified/S1": A_MONTH}, "names a request never sent"),
    (
        [(A_MONTH, REQUEST), (500_00, REQUEST)],
        {A: A_MONTH, B: 500_00, OPEN_B: B_MONTH - 500_00},
        "E32: part of the only kind that is open",
    ),
    (
        [(A_MONTH, "-"), (A_MONTH, REQUEST)],
        {A: A_MONTH, OPEN_B: B_MONTH, "1 unidentified/S1": A_MONTH},
        "the one that names its request comes first",
    ),
]


@pytest.mark.parametrize(("transfers", "expected", "reason"), PLACED, ids=[reason for *_, reason in PLACED])
def test_transfers_are_placed_on_requests(
    desk: Desk, tmp_path: Path, transfers: list[tuple[int, str]], expected: dict[str, int], reason: str
) -> None:
    requested(desk)
    lines = [transfer(day(14), amount, str(145 + place), purpose) for place, (amount, purpose) in enumerate(transfers)]
    statement.import_file(desk, written(tmp_path, *lines))
    found = balances(desk)
    assert {name: found.get(name, 0) for name in expected} == expected, reason
    assert cash(desk) == sum(amount for amount, _ in transfers)


def test_transfer_before_its_request_waits(desk: Desk, tmp_path: Path) -> None:
    """A request of the 12th cannot take money of the 11th: it was not asked for on that day."""
    requested(desk)
    result = statement.import_file(desk, written(tmp_path, transfer(day(11), A_MONTH, "145")))
    assert [one.reason for one in result.unidentified] == [f"request {REQUEST} was sent later"]


def test_every_transfer_is_in_the_register_placed_or_not(desk: Desk, tmp_path: Path) -> None:
    """Appendix 1 lists what was received, also above the request (E34) and without one (E35)."""
    requested(desk)
    lines = [transfer(day(14), A_MONTH, "145"), transfer(day(14), 7_00, "146", "-")]
    result = statement.import_file(desk, written(tmp_path, *lines))
    with desk.database.begin() as connection:
        rows = connection.execute(text("SELECT order_number, amount, received_on FROM esep.transfer ORDER BY 1")).all()
    assert [tuple(row) for row in rows] == [("145", A_MONTH, day(14)), ("146", 7_00, day(14))]
    assert [(one.matched_as, one.count, one.amount) for one in result.placed] == [
        ("transfer", 1, A_MONTH),
        ("unidentified", 1, 7_00),
    ]


def test_same_transfer_again_stands_on_unidentified(desk: Desk, tmp_path: Path) -> None:
    """E39: number, date, BIN and amount are a transfer's identity; a second real credit is money all the same."""
    requested(desk)
    first = transfer(day(14), A_MONTH, "145")
    statement.import_file(desk, written(tmp_path, first))
    again = replace(first, booked_on=day(15))
    result = statement.import_file(desk, written(tmp_path, again, opening=A_MONTH))
    assert [one.reason for one in result.unidentified] == [
        "same transfer again: it came on 14.03.2024 already, as line 1"
    ]
    assert balances(desk)["1 unidentified/S2"] == A_MONTH


def sent_halyk(desk: Desk, tmp_path: Path) -> list[StatementLine]:
    """The money came and file 71 went to Halyk for two people on the 18th; returns the lines so far."""
    story = requested(desk, {("A", "HSBKKZKX"): 2})
    lines = [transfer(day(14), 2 * FIVE_MRP, "145")]
    statement.import_file(desk, written(tmp_path, *lines))
    story.send("A", "HSBKKZKX", [20_000_001, 20_000_002], day(18))
    return lines


def test_debit_settles_the_file_by_number_date_and_amount(desk: Desk, tmp_path: Path) -> None:
    sent_halyk(desk, tmp_path)
    result = statement.import_file(desk, written(tmp_path, debit(day(18), 2 * FIVE_MRP, "71"), opening=2 * FIVE_MRP))
    assert not result.unplaced
    assert [(one.matched_as, one.count, one.amount) for one in result.placed] == [("settlement", 1, 2 * FIVE_MRP)]
    assert balances(desk) == {}


NAMED = "референс GCVP-00100000071"
OTHER_SIDE = "GCVP-00100000071 went to HSBKKZKX, and the line's other side is another"
UNPLACED = [
    (debit(day(18), 2 * FIVE_MRP, "99"), "no file was sent under number 99"),
    (debit(day(18), 2 * FIVE_MRP, "NT-71"), "no file was sent under number NT-71"),
    (debit(day(18), FIVE_MRP, "71"), "GCVP-00100000071 is of 36\N{NO-BREAK SPACE}920,00"),
    (debit(day(17), 2 * FIVE_MRP, "71"), "GCVP-00100000071 was sent later, on 18.03.2024"),
    (replace(debit(day(18), 2 * FIVE_MRP, "71"), dated=day(17)), "GCVP-00100000071 was sent later, on 18.03.2024"),
    (debit(day(19), 2 * FIVE_MRP, "71"), "GCVP-00100000071 is dated 18.03.2024, not 19.03.2024"),
    (debit(day(18), 2 * FIVE_MRP, "71", KASPI), OTHER_SIDE),
    (debit(day(18), 2 * FIVE_MRP, "71", AUTHORITY), OTHER_SIDE),
    (debit(day(18), 2 * FIVE_MRP, "71", STRANGER), OTHER_SIDE),
    (debit(day(18), 2 * FIVE_MRP, "71", ("", "", "CASPKZKA")), OTHER_SIDE),
    (debit(day(18), 2 * FIVE_MRP, "NT-1", KASPI, NAMED), OTHER_SIDE),
    (debit(day(18), FIVE_MRP, "NT-1", HALYK, NAMED), "GCVP-00100000071 is of 36\N{NO-BREAK SPACE}920,00"),
    (debit(day(18), 2 * FIVE_MRP, "7" * 20), f"no file was sent under number {'7' * 20}"),
    (debit(day(18), 2 * FIVE_MRP, "7" * 5000), f"no file was sent under number {'7' * 5000}"),
]


@pytest.mark.parametrize(("wrong", "reason"), UNPLACED, ids=range(len(UNPLACED)))
def test_debit_that_fits_no_file_is_listed_and_posts_nothing(
    desk: Desk, tmp_path: Path, wrong: StatementLine, reason: str
) -> None:
    sent_halyk(desk, tmp_path)
    before = balances(desk)
    result = statement.import_file(desk, written(tmp_path, wrong, opening=2 * FIVE_MRP))
    assert [one.reason for one in result.unplaced] == [reason]
    assert balances(desk) == before


def test_file_is_debited_once(desk: Desk, tmp_path: Path) -> None:
    sent_halyk(desk, tmp_path)
    twice = [debit(day(18), 2 * FIVE_MRP, "71"), debit(day(18), 2 * FIVE_MRP, "71")]
    result = statement.import_file(desk, written(tmp_path, *twice, opening=4 * FIVE_MRP))
    assert [one.reason for one in result.unplaced] == ["GCVP-00100000071 was debited already"]
    assert [one.line.occurrence for one in result.unplaced] == [2]


SETTLING = [
    (debit(day(18), 2 * FIVE_MRP, "NT-475719", purpose=NAMED), "the reference, a number of the bank's own"),
    (debit(day(19), 2 * FIVE_MRP, "5", purpose=NAMED), "the reference, a number and a date of the bank's own"),
    (replace(debit(day(19), 2 * FIVE_MRP, "000071"), dated=day(18)), "debited a day after, the document is of its day"),
    (debit(day(18), 2 * FIVE_MRP, "71", ("", "", "HSBKKZKX")), "no BIN, the bank by its BIC"),
    (debit(day(18), 2 * FIVE_MRP, "71", ("", "", "")), "nothing that contradicts"),
]


@pytest.mark.parametrize(("line", "reason"), SETTLING, ids=[reason for _, reason in SETTLING])
def test_debit_that_nothing_contradicts_settles_the_file(
    desk: Desk, tmp_path: Path, line: StatementLine, reason: str
) -> None:
    sent_halyk(desk, tmp_path)
    result = statement.import_file(desk, written(tmp_path, line, opening=2 * FIVE_MRP))
    assert (result.unplaced, balances(desk)) == ((), {}), reason


def test_refund_is_settled_by_the_authority_alone(desk: Desk, tmp_path: Path) -> None:
    """An MT-100 pays the authority: a debit of a bank under its number, date and amount is another payment."""
    play(desk, "refund", tmp_path / "out")
    april = replace(desk, today=date(2024, 4, 1))
    path = written(tmp_path, debit(day(29), 2 * FIVE_MRP, "77", HALYK), opening=2 * FIVE_MRP)
    assert [one.reason for one in statement.import_file(april, path).unplaced] == [
        "GCVP-00100000077 went to KKMFKZ2A, and the line's other side is another"
    ]


BACK = [
    ("4", day(30), "Возврат по пл.поручению № 77 от 29.03.2024, неверный счет", "number and date"),
    ("4", day(30), "Возврат, реф GCVP-00100000077", "the reference"),
    ("77", day(29), "-", "its very document"),
]


@pytest.mark.parametrize(("number", "dated", "purpose", "reason"), BACK, ids=[reason for *_, reason in BACK])
def test_refund_that_the_authority_gives_back_is_no_transfer(
    desk: Desk, tmp_path: Path, number: str, dated: date, purpose: str, reason: str
) -> None:
    play(desk, "month_end", tmp_path / "out")
    back = replace(transfer(day(30), 2 * FIVE_MRP, number, purpose), dated=dated)
    result = statement.import_file(replace(desk, today=date(2024, 4, 1)), written(tmp_path, back))
    assert [one.reason for one in result.unidentified] == [
        "it gives back refund GCVP-00100000077 of 29.03.2024, so it is no transfer"
    ], reason
    assert counts(desk)["transfer"] == 2


def test_number_of_a_refund_alone_is_a_number_of_the_authority(desk: Desk, tmp_path: Path) -> None:
    play(desk, "month_end", tmp_path / "out")
    own = transfer(day(30), 2 * FIVE_MRP, "77", "Трансферт по пл.поручению № 77 от 30.03.2024")
    statement.import_file(replace(desk, today=date(2024, 4, 1)), written(tmp_path, own))
    assert counts(desk)["transfer"] == 3


def test_debit_imported_before_its_file_is_placed_by_the_same_statement_later(desk: Desk, tmp_path: Path) -> None:
    """The one thing that a repeated statement may change: what it could not place."""
    story = requested(desk, {("A", "HSBKKZKX"): 2})
    path = written(tmp_path, transfer(day(14), 2 * FIVE_MRP, "145"), debit(day(18), 2 * FIVE_MRP, "71"))
    assert len(statement.import_file(desk, path).unplaced) == 1
    story.send("A", "HSBKKZKX", [20_000_001, 20_000_002], day(18))
    again = statement.import_file(desk, path)
    assert again.is_repeat
    assert not again.changes_nothing
    assert [(one.matched_as, one.count) for one in again.placed] == [("settlement", 1)]
    assert cash(desk) == 0
    before = counts(desk)
    assert statement.import_file(desk, path).changes_nothing
    assert counts(desk) == before


def test_same_statement_twice_changes_nothing_and_says_so(desk: Desk, tmp_path: Path) -> None:
    requested(desk)
    path = written(tmp_path, transfer(day(14), A_MONTH, "145"), transfer(day(14), 7_00, "146", "-"))
    statement.import_file(desk, path)
    before = counts(desk)
    again = statement.import_file(replace(desk, today=day(20)), path)
    assert again.changes_nothing
    assert (again.new_lines, again.known_lines, again.statement_number) == (0, 2, 1)
    assert counts(desk) == before


def test_monthly_file_over_daily_ones_brings_only_what_is_missing(desk: Desk, tmp_path: Path) -> None:
    requested(desk)
    first = transfer(day(14), A_MONTH, "145")
    second = transfer(day(15), B_MONTH, "146")
    third = credit(day(19), FIVE_MRP, "77")
    statement.import_file(desk, written(tmp_path, first))
    statement.import_file(desk, written(tmp_path, second, opening=A_MONTH))
    before = balances(desk)
    result = statement.import_file(desk, written(tmp_path, third, second, first))
    assert (result.new_lines, result.known_lines) == (1, 2)
    assert balances(desk) == before | {"0 unidentified/S3": FIVE_MRP, "0 cash": FIVE_MRP}


def test_equal_lawful_lines_of_one_day_are_kept(desk: Desk, tmp_path: Path) -> None:
    """Two people may send the same amount on the same day under the same number; a wider file repeats both."""
    requested(desk)
    twins = [credit(day(19), FIVE_MRP, "1", STRANGER), credit(day(19), FIVE_MRP, "1", STRANGER)]
    statement.import_file(desk, written(tmp_path, twins[0]))
    result = statement.import_file(desk, written(tmp_path, *twins))
    assert (result.new_lines, result.known_lines) == (1, 1)
    assert balances(desk)["0 cash"] == 2 * FIVE_MRP
    assert statement.import_file(desk, written(tmp_path, *twins, transfer(day(20), 5_00, "9"))).known_lines == 2


X = credit(day(19), FIVE_MRP, "1", STRANGER)
GOING_ON = [
    ([([X], 0), ([X], FIVE_MRP)], 2, "an equal line in the second half of the day"),
    ([([X], 0), ([X], FIVE_MRP), ([X, X], 0)], 2, "then the whole day"),
    ([([X], 0), ([X], FIVE_MRP), ([X, debit(day(20), 1, "9")], FIVE_MRP)], 2, "the second half again, and a day more"),
    ([([X], 0), ([X, credit(day(20), 5_00, "2")], FIVE_MRP)], 2, "the second half of the day and the next one"),
    ([([X], 0), ([X], 0)], 1, "another file of the first half"),
    ([([X], 7), ([X, X], 7)], 2, "the whole day after its first half"),
    (
        [([X, debit(day(19), FIVE_MRP, "9")], 0), ([X, debit(day(19), FIVE_MRP, "9"), X], 0)],
        2,
        "the balance did not move",
    ),
    (
        [([credit(day(18), 1, "3"), X, debit(day(19), FIVE_MRP, "9")], 0), ([X], 1)],
        1,
        "the balance did not move: doubt",
    ),
    ([([X, credit(day(20), 1, "3")], 0), ([X], FIVE_MRP)], 1, "a file that reaches further is there"),
]


@pytest.mark.parametrize(("files", "expected", "reason"), GOING_ON, ids=[reason for *_, reason in GOING_ON])
def test_statement_that_goes_on_within_a_day_brings_its_own_lines(
    desk: Desk, tmp_path: Path, files: list[tuple[list[StatementLine], int]], expected: int, reason: str
) -> None:
    """Its opening balance is the closing one of the statement before: it begins after the lines that are known."""
    requested(desk)
    for lines, opening in files:
        path = written(tmp_path, *lines, opening=opening)
        path.write_bytes(path.read_bytes() + b"\r\n" * len(list(tmp_path.iterdir())))
        statement.import_file(desk, path)
        assert statement.import_file(desk, path).new_lines == 0, "the same file again"
    with desk.database.begin() as connection:
        rows = connection.execute(
            text("SELECT count(*) FROM esep.statement_line WHERE document_number = '1' AND direction = 'credit'")
        )
        assert rows.scalar_one() == expected, reason


def test_what_the_bank_has_and_the_books_lack_is_told(desk: Desk, tmp_path: Path) -> None:
    requested(desk)
    first = written(tmp_path, transfer(day(14), A_MONTH, "145"), debit(day(15), 3_00, "99"))
    assert statement.import_file(desk, first).difference == 0, "what is unplaced is counted"
    missing = written(tmp_path, credit(day(20), 5_00, "2"), opening=A_MONTH + 7_00)
    assert statement.import_file(desk, missing).difference == 10_00, "a statement between the two is not there"
    assert statement.import_file(desk, missing).difference == 10_00, "the same file says the same"
    assert statement.import_file(desk, first).difference is None, "another one reaches further"
    between = written(tmp_path, credit(day(18), 10_00, "1"), opening=A_MONTH - 3_00)
    assert statement.import_file(desk, between).difference is None
    assert statement.import_file(desk, missing).difference == 0


def test_each_line_moves_cash_once(desk: Desk, tmp_path: Path) -> None:
    lines = [*sent_halyk(desk, tmp_path), debit(day(18), 2 * FIVE_MRP, "71"), credit(day(19), FIVE_MRP, "77")]
    statement.import_file(desk, written(tmp_path, *lines))
    statement.import_file(desk, written(tmp_path, *lines, transfer(day(20), 3_00, "147", "-")))
    assert cash_of_lines(desk) == {1: 2 * FIVE_MRP, 2: -2 * FIVE_MRP, 3: FIVE_MRP, 4: 3_00}
    assert cash(desk) == FIVE_MRP + 3_00


def test_order_of_the_lines_does_not_matter(desk: Desk, tmp_path: Path) -> None:
    requested(desk)
    lines = [
        transfer(day(14), A_MONTH, "147", "-"),
        transfer(day(14), B_MONTH, "146", "-"),
        transfer(day(14), A_MONTH, "145", REQUEST),
    ]
    result = statement.import_file(desk, written(tmp_path, *lines))
    assert [one.line.document_number for one in result.unidentified] == ["147"]


def written_in_books(location: db.Location) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """The entries with their roots, and the matches of the lines."""
    with db.opened(location) as database, database.begin() as connection:
        assert verify.verify(connection, ()).is_sound
        entries = connection.execute(
            text("SELECT authority_id, number, kind, summary, leaves, root FROM esep.entry ORDER BY 1, 2")
        )
        matches = connection.execute(text("SELECT * FROM esep.line_match ORDER BY line_number, version"))
        return [tuple(row) for row in entries], [tuple(row) for row in matches]


def test_many_lines_are_entered_at_once_as_they_would_be_one_by_one(
    new_books: NewBooks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An entry for each line, however many there are: numbers, rows and roots are those of single entries."""
    lines = [credit(day(14), 100 + number, str(900_000 + number)) for number in range(120)]
    lines += [debit(day(14), 200 + number, str(700_000 + number)) for number in range(3)]
    file = written(tmp_path, *lines)
    seen = []
    for grouping in (statement._grouping, lambda placement: (placement.book, False)):
        monkeypatch.setattr(statement, "_grouping", grouping)
        with new_books() as location:
            with db.opened(location) as database:
                desk = Desk(database=database, archive=Archive(tmp_path / "a"), actor="tester", today=day(14))
                play(desk, "setup", tmp_path)
                result = statement.import_file(desk, file)
                assert (result.new_lines, len(result.unidentified), len(result.unplaced)) == (123, 120, 3)
            seen.append(written_in_books(location))
    assert seen[0] == seen[1]
    assert len(seen[0][1]) == 120


def test_statement_of_another_account_is_refused_with_all_faults(desk: Desk, tmp_path: Path) -> None:
    requested(desk)
    bad = ("160440007162", "KZ31601A000000000601", "HSBKKZKX")
    path = written(tmp_path, line("credit", day(14), 5, "1", bad), account="KZ30601A000000000601")
    with pytest.raises(FormatError) as caught:
        statement.import_file(desk, path)
    assert [fault.expected for fault in caught.value.faults] == [
        "our account KZ24009ESEP000000001",
        "check digit 1",
        "check digits 30",
    ]
    with desk.database.begin() as connection:
        row = connection.execute(
            text("SELECT kind, verdict, faults, sha256 FROM esep.received_file WHERE faults > 0")
        ).one()
        assert connection.execute(text("SELECT count(*) FROM esep.statement_line")).scalar_one() == 0
    assert (row.kind, row.verdict, row.faults) == ("statement", "refused", 3)
    assert desk.archive.path(bytes(row.sha256)).read_bytes() == path.read_bytes()


def test_late_line_of_a_closed_month_is_booked_today_with_its_own_value_date(desk: Desk, tmp_path: Path) -> None:
    story = requested(desk)
    lock = {"month": date(2024, 3, 1), "closing_cash": 0}
    story.enter("month_closed", date(2024, 4, 1), {"month_lock": [lock]})
    april = replace(desk, today=date(2024, 4, 3))
    statement.import_file(april, written(tmp_path, transfer(day(29), A_MONTH, "145")))
    with desk.database.begin() as connection:
        entry = connection.execute(
            text("SELECT booked_on, value_date FROM esep.entry WHERE kind = 'transfer_received'")
        ).one()
        received = connection.execute(text("SELECT received_on FROM esep.transfer")).scalar_one()
    assert tuple(entry) == (date(2024, 4, 3), day(29))
    assert received == date(2024, 4, 3)


def test_closed_month_of_an_authority_is_closed_in_the_own_book(desk: Desk, tmp_path: Path) -> None:
    """A closed month was compared with the cash of all books, so late money of nobody's is booked today as well."""
    story = requested(desk)
    story.enter("month_closed", date(2024, 4, 1), {"month_lock": [{"month": date(2024, 3, 1), "closing_cash": 0}]})
    april = replace(desk, today=date(2024, 4, 3))
    statement.import_file(april, written(tmp_path, credit(day(29), FIVE_MRP, "77")))
    with desk.database.begin() as connection:
        booked = connection.execute(text("SELECT booked_on FROM esep.posting WHERE authority_id = 0")).scalars()
        assert list(booked) == [date(2024, 4, 3)]
        assert closing.bank_position(connection, OUR_IBAN, day(31)).cash == 0


def received(desk: Desk) -> list[tuple[str, str, int]]:
    with desk.database.begin() as connection:
        rows = connection.execute(text("SELECT kind, verdict, faults FROM esep.received_file WHERE kind <> 'setup'"))
        return [(row.kind, row.verdict, row.faults) for row in rows]


REFUSALS = [TakenAlready("line_match_pkey"), MonthNotOver(day(1), day(31))]


@pytest.mark.parametrize("refusal", REFUSALS, ids=["of the books", "of a verb"])
def test_file_that_the_books_refuse_is_recorded_as_refused(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refusal: Exception
) -> None:
    requested(desk)

    def refuse(*_: object) -> None:
        raise refusal

    monkeypatch.setattr(statement, "place", refuse)
    with pytest.raises(type(refusal)):
        statement.import_file(desk, written(tmp_path, transfer(day(14), A_MONTH, "145")))
    assert received(desk) == [("statement", "refused", 1)]


class SwappedArchive(Archive):
    """An archive beside which the file is changed as soon as it was kept."""

    def keep_file(self, path: Path) -> Stored:
        stored = super().keep_file(path)
        path.write_bytes(b"something else")
        return stored


def test_what_was_archived_is_what_is_read(desk: Desk, tmp_path: Path) -> None:
    requested(desk)
    swapped = replace(desk, archive=SwappedArchive(desk.archive.folder))
    assert statement.import_file(swapped, written(tmp_path, transfer(day(14), A_MONTH, "145"))).new_lines == 1


def test_statement_without_lines_is_kept(desk: Desk, tmp_path: Path) -> None:
    requested(desk)
    path = written(tmp_path, opening=5_00)
    assert not statement.import_file(desk, path).is_repeat
    assert statement.import_file(desk, path).changes_nothing


def test_bank_decides_when_two_authorities_sent_one_number_and_amount(desk: Desk, tmp_path: Path) -> None:
    both = two_authorities(desk, tmp_path)
    lines = [debit(day(18), FIVE_MRP, "72", KASPI), debit(day(18), FIVE_MRP, "72", HALYK)]
    assert not statement.import_file(both, written(tmp_path, *lines, opening=3 * FIVE_MRP)).unplaced
    with both.database.begin() as connection:
        rows = connection.execute(
            text("""
                SELECT l.counterparty_bic, m.reference
                FROM esep.line_match m JOIN esep.statement_line l USING (line_number)
                WHERE m.matched_as = 'settlement' ORDER BY 1
            """)
        ).all()
    assert [tuple(row) for row in rows] == [("CASPKZKA", "GCVP-00100000072"), ("HSBKKZKX", "GCVP-00200000072")]


def test_one_number_and_amount_of_two_authorities_is_no_guess(desk: Desk, tmp_path: Path) -> None:
    both = two_authorities(desk, tmp_path)
    path = written(tmp_path, debit(day(18), FIVE_MRP, "72", ("", "", "")), opening=3 * FIVE_MRP)
    result = statement.import_file(both, path)
    assert [one.reason for one in result.unplaced] == ["it fits GCVP-00100000072 and GCVP-00200000072 alike"]


def test_what_was_forgiven_in_a_statement_is_told_with_the_import(desk: Desk, tmp_path: Path) -> None:
    requested(desk)
    file = written(tmp_path, transfer(day(14), A_MONTH, "145"))
    octets = file.read_bytes().replace("КонецФайла".encode(), b"")
    assert octets != file.read_bytes()
    file.write_bytes(octets)
    result = statement.import_file(desk, file)
    (note,) = result.notes
    assert "КонецФайла" in note.meaning
    assert report.statement_import(result)[-2:] == ["read although unusual:", f"  {note}"]


# --- What is unusual about a transfer ---------------------------------------------------------------------------------


UNUSUAL = [
    ([transfer(day(18), A_MONTH, "145")], ["late"], "2 working days late", "E31: due on Thu 14.03"),
    ([transfer(day(14), A_MONTH, "145")], [], "", "E31: in time"),
    (
        [transfer(day(14), A_MONTH + B_MONTH + 270_00, "145")],
        ["excess"],
        "270,00 KZT above the request stand on 205 as S1",
        "E34",
    ),
    ([transfer(day(14), 5_00, "145", "-")], ["no_request"], "5,00 KZT stand on 205 as S1 without a request", "E35"),
    (
        [replace(transfer(date(2024, 4, 1), A_MONTH, "145"), dated=day(29))],
        ["other_month", "late"],
        "received on 01.04.2024, so it stands in the act of 04.2024; in that of 03.2024 it is a timing difference",
        "E37",
    ),
]


@pytest.mark.parametrize(("lines", "cases", "sentence", "reason"), UNUSUAL, ids=[row[-1] for row in UNUSUAL])
def test_what_is_unusual_about_a_transfer_is_said(
    desk: Desk, tmp_path: Path, lines: list[StatementLine], cases: list[str], sentence: str, reason: str
) -> None:
    requested(desk)
    today = replace(desk, today=max(line.booked_on for line in lines))
    file = written(tmp_path, *lines)
    result = statement.import_file(today, file)
    assert [one.case for one in result.remarks] == cases, reason
    assert all(one.line == "S1" for one in result.remarks)
    said = "\n".join(report.statement_import(result))
    assert sentence in said
    assert statement.import_file(today, file).remarks == (), "it is said once, with the import that brought it"


@pytest.mark.parametrize("amount", ["0", "0.00", "-1", "-18460.00"])
def test_transfer_of_nothing_or_less_is_refused_at_import(desk: Desk, tmp_path: Path, amount: str) -> None:
    """E40: nothing of such a file is applied."""
    requested(desk)
    file = written(tmp_path, transfer(day(14), A_MONTH, "145"))
    octets = file.read_bytes()
    changed = octets.replace("СуммаПриход=1846000.00".encode(), f"СуммаПриход={amount}".encode())
    assert changed != octets
    file.write_bytes(changed)
    before = balances(desk)
    with pytest.raises(FormatError) as caught:
        statement.import_file(desk, file)
    assert any("Сумма" in fault.place + fault.found for fault in caught.value.faults), caught.value
    assert balances(desk) == before
