"""`esep refund send`: returned money goes back to the authority by MT-100 (R-062, R-063).

What the authority decided to take back is sent on any day; on the last working day of the month also what nobody
decided, and what was to be resent and was not (AMB-5, the literal reading).
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import Connection

from formats import mt, mt100
from formats.mt_parts import Party
from formats.text import encode
from ledgers import orders, posting, resolutions, setup
from ledgers.calendar import last_working_day
from ledgers.journal import EntryDraft
from reconcile import outbox
from reconcile.archive import DryArchive
from reconcile.desk import Desk
from reconcile.order import OPERATION_PAYMENT_ORDER, PRIORITY, payer

ONE_DAY = timedelta(days=1)
CHARSET = "cp1251"
PURPOSE = "Возврат сумм социальной помощи, возвращённых банками и не отправленных повторно. Количество {count}"
LAPSED = "not decided or not resent by the last working day of the month (R-063, AMB-5)"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundOrder:
    """A refund to an authority: the order, and how many of its payments nobody had decided on in time."""

    authority_code: str
    order: orders.PaymentOrder
    lapsed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundsSent:
    """The refunds sent now, and the files in the folder."""

    refunds: tuple[RefundOrder, ...]
    files: tuple[outbox.Delivered, ...]


def send(desk: Desk, out: Path, *, authority_code: str | None = None, dry_run: bool = False) -> RefundsSent:
    """Send back everything refundable of every authority, one MT-100 each, and write the files to `out`.

    `authority_code` narrows the command to one authority, `dry_run` only says what would be sent. Running it again
    sends nothing twice; a file that the bank has not debited is written again where it is missing.
    """
    working = replace(desk, archive=DryArchive(desk.archive.folder)) if dry_run else desk
    sent: list[RefundOrder] = []
    with desk.database.begin() as connection:
        authorities = setup.chosen(connection, authority_code)
        posting.lock(connection, [authority.authority_id for authority in authorities])
        for authority in authorities:
            refund = _send(working, connection, authority)
            if refund is not None:
                sent.append(refund)
        if dry_run:
            connection.rollback()
    new = {refund.order.reference for refund in sent}
    files = () if dry_run else tuple(outbox.deliver_orders(desk, "MT-100", out, new))
    return RefundsSent(refunds=tuple(sent), files=files)


def lapsing_before(today: date) -> date:
    """Returns seen before this day go back although nobody decided: all on the last working day, else earlier months'.

    R-063 and AMB-5, the literal reading; a month whose last working day was missed is made good on the next occasion.
    """
    first = today.replace(day=1)
    return today + ONE_DAY if today >= last_working_day(today) else first


def _send(desk: Desk, connection: Connection, authority: setup.Authority) -> RefundOrder | None:
    book = authority.authority_id
    number = posting.next_number(connection, book)
    lapsed = resolutions.lapse(connection, book, number, desk.today, lapsing_before(desk.today), LAPSED)
    posted = 0
    if lapsed:
        posted = posting.post_register(connection, book, number, desk.today, resolutions.LAPSED_EVENTS, {})
    open_items = resolutions.refundable(connection, book)
    if not open_items:
        return None
    order = _order(desk, connection, authority, open_items)
    key = {"authority_id": book, "order_number": order.order_number, "entry_number": number}
    row = key | {name: getattr(order, name) for name in ("message", "reference", "aid_kind", "bic", "dated", "count")}
    posting.append(connection, "payment_order", [row | {"amount": order.amount, "file_name": order.file_name}])
    refunds = [key | {"aid_kind": i.aid_kind, "reference": i.reference, "amount": i.amount} for i in open_items]
    posting.append(connection, "refund", refunds)
    posting.post_register(connection, book, number, desk.today, resolutions.REFUND_EVENTS, {}, lines_before=posted)
    _seal(desk, connection, authority, number, order)
    return RefundOrder(authority_code=authority.code, order=order, lapsed=lapsed)


def _order(
    desk: Desk, connection: Connection, authority: setup.Authority, open_items: list[resolutions.Refundable]
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
        count=len(open_items),
        amount=sum(item.amount for item in open_items),
        file_name=f"{reference}-refund.txt",
    )


def _seal(
    desk: Desk, connection: Connection, authority: setup.Authority, number: int, order: orders.PaymentOrder
) -> None:
    octets = encode(_text(setup.corporation(connection), authority, order), CHARSET)
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


def _text(corporation: setup.Corporation, authority: setup.Authority, order: orders.PaymentOrder) -> str:
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
            assign=PURPOSE.format(count=order.count),
        )
    )
