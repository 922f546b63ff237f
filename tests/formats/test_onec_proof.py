"""1C balances that are proved by every figure of the file, in a time that grows with the file and no faster."""

from dataclasses import replace
from datetime import date, timedelta
from time import process_time

import pytest

from formats import onec
from formats.errors import Code, Findings, FormatError
from formats.onec import FileHead, Owner
from formats.onec_keys import CLOSING, OPENING
from tests.formats import messages
from tests.formats.test_onec import STATEMENT, TEXT
from tests.formats.test_onec_stream import answer

ACCOUNT = "KZ36009PENS999999901"
HEAD = f"1CClientBankExchange\nВерсияФормата=2.00\nРасчСчет={ACCOUNT}\n"


def section(day: str, **values: object) -> str:
    """The section of a day."""
    rows = "".join(f"{key}={value}\n" for key, value in values.items())
    return f"СекцияРасчСчет\nДатаНачала={day}\nДатаКонца={day}\nРасчСчет={ACCOUNT}\n{rows}КонецРасчСчет\n"


def credit(day: str, amount: object, more: str = "") -> str:
    """A document of money that came in."""
    days = f"ДатаДокумента={day}\nДатаОперации={day}\n"
    return f"СекцияДокумент=Выписка\n{days}СуммаПриход={amount}\n{more}КонецДокумента\n"


def day(after: int) -> str:
    """The day so many days after the first of January."""
    return f"{date(2000, 1, 1) + timedelta(after):%d.%m.%Y}"


def file(*parts: str) -> str:
    """A file of the parts."""
    return "".join([HEAD, *parts, "КонецФайла\n"])


FIRST = section(day(0), НачальныйОстаток=0, КонечныйОстаток=100)
SECOND = section(day(2), НачальныйОстаток=100, КонечныйОстаток=150)
SECOND_CLOSED = section(day(2), КонечныйОстаток=500)
FIRST_STATED = section(day(0), НачальныйОстаток=0, ВсегоПоступило=100, КонечныйОстаток=100)


@pytest.mark.parametrize(
    ("parts", "code", "words", "why"),
    [
        ((FIRST, SECOND, credit(day(0), 100), credit(day(1), 999), credit(day(2), 50)), Code.TOTAL, "1149,00",
         "a document of a day between, which no balance shows"),
        ((FIRST_STATED, SECOND, credit(day(0), 70), credit(day(2), 50)), Code.TOTAL, "70,00",
         "one section states its turnover, the other does not"),
        ((FIRST, SECOND_CLOSED, credit(day(0), 100), credit(day(2), 50)), Code.BALANCE, "150,00",
         "a closing balance that does not follow from the day before"),
        ((FIRST.replace("КонечныйОстаток=100\n", ""), SECOND, credit(day(0), 70), credit(day(2), 50)), Code.BALANCE,
         "70,00", "an opening balance that does not follow from the documents of the day before"),
    ],
)  # fmt: skip
def test_every_document_and_balance_of_several_sections_is_proved(
    parts: tuple[str, ...], code: Code, words: str, why: str
) -> None:
    findings = Findings("march.txt")
    assert list(onec.messages([file(*parts)], findings)) == [], why
    assert [fault.code for fault in findings.faults] == [code]
    assert words in findings.faults[0].expected


def test_opening_balance_follows_from_the_first_one_that_is_stated() -> None:
    parts = (section(day(0)), section(day(2), НачальныйОстаток=700), credit(day(0), 100), credit(day(2), 50))
    (found,) = onec.messages([file(*parts)], Findings("march.txt"))
    assert (found.opening, found.closing) == (60000, 75000)


def test_account_in_another_currency_is_refused() -> None:
    for key in ("Валюта", "ВалютаСчета", "ВАЛЮТАСЧЕТА"):
        text = TEXT.replace("НачальныйОстаток", f"{key}=USD\nНачальныйОстаток", 1)
        with pytest.raises(FormatError) as refusal:
            onec.read(text.replace("Валюта=KZT\n", "").encode(), "march.txt")
        assert [(fault.code, fault.line) for fault in refusal.value.faults] == [(Code.CURRENCY, 11)]
    in_head = TEXT.replace("РасчСчет=", "Валюта=EUR\nРасчСчет=", 1)
    with pytest.raises(FormatError, match="tenge only"):
        onec.read(in_head.encode(), "march.txt")


def test_date_before_the_year_1000_is_refused() -> None:
    with pytest.raises(FormatError, match=r"dd\.mm\.yyyy"):
        onec.read(TEXT.replace("ДатаОперации=18.03.2024", "ДатаОперации=18.03.0024").encode(), "march.txt")


@pytest.mark.parametrize("row", ["КодНазначенияПлатежа=119", "СуммаПриход=7", "РасчСчет=KZ9", "ДатаНачала=02.03.2024"])
def test_key_of_a_section_between_sections_is_a_fault(row: str) -> None:
    text = TEXT.replace("КонецДокумента\n", f"КонецДокумента\n{row}\n", 1)
    for size in (1 << 30, 40):
        _, faults, _ = answer(text, plain=True, size=size)
        assert [(fault.code, fault.line, fault.found) for fault in faults] == [(Code.ONEC_KEY, 31, row)]


def test_other_keys_between_sections_are_noted() -> None:
    rows = f"Подпись=7\nРасчСчет={ACCOUNT}\n"
    findings = Findings("march.txt")
    text = TEXT.replace("КонецДокумента\n", f"КонецДокумента\n{rows}", 1)
    (found,) = onec.messages([text], findings)
    assert found.head.other == (("Подпись", "7"),)
    assert [note.line for note in findings.notes] == [31, 31, 32]


def test_text_after_the_mark_of_a_section_is_noted() -> None:
    text = TEXT.replace("СекцияРасчСчет\n", "СекцияРасчСчет=KZ1\n").replace("КонецДокумента\n", "КонецДокумента=7\n")
    items, _, notes = answer(text, plain=True)
    assert (items, notes) == (answer(text, plain=False)[0], answer(text, plain=False)[2])
    assert {(place, count) for place, _, count in notes} == {("СекцияРасчСчет", 1), ("КонецДокумента", 2)}


def test_numbered_lines_that_the_whole_purpose_does_not_hold_are_noted() -> None:
    documents = [credit(day(0), 1, f"НазначениеПлатежа=ЗА\nНазначениеПлатежа1={text}\n") for text in "ЗА№7"]
    text = file(section(day(0)), *documents)
    findings = Findings("march.txt")
    list(onec.messages([text], findings))
    (note,) = [note for note in findings.notes if note.place == "НазначениеПлатежа"]
    assert (note.line, note.found, note.count) == (27, "№", 2)
    assert answer(text, plain=True) == answer(text, plain=False)


def test_note_has_the_line_of_the_first_document() -> None:
    text = file(section(day(0)), *[credit(day(0), 1, f"ПлательщикКБЕ={digit}\n") for digit in "123"])
    findings = Findings("march.txt")
    list(onec.messages([text], findings))
    assert [(note.line, note.found, note.count) for note in findings.notes if note.place == "КБЕ"] == [(13, "1", 3)]


def _hostile(kind: str, count: int) -> str:
    if kind == "many sections":
        places = range(count)
        parts = [section(day(one), НачальныйОстаток=one, КонечныйОстаток=one + 1, Ключ=1) for one in places]
        return file(*parts, *[credit(day(one), 1) for one in places])
    if kind == "many lines of a purpose":
        return file(section(day(0)), credit(day(0), 1, "НазначениеПлатежа=а\n" + "б\n" * (50 * count)))
    accounts = "".join(f"РасчСчет=KZ{number}\n" for number in range(10 * count))
    return file(accounts, section(day(0)), *[credit(day(0), 0)] * count)


@pytest.mark.parametrize("kind", ["many sections", "many lines of a purpose", "many accounts and faults"])
def test_reading_takes_a_time_that_grows_like_the_file(kind: str) -> None:
    started = process_time()
    list(onec.messages([_hostile(kind, 6_000)], Findings("march.txt")))
    assert process_time() - started < 5


def test_balance_that_the_file_would_not_show_is_not_written() -> None:
    unstated = (OPENING, CLOSING)
    with pytest.raises(FormatError, match="neither balance is stated"):
        onec.write(replace(STATEMENT, unstated=unstated, opening=500, closing=10311930), "utf-8")
    with pytest.raises(FormatError, match="in their order"):
        onec.write(replace(STATEMENT, unstated=unstated[::-1]), "utf-8")
    (found,) = onec.messages([onec.write(replace(STATEMENT, unstated=unstated), "utf-8").decode()], Findings("m"))
    assert found == replace(STATEMENT, unstated=unstated)


def test_document_that_is_too_long_to_be_read_is_not_written() -> None:
    for length, is_written in ((1 << 19, False), ((1 << 19) - 200, True)):
        line = replace(STATEMENT.lines[0], purpose="а" * length)
        statement = replace(STATEMENT, lines=(line, STATEMENT.lines[1]))
        if is_written:
            assert onec.read(onec.write(statement, "utf-8"), "march.txt") == statement
        else:
            with pytest.raises(FormatError, match="at most 524288 characters"):
                onec.write(statement, "utf-8")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"other": (("НомерДокумента", "7"),)}, "other"),
        ({"other": (("a=b", "7"),)}, "other"),
        ({"other": (("Ключ", "7"), ("Ключ", "8"))}, "other"),
        ({"kind": '"Выписка"'}, "kind"),
        ({"own": Owner(account=ACCOUNT)}, "own account"),
    ],
)
def test_line_without_a_rare_sign_is_looked_at_as_closely(changes: dict[str, object], words: str) -> None:
    line = replace(STATEMENT.lines[1], **changes)  # type: ignore[arg-type]
    with pytest.raises(FormatError, match=words):
        onec.write(replace(STATEMENT, lines=(replace(STATEMENT.lines[0], purpose="Аудару"), line)), "utf-8")


def test_unknown_keys_of_head_and_section_are_written_as_they_were_read() -> None:
    statement = replace(STATEMENT, head=FileHead(version="2.00", other=(("Ключ", ""),)), other=(("GUID", ""),))
    found = onec.read(onec.write(statement, "utf-8"), "march.txt")
    assert (found.head.other, found.other) == (statement.head.other, statement.other)
    with pytest.raises(FormatError, match="head, other"):
        onec.write(replace(STATEMENT, head=FileHead(other=(("НазначениеПлатежа", "а"), ("GUID", "7")))), "utf-8")


def test_day_of_the_head_that_would_not_be_read_back_is_not_written() -> None:
    with pytest.raises(FormatError, match="created on"):
        onec.write(replace(STATEMENT, head=FileHead(created_on=date(24, 3, 1))), "utf-8")


def test_turnover_that_only_one_section_stated_is_not_written() -> None:
    """Found by fuzzing: a document dated outside of both sections is in the turnover that one of them states."""
    data = (messages.FIXTURES / "onec" / "broken" / "fuzz_turnover_of_one_section.txt").read_bytes()
    (found,) = onec.messages([data.decode()], Findings("march.txt"))
    with pytest.raises(FormatError, match="the turnovers of each section"):
        onec.write(found, "utf-8")
