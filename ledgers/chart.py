"""The chart of accounts, and the numbers by which an accountant knows them.

The clearing accounts carry the business reference of what is open on them, so the account that a reference is open
on is its status, and a difference is an account that should be zero and is not. The numbers are those of the
proposal that the golden month is written in: 100, 200, 205, 210, 220, 230; memorandum accounts have none.
"""

from dataclasses import dataclass
from typing import Literal

Side = Literal["debit", "credit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartAccount:
    """One account of the chart: which side it grows on, what it is kept by, whether it may go below zero."""

    code: str
    number: str
    normal_side: Side
    takes_kind: bool
    takes_reference: bool
    may_overdraw: bool
    name_kk: str
    name_ru: str


CHART: dict[str, ChartAccount] = {
    account.code: account
    for account in (
        ChartAccount(
            code="cash",
            number="100",
            normal_side="debit",
            takes_kind=False,
            takes_reference=False,
            # Every account that cash stands for is limited itself, so cash cannot be overdrawn while they are not.
            may_overdraw=True,
            name_kk="шоттағы ақша",
            name_ru="деньги на счёте",
        ),
        ChartAccount(
            code="transit",
            number="100",
            normal_side="credit",
            takes_kind=False,
            takes_reference=True,
            may_overdraw=False,
            name_kk="жіберілген, банк әлі есептен шығармаған",
            name_ru="отправлено, банком ещё не списано",
        ),
        ChartAccount(
            code="funding",
            number="200",
            normal_side="credit",
            takes_kind=True,
            takes_reference=True,
            may_overdraw=False,
            name_kk="төлеуге түскен, әлі жіберілмеген",
            name_ru="получено на выплату, ещё не отправлено",
        ),
        ChartAccount(
            code="unidentified",
            number="205",
            normal_side="credit",
            takes_kind=False,
            takes_reference=True,
            may_overdraw=False,
            name_kk="нақтыланбаған сома",
            name_ru="невыясненная сумма",
        ),
        ChartAccount(
            code="returned",
            number="210",
            normal_side="credit",
            takes_kind=True,
            takes_reference=True,
            may_overdraw=False,
            name_kk="қайтарылды, шешім күтілуде",
            name_ru="возвращено, ждёт решения",
        ),
        ChartAccount(
            code="resend",
            number="220",
            normal_side="credit",
            takes_kind=True,
            takes_reference=True,
            may_overdraw=False,
            name_kk="қайта жіберуге",
            name_ru="к повторной отправке",
        ),
        ChartAccount(
            code="refundable",
            number="230",
            normal_side="credit",
            takes_kind=True,
            takes_reference=True,
            may_overdraw=False,
            name_kk="уәкілетті органға қайтаруға",
            name_ru="к возврату уполномоченному органу",
        ),
        ChartAccount(
            code="requested",
            number="",
            normal_side="debit",
            takes_kind=True,
            takes_reference=True,
            may_overdraw=False,
            name_kk="өтінім бойынша күтілуде",
            name_ru="ожидается по заявке",
        ),
        ChartAccount(
            code="commitment",
            number="",
            normal_side="credit",
            takes_kind=True,
            takes_reference=False,
            may_overdraw=True,
            name_kk="өтінімдер бойынша міндеттеме",
            name_ru="обязательство по заявкам",
        ),
        ChartAccount(
            code="claim",
            number="",
            normal_side="debit",
            takes_kind=True,
            takes_reference=True,
            may_overdraw=False,
            name_kk="банкке талап: қайтарудан ұсталған",
            name_ru="требование к банку: удержано из возврата",
        ),
        ChartAccount(
            code="claims",
            number="",
            normal_side="credit",
            takes_kind=True,
            takes_reference=False,
            may_overdraw=True,
            name_kk="банктерге талаптар",
            name_ru="требования к банкам",
        ),
        ChartAccount(
            code="between",
            number="",
            normal_side="credit",
            takes_kind=False,
            takes_reference=False,
            may_overdraw=True,
            name_kk="кітаптар арасында",
            name_ru="расчёты между книгами",
        ),
    )
}
"""Account code -> account. The database holds the same table and a test compares them."""
