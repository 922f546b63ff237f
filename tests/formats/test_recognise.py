"""What a file is, by its content: every folder of the fixtures, and what comes by mistake."""

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from formats.errors import Code, FormatError
from formats.recognise import HEAD_BYTES, Kind, of_workbook, recognise
from tests.formats import files

EXCHANGE = {".xml": Kind.EXCHANGE, ".csv": Kind.TWIN, ".xlsx": Kind.WORKBOOK}


def expected_of(path: Path) -> tuple[Kind, str]:
    """What the fixtures' folders and names say."""
    folder, stem = path.relative_to(files.FIXTURES).parts[0], path.stem
    if folder == "onec":
        return Kind.ONEC, ""
    if folder == "iso20022":
        return Kind.ISO20022, path.name[: len("camt.053")]
    if folder == "mt940":
        return (Kind.STATEMENT if path.suffix == ".sta" else Kind.MT), ""
    if folder == "exchange":
        if path.suffix == ".xlsx":
            return Kind.WORKBOOK, ""
        lines = {"decisions": "awards", "resolutions": "resolutions"}
        return (Kind.LINES, lines[stem]) if stem in lines else (EXCHANGE[path.suffix], stem)
    return Kind.MT, ""


@pytest.mark.parametrize("path", files.GOOD, ids=files.name_of)
def test_every_good_file_is_recognised_by_its_content(path: Path) -> None:
    found = recognise(path.read_bytes()[:HEAD_BYTES], "unknown.dat")
    assert (found.kind, found.name) == expected_of(path)
    assert found.evidence


TEXTS = {
    Kind.MT: "{1:F01K050700000000001000001}\r\n{2:I102SGROSS000000U3003}\r\n{4:\r\n:20:ӘЛИЯ\r\n-}",
    Kind.STATEMENT: ":20:STMT\r\n:25:KZ286017A99999999910\r\n:28C:1\r\n",
    Kind.ONEC: "1CClientBankExchange\r\nВерсияФормата=2.00\r\n",
    Kind.ISO20022: '<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"/>',
    Kind.EXCHANGE: '<?xml version="1.0"?><request xmlns="urn:esep:request:1"/>',
    Kind.LINES: "authority_bin;decision_number;decision_date\r\n",
    Kind.TWIN: "document;request-1\r\nnumber;3\r\n",
}


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251"])
@pytest.mark.parametrize("kind", TEXTS)
def test_the_marks_are_seen_in_every_charset(kind: Kind, charset: str) -> None:
    data = TEXTS[kind].replace("ӘЛИЯ", "АЛИЯ").encode(charset)
    assert recognise(data, "file").kind is kind


HEAD = '<a:Document xmlns:a="urn:iso:std:iso:20022:tech:xsd:head.001.001.02">'
ENVELOPED = f'{HEAD}<b xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08">'.encode()
SAME = [
    (b"\r\n  \x1aMSGID=1;MSGTYPE=2;\x1a{1:F01K0507", Kind.MT, "the prefix of a message queue"),
    (b"1CCLIENTBANKEXCHANGE\r\n", Kind.ONEC, "capitals"),
    (b"1CClientBankExchange\r\nX={1:\r\n", Kind.ONEC, "the first line counts more than what stands later"),
    (b"AO BANK, statement\r\n\r\n:20:STMT\r\n", Kind.STATEMENT, "the name of a bank before the first statement"),
    (b'"decision_number","iin"\r\n', Kind.LINES, "commas are told by the reader, with what to do"),
    (b"{2:E11F01K05470000000}\r\n", Kind.MT, "a bank's own refusal, whose reader says what it is"),
    (ENVELOPED, Kind.ISO20022, "behind the header of an envelope"),
]


@pytest.mark.parametrize(("data", "kind", "why"), SAME, ids=[why for _, _, why in SAME])
def test_what_stands_around_the_marks_does_not_hide_them(data: bytes, kind: Kind, why: str) -> None:
    assert recognise(data, "file").kind is kind, why


def archive(name: str) -> bytes:
    """A ZIP archive with one file."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        packed.writestr(name, "1CClientBankExchange")
    return target.getvalue()


ASK = "ask for the statement as 1CClientBankExchange, MT940 or camt.053, and for orders and returns as MT-102"
UNPACK = "unpack it and give the file inside"
AGAIN = "ask the sender for the file again"
UNSIGN = "take the signed file out of the signature and give that"
SAVE = "save it as .xlsx or CSV; " + ASK
FETCH = "it is what a bank's site shows instead of a file, often that the session is over: fetch the file again"
FOREIGN = [
    (b"%PDF-1.7\n", "a PDF", Code.FILE_UNKNOWN, ASK),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel or Word file (.xls, .doc)", Code.FILE_UNKNOWN, SAVE),
    (b"{\\rtf1\\ansi", "an RTF text", Code.FILE_UNKNOWN, ASK),
    (b"Rar!\x1a\x07\x00", "a RAR archive", Code.FILE_UNKNOWN, UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", Code.FILE_UNKNOWN, UNPACK),
    (gzip.compress(b"1CClientBankExchange"), "a gzip archive", Code.FILE_UNKNOWN, UNPACK),
    (archive("statement.txt"), "a ZIP archive", Code.FILE_UNKNOWN, UNPACK),
    (b"\xff\xd8\xff\xe0\x00\x10JFIF", "a JPEG picture", Code.FILE_UNKNOWN, ASK),
    (b"\x89PNG\r\n\x1a\n", "a PNG picture", Code.FILE_UNKNOWN, ASK),
    (b"0\x82\x10\x00\x06\x09", "a signature or certificate (CMS)", Code.FILE_UNKNOWN, UNSIGN),
    (b"-----BEGIN CMS-----\n", "a signature or certificate as text (PEM)", Code.FILE_UNKNOWN, UNSIGN),
    (b"<!DOCTYPE html>\n<HTML><body>", "an HTML page", Code.FILE_UNKNOWN, FETCH),
    (b'{"statement": []}', "a file that begins like JSON", Code.FILE_UNKNOWN, ASK),
    (b"", "an empty file", Code.FILE_EMPTY, AGAIN),
    (b"\xef\xbb\xbf", "nothing but blanks or zero bytes", Code.FILE_EMPTY, AGAIN),
    (b"\xff\xfe", "nothing but blanks or zero bytes", Code.FILE_EMPTY, AGAIN),
    (b"\0" * 4096, "nothing but blanks or zero bytes", Code.FILE_EMPTY, AGAIN),
    (b" \r\n\t\x1a", "nothing but blanks or zero bytes", Code.FILE_EMPTY, AGAIN),
    (b'<Document xmlns="urn:bank:statement:1"/>', "an XML with the root Document of the namespace urn:bank:statement:1",
     Code.XML_NAMESPACE, ASK),
    (b'<b:Stmt xmlns:a="urn:a" xmlns:b="urn:b">', "an XML with the root Stmt of the namespace urn:b",
     Code.XML_NAMESPACE, ASK),
    (b"<root><a/></root>", "an XML with the root root without a namespace", Code.XML_NAMESPACE, ASK),
    (b"<<<", "an XML without a root", Code.XML_NAMESPACE, ASK),
    ("Выписка по счёту за март 2024 года;Дебет;Кредит\r\n".encode("cp1251"),
     "a file that begins Выписка по счёту за март 2024 года;Дебет;Кредит", Code.FILE_UNKNOWN, ASK),
    ("Выписка по счёту\r\n".encode("utf-16"), "a file that begins Выписка по счёту", Code.FILE_UNKNOWN, ASK),
    (bytes(range(1, 32)), "a file that begins with the bytes 01 02 03 04 05 06 07 08", Code.FILE_UNKNOWN, ASK),
]  # fmt: skip


@pytest.mark.parametrize(("data", "found", "code", "remedy"), FOREIGN, ids=[found for _, found, _, _ in FOREIGN])
def test_what_esep_does_not_read_is_named_with_what_to_do(data: bytes, found: str, code: Code, remedy: str) -> None:
    with pytest.raises(FormatError) as refusal:
        recognise(data, "file.dat")
    [fault] = refusal.value.faults
    assert (fault.found, fault.code, fault.remedy, fault.line) == (found, code, remedy, None)
    assert fault.expected == "an MT message, a 1C exchange file, ISO 20022 XML, or a file of Esep (CSV, XLSX, XML)"


def test_a_workbook_is_told_by_its_first_row() -> None:
    assert of_workbook(["document", "request-1"], "a.xlsx").name == "request"
    assert of_workbook(["authority_bin", "decision_number"], "a.xlsx").name == "awards"


def test_a_workbook_of_another_kind_is_refused_with_the_names_that_are_known() -> None:
    with pytest.raises(FormatError) as refusal:
        of_workbook(["№", "ФИО", ""], "list.xlsx")
    assert str(refusal.value) == (
        "list.xlsx is refused, 1 fault:\n"
        "  line 1, heading: found '№, ФИО', expected a sheet that begins with document, or columns of decisions or "
        "resolutions (decision_number, ...); give the columns the names of docs/formats/awards.md or "
        f"docs/formats/exchange.md; {ASK}"
    )
