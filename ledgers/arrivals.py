"""When documents came to the authority: a request starts the term of R-040, data on returns that of R-061.

A document without a row came on the day it was sent. Another day is a new version, the highest one is in force.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import Connection, text

from ledgers.posting import append

Document = Literal["request", "notice"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """The day in force on which a document arrived."""

    version: int
    arrived_on: date


def arrivals(connection: Connection, authority_id: int, document: Document) -> dict[int, Arrival]:
    """The arrivals that were told, by the document's number."""
    rows = connection.execute(
        text("""
            SELECT DISTINCT ON (number) number, version, arrived_on FROM esep.arrival
            WHERE authority_id = :authority AND document = :document ORDER BY number, version DESC
        """),
        {"authority": authority_id, "document": document},
    )
    return {row.number: Arrival(version=row.version, arrived_on=row.arrived_on) for row in rows}


def sent_on(connection: Connection, authority_id: int, document: Document, number: int) -> date | None:
    """The day on which a document was sent, or None when there is no such document."""
    table, column = {"request": ("request", "request_number"), "notice": ("return_notice", "notice_number")}[document]
    query = f"SELECT sent_on FROM esep.{table} WHERE authority_id = :authority AND {column} = :number"  # noqa: S608
    found: date | None = connection.execute(
        text(query), {"authority": authority_id, "number": number}
    ).scalar_one_or_none()
    return found


def append_version(
    connection: Connection,
    authority_id: int,
    entry_number: int,
    *,
    document: Document,
    number: int,
    version: int,
    arrived_on: date,
) -> None:
    """Record when a document arrived, under an entry."""
    key = {"authority_id": authority_id, "entry_number": entry_number, "document": document, "number": number}
    append(connection, "arrival", [key | {"version": version, "arrived_on": arrived_on}])
