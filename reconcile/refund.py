"""`esep refund send`: returned money goes back to the authority by MT-100 (R-062, R-063).

What the authority decided to take back is sent on any day, and with it funding that no payment needs; on the last
working day of the month also what nobody decided, and what was to be resent and was not (AMB-5). Left out is what was
carried over, and, if the setting `unexamined_at_month_end` says so, what the authority still examines, though never in
December. Excess on a statement line goes back when the line is named. Money of another budget year is told apart (E61).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import Connection

from formats import mt, mt100
from formats.mt_parts import Party
from formats.text import encode
from ledgers import calendar_versions, open_returns, orders, posting, refunds, settings, setup, terms
from ledgers.calendar import Calendar
from ledgers.journal import EntryDraft
from ledgers.refunds import Excess, RefundItem, Term
from ledgers.settings import Settings
from reconcile import line_book, outbox
from reconcile.archive import DryArchive
from reconcile.desk import Desk
from reconcile.errors import Refusal
from reconcile.order import OPERATION_PAYMENT_ORDER, PRIORITY, payer
from reconcile.refund_purpose import purpose

ONE_DAY = timedelta(days=1)
CHARSET = "cp1251"
DECEMBER = 12
LAPSED = "not decided or not resent by the last working day of the month (R-063, AMB-5)"


class NoExcess(Refusal):
    """A line that brought nothing that an authority could have back."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name} has no excess to give back: {why}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundOrder:
    """A refund to an authority: the order, its items, and how many of its payments nobody had decided on in time."""

    authority_code: str
    order: orders.PaymentOrder
    lapsed: int
    items: tuple[RefundItem, ...]

    @property
    def other_years(self) -> dict[int, tuple[int, int]]:
        """Budget years before the refund's own -> how many items (tiyn of) them."""
        found: dict[int, tuple[int, int]] = {}
        for item in self.items:
            if item.budget_year != self.order.dated.year:
                count, amount = found.get(item.budget_year, (0, 0))
                found[item.budget_year] = (count + 1, amount + item.amount)
        return dict(sorted(found.items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundsSent:
    """The refunds sent now (`ages`: working days that each item waited, by book and reference), and the files.

    `known` are the named lines whose excess went back before.
    """

    refunds: tuple[RefundOrder, ...]
    files: tuple[outbox.Delivered, ...]
    ages: dict[tuple[str, str], int]
    known: tuple[str, ...] = ()


def send(
    desk: Desk,
    out: Path,
    *,
    authority_code: str | None = None,
    lines: Sequence[str] = (),
    dry_run: bool = False,
) -> RefundsSent:
    """Send back everything refundable of every authority, one MT-100 each, and write the files to `out`.

    `authority_code` narrows the command to one authority, `lines` (like S12) names excess that goes back too, and
    `dry_run` only says what would be sent. Running it again sends nothing twice; a file that the bank has not debited
    is written again where it is missing.

    Raises:
        UnknownLine, NoExcess: a line that is not there, or that has nothing of an authority's.
    """
    working = replace(desk, archive=DryArchive(desk.archive.folder)) if dry_run else desk
    sent: list[RefundOrder] = []
    with desk.database.begin() as connection:
        authorities = setup.chosen(connection, authority_code)
        posting.lock(connection, [authority.authority_id for authority in authorities])
        calendar = calendar_versions.load(connection)
        excess, known = _excess(connection, authorities, lines)
        for authority in authorities:
            own = [one for one in excess if one.authority_id == authority.authority_id]
            refund = _send(working, connection, authority, calendar, own)
            if refund is not None:
                sent.append(refund)
        if dry_run:
            connection.rollback()
    new = {refund.order.reference for refund in sent}
    files = () if dry_run else tuple(outbox.deliver_orders(desk, "MT-100", out, new))
    ages = {
        (refund.authority_code, item.reference): calendar.working_days_between(item.since, desk.today)
        for refund in sent
        for item in refund.items
    }
    return RefundsSent(refunds=tuple(sent), files=files, ages=ages, known=known)


def term(connection: Connection, authority_id: int, calendar: Calendar, today: date) -> Term:
    """What lapses today: on the last working day all that was seen, before it what earlier months left (R-063, AMB-5).

    A month whose last working day was missed is made good on the next occasion, as that day would have done it.
    """
    first = today.replace(day=1)
    end = calendar.last_working_day(today)
    before = today + ONE_DAY
    if today < end:
        before, end = first, calendar.last_working_day(first - ONE_DAY)
    waits = settings.load(connection, authority_id)["unexamined_at_month_end"] == "carry_over" and end.month != DECEMBER
    running = tuple(
        notice.notice_number
        for notice in (open_returns.notices(connection, authority_id) if waits else ())
        if examined_by(calendar, notice.arrived_on) > end
    )
    return Term(before=before, month=end.replace(day=1), waits=waits, running=running)


def examined_by(calendar: Calendar, arrived_on: date) -> date:
    """The day by which an authority decides on a notice that arrived (R-061)."""
    return terms.term("R-061", arrived_on, calendar, Settings()).nominal


def _excess(
    connection: Connection, authorities: Sequence[setup.Authority], lines: Sequence[str]
) -> tuple[list[Excess], tuple[str, ...]]:
    """What waits of the named lines, and the lines of which everything went back before."""
    chosen: list[Excess] = []
    known: list[str] = []
    bins = {one.authority_id: one.bin for one in authorities}
    for name in dict.fromkeys(line_book.found(connection, one).line.reference for one in lines):
        found = [one for one in refunds.excess(connection, [int(name[1:])]) if one.authority_id in bins]
        waiting = [one for one in found if one.amount > 0]
        if not waiting and any(one.was_refunded for one in found):
            known.append(name)
            continue
        if not waiting:
            raise NoExcess(name, "nothing of it waits on 205 of an authority; see esep statement waiting")
        chosen += [_of_authority(one, bins[one.authority_id]) for one in waiting]
    return chosen, tuple(known)


def _of_authority(one: Excess, bin_: str) -> Excess:
    """The excess itself, if it came from the authority."""
    if one.matched_as != "transfer" and one.payer_bin != bin_:
        raise NoExcess(
            one.reference,
            f"BIN {one.payer_bin or '(none)'} paid it, not the authority; if it is the authority's transfer, say so "
            "with: esep statement place",
        )
    return one


def _send(
    desk: Desk, connection: Connection, authority: setup.Authority, calendar: Calendar, excess: Sequence[Excess]
) -> RefundOrder | None:
    book = authority.authority_id
    number = posting.next_number(connection, book)
    lapsed = refunds.lapse(connection, book, number, desk.today, term(connection, book, calendar, desk.today), LAPSED)
    posted = 0
    if lapsed:
        posted = posting.post_register(connection, book, number, desk.today, refunds.LAPSED_EVENTS, {})
    items = [*refunds.refundable(connection, book), *map(_excess_item, excess)]
    if not items:
        return None
    order = _order(desk, connection, authority, items)
    key = {"authority_id": book, "order_number": order.order_number, "entry_number": number}
    row = key | {name: getattr(order, name) for name in ("message", "reference", "aid_kind", "bic", "dated", "count")}
    posting.append(connection, "payment_order", [row | {"amount": order.amount, "file_name": order.file_name}])
    rows = [key | {"aid_kind": i.aid_kind, "reference": i.reference, "amount": i.amount} for i in items]
    posting.append(connection, "refund", rows)
    posting.post_register(connection, book, number, desk.today, refunds.REFUND_EVENTS, {}, lines_before=posted)
    _seal(desk, connection, authority, number, order, purpose(items, excess, order.dated.year))
    return RefundOrder(authority_code=authority.code, order=order, lapsed=lapsed, items=tuple(items))


def _excess_item(one: Excess) -> RefundItem:
    return RefundItem(
        aid_kind="",
        reference=one.reference,
        amount=one.amount,
        why="excess",
        since=one.booked_on,
        budget_year=one.booked_on.year,
    )


def _order(
    desk: Desk, connection: Connection, authority: setup.Authority, items: Sequence[RefundItem]
) -> orders.PaymentOrder:
    order_number = orders.next_order_number(connection, authority.authority_id)
    reference = orders.file_reference(authority.authority_id, order_number)
    return orders.PaymentOrder(
        authority_id=authority.authority_id,
        order_number=order_number,
        message="MT-100",
        reference=reference,
        aid_kind="",
        bic=authority.bic,
        dated=desk.today,
        count=len(items),
        amount=sum(item.amount for item in items),
        file_name=f"{reference}-refund.txt",
    )


def _seal(
    desk: Desk,
    connection: Connection,
    authority: setup.Authority,
    number: int,
    order: orders.PaymentOrder,
    assign: str,
) -> None:
    octets = encode(_text(setup.corporation(connection), authority, order, assign), CHARSET)
    outbox.keep(desk, connection, authority.authority_id, number, {order.file_name: octets})
    draft = EntryDraft(
        kind="refund_sent",
        booked_on=desk.today,
        value_date=desk.today,
        actor=desk.actor,
        source_key=f"refund:{order.order_number}",
        source_digest=posting.digest(order),
        summary=f"refund {order.order_number}",
    )
    posting.seal(
        connection,
        authority.authority_id,
        number,
        draft,
        ["payment_order", "refund", "resolution", "document"],
    )


def _text(corporation: setup.Corporation, authority: setup.Authority, order: orders.PaymentOrder, assign: str) -> str:
    return mt100.write(
        mt100.Mt100(
            envelope=mt.Header(terminal=corporation.terminal, message_type="100"),
            reference=order.reference,
            value_date=order.dated,
            amount=order.amount,
            payer=payer(corporation),
            beneficiary=Party(
                account=authority.iban,
                name=authority.name_ru,
                idn=authority.bin,
                irs=authority.irs,
                seco=authority.seco,
                bic=authority.bic,
            ),
            number=str(order.order_number),
            dated=order.dated,
            vo=OPERATION_PAYMENT_ORDER,
            knp=corporation.refund_knp,
            pso="01",
            prt=PRIORITY,
            assign=assign,
        )
    )
