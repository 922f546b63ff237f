"""What the free text of a movement says for sure, in its four forms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats.narratives import Told, joined, told

ORDER = '/KNP/710/NAME/ТОО "ПЕРВОЕ"/IDN/230640999996/IBAN/KZ59470142860A999905\n/BIC/FOBAKZKA/NUM/17/REMI/ЗА УСЛУГИ'
CODED = Told("710", "ЗА УСЛУГИ", 'ТОО "ПЕРВОЕ"', "230640999996", "KZ59470142860A999905", "FOBAKZKA", "", "17")
GERMAN = "166?00GUTSCHRIFT?20RECHNUNG 17 VOM?21 01.12.2025?30HSBKKZKX?31KZ286017A999\n99999910?32TOO OBRAZEC?33 ALMATY"


@pytest.mark.parametrize(
    ("text", "expected", "why"),
    [
        ("KNP 710 оплата за товары", Told(knp="710", purpose="оплата за товары"), "the Kazakh form"),
        ("КНП 342: перевод", Told(knp="342", purpose="перевод"), "in Cyrillic letters"),
        ("knp=119, пополнение", Told(knp="119", purpose="пополнение"), "small letters, another sign"),
        ("KNP 7101 текст", Told(purpose="KNP 7101 текст"), "four digits are no purpose code"),
        ("оплата KNP 710", Told(purpose="оплата KNP 710"), "a code inside a text may belong to anything"),
        ("за ТОО БИН 230740999989", Told(purpose="за ТОО БИН 230740999989"), "the BIN may be anybody's"),
        (ORDER, CODED, "code words"),
        ("//KNP/710//NAME/АО/1", Told(knp="710", name="АО/1"), "two slashes mean the same as one"),
        ("/KNP/71/NAME/АО", Told(name="АО"), "a purpose code of two digits is none"),
        ("/KNP/710/KNP/711/NAME/АО", Told(name="АО"), "two codes: neither is sure"),
        ("/EREF/E17/REMI/TEXT", Told(purpose="TEXT", reference="E17"), "the payer's reference"),
        (
            GERMAN,
            Told("", "RECHNUNG 17 VOM 01.12.2025", "TOO OBRAZEC ALMATY", "", "KZ286017A99999999910", "HSBKKZKX"),
            "subfields ?nn",
        ),
        ("166?20A?30not a BIC?31x", Told(purpose="A"), "what is no BIC and no account is not taken"),
        ("COMMISSION\nFOR JUNE", Told(purpose="COMMISSION FOR JUNE"), "lines are joined by a blank"),
        ("", Told(), "nothing says nothing"),
    ],
)
def test_text_says_what_is_sure(text: str, expected: Told, why: str) -> None:
    assert told(text) == expected, why


def test_line_of_full_width_was_broken_inside_a_word() -> None:
    assert joined("A" * 65 + "\nB\nC") == "A" * 65 + "B C"


@given(st.text(max_size=200))
def test_any_text_says_something_or_nothing(text: str) -> None:
    assert isinstance(told(text), Told)


@given(st.sampled_from(["/", "166?", "KNP ", "//"]), st.text("/?KNPAMEIDBC0123456789\n ", max_size=80))
def test_any_beginning_of_a_form_says_something_or_nothing(start: str, text: str) -> None:
    assert isinstance(told(start + text), Told)
