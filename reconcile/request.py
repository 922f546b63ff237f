"""`esep request send`, `arrived`, `list`: the authority is asked for the money of its needs (R-033, R-034, R-040).

One request is for one authority, with a line for each aid kind and month. Its number stands in the document, and the
authority's payment orders should name it: that is how a transfer finds its request (R-044).
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from formats import exchange
from ledgers import calendar_versions, posting, requests, setup
from ledgers.calendar import Calendar
from ledgers.journal import EntryDraft, Event
from reconcile import arrivals, outbox, render, request_terms
from reconcile.arrivals import Arrived
from reconcile.counted import counted
from reconcile.desk import Desk

OVER_YEAR_END = "asks in one budget year for the payments of another"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestsSent:
    """The requests sent now, the files in the folder, and which requests ask over the end of a year (E05)."""

    requests: tuple[exchange.FundsRequest, ...]
    files: tuple[outbox.Delivered, ...]
    over_year_end: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLine:
    """One kind of a request, as `request list` shows it: amounts in tiyn, its days, and how it stands."""

    authority: str
    request: str
    sent_on: date
    arrived_on: date
    aid_kind: str
    count: int
    asked_tiyn: int
    came_tiyn: int
    awaited_tiyn: int
    earliest: date | None
    due: date | None
    state: str
    note: str


def send(desk: Desk, out: Path) -> RequestsSent:
    """Send a request to every authority with needs that were not requested yet, and write its documents to `out`."""
    sent: list[exchange.FundsRequest] = []
    over_year_end: list[str] = []
    with desk.database.begin() as connection:
        authorities = setup.authorities(connection)
        posting.lock(connection, [authority.authority_id for authority in authorities])
        for authority in authorities:
            needs = requests.unrequested_needs(connection, authority.authority_id)
            if needs:
                sent.append(_send(desk, connection, authority, needs))
                over_year_end += _over_year_end(connection, authority, sent[-1].number)
    files = tuple(outbox.deliver(desk, "request_sent", out))
    return RequestsSent(requests=tuple(sent), files=files, over_year_end=tuple(over_year_end))


def _over_year_end(connection: Connection, authority: setup.Authority, reference: str) -> list[str]:
    """The request, if it asks in one year for the payments of another."""
    kinds = requests.requested_kinds(connection, [authority.authority_id])
    return [reference] if any(one.reference == reference and one.asks_over_year_end for one in kinds) else []


def arrived(desk: Desk, authority_code: str, reference: str, on: date) -> Arrived:
    """Tell on which day a request came to its authority.

    Raises:
        UnknownAuthority, UnknownDocument, ArrivedTooEarly, ArrivesInFuture: see `arrivals.arrived`.
    """
    with desk.database.begin() as connection:
        book = setup.authority(connection, authority_code).authority_id
        number = requests.request_number(connection, book, reference)
    if number is None:
        raise arrivals.UnknownDocument(f"request {reference}", authority_code)
    return arrivals.arrived(desk, authority_code, "request", number, f"request {reference}", on)


def listed(connection: Connection, today: date, authority_code: str | None = None) -> list[RequestLine]:
    """All requests by kind: what was asked, came and is awaited, and until when (R-040, R-042, 1.10)."""
    authorities = {one.authority_id: one.code for one in setup.chosen(connection, authority_code)}
    calendar = calendar_versions.load(connection)
    return [
        RequestLine(
            authority=authorities[one.asked.authority_id],
            request=one.asked.reference,
            sent_on=one.asked.sent_on,
            arrived_on=one.arrived_on,
            aid_kind=one.asked.aid_kind,
            count=one.asked.count,
            asked_tiyn=one.asked.asked,
            came_tiyn=one.asked.came,
            awaited_tiyn=one.asked.awaited,
            earliest=one.term.earliest,
            due=one.term.due,
            state=_state(one, today, calendar),
            note=OVER_YEAR_END if one.asked.asks_over_year_end else "",
        )
        for one in request_terms.terms(connection, list(authorities))
    ]


def _state(one: request_terms.RequestTerm, today: date, calendar: Calendar) -> str:
    asked, term = one.asked, one.term
    if not asked.awaited:
        return "all came" if asked.came >= asked.asked else "closed, the rest was withdrawn"
    if term.earliest and today < term.earliest:
        return f"waits until {term.earliest:%d.%m.%Y} (R-042)"
    part = "part came, " if asked.came else ""
    if term.due and term.due < today:
        days = calendar.working_days_between(term.due, today)
        return f"{part}overdue since {term.due:%d.%m.%Y}, {counted(days, 'working day')}"
    return f"{part}due by {term.due:%d.%m.%Y}" if term.due else f"{part}awaited"


def _send(
    desk: Desk, connection: Connection, authority: setup.Authority, needs: list[requests.Need]
) -> exchange.FundsRequest:
    book = authority.authority_id
    request_number = requests.next_request_number(connection, book)
    reference = f"{authority.code}-{desk.today.year}-{request_number:04d}"
    document = _document(desk, connection, authority, reference, needs)
    number = posting.next_number(connection, book)
    requests.append_request(connection, number, request_number, reference, desk.today, needs)
    events = [
        Event(rule="request_sent", aid_kind=need.aid_kind, debit_reference=reference, amount=need.amount)
        for need in needs
    ]
    posting.post(connection, book, number, desk.today, events)
    outbox.keep(desk, connection, book, number, _files(document))
    draft = EntryDraft(
        kind="request_sent",
        booked_on=desk.today,
        value_date=desk.today,
        actor=desk.actor,
        source_key=f"request:{reference}",
        source_digest=posting.digest(document),
        summary=f"request {reference}",
    )
    posting.seal(connection, book, number, draft, ["request", "request_need", "document"])
    return document


def _document(
    desk: Desk, connection: Connection, authority: setup.Authority, reference: str, needs: list[requests.Need]
) -> exchange.FundsRequest:
    corporation = setup.corporation(connection)
    kinds = setup.aid_kinds(connection, authority.authority_id)
    return exchange.FundsRequest(
        number=reference,
        sent_on=desk.today,
        authority_bin=authority.bin,
        authority_kk=authority.name_kk,
        authority_ru=authority.name_ru,
        corporation_bin=corporation.bin,
        corporation_kk=corporation.name_kk,
        corporation_ru=corporation.name_ru,
        iban=corporation.iban,
        bic=corporation.bic,
        lines=tuple(
            exchange.FundsRequestLine(
                aid_kind=need.aid_kind,
                name_kk=kinds[need.aid_kind].name_kk,
                name_ru=kinds[need.aid_kind].name_ru,
                due_month=need.due_month,
                count=need.count,
                amount=need.amount,
            )
            for need in needs
        ),
    )


def _files(document: exchange.FundsRequest) -> dict[str, bytes]:
    xml = exchange.write(document)
    name = f"request-{document.number}"
    return {
        f"{name}.xml": xml,
        f"{name}-kk.pdf": render.pdf(document, "kk", xml),
        f"{name}-ru.pdf": render.pdf(document, "ru", xml),
    }
