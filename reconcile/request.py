"""`esep request send`: the authority is asked for the money of its needs (R-033, R-034).

One request is for one authority, with a line for each aid kind and month. Its number stands in the document, and the
authority's payment orders should name it: that is how a transfer finds its request (R-044).
"""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from formats import exchange
from ledgers import posting, requests, setup
from ledgers.journal import EntryDraft, Event
from reconcile import outbox, render
from reconcile.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestsSent:
    """The requests sent now, and the files in the folder."""

    requests: tuple[exchange.FundsRequest, ...]
    files: tuple[outbox.Delivered, ...]


def send(desk: Desk, out: Path) -> RequestsSent:
    """Send a request to every authority with needs that were not requested yet, and write its documents to `out`."""
    sent: list[exchange.FundsRequest] = []
    with desk.database.begin() as connection:
        authorities = setup.authorities(connection)
        posting.lock(connection, [authority.authority_id for authority in authorities])
        for authority in authorities:
            needs = requests.unrequested_needs(connection, authority.authority_id)
            if needs:
                sent.append(_send(desk, connection, authority, needs))
    return RequestsSent(requests=tuple(sent), files=tuple(outbox.deliver(desk, "request_sent", out)))


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
        f"{name}-kk.pdf": render.funds_request_pdf(document, "kk", xml),
        f"{name}-ru.pdf": render.funds_request_pdf(document, "ru", xml),
    }
