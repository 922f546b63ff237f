"""The records of messages as a table: a row for each person, payment or movement, every cell a text.

Amounts are `18460,00`, days `05.03.2024`, as in the exchange files; an IIN keeps its zeros. Statements of every form
have the same columns, those of formats.statement.Movement.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import singledispatch
from itertools import chain

from formats import camt, mt940, mt950, onec
from formats.amounts import display_amount
from formats.camt_report import BankReport
from formats.errors import Code, Fault, Findings, FormatError
from formats.mt100 import Mt100
from formats.mt102_message import Mt102, Mt102Item
from formats.mt102_packed import PackedMt102
from formats.mt102_utilities import UtilityMt102, UtilityPayment
from formats.mt940 import Mt940
from formats.mt950 import Mt950
from formats.mt_parts import Party as MtParty
from formats.mx_parts import Account, Agent, Party
from formats.onec_orders import PaymentOrder
from formats.onec_parts import Statement
from formats.pacs004 import Pacs004
from formats.pacs008 import Pacs008
from formats.pain001_message import Pain001
from formats.statement import AccountStatement, Movement
from formats.summaries_mt import summary_of_any

Row = tuple[object, ...]

# A phone number does no harm.
_FORMULA = re.compile(r"(?!\+[0-9]+\Z)\s*[-=+@－＝＋＠]")
_AMOUNTS = frozenset({"amount", "opening", "closing"})
_MOVEMENT = tuple(one.name for one in fields(Movement))
_LIST = ("reference", *(name for name in Mt102Item._fields if name != "other"))
_UTILITIES = ("reference", *(name for name in UtilityPayment._fields if name != "other"))
_PAYMENT = (
    *("reference", "amount", "number", "dated", "payer", "payer_idn", "payer_account", "payer_bic"),
    *("beneficiary", "beneficiary_idn", "beneficiary_account", "beneficiary_bic", "knp", "purpose"),
)
_TRANSFER = (
    *("message", "end_to_end_id", "amount", "currency", "debtor", "debtor_account", "debtor_bic"),
    *("creditor", "creditor_id", "creditor_account", "creditor_bic", "purpose_code", "remittance"),
)
_RETURN = ("message", "return_id", "original_end_to_end_id", "amount", "currency", "reason", "information")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A heading and rows of texts of its width."""

    heading: tuple[str, ...]
    rows: Iterable[tuple[str, ...]]


def table_of(messages: Sequence[object], source: str) -> Table:
    """The records of messages that have the same columns.

    Raises FormatError for messages without records, and for messages with different columns.
    """
    parts = [records(message) for message in messages]
    headings = {heading for heading, _ in parts}
    if () in headings or not headings:
        without = [message for message, (heading, _) in zip(messages, parts, strict=True) if not heading]
        names = dict.fromkeys(summary_of_any(message).what for message in without)
        raise _no_table(source, "; ".join(names) or "no message", "messages with people, payments or movements")
    if len(headings) > 1:
        names = dict.fromkeys(summary_of_any(message).what for message in messages)
        raise _no_table(source, "; ".join(names), "messages whose records have the same columns")
    heading = headings.pop()
    rows = (tuple(map(_text, heading, row)) for _, found in parts for row in found)
    return Table(heading=heading, rows=rows)


def csv_of(table: Table, source: str) -> bytes:
    """The table as CSV with semicolons, in UTF-8 with the mark that spreadsheets look for.

    Raises FormatError with every text that a spreadsheet would compute.
    """
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerow(table.heading)
    findings = Findings(source)
    for number, row in enumerate(table.rows, 1):
        for name, text in zip(table.heading, row, strict=True):
            if _FORMULA.match(text):
                expected = "a text that no spreadsheet takes for a formula"
                findings.fault(Code.UNWRITABLE, None, f"row {number}, {name}", text, expected, "choose xlsx")
        writer.writerow(row)
    findings.check()
    return target.getvalue().encode("utf-8-sig")


def xlsx_of(table: Table) -> bytes:
    """The table as a workbook of one sheet, every cell a text; the same table gives the same bytes."""
    from datetime import UTC, datetime

    from xlsxwriter import Workbook

    target = io.BytesIO()
    with Workbook(target, {"constant_memory": True}) as workbook:
        workbook.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC)})
        text = workbook.add_format({"num_format": "@"})
        sheet = workbook.add_worksheet("records")
        sheet.set_column(0, len(table.heading) - 1, 18, text)
        for number, row in enumerate((table.heading, *table.rows)):
            for column, value in enumerate(row):
                sheet.write_string(number, column, value, text)
    return target.getvalue()


def _text(name: str, value: object) -> str:
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if name in _AMOUNTS and isinstance(value, int):
        return display_amount(value)
    return "" if value is None else str(value)


@singledispatch
def records(message: object) -> tuple[tuple[str, ...], Iterator[Row]]:
    """The columns of a message and its records; no columns for a message without records."""
    del message
    return (), iter(())


@records.register
def _(message: Mt102) -> tuple[tuple[str, ...], Iterator[Row]]:
    reference = message.header.reference
    return _LIST, ((reference, *item[: len(_LIST) - 1]) for item in message.items)


@records.register
def _(message: UtilityMt102) -> tuple[tuple[str, ...], Iterator[Row]]:
    reference = message.header.reference
    return _UTILITIES, ((reference, *item[: len(_UTILITIES) - 1]) for item in message.items)


@records.register
def _(message: PackedMt102) -> tuple[tuple[str, ...], Iterator[Row]]:
    dated = message.header.dated
    return _PAYMENT, (
        _payment(one.reference, one.amount, one.number, dated, one.payer, one.beneficiary, one.knp, one.assign)
        for one in message.items
    )


@records.register
def _(message: Mt100) -> tuple[tuple[str, ...], Iterator[Row]]:
    one = message
    row = _payment(one.reference, one.amount, one.number, one.dated, one.payer, one.beneficiary, one.knp, one.assign)
    return _PAYMENT, iter([row])


def _payment(
    reference: str, amount: int, number: str, dated: date, payer: MtParty, beneficiary: MtParty, knp: str, purpose: str
) -> Row:
    parties = ((one.name, one.idn or one.rnn, one.account, one.bic) for one in (payer, beneficiary))
    return (reference, amount, number, dated, *chain.from_iterable(parties), knp, purpose)


@records.register
def _(message: PaymentOrder) -> tuple[tuple[str, ...], Iterator[Row]]:
    parties = ((one.name, one.idn, one.account, one.bic) for one in (message.payer, message.payee))
    row = (
        "",
        message.amount,
        message.number,
        message.dated,
        *chain.from_iterable(parties),
        message.knp,
        message.purpose,
    )
    return _PAYMENT, iter([row])


@records.register
def _(message: Statement) -> tuple[tuple[str, ...], Iterator[Row]]:
    return _movements(onec.account_statement(message))


@records.register
def _(message: Mt940) -> tuple[tuple[str, ...], Iterator[Row]]:
    return _movements(mt940.account_statement(message))


@records.register
def _(message: Mt950) -> tuple[tuple[str, ...], Iterator[Row]]:
    return _movements(mt950.account_statement(message))


@records.register
def _(message: BankReport) -> tuple[tuple[str, ...], Iterator[Row]]:
    return _movements(camt.account_statement(message))


def _movements(statement: AccountStatement) -> tuple[tuple[str, ...], Iterator[Row]]:
    rows = ((statement.account, *(getattr(one, name) for name in _MOVEMENT)) for one in statement.movements)
    return ("account", *_MOVEMENT), rows


@records.register
def _(message: Pacs008) -> tuple[tuple[str, ...], Iterator[Row]]:
    identification = message.header.message_id
    return _TRANSFER, (
        (
            *(identification, one.end_to_end_id, one.amount, one.currency),
            *(one.debtor.name, _account(one.debtor_account), _bic(one.debtor_agent)),
            *(one.creditor.name, _number(one.creditor), _account(one.creditor_account), _bic(one.creditor_agent)),
            *("" if one.purpose is None else one.purpose.text, " ".join(one.remittance)),
        )
        for one in message.transfers
    )


@records.register
def _(message: Pain001) -> tuple[tuple[str, ...], Iterator[Row]]:
    identification = message.header.message_id
    return _TRANSFER, (
        (
            *(identification, one.end_to_end_id, one.amount, one.currency),
            *(group.debtor.name, _account(group.debtor_account), _bic(group.debtor_agent)),
            *("" if one.creditor is None else one.creditor.name, _number(one.creditor)),
            *(_account(one.creditor_account), _bic(one.creditor_agent)),
            *("" if one.purpose is None else one.purpose.text, " ".join(one.remittance)),
        )
        for group in message.groups
        for one in group.transfers
    )


@records.register
def _(message: Pacs004) -> tuple[tuple[str, ...], Iterator[Row]]:
    identification = message.header.message_id
    return _RETURN, (
        (
            *(identification, one.return_id, one.original_end_to_end_id, one.amount, one.currency),
            " ".join(reason.reason.text for reason in one.reasons if reason.reason is not None),
            " ".join(line for reason in one.reasons for line in reason.information),
        )
        for one in message.transfers
    )


def _account(account: Account | None) -> str:
    return "" if account is None else account.text


def _bic(agent: Agent | None) -> str:
    return "" if agent is None else agent.bic


def _number(party: Party | None) -> str:
    return "" if party is None else party.number


def _no_table(source: str, found: str, expected: str) -> FormatError:
    remedy = "give a file with messages of one kind, or choose another form"
    fault = Fault(code=Code.UNWRITABLE, line=None, place="table", found=found, expected=expected, remedy=remedy)
    return FormatError(source, [fault])
