"""Needs and requests: how much the decisions ask for, and what the authority was asked to transfer (R-030 to R-034).

A need takes the award lines of one kind and due month that came after the need before it: it starts where that one
ended, so no line is asked for twice. A request gathers the needs that were not requested yet.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, text

from ledgers.posting import append


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenNeed:
    """Award lines of one kind and month that no need has taken yet: how many, how much (tiyn), in which entries."""

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


def open_needs(connection: Connection, authority_id: int) -> list[OpenNeed]:
    """What the decisions of an authority ask for and no need has taken yet, by kind and due month."""
    rows = connection.execute(
        text("""
            WITH taken AS (
                SELECT aid_kind, due_month, max(upto_entry) AS upto_entry FROM esep.need
                WHERE authority_id = :authority GROUP BY aid_kind, due_month
            )
            SELECT :authority AS authority_id, b.aid_kind, b.due_month, coalesce(max(t.upto_entry), 0) AS after_entry,
                   max(b.entry_number) AS upto_entry, sum(b.count)::bigint AS count, sum(b.amount)::bigint AS amount
            FROM esep.award_batch b
            LEFT JOIN taken t USING (aid_kind, due_month)
            WHERE b.authority_id = :authority AND b.entry_number > coalesce(t.upto_entry, 0)
            GROUP BY b.aid_kind, b.due_month ORDER BY b.due_month, b.aid_kind
        """),
        {"authority": authority_id},
    )
    return [OpenNeed(**row._asdict()) for row in rows]


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


def append_request(
    connection: Connection, number: int, request_number: int, reference: str, sent_on: date, needs: Sequence[Need]
) -> None:
    """Record a request over needs of one authority under entry `number`."""
    key = {"authority_id": needs[0].authority_id, "entry_number": number, "request_number": request_number}
    amount = sum(need.amount for need in needs)
    append(connection, "request", [key | {"reference": reference, "sent_on": sent_on, "amount": amount}])
    append(connection, "request_need", [key | {"need_number": need.need_number} for need in needs])
