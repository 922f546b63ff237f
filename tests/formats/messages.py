"""Synthetic messages for the tests of MT-102 and MT-100, and hypothesis strategies that make more of them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import strategies as st

from formats import mt102
from formats.errors import FormatError
from formats.mt import Header
from formats.mt100 import Mt100
from formats.mt102 import Mt102, Mt102Header, Mt102Item, Party

Answer = TypeVar("Answer")
FIXTURES = Path(__file__).parents[2] / "fixtures" / "messages"

PAYER = Party(
    account="KZ77070103KSN9999000",
    name='ГУ "УПРАВЛЕНИЕ ЗАНЯТОСТИ И СОЦПРОГРАММ (СИНТЕТИКА)"',
    idn="230140999968",
    irs="1",
    seco="2",
    bic="KKMFKZ2A",
    chief="СЕРИКОВ С.С.",
    main_bk="АХМЕТОВА А.А.",
)
BANK = Party(
    account="KZ286017A99999999910",
    name='АО "БАНК-ПОЛУЧАТЕЛЬ"',
    idn="150540999975",
    irs="1",
    seco="4",
    bic="HSBKKZKX",
)
HEADER = Mt102Header(
    envelope=Header(terminal="K05070000000", message_type="102"),
    reference="REFERENCE",
    payer=PAYER,
    beneficiary=BANK,
    number="101",
    dated=date(2023, 7, 1),
    value_date=date(2023, 7, 1),
    vo="01",
    knp="311",
    pso="01",
    prt="50",
    assign="ЗАЧИСЛЕНИЕ НА КАРТ-СЧЕТА ПО СПИСКУ. ДОГОВОР № 1 ОТ 05.01.2023Г. РЕЕСТР 17. КОЛ-ВО 4",
)
PEOPLE = (
    Mt102Item(1, 500000, "СЫНАҚОВ", "АРМАН", "ТЕСТҰЛЫ", "800101399997", "KZ986017A99999999911"),
    Mt102Item(2, 7500000, "ПРИМЕРОВА", "АННА", "ПЕТРОВНА", "850515499983", "KZ716017A99999999912"),
    Mt102Item(3, 4260000, "ОБРАЗЦОВ", "ИВАН", "", "991231399974", "KZ446017A99999999913"),
    Mt102Item(4, 1500000, "ТЕСТОВА", "ДАНА", "СЕРИКОВНА", "010707699965", "KZ176017A99999999914"),
)
CREDITING = Mt102(header=HEADER, items=PEOPLE)
REFUND = Mt100(
    envelope=Header(terminal="K05070000000", message_type="100", sequence="000002"),
    reference="TRS2307030001",
    value_date=date(2023, 7, 3),
    amount=13760000,
    payer=PAYER,
    beneficiary=BANK,
    number="102",
    dated=date(2023, 7, 3),
    vo="01",
    knp="311",
    pso="01",
    prt="50",
    assign="ЗАЧИСЛЕНИЕ ПО РЕЕСТРУ 17",
)

# All letters that CP1251 carries, its look-alikes for Kazakh among them, and the signs that names and purposes have.
LETTERS = "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯӘҒҚҢӨҰҮҺІабвгдеёжзийклмнопрстуфхцчшщъыьэюяәғқңөұүһіAZaz"


def texts(length_max: int, signs: str = " .,'\"-:№()\\+!") -> st.SearchStrategy[str]:
    """Texts that may be written: nothing blank at the ends, no sign at the start that ends a field."""
    inner = st.text(LETTERS + "0123456789" + signs, max_size=length_max - 1)
    return st.tuples(st.sampled_from(LETTERS), inner).map(lambda parts: "".join(parts).strip())


def digits(length: int) -> st.SearchStrategy[str]:
    """As many ASCII digits."""
    return st.text("0123456789", min_size=length, max_size=length)


def purposes() -> st.SearchStrategy[str]:
    """Purpose texts of words that fit the seven lines of /ASSIGN/."""
    word = st.text(LETTERS + "0123456789.,-:№", min_size=1, max_size=20)
    first = texts(20, ".,")
    return st.tuples(first, st.lists(word, max_size=17)).map(lambda parts: " ".join([parts[0], *parts[1]]))


accounts = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=1, max_size=34)
days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
amounts = st.integers(1, 10**13)
months = st.tuples(st.integers(1, 12), st.integers(1900, 2099)).map(lambda pair: f"{pair[0]:02d}{pair[1]}")
bics = st.sampled_from(["HSBKKZKX", "KPSTKZKA", "KKMFKZ2A", "NBRKKZKXXXX"])
# A long name lets the charset be told whatever the other texts are.
names = texts(40).map(lambda name: "АО СИНТЕТИКА " + name)


@st.composite
def parties(draw: st.DrawFn, *, officials: bool) -> Party:
    """A payer with its officials, or a beneficiary without."""
    party = Party(
        account=draw(accounts),
        name=draw(names),
        idn=draw(digits(12)),
        irs=draw(digits(1)),
        seco=draw(digits(1)),
        bic=draw(bics),
    )
    return replace(party, chief=draw(texts(60)), main_bk=draw(texts(60))) if officials else party


@st.composite
def envelopes(draw: st.DrawFn, message_type: str) -> Header:
    """Blocks 1 and 2 of either direction."""
    terminal, session, sequence = "K05" + draw(digits(3)) + "000000", draw(digits(4)), draw(digits(6))
    head = Header(terminal=terminal, message_type=message_type, session=session, sequence=sequence)
    system = draw(st.sampled_from(["SGROSS000000", "SCLEAR000000", "SMEP00000000"]))
    if draw(st.booleans()):
        priority, delivery = draw(st.sampled_from(["", "U", "N"])), draw(digits(4))
        return replace(head, system=system, priority=priority, delivery=delivery)
    return replace(
        head,
        direction="output",
        system=system,
        priority=draw(st.sampled_from(["U", "N"])),
        delivery="",
        accepted=draw(digits(10)),
        trace=draw(digits(10)),
        delivered=draw(digits(10)),
    )


@st.composite
def headers(draw: st.DrawFn) -> Mt102Header:
    """Any head that may be written."""
    return Mt102Header(
        envelope=draw(envelopes("102")),
        reference=draw(st.text("ABCXYZ0123456789-", min_size=1, max_size=15).map("R".__add__)),
        payer=draw(parties(officials=True)),
        beneficiary=draw(parties(officials=False)),
        number=draw(texts(9)),
        dated=draw(days),
        value_date=draw(days),
        vo=draw(digits(2)),
        knp=draw(digits(3)),
        pso=draw(digits(2)),
        prt=draw(st.one_of(st.just(""), digits(2))),
        assign=draw(purposes()),
        period=draw(st.one_of(st.just(""), months)),
        budget_code=draw(st.one_of(st.just(""), digits(6))),
        send=draw(digits(2)),
        other=draw(
            st.sampled_from([(), (("53C", "KKMFKZ2A/KZ1"), ("54B", "NBRKKZKX"), ("50/XX", "A"), ("70/YY", "B"))])
        ),
    )


def people(*, plain: bool) -> st.SearchStrategy[Mt102Item]:
    """People to credit, or such as returns name them: with a reason, a birth date, a month, perhaps without account."""
    return st.builds(
        Mt102Item,
        number=st.integers(0, 999_999_999),
        amount=st.integers(100, 10**13) if plain else amounts,
        surname=texts(66 if plain else 33),
        first_name=texts(66),
        patronymic=st.one_of(st.just(""), texts(66)),
        idn=digits(12),
        account=accounts if plain else st.one_of(st.just(""), accounts),
        assign=st.just("") if plain else st.one_of(st.just(""), purposes()),
        birth_date=st.none() if plain else st.one_of(st.none(), st.dates(date(1900, 1, 1), date(2099, 12, 31))),
        period=st.just("") if plain else st.one_of(st.just(""), months),
        contribution=st.just("") if plain else st.sampled_from(["", "C", "V", "S"]),
        social_card=st.just(""),
        rnn=st.just("") if plain else st.one_of(st.just(""), digits(12)),
        changed_surname=st.just("") if plain else st.one_of(st.just(""), texts(32)),
        other=st.just(()) if plain else st.one_of(st.just(()), texts(70).map(lambda text: (("70/SICID", text),))),
    )


@st.composite
def lists(draw: st.DrawFn) -> Mt102:
    """Any MT-102 that may be written."""
    everybody = st.one_of(people(plain=True), people(plain=False))
    items = draw(st.lists(everybody, min_size=1, max_size=6, unique_by=lambda item: item.number))
    return Mt102(header=draw(headers()), items=tuple(items))


@st.composite
def single_payments(draw: st.DrawFn) -> Mt100:
    """Any MT-100 that may be written."""
    head = draw(headers())
    own = ("envelope", "amount")
    fields = {name: getattr(head, name) for name in Mt100.__dataclass_fields__ if name not in own}
    return Mt100(envelope=draw(envelopes("100")), amount=draw(amounts), **fields)


def answer(read: Callable[[], Answer]) -> Answer | FormatError:
    """What a reader says of a file: what it read, or its refusal; any other exception goes on and fails the test."""
    try:
        return read()
    except FormatError as refusal:
        return refusal


def mutated(original: bytes) -> st.SearchStrategy[bytes]:
    """The bytes of a message with pieces cut out, repeated or overwritten."""
    cut = st.tuples(st.integers(0, len(original)), st.integers(0, 40), st.binary(max_size=8), st.integers(0, 2))
    return st.lists(cut, min_size=1, max_size=4).map(lambda cuts: _apply(original, cuts))


def _apply(data: bytes, cuts: list[tuple[int, int, bytes, int]]) -> bytes:
    for start, length, put, times in cuts:
        data = data[:start] + put + data[start : start + length] * times + data[start + length :]
    return data


def refused(data: bytes | str) -> FormatError:
    """The refusal of a file that must not be read."""
    with pytest.raises(FormatError) as refusal:
        mt102.read(data.encode() if isinstance(data, str) else data, "bank.txt")
    return refusal.value


def changed(*pairs: tuple[str, str]) -> str:
    """The crediting message with pieces exchanged, each of which must stand in it."""
    text = (FIXTURES / "C_crediting_card_accounts_input.txt").read_bytes().decode()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return text
