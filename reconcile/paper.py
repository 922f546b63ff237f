"""What a document is before it has a page or a cell: title, blanks, table, sums, signatures, in one language.

A `Form` knows nothing of paper or of cells: `render.py` sets it with Typst, `workbook.py` writes it as a sheet, so the
two can never differ in a word or a figure. `forms.py`, `letters.py`, `annex_forms.py` and `dispute_forms.py` make forms
from the values of the month.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Self

from ledgers.money import THOUSANDS, format_tenge
from reconcile.words import IN_WORDS, TOTAL, Language, Text, amount_in_words, short_date

Kind = Literal["text", "mark", "count", "amount", "date"]
Value = str | int | date


@dataclass(frozen=True, slots=True, kw_only=True)
class Blank:
    """A blank of the form: what is written on the line, and the small print under it."""

    text: str
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SumLine:
    """The line under a table that repeats the total as a figure and in words."""

    label: str
    amount: Blank

    @classmethod
    def of(cls, tiyn: int, language: Language, label: Text = TOTAL) -> Self:
        """Return the line for a total of tiyn; the words are made of the figure and of nothing else (E71)."""
        text = f"{format_tenge(tiyn)} ({amount_in_words(tiyn, language)})"
        return cls(label=f"{label.say(language)}:", amount=Blank(text=text, hint=IN_WORDS.say(language)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column; its width is in characters of a sheet, and paper is shared out in the same proportion."""

    heading: str
    kind: Kind
    width: int
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A signature block of the act: whose it is, who signs, the form's hint under the line."""

    name: Blank
    signer: Blank


@dataclass(frozen=True, slots=True, kw_only=True)
class Official:
    """A signature line of the statement: the office by the form, the person, and the position where it is another."""

    office: str
    full_name: str
    position: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A further table under the first one, with a title; one without rows is told by its title and `nothing`."""

    title: str
    nothing: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    total_label: str
    total_span: int
    totals: tuple[Value, ...]

    @property
    def widths(self) -> tuple[int, ...]:
        """Widths of the columns in characters, like those of a form."""
        return _widths(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A document ready to be set: the title, the lines over the table, the table, what stands under it.

    Without `totals` the table has no row of totals.
    """

    name: str
    language: Language
    landscape: bool
    dated: date
    title: str
    footer: str
    heading: tuple[tuple[str | Blank, ...], ...]
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    total_label: str
    total_span: int
    totals: tuple[Value, ...]
    numbered: bool = True
    annex: str = ""
    copy_mark: str = ""
    fields_above: tuple[tuple[str, str], ...] = ()
    opening: str = ""
    sums: tuple[SumLine, ...] = ()
    fields_below: tuple[tuple[str, str], ...] = ()
    closing: str = ""
    parties: tuple[Party, ...] = ()
    officials: tuple[Official, ...] = ()
    sections: tuple[Section, ...] = ()

    @property
    def widths(self) -> tuple[int, ...]:
        """Widths of the columns in characters: as given, and wider where an amount would not fit."""
        return _widths(self)


def _widths(table: Form | Section) -> tuple[int, ...]:
    texts = [printed(table.columns, row) for row in table.rows]
    if table.totals:
        texts.append([""] * table.total_span + printed(table.columns[table.total_span :], table.totals))
    return tuple(
        max([column.width, *(len(row[number]) for row in texts)]) if column.kind == "amount" else column.width
        for number, column in enumerate(table.columns)
    )


def columns(made_of: Sequence[tuple[Text, Kind, int]], language: Language) -> tuple[Column, ...]:
    """Return columns without groups, of their headings, kinds and widths, in one language."""
    return tuple(Column(heading=heading.say(language), kind=kind, width=width) for heading, kind, width in made_of)


def printed(columns: Sequence[Column], values: Sequence[Value]) -> list[str]:
    """Return the values of a row as the texts that are printed in these columns."""
    return [_printed_value(column, value) for column, value in zip(columns, values, strict=True)]


def _printed_value(column: Column, value: Value) -> str:
    match value:
        case str():
            return value
        case date():
            return short_date(value)
        case _ if column.kind == "amount":
            return format_tenge(value)
        case _ if column.kind == "count":
            return f"{value:,}".replace(",", THOUSANDS)
        case _:
            return str(value)
