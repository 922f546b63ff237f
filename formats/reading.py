"""Any file that Esep reads: recognised by content, read by its own reader, with what was forgiven.

`read` gives the whole messages; `survey` looks through a file of any size in flat memory and tells what it is, its
figures, every fault and every note. Both are offered by the package itself: `from formats import read`.

>>> found = read("fixtures/messages/C_crediting_card_accounts_input.txt")
>>> found.recognised.kind.name, found.charset, [message.total for message in found.messages]
('MT', 'utf-8', [13760000])
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import BufferedReader
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

from formats import (
    awards,
    camt,
    exchange,
    mt940,
    mt_messages,
    onec,
    onec_orders,
    pacs002,
    pacs004,
    pacs008,
    pain001,
    pain002,
    twins,
    workbooks,
)
from formats.charsets import charset_named
from formats.documents import BYTES_MAX
from formats.errors import Code, Fault, Findings, FormatError, Note
from formats.recognise import HEAD_BYTES, Kind, Recognised, of_workbook, recognise
from formats.text import TextStream, open_text

_PIECE = 1 << 17
_WORKBOOK = b"PK\x03\x04"
_ORDERS = re.compile(r"(?im)^\s*секциядокумент\s*=\s*\"?платежн")
_ACCOUNT = re.compile(r"(?im)^\s*секциярасчсчет")

_CYRILLIC = "А-Яа-яЁёӘәІіҢңҒғҮүҰұҚқӨөҺһ"
# A question mark within a word, or several of them, is what a program wrote for letters that its charset lacks.
_LOST = re.compile(rf"[^\s/]*(?:[{_CYRILLIC}]\?[{_CYRILLIC}]|(?<![^\s/])\?[{_CYRILLIC}]|\?{{3,}})[^\s/]*")
# Western letters in a row are Cyrillic ones that were read in a wrong charset before.
_FOREIGN = re.compile("[À-Ëà-ëÌ-ßì-ÿ]{4,}")

Xml = Callable[[BinaryIO, Findings], Iterator[object]]
ISO: dict[str, Xml] = {
    "camt.052": camt.messages,
    "camt.053": camt.messages,
    "camt.054": camt.messages,
    "pacs.002": pacs002.messages,
    "pacs.004": pacs004.messages,
    "pacs.008": pacs008.messages,
    "pain.001": pain001.messages,
    "pain.002": pain002.messages,
}
_READ = "one of " + ", ".join(ISO)
_PIPE = Fault(
    code=Code.FILE_UNKNOWN,
    line=None,
    place="file",
    found="a pipe or a device",
    expected="a file, which can be read twice",
    remedy="save it as a file and give that",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A file that was read: what it is, its charset and how that was told ('' for XML and workbooks), its messages.

    The messages are those of the reader's module: Mt102, Statement, BankReport and so on; of decisions and resolutions
    they are batches of columns.
    """

    recognised: Recognised
    charset: str
    evidence: str
    messages: tuple[Any, ...]
    notes: tuple[Note, ...]


class OpenFile:
    """A file while it is read: recognised, its text open where it is a text."""

    def __init__(self, path: Path, stream: BufferedReader, charset: str | None, findings: Findings) -> None:
        """Recognise the file.

        Raises:
            FormatError: nothing that Esep reads.
            LookupError: the charset named is not known.
        """
        self.path = path
        self.stream = stream
        self.findings = findings
        named = charset_named(charset) if charset is not None else None
        if not stream.seekable():
            raise FormatError(findings.source, [_PIPE])
        self.recognised = recognise(stream.read(HEAD_BYTES), findings.source)
        stream.seek(0)
        if self.recognised.kind is Kind.WORKBOOK:
            self.recognised = self._of_workbook()
            stream.seek(0)
        pieces = iter(lambda: stream.read(_PIECE), b"")
        is_text = self.recognised.kind in {Kind.MT, Kind.STATEMENT, Kind.ONEC}
        self.text: TextStream | None = open_text(pieces, findings.source, named) if is_text else None
        if named is not None and not is_text:
            findings.note(None, "charset", named, "was not asked for: a file of this kind says itself which it is in")

    def _of_workbook(self) -> Recognised:
        workbooks.walk_through(self.stream, self.findings.source)
        first = next(iter(workbooks.only_sheet(self.stream, self.findings.source).iter_rows()), [])
        return of_workbook([str(cell) for cell in first], self.findings.source)

    @property
    def texts(self) -> Iterator[str]:
        """The decoded text in pieces; empty for what is no text. Letters that were lost before are noted."""
        line = 1
        for text in self.text or ():
            lost = _LOST.search(text) if "?" in text else None
            lost = lost or (_FOREIGN.search(text) if not text.isascii() else None)
            if lost is not None:
                meaning = "a letter was lost when the file was made" if "?" in lost[0] else "letters of a wrong charset"
                place = line + text.count("\n", 0, lost.start())
                self.findings.note(
                    place, "letters", lost[0], f"{meaning}: ask the sender for the file in its own charset"
                )
            line += text.count("\n")
            yield text


def read(path: Path | str, *, charset: str | None = None) -> Reading:
    """The messages of a file, whatever it is; the charset is told by content unless it is named.

    Raises:
        FormatError: every fault of the file; then nothing of it is returned.
        LookupError: the charset named is not known.
    """
    path = Path(path)
    findings = Findings(path.name)
    with path.open("rb") as stream:
        file = OpenFile(path, stream, charset, findings)
        found = tuple(messages(file))
        findings.check()
    return Reading(
        recognised=file.recognised,
        charset=file.text.charset if file.text else "",
        evidence=file.text.evidence if file.text else "",
        messages=found,
        notes=findings.notes,
    )


def messages(file: OpenFile) -> Iterator[object]:
    """The messages of an open file one after another; nothing is to be used until its findings were checked."""
    match file.recognised.kind:
        case Kind.MT:
            return mt_messages.messages(file.texts, file.findings)
        case Kind.STATEMENT:
            return mt940.messages(file.texts, file.findings)
        case Kind.ONEC:
            is_orders, texts = onec_kind(file.texts)
            return onec_orders.orders(texts, file.findings) if is_orders else onec.messages(texts, file.findings)
        case Kind.ISO20022:
            return iso_messages(file, ISO)
        case Kind.LINES:
            return line_batches(file)
        case _:
            return iter([_document(file)])


def onec_kind(texts: Iterable[str]) -> tuple[bool, Iterator[str]]:
    """Whether a 1C file holds payment orders and no statement, and its texts."""
    feed = iter(texts)
    start = ""
    for text in feed:
        start += text
        if len(start) > _PIECE or _ACCOUNT.search(start):
            break
    return bool(_ORDERS.search(start)) and not _ACCOUNT.search(start), chain([start], feed)


def iso_messages(file: OpenFile, readers: dict[str, Xml]) -> Iterator[object]:
    """The messages of an ISO 20022 file by the reader for its name; a message without a reader is a fault."""
    reader = readers.get(file.recognised.name)
    if reader is None:
        remedy = "ask for the message in one of these forms"
        file.findings.fault(Code.XML_NAMESPACE, 1, "Document", file.recognised.name, _READ, remedy)
        return iter(())
    return reader(file.stream, file.findings)


def line_batches(file: OpenFile) -> Iterator[awards.AwardBatch]:
    """The batches of decisions or resolutions; their faults go into the findings."""
    faults: list[Fault] = []
    reader = awards.read_awards if file.recognised.name == "awards" else awards.read_resolutions
    yield from reader(file.path, file.findings.source, faults)
    file.findings.add(faults)


def _document(file: OpenFile) -> object:
    # One byte more than may be: enough for the reader to refuse the file, whatever its size.
    data, source = file.stream.read(BYTES_MAX + 1), file.findings.source
    if file.recognised.kind is Kind.EXCHANGE:
        return exchange.read(data, source)
    return twins.read_xlsx(data, source) if data.startswith(_WORKBOOK) else twins.read_csv(data, source)


__all__ = ["FormatError", "OpenFile", "Reading", "messages", "read"]
