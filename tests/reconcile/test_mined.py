"""Mining purpose texts: what banks and authorities write, and what must not be taken for a payment's number."""

from datetime import date

import pytest

from reconcile.mined import Document, day_of, last_sentence, mine

EIGHTEENTH = date(2024, 3, 18)
FILE_71 = "GCVP-00100000071"

DOCUMENTS = [
    ("Возврат по пл.поручению № 71 от 18.03.2024 реф " + FILE_71, [(71, EIGHTEENTH)], "bank returns a benefit"),
    ("Возврат платежа № 71 от 18/03/2024", [(71, EIGHTEENTH)], "bank to a client, slashes"),
    ("Возврат ошибочных элементов платежа № 71 от 18.03.2024 референс X-1", [(71, EIGHTEENTH)], "KISC test sample"),
    ("ВОЗВРАТ ПО ПЛАТЕЖНОМУ ПОРУЧЕНИЮ N 71 ОТ 18.03.24", [(71, EIGHTEENTH)], "capitals, Latin N, short year"),
    ("возврат по платёжному поручению №000071 от 2024-03-18", [(71, EIGHTEENTH)], "leading zeros, ISO date"),
    ("Возврат п\\п №71 от 18\\03\\2024", [(71, EIGHTEENTH)], "a bank message has backslashes"),
    ("Возврат по п/п 71 от 18.03.2024г.", [(71, EIGHTEENTH)], "no sign, but a date"),
    ("возврат, док. № 71", [(71, None)], "no date"),
    ("Возврат п/п №71, 72 от 18.03.2024", [(71, EIGHTEENTH), (72, EIGHTEENTH)], "a list"),
    ("18.03.2024 ж. № 71 төлем тапсырмасы бойынша қайтару", [(71, EIGHTEENTH)], "Kazakh word order"),
    ("Возврат платежа № 71 от 31.02.2024", [(71, None)], "no such day"),
    ("Возврат платежей 3 чел.", [], "a count of people"),
    ("Договор № 1 от 05.01.2023, реестр № 17", [], "a contract and a register"),
    ("Решение № 71 от 18.03.2024", [], "a decision"),
    ("", [], "nothing"),
]


@pytest.mark.parametrize(("purpose", "expected", "reason"), DOCUMENTS)
def test_payment_orders_with_number_and_date(
    purpose: str, expected: list[tuple[int, date | None]], reason: str
) -> None:
    assert list(mine(purpose).documents) == [Document(*pair) for pair in expected], reason


REFERENCES = [
    (f"реф {FILE_71}. Счет закрыт", [FILE_71], "short"),
    (f"референс {FILE_71} на сумму 30846,17", [FILE_71], "in full"),
    (f"возврат {FILE_71}", [FILE_71], "without the word"),
    ("реф. GСVР-00100000071", [FILE_71], "Cyrillic letters of the same look"),
    ("реф GCVP-0010 0000071", [FILE_71], "broken over two lines"),
    ("реф GCVP–00100000071", [FILE_71], "a dash for a hyphen"),
    ("референс RMZ9900001 на сумму", ["RMZ9900001"], "the bank's own"),
    ("реф GCVP-77", ["GCVP-77"], "not one of ours, but named"),
    ("рефинансирование 2024", [], "another word"),
    ("реф отправителя", [], "no digit"),
]


@pytest.mark.parametrize(("purpose", "expected", "reason"), REFERENCES)
def test_references_of_files(purpose: str, expected: list[str], reason: str) -> None:
    assert list(mine(purpose).references) == expected, reason


REQUESTS = [
    ("Өтінім AST-2024-0001 бойынша", ["AST-2024-0001"], "as the request prints it"),
    ("заявка ast-2024-0001", ["AST-2024-0001"], "small letters"),
    ("заявка АSТ - 2024 - 0001", ["AST-2024-0001"], "Cyrillic letters, blanks"),
    ("AST-2024-0001, AST-2024-0002; AST-2024-0001", ["AST-2024-0001", "AST-2024-0002"], "two, each once"),
    ("GCVP-00100000071 18-03-2024", [], "a file and a date"),
    ("счет 1-2024-00012345-7", [], "a longer number"),
]


@pytest.mark.parametrize(("purpose", "expected", "reason"), REQUESTS)
def test_numbers_of_requests(purpose: str, expected: list[str], reason: str) -> None:
    assert list(mine(purpose).requests) == expected, reason


REASONS = [
    ("Возврат сумм по пл.поручению № 71 от 18.03.2024 реф " + FILE_71 + ". Счет закрыт", "Счет закрыт"),
    ("ВОЗВРАТ ПО ПЛ. ПОРУЧЕНИЮ № 71 ОТ 18.03.2024Г. ПОЛУЧАТЕЛЬ УМЕР.", "ПОЛУЧАТЕЛЬ УМЕР"),
    ("Возврат по п/п №71 от 18.03.2024; шот жабылған", "Возврат по п/п №71 от 18.03.2024; шот жабылған"),
    ("Возврат по п/п №71 от 18.03.2024. Шот жабылған", "Шот жабылған"),
    ("Счет закрыт.  Возврат платежа\n№ 71 от 18.03.2024", "Счет закрыт. Возврат платежа № 71 от 18.03.2024"),
    ("Счет закрыт", "Счет закрыт"),
    ("", ""),
]


@pytest.mark.parametrize(("purpose", "expected"), REASONS)
def test_reason_is_the_last_sentence_unless_it_names_the_payment(purpose: str, expected: str) -> None:
    assert last_sentence(purpose) == expected


def test_day_that_does_not_exist_is_none() -> None:
    assert day_of("29.02.2023") is None
    assert day_of("29.02.2024") == date(2024, 2, 29)
