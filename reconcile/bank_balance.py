"""`esep statement balance`: the bank's balance on a day is the cash of all books and what has not cleared, by line.

Cash moves by statement lines alone. What the books lack of a day is a debit that fits no file, or a line that was
entered in a later month because its own was closed; money that is between two books is in neither. Files that were sent
and not debited are no part of this: their money is still at the bank, but it is spoken for.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import Connection

from ledgers import closing, setup, statement_continuity
from ledgers.closing import LooseLine
from ledgers.statement_continuity import OpenFile
from reconcile.errors import Refusal

Uncleared = Literal["without a file", "booked later", "between books"]


class NotReached(Refusal):
    """The bank said nothing of the day yet."""

    def __init__(self, day: date, reached: date) -> None:
        super().__init__(
            f"the statements do not reach {day:%d.%m.%Y}, they end on {reached:%d.%m.%Y}; "
            "import the next one, or ask for an earlier day"
        )


class NoStatement(Refusal):
    """There is nothing to compare with."""

    def __init__(self) -> None:
        super().__init__("there is no statement yet; import the bank's first one: esep statement import FILE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What the bank's balance has and the cash of the books has not; `amount` (tiyn) is below zero for a debit."""

    item: Uncleared
    line: str
    happened_on: date
    document: str
    amount: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A file that was sent and is not debited on the day; the amount in tiyn."""

    authority: str
    file: str
    message: str
    bic: str
    sent_on: date
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BankBalance:
    """The bank's balance at the end of a day by statement `said_by`, and the cash of all books, in tiyn."""

    day: date
    said_by: str
    bank: int
    cash: int
    items: tuple[Item, ...]
    spoken: tuple[Spoken, ...]

    @property
    def expected(self) -> int:
        """What the books make of the bank's balance, in tiyn."""
        return self.cash + sum(item.amount for item in self.items)

    @property
    def difference(self) -> int:
        """What the bank has above that, in tiyn; 0 when everything is explained."""
        return self.bank - self.expected

    @property
    def free(self) -> int:
        """The cash of the books beyond the files that the bank has not debited: what may be spent, in tiyn."""
        return self.cash - sum(one.amount for one in self.spoken)


def balance(connection: Connection, on: date | None = None) -> BankBalance:
    """The balance at the end of a day; of the last day that the statements reach if none is said.

    Raises:
        NoStatement: there is none at all.
        NotReached: no statement reaches the day.
    """
    ibans = statement_continuity.accounts(connection)
    if not ibans:
        raise NoStatement
    accounts = [statement_continuity.account(connection, iban) for iban in ibans]
    reached = max(one.statement.date_to for one in accounts[-1].kept)
    day = on or reached
    if day > reached:
        raise NotReached(day, reached)
    bank, said_by = 0, []
    for account in accounts:
        # An account that was given up keeps the balance that its last statement closed with.
        last = max(one.statement.date_to for one in account.kept)
        if (said := account.balance(min(day, last))) is not None:
            bank += said[1]
            said_by.append(said[0].reference)
    positions = [closing.bank_position(connection, iban, day) for iban in ibans]
    late = [line for one in positions for line in one.late]
    later = statement_continuity.booked_later(connection, [line.line_number for line in late], day)
    codes = {one.authority_id: one.code for one in setup.authorities(connection)}
    return BankBalance(
        day=day,
        said_by=", ".join(said_by),
        bank=bank,
        cash=positions[-1].cash,
        items=(
            *_without_file(line for one in positions for line in one.unplaced),
            *_late(late, later),
            *_between(closing.between_books(connection, day), day),
        ),
        spoken=tuple(_spoken(one, codes) for one in statement_continuity.open_files(connection, day)),
    )


def _without_file(lines: Iterable[LooseLine]) -> Iterator[Item]:
    for line in lines:
        yield _item("without a file", line, "it stands at no file: esep statement waiting says why")


def _late(lines: Iterable[LooseLine], later: Mapping[int, date]) -> Iterator[Item]:
    for line in lines:
        day = later.get(line.line_number)
        reason = f"timing: it is in the books from {day:%d.%m.%Y}" if day else "timing: it is in the books later"
        yield _item("booked later", line, reason)


def _item(item: Uncleared, line: LooseLine, reason: str) -> Item:
    return Item(
        item=item,
        line=f"S{line.line_number}",
        happened_on=line.booked_on,
        document=line.document_number,
        amount=line.signed,
        reason=reason,
    )


def _between(amount: int, day: date) -> Iterator[Item]:
    if amount:
        reason = "it left one book and is not in the other yet"
        yield Item(item="between books", line="", happened_on=day, document="", amount=amount, reason=reason)


def _spoken(one: OpenFile, codes: Mapping[int, str]) -> Spoken:
    return Spoken(
        authority=codes.get(one.authority_id, str(one.authority_id)),
        file=one.reference,
        message=one.message,
        bic=one.bic,
        sent_on=one.dated,
        amount=one.amount,
    )
