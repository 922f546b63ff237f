"""The rules' hard places on both servers: joins and windows give the same whatever the server, and nothing is lost."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from ledgers import crediting_breaks, crediting_matches, db, posting
from ledgers.errors import NotPermitted
from reconcile.archive import Archive
from reconcile.desk import Desk
from tests.ledgers.credited import HALYK, PEOPLE, Paid, Said, World, said
from tests.ledgers.story_rows import day

PAID = [Paid(order=71, item=item, who=item) for item in range(1, 6)]


def rows(lines: list[Said]) -> list[dict[str, object]]:
    """The lines as rows of the register's table."""
    return [
        {
            "crediting_number": 1,
            "line": number,
            "order_reference": line.order,
            "item": int(line.item or 0),
            "iin": line.iin,
            "full_name": "",
            "iban": line.iban,
            "amount": line.amount,
            "outcome": line.outcome,
            "credited_on": line.on,
            "reason": "",
        }
        for number, line in enumerate(lines, start=2)
    ]


def test_all_rules_in_one_go(database: db.Database, tmp_path: Path) -> None:
    """Every rule once; a match is one row for an order and a rule, its lines in their order."""
    desk = Desk(database=database, archive=Archive(tmp_path / "archive"), actor="t", today=day(20))
    world = World(desk)
    two = [Paid(order=72, item=1, who=7, amount=1_00), Paid(order=72, item=2, who=7, amount=2_00)]
    world.send([*PAID, *two])
    lines = [said(PAID[1]), said(PAID[0]), said(PAID[2], item=""), said(PAID[3], item="", iin="")]
    lines += [
        said(PAID[4], order=""),
        said(two[0], amount=3_00),
        said(PAID[0], iin=PEOPLE[20].iin, iban=PEOPLE[20].iban("601")),
    ]
    head = {
        "crediting_number": 1,
        "bic": HALYK,
        "document": "17",
        "dated": day(19),
        "count": len(lines),
        "amount": sum(line.amount for line in lines),
        "sha256": bytes(32),
    }
    world.story.enter("crediting_imported", day(20), {"crediting": [head], "crediting_line": rows(lines)})
    with database.begin() as connection:
        posting.lock(connection, [1])
        found = crediting_matches.match(connection, 1, posting.next_number(connection, 1))
        assert [(one.rule, one.count) for one in found] == [
            ("reference", 2),
            ("person", 1),
            ("account", 1),
            ("person_any_order", 1),
            ("sum_of_person", 1),
        ]
        matches = connection.execute(
            text("SELECT rule, orders, items, lines FROM esep.crediting_match ORDER BY match_number")
        ).all()
        assert tuple(matches[0]) == ("reference", [71, 71], [2, 1], [2, 3])
        assert tuple(matches[-1]) == ("sum_of_person", [72, 72], [1, 2], [7])
        (left,) = crediting_breaks.differences(connection, 1)
        assert (left.kind, left.subject) == ("credited_twice", "C1/8")
        assert crediting_matches.match(connection, 1, posting.next_number(connection, 1) + 1) == []
        connection.rollback()


def test_an_account_has_its_terms_before_all(database: db.Database, tmp_path: Path) -> None:
    desk = Desk(database=database, archive=Archive(tmp_path / "archive"), actor="t", today=day(20))
    world = World(desk)
    term = {"iban": "", "rule": "person", "version": 1, "is_on": True, "window_days": 5, "tolerance": 0, "reason": "-"}
    own = [term | {"bic": ""}, term | {"bic": HALYK, "window_days": 3}]
    world.story.enter("match_terms_changed", day(18), {"match_term": own}, book=0)
    with database.begin() as connection:
        assert crediting_matches.terms(connection, HALYK)["person"].window_days == 3
        assert crediting_matches.terms(connection, "CASPKZKA")["person"].window_days == 5
        untold = crediting_matches.terms(connection, HALYK)["reference"]
        assert (untold.is_on, untold.window_days, untold.tolerance) == (True, 10, 0)


CROSSED = [Paid(order=71, item=1, who=1, amount=1_00), Paid(order=71, item=2, who=2, amount=2_00)]


@pytest.mark.parametrize(
    ("changes", "is_taken"),
    [
        ({}, True),
        ({"lines": [3, 2]}, False),  # the totals agree, the pairs do not
        ({"is_paired": False, "lines": [3, 2]}, True),  # all together are all together
        ({"is_paired": False, "lines": [3], "amount_credited": 2_00}, False),
        ({"amount_paid": 4_00, "amount_credited": 4_00}, False),  # sums that are not those of the registers
        ({"items": [1, 9]}, False),  # a payment that is none
        ({"lines": [2, 9]}, False),  # a line that is none
        ({"items": [1, 1]}, False),
        ({"lines": [2, 2], "amount_credited": 2_00}, False),
    ],
)
def test_the_database_compares_every_pair(
    database: db.Database, tmp_path: Path, changes: dict[str, Any], is_taken: bool
) -> None:
    """No match without equal amounts, whoever writes it: each pair is looked up in both registers."""
    world = World(Desk(database=database, archive=Archive(tmp_path / "archive"), actor="t", today=day(20)))
    world.send(CROSSED)
    lines = [said(one) for one in CROSSED]
    head = {"crediting_number": 1, "bic": HALYK, "document": "17", "dated": day(19), "sha256": bytes(32)}
    brought = [head | {"count": 2, "amount": 3_00}]
    world.story.enter("crediting_imported", day(20), {"crediting": brought, "crediting_line": rows(lines)})
    match = {
        "match_number": 1,
        "crediting_number": 1,
        "rule": "reference",
        "is_paired": True,
        "orders": [71, 71],
        "items": [1, 2],
        "lines": [2, 3],
        "amount_paid": 3_00,
        "amount_credited": 3_00,
        "note": "",
    }
    if is_taken:
        world.story.enter("crediting_matched", day(20), {"crediting_match": [match | changes]})
        return
    with pytest.raises(NotPermitted):
        world.story.enter("crediting_matched", day(20), {"crediting_match": [match | changes]})


@pytest.mark.parametrize(("tolerance", "is_taken"), [(5, True), (4, False)])
def test_a_tolerance_is_that_of_each_pair(
    database: db.Database, tmp_path: Path, tolerance: int, is_taken: bool
) -> None:
    world = World(Desk(database=database, archive=Archive(tmp_path / "archive"), actor="t", today=day(20)))
    world.send(CROSSED)
    term = {"iban": "", "bic": HALYK, "rule": "person", "version": 1, "is_on": True, "window_days": 5}
    agreed = term | {"tolerance": tolerance, "reason": "agreement 5"}
    world.story.enter("match_terms_changed", day(18), {"match_term": [agreed]}, book=0)
    lines = [said(one, amount=one.amount - 5, item="") for one in CROSSED]
    head = {"crediting_number": 1, "bic": HALYK, "document": "17", "dated": day(19), "sha256": bytes(32)}
    brought = [head | {"count": 2, "amount": 2_90}]
    world.story.enter("crediting_imported", day(20), {"crediting": brought, "crediting_line": rows(lines)})
    with database.begin() as connection:
        posting.lock(connection, [1])
        found = crediting_matches.match(connection, 1, posting.next_number(connection, 1))
        assert [(one.rule, one.count) for one in found] == ([("person", 2)] if is_taken else [])
        connection.rollback()


@pytest.mark.parametrize(("of_the_bank", "is_taken"), [(None, True), (5, True), (4, False), (0, False)])
def test_the_terms_of_a_bank_come_before_those_for_all(
    database: db.Database, tmp_path: Path, of_the_bank: int | None, is_taken: bool
) -> None:
    """An agreement for all does not hold for a bank that has terms of its own, in the database as in the program."""
    world = World(Desk(database=database, archive=Archive(tmp_path / "archive"), actor="t", today=day(20)))
    world.send(CROSSED[:1])
    term = {"iban": "", "rule": "person", "version": 1, "is_on": True, "window_days": 5, "reason": "agreement 5"}
    agreed = [term | {"bic": "", "tolerance": 5}]
    agreed += [] if of_the_bank is None else [term | {"bic": HALYK, "tolerance": of_the_bank}]
    world.story.enter("match_terms_changed", day(18), {"match_term": agreed}, book=0)
    head = {"crediting_number": 1, "bic": HALYK, "document": "17", "dated": day(19), "sha256": bytes(32)}
    brought = [head | {"count": 1, "amount": 95}]
    lines = rows([said(CROSSED[0], amount=95, item="")])
    world.story.enter("crediting_imported", day(20), {"crediting": brought, "crediting_line": lines})
    with database.begin() as connection:
        assert (crediting_matches.terms(connection, HALYK)["person"].tolerance >= 5) == is_taken
    match = {
        "match_number": 1,
        "crediting_number": 1,
        "rule": "person",
        "is_paired": True,
        "orders": [71],
        "items": [1],
        "lines": [2],
        "amount_paid": 1_00,
        "amount_credited": 95,
        "note": "",
    }
    if is_taken:
        world.story.enter("crediting_matched", day(20), {"crediting_match": [match]})
        return
    with pytest.raises(NotPermitted, match="no agreement allows it"):
        world.story.enter("crediting_matched", day(20), {"crediting_match": [match]})
