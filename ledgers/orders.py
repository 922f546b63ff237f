"""Payment orders and the payment register: who was sent how much, in which file, at which attempt (R-050 to R-052).

One MT-102 is of one authority, aid kind and bank. The postings of a file are computed from its payments, never given
beside them. What is to be paid is staged by `payables`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain, groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, text

from ledgers.db import stream
from ledgers.payables import ORDER


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentOrder:
    """A file to send or sent: number and references, to which bank, how many people, how much (tiyn)."""

    authority_id: int
    order_number: int
    message: str
    reference: str
    aid_kind: str
    bic: str
    dated: date
    count: int
    amount: int
    file_name: str


def file_reference(authority_id: int, order_number: int) -> str:
    """Our reference of a file, the 16 characters of :20:."""
    return f"GCVP-{authority_id:03d}{order_number:08d}"


def append_orders(connection: Connection, authority_id: int, number: int, dated: date) -> list[PaymentOrder]:
    """Make orders and payments of what is staged, under entry `number`: one order for each kind and bank.

    An order is split only by the bank's own limit of items. Banks stand in the order of their Kazakh names.
    """
    _number(connection, next_order_number(connection, authority_id))
    connection.execute(
        text("""
            INSERT INTO esep.payment (authority_id, due_month, award_number, attempt, version, entry_number,
                                      order_number, item, request_number, amount)
            SELECT :authority, due_month, award_number, attempt, version, :number,
                   order_number, item, request_number, amount
            FROM pg_temp.numbered
        """),
        {"authority": authority_id, "number": number},
    )
    rows = connection.execute(
        text("""
            SELECT order_number, aid_kind, bic, count(*) AS count, sum(amount)::bigint AS amount
            FROM pg_temp.numbered GROUP BY order_number, aid_kind, bic ORDER BY order_number
        """)
    )
    return [
        PaymentOrder(
            authority_id=authority_id,
            message="MT-102",
            reference=file_reference(authority_id, row.order_number),
            dated=dated,
            file_name=f"{file_reference(authority_id, row.order_number)}-{row.bic}.txt",
            **row._asdict(),
        )
        for row in rows
    ]


def _number(connection: Connection, first: int) -> None:
    """Give each staged payment its order, counted from `first`, and its item in it (AMB-13)."""
    connection.execute(
        text(f"""
            CREATE TEMP TABLE numbered ON COMMIT DROP AS
            WITH batch AS (
                SELECT g.*,
                       CAST(sum(g.files) OVER (ORDER BY g.aid_kind, g.bank_name, g.bic) - g.files AS integer) AS before
                FROM (
                    SELECT p.aid_kind, p.bic, b.name_kk AS bank_name, b.items_max,
                           CASE WHEN b.items_max > 0 THEN (count(*) - 1) / b.items_max + 1 ELSE 1 END AS files
                    FROM pg_temp.payable p JOIN esep.bank b ON b.bic = p.bic
                    GROUP BY p.aid_kind, p.bic, b.name_kk, b.items_max
                ) g
            )
            SELECT s.*,
                   {first:d} + b.before
                       + CASE WHEN b.items_max > 0 THEN (s.place - 1) / b.items_max ELSE 0 END AS order_number,
                   CASE WHEN b.items_max > 0 THEN (s.place - 1) % b.items_max + 1 ELSE s.place END AS item
            FROM (
                SELECT p.*, CAST(row_number() OVER (
                    PARTITION BY p.aid_kind, p.bic ORDER BY {ORDER}
                ) AS integer) AS place
                FROM pg_temp.payable p
            ) s
            JOIN batch b ON b.aid_kind = s.aid_kind AND b.bic = s.bic
        """)  # noqa: S608 - a number of ours
    )
    connection.execute(text("DROP TABLE pg_temp.payable"))


def next_order_number(connection: Connection, authority_id: int) -> int:
    """The next document number of the authority's orders; the first one continues the office's numbering."""
    query = """
        SELECT coalesce(
            (SELECT max(o.order_number) + 1 FROM esep.payment_order o WHERE o.authority_id = a.authority_id),
            a.first_order_number)
        FROM esep.authority a WHERE a.authority_id = :authority
    """
    return int(connection.execute(text(query), {"authority": authority_id}).scalar_one())


def people(connection: Connection) -> Iterator[tuple[int, Iterator[tuple[Any, ...]]]]:
    """The staged people, order by order: (item, amount, surname, first_name, patronymic, iin, iban), streamed.

    An order's people must be taken before the next order is asked for.
    """
    query = """
        SELECT order_number, item, amount, surname, first_name, patronymic, iin, iban FROM pg_temp.numbered
        ORDER BY order_number, item
    """
    rows = chain.from_iterable(stream(connection, query, {}))
    for order_number, group in groupby(rows, key=itemgetter(0)):
        yield order_number, map(itemgetter(slice(1, None)), group)


PAYMENT_EVENTS = """
    SELECT CASE WHEN s.request_number > 0 THEN 'payment_sent' ELSE 'payment_resent' END AS rule, o.aid_kind,
           CASE WHEN s.request_number > 0 THEN r.reference ELSE 'P' || s.award_number || '/' || s.came_back END
               AS debit_reference,
           o.reference AS credit_reference, s.amount
    FROM (
        -- A resend is an event of its own, what a request pays is one for each file and request.
        SELECT p.order_number, p.request_number, p.award_number, p.came_back, sum(p.amount)::bigint AS amount
        FROM (
            SELECT p.order_number, p.request_number, p.amount,
                   CASE WHEN p.request_number = 0 THEN p.award_number END AS award_number,
                   -- The money of a resend stands where its last return put it: a refused attempt moved none.
                   CASE WHEN p.request_number = 0 THEN (
                       SELECT max(b.attempt) FROM esep.returned_payment b
                       WHERE b.authority_id = p.authority_id AND b.due_month = p.due_month
                         AND b.award_number = p.award_number AND b.attempt < p.attempt) END AS came_back
            FROM esep.payment_order f
            JOIN esep.payment p ON p.authority_id = f.authority_id AND p.order_number = f.order_number
                AND p.due_month = ANY(CAST(:months AS date[]))
            WHERE f.authority_id = :authority AND f.entry_number = :number
        ) p
        GROUP BY 1, 2, 3, 4
    ) s
    JOIN esep.payment_order o ON o.authority_id = :authority AND o.order_number = s.order_number
    LEFT JOIN esep.request r ON r.authority_id = :authority AND r.request_number = s.request_number
"""
"""The postings of the files of an entry, computed from its payment register rows."""


def staged_months(connection: Connection) -> list[str]:
    """The due months of the staged payments ('2024-03-01')."""
    rows = connection.execute(text("SELECT DISTINCT due_month::text FROM pg_temp.numbered ORDER BY 1"))
    return [row.due_month for row in rows]


def forget_staged(connection: Connection) -> None:
    """Drop the staged payments of one book before the next one's turn."""
    connection.execute(text("DROP TABLE pg_temp.numbered"))


def narrowing(orders: list[PaymentOrder], months: list[str]) -> tuple[str, dict[str, Any]]:
    """The condition by which the payments of an entry are found by their key, and its parameters."""
    bind = {"months": months, "first": orders[0].order_number, "last": orders[-1].order_number}
    return "f.due_month = ANY(CAST(:months AS date[])) AND f.order_number BETWEEN :first AND :last", bind
