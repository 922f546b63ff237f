r"""MT940, the statement that a bank sends its client, and the general MT950, which is the same without :86:.

    :20:STMT001                       reference of the statement
    :25:KZ286017A99999999910          account (:25P: with the BIC of its owner on a second line)
    :28C:31/1                         number and page
    :60F:C260630KZT1000,00            opening balance; :60M: on a page that is not the first
    :61:2607010701C250,5NTRFNONREF    a movement and what the bank says of it, see `formats.mt940_lines`
    :86:KNP 710 оплата за товары
    :62F:C260701KZT1250,5             closing balance; :62M: on a page that is not the last
    :64: :65: :86:                    available balances and words to the account owner, all optional

The source is SWIFT's public definition of MT940 and, for the Kazakh :86: (mt102.md §5.5), samples of converters.
Opening balance and movements must give the closing balance, on every page and from one page to the next.

>>> rows = (":20:S", ":25:KZ286017A99999999910", ":28C:31", ":60F:C260630KZT1,", ":62F:C260701KZT1,", "-")
>>> read("\n".join(rows).encode(), "july.sta")[0].head.closing.text()
'C260701KZT1,00'
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from formats.errors import Code, Fault, Findings, FormatError
from formats.mt import header, to_correct
from formats.mt940_lines import REFERENCE, Mt940Line, line_rows, unwritable_lines
from formats.mt940_pages import ENVELOPE, KNOWN_TAGS, Mt940Head, PageReader
from formats.mt_parts import shape
from formats.mt_statement import ONE_ROW, ROWS, Balance, account_of, unwritable_balance
from formats.mt_writing import lines as text_of
from formats.mt_writing import unwritable, unwritable_values
from formats.narratives import told
from formats.rows import Rows
from formats.statement import AccountStatement, Movement, wrong_total
from formats.text import decode

__all__ = [
    "Balance",
    "Mt940",
    "Mt940Head",
    "Mt940Line",
    "account_statement",
    "account_statements",
    "messages",
    "read",
    "stream",
    "write",
]

_CHUNK = 1 << 16
_NO_REFERENCE = "NONREF"
_NUMBER = shape(r"[0-9]{1,5}", "one to five digits")
_PAGE = shape(r"(?:[0-9]{1,5})?", "one to five digits, or nothing")
_BIC_ROW = shape(r"[A-Z0-9]{8}(?:[A-Z0-9]{3})?", "a BIC of 8 or 11 characters")
_KEPT_TAG = re.compile(rf"(?!(?:{'|'.join(sorted(KNOWN_TAGS))})\Z)(?:[0-9]{{2}}[A-Z]?|NS)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mt940:
    """One statement, or one page of it."""

    head: Mt940Head
    lines: tuple[Mt940Line, ...]


def read(data: bytes, source: str, *, charset: str | None = None) -> tuple[Mt940, ...]:
    """All statements of a file in order, each page as one.

    Raises FormatError with every fault of the file; then nothing of it is returned.
    """
    findings = Findings(source)
    text = decode(data, source, charset).text
    found = tuple(messages((text[at : at + _CHUNK] for at in range(0, len(text), _CHUNK)), findings))
    findings.check()
    return found


def messages(texts: Iterable[str], findings: Findings) -> Iterator[Mt940]:
    """The statements of a text in any chunks, each page as one; apply nothing before findings.check() passed.

    Raises FormatError for a text that has no lines, and for more faults than anybody would read.
    """
    lines: list[Mt940Line] = []
    for part in stream(texts, findings):
        if isinstance(part, Mt940Head):
            yield Mt940(head=part, lines=tuple(lines))
            lines.clear()
        else:
            lines += part


def stream(texts: Iterable[str], findings: Findings) -> Iterator[tuple[Mt940Line, ...] | Mt940Head]:
    """The movements of each statement in batches, in flat memory, and then its head, when the balances were proved.

    Raises FormatError like messages().
    """
    reader = PageReader(Rows(texts, findings.source), findings)
    is_empty = True
    while reader.comes_to_statement():
        head = yield from reader.statement()
        is_empty = False
        if head is not None:
            yield head
    reader.ends()
    if is_empty:
        findings.fault(Code.FILE_EMPTY, 1, "file", "no :20:", "at least one statement MT940")


def write(message: Mt940) -> str:
    """The statement as text with CR LF, in its envelope or, without one, ended by `-`.

    Raises FormatError with every value that would not be read back as it is, and for balances that are not proved.
    """
    head = message.head
    faults = [*_unwritable_head(head), *unwritable_lines(message.lines)]
    if not faults:
        change = sum(line.change for line in message.lines)
        figures = (head.opening.amount, change, len(message.lines), head.closing.amount)
        faults += wrong_total(*figures, line=None, place=":62F: closing balance")
    if faults:
        raise FormatError("MT940 to write", faults)
    rows = _opening_rows(head)
    for line in message.lines:
        rows += line_rows(line)
    return text_of([*rows, *_closing_rows(head)])


def _opening_rows(head: Mt940Head) -> list[str]:
    rows: list[str] = []
    if head.envelope:
        # The payment system wants blocks 1, 2 and 4 each on a line, SWIFT on one.
        found = Findings("")
        header(head.envelope + "{4:", 1, found)
        rows = [head.envelope + "{4:"] if found.faults else [head.envelope[:29], head.envelope[29:], "{4:"]
    rows.append(f":20:{head.reference}")
    rows += [f":21:{head.related_reference}"] if head.related_reference else []
    rows += [f":25P:{head.account}", head.owner_bic] if head.owner_bic else [f":25:{head.account}"]
    rows += [f":28C:{head.number}/{head.page}" if head.page else f":28C:{head.number}"] if head.number else []
    for tag, text in head.other:
        rows += f":{tag}:{text}".split("\n")
    return [*rows, f":60{'F' if head.is_first_page else 'M'}:{head.opening.text()}"]


def _closing_rows(head: Mt940Head) -> list[str]:
    rows = [f":62{'F' if head.is_last_page else 'M'}:{head.closing.text()}"]
    rows += [f":64:{head.available.text()}"] if head.available else []
    rows += [f":65:{one.text()}" for one in head.forward]
    rows += f":86:{head.information}".split("\n") if head.information else []
    return [*rows, "-}" if head.envelope else "-"]


def _unwritable_head(head: Mt940Head) -> list[Fault]:
    faults = unwritable_values(
        [
            (":20:", head.reference, REFERENCE),
            (":25:", head.account, ONE_ROW),
            *([(":21:", head.related_reference, REFERENCE)] if head.related_reference else []),
            *([(":25P: BIC", head.owner_bic, _BIC_ROW)] if head.owner_bic else []),
            (":28C: page", head.page, _PAGE if head.number else shape("", "nothing without a number")),
            *([(":28C: number", head.number, _NUMBER)] if head.number else []),
            *([(":86: information", head.information, ROWS)] if head.information else []),
        ]
    )
    for tag, text in head.other:
        if not _KEPT_TAG.fullmatch(tag):
            faults.append(to_correct(f":{tag}:", tag, "a tag that has no field of its own"))
        faults += unwritable(f":{tag}:", text, ROWS) if text else []
    if head.envelope and not ENVELOPE.fullmatch(head.envelope):
        faults.append(to_correct("blocks 1 to 3", head.envelope, "{1:F01 and 22 characters}{2:I940 and an address}"))
    if head.closing.on < head.opening.on:
        faults.append(
            to_correct(":62F: date", head.closing.on.isoformat(), "not before the day of the opening balance")
        )
    balances = [("60F", head.opening), ("62F", head.closing), *(("65", one) for one in head.forward)]
    balances += [("64", head.available)] if head.available else []
    return faults + [fault for tag, one in balances for fault in unwritable_balance(tag, one, head.opening.currency)]


def account_statement(message: Mt940) -> AccountStatement:
    """A statement of one page, or one page of a statement, in the neutral form."""
    return _joined([message])


def account_statements(found: Iterable[Mt940]) -> tuple[AccountStatement, ...]:
    """The statements in the neutral form, those of several pages joined."""
    pages: list[list[Mt940]] = []
    for one in found:
        last = pages[-1][-1].head if pages else None
        if last and not last.is_last_page and not one.head.is_first_page and _same(last, one.head):
            pages[-1].append(one)
        else:
            pages.append([one])
    return tuple(_joined(statement) for statement in pages)


def _same(before: Mt940Head, after: Mt940Head) -> bool:
    return (before.account, before.number) == (after.account, after.number)


def _joined(pages: Sequence[Mt940]) -> AccountStatement:
    first, last = pages[0].head, pages[-1].head
    lines = [line for page in pages for line in page.lines]
    return AccountStatement(
        account=account_of(first.account),
        currency=first.opening.currency,
        number=first.number,
        date_from=_first_day(first.opening.on, last.closing.on, lines),
        date_to=last.closing.on,
        opening=first.opening.amount,
        closing=last.closing.amount,
        movements=tuple(_movement(line, number) for number, line in enumerate(lines, 1)),
    )


def _first_day(opening: date, closing: date, lines: Iterable[Mt940Line]) -> date:
    """The day of the opening balance where movements of that day follow it, as some banks date it; else the next."""
    if opening == closing or any((line.booked_on or line.value_date) <= opening for line in lines):
        return opening
    return opening + timedelta(days=1)


def _movement(line: Mt940Line, number: int) -> Movement:
    """A movement in the neutral form, with what its text says for sure."""
    words = told(line.details)
    own = line.reference.strip()
    return Movement(
        line=number,
        mark=line.mark,
        amount=line.amount,
        booked_on=line.booked_on,
        value_date=line.value_date,
        number=words.number,
        reference=own if own != _NO_REFERENCE else words.reference,
        bank_reference=line.bank_reference.strip(),
        counterparty_name=words.name,
        counterparty_idn=words.idn,
        counterparty_account=words.account,
        counterparty_bic=words.bic,
        knp=words.knp,
        purpose=words.purpose or line.supplement.replace("\n", " "),
    )
