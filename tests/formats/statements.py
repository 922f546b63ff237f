"""Strategies that make statements, MT940 and MT950, and what their tests share."""

from collections.abc import Sequence
from datetime import date, time, timedelta

from hypothesis import strategies as st

from formats.mt940 import Balance, Mt940, Mt940Head, Mt940Line
from formats.mt950 import Mt950, Mt950Line
from formats.statement import MARKS
from tests.formats import messages

FOLDER = messages.FIXTURES / "mt940"
SERVICE = messages.FIXTURES / "mt9xx"
ENVELOPES = (
    "",
    "{1:F01BANKKZKAAXXX2222123456}{2:O9401200260105BANKKZKAAXXX22221234562601051201N}{3:{108:STATEMENT1}}",
    "{1:F01BANKKZKAAXXX2222123457}{2:I950CLNTKZKAXXXXN}",
    "{1:F01K054700000000010066505}{2:O9402307031531SDVR0000000000000000002307031531U}",
)
SIGNS = " .,'\"-:№()\\+!/?"

rows = messages.texts(60, SIGNS)
references = st.text("ABCXYZ0123456789-. /", min_size=1, max_size=14).map(lambda text: f"R{text}".strip(" /"))
references = references.filter(lambda text: "//" not in text)
hundredths = st.integers(0, 10**15)


def several(texts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """None, one or several lines."""
    return st.lists(texts, max_size=3).map("\n".join)


@st.composite
def lines(draw: st.DrawFn, number: int) -> Mt940Line:
    """Any movement that may be written."""
    value_date = draw(messages.days)
    around = st.one_of(st.none(), st.integers(-170, 170).map(timedelta))
    apart = draw(around)
    return Mt940Line(
        line=number,
        mark=draw(st.sampled_from(MARKS)),
        value_date=value_date,
        booked_on=None if apart is None else value_date + apart,
        funds_code=draw(st.sampled_from(["", "T", "C", "D"])),
        amount=draw(hundredths),
        transaction_type=draw(st.sampled_from(["NTRF", "S100", "F123", "NMSC"])),
        reference=draw(references),
        bank_reference=draw(st.one_of(st.just(""), references)),
        supplement=draw(several(rows)),
        details=draw(several(rows)),
    )


@st.composite
def movements(draw: st.DrawFn, size_max: int = 6) -> tuple[Mt940Line, ...]:
    """The movements of a statement."""
    count = draw(st.integers(0, size_max))
    return tuple(draw(lines(number)) for number in range(1, count + 1))


@st.composite
def general(draw: st.DrawFn) -> Mt940:
    """Any general statement that may be written."""
    found = draw(movements())
    opening = Balance(on=draw(messages.days), currency=draw(st.sampled_from(["KZT", "USD"])), amount=draw(hundredths))
    later = st.dates(opening.on, date(2099, 12, 31))

    def balances() -> st.SearchStrategy[Balance]:
        return st.builds(Balance, on=later, currency=st.just(opening.currency), amount=st.integers(-(10**15), 10**15))

    number = draw(st.sampled_from(["", "31", "00031"]))
    head = Mt940Head(
        reference=draw(st.text("ABC123", min_size=1, max_size=16)),
        account=draw(messages.accounts),
        number=number,
        page=draw(st.sampled_from(["", "1"])) if number else "",
        opening=opening,
        closing=Balance(on=draw(later), currency=opening.currency, amount=opening.amount + changed(found)),
        envelope=draw(st.sampled_from(ENVELOPES)),
        related_reference=draw(st.sampled_from(["", "NONREF"])),
        owner_bic=draw(st.sampled_from(["", "CLNTKZKA", "CLNTKZKAXXX"])),
        is_first_page=draw(st.booleans()),
        is_last_page=draw(st.booleans()),
        available=draw(st.one_of(st.none(), balances())),
        forward=tuple(draw(st.lists(balances(), max_size=2))),
        information=draw(several(rows)),
        other=tuple(draw(st.lists(st.tuples(st.sampled_from(["13D", "23", "NS", "90C"]), several(rows)), max_size=2))),
    )
    return Mt940(head=head, lines=found)


def changed(found: Sequence[Mt940Line | Mt950Line]) -> int:
    """What movements do to a balance."""
    return sum(line.change for line in found)


@st.composite
def local_lines(draw: st.DrawFn, number: int) -> Mt950Line:
    """Any movement of the payment system that may be written."""
    mark = draw(st.sampled_from([mark for mark in MARKS if mark not in {"RC", "RD"}]))
    bank = draw(st.sampled_from(["HSBKKZKX", "KKMFKZ2A", "190501914"]))
    length = (not bank.isdigit()) + mark.startswith("E")
    return Mt950Line(
        line=number,
        at=time(draw(st.integers(0, 23)), draw(st.integers(0, 59))),
        mark=mark,
        value_date=draw(messages.days),
        amount=draw(hundredths),
        message_type=draw(st.sampled_from(["100", "102"])),
        bank=bank,
        reference=draw(st.text("ABC0123456789-", min_size=1, max_size=16)),
        filler=draw(st.text(" X0", min_size=length, max_size=length)),
        supplement=draw(several(rows)),
    )


@st.composite
def local(draw: st.DrawFn) -> Mt950:
    """Any statement of the payment system that may be written."""
    count = draw(st.integers(0, 6))
    found = tuple(draw(local_lines(number)) for number in range(1, count + 1))
    on, opening = draw(messages.days), draw(st.integers(-(10**12), 10**12))
    return Mt950(
        header=draw(messages.envelopes(draw(st.sampled_from(["950", "970"])))),
        reference=draw(st.text("ABC123", min_size=1, max_size=16)),
        report=draw(st.sampled_from(["FINAL", "PRESENT"])),
        bank=draw(st.sampled_from(["", "NBRKKZKX", "190201125"])),
        account=draw(messages.accounts),
        number=draw(st.integers(1, 99_999).map(str)),
        opening=Balance(on=on, currency="KZT", amount=opening),
        closing=Balance(on=on, currency="KZT", amount=opening + changed(found)),
        lines=found,
        other=tuple(draw(st.lists(st.tuples(st.just("64"), rows), max_size=1))),
    )
