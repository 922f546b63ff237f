"""The 1C bank statement: habits of banks are read, sums that do not agree are refused."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats import onec
from formats.errors import FormatError
from formats.onec import Direction, Statement, StatementLine
from formats.text import UnencodableLetter, encode
from tests.formats import messages

ACCOUNT = "KZ36009PENS999999901"
TEXT = """1CClientBankExchange
ВерсияФормата=2.00
Кодировка=Windows
ДатаНачала=01.03.2024
ДатаКонца=31.03.2024
РасчСчет=KZ36009PENS999999901
СекцияРасчСчет
ДатаНачала=01.03.2024
ДатаКонца=31.03.2024
РасчСчет=KZ36009PENS999999901
НачальныйОстаток=0
ВсегоПоступило=110860
ВсегоСписано=7745.7
КонечныйОстаток=103114.3
КонецРасчСчет
СекцияДокумент=Выписка
НомерДокумента=NT-145
ДатаДокумента=14.03.2024
ДатаОперации=15.03.2024
ДатаВалютирования=14.03.2024
СуммаПриход=110860
Валюта=KZT
ПлательщикНаименование=ГУ "УПРАВЛЕНИЕ ЗАНЯТОСТИ
ПлательщикБИН_ИИН=230140999968
ПлательщикИИК=KZ77070103KSN9999000
ПлательщикБанкБИК=KKMFKZ2A
ПолучательИИК=KZ36009PENS999999901
КодНазначенияПлатежа=119
НазначениеПлатежа=Қаражат аудару, сұраным № 7 = 110860
КонецДокумента
СекцияДокумент=Выписка
НомерДокумента=101
ДатаДокумента=18.03.2024
ДатаОперации=18.03.2024
СуммаРасход=7745.7
ПолучательНаименование=АО "БАНК-ПОЛУЧАТЕЛЬ"
ПолучательБИН_ИИН=150540999975
ПолучательИИК=KZ286017A99999999910
ПолучательБанкБИК=
ПлательщикИИК=KZ36009PENS999999901
КодНазначенияПлатежа=311
НазначениеПлатежа=ЗАЧИСЛЕНИЕ ПО СПИСКУ /NUM/101
КонецДокумента
КонецФайла
"""
TOTALS = "ВсегоПоступило=110860\nВсегоСписано=7745.7\nКонечныйОстаток=103114.3\n"
STATEMENT = Statement(
    account=ACCOUNT,
    date_from=date(2024, 3, 1),
    date_to=date(2024, 3, 31),
    opening=0,
    credited=11086000,
    debited=774570,
    closing=10311430,
    lines=(
        StatementLine(
            line=1,
            number="NT-145",
            dated=date(2024, 3, 14),
            booked_on=date(2024, 3, 15),
            value_date=date(2024, 3, 14),
            amount=11086000,
            direction="credit",
            counterparty_name='ГУ "УПРАВЛЕНИЕ ЗАНЯТОСТИ',
            counterparty_bin="230140999968",
            counterparty_iban="KZ77070103KSN9999000",
            counterparty_bic="KKMFKZ2A",
            knp="119",
            purpose="Қаражат аудару, сұраным № 7 = 110860",
        ),
        StatementLine(
            line=2,
            number="101",
            dated=date(2024, 3, 18),
            booked_on=date(2024, 3, 18),
            value_date=date(2024, 3, 18),
            amount=774570,
            direction="debit",
            counterparty_name='АО "БАНК-ПОЛУЧАТЕЛЬ"',
            counterparty_bin="150540999975",
            counterparty_iban="KZ286017A99999999910",
            counterparty_bic="",
            knp="311",
            purpose="ЗАЧИСЛЕНИЕ ПО СПИСКУ /NUM/101",
        ),
    ),
)


def changed(*pairs: tuple[str, str]) -> str:
    """The statement with pieces exchanged, each of which must stand in it."""
    text = TEXT
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def test_statement_is_read_in_full() -> None:
    assert onec.read(TEXT.encode(), "march.txt") == STATEMENT


def _upper_keys(text: str) -> str:
    return "\n".join("=".join([row.split("=", 1)[0].upper(), *row.split("=", 1)[1:]]) for row in text.split("\n"))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (_upper_keys(TEXT), "keys in capitals"),
        (TEXT.replace("=Выписка", '="Выписка"'), "quotes round the kind of document"),
        (TEXT.replace("\n", "\r\n"), "CR LF"),
        (TEXT.replace("КонецФайла\n", ""), "no end of file"),
        (TEXT + "\x1a", "DOS end of file"),
        (changed(("аудару, сұраным", "аудару,\nсұраным")), "purpose over two lines"),
        (
            changed(("НазначениеПлатежа=Қаражат аудару, ", "НазначениеПлатежа1=Қаражат аудару,\nНазначениеПлатежа2=")),
            "purpose in numbered lines",
        ),
        (
            changed(("НазначениеПлатежа=ЗА", "НазначениеПлатежа1=ЗАЧИС\nНазначениеПлатежа=ЗА")),
            "whole purpose and its lines",
        ),
        (changed(("СуммаПриход=110860", "СуммаПриход=110860.00\nСуммаРасход=\nСумма=110860.0")), "all sums"),
        (changed(("СуммаПриход=", "СуммаРасход=0\nСуммаПриход=")), "a zero in the other column"),
        (TEXT.replace("СуммаПриход", "Сумма").replace("СуммаРасход", "Сумма"), "the accounts tell the direction"),
        (changed(("ПолучательИИК=KZ36009PENS999999901\n", "")), "the column tells the direction"),
        (changed(("СекцияРасчСчет\n", "СекцияРасчСчет\nОстатокВалюта=0\n")), "a key nobody knows"),
        (
            changed(
                ("СекцияРасчСчет\nДатаНачала=01.03.2024\nДатаКонца=31.03.2024\nРасчСчет=KZ36009PENS999999901\n",
                 "СекцияРасчСчет\n")
            ),
            "account and days at the head only",
        ),
        (changed(("=KZT", "=398")), "the currency as a number"),
        (changed(("НачальныйОстаток=0", "НачальныйОстаток=0,00")), "an amount with a comma"),
        (changed(("КонецДокумента\nСекция", "Секция")), "a document that the next one closes"),
        (changed(("КонецДокумента\nКонецФайла\n", "КонецФайла\n")), "a document that the end of the file closes"),
        (changed(("КонецРасчСчет\n", "")), "an account section that a document closes"),
        (TEXT.replace("\n", "\r"), "CR"),
        (TEXT.replace("КонецДокумента\n", "КонецДокумента\n\n"), "blank lines"),
        (TEXT.rstrip("\n"), "no line end at the end"),
        (changed(("НомерДокумента=101", "НомерДокумента = 101 ")), "blanks"),
    ],
)  # fmt: skip
def test_habits_of_banks_are_read_as_the_same_statement(text: str, why: str) -> None:
    assert text != TEXT
    assert onec.read(text.encode(), "march.txt") == STATEMENT, why


@pytest.mark.parametrize("charset", ["cp1251", "utf-8", "utf-8-sig", "utf-16"])
def test_statement_is_read_and_written_in_every_charset_of_banks(charset: str) -> None:
    assert onec.read(encode(TEXT, charset), "march.txt") == STATEMENT
    assert onec.read(onec.write(STATEMENT, charset), "march.txt") == STATEMENT


def test_russian_statement_is_read_and_written_in_dos_letters() -> None:
    line = replace(STATEMENT.lines[0], purpose="Перечисление по заявке № 7")
    statement = replace(STATEMENT, lines=(line, STATEMENT.lines[1]))
    data = onec.write(statement, "cp866")
    assert "Кодировка=DOS".encode("cp866") in data
    assert onec.read(data, "march.txt") == statement
    with pytest.raises(UnencodableLetter):
        onec.write(STATEMENT, "cp866")


@pytest.mark.parametrize(
    ("old", "new", "line", "place"),
    [
        (TOTALS, TOTALS.replace("110860", "110860.01").replace("4.3", "4.31"), 12, "ВсегоПоступило, wrong totals"),
        (TOTALS, TOTALS.replace("7745.7", "7745").replace("4.3", "5"), 13, "ВсегоСписано, wrong totals"),
        ("КонечныйОстаток=103114.3", "КонечныйОстаток=1", 14, "КонечныйОстаток, wrong totals"),
        ("НачальныйОстаток=0\n", "", 7, "НачальныйОстаток"),
        ("НачальныйОстаток=0", "НачальныйОстаток=0,000", 11, "НачальныйОстаток"),
        ("КонечныйОстаток=103114.3\n", "", 7, "КонечныйОстаток"),
        ("СуммаРасход=7745.7", "СуммаРасход=7745.700", 35, "СуммаРасход"),
        ("СуммаРасход=7745.7", "СуммаРасход=-7745.7", 35, "СуммаРасход"),
        ("СуммаРасход=7745.7", "СуммаРасход=7 745.7", 35, "СуммаРасход"),
        ("СуммаРасход=7745.7", "СуммаРасход=٧٧٤٥.7", 35, "СуммаРасход"),
        ("СуммаРасход=7745.7", "СуммаРасход=0", 31, "СекцияДокумент"),
        ("СуммаРасход=7745.7", "СуммаПриход=7745.7", 31, "СекцияДокумент"),
        ("СуммаРасход=7745.7", "СуммаРасход=7745.7\nСуммаПриход=7745.7", 31, "СекцияДокумент"),
        ("СуммаРасход=7745.7", "СуммаРасход=7745.7\nСумма=7745", 31, "СекцияДокумент"),
        ("ДатаОперации=18.03.2024", "ДатаОперации=18.3.2024", 34, "ДатаОперации"),
        ("ДатаОперации=18.03.2024\n", "", 31, "ДатаОперации"),
        ("ДатаДокумента=14.03.2024", "ДатаДокумента=31.02.2024", 18, "ДатаДокумента"),
        ("ДатаВалютирования=14.03.2024", "ДатаВалютирования=2024-03-14", 20, "ДатаВалютирования"),
        ("Валюта=KZT", "Валюта=USD", 22, "Валюта"),
        ("НомерДокумента=101", "НомерДокумента=101\nНомерДокумента=102", 33, "НомерДокумента"),
        ("НомерДокумента=101", "НомерДокумента=101\nпросто текст", 33, "keys"),
        ("КонецДокумента\nКонецФайла\n", "", 43, "end of file"),
        ("КонецРасчСчет\n", "КонецДокумента\n", 15, "sections"),
        ("КонецРасчСчет\n", "КонецРасчСчет\nКонецРасчСчет\n", 16, "sections"),
        ("КонецФайла\n", "КонецФайла\nмусор\n", 45, "keys"),
        ("1CClientBankExchange", "1CBankExchange", 1, "first line"),
    ],
)
def test_fault_is_reported_with_line_and_place(old: str, new: str, line: int, place: str) -> None:
    with pytest.raises(FormatError) as refusal:
        onec.read(changed((old, new)).encode(), "march.txt")
    assert [(fault.line, fault.place) for fault in refusal.value.faults] == [(line, place)]
    assert all(fault.found and fault.expected and fault.remedy for fault in refusal.value.faults)


def test_wrong_totals_name_what_was_computed_and_what_was_stated() -> None:
    with pytest.raises(FormatError, match="wrong totals") as refusal:
        onec.read(changed(("КонечныйОстаток=103114.3", "КонечныйОстаток=103564.3")).encode(), "march.txt")
    (fault,) = refusal.value.faults
    assert fault.found == "103564,30"
    assert "103114,30" in fault.expected
    assert "difference 450,00" in fault.expected


def test_all_faults_are_reported_in_order() -> None:
    pairs = [("ДатаДокумента=14.03", "ДатаДокумента=99.03"), ("СуммаРасход=7745.7", "СуммаРасход=7745,7000")]
    with pytest.raises(FormatError) as refusal:
        onec.read(changed(("Начала=01.03.2024\nДатаКонца=31.03.2024\nРасч", "Начала=x\nРасч"), *pairs).encode(), "m")
    assert [fault.line for fault in refusal.value.faults] == [17, 34]


@pytest.mark.parametrize("cut", [TEXT.index("СекцияРасчСчет"), TEXT.index("НачальныйОстаток"), 22, 0])
def test_cut_file_is_refused(cut: int) -> None:
    with pytest.raises(FormatError):
        onec.read(TEXT[:cut].encode(), "march.txt")


def test_two_accounts_in_one_file_are_refused() -> None:
    section = TEXT[TEXT.index("СекцияРасчСчет") : TEXT.index("СекцияДокумент")]
    with pytest.raises(FormatError, match="2 sections"):
        onec.read(changed((section, section * 2)).encode(), "march.txt")


def test_span_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(FormatError, match="not before"):
        onec.read(TEXT.replace("ДатаКонца=31.03.2024", "ДатаКонца=29.02.2024").encode(), "march.txt")


def _line(place: int, number: str, days: list[date], amount: int, direction: Direction, *rest: str) -> StatementLine:
    name, bin_, iban, bic, knp, purpose = rest
    return StatementLine(
        line=place,
        number=number,
        dated=days[0],
        booked_on=days[1],
        value_date=days[2],
        amount=amount,
        direction=direction,
        counterparty_name=name,
        counterparty_bin=bin_,
        counterparty_iban=iban,
        counterparty_bic=bic,
        knp=knp,
        purpose=purpose,
    )


@st.composite
def statements(draw: st.DrawFn) -> Statement:
    """Any statement that may be written."""
    days = st.dates(date(1000, 1, 1), date(9999, 12, 31))
    free = st.one_of(st.just(""), messages.texts(60, " .,'\"-:№()/{}=\\"))
    direction: st.SearchStrategy[Direction] = st.sampled_from(["credit", "debit"])
    lines = tuple(
        _line(place, draw(free), draw(st.tuples(days, days, days).map(list)), draw(messages.amounts), draw(direction),
              *(draw(free) for _ in range(6)))
        for place in range(1, draw(st.integers(0, 4)) + 1)
    )  # fmt: skip
    credited = sum(line.amount for line in lines if line.direction == "credit")
    debited = sum(line.amount for line in lines if line.direction == "debit")
    opening = debited + draw(st.integers(0, 10**12))
    first, last = sorted((draw(days), draw(days)))
    return Statement(
        account=draw(messages.accounts),
        date_from=first,
        date_to=last,
        opening=opening,
        credited=credited,
        debited=debited,
        closing=opening + credited - debited,
        lines=lines,
    )


@given(statements(), st.sampled_from(["utf-8", "cp1251", "utf-16"]))
def test_statement_written_is_the_statement_read(statement: Statement, charset: str) -> None:
    assert onec.read(onec.write(statement, charset), "march.txt") == statement


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (replace(STATEMENT, closing=1), "wrong totals"),
        (replace(STATEMENT, opening=-1), "-1 tiyn"),
        (replace(STATEMENT, account=""), "account"),
        (replace(STATEMENT, date_to=date(2024, 2, 29)), "dates"),
        (replace(STATEMENT, lines=STATEMENT.lines[1:]), "counted from 1"),
        (replace(STATEMENT, lines=(replace(STATEMENT.lines[0], purpose="a\nb"), STATEMENT.lines[1])), "purpose"),
        (replace(STATEMENT, lines=(replace(STATEMENT.lines[0], number=" 1"), STATEMENT.lines[1])), "number"),
        (replace(STATEMENT, lines=(replace(STATEMENT.lines[0], amount=0), STATEMENT.lines[1])), "0 tiyn"),
        (replace(STATEMENT, lines=(replace(STATEMENT.lines[0], dated=date(1, 1, 1)), STATEMENT.lines[1])), "dates"),
    ],
)
def test_statement_that_would_not_be_read_back_is_not_written(statement: Statement, words: str) -> None:
    with pytest.raises(FormatError, match=words):
        onec.write(statement, "utf-8")


@given(st.binary(max_size=200) | messages.mutated(TEXT.encode()) | messages.mutated(encode(TEXT, "cp1251")))
def test_reading_raises_nothing_but_format_error(data: bytes) -> None:
    answer = messages.answer(lambda: onec.read(data, "march.txt"))
    assert (
        answer.faults
        if isinstance(answer, FormatError)
        else answer.opening + answer.credited - answer.debited == answer.closing
    )
