"""What stands beside the documents of a month: its two annexes, the protocol of differences, the corrective act.

The annexes tell what the forms of the order have no room for: timing differences (AMB-9), money held, the control
equation; people beside items (AMB-10) and returns of earlier months (AMB-12). A protocol sets both sides' lines of an
act against each other (AMB-14); a corrective act sets what was signed against what is right. Amounts are whole tiyn,
and all of them may be below zero: a placing that was taken back stands with a minus.
"""

from dataclasses import dataclass
from datetime import date

from formats.person import Person

SECTIONS = ("ordered_before", "received_later", "unidentified", "excess", "uncleared")
"""The parts of the money annex, in order."""

FINDINGS = ("agrees", "missing_with_us", "missing_with_them", "amount", "kind")
"""What a line of a protocol may be: the same on both sides, only theirs, only ours, another amount, another kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyRow:
    """Money that the act does not show, or shows in another month than its order says: which, since when, how much.

    `dated` is the day of the document `number`, `known_on` the day its money came (of a file: the day it was sent).
    """

    section: str
    reference: str
    number: str
    dated: date
    known_on: date
    name_kk: str
    name_ru: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyAnnex:
    """The annex to Appendix 1: the control equation of the month, timing differences, money held, files not debited."""

    month: date
    authority_bin: str
    authority_kk: str
    authority_ru: str
    opening: int
    transfers: int
    returned: int
    other: int
    sent: int
    refunded: int
    closing: int
    rows: tuple[MoneyRow, ...]

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self.rows)

    @property
    def expected(self) -> int:
        """What the movements of the month make of the opening balance (tiyn)."""
        return self.opening + self.transfers + self.returned + self.other - self.sent - self.refunded


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleRow:
    """Items and different people of one bank and kind; `paid_month` is the month in which they were first sent."""

    bank_kk: str
    bank_ru: str
    aid_kk: str
    aid_ru: str
    paid_month: date
    sent_count: int
    sent_people: int
    returned_count: int
    returned_people: int
    returned: int
    paid_people: int

    @property
    def paid_count(self) -> int:
        """Items paid; below zero where money of an earlier month came back (AMB-12)."""
        return self.sent_count - self.returned_count


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleAnnex:
    """The annex to Appendix 2: different people beside items, and what of earlier months came back.

    A person of two banks is counted once in the people of the whole, which are therefore no sums of the rows.
    """

    month: date
    authority_bin: str
    authority_kk: str
    authority_ru: str
    sent_people: int
    returned_people: int
    paid_people: int
    rows: tuple[PeopleRow, ...]

    @property
    def total(self) -> PeopleRow:
        """The sums of items and money, and the different people of the whole."""
        return PeopleRow(
            bank_kk="",
            bank_ru="",
            aid_kk="",
            aid_ru="",
            paid_month=self.month,
            sent_count=sum(row.sent_count for row in self.rows),
            sent_people=self.sent_people,
            returned_count=sum(row.returned_count for row in self.rows),
            returned_people=self.returned_people,
            returned=sum(row.returned for row in self.rows),
            paid_people=self.paid_people,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolLine:
    """One transfer by both sides (tiyn), 0 where a side has none, and what was found of it."""

    line: int
    order_number: str
    order_date: date
    aid_kk: str
    aid_ru: str
    ours: int
    theirs: int
    finding: str
    comment: str

    @property
    def difference(self) -> int:
        """What the State Corporation has more than the authority (tiyn)."""
        return self.ours - self.theirs


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """A protocol of differences to an act, or to its corrective act `act_number` (AMB-14, E73)."""

    number: int
    act_number: int
    month: date
    dated: date
    document: str
    authority_bin: str
    authority_kk: str
    authority_ru: str
    corporation_kk: str
    corporation_ru: str
    lines: tuple[ProtocolLine, ...]
    corporation_signer: Person
    authority_signer: Person

    @property
    def ours(self) -> int:
        """The total of the State Corporation in tiyn."""
        return sum(line.ours for line in self.lines)

    @property
    def theirs(self) -> int:
        """The total of the authority in tiyn."""
        return sum(line.theirs for line in self.lines)

    @property
    def difference(self) -> int:
        """What the State Corporation has more than the authority (tiyn)."""
        return self.ours - self.theirs


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedRow:
    """A row of the act as it was signed and as it is right (tiyn), 0 where it was not or should not be there."""

    code: int
    order_number: str
    order_date: date
    aid_kk: str
    aid_ru: str
    signed: int
    corrected: int

    @property
    def difference(self) -> int:
        """By how much the row changes (tiyn)."""
        return self.corrected - self.signed


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectiveAct:
    """Corrective act No k to the signed act of a month, which itself never changes (E75).

    `signed_sha256` is the digest, in hexadecimal digits, of the Kazakh PDF that was signed: the act, or for k above 1
    the corrective act before.
    """

    number: int
    month: date
    dated: date
    reason: str
    signed_sha256: str
    authority_bin: str
    authority_kk: str
    authority_ru: str
    corporation_kk: str
    corporation_ru: str
    rows: tuple[CorrectedRow, ...]
    corporation_signer: Person
    authority_signer: Person

    @property
    def signed(self) -> int:
        """The total as signed (tiyn)."""
        return sum(row.signed for row in self.rows)

    @property
    def corrected(self) -> int:
        """The total as it is right (tiyn)."""
        return sum(row.corrected for row in self.rows)

    @property
    def difference(self) -> int:
        """By how much the total changes (tiyn)."""
        return self.corrected - self.signed
