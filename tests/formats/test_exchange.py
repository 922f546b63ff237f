"""The four documents as XML: valid, the same bytes for the same document, and read back with their totals checked."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from formats import exchange
from formats.errors import FormatError
from formats.exchange import (
    SCHEMAS,
    Document,
    FundsRequest,
    FundsRequestLine,
    PaymentStatement,
    Person,
    ReturnNotice,
    ReturnNoticeLine,
    StatementRow,
    TransferAct,
    TransferRow,
    read,
    write,
)

DIRECTOR = Person(full_name="Әбдіғалиев Ғани Өтегенұлы", position_kk="директор", position_ru="директор")
DEPUTY = Person(full_name="Ким Анна", position_kk="директордың орынбасары", position_ru="заместитель директора")
AUTHORITY: dict[str, str] = {
    "authority_bin": "020340000172",
    "authority_kk": "Астана қаласының «Жұмыспен қамту» басқармасы",
    "authority_ru": "Управление занятости & социальных программ",
}
REQUEST = FundsRequest(
    number="3-Ө",
    sent_on=date(2024, 2, 28),
    **AUTHORITY,
    corporation_bin="020340000172",
    corporation_kk="КЕАҚ",
    corporation_ru="НАО",
    iban="KZ35601A000000000123",
    bic="HSBKKZKX",
    lines=(
        FundsRequestLine(
            aid_kind="H8", name_kk="8 наурыз", name_ru="8 марта", due_month=date(2024, 3, 1), count=2, amount=3692000
        ),
        FundsRequestLine(
            aid_kind="DC", name_kk="мүгедек", name_ru="инвалид", due_month=date(2023, 12, 1), count=1, amount=1
        ),
    ),
)
NOTICE = ReturnNotice(
    number="17",
    sent_on=date(2024, 3, 15),
    **AUTHORITY,
    lines=(
        ReturnNoticeLine(
            payment_reference="P24030000017",
            order_number="44",
            order_date=date(2024, 3, 12),
            bank_kk="Халық",
            bank_ru="Халык",
            aid_kind="H8",
            iin="580312400120",
            surname="Қожахметова",
            first_name="Әсел",
            patronymic="",
            iban="KZ35601A000000000123",
            amount=1846000,
            returned_on=date(2024, 3, 14),
            reason="шот  жабылған",
        ),
    ),
)
ROW = TransferRow(
    code=1, **AUTHORITY, order_number="145", order_date=date(2024, 3, 4), amount=214136000, aid_kk="к", aid_ru="п"
)
ACT = TransferAct(
    month=date(2024, 3, 1),
    **AUTHORITY,
    corporation_kk="КЕАҚ",
    corporation_ru="НАО",
    rows=(ROW,),
    corporation_signer=DIRECTOR,
    authority_signer=DEPUTY,
)
NAMES: dict[str, str] = {"bank_kk": "Халық", "bank_ru": "Халык", "aid_kk": "к", "aid_ru": "п"}
STATEMENT = PaymentStatement(
    month=date(2024, 3, 1),
    **AUTHORITY,
    region_kk="Астана",
    region_ru="Астана",
    district_kk="",
    district_ru="",
    rows=(
        StatementRow(number=1, **NAMES, sent_count=3, sent=300, returned_count=1, returned=100),
        StatementRow(number=2, **NAMES, sent_count=0, sent=0, returned_count=2, returned=700),
    ),
    director=DIRECTOR,
    deputy=DEPUTY,
)
DOCUMENTS: list[tuple[Document, str]] = [
    (REQUEST, "request-1.xsd"),
    (NOTICE, "return-notice-1.xsd"),
    (ACT, "appendix1-1.xsd"),
    (STATEMENT, "appendix2-1.xsd"),
]


@pytest.mark.parametrize(("document", "schema"), DOCUMENTS)
def test_a_document_is_valid_and_comes_back(document: Document, schema: str) -> None:
    data = write(document)
    etree.XMLSchema(etree.parse(SCHEMAS / schema)).assertValid(etree.fromstring(data))
    assert read(data, "a.xml") == document
    assert write(document) == data
    assert data.startswith(b"<?xml version='1.0' encoding='UTF-8'?>\n<")
    assert b"\r" not in data
    assert data.endswith(b">\n")


def test_totals_stand_in_the_document() -> None:
    assert (REQUEST.amount, NOTICE.count, NOTICE.amount, ACT.total) == (3692001, 1, 1846000, 214136000)
    assert b'amount="36920,01"' in write(REQUEST).splitlines()[1]
    assert b'count="1" amount="18460,00"' in write(NOTICE)
    assert b'total="2141360,00"' in write(ACT)


def test_money_of_an_earlier_month_makes_paid_negative() -> None:
    """AMB-12: cash basis."""
    total = STATEMENT.total
    assert (total.paid_count, total.paid, total.sent, total.returned) == (0, -500, 300, 800)
    text = write(STATEMENT).decode()
    assert 'paid_count="-2" paid="-7,00"' in text
    assert 'total_paid_count="0" total_paid="-5,00"' in text


def test_the_act_of_an_empty_month_is_zero() -> None:
    empty = TransferAct(
        month=ACT.month,
        **AUTHORITY,
        corporation_kk="к",
        corporation_ru="к",
        rows=(),
        corporation_signer=DIRECTOR,
        authority_signer=DEPUTY,
    )
    assert b'total="0,00"' in write(empty)
    assert read(write(empty), "a.xml") == empty


def _swap(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new, 1)


# A document, a change, what the first fault says.
BROKEN: list[tuple[Document, Callable[[str], str], str]] = [
    (REQUEST, _swap('amount="36920,01"', 'amount="36920,02"'), "wrong totals, amount"),
    (NOTICE, _swap('count="1"', 'count="2"'), "wrong totals, count"),
    (ACT, _swap('total="2141360,00"', 'total="0,00"'), "wrong totals, total"),
    (STATEMENT, _swap('paid="-7,00"', 'paid="7,00"'), "wrong totals, paid"),
    (STATEMENT, _swap('total_sent="3,00"', 'total_sent="3,01"'), "wrong totals, total_sent"),
    (REQUEST, _swap('amount="36920,00"', 'amount="36920.00"'), "request-1.xsd"),
    (REQUEST, _swap('due_month="2024-03"', 'due_month="2024-13"'), "request-1.xsd"),
    (REQUEST, _swap('due_month="2024-03"', 'due_month="0000-03"'), "request-1.xsd"),
    (ACT, _swap('order_date="2024-03-04"', 'order_date="2024-02-30"'), "appendix1-1.xsd"),
    (ACT, _swap('code="1"', 'code="99999999999999999999"'), "appendix1-1.xsd"),
    (ACT, _swap('amount="2141360,00"', 'amount="999999999999999,00"'), "amount"),
    (ACT, _swap("<corporation_signer", "<signer"), "appendix1-1.xsd"),
    (ACT, _swap('<appendix1 xmlns="urn:esep:appendix1:1"', '<appendix1 xmlns="urn:other"'), "root"),
    (ACT, _swap("<appendix1", '<!DOCTYPE a [<!ENTITY x "y">]><appendix1'), "XML"),
    (ACT, _swap("</appendix1>", ""), "XML"),
    (ACT, lambda _: "", "XML"),
]


@pytest.mark.parametrize(("document", "change", "place"), BROKEN)
def test_a_broken_document_is_refused(document: Document, change: Callable[[str], str], place: str) -> None:
    changed = change(write(document).decode())
    assert changed != write(document).decode()
    with pytest.raises(FormatError) as refusal:
        read(changed.encode(), "a.xml")
    assert place in refusal.value.faults[0].place


def test_every_breach_of_the_schema_is_named_with_its_line() -> None:
    changed = write(REQUEST).decode().replace('count="', 'count="x')
    with pytest.raises(FormatError) as refusal:
        read(changed.encode(), "a.xml")
    assert [fault.line for fault in refusal.value.faults] == [3, 4]


@settings(max_examples=100, deadline=None)
@given(data=st.binary(max_size=300))
def test_bytes_of_any_kind_are_refused(data: bytes) -> None:
    for start in (b"", b"<appendix1 xmlns='urn:esep:appendix1:1' ", b"<?xml version='1.0' encoding='"):
        with pytest.raises(FormatError):
            read(start + data, "a.xml")


_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=20)
_MONEY = st.integers(1, 10**12)
_ROWS: Any = st.builds(
    TransferRow,
    code=st.integers(0, 1000),
    authority_bin=st.just("020340000172"),
    authority_kk=_TEXT,
    authority_ru=_TEXT,
    order_number=_TEXT,
    order_date=st.dates(),
    amount=_MONEY,
    aid_kk=_TEXT,
    aid_ru=_TEXT,
)


@settings(max_examples=50, deadline=None)
@given(rows=st.lists(_ROWS, max_size=4), month=st.dates(), name=_TEXT)
def test_read_gives_what_was_written(rows: list[TransferRow], month: date, name: str) -> None:
    act = TransferAct(
        month=month.replace(day=1),
        **(AUTHORITY | {"authority_kk": name}),
        corporation_kk=name,
        corporation_ru=name,
        rows=tuple(rows),
        corporation_signer=DIRECTOR,
        authority_signer=DEPUTY,
    )
    assert read(write(act), "a.xml") == act


def test_a_text_that_xml_cannot_carry_is_not_written() -> None:
    with pytest.raises(ValueError, match="XML compatible"):
        exchange.write(
            ReturnNotice(number="\x01", sent_on=NOTICE.sent_on, **AUTHORITY, lines=NOTICE.lines),
        )
