"""`esep aid`: kinds of aid as data: models from published rules, what an authority took over, and what was doubtful.

An authority takes kinds over from the catalogue, each with its dates of validity; a kind whose rule contradicts itself
stays inactive until a person decides what is meant, by name and reason (R-005).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import get_args

from sqlalchemy import Connection

from ledgers import aid_catalogue, aid_terms, posting, setup
from ledgers.aid_catalogue import CatalogueKind
from ledgers.aid_terms import MRP_DAYS, AidTerm, MrpDay
from ledgers.setup import AidKind, Item
from reconcile import setup_values
from reconcile.desk import Desk
from reconcile.errors import Refusal
from reconcile.setup import record


class UnknownSource(Refusal):
    """A source that the catalogue does not have, or a code that the source does not have."""

    def __init__(self, what: str, found: str, known: Sequence[str]) -> None:
        super().__init__(f"there is no {what} {found!r} in the catalogue; known are {', '.join(known)}")


class UnknownKind(Refusal):
    """A code that the authority's dictionary does not have."""

    def __init__(self, code: str, authority_code: str, known: Sequence[str]) -> None:
        super().__init__(f"{authority_code} has no aid kind {code!r}; it has {', '.join(known) or 'none'}")


class UnclearDecision(Refusal):
    """A decision on a kind that does not say one size, or not why."""

    def __init__(self, found: str, expected: str) -> None:
        super().__init__(f"{found}: expected {expected}")


@dataclass(frozen=True, slots=True, kw_only=True)
class KindsAdopted:
    """Kinds taken over now, those among them that wait for a decision, and those that the authority had already."""

    authority_code: str
    adopted: tuple[CatalogueKind, ...]
    kept: tuple[str, ...]

    @property
    def waiting(self) -> tuple[CatalogueKind, ...]:
        """What came inactive."""
        return tuple(kind for kind in self.adopted if not kind.is_active)


@dataclass(frozen=True, slots=True, kw_only=True)
class KindDecided:
    """The term of a kind before and after a decision; equal when it was so decided already."""

    authority_code: str
    was: AidTerm
    now: AidTerm

    @property
    def is_repeat(self) -> bool:
        """Whether the term said so already."""
        return self.was == self.now


@dataclass(frozen=True, slots=True, kw_only=True)
class KindInForce:
    """A kind of an authority with its term."""

    authority_code: str
    kind: AidKind
    term: AidTerm


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRow:
    """A kind with its term as a row of a table; the index as people write it, '' where there is none."""

    authority: str
    code: str
    name_kk: str
    name_ru: str
    periodicity: str
    memorial_day: str
    mrp: str
    mrp_day: str
    amount: int
    valid_from: date
    valid_to: date
    programme: str
    source_system: str
    needs_category: bool
    payment_days: str
    is_active: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """What one payment comes to: hundredths of an index, or tiyn, or free when both are 0; None leaves the day."""

    mrp_hundredths: int = 0
    fixed_amount: int = 0
    mrp_day: MrpDay | None = None


def read_size(*, mrp: str = "", fixed: str = "", is_free: bool = False, mrp_day: str = "") -> Size:
    """A size as a person writes it: indexes like '36' or '2.5', tenge like '90900000.00', or free.

    Raises:
        UnclearDecision: not exactly one of the three, or no number, or no day of MRP_DAYS.
    """
    if sum(map(bool, (mrp, fixed, is_free))) != 1:
        raise UnclearDecision("not one size", "exactly one of --mrp, --fixed and --free")
    day = next((one for one in get_args(MrpDay) if one == mrp_day), None)
    if mrp_day and day is None:
        raise UnclearDecision(f"--mrp-day {mrp_day}", f"one of {', '.join(MRP_DAYS)}")
    try:
        return Size(
            mrp_hundredths=setup_values.hundredths(mrp) if mrp else 0,
            fixed_amount=setup_values.tenge(fixed) if fixed else 0,
            mrp_day=day,
        )
    except ValueError:
        raise UnclearDecision(mrp or fixed, "a number above zero with at most two decimals, like 36 or 2.5") from None


def adopt(
    desk: Desk, authority_code: str, source: str, *, codes: Sequence[str] = (), dry_run: bool = False
) -> KindsAdopted:
    """Take kinds of a source over into an authority's dictionary, all of them or those named.

    A code that the authority has already stays as it is, whatever it says there.

    Raises:
        UnknownSource: the catalogue has no such source, or the source no such code.
    """
    wanted = models(source, codes)
    with desk.database.begin() as connection:
        authority = setup.authority(connection, authority_code)
        posting.lock(connection, [authority.authority_id])
        own = setup.aid_kinds(connection, authority.authority_id)
        fresh = [model for model in wanted if model.code not in own]
        items: list[Item] = []
        for model in fresh:
            items += [model.kind(authority.authority_id), model.term(authority.authority_id)]
        if items:
            digest = posting.digest(*items)
            record(
                desk, connection, authority.authority_id, items, f"aid:{digest.hex()}", digest, f"catalogue {source}"
            )
        if dry_run:
            connection.rollback()
    kept = tuple(model.code for model in wanted if model.code in own)
    return KindsAdopted(authority_code=authority_code, adopted=tuple(fresh), kept=kept)


def models(source: str, codes: Sequence[str] = ()) -> list[CatalogueKind]:
    """The kinds of a source, all of them or those named.

    Raises:
        UnknownSource: the catalogue has no such source, or the source no such code.
    """
    if source not in aid_catalogue.SOURCES:
        raise UnknownSource("source", source, aid_catalogue.SOURCES)
    own = {model.code: model for model in aid_catalogue.of_source(source)}
    for code in codes:
        if code not in own:
            raise UnknownSource(f"kind of {source}", code, list(own))
    return [own[code] for code in dict.fromkeys(codes or own)]


def decide(
    desk: Desk, authority_code: str, code: str, size: Size, *, reason: str, dry_run: bool = False
) -> KindDecided:
    """Decide what one payment of a kind comes to; the kind is active from then, and the note is the reason.

    Raises:
        UnclearDecision: there is no reason.
        UnknownKind: the authority has no such kind.
    """
    if not reason.strip():
        raise UnclearDecision("no reason", "the document that decided, in --reason")
    with desk.database.begin() as connection:
        authority = setup.authority(connection, authority_code)
        book = authority.authority_id
        posting.lock(connection, [book])
        own = setup.aid_kinds(connection, book)
        if code not in own:
            raise UnknownKind(code, authority_code, list(own))
        was = aid_terms.by_code(connection, book, [code])[code]
        now = replace(
            was,
            mrp_hundredths=size.mrp_hundredths,
            fixed_amount=size.fixed_amount,
            mrp_day=size.mrp_day or was.mrp_day,
            is_active=True,
            note=reason.strip(),
        )
        if now != was:
            digest = posting.digest(now)
            record(desk, connection, book, [now], f"aid:{digest.hex()}", digest, f"decision on {code}")
        if dry_run:
            connection.rollback()
    return KindDecided(authority_code=authority_code, was=was, now=now)


def in_force(connection: Connection, authority_code: str | None) -> list[KindInForce]:
    """The kinds of an authority, or of all, each with its term."""
    found: list[KindInForce] = []
    for authority in setup.chosen(connection, authority_code):
        kinds = setup.aid_kinds(connection, authority.authority_id)
        terms = aid_terms.by_code(connection, authority.authority_id, list(kinds))
        found += [KindInForce(authority_code=authority.code, kind=kinds[code], term=terms[code]) for code in kinds]
    return found


def rows(kinds: Sequence[KindInForce]) -> list[KindRow]:
    """The kinds as rows to save."""
    return [
        KindRow(
            authority=one.authority_code,
            code=one.kind.code,
            name_kk=one.kind.name_kk,
            name_ru=one.kind.name_ru,
            periodicity=one.kind.periodicity,
            memorial_day=one.kind.memorial_day,
            mrp=aid_terms.mrp_text(one.term.mrp_hundredths) if one.term.mrp_hundredths else "",
            mrp_day=one.term.mrp_day,
            amount=one.term.fixed_amount,
            valid_from=one.term.valid_from,
            valid_to=one.term.valid_to,
            programme=one.term.programme,
            source_system=one.term.source_system,
            needs_category=one.term.needs_category,
            payment_days=one.term.payment_days,
            is_active=one.term.is_active,
            note=one.term.note,
        )
        for one in kinds
    ]
