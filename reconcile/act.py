"""`esep act build`: the documents of a closed month, Appendix 1 and Appendix 2 with an annex each (R-070 to R-072).

They are built once, from the registers of a locked month, after the checks of the close were made again and the totals
were compared with the ledger's turnovers. The bytes stand in the archive before the entry is sealed; every later run
delivers the same bytes and builds nothing. A month without transfers has its documents as well (E68).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection

from formats import exchange
from formats.documents import Document, MoneyAnnex, PaymentStatement, PeopleAnnex, TransferAct
from ledgers import acts, closing, evidence, posting, setup
from ledgers.journal import EntryDraft
from ledgers.money import format_tenge
from ledgers.setup import Authority
from reconcile import act_values, checks, outbox, render
from reconcile.checks import Finding, MonthCheck
from reconcile.close import MonthDisagrees
from reconcile.desk import Desk
from reconcile.errors import Refusal
from reconcile.outbox import Delivered

AnyDocument = TypeVar("AnyDocument", bound=Document)


class MonthNotClosed(Refusal):
    """The documents of an open month would change."""

    def __init__(self, authority_code: str, month: date) -> None:
        super().__init__(
            f"{month:%m.%Y} of {authority_code} is open; close it first with: "
            f"esep month close --authority {authority_code} --month {month:%Y-%m}"
        )


class NoActs(Refusal):
    """Something is asked of documents that were not built."""

    def __init__(self, authority_code: str, month: date) -> None:
        super().__init__(
            f"the documents of {month:%m.%Y} of {authority_code} are not built; build them with: "
            f"esep act build --authority {authority_code} --month {month:%Y-%m}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ActsBuilt:
    """The documents of a month, the files in the folder, and whether they had been built before.

    Documents that were built before there were annexes have none.
    """

    authority_code: str
    month: date
    act: TransferAct
    statement: PaymentStatement
    money: MoneyAnnex | None
    people: PeopleAnnex | None
    files: tuple[Delivered, ...]
    was_built: bool


def key_of(month: date) -> str:
    """The source key of the entry that built the documents of a month."""
    return f"act:{month:%Y-%m}"


def build(desk: Desk, authority_code: str, day: date, out: Path) -> ActsBuilt:
    """Build the documents of the closed month that `day` is in, once, and write their files to `out`.

    Raises:
        UnknownAuthority: nobody has this code.
        MonthNotClosed: the month is open.
        MonthDisagrees: register, ledger and statement, or a document and the ledger, differ; every line is named.
        MissingFromArchive, ArchiveDamaged: a document that was built before does not stand there as it was.
    """
    month = day.replace(day=1)
    with desk.database.begin() as connection:
        authority = setup.authority(connection, authority_code)
        book = authority.authority_id
        posting.lock(connection, [0, book])
        known = posting.find(connection, book, key_of(month))
        number = known.number if known else _build(desk, connection, authority, month)
        documents = evidence.documents_of(connection, book, number)
    values = documents_in(desk, documents)
    return ActsBuilt(
        authority_code=authority_code,
        month=month,
        act=one_of(TransferAct, values),
        statement=one_of(PaymentStatement, values),
        money=next((one for one in values if isinstance(one, MoneyAnnex)), None),
        people=next((one for one in values if isinstance(one, PeopleAnnex)), None),
        files=delivered(desk, documents, out),
        was_built=known is not None,
    )


def documents_in(desk: Desk, documents: list[evidence.Document]) -> list[Document]:
    """The documents as they were built, from their archived XML: names that changed since do not change them.

    Raises:
        MissingFromArchive, ArchiveDamaged: the archive does not hold them as they were.
    """
    return [
        exchange.read(desk.archive.read(document.sha256, document.file_name), document.file_name)
        for document in documents
        if document.file_name.endswith(".xml")
    ]


def one_of(kind: type[AnyDocument], documents: list[Document]) -> AnyDocument:
    """The document of a kind among the documents of an entry."""
    return next(one for one in documents if isinstance(one, kind))


def delivered(desk: Desk, documents: list[evidence.Document], out: Path) -> tuple[Delivered, ...]:
    """Write archived files to a folder where they are missing, or not as they were built.

    Raises:
        MissingFromArchive, ArchiveDamaged: the archive does not hold them as they were.
    """
    return tuple(
        Delivered(path=out / one.file_name, written=desk.archive.deliver(one.sha256, out / one.file_name))
        for one in documents
    )


def _build(desk: Desk, connection: Connection, authority: Authority, month: date) -> int:
    book = authority.authority_id
    if closing.month_lock(connection, book, month) is None:
        raise MonthNotClosed(authority.code, month)
    check = checks.run(connection, book, month)
    names = act_values.names(connection, book, month)
    act = act_values.transfer_act(connection, names)
    statement = act_values.payment_statement(connection, names)
    people = act_values.people_annex(connection, names)
    _refuse_differences(check, authority, month, act, statement, people)
    money = act_values.money_annex(connection, names, check.equation)
    number = posting.next_number(connection, book)
    acts.append_act(connection, book, month, number)
    outbox.keep(desk, connection, book, number, _files(authority.code, month, act, statement, money, people))
    draft = EntryDraft(
        kind="act_built",
        booked_on=desk.today,
        value_date=closing.last_day(month),
        actor=desk.actor,
        source_key=key_of(month),
        source_digest=posting.digest(act, statement),
        summary=f"act of {month:%m.%Y}: {format_tenge(act.total)} received, {format_tenge(statement.total.paid)} paid",
    )
    posting.seal(connection, book, number, draft, ["act", "document"])
    return number


def _refuse_differences(
    check: MonthCheck,
    authority: Authority,
    month: date,
    act: TransferAct,
    statement: PaymentStatement,
    people: PeopleAnnex,
) -> None:
    findings = (*check.blocking, *_totals_differ(check, act, statement), *_items_differ(statement, people))
    if findings:
        raise MonthDisagrees(f"building the acts of {month:%m.%Y} of {authority.code}", findings)


def _totals_differ(check: MonthCheck, act: TransferAct, statement: PaymentStatement) -> Iterator[Finding]:
    """The totals of the documents against the ledger's turnovers (domain control sums)."""
    ledger = {one.category: one.ledger for one in check.totals}
    for place, total, turnover in (
        ("Appendix 1, column 6", act.total, ledger["transfers"]),
        ("Appendix 2, column 4", statement.total.sent, ledger["sent"]),
        ("Appendix 2, column 6", statement.total.returned, ledger["returned"]),
    ):
        if total != turnover:
            sentence = f"the document says {format_tenge(total)}, the ledger's turnover is {format_tenge(turnover)}"
            yield Finding(blocking=True, place=place, sentence=sentence)


def _items_differ(statement: PaymentStatement, people: PeopleAnnex) -> Iterator[Finding]:
    """The items of Appendix 2 against those of its annex, which were counted person by person."""
    for place, items, counted in (
        ("Appendix 2, column 3", statement.total.sent_count, people.total.sent_count),
        ("Appendix 2, column 5", statement.total.returned_count, people.total.returned_count),
    ):
        if items != counted:
            sentence = f"the document counts {items} items, by people there are {counted}"
            yield Finding(blocking=True, place=place, sentence=sentence)


def _files(
    code: str, month: date, act: TransferAct, statement: PaymentStatement, money: MoneyAnnex, people: PeopleAnnex
) -> Mapping[str, bytes]:
    own = f"{code}-{month:%Y-%m}"
    return {
        **render.files(act, f"act-{own}"),
        **render.files(statement, f"statement-by-banks-{own}"),
        **render.files(money, f"annex-1-{own}"),
        **render.files(people, f"annex-2-{own}"),
    }
