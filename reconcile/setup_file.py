"""The setup file: a TOML of who takes part, and of the rates and rules they work by.

The tables are `[corporation]`, `[[bank]]`, `[[authority]]` and, under it, `[[authority.aid_kind]]`; their keys are the
columns of the registers, and each must be given. An aid kind may say more: when it may be decided, what its amount
is, whose programme it is. `[[rate]]` and `[[rule_set]]` add to the rates and the sets of rules that come along.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, get_args

from formats.errors import Fault, FormatError
from ledgers import setup
from ledgers.aid_terms import MRP_DAYS, AidTerm
from ledgers.identifiers import Bic, Bin, Iban
from ledgers.rates import Rate
from ledgers.rule_sets import RuleSet
from ledgers.setup import AidKind, Authority, Bank, Corporation, Item
from reconcile import setup_values as values

CHARSETS = ("cp1251", "cp866", "koi8-r", "utf-8")
SECTIONS = ("corporation", "bank", "authority", "rate", "rule_set")
NAME_MAX = 60
"""Letters of a name that stands in a file to a bank."""

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
_IN_FILES = ("name_ru", "chief", "accountant")

Conversion = tuple[str, Callable[[object], Any], str]
"""The field that a key becomes, how its value is read, and what was expected when it cannot be."""

_DAY = (values.day, "a day like 2024-03-01")
_TEXT = (values.text, "one line of text in quotes")
_LINE = (values.line, "one line of text in quotes, or empty quotes")
_TRUTH = (values.truth, "true or false")
_WHOLE_TENGE = (values.whole_tenge, "whole tenge above zero, like 3692")


def _mrp_day(value: object) -> str:
    if value not in MRP_DAYS:
        raise ValueError(value)
    return str(value)


TERM_KEYS: dict[str, Conversion] = {
    "valid_from": ("valid_from", *_DAY),
    "valid_to": ("valid_to", *_DAY),
    "mrp": ("mrp_hundredths", values.hundredths, 'a number above zero with at most two decimals in quotes, like "2.5"'),
    "fixed_amount": ("fixed_amount", values.tenge, 'tenge above zero in quotes, like "20000,00"'),
    "mrp_day": ("mrp_day", _mrp_day, f"one of {', '.join(MRP_DAYS)}"),
    "programme": ("programme", *_LINE),
    "source_system": ("source_system", *_LINE),
    "needs_category": ("needs_category", *_TRUTH),
    "payment_days": ("payment_days", values.windows, "windows of days of the month, like 5-10,20-25"),
    "active": ("is_active", *_TRUTH),
    "note": ("note", *_LINE),
}
"""Keys of an aid kind that say more than its name; a kind that has one of them says its whole term."""

RATE_KEYS: dict[str, Conversion] = {
    "valid_from": ("valid_from", *_DAY),
    "mrp": ("mrp", *_WHOLE_TENGE),
    "subsistence": ("subsistence", *_WHOLE_TENGE),
    "basis": ("basis", *_TEXT),
}
RULE_SET_KEYS: dict[str, Conversion] = {
    "code": ("code", *_TEXT),
    "valid_from": ("valid_from", *_DAY),
    "valid_to": ("valid_to", *_DAY),
    "places": ("places", values.text, "names of cities or regions in Kazakh, apart by semicolons"),
    "basis": ("basis", *_TEXT),
}


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


def named(item: Item) -> str:
    """An item in words: 'bank HSBKKZKX', 'aid kind A of authority 1'."""
    match item:
        case Corporation():
            words = "State Corporation"
        case Bank():
            words = f"bank {item.bic}"
        case Authority():
            words = f"authority {item.code}"
        case AidKind():
            words = f"aid kind {item.code} of authority {item.authority_id}"
        case AidTerm():
            words = f"term of aid kind {item.code} of authority {item.authority_id}"
        case Rate():
            words = f"rate from {item.valid_from:%d.%m.%Y}"
        case RuleSet():
            words = f"rule set {item.code}"
    return words


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
        found += [self.converted(Rate, RATE_KEYS, table, place) for place, table in self._tables(document, "rate")]
        for place, table in self._tables(document, "rule_set"):
            found.append(self.converted(RuleSet, RULE_SET_KEYS, table, place))
        items = [item for item in found if item is not None]
        self._doubles(items)
        if not document:
            self._fault("file", "no section", "a [corporation], [[bank]] or [[authority]]", "add one")
        return items

    def authority(self, table: Mapping[str, Any], place: str) -> list[Item | None]:
        """An authority, its aid kinds, and the terms of those that say one."""
        found = [self.item(Authority, {key: value for key, value in table.items() if key != "aid_kind"}, place)]
        number = table.get("authority_id")
        for where, kind in self._tables(table, "aid_kind", f"{place}."):
            own = {key: value for key, value in kind.items() if key not in TERM_KEYS}
            term = {key: value for key, value in kind.items() if key in TERM_KEYS}
            found.append(self.item(AidKind, own, where, {"authority_id": number}))
            if term and found[-1] is not None:
                given = {"authority_id": number, "code": own["code"]}
                found.append(self.converted(AidTerm, TERM_KEYS, term, where, given))
        return found

    def converted(
        self,
        made: type[AidTerm] | type[Rate] | type[RuleSet],
        keys: Mapping[str, Conversion],
        table: Mapping[str, Any],
        place: str,
        given: Mapping[str, Any] | None = None,
    ) -> Item | None:
        """One item whose values are more than texts, or None when its table has a fault; a term may leave keys out."""
        before = len(self.faults)
        found = dict(given or {})
        for name in table:
            if name not in keys:
                self._fault(f"{place}.{name}", name, f"one of {', '.join(keys)}", "remove it, or correct its name")
        for name, (field, convert, expected) in keys.items():
            if name not in table:
                if made is not AidTerm:
                    self._fault(f"{place}.{name}", "no such key", "a value", f"add {name} = ...")
                continue
            try:
                found[field] = convert(table[name])
            except ValueError:
                self._fault(f"{place}.{name}", repr(table[name]), expected, "correct it")
        if len(self.faults) > before:
            return None
        item = made(**found)
        self._check(item, place)
        return item

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
            case AidTerm():
                self._term(item, place)
            case RuleSet():
                self._validity(item, place)
            case AidKind():
                if (item.periodicity == "memorial") != bool(item.memorial_day):
                    expected = "MM-DD for a memorial date, empty for the others"
                    self._fault(f"{place}.memorial_day", item.memorial_day, expected, "correct it or the periodicity")
            case Bank():
                self._names(item, place)
                self._bank(f"{place}.bank_code", item.bic, item.bank_code)
                self._bank(f"{place}.transit_iban", item.bic, Iban(item.transit_iban).bank_code)
            case Corporation() | Authority():
                self._names(item, place)
                self._bank(f"{place}.iban", item.bic, Iban(item.iban).bank_code)

    def _names(self, item: Item, place: str) -> None:
        for name in _IN_FILES:
            written = getattr(item, name, "")
            if len(written) > NAME_MAX:
                expected = f"at most {NAME_MAX} letters, as many as a name in a file to a bank may have"
                found = f"{len(written)} letters: {written}"
                self._fault(f"{place}.{name}", found, expected, "shorten it as the charter allows")

    def _term(self, term: AidTerm, place: str) -> None:
        self._validity(term, place)
        if term.mrp_hundredths and term.fixed_amount:
            self._fault(f"{place}.fixed_amount", "mrp and fixed_amount", "one of the two", "leave the right one")
        if not term.is_active and not term.note:
            self._fault(f"{place}.note", "", "why the kind is not active", "say what has to be decided")

    def _validity(self, item: AidTerm | RuleSet, place: str) -> None:
        if item.valid_from > item.valid_to:
            expected = f"a day not before {item.valid_from:%d.%m.%Y}"
            self._fault(f"{place}.valid_to", f"{item.valid_to:%d.%m.%Y}", expected, "correct one of the two days")

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
