"""What a rule of the reconciliations may do: whether it is on, its window of days, its tolerance (zero as a rule).

Terms stand in book 0, for all, for a bank, for an account, or for both; the narrower one counts. A tolerance above zero
is an agreement and says why. A change is a new version, the old one stays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from sqlalchemy import Connection, text

from ledgers.crediting_rules import DEFAULT_WINDOW
from ledgers.errors import LedgerError
from ledgers.posting import append

EVERY = ""
"""For every account, for every bank."""


class UnknownRule(LedgerError):
    """A rule that does not exist."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule that has terms: what it does, its window in days (of `days`), and whether a tolerance makes sense."""

    name: str
    says: str
    window_days: int
    days: str = "working days"
    takes_tolerance: bool = False


RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        Rule(
            name="file_not_debited",
            says="a file that no statement debited is a difference after so many days",
            window_days=2,
        ),
        Rule(
            name="reference",
            says="a line names file and item; amount, IIN and account agree",
            window_days=DEFAULT_WINDOW,
            days="days",
            takes_tolerance=True,
        ),
        Rule(
            name="person",
            says="a line names the file; IIN, account and amount agree",
            window_days=DEFAULT_WINDOW,
            days="days",
            takes_tolerance=True,
        ),
        Rule(
            name="account",
            says="a line names the file and no IIN; account and amount agree",
            window_days=DEFAULT_WINDOW,
            days="days",
        ),
        Rule(
            name="person_any_order",
            says="a line names no file; IIN, account and amount agree within so many days after the file",
            window_days=DEFAULT_WINDOW,
            days="days",
        ),
        Rule(
            name="sum_of_person",
            says="all lines of a person are all payments of that person within so many days, their sums agree",
            window_days=DEFAULT_WINDOW,
            days="days",
        ),
    )
}
"""Name -> rule, with its window where nobody set another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchTerm:
    """The last version of a rule's terms for an account and a bank ('' for every one); tolerance in tiyn."""

    iban: str
    bic: str
    rule: str
    version: int
    is_on: bool
    window_days: int
    tolerance: int
    reason: str


_TERM = ", ".join(f"t.{field.name}" for field in fields(MatchTerm))


def last_terms(connection: Connection) -> list[MatchTerm]:
    """The terms in force, the last version of each, by rule, bank and account."""
    rows = connection.execute(
        text(f"""
            SELECT DISTINCT ON (t.rule, t.bic, t.iban) {_TERM} FROM esep.match_term t
            WHERE t.authority_id = 0 ORDER BY t.rule, t.bic, t.iban, t.version DESC
        """)  # noqa: S608 - names come from the dataclass
    )
    return [MatchTerm(**row._asdict()) for row in rows]


def in_force(terms: Sequence[MatchTerm], rule: str, *, iban: str = EVERY, bic: str = EVERY) -> MatchTerm:
    """What holds for a rule, an account and a bank: the narrowest terms, an account's before a bank's."""
    fitting = [one for one in terms if one.rule == rule and one.iban in {EVERY, iban} and one.bic in {EVERY, bic}]
    if fitting:
        return max(fitting, key=lambda one: (one.iban != EVERY, one.bic != EVERY))
    window = RULES[rule].window_days if rule in RULES else 0
    return MatchTerm(
        iban=EVERY, bic=EVERY, rule=rule, version=0, is_on=True, window_days=window, tolerance=0, reason=""
    )


def known(name: str, rules: Mapping[str, Rule] = RULES) -> Rule:
    """The rule of this name.

    Raises:
        UnknownRule: there is none.
    """
    if name not in rules:
        raise UnknownRule(f"there is no rule {name!r}; known are {', '.join(sorted(rules))}")
    return rules[name]


def append_version(connection: Connection, entry_number: int, term: MatchTerm) -> None:
    """Append the next version of terms under an entry of book 0."""
    row = {field.name: getattr(term, field.name) for field in fields(MatchTerm)}
    append(connection, "match_term", [row | {"authority_id": 0, "entry_number": entry_number}])
