"""Terms of rules: versions with a reason, the narrower ones count, and no tolerance without an agreement."""

import pytest

from ledgers import match_terms
from ledgers.match_terms import UnknownRule
from reconcile.desk import Desk
from reconcile.match_terms import TermChanged, Wish, WrongTerm, change, tiyn
from tests.reconcile.bank import counts


def in_force(desk: Desk, rule: str, **where: str) -> tuple[bool, int, int]:
    with desk.database.begin() as connection:
        one = match_terms.in_force(match_terms.last_terms(connection), rule, **where)
    return one.is_on, one.window_days, one.tolerance


def test_the_narrower_terms_count_and_the_old_ones_stay(desk: Desk) -> None:
    assert in_force(desk, "file_not_debited") == (True, 2, 0)
    change(desk, "file_not_debited", Wish(window_days=3), "хат № 1")
    change(desk, "file_not_debited", Wish(window_days=5), "хат № 2", bic="KPSTKZKA")
    assert in_force(desk, "file_not_debited", bic="HSBKKZKX") == (True, 3, 0)
    assert in_force(desk, "file_not_debited", bic="KPSTKZKA") == (True, 5, 0)
    before = counts(desk)
    again = change(desk, "file_not_debited", Wish(window_days=5), "хат № 2", bic="KPSTKZKA")
    assert isinstance(again, TermChanged)
    assert again.is_repeat
    assert counts(desk) == before
    assert change(desk, "file_not_debited", Wish(is_on=False), "хат № 3", bic="KPSTKZKA").now.version == 2
    assert in_force(desk, "file_not_debited", bic="KPSTKZKA") == (False, 5, 0)
    change(desk, "person", Wish(tolerance=1), "келісім № 4", bic="KPSTKZKA", dry_run=True)
    assert in_force(desk, "person", bic="KPSTKZKA") == (True, 10, 0)


@pytest.mark.parametrize(
    ("rule", "wish", "reason", "error", "sentence"),
    [
        ("nonsense", Wish(), "-", UnknownRule, "known are account, "),
        ("person", Wish(tolerance=1), " ", WrongTerm, "not changed without a reason"),
        ("account", Wish(tolerance=1), "-", WrongTerm, "takes no tolerance"),
        ("person", Wish(window_days=-1), "-", WrongTerm, "not below zero"),
    ],
)
def test_terms_that_make_no_sense(desk: Desk, rule: str, wish: Wish, reason: str, error: type, sentence: str) -> None:
    with pytest.raises(error, match=sentence):
        change(desk, rule, wish, reason)


def test_a_tolerance_is_an_amount() -> None:
    assert (tiyn(None), tiyn("0,01")) == (None, 1)
    with pytest.raises(WrongTerm):
        tiyn("1.5")
