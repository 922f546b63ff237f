"""The calendar in the books: moved days as they were imported, version by version (AMB-15).

Version n is what all files up to the n-th say, on top of version 0 that comes with the program; for a day the latest
file counts. A deadline keeps the version that it was computed by.
"""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection, text

from ledgers.calendar import BUILT_IN, Calendar, MovedDay
from ledgers.posting import append


def load(connection: Connection, version: int | None = None) -> Calendar:
    """The calendar of a version, or of the latest one."""
    rows = connection.execute(
        text("""
            SELECT DISTINCT ON (d.day) d.day, d.is_working, d.is_bank_day, d.basis, max(d.version) OVER () AS last
            FROM esep.calendar_day d
            WHERE d.authority_id = 0 AND d.version <= coalesce(:version, d.version)
            ORDER BY d.day, d.version DESC
        """),
        {"version": version},
    ).all()
    if not rows:
        return BUILT_IN
    later = {row.day: MovedDay(is_working=row.is_working, is_bank_day=row.is_bank_day, basis=row.basis) for row in rows}
    return Calendar(rows[0].last, {**BUILT_IN.moved, **later})


def version_of(connection: Connection, sha256: bytes) -> int | None:
    """The version that these very bytes brought, or None."""
    query = "SELECT version FROM esep.calendar_version WHERE authority_id = 0 AND sha256 = :sha256"
    found = connection.execute(text(query), {"sha256": sha256}).scalar_one_or_none()
    return None if found is None else int(found)


def append_version(
    connection: Connection, number: int, basis: str, sha256: bytes, days: Mapping[date, MovedDay]
) -> int:
    """Append moved days as the next version under entry `number` of book 0; returns the version."""
    version = int(
        connection.execute(
            text("SELECT coalesce(max(version), 0) + 1 FROM esep.calendar_version WHERE authority_id = 0")
        ).scalar_one()
    )
    key = {"authority_id": 0, "version": version, "entry_number": number}
    append(connection, "calendar_version", [key | {"basis": basis, "sha256": sha256}])
    rows = [
        key | {"day": day, "is_working": one.is_working, "is_bank_day": one.is_bank_day, "basis": one.basis}
        for day, one in sorted(days.items())
    ]
    append(connection, "calendar_day", rows)
    return version
