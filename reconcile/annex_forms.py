"""The annexes to Appendix 1 and Appendix 2 as forms: what the forms of the order have no room for.

To Appendix 1 the control equation of the month, timing differences (AMB-9), money held and files under way; to Appendix
2 different people beside items (AMB-10) and what of earlier months came back (AMB-12). The order prescribes no words
for them: they are ours, and nobody signs an annex.
"""

from collections.abc import Sequence

from formats.act_documents import SECTIONS, MoneyAnnex, MoneyRow, PeopleAnnex, PeopleRow
from reconcile.forms import last_day
from reconcile.letters import LETTER_COPY
from reconcile.paper import Column, Form, Kind, Section, Value, columns
from reconcile.words import AID, AMOUNT, BIN, NO_BREAK, ORDINAL, TOTAL, Language, Text, month_text

_NOTHING = Text("жоқ", "нет")

# --- To Appendix 1: money ---------------------------------------------------------------------------------------------

_MONEY_TITLE = Text(
    "1-қосымшаға мәліметтер: айдың бақылау теңдеуі, мерзім айырмалары, есептегі қаражат",
    "Сведения к приложению 1: контрольное уравнение месяца, разницы во времени, средства на счёте",
)
_EQUATION_COLUMNS: tuple[tuple[Text, Kind, int], ...] = (
    (ORDINAL, "mark", 8),
    (Text("Көрсеткіш", "Показатель"), "text", 100),
    (AMOUNT, "amount", 22),
)
_EQUATION = (
    Text("Ай басындағы қалдық", "Остаток на начало месяца"),
    Text("+ түскен трансферттер", "+ поступившие трансферты"),
    Text("+ банктер қайтарған сомалар", "+ возвращено банками"),
    Text(
        "+ өзге қозғалыс (анықталмаған сомалар, кітаптар арасында)",
        "+ прочее движение (невыясненные суммы, между книгами)",
    ),
    Text(
        "− МТ-102 бойынша жіберілді, қайта жіберуді қоса",
        "− направлено по МТ-102, с повторной отправкой",
    ),
    Text("− уәкілетті органға қайтарылды", "− возвращено уполномоченному органу"),
)
_CLOSING = Text("= Ай соңындағы қалдық", "= Остаток на конец месяца")
_MONEY_COLUMNS: tuple[tuple[Text, Kind, int], ...] = (
    (Text("Сілтеме", "Референс"), "mark", 20),
    (Text("Құжаттың №", "№ документа"), "mark", 18),
    (Text("Құжаттың күні", "Дата документа"), "date", 14),
    (Text("Түскен (жіберілген) күні", "Дата поступления (отправки)"), "date", 18),
    (Text("Кімнен (кімге)", "От кого (кому)"), "text", 50),
    (AMOUNT, "amount", 20),
)
_SECTIONS: dict[str, Text] = {
    "ordered_before": Text(
        "Мерзім айырмасы: өткен айлардың төлем тапсырмалары бойынша осы айда түскен трансферттер",
        "Разница во времени: трансферты, поступившие в этом месяце по платёжным поручениям прошлых месяцев",
    ),
    "received_later": Text(
        "Мерзім айырмасы: осы айдың төлем тапсырмалары бойынша кейін түскен трансферттер (келесі айдың актісінде)",
        "Разница во времени: трансферты по поручениям этого месяца, поступившие позже (в акте следующего месяца)",
    ),
    "unidentified": Text("Нақтыланбаған сомалар", "Невыясненные суммы"),
    "excess": Text("Өтінім сомасынан артық түскен сомалар", "Суммы сверх заявки"),
    "uncleared": Text(
        "Жіберілген, бірақ банк есептен шығармаған төлем файлдары",
        "Отправленные платёжные файлы, которые банк ещё не списал",
    ),
}


def money_annex_form(annex: MoneyAnnex, language: Language) -> Form:
    """Return the annex to Appendix 1 of a month in one language."""
    title, month = _MONEY_TITLE.say(language), month_text(annex.month, language)
    authority = annex.authority_kk if language == "kk" else annex.authority_ru
    figures = (annex.opening, annex.transfers, annex.returned, annex.other, -annex.sent, -annex.refunded)
    return Form(
        name="annex1",
        language=language,
        landscape=True,
        dated=last_day(annex.month),
        title=f"{title}, {month}",
        footer=f"{BIN.say(language)} {annex.authority_bin}, {month}",
        copy_mark=LETTER_COPY.say(language),
        heading=((title,), (f"{authority}, {BIN.say(language)}{NO_BREAK}{annex.authority_bin}",), (month,)),
        columns=columns(_EQUATION_COLUMNS, language),
        rows=tuple(
            (number, what.say(language), amount)
            for number, (what, amount) in enumerate(zip(_EQUATION, figures, strict=True), start=1)
        ),
        total_label=_CLOSING.say(language),
        total_span=2,
        totals=(annex.closing,),
        numbered=False,
        sections=tuple(
            _money_section(_SECTIONS[part], [row for row in annex.rows if row.section == part], language)
            for part in SECTIONS
        ),
    )


def _money_section(title: Text, rows: Sequence[MoneyRow], language: Language) -> Section:
    kk = language == "kk"
    return Section(
        title=title.say(language),
        nothing=_NOTHING.say(language),
        columns=columns(_MONEY_COLUMNS, language),
        rows=tuple(
            (row.reference, row.number, row.dated, row.known_on, row.name_kk if kk else row.name_ru, row.amount)
            for row in rows
        ),
        total_label=TOTAL.say(language),
        total_span=5,
        totals=(sum(row.amount for row in rows),),
    )


# --- To Appendix 2: people --------------------------------------------------------------------------------------------

_PEOPLE_TITLE = Text(
    "2-қосымшаға мәліметтер: төлемдер мен адамдардың саны, өткен айлар төлемдерінің қайтарылуы",
    "Сведения к приложению 2: число выплат и число людей, возвраты по выплатам прошлых месяцев",
)
_PEOPLE_NOTE = Text(
    "2-қосымшада төлемдер саналады: қайта жіберілген төлем тағы бір рет есептеледі. Адамдар ЖСН бойынша бір рет "
    "саналады, сондықтан «Барлығы» жолындағы адам саны жолдардың қосындысынан аз болуы мүмкін.",
    "В приложении 2 считаются выплаты: повторная отправка считается ещё раз. Люди считаются по ИИН один раз, поэтому "
    "в строке «Всего» людей может быть меньше, чем в сумме строк.",
)
_SENT = Text("Аударылды", "Перечислено")
_RETURNED = Text("Қайтарылды", "Возвращено")
_PAID = Text("Төленді", "Выплачено")
_ITEMS = Text("төлем саны", "выплат")
_PEOPLE = Text("адам саны", "людей")
_SUM = Text("сомасы", "сумма")
_PEOPLE_COLUMNS: tuple[tuple[Text, Kind, int, Text | None], ...] = (
    (ORDINAL, "mark", 6, None),
    (Text("Банк", "Банк"), "text", 22, None),
    (AID, "text", 32, None),
    (Text("Жіберілген айы", "Месяц отправки"), "mark", 12, None),
    (_ITEMS, "count", 10, _SENT),
    (_PEOPLE, "count", 10, _SENT),
    (_ITEMS, "count", 10, _RETURNED),
    (_PEOPLE, "count", 10, _RETURNED),
    (_SUM, "amount", 18, _RETURNED),
    (_ITEMS, "count", 10, _PAID),
    (_PEOPLE, "count", 10, _PAID),
)


def people_annex_form(annex: PeopleAnnex, language: Language) -> Form:
    """Return the annex to Appendix 2 of a month in one language."""
    title, month = _PEOPLE_TITLE.say(language), month_text(annex.month, language)
    kk = language == "kk"
    authority = annex.authority_kk if kk else annex.authority_ru
    return Form(
        name="annex2",
        language=language,
        landscape=True,
        dated=last_day(annex.month),
        title=f"{title}, {month}",
        footer=f"{BIN.say(language)} {annex.authority_bin}, {month}",
        copy_mark=LETTER_COPY.say(language),
        heading=((title,), (f"{authority}, {BIN.say(language)}{NO_BREAK}{annex.authority_bin}",), (month,)),
        columns=tuple(
            Column(
                heading=heading.say(language),
                kind=kind,
                width=width,
                group="" if group is None else group.say(language),
            )
            for heading, kind, width, group in _PEOPLE_COLUMNS
        ),
        rows=tuple(
            (
                number,
                row.bank_kk if kk else row.bank_ru,
                row.aid_kk if kk else row.aid_ru,
                f"{row.paid_month:%m.%Y}",
                *_figures(row),
            )
            for number, row in enumerate(annex.rows, start=1)
        ),
        total_label=TOTAL.say(language),
        total_span=4,
        totals=_figures(annex.total),
        numbered=False,
        closing=_PEOPLE_NOTE.say(language),
    )


def _figures(row: PeopleRow) -> tuple[Value, ...]:
    return (
        row.sent_count,
        row.sent_people,
        row.returned_count,
        row.returned_people,
        row.returned,
        row.paid_count,
        row.paid_people,
    )
