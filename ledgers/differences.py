"""A difference between true records, before it stands in the books as a break.

Each reconciliation says what differs now; `breaks` compares that with what was written down before: a new one is
opened, one that is gone is closed. Kind and subject are its identity: the same of both is the same difference.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Kind = Literal[
    # the bank statement against cash
    "money_unidentified",
    "debit_without_file",
    "file_not_debited",
    "return_without_money",
    "return_not_placed",
    "statement_gap",
    "statement_overlap",
    "statement_opening",
    "balance_differs",
    # the banks' crediting registers against the payment register
    "payment_not_credited",
    "credited_unknown",
    "credited_amount",
    "credited_account",
    "credited_person",
    "credited_twice",
    "credited_ambiguous",
    "credited_though_returned",
    "returned_without_notice",
    # the authority's own list against transfers and refunds
    "list_missing_with_us",
    "list_missing_with_them",
    "list_amount",
    "list_date",
    "list_kind",
    "list_twice",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What differs: `subject` names the record ('S12', 'P20000001/1', 'C3/45' a crediting line, 'L2/7' a list line).

    `amount` is in tiyn, `reason` one sentence with the numbers that were compared, without names or IINs; `bic` and
    `aid_kind` may be empty.
    """

    authority_id: int
    kind: Kind
    subject: str
    amount: int
    happened_on: date
    reason: str
    bic: str = ""
    aid_kind: str = ""
