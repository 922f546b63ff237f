"""`esep breaks show`: all that is known of a break: facts, every step, and what may explain it, with the command."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from ledgers import break_subjects, breaks, calendar_versions, returns, setup
from ledgers.breaks import Break, Step
from reconcile import break_proposals
from reconcile.break_proposals import Candidate, Proposal
from reconcile.breaks_find import OWN_CODE
from reconcile.breaks_work import chosen, named
from reconcile.line_book import OWN_BOOK

Messages = Mapping[tuple[int, str], str]
"""Return messages as commands name them, BIC/REFERENCE, by the book and the subject of their break."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A proposal with the command that does it."""

    proposal: Proposal
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A break with its age in working days, who found it and when, its steps and what may explain it."""

    name: str
    facts: Break
    working_days: int
    found_by: str
    found_at: datetime
    steps: tuple[Step, ...]
    offers: tuple[Offer, ...]


def show(connection: Connection, name: str, today: date, authority_code: str | None = None) -> Shown:
    """Everything about a break, AST/12.

    Raises:
        NoSuchBreak: there is none of this name.
    """
    codes = {OWN_BOOK: OWN_CODE} | {one.authority_id: one.code for one in setup.authorities(connection)}
    one = chosen(connection, name, codes, authority_code)
    full_name = named(one, codes)
    found_by, found_at = breaks.opened_by(connection, one)
    offers: tuple[Offer, ...] = ()
    if not one.is_closed:
        known = messages(connection)
        offers = tuple(
            Offer(proposal=proposal, command=command_of(full_name, one, proposal, known, place))
            for place, proposal in enumerate(proposals_of(connection, one), start=1)
        )
    return Shown(
        name=full_name,
        facts=one,
        working_days=calendar_versions.load(connection).working_days_between(one.happened_on, today),
        found_by=found_by,
        found_at=found_at,
        steps=tuple(breaks.steps(connection, one.authority_id, one.break_number)),
        offers=offers,
    )


def proposals_of(connection: Connection, one: Break) -> tuple[Proposal, ...]:
    """What may explain a break, the likeliest first: among all that is open, of its book and of book 0."""
    from reconcile.similar_names import similarity

    open_breaks = breaks.states(connection, closed=False)
    near = [other for other in open_breaks if other.authority_id in {one.authority_id, OWN_BOOK}]
    if one.authority_id == OWN_BOOK:
        near = open_breaks
    people: dict[tuple[int, str], break_subjects.Subject] = {}
    for book in {other.authority_id for other in [one, *near]}:
        names = [other.subject for other in [one, *near] if other.authority_id == book]
        people |= {(book, name): found for name, found in break_subjects.subjects(connection, book, names).items()}
    others = [_candidate(other, people) for other in near if _is_in_reach(one, other)]
    line = people.get((one.authority_id, one.subject))
    if line is not None and not line.is_payment:
        # A payment that a line means is no break of its own: the line says what is wrong with it.
        open_too = {other.subject for other in others}
        payments = break_subjects.meant(connection, one.authority_id, line)
        others += [_of_subject(found, "payment_not_credited") for found in payments if found.name not in open_too]
    return break_proposals.proposals(_candidate(one, people), others, similarity)


def _is_in_reach(one: Break, other: Break) -> bool:
    """Lines and payments match within their book; the bank's money may turn out to be of any."""
    is_crediting = break_subjects.is_line(one.subject) or break_subjects.is_payment(one.subject)
    return one.authority_id == other.authority_id or not is_crediting


def _candidate(one: Break, people: Mapping[tuple[int, str], break_subjects.Subject]) -> Candidate:
    found = people.get((one.authority_id, one.subject))
    if found is None:
        return Candidate(subject=one.subject, kind=one.kind, amount=one.amount, bic=one.bic)
    return _of_subject(found, one.kind)


def _of_subject(found: break_subjects.Subject, kind: str) -> Candidate:
    side = "order " if found.is_payment else "register "
    return Candidate(
        subject=found.name,
        kind=kind,
        amount=found.amount,
        bic=found.bic,
        group=f"{side}{found.document}",
        iin=found.iin,
        full_name=found.full_name,
        iban=found.iban,
    )


def messages(connection: Connection) -> dict[tuple[int, str], str]:
    """The return messages that wait for money or fit no payments, as commands name them."""
    waiting = [*returns.waiting_messages(connection), *(one.message for one in returns.parked_messages(connection))]
    return {(one.authority_id, f"R{one.return_number}"): f"{one.bic}/{one.reference}" for one in waiting}


def command_of(name: str, one: Break, proposal: Proposal, known: Messages, place: int = 1) -> str:
    """The command that does what a proposal says; empty where somebody has to look first."""
    both = [one.subject, *proposal.subjects]
    lines = [subject for subject in both if subject.startswith("S")]
    if proposal.way in {"match", "escalate"}:
        return f"esep breaks accept {name} --proposal {place}"
    if proposal.way == "settle" and lines:
        file = next(subject for subject in both if subject not in lines)
        return f'esep statement settle --line {lines[0]} --file {file} --reason "..."'
    if proposal.way == "message" and lines:
        parts = [known_as for subject in both if (known_as := _message(subject, known))]
        return (
            f"esep return place --line {lines[0]} {' '.join(f'--message {part}' for part in parts)}" + ' --reason "..."'
        )
    return ""


def _message(subject: str, known: Messages) -> str:
    return next((text for (_, name), text in sorted(known.items()) if name == subject), "")
