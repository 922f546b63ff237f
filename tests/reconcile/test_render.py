"""The documents as PDF/A-3: names as they are, pages, the archive's standard, the XML inside, the same bytes again.

R-070 and R-071; the sheets take part in the equality of bytes.
"""

import hashlib
import os
import re
import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time
from pypdf import PdfReader

from formats import exchange
from reconcile import render
from reconcile.words import Language
from tests.formats.papers import DOCUMENTS
from tests.reconcile.documents import (
    ACT_COLUMNS,
    DISABILITY,
    act_text,
    assert_in_order,
    golden_act,
    golden_notice,
    golden_request,
    golden_statement,
    long_act,
    pages_of,
    statement_of,
    transfer,
)


@pytest.mark.parametrize(
    "name",
    [
        '#1 *тест* _x_ $y$ <b> @z ~ `raw` // not a comment \\ "q"',
        "#panic() #sys.inputs {name} [block] = heading - item + item",
        "Өте" + "ұзын" * 30,
        "145/2024-03-14-000000000000000000000145",
    ],
)
def test_a_name_is_printed_as_it_is_whatever_it_holds(name: str) -> None:
    """Names travel as values, never as source of the template."""
    act = replace(golden_act(), authority_kk=name, rows=(replace(transfer(1, name, 100, DISABILITY)),))
    printed = re.sub(r"\s", "", act_text(act, "kk"))
    # The title, the number of the order, the signature block.
    assert printed.count(re.sub(r"\s", "", name)) == 3


def test_a_sign_that_the_fonts_lack_is_refused_with_the_document_and_the_sign() -> None:
    with pytest.raises(render.UnprintableText, match=r"салыстырып тексеру актісі.*漢.*correct the name"):
        act_text(replace(golden_act(), authority_kk="漢"), "kk")


# --- Pages ------------------------------------------------------------------------------------------------------------


def test_three_hundred_transfers_break_over_pages_with_the_heading_on_each() -> None:
    pages = pages_of(render.pdf(long_act(300), "kk", b"<act/>"))
    assert len(pages) > 5
    for number, page in enumerate(pages, start=1):
        assert_in_order(page, *ACT_COLUMNS["kk"], "1 2 3 4 5 6 7", f"{number} / {len(pages)}")
        assert len(re.findall("PO-[0-9]{4}", page)) >= 2
    assert re.findall("PO-([0-9]{4})", " ".join(pages)) == [f"{code:04d}" for code in range(1, 301)]
    assert ["БАРЛЫҒЫ" in page for page in pages] == [False] * (len(pages) - 1) + [True]


def test_three_hundred_banks_break_over_pages_with_both_rows_of_headings_on_each() -> None:
    row = golden_statement().rows[0]
    statement = statement_of(*(replace(row, number=number) for number in range(1, 301)))
    pages = pages_of(render.pdf(statement, "ru", b"<statement/>"))
    assert len(pages) > 5
    for number, page in enumerate(pages, start=1):
        assert_in_order(page, "Перечислено", "Возвращено", "Выплачено", "число получателей", "1 2 3 4 5 6 7 8 9")
        assert f"{number} / {len(pages)}" in page
    assert "Всего 18 000 332 280 000,00" in pages[-1]


@pytest.mark.parametrize("count", [0, 1, 2, *range(4, 14)])
def test_nobody_signs_a_page_without_rows(count: int) -> None:
    """The signatures share their page with the total and, where there are any, with the last two rows."""
    last = pages_of(render.pdf(long_act(count), "kk", b"<act/>"))[-1]
    orders = [f"PO-{code:04d}" for code in range(max(1, count - 1), count + 1)]
    assert_in_order(last, *orders, "БАРЛЫҒЫ", "Жұмағұлов Өмірзақ")


# --- PDF/A-3 ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("kk", "салыстырып тексеру актісі, 2024 жылғы наурыз"),
        ("ru", "Акт сверки поступивших трансфертов"),
    ],
)
def test_the_act_is_pdf_a_3b_with_the_xml_inside(language: Language, title: str) -> None:
    """The archive reads the act in fifty years, a program reads its XML today."""
    xml = exchange.write(golden_act())
    reader = PdfReader(BytesIO(render.pdf(golden_act(), language, xml)))
    assert reader.xmp_metadata is not None
    assert (reader.xmp_metadata.pdfaid_part, reader.xmp_metadata.pdfaid_conformance) == ("3", "B")
    assert reader.attachments == {"appendix1.xml": [xml]}
    root: Any = reader.trailer["/Root"]
    [file] = root["/AF"]
    assert file.get_object()["/AFRelationship"] == "/Data"
    assert file.get_object()["/EF"]["/F"]["/Subtype"] == "/application/xml"
    assert root["/Lang"] == language
    assert root["/OutputIntents"]
    assert reader.metadata is not None
    assert title in str(reader.metadata.title)
    assert str(reader.metadata["/CreationDate"]).startswith("D:20240331")


def test_every_font_is_embedded() -> None:
    reader = PdfReader(BytesIO(render.pdf(golden_statement(), "kk", b"<statement/>")))
    resources: list[Any] = [page["/Resources"] for page in reader.pages]
    fonts = [font.get_object() for resource in resources for font in resource["/Font"].values()]
    assert fonts
    for font in fonts:
        assert "LibertinusSerif" in font["/BaseFont"]
        descriptor = font["/DescendantFonts"][0]["/FontDescriptor"]
        assert "/FontFile3" in descriptor or "/FontFile2" in descriptor


def test_the_attached_xml_keeps_every_byte() -> None:
    xml = '<?xml version="1.0" encoding="UTF-8"?>\r\n<а ә="1">\n</а>\n'.encode()
    reader = PdfReader(BytesIO(render.pdf(golden_statement(), "ru", xml)))
    assert reader.attachments["appendix2.xml"] == [xml]


# --- The same value gives the same bytes ------------------------------------------------------------------------------


def _digests() -> list[str]:
    """One digest for each kind of file, of values that are always the same."""
    act, statement, request = golden_act(), golden_statement(), golden_request()
    files = [render.xlsx(golden_notice(), "kk")]
    for language in ("kk", "ru"):
        files += [
            render.pdf(act, language, b"<act/>"),
            render.xlsx(act, language),
            render.pdf(statement, language, b"<statement/>"),
            render.xlsx(statement, language),
            render.pdf(request, language, b"<request/>"),
        ]
    return [hashlib.sha256(file).hexdigest() for file in files]


def test_another_process_with_another_hash_seed_zone_and_second_gives_the_same_bytes() -> None:
    program = f"import runpy; print(*runpy.run_path({__file__!r})['_digests']())"
    environment = os.environ | {"PYTHONHASHSEED": "4242", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"}
    environment["SOURCE_DATE_EPOCH"] = "1"
    root = Path(__file__).parents[2]
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=root,
        env=environment | {"PYTHONPATH": str(root)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert run.stdout.split() == _digests()


def test_another_year_gives_the_same_bytes() -> None:
    with freeze_time("2031-12-31 23:59:59"):
        later = _digests()
    assert later == _digests()


def test_another_value_gives_other_bytes() -> None:
    act = golden_act()
    other = replace(act, rows=(replace(act.rows[0], amount=act.rows[0].amount + 1), act.rows[1]))
    assert render.pdf(act, "kk", b"<act/>") != render.pdf(other, "kk", b"<act/>")
    assert render.xlsx(act, "kk") != render.xlsx(other, "kk")


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_every_document_has_its_form_and_its_files(name: str) -> None:
    """Also those beside the act: XML, and in both languages PDF/A-3 with that XML inside, and XLSX; the same again."""
    document = DOCUMENTS[name]
    files = render.files(document, "paper")
    assert sorted(files) == ["paper-kk.pdf", "paper-kk.xlsx", "paper-ru.pdf", "paper-ru.xlsx", "paper.xml"]
    for language in ("kk", "ru"):
        assert PdfReader(BytesIO(files[f"paper-{language}.pdf"])).attachments == {f"{name}.xml": [files["paper.xml"]]}
    assert render.files(document, "paper") == files


def test_importing_the_renderer_does_not_load_the_typesetter() -> None:
    """`esep --help` must answer at once."""
    program = "import sys, reconcile.render; print({'typst', 'xlsxwriter'} & set(sys.modules))"
    root = Path(__file__).parents[2]
    run = subprocess.run([sys.executable, "-c", program], cwd=root, check=True, capture_output=True, text=True)
    assert run.stdout == "set()\n"
