"""The message pain.001: header, groups of payments from one account, transfers; and what a bank asks for besides."""

from dataclasses import dataclass
from datetime import date

from formats.mx_parts import Account, Agent, Coded, Others, Party, RegulatoryReport

VERSION = "001.12"


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The group header (GrpHdr): who sends, count and sum (CtrlSum) of all transfers as stated."""

    message_id: str
    created: str
    count: int
    initiator: Party
    version: str = VERSION
    control_sum: int | None = None
    other: Others = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """One transfer (CdtTrfTxInf): its references, the amount (InstdAmt), who is paid for what."""

    end_to_end_id: str
    amount: int
    currency: str
    instruction_id: str = ""
    uetr: str = ""
    priority: str = ""
    charge_bearer: str = ""
    ultimate_debtor: Party | None = None
    creditor_agent: Agent | None = None
    creditor: Party | None = None
    creditor_account: Account | None = None
    ultimate_creditor: Party | None = None
    purpose: Coded | None = None
    regulatory: tuple[RegulatoryReport, ...] = ()
    remittance: tuple[str, ...] = ()
    other: Others = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Transfers from one account on one day (PmtInf); count and control sum are None where the group states none.

    `priority` is NORM or HIGH (InstrPrty), `batch` whether they are booked as one sum (BtchBookg: true or false).
    """

    group_id: str
    execution_date: date
    debtor: Party
    debtor_account: Account
    debtor_agent: Agent
    transfers: tuple[Transfer, ...]
    method: str = "TRF"
    count: int | None = None
    control_sum: int | None = None
    batch: str = ""
    priority: str = ""
    ultimate_debtor: Party | None = None
    charge_bearer: str = ""
    other: Others = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pain001:
    """A message, or a piece of one: then header and group state the counts and the sums of all pieces together."""

    header: Header
    groups: tuple[Group, ...]
    other: Others = ()

    @property
    def transfers(self) -> tuple[Transfer, ...]:
        """The transfers of all groups."""
        return tuple(one for group in self.groups for one in group.transfers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a bank takes, besides the schema: how many transfers in a message, which priorities and currencies."""

    bank: str
    transfers_max: int
    priorities: frozenset[str]
    currencies: frozenset[str]
    account_start: str


FREEDOM = Profile(
    bank="Freedom Bank",
    transfers_max=500,
    priorities=frozenset({"NORM", "HIGH"}),
    currencies=frozenset({"KZT"}),
    account_start="KZ",
)
