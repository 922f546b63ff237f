"""The messages of an MT file whatever their types, also of several types in one file: each goes to its own reader."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from formats import mt9xx, mt100, mt102_reading, mt940, mt950, mt998
from formats.errors import Findings
from formats.mt import Envelope, envelopes
from formats.mt102_message import TYPE as MT102
from formats.mt102_reading import Ended
from formats.mt940 import Mt940
from formats.mt940_pages import Mt940Head
from formats.rows import Rows

_START_MAX = 1 << 16
_TYPE = re.compile(r"\{2:[IO]([0-9]{3})")
_STATEMENTS = frozenset({"940", "950", "970"})

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

    Of a statement MT940 come batches of lines and then its head; every other message comes whole.
    """
    feed = iter(texts)
    start = ""
    for text in feed:
        start += text
        if _TYPE.search(start) or len(start) > _START_MAX:
            break
    kind = _TYPE.search(start)
    everything = chain([start], feed)
    if kind is None or kind[1] == "940":
        yield from mt940.stream(everything, findings)
    elif kind[1] in _STATEMENTS:
        yield from mt950.messages(everything, findings)
    else:
        yield from _of_any_type(everything, findings)


def _of_any_type(texts: Iterable[str], findings: Findings) -> Iterator[object]:
    for envelope in envelopes(Rows(texts, findings.source), findings):
        if envelope.header.message_type == MT102:
            yield from mt102_reading.items_of(envelope, findings)
            continue
        message = _SINGLE.get(envelope.header.message_type, mt9xx.message)(envelope, findings)
        if message is not None:
            yield message
