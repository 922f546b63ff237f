"""Counts and sums of a payment message proved while it streams by, and what was written proved by reading it again.

>>> from formats.mx_nodes import Amount
>>> totals = Totals(Findings("march.xml"))
>>> for value in (500000, 876000):
...     totals.add(Amount(value=value, currency="KZT"))
>>> totals.check_sum(4, "GrpHdr/CtrlSum", 1376001)
>>> print(totals.findings.faults[0])
line 4, GrpHdr/CtrlSum: found '13760.01', expected 13760.00, the sum of 2 transactions (difference 0.01); \
ask the sender for a corrected file
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from formats.amounts import display_amount
from formats.errors import Code, Fault, Findings, FormatError
from formats.mx_nodes import Amount, Node, local_name
from formats.mx_write import CORRECT, Part, document, element, to_correct, validate

Message = TypeVar("Message")
_ORDER = re.compile(r"not expected|Missing child")


class Totals:
    """How many transactions went by, what they come to, and whether all of them are of one currency."""

    def __init__(self, findings: Findings) -> None:
        """Start with none."""
        self.findings = findings
        self.count = 0
        self.value = 0
        self.currency = ""
        self._whole = True

    def add(self, amount: Amount | None, node: Node | None = None, path: str = "") -> None:
        """Count a transaction; without an amount the sum is not known any more, another currency is a fault."""
        self.count += 1
        if amount is None:
            self._whole = False
            return
        self.value += amount.value
        self.currency = self.currency or amount.currency
        if amount.currency != self.currency and node is not None:
            expected = f"{self.currency} as before: one currency in a message"
            node.fault(Code.CURRENCY, path, amount.currency, expected, "ask the sender for a message for each currency")

    def check_count(self, line: int | None, place: str, stated: int | None) -> None:
        """A fault when another number of transactions is stated."""
        if stated is not None and stated != self.count:
            expected = f"{self.count}, the transactions counted (difference {abs(stated - self.count)})"
            self.findings.fault(Code.TOTAL, line, place, str(stated), expected)

    def check_sum(self, line: int | None, place: str, stated: int | None) -> None:
        """A fault when another sum is stated, unless the amount of a transaction was a fault itself."""
        if stated is not None and self._whole and stated != self.value:
            difference = dotted(abs(stated - self.value))
            expected = f"{dotted(self.value)}, the sum of {self.count} transactions (difference {difference})"
            self.findings.fault(Code.TOTAL, line, place, dotted(stated), expected)

    def check_total(self, line: int | None, place: str, stated: Amount | None) -> None:
        """check_sum() of a total with a currency, which must be that of the transactions."""
        if stated is None:
            return
        self.check_sum(line, place, stated.value)
        if self.currency and stated.currency != self.currency:
            expected = f"{self.currency}, the currency of the transactions"
            self.findings.fault(Code.CURRENCY, line, place, stated.currency, expected)


def stands_in(node: Node, parents: Collection[str]) -> bool:
    """Whether the element stands in one of these; a fault when it stands elsewhere, where it would be misunderstood."""
    parent = node.element.getparent()
    where = "" if parent is None else local_name(parent)
    if where in parents:
        return True
    remedy = "ask the sender for a file that follows the message definition"
    node.findings.fault(
        Code.XML_SCHEMA, node.line, node.place, f"inside {where}", f"inside {next(iter(parents))}", remedy
    )
    return False


def stated_count(node: Node, path: str = "NbOfTxs") -> int:
    """The number of transactions that a header states; a fault when it states none."""
    count = node.number(path)
    if count is None and not node.has(path):
        node.missing(path)
    return count or 0


def dotted(hundredths: int) -> str:
    """A sum for the eyes, with a dot as these messages have it."""
    return display_amount(hundredths).replace(",", ".")


def money_element(name: str, amount: Amount | int | None) -> Part | None:
    """The element of an amount or of a sum without a currency; None when there is none.

    What cannot be written is left to the proof to refuse.
    """
    if isinstance(amount, Amount):
        return element(name, dotted(amount.value), Ccy=amount.currency)
    return element(name, "" if amount is None else dotted(amount))


def proven(
    name: str,
    version: str,
    body: Part | None,
    message: Message,
    read: Callable[[bytes, str], tuple[Message, ...]],
) -> bytes:
    """The document of a message, which is read back as the same message and which its schema accepts.

    Raises FormatError with every value that would be read otherwise and every one that the schema refuses.
    """
    title = f"{name} to write"
    data = document(name, version, body)
    faults = _read_otherwise(data, title, message, read)
    for breach in validate(data):
        # A lacking element was named by the reader already; the schema only wonders at the one after it.
        if not (faults and _ORDER.search(breach.found)):
            faults.append(replace(breach, place=_named(body, breach.place)))
    if faults:
        raise FormatError(title, [_here(fault) for fault in faults])
    return data


def _read_otherwise(
    data: bytes, title: str, message: Message, read: Callable[[bytes, str], tuple[Message, ...]]
) -> list[Fault]:
    try:
        back = read(data, title)
    except FormatError as error:
        return list(error.faults)
    if back == (message,):
        return []
    return list(_otherwise(message, back[0])) or [to_correct("message", "it", "another")]


def _here(fault: Fault) -> Fault:
    """The fault of a document that nobody has yet, so that its lines say nothing."""
    return replace(fault, code=Code.UNWRITABLE, line=None, remedy=CORRECT)


def _named(body: Part | None, path: str) -> str:
    """The names of the elements on a path such as /*/*/2/1, which says their places below the document."""
    names: list[str] = []
    for step in path.split("/")[3:]:
        children = body.content if body is not None and not isinstance(body.content, str) else ()
        place = int(step) if step.isdigit() else 1
        if place > len(children):
            return path
        body = children[place - 1]
        same = sum(1 for one in children[:place] if one.name == body.name)
        names.append(f"{body.name} {same}" if sum(1 for one in children if one.name == body.name) > 1 else body.name)
    return "/".join(names) or path


def differences(given: Any, back: Any, place: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Where the two differ, by the names of the fields and the places in lists counted from 1, with both values."""
    if given == back:
        return
    if is_dataclass(given) and type(given) is type(back):
        for one in fields(given):
            yield from differences(getattr(given, one.name), getattr(back, one.name), f"{place} {one.name}".strip())
    elif isinstance(given, tuple) and isinstance(back, tuple) and len(given) == len(back):
        names = getattr(given, "_fields", range(1, len(given) + 1))
        for name, here, there in zip(names, given, back, strict=True):
            yield from differences(here, there, f"{place} {name}".strip())
    else:
        yield place, given, back


def _otherwise(given: Any, back: Any) -> Iterator[Fault]:
    for place, here, there in differences(given, back):
        if place.endswith("version"):
            yield to_correct(place, str(here), f"{there}, the version that is written")
        elif place.endswith("other"):
            yield to_correct(place, str(here), "nothing: these elements are read and kept, and not written")
        else:
            yield to_correct(place, str(here), f"a value that is read back as it is, not as {there}")
