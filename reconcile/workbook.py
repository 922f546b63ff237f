"""A form as an XLSX sheet: the words and the lines of the paper, with numbers that can be summed and dates that sort.

The bytes depend on the form alone: the workbook says the form's date as its creation date, and the writer gives the
parts of the archive one fixed time. A text is always written as a text, so that a name with `=` in front stays a name.
Tables have sheets, letters have none: what only a letter says, its opening and closing, is left to paper.
"""

from datetime import datetime, time
from decimal import Decimal
from io import BytesIO
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import xlsxwriter

from reconcile.paper import Blank, Column, Form, Official, Party, Section, Value

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

TIYN_EXACT = 10**15
"""Amounts below this many tiyn (ten trillion tenge) are exact in a cell: they have at most fifteen digits."""

_LINE_HEIGHT = 15
_FONT: dict[str, Any] = {"font_name": "Times New Roman", "font_size": 10, "valign": "vcenter"}
_CELL = _FONT | {"border": 1, "text_wrap": True}
# The codes of number formats are the same in every locale: in a Kazakh or Russian one this comma is shown as a space
# and this dot as a comma, 1 846 000,00.
_STYLES: dict[str, dict[str, Any]] = {
    "plain": _FONT | {"text_wrap": True},
    "heading": _FONT | {"align": "center", "bold": True, "text_wrap": True, "font_size": 12},
    "small": _FONT | {"align": "center", "font_size": 8, "valign": "top", "text_wrap": True},
    "annex": _FONT | {"align": "right", "font_size": 8, "text_wrap": True},
    "line": _FONT | {"bottom": 1, "text_wrap": True},
    "head": _CELL | {"align": "center"},
    "text": _CELL | {"indent": 1},
    "mark": _CELL | {"align": "center"},
    "date": _CELL | {"align": "center", "num_format": "dd.mm.yyyy"},
    "count": _CELL | {"align": "right", "num_format": "#,##0"},
    "amount": _CELL | {"align": "right", "num_format": "#,##0.00"},
}


class AmountTooLarge(ValueError):
    """An amount that a spreadsheet would round."""

    def __init__(self, tiyn: int) -> None:
        self.tiyn = tiyn
        super().__init__(tiyn)

    def __str__(self) -> str:
        return f"amount {self.tiyn} tiyn: a sheet is exact below {TIYN_EXACT} tiyn only; take the PDF or the XML"


def write_workbook(form: Form) -> bytes:
    """Return a form as the bytes of an XLSX file with one sheet.

    Raises:
        AmountTooLarge: an amount of ten trillion tenge or more, which a spreadsheet cannot hold exactly.
    """
    buffer = BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True})
    workbook.set_properties({"title": form.title, "created": datetime.combine(form.dated, time())})
    styles = {name: workbook.add_format(style) for name, style in _STYLES.items()}
    bold = {name: workbook.add_format(style | {"bold": True}) for name, style in _STYLES.items()}
    _Sheet(form, workbook.add_worksheet(form.name), styles, bold).write()
    workbook.close()
    return buffer.getvalue()


class _Sheet:
    """One worksheet while it is written from the top down; `row` is the next free row."""

    def __init__(self, form: Form, sheet: "Worksheet", styles: dict[str, "Format"], bold: dict[str, "Format"]) -> None:
        self.form = form
        self.sheet = sheet
        self.styles = styles
        self.bold = bold
        self.widths = _grid(form)
        self.row = 0
        self.body = 0
        self.last = len(self.widths) - 1

    def write(self) -> None:
        """Write the whole form."""
        self._page()
        self._heading()
        self._fields(self.form.fields_above)
        top = self.row
        self._table(self.form, numbered=self.form.numbered)
        self._repeat(top)
        self._below()
        for section in self.form.sections:
            self._section(section)

    def _page(self) -> None:
        if self.form.landscape:
            self.sheet.set_landscape()
        self.sheet.set_paper(9)  # A4
        self.sheet.fit_to_pages(1, 0)
        # IIN, BIN and numbers of orders are texts on purpose: they begin with zeros.
        self.sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        self.sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        self.sheet.set_footer("&L" + self.form.footer.replace("&", "&&") + "&R&P / &N")
        for number, width in enumerate(self.widths):
            self.sheet.set_column(number, number, width)

    def _across(self, text: str, style: str, first: int = 0) -> None:
        """Write a text over the next row, from a column to the last one."""
        self._height(_lines(text, sum(self.widths[first:])))
        self._merge(self.row, first, self.row, self.last, text, self.styles[style])
        self.row += 1

    def _height(self, lines: int) -> None:
        self.sheet.set_row(self.row, lines * _LINE_HEIGHT)

    def _merge(self, top: int, left: int, bottom: int, right: int, text: str, style: "Format") -> None:
        # A range of one cell cannot be merged.
        if (top, left) == (bottom, right):
            self.sheet.write_string(top, left, text, style)
        else:
            self.sheet.merge_range(top, left, bottom, right, "", style)
            self.sheet.write_string(top, left, text, style)

    def _heading(self) -> None:
        if self.form.annex:
            self._across(self.form.annex, "annex", first=self.last - 2)
        for line in self.form.heading:
            self._across(" ".join(part.text if isinstance(part, Blank) else part for part in line), "heading")
            for part in line:
                if isinstance(part, Blank) and part.hint:
                    self._across(part.hint, "small")
        if self.form.copy_mark:
            self._across(self.form.copy_mark, "small")
        self.row += 1

    def _fields(self, pairs: tuple[tuple[str, str], ...]) -> None:
        """Write what stands between the title and the table, a label and its value in each row."""
        for label, value in pairs:
            self._across(f"{label}: {value}", "plain")
        self.row += bool(pairs)

    def _table(self, table: Form | Section, *, numbered: bool) -> None:
        self._column_heads(table.columns)
        if numbered:
            for number in range(len(table.columns)):
                self.sheet.write_number(self.row, number, number + 1, self.styles["head"])
            self.row += 1
        self.body = self.row
        for values in table.rows:
            texts = zip(map(str, values), self.widths, strict=False)
            self._height(max(_lines(text, width) for text, width in texts))
            for number, (column, value) in enumerate(zip(table.columns, values, strict=True)):
                self._cell(number, column, value, self.styles)
            self.row += 1
        if table.totals:
            self._total(table)
        self.row += 1

    def _repeat(self, top: int) -> None:
        """Keep the heads of the first table in sight, on the screen and on each page."""
        self.sheet.repeat_rows(top, self.body - 1)
        self.sheet.freeze_panes(self.body, 0)

    def _total(self, table: Form | Section) -> None:
        self._merge(self.row, 0, self.row, table.total_span - 1, table.total_label, self.bold["text"])
        summed = table.columns[table.total_span :]
        for number, (column, value) in enumerate(zip(summed, table.totals, strict=True), table.total_span):
            self._cell(number, column, value, self.bold)
        self.row += 1

    def _section(self, section: Section) -> None:
        if not section.rows:
            self._across(f"{section.title}: {section.nothing}", "plain")
            return
        self._across(section.title, "plain")
        self._table(section, numbered=False)

    def _column_heads(self, columns: tuple[Column, ...]) -> None:
        """Write one row of headings, or two where columns stand in groups."""
        style = self.styles["head"]
        grouped = any(column.group for column in columns)
        for number, column in enumerate(columns):
            if not column.group:
                self._merge(self.row, number, self.row + grouped, number, column.heading, style)
                continue
            self.sheet.write_string(self.row + 1, number, column.heading, style)
            if number == 0 or columns[number - 1].group != column.group:
                last = number + sum(other.group == column.group for other in columns) - 1
                self._merge(self.row, number, self.row, last, column.group, style)
        self._height(3)
        self.row += 1
        if grouped:
            self._height(2)
            self.row += 1

    def _cell(self, number: int, column: Column, value: Value, styles: dict[str, "Format"]) -> None:
        style = styles[column.kind]
        if isinstance(value, str):
            self.sheet.write_string(self.row, number, value, style)
        elif not isinstance(value, int):
            self.sheet.write_datetime(self.row, number, datetime.combine(value, time()), style)
        elif column.kind == "amount":
            self.sheet.write_number(self.row, number, _tenge(value), style)
        else:
            self.sheet.write_number(self.row, number, value, style)

    def _below(self) -> None:
        for line in self.form.sums:
            self._across(f"{line.label} {line.amount.text}", "line")
            self._across(line.amount.hint, "small")
        if self.form.sections and self.form.closing:
            self._across(self.form.closing, "plain")
        self.row += 1
        if self.form.parties:
            self._parties(*self.form.parties)
        for official in self.form.officials:
            self._official(official)

    def _parties(self, left: Party, right: Party) -> None:
        """Write two signature blocks beside each other: name, signer, hint, and a line to sign on."""
        half = self.last // 2
        for texts, style, height in (
            ((left.name.text, right.name.text), "plain", 2),
            ((left.name.hint, right.name.hint), "small", 1),
            ((left.signer.text, right.signer.text), "line", 2),
            ((left.signer.hint, right.signer.hint), "small", 2),
            (("", ""), "line", 2),
        ):
            self._height(height)
            self._merge(self.row, 0, self.row, half - 1, texts[0], self.styles[style])
            self._merge(self.row, half + 1, self.row, self.last, texts[1], self.styles[style])
            self.row += 1

    def _official(self, official: Official) -> None:
        """Write the office, a line to sign on, and the name with the position if it is another."""
        name = ", ".join(filter(None, (official.full_name, official.position)))
        self._height(2)
        self._merge(self.row, 0, self.row, 2, official.office, self.styles["plain"])
        self._merge(self.row, 3, self.row, 4, "", self.styles["line"])
        self._merge(self.row, 5, self.row, self.last, name, self.styles["plain"])
        self.row += 2


def _grid(form: Form) -> tuple[int, ...]:
    """Return the widths of the sheet's columns, wide enough for each table that stands in them."""
    tables = [form.widths, *(section.widths for section in form.sections)]
    return tuple(max(widths) for widths in zip_longest(*tables, fillvalue=0))


def _lines(text: str, width: int) -> int:
    """Return how many lines a text needs in a cell; a merged cell does not grow by itself, nor do rows everywhere.

    A line holds fewer letters than the width says: words do not fill it, and many letters are wider than a digit.
    """
    return max(1, -(-len(text) * 6 // (width * 5)))


def _tenge(tiyn: int) -> Decimal:
    """Return an amount for a cell as a decimal number, which the writer puts into the file digit for digit.

    The program that opens the sheet makes a binary number of it. Fifteen digits survive that and come back as they
    were; beyond, two neighbouring amounts may become one number, so a longer amount is refused.
    """
    if abs(tiyn) >= TIYN_EXACT:
        raise AmountTooLarge(tiyn)
    return Decimal(tiyn).scaleb(-2)
