"""What Esep tells the authority: the request, the return notice, the Appendix 1 act and the Appendix 2 statement.

M-4, M-8, M-11 and M-12 of the exchange (R-033, R-060, R-070, R-071), free of any file form: exchange.py writes them as
XML, twins.py as CSV and XLSX. What stands beside the act is in act_documents.py. Names stand in Kazakh and in Russian,
amounts are whole tiyn, a month is its first day.

>>> row = StatementRow(number=1, bank_kk="Halyk", bank_ru="Halyk", sent_count=3, sent=300, returned_count=1,
...     returned=100, aid_kk="", aid_ru="")
>>> counted(row)
{'paid_count': 2, 'paid': 200}
"""

from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from formats.act_documents import (
    CorrectedRow,
    CorrectiveAct,
    MoneyAnnex,
    MoneyRow,
    PeopleAnnex,
    PeopleRow,
    Protocol,
    ProtocolLine,
)
from formats.person import Person

__all__ = [
    "BELOW_ZERO",
    "BYTES_MAX",
    "LINES_MAX",
    "MONEY",
    "MONTHS",
    "NAMES",
    "TITLES",
    "TOTAL_ROWS",
    "VERSION",
    "CorrectedRow",
    "CorrectiveAct",
    "Document",
    "FundsRequest",
    "FundsRequestLine",
    "Line",
    "MoneyAnnex",
    "MoneyRow",
    "PaymentStatement",
    "PeopleAnnex",
    "PeopleRow",
    "Person",
    "Protocol",
    "ProtocolLine",
    "ReturnNotice",
    "ReturnNoticeLine",
    "StatementRow",
    "TransferAct",
    "TransferRow",
    "counted",
    "counted_names",
]

TITLES = ("as_printed", "social_aid")
TOTAL_ROWS = ("add", "leave_out")


@dataclass(frozen=True, slots=True, kw_only=True)
class FundsRequestLine:
    """The need of one aid kind for one month."""

    aid_kind: str
    name_kk: str
    name_ru: str
    due_month: date
    count: int
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FundsRequest:
    """The State Corporation asks the authority for the amount of the need (R-033, R-034)."""

    number: str
    sent_on: date
    authority_bin: str
    authority_kk: str
    authority_ru: str
    corporation_bin: str
    corporation_kk: str
    corporation_ru: str
    iban: str
    bic: str
    lines: tuple[FundsRequestLine, ...]

    @property
    def amount(self) -> int:
        """The amount of all lines in tiyn."""
        return sum(line.amount for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnNoticeLine:
    """One payment that a bank gave back."""

    payment_reference: str
    order_number: str
    order_date: date
    bank_kk: str
    bank_ru: str
    aid_kind: str
    iin: str
    surname: str
    first_name: str
    patronymic: str
    iban: str
    amount: int
    returned_on: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnNotice:
    """The State Corporation tells the authority what came back (R-060)."""

    number: str
    sent_on: date
    authority_bin: str
    authority_kk: str
    authority_ru: str
    lines: tuple[ReturnNoticeLine, ...]

    @property
    def count(self) -> int:
        """How many payments came back."""
        return len(self.lines)

    @property
    def amount(self) -> int:
        """The amount of all lines in tiyn."""
        return sum(line.amount for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferRow:
    """A row of Appendix 1: one transfer of the authority; below zero where one of an earlier month was taken back."""

    code: int
    authority_bin: str
    authority_kk: str
    authority_ru: str
    order_number: str
    order_date: date
    amount: int
    aid_kk: str
    aid_ru: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferAct:
    """Appendix 1: the act of reconciliation of the transfers of one month (R-070).

    `title` says what its title calls the aid (AMB-7): АӘК as the form prints it, or social aid in full.
    """

    month: date
    authority_bin: str
    authority_kk: str
    authority_ru: str
    corporation_kk: str
    corporation_ru: str
    rows: tuple[TransferRow, ...]
    corporation_signer: Person
    authority_signer: Person
    title: str = "as_printed"

    @property
    def total(self) -> int:
        """The amount of all transfers in tiyn."""
        return sum(row.amount for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRow:
    """A row of Appendix 2: what was sent to one bank for one aid kind and what came back.

    Sent is below zero where the bank refused a file of an earlier month.
    """

    number: int
    bank_kk: str
    bank_ru: str
    sent_count: int
    sent: int
    returned_count: int
    returned: int
    aid_kk: str
    aid_ru: str

    @property
    def paid_count(self) -> int:
        """Column 7; below zero when money of an earlier month came back (AMB-12)."""
        return self.sent_count - self.returned_count

    @property
    def paid(self) -> int:
        """Column 8 in tiyn; below zero like paid_count."""
        return self.sent - self.returned


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentStatement:
    """Appendix 2: the payments of one month by banks (R-071); `total_row` says whether it has a row of sums."""

    month: date
    authority_bin: str
    authority_kk: str
    authority_ru: str
    region_kk: str
    region_ru: str
    district_kk: str
    district_ru: str
    rows: tuple[StatementRow, ...]
    director: Person
    deputy: Person
    total_row: str = "add"

    @property
    def total(self) -> StatementRow:
        """The sums of the columns; its number is how many rows there are, its names are empty."""
        return StatementRow(
            number=len(self.rows),
            bank_kk="",
            bank_ru="",
            sent_count=sum(row.sent_count for row in self.rows),
            sent=sum(row.sent for row in self.rows),
            returned_count=sum(row.returned_count for row in self.rows),
            returned=sum(row.returned for row in self.rows),
            aid_kk="",
            aid_ru="",
        )


Document = (
    FundsRequest | ReturnNotice | TransferAct | PaymentStatement | MoneyAnnex | PeopleAnnex | Protocol | CorrectiveAct
)
Line = (
    FundsRequestLine
    | ReturnNoticeLine
    | TransferRow
    | StatementRow
    | MoneyRow
    | PeopleRow
    | ProtocolLine
    | CorrectedRow
)

NAMES: dict[type[Document], str] = {
    FundsRequest: "request",
    ReturnNotice: "return-notice",
    TransferAct: "appendix1",
    PaymentStatement: "appendix2",
    MoneyAnnex: "annex1",
    PeopleAnnex: "annex2",
    Protocol: "protocol",
    CorrectiveAct: "corrective-act",
}
"""The names of the documents in files."""

VERSION = 1
"""The version of their form: of the namespace, of the schema and of the sheet."""

MONEY = frozenset({"amount", "total", "sent", "returned", "paid"})
"""The fields that are whole tiyn and not below zero."""

BELOW_ZERO: dict[type[Document | Line], frozenset[str]] = {
    TransferAct: frozenset({"total"}),
    TransferRow: frozenset({"amount"}),
    StatementRow: frozenset({"sent_count", "sent", "paid_count", "paid"}),
    PaymentStatement: frozenset({"total_sent_count", "total_sent", "total_paid_count", "total_paid"}),
    MoneyAnnex: frozenset(
        {"opening", "transfers", "returned", "other", "sent", "refunded", "closing", "expected"},
    ),
    PeopleRow: frozenset({"sent_count", "paid_count"}),
    PeopleAnnex: frozenset({"total_sent_count", "total_paid_count"}),
    Protocol: frozenset({"ours", "theirs", "difference"}),
    ProtocolLine: frozenset({"ours", "theirs", "difference"}),
    CorrectiveAct: frozenset({"signed", "corrected", "difference"}),
    CorrectedRow: frozenset({"signed", "corrected", "difference"}),
}
"""What may be below zero: counts by their name, the rest is whole tiyn."""

MONTHS = frozenset({"month", "due_month", "paid_month"})
"""The days that stand for their month."""

BYTES_MAX = 64 << 20
LINES_MAX = 100_000
"""More than any authority has in a document; a file that goes on beyond it is something else."""

_COUNTED: dict[type[Document | Line], tuple[str, ...]] = {
    FundsRequest: ("amount",),
    ReturnNotice: ("count", "amount"),
    TransferAct: ("total",),
    StatementRow: ("paid_count", "paid"),
    PaymentStatement: tuple(
        f"total.{name}" for name in ("sent_count", "sent", "returned_count", "returned", "paid_count", "paid")
    ),
    MoneyAnnex: ("expected", "count"),
    PeopleRow: ("paid_count",),
    PeopleAnnex: tuple(f"total.{name}" for name in ("sent_count", "returned_count", "returned", "paid_count")),
    ProtocolLine: ("difference",),
    Protocol: ("ours", "theirs", "difference"),
    CorrectedRow: ("difference",),
    CorrectiveAct: ("signed", "corrected", "difference"),
}


def counted(part: Document | Line) -> dict[str, int]:
    """What is counted from the rest, by its name in files: it is written, and compared when it is read."""
    return {path.replace(".", "_"): attrgetter(path)(part) for path in _COUNTED.get(type(part), ())}


def counted_names(kind: type[Document | Line]) -> tuple[str, ...]:
    """The names that counted() gives for a document or a line of this class."""
    return tuple(path.replace(".", "_") for path in _COUNTED.get(kind, ()))
