"""pain.002: what a bank answers, group by group and payment by payment, and writing that is read back."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from formats import mx, pain002
from formats.errors import FormatError
from formats.mx_original import OriginalMessage, Reason
from formats.mx_parts import Agent, Coded
from formats.mx_status import STATUSES, GroupStatus, PaymentStatus, StatusCount
from formats.pain002 import InstructionStatus, Pain002
from tests.formats import payments
from tests.formats.payments import fixture

PART = Pain002(
    message_id="S240314-9",
    created="2024-03-14T09:31:00Z",
    debtor_agent=Agent(bic="KSNVKZKA"),
    group=GroupStatus(
        original=OriginalMessage(message_id="F240314", message_name="pain.001.001.12"),
        original_count=2,
        original_control_sum=8000000,
        status="PART",
    ),
    instructions=(
        InstructionStatus(
            original_group_id="F240314-1",
            status="PART",
            counts=(StatusCount(count=1, status="PDNG"),),
            payments=(
                PaymentStatus(status="PDNG", original_end_to_end_id="F240314-1-1"),
                PaymentStatus(
                    status="RJCT",
                    original_end_to_end_id="F240314-1-2",
                    reasons=(Reason(reason=Coded(code="AC01"), information=("Recipient IBAN is invalid",)),),
                ),
            ),
        ),
    ),
)


def test_what_esep_writes_is_read_and_written_byte_for_byte() -> None:
    assert pain002.read(fixture("pain.002_part.xml"), "a.xml") == (PART,)
    assert pain002.write(PART) == fixture("pain.002_part.xml")
    assert [one.original_end_to_end_id for one in PART.payments if one.is_rejected] == ["F240314-1-2"]


def test_an_old_version_accepts_a_whole_message() -> None:
    (message,) = pain002.read(fixture("pain.002_accepted.xml"), "a.xml")
    assert (message.version, message.group.status, message.group.original.message_id) == ("001.03", "ACCP", "M1")
    assert message.instructions == ()


def test_a_report_that_names_no_message_is_refused() -> None:
    with pytest.raises(FormatError) as refusal:
        pain002.read(fixture("broken/pain.002_no_original.xml"), "a.xml")
    assert [str(fault) for fault in refusal.value.faults] == [
        (
            "line 3, CstmrPmtStsRpt/OrgnlGrpInfAndSts: found 'nothing', expected an element OrgnlGrpInfAndSts; "
            "ask the sender for a corrected file"
        )
    ]


@pytest.mark.parametrize(
    "body",
    [
        "<Other/>",
        "<CstmrPmtStsRpt/>",
        "<CstmrPmtStsRpt><GrpHdr/><OrgnlGrpInfAndSts/></CstmrPmtStsRpt>",
        "<CstmrPmtStsRpt><TxInfAndSts/></CstmrPmtStsRpt>",
    ],
)
def test_what_is_no_report_is_said(body: str) -> None:
    data = f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.14">{body}</Document>'.encode()
    with pytest.raises(FormatError):
        pain002.read(data, "a.xml")


statuses = st.sampled_from(sorted(STATUSES))
payment_statuses = st.builds(
    PaymentStatus,
    status=statuses,
    original_end_to_end_id=payments.maybe(payments.ids),
    original_instruction_id=payments.maybe(payments.ids),
    original_uetr=payments.maybe(payments.uetrs),
    reasons=payments.reasons,
    accepted=payments.maybe(payments.moments),
    original=st.none() | payments.original_transfers,
)
instructions = st.builds(
    InstructionStatus,
    original_group_id=payments.ids,
    original_count=st.none() | st.integers(0, 10**9),
    original_control_sum=st.none() | payments.amounts,
    status=payments.maybe(statuses),
    reasons=payments.reasons,
    payments=st.lists(payment_statuses.filter(lambda one: one != PaymentStatus()), max_size=2).map(tuple),
)
reports = st.builds(
    Pain002,
    message_id=payments.ids,
    created=payments.moments,
    initiator=st.none() | payments.parties(),
    debtor_agent=st.none() | payments.agents,
    creditor_agent=st.none() | payments.agents,
    group=st.builds(GroupStatus, original=payments.original_messages, status=statuses, reasons=payments.reasons),
    instructions=st.lists(instructions, max_size=2).map(tuple),
)


@given(reports)
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], max_examples=50)
def test_what_is_written_is_valid_and_read_back(message: Pain002) -> None:
    data = pain002.write(message)
    assert mx.validate(data) == []
    assert pain002.read(data, "a.xml") == (message,)


def test_a_reference_that_only_banks_use_is_refused() -> None:
    payment = replace(PART.instructions[0].payments[0], original_transaction_id="1")
    message = replace(PART, instructions=(replace(PART.instructions[0], payments=(payment,)),))
    with pytest.raises(FormatError, match="OrgnlTxId"):
        pain002.write(message)
