"""The keys of 1CClientBankExchange as Kazakhstan's banks write them (mt102.md §5.5), under names of the field.

Keys come in any case; here they are spelled as Esep writes them. What is known of them, and how surely, stands in
docs/formats/1c.md.

>>> ROLES["credit"]
('СуммаПриход', 'Плательщик', 'Получатель')
"""

from typing import Literal

Direction = Literal["credit", "debit"]

FIRST_LINE = "1CClientBankExchange"
VERSION = "2.00"
VERSIONS = ("1.01", "1.02", "2.0", "2.00")
ACCOUNT, ACCOUNT_END = "СекцияРасчСчет", "КонецРасчСчет"
DOCUMENT, DOCUMENT_END = "СекцияДокумент", "КонецДокумента"
FILE_END = "КонецФайла"
STATEMENT_KIND, ORDER_KIND = "Выписка", "ПлатежноеПоручение"
PURPOSE = "НазначениеПлатежа"
DATE_FROM, DATE_TO, ACCOUNT_NUMBER = "ДатаНачала", "ДатаКонца", "РасчСчет"
OPENING, CREDITED, DEBITED, CLOSING = "НачальныйОстаток", "ВсегоПоступило", "ВсегоСписано", "КонечныйОстаток"
BALANCES = (OPENING, CREDITED, DEBITED, CLOSING)
CREDIT, DEBIT, AMOUNT, CURRENCY = "СуммаПриход", "СуммаРасход", "Сумма", "Валюта"
CURRENCIES = frozenset({"", "KZT", "398"})
NUMBER, DATED, BOOKED_ON, VALUE_DATE = "НомерДокумента", "ДатаДокумента", "ДатаОперации", "ДатаВалютирования"
FORM, KNP = "ВидДокумента", "КодНазначенияПлатежа"
PAYER, PAYEE = "Плательщик", "Получатель"
NAME, BIN, KBE, IIK, BANK, BIC, BANK_BIN = (
    "Наименование", "БИН_ИИН", "КБЕ", "ИИК", "БанкНаименование", "БанкБИК", "БанкБИН_ИИН",
)  # fmt: skip
PARTY = (NAME, BIN, KBE, IIK, BANK, BIC, BANK_BIN)
HEAD = ("ВерсияФормата", "Кодировка", "Отправитель", "Получатель", "ДатаСоздания", "ВремяСоздания")

ROLES: dict[Direction, tuple[str, str, str]] = {
    "credit": (CREDIT, PAYER, PAYEE),
    "debit": (DEBIT, PAYEE, PAYER),
}
"""For each direction the key of its amount, the other side and our own side."""

PURPOSES = (PURPOSE, *(f"{PURPOSE}{number}" for number in range(1, 7)))
"""The purpose in one line, or in up to six numbered ones."""
DOCUMENT_KEYS = (
    NUMBER, DATED, FORM, BOOKED_ON, VALUE_DATE, CREDIT, DEBIT, AMOUNT, CURRENCY, KNP, *PURPOSES,
    *(f"{side}{name}" for side in (PAYER, PAYEE) for name in PARTY),
)  # fmt: skip
MARKS = (ACCOUNT, ACCOUNT_END, DOCUMENT, DOCUMENT_END, FILE_END)
KEYS = (*MARKS, *HEAD, "Документ", DATE_FROM, DATE_TO, ACCOUNT_NUMBER, *BALANCES, *DOCUMENT_KEYS)
"""Every key that Esep knows, in the spelling that it writes."""

HEAD_USED = frozenset({*HEAD, "Документ", DATE_FROM, DATE_TO, ACCOUNT_NUMBER})
SPAN_USED = frozenset({DATE_FROM, DATE_TO, ACCOUNT_NUMBER, *BALANCES})
# The BINs of the banks make no field of a line; they are kept with the keys that nobody knows.
LINE_USED = frozenset(DOCUMENT_KEYS) - {f"{side}{BANK_BIN}" for side in (PAYER, PAYEE)}
"""The keys of a head, an account section and a document of a statement that fields are made of."""

EOL = "\r\n"
CHARSET_NAMES = {"cp1251": "Windows", "cp866": "DOS"}
"""What `Кодировка` says of a charset that is written; the others say their own names."""
