"""The life of a month's documents after they were built: signatures, disputes, corrective acts (R-072, E73, E75).

A state is no row: it is asked of what was signed, sent, disputed and corrected. Act number 0 is the act itself, k its
corrective act No k. Who may sign when is refused by the database (sql/0002_exceptions.sql).
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Literal, get_args

from sqlalchemy import Connection, text

from ledgers.acts import TransferPart
from ledgers.posting import append

Role = Literal["corporation", "authority", "deputy", "director"]
Outcome = Literal["explained", "withdrawn", "corrective_act"]
Finding = Literal["agrees", "missing_with_us", "missing_with_them", "amount", "kind"]

ROLES: tuple[Role, ...] = get_args(Role)
BOTH_SIDES: tuple[Role, ...] = ("corporation", "authority")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActBuilt:
    """An act or a corrective act: its number, the entry that built it, who did, and the day it is dated."""

    month: date
    act_number: int
    entry_number: int
    dated: date
    actor: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A signature as recorded: for which side or office, by whom, on which day."""

    month: date
    act_number: int
    role: Role
    signer: str
    signed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """A protocol of differences: the totals of both sides (tiyn), and how it ended ('' and None while it is open)."""

    month: date
    act_number: int
    dispute_number: int
    entry_number: int
    opened_on: date
    document: str
    ours: int
    theirs: int
    outcome: str
    ended_on: date | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeLine:
    """One transfer by both sides (tiyn), 0 where a side has none; the aid kind is empty where nobody named it."""

    line: int
    order_number: str
    order_date: date
    aid_kind: str
    ours: int
    theirs: int
    finding: str
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActLife:
    """Everything that happened to the documents of one month."""

    acts: tuple[ActBuilt, ...]
    signatures: tuple[Signature, ...]
    disputes: tuple[Dispute, ...]
    sent_on: date | None

    def signature(self, act_number: int, role: Role) -> Signature | None:
        """The signature of a role under an act, or None."""
        found = (one for one in self.signatures if (one.act_number, one.role) == (act_number, role))
        return next(found, None)

    def is_signed(self, act_number: int) -> bool:
        """Whether both sides signed an act."""
        return all(self.signature(act_number, role) for role in BOTH_SIDES)

    def open_dispute(self, act_number: int) -> Dispute | None:
        """The dispute about an act that has not ended, or None."""
        return next((one for one in self.disputes if one.act_number == act_number and not one.outcome), None)


def months(connection: Connection, authority_id: int) -> list[date]:
    """The months whose documents were built."""
    query = "SELECT month FROM esep.act WHERE authority_id = :authority ORDER BY month"
    return list(connection.execute(text(query), {"authority": authority_id}).scalars())


def life(connection: Connection, authority_id: int, month: date) -> ActLife:
    """What happened to the documents of a month; without an act while they were not built."""
    bind = {"authority": authority_id, "month": month}
    sent = "SELECT sent_on FROM esep.statement_sent WHERE authority_id = :authority AND month = :month"
    return ActLife(
        acts=tuple(ActBuilt(**row._asdict()) for row in connection.execute(text(_ACTS), bind)),
        signatures=tuple(Signature(**row._asdict()) for row in connection.execute(text(_SIGNATURES), bind)),
        disputes=tuple(Dispute(**row._asdict()) for row in connection.execute(text(_DISPUTES), bind)),
        sent_on=connection.execute(text(sent), bind).scalar_one_or_none(),
    )


_ACTS = """
    SELECT a.month, 0 AS act_number, a.entry_number, e.booked_on AS dated, e.actor, '' AS reason
    FROM esep.act a JOIN esep.entry e ON e.authority_id = a.authority_id AND e.number = a.entry_number
    WHERE a.authority_id = :authority AND a.month = :month
    UNION ALL
    SELECT c.month, c.act_number, c.entry_number, c.dated, e.actor, c.reason
    FROM esep.corrective_act c JOIN esep.entry e ON e.authority_id = c.authority_id AND e.number = c.entry_number
    WHERE c.authority_id = :authority AND c.month = :month
    ORDER BY act_number
"""

_SIGNATURES = """
    SELECT month, act_number, role, signer, signed_on FROM esep.act_signature
    WHERE authority_id = :authority AND month = :month ORDER BY act_number, entry_number, role
"""

_DISPUTES = """
    SELECT d.month, d.act_number, d.dispute_number, d.entry_number, d.opened_on, d.document, d.ours, d.theirs,
           coalesce(e.outcome, '') AS outcome, e.ended_on, coalesce(e.note, '') AS note
    FROM esep.act_dispute d
    LEFT JOIN esep.act_dispute_end e ON e.authority_id = d.authority_id AND e.month = d.month
        AND e.act_number = d.act_number AND e.dispute_number = d.dispute_number
    WHERE d.authority_id = :authority AND d.month = :month ORDER BY d.act_number, d.dispute_number
"""


def transfers_now(connection: Connection, authority_id: int, first: date, last: date) -> list[TransferPart]:
    """The transfers of a month as the books see them now (E75): what an act of that month should have said.

    They are those of the statement lines that were placed as a transfer in the month, by whatever authority, and stand
    with this one now. A placing that was turned round later, and what was placed in its stead, count as they are; what
    came later without any mistake, like the rest of a transfer that a new request took, leaves the month as it was.
    """
    rows = connection.execute(text(_NOW), {"authority": authority_id, "first": first, "last": last})
    return [TransferPart(**row._asdict()) for row in rows]


_NOW = """
    WITH line AS (
        SELECT DISTINCT t.line_number FROM esep.transfer t WHERE t.received_on BETWEEN :first AND :last
    ),
    standing AS (
        SELECT t.*, t.received_on > :last AS is_late
        FROM esep.transfer t JOIN line USING (line_number)
        WHERE t.authority_id = :authority AND NOT EXISTS (
            SELECT 1 FROM esep.entry e WHERE e.authority_id = t.authority_id AND e.reverses = t.entry_number)
    ),
    placed AS (
        SELECT p.transfer_number, p.aid_kind, p.amount, e.booked_on <= :last AS is_early, r.booked_on AS turned_on
        FROM esep.transfer_placing p
        JOIN standing s ON s.transfer_number = p.transfer_number
        JOIN esep.entry e ON e.authority_id = p.authority_id AND e.number = p.entry_number
        LEFT JOIN esep.entry r ON r.authority_id = e.authority_id AND r.reverses = e.number
        WHERE p.authority_id = :authority
    ),
    touched AS (
        SELECT transfer_number FROM placed WHERE is_early AND turned_on > :last
        UNION
        SELECT transfer_number FROM standing WHERE is_late
    ),
    part AS (
        SELECT p.transfer_number, p.aid_kind, sum(p.amount)::bigint AS amount
        FROM placed p LEFT JOIN touched t ON t.transfer_number = p.transfer_number
        WHERE p.turned_on IS NULL AND (p.is_early OR t.transfer_number IS NOT NULL)
        GROUP BY p.transfer_number, p.aid_kind
    )
    SELECT order_number, order_date, aid_kind, amount
    FROM (
        SELECT s.received_on, s.transfer_number, s.order_number, s.order_date, p.aid_kind, p.amount
        FROM standing s JOIN part p ON p.transfer_number = s.transfer_number
        UNION ALL
        SELECT s.received_on, s.transfer_number, s.order_number, s.order_date, '', s.amount - coalesce(
            (SELECT sum(p.amount) FROM part p WHERE p.transfer_number = s.transfer_number), 0)::bigint
        FROM standing s
    ) r
    WHERE amount <> 0
    ORDER BY received_on, transfer_number, aid_kind = '', aid_kind
"""


def append_signature(connection: Connection, authority_id: int, number: int, signature: Signature) -> None:
    """Record a signature under entry `number`.

    Raises:
        NotPermitted: it is out of turn, by who built the document, or under a disputed act (by the database).
        TakenAlready: somebody signed in this role.
    """
    key = {"authority_id": authority_id, "entry_number": number}
    append(connection, "act_signature", [key | asdict(signature)])


def append_sent(connection: Connection, authority_id: int, number: int, month: date, sent_on: date) -> None:
    """Record under entry `number` that Appendix 2 was sent.

    Raises:
        NotPermitted: the director has not signed it by that day (by the database).
    """
    row = {"authority_id": authority_id, "entry_number": number, "month": month, "sent_on": sent_on}
    append(connection, "statement_sent", [row])


def append_dispute(
    connection: Connection, authority_id: int, number: int, dispute: Dispute, lines: Sequence[DisputeLine]
) -> None:
    """Record a dispute with all its lines under entry `number`.

    Raises:
        NotPermitted: the authority signed the act, or another dispute about it is open (by the database).
    """
    key = {
        "authority_id": authority_id,
        "entry_number": number,
        "month": dispute.month,
        "act_number": dispute.act_number,
        "dispute_number": dispute.dispute_number,
    }
    own = {name: getattr(dispute, name) for name in ("opened_on", "document", "ours", "theirs")}
    append(connection, "act_dispute", [key | own])
    append(connection, "act_dispute_line", [key | asdict(line) for line in lines])


def append_dispute_end(
    connection: Connection,
    authority_id: int,
    number: int,
    dispute: Dispute,
    *,
    ended_on: date,
    outcome: Outcome,
    note: str,
) -> None:
    """Record under entry `number` how a dispute ended."""
    row = {
        "authority_id": authority_id,
        "entry_number": number,
        "month": dispute.month,
        "act_number": dispute.act_number,
        "dispute_number": dispute.dispute_number,
        "ended_on": ended_on,
        "outcome": outcome,
        "note": note,
    }
    append(connection, "act_dispute_end", [row])


def append_corrective(
    connection: Connection, authority_id: int, number: int, *, month: date, act_number: int, dated: date, reason: str
) -> None:
    """Record a corrective act under entry `number`.

    Raises:
        NotPermitted: what it corrects is not signed by both sides (by the database).
    """
    row = {
        "authority_id": authority_id,
        "entry_number": number,
        "month": month,
        "act_number": act_number,
        "dated": dated,
        "reason": reason,
    }
    append(connection, "corrective_act", [row])
