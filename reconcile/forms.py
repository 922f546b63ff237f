"""Appendix 1 and Appendix 2 of the joint order: the month's values poured into the words of the forms (R-070 to R-072).

The Kazakh words are those of the order, letter for letter; only the name of the State Corporation, which the order
prints with its quotation marks in two ways, has one spelling here. The Russian words are our translation, for reading.
A blank of the form becomes a `Blank` that holds the value and, under the line, the form's own hint. The total row of
Appendix 2 is ours: the form has room for it and does not name it, so a setting leaves it out (AMB-11). Another one says
social aid in full where the title of Appendix 1 has an abbreviation that the order does not explain (AMB-7).
"""

from calendar import monthrange
from datetime import date

from formats.documents import PaymentStatement, Person, TransferAct
from reconcile.paper import Blank, Column, Form, Kind, Official, Party, SumLine, Value, columns
from reconcile.words import AID, AMOUNT, BIN, ORDINAL, TOTAL, Language, Text, month_text

_ANNEX = Text(
    '"Азаматтарға арналған үкімет" мемлекеттік корпорациясы" коммерциялық емес акционерлік қоғамы арқылы жекелеген '
    "санаттағы мұқтаж азаматтарға жергілікті атқарушы органдар ұсынатын әлеуметтік көмекті төлеу жөніндегі пилоттық "
    "жобаны іске асыру кезінде мемлекеттік органдар мен ұйымдардың өзара іс-қимыл алгоритміне {number}-қосымша",
    "Приложение {number} к Алгоритму взаимодействия государственных органов и организаций при реализации пилотного "
    "проекта по выплате социальной помощи, предоставляемой местными исполнительными органами отдельным категориям "
    "нуждающихся граждан, через некоммерческое акционерное общество «Государственная корпорация «Правительство для "
    "граждан»",
)
COPY = Text("", "Копия на русском языке; подписывается документ на казахском языке")
_AUTHORITY_HINT = Text("уәкілетті органның атауы", "наименование уполномоченного органа")


def last_day(month: date) -> date:
    """Return the day that the documents of a month are dated with."""
    return month.replace(day=monthrange(month.year, month.month)[1])


# --- Appendix 1: the act of reconciliation of the transfers that came in ---------------------------------------------

_ACT_TITLE = Text(
    "{corporation} мен {authority} арасындағы {aid} төлеуге түскен трансферттер туралы салыстырып тексеру актісі",
    "Акт сверки поступивших трансфертов на выплату {aid} между {corporation} и {authority}",
)
_ACT_AID: dict[str, Text] = {
    "as_printed": Text("АӘК", "АСП"),
    "social_aid": Text("әлеуметтік көмек", "социальной помощи"),
}
_ACT_PERIOD = Text("есепті кезең", "отчётный период")
_ACT_SIGNER_HINT = Text(
    "(жауапты адамның тегі, аты, әкесінің аты (бар болса), лауазымы және қолы)",
    "(фамилия, имя, отчество (при наличии), должность и подпись ответственного лица)",
)
_ACT_COLUMNS: tuple[tuple[Text, Kind, int], ...] = (
    (Text("Жолдың коды", "Код строки"), "mark", 8),
    (Text("Уәкілетті органның БСН-сі", "БИН уполномоченного органа"), "mark", 17),
    (Text("Уәкілетті органның атауы", "Наименование уполномоченного органа"), "text", 36),
    (
        Text(
            "Түскен трансферттер туралы төлем тапсырмасының №",
            "№ платёжного поручения о поступивших трансфертах",
        ),
        "mark",
        20,
    ),
    (
        Text(
            "Түскен трансферттер туралы төлем тапсырмасының күні",
            "Дата платёжного поручения о поступивших трансфертах",
        ),
        "date",
        20,
    ),
    (AMOUNT, "amount", 18),
    (AID, "text", 34),
)


def transfer_act_form(act: TransferAct, language: Language) -> Form:
    """Return Appendix 1 of a month, the act of reconciliation of received transfers, in one language (R-070)."""
    kk = language == "kk"
    corporation = act.corporation_kk if kk else act.corporation_ru
    authority = act.authority_kk if kk else act.authority_ru
    month = month_text(act.month, language)
    aid = _ACT_AID[act.title].say(language)
    title = _ACT_TITLE.say(language, corporation=corporation, authority=authority, aid=aid)
    return Form(
        name="appendix1",
        language=language,
        landscape=True,
        dated=last_day(act.month),
        title=f"{title}, {month}",
        footer=f"{BIN.say(language)} {act.authority_bin}, {month}",
        annex=_ANNEX.say(language, number="1"),
        copy_mark=COPY.say(language),
        heading=_act_heading(corporation, authority, aid, month, language),
        columns=columns(_ACT_COLUMNS, language),
        rows=tuple(
            (
                row.code,
                row.authority_bin,
                row.authority_kk if kk else row.authority_ru,
                row.order_number,
                row.order_date,
                row.amount,
                row.aid_kk if kk else row.aid_ru,
            )
            for row in act.rows
        ),
        total_label=TOTAL.say(language).upper(),
        total_span=5,
        totals=(act.total, ""),
        sums=(SumLine.of(act.total, language),),
        parties=parties(corporation, authority, act.corporation_signer, act.authority_signer, language),
    )


def parties(
    corporation: str, authority: str, corporation_signer: Person, authority_signer: Person, language: Language
) -> tuple[Party, Party]:
    """Return the two signature blocks of Appendix 1, which its protocols and corrective acts have as well."""
    return (
        Party(name=Blank(text=corporation), signer=_act_signer(corporation_signer, language)),
        Party(
            name=Blank(text=authority, hint=_AUTHORITY_HINT.say(language)),
            signer=_act_signer(authority_signer, language),
        ),
    )


def _act_heading(
    corporation: str, authority: str, aid: str, month: str, language: Language
) -> tuple[tuple[str | Blank, ...], ...]:
    """Return the lines of the title; the blank of the authority's name has its hint under it, as on the form."""
    hint = _AUTHORITY_HINT.say(language)
    period = _ACT_PERIOD.say(language)
    if language == "kk":
        return (
            (f"{corporation} мен",),
            (Blank(text=authority, hint=hint),),
            (f"арасындағы {aid} төлеуге түскен трансферттер туралы салыстырып тексеру актісі",),
            (Blank(text=month), period),
        )
    return (
        (f"Акт сверки поступивших трансфертов на выплату {aid} между {corporation} и",),
        (Blank(text=authority, hint=f"({hint})"),),
        (period, Blank(text=month)),
    )


def _act_signer(person: Person, language: Language) -> Blank:
    position = person.position_kk if language == "kk" else person.position_ru
    return Blank(text=f"{person.full_name}, {position}", hint=_ACT_SIGNER_HINT.say(language))


# --- Appendix 2: the information on payments by banks and Kazpost -----------------------------------------------------

_STATEMENT_TITLE = Text(
    'екінші деңгейлі банктер (ЕДБ) және "Қазпочта" АҚ бөлінісінде жүргізілген әлеуметтік көмек төлемдері '
    "жөніндегі мәліметтер",
    "Сведения о произведённых выплатах социальной помощи в разрезе банков второго уровня (БВУ) и АО «Казпочта»",
)
_STATEMENT_PERIOD = Text("Есепті кезең", "Отчётный период")
_SENT = Text(
    '"Азаматтарға арналған үкімет" мемлекеттік корпорациясы" КЕАҚ аударылды',
    "Перечислено НАО «ГК «Правительство для граждан»",
)
_RETURNED = Text('ЕДБ мен "Қазпочта" АҚ қайтарылды', "Возвращено БВУ и АО «Казпочта»")
_PAID = Text(
    '"Азаматтарға арналған үкімет" мемлекеттік корпорациясы" КЕАҚ төленді',
    "Выплачено НАО «ГК «Правительство для граждан»",
)
_PEOPLE = Text("алушылардың саны", "число получателей")
_SUM = Text("сомасы", "сумма")
_BANKS = Text("Екінші деңгейдегі банктердің атауы", "Наименование банков второго уровня")
_DIRECTOR = Text("Орталық филиалдың директоры", "Директор Центрального филиала")
_DEPUTY = Text("Орталық филиал директорының орынбасары", "Заместитель директора Центрального филиала")

# A city of republican significance is no region: a value that names its own kind replaces the word of the form.
_OWN_KIND: dict[Language, tuple[str, ...]] = {
    "kk": ("облысы", "қаласы", "ауданы"),
    "ru": ("области", "району", "городу", "городского", "г."),
}


def payment_statement_form(statement: PaymentStatement, language: Language) -> Form:
    """Return Appendix 2 of a month, the payments by banks and Kazpost, in one language (R-071)."""
    kk = language == "kk"
    month = month_text(statement.month, language)
    place = _place(statement, language)
    return Form(
        name="appendix2",
        language=language,
        landscape=True,
        dated=last_day(statement.month),
        title=f"{' '.join(part.text if isinstance(part, Blank) else part for part in place)}: "
        f"{_STATEMENT_TITLE.say(language)}, {month}",
        footer=f"{BIN.say(language)} {statement.authority_bin}, {month}",
        annex=_ANNEX.say(language, number="2"),
        copy_mark=COPY.say(language),
        heading=(
            place,
            (
                Blank(
                    text=statement.authority_kk if kk else statement.authority_ru,
                    hint=f"({_AUTHORITY_HINT.say(language)})",
                ),
            ),
            (_STATEMENT_TITLE.say(language),),
            (_STATEMENT_PERIOD.say(language), Blank(text=month)),
        ),
        columns=_statement_columns(language),
        rows=tuple(
            (
                row.number,
                row.bank_kk if kk else row.bank_ru,
                row.sent_count,
                row.sent,
                row.returned_count,
                row.returned,
                row.paid_count,
                row.paid,
                row.aid_kk if kk else row.aid_ru,
            )
            for row in statement.rows
        ),
        total_label=TOTAL.say(language),
        total_span=2,
        totals=_statement_totals(statement),
        officials=(
            _official(_DIRECTOR.say(language), statement.director, language),
            _official(_DEPUTY.say(language), statement.deputy, language),
        ),
    )


def _statement_totals(statement: PaymentStatement) -> tuple[Value, ...]:
    if statement.total_row == "leave_out":
        return ()
    total = statement.total
    return (
        total.sent_count,
        total.sent,
        total.returned_count,
        total.returned,
        total.paid_count,
        total.paid,
        "",
    )


def _statement_columns(language: Language) -> tuple[Column, ...]:
    found = [
        Column(heading=ORDINAL.say(language), kind="mark", width=6),
        Column(heading=_BANKS.say(language), kind="text", width=26),
    ]
    for group in (_SENT, _RETURNED, _PAID):
        found += [
            Column(heading=_PEOPLE.say(language), kind="count", width=14, group=group.say(language)),
            Column(heading=_SUM.say(language), kind="amount", width=18, group=group.say(language)),
        ]
    found.append(Column(heading=AID.say(language), kind="text", width=30))
    return tuple(found)


def _place(statement: PaymentStatement, language: Language) -> tuple[str | Blank, ...]:
    """Return the first line of the head; an authority of a whole city or region has no district and no word for it."""
    if language == "kk":
        region = _named(statement.region_kk, "облысы", language)
        district = _named(statement.district_kk, "ауданы", language)
        return (*region, *district, "бойынша")
    region = _named(statement.region_ru, "области", language)
    return ("По", *region, *_named(statement.district_ru, "району", language))


def _named(name: str, kind: str, language: Language) -> tuple[str | Blank, ...]:
    if not name:
        return ()
    if any(word in _OWN_KIND[language] for word in name.split()):
        return (Blank(text=name),)
    return (Blank(text=name), kind)


def _official(office: str, person: Person, language: Language) -> Official:
    """Return a signature line; an acting officer's position differs from the office and is printed under the name."""
    position = person.position_kk if language == "kk" else person.position_ru
    return Official(office=office, full_name=person.full_name, position="" if position == office else position)
