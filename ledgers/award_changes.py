"""Awards that change before they are paid: another account, name or guardian is a further version (1.10, `CHANGED`).

The lines are staged as those of a decision (`awards.staging`) and compared with the highest version of the award that
they name. Amount, day of the decision and the person stay: another amount is another decision.
"""

from typing import Any

from sqlalchemy import Connection, text

from ledgers.awards import FIELDS, LineFault

CHANGEABLE = (
    "case_id",
    "source_system",
    "surname",
    "first_name",
    "patronymic",
    "branch_code",
    "payment_code",
    "address",
    "bic",
    "iban",
    "phone",
    "guardian_iin",
    "guardian_surname",
    "guardian_first_name",
    "guardian_patronymic",
)
"""What a correction may bring anew; the rest of a line names the award and must be as it was."""

_FIXED = ("decided_on", "amount", "birth_date", "sex")
_OTHER_FIXED = " || ".join(f"CASE WHEN w.{name} <> s.{name} THEN ' {name}' ELSE '' END" for name in _FIXED)
_SAME = " AND ".join(f"w.{name} = s.{name}" for name in CHANGEABLE)

_NAMED = f"""
    SELECT s.*, a.authority_id, w.award_number, w.version, w.entry_number, o.is_out, o.is_cancelled,
           {_OTHER_FIXED} AS other_fixed, {_SAME} AS is_same
    FROM pg_temp.staged_award s
    JOIN esep.authority a ON a.bin = s.authority_bin
    LEFT JOIN LATERAL (
        SELECT v.* FROM esep.award_line v
        WHERE v.authority_id = a.authority_id AND v.due_month = s.due_month AND v.iin = s.iin
            AND v.aid_kind = s.aid_kind AND v.decision_number = s.decision_number
        ORDER BY v.version DESC LIMIT 1
    ) w ON true
    CROSS JOIN LATERAL (
        SELECT EXISTS (
                   SELECT 1 FROM esep.taken_payment p
                   WHERE p.authority_id = w.authority_id AND p.due_month = w.due_month
                       AND p.award_number = w.award_number
               ) AS is_out,
               EXISTS (
                   SELECT 1 FROM esep.award_cancellation c
                   WHERE c.authority_id = w.authority_id AND c.due_month = w.due_month
                       AND c.award_number = w.award_number
               ) AS is_cancelled
    ) o
"""  # noqa: S608 - names of FIELDS


def line_faults(connection: Connection) -> list[LineFault]:
    """Staged lines that name no award, change what only a decision can, or come after the payment."""
    rows = connection.execute(
        text(f"""
            SELECT s.line, f.place, f.found, f.expected, f.remedy
            FROM ({_NAMED}) s
            CROSS JOIN LATERAL (VALUES
                (s.award_number IS NULL, 'decision_number', s.decision_number,
                 'a decision on this person, kind and month that is in the books',
                 'bring new decisions with: esep award import'),
                (s.other_fixed <> '', 'amount', btrim(s.other_fixed), 'the same as in the decision',
                 'a new decision brings the difference'),
                (s.is_out AND NOT s.is_same, 'iin', s.iin, 'an award that was not sent to a bank',
                 'what comes back is corrected with: esep resolution import'),
                (s.is_cancelled AND NOT s.is_same, 'iin', s.iin, 'an award that was not cancelled',
                 'a new decision brings it again')
            ) f (broken, place, found, expected, remedy)
            WHERE f.broken
            ORDER BY s.line, f.place
        """)  # noqa: S608 - constants
    )
    return [LineFault(**row._asdict()) for row in rows]


def staged_books(connection: Connection) -> list[int]:
    """The authorities of whose awards something changes."""
    rows = connection.execute(
        text(f"SELECT DISTINCT authority_id FROM ({_NAMED}) s WHERE NOT s.is_same ORDER BY authority_id")  # noqa: S608
    )
    return [row.authority_id for row in rows]


def append_changes(connection: Connection, authority_id: int, number: int) -> int:
    """Record further versions of an authority's changed awards under entry `number`; returns how many."""
    names = ", ".join(FIELDS)
    values = ", ".join(f"s.{name}" if name in CHANGEABLE else f"w.{name}" for name in FIELDS)
    result = connection.execute(
        text(f"""
            INSERT INTO esep.award_line (authority_id, award_number, version, entry_number, file_line, {names})
            SELECT w.authority_id, w.award_number, w.version + 1, :number, s.line, {values}
            FROM ({_NAMED}) s
            JOIN esep.award_line w ON w.authority_id = s.authority_id AND w.due_month = s.due_month
                AND w.award_number = s.award_number AND w.version = s.version
            WHERE s.authority_id = :authority AND NOT s.is_same
        """),  # noqa: S608 - names of FIELDS
        {"authority": authority_id, "number": number},
    )
    return result.rowcount


def narrowing(connection: Connection, authority_id: int, number: int) -> tuple[str, dict[str, Any]]:
    """The condition by which the new versions of an entry are found by their key, and its parameters."""
    rows = connection.execute(
        text("""
            SELECT DISTINCT w.due_month::text, w.award_number
            FROM pg_temp.staged_award s
            JOIN esep.award_line w ON w.authority_id = :authority AND w.due_month = s.due_month AND w.iin = s.iin
                AND w.aid_kind = s.aid_kind AND w.entry_number = :number
        """),
        {"authority": authority_id, "number": number},
    ).all()
    bind: dict[str, Any] = {
        "months": sorted({row.due_month for row in rows}),
        "awards": [row.award_number for row in rows],
    }
    return "f.due_month = ANY(CAST(:months AS date[])) AND f.award_number = ANY(CAST(:awards AS bigint[]))", bind
