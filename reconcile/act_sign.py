"""`esep act sign` and `esep act sent`: that a document was signed, and that Appendix 2 went to the authority (R-072).

Written down is who signed in which role on which day; the electronic signature itself is not made here. Appendix 1 and
its corrective acts are signed by both sides, and only while the control equation of the month holds; Appendix 2 by the
deputy director and then by the director. The database refuses a signature out of turn, one under a disputed act, and
that of who built the document.
"""

from dataclasses import dataclass
from datetime import date

from ledgers import act_life, posting, setup
from ledgers.act_life import Role, Signature
from ledgers.journal import EntryDraft
from reconcile import act_papers, equation
from reconcile.desk import Desk
from reconcile.errors import Refusal


class SignedOtherwise(Refusal):
    """The document is signed in this role, by somebody else or on another day."""

    def __init__(self, known: Signature) -> None:
        super().__init__(
            f"the {known.role} signed it already: {known.signer} on {known.signed_on:%d.%m.%Y}; a signature stands, "
            "what is wrong with a signed act is corrected by a corrective act: esep act correct"
        )


class ImpossibleDay(Refusal):
    """A day before the document was built, or one that has not come."""

    def __init__(self, what: str, day: date, first: date, today: date) -> None:
        super().__init__(
            f"{what} on {day:%d.%m.%Y} cannot be: the document was built on {first:%d.%m.%Y}, today is "
            f"{today:%d.%m.%Y}; correct the day"
        )


class NobodySigned(Refusal):
    """A signature without a name."""

    def __init__(self) -> None:
        super().__init__("the name of who signed is empty; name the person with --signer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A signature, and whether it was recorded before."""

    authority_code: str
    signature: Signature
    was_known: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The day on which Appendix 2 of a month was sent, and whether that was recorded before."""

    authority_code: str
    month: date
    sent_on: date
    was_known: bool


def sign(
    desk: Desk, authority_code: str, day: date, role: Role, signer: str, signed_on: date, *, act_number: int = 0
) -> Signed:
    """Record that an act of the month that `day` is in was signed; the same signature again changes nothing.

    Raises:
        UnknownAuthority, NoActs, UnknownAct: there is no such act.
        ImpossibleDay, NobodySigned, SignedOtherwise: the signature cannot be, or another one stands.
        EquationFails: the money of the month does not add up (both sides' signatures alone).
        NotPermitted: it is out of turn, the act is disputed, or the signer built the document (by the database).
    """
    month, name = day.replace(day=1), " ".join(signer.split())
    if not name:
        raise NobodySigned
    with desk.database.begin() as connection:
        authority = setup.authority(connection, authority_code)
        book = authority.authority_id
        posting.lock(connection, [book])
        life = act_papers.life_of(connection, authority, month)
        built = act_papers.built(life, authority, month, act_number)
        signature = Signature(month=month, act_number=act_number, role=role, signer=name, signed_on=signed_on)
        known = life.signature(act_number, role)
        if known is not None and known != signature:
            raise SignedOtherwise(known)
        if known is None:
            if not built.dated <= signed_on <= desk.today:
                raise ImpossibleDay("a signature", signed_on, built.dated, desk.today)
            if role in act_life.BOTH_SIDES:
                # What a closed month had wrong is put right in the month that its corrective act is made in.
                equation.demand(connection, authority_code, built.dated if act_number else month)
            number = posting.next_number(connection, book)
            act_life.append_signature(connection, book, number, signature)
            draft = EntryDraft(
                kind="act_signed",
                booked_on=desk.today,
                value_date=signed_on,
                actor=desk.actor,
                source_key=f"act-signed:{month:%Y-%m}:{act_number}:{role}",
                source_digest=posting.digest(month, act_number, role, name, signed_on),
                summary=f"{_document(act_number, role)} of {month:%m.%Y} signed by the {role} on {signed_on:%d.%m.%Y}",
            )
            posting.seal(connection, book, number, draft, ["act_signature"])
    return Signed(authority_code=authority_code, signature=signature, was_known=known is not None)


def _document(act_number: int, role: Role) -> str:
    if role in act_life.BOTH_SIDES:
        return f"corrective act No {act_number}" if act_number else "Appendix 1"
    return "Appendix 2"


def sent(desk: Desk, authority_code: str, day: date, sent_on: date) -> Sent:
    """Record that Appendix 2 of the month that `day` is in was sent; the same day again changes nothing.

    Raises:
        UnknownAuthority, NoActs: there is nothing that could have been sent.
        ImpossibleDay: the day is before the document or has not come.
        EntryConflict: another day is recorded.
        NotPermitted: the director has not signed it by then (by the database).
    """
    month = day.replace(day=1)
    key, content = f"statement-sent:{month:%Y-%m}", posting.digest(month, sent_on)
    with desk.database.begin() as connection:
        authority = setup.authority(connection, authority_code)
        book = authority.authority_id
        posting.lock(connection, [book])
        life = act_papers.life_of(connection, authority, month)
        known = posting.find(connection, book, key, content)
        if known is None:
            first = life.acts[0].dated
            if not first <= sent_on <= desk.today:
                raise ImpossibleDay("sending it", sent_on, first, desk.today)
            number = posting.next_number(connection, book)
            act_life.append_sent(connection, book, number, month, sent_on)
            draft = EntryDraft(
                kind="statement_sent",
                booked_on=desk.today,
                value_date=sent_on,
                actor=desk.actor,
                source_key=key,
                source_digest=content,
                summary=f"Appendix 2 of {month:%m.%Y} sent on {sent_on:%d.%m.%Y}",
            )
            posting.seal(connection, book, number, draft, ["statement_sent"])
    return Sent(authority_code=authority_code, month=month, sent_on=sent_on, was_known=known is not None)
