"""The documents of a month as files: PDF/A-3 with the XML inside, and XLSX (R-033, R-060, R-070, R-071).

The PDF is set by Typst from `templates/form.typ` with the fonts that come with Typst, so that it looks the same on
every machine. The values travel as JSON and never become Typst source: a name may hold any sign. The document date is
the last day of the month (of a request, its own date), never the day of the run: the same value gives the same bytes.
"""

import json
from dataclasses import asdict
from pathlib import Path

from formats.exchange import FundsRequest, PaymentStatement, ReturnNotice, TransferAct
from reconcile.forms import payment_statement_form, transfer_act_form
from reconcile.letters import funds_request_form, return_notice_form
from reconcile.paper import Form, printed
from reconcile.words import Language

_TEMPLATES = Path(__file__).parent / "templates"


class UnprintableText(ValueError):
    """A name holds a sign that the fonts of the documents lack; PDF/A forbids to print a box in its place."""

    def __init__(self, title: str, found: str) -> None:
        self.title = title
        self.found = found
        super().__init__(title, found)

    def __str__(self) -> str:
        return f"{self.title}: {self.found}; correct the name that holds this sign"


def transfer_act_pdf(act: TransferAct, language: Language, xml: bytes) -> bytes:
    """Return Appendix 1 as PDF/A-3 with its XML attached (R-070).

    Raises:
        UnprintableText: a name holds a sign that the fonts lack.
    """
    return _pdf(transfer_act_form(act, language), xml)


def transfer_act_xlsx(act: TransferAct, language: Language) -> bytes:
    """Return Appendix 1 as an XLSX file.

    Raises:
        AmountTooLarge: an amount that a spreadsheet cannot hold exactly.
    """
    return _xlsx(transfer_act_form(act, language))


def payment_statement_pdf(statement: PaymentStatement, language: Language, xml: bytes) -> bytes:
    """Return Appendix 2 as PDF/A-3 with its XML attached (R-071).

    Raises:
        UnprintableText: a name holds a sign that the fonts lack.
    """
    return _pdf(payment_statement_form(statement, language), xml)


def payment_statement_xlsx(statement: PaymentStatement, language: Language) -> bytes:
    """Return Appendix 2 as an XLSX file.

    Raises:
        AmountTooLarge: an amount that a spreadsheet cannot hold exactly.
    """
    return _xlsx(payment_statement_form(statement, language))


def funds_request_pdf(request: FundsRequest, language: Language, xml: bytes) -> bytes:
    """Return the request for funds as PDF/A-3 with its XML attached (R-033).

    Raises:
        UnprintableText: a name holds a sign that the fonts lack.
    """
    return _pdf(funds_request_form(request, language), xml)


def return_notice_xlsx(notice: ReturnNotice, language: Language) -> bytes:
    """Return the notice of returns as an XLSX file (R-060).

    Raises:
        AmountTooLarge: an amount that a spreadsheet cannot hold exactly.
    """
    return _xlsx(return_notice_form(notice, language))


def _xlsx(form: Form) -> bytes:
    from reconcile.workbook import write_workbook

    return write_workbook(form)


def _pdf(form: Form, xml: bytes) -> bytes:
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
        "widths": form.widths,
        "rows": [printed(form.columns, row) for row in form.rows],
        "totals": printed(form.columns[form.total_span :], form.totals),
    }
