"""`esep month status`: the close of a month as a checklist: each point done, open with its reason, or overdue.

It looks and changes nothing. The points stand in the order in which an accountant works through them; what blocks the
close is what `esep month close --dry-run` names.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import Connection

from ledgers import act_life, calendar_versions, closing, deadlines, setup
from ledgers.act_life import BOTH_SIDES, ActLife
from ledgers.deadlines import Obligation
from reconcile import checks
from reconcile.checks import MonthCheck
from reconcile.counted import counted

State = Literal["done", "open", "overdue", "later"]
"""Done; to be done; to be done and late; not due before something else happened."""

NAMED = 3
"""How many open deadlines of a point are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A point of the checklist: what must be so, its source, its state, until when, and why it is not done."""

    what: str
    source: str
    state: State
    due: date | None
    reason: str
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthStatus:
    """The checklist of a month of an authority, as it stands on a day."""

    authority_code: str
    month: date
    today: date
    points: tuple[Point, ...]

    @property
    def undone(self) -> tuple[Point, ...]:
        """What is left to do, late or not."""
        return tuple(point for point in self.points if point.state in ("open", "overdue"))


_BY_DEADLINE: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("needs are formed", ("R-030", "R-031", "R-032"), "need form"),
    ("the authority was asked for the money", ("R-033",), "request send"),
    ("the money came", ("R-040", "R-042"), "statement import"),
    ("the money was paid on", ("R-050",), "order send"),
    ("the authority was told of the returns", ("R-060",), "return notify"),
    ("the authority examined the returns", ("R-061",), "resolution import"),
    ("what was to be resent is sent", ("R-064",), "order send"),
    ("what was not resent went back", ("R-063",), "refund send"),
)
"""Points that deadlines tell: what, the rules, and the command that does it."""


def status(connection: Connection, authority_code: str, day: date, today: date) -> MonthStatus:
    """The checklist of the month that `day` is in.

    Raises:
        UnknownAuthority: nobody has this code.
    """
    month = day.replace(day=1)
    book = setup.authority(connection, authority_code).authority_id
    board = [one for one in deadlines.board(connection, today, book) if _concerns(one, month)]
    check = checks.run(connection, book, month)
    lock = closing.month_lock(connection, book, month)
    is_over = today > closing.last_day(month)
    own = f"--authority {authority_code} --month {month:%Y-%m}"
    points = [_of_deadlines(what, rules, command, board, is_over=is_over) for what, rules, command in _BY_DEADLINE]
    points += _of_books(check, calendar_versions.load(connection).last_working_day(month), today, own)
    points.append(_closed(check, f"month close {own}", is_closed=lock is not None, is_over=is_over))
    points += _of_acts(board, act_life.life(connection, book, month), is_closed=lock is not None, own=own)
    return MonthStatus(authority_code=authority_code, month=month, today=today, points=tuple(points))


def _concerns(one: Obligation, month: date) -> bool:
    """Whether a deadline belongs to a month: it fell into it, or began in it, or is a leftover of an earlier one."""
    if one.rule in ("R-070", "R-071"):
        return one.subject == f"{month:%Y-%m}"
    last = closing.last_day(month)
    began = month <= one.started_on <= last
    fell = one.due is not None and month <= one.due <= last
    return began or fell or (one.met_on is None and one.started_on < month)


def _of_deadlines(
    what: str, rules: Sequence[str], command: str, board: Iterable[Obligation], *, is_over: bool
) -> Point:
    own = [one for one in board if one.rule in rules]
    undone = [one for one in own if one.met_on is None]
    late = [one for one in undone if one.late_by]
    met_late = [one for one in own if one.met_on is not None and one.late_by]
    reason = ""
    if undone:
        more = f" and {len(undone) - NAMED} more" if len(undone) > NAMED else ""
        reason = ", ".join(_named(one) for one in sorted(undone, key=_by_due)[:NAMED]) + more
    elif met_late:
        worst = max(met_late, key=lambda one: one.late_by)
        reason = f"{len(met_late)} of {len(own)} late, {worst.subject} by {_days(worst.late_by)}"
    elif not own:
        reason = "there was nothing to do" if is_over else "nothing began yet"
    return Point(
        what=what,
        source=", ".join(rules),
        state="overdue" if late else "open" if undone else "done" if own or is_over else "later",
        due=min((one.due for one in undone if one.due), default=None),
        reason=reason,
        command=command if undone else "",
    )


def _by_due(one: Obligation) -> tuple[date, str]:
    return one.due or date.max, one.subject


def _named(one: Obligation) -> str:
    if one.late_by:
        return f"{one.subject}, {_days(one.late_by)} late"
    return f"{one.subject} by {one.due:%d.%m.%Y}" if one.due else one.subject


def _days(count: int) -> str:
    return counted(count, "working day")


def _of_books(check: MonthCheck, due: date, today: date, own: str) -> list[Point]:
    """What the bank says, and whether registers, ledger and statements agree."""
    reached = check.bank.bank is not None
    told = f"they reach {check.bank.statement_to:%d.%m.%Y}" if check.bank.statement_to else "there is none"
    blocking = [finding for finding in check.blocking if reached or not finding.sentence.startswith("the statements")]
    state: State = "done" if reached else "overdue" if today > check.bank.day else "open"
    open_items = [str(finding) for finding in check.warnings]
    return [
        Point(
            what="the statements reach the end of the month",
            source="",
            state=state,
            due=None if reached else check.bank.day,
            reason="" if reached else told,
            command="" if reached else "statement import",
        ),
        Point(
            what="register, ledger and statements agree",
            source="control sums",
            state="open" if blocking else "done",
            due=None,
            reason=f"{counted(len(blocking), 'difference')}, first: {blocking[0]}" if blocking else "",
            command=f"month close --dry-run {own}" if blocking else "",
        ),
        Point(
            what="what is open is cleared, or known",
            source="",
            # What is open may stay open over the month's end; it is told, and it blocks nothing.
            state="open" if open_items and today <= due else "done",
            due=due if open_items and today <= due else None,
            reason=f"{counted(len(open_items), 'open item')}, first: {open_items[0]}" if open_items else "",
            command="ledger balances" if open_items else "",
        ),
    ]


def _closed(check: MonthCheck, command: str, *, is_closed: bool, is_over: bool) -> Point:
    if is_closed:
        return Point(what="the month is closed", source="E106", state="done", due=None, reason="", command="")
    reason = "" if is_over else f"the month runs until {check.bank.day:%d.%m.%Y}"
    if is_over and check.blocking:
        reason = f"blocked by {counted(len(check.blocking), 'finding')}"
    state: State = "open" if is_over else "later"
    return Point(what="the month is closed", source="E106", state=state, due=None, reason=reason, command=command)


def _of_acts(board: Iterable[Obligation], life: ActLife, *, is_closed: bool, own: str) -> list[Point]:
    found = {one.rule: one for one in board if one.rule in ("R-070", "R-071")}
    first, second = "Appendix 1 is signed by both sides", "Appendix 2 is signed and sent"
    points = [
        _of_act(first, "R-070", found.get("R-070"), _act_lacks(life, own) if is_closed else _NOT_CLOSED),
        _of_act(second, "R-071", found.get("R-071"), _statement_lacks(life, own) if is_closed else _NOT_CLOSED),
    ]
    unsigned = [one.act_number for one in life.acts if one.act_number and not life.is_signed(one.act_number)]
    for number in unsigned:
        what = f"corrective act No {number} is signed by both sides"
        command = f"act sign --act {number} {own}"
        points.append(Point(what=what, source="E75", state="open", due=None, reason="", command=command))
    return points


Lack = tuple[str, str]
"""What a document lacks, and the command that brings it."""

_NOT_CLOSED: Lack = ("the month is not closed", "month close, act build, act sign")


def _act_lacks(life: ActLife, own: str) -> Lack:
    if not life.acts:
        return "it is not built", f"act build {own}"
    dispute = life.open_dispute(0)
    if dispute is not None:
        command = f"act settle --dispute {dispute.dispute_number} {own}"
        return f"disputed since {dispute.opened_on:%d.%m.%Y}", command
    lacking = [side for side in BOTH_SIDES if life.signature(0, side) is None]
    return f"no signature of the {' and the '.join(lacking)}", f"act sign {own}"


def _statement_lacks(life: ActLife, own: str) -> Lack:
    if not life.acts:
        return "it is not built", f"act build {own}"
    if life.signature(0, "deputy") is None:
        return "no signature of the deputy director", f"act sign --as deputy {own}"
    if life.signature(0, "director") is None:
        return "no signature of the director", f"act sign --as director {own}"
    return "it is not sent", f"act sent {own}"


def _of_act(what: str, rule: str, one: Obligation | None, lack: Lack) -> Point:
    if one is None:
        return Point(what=what, source=rule, state="later", due=None, reason="the month is not over", command="")
    if one.met_on is not None:
        late = f"done on {one.met_on:%d.%m.%Y}, {_days(one.late_by)} late" if one.late_by else ""
        return Point(what=what, source=rule, state="done", due=None, reason=late, command="")
    lacks, command = lack
    reason = f"{_days(one.late_by)} late; {lacks}" if one.late_by else lacks
    state: State = "overdue" if one.late_by else "open"
    return Point(what=what, source=rule, state=state, due=one.due, reason=reason, command=command)
