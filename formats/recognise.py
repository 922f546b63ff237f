"""What a file is, by its content and never by its name: the first thing that is asked of an unknown file.

The marks are all ASCII, so that they are seen in every charset: `{1:F01` of an MT message, `1CClientBankExchange`, the
namespace of an XML, the names in the heading of a table. What Esep cannot read is named too, with what to ask for.

>>> recognise(b"{1:F01K050700000000001000001}", "march.txt").kind
<Kind.MT: 'MT messages of the payment system'>
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from formats.charsets import tell
from formats.errors import Code, Fault, FormatError, shortened
from formats.mx import AROUND

HEAD_BYTES = 65_536
"""So much of a file shows what it is; what stands before the mark is no longer than that."""

_MARK_BYTES = 4_096
_OWN = re.compile(r"urn:esep:([a-z0-9-]+):([0-9]+)")
_ISO = re.compile(r"urn:iso:std:iso:20022:tech:xsd:([a-z]{4}\.[0-9]{3})\.([0-9]{3}\.[0-9]{2})")
_ROOT = re.compile(r"<(?:([A-Za-z_][\w.-]*):)?([A-Za-z_][\w.-]*)([^<>]*)")
_STATEMENT = re.compile(r"(?:^|[\r\n])\s*:20:")
_SEPARATORS = re.compile(r"[;,\t]")
_TABLES = {"decision_number": "awards", "payment_reference": "resolutions"}
_ONEC = "1cclientbankexchange"
_BEGINNING = 60
_PAGES = {"html", "head", "body"}
_READABLE = "an MT message, a 1C exchange file, ISO 20022 XML, or a file of Esep (CSV, XLSX, XML)"
_ASK = "ask for the statement as 1CClientBankExchange, MT940 or camt.053, and for orders and returns as MT-102"
_UNPACK = "unpack it and give the file inside"
_UNSIGN = "take the signed file out of the signature and give that"
# The first bytes of files that come by mistake, what they are, and what helps.
_OTHERS = (
    (b"%PDF", "a PDF", _ASK),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file (.xls, .doc)", "save it as .xlsx or CSV; " + _ASK),
    (b"{\\rtf", "an RTF text", _ASK),
    (b"Rar!", "a RAR archive", _UNPACK),
    (b"7z\xbc\xaf", "a 7-Zip archive", _UNPACK),
    (b"\x1f\x8b", "a gzip archive", _UNPACK),
    (b"\xff\xd8\xff", "a JPEG picture", _ASK),
    (b"\x89PNG", "a PNG picture", _ASK),
    (b"0\x80", "a signature or certificate (CMS)", _UNSIGN),
    (b"0\x82", "a signature or certificate (CMS)", _UNSIGN),
    (b"0\x83", "a signature or certificate (CMS)", _UNSIGN),
    (b"-----BEGIN ", "a signature or certificate as text (PEM)", _UNSIGN),
)


class Kind(StrEnum):
    """The families of files that Esep reads."""

    MT = "MT messages of the payment system"
    STATEMENT = "MT940 or MT950 without an envelope"
    ONEC = "1CClientBankExchange"
    ISO20022 = "ISO 20022"
    EXCHANGE = "exchange file of Esep, XML"
    LINES = "decisions or resolutions"
    TWIN = "exchange file of Esep, table"
    WORKBOOK = "Excel workbook"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """The family of a file, the name of what it is in the family ('' where the whole file says it), and why."""

    kind: Kind
    name: str
    evidence: str


def recognise(head: bytes, source: str) -> Recognised:
    """What the file named `source` is, by its first HEAD_BYTES.

    Raises FormatError for a file that Esep does not read, saying what it seems to be and what to ask for.
    """
    if not head:
        raise _unknown(source, "an empty file", Code.FILE_EMPTY, "ask the sender for the file again")
    # Zero bytes are every second one of UTF-16; without them the ASCII marks show in every charset.
    text = head.replace(b"\0", b"").decode("latin-1").lstrip("\xef\xbb\xbf\xff\xfe \t\r\n\x1a")
    if not text:
        remedy = "ask the sender for the file again"
        raise _unknown(source, "nothing but blanks or zero bytes", Code.FILE_EMPTY, remedy)
    if head.startswith(b"PK"):
        return _workbook(head, source)
    for mark, name, remedy in _OTHERS:
        if head.startswith(mark):
            raise _unknown(source, name, Code.FILE_UNKNOWN, remedy)
    if text.startswith("<"):
        return _xml(text, source)
    found = _onec(text) or _table(text) or _message(text)
    if found is None:
        raise _unknown(source, *_seen(head, text))
    return found


def of_workbook(first_row: Sequence[str], source: str) -> Recognised:
    """What a workbook is, by the first row of its only sheet.

    Raises FormatError for a workbook of another kind.
    """
    found = _table(";".join(first_row))
    if found is not None:
        return found
    fault = Fault(
        code=Code.TABLE_HEADING,
        line=1,
        place="heading",
        found=shortened(", ".join(filter(None, first_row))) or "nothing",
        expected="a sheet that begins with document, or columns of decisions or resolutions (decision_number, ...)",
        remedy="give the columns the names of docs/formats/awards.md or docs/formats/exchange.md; " + _ASK,
    )
    raise FormatError(source, [fault])


def _workbook(head: bytes, source: str) -> Recognised:
    if b"xl/" not in head and b"[Content_Types].xml" not in head:
        raise _unknown(source, "a ZIP archive", Code.FILE_UNKNOWN, _UNPACK)
    return Recognised(kind=Kind.WORKBOOK, name="", evidence="an Excel workbook")


def _xml(text: str, source: str) -> Recognised:
    own = _OWN.search(text[:_MARK_BYTES])
    if own is not None:
        kind = Kind.LINES if own[1] in {"awards", "resolutions"} else Kind.EXCHANGE
        return Recognised(kind=kind, name=own[1], evidence=f"its namespace is {own[0]}")
    # The header of an envelope stands before the message.
    iso = next((match for match in _ISO.finditer(text) if not match[1].startswith(AROUND)), None)
    if iso is not None:
        return Recognised(kind=Kind.ISO20022, name=iso[1], evidence=f"its namespace is {iso[0]}")
    root = _ROOT.search(text)
    if root is not None and root[2].casefold() in _PAGES:
        remedy = (
            "it is what a bank's site shows instead of a file, often that the session is over: fetch the file again"
        )
        raise _unknown(source, "an HTML page", Code.FILE_UNKNOWN, remedy)
    raise _unknown(source, _root(root), Code.XML_NAMESPACE, _ASK)


def _root(root: re.Match[str] | None) -> str:
    """An XML of another kind by its root and its namespace."""
    if root is None:
        return "an XML without a root"
    name = f"xmlns:{root[1]}" if root[1] else "xmlns"
    namespace = re.search(rf"\b{re.escape(name)}\s*=\s*[\"']([^\"']*)", root[3])
    where = f"of the namespace {shortened(namespace[1])}" if namespace else "without a namespace"
    return f"an XML with the root {shortened(root[2])} {where}"


def _onec(text: str) -> Recognised | None:
    if text[: len(_ONEC)].casefold() != _ONEC:
        return None
    return Recognised(kind=Kind.ONEC, name="", evidence="its first line is 1CClientBankExchange")


def _message(text: str) -> Recognised | None:
    if text.startswith("{2:"):
        # A bank's own refusal of a message, {2:E11F; its reader says what it is.
        return Recognised(kind=Kind.MT, name="", evidence=f"it begins with {text[:6]}")
    place = text.find("{1:")
    statement = _STATEMENT.search(text[:_MARK_BYTES])
    if place >= 0 and (statement is None or place < statement.start()):
        return Recognised(kind=Kind.MT, name="", evidence=f"it has the envelope {text[place : place + 6]}")
    if statement is not None:
        return Recognised(kind=Kind.STATEMENT, name="", evidence="it has a tag :20: and no envelope")
    return None


def _table(text: str) -> Recognised | None:
    names = [name.strip().strip('"') for name in _SEPARATORS.split(text.splitlines()[0])]
    if names[0] == "document":
        name = names[1].rpartition("-")[0] if len(names) > 1 else ""
        return Recognised(kind=Kind.TWIN, name=name, evidence="its first cell is document")
    for column, name in _TABLES.items():
        if column in names:
            return Recognised(kind=Kind.LINES, name=name, evidence=f"its heading has the column {column}")
    return None


def _seen(head: bytes, text: str) -> tuple[str, Code, str]:
    """A file of no known kind by how it begins, in its own letters where they can be told."""
    if text[0] in "{[":
        return "a file that begins like JSON", Code.FILE_UNKNOWN, _ASK
    charset = tell(head, complete=len(head) < HEAD_BYTES).charset
    shown = head.decode(charset or "ascii", "replace").lstrip("\ufeff \t\r\n\x1a\0") or text
    line = shown.splitlines()[0]
    if charset is None or any(letter < " " and letter != "\t" for letter in line):
        return f"a file that begins with the bytes {head[:8].hex(' ')}", Code.FILE_UNKNOWN, _ASK
    return f"a file that begins {line[:_BEGINNING]}", Code.FILE_UNKNOWN, _ASK


def _unknown(source: str, found: str, code: Code, remedy: str) -> FormatError:
    fault = Fault(code=code, line=None, place="file", found=found, expected=_READABLE, remedy=remedy)
    return FormatError(source, [fault])
