"""Each variant of a 1C statement that banks were seen to write has a file; here is how it reads."""

from dataclasses import replace
from datetime import date

import pytest

from formats import onec
from formats.errors import Code, Findings, FormatError
from formats.onec import FileHead, Owner, SpanBalance, Statement, StatementLine
from formats.statement import Continuity, continuity
from formats.text import open_text
from tests.formats.messages import FIXTURES

FOLDER = FIXTURES / "onec"
OWN, SECOND = "KZ36009PENS999999901", "KZ986017A99999999911"
MARCH = (date(2024, 3, 1), date(2024, 3, 31))
CREDIT = StatementLine(
    line=1,
    number="145",
    dated=date(2024, 3, 14),
    booked_on=date(2024, 3, 14),
    value_date=date(2024, 3, 14),
    amount=11086000,
    direction="credit",
    counterparty_name='ГУ "УПРАВЛЕНИЕ ЗАНЯТОСТИ"',
    counterparty_bin="230140999968",
    counterparty_iban="KZ77070103KSN9999000",
    counterparty_bic="KKMFKZ2A",
    knp="119",
    purpose="Трансферт по заявке № 7",
)
DEBIT = StatementLine(
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
    counterparty_bic="HSBKKZKX",
    knp="311",
    purpose="Зачисление по списку",
)


def statement(*lines: StatementLine, opening: int = 0, account: str = OWN) -> Statement:
    """The statement of March with these lines."""
    credited = sum(line.amount for line in lines if line.direction == "credit")
    debited = sum(line.amount for line in lines if line.direction == "debit")
    return Statement(
        account=account,
        date_from=MARCH[0],
        date_to=MARCH[1],
        opening=opening,
        credited=credited,
        debited=debited,
        closing=opening + credited - debited,
        lines=lines,
    )


PLAIN = statement(CREDIT, DEBIT)
OWNER = 'НАО  "ГК "Правительство для граждан"'
KASPI = statement(
    replace(
        CREDIT,
        number="47437099",
        amount=400000,
        direction="debit",
        counterparty_name="Арман Тестұлы С.",
        counterparty_bin="800101399997",
        counterparty_iban="KZ986017A99999999911",
        counterparty_bic="",
        counterparty_kbe="1",
        purpose="Прочие переводы денег на карту *3305",
        own=Owner(name=OWNER, bin="160440007161", kbe="11", bic="GCVPKZ2A"),
        form="Платежное поручение",
    ),
    replace(
        CREDIT,
        line=2,
        booked_on=date(2024, 3, 15),
        value_date=date(2024, 3, 15),
        amount=25000000,
        counterparty_name='ГУ "УПРАВЛЕНИЕ ЗАНЯТОСТИ',
        counterparty_kbe="12",
        own=Owner(name=OWNER, bin="160440007161", kbe="11", bic="GCVPKZ2A"),
        form="Платежное поручение",
    ),
    opening=12946483,
)
JUSAN_OWNER = Owner(name='"НАО ГК "Правительство для граждан""', bin="160440007161")
JUSAN = statement(
    replace(
        CREDIT,
        number="95022",
        knp="",
        purpose="Қаражат аудару, сұраным № 7",
        own=JUSAN_OWNER,
        form="ПлатежноеПоручение",
    ),
    replace(DEBIT, knp="", own=JUSAN_OWNER, form="ПлатежноеПоручение"),
)
BANK = 'НАО ГК "Правительство для граждан"'
BCC = statement(
    replace(
        DEBIT,
        line=1,
        number="NT-475719",
        amount=16000000,
        counterparty_kbe="14",
        counterparty_bank='АО "БАНК-ПОЛУЧАТЕЛЬ"',
        knp="341",
        purpose="Зачисление на карт-счета по списку, реестр 17, , Карта: 489988******6145",
        own=Owner(name=BANK, bin="160440007161", kbe="11", bic="GCVPKZ2A", bank=BANK),
        form="ПлатежноеПоручение",
    ),
    opening=20274280,
)
DAYS = replace(
    statement(CREDIT, replace(CREDIT, line=2, number="146", dated=DEBIT.dated, booked_on=DEBIT.dated,
                              value_date=DEBIT.dated, amount=50000), replace(DEBIT, line=3)),
    date_from=date(2024, 3, 14),
    date_to=date(2024, 3, 18),
    spans=(
        SpanBalance(date_from=date(2024, 3, 14), date_to=date(2024, 3, 14), opening=0, credited=11086000, debited=0,
                    closing=11086000),
        SpanBalance(date_from=date(2024, 3, 18), date_to=date(2024, 3, 18), opening=11086000, credited=50000,
                    debited=774570, closing=10361430),
    ),
)  # fmt: skip
MOVED = replace(DEBIT, line=2, number="7", dated=date(2024, 3, 15), booked_on=date(2024, 3, 15),
                value_date=date(2024, 3, 15), amount=100000, counterparty_iban=SECOND)  # fmt: skip
ACCOUNTS = (
    statement(CREDIT, MOVED),
    statement(
        replace(MOVED, line=1, direction="credit", counterparty_name="", counterparty_bin="", counterparty_iban=OWN,
                counterparty_bic="", own=Owner(name='АО "БАНК-ПОЛУЧАТЕЛЬ"', bin="150540999975", bic="HSBKKZKX")),
        replace(MOVED, number="8", amount=30000, counterparty_iban="KZ286017A99999999910"),
        account=SECOND,
    ),
)  # fmt: skip
ALL = ("НачальныйОстаток", "ВсегоПоступило", "ВсегоСписано", "КонечныйОстаток")
UNKNOWN = statement(replace(CREDIT, other=(("GUID", "7f-01"), ("СтатусПлатежа", "Исполнен"))), DEBIT)
PURPOSE = "Трансферт по заявке № 7 = 110860 тенге, за март 2024"


@pytest.mark.parametrize(
    ("name", "expected", "notes"),
    [
        ("kaspi_like.txt", (KASPI,), ["СекцияДокумент", "КБЕ", "end of file"]),
        ("jusan_like_capitals.txt", (JUSAN,), ["keys"]),
        ("bcc_like_quotes.txt", (BCC,), ["СекцияДокумент", "end of file"]),
        ("dos_cp866.txt", (PLAIN,), []),
        ("utf16.txt", (PLAIN,), []),
        ("days_first.txt", (DAYS,), []),
        ("days_between.txt", (DAYS,), []),
        ("accounts_two.txt", ACCOUNTS, []),
        ("purpose_over_lines.txt", (statement(replace(CREDIT, purpose=PURPOSE), DEBIT),), ["НазначениеПлатежа"]),
        ("sections_open.txt", (PLAIN,), ["СекцияРасчСчет", "СекцияДокумент"]),
        ("balances_unstated.txt", (replace(PLAIN, unstated=ALL),), list(ALL)),
        ("opening_unstated.txt", (replace(PLAIN, unstated=ALL[:1]),), ["НачальныйОстаток"]),
        ("comma_and_charset.txt", (PLAIN,), ["ВерсияФормата", "Кодировка", "ВсегоСписано", "СуммаРасход"]),
        ("keys_unknown.txt", (UNKNOWN,), ["ВалютаСчета", "GUID", "СтатусПлатежа"]),
    ],
)
def test_variant_is_read_and_what_is_unusual_is_noted(
    name: str, expected: tuple[Statement, ...], notes: list[str]
) -> None:
    findings = Findings(name)
    text = open_text([(FOLDER / name).read_bytes()], name)
    assert tuple(onec.messages(text, findings)) == expected
    assert findings.faults == ()
    assert [note.place for note in findings.notes] == notes


def test_every_file_is_tested() -> None:
    parameters = test_variant_is_read_and_what_is_unusual_is_noted.pytestmark[0].args[1]  # type: ignore[attr-defined]
    assert {path.name for path in FOLDER.glob("*.txt")} == {name for name, *_ in parameters} | {
        "payment_orders_INFERRED.txt"
    }


BROKEN = {
    "amount.txt": (Code.AMOUNT, 33, "СуммаРасход"),
    "balance.txt": (Code.BALANCE, 14, "КонечныйОстаток, wrong totals"),
    "currency.txt": (Code.CURRENCY, 33, "Валюта"),
    "cut_short.txt": (Code.FILE_CUT_SHORT, 40, "end of file"),
    "date.txt": (Code.DATE, 32, "ДатаОперации"),
    "days_do_not_connect.txt": (Code.BALANCE, 20, "НачальныйОстаток, wrong totals"),
    "direction.txt": (Code.ONEC_DIRECTION, 29, "СекцияДокумент"),
    "empty.txt": (Code.FILE_EMPTY, None, "СекцияРасчСчет"),
    "first_line.txt": (Code.ONEC_FIRST_LINE, 1, "first line"),
    "key.txt": (Code.ONEC_KEY, 31, "keys"),
    "missing.txt": (Code.MISSING, 29, "ДатаОперации"),
    "repeated.txt": (Code.REPEATED, 31, "НомерДокумента"),
    "section.txt": (Code.ONEC_SECTION, 15, "sections"),
    "total.txt": (Code.TOTAL, 12, "ВсегоПоступило, wrong totals"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_file_is_refused_with_its_code(name: str) -> None:
    with pytest.raises(FormatError) as refusal:
        onec.read((FOLDER / "broken" / name).read_bytes(), name)
    assert [(fault.code, fault.line, fault.place) for fault in refusal.value.faults] == [BROKEN[name]]


def test_days_that_do_not_connect_are_said_with_the_figures() -> None:
    name = "days_do_not_connect.txt"
    with pytest.raises(FormatError) as refusal:
        onec.read((FOLDER / "broken" / name).read_bytes(), name)
    assert str(refusal.value.faults[0]) == (
        "line 20, НачальныйОстаток, wrong totals: found '110000,00', expected 110860,00, the balance of 14.03.2024, "
        "line 14 (difference 860,00); ask the bank for a corrected statement"
    )


def test_head_of_the_file_is_kept() -> None:
    name = "bcc_like_quotes.txt"
    assert onec.read((FOLDER / name).read_bytes(), name).head == FileHead(
        version="2.0",
        sender='АО "Банк (синтетика)"',
        receiver="1C Предприятие, Бухгалтерия для Казахстана",
        created_on=date(2024, 4, 1),
        created_at="18:11:22",
    )


def test_unknown_keys_of_an_account_section_are_kept() -> None:
    data = (FOLDER / "keys_unknown.txt").read_bytes()
    assert onec.read(data, "keys_unknown.txt").other == (("ВалютаСчета", "KZT"),)


def test_statement_for_the_books_needs_its_balances() -> None:
    with pytest.raises(FormatError) as refusal:
        onec.read((FOLDER / "opening_unstated.txt").read_bytes(), "march.txt")
    assert str(refusal.value.faults[0]) == (
        "line 7, НачальныйОстаток: found 'nothing', expected the balance, which the books are proved with; "
        "ask the bank for a corrected statement"
    )


def test_file_of_two_accounts_is_not_one_statement() -> None:
    with pytest.raises(FormatError, match="2 accounts"):
        onec.read((FOLDER / "accounts_two.txt").read_bytes(), "march.txt")


def test_transfer_between_two_accounts_of_the_file_needs_its_column() -> None:
    text = (FOLDER / "accounts_two.txt").read_text().replace("СуммаРасход=1000", "Сумма=1000")
    findings = Findings("march.txt")
    assert list(onec.messages([text], findings)) == []
    assert [fault.code for fault in findings.faults] == [Code.ONEC_DIRECTION]


def test_day_whose_turnover_is_wrong_is_named() -> None:
    text = (FOLDER / "days_first.txt").read_text().replace("ВсегоПоступило=500", "ВсегоПоступило=501")
    findings = Findings("march.txt")
    list(onec.messages([text], findings))
    assert [(fault.code, fault.line) for fault in findings.faults] == [(Code.TOTAL, 21), (Code.BALANCE, 23)]


def test_document_booked_on_another_day_than_its_section_is_noted() -> None:
    text = (FOLDER / "days_first.txt").read_text().replace("ДатаОперации=14.03.2024", "ДатаОперации=18.03.2024")
    findings = Findings("march.txt")
    (found,) = onec.messages([text], findings)
    assert found.credited == DAYS.credited
    assert [note.place for note in findings.notes] == ["ВсегоПоступило"]


def test_document_booked_outside_the_days_is_noted() -> None:
    text = (FOLDER / "dos_cp866.txt").read_bytes().decode("cp866").replace("ДатаОперации=14.03", "ДатаОперации=14.04")
    findings = Findings("march.txt")
    assert len(list(onec.messages([text], findings))) == 1
    assert [(note.place, note.found) for note in findings.notes] == [("ДатаОперации", "14.04.2024")]


def test_overdraft_is_a_balance_below_zero() -> None:
    text = (FOLDER / "dos_cp866.txt").read_bytes().decode("cp866")
    text = text.replace("НачальныйОстаток=0", "НачальныйОстаток=-110860").replace("=103114.3", "=-7745.7")
    findings = Findings("march.txt")
    (found,) = onec.messages([text], findings)
    assert (found.opening, found.closing) == (-11086000, -774570)
    assert len(findings.notes) == 2


def test_document_of_an_account_without_section_is_counted_to_the_open_one() -> None:
    text = (FOLDER / "dos_cp866.txt").read_bytes().decode("cp866").replace(f"ПолучательИИК={OWN}", "ПолучательИИК=KZ1")
    findings = Findings("march.txt")
    (found,) = onec.messages([text], findings)
    assert found.lines[0].own == Owner(account="KZ1")
    assert [note.place for note in findings.notes] == ["ИИК"]


def test_neutral_form_is_proved_like_any_other() -> None:
    found = onec.account_statement(PLAIN)
    assert (found.opening, found.closing, found.credited, found.debited) == (0, 10311430, 11086000, 774570)
    assert [(one.mark, one.counterparty_account) for one in found.movements] == [
        ("C", "KZ77070103KSN9999000"), ("D", "KZ286017A99999999910"),
    ]  # fmt: skip
    unstated = onec.account_statement(replace(PLAIN, unstated=ALL))
    assert (unstated.opening, unstated.closing) == (None, None)


def test_gap_to_the_statement_before_is_for_the_caller() -> None:
    after = replace(PLAIN, date_from=date(2024, 4, 2), date_to=date(2024, 4, 30), opening=0, closing=10311430)
    found = continuity(onec.account_statement(PLAIN), onec.account_statement(after))
    assert found == Continuity(kind="gap", days=1, closing_before=10311430, opening=0, difference=-10311430)
