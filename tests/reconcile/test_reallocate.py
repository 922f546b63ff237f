"""A person says where money belongs: nothing is lost, the bank's cash stays, what was spent is not taken away (6.5)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from itertools import accumulate
from pathlib import Path

import pytest
from sqlalchemy import text

from ledgers import acts, integrity, sums, verify
from reconcile import close, funding_report, need, order, reallocate, request, returns, statement, undo
from reconcile.desk import Desk
from reconcile.line_book import MoneyUsed, NoReason, ReturnStands, UnknownLine
from reconcile.reallocate import AboveRequest, NoCredit, PlacedAlready, SameTransfer, TooMuch, WrongPart
from reconcile.waiting import waiting
from tests.ledgers.story_rows import day
from tests.reconcile.bank import (
    AUTHORITY,
    FIVE_MRP,
    HALYK,
    OTHER_AUTHORITY,
    STRANGER,
    balances,
    counts,
    debit,
    item,
    line,
    message,
    people,
    returns_file,
    transfer,
)
from tests.reconcile.bank import statement as written
from tests.reconcile.decided import decide, entered, set_up
from tests.reconcile.golden import at, play

MARCH = date(2024, 3, 1)
AST, ALA = "AST-2024-0001", "ALA-2024-0001"
A, B = f"1 funding/A/{AST}", f"1 funding/B/{AST}"
REASON = "хат № 5"


@pytest.fixture
def asked(desk: Desk, tmp_path: Path) -> Desk:
    """AST was asked for three people of A and two of B, ALA for three of A; on the 14th."""
    set_up(desk, tmp_path)
    decide(desk, day(6), "A", MARCH, 3)
    decide(desk, day(6), "B", MARCH, 2)
    decide(desk, day(6), "A", MARCH, 3, book=2)
    need.form(at(desk, day(11)))
    request.send(at(desk, day(12)), tmp_path / "out")
    return desk


def cash_by_day(desk: Desk) -> dict[date, int]:
    """The cash of all books at the end of each day on which it moved."""
    with desk.database.begin() as connection:
        rows = connection.execute(
            text("""
                SELECT p.booked_on, sum(CASE WHEN p.debit = a.account_id THEN p.amount ELSE -p.amount END)::bigint AS m
                FROM esep.account a
                JOIN esep.posting p ON p.authority_id = a.authority_id AND a.account_id IN (p.debit, p.credit)
                WHERE a.code = 'cash' GROUP BY 1 ORDER BY 1
            """)
        ).all()
    days = [row.booked_on for row in rows]
    return dict(zip(days, accumulate(row.m for row in rows), strict=True))


def is_sound(desk: Desk, *, last: date = date(2024, 3, 31)) -> None:
    """Registers, ledger and bank agree in both books, and every row can be proved."""
    with desk.database.begin() as connection:
        for book in (1, 2):
            assert list(integrity.mismatches(connection, book, MARCH, last)) == []
            assert [one for one in sums.three_sums(connection, book, MARCH, last) if not one.agree] == []
            assert sums.control_equation(connection, book, MARCH, last).holds
        assert verify.verify(connection).is_sound


def unchanged(desk: Desk, before: Mapping[str, int], cash: Mapping[date, int]) -> None:
    """The same cash on every day, as much money in all, and the books are sound."""
    assert {one: amount for one, amount in cash_by_day(desk).items() if amount} == {k: v for k, v in cash.items() if v}
    assert money(balances(desk)) == money(before)
    is_sound(desk)


def money(found: Mapping[str, int]) -> int:
    return sum(value for name, value in found.items() if name.split()[1].split("/")[0] in ("funding", "unidentified"))


# --- What waits of a transfer -----------------------------------------------------------------------------------------


def test_what_came_before_its_request_is_placed_on_it_later(asked: Desk, tmp_path: Path) -> None:
    """A transfer of the 11th cannot answer a request of the 12th by itself; a person places it."""
    statement.import_file(asked, written(tmp_path, transfer(day(11), 4 * FIVE_MRP, "145", AST)))
    before, cash = balances(asked), cash_by_day(asked)
    parts = [f"{AST}/A=55380,00", f"{AST}/B=18 460,00"]
    tried = reallocate.place(asked, "S1", "AST", parts, REASON, dry_run=True)
    assert balances(asked) == before
    placed = reallocate.place(asked, "S1", "AST", parts, REASON)
    assert placed == tried
    assert dict(placed.parts) == {(AST, "A"): 3 * FIVE_MRP, (AST, "B"): FIVE_MRP}
    assert (placed.rest, placed.turned_round) == (0, ())
    after = balances(asked)
    assert (after[A], after[B], after[f"1 requested/B/{AST}"]) == (3 * FIVE_MRP, FIVE_MRP, FIVE_MRP)
    unchanged(asked, before, cash)
    rows = counts(asked)
    again = reallocate.place(asked, "s1", "AST", parts, REASON)
    assert again.is_repeat
    assert funding_report.placed(again)[-1] == "it was so before, nothing changed"
    assert counts(asked) == rows


def test_the_same_part_twice_is_placed_once(asked: Desk, tmp_path: Path) -> None:
    """Though enough waits for a second one: what was not meant twice is not done twice."""
    statement.import_file(asked, written(tmp_path, transfer(day(11), 4 * FIVE_MRP, "145", AST)))
    part = [f"{AST}/A=18460,00"]
    assert not reallocate.place(asked, "S1", "AST", part, REASON).is_repeat
    assert reallocate.place(asked, "S1", "AST", part, REASON).is_repeat
    assert balances(asked)[A] == FIVE_MRP
    assert not reallocate.place(asked, "S1", "AST", part, "хат № 6").is_repeat, "another letter is another placing"
    assert balances(asked)[A] == 2 * FIVE_MRP
    is_sound(asked)


def test_a_whole_line_is_placed_once_though_a_rest_of_it_waits(asked: Desk, tmp_path: Path) -> None:
    statement.import_file(asked, written(tmp_path, line("credit", day(14), 3 * FIVE_MRP, "145", STRANGER)))
    part = [f"{AST}/A=18460,00"]
    for is_repeat in (False, True):
        assert reallocate.place(asked, "S1", "AST", part, REASON).is_repeat is is_repeat
    assert (balances(asked)[A], balances(asked)["1 unidentified/S1"]) == (FIVE_MRP, 2 * FIVE_MRP)


def test_a_rest_as_large_as_what_was_placed_is_no_repeat(asked: Desk, tmp_path: Path) -> None:
    """Half of the transfer answered its request, the other half is placed by hand on the next one."""
    statement.import_file(asked, written(tmp_path, transfer(day(14), 3 * FIVE_MRP, "145", AST)))
    statement.import_file(asked, written(tmp_path, transfer(day(14), 4 * FIVE_MRP, "146", AST), opening=3 * FIVE_MRP))
    assert balances(asked)["1 unidentified/S2"] == 2 * FIVE_MRP, "B took two"
    decide(asked, day(14), "B", MARCH, 2)
    need.form(asked)
    request.send(asked, tmp_path / "out")
    placed = reallocate.place(asked, "S2", "AST", ["AST-2024-0002/B=36920,00"], REASON)
    assert (placed.rest, placed.is_repeat) == (0, False)
    is_sound(asked)


REFUSED = [
    (["AST-2024-0001/A"], WrongPart),
    (["A=1,00"], WrongPart),
    ([f"{AST}/A=0,00"], WrongPart),
    ([f"{AST}/A=1.00"], WrongPart),
    ([f"{AST}/A=1,00", f"{AST}/A=2,00"], WrongPart),
    ([f"{AST}/A=73840,01"], TooMuch),
    ([f"{AST}/A=55380,01"], AboveRequest),
    ([f"{AST}/M=1,00"], AboveRequest),
    ([f"{ALA}/A=1,00"], AboveRequest),
]


@pytest.mark.parametrize(("parts", "refusal"), REFUSED, ids=[parts[-1] for parts, _ in REFUSED])
def test_what_does_not_fit_is_refused(asked: Desk, tmp_path: Path, parts: list[str], refusal: type[Exception]) -> None:
    statement.import_file(asked, written(tmp_path, transfer(day(11), 4 * FIVE_MRP, "145", AST)))
    before = counts(asked)
    with pytest.raises(refusal):
        reallocate.place(asked, "S1", "AST", parts, REASON)
    assert counts(asked) == before


def test_lines_that_bring_no_money_to_place_are_refused(desk: Desk, tmp_path: Path) -> None:
    play(desk, "return_money", tmp_path / "out")
    later = at(desk, day(20))
    for name, refusal in (("S3", NoCredit), ("S8", ReturnStands), ("S99", UnknownLine), ("12", UnknownLine)):
        with pytest.raises(refusal):
            reallocate.place(later, name, "AST", [], REASON)
    with pytest.raises(ReturnStands):
        undo.undo(later, "S8", REASON)
    for verb in (lambda: reallocate.place(later, "S1", "AST", [], " "), lambda: undo.undo(later, "S3", "")):
        with pytest.raises(NoReason):
            verb()


# --- The whole line ---------------------------------------------------------------------------------------------------


def test_money_of_a_wrong_bin_finds_its_authority(asked: Desk, tmp_path: Path) -> None:
    """The line waits in the State Corporation's own book; the transfer keeps the BIN that the bank gave."""
    wrong = line("credit", day(14), 3 * FIVE_MRP, "145", STRANGER, "Трансферт")
    statement.import_file(asked, written(tmp_path, wrong))
    before, cash = balances(asked), cash_by_day(asked)
    assert before["0 unidentified/S1"] == 3 * FIVE_MRP
    placed = reallocate.place(at(asked, day(15)), "S1", "AST", [f"{AST}/A=55380,00"], REASON)
    assert [(one.book, one.booked_on) for one in placed.turned_round] == [(0, day(14))]
    after = balances(asked)
    assert (after[A], "0 unidentified/S1" in after, "0 cash" in after) == (3 * FIVE_MRP, False, False)
    unchanged(asked, before, cash)
    with asked.database.begin() as connection:
        row = connection.execute(text("SELECT payer_bin, received_on FROM esep.transfer")).one()
    assert tuple(row) == (STRANGER[0], day(14))


def test_without_parts_a_line_waits_as_a_transfer_of_its_authority(asked: Desk, tmp_path: Path) -> None:
    """E35: it stands in the act as received, and no file can be paid from it."""
    statement.import_file(asked, written(tmp_path, line("credit", day(14), FIVE_MRP, "145", STRANGER)))
    placed = reallocate.place(asked, "S1", "AST", [], REASON)
    assert (dict(placed.parts), placed.rest) == ({}, FIVE_MRP)
    assert balances(asked)["1 unidentified/S1"] == FIVE_MRP
    assert reallocate.place(asked, "S1", "AST", [], REASON).is_repeat
    is_sound(asked)


def test_money_of_another_authority_moves_by_reversal_and_both_see_it(asked: Desk, tmp_path: Path) -> None:
    statement.import_file(asked, written(tmp_path, transfer(day(14), 3 * FIVE_MRP, "145", AST)))
    before, cash = balances(asked), cash_by_day(asked)
    parts = [f"{ALA}/A=55380,00"]
    with pytest.raises(PlacedAlready, match=r"transfer of AST: AST-2024-0001 kind A 55.380,00.*--anew"):
        reallocate.place(at(asked, day(18)), "S1", "ALA", parts, REASON)
    placed = reallocate.place(at(asked, day(18)), "S1", "ALA", parts, REASON, anew=True)
    assert [one.book for one in placed.turned_round] == [1]
    assert funding_report.placed(placed)[0].startswith("turned round: entry ")
    after = balances(asked)
    assert (after.get(A), after[f"2 funding/A/{ALA}"], after["2 cash"]) == (None, 3 * FIVE_MRP, 3 * FIVE_MRP)
    assert after[f"1 requested/A/{AST}"] == 3 * FIVE_MRP, "AST is asked again"
    unchanged(asked, before, cash)
    rows = counts(asked)
    assert reallocate.place(at(asked, day(18)), "S1", "ALA", parts, REASON, anew=True).is_repeat
    assert counts(asked) == rows


def test_a_wrong_kind_is_entered_anew(asked: Desk, tmp_path: Path) -> None:
    statement.import_file(asked, written(tmp_path, transfer(day(14), 2 * FIVE_MRP, "145", AST)))
    before, cash = balances(asked), cash_by_day(asked)
    assert before[B] == 2 * FIVE_MRP
    reallocate.place(asked, "S1", "AST", [f"{AST}/A=36920,00"], REASON, anew=True)
    after = balances(asked)
    assert (after[A], after.get(B)) == (2 * FIVE_MRP, None)
    unchanged(asked, before, cash)


def test_a_transfer_placed_in_two_steps_is_turned_round_in_both(asked: Desk, tmp_path: Path) -> None:
    statement.import_file(asked, written(tmp_path, transfer(day(11), 4 * FIVE_MRP, "145", AST)))
    reallocate.place(at(asked, day(15)), "S1", "AST", [f"{AST}/A=55380,00"], REASON)
    before, cash = balances(asked), cash_by_day(asked)
    placed = reallocate.place(at(asked, day(18)), "S1", "AST", [f"{AST}/B=36920,00"], "хат № 6", anew=True)
    assert [one.booked_on for one in placed.turned_round] == [day(15), day(11)]
    assert (dict(placed.parts), placed.rest) == ({(AST, "B"): 2 * FIVE_MRP}, 2 * FIVE_MRP)
    assert A not in balances(asked)
    unchanged(asked, before, cash)


def test_money_that_was_spent_stays_where_it_is(asked: Desk, tmp_path: Path) -> None:
    statement.import_file(asked, written(tmp_path, transfer(day(14), 3 * FIVE_MRP, "145", AST)))
    order.send(at(asked, day(18)), tmp_path / "out")
    before = counts(asked)
    for verb in (
        lambda: reallocate.place(at(asked, day(18)), "S1", "ALA", [], REASON, anew=True),
        lambda: undo.undo(at(asked, day(18)), "S1", REASON),
    ):
        with pytest.raises(MoneyUsed, match=r"funding/A/AST-2024-0001, 55.380,00 KZT were used already by 18.03.2024"):
            verb()
    assert counts(asked) == before


def test_the_same_transfer_twice_stays_on_205(asked: Desk, tmp_path: Path) -> None:
    """E39, also by hand: unless the first of the two was turned round."""
    first = transfer(day(14), 3 * FIVE_MRP, "145", AST)
    statement.import_file(asked, written(tmp_path, first))
    statement.import_file(asked, written(tmp_path, replace(first, booked_on=day(15)), opening=3 * FIVE_MRP))
    with pytest.raises(SameTransfer, match=r"T1 of 14.03.2024.*E39"):
        reallocate.place(at(asked, day(15)), "S2", "AST", [], REASON)
    undo.undo(at(asked, day(15)), "S1", REASON)
    assert not reallocate.place(at(asked, day(15)), "S2", "AST", [f"{AST}/A=55380,00"], REASON).is_repeat
    is_sound(asked)


def test_after_a_reversal_the_transfer_may_come_again(asked: Desk, tmp_path: Path) -> None:
    """Only transfers in force have twins."""
    first = transfer(day(14), 3 * FIVE_MRP, "145", AST)
    statement.import_file(asked, written(tmp_path, first))
    undo.undo(asked, "S1", REASON)
    result = statement.import_file(
        at(asked, day(15)), written(tmp_path, replace(first, booked_on=day(15)), opening=3 * FIVE_MRP)
    )
    assert [one.matched_as for one in result.placed] == ["transfer"]
    is_sound(asked)


def test_a_request_that_was_sent_after_the_money_came_gets_it_today(asked: Desk, tmp_path: Path) -> None:
    """The act shows the transfer when it came (AMB-9); no request takes money before it was asked for."""
    statement.import_file(asked, written(tmp_path, line("credit", day(11), 2 * FIVE_MRP, "145", STRANGER)))
    before, cash = balances(asked), cash_by_day(asked)
    reallocate.place(at(asked, day(15)), "S1", "AST", [f"{AST}/A=36920,00"], REASON)
    with asked.database.begin() as connection:
        rows = connection.execute(
            text("""
                SELECT e.kind, e.booked_on FROM esep.entry e WHERE e.authority_id = 1 AND e.summary LIKE 'line S1%'
                ORDER BY e.number
            """)
        ).all()
    assert [tuple(row) for row in rows] == [("transfer_received", day(11)), ("money_placed", day(15))]
    assert balances(asked)[A] == 2 * FIVE_MRP
    unchanged(asked, before, cash)


def test_a_closed_month_is_corrected_in_the_open_one(asked: Desk, tmp_path: Path) -> None:
    """E106: the reversal stands in April, and so does the transfer that replaces it; the cash of March stays."""
    statement.import_file(asked, written(tmp_path, transfer(day(14), 3 * FIVE_MRP, "145", AST)))
    for book in (1, 2):
        with entered(asked, "month_closed", date(2024, 4, 1), ["month_lock"], book) as (connection, number):
            connection.execute(
                text("INSERT INTO esep.month_lock VALUES (:book, '2024-03-01', :number, 0)"),
                {"book": book, "number": number},
            )
    before, april = balances(asked), date(2024, 4, 3)
    placed = reallocate.place(at(asked, april), "S1", "ALA", [f"{ALA}/A=55380,00"], REASON, anew=True)
    assert [one.booked_on for one in placed.turned_round] == [april]
    with asked.database.begin() as connection:
        received = connection.execute(text("SELECT authority_id, received_on FROM esep.transfer ORDER BY 1")).all()
        march = [sums.control_equation(connection, book, MARCH, date(2024, 3, 31)) for book in (1, 2)]
        later = [sums.control_equation(connection, book, date(2024, 4, 1), date(2024, 4, 30)) for book in (1, 2)]
    assert [tuple(row) for row in received] == [(1, day(14)), (2, april)]
    assert [(one.transfers, one.closing, one.holds) for one in march] == [
        (3 * FIVE_MRP, 3 * FIVE_MRP, True),
        (0, 0, True),
    ]
    assert [(one.transfers, one.holds) for one in later] == [(-3 * FIVE_MRP, True), (3 * FIVE_MRP, True)]
    assert cash_by_day(asked) == {day(14): 3 * FIVE_MRP, april: 3 * FIVE_MRP}
    assert money(balances(asked)) == money(before)
    is_sound(asked, last=date(2024, 4, 30))


# --- Undoing ----------------------------------------------------------------------------------------------------------


def sent(asked: Desk, folder: Path) -> Desk:
    """File 71 of AST went to Halyk on the 18th, and the bank debited it."""
    statement.import_file(asked, written(folder, transfer(day(14), 3 * FIVE_MRP, "145", AST)))
    order.send(at(asked, day(18)), folder / "out")
    debited = debit(day(18), 3 * FIVE_MRP, "71")
    statement.import_file(at(asked, day(18)), written(folder, debited, opening=3 * FIVE_MRP))
    return at(asked, day(19))


def test_a_wrong_settlement_is_tried_again_but_not_on_the_same_file(asked: Desk, tmp_path: Path) -> None:
    later = sent(asked, tmp_path)
    undone = undo.undo(later, "S2", REASON)
    assert funding_report.undone(undone)[-1] == (
        "S2 is of no file now; say which one it settles with: esep statement settle --line S2"
    )
    assert balances(later)["1 transit/GCVP-00100000071"] == 3 * FIVE_MRP
    is_sound(later)
    rows = counts(later)
    assert undo.undo(later, "S2", REASON).is_repeat
    assert counts(later) == rows
    right = debit(day(19), 3 * FIVE_MRP, "NT-1", HALYK, "референс GCVP-00100000071")
    result = statement.import_file(later, written(tmp_path, right, opening=3 * FIVE_MRP))
    assert [(one.line.reference, one.reason) for one in result.unplaced] == [
        ("S2", "it was taken from GCVP-00100000071 by hand; say which file it is: esep statement settle")
    ]
    assert "1 transit/GCVP-00100000071" not in balances(later)
    assert result.difference == 3 * FIVE_MRP, "the bank gave back what it took twice, in a statement that is missing"
    with later.database.begin() as connection:
        (waits,) = waiting(connection, day(21))
    assert (waits.line, waits.book, waits.amount, waits.working_days) == ("S2", "", 3 * FIVE_MRP, 2)
    is_sound(later)


def test_a_debit_that_was_undone_settles_another_file(asked: Desk, tmp_path: Path) -> None:
    """The match goes on by versions: settlement, undone, settlement."""
    later = sent(asked, tmp_path)
    undo.undo(later, "S2", REASON)
    decide(later, day(19), "O", MARCH, 3)
    need.form(later)
    request.send(later, tmp_path / "out")
    statement.import_file(later, written(tmp_path, transfer(day(19), 3 * FIVE_MRP, "150", "AST-2024-0002")))
    with later.database.begin() as connection:
        assert connection.execute(text("SELECT max(order_number) FROM esep.payment_order")).scalar_one() == 71
    order.send(later, tmp_path / "out")
    again = written(tmp_path, debit(day(19), 3 * FIVE_MRP, "72"), opening=3 * FIVE_MRP)
    statement.import_file(later, again)
    with later.database.begin() as connection:
        versions = connection.execute(
            text(
                "SELECT line_number, version, matched_as FROM esep.line_match WHERE line_number IN (2, 4) ORDER BY 1, 2"
            )
        ).all()
    assert [tuple(row) for row in versions] == [(2, 1, "settlement"), (2, 2, "undone"), (4, 1, "settlement")]
    is_sound(later)


def test_a_wrong_transfer_waits_in_its_book(asked: Desk, tmp_path: Path) -> None:
    statement.import_file(asked, written(tmp_path, transfer(day(14), 3 * FIVE_MRP, "145", AST)))
    before, cash = balances(asked), cash_by_day(asked)
    undone = undo.undo(asked, "S1", REASON, dry_run=True)
    assert balances(asked) == before
    assert undo.undo(asked, "S1", REASON) == undone
    assert balances(asked)["1 unidentified/S1"] == 3 * FIVE_MRP
    unchanged(asked, before, cash)
    with asked.database.begin() as connection:
        (waits,) = waiting(connection, day(18))
    assert (waits.book, waits.since, waits.working_days) == ("AST", day(14), 2)
    assert waits.reason == f"taken by hand from where it was placed: {REASON}"
    rows = counts(asked)
    assert undo.undo(asked, "S1", REASON).is_repeat
    assert counts(asked) == rows


def test_an_overlapping_file_still_knows_every_line(asked: Desk, tmp_path: Path) -> None:
    first = transfer(day(14), 3 * FIVE_MRP, "145", AST)
    statement.import_file(asked, written(tmp_path, first))
    reallocate.place(asked, "S1", "ALA", [], REASON, anew=True)
    wider = written(tmp_path, first, transfer(day(15), 2 * FIVE_MRP, "146", AST))
    result = statement.import_file(at(asked, day(15)), wider)
    assert (result.new_lines, result.known_lines, result.difference) == (1, 1, 0)
    assert balances(asked)["2 unidentified/S1"] == 3 * FIVE_MRP


def test_nothing_is_lost_whatever_is_done_with_a_line(asked: Desk, tmp_path: Path) -> None:
    """To and fro between books, requests and 205: the cash of every day and the money in all stay the same."""
    lines = [
        transfer(day(14), 3 * FIVE_MRP, "145", AST),
        line("credit", day(14), 2 * FIVE_MRP, "7", OTHER_AUTHORITY, "-"),
        line("credit", day(15), 3 * FIVE_MRP, "9", STRANGER, "-"),
        line("credit", day(15), 1, "10", AUTHORITY, "-"),
    ]
    statement.import_file(at(asked, day(15)), written(tmp_path, *lines))
    before, cash = balances(asked), cash_by_day(asked)
    steps = [
        ("S3", "ALA", [f"{ALA}/A=36920,00"]),
        ("S1", "ALA", [f"{ALA}/A=18460,00"]),
        ("S1", "AST", []),
        ("S2", "AST", [f"{AST}/B=36920,00"]),
        None,
        ("S1", "AST", [f"{AST}/A=55380,00"]),
        ("S3", "AST", []),
        ("S3", "ALA", []),
        ("S4", "ALA", [f"{ALA}/A=0,01"]),
        ("S2", "ALA", [f"{ALA}/A=36920,00"]),
        ("S4", "AST", []),
    ]
    for place, step in enumerate(steps):
        if step is None:
            undo.undo(at(asked, day(18)), "S1", f"хат № {place}")
        else:
            name, code, parts = step
            reallocate.place(at(asked, day(18)), name, code, parts, f"хат № {place}", anew=True)
        unchanged(asked, before, cash)


# --- The month's end --------------------------------------------------------------------------------------------------


def test_a_month_with_money_placed_by_hand_is_paid_and_closed(asked: Desk, tmp_path: Path) -> None:
    """ALA's money came as AST's, and AST's under a wrong BIN: placed by hand, everybody is paid and both months close.

    The transfer that came and was turned round within the month stands in no act.
    """
    lines = [
        transfer(day(14), 3 * FIVE_MRP, "145", AST),
        line("credit", day(14), 5 * FIVE_MRP, "9", STRANGER, "-"),
    ]
    statement.import_file(asked, written(tmp_path, *lines))
    reallocate.place(asked, "S1", "ALA", [f"{ALA}/A=55380,00"], REASON, anew=True)
    reallocate.place(asked, "S2", "AST", [f"{AST}/A=55380,00", f"{AST}/B=36920,00"], REASON)
    today = at(asked, day(18))
    orders = order.send(today, tmp_path / "out").orders
    assert [(one.authority_id, one.aid_kind, one.amount) for one in orders] == [
        (1, "A", 3 * FIVE_MRP),
        (1, "B", 2 * FIVE_MRP),
        (2, "A", 3 * FIVE_MRP),
    ]
    debits = [debit(day(18), one.amount, str(one.order_number)) for one in orders]
    result = statement.import_file(today, written(tmp_path, *debits, opening=8 * FIVE_MRP))
    assert (result.unplaced, result.difference, balances(asked)) == ((), 0, {})
    april = at(asked, date(2024, 4, 1))
    statement.import_file(april, written(tmp_path, line("credit", day(31), 1, "1", STRANGER, "-")))
    for code in ("AST", "ALA"):
        closed = close.month(april, code, MARCH)
        assert (closed.check.blocking, closed.lock is not None) == ((), True)
    with asked.database.begin() as connection:
        acts_of = [acts.transfer_parts(connection, book, MARCH, date(2024, 3, 31)) for book in (1, 2)]
    assert [[(row.order_number, row.aid_kind, row.amount) for row in rows] for rows in acts_of] == [
        [("9", "A", 3 * FIVE_MRP), ("9", "B", 2 * FIVE_MRP)],
        [("145", "A", 3 * FIVE_MRP)],
    ]
    is_sound(asked)


# --- What a later month takes back ------------------------------------------------------------------------------------


def test_a_later_act_takes_back_the_rows_that_the_signed_one_had(asked: Desk, tmp_path: Path) -> None:
    """A rest that was placed later in March stands in March's act: April takes exactly those rows back."""
    statement.import_file(asked, written(tmp_path, transfer(day(14), 4 * FIVE_MRP, "145", "Трансферт")))
    reallocate.place(asked, "S1", "AST", [f"{AST}/A=18460,00"], REASON)
    reallocate.place(at(asked, day(20)), "S1", "AST", [f"{AST}/B=14768,00"], REASON)
    statement.import_file(
        at(asked, day(31)), written(tmp_path, line("credit", day(31), 1, "1", STRANGER, "-"), opening=4 * FIVE_MRP)
    )
    april = at(asked, date(2024, 4, 10))
    with asked.database.begin() as connection:
        march = acts.transfer_parts(connection, 1, MARCH, date(2024, 3, 31))
    for code in ("AST", "ALA"):
        close.month(april, code, MARCH)
    reallocate.place(april, "S1", "ALA", [f"{ALA}/A=55380,00"], REASON, anew=True)
    with asked.database.begin() as connection:
        taken_back = acts.transfer_parts(connection, 1, date(2024, 4, 1), date(2024, 4, 30))
    assert [(row.aid_kind, row.amount) for row in march] == [
        ("A", 18_460_00),
        ("B", 14_768_00),
        ("", 40_612_00),
    ]
    assert [(row.aid_kind, -row.amount) for row in taken_back] == [(row.aid_kind, row.amount) for row in march]


def test_a_line_placed_undone_and_then_known_as_a_return_agrees(desk: Desk, tmp_path: Path) -> None:
    """The reversal of a placing keeps the name of its rule: what waits is told by the side of the account."""
    play(desk, "settled", tmp_path / "out")
    office = at(desk, day(19))
    person = people(desk)[5]
    purpose = "Возврат по пл.поручению № 71 от 18.03.2024 реф GCVP-00100000071"
    statement.import_file(office, written(tmp_path, line("credit", day(19), FIVE_MRP, "NT-9", HALYK, "-")))
    reallocate.place(office, "S8", "AST", [], REASON)
    undo.undo(office, "S8", REASON)
    returns.import_file(office, returns_file(tmp_path, message(day(19), "77", [item(person)], purpose)))
    with desk.database.begin() as connection:
        came = [one for one in sums.three_sums(connection, 1, MARCH, date(2024, 3, 31)) if one.category == "returned"]
    assert [(one.register, one.ledger, one.statement) for one in came] == [(FIVE_MRP, FIVE_MRP, FIVE_MRP)]
