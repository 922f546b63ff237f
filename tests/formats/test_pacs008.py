"""pacs.008: the fixtures and their readings, what is proved on the way, and writing that is read back."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from formats import mx, pacs002, pacs004, pacs008, pain001, pain002
from formats.errors import Code, Findings, FormatError
from formats.mx_parts import Account, Agent, Birth, Coded, Identifier, Party, RegulatoryDetail, RegulatoryReport
from formats.pacs008 import CreditTransfer, Header, Pacs008
from tests.formats import payments
from tests.formats.messages import answer, mutated
from tests.formats.payments import fixture

AUTHORITY = 'ГУ "УПРАВЛЕНИЕ ЗАНЯТОСТИ И СОЦПРОГРАММ (СИНТЕТИКА)"'
CREDITING = Pacs008(
    header=Header(
        message_id="F230701-101",
        created="2023-07-01T09:30:00+05:00",
        count=2,
        settlement_method="CLRG",
        control_sum=8000000,
        total=mx.Amount(value=8000000, currency="KZT"),
        settlement_date=date(2023, 7, 1),
        clearing_system=Coded(proprietary="SCLEAR"),
        instructing_agent=Agent(bic="KKMFKZ2A"),
        instructed_agent=Agent(bic="HSBKKZKX"),
    ),
    transfers=(
        CreditTransfer(
            instruction_id="1",
            end_to_end_id="F230701-101-1",
            transaction_id="F230701-101-1",
            uetr="86d7da8e-6e41-4466-b9bb-9b41d5814d5a",
            clearing_reference="0010066410",
            priority="NORM",
            amount=500000,
            currency="KZT",
            settlement_date=date(2023, 7, 1),
            charge_bearer="SLEV",
            ultimate_debtor=Party(
                name='ГУ "АКИМАТ (СИНТЕТИКА)"',
                kind="organisation",
                identifiers=(Identifier(number="230140999968"),),
                residence="KZ",
            ),
            debtor=Party(
                name=AUTHORITY,
                kind="organisation",
                identifiers=(Identifier(number="230140999968", scheme=Coded(proprietary="BIN"), issuer="KZ"),),
            ),
            debtor_account=Account(iban="KZ77070103KSN9999000", currency="KZT"),
            debtor_agent=Agent(bic="KKMFKZ2A"),
            creditor_agent=Agent(
                bic="HSBKKZKX",
                name='АО "БАНК-ПОЛУЧАТЕЛЬ"',
                identifier=Identifier(number="150540999975"),
                branch="0101",
            ),
            creditor_agent_account=Account(iban="KZ286017A99999999910"),
            creditor=Party(
                name="СЫНАҚОВ АРМАН ТЕСТҰЛЫ",
                kind="person",
                identifiers=(Identifier(number="800101399997", scheme=Coded(proprietary="IIN")),),
                birth=Birth(day=date(1980, 1, 1), city="АСТАНА", country="KZ"),
            ),
            creditor_account=Account(iban="KZ986017A99999999911"),
            purpose=Coded(proprietary="311"),
            regulatory=(
                RegulatoryReport(indicator="DEBT", details=(RegulatoryDetail(type="KOD", code="12"),)),
                RegulatoryReport(
                    indicator="CRED",
                    details=(RegulatoryDetail(type="KBE", code="14", information=("РЕЗИДЕНТ",)),),
                ),
            ),
            remittance=("ЗАЧИСЛЕНИЕ НА КАРТ-СЧЕТА ПО СПИСКУ", "РЕЕСТР 17"),
        ),
        CreditTransfer(
            end_to_end_id="F230701-101-2",
            amount=7500000,
            currency="KZT",
            charge_bearer="SLEV",
            debtor=Party(name=AUTHORITY),
            debtor_agent=Agent(bic="KKMFKZ2A"),
            creditor_agent=Agent(member="601"),
            creditor=Party(name="ПРИМЕРОВА АННА ПЕТРОВНА"),
            creditor_account=Account(number="4400430199990000"),
            ultimate_creditor=Party(name="ОБРАЗЦОВ ИВАН"),
            purpose=Coded(code="SSBE"),
        ),
    ),
)


def test_the_message_that_esep_writes_is_read_and_written_byte_for_byte() -> None:
    assert pacs008.read(fixture("pacs.008_crediting.xml"), "a.xml") == (CREDITING,)
    assert pacs008.write(CREDITING) == fixture("pacs.008_crediting.xml")
    assert CREDITING.total == 8000000


def test_an_old_version_has_bic_instead_of_bicfi() -> None:
    (message,) = pacs008.read(fixture("pacs.008_old_version.xml"), "a.xml")
    (transfer,) = message.transfers
    assert (message.header.version, transfer.amount) == ("001.02", 4260050)
    assert (transfer.debtor_agent.bic, transfer.debtor.bic, transfer.debtor.number) == (
        "GCVPKZ2A",
        "GCVPKZ2A",
        "160440007161",
    )


def test_a_new_version_in_an_envelope_keeps_and_notes_what_is_not_known() -> None:
    findings = Findings("a.xml")
    (message,) = pacs008.messages(BytesIO(fixture("pacs.008_in_envelope.xml")), findings)
    findings.check()
    assert (message.header.version, message.header.created) == ("001.13", "2025-01-13T09:30:00.123Z")
    assert message.header.other == (("XpryDtTm", "2025-01-14T00:00:00Z"),)
    assert message.other == (("SplmtryData/PlcAndNm", "КНП"), ("SplmtryData/Envlp/Knp", "048"))
    (transfer,) = message.transfers
    assert transfer.creditor.other == (("PstlAdr/TwnNm", "АСТАНА"), ("PstlAdr/Ctry", "KZ"))
    assert transfer.other == (("SplmtryData/Envlp/Note", "1"),)
    assert {note.place.rpartition("/")[2] for note in findings.notes} == {
        *("XpryDtTm", "PlcAndNm", "Knp", "TwnNm", "Ctry", "Note")
    }


BROKEN = [
    (
        "wrong_count",
        [Code.TOTAL],
        (
            "line 4, GrpHdr/NbOfTxs: found '3', expected 2, the transactions counted (difference 1); "
            "ask the sender for a corrected file"
        ),
    ),
    (
        "wrong_sums",
        [Code.TOTAL, Code.TOTAL],
        (
            "line 4, GrpHdr/CtrlSum: found '80000.01', expected 80000.00, the sum of 2 transactions (difference 0.01); "
            "ask the sender for a corrected file"
        ),
    ),
    (
        "no_end_to_end_id",
        [Code.MISSING],
        (
            "line 141, CdtTrfTxInf/PmtId/EndToEndId: found 'nothing', expected an element PmtId/EndToEndId; "
            "ask the sender for a corrected file"
        ),
    ),
    (
        "two_currencies",
        [Code.CURRENCY],
        (
            "line 145, CdtTrfTxInf/IntrBkSttlmAmt: found 'USD', expected KZT as before: one currency in a message; "
            "ask the sender for a message for each currency"
        ),
    ),
    (
        "long_id",
        [Code.VALUE],
        (
            "line 31, CdtTrfTxInf/PmtId/EndToEndId: found 'F230701-101-1-0123456789-0123456789-0123456789', "
            "expected at most 35 characters, not 46; ask the sender for a corrected file"
        ),
    ),
    (
        "amount_and_date",
        [Code.DATE, Code.AMOUNT, Code.DATE],
        (
            "line 10, GrpHdr/IntrBkSttlmDt: found '2023-06-31', expected a day like 2024-03-14; "
            "ask the sender for a corrected file"
        ),
    ),
    (
        "misplaced",
        [Code.TOTAL, Code.TOTAL, Code.TOTAL, Code.XML_SCHEMA],
        (
            "line 4, GrpHdr/NbOfTxs: found '2', expected 1, the transactions counted (difference 1); "
            "ask the sender for a corrected file"
        ),
    ),
    (
        "cut_short",
        [Code.FILE_CUT_SHORT],
        (
            "line 118, end of file: found 'Premature end of data in tag CdtTrfTxInf line 28', "
            "expected every element closed; ask the sender for the whole file"
        ),
    ),
]


@pytest.mark.parametrize(("name", "codes", "first"), BROKEN, ids=[one[0] for one in BROKEN])
def test_a_broken_message_is_refused_with_all_its_faults(name: str, codes: list[Code], first: str) -> None:
    with pytest.raises(FormatError) as refusal:
        pacs008.read(fixture(f"broken/pacs.008_{name}.xml"), "a.xml")
    assert [fault.code for fault in refusal.value.faults] == codes
    assert str(refusal.value.faults[0]) == first


def document(body: str, version: str = "001.08") -> bytes:
    return f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.008.{version}">{body}</Document>'.encode()


@pytest.mark.parametrize(
    ("data", "code", "why"),
    [
        (document("<Other/>"), Code.MISSING, "no message in the document"),
        (document("<FIToFICstmrCdtTrf/>"), Code.MISSING, "an empty message"),
        (document("<FIToFICstmrCdtTrf><GrpHdr/><GrpHdr/></FIToFICstmrCdtTrf>"), Code.REPEATED, "two headers"),
        (document("<FIToFICstmrCdtTrf/>", "001.14"), Code.XML_NAMESPACE, "a version to come"),
        (fixture("pacs.004_return.xml"), Code.XML_NAMESPACE, "another message"),
        (b"", Code.FILE_EMPTY, "nothing"),
    ],
)
def test_what_is_no_transfer_is_said(data: bytes, code: Code, why: str) -> None:
    with pytest.raises(FormatError) as refusal:
        pacs008.read(data, "a.xml")
    assert code in {fault.code for fault in refusal.value.faults}, why


def test_many_transfers_come_in_pieces_with_one_header() -> None:
    transfer = CREDITING.transfers[1]
    count = pacs008.PIECE * 2 + 1
    header = Header(message_id="M", created="2024-03-14T09:30:00Z", count=count, settlement_method="CLRG")
    message = Pacs008(header=header, transfers=(transfer,) * count)
    data = pacs008.write(message)
    findings = Findings("a.xml")
    pieces = list(pacs008.pieces(BytesIO(data), findings))
    findings.check()
    assert [len(piece.transfers) for piece in pieces] == [1000, 1000, 1]
    assert len({id(piece.header) for piece in pieces}) == 1
    assert pacs008.read(data, "a.xml") == (message,)


transfers = st.builds(
    CreditTransfer,
    end_to_end_id=payments.ids,
    amount=payments.amounts,
    currency=st.just("KZT"),
    charge_bearer=st.sampled_from(["DEBT", "CRED", "SHAR", "SLEV"]),
    debtor=payments.parties(),
    debtor_agent=payments.agents,
    creditor_agent=payments.agents,
    creditor=payments.parties(),
    instruction_id=payments.maybe(payments.ids),
    transaction_id=payments.maybe(payments.ids),
    uetr=payments.maybe(payments.uetrs),
    clearing_reference=payments.maybe(payments.ids),
    priority=st.sampled_from(["", "HIGH", "NORM"]),
    settlement_date=st.none() | payments.days,
    ultimate_debtor=st.none() | payments.parties(),
    debtor_account=st.none() | payments.accounts,
    creditor_agent_account=st.none() | payments.accounts,
    creditor_account=st.none() | payments.accounts,
    ultimate_creditor=st.none() | payments.parties(),
    purpose=st.none() | payments.codes,
    regulatory=payments.regulatory,
    remittance=payments.remittances,
)


@st.composite
def messages(draw: st.DrawFn) -> Pacs008:
    """Any message that may be written."""
    found = tuple(draw(st.lists(transfers, min_size=1, max_size=3)))
    total = sum(one.amount for one in found)
    header = Header(
        message_id=draw(payments.ids),
        created=draw(payments.moments),
        count=len(found),
        settlement_method=draw(st.sampled_from(["INDA", "INGA", "CLRG"])),
        control_sum=draw(st.sampled_from([None, total])),
        total=draw(st.sampled_from([None, mx.Amount(value=total, currency="KZT")])),
        settlement_date=draw(st.none() | payments.days),
        clearing_system=draw(st.none() | st.builds(Coded, proprietary=payments.texts(35))),
        instructing_agent=draw(st.none() | payments.agents),
        instructed_agent=draw(st.none() | payments.agents),
    )
    return Pacs008(header=header, transfers=found)


@given(messages())
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60)
def test_what_is_written_is_valid_and_read_back(message: Pacs008) -> None:
    data = pacs008.write(message)
    assert mx.validate(data) == []
    assert pacs008.read(data, "a.xml") == (message,)


TRANSFER = CREDITING.transfers[1]
HEADER = replace(CREDITING.header, control_sum=None, total=None, count=1)
UNWRITABLE = [
    ({"end_to_end_id": "X" * 36}, "EndToEndId: found", "35 characters at most"),
    ({"end_to_end_id": ""}, "CdtTrfTxInf/PmtId", "a reference is mandatory"),
    ({"amount": -1}, "CdtTrfTxInf/IntrBkSttlmAmt", "no sign"),
    ({"amount": 10**17}, "IntrBkSttlmAmt", "beyond what an amount may be"),
    ({"currency": ""}, "IntrBkSttlmAmt", "no currency"),
    ({"charge_bearer": "SELF"}, "CdtTrfTxInf/ChrgBr", "no code of the list"),
    ({"remittance": (" text",)}, "RmtInf/Ustrd", "a blank at the start would be lost"),
    ({"remittance": ("",)}, "transfers 1 remittance", "an empty line would be lost"),
    ({"remittance": ("a\x00b",)}, "RmtInf/Ustrd", "XML carries no zero byte"),
    ({"creditor": Party(name="A", other=(("PstlAdr/Ctry", "KZ"),))}, "creditor other: found", "not written"),
    ({"creditor": Party(name="A", kind="person")}, "transfers 1 creditor kind", "no number says that it is a person"),
    ({"creditor_account": Account(iban="KZ1", number="2")}, "CdtrAcct/Id", "one of both"),
    ({"uetr": "1"}, "PmtId/UETR", "no UUID"),
    ({"debtor_agent": Agent(bic="halyk")}, "DbtrAgt/FinInstnId/BICFI", "no BIC"),
]


@pytest.mark.parametrize(("change", "words", "why"), UNWRITABLE, ids=[one[2] for one in UNWRITABLE])
def test_what_would_not_be_read_back_is_refused(change: dict[str, object], words: str, why: str) -> None:
    message = Pacs008(header=HEADER, transfers=(replace(TRANSFER, **change),))  # type: ignore[arg-type]
    with pytest.raises(FormatError) as refusal:
        pacs008.write(message)
    assert words in str(refusal.value), why
    assert {fault.code for fault in refusal.value.faults} == {Code.UNWRITABLE}


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (
            replace(HEADER, count=2),
            (
                "GrpHdr/NbOfTxs: found '2', expected 1, the transactions counted (difference 1); "
                "correct it before it is written"
            ),
        ),
        (
            replace(HEADER, version="001.02"),
            (
                "header version: found '001.02', expected 001.08, the version that is written; "
                "correct it before it is written"
            ),
        ),
        (replace(HEADER, message_id=""), "GrpHdr/MsgId: found 'nothing', expected an element MsgId"),
        (replace(HEADER, created="yesterday"), "GrpHdr/CreDtTm: found"),
    ],
)
def test_a_head_that_does_not_fit_is_refused(header: Header, words: str) -> None:
    with pytest.raises(FormatError) as refusal:
        pacs008.write(Pacs008(header=header, transfers=(TRANSFER,)))
    assert words in str(refusal.value)


READERS = {"pacs.008": pacs008, "pacs.004": pacs004, "pacs.002": pacs002, "pain.001": pain001, "pain.002": pain002}
FILES = sorted(path for path in payments.FIXTURES.glob("pa*.xml"))


@pytest.mark.parametrize("name", [path.name for path in FILES])
@given(data=st.data())
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
def test_nothing_but_a_format_error_comes_out_of_a_reader(name: str, data: st.DataObject) -> None:
    reader: ModuleType = READERS[name.partition("_")[0]]
    changed = data.draw(mutated(fixture(name)))
    answer(lambda: reader.read(changed, "a.xml"))


@pytest.mark.parametrize("name", [path.name for path in FILES])
def test_a_file_cut_at_any_place_is_refused(name: str) -> None:
    whole = fixture(name).rstrip()
    reader: ModuleType = READERS[name.partition("_")[0]]
    for end in range(0, len(whole), 97):
        with pytest.raises(FormatError):
            reader.read(whole[:end], "a.xml")
