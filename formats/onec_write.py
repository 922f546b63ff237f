r"""Writing 1C statements: strict, and for hundreds of thousands of documents in flat memory.

The form is that of version 2.00 with the keys of mt102.md §5.5: CR LF, amounts with a dot and two digits. The charset
stands in the head of the file, so that write() and chunks() give bytes.

>>> tail()
'КонецФайла\r\n'
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice

from formats import onec_keys as keys
from formats.amounts import AMOUNT_MAX, format_dot_amount
from formats.errors import Fault, FormatError
from formats.onec_checks import is_usual, unwritable_head, unwritable_line, whole, wrong_sums
from formats.onec_keys import EOL, ROLES
from formats.onec_parts import NOBODY, SpanBalance, Statement, StatementLine
from formats.text import encode

_TO_WRITE = "1C statement to write"
_CHUNK = 1_000
_ROWS = 15
_YEAR_MIN = 1000
_PLAIN_MAX = 1 << 16
"""A document of more characters is looked at closely: the reading ends at sections that are too long."""
_AFTER_MARK = {"utf-16": f"utf-16-{sys.byteorder[0]}e", "utf-8-sig": "utf-8"}
"""How a file goes on whose charset begins with a byte-order mark."""


def write(statement: Statement, charset: str) -> bytes:
    """The statement as a file in one of text.CHARSETS, the same bytes for the same statement.

    Raises FormatError for totals that do not agree and for texts that would not be read back as they are,
    UnencodableLetter for a letter that the charset lacks.
    """
    faults = unwritable_head(statement)
    texts: list[str] = []
    try:
        texts = list(body(statement.lines, statement.account))
    except FormatError as error:
        faults += error.faults
    faults = faults or wrong_sums(statement, *_turnovers(statement.lines))
    if faults:
        raise FormatError(_TO_WRITE, faults)
    return encode("".join([_head_rows(statement, charset), *texts, tail()]), charset)


def chunks(statement: Statement, batches: Iterable[Sequence[StatementLine]], charset: str) -> Iterator[bytes]:
    """The statement of `statement`, whose own lines are not looked at, with the lines of the batches.

    Raises FormatError and UnencodableLetter like write(), at the chunk where the fault stands and for totals at the
    end: what was given out before is then to be thrown away.
    """
    turnovers = {"credit": 0, "debit": 0}
    yield encode(head(statement, charset), charset)
    after = _AFTER_MARK.get(charset, charset)
    for text in body(_counted(batches, turnovers), statement.account):
        yield encode(text, after)
    if faults := wrong_sums(statement, turnovers["credit"], turnovers["debit"]):
        raise FormatError(_TO_WRITE, faults)
    yield encode(tail(), after)


def head(statement: Statement, charset: str) -> str:
    """Everything before the first document.

    Raises FormatError for values that would not be read back as they are.
    """
    if faults := unwritable_head(statement):
        raise FormatError(_TO_WRITE, faults)
    return _head_rows(statement, charset)


def body(lines: Iterable[StatementLine], account: str) -> Iterator[str]:
    """The documents as chunks of text, the lines counted from 1.

    Raises FormatError with the faults of all lines; after the first fault nothing more is given out.
    """
    faults: list[Fault] = []
    feed, first = iter(lines), 1
    while chunk := list(islice(feed, _CHUNK)):
        text = _text(chunk, account, first)
        if text is None:
            found = [fault for place, one in enumerate(chunk, first) for fault in unwritable_line(one, account, place)]
            text = _text(chunk, account, first, is_looked_at=True) if not found else None
            faults += found
        if text is not None and not faults:
            yield text
        first += len(chunk)
    if faults:
        raise FormatError(_TO_WRITE, faults)


def tail() -> str:
    """The end of the file."""
    return f"{keys.FILE_END}{EOL}"


def _counted(batches: Iterable[Sequence[StatementLine]], turnovers: dict[str, int]) -> Iterator[StatementLine]:
    for batch in batches:
        for line in batch:
            turnovers[line.direction] += line.amount
            yield line


def _turnovers(lines: Sequence[StatementLine]) -> tuple[int, int]:
    credited = sum(line.amount for line in lines if line.direction == "credit")
    return credited, sum(line.amount for line in lines) - credited


def _head_rows(statement: Statement, charset: str) -> str:
    said = statement.head
    created = f"{said.created_on:%d.%m.%Y}" if said.created_on else ""
    values = {
        "ВерсияФормата": keys.VERSION,
        "Кодировка": keys.CHARSET_NAMES.get(charset, charset.upper()),
        "Отправитель": said.sender,
        "Получатель": said.receiver,
        "ДатаСоздания": created,
        "ВремяСоздания": said.created_at,
    }
    rows = [keys.FIRST_LINE, *(f"{key}={text}" for key, text in values.items() if text)]
    rows += [f"{key}={text}" for key, text in said.other]
    rows += _days(statement, statement.account)
    spans = statement.spans or (whole(statement),)
    for place, span in enumerate(spans):
        rows += [keys.ACCOUNT, *_days(span, statement.account)]
        balances = zip(keys.BALANCES, (span.opening, span.credited, span.debited, span.closing), strict=True)
        rows += [f"{key}={_signed(tiyn)}" for key, tiyn in balances if key not in statement.unstated]
        rows += [f"{key}={text}" for key, text in statement.other] if not place else []
        rows.append(keys.ACCOUNT_END)
    return "".join(f"{row}{EOL}" for row in rows)


def _days(span: Statement | SpanBalance, account: str) -> list[str]:
    return [
        f"{keys.DATE_FROM}={span.date_from:%d.%m.%Y}",
        f"{keys.DATE_TO}={span.date_to:%d.%m.%Y}",
        f"{keys.ACCOUNT_NUMBER}={account}",
    ]


def _signed(tiyn: int) -> str:
    return f"{'-' if tiyn < 0 else ''}{format_dot_amount(abs(tiyn))}"


def _text(lines: list[StatementLine], account: str, first: int, *, is_looked_at: bool = False) -> str | None:
    """The documents of a chunk; None when one of them must be looked at closely before it is written."""
    amounts = {line.amount for line in lines}
    days = {day for line in lines for day in (line.dated, line.booked_on, line.value_date)}
    is_counted = all(line.line == place for place, line in enumerate(lines, first))
    if not is_counted or not 0 < min(amounts) <= max(amounts) <= AMOUNT_MAX or min(days).year < _YEAR_MIN:
        return None
    sums = {tiyn: format_dot_amount(tiyn) for tiyn in amounts}
    dates = {day: f"{day:%d.%m.%Y}" for day in days}
    rows, texts = 0, []
    for line in lines:
        more, count = _more(line) if _has_more(line) else ("", 0)
        texts.append(_document(line, account, sums, dates, more))
        rows += _ROWS + count
    text = "".join(texts)
    is_plain = is_looked_at or (max(map(len, texts)) <= _PLAIN_MAX and is_usual(lines) and _is_plain(text, rows))
    return text if is_plain else None


def _is_plain(text: str, rows: int) -> bool:
    """Whether each row of the documents has one value without a sign that is not seen and without blanks at its ends.

    A text that has such signs by right is no plain one either; it is looked at line by line.
    """
    if text.count(EOL) != rows or f" {EOL}" in text or "= " in text:
        return False
    seen = text.replace(EOL, "")
    return seen.isprintable()


def _has_more(line: StatementLine) -> bool:
    return bool(line.own is not NOBODY or line.counterparty_kbe or line.counterparty_bank or line.form or line.other)


def _more(line: StatementLine) -> tuple[str, int]:
    """The rows that not every bank writes, and how many they are."""
    _, other, own = ROLES[line.direction]
    values = {
        keys.FORM: line.form,
        f"{own}{keys.NAME}": line.own.name,
        f"{own}{keys.BIN}": line.own.bin,
        f"{own}{keys.KBE}": line.own.kbe,
        f"{own}{keys.BANK}": line.own.bank,
        f"{own}{keys.BIC}": line.own.bic,
        f"{other}{keys.KBE}": line.counterparty_kbe,
        f"{other}{keys.BANK}": line.counterparty_bank,
    }
    rows = [f"{key}={text}{EOL}" for key, text in values.items() if text]
    rows += [f"{key}={text}{EOL}" for key, text in line.other]
    return "".join(rows), len(rows)


def _document(line: StatementLine, account: str, sums: dict[int, str], dates: dict[date, str], more: str) -> str:
    amount_key, other, own = ROLES[line.direction]
    return (
        f"СекцияДокумент={line.kind}\r\n"
        f"НомерДокумента={line.number}\r\n"
        f"ДатаДокумента={dates[line.dated]}\r\n"
        f"ДатаОперации={dates[line.booked_on]}\r\n"
        f"ДатаВалютирования={dates[line.value_date]}\r\n"
        f"{amount_key}={sums[line.amount]}\r\n"
        "Валюта=KZT\r\n"
        f"{own}ИИК={line.own.account or account}\r\n"
        f"{other}Наименование={line.counterparty_name}\r\n"
        f"{other}БИН_ИИН={line.counterparty_bin}\r\n"
        f"{other}ИИК={line.counterparty_iban}\r\n"
        f"{other}БанкБИК={line.counterparty_bic}\r\n"
        f"{more}"
        f"КодНазначенияПлатежа={line.knp}\r\n"
        f"НазначениеПлатежа={line.purpose}\r\n"
        "КонецДокумента\r\n"
    )
