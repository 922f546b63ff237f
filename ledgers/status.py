"""`esep db status`: where the books stand, in a few lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True, kw_only=True)
class BookStatus:
    """A book at a glance: how many entries, the last one, and the last closed month (None: none is closed)."""

    authority_id: int
    entries: int
    last_recorded_at: datetime
    closed_through: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The server, the schema, the role that works, and every book."""

    server: str
    schema: str
    role: str
    books: Sequence[BookStatus]


def status(connection: Connection) -> Status:
    """Read the status of all books."""
    head = connection.execute(
        text("""
            SELECT current_setting('server_version') AS server, version_num AS schema,
                   CAST(current_user AS text) AS role
            FROM esep.schema_version
        """)
    ).one()
    rows = connection.execute(
        text("""
            SELECT e.authority_id, count(*) AS entries, max(e.recorded_at) AS last_recorded_at,
                   (SELECT max(l.month) FROM esep.month_lock l WHERE l.authority_id = e.authority_id) AS closed_through
            FROM esep.entry e GROUP BY e.authority_id ORDER BY e.authority_id
        """)
    )
    return Status(**head._asdict(), books=tuple(BookStatus(**row._asdict()) for row in rows))
