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

from formats.errors import Code, Fault, FormatError, shortened

HEAD_BYTES = 65_536
"""So much of a file shows what it is; what stands before the mark is no longer than that."""

_MARK_BYTES = 4_096
_OWN = re.compile(r"urn:esep:([a-z0-9-]+):([0-9]+)")
_ISO = re.compile(r"urn:iso:std:iso:20022:tech:xsd:([a-z]{4}\.[0-9]{3})\.([0-9]{3}\.[0-9]{2})")
_ROOT = re.compile(r"<[A-Za-z_][^<>]*")
_STATEMENT = re.compile(r"(?:^|[\r\n])\s*:20:")
_TABLES = {"decision_number": "awards", "payment_reference": "resolutions"}
_ONEC = "1cclientbankexchange"
_READABLE = "an MT message, a 1C exchange file, ISO 20022 XML, or a file of Esep (CSV, XLSX, XML)"
_ASK = "ask for the statement as 1CClientBankExchange, MT940 or camt.053, and for orders and returns as MT-102"
# The first bytes of files that come by mistake, what they are, and what helps.
_OTHERS = (
    (b"%PDF", "a PDF", _ASK),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file (.xls, .doc)", "save it as .xlsx or CSV; " + _ASK),
    (b"{\\rtf", "an RTF text", _ASK),
    (b"Rar!", "a RAR archive", "unpack it and give the file inside"),
    (b"7z\xbc\xaf", "a 7-Zip archive", "unpack it and give the file inside"),
    (b"\x1f\x8b", "a gzip archive", "unpack it and give the file inside"),
    (b"\xff\xd8\xff", "a JPEG picture", _ASK),
    (b"\x89PNG", "a PNG picture", _ASK),
    (b"0\x82", "a signature or certificate (CMS)", "take the signed file out of the signature and give that"),
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
    # Zero bytes are every second one of UTF-16; without them the ASCII marks show in every charset.
    text = head.replace(b"\0", b"").decode("latin-1").lstrip("\xef\xbb\xbf\xff\xfe \t\r\n\x1a")
    if not text:
        raise _unknown(source, "an empty file", Code.FILE_EMPTY, "ask the sender for the file again")
    if head.startswith(b"PK"):
        return _workbook(head, source)
    for mark, name, remedy in _OTHERS:
        if head.startswith(mark):
            raise _unknown(source, name, Code.FILE_UNKNOWN, remedy)
    found = _xml(text) if text.startswith("<") else _message(text) or _table(text)
    if found is None and text.startswith("<"):
        root = _ROOT.search(text)
        seen = f"an XML with the root {shortened(root[0])}" if root else "an XML without a root"
        raise _unknown(source, seen, Code.XML_NAMESPACE, _ASK)
    if found is None:
        first = text.splitlines()[0]
        raise _unknown(source, f"a file that begins {shortened(first)!r}", Code.FILE_UNKNOWN, _ASK)
    return found


def _workbook(head: bytes, source: str) -> Recognised:
    if b"xl/" not in head and b"[Content_Types].xml" not in head:
        raise _unknown(source, "a ZIP archive", Code.FILE_UNKNOWN, "unpack it and give the file inside")
    return Recognised(kind=Kind.WORKBOOK, name="", evidence="an Excel workbook")


def of_workbook(first_row: Sequence[str], source: str) -> Recognised:
    """What a workbook is, by the first row of its only sheet.

    Raises FormatError for a workbook of another kind.
    """
    found = _table(";".join(first_row))
    if found is None:
        shown = ", ".join(filter(None, first_row))
        expected = "a sheet that begins with document, or columns of decisions or resolutions (decision_number, ...)"
        remedy = "give the columns the names of docs/formats/awards.md or docs/formats/exchange.md; " + _ASK
        raise FormatError(
            source,
            [
                Fault(
                    code=Code.TABLE_HEADING,
                    line=1,
                    place="heading",
                    found=shortened(shown),
                    expected=expected,
                    remedy=remedy,
                )
            ],
        )
    return found


def _xml(text: str) -> Recognised | None:
    own = _OWN.search(text[:_MARK_BYTES])
    if own is not None:
        lines = own[1] in {"awards", "resolutions"}
        return Recognised(kind=Kind.LINES if lines else Kind.EXCHANGE, name=own[1], evidence=f"namespace {own[0]}")
    iso = next((match for match in _ISO.finditer(text) if match[1] != "head.001"), None)
    if iso is None:
        return None
    return Recognised(kind=Kind.ISO20022, name=iso[1], evidence=f"namespace {iso[0]}")


def _message(text: str) -> Recognised | None:
    place = text.find("{1:")
    statement = _STATEMENT.search(text[:_MARK_BYTES])
    if place >= 0 and (statement is None or place < statement.start()):
        return Recognised(kind=Kind.MT, name="", evidence=f"an envelope that begins {text[place : place + 6]}")
    if text[: len(_ONEC)].casefold() == _ONEC:
        return Recognised(kind=Kind.ONEC, name="", evidence="the first line 1CClientBankExchange")
    if statement is not None:
        return Recognised(kind=Kind.STATEMENT, name="", evidence="a tag :20: and no envelope")
    return None


def _table(text: str) -> Recognised | None:
    names = [name.strip().strip('"') for name in text.splitlines()[0].split(";")]
    if names[0] == "document":
        return Recognised(kind=Kind.TWIN, name="", evidence="a table that begins with document")
    for column, name in _TABLES.items():
        if column in names:
            return Recognised(kind=Kind.LINES, name=name, evidence=f"a heading with {column}")
    return None


def _unknown(source: str, found: str, code: Code, remedy: str) -> FormatError:
    fault = Fault(code=code, line=None, place="file", found=found, expected=_READABLE, remedy=remedy)
    return FormatError(source, [fault])
