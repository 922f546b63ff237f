"""`esep order send`: MT-102 payment orders to the banks, once the authority's money has come (R-050 to R-052).

A kind of a request is paid as far as its money goes: whole items in the order of the decisions, the others wait and are
listed with need and means (AMB-13, E32). What a refused file held goes again, and returned payments that the authority
decided to resend go with their corrected details. What was cancelled or is on hold stays, and a kind with payment days
waits for them (AMB-8). The files are written in the charset of the bank's profile; a letter that it lacks refuses the
command, with all such letters.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import starmap
from pathlib import Path

from sqlalchemy import Connection

from formats import mt, mt102
from formats.errors import Fault, FormatError
from formats.mt_parts import Party
from formats.text import UnencodableLetter, encode
from ledgers import aid_terms, calendar_versions, evidence, orders, payables, posting, settings, setup, terms
from ledgers.journal import EntryDraft
from ledgers.money import format_tenge
from ledgers.orders import PaymentOrder
from ledgers.payables import Funding, LeftOut
from reconcile import outbox
from reconcile.archive import DryArchive
from reconcile.desk import Desk
from reconcile.errors import Refusal

OPERATION_PAYMENT_ORDER = "01"
PRIORITY = "50"


class NotEnoughMoney(Refusal):
    """Nothing can be sent: every request that has money has less than its first item."""

    def __init__(self, short: Iterable[Funding]) -> None:
        self.short = tuple(short)
        lines = (
            f"  request {one.request_reference}, kind {one.aid_kind}: {one.count} people need "
            f"{format_tenge(one.needed)}, received {format_tenge(one.available)}, "
            f"{format_tenge(one.needed - one.available)} short"
            for one in self.short
        )
        super().__init__(
            "\n".join(["there is not enough money, no file was made:", *lines, "import the next statement first"])
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdersSent:
    """The files sent now, kinds of requests whose money pays a part, what is stopped, and the files in the folder."""

    orders: tuple[PaymentOrder, ...]
    short: tuple[Funding, ...]
    left_out: tuple[LeftOut, ...]
    files: tuple[outbox.Delivered, ...]


def send(desk: Desk, out: Path, *, authority_code: str | None = None, dry_run: bool = False) -> OrdersSent:
    """Make and record the MT-102 files of everything that can be paid, and write them to `out`.

    Files that were sent before and that the bank has not debited are written too where they are missing, for instance
    after a command that was killed. `authority_code` narrows the command to one authority.

    Raises:
        NotEnoughMoney: the money is less than the first item of each kind.
        Overdrawn: the day lies before the money came (E49).
        FormatError: letters that a bank's charset lacks, or names that an MT-102 cannot carry.
    """
    archive = DryArchive(desk.archive.folder) if dry_run else desk.archive
    sent: list[PaymentOrder] = []
    short: list[Funding] = []
    left_out: list[LeftOut] = []
    # The files are on the disk when the inner block ends, which is before the commit.
    with desk.database.begin() as connection, archive.together() as kept:
        working = replace(desk, archive=kept)
        authorities = setup.chosen(connection, authority_code)
        posting.lock(connection, [authority.authority_id for authority in authorities])
        for authority in authorities:
            short += _stage(desk, connection, authority, left_out)
            sent += _send(working, connection, authority)
        if dry_run:
            connection.rollback()
    new = {order.reference for order in sent}
    files = () if dry_run else tuple(outbox.deliver_orders(desk, "MT-102", out, new))
    if short and not sent:
        raise NotEnoughMoney(short)
    return OrdersSent(orders=tuple(sent), short=tuple(short), left_out=tuple(left_out), files=files)


def _stage(desk: Desk, connection: Connection, authority: setup.Authority, left_out: list[LeftOut]) -> list[Funding]:
    """Stage what the authority can pay; returns what is short of money, and adds what is stopped to `left_out`."""
    book = authority.authority_id
    payables.stage_first_attempts(connection, book)
    payables.stage_refused(connection, book)
    left_out += payables.stage_resends(connection, book)
    payables.take_last_versions(connection, book)
    left_out += payables.leave_out_stopped(connection, book)
    for kind, day in _waiting_kinds(desk, connection, book).items():
        left_out.append(payables.leave_out_kind(connection, kind, f"{day:%d.%m.%Y}"))
    return [funding for funding in payables.cut_to_money(connection, book) if not funding.is_enough]


def _waiting_kinds(desk: Desk, connection: Connection, book: int) -> dict[str, date]:
    """The kinds that are not paid today, and the next day on which they are (AMB-8)."""
    if settings.load(connection, book)["payment_schedule"] == "none":
        return {}
    found = aid_terms.by_code(connection, book, payables.staged_kinds(connection))
    bound = {code: term.payment_days for code, term in found.items() if term.payment_days}
    if not bound:
        return {}
    calendar = calendar_versions.load(connection)
    days = {code: next(terms.open_days(desk.today, calendar, windows)) for code, windows in bound.items()}
    return {code: day for code, day in days.items() if day > desk.today}


def _send(desk: Desk, connection: Connection, authority: setup.Authority) -> list[PaymentOrder]:
    book = authority.authority_id
    number = posting.next_number(connection, book)
    made = orders.append_orders(connection, book, number, desk.today)
    if made:
        _record(desk, connection, authority, number, made)
    orders.forget_staged(connection)
    return made


def _record(
    desk: Desk, connection: Connection, authority: setup.Authority, number: int, made: list[PaymentOrder]
) -> None:
    """Write the files, the orders and their postings, and seal the entry."""
    book = authority.authority_id
    months = orders.staged_months(connection)
    posting.append(connection, "payment_order", [_row(order, number) for order in made])
    posting.post_register(connection, book, number, desk.today, orders.PAYMENT_EVENTS, {"months": months})
    faults: list[Fault] = []
    documents = _documents(desk, connection, authority, made, faults)
    if faults:
        raise FormatError(f"MT-102 of {authority.code}", faults)
    evidence.record_documents(connection, book, number, documents)
    draft = EntryDraft(
        kind="orders_sent",
        booked_on=desk.today,
        value_date=desk.today,
        actor=desk.actor,
        source_key=f"orders:{made[0].order_number}",
        source_digest=posting.digest(*made),
        summary=f"MT-102 {made[0].order_number} to {made[-1].order_number}",
    )
    condition, bind = orders.narrowing(made, months)
    posting.seal(connection, book, number, draft, {"payment": condition, "payment_order": "", "document": ""}, bind)
    desk.progress("sent", sum(order.count for order in made))


def _row(order: PaymentOrder, number: int) -> dict[str, object]:
    columns = ("authority_id", "order_number", "message", "reference", "aid_kind", "bic", "dated", "count", "amount")
    return {name: getattr(order, name) for name in (*columns, "file_name")} | {"entry_number": number}


def _documents(
    desk: Desk,
    connection: Connection,
    authority: setup.Authority,
    made: list[PaymentOrder],
    faults: list[Fault],
) -> list[evidence.Document]:
    """Write the files into the archive, one after another from one stream of people."""
    corporation, banks = setup.corporation(connection), setup.banks(connection)
    kinds = setup.aid_kinds(connection, authority.authority_id)
    documents = []
    for order, (_, people) in zip(made, orders.people(connection), strict=True):
        bank = banks[order.bic]
        texts = _text(_header(corporation, bank, kinds[order.aid_kind], order), order, people)
        stored = desk.archive.keep(_encoded(texts, bank.charset, order, faults))
        documents.append(evidence.Document(file_name=order.file_name, sha256=stored.sha256))
    return documents


def _text(header: mt102.Mt102Header, order: PaymentOrder, people: Iterable[tuple[object, ...]]) -> Iterator[str]:
    yield mt102.head(header)
    yield from mt102.body(starmap(mt102.Mt102Item, people))
    yield mt102.tail(order.dated, order.amount)


def _header(
    corporation: setup.Corporation, bank: setup.Bank, kind: setup.AidKind, order: PaymentOrder
) -> mt102.Mt102Header:
    return mt102.Mt102Header(
        envelope=mt.Header(terminal=corporation.terminal, message_type="102"),
        reference=order.reference,
        payer=payer(corporation),
        beneficiary=Party(
            account=bank.transit_iban, name=bank.name_ru, idn=bank.bin, irs=bank.irs, seco=bank.seco, bic=bank.bic
        ),
        number=str(order.order_number),
        dated=order.dated,
        value_date=order.dated,
        vo=OPERATION_PAYMENT_ORDER,
        knp=bank.knp,
        pso="01",
        prt=PRIORITY,
        assign=f"{kind.purpose}. {order.count} ЧЕЛ.",
    )


def payer(corporation: setup.Corporation) -> Party:
    """The State Corporation as the payer of a message."""
    return Party(
        account=corporation.iban,
        name=corporation.name_ru,
        idn=corporation.bin,
        irs=corporation.irs,
        seco=corporation.seco,
        bic=corporation.bic,
        chief=corporation.chief,
        main_bk=corporation.accountant,
    )


def _encoded(texts: Iterable[str], charset: str, order: PaymentOrder, faults: list[Fault]) -> Iterator[bytes]:
    """The file's bytes; lines with letters that the charset lacks become faults, so that all of them are listed."""
    try:
        for chunk in texts:
            try:
                yield encode(chunk, charset)
            except UnencodableLetter:
                faults.extend(_letter_faults(chunk, charset, order))
    except FormatError as error:
        faults.extend(error.faults)


def _letter_faults(chunk: str, charset: str, order: PaymentOrder) -> Iterator[Fault]:
    item = ""
    for line in chunk.splitlines():
        if line.startswith(":21:"):
            item = line.removeprefix(":21:")
        try:
            encode(line, charset)
        except UnencodableLetter as error:
            yield Fault(
                line=None,
                place=f"file {order.reference}, item {item}",
                found=f"{line!r} with the letter {error.letter}",
                expected=f"letters of charset {charset}, as bank {order.bic} takes them",
                remedy="correct the name with the authority, or agree another charset with the bank",
            )
