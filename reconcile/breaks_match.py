"""Matches by hand of a bank's lines with our payments, and what takes them apart again: both with trace.

All the payments together are all the lines together, and their sums are equal: one to one, splits, many to many. The
breaks about them are closed by the match; they are open again when it is taken apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ledgers import break_subjects, breaks, crediting_matches
from ledgers.break_subjects import Subject
from ledgers.breaks import Break
from ledgers.money import format_tenge
from reconcile import breaks_show, breaks_work
from reconcile.break_proposals import Proposal
from reconcile.breaks_work import NotWorked, Work, Worked


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """A match that was made or taken apart: its number, the sum (tiyn), and the breaks that it closed or reopened."""

    authority_code: str
    match_number: int
    amount: int
    worked: tuple[Worked, ...]
    is_repeat: bool = False


def match(
    work: Work, lines: Sequence[str], payments: Sequence[str], reason: str, authority_code: str | None = None
) -> Matched:
    """Match these lines ('C3/45', all of one register) with these payments ('P20000001/1'); the same again is none.

    Raises:
        NotWorked: one of them is not there or is matched otherwise, the sums differ, or there is no reason.
    """
    if not reason.strip():
        raise NotWorked("a match by hand says why: --reason TEXT")
    book, found = _book_of(work, [*lines, *payments], authority_code)
    theirs, ours = [found[name] for name in dict.fromkeys(lines)], [found[name] for name in dict.fromkeys(payments)]
    if not theirs or not ours or any(one.is_payment for one in theirs) or not all(one.is_payment for one in ours):
        raise NotWorked("a match has lines like C3/45 on one side and payments like P20000001/1 on the other")
    if len({one.document for one in theirs}) > 1:
        raise NotWorked("these lines stand in several registers; match those of each register by themselves")
    credited, paid = sum(one.amount for one in theirs), sum(one.amount for one in ours)
    known = _matched_so(work, book, theirs, ours)
    if known:
        code = work.codes[book]
        return Matched(authority_code=code, match_number=known, amount=credited, worked=(), is_repeat=True)
    if credited != paid:
        raise NotWorked(
            f"the lines are {format_tenge(credited)} KZT, the payments {format_tenge(paid)} KZT: only equal "
            "sums match; what differs stays a break"
        )
    number = crediting_matches.match_by_hand(
        work.connection,
        book,
        work.number(book, "crediting_match"),
        theirs[0].document,
        [one.document for one in ours],
        [one.place for one in ours],
        [one.place for one in theirs],
        reason.strip(),
    )
    about = breaks.about(work.connection, book, [one.name for one in (*theirs, *ours)])
    worked = [work.step(one, "matched", reference=f"match {number}", note=reason) for one in about if not one.is_closed]
    return Matched(authority_code=work.codes[book], match_number=number, amount=paid, worked=tuple(worked))


def _book_of(work: Work, names: Sequence[str], authority_code: str | None) -> tuple[int, dict[str, Subject]]:
    """The one book that has all these records."""
    if authority_code is not None and authority_code not in work.codes.values():
        raise NotWorked(f"there is no book {authority_code!r}; known are {', '.join(work.codes.values())}")
    wrong = [name for name in names if not break_subjects.is_payment(name) and not break_subjects.is_line(name)]
    if wrong:
        raise NotWorked(f"{wrong[0]!r} is neither a payment like P20000001/1 nor a line like C3/45")
    books = [book for book, code in work.codes.items() if authority_code in {None, code}]
    found = {book: break_subjects.subjects(work.connection, book, names) for book in books}
    whole = [book for book in books if len(found[book]) == len(set(names))]
    if not whole:
        most = max(found.values(), key=len)
        raise NotWorked(f"no book has all of these: {', '.join(name for name in names if name not in most)} is missing")
    if len(whole) > 1:
        raise NotWorked(f"{', '.join(work.codes[book] for book in whole)} have these; say which: --authority CODE")
    return whole[0], found[whole[0]]


def _matched_so(work: Work, book: int, theirs: Sequence[Subject], ours: Sequence[Subject]) -> int:
    """The number of the match that has all of them already, or 0.

    Raises:
        NotWorked: some of them are matched otherwise.
    """
    pairs = {one.name: break_subjects.pair_of(work.connection, book, one) for one in (*theirs, *ours)}
    numbers = {pair.match_number for pair in pairs.values() if pair}
    if not numbers:
        return 0
    if len(numbers) == 1 and all(pairs.values()):
        partners = {pair.payment for pair in pairs.values() if pair and pair.payment}
        if partners <= {one.name for one in ours}:
            return numbers.pop()
    name, pair = next((name, pair) for name, pair in pairs.items() if pair)
    raise NotWorked(
        f"{name} is matched already, match {pair.match_number} by rule {pair.rule}; to take that apart: "
        f"esep breaks unmatch {name}"
    )


def unmatch(work: Work, name: str, reason: str, authority_code: str | None = None) -> Matched:
    """Take a line or a payment out of its match, with what it was matched with; the breaks are open again.

    Raises:
        NotWorked: it is not there, stands in no match, or there is no reason.
    """
    if not reason.strip():
        raise NotWorked("say why, so that others understand it later: --reason TEXT")
    book, found = _book_of(work, [name], authority_code)
    pair = break_subjects.pair_of(work.connection, book, found[name])
    if pair is None:
        raise NotWorked(f"{name} stands in no match; see: esep breaks list")
    crediting_matches.unmatch(
        work.connection, book, work.number(book, "crediting_unmatch"), pair.match_number, pair.line, reason.strip()
    )
    closed_by = f"match {pair.match_number}"
    last = breaks.latest(breaks.states(work.connection, book)).values()
    worked = [
        work.step(one, "reopened", note=reason)
        for one in sorted(last, key=lambda one: one.break_number)
        if one.closed_by == closed_by and one.is_closed and (pair.is_whole or one.subject in pair.names)
    ]
    return Matched(
        authority_code=work.codes[book],
        match_number=pair.match_number,
        amount=found[name].amount,
        worked=tuple(worked),
    )


def accept(work: Work, one: Break, place: int, reason: str = "") -> Matched | Worked:
    """Do what the proposal of this place (from 1) says, where the books can do it by themselves.

    Raises:
        NotWorked: there is no such proposal, or another command does it; the sentence names it.
    """
    name = work.name(one)
    offered = breaks_show.proposals_of(work.connection, one)
    if not 1 <= place <= len(offered):
        raise NotWorked(f"{name} has {len(offered)} proposals, not one {place}; see: esep breaks show {name}")
    proposal = offered[place - 1]
    why = reason.strip() or proposal.sentence
    if proposal.way == "match":
        lines, payments = _sides(one, proposal)
        return match(work, lines, payments, why, work.codes[one.authority_id])
    if proposal.way == "escalate":
        return breaks_work.escalate(work, one, one.bic or "authority", why)
    command = breaks_show.command_of(name, one, proposal, breaks_show.messages(work.connection))
    raise NotWorked(f"another command does this: {command}")


def _sides(one: Break, proposal: Proposal) -> tuple[list[str], list[str]]:
    both = [one.subject, *proposal.subjects]
    return [name for name in both if not break_subjects.is_payment(name)], list(filter(break_subjects.is_payment, both))
