"""Tamper evidence, octet by octet: vectors that stand still, and a tree computed by two ways."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from ledgers import posting, proof
from ledgers.journal import Entry
from ledgers.tables import FACTS
from tests.ledgers.books import day, enter, placed

# The inputs of RFC 6962's and RFC 9162's own test trees, and the roots of the first one to eight of them.
INPUTS = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def leaf(octets: bytes) -> bytes:
    return sha256(b"\x00" + octets).digest()


def recursive_root(leaves: Sequence[bytes]) -> bytes:
    """The tree as RFC 9162 defines it: split at the largest power of two below the number of leaves."""
    if not leaves:
        return sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + recursive_root(leaves[:split]) + recursive_root(leaves[split:])).digest()


def streamed_root(leaves: Sequence[bytes]) -> bytes:
    tree = proof.MerkleTree()
    tree.extend(leaves)
    return tree.root()


@pytest.mark.parametrize("size", range(1, len(ROOTS) + 1))
def test_tree_gives_the_roots_of_the_standard(size: int) -> None:
    leaves = [leaf(bytes.fromhex(text)) for text in INPUTS[:size]]
    assert streamed_root(leaves).hex() == ROOTS[size - 1]
    assert recursive_root(leaves).hex() == ROOTS[size - 1]


def test_root_of_nothing_is_the_hash_of_nothing() -> None:
    assert streamed_root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=70), st.integers(0, 70))
def test_tree_is_the_recursive_one_however_the_leaves_arrive(leaves: list[bytes], cut: int) -> None:
    tree = proof.MerkleTree()
    tree.extend(leaves[:cut])
    tree.extend(leaves[cut:])
    assert tree.root() == recursive_root(leaves)
    assert tree.size == len(leaves)


def test_a_million_leaves_need_a_hash_a_level() -> None:
    tree = proof.MerkleTree()
    tree.extend([bytes(32)] * 100_000)
    assert len(tree._peaks) == (100_000).bit_count()


LEAVES = [
    (
        "posting",
        {"line": 3, "booked_on": day(14), "rule": "transfer_placed", "debit": 11, "credit": 12, "amount": 184_600_000},
        "posting:(1,5,3,2024-03-14,transfer_placed,11,12,184600000)",
    ),
    (
        "transfer",
        {
            "transfer_number": 1,
            "order_number": '14"5, (b)',
            "order_date": day(13),
            "payer_bin": "230540100010",
            "amount": 1,
            "received_on": day(14),
            "line_number": 7,
        },
        'transfer:(1,5,1,"14""5, (b)",2024-03-13,230540100010,1,2024-03-14,7)',
    ),
    ("document", {"file_name": "Өтінім №1.xml", "sha256": b"\x00\xff" * 16}, None),
]


@pytest.mark.parametrize(("table", "row", "written"), LEAVES, ids=[row[0] for row in LEAVES])
def test_a_leaf_is_the_hash_of_the_table_and_the_row_as_text(
    worker: Connection, table: str, row: dict[str, object], written: str | None
) -> None:
    fact = FACTS[table]
    select = proof.leaf_select(fact, "true").replace(f"FROM esep.{table} f", f"FROM pg_temp.{table} f")
    worker.execute(text(f"CREATE TEMP TABLE {table} AS SELECT * FROM esep.{table} WHERE false"))
    full = {"authority_id": 1, "entry_number": 5} | row
    names = [name for name in fact.columns if name in full]
    values = ", ".join(f":{name}" for name in names)
    worker.execute(text(f"INSERT INTO pg_temp.{table} ({', '.join(names)}) VALUES ({values})"), full)
    number, found = worker.execute(text(select)).one()
    expected = written or f'document:(1,5,"Өтінім №1.xml","\\\\x{"00ff" * 16}")'
    assert (number, bytes(found)) == (5, leaf(expected.encode()))


ENTRY = Entry(
    authority_id=1,
    number=7,
    kind="orders_sent",
    booked_on=day(18),
    value_date=day(18),
    recorded_at=datetime(2024, 3, 18, 9, 30, 15, 250_001, tzinfo=UTC),
    actor="А. Сәрсенова",
    source_key="orders:71",
    source_digest=sha256(b"orders").digest(),
    summary="MT-102 71 to 75",
    reverses=None,
    leaves=142,
    root=sha256(b"root").digest(),
    previous=sha256(b"previous").digest(),
    hash=bytes(32),
)
WRITTEN = (
    "1:1"
    "1:7"
    "11:orders_sent"
    "10:2024-03-18"
    "10:2024-03-18"
    "16:1710754215250001"
    "22:А. Сәрсенова"
    "9:orders:71"
    "64:1c168adb00d208e42f93314529f1fa9c0427eb63233ceda95a5db52b7012a719"
    "15:MT-102 71 to 75"
    "0:"
    "3:142"
    "64:4813494d137e1631bba301d5acab6e7bb7aa74ce1185d456565ef51d737677b2"
    "64:6da0633528deaa0144e7b058315f0b753ec0b945163a72bf96a0d18180f9de0d"
)
"""The entry as it is hashed: each field with the number of its octets before it."""

HASH = "7bbfe2858bc2450f8ade5e901a3c2454bacd874009c17fc6ada785ae452e59be"


def test_the_hash_of_an_entry_stands_still(worker: Connection) -> None:
    """A change of a single octet of the encoding would make every book in use look forged."""
    assert sha256(b"\x02" + WRITTEN.encode()).hexdigest() == HASH
    assert proof.entry_hash(ENTRY).hex() == HASH
    assert by_the_database(worker, ENTRY).hex() == HASH


@pytest.mark.parametrize(
    "other",
    [
        replace(ENTRY, reverses=3),
        replace(ENTRY, actor="", source_key=""),
        replace(ENTRY, actor="9:a", summary="ұзақ : түсіндірме\n" * 40),
        replace(ENTRY, recorded_at=datetime(2024, 3, 18, 0, 0, 0, 1, tzinfo=UTC), authority_id=0),
        replace(ENTRY, value_date=day(29, 2), number=10**15),
    ],
    ids=["a reversal", "empty fields", "long texts", "the first microsecond", "a leap day"],
)
def test_database_and_program_make_the_same_hash(worker: Connection, other: Entry) -> None:
    assert by_the_database(worker, other) == proof.entry_hash(other) != proof.entry_hash(ENTRY)


def by_the_database(connection: Connection, entry: Entry) -> bytes:
    """What the seal's own function makes of an entry, as the owner's trigger calls it."""
    fields = {name: getattr(entry, name) for name in Entry.__slots__}
    row = ", ".join(f":{name}" for name in fields)
    query = f"SELECT esep.entry_hash(CAST(ROW({row}) AS esep.entry))"
    return bytes(connection.execute(text(query), fields).scalar_one())


def test_fields_cannot_flow_into_each_other() -> None:
    """Lengths stand before the fields: moving a letter from one to the next gives another hash."""
    one = replace(ENTRY, actor="ab", source_key="c")
    assert proof.entry_hash(one) != proof.entry_hash(replace(ENTRY, actor="a", source_key="bc"))


def test_leaves_stand_in_the_order_of_octets_whichever_way_the_server_sorts(worker: Connection) -> None:
    """Kazakh rules put Ә after А; by octets it follows the whole of the common alphabet."""
    names = ["b.txt", "Б.txt", "ә.txt", "a.txt", "А.txt", "B.txt", "я.txt"]
    rows = [{"file_name": name, "sha256": bytes(32)} for name in names]
    number = enter(worker, rows={"document": rows})
    order = "SELECT file_name FROM esep.document ORDER BY file_name"
    by_the_server = list(worker.execute(text(order)).scalars())
    expected = [
        leaf(f'document:(1,{number},{name},"\\\\x{"00" * 32}")'.encode())
        for name in sorted(names, key=lambda name: name.encode())
    ]
    found = posting.find(worker, 1, f"test:{number}")
    assert found is not None
    assert found.root == recursive_root(expected)
    # On the server that sorts by Kazakh rules the two orders differ, or this would prove nothing.
    rules = worker.execute(text("SELECT datlocprovider FROM pg_database WHERE datname = current_database()"))
    assert (by_the_server != sorted(names, key=lambda name: name.encode())) == (rules.scalar_one() == "i")


def test_an_entry_is_sealed_over_its_postings_and_accounts_unasked(worker: Connection) -> None:
    number = enter(worker, placed(100))
    found = posting.find(worker, 1, f"test:{number}")
    assert found is not None
    assert found.leaves == 3
    assert proof.entry_tree(worker, 1, number, {"account": "", "posting": ""}, {}).root() == found.root
