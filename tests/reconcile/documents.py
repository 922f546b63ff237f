"""The documents of the golden month as values, for the tests that set them on paper and write them as sheets.

The figures are those of March 2024: two transfers, five rows of banks, three returns (E69). All people are synthetic.
"""

import re
from dataclasses import replace
from datetime import date
from io import BytesIO

from pypdf import PdfReader

from formats.exchange import (
    FundsRequest,
    FundsRequestLine,
    PaymentStatement,
    Person,
    ReturnNotice,
    ReturnNoticeLine,
    StatementRow,
    TransferAct,
    TransferRow,
)
from reconcile import render
from reconcile.words import Language

CORPORATION_KK = '"Азаматтарға арналған үкімет" мемлекеттік корпорациясы" КЕАҚ'
CORPORATION_RU = "НАО «Государственная корпорация «Правительство для граждан»"
AUTHORITY = {
    "authority_bin": "230540100010",
    "authority_kk": "Жұмыспен қамту және әлеуметтік бағдарламалар басқармасы",
    "authority_ru": "Управление занятости и социальных программ",
}
DISABILITY = {
    "aid_kk": "Мүгедектігі бар адамдарға Наурыз мейрамына (5 АЕК)",
    "aid_ru": "Лицам с инвалидностью к празднику Наурыз (5 МРП)",
}
MOTHERS = {
    "aid_kk": "Көпбалалы аналарға Наурыз мейрамына (2 АЕК)",
    "aid_ru": "Многодетным матерям к празднику Наурыз (2 МРП)",
}
HALYK = {"bank_kk": '"Қазақстан Халық Банкі" АҚ', "bank_ru": "АО «Народный Банк Казахстана»"}
KASPI = {"bank_kk": '"Kaspi Bank" АҚ', "bank_ru": "АО «Kaspi Bank»"}
POST = {"bank_kk": '"Қазпочта" АҚ', "bank_ru": "АО «Казпочта»"}
ACCOUNTANT = Person(full_name="Әбдірахманова Гүлнұр", position_kk="бас бухгалтер", position_ru="главный бухгалтер")
HEAD = Person(full_name="Жұмағұлов Өмірзақ", position_kk="басқарма басшысы", position_ru="руководитель управления")
DIRECTOR = Person(
    full_name="Сәрсенбаев Ғалым",
    position_kk="Орталық филиалдың директоры",
    position_ru="Директор Центрального филиала",
)
DEPUTY = Person(
    full_name="Нұрпейісова Әсем",
    position_kk="Орталық филиал директорының орынбасары",
    position_ru="Заместитель директора Центрального филиала",
)

ACT_COLUMNS: dict[Language, list[str]] = {
    "kk": [
        "Жолдың коды",
        "Уәкілетті органның БСН-сі",
        "Уәкілетті органның атауы",
        "Түскен трансферттер туралы төлем тапсырмасының №",
        "Түскен трансферттер туралы төлем тапсырмасының күні",
        "Сомасы, теңге",
        "Әлеуметтік көмек атауы",
    ],
    "ru": [
        "Код строки",
        "БИН уполномоченного органа",
        "Наименование уполномоченного органа",
        "№ платёжного поручения о поступивших трансфертах",
        "Дата платёжного поручения о поступивших трансфертах",
        "Сумма, тенге",
        "Наименование социальной помощи",
    ],
}
STATEMENT_COLUMNS: dict[Language, list[str]] = {
    "kk": [
        "Р/с №",
        "Екінші деңгейдегі банктердің атауы",
        '"Азаматтарға арналған үкімет" мемлекеттік корпорациясы" КЕАҚ аударылды',
        'ЕДБ мен "Қазпочта" АҚ қайтарылды',
        '"Азаматтарға арналған үкімет" мемлекеттік корпорациясы" КЕАҚ төленді',
        "Әлеуметтік көмек атауы",
    ],
    "ru": [
        "№ п/п",
        "Наименование банков второго уровня",
        "Перечислено НАО «ГК «Правительство для граждан»",
        "Возвращено БВУ и АО «Казпочта»",
        "Выплачено НАО «ГК «Правительство для граждан»",
        "Наименование социальной помощи",
    ],
}


def transfer(code: int, order: str, amount: int, aid: dict[str, str]) -> TransferRow:
    day = date(2024, 3, 14)
    return TransferRow(code=code, order_number=order, order_date=day, amount=amount, **AUTHORITY, **aid)


def act_of(*rows: TransferRow) -> TransferAct:
    return TransferAct(
        month=date(2024, 3, 1),
        corporation_kk=CORPORATION_KK,
        corporation_ru=CORPORATION_RU,
        rows=rows,
        corporation_signer=ACCOUNTANT,
        authority_signer=HEAD,
        **AUTHORITY,
    )


def golden_act() -> TransferAct:
    return act_of(transfer(1, "145", 184600000, DISABILITY), transfer(2, "146", 29536000, MOTHERS))


def long_act(count: int) -> TransferAct:
    return act_of(*(transfer(code, f"PO-{code:04d}", 1846000, DISABILITY) for code in range(1, count + 1)))


def statement_of(*rows: StatementRow) -> PaymentStatement:
    return PaymentStatement(
        month=date(2024, 3, 1),
        region_kk="Алматы қаласы",
        region_ru="г. Алматы",
        district_kk="Әуезов",
        district_ru="Ауэзовскому",
        rows=rows,
        director=DIRECTOR,
        deputy=DEPUTY,
        **AUTHORITY,
    )


def golden_statement() -> PaymentStatement:
    figures = [
        (HALYK, 60, 110760000, 2, 3692000, DISABILITY),
        (KASPI, 31, 57226000, 0, 0, DISABILITY),
        (POST, 10, 18460000, 1, 1846000, DISABILITY),
        (HALYK, 25, 18460000, 0, 0, MOTHERS),
        (KASPI, 15, 11076000, 0, 0, MOTHERS),
    ]
    return statement_of(
        *(
            StatementRow(
                number=number, sent_count=count, sent=sent, returned_count=back, returned=returned, **bank, **aid
            )
            for number, (bank, count, sent, back, returned, aid) in enumerate(figures, start=1)
        )
    )


def golden_request() -> FundsRequest:
    march = date(2024, 3, 1)
    line = {"aid_kind": "NRZ-5", "name_kk": DISABILITY["aid_kk"], "name_ru": DISABILITY["aid_ru"]}
    other = {"aid_kind": "NRZ-2", "name_kk": MOTHERS["aid_kk"], "name_ru": MOTHERS["aid_ru"]}
    return FundsRequest(
        number="17",
        sent_on=date(2024, 3, 12),
        corporation_bin="240540000006",
        corporation_kk=CORPORATION_KK,
        corporation_ru=CORPORATION_RU,
        iban="KZ24009ESEP000000001",
        bic="GCVPKZ2A",
        lines=(
            FundsRequestLine(due_month=march, count=100, amount=184600000, **line),
            FundsRequestLine(due_month=march, count=40, amount=29536000, **other),
        ),
        **AUTHORITY,
    )


def golden_notice() -> ReturnNotice:
    line = ReturnNoticeLine(
        payment_reference="0240300000012",
        order_number="007",
        order_date=date(2024, 3, 18),
        aid_kind="NRZ-5",
        iin="040512600014",
        surname="Әбдіғали",
        first_name="=Ұлжан",
        patronymic="",
        iban="KZ86125KZT5004100100",
        amount=1846000,
        returned_on=date(2024, 3, 19),
        reason="шот жабылған",
        **HALYK,
    )
    other = replace(line, payment_reference="0240300000013", amount=1846001)
    return ReturnNotice(number="3", sent_on=date(2024, 3, 20), lines=(line, other), **AUTHORITY)


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, on one line; places to break a line are no part of the text."""
    reader = PdfReader(BytesIO(pdf))
    return [re.sub(r"\s+", " ", page.extract_text().replace("\u200b", "")) for page in reader.pages]


def act_text(act: TransferAct, language: Language) -> str:
    return " ".join(pages_of(render.pdf(act, language, b"<act/>")))


def statement_text(statement: PaymentStatement, language: Language) -> str:
    return " ".join(pages_of(render.pdf(statement, language, b"<statement/>")))


def assert_in_order(text: str, *parts: str) -> None:
    """Every part stands in the text, each after the one before."""
    place = 0
    for part in parts:
        assert part in text[place:], part
        place = text.index(part, place) + len(part)
