"""Whether an account report adds up: opening balance and entries, the totals it states, batches and their details.

What is counted from the entries as they pass by, so that a report of any length is checked in flat memory.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from formats.amounts import display_amount
from formats.camt_report import CLOSING, OPENING, Batch, Direction, Entry, PaymentDetails, Summary, Totals
from formats.camt_report import BankReport as Report
from formats.errors import RESEND, Code, Findings

_SIGNS: dict[Direction, int] = {"credit": 1, "debit": -1}
_INTERIM = "ITBD"


@dataclass(slots=True)
class _Counted:
    """How many entries of one direction passed by, and what they add up to."""

    count: int = 0
    amount: int = 0

    def add(self, amount: int) -> None:
        self.count += 1
        self.amount += amount


def _both() -> dict[Direction, _Counted]:
    return {"credit": _Counted(), "debit": _Counted()}


@dataclass(slots=True)
class Tally:
    """The entries of one report, all of them and the booked ones apart."""

    complete: bool = True
    every: dict[Direction, _Counted] = field(default_factory=_both)
    booked: dict[Direction, _Counted] = field(default_factory=_both)

    def add(self, entry: Entry) -> None:
        """Count an entry."""
        self.every[entry.direction].add(entry.amount)
        if entry.status == "booked":
            self.booked[entry.direction].add(entry.amount)


def check_entry(entry: Entry, currency: str, line: int | None, findings: Findings) -> None:
    """Faults of an entry in another currency than the account, and of batches that do not add up."""
    if currency and entry.currency != currency:
        remedy = "ask the bank: amounts of two currencies cannot be added to one balance"
        findings.fault(Code.CURRENCY, line, "Ntry/Amt/@Ccy", entry.currency, f"{currency}, as the account", remedy)
    for batch in entry.batches:
        _check_batch(batch, entry, line, findings)
    details = tuple(entry.details)
    if not details:
        return
    if any(one.amount is None or one.amount.currency != entry.currency for one in details):
        meaning = "not all payments of an entry have an amount in its currency; their sum was not checked"
        findings.note(line, "Ntry/NtryDtls", entry.reference or entry.bank_reference, meaning)
        return
    total = abs(_sum(details, entry.direction))
    if total != entry.amount and any(path.startswith("Chrgs") for path, _ in entry.other):
        meaning = "payments and entry differ, and there are charges; the difference was not checked"
        findings.note(line, "Ntry/Amt", display_amount(total - entry.amount), meaning)
    elif total != entry.amount:
        _wrong(findings, Code.TOTAL, line, "Ntry/Amt", entry.amount, total, f"the sum of {len(details)} payments")


def check_report(report: Report, tally: Tally, lines: Mapping[str, int | None], findings: Findings) -> None:
    """Faults of a report whose entries were all counted: balances that are there twice or wrong, and wrong totals.

    `lines` says where its balances (by their type) and its summary stand, and the report itself under ''.
    """
    line = lines[""]
    codes = [one.type.code for one in report.balances]
    for code in (*OPENING, CLOSING):
        if codes.count(code) > 1:
            found = f"{code} {codes.count(code)} times"
            findings.fault(Code.REPEATED, lines.get(code), "Bal/Tp", found, f"one balance {code}")
    if report.kind == "statement" and not report.balances:
        findings.note(line, "Bal", "nothing", "a statement without balances; nothing could be proved")
    if not tally.complete:
        return
    change = tally.booked["credit"].amount - tally.booked["debit"].amount
    if report.opening is not None and report.closing is not None:
        opening, closing = report.opening.amount, report.closing.amount
        if opening + change != closing:
            count = sum(one.count for one in tally.booked.values())
            words = f"{report.opening.type.code} {display_amount(opening)} and {count} booked entries"
            _wrong(findings, Code.BALANCE, lines.get(CLOSING), f"Bal {CLOSING}", closing, opening + change, words)
    elif report.opening is not None and codes.count(_INTERIM) == 1:
        interim = next(one.amount for one in report.balances if one.type.code == _INTERIM)
        if report.opening.amount + change != interim:
            meaning = "is not the opening balance and the booked entries; it may be the balance of another moment"
            findings.note(lines.get(_INTERIM), f"Bal {_INTERIM}", display_amount(interim), meaning)
    if report.summary is not None:
        _check_summary(report.summary, tally, lines.get("TxsSummry"), findings)


def _check_batch(batch: Batch, entry: Entry, line: int | None, findings: Findings) -> None:
    if not batch.details:
        return
    if batch.count is not None and batch.count != len(batch.details):
        expected = f"{len(batch.details)}, as payments are there"
        findings.fault(Code.TOTAL, line, "Ntry/NtryDtls/Btch/NbOfTxs", str(batch.count), expected)
    amounts = {one.amount.currency for one in batch.details if one.amount is not None}
    whole = all(one.amount is not None for one in batch.details)
    if batch.total is not None and whole and amounts == {batch.total.currency}:
        total = abs(_sum(batch.details, batch.direction or entry.direction))
        if total != batch.total.value:
            words = f"the sum of {len(batch.details)} payments"
            _wrong(findings, Code.TOTAL, line, "Ntry/NtryDtls/Btch/TtlAmt", batch.total.value, total, words)


def _check_summary(summary: Summary, tally: Tally, line: int | None, findings: Findings) -> None:
    stated: tuple[tuple[str, Totals | None, tuple[Direction, ...]], ...] = (
        ("TtlNtries", summary.entries, ("credit", "debit")),
        ("TtlCdtNtries", summary.credits, ("credit",)),
        ("TtlDbtNtries", summary.debits, ("debit",)),
    )
    for place, totals, directions in stated:
        if totals is not None:
            every = _added([tally.every[one] for one in directions])
            booked = _added([tally.booked[one] for one in directions])
            _check_totals(totals, every, booked, f"TxsSummry/{place}", line, findings)
    if summary.net is not None:
        nets = [counted["credit"].amount - counted["debit"].amount for counted in (tally.every, tally.booked)]
        if summary.net not in nets:
            _wrong(
                findings,
                Code.TOTAL,
                line,
                "TxsSummry/TtlNtries/TtlNetNtry",
                summary.net,
                nets[0],
                "credits less debits",
            )


def _check_totals(
    totals: Totals, every: _Counted, booked: _Counted, place: str, line: int | None, findings: Findings
) -> None:
    # Banks differ in whether entries that are not booked yet are counted; both are true totals.
    if totals.count is not None and totals.count not in (every.count, booked.count):
        expected = f"{every.count}, as entries are there"
        findings.fault(Code.TOTAL, line, f"{place}/NbOfNtries", str(totals.count), expected)
    if totals.amount is not None and totals.amount not in (every.amount, booked.amount):
        _wrong(findings, Code.TOTAL, line, f"{place}/Sum", totals.amount, every.amount, "the sum of the entries")


def _added(parts: list[_Counted]) -> _Counted:
    return _Counted(sum(one.count for one in parts), sum(one.amount for one in parts))


def _sum(details: tuple[PaymentDetails, ...], direction: Direction) -> int:
    return sum(_SIGNS[one.direction or direction] * one.amount.value for one in details if one.amount is not None)


def _wrong(
    findings: Findings, code: Code, line: int | None, place: str, stated: int, computed: int, words: str
) -> None:
    expected = f"{display_amount(computed)}, {words} (difference {display_amount(abs(computed - stated))})"
    findings.fault(code, line, place, display_amount(stated), expected, RESEND)
