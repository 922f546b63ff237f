"""`esep statement place`: a person says where the money of a line belongs.

What waits of a transfer goes to a request by an entry of its own. A line that waits whole, or that was placed wrong
(wrong kind, wrong request, wrong authority), is entered anew: the entry that placed it is turned round in the open
month, so both books see it, and the transfer comes in where it belongs. The bank's cash stays what it was, over all
books.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date

from sqlalchemy import Connection

from ledgers import lines, posting, setup, statements
from ledgers.books import OpenBooks
from ledgers.errors import Overdrawn
from ledgers.journal import EntryDraft, EntryKind, Event
from ledgers.lines import PlacedLine
from ledgers.money import InvalidAmount, format_tenge, parse_tenge
from ledgers.statements import Line, Match, OpenRequest, Transfer
from reconcile import line_book
from reconcile.desk import Desk
from reconcile.errors import Refusal
from reconcile.line_book import OWN_BOOK, MoneyUsed, NoReason, ReturnStands, TurnedRound

RULE = "by_hand"


class WrongPart(Refusal):
    """A part that is not written REQUEST/KIND=AMOUNT, or names a kind of a request twice."""

    def __init__(self, text: str) -> None:
        super().__init__(f"part {text!r}: expected REQUEST/KIND=AMOUNT, each once, like AST-2024-0001/A=18460,00")


class NoCredit(Refusal):
    """A debit, which brings no money."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is a debit: the bank took money. A wrong settlement is undone: esep statement undo")


class PlacedAlready(Refusal):
    """A line that was placed as another transfer, and nobody said that it should be turned round."""

    def __init__(self, name: str, where: str) -> None:
        super().__init__(
            f"{name} is placed already: {where}. To turn that round and place the whole line anew, add --anew"
        )


class TooMuch(Refusal):
    """Parts that are more than what there is to place."""

    def __init__(self, name: str, asked: int, there: int, hint: str = "") -> None:
        super().__init__(
            f"the parts make {format_tenge(asked)} KZT, but {format_tenge(there)} KZT of {name} can be placed{hint}"
        )


class AboveRequest(Refusal):
    """A part that is more than a request awaits of a kind (R-041), or that names no request of the authority."""

    def __init__(self, reference: str, aid_kind: str, asked: int, awaited: int | None) -> None:
        what = f"kind {aid_kind} of request {reference}"
        if awaited is None:
            super().__init__(f"{what} was not requested from this authority; see esep request list")
        else:
            super().__init__(
                f"{what} awaits {format_tenge(awaited)} KZT, not {format_tenge(asked)}: a transfer is within the "
                "request, what is above stays on the line (R-041)"
            )


class SameTransfer(Refusal):
    """A line whose transfer is in the books already (E39)."""

    def __init__(self, name: str, twin: str) -> None:
        super().__init__(
            f"{name} has number, date, BIN and amount of transfer {twin}: the same transfer twice stays on 205 (E39); "
            "ask the authority, and give it back with: esep refund send"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reallocated:
    """Where the money of a line is now: parts by request and kind (tiyn), what waits, and what was turned round."""

    line: Line
    authority_code: str
    parts: Mapping[tuple[str, str], int]
    rest: int
    turned_round: tuple[TurnedRound, ...] = ()
    codes: Mapping[int, str] = field(default_factory=dict)
    is_repeat: bool = False


def place(
    desk: Desk,
    name: str,
    authority_code: str,
    parts: Sequence[str],
    reason: str,
    *,
    anew: bool = False,
    dry_run: bool = False,
) -> Reallocated:
    """Place the money of a line on requests of an authority; without parts it waits there as a transfer.

    `parts` are written REQUEST/KIND=AMOUNT. `anew` turns round what the line was placed as, and places it whole;
    without it only what waits is placed. `dry_run` only tries. The same once more changes nothing.

    Raises:
        UnknownLine, UnknownAuthority, WrongPart, NoCredit, ReturnStands: what was named is not there or not fit.
        PlacedAlready, TooMuch, AboveRequest, SameTransfer: the money does not belong there, or not so.
        MoneyUsed: what was to be turned round was spent.
    """
    if not reason.strip():
        raise NoReason
    wanted = _wanted(parts)
    try:
        with desk.database.begin() as connection:
            codes = {OWN_BOOK: "SC"} | {one.authority_id: one.code for one in setup.authorities(connection)}
            home = setup.authority(connection, authority_code).authority_id
            books = OpenBooks(connection, codes, today=desk.today)
            state = line_book.found(connection, name)
            placing = _Placing(desk, connection, books, state, home, wanted, reason)
            is_repeat, turned = placing.place(codes, anew=anew)
            after = line_book.found(connection, name)
            if dry_run:
                connection.rollback()
    except Overdrawn as error:
        raise MoneyUsed(name, error) from error
    return Reallocated(
        line=state.line,
        authority_code=authority_code,
        parts=after.parts,
        rest=after.waiting,
        turned_round=tuple(turned),
        codes=codes,
        is_repeat=is_repeat,
    )


def _wanted(parts: Iterable[str]) -> dict[tuple[str, str], int]:
    wanted: dict[tuple[str, str], int] = {}
    for part in parts:
        cell, _, amount = part.partition("=")
        reference, _, aid_kind = cell.strip().rpartition("/")
        try:
            tiyn = parse_tenge("".join(amount.split()))
        except InvalidAmount as error:
            raise WrongPart(part) from error
        if not (reference and aid_kind and tiyn) or (reference, aid_kind) in wanted:
            raise WrongPart(part)
        wanted[reference, aid_kind] = tiyn
    return wanted


class _Placing:
    """One line, under the locks of all books, on its way to an authority's book."""

    def __init__(
        self,
        desk: Desk,
        connection: Connection,
        books: OpenBooks,
        state: PlacedLine,
        home: int,
        wanted: Mapping[tuple[str, str], int],
        reason: str,
    ) -> None:
        self._desk, self._connection, self._books = desk, connection, books
        self._state, self._line, self._home, self._wanted, self._reason = state, state.line, home, wanted, reason
        self._digest = posting.digest(*state.line.identity, state.line.occurrence, sorted(wanted.items()), reason)

    def place(self, codes: Mapping[int, str], *, anew: bool) -> tuple[bool, list[TurnedRound]]:
        """Place the line; returns whether it was so already, and what was turned round."""
        state, match, name, wanted = self._state, self._state.match, self._line.reference, self._wanted
        asked = sum(wanted.values())
        if self._line.direction == "debit":
            raise NoCredit(name)
        if match is None or match.matched_as in {"return", "claim"}:
            raise ReturnStands(name)
        is_transfer = match.matched_as == "transfer"
        is_here = is_transfer and match.placed_in == self._home
        is_so = dict(state.parts) == dict(wanted) and (anew or not wanted or asked > state.waiting)
        if is_here and (is_so or self._is_known(match)):
            return True, []
        if is_transfer and not anew:
            if not is_here or not wanted or not state.waiting:
                raise PlacedAlready(name, _where(state, codes[match.placed_in]))
            if asked > state.waiting:
                raise TooMuch(name, asked, state.waiting, "; to place the whole line anew, add --anew")
            number = int(match.reference.removeprefix("T"))
            self._enter_rest(number, self._cells(), self._rest_key(match))
            return False, []
        if asked > self._line.amount:
            raise TooMuch(name, asked, self._line.amount)
        if twin := lines.twin(self._connection, self._line):
            raise SameTransfer(name, twin)
        turned = line_book.turn_round(self._desk, self._books, state, match, self._reason, self._home)
        self._enter_anew(turned[-1].booked_on)
        return False, turned

    # --- What waits of a transfer -------------------------------------------------------------------------------------

    def _is_known(self, match: Match) -> bool:
        """Whether these very parts of this line were placed by hand for this very reason: it, or what waited of it."""
        whole = posting.find(self._connection, self._home, f"line:{self._line.line_number}:{match.version}")
        if whole is not None and whole.source_digest == self._digest:
            return True
        return posting.find(self._connection, self._home, self._rest_key(match)) is not None

    def _rest_key(self, match: Match) -> str:
        return f"line:{self._line.line_number}:{match.version}:rest:{self._digest.hex()[:16]}"

    def _enter_rest(self, transfer_number: int, cells: Sequence[tuple[OpenRequest, int]], key: str) -> None:
        events = [
            Event(
                rule=rule,
                aid_kind=cell.aid_kind,
                debit_reference=self._line.reference if rule == "transfer_identified" else "",
                credit_reference=cell.reference,
                amount=amount,
            )
            for cell, amount in cells
            for rule in ("transfer_identified", "transfer_awaited")
        ]
        draft = self._draft("money_placed", key, self._desk.today, cells)
        self._books.enter(self._home, draft, {"transfer_placing": _rows(transfer_number, cells)}, events)

    # --- The whole line -----------------------------------------------------------------------------------------------

    def _enter_anew(self, day: date) -> None:
        """The transfer on the day it came in, placed on what was requested by then; what was not is placed today."""
        line, version = self._line, self._state.next_version
        cells = self._cells()
        now = [(cell, amount) for cell, amount in cells if cell.sent_on <= day]
        later = [(cell, amount) for cell, amount in cells if cell.sent_on > day]
        rest = line.amount - sum(amount for _, amount in now)
        number = statements.next_transfer_numbers(self._connection).get(self._home, 1)
        events = [
            Event(rule=rule, aid_kind=cell.aid_kind, credit_reference=cell.reference, amount=amount)
            for cell, amount in now
            for rule in ("transfer_placed", "transfer_awaited")
        ]
        if rest:
            events.append(Event(rule="money_unidentified", credit_reference=line.reference, amount=rest))
        rows = {"transfer": [asdict(self._transfer(number, day))], "transfer_placing": _rows(number, now)}
        draft = self._draft("transfer_received", f"line:{line.line_number}:{version}", day, now)
        entry = self._books.enter(self._home, draft, rows, events)
        match = Match(
            line_number=line.line_number,
            version=version,
            placed_in=self._home,
            placed_entry=entry,
            matched_as="transfer",
            reference=f"T{number}",
            rule=RULE,
        )
        line_book.enter_match(self._desk, self._books, line, match, self._reason)
        if later:
            self._enter_rest(number, later, f"line:{line.line_number}:{version}:later")

    def _transfer(self, number: int, day: date) -> Transfer:
        return Transfer(
            authority_id=self._home,
            transfer_number=number,
            order_number=self._line.document_number,
            order_date=self._line.document_date,
            payer_bin=self._line.counterparty_bin,
            amount=self._line.amount,
            received_on=day,
            line_number=self._line.line_number,
        )

    def _cells(self) -> list[tuple[OpenRequest, int]]:
        """What the requests await now, with the parts that they take."""
        wanted = self._wanted
        named = sorted({reference for reference, _ in wanted})
        cells = {
            (cell.reference, cell.aid_kind): cell
            for cell in statements.open_requests(self._connection, named)
            if cell.authority_id == self._home
        }
        for (reference, aid_kind), amount in wanted.items():
            cell = cells.get((reference, aid_kind))
            if cell is None or amount > cell.amount:
                raise AboveRequest(reference, aid_kind, amount, cell.amount if cell else None)
        return [(cells[key], amount) for key, amount in wanted.items()]

    def _draft(self, kind: EntryKind, key: str, day: date, cells: Sequence[tuple[OpenRequest, int]]) -> EntryDraft:
        names = ", ".join(f"{cell.reference} kind {cell.aid_kind}" for cell, _ in cells) or "no request"
        return EntryDraft(
            kind=kind,
            booked_on=day,
            value_date=self._line.value_date,
            actor=self._desk.actor,
            source_key=key,
            source_digest=self._digest,
            summary=f"line {self._line.reference} placed by hand on {names}: {self._reason}",
        )


def _rows(transfer_number: int, cells: Iterable[tuple[OpenRequest, int]]) -> list[dict[str, object]]:
    return [
        {
            "transfer_number": transfer_number,
            "request_number": cell.request_number,
            "aid_kind": cell.aid_kind,
            "amount": amount,
        }
        for cell, amount in cells
    ]


def _where(state: PlacedLine, code: str) -> str:
    """Where the money of a transfer stands, in words."""
    parts = [f"{reference} kind {kind} {format_tenge(amount)}" for (reference, kind), amount in state.parts.items()]
    waiting = [f"{format_tenge(state.waiting)} on {state.line.reference}"] if state.waiting else []
    return f"transfer of {code}: {', '.join([*parts, *waiting])}"
