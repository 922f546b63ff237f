"""`esep act build`: the two documents of a closed month, Appendix 1 and Appendix 2 (R-070 to R-072).

They are built once, from the registers of a locked month, after the checks of the close were made again and the totals
were compared with the ledger's turnovers. The bytes stand in the archive before the entry is sealed; every later run
delivers the same bytes and builds nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from formats import exchange
from formats.documents import PaymentStatement, Person, StatementRow, TransferAct, TransferRow
from ledgers import acts, closing, evidence, posting, setup
from ledgers.evidence import Document
from ledgers.journal import EntryDraft
from ledgers.money import format_tenge
from ledgers.setup import AidKind, Authority, Corporation
from reconcile import checks, outbox, render
from reconcile.checks import Finding, MonthCheck
from reconcile.close import MonthDisagrees
from reconcile.desk import Desk
from reconcile.errors import Refusal
from reconcile.outbox import Delivered
from reconcile.words import Language

LANGUAGES: tuple[Language, ...] = ("kk", "ru")


class MonthNotClosed(Refusal):
    """The documents of an open month would change."""

    def __init__(self, authority_code: str, month: date) -> None:
        super().__init__(
            f"{month:%m.%Y} of {authority_code} is open; close it first with: "
            f"esep month close --authority {authority_code} --month {month:%Y-%m}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ActsBuilt:
    """The documents of a month, the files in the folder, and whether they had been built before."""

    authority_code: str
    month: date
    act: TransferAct
    statement: PaymentStatement
    files: tuple[Delivered, ...]
    was_built: bool


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
        known = posting.find(connection, book, _key(month))
        number = known.number if known else _build(desk, connection, authority, month)
        documents = evidence.documents_of(connection, book, number)
    act, statement = _values(desk, documents)
    files = tuple(_deliver(desk, document, out) for document in documents)
    return ActsBuilt(
        authority_code=authority_code,
        month=month,
        act=act,
        statement=statement,
        files=files,
        was_built=known is not None,
    )


def _build(desk: Desk, connection: Connection, authority: Authority, month: date) -> int:
    book = authority.authority_id
    if closing.month_lock(connection, book, month) is None:
        raise MonthNotClosed(authority.code, month)
    corporation = setup.corporation(connection)
    kinds = setup.aid_kinds(connection, book)
    act = _act(connection, authority, corporation, kinds, month)
    statement = _statement(connection, authority, corporation, kinds, month)
    _refuse_differences(checks.run(connection, book, month), authority, month, act, statement)
    files = _files(authority.code, month, act, statement)
    number = posting.next_number(connection, book)
    acts.append_act(connection, book, month, number)
    outbox.keep(desk, connection, book, number, files)
    draft = EntryDraft(
        kind="act_built",
        booked_on=desk.today,
        value_date=closing.last_day(month),
        actor=desk.actor,
        source_key=_key(month),
        source_digest=posting.digest(act, statement),
        summary=f"act of {month:%m.%Y}: {format_tenge(act.total)} received, {format_tenge(statement.total.paid)} paid",
    )
    posting.seal(connection, book, number, draft, ["act", "document"])
    return number


def _key(month: date) -> str:
    return f"act:{month:%Y-%m}"


def _refuse_differences(
    check: MonthCheck, authority: Authority, month: date, act: TransferAct, statement: PaymentStatement
) -> None:
    findings = (*check.blocking, *_totals_differ(check, act, statement))
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


def _act(
    connection: Connection, authority: Authority, corporation: Corporation, kinds: Mapping[str, AidKind], month: date
) -> TransferAct:
    parts = acts.transfer_parts(connection, authority.authority_id, month, closing.last_day(month))
    return TransferAct(
        month=month,
        authority_bin=authority.bin,
        authority_kk=authority.name_kk,
        authority_ru=authority.name_ru,
        corporation_kk=corporation.name_kk,
        corporation_ru=corporation.name_ru,
        rows=tuple(
            TransferRow(
                code=code,
                authority_bin=authority.bin,
                authority_kk=authority.name_kk,
                authority_ru=authority.name_ru,
                order_number=part.order_number,
                order_date=part.order_date,
                amount=part.amount,
                aid_kk=kinds[part.aid_kind].name_kk if part.aid_kind else "",
                aid_ru=kinds[part.aid_kind].name_ru if part.aid_kind else "",
            )
            for code, part in enumerate(parts, start=1)
        ),
        corporation_signer=_signer(corporation),
        authority_signer=_signer(authority),
    )


def _statement(
    connection: Connection, authority: Authority, corporation: Corporation, kinds: Mapping[str, AidKind], month: date
) -> PaymentStatement:
    banks = setup.banks(connection)
    parts = acts.bank_parts(connection, authority.authority_id, month, closing.last_day(month))
    return PaymentStatement(
        month=month,
        authority_bin=authority.bin,
        authority_kk=authority.name_kk,
        authority_ru=authority.name_ru,
        region_kk=authority.region_kk,
        region_ru=authority.region_ru,
        district_kk=authority.district_kk,
        district_ru=authority.district_ru,
        rows=tuple(
            StatementRow(
                number=number,
                bank_kk=banks[part.bic].name_kk,
                bank_ru=banks[part.bic].name_ru,
                sent_count=part.sent_count,
                sent=part.sent,
                returned_count=part.returned_count,
                returned=part.returned,
                aid_kk=kinds[part.aid_kind].name_kk,
                aid_ru=kinds[part.aid_kind].name_ru,
            )
            for number, part in enumerate(parts, start=1)
        ),
        director=Person(
            full_name=corporation.director,
            position_kk=corporation.director_position_kk,
            position_ru=corporation.director_position_ru,
        ),
        deputy=Person(
            full_name=corporation.deputy,
            position_kk=corporation.deputy_position_kk,
            position_ru=corporation.deputy_position_ru,
        ),
    )


def _signer(party: Corporation | Authority) -> Person:
    return Person(full_name=party.signer, position_kk=party.signer_position_kk, position_ru=party.signer_position_ru)


def _files(code: str, month: date, act: TransferAct, statement: PaymentStatement) -> dict[str, bytes]:
    act_xml, statement_xml = exchange.write(act), exchange.write(statement)
    own = f"{code}-{month:%Y-%m}"
    files = {f"act-{own}.xml": act_xml, f"statement-by-banks-{own}.xml": statement_xml}
    for language in LANGUAGES:
        files |= {
            f"act-{own}-{language}.pdf": render.transfer_act_pdf(act, language, act_xml),
            f"act-{own}-{language}.xlsx": render.transfer_act_xlsx(act, language),
            f"statement-by-banks-{own}-{language}.pdf": render.payment_statement_pdf(
                statement, language, statement_xml
            ),
            f"statement-by-banks-{own}-{language}.xlsx": render.payment_statement_xlsx(statement, language),
        }
    return files


def _values(desk: Desk, documents: list[Document]) -> tuple[TransferAct, PaymentStatement]:
    """The documents as they were built, from their archived XML: names that changed since do not change them."""
    found = [
        exchange.read(desk.archive.read(document.sha256, document.file_name), document.file_name)
        for document in documents
        if document.file_name.endswith(".xml")
    ]
    act = next(value for value in found if isinstance(value, TransferAct))
    statement = next(value for value in found if isinstance(value, PaymentStatement))
    return act, statement


def _deliver(desk: Desk, document: Document, out: Path) -> Delivered:
    target = out / document.file_name
    return Delivered(path=target, written=desk.archive.deliver(document.sha256, target))
