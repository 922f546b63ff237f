"""The guards of the fact tables, as they should stand: every trigger there, on, and doing what the SQL pages say.

Who owns the tables can switch a trigger off and on again; `ledger verify` sees the rows that were changed meanwhile by
their proofs, and a trigger that stands switched off or was replaced by this page.
"""

import re
from importlib import resources
from typing import NamedTuple

from sqlalchemy import Connection, text

EVERYWHERE = frozenset({"refuse_change", "refuse_truncate"})
"""Triggers that every table has, each month's part of the big registers as well."""

UNSEALED = frozenset({"chart", "entry", "received_file", "award_line", "payment"})
"""Tables without the trigger `refuse_sealed`; sql/0001_guards.sql says why."""

OWN = {
    "entry": frozenset({"seal_entry", "check_reversal"}),
    "posting": frozenset({"refuse_overdraft"}),
    "month_lock": frozenset({"check_month_lock"}),
    "payment": frozenset({"check_attempt"}),
    "resolution": frozenset({"check_resolution"}),
    "award_line": frozenset({"check_award_version"}),
    "transfer": frozenset({"check_transfer"}),
    "order_refusal": frozenset({"check_refusal"}),
    "returned_payment": frozenset({"check_returned"}),
    "award_cancellation": frozenset({"check_cancellation"}),
    "act_signature": frozenset({"check_signature"}),
    "statement_sent": frozenset({"check_sent"}),
    "act_dispute": frozenset({"check_dispute"}),
    "corrective_act": frozenset({"check_corrective"}),
    "crediting_match": frozenset({"check_crediting_match"}),
    "break_item": frozenset({"check_break"}),
    "break_event": frozenset({"check_break_event", "check_approver"}),
}
"""Table -> the triggers that it alone has."""

STATEMENTS = {"payment": frozenset({"refuse_stopped"})}
"""Partitioned table -> its triggers over a whole statement, which its month parts do not have."""

MONTH = len("_2024_03")
"""The end of a month part's name."""


class BrokenGuard(NamedTuple):
    """A trigger that does not guard: its table or its own name, and what is wrong with it."""

    place: str
    sentence: str


def broken_guards(connection: Connection) -> list[BrokenGuard]:
    """Every trigger that is missing, switched off, or calls a function that the SQL pages do not hold."""
    bodies = _bodies()
    found: dict[tuple[str, str], dict[str, tuple[str, str]]] = {}
    for row in connection.execute(text(_TRIGGERS)):
        triggers = found.setdefault((row.schema, row.table), {})
        if row.trigger is not None:
            triggers[row.trigger] = (row.enabled, row.body)
    broken = []
    for (schema, table), triggers in sorted(found.items()):
        for name in sorted(expected(schema, table)):
            sentence = _fault(f"trigger {name} of {schema}.{table}", triggers.get(name), bodies)
            if sentence:
                broken.append(BrokenGuard(f"{schema}.{table}", sentence))
    return broken


def expected(schema: str, table: str) -> frozenset[str]:
    """The triggers that a table must have; row triggers of a parent stand on each of its month parts as well."""
    if schema == "esep_months":
        return EVERYWHERE | OWN.get(table[:-MONTH], frozenset())
    sealed = frozenset() if table in UNSEALED else frozenset({"refuse_sealed"})
    return EVERYWHERE | sealed | OWN.get(table, frozenset()) | STATEMENTS.get(table, frozenset())


def _bodies() -> frozenset[str]:
    """What each function does by the SQL pages: a later page may say it anew."""
    folder = resources.files("ledgers").joinpath("sql")
    pages = sorted(folder.iterdir(), key=lambda page: page.name)
    last = {name: body for page in pages for name, body in _FUNCTION.findall(page.read_text(encoding="utf-8"))}
    return frozenset(last.values())


_FUNCTION = re.compile(r"FUNCTION (esep\.\w+)\([^$;]*?AS \$\$(.*?)\$\$", re.DOTALL)


def _fault(where: str, trigger: tuple[str, str] | None, bodies: frozenset[str]) -> str | None:
    if trigger is None:
        return f"{where} is missing"
    enabled, body = trigger
    if enabled not in {"O", "A"}:
        return f"{where} is switched off"
    return None if body in bodies else f"the function behind {where} was replaced"


_TRIGGERS = """
    SELECT n.nspname AS schema, c.relname AS table, t.tgname AS trigger, t.tgenabled::text AS enabled, p.prosrc AS body
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_trigger t ON t.tgrelid = c.oid AND NOT t.tgisinternal
    LEFT JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE n.nspname IN ('esep', 'esep_months') AND c.relkind IN ('r', 'p') AND c.relname <> 'schema_version'
"""
