"""Breaks as lines that people read: what was found, the list, one break with all its steps, ages, what was done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ledgers.match_terms import RULES, in_force
from ledgers.money import format_tenge
from reconcile.breaks_list import KIND_WORDS, state_of
from reconcile.counted import counted
from reconcile.report import NOTHING_CHANGED, day, table

if TYPE_CHECKING:
    from datetime import date

    from ledgers.breaks import Looked, Step
    from ledgers.match_terms import MatchTerm
    from reconcile.breaks_find import Found
    from reconcile.breaks_list import AgeRow, Listing
    from reconcile.breaks_match import Matched
    from reconcile.breaks_sheet import SheetImport
    from reconcile.breaks_show import Shown
    from reconcile.breaks_work import Worked
    from reconcile.match_terms import TermChanged

_ACTION_WORDS = {
    "assigned": "given to",
    "noted": "noted",
    "parked": "parked until",
    "escalated": "escalated to",
    "matched": "closed by",
    "posted": "closed by",
    "cleared": "gone, by",
    "carried": "carried into",
    "reopened": "reopened",
}


def found(results: Sequence[Found]) -> list[str]:
    """What a look changed, book by book."""
    lines: list[str] = []
    for one in results:
        if one.is_repeat:
            continue
        said = f"{counted(len(one.opened), 'difference')} opened, {len(one.cleared)} gone, {one.open} open"
        lines.append(f"{one.authority_code}: {said}")
        lines += [
            f"  {one.authority_code}/{new.number}  {KIND_WORDS[new.difference.kind]}: {new.difference.subject}, "
            f"{format_tenge(new.difference.amount)} KZT: {new.difference.reason}"
            for new in one.opened
        ]
        lines += [f"  gone: {one.authority_code}/{old.break_number}  {old.subject}" for old in one.cleared]
    if not lines:
        return [f"no difference came or went, {NOTHING_CHANGED}; {sum(one.open for one in results)} open"]
    return lines


def listing(result: Listing, *, tabs: bool = False) -> list[str]:
    """The breaks with when they were last looked for."""
    if tabs:
        return table(_HEADING, _cells(result), tabs=True)
    lines = [last_looked(result.looked), ""]
    if not result.rows:
        closed = f", {result.closed} are closed: esep breaks list --all" if result.closed else ""
        return [*lines, f"no difference is open{closed}"]
    lines += table(_HEADING, _cells(result))
    amount = sum(abs(row.amount) for row in result.rows)
    return [*lines, "", f"{counted(len(result.rows), 'difference')}, {format_tenge(amount)} KZT"]


_HEADING = ("break", "what", "about", "bank", "amount, KZT", "since", "age, wd", "owner", "state", "why")


def _cells(result: Listing) -> Iterable[tuple[str, ...]]:
    for row in result.rows:
        yield (
            row.number,
            row.kind,
            row.subject,
            row.bank,
            format_tenge(row.amount),
            day(row.since),
            str(row.working_days),
            row.owner,
            row.state,
            row.reason,
        )


def last_looked(looked: Sequence[Looked]) -> str:
    """When the differences were last written down, and whether the books went on since."""
    days = [one.booked_on for one in looked if one.booked_on]
    if not days:
        return "nobody looked for differences yet: esep breaks find"
    since = sum(one.since for one in looked)
    went_on = f"{counted(since, 'entry', 'entries')} came since: esep breaks find" if since else "nothing came since"
    return f"differences as found on {day(max(days))}; {went_on}"


def shown(result: Shown, today: date) -> list[str]:
    """One break: facts, steps, proposals."""
    one = result.facts
    pairs = [
        ("what", KIND_WORDS.get(one.kind, one.kind)),
        ("about", one.subject),
        ("amount", f"{format_tenge(one.amount)} KZT"),
        ("bank", one.bic),
        ("kind of aid", one.aid_kind),
        ("since", f"{day(one.happened_on)}, {counted(result.working_days, 'working day')}"),
        ("why", one.reason),
        ("owner", one.owner or "nobody"),
        ("state", state_of(one, today)),
        ("found", f"{result.found_at:%d.%m.%Y %H:%M} by {result.found_by}, entry {one.entry_number}"),
    ]
    if one.occurrence > 1:
        pairs.append(("came back", f"{counted(one.occurrence - 1, 'time')}"))
    lines = [result.name, *(f"  {name + ':':<13}{value}" for name, value in pairs if value)]
    if result.steps:
        lines += ["", "what was done:", *(f"  {_step(step)}" for step in result.steps)]
    if result.offers:
        lines += ["", "what may explain it:"]
        for place, offer in enumerate(result.offers, start=1):
            lines.append(f"  {place}. {', '.join(offer.proposal.subjects)}: {offer.proposal.sentence}")
            lines += [f"     {offer.command}"] if offer.command else []
    elif not one.is_closed:
        lines += ["", f"nothing that is open explains it; what happened to it: esep trace {one.subject}"]
    return lines


def _step(step: Step) -> str:
    event = step.event
    until = day(event.until) if event.until else ""
    said = " ".join(filter(None, (_ACTION_WORDS[event.action], event.owner, until, event.reference)))
    note = f": {event.note}" if event.note else ""
    return f"{step.recorded_at:%d.%m.%Y %H:%M} {step.actor}, entry {step.entry_number}: {said}{note}"


def aging(rows: Sequence[AgeRow], *, tabs: bool = False) -> list[str]:
    """Open breaks by authority, bank and age."""
    if not rows:
        return ["no difference is open"]
    cells = [(row.authority, row.bank, row.working_days, str(row.count), format_tenge(row.amount)) for row in rows]
    total = ("all", "", "", str(sum(row.count for row in rows)), format_tenge(sum(row.amount for row in rows)))
    return table(("authority", "bank", "age, wd", "count", "amount, KZT"), [*cells, total], tabs=tabs)


def worked(results: Iterable[Worked]) -> list[str]:
    """What was done about breaks."""
    return [_worked(one) for one in results]


def _worked(one: Worked) -> str:
    said = " ".join(filter(None, (_ACTION_WORDS[one.action], one.detail)))
    return f"{one.name}: {said}; it stood so before, {NOTHING_CHANGED}" if one.is_repeat else f"{one.name}: {said}"


def matched(result: Matched) -> list[str]:
    """A match by hand."""
    said = f"match {result.match_number} of {result.authority_code}, {format_tenge(result.amount)} KZT on both sides"
    if result.is_repeat:
        return [f"{said}: it stands already, {NOTHING_CHANGED}"]
    return [said, *worked(result.worked)]


def unmatched(result: Matched) -> list[str]:
    """A match taken apart."""
    said = f"match {result.match_number} of {result.authority_code} is taken apart, both stay in the books"
    return [said, *worked(result.worked), "what differs now: esep breaks find"]


def sheet(result: SheetImport) -> list[str]:
    """What a sheet of breaks did."""
    if result.is_known:
        return [f"this sheet was imported before, {NOTHING_CHANGED}"]
    fresh = [one for one in result.worked if not one.is_repeat]
    known = len(result.worked) - len(fresh)
    lines = [*worked(fresh)]
    if known:
        lines.append(f"{counted(known, 'row')} stood so before")
    if result.left:
        lines.append(f"{counted(result.left, 'row')} without an action")
    return lines if fresh else [*lines, NOTHING_CHANGED]


def rules(terms: Sequence[MatchTerm], only: str | None = None, *, tabs: bool = False) -> list[str]:
    """The rules with what holds for all, and what was said for a bank or an account."""
    cells = []
    for name, rule in RULES.items():
        if only not in {None, name}:
            continue
        own = [one for one in terms if one.rule == name]
        every = [in_force(own, name)] if not any(one.bic == one.iban == "" for one in own) else []
        for one in [*every, *own]:
            state = "on" if one.is_on else "off"
            window = f"{one.window_days} {rule.days}"
            said = one.reason or "default"
            cells.append((name, one.bic, one.iban, state, window, format_tenge(one.tolerance), said, rule.says))
    return table(
        ("rule", "bank", "account", "is", "window", "tolerance, KZT", "because", "what it does"), cells, tabs=tabs
    )


def term_changed(result: TermChanged) -> list[str]:
    """Terms of a rule that were set."""
    now = result.now
    where = " ".join(filter(None, (now.bic, now.iban))) or "all banks"
    said = (
        f"rule {now.rule}, {where}: {'on' if now.is_on else 'off'}, {now.window_days} {RULES[now.rule].days}, "
        f"tolerance {format_tenge(now.tolerance)} KZT"
    )
    return [f"{said}; it was so before, {NOTHING_CHANGED}"] if result.is_repeat else [f"{said} (version {now.version})"]
