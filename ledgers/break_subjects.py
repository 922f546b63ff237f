"""What breaks are about: payments ('P20000001/1') and lines of crediting registers ('C3/45'), with whose money it is.

Names, numbers and accounts of people are read here to compare them; they are never written into a break.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, text

_PAYMENT = re.compile(r"P([0-9]{1,18})/([0-9]{1,4})")
_LINE = re.compile(r"C([0-9]{1,9})/([0-9]{1,9})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A payment or a line: `document` is the file or the register, `place` the item or the line; the amount in tiyn.

    `order_reference` is the file's name as we know it, or as the bank gives it.
    """

    name: str
    document: int
    place: int
    amount: int
    day: date
    bic: str
    order_reference: str
    iin: str
    full_name: str
    iban: str

    @property
    def is_payment(self) -> bool:
        """Whether it is ours, and not a bank's line."""
        return self.name.startswith("P")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Where a line stands in a match in force; `payment` is its payment where the match is paired."""

    match_number: int
    rule: str
    crediting_number: int
    line: int
    payment: str

    @property
    def is_whole(self) -> bool:
        """Whether the match is no pairs: all its payments together are all its lines together."""
        return not self.line or not self.payment

    @property
    def names(self) -> frozenset[str]:
        """The line and the payment of a pair."""
        return frozenset({f"C{self.crediting_number}/{self.line}", self.payment})


def is_payment(name: str) -> bool:
    """Whether a subject is a payment by its name."""
    return _PAYMENT.fullmatch(name) is not None


def is_line(name: str) -> bool:
    """Whether a subject is a line of a crediting register by its name."""
    return _LINE.fullmatch(name) is not None


def subjects(connection: Connection, authority_id: int, names: Iterable[str]) -> dict[str, Subject]:
    """The payments and lines of a book by these names; what is not there is left out."""
    given = sorted(set(names))
    payments = [parts.groups() for name in given if (parts := _PAYMENT.fullmatch(name))]
    lines = [parts.groups() for name in given if (parts := _LINE.fullmatch(name))]
    found = _payments(connection, authority_id, payments) if payments else []
    found += _lines(connection, authority_id, lines) if lines else []
    return {one.name: one for one in found}


def _payments(connection: Connection, authority_id: int, keys: list[tuple[str, ...]]) -> list[Subject]:
    # Needs name the months in which awards exist, so that every partition is entered by its key.
    rows = connection.execute(
        text("""
            SELECT 'P' || p.award_number || '/' || p.attempt AS name, p.order_number AS document, p.item AS place,
                   p.amount, o.dated AS day, o.bic, o.reference AS order_reference, w.iin,
                   concat_ws(' ', w.surname, w.first_name, w.patronymic) AS full_name, w.iban
            FROM (SELECT DISTINCT due_month FROM esep.need WHERE authority_id = :authority) n
            CROSS JOIN unnest(CAST(:awards AS bigint[]), CAST(:attempts AS integer[])) AS k (award, attempt)
            JOIN esep.taken_payment p ON p.authority_id = :authority AND p.due_month = n.due_month
                AND p.award_number = k.award AND p.attempt = k.attempt
            JOIN esep.payment_order o ON o.authority_id = p.authority_id AND o.order_number = p.order_number
            JOIN esep.award_line w ON w.authority_id = p.authority_id AND w.due_month = p.due_month
                AND w.award_number = p.award_number AND w.version = p.version
        """),
        {
            "authority": authority_id,
            "awards": [int(award) for award, _ in keys],
            "attempts": [int(attempt) for _, attempt in keys],
        },
    )
    return [Subject(**row._asdict()) for row in rows]


def _lines(connection: Connection, authority_id: int, keys: list[tuple[str, ...]]) -> list[Subject]:
    rows = connection.execute(
        text("""
            SELECT 'C' || l.crediting_number || '/' || l.line AS name, l.crediting_number AS document,
                   l.line AS place, l.amount, l.credited_on AS day, c.bic, l.order_reference, l.iin, l.full_name, l.iban
            FROM unnest(CAST(:registers AS integer[]), CAST(:lines AS integer[])) AS k (register, line)
            JOIN esep.crediting_line l ON l.authority_id = :authority AND l.crediting_number = k.register
                AND l.line = k.line
            JOIN esep.crediting c ON c.authority_id = l.authority_id AND c.crediting_number = l.crediting_number
        """),
        {
            "authority": authority_id,
            "registers": [int(register) for register, _ in keys],
            "lines": [int(line) for _, line in keys],
        },
    )
    return [Subject(**row._asdict()) for row in rows]


def pair_of(connection: Connection, authority_id: int, subject: Subject) -> Pair | None:
    """The match in force that a line or a payment stands in, or None."""
    document, place = ("order_number", "item") if subject.is_payment else ("crediting_number", "line")
    row = connection.execute(
        text(f"""
            SELECT p.match_number, p.rule, p.crediting_number, p.line,
                   coalesce((SELECT 'P' || y.award_number || '/' || y.attempt FROM esep.payment y
                             WHERE y.authority_id = p.authority_id AND y.order_number = p.order_number
                                 AND y.item = p.item LIMIT 1), '') AS payment
            FROM esep.crediting_pair p
            WHERE p.authority_id = :authority AND p.{document} = :document AND p.{place} = :place LIMIT 1
        """),  # noqa: S608 - two pairs of names of this function
        {"authority": authority_id, "document": subject.document, "place": subject.place},
    ).one_or_none()
    return None if row is None else Pair(**row._asdict())


def meant(connection: Connection, authority_id: int, line: Subject) -> list[Subject]:
    """The payments that a line may mean and no match has: of its person at its bank, and the item it names."""
    rows = connection.execute(
        text("""
            SELECT DISTINCT 'P' || p.award_number || '/' || p.attempt AS name
            FROM (SELECT DISTINCT due_month FROM esep.need WHERE authority_id = :authority) n
            JOIN esep.award_line w ON w.authority_id = :authority AND w.due_month = n.due_month AND w.iin = :iin
            JOIN esep.taken_payment p ON p.authority_id = w.authority_id AND p.due_month = w.due_month
                AND p.award_number = w.award_number AND p.version = w.version
            JOIN esep.payment_order o ON o.authority_id = p.authority_id AND o.order_number = p.order_number
            WHERE o.bic = :bic AND NOT EXISTS (
                SELECT 1 FROM esep.crediting_pair x WHERE x.authority_id = p.authority_id
                    AND x.order_number = p.order_number AND x.item = p.item)
            UNION
            SELECT 'P' || p.award_number || '/' || p.attempt
            FROM esep.crediting_line l
            JOIN esep.payment_order o ON o.authority_id = l.authority_id AND o.bic = :bic
                AND l.order_reference IN (o.reference, o.order_number::text)
            JOIN esep.taken_payment p ON p.authority_id = o.authority_id AND p.order_number = o.order_number
                AND p.item = l.item
            WHERE l.authority_id = :authority AND l.crediting_number = :register AND l.line = :line AND NOT EXISTS (
                SELECT 1 FROM esep.crediting_pair x WHERE x.authority_id = p.authority_id
                    AND x.order_number = p.order_number AND x.item = p.item)
            ORDER BY name
        """),
        {
            "authority": authority_id,
            "iin": line.iin,
            "bic": line.bic,
            "register": line.document,
            "line": line.place,
        },
    )
    return list(subjects(connection, authority_id, [row.name for row in rows]).values())
