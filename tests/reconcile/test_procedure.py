"""Any course of events over all verbs: the books stay whole, whoever does what on whichever day.

After every step: cash equals the sum of the accounts that it stands for, no account of a reference is overdrawn, nobody
got an award twice, the three sums of each document agree and the control equation holds. At the end the months are
closed, the acts agree with the ledger, every row is proved, and the same course with its files in another order ends
with the same balances.
"""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from typing import TypeVar

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Connection, text

from ledgers import closing, db, integrity, queries, sums
from ledgers.chart import CHART
from ledgers.verify import verify
from reconcile import act, act_sign, close
from reconcile.archive import Archive
from reconcile.desk import Desk
from tests.conftest import NewBooks
from tests.reconcile.world import AMOUNTS, BANKS, CODES, PAYERS, START, Step, World

STANDS_FOR_CASH = ("funding", "unidentified", "transit", "returned", "resend", "refundable")
PHASES = [Phase.explicit, Phase.reuse, Phase.generate]
MONTHS = (date(2024, 3, 1), date(2024, 4, 1), date(2024, 5, 1))

T = TypeVar("T")
places = st.integers(0, 7)


def assert_whole(connection: Connection, world: World) -> None:
    """What must hold at every moment, whatever happened."""
    by_book: dict[int, Counter[str]] = {}
    for one in queries.balances(connection, open_only=False):
        by_book.setdefault(one.authority_id, Counter())[one.code] += one.balance
        assert one.balance >= 0 or CHART[one.code].may_overdraw, one.account
    for book, balance in by_book.items():
        assert balance["cash"] == sum(balance[code] for code in STANDS_FOR_CASH) + balance["between"], book
    cash = sum(balance["cash"] for balance in by_book.values())
    unplaced = connection.execute(text(_UNPLACED)).scalar_one()
    assert world.balance == cash + unplaced, "the bank has another balance"
    assert connection.execute(text(_TWICE)).all() == []


_UNPLACED = """
    SELECT coalesce(sum(CASE l.direction WHEN 'credit' THEN l.amount ELSE -l.amount END), 0)::bigint
    FROM esep.statement_line l
    WHERE coalesce((SELECT m.matched_as FROM esep.line_match m WHERE m.line_number = l.line_number
                    ORDER BY m.version DESC LIMIT 1), 'undone') = 'undone'
"""
"""What the bank moved and nobody could place yet."""

_TWICE = """
    SELECT p.authority_id, p.award_number, count(*) FROM esep.payment p
    WHERE NOT EXISTS (SELECT 1 FROM esep.order_refusal f
                      WHERE f.authority_id = p.authority_id AND f.order_number = p.order_number)
      AND NOT EXISTS (SELECT 1 FROM esep.returned_payment r
                      JOIN esep.return_money m USING (authority_id, return_number)
                      WHERE r.authority_id = p.authority_id AND r.due_month = p.due_month
                        AND r.award_number = p.award_number AND r.attempt = p.attempt)
    GROUP BY 1, 2 HAVING count(*) > 1
"""
"""Awards of which two payments are out."""


def assert_agrees(connection: Connection, book: int, month: date) -> None:
    """The three sums of every document of a month, its control equation, and what refers to what."""
    last = closing.last_day(month)
    for one in sums.three_sums(connection, book, month, last):
        assert one.agree, one
    equation = sums.control_equation(connection, book, month, last)
    assert equation.holds, equation
    assert list(integrity.mismatches(connection, book, month, last)) == []


def chosen(among: Sequence[T], place: int) -> list[T]:
    """The one at this place, counted round; none when there is none."""
    return [among[place % len(among)]] if among else []


OFTEN = (
    "days_pass",
    "files_are_sent",
    "money_comes_for_a_request",
    "a_bank_debits_a_file",
    "a_bank_gives_back",
    "returns_are_told",
    "an_authority_decides",
)
SELDOM = (
    "decisions_come",
    "the_authorities_are_asked",
    "refunds_are_sent",
    "money_comes_without_a_request",
    "a_bank_refuses_a_file",
    "a_late_message_comes",
    "late_money_comes",
    "a_person_is_stopped",
    "a_hold_ends",
    "an_award_is_cancelled",
    "money_is_placed_by_hand",
    "a_placing_is_undone",
    "a_request_lets_go",
    "a_request_arrives",
    "a_return_is_carried_over",
    "excess_goes_back",
    "a_bank_turns_a_debit_round",
    "a_bank_keeps_a_fee",
)
EVENTS = OFTEN * 3 + SELDOM


class Course:
    """What may happen in the town, by name; two numbers choose to whom and how."""

    def __init__(self, location: db.Location, database: db.Database) -> None:
        folder = Path(mkdtemp(prefix="esep-", dir=location.home))
        desk = Desk(database=database, archive=Archive(location.home / "archive"), actor="tester", today=START)
        self.world = World(desk, folder)

    def happen(self, what: str, place: int, other: int) -> None:
        """One event; what has nothing to happen to does not happen."""
        getattr(self, what)(place, other)

    def check(self) -> None:
        """Whatever happened, the books are whole."""
        with self.world.desk.database.begin() as connection:
            assert_whole(connection, self.world)
            for book in PAYERS:
                assert_agrees(connection, book, self.world.today.replace(day=1))

    def a_month_begins(self, share: int) -> None:
        """Decisions, requests and money; for one authority perhaps only a part of it."""
        month = self.world.today.replace(day=1)
        for book, kind in ((1, "A"), (1, "B"), (2, "A")):
            self.world.decide(book, kind, month, ["HSBKKZKX", "CASPKZKA", "HSBKKZKX"])
        self.world.pass_days(1)
        self.world.ask()
        self.world.pass_days(1)
        for place, (reference, (book, parts)) in enumerate(sorted(self.world.requests.items())):
            self.world.pay_in(book, sum(parts.values()) // (share if place else 1), f"Трансферт, өтінім {reference}")
        self.world.send()

    def days_pass(self, place: int, _other: int) -> None:
        if self.world.today < date(2024, 5, 1):
            self.world.pass_days(1 + place)

    def decisions_come(self, place: int, other: int) -> None:
        month = self.world.today.replace(day=1)
        kind = sorted(AMOUNTS)[place % len(AMOUNTS)]
        bics = [sorted(BANKS)[number % len(BANKS)] for number in range(1 + other % 3)]
        self.world.decide(1 + place % 2, kind, closing.next_month(month) if other % 2 else month, bics)

    def the_authorities_are_asked(self, _place: int, _other: int) -> None:
        self.world.ask()

    def files_are_sent(self, _place: int, _other: int) -> None:
        self.world.send()

    def returns_are_told(self, _place: int, _other: int) -> None:
        self.world.notify()

    def refunds_are_sent(self, _place: int, _other: int) -> None:
        self.world.refund()

    def money_comes_for_a_request(self, place: int, other: int) -> None:
        more = (0, 0, 0, -18_460_00, -9_480_00, 270_00, 18_460_00, 0)[other]
        for reference, (book, parts) in chosen(sorted(self.world.requests.items()), place):
            self.world.pay_in(book, max(sum(parts.values()) + more, 1_00), f"Трансферт по заявке {reference}")

    def money_comes_without_a_request(self, place: int, other: int) -> None:
        self.world.pay_in(1 + place % 2, (1 + other) * 1_846_000, "Трансферт")

    def a_bank_debits_a_file(self, place: int, _other: int) -> None:
        for file in chosen(self.world.in_state("sent"), place):
            self.world.debit(file)

    def a_bank_refuses_a_file(self, place: int, _other: int) -> None:
        for file in chosen(self.world.in_state("sent"), place):
            self.world.refuse(file)

    def a_bank_gives_back(self, place: int, other: int) -> None:
        for file in chosen(self.world.in_state("debited", lists=True), place):
            given = self.world.give_back(file, other % len(file.items))
            if given is None:
                continue
            told, money = given
            if other % 3 == 1:
                self.world.unsent_messages.append(told)
            else:
                self.world.tell(told)
            if other % 3 == 2:
                self.world.unsent_money.append(money)
            else:
                self.world.state([money])

    def a_late_message_comes(self, _place: int, _other: int) -> None:
        if self.world.unsent_messages:
            self.world.tell(self.world.unsent_messages.pop(0))

    def late_money_comes(self, _place: int, _other: int) -> None:
        if self.world.unsent_money:
            money = self.world.unsent_money.pop(0)
            self.world.state([replace(money, booked_on=self.world.today, value_date=self.world.today)])

    def an_authority_decides(self, place: int, other: int) -> None:
        for own in chosen(self.world.returned, place):
            if self.world.resolve(*own, "refund" if other % 3 == 0 else "resend"):
                self.world.returned.remove(own)

    def a_person_is_stopped(self, place: int, other: int) -> None:
        for iin in chosen(sorted(self.world.persons), place + other):
            self.world.stop(iin, "death" if other % 2 else "suspended")

    def a_hold_ends(self, place: int, other: int) -> None:
        self.world.let_go(CODES[1 + place % 2], 1 + other % 3)

    def an_award_is_cancelled(self, place: int, other: int) -> None:
        with self.world.desk.database.begin() as connection:
            rows = connection.execute(text("SELECT authority_id, award_number FROM esep.award_line ORDER BY 1, 2"))
            found = [(book, number) for book, number in rows]
        for book, number in chosen(found, place * 8 + other):
            self.world.cancel(CODES[book], number)

    def money_is_placed_by_hand(self, place: int, other: int) -> None:
        for reference, (_, parts) in chosen(sorted(self.world.requests.items()), other):
            kind = sorted(parts)[place % len(parts)]
            for line in chosen(self.world.waiting(), place):
                self.world.place(line.line, reference, kind, min(line.amount, parts[kind]), anew=False)
            if other % 2:
                self.world.place(f"S{place + 1}", reference, kind, parts[kind], anew=True)

    def a_placing_is_undone(self, place: int, other: int) -> None:
        self.world.undo(f"S{1 + place + other}")

    def a_request_arrives(self, place: int, _other: int) -> None:
        for reference in chosen(sorted(self.world.requests), place):
            self.world.arrive(reference)

    def a_return_is_carried_over(self, place: int, _other: int) -> None:
        for book, reference, _, _ in chosen(self.world.returned, place):
            self.world.carry_over(book, reference)

    def excess_goes_back(self, place: int, _other: int) -> None:
        for line in chosen(self.world.waiting(), place):
            self.world.give_excess_back(line.line)

    def a_bank_turns_a_debit_round(self, place: int, _other: int) -> None:
        for file in chosen(self.world.in_state("debited", lists=True), place):
            self.world.turn_round(file)

    def a_bank_keeps_a_fee(self, place: int, other: int) -> None:
        for file in chosen(self.world.in_state("debited", lists=True), place):
            self.world.keep_a_fee(file, other % len(file.items))

    def a_request_lets_go(self, place: int, _other: int) -> None:
        for reference in chosen(sorted(self.world.requests), place):
            self.world.release(reference)


class Procedure(RuleBasedStateMachine):
    """One town from 11 March on."""

    new_books: NewBooks
    template: db.Location

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        location = self.stack.enter_context(self.new_books(self.template))
        database = self.stack.enter_context(db.opened(location))
        self.course = Course(location, database)

    def teardown(self) -> None:
        try:
            end(self.course.world)
        finally:
            self.stack.close()

    @invariant()
    def everything_is_whole(self) -> None:
        self.course.check()

    @initialize(share=st.sampled_from([1, 1, 2, 3]))
    def a_month_begins(self, share: int) -> None:
        self.course.a_month_begins(share)

    @rule(what=st.sampled_from(EVENTS), place=places, other=places)
    def something_happens(self, what: str, place: int, other: int) -> None:
        self.course.happen(what, place, other)


def end(world: World) -> None:
    """Close every month that is over, build its acts, and prove every row."""
    for money in world.unsent_money:
        world.state([replace(money, booked_on=world.today, value_date=world.today)])
    world.unsent_money.clear()
    for file in world.in_state("sent"):
        world.debit(file)
    last = closing.last_day(world.today.replace(day=1))
    world.today = last
    world.state([])
    world.today = last + timedelta(days=1)
    for month in MONTHS:
        if month > last:
            break
        for book, code in CODES.items():
            closed = world.do("close", partial(close.month, authority_code=code, day=month))
            assert closed is not None, world.refused[-1]
            built = world.do("act", partial(act.build, authority_code=code, day=month, out=world.folder / "out"))
            assert built is not None, world.refused[-1]
            for role in ("corporation", "authority", "deputy", "director"):
                sign = partial(act_sign.sign, authority_code=code, day=month, role=role, signer=f"signer {role}")
                assert world.do("sign", partial(sign, signed_on=world.today)) is not None, world.refused[-1]
            with world.desk.database.begin() as connection:
                assert_agrees(connection, book, month)
    with world.desk.database.begin() as connection:
        assert verify(connection, ()).is_sound


def test_any_course_of_events_leaves_the_books_whole(new_books: NewBooks, town: db.Location) -> None:
    machine = type("Town", (Procedure,), {"new_books": staticmethod(new_books), "template": town})
    steady = settings(max_examples=10, stateful_step_count=40, deadline=None, phases=PHASES)
    run_state_machine_as_test(machine, settings=steady)


@pytest.fixture(scope="module")
def town(new_books: NewBooks, tmp_path_factory: pytest.TempPathFactory) -> Iterator[db.Location]:
    """Books in which everybody is set up."""
    with new_books() as template:
        folder = tmp_path_factory.mktemp("town")
        with db.opened(template) as database:
            desk = Desk(database=database, archive=Archive(folder / "archive"), actor="tester", today=START)
            World(desk, folder).set_up()
        yield template


@pytest.mark.parametrize("seed", range(4))
def test_a_long_course_of_events_leaves_the_books_whole(new_books: NewBooks, town: db.Location, seed: int) -> None:
    """What a short course seldom reaches: returns of returns, refunds of refused files, months after months."""
    chance = random.Random(seed)  # noqa: S311 - it draws events, nothing is kept secret with it
    with new_books(town) as location, db.opened(location) as database:
        course = Course(location, database)
        course.a_month_begins(chance.choice([1, 2, 3]))
        for _ in range(120):
            course.happen(chance.choice(EVENTS), chance.randrange(8), chance.randrange(8))
            course.check()
        end(course.world)


# --- The same files in another order ----------------------------------------------------------------------------------

SHUFFLED = {"statement", "return"}
"""What the bank sends comes in any order; the office's own commands and the decisions stay where they stood."""

ORDERLY = tuple(
    # Money that names no request is placed by what is awaited at that moment: its order is a rule, not an accident.
    event
    for event in OFTEN * 3 + ("decisions_come", "the_authorities_are_asked", "refunds_are_sent", "late_money_comes")
)


@pytest.mark.parametrize("seed", range(3))
def test_the_same_files_in_another_order_give_the_same_balances(
    new_books: NewBooks, town: db.Location, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - it draws events
    with new_books(town) as location, db.opened(location) as database:
        course = Course(location, database)
        course.a_month_begins(1)
        for _ in range(90):
            course.happen(chance.choice(ORDERLY), chance.randrange(8), chance.randrange(8))
        expected, steps = balances_by_number(course.world.desk), course.world.steps
        assert sum(step.name in SHUFFLED for step in steps) > 20
        shuffled = in_another_order(steps, chance)
        assert [step.run for step in shuffled] != [step.run for step in steps]
        with new_books(town) as second, db.opened(second) as again:
            desk = replace(course.world.desk, database=again, archive=Archive(second.home / "archive"))
            for step in shuffled:
                step.run(replace(desk, today=step.day))
            assert balances_by_number(desk) == expected


def balances_by_number(desk: Desk) -> dict[tuple[int, str], int]:
    """Book and number of the chart -> balance in tiyn."""
    with desk.database.begin() as connection:
        return {
            (book, one.number): one.balance
            for book in (0, *PAYERS)
            for one in queries.number_balances(queries.balances(connection, book))
            if one.balance
        }


def in_another_order(steps: Sequence[Step], chance: random.Random) -> list[Step]:
    """The same steps, what the bank sent between two commands shuffled and taken in on the last of its days."""
    found: list[Step] = []
    waiting: list[Step] = []
    for step in (*steps, None):
        if step is not None and step.name in SHUFFLED:
            waiting.append(step)
            continue
        chance.shuffle(waiting)
        found += [replace(one, day=max(own.day for own in waiting)) for one in waiting]
        waiting = []
        if step is not None:
            found.append(step)
    return found
