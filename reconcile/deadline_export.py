"""`esep deadlines export`: the board as a calendar that reminds, or as a table.

An event keeps its name from one export to the next, and a deadline that moved carries the number of its version, so a
calendar program moves the event that it has.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

from formats import ical
from reconcile import export
from reconcile.deadlines import DeadlineRow
from reconcile.errors import Refusal


class UnknownExport(Refusal):
    """A file name that says no format."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path.name}: deadlines are written as .ics, .csv or .xlsx; name the file so")


def save(rows: Sequence[DeadlineRow], path: Path) -> int:
    """Write rows of a board as a calendar (.ics) or a table (.csv, .xlsx); returns how many.

    Raises:
        UnknownExport: the name of the file says none of the three.
    """
    if path.suffix == ".ics":
        events = list(_events(rows))
        path.write_bytes(ical.write("Esep", events))
        return len(events)
    if path.suffix not in (".csv", ".xlsx"):
        raise UnknownExport(path)
    return export.save(rows, path)


def _events(rows: Iterable[DeadlineRow]) -> Iterator[ical.DayEvent]:
    """An event on the due day, or on the earliest one of what has no due day; what was met reminds no more."""
    for row in rows:
        day = row.due or row.earliest
        if day is None:
            continue
        met = "" if row.met_on is None else f" (met {row.met_on:%d.%m.%Y})"
        begun = f"started {row.started_on:%d.%m.%Y}: {row.started_by}"
        said = [f"{row.source}; owed by: {row.owed_by}", begun]
        if row.nominal != day:
            said.append(f"nominal day {row.nominal:%d.%m.%Y}")
        yield ical.DayEvent(
            uid=f"{quote(row.rule, safe='')}.{row.authority}.{quote(row.subject, safe='')}@esep",
            sequence=row.version,
            day=day,
            known_on=row.known_on,
            summary=f"{row.authority}: {row.what} ({row.rule}, {row.subject}){met}",
            description="\n".join(said),
            category=row.owed_by,
            warn_on=row.warn if row.met_on is None else None,
        )
