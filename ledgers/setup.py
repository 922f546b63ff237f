"""Who takes part: the State Corporation, the banks, the authorities and their kinds of aid (R-005, R-010 to R-012).

A change is a new version, the highest one is in force; what was in force when a file was sent can be read again. The
rows of an authority, of its aid kinds and of their terms stand in its own book, those of the corporation and the banks,
the rates and the sets of rules in book 0.
"""

import csv
import functools
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from importlib import resources
from typing import Any, Literal

from sqlalchemy import Connection, Row, text

from ledgers import aid_terms, rates, rule_sets
from ledgers.aid_terms import AidTerm
from ledgers.errors import LedgerError
from ledgers.posting import append
from ledgers.rates import Rate
from ledgers.rule_sets import RuleSet

Periodicity = Literal["memorial", "one_off", "monthly", "quarterly"]


class SetupMissing(LedgerError):
    """Nobody told the books yet who takes part."""

    def __init__(self) -> None:
        super().__init__("the State Corporation, banks and authorities are not set up; run: esep setup import FILE")


class UnknownAuthority(LedgerError):
    """An authority code that no setup file named."""

    def __init__(self, code: str, known: Sequence[str]) -> None:
        self.code = code
        super().__init__(
            f"there is no authority {code!r}; known are {', '.join(known) or 'none'}: "
            "correct the code, or add the authority with: esep setup import FILE"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Corporation:
    """The State Corporation: payer of every file, the officials who sign for it, the KNP of refunds (R-011, R-017)."""

    bin: str
    name_kk: str
    name_ru: str
    iban: str
    bic: str
    terminal: str
    chief: str
    accountant: str
    irs: str
    seco: str
    signer: str
    signer_position_kk: str
    signer_position_ru: str
    director: str
    director_position_kk: str
    director_position_ru: str
    deputy: str
    deputy_position_kk: str
    deputy_position_ru: str
    refund_knp: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """A payment organisation (R-012) and its profile: charset and most items of one file (0 for no limit)."""

    bic: str
    bank_code: str
    name_kk: str
    name_ru: str
    bin: str
    transit_iban: str
    irs: str
    seco: str
    charset: str
    items_max: int
    knp: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """An authorised body (R-010): the owner of a book, the account that refunds go to, who signs its acts."""

    authority_id: int
    code: str
    bin: str
    name_kk: str
    name_ru: str
    region_kk: str
    region_ru: str
    district_kk: str
    district_ru: str
    iban: str
    bic: str
    irs: str
    seco: str
    signer: str
    signer_position_kk: str
    signer_position_ru: str
    first_order_number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AidKind:
    """A kind of aid of one authority (R-005, R-007); `memorial_day` is 'MM-DD', empty for the other periodicities."""

    authority_id: int
    code: str
    name_kk: str
    name_ru: str
    periodicity: Periodicity
    memorial_day: str
    purpose: str


Item = Corporation | Bank | Authority | AidKind | AidTerm | Rate | RuleSet

TABLES: dict[type[Item], tuple[str, tuple[str, ...]]] = {
    Corporation: ("corporation_version", ()),
    Bank: ("bank_version", ("bic",)),
    Authority: ("authority_version", ()),
    AidKind: ("aid_kind_version", ("code",)),
    AidTerm: ("aid_kind_term", ("code",)),
    Rate: ("rate_version", ("valid_from",)),
    RuleSet: ("rule_set_version", ("code",)),
}
"""Kind of item -> its table of versions, and what tells its items apart within a book."""


def corporation(connection: Connection) -> Corporation:
    """The State Corporation as in force.

    Raises:
        SetupMissing: no setup file was imported yet.
    """
    row = connection.execute(text("SELECT * FROM esep.corporation")).one_or_none()
    if row is None:
        raise SetupMissing
    return Corporation(**_item(row, own_book=False))


def banks(connection: Connection) -> dict[str, Bank]:
    """The banks as in force, by BIC."""
    rows = connection.execute(text("SELECT * FROM esep.bank ORDER BY bic"))
    return {row.bic: Bank(**_item(row, own_book=False)) for row in rows}


def authorities(connection: Connection) -> list[Authority]:
    """The authorities as in force, by number."""
    rows = connection.execute(text("SELECT * FROM esep.authority ORDER BY authority_id"))
    return [Authority(**_item(row)) for row in rows]


def authority(connection: Connection, code: str) -> Authority:
    """The authority with this code.

    Raises:
        UnknownAuthority: there is none; the known codes are named.
    """
    known = {item.code: item for item in authorities(connection)}
    if code not in known:
        raise UnknownAuthority(code, sorted(known))
    return known[code]


def chosen(connection: Connection, code: str | None) -> list[Authority]:
    """The authority with this code, or all of them without one.

    Raises:
        UnknownAuthority: there is none; the known codes are named.
    """
    return authorities(connection) if code is None else [authority(connection, code)]


def aid_kinds(connection: Connection, authority_id: int) -> dict[str, AidKind]:
    """The aid kinds of an authority as in force, by code."""
    rows = connection.execute(
        text("SELECT * FROM esep.aid_kind WHERE authority_id = :authority ORDER BY code"), {"authority": authority_id}
    )
    return {row.code: AidKind(**_item(row)) for row in rows}


def corporation_at(connection: Connection, day: date) -> Corporation:
    """The State Corporation as in force at the end of a day, or as it was first written down when that was later.

    Raises:
        SetupMissing: no setup file was imported yet.
    """
    found = _at(connection, Corporation, 0, day)
    if not found:
        raise SetupMissing
    return Corporation(**found[0])


def banks_at(connection: Connection, day: date) -> dict[str, Bank]:
    """The banks by BIC, each as in force at the end of a day, or as it was first written down when that was later."""
    return {values["bic"]: Bank(**values) for values in _at(connection, Bank, 0, day)}


def authority_at(connection: Connection, authority_id: int, day: date) -> Authority:
    """The authority as in force at the end of a day, or as it was first written down when that was later.

    Raises:
        UnknownAuthority: there is none with this number.
    """
    found = _at(connection, Authority, authority_id, day)
    if not found:
        raise UnknownAuthority(str(authority_id), [item.code for item in authorities(connection)])
    return Authority(**found[0])


def kinds_at(connection: Connection, authority_id: int, day: date) -> dict[str, AidKind]:
    """The aid kinds of an authority by code, each as in force at the end of a day, or as it was first written down."""
    return {values["code"]: AidKind(**values) for values in _at(connection, AidKind, authority_id, day)}


def _at(connection: Connection, made: type[Item], authority_id: int, day: date) -> list[Mapping[str, Any]]:
    """The values of a book's items by the booking date of the entries that brought their versions."""
    table, keys = TABLES[made]
    names = ", ".join(f"v.{field.name}" for field in fields(made))
    apart = ", ".join(f"v.{key}" for key in ("authority_id", *keys))
    rows = connection.execute(
        text(f"""
            SELECT DISTINCT ON ({apart}) {names}
            FROM esep.{table} v
            JOIN esep.entry e ON e.authority_id = v.authority_id AND e.number = v.entry_number
            WHERE v.authority_id = :authority
            ORDER BY {apart}, e.booked_on > :day,
                     CASE WHEN e.booked_on <= :day THEN v.version ELSE -v.version END DESC
        """),  # noqa: S608 - names come from TABLES and the items' fields
        {"authority": authority_id, "day": day},
    )
    return [row._asdict() for row in rows]


@functools.cache
def bank_codes() -> Mapping[str, str]:
    """BIC -> the three digits of the bank in an IBAN, for every participant of the payment system."""
    table = resources.files("ledgers").joinpath("data/bank_codes.csv").read_text(encoding="utf-8")
    return {row["bic"]: row["bank_code"] for row in csv.DictReader(table.splitlines())}


def book_of(item: Item) -> int:
    """The book that an item stands in: the authority's own, or 0."""
    return item.authority_id if isinstance(item, Authority | AidKind | AidTerm) else 0


def in_force(connection: Connection) -> list[Item]:
    """Every item as in force, rates and sets of rules that came along too."""
    found: list[Item] = [*rates.load(connection).rows, *rule_sets.load(connection), *aid_terms.in_force(connection)]
    if connection.execute(text("SELECT 1 FROM esep.corporation")).first():
        found.append(corporation(connection))
    found += banks(connection).values()
    for item in authorities(connection):
        found += [item, *aid_kinds(connection, item.authority_id).values()]
    return found


def append_version(connection: Connection, number: int, item: Item) -> int:
    """Append an item as its next version under entry `number` of its book; returns the version."""
    table, keys = TABLES[type(item)]
    values = {"authority_id": book_of(item)} | asdict(item)
    same = " AND ".join(f"{name} = :{name}" for name in ("authority_id", *keys))
    version = connection.execute(
        text(f"SELECT coalesce(max(version), 0) + 1 FROM esep.{table} WHERE {same}"),  # noqa: S608 - names come from TABLES
        {name: values[name] for name in ("authority_id", *keys)},
    ).scalar_one()
    append(connection, table, [values | {"version": version, "entry_number": number}])
    return int(version)


def _item(row: Row[Any], *, own_book: bool = True) -> Mapping[str, Any]:
    """The columns of a version that make the item itself."""
    left_out = {"version", "entry_number"} | (set() if own_book else {"authority_id"})
    return {name: value for name, value in row._asdict().items() if name not in left_out}
