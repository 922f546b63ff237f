"""Words of bank messages: everything that the readers know is explained, and the pages about MT tell the truth."""

import ast
import doctest
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from formats import mt_fields, onec_keys
from formats.errors import Code, Findings
from formats.explain import Explanation, UnknownTerm, explain, terms
from formats.mt102_reading import messages
from formats.mx_status import STATUSES
from formats.statement import MARKS

ROOT = Path(__file__).parents[2]
FORMATS = ROOT / "formats"
PAGE = (ROOT / "docs/formats/mt102.md").read_text(encoding="utf-8")

CERTAINTY = re.compile(
    r"seen in (?:one source|[2-9] independent sources)(?:, meaning inferred)?|inferred|Esep's own format"
    r"|public definition, (?:in Kazakhstan (?:not seen|seen in one source)|its use in Kazakhstan is not public)"
)
PURPOSES = re.findall(
    r"[0-9]{3}",
    """
010 013 015 019 089 098 012 017 026 094 121 122 123 124 160 183 021 027 028 046 047 048 049 091 092 096 097 038 039
020 090 011 009 311 312 314 319 119 321 341 342 343 411 413 419 421 423 429 710 720 721 723 730 740 780 811
859 862 869 870 880 290 390 490 590 690 790 890 911 912 913
""",
)
BANKS = re.findall(
    r"(\w{8}) ([0-9]{3})",
    """
ATYNKZKA 949 BKCHKZKA 913 BRKEKZKA 914 CASPKZKA 722 CEDUKZKA 766 CITIKZKA 832 DVKAKZKA 907 EABRKZKA 700 EURIKZKA 948
GCVPKZ2A 009 HCSKKZKA 972 HLALKZKZ 246 HSBKKZKX 601 ICBKKZKX 930 INEARUMM 550 INLMKZKA 886 IRTYKZKA 965 KCCJKZKK 715
KCJBKZKX 856 KICEKZKX 927 KINCKZKA 821 KKMFKZ2A 070 KMFBKZKK 719 KPSTKZKA 563 KSNVKZKA 551 KZIBKZKA 885 MOKFKZKA 724
NBRKKZKX 125 NURSKZKX 849 SHBKKZKA 435 TSESKZKA 998 VTBAKZKZ 432 ZAJSKZ22 896 ALFAKZKA 947 ALMNKZKA 826 SABRKZKA 914
MEOKKZKA 470 FOBAKZKA 470
""",
)
KINDS = re.findall(r"[0-9]{3}", "100 102 192 195 196 900 905 910 920 940 950 970 971 973 974 998")
CODELESS_BANKS = ("ABNAKZKX", "LARIKZKA", "NBPAKZKA", "NBPFKZKX", "TBKBKZKA", "TNGRKZKX", "EXKAKZKA", "KISCKZKX")
# What the readers of ISO 20022 take elements by.
TAKERS = re.compile(
    r"texts?|amount|nodes?|day|moment|number|required|has|missing|fault|note|each|element|_code"
    r"|read_(?:coded|id|direction|moment)|(?:text|day|money|agent|account|party|coded)_element"
)
ELEMENT = re.compile(r"[A-Z][A-Za-z]*[a-z][A-Za-z]*|UETR|IBAN|BICFI|BBAN")
# Upper-case beginnings that are no elements: names of messages of the first versions, and texts.
NO_ELEMENTS = frozenset({"DOCTYPE", "Message", "XML"})


def terms_of(word: str) -> set[str]:
    return {one.term for one in explain(word)}


@pytest.mark.parametrize(
    ("word", "term"),
    [
        (":32A:", ":32A:"),
        ("32a", ":32A:"),
        ("/KNP/", "/KNP/"),
        ("knp", "/KNP/"),
        ("//FM/", "/FM/"),
        (":77E:", ":77E:"),
        ("MT102", "MT102"),
        ("MT-102", "MT102"),
        ("МТ-102", "MT102"),
        ("102", "MT102"),
        ("{2:", "{2:"),
        ("block 2", "{2:"),
        ("-}", "-}"),
        ("НазначениеПлатежа", "НазначениеПлатежа"),
        ("НАЗНАЧЕНИЕПЛАТЕЖА3", "НазначениеПлатежа"),
        ("NtryRef", "NtryRef"),
        ("<RvslInd>", "RvslInd"),
        ("camt.053", "camt.053"),
        ("urn:iso:std:iso:20022:tech:xsd:camt.053.001.08", "camt.053"),
        ("pacs.004.001.11", "pacs.004"),
        ("KNP 027", "KNP 027"),
        ("KNP/027", "KNP 027"),
        ("КНП 027", "KNP 027"),
        ("027", "KNP 027"),
        ("054", "KNP 0xx"),
        ("859", "KNP 8xx"),
        ("VO 01", "VO 01"),
        ("/VO/01", "VO 01"),
        ("IRS", "/IRS/"),
        ("SECO 9", "SECO 9"),
        ("КБе", "КБе"),
        ("КОд", "КОд"),
        ("RD", "mark RD"),
        ("EC", "mark EC"),
        ("SGROSS", "SGROSS"),
        ("U3003", "U3003"),
        ("PRT 50", "PRT 50"),
        ("HSBKKZKX", "HSBKKZKX"),
        ("HSBKKZKXXXX", "HSBKKZKX"),
        ("601", "HSBKKZKX"),
        ("KZ98 6017 A999 9999 9911", "HSBKKZKX"),
        ("Kazpost", "KPSTKZKA"),
        ("FORMS/WRP", "WRP"),
        ("urn:esep:appendix1:1", "appendix1"),
    ],
)
def test_words_are_taken_as_people_type_them(word: str, term: str) -> None:
    assert term in terms_of(word)


def test_word_that_means_several_things_is_explained_several_times() -> None:
    assert terms_of("C") == {"/C/", "OPV C", "mark C"}
    assert terms_of("998") == {"MT998", "TSESKZKA"}
    assert {one.name_kk for one in explain("20")} == {"хабарламаның референсі"}


def test_unknown_word_gives_the_nearest_ones() -> None:
    with pytest.raises(UnknownTerm) as refusal:
        explain("NtryReff")
    assert refusal.value.near[0] == "NtryRef"
    assert str(refusal.value).startswith(
        "'NtryReff' is no word of a bank message that Esep knows; the nearest are NtryRef"
    )
    with pytest.raises(ValueError, match=r"nearest are MT\d{3}"):
        explain("MT103")


@pytest.mark.parametrize("word", ["", "xyzzyxyzzy", "///", "\x00"])
def test_word_like_no_other_says_where_the_formats_are_listed(word: str) -> None:
    with pytest.raises(UnknownTerm, match=r"docs/formats/README\.md lists the formats"):
        explain(word)


@pytest.mark.parametrize("one", terms(), ids=lambda one: one.term)
def test_data_is_whole(one: Explanation) -> None:
    texts = (one.term, one.format, one.name_en, one.name_kk, one.name_ru, one.form, one.example)
    assert all(text and text == text.strip() for text in texts)
    assert CERTAINTY.fullmatch(one.certainty), one.certainty
    assert re.fullmatch(r"docs/formats/[a-z0-9]+\.md", one.page)
    assert one in explain(one.term)
    assert one.name_en in str(one)


def test_no_term_is_explained_twice_in_a_format() -> None:
    listed = [(one.format, one.term) for one in terms()]
    assert len(set(listed)) == len(listed)


def known_to_mt() -> Iterator[tuple[str, str]]:
    """The tags and the subfields that modules of MT look for, by the names of their constants."""
    for file in sorted(FORMATS.glob("mt*.py")):
        module = importlib.import_module(f"formats.{file.stem}")
        for name, value in vars(module).items():
            if re.fullmatch(r"_?[A-Z_]*(?:TAGS|PARTS|ROWS)", name) and type(value) in {tuple, list, frozenset}:
                yield from ((file.stem, word) for word in value if isinstance(word, str))
    yield from (("mt_fields", word) for word in mt_fields._ONE_LINE_PARTS)


def test_every_tag_and_subfield_that_is_read_is_explained() -> None:
    found = set(known_to_mt())
    assert {word for _, word in found} >= {"20", "32A", "77E", "62F", "KNP", "LA", "OPV", "LS", "NPD"}
    for module, word in sorted(found):
        listed = f":{word}:" if word[0].isdigit() else f"/{word}/"
        assert explain(listed), f"{module} reads {listed}"


def test_every_form_of_mt998_is_explained() -> None:
    forms = importlib.import_module("formats.mt998_rows").FORMS
    assert [code for code in forms if code not in terms_of(f"FORMS/{code}")] == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_message_of_the_payment_system_is_explained(kind: str) -> None:
    assert f"MT{kind}" in terms_of(kind) & terms_of(f"MT{kind}") & terms_of(f"MT-{kind}")


@pytest.mark.parametrize("code", PURPOSES)
def test_every_purpose_code_is_explained(code: str) -> None:
    assert terms_of(f"KNP {code}") == {f"KNP {code}"} or terms_of(f"KNP {code}") == {f"KNP {code[0]}xx"}


@pytest.mark.parametrize(("bic", "code"), BANKS)
def test_every_bank_is_explained_by_its_codes(bic: str, code: str) -> None:
    (bank,) = explain(bic)
    assert f"digits {code} at places 5 to 7" in bank.form
    assert bic in terms_of(code)


def test_former_banks_are_marked() -> None:
    former = {one.term for one in terms() if one.rule.startswith("Historical")}
    assert former == {"ALFAKZKA", "ALMNKZKA", "SABRKZKA", "MEOKKZKA", "FOBAKZKA", *CODELESS_BANKS}


@pytest.mark.parametrize("key", [*onec_keys.KEYS, onec_keys.FIRST_LINE, onec_keys.STATEMENT_KIND, onec_keys.ORDER_KIND])
def test_every_key_of_1c_is_explained(key: str) -> None:
    assert "1CClientBankExchange" in {one.format for one in explain(key)}


def elements() -> Iterator[tuple[str, str]]:
    """The elements of ISO 20022 that modules name where they read or write."""
    for file in sorted([*FORMATS.glob("camt*.py"), *FORMATS.glob("pa[ci][sn]*.py"), *FORMATS.glob("mx*.py")]):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                texts = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
                if TAKERS.fullmatch(called):
                    paths = [text for text in texts if isinstance(text, str) and re.fullmatch(r"[A-Za-z/]+", text)]
                    yield from ((file.stem, name) for path in paths for name in path.split("/"))


def test_every_element_that_is_read_is_explained() -> None:
    found = {(module, name) for module, name in elements() if ELEMENT.fullmatch(name) and name not in NO_ELEMENTS}
    assert {name for _, name in found} >= {"NtryRef", "RvslInd", "OrgnlEndToEndId", "BtchBookg", "UltmtDbtr"}
    assert len(found) > 150
    unknown = []
    for module, name in sorted(found):
        try:
            explain(name)
        except UnknownTerm:
            unknown.append(f"{module}: {name}")
    assert unknown == []


def test_every_status_and_every_mark_is_explained() -> None:
    assert [status for status in STATUSES if status not in terms_of(status)] == []
    assert [mark for mark in MARKS if f"mark {mark}" not in terms_of(mark)] == []


def examples(text: str) -> list[str]:
    """The messages that a page shows in full."""
    blocks = re.findall(r"```text\n(.*?)```", text, re.DOTALL)
    return [block for block in blocks if block.startswith("{1:") and "\n-}" in block and "…" not in block]


def test_examples_of_the_page_are_read_with_the_totals_it_states() -> None:
    stated = [int(re.sub(r"\D", "", total)) for total in re.findall(r"total ([0-9  ]+,[0-9]{2}) tenge", PAGE)]
    findings = Findings("mt102.md")
    found = [one.total for text in examples(PAGE) for one in messages([text], findings)]
    findings.check()
    assert found == stated
    assert found == [3084617, 380000, 770000, 13760000, 9800000, 850050, 6000000, 786650, 125075]


def test_examples_of_the_page_are_the_fixtures() -> None:
    for text, name in zip(examples(PAGE), re.findall(r"(?m)^`fixtures/messages/(.*)`$", PAGE), strict=True):
        data = (ROOT / "fixtures/messages" / name).read_bytes()
        charset = next((one for one in ("cp866", "cp1251") if one in name), "utf-8")
        assert [row.rstrip() for row in data.decode(charset).splitlines()] == text.splitlines()


@pytest.mark.parametrize("page", ["mt102.md", "mt100.md", "envelope.md"])
def test_python_of_the_pages_is_true(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    result = doctest.testfile(str(ROOT / "docs/formats" / page), module_relative=False, encoding="utf-8")
    assert (result.failed, result.attempted > 0) == (0, True)


@pytest.mark.parametrize("page", ["mt102.md", "mt100.md", "envelope.md"])
def test_fault_codes_of_the_pages_exist(page: str) -> None:
    text = (ROOT / "docs/formats" / page).read_text(encoding="utf-8")
    refusals = text.split("## What Esep refuses", 1)[-1].split("\n## ", 1)[0]
    named = {
        code for row in re.findall(r"(?m)^\| (`[a-z].*?) \|", refusals) for code in re.findall(r"`([a-z-]+)`", row)
    }
    assert named <= set(Code)
    assert page == "mt100.md" or len(named) > 4


def test_index_names_every_page() -> None:
    index = (ROOT / "docs/formats/README.md").read_text(encoding="utf-8")
    pages = {file.name for file in (ROOT / "docs/formats").glob("*.md")} - {"README.md"}
    pages |= {Path(one.page).name for one in terms()}
    assert [page for page in sorted(pages) if f"]({page})" not in index] == []
