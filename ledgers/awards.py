"""The register of awards: signed decisions, a line for one month of one person (R-021, R-022, R-024).

Lines arrive by COPY into a staging table of the session, are checked there as a set, and become facts by one
INSERT ... SELECT. An award line is known by authority, due month, person, aid kind and decision number: the same line
again is known already, another content under the same key is a conflict.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from ledgers.errors import LedgerError
from ledgers.posting import append

FIELDS = (
    "decision_number",
    "decided_on",
    "signer",
    "case_id",
    "source_system",
    "aid_kind",
    "due_month",
    "amount",
    "iin",
    "surname",
    "first_name",
    "patronymic",
    "birth_date",
    "sex",
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
"""What a line says of itself, besides the authority."""

NUMBERS_AN_ENTRY = 10_000_000
"""An award's number is its entry's number times this, plus its place in the file: unique without a counter."""


class TooManyLines(LedgerError):
    """More lines than one import can number."""

    def __init__(self) -> None:
        super().__init__(f"one file may hold {NUMBERS_AN_ENTRY - 1} lines; split it")


_KEY = ("due_month", "iin", "aid_kind", "decision_number")
_CONTENT = tuple(name for name in FIELDS if name not in _KEY)
_TYPES = {"decided_on": "date", "due_month": "date", "birth_date": "date", "amount": "bigint"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFault:
    """A fault of one line of a file, found by comparing it with the registers."""

    line: int
    place: str
    found: str
    expected: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardTotal:
    """How many lines and how much (tiyn) of one kind and month an authority's decisions brought."""

    authority_id: int
    authority_code: str
    aid_kind: str
    due_month: date
    count: int
    amount: int


@contextmanager
def staging(connection: Connection) -> Iterator["Staging"]:
    """A staging table of this transaction, and a COPY into it."""
    types = {"place": "integer", "line": "integer"} | _TYPES
    names = ("place", "line", "authority_bin", *FIELDS)
    columns = ", ".join(f"{name} {types.get(name, 'text')} NOT NULL" for name in names)
    connection.execute(text(f"CREATE TEMP TABLE staged_award ({columns}) ON COMMIT DROP"))
    cursor: Any = connection.connection.cursor()
    with cursor.copy(f"COPY pg_temp.staged_award ({', '.join(names)}) FROM STDIN") as copy:
        yield Staging(copy)


class Staging:
    """Takes column-wise batches of checked text, numbers their rows and streams them to the server."""

    def __init__(self, copy: Any) -> None:
        self._copy = copy
        self.count = 0

    def add(self, lines: Sequence[int], columns: Sequence[Sequence[str]]) -> None:
        """Append rows: their line numbers, then `authority_bin` and FIELDS as columns of equal length."""
        # A row's place tells rows apart where the file has one long line, as XML may.
        places = range(self.count + 1, self.count + len(lines) + 1)
        self.count = places.stop - 1
        if self.count >= NUMBERS_AN_ENTRY:
            raise TooManyLines
        rows = "\n".join(map("\t".join, zip(map(str, places), map(str, lines), *columns, strict=True)))
        if "\\" in rows:
            rows = rows.replace("\\", "\\\\")
        self._copy.write(rows + "\n")


_LINE_FAULTS = """
    SELECT s.line, f.place, f.found, f.expected, f.remedy
    FROM (
        SELECT s.*, a.bin AS known_authority, k.code AS known_kind, b.bic AS known_bank, b.bank_code,
               to_char(s.birth_date, 'YYMMDD') <> left(s.iin, 6) AS born_otherwise,
               s.due_month NOT BETWEEN date_trunc('month', s.decided_on::timestamp) - interval '12 months'
                   AND s.decided_on + interval '24 months' AS far_away,
               (s.guardian_iin = '' OR s.guardian_surname = '' OR s.guardian_first_name = '')
                   AND s.guardian_iin || s.guardian_surname || s.guardian_first_name
                       || s.guardian_patronymic <> ''
                   AS half_a_guardian,
               s.guardian_iin = '' AND s.birth_date > s.decided_on - interval '7 years' AS lacks_a_guardian,
               NOT coalesce(t.is_active, true) AS is_undecided, t.note,
               s.decided_on NOT BETWEEN t.valid_from AND t.valid_to AS is_out_of_term, t.valid_from, t.valid_to
        FROM pg_temp.staged_award s
        LEFT JOIN esep.authority a ON a.bin = s.authority_bin
        LEFT JOIN esep.aid_kind k ON k.authority_id = a.authority_id AND k.code = s.aid_kind
        LEFT JOIN esep.aid_term t ON t.authority_id = a.authority_id AND t.code = s.aid_kind
        LEFT JOIN esep.bank b ON b.bic = s.bic
    ) s
    CROSS JOIN LATERAL (VALUES
        (s.known_authority IS NULL, 'authority_bin', s.authority_bin, 'the BIN of an authority in the setup',
         'add the authority with: esep setup import'),
        (s.known_authority IS NOT NULL AND s.known_kind IS NULL, 'aid_kind', s.aid_kind,
         'an aid kind of this authority', 'add the kind with: esep setup import'),
        (s.known_bank IS NULL, 'bic', s.bic, 'the BIC of a bank in the setup',
         'add the bank with: esep setup import'),
        (s.bank_code <> substr(s.iban, 5, 3), 'iban', s.iban,
         'an account at ' || s.bic || ', bank code ' || s.bank_code,
         'take the bank from the account, or correct the account'),
        (s.born_otherwise, 'birth_date', to_char(s.birth_date, 'DD.MM.YYYY'), 'the birth date in IIN ' || s.iin,
         'compare both with the identity document'),
        (s.decided_on > :today, 'decision_date', to_char(s.decided_on, 'DD.MM.YYYY'),
         'a day not after ' || to_char(CAST(:today AS date), 'DD.MM.YYYY'),
         'only signed decisions are imported'),
        (s.far_away, 'due_month', to_char(s.due_month, 'MM.YYYY'),
         'a month from 12 before to 24 after the decision', 'compare with the decision'),
        (s.half_a_guardian, 'guardian_iin', s.guardian_iin,
         'a guardian in full: IIN, surname and first name, or none of them',
         'complete the guardian, or empty the fields'),
        (s.lacks_a_guardian, 'guardian_iin', s.guardian_iin,
         'the guardian of a child younger than 7 on the day of the decision',
         'give the guardian, whose account it is paid to'),
        (s.is_undecided, 'aid_kind', s.aid_kind, 'a kind that is active; this one waits: ' || s.note,
         'decide what is meant with: esep aid decide'),
        (s.is_out_of_term, 'decision_date', to_char(s.decided_on, 'DD.MM.YYYY'),
         'a day from ' || to_char(s.valid_from, 'DD.MM.YYYY') || ' to ' || to_char(s.valid_to, 'DD.MM.YYYY')
             || ', in which kind ' || s.aid_kind || ' is valid',
         'compare the decision with the rules; a longer validity comes with: esep setup import')
    ) f (broken, place, found, expected, remedy)
    -- First the cheap tests that nearly every line passes; only a broken line is spelled out.
    WHERE (s.known_kind IS NULL OR s.bank_code IS DISTINCT FROM substr(s.iban, 5, 3) OR s.born_otherwise
           OR s.decided_on > :today OR s.half_a_guardian OR s.far_away OR s.lacks_a_guardian OR s.is_undecided
           OR s.is_out_of_term)
      AND f.broken
    ORDER BY s.line, f.place
"""


def line_faults(connection: Connection, today: date) -> list[LineFault]:
    """Every staged line that the registers of authorities, kinds and banks contradict.

    An IBAN must be of the bank it is sent to (E46), the birth date be the IIN's, a guardian be named in full and for
    every child younger than seven (E52, R-021); the kind must be active and valid on the decision's day (R-005).
    """
    rows = connection.execute(text(_LINE_FAULTS), {"today": today})
    return [LineFault(**row._asdict()) for row in rows]


def repeated_lines(connection: Connection) -> list[LineFault]:
    """Staged lines that bring a person, kind, month and decision that another line of the file brings (C11)."""
    rows = connection.execute(
        text("""
            SELECT line, 'iin' AS place, iin AS found,
                   'one line for a decision, person, kind and month; line ' || first_line || ' is the first'
                       AS expected,
                   'delete the second line' AS remedy
            FROM (
                SELECT s.line, s.iin,
                       min(s.line) OVER same AS first_line, row_number() OVER (same ORDER BY s.place) AS occurrence
                FROM pg_temp.staged_award s
                WHERE (s.authority_bin, s.due_month, s.iin, s.aid_kind, s.decision_number) IN (
                    SELECT d.authority_bin, d.due_month, d.iin, d.aid_kind, d.decision_number
                    FROM pg_temp.staged_award d
                    GROUP BY 1, 2, 3, 4, 5 HAVING count(*) > 1)
                WINDOW same AS (PARTITION BY s.authority_bin, s.due_month, s.iin, s.aid_kind, s.decision_number)
            ) twice
            WHERE occurrence > 1 ORDER BY line
        """)
    )
    return [LineFault(**row._asdict()) for row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherDecision:
    """A line whose person has the same kind and month by another decision too: both would be paid."""

    line: int
    aid_kind: str
    due_month: date
    decision_number: str
    other_number: str


def other_decisions(connection: Connection, months: Sequence[str]) -> list[OtherDecision]:
    """Staged lines whose person has this aid for this month by another decision, in the register or in the file.

    That may be lawful, for a difference; it may also be one decision written in two ways. A person has to look (C11).
    """
    rows = connection.execute(
        text("""
            SELECT s.line, s.aid_kind, s.due_month, s.decision_number, min(w.decision_number) AS other_number
            FROM pg_temp.staged_award s
            JOIN esep.authority a ON a.bin = s.authority_bin
            JOIN esep.award_line w ON w.authority_id = a.authority_id AND w.due_month = s.due_month AND w.iin = s.iin
                AND w.aid_kind = s.aid_kind AND w.version = 1 AND w.decision_number <> s.decision_number
                AND w.due_month = ANY(CAST(:months AS date[]))
            GROUP BY s.place, s.line, s.aid_kind, s.due_month, s.decision_number
            UNION ALL
            SELECT max(line), aid_kind, due_month, max(decision_number), min(decision_number)
            FROM pg_temp.staged_award GROUP BY authority_bin, iin, aid_kind, due_month
            HAVING min(decision_number) <> max(decision_number)
            ORDER BY 1
        """),
        {"months": list(months)},
    )
    return [OtherDecision(**row._asdict()) for row in rows]


def staged_totals(connection: Connection) -> list[AwardTotal]:
    """The sums of the staged lines of known authorities, by authority, kind and month."""
    rows = connection.execute(
        text("""
            SELECT a.authority_id, a.code AS authority_code, s.aid_kind, s.due_month, s.count, s.amount
            FROM (
                SELECT authority_bin, aid_kind, due_month, count(*) AS count, sum(amount)::bigint AS amount
                FROM pg_temp.staged_award GROUP BY authority_bin, aid_kind, due_month
            ) s
            JOIN esep.authority a ON a.bin = s.authority_bin
            ORDER BY a.authority_id, s.aid_kind, s.due_month
        """)
    )
    return [AwardTotal(**row._asdict()) for row in rows]


def conflicts(connection: Connection, months: Sequence[str]) -> list[LineFault]:
    """Staged lines of these months that an earlier file brought with other content; call it under the books' locks."""
    differing = " || ".join(f"CASE WHEN w.{name} <> s.{name} THEN ' {name}' ELSE '' END" for name in _CONTENT)
    same = " AND ".join(f"w.{name} = s.{name}" for name in _CONTENT)
    rows = connection.execute(
        text(f"""
            SELECT s.line, 'decision_number' AS place, s.decision_number AS found,
                   'the content imported before (entry ' || w.entry_number || ', line ' || w.file_line
                       || '); differs in:' || {differing} AS expected,
                   'the first one stands; a new decision brings the difference only' AS remedy
            FROM {_KNOWN} WHERE NOT ({same}) ORDER BY s.line
        """),  # noqa: S608 - names come from FIELDS
        {"months": months},
    )
    return [LineFault(**row._asdict()) for row in rows]


_KNOWN = """
    pg_temp.staged_award s
    JOIN esep.authority a ON a.bin = s.authority_bin
    JOIN esep.award_line w ON w.authority_id = a.authority_id AND w.due_month = s.due_month AND w.iin = s.iin
                          AND w.aid_kind = s.aid_kind AND w.decision_number = s.decision_number AND w.version = 1
                          AND w.due_month = ANY(CAST(:months AS date[]))
"""
# The months are named so that the parts of the register for other months are not even looked into.


def forget_known(connection: Connection, months: Sequence[str]) -> int:
    """Drop staged lines that are in the register with the same content; returns how many those were."""
    result = connection.execute(
        text(f"DELETE FROM pg_temp.staged_award WHERE place IN (SELECT s.place FROM {_KNOWN})"),  # noqa: S608
        {"months": months},
    )
    return result.rowcount


def append_staged(connection: Connection, numbers: Mapping[int, int], totals: Iterable[AwardTotal]) -> None:
    """Make facts of the staged lines and of their sums; `numbers` maps each authority to its entry's number."""
    names, values = ", ".join(FIELDS), ", ".join(f"s.{name}" for name in FIELDS)
    bind = {"books": list(numbers), "numbers": list(numbers.values()), "span": NUMBERS_AN_ENTRY}
    connection.execute(
        text(f"""
            INSERT INTO esep.award_line (authority_id, award_number, version, entry_number, file_line, {names})
            SELECT a.authority_id, n.number * :span + s.place, 1, n.number, s.line, {values}
            FROM pg_temp.staged_award s
            JOIN esep.authority a ON a.bin = s.authority_bin
            JOIN unnest(CAST(:books AS integer[]), CAST(:numbers AS bigint[])) AS n (authority_id, number)
                ON n.authority_id = a.authority_id
        """),  # noqa: S608
        bind,
    )
    append(
        connection,
        "award_batch",
        [
            {
                "authority_id": total.authority_id,
                "entry_number": numbers[total.authority_id],
                "aid_kind": total.aid_kind,
                "due_month": total.due_month,
                "count": total.count,
                "amount": total.amount,
            }
            for total in totals
        ],
    )


def narrowing(number: int, months: Iterable[str]) -> tuple[str, dict[str, Any]]:
    """The condition by which the rows of an import are found by their key, and its parameters."""
    bind = {"months": list(months), "first": number * NUMBERS_AN_ENTRY, "last": (number + 1) * NUMBERS_AN_ENTRY - 1}
    return "f.due_month = ANY(CAST(:months AS date[])) AND f.award_number BETWEEN :first AND :last", bind
