"""Needs and requests: how much the decisions ask for, and what the authority was asked to transfer (R-030 to R-034).

A need takes the award lines of one kind and due month that came after the need before it: it starts where that one
ended, so no line is asked for twice. What was cancelled before the need is not asked for. A request gathers the needs
that were not requested yet.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, text

from ledgers.posting import append


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenBatch:
    """Award lines of one kind and month that one import brought and no need has taken yet, in tiyn.

    `arrived_on` is the booking date of the import; `count` and `amount` are without the lines that were cancelled.
    `after_entry` is where the need before ended.
    """

    authority_id: int
    aid_kind: str
    due_month: date
    after_entry: int
    entry_number: int
    arrived_on: date
    count: int
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenNeed:
    """A need to be formed: the award lines after one entry up to another, how many and how much (tiyn)."""

    authority_id: int
    aid_kind: str
    due_month: date
    after_entry: int
    upto_entry: int
    count: int
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A need that was formed (R-030 to R-032)."""

    authority_id: int
    need_number: int
    aid_kind: str
    due_month: date
    formed_on: date
    count: int
    amount: int


def open_batches(connection: Connection, authority_id: int) -> list[OpenBatch]:
    """What the decisions of an authority ask for and no need has taken yet, by kind, due month and import."""
    rows = connection.execute(
        text("""
            WITH taken AS (
                SELECT aid_kind, due_month, max(upto_entry) AS upto_entry FROM esep.need
                WHERE authority_id = :authority GROUP BY aid_kind, due_month
            ),
            cancelled AS (
                SELECT w.entry_number, w.aid_kind, w.due_month, count(*) AS count, sum(w.amount)::bigint AS amount
                FROM esep.award_cancellation c
                JOIN esep.award_line w ON w.authority_id = c.authority_id AND w.due_month = c.due_month
                    AND w.award_number = c.award_number AND w.version = 1
                WHERE c.authority_id = :authority GROUP BY w.entry_number, w.aid_kind, w.due_month
            )
            SELECT b.authority_id, b.aid_kind, b.due_month, coalesce(t.upto_entry, 0) AS after_entry, b.entry_number,
                   e.booked_on AS arrived_on, b.count - coalesce(c.count, 0) AS count,
                   b.amount - coalesce(c.amount, 0) AS amount
            FROM esep.award_batch b
            JOIN esep.entry e ON e.authority_id = b.authority_id AND e.number = b.entry_number
            LEFT JOIN taken t ON t.aid_kind = b.aid_kind AND t.due_month = b.due_month
            LEFT JOIN cancelled c ON c.entry_number = b.entry_number AND c.aid_kind = b.aid_kind
                AND c.due_month = b.due_month
            WHERE b.authority_id = :authority AND b.entry_number > coalesce(t.upto_entry, 0)
            ORDER BY b.due_month, b.aid_kind, b.entry_number
        """),
        {"authority": authority_id},
    )
    return [OpenBatch(**row._asdict()) for row in rows]


def append_needs(connection: Connection, number: int, needs: Sequence[OpenNeed], formed_on: date) -> list[Need]:
    """Record needs of one authority under entry `number`."""
    authority_id = needs[0].authority_id
    first = connection.execute(
        text("SELECT coalesce(max(need_number), 0) + 1 FROM esep.need WHERE authority_id = :authority"),
        {"authority": authority_id},
    ).scalar_one()
    formed = [
        Need(
            authority_id=authority_id,
            need_number=first + place,
            aid_kind=need.aid_kind,
            due_month=need.due_month,
            formed_on=formed_on,
            count=need.count,
            amount=need.amount,
        )
        for place, need in enumerate(needs)
    ]
    append(
        connection,
        "need",
        [
            {
                "authority_id": authority_id,
                "need_number": need.need_number,
                "entry_number": number,
                "aid_kind": need.aid_kind,
                "due_month": need.due_month,
                "formed_on": formed_on,
                "after_entry": source.after_entry,
                "upto_entry": source.upto_entry,
                "count": need.count,
                "amount": need.amount,
            }
            for need, source in zip(formed, needs, strict=True)
        ],
    )
    return formed


def unrequested_needs(connection: Connection, authority_id: int) -> list[Need]:
    """Needs that stand in no request yet."""
    rows = connection.execute(
        text("""
            SELECT n.authority_id, n.need_number, n.aid_kind, n.due_month, n.formed_on, n.count, n.amount
            FROM esep.need n
            WHERE n.authority_id = :authority AND NOT EXISTS (
                SELECT 1 FROM esep.request_need r
                WHERE r.authority_id = n.authority_id AND r.need_number = n.need_number)
            ORDER BY n.need_number
        """),
        {"authority": authority_id},
    )
    return [Need(**row._asdict()) for row in rows]


def next_request_number(connection: Connection, authority_id: int) -> int:
    """The next request's number in the authority's own count."""
    query = "SELECT coalesce(max(request_number), 0) + 1 FROM esep.request WHERE authority_id = :authority"
    return int(connection.execute(text(query), {"authority": authority_id}).scalar_one())


def request_number(connection: Connection, authority_id: int, reference: str) -> int | None:
    """The number of a request that an authority was sent, or None."""
    query = "SELECT request_number FROM esep.request WHERE authority_id = :authority AND reference = :reference"
    found = connection.execute(text(query), {"authority": authority_id, "reference": reference}).scalar_one_or_none()
    return None if found is None else int(found)


def append_request(
    connection: Connection, number: int, request_number: int, reference: str, sent_on: date, needs: Sequence[Need]
) -> None:
    """Record a request over needs of one authority under entry `number`."""
    key = {"authority_id": needs[0].authority_id, "entry_number": number, "request_number": request_number}
    amount = sum(need.amount for need in needs)
    append(connection, "request", [key | {"reference": reference, "sent_on": sent_on, "amount": amount}])
    append(connection, "request_need", [key | {"need_number": need.need_number} for need in needs])


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestedKind:
    """One kind of one request: asked, what came of it and is awaited, and what of it waits unsent (tiyn).

    What was asked and neither came nor is awaited was withdrawn. `payment_months` are the months for which it asks:
    the due months, and for monthly and quarterly aid no month before the one after the need's (what was carried).
    """

    authority_id: int
    request_number: int
    reference: str
    sent_on: date
    aid_kind: str
    count: int
    asked: int
    came: int
    awaited: int
    funding: int
    payment_months: tuple[date, ...]

    @property
    def payment_month(self) -> date:
        """The first of the months."""
        return min(self.payment_months)

    @property
    def asks_over_year_end(self) -> bool:
        """Whether it was sent in one budget year and asks for payment months of another (E05)."""
        return any(month.year != self.sent_on.year for month in self.payment_months)


def requested_kinds(connection: Connection, books: Sequence[int]) -> list[RequestedKind]:
    """All requests of these books by kind, in the order of their numbers."""
    rows = connection.execute(
        text("""
            WITH asked AS (
                SELECT q.authority_id, q.request_number, n.aid_kind, sum(n.count)::bigint AS count,
                       sum(n.amount)::bigint AS amount,
                       array_agg(DISTINCT CASE
                           WHEN k.periodicity IN ('monthly', 'quarterly')
                           THEN greatest(n.due_month, (date_trunc('month', n.formed_on) + interval '1 month')::date)
                           ELSE n.due_month END) AS payment_months
                FROM esep.request_need q
                JOIN esep.need n ON n.authority_id = q.authority_id AND n.need_number = q.need_number
                JOIN esep.aid_kind k ON k.authority_id = n.authority_id AND k.code = n.aid_kind
                WHERE q.authority_id = ANY(CAST(:books AS integer[]))
                GROUP BY q.authority_id, q.request_number, n.aid_kind
            ),
            came AS (
                SELECT g.authority_id, g.request_number, g.aid_kind, sum(g.amount)::bigint AS amount
                FROM esep.transfer_placing g
                WHERE g.authority_id = ANY(CAST(:books AS integer[])) AND NOT EXISTS (
                    SELECT 1 FROM esep.entry e WHERE e.authority_id = g.authority_id AND e.reverses = g.entry_number)
                GROUP BY g.authority_id, g.request_number, g.aid_kind
            ),
            stands AS (
                SELECT a.authority_id, a.code, a.aid_kind, a.reference,
                       sum(CASE WHEN (a.code = 'requested') = (p.debit = a.account_id) THEN p.amount
                                ELSE -p.amount END)::bigint AS balance
                FROM esep.account a
                JOIN esep.posting p ON p.authority_id = a.authority_id AND a.account_id IN (p.debit, p.credit)
                WHERE a.authority_id = ANY(CAST(:books AS integer[])) AND a.code IN ('requested', 'funding')
                GROUP BY a.authority_id, a.code, a.aid_kind, a.reference
            )
            SELECT r.authority_id, r.request_number, r.reference, r.sent_on, a.aid_kind, a.count, a.amount AS asked,
                   coalesce(c.amount, 0) AS came, coalesce(o.balance, 0) AS awaited,
                   coalesce(f.balance, 0) AS funding, a.payment_months
            FROM asked a
            JOIN esep.request r ON r.authority_id = a.authority_id AND r.request_number = a.request_number
            LEFT JOIN came c ON c.authority_id = a.authority_id AND c.request_number = a.request_number
                AND c.aid_kind = a.aid_kind
            LEFT JOIN stands o ON o.authority_id = r.authority_id AND o.code = 'requested'
                AND o.aid_kind = a.aid_kind AND o.reference = r.reference
            LEFT JOIN stands f ON f.authority_id = r.authority_id AND f.code = 'funding'
                AND f.aid_kind = a.aid_kind AND f.reference = r.reference
            ORDER BY r.authority_id, r.request_number, a.aid_kind
        """),
        {"books": list(books)},
    )
    return [RequestedKind(**row._asdict() | {"payment_months": tuple(row.payment_months)}) for row in rows]


def unpaid(connection: Connection, authority_id: int, request_number: int) -> dict[str, int]:
    """What the awards of a request still need, by kind (tiyn): not cancelled, and not in a file that a bank took.

    An award on hold counts: it may be paid yet.
    """
    rows = connection.execute(
        text("""
            WITH asked AS MATERIALIZED (
                SELECT n.due_month, n.aid_kind, n.after_entry, n.upto_entry
                FROM esep.request_need q
                JOIN esep.need n ON n.authority_id = q.authority_id AND n.need_number = q.need_number
                -- The same hint as in posting.py: else the lines are looked through once for every need.
                CROSS JOIN jsonb_array_elements('[1]') many
                WHERE q.authority_id = :authority AND q.request_number = :request
            )
            SELECT w.aid_kind, sum(l.amount)::bigint AS amount
            FROM asked n
            JOIN esep.award_line w ON w.authority_id = :authority AND w.due_month = n.due_month
                AND w.aid_kind = n.aid_kind AND w.version = 1
                AND w.entry_number > n.after_entry AND w.entry_number <= n.upto_entry
            JOIN esep.award_line l ON l.authority_id = w.authority_id AND l.due_month = w.due_month
                AND l.award_number = w.award_number
            WHERE NOT EXISTS (
                SELECT 1 FROM esep.award_cancellation c
                WHERE c.authority_id = w.authority_id AND c.due_month = w.due_month
                    AND c.award_number = w.award_number)
            -- The highest version is the one to pay.
            AND NOT EXISTS (
                SELECT 1 FROM esep.award_line v
                WHERE v.authority_id = l.authority_id AND v.due_month = l.due_month
                    AND v.award_number = l.award_number AND v.version > l.version)
            AND NOT EXISTS (
                SELECT 1 FROM esep.taken_payment p
                WHERE p.authority_id = w.authority_id AND p.due_month = w.due_month
                    AND p.award_number = w.award_number)
            GROUP BY w.aid_kind
        """),
        {"authority": authority_id, "request": request_number},
    )
    return {row.aid_kind: row.amount for row in rows}
