"""Any sequence of events: the database refuses exactly what would overdraw a reference, and cash stays explained."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from ledgers import db, verify
from ledgers.chart import CHART
from ledgers.errors import Overdrawn
from ledgers.journal import Event
from ledgers.rules import RULES
from tests.ledgers.books import balances, day, enter
from tests.ledgers.conftest import SharedBooks

BETWEEN = {"moved_out", "moved_out_cash", "moved_in_cash", "moved_in"}
STANDS_FOR_CASH = ("funding", "unidentified", "transit", "returned", "resend", "refundable")

Account = tuple[int, str, str, str]


@dataclass(frozen=True)
class Step:
    """An entry of one event, or the two entries of money that goes to another book."""

    book: int
    day: int
    rule: str
    amount: int
    debit: str
    credit: str
    kind: str

    def entries(self) -> list[tuple[int, list[Event]]]:
        if self.rule != "moved":
            return [(self.book, [self._event(self.rule, self.debit, self.credit)])]
        out = [self._event("moved_out", "1"), self._event("moved_out_cash")]
        into = [self._event("moved_in_cash"), self._event("moved_in", "", "1")]
        return [(0, out), (self.book, into)]

    def _event(self, rule: str, debit: str = "", credit: str = "") -> Event:
        return Event(rule=rule, amount=self.amount, aid_kind=self.kind, debit_reference=debit, credit_reference=credit)


steps = st.builds(
    Step,
    book=st.sampled_from([1, 2]),
    day=st.integers(14, 17),
    # What brings money stands here twice, or most sequences would be refused from end to end.
    rule=st.sampled_from([*(set(RULES) - BETWEEN), "transfer_placed", "return_received", "request_sent", "moved"]),
    amount=st.integers(1, 3),
    debit=st.sampled_from("12"),
    credit=st.sampled_from("12"),
    kind=st.sampled_from("AB"),
)


@dataclass
class Model:
    """The books as a few dictionaries: what every account moved on each day."""

    moved: dict[Account, dict[int, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))

    def take(self, step: Step) -> bool:
        """Apply a step, unless a limited account would stand below zero on some day."""
        changes: dict[Account, int] = defaultdict(int)
        for book, events in step.entries():
            for event in events:
                rule = RULES[event.rule]
                for code, reference, sign in (
                    (rule.debit, event.debit_reference, 1),
                    (rule.credit, event.credit_reference, -1),
                ):
                    changes[self._account(book, code, event.aid_kind, reference)] += (
                        sign * event.amount if CHART[code].normal_side == "debit" else -sign * event.amount
                    )
        if any(self._is_broken(account, step.day, change) for account, change in changes.items()):
            return False
        for account, change in changes.items():
            self.moved[account][step.day] += change
        return True

    def total(self, book: int, code: str) -> int:
        return sum(sum(days.values()) for account, days in self.moved.items() if account[:2] == (book, code))

    def _is_broken(self, account: Account, day: int, change: int) -> bool:
        if CHART[account[1]].may_overdraw:
            return False
        days = dict(self.moved[account])
        days[day] = days.get(day, 0) + change
        return any(sum(amount for on, amount in days.items() if on <= last) < 0 for last in days)

    def _account(self, book: int, code: str, kind: str, reference: str) -> Account:
        account = CHART[code]
        return book, code, kind if account.takes_kind else "", reference if account.takes_reference else ""


def enter_step(connection: Connection, step: Step) -> bool:
    try:
        with db.refusals(), connection.begin_nested():
            for book, events in step.entries():
                enter(connection, *events, on=day(step.day), book=book)
    except Overdrawn:
        return False
    return True


@settings(max_examples=12)
@given(sequence=st.lists(steps, min_size=4, max_size=20))
def test_the_database_refuses_what_overdraws_and_nothing_else(shared: SharedBooks, sequence: Sequence[Step]) -> None:
    """Cash = funding + unidentified + transit + returned + resend + refundable, in every book, after every entry."""
    model = Model()
    with shared.undone() as connection:
        for step in sequence:
            assert enter_step(connection, step) == model.take(step), step
        for book in (0, 1, 2):
            found = balances(connection, book)
            assert found == {code: total for code in CHART if (total := model.total(book, code))}
            assert found.get("cash", 0) == sum(found.get(code, 0) for code in STANDS_FOR_CASH)
            assert found.get("between", 0) == 0
            assert found.get("requested", 0) == found.get("commitment", 0)
        numbers = connection.execute(text("SELECT authority_id, count(*) = max(number) FROM esep.entry GROUP BY 1"))
        assert all(is_gapless for _, is_gapless in numbers)
        assert verify.verify(connection).is_sound
