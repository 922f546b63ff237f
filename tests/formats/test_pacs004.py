"""pacs.004: returned transfers, a whole message returned, the first version, and writing that is read back."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from formats import mx, pacs004
from formats.errors import Code, FormatError
from formats.mx_original import OriginalMessage, OriginalTransfer, Reason
from formats.mx_parts import Account, Coded, Identifier, Party
from formats.pacs004 import Header, Pacs004, ReturnedTransfer
from tests.formats import payments
from tests.formats.payments import fixture

TENGE = mx.Amount(value=4260000, currency="KZT")
RETURN = Pacs004(
    header=Header(
        message_id="R230703-1",
        created="2023-07-03T10:00:00+05:00",
        count=1,
        settlement_method="CLRG",
        total=TENGE,
        settlement_date=date(2023, 7, 3),
    ),
    original_message=OriginalMessage(
        message_id="F230701-101", message_name="pacs.008.001.08", created="2023-07-01T09:30:00+05:00"
    ),
    transfers=(
        ReturnedTransfer(
            return_id="R230703-1-1",
            original_end_to_end_id="F230701-101-3",
            original_amount=TENGE,
            original_settlement_date=date(2023, 7, 1),
            amount=4260000,
            currency="KZT",
            settlement_date=date(2023, 7, 3),
            reasons=(
                Reason(
                    reason=Coded(code="AC01"),
                    information=("СЧЕТ НЕ НАЙДЕН",),
                    originator=Party(name='АО "БАНК-ПОЛУЧАТЕЛЬ"'),
                ),
            ),
            original=OriginalTransfer(
                debtor=Party(name='ГУ "УПРАВЛЕНИЕ ЗАНЯТОСТИ И СОЦПРОГРАММ (СИНТЕТИКА)"'),
                creditor=Party(name="ОБРАЗЦОВ ИВАН", kind="person", identifiers=(Identifier(number="991231399974"),)),
                creditor_account=Account(iban="KZ446017A99999999913"),
                purpose=Coded(proprietary="311"),
            ),
        ),
    ),
)
WHOLE = Pacs004(
    header=Header(
        message_id="R230703-2",
        created="2023-07-03T10:00:00+05:00",
        count=4,
        settlement_method="CLRG",
        group_return="true",
        total=mx.Amount(value=13760000, currency="KZT"),
    ),
    original_message=OriginalMessage(message_id="F230701-101", message_name="pacs.008.001.08"),
    reasons=(Reason(reason=Coded(code="AM05")),),
    transfers=(),
)


@pytest.mark.parametrize(("name", "expected"), [("pacs.004_return.xml", RETURN), ("pacs.004_whole_message.xml", WHOLE)])
def test_what_esep_writes_is_read_and_written_byte_for_byte(name: str, expected: Pacs004) -> None:
    assert pacs004.read(fixture(name), name) == (expected,)
    assert pacs004.write(expected) == fixture(name)


def test_the_first_version_has_other_names_for_reasons_and_parties_without_pty() -> None:
    (message,) = pacs004.read(fixture("pacs.004_first_version.xml"), "a.xml")
    assert message == Pacs004(
        header=Header(
            message_id="R1",
            created="2023-07-03T10:00:00",
            count=1,
            settlement_method="CLRG",
            version="001.01",
            group_return="false",
        ),
        transfers=(
            ReturnedTransfer(
                amount=4260000,
                currency="KZT",
                original_message=OriginalMessage(message_id="F1", message_name="pacs.008.001.01"),
                original_transaction_id="7",
                reasons=(
                    Reason(reason=Coded(proprietary="021"), information=("ИИН не соответствует указанным Ф.И.О.",)),
                ),
                original=OriginalTransfer(creditor=Party(name="ОБРАЗЦОВ ИВАН")),
            ),
        ),
    )
    assert message.total == 4260000


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "wrong_totals",
            [
                (
                    "line 4, GrpHdr/NbOfTxs: found '2', expected 1, the transactions counted (difference 1); "
                    "ask the sender for a corrected file"
                ),
                (
                    "line 4, GrpHdr/TtlRtrdIntrBkSttlmAmt: found '42600.10', expected 42600.00, "
                    "the sum of 1 transactions (difference 0.10); ask the sender for a corrected file"
                ),
                (
                    "line 4, GrpHdr/TtlRtrdIntrBkSttlmAmt: found 'USD', expected KZT, the currency of the "
                    "transactions; ask the sender for a corrected file"
                ),
            ],
        ),
        (
            "no_reference",
            [
                (
                    "line 19, TxInf/OrgnlEndToEndId: found 'nothing', expected OrgnlEndToEndId, OrgnlTxId or another "
                    "reference of the payment that comes back; ask the sender for a corrected file"
                )
            ],
        ),
    ],
)
def test_a_broken_return_is_refused_with_all_its_faults(name: str, expected: list[str]) -> None:
    with pytest.raises(FormatError) as refusal:
        pacs004.read(fixture(f"broken/pacs.004_{name}.xml"), "a.xml")
    assert [str(fault) for fault in refusal.value.faults] == expected


@pytest.mark.parametrize(
    "body", ["<Other/>", "<PmtRtr/>", "<PmtRtr><GrpHdr/></PmtRtr>", "<PmtRtr><GrpHdr/><GrpHdr/></PmtRtr>"]
)
def test_what_is_no_return_is_said(body: str) -> None:
    data = f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.004.001.11">{body}</Document>'.encode()
    with pytest.raises(FormatError) as refusal:
        pacs004.read(data, "a.xml")
    assert {fault.code for fault in refusal.value.faults} <= {Code.MISSING, Code.REPEATED}


returned = st.builds(
    ReturnedTransfer,
    amount=payments.amounts,
    currency=st.just("KZT"),
    return_id=payments.maybe(payments.ids),
    original_message=st.none() | payments.original_messages,
    original_instruction_id=payments.maybe(payments.ids),
    original_end_to_end_id=payments.ids,
    original_transaction_id=payments.maybe(payments.ids),
    original_uetr=payments.maybe(payments.uetrs),
    original_amount=st.none() | payments.money,
    original_settlement_date=st.none() | payments.days,
    settlement_date=st.none() | payments.days,
    charge_bearer=st.sampled_from(["", "SLEV"]),
    reasons=payments.reasons,
    original=st.none() | payments.original_transfers,
)


@given(st.lists(returned, min_size=1, max_size=3).map(tuple), payments.original_messages, payments.reasons)
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], max_examples=50)
def test_what_is_written_is_valid_and_read_back(
    transfers: tuple[ReturnedTransfer, ...], original: OriginalMessage, reasons: tuple[Reason, ...]
) -> None:
    header = replace(RETURN.header, count=len(transfers), total=None, control_sum=sum(one.amount for one in transfers))
    message = Pacs004(header=header, transfers=transfers, original_message=original, reasons=reasons)
    data = pacs004.write(message)
    assert mx.validate(data) == []
    assert pacs004.read(data, "a.xml") == (message,)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"original_end_to_end_id": ""}, "TxInf/OrgnlEndToEndId: found 'nothing'"),
        ({"reasons": (Reason(information=("X" * 106,)),)}, "RtrRsnInf/AddtlInf"),
        ({"reasons": (Reason(reason=Coded(code="AC01", proprietary="1")),)}, "RtrRsnInf/Rsn/Prtry"),
        ({"original": OriginalTransfer()}, "transfers 1 original: found"),
        ({"amount": -1}, "TxInf/RtrdIntrBkSttlmAmt"),
    ],
)
def test_what_would_not_be_read_back_is_refused(change: dict[str, object], words: str) -> None:
    transfer = replace(RETURN.transfers[0], **change)  # type: ignore[arg-type]
    with pytest.raises(FormatError) as refusal:
        pacs004.write(replace(RETURN, transfers=(transfer,)))
    assert words in str(refusal.value)
    assert {fault.code for fault in refusal.value.faults} == {Code.UNWRITABLE}
