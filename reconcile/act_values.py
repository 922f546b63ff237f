"""The values of a month's documents: what the registers say, in the names that were in force at the month's end.

Appendix 1 and Appendix 2 (R-070, R-071) and the annex of each. A bank that was renamed in April stands in the documents
of March by its old name. The readings of AMB-7 and AMB-11 go into the values, so that a document is the same next year.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from formats.documents import (
    MoneyAnnex,
    MoneyRow,
    PaymentStatement,
    PeopleAnnex,
    PeopleRow,
    Person,
    StatementRow,
    TransferAct,
    TransferRow,
)
from ledgers import acts, annex, closing, settings, setup
from ledgers.setup import AidKind, Authority, Bank, Corporation
from ledgers.sums import ControlEquation

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Who takes part in a month of an authority, as they were called when it ended."""

    month: date
    authority: Authority
    corporation: Corporation
    banks: Mapping[str, Bank]
    kinds: Mapping[str, AidKind]
    readings: settings.Settings

    @property
    def last(self) -> date:
        """The last day of the month."""
        return closing.last_day(self.month)

    def bank(self, bic: str) -> tuple[str, str]:
        """A bank's name in Kazakh and in Russian; its code where it has none."""
        found = self.banks.get(bic)
        return (found.name_kk, found.name_ru) if found else (bic, bic)

    def kind(self, code: str) -> tuple[str, str]:
        """A kind's name in Kazakh and in Russian; empty for what no kind took."""
        return (self.kinds[code].name_kk, self.kinds[code].name_ru) if code else ("", "")


def names(connection: Connection, authority_id: int, month: date) -> Names:
    """The names in force at the end of a month."""
    last = closing.last_day(month)
    return Names(
        month=month,
        authority=setup.authority_at(connection, authority_id, last),
        corporation=setup.corporation_at(connection, last),
        banks=setup.banks_at(connection, last),
        kinds=setup.kinds_at(connection, authority_id, last),
        readings=settings.load(connection, authority_id),
    )


def signer(party: Corporation | Authority) -> Person:
    """Who signs Appendix 1 for a side."""
    return Person(full_name=party.signer, position_kk=party.signer_position_kk, position_ru=party.signer_position_ru)


def transfer_act(connection: Connection, of: Names) -> TransferAct:
    """Appendix 1: a row for each transfer and kind, with a minus what was taken back from an earlier month."""
    parts = acts.transfer_parts(connection, of.authority.authority_id, of.month, of.last)
    return TransferAct(
        month=of.month,
        authority_bin=of.authority.bin,
        authority_kk=of.authority.name_kk,
        authority_ru=of.authority.name_ru,
        corporation_kk=of.corporation.name_kk,
        corporation_ru=of.corporation.name_ru,
        rows=tuple(
            TransferRow(
                code=code,
                authority_bin=of.authority.bin,
                authority_kk=of.authority.name_kk,
                authority_ru=of.authority.name_ru,
                order_number=part.order_number,
                order_date=part.order_date,
                amount=part.amount,
                aid_kk=of.kind(part.aid_kind)[0],
                aid_ru=of.kind(part.aid_kind)[1],
            )
            for code, part in enumerate(parts, start=1)
        ),
        corporation_signer=signer(of.corporation),
        authority_signer=signer(of.authority),
        title=of.readings["act_title"],
    )


def payment_statement(connection: Connection, of: Names) -> PaymentStatement:
    """Appendix 2: a row for each kind and bank."""
    parts = acts.bank_parts(connection, of.authority.authority_id, of.month, of.last)
    return PaymentStatement(
        month=of.month,
        authority_bin=of.authority.bin,
        authority_kk=of.authority.name_kk,
        authority_ru=of.authority.name_ru,
        region_kk=of.authority.region_kk,
        region_ru=of.authority.region_ru,
        district_kk=of.authority.district_kk,
        district_ru=of.authority.district_ru,
        rows=tuple(
            StatementRow(
                number=number,
                bank_kk=of.bank(part.bic)[0],
                bank_ru=of.bank(part.bic)[1],
                sent_count=part.sent_count,
                sent=part.sent,
                returned_count=part.returned_count,
                returned=part.returned,
                aid_kk=of.kind(part.aid_kind)[0],
                aid_ru=of.kind(part.aid_kind)[1],
            )
            for number, part in enumerate(parts, start=1)
        ),
        director=Person(
            full_name=of.corporation.director,
            position_kk=of.corporation.director_position_kk,
            position_ru=of.corporation.director_position_ru,
        ),
        deputy=Person(
            full_name=of.corporation.deputy,
            position_kk=of.corporation.deputy_position_kk,
            position_ru=of.corporation.deputy_position_ru,
        ),
        total_row=of.readings["total_row"],
    )


def money_annex(connection: Connection, of: Names, equation: ControlEquation) -> MoneyAnnex:
    """The annex to Appendix 1, with what the books know now of transfers that came after the month (AMB-9, E37)."""
    book = of.authority.authority_id
    return MoneyAnnex(
        month=of.month,
        authority_bin=of.authority.bin,
        authority_kk=of.authority.name_kk,
        authority_ru=of.authority.name_ru,
        opening=equation.opening,
        transfers=equation.transfers,
        returned=equation.returned,
        other=equation.other,
        sent=equation.sent,
        refunded=equation.refunded,
        closing=equation.closing,
        rows=(*_timing_rows(connection, of), *_held_rows(connection, book, of.last), *_uncleared_rows(connection, of)),
    )


def _timing_rows(connection: Connection, of: Names) -> list[MoneyRow]:
    book, within = of.authority.authority_id, (of.month, of.last)
    before = annex.timed_transfers(connection, book, ordered=(date.min, of.month - ONE_DAY), received=within)
    later = annex.timed_transfers(connection, book, ordered=within, received=(of.last + ONE_DAY, date.max))
    return [
        MoneyRow(
            section=section,
            reference=f"T{one.transfer_number}",
            number=one.order_number,
            dated=one.order_date,
            known_on=one.received_on,
            name_kk=of.authority.name_kk,
            name_ru=of.authority.name_ru,
            amount=one.amount,
        )
        for section, found in (("ordered_before", before), ("received_later", later))
        for one in found
    ]


def _held_rows(connection: Connection, book: int, last: date) -> list[MoneyRow]:
    return [
        MoneyRow(
            section=one.section,
            reference=one.reference,
            number=one.document_number,
            dated=one.document_date,
            known_on=one.booked_on,
            name_kk=one.payer,
            name_ru=one.payer,
            amount=one.amount,
        )
        for one in annex.held_money(connection, book, last)
    ]


def _uncleared_rows(connection: Connection, of: Names) -> list[MoneyRow]:
    return [
        MoneyRow(
            section="uncleared",
            reference=one.reference,
            number=str(one.order_number),
            dated=one.dated,
            known_on=one.dated,
            name_kk=of.bank(one.bic)[0],
            name_ru=of.bank(one.bic)[1],
            amount=one.amount,
        )
        for one in annex.uncleared_files(connection, of.authority.authority_id, of.last)
    ]


def people_annex(connection: Connection, of: Names) -> PeopleAnnex:
    """The annex to Appendix 2 (AMB-10, AMB-12, E59)."""
    book = of.authority.authority_id
    whole = annex.people(connection, book, of.month, of.last)
    return PeopleAnnex(
        month=of.month,
        authority_bin=of.authority.bin,
        authority_kk=of.authority.name_kk,
        authority_ru=of.authority.name_ru,
        sent_people=whole.sent_people,
        returned_people=whole.returned_people,
        paid_people=whole.paid_people,
        rows=tuple(
            PeopleRow(
                bank_kk=of.bank(part.bic)[0],
                bank_ru=of.bank(part.bic)[1],
                aid_kk=of.kind(part.aid_kind)[0],
                aid_ru=of.kind(part.aid_kind)[1],
                paid_month=part.paid_month,
                sent_count=part.sent_count,
                sent_people=part.sent_people,
                returned_count=part.returned_count,
                returned_people=part.returned_people,
                returned=part.returned,
                paid_people=part.paid_people,
            )
            for part in annex.people_parts(connection, book, of.month, of.last)
        ),
    )
