"""The values of ISO 20022 elements, and elements and documents that are written and judged by their schemas."""

import re
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from formats import mx
from formats.errors import Code, Findings, FormatError
from formats.mx import Amount, Node

TEXT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">
  <Stmt>
    <Id>1</Id>
  </Stmt>
</Document>
"""
AMOUNT_EXPECTED = "digits, a dot and at most two digits, like 18460.00, without a sign"


def node(text: str) -> tuple[Node, Findings]:
    findings = Findings("march.xml")
    return Node(etree.fromstring(f'<Ntry xmlns="urn:x" xmlns:y="urn:y">{text}</Ntry>'), findings), findings


@pytest.mark.parametrize(
    ("text", "expected", "why"),
    [
        ('<Amt Ccy="KZT">18460.00</Amt>', 1_846_000, "two digits"),
        ('<Amt Ccy="KZT">18460.5</Amt>', 1_846_050, "one digit"),
        ('<Amt Ccy="KZT">18460</Amt>', 1_846_000, "none"),
        ('<Amt Ccy="KZT"> 18460. </Amt>', 1_846_000, "a dot alone is a decimal of the schema"),
        ('<Amt Ccy="USD">0.01000</Amt>', 1, "the five digits of the schema, when nothing is lost"),
        ('<Amt Ccy="KZT">922337203685477.58</Amt>', 92_233_720_368_547_758, "the greatest"),
        ('<Amt Ccy="KZT">922337203685477.59</Amt>', Code.AMOUNT, "above it"),
        ('<Amt Ccy="KZT">18460.001</Amt>', Code.AMOUNT, "a tenth of a tiyn is not rounded"),
        ('<Amt Ccy="KZT">-1</Amt>', Code.AMOUNT, "a sign"),
        ('<Amt Ccy="KZT">1,00</Amt>', Code.AMOUNT, "a comma"),
        ('<Amt Ccy="KZT">1e3</Amt>', Code.AMOUNT, "an exponent"),
        ('<Amt Ccy="KZT">١</Amt>', Code.AMOUNT, "a digit of another script"),
        ('<Amt Ccy="KZT"/>', Code.AMOUNT, "nothing"),
        ("<Amt>1.00</Amt>", Code.CURRENCY, "no currency"),
        ('<Amt Ccy="тг">1.00</Amt>', Code.CURRENCY, "not a code"),
    ],
)
def test_amounts(text: str, expected: int | Code, why: str) -> None:
    found, findings = node(text)
    amount = found.amount("Amt")
    if isinstance(expected, Code):
        assert (amount, [fault.code for fault in findings.faults]) == (None, [expected]), why
    else:
        assert amount is not None
        assert (amount.value, findings.faults) == (expected, ()), why


@pytest.mark.parametrize(
    ("text", "day", "moment"),
    [
        ("2024-03-14", date(2024, 3, 14), None),
        ("2024-03-14+05:00", date(2024, 3, 14), None),
        ("2024-03-14T09:30:00", date(2024, 3, 14), "2024-03-14T09:30:00"),
        ("2024-03-14T23:30:00.123456789+05:00", date(2024, 3, 14), "2024-03-14T23:30:00.123456789+05:00"),
        ("2024-03-14T09:30:00Z", date(2024, 3, 14), "2024-03-14T09:30:00Z"),
        ("2024-02-30", None, None),
        ("14.03.2024", None, None),
        ("2024-03-14T25:00:00", date(2024, 3, 14), None),
    ],
)
def test_days_and_moments(text: str, day: date | None, moment: str | None) -> None:
    found, findings = node(f"<Dt>{text}</Dt>")
    assert found.day("DtTm", "Dt") == day
    assert len(findings.faults) == (day is None)
    assert found.moment("Dt") == (moment or "")
    assert {fault.code for fault in findings.faults} <= {Code.DATE}


def test_what_nobody_took_is_kept_with_its_path_and_noted() -> None:
    found, findings = node(
        '<A x="1"> a </A><B><C>c</C><C>d</C></B><D><E/></D><y:F><y:G>g</y:G></y:F><Amt Ccy="KZT">1</Amt>'
    )
    assert (found.text("Z", "A"), found.texts("B/C"), found.amount("Amt")) == (
        "a",
        ("c", "d"),
        Amount(value=100, currency="KZT"),
    )
    assert found.other() == (("A/@x", "1"), ("D/E", ""), ("F/G", "g"))
    assert [str(note) for note in findings.notes] == [
        "line 1, Ntry/A/@x: '1', is not read and kept with the other elements",
        "line 1, Ntry/D/E: '', is not read and kept with the other elements",
        "line 1, Ntry/F/G: 'g', is not read and kept with the other elements",
    ]


def test_what_is_lacking_or_wrong_is_a_fault_at_its_place() -> None:
    found, findings = node("<A>\n<B>x</B></A>")
    assert (found.required("A/C", "C"), found.number("A/B"), found.total("A/B")) == ("", None, None)
    assert [str(fault) for fault in findings.faults] == [
        "line 1, Ntry/A/C: found 'nothing', expected an element A/C; ask the sender for a corrected file",
        "line 2, Ntry/A/B: found 'x', expected a number of at most 18 digits; ask the sender for a corrected file",
        f"line 2, Ntry/A/B: found 'x', expected {AMOUNT_EXPECTED}; ask the sender for a corrected file",
    ]


def written(text: str) -> bytes | None:
    try:
        return mx.document("camt.053", "001.08", mx.element("Stmt", mx.element("Id", text, x=text)))
    except FormatError:
        return None


@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_a_text_is_written_so_that_it_is_read_back_or_refused(text: str) -> None:
    data = written(text)
    if data is None:
        return
    findings = Findings("march.xml")
    document = mx.open_document(BytesIO(data), findings)
    assert document is not None
    assert [Node(one, findings).text("Id") for one in document.each("Stmt")] == [text]
    assert findings.faults == ()


@pytest.mark.parametrize("text", ["a\x00", "a\x1f", "a\rb", " a", "a\n", "\ufffe", "\ud800"])
def test_a_text_that_xml_cannot_carry_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(FormatError, match=r"camt.053 to write is refused, 1 fault:\n  Stmt/Id: found "):
        mx.document("camt.053", "001.08", mx.element("Stmt", mx.element("Id", text)))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda text: text.replace("<Stmt>", "<Other>").replace("</Stmt>", "</Other>"), Code.XML_SCHEMA),
        (lambda text: text[:-20], Code.FILE_CUT_SHORT),
        (lambda text: text.replace("?>", "?><!DOCTYPE Document>"), Code.XML_DOCTYPE),
        (lambda text: text.replace("Document", "Docket"), Code.XML_NAMESPACE),
        (lambda text: text.replace("camt.053.001.08", "camt.053.001.03"), None),
    ],
)
def test_documents_are_judged_by_the_schemas_that_are_there(
    change: Callable[[str], str], expected: Code | None
) -> None:
    codes = {fault.code for fault in mx.validate(change(TEXT).encode())}
    assert codes == ({expected} if expected else set())


FOREIGN = '<y:A xmlns:y="urn:y"><y:B/></y:A>'


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (TEXT, "Stmt"),
        (re.sub("<(/?)(?=[A-Z])", r"<\1b:", TEXT).replace("xmlns=", "xmlns:b="), "Stmt"),
        ("<Message><AppHdr/>" + TEXT.partition("?>\n")[2] + "</Message>", "Stmt"),
        (
            TEXT.replace("<Stmt>", "<BkToCstmrStmt><GrpHdr/><Stmt>").replace("</Stmt>", "</Stmt></BkToCstmrStmt>"),
            "GrpHdr",
        ),
        (TEXT.replace("<Stmt>", f"{FOREIGN}{FOREIGN}<Stmt>"), "Document"),
    ],
)
def test_the_schema_names_the_place(text: str, place: str) -> None:
    first, *_ = mx.validate(text.encode(), named=True)
    assert first.place.rpartition("/")[2] == place
    assert first.expected == "what camt.053.001.08.xsd says"


def test_every_schema_is_explained_with_where_it_came_from() -> None:
    folder = Path(mx.__file__).parent / "schemas" / "iso20022"
    page = (folder / "README.md").read_text(encoding="utf-8")
    for file in folder.glob("*.xsd"):
        name, _, version = file.stem.partition(".001.")
        assert mx.schema_of(name, f"001.{version}") == file
        assert file.name in page
