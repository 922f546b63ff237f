"""Account reports that are written: valid against their schemas, read back as they are, or refused."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from formats import camt, camt_write
from formats.camt_report import (
    Balance,
    BankCode,
    BankReport,
    Batch,
    Entry,
    PaymentDetails,
    ReturnInformation,
    Summary,
    Totals,
)
from formats.errors import Code, FormatError
from formats.mx import validate
from formats.mx_nodes import Amount
from formats.mx_parts import Account, Agent, Coded, Identifier, Party

FOLDER = Path(__file__).parents[2] / "fixtures" / "messages" / "iso20022"
MOMENT = "2024-03-14T09:30:00+05:00"
IBANS = ("KZ36009PENS999999901", "KZ286017A99999999910", "KZ77070103KSN9999000")

letters = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn"), exclude_characters="\ufffe\uffff")


def texts(most: int, least: int = 0) -> st.SearchStrategy[str]:
    return st.text(letters, min_size=least, max_size=most).map(str.strip).filter(lambda text: len(text) >= least)


days = st.dates(date(1000, 1, 1), date(9999, 12, 31))
amounts = st.builds(Amount, value=st.integers(0, 10**12), currency=st.just("KZT"))
coded = st.one_of(
    st.builds(Coded, code=st.sampled_from(["AC04", "SSBE", "AM09"])), st.builds(Coded, proprietary=texts(35, 1))
)
codes = st.one_of(
    st.builds(
        BankCode,
        domain=st.just("PMNT"),
        family=st.sampled_from(["ICDT", "RCDT"]),
        subfamily=st.sampled_from(["DMCT", "RRTN"]),
        proprietary=texts(35, 1),
        issuer=texts(35),
    ),
    st.builds(BankCode, domain=st.just("PMNT"), family=st.just("ICDT"), subfamily=st.just("DMCT")),
)
accounts = st.one_of(
    st.builds(Account, iban=st.sampled_from(IBANS), currency=st.sampled_from(["", "KZT"])),
    st.builds(Account, number=texts(34, 1)),
)
agents = st.builds(Agent, bic=st.sampled_from(["HSBKKZKX", "KKMFKZ2A"]), name=texts(140))
identifiers = st.builds(Identifier, number=st.sampled_from(["850515499983", "230140999968"]))
parties = st.one_of(
    st.builds(Party, name=texts(140, 1)),
    st.builds(
        Party,
        name=texts(140),
        kind=st.sampled_from(["person", "organisation"]),
        identifiers=st.lists(identifiers, min_size=1, max_size=2).map(tuple),
        residence=st.sampled_from(["", "KZ"]),
    ),
)
returned = st.builds(
    ReturnInformation,
    original_code=st.none() | codes,
    originator=st.none() | parties,
    reason=coded,
    additional=st.lists(texts(105, 1), max_size=2).map(tuple),
)
references = texts(35)


def details(amount: int) -> st.SearchStrategy[PaymentDetails]:
    return st.builds(
        PaymentDetails,
        message_id=references,
        bank_reference=references,
        payment_id=references,
        instruction_id=references,
        end_to_end_id=references,
        uetr=st.sampled_from(["", "3f2b8c1e-7d4a-4c5b-9e6f-0a1b2c3d4e5f"]),
        transaction_id=references,
        clearing_reference=references,
        amount=st.just(Amount(value=amount, currency="KZT")),
        direction=st.none(),
        instructed=st.none() | amounts,
        code=st.none() | codes,
        debtor=st.none() | parties,
        debtor_account=st.none() | accounts,
        debtor_agent=st.none() | agents,
        ultimate_debtor=st.none() | parties,
        creditor=st.none() | parties,
        creditor_account=st.none() | accounts,
        creditor_agent=st.none() | agents,
        ultimate_creditor=st.none() | parties,
        purpose=st.none() | coded,
        remittance=st.lists(texts(140, 1), max_size=3).map(tuple),
        creditor_references=st.lists(texts(35, 1), max_size=2).map(tuple),
        returned=st.none() | returned,
        additional=texts(500),
    )


@st.composite
def entries(draw: st.DrawFn, line: int) -> Entry:
    """An entry that adds up, with or without batches."""
    shares = draw(st.lists(st.lists(st.integers(0, 10**9), min_size=1, max_size=2), max_size=2))
    batches = tuple(
        Batch(
            message_id=draw(references),
            payment_id=draw(references),
            count=draw(st.sampled_from([None, len(share)])),
            total=draw(st.sampled_from([None, Amount(value=sum(share), currency="KZT")])),
            direction=None,
            details=tuple(draw(details(amount)) for amount in share),
        )
        for share in shares
    )
    booked_at = draw(st.sampled_from(["", MOMENT]))
    return Entry(
        line=line,
        amount=sum(map(sum, shares)) if shares else draw(st.integers(0, 10**12)),
        currency="KZT",
        direction=draw(st.sampled_from(["credit", "debit"])),
        status=draw(st.sampled_from(["booked", "pending", "information", "future"])),
        reversal=draw(st.booleans()),
        reference=draw(references),
        bank_reference=draw(references),
        booked_on=date(2024, 3, 14) if booked_at else draw(st.none() | days),
        booked_at=booked_at,
        value_date=draw(st.none() | days),
        code=draw(st.none() | codes),
        batches=batches,
        additional=draw(texts(500)),
    )


@st.composite
def reports(draw: st.DrawFn, kind: Any) -> BankReport:
    """A report that adds up; a notification has no balances."""
    found = tuple(draw(entries(line)) for line in range(1, 1 + draw(st.integers(0, 3))))
    opening = draw(st.integers(-(10**12), 10**12))
    closing = opening + sum(one.change for one in found)
    day = date(2024, 3, 14)
    pairs = (("OPBD", opening), ("CLBD", closing))
    balances = tuple(Balance(type=Coded(code=code), amount=one, currency="KZT", day=day) for code, one in pairs)
    net = sum((1 if one.direction == "credit" else -1) * one.amount for one in found)
    totals = Totals(count=len(found), amount=sum(one.amount for one in found))
    return BankReport(
        kind=kind,
        message_id="M-1",
        message_created=MOMENT,
        identification=draw(texts(35, 1)),
        account=draw(accounts),
        created=MOMENT,
        electronic_number=draw(st.none() | st.integers(0, 10**17)),
        legal_number=draw(st.none() | st.integers(0, 10**17)),
        from_moment=MOMENT,
        to_moment="2024-03-14T23:59:59.999Z",
        copy=draw(st.sampled_from(["", "DUPL"])),
        account_name=draw(texts(70)),
        owner=draw(st.none() | parties),
        servicer=draw(st.none() | agents),
        balances=() if kind == "notification" else balances,
        summary=draw(st.sampled_from([None, Summary(entries=totals, net=net), Summary(entries=totals)])),
        entries=found,
        additional=draw(texts(500)),
    )


kinds = st.sampled_from(["statement", "notification", "report"])
messages = kinds.flatmap(lambda kind: st.lists(reports(kind), min_size=1, max_size=2).map(tuple))


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(messages)
def test_what_is_written_is_valid_and_read_back(given_reports: tuple[BankReport, ...]) -> None:
    data = camt_write.write(given_reports)
    assert validate(data) == []
    assert camt.read(data, "march.xml") == given_reports
    assert camt_write.write(given_reports) == data


@pytest.mark.parametrize("name", ["camt.053.001.08_batch.xml", "camt.054.001.08_returns.xml"])
def test_what_is_written_of_a_file_in_that_version_is_that_file(name: str) -> None:
    data = (FOLDER / name).read_bytes()
    [found] = camt.read(data, name)
    written = camt_write.write([replace(found, other=())]).decode()
    page = "      <MsgPgntn>\n        <PgNb>1</PgNb>\n        <LastPgInd>true</LastPgInd>\n      </MsgPgntn>\n"
    assert written == data.decode().replace(page, "")


def test_an_older_version_is_written_as_08() -> None:
    [found] = camt.read((FOLDER / "camt.053.001.02_statement.xml").read_bytes(), "march.xml")
    data = camt_write.write([found])
    assert b"camt.053.001.08" in data
    assert camt.read(data, "march.xml") == (found,)


BASE = BankReport(
    kind="report",
    message_id="M-1",
    message_created=MOMENT,
    identification="R-1",
    created=MOMENT,
    account=Account(iban=IBANS[0]),
)
ENTRY = Entry(line=1, amount=100, currency="KZT", direction="credit", status="booked")


def with_entry(**changes: Any) -> list[BankReport]:
    return [replace(BASE, entries=(replace(ENTRY, **changes),))]


@pytest.mark.parametrize(
    ("given_reports", "place", "expected"),
    [
        ([], "reports", "at least one report"),
        ([BASE, replace(BASE, message_id="M-2")], "GrpHdr", "one kind, message and creation time"),
        ([replace(BASE, other=(("New", "1"),))], "Rpt 1", "no elements that Esep does not know"),
        (
            with_entry(batches=(Batch(details=(PaymentDetails(other=(("New", "1"),)),)),)),
            "details 1",
            "no elements that",
        ),
        (with_entry(line=2), "Rpt 1, entry 1", "entries counted from 1"),
        (with_entry(amount=-1), "Rpt 1, entry 1", "0 to 92233720368547758 hundredths"),
        (with_entry(booked_at=MOMENT), "Rpt 1, entry 1, booked on", "a moment of that day, or no moment"),
        (with_entry(booked_on=date(2024, 3, 15), booked_at=MOMENT), "booked on", "a moment of that day"),
        (with_entry(reference="x" * 36), "BkToCstmrAcctRpt/Rpt/Ntry", "what camt.052.001.08.xsd"),
        (
            [replace(BASE, entries=(ENTRY, replace(ENTRY, line=2, currency="тг")))],
            "BkToCstmrAcctRpt/Rpt/Ntry 2/Amt",
            "what camt.052.001.08.xsd",
        ),
        (with_entry(additional=" a"), "Rpt/Ntry/AddtlNtryInf", "no blanks and line breaks around the text"),
        (with_entry(additional="a\rb"), "Rpt/Ntry/AddtlNtryInf", "characters that XML carries"),
        (with_entry(code=BankCode(domain="PMNT")), "Domn", "what camt.052.001.08.xsd"),
        (with_entry(code=BankCode()), "entries 1, code", "a value that is read back as it is, not as None"),
        (with_entry(batches=(Batch(count=2, details=(PaymentDetails(),)),)), "NbOfTxs", "1, as payments are there"),
        ([replace(BASE, message_created="yesterday")], "GrpHdr/CreDtTm", "what camt.052.001.08.xsd"),
        ([replace(BASE, account=Account())], "BkToCstmrAcctRpt/Rpt (line 8)", "what camt.052.001.08.xsd"),
        ([replace(BASE, summary=Summary(debits=Totals(amount=-1)))], "summary", "0 to 92233720368547758 hundredths"),
    ],
)
def test_what_would_not_be_read_back_is_refused(given_reports: list[BankReport], place: str, expected: str) -> None:
    with pytest.raises(FormatError) as refusal:
        camt_write.write(given_reports)
    [fault, *_] = refusal.value.faults
    assert place in fault.place
    assert expected in fault.expected
    assert fault.code in (Code.UNWRITABLE, Code.TOTAL)


def test_a_statement_that_does_not_add_up_is_not_written() -> None:
    [found] = camt.read((FOLDER / "camt.053.001.02_statement.xml").read_bytes(), "march.xml")
    with pytest.raises(FormatError, match=r"camt.053 to write is refused, 1 fault:\n.*Bal CLBD: found '103114,30'"):
        camt_write.write([replace(found, summary=None, entries=found.entries[:3])])
