"""What the MT-100 of a refund says: what goes back, and money of another budget year by its year (E61).

>>> from datetime import date
>>> returned = RefundItem(
...     aid_kind="A", reference="P1/1", amount=69_000_00, why="not decided", since=date(2023, 12, 29), budget_year=2023
... )
>>> purpose([returned], [], 2024)[-45:].replace("\u00a0", " ")
'Количество 1. Бюджет 2023 года: 1 на 69000,00'
"""

from collections.abc import Sequence

from formats.mt_writing import assign_lines
from ledgers.money import format_tenge
from ledgers.refunds import Excess, RefundItem

RETURNED = "Возврат сумм социальной помощи, возвращённых банками и не отправленных повторно. Количество {count}"
RELEASED = "Возврат трансфертов, не нужных для выплат: {names}, {amount}"
EXCESS = "Возврат излишне перечисленных сумм: {names}, {amount}"
OF_YEAR = "Бюджет {year} года: {count} на {amount}"
NAMES = (3, 1, 0)
"""How many documents are named, as long as the text is not too long for an MT-100."""
LINES_MAX = 7
_UNWRITABLE = str.maketrans("/{}", "---")


def purpose(items: Sequence[RefundItem], excess: Sequence[Excess], year: int) -> str:
    """The purpose of a refund of a year over these items; `excess` has the documents of those on statement lines."""
    texts = (_text(items, excess, year, names) for names in NAMES)
    text = ""
    for text in texts:
        if len(assign_lines(text)) <= LINES_MAX:
            break
    return text


def _text(items: Sequence[RefundItem], excess: Sequence[Excess], year: int, names_max: int) -> str:
    returned = [item for item in items if item.why not in ("released", "excess")]
    released = [item for item in items if item.why == "released"]
    surplus = [item for item in items if item.why == "excess"]
    parts = [RETURNED.format(count=len(returned))] if returned else []
    if released:
        names = list(dict.fromkeys(item.reference for item in released))
        parts.append(RELEASED.format(names=_named("заявка", names, names_max), amount=_sum(released)))
    if surplus:
        documents = [f"{one.document_number.translate(_UNWRITABLE)} от {one.document_date:%d.%m.%Y}" for one in excess]
        parts.append(EXCESS.format(names=_named("поручение №", documents, names_max), amount=_sum(surplus)))
    for other in sorted({item.budget_year for item in items} - {year}):
        own = [item for item in items if item.budget_year == other]
        parts.append(OF_YEAR.format(year=other, count=len(own), amount=_sum(own)))
    return ". ".join(parts)


def _named(noun: str, names: Sequence[str], names_max: int) -> str:
    """The first names, and how many there are when they are more."""
    if not names_max:
        return f"{noun}, всего {len(names)}"
    more = f" и другие, всего {len(names)}" if len(names) > names_max else ""
    return f"{noun} {', '.join(names[:names_max])}{more}"


def _sum(items: Sequence[RefundItem]) -> str:
    return format_tenge(sum(item.amount for item in items)).replace("\N{NO-BREAK SPACE}", "")
