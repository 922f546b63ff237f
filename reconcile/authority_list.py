"""`esep authority-list`: the authority's own list of its orders and refunds against our transfers and refunds.

The list is kept as it came and stands in the authority's book; a month's last list is the one in force. What no rule
can pair a person matches by hand, with a reason; amounts are equal there too.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from formats.authority_list import AuthorityList, ListedOrder, Us, read
from ledgers import authority_lists, closing, posting, setup
from ledgers.authority_lists import HandMatch, ListHead, ListLine, OwnOrder, Side
from ledgers.journal import EntryDraft
from ledgers.money import format_tenge
from ledgers.setup import AidKind, Authority
from reconcile.archive import digest_of
from reconcile.counted import counted
from reconcile.desk import Desk
from reconcile.errors import Refusal
from reconcile.inbox import received
from reconcile.list_differences import ComparedList, compared

KIND = "authority list"

_LINE = re.compile("L?([0-9]{1,9})/([0-9]{1,9})", re.ASCII | re.IGNORECASE)


class NoList(Refusal):
    """There is no list of the month, or none of this number that is in force."""


class NotMatched(Refusal):
    """A line and an order of ours that cannot be matched by hand, or were not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListImport:
    """What an import brought: the comparison, the list of the month before it (0 for none), and what was left out.

    `is_repeat` when the month has this list already, under the number of the comparison's head; `in_force` is the
    number of the list in force. `hands_left` counts lines that were matched by hand in the list before.
    """

    authority_code: str
    comparison: ComparedList
    file: AuthorityList
    before: int
    in_force: int
    hands_left: int
    is_repeat: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HandMatched:
    """A line with what it was matched to (0 where the match was undone), and the comparison after it."""

    authority_code: str
    line: ListLine
    match: HandMatch
    comparison: ComparedList
    is_repeat: bool


def import_file(
    desk: Desk, path: Path, authority_code: str, day: date, document: str, *, dry_run: bool = False
) -> ListImport:
    """Import the list of the month that `day` is in, whole or not at all, and compare it with the books.

    `document` is the letter that it came with. The same file again changes nothing while its list is in force.

    Raises:
        FormatError: with every fault of the file.
        UnknownAuthority: nobody has this code.
        NoList: the letter is not named, or the month has not begun.
    """
    letter, month = " ".join(document.split()), day.replace(day=1)
    if not letter:
        raise NoList("--document is empty; it stands in the books: name the letter that the list came with")
    if month > desk.today:
        raise NoList(f"{month:%m.%Y} has not begun on {desk.today:%d.%m.%Y}; name the month that the list is of")
    if dry_run:
        with desk.database.begin() as connection:
            authority = setup.authority(connection, authority_code)
            file = read(path, path.name, month, _us(connection, authority))
            result = _import(desk, connection, authority, month, letter, file, digest_of(path))
            connection.rollback()
        return result
    with received(desk, path, KIND) as kept, desk.database.begin() as connection:
        authority = setup.authority(connection, authority_code)
        file = read(kept.path, kept.name, month, _us(connection, authority))
        result = _import(desk, connection, authority, month, letter, file, kept.stored.sha256)
        kept.accept(connection)
    return result


def _us(connection: Connection, authority: Authority) -> Us:
    corporation = setup.corporation(connection)
    return Us(iban=corporation.iban, bin=corporation.bin, authority_iban=authority.iban, authority_bin=authority.bin)


def _import(
    desk: Desk,
    connection: Connection,
    authority: Authority,
    month: date,
    letter: str,
    file: AuthorityList,
    sha256: bytes,
) -> ListImport:
    book = authority.authority_id
    posting.lock(connection, [book])
    before = authority_lists.lists(connection, book, month)
    last = before[-1] if before else None
    digest = posting.digest(sha256.hex(), letter)
    key = f"list:{month:%Y-%m}:{digest.hex()[:16]}"
    known = last if last is not None and last.sha256 == sha256 else None
    if known is None and posting.find(connection, book, key, digest) is not None:
        known = next(one for one in reversed(before) if (one.sha256, one.document) == (sha256, letter))
    head = known or _enter(desk, connection, authority, month, letter, file.lines, sha256, key)
    hands = authority_lists.hand_matches(connection, book, last.list_number) if last and not known else {}
    return ListImport(
        authority_code=authority.code,
        comparison=compared(connection, book, head),
        file=file,
        before=last.list_number if last and not known else 0,
        in_force=last.list_number if last and known else head.list_number,
        hands_left=sum(one.number > 0 for one in hands.values()),
        is_repeat=known is not None,
    )


def _enter(
    desk: Desk,
    connection: Connection,
    authority: Authority,
    month: date,
    letter: str,
    listed: Iterable[ListedOrder],
    sha256: bytes,
    key: str,
) -> ListHead:
    book = authority.authority_id
    lines = _lines(listed, _codes(connection, book, month))
    sums = {side: sum(one.amount for one in lines if one.side == side) for side in ("transfer", "refund")}
    head = ListHead(
        list_number=authority_lists.next_list_number(connection, book),
        month=month,
        document=letter,
        count=len(lines),
        transferred=sums["transfer"],
        refunded=sums["refund"],
        sha256=sha256,
    )
    number = posting.next_number(connection, book)
    authority_lists.append_list(connection, book, number, head, lines)
    draft = EntryDraft(
        kind="list_imported",
        booked_on=desk.today,
        value_date=desk.today,
        actor=desk.actor,
        source_key=key,
        source_digest=posting.digest(sha256.hex(), letter),
        summary=(
            f"list {head.list_number} of {month:%m.%Y}: {counted(head.count, 'line')}, transfers "
            f"{format_tenge(head.transferred)}, refunds {format_tenge(head.refunded)}"
        ),
    )
    posting.seal(connection, book, number, draft, ["authority_list", "authority_list_line"])
    return head


def _lines(listed: Iterable[ListedOrder], codes: Mapping[str, str]) -> list[ListLine]:
    """The lines as they are kept: a kind that we know by its code, another one as the authority wrote it."""
    return [
        ListLine(
            line=one.line,
            side=one.side,
            order_number=one.order_number,
            order_date=one.order_date,
            amount=one.amount,
            aid_kind=codes.get(_folded(one.aid_kind), one.aid_kind),
            comment=one.comment,
        )
        for one in listed
    ]


def _codes(connection: Connection, authority_id: int, month: date) -> dict[str, str]:
    """The code of a kind by its code and its names, those of the month's end before those of now."""
    kinds: list[AidKind] = [
        *setup.aid_kinds(connection, authority_id).values(),
        *setup.kinds_at(connection, authority_id, closing.last_day(month)).values(),
    ]
    codes = {_folded(name): one.code for one in kinds for name in (one.name_kk, one.name_ru)}
    return codes | {_folded(one.code): one.code for one in kinds}


def _folded(name: str) -> str:
    return " ".join(name.translate(_QUOTES).split()).casefold()


_QUOTES = str.maketrans("", "", "«»\"'“”„")


def show(connection: Connection, authority_code: str, day: date) -> ComparedList:
    """The list in force of the month that `day` is in, compared with the books as they are.

    Raises:
        UnknownAuthority: nobody has this code.
        NoList: no list of the month came.
    """
    book, month = setup.authority(connection, authority_code).authority_id, day.replace(day=1)
    lists = authority_lists.lists(connection, book, month)
    if not lists:
        raise NoList(
            f"{authority_code} sent no list of {month:%m.%Y}; import it with: esep authority-list import FILE "
            f"--authority {authority_code} --month {month:%Y-%m} --document LETTER"
        )
    return compared(connection, book, lists[-1])


def match(
    desk: Desk, authority_code: str, line: str, side: Side, number: int, reason: str, *, dry_run: bool = False
) -> HandMatched:
    """Match a line ('L2/7') of a list in force by hand to a transfer or a refund order of ours.

    The same match again changes nothing.

    Raises:
        UnknownAuthority: nobody has this code.
        NoList: the list does not exist or is not in force.
        NotMatched: no reason, no such line or order, or amounts that are not equal.
    """
    return _by_hand(desk, authority_code, line, side, number, reason, dry_run=dry_run)


def unmatch(desk: Desk, authority_code: str, line: str, reason: str, *, dry_run: bool = False) -> HandMatched:
    """Undo the match by hand of a line.

    Raises:
        UnknownAuthority, NoList: as for `match`.
        NotMatched: no reason, no such line, or nothing to undo.
    """
    return _by_hand(desk, authority_code, line, None, 0, reason, dry_run=dry_run)


def _by_hand(
    desk: Desk, authority_code: str, line: str, side: Side | None, number: int, reason: str, *, dry_run: bool
) -> HandMatched:
    said = " ".join(reason.split())
    if not said:
        raise NotMatched("--reason is empty; it stands in the books: say why")
    with desk.database.begin() as connection:
        authority = setup.authority(connection, authority_code)
        book = authority.authority_id
        posting.lock(connection, [book])
        head, listed = _found(connection, authority, line)
        hands = authority_lists.hand_matches(connection, book, head.list_number)
        last = hands.get(listed.line)
        if side is not None:
            _check(connection, book, head, listed, side, number, hands)
        elif last is None or not last.number:
            raise NotMatched(f"line L{head.list_number}/{listed.line} is not matched by hand; nothing to undo")
        one = last
        if one is None or one.number != number:
            one = HandMatch(line=listed.line, version=last.version + 1 if last else 1, number=number, reason=said)
            _enter_match(desk, connection, book, head, one, listed.side)
        comparison = compared(connection, book, head)
        if dry_run:
            connection.rollback()
    return HandMatched(
        authority_code=authority_code, line=listed, match=one, comparison=comparison, is_repeat=one is last
    )


def _found(connection: Connection, authority: Authority, line: str) -> tuple[ListHead, ListLine]:
    parts = _LINE.fullmatch(line.strip())
    if parts is None:
        raise NotMatched(f"{line!r} is no line of a list; write it like L2/7: list 2, line 7")
    list_number, place = int(parts[1]), int(parts[2])
    lists = authority_lists.lists(connection, authority.authority_id)
    head = next((one for one in lists if one.list_number == list_number), None)
    if head is None:
        raise NoList(f"{authority.code} has no list {list_number}; there are {len(lists)}")
    last = [one for one in lists if one.month == head.month][-1]
    if last != head:
        raise NoList(f"list {list_number} is not in force: list {last.list_number} of {head.month:%m.%Y} came after it")
    lines = authority_lists.lines(connection, authority.authority_id, list_number)
    found = next((one for one in lines if one.line == place), None)
    if found is None:
        raise NotMatched(f"list {list_number} has no line {place}; see: esep authority-list show")
    return head, found


def _check(
    connection: Connection,
    book: int,
    head: ListHead,
    line: ListLine,
    side: Side,
    number: int,
    hands: Mapping[int, HandMatch],
) -> None:
    """Refuse what is not the same money."""
    what = {"transfer": "transfer", "refund": "refund order"}
    if line.side != side:
        raise NotMatched(f"line L{head.list_number}/{line.line} is a {line.side}, no {side}; name a {what[line.side]}")
    orders = authority_lists.own_orders(connection, book, head.month, closing.last_day(head.month))
    order = next((one for one in orders if (one.side, one.number) == (side, number)), None)
    if order is None:
        raise NotMatched(f"there is no {what[side]} {number} of {head.month:%m.%Y} in force; see: esep trace")
    if line.amount not in _amounts(order, line.aid_kind):
        raise NotMatched(
            f"line L{head.list_number}/{line.line} is {format_tenge(line.amount)}, {what[side]} {number} "
            f"{format_tenge(order.amount)}: amounts that differ are never matched, the difference stays"
        )
    lines = {one.line: one for one in authority_lists.lines(connection, book, head.list_number)}
    others = [
        lines[one.line]
        for one in hands.values()
        if one.number == number and one.line != line.line and lines[one.line].side == side
    ]
    if sum(one.amount for one in others) + line.amount > order.amount:
        raise NotMatched(f"{what[side]} {number} is matched by hand to line L{head.list_number}/{others[0].line}")


def _amounts(order: OwnOrder, kind: str) -> set[int]:
    """The whole, and for a line that names a kind the part of that kind."""
    return {order.amount, *(amount for own, amount in order.parts if own == kind and kind)}


def _enter_match(desk: Desk, connection: Connection, book: int, head: ListHead, one: HandMatch, side: Side) -> None:
    number = posting.next_number(connection, book)
    authority_lists.append_match(connection, book, number, head.list_number, one)
    line = f"L{head.list_number}/{one.line}"
    draft = EntryDraft(
        kind="list_matched",
        booked_on=desk.today,
        value_date=desk.today,
        actor=desk.actor,
        source_key=f"list-match:{line}:{one.version}",
        source_digest=posting.digest(one.number, one.reason),
        summary=f"line {line} matched to {side} {one.number}" if one.number else f"match of line {line} undone",
    )
    posting.seal(connection, book, number, draft, ["authority_list_match"])
