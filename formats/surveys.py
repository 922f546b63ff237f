"""A look through a file of any size in flat memory: what it is, its figures, every fault, every note.

>>> seen = survey("fixtures/messages/C_crediting_card_accounts_input.txt")
>>> [(one.what, one.count, one.amounts) for one in seen.summaries], seen.faults, seen.notes
([('MT-102, crediting by list', 4, (('amount', 13760000),))], (), ())
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from formats import camt, mt940, mt_messages, onec, onec_orders, pacs008, pain001
from formats.errors import Fault, Findings, FormatError, Note
from formats.mt102_packed import PackedHeader
from formats.mt102_reading import Ended
from formats.mt102_utilities import UtilityHeader
from formats.mt940_pages import Mt940Head
from formats.mx import DEFAULT_LIMITS
from formats.onec_parts import Batch, Statement
from formats.reading import ISO, OpenFile, Xml, iso_messages, line_batches, messages, onec_kind
from formats.recognise import Kind, Recognised
from formats.summaries import Summary, summary_of, summary_of_camt
from formats.summaries_mt import (
    summary_of_list,
    summary_of_mt940,
    summary_of_onec,
    summary_of_packed,
    summary_of_utilities,
)

SUMMARIES_MAX = 1_000
"""After so many messages the others of a kind are summed up as one: nobody reads more."""

_LINES = {"awards": "decisions on aid", "resolutions": "resolutions on returned payments"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What was seen in a file: None and '' where it could not be told; a file with faults is not to be applied."""

    source: str
    recognised: Recognised | None
    charset: str
    evidence: str
    summaries: tuple[Summary, ...]
    faults: tuple[Fault, ...]
    notes: tuple[Note, ...]


def survey(path: Path | str, *, charset: str | None = None) -> Survey:
    """Look through a file; what is wrong with it comes back with the rest.

    Raises LookupError for a charset that is not known.
    """
    path = Path(path)
    findings = Findings(path.name)
    seen = _Seen()
    file: OpenFile | None = None
    faults: tuple[Fault, ...] = ()
    with path.open("rb") as stream:
        try:
            file = OpenFile(path, stream, charset, findings)
            for one in _summaries(file):
                seen.add(one)
        except FormatError as refusal:
            faults = tuple(fault for fault in refusal.faults if fault not in findings.faults)
    text = file.text if file else None
    return Survey(
        source=path.name,
        recognised=file.recognised if file else None,
        charset=text.charset if text else "",
        evidence=text.evidence if text else "",
        summaries=tuple(seen.summaries),
        faults=(*findings.faults, *faults),
        notes=findings.notes,
    )


class _Seen:
    """The summaries so far; what is of one message, or beyond the number that anybody reads, is added up."""

    def __init__(self) -> None:
        self.summaries: list[Summary] = []
        self._rest: dict[str, int] = {}

    def add(self, one: Summary) -> None:
        last = self.summaries[-1] if self.summaries else None
        if last is not None and (last.what, last.facts) == (one.what, one.facts):
            self.summaries[-1] = _sum(last, one)
        elif len(self.summaries) < SUMMARIES_MAX:
            self.summaries.append(one)
        elif one.what in self._rest:
            place = self._rest[one.what]
            self.summaries[place] = _sum(self.summaries[place], one)
        else:
            self._rest[one.what] = len(self.summaries)
            self.summaries.append(replace(one, what=f"{one.what}, all the others", facts=()))


def _sum(one: Summary, other: Summary) -> Summary:
    amounts = Counter(dict(one.amounts))
    amounts.update(dict(other.amounts))
    names = dict.fromkeys([name for name, _ in (*one.amounts, *other.amounts)])
    return replace(one, count=one.count + other.count, amounts=tuple((name, amounts[name]) for name in names))


def _summaries(file: OpenFile) -> Iterator[Summary]:
    match file.recognised.kind:
        case Kind.MT:
            return _of_mt(mt_messages.stream(file.texts, file.findings))
        case Kind.STATEMENT:
            return _of_mt(mt940.stream(file.texts, file.findings))
        case Kind.ONEC:
            return _of_onec(file)
        case Kind.ISO20022:
            return _of_parts(iso_messages(file, ISO | _PIECES))
        case Kind.LINES:
            return _of_lines(file)
        case _:
            return map(summary_of, messages(file))


def _of_mt(parts: Iterator[object]) -> Iterator[Summary]:
    first: Any = None
    count = credited = debited = 0
    for part in parts:
        if isinstance(part, Sequence):
            first = part[0] if first is None else first
            count += len(part)
            changes = [getattr(item, "change", 0) for item in part]
            credited += sum(change for change in changes if change > 0)
            debited -= sum(change for change in changes if change < 0)
            continue
        if isinstance(part, Ended):
            yield from _of_list(part, first)
        elif isinstance(part, Mt940Head):
            yield summary_of_mt940(part, count, credited, debited)
        else:
            yield summary_of(part)
        first, count, credited, debited = None, 0, 0, 0


def _of_list(ended: Ended, first: Any) -> Iterator[Summary]:
    if isinstance(ended.header, PackedHeader):
        yield summary_of_packed(ended.header, ended.count, ended.total)
    elif isinstance(ended.header, UtilityHeader):
        yield summary_of_utilities(ended.header, ended.count, ended.total)
    elif first is not None:
        yield summary_of_list(ended.header, first, ended.count, ended.total)


def _of_onec(file: OpenFile) -> Iterator[Summary]:
    is_orders, texts = onec_kind(file.texts)
    if is_orders:
        yield from map(summary_of, onec_orders.orders(texts, file.findings))
        return
    counts: Counter[str] = Counter()
    for part in onec.stream(texts, file.findings):
        if isinstance(part, Batch):
            counts[part.account] += len(part.lines)
        elif isinstance(part, Statement):
            yield summary_of_onec(part, counts[part.account])


def _camt_parts(stream: BinaryIO, findings: Findings) -> Iterator[Summary]:
    count = credited = debited = 0
    for report, entry in camt.parts(stream, findings, DEFAULT_LIMITS):
        if entry is None:
            yield summary_of_camt(report, count, credited, debited)
            count = credited = debited = 0
        else:
            count += 1
            credited += max(entry.change, 0)
            debited -= min(entry.change, 0)


_PIECES: dict[str, Xml] = {
    "camt.052": _camt_parts,
    "camt.053": _camt_parts,
    "camt.054": _camt_parts,
    "pacs.008": pacs008.pieces,
    "pain.001": pain001.pieces,
}


def _of_parts(parts: Iterator[object]) -> Iterator[Summary]:
    return (part if isinstance(part, Summary) else summary_of(part) for part in parts)


def _of_lines(file: OpenFile) -> Iterator[Summary]:
    what = _LINES[file.recognised.name]
    for batch in line_batches(file):
        amount = sum(map(int, batch.columns["amount"]))
        yield Summary(what=what, facts=(), count=len(batch.lines), records="lines", amounts=(("amount", amount),))
