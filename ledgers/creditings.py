"""Crediting registers: what banks say they credited to whom, kept line by line in the book of the authority that paid.

Lines arrive by COPY into a staging table and are split into books as a set. A line goes to the authority whose order it
names; one that names none goes to the only authority that paid this person there; what is left stands in book 0.
Matching is in `crediting_matches`, what differs in `crediting_breaks`.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from ledgers.posting import append

FIELDS = ("order_reference", "item", "iin", "full_name", "iban", "amount", "outcome", "credited_on", "reason")
"""What a line says, in the order in which it is staged."""

_TYPES = {"item": "integer", "amount": "bigint", "credited_on": "date"}

NAMED = """
    SELECT o.authority_id, o.bic, o.reference AS named, o.order_number FROM esep.payment_order o
    WHERE o.message = 'MT-102'
    UNION ALL
    SELECT o.authority_id, o.bic, o.order_number::text, o.order_number FROM esep.payment_order o
    WHERE o.message = 'MT-102'
"""
"""The files of banks, by both names that a bank may give them: a query of (authority_id, bic, named, order_number)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crediting:
    """A register in a book: the bank's document, and how many lines of it, of how many tiyn, are the book's."""

    authority_id: int
    crediting_number: int
    bic: str
    document: str
    dated: date
    count: int
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditingRow:
    """A register with what of it agrees with our payments, and what does not; amounts in tiyn."""

    authority: str
    number: int
    bic: str
    document: str
    dated: date
    count: int
    amount: int
    agreed: int
    agreed_amount: int
    left: int
    left_amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many staged lines, and how many tiyn, belong to a book."""

    authority_id: int
    count: int
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedBy:
    """How many lines, of how many tiyn, one rule found to be payments of ours; rule '' for what none did."""

    authority: str
    number: int
    rule: str
    count: int
    amount: int


@contextmanager
def staging(connection: Connection) -> Iterator["Staging"]:
    """A staging table of this transaction, and a COPY into it."""
    columns = ", ".join(f"{name} {_TYPES.get(name, 'text')} NOT NULL" for name in FIELDS)
    connection.execute(text(f"CREATE TEMP TABLE staged_crediting (line integer NOT NULL, {columns}) ON COMMIT DROP"))
    cursor: Any = connection.connection.cursor()
    with cursor.copy(f"COPY pg_temp.staged_crediting (line, {', '.join(FIELDS)}) FROM STDIN") as copy:
        yield Staging(copy)


class Staging:
    """Takes column-wise batches of checked text and streams them to the server."""

    def __init__(self, copy: Any) -> None:
        self._copy = copy

    def add(self, lines: Sequence[int], columns: Sequence[Sequence[str]]) -> None:
        """Append rows: their lines in the file, then FIELDS as columns of equal length."""
        rows = "\n".join(map("\t".join, zip(map(str, lines), *columns, strict=True)))
        if "\\" in rows:
            rows = rows.replace("\\", "\\\\")
        self._copy.write(rows + "\n")


def late_lines(connection: Connection, today: date) -> list[tuple[int, date]]:
    """Staged lines whose day lies after `today`, each with that day: a register is of what happened."""
    query = "SELECT line, credited_on FROM pg_temp.staged_crediting WHERE credited_on > :today ORDER BY line"
    return [(row.line, row.credited_on) for row in connection.execute(text(query), {"today": today})]


def split(connection: Connection, bic: str) -> list[Share]:
    """Find the book of each staged line of a register of bank `bic`; what every book has of it."""
    for statement in _SPLIT:
        connection.execute(text(statement), {"bic": bic})
    rows = connection.execute(
        text("""
            SELECT coalesce(n.authority_id, h.authority_id, 0) AS authority_id, count(*) AS count,
                   sum(s.amount)::bigint AS amount
            FROM pg_temp.staged_crediting s
            LEFT JOIN pg_temp.crediting_name n ON n.named = s.order_reference
            LEFT JOIN pg_temp.crediting_home h ON h.line = s.line
            GROUP BY 1 ORDER BY 1
        """)
    )
    return [Share(**row._asdict()) for row in rows]


_SPLIT = (
    "ANALYZE pg_temp.staged_crediting",
    # A number that files of two authorities have is no name of either.
    f"""
    CREATE TEMP TABLE crediting_name ON COMMIT DROP AS
    SELECT named, min(authority_id) AS authority_id FROM ({NAMED}) n WHERE bic = :bic
    GROUP BY named HAVING count(*) = 1
    """,  # noqa: S608 - NAMED stands above
    "ANALYZE pg_temp.crediting_name",
    # A line that names no order: whoever paid the person, best with the same account and amount, if it is only one.
    """
    CREATE TEMP TABLE crediting_home ON COMMIT DROP AS
    WITH nameless AS MATERIALIZED (
        SELECT s.line, s.iin, s.iban, s.amount FROM pg_temp.staged_crediting s
        WHERE NOT EXISTS (SELECT 1 FROM pg_temp.crediting_name n WHERE n.named = s.order_reference)
    ),
    paid AS (
        SELECT p.authority_id, p.amount, w.iin, w.iban FROM esep.taken_payment p
        JOIN esep.payment_order o ON o.authority_id = p.authority_id AND o.order_number = p.order_number
        JOIN esep.award_line w ON w.authority_id = p.authority_id AND w.due_month = p.due_month
            AND w.award_number = p.award_number AND w.version = p.version
        WHERE o.bic = :bic AND o.message = 'MT-102' AND EXISTS (SELECT 1 FROM nameless)
    ),
    fit AS (
        SELECT n.line, p.authority_id,
               max(2 * (p.iban = n.iban)::integer + (p.amount = n.amount)::integer) AS likeness
        FROM nameless n JOIN paid p ON p.iin = n.iin GROUP BY n.line, p.authority_id
        UNION ALL
        SELECT n.line, p.authority_id, max((p.amount = n.amount)::integer)
        FROM nameless n JOIN paid p ON p.iban = n.iban WHERE n.iin = '' GROUP BY n.line, p.authority_id
    ),
    best AS (
        SELECT f.line, f.authority_id, f.likeness, max(f.likeness) OVER (PARTITION BY f.line) AS highest FROM fit f
    )
    SELECT line, min(authority_id) AS authority_id FROM best WHERE likeness = highest
    GROUP BY line HAVING count(*) = 1
    """,
    "ANALYZE pg_temp.crediting_home",
)


def next_crediting_number(connection: Connection, authority_id: int) -> int:
    """The number of the next register of a book; only true while its lock is held."""
    query = "SELECT coalesce(max(crediting_number), 0) + 1 FROM esep.crediting WHERE authority_id = :authority"
    return int(connection.execute(text(query), {"authority": authority_id}).scalar_one())


def append_staged(
    connection: Connection, numbers: Mapping[int, int], creditings: Sequence[Crediting], sha256: bytes
) -> None:
    """Make facts of a register and its staged lines; `numbers` maps each book to the number of its entry."""
    rows = [
        {
            "authority_id": one.authority_id,
            "entry_number": numbers[one.authority_id],
            "crediting_number": one.crediting_number,
            "bic": one.bic,
            "document": one.document,
            "dated": one.dated,
            "count": one.count,
            "amount": one.amount,
            "sha256": sha256,
        }
        for one in creditings
    ]
    append(connection, "crediting", rows)
    names, values = ", ".join(FIELDS), ", ".join(f"s.{name}" for name in FIELDS)
    connection.execute(
        text(f"""
            INSERT INTO esep.crediting_line (authority_id, crediting_number, line, entry_number, {names})
            SELECT k.book, k.crediting, s.line, k.number, {values}
            FROM pg_temp.staged_crediting s
            LEFT JOIN pg_temp.crediting_name n ON n.named = s.order_reference
            LEFT JOIN pg_temp.crediting_home h ON h.line = s.line
            JOIN unnest(CAST(:books AS integer[]), CAST(:creditings AS integer[]), CAST(:numbers AS bigint[]))
                AS k (book, crediting, number) ON k.book = coalesce(n.authority_id, h.authority_id, 0)
        """),  # noqa: S608 - names come from FIELDS
        {
            "books": [one.authority_id for one in creditings],
            "creditings": [one.crediting_number for one in creditings],
            "numbers": [numbers[one.authority_id] for one in creditings],
        },
    )


def of_file(connection: Connection, bic: str, sha256: bytes) -> list[Crediting]:
    """What an earlier import of the same bytes of the same bank brought, by book."""
    rows = connection.execute(
        text("""
            SELECT authority_id, crediting_number, bic, document, dated, count, amount FROM esep.crediting
            WHERE bic = :bic AND sha256 = :sha256 ORDER BY authority_id
        """),
        {"bic": bic, "sha256": sha256},
    )
    return [Crediting(**row._asdict()) for row in rows]


_PAIRED_LINES = """
    SELECT p.authority_id, p.crediting_number, p.rule, count(*) AS count, sum(l.amount)::bigint AS amount
    FROM esep.crediting_pair p
    JOIN esep.crediting_line l ON l.authority_id = p.authority_id AND l.crediting_number = p.crediting_number
        AND l.line = p.line
    WHERE p.line > 0 AND (CAST(:book AS integer) IS NULL OR p.authority_id = :book)
        AND (CAST(:number AS integer) IS NULL OR p.crediting_number = :number)
    GROUP BY p.authority_id, p.crediting_number, p.rule
"""
_OF = """
    (CAST(:book AS integer) IS NULL OR c.authority_id = :book)
    AND (CAST(:number AS integer) IS NULL OR c.crediting_number = :number)
"""


def rows(connection: Connection, authority_id: int | None = None, number: int | None = None) -> list[CreditingRow]:
    """Registers of a book, or of all of them, with what of each agrees and what is left."""
    found = connection.execute(
        text(f"""
            SELECT coalesce(a.code, '') AS authority, c.crediting_number AS number, c.bic, c.document, c.dated,
                   c.count, c.amount, coalesce(p.count, 0) AS agreed, coalesce(p.amount, 0) AS agreed_amount,
                   c.count - coalesce(p.count, 0) AS left, c.amount - coalesce(p.amount, 0) AS left_amount
            FROM esep.crediting c
            LEFT JOIN esep.authority a ON a.authority_id = c.authority_id
            LEFT JOIN (
                SELECT authority_id, crediting_number, sum(count)::bigint AS count, sum(amount)::bigint AS amount
                FROM ({_PAIRED_LINES}) b GROUP BY authority_id, crediting_number
            ) p ON p.authority_id = c.authority_id AND p.crediting_number = c.crediting_number
            WHERE {_OF} ORDER BY c.dated, c.bic, c.authority_id, c.crediting_number
        """),  # noqa: S608 - the parts stand above
        {"book": authority_id, "number": number},
    )
    return [CreditingRow(**row._asdict()) for row in found]


def agreed(connection: Connection, authority_id: int | None, number: int) -> list[AgreedBy]:
    """The lines of a register by the rule that found their payments, by rule."""
    found = connection.execute(
        text(f"""
            SELECT coalesce(a.code, '') AS authority, p.crediting_number AS number, p.rule, p.count, p.amount
            FROM ({_PAIRED_LINES}) p LEFT JOIN esep.authority a ON a.authority_id = p.authority_id
            ORDER BY p.authority_id, p.rule
        """),  # noqa: S608 - the parts stand above
        {"book": authority_id, "number": number},
    )
    return [AgreedBy(**row._asdict()) for row in found]
