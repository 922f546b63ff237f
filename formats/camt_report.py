"""What a bank reports of an account: camt.052, camt.053 and camt.054 as one class, whatever their version.

BankToCustomerAccountReport (camt.052), BankToCustomerStatement (camt.053) and BankToCustomerDebitCreditNotification
(camt.054) of ISO 20022 share their blocks: a report of an account has balances and entries, an entry has batches, a
batch has the details of single payments. Amounts are in hundredths of their currency (tiyn).

>>> entry = Entry(line=1, amount=1846000, currency="KZT", direction="credit", status="booked", reversal=True)
>>> entry.mark, entry.change
('RD', 1846000)
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from formats.mx_nodes import Amount
from formats.mx_parts import Account, Agent, Coded, Others, Party
from formats.statement import Mark, effect

Kind = Literal["statement", "notification", "report"]
Direction = Literal["credit", "debit"]
Status = Literal["booked", "pending", "information", "future"]

OPENING = ("OPBD", "PRCD")
"""The balances that a statement opens with: the booked one, or the closing balance of the statement before it."""
CLOSING = "CLBD"


@dataclass(frozen=True, slots=True, kw_only=True)
class BankCode:
    """What kind of entry it is (BkTxCd): by the ISO list (Domn) or by the bank's own (Prtry)."""

    domain: str = ""
    family: str = ""
    subfamily: str = ""
    proprietary: str = ""
    issuer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """A balance (Bal); below zero when it is a debit balance. `type` is OPBD, CLBD, ITBD, PRCD, CLAV and so on."""

    type: Coded
    amount: int
    currency: str
    day: date | None
    moment: str = ""
    other: Others = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """How many entries there are and what they add up to; None where the bank does not say."""

    count: int | None = None
    amount: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The totals of a report (TxsSummry): of all entries, of credits and of debits, and credits less debits."""

    entries: Totals | None = None
    credits: Totals | None = None
    debits: Totals | None = None
    net: int | None = None
    other: Others = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnInformation:
    """Why a payment came back (RtrInf): the code of the payment that is returned, the reason, the bank's words."""

    original_code: BankCode | None = None
    originator: Party | None = None
    reason: Coded | None = None
    additional: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentDetails:
    """One payment of an entry (TxDtls): its references (Refs), parties (RltdPties), agents (RltdAgts) and purpose.

    `knp` is Purp/Prtry, where Esep proposes to write the purpose code of Kazakhstan; no public source says so.
    """

    message_id: str = ""
    bank_reference: str = ""
    payment_id: str = ""
    instruction_id: str = ""
    end_to_end_id: str = ""
    uetr: str = ""
    transaction_id: str = ""
    clearing_reference: str = ""
    amount: Amount | None = None
    direction: Direction | None = None
    instructed: Amount | None = None
    code: BankCode | None = None
    debtor: Party | None = None
    debtor_account: Account | None = None
    debtor_agent: Agent | None = None
    ultimate_debtor: Party | None = None
    creditor: Party | None = None
    creditor_account: Account | None = None
    creditor_agent: Agent | None = None
    ultimate_creditor: Party | None = None
    purpose: Coded | None = None
    remittance: tuple[str, ...] = ()
    creditor_references: tuple[str, ...] = ()
    returned: ReturnInformation | None = None
    additional: str = ""
    other: Others = ()

    @property
    def knp(self) -> str:
        """The purpose code of Kazakhstan; '' where the purpose is an ISO code or lacking."""
        return self.purpose.proprietary if self.purpose else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A group of details (NtryDtls) with what the bank says of it (Btch); empty where it says nothing."""

    message_id: str = ""
    payment_id: str = ""
    count: int | None = None
    total: Amount | None = None
    direction: Direction | None = None
    details: tuple[PaymentDetails, ...] = ()
    other: Others = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A movement of the account (Ntry); `line` is its place in the report from 1, the amount has no sign.

    `direction` (CdtDbtInd) is what the entry does to the balance, also when it is a reversal (RvslInd): the definition
    says that a reversal with CRDT turns a debit back, and one with DBIT a credit.
    """

    line: int
    amount: int
    currency: str
    direction: Direction
    status: Status
    reversal: bool = False
    reference: str = ""
    bank_reference: str = ""
    booked_on: date | None = None
    booked_at: str = ""
    value_date: date | None = None
    valued_at: str = ""
    code: BankCode | None = None
    batches: tuple[Batch, ...] = ()
    additional: str = ""
    other: Others = ()

    @property
    def mark(self) -> Mark:
        """The mark of statement.py: C, D, RD for a debit and RC for a credit turned back, EC and ED for not yet booked.

        RD adds to the balance, so that it is CRDT with RvslInd; RC takes away, DBIT with RvslInd.
        """
        if self.status != "booked":
            return "EC" if self.direction == "credit" else "ED"
        if self.reversal:
            return "RD" if self.direction == "credit" else "RC"
        return "C" if self.direction == "credit" else "D"

    @property
    def change(self) -> int:
        """What the entry does to the booked balance, in hundredths; nothing while it is only expected."""
        return effect(self.mark) * self.amount

    @property
    def details(self) -> Iterator[PaymentDetails]:
        """The payments of all batches of the entry."""
        return (one for batch in self.batches for one in batch.details)


@dataclass(frozen=True, slots=True, kw_only=True)
class BankReport:
    """One statement (Stmt), notification (Ntfctn) or report (Rpt) of an account, with the header of its message.

    Moments are kept as they are written, with their time zone. Texts are '' and numbers None where the bank gives none.
    """

    kind: Kind
    message_id: str
    message_created: str
    identification: str
    account: Account
    created: str = ""
    electronic_number: int | None = None
    legal_number: int | None = None
    from_moment: str = ""
    to_moment: str = ""
    copy: str = ""
    account_name: str = ""
    owner: Party | None = None
    servicer: Agent | None = None
    balances: tuple[Balance, ...] = ()
    summary: Summary | None = None
    entries: tuple[Entry, ...] = ()
    additional: str = ""
    other: Others = ()

    def balance(self, *codes: str) -> Balance | None:
        """The balance with the first of these type codes that the report has."""
        found = {one.type.code: one for one in reversed(self.balances)}
        return next((found[code] for code in codes if code in found), None)

    @property
    def opening(self) -> Balance | None:
        """The booked balance that the report opens with, OPBD or PRCD."""
        return self.balance(*OPENING)

    @property
    def closing(self) -> Balance | None:
        """The booked balance that the report closes with, CLBD."""
        return self.balance(CLOSING)

    @property
    def currency(self) -> str:
        """The currency of the account, by the account itself or by its balances or entries."""
        stated = (self.account.currency, *(one.currency for one in self.balances), *self._currencies())
        return next((currency for currency in stated if currency), "")

    def _currencies(self) -> Iterator[str]:
        return (one.currency for one in self.entries)
