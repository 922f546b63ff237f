"""Writing MT-102: strict, and for hundreds of thousands of people chunk by chunk."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice

from formats import mt_parts, mt_writing
from formats.amounts import AMOUNT_MAX, format_amount
from formats.errors import Fault, FormatError
from formats.mt import to_correct
from formats.mt102_message import CONTRIBUTION, IN_ITEM, NUMBER, SOCIAL_CARD, TYPE, Mt102, Mt102Header, Mt102Item
from formats.mt102_text import ACCOUNT_MAX, NAME_MAX, plain_text
from formats.mt_fields import CURRENCY

_TO_WRITE = "MT-102 to write"
_CHUNK = 1000
_NAME = mt_writing.surviving(NAME_MAX)
_ACCOUNT = mt_parts.shape(rf"[A-Za-z0-9]{{0,{ACCOUNT_MAX}}}", "an account of letters and digits")


def write(message: Mt102) -> str:
    """The message as text with CR LF.

    Raises FormatError with every value that would not be read back as it is.
    """
    faults = _unwritable_header(message.header)
    text = ""
    try:
        text = "".join(body(message.items))
    except FormatError as error:
        faults += error.faults
    if not message.items:
        faults.append(to_correct(":21: of the message", "no item", "at least one"))
    if not faults:
        faults += _unwritable_total(message.total)
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
    details = mt_parts.details_of(header)
    first = mt_writing.envelope_head(header.envelope, header.reference)
    return first + mt_writing.payment_text(header.payer, header.beneficiary, details, header.other)


def body(items: Iterable[Mt102Item]) -> Iterator[str]:
    """The people as chunks of text; flat in memory where they are numbered from 1 on without a gap.

    Raises FormatError with the faults of all items; after the first fault nothing more is given out.
    """
    faults: list[Fault] = []
    given = mt_writing.Given()
    feed = iter(items)
    while chunk := list(islice(feed, _CHUNK)):
        text = plain_text(chunk)
        if not text:
            faults += [fault for item in chunk for fault in _unwritable_item(item)]
        faults += [_repeated(number) for number in given.again(tuple(item.number for item in chunk))]
        if not faults:
            yield text or "".join(map(item_text, chunk))
    if faults:
        raise FormatError(_TO_WRITE, faults)


def tail(value_date: date, total: int) -> str:
    """:32A: with the total in tiyn, and the end of the message.

    Raises FormatError for a total or a date that would not be read back.
    """
    faults = [*_unwritable_total(total), *mt_writing.unwritable_day(":32A: date", value_date)]
    if faults:
        raise FormatError(_TO_WRITE, faults)
    return mt_writing.lines((f":32A:{value_date:%y%m%d}{CURRENCY}{format_amount(total)}", "-}"))


def item_text(item: Mt102Item) -> str:
    """The person with its rare fields, each left out when it is not there; /FT/ is written even if empty."""
    rows = [f":21:{item.number}", f":32B:{CURRENCY}{format_amount(item.amount)}"]
    rows += mt_writing.kept_tags(item.other)
    rows += [f":70:/OPV/{item.contribution}{item.social_card}" if item.contribution else ":70:"]
    surname = f"{item.surname}/{item.changed_surname}" if item.changed_surname else item.surname
    rows += [f"/FM/{surname}", f"/NM/{item.first_name}", f"/FT/{item.patronymic}"]
    rows += [f"/DT/{item.birth_date:%Y%m%d}"] if item.birth_date else []
    rows += [f"/IDN/{item.idn}"] if item.idn else []
    rows += [f"/RNN/{item.rnn}"] if item.rnn else []
    rows += [f"/PERIOD/{item.period}"] if item.period else []
    rows += [f"/LA/{item.account}"] if item.account else []
    rows += mt_writing.kept_under("70", item.other)
    return mt_writing.lines(rows) + (mt_writing.assign_text(item.assign) if item.assign else "")


def _unwritable_header(header: Mt102Header) -> list[Fault]:
    parties = (header.payer, header.beneficiary)
    details = mt_parts.details_of(header)
    faults = mt_writing.unwritable_head(header.envelope, header.reference, *parties, details, header.other)
    faults += mt_writing.unwritable_type(header.envelope, TYPE)
    return faults + mt_writing.unwritable_day(":32A: date", header.value_date)


def _unwritable_total(total: int) -> list[Fault]:
    return [] if 0 < total <= AMOUNT_MAX else [to_correct(":32A: total", str(total), f"1 to {AMOUNT_MAX} tiyn")]


def _unwritable_item(item: Mt102Item) -> list[Fault]:
    place = f"item {item.number}"
    values = [("surname", item.surname, _NAME), ("first name", item.first_name, _NAME)]
    values += [("patronymic", item.patronymic, _NAME)] if item.patronymic else []
    values += [("changed surname", item.changed_surname, _NAME)] if item.changed_surname else []
    values += [("IIN", item.idn, mt_parts.IDN)] if item.idn or not (item.rnn or item.is_fee) else []
    values += [("RNN", item.rnn, mt_parts.RNN)] if item.rnn else []
    values += [("account", item.account, _ACCOUNT), ("number", str(item.number), NUMBER)]
    values += [("period", item.period, mt_parts.PERIOD)] if item.period else []
    values += [("/OPV/", item.contribution, CONTRIBUTION)] if item.contribution or item.social_card else []
    values += [("social card", item.social_card, SOCIAL_CARD)] if item.social_card else []
    faults = mt_writing.unwritable_values((f"{place}, {name}", text, wanted) for name, text, wanted in values)
    if not 0 < item.amount <= AMOUNT_MAX:
        faults.append(to_correct(f"{place}, amount", str(item.amount), f"1 to {AMOUNT_MAX} tiyn"))
    if item.changed_surname and len(item.surname) + 1 + len(item.changed_surname) > NAME_MAX:
        faults.append(to_correct(f"{place}, surnames", item.changed_surname, f"{NAME_MAX} characters with the slash"))
    if item.birth_date and item.birth_date.year < 1000:
        faults.append(to_correct(f"{place}, birth date", item.birth_date.isoformat(), "a year of four digits"))
    faults += [to_correct(f"{place}, {one.place}", one.found, one.expected) for one in _unwritable_kept(item)]
    return faults + (mt_writing.unwritable_assign(f"{place}, /ASSIGN/", item.assign) if item.assign else [])


def _unwritable_kept(item: Mt102Item) -> list[Fault]:
    return mt_writing.unwritable_kept(item.other, IN_ITEM)


def _repeated(number: int) -> Fault:
    return to_correct(f"item {number}, number", "the number again", "each number once")
