"""ISO 20022 messages as XML: opened without trust, recognised by namespace, read element by element in flat memory.

The message and its version stand in the namespace of `Document` (`urn:iso:std:iso:20022:tech:xsd:camt.053.001.08`);
around it there may be any envelope with a business application header (head.001). mx_guard says what is refused before
it is read, mx_nodes how values are read, mx_write how messages are written; all of it is offered here.

>>> from io import BytesIO
>>> data = b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><Stmt><Id>7</Id></Stmt></Document>'
>>> opened = open_document(BytesIO(data), findings := Findings("march.xml"))
>>> opened.name, opened.version, [Node(one, findings).text("Id") for one in opened.each("Stmt")]
('camt.053', '001.08', ['7'])
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

from formats.errors import RESEND, Code, Findings
from formats.mx_guard import DEFAULT_LIMITS, Guard, Limits, parser
from formats.mx_nodes import Amount, Node, line_of, local_name
from formats.mx_write import NAMESPACE, Part, amount_element, document, element, schema_of, to_correct, validate

if TYPE_CHECKING:
    from lxml import etree

__all__ = [
    "DEFAULT_LIMITS",
    "NAMESPACE",
    "Amount",
    "Document",
    "Header",
    "Limits",
    "Node",
    "Part",
    "amount_element",
    "document",
    "element",
    "line_of",
    "local_name",
    "open_document",
    "read_all",
    "schema_of",
    "to_correct",
    "validate",
]

Message = TypeVar("Message")

_MESSAGE = re.compile(re.escape(NAMESPACE) + r"([a-z]{4}\.[0-9]{3})\.([0-9]{3}\.[0-9]{2})")
AROUND = ("head.", "nvlp.")
"""How the names of headers and envelopes begin, which stand around a message."""

_OTHER_FILE = "look whether this is the right file; if it is, ask the sender for the message in this version"


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The business application header (head.001) around a message; texts are '' where it gives none."""

    sender: str
    receiver: str
    identification: str
    definition: str
    created: str


class Document:
    """A message that was recognised and is read on as its elements are asked for.

    `name` is camt.053, `version` 001.08 and `number` 8; `line` is where the message begins.
    """

    def __init__(self, name: str, version: str, line: int | None, guard: Guard, header: Header | None) -> None:
        """Take a message whose pieces come out of `guard`."""
        self.name = name
        self.version = version
        self.number = int(version.rpartition(".")[2])
        self.namespace = f"{NAMESPACE}{name}.{version}"
        self.line = line
        self.header = header
        self._guard = guard

    def each(self, *names: str) -> Iterator["etree._Element"]:
        """Each finished element of these local names, also one inside another (then the inner one first).

        An element is emptied when the next is asked for, so that its values must be read before. Its elders, with all
        that stands before it, can be reached by getparent(). A file that is not well-formed, is cut short or breaks a
        limit gives a fault and ends the iteration: what was read is not to be used before findings.check().
        """
        wanted = {f"{{{self.namespace}}}{name}" for name in names}
        reader = parser(("start", "end"), [*wanted, "{*}Document"])
        root: etree._Element | None = None
        for _ in self._guard.fed(reader):
            events = list(reader.read_events())
            root = events[0][1].getroottree().getroot() if root is None and events else root
            if root is not None and not (self._guard.shallow(root) and self._guard.small(root)):
                return
            for event, found in events:
                if event == "start":
                    self._same_message(found)
                elif found.tag in wanted:
                    _take_shells(found, wanted)
                    yield found
                    _empty(found, wanted)

    def _same_message(self, found: "etree._Element") -> None:
        namespace = _namespace(found)
        if local_name(found) == "Document" and namespace != self.namespace:
            remedy = "split the file: one kind and version of message in each"
            findings = self._guard.findings
            findings.fault(Code.XML_NAMESPACE, line_of(found), "Document", namespace, self.namespace, remedy)


def open_document(
    stream: BinaryIO,
    findings: Findings,
    known: Mapping[str, range] | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Document | None:
    """The message of a file, recognised and ready to be read; None when it cannot be read, which is then a fault.

    `known` maps the names of messages that the caller reads to their versions, {"camt.053": range(2, 15)}; any other
    message is a fault that says what it is.
    """
    guard = Guard(stream, findings, limits)
    start = _start(guard)
    if start is None:
        return None
    found, header = start
    match = _MESSAGE.fullmatch(_namespace(found))
    opened = Document(match[1], match[2], line_of(found), guard, header) if match else None
    if opened is None or (known is not None and opened.number not in known.get(opened.name, ())):
        there = _namespace(found) or f"{local_name(found)} without a namespace"
        findings.fault(Code.XML_NAMESPACE, line_of(found), "Document", there, _expected(known), _OTHER_FILE)
        return None
    if header is not None and header.definition not in ("", f"{opened.name}.{opened.version}"):
        findings.note(opened.line, "AppHdr/MsgDefIdr", header.definition, "is not the message that follows")
    return opened


def read_all(
    messages: Callable[[BinaryIO, Findings], Iterator[Message]], data: bytes, source: str
) -> tuple[Message, ...]:
    """The messages of a whole file by the reader that streams them.

    Raises FormatError with every fault of the file; then nothing of it is returned.
    """
    findings = Findings(source)
    found = tuple(messages(BytesIO(data), findings))
    findings.check()
    return found


def _expected(known: Mapping[str, range] | None) -> str:
    if known is None:
        return f"{NAMESPACE} and a message such as camt.053.001.08"
    spans = (f"{name}.001.{one.start:02d} to .{one.stop - 1:02d}" for name, one in known.items())
    return f"{NAMESPACE} and " + ", ".join(spans)


def _start(guard: Guard) -> tuple["etree._Element", Header | None] | None:
    """The element that the message begins with and the header before it, found by reading ahead."""
    reader = parser(("start",), None)
    header: etree._Element | None = None
    root: etree._Element | None = None
    for _ in guard.fed(reader, ahead=True):
        for _, found in reader.read_events():
            root = found if root is None else root
            if _begins(found):
                return found, _header(header)
            header = found if local_name(found) == "AppHdr" else header
        if root is not None and not (guard.shallow(root) and guard.small(root)):
            return None
    if root is not None and not guard.findings.faults:
        expected = "Document of an ISO 20022 message"
        guard.findings.fault(Code.XML_NAMESPACE, line_of(root), "root", str(root.tag), expected, RESEND)
    return None


def _begins(found: "etree._Element") -> bool:
    match = _MESSAGE.fullmatch(_namespace(found))
    return local_name(found) == "Document" or (match is not None and not match[1].startswith(AROUND))


def _namespace(found: "etree._Element") -> str:
    return str(found.tag).rpartition("}")[0].removeprefix("{")


def _header(found: "etree._Element | None") -> Header | None:
    if found is None:
        return None
    node = Node(found, Findings("AppHdr"))
    sides = ("FIId/FinInstnId/BICFI", "FIId/FinInstnId/BIC", "OrgId/Id/OrgId/AnyBIC", "OrgId/Nm")
    return Header(
        sender=node.text(*(f"Fr/{path}" for path in sides)),
        receiver=node.text(*(f"To/{path}" for path in sides)),
        identification=node.text("BizMsgIdr"),
        definition=node.text("MsgDefIdr"),
        created=node.text("CreDt"),
    )


def _take_shells(found: "etree._Element", wanted: set[str]) -> None:
    """Take out what is left of inner elements, so that nobody takes an emptied one for one without content."""
    for shell in list(found.iter(*wanted)):
        parent = shell.getparent()
        if shell is not found and parent is not None:
            parent.remove(shell)


def _empty(found: Any, wanted: set[str]) -> None:
    # The parser may still write behind this element, so that it stays itself and only the one before it goes.
    found.clear(keep_tail=True)
    parent, before = found.getparent(), found.getprevious()
    if parent is not None and before is not None and before.tag in wanted:
        parent.remove(before)
