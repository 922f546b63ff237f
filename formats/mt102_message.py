"""What an MT-102 with a list of people says: the head, the people, and what the list is for (R-050, R-052)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from formats import mt, mt_parts
from formats.mt_parts import Known, Others, Party

TYPE = "102"
NUMBER = mt_parts.shape(r"[0-9]{1,9}", "a number of the list")
CONTRIBUTION = mt_parts.shape(r"[CVS]", "C, V or S")
SOCIAL_CARD = mt_parts.shape(r"[0-9A-Z]{16}", "16 characters of a social card")
PERIODS = frozenset(f"{month:02d}{year:04d}" for month in range(1, 13) for year in range(1990, 2100))
"""The months MMYYYY that lists are commonly for."""
ITEM_PARTS = frozenset({"FM", "NM", "FT", "DT", "IDN", "RNN", "PERIOD", "LA", "OPV", "ASSIGN"})
IN_ITEM: Known = {"70": ITEM_PARTS}

FEE = ("КОМИССИЯ", "БАНКА")
_CORPORATION = "GCVPKZ2A"
_RETURNS = frozenset({"021", "026", "028", "039", "047", "049", "092", "094", "097"})
_COLLECTIONS = frozenset({"07", "09"})


class Layout(StrEnum):
    """What a list is for, as far as its content says; the form is the same."""

    PENSION = "pension contributions"
    SOCIAL = "social contributions"
    CREDITING = "crediting by list"
    BENEFITS = "benefits of the State Corporation"
    PARTIAL_RETURN = "State Corporation returns erroneous elements"
    BANK_RETURN = "bank returns payments"
    COLLECTION = "collection order for contributions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mt102Header:
    """The head of the list: who pays whom, by which document, for what; `other` is what no field here is for."""

    envelope: mt.Header
    reference: str
    payer: Party
    beneficiary: Party
    number: str
    dated: date
    value_date: date
    vo: str
    knp: str
    pso: str
    prt: str
    assign: str
    period: str = ""
    budget_code: str = ""
    send: str = "07"
    other: Others = ()


class Mt102Item(NamedTuple):
    """One person of the list; amount in tiyn, period MMYYYY, account '' where a return gives none.

    `contribution` is /OPV/ (C mandatory, V voluntary, S social), `social_card` the 16 characters after it and `rnn` the
    number before 2013; `changed_surname` is the second part of //FM/OLD/NEW; `other` are subfields unknown here.
    """

    number: int
    amount: int
    surname: str
    first_name: str
    patronymic: str
    idn: str
    account: str
    assign: str = ""
    birth_date: date | None = None
    period: str = ""
    contribution: str = ""
    social_card: str = ""
    rnn: str = ""
    changed_surname: str = ""
    other: Others = ()

    @property
    def is_fee(self) -> bool:
        """Whether it is no person but the fee of the bank, a habit of Halyk: КОМИССИЯ БАНКА as the last record."""
        return (self.surname, self.first_name) == FEE


@dataclass(frozen=True, slots=True, kw_only=True)
class Mt102:
    """A whole message."""

    header: Mt102Header
    items: tuple[Mt102Item, ...]

    @property
    def total(self) -> int:
        """Sum of the items in tiyn, which is what :32A: states."""
        return sum(item.amount for item in self.items)

    @property
    def layout(self) -> Layout:
        """What the list is for."""
        return layout(self.header, self.items[0])


def layout(header: Mt102Header, first: Mt102Item) -> Layout:
    """What a list is for, by its purpose code, its operation kind, its payer and its first record."""
    if header.vo in _COLLECTIONS:
        return Layout.COLLECTION
    is_ours = header.payer.bic == _CORPORATION
    if header.knp in _RETURNS:
        return Layout.PARTIAL_RETURN if is_ours else Layout.BANK_RETURN
    if first.contribution:
        return Layout.SOCIAL if first.contribution == "S" else Layout.PENSION
    return Layout.BENEFITS if is_ours else Layout.CREDITING
