"""Refusals of the books. Each class writes its own sentence from its arguments: what was found, what to do."""

from datetime import date

from ledgers.money import format_tenge


class LedgerError(Exception):
    """A refusal that the user can answer; nothing was applied."""


class DatabaseMissing(LedgerError):
    """There is no database where it was looked for."""

    def __init__(self, where: str) -> None:
        super().__init__(f"there is no Esep database at {where}; make one with: esep db init")


class DatabaseOutdated(LedgerError):
    """The database has another version of the schema than this program."""

    def __init__(self, found: str, expected: str) -> None:
        super().__init__(f"the database has schema {found}, this program needs {expected}; run: esep db init")


class Overdrawn(LedgerError):
    """A posting would take more from a reference than stands on it on that day."""

    def __init__(self, *, code: str, aid_kind: str, reference: str, day: date, balance: int) -> None:
        self.code, self.aid_kind, self.reference, self.day, self.balance = code, aid_kind, reference, day, balance
        where = "/".join(part for part in (code, aid_kind, reference) if part)
        super().__init__(
            f"account {where} would stand at {format_tenge(balance)} on {day:%d.%m.%Y}; money can be spent once, "
            f"and not before it came: wait for the transfer, or see what was sent already with: esep trace {reference}"
        )


class MonthLocked(LedgerError):
    """The month of the booking date is closed."""

    def __init__(self, *, day: str, locked: str) -> None:
        super().__init__(f"booking date {day} lies in a closed month (closed through {locked}); book in the open month")


class AppendOnly(LedgerError):
    """Somebody tried to change or delete a fact."""


class OutOfTurn(LedgerError):
    """An entry number that is not the next one."""


class EntrySealed(LedgerError):
    """A row for an entry that is sealed already."""


class NotAReversal(LedgerError):
    """A reversal whose postings are not the original ones turned round."""


class OutOfOrder(LedgerError):
    """A version, attempt or outcome without the one it must follow."""


class NotPermitted(LedgerError):
    """Something that the procedure does not allow at this moment; the database's sentence says why."""


class EntryConflict(LedgerError):
    """The same source key came again with other content."""

    def __init__(self, *, source_key: str, entry_number: int) -> None:
        self.source_key, self.entry_number = source_key, entry_number
        super().__init__(
            f"{source_key} was entered as entry {entry_number} with other content; the first one stands, "
            "send a correction under a new number"
        )


class TakenAlready(LedgerError):
    """A key that only one fact may hold is held: somebody was first."""

    def __init__(self, constraint: str) -> None:
        self.constraint = constraint
        super().__init__(
            f"{LIVE_ONCE.get(constraint, f'this was recorded already ({constraint})')}; nothing was changed"
        )


LIVE_ONCE = {
    "entry_authority_id_reverses_key": "this entry was reversed already",
    "entry_authority_id_source_key_key": "this was entered already",
    "returned_payment_pkey": "this payment came back already",
    "resolution_pkey": "this return has its outcome already",
    "line_match_pkey": "this statement line was placed already",
    "award_cancellation_pkey": "this award was cancelled already",
    "hold_end_pkey": "this hold was ended already",
    "order_refusal_pkey": "this file was refused already",
    "return_claim_pkey": "what the bank kept of this return is claimed already",
    "return_claim_paid_pkey": "this statement line paid a claim already",
    "carry_over_pkey": "this return is carried over already",
    "act_signature_pkey": "this was signed already",
    "statement_sent_pkey": "this statement by banks was sent already",
    "act_dispute_end_pkey": "this dispute was ended already",
    "corrective_act_pkey": "this corrective act was built already",
    "calendar_version_authority_id_sha256_key": "this calendar file was imported already",
    "month_lock_pkey": "this month is closed already",
    "need_authority_id_aid_kind_due_month_after_entry_key": "this need was formed already",
    "request_need_pkey": "this need was requested already",
}
"""Name of a unique key of the database -> what a second row under it means to an accountant."""
