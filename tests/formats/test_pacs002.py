"""pacs.002: waiting, settled and refused payments, and writing that is read back."""

from datetime import date
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from formats import mx, pacs002
from formats.errors import Findings, FormatError
from formats.mx_original import OriginalMessage, OriginalTransfer, Reason
from formats.mx_parts import Agent, Coded
from formats.mx_status import STATUSES, GroupStatus, PaymentStatus, StatusCount
from formats.pacs002 import Pacs002
from tests.formats import payments
from tests.formats.payments import fixture

PENDING = Pacs002(
    message_id="S230701-1",
    created="2023-07-01T09:30:05+05:00",
    instructing_agent=Agent(bic="KISCKZKX"),
    instructed_agent=Agent(bic="KKMFKZ2A"),
    groups=(
        GroupStatus(
            original=OriginalMessage(message_id="F230701-101", message_name="pacs.008.001.08"),
            original_count=4,
            original_control_sum=13760000,
            status="PDNG",
        ),
    ),
)
SETTLED = Pacs002(
    message_id="S230701-2",
    created="2023-07-01T15:05:00+05:00",
    payments=(
        PaymentStatus(
            status="ACSC",
            status_id="S230701-2-1",
            original_message=OriginalMessage(message_id="F230701-101", message_name="pacs.008.001.08"),
            original_instruction_id="1",
            original_end_to_end_id="F230701-101-1",
            original_transaction_id="F230701-101-1",
            original_uetr="86d7da8e-6e41-4466-b9bb-9b41d5814d5a",
            accepted="2023-07-01T09:30:05+05:00",
            settlement_date=date(2023, 7, 1),
            bank_reference="RMZ1234567",
            clearing_reference="0010066410",
            original=OriginalTransfer(amount=mx.Amount(value=500000, currency="KZT")),
        ),
    ),
)


@pytest.mark.parametrize(("name", "expected"), [("pacs.002_pending.xml", PENDING), ("pacs.002_settled.xml", SETTLED)])
def test_what_esep_writes_is_read_and_written_byte_for_byte(name: str, expected: Pacs002) -> None:
    assert pacs002.read(fixture(name), name) == (expected,)
    assert pacs002.write(expected) == fixture(name)


def test_refusals_come_with_their_reasons_and_a_lacking_one_is_noted() -> None:
    findings = Findings("a.xml")
    (message,) = pacs002.messages(BytesIO(fixture("pacs.002_rejected.xml")), findings)
    findings.check()
    (group,) = message.groups
    assert (group.status, group.counts) == ("PART", (StatusCount(count=1, status="RJCT", control_sum=4260000),))
    refused, unexplained, queued = message.payments
    assert refused.is_rejected
    assert refused.reasons == (
        Reason(reason=Coded(code="AC01"), information=("СЧЕТ НЕ НАЙДЕН", "KZ446017A99999999913")),
    )
    assert (unexplained.is_rejected, queued.is_rejected) == (True, False)
    assert [str(note) for note in findings.notes] == [
        "line 28, TxInfAndSts/TxSts: 'RJCT', refused without a reason: ask the bank",
        "line 32, TxInfAndSts/TxSts: 'QUED', a status that is not known, kept as it is",
    ]


def test_a_report_without_a_status_is_refused() -> None:
    with pytest.raises(FormatError) as refusal:
        pacs002.read(fixture("broken/pacs.002_no_status.xml"), "a.xml")
    assert [str(fault) for fault in refusal.value.faults] == [
        (
            "line 3, FIToFIPmtStsRpt/TxInfAndSts/TxSts: found 'nothing', expected a status: TxSts of a payment or "
            "GrpSts of a message; ask the sender for a corrected file"
        )
    ]


@pytest.mark.parametrize("body", ["<Other/>", "<FIToFIPmtStsRpt/>", "<FIToFIPmtStsRpt><GrpHdr/></FIToFIPmtStsRpt>"])
def test_what_is_no_report_is_said(body: str) -> None:
    data = f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.002.001.12">{body}</Document>'.encode()
    with pytest.raises(FormatError):
        pacs002.read(data, "a.xml")


statuses = st.sampled_from(sorted(STATUSES))
counts = st.builds(StatusCount, count=st.integers(0, 10**9), status=statuses, control_sum=st.none() | payments.amounts)
groups = st.builds(
    GroupStatus,
    original=payments.original_messages,
    original_count=st.none() | st.integers(0, 10**9),
    original_control_sum=st.none() | payments.amounts,
    status=statuses,
    reasons=payments.reasons,
    counts=st.lists(counts, max_size=2).map(tuple),
)
payment_statuses = st.builds(
    PaymentStatus,
    status=statuses,
    status_id=payments.maybe(payments.ids),
    original_message=st.none() | payments.original_messages,
    original_instruction_id=payments.maybe(payments.ids),
    original_end_to_end_id=payments.maybe(payments.ids),
    original_transaction_id=payments.maybe(payments.ids),
    original_uetr=payments.maybe(payments.uetrs),
    reasons=payments.reasons,
    accepted=payments.maybe(payments.moments),
    settlement_date=st.none() | payments.days,
    bank_reference=payments.maybe(payments.ids),
    clearing_reference=payments.maybe(payments.ids),
    original=st.none() | payments.original_transfers,
)
reports = st.builds(
    Pacs002,
    message_id=payments.ids,
    created=payments.moments,
    instructing_agent=st.none() | payments.agents,
    instructed_agent=st.none() | payments.agents,
    groups=st.lists(groups, min_size=1, max_size=2).map(tuple),
    payments=st.lists(payment_statuses, max_size=2).map(tuple),
)


@given(reports)
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], max_examples=50)
def test_what_is_written_is_valid_and_read_back(message: Pacs002) -> None:
    data = pacs002.write(message)
    assert mx.validate(data) == []
    assert pacs002.read(data, "a.xml") == (message,)
