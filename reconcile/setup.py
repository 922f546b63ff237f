"""`esep setup import`: who takes part, and by which rates and rules (R-001, R-002, R-005, R-010 to R-012).

What is new or changed becomes a new version, what is equal changes nothing, and what the file leaves out stays as it
is; so the same file again changes nothing. `reconcile.setup_file` says what stands in the file.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from formats.errors import Fault, FormatError
from ledgers import posting, setup
from ledgers.journal import EntryDraft
from ledgers.setup import Authority, Corporation, Item
from reconcile.desk import Desk
from reconcile.inbox import received
from reconcile.setup_file import named, read


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupImport:
    """What a setup file changed: items in words with their new version, and how many stayed as they were."""

    changed: tuple[str, ...]
    unchanged: int

    @property
    def is_repeat(self) -> bool:
        """Whether the books knew all of it already."""
        return not self.changed


def import_file(desk: Desk, path: Path) -> SetupImport:
    """Bring the books up to a setup file, in one transaction.

    Raises:
        FormatError: keys, check digits, banks or codes are wrong, or two authorities would be mixed up.
    """
    with received(desk, path, "setup") as file:
        items = read(file.read(), file.name)
        with desk.database.begin() as connection:
            result = _apply(desk, connection, items, file.stored.sha256, file.name)
            file.accept(connection)
    return result


def _apply(desk: Desk, connection: Connection, items: Sequence[Item], digest: bytes, source: str) -> SetupImport:
    posting.lock(connection, [0, *(setup.book_of(item) for item in items)])
    known = setup.in_force(connection)
    faults = [*_without_authority_clash(known, items), *_without_corporation(known, items)]
    if faults:
        raise FormatError(source, faults)
    fresh = [item for item in items if item not in known]
    changed: list[str] = []
    for book in sorted({setup.book_of(item) for item in fresh}):
        own = [item for item in fresh if setup.book_of(item) == book]
        changed += record(desk, connection, book, own, f"setup:{digest.hex()}", digest, source)
    return SetupImport(changed=tuple(changed), unchanged=len(items) - len(fresh))


def record(
    desk: Desk, connection: Connection, book: int, items: Sequence[Item], key: str, digest: bytes, source: str
) -> list[str]:
    """Write items of one book as their next versions, in one entry; returns them in words with their versions.

    The lock of the book is held already. `key` and `digest` say where they come from.
    """
    number = posting.next_number(connection, book)
    changed = [f"{named(item)}, version {setup.append_version(connection, number, item)}" for item in items]
    draft = EntryDraft(
        kind="setup_imported",
        booked_on=desk.today,
        value_date=desk.today,
        actor=desk.actor,
        # The number belongs to the key: a file that takes an earlier one back may bring the same bytes a second time.
        source_key=f"{key}:{number}",
        source_digest=digest,
        summary=f"{source}: {'; '.join(changed)}",
    )
    posting.seal(connection, book, number, draft, {setup.TABLES[type(item)][0] for item in items})
    return changed


def _without_corporation(known: Iterable[Item], items: Iterable[Item]) -> list[Fault]:
    if any(isinstance(item, Corporation) for item in [*known, *items]):
        return []
    return [
        Fault(line=None, place="corporation", found="", expected="the State Corporation", remedy="add [corporation]")
    ]


def _without_authority_clash(known: Iterable[Item], items: Iterable[Item]) -> list[Fault]:
    """Two authorities that a file, a transfer or an order number could not tell apart, once the file is applied."""
    after = {item.authority_id: item for item in [*known, *items] if isinstance(item, Authority)}
    faults: list[Fault] = []
    for key in ("code", "bin", "first_order_number"):
        holders: dict[object, int] = {}
        for item in after.values():
            value = getattr(item, key)
            if holders.setdefault(value, item.authority_id) != item.authority_id:
                faults.append(
                    Fault(
                        line=None,
                        place=f"authority {item.authority_id}.{key}",
                        found=str(value),
                        expected=f"another value than that of authority {holders[value]}",
                        remedy="give each authority its own",
                    )
                )
    return faults
