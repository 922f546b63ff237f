"""Tamper evidence: a Merkle tree over every row of an entry, and a chain of entries in each book.

Leaf = SHA-256(0x00 ‖ table ‖ ':' ‖ row), node = SHA-256(0x01 ‖ left ‖ right), as in RFC 9162. A row is written as
PostgreSQL writes a composite value, which quotes every comma and parenthesis inside a field, so no two rows read alike.
The database hashes the leaves where the rows are; 32 bytes a row come here, and the tree needs memory for its height.
The entry's own hash (0x02) is made by the database when it seals the entry and made again here when verified.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, text

from ledgers.db import stream
from ledgers.journal import Entry
from ledgers.tables import FACTS, TEXT_KEYS, FactTable

ZERO = bytes(32)
"""What the first entry of a book follows."""


class MerkleTree:
    """The tree of RFC 9162 over a stream of leaf hashes; keeps one hash a level."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Append leaf hashes of 32 bytes each, in order."""
        peaks = self._peaks
        size = self.size
        for leaf in leaves:
            node = leaf
            rest = size = size + 1
            while not rest & 1:
                node = sha256(b"\x01" + peaks.pop() + node).digest()
                rest >>= 1
            peaks.append(node)
        self.size = size

    def root(self) -> bytes:
        """The root of what was appended so far; SHA-256 of nothing for an empty tree."""
        if not self._peaks:
            return sha256().digest()
        *rest, node = self._peaks
        for peak in reversed(rest):
            node = sha256(b"\x01" + peak + node).digest()
        return node


def leaf_select(table: FactTable, where: str) -> str:
    """The query of a table's leaves: entry number and hash, in the order they are proved."""
    return (
        f"SELECT f.entry_number, {_leaf(table)} FROM esep.{table.name} f WHERE {where} "  # noqa: S608 - names of FACTS
        f"ORDER BY f.entry_number, {_order(table)}"
    )


def entry_tree(
    connection: Connection, authority_id: int, number: int, wrote: Mapping[str, str], bind: Mapping[str, Any]
) -> MerkleTree:
    """The tree over the rows that entry `number` wrote.

    `wrote` maps a table to a condition that narrows the search to an index, or to '' for a small table. The leaves of
    small tables come in one question, those of the others in a stream.
    """
    bound = {"authority": authority_id, "number": number, **bind}
    few = _few_leaves(connection, [name for name in wrote if not wrote[name]], bound)
    tree = MerkleTree()
    for name in sorted(wrote):
        if not wrote[name]:
            leaves = few[name]
            tree.extend(leaves[place : place + 32] for place in range(0, len(leaves), 32))
            continue
        query = leaf_select(FACTS[name], f"{_OF_ENTRY} AND {wrote[name]}")
        for rows in stream(connection, query, bound, rows_max=20_000):
            tree.extend([row[1] for row in rows])
    return tree


def entry_trees(
    connection: Connection,
    authority_id: int,
    numbers: Iterable[int],
    wrote: Mapping[str, str],
    bind: Mapping[str, Any],
) -> dict[int, MerkleTree]:
    """The trees over the rows that each of these entries wrote, a question for each table; `wrote` as before."""
    trees = {number: MerkleTree() for number in numbers}
    bound = {"authority": authority_id, "first": min(trees), "last": max(trees), **bind}
    for name in sorted(wrote):
        where = f"{_OF_ENTRIES} AND {wrote[name]}" if wrote[name] else _OF_ENTRIES
        for rows in stream(connection, leaf_select(FACTS[name], where), bound, rows_max=20_000):
            for number, leaf in rows:
                trees[number].extend([leaf])
    return trees


_OF_ENTRIES = "f.authority_id = :authority AND f.entry_number BETWEEN :first AND :last"
_OF_ENTRY = "f.authority_id = :authority AND f.entry_number = :number"


def _few_leaves(connection: Connection, names: Sequence[str], bound: Mapping[str, Any]) -> dict[str, bytes]:
    """The leaves of each of these tables, one after the other."""
    columns = []
    for name in names:
        leaves = f"string_agg({_leaf(FACTS[name])}, ''::bytea ORDER BY {_order(FACTS[name])})"
        columns.append(f"(SELECT {leaves} FROM esep.{name} f WHERE {_OF_ENTRY})")  # noqa: S608 - names of FACTS
    row = connection.execute(text(f"SELECT {', '.join(columns)}"), bound).one()
    return {name: bytes(leaves or b"") for name, leaves in zip(names, row, strict=True)}


def _order(table: FactTable) -> str:
    """The key of a table, its texts by their octets: the order is the same on every server."""
    return ", ".join(f'f.{name} COLLATE "C"' if name in TEXT_KEYS else f"f.{name}" for name in table.key)


def _leaf(table: FactTable) -> str:
    columns = ", ".join(f"f.{name}" for name in table.columns)
    return f"sha256('\\x00'::bytea || convert_to('{table.name}:' || ROW({columns})::text, 'UTF8'))"


def entry_hash(entry: Entry) -> bytes:
    """The chained hash of an entry, from its canonical length-prefixed fields."""
    moment = entry.recorded_at.astimezone(UTC)
    micros = int(moment.timestamp()) * 1_000_000 + moment.microsecond
    fields = (
        str(entry.authority_id),
        str(entry.number),
        entry.kind,
        entry.booked_on.isoformat(),
        entry.value_date.isoformat(),
        str(micros),
        entry.actor,
        entry.source_key,
        entry.source_digest.hex(),
        entry.summary,
        "" if entry.reverses is None else str(entry.reverses),
        str(entry.leaves),
        entry.root.hex(),
        entry.previous.hex(),
    )
    return sha256(b"\x02" + b"".join(_prefixed(field) for field in fields)).digest()


def _prefixed(field: str) -> bytes:
    octets = field.encode()
    return b"%d:%b" % (len(octets), octets)
