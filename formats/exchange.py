"""The documents that Esep sends as XML: request, return notice, Appendix 1 act, Appendix 2 statement.

M-4, M-8, M-11 and M-12 of the exchange between the State Corporation and the authority. Each document has a schema in
schemas/; write() gives the same bytes for the same document, and read() takes them back, checking schema and totals.
Amounts are whole tiyn here, digits with a comma and two digits there. Totals stand in the XML for those who read it
without counting, and are checked against the lines.

>>> person = Person(full_name="Әлия Серік", position_kk="директор", position_ru="директор")
>>> act = TransferAct(month=date(2024, 3, 1), authority_bin="000000000000", authority_kk="а", authority_ru="а",
...     corporation_kk="к", corporation_ru="к", rows=(), corporation_signer=person, authority_signer=person)
>>> read(write(act), "act.xml") == act
True
"""

from collections.abc import Iterable, Iterator
from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints

from formats.amounts import format_amount, parse_amount
from formats.documents import (
    Document,
    FundsRequest,
    FundsRequestLine,
    PaymentStatement,
    Person,
    ReturnNotice,
    ReturnNoticeLine,
    StatementRow,
    TransferAct,
    TransferRow,
)
from formats.errors import Fault, FormatError

if TYPE_CHECKING:
    from lxml import etree

SCHEMAS = Path(__file__).parent / "schemas"


__all__ = [
    "Document",
    "FundsRequest",
    "FundsRequestLine",
    "PaymentStatement",
    "Person",
    "ReturnNotice",
    "ReturnNoticeLine",
    "StatementRow",
    "TransferAct",
    "TransferRow",
    "read",
    "write",
]

_ROOTS: dict[type[Document], tuple[str, str]] = {
    FundsRequest: ("request", "request-1.xsd"),
    ReturnNotice: ("return-notice", "return-notice-1.xsd"),
    TransferAct: ("appendix1", "appendix1-1.xsd"),
    PaymentStatement: ("appendix2", "appendix2-1.xsd"),
}
# What is counted from the rest; it is written, and compared when read.
_COUNTED: dict[type[Any], tuple[str, ...]] = {
    FundsRequest: ("amount",),
    ReturnNotice: ("count", "amount"),
    TransferAct: ("total",),
    StatementRow: ("paid_count", "paid"),
    PaymentStatement: tuple(
        f"total.{name}" for name in ("sent_count", "sent", "returned_count", "returned", "paid_count", "paid")
    ),
}
_MONEY = {"amount", "total", "sent", "returned", "paid"}
_MONTHS = {"month", "due_month"}


def write(document: Document) -> bytes:
    """The document as XML in UTF-8, valid against its schema.

    Raises ValueError for a text that XML cannot carry or an amount that is too large.
    """
    from lxml import etree

    root, _ = _ROOTS[type(document)]
    element = _element(document, root, f"urn:esep:{root}:1")
    etree.indent(element)
    return etree.tostring(element, encoding="UTF-8", xml_declaration=True) + b"\n"


def read(data: bytes, source: str) -> Document:
    """The document of the bytes.

    Raises FormatError with every breach of the schema, or with every total that is not that of the lines.
    """
    element = _parsed(data, source)
    known = {f"{{urn:esep:{root}:1}}{root}": (kind, schema) for kind, (root, schema) in _ROOTS.items()}
    if element.tag not in known:
        raise FormatError(source, [_fault(1, "root", str(element.tag), " or ".join(sorted(known)))])
    kind, schema = known[str(element.tag)]
    _validate(element, schema, source)
    faults: list[Fault] = []
    document: Document = _value(element, kind, faults)
    if faults:
        raise FormatError(source, faults)
    return document


def _hints(kind: type[Any]) -> dict[str, Any]:
    return get_type_hints(kind)


def _line_of(hint: Any) -> type[Any] | None:
    """The class of the lines when the field is a tuple of them."""
    return get_args(hint)[0] if get_origin(hint) is tuple else None


def _element(value: Any, tag: str, namespace: str) -> "etree._Element":
    from lxml import etree

    unprefixed: Any = {None: namespace}
    element = etree.Element(f"{{{namespace}}}{tag}", nsmap=unprefixed)
    for name, hint in _hints(type(value)).items():
        part = getattr(value, name)
        if _line_of(hint):
            element.extend(_element(line, name.removesuffix("s"), namespace) for line in part)
        elif hint is Person:
            element.append(_element(part, name, namespace))
        else:
            element.set(name, _text(name, part))
    for name, text in _counted(value):
        element.set(name, text)
    return element


def _counted(value: Any) -> Iterator[tuple[str, str]]:
    for path in _COUNTED.get(type(value), ()):
        name = path.rpartition(".")[2]
        yield path.replace(".", "_"), _text(name, attrgetter(path)(value))


def _text(name: str, value: str | int | date) -> str:
    if isinstance(value, date):
        return value.isoformat()[:7] if name in _MONTHS else value.isoformat()
    if isinstance(value, int) and name in _MONEY:
        return f"{'-' * (value < 0)}{format_amount(abs(value))}"
    return str(value)


def _value(element: "etree._Element", kind: type[Any], faults: list[Fault]) -> Any:
    """The dataclass of a valid element; what the schema could not see is added to the faults."""
    parts: dict[str, Any] = {}
    for name, hint in _hints(kind).items():
        line = _line_of(hint)
        if line is not None:
            parts[name] = tuple(_value(child, line, faults) for child in _children(element, name.removesuffix("s")))
        elif hint is Person:
            parts[name] = _value(next(_children(element, name)), Person, faults)
        else:
            parts[name] = _scalar(element, name, hint, faults)
    value = kind(**parts)
    if not faults:
        faults.extend(_wrong_totals(element, value))
    return value


def _children(element: "etree._Element", name: str) -> Iterator["etree._Element"]:
    return element.iterchildren(f"{{*}}{name}")


def _scalar(element: "etree._Element", name: str, hint: type[Any], faults: list[Fault]) -> str | int | date:
    text = str(element.get(name))
    try:
        if hint is date:
            return date.fromisoformat(f"{text.strip()}-01" if name in _MONTHS else text.strip())
        if hint is int:
            return parse_amount(text.strip()) if name in _MONEY else int(text)
    except ValueError as error:
        faults.append(_fault(_line(element), name, text, str(error)))
        return date.min if hint is date else 0
    return text


def _wrong_totals(element: "etree._Element", value: Any) -> Iterable[Fault]:
    try:
        counted = dict(_counted(value))
    except ValueError as error:
        yield _fault(_line(element), "wrong totals", "lines that cannot be added", str(error))
        return
    for name, computed in counted.items():
        stated = str(element.get(name)).strip()
        if stated != computed:
            yield _fault(_line(element), f"wrong totals, {name}", stated, f"{computed}, as the lines give")


def _parsed(data: bytes, source: str) -> "etree._Element":
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        element = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        found = [_fault(entry.line, "XML", entry.message, "well-formed XML") for entry in _entries(parser)]
        raise FormatError(source, found or [_fault(None, "XML", str(error), "well-formed XML")]) from None
    if element.getroottree().docinfo.internalDTD is not None:
        raise FormatError(source, [_fault(1, "XML", "DOCTYPE", "a document without DOCTYPE and entities")])
    return element


def _validate(element: "etree._Element", schema: str, source: str) -> None:
    from lxml import etree

    validator = etree.XMLSchema(etree.parse(SCHEMAS / schema))
    if not validator.validate(element):
        raise FormatError(
            source, [_fault(entry.line, schema, entry.message, "what the schema says") for entry in _entries(validator)]
        )


# The stubs of lxml know neither the entries of a log nor the type of a line.
def _entries(judge: Any) -> Iterable[Any]:
    return tuple(judge.error_log)


def _line(element: Any) -> int | None:
    return int(element.sourceline) if element.sourceline else None


def _fault(line: int | None, place: str, found: str, expected: str) -> Fault:
    remedy = "ask the sender for the document again"
    return Fault(line=line, place=place, found=found, expected=expected, remedy=remedy)
