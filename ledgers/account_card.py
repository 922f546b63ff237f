"""The card of one account: every movement with its entry, its document and who entered it, and the balance after it.

>>> AccountName.parse("funding[AST-2024-0001]/A")
AccountName(code='funding', reference='AST-2024-0001', aid_kind='A')
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from sqlalchemy import Connection, text

from ledgers.chart import CHART
from ledgers.errors import LedgerError
from ledgers.posting import signed
from ledgers.queries import account_text

_ACCOUNT = re.compile(r"([a-z]+)(?:\[(.+)\])?(?:/([^\[\]/]+))?")
_ALIKE_SHOWN = 5


class UnknownAccount(LedgerError):
    """An account that the book does not have."""

    def __init__(self, name: str, alike: Iterable[str]) -> None:
        said = ", ".join(alike)
        also = f"; it has {said}" if said else ""
        super().__init__(f"the book has no account {name!r}{also}; see: esep ledger balances")


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountName:
    """An account as people write it, taken apart; reference and aid kind are empty where the chart has none."""

    code: str
    reference: str = ""
    aid_kind: str = ""

    @classmethod
    def parse(cls, name: str) -> Self:
        """Read 'funding[AST-2024-0001]/A', 'transit[GCVP-00100000071]' or 'cash'.

        Raises:
            UnknownAccount: it is written otherwise, or the chart has no such code.
        """
        found = _ACCOUNT.fullmatch(name.strip())
        if found is None or found[1] not in CHART:
            raise UnknownAccount(name, CHART)
        return cls(code=found[1], reference=found[2] or "", aid_kind=found[3] or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """A posting on an account: which entry made it, by which document, who entered it; tiyn.

    `balance` stands on the account's normal side, after this movement; `document` is empty where no file came or went.
    """

    entry_number: int
    line: int
    booked_on: date
    recorded_at: datetime
    kind: str
    rule: str
    against: str
    debit: int
    credit: int
    balance: int
    document: str
    actor: str
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The movements of one account, and what stood on it before and after them (tiyn, on its normal side)."""

    authority_id: int
    account: str
    opening: int
    movements: tuple[Movement, ...]
    closing: int


def card(
    connection: Connection,
    authority_id: int,
    name: AccountName,
    *,
    last_known: int,
    since: date | None = None,
    until: date | None = None,
) -> Card:
    """The card of one account of a book between two days: its movements by booking date, with a running balance.

    Raises:
        UnknownAccount: the book has no such account.
    """
    bind = {
        "authority": authority_id,
        "account": _account_id(connection, authority_id, name),
        "reference": name.reference,
        "known": last_known,
        "since": since,
        "until": until,
    }
    rows = connection.execute(text(_CARD), bind).all()
    opening = 0
    movements: list[Movement] = []
    for row in rows:
        if row.entry_number is None:
            opening = signed(name.code, row.debit, row.credit)
            continue
        before = movements[-1].balance if movements else opening
        after = before + signed(name.code, row.debit, row.credit)
        movements.append(Movement(**row._asdict(), balance=after))
    return Card(
        authority_id=authority_id,
        account=account_text(name.code, name.aid_kind, name.reference),
        opening=opening,
        movements=tuple(movements),
        closing=movements[-1].balance if movements else opening,
    )


def _account_id(connection: Connection, authority_id: int, name: AccountName) -> int:
    bind = {"authority": authority_id, "code": name.code, "reference": name.reference, "kind": name.aid_kind}
    found = connection.execute(
        text("""
            SELECT account_id FROM esep.account
            WHERE authority_id = :authority AND code = :code AND aid_kind = :kind AND reference = :reference
        """),
        bind,
    ).scalar_one_or_none()
    if found is None:
        alike = connection.execute(
            text("""
                SELECT code, aid_kind, reference FROM esep.account WHERE authority_id = :authority AND code = :code
                ORDER BY aid_kind, reference LIMIT :shown
            """),
            {"authority": authority_id, "code": name.code, "shown": _ALIKE_SHOWN},
        )
        raise UnknownAccount(account_text(name.code, name.aid_kind, name.reference), [account_text(*a) for a in alike])
    return int(found)


DOCUMENT = """
    coalesce(
        (SELECT string_agg(s.file_name, ', ' ORDER BY s.file_name COLLATE "C") FROM (
            SELECT w.file_name FROM esep.document w
            WHERE w.authority_id = e.authority_id AND w.entry_number = e.number
            ORDER BY w.file_name COLLATE "C" LIMIT 3) s),
        (SELECT min(v.name) FROM esep.received_file v WHERE v.sha256 = e.source_digest AND v.verdict = 'accepted'),
        '')
"""
"""The files of an entry `e`: the first three that it sent out, or the one that it was read from."""

_CARD = f"""
    WITH side AS (
        SELECT p.entry_number, p.line, p.booked_on, p.rule, p.credit AS other, p.amount AS debit, 0::bigint AS credit
        FROM esep.posting p
        WHERE p.authority_id = :authority AND p.debit = :account AND p.entry_number <= :known
          AND p.booked_on <= coalesce(CAST(:until AS date), 'infinity')
        UNION ALL
        SELECT p.entry_number, p.line, p.booked_on, p.rule, p.debit, 0, p.amount
        FROM esep.posting p
        WHERE p.authority_id = :authority AND p.credit = :account AND p.entry_number <= :known
          AND p.booked_on <= coalesce(CAST(:until AS date), 'infinity')
    )
    SELECT NULL::bigint AS entry_number, NULL::integer AS line, NULL::date AS booked_on,
           NULL::timestamptz AS recorded_at, '' AS kind, '' AS rule, '' AS against,
           coalesce(sum(debit), 0)::bigint AS debit, coalesce(sum(credit), 0)::bigint AS credit,
           '' AS document, '' AS actor, '' AS summary
    FROM side WHERE booked_on < CAST(:since AS date)
    UNION ALL
    SELECT s.entry_number, s.line, s.booked_on, e.recorded_at, e.kind, s.rule,
           esep.account_text(a.code, a.reference, a.aid_kind), s.debit, s.credit,
           coalesce((SELECT o.file_name FROM esep.payment_order o
                     WHERE o.authority_id = :authority AND o.reference IN (:reference, a.reference)
                       AND o.entry_number = e.number LIMIT 1), {DOCUMENT}), e.actor, e.summary
    FROM side s
    JOIN esep.entry e ON e.authority_id = :authority AND e.number = s.entry_number
    JOIN esep.account a ON a.authority_id = :authority AND a.account_id = s.other
    WHERE s.booked_on >= coalesce(CAST(:since AS date), '-infinity')
    ORDER BY booked_on NULLS FIRST, entry_number, line
"""  # noqa: S608 - constants
