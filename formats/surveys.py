"""A look through a file of any size in flat memory: what it is, its figures, every fault, every note.

>>> seen = survey("fixtures/messages/C_crediting_card_accounts_input.txt")
>>> [(one.what, one.count, one.amounts) for one in seen.summaries], seen.faults, seen.notes
([('MT-102, crediting by list', 4, (('amount', 13760000),))], (), ())
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from formats import camt, mt940, mt_messages, onec, onec_orders, pacs008, pain001
from formats.camt_report import BankReport
from formats.errors import Fault, Findings, FormatError, Note
from formats.mt102_message import Mt102Item
from formats.mt102_packed import PackedHeader
from formats.mt102_reading import Ended
from formats.mt102_utilities import UtilityHeader
from formats.mt940_lines import Mt940Line
from formats.mt940_pages import Mt940Head
from formats.mx import DEFAULT_LIMITS
from formats.onec_parts import Batch
from formats.reading import ISO, OpenFile, Xml, iso_messages, line_batches, messages, onec_kind
from formats.recognise import Kind, Recognised
from formats.summaries import Role, Summary, facts_given, summary_of, summary_of_camt, turnovers
from formats.summaries_mt import (
    summary_of_list,
    summary_of_mt940,
    summary_of_onec,
    summary_of_packed,
    summary_of_unended,
    summary_of_unproved,
    summary_of_utilities,
)

Columns = Mapping[str, Sequence[Any]]
Judge = Callable[[Columns, Findings], None]

SUMMARIES_MAX = 1_000
"""After so many messages the others of a kind are summed up as one: nobody reads more."""

_LINES = {
    "awards": ("decisions on aid", Role.DECISIONS),
    "resolutions": ("resolutions on returned payments", Role.RESOLUTIONS),
}
_NAMED = {
    "awards": ("authority_bin", "decision_number", "aid_kind", "bic"),
    "resolutions": ("authority_bin", "number", "outcome"),
}
_NAMED_MAX = 4


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


def survey(path: Path | str, *, charset: str | None = None, judge: Judge | None = None) -> Survey:
    """Look through a file; what is wrong with it comes back with the rest.

    `judge` is given the columns of each batch of people, decisions or documents, and may note what it finds in them.

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
            for one in _summaries(file, judge or _nobody):
                seen.add(one)
        except FormatError as refusal:
            known = set(findings.faults)
            faults = tuple(fault for fault in refusal.faults if fault not in known)
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


def _nobody(_columns: Columns, _findings: Findings) -> None:
    """Judge nothing."""


class _Seen:
    """The summaries so far; beyond the number that anybody reads those of a kind are added up."""

    def __init__(self) -> None:
        self.summaries: list[Summary] = []
        self._rest: dict[tuple[str, str], int] = {}

    def add(self, one: Summary) -> None:
        if len(self.summaries) < SUMMARIES_MAX:
            self.summaries.append(one)
            return
        place = self._rest.setdefault((one.what, one.currency), len(self.summaries))
        # Balances of several statements have no sum.
        amounts = tuple((name, amount) for name, amount in one.amounts if name not in {"opening", "closing"})
        other = replace(one, what=f"{one.what}, all the others", facts=(), amounts=amounts)
        if place == len(self.summaries):
            self.summaries.append(other)
        else:
            self.summaries[place] = _sum(self.summaries[place], other)


def _joined(pieces: Iterable[Summary]) -> Iterator[Summary]:
    """One summary of the pieces of a message that follow one another, and of orders of one account and day."""
    last: Summary | None = None
    try:
        for one in pieces:
            if last is not None and (last.what, last.facts, last.currency) == (one.what, one.facts, one.currency):
                last = _sum(last, one)
                continue
            if last is not None:
                yield last
            last = one
    except FormatError:
        if last is not None:
            yield last
        raise
    if last is not None:
        yield last


def _sum(one: Summary, other: Summary) -> Summary:
    amounts = Counter(dict(one.amounts))
    amounts.update(dict(other.amounts))
    names = dict.fromkeys([name for name, _ in (*one.amounts, *other.amounts)])
    return replace(one, count=one.count + other.count, amounts=tuple((name, amounts[name]) for name in names))


def _summaries(file: OpenFile, judge: Judge) -> Iterator[Summary]:
    match file.recognised.kind:
        case Kind.MT:
            return _of_mt(mt_messages.stream(file.texts, file.findings), file, judge)
        case Kind.STATEMENT:
            return _of_mt(mt940.stream(file.texts, file.findings), file, judge)
        case Kind.ONEC:
            return _of_onec(file, judge)
        case Kind.ISO20022:
            return _of_iso(file)
        case Kind.LINES:
            return _of_lines(file, judge)
        case _:
            return map(summary_of, messages(file))


def _of_mt(parts: Iterator[object], file: OpenFile, judge: Judge) -> Iterator[Summary]:
    records = _Records()
    try:
        for part in parts:
            if isinstance(part, Sequence):
                records.add(part)
                if part and isinstance(part[0], Mt102Item):
                    columns = {"idn": [one.idn for one in part], "account": [one.account for one in part]}
                    judge(columns, file.findings)
            else:
                yield records.ended_by(part)
                records = _Records()
    except FormatError:
        # What was seen up to here still tells what the file is.
        if records.count:
            yield summary_of_unended(records.count, records.amount)
        raise


class _Records:
    """The records of one message, counted and summed up as they come in batches."""

    def __init__(self) -> None:
        self.count = 0
        self.amount = 0
        self._first: Any = None
        self._credited = 0
        self._debited = 0

    def add(self, batch: Sequence[Any]) -> None:
        self._first = batch[0] if self._first is None and batch else self._first
        self.count += len(batch)
        self.amount += sum(one.amount for one in batch)
        if isinstance(self._first, Mt940Line):
            credited, debited = turnovers(one.change for one in batch)
            self._credited += credited
            self._debited += debited

    def ended_by(self, part: object) -> Summary:
        """The summary of the message that the part ends or is."""
        if isinstance(part, Mt940Head):
            return summary_of_mt940(part, self.count, self._credited, self._debited)
        if not isinstance(part, Ended):
            return summary_of(part)
        if isinstance(part.header, PackedHeader):
            return summary_of_packed(part.header, part.count, part.total)
        if isinstance(part.header, UtilityHeader):
            return summary_of_utilities(part.header, part.count, part.total)
        return summary_of_list(part.header, self._first, part.count, part.total)


def _of_onec(file: OpenFile, judge: Judge) -> Iterator[Summary]:
    is_orders, texts = onec_kind(file.texts)
    if is_orders:
        yield from _joined(map(summary_of, onec_orders.orders(texts, file.findings)))
        return
    seen: dict[str, list[int]] = {}
    is_proved = False
    try:
        for part in onec.stream(texts, file.findings):
            if isinstance(part, Batch):
                _count(part, seen.setdefault(part.account, [0, 0, 0]))
                names = ("counterparty_bin", "counterparty_iban")
                judge({name: [getattr(line, name) for line in part.lines] for name in names}, file.findings)
            else:
                is_proved = True
                yield summary_of_onec(part, seen.get(part.account, [0])[0])
    except FormatError:
        yield from _unproved(seen)
        raise
    if not is_proved:
        yield from _unproved(seen)


def _count(batch: Batch, figures: list[int]) -> None:
    """Add the documents of a batch to the count, the credits and the debits of their account."""
    total = sum(line.amount for line in batch.lines)
    credited = sum(line.amount for line in batch.lines if line.direction == "credit")
    figures[:] = [figures[0] + len(batch.lines), figures[1] + credited, figures[2] + total - credited]


def _unproved(seen: dict[str, list[int]]) -> Iterator[Summary]:
    return (summary_of_unproved(account, *figures) for account, figures in seen.items() if figures[0])


def _camt_parts(stream: BinaryIO, findings: Findings) -> Iterator[Summary]:
    changes = [0, 0, 0]
    begun: BankReport | None = None
    try:
        for report, entry in camt.parts(stream, findings, DEFAULT_LIMITS):
            if entry is None:
                yield summary_of_camt(report, *changes)
                begun, changes = None, [0, 0, 0]
            else:
                credited, debited = turnovers([entry.change])
                begun, changes = report, [changes[0] + 1, changes[1] + credited, changes[2] + debited]
    except FormatError:
        yield from _unended_camt(begun, changes)
        raise
    yield from _unended_camt(begun, changes)


def _unended_camt(begun: BankReport | None, changes: list[int]) -> Iterator[Summary]:
    if begun is not None:
        one = summary_of_camt(begun, *changes)
        yield replace(one, what=f"{one.what}, not read to its end", role=Role.OTHER)


_REPORTS: dict[str, Xml] = dict.fromkeys(("camt.052", "camt.053", "camt.054"), _camt_parts)
_PIECES: dict[str, Xml] = {"pacs.008": pacs008.pieces, "pain.001": pain001.pieces}


def _of_iso(file: OpenFile) -> Iterator[Summary]:
    parts = iso_messages(file, ISO | _REPORTS | _PIECES)
    found = (part if isinstance(part, Summary) else summary_of(part) for part in parts)
    return _joined(found) if file.recognised.name in _PIECES else found


def _of_lines(file: OpenFile, judge: Judge) -> Iterator[Summary]:
    """The lines of all batches as one, with the decisions or payments that they are for."""
    name = file.recognised.name
    found: dict[str, dict[str, None]] = {column: {} for column in _NAMED[name]}
    count = amount = 0
    try:
        for batch in line_batches(file):
            count += len(batch.lines)
            judge(batch.columns, file.findings)
            amount += sum(map(int, batch.columns["amount"]))
            for column, values in found.items():
                if len(values) <= _NAMED_MAX:
                    values.update(dict.fromkeys(batch.columns[column]))
    except FormatError:
        yield from _lines(name, found, count, amount)
        raise
    yield from _lines(name, found, count, amount)


def _lines(name: str, found: dict[str, dict[str, None]], count: int, amount: int) -> Iterator[Summary]:
    if count:
        what, role = _LINES[name]
        facts = facts_given(*((column.replace("_", " "), _named(values)) for column, values in found.items()))
        amounts = (("amount", amount),)
        yield Summary(what=what, role=role, facts=facts, count=count, records="lines", amounts=amounts)


def _named(values: Iterable[str]) -> str:
    """The first few values, and that there are more."""
    first = list(islice(values, _NAMED_MAX + 1))
    return ", ".join(first) if len(first) <= _NAMED_MAX else f"{', '.join(first[:_NAMED_MAX])} and others"
