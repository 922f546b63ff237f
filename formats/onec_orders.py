r"""Payment orders for a client bank: СекцияДокумент=ПлатежноеПоручение of 1CClientBankExchange, mt102.md §5.5.

What a bookkeeping program gives to the program of the bank. The keys are those seen in one program of Kazakhstan that
writes such files, and they are the keys of the statements of three banks; that a given bank takes each of them is
inferred.

>>> payer = OrderParty(name="НАО", idn="160440007161", account="KZ36009PENS999999901", bic="GCVPKZ2A", kbe="11")
>>> payee = OrderParty(name="АО", idn="150540999975", account="KZ286017A99999999910", bic="HSBKKZKX", kbe="14")
>>> day = date(2024, 3, 15)
>>> order = PaymentOrder(number="7", dated=day, amount=774570, payer=payer, payee=payee, knp="311", purpose="Аударым")
>>> data = write_orders([order], sender="Esep", account=payer.account, date_from=day, date_to=day, charset="utf-8")
>>> read_orders(data, "orders.txt") == (order,)
True
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from formats import onec_keys as keys
from formats.amounts import format_dot_amount
from formats.errors import Code, Fault, Findings, FormatError
from formats.mt import to_correct
from formats.onec_checks import unwritable_amount, unwritable_days, unwritable_other, unwritable_text
from formats.onec_columns import Run, sections
from formats.onec_keys import EOL, PAYEE, PAYER
from formats.onec_parts import Other
from formats.onec_sections import RESEND, Section, amount
from formats.onec_values import day, kind_read, purpose
from formats.text import decode, encode

PURPOSE_MAX = 210
"""Characters of the purpose in files that go to a bank."""

_NUMBER_MAX = 20
_SHAPES = (
    ("idn", re.compile(r"[0-9]{12}"), "an IIN or BIN of 12 digits"),
    ("account", re.compile(r"[A-Z0-9]{20}"), "an account of 20 capital Latin letters and digits"),
    ("bic", re.compile(r"[A-Z0-9]{8}(?:[A-Z0-9]{3})?"), "a BIC of 8 or 11 capital Latin letters and digits"),
    ("kbe", re.compile(r"[12][0-9]"), "a code of two digits, like 11"),
)
_KNP = re.compile(r"[0-9]{3}")
_PARTY = {
    "name": keys.NAME, "idn": keys.BIN, "kbe": keys.KBE, "account": keys.IIK, "bank": keys.BANK,
    "bank_idn": keys.BANK_BIN, "bic": keys.BIC,
}  # fmt: skip
_USED = frozenset({
    keys.NUMBER, keys.DATED, keys.AMOUNT, keys.CURRENCY, keys.VALUE_DATE, keys.KNP, *keys.PURPOSES,
    *(f"{side}{name}" for side in (PAYER, PAYEE) for name in keys.PARTY),
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderParty:
    """Payer or payee: Наименование, БИН_ИИН, ИИК, БанкБИК, КБЕ (the payer's КОд), БанкНаименование, БанкБИН_ИИН."""

    name: str
    idn: str
    account: str
    bic: str
    kbe: str
    bank: str = ""
    bank_idn: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentOrder:
    """One payment order; the amount is in tiyn, `value_date` is ДатаВалютирования where it is given."""

    number: str
    dated: date
    amount: int
    payer: OrderParty
    payee: OrderParty
    knp: str
    purpose: str
    value_date: date | None = None
    other: Other = ()


def read_orders(data: bytes, source: str, *, charset: str | None = None) -> tuple[PaymentOrder, ...]:
    """The payment orders of a file.

    Raises:
        FormatError: every fault of the file.
        LookupError: the charset named is not known.
    """
    findings = Findings(source)
    decoded = decode(data, source, charset)
    found = tuple(orders([decoded.text], findings))
    findings.check()
    return found


def orders(texts: Iterable[str], findings: Findings) -> Iterator[PaymentOrder]:
    """The payment orders of a file of any size; one with a fault is left out, and a file without any is a fault.

    The faults are in the findings: apply nothing until `findings.check()` has passed.
    """
    count = 0
    for item in sections(texts, findings, plain=False):
        if isinstance(item, Run):
            for _, section in item.single:
                count += 1
                order = _order(section, findings)
                if order is not None:
                    yield order
        elif item.mark == keys.ACCOUNT:
            findings.note(item.line, keys.ACCOUNT, "", "an account section among payment orders, passed over")
    if not count and not findings.faults:
        findings.fault(Code.FILE_EMPTY, None, keys.DOCUMENT, "no document", "at least one payment order", RESEND)


def _order(section: Section, findings: Findings) -> PaymentOrder | None:
    """One payment order; None where it has a fault."""
    is_order = _is_order(section, findings)
    dated = day(section, keys.DATED, findings)
    value_date = day(section, keys.VALUE_DATE, findings) if section.text(keys.VALUE_DATE) else None
    tiyn = amount(section, keys.AMOUNT, findings)
    if tiyn == 0:
        line, found = section.get(keys.AMOUNT)
        findings.fault(Code.AMOUNT, line, keys.AMOUNT, found, "an amount above zero", RESEND)
    payer, payee = (_party(section, side, findings) for side in (PAYER, PAYEE))
    if not (is_order and dated and tiyn and payer and payee) or (section.text(keys.VALUE_DATE) and not value_date):
        return None
    whole = purpose(section, findings)
    if len(whole) > PURPOSE_MAX:
        line, meaning = section.get(keys.PURPOSE)[0], f"more than the {PURPOSE_MAX} characters that banks take"
        findings.note(line, keys.PURPOSE, whole, meaning)
    return PaymentOrder(
        number=section.text(keys.NUMBER),
        dated=dated,
        amount=tiyn,
        payer=payer,
        payee=payee,
        knp=section.text(keys.KNP),
        purpose=whole,
        value_date=value_date,
        other=section.other(_USED),
    )


def _is_order(section: Section, findings: Findings) -> bool:
    """Whether the document is a payment order in tenge."""
    is_order = kind_read(section.kind.replace(" ", "")) == keys.ORDER_KIND
    if not is_order:
        remedy = "give a statement to the reader of statements"
        findings.fault(Code.ONEC_SECTION, section.line, keys.DOCUMENT, section.kind, keys.ORDER_KIND, remedy)
    line, currency = section.get(keys.CURRENCY)
    is_tenge = currency.upper() in keys.CURRENCIES
    if not is_tenge:
        findings.fault(Code.CURRENCY, line, keys.CURRENCY, currency, "KZT", "only orders in tenge are read")
    return is_order and is_tenge


def _party(section: Section, side: str, findings: Findings) -> OrderParty | None:
    values = {name: section.text(f"{side}{key}") for name, key in _PARTY.items()}
    if not values["account"]:
        place = f"{side}{keys.IIK}"
        findings.fault(Code.MISSING, section.line, place, "", "the account of each side", RESEND)
        return None
    for name, pattern, expected in _SHAPES:
        if values[name] and not pattern.fullmatch(values[name]):
            line = section.get(f"{side}{_PARTY[name]}")[0]
            findings.note(line, f"{side}{_PARTY[name]}", values[name], f"not {expected}, kept as it stands")
    return OrderParty(**values)


def write_orders(
    payments: Sequence[PaymentOrder], *, sender: str, account: str, date_from: date, date_to: date, charset: str
) -> bytes:
    """A file of the payment orders of one account for a client bank, in one of text.CHARSETS.

    `sender` is the program or the organisation that the file comes from (Отправитель).
    Raises FormatError with every value that would not be read back as it is or that a bank would refuse,
    UnencodableLetter for a letter that the charset lacks.
    """
    faults = list(unwritable_text("sender", sender or " "))
    faults += unwritable_days("dates", (date_from, date_to))
    if date_from > date_to or not payments:
        expected = "one order at least, and a span that does not end before it begins"
        faults.append(to_correct("orders", f"{len(payments)} orders from {date_from} to {date_to}", expected))
    for place, order in enumerate(payments, 1):
        faults += _unwritable(order, f"order {place}", account, (date_from, date_to))
    if faults:
        raise FormatError("1C payment orders to write", faults)
    rows = [
        keys.FIRST_LINE,
        f"ВерсияФормата={keys.VERSION}",
        f"Кодировка={keys.CHARSET_NAMES.get(charset, charset.upper())}",
        f"Отправитель={sender}",
        f"{keys.DATE_FROM}={date_from:%d.%m.%Y}",
        f"{keys.DATE_TO}={date_to:%d.%m.%Y}",
        f"{keys.ACCOUNT_NUMBER}={account}",
        "Документ=Платежное поручение",
        *(row for order in payments for row in _rows(order)),
        keys.FILE_END,
    ]
    return encode("".join(f"{row}{EOL}" for row in rows), charset)


def _rows(order: PaymentOrder) -> Iterator[str]:
    yield f"{keys.DOCUMENT}={keys.ORDER_KIND}"
    yield f"{keys.NUMBER}={order.number}"
    yield f"{keys.DATED}={order.dated:%d.%m.%Y}"
    yield f"{keys.AMOUNT}={format_dot_amount(order.amount)}"
    for side, party in ((PAYER, order.payer), (PAYEE, order.payee)):
        for name, key in _PARTY.items():
            if text := getattr(party, name):
                yield f"{side}{key}={text}"
    for key, text in order.other:
        yield f"{key}={text}"
    yield f"{keys.PURPOSE}={order.purpose}"
    yield f"{keys.KNP}={order.knp}"
    if order.value_date:
        yield f"{keys.VALUE_DATE}={order.value_date:%d.%m.%Y}"
    yield f"{keys.CURRENCY}=KZT"
    yield keys.DOCUMENT_END


def _unwritable(order: PaymentOrder, place: str, account: str, span: tuple[date, date]) -> Iterator[Fault]:
    texts = {"number": (order.number, _NUMBER_MAX), "purpose": (order.purpose, PURPOSE_MAX)}
    for name, (text, length_max) in texts.items():
        yield from unwritable_text(f"{place}, {name}", text)
        if not 1 <= len(text) <= length_max:
            yield to_correct(f"{place}, {name}", text, f"1 to {length_max} characters")
    yield from unwritable_amount(f"{place}, amount", order.amount, 1)
    yield from unwritable_days(f"{place}, dates", filter(None, (order.dated, order.value_date)))
    yield from unwritable_other(place, order.other, _USED)
    if not span[0] <= order.dated <= span[1]:
        yield to_correct(f"{place}, dated", f"{order.dated}", f"a day from {span[0]} to {span[1]}")
    if not _KNP.fullmatch(order.knp):
        yield to_correct(f"{place}, knp", order.knp, "a code of three digits")
    if order.payer.account != account:
        yield to_correct(f"{place}, payer account", order.payer.account, f"the account of the file, {account}")
    for role, party in (("payer", order.payer), ("payee", order.payee)):
        yield from _unwritable_party(party, f"{place}, {role}")


def _unwritable_party(party: OrderParty, place: str) -> Iterator[Fault]:
    yield from unwritable_text(f"{place} name", party.name or " ")
    yield from unwritable_text(f"{place} bank", party.bank)
    if party.bank_idn and not _SHAPES[0][1].fullmatch(party.bank_idn):
        yield to_correct(f"{place} bank_idn", party.bank_idn, "a BIN of 12 digits, or nothing")
    for name, pattern, expected in _SHAPES:
        if not pattern.fullmatch(getattr(party, name)):
            yield to_correct(f"{place} {name}", getattr(party, name), expected)
