"""XML of our own files, fed piece by piece and stopped where it would hurt, before anything else looks at it.

UTF-8 only, so that no declaration chooses a codec. A document type declaration is refused where it begins: there are no
entities to expand and nothing is fetched. An element that goes on and on is refused too. What may stand where is the
concern of the classes made from this one.

>>> PlainXml("a.xml", element_bytes=1 << 20).feed(b"<!DOCTYPE act [")
Traceback (most recent call last):
formats.errors.FormatError: a.xml is refused, 1 fault:
  line 1, XML: found 'document type declaration act', expected a document without DOCTYPE and entities; ask the sender \
for a file that is valid against the schema
"""

from collections.abc import Sequence
from typing import NoReturn
from xml.parsers import expat

from formats.errors import Code, Fault, FormatError, shortened

VALID = "ask the sender for a file that is valid against the schema"
SCHEMA_LOCATION = "http://www.w3.org/2001/XMLSchema-instance schemaLocation"
"""The attribute of a root that says where the schema is; it is not followed."""

_CUT_SHORT = {
    expat.errors.XML_ERROR_NO_ELEMENTS,
    expat.errors.XML_ERROR_UNCLOSED_TOKEN,
    expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    expat.errors.XML_ERROR_PARTIAL_CHAR,
}


class PlainXml:
    """A parser with its place in the document, which the handlers of a class made from it may ask for."""

    def __init__(self, source: str, element_bytes: int) -> None:
        """Begin the document named `source`, none of whose elements or comments is longer than `element_bytes`."""
        self.source = source
        self._element_bytes = element_bytes
        self._fed = 0
        # Names come as "namespace name".
        self.parser = expat.ParserCreate("utf-8", " ")
        self.parser.buffer_text = True
        self.parser.XmlDeclHandler = self._declared
        self.parser.StartDoctypeDeclHandler = self._document_type

    @property
    def line(self) -> int:
        """The line that the parser stands on."""
        return self.parser.CurrentLineNumber

    def feed(self, piece: bytes) -> None:
        """Parse the next bytes.

        Raises FormatError where the document cannot be read on.
        """
        self._parse(piece, final=False)
        self._fed += len(piece)
        if self._fed - self.parser.CurrentByteIndex > self._element_bytes:
            most = f"{self._element_bytes >> 20} MiB"
            self.refuse(Code.XML_LIMIT, f"an element or comment longer than {most}", f"elements below {most}")

    def close(self) -> None:
        """Say that there are no more bytes.

        Raises FormatError when the document is not whole.
        """
        self._parse(b"", final=True)

    def refuse(self, code: Code, found: str, expected: str, remedy: str = VALID, line: int | None = None) -> NoReturn:
        """Raise FormatError with what was found before and this: the document is not read on."""
        fault = Fault(
            code=code, line=line or self.line, place="XML", found=shortened(found), expected=expected, remedy=remedy
        )
        raise FormatError(self.source, [*self.found_before(), fault]) from None

    def found_before(self) -> Sequence[Fault]:
        """The faults that a class made from this one has met."""
        return ()

    def _parse(self, piece: bytes, *, final: bool) -> None:
        try:
            self.parser.Parse(piece, final)
        except expat.ExpatError as error:
            found = expat.ErrorString(error.code) or "broken XML"
            if final and found in _CUT_SHORT:
                remedy = "ask the sender for the whole file"
                self.refuse(Code.FILE_CUT_SHORT, found, "a document to its end", remedy, error.lineno)
            self.refuse(Code.XML_MALFORMED, found, "well-formed XML in UTF-8", line=error.lineno)

    def _declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() != "utf-8":
            self.refuse(Code.CHARSET_UNKNOWN, f"encoding {encoding}", "encoding UTF-8")

    def _document_type(self, name: str, _system: str | None, _public: str | None, _internal: int) -> None:
        self.refuse(Code.XML_DOCTYPE, f"document type declaration {name}", "a document without DOCTYPE and entities")


def qualified(name: str) -> str:
    """A name of the parser as people read it: the element, and the namespace that it is of."""
    namespace, _, local = name.rpartition(" ")
    return f"element {local} of {namespace}" if namespace else f"element {local}"
