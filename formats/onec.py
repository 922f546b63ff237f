r"""Bank statements as 1CClientBankExchange in its Kazakhstan dialect (БИН_ИИН, ИИК, БанкБИК), mt102.md §5.5.

Banks write the keys in any case, amounts with a dot and without trailing zeros, quotes that never close, purposes that
run on over several lines, balances for the span or a day, several accounts in a file, and forget КонецФайла; all of
that is read, and noted. Not forgiven are sums: the turnovers must be those of the documents, opening balance, credits
and debits must give the closing balance, and each day must open with the balance that the day before closed with.

A credit is money that came in (the account is the Получатель), a debit money that went out (the Плательщик).

>>> text = "1CClientBankExchange\nРасчСчет=KZ36009PENS999999901\nДатаНачала=14.03.2024\nДатаКонца=14.03.2024\n"
>>> text += "СекцияРасчСчет\nНачальныйОстаток=100\nВсегоПоступило=0\nВсегоСписано=7.5\nКонечныйОстаток=92.5\n"
>>> text += "КонецРасчСчет\nСекцияДокумент=Выписка\nНомерДокумента=101\nДатаДокумента=14.03.2024\n"
>>> text += "ДатаОперации=14.03.2024\nСуммаРасход=7.5\nКонецДокумента\nКонецФайла\n"
>>> statement = read(text.encode(), "march.txt")
>>> statement.closing, statement.lines[0].number, statement.lines[0].amount
(9250, '101', 750)
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from formats import onec_keys as keys
from formats import text
from formats.charsets import charset_named
from formats.errors import Code, Findings
from formats.onec_columns import Run, sections
from formats.onec_keys import Direction
from formats.onec_lines import Accounts, Lines, Part, numbered
from formats.onec_parts import Batch, FileHead, Owner, SpanBalance, Statement, StatementLine
from formats.onec_proof import Account, proved, span
from formats.onec_sections import RESEND, Section
from formats.onec_values import parsed_day
from formats.onec_write import body, chunks, head, tail, write
from formats.statement import AccountStatement, Mark, Movement

__all__ = [
    "Batch",
    "Direction",
    "FileHead",
    "Owner",
    "SpanBalance",
    "Statement",
    "StatementLine",
    "account_statement",
    "body",
    "chunks",
    "head",
    "messages",
    "read",
    "stream",
    "tail",
    "write",
]
_CUT = {Code.FILE_CUT_SHORT, Code.LINE_TOO_LONG}
"""After these faults nothing is proved: documents are missing."""


def read(data: bytes, source: str, *, charset: str | None = None, findings: Findings | None = None) -> Statement:
    """The statement of a file that is of one account, with the opening and the closing balance as the bank states them.

    What was forgiven is noted in `findings`.

    Raises:
        FormatError: every fault of the file: unreadable sums and dates, sections that do not end, wrong totals.
        LookupError: the charset named is not known.
    """
    findings = findings or Findings(source)
    decoded = text.decode(data, source, charset)
    file = _Statements([decoded.text], findings, decoded.charset, must=(keys.OPENING, keys.CLOSING))
    statements = list(_with_lines(file.items()))
    findings.check()
    if len(statements) != 1:
        found, remedy = f"{len(statements)} accounts", "ask for one statement of one account"
        findings.fault(Code.ONEC_SECTION, None, keys.ACCOUNT, found, "one", remedy)
    findings.check()
    return statements[0]


def messages(texts: Iterable[str], findings: Findings, *, charset: str | None = None) -> Iterator[Statement]:
    """The statement of each account of a file with its lines; of a file with faults there is none.

    The faults are in the findings: apply nothing until `findings.check()` has passed.
    Raises FormatError like the texts, and when there are more faults than anybody would read.
    """
    yield from _with_lines(stream(texts, findings, charset=charset))


def stream(texts: Iterable[str], findings: Findings, *, charset: str | None = None) -> Iterator[Batch | Statement]:
    """The lines of a file of any size in batches, then the statement of each account without its lines, proved.

    A file may come back to an account, so the statements stand at the end; a file with faults has none. `charset` is
    the one that was found, if the texts do not carry it themselves; it is compared with what the file states.
    Raises FormatError like messages().
    """
    yield from _Statements(texts, findings, charset).items()


def _with_lines(items: Iterable[Batch | Statement]) -> Iterator[Statement]:
    lines: dict[str, list[StatementLine]] = {}
    for item in items:
        if isinstance(item, Batch):
            lines.setdefault(item.account, []).extend(item.lines)
        else:
            yield replace(item, lines=tuple(lines.pop(item.account, ())))


class _Statements:
    """One file on its way: what its head says, its accounts, and their lines."""

    def __init__(
        self,
        texts: Iterable[str],
        findings: Findings,
        charset: str | None,
        *,
        must: Sequence[str] = (),
        plain: bool = True,
    ) -> None:
        self._texts = texts
        self._findings = findings
        self._charset = charset
        self._must = must
        self._plain = plain
        self._head = Section(1)
        self._accounts: dict[str, Account] = {}
        self._known = Accounts()
        self._lines = Lines(findings, self._known)

    def items(self) -> Iterator[Batch | Statement]:
        for item in sections(self._texts, self._findings, plain=self._plain):
            if isinstance(item, Run):
                yield from self._batches(list(self._lines.take(item)), item.count)
            elif item.mark:
                self._open(item)
            else:
                self._begin(item)
        self._check_charset()
        statements = self._proved()
        if not self._findings.faults:
            yield from statements

    def _begin(self, section: Section) -> None:
        """Take the head of the file."""
        self._head = section
        self._known.numbers.update(filter(None, section.accounts))
        self._known.current = section.text(keys.ACCOUNT_NUMBER)

    def _open(self, section: Section) -> None:
        """Take an account section."""
        number = section.text(keys.ACCOUNT_NUMBER) or self._head.text(keys.ACCOUNT_NUMBER)
        if not number:
            expected = "the account of the statement"
            self._findings.fault(Code.MISSING, section.line, keys.ACCOUNT_NUMBER, "", expected, RESEND)
        self._known.current = number
        self._known.numbers.add(number)
        span(section, self._head, self._account(number), self._findings, must=self._must)

    def _account(self, number: str) -> Account:
        return self._accounts.setdefault(number, Account(number))

    def _batches(self, parts: list[Part], count: int) -> Iterator[Batch]:
        """The lines of the parts, put back into the order of the file and counted."""
        for number in dict.fromkeys(part.account for part in parts):
            account = self._account(number)
            places: list[StatementLine | None] = [None] * count
            first = account.count + 1
            for part in parts:
                if part.account == number:
                    account.add(part)
                    for place, line in zip(part.places, part.lines, strict=True):
                        places[place] = line
            lines = [line for line in places if line is not None]
            numbered(lines, first)
            yield Batch(account=number, lines=lines)

    def _proved(self) -> list[Statement]:
        head = self._file_head()
        is_cut = any(fault.code in _CUT for fault in self._findings.faults)
        for account in self._accounts.values():
            account.is_whole &= not (self._lines.has_faults or is_cut)
            if not account.spans and account.is_whole:
                span(Section(self._head.line), self._head, account, self._findings, must=self._must)
        if not self._accounts and not self._findings.faults:
            found, expected = "no section, no document", f"{keys.ACCOUNT} or {keys.DOCUMENT}"
            self._findings.fault(Code.FILE_EMPTY, None, keys.ACCOUNT, found, expected, RESEND)
        statements = [proved(account, head, self._findings) for account in self._accounts.values()]
        return [one for one in statements if one is not None]

    def _file_head(self) -> FileHead:
        """What the head says of the file; of its values only the version is looked at."""
        head = self._head
        line, version = head.get("ВерсияФормата")
        if version not in keys.VERSIONS:
            self._findings.note(
                line, "ВерсияФормата", version, f"not one of {', '.join(keys.VERSIONS)}; read like them"
            )
        created = head.get("ДатаСоздания")
        created_on = parsed_day(created[1])
        other = head.other(keys.HEAD_USED)
        if created[1] and created_on is None:
            self._findings.note(created[0], "ДатаСоздания", created[1], "not a date dd.mm.yyyy, kept as it is")
            other += (("ДатаСоздания", created[1]),)
        return FileHead(
            version=version,
            charset=head.text("Кодировка"),
            sender=head.text("Отправитель"),
            receiver=head.text("Получатель"),
            created_on=created_on,
            created_at=head.text("ВремяСоздания"),
            other=other,
        )

    def _check_charset(self) -> None:
        """Compare the charset that the file states with the one that it is in."""
        found = self._charset or getattr(self._texts, "charset", None)
        line, stated = self._head.get("Кодировка")
        if not stated or not isinstance(found, str):
            return
        try:
            is_found = _family(charset_named(stated)) == _family(found)
        except LookupError:
            self._findings.note(line, "Кодировка", stated, f"a charset that Esep does not know; read as {found}")
        else:
            if not is_found:
                self._findings.note(line, "Кодировка", stated, f"not the charset of the file, which is {found}")


def _family(charset: str) -> str:
    """The charset without its byte-order mark."""
    return charset.removesuffix("-sig").removesuffix("-le").removesuffix("-be")


def account_statement(statement: Statement) -> AccountStatement:
    """The statement in the neutral form; a balance that the file does not state is None."""
    marks: dict[Direction, Mark] = {"credit": "C", "debit": "D"}
    is_stated = {key: key not in statement.unstated for key in (keys.OPENING, keys.CLOSING)}
    return AccountStatement(
        account=statement.account,
        currency="KZT",
        number="",
        date_from=statement.date_from,
        date_to=statement.date_to,
        opening=statement.opening if is_stated[keys.OPENING] else None,
        closing=statement.closing if is_stated[keys.CLOSING] else None,
        movements=tuple(
            Movement(
                line=line.line,
                mark=marks[line.direction],
                amount=line.amount,
                booked_on=line.booked_on,
                value_date=line.value_date,
                number=line.number,
                counterparty_name=line.counterparty_name,
                counterparty_idn=line.counterparty_bin,
                counterparty_account=line.counterparty_iban,
                counterparty_bic=line.counterparty_bic,
                knp=line.knp,
                purpose=line.purpose,
            )
            for line in statement.lines
        ),
    )
