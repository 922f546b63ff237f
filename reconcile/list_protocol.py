"""The protocol of differences of a month's list, in the manner of the protocol to an act (AMB-9, AMB-14, E73).

Transfers and refunds have a protocol each. Timing differences stand under the real ones, each sort with its own sums;
the totals are those of the whole month. The XML is the exchange's protocol, whose findings know neither a day nor a
time: there such a line says in its comment, in both languages, what it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from formats import exchange
from formats.documents import Protocol, ProtocolLine
from ledgers import setup
from ledgers.authority_lists import Side
from reconcile import act_values, authority_list, render
from reconcile.act_values import Names
from reconcile.dispute_forms import protocol_form
from reconcile.errors import Refusal
from reconcile.list_compare import SIDES
from reconcile.list_differences import ComparedList
from reconcile.list_result import Finding, Result, swapped_digits
from reconcile.paper import Form, SumLine, Value
from reconcile.words import Language, Text, month_text, short_date


class NothingDiffers(Refusal):
    """Both sides say the same, and of the same month."""

    def __init__(self, authority_code: str, month: date) -> None:
        super().__init__(
            f"the list of {month:%m.%Y} of {authority_code} agrees with the books in every line; there is no protocol"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolsMade:
    """The comparison, the results that stand in the protocols, and the files."""

    comparison: ComparedList
    protocol_lines: tuple[Result, ...]
    files: tuple[Path, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A line of a protocol: its values, whether it is of time alone, and what was found in both languages."""

    value: ProtocolLine
    is_timing: bool
    found: Text


def make(connection: Connection, authority_code: str, day: date, today: date, out: Path) -> ProtocolsMade:
    """Write the protocols of the list in force of the month that `day` is in, as PDF, XLSX and XML, to `out`.

    Raises:
        UnknownAuthority: nobody has this code.
        NoList: no list of the month came.
        NothingDiffers: every line agrees, and nothing is of another month.
        UnprintableText, AmountTooLarge: as `render.files`.
    """
    comparison = authority_list.show(connection, authority_code, day)
    head = comparison.head
    if all(one.finding == "agrees" for one in comparison.results):
        raise NothingDiffers(authority_code, head.month)
    authority = setup.authority(connection, authority_code)
    names = act_values.names(connection, authority.authority_id, head.month)
    files: dict[str, bytes] = {}
    told: list[Result] = []
    for side in SIDES:
        results = [one for one in comparison.results if one.side == side]
        if any(one.finding != "agrees" for one in results):
            name = f"list-protocol-{authority_code}-{head.month:%Y-%m}-L{head.list_number}-{side}s"
            files |= _files(name, comparison, names, side, _lines(results, names), today)
            told += results
    out.mkdir(parents=True, exist_ok=True)
    for name, octets in files.items():
        (out / name).write_bytes(octets)
    return ProtocolsMade(
        comparison=comparison, protocol_lines=tuple(told), files=tuple(out / name for name in sorted(files))
    )


def _files(
    name: str, comparison: ComparedList, names: Names, side: Side, lines: Sequence[_Line], today: date
) -> dict[str, bytes]:
    protocol = Protocol(
        number=comparison.head.list_number,
        act_number=0,
        month=names.month,
        dated=today,
        document=comparison.head.document,
        authority_bin=names.authority.bin,
        authority_kk=names.authority.name_kk,
        authority_ru=names.authority.name_ru,
        corporation_kk=names.corporation.name_kk,
        corporation_ru=names.corporation.name_ru,
        lines=tuple(line.value for line in lines),
        corporation_signer=act_values.signer(names.corporation),
        authority_signer=act_values.signer(names.authority),
    )
    xml = exchange.write(protocol)
    files = {f"{name}.xml": xml}
    for language in render.LANGUAGES:
        form = list_protocol_form(protocol, side, lines, language)
        files[f"{name}-{language}.pdf"] = render.form_pdf(form, xml)
        files[f"{name}-{language}.xlsx"] = render.form_xlsx(form)
    return files


# --- Its lines --------------------------------------------------------------------------------------------------------


def _lines(results: Sequence[Result], names: Names) -> list[_Line]:
    """The real ones and those that agree first, then what is of time alone; numbered through."""
    parts = [part for one in results for part in _parts(one)]
    ordered = sorted(parts, key=lambda part: part[3])
    return [
        _line(place, result, names, ours=ours, theirs=theirs, is_timing=is_timing)
        for place, (result, ours, theirs, is_timing) in enumerate(ordered, start=1)
    ]


def _parts(one: Result) -> list[tuple[Result, int, int, bool]]:
    """A result as lines: (result, ours, theirs, is it of time); what counts in another month is taken off by time."""
    if one.finding == "timing":
        return [(one, one.ours if one.is_of_month else 0, one.theirs, True)]
    real = (one, one.ours, one.theirs, False)
    if one.own is None or one.is_of_month or not one.ours:
        return [real]
    return [real, (one, -one.ours, 0, True)]


def _line(place: int, one: Result, names: Names, *, ours: int, theirs: int, is_timing: bool) -> _Line:
    found = _timing(one) if is_timing else _found(one)
    aid_kk, aid_ru = names.kind(one.aid_kind) if one.aid_kind in names.kinds else (one.aid_kind, one.aid_kind)
    finding = {"date": "agrees", "twice": "missing_with_us"}.get(one.finding, one.finding)
    if is_timing:
        finding = "missing_with_them" if not theirs else "missing_with_us"
    return _Line(
        value=ProtocolLine(
            line=place,
            order_number=one.order_number,
            order_date=one.order_date,
            aid_kk=aid_kk,
            aid_ru=aid_ru,
            ours=ours,
            theirs=theirs,
            finding=finding,
            comment=f"{found.kk} / {found.ru}" if is_timing or one.finding in ("date", "twice") else "",
        ),
        is_timing=is_timing,
        found=found,
    )


_FINDINGS: dict[Finding, Text] = {
    "agrees": Text("сәйкес", "совпадает"),
    "missing_with_us": Text("Мемлекеттік корпорацияда жоқ", "нет у Государственной корпорации"),
    "missing_with_them": Text("уәкілетті органда жоқ", "нет у уполномоченного органа"),
    "amount": Text("сомасы әртүрлі", "расхождение в сумме"),
    "date": Text("күні әртүрлі", "расхождение в дате"),
    "kind": Text("көмек түрі әртүрлі", "расхождение в виде помощи"),
    "twice": Text("тізімде екі рет көрсетілген", "указано в списке дважды"),
}
_SWAPPED = Text("{0} және {1} цифрлары орын ауыстырған", "переставлены цифры {0} и {1}")
_OUR_NUMBER = Text("Мемлекеттік корпорацияда № {0}", "у Государственной корпорации № {0}")
_OUR_DATE = Text("Мемлекеттік корпорацияда {0}", "у Государственной корпорации {0}")
_MOVED: dict[Side, Text] = {
    "transfer": Text("мерзім айырмасы: тапсырма {0}, түсті {1}", "разница во времени: поручение от {0}, поступило {1}"),
    "refund": Text(
        "мерзім айырмасы: тапсырма {0}, есептен шығарылды {1}", "разница во времени: поручение от {0}, списано {1}"
    ),
}
_NOT_MOVED = Text(
    "мерзім айырмасы: тапсырма {0}, әлі есептен шығарылған жоқ",
    "разница во времени: поручение от {0}, ещё не списано",
)


def _found(one: Result) -> Text:
    texts = [_FINDINGS[one.finding]]
    if one.finding == "amount" and (swapped := swapped_digits(one.theirs, one.ours)):
        texts.append(_put(_SWAPPED, *swapped))
    if one.own is not None and one.listed:
        if one.finding == "date":
            texts.append(_put(_OUR_DATE, short_date(one.own.ordered_on)))
        elif one.rule == "date_amount_kind":
            texts.append(_put(_OUR_NUMBER, one.own.order_number))
    return Text("; ".join(text.kk for text in texts), "; ".join(text.ru for text in texts))


def _timing(one: Result) -> Text:
    if one.own is None:
        raise ValueError("a timing difference is of an order of ours")
    days = [short_date(day) for day in (one.own.ordered_on, one.own.moved_on) if day is not None]
    return _put(_MOVED[one.side] if one.own.moved_on else _NOT_MOVED, *days)


def _put(text: Text, *values: str) -> Text:
    return Text(text.kk.format(*values), text.ru.format(*values))


# --- Its form ---------------------------------------------------------------------------------------------------------

_OF_REFUNDS = Text("қайтарылған сомалар бойынша", "по возвращённым суммам")
_OF_TRANSFERS = Text(
    "түскен трансферттер туралы салыстырып тексеру актісі бойынша", "по акту сверки поступивших трансфертов"
)
_REFUND_NUMBER = Text("Қайтару туралы төлем тапсырмасының №", "№ платёжного поручения о возврате")
_REFUND_DATE = Text("Қайтару туралы төлем тапсырмасының күні", "Дата платёжного поручения о возврате")
_TIMING_ROWS = Text("Мерзім айырмасы (айырмашылық болып саналмайды)", "Разница во времени (расхождением не является)")
_TIMING_TOTAL = Text("Оның ішінде мерзім айырмасы", "В том числе разница во времени")
_REAL_TOTAL = Text("Мерзім айырмасынсыз", "Без разницы во времени")


def list_protocol_form(protocol: Protocol, side: Side, lines: Sequence[_Line], language: Language) -> Form:
    """Return the protocol of one side of a list in one language; `lines` are those of the protocol.

    Both sorts stand in the one table, so that nothing stands under the signatures.
    """
    form = protocol_form(protocol, language)
    real = [line for line in lines if not line.is_timing]
    timing = [line for line in lines if line.is_timing]
    of = _OF_REFUNDS if side == "refund" else _OF_TRANSFERS
    title = form.footer.rsplit(", ", 1)[1]
    columns = list(form.columns)
    if side == "refund":
        columns[1] = replace(columns[1], heading=_REFUND_NUMBER.say(language))
        columns[2] = replace(columns[2], heading=_REFUND_DATE.say(language))
    sums = (
        *form.sums,
        SumLine.of(_difference(timing), language, _TIMING_TOTAL),
        SumLine.of(_difference(real), language, _REAL_TOTAL),
    )
    return replace(
        form,
        name="list-protocol",
        title=f"{title}, {of.say(language)}, {month_text(protocol.month, language)}",
        heading=tuple((of.say(language),) if place == 1 else line for place, line in enumerate(form.heading)),
        columns=tuple(columns),
        rows=(
            *_rows(real, language),
            _subtotal(_REAL_TOTAL, real, language),
            *_rows(timing, language),
            _subtotal(_TIMING_ROWS, timing, language),
        ),
        totals=_totals(lines),
        sums=sums,
    )


def _rows(lines: Sequence[_Line], language: Language) -> tuple[tuple[Value, ...], ...]:
    return tuple(
        (
            line.value.line,
            line.value.order_number,
            line.value.order_date,
            line.value.aid_kk if language == "kk" else line.value.aid_ru,
            line.value.ours,
            line.value.theirs,
            line.value.difference,
            line.found.kk if language == "kk" else line.found.ru,
        )
        for line in lines
    )


def _subtotal(label: Text, lines: Sequence[_Line], language: Language) -> tuple[Value, ...]:
    """A row under the lines of one sort; it has their sums, and no number of its own."""
    return "", "", "", label.say(language), *_totals(lines)


def _totals(lines: Sequence[_Line]) -> tuple[Value, ...]:
    ours, theirs = sum(line.value.ours for line in lines), sum(line.value.theirs for line in lines)
    return ours, theirs, ours - theirs, ""


def _difference(lines: Sequence[_Line]) -> int:
    return sum(line.value.difference for line in lines)
