"""MT-102: one payment to one bank with a list of people (R-050, R-052).

Written is the layout of crediting by list: the head once, for each person :21:, :32B: and :70: with /FM/ /NM/ /FT/
/IDN/ /LA/, at the end :32A: with the total. Read are also benefits of the State Corporation, returns of single people
with an /ASSIGN/ each, and returns named at the head; /FM/ and //FM/ mean the same. The total must be the sum of the
people (E41), their numbers must differ (E42), amounts have a comma and two digits (E48).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import NamedTuple

from formats import mt, mt_parts
from formats.amounts import AMOUNT_MAX, display_amount, format_amount, format_amounts
from formats.errors import Fault, FormatError
from formats.mt_parts import Party
from formats.text import decode

__all__ = ["Mt102", "Mt102Header", "Mt102Item", "Party", "body", "head", "read", "tail", "write"]

_TYPE = "102"
_TO_WRITE = "MT-102 to write"
_CHUNK = 1000
_HEAD_TAGS = ("20", "50", "52B", "57B", "59", "70", "32A")
_ITEM_TAGS = ("21", "32B", "70")
_NUMBER_MAX = 999_999_999
_NUMBER = mt_parts.shape(r"[0-9]{1,9}", "a number of the list")
# A line has 70 characters, four of which are /FM/.
_NAME_MAX = 66
_NAME = mt_parts.surviving(_NAME_MAX)
_ACCOUNT_MAX = 34
_ACCOUNT = mt_parts.shape(r"[A-Za-z0-9]{0,34}", "an account of letters and digits")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mt102Header:
    """The head of the list: who pays whom, by which document, for what."""

    sender_terminal: str
    reference: str
    payer: Party
    beneficiary: Party
    number: str
    dated: date
    value_date: date
    vo: str
    knp: str
    pso: str
    prt: str
    assign: str


class Mt102Item(NamedTuple):
    """One person of the list; amount in tiyn, period MMYYYY, account '' where a return gives none."""

    number: int
    amount: int
    surname: str
    first_name: str
    patronymic: str
    idn: str
    account: str
    assign: str = ""
    birth_date: date | None = None
    period: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mt102:
    """A whole message."""

    header: Mt102Header
    items: tuple[Mt102Item, ...]

    @property
    def total(self) -> int:
        """Sum of the items in tiyn, which is what :32A: states."""
        return sum(item.amount for item in self.items)


def read(data: bytes, source: str) -> tuple[Mt102, ...]:
    """All messages of a file, in order.

    Raises FormatError with every fault of the file; then nothing of it is returned.
    """
    faults = mt.Faults(source)
    found = [_message(one, faults) for one in mt.envelopes(decode(data, source).text, _TYPE, faults)]
    faults.check()
    return tuple(found)


def write(message: Mt102) -> str:
    """The message as text with CR LF, crediting by list.

    Raises FormatError with every value that would not be read back as it is.
    """
    faults = _unwritable_header(message.header)
    text = ""
    try:
        text = "".join(body(message.items))
    except FormatError as error:
        faults += error.faults
    if not message.items:
        faults.append(mt_parts.to_correct(":21: of the message", "no item", "at least one"))
    if not faults and message.total > AMOUNT_MAX:
        faults.append(mt_parts.to_correct(":32A: total", str(message.total), f"at most {AMOUNT_MAX} tiyn"))
    if faults:
        raise FormatError(_TO_WRITE, faults)
    return head(message.header) + text + tail(message.header.value_date, message.total)


def head(header: Mt102Header) -> str:
    """Everything before the first person.

    Raises FormatError like write().
    """
    faults = _unwritable_header(header)
    if faults:
        raise FormatError(_TO_WRITE, faults)
    return "".join(
        (
            mt_parts.envelope_head(_TYPE, header.sender_terminal, header.reference),
            mt_parts.payment_text(header.payer, header.beneficiary, _details(header)),
        )
    )


def body(items: Iterable[Mt102Item]) -> Iterator[str]:
    """The people as chunks of text; flat in memory where they are numbered from 1 on without a gap.

    Raises FormatError with the faults of all items; after the first fault nothing more is given out.
    """
    faults: list[Fault] = []
    given = mt_parts.Given()
    feed = iter(items)
    while chunk := list(islice(feed, _CHUNK)):
        columns = tuple(zip(*chunk, strict=True))
        plain = _is_plain(*columns)
        if not plain:
            faults += [fault for item in chunk for fault in _unwritable_item(item)]
        faults += [_repeated(number) for number in given.again(columns[0])]
        if not faults:
            yield _plain_text(*columns[:7]) if plain else "".join(map(_item_text, chunk))
    if faults:
        raise FormatError(_TO_WRITE, faults)


def tail(value_date: date, total: int) -> str:
    """:32A: with the total in tiyn, and the end of the message.

    Raises ValueError for a total that is negative or beyond AMOUNT_MAX.
    """
    return mt_parts.lines((f":32A:{value_date:%y%m%d}{mt.CURRENCY}{format_amount(total)}", "-}"))


def _is_plain(
    numbers: Sequence[int],
    amounts: Sequence[int],
    surnames: Sequence[str],
    first_names: Sequence[str],
    patronymics: Sequence[str],
    idns: Sequence[str],
    accounts: Sequence[str],
    *rare: Sequence[object],
) -> bool:
    """Whether all items of these columns are surely writable, with an account and without rare fields.

    Whole columns joined by the one sign that no text may hold are looked at, some ten times faster than value by value.
    A doubtful chunk (one with a no-break space, say) is not refused here but looked at value by value.
    """
    names = (*surnames, *first_names, *patronymics)
    text = "/" + "/".join(names) + "/"
    codes = "".join((*idns, *accounts))
    return (
        text.count("/") == len(names) + 1
        and text.isprintable()
        and not any(sign in text for sign in ("{", "}", "/:", "/-", "/ ", " /", "\ufffd"))
        and all(surnames)
        and all(first_names)
        and max(map(len, names)) <= _NAME_MAX
        and codes.isascii()
        and codes.encode().isalnum()
        and "".join(idns).encode().isdigit()
        and set(map(len, idns)) == {12}
        and all(accounts)
        and max(map(len, accounts)) <= _ACCOUNT_MAX
        and 100 <= min(amounts) <= max(amounts) <= AMOUNT_MAX
        and 0 <= min(numbers) <= max(numbers) <= _NUMBER_MAX
        and not any(map(any, rare))
    )


def _plain_text(numbers: Sequence[int], amounts: Sequence[int], *texts: Sequence[str]) -> str:
    return "".join(
        [
            f":21:{number}\r\n:32B:KZT{amount}\r\n:70:\r\n/FM/{surname}\r\n/NM/{first_name}\r\n"
            f"/FT/{patronymic}\r\n/IDN/{idn}\r\n/LA/{account}\r\n"
            for number, amount, surname, first_name, patronymic, idn, account in zip(
                numbers, format_amounts(amounts), *texts, strict=True
            )
        ]
    )


def _item_text(item: Mt102Item) -> str:
    """The person with its rare fields, each left out when it is not there; /FT/ is written even if empty."""
    rows = [f":21:{item.number}", f":32B:{mt.CURRENCY}{format_amount(item.amount)}", ":70:"]
    rows += [f"/FM/{item.surname}", f"/NM/{item.first_name}", f"/FT/{item.patronymic}"]
    rows += [f"/DT/{item.birth_date:%Y%m%d}"] if item.birth_date else []
    rows += [f"/IDN/{item.idn}"]
    rows += [f"/PERIOD/{item.period}"] if item.period else []
    rows += [f"/LA/{item.account}"] if item.account else []
    return mt_parts.lines(rows) + (mt_parts.assign_text(item.assign) if item.assign else "")


def _details(header: Mt102Header) -> mt_parts.Details:
    return mt_parts.Details(
        number=header.number,
        dated=header.dated,
        vo=header.vo,
        knp=header.knp,
        pso=header.pso,
        prt=header.prt,
        assign=header.assign,
    )


def _unwritable_header(header: Mt102Header) -> list[Fault]:
    parties = (header.payer, header.beneficiary)
    faults = mt_parts.unwritable_head(header.sender_terminal, header.reference, *parties, _details(header))
    return faults + mt_parts.unwritable_day(":32A: date", header.value_date)


def _unwritable_item(item: Mt102Item) -> list[Fault]:
    place = f"item {item.number}"
    values = [("surname", item.surname, _NAME), ("first name", item.first_name, _NAME)]
    values += [("patronymic", item.patronymic, _NAME)] if item.patronymic else []
    values += [("IIN", item.idn, mt_parts.IDN), ("account", item.account, _ACCOUNT)]
    values += [("number", str(item.number), _NUMBER)]
    values += [("period", item.period, mt_parts.PERIOD)] if item.period else []
    faults = [fault for name, text, wanted in values for fault in mt_parts.unwritable(f"{place}, {name}", text, wanted)]
    if not 0 < item.amount <= AMOUNT_MAX:
        faults.append(mt_parts.to_correct(f"{place}, amount", str(item.amount), f"1 to {AMOUNT_MAX} tiyn"))
    if item.birth_date and item.birth_date.year < 1000:
        faults.append(mt_parts.to_correct(f"{place}, birth date", item.birth_date.isoformat(), "a year of four digits"))
    return faults + (mt_parts.unwritable_assign(f"{place}, /ASSIGN/", item.assign) if item.assign else [])


def _repeated(number: int) -> Fault:
    return mt_parts.to_correct(f"item {number}, number", "the number again", "each number once")


def _message(envelope: mt.Envelope, faults: mt.Faults) -> Mt102:
    """The message of an envelope; where there was a fault it holds stand-ins, which nobody gets to see."""
    head_fields: list[mt.Field] = []
    items: list[Mt102Item] = []
    first: dict[int, int] = {}
    for group in _groups(envelope.fields, head_fields):
        item, line = _item(group, faults), group[0].line
        if item.number >= 0 and first.setdefault(item.number, line) != line:
            # E42: the same number twice may be the same person twice.
            again = f"{item.number} again, first on line {first[item.number]}"
            faults.add(line, ":21: number", again, "each number once")
        items.append(item)
    fields = mt.by_tag(head_fields, _HEAD_TAGS, "the message", envelope.line, faults)
    if not items:
        faults.add(envelope.line, ":21: of the message", "nothing", "at least one person")
    _check_total(items, fields["32A"], faults)
    return Mt102(header=_header(envelope.terminal, fields, faults), items=tuple(items))


def _groups(fields: Iterable[mt.Field], head_fields: list[mt.Field]) -> Iterator[list[mt.Field]]:
    """The fields of one person after another, begun by :21:; those of the head are put aside, :32A: among them."""
    group: list[mt.Field] = []
    for one in fields:
        if one.tag == "21":
            if group:
                yield group
            group = [one]
        else:
            (group if group and one.tag != "32A" else head_fields).append(one)
    if group:
        yield group


def _header(terminal: str, fields: dict[str, mt.Field], faults: mt.Faults) -> Mt102Header:
    details = mt_parts.read_details(fields["70"], faults)
    return Mt102Header(
        sender_terminal=terminal,
        reference=mt.value(fields["20"], mt_parts.ANY_TEXT, faults),
        payer=mt_parts.read_payer(fields["50"], fields["52B"], faults),
        beneficiary=mt_parts.read_beneficiary(fields["59"], fields["57B"], faults),
        number=details.number,
        dated=details.dated,
        value_date=mt.value_day(fields["32A"], faults),
        vo=details.vo,
        knp=details.knp,
        pso=details.pso,
        prt=details.prt,
        assign=details.assign,
    )


def _item(group: Sequence[mt.Field], faults: mt.Faults) -> Mt102Item:
    """One person; number -1 and amount 0 stand in for those that are faults."""
    for one in group:
        if one.tag in _HEAD_TAGS and one.tag not in _ITEM_TAGS:
            expected = "people only; payments with payers of their own are another layout"
            faults.add(one.line, f":{one.tag}: among the people", one.value[:60] or "a party", expected)
    fields = mt.by_tag(group, _ITEM_TAGS, "the item", group[0].line, faults)
    number, person = mt.value(fields["21"], _NUMBER, faults), fields["70"]
    born = "DT" in person.parts and bool(person.parts["DT"].text)
    return Mt102Item(
        number=int(number) if _NUMBER.pattern.fullmatch(number) else -1,
        amount=mt.money(fields["32B"], faults) or 0,
        surname=mt.part(person, "FM", mt_parts.ANY_TEXT, faults),
        first_name=mt.part(person, "NM", mt_parts.ANY_TEXT, faults),
        patronymic=mt.part(person, "FT", mt_parts.ANY_TEXT, faults, optional=True),
        idn=mt.part(person, "IDN", mt_parts.IDN, faults),
        account=mt.part(person, "LA", mt_parts.ANY_TEXT, faults, optional=True),
        assign=mt.part(person, "ASSIGN", mt_parts.ANY_TEXT, faults, optional=True),
        birth_date=mt.part_day(person, "DT", faults, full=True) if born else None,
        period=mt.part(person, "PERIOD", mt_parts.PERIOD, faults, optional=True),
    )


def _check_total(items: Sequence[Mt102Item], stated_in: mt.Field, faults: mt.Faults) -> None:
    """E41: the total of :32A: against the sum of :32B:, unless an amount could not be read at all."""
    stated = mt.money(stated_in, faults)
    if stated is None or not items or not all(item.amount for item in items):
        return
    computed = sum(item.amount for item in items)
    if stated != computed:
        difference = display_amount(abs(computed - stated))
        expected = f"{display_amount(computed)}, the sum of :32B: of {len(items)} items (difference {difference})"
        faults.add(stated_in.line, ":32A: total", format_amount(stated), expected)
