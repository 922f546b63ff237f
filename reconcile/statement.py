"""`esep statement import`: what happened on the State Corporation's account, and what each line of it is.

A credit of an authority is a transfer and is placed on its request (R-041, R-044); a credit of a bank is the money of a
return (R-060); a debit settles a file that was sent. What cannot be placed stands on `unidentified` and is listed; a
debit that fits no file is listed and tried again with every later statement. Only a statement line moves cash, once:
lines that an overlapping file brings again are known, and the same file again changes nothing.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from formats import onec
from formats.errors import Fault, Findings, FormatError, Note
from ledgers import deadline_starts, lines, posting, setup, statements
from ledgers.books import OpenBooks
from ledgers.identifiers import Iban, InvalidIdentifier, check_digit
from ledgers.journal import EntryDraft
from ledgers.lines import WithoutPlace
from ledgers.statements import Line, Match, MatchedAs, Statement, Unidentified
from reconcile.archive import Stored
from reconcile.desk import Desk
from reconcile.funding import Remark
from reconcile.identify import identify
from reconcile.inbox import Received, received
from reconcile.placing import Placement, Unplaced, place
from reconcile.request_terms import remarks

KIND = "statement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """How many lines were placed as what, and for how much (tiyn)."""

    matched_as: MatchedAs
    count: int
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementImport:
    """What an import brought: new and known lines, what was placed as what, and everything that is open in the books.

    `placed`, `identified` and `remarks` (what is unusual about transfers: too early, late, above the request, without
    one) are of this import; `unidentified` and `unplaced` list all lines, also of earlier files.
    `difference` is the bank's closing balance less the cash of all books and what is unplaced, in tiyn: other than 0
    when a statement is missing or a line was taken for a known one; None when another statement reaches further.
    `notes` say what was read although it was unusual.
    """

    statement_number: int
    new_lines: int
    known_lines: int
    placed: tuple[Sum, ...]
    identified: int
    unidentified: tuple[Unidentified, ...]
    unplaced: tuple[Unplaced, ...]
    difference: int | None
    remarks: tuple[Remark, ...]
    is_repeat: bool
    notes: tuple[Note, ...] = ()

    @property
    def changes_nothing(self) -> bool:
        """Whether the books are as they were before."""
        return self.is_repeat and not self.placed and not self.identified


def import_file(desk: Desk, path: Path) -> StatementImport:
    """Import a statement of the State Corporation's account (1CClientBankExchange), whole or not at all.

    Raises:
        FormatError: with every fault of the file, also when it is of another account; nothing of it is applied.
        LedgerError, Refusal: the books do not take it. Whatever refuses a file, its bytes and that it came are kept.
    """
    with received(desk, path, KIND) as file:
        findings = Findings(file.name)
        statement = onec.read(file.read(), file.name, findings=findings)
        with desk.database.begin() as connection:
            _check(statement, setup.corporation(connection).iban, file.name)
            result = _import(desk, connection, file, statement)
            file.accept(connection)
    return replace(result, notes=findings.notes)


def _import(desk: Desk, connection: Connection, file: Received, statement: onec.Statement) -> StatementImport:
    authorities = [authority.authority_id for authority in setup.authorities(connection)]
    books = OpenBooks(connection, [0, *authorities], today=desk.today)
    known = statements.statement_of(connection, file.stored.sha256)
    number = known or statements.next_statement_number(connection)
    fresh = _fresh(connection, statement, number) if known is None else []
    desk.progress("place", len(fresh))
    waited = {one.line.line_number: one for one in lines.unplaced(connection)}
    taken_from = {number: one.taken_from for number, one in waited.items()}
    placed = place(connection, books, [*(one.line for one in waited.values()), *fresh], taken_from)
    matches = _enter(desk, books, placed.placements, waited)
    if known is None:
        head = _head(statement, file.stored, number)
        _enter_statement(desk, books, file.name, head, fresh, matches)
    elif matches:
        _enter_matches(desk, books, matches)
    identify(desk, connection, books, placed.identified)
    return StatementImport(
        statement_number=number,
        new_lines=len(fresh),
        known_lines=len(statement.lines) - len(fresh),
        placed=_sums(placed.placements),
        identified=len(placed.identified),
        unidentified=tuple(statements.unidentified(connection)),
        unplaced=placed.unplaced,
        difference=_difference(connection, statement, number, placed.unplaced),
        remarks=remarks(connection, placed.placements),
        is_repeat=known is not None,
    )


def _difference(
    connection: Connection, statement: onec.Statement, number: int, unplaced: Sequence[Unplaced]
) -> int | None:
    """What the bank's closing balance has above the books, whose cash lacks the debits that nobody could place."""
    if statements.reaching_furthest(connection, statement.account) != number:
        return None
    return statement.closing - (statements.cash(connection) - sum(one.line.amount for one in unplaced))


def _check(statement: onec.Statement, iban: str, source: str) -> None:
    """Refuse a file that can be read, but is of another account or has identifiers with wrong check digits (E45)."""
    other = "ask the bank for a statement of our account"
    is_ours = statement.account == iban
    found = [] if is_ours else [_fault("РасчСчет", statement.account, f"our account {iban}", other)]
    # Other sides come again and again: each is looked at once.
    bins = {name: _wrong_bin(name) for name in {line.counterparty_bin for line in statement.lines}}
    ibans = {name: _wrong_iban(name) for name in {line.counterparty_iban for line in statement.lines}}
    for line in statement.lines:
        if (wrong := bins[line.counterparty_bin]) is not None:
            found.append(_fault(f"{_named(line)}, БИН_ИИН", line.counterparty_bin, wrong))
        if (other_iban := ibans[line.counterparty_iban]) is not None:
            found.append(_fault(f"{_named(line)}, ИИК", other_iban.found, other_iban.expected))
    if found:
        raise FormatError(source, found)


def _wrong_bin(text: str) -> str | None:
    """What was expected instead of a BIN or IIN; banks leave it empty for themselves and for other countries."""
    if not text:
        return None
    if len(text) != 12 or not (text.isascii() and text.isdigit()):
        return "twelve digits of a BIN or IIN, or nothing"
    digit = check_digit(text[:11])
    return None if text[11] == str(digit) else f"check digit {digit}"


def _wrong_iban(text: str) -> InvalidIdentifier | None:
    """What is wrong with an account of Kazakhstan."""
    if text.startswith("KZ"):
        try:
            Iban(text)
        except InvalidIdentifier as error:
            return error
    return None


def _named(line: onec.StatementLine) -> str:
    return f"document {line.line} of the statement, No {line.number}"


def _fault(where: str, found: str, expected: str, remedy: str = "ask the bank for a corrected statement") -> Fault:
    return Fault(line=None, place=where, found=found, expected=expected, remedy=remedy)


def _fresh(connection: Connection, statement: onec.Statement, statement_number: int) -> list[Line]:
    """The lines that the register does not know: the n-th of equal lines is known when n of them are.

    A statement that goes on within the day where the one before it ended has none of that day's known lines.
    """
    if not statement.lines:
        return []
    days = [line.booked_on for line in statement.lines]
    known = statements.known_lines(connection, statement.account, min(days), max(days))
    number = statements.next_line_number(connection)
    goes_on = statements.goes_on(connection, statement.account, statement.date_from, statement.opening)
    before = known.items() if goes_on else ()
    seen = Counter({identity: count for identity, count in before if identity[0] == statement.date_from})
    fresh: list[Line] = []
    for source in statement.lines:
        line = _line(source, statement.account, statement_number, number + len(fresh))
        seen[line.identity] += 1
        if seen[line.identity] > known.get(line.identity, 0):
            fresh.append(replace(line, occurrence=seen[line.identity]))
    return fresh


def _line(source: onec.StatementLine, iban: str, statement_number: int, number: int) -> Line:
    return Line(
        line_number=number,
        statement_number=statement_number,
        file_line=source.line,
        iban=iban,
        booked_on=source.booked_on,
        value_date=source.value_date,
        direction=source.direction,
        document_number=source.number,
        document_date=source.dated,
        amount=source.amount,
        counterparty_name=source.counterparty_name,
        counterparty_bin=source.counterparty_bin,
        counterparty_iban=source.counterparty_iban,
        counterparty_bic=source.counterparty_bic,
        knp=source.knp,
        purpose=source.purpose,
        occurrence=1,
    )


def _head(statement: onec.Statement, stored: Stored, number: int) -> Statement:
    return Statement(
        statement_number=number,
        iban=statement.account,
        date_from=statement.date_from,
        date_to=statement.date_to,
        opening=statement.opening,
        credited=statement.credited,
        debited=statement.debited,
        closing=statement.closing,
        sha256=stored.sha256,
    )


def _version(placement: Placement, waited: Mapping[int, WithoutPlace]) -> int:
    """The version of a line's next match: the first, or the one after what was undone."""
    before = waited.get(placement.line.line_number)
    return before.version + 1 if before else 1


def _enter(
    desk: Desk, books: OpenBooks, placements: Sequence[Placement], waited: Mapping[int, WithoutPlace]
) -> list[Match]:
    """Enter the money of lines into their books, in this order; returns the matches of the lines.

    An entry for each line: a person may turn any of them round. Lines in a row that bring postings alone are entered
    together.
    """
    matches: list[Match] = []
    for is_plain, group in groupby(sorted(placements, key=lambda one: one.book), key=_grouping):
        lines_ = list(group)
        book = lines_[0].book
        drafts = [_draft(desk, books, one, _version(one, waited)) for one in lines_]
        if is_plain[1]:
            numbers = books.enter_many(book, [(draft, one.events) for draft, one in zip(drafts, lines_, strict=True)])
        else:
            numbers = [
                books.enter(book, draft, one.rows, one.events) for draft, one in zip(drafts, lines_, strict=True)
            ]
        desk.progress("enter", len(numbers))
        matches += [_match(one, _version(one, waited), number) for one, number in zip(lines_, numbers, strict=True)]
    return sorted(matches, key=lambda one: one.line_number)


def _grouping(placement: Placement) -> tuple[int, bool]:
    """What is entered together: the lines of one book that bring postings alone, and start no deadline."""
    return placement.book, not placement.rows and not deadline_starts.may_start(placement.kind)


def _draft(desk: Desk, books: OpenBooks, placement: Placement, version: int) -> EntryDraft:
    line = placement.line
    return EntryDraft(
        kind=placement.kind,
        booked_on=books.day(placement.book, line.booked_on),
        value_date=line.value_date,
        actor=desk.actor,
        source_key=f"line:{line.line_number}:{version}",
        source_digest=posting.digest(*line.identity, line.occurrence),
        summary=placement.reason,
    )


def _match(placement: Placement, version: int, entry_number: int) -> Match:
    return Match(
        line_number=placement.line.line_number,
        version=version,
        placed_in=placement.book,
        placed_entry=entry_number,
        matched_as=placement.matched_as,
        reference=placement.reference,
        rule=placement.rule,
    )


def _enter_statement(
    desk: Desk, books: OpenBooks, source: str, head: Statement, lines: Sequence[Line], matches: Sequence[Match]
) -> None:
    """Enter a statement into book 0, with its lines and what they turned out to be."""
    draft = EntryDraft(
        kind="statement_imported",
        booked_on=desk.today,
        value_date=head.date_to,
        actor=desk.actor,
        source_key=f"statement:{head.sha256.hex()}",
        source_digest=head.sha256,
        summary=f"statement {head.statement_number} from {source}, {len(lines)} new lines",
    )
    rows = {
        "statement": [_row(head)],
        "statement_line": [_row(line) for line in lines],
        "line_match": [_row(match) for match in matches],
    }
    books.enter(0, draft, rows)


def _row(value: Statement | Line | Match) -> dict[str, Any]:
    """A register value as a row; `dataclasses.asdict` copies every field deeply."""
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _enter_matches(desk: Desk, books: OpenBooks, matches: Sequence[Match]) -> None:
    """Enter into book 0 what lines of earlier statements turned out to be."""
    draft = EntryDraft(
        kind="file_settled",
        booked_on=desk.today,
        value_date=desk.today,
        actor=desk.actor,
        source_key=f"lines:{matches[0].line_number}:{matches[0].version}",
        source_digest=posting.digest(*matches),
        summary=f"{len(matches)} lines of earlier statements found their files",
    )
    books.enter(0, draft, {"line_match": [_row(match) for match in matches]})


def _sums(placements: Sequence[Placement]) -> tuple[Sum, ...]:
    counts: Counter[MatchedAs] = Counter()
    amounts: Counter[MatchedAs] = Counter()
    for placement in placements:
        placed = placement.line.amount - placement.rest
        for matched_as, amount in ((placement.matched_as, placed), ("unidentified", placement.rest)):
            if amount:
                counts[matched_as] += 1
                amounts[matched_as] += amount
    return tuple(Sum(matched_as=one, count=counts[one], amount=amounts[one]) for one in sorted(counts))
