"""The request for funds and the notice of returns: documents whose fields the order sets, but not their form.

The request (R-033, R-034) states the need by aid kind and month, the total in words and the account to pay to; it
asks for its number in the purpose of the payment, because an incoming transfer is placed by that number. The notice
(R-060) lists what the banks returned, one row a payment, ready to be pasted into the authority's own table.
"""

from formats.exchange import FundsRequest, ReturnNotice
from reconcile.paper import Form, Kind, SumLine, columns
from reconcile.words import AID, AMOUNT, BIN, NO_BREAK, ORDINAL, TOTAL, Language, Text, long_date, month_text

# --- The request ------------------------------------------------------------------------------------------------------

_REQUEST_TITLE = Text(
    "Әлеуметтік көмек төлеуге қажеттілік сомасы туралы өтінім",
    "Заявка о сумме потребности на выплату социальной помощи",
)
LETTER_COPY = Text("", "Копия на русском языке; подлинник составлен на казахском языке")
_TO = Text("Кімге", "Кому")
_FROM = Text("Кімнен", "От кого")
_OPENING = Text(
    "Төменде көрсетілген әлеуметтік көмек түрлерін төлеу үшін ақшалай қаражатты өтінімде көрсетілген сома шегінде "
    "аударуды сұраймыз.",
    "Просим перечислить денежные средства в пределах указанной в заявке суммы для выплаты следующих видов социальной "
    "помощи.",
)
_PAYEE = Text("Алушы", "Получатель")
_PAYEE_BIN = Text("Алушының БСН-сі", "БИН получателя")
_ACCOUNT = Text("Алушының шоты (ЖСК)", "Счёт получателя (ИИК)")
_BANK = Text("Банктің коды (БСК)", "Код банка (БИК)")
_PURPOSE = Text("Төлем мақсаты", "Назначение платежа")
_PURPOSE_TEXT = Text("Әлеуметтік көмек төлеуге, № {number} өтінім", "На выплату социальной помощи, заявка № {number}")
_CLOSING = Text(
    "Төлем мақсатында өтінімнің нөмірін көрсетуді сұраймыз: түскен қаражат сол нөмір бойынша есепке алынады.",
    "Просим указать в назначении платежа номер заявки: по нему учитываются поступившие средства.",
)
_REQUEST_COLUMNS: tuple[tuple[Text, Kind, int], ...] = (
    (ORDINAL, "mark", 6),
    (Text("Көмек түрінің коды", "Код вида помощи"), "mark", 14),
    (AID, "text", 33),
    (Text("Төлем айы", "Месяц выплаты"), "mark", 21),
    (Text("Төлемдердің саны", "Количество выплат"), "count", 14),
    (AMOUNT, "amount", 20),
)


def funds_request_form(request: FundsRequest, language: Language) -> Form:
    """Return the request for the money of a need, in one language (R-033)."""
    kk = language == "kk"
    authority = request.authority_kk if kk else request.authority_ru
    corporation = request.corporation_kk if kk else request.corporation_ru
    title = _REQUEST_TITLE.say(language)
    day = long_date(request.sent_on, language)
    code = BIN.say(language)
    return Form(
        name="request",
        language=language,
        landscape=False,
        dated=request.sent_on,
        title=f"{title} № {request.number}, {day}",
        footer=f"№ {request.number}, {day}",
        copy_mark=LETTER_COPY.say(language),
        heading=((title,), (f"№ {request.number}, {day}",)),
        fields_above=(
            (_TO.say(language), f"{authority}, {code}{NO_BREAK}{request.authority_bin}"),
            (_FROM.say(language), f"{corporation}, {code}{NO_BREAK}{request.corporation_bin}"),
        ),
        opening=_OPENING.say(language),
        columns=columns(_REQUEST_COLUMNS, language),
        rows=tuple(
            (
                number,
                line.aid_kind,
                line.name_kk if kk else line.name_ru,
                month_text(line.due_month, language),
                line.count,
                line.amount,
            )
            for number, line in enumerate(request.lines, start=1)
        ),
        total_label=TOTAL.say(language),
        total_span=4,
        totals=(sum(line.count for line in request.lines), request.amount),
        sums=(SumLine.of(request.amount, language),),
        fields_below=(
            (_PAYEE.say(language), corporation),
            (_PAYEE_BIN.say(language), request.corporation_bin),
            (_ACCOUNT.say(language), request.iban),
            (_BANK.say(language), request.bic),
            (_PURPOSE.say(language), _PURPOSE_TEXT.say(language, number=request.number)),
        ),
        closing=_CLOSING.say(language),
    )


# --- The notice of returns --------------------------------------------------------------------------------------------

_NOTICE_TITLE = Text(
    "Банктерден қайтарылған әлеуметтік көмек сомалары туралы мәліметтер",
    "Сведения о суммах социальной помощи, возвращённых банками",
)
_NOTICE_COLUMNS: tuple[tuple[Text, Kind, int], ...] = (
    (ORDINAL, "mark", 6),
    (Text("Төлем сілтемесі", "Референс выплаты"), "mark", 18),
    (Text("Төлем тапсырмасының №", "№ платёжного поручения"), "mark", 15),
    (Text("Төлем тапсырмасының күні", "Дата платёжного поручения"), "date", 14),
    (Text("Банк", "Банк"), "text", 24),
    (Text("Көмек түрінің коды", "Код вида помощи"), "mark", 12),
    (Text("ЖСН", "ИИН"), "mark", 15),
    (Text("Тегі", "Фамилия"), "text", 18),
    (Text("Аты", "Имя"), "text", 14),
    (Text("Әкесінің аты", "Отчество"), "text", 18),
    (Text("Шоты (ЖСК)", "Счёт (ИИК)"), "mark", 24),
    (AMOUNT, "amount", 18),
    (Text("Қайтарылған күні", "Дата возврата"), "date", 14),
    (Text("Қайтару себебі", "Причина возврата"), "text", 32),
)


def return_notice_form(notice: ReturnNotice, language: Language) -> Form:
    """Return the notice of what the banks returned, in one language (R-060)."""
    kk = language == "kk"
    authority = notice.authority_kk if kk else notice.authority_ru
    title = _NOTICE_TITLE.say(language)
    day = long_date(notice.sent_on, language)
    code = f"{BIN.say(language)}{NO_BREAK}{notice.authority_bin}"
    return Form(
        name="return-notice",
        language=language,
        landscape=True,
        dated=notice.sent_on,
        title=f"{title} № {notice.number}, {day}",
        footer=f"№ {notice.number}, {day}",
        heading=((title,), (f"№ {notice.number}, {day}",), (f"{authority}, {code}",)),
        columns=columns(_NOTICE_COLUMNS, language),
        rows=tuple(
            (
                number,
                line.payment_reference,
                line.order_number,
                line.order_date,
                line.bank_kk if kk else line.bank_ru,
                line.aid_kind,
                line.iin,
                line.surname,
                line.first_name,
                line.patronymic,
                line.iban,
                line.amount,
                line.returned_on,
                line.reason,
            )
            for number, line in enumerate(notice.lines, start=1)
        ),
        total_label=f"{TOTAL.say(language)}: {notice.count}",
        total_span=11,
        numbered=False,
        totals=(notice.amount, "", ""),
    )
