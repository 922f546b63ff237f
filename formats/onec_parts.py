"""What a 1C bank statement holds (1CClientBankExchange, Kazakhstan's dialect, mt102.md §5.5).

The keys of the file stop at the readers: the classes have names of the field.

>>> Owner(name="НАО", kbe="11").bin
''
"""

from dataclasses import dataclass, field
from datetime import date

from formats.onec_keys import STATEMENT_KIND, Direction

Other = tuple[tuple[str, str], ...]
"""Keys that no field is made of, as they stand in the file, each with its value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """What a document says of the side whose statement it is; `account` only if it is not that of the statement."""

    name: str = ""
    bin: str = ""
    kbe: str = ""
    bic: str = ""
    bank: str = ""
    account: str = ""


NOBODY = Owner()


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """One document of the statement; `line` is its place in the statement, counted from 1, and the amount is in tiyn.

    `kind` is what stands after СекцияДокумент, `form` is ВидДокумента, `kbe` КБЕ as it stands, even if only `1`.
    """

    line: int
    number: str
    dated: date
    booked_on: date
    value_date: date
    amount: int
    direction: Direction
    counterparty_name: str
    counterparty_bin: str
    counterparty_iban: str
    counterparty_bic: str
    knp: str
    purpose: str
    counterparty_kbe: str = ""
    counterparty_bank: str = ""
    own: Owner = NOBODY
    kind: str = STATEMENT_KIND
    form: str = ""
    other: Other = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanBalance:
    """The balances of one СекцияРасчСчет, where an account has several (one a day, say); in tiyn."""

    date_from: date
    date_to: date
    opening: int
    credited: int
    debited: int
    closing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FileHead:
    """What the head of the file says of itself: ВерсияФормата, Кодировка, Отправитель, Получатель, ДатаСоздания."""

    version: str = ""
    charset: str = ""
    sender: str = ""
    receiver: str = ""
    created_on: date | None = None
    created_at: str = ""
    other: Other = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The statement of one account over a span of days; balances and turnovers in tiyn.

    `unstated` names the balances and turnovers that the file does not state: they were computed, and where neither
    balance is stated, from an opening balance of zero. `spans` are the sections of an account that has several of them.
    The head and the unknown keys of the sections are kept, but two statements are equal whatever these say.
    """

    account: str
    date_from: date
    date_to: date
    opening: int
    credited: int
    debited: int
    closing: int
    lines: tuple[StatementLine, ...]
    spans: tuple[SpanBalance, ...] = ()
    unstated: tuple[str, ...] = ()
    head: FileHead = field(default=FileHead(), compare=False)
    other: Other = field(default=(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Lines of one account in the order of the file, so many as are worth working on at a time."""

    account: str
    lines: list[StatementLine]
