"""ISO 20022 messages to bytes: elements, the document around them, and the schema that judges it.

The same message gives the same bytes. A text that XML cannot carry or that would not be read back as it is, is refused.

>>> body = element("Stmt", element("Id", "7"), element("Nm", ""), element("Amt", "1.00", Ccy="KZT"))
>>> print(document("camt.053", "001.08", body).decode())
<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">
  <Stmt>
    <Id>7</Id>
    <Amt Ccy="KZT">1.00</Amt>
  </Stmt>
</Document>
<BLANKLINE>
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from formats.amounts import format_dot_amount
from formats.errors import RESEND, Code, Fault, Findings, FormatError, shortened
from formats.mx_guard import DEFAULT_LIMITS, Guard, Limits, parser
from formats.mx_nodes import BLANKS, local_name

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:"
SCHEMAS = Path(__file__).parent / "schemas" / "iso20022"
CORRECT = "correct it before it is written"
# A parser makes a line feed of a carriage return, so that none would be read back.
_UNFIT = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;"}
_MARKUP = re.compile('[&<>"]')
# In an attribute a parser would make blanks of them.
_MARKUP_QUOTED = re.compile('[&<>"\t\n]')
_DOCUMENT = re.compile(re.escape(NAMESPACE) + r"([a-z]{4}\.[0-9]{3})\.([0-9]{3}\.[0-9]{2})")


@dataclass(frozen=True, slots=True)
class Part:
    """An element to be written: its attributes and either a text or its elements."""

    name: str
    attributes: tuple[tuple[str, str], ...]
    content: "str | tuple[Part, ...]"


def element(name: str, *content: "str | Part | None", **attributes: str) -> Part | None:
    """An element of one text or of elements; None when there is nothing to stand in it, so that it is left out."""
    texts = [one for one in content if isinstance(one, str)]
    if texts:
        return Part(name, tuple(attributes.items()), texts[0]) if texts[0] else None
    parts = tuple(one for one in content if isinstance(one, Part))
    return Part(name, tuple(attributes.items()), parts) if parts else None


def amount_element(name: str, value: int, currency: str) -> Part | None:
    """An amount of hundredths with its currency, which `''` leaves out."""
    attributes = {"Ccy": currency} if currency else {}
    return element(name, format_dot_amount(value), **attributes)


def document(name: str, version: str, *body: Part | None) -> bytes:
    """The document of a message such as camt.053, 001.08: UTF-8, indented, LF.

    Raises FormatError with every text that would not be read back as it is.
    """
    parts = tuple(one for one in body if one is not None)
    faults = [fault for part in parts for fault in _unwritable(part, "")]
    if faults:
        raise FormatError(f"{name} to write", faults)
    root = Part("Document", (("xmlns", f"{NAMESPACE}{name}.{version}"),), parts)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + "".join(_rows(root, "")).encode()


def to_correct(place: str, found: str, expected: str) -> Fault:
    """The fault of a value that cannot be written."""
    return Fault(
        code=Code.UNWRITABLE, line=None, place=place, found=found or "nothing", expected=expected, remedy=CORRECT
    )


def schema_of(name: str, version: str) -> Path | None:
    """The schema of a message where Esep ships it, for the messages that it writes."""
    path = SCHEMAS / f"{name}.{version}.xsd"
    return path if path.is_file() else None


def validate(data: bytes, limits: Limits = DEFAULT_LIMITS, *, named: bool = False) -> list[Fault]:
    """What the schema of the message says against a document, [] when nothing or when Esep ships no schema of it.

    The place of a fault is a path of the schema's judge, /*/*/2/1, and with `named` the names of the elements, for the
    eyes of a person. The whole document is kept in memory. What is not XML, or not a message, is a fault as well.
    """
    findings = Findings("validate")
    whole = Limits(file_bytes=limits.file_bytes, element_bytes=limits.file_bytes, depth=limits.depth)
    reader = parser(("start",), ["{*}Document"])
    found: Any = None
    for _ in Guard(BytesIO(data), findings, whole).fed(reader):
        for _, begun in reader.read_events():
            found = begun if found is None else found
    if not findings.faults and found is None:
        findings.fault(Code.XML_NAMESPACE, 1, "root", "another element", "Document of ISO 20022")
    if findings.faults:
        return list(findings.faults)
    match = _DOCUMENT.fullmatch(str(found.tag).partition("}")[0].lstrip("{"))
    schema = schema_of(match[1], match[2]) if match else None
    return [] if schema is None else list(_breaches(found, schema, named=named))


def _breaches(found: Any, schema: Path, *, named: bool) -> Iterator[Fault]:
    judge = _schema(schema)
    if judge.validate(found):
        return
    for entry in tuple(judge.error_log):
        words, path = re.sub(r"\{urn:[^{}]*\}", "", entry.message), str(entry.path or "/*")
        place = _place(found, path) if named else re.sub(r"\*\[|\]", "", path)
        expected = f"what {schema.name} says"
        text = shortened(words)
        yield Fault(code=Code.XML_SCHEMA, line=entry.line, place=place, found=text, expected=expected, remedy=RESEND)


def _place(found: Any, path: str) -> str:
    """The names of the elements on a path below the document, with a number where one stands in a row."""
    from lxml import etree

    names: list[str] = []
    prefixes = {prefix: uri for prefix, uri in found.nsmap.items() if prefix}
    try:
        there, *_ = found.xpath("/".join([".", *path.split("/")[2:]]), namespaces=prefixes) or (found,)
    except etree.XPathError:
        # The path has a prefix that is declared further down.
        there = found
    while there is not found:
        alike = [one for one in there.getparent() if one.tag == there.tag]
        number = f" {alike.index(there) + 1}" if len(alike) > 1 else ""
        names.append(f"{local_name(there)}{number}")
        there = there.getparent()
    return "/".join(reversed(names)) or local_name(found)


@cache
def _schema(path: Path) -> Any:
    from lxml import etree

    return etree.XMLSchema(etree.parse(path))


def _unwritable(part: Part, place: str) -> Iterator[Fault]:
    here = f"{place}/{part.name}" if place else part.name
    texts = [(f"{here}/@{name}", value) for name, value in part.attributes]
    if isinstance(part.content, str):
        texts.append((here, part.content))
    else:
        for one in part.content:
            yield from _unwritable(one, here)
    for where, text in texts:
        if _UNFIT.search(text):
            yield to_correct(where, text[:90], "characters that XML carries, without carriage returns")
        elif text != text.strip(BLANKS):
            yield to_correct(where, text[:90], "no blanks and line breaks around the text")


def _rows(part: Part, indent: str) -> Iterator[str]:
    attributes = "".join(f' {name}="{_escaped(value, _MARKUP_QUOTED)}"' for name, value in part.attributes)
    if isinstance(part.content, str):
        yield f"{indent}<{part.name}{attributes}>{_escaped(part.content, _MARKUP)}</{part.name}>\n"
        return
    yield f"{indent}<{part.name}{attributes}>\n"
    for one in part.content:
        yield from _rows(one, indent + "  ")
    yield f"{indent}</{part.name}>\n"


def _escaped(text: str, markup: re.Pattern[str]) -> str:
    return markup.sub(lambda found: _ESCAPES[found[0]], text)
