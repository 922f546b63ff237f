"""`esep calendar import` and `show`: the working days, and what an order of the government moves (AMB-15).

A file of moved days becomes a version of the calendar; what is open is computed again by it, and the deadlines of
before stay in the books beside the new ones.
"""

import calendar as civil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection

from formats.moved_days import MovedDayRow, read_moved_days
from ledgers import calendar_versions, posting, setup
from ledgers.calendar import Calendar, MovedDay
from ledgers.journal import EntryDraft
from reconcile import deadlines
from reconcile.desk import Desk
from reconcile.errors import Refusal
from reconcile.inbox import received

KIND = "moved days"
FIRST_YEAR, LAST_YEAR = 2022, 2100


class SupersededFile(Refusal):
    """A file that made a version once, and whose days a later one changed."""

    def __init__(self, version: int, days: Sequence[date]) -> None:
        named = ", ".join(f"{day:%d.%m.%Y}" for day in days)
        super().__init__(
            f"these bytes are calendar version {version}, and a later version says otherwise of {named}: "
            "the latest word stands; to take it back write a file with these days and the act that does so"
        )


class UnknownVersion(Refusal):
    """A version of the calendar that does not exist."""

    def __init__(self, wanted: int, latest: int) -> None:
        super().__init__(f"there is no calendar version {wanted}; the latest is {latest}, 0 came along")


class NoSuchYear(Refusal):
    """A year that the calendar does not reach."""

    def __init__(self, year: int) -> None:
        super().__init__(f"{year} is not a year of the calendar; it reaches from {FIRST_YEAR} to {LAST_YEAR}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedDay:
    """A day that the file changed: what it was and what it is now."""

    day: date
    was_working: bool
    is_working: bool
    is_bank_day: bool
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarImport:
    """The version a file made (0 when it said nothing new), its days, and how many open deadlines it moved."""

    version: int
    changed: tuple[ChangedDay, ...]
    known: int
    recomputed: int

    @property
    def is_repeat(self) -> bool:
        """Whether the calendar said all of it already."""
        return self.version == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDay:
    """A day as a version of the calendar has it; the reason is empty for an ordinary day."""

    day: date
    is_working: bool
    is_bank_day: bool
    is_moved: bool
    reason: str


def import_file(desk: Desk, path: Path, *, dry_run: bool = False) -> CalendarImport:
    """Bring moved days (CSV or XLSX) into the calendar, whole or not at all; `dry_run` only says what would change.

    Raises:
        FormatError: with every fault of the file; its bytes are kept, nothing is applied.
        SupersededFile: these bytes were imported before, and a later file changed their days again.
    """
    if dry_run:
        digest = sha256(path.read_bytes()).digest()
        with desk.database.begin() as connection:
            result = _apply(desk, connection, read_moved_days(path, path.name), digest, path.name)
            connection.rollback()
        return result
    with received(desk, path, KIND) as file:
        rows = read_moved_days(file.path, file.name)
        with desk.database.begin() as connection:
            result = _apply(desk, connection, rows, file.stored.sha256, file.name)
            file.accept(connection)
    return result


def _apply(
    desk: Desk, connection: Connection, rows: Sequence[MovedDayRow], digest: bytes, source: str
) -> CalendarImport:
    books = [authority.authority_id for authority in setup.authorities(connection)]
    posting.lock(connection, [0, *books])
    calendar = calendar_versions.load(connection)
    days = {row.day: MovedDay(is_working=row.is_working, is_bank_day=row.is_bank_day, basis=row.basis) for row in rows}
    fresh = [day for day, moved in sorted(days.items()) if calendar.moved.get(day) != moved]
    if not fresh:
        return CalendarImport(version=0, changed=(), known=len(days), recomputed=0)
    earlier = calendar_versions.version_of(connection, digest)
    if earlier is not None:
        raise SupersededFile(earlier, fresh)
    version = _append(desk, connection, days, digest, source)
    recomputed = deadlines.recompute(desk, connection, books, f"calendar:{version}")
    changed = tuple(_changed(calendar, day, days[day]) for day in fresh)
    return CalendarImport(version=version, changed=changed, known=len(days) - len(fresh), recomputed=recomputed)


def _append(desk: Desk, connection: Connection, days: Mapping[date, MovedDay], digest: bytes, source: str) -> int:
    number = posting.next_number(connection, 0)
    version = calendar_versions.append_version(connection, number, source, digest, days)
    draft = EntryDraft(
        kind="calendar_imported",
        booked_on=desk.today,
        value_date=desk.today,
        actor=desk.actor,
        source_key=f"calendar:{digest.hex()}",
        source_digest=digest,
        summary=f"calendar version {version} from {source}: {len(days)} moved days",
    )
    posting.seal(connection, 0, number, draft, ["calendar_version", "calendar_day"])
    return version


def _changed(calendar: Calendar, day: date, moved: MovedDay) -> ChangedDay:
    return ChangedDay(
        day=day,
        was_working=calendar.is_working_day(day),
        is_working=moved.is_working,
        is_bank_day=moved.is_bank_day,
        basis=moved.basis,
    )


def load(connection: Connection, version: int | None) -> Calendar:
    """The calendar of a version, or the latest one.

    Raises:
        UnknownVersion: there is no such version.
    """
    latest = calendar_versions.load(connection)
    if version is None:
        return latest
    if not 0 <= version <= latest.version:
        raise UnknownVersion(version, latest.version)
    return calendar_versions.load(connection, version)


def days(calendar: Calendar, year: int, month: int | None = None) -> list[CalendarDay]:
    """Every day of a year, or of one month of it.

    Raises:
        NoSuchYear: the calendar does not reach it.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NoSuchYear(year)
    first = date(year, month or 1, 1)
    last = date(year, month or 12, civil.monthrange(year, month or 12)[1])
    return [_day(calendar, first + timedelta(days=number)) for number in range((last - first).days + 1)]


def _day(calendar: Calendar, day: date) -> CalendarDay:
    return CalendarDay(
        day=day,
        is_working=calendar.is_working_day(day),
        is_bank_day=calendar.is_bank_day(day),
        is_moved=day in calendar.moved,
        reason=calendar.reason(day),
    )
