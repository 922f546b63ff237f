"""Every word and figure of Appendix 1, Appendix 2 and the request, read back from the page in both languages.

R-033, R-070 to R-072; E68 and E69; AMB-11 (the total row of Appendix 2 is on).
"""

from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from formats import exchange
from reconcile import render
from reconcile.forms import payment_statement_form
from reconcile.paper import Blank
from reconcile.words import Language
from tests.reconcile.documents import (
    ACT_COLUMNS,
    AUTHORITY,
    CORPORATION_KK,
    CORPORATION_RU,
    DEPUTY,
    DISABILITY,
    STATEMENT_COLUMNS,
    act_of,
    act_text,
    assert_in_order,
    golden_act,
    golden_request,
    golden_statement,
    pages_of,
    statement_of,
    statement_text,
)

# --- Appendix 1 -------------------------------------------------------------------------------------------------------


def test_the_kazakh_act_has_the_words_of_the_form_and_the_figures_of_the_golden_month() -> None:
    """R-070: from the title to the signatures, in the order of the form; the words of E69."""
    assert_in_order(
        act_text(golden_act(), "kk"),
        "іс-қимыл алгоритміне 1-қосымша",
        f"{CORPORATION_KK} мен",
        AUTHORITY["authority_kk"],
        "уәкілетті органның атауы",
        "арасындағы АӘК төлеуге түскен трансферттер туралы салыстырып тексеру актісі",
        "2024 жылғы наурыз есепті кезең",
        *ACT_COLUMNS["kk"],
        "1 2 3 4 5 6 7",
        "1 230540100010",
        "145 14.03.2024 1 846 000,00",
        DISABILITY["aid_kk"],
        "146 14.03.2024 295 360,00",
        "БАРЛЫҒЫ 2 141 360,00",
        "Барлығы:",
        "2 141 360,00 (Екі миллион жүз қырық бір мың үш жүз алпыс теңге 00 тиын)",
        "(сомасы жазбаша)",
        CORPORATION_KK,
        "уәкілетті органның атауы",
        "Әбдірахманова Гүлнұр, бас бухгалтер",
        "(жауапты адамның тегі, аты, әкесінің аты (бар болса), лауазымы және қолы)",
        "Жұмағұлов Өмірзақ, басқарма басшысы",
        "(жауапты адамның тегі, аты, әкесінің аты (бар болса), лауазымы және қолы)",
        "1 / 1",
    )


def test_the_russian_act_is_marked_as_a_copy() -> None:
    assert_in_order(
        act_text(golden_act(), "ru"),
        "Приложение 1 к Алгоритму",
        f"Акт сверки поступивших трансфертов на выплату АСП между {CORPORATION_RU} и",
        AUTHORITY["authority_ru"],
        "(наименование уполномоченного органа)",
        "отчётный период март 2024 года",
        "Копия на русском языке; подписывается документ на казахском языке",
        *ACT_COLUMNS["ru"],
        "1 2 3 4 5 6 7",
        "ВСЕГО 2 141 360,00",
        "2 141 360,00 (Два миллиона сто сорок одна тысяча триста шестьдесят тенге 00 тиын)",
        "(сумма прописью)",
        "Әбдірахманова Гүлнұр, главный бухгалтер",
        "(фамилия, имя, отчество (при наличии), должность и подпись ответственного лица)",
    )
    assert "Копия" not in act_text(golden_act(), "kk")


def test_an_act_of_a_month_without_transfers_is_still_made() -> None:
    """E68."""
    assert_in_order(act_text(act_of(), "kk"), "1 2 3 4 5 6 7", "БАРЛЫҒЫ 0,00", "0,00 (Нөл теңге 00 тиын)")
    assert_in_order(act_text(act_of(), "ru"), "ВСЕГО 0,00", "0,00 (Ноль тенге 00 тиын)")


# --- Appendix 2 -------------------------------------------------------------------------------------------------------


def test_the_kazakh_statement_has_the_words_of_the_form_and_the_figures_of_the_golden_month() -> None:
    """R-071; AMB-11: the total row is on."""
    assert_in_order(
        statement_text(golden_statement(), "kk"),
        "іс-қимыл алгоритміне 2-қосымша",
        "Алматы қаласы Әуезов ауданы бойынша",
        AUTHORITY["authority_kk"],
        "(уәкілетті органның атауы)",
        'екінші деңгейлі банктер (ЕДБ) және "Қазпочта" АҚ бөлінісінде жүргізілген әлеуметтік көмек төлемдері '
        "жөніндегі мәліметтер",
        "Есепті кезең 2024 жылғы наурыз",
        *["алушылардың саны", "сомасы"] * 3,
        "1 2 3 4 5 6 7 8 9",
        '1 "Қазақстан Халық Банкі" АҚ 60 1 107 600,00 2 36 920,00 58 1 070 680,00',
        '2 "Kaspi Bank" АҚ 31 572 260,00 0 0,00 31 572 260,00',
        '3 "Қазпочта" АҚ 10 184 600,00 1 18 460,00 9 166 140,00',
        "Барлығы 141 2 159 820,00 3 55 380,00 138 2 104 440,00",
        "Орталық филиалдың директоры",
        "Сәрсенбаев Ғалым",
        "Орталық филиал директорының орынбасары",
        "Нұрпейісова Әсем",
    )


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_statement_names_every_column_and_group_once(language: Language) -> None:
    text = statement_text(golden_statement(), language)
    table = text[text.index("2024 ж" if language == "kk" else "2024 г") :]
    assert [table.count(heading) for heading in STATEMENT_COLUMNS[language]] == [1] * 6


def test_the_russian_statement_is_marked_as_a_copy() -> None:
    assert_in_order(
        statement_text(golden_statement(), "ru"),
        "Приложение 2 к Алгоритму",
        "По г. Алматы Ауэзовскому району",
        "(наименование уполномоченного органа)",
        "Сведения о произведённых выплатах социальной помощи в разрезе банков второго уровня (БВУ) и АО «Казпочта»",
        "Отчётный период март 2024 года",
        "Копия на русском языке",
        *["число получателей", "сумма"] * 3,
        "1 2 3 4 5 6 7 8 9",
        "Всего 141 2 159 820,00 3 55 380,00 138 2 104 440,00",
        "Директор Центрального филиала",
        "Заместитель директора Центрального филиала",
    )


def test_a_statement_without_banks_has_a_total_of_nothing() -> None:
    """E68."""
    assert_in_order(statement_text(statement_of(), "kk"), "1 2 3 4 5 6 7 8 9", "Барлығы 0 0,00 0 0,00 0 0,00")


def test_more_returned_than_sent_is_a_negative_paid_amount_in_figures() -> None:
    """AMB-12: returns of an earlier month count in the month the money came back."""
    row = replace(golden_statement().rows[0], sent_count=0, sent=0, returned_count=2, returned=3692050)
    assert "0 0,00 2 36 920,50 -2 −36 920,50" in statement_text(statement_of(row), "kk")


@pytest.mark.parametrize(
    ("language", "region", "district", "expected", "reason"),
    [
        ("kk", "Маңғыстау", "Қарақия", "Маңғыстау облысы Қарақия ауданы бойынша", "the words of the form"),
        ("kk", "Алматы қаласы", "Әуезов", "Алматы қаласы Әуезов ауданы бойынша", "a city is no region"),
        ("kk", "Маңғыстау облысы", "Қарақия ауданы", "Маңғыстау облысы Қарақия ауданы бойынша", "no word twice"),
        ("kk", "Астана қаласы", "", "Астана қаласы бойынша", "an authority of a whole city has no district"),
        (
            "ru",
            "Мангистауской",
            "Каракиянскому",
            "По Мангистауской области Каракиянскому району",
            "the words of the form",
        ),
        ("ru", "городу Астане", "", "По городу Астане", "a city is no region"),
    ],
)
def test_the_place_reads_well_for_regions_and_for_cities(
    language: Language, region: str, district: str, expected: str, reason: str
) -> None:
    statement = replace(statement_of(), region_kk=region, region_ru=region, district_kk=district, district_ru=district)
    line = payment_statement_form(statement, language).heading[0]
    assert " ".join(part.text if isinstance(part, Blank) else part for part in line) == expected, reason


def test_an_acting_officer_signs_with_the_position_under_the_name() -> None:
    acting = replace(DEPUTY, position_kk="директор орынбасарының міндетін атқарушы")
    text = statement_text(replace(golden_statement(), deputy=acting), "kk")
    assert_in_order(text, "Орталық филиал директорының орынбасары", "Нұрпейісова Әсем", acting.position_kk)


# --- The request ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        (
            "kk",
            [
                "Әлеуметтік көмек төлеуге қажеттілік сомасы туралы өтінім",
                "№ 17, 2024 жылғы 12 наурыз",
                AUTHORITY["authority_kk"],
                "БСН 230540100010",
                CORPORATION_KK,
                "NRZ-5",
                DISABILITY["aid_kk"],
                "2024 жылғы наурыз 100 1 846 000,00",
                "2024 жылғы наурыз 40 295 360,00",
                "Барлығы 140 2 141 360,00",
                "Екі миллион жүз қырық бір мың үш жүз алпыс теңге 00 тиын",
                "240540000006",
                "KZ24009ESEP000000001",
                "GCVPKZ2A",
                "№ 17 өтінім",
            ],
        ),
        (
            "ru",
            [
                "Заявка о сумме потребности на выплату социальной помощи",
                "№ 17, 12 марта 2024 года",
                "Копия на русском языке",
                AUTHORITY["authority_ru"],
                "март 2024 года 100 1 846 000,00",
                "Всего 140 2 141 360,00",
                "Два миллиона сто сорок одна тысяча триста шестьдесят тенге 00 тиын",
                "KZ24009ESEP000000001",
                "заявка № 17",
            ],
        ),
    ],
)
def test_the_request_says_how_much_for_what_and_where_to_pay(language: Language, parts: list[str]) -> None:
    """R-033, R-034."""
    pdf = render.pdf(golden_request(), language, exchange.write(golden_request()))
    assert_in_order(" ".join(pages_of(pdf)), *parts)
    assert PdfReader(BytesIO(pdf)).attachments["request.xml"] == [exchange.write(golden_request())]
