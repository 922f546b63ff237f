"""Account reports of a bank in ISO 20022: camt.053 statements, camt.054 notifications and camt.052 interim reports.

All versions from .001.02 to .001.14 are read, told by their namespace and with or without an envelope; .001.08 is
written (camt_write). That the banks of Kazakhstan send these messages is not confirmed by a public source; the
structure is that of the public ISO 20022 definitions.

>>> text = '''<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn>
... <GrpHdr><MsgId>M-1</MsgId><CreDtTm>2024-03-14T09:30:00+05:00</CreDtTm></GrpHdr>
... <Ntfctn><Id>N-1</Id><Acct><Id><IBAN>KZ36009PENS999999901</IBAN></Id></Acct>
... <Ntry><Amt Ccy="KZT">18460</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts></Ntry>
... </Ntfctn></BkToCstmrDbtCdtNtfctn></Document>'''
>>> [report] = read(text.encode(), "march.xml")
>>> report.kind, report.account.iban, [(entry.mark, entry.amount) for entry in report.entries]
('notification', 'KZ36009PENS999999901', [('C', 1846000)])
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, BinaryIO

from formats.camt_checks import Tally, check_entry, check_report
from formats.camt_entry import EntryReader, read_direction
from formats.camt_report import Balance, BankReport, Entry, Kind, PaymentDetails, Summary, Totals
from formats.errors import Code, Findings
from formats.mx import DEFAULT_LIMITS, Limits, line_of, local_name, open_document, read_all
from formats.mx_nodes import Node
from formats.mx_parts import Account, Agent, Party, read_agent, read_coded, read_party
from formats.statement import AccountStatement, Movement

if TYPE_CHECKING:
    from lxml import etree

__all__ = ["KNOWN", "BankReport", "Entry", "account_statement", "messages", "read", "stream"]

KNOWN = {"camt.053": range(2, 15), "camt.054": range(2, 15), "camt.052": range(2, 15)}
"""The messages that are read, with the numbers of their versions."""

BLOCKS: dict[str, Kind] = {"Stmt": "statement", "Ntfctn": "notification", "Rpt": "report"}
_BLOCK_OF = {"camt.053": "Stmt", "camt.054": "Ntfctn", "camt.052": "Rpt"}
_ROOTS = {"camt.053": "BkToCstmrStmt", "camt.054": "BkToCstmrDbtCdtNtfctn", "camt.052": "BkToCstmrAcctRpt"}
_ADDITIONAL = {"Stmt": "AddtlStmtInf", "Ntfctn": "AddtlNtfctnInf", "Rpt": "AddtlRptInf"}


def read(data: bytes, source: str) -> tuple[BankReport, ...]:
    """All reports of a file, in order.

    Raises FormatError with every fault of the file; then nothing of it is returned.
    """
    return read_all(messages, data, source)


def messages(stream: BinaryIO, findings: Findings, limits: Limits = DEFAULT_LIMITS) -> Iterator[BankReport]:
    """The reports of a file one after another, each with all its entries; what is wrong goes into the findings.

    Nothing of them is to be used before findings.check() has passed at the end.
    """
    entries: list[Entry] = []
    for report, entry in parts(stream, findings, limits):
        if entry is not None:
            entries.append(entry)
        else:
            yield replace(report, entries=tuple(entries))
            entries = []


def stream(stream: BinaryIO, findings: Findings, limits: Limits = DEFAULT_LIMITS) -> Iterator[tuple[BankReport, Entry]]:
    """Each entry of a file with its report, in flat memory: the report has no entries and nothing that follows them.

    The checks are those of messages(), and nothing is to be used before findings.check() has passed at the end.
    """
    return ((report, entry) for report, entry in parts(stream, findings, limits) if entry is not None)


def account_statement(report: BankReport) -> AccountStatement:
    """The statement of a report whatever its form: one movement for each entry, also when it is a batch.

    The other side of a movement is known where the entry has one payment; the payments of a batch stay in the report.
    """
    opening, closing = report.opening, report.closing
    number = report.legal_number if report.electronic_number is None else report.electronic_number
    return AccountStatement(
        account=report.account.text,
        currency=report.currency,
        number=report.identification if number is None else str(number),
        date_from=_span_day(report.from_moment) or (opening.day if opening and opening.type.code == "OPBD" else None),
        date_to=_span_day(report.to_moment) or (closing.day if closing else None),
        opening=None if opening is None else opening.amount,
        closing=None if closing is None else closing.amount,
        movements=tuple(_movement(entry, report.account.text) for entry in report.entries),
    )


class _Block:
    """A Stmt, Ntfctn or Rpt while its entries pass by."""

    def __init__(self, element: "etree._Element", findings: Findings) -> None:
        self.name = local_name(element)
        self.node = Node(element, findings, without=("Ntry",))
        self.tally = Tally()
        self.lines = {"": self.node.line}
        self._findings = findings
        self._group: tuple[tuple[str, str], ...] = ()
        self.report = self._head(element.getparent())
        self.currency = self.report.currency

    def add(self, entry: Entry | None, line: int | None) -> None:
        """Count an entry; None is one that was a fault, after which nothing can be proved of the whole."""
        if entry is None:
            self.tally.complete = False
            return
        self.currency = self.currency or entry.currency
        self.tally.add(entry)
        check_entry(entry, self.currency, line, self._findings)

    def finished(self) -> BankReport:
        """The report with what stands after its entries, but without them."""
        self.node.look_again()
        additional = self.node.text(_ADDITIONAL[self.name])
        report = replace(self.report, additional=additional, other=(*self.report.other, *self.node.other()))
        check_report(report, self.tally, self.lines, self._findings)
        return report

    def _head(self, root: "etree._Element | None") -> BankReport:
        node = self.node
        group = Node(node.element if root is None else root, self._findings, without=(self.name,))
        report = BankReport(
            kind=BLOCKS[self.name],
            message_id=group.required("GrpHdr/MsgId"),
            message_created=group.moment("GrpHdr/CreDtTm"),
            identification=node.required("Id"),
            account=self._account(),
            created=node.moment("CreDtTm"),
            electronic_number=node.number("ElctrncSeqNb"),
            legal_number=node.number("LglSeqNb"),
            from_moment=node.moment("FrToDt/FrDtTm"),
            to_moment=node.moment("FrToDt/ToDtTm"),
            copy=node.text("CpyDplctInd"),
            account_name=node.text("Acct/Nm"),
            owner=read_party(node.node("Acct/Ownr")),
            servicer=read_agent(node.node("Acct/Svcr")),
            balances=tuple(balance for one in node.nodes("Bal") if (balance := self._balance(one)) is not None),
            summary=self._summary(),
        )
        rest = tuple((path, text) for path, text in group.other() if path.startswith("GrpHdr/"))
        return replace(report, other=rest)

    def _account(self) -> Account:
        node = self.node
        account = Account(
            iban=node.text("Acct/Id/IBAN"),
            number=node.text("Acct/Id/Othr/Id"),
            currency=node.text("Acct/Ccy"),
        )
        if not account.text:
            node.missing("Acct/Id")
        return account

    def _balance(self, node: Node) -> Balance | None:
        coded = read_coded(node, "Tp/CdOrPrtry")
        amount, direction = node.amount("Amt"), read_direction(node, "CdtDbtInd", required=True)
        if coded is None or (amount is None and not node.has("Amt")):
            node.missing("Tp/CdOrPrtry" if coded is None else "Amt")
        if coded is None or amount is None or direction is None:
            self.tally.complete = False
            return None
        self.lines[coded.text] = node.line
        return Balance(
            type=coded,
            amount=amount.value if direction == "credit" else -amount.value,
            currency=amount.currency,
            day=node.day("Dt/Dt", "Dt/DtTm"),
            moment=node.moment("Dt/DtTm"),
            other=node.other(),
        )

    def _summary(self) -> Summary | None:
        node = self.node.node("TxsSummry")
        if node is None:
            return None
        self.lines["TxsSummry"] = node.line
        ways = read_direction(node, "TtlNtries/TtlNetNtry/CdtDbtInd") or read_direction(node, "TtlNtries/CdtDbtInd")
        net = node.total("TtlNtries/TtlNetNtry/Amt", "TtlNtries/TtlNetNtryAmt")
        summary = Summary(
            entries=_totals(node, "TtlNtries"),
            credits=_totals(node, "TtlCdtNtries"),
            debits=_totals(node, "TtlDbtNtries"),
            net=-net if net is not None and ways == "debit" else net,
        )
        rest = node.other()
        return replace(summary, other=rest)


def parts(stream: BinaryIO, findings: Findings, limits: Limits) -> Iterator[tuple[BankReport, Entry | None]]:
    """Each entry with the head of its report, and None with the whole head when the report ends."""
    document = open_document(stream, findings, KNOWN, limits)
    if document is None:
        return
    name, root = _BLOCK_OF[document.name], _ROOTS[document.name]
    parents = {"TxDtls": "NtryDtls", "NtryDtls": "Ntry", "Ntry": name, name: root, root: "Document"}
    reader, block, count = EntryReader(findings), None, 0
    for found in document.each(*parents):
        kind = local_name(found)
        parent = _parent(found, parents[kind], findings)
        if parent is None:
            continue
        if kind == "TxDtls":
            reader.add_details(found)
        elif kind == "NtryDtls":
            reader.add_batch(found)
        elif kind == "Ntry":
            block = block or _begun(parent, reader, findings)
            entry = reader.entry(found)
            block.add(entry, line_of(found))
            if entry is not None:
                yield block.report, entry
        elif kind == name:
            block = block or _begun(found, reader, findings)
            yield block.finished(), None
            block, count = None, count + 1
        else:
            # Only what stands around the reports is left here; it is noted.
            Node(found, findings, without=("GrpHdr", name)).other()
    if not count and not findings.faults:
        findings.fault(Code.MISSING, document.line, root, "nothing", f"at least one {name}")


def _begun(element: "etree._Element", reader: EntryReader, findings: Findings) -> _Block:
    reader.begin()
    return _Block(element, findings)


def _parent(found: "etree._Element", expected: str, findings: Findings) -> "etree._Element | None":
    """What the element stands in, None with a fault when that is not what it should be."""
    parent = found.getparent()
    if parent is None and expected == "Document":
        return found
    if parent is not None and expected in ("Document", local_name(parent)):
        return parent
    there = "inside nothing" if parent is None else f"inside {local_name(parent)}"
    findings.fault(Code.XML_SCHEMA, line_of(found), local_name(found), there, f"inside {expected}")
    return None


def _totals(node: Node, path: str) -> Totals | None:
    totals = Totals(count=node.number(f"{path}/NbOfNtries"), amount=node.total(f"{path}/Sum"))
    return totals if totals != Totals() else None


def _span_day(moment: str) -> date | None:
    return date.fromisoformat(moment[:10]) if moment else None


def _movement(entry: Entry, account: str) -> Movement:
    details = tuple(entry.details)
    one = details[0] if len(details) == 1 else PaymentDetails()
    party, number, agent = _other_side(one, entry, account)
    return Movement(
        line=entry.line,
        mark=entry.mark,
        amount=entry.amount,
        booked_on=entry.booked_on,
        value_date=entry.value_date,
        number=entry.reference,
        reference=one.end_to_end_id,
        bank_reference=entry.bank_reference or one.bank_reference,
        counterparty_name=party.name if party else "",
        counterparty_idn=party.number if party else "",
        counterparty_account=number.text if number else "",
        counterparty_bic=agent.bic if agent else "",
        knp=one.knp,
        purpose=" ".join(one.remittance) or one.additional or entry.additional,
    )


def _other_side(one: PaymentDetails, entry: Entry, account: str) -> tuple[Party | None, Account | None, Agent | None]:
    """The debtor of what came in and the creditor of what went out; in a reversal the sides may stand either way."""
    debtor = one.debtor, one.debtor_account, one.debtor_agent
    creditor = one.creditor, one.creditor_account, one.creditor_agent
    if one.debtor_account is not None and one.debtor_account.text == account:
        return creditor
    if one.creditor_account is not None and one.creditor_account.text == account:
        return debtor
    return debtor if (entry.direction == "credit") != entry.reversal else creditor
