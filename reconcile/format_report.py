"""What `esep format` says: what a file is, its figures, its faults and notes, as lines for a screen or a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from formats.errors import Code
from formats.summaries import Role
from ledgers.money import format_tenge
from reconcile.counted import counted
from reconcile.format_advice import advice
from reconcile.report import day, notes, table

if TYPE_CHECKING:
    from formats import Fault, Note, Survey
    from formats.explain import Explanation
    from formats.recognise import Recognised
    from formats.summaries import Summary
    from reconcile.convert_file import Written

FAULTS_SHOWN = 100
_FIRST = frozenset({Code.FILE_CUT_SHORT, Code.TOO_MANY_FAULTS})
_ALONE_MAX = 3
_CELL_MAX = 32
_YES = "yes: "
_NAMES = {
    "awards": "decisions on aid",
    "resolutions": "resolutions on returned payments",
    "request": "request for funds",
    "return-notice": "notice of returns",
    "appendix1": "reconciliation act, Appendix 1",
    "appendix2": "payments by banks, Appendix 2",
    "annex1": "annex to Appendix 1",
    "annex2": "annex to Appendix 2",
    "protocol": "protocol of differences",
    "corrective-act": "corrective act",
}


def checked(seen: Survey, file: str = "", *, tabs: bool = False, everything: bool = False) -> list[str]:
    """What the file is, its messages, its notes, every fault or that there is none, and what to do next.

    `file` is what the person called the file, as the next command would have it.
    """
    return [
        *_what(seen),
        *_messages(seen, tabs=tabs),
        *notes(seen.notes),
        *_verdict(seen, everything=everything),
        *advice(seen, file or seen.source),
    ]


def _what(seen: Survey) -> Iterator[str]:
    if seen.recognised is None:
        yield f"{seen.source} is no file that Esep can read"
        return
    yield f"{seen.source}: {_kind(seen.recognised)}; {seen.recognised.evidence}"
    if seen.charset:
        yield f"charset {seen.charset}: {seen.evidence}"


def _kind(recognised: Recognised) -> str:
    name = _NAMES.get(recognised.name, recognised.name)
    if recognised.name in {"awards", "resolutions"}:
        return name
    return f"{recognised.kind.value} ({name})" if name else recognised.kind.value


def _messages(seen: Survey, *, tabs: bool) -> Iterator[str]:
    """A few messages one under another, many of a kind as a table."""
    for what in dict.fromkeys(one.what for one in seen.summaries):
        alike = [one for one in seen.summaries if one.what == what]
        proofs = [_proof(one, is_faulty=bool(seen.faults)) for one in alike]
        if len(alike) <= _ALONE_MAX and not tabs:
            for one, proof in zip(alike, proofs, strict=True):
                yield from ("", *_message(one, proof))
        else:
            yield from ("", what, *_table(alike, tabs=tabs))
            yield from _proofs(proofs)
        yield from _together(alike)


def _message(one: Summary, proof: str) -> Iterator[str]:
    yield one.what
    rows = [*one.facts, (one.records, str(one.count)), *((name, _amount(one, tiyn)) for name, tiyn in one.amounts)]
    rows += [("proved", proof)] if proof else []
    width = max(len(name) for name, _ in rows)
    yield from (f"  {name.ljust(width)}  {_text(value)}" for name, value in rows)


def _proof(one: Summary, *, is_faulty: bool) -> str:
    """Whether the sums were proved, and how; '' where a message has nothing to prove."""
    amounts = dict(one.amounts)
    is_statement = {"credited", "debited"} <= amounts.keys()
    if not is_statement and not (one.stated and one.count):
        return ""
    lacking = [name for name in ("opening", "closing") if name not in amounts]
    if is_faulty and (lacking or not is_statement or one.role is Role.OTHER):
        return "no: see the faults below"
    if not is_statement:
        return f"{_YES}the {one.records} add up to {one.stated}"
    if lacking:
        return f"no: {' and '.join(lacking)} balance not known from the file"
    computed = amounts["opening"] + amounts["credited"] - amounts["debited"]
    if computed == amounts["closing"]:
        return f"{_YES}opening + credited − debited = closing"
    difference = _amount(one, amounts["closing"] - computed)
    return f"no: opening + credited − debited gives {_amount(one, computed)}; the difference is {difference}"


def _proofs(proofs: Sequence[str]) -> Iterator[str]:
    """How many of the messages of a table were proved."""
    asked = [proof for proof in proofs if proof]
    wrong = [proof for proof in asked if not proof.startswith(_YES)]
    if asked:
        yield f"proved: {len(asked) - len(wrong)} of {len(asked)}"


def _together(alike: Sequence[Summary]) -> Iterator[str]:
    """The sum of several messages, where they have one: balances have none."""
    if (
        len(alike) < 2
        or len({one.currency for one in alike}) > 1
        or any("amount" not in dict(one.amounts) for one in alike)
    ):
        return
    count, amount = sum(one.count for one in alike), sum(dict(one.amounts)["amount"] for one in alike)
    yield f"together: {len(alike)} messages, {count} {alike[0].records}, {_amount(alike[0], amount)}"


def _table(alike: Sequence[Summary], *, tabs: bool) -> list[str]:
    """A row a message; on a screen long texts are cut, with tabs they are whole."""
    facts = list(dict.fromkeys(name for one in alike for name, _ in one.facts))
    amounts = list(dict.fromkeys(name for one in alike for name, _ in one.amounts))
    currencies = {one.currency for one in alike}
    unit = next(iter(currencies)) if len(currencies) == 1 else "in its currency"
    heading = (
        *facts,
        "count",
        *(f"{name}, {unit}" for name in amounts),
        *(("currency",) if len(currencies) > 1 else ()),
    )
    rows = []
    for one in alike:
        known, sums = dict(one.facts), dict(one.amounts)
        texts = [_text(known.get(name, "")) for name in facts]
        rows.append(
            (
                *(texts if tabs else map(_cut, texts)),
                str(one.count),
                *(format_tenge(sums[name]) if name in sums else "" for name in amounts),
                *((one.currency,) if len(currencies) > 1 else ()),
            )
        )
    return table(heading, rows, tabs=tabs)


def _cut(text: str) -> str:
    return text if len(text) <= _CELL_MAX else f"{text[: _CELL_MAX - 1]}…"


def _amount(one: Summary, tiyn: int) -> str:
    return f"{format_tenge(tiyn)} {one.currency}"


def _text(value: str | date) -> str:
    return day(value) if isinstance(value, date) else " ".join(value.split())


def _verdict(seen: Survey, *, everything: bool) -> Iterator[str]:
    yield ""
    faults = seen.faults
    if not faults:
        yield "no fault: the file can be read"
    elif seen.recognised is None and len(faults) == 1:
        yield from _unknown(faults[0])
    else:
        yield f"{counted(len(faults), 'fault')}, the file would be refused:"
        # What ends a file explains the other faults, and stands before them.
        first = sorted(faults, key=lambda fault: fault.code not in _FIRST)
        shown = first if everything else first[:FAULTS_SHOWN]
        yield from (f"  {fault} [{fault.code}]" for fault in shown)
        if len(faults) > len(shown):
            yield f"  ... and {len(faults) - FAULTS_SHOWN} more; --all shows them"


def _unknown(fault: Fault) -> Iterator[str]:
    """Why a file is none that can be read, without the words that a fault within a file needs."""
    yield f"  it is      {fault.found}"
    yield f"  expected   {fault.expected}"
    yield f"  what next  {fault.remedy} [{fault.code}]"


def converted(written: Written, *, dry_run: bool) -> list[str]:
    """The files that were written, and what was lost or changed."""
    words = {True: "would write" if dry_run else "wrote", False: "there already, the same:"}
    lines = [f"{words[is_new]} {path}" for path, is_new in zip(written.paths, written.is_new, strict=True)]
    return [*lines, *_lost(written.notes)]


def _lost(found: Sequence[Note]) -> Iterator[str]:
    if found:
        yield from ("", "unusual, lost or changed on the way:", *(f"  {note}" for note in found))


def explained(meanings: Sequence[Explanation]) -> list[str]:
    """Each meaning of a word, with a blank line between them."""
    return "\n\n".join(map(str, meanings)).splitlines()
