"""The documents that Esep sends as XML: request, return notice, the documents of a month and what stands beside them.

M-4, M-8, M-11 and M-12 of the exchange between the State Corporation and the authority. Each document has a schema in
schemas/, whose version is that of the namespace; write() gives the same bytes for the same document, and read() takes
them back, checking values, schema and totals. Amounts are whole tiyn here, digits with a comma and two digits there.
Totals stand in the XML for those who read it without counting, and are checked against the lines.

>>> from datetime import date
>>> person = Person(full_name="Әлия Серік", position_kk="директор", position_ru="директор")
>>> act = TransferAct(month=date(2024, 3, 1), authority_bin="000000000000", authority_kk="а", authority_ru="а",
...     corporation_kk="к", corporation_ru="к", rows=(), corporation_signer=person, authority_signer=person)
>>> read(write(act), "act.xml") == act
True
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from formats.documents import (
    LINES_MAX,
    NAMES,
    VERSION,
    Document,
    FundsRequest,
    FundsRequestLine,
    Line,
    PaymentStatement,
    Person,
    ReturnNotice,
    ReturnNoticeLine,
    StatementRow,
    TransferAct,
    TransferRow,
)
from formats.errors import Code, Fault, Findings, FormatError
from formats.layouts import (
    AGAIN,
    CORRECT,
    LAYOUTS,
    OTHER_VERSION,
    Cell,
    Layout,
    Value,
    check_size,
    compare,
    document_of,
    layout_of,
    line_of,
    values_of,
)
from formats.plain_xml import SCHEMA_LOCATION, VALID, PlainXml, qualified

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
    "schema_of",
    "write",
]

_READ_BYTES = 65_536
# The texts of a line are at most that long together, whatever way its letters are written.
_ELEMENT_BYTES_MAX = 8 << 20


def write(document: Document) -> bytes:
    """The document as XML in UTF-8, valid against its schema.

    Raises FormatError with every value that would not be read back as it is.
    """
    from lxml import etree

    source = f"{NAMES[type(document)]} to write"
    try:
        element = _element(document)
    except ValueError as error:
        raise _unwritable(source, "value", str(error), "texts that XML carries") from None
    etree.indent(element)
    data = etree.tostring(element, encoding="UTF-8", xml_declaration=True) + b"\n"
    try:
        _compare(document, read(data, source), source)
    except FormatError as refusal:
        faults = [replace(fault, code=Code.UNWRITABLE, remedy=CORRECT) for fault in refusal.faults]
        raise FormatError(source, faults) from None
    return data


def read(data: bytes, source: str) -> Document:
    """The document of the bytes.

    Raises FormatError with every value that has not its form, with every breach of the schema, or with every total
    that is not that of the lines.
    """
    findings = Findings(source)
    check_size(data, findings)
    contents = _Contents(findings)
    for place in range(0, len(data), _READ_BYTES):
        contents.feed(data[place : place + _READ_BYTES])
    contents.close()
    findings.check()
    _validate(data, contents.layout, findings)
    document = document_of(contents.layout, contents.heading, tuple(contents.lines))
    compare(document, contents.heading, contents.places, findings)
    findings.check()
    return document


def schema_of(kind: type[Document]) -> Path:
    """The XSD that documents of this class are valid against."""
    return SCHEMAS / f"{NAMES[kind]}-{VERSION}.xsd"


def _namespace(kind: type[Document]) -> str:
    return f"urn:esep:{NAMES[kind]}:{VERSION}"


def _element(document: Document) -> "etree._Element":
    from lxml import etree

    layout, namespace = layout_of(document), _namespace(type(document))
    unprefixed: Any = {None: namespace}
    root = etree.Element(f"{{{namespace}}}{NAMES[type(document)]}", nsmap=unprefixed)

    def add(parent: "etree._Element", cells: Sequence[Cell], values: dict[str, Value]) -> None:
        for cell in cells:
            if not cell.is_left_out(values[cell.name]):
                parent.set(cell.attribute, cell.text(values[cell.name], "xml"))

    values = values_of(document)
    add(root, _own(layout), values)
    for line in getattr(document, layout.lines):
        add(etree.SubElement(root, f"{{{namespace}}}{_line_name(layout)}"), layout.columns, values_of(line))
    for signer in layout.signers:
        add(etree.SubElement(root, f"{{{namespace}}}{signer}"), _signed(layout, signer), values)
    return root


def _line_name(layout: Layout) -> str:
    return layout.lines.removesuffix("s")


def _own(layout: Layout) -> list[Cell]:
    """The cells that are attributes of the root."""
    return _signed(layout, "")


def _signed(layout: Layout, signer: str) -> list[Cell]:
    return [cell for cell in layout.heading if cell.signer == signer]


_ROOTS = {f"{_namespace(layout.document)} {NAMES[layout.document]}": layout for layout in LAYOUTS.values()}


class _Contents(PlainXml):
    """What the parser has met: the values of the heading with their lines, and the lines of the document.

    An element, a text or a section that no document has ends the reading; values are judged to the end.
    """

    def __init__(self, findings: Findings) -> None:
        super().__init__(findings.source, _ELEMENT_BYTES_MAX)
        self._findings = findings
        self._depth = 0
        self._elements = 0
        self._parts: dict[str, list[Cell]] = {}
        self.layout: Layout
        self.heading: dict[str, Value] = {}
        self.places: dict[str, int] = {}
        self.lines: list[Line] = []
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartCdataSectionHandler = self._cdata

    def found_before(self) -> Sequence[Fault]:
        """The values that have not their form."""
        return self._findings.faults

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._elements > LINES_MAX:
            self.refuse(Code.XML_LIMIT, f"more than {LINES_MAX} elements", "a document of fewer lines")
        if self._depth == 1:
            self._root(name, attributes)
            return
        local = name.rpartition(" ")[2]
        if self._depth > 2 or name != f"{_namespace(self.layout.document)} {local}" or local not in self._parts:
            expected = f"{' or '.join(self._parts)} in {NAMES[self.layout.document]}"
            self.refuse(Code.XML_SCHEMA, qualified(name), expected)
        values = self._values(self._parts[local], attributes)
        if local in self.layout.signers:
            self._keep(values)
        elif len(values) == len(self.layout.columns):
            line = line_of(self.layout, values)
            compare(line, values, dict.fromkeys(values, self.line), self._findings)
            self.lines.append(line)

    def _root(self, name: str, attributes: dict[str, str]) -> None:
        if name not in _ROOTS:
            self.refuse(Code.XML_NAMESPACE, qualified(name), " or ".join(map(qualified, _ROOTS)), OTHER_VERSION)
        self.layout = _ROOTS[name]
        self._parts = {_line_name(self.layout): list(self.layout.columns)}
        self._parts |= {signer: _signed(self.layout, signer) for signer in self.layout.signers}
        attributes.pop(SCHEMA_LOCATION, None)
        self._keep(self._values(_own(self.layout), attributes))

    def _keep(self, values: dict[str, Value]) -> None:
        self.heading |= values
        self.places |= dict.fromkeys(values, self.line)

    def _values(self, cells: Sequence[Cell], attributes: dict[str, str]) -> dict[str, Value]:
        """The values of an element; a missing, unknown or wrong attribute is a fault."""
        line = self.line
        values: dict[str, Value] = {}
        for cell in cells:
            text = attributes.pop(cell.attribute, None)
            if text is None and cell.default is not None:
                values[cell.name] = cell.default
            elif text is None:
                expected = cell.kind.xml.expected
                self._findings.fault(Code.MISSING, line, cell.name, "no such attribute", expected, AGAIN)
            else:
                value = cell.read(line, text, "xml", self._findings)
                values |= {} if value is None else {cell.name: value}
        for name in sorted(attributes):
            self._findings.fault(
                Code.XML_SCHEMA, line, "line", f"attribute {name}", "the attributes of the schema", VALID
            )
        return values

    def _end(self, _name: str) -> None:
        self._depth -= 1

    def _text(self, text: str) -> None:
        # The schema lets spaces and line ends stand between the elements, nothing inside them.
        if self._depth != 1 or text.strip(" \t\r\n"):
            self.refuse(Code.XML_SCHEMA, f"text {text[:40]!r}", "values in attributes only")

    def _cdata(self) -> None:
        self.refuse(Code.XML_SCHEMA, "a CDATA section", "values in attributes only")


def _validate(data: bytes, layout: Layout, findings: Findings) -> None:
    """Let the schema have the last word: on what is missing, what comes twice and in which order.

    Raises FormatError with what it says.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    schema = schema_of(layout.document)
    validator = etree.XMLSchema(etree.parse(schema))
    # The stubs of lxml do not know the entries of a log.
    log: Any = ()
    try:
        if not validator.validate(etree.fromstring(data, parser)):
            log = validator.error_log
    except etree.XMLSyntaxError as error:
        findings.fault(Code.XML_MALFORMED, error.lineno, "XML", str(error.msg), "well-formed XML", AGAIN)
    for entry in log:
        found = entry.message.replace(f"{{{_namespace(layout.document)}}}", "")
        findings.fault(Code.XML_SCHEMA, entry.line, schema.name, found, "what the schema says", AGAIN)
    findings.check()


def _compare(written: Document, back: Document, source: str) -> None:
    """Look whether a document came back as it was: a month is its first day, a number has no spaces around it.

    Raises FormatError with every value that did not.
    """
    findings, lines = Findings(source), layout_of(written).lines
    for one, other in zip((written, *getattr(written, lines)), (back, *getattr(back, lines)), strict=True):
        read_back = values_of(other)
        for name, value in values_of(one).items():
            if value != read_back[name]:
                findings.fault(
                    Code.UNWRITABLE, None, name, str(value), f"{read_back[name]}, as it is read back", CORRECT
                )
    findings.check()


def _unwritable(source: str, place: str, found: str, expected: str) -> FormatError:
    fault = Fault(code=Code.UNWRITABLE, line=None, place=place, found=found, expected=expected, remedy=CORRECT)
    return FormatError(source, [fault])
