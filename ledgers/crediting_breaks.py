"""What is left between the banks' registers and our payments: each line or payment with its reason in words.

A line that no rule matched is judged by the payment that it comes nearest to: the same money again, another amount,
another account, another person, several as good as each other, or none at all. A payment that such a line names is not
told a second time as missing. Reasons hold numbers of records, amounts, days and the ends of accounts, no names and no
IINs.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, text

from ledgers.crediting_matches import joined_as_sets
from ledgers.crediting_rules import DEFAULT_WINDOW
from ledgers.creditings import NAMED
from ledgers.differences import Difference, Kind
from ledgers.money import format_tenge

# ruff: noqa: S608 - the parts of statements stand in this module

_CANDIDATES_SHOWN = 3


def _first(column: str) -> str:
    """A column of the candidate that is named: an open one, the nearest amount, the lowest order and item."""
    order = "(r.matched_number IS NOT NULL), r.apart, r.order_number, r.item"
    return f"(array_agg(r.{column} ORDER BY {order}))[1] AS {column}"


_NAMED_COLUMNS = ("payment", "paid", "paid_iban", "aid_kind", "order_number", "item", "matched_number", "matched_line")

# The pairs in force; of a match that is no pairs, a payment stands with the first line.
PAIRS = (
    """
    CREATE TEMP TABLE crediting_paired ON COMMIT DROP AS
    SELECT p.crediting_number, p.order_number, p.item, p.line,
           CASE WHEN p.line > 0 THEN p.line ELSE (
               SELECT m.lines[1] FROM esep.crediting_match m
               WHERE m.authority_id = p.authority_id AND m.match_number = p.match_number) END AS first_line
    FROM esep.crediting_pair p WHERE p.authority_id = :book
    """,
    "ANALYZE pg_temp.crediting_paired",
)

# Everything of one book: the lines of no pair, and the payments that a line may mean.
_BASE = f"""
    WITH named AS MATERIALIZED (
        SELECT bic, named, order_number FROM ({NAMED}) n WHERE authority_id = :book
    ),
    left_line AS MATERIALIZED (
        SELECT l.crediting_number, l.line, l.order_reference, n.order_number, l.item, l.iin, l.iban, l.amount,
               l.outcome, l.credited_on, l.reason AS said, c.bic
        FROM esep.crediting_line l
        JOIN esep.crediting c ON c.authority_id = l.authority_id AND c.crediting_number = l.crediting_number
        LEFT JOIN named n ON n.bic = c.bic AND n.named = l.order_reference
        WHERE l.authority_id = :book AND NOT EXISTS (
            SELECT 1 FROM pg_temp.crediting_paired p WHERE p.crediting_number = l.crediting_number AND p.line = l.line)
    )
"""

_LINES = f"""
    {_BASE},
    paid AS MATERIALIZED (
        SELECT p.order_number, p.item, p.amount, p.award_number, p.attempt, p.due_month, w.iin, w.iban, w.aid_kind,
               o.bic, o.dated
        FROM esep.taken_payment p
        JOIN esep.payment_order o ON o.authority_id = p.authority_id AND o.order_number = p.order_number
        JOIN esep.award_line w ON w.authority_id = p.authority_id AND w.due_month = p.due_month
            AND w.award_number = p.award_number AND w.version = p.version
        WHERE p.authority_id = :book AND o.message = 'MT-102' AND (
            o.order_number IN (SELECT l.order_number FROM left_line l)
            OR o.dated BETWEEN (SELECT min(l.credited_on) FROM left_line l) - CAST(:days AS integer)
                AND (SELECT max(l.credited_on) FROM left_line l))
    ),
    meant AS (
        SELECT l.crediting_number, l.line, p.order_number, p.item FROM left_line l
        JOIN paid p ON p.bic = l.bic AND p.iin = l.iin
        UNION
        SELECT l.crediting_number, l.line, p.order_number, p.item FROM left_line l
        JOIN paid p ON p.bic = l.bic AND p.iban = l.iban
        UNION
        SELECT l.crediting_number, l.line, p.order_number, p.item FROM left_line l
        JOIN paid p ON p.bic = l.bic AND p.order_number = l.order_number AND p.item = l.item
    ),
    judged AS (
        SELECT l.crediting_number, l.line, p.order_number, p.item, p.amount AS paid, p.iban AS paid_iban, p.aid_kind,
               'P' || p.award_number || '/' || p.attempt AS payment, m.crediting_number AS matched_number,
               m.line AS matched_line, r.award_number IS NOT NULL AS is_returned,
               f.is_person, f.is_account, f.is_amount,
               p.order_number = l.order_number AS is_order,
               p.order_number = l.order_number AND p.item = l.item AS is_item,
               abs(p.amount - l.amount) AS apart
        FROM meant b
        JOIN left_line l ON l.crediting_number = b.crediting_number AND l.line = b.line
        JOIN paid p ON p.order_number = b.order_number AND p.item = b.item
        CROSS JOIN LATERAL (
            SELECT p.iin = l.iin OR l.iin = '' AS is_person, p.iban = l.iban AS is_account,
                   p.amount = l.amount AS is_amount
        ) f
        LEFT JOIN pg_temp.crediting_paired m ON m.order_number = p.order_number AND m.item = p.item
        LEFT JOIN esep.returned_payment r ON r.authority_id = :book AND r.due_month = p.due_month
            AND r.award_number = p.award_number AND r.attempt = p.attempt
        WHERE p.order_number = l.order_number OR (
            p.dated BETWEEN l.credited_on - CAST(:days AS integer) AND l.credited_on)
    ),
    ranked AS (
        SELECT j.*, rank() OVER (PARTITION BY j.crediting_number, j.line ORDER BY j.nearness) AS place
        FROM (
            SELECT j.*, CASE
                WHEN is_person AND is_account AND is_amount
                    THEN CASE WHEN is_item THEN 0 WHEN is_order THEN 1 ELSE 2 END
                WHEN matched_number IS NOT NULL THEN CASE WHEN is_item THEN 40 ELSE 50 END
                WHEN is_person AND is_account THEN CASE WHEN is_item THEN 3 WHEN is_order THEN 10 ELSE 20 END
                WHEN is_person AND is_amount THEN CASE WHEN is_item THEN 4 WHEN is_order THEN 11 ELSE 21 END
                WHEN is_account AND is_amount THEN CASE WHEN is_item THEN 5 WHEN is_order THEN 12 ELSE 22 END
                WHEN is_item AND (is_person OR is_account) THEN 13
                ELSE 60 END AS nearness
            FROM judged j
        ) j
    ),
    best AS (
        SELECT r.crediting_number, r.line, r.nearness, count(*) AS choices,
               count(*) FILTER (WHERE r.matched_number IS NULL) AS open_choices,
               (array_agg(r.payment || ' (order ' || r.order_number || ' item ' || r.item || ')'
                          ORDER BY r.order_number, r.item)
                FILTER (WHERE r.matched_number IS NULL))[1:{_CANDIDATES_SHOWN + 1}] AS choice,
               {", ".join(_first(column) for column in _NAMED_COLUMNS)},
               bool_and(r.is_returned) AS is_returned, bool_and(r.is_amount) AS is_amount,
               bool_and(r.is_account) AS is_account, bool_and(r.is_person) AS is_person
        FROM ranked r WHERE r.place = 1 GROUP BY r.crediting_number, r.line, r.nearness
    )
"""

LEFT_LINES = f"""
    {_LINES}
    SELECT l.*, b.open_choices, b.choice, b.payment, b.paid, b.paid_iban, b.aid_kind, b.order_number AS order_met,
           b.item AS item_met, b.matched_number, b.matched_line, b.is_returned, b.is_amount, b.is_account, b.is_person,
           m.outcome AS matched_outcome,
           row_number() OVER (PARTITION BY l.outcome, b.order_number, b.item
                              ORDER BY l.credited_on, l.crediting_number, l.line) AS time_again
    FROM left_line l
    LEFT JOIN best b ON b.crediting_number = l.crediting_number AND b.line = l.line AND b.nearness < 50
    LEFT JOIN esep.crediting_line m ON m.authority_id = :book AND m.crediting_number = b.matched_number
        AND m.line = b.matched_line
    ORDER BY l.crediting_number, l.line
"""

# Payments of files that a register of their bank names, in no pair, not returned, and meant by no line that is left.
NOT_CREDITED = """
    WITH covered AS MATERIALIZED (
        SELECT r.order_number FROM (
            SELECT o.order_number FROM (
                SELECT DISTINCT l.crediting_number, l.order_reference FROM esep.crediting_line l
                WHERE l.authority_id = :book
            ) l
            JOIN esep.crediting c ON c.authority_id = :book AND c.crediting_number = l.crediting_number
            JOIN esep.payment_order o ON o.authority_id = :book AND o.bic = c.bic AND o.message = 'MT-102'
                AND l.order_reference IN (o.reference, o.order_number::text)
            UNION
            SELECT p.order_number FROM pg_temp.crediting_paired p WHERE p.order_number > 0
        ) r
    )
    SELECT 'P' || p.award_number || '/' || p.attempt AS payment, p.order_number, p.item, p.amount, o.dated, o.bic,
           o.aid_kind, o.reference
    FROM esep.taken_payment p
    JOIN esep.payment_order o ON o.authority_id = p.authority_id AND o.order_number = p.order_number
    WHERE p.authority_id = :book AND p.order_number IN (SELECT c.order_number FROM covered c)
        AND NOT EXISTS (SELECT 1 FROM pg_temp.crediting_paired m
                        WHERE m.order_number = p.order_number AND m.item = p.item)
        AND NOT EXISTS (SELECT 1 FROM esep.returned_payment r
                        WHERE r.authority_id = p.authority_id AND r.due_month = p.due_month
                            AND r.award_number = p.award_number AND r.attempt = p.attempt)
        AND NOT ('P' || p.award_number || '/' || p.attempt = ANY(CAST(:meant AS text[])))
    ORDER BY p.order_number, p.item
"""

# Pairs whose line and whose payment disagree about a return.
RETURNS = """
    SELECT p.crediting_number, p.first_line AS line, p.order_number, p.item, x.amount, l.outcome, l.credited_on,
           o.bic, o.aid_kind, r.return_number, g.dated AS returned_on
    FROM pg_temp.crediting_paired p
    JOIN esep.payment_order o ON o.authority_id = :book AND o.order_number = p.order_number
    JOIN esep.payment x ON x.authority_id = :book AND x.order_number = p.order_number AND x.item = p.item
    JOIN esep.crediting_line l ON l.authority_id = :book AND l.crediting_number = p.crediting_number
        AND l.line = p.first_line
    LEFT JOIN esep.returned_payment r ON r.authority_id = :book AND r.due_month = x.due_month
        AND r.award_number = x.award_number AND r.attempt = x.attempt
    LEFT JOIN esep.return_message g ON g.authority_id = r.authority_id AND g.return_number = r.return_number
    WHERE p.order_number > 0 AND (l.outcome = 'returned') <> (r.award_number IS NOT NULL)
    ORDER BY 1, 2, p.order_number, p.item
"""


def differences(connection: Connection, authority_id: int) -> list[Difference]:
    """What differs now between the registers in a book and its payments, the lines by number and then the payments."""
    bind = {"book": authority_id, "days": DEFAULT_WINDOW}
    count = connection.execute(text(_COUNT), bind).scalar_one()
    if not count:
        return []
    with joined_as_sets(connection, count):
        for statement in PAIRS:
            connection.execute(text(statement), bind)
        lines = connection.execute(text(LEFT_LINES), bind).all()
        found = [one for row in lines if (one := _line(authority_id, row)) is not None]
        told = {(row.order_met, row.item_met) for row in lines if row.outcome == "returned" and _is_again(row)}
        found += _returns(authority_id, connection.execute(text(RETURNS), bind).all(), told)
        rows = connection.execute(text(NOT_CREDITED), bind | {"meant": sorted(_meant(lines))}).all()
        connection.execute(text("DROP TABLE pg_temp.crediting_paired"))
    return found + [_not_credited(authority_id, row) for row in rows]


_COUNT = "SELECT coalesce(sum(count), 0)::bigint FROM esep.crediting WHERE authority_id = :book"


def _is_exact(row: Row[Any]) -> bool:
    return row.payment is not None and row.is_person and row.is_account and row.is_amount


def _is_again(row: Row[Any]) -> bool:
    """Whether the line is of a payment that another line is matched to."""
    return _is_exact(row) and row.open_choices == 0


def _meant(lines: Sequence[Row[Any]]) -> set[str]:
    """The open payments that a line with a difference of its own names already."""
    own = {row.payment for row in lines if row.open_choices and not _is_exact(row)}
    return own | {one.split(" ", 1)[0] for row in lines if row.open_choices and _is_exact(row) for one in row.choice}


def _line(book: int, row: Row[Any]) -> Difference | None:
    """The difference of a line that no rule matched; None where the books know a credit and its return."""
    kind, why = _again(row) if _is_again(row) else _judged(row)
    if kind is None:
        return None
    head = f"line {row.line} of register C{row.crediting_number}"
    return Difference(
        authority_id=book,
        kind=kind,
        subject=f"C{row.crediting_number}/{row.line}",
        amount=row.amount - row.paid if kind == "credited_amount" else row.amount,
        happened_on=row.credited_on,
        reason=f"{head} says {format_tenge(row.amount)} KZT {row.outcome} on {row.credited_on:%d.%m.%Y}: {why}",
        bic=row.bic,
        aid_kind=row.aid_kind or "",
    )


def _judged(row: Row[Any]) -> tuple[Kind, str]:
    """What a line is whose money no other line has, and what was compared."""
    if row.payment is None:
        return "credited_unknown", _unknown(row)
    where = _where(row)
    if _is_exact(row):
        return "credited_ambiguous", _candidates(row, where)
    if row.matched_number is not None:
        return "credited_twice", f"{where} is {_other(row)} already, {format_tenge(row.paid)} KZT"
    if not row.is_amount:
        return "credited_amount", _amounts(row, where)
    if not row.is_account:
        accounts = f"to the account …{row.paid_iban[-4:]}, the bank names …{row.iban[-4:]}"
        return "credited_account", f"{where} was paid {accounts}; person and amount are equal"
    return "credited_person", f"{where} has this account …{row.iban[-4:]} and amount, but another IIN"


def _candidates(row: Row[Any], where: str) -> str:
    if row.open_choices == 1:
        return f"{where} fits it, but it says too little for a rule to be sure"
    several = row.choice[:_CANDIDATES_SHOWN]
    more = f" and {row.open_choices - len(several)} more" if row.open_choices > len(several) else ""
    return f"{', '.join(several)}{more} fit it equally well"


def _again(row: Row[Any]) -> tuple[Kind | None, str]:
    """A line of a payment that another line is matched to: the same credit twice, or a credit and its return."""
    if row.outcome == "returned":
        return (None if row.is_returned else "returned_without_notice"), f"no return message of {_where(row)} came"
    if row.matched_outcome == "returned" and row.time_again == 1:
        return None, ""
    return "credited_twice", f"{_where(row)} is {_other(row)} already and was paid once"


def _where(row: Row[Any]) -> str:
    return f"{row.payment}, order {row.order_met} item {row.item_met}"


def _other(row: Row[Any]) -> str:
    return (
        f"line C{row.matched_number}/{row.matched_line}" if row.matched_line else f"in register C{row.matched_number}"
    )


def _amounts(row: Row[Any], where: str) -> str:
    apart = abs(row.amount - row.paid)
    said = f"{where} was paid {format_tenge(row.paid)} KZT, a difference of {format_tenge(apart)}"
    return f"{said}; the same digits in another order" if sorted(str(row.amount)) == sorted(str(row.paid)) else said


def _unknown(row: Row[Any]) -> str:
    account = f"account …{row.iban[-4:]}"
    if not row.order_reference:
        return f"it names no order, and no payment of those days fits {account} or its person"
    if row.order_number is None:
        return (
            f"it names order {row.order_reference}, which is none of ours, and no payment of those days fits {account}"
        )
    return f"order {row.order_number} has nothing for {account} or its person"


def _returns(book: int, rows: Sequence[Row[Any]], told: set[tuple[int, int]]) -> Iterator[Difference]:
    for row in rows:
        if row.outcome == "credited" and (row.order_number, row.item) in told:
            continue
        head = f"line {row.line} of register C{row.crediting_number} says order {row.order_number} item {row.item}"
        if row.outcome == "credited":
            kind: Kind = "credited_though_returned"
            why = (
                f"was credited on {row.credited_on:%d.%m.%Y}, return {row.return_number} of {row.returned_on:%d.%m.%Y}"
            )
            why = f"{why} brought its {format_tenge(row.amount)} KZT back"
        else:
            kind = "returned_without_notice"
            why = (
                f"was returned on {row.credited_on:%d.%m.%Y}; no return message of {format_tenge(row.amount)} KZT came"
            )
        yield Difference(
            authority_id=book,
            kind=kind,
            subject=f"C{row.crediting_number}/{row.line}",
            amount=row.amount,
            happened_on=row.credited_on,
            reason=f"{head} {why}",
            bic=row.bic,
            aid_kind=row.aid_kind,
        )


def _not_credited(book: int, row: Row[Any]) -> Difference:
    where = f"order {row.order_number} item {row.item} of {row.dated:%d.%m.%Y}"
    return Difference(
        authority_id=book,
        kind="payment_not_credited",
        subject=row.payment,
        amount=row.amount,
        happened_on=row.dated,
        reason=f"{where}, {format_tenge(row.amount)} KZT: a register of the bank came, no line of it is this payment, "
        "and it did not come back",
        bic=row.bic,
        aid_kind=row.aid_kind,
    )
