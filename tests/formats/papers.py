"""The documents that Esep sends, about people who do not exist, and more of them as Hypothesis makes them."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from formats.act_documents import FINDINGS, SECTIONS
from formats.documents import (
    TITLES,
    TOTAL_ROWS,
    CorrectedRow,
    CorrectiveAct,
    Document,
    FundsRequest,
    FundsRequestLine,
    MoneyAnnex,
    MoneyRow,
    PaymentStatement,
    PeopleAnnex,
    PeopleRow,
    Person,
    Protocol,
    ProtocolLine,
    ReturnNotice,
    ReturnNoticeLine,
    StatementRow,
    TransferAct,
    TransferRow,
)

DIRECTOR = Person(full_name="Әбдіғалиев Ғани Өтегенұлы", position_kk="директор", position_ru="директор")
DEPUTY = Person(full_name="Ким Анна", position_kk="директордың орынбасары", position_ru="заместитель директора")
AUTHORITY: dict[str, Any] = {
    "authority_bin": "020340000172",
    "authority_kk": "Астана қаласының «Жұмыспен қамту» басқармасы",
    "authority_ru": "Управление занятости & социальных программ",
}
REQUEST = FundsRequest(
    number="3-Ө",
    sent_on=date(2024, 2, 28),
    **AUTHORITY,
    corporation_bin="160440007161",
    corporation_kk='"Азаматтарға арналған үкімет" КЕАҚ; Астана',
    corporation_ru="НАО «Правительство для граждан»",
    iban="KZ35601A000000000123",
    bic="HSBKKZKX",
    lines=(
        FundsRequestLine(
            aid_kind="H8", name_kk="8 наурыз", name_ru="8 марта", due_month=date(2024, 3, 1), count=2, amount=3692000
        ),
        FundsRequestLine(
            aid_kind="DC", name_kk="мүгедек", name_ru="инвалид", due_month=date(2023, 12, 1), count=1, amount=1
        ),
    ),
)
NOTICE = ReturnNotice(
    number="0017",
    sent_on=date(2024, 3, 15),
    **AUTHORITY,
    lines=(
        ReturnNoticeLine(
            payment_reference="P24030000017",
            order_number="44",
            order_date=date(2024, 3, 12),
            bank_kk="Халық",
            bank_ru="Халык",
            aid_kind="H8",
            iin="580312400120",
            surname="Қожахметова",
            first_name="Әсел",
            patronymic="",
            iban="KZ35601A000000000123",
            amount=1846000,
            returned_on=date(2024, 3, 14),
            reason="шот  жабылған",
        ),
        ReturnNoticeLine(
            payment_reference="P24030000018",
            order_number="45",
            order_date=date(2024, 3, 12),
            bank_kk="Каспи",
            bank_ru="Каспи",
            aid_kind="DC",
            iin="050309500031",
            surname="Өмірбек",
            first_name="Ілияс",
            patronymic="Ғалымұлы",
            iban="KZ46722C000000004567",
            amount=3692000,
            returned_on=date(2024, 3, 14),
            reason='неверный ИИН; "Ілияс"',
        ),
    ),
)
ROW = TransferRow(
    code=1,
    **AUTHORITY,
    order_number="0145",
    order_date=date(2024, 3, 4),
    amount=214136000,
    aid_kk="8 наурыз",
    aid_ru="8 марта",
)
ACT = TransferAct(
    month=date(2024, 3, 1),
    **AUTHORITY,
    corporation_kk="КЕАҚ",
    corporation_ru="НАО",
    rows=(ROW,),
    corporation_signer=DIRECTOR,
    authority_signer=DEPUTY,
)
NAMES: dict[str, Any] = {"bank_kk": "Халық", "bank_ru": "Халык", "aid_kk": "8 наурыз", "aid_ru": "8 марта"}
STATEMENT = PaymentStatement(
    month=date(2024, 3, 1),
    **AUTHORITY,
    region_kk="Астана",
    region_ru="Астана",
    district_kk="",
    district_ru="",
    rows=(
        StatementRow(number=1, **NAMES, sent_count=3, sent=300, returned_count=1, returned=100),
        StatementRow(number=2, **NAMES, sent_count=0, sent=0, returned_count=2, returned=700),
    ),
    director=DIRECTOR,
    deputy=DEPUTY,
)
MONEY = MoneyAnnex(
    month=date(2024, 3, 1),
    **AUTHORITY,
    opening=0,
    transfers=214163000,
    returned=0,
    other=-100,
    sent=214136000,
    refunded=0,
    closing=26900,
    rows=(
        MoneyRow(
            section="excess",
            reference="S1",
            number="145",
            dated=date(2024, 3, 14),
            known_on=date(2024, 3, 14),
            name_kk="Басқарма",
            name_ru="Управление",
            amount=27000,
        ),
        MoneyRow(
            section="received_later",
            reference="T3",
            number="150",
            dated=date(2024, 3, 29),
            known_on=date(2024, 4, 1),
            name_kk="Басқарма",
            name_ru="Управление",
            amount=1846000,
        ),
    ),
)
PEOPLE = PeopleAnnex(
    month=date(2024, 3, 1),
    **AUTHORITY,
    sent_people=2,
    returned_people=2,
    paid_people=2,
    rows=(
        PeopleRow(
            **NAMES,
            paid_month=date(2024, 3, 1),
            sent_count=3,
            sent_people=2,
            returned_count=1,
            returned_people=1,
            returned=1846000,
            paid_people=2,
        ),
        PeopleRow(
            **NAMES,
            paid_month=date(2024, 2, 1),
            sent_count=0,
            sent_people=0,
            returned_count=1,
            returned_people=1,
            returned=1846000,
            paid_people=0,
        ),
    ),
)
SIDES: dict[str, Any] = AUTHORITY | {
    "corporation_kk": "КЕАҚ",
    "corporation_ru": "НАО",
    "corporation_signer": DIRECTOR,
    "authority_signer": DEPUTY,
}
PROTOCOL = Protocol(
    number=1,
    act_number=0,
    month=date(2024, 3, 1),
    dated=date(2024, 4, 10),
    document="№ 12 хат",
    **SIDES,
    lines=(
        ProtocolLine(
            line=1,
            order_number="0145",
            order_date=date(2024, 3, 4),
            aid_kk="8 наурыз",
            aid_ru="8 марта",
            ours=214136000,
            theirs=212290000,
            finding="amount",
            comment="бір адам артық",
        ),
        ProtocolLine(
            line=2,
            order_number="0146",
            order_date=date(2024, 3, 4),
            aid_kk="",
            aid_ru="",
            ours=0,
            theirs=100,
            finding="missing_with_us",
            comment="",
        ),
    ),
)
CORRECTIVE = CorrectiveAct(
    number=1,
    month=date(2024, 3, 1),
    dated=date(2024, 5, 6),
    reason="0145 тапсырмасы қате бөлінген",
    signed_sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    **SIDES,
    rows=(
        CorrectedRow(
            code=1,
            order_number="0145",
            order_date=date(2024, 3, 4),
            aid_kk="8 наурыз",
            aid_ru="8 марта",
            signed=214136000,
            corrected=0,
        ),
    ),
)
DOCUMENTS: dict[str, Document] = {
    "request": REQUEST,
    "return-notice": NOTICE,
    "appendix1": ACT,
    "appendix2": STATEMENT,
    "annex1": MONEY,
    "annex2": PEOPLE,
    "protocol": PROTOCOL,
    "corrective-act": CORRECTIVE,
}

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=20)
_DIGITS: Any = st.from_regex("[0-9]{12}", fullmatch=True)
_IBANS = st.from_regex("KZ[A-Z0-9]{18}", fullmatch=True)
_BICS = st.from_regex("[A-Z0-9]{8}", fullmatch=True)
_MONTHS = st.dates().map(lambda day: day.replace(day=1))
_COUNTS = st.integers(0, 100_000)
_SUMS = st.integers(0, 10**13)
_AMOUNTS = st.integers(1, 10**13)
_SIGNED = st.integers(-(10**13), 10**13)
_NOT_ZERO = _SIGNED.filter(bool)
_DIFFERENCES = st.integers(-100_000, 100_000)
_NAMED = {
    "authority_bin": _DIGITS,
    "corporation_bin": _DIGITS,
    "iin": _DIGITS,
    "iban": _IBANS,
    "bic": _BICS,
    "month": _MONTHS,
    "due_month": _MONTHS,
    "amount": _AMOUNTS,
    "sent": _SUMS,
    "returned": _SUMS,
    "code": _COUNTS,
    "count": _COUNTS,
    "sent_count": _COUNTS,
    "returned_count": _COUNTS,
    "section": st.sampled_from(SECTIONS),
    "finding": st.sampled_from(FINDINGS),
    "title": st.sampled_from(TITLES),
    "total_row": st.sampled_from(TOTAL_ROWS),
}


def _made(kind: Any, texts: st.SearchStrategy[str], **more: Any) -> Any:
    """Values of a class: by the names of its fields, or else texts and days."""
    fields = dict(more)
    for name, hint in kind.__annotations__.items():
        if name not in fields:
            fields[name] = _NAMED[name] if name in _NAMED else _of_type(hint, texts)
    return st.builds(kind, **fields)


def _of_type(hint: Any, texts: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """Days, counts or texts."""
    if hint is date:
        return st.dates()
    return _COUNTS if hint is int else texts


def documents(texts: st.SearchStrategy[str] = TEXTS) -> st.SearchStrategy[Document]:
    """Documents of all classes, whose names and reasons are of these texts."""
    person = _made(Person, texts)

    def lines(kind: Any, least: int, **more: Any) -> Any:
        return st.lists(_made(kind, texts, **more), min_size=least, max_size=3).map(tuple)

    signers: dict[str, Any] = {"corporation_signer": person, "authority_signer": person}
    transfers = lines(TransferRow, 0, amount=_NOT_ZERO)
    banks = lines(StatementRow, 0, number=_COUNTS, sent=_SIGNED, sent_count=_DIFFERENCES)
    equation = dict.fromkeys(("opening", "transfers", "returned", "other", "sent", "refunded", "closing"), _SIGNED)
    people = lines(PeopleRow, 0, paid_month=_MONTHS, sent_count=_DIFFERENCES)
    both = lines(ProtocolLine, 1, ours=_SIGNED, theirs=_SIGNED)
    corrected = lines(CorrectedRow, 1, signed=_SIGNED, corrected=_SIGNED)
    made: list[st.SearchStrategy[Document]] = [
        _made(FundsRequest, texts, lines=lines(FundsRequestLine, 1)),
        _made(ReturnNotice, texts, lines=lines(ReturnNoticeLine, 1)),
        _made(TransferAct, texts, rows=transfers, **signers),
        _made(PaymentStatement, texts, rows=banks, director=person, deputy=person),
        _made(MoneyAnnex, texts, rows=lines(MoneyRow, 0), **equation),
        _made(PeopleAnnex, texts, rows=people),
        _made(Protocol, texts, lines=both, number=_COUNTS, **signers),
        _made(CorrectiveAct, texts, rows=corrected, number=_COUNTS, **signers),
    ]
    return st.one_of(made)
