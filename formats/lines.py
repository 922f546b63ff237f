"""Tabular files as XML: one <line/> with the fields as attributes for each row (awards-1.xsd, resolutions-1.xsd).

The reader is fed piece by piece and builds no tree, so that a million lines take the memory of one batch, and every
fault has its true line. A document type declaration is refused where it begins, so there are no entities to expand
and nothing to fetch; an element that goes on for a mebibyte is refused too. The structure of the schema is checked
here, the values with the columns.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO
from xml.sax.saxutils import escape

from formats.columns import Chunk, Family, Faults, Rows, checked_rows
from formats.errors import Code, Fault
from formats.plain_xml import SCHEMA_LOCATION, PlainXml, qualified

_READ_BYTES = 65_536
_ELEMENT_BYTES_MAX = 1 << 20
_MARKUP = re.compile('[&<>"]')
_QUOTE = {'"': "&quot;"}


def read_xml(stream: BinaryIO, source: str, family: Family, faults: Faults) -> Iterator[Chunk]:
    """The lines of the document in chunks of columns; a line with an attribute that does not exist is left out.

    Raises FormatError where the document cannot be read on, or has too many faults.
    """
    document = _Document(source, family, faults)
    while piece := stream.read(_READ_BYTES):
        document.feed(piece)
        yield from document.full
        document.full.clear()
    document.close()
    yield from document.full
    yield from document.rows.take()


class _Document(PlainXml):
    """What the parser has met: full chunks, the rows after them and the depth it stands at."""

    def __init__(self, source: str, family: Family, faults: Faults) -> None:
        super().__init__(source, _ELEMENT_BYTES_MAX)
        self._faults = faults
        self._root = f"{family.namespace} {family.root}"
        self._line = f"{family.namespace} line"
        self._values = itemgetter(*family.names)
        self._width = len(family.fields)
        self._empty = dict.fromkeys(family.names, "")
        self._depth = 0
        self.rows = Rows(self._width)
        self.full: list[Chunk] = []
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartCdataSectionHandler = self._cdata

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self._depth == 1 and name == self._line:
            self._row(attributes)
        elif self._depth == 0 and name == self._root:
            strange = attributes.keys() - {SCHEMA_LOCATION}
            if strange:
                self.refuse(Code.XML_SCHEMA, f"attribute {min(strange)} of the root", "no attribute there")
        elif self._depth:
            expected = f"{qualified(self._line)} in {qualified(self._root)}"
            self.refuse(Code.XML_SCHEMA, qualified(name), expected)
        else:
            remedy = "ask the sender for this version, or look whether this is the right file"
            self.refuse(Code.XML_NAMESPACE, qualified(name), f"the root {qualified(self._root)}", remedy)
        self._depth += 1

    def _row(self, attributes: dict[str, str]) -> None:
        line = self.line
        merged = {**self._empty, **attributes}
        if len(merged) > self._width:
            expected = "the attributes of the schema"
            remedy = "write the names exactly as the schema has them"
            self._faults.add(
                Fault(
                    code=Code.XML_SCHEMA,
                    line=line,
                    place="line",
                    found=f"attribute {name[:80]}",
                    expected=expected,
                    remedy=remedy,
                )
                for name in sorted(merged.keys() - self._empty.keys())
            )
            return
        if self.rows.add(line, self._values(merged)):
            self.full.extend(self.rows.take())

    def _end(self, _name: str) -> None:
        self._depth -= 1

    def _text(self, text: str) -> None:
        # The schema lets spaces and line ends stand between the lines, nothing inside them.
        if self._depth != 1 or text.strip(" \t\r\n"):
            self.refuse(Code.XML_SCHEMA, f"text {text[:40]!r}", "values in attributes only")

    def _cdata(self) -> None:
        self.refuse(Code.XML_SCHEMA, "a CDATA section", "values in attributes only")


def write_xml(rows: Iterable[Sequence[str]], path: Path, family: Family) -> None:
    """Write rows of sheet texts as XML; empty values have no attribute.

    Raises FormatError for a row of another width or with a character that is not seen.
    """
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<{family.root} xmlns="{family.namespace}">\n')
        for row in checked_rows(rows, family):
            quoted = _quoted if _MARKUP.search("".join(row)) else _plain
            values = zip(family.fields, row, strict=True)
            texts = [f"{field.name}={quoted(field.kind.to_xml(value))}" for field, value in values if value]
            stream.write(f"<line {' '.join(texts)}/>\n")
        stream.write(f"</{family.root}>\n")


def _plain(value: str) -> str:
    return f'"{value}"'


def _quoted(value: str) -> str:
    return f'"{escape(value, _QUOTE)}"'
