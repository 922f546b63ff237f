"""The authority's own list of its payment orders and of the refunds it got: CSV or XLSX, or its account in 1C.

In a sheet a line is one payment order, or the part of it that one kind of aid has; the kind (code or name) and the
comment may be empty. A file with its heading alone says that the authority knows of nothing. In the statement of the
authority's own account (1CClientBankExchange) a debit that we got is a transfer, a credit that we sent a refund; other
documents are not ours and are counted.

>>> AUTHORITY_LIST.names
('side', 'order_number', 'order_date', 'amount', 'aid_kind', 'comment')
>>> SIDE.sheet.parse("Қайтару"), SIDE.sheet.parse("debit") == forms.REFUSED
('refund', True)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, cast

from formats import forms, onec, sheets
from formats.columns import Converter, Family, Faults, Field
from formats.errors import Code, Fault, Findings, FormatError, Note

Side = Literal["transfer", "refund"]

_SIDES: Mapping[str, Side] = {
    "transfer": "transfer",
    "перевод": "transfer",
    "аударым": "transfer",
    "refund": "refund",
    "возврат": "refund",
    "қайтару": "refund",
}
_SIDE_FORM = forms.Form(
    expected="transfer (аударым, перевод) or refund (қайтару, возврат)",
    remedy="write transfer for an order of the authority, refund for money that came back to it",
    parse=lambda value: _SIDES.get(value.casefold(), forms.REFUSED),
)
SIDE = forms.Kind(sheet=_SIDE_FORM, xml=_SIDE_FORM)

AUTHORITY_LIST = Family(
    root="authority-list",
    namespace="urn:esep:authority-list:1",
    fields=(
        Field(name="side", kind=SIDE),
        Field(name="order_number", kind=forms.TEXT),
        Field(name="order_date", kind=forms.DAY),
        Field(name="amount", kind=forms.AMOUNT),
        Field(name="aid_kind", kind=forms.TEXT, mandatory=False),
        Field(name="comment", kind=forms.TEXT, mandatory=False),
    ),
)

_HEAD_BYTES = 64
_LINES_MAX = 10_000
_ONEC_MARK = b"1CClientBankExchange"
_COMMENT_MAX = forms.TEXT_MAX


@dataclass(frozen=True, slots=True, kw_only=True)
class Us:
    """How the statement of the authority's account names the State Corporation, and whose account it must be."""

    iban: str
    bin: str
    authority_iban: str
    authority_bin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedOrder:
    """An order of the authority, or a refund that it got (tiyn): `line` is its line, or in 1C its document.

    The kind (as it stands in the file) and the comment may be empty.
    """

    line: int
    side: Side
    order_number: str
    order_date: date
    amount: int
    aid_kind: str
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityList:
    """What a file lists, in its order; of a bank statement also how many documents are not ours or of another month."""

    lines: tuple[ListedOrder, ...]
    not_ours: int = 0
    other_months: int = 0
    notes: tuple[Note, ...] = ()


def read(path: Path, source: str, month: date, us: Us) -> AuthorityList:
    """The list of a month in a file that is named `source` where it is spoken of, whatever its name ends in.

    Raises FormatError with every fault; nothing of such a file may be used. OSError where it cannot be opened.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    # Zero bytes are every second one of UTF-16.
    if _ONEC_MARK in head.replace(b"\0", b""):
        return _of_account(path.read_bytes(), source, month, us)
    return AuthorityList(lines=tuple(_of_sheet(path, source, head, month)))


# --- A sheet ----------------------------------------------------------------------------------------------------------


def _of_sheet(path: Path, source: str, head: bytes, month: date) -> list[ListedOrder]:
    faults: list[Fault] = []
    lines: list[ListedOrder] = []
    found = Faults(source, faults)
    if not head:
        expected, remedy = "at least the heading", "ask the authority for the file again"
        raise FormatError(source, [_whole(Code.FILE_EMPTY, "no byte", expected, remedy)])
    with path.open("rb") as stream:
        reader = sheets.read_xlsx if head.startswith(b"PK\x03\x04") else sheets.read_csv
        converter = Converter(AUTHORITY_LIST, "sheet", found)
        for chunk in reader(stream, source, AUTHORITY_LIST, found):
            batch = converter.batch(chunk)
            rows = zip(batch.lines, *(batch.columns[name] for name in AUTHORITY_LIST.names), strict=True)
            for line, side, number, dated, amount, kind, comment in rows:
                lines.append(
                    ListedOrder(
                        line=line,
                        side=cast("Side", side),
                        order_number=number,
                        order_date=date.fromisoformat(dated),
                        amount=int(amount),
                        aid_kind=kind,
                        comment=comment,
                    )
                )
            if len(lines) > _LINES_MAX:
                expected, remedy = f"at most {_LINES_MAX} orders of a month", "look whether this is the right file"
                raise FormatError(source, [_whole(Code.FILE_TOO_LARGE, f"{len(lines)} lines", expected, remedy)])
    faults += [_too_late(line, month) for line in lines if _month(line.order_date) > month]
    if faults:
        raise FormatError(source, sorted(faults, key=lambda fault: fault.line or 0))
    return lines


def _too_late(line: ListedOrder, month: date) -> Fault:
    return Fault(
        code=Code.DATE,
        line=line.line,
        place="order_date",
        found=f"{line.order_date:%d.%m.%Y}",
        expected=f"a day of {month:%m.%Y}, of which the list is, or before it",
        remedy="take the line into the list of its own month, or name the right month",
    )


def _whole(code: Code, found: str, expected: str, remedy: str) -> Fault:
    return Fault(code=code, line=None, place="file", found=found, expected=expected, remedy=remedy)


# --- The authority's account in 1C ------------------------------------------------------------------------------------


def _of_account(data: bytes, source: str, month: date, us: Us) -> AuthorityList:
    findings = Findings(source)
    statement = onec.read(data, source, findings=findings)
    owners = {statement.account, *(line.own.bin for line in statement.lines)}
    if not owners & {us.authority_iban, us.authority_bin}:
        expected = f"the authority's account {us.authority_iban}"
        remedy = "ask for the statement of that account, or correct the authority's account in the setup"
        findings.fault(Code.VALUE, None, "РасчСчет", statement.account, expected, remedy)
        findings.check()
    ours = [line for line in statement.lines if us.iban == line.counterparty_iban or us.bin == line.counterparty_bin]
    of_month = [line for line in ours if _month(line.booked_on) == month]
    return AuthorityList(
        lines=tuple(
            ListedOrder(
                line=line.line,
                side="transfer" if line.direction == "debit" else "refund",
                order_number=line.number,
                order_date=line.dated,
                amount=line.amount,
                aid_kind="",
                comment=line.purpose[:_COMMENT_MAX],
            )
            for line in of_month
        ),
        not_ours=len(statement.lines) - len(ours),
        other_months=len(ours) - len(of_month),
        notes=findings.notes,
    )


def _month(day: date) -> date:
    return day.replace(day=1)
