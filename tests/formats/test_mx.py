"""ISO 20022 as XML: what is refused before it is read, in flat memory; values of elements; writing and the schemas."""

import io
from collections.abc import Iterator
from typing import BinaryIO, cast

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats import mx
from formats.errors import Code, Findings
from formats.mx import Document, Limits, Node
from formats.recognise import Kind, recognise

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
TEXT = f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="{NAMESPACE}">
  <Stmt>
    <Id>1</Id>
    <Ntry><Ref>қ</Ref></Ntry>
    <Ntry><Ref>2</Ref></Ntry>
  </Stmt>
</Document>
"""
DATA = TEXT.encode()
KNOWN = {"camt.053": range(2, 15), "camt.054": range(2, 15)}
HEADER = """<AppHdr xmlns="urn:iso:std:iso:20022:tech:xsd:head.001.001.02">
  <Fr><FIId><FinInstnId><BICFI>HSBKKZKX</BICFI></FinInstnId></FIId></Fr>
  <To><OrgId><Nm>ГЦВП</Nm></OrgId></To>
  <BizMsgIdr>B-1</BizMsgIdr><MsgDefIdr>camt.053.001.08</MsgDefIdr><CreDt>2024-03-14T09:30:00Z</CreDt>
</AppHdr>"""


def opened(data: bytes, findings: Findings, limits: Limits = mx.DEFAULT_LIMITS) -> Document | None:
    return mx.open_document(io.BytesIO(data), findings, KNOWN, limits)


def read(data: bytes, limits: Limits = mx.DEFAULT_LIMITS) -> tuple[list[str], Findings]:
    """The references of the entries and what was found."""
    findings = Findings("march.xml")
    document = opened(data, findings, limits)
    if document is None:
        return [], findings
    return [
        Node(one, findings).text("Ref") for one in document.each("Stmt", "Ntry") if one.tag.endswith("Ntry")
    ], findings


def inside(part: str) -> bytes:
    return TEXT.replace("<Ref>2</Ref>", part).encode()


def enveloped(head: str = "<Message>", tail: str = "</Message>") -> bytes:
    return (head + HEADER + TEXT.partition("?>\n")[2] + tail).encode()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (DATA, "as it is"),
        (DATA.replace(b'version="1.0" encoding="UTF-8"', b'version="1.0"'), "UTF-8 is what XML is without a word"),
        (DATA.partition(b"?>\n")[2], "no declaration"),
        (b"\xef\xbb\xbf" + DATA, "byte-order mark"),
        (TEXT.replace("UTF-8", "UTF-16").encode("utf-16"), "UTF-16 with a byte-order mark"),
        (TEXT.replace("UTF-8", "UTF-16LE").encode("utf-16-le"), "UTF-16 without"),
        (DATA.replace(b"?>", b"?>\n<!-- <!DOCTYPE a> --><?a <!DOCTYPE a> ?>"), "no DOCTYPE inside a comment"),
        (DATA.replace(b"\n", b"\r\n"), "CR LF"),
        (
            DATA.replace(b"<", b"<b:")
            .replace(b"<b:/", b"</b:")
            .replace(b"<b:?", b"<?")
            .replace(b"xmlns=", b"xmlns:b="),
            "",
        ),
        (enveloped(), "a header and an envelope that nobody knows"),
        (enveloped('<e:E xmlns:e="urn:iso:std:iso:20022:tech:xsd:nvlp.001.001.01"><e:X>', "</e:X></e:E>"), "nvlp"),
    ],
)
def test_the_message_is_found_in_whatever_it_comes(data: bytes, why: str) -> None:
    references, findings = read(data)
    assert (references, findings.faults, findings.notes) == (["қ", "2"], (), ()), why
    assert (recognise(data, "march.xml").kind, recognise(data, "march.xml").name) == (Kind.ISO20022, "camt.053")


def test_a_charset_of_one_byte_is_read_when_it_is_named() -> None:
    data = TEXT.replace("қ", "ж").replace("UTF-8", "windows-1251").encode("cp1251")
    assert read(data)[0] == ["ж", "2"]


def test_blanks_before_the_declaration_are_forgiven_and_said() -> None:
    references, findings = read(b"\r\n " + DATA)
    assert references == ["қ", "2"]
    [note] = findings.notes
    assert str(note) == "line 1, XML declaration: '\\r\\n ', stands after blanks; read as if it stood first"


def test_the_header_is_read_and_compared() -> None:
    document = opened(enveloped(), Findings("march.xml"))
    assert document is not None
    assert document.header == mx.Header(
        sender="HSBKKZKX",
        receiver="ГЦВП",
        identification="B-1",
        definition="camt.053.001.08",
        created="2024-03-14T09:30:00Z",
    )
    findings = Findings("march.xml")
    opened(enveloped().replace(b"<MsgDefIdr>camt.053.001.08", b"<MsgDefIdr>camt.053.001.02"), findings)
    assert [note.meaning for note in findings.notes] == ["is not the message that follows"]


PROLOG = DATA.partition(b"?>\n")[0] + b"?>\n"
DOCTYPE_TEXT = (
    """line 3, DOCTYPE: found '<!DOCTYPE a SYSTEM "http://bank.kz/a.dtd"', expected a message without a document """
    "type and entities; ask the sender for a file without it; do not open this one in other programs"
)
NAMESPACE_TEXT = (
    "line 2, Document: found 'urn:iso:std:iso:20022:tech:xsd:camt.053.001.15', expected "
    "urn:iso:std:iso:20022:tech:xsd: and camt.053.001.02 to .14, camt.054.001.02 to .14; look whether this is the "
    "right file; if it is, ask the sender for the message in this version"
)
EMPTY_TEXT = "line 1, file: found 'nothing', expected an XML message; ask the sender for the whole file"
TWO = b"<a>" + DATA.removeprefix(PROLOG) + DATA.removeprefix(PROLOG).replace(b".08", b".02") + b"</a>"
LARGE = "found 'more than 1048576 bytes in one', expected at most 1048576 bytes in"


@pytest.mark.parametrize(
    ("data", "code", "text"),
    [
        (b"", Code.FILE_EMPTY, EMPTY_TEXT),
        (b" \r\n", Code.FILE_EMPTY, EMPTY_TEXT),
        (
            b"hello, no elements",
            Code.XML_MALFORMED,
            "line 1, XML: found 'hello, no elements', expected an element first",
        ),
        (b"{1:F01K05070}", Code.XML_MALFORMED, "line 1, XML: found '{1:F01K05070}', expected an element first"),
        (DATA.replace(b"</Id>", b"</It>"), Code.XML_MALFORMED, "line 4, XML: found 'Opening and ending tag mismatch"),
        (DATA + b"<a/>", Code.XML_MALFORMED, "line 9, XML: found 'Extra content at the end of the document'"),
        (inside("&bank;"), Code.XML_MALFORMED, "line 6, XML: found \"Entity 'bank' not defined\""),
        (DATA.replace("қ".encode(), b"\xd2"), Code.XML_MALFORMED, "line 5, XML: found '"),
        (inside("\0"), Code.CONTROL_CHARACTER, "line 6, XML: found 'a zero byte', expected text; the file is damaged;"),
        (inside("\0").decode().encode("utf-16"), Code.CONTROL_CHARACTER, "line 6, XML: found 'a zero byte'"),
        (DATA + b"\0\0", Code.CONTROL_CHARACTER, "line 9, XML: found 'a zero byte'"),
        (DATA.replace(b"UTF-8", b"UTF-7"), Code.CHARSET_UNKNOWN, "line 1, encoding: found 'UTF-7', expected UTF-8,"),
        (DATA.replace(b"UTF-8", b"cp037"), Code.CHARSET_UNKNOWN, "line 1, encoding: found 'cp037'"),
        (TEXT.encode("utf-16")[:-1], Code.CHARSET_BYTES, "UTF-16: found "),
        (b"\xff\xfe<\0\x00\xd8a\0", Code.CHARSET_BYTES, "line 1, UTF-16: found "),
        (DATA.replace(b"?>\n", b'?>\n\n<!DOCTYPE a SYSTEM "http://bank.kz/a.dtd">'), Code.XML_DOCTYPE, DOCTYPE_TEXT),
        (
            TEXT.replace("?>", "?><!DOCTYPE a>").encode("utf-16"),
            Code.XML_DOCTYPE,
            "line 1, DOCTYPE: found '<!DOCTYPE a'",
        ),
        (inside("<!DOCTYPE a>"), Code.XML_MALFORMED, "line 6, XML: found '"),
        (b"<!--" + b" " * 200_000 + b"-->" + DATA, Code.XML_LIMIT, "line 1, prolog: found '131072 bytes without one'"),
        (inside("\n" + "<a>" * 60 + "</a>" * 60), Code.XML_LIMIT, "line 7, elements: found 'more than 40 levels'"),
        (inside("<a>" * 300 + "</a>" * 300), Code.XML_LIMIT, "line 6, XML: found 'Excessive depth in document: 256"),
        (inside("<Ref>" + "a" * 2_000_000 + "</Ref>"), Code.XML_LIMIT, "elements: " + LARGE),
        (inside("<Ref x='" + "a" * 2_000_000 + "'/>"), Code.XML_LIMIT, "tag: " + LARGE),
        (inside("<Ref/>" * 400_000), Code.XML_LIMIT, "elements: " + LARGE),
        (b"<a/>", Code.XML_NAMESPACE, "line 1, root: found 'a', expected Document of an ISO 20022 message"),
        (b"<Document/>", Code.XML_NAMESPACE, "line 1, Document: found 'Document without a namespace', expected"),
        (DATA.replace(b".08", b".15"), Code.XML_NAMESPACE, NAMESPACE_TEXT),
        (DATA.replace(b"camt.053", b"pacs.008"), Code.XML_NAMESPACE, "tech:xsd:pacs.008.001.08', expected"),
        (DATA.replace(b"urn:iso:std", b"urn:bank:st"), Code.XML_NAMESPACE, "found 'urn:bank:st:iso:20022"),
        (TWO, Code.XML_NAMESPACE, "split the file: one kind and version of message in each"),
    ],
)
def test_what_is_refused(data: bytes, code: Code, text: str) -> None:
    _, findings = read(data)
    assert code in [fault.code for fault in findings.faults]
    assert text in "\n".join(map(str, findings.faults))


@pytest.mark.parametrize("name", ["", "Document", "Stmt"])
def test_a_file_cut_at_every_byte_is_refused_with_its_line(name: str) -> None:
    data = TEXT.replace("<Stmt>", f"<{name}><Stmt>").replace("</Stmt>", f"</Stmt></{name}>").encode() if name else DATA
    for end in range(len(data.rstrip())):
        _, findings = read(data[:end])
        assert findings.faults, data[:end]
        assert {fault.code for fault in findings.faults} <= {Code.FILE_CUT_SHORT, Code.FILE_EMPTY, Code.XML_MALFORMED}
        assert all(fault.line for fault in findings.faults)


class Endless:
    """A file that goes on and on, made as it is read; it watches the memory of whoever reads it."""

    def __init__(self, head: bytes, part: bytes, size: int) -> None:
        self._pieces: Iterator[bytes] = iter([head])
        self._part = part * (1 + 65_536 // len(part))
        self._left = size
        self._process = psutil.Process()
        self._start = self._process.memory_info().rss
        self.memory_most = 0

    def read(self, size: int) -> bytes:
        assert size > 0
        self.memory_most = max(self.memory_most, self._process.memory_info().rss - self._start)
        first = next(self._pieces, None)
        self._left -= len(self._part)
        return first if first is not None else self._part if self._left > 0 else b""


@pytest.mark.parametrize(
    ("opening", "part", "code"),
    [
        (b"", b"<a>", Code.XML_LIMIT),
        (b"", b"<a/>", Code.XML_LIMIT),
        (b"", b"text ", Code.XML_LIMIT),
        (b"", b"<!-- nothing -->", Code.FILE_TOO_LARGE),
        (b"<!--", b"> < ' ", Code.XML_LIMIT),
        (b"", b"<?a > ", Code.XML_LIMIT),
        (b"", b"<Ntry><Ref>1</Ref></Ntry>", Code.FILE_TOO_LARGE),
        (b"", b"<Ntry/><a>1</a>", Code.XML_LIMIT),
        (b"", b" ", Code.XML_LIMIT),
        (b"", b"<a b='", Code.XML_LIMIT),
        (b"<a b='", b'> " ', Code.XML_LIMIT),
        (b"<![CDATA[", b"<a>", Code.XML_LIMIT),
        (b"", b"<", Code.XML_LIMIT),
    ],
)
def test_an_endless_file_ends_early_in_little_memory(opening: bytes, part: bytes, code: Code) -> None:
    stream = Endless(f'<Document xmlns="{NAMESPACE}"><Stmt>'.encode() + opening, part, 64 << 20)
    findings = Findings("endless.xml")
    document = mx.open_document(cast("BinaryIO", stream), findings, KNOWN, Limits(file_bytes=32 << 20))
    for _ in document.each("Stmt", "Ntry") if document else ():
        pass
    assert [fault.code for fault in findings.faults] == [code]
    assert stream.memory_most < 24 << 20


def test_a_file_is_as_large_as_its_reader_allows() -> None:
    _, findings = read(DATA, Limits(file_bytes=len(DATA)))
    assert findings.faults == ()
    _, findings = read(DATA, Limits(file_bytes=len(DATA) - 1))
    assert [fault.code for fault in findings.faults] == [Code.FILE_TOO_LARGE]


def test_inner_elements_come_first_and_leave_nothing_behind() -> None:
    findings = Findings("march.xml")
    document = opened(DATA, findings)
    assert document is not None
    seen = [(mx.local_name(one), len(one), mx.line_of(one)) for one in document.each("Stmt", "Ntry", "Ref")]
    assert seen == [("Ref", 0, 5), ("Ntry", 0, 5), ("Ref", 0, 6), ("Ntry", 0, 6), ("Stmt", 1, 3)]


@given(st.binary(max_size=200), st.integers(0, len(DATA)), st.integers(0, 40))
def test_whatever_goes_in_only_faults_come_out(junk: bytes, start: int, length: int) -> None:
    for data in (junk, DATA[:start] + junk + DATA[start + length :]):
        read(data)
        mx.validate(data)
