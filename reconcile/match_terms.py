"""`esep breaks rule set`: whether a rule may match, in how many days and with which agreed tolerance.

A change is a new version in book 0 with its reason. The tolerance is zero unless an agreement says otherwise.
"""

from dataclasses import dataclass, replace

from ledgers import match_terms, posting
from ledgers.journal import EntryDraft
from ledgers.match_terms import MatchTerm
from ledgers.money import InvalidAmount, format_tenge, parse_tenge
from reconcile.desk import Desk
from reconcile.errors import Refusal
from reconcile.line_book import OWN_BOOK


class WrongTerm(Refusal):
    """Terms that make no sense, or a change without a reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TermChanged:
    """What held for a rule, and what holds now; `now.version` is 0 when it was so already."""

    was: MatchTerm
    now: MatchTerm

    @property
    def is_repeat(self) -> bool:
        """Whether nothing changed."""
        return self.now.version == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to hold; None leaves it as it is, tolerance in tiyn."""

    is_on: bool | None = None
    window_days: int | None = None
    tolerance: int | None = None


def change(
    desk: Desk, rule: str, wish: Wish, reason: str, *, bic: str = "", iban: str = "", dry_run: bool = False
) -> TermChanged:
    """Set the terms of a rule for a bank, an account, both, or for all; the same once more changes nothing.

    Raises:
        UnknownRule: there is no rule of this name.
        WrongTerm: a number is below zero, the rule takes no tolerance, or the reason is empty.
    """
    known = match_terms.known(rule)
    if not reason.strip():
        raise WrongTerm(
            f"rule {rule} is not changed without a reason; say it with --reason, like the agreement's number"
        )
    if wish.tolerance and not known.takes_tolerance:
        raise WrongTerm(f"rule {rule} compares equal amounts alone, it takes no tolerance")
    if min(wish.window_days or 0, wish.tolerance or 0) < 0:
        raise WrongTerm("a window and a tolerance are not below zero")
    with desk.database.begin() as connection:
        posting.lock(connection, [OWN_BOOK])
        terms = match_terms.last_terms(connection)
        was = match_terms.in_force(terms, rule, iban=iban, bic=bic)
        own = next((one for one in terms if (one.rule, one.bic, one.iban) == (rule, bic, iban)), None)
        now = replace(
            was,
            iban=iban,
            bic=bic,
            version=own.version + 1 if own else 1,
            is_on=was.is_on if wish.is_on is None else wish.is_on,
            window_days=was.window_days if wish.window_days is None else wish.window_days,
            tolerance=was.tolerance if wish.tolerance is None else wish.tolerance,
            reason=reason.strip(),
        )
        if (was.is_on, was.window_days, was.tolerance) == (now.is_on, now.window_days, now.tolerance):
            return TermChanged(was=was, now=replace(was, version=0))
        number = posting.next_number(connection, OWN_BOOK)
        match_terms.append_version(connection, number, now)
        where = " ".join(filter(None, (bic, iban))) or "all"
        draft = EntryDraft(
            kind="match_terms_changed",
            booked_on=desk.today,
            value_date=desk.today,
            actor=desk.actor,
            source_key=f"match-term:{rule}:{bic}:{iban}:{now.version}",
            source_digest=posting.digest(now),
            summary=f"rule {rule} for {where}: {'on' if now.is_on else 'off'}, {now.window_days} {known.days}, "
            f"tolerance {format_tenge(now.tolerance)}",
        )
        posting.seal(connection, OWN_BOOK, number, draft, ["match_term"])
        if dry_run:
            connection.rollback()
    return TermChanged(was=was, now=now)


def tiyn(text: str | None) -> int | None:
    """A tolerance as people write it, in tiyn; None where nobody said one.

    Raises:
        WrongTerm: it is no amount.
    """
    if text is None:
        return None
    try:
        return parse_tenge(text)
    except InvalidAmount as error:
        raise WrongTerm(str(error)) from error
