"""How long looking back takes: trial balance as of a day as known at a moment, cards and traces, on N register rows.

    python bench/history.py --rows 2000000
    python bench/history.py --rows 20000000 --explain

The books are a year of twenty authorities with ten banks: awards, payments and crediting lines, a third of the rows
each, 2 % of the payments returned and given back. They are made by INSERT ... SELECT on the owner's connection with the
triggers off, so nothing proves them; they stand in a temporary folder. Each question is asked with another person, file
or line each time, in a transaction of its own; the table has the median and the slowest.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from sqlalchemy import Connection, event, text  # noqa: E402 - the packages stand beside this folder

from ledgers import account_card, db, history  # noqa: E402
from ledgers.account_card import AccountName  # noqa: E402
from ledgers.trace import trace  # noqa: E402

BOOKS, MONTHS, BANKS = 20, 12, 10
REPEATS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Awards of a book and month, how many of them are returned, and in how many messages."""

    awards: int

    @property
    def returned(self) -> int:
        """Payments that came back."""
        return max(self.awards // 50, 1)

    @property
    def messages(self) -> int:
        """Return messages, of ten items each."""
        return (self.returned + 9) // 10

    @property
    def entries(self) -> int:
        """Entries of a book and month."""
        return 17 + self.messages


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A question: the median and the slowest answer in milliseconds, and how many rows the last answer had."""

    question: str
    middle: float
    slowest: float
    rows: int


def main() -> None:
    """Make the books, ask, and print the table."""
    parser = argparse.ArgumentParser(description="Measure looking back on generated books.")
    parser.add_argument("--rows", type=int, default=200_000, help="rows of the big registers (20000000 for the full)")
    parser.add_argument("--explain", action="store_true", help="print the plan of every query of one trace")
    given = parser.parse_args()
    size = Size(awards=max(given.rows // 3 // (BOOKS * MONTHS), BANKS))
    with tempfile.TemporaryDirectory(prefix="esep-bench-") as folder:
        location = db.Location(home=Path(folder))
        db.initialise(location)
        with db.opened(location) as database:
            rows = _generate(location, database, size)
            if given.explain:
                _explain(database, f"P{_award(size, 0, 0)}/1")
            _print(rows, _ask(database, size))


def _generate(location: db.Location, database: db.Database, size: Size) -> int:
    """Fill the books; returns the rows of the big registers."""
    began = time.perf_counter()
    database.open_months([f"2024-{month:02}-01" for month in range(1, MONTHS + 1)])
    bind = {
        "books": BOOKS,
        "months": MONTHS,
        "banks": BANKS,
        "awards": size.awards,
        "returned": size.returned,
        "messages": size.messages,
        "entries": size.entries,
    }
    with db.owned(location) as owner:
        with owner.begin() as connection:
            tables = connection.exec_driver_sql("SELECT tablename FROM pg_tables WHERE schemaname = 'esep'").scalars()
            names = [name for name in tables if name != "schema_version"]
            for table in names:
                connection.exec_driver_sql(f"ALTER TABLE esep.{table} DISABLE TRIGGER USER")
            connection.execute(text("SET CONSTRAINTS ALL DEFERRED"))
            for statement in (*_JOURNAL, *_REGISTERS, *_LINES):
                connection.execute(text(_PARTS + statement), _used(statement, bind))
            connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
            for table in names:
                connection.exec_driver_sql(f"ALTER TABLE esep.{table} ENABLE TRIGGER USER")
        with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
        with owner.connect() as connection:
            rows = int(connection.execute(text(_COUNT)).scalar_one())
    print(f"{rows} rows in {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    return rows


_COUNT = """
    SELECT sum(reltuples)::bigint FROM pg_class
    WHERE relkind = 'r' AND relname ~ '^(award_line|payment)_2024_[0-9]+$|^crediting_line$'
"""


def _used(statement: str, bind: dict[str, int]) -> dict[str, int]:
    return {name: value for name, value in bind.items() if f":{name}" in _PARTS + statement}


# A cell is a book's month: its first entry is `base`, and its orders and lines are numbered from what it is.
_PARTS = """
    WITH cell AS (
        SELECT a.a, m.m, ('2024-01-01'::date + make_interval(months => m.m))::date AS month, 2 + m.m * :entries AS base,
               CAST(:awards AS integer) AS awards, CAST(:returned AS integer) AS returned,
               CAST(:messages AS integer) AS messages, CAST(:banks AS integer) AS banks,
               (a.a * 100 + m.m) * 1000 AS line
        FROM generate_series(1, :books) AS a (a) CROSS JOIN generate_series(0, :months - 1) AS m (m)
    ),
    file AS (
        SELECT c.*, b.b, c.m * 20 + b.b + 1 AS order_number, format('GCVP-%s-%s-%s', c.a, c.m, b.b) AS reference,
               format('BANK%sKZX', b.b) AS bic, (c.awards - b.b + c.banks - 1) / c.banks AS items
        FROM cell c CROSS JOIN generate_series(0, :banks - 1) AS b (b)
    ),
    award AS (
        SELECT c.*, i.i, c.base::bigint * 10000000 + i.i + 1 AS award_number,
               c.m * 20 + i.i % c.banks + 1 AS order_number,
               i.i / c.banks + 1 AS item, i.i < c.returned AS is_returned,
               lpad((c.a::bigint * 1000000 + i.i)::text, 12, '0') AS iin
        FROM cell c CROSS JOIN generate_series(0, :awards - 1) AS i (i)
    ),
    back AS (
        SELECT *, m * messages + i / 10 + 1 AS return_number, i % 10 + 1 AS return_item,
               base + 14 + i / 10 AS return_entry, 'P' || award_number || '/1' AS payment,
               1000000 + m * 100000 + 2 * i AS returned_account
        FROM award WHERE is_returned
    )
"""

_JOURNAL = (
    """
    INSERT INTO esep.authority_version
    SELECT a, 1, 1, 'B' || a, lpad(a::text, 12, '0'), 'к', 'р', '', '', '', '', 'KZ00', 'BANK0KZX', '1', '1', '', '',
           '', 1 FROM generate_series(1, :books) AS a (a)
    """,
    """
    INSERT INTO esep.entry (authority_id, number, kind, booked_on, value_date, recorded_at, actor, source_key,
                            source_digest, summary, leaves, root, previous, hash)
    SELECT a, n, kind, day, day, day + make_interval(secs => n), 'bench', 'e' || n, zero, kind,
           0, zero, zero, zero
    FROM (
        SELECT a, base + n AS n, month + CASE WHEN n < 2 THEN 0 WHEN n < 14 THEN 9 WHEN n < 14 + messages THEN 14
            ELSE 24 END AS day, CASE n WHEN 0 THEN 'awards_imported' WHEN 1 THEN 'request_sent'
            WHEN 2 THEN 'transfer_received' WHEN 3 THEN 'orders_sent' ELSE 'file_settled' END AS kind
        FROM cell CROSS JOIN generate_series(0, :entries - 1) AS n (n)
        UNION ALL SELECT a, 1, '2024-01-01', 'setup_imported' FROM generate_series(1, :books) AS a (a)
        UNION ALL SELECT 0, m + 1, '2024-01-01'::date + 31 * m, 'statement_imported'
                  FROM generate_series(0, :months) AS m (m)
    ) e CROSS JOIN (SELECT decode(repeat('00', 32), 'hex') AS zero) z
    """,
    """
    INSERT INTO esep.account (authority_id, account_id, entry_number, code, aid_kind, reference)
    OVERRIDING SYSTEM VALUE
    SELECT a, 1, 1, 'cash', '', '' FROM generate_series(1, :books) AS a (a)
    UNION ALL SELECT a, 1000 + m, 1, 'funding', 'A', format('B%s-%s', a, m) FROM cell
    UNION ALL SELECT a, 10000 + m * 20 + b, 1, 'transit', '', reference FROM file
    UNION ALL SELECT a, 10000 + m * 20 + 10, 1, 'transit', '', format('GCVP-%s-%s-R', a, m) FROM cell
    UNION ALL SELECT a, returned_account, 1, 'returned', 'A', payment FROM back
    UNION ALL SELECT a, returned_account + 1, 1, 'refundable', 'A', payment FROM back
    """,
    """
    INSERT INTO esep.posting
    SELECT a, base + 2, 1, month + 9, 'transfer_placed', 1, 1000 + m, awards::bigint * 1846000 FROM cell
    UNION ALL SELECT a, base + 3, b + 1, month + 9, 'payment_sent', 1000 + m, 10000 + m * 20 + b,
                     items::bigint * 1846000 FROM file
    UNION ALL SELECT a, base + 4 + b, 1, month + 9, 'file_settled', 10000 + m * 20 + b, 1, items::bigint * 1846000
              FROM file
    UNION ALL SELECT a, return_entry, return_item, month + 14, 'return_received', 1, returned_account, 1846000 FROM back
    UNION ALL SELECT a, base + 14 + messages, i + 1, month + 24, 'refund_decided', returned_account,
                     returned_account + 1, 1846000 FROM back
    UNION ALL SELECT a, base + 15 + messages, i + 1, month + 24, 'refund_sent', returned_account + 1,
                     10000 + m * 20 + 10, 1846000 FROM back
    UNION ALL SELECT a, base + 16 + messages, 1, month + 24, 'file_settled', 10000 + m * 20 + 10, 1,
                     returned::bigint * 1846000 FROM cell
    """,
)

_REGISTERS = (
    "INSERT INTO esep.award_batch SELECT a, base, 'A', month, awards, awards::bigint * 1846000 FROM cell",
    """
    INSERT INTO esep.award_line (authority_id, due_month, award_number, version, entry_number, file_line,
        decision_number, decided_on, signer, case_id, source_system, aid_kind, amount, iin, surname, first_name,
        patronymic, birth_date, sex, branch_code, payment_code, address, bic, iban, phone, guardian_iin,
        guardian_surname, guardian_first_name, guardian_patronymic)
    SELECT a, month, award_number, 1, base, i + 1, 'D' || m, month, 'Тест', '', '', 'A', 1846000, iin, 'Тестов',
           'Тест', '', '1990-01-01', 'M', '', '', 'Астана', format('BANK%sKZX', i % 10),
           'KZ07601' || lpad(i::text, 13, '0'), '',
           CASE WHEN i % 50 = 0 THEN lpad((900000000 + a::bigint * 100000 + i)::text, 12, '0') ELSE '' END, '', '', ''
    FROM award
    """,
    """
    INSERT INTO esep.need (authority_id, need_number, entry_number, aid_kind, due_month, formed_on, after_entry,
                           upto_entry, count, amount)
    SELECT a, m + 1, base + 1, 'A', month, month, 0, base, awards, awards * 1846000::bigint FROM cell
    """,
    """
    INSERT INTO esep.request
    SELECT a, m + 1, base + 1, format('B%s-%s', a, m), month, awards * 1846000::bigint FROM cell
    """,
    "INSERT INTO esep.request_need SELECT a, m + 1, m + 1, base + 1 FROM cell",
    """
    INSERT INTO esep.payment_order
    SELECT a, order_number, base + 3, 'MT-102', reference, 'A', bic, month + 9, items, items::bigint * 1846000,
           reference FROM file
    UNION ALL SELECT a, m * 20 + 11, base + 15 + messages, 'MT-100', format('GCVP-%s-%s-R', a, m), '', 'KKMFKZ2A',
                     month + 24, returned, returned::bigint * 1846000, 'refund' FROM cell
    """,
    """
    INSERT INTO esep.payment
    SELECT a, month, award_number, 1, 1, base + 3, order_number, item, m + 1, 1846000 FROM award
    """,
    """
    INSERT INTO esep.return_message
    SELECT a, return_number, return_entry, 'R' || return_number, return_number::text, month + 14, 'BANK0KZX', 'KZ00',
           count(*) * 1846000, count(*), '', sha256((a || '.' || return_number)::bytea)
    FROM back GROUP BY a, return_number, return_entry, month
    """,
    """
    INSERT INTO esep.return_item
    SELECT a, return_number, return_item, return_entry, iin, 'Тестов', 'Тест', '', '', 1846000, 'closed' FROM back
    """,
    """
    INSERT INTO esep.returned_payment
    SELECT a, month, award_number, 1, return_entry, return_number, return_item, 1846000 FROM back
    """,
    """
    INSERT INTO esep.resolution (authority_id, due_month, award_number, attempt, version, entry_number, outcome, number,
                                 decided_on, signer, reason, award_version)
    SELECT a, month, award_number, 1, 1, base + 14 + messages, 'refund', '1', month + 24, 'Тест', 'closed', 1 FROM back
    """,
    "INSERT INTO esep.refund SELECT a, m * 20 + 11, 'A', payment, base + 15 + messages, 1846000 FROM back",
    """
    INSERT INTO esep.crediting
    SELECT a, order_number, base + 4, bic, reference, month + 10, items, items::bigint * 1846000,
           sha256(reference::bytea) FROM file
    """,
    """
    INSERT INTO esep.crediting_line
    SELECT a, order_number, item, base + 4, format('GCVP-%s-%s-%s', a, m, i % banks), item, iin, 'Тест Тестов',
           'KZ07601' || lpad(i::text, 13, '0'), 1846000, 'credited', month + 10, ''
    FROM award
    """,
    """
    INSERT INTO esep.crediting_match
    SELECT a, order_number, base + 4, order_number, 'exact_reference', true, array_agg(order_number ORDER BY item),
           array_agg(item ORDER BY item), array_agg(item ORDER BY item), count(*) * 1846000, count(*) * 1846000, ''
    FROM award GROUP BY a, order_number, base
    """,
)

_LINES = (
    """
    INSERT INTO esep.statement
    SELECT 0, m + 1, m + 1, 'KZ00', '2024-01-01'::date + 31 * m, '2024-01-31'::date + 31 * m, 0, 0, 0, 0,
           sha256(('s' || m)::bytea) FROM generate_series(0, :months) AS m (m)
    """,
    """
    INSERT INTO esep.statement_line
    SELECT 0, line + k, m + 1, m + 1, k + 1, 'KZ00', month + 9, month + 9,
           CASE WHEN k BETWEEN 1 AND 11 THEN 'debit' ELSE 'credit' END, (line + k)::text, month + 9, 1846000, '',
           '', '', '', '', '', 1
    FROM cell CROSS JOIN generate_series(0, 11 + :messages) AS k (k)
    """,
    """
    INSERT INTO esep.line_match (authority_id, line_number, version, entry_number, placed_in, placed_entry, matched_as,
                                 reference, rule)
    SELECT 0, line, 1, m + 1, a, base + 2, 'transfer', 'T' || m + 1, 'request_in_purpose' FROM cell
    UNION ALL SELECT 0, line + b + 1, 1, m + 1, a, base + 4 + b, 'settlement', reference, 'order_number' FROM file
    UNION ALL SELECT 0, line + 11, 1, m + 1, a, base + 16 + messages, 'settlement', format('GCVP-%s-%s-R', a, m),
                     'order' FROM cell
    """,
    """
    INSERT INTO esep.transfer (authority_id, transfer_number, entry_number, order_number, order_date, payer_bin, amount,
                               received_on, line_number)
    SELECT a, m + 1, base + 2, format('%s%s', a, lpad(m::text, 2, '0')), month + 9, '', awards::bigint * 1846000,
           month + 9, line FROM cell
    """,
    """
    INSERT INTO esep.transfer_placing (authority_id, transfer_number, request_number, aid_kind, entry_number, amount)
    SELECT a, m + 1, m + 1, 'A', base + 2, awards::bigint * 1846000 FROM cell
    """,
    """
    INSERT INTO esep.return_money
    SELECT DISTINCT a, return_number, return_entry, line + 12 + i / 10, month + 14 FROM back
    """,
)


def _award(size: Size, month: int, place: int) -> int:
    return (2 + month * size.entries) * 10_000_000 + place + 1


def _ask(database: db.Database, size: Size) -> list[Measured]:
    """Every question, `REPEATS` times after a first one that warms nothing but the connection."""
    chance = random.Random(2024)
    moment, day = datetime(2024, 8, 20, 12, tzinfo=UTC), date(2024, 6, 20)

    def paid() -> str:
        return f"B{chance.randint(1, BOOKS)}/P{_award(size, chance.randrange(MONTHS), chance.randrange(size.awards))}/1"

    def returned() -> str:
        return (
            f"B{chance.randint(1, BOOKS)}/P{_award(size, chance.randrange(MONTHS), chance.randrange(size.returned))}/1"
        )

    def person() -> str:
        return f"{chance.randint(1, BOOKS) * 1_000_000 + chance.randrange(size.awards):012}"

    def trial(connection: Connection, book: int | None) -> list[Any]:
        return [*history.trial(connection, history.known(connection, book, moment=moment), until=day)]

    def card(connection: Connection) -> list[Any]:
        book = chance.randint(1, BOOKS)
        last = history.known(connection, book, moment=moment)[book]
        name = AccountName.parse(f"transit[GCVP-{book}-{chance.randrange(6)}-{chance.randrange(BANKS)}]")
        return [*account_card.card(connection, book, name, last_known=last).movements]

    return [
        _measure(database, "trial balance of a book, as of a day as known at a moment", lambda c: trial(c, 1)),
        _measure(database, "trial balance of all books, the same", lambda c: trial(c, None)),
        _measure(database, "card of a file in transit", card),
        _measure(database, "trace of a payment", lambda c: trace(c, paid().split("/", 1)[1])),
        _measure(database, "trace of a payment in its book", lambda c: trace(c, paid())),
        _measure(database, "trace of a payment that came back, in its book", lambda c: trace(c, returned())),
        _measure(database, "trace of a person by IIN, a year of payments", lambda c: trace(c, person())),
        _measure(database, "trace of a file", lambda c: trace(c, f"GCVP-{chance.randint(1, BOOKS)}-3-2")),
        _measure(database, "trace of a crediting line", lambda c: trace(c, f"B{chance.randint(1, BOOKS)}/C25/2")),
        _measure(
            database, "trace of a statement line", lambda c: trace(c, f"S{chance.randint(1, BOOKS) * 100_000 + 3}")
        ),
        _measure(database, "trace of a month's act", lambda c: trace(c, f"B{chance.randint(1, BOOKS)}/2024-03")),
    ]


def _measure(database: db.Database, question: str, ask: Callable[[Connection], list[Any]]) -> Measured:
    seconds, rows = [], 0
    with database.begin() as connection:
        ask(connection)
    for _ in range(REPEATS):
        with database.begin() as connection:
            began = time.perf_counter()
            rows = len(ask(connection))
            seconds.append(time.perf_counter() - began)
    print(f"{question}: {1000 * median(seconds):.0f} ms", file=sys.stderr, flush=True)
    return Measured(question=question, middle=1000 * median(seconds), slowest=1000 * max(seconds), rows=rows)


def _explain(database: db.Database, reference: str) -> None:
    """Print the plan of each query that one trace runs, longest first."""
    asked: list[tuple[float, str, Any]] = []

    def keep(connection: Any, cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:  # noqa: FBT001
        del cursor
        asked.append((time.perf_counter() - connection.info["began"], statement, parameters))

    def start(connection: Any, _cursor: Any, _statement: str, _parameters: Any, _context: Any, _many: bool) -> None:  # noqa: FBT001
        connection.info["began"] = time.perf_counter()

    event.listen(database.engine, "before_cursor_execute", start)
    event.listen(database.engine, "after_cursor_execute", keep)
    with database.begin() as connection:
        trace(connection, reference)
    event.remove(database.engine, "before_cursor_execute", start)
    event.remove(database.engine, "after_cursor_execute", keep)
    with database.begin() as connection:
        for seconds, statement, parameters in sorted(asked, key=lambda one: -one[0])[:5]:
            print(f"\n-- {1000 * seconds:.1f} ms")
            plan = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, COSTS OFF) {statement}", parameters)
            print("\n".join(str(line[0]) for line in plan))


def _print(rows: int, measured: list[Measured]) -> None:
    print(f"\n### {rows:,} register rows\n".replace(",", " "))
    print(f"| question | median of {REPEATS}, ms | slowest, ms | rows |")
    print("| --- | ---: | ---: | ---: |")
    for one in measured:
        print(f"| {one.question} | {one.middle:.1f} | {one.slowest:.1f} | {one.rows} |")


if __name__ == "__main__":
    main()
