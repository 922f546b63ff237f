"""What stands between the bytes of an XML file and the parser: no document type, no entities, no network, limits.

The prolog is read here before the parser sees it, and only in charsets in which `<!DOCTYPE` has one spelling. What
is kept of the tree is measured piece by piece, so that a file that never ends an element does not fill the memory.
"""

import re
from codecs import IncrementalDecoder, getincrementaldecoder
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from formats.errors import RESEND, Code, Findings

if TYPE_CHECKING:
    from lxml import etree

_READ_BYTES = 65_536
_PROLOG_BYTES = 65_536
_PROLOG = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_DECLARATION = re.compile(rb"(\s+)(<\?xml\s[^<>]*?\?>)")
_ENCODING = re.compile(r"<\?xml\s[^<>]*?\sencoding\s*=\s*[\"']([^\"'<>]*)[\"']")
# In any other codec (UTF-7, EBCDIC) a document type could be spelled in bytes that are not looked for.
_ENCODINGS = frozenset(
    (
        *("utf-8", "utf8", "utf-16", "utf-16le", "utf-16be", "us-ascii", "ascii", "iso-8859-1", "iso-8859-5"),
        *("windows-1251", "windows-1252", "cp1251", "koi8-r", "ibm866", "cp866"),
    )
)
_WIDE = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"<\0": "utf-16-le", b"\0<": "utf-16-be"}
# Text and whole tags, comments and the like: what comes after the match is a tag that has not ended yet.
_FINISHED = re.compile(
    rb"(?>[^<]++|<(?![!?])[^>\"']*+(?>\"[^\"]*+\"[^>\"']*+|'[^']*+'[^>\"']*+)*+>"
    rb"|<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>)*+",
    re.DOTALL,
)
_CONTINUED = bytes(range(0x80, 0xC0))
"""The bytes of UTF-8 that go on with a letter."""
_RESOURCE_LIMIT = 114
"""The parser's own error number (XML_ERR_RESOURCE_LIMIT) for what is too deep or too long for it."""
_TAMPERED = "ask the sender for a file without it; do not open this one in other programs"
_WHOLE = "ask the sender for the whole file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How large a file may be, how deep its elements may nest, and how much of the tree may be kept at once."""

    file_bytes: int = 512 << 20
    element_bytes: int = 1 << 20
    depth: int = 40


DEFAULT_LIMITS = Limits()


class Guard:
    """The pieces of one file on their way to a parser; what a first parser read ahead, a second one gets again."""

    def __init__(self, stream: BinaryIO, findings: Findings, limits: Limits = DEFAULT_LIMITS) -> None:
        """Take a file that nobody has read from yet."""
        self.findings = findings
        self._stream = stream
        self._limits = limits
        self._read = 0
        self._line = 1
        self._column = 0
        self._tail = b""
        self._decoder: IncrementalDecoder | None = None
        self._failed = False
        self._ahead: list[bytes] = []

    def fed(self, parser: Any, *, ahead: bool = False) -> Iterator[None]:
        """Feed the parser and stop after each piece for its events; a fault ends it before the file does."""
        from lxml import etree

        for piece in self._pieces(ahead=ahead):
            try:
                parser.feed(piece)
            except etree.XMLSyntaxError as error:
                code = Code.XML_LIMIT if getattr(error, "code", None) == _RESOURCE_LIMIT else Code.XML_MALFORMED
                self._refuse(code, error.lineno, "XML", _message(error), "well-formed XML within the parser's limits")
                return
            if len(parser.feed_error_log):
                entry = parser.feed_error_log[0]
                self._refuse(Code.XML_MALFORMED, entry.line, "XML", entry.message, "well-formed XML")
                return
            yield
        if self._failed:
            return
        try:
            parser.close()
        except etree.XMLSyntaxError as error:
            self._refuse_end(error)
            return
        yield

    def shallow(self, root: "etree._Element") -> bool:
        """Whether no element stands too deep; a fault when one does."""
        found = _deep(self._limits.depth)(root)
        if not found:
            return True
        most = f"{self._limits.depth} levels"
        self._refuse(
            Code.XML_LIMIT, found[0].sourceline, "elements", f"more than {most}", f"at most {most} of elements"
        )
        return False

    def small(self, root: "etree._Element") -> bool:
        """Whether little of the file is kept as a tree; a fault when an element goes on and on."""
        from lxml import etree

        if len(etree.tostring(root)) <= self._limits.element_bytes:
            return True
        most = f"{self._limits.element_bytes} bytes"
        self._refuse(
            Code.XML_LIMIT, self._line, "elements", f"more than {most} in one", f"at most {most} in an element"
        )
        return False

    def _refuse(
        self, code: Code, line: int | None, place: str, found: str, expected: str, remedy: str = RESEND
    ) -> None:
        self._failed = True
        self.findings.fault(code, line or self._line, place, found, expected, remedy)

    def _refuse_end(self, error: "etree.XMLSyntaxError") -> None:
        """The parser may wait to the end with a fault that stands before it, like a bare &."""
        if error.position < (self._line, self._column):
            self._refuse(Code.XML_MALFORMED, error.lineno, "XML", _message(error), "well-formed XML")
        else:
            expected = "every element closed"
            self._refuse(Code.FILE_CUT_SHORT, error.lineno, "end of file", _message(error), expected, _WHOLE)

    def _pieces(self, *, ahead: bool) -> Iterator[bytes]:
        if not ahead:
            kept, self._ahead = self._ahead, []
            yield from kept
        piece = self._next() if self._read else self._first()
        while piece and not self._failed:
            if ahead:
                self._ahead.append(piece)
                self._count(piece)
            yield piece
            if not ahead:
                self._count(piece)
            piece = self._next()

    def _count(self, piece: bytes) -> None:
        self._line += piece.count(b"\n")
        self._column = _characters(piece) + (0 if b"\n" in piece else self._column)

    def _next(self) -> bytes:
        piece = self._stream.read(_READ_BYTES)
        self._read += len(piece)
        if self._read > self._limits.file_bytes:
            most = f"at most {self._limits.file_bytes} bytes"
            self._refuse(Code.FILE_TOO_LARGE, self._line, "file", f"more, up to line {self._line}", most)
        return self._looked_at(self._narrow(piece))

    def _first(self) -> bytes:
        """The prolog and what comes with it; whatever is wrong there is a fault before any parser has seen it."""
        data = b""
        while piece := self._stream.read(_READ_BYTES):
            if not data and piece[:2] in _WIDE:
                self._decoder = getincrementaldecoder(_WIDE[piece[:2]])()
            self._read += len(piece)
            data += self._narrow(piece)
            text = data.decode("latin-1").removeprefix("ï»¿")
            rest = _after_prolog(text)
            if not rest.startswith(("<!--", "<?")) and len(rest) > len("<!DOCTYPE"):
                self._prolog(text, rest)
                break
            if len(data) > _PROLOG_BYTES:
                most = f"the first element within {_PROLOG_BYTES} bytes"
                self._refuse(Code.XML_LIMIT, 1, "prolog", f"{len(data)} bytes without one", most)
                break
        if not data.strip() and not self._failed:
            self._refuse(Code.FILE_EMPTY, None, "file", "nothing", "an XML message", _WHOLE)
        return self._looked_at(self._declaration_first(data))

    def _narrow(self, piece: bytes) -> bytes:
        """The piece in UTF-8 when the file is in UTF-16, and as it is otherwise."""
        if self._decoder is None:
            return piece
        try:
            text = self._decoder.decode(piece, not piece)
            text = text if self._line > 1 or self._tail else _ENCODING.sub(_without_encoding, text.lstrip("\ufeff"), 1)
            return text.encode()
        except UnicodeError as error:
            self._refuse(Code.CHARSET_BYTES, self._line, "UTF-16", str(error), "whole characters", _WHOLE)
            return b""

    def _looked_at(self, piece: bytes) -> bytes:
        """The piece, after a look for zero bytes and for a tag that goes on and on, which the parser would keep."""
        zero = piece.find(b"\0")
        if zero >= 0:
            line = self._line + piece.count(b"\n", 0, zero)
            self._refuse(Code.CONTROL_CHARACTER, line, "XML", "a zero byte", "text; the file is damaged", _WHOLE)
        data = self._tail + piece
        finished = _FINISHED.match(data)
        self._tail = data[finished.end() :] if finished else data
        if len(self._tail) > self._limits.element_bytes:
            most = f"{self._limits.element_bytes} bytes"
            self._refuse(Code.XML_LIMIT, self._line, "tag", f"more than {most} in one", f"at most {most} in a tag")
        return piece

    def _prolog(self, text: str, rest: str) -> None:
        line = text.count("\n", 0, len(text) - len(rest)) + 1
        stated = _ENCODING.match(text.lstrip())
        if rest.startswith("<!DOCTYPE"):
            expected = "a message without a document type and entities"
            self._refuse(
                Code.XML_DOCTYPE, line, "DOCTYPE", rest[:60].partition(">")[0].partition("\n")[0], expected, _TAMPERED
            )
        elif not rest.startswith("<"):
            self._refuse(Code.XML_MALFORMED, line, "XML", rest[:60], "an element first")
        elif stated and stated[1].lower() not in _ENCODINGS:
            expected = "UTF-8, UTF-16, windows-1251 or another charset in use"
            self._refuse(Code.CHARSET_UNKNOWN, 1, "encoding", stated[1], expected, "ask the sender for UTF-8")

    def _declaration_first(self, data: bytes) -> bytes:
        """Blanks before the XML declaration are moved behind it, where they are allowed and no line number changes."""
        match = _DECLARATION.match(data)
        if match is None:
            return data
        self.findings.note(
            1, "XML declaration", match[1].decode("ascii"), "stands after blanks; read as if it stood first"
        )
        return match[2] + match[1] + data[match.end() :]


def parser(events: tuple[str, ...], tags: list[str] | None) -> Any:
    """A parser that expands, fetches and trusts nothing."""
    from lxml import etree

    # The stubs of lxml do not know that a pull parser takes the tags of its events.
    made: Any = etree.XMLPullParser
    return made(
        events=events,
        tag=tags,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _characters(piece: bytes) -> int:
    """How many characters of UTF-8 stand behind the last line end, or at least so many in any other charset."""
    return len(piece[piece.rfind(b"\n") + 1 :].translate(None, _CONTINUED))


def _without_encoding(match: re.Match[str]) -> str:
    return match[0][: match.start(1) - match.start()].rpartition("encoding")[0]


def _after_prolog(text: str) -> str:
    match = _PROLOG.match(text)
    return text[match.end() :] if match else text


def _message(error: Any) -> str:
    # The parser adds the place, which the fault has already, and speaks of its own functions.
    message = re.sub(r",? line \d+, column \d+.*", "", str(error.msg or "not XML"), flags=re.DOTALL)
    return message.replace("xmlParseEntityRef: no name", "a bare & in place of &amp;")


def _deep(depth: int) -> Any:
    from lxml import etree

    return etree.XPath(f"({'/'.join('*' * depth)})[1]")
