"""Account reports to bytes: camt.052, camt.053 and camt.054 in version .001.08, valid against their schemas.

What is written is judged by the schema and read back; a message that would not come back as it is, is refused, and so
is one that does not add up. What the reader kept in `other` has no place to go and is refused as well.

>>> report = BankReport(kind="report", message_id="M-1", message_created="2024-03-14T09:30:00+05:00",
...     identification="R-1", created="2024-03-14T09:30:00+05:00", account=Account(iban="KZ36009PENS999999901"))
>>> print(write([report]).decode().splitlines()[1])
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.052.001.08">
"""

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from formats import camt
from formats.amounts import AMOUNT_MAX, format_dot_amount
from formats.camt_report import (
    Balance,
    BankCode,
    BankReport,
    Batch,
    Direction,
    Entry,
    Kind,
    PaymentDetails,
    ReturnInformation,
    Status,
    Summary,
    Totals,
)
from formats.errors import Fault, FormatError
from formats.mx_nodes import Amount
from formats.mx_parts import Account, account_element, agent_element, coded_element, party_element
from formats.mx_write import Part, amount_element, document, element, to_correct, validate

VERSION = "001.08"
_NAMES: dict[Kind, tuple[str, str, str]] = {
    "statement": ("camt.053", "BkToCstmrStmt", "Stmt"),
    "notification": ("camt.054", "BkToCstmrDbtCdtNtfctn", "Ntfctn"),
    "report": ("camt.052", "BkToCstmrAcctRpt", "Rpt"),
}
_DIRECTIONS: dict[Direction, str] = {"credit": "CRDT", "debit": "DBIT"}
_STATUSES: dict[Status, str] = {"booked": "BOOK", "pending": "PDNG", "information": "INFO", "future": "FUTR"}


def write(reports: Sequence[BankReport]) -> bytes:
    """One message with these reports, which are of one kind and have the header of one message.

    Raises FormatError with what the schema forbids, what does not add up and what would not be read back as it is.
    """
    if not reports:
        raise FormatError("camt to write", [to_correct("reports", "", "at least one report")])
    name, root, block = _NAMES[reports[0].kind]
    source = f"{name} to write"
    faults = [fault for place, report in enumerate(reports, 1) for fault in _unwritable(report, f"{block} {place}")]
    if len({(one.kind, one.message_id, one.message_created) for one in reports}) > 1:
        faults.append(to_correct("GrpHdr", "reports of several messages", "one kind, message and creation time"))
    if faults:
        raise FormatError(source, faults)
    head = element("GrpHdr", element("MsgId", reports[0].message_id), element("CreDtTm", reports[0].message_created))
    data = document(name, VERSION, element(root, head, *(_report(one, block) for one in reports)))
    faults = [
        to_correct(f"{one.place} (line {one.line})", one.found, one.expected) for one in validate(data, named=True)
    ]
    if faults:
        raise FormatError(source, faults)
    _read_back(data, tuple(reports), source)
    return data


def _read_back(data: bytes, reports: tuple[BankReport, ...], source: str) -> None:
    found = camt.read(data, source)
    faults = list(_differences(reports, found, ""))
    if faults:
        raise FormatError(source, faults)


def _differences(given: Any, found: Any, place: str) -> Iterator[Fault]:
    """Where two values differ, as deep down as they are built alike."""
    if is_dataclass(given) and type(given) is type(found):
        for one in fields(given):
            here = f"{place}, {one.name}" if place else one.name
            yield from _differences(getattr(given, one.name), getattr(found, one.name), here)
    elif isinstance(given, tuple) and isinstance(found, tuple) and len(given) == len(found):
        for number, (one, other) in enumerate(zip(given, found, strict=True), 1):
            yield from _differences(one, other, f"{place} {number}".strip())
    elif given != found:
        yield to_correct(place, repr(given)[:90], f"a value that is read back as it is, not as {repr(found)[:90]}")


def _unwritable(report: BankReport, place: str) -> Iterator[Fault]:
    """What has no place in the message or no form; lengths, codes and what is mandatory the schema knows."""
    yield from _others(report, place)
    for balance in report.balances:
        yield from _moment_of(balance.day, balance.moment, f"{place}, balance {balance.type.text}")
        yield from _amount(abs(balance.amount), f"{place}, balance {balance.type.text}")
    if report.summary is not None:
        sides = (report.summary.entries, report.summary.credits, report.summary.debits)
        sums = [one.amount for one in sides if one is not None and one.amount is not None]
        for amount in (*sums, abs(report.summary.net or 0)):
            yield from _amount(amount, f"{place}, summary")
    for number, entry in enumerate(report.entries, 1):
        here = f"{place}, entry {number}"
        if entry.line != number:
            yield to_correct(here, f"line {entry.line}", "entries counted from 1")
        yield from _amount(entry.amount, here)
        yield from _moment_of(entry.booked_on, entry.booked_at, f"{here}, booked on")
        yield from _moment_of(entry.value_date, entry.valued_at, f"{here}, value date")
        for details in entry.details:
            for one in (details.amount, details.instructed):
                yield from _amount(0 if one is None else one.value, here)
        for batch in entry.batches:
            yield from _amount(0 if batch.total is None else batch.total.value, here)


def _others(value: Any, place: str) -> Iterator[Fault]:
    """The unknown elements that a reader kept, wherever they are."""
    if isinstance(value, tuple):
        for number, one in enumerate(value, 1):
            yield from _others(one, f"{place} {number}")
    elif is_dataclass(value):
        for one in fields(value):
            inner = getattr(value, one.name)
            if one.name != "other":
                yield from _others(inner, f"{place}, {one.name}")
            elif inner:
                yield to_correct(place, inner[0][0], "no elements that Esep does not know")


def _amount(value: int, place: str) -> Iterator[Fault]:
    if not 0 <= value <= AMOUNT_MAX:
        yield to_correct(place, f"{value} hundredths", f"0 to {AMOUNT_MAX} hundredths")


def _moment_of(day: date | None, moment: str, place: str) -> Iterator[Fault]:
    if moment and (day is None or moment[:10] != day.isoformat()):
        yield to_correct(place, f"{day} and {moment}", "a moment of that day, or no moment")


def _report(report: BankReport, block: str) -> Part | None:
    span = (element("FrDtTm", report.from_moment), element("ToDtTm", report.to_moment))
    entries = (_entry(one) for one in report.entries)
    return element(
        block,
        element("Id", report.identification),
        _number("ElctrncSeqNb", report.electronic_number),
        _number("LglSeqNb", report.legal_number),
        element("CreDtTm", report.created),
        element("FrToDt", *span),
        element("CpyDplctInd", report.copy),
        _account(report),
        *(_balance(one) for one in report.balances),
        _summary(report.summary),
        *entries,
        element({"Stmt": "AddtlStmtInf", "Ntfctn": "AddtlNtfctnInf", "Rpt": "AddtlRptInf"}[block], report.additional),
    )


def _account(report: BankReport) -> Part | None:
    number = account_element("Acct", Account(iban=report.account.iban, number=report.account.number))
    return element(
        "Acct",
        *(number.content if number and isinstance(number.content, tuple) else ()),
        element("Ccy", report.account.currency),
        element("Nm", report.account_name),
        party_element("Ownr", report.owner),
        agent_element("Svcr", report.servicer),
    )


def _balance(balance: Balance) -> Part | None:
    return element(
        "Bal",
        element("Tp", coded_element("CdOrPrtry", balance.type)),
        amount_element("Amt", abs(balance.amount), balance.currency),
        element("CdtDbtInd", "DBIT" if balance.amount < 0 else "CRDT"),
        _day("Dt", balance.day, balance.moment),
    )


def _summary(summary: Summary | None) -> Part | None:
    if summary is None:
        return None
    net = summary.net
    entries = _totals("TtlNtries", summary.entries)
    if net is not None:
        signed = (element("Amt", format_dot_amount(abs(net))), element("CdtDbtInd", "DBIT" if net < 0 else "CRDT"))
        inner = entries.content if entries and isinstance(entries.content, tuple) else ()
        entries = element("TtlNtries", *inner, element("TtlNetNtry", *signed))
    credited, debited = _totals("TtlCdtNtries", summary.credits), _totals("TtlDbtNtries", summary.debits)
    return element("TxsSummry", entries, credited, debited)


def _totals(name: str, totals: Totals | None) -> Part | None:
    if totals is None:
        return None
    amount = "" if totals.amount is None else format_dot_amount(totals.amount)
    return element(name, _number("NbOfNtries", totals.count), element("Sum", amount))


def _entry(entry: Entry) -> Part | None:
    return element(
        "Ntry",
        element("NtryRef", entry.reference),
        amount_element("Amt", entry.amount, entry.currency),
        element("CdtDbtInd", _DIRECTIONS[entry.direction]),
        element("RvslInd", "true" if entry.reversal else ""),
        element("Sts", element("Cd", _STATUSES[entry.status])),
        _day("BookgDt", entry.booked_on, entry.booked_at),
        _day("ValDt", entry.value_date, entry.valued_at),
        element("AcctSvcrRef", entry.bank_reference),
        # The schema demands the element even where the bank has nothing to say in it.
        _code("BkTxCd", entry.code) or Part("BkTxCd", (), ()),
        *(_batch(one) for one in entry.batches),
        element("AddtlNtryInf", entry.additional),
    )


def _batch(batch: Batch) -> Part | None:
    stated = element(
        "Btch",
        element("MsgId", batch.message_id),
        element("PmtInfId", batch.payment_id),
        _number("NbOfTxs", batch.count),
        _money("TtlAmt", batch.total),
        element("CdtDbtInd", _DIRECTIONS[batch.direction] if batch.direction else ""),
    )
    # A payment of which nothing is said is still one payment.
    details = (_details(one) or Part("TxDtls", (), ()) for one in batch.details)
    return element("NtryDtls", stated, *details) or Part("NtryDtls", (), ())


def _details(details: PaymentDetails) -> Part | None:
    return element(
        "TxDtls",
        _references(details),
        _money("Amt", details.amount),
        element("CdtDbtInd", _DIRECTIONS[details.direction] if details.direction else ""),
        element("AmtDtls", element("InstdAmt", _money("Amt", details.instructed))),
        _code("BkTxCd", details.code),
        element(
            "RltdPties",
            party_element("Dbtr", details.debtor, "Pty"),
            account_element("DbtrAcct", details.debtor_account),
            party_element("UltmtDbtr", details.ultimate_debtor, "Pty"),
            party_element("Cdtr", details.creditor, "Pty"),
            account_element("CdtrAcct", details.creditor_account),
            party_element("UltmtCdtr", details.ultimate_creditor, "Pty"),
        ),
        element(
            "RltdAgts",
            agent_element("DbtrAgt", details.debtor_agent),
            agent_element("CdtrAgt", details.creditor_agent),
        ),
        coded_element("Purp", details.purpose),
        element(
            "RmtInf",
            *(element("Ustrd", one) for one in details.remittance),
            *(element("Strd", element("CdtrRefInf", element("Ref", one))) for one in details.creditor_references),
        ),
        _returned(details.returned),
        element("AddtlTxInf", details.additional),
    )


def _references(details: PaymentDetails) -> Part | None:
    return element(
        "Refs",
        element("MsgId", details.message_id),
        element("AcctSvcrRef", details.bank_reference),
        element("PmtInfId", details.payment_id),
        element("InstrId", details.instruction_id),
        element("EndToEndId", details.end_to_end_id),
        element("UETR", details.uetr),
        element("TxId", details.transaction_id),
        element("ClrSysRef", details.clearing_reference),
    )


def _returned(returned: ReturnInformation | None) -> Part | None:
    if returned is None:
        return None
    return element(
        "RtrInf",
        _code("OrgnlBkTxCd", returned.original_code),
        party_element("Orgtr", returned.originator),
        coded_element("Rsn", returned.reason),
        *(element("AddtlInf", one) for one in returned.additional),
    )


def _code(name: str, code: BankCode | None) -> Part | None:
    if code is None:
        return None
    family = element("Fmly", element("Cd", code.family), element("SubFmlyCd", code.subfamily))
    domain = element("Domn", element("Cd", code.domain), family)
    own = element("Prtry", element("Cd", code.proprietary), element("Issr", code.issuer))
    return element(name, domain, own)


def _day(name: str, day: date | None, moment: str) -> Part | None:
    return element(name, element("DtTm", moment), element("Dt", "" if moment or day is None else day.isoformat()))


def _money(name: str, amount: Amount | None) -> Part | None:
    return None if amount is None else amount_element(name, amount.value, amount.currency)


def _number(name: str, number: int | None) -> Part | None:
    return element(name, "" if number is None else str(number))
