"""The control equation of an authority's money, by aid kind and bank, from the registers and from the postings (E72).

    funded = paid + returned and not resent + refunded + in transit + held

It is cumulative: everything that is booked up to a day, the first month's money too, entries that were turned round by
then left out. A term has two sources that share nothing but the names of banks: the rows of the registers, and what was
posted on the accounts. Accounts are those of `chart.py`, rules those of `rules.py`; all amounts are whole tiyn.

    term           bank  registers                                    accounts
    funded         none  placings of transfers on requests            200 credited by transfers
                         less first attempts sent                     less 200 debited by files
                   each  first attempts and resends sent to it        transit credited by its files
                         less what it returned and was resent         less 220 debited by files
    paid           each  payments of files that the bank debited,     transit debited by the bank,
                         less what came back, less open claims        less 210 credited by returns, less claim
    in transit     each  payments of files not debited                transit
    not resent     each  what came back, with no outcome or to be     210 and 220
                         resent, and is in no file again
    refunded       each  refund orders sent: what it returned         230 debited by refund orders
                   none  ... and what requests released
    held           each  what came back and is due to the authority   230, and claim
                         and in no refund order, and open claims
                   none  what no file and no refund order took        200 and 230 of requests

So a bank answers for what went to it and was not sent elsewhere: a payment that it returned and that goes to another
bank leaves its row. What is at no bank (yet) stands in the row without one. A file that was refused (MT-905) sent
nothing. A refund counts when its order is sent, debited or not. A claim is what a bank kept of a return: the person was
not paid it, so it is held, by the bank. Money above a request or not identified (205) is of no kind and funds nothing
(R-041); neither does what is given back of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import Connection, text

from ledgers.equation_sources import KNOWN, LEDGER, REGISTERS

Term = Literal["funded", "paid", "not_resent", "refunded", "in_transit", "held"]

DIFFERENCES_SHOWN = 20
"""How many references that differ are read at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The six terms of the equation by one source, in tiyn; `claimed` is the part of `held` that a bank kept."""

    funded: int = 0
    paid: int = 0
    not_resent: int = 0
    refunded: int = 0
    in_transit: int = 0
    held: int = 0
    claimed: int = 0

    @property
    def accounted(self) -> int:
        """What became of the money, all together."""
        return self.paid + self.not_resent + self.refunded + self.in_transit + self.held

    @property
    def missing(self) -> int:
        """What was funded and is not accounted for: 0 when the equation holds."""
        return self.funded - self.accounted


@dataclass(frozen=True, slots=True, kw_only=True)
class EquationRow:
    """The equation of a kind at a bank ('' at none), by both sources; how many references the two tell otherwise."""

    aid_kind: str
    bic: str
    register: Terms
    ledger: Terms
    differing: int

    @property
    def holds(self) -> bool:
        """Whether both sources add up and say the same of every reference."""
        return not self.register.missing and not self.ledger.missing and not self.differing


@dataclass(frozen=True, slots=True, kw_only=True)
class TermDifference:
    """A reference (a request, a file, a payment P) of which registers and postings say other amounts, in tiyn."""

    term: str
    aid_kind: str
    bic: str
    reference: str
    register: int
    ledger: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """People of a kind and bank whose awards are on hold and not paid, and how much that is (tiyn): information."""

    aid_kind: str
    bic: str
    count: int
    amount: int


def rows(connection: Connection, authority_id: int, last: date) -> list[EquationRow]:
    """The equation of an authority as it stands at the end of a day, by kind and bank; banks in the order of names."""
    found: dict[tuple[str, str], list[tuple[str, int, int, int]]] = {}
    for row in connection.execute(text(_BOTH + _SUMMED), {"authority": authority_id, "last": last}):
        found.setdefault((row.aid_kind, row.bic), []).append((row.term, row.register, row.ledger, row.differing))
    return [
        EquationRow(
            aid_kind=aid_kind,
            bic=bic,
            register=Terms(**{term: register for term, register, _, _ in terms}),
            ledger=Terms(**{term: ledger for term, _, ledger, _ in terms}),
            differing=sum(differing for _, _, _, differing in terms),
        )
        for (aid_kind, bic), terms in found.items()
    ]


def total(parts: Iterable[EquationRow]) -> EquationRow:
    """The sum of rows, of no bank; of the kind that all have, else of none."""
    of = tuple(parts)
    kinds = {row.aid_kind for row in of}
    return EquationRow(
        aid_kind=kinds.pop() if len(kinds) == 1 else "",
        bic="",
        register=_added(row.register for row in of),
        ledger=_added(row.ledger for row in of),
        differing=sum(row.differing for row in of),
    )


def _added(parts: Iterable[Terms]) -> Terms:
    of = tuple(parts)
    names = ("funded", "paid", "not_resent", "refunded", "in_transit", "held", "claimed")
    return Terms(**{name: sum(getattr(terms, name) for terms in of) for name in names})


def differences(connection: Connection, authority_id: int, last: date) -> list[TermDifference]:
    """The references of which registers and postings say another amount, the greatest difference first."""
    bind = {"authority": authority_id, "last": last, "shown": DIFFERENCES_SHOWN}
    return [TermDifference(**row._asdict()) for row in connection.execute(text(_BOTH + _DIFFERING), bind)]


def waiting(connection: Connection, authority_id: int, last: date) -> list[Waiting]:
    """Awards that were imported by a day, were on hold at its end, and have no payment out: they are in no term."""
    bind = {"authority": authority_id, "last": last}
    return [Waiting(**row._asdict()) for row in connection.execute(text(KNOWN + _WAITING), bind)]


_BOTH = f"""{KNOWN}{REGISTERS}{LEDGER},
    compared AS (
        SELECT b.term, b.aid_kind, b.bic, b.reference, sum(b.register)::bigint AS register,
               sum(b.ledger)::bigint AS ledger
        FROM (
            SELECT r.term, r.aid_kind, r.bic, r.reference, r.amount AS register, 0 AS ledger FROM register r
            UNION ALL
            SELECT g.term, g.aid_kind, g.bic, g.reference, 0, g.amount FROM ledger g
        ) b
        GROUP BY b.term, b.aid_kind, b.bic, b.reference
    )
"""  # noqa: S608 - composed of constants

_SUMMED = """
    SELECT c.aid_kind, c.bic, c.term, sum(c.register)::bigint AS register, sum(c.ledger)::bigint AS ledger,
           count(*) FILTER (WHERE c.register <> c.ledger) AS differing
    FROM compared c LEFT JOIN esep.bank b ON b.bic = c.bic
    GROUP BY c.aid_kind, c.bic, b.name_kk, c.term
    ORDER BY c.aid_kind COLLATE "C", c.bic = '', c.bic = 'KPSTKZKA', b.name_kk COLLATE "C", c.bic, c.term
"""

_DIFFERING = """
    SELECT c.term, c.aid_kind, c.bic, c.reference, c.register, c.ledger FROM compared c
    WHERE c.register <> c.ledger
    ORDER BY abs(c.register - c.ledger) DESC, c.reference COLLATE "C", c.term LIMIT :shown
"""

_WAITING = """
    SELECT w.aid_kind, w.bic, count(*) AS count, sum(w.amount)::bigint AS amount
    FROM (
        SELECT DISTINCT w.aid_kind, w.bic, w.due_month, w.award_number, w.amount
        FROM esep.hold h
        JOIN known k ON k.number = h.entry_number
        JOIN esep.award_line w ON w.authority_id = h.authority_id AND w.iin = h.iin AND w.version = 1
            AND h.award_number IN (0, w.award_number)
        JOIN known i ON i.number = w.entry_number
        WHERE h.authority_id = :authority
            AND NOT EXISTS (
                SELECT 1 FROM esep.hold_end e JOIN known x ON x.number = e.entry_number
                WHERE e.authority_id = h.authority_id AND e.hold_number = h.hold_number)
            AND NOT EXISTS (
                SELECT 1 FROM esep.award_cancellation c JOIN known x ON x.number = c.entry_number
                WHERE c.authority_id = w.authority_id AND c.due_month = w.due_month
                    AND c.award_number = w.award_number)
            AND NOT EXISTS (
                SELECT 1 FROM taken o
                JOIN esep.payment p ON p.authority_id = :authority AND p.order_number = o.order_number
                    AND p.due_month = w.due_month AND p.award_number = w.award_number
                WHERE NOT EXISTS (
                    SELECT 1 FROM back b WHERE b.due_month = p.due_month AND b.award_number = p.award_number
                        AND b.attempt = p.attempt))
    ) w
    GROUP BY w.aid_kind, w.bic ORDER BY w.aid_kind COLLATE "C", w.bic
"""
