"""What may explain a break: records of the other side that are open too, ranked, each with the sentence why.

Pure functions over candidates; the order in which they come does not matter. A proposal only proposes: nothing is
matched before somebody accepts it. Names and numbers of people are compared here and not told.

>>> swapped_digits(18_460_00, 14_860_00), swapped_digits(18_460_00, 18_460_09)
(True, False)
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ledgers.money import format_tenge
from reconcile.few_sums import MOST, only_subset

Way = Literal["match", "settle", "message", "escalate", "look"]
"""How it is done: by a match of a crediting register, by the file or the message of a statement line, or by people."""

SHOWN = 10
_EQUAL_MOST = 3
"""Of more records with an equal amount each is as good as none."""

ALIKE = 85
"""From so many points of 100 on two names may be one person's."""

_PAYMENTS = frozenset({"payment_not_credited"})
_LINES = frozenset({"credited_unknown", "credited_amount", "credited_account", "credited_person", "credited_ambiguous"})
_RETURNS = frozenset({"return_without_money", "return_not_placed"})

_OTHER_SIDES: tuple[tuple[frozenset[str], frozenset[str], Way], ...] = (
    (_PAYMENTS, _LINES, "match"),
    (frozenset({"debit_without_file"}), frozenset({"file_not_debited"}), "settle"),
    (frozenset({"money_unidentified"}), _RETURNS, "message"),
    (frozenset({"list_missing_with_us"}), frozenset({"list_missing_with_them"}), "look"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An open difference with what is known of whose money it is; `group` is the register or the file it stands in.

    Amounts in tiyn; texts are empty where they are not known.
    """

    subject: str
    kind: str
    amount: int
    bic: str = ""
    group: str = ""
    iin: str = ""
    full_name: str = ""
    iban: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What may explain a break: which records, by which rule, how likely (0 to 100), why, and how it is accepted."""

    subjects: tuple[str, ...]
    rule: str
    points: int
    sentence: str
    way: Way


def proposals(
    about: Candidate, others: Iterable[Candidate], similarity: Callable[[str, str], int] | None = None
) -> tuple[Proposal, ...]:
    """What may explain a break among other open differences, the likeliest first; at most SHOWN.

    `similarity` says from 0 to 100 how alike two names are.
    """
    way, kinds = _other_side(about.kind)
    pool = sorted(
        {one for one in others if one.kind in kinds and one.subject != about.subject and _same_bank(about, one)},
        key=lambda one: (one.subject, one.kind),
    )
    best: dict[tuple[str, ...], Proposal] = {}
    for one in (*_one_to_one(about, pool, way, similarity), *_few(about, pool, way)):
        if one.subjects not in best or best[one.subjects].points < one.points:
            best[one.subjects] = one
    return tuple(sorted(best.values(), key=lambda one: (-one.points, one.subjects, one.rule))[:SHOWN])


def _other_side(kind: str) -> tuple[Way, frozenset[str]]:
    for one, other, way in _OTHER_SIDES:
        if kind in one:
            return way, other
        if kind in other:
            return way, one
    return "look", frozenset()


def _same_bank(about: Candidate, other: Candidate) -> bool:
    return not about.bic or not other.bic or about.bic == other.bic


def _one_to_one(
    about: Candidate, pool: Sequence[Candidate], way: Way, similarity: Callable[[str, str], int] | None
) -> Iterator[Proposal]:
    """Each record by itself: the same amount, or the same amount but for two digits."""
    equal = [one for one in pool if one.amount == about.amount]
    amount = f"{format_tenge(about.amount)} KZT"
    for one in pool:
        is_person = bool(about.iin) and about.iin == one.iin
        is_account = bool(about.iban) and about.iban == one.iban
        is_stranger = bool(about.iin) and bool(one.iin) and not is_person and not is_account
        if not is_stranger and swapped_digits(about.amount, one.amount):
            said = f"{format_tenge(about.amount)} and {format_tenge(one.amount)} KZT are the same but for two digits"
            sentence = f"{said}{', and the person is the same' if is_person else ''}; one side mistyped it"
            yield _proposal((one,), "swapped_digits", 75 if is_person else 50, sentence, "escalate")
        if one.amount != about.amount:
            continue
        if is_person:
            where = "the same account" if is_account else "another account"
            yield _proposal((one,), "same_person", 95, f"same person and amount, {amount}, on {where}", way)
        elif is_account:
            yield _proposal((one,), "same_account", 85, f"same account and amount, {amount}, of another IIN", way)
        alike = similarity(about.full_name, one.full_name) if similarity and about.full_name and one.full_name else 0
        if alike >= ALIKE and not is_person:
            yield _proposal((one,), "similar_names", 80, f"same amount, {amount}, and names {alike} of 100 alike", way)
        if is_stranger:
            continue
        if len(equal) == 1:
            yield _proposal((one,), "equal_amount", 70, f"the only open record of {amount} on the other side", way)
        elif len(equal) <= _EQUAL_MOST:
            yield _proposal((one,), "equal_amount", 40, f"one of {len(equal)} open records of {amount}", way)


def _few(about: Candidate, pool: Sequence[Candidate], way: Way) -> Iterator[Proposal]:
    """Several records whose sum it is, where only one choice of them makes it: of a person, else of a group."""
    if way not in {"match", "message"} or (way == "message" and about.kind != "money_unidentified"):
        return
    smaller = [one for one in pool if 0 < one.amount < about.amount]
    groups: dict[tuple[str, str], list[Candidate]] = defaultdict(list)
    for one in smaller:
        groups["group", one.group].append(one)
        if about.iin and one.iin == about.iin:
            groups["person", one.group].append(one)
    for (of, _), members in sorted(groups.items()):
        if not 1 < len(members) <= MOST:
            continue
        chosen = only_subset([one.amount for one in members], about.amount)
        if chosen:
            parts = [members[place] for place in chosen]
            sums = " + ".join(format_tenge(one.amount) for one in parts)
            whose = " of this person" if of == "person" else ""
            sentence = f"{sums} = {format_tenge(about.amount)} KZT, and no other choice of {len(members)}{whose} is it"
            yield _proposal(parts, "sum_of_few", 90 if of == "person" else 65, sentence, way)


def _proposal(parts: Sequence[Candidate], rule: str, points: int, sentence: str, way: Way) -> Proposal:
    return Proposal(subjects=tuple(one.subject for one in parts), rule=rule, points=points, sentence=sentence, way=way)


def swapped_digits(one: int, other: int) -> bool:
    """Whether two amounts are the same but for two neighbours among the digits that changed places."""
    if one == other or (one - other) % 9:
        return False
    a, b = str(one), str(other)
    if len(a) != len(b):
        return False
    apart = [place for place in range(len(a)) if a[place] != b[place]]
    return len(apart) == 2 and apart[1] == apart[0] + 1 and a[apart[0]] == b[apart[1]] and a[apart[1]] == b[apart[0]]
