"""Where a transfer belongs: pure decisions on what its authority was asked for (R-041, E32, E34, E35)."""

from datetime import date
from itertools import permutations

import pytest

from ledgers.statements import OpenRequest
from reconcile import match

DAY = date(2024, 3, 14)
R, S = "AST-2024-0001", "AST-2024-0002"


def cell(reference: str, kind: str, amount: int, sent_on: date = date(2024, 3, 12)) -> OpenRequest:
    return OpenRequest(
        authority_id=1,
        request_number=int(reference[-4:]),
        reference=reference,
        sent_on=sent_on,
        aid_kind=kind,
        amount=amount,
    )


ABC = [cell(R, "A", 100), cell(R, "B", 50), cell(R, "C", 30)]
TWO = [*ABC, cell(S, "A", 70), cell(S, "B", 10)]
LATE = [cell(R, "A", 100, date(2024, 3, 15))]

PLACED = [
    ("one kind of a named request", 50, [R], ABC, {"B": 50}, "request_named"),
    ("the only two kinds that make the amount", 150, [R], ABC, {"A": 100, "B": 50}, "request_named"),
    ("other two kinds", 80, [R], ABC, {"B": 50, "C": 30}, "request_named"),
    ("all kinds", 180, [R], ABC, {"A": 100, "B": 50, "C": 30}, "request_named"),
    ("all kinds and more, E34", 200, [R], ABC, {"A": 100, "B": 50, "C": 30}, "request_named"),
    ("a part, no kind known", 60, [R], ABC, {}, "not_placed"),
    ("a part of the only open kind, E32", 60, [R], [cell(R, "A", 100), cell(R, "B", 0)], {"A": 60}, "request_named"),
    ("two sets alike", 80, [R], [*ABC, cell(R, "D", 80), cell(R, "E", 80)], {}, "not_placed"),
    ("one kind before a set", 80, [R], [*ABC, cell(R, "D", 80)], {"D": 80}, "request_named"),
    ("no request named, one kind", 70, [], TWO, {"A": 70}, "amount_of_one_kind"),
    ("no request named, all of one request", 80, [], TWO, {"A": 70, "B": 10}, "amount_of_request"),
    ("no request named, a set of kinds is no evidence", 150, [], TWO, {}, "not_placed"),
    ("no request named, a kind and a request alike", 80, [], [*TWO, cell("AST-2024-0003", "A", 80)], {}, "not_placed"),
    ("no request, E35", 99, [], TWO, {}, "not_placed"),
    ("sent later than the money came", 100, [R], LATE, {}, "request_unknown"),
    ("sent later, not named", 100, [], LATE, {}, "not_placed"),
]


@pytest.mark.parametrize(("case", "amount", "named", "cells", "parts", "rule"), PLACED, ids=[row[0] for row in PLACED])
def test_a_transfer_goes_where_the_evidence_points_and_nowhere_else(
    case: str, amount: int, named: list[str], cells: list[OpenRequest], parts: dict[str, int], rule: str
) -> None:
    found = match.place_transfer(amount, DAY, named, cells)
    assert {one.aid_kind: part for one, part in found.parts} == parts, case
    assert (found.rule, found.rest) == (rule, amount - sum(parts.values()))


def test_the_order_of_the_requests_decides_nothing() -> None:
    for amount in (30, 50, 60, 80, 100, 130, 150, 180, 260, 999):
        for named in ([], [R], [R, S]):
            placings = [match.place_transfer(amount, DAY, named, order) for order in permutations(TWO)]
            found = {
                (frozenset((cell.reference, cell.aid_kind, part) for cell, part in one.parts), one.rest)
                for one in placings
            }
            assert len(found) == 1


def test_what_fits_alike_is_named() -> None:
    found = match.place_transfer(80, DAY, [R], [*ABC, cell(R, "D", 80), cell(R, "E", 80)])
    assert found.reason == f"the amount fits {R} kind D and {R} kind E alike"
    pairs = match.place_transfer(
        110, DAY, [R], [cell(R, kind, amount) for kind, amount in zip("ABCD", (90, 20, 60, 50), strict=True)]
    )
    assert pairs.reason == f"the amount fits {R} kind A, {R} kind B and {R} kind C, {R} kind D alike"


def test_of_very_many_kinds_no_set_is_looked_for() -> None:
    """2 to the power of 40 sets would never end."""
    many = [cell(R, f"K{number}", 2**number) for number in range(40)]
    assert match.place_transfer(3, DAY, [R], many).rule == "not_placed"
    assert match.place_transfer(8, DAY, [R], many).parts == ((many[3], 8),)
