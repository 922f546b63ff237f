"""What starts a deadline: the facts of an entry, read before it is sealed, so that its deadlines are proved with it.

A deadline's subject says whose it is (`transfer 1/A`, `return 3`, a request's own reference, `2024-03` for a month) and
is its name together with the rule. The day comes from `terms`; what is read here is which rules a fact starts, when,
and what they need to know of it. The same reading gives an open deadline another day when a calendar is corrected.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from ledgers import calendar_versions, settings, terms
from ledgers.awards import narrowing
from ledgers.closing import last_day
from ledgers.journal import EntryDraft
from ledgers.posting import append
from ledgers.terms import NOTHING, Given, Term

AWARDS_SUBJECT = "format('awards %s %s/%s', b.aid_kind, to_char(b.due_month, 'YYYY-MM'), b.entry_number)"
TRANSFER_SUBJECT = """
    format('transfer %s/%s', t.transfer_number, g.aid_kind)
    || CASE WHEN t.entry_number = g.entry_number THEN '' ELSE '/' || g.entry_number END
"""
PAYMENT_MONTH = """
    min(CASE WHEN k.periodicity IN ('monthly', 'quarterly')
             THEN greatest(n.due_month, (date_trunc('month', n.formed_on) + interval '1 month')::date)
             ELSE n.due_month END)
"""
"""For which month a kind of a request asks, as `requests.RequestedKind` says it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A deadline that a fact starts: rule and subject, in words what started it, the day, what the term needs."""

    rule: str
    subject: str
    started_by: str
    started_on: date
    given: Given = NOTHING


@dataclass(frozen=True, slots=True)
class Source:
    """The entry that is read: its number and the day it is booked on."""

    number: int
    booked_on: date


def may_start(kind: str) -> bool:
    """Whether facts of an entry of this kind may start a deadline."""
    return kind in _READERS


def enter(connection: Connection, authority_id: int, number: int, draft: EntryDraft) -> bool:
    """Write the deadlines that the unsealed entry `number` starts; returns whether there are any."""
    if not may_start(draft.kind):
        return False
    starts = started(connection, authority_id, draft.kind, Source(number, draft.booked_on))
    if not starts:
        return False
    calendar = calendar_versions.load(connection)
    chosen = settings.load(connection, authority_id)
    known = _versions(connection, authority_id, starts) if draft.kind in _RESTARTS else {}
    rows = []
    for one in starts:
        own = terms.term(one.rule, one.started_on, calendar, chosen, one.given)
        version = known.get((one.rule, one.subject), 0) + 1
        rows.append(
            row(own, authority_id, number, one.subject, one.started_by, version)
            | {"calendar_version": calendar.version}
        )
    append(connection, "deadline", rows)
    return True


def row(term: Term, authority_id: int, number: int, subject: str, started_by: str, version: int) -> dict[str, Any]:
    """A deadline as a row, but for the version of the calendar."""
    return {
        "authority_id": authority_id,
        "entry_number": number,
        "rule": term.rule,
        "subject": subject,
        "version": version,
        "started_by": started_by,
        "started_on": term.started_on,
        "nominal": term.nominal,
        "earliest": term.earliest,
        "warn": term.warn,
        "due": term.due,
    }


def started(connection: Connection, authority_id: int, kind: str, source: Source) -> list[Start]:
    """The deadlines that the facts of an entry of this kind start, whether it is sealed already or not."""
    readers = _READERS.get(kind, ()) if authority_id else ()
    bind = {"authority": authority_id, "number": source.number}
    return [start for read in readers for start in read(connection, source, bind)]


def _versions(connection: Connection, authority_id: int, starts: Sequence[Start]) -> dict[tuple[str, str], int]:
    rows = connection.execute(
        text("""
            SELECT d.rule, d.subject, max(d.version) AS version
            FROM esep.deadline d
            JOIN unnest(CAST(:rules AS text[]), CAST(:subjects AS text[])) AS s (rule, subject) USING (rule, subject)
            WHERE d.authority_id = :authority GROUP BY d.rule, d.subject
        """),
        {
            "authority": authority_id,
            "rules": [one.rule for one in starts],
            "subjects": [one.subject for one in starts],
        },
    )
    return {(row.rule, row.subject): row.version for row in rows}


_Bind = Mapping[str, Any]
_Reader = Callable[[Connection, Source, _Bind], Iterator[Start]]


def _decisions(connection: Connection, source: Source, bind: _Bind) -> Iterator[Start]:
    """R-027: one for each day on which decisions of an import were signed."""
    query = """
        SELECT DISTINCT due_month::text FROM esep.award_batch
        WHERE authority_id = :authority AND entry_number = :number
    """
    condition, narrowed = narrowing(source.number, connection.execute(text(query), bind).scalars())
    rows = connection.execute(
        text(f"""
            SELECT DISTINCT f.decided_on FROM esep.award_line f
            WHERE f.authority_id = :authority AND f.version = 1 AND {condition} ORDER BY f.decided_on
        """),  # noqa: S608 - composed of constants
        dict(bind) | narrowed,
    )
    for (decided_on,) in rows:
        subject = f"decisions {decided_on}/{source.number}"
        yield Start(rule="R-027", subject=subject, started_by="signed decisions", started_on=decided_on)


def _needs(connection: Connection, source: Source, bind: _Bind) -> Iterator[Start]:
    """R-030 to R-032: one for each kind and month of an import."""
    rows = connection.execute(
        text(f"""
            SELECT {AWARDS_SUBJECT} AS subject, b.due_month, k.periodicity, k.memorial_day
            FROM esep.award_batch b JOIN esep.aid_kind k ON k.authority_id = b.authority_id AND k.code = b.aid_kind
            WHERE b.authority_id = :authority AND b.entry_number = :number ORDER BY b.aid_kind, b.due_month
        """),  # noqa: S608 - composed of constants
        bind,
    )
    for subject, due_month, periodicity, memorial_day in rows:
        memorial_on = date.fromisoformat(f"{due_month.year}-{memorial_day}") if periodicity == "memorial" else None
        yield Start(
            rule=terms.need_rule(periodicity),
            subject=subject,
            started_by="arrival of decisions",
            started_on=source.booked_on,
            given=Given(memorial_on=memorial_on, payment_month=due_month),
        )


def _requests(connection: Connection, _source: Source, bind: _Bind) -> Iterator[Start]:
    """R-033: one for each need."""
    query = """
        SELECT need_number, formed_on FROM esep.need
        WHERE authority_id = :authority AND entry_number = :number ORDER BY need_number
    """
    for number, formed_on in connection.execute(text(query), bind):
        yield Start(rule="R-033", subject=f"need {number}", started_by=f"need {number}", started_on=formed_on)


def _transfers(connection: Connection, _source: Source, bind: _Bind) -> Iterator[Start]:
    """R-040, R-042: for a request that was sent, or whose arrival became known; each for the kinds that it is of."""
    rows = connection.execute(
        text(f"""
            WITH begun AS (
                SELECT r.request_number, r.sent_on AS started_on FROM esep.request r
                WHERE r.authority_id = :authority AND r.entry_number = :number
                UNION ALL
                SELECT a.number, a.arrived_on FROM esep.arrival a
                WHERE a.authority_id = :authority AND a.entry_number = :number AND a.document = 'request'
            )
            SELECT r.reference, b.started_on, {PAYMENT_MONTH} AS payment_month
            FROM begun b
            JOIN esep.request r ON r.authority_id = :authority AND r.request_number = b.request_number
            JOIN esep.request_need q ON q.authority_id = r.authority_id AND q.request_number = r.request_number
            JOIN esep.need n ON n.authority_id = q.authority_id AND n.need_number = q.need_number
            JOIN esep.aid_kind k ON k.authority_id = n.authority_id AND k.code = n.aid_kind
            GROUP BY r.reference, b.started_on, n.aid_kind ORDER BY r.reference, b.started_on
        """),  # noqa: S608
        bind,
    )
    for reference, day, rule in dict.fromkeys(
        (name, day, terms.transfer_rule(day, month)) for name, day, month in rows
    ):
        yield Start(rule=rule, subject=reference, started_by=f"arrival of request {reference}", started_on=day)


def _payments(connection: Connection, source: Source, bind: _Bind) -> Iterator[Start]:
    """R-050: one for each kind that a transfer was placed on; what is placed later starts on the day it is placed."""
    rows = connection.execute(
        text(f"""
            SELECT DISTINCT {TRANSFER_SUBJECT} AS subject, t.order_number, t.order_date,
                   CASE WHEN t.entry_number = g.entry_number THEN t.received_on END AS received_on,
                   coalesce(k.payment_days, '') AS payment_days
            FROM esep.transfer_placing g
            JOIN esep.transfer t ON t.authority_id = g.authority_id AND t.transfer_number = g.transfer_number
            LEFT JOIN esep.aid_term k ON k.authority_id = g.authority_id AND k.code = g.aid_kind
            WHERE g.authority_id = :authority AND g.entry_number = :number ORDER BY 1
        """),  # noqa: S608
        bind,
    )
    for subject, order_number, order_date, received_on, payment_days in rows:
        yield Start(
            rule="R-050",
            subject=subject,
            started_by=f"transfer {order_number} of {order_date:%d.%m.%Y}",
            started_on=received_on or source.booked_on,
            given=Given(payment_days=payment_days),
        )


def _returns(connection: Connection, _source: Source, bind: _Bind) -> Iterator[Start]:
    """R-060, R-063: for a return message whose money was seen."""
    rows = connection.execute(
        text("""
            SELECT m.return_number, m.returned_on, r.document_number, r.dated, r.bic
            FROM esep.return_money m
            JOIN esep.return_message r ON r.authority_id = m.authority_id AND r.return_number = m.return_number
            WHERE m.authority_id = :authority AND m.entry_number = :number ORDER BY m.return_number
        """),
        bind,
    )
    for number, returned_on, document_number, dated, bic in rows:
        started_by = f"return message {document_number} of {dated:%d.%m.%Y}, {bic}"
        for rule in ("R-060", "R-063"):
            yield Start(rule=rule, subject=f"return {number}", started_by=started_by, started_on=returned_on)


def _carried(connection: Connection, _source: Source, bind: _Bind) -> Iterator[Start]:
    """R-063 anew: what was not given back at a month's end is due at the end of the next one (AMB-5).

    A return of several people keeps its day while one of them is not carried over and has money open.
    """
    query = """
        SELECT DISTINCT r.return_number, c.month, (c.month + interval '1 month')::date AS next_month
        FROM esep.carry_over c JOIN esep.returned_payment r USING (authority_id, due_month, award_number, attempt)
        WHERE c.authority_id = :authority AND c.entry_number = :number AND NOT EXISTS (
            SELECT 1 FROM esep.returned_payment o
            JOIN esep.account a ON a.authority_id = o.authority_id AND a.code IN ('returned', 'resend', 'refundable')
                AND a.reference = 'P' || o.award_number || '/' || o.attempt
            WHERE o.authority_id = r.authority_id AND o.return_number = r.return_number
                AND NOT EXISTS (SELECT 1 FROM esep.carry_over x
                                WHERE x.authority_id = o.authority_id AND x.due_month = o.due_month
                                  AND x.award_number = o.award_number AND x.attempt = o.attempt
                                  AND x.month = c.month)
                AND (SELECT coalesce(sum(CASE WHEN p.credit = a.account_id THEN p.amount ELSE -p.amount END), 0)
                     FROM esep.posting p
                     WHERE p.authority_id = a.authority_id AND a.account_id IN (p.debit, p.credit)) > 0)
        ORDER BY 1
    """
    for number, month, next_month in connection.execute(text(query), bind):
        started_by = f"carried over from {month:%m.%Y}"
        yield Start(rule="R-063", subject=f"return {number}", started_by=started_by, started_on=next_month)


def _examinations(connection: Connection, _source: Source, bind: _Bind) -> Iterator[Start]:
    """R-061: for data on returns that were sent, or whose arrival became known."""
    query = """
        SELECT notice_number, sent_on FROM esep.return_notice
        WHERE authority_id = :authority AND entry_number = :number
        UNION ALL
        SELECT number, arrived_on FROM esep.arrival
        WHERE authority_id = :authority AND entry_number = :number AND document = 'notice'
        ORDER BY 1
    """
    for number, day in connection.execute(text(query), bind):
        started_by = f"arrival of notice {number}"
        yield Start(rule="R-061", subject=f"notice {number}", started_by=started_by, started_on=day)


def _resends(connection: Connection, source: Source, bind: _Bind) -> Iterator[Start]:
    """R-064: for the outcomes of an import that ask for a resend."""
    query = """
        SELECT count(*) FROM esep.resolution
        WHERE authority_id = :authority AND entry_number = :number AND outcome = 'resend'
    """
    count = connection.execute(text(query), bind).scalar_one()
    if count:
        started_by = f"{count} outcomes: resend"
        subject = f"resolutions {source.number}"
        yield Start(rule="R-064", subject=subject, started_by=started_by, started_on=source.booked_on)


def _acts(connection: Connection, _source: Source, bind: _Bind) -> Iterator[Start]:
    """R-070, R-071: for a month that was closed."""
    query = "SELECT month FROM esep.month_lock WHERE authority_id = :authority AND entry_number = :number"
    for (month,) in connection.execute(text(query), bind):
        yield from act_starts(month)


def act_starts(month: date) -> Iterator[Start]:
    """R-070 and R-071 of a month (its first day)."""
    for rule in ("R-070", "R-071"):
        yield Start(rule=rule, subject=f"{month:%Y-%m}", started_by=f"end of {month:%m.%Y}", started_on=last_day(month))


def _noted(connection: Connection, _source: Source, bind: _Bind) -> Iterator[Start]:
    """Whatever a person noted as started."""
    query = """
        SELECT rule, subject, happened_on, note FROM esep.deadline_event
        WHERE authority_id = :authority AND entry_number = :number AND event = 'started' ORDER BY rule, subject
    """
    for rule, subject, happened_on, note in connection.execute(text(query), bind):
        yield Start(rule=rule, subject=subject, started_by=note, started_on=happened_on)


_READERS: Mapping[str, tuple[_Reader, ...]] = {
    "awards_imported": (_decisions, _needs),
    "need_formed": (_requests,),
    "request_sent": (_transfers,),
    "document_arrived": (_transfers, _examinations),
    "transfer_received": (_payments,),
    "money_placed": (_payments,),
    "return_received": (_returns,),
    "return_money_seen": (_returns,),
    "return_placed": (_returns,),
    "returns_notified": (_examinations,),
    "resolutions_imported": (_resends,),
    "carry_over_decided": (_carried,),
    "month_closed": (_acts,),
    "deadline_noted": (_noted,),
}
"""Kind of an entry -> what is read of it."""

_RESTARTS = frozenset({"document_arrived", "carry_over_decided"})
"""Kinds of entries that may start a deadline anew."""
