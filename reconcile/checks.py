"""The checks before a month is closed and before its acts are built: three independent sums and everything open.

Register, ledger and statement must agree document by document (E72, E80); the control equation must hold; the cash of
all books must be the bank's balance at the month's end; every payment must have its order, award line and the outcome
that allowed it. A finding names the document and all three values. What only waits (R-063: money unidentified, returned
and not decided, files not debited yet, messages without money) is listed and does not block.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from ledgers import closing, integrity, queries, returns, setup, sums
from ledgers.closing import BankPosition, LooseLine
from ledgers.money import format_tenge
from ledgers.sums import ControlEquation, ThreeSums


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing found: where, and the whole sentence; a blocking one keeps the month open."""

    blocking: bool
    place: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.place}: {self.sentence}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthCheck:
    """A month under check: its sums by category, its control equation, the bank's balance, and what was found."""

    totals: tuple[ThreeSums, ...]
    equation: ControlEquation
    bank: BankPosition
    findings: tuple[Finding, ...]

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """What must be cleared before the month can be closed."""
        return tuple(finding for finding in self.findings if finding.blocking)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What is open and may stay open over the month's end."""
        return tuple(finding for finding in self.findings if not finding.blocking)


def run(connection: Connection, authority_id: int, month: date) -> MonthCheck:
    """Check the month of an authority that begins on `month`."""
    last = closing.last_day(month)
    documents = sums.three_sums(connection, authority_id, month, last)
    equation = sums.control_equation(connection, authority_id, month, last)
    bank = closing.bank_position(connection, setup.corporation(connection).iban, last)
    findings = [
        *_disagreements(documents),
        *_equation(equation),
        *_bank(bank),
        *_between(closing.between_books(connection, last)),
        *_mismatches(connection, authority_id, month, last),
        *_waiting(connection, authority_id, last),
    ]
    return MonthCheck(totals=tuple(sums.totals(documents)), equation=equation, bank=bank, findings=tuple(findings))


def _disagreements(documents: list[ThreeSums]) -> Iterator[Finding]:
    for one in documents:
        if not one.agree:
            values = [one.register, one.ledger] + ([] if one.statement is None else [one.statement])
            bank = "no line yet" if one.statement is None else format_tenge(one.statement)
            sentence = (
                f"register {format_tenge(one.register)}, ledger {format_tenge(one.ledger)}, statement {bank}; "
                f"they differ by {format_tenge(max(values) - min(values))}: see the document with esep trace, "
                "and correct the wrong one"
            )
            yield Finding(blocking=True, place=f"{one.category}, {one.document}", sentence=sentence)


def _equation(equation: ControlEquation) -> Iterator[Finding]:
    if not equation.holds:
        sentence = (
            f"opening {format_tenge(equation.opening)} + transfers {format_tenge(equation.transfers)} "
            f"+ returns {format_tenge(equation.returned)} + other {format_tenge(equation.other)} "
            f"− MT-102 {format_tenge(equation.sent)} − refunds {format_tenge(equation.refunded)} "
            f"= {format_tenge(equation.expected)}; account 100 stands at {format_tenge(equation.closing)}, "
            f"accounts 200 to 230 make {format_tenge(equation.obligations)}"
        )
        yield Finding(blocking=True, place="control equation", sentence=sentence)


def _bank(bank: BankPosition) -> Iterator[Finding]:
    if bank.bank is None:
        reached = f"they reach {bank.statement_to:%d.%m.%Y}" if bank.statement_to else "there is none"
        sentence = f"the statements must reach {bank.day:%d.%m.%Y}, {reached}; import the missing one"
        yield Finding(blocking=True, place="statement", sentence=sentence)
    for line in bank.unplaced:
        sentence = f"{_line(line)} fits no file that was sent; import what it belongs to, then the same statement again"
        yield Finding(blocking=True, place="statement", sentence=sentence)
    for line in bank.late:
        sentence = f"{_line(line)} was booked in a later month, because its own was closed"
        yield Finding(blocking=False, place="statement", sentence=sentence)
    if bank.unexplained:
        gaps = "".join(
            f"; statement {gap.statement_number} from {gap.date_from:%d.%m.%Y} opens with {format_tenge(gap.opening)}, "
            f"{format_tenge(gap.expected)} was expected"
            for gap in bank.gaps
        )
        sentence = (
            f"on {bank.day:%d.%m.%Y} the bank has {format_tenge(bank.bank or 0)}, cash over all books is "
            f"{format_tenge(bank.cash)}; {format_tenge(bank.unexplained)} of the difference is not explained by any "
            f"line{gaps}"
        )
        yield Finding(blocking=True, place="bank balance", sentence=sentence)


def _line(line: LooseLine) -> str:
    head = f"line S{line.line_number} of {line.booked_on:%d.%m.%Y}, {line.direction} No {line.document_number}"
    return f"{head}, {format_tenge(line.amount)},"


def _between(balance: int) -> Iterator[Finding]:
    if balance:
        sentence = f"{format_tenge(balance)} left one book and did not come to another"
        yield Finding(blocking=True, place="account between", sentence=sentence)


def _mismatches(connection: Connection, authority_id: int, first: date, last: date) -> Iterator[Finding]:
    for found in integrity.mismatches(connection, authority_id, first, last):
        sentence = f"{found.what} disagree: it says {found.says}, the rows give {found.rows}"
        yield Finding(blocking=True, place=found.place, sentence=sentence)


_WAITING = {
    "unidentified": "nobody can place it yet",
    "transit": "the bank has not debited it yet",
    "returned": "it came back and is not decided (R-061)",
    "resend": "it is decided to be resent and is not sent (R-062)",
    "refundable": "it is due to the authority and is not sent (R-063)",
    "claim": "the bank kept it of a return, though the service is free (R-006)",
}


def _waiting(connection: Connection, authority_id: int, last: date) -> Iterator[Finding]:
    for account in queries.balances(connection, authority_id, on=last):
        if account.code in _WAITING:
            sentence = f"{format_tenge(account.balance)} is open: {_WAITING[account.code]}"
            yield Finding(blocking=False, place=account.account, sentence=sentence)
    for message in returns.waiting_messages(connection):
        if message.authority_id == authority_id and message.dated <= last:
            sentence = f"{format_tenge(message.amount)}, its money is in no statement yet"
            yield Finding(blocking=False, place=_message(message), sentence=sentence)
    for parked in returns.parked_messages(connection):
        if parked.message.dated <= last:
            sentence = f"{format_tenge(parked.message.amount)} is parked: {parked.reason}"
            yield Finding(blocking=False, place=_message(parked.message), sentence=sentence)


def _message(message: returns.Message) -> str:
    return f"return message {message.bic} {message.reference} of {message.dated:%d.%m.%Y}"
