"""Following one payment, file, request or transfer through the books: what happened, in the order it became known.

A reference leads to the facts around it: a person's IIN or a payment to the decision, the need, the request and its
transfers, the files, the statement lines that settled them, returns, outcomes and refunds (R-044, R-060 to R-063).
The text is compared whole: a request, a file or its number, the order number of a transfer, an IIN; or what Esep gave
a number: a payment P20000001/1, a statement line S12, a transfer T4, a return message R2, a crediting line C3/45, a
line of the authority's list L2/7, a difference AST/12, the act of a month AST/2024-03. With 'AST/' before it, it is
looked for in that book alone.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, text

from ledgers.account_card import DOCUMENT
from ledgers.awards import NUMBERS_AN_ENTRY
from ledgers.trace_facts import FACTS
from ledgers.trace_keys import (
    AROUND,
    ATTEMPTS,
    BREAKS,
    BY_AWARD,
    BY_PERSON,
    LINES,
    MONTHS_OF_AN_AWARD,
    NAMED,
    OF_A_LINE,
    with_known,
)
from ledgers.trace_reconciled import RECONCILED
from ledgers.trace_stops import STOPS


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceFact:
    """One fact of the story, in words, and what proves it: entry, document, version, rule of the match, actor.

    `version` is None for what has none; `document` and `rule` are empty where there is none.
    """

    authority_id: int
    entry_number: int
    booked_on: date
    recorded_at: datetime
    sentence: str
    document: str
    version: int | None
    rule: str
    actor: str


class _Key(NamedTuple):
    """A thing: the book, its number there, and the month or the part that belongs to its key."""

    book: int
    number: int
    month: date | None
    part: int


Keys = Mapping[str, list[_Key]]

THINGS = ("award", "order", "request", "transfer", "line", "act", "returned", "credited", "listed", "break")

_FORMS = {
    "iin": re.compile(r"([0-9]{12})", re.ASCII),
    "award": re.compile(r"P([0-9]{1,18})(?:/[0-9]{1,4})?", re.ASCII),
    "line": re.compile(r"S([0-9]{1,18})", re.ASCII),
    "transfer": re.compile(r"T([0-9]{1,9})", re.ASCII),
    "returned": re.compile(r"R([0-9]{1,9})", re.ASCII),
    "order": re.compile(r"([0-9]{1,9})", re.ASCII),
}
_PARTED = {
    "credited": re.compile(r"C([0-9]{1,9})(?:/([0-9]{1,9}))?", re.ASCII),
    "listed": re.compile(r"L([0-9]{1,9})(?:/([0-9]{1,9}))?", re.ASCII),
}
_OF_A_BOOK = re.compile(r"([0-9A-Z]{1,6})/(.+)")
_NO_ATTEMPTS: dict[str, list[Any]] = {
    f"attempt_{name}": [] for name in ("books", "names", "orders", "items", "requests", "kinds", "banks")
}
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])", re.ASCII)
_BREAK = re.compile(r"([0-9]{1,9})", re.ASCII)


def trace(connection: Connection, reference: str) -> list[TraceFact]:
    """Every fact about a reference or a person, oldest first; empty when the books do not know it."""
    named = _named(connection, reference.strip())
    keys = _merged(named, _collect(connection, OF_A_LINE, _bind(named))) if named["credited"] else named
    attempts = _attempts(connection, keys)
    bind = _bind(keys) | attempts
    for thing, query in AROUND:
        if keys[thing]:
            keys = _merged(keys, _collect(connection, query, bind))
    keys = _merged(keys, _collect(connection, LINES, _bind(keys)))
    keys = _merged(keys, _collect(connection, BREAKS, _bind(_about(named, keys)) | attempts))
    bind = _bind(keys) | attempts
    told = [
        (row, sentence(row))
        for query, sentence in FACTS + STOPS + RECONCILED
        if any(keys[thing] for thing in THINGS if f"known_{thing}" in query)
        for row in _rows(connection, query, bind)
    ]
    return _facts(connection, told)


def _rows(connection: Connection, query: str, bind: Mapping[str, Any]) -> Sequence[Row[Any]]:
    whole = with_known(query)
    return connection.execute(text(whole), _used(whole, bind)).all()


def _named(connection: Connection, reference: str) -> Keys:
    """The things that bear this reference; of a difference also what it is about."""
    book, rest = _book(connection, reference)
    if book is None:
        return _bearing(connection, rest, book)
    month, number = _MONTH.fullmatch(rest), _BREAK.fullmatch(rest)
    if month:
        return _nothing() | {"act": [_Key(book, 0, date(int(month[1]), int(month[2]), 1), 0)]}
    if number is None:
        return _bearing(connection, rest, book)
    # In a book's name a bare number is a difference, not an order.
    found: Keys = _nothing() | {"break": [_Key(book, int(number[1]), None, 0)]}
    query = "SELECT subject FROM esep.break_item WHERE authority_id = :book AND break_number = :number"
    for subject in connection.execute(text(query), {"book": book, "number": int(number[1])}).scalars().all():
        found = _merged(found, _bearing(connection, subject, book))
    return found


def _bearing(connection: Connection, reference: str, book: int | None) -> Keys:
    """The things of a book or of every one that are called so."""
    bind = _reference_bind(reference, book)
    found: Keys = _collect(connection, NAMED, bind)
    if bind["iin"]:
        found = _merged(found, _collect(connection, BY_PERSON, bind))
    if bind["award"]:
        months = {"entry": bind["award"] // NUMBERS_AN_ENTRY, "book": book}
        bind["months"] = list(connection.execute(text(MONTHS_OF_AN_AWARD), months).scalars())
        found = _merged(found, _collect(connection, BY_AWARD, bind))
    return found


def _attempts(connection: Connection, keys: Keys) -> dict[str, list[Any]]:
    """The payments of the awards, as arrays for `known_attempt`."""
    whole = with_known(ATTEMPTS)
    rows = connection.execute(text(whole), _used(whole, _bind(keys))).all() if keys["award"] else []
    return {
        "attempt_books": [row.authority_id for row in rows],
        "attempt_names": [row.name for row in rows],
        "attempt_orders": [row.order_number for row in rows],
        "attempt_items": [row.item for row in rows],
        "attempt_requests": [row.request_number for row in rows],
        "attempt_kinds": [row.aid_kind for row in rows],
        "attempt_banks": [row.bic for row in rows],
    }


def _nothing() -> dict[str, list[_Key]]:
    return {thing: [] for thing in THINGS}


def _book(connection: Connection, reference: str) -> tuple[int | None, str]:
    """The book that a reference names before its slash, and the rest; None and the whole when it names none."""
    found = _OF_A_BOOK.fullmatch(reference)
    if found is None or _FORMS["award"].fullmatch(reference) or any(f.fullmatch(reference) for f in _PARTED.values()):
        return None, reference
    query = "SELECT authority_id FROM esep.authority WHERE code = :code"
    book = 0 if found[1] == "SC" else connection.execute(text(query), {"code": found[1]}).scalar_one_or_none()
    return (None, reference) if book is None else (int(book), found[2])


def _reference_bind(reference: str, book: int | None) -> dict[str, Any]:
    bind: dict[str, Any] = {"reference": reference, "book": book}
    for name, form in _FORMS.items():
        found = form.fullmatch(reference)
        bind[name] = None if found is None else found[1] if name == "iin" else int(found[1])
    for name, form in _PARTED.items():
        found = form.fullmatch(reference)
        bind[name] = int(found[1]) if found else None
        bind[f"{name}_part"] = int(found[2] or 0) if found else None
    return bind


def _collect(connection: Connection, query: str, bind: Mapping[str, Any]) -> dict[str, list[_Key]]:
    found = _nothing()
    whole = with_known(query)
    for row in connection.execute(text(whole), _used(whole, _NO_ATTEMPTS | dict(bind))):
        found[row.thing].append(_Key(row.authority_id, row.number, row.month, row.part))
    return found


def _merged(first: Keys, second: Keys) -> dict[str, list[_Key]]:
    return {thing: list(dict.fromkeys([*first[thing], *second[thing]])) for thing in THINGS}


def _about(named: Keys, keys: Keys) -> Keys:
    """What differences are looked for: all that a person or a payment leads to, else what was named alone."""
    return dict(named) | {"award": keys["award"], "credited": keys["credited"]}


def _bind(keys: Keys) -> dict[str, list[Any]]:
    bind: dict[str, list[Any]] = {}
    for thing in THINGS:
        bind[f"{thing}_books"] = [key.book for key in keys[thing]]
        bind[f"{thing}_numbers"] = [key.number for key in keys[thing]]
        bind[f"{thing}_months"] = [key.month for key in keys[thing]]
        bind[f"{thing}_parts"] = [key.part for key in keys[thing]]
    return bind


def _used(query: str, bind: Mapping[str, Any]) -> dict[str, Any]:
    """Only what a query asks for."""
    return {name: value for name, value in bind.items() if f":{name}" in query}


def _facts(connection: Connection, told: Sequence[tuple[Row[Any], str]]) -> list[TraceFact]:
    """The rows with the entries that brought them, in the order in which they became known."""
    places = list(dict.fromkeys((row.authority_id, row.entry_number) for row, _ in told))
    bind = {"books": [book for book, _ in places], "numbers": [number for _, number in places]}
    entries = {(one.authority_id, one.number): one for one in connection.execute(text(_ENTRIES), bind)}
    facts = []
    for row, sentence in told:
        values, entry = row._asdict(), entries[row.authority_id, row.entry_number]
        facts.append(
            TraceFact(
                authority_id=row.authority_id,
                entry_number=row.entry_number,
                booked_on=entry.booked_on,
                recorded_at=entry.recorded_at,
                sentence=sentence,
                document=values.get("document") or entry.document,
                version=values.get("version"),
                rule=values.get("rule") or "",
                actor=entry.actor,
            )
        )
    return sorted(facts, key=lambda fact: (fact.recorded_at, fact.authority_id, fact.entry_number))


_ENTRIES = f"""
    SELECT e.authority_id, e.number, e.booked_on, e.recorded_at, e.actor, {DOCUMENT} AS document
    FROM unnest(CAST(:books AS integer[]), CAST(:numbers AS bigint[])) AS k (book, number)
    JOIN esep.entry e ON e.authority_id = k.book AND e.number = k.number
"""  # noqa: S608 - constants
