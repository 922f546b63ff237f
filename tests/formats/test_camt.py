"""Account reports in ISO 20022: what the fixtures of each version say, and how they become statements."""

import re
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, cast

import psutil
import pytest

from formats import camt
from formats.camt_report import BankCode, Batch, Entry, ReturnInformation, Summary, Totals
from formats.errors import Findings
from formats.mx_nodes import Amount
from formats.mx_parts import Account, Agent, Coded, Identifier, Party
from formats.statement import AccountStatement, Movement

FOLDER = Path(__file__).parents[2] / "fixtures" / "messages" / "iso20022"
IBAN = "KZ36009PENS999999901"
DAY = date(2024, 3, 14)
AUTHORITY = Party(
    name='ГУ "УПРАВЛЕНИЕ ЗАНЯТОСТИ И СОЦПРОГРАММ (СИНТЕТИКА)"',
    kind="organisation",
    identifiers=(Identifier(number="230140999968"),),
)
TRANSFER = BankCode(domain="PMNT", family="RCDT", subfamily="DMCT")


def report(name: str) -> tuple[camt.BankReport, Findings]:
    findings = Findings(name)
    with (FOLDER / name).open("rb") as stream:
        [found] = camt.messages(stream, findings)
    findings.check()
    return found, findings


def changed(name: str, old: str, new: str) -> camt.BankReport:
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert old in text
    [found] = camt.read(text.replace(old, new).encode(), name)
    return found


def test_a_statement_of_version_02_is_read_field_by_field() -> None:
    found, findings = report("camt.053.001.02_statement.xml")
    assert (found.kind, found.message_id, found.message_created) == (
        "statement",
        "STM-20240314-01",
        "2024-03-14T18:05:00+05:00",
    )
    assert (found.identification, found.electronic_number, found.legal_number) == ("2024-03-14-1", 74, None)
    assert (found.from_moment, found.to_moment) == ("2024-03-14T00:00:00+05:00", "2024-03-14T23:59:59+05:00")
    assert found.account == Account(iban=IBAN, currency="KZT")
    assert found.owner is not None
    assert (found.owner.number, found.servicer) == ("160440007161", Agent(bic="GCVPKZ2A"))
    assert [(one.type.code, one.amount, one.currency, one.day) for one in found.balances] == [
        ("OPBD", 0, "KZT", DAY),
        ("CLBD", 10_311_430, "KZT", DAY),
    ]
    assert found.summary == Summary(entries=Totals(count=4, amount=12_660_570), net=10_311_430)
    assert (found.other, findings.notes) == ((), ())


def test_the_entries_of_version_02_are_read_field_by_field() -> None:
    first, *others = report("camt.053.001.02_statement.xml")[0].entries
    assert first == Entry(
        line=1,
        amount=11_086_000,
        currency="KZT",
        direction="credit",
        status="booked",
        reference="NT-145",
        bank_reference="B0314-0001",
        booked_on=DAY,
        value_date=DAY,
        code=TRANSFER,
        batches=first.batches,
    )
    [details] = first.details
    assert (details.end_to_end_id, details.transaction_id) == ("NT-145", "KISC-77001")
    assert details.amount == Amount(value=11_086_000, currency="KZT")
    assert (details.debtor, details.debtor_agent) == (AUTHORITY, Agent(bic="KKMFKZ2A"))
    assert details.debtor_account == Account(iban="KZ77070103KSN9999000")
    assert (details.purpose, details.knp) == (Coded(proprietary="119"), "119")
    assert details.remittance == ("Қаражат аудару, сұраным № 7",)
    assert [(one.mark, one.change, one.additional) for one in others] == [
        ("D", -774_570, "ЗАЧИСЛЕНИЕ ПО СПИСКУ 101"),
        ("D", -400_000, ""),
        ("RD", 400_000, "СТОРНО B0314-0003"),
    ]


def test_version_04_opens_with_the_balance_of_the_day_before() -> None:
    found, findings = report("camt.053.001.04_statement.xml")
    assert (found.opening, found.closing) == (found.balances[0], found.balances[1])
    assert (found.balances[1].amount, found.balances[1].moment) == (-50_000, "2024-03-15T18:00:00")
    assert found.summary == Summary(
        entries=Totals(count=2, amount=10_361_430),
        credits=Totals(count=0, amount=0),
        debits=Totals(count=2, amount=10_361_430),
        net=-10_361_430,
    )
    first, second = found.entries
    assert (first.booked_on, first.booked_at) == (date(2024, 3, 15), "2024-03-15T10:15:30.5")
    assert (first.code, second.mark) == (BankCode(proprietary="102", issuer="GCVP"), "RC")
    [details] = first.details
    assert (details.creditor_agent, details.remittance) == (
        Agent(bic="HSBKKZKX"),
        ("ЗАЧИСЛЕНИЕ ПО СПИСКУ", "/NUM/102"),
    )
    assert (found.additional, found.currency, findings.notes) == ("Остаток дебетовый", "KZT", ())


def test_the_batch_of_version_08_has_its_details() -> None:
    found, findings = report("camt.053.001.08_batch.xml")
    assert (found.account_name, found.legal_number, found.balances[2].type) == (
        "Әлеуметтік көмек",
        54,
        Coded(proprietary="НЕСНИЖАЕМЫЙ"),
    )
    [entry] = found.entries
    [batch] = entry.batches
    assert batch == Batch(
        message_id="00100000101",
        payment_id="101",
        count=2,
        total=Amount(value=774_570, currency="KZT"),
        direction="debit",
        details=batch.details,
    )
    first, second = entry.details
    assert (first.instruction_id, first.end_to_end_id, first.clearing_reference) == ("101-1", "P-0001", "KISC-0001")
    assert (first.uetr, first.creditor_references) == ("3f2b8c1e-7d4a-4c5b-9e6f-0a1b2c3d4e5f", ("ASP-2024-03",))
    assert first.creditor == Party(
        name="ПРИМЕРОВА АННА", kind="person", identifiers=(Identifier(number="850515499983"),)
    )
    assert (second.instructed, second.purpose, second.knp) == (
        Amount(value=400_000, currency="KZT"),
        Coded(code="SSBE"),
        "",
    )
    assert found.other == (("GrpHdr/MsgPgntn/PgNb", "1"), ("GrpHdr/MsgPgntn/LastPgInd", "true"))
    assert len(findings.notes) == 2


def test_version_14_with_a_prefix_and_an_unknown_reference() -> None:
    found, findings = report("camt.053.001.14_prefixed.xml")
    assert found.account == Account(number="009-PENS-01", currency="KZT")
    [entry] = found.entries
    assert (entry.mark, entry.change) == ("EC", 0)
    [details] = entry.details
    assert details.returned == ReturnInformation(reason=Coded(code="AC04"))
    assert details.other == (("Refs/RtrId", "R-0001"),)
    assert [str(note) for note in findings.notes] == [
        "line 23, Ntry/NtryDtls/TxDtls/Refs/RtrId: 'R-0001', is not read and kept with the other elements"
    ]


@pytest.mark.parametrize("name", ["camt.054.001.08_returns.xml", "camt.054.001.08_envelope.xml"])
def test_a_notification_says_why_payments_came_back(name: str) -> None:
    found, findings = report(name)
    assert (found.kind, found.balances, findings.notes) == ("notification", (), ())
    [entry] = found.entries
    assert [(one.end_to_end_id, one.amount, one.returned) for one in entry.details] == [
        (
            "P-0007",
            Amount(value=1_846_000, currency="KZT"),
            ReturnInformation(
                original_code=BankCode(domain="PMNT", family="ICDT", subfamily="DMCT"),
                originator=Party(name="АО «БАНК-ПОЛУЧАТЕЛЬ»"),
                reason=Coded(code="AC04"),
                additional=("СЧЕТ ЗАКРЫТ", "ДОГОВОР РАСТОРГНУТ 01.03.2024"),
            ),
        ),
        (
            "P-0008",
            Amount(value=400_000, currency="KZT"),
            ReturnInformation(reason=Coded(proprietary="НЕ СООТВЕТСТВУЕТ ИИН")),
        ),
    ]


@pytest.mark.parametrize(
    ("name", "marks", "notes"),
    [
        ("camt.052.001.06_pending.xml", ["C", "EC", "ED"], []),
        (
            "camt.052.001.10_future.xml",
            ["ED", "D", "C"],
            [
                "payments and entry differ, and there are charges; the difference was not checked",
                "is not read and kept with the other elements",
                "is not read and kept with the other elements",
                "not all payments of an entry have an amount in its currency; their sum was not checked",
            ],
        ),
    ],
)
def test_interim_reports_have_entries_that_are_only_expected(name: str, marks: list[str], notes: list[str]) -> None:
    found, findings = report(name)
    assert (found.kind, [one.mark for one in found.entries]) == ("report", marks)
    assert [note.meaning for note in findings.notes] == notes


def test_an_interim_balance_that_cannot_be_proved_is_noted() -> None:
    text = (FOLDER / "camt.052.001.06_pending.xml").read_text(encoding="utf-8")
    findings = Findings("march.xml")
    [_] = camt.messages(BytesIO(text.replace(">1500.00<", ">1700.00<").encode()), findings)
    findings.check()
    [note] = findings.notes
    assert str(note) == (
        "line 13, Bal ITBD: '1700,00', is not the opening balance and the booked entries; "
        "it may be the balance of another moment"
    )


@pytest.mark.parametrize("kind", ["053", "054", "052"])
@pytest.mark.parametrize("number", range(2, 15))
def test_every_version_is_read_by_its_namespace(kind: str, number: int) -> None:
    root, block, meaning = {
        "053": ("BkToCstmrStmt", "Stmt", "statement"),
        "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn", "notification"),
        "052": ("BkToCstmrAcctRpt", "Rpt", "report"),
    }[kind]
    text = (FOLDER / "camt.053.001.02_statement.xml").read_text(encoding="utf-8")
    text = text.replace("<Sts>BOOK</Sts>", "<Sts><Cd>BOOK</Cd></Sts>") if number >= 7 else text
    text = text.replace("BkToCstmrStmt", root).replace("<Stmt>", f"<{block}>").replace("</Stmt>", f"</{block}>")
    text = text.replace("camt.053.001.02", f"camt.{kind}.001.{number:02d}")
    [found] = camt.read(text.encode(), "march.xml")
    assert [one.change for one in found.entries] == [11_086_000, -774_570, -400_000, 400_000]
    assert found.kind == meaning


@pytest.mark.parametrize(
    ("direction", "reversal", "status", "mark", "why"),
    [
        ("CRDT", "", "BOOK", "C", "no word of a reversal"),
        ("CRDT", "<RvslInd>false</RvslInd>", "BOOK", "C", "expressly none"),
        ("CRDT", "<RvslInd>true</RvslInd>", "BOOK", "RD", "CRDT turns a debit back"),
        ("CRDT", "<RvslInd>1</RvslInd>", "BOOK", "RD", "1 is true"),
        ("DBIT", "", "BOOK", "D", ""),
        ("DBIT", "<RvslInd>true</RvslInd>", "BOOK", "RC", "DBIT turns a credit back"),
        ("CRDT", "<RvslInd>true</RvslInd>", "PDNG", "EC", "a reversal that is only expected changes nothing"),
        ("DBIT", "", "INFO", "ED", "information only"),
        ("DBIT", "", "FUTR", "ED", "a future entry"),
    ],
)
def test_marks(direction: str, reversal: str, status: str, mark: str, why: str) -> None:
    entry = (
        f'<Ntry><Amt Ccy="KZT">1</Amt><CdtDbtInd>{direction}</CdtDbtInd>{reversal}<Sts><Cd>{status}</Cd></Sts></Ntry>'
    )
    text = (FOLDER / "camt.054.001.08_returns.xml").read_text(encoding="utf-8")
    text = re.sub(r"<Ntry>.*</Ntry>", entry, text, flags=re.DOTALL)
    [found] = camt.read(text.encode(), "march.xml")
    assert [one.mark for one in found.entries] == [mark], why


def test_a_report_becomes_a_statement_whatever_its_form() -> None:
    found = camt.account_statement(report("camt.053.001.02_statement.xml")[0])
    assert found == AccountStatement(
        account=IBAN,
        currency="KZT",
        number="74",
        date_from=DAY,
        date_to=DAY,
        opening=0,
        closing=10_311_430,
        movements=found.movements,
    )
    assert found.movements[0] == Movement(
        line=1,
        mark="C",
        amount=11_086_000,
        booked_on=DAY,
        value_date=DAY,
        number="NT-145",
        reference="NT-145",
        bank_reference="B0314-0001",
        counterparty_name=AUTHORITY.name,
        counterparty_idn="230140999968",
        counterparty_account="KZ77070103KSN9999000",
        counterparty_bic="KKMFKZ2A",
        knp="119",
        purpose="Қаражат аудару, сұраным № 7",
    )
    assert (found.credited, found.debited) == (11_486_000, 1_174_570)


def test_the_other_side_is_the_one_that_is_not_ours() -> None:
    own = f"<CdtrAcct><Id><IBAN>{IBAN}</IBAN></Id></CdtrAcct></RltdPties>"
    text = "camt.053.001.02_statement.xml"
    wrong_way = "<CdtDbtInd>CRDT</CdtDbtInd>\n        <Sts>BOOK</Sts>\n        <BookgDt>"
    turned = changed(text, wrong_way, wrong_way.replace("<Sts>", "<RvslInd>true</RvslInd><Sts>"))
    assert camt.account_statement(turned).movements[0].counterparty_name == ""
    ours = changed(text, "</RltdPties>", own)
    assert camt.account_statement(ours).movements[0].counterparty_name == AUTHORITY.name


def test_a_batch_is_one_movement_and_a_notification_has_no_balances() -> None:
    found = camt.account_statement(report("camt.054.001.08_returns.xml")[0])
    assert (found.opening, found.closing, found.date_from, found.number) == (None, None, None, "2024-03-20-1")
    assert [(one.amount, one.reference) for one in found.movements] == [(2_246_000, "")]


class Volume:
    """A notification of so many entries, made as it is read; it watches the memory of whoever reads it."""

    def __init__(self, count: int) -> None:
        text = (FOLDER / "camt.054.001.08_returns.xml").read_bytes()
        start, end = text.index(b"      <Ntry>"), text.index(b"    </Ntfctn>")
        self._head, self._entry, self._tail = text[:start], text[start:end], text[end:]
        self._left = count // 20
        self._process = psutil.Process()
        self._start = self._process.memory_info().rss
        self.memory_most = 0

    def read(self, _: int) -> bytes:
        self.memory_most = max(self.memory_most, self._process.memory_info().rss - self._start)
        if self._head:
            head, self._head = self._head, b""
            return head
        self._left -= 1
        if self._left >= 0:
            return self._entry * 20
        tail, self._tail = self._tail, b""
        return tail


def test_entries_stream_by_in_flat_memory_with_their_report() -> None:
    volume = Volume(4_000)
    findings = Findings("march.xml")
    total, accounts = 0, set()
    for head, entry in camt.stream(cast("BinaryIO", volume), findings):
        accounts.add(head.account.iban)
        total += entry.change
    findings.check()
    assert (total, accounts) == (4_000 * 2_246_000, {IBAN})
    assert volume.memory_most < 16 << 20
