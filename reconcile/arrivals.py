"""`esep request arrived`, `esep return arrived`: when a document came to the authority (R-040, R-061).

A document that nobody speaks of arrived on the day it was sent. Another day is a new version: what was computed by the
earlier one stays in the log.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from ledgers import arrivals, posting, setup
from ledgers.arrivals import Document
from ledgers.journal import EntryDraft
from reconcile.desk import Desk
from reconcile.errors import Refusal


class UnknownDocument(Refusal):
    """A document that was never sent to this authority."""

    def __init__(self, name: str, authority_code: str) -> None:
        super().__init__(f"{name} was not sent to {authority_code}: correct the number or the authority")


class ArrivedTooEarly(Refusal):
    """A document that arrived before it was sent."""

    def __init__(self, name: str, arrived_on: date, sent_on: date) -> None:
        super().__init__(
            f"{name} was sent on {sent_on:%d.%m.%Y} and cannot have arrived on {arrived_on:%d.%m.%Y}: correct the day"
        )


class ArrivesInFuture(Refusal):
    """A document whose arrival lies after today."""

    def __init__(self, name: str, arrived_on: date, today: date) -> None:
        super().__init__(
            f"{name}: {arrived_on:%d.%m.%Y} is after today, {today:%d.%m.%Y}; tell the arrival when it has happened"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """What was told: the document, its day, the day it had before (None: that of sending), or that all is known."""

    name: str
    arrived_on: date
    before: date | None
    is_repeat: bool


def arrived(desk: Desk, authority_code: str, document: Document, number: int, name: str, on: date) -> Arrived:
    """Tell on which day a document arrived; `name` is what people call it.

    Raises:
        UnknownAuthority, UnknownDocument: there is no such authority or document.
        ArrivedTooEarly, ArrivesInFuture: the day lies before the sending or after today.
    """
    with desk.database.begin() as connection:
        book = setup.authority(connection, authority_code).authority_id
        posting.lock(connection, [book])
        sent_on = arrivals.sent_on(connection, book, document, number)
        if sent_on is None:
            raise UnknownDocument(name, authority_code)
        if on < sent_on:
            raise ArrivedTooEarly(name, on, sent_on)
        if on > desk.today:
            raise ArrivesInFuture(name, on, desk.today)
        known = arrivals.arrivals(connection, book, document).get(number)
        before = known.arrived_on if known else None
        if before == on:
            return Arrived(name=name, arrived_on=on, before=before, is_repeat=True)
        version = known.version + 1 if known else 1
        _enter(desk, connection, book, document, number=number, version=version, name=name, on=on)
    return Arrived(name=name, arrived_on=on, before=before, is_repeat=False)


def _enter(
    desk: Desk, connection: Connection, book: int, document: Document, *, number: int, version: int, name: str, on: date
) -> None:
    entry = posting.next_number(connection, book)
    arrivals.append_version(connection, book, entry, document=document, number=number, version=version, arrived_on=on)
    draft = EntryDraft(
        kind="document_arrived",
        booked_on=desk.today,
        value_date=on,
        actor=desk.actor,
        source_key=f"arrival:{document}:{number}:{version}",
        source_digest=posting.digest(document, number, version, on),
        summary=f"{name} arrived on {on:%d.%m.%Y}",
    )
    posting.seal(connection, book, entry, draft, ["arrival"])
