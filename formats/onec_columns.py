r"""The documents of a 1CClientBankExchange file, many at a time, so that a million of them takes seconds.

Documents of one bank have the same keys in the same order, of which there are a few kinds. When such a layout was read
row by row once, later documents of it are taken apart by one regular expression and stay together as columns. Whatever
does not fit a layout goes row by row; both ways give the same (mt102.md §5.5 for the form itself).

>>> text = "1CClientBankExchange\nСекцияДокумент=Выписка\nНомерДокумента=7\nКонецДокумента\nКонецФайла\n"
>>> head, run = sections([text], Findings("march.txt"))
>>> run.count
1
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from formats.errors import Findings
from formats.onec_keys import ACCOUNT, DOCUMENT, MARKS, PURPOSES
from formats.onec_sections import LENGTH_MAX, Section, SectionReader

RUN_MAX = 2_000
"""So many documents at most are given out at a time."""

_LAYOUTS_MAX = 64
_WAITING_MAX = 1 << 16
"""So many characters without an end of a document wait for it."""
_DOCUMENT_MAX = LENGTH_MAX // 2
_KEYS_MAX = 90
_RUN_ON_MAX = 12
# A line without a key that is neither blank nor a mark.
_BLANK = r"[^\S\n]*"
_RUN_ON = rf"\n(?!{_BLANK}(?i:{'|'.join(MARKS)})[\x1a ]*{_BLANK}(?:\n|\Z)){_BLANK}[^\s=][^=\n]*"


@dataclass(slots=True)
class Group:
    """Documents of one layout: the place of each in its run, the line where it begins, its values in key order.

    A purpose, the `purpose`-th key, may run on over so many more lines (`run_on`).
    """

    keys: tuple[str, ...]
    purpose: int = 0
    run_on: int = 0
    places: list[int] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    rows: list[tuple[str, ...]] = field(default_factory=list)

    def sections(self) -> Iterator[Section]:
        """The same documents one by one, as they are when they are read row by row."""
        for line, row in zip(self.lines, self.rows, strict=True):
            section = Section(line, DOCUMENT, row[0].strip())
            for place, (key, text) in enumerate(zip(self.keys[1:], row[1:], strict=True), 1):
                section.values[key] = line + self.offset(place), text.strip()
            yield section

    def offset(self, place: int) -> int:
        """How many lines the `place`-th key stands below the beginning of its document."""
        return place + (self.run_on if place > self.purpose else 0)


@dataclass(slots=True)
class Run:
    """Documents that follow one another: those of a layout in groups, the others one by one with their places."""

    count: int = 0
    groups: list[Group] = field(default_factory=list)
    single: list[tuple[int, Section]] = field(default_factory=list)


class _Layout:
    """The keys of a document in their order, as one expression."""

    def __init__(self, spellings: list[str], keys: tuple[str, ...], purpose: int, run_on: int) -> None:
        rows = [f"{re.escape(spelling)}=(.*)" for spelling in spellings]
        if run_on:
            rows[purpose] = f"{rows[purpose][:-1]}(?:{_RUN_ON}){{{run_on}}})"
        self.match = re.compile("\\n*" + "\n".join(rows)).fullmatch
        self.lines = len(keys) + run_on
        self.group = Group(keys, purpose, run_on)

    def new_group(self) -> Group:
        """Begin another group."""
        self.group = Group(self.group.keys, self.group.purpose, self.group.run_on)
        return self.group


def sections(texts: Iterable[str], findings: Findings, *, plain: bool = True) -> Iterator[Section | Run]:
    """The account sections and the documents in the order of the file; the head comes first, as a section too.

    With `plain` off every document is read row by row. What is wrong goes to the findings; a file of another kind and
    a line or section without end stop the reading.
    """
    documents = _Documents(SectionReader(findings), plain=plain)
    tail = ""
    for text in _line_ends(texts):
        tail = documents.take(tail + text)
        yield from documents.given()
        if documents.reader.is_stopped:
            break
    documents.rows(f"{tail}\n" if tail else "")
    documents.reader.end(documents.reader.line + (not tail))
    yield from documents.given(finished=True)


def _line_ends(texts: Iterable[str]) -> Iterator[str]:
    """The texts with simple line ends; a carriage return at the end of a text waits for its line feed."""
    held = ""
    for text in texts:
        joined = held + text
        held = "\r" if joined.endswith("\r") else ""
        if "\r" in joined:
            joined = joined.removesuffix("\r").replace("\r\n", "\n").replace("\r", "\n")
        yield joined
    if held:
        yield "\n"


class _Documents:
    """Text in, sections and runs of documents out."""

    def __init__(self, reader: SectionReader, *, plain: bool) -> None:
        self.reader = reader
        self._plain = plain
        self._run = Run()
        self._out: list[Section | Run] = []
        self._layouts: dict[int, list[_Layout]] = {}
        self._layouts_count = 0
        self._is_head_given = False

    def given(self, *, finished: bool = False) -> Iterator[Section | Run]:
        """What is complete so far."""
        if finished:
            self._flush()
            if not self._is_head_given and not self.reader.is_stopped:
                yield self.reader.head
        out, self._out = self._out, []
        yield from out

    def take(self, text: str) -> str:
        """Read all of the text but a document that goes on after it, which comes back."""
        end = f"\n{self.reader.document_end}\n"
        pieces = text.split(end)
        tail = pieces.pop()
        for piece in pieces:
            if self.reader.is_stopped:
                return ""
            if not (self._plain and self.reader.is_between and self._fits(piece)):
                self.rows(piece + end)
                self._learn(piece)
        if len(tail) > (LENGTH_MAX if pieces else _WAITING_MAX):
            # Another spelling of the end, or no document at all: nothing can be gained by waiting.
            last = tail.rfind("\n") + 1
            self.rows(tail[:last])
            tail = tail[last:]
            if len(tail) > LENGTH_MAX and not self.reader.is_stopped:
                self.reader.stop(self.reader.line + 1)
        return tail

    def rows(self, text: str) -> None:
        """Read whole lines row by row."""
        self.reader.take(text)
        for section in self.reader.closed:
            if section.mark == ACCOUNT:
                self._flush()
                self._out.append(section)
            else:
                self._run.single.append((self._run.count, section))
                self._count()
        self.reader.closed.clear()

    def _fits(self, piece: str) -> bool:
        """Take the document if it is of a known layout."""
        width = piece.count("\n")
        if len(piece) > _DOCUMENT_MAX:
            return False
        for layout in self._layouts.get(width, ()):
            found = layout.match(piece)
            if found is not None:
                group = layout.group
                group.places.append(self._run.count)
                line = self.reader.line + width - layout.lines + 2
                group.lines.append(line)
                group.rows.append(self._joined(found.groups(), group, line) if group.run_on else found.groups())
                self.reader.line += width + 2
                self._count()
                return True
        return False

    def _joined(self, values: tuple[str, ...], group: Group, line: int) -> tuple[str, ...]:
        """The values with the lines of the purpose joined, each of which is noted."""
        first, *rows = (row.strip() for row in values[group.purpose].split("\n"))
        for number, row in enumerate(rows, line + group.purpose + 1):
            self.reader.note_run_on(number, row)
        return (*values[: group.purpose], " ".join([first, *rows]).strip(), *values[group.purpose + 1 :])

    def _learn(self, piece: str) -> None:
        """Keep the layout of a document that was read row by row, if it has the plain form."""
        alike = self._layouts.get(piece.count("\n"), [])
        if self._layouts_count >= _LAYOUTS_MAX or any(layout.match(piece) for layout in alike):
            return
        rows = piece.lstrip("\n").split("\n")
        keyed = [place for place, row in enumerate(rows) if "=" in row]
        spellings = [rows[place].partition("=")[0] for place in keyed]
        keys = tuple(self.reader.names.known(spelling) for spelling in spellings)
        run_on = len(rows) - len(keyed)
        purpose = max((place for place, key in enumerate(keys) if key in PURPOSES), default=0)
        is_plain = len(set(keys)) == len(keys) < _KEYS_MAX and "" not in keys and run_on <= _RUN_ON_MAX
        if (
            is_plain
            and keys[:1] == (DOCUMENT,)
            and (purpose or not run_on)
            and not any(key in MARKS for key in keys[1:])
        ):
            layout = _Layout(spellings, keys, purpose, run_on)
            # Where other lines than those of the last purpose have no key, the layout does not even fit its own text.
            if layout.match(piece):
                self._layouts[piece.count("\n")] = [*alike, layout]
                self._layouts_count += 1

    def _count(self) -> None:
        self._run.count += 1
        if self._run.count >= RUN_MAX:
            self._flush()

    def _flush(self) -> None:
        """Give out the documents so far."""
        if not self._is_head_given:
            self._is_head_given = True
            self._out.append(self.reader.head)
        if not self._run.count:
            return
        for layouts in self._layouts.values():
            for layout in layouts:
                if layout.group.rows:
                    self._run.groups.append(layout.group)
                    layout.new_group()
        self._out.append(self._run)
        self._run = Run()
