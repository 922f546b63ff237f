"""The rows of coded text under :77E: of MT998: payers, documents, receipts and their total (mt102.md §5.3).

>>> found = Findings("inc.998")
>>> first, rows = coded_rows(Field("77E", 6, ["FORMS/WRP/230703/Title", "/REFDOC/KZT/15000,00/17/230701/INK17"]), found)
>>> document(rows[0], found)
Document(amount=1500000, number='17', dated=datetime.date(2023, 7, 1), reference='INK17')
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from formats.amounts import display_amount, format_amount
from formats.errors import Code, Fault, Findings
from formats.mt import Field
from formats.mt_fields import CURRENCY, day
from formats.mt_parts import ACCOUNT, IDN, TWO_DIGITS, shape
from formats.mt_statement import ONE_ROW, REFERENCE, UNSAFE, read_amount, read_shaped, unwritable_amount
from formats.mt_writing import unwritable_day, unwritable_values

FORMS = {
    "WR1": "return of a collection order for taxes",
    "WRP": "return of a collection order for pension contributions",
    "WRS": "return of a collection order for social contributions",
    "P01": "receipt of collection orders for taxes",
    "P1P": "receipt of collection orders for pension contributions",
    "P1S": "receipt of collection orders for social contributions",
    "P02": "card index of unpaid documents",
    "P03": "collection orders for taxes put into the card index",
    "P3P": "collection orders for pension contributions put into the card index",
    "P3S": "collection orders for social contributions put into the card index",
    "A01": "accounts opened and closed",
    "A03": "account numbers changed",
    "A1C": "answer on accounts opened and closed",
    "A3C": "answer on account numbers changed",
    "ACR": "named by its code only",
    "PAC": "receipt of orders to suspend debits, named by its code only",
    "PAP": "receipt of orders to suspend debits, named by its code only",
    "PAS": "receipt of orders to suspend debits, named by its code only",
    "PAR": "receipt of the recall of orders to suspend debits",
    "ACV": "named by its code only",
    "APV": "named by its code only",
    "ASV": "named by its code only",
    "OR1": "named by its code only",
}
"""What is known of the codes behind FORMS/."""

_SAFE = f"[^{UNSAFE}]"
KEPT_TEXT = shape(
    rf"(?:(?!\s){_SAFE}+(?<!\s))?(?:\n(?![\s:\-/]){_SAFE}+(?<!\s))*",
    "lines without {} and blanks at their ends, of which only the first begins with : - or /",
)
_ROW = re.compile(r"/(/?[A-Z0-9]+)/(.*)")
_TIME = re.compile(r"(?:[01][0-9]|2[0-3])[0-5][0-9]")
_RECEIPT_SLASHES = 6
_NUMBER = shape(rf"(?![\s:\-])[^/{UNSAFE}]{{1,20}}(?<!\s)", "1 to 20 characters without / and {}")
_KIND = shape(r"[0-9]{2}", "two digits of a document kind")


class Payer(NamedTuple):
    """The /PLAT/ of a form: who was to pay."""

    idn: str
    account: str
    name: str


class Document(NamedTuple):
    """The /REFDOC/ of a form: the document that it is about, and the :20: under which it had come; in tiyn."""

    amount: int
    number: str
    dated: date
    reference: str


class Receipt(NamedTuple):
    """One `//07/` row: the kind of document, who is to pay, the document, and its status; in tiyn."""

    kind: str
    idn: str
    account: str
    amount: int
    number: str
    reference: str
    status: str


class CodedRow(NamedTuple):
    """One row of :77E: with its name, the rows that go on with it, and its line."""

    name: str
    text: str
    line: int


def coded_rows(one: Field, findings: Findings) -> tuple[str, list[CodedRow]]:
    """The first row of :77E: and the named rows under it; a row without a name goes on with the one before."""
    first, rows = one.rows[0], one.rows[1:]
    line = one.line + 1
    if first == "FORMS" and rows:
        findings.note(line, ":77E: form", rows[0], "the line after FORMS was read as its end")
        first, rows, line = first + rows[0], rows[1:], line + 1
    found: list[CodedRow] = []
    for at, row in enumerate(rows, line):
        match = _ROW.fullmatch(row)
        if match:
            found.append(CodedRow(match[1], match[2].strip(), at))
        elif found:
            found[-1] = found[-1]._replace(text=f"{found[-1].text}\n{row.strip()}".strip("\n"))
        elif row.strip():
            first = f"{first} {row.strip()}"
    return first, found


def moment(digits: str, line: int, findings: Findings) -> tuple[date, str]:
    """Day and time of YYMMDD, YYMMDDHHMM, YYYYMMDD or YYYYMMDDHHMM."""
    is_full = len(digits) in {8, 12}
    length = 8 if is_full else 6
    at = digits[length:]
    if at and not _TIME.fullmatch(at):
        findings.fault(Code.DATE, line, ":77E: moment", digits, "a day YYMMDD or YYYYMMDD, then optionally HHMM")
    return day(digits[:length], line, ":77E: day", findings, full=is_full), at


def _parts(row: CodedRow, names: str, count: int, findings: Findings) -> list[str] | None:
    """The parts of a row between slashes, the last of which may hold more; None when there are too few."""
    parts = [part.strip() for part in row.text.split("/", count - 1)]
    if len(parts) == count:
        return parts
    findings.fault(Code.MT_TEXT_BLOCK, row.line, f"/{row.name}/", row.text, names)
    return None


def _money(currency: str, text: str, row: CodedRow, findings: Findings) -> int:
    if currency != CURRENCY:
        findings.fault(Code.CURRENCY, row.line, f"/{row.name}/ currency", currency, f"the currency {CURRENCY}")
    return read_amount(text, row.line, f"/{row.name}/ amount", findings) or 0


def payer(row: CodedRow, findings: Findings) -> Payer | None:
    """The parts of /PLAT/; None when it is a fault."""
    parts = _parts(row, "a BIN or IIN, an account and a name between slashes", 3, findings)
    if parts is None:
        return None
    idn = read_shaped(parts[0], row.line, "/PLAT/ BIN or IIN", IDN, findings)
    return Payer(idn, read_shaped(parts[1], row.line, "/PLAT/ account", ACCOUNT, findings), parts[2])


def document(row: CodedRow, findings: Findings) -> Document | None:
    """The parts of /REFDOC/; None when it is a fault."""
    parts = _parts(row, "currency, amount, number, day and reference between slashes", 5, findings)
    if parts is None:
        return None
    currency, amount, number, dated, reference = parts
    on = day(dated, row.line, "/REFDOC/ day", findings)
    return Document(_money(currency, amount, row, findings), number, on, reference)


def is_receipt(row: CodedRow) -> bool:
    """Whether a row has the layout of a receipt; programs use // for other lists as well."""
    return row.name.startswith("/") and row.text.count("/") == _RECEIPT_SLASHES


def receipt(row: CodedRow, findings: Findings) -> Receipt:
    """A `//07/` row of seven parts."""
    idn, account, currency, amount, number, reference, status = (part.strip() for part in row.text.split("/"))
    idn = read_shaped(idn, row.line, f"/{row.name}/ BIN or IIN", IDN, findings)
    account = read_shaped(account, row.line, f"/{row.name}/ account", ACCOUNT, findings)
    return Receipt(row.name[1:], idn, account, _money(currency, amount, row, findings), number, reference, status)


def prove(
    total: CodedRow | None, receipts: list[Receipt], listed: int, line: int, findings: Findings
) -> list[CodedRow]:
    """Prove count and sum of the receipts; a total of rows of another layout cannot be, and is given back."""
    if total is None:
        if receipts:
            findings.note(line, "/TOTAL/", "", "there is no total, so a missing receipt goes unnoticed")
        return []
    if listed != len(receipts):
        return [total]
    parts = _parts(total, "count, currency and sum between slashes", 3, findings)
    if parts is None:
        return []
    amount = _money(parts[1], parts[2], total, findings)
    computed = sum(receipt.amount for receipt in receipts)
    if parts[0] != str(len(receipts)):
        findings.fault(Code.TOTAL, total.line, "/TOTAL/ count", parts[0], f"{len(receipts)}, the number of receipts")
    if amount != computed:
        expected = f"{display_amount(computed)}, the sum of {len(receipts)} receipts"
        findings.fault(Code.TOTAL, total.line, "/TOTAL/ sum", display_amount(amount), expected)
    return []


def form_rows(payer: Payer | None, document: Document | None, receipts: Sequence[Receipt]) -> list[str]:
    """The rows of payer, document and receipts to write, with the total of the receipts."""
    rows = [f"/PLAT/{payer.idn}/{payer.account}/{payer.name}"] if payer else []
    if document:
        amount = format_amount(document.amount)
        rows.append(f"/REFDOC/{CURRENCY}/{amount}/{document.number}/{document.dated:%y%m%d}/{document.reference}")
    for one in receipts:
        figures = f"{CURRENCY}/{format_amount(one.amount)}/{one.number}/{one.reference}/{one.status}"
        rows.append(f"//{one.kind}/{one.idn}/{one.account}/{figures}")
    total = format_amount(sum(one.amount for one in receipts))
    return rows + ([f"/TOTAL/{len(receipts)}/{CURRENCY}/{total}"] if receipts else [])


def unwritable_rows(payer: Payer | None, document: Document | None, receipts: Sequence[Receipt]) -> list[Fault]:
    """The faults of payer, document and receipts that would not be read back as they are."""
    faults: list[Fault] = []
    if payer:
        named = (("BIN or IIN", payer.idn, IDN), ("account", payer.account, ACCOUNT), ("name", payer.name, ONE_ROW))
        faults += unwritable_values((f"/PLAT/ {name}", text, wanted) for name, text, wanted in named)
    if document:
        faults += unwritable_amount("/REFDOC/ amount", document.amount)
        faults += unwritable_day("/REFDOC/ day", document.dated)
        values = (("number", document.number, _NUMBER), ("reference", document.reference, REFERENCE))
        faults += unwritable_values((f"/REFDOC/ {name}", text, wanted) for name, text, wanted in values)
    for at, one in enumerate(receipts, 1):
        faults += unwritable_amount(f"// receipt {at}: amount", one.amount)
        texts = [("kind", one.kind, _KIND), ("BIN or IIN", one.idn, IDN), ("account", one.account, ACCOUNT)]
        texts += [("number", one.number, _NUMBER), ("reference", one.reference, REFERENCE)]
        texts += [("status", one.status, TWO_DIGITS)]
        faults += unwritable_values((f"// receipt {at}: {name}", text, wanted) for name, text, wanted in texts)
    if not faults:
        faults += unwritable_amount("/TOTAL/ sum", sum(one.amount for one in receipts))
    return faults
