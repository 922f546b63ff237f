"""How banks and Kazpost served the payments of a month: settled, returned and why, kept, refused, left unexplained.

A month's figures are of the files that were sent in it, whatever day their money or their returns came. What the bank
has open stands as of the month's last day.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

_LONG_NUMBER = re.compile(r"(?:\b(?:жсн|иин|iin|жск|иик)\b\W*)?\b(?:kz)?[0-9][0-9a-z]{5,}\b")
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """The files of a month to one bank, without those that it refused; amounts in tiyn.

    `returned` payments came back, for `returned_amount` of what was sent; `claimed` is what the bank kept of `claims`
    of them, of which it paid `claim_paid`.
    """

    bic: str
    name: str
    files: int
    payments: int
    amount: int
    refused_files: int
    refused_payments: int
    returned: int
    returned_amount: int
    claims: int
    claimed: int
    claim_paid: int
    transit: int
    unidentified: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """So many files to a bank that were sent on one day and debited on another; None while they are not."""

    bic: str
    sent_on: date
    debited_on: date | None
    files: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why payments to a bank came back, in its words made alike; the amount in tiyn."""

    bic: str
    reason: str
    count: int
    amount: int


def served(connection: Connection, first: date, last: date, authority_id: int | None = None) -> list[Served]:
    """What each bank did with the files of these days; banks without a file too, by name."""
    names = ", ".join(f"coalesce({field.name}, 0)::bigint AS {field.name}" for field in fields(Served)[2:])
    rows = connection.execute(
        text(f"""{_SENT}{_SERVED}
            SELECT b.bic, b.name_ru AS name, {names} FROM esep.bank b
            LEFT JOIN sent_to s USING (bic)
            LEFT JOIN came_back r USING (bic)
            LEFT JOIN in_transit t USING (bic)
            LEFT JOIN waiting w USING (bic)
            ORDER BY b.name_ru, b.bic
        """),  # noqa: S608 - names come from the dataclass
        _bind(first, last, authority_id),
    )
    return [Served(**row._asdict()) for row in rows]


def settled(connection: Connection, first: date, last: date, authority_id: int | None = None) -> list[Settled]:
    """When the files of these days were debited: few pairs of days, however many files."""
    rows = connection.execute(text(_SENT + _SETTLED), _bind(first, last, authority_id))
    return [Settled(**row._asdict()) for row in rows]


def reasons(connection: Connection, first: date, last: date, authority_id: int | None = None) -> list[Reason]:
    """Why payments of the files of these days came back, the commonest of each bank first."""
    counts: Counter[tuple[str, str]] = Counter()
    amounts: Counter[tuple[str, str]] = Counter()
    for row in connection.execute(text(_SENT + _REASONS), _bind(first, last, authority_id)):
        key = (row.bic, made_alike(row.reason))
        counts[key] += row.many
        amounts[key] += row.amount
    found = [Reason(bic=key[0], reason=key[1], count=count, amount=amounts[key]) for key, count in counts.items()]
    return sorted(found, key=lambda one: (one.bic, -one.count, one.reason))


def made_alike(reason: str) -> str:
    """The words of a reason in small letters, without signs, and without long numbers: they may be of a person.

    >>> made_alike(" Шот ЖАБЫЛҒАН.  ЖСН 900101300017")
    'шот жабылған'
    """
    return " ".join(_WORDS.findall(_LONG_NUMBER.sub(" ", reason.casefold())))


def median_halves(days: Sequence[tuple[int, int]]) -> int | None:
    """Twice the median of (value, how many of it): always a whole number; None of nothing.

    >>> median_halves([(0, 2), (3, 1)]), median_halves([(0, 1), (1, 1)]), median_halves([])
    (0, 1, None)
    """
    total = sum(count for _, count in days)
    if not total:
        return None
    found: list[int] = []
    for wanted in ((total - 1) // 2, total // 2):
        passed = 0
        for value, count in sorted(days):
            passed += count
            if passed > wanted:
                found.append(value)
                break
    return sum(found)


def _bind(first: date, last: date, authority_id: int | None) -> dict[str, Any]:
    return {"first": first, "last": last, "authority": authority_id}


_SENT = """
    WITH sent AS (
        SELECT o.*, f.order_number IS NOT NULL AS is_refused FROM esep.payment_order o
        LEFT JOIN esep.order_refusal f ON f.authority_id = o.authority_id AND f.order_number = o.order_number
        WHERE o.message = 'MT-102' AND o.dated BETWEEN :first AND :last
            AND o.authority_id = coalesce(CAST(:authority AS integer), o.authority_id)
    ),
    returned AS (
        SELECT s.bic, p.amount, r.return_number, r.item, c.amount AS claimed, r.authority_id, r.due_month,
               r.award_number, r.attempt
        FROM esep.returned_payment r
        JOIN esep.payment p ON p.authority_id = r.authority_id AND p.due_month = r.due_month
            AND p.award_number = r.award_number AND p.attempt = r.attempt
        JOIN sent s ON s.authority_id = p.authority_id AND s.order_number = p.order_number
        LEFT JOIN esep.return_claim c ON c.authority_id = r.authority_id AND c.due_month = r.due_month
            AND c.award_number = r.award_number AND c.attempt = r.attempt
    )
"""

_SERVED = """,
    sent_to AS (
        SELECT bic,
               count(*) FILTER (WHERE NOT is_refused) AS files,
               sum(count) FILTER (WHERE NOT is_refused) AS payments,
               sum(amount) FILTER (WHERE NOT is_refused) AS amount,
               count(*) FILTER (WHERE is_refused) AS refused_files,
               sum(count) FILTER (WHERE is_refused) AS refused_payments
        FROM sent GROUP BY bic
    ),
    paid AS (
        SELECT r.bic, sum(c.amount) AS amount FROM returned r
        JOIN esep.return_claim_paid c ON c.authority_id = r.authority_id AND c.due_month = r.due_month
            AND c.award_number = r.award_number AND c.attempt = r.attempt
        GROUP BY r.bic
    ),
    came_back AS (
        SELECT r.bic, count(*) AS returned, sum(r.amount) AS returned_amount, count(r.claimed) AS claims,
               sum(r.claimed) AS claimed, max(d.amount) AS claim_paid
        FROM returned r LEFT JOIN paid d USING (bic) GROUP BY r.bic
    ),
    balance AS (
        SELECT a.authority_id, a.code, a.reference,
               sum(CASE WHEN p.credit = a.account_id THEN p.amount ELSE -p.amount END) AS amount
        FROM esep.account a
        JOIN esep.posting p ON p.authority_id = a.authority_id AND a.account_id IN (p.debit, p.credit)
        WHERE a.code IN ('transit', 'unidentified') AND p.booked_on <= :last
            AND a.authority_id = coalesce(CAST(:authority AS integer), a.authority_id)
        GROUP BY a.authority_id, a.code, a.reference
    ),
    in_transit AS (
        SELECT o.bic, sum(b.amount) AS transit FROM balance b
        JOIN esep.payment_order o ON o.authority_id = b.authority_id AND o.reference = b.reference
        WHERE b.code = 'transit' AND o.message = 'MT-102' GROUP BY o.bic
    ),
    waiting AS (
        -- A line is the bank's own when it names the bank's number or account; others have their accounts there too.
        SELECT k.bic, sum(b.amount) AS unidentified FROM balance b
        JOIN esep.statement_line l ON l.authority_id = 0 AND 'S' || l.line_number = b.reference
        JOIN esep.bank k ON k.bin = l.counterparty_bin OR k.transit_iban = l.counterparty_iban
        WHERE b.code = 'unidentified' GROUP BY k.bic
    )
"""

_SETTLED = """
    SELECT s.bic, s.dated AS sent_on, d.booked_on AS debited_on, count(*) AS files FROM sent s
    LEFT JOIN LATERAL (
        SELECT min(l.booked_on) AS booked_on FROM esep.line_match m
        JOIN esep.statement_line l ON l.authority_id = m.authority_id AND l.line_number = m.line_number
        WHERE m.placed_in = s.authority_id AND m.matched_as = 'settlement' AND m.reference = s.reference
            AND NOT EXISTS (SELECT 1 FROM esep.line_match u WHERE u.authority_id = m.authority_id
                            AND u.line_number = m.line_number AND u.version > m.version)
    ) d ON true
    WHERE NOT s.is_refused
    GROUP BY s.bic, s.dated, d.booked_on ORDER BY s.bic, s.dated, d.booked_on
"""

_REASONS = """
    SELECT r.bic, i.reason, count(*) AS many, sum(r.amount)::bigint AS amount FROM returned r
    JOIN esep.return_item i ON i.authority_id = r.authority_id AND i.return_number = r.return_number AND i.item = r.item
    GROUP BY r.bic, i.reason
"""
