"""The terms of requests as they stand in the books, and what is unusual about transfers that a statement brought."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from ledgers import arrivals, calendar_versions, requests, settings, setup
from ledgers.requests import RequestedKind
from ledgers.terms import Term
from reconcile import funding
from reconcile.funding import Remark
from reconcile.placing import Placement


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestTerm:
    """One kind of a request with the day the request arrived, and its term (R-040, R-042)."""

    asked: RequestedKind
    arrived_on: date
    term: Term


def terms(connection: Connection, books: Sequence[int]) -> list[RequestTerm]:
    """The terms of all requests of these books, by kind."""
    calendar = calendar_versions.load(connection)
    arrived = {book: arrivals.arrivals(connection, book, "request") for book in books}
    chosen = {book: settings.load(connection, book) for book in books}
    found = []
    for asked in requests.requested_kinds(connection, books):
        told = arrived[asked.authority_id].get(asked.request_number)
        arrived_on = told.arrived_on if told else asked.sent_on
        own = funding.term(arrived_on, asked.payment_month, calendar, chosen[asked.authority_id])
        found.append(RequestTerm(asked=asked, arrived_on=arrived_on, term=own))
    return found


def remarks(connection: Connection, placements: Iterable[Placement]) -> tuple[Remark, ...]:
    """What is unusual about the transfers among these placements (E05, E31, E34, E35, E37)."""
    transfers = [one for one in placements if one.matched_as == "transfer"]
    if not transfers:
        return ()
    books = sorted({one.book for one in transfers})
    codes = {one.authority_id: one.code for one in setup.authorities(connection)}
    calendar = calendar_versions.load(connection)
    known = terms(connection, books)
    references = {(one.asked.authority_id, one.asked.request_number): one.asked.reference for one in known}
    by_book: dict[int, dict[tuple[str, str], Term]] = {book: {} for book in books}
    for one in known:
        by_book[one.asked.authority_id][one.asked.reference, one.asked.aid_kind] = one.term
    found: list[Remark] = []
    for placement in transfers:
        (transfer,) = placement.rows["transfer"]
        came = funding.Came(
            authority_code=codes[placement.book],
            line=placement.line.reference,
            order_number=transfer["order_number"],
            order_date=transfer["order_date"],
            received_on=transfer["received_on"],
            parts=[
                (references[placement.book, row["request_number"]], row["aid_kind"], row["amount"])
                for row in placement.rows["transfer_placing"]
            ],
            rest=placement.rest,
        )
        found += funding.remarks(came, by_book[placement.book], calendar)
    return tuple(found)
