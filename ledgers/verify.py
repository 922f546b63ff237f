"""`esep ledger verify`: every proof of the books made again from the rows, and every guard looked at.

For each book the leaves of all tables are read in the order of the entries and merged into one tree an entry, so memory
does not grow with the books. The root and the number of leaves must be those of the entry, the entry's hash that of its
fields, its `previous` the hash before it, the numbers without a gap, the moments never going back. What a book alone
cannot show, a tail cut off or a history written anew, shows against a digest kept elsewhere: the heads of all books.

>>> read_digest("1 7 " + "ab" * 32)[0].number
7
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from ledgers import db
from ledgers.errors import LedgerError
from ledgers.guards import broken_guards
from ledgers.journal import Entry
from ledgers.posting import entry_of
from ledgers.proof import ZERO, MerkleTree, entry_hash, leaf_select
from ledgers.tables import FACTS

BLOCK = 20_000
"""Leaves read at a time from one table."""

_HEAD = re.compile(r"([0-9]{1,9}) ([0-9]{1,18}) ([0-9a-f]{64})", re.ASCII)


class BadDigest(LedgerError):
    """A line of a digest file that is not `authority_id number hash`."""

    def __init__(self, line: int, found: str) -> None:
        super().__init__(
            f"digest line {line}: found {found!r}, expected a book's number, an entry's number and 64 hexadecimal "
            "digits; take the file as it was written"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The last entry of a book: what is published so that nobody can take it back."""

    authority_id: int
    number: int
    hash: bytes

    def __str__(self) -> str:
        return f"{self.authority_id} {self.number} {self.hash.hex()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyFault:
    """One kind of fault of one book: where it was seen first, and in how many places."""

    authority_id: int | None
    entry_number: int | None
    kind: str
    sentence: str
    places: int = 1

    def __str__(self) -> str:
        more = f" (and {self.places - 1} more like it)" if self.places > 1 else ""
        return f"{self.sentence}{more}"


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyReport:
    """What was read, and every fault by book and entry; the first one is where to begin."""

    books: int
    entries: int
    leaves: int
    faults: tuple[VerifyFault, ...]

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found."""
        return not self.faults


@dataclass(slots=True)
class _Finds:
    """The faults so far, the first of each kind in each book."""

    known: dict[tuple[int | None, str], tuple[int | None, str, int]] = field(default_factory=dict)

    def add(self, book: int | None, number: int | None, kind: str, sentence: str) -> None:
        first_number, first, places = self.known.get((book, kind), (number, sentence, 0))
        self.known[book, kind] = (first_number, first, places + 1)

    def faults(self) -> tuple[VerifyFault, ...]:
        found = [
            VerifyFault(authority_id=book, entry_number=number, kind=kind, sentence=sentence, places=places)
            for (book, kind), (number, sentence, places) in self.known.items()
        ]
        return tuple(sorted(found, key=lambda fault: (fault.authority_id or 0, fault.entry_number or 0)))


def heads(connection: Connection) -> list[Head]:
    """The last entry of every book, for the digest file."""
    rows = connection.execute(
        text("""
            SELECT DISTINCT ON (authority_id) authority_id, number, hash FROM esep.entry
            ORDER BY authority_id, number DESC
        """)
    )
    return [Head(authority_id=row.authority_id, number=row.number, hash=bytes(row.hash)) for row in rows]


def read_digest(content: str) -> list[Head]:
    """The heads of a digest file: a line each, as `Head` writes itself; empty lines and lines after `#` are skipped.

    Raises:
        BadDigest: a line that is none.
    """
    found = []
    for number, line in enumerate(content.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _HEAD.fullmatch(line.strip())
        if match is None:
            raise BadDigest(number, line)
        found.append(Head(authority_id=int(match[1]), number=int(match[2]), hash=bytes.fromhex(match[3])))
    return found


def verify(connection: Connection, digest: Sequence[Head] = ()) -> VerifyReport:
    """Make every proof of every book again, and compare the books with heads published earlier."""
    finds = _Finds()
    for place, sentence in broken_guards(connection):
        finds.add(None, None, f"guard {place}", sentence)
    _check_strays(connection, finds)
    entries = leaves = 0
    last = heads(connection)
    for head in last:
        number_of_entries, number_of_leaves = _check_book(connection, head, finds)
        entries, leaves = entries + number_of_entries, leaves + number_of_leaves
    _check_digest(connection, digest, finds)
    return VerifyReport(books=len(last), entries=entries, leaves=leaves, faults=finds.faults())


class _Leaves:
    """The leaves of one table of one book, read in blocks in the order of their entries."""

    def __init__(self, blocks: Iterator[list[Any]]) -> None:
        self._blocks = blocks
        self._numbers: list[int] = []
        self._hashes: list[bytes] = []
        self._place = 0

    def before(self, number: int) -> Iterator[list[bytes]]:
        """Take the leaves of entries below `number`, block by block."""
        while self._filled() and self._numbers[self._place] < number:
            end = bisect_left(self._numbers, number, self._place)
            yield self._hashes[self._place : end]
            self._place = end

    def next_number(self) -> int | None:
        """The entry that the next leaf is of."""
        return self._numbers[self._place] if self._filled() else None

    def _filled(self) -> bool:
        if self._place == len(self._numbers):
            block = next(self._blocks, ())
            self._numbers = [row[0] for row in block]
            self._hashes = [row[1] for row in block]
            self._place = 0
        return bool(self._numbers)


def _check_book(connection: Connection, head: Head, finds: _Finds) -> tuple[int, int]:
    """Check the chain and the trees of one book up to its head; returns how many entries and leaves were read."""
    # What others commit meanwhile lies above the head, so no snapshot has to be held over all the cursors.
    bind = {"authority": head.authority_id, "head": head.number}
    before: Entry | None = None
    entries = leaves = 0
    tables = []
    for _, table in sorted(FACTS.items()):
        query = leaf_select(table, "f.authority_id = :authority AND f.entry_number <= :head")
        tables.append(_Leaves(db.stream(connection, query, bind, BLOCK)))
    for entry in _chain(connection, bind):
        leaves += _skip_strays(tables, entry, finds)
        tree = MerkleTree()
        for table_leaves in tables:
            for block in table_leaves.before(entry.number + 1):
                tree.extend(block)
        _check_entry(entry, before, finds)
        _check_tree(entry, tree, finds)
        before, entries, leaves = entry, entries + 1, leaves + tree.size
    return entries, leaves


def _chain(connection: Connection, bind: Mapping[str, int]) -> Iterator[Entry]:
    query = text("SELECT * FROM esep.entry WHERE authority_id = :authority AND number <= :head ORDER BY number")
    options = {"stream_results": True, "max_row_buffer": 1000}
    with connection.execute(query, bind, execution_options=options) as rows:
        for row in rows:
            yield entry_of(row)


def _skip_strays(tables: Iterable[_Leaves], entry: Entry, finds: _Finds) -> int:
    """Rows whose entry was taken out of the middle of the book."""
    skipped = 0
    for leaves in tables:
        while (number := leaves.next_number()) is not None and number < entry.number:
            rows = sum(len(block) for block in leaves.before(number + 1))
            sentence = f"book {entry.authority_id}: {rows} rows name entry {number}, which the journal lacks"
            finds.add(entry.authority_id, number, "stray_rows", sentence)
            skipped += rows
    return skipped


def _check_entry(entry: Entry, before: Entry | None, finds: _Finds) -> None:
    """The chain: number, previous hash, own hash, moment."""
    book, where = entry.authority_id, _where(entry)
    due = before.number + 1 if before else 1
    if entry.number != due:
        finds.add(book, due, "gap", f"book {book}: entry {due} is missing, entry {entry.number} follows in its place")
    if entry.previous != (before.hash if before else ZERO):
        finds.add(
            book, entry.number, "broken_chain", f"{where} does not follow from the entry before it: one was changed"
        )
    if entry_hash(entry) != entry.hash:
        finds.add(book, entry.number, "changed_entry", f"{where} was changed: its fields do not give its hash")
    if before and entry.recorded_at < before.recorded_at:
        found = f"{where} was recorded before entry {before.number}: {_moment(entry.recorded_at)}"
        finds.add(book, entry.number, "time_went_back", found)


def _check_tree(entry: Entry, tree: MerkleTree, finds: _Finds) -> None:
    """The rows: as many as were sealed, and the same."""
    where = _where(entry)
    if tree.size != entry.leaves:
        what = "rows were taken away" if tree.size < entry.leaves else "rows were added"
        sentence = f"{where}: {what}, {entry.leaves} were sealed, {tree.size} are there"
        finds.add(entry.authority_id, entry.number, "number_of_rows", sentence)
    elif tree.root() != entry.root:
        finds.add(entry.authority_id, entry.number, "changed_rows", f"{where}: its rows are not those that were sealed")


def _check_strays(connection: Connection, finds: _Finds) -> None:
    """Rows above the last entry of their book: their entries were cut off, or they were never sealed."""
    for name in FACTS:
        rows = connection.execute(
            text(f"""
                SELECT f.authority_id, min(f.entry_number) AS number, count(*) AS rows FROM esep.{name} f
                LEFT JOIN (SELECT authority_id, max(number) AS number FROM esep.entry GROUP BY authority_id) e
                    ON e.authority_id = f.authority_id
                WHERE f.entry_number > coalesce(e.number, 0) OR f.entry_number < 1
                GROUP BY f.authority_id ORDER BY f.authority_id
            """)  # noqa: S608 - names come from FACTS
        )
        for row in rows:
            sentence = (
                f"book {row.authority_id}: {row.rows} rows of {name} name entry {row.number}, which the journal lacks"
            )
            finds.add(row.authority_id, row.number, "stray_rows", sentence)


def _check_digest(connection: Connection, digest: Iterable[Head], finds: _Finds) -> None:
    """What was published must still be there, bit for bit."""
    for head in digest:
        found = connection.execute(
            text("SELECT hash FROM esep.entry WHERE authority_id = :authority AND number = :number"),
            {"authority": head.authority_id, "number": head.number},
        ).scalar_one_or_none()
        where = f"book {head.authority_id}, entry {head.number}"
        if found is None:
            finds.add(
                head.authority_id, head.number, "cut_off", f"{where} was published in the digest and is not there"
            )
        elif bytes(found) != head.hash:
            finds.add(
                head.authority_id, head.number, "other_history", f"{where} is another one than the digest published"
            )


def _where(entry: Entry) -> str:
    return f"book {entry.authority_id}, entry {entry.number} ({entry.kind}, {entry.summary})"


def _moment(moment: datetime) -> str:
    return f"{moment:%d.%m.%Y %H:%M:%S.%f}"
