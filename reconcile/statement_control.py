"""`esep statement control`: whether the statements of an account follow each other, and what to do where they do not.

A day off between two statements is no gap, a bank day is one. Where days come twice, what the later file says is held
against what was known of them: when it agrees nothing is wrong, when it lacks a line the bank has to say which of the
two holds. A statement whose days a later one gives again is judged by the later one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import Connection

from formats.statement import AccountStatement, continuity
from ledgers import calendar_versions, closing, statement_continuity
from ledgers.calendar import Calendar
from ledgers.differences import Difference, Kind
from ledgers.money import format_tenge
from ledgers.statement_continuity import ONE_DAY, Account, Kept, Turnover, days_of
from reconcile.counted import counted

OWN_BOOK = 0

Verdict = Literal[
    "begins", "follows", "goes on", "same again", "corrected", "corrects", "overlaps", "gap", "does not follow"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainLink:
    """A statement in the chain of its account; sums in tiyn, `new_lines` are those that no statement before it had.

    `against` names the statement that the verdict speaks of, if any; `note` says it in words.
    """

    account: str
    statement: str
    file_name: str
    first: date
    last: date
    opening_tiyn: int
    credited_tiyn: int
    debited_tiyn: int
    closing_tiyn: int
    new_lines: int
    verdict: Verdict
    against: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """All statements with their verdicts, and what is wrong."""

    links: tuple[ChainLink, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """A verdict, the statement it speaks of, its words, and the difference that it is, if it is one: its kind, amount.

    `day` is the day the difference begins.
    """

    verdict: Verdict
    against: str = ""
    words: str = ""
    kind: Kind | None = None
    amount: int = 0
    day: date = date.min


def control(connection: Connection) -> Control:
    """Look through the statements of every account."""
    calendar = calendar_versions.load(connection)
    links: list[ChainLink] = []
    found: list[Difference] = []
    for iban in statement_continuity.accounts(connection):
        account = statement_continuity.account(connection, iban)
        own_links, own_found = chain(account, calendar)
        links += own_links
        found += own_found
    return Control(links=tuple(links), differences=(*found, *_balance(connection, found)))


def differences(connection: Connection, authority_id: int) -> list[Difference]:
    """What is wrong with the statements; all of it stands in book 0, other books have none."""
    return [] if authority_id != OWN_BOOK else list(control(connection).differences)


def chain(account: Account, calendar: Calendar) -> tuple[list[ChainLink], list[Difference]]:
    """The statements of an account in the order of their days, each with its verdict, and what is wrong."""
    links: list[ChainLink] = []
    found: list[Difference] = []
    for one in account.kept:
        said = [*_again(account, one), _junction(account, one, calendar)]
        # A statement whose days a later one gives again is judged by that one.
        wrong = [] if account.covering(one) else [word for word in said if word.kind]
        found += [_difference(one, word, word.kind) for word in wrong if word.kind]
        # What is wrong comes first, then how its days came twice, then how it follows.
        links.append(_link(account, one, (wrong or said)[0], [word.words for word in (wrong or said) if word.words]))
    return links, found


def _link(account: Account, one: Kept, said: _Said, words: Sequence[str]) -> ChainLink:
    head = one.statement
    return ChainLink(
        account=head.iban,
        statement=one.reference,
        file_name=one.file_name,
        first=head.date_from,
        last=head.date_to,
        opening_tiyn=head.opening,
        credited_tiyn=head.credited,
        debited_tiyn=head.debited,
        closing_tiyn=head.closing,
        new_lines=account.brought(one).count,
        verdict=said.verdict,
        against=said.against,
        note="; ".join(words),
    )


def _difference(one: Kept, said: _Said, kind: Kind) -> Difference:
    return Difference(
        authority_id=OWN_BOOK,
        kind=kind,
        subject=one.reference,
        amount=said.amount,
        happened_on=said.day,
        reason=said.words,
    )


def _again(account: Account, one: Kept) -> Iterator[_Said]:
    """What is to be said of days that another statement has too."""
    earlier = account.again(one)
    twin = next((other for other in earlier if other.has_days_of(one) and other.says == one.says), None)
    is_twin = twin is not None and account.brought(one).count == 0
    if twin is not None and is_twin:
        words = f"the content of {_named(twin)} again, in other bytes: {_named(one)}"
        yield _Said(verdict="same again", against=twin.reference, words=words)
        return
    later = [other for other in account.covering(one) if other.has_days_of(one) and other.says != one.says]
    if corrected := next(reversed(later), None):
        words = f"{_named(corrected)} gives its days with other figures"
        yield _Said(verdict="corrected", against=corrected.reference, words=words)
    if not earlier:
        return
    before = next((other for other in reversed(earlier) if other.has_days_of(one)), None)
    lacking = account.lacking(one)
    words = _corrects(one, before) if before else _overlaps(one, earlier)
    is_wrong = bool(lacking.credited or lacking.debited)
    yield _Said(
        verdict="corrects" if before else "overlaps",
        against=before.reference if before else ", ".join(other.reference for other in earlier),
        words=f"{words}; {_lacks(lacking) if is_wrong else _agrees(account, one)}",
        kind="statement_overlap" if is_wrong else None,
        amount=-lacking.net,
        day=one.statement.date_from,
    )


def _named(one: Kept) -> str:
    return f"{one.reference} ({one.file_name})" if one.file_name else one.reference


def _days(first: date, last: date) -> str:
    return f"{first:%d.%m.%Y}" if first == last else f"{first:%d.%m.%Y} to {last:%d.%m.%Y}"


def _corrects(one: Kept, before: Kept) -> str:
    """How the figures of a corrected file differ from those before."""
    names = ("opening", "credited", "debited", "closing")
    figures = [
        f"{name} {format_tenge(now)}, not {format_tenge(then)}"
        for name, now, then in zip(names, one.says, before.says, strict=True)
        if now != then
    ]
    what = ", ".join(figures) if figures else "the same figures from other lines"
    days = _days(one.statement.date_from, one.statement.date_to)
    return f"{_named(one)} gives the days of {_named(before)} again, {days}: {what}"


def _overlaps(one: Kept, earlier: Sequence[Kept]) -> str:
    first = max(one.statement.date_from, min(other.statement.date_from for other in earlier))
    last = min(one.statement.date_to, max(other.statement.date_to for other in earlier))
    return f"{_days(first, last)} came before, in {', '.join(other.reference for other in earlier)}"


def _agrees(account: Account, one: Kept) -> str:
    brought = account.brought(one)
    return f"it has every line that was known, and {counted(brought.count, 'new one')}"


def _lacks(lacking: Turnover) -> str:
    sums = [("credits", lacking.credited), ("debits", lacking.debited)]
    parts = [f"{name} of {format_tenge(amount)}" for name, amount in sums if amount]
    return f"it lacks {' and '.join(parts)} that the books have of these days"


def _junction(account: Account, one: Kept, calendar: Calendar) -> _Said:
    """How a statement follows the one before it."""
    head = one.statement
    sharing = account.sharing(one)
    if on := account.went_on(one):
        return _Said(verdict="goes on", against=on.reference, words=f"within {head.date_from:%d.%m.%Y}")
    before = account.before(one)
    days = (head.date_from - before.statement.date_to).days - 1 if before else 0
    within = [other for other in sharing if other.statement.date_from < head.date_from]
    if within and (before is None or days):
        return _within(account, one, within[-1])
    if before is None:
        if not head.opening:
            return _Said(verdict="begins")
        words = f"{one.reference} opens with {format_tenge(head.opening)}, and the books begin with 0,00"
        return _Said(
            verdict="does not follow", words=words, kind="statement_opening", amount=head.opening, day=head.date_from
        )
    return _follows(one, before, calendar)


def _within(account: Account, one: Kept, outer: Kept) -> _Said:
    """A statement that begins within the days of another one opens with the balance of that day."""
    head, over = one.statement, outer.statement
    expected = over.opening + account.known(over.date_from, head.date_from - ONE_DAY, outer.number).net
    from_its_end = over.closing - account.known(head.date_from, over.date_to, outer.number).net
    if head.opening in (expected, from_its_end):
        return _Said(verdict="follows", against=outer.reference)
    difference = head.opening - expected
    words = (
        f"{one.reference} opens on {head.date_from:%d.%m.%Y} with {format_tenge(head.opening)}, within the days of "
        f"{outer.reference}, by which it is {format_tenge(expected)}: difference {format_tenge(difference)}"
    )
    return _Said(
        verdict="does not follow",
        against=outer.reference,
        words=words,
        kind="statement_opening",
        amount=difference,
        day=head.date_from,
    )


def _follows(one: Kept, before: Kept, calendar: Calendar) -> _Said:
    """Whether the balance goes on, and no bank day lies between."""
    gap = list(days_of(before.statement.date_to + ONE_DAY, one.statement.date_from - ONE_DAY))
    missing = [day for day in gap if calendar.is_bank_day(day)]
    broken = continuity(_plain(before), _plain(one))
    difference = broken.difference if broken else 0
    closed = f"{before.reference} closed with {format_tenge(before.statement.closing)}"
    opens = f"{one.reference} opens with {format_tenge(one.statement.opening)}"
    if missing:
        words = f"no statement has {counted(len(missing), 'bank day')}, {_days(missing[0], missing[-1])}: {closed}, "
        words += f"{opens}, difference {format_tenge(difference)}" if difference else f"{opens}"
        return _Said(
            verdict="gap",
            against=before.reference,
            words=words,
            kind="statement_gap",
            amount=difference,
            day=missing[0],
        )
    if difference:
        words = f"{closed} on {before.statement.date_to:%d.%m.%Y}, {opens} on {one.statement.date_from:%d.%m.%Y}: "
        return _Said(
            verdict="does not follow",
            against=before.reference,
            words=f"{words}difference {format_tenge(difference)}",
            kind="statement_opening",
            amount=difference,
            day=one.statement.date_from,
        )
    off = f"{counted(len(gap), 'day')} off between" if gap else ""
    return _Said(verdict="follows", against=before.reference, words=off)


def _plain(one: Kept) -> AccountStatement:
    """The head of a statement, as every form of statement is proved."""
    head = one.statement
    return AccountStatement(
        account=head.iban,
        currency="KZT",
        number="",
        date_from=head.date_from,
        date_to=head.date_to,
        opening=head.opening,
        closing=head.closing,
        movements=(),
    )


def _balance(connection: Connection, found: Sequence[Difference]) -> Iterator[Difference]:
    """What the bank has and the books have not, when no statement explains it, on the last day that they reach."""
    accounts = statement_continuity.accounts(connection)
    if not accounts:
        return
    iban = accounts[-1]
    account = statement_continuity.account(connection, iban)
    day = max(one.statement.date_to for one in account.kept)
    said = account.balance(day)
    if said is None:
        return
    position = closing.bank_position(connection, iban, day)
    loose = sum(line.signed for line in (*position.unplaced, *position.late))
    books = position.cash + loose + closing.between_books(connection, day)
    lines = statement_continuity.all_lines(connection, day)
    unexplained = lines - books
    if len(accounts) == 1 and not any(one.amount for one in found):
        unexplained += said[1] - lines
    if unexplained:
        reason = (
            f"on {day:%d.%m.%Y} the bank has {format_tenge(said[1])} by {said[0].reference}, the books with their "
            f"uncleared lines {format_tenge(books)}: {format_tenge(unexplained)} is explained by no statement"
        )
        yield Difference(
            authority_id=OWN_BOOK,
            kind="balance_differs",
            subject=iban,
            amount=unexplained,
            happened_on=day,
            reason=reason,
        )
