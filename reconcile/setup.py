"""Setup: who takes part (R-005, R-010 to R-012), from a TOML file: corporation, banks, authorities, aid kinds.

The tables are `[corporation]`, `[[bank]]`, `[[authority]]` and, under it, `[[authority.aid_kind]]`; their keys are the
columns of the registers, and each must be given. What is new or changed becomes a new version, what is equal changes
nothing, and what the file leaves out stays as it is; so the same file again changes nothing.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, get_args

from sqlalchemy import Connection

from formats.errors import Fault, FormatError
from ledgers import posting, setup
from ledgers.identifiers import Bic, Bin, Iban
from ledgers.journal import EntryDraft
from ledgers.setup import AidKind, Authority, Bank, Corporation, Item
from reconcile.desk import Desk
from reconcile.inbox import received

CHARSETS = ("cp1251", "cp866", "utf-8")
SECTIONS = ("corporation", "bank", "authority")

# A whole city has no district and a republican one no region; only a memorial date has a day of its own.
_MAY_BE_EMPTY = {"region_kk", "region_ru", "district_kk", "district_ru", "memorial_day"}
_NUMBERS = {"authority_id": (1, 999), "first_order_number": (1, 99_999_999), "items_max": (0, 999_999)}
_SHAPES = {
    "irs": ("[12]", "1 (resident) or 2"),
    "seco": ("[0-9A]", "one digit of the economic sector"),
    "knp": ("[0-9]{3}", "three digits"),
    "refund_knp": ("[0-9]{3}", "three digits"),
    "bank_code": ("[0-9]{3}", "three digits"),
    "terminal": ("[0-9A-Z]{12}", "twelve capital letters and digits"),
    "code": ("[0-9A-Z]{1,6}", "one to six capital Latin letters and digits"),
}
_IDENTIFIERS: dict[str, Callable[[str], object]] = {"bin": Bin, "bic": Bic, "iban": Iban, "transit_iban": Iban}
_WORDS = {"charset": CHARSETS, "periodicity": get_args(setup.Periodicity)}


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupImport:
    """What a setup file changed: items in words with their new version, and how many stayed as they were."""

    changed: tuple[str, ...]
    unchanged: int

    @property
    def is_repeat(self) -> bool:
        """Whether the books knew all of it already."""
        return not self.changed


def import_file(desk: Desk, path: Path) -> SetupImport:
    """Bring the books up to a setup file, in one transaction.

    Raises:
        FormatError: keys, check digits, banks or codes are wrong, or two authorities would be mixed up.
    """
    with received(desk, path, "setup") as file:
        items = read(file.read(), file.name)
        with desk.database.begin() as connection:
            result = _apply(desk, connection, items, file.stored.sha256, file.name)
            file.accept(connection)
    return result


def read(content: bytes, source: str) -> list[Item]:
    """The items of a setup file.

    Raises:
        FormatError: every fault that the file alone shows.
    """
    try:
        document = tomllib.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        fault = Fault(line=None, place="file", found=str(error), expected="TOML in UTF-8", remedy="correct the file")
        raise FormatError(source, [fault]) from error
    reader = _Reader([])
    items = reader.document(document)
    if reader.faults:
        raise FormatError(source, reader.faults)
    return items


def _apply(desk: Desk, connection: Connection, items: Sequence[Item], digest: bytes, source: str) -> SetupImport:
    posting.lock(connection, [0, *(setup.book_of(item) for item in items)])
    known = setup.in_force(connection)
    faults = [*_without_authority_clash(known, items), *_without_corporation(known, items)]
    if faults:
        raise FormatError(source, faults)
    fresh = [item for item in items if item not in known]
    changed: list[str] = []
    for book in sorted({setup.book_of(item) for item in fresh}):
        own = [item for item in fresh if setup.book_of(item) == book]
        changed += _append(desk, connection, book, own, digest, source)
    return SetupImport(changed=tuple(changed), unchanged=len(items) - len(fresh))


def _append(
    desk: Desk, connection: Connection, book: int, items: Sequence[Item], digest: bytes, source: str
) -> list[str]:
    number = posting.next_number(connection, book)
    changed = [f"{named(item)}, version {setup.append_version(connection, number, item)}" for item in items]
    draft = EntryDraft(
        kind="setup_imported",
        booked_on=desk.today,
        value_date=desk.today,
        actor=desk.actor,
        # The number belongs to the key: a file that takes an earlier one back may bring the same bytes a second time.
        source_key=f"setup:{digest.hex()}:{number}",
        source_digest=digest,
        summary=f"{source}: {'; '.join(changed)}",
    )
    posting.seal(connection, book, number, draft, {setup.TABLES[type(item)][0] for item in items})
    return changed


def named(item: Item) -> str:
    """An item in words: 'bank HSBKKZKX', 'aid kind A of authority 1'."""
    match item:
        case Corporation():
            return "State Corporation"
        case Bank():
            return f"bank {item.bic}"
        case Authority():
            return f"authority {item.code}"
        case AidKind():
            return f"aid kind {item.code} of authority {item.authority_id}"


def _without_corporation(known: Iterable[Item], items: Iterable[Item]) -> list[Fault]:
    if any(isinstance(item, Corporation) for item in [*known, *items]):
        return []
    return [
        Fault(line=None, place="corporation", found="", expected="the State Corporation", remedy="add [corporation]")
    ]


def _without_authority_clash(known: Iterable[Item], items: Iterable[Item]) -> list[Fault]:
    """Two authorities that a file, a transfer or an order number could not tell apart, once the file is applied."""
    after = {item.authority_id: item for item in [*known, *items] if isinstance(item, Authority)}
    faults: list[Fault] = []
    for key in ("code", "bin", "first_order_number"):
        holders: dict[object, int] = {}
        for item in after.values():
            value = getattr(item, key)
            if holders.setdefault(value, item.authority_id) != item.authority_id:
                faults.append(
                    Fault(
                        line=None,
                        place=f"authority {item.authority_id}.{key}",
                        found=str(value),
                        expected=f"another value than that of authority {holders[value]}",
                        remedy="give each authority its own",
                    )
                )
    return faults


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads tables into items; collects every fault with the path of its key."""

    faults: list[Fault]

    def document(self, document: Mapping[str, Any]) -> list[Item]:
        """All items of the file."""
        for key in document:
            if key not in SECTIONS:
                self._fault(key, key, f"one of {', '.join(SECTIONS)}", "remove it, or correct its name")
        found: list[Item | None] = []
        if "corporation" in document:
            found += [self.item(Corporation, table, place) for place, table in self._corporation(document)]
        found += [self.item(Bank, table, place) for place, table in self._tables(document, "bank")]
        for place, table in self._tables(document, "authority"):
            found += self.authority(table, place)
        items = [item for item in found if item is not None]
        self._doubles(items)
        if not document:
            self._fault("file", "no section", "a [corporation], [[bank]] or [[authority]]", "add one")
        return items

    def authority(self, table: Mapping[str, Any], place: str) -> list[Item | None]:
        """An authority and its aid kinds."""
        own = self.item(Authority, {key: value for key, value in table.items() if key != "aid_kind"}, place)
        kinds = self._tables(table, "aid_kind", f"{place}.")
        number = table.get("authority_id")
        return [own, *(self.item(AidKind, kind, where, {"authority_id": number}) for where, kind in kinds)]

    def item(
        self, made: type[Item], table: Mapping[str, Any], place: str, given: Mapping[str, Any] | None = None
    ) -> Item | None:
        """One item, or None when its table has a fault."""
        before = len(self.faults)
        names = [field.name for field in fields(made) if field.name not in (given or {})]
        for name in table:
            if name not in names:
                self._fault(f"{place}.{name}", name, f"one of {', '.join(names)}", "remove it, or correct its name")
        for name in names:
            if name in table:
                self._value(f"{place}.{name}", name, table[name])
            else:
                self._fault(f"{place}.{name}", "no such key", "a value", f"add {name} = ...")
        if len(self.faults) > before:
            return None
        item = made(**table, **(given or {}))
        self._check(item, place)
        return item

    def _corporation(self, document: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
        table = document["corporation"]
        if isinstance(table, dict):
            return [("corporation", table)]
        self._fault("corporation", repr(table), "one table", "write [corporation]")
        return []

    def _tables(self, table: Mapping[str, Any], name: str, before: str = "") -> list[tuple[str, Mapping[str, Any]]]:
        rows = table.get(name, [])
        if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
            return [(f"{before}{name}[{place}]", row) for place, row in enumerate(rows, start=1)]
        self._fault(f"{before}{name}", "one table", "a list of tables", f"write [[{before and 'authority.'}{name}]]")
        return []

    def _value(self, place: str, name: str, value: Any) -> None:
        """Check one value by the name of its key."""
        if name in _NUMBERS:
            low, high = _NUMBERS[name]
            if type(value) is not int or not low <= value <= high:
                self._fault(place, repr(value), f"a whole number from {low} to {high}", "correct it")
        elif not isinstance(value, str) or value != value.strip() or "\n" in value:
            self._fault(place, repr(value), "one line of text in quotes, no space at its ends", "correct it")
        elif not value:
            if name not in _MAY_BE_EMPTY:
                self._fault(place, value, "a text", "fill it in")
        elif (expected := _wrong_text(name, value)) is not None:
            self._fault(place, value, expected, "compare it with the source document")

    def _check(self, item: Item, place: str) -> None:
        """Check what one item's values say together."""
        match item:
            case AidKind():
                if (item.periodicity == "memorial") != bool(item.memorial_day):
                    expected = "MM-DD for a memorial date, empty for the others"
                    self._fault(f"{place}.memorial_day", item.memorial_day, expected, "correct it or the periodicity")
            case Bank():
                self._bank(f"{place}.bank_code", item.bic, item.bank_code)
                self._bank(f"{place}.transit_iban", item.bic, Iban(item.transit_iban).bank_code)
            case Corporation() | Authority():
                self._bank(f"{place}.iban", item.bic, Iban(item.iban).bank_code)

    def _bank(self, place: str, bic: str, code: str) -> None:
        expected = setup.bank_codes().get(bic)
        if expected is None:
            bic_place = f"{place.rpartition('.')[0]}.bic"
            self._fault(bic_place, bic, "a bank of the list ledgers/data/bank_codes.csv", "correct the BIC")
        elif code != expected:
            self._fault(place, code, f"the bank code {expected} of {bic} (E46)", "correct the account or the bank")

    def _doubles(self, items: Iterable[Item]) -> None:
        seen: set[tuple[object, ...]] = set()
        for item in items:
            keys = setup.TABLES[type(item)][1]
            key = (type(item), setup.book_of(item), *(getattr(item, name) for name in keys))
            if key in seen:
                self._fault(named(item), "twice in the file", "each once", "remove one of the two")
            seen.add(key)

    def _fault(self, place: str, found: str, expected: str, remedy: str) -> None:
        self.faults.append(Fault(line=None, place=place, found=found, expected=expected, remedy=remedy))


def _wrong_text(name: str, value: str) -> str | None:
    """What a text of this key should be instead; None when it is right."""
    if name in _IDENTIFIERS:
        try:
            _IDENTIFIERS[name](value)
        except ValueError as error:
            return str(getattr(error, "expected", error))
    if name in _SHAPES and not re.fullmatch(_SHAPES[name][0], value, re.ASCII):
        return _SHAPES[name][1]
    if name in _WORDS and value not in _WORDS[name]:
        return f"one of {', '.join(_WORDS[name])}"
    if name == "memorial_day" and not _is_day(value):
        return "a day of every year written MM-DD, like 03-21"
    return None


def _is_day(value: str) -> bool:
    if not re.fullmatch("[0-9]{2}-[0-9]{2}", value, re.ASCII):
        return False
    try:
        # A year that is not a leap year: a day that some years lack cannot be a memorial date of each.
        date.fromisoformat(f"2023-{value}")
    except ValueError:
        return False
    return True
