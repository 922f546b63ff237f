"""Breaks: found once, given to people, closed by a match, a posting or the act, never written off."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ledgers import breaks
from ledgers.breaks import Break
from reconcile import (
    breaks_find,
    breaks_list,
    breaks_match,
    breaks_report,
    breaks_show,
    breaks_work,
    crediting,
    statement,
)
from reconcile.breaks_list import Wanted
from reconcile.breaks_work import NoSuchBreak, NotWorked, Work
from reconcile.desk import Desk
from tests.ledgers.credited import HALYK, PEOPLE, Paid, World, register, said
from tests.ledgers.story_rows import MONTH, day
from tests.reconcile.bank import STRANGER, counts, credit, debit
from tests.reconcile.bank import statement as written
from tests.reconcile.golden import at, play

DAY, LATER = date(2024, 3, 18), date(2024, 3, 25)
OPENING = 2_141_360_00


@pytest.fixture
def office(desk: Desk, tmp_path: Path) -> Desk:
    """The golden files went out; a debit is of none of them, and a stranger sent money."""
    play(desk, "orders", tmp_path)
    lines = [debit(DAY, 77_00, "NT-9", STRANGER), credit(DAY, 500_00, "8", STRANGER)]
    statement.import_file(at(desk, DAY), written(tmp_path, *lines, opening=OPENING))
    return at(desk, DAY)


def open_breaks(desk: Desk) -> dict[str, Break]:
    """What is open, by kind and subject."""
    with desk.database.begin() as connection:
        return {f"{one.kind} {one.subject}": one for one in breaks.states(connection, closed=False)}


def test_a_look_opens_what_differs_and_a_second_one_changes_nothing(office: Desk) -> None:
    breaks_find.find(office, dry_run=True)
    assert open_breaks(office) == {}
    (book_0, ast) = breaks_find.find(office)
    assert {one.difference.subject for one in book_0.opened} == {"S3", "S4", "ST2"}
    assert ast.is_repeat
    before = counts(office)
    again = breaks_find.find(office)
    assert all(one.is_repeat for one in again)
    assert counts(office) == before
    assert breaks_report.found(again) == ["no difference came or went, nothing changed; 3 open"]


def test_files_that_no_statement_debited_in_two_working_days(office: Desk) -> None:
    """Monday's files: Wednesday the 20th is in time, Tuesday the 26th is after the holidays and late."""
    breaks_find.find(at(office, date(2024, 3, 20)))
    assert not any(name.startswith("file_not_debited") for name in open_breaks(office))
    breaks_find.find(at(office, date(2024, 3, 29)))
    late = [one for name, one in open_breaks(office).items() if name.startswith("file_not_debited")]
    assert len(late) == 5
    assert "no statement shows it debited within 2 working days" in late[0].reason


def test_what_is_gone_is_closed_by_the_entry_after_which_it_was(office: Desk, tmp_path: Path) -> None:
    breaks_find.find(at(office, date(2024, 3, 29)))
    name = "file_not_debited GCVP-00100000071"
    first = open_breaks(office)[name]
    lines = [replace(debit(date(2024, 3, 29), first.amount, "71"), dated=DAY)]
    statement.import_file(at(office, date(2024, 3, 29)), written(tmp_path, *lines, opening=OPENING + 423_00))
    breaks_find.find(at(office, date(2024, 3, 29)))
    assert name not in open_breaks(office)
    with office.database.begin() as connection:
        (closed,) = breaks.about(connection, 1, [first.subject])
    assert (closed.action, closed.is_closed) == ("cleared", True)
    assert closed.closed_by.startswith("entry ")


def worked(desk: Desk, verb: object, name: str, *given: object) -> breaks_work.Worked:
    assert callable(verb)
    with desk.database.begin() as connection:
        work = Work(desk, connection)
        (one,) = work.chosen([name])
        result = verb(work, one, *given)
        work.seal()
    assert isinstance(result, breaks_work.Worked)
    return result


def test_every_step_stands_with_who_and_why_and_the_same_again_is_none(office: Desk) -> None:
    breaks_find.find(office)
    steps = (
        (breaks_work.assign, ("Сәуле",)),
        (breaks_work.note, ("банкке жазылды",)),
        (breaks_work.park, (LATER, "жауап күтіледі")),
        (breaks_work.escalate, ("бас бухгалтер", "жауап келмеді")),
    )
    for verb, given in steps:
        assert not worked(office, verb, "SC/1", *given).is_repeat
        before = counts(office)
        assert worked(office, verb, "1", *given).is_repeat
        assert counts(office) == before
    with office.database.begin() as connection:
        shown = breaks_show.show(connection, "SC/1", LATER)
        listed = breaks_list.listing(connection, LATER, Wanted(owner="Сәуле"))
    assert [step.event.action for step in shown.steps] == ["assigned", "noted", "parked", "escalated"]
    assert {step.actor for step in shown.steps} == {"tester"}
    assert [(row.number, row.state, row.owner) for row in listed.rows] == [("SC/1", "escalated", "Сәуле")]
    said_ = "\n".join(breaks_report.shown(shown, LATER))
    assert "escalated to бас бухгалтер: жауап келмеді" in said_


@pytest.mark.parametrize(
    ("verb", "name", "given", "sentence"),
    [
        (breaks_work.assign, "SC/1", (" ",), "given to somebody"),
        (breaks_work.note, "SC/1", ("",), "a note says something"),
        (breaks_work.park, "SC/1", (DAY, "-"), "is not after today"),
        (breaks_work.park, "SC/1", (LATER, ""), "say why"),
        (breaks_work.post, "SC/1", (99, "-"), "is not there, or moved no money"),
        (breaks_work.carry, "SC/1", (date(2024, 3, 1), "-"), "no act can carry it"),
        (breaks_work.reopen, "SC/1", ("-",), "is open, there is nothing to reopen"),
    ],
)
def test_what_cannot_be_done_is_said(
    office: Desk, verb: object, name: str, given: tuple[object, ...], sentence: str
) -> None:
    breaks_find.find(office)
    before = counts(office)
    with pytest.raises(NotWorked, match=sentence):
        worked(office, verb, name, *given)
    assert counts(office) == before


@pytest.mark.parametrize("name", ["SC/9", "XYZ/1", "S12", ""])
def test_a_break_that_is_not_there(office: Desk, name: str) -> None:
    with pytest.raises(NoSuchBreak):
        worked(office, breaks_work.note, name, "-")


def test_a_posting_closes_when_somebody_else_made_it(office: Desk) -> None:
    breaks_find.find(office)
    money = open_breaks(office)["money_unidentified S4"]
    with office.database.begin() as connection:
        number = next(n for n in range(1, 99) if breaks.posted_by(connection, money.authority_id, n))
    name = f"SC/{money.break_number}"
    with pytest.raises(NotWorked, match="somebody else approves it"):
        worked(office, breaks_work.post, name, number, "қайтарылды")
    approver = replace(office, actor="approver")
    assert worked(approver, breaks_work.post, name, number, "қайтарылды").detail == f"entry {number}"
    with pytest.raises(NotWorked, match="is closed by entry"):
        worked(approver, breaks_work.note, name, "-")
    # The money waits still: a posting that does not take it away does not silence it.
    (book_0, _) = breaks_find.find(office)
    assert [(one.difference.subject, one.occurrence) for one in book_0.opened] == [("S4", 2)]
    with pytest.raises(NotWorked, match="came back as SC/4"):
        worked(approver, breaks_work.reopen, name, "-")


def test_what_is_carried_into_the_act_comes_back_only_when_it_changes(office: Desk) -> None:
    end = at(office, date(2024, 3, 29))
    breaks_find.find(end)
    file = open_breaks(end)["file_not_debited GCVP-00100000071"]
    name = f"AST/{file.break_number}"
    assert worked(end, breaks_work.carry, name, date(2024, 3, 1), "банк сәуірде алады").detail == "act 2024-03"
    assert all(one.is_repeat for one in breaks_find.find(end))
    worked(end, breaks_work.reopen, name, "банк жауап берді")
    assert "file_not_debited GCVP-00100000071" in open_breaks(end)
    ages = None
    with end.database.begin() as connection:
        ages = breaks_list.aging(connection, end.today)
    assert sum(row.count for row in ages) == len(open_breaks(end))
    assert {row.working_days for row in ages} == {"4-10"}


@pytest.fixture
def credited(desk: Desk, tmp_path: Path) -> Desk:
    """A bank credited one person's two payments in one line, and swapped digits for another."""
    world = World(replace(desk, today=day(20)))
    payments = [
        Paid(order=71, item=1, who=0, amount=10_000_00),
        Paid(order=71, item=2, who=0, amount=8_460_00),
        Paid(order=71, item=3, who=1, amount=18_460_00),
        Paid(order=71, item=4, who=2),
    ]
    need = {"need_number": 1, "aid_kind": "A", "due_month": MONTH, "formed_on": day(11), "after_entry": 0}
    world.story.enter("need_formed", day(11), {"need": [need | {"upto_entry": 2, "count": 4, "amount": 55_380_00}]})
    world.send(payments)
    folder = tmp_path / "in"
    folder.mkdir()
    lines = [
        said(payments[0], amount=18_460_00, item="9", iban=PEOPLE[5].iban("601")),
        said(payments[2], amount=14_860_00, item="3"),
        said(payments[3]),
    ]
    crediting.import_file(world.desk, register(folder, lines), bic=HALYK, document="17", dated=day(19))
    breaks_find.find(world.desk)
    return world.desk


def test_a_split_is_matched_by_hand_and_taken_apart(credited: Desk) -> None:
    opened = open_breaks(credited)
    payments = sorted(one.subject for one in opened.values() if one.kind == "payment_not_credited")
    lines = sorted(one.subject for one in opened.values() if one.subject.startswith("C"))
    assert len(payments) >= 2, opened
    with credited.database.begin() as connection:
        work = Work(credited, connection)
        with pytest.raises(NotWorked, match="only equal sums match"):
            breaks_match.match(work, lines[:1], payments[:1], "хат № 7")
        result = breaks_match.match(work, lines[:1], payments[:2], "хат № 7")
        work.seal("crediting_matched")
    assert {one.action for one in result.worked} == {"matched"}
    assert all(one.subject not in {*lines[:1], *payments[:2]} for one in open_breaks(credited).values())
    assert all(one.is_repeat for one in breaks_find.find(credited))
    before = counts(credited)
    assert all(one.is_repeat for one in breaks_find.find(credited))
    with credited.database.begin() as connection:
        work = Work(credited, connection)
        assert breaks_match.match(work, lines[:1], payments[:2], "хат № 7").is_repeat
        work.seal("crediting_matched")
    assert counts(credited) == before
    with credited.database.begin() as connection:
        work = Work(credited, connection)
        with pytest.raises(NotWorked, match="is matched already, match"):
            breaks_match.match(work, lines[1:2], payments[:1], "-")
        breaks_match.unmatch(work, payments[0], "қате хат")
        work.seal("crediting_unmatched")
    reopened = open_breaks(credited)
    assert {one.subject for one in reopened.values()} == {one.subject for one in opened.values()}
    assert all(one.is_repeat for one in breaks_find.find(credited))


def test_a_proposal_is_accepted_as_it_is_shown(credited: Desk) -> None:
    opened = open_breaks(credited)
    line = next(one for one in opened.values() if one.subject == "C1/2")
    with credited.database.begin() as connection:
        shown = breaks_show.show(connection, f"AST/{line.break_number}", credited.today)
        first = shown.offers[0]
        assert first.proposal.rule == "sum_of_few"
        assert first.proposal.subjects == ("P20000001/1", "P20000002/1")
        assert first.command == f"esep breaks accept AST/{line.break_number} --proposal 1"
        work = Work(credited, connection)
        with pytest.raises(NotWorked, match="proposals, not one 9"):
            breaks_match.accept(work, line, 9)
        result = breaks_match.accept(work, line, 1)
        work.seal("crediting_matched")
    assert len(result.worked) == 3 if isinstance(result, breaks_match.Matched) else False
    left = {one.subject for one in open_breaks(credited).values()}
    assert left.isdisjoint({"C1/2", "P20000001/1", "P20000002/1"})


def test_two_swapped_digits_are_no_match_and_go_to_the_bank(credited: Desk) -> None:
    line = next(one for one in open_breaks(credited).values() if one.subject == "C1/3")
    assert line.kind == "credited_amount"
    with credited.database.begin() as connection:
        offers = breaks_show.proposals_of(connection, line)
    swapped = [place for place, one in enumerate(offers, start=1) if one.rule == "swapped_digits"]
    assert [offers[place - 1].subjects for place in swapped] == [("P20000003/1",)]
    done = worked(credited, breaks_match.accept, f"AST/{line.break_number}", swapped[0])
    assert (done.action, done.detail) == ("escalated", HALYK)
