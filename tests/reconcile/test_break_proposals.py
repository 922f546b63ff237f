"""Proposals: ranked, each with its sentence: swapped digits, a split, another account, alike names; never by order."""

from random import Random

import pytest

from reconcile.break_proposals import Candidate, proposals, swapped_digits
from reconcile.similar_names import similarity

PAYMENT = Candidate(
    subject="P20000001/1",
    kind="payment_not_credited",
    amount=18_460_00,
    bic="HSBKKZKX",
    group="order 71",
    iin="950114465701",
    full_name="Сәрсенбаев Нұрлан",
    iban="KZ1",
)


def line(subject: str, amount: int, **known: str) -> Candidate:
    given = {"bic": "HSBKKZKX", "group": "register 3", "kind": "credited_unknown"} | known
    return Candidate(subject=subject, amount=amount, **given)


OTHERS = (
    line("C3/1", 18_460_00, iin="950114465701", iban="KZ2"),
    line("C3/2", 18_460_00, full_name="САРСЕНБАЕВ НУРЛАН"),
    line("C3/3", 14_860_00),
    line("C3/4", 10_000_00),
    line("C3/5", 8_460_00),
    line("C4/1", 18_460_00, bic="CASPKZKA"),
    line("S7", 18_460_00, kind="money_unidentified"),
)


def test_what_may_explain_a_payment_that_was_not_credited() -> None:
    found = proposals(PAYMENT, OTHERS, similarity)
    assert [(one.rule, one.subjects) for one in found] == [
        ("same_person", ("C3/1",)),
        ("similar_names", ("C3/2",)),
        ("sum_of_few", ("C3/4", "C3/5")),
        ("swapped_digits", ("C3/3",)),
    ]
    assert [one.way for one in found] == ["match", "match", "match", "escalate"]
    assert "another account" in found[0].sentence
    assert not any("Сәрсенбаев" in one.sentence or "950114465701" in one.sentence for one in found)


def test_the_order_of_candidates_changes_nothing() -> None:
    expected = proposals(PAYMENT, OTHERS, similarity)
    for seed in range(20):
        mixed = list(OTHERS)
        Random(seed).shuffle(mixed)  # noqa: S311 - an order, no secret
        assert proposals(PAYMENT, mixed, similarity) == expected


def test_a_sum_that_can_be_made_in_two_ways_is_not_proposed() -> None:
    others = [line("C3/1", 10_000_00), line("C3/2", 8_460_00), line("C3/3", 8_460_00)]
    assert proposals(PAYMENT, others) == ()


def test_one_of_several_equal_amounts_says_so() -> None:
    found = proposals(PAYMENT, [line("C3/1", 18_460_00), line("C3/2", 18_460_00)])
    assert [one.points for one in found] == [40, 40]
    assert found[0].sentence.startswith("one of 2 open records of ")


def test_whoever_is_known_to_be_somebody_else_is_not_proposed_for_the_amount_alone() -> None:
    stranger = line("C3/1", 18_460_00, iin="860203400128", iban="KZ9")
    assert proposals(PAYMENT, [stranger]) == ()
    (same_account,) = proposals(PAYMENT, [line("C3/1", 18_460_00, iin="860203400128", iban="KZ1")])
    assert (same_account.rule, same_account.points) == ("same_account", 85)


def test_many_equal_amounts_say_nothing() -> None:
    assert proposals(PAYMENT, [line(f"C3/{place}", 18_460_00) for place in range(1, 6)]) == ()


@pytest.mark.parametrize(
    ("kind", "other", "way"),
    [
        ("debit_without_file", "file_not_debited", "settle"),
        ("money_unidentified", "return_without_money", "message"),
        ("return_not_placed", "money_unidentified", "message"),
        ("list_missing_with_us", "list_missing_with_them", "look"),
    ],
)
def test_the_other_side_of_each_kind(kind: str, other: str, way: str) -> None:
    found = proposals(Candidate(subject="S1", kind=kind, amount=5), [Candidate(subject="X2", kind=other, amount=5)])
    assert [(one.rule, one.way) for one in found] == [("equal_amount", way)]


@pytest.mark.parametrize(
    ("one", "other", "is_swapped"),
    [
        (18_460_00, 14_860_00, True),
        (12, 21, True),
        (1846_00, 1846_00, False),
        (120, 102, True),
        (100, 1_000, False),
        (10, 1, False),
        (1_203, 3_201, False),
        (1_234, 2_143, False),
    ],
)
def test_two_neighbouring_digits_that_changed_places(one: int, other: int, is_swapped: bool) -> None:
    assert swapped_digits(one, other) is is_swapped
