"""The one write path of the books: lock, number, rows, postings, root, seal.

A verb takes the locks of the books it touches, writes register rows under the next entry number, lets `post` compute
the postings and seals the entry. Postings of a file come from its register rows in the same statement
(`post_register`); those of a single event are given (`post`). The database checks the rest: see `sql/0001_ledger.sql`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, text

from ledgers.chart import CHART
from ledgers.db import copy_rows
from ledgers.errors import EntryConflict
from ledgers.journal import Entry, EntryDraft, Event
from ledgers.proof import ZERO, MerkleTree, entry_tree, entry_trees
from ledgers.rules import RULES
from ledgers.tables import FACTS

LOCK_CLASS = 1165183344
"""Class of the books' advisory locks; the seal trigger takes the same one."""

_COPIED_FROM = 100
"""More rows than these go by COPY."""

_ENTRY = tuple(field.name for field in fields(Entry))
_NOT_YET = datetime(1970, 1, 1, tzinfo=UTC)
"""The moment of an entry is given when it is sealed."""

_EVENTS = """
    SELECT * FROM unnest(
        CAST(:numbers AS bigint[]), CAST(:days AS date[]), CAST(:rules AS text[]), CAST(:kinds AS text[]),
        CAST(:debits AS text[]), CAST(:credits AS text[]), CAST(:amounts AS bigint[])
    ) AS given (entry_number, booked_on, rule, aid_kind, debit_reference, credit_reference, amount)
"""

_OF_ONE_ENTRY = (
    "SELECT CAST(:number AS bigint) AS entry_number, CAST(:booked_on AS date) AS booked_on, e.* FROM ({events}) e"
)

_POST = """
WITH event AS MATERIALIZED (
    -- The planner takes the rows of a new entry for a single one and would join thousands of events to as many accounts
    -- pair by pair; a function that it takes for a hundred rows, and that gives one, makes it join them as sets.
    SELECT e.* FROM ({events}) e CROSS JOIN jsonb_array_elements('[1]') many
),
rule AS (
    SELECT * FROM unnest(
        CAST(:rule_names AS text[]), CAST(:debit_codes AS text[]), CAST(:credit_codes AS text[])
    ) AS page (rule, debit_code, credit_code)
),
side AS (
    SELECT e.entry_number, e.booked_on, e.rule, e.aid_kind AS event_kind, e.amount,
           e.debit_reference, e.credit_reference,
           d.code AS debit_code, CASE WHEN d.takes_kind THEN e.aid_kind ELSE '' END AS debit_kind,
           CASE WHEN d.takes_reference THEN e.debit_reference ELSE '' END AS debit_key,
           c.code AS credit_code, CASE WHEN c.takes_kind THEN e.aid_kind ELSE '' END AS credit_kind,
           CASE WHEN c.takes_reference THEN e.credit_reference ELSE '' END AS credit_key
    FROM event e
    LEFT JOIN rule r ON r.rule = e.rule
    LEFT JOIN esep.chart d ON d.code = r.debit_code
    LEFT JOIN esep.chart c ON c.code = r.credit_code
),
needed AS (
    SELECT min(entry_number) AS entry_number, code, aid_kind, reference
    FROM (
        SELECT entry_number, debit_code AS code, debit_kind AS aid_kind, debit_key AS reference FROM side
        UNION ALL
        SELECT entry_number, credit_code, credit_kind, credit_key FROM side
    ) either
    GROUP BY code, aid_kind, reference
),
known AS (
    SELECT a.account_id, a.code, a.aid_kind, a.reference
    FROM esep.account a JOIN needed n USING (code, aid_kind, reference)
    WHERE a.authority_id = :authority
),
made AS (
    INSERT INTO esep.account (authority_id, entry_number, code, aid_kind, reference)
    SELECT :authority, n.entry_number, n.code, n.aid_kind, n.reference FROM needed n
    WHERE NOT EXISTS (SELECT 1 FROM known k
                      WHERE k.code = n.code AND k.aid_kind = n.aid_kind AND k.reference = n.reference)
    ORDER BY n.entry_number, n.code, n.aid_kind, n.reference
    RETURNING account_id, code, aid_kind, reference
),
account AS (SELECT * FROM known UNION ALL SELECT * FROM made)
INSERT INTO esep.posting (authority_id, entry_number, line, booked_on, rule, debit, credit, amount)
SELECT :authority, s.entry_number,
       :lines_before + row_number() OVER (
           PARTITION BY s.entry_number ORDER BY s.rule, s.event_kind, s.debit_reference, s.credit_reference, s.amount
       ),
       s.booked_on, s.rule, d.account_id, c.account_id, s.amount
FROM side s
LEFT JOIN account d ON d.code = s.debit_code AND d.aid_kind = s.debit_kind AND d.reference = s.debit_key
LEFT JOIN account c ON c.code = s.credit_code AND c.aid_kind = s.credit_kind AND c.reference = s.credit_key
"""
# The joins to the rules, the chart and the accounts are outer ones on purpose: an event without a rule or an account
# then fails on NOT NULL instead of dropping out of the books.


def digest(*parts: object) -> bytes:
    """SHA-256 over parts, each with its length before it: the content behind a source key."""
    octets = [str(part).encode() for part in parts]
    return sha256(b"".join(b"%d:%b" % (len(part), part) for part in octets)).digest()


def lock(connection: Connection, authority_ids: Iterable[int]) -> None:
    """Take the locks of the books, in their order, until the end of the transaction."""
    for authority_id in sorted(set(authority_ids)):
        bind = {"class": LOCK_CLASS, "book": authority_id}
        connection.execute(text("SELECT pg_advisory_xact_lock(:class, :book)"), bind)


def next_number(connection: Connection, authority_id: int) -> int:
    """The number that the next entry of the book will get; only true while its lock is held."""
    query = "SELECT coalesce(max(number), 0) + 1 FROM esep.entry WHERE authority_id = :authority"
    return int(connection.execute(text(query), {"authority": authority_id}).scalar_one())


def find(
    connection: Connection, authority_id: int, source_key: str, source_digest: bytes | None = None
) -> Entry | None:
    """The entry that this source made already, or None.

    Raises:
        EntryConflict: the key was entered with other content than `source_digest`.
    """
    row = connection.execute(
        text("SELECT * FROM esep.entry WHERE authority_id = :authority AND source_key = :source_key"),
        {"authority": authority_id, "source_key": source_key},
    ).one_or_none()
    if row is None:
        return None
    entry = entry_of(row)
    if source_digest is not None and entry.source_digest != source_digest:
        raise EntryConflict(source_key=source_key, entry_number=entry.number)
    return entry


def entry_of(row: Row[Any]) -> Entry:
    """A row of the entry table as a value."""
    return Entry(**row._asdict())


def append(connection: Connection, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert register rows; each maps every column of the fact table but generated ones."""
    if not rows:
        return
    columns = [name for name in FACTS[table].columns if name in rows[0]]
    if len(rows) > _COPIED_FROM:
        copy_rows(connection, f"esep.{table}", columns, ([row[name] for name in columns] for row in rows))
        return
    names, values = ", ".join(columns), ", ".join(f":{name}" for name in columns)
    connection.execute(text(f"INSERT INTO esep.{table} ({names}) VALUES ({values})"), [dict(row) for row in rows])  # noqa: S608


def post(
    connection: Connection,
    authority_id: int,
    number: int,
    booked_on: date,
    events: Sequence[Event],
    lines_before: int = 0,
) -> int:
    """Post single events under entry `number`; returns how many postings were made."""
    return post_many(connection, authority_id, [(number, booked_on, event) for event in events], lines_before)


def post_many(
    connection: Connection, authority_id: int, events: Sequence[tuple[int, date, Event]], lines_before: int = 0
) -> int:
    """Post single events of several entries, each with its entry's number and booking date, in one statement."""
    given = {
        "numbers": [number for number, _, _ in events],
        "days": [booked_on for _, booked_on, _ in events],
        "rules": [event.rule for _, _, event in events],
        "kinds": [event.aid_kind for _, _, event in events],
        "debits": [event.debit_reference for _, _, event in events],
        "credits": [event.credit_reference for _, _, event in events],
        "amounts": [event.amount for _, _, event in events],
    }
    return _post(connection, authority_id, _EVENTS, given | {"lines_before": lines_before})


def post_register(
    connection: Connection,
    authority_id: int,
    number: int,
    booked_on: date,
    events: str,
    bind: Mapping[str, Any],
    lines_before: int = 0,
) -> int:
    """Post what a query over the registers yields: (rule, aid_kind, debit_reference, credit_reference, amount).

    Raises:
        Overdrawn: a reference has less than is taken from it, on some booking date (raised by the transaction's edge).
    """
    given = {"number": number, "booked_on": booked_on, "lines_before": lines_before, **bind}
    return _post(connection, authority_id, _OF_ONE_ENTRY.format(events=events), given)


def _post(connection: Connection, authority_id: int, events: str, bind: Mapping[str, Any]) -> int:
    result = connection.execute(
        text(_POST.format(events=events)),
        {
            "authority": authority_id,
            "rule_names": list(RULES),
            "debit_codes": [rule.debit for rule in RULES.values()],
            "credit_codes": [rule.credit for rule in RULES.values()],
            **bind,
        },
    )
    return result.rowcount


def seal(
    connection: Connection,
    authority_id: int,
    number: int,
    draft: EntryDraft,
    wrote: Mapping[str, str] | Iterable[str],
    bind: Mapping[str, Any] | None = None,
) -> None:
    """Append the entry over everything it wrote, and over the deadlines it starts; from here on nothing can join it.

    `wrote` names the tables written, or maps each to a condition that narrows the search for its rows to an index;
    postings and accounts are always looked for.
    """
    # Deadlines are read from the registers, and their readers write by this module.
    from ledgers import deadline_starts

    narrowed = dict(wrote) if isinstance(wrote, Mapping) else dict.fromkeys(wrote, "")
    if deadline_starts.enter(connection, authority_id, number, draft):
        narrowed["deadline"] = ""
    tree = entry_tree(connection, authority_id, number, {"account": "", "posting": ""} | narrowed, bind or {})
    _insert(connection, authority_id, [(number, draft, tree)])


def seal_many(
    connection: Connection,
    authority_id: int,
    drafts: Mapping[int, EntryDraft],
    wrote: Mapping[str, str],
    bind: Mapping[str, Any],
) -> None:
    """Append several entries at once, by their numbers in a row, each over what it wrote; as `seal` else.

    Only for kinds that start no deadline.
    """
    from ledgers import deadline_starts

    if any(deadline_starts.may_start(draft.kind) for draft in drafts.values()):
        raise ValueError("an entry that may start a deadline is sealed alone")
    trees = entry_trees(connection, authority_id, drafts, {"account": "", "posting": ""} | dict(wrote), bind)
    _insert(connection, authority_id, [(number, draft, trees[number]) for number, draft in sorted(drafts.items())])


def _insert(connection: Connection, authority_id: int, entries: Sequence[tuple[int, EntryDraft, MerkleTree]]) -> None:
    """Insert entries in their order; the database gives each its moment, what it follows and its hash."""
    rows = [
        (
            authority_id,
            number,
            draft.kind,
            draft.booked_on,
            draft.value_date,
            _NOT_YET,
            draft.actor,
            draft.source_key,
            draft.source_digest,
            draft.summary,
            draft.reverses,
            tree.size,
            tree.root(),
            ZERO,
            ZERO,
        )
        for number, draft, tree in entries
    ]
    if len(rows) > _COPIED_FROM:
        copy_rows(connection, "esep.entry", _ENTRY, rows)
        return
    values = ", ".join(f":{name}" for name in _ENTRY)
    connection.execute(
        text(f"INSERT INTO esep.entry ({', '.join(_ENTRY)}) VALUES ({values})"),  # noqa: S608 - names of this page
        [dict(zip(_ENTRY, row, strict=True)) for row in rows],
    )


def reverse(connection: Connection, authority_id: int, number: int, draft: EntryDraft) -> int:
    """Turn entry `number` round, in full, in the open month; returns the number of the reversal.

    Raises:
        TakenAlready: the entry was reversed before.
        Overdrawn: what the entry brought was already used.
    """
    if draft.reverses != number:
        raise ValueError("the draft of a reversal names the entry it reverses")
    lock(connection, [authority_id])
    own = next_number(connection, authority_id)
    connection.execute(
        text("""
            INSERT INTO esep.posting (authority_id, entry_number, line, booked_on, rule, debit, credit, amount)
            SELECT authority_id, :own, line, :booked_on, rule, credit, debit, amount FROM esep.posting
            WHERE authority_id = :authority AND entry_number = :number
        """),
        {"own": own, "booked_on": draft.booked_on, "authority": authority_id, "number": number},
    )
    seal(connection, authority_id, own, draft, ())
    return own


def signed(code: str, debit: int, credit: int) -> int:
    """The balance of an account on its normal side, in tiyn."""
    return debit - credit if CHART[code].normal_side == "debit" else credit - debit
