"""pain.001: messages to Freedom Bank, old versions, totals of groups, a bank's limits, writing that is read back."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from formats import mx, pain001
from formats.errors import Code, Findings, FormatError
from formats.mx_parts import Account, Agent, Party
from formats.pain001 import FREEDOM, Group, Header, Pain001, Transfer
from tests.formats import payments
from tests.formats.payments import fixture

CLIENT = Party(name="ТОО СИНТЕТИКА")
FIRST = Transfer(
    end_to_end_id="F240314-1-1",
    amount=500000,
    currency="KZT",
    creditor_agent=Agent(bic="HSBKKZKX"),
    creditor=Party(name="СЫНАҚОВ АРМАН ТЕСТҰЛЫ"),
    creditor_account=Account(iban="KZ986017A99999999911"),
    remittance=("ЗАРАБОТНАЯ ПЛАТА ЗА МАРТ 2024",),
)
SECOND = Transfer(
    end_to_end_id="F240314-1-2",
    amount=7500000,
    currency="KZT",
    creditor_agent=Agent(bic="HSBKKZKX"),
    creditor=Party(name="ПРИМЕРОВА АННА ПЕТРОВНА"),
    creditor_account=Account(iban="KZ716017A99999999912"),
)
GROUP = Group(
    group_id="F240314-1",
    execution_date=date(2024, 3, 14),
    debtor=CLIENT,
    debtor_account=Account(iban="KZ076017A99999999900"),
    debtor_agent=Agent(bic="KSNVKZKA"),
    transfers=(FIRST, SECOND),
    count=2,
    control_sum=8000000,
    batch="false",
    priority="NORM",
)
MESSAGE = Pain001(
    header=Header(message_id="F240314", created="2024-03-14T09:30:00Z", count=2, control_sum=8000000, initiator=CLIENT),
    groups=(GROUP,),
)


def with_transfers(*transfers: Transfer, **changes: object) -> Pain001:
    """The message with other transfers and right totals."""
    count, total = len(transfers), sum(one.amount for one in transfers)
    group = replace(GROUP, transfers=transfers, count=count, control_sum=total)
    group = replace(group, **changes)  # type: ignore[arg-type]
    return Pain001(header=replace(MESSAGE.header, count=count, control_sum=total), groups=(group,))


def test_the_message_to_freedom_bank_is_read_and_written_byte_for_byte() -> None:
    assert pain001.read(fixture("pain.001_freedom.xml"), "a.xml") == (MESSAGE,)
    assert pain001.write(MESSAGE, FREEDOM) == fixture("pain.001_freedom.xml")


def test_an_old_version_has_the_day_and_the_bic_elsewhere() -> None:
    (message,) = pain001.read(fixture("pain.001_old_version.xml"), "a.xml")
    assert message.header.version == "001.03"
    assert [(group.group_id, group.execution_date, group.debtor_agent.bic) for group in message.groups] == [
        ("P1", date(2014, 3, 14), "HSBKKZKX"),
        ("P2", date(2014, 3, 15), "HSBKKZKX"),
    ]
    assert message.groups[0].debtor == Party(name="ТОО СИНТЕТИКА", kind="organisation", bic="HSBKKZKX")
    assert [one.amount for one in message.transfers] == [10000, 20050]


def test_a_time_of_day_and_an_account_for_charges_are_noted() -> None:
    findings = Findings("a.xml")
    (message,) = pain001.messages(BytesIO(fixture("pain.001_with_time.xml")), findings)
    findings.check()
    (group,) = message.groups
    assert (group.execution_date, group.transfers[0].uetr[:8]) == (date(2024, 3, 14), "86d7da8e")
    assert group.other == (("ChrgsAcct/Id/IBAN", "KZ076017A99999999900"),)
    assert [str(note) for note in findings.notes] == [
        "line 10, PmtInf/ReqdExctnDt/DtTm: '2024-03-14T12:00:00+05:00', the day is kept without the time",
        "line 17, PmtInf/ChrgsAcct/Id/IBAN: 'KZ076017A99999999900', is not read and kept with the other elements",
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "wrong_sum",
            [
                (
                    "line 4, GrpHdr/CtrlSum: found '80000.50', expected 80000.00, the sum of 2 transactions "
                    "(difference 0.50); ask the sender for a corrected file"
                )
            ],
        ),
        (
            "wrong_group",
            [
                (
                    "line 13, PmtInf/NbOfTxs: found '5', expected 2, the transactions counted (difference 3); "
                    "ask the sender for a corrected file"
                ),
                (
                    "line 13, PmtInf/CtrlSum: found '81000.00', expected 80000.00, the sum of 2 transactions "
                    "(difference 1000.00); ask the sender for a corrected file"
                ),
            ],
        ),
    ],
)
def test_totals_are_proved_for_the_message_and_for_each_group(name: str, expected: list[str]) -> None:
    with pytest.raises(FormatError) as refusal:
        pain001.read(fixture(f"broken/pain.001_{name}.xml"), "a.xml")
    assert [str(fault) for fault in refusal.value.faults] == expected


@pytest.mark.parametrize(
    "body",
    [
        "<Other/>",
        "<CstmrCdtTrfInitn/>",
        "<CstmrCdtTrfInitn><GrpHdr/></CstmrCdtTrfInitn>",
        "<CstmrCdtTrfInitn><GrpHdr/><PmtInf/></CstmrCdtTrfInitn>",
        "<CstmrCdtTrfInitn><GrpHdr/><GrpHdr/><CdtTrfTxInf/></CstmrCdtTrfInitn>",
    ],
)
def test_what_is_no_order_is_said(body: str) -> None:
    data = f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.12">{body}</Document>'.encode()
    with pytest.raises(FormatError):
        pain001.read(data, "a.xml")


def test_a_transfer_outside_of_a_group_is_refused() -> None:
    body = b"<CstmrCdtTrfInitn><CdtTrfTxInf/></CstmrCdtTrfInitn>"
    with pytest.raises(FormatError) as refusal:
        pain001.read(
            b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.12">' + body + b"</Document>", "a.xml"
        )
    assert str(refusal.value.faults[0]) == (
        "line 1, CdtTrfTxInf: found 'inside CstmrCdtTrfInitn', expected inside PmtInf; "
        "ask the sender for a file that follows the message definition"
    )


def test_many_transfers_come_in_pieces_with_one_header_and_the_head_of_their_group() -> None:
    count = pain001.PIECE * 2
    message = with_transfers(*(replace(SECOND, end_to_end_id=str(number)) for number in range(count)))
    data = pain001.write(message)
    findings = Findings("a.xml")
    pieces = list(pain001.pieces(BytesIO(data), findings))
    findings.check()
    assert [[len(group.transfers) for group in piece.groups] for piece in pieces] == [[1000], [1000], [0], []]
    assert len({id(piece.header) for piece in pieces}) == 1
    assert len({id(group.debtor) for piece in pieces for group in piece.groups}) == 1
    assert pain001.read(data, "a.xml") == (message,)


LIMITS = [
    (with_transfers(*(replace(FIRST, end_to_end_id=str(one)) for one in range(501))), "transfers: found '501'"),
    (with_transfers(FIRST, FIRST), "transfer F240314-1-1, end_to_end_id: found 'the same again'"),
    (with_transfers(replace(FIRST, amount=0)), "transfer F240314-1-1, amount: found '0', expected more than zero"),
    (with_transfers(replace(FIRST, currency="USD")), "currency: found 'USD', expected KZT, as Freedom Bank asks for"),
    (with_transfers(replace(FIRST, creditor=None)), "transfer F240314-1-1, creditor: found 'nothing'"),
    (with_transfers(replace(FIRST, creditor_account=Account(number="1"))), "expected an IBAN that begins KZ"),
    (with_transfers(replace(FIRST, creditor_agent=Agent(member="1"))), "transfer F240314-1-1, bank: found 'nothing'"),
    (with_transfers(FIRST, priority=""), "group F240314-1, priority: found 'nothing', expected HIGH or NORM"),
    (with_transfers(FIRST, method="CHK"), "group F240314-1, method: found 'CHK', expected TRF"),
    (with_transfers(FIRST, control_sum=None), "group F240314-1, totals: found 'nothing'"),
    (replace(MESSAGE, header=replace(MESSAGE.header, control_sum=None)), "header control_sum: found 'nothing'"),
]


@pytest.mark.parametrize(("message", "words"), LIMITS, ids=[one[1] for one in LIMITS])
def test_what_the_bank_would_send_back_is_refused_before_it_is_sent(message: Pain001, words: str) -> None:
    with pytest.raises(FormatError) as refusal:
        pain001.write(message, FREEDOM)
    assert words in str(refusal.value)
    assert {fault.code for fault in refusal.value.faults} == {Code.BANK_LIMIT}


def test_the_limits_of_a_bank_are_not_those_of_the_message() -> None:
    message = with_transfers(*(replace(FIRST, end_to_end_id=str(one)) for one in range(501)))
    assert pain001.read(pain001.write(message), "a.xml") == (message,)


def test_true_may_be_written_as_1_and_is_kept_so() -> None:
    message = with_transfers(FIRST, batch="1")
    assert pain001.read(pain001.write(message), "a.xml") == (message,)


transfers = st.builds(
    Transfer,
    end_to_end_id=payments.ids,
    amount=payments.amounts,
    currency=st.just("KZT"),
    instruction_id=payments.maybe(payments.ids),
    uetr=payments.maybe(payments.uetrs),
    priority=st.sampled_from(["", "HIGH", "NORM"]),
    charge_bearer=st.sampled_from(["", "SLEV"]),
    ultimate_debtor=st.none() | payments.parties(),
    creditor_agent=st.none() | payments.agents,
    creditor=st.none() | payments.parties(),
    creditor_account=st.none() | payments.accounts,
    ultimate_creditor=st.none() | payments.parties(),
    purpose=st.none() | payments.codes,
    regulatory=payments.regulatory,
    remittance=payments.remittances,
)


@st.composite
def groups(draw: st.DrawFn) -> Group:
    """Any group that may be written."""
    found = tuple(draw(st.lists(transfers, min_size=1, max_size=2)))
    return Group(
        group_id=draw(payments.ids),
        execution_date=draw(payments.days),
        debtor=draw(payments.parties()),
        debtor_account=draw(payments.accounts),
        debtor_agent=draw(payments.agents),
        transfers=found,
        method=draw(st.sampled_from(["TRF", "CHK", "TRA"])),
        count=draw(st.sampled_from([None, len(found)])),
        control_sum=draw(st.sampled_from([None, sum(one.amount for one in found)])),
        batch=draw(st.sampled_from(["", "true", "false"])),
        priority=draw(st.sampled_from(["", "HIGH", "NORM"])),
        ultimate_debtor=draw(st.none() | payments.parties()),
        charge_bearer=draw(st.sampled_from(["", "SHAR"])),
    )


@given(st.lists(groups(), min_size=1, max_size=2).map(tuple), payments.ids, payments.moments, payments.parties())
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], max_examples=50)
def test_what_is_written_is_valid_and_read_back(
    found: tuple[Group, ...], message_id: str, created: str, initiator: Party
) -> None:
    every = [one for group in found for one in group.transfers]
    header = Header(
        message_id=message_id,
        created=created,
        count=len(every),
        initiator=initiator,
        control_sum=sum(one.amount for one in every),
    )
    message = Pain001(header=header, groups=found)
    data = pain001.write(message)
    assert mx.validate(data) == []
    assert pain001.read(data, "a.xml") == (message,)


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (replace(MESSAGE, header=replace(MESSAGE.header, count=3)), "GrpHdr/NbOfTxs: found '3', expected 2"),
        (with_transfers(replace(FIRST, end_to_end_id="X" * 36)), "PmtId/EndToEndId"),
        (with_transfers(FIRST, debtor_account=Account()), "PmtInf/DbtrAcct: found 'nothing'"),
    ],
)
def test_what_would_not_be_read_back_is_refused(message: Pain001, words: str) -> None:
    with pytest.raises(FormatError) as refusal:
        pain001.write(message)
    assert words in str(refusal.value)
