"""The documents as files: PDF/A-3 with the XML inside, and XLSX (R-033, R-060, R-070, R-071, E73, E75).

The PDF is set by Typst from `templates/form.typ` with the fonts that come with Typst, so that it looks the same on
every machine. The values travel as JSON and never become Typst source: a name may hold any sign. The document date is
the last day of the month (of a request, its own date), never the day of the run: the same value gives the same bytes.
"""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from formats import exchange
from formats.documents import (
    CorrectiveAct,
    Document,
    FundsRequest,
    MoneyAnnex,
    PaymentStatement,
    PeopleAnnex,
    Protocol,
    ReturnNotice,
    TransferAct,
)
from reconcile.annex_forms import money_annex_form, people_annex_form
from reconcile.dispute_forms import corrective_act_form, protocol_form
from reconcile.forms import payment_statement_form, transfer_act_form
from reconcile.letters import funds_request_form, return_notice_form
from reconcile.paper import Form, Section, printed
from reconcile.words import Language

LANGUAGES: tuple[Language, ...] = ("kk", "ru")

_TEMPLATES = Path(__file__).parent / "templates"


class UnprintableText(ValueError):
    """A name holds a sign that the fonts of the documents lack; PDF/A forbids to print a box in its place."""

    def __init__(self, title: str, found: str) -> None:
        self.title = title
        self.found = found
        super().__init__(title, found)

    def __str__(self) -> str:
        return f"{self.title}: {self.found}; correct the name that holds this sign"


_FORMS: dict[type[Document], Callable[[Any, Language], Form]] = {
    FundsRequest: funds_request_form,
    ReturnNotice: return_notice_form,
    TransferAct: transfer_act_form,
    PaymentStatement: payment_statement_form,
    MoneyAnnex: money_annex_form,
    PeopleAnnex: people_annex_form,
    Protocol: protocol_form,
    CorrectiveAct: corrective_act_form,
}


def form_of(document: Document, language: Language) -> Form:
    """Return a document as the form that its kind has, in one language."""
    return _FORMS[type(document)](document, language)


def pdf(document: Document, language: Language, xml: bytes) -> bytes:
    """Return a document as PDF/A-3 with its XML attached.

    Raises:
        UnprintableText: a name holds a sign that the fonts lack.
    """
    return form_pdf(form_of(document, language), xml)


def xlsx(document: Document, language: Language) -> bytes:
    """Return a document as an XLSX file for people.

    Raises:
        AmountTooLarge: an amount that a spreadsheet cannot hold exactly.
    """
    return form_xlsx(form_of(document, language))


def files(document: Document, name: str) -> dict[str, bytes]:
    """Return a document in every form, by file name: XML, and PDF and XLSX in Kazakh and Russian.

    Raises:
        UnprintableText, AmountTooLarge: as `pdf` and `xlsx`.
    """
    xml = exchange.write(document)
    found = {f"{name}.xml": xml}
    for language in LANGUAGES:
        found[f"{name}-{language}.pdf"] = pdf(document, language, xml)
        found[f"{name}-{language}.xlsx"] = xlsx(document, language)
    return found


def form_xlsx(form: Form) -> bytes:
    """Return a form as an XLSX file for people; raises AmountTooLarge like `xlsx`."""
    from reconcile.workbook import write_workbook

    return write_workbook(form)


def form_pdf(form: Form, xml: bytes) -> bytes:
    """Return a form as PDF/A-3 with an XML attached; raises UnprintableText like `pdf`."""
    import typst

    try:
        return typst.compile(
            str(_TEMPLATES / "form.typ"),
            root=str(_TEMPLATES),
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=["a-3b"],
            sys_inputs={"form": json.dumps(_printable(form), ensure_ascii=False), "xml": xml.decode("utf-8")},
        )
    except typst.TypstError as error:
        if "could not be displayed" not in error.message:
            raise
        raise UnprintableText(form.title, error.message) from error


def _printable(form: Form) -> dict[str, object]:
    """Return the form as plain JSON values, with every number and date as the text that is printed."""
    return asdict(form) | {
        "dated": [form.dated.year, form.dated.month, form.dated.day],
        "heading": [[asdict(part) if not isinstance(part, str) else part for part in line] for line in form.heading],
        "sections": [asdict(section) | _table(section) for section in form.sections],
        **_table(form),
    }


def _table(table: Form | Section) -> dict[str, object]:
    return {
        "widths": table.widths,
        "rows": [printed(table.columns, row) for row in table.rows],
        "totals": printed(table.columns[table.total_span :], table.totals) if table.totals else [],
    }
