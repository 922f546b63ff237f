"""Matches of the banks' lines with our payments: found by rules, made by hand, taken apart again with a reason.

A match is proved by the numbers that it keeps: which payments, which lines, both sums. What the rules find of one order
at once is one row. No payment and no line stands in two matches that are in force; the database sees to it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, text

from ledgers import crediting_rules as sql
from ledgers import match_terms
from ledgers.crediting_rules import RULES
from ledgers.errors import LedgerError
from ledgers.match_terms import MatchTerm
from ledgers.posting import append

BY_HAND = "by_hand"

_LATE_REGISTER = timedelta(days=92)
"""How much older than the first open line a register may be whose orders still count as those that a register names."""

_FEW = 200_000
"""With more lines than this the joins are worth a big memory."""


class NoSuchMatch(LedgerError):
    """Lines, payments or a match that are not there, or not as they were named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """How many lines, of how many tiyn, one rule found in the registers of a bank."""

    bic: str
    rule: str
    count: int
    amount: int


def terms(connection: Connection, bic: str) -> dict[str, MatchTerm]:
    """The terms of every rule for a bank: its own, else those for all, else the program's."""
    agreed = match_terms.last_terms(connection)
    return {rule: match_terms.in_force(agreed, rule, bic=bic) for rule in RULES}


def last_match_number(connection: Connection, authority_id: int) -> int:
    """The number of a book's last match; 0 before the first."""
    query = "SELECT coalesce(max(match_number), 0) FROM esep.crediting_match WHERE authority_id = :authority"
    return int(connection.execute(text(query), {"authority": authority_id}).scalar_one())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Open:
    """The registers of a bank with lines that are not matched, and the days of these lines."""

    bic: str
    creditings: list[int]
    first: date
    last: date
    count: int


def match(connection: Connection, authority_id: int, number: int) -> list[Found]:
    """Try every rule on all that is open in a book, and write what was found under entry `number`.

    The same again finds nothing. Call it under the book's lock.
    """
    for one in _open(connection, authority_id):
        with joined_as_sets(connection, one.count):
            _match_bank(connection, authority_id, number, one)
    rows = connection.execute(
        text("""
            SELECT c.bic, m.rule, sum(cardinality(m.lines))::bigint AS count, sum(m.amount_credited)::bigint AS amount
            FROM esep.crediting_match m
            JOIN esep.crediting c ON c.authority_id = m.authority_id AND c.crediting_number = m.crediting_number
            WHERE m.authority_id = :book AND m.entry_number = :number GROUP BY c.bic, m.rule
        """),
        {"book": authority_id, "number": number},
    )
    found = [Found(**row._asdict()) for row in rows]
    return sorted(found, key=lambda one: (one.bic, RULES.index(one.rule)))


def _open(connection: Connection, authority_id: int) -> list[_Open]:
    rows = connection.execute(
        text("""
            WITH opened AS (
                SELECT c.crediting_number, c.bic, c.count FROM esep.crediting c
                WHERE c.authority_id = :book AND c.count > (
                    SELECT count(*) FROM esep.crediting_pair p
                    WHERE p.authority_id = c.authority_id AND p.crediting_number = c.crediting_number AND p.line > 0)
            ),
            span AS (
                SELECT l.crediting_number, min(l.credited_on) AS first, max(l.credited_on) AS last
                FROM esep.crediting_line l
                WHERE l.authority_id = :book AND l.crediting_number IN (SELECT o.crediting_number FROM opened o)
                GROUP BY l.crediting_number
            )
            SELECT o.bic, array_agg(o.crediting_number ORDER BY o.crediting_number) AS creditings,
                   min(s.first) AS first, max(s.last) AS last, sum(o.count)::bigint AS count
            FROM opened o JOIN span s USING (crediting_number) GROUP BY o.bic ORDER BY o.bic
        """),
        {"book": authority_id},
    )
    return [_Open(**row._asdict()) for row in rows]


@contextmanager
def joined_as_sets(connection: Connection, count: int) -> Iterator[None]:
    """Joins by hash, with room for both sides: of rows that were only just written the planner knows nothing."""
    memory = "512MB" if count > _FEW else "64MB"
    connection.execute(text(f"SET LOCAL work_mem = '{memory}'"))
    connection.execute(text("SET LOCAL enable_nestloop = off"))
    yield
    connection.execute(text("SET LOCAL work_mem = '64MB'"))
    connection.execute(text("SET LOCAL enable_nestloop = on"))


def _match_bank(connection: Connection, authority_id: int, number: int, one: _Open) -> None:
    agreed = terms(connection, one.bic)
    days = max(agreed["person_any_order"].window_days, agreed["sum_of_person"].window_days)
    bind = {
        "book": authority_id,
        "bic": one.bic,
        "creditings": one.creditings,
        "since": one.first - _LATE_REGISTER,
        "from": one.first - timedelta(days=days),
        "to": one.last,
    }
    for statement in sql.PREPARE:
        connection.execute(text(statement), bind)
    connection.execute(text(sql.MEET), bind | {"is_on": agreed["reference"].is_on})
    for statement in sql.REST:
        connection.execute(text(statement), bind)
    _try_rules(connection, authority_id, agreed)
    last = last_match_number(connection, authority_id)
    connection.execute(text(sql.STORE), {"book": authority_id, "number": number, "last": last, "rules": list(RULES)})
    connection.execute(text(sql.DROP))


def _try_rules(connection: Connection, authority_id: int, agreed: dict[str, MatchTerm]) -> None:
    """The rules after the first, each on what the ones before it left."""

    def run(rule: str, statement: str) -> int:
        term = agreed[rule]
        if not term.is_on:
            return 0
        bind = {"rule": rule, "days": term.window_days, "tolerance": term.tolerance, "book": authority_id}
        return connection.execute(text(statement), bind).rowcount

    run("person", sql.PERSON)
    for statement in sql.ACCOUNT:
        run("account", statement)
    for rule, statement in sql.NEAR.items():
        if agreed[rule].tolerance:
            run(rule, statement)
    connection.execute(text(sql.PAID_THERE), {"book": authority_id})
    while run("person_any_order", sql.ANY_ORDER):
        pass
    run("sum_of_person", sql.SUM_OF_PERSON)


def match_by_hand(
    connection: Connection,
    authority_id: int,
    number: int,
    crediting_number: int,
    orders: Sequence[int],
    items: Sequence[int],
    lines: Sequence[int],
    note: str,
) -> int:
    """Match payments (order n with item n) with lines of a register under entry `number`; returns the match's number.

    One payment and one line are a pair; else all the payments together are all the lines together.

    Raises:
        NoSuchMatch: a payment or a line is not there, the payment went to another bank, or there is no note.
        NotPermitted: the sums differ, or one of them is matched already (raised by the database).
    """
    if not note.strip():
        raise NoSuchMatch("a match by hand says why, so that others understand it later")
    bind = {"book": authority_id, "crediting": crediting_number, "orders": list(orders), "items": list(items)}
    row = connection.execute(text(_SUMS), bind | {"lines": list(lines)}).one()
    if not lines or row.lines != len(set(lines)) or len(set(lines)) != len(lines):
        raise NoSuchMatch(f"register C{crediting_number} has not each of these lines once: {listed(lines)}")
    if not items or row.items != len(items):
        named = [f"{order}/{item}" for order, item in zip(orders, items, strict=True)]
        raise NoSuchMatch(f"not each of these items was sent to the bank of C{crediting_number}: {listed(named)}")
    match_number = last_match_number(connection, authority_id) + 1
    match_row = {
        "authority_id": authority_id,
        "match_number": match_number,
        "entry_number": number,
        "crediting_number": crediting_number,
        "rule": BY_HAND,
        "is_paired": len(items) == len(lines) == 1,
        "orders": list(orders),
        "items": list(items),
        "lines": sorted(lines),
        "amount_paid": row.paid,
        "amount_credited": row.credited,
        "note": note,
    }
    append(connection, "crediting_match", [match_row])
    return match_number


_SUMS = """
    SELECT
        (SELECT count(*) FROM esep.crediting_line l WHERE l.authority_id = :book AND l.crediting_number = :crediting
            AND l.line = ANY(CAST(:lines AS integer[]))) AS lines,
        (SELECT coalesce(sum(l.amount), 0)::bigint FROM esep.crediting_line l WHERE l.authority_id = :book
            AND l.crediting_number = :crediting AND l.line = ANY(CAST(:lines AS integer[]))) AS credited,
        count(p.item) AS items, coalesce(sum(p.amount), 0)::bigint AS paid
    FROM (
        SELECT DISTINCT u.o, u.i FROM unnest(CAST(:orders AS integer[]), CAST(:items AS integer[])) AS u (o, i)
    ) u
    JOIN esep.crediting c ON c.authority_id = :book AND c.crediting_number = :crediting
    JOIN esep.payment_order o ON o.authority_id = :book AND o.order_number = u.o AND o.bic = c.bic
    JOIN esep.taken_payment p ON p.authority_id = :book AND p.order_number = u.o AND p.item = u.i
"""


def unmatch(connection: Connection, authority_id: int, number: int, match_number: int, line: int, reason: str) -> None:
    """Take a line with its payment out of a match under entry `number`; of one that is no pairs, all of it (line 0).

    Raises:
        NoSuchMatch: the line is not in the match, or was taken out before; a match that is no pairs is taken whole.
    """
    row = connection.execute(
        text("""
            SELECT m.is_paired, :line = ANY(m.lines) AS is_there,
                   EXISTS (SELECT 1 FROM esep.crediting_unmatch x WHERE x.authority_id = m.authority_id
                           AND x.match_number = m.match_number AND x.line IN (0, :line)) AS is_gone
            FROM esep.crediting_match m WHERE m.authority_id = :book AND m.match_number = :match
        """),
        {"book": authority_id, "match": match_number, "line": line},
    ).one_or_none()
    if row is None or (line and not row.is_there):
        raise NoSuchMatch(f"match {match_number} has no line {line}; see: esep crediting show")
    if row.is_gone:
        raise NoSuchMatch(f"line {line} was taken out of match {match_number} before")
    own = {
        "authority_id": authority_id,
        "entry_number": number,
        "match_number": match_number,
        "line": line if row.is_paired else 0,
        "reason": reason,
    }
    append(connection, "crediting_unmatch", [own])


def listed(values: Sequence[object]) -> str:
    """Values as a sentence has them."""
    return ", ".join(str(value) for value in values)
