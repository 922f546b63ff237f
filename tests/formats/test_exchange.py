"""The documents as XML: valid, the same bytes for the same document, and read back with their totals checked."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from formats import exchange, layouts, twins
from formats.documents import NAMES, Document
from formats.errors import FAULTS_MAX, Code, FormatError
from formats.exchange import SCHEMAS, read, schema_of, write
from tests.formats.papers import ACT, DOCUMENTS, NOTICE, REQUEST, STATEMENT, documents
from tests.formats.tabular import (
    AWARD_WRITERS,
    CHILD,
    GRANNY,
    REFUND,
    RESEND,
    RESOLUTION_WRITERS,
    read_awards,
    read_resolutions,
)

FIXTURES = Path(__file__).parents[2] / "fixtures" / "messages" / "exchange"
PAGE = Path(__file__).parents[2] / "docs" / "formats" / "exchange.md"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_valid_and_comes_back(name: str) -> None:
    document = DOCUMENTS[name]
    data = write(document)
    etree.XMLSchema(etree.parse(SCHEMAS / f"{name}-1.xsd")).assertValid(etree.fromstring(data))
    assert read(data, "a.xml") == document
    assert write(document) == data
    assert data.startswith(b"<?xml version='1.0' encoding='UTF-8'?>\n<")
    assert b"\r" not in data
    assert data.endswith(b">\n")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_three_forms_of_a_fixture_say_the_same(name: str) -> None:
    expected = DOCUMENTS[name]
    xml, csv, xlsx = ((FIXTURES / f"{name}.{form}").read_bytes() for form in ("xml", "csv", "xlsx"))
    assert read(xml, "a") == twins.read_csv(csv, "a") == twins.read_xlsx(xlsx, "a") == expected
    assert (write(expected), twins.write_csv(expected)) == (xml, csv)


@pytest.mark.parametrize("form", AWARD_WRITERS)
def test_the_three_forms_of_the_decisions_and_resolutions_say_the_same(tmp_path: Path, form: str) -> None:
    """The other files of the exchange are those of the documents."""
    for name, rows, writer, reader in (
        ("decisions", (GRANNY, CHILD), AWARD_WRITERS[form], read_awards),
        ("resolutions", (RESEND, REFUND), RESOLUTION_WRITERS[form], read_resolutions),
    ):
        [expected], _ = reader(FIXTURES / f"{name}.csv")
        [batch], faults = reader(FIXTURES / f"{name}.{form}")
        assert (batch.columns, faults) == (expected.columns, [])
        assert batch.columns["amount"] == ["1846000", "1"]
        assert batch.columns["iin"] == ["580312400120", "190705500341"]
        writer(rows, tmp_path / name)
        assert reader(tmp_path / name)[0][0].columns == expected.columns


SCHEMA_FILES = sorted(SCHEMAS.glob("*.xsd"))


@pytest.mark.parametrize("path", SCHEMA_FILES, ids=lambda path: path.stem)
def test_a_schema_says_its_version_and_what_its_types_are(path: Path) -> None:
    schema = etree.parse(path).getroot()
    name, _, version = path.stem.rpartition("-")
    assert schema.get("version") == version
    assert schema.get("targetNamespace") == f"urn:esep:{name}:{version}"
    described = [schema, *schema.iterfind("{*}simpleType")]
    assert all(part.findtext("{*}annotation/{*}documentation") for part in described)


def test_every_family_has_its_schema() -> None:
    families = {f"{name}-1" for name in (*NAMES.values(), "awards", "resolutions")}
    assert {path.stem for path in SCHEMA_FILES} == families
    assert {schema_of(kind).name for kind in NAMES} < {path.name for path in SCHEMA_FILES}


def test_totals_stand_in_the_document() -> None:
    assert (REQUEST.amount, NOTICE.count, NOTICE.amount, ACT.total) == (3692001, 2, 5538000, 214136000)
    assert b'amount="36920,01"' in write(REQUEST).splitlines()[1]
    assert b'count="2" amount="55380,00"' in write(NOTICE)
    assert b'total="2141360,00"' in write(ACT)


def test_money_of_an_earlier_month_makes_paid_negative() -> None:
    """AMB-12: cash basis."""
    total = STATEMENT.total
    assert (total.paid_count, total.paid, total.sent, total.returned) == (0, -500, 300, 800)
    text = write(STATEMENT).decode()
    assert 'paid_count="-2" paid="-7,00"' in text
    assert 'total_paid_count="0" total_paid="-5,00"' in text


def test_the_act_of_an_empty_month_is_zero() -> None:
    empty = replace(ACT, rows=())
    assert b'total="0,00"' in write(empty)
    assert read(write(empty), "a.xml") == empty


def test_what_was_written_before_there_were_readings_is_read_as_the_form_is_printed() -> None:
    """AMB-7, AMB-11: XML of the first day says neither; it is read, and written with the same bytes."""
    for name in ("appendix1", "appendix2"):
        old = (FIXTURES / f"{name}.xml").read_bytes()
        assert b"title=" not in old
        assert b"total_row=" not in old
        assert write(read(old, "a.xml")) == old
    act, statement = replace(ACT, title="social_aid"), replace(STATEMENT, total_row="leave_out")
    assert b'title="social_aid"' in write(act)
    assert (read(write(act), "a"), read(write(statement), "a")) == (act, statement)
    assert twins.read_csv(twins.write_csv(statement), "a") == statement
    with pytest.raises(FormatError, match="as_printed or social_aid"):
        read(write(act).replace(b'"social_aid"', b'"ASP"'), "a.xml")


def test_what_was_taken_back_stands_with_a_minus() -> None:
    """A placing of an earlier month turned round: a row, and perhaps the whole act, is below zero; never zero."""
    back = replace(ACT, rows=(replace(ACT.rows[0], amount=-1846000),))
    assert b'total="-18460,00"' in write(back)
    assert read(write(back), "a.xml") == twins.read_xlsx(twins.write_xlsx(back), "a.xlsx") == back
    with pytest.raises(FormatError, match="not zero"):
        read(write(ACT).replace(b'amount="2141360,00"', b'amount="0,00"'), "a.xml")


def _swap(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new, 1)


# A document, a change, where the first fault stands, its code.
BROKEN: list[tuple[Document, Callable[[str], str], str, Code]] = [
    (REQUEST, _swap('amount="36920,01"', 'amount="36920,02"'), "wrong totals, amount", Code.TOTAL),
    (NOTICE, _swap('count="2"', 'count="3"'), "wrong totals, count", Code.TOTAL),
    (ACT, _swap('total="2141360,00"', 'total="0,00"'), "wrong totals, total", Code.TOTAL),
    (STATEMENT, _swap('paid="-7,00"', 'paid="7,00"'), "wrong totals, paid", Code.TOTAL),
    (STATEMENT, _swap('total_sent="3,00"', 'total_sent="3,01"'), "wrong totals, total_sent", Code.TOTAL),
    (REQUEST, _swap('amount="36920,00"', 'amount="36920.00"'), "amount", Code.AMOUNT),
    (REQUEST, _swap('due_month="2024-03"', 'due_month="2024-13"'), "due_month", Code.DATE),
    (REQUEST, _swap('due_month="2024-03"', 'due_month="0000-03"'), "due_month", Code.DATE),
    (REQUEST, _swap('name_kk="8', f'name_kk="{"8" * 32_768}'), "name_kk", Code.VALUE),
    (ACT, _swap('order_date="2024-03-04"', 'order_date="2024-02-30"'), "order_date", Code.DATE),
    (ACT, _swap('code="1"', 'code="99999999999999999999"'), "code", Code.VALUE),
    (ACT, _swap('amount="2141360,00"', 'amount="999999999999999,00"'), "amount", Code.AMOUNT),
    (ACT, _swap("<corporation_signer", "<signer"), "XML", Code.XML_SCHEMA),
    (ACT, _swap("urn:esep:appendix1:1", "urn:other"), "XML", Code.XML_NAMESPACE),
    (ACT, _swap("<appendix1", '<!DOCTYPE a [<!ENTITY x "y">]><appendix1'), "XML", Code.XML_DOCTYPE),
    (ACT, _swap("<appendix1", '<!DOCTYPE a SYSTEM "http://192.0.2.1/a.dtd"><appendix1'), "XML", Code.XML_DOCTYPE),
    (ACT, _swap("UTF-8", "windows-1251"), "XML", Code.CHARSET_UNKNOWN),
    (ACT, _swap("<row", f"<row>{'<a>' * 9}"), "code", Code.MISSING),
    (ACT, _swap("<row", f"{'<a>' * 100_000}"), "XML", Code.XML_SCHEMA),
    (ACT, _swap("<row", "<row xmlns='urn:x'"), "XML", Code.XML_SCHEMA),
    (ACT, _swap("<row", '<row status="paid"'), "line", Code.XML_SCHEMA),
    (ACT, _swap("<row", "text<row"), "XML", Code.XML_SCHEMA),
    (ACT, _swap("<row", "<![CDATA[ ]]><row"), "XML", Code.XML_SCHEMA),
    (ACT, _swap("<row", "&x;<row"), "XML", Code.XML_MALFORMED),
    (ACT, _swap("<corporation_signer", "<authority_signer"), "appendix1-1.xsd", Code.XML_SCHEMA),
    (ACT, _swap(' month="2024-03"', ""), "month", Code.MISSING),
    (ACT, _swap("<row", f"<!--{' ' * (9 << 20)}--><row"), "XML", Code.XML_LIMIT),
    (ACT, _swap("<row", "<row&"), "XML", Code.XML_MALFORMED),
    (ACT, _swap("</appendix1>", ""), "XML", Code.FILE_CUT_SHORT),
    (ACT, lambda _: "", "file", Code.FILE_EMPTY),
]


@pytest.mark.parametrize(("document", "change", "place", "code"), BROKEN)
def test_a_broken_document_is_refused(document: Document, change: Callable[[str], str], place: str, code: Code) -> None:
    changed = change(write(document).decode())
    assert changed != write(document).decode()
    with pytest.raises(FormatError) as refusal:
        read(changed.encode(), "a.xml")
    fault = refusal.value.faults[0]
    assert place in fault.place
    assert fault.code is code
    assert len(fault.found) < 200
    assert fault.expected
    assert fault.remedy


def test_another_version_is_named_with_what_is_known() -> None:
    data = write(REQUEST).replace(b"urn:esep:request:1", b"urn:esep:request:2")
    with pytest.raises(FormatError) as refusal:
        read(data, "request.xml")
    assert str(refusal.value) == (
        "request.xml is refused, 1 fault:\n"
        "  line 2, XML: found 'element request of urn:esep:request:2', expected element request of urn:esep:request:1"
        " or element return-notice of urn:esep:return-notice:1 or element appendix1 of urn:esep:appendix1:1"
        " or element appendix2 of urn:esep:appendix2:1 or element annex1 of urn:esep:annex1:1 or element annex2 of"
        " urn:esep:annex2:1 or element protocol of urn:esep:protocol:1 or element corrective-act of"
        " urn:esep:corrective-act:1; ask the sender for one of these versions, or look whether this"
        " is the right file"
    )


def test_a_document_that_is_too_large_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    data = write(ACT)
    monkeypatch.setattr(layouts, "BYTES_MAX", len(data) - 1)
    with pytest.raises(FormatError, match=f"found '{len(data)} bytes', expected at most") as refusal:
        read(data, "a.xml")
    assert refusal.value.faults[0].code is Code.FILE_TOO_LARGE


def test_a_document_with_more_lines_than_any_has_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = write(STATEMENT)
    monkeypatch.setattr(exchange, "LINES_MAX", 2)
    with pytest.raises(FormatError, match="more than 2 elements") as refusal:
        read(data, "a.xml")
    assert refusal.value.faults[0].code is Code.XML_LIMIT


def test_many_wrong_lines_end_the_reading_at_once() -> None:
    line = '<row code="x"/>' * 50_000
    with pytest.raises(FormatError) as refusal:
        read(write(ACT).replace(b"<row", f"{line}<row".encode()), "a.xml")
    assert len(refusal.value.faults) == FAULTS_MAX + 1
    assert refusal.value.faults[-1].code is Code.TOO_MANY_FAULTS


def test_wrong_values_before_a_broken_end_are_named_too() -> None:
    text = write(NOTICE).decode().replace('iin="5', 'iin="x5').replace("</return-notice>", "</notice>")
    with pytest.raises(FormatError) as refusal:
        read(text.encode(), "a.xml")
    assert [fault.code for fault in refusal.value.faults] == [Code.VALUE, Code.XML_MALFORMED]


def test_every_breach_of_the_schema_is_named_with_its_line() -> None:
    changed = write(REQUEST).decode().replace('count="', 'count="x')
    with pytest.raises(FormatError) as refusal:
        read(changed.encode(), "a.xml")
    assert [(fault.line, fault.place) for fault in refusal.value.faults] == [(3, "count"), (4, "count")]
    assert str(refusal.value.faults[0]) == (
        "line 3, count: found 'x2', expected a whole number from 0 to 2147483647; write it in digits"
    )


def test_spaces_around_a_number_mean_nothing_and_inside_a_name_they_stay() -> None:
    """The schema lets them pass: a number is a token, a name a string."""
    text = write(NOTICE).decode().replace('iin="580312400120"', 'iin=" 580312400120\n"')
    assert read(text.encode(), "a.xml") == NOTICE
    spaced = replace(NOTICE, number=" 0017 ")
    assert read(write(spaced), "a.xml") == spaced


# A change that the schema lets pass and we too.
VALID = [
    _swap("<row", "\n\n<!-- the first --><?note a?>\n<row\n"),
    _swap(
        "<appendix1 ", '<appendix1 xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:schemaLocation="urn:x a.xsd" '
    ),
    _swap("<?xml", "\ufeff<?xml"),
    _swap('order_date="2024-03-04"', 'order_date=" 2024-03-04 "'),
    _swap("Ким", "&#1050;им"),
]


@pytest.mark.parametrize("change", VALID)
def test_what_the_schema_lets_pass_is_read(change: Callable[[str], str]) -> None:
    text = write(ACT).decode()
    assert change(text) != text
    assert read(change(text).encode(), "a.xml") == ACT


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_cut_short_anywhere_is_refused(name: str) -> None:
    data = write(DOCUMENTS[name])
    for length in range(len(data) - 1):
        with pytest.raises(FormatError):
            read(data[:length], "a.xml")


@settings(max_examples=100, deadline=None)
@given(data=st.binary(max_size=300))
def test_bytes_of_any_kind_are_refused(data: bytes) -> None:
    for start in (b"", b"<appendix1 xmlns='urn:esep:appendix1:1' ", b"<?xml version='1.0' encoding='"):
        with pytest.raises(FormatError):
            read(start + data, "a.xml")


@settings(max_examples=200, deadline=None)
@given(
    name=st.sampled_from(sorted(DOCUMENTS)),
    place=st.integers(0, 10**6),
    piece=st.binary(max_size=6),
    cut=st.integers(0, 6),
)
def test_a_changed_document_is_read_or_refused(name: str, place: int, piece: bytes, cut: int) -> None:
    data = (FIXTURES / f"{name}.xml").read_bytes()
    place %= len(data)
    try:
        document = read(data[:place] + piece + data[place + cut :], "a.xml")
    except FormatError:
        return
    assert read(write(document), "again") == document


@settings(max_examples=100, deadline=None)
@given(document=documents())
def test_read_gives_what_was_written(document: Document) -> None:
    assert read(write(document), "a.xml") == document


# A document that no reader would take, the place of the fault, what it says.
UNWRITABLE: list[tuple[Document, str, str]] = [
    (replace(NOTICE, number="\x01"), "value", "XML compatible"),
    (replace(ACT, month=date(2024, 3, 15)), "month", "2024-03-15"),
    (replace(ACT, authority_bin=" 020340000172"), "authority_bin", " 020340000172"),
    (replace(NOTICE, lines=(replace(NOTICE.lines[0], iin="580312400120 "),)), "iin", "580312400120 "),
    (replace(ACT, authority_bin="20340000172"), "authority_bin", "20340000172"),
    (replace(REQUEST, lines=()), "request-1.xsd", "Missing child element"),
    (replace(REQUEST, iban="kz35601a000000000123"), "iban", "kz35601a000000000123"),
    (replace(ACT, rows=(replace(ACT.rows[0], amount=10**17),)), "total", "1000000000000000,00"),
]


@pytest.mark.parametrize(("document", "place", "found"), UNWRITABLE)
def test_what_no_reader_would_take_is_not_written(document: Document, place: str, found: str) -> None:
    with pytest.raises(FormatError) as refusal:
        write(document)
    fault = refusal.value.faults[0]
    assert (fault.code, fault.place) == (Code.UNWRITABLE, place)
    assert found in fault.found
    assert fault.remedy == "correct the value where the document is made"


def test_the_page_names_every_field_and_its_examples_can_be_read() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for path in SCHEMA_FILES:
        if path.stem.rpartition("-")[0] in DOCUMENTS:
            for name in {str(one.get("name")) for one in etree.parse(path).iterfind(".//{*}attribute")}:
                assert f"`{name}`" in page, name
    examples = re.findall(r"```(csv|xml)\n(.*?)```", page, re.DOTALL)
    read_as = {"csv": twins.read_csv, "xml": read}
    found = [(form, type(read_as[form](text.encode(), "a"))) for form, text in examples]
    assert sorted((form, NAMES[kind]) for form, kind in found) == sorted(
        (form, name) for form in read_as for name in NAMES.values()
    )


# The first thing that is said of each broken file.
BROKEN_FILES = [line.partition(": ") for line in (FIXTURES / "broken.txt").read_text(encoding="utf-8").splitlines()]


def test_each_broken_file_has_its_sentence() -> None:
    assert sorted(path.name for path in (FIXTURES / "broken").iterdir()) == [name for name, _, _ in BROKEN_FILES]


@pytest.mark.parametrize(("name", "_", "said"), BROKEN_FILES)
def test_a_broken_file_is_refused_for_its_reason(name: str, _: str, said: str) -> None:
    path = FIXTURES / "broken" / name
    reader = {".xml": read, ".csv": twins.read_csv, ".xlsx": twins.read_xlsx}[path.suffix]
    with pytest.raises(FormatError) as refusal:
        reader(path.read_bytes(), name)
    assert str(refusal.value.faults[0]) == said
    assert refusal.value.faults[0].code == path.stem
