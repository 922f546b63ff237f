"""Awards and resolutions as XML: what the schemas refuse is refused here, and documents that would hurt."""

from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from formats.awards import AWARD_FIELDS, RESOLUTION_FIELDS
from formats.errors import Code
from formats.exchange import SCHEMAS
from tests.formats.tabular import (
    AWARD_WRITERS,
    CHILD,
    GRANNY,
    REFUND,
    RESEND,
    RESOLUTION_WRITERS,
    award,
    read_bytes,
    read_resolutions,
)

OPEN = '<awards xmlns="urn:esep:awards:1">'


def _schema(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SCHEMAS / name))


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    return _schema("awards-1.xsd")


@pytest.fixture
def document(tmp_path: Path) -> str:
    AWARD_WRITERS["xml"]([GRANNY, CHILD], tmp_path / "right")
    return (tmp_path / "right").read_text(encoding="utf-8")


def test_what_is_written_is_valid(tmp_path: Path, document: str, schema: etree.XMLSchema) -> None:
    schema.assertValid(etree.fromstring(document.encode()))
    RESOLUTION_WRITERS["xml"]([RESEND, REFUND], tmp_path / "r")
    _schema("resolutions-1.xsd").assertValid(etree.parse(tmp_path / "r"))


def _names(file: str) -> list[str]:
    [line] = etree.parse(SCHEMAS / file).findall("{*}complexType[@name='Line']")
    return [str(attribute.get("name")) for attribute in line.findall("{*}attribute")]


def test_the_schemas_have_the_fields_in_their_order() -> None:
    assert _names("awards-1.xsd") == list(AWARD_FIELDS)
    assert _names("resolutions-1.xsd") == list(RESOLUTION_FIELDS)


def _set(name: str, value: str) -> Callable[[str], str]:
    """The first line with another value."""

    def change(text: str) -> str:
        head, _, tail = text.partition(f' {name}="')
        return f'{head} {name}="{value}"{tail.partition(chr(34))[2]}'

    return change


def _swap(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new, 1)


_MANDATORY = [
    name for name, value in zip(AWARD_FIELDS, CHILD, strict=True) if value and not name.startswith("guardian")
]
# A change that the schema refuses, and where the fault stands.
INVALID = [
    *[(_swap(f" {name}=", f" x{name}="), "line") for name in AWARD_FIELDS[:20]],
    *[(_set(name, ""), name) for name in _MANDATORY],
    *[(_set(name, "ә" * 201), name) for name in ("signer", "case_id", "surname", "phone", "address", "aid_kind")],
    *[(_set("decision_date", day), "decision_date") for day in (
        "2024-02-30", "2023-02-29", "2024-3-05", "05.03.2024", "2024-03-05Z", "2024-03-05+05:00", "0000-01-01",
        "-2024-03-05", "12024-03-05", "2024-03-05T00:00:00", "20240305", "2024-03-05\u00a0", "٢024-03-05",
    )],
    *[(_set("due_month", month), "due_month") for month in ("2024-13", "2024-00", "2024-03-05", "03.2024", "2024-03Z")],
    *[(_set("amount", amount), "amount") for amount in (
        "18460.00", "18460,0", "18460", "0,00", "000,00", "-1,00", "+1,00", "1 000,00", "1234567890123456,00", "١,00",
    )],
    *[(_set("iin", number), "iin") for number in ("58031240012", "5803124001200", "58031240012O", "٥80312400120")],
    *[(_set("sex", sex), "sex") for sex in ("m", "MF", "Ж")],
    *[(_set("bic", bic), "bic") for bic in ("HSBKKZK", "HSBKKZKXX", "hsbkkzkx", "НSBKKZKX")],
    *[(_set("iban", iban), "iban") for iban in ("KZ35601A00000000012", "RU35601A000000000123", "kz35601A000000000123")],
    (_swap("<line ", "<row "), "XML"),
    (_swap("<line ", '<line xmlns="" '), "XML"),
    (_swap("<line ", '<line status="paid" '), "line"),
    (_swap("<line ", '<line xmlns:x="urn:x" x:iin="1" '), "line"),
    (_swap("urn:esep:awards:1", "urn:esep:awards:2"), "XML"),
    (_swap("<awards ", '<awards version="2" '), "XML"),
    (_swap("/>\n<line", "/>text<line"), "XML"),
    (_swap("/>\n<line", "> </line>\n<line"), "XML"),
    (_swap("/>\n<line", "><note/></line>\n<line"), "XML"),
    (_swap("</awards>", "<![CDATA[ ]]></awards>"), "XML"),
    (_swap("</awards>", ""), "XML"),
    (_swap("</awards>", "</awards><awards/>"), "XML"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "place"), INVALID)
def test_what_the_schema_refuses_is_refused(
    tmp_path: Path, document: str, schema: etree.XMLSchema, change: Callable[[str], str], place: str
) -> None:
    changed = change(document)
    assert changed != document
    assert not _is_valid(schema, changed) or "CDATA" in changed
    _, faults = read_bytes(tmp_path / "a", changed.encode())
    assert place in [fault.place for fault in faults]
    assert faults[0].line is not None


def _is_valid(schema: etree.XMLSchema, text: str) -> bool:
    try:
        return bool(schema.validate(etree.fromstring(text.encode())))
    except etree.XMLSyntaxError:
        return False


# A change that the schema lets pass and we too.
VALID = [
    _swap("<line ", "\n\n<!-- the first -->\n<line\n "),
    _swap("<awards ", '<awards xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:schemaLocation="urn:x a.xsd" '),
    _swap("<line ", '<line guardian_iin="" '),
    _set("decision_date", " 2024-03-05 "),
    _set("surname", "&#1178;ожахметова"),
    _swap('<awards xmlns="urn:esep:awards:1">', '<e:awards xmlns:e="urn:esep:awards:1">'),
]


@pytest.mark.parametrize("change", VALID)
def test_what_the_schema_lets_pass_is_read(
    tmp_path: Path, document: str, schema: etree.XMLSchema, change: Callable[[str], str]
) -> None:
    changed = change(document)
    if "<e:awards" in changed:
        changed = changed.replace("<line", "<e:line").replace("</awards", "</e:awards")
    assert changed != document
    assert _is_valid(schema, changed)
    batches, faults = read_bytes(tmp_path / "a", changed.encode())
    assert faults == []
    assert batches[0].columns["surname"] == [GRANNY[10], CHILD[10]]


def test_the_schema_of_resolutions_refuses_another_outcome(tmp_path: Path) -> None:
    RESOLUTION_WRITERS["xml"]([RESEND], tmp_path / "r")
    changed = (tmp_path / "r").read_text(encoding="utf-8").replace('"resend"', '"return"')
    assert not _is_valid(_schema("resolutions-1.xsd"), changed)
    (tmp_path / "r").write_text(changed, encoding="utf-8")
    assert [fault.place for fault in read_resolutions(tmp_path / "r")[1]] == ["outcome"]


_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha" * 50}">' for n in range(12))
# A document that would hurt, the code, what the fault says.
HURTING = [
    (f"<!DOCTYPE awards [{_LAUGHS}]>{OPEN}<line iin='&l11;'/></awards>", Code.XML_DOCTYPE, "type declaration awards"),
    (f'<!DOCTYPE awards SYSTEM "http://192.0.2.1/a.dtd">{OPEN}</awards>', Code.XML_DOCTYPE, "type declaration awards"),
    (
        f'<!DOCTYPE awards [<!ENTITY x SYSTEM "file:///etc/passwd">]>{OPEN}&x;</awards>',
        Code.XML_DOCTYPE,
        "document type",
    ),
    (f"{OPEN}&x;</awards>", Code.XML_MALFORMED, "undefined entity"),
    (f"{OPEN}<line iin='{'1' * (5 << 20)}'/></awards>", Code.XML_LIMIT, "longer than 1 MiB"),
    (f"{OPEN}<!--{'-' * 10 + ' ' * (5 << 20)}--></awards>", Code.XML_MALFORMED, "not well-formed"),
    (f"{OPEN}<!--{' ' * (5 << 20)}--></awards>", Code.XML_LIMIT, "longer than 1 MiB"),
    (f"{OPEN}{'<line>' * 100_000}", Code.XML_SCHEMA, "element line of urn:esep:awards:1"),
    (f"{'<a>' * 100_000}", Code.XML_NAMESPACE, "element a"),
    (f"<{'a' * 60_000} x='", Code.FILE_CUT_SHORT, "unclosed token"),
    (f"<{'a' * 60_000}/>", Code.XML_NAMESPACE, "… (60008 characters)"),
    (
        '<?xml version="1.0" encoding="windows-1251"?>' + OPEN + "</awards>",
        Code.CHARSET_UNKNOWN,
        "encoding windows-1251",
    ),
    ('<?xml version="1.0" encoding="rot13"?>' + OPEN + "</awards>", Code.CHARSET_UNKNOWN, "encoding rot13"),
    ("<", Code.FILE_CUT_SHORT, "unclosed token"),
    (OPEN, Code.FILE_CUT_SHORT, "no element found"),
    ("<html><body>Bank</body></html>", Code.XML_NAMESPACE, "element html"),
    (f"{OPEN}<line/>text</awards>", Code.XML_SCHEMA, "text 'text'"),
    (f"{OPEN}<![CDATA[ ]]></awards>", Code.XML_SCHEMA, "a CDATA section"),
]


@pytest.mark.parametrize(("text", "code", "found"), HURTING)
def test_a_document_that_would_hurt_is_refused(tmp_path: Path, text: str, code: Code, found: str) -> None:
    batches, faults = read_bytes(tmp_path / "a", text.encode())
    assert batches == []
    assert [(fault.place, fault.code) for fault in faults] == [("XML", code)]
    assert found in faults[0].found


def test_another_version_is_named_with_what_is_known(tmp_path: Path, document: str) -> None:
    _, faults = read_bytes(tmp_path / "a", document.replace("urn:esep:awards:1", "urn:esep:awards:2").encode())
    assert str(faults[0]) == (
        "line 2, XML: found 'element awards of urn:esep:awards:2', expected the root element awards of"
        " urn:esep:awards:1; ask the sender for this version, or look whether this is the right file"
    )
    assert faults[0].code is Code.XML_NAMESPACE


def test_bytes_that_are_not_utf8_are_refused_with_their_line(tmp_path: Path, document: str) -> None:
    _, faults = read_bytes(tmp_path / "a", document.encode().replace("Өмірбек".encode(), b"\xd6\xec\xb3", 1))
    assert [(fault.line, fault.found) for fault in faults] == [(4, "not well-formed (invalid token)")]


def test_lines_after_the_65535th_are_numbered_right(tmp_path: Path) -> None:
    """Trees keep line numbers in sixteen bits."""
    AWARD_WRITERS["xml"]([award(sex="X"), award(sex="X"), GRANNY], tmp_path / "a")
    text = (tmp_path / "a").read_text(encoding="utf-8").replace("/>\n", "/>" + "\n" * 70_000)
    [batch], faults = read_bytes(tmp_path / "b", text.encode())
    assert [fault.line for fault in faults] == [3, 70_003]
    assert batch.lines == [140_003]


def test_a_document_on_one_line_loses_only_its_wrong_rows(tmp_path: Path) -> None:
    AWARD_WRITERS["xml"]([GRANNY, award(sex="X"), CHILD], tmp_path / "a")
    text = (tmp_path / "a").read_text(encoding="utf-8").replace("\n", " ")
    [batch], faults = read_bytes(tmp_path / "b", text.encode())
    assert (batch.lines, [fault.place for fault in faults]) == ([1, 1], ["sex"])
