"""Journal entries as values: what a verb says it did, before the database seals it.

>>> Event(rule="file_settled", amount=110_760_00, debit_reference="GCVP-00100000071").rule
'file_settled'
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

EntryKind = Literal[
    "setup_imported",
    "awards_imported",
    "need_formed",
    "request_sent",
    "statement_imported",
    "transfer_received",
    "file_settled",
    "money_unidentified",
    "return_received",
    "return_money_seen",
    "return_parked",
    "money_moved",
    "returns_notified",
    "orders_sent",
    "resolutions_imported",
    "refund_sent",
    "month_closed",
    "act_built",
    "reversed",
    "calendar_imported",
    "settings_changed",
    "deadlines_recomputed",
    "deadline_noted",
    "document_arrived",
    "money_placed",
    "request_released",
    "awards_changed",
    "awards_cancelled",
    "hold_placed",
    "hold_ended",
    "file_refused",
    "return_placed",
    "claim_received",
    "carry_over_decided",
    "act_signed",
    "statement_sent",
    "act_disputed",
    "dispute_ended",
    "corrective_act_built",
    "crediting_imported",
    "crediting_matched",
    "crediting_unmatched",
    "list_imported",
    "list_matched",
    "match_terms_changed",
    "breaks_found",
    "breaks_worked",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One amount (tiyn, above zero) that a rule moves; references as the rule's two accounts need them."""

    rule: str
    amount: int
    aid_kind: str = ""
    debit_reference: str = ""
    credit_reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryDraft:
    """An entry before it is sealed. `source_key` names what it came from: the same key is never entered twice.

    `source_digest` is the SHA-256 (32 bytes) of the content behind the key; equal content is a no-op, other content
    is a conflict.
    """

    kind: EntryKind
    booked_on: date
    value_date: date
    actor: str
    source_key: str
    source_digest: bytes
    summary: str
    reverses: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A sealed entry: number in its book, the moment it became known, and the hash that chains it."""

    authority_id: int
    number: int
    kind: str
    booked_on: date
    value_date: date
    recorded_at: datetime
    actor: str
    source_key: str
    source_digest: bytes
    summary: str
    reverses: int | None
    leaves: int
    root: bytes
    previous: bytes
    hash: bytes
