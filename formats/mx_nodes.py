"""The values of an ISO 20022 element: texts, amounts, days and moments by the local names of their paths.

A node remembers what was asked for, so that other() is all the rest: what a reader does not know is kept and noted,
never dropped. Names are taken in the namespace of the element itself.

>>> from lxml import etree
>>> text = '<Ntry xmlns="urn:x"><Amt Ccy="KZT">7745.7</Amt><Sts><Cd>BOOK</Cd></Sts><New>1</New></Ntry>'
>>> element = etree.fromstring(text)
>>> node = Node(element, findings := Findings("march.xml"))
>>> node.amount("Amt"), node.text("Sts/Cd", "Sts"), node.other()
(Amount(value=774570, currency='KZT'), 'BOOK', (('New', '1'),))
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from formats.amounts import AMOUNT_MAX
from formats.errors import RESEND, Code, Findings

if TYPE_CHECKING:
    from lxml import etree

BLANKS = " \t\r\n"
AMOUNT_EXPECTED = "digits, a dot and at most two digits, like 18460.00, without a sign"
_AMOUNT = re.compile(r"[0-9]{1,15}(?:\.([0-9]{0,5}))?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(Z|[+-][0-9]{2}:[0-9]{2})?")
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_UNKNOWN = "is not read and kept with the other elements"


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """Money in hundredths of its currency: tiyn where the currency is KZT."""

    value: int
    currency: str


class Node:
    """An element with the findings of its file; what is asked for is taken, and other() is what nobody took."""

    __slots__ = ("_index", "_prefix", "_taken", "_without", "element", "findings", "place")

    def __init__(
        self, element: "etree._Element", findings: Findings, place: str = "", without: Collection[str] = ()
    ) -> None:
        """Look at an element; `place` stands before its paths in faults and is its local name when not given.

        Children named in `without` are read by somebody else and are not looked at.
        """
        self.element = element
        self.findings = findings
        self.place = place or local_name(element)
        self._prefix = str(element.tag)[: -len(local_name(element))]
        self._without = {self._prefix + name for name in without}
        self._taken: set[Any] = set()
        self._index: dict[str, list[etree._Element]] | None = None

    @property
    def line(self) -> int | None:
        """The line of the file that the element begins on."""
        return line_of(self.element)

    def has(self, path: str) -> bool:
        """Whether there is an element at the path."""
        return self._find(path) is not None

    def text(self, *paths: str) -> str:
        """The text at the first of these paths that has one, '' when none has; blanks around it are taken off."""
        for path in paths:
            found = self._find(path)
            if found is not None and not len(found) and (text := self._take(found)):
                return text
        return ""

    def required(self, *paths: str) -> str:
        """text(), and a fault where there is none."""
        text = self.text(*paths)
        if not text:
            self.missing(paths[0])
        return text

    def texts(self, path: str) -> tuple[str, ...]:
        """The texts of all elements at the path, such as the lines of an unstructured remittance."""
        return tuple(text for found in self._all(path) if (text := self._take(found)))

    def node(self, *paths: str) -> "Node | None":
        """The element at the first of these paths that is there, as a node of its own: its rest is its own too."""
        for path in paths:
            found = self._find(path)
            if found is not None:
                self._taken.add(found)
                return Node(found, self.findings, f"{self.place}/{path}")
        return None

    def nodes(self, path: str) -> tuple["Node", ...]:
        """All elements at the path as nodes of their own."""
        found = self._all(path)
        self._taken.update(found)
        return tuple(Node(one, self.findings, f"{self.place}/{path}") for one in found)

    def amount(self, *paths: str) -> Amount | None:
        """The amount at the first of these paths that is there, None when there is none or it is a fault."""
        for path in paths:
            found = self._find(path)
            if found is not None:
                return self._amount(found, path, found.get("Ccy"))
        return None

    def number(self, path: str) -> int | None:
        """The whole number at the path, None when there is none or it is a fault."""
        text = self.text(path)
        if text and not re.fullmatch(r"[0-9]{1,18}", text):
            self.fault(Code.VALUE, path, text, "a number of at most 18 digits")
            return None
        return int(text) if text else None

    def total(self, *paths: str) -> int | None:
        """The hundredths of a sum that carries no currency of its own (CtrlSum, TtlNtries/Sum), None like amount()."""
        for path in paths:
            found = self._find(path)
            if found is not None:
                amount = self._amount(found, path, found.get("Ccy") or "")
                return None if amount is None else amount.value
        return None

    def day(self, *paths: str) -> date | None:
        """The day at the first of these paths that is there, also out of a moment; None like amount()."""
        for path in paths:
            if text := self.text(path):
                match = _DAY.fullmatch(text) or _MOMENT.fullmatch(text)
                try:
                    return date.fromisoformat(match[1][:10] if match else "")
                except ValueError:
                    self.fault(Code.DATE, path, text, "a day like 2024-03-14")
                    return None
        return None

    def moment(self, *paths: str) -> str:
        """The moment at the first of these paths that is there, as it is written, time zone and all; '' like text()."""
        for path in paths:
            if text := self.text(path):
                match = _MOMENT.fullmatch(text)
                try:
                    datetime.fromisoformat((match[1] if match else "") + (match[3] or "" if match else ""))
                except ValueError:
                    self.fault(Code.DATE, path, text, "a moment like 2024-03-14T09:30:00+05:00")
                    return ""
                return text
        return ""

    def missing(self, path: str) -> None:
        """Say that the element at the path is lacking."""
        self.findings.fault(Code.MISSING, self.line, f"{self.place}/{path}", "nothing", f"an element {path}", RESEND)

    def fault(self, code: Code, path: str, found: str, expected: str, remedy: str = RESEND) -> None:
        """Say what is wrong at the path."""
        there = self._find(path)
        line = self.line if there is None else line_of(there)
        self.findings.fault(code, line, f"{self.place}/{path}", found, expected, remedy)

    def other(self) -> tuple[tuple[str, str], ...]:
        """The path and the text of everything that nobody took, each noted; an attribute stands as path/@name."""
        rest = tuple(self._rest(self.element, ""))
        for path, text, line in rest:
            self.findings.note(line, f"{self.place}/{path}", text, _UNKNOWN)
        return tuple((path, text) for path, text, _ in rest)

    def look_again(self) -> None:
        """Look at what the file has added to the element since; what was taken stays taken."""
        self._index = None

    def _find(self, path: str) -> "etree._Element | None":
        found = self._all(path)
        return found[0] if found else None

    def _all(self, path: str) -> Sequence["etree._Element"]:
        # Most paths of most elements are not there: one walk finds the ones that are, for all questions together.
        if self._index is None:
            self._index = {}
            self._walk(self.element, "", self._index)
        return self._index.get(path, ())

    def _walk(self, element: "etree._Element", path: str, index: "dict[str, list[etree._Element]]") -> None:
        prefix, length = self._prefix, len(self._prefix)
        for child in element:
            tag = str(child.tag)
            if tag.startswith(prefix) and tag not in self._without:
                here = path + tag[length:]
                index.setdefault(here, []).append(child)
                if len(child):
                    self._walk(child, f"{here}/", index)

    def _take(self, found: "etree._Element") -> str:
        self._taken.add(found)
        return (found.text or "").strip(BLANKS)

    def _amount(self, found: "etree._Element", path: str, currency: str | None) -> Amount | None:
        text = self._take(found)
        match = _AMOUNT.fullmatch(text)
        cents = (match[1] or "").ljust(2, "0") if match else ""
        if match is None or cents[2:].strip("0"):
            self.fault(Code.AMOUNT, path, text, AMOUNT_EXPECTED)
            return None
        if currency is None or (currency and not _CURRENCY.fullmatch(currency)):
            self.fault(Code.CURRENCY, path, currency or "nothing", "Ccy of three capital letters, like KZT")
            return None
        value = int(text.partition(".")[0] + cents[:2])
        if value > AMOUNT_MAX:
            self.fault(Code.AMOUNT, path, text, "at most 922337203685477.58")
            return None
        return Amount(value=value, currency=currency)

    def _rest(self, element: "etree._Element", path: str) -> Iterator[tuple[str, str, int | None]]:
        for child in element:
            if child.tag in self._without:
                continue
            here = f"{path}{local_name(child)}"
            taken = child in self._taken
            for name in map(str, child.attrib):
                if not (taken and name == "Ccy"):
                    yield f"{here}/@{name}", child.get(name) or "", line_of(child)
            if len(child):
                # A node of its own says itself what it did not take.
                if not taken:
                    yield from self._rest(child, f"{here}/")
            elif not taken:
                yield here, (child.text or "").strip(BLANKS), line_of(child)


def local_name(element: "etree._Element") -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def line_of(element: Any) -> int | None:
    """The line of the file that an element begins on; after line 65 535 it may be that of the first text in it."""
    return int(element.sourceline) if element.sourceline else None
