"""The bank statement of one account as 1CClientBankExchange in its Kazakhstan dialect (БИН_ИИН, ИИК, БанкБИК).

Banks write the keys in any case, amounts with a dot and without trailing zeros, quotes that never close, purposes that
run on over several lines, and forget КонецФайла; all of that is read. Not forgiven are sums: the turnovers must be
those of the documents, and opening balance, credits and debits must give the closing balance.

A credit is money that came in (the account is the Получатель), a debit money that went out (the Плательщик).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from formats.amounts import AMOUNT_MAX, display_amount, format_dot_amount, parse_dot_amount
from formats.errors import Fault, FormatError
from formats.text import decode, encode

Direction = Literal["credit", "debit"]

_FIRST_LINE = "1CClientBankExchange"
_VERSION = "2.00"
_CHARSET_NAMES = {"cp1251": "Windows", "cp866": "DOS"}
_ACCOUNT, _ACCOUNT_END = "СекцияРасчСчет", "КонецРасчСчет"
_DOCUMENT, _DOCUMENT_END = "СекцияДокумент", "КонецДокумента"
_SECTIONS = {_ACCOUNT.casefold(): _ACCOUNT_END.casefold(), _DOCUMENT.casefold(): _DOCUMENT_END.casefold()}
_ENDS = frozenset(_SECTIONS.values())
_FILE_END = "КонецФайла"
_TURNOVERS = ("ВсегоПоступило", "ВсегоСписано")
_PURPOSE = "НазначениеПлатежа"
_CURRENCIES = ("", "KZT", "398")
_KEY = re.compile(r"([А-Яа-яЁё][А-Яа-яЁё_]*[0-9]*)\s*=(.*)")
_DATE = re.compile(r"([0-9]{2})\.([0-9]{2})\.([0-9]{4})")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffd-\uffff]")
_CUT = "the file is cut short or glued together: ask the bank for the whole statement"
_RESEND = "ask the bank for a corrected statement"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """One document of the statement; `line` is its place in the file, counted from 1, and the amount is in tiyn."""

    line: int
    number: str
    dated: date
    booked_on: date
    value_date: date
    amount: int
    direction: Direction
    counterparty_name: str
    counterparty_bin: str
    counterparty_iban: str
    counterparty_bic: str
    knp: str
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The statement of one account over a span of days; balances and turnovers in tiyn."""

    account: str
    date_from: date
    date_to: date
    opening: int
    credited: int
    debited: int
    closing: int
    lines: tuple[StatementLine, ...]


_ROLES: dict[Direction, tuple[str, str, str]] = {
    "credit": ("СуммаПриход", "Плательщик", "Получатель"),
    "debit": ("СуммаРасход", "Получатель", "Плательщик"),
}
"""For each direction the key of its amount, the other side and our own side."""


@dataclass(slots=True)
class _Section:
    """The keys of one section as they stand in the file, each with its line; in small letters, since case varies."""

    line: int
    values: dict[str, tuple[int, str]] = field(default_factory=dict)

    def get(self, key: str) -> tuple[int, str]:
        return self.values.get(key.casefold(), (self.line, ""))


@dataclass(slots=True)
class _File:
    """The sections of a file and the faults found so far."""

    head: _Section = field(default_factory=lambda: _Section(1))
    accounts: list[_Section] = field(default_factory=list)
    documents: list[_Section] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def add(self, line: int | None, place: str, found: str, expected: str, remedy: str = _RESEND) -> None:
        self.faults.append(Fault(line=line, place=place, found=found or "nothing", expected=expected, remedy=remedy))


def read(data: bytes, source: str) -> Statement:
    """The statement of a file.

    Raises FormatError with every fault of the file: unreadable sums and dates, sections that do not end, wrong totals.
    """
    file = _sections(decode(data, source).text)
    if len(file.accounts) != 1:
        line = file.accounts[1].line if file.accounts else None
        file.add(line, _ACCOUNT, f"{len(file.accounts)} sections", "one", "ask for one statement of one account")
    statement = _statement(file, file.accounts[0] if file.accounts else _Section(1))
    if file.faults:
        raise FormatError(source, sorted(file.faults, key=lambda fault: fault.line or 0))
    return statement


def write(statement: Statement, charset: str) -> bytes:
    """The statement as a file in one of text.CHARSETS, the same bytes for the same statement.

    Raises FormatError for totals that do not agree and for texts that would not be read back as they are.
    """
    faults = [*_unwritable(statement)]
    faults += [] if faults else _wrong_totals(statement, None)
    if faults:
        raise FormatError("1C statement to write", faults)
    span = [f"ДатаНачала={statement.date_from:%d.%m.%Y}", f"ДатаКонца={statement.date_to:%d.%m.%Y}"]
    span += [f"РасчСчет={statement.account}"]
    stated = _CHARSET_NAMES.get(charset, charset.upper())
    rows = [_FIRST_LINE, f"ВерсияФормата={_VERSION}", f"Кодировка={stated}", *span, _ACCOUNT, *span]
    rows += [*(f"{key}={format_dot_amount(amount)}" for key, amount in _balances(statement)), _ACCOUNT_END]
    for line in statement.lines:
        rows += _document_rows(line, statement.account)
    return encode("".join(f"{row}\r\n" for row in (*rows, _FILE_END)), charset)


def _balances(statement: Statement) -> tuple[tuple[str, int], ...]:
    return (
        ("НачальныйОстаток", statement.opening),
        ("ВсегоПоступило", statement.credited),
        ("ВсегоСписано", statement.debited),
        ("КонечныйОстаток", statement.closing),
    )


def _document_rows(line: StatementLine, account: str) -> list[str]:
    amount_key, other, own = _ROLES[line.direction]
    return [
        f"{_DOCUMENT}=Выписка",
        f"НомерДокумента={line.number}",
        f"ДатаДокумента={line.dated:%d.%m.%Y}",
        f"ДатаОперации={line.booked_on:%d.%m.%Y}",
        f"ДатаВалютирования={line.value_date:%d.%m.%Y}",
        f"{amount_key}={format_dot_amount(line.amount)}",
        "Валюта=KZT",
        f"{own}ИИК={account}",
        f"{other}Наименование={line.counterparty_name}",
        f"{other}БИН_ИИН={line.counterparty_bin}",
        f"{other}ИИК={line.counterparty_iban}",
        f"{other}БанкБИК={line.counterparty_bic}",
        f"КодНазначенияПлатежа={line.knp}",
        f"{_PURPOSE}={line.purpose}",
        _DOCUMENT_END,
    ]


def _unwritable(statement: Statement) -> Iterator[Fault]:
    """What would not be read back as it is; the totals are looked at apart."""
    texts = [("account", statement.account or " ")]
    amounts = [(key, amount, 0) for key, amount in _balances(statement)]
    days = [statement.date_from, statement.date_to]
    for place, line in enumerate(statement.lines, 1):
        if line.line != place:
            yield _to_correct(f"document {place}", f"line {line.line}", "documents counted from 1")
        names = ("number", "counterparty_name", "counterparty_bin", "counterparty_iban", "counterparty_bic")
        texts += [(f"document {place}, {name}", getattr(line, name)) for name in (*names, "knp", "purpose")]
        amounts.append((f"document {place}, amount", line.amount, 1))
        days += [line.dated, line.booked_on, line.value_date]
    for where, text in texts:
        if _CONTROL.search(text) or text != text.strip():
            yield _to_correct(where, text[:90], "one line without blanks at its ends")
    for where, amount, least in amounts:
        if not least <= amount <= AMOUNT_MAX:
            yield _to_correct(where, f"{amount} tiyn", f"{least} to {AMOUNT_MAX} tiyn")
    if min(days).year < 1000 or statement.date_from > statement.date_to:
        yield _to_correct("dates", f"{min(days)}", "years of four digits and a span that does not end before it begins")


def _to_correct(place: str, found: str, expected: str) -> Fault:
    return Fault(line=None, place=place, found=found, expected=expected, remedy="correct it before it is written")


def _sections(text: str) -> _File:
    """Cut the file into its sections; what is neither a key nor a section nor a purpose running on is a fault."""
    file = _File()
    rows = [row.strip(" \t\r\x1a") for row in text.split("\n")]
    if rows[0].casefold() != _FIRST_LINE.casefold():
        file.add(1, "first line", rows[0][:60], _FIRST_LINE, "give a statement in the 1CClientBankExchange format")
    current, awaited, key = file.head, "", ""
    for line, row in enumerate(rows[1:], 2):
        mark = row.partition("=")[0].strip().casefold()
        if mark in _ENDS or mark == _FILE_END.casefold():
            if mark != awaited and (awaited or mark in _ENDS):
                file.add(line, "sections", row[:60], f"{awaited or 'no end'}, since sections do not overlap", _CUT)
            current, awaited, key = file.head, "", ""
        elif mark in _SECTIONS:
            if awaited:
                file.add(line, "sections", row[:60], f"{awaited} before it", _CUT)
            current, awaited, key = _Section(line), _SECTIONS[mark], ""
            (file.documents if mark == _DOCUMENT.casefold() else file.accounts).append(current)
        elif row:
            key = _put(file, current, row, key, line)
    if awaited:
        file.add(len(rows), "end of file", "nothing", awaited, _CUT)
    return file


def _put(file: _File, section: _Section, row: str, key: str, line: int) -> str:
    """Put a row under its key; returns the key, which the next row may run on from."""
    match = _KEY.fullmatch(row)
    if match is None:
        if key.startswith(_PURPOSE.casefold()):
            first, text = section.values[key]
            section.values[key] = first, f"{text} {row}".strip()
        else:
            file.add(line, "keys", row[:60], "a line like НомерДокумента=1")
        return key
    key, text = match[1].casefold(), match[2].strip()
    known = section.values.setdefault(key, (line, text))
    if known[1] != text and section is not file.head:
        file.add(line, match[1], f"again, first on line {known[0]}", "once in a section")
    return key


def _statement(file: _File, account: _Section) -> Statement:
    """The statement; where there was a fault it holds stand-ins, which nobody gets to see."""
    number = account.get("РасчСчет")[1] or file.head.get("РасчСчет")[1]
    if not number:
        file.add(account.line, "РасчСчет", "nothing", "the account of the statement")
    days = [_day(file, account if account.get(key)[1] else file.head, key) for key in ("ДатаНачала", "ДатаКонца")]
    if days[0] > days[1]:
        file.add(account.line, "ДатаКонца", f"{days[1]:%d.%m.%Y}", f"not before {days[0]:%d.%m.%Y}")
    balances = [_amount(file, account, key, "") for key in ("НачальныйОстаток", *_TURNOVERS, "КонечныйОстаток")]
    statement = Statement(
        account=number,
        date_from=days[0],
        date_to=days[1],
        opening=balances[0] or 0,
        credited=balances[1] or 0,
        debited=balances[2] or 0,
        closing=balances[3] or 0,
        lines=tuple(_document(file, section, place, number) for place, section in enumerate(file.documents, 1)),
    )
    if None not in balances and all(line.amount for line in statement.lines):
        file.faults += _wrong_totals(statement, account)
    return statement


def _document(file: _File, section: _Section, place: int, account: str) -> StatementLine:
    direction, amount = _movement(file, section, account)
    other = _ROLES[direction][1]
    booked_on = _day(file, section, "ДатаОперации")
    # Where a bank gives no value date of its own, the money counts from the day it was booked.
    value_date = _day(file, section, "ДатаВалютирования") if section.get("ДатаВалютирования")[1] else booked_on
    if section.get("Валюта")[1].upper() not in _CURRENCIES:
        file.add(section.get("Валюта")[0], "Валюта", section.get("Валюта")[1], "KZT", "import accounts in tenge only")
    return StatementLine(
        line=place,
        number=section.get("НомерДокумента")[1],
        dated=_day(file, section, "ДатаДокумента"),
        booked_on=booked_on,
        value_date=value_date,
        amount=amount,
        direction=direction,
        counterparty_name=section.get(f"{other}Наименование")[1],
        counterparty_bin=section.get(f"{other}БИН_ИИН")[1],
        counterparty_iban=section.get(f"{other}ИИК")[1],
        counterparty_bic=section.get(f"{other}БанкБИК")[1],
        knp=section.get("КодНазначенияПлатежа")[1],
        purpose=_purpose(section),
    )


def _purpose(section: _Section) -> str:
    """The whole purpose, or the numbered parts of it that some banks write instead."""
    whole = section.get(_PURPOSE)[1]
    parts = (text for key, (_, text) in section.values.items() if key.startswith(_PURPOSE.casefold()))
    return whole or " ".join(part for part in parts if part)


def _movement(file: _File, section: _Section, account: str) -> tuple[Direction, int]:
    """Which way the money went and how much of it: by the columns, by the accounts, and both must agree."""
    sums = {way: _amount(file, section, _ROLES[way][0], "0") for way in _ROLES}
    plain = _amount(file, section, "Сумма", "0")
    if None in sums.values() or plain is None:
        return "credit", 0
    columns = [way for way, amount in sums.items() if amount]
    accounts = {way: section.get(f"{_ROLES[way][2]}ИИК")[1] for way in _ROLES}
    owners = [way for way, iban in accounts.items() if iban == account]
    ways = set(columns) if len(owners) != 1 else {*columns, *owners}
    amounts = {amount for amount in (*sums.values(), plain) if amount}
    if len(ways) != 1 or len(amounts) != 1:
        found = ", ".join(f"{key}={section.get(key)[1]}" for key in ("СуммаПриход", "СуммаРасход", "Сумма"))
        expected = f"one sum above zero, СуммаПриход to {account} or СуммаРасход from it"
        file.add(section.line, _DOCUMENT, found, expected)
        return "credit", 0
    return ways.pop(), amounts.pop() or 0


def _amount(file: _File, section: _Section, key: str, default: str) -> int | None:
    """Tiyn under the key; None when it is a fault, and with no default the key must be there."""
    line, text = section.get(key)
    try:
        return parse_dot_amount(text or default)
    except ValueError as error:
        file.add(line, key, text[:60], str(error))
        return None


def _day(file: _File, section: _Section, key: str) -> date:
    line, text = section.get(key)
    match = _DATE.fullmatch(text)
    try:
        if match:
            return date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:
        pass
    file.add(line, key, text[:60], "a date dd.mm.yyyy")
    return date.min


def _wrong_totals(statement: Statement, section: _Section | None) -> Iterator[Fault]:
    """Stated turnovers against the documents, and the closing balance against both."""
    turnovers = {way: sum(line.amount for line in statement.lines if line.direction == way) for way in _ROLES}
    closing = statement.opening + statement.credited - statement.debited
    checks = (
        (_TURNOVERS[0], statement.credited, turnovers["credit"], "the sum of the credits"),
        (_TURNOVERS[1], statement.debited, turnovers["debit"], "the sum of the debits"),
        ("КонечныйОстаток", statement.closing, closing, "opening balance and credits less debits"),
    )
    for key, stated, computed, words in checks:
        if stated != computed:
            yield Fault(
                line=section.get(key)[0] if section else None,
                place=f"{key}, wrong totals",
                found=display_amount(stated),
                expected=f"{display_amount(computed)}, {words} (difference {display_amount(abs(stated - computed))})",
                remedy=_RESEND,
            )
