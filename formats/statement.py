"""A bank statement whatever its form: MT940, MT950, MT970, 1C and camt.053 are turned into this to be proved.

The mark of a movement says what it does to the balance. C and RD (a debit turned back) add, D and RC (a credit turned
back) take away, EC and ED are only expected and change nothing. Opening balance and movements must give the closing
balance, and the next statement must open where the last one closed; `continuity` says in figures where it does not.

>>> [effect(mark) for mark in MARKS]
[1, -1, -1, 1, 0, 0]
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from formats.amounts import display_amount
from formats.errors import RESEND, Code, Fault

Mark = Literal["C", "D", "RC", "RD", "EC", "ED"]
MARKS: tuple[Mark, ...] = get_args(Mark)

_EFFECTS: dict[Mark, int] = {"C": 1, "D": -1, "RC": -1, "RD": 1, "EC": 0, "ED": 0}


def effect(mark: Mark) -> int:
    """1 for a mark that adds to the balance, -1 for one that takes away, 0 for one that is only expected."""
    return _EFFECTS[mark]


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One line of a statement; `line` is its place in the statement counted from 1, the amount is in tiyn and positive.

    Texts are '' and dates None where the form gives none. `reference` is the payer's own (:20: of the order,
    EndToEndId), `bank_reference` the bank's.
    """

    line: int
    mark: Mark
    amount: int
    booked_on: date | None = None
    value_date: date | None = None
    number: str = ""
    reference: str = ""
    bank_reference: str = ""
    counterparty_name: str = ""
    counterparty_idn: str = ""
    counterparty_account: str = ""
    counterparty_bic: str = ""
    knp: str = ""
    purpose: str = ""

    @property
    def change(self) -> int:
        """What the movement does to the balance, in tiyn."""
        return _EFFECTS[self.mark] * self.amount


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountStatement:
    """The statement of one account over a span of days; balances in tiyn, below zero for a debit balance.

    A balance is None where the form gives none (camt.054, an interim report).
    """

    account: str
    currency: str
    number: str
    date_from: date | None
    date_to: date | None
    opening: int | None
    closing: int | None
    movements: tuple[Movement, ...]

    @property
    def credited(self) -> int:
        """The sum of what was added, in tiyn."""
        return sum(one.change for one in self.movements if one.change > 0)

    @property
    def debited(self) -> int:
        """The sum of what was taken away, in tiyn, as a positive number."""
        return -sum(one.change for one in self.movements if one.change < 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Continuity:
    """How a statement fails to follow the one before it on the same account: `kind` with the figures that show it.

    gap: `days` between them are in neither, or only the balances differ (`days` is 0: a statement is missing); overlap:
    `days` are in both. `difference` is the opening balance less the closing balance before, in tiyn. `numbers_missing`
    says how many statement numbers of the same year lie between them.
    """

    kind: Literal["gap", "overlap"]
    days: int
    closing_before: int
    opening: int
    difference: int
    numbers_missing: int = 0

    def __str__(self) -> str:
        missing = f", {_counted(self.numbers_missing, 'statement number')} missing" if self.numbers_missing else ""
        figures = f"closed with {display_amount(self.closing_before)}, opens with {display_amount(self.opening)}"
        difference = f"difference {display_amount(self.difference)}"
        return f"{self.kind} of {_counted(self.days, 'day')}{missing}: {figures}, {difference}"


def _counted(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"


def wrong_total(opening: int, change: int, count: int, closing: int, *, line: int | None, place: str) -> list[Fault]:
    """The fault of a closing balance that is not the opening one and so many movements (tiyn); [] when it is."""
    computed = opening + change
    if computed == closing:
        return []
    words = f"opening {display_amount(opening)} and {count} movements"
    expected = f"{display_amount(computed)}, {words} (difference {display_amount(abs(computed - closing))})"
    found = display_amount(closing)
    return [Fault(code=Code.BALANCE, line=line, place=place, found=found, expected=expected, remedy=RESEND)]


def continuity(before: AccountStatement, after: AccountStatement) -> Continuity | None:
    """How `after` fails to follow `before`; None when it follows without a gap or an overlap.

    Raises ValueError for statements of two accounts or currencies, or without balances: they say nothing of each other.
    """
    if (before.account, before.currency) != (after.account, after.currency):
        raise ValueError(f"statements of {before.account} and {after.account}: expected one account and currency")
    if before.closing is None or after.opening is None:
        raise ValueError("a statement without balances: expected a closing balance and an opening balance")
    difference = after.opening - before.closing
    days = 0
    if before.date_to is not None and after.date_from is not None:
        days = (after.date_from - before.date_to - timedelta(days=1)).days
    missing = _numbers_missing(before, after)
    if not difference and _follows(before, after, days, missing):
        return None
    return Continuity(
        kind="overlap" if days < 0 else "gap",
        days=abs(days),
        closing_before=before.closing,
        opening=after.opening,
        difference=difference,
        numbers_missing=missing,
    )


def _follows(before: AccountStatement, after: AccountStatement, days: int, missing: int) -> bool:
    """Whether a statement whose balance agrees follows the one before.

    Days without movements may have no statement, so days between are a gap only when a number is missing as well. Two
    statements may share one day, the second going on where the first ended, unless they are the same.
    """
    if days == -1:
        return not before.movements or before.movements != after.movements
    return days >= 0 and not (days and missing)


def _numbers_missing(before: AccountStatement, after: AccountStatement) -> int:
    """Statement numbers between the two; 0 when they are no numbers, are counted anew, or are of two years."""
    numbers = (before.number, after.number)
    if not all(number.isascii() and number.isdigit() and len(number) <= 9 for number in numbers):
        return 0
    is_one_year = before.date_to is None or after.date_to is None or before.date_to.year == after.date_to.year
    return max(int(after.number) - int(before.number) - 1, 0) if is_one_year else 0
