"""The protocol of differences and the corrective act as forms, in the manner of Appendix 1 (AMB-14, E73, E75).

Both stand beside a signed form of the order and say to which: the act of which month, which corrective act. Totals and
their difference stand in figures and in words; both sides sign.
"""

from formats.act_documents import CorrectiveAct, Protocol
from reconcile.forms import COPY, parties
from reconcile.paper import Form, Kind, SumLine, columns
from reconcile.words import AID, BIN, ORDINAL, TOTAL, Language, Text, long_date, month_text

_NUMBER = Text("Түскен трансферттер туралы төлем тапсырмасының №", "№ платёжного поручения о поступивших трансфертах")
_DATE = Text(
    "Түскен трансферттер туралы төлем тапсырмасының күні", "Дата платёжного поручения о поступивших трансфертах"
)
_DIFFERENCE = Text("Айырмашылық, теңге", "Разница, тенге")
_DIFFERENCE_TOTAL = Text("Айырмашылық", "Разница")
_ACT = Text("түскен трансферттер туралы салыстырып тексеру актісіне", "к акту сверки поступивших трансфертов")
_CORRECTIVE = Text(
    "түскен трансферттер туралы салыстырып тексеру актісінің № {number} түзету актісіне",
    "к корректировочному акту № {number} к акту сверки поступивших трансфертов",
)
_BETWEEN = Text("{corporation} мен {authority} арасындағы", "между {corporation} и {authority}")
_PERIOD = Text("есепті кезең: {month}", "отчётный период: {month}")


def _heading(
    title: str, act_number: int, corporation: str, authority: str, month: str, language: Language
) -> tuple[tuple[str, ...], ...]:
    """Return the lines of the title: Kazakh says first what it is to, Russian first what it is."""
    to = _CORRECTIVE.say(language, number=str(act_number)) if act_number else _ACT.say(language)
    between = _BETWEEN.say(language, corporation=corporation, authority=authority)
    order = (between, to, title) if language == "kk" else (title, to, between)
    return tuple((line,) for line in (*order, _PERIOD.say(language, month=month)))


# --- The protocol of differences --------------------------------------------------------------------------------------

_PROTOCOL_TITLE = Text("№ {number} келіспеушіліктер хаттамасы", "Протокол разногласий № {number}")
_OURS = Text("Мемлекеттік корпорацияның деректері, теңге", "По данным Государственной корпорации, тенге")
_THEIRS = Text("Уәкілетті органның деректері, теңге", "По данным уполномоченного органа, тенге")
_OURS_TOTAL = Text("Мемлекеттік корпорацияның деректері бойынша", "По данным Государственной корпорации")
_THEIRS_TOTAL = Text("Уәкілетті органның деректері бойынша", "По данным уполномоченного органа")
_FOUND = Text("Нәтижесі, түсініктеме", "Результат, пояснение")
_DOCUMENT = Text("Уәкілетті органның құжаты", "Документ уполномоченного органа")
_DATED = Text("Хаттаманың күні", "Дата протокола")
_PROTOCOL_COLUMNS: tuple[tuple[Text, Kind, int], ...] = (
    (ORDINAL, "mark", 6),
    (_NUMBER, "mark", 20),
    (_DATE, "date", 17),
    (AID, "text", 34),
    (_OURS, "amount", 18),
    (_THEIRS, "amount", 18),
    (_DIFFERENCE, "amount", 18),
    (_FOUND, "text", 32),
)
_FINDINGS: dict[str, Text] = {
    "agrees": Text("сәйкес", "совпадает"),
    "missing_with_us": Text("Мемлекеттік корпорацияда жоқ", "нет у Государственной корпорации"),
    "missing_with_them": Text("уәкілетті органда жоқ", "нет у уполномоченного органа"),
    "amount": Text("сомасы әртүрлі", "расхождение в сумме"),
    "kind": Text("көмек түрі әртүрлі", "расхождение в виде помощи"),
}


def protocol_form(protocol: Protocol, language: Language) -> Form:
    """Return a protocol of differences in one language (E73)."""
    kk = language == "kk"
    corporation = protocol.corporation_kk if kk else protocol.corporation_ru
    authority = protocol.authority_kk if kk else protocol.authority_ru
    month, title = month_text(protocol.month, language), _PROTOCOL_TITLE.say(language, number=str(protocol.number))
    return Form(
        name="protocol",
        language=language,
        landscape=True,
        dated=protocol.dated,
        title=f"{title}, {_ACT.say(language)}, {month}",
        footer=f"{BIN.say(language)} {protocol.authority_bin}, {month}, {title}",
        copy_mark=COPY.say(language),
        heading=_heading(title, protocol.act_number, corporation, authority, month, language),
        fields_above=(
            (_DATED.say(language), long_date(protocol.dated, language)),
            (_DOCUMENT.say(language), protocol.document),
        ),
        columns=columns(_PROTOCOL_COLUMNS, language),
        rows=tuple(
            (
                line.line,
                line.order_number,
                line.order_date,
                line.aid_kk if kk else line.aid_ru,
                line.ours,
                line.theirs,
                line.difference,
                "; ".join(filter(None, (_FINDINGS[line.finding].say(language), line.comment))),
            )
            for line in protocol.lines
        ),
        total_label=TOTAL.say(language).upper(),
        total_span=4,
        totals=(protocol.ours, protocol.theirs, protocol.difference, ""),
        sums=(
            SumLine.of(protocol.ours, language, _OURS_TOTAL),
            SumLine.of(protocol.theirs, language, _THEIRS_TOTAL),
            SumLine.of(protocol.difference, language, _DIFFERENCE_TOTAL),
        ),
        parties=parties(corporation, authority, protocol.corporation_signer, protocol.authority_signer, language),
    )


# --- The corrective act -----------------------------------------------------------------------------------------------

_CORRECTIVE_TITLE = Text("№ {number} түзету актісі", "Корректировочный акт № {number}")
_REASON = Text("Түзету себебі", "Причина исправления")
_MADE = Text("Түзету актісінің күні", "Дата корректировочного акта")
_SIGNED_ACT = Text(
    "Түзетілетін қол қойылған құжат (қазақша PDF, SHA-256)",
    "Исправляемый подписанный документ (PDF на казахском языке, SHA-256)",
)
_SIGNED = Text("Қол қойылған актіде, теңге", "В подписанном акте, тенге")
_CORRECTED = Text("Түзетілгені, теңге", "Исправлено, тенге")
_SIGNED_TOTAL = Text("Қол қойылған актіде", "В подписанном акте")
_CORRECTED_TOTAL = Text("Түзетілгені", "Исправлено")
_CORRECTIVE_COLUMNS: tuple[tuple[Text, Kind, int], ...] = (
    (Text("Жолдың коды", "Код строки"), "mark", 8),
    (_NUMBER, "mark", 22),
    (_DATE, "date", 20),
    (AID, "text", 44),
    (_SIGNED, "amount", 20),
    (_CORRECTED, "amount", 20),
    (_DIFFERENCE, "amount", 20),
)


def corrective_act_form(act: CorrectiveAct, language: Language) -> Form:
    """Return a corrective act in one language (E75)."""
    kk = language == "kk"
    corporation = act.corporation_kk if kk else act.corporation_ru
    authority = act.authority_kk if kk else act.authority_ru
    month, title = month_text(act.month, language), _CORRECTIVE_TITLE.say(language, number=str(act.number))
    return Form(
        name="corrective-act",
        language=language,
        landscape=True,
        dated=act.dated,
        title=f"{title}, {_ACT.say(language)}, {month}",
        footer=f"{BIN.say(language)} {act.authority_bin}, {month}, {title}",
        copy_mark=COPY.say(language),
        heading=_heading(title, 0, corporation, authority, month, language),
        fields_above=(
            (_MADE.say(language), long_date(act.dated, language)),
            (_REASON.say(language), act.reason),
            (_SIGNED_ACT.say(language), act.signed_sha256),
        ),
        columns=columns(_CORRECTIVE_COLUMNS, language),
        rows=tuple(
            (
                row.code,
                row.order_number,
                row.order_date,
                row.aid_kk if kk else row.aid_ru,
                row.signed,
                row.corrected,
                row.difference,
            )
            for row in act.rows
        ),
        total_label=TOTAL.say(language).upper(),
        total_span=4,
        totals=(act.signed, act.corrected, act.difference),
        sums=(
            SumLine.of(act.signed, language, _SIGNED_TOTAL),
            SumLine.of(act.corrected, language, _CORRECTED_TOTAL),
            SumLine.of(act.difference, language, _DIFFERENCE_TOTAL),
        ),
        parties=parties(corporation, authority, act.corporation_signer, act.authority_signer, language),
    )
