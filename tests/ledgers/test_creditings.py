"""The rules' hard places on both servers: joins and windows give the same whatever the server, and nothing is lost."""

from pathlib import Path

from sqlalchemy import text

from ledgers import crediting_breaks, crediting_matches, db, posting
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
        assert crediting_matches.terms(connection, HALYK)["reference"] == crediting_matches.MatchTerm()
