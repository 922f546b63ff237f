"""A statement of any form as 1CClientBankExchange, the form that `esep statement import` takes; what is lost is told.

A 1C document has one number, one purpose of one line and no currency, and there are no movements that are only
expected. Sums are never touched: opening balance and documents give the closing balance, or nothing is written.

>>> from datetime import date
>>> day = date(2024, 3, 14)
>>> one = Movement(line=1, mark="C", amount=500, booked_on=day, number="7")
>>> statement = AccountStatement(account="KZ36009PENS999999901", currency="KZT", number="1", date_from=day, date_to=day,
...     opening=0, closing=500, movements=(one,))
>>> findings = Findings("march.sta")
>>> onec_statement(statement, findings).lines[0].direction, [note.found for note in findings.notes]
('credit', ['1'])
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from formats import camt, mt940, mt950, onec
from formats import onec_keys as keys
from formats.amounts import display_amount
from formats.camt_report import BankReport
from formats.errors import Code, Fault, Findings, FormatError
from formats.mt940 import Mt940
from formats.mt950 import Mt950
from formats.onec_parts import Statement, StatementLine
from formats.statement import AccountStatement, Movement

CURRENCY = "KZT"
PLACE = "movements"
"""The place of a note, which begins with the number of the first movement that it is about."""

_NO_BALANCES = "a statement without both balances and both days"
_TABLE = "choose csv or xlsx"
_WHOLE_DAYS = "ask the bank for the statement of whole days"
_NO_PARTY = "no BIN or IIN of the other side, by which the books know who paid"


def statements_of(messages: Sequence[object]) -> tuple[AccountStatement, ...]:
    """The statements among the messages whatever their form; pages of one are joined."""
    pages = [one for one in messages if isinstance(one, Mt940)]
    found: list[AccountStatement] = list(mt940.account_statements(pages)) if pages else []
    for message in messages:
        match message:
            case Mt950():
                found.append(mt950.account_statement(message))
            case BankReport():
                found.append(camt.account_statement(message))
            case Statement():
                found.append(onec.account_statement(message))
    return tuple(found)


def note_batches(messages: Sequence[object], findings: Findings) -> None:
    """Say which entries of camt hold several payments, of which a movement shows none."""
    for message in messages:
        for entry in message.entries if isinstance(message, BankReport) else ():
            count = len(tuple(entry.details))
            if count > 1:
                findings.note(None, PLACE, f"{entry.line}: {count} payments", "only the sum of them was written")


def onec_statements(messages: Sequence[object], findings: Findings) -> tuple[Statement, ...]:
    """The statements among the messages as 1C; one that is 1C already stays whole, with all that it says.

    Raises FormatError like onec_statement().
    """
    note_batches(messages, findings)
    found = [_whole(one, findings) for one in messages if isinstance(one, Statement)]
    others = [one for one in messages if not isinstance(one, Statement)]
    return (*found, *(onec_statement(one, findings) for one in statements_of(others)))


def _whole(statement: Statement, findings: Findings) -> Statement:
    if {keys.OPENING, keys.CLOSING} & set(statement.unstated):
        raise _refused(findings, Code.MISSING, _NO_BALANCES, _WHOLE_DAYS)
    return replace(statement, unstated=())


def onec_statement(statement: AccountStatement, findings: Findings) -> Statement:
    """The statement as 1C has it; movements that are only expected are left out and told.

    Raises FormatError for a statement without both balances and days, or in another currency.
    """
    opening, closing, date_from, date_to = (
        statement.opening,
        statement.closing,
        statement.date_from,
        statement.date_to,
    )
    if opening is None or closing is None or date_from is None or date_to is None:
        raise _refused(findings, Code.MISSING, _NO_BALANCES, _WHOLE_DAYS)
    if min(opening, closing) < 0:
        found = f"a balance below zero, {display_amount(min(opening, closing))}"
        raise _refused(findings, Code.BALANCE, found, _TABLE)
    if statement.currency != CURRENCY:
        raise _refused(findings, Code.CURRENCY, f"an account in {statement.currency}", _TABLE)
    booked = [one for one in statement.movements if _is_booked(one, findings)]
    return Statement(
        account=statement.account,
        date_from=date_from,
        date_to=date_to,
        opening=opening,
        credited=statement.credited,
        debited=statement.debited,
        closing=closing,
        lines=tuple(_line(one, number, date_to, findings) for number, one in enumerate(booked, 1)),
    )


def _is_booked(one: Movement, findings: Findings) -> bool:
    """Whether the movement changes the balance; what 1C cannot say of it is told."""
    if not one.change:
        findings.note(None, PLACE, f"{one.line}: {one.mark}", "is only expected, and was left out")
    elif one.mark in {"RC", "RD"}:
        findings.note(
            None, PLACE, f"{one.line}: {one.mark}", "turns another back; 1C has only what it does to the balance"
        )
    return bool(one.change)


def _line(one: Movement, number: int, last: date, findings: Findings) -> StatementLine:
    day = one.booked_on or one.value_date or last
    if one.booked_on is None:
        findings.note(None, PLACE, f"{one.line}: {day:%d.%m.%Y}", "no day of booking; this day stands for it")
    purpose = " ".join(one.purpose.split())
    if purpose != one.purpose:
        findings.note(None, PLACE, f"{one.line}: purpose", "rows and blanks were joined: a 1C purpose is one row")
    names = [name for name in (one.number, one.reference, one.bank_reference) if name]
    for lost in names[1:]:
        findings.note(None, PLACE, f"{one.line}: {lost}", "a second reference, which a 1C document has no place for")
    if not one.counterparty_idn:
        findings.note(None, PLACE, f"{one.line}", _NO_PARTY)
    return StatementLine(
        line=number,
        number=names[0] if names else "",
        dated=day,
        booked_on=day,
        value_date=one.value_date or day,
        amount=one.amount,
        direction="credit" if one.change > 0 else "debit",
        counterparty_name=one.counterparty_name,
        counterparty_bin=one.counterparty_idn,
        counterparty_iban=one.counterparty_account,
        counterparty_bic=one.counterparty_bic,
        knp=one.knp,
        purpose=purpose,
    )


def _refused(findings: Findings, code: Code, found: str, remedy: str) -> FormatError:
    expected = f"what a 1C file has: both balances, from zero up, both days, and {CURRENCY} alone"
    fault = Fault(code=code, line=None, place="conversion", found=found, expected=expected, remedy=remedy)
    return FormatError(findings.source, [fault])
