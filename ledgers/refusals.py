"""Refusals: files that a bank did not take (MT-905). Their money goes back to the accounts that it came from.

A refused file is a fact that takes its items out of Appendix 2 and out of the limit of attempts; its awards are sent
again by the next command that sends.
"""

from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import Connection, text

from ledgers.posting import append


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A file and why the bank refused it; `reference` is the bank's own of its message, empty when told by hand."""

    order_number: int
    refused_on: date
    reference: str
    code: str
    reason: str
    sha256: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusableFile:
    """A file as it stands: what the bank has not debited of it (tiyn), how many of it came back, if it was refused."""

    authority_id: int
    order_number: int
    reference: str
    message: str
    bic: str
    dated: date
    count: int
    amount: int
    open: int
    came_back: int
    refused_on: date | None


def file_named(connection: Connection, reference: str) -> RefusableFile | None:
    """The file that was sent under a reference, or None."""
    row = connection.execute(
        text("""
            SELECT o.authority_id, o.order_number, o.reference, o.message, o.bic, o.dated, o.count, o.amount,
                   (SELECT coalesce(sum(CASE WHEN p.credit = a.account_id THEN p.amount ELSE -p.amount END), 0)::bigint
                    FROM esep.account a
                    JOIN esep.posting p ON p.authority_id = a.authority_id AND a.account_id IN (p.debit, p.credit)
                    WHERE a.authority_id = o.authority_id AND a.code = 'transit' AND a.reference = o.reference) AS open,
                   (SELECT count(*) FROM esep.payment p
                    JOIN esep.returned_payment r ON r.authority_id = p.authority_id AND r.due_month = p.due_month
                        AND r.award_number = p.award_number AND r.attempt = p.attempt
                    WHERE p.authority_id = o.authority_id AND p.order_number = o.order_number) AS came_back,
                   f.refused_on
            FROM esep.payment_order o
            LEFT JOIN esep.order_refusal f ON f.authority_id = o.authority_id AND f.order_number = o.order_number
            WHERE o.reference = :reference
        """),
        {"reference": reference},
    ).one_or_none()
    return None if row is None else RefusableFile(**row._asdict())


def append_refusal(connection: Connection, authority_id: int, number: int, refusal: Refusal) -> None:
    """Record a refusal under entry `number`."""
    append(connection, "order_refusal", [{"authority_id": authority_id, "entry_number": number} | asdict(refusal)])


REFUSED_EVENTS = """
    SELECT CASE p.rule WHEN 'payment_sent' THEN 'payment_refused' WHEN 'payment_resent' THEN 'resend_refused'
                       WHEN 'refund_sent' THEN 'refund_refused' ELSE 'excess_refund_refused' END AS rule,
           d.aid_kind, c.reference AS debit_reference, d.reference AS credit_reference, p.amount
    FROM esep.order_refusal f
    JOIN esep.payment_order o ON o.authority_id = f.authority_id AND o.order_number = f.order_number
    JOIN esep.posting p ON p.authority_id = o.authority_id AND p.entry_number = o.entry_number
    JOIN esep.account c ON c.authority_id = p.authority_id AND c.account_id = p.credit
        AND c.code = 'transit' AND c.reference = o.reference
    JOIN esep.account d ON d.authority_id = p.authority_id AND d.account_id = p.debit
    WHERE f.authority_id = :authority AND f.entry_number = :number
"""
"""The postings of a refusal: those that sent the file, turned to the accounts that its money came from."""
