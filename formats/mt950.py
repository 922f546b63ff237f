r"""MT950 and MT970, the statements of Kazakhstan's payment system to a bank: gross and clearing (mt102.md §5.4).

    :20:CL9900639                                reference
    :23:FINAL                                    or PRESENT, so far
    :25:NBRKKZKX/KZ29125KZT9999000017            bank and account
    :28:1                                        number
    :60F:C230703KZT0,00                          opening balance
    :61:1453C230703KZT14073,70S100HSBKKZKX 4038  time, mark, date, amount, message, bank, reference
    :62F:C230703KZT14073,70                      closing balance

The mark is C or D, and in a statement so far also EC or ED for what is only expected. Behind S stand the type of the
message (100, 102) and nine characters for the bank: a BIC and a filler, before 2010 an MFO. The reference is the :20:
of that message. Under EC and ED one to three characters more were seen before it; readers pass over one, and so does
this one. A general MT950, whose :61: begins with a date, is read as `formats.mt940` does.

>>> rows = ["{1:F01K054700000000010000001}{2:O9502307031507SGROSS00000000000000002307031507U}{4:", ":20:S", ":23:FINAL"]
>>> rows += [":25:NBRKKZKX/KZ29125KZT9999000017", ":28:1", ":60F:C230703KZT0,00", ":62F:230703KZT0,00", "-}"]
>>> [one] = read("\n".join(rows).encode(), "gross.950")
>>> account_statement(one).closing
0
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from formats import mt940
from formats.errors import Code, Fault, Findings, FormatError
from formats.mt import Envelope, Field, Header, envelopes, to_correct
from formats.mt940 import Mt940
from formats.mt950_lines import Mt950Line, line_row, read_line, unwritable_lines
from formats.mt_parts import ANY_TEXT, Others, shape
from formats.mt_statement import (
    NO_BALANCE,
    REFERENCE,
    ROWS,
    Balance,
    one_row,
    read_balance,
    read_shaped,
    shaped_row,
    single,
    unwritable_balance,
)
from formats.mt_writing import lines as text_of
from formats.mt_writing import unwritable_values
from formats.rows import Rows
from formats.statement import AccountStatement, Movement, wrong_total
from formats.text import decode

__all__ = ["Mt950", "Mt950Line", "account_statement", "is_general", "message", "messages", "read", "write"]

Report = Literal["FINAL", "PRESENT"]

_TYPES = ("950", "970")
_TAGS = ("20", "23", "25", "28", "60F", "62F")
_START_MAX = 1 << 16
_FIRST_LINE = re.compile(r"^:61:([0-9]{6})?", re.MULTILINE)

_REPORT = shape(r"FINAL|PRESENT", "FINAL or PRESENT", latin=True)
_ACCOUNT = shape(r"[A-Z0-9]{1,34}", "an account of capital letters and digits", latin=True)
_BANK = shape(r"[A-Z0-9]{1,34}", "a BIC or an MFO")
_NUMBER = shape(r"[0-9]{1,5}", "one to five digits")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mt950:
    """A whole statement; `bank` and `account` are the two parts of :25:, the first '' where there is one part only."""

    header: Header
    reference: str
    report: Report
    bank: str
    account: str
    number: str
    opening: Balance
    closing: Balance
    lines: tuple[Mt950Line, ...]
    other: Others = ()


def read(data: bytes, source: str, *, charset: str | None = None) -> tuple[Mt950 | Mt940, ...]:
    """All statements of a file, in order.

    Raises FormatError with every fault of the file; then nothing of it is returned.
    """
    findings = Findings(source)
    found = tuple(messages([decode(data, source, charset).text], findings))
    findings.check()
    return found


def messages(texts: Iterable[str], findings: Findings) -> Iterator[Mt950 | Mt940]:
    """The statements of a text in any chunks; apply nothing before findings.check() passed.

    Raises FormatError for a text that has no lines, and for more faults than anybody would read.
    """
    feed = iter(texts)
    start = ""
    for text in feed:
        start += text
        if len(start) > _START_MAX or "\n:62" in start:
            break
    whole = chain([start], feed)
    if is_general(start):
        yield from mt940.messages(whole, findings)
        return
    for envelope in envelopes(Rows(whole, findings.source), findings):
        if envelope.header.message_type in _TYPES:
            yield message(envelope, findings)
        else:
            found, remedy = f"MT{envelope.header.message_type}", "give the file to the command for its type"
            findings.fault(Code.MT_OTHER_TYPE, envelope.line, "block 2", found, "MT950 or MT970", remedy)


def is_general(start: str) -> bool:
    """Whether the beginning of a file is that of a statement as SWIFT defines it, where :61: begins with a date."""
    rows = start.replace("\r", "\n")
    first = _FIRST_LINE.search(rows)
    return first[1] is not None if first else "\n:28C:" in rows


def write(message: Mt950) -> str:
    """The statement as text with CR LF.

    Raises FormatError with every value that would not be read back as it is, and for balances that are not proved.
    """
    faults = [*_unwritable(message), *unwritable_lines(message.lines)]
    if not faults and not _is_proved(message):
        change = sum(line.change for line in message.lines)
        figures = (message.opening.amount, change, len(message.lines), message.closing.amount)
        faults = wrong_total(*figures, line=None, place=":62F: closing balance")
    if faults:
        raise FormatError(f"MT{message.header.message_type} to write", faults)
    account = f"{message.bank}/{message.account}" if message.bank else message.account
    rows = [message.header.text(), "{4:", f":20:{message.reference}", f":23:{message.report}", f":25:{account}"]
    rows += [f":28:{message.number}", *(f":{tag}:{text}".replace("\n", "\r\n") for tag, text in message.other)]
    rows += [f":60F:{message.opening.text()}", *(line_row(line, message.opening.currency) for line in message.lines)]
    return text_of([*rows, f":62F:{message.closing.text()}", "-}"])


def account_statement(message: Mt950 | Mt940) -> AccountStatement:
    """The statement in the neutral form; pages of a general one are joined by mt940.account_statements()."""
    if isinstance(message, Mt940):
        return mt940.account_statement(message)
    return AccountStatement(
        account=message.account,
        currency=message.opening.currency,
        number=message.number,
        date_from=message.opening.on,
        date_to=message.closing.on,
        opening=message.opening.amount,
        closing=message.closing.amount,
        movements=tuple(_movement(line) for line in message.lines),
    )


def _movement(line: Mt950Line) -> Movement:
    return Movement(
        line=line.line,
        mark=line.mark,
        amount=line.amount,
        value_date=line.value_date,
        reference=line.reference,
        counterparty_bic="" if line.bank.isdigit() else line.bank,
        purpose=line.supplement,
    )


def message(envelope: Envelope, findings: Findings) -> Mt950:
    """The statement of an envelope, its balances proved; where there was a fault it holds stand-ins."""
    lines: list[Mt950Line | None] = []
    currencies: set[str] = set()

    def heads() -> Iterator[Field]:
        """The fields but the movements, which are read on the way."""
        for one in envelope.block:
            if one.tag == "61":
                lines.append(read_line(one, len(lines) + 1, currencies, findings))
            else:
                yield one

    found, others = single(heads(), _TAGS, frozenset(), envelope.line, findings)
    statement = _of_fields(envelope.header, found, [line for line in lines if line], others, findings)
    if NO_BALANCE not in (statement.opening, statement.closing):
        _check_balances(statement, currencies, found["62F"].line, findings)
        if None not in lines:
            _prove(statement, found["62F"].line, findings)
    return statement


def _of_fields(
    header: Header, found: dict[str, Field], lines: list[Mt950Line], others: Others, findings: Findings
) -> Mt950:
    bank, _, account = one_row(found.get("25"), findings).rpartition("/")
    report = shaped_row(found.get("23"), "report", _REPORT, findings)
    return Mt950(
        header=header,
        reference=shaped_row(found.get("20"), "reference", ANY_TEXT, findings),
        report="PRESENT" if report == "PRESENT" else "FINAL",
        bank=bank,
        account=read_shaped(account, found["25"].line, ":25: account", _ACCOUNT, findings) if "25" in found else "",
        number=shaped_row(found.get("28"), "number", ANY_TEXT, findings),
        opening=_balance(found.get("60F"), findings),
        closing=_balance(found.get("62F"), findings),
        lines=tuple(lines),
        other=others,
    )


def _balance(one: Field | None, findings: Findings) -> Balance:
    return read_balance(one_row(one, findings), one.line, one.tag, findings) if one else NO_BALANCE


def _check_balances(message: Mt950, currencies: set[str], line: int, findings: Findings) -> None:
    """One currency, and days in their order."""
    others = {*currencies, message.closing.currency} - {message.opening.currency}
    if others:
        expected = f"{message.opening.currency}, the currency of the opening balance"
        findings.fault(Code.CURRENCY, line, "balances and movements: currency", ", ".join(sorted(others)), expected)
    if message.closing.on < message.opening.on:
        expected = f"not before {message.opening.on:%d.%m.%Y}, the day of the opening balance"
        findings.fault(Code.DATE, line, ":62F: date", f"{message.closing.on:%d.%m.%Y}", expected)


def _prove(message: Mt950, line: int, findings: Findings) -> None:
    change = sum(one.change for one in message.lines)
    if _is_proved(message):
        if message.opening.amount + change != message.closing.amount:
            meaning = "the closing balance counts what is only expected"
            findings.note(line, ":62F: closing balance", message.closing.text(), meaning)
        return
    figures = (message.opening.amount, change, len(message.lines), message.closing.amount)
    findings.add(wrong_total(*figures, line=line, place=":62F: closing balance"))


def _is_proved(message: Mt950) -> bool:
    """Whether the balances agree; those of a statement so far may also count what is expected."""
    difference = message.closing.amount - message.opening.amount - sum(one.change for one in message.lines)
    expected = sum(one.amount * (1 if one.mark == "EC" else -1) for one in message.lines if one.mark in {"EC", "ED"})
    return difference == 0 or (message.report == "PRESENT" and difference == expected)


def _unwritable(message: Mt950) -> list[Fault]:
    faults = message.header.unwritable()
    if message.header.message_type not in _TYPES:
        faults.append(to_correct("block 2", message.header.message_type, "950 or 970"))
    faults += unwritable_values(
        [
            (":20:", message.reference, REFERENCE),
            (":23:", message.report, _REPORT),
            (":25: account", message.account, _ACCOUNT),
            (":28:", message.number, _NUMBER),
            *([(":25: bank", message.bank, _BANK)] if message.bank else []),
            *((f":{tag}:", text, ROWS) for tag, text in message.other),
        ]
    )
    for tag, _ in message.other:
        if tag in {*_TAGS, "61"} or not re.fullmatch(r"[0-9]{2}[A-Z]?", tag):
            faults.append(to_correct(f":{tag}:", tag, "a tag that has no field of its own"))
    if message.closing.on < message.opening.on:
        expected = "not before the day of the opening balance"
        faults.append(to_correct(":62F: date", message.closing.on.isoformat(), expected))
    for tag, balance in (("60F", message.opening), ("62F", message.closing)):
        faults += unwritable_balance(tag, balance, message.opening.currency)
    return faults
