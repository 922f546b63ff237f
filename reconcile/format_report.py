"""What `esep format` says: what a file is, its figures, its faults and notes, as lines for a screen or a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from ledgers.money import format_tenge
from reconcile.report import day, table

if TYPE_CHECKING:
    from formats import Fault, Note, Survey
    from formats.explain import Explanation
    from formats.summaries import Summary
    from reconcile.convert_file import Written

FAULTS_SHOWN = 100
_ALONE_MAX = 3


def checked(seen: Survey, *, tabs: bool = False, everything: bool = False) -> list[str]:
    """What the file is, its messages, its notes, and every fault or that there is none."""
    return [
        *_what(seen),
        *_messages(seen.summaries, tabs=tabs),
        *notes(seen.notes),
        *_verdict(seen.faults, everything=everything),
    ]


def _what(seen: Survey) -> Iterator[str]:
    if seen.recognised is None:
        yield f"{seen.source} is no file that Esep reads"
        return
    name = f" ({seen.recognised.name})" if seen.recognised.name else ""
    yield f"{seen.source}: {seen.recognised.kind.value}{name}, by {seen.recognised.evidence}"
    if seen.charset:
        yield f"charset {seen.charset}: {seen.evidence}"


def _messages(summaries: Sequence[Summary], *, tabs: bool) -> Iterator[str]:
    """A few messages one under another, many of a kind as a table."""
    for what in dict.fromkeys(one.what for one in summaries):
        alike = [one for one in summaries if one.what == what]
        yield ""
        if len(alike) <= _ALONE_MAX and not tabs:
            for one in alike:
                yield from _message(one)
        else:
            yield what
            yield from _table(alike, tabs=tabs)


def _message(one: Summary) -> Iterator[str]:
    yield one.what
    rows = [*one.facts, (one.records, str(one.count)), *((name, _amount(one, tiyn)) for name, tiyn in one.amounts)]
    width = max(len(name) for name, _ in rows)
    yield from (f"  {name.ljust(width)}  {_text(value)}" for name, value in rows)


def _table(alike: Sequence[Summary], *, tabs: bool) -> list[str]:
    facts = list(dict.fromkeys(name for one in alike for name, _ in one.facts))
    amounts = list(dict.fromkeys(name for one in alike for name, _ in one.amounts))
    heading = (*facts, "count", *(f"{name}, {alike[0].currency}" for name in amounts))
    rows = [
        (
            *(_text(dict(one.facts).get(name, "")) for name in facts),
            str(one.count),
            *(format_tenge(dict(one.amounts)[name]) if name in dict(one.amounts) else "" for name in amounts),
        )
        for one in alike
    ]
    return table(heading, rows, tabs=tabs)


def _amount(one: Summary, tiyn: int) -> str:
    return f"{format_tenge(tiyn)} {one.currency}"


def _text(value: str | date) -> str:
    return day(value) if isinstance(value, date) else " ".join(value.split())


def notes(found: Sequence[Note]) -> Iterator[str]:
    """What was read although it was unusual."""
    if found:
        yield ""
        yield "read although unusual:"
        yield from (f"  {note}" for note in found)


def _verdict(faults: Sequence[Fault], *, everything: bool) -> Iterator[str]:
    yield ""
    if not faults:
        yield "no fault: the file can be read"
        return
    yield f"{len(faults)} fault{'' if len(faults) == 1 else 's'}, the file would be refused:"
    shown = faults if everything else faults[:FAULTS_SHOWN]
    yield from (f"  {fault} [{fault.code}]" for fault in shown)
    if len(faults) > len(shown):
        yield f"  ... and {len(faults) - FAULTS_SHOWN} more; --all shows them"


def converted(written: Written, *, dry_run: bool) -> list[str]:
    """The files that were written, and what was lost or changed."""
    words = {True: "would write" if dry_run else "wrote", False: "there already, the same:"}
    lines = [f"{words[is_new]} {path}" for path, is_new in zip(written.paths, written.is_new, strict=True)]
    return [*lines, *notes(written.notes)]


def explained(meanings: Sequence[Explanation]) -> list[str]:
    """Each meaning of a word, with a blank line between them."""
    return "\n\n".join(map(str, meanings)).splitlines()
