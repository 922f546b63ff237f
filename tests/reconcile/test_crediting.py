"""Banks' crediting registers against the payments: imported, split into books, matched person by person."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from formats.errors import FormatError
from ledgers import crediting_breaks, crediting_matches, creditings, db, posting, verify
from ledgers.crediting_explain import explain
from ledgers.errors import EntryConflict, NotPermitted
from ledgers.journal import EntryDraft
from reconcile import crediting, crediting_report
from reconcile.archive import Archive
from reconcile.crediting import CreditingImport, NotACrediting
from reconcile.desk import Desk
from tests.conftest import NewBooks
from tests.ledgers.credited import HALYK, PEOPLE, Paid, Said, World, register, said
from tests.ledgers.story_rows import day
from tests.reconcile.bank import counts, two_authorities
from tests.reconcile.bank import people as people_of


class Undone:
    """Books in one transaction that is undone at the end: what a test commits is a savepoint of it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        with db.refusals(), self._connection.begin_nested():
            yield self._connection


@pytest.fixture(scope="module")
def books(new_books: NewBooks, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Books with a setup, for a whole module."""
    with new_books() as location, db.opened(location) as database:
        archive = Archive(tmp_path_factory.mktemp("archive"))
        office = Desk(database=database, archive=archive, actor="tester", today=day(20))
        World(office)
        yield office


@pytest.fixture
def undone(books: Desk) -> Iterator[Desk]:
    """A desk at which one register may come; nothing of it stays."""
    with books.database.engine.connect() as connection:
        yield replace(books, database=Undone(connection))  # type: ignore[arg-type]
        connection.rollback()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "registers"
    path.mkdir()
    return path


def bring(desk: Desk, folder: Path, *lines: Said, document: str = "17") -> CreditingImport:
    office = replace(desk, today=day(20))
    return crediting.import_file(office, register(folder, lines), bic=HALYK, document=document, dated=day(19))


def found(result: CreditingImport) -> dict[str, int]:
    return {one.rule: one.count for book in result.books for one in book.found}


def plain(sentence: str) -> str:
    """A sentence with simple spaces in its amounts."""
    return sentence.replace("\xa0", " ")


def differences(desk: Desk, book: int = 1) -> dict[str, str]:
    """Subject -> kind of what differs in a book."""
    with desk.database.begin() as connection:
        found = crediting_breaks.differences(connection, book)
    assert len({one.subject for one in found}) == len(found)
    return {one.subject: one.kind for one in found}


PAID = [Paid(order=71, item=item, who=item) for item in range(1, 4)]
TWO = [Paid(order=71, item=1, who=1, amount=100_00), Paid(order=71, item=2, who=1, amount=200_00)]
TWINS = [Paid(order=71, item=1, who=1), Paid(order=71, item=2, who=1)]
CHILDREN = [Paid(order=71, item=1, who=1, account_of=3), Paid(order=71, item=2, who=2, account_of=3)]
ALL = [said(one) for one in PAID]
REST = [said(one) for one in PAID[1:]]
ONE = PAID[0]
P1, P2 = "P20000001/1", "P20000002/1"
MISSING = "payment_not_credited"

CASES: dict[str, tuple[list[Paid], list[Said], dict[str, int], dict[str, str]]] = {
    "exact": (PAID, ALL, {"reference": 3}, {}),
    "number of the order": (PAID, [said(ONE, order="71"), *REST], {"reference": 3}, {}),
    "no item": (PAID, [said(ONE, item=""), *REST], {"reference": 2, "person": 1}, {}),
    "item of another numbering": (PAID, [said(ONE, item="7"), *REST], {"reference": 2, "person": 1}, {}),
    "no item, no IIN": (PAID, [said(ONE, item="", iin=""), *REST], {"reference": 2, "account": 1}, {}),
    "one account of two children": (CHILDREN, [said(one, iin="") for one in CHILDREN], {"account": 2}, {}),
    "one of two children": (CHILDREN, [said(CHILDREN[0], iin="", item="")], {}, {"C1/2": "credited_ambiguous"}),
    "no order": (PAID, [said(ONE, order="", item=""), *REST], {"reference": 2, "person_any_order": 1}, {}),
    "unknown order": (PAID, [said(ONE, order="GCVP-00100000099"), *REST], {"reference": 2, "person_any_order": 1}, {}),
    "no order, long ago": (PAID, [said(ONE, order="", on=day(6)), *REST], {"reference": 2},
                           {"C1/2": "credited_unknown", P1: MISSING}),
    "two at once": (TWO, [said(TWO[0], item="", amount=300_00)], {"sum_of_person": 1}, {}),
    "two at once, a tiyn less": (TWO, [said(TWO[0], item="", amount=299_99)], {},
                                 {"C1/2": "credited_amount", P1: MISSING}),
    "one in two parts": (PAID, [said(ONE, amount=18_000_00), said(ONE, amount=460_00), *REST],
                         {"reference": 2, "sum_of_person": 2}, {}),
    "twins, one line": (TWINS, [said(TWINS[0], item="")], {}, {"C1/2": "credited_ambiguous"}),
    "twins, two lines": (TWINS, [said(one, item="") for one in TWINS], {"person": 2}, {}),
    "twins, three lines": (TWINS, [said(TWINS[0], item="") for _ in range(3)], {"person": 2},
                           {"C1/4": "credited_twice"}),
    "the same reference twice": (PAID, [*ALL, said(ONE)], {"reference": 3}, {"C1/5": "credited_twice"}),
    "item of another's line": (PAID, [*ALL, said(ONE, amount=1_00, iin=PEOPLE[9].iin, iban=PAID[1].iban())],
                               {"reference": 3}, {"C1/5": "credited_twice"}),
    "swapped digits": (PAID, [said(ONE, amount=18_640_00), *REST], {"reference": 2}, {"C1/2": "credited_amount"}),
    "another account": (PAID, [said(ONE, iban=Paid(order=1, item=1, who=9).iban()), *REST], {"reference": 2},
                        {"C1/2": "credited_account"}),
    "another person": (PAID, [said(ONE, iin=PEOPLE[9].iin), *REST], {"reference": 2}, {"C1/2": "credited_person"}),
    "a stranger": (PAID, [*ALL, said(Paid(order=71, item=9, who=9))], {"reference": 3}, {"C1/5": "credited_unknown"}),
    "nobody's line": (PAID, [said(one) for one in PAID[:2]], {"reference": 2}, {"P20000003/1": MISSING}),
    "returned, no message": (PAID, [said(ONE, outcome="возвращено"), *REST], {"reference": 3},
                             {"C1/2": "returned_without_notice"}),
    "credited and returned, no message": (PAID, [*ALL, said(ONE, outcome="қайтарылды")], {"reference": 3},
                                          {"C1/5": "returned_without_notice"}),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_lines_are_matched_or_differ(undone: Desk, folder: Path, case: str) -> None:
    paid, lines, rules, left = CASES[case]
    World(undone, is_set_up=True).send(paid)
    assert found(bring(undone, folder, *lines)) == rules
    assert differences(undone) == left


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        ([said(ONE, outcome="returned")], {}),
        ([said(ONE)], {"C1/2": "credited_though_returned"}),
        ([said(ONE), said(ONE, outcome="returned", on=day(20))], {}),
        ([], {}),
    ],
)
def test_a_return_of_ours_against_the_register(
    undone: Desk, folder: Path, lines: list[Said], left: dict[str, str]
) -> None:
    world = World(undone, is_set_up=True)
    world.send(PAID)
    world.come_back(20_000_001, ONE.amount)
    bring(undone, folder, *lines, *REST)
    assert differences(undone) == left


def test_reasons_compare_numbers_and_tell_nobody(undone: Desk, folder: Path) -> None:
    """No name, no IIN, of an account its last four characters."""
    World(undone, is_set_up=True).send(PAID)
    other = Paid(order=1, item=1, who=9).iban()
    bring(undone, folder, said(ONE, amount=18_640_00), said(PAID[1], iban=other), said(PAID[2], iin=PEOPLE[9].iin))
    with undone.database.begin() as connection:
        amount, account, person = crediting_breaks.differences(connection, 1)
    assert plain(amount.reason) == (
        "line 2 of register C1 says 18 640,00 KZT credited on 19.03.2024: P20000001/1, order 71 item 1 was paid "
        "18 460,00 KZT, a difference of 180,00; the same digits in another order"
    )
    assert amount.amount == 180_00
    assert account.reason.endswith(
        f"P20000002/1, order 71 item 2 was paid to the account …{PAID[1].iban()[-4:]}, the bank names …{other[-4:]}; "
        "person and amount are equal"
    )
    assert (account.bic, account.aid_kind, account.happened_on) == (HALYK, "A", day(19))
    told = " ".join(one.reason for one in (amount, account, person))
    for one in PEOPLE[:10]:
        assert one.iin not in told
        assert one.surname not in told
        assert one.iban("601") not in told


EXPLAINED = {
    "exact": "line 2 of C1 names item 71/1 by order and item; IIN, account and amount are equal",
    "one in two parts": "lines 2, 3 of C1 together and item 71/1 together are all that is open of the person on this "
    "account",
}


@pytest.mark.parametrize("case", EXPLAINED)
def test_a_match_is_explained(undone: Desk, folder: Path, case: str) -> None:
    World(undone, is_set_up=True).send(CASES[case][0])
    bring(undone, folder, *CASES[case][1])
    with undone.database.begin() as connection:
        why = explain(connection, 1, 1, 2)
        assert why is not None
        assert plain(why.sentence) == f"{EXPLAINED[case]}; paid 18 460,00, credited 18 460,00 KZT"
        assert explain(connection, 1, 1, 99) is None


@pytest.mark.parametrize(("tolerance", "rules"), [(0, {}), (10, {"person": 1}), (9, {})])
def test_amounts_are_apart_by_agreement_alone(
    undone: Desk, folder: Path, tolerance: int, rules: dict[str, int]
) -> None:
    world = World(undone, is_set_up=True)
    world.send([ONE])
    term = {"iban": "", "bic": HALYK, "rule": "person", "version": 1, "is_on": True, "window_days": 10}
    own = term | {"authority_id": 0, "tolerance": tolerance, "reason": "договор 5, п. 3"}
    world.story.enter("match_terms_changed", day(18), {"match_term": [own]}, book=0)
    assert found(bring(undone, folder, said(ONE, item="", amount=ONE.amount - 10))) == rules


def test_a_rule_is_switched_off_by_its_term(undone: Desk, folder: Path) -> None:
    world = World(undone, is_set_up=True)
    world.send([ONE])
    term = {"iban": "", "bic": "", "rule": "reference", "version": 1, "is_on": False, "window_days": 10, "tolerance": 0}
    world.story.enter("match_terms_changed", day(18), {"match_term": [term | {"reason": "-"}]}, book=0)
    assert found(bring(undone, folder, said(ONE))) == {"person": 1}


def test_what_cannot_be_imported_is_refused(undone: Desk, folder: Path) -> None:
    path = register(folder, ALL)
    for bic, dated, why in (("NOBANKXX", day(19), "there is no bank"), (HALYK, day(21), "lies after today")):
        with pytest.raises(NotACrediting, match=why):
            crediting.import_file(undone, path, bic=bic, document="1", dated=dated)
    with pytest.raises(FormatError) as refusal:
        bring(undone, folder, said(ONE, on=day(21)))
    assert [(fault.line, fault.place) for fault in refusal.value.faults] == [(2, "credited_on")]


def agreed(desk: Desk) -> Counter[tuple[str, int, int, int]]:
    """What is matched by which rule, said without the places of lines: rule, order, item, amount of the lines."""
    with desk.database.begin() as connection:
        rows = connection.execute(
            text("""
                SELECT p.rule, p.order_number, p.item, coalesce(l.amount, 0) AS amount FROM esep.crediting_pair p
                LEFT JOIN esep.crediting_line l ON l.authority_id = p.authority_id
                    AND l.crediting_number = p.crediting_number AND l.line = p.line
                WHERE p.authority_id = 1
            """)
        )
        return Counter((row.rule, row.order_number, row.item, int(row.amount)) for row in rows)


def a_bank_of_all_sorts() -> tuple[list[Paid], list[Said]]:
    """Payments of two files, and what a bank with every habit says of them."""
    paid = [Paid(order=71, item=item, who=item) for item in range(1, 13)]
    paid += [Paid(order=72, item=item, who=12 + item, amount=7_384_00) for item in range(1, 5)]
    paid += [Paid(order=72, item=5, who=20, amount=100_00), Paid(order=72, item=6, who=20, amount=200_00)]
    paid += [Paid(order=72, item=7, who=21), Paid(order=72, item=8, who=21)]
    lines = [said(one) for one in paid[:6]]
    lines += [said(paid[6], item=""), said(paid[7], item="", iin=""), said(paid[8], order=""), said(paid[0])]
    lines += [said(paid[9], amount=18_640_00), said(paid[10], iban=paid[0].iban()), said(paid[12])]
    lines += [said(paid[16], item="", amount=300_00), said(paid[18], item="")]
    return paid, lines


def kinds(desk: Desk) -> Counter[str]:
    return Counter(differences(desk).values())


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_lines_changes_nothing(books: Desk, folder: Path, seed: int) -> None:
    paid, lines = a_bank_of_all_sorts()
    results = []
    for again in (lines, random.Random(seed).sample(lines, len(lines))):  # noqa: S311
        with books.database.engine.connect() as connection:
            office = replace(books, database=Undone(connection))  # type: ignore[arg-type]
            World(office, is_set_up=True).send(paid)
            bring(office, folder, *again)
            results.append((agreed(office), kinds(office)))
            connection.rollback()
    assert results[0] == results[1]
    assert results[0][1] == {
        "credited_amount": 1,
        "credited_account": 1,
        "credited_twice": 1,
        "credited_ambiguous": 1,
        MISSING: 4,
    }


@pytest.fixture
def world(desk: Desk) -> World:
    """Books of a test that brings several registers."""
    return World(replace(desk, today=day(20)))


def test_a_file_in_two_halves_and_twice_changes_nothing(world: World, books: Desk, folder: Path) -> None:
    paid, lines = a_bank_of_all_sorts()
    with books.database.engine.connect() as connection:
        office = replace(books, database=Undone(connection))  # type: ignore[arg-type]
        World(office, is_set_up=True).send(paid)
        bring(office, folder, *lines)
        whole = (agreed(office), kinds(office))
        connection.rollback()
    world.send(paid)
    desk = world.desk
    for half in (lines[::2], lines[1::2]):
        bring(desk, folder, *half)
        path = max(folder.iterdir())
        before = counts(desk)
        again = crediting.import_file(desk, path, bic=HALYK, document="17", dated=day(19))
        assert again.is_repeat
        assert counts(desk) == before
        assert "came before as C" in crediting_report.imported(again)[0]
        with pytest.raises(EntryConflict):
            crediting.import_file(desk, path, bic=HALYK, document="18", dated=day(19))
    assert (agreed(desk), kinds(desk)) == whole
    assert crediting.match_again(desk)[0].found == ()
    with desk.database.begin() as connection:
        assert verify.verify(connection).is_sound


def test_no_match_is_of_unequal_amounts(world: World, folder: Path) -> None:
    paid, lines = a_bank_of_all_sorts()
    world.send(paid)
    bring(world.desk, folder, *lines)
    with world.desk.database.begin() as connection:
        rows = connection.execute(text("SELECT amount_paid - amount_credited FROM esep.crediting_match")).scalars()
        assert set(rows) == {0}


def test_a_dry_run_leaves_nothing(world: World, folder: Path) -> None:
    world.send(PAID)
    before = counts(world.desk)
    path = register(folder, ALL)
    result = crediting.import_file(world.desk, path, bic=HALYK, document="1", dated=day(19), dry_run=True)
    assert found(result) == {"reference": 3}
    assert counts(world.desk) == before


def test_a_register_ahead_of_its_payments_is_matched_later(world: World, folder: Path) -> None:
    """A line of an order that is not in the books yet stays open; it stands with whoever paid the person before."""
    world.send([Paid(order=71, item=1, who=1)])
    assert found(bring(world.desk, folder, said(Paid(order=72, item=1, who=1, amount=5_00)))) == {}
    world.send([Paid(order=72, item=1, who=1, amount=5_00)])
    (again,) = crediting.match_again(world.desk)
    assert [(one.rule, one.count) for one in again.found] == [("reference", 1)]
    with world.desk.database.begin() as connection:
        shown = crediting_report.shown(crediting.show(connection, 1, "AST"), tabs=False)
    assert any("reference" in line for line in shown)


def test_matched_by_hand_and_taken_apart(world: World, folder: Path) -> None:
    world.send(PAID)
    bring(world.desk, folder, said(ONE, iban=Paid(order=1, item=1, who=9).iban()), said(PAID[1], amount=1_00))

    def by_hand(lines: Sequence[int], items: Sequence[int], note: str = "письмо банка 5") -> Any:
        def make(connection: Connection, number: int) -> dict[str, str]:
            crediting_matches.match_by_hand(connection, 1, number, 1, [71] * len(items), items, lines, note)
            return {"crediting_match": ""}

        return make

    def enter(kind: Any, write: Any) -> None:
        with world.desk.database.begin() as connection:
            posting.lock(connection, [1])
            number = posting.next_number(connection, 1)
            wrote = write(connection, number)
            draft = EntryDraft(
                kind=kind, booked_on=day(20), value_date=day(20), actor="t", source_key=f"test:{number}",
                source_digest=bytes(32), summary="-",
            )  # fmt: skip
            posting.seal(connection, 1, number, draft, wrote)

    for wrong in (by_hand([9], [1]), by_hand([2], [9]), by_hand([2], [1], " ")):
        with pytest.raises(crediting_matches.NoSuchMatch):
            enter("crediting_matched", wrong)
    with pytest.raises(NotPermitted, match="unequal amounts"):
        enter("crediting_matched", by_hand([3], [2]))
    enter("crediting_matched", by_hand([2], [1]))
    assert differences(world.desk) == {"C1/3": "credited_amount", "P20000003/1": MISSING}
    with pytest.raises(NotPermitted, match="matched already"):
        enter("crediting_matched", by_hand([2], [1]))

    def apart(connection: Connection, number: int) -> dict[str, str]:
        crediting_matches.unmatch(connection, 1, number, 1, 2, "не тот счёт")
        return {"crediting_unmatch": ""}

    enter("crediting_unmatched", apart)
    assert differences(world.desk)["C1/2"] == "credited_account"
    with pytest.raises(crediting_matches.NoSuchMatch, match="before"):
        enter("crediting_unmatched", apart)
    with world.desk.database.begin() as connection:
        assert verify.verify(connection).is_sound


def test_a_register_is_split_into_the_books_that_paid(desk: Desk, tmp_path: Path, folder: Path) -> None:
    """AST sent file 71 to Halyk and ALA file 72, to the same person: a line without a file is of neither."""
    office = replace(two_authorities(desk, tmp_path), today=day(20))
    one = people_of(office)[0]
    line = Said(order="GCVP-00100000071", item="1", iin=one.iin, iban=one.iban, amount=18_460_00)
    ours = [line, replace(line, order="GCVP-00200000072"), replace(line, order=""), replace(line, order="X", iin="")]
    stranger = replace(line, order="", iin=PEOPLE[30].iin, iban=PEOPLE[30].iban("601"))
    result = bring(office, folder, *ours, stranger)
    assert [(book.code, book.crediting.count) for book in result.books] == [("", 3), ("AST", 1), ("ALA", 1)]
    assert [found(CreditingImport(books=(book,), is_repeat=False)) for book in result.books[1:]] == [
        {"reference": 1}
    ] * 2
    assert set(differences(office, 0).values()) == {"credited_unknown"}
    assert differences(office, 1) == differences(office, 2) == {}
    with office.database.begin() as connection:
        rows = creditings.rows(connection)
    assert [(row.authority, row.agreed, row.left) for row in rows] == [("", 0, 3), ("AST", 1, 0), ("ALA", 1, 0)]
