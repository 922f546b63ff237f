"""Resolutions: what the authority decided on returned payments (R-061, R-062); what lapses stands in `refunds`.

A return has one outcome in force. A corrected account is a new version of the award line; the payment that follows
points at it. An award is sent a limited number of times, files that a bank refused left out (E58).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, text

from ledgers.awards import LineFault
from ledgers.claims import PAID

_COLUMNS = (
    "number",
    "decided_on",
    "signer",
    "payment_reference",
    "iin",
    "amount",
    "outcome",
    "surname",
    "first_name",
    "patronymic",
    "bic",
    "iban",
    "reason",
)
_TYPES = {"decided_on": "date", "amount": "bigint"}
FIELDS = ("authority_bin", *_COLUMNS)
"""The columns of a resolution file as they are staged."""

_STAGED = f"""
    SELECT s.*, a.authority_id, r.due_month, r.award_number, r.attempt, r.amount AS returned,
           r.amount + {PAID.format(key="r")} AS money, w.iin AS person,
           w.aid_kind, w.version AS award_version, v.outcome AS decided, v.number AS decided_number,
           v.decided_on AS decided_day, b.bank_code,
           (m.return_number IS NOT NULL) AS money_seen, m.returned_on,
           (SELECT count(*) FROM esep.taken_payment x
            WHERE x.authority_id = r.authority_id AND x.due_month = r.due_month AND x.award_number = r.award_number
                AND x.attempt <= r.attempt) AS attempts
    FROM pg_temp.staged_resolution s
    LEFT JOIN esep.authority a ON a.bin = s.authority_bin
    LEFT JOIN esep.returned_payment r ON r.authority_id = a.authority_id
        AND 'P' || r.award_number || '/' || r.attempt = s.payment_reference
    LEFT JOIN esep.return_money m ON m.authority_id = r.authority_id AND m.return_number = r.return_number
    LEFT JOIN LATERAL (
        SELECT x.version, x.iin, x.aid_kind FROM esep.award_line x
        WHERE x.authority_id = r.authority_id AND x.due_month = r.due_month AND x.award_number = r.award_number
        ORDER BY x.version DESC LIMIT 1) w ON true
    LEFT JOIN LATERAL (
        SELECT x.outcome, x.number, x.decided_on FROM esep.resolution x
        WHERE x.authority_id = r.authority_id AND x.due_month = r.due_month AND x.award_number = r.award_number
            AND x.attempt = r.attempt
        ORDER BY x.version DESC LIMIT 1) v ON true
    LEFT JOIN esep.bank b ON b.bic = s.bic
"""  # noqa: S608 - composed of constants


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How many returned payments got an outcome, and how much (tiyn), by authority."""

    authority_id: int
    authority_code: str
    outcome: str
    count: int
    amount: int


def stage(connection: Connection, lines: Sequence[int], columns: Sequence[Sequence[str]]) -> None:
    """Stage lines of a resolution file: their numbers, then FIELDS as columns of equal length."""
    types = ", ".join(f"{name} {_TYPES.get(name, 'text')} NOT NULL" for name in FIELDS)
    connection.execute(
        text(
            "CREATE TEMP TABLE IF NOT EXISTS staged_resolution "
            f"(place integer GENERATED ALWAYS AS IDENTITY, line integer NOT NULL, {types}) ON COMMIT DROP"
        )
    )
    arrays = ", ".join(f"CAST(:{name} AS {_TYPES.get(name, 'text')}[])" for name in FIELDS)
    connection.execute(
        text(
            f"INSERT INTO pg_temp.staged_resolution (line, {', '.join(FIELDS)}) "  # noqa: S608 - names come from FIELDS
            f"SELECT * FROM unnest(CAST(:line AS integer[]), {arrays})"
        ),
        {"line": list(lines)} | {name: list(column) for name, column in zip(FIELDS, columns, strict=True)},
    )


def line_faults(connection: Connection, today: date, attempts_max: Mapping[int, int]) -> list[LineFault]:
    """Every staged line that names no returned payment, contradicts it, or decides what is decided already.

    `attempts_max` has, for each book, how often an award may be sent.
    """
    # Nobody counts the rows of a temporary table by himself, and taken for a few they would be joined one by one.
    connection.execute(text("ANALYZE pg_temp.staged_resolution"))
    rows = connection.execute(
        text(f"""
            SELECT s.line, f.place, f.found, f.expected, f.remedy
            FROM ({_STAGED}) s
            LEFT JOIN unnest(CAST(:books AS integer[]), CAST(:limits AS integer[])) AS l (book, attempts_max)
                ON l.book = s.authority_id
            CROSS JOIN LATERAL (VALUES
                (s.authority_id IS NULL, 'authority_bin', s.authority_bin, 'the BIN of an authority in the setup',
                 'add the authority with: esep setup import'),
                (s.authority_id IS NOT NULL AND s.award_number IS NULL, 'payment_reference', s.payment_reference,
                 'a payment that came back', 'take the reference from the notice of returns'),
                (s.award_number IS NOT NULL AND NOT s.money_seen, 'payment_reference', s.payment_reference,
                 'a return whose money was seen on a statement', 'import the statement first'),
                (s.decided_on > :today OR s.decided_on < s.returned_on, 'date', to_char(s.decided_on, 'DD.MM.YYYY'),
                 'a day from the return, ' || coalesce(to_char(s.returned_on, 'DD.MM.YYYY'), 'unknown') || ', to '
                     || to_char(CAST(:today AS date), 'DD.MM.YYYY'), 'compare with the signed document'),
                (s.person <> s.iin, 'iin', s.iin, 'the person of payment ' || s.payment_reference,
                 'compare with the notice of returns'),
                (s.amount NOT IN (s.returned, s.money), 'amount', s.amount::text,
                 'the returned amount, ' || s.money || ' tiyn', 'compare with the notice of returns'),
                (s.decided IS NOT NULL AND NOT (s.decided = s.outcome AND s.decided_number = s.number
                    AND s.decided_day = s.decided_on), 'outcome', s.outcome,
                 'no outcome yet; number ' || s.decided_number || ' of ' || to_char(s.decided_day, 'DD.MM.YYYY')
                     || ' decided: ' || s.decided, 'the first outcome stands; take the line out'),
                (s.outcome = 'resend' AND s.decided IS NULL AND s.attempts >= l.attempts_max, 'outcome', s.outcome,
                 'refund: attempt ' || s.attempts || ' of at most ' || l.attempts_max
                     || ' came back, only refund is left (E58)',
                 'refund it, or allow more attempts with: esep setting set attempts_max'),
                (s.outcome = 'resend' AND s.bank_code IS NULL, 'bic', s.bic, 'the BIC of a bank in the setup',
                 'add the bank with: esep setup import'),
                (s.outcome = 'resend' AND s.bank_code <> substr(s.iban, 5, 3), 'iban', s.iban,
                 'an account at ' || s.bic || ', bank code ' || s.bank_code, 'take the bank from the account')
            ) f (broken, place, found, expected, remedy)
            WHERE f.broken
            UNION ALL
            SELECT s.line, 'payment_reference', s.payment_reference, 'each return once in a file',
                   'delete the second line'
            FROM pg_temp.staged_resolution s
            WHERE EXISTS (SELECT 1 FROM pg_temp.staged_resolution e
                          WHERE e.payment_reference = s.payment_reference AND e.authority_bin = s.authority_bin
                            AND e.place < s.place)
            ORDER BY 1, 2
        """),  # noqa: S608 - composed of constants
        {"today": today, "books": list(attempts_max), "limits": list(attempts_max.values())},
    )
    return [LineFault(**row._asdict()) for row in rows]


def staged_books(connection: Connection) -> list[int]:
    """The authorities that the staged lines speak of."""
    rows = connection.execute(
        text("""
            SELECT DISTINCT a.authority_id
            FROM pg_temp.staged_resolution s JOIN esep.authority a ON a.bin = s.authority_bin
            ORDER BY 1
        """)
    )
    return [row.authority_id for row in rows]


def append_staged(connection: Connection, authority_id: int, number: int) -> list[Outcome]:
    """Record the outcomes of one authority's staged lines that are not decided yet, under entry `number`.

    A resend makes a new version of the award line with the corrected details.
    """
    bind = {"authority": authority_id, "number": number}
    pending = f"({_STAGED}) s WHERE s.authority_id = :authority AND s.decided IS NULL"
    rows = connection.execute(
        text(f"""
            SELECT s.authority_id, max(a.code) AS authority_code, s.outcome, count(*) AS count,
                   sum(s.money)::bigint AS amount
            FROM ({_STAGED}) s JOIN esep.authority a ON a.authority_id = s.authority_id
            WHERE s.authority_id = :authority AND s.decided IS NULL
            GROUP BY s.authority_id, s.outcome ORDER BY s.outcome
        """),  # noqa: S608
        bind,
    ).all()
    connection.execute(
        text(f"""
            INSERT INTO esep.resolution (authority_id, due_month, award_number, attempt, version, entry_number, outcome,
                                         number, decided_on, signer, reason, award_version)
            SELECT s.authority_id, s.due_month, s.award_number, s.attempt, 1, :number, s.outcome, s.number,
                   s.decided_on, s.signer, s.reason, s.award_version + CASE s.outcome WHEN 'resend' THEN 1 ELSE 0 END
            FROM {pending}
        """),  # noqa: S608
        bind,
    )
    connection.execute(
        text("""
            INSERT INTO esep.award_line
            SELECT w.authority_id, w.due_month, w.award_number, w.version + 1, :number, s.line, w.decision_number,
                   w.decided_on, w.signer, w.case_id, w.source_system, w.aid_kind, w.amount, w.iin, s.surname,
                   s.first_name, s.patronymic, w.birth_date, w.sex, w.branch_code, w.payment_code, w.address, s.bic,
                   s.iban, w.phone,
                   w.guardian_iin, w.guardian_surname, w.guardian_first_name, w.guardian_patronymic
            FROM esep.resolution r
            JOIN esep.award_line w ON w.authority_id = r.authority_id AND w.due_month = r.due_month
                AND w.award_number = r.award_number AND w.version = r.award_version - 1
            JOIN pg_temp.staged_resolution s ON s.payment_reference = 'P' || r.award_number || '/' || r.attempt
            JOIN esep.authority a ON a.bin = s.authority_bin AND a.authority_id = r.authority_id
            WHERE r.authority_id = :authority AND r.entry_number = :number AND r.outcome = 'resend'
        """),
        bind,
    )
    return [Outcome(**row._asdict()) for row in rows]


DECIDED_EVENTS = f"""
    SELECT CASE r.outcome WHEN 'resend' THEN 'resend_decided' ELSE 'refund_decided' END AS rule, w.aid_kind,
           'P' || r.award_number || '/' || r.attempt AS debit_reference,
           'P' || r.award_number || '/' || r.attempt AS credit_reference, p.amount + {PAID.format(key="r")} AS amount
    FROM esep.resolution r
    JOIN esep.returned_payment p USING (authority_id, due_month, award_number, attempt)
    JOIN esep.award_line w ON w.authority_id = r.authority_id AND w.due_month = r.due_month
        AND w.award_number = r.award_number AND w.version = r.award_version
    WHERE r.authority_id = :authority AND r.entry_number = :number
"""  # noqa: S608 - composed of constants
"""The postings of an entry of resolutions, computed from its rows."""


def narrowing(connection: Connection, authority_id: int, number: int) -> tuple[str, dict[str, list[str] | list[int]]]:
    """The condition by which the new versions of award lines of an entry are found by their key."""
    rows = connection.execute(
        text("""
            SELECT due_month::text, award_number FROM esep.resolution
            WHERE authority_id = :authority AND entry_number = :number AND outcome = 'resend'
        """),
        {"authority": authority_id, "number": number},
    ).all()
    bind: dict[str, list[str] | list[int]] = {
        "months": sorted({row.due_month for row in rows}),
        "awards": [row.award_number for row in rows],
    }
    return "f.due_month = ANY(CAST(:months AS date[])) AND f.award_number = ANY(CAST(:awards AS bigint[]))", bind
