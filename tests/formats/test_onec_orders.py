"""Payment orders for a client bank: strict in what is written, patient in what is read."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats.errors import Code, Findings, FormatError
from formats.onec_orders import OrderParty, PaymentOrder, orders, read_orders, write_orders
from tests.formats import messages
from tests.formats.test_onec_variants import FOLDER

DAY = date(2024, 3, 15)
BANK = 'НАО ГК "Правительство для граждан"'
PAYER = OrderParty(
    name=BANK,
    idn="160440007161",
    account="KZ36009PENS999999901",
    bic="GCVPKZ2A",
    kbe="11",
    bank=BANK,
    bank_idn="160440007161",
)
PAYEE = OrderParty(
    name='АО "БАНК-ПОЛУЧАТЕЛЬ"',
    idn="150540999975",
    account="KZ286017A99999999910",
    bic="HSBKKZKX",
    kbe="14",
    bank='АО "БАНК-ПОЛУЧАТЕЛЬ"',
    bank_idn="150540999975",
)
ORDER = PaymentOrder(
    number="102",
    dated=DAY,
    amount=774570,
    payer=PAYER,
    payee=PAYEE,
    knp="311",
    purpose="Зачисление по списку № 1",
    value_date=DAY,
)
FILE = (FOLDER / "payment_orders_INFERRED.txt").read_bytes()


def written(*payments: PaymentOrder, charset: str = "utf-8") -> bytes:
    """A file of the orders."""
    return write_orders(payments, sender="Esep", account=PAYER.account, date_from=DAY, date_to=DAY, charset=charset)


def test_payment_order_of_another_program_is_read() -> None:
    assert read_orders(FILE, "orders.txt") == (ORDER,)


def test_file_is_written_in_the_known_form() -> None:
    assert written(replace(ORDER, value_date=None)).decode() == (
        "1CClientBankExchange\r\nВерсияФормата=2.00\r\nКодировка=UTF-8\r\nОтправитель=Esep\r\nДатаНачала=15.03.2024\r\n"
        "ДатаКонца=15.03.2024\r\nРасчСчет=KZ36009PENS999999901\r\nДокумент=Платежное поручение\r\n"
        "СекцияДокумент=ПлатежноеПоручение\r\nНомерДокумента=102\r\nДатаДокумента=15.03.2024\r\nСумма=7745.70\r\n"
        'ПлательщикНаименование=НАО ГК "Правительство для граждан"\r\nПлательщикБИН_ИИН=160440007161\r\n'
        "ПлательщикКБЕ=11\r\nПлательщикИИК=KZ36009PENS999999901\r\n"
        'ПлательщикБанкНаименование=НАО ГК "Правительство для граждан"\r\n'
        "ПлательщикБанкБИН_ИИН=160440007161\r\nПлательщикБанкБИК=GCVPKZ2A\r\n"
        'ПолучательНаименование=АО "БАНК-ПОЛУЧАТЕЛЬ"\r\nПолучательБИН_ИИН=150540999975\r\nПолучательКБЕ=14\r\n'
        'ПолучательИИК=KZ286017A99999999910\r\nПолучательБанкНаименование=АО "БАНК-ПОЛУЧАТЕЛЬ"\r\n'
        "ПолучательБанкБИН_ИИН=150540999975\r\nПолучательБанкБИК=HSBKKZKX\r\n"
        "НазначениеПлатежа=Зачисление по списку № 1\r\nКодНазначенияПлатежа=311\r\nВалюта=KZT\r\nКонецДокумента\r\n"
        "КонецФайла\r\n"
    )


@st.composite
def payments(draw: st.DrawFn) -> PaymentOrder:
    """Any order that may be written."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    name = messages.texts(60, " .,'\"-:№()/{}=\\")
    bank = st.one_of(st.just(""), name)

    def party(account: st.SearchStrategy[str]) -> st.SearchStrategy[OrderParty]:
        return st.builds(
            OrderParty,
            name=name,
            idn=messages.digits(12),
            account=account,
            bic=messages.bics,
            kbe=st.sampled_from(["11", "14", "19", "27"]),
            bank=bank,
            bank_idn=st.one_of(st.just(""), messages.digits(12)),
        )

    return PaymentOrder(
        number=draw(messages.texts(20)),
        dated=DAY,
        amount=draw(messages.amounts),
        payer=draw(party(st.just(PAYER.account))),
        payee=draw(party(st.text(letters, min_size=20, max_size=20))),
        knp=draw(messages.digits(3)),
        purpose=draw(messages.texts(210, " .,'\"-:№()/{}=\\")),
        value_date=draw(st.one_of(st.none(), st.dates(date(1000, 1, 1)))),
        other=draw(st.sampled_from([(), (("GUID", "7"), ("Очередность", ""))])),
    )


@given(st.lists(payments(), min_size=1, max_size=4), st.sampled_from(["utf-8", "cp1251", "utf-16"]))
def test_orders_written_are_the_orders_read(found: list[PaymentOrder], charset: str) -> None:
    assert read_orders(written(*found, charset=charset), "orders.txt") == tuple(found)


@pytest.mark.parametrize(
    ("order", "words"),
    [
        (replace(ORDER, number=""), "number"),
        (replace(ORDER, number="1" * 21), "1 to 20 characters"),
        (replace(ORDER, purpose=""), "purpose"),
        (replace(ORDER, purpose="а" * 211), "1 to 210 characters"),
        (replace(ORDER, purpose="а\nб"), "one line"),
        (replace(ORDER, amount=0), "0 tiyn"),
        (replace(ORDER, knp="31"), "three digits"),
        (replace(ORDER, dated=DAY + timedelta(days=1)), "a day from"),
        (replace(ORDER, other=(("Сумма", "1"),)), "other"),
        (replace(ORDER, payer=replace(PAYER, account=PAYEE.account)), "the account of the file"),
        (replace(ORDER, payee=replace(PAYEE, name="")), "payee name"),
        (replace(ORDER, payee=replace(PAYEE, idn="15054099997")), "12 digits"),
        (replace(ORDER, payee=replace(PAYEE, account="KZ28 6017")), "20 capital"),
        (replace(ORDER, payee=replace(PAYEE, bic="HSBK")), "a BIC"),
        (replace(ORDER, payee=replace(PAYEE, kbe="1")), "two digits"),
        (replace(ORDER, payee=replace(PAYEE, bank="а ")), "payee bank"),
        (replace(ORDER, payee=replace(PAYEE, bank_idn="7")), "bank_idn"),
    ],
)
def test_order_that_a_bank_would_refuse_is_not_written(order: PaymentOrder, words: str) -> None:
    with pytest.raises(FormatError, match=words) as refusal:
        written(order)
    assert {fault.code for fault in refusal.value.faults} == {Code.UNWRITABLE}


def test_file_without_orders_is_neither_written_nor_read() -> None:
    with pytest.raises(FormatError, match="0 orders"):
        written()
    text = FILE.decode()
    cut = text[: text.index("СекцияДокумент")] + "КонецФайла\r\n"
    with pytest.raises(FormatError) as refusal:
        read_orders(cut.encode(), "orders.txt")
    assert [fault.code for fault in refusal.value.faults] == [Code.FILE_EMPTY]


@pytest.mark.parametrize(
    ("old", "new", "code", "place"),
    [
        ("=ПлатежноеПоручение", "=Выписка", Code.ONEC_SECTION, "СекцияДокумент"),
        ("Сумма=7745.7", "Сумма=0", Code.AMOUNT, "Сумма"),
        ("Сумма=7745.7", "Сумма=", Code.AMOUNT, "Сумма"),
        ("Сумма=7745.7", "Сумма=7 745", Code.AMOUNT, "Сумма"),
        ("ДатаДокумента=15.03.2024", "ДатаДокумента=15.03", Code.DATE, "ДатаДокумента"),
        ("ДатаВалютирования=15.03.2024", "ДатаВалютирования=1", Code.DATE, "ДатаВалютирования"),
        ("Валюта=KZT", "Валюта=USD", Code.CURRENCY, "Валюта"),
        ("КонецДокумента\r\nКонецФайла\r\n", "", Code.FILE_CUT_SHORT, "end of file"),
    ],
)
def test_fault_is_said_with_its_code(old: str, new: str, code: Code, place: str) -> None:
    text = FILE.decode()
    assert old in text
    with pytest.raises(FormatError) as refusal:
        read_orders(text.replace(old, new).encode(), "orders.txt")
    assert (refusal.value.faults[0].code, refusal.value.faults[0].place) == (code, place)


def test_order_without_the_account_of_the_payee_is_refused() -> None:
    with pytest.raises(FormatError, match="ПолучательИИК: found 'nothing', expected the account of each side"):
        read_orders((FOLDER / "broken" / "order_without_account.txt").read_bytes(), "orders.txt")


def test_unusual_values_are_kept_and_noted() -> None:
    text = FILE.decode().replace("ПолучательКБЕ=14", "ПолучательКБЕ=1").replace("списку № 1", "списку" + " №" * 120)
    findings = Findings("orders.txt")
    (order,) = orders([text], findings)
    assert (order.payee.kbe, len(order.purpose)) == ("1", 260)
    assert {note.place for note in findings.notes} == {"ПолучательКБЕ", "НазначениеПлатежа"}


@given(st.binary(max_size=100) | messages.mutated(FILE))
def test_reading_raises_nothing_but_format_error(data: bytes) -> None:
    assert messages.answer(lambda: read_orders(data, "orders.txt"))
