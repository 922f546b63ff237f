r"""The messages of an MT file whatever their types, also of several types in one file: each goes to its own reader.

Statements as SWIFT defines them (MT940, and an MT950 whose :61: begins with a date) have a reader that walks over
pages; all other messages have the envelope of Kazakhstan's payment system and are read one by one.

>>> from formats.errors import Findings
>>> rows = ["{1:F01K054700000000010008395}", "{2:I920SGROSS000000U3003}", "{4:", ":20:BC0E990000000017", ":12:950"]
>>> rows += [":25:NBRKKZKX/KZ29125KZT9999000017", ":30:101012", "-}"]
>>> [type(one).__name__ for one in messages(["\n".join(rows)], Findings("request.920"))]
['StatementRequest']
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, Literal

from formats import mt9xx, mt100, mt102_reading, mt940, mt950, mt998
from formats.errors import Findings
from formats.mt import HOMOGLYPHS, Envelope, envelopes
from formats.mt102_message import TYPE as MT102
from formats.mt102_reading import Ended
from formats.mt940 import Mt940
from formats.mt940_pages import Mt940Head, PageReader
from formats.rows import Rows

Family = Literal["pages", "envelopes"]

_START_MAX = 1 << 16
_BEGINNING = 4_096
"""So many characters of a message show its type and, of a statement, its first movement."""
_MARK = "{1:"
_OWN_REFUSAL = "{2:"
_TYPE = re.compile(r"\{2:[IO]([0-9]{3})")
_HEADER_MAX = 400
_ROWS_AHEAD = 200

_SINGLE: dict[str, Callable[[Envelope, Findings], object]] = {
    "100": mt100.message,
    "950": mt950.message,
    "970": mt950.message,
    "998": mt998.message,
}


def messages(texts: Iterable[str], findings: Findings) -> Iterator[object]:
    """All messages of a text, in order; where there was a fault they hold stand-ins.

    Nothing may be done with them before findings.check() has passed at the end.
    """
    batch: list[Any] = []
    for part in stream(texts, findings):
        if isinstance(part, Sequence):
            batch.extend(part)
            continue
        if isinstance(part, Ended):
            yield mt102_reading.whole(part.header, batch)
        elif isinstance(part, Mt940Head):
            yield Mt940(head=part, lines=tuple(batch))
        else:
            yield part
        batch = []


def stream(texts: Iterable[str], findings: Findings) -> Iterator[object]:
    """The same in flat memory: of a list MT-102 come batches of items and then its Ended.

    Of a statement MT940 come batches of lines and then its head; every other message comes whole. A message that stands
    in the file a second time is noted: what it orders might be paid twice.
    """
    seen: set[int] = set()
    for part in _parts(texts, findings):
        if not isinstance(part, Sequence):
            # Two messages alike in all of this are one, sent twice; a number for each is little to keep.
            identity = hash(part)
            if identity in seen:
                meaning = "the same message stands in the file twice: nothing of it may be done twice"
                findings.note(None, "message", _reference(part), meaning)
            seen.add(identity)
        yield part


def _reference(part: object) -> str:
    """How a message is called: by its own reference, or by that of its head."""
    head = getattr(part, "header", None) or getattr(part, "head", None)
    return str(getattr(part, "reference", "") or getattr(head, "reference", "") or type(part).__name__)


def _parts(texts: Iterable[str], findings: Findings) -> Iterator[object]:
    feed = iter(texts)
    start = ""
    for text in feed:
        start += text
        if len(start) - max(start.find(_MARK), 0) > _START_MAX:
            break
    place = start.find(_MARK)
    everything = chain([start], feed)
    if place < 0 and start.lstrip().startswith(_OWN_REFUSAL):
        yield from mt9xx.messages(everything, findings)
    elif place < 0:
        yield from mt940.stream(everything, findings)
    else:
        rows = _Rows(_with_whole_beginnings(everything), findings.source, _family(start[place : place + _BEGINNING]))
        yield from _of_both_families(rows, findings)


def _of_both_families(rows: "_Rows", findings: Findings) -> Iterator[object]:
    """Messages of one family, then of the other, as long as there are any."""
    reader: PageReader | None = None
    while not rows.is_over():
        if rows.family == "pages":
            reader = reader or PageReader(rows, findings)
            while reader.comes_to_statement():
                head = yield from reader.statement()
                if head is not None:
                    yield head
        else:
            yield from _of_envelopes(rows, findings)
        rows.turn()
    if reader is not None:
        reader.ends()


def _of_envelopes(rows: Rows, findings: Findings) -> Iterator[object]:
    for envelope in envelopes(rows, findings):
        if envelope.header.message_type == MT102:
            yield from mt102_reading.items_of(envelope, findings)
            continue
        message = _SINGLE.get(envelope.header.message_type, mt9xx.message)(envelope, findings)
        if message is not None:
            yield message


class _Rows(Rows):
    """The rows of messages of one family: for their reader they end where a message of the other one begins."""

    def __init__(self, texts: Iterable[str], source: str, family: Family) -> None:
        super().__init__(texts, source)
        self.family = family

    def peek(self) -> str | None:
        """The next row; None also where a message of the other family begins."""
        row = super().peek()
        if row is not None and _MARK in row and self._family_of(row) != self.family:
            return None
        return row

    def is_over(self) -> bool:
        """Whether there are no rows at all."""
        return super().peek() is None

    def turn(self) -> None:
        """Let the other family go on."""
        self.family = "envelopes" if self.family == "pages" else "pages"

    def _family_of(self, row: str) -> Family:
        rows, place = self.block()
        return _family("\n".join([row[row.index(_MARK) :], *rows[place + 1 : place + _ROWS_AHEAD]]))


def _family(text: str) -> Family:
    """Which reader a message is for, by its beginning."""
    end = text.find(_MARK, len(_MARK))
    own = text if end < 0 else text[:end]
    kind = _TYPE.search(own[:_HEADER_MAX].replace(" ", "").translate(HOMOGLYPHS))
    if kind is None:
        return "envelopes"
    return "pages" if kind[1] == "940" or (kind[1] == "950" and mt950.is_general(own)) else "envelopes"


def _with_whole_beginnings(texts: Iterable[str]) -> Iterator[str]:
    """The texts cut so that the beginning of each message stands in one of them."""
    pending = ""
    for text in texts:
        pending += text
        place = pending.rfind(_MARK, -_BEGINNING)
        if place < 0:
            # The very end may be half of a mark.
            half = next((half for half in (_MARK[:2], _MARK[:1]) if pending.endswith(half)), "")
            place = len(pending) - len(half)
        if place:
            yield pending[:place]
            pending = pending[place:]
    if pending:
        yield pending
