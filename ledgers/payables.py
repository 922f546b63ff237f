"""What can be paid now: staged, freed of what is stopped, cut to the money that came (R-050, R-051, AMB-13).

First attempts are award lines that were requested and never sent; what stood in a file that the bank refused is staged
again; a return that the authority decided to resend follows with its corrected details. An award is paid in its
highest version. Money for a part of a kind pays whole items in the order of decision date, decision number and IIN,
and stops at the first that does not fit: nobody overtakes (E32).
"""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, text

Reason = Literal["cancelled", "held", "schedule", "claim"]
"""Why something is not sent: cancelled, on hold, its kind is not paid on this day, its return was short."""

ORDER = 'decided_on, decision_number COLLATE "C", iin COLLATE "C", award_number'
"""AMB-13; the award's number decides between two lines of one decision and person."""

_OPEN = """
    SELECT a.aid_kind, a.reference,
           sum(CASE WHEN p.credit = a.account_id THEN p.amount ELSE -p.amount END)::bigint AS balance
    FROM esep.account a
    JOIN esep.posting p ON p.authority_id = a.authority_id AND a.account_id IN (p.debit, p.credit)
    WHERE a.authority_id = :authority AND a.code = 'funding'
    GROUP BY a.aid_kind, a.reference
    HAVING sum(CASE WHEN p.credit = a.account_id THEN p.amount ELSE -p.amount END) > 0
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Funding:
    """What one kind of one request needs to be paid whole, what has come for it, and what it pays (items and tiyn)."""

    request_reference: str
    aid_kind: str
    count: int
    needed: int
    available: int
    paid_count: int
    paid: int

    @property
    def is_enough(self) -> bool:
        """Whether every person waiting can be paid."""
        return self.paid_count == self.count

    @property
    def rest(self) -> int:
        """What stays on funding, less than the next item, in tiyn."""
        return self.available - self.paid


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """What could be paid and is not sent: why, in which kind, how many items and how much (tiyn)."""

    reason: Reason
    detail: str
    aid_kind: str
    count: int
    amount: int


def stage_first_attempts(connection: Connection, authority_id: int) -> None:
    """Stage every award line that was requested and not sent yet, where the request has money."""
    connection.execute(
        text("""
            CREATE TEMP TABLE payable (
                due_month date, award_number bigint, attempt integer, version integer, request_number integer,
                source text, aid_kind text, bic text, amount bigint, decided_on date, decision_number text, iin text,
                surname text, first_name text, patronymic text, iban text
            ) ON COMMIT DROP
        """)
    )
    connection.execute(
        text(f"""
            INSERT INTO pg_temp.payable
            -- The few needs first: the million lines are then joined to these and to nothing else.
            WITH asked AS MATERIALIZED (
                SELECT n.due_month, n.aid_kind, n.after_entry, n.upto_entry, r.request_number, r.reference
                FROM ({_OPEN}) o
                JOIN esep.request r ON r.authority_id = :authority AND r.reference = o.reference
                JOIN esep.request_need q ON q.authority_id = r.authority_id AND q.request_number = r.request_number
                JOIN esep.need n ON n.authority_id = q.authority_id AND n.need_number = q.need_number
                    AND n.aid_kind = o.aid_kind
                -- The same hint as in posting.py: else the lines are looked through once for every need.
                CROSS JOIN jsonb_array_elements('[1]') many
            )
            SELECT w.due_month, w.award_number, 1, w.version, n.request_number, n.reference, w.aid_kind, w.bic,
                   w.amount, w.decided_on, w.decision_number, w.iin, w.surname, w.first_name, w.patronymic, w.iban
            FROM asked n
            JOIN esep.award_line w ON w.authority_id = :authority AND w.due_month = n.due_month
                AND w.aid_kind = n.aid_kind AND w.version = 1
                AND w.entry_number > n.after_entry AND w.entry_number <= n.upto_entry
            WHERE NOT EXISTS (
                SELECT 1 FROM esep.payment p WHERE p.authority_id = w.authority_id AND p.due_month = w.due_month
                    AND p.award_number = w.award_number AND p.attempt = 1)
        """),  # noqa: S608 - the code of an account
        {"authority": authority_id},
    )


def stage_refused(connection: Connection, authority_id: int) -> int:
    """Stage again what was paid from funding in a file that the bank refused, as the next attempt; returns how many."""
    result = connection.execute(
        text("""
            INSERT INTO pg_temp.payable
            SELECT p.due_month, p.award_number, p.attempt + 1, w.version, p.request_number, r.reference, w.aid_kind,
                   w.bic, w.amount, w.decided_on, w.decision_number, w.iin, w.surname, w.first_name, w.patronymic,
                   w.iban
            FROM esep.order_refusal f
            JOIN esep.payment p ON p.authority_id = f.authority_id AND p.order_number = f.order_number
            JOIN esep.request r ON r.authority_id = p.authority_id AND r.request_number = p.request_number
            JOIN esep.award_line w ON w.authority_id = p.authority_id AND w.due_month = p.due_month
                AND w.award_number = p.award_number AND w.version = p.version
            WHERE f.authority_id = :authority AND p.request_number > 0 AND NOT EXISTS (
                SELECT 1 FROM esep.payment n WHERE n.authority_id = p.authority_id AND n.due_month = p.due_month
                    AND n.award_number = p.award_number AND n.attempt > p.attempt)
        """),
        {"authority": authority_id},
    )
    return result.rowcount


def stage_resends(connection: Connection, authority_id: int) -> list[LeftOut]:
    """Stage every returned payment that the authority decided to resend, with its corrected details (R-062, R-064).

    A return that was short waits until the bank paid the claim: an award is paid whole. Those are returned.
    """
    staged = """
        FROM esep.resolution s
        JOIN esep.award_line w ON w.authority_id = s.authority_id AND w.due_month = s.due_month
            AND w.award_number = s.award_number AND w.version = s.award_version
        -- Each resolution looks its own account up, so that their number does not multiply.
        CROSS JOIN LATERAL (
            SELECT sum(CASE WHEN p.credit = a.account_id THEN p.amount ELSE -p.amount END) AS balance
            FROM esep.account a
            JOIN esep.posting p ON p.authority_id = a.authority_id AND a.account_id IN (p.debit, p.credit)
            WHERE a.authority_id = s.authority_id AND a.code = 'resend' AND a.aid_kind = w.aid_kind
                AND a.reference = 'P' || s.award_number || '/' || s.attempt
        ) o
        WHERE s.authority_id = :authority AND s.outcome = 'resend' AND o.balance > 0
    """
    connection.execute(
        text(f"""
            INSERT INTO pg_temp.payable
            SELECT w.due_month, w.award_number,
                   -- An attempt in a refused file was one, though it does not count.
                   (SELECT max(n.attempt) + 1 FROM esep.payment n
                    WHERE n.authority_id = s.authority_id AND n.due_month = s.due_month
                      AND n.award_number = s.award_number),
                   w.version, 0, 'P' || s.award_number || '/' || s.attempt, w.aid_kind, w.bic, w.amount, w.decided_on,
                   w.decision_number, w.iin, w.surname, w.first_name, w.patronymic, w.iban
            {staged} AND o.balance >= w.amount
        """),  # noqa: S608 - constants
        {"authority": authority_id},
    )
    rows = connection.execute(
        text(f"""
            SELECT 'claim' AS reason, '' AS detail, w.aid_kind, count(*) AS count, sum(w.amount)::bigint AS amount
            {staged} AND o.balance < w.amount GROUP BY w.aid_kind ORDER BY w.aid_kind
        """),
        {"authority": authority_id},
    )
    return [LeftOut(**row._asdict()) for row in rows]


def take_last_versions(connection: Connection, authority_id: int) -> None:
    """Give what is staged the details of its award's highest version: corrections that came before the payment."""
    # Few lines have a second version, so these are looked for, and the staged ones by them.
    connection.execute(
        text("""
            UPDATE pg_temp.payable p
            SET version = w.version, bic = w.bic, surname = w.surname, first_name = w.first_name,
                patronymic = w.patronymic, iban = w.iban
            FROM (
                SELECT DISTINCT ON (v.due_month, v.award_number) v.* FROM esep.award_line v
                WHERE v.authority_id = :authority AND v.version > 1
                    AND v.due_month = ANY(ARRAY(SELECT DISTINCT due_month FROM pg_temp.payable))
                ORDER BY v.due_month, v.award_number, v.version DESC
            ) w
            WHERE w.due_month = p.due_month AND w.award_number = p.award_number AND w.version > p.version
        """),
        {"authority": authority_id},
    )


def leave_out_stopped(connection: Connection, authority_id: int) -> list[LeftOut]:
    """Take out what was cancelled or is on hold; says how much, by reason and kind (1.10, E65, E96)."""
    rows = connection.execute(
        text("""
            WITH stop AS (
                SELECT p.due_month, p.award_number, 'cancelled' AS reason, '' AS detail
                FROM esep.award_cancellation c
                JOIN pg_temp.payable p ON p.due_month = c.due_month AND p.award_number = c.award_number
                WHERE c.authority_id = :authority
                UNION
                SELECT p.due_month, p.award_number, 'held', h.reason
                FROM esep.hold h
                JOIN pg_temp.payable p ON p.iin = h.iin AND h.award_number IN (0, p.award_number)
                WHERE h.authority_id = :authority AND NOT EXISTS (
                    SELECT 1 FROM esep.hold_end e
                    WHERE e.authority_id = h.authority_id AND e.hold_number = h.hold_number)
            ),
            first AS (
                SELECT DISTINCT ON (due_month, award_number) * FROM stop
                ORDER BY due_month, award_number, reason, detail
            ),
            gone AS (
                DELETE FROM pg_temp.payable p USING first f
                WHERE p.due_month = f.due_month AND p.award_number = f.award_number
                RETURNING f.reason, f.detail, p.aid_kind, p.amount
            )
            SELECT reason, detail, aid_kind, count(*) AS count, sum(amount)::bigint AS amount
            FROM gone GROUP BY reason, detail, aid_kind ORDER BY reason, detail, aid_kind
        """),
        {"authority": authority_id},
    )
    return [LeftOut(**row._asdict()) for row in rows]


def staged_kinds(connection: Connection) -> list[str]:
    """The kinds of what is staged."""
    rows = connection.execute(text("SELECT DISTINCT aid_kind FROM pg_temp.payable ORDER BY aid_kind"))
    return [row.aid_kind for row in rows]


def leave_out_kind(connection: Connection, aid_kind: str, until: str) -> LeftOut:
    """Take a kind out that is not paid today (AMB-8); `until` says when it is."""
    row = connection.execute(
        text("""
            WITH gone AS (DELETE FROM pg_temp.payable WHERE aid_kind = :kind RETURNING amount)
            SELECT count(*) AS items, coalesce(sum(amount), 0)::bigint AS amount FROM gone
        """),
        {"kind": aid_kind},
    ).one()
    return LeftOut(reason="schedule", detail=until, aid_kind=aid_kind, count=row.items, amount=row.amount)


def cut_to_money(connection: Connection, authority_id: int) -> list[Funding]:
    """Keep of each request and kind the whole items that its money pays, in the order of AMB-13; says what each has.

    An item that stands behind one that does not fit waits as well, were it smaller.
    """
    rows = connection.execute(
        text(f"""
            SELECT s.source, s.aid_kind, s.items, s.needed, coalesce(o.balance, 0) AS available
            FROM (SELECT source, aid_kind, count(*) AS items, sum(amount)::bigint AS needed
                  FROM pg_temp.payable WHERE request_number > 0 GROUP BY source, aid_kind) s
            LEFT JOIN ({_OPEN}) o ON o.reference = s.source AND o.aid_kind = s.aid_kind
            ORDER BY s.source, s.aid_kind
        """),  # noqa: S608 - the code of an account
        {"authority": authority_id},
    ).all()
    found = []
    for row in rows:
        paid_count, paid = row.items, row.needed
        if row.needed > row.available:
            paid_count, paid = _cut(connection, row.source, row.aid_kind, row.available)
        found.append(
            Funding(
                request_reference=row.source,
                aid_kind=row.aid_kind,
                count=row.items,
                needed=row.needed,
                available=row.available,
                paid_count=paid_count,
                paid=paid,
            )
        )
    return found


def _cut(connection: Connection, source: str, aid_kind: str, available: int) -> tuple[int, int]:
    bind = {"source": source, "kind": aid_kind, "available": available}
    connection.execute(
        text(f"""
            DELETE FROM pg_temp.payable p USING (
                SELECT due_month, award_number, sum(amount) OVER (ORDER BY {ORDER}) AS running
                FROM pg_temp.payable WHERE source = :source AND aid_kind = :kind
            ) r
            WHERE r.running > :available AND p.due_month = r.due_month AND p.award_number = r.award_number
        """),  # noqa: S608 - a constant
        bind,
    )
    row = connection.execute(
        text("""
            SELECT count(*) AS items, coalesce(sum(amount), 0)::bigint AS amount FROM pg_temp.payable
            WHERE source = :source AND aid_kind = :kind
        """),
        bind,
    ).one()
    return row.items, row.amount
