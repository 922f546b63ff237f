"""`esep month equation` and the bar to signing: what the table says, and that an act is not signed while it fails."""

import random
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

import cli
from ledgers import closing, db
from ledgers import equation as ledger_equation
from ledgers.equation import EquationRow, Terms
from ledgers.setup import UnknownAuthority
from reconcile import equation, equation_report, refusal, return_place, returns, statement
from reconcile.desk import Desk
from reconcile.equation import Equation, EquationFails
from reconcile.return_hand import Said
from tests.conftest import NewBooks
from tests.ledgers.stories import Story
from tests.ledgers.story_rows import MONTH
from tests.reconcile.acts import built, sign
from tests.reconcile.bank import HALYK, credit, item, people, returns_file
from tests.reconcile.bank import message as told
from tests.reconcile.bank import statement as written
from tests.reconcile.given_back import FIRST, NAMED, paid_month
from tests.reconcile.golden import at, play
from tests.reconcile.test_procedure import EVENTS, MONTHS, Course, end
from tests.reconcile.test_refusal import message
from tests.reconcile.world import CODES

SPACE = "\u00a0"
ITEM = 18_460_00


def looked(desk: Desk, month: date = MONTH) -> Equation:
    with desk.database.begin() as connection:
        return equation.look(connection, "AST", month)


def tamper(location: db.Location, statement: str, table: str) -> None:
    """Change a row as the owner, with the triggers off."""
    with db.owned(location) as owner, owner.begin() as connection:
        connection.execute(text(f"ALTER TABLE esep.{table} DISABLE TRIGGER USER"))
        assert connection.execute(text(statement)).rowcount == 1
        connection.execute(text(f"ALTER TABLE esep.{table} ENABLE TRIGGER USER"))


ONE_TIYN = "UPDATE esep.refund SET amount = amount - 1 WHERE reference = 'P20000002/1'"


def test_the_golden_month_as_a_table(desk: Desk) -> None:
    """1.11: funded 2 141 360,00 = paid 2 104 440,00 + refunded 36 920,00."""
    Story(desk).golden()
    found = looked(desk)
    assert found.holds
    assert (found.total.register.funded, found.total.register.paid, found.total.register.refunded) == (
        2_141_360_00,
        2_104_440_00,
        36_920_00,
    )
    lines = [line.replace(SPACE, " ") for line in equation_report.month_equation(found)]
    assert lines[0] == "03.2024 of AST, up to 31.03.2024: the control equation holds"
    assert [" ".join(line.split()) for line in lines[2:]] == [
        "A HSBKKZKX both 1 089 140,00 1 070 680,00 0,00 18 460,00 0,00 0,00 holds",
        "A CASPKZKA both 572 260,00 572 260,00 0,00 0,00 0,00 0,00 holds",
        "A KPSTKZKA both 184 600,00 166 140,00 0,00 18 460,00 0,00 0,00 holds",
        "A all banks both 1 846 000,00 1 809 080,00 0,00 36 920,00 0,00 0,00 holds",
        "B HSBKKZKX both 184 600,00 184 600,00 0,00 0,00 0,00 0,00 holds",
        "B CASPKZKA both 110 760,00 110 760,00 0,00 0,00 0,00 0,00 holds",
        "B all banks both 295 360,00 295 360,00 0,00 0,00 0,00 0,00 holds",
        "all kinds all banks both 2 141 360,00 2 104 440,00 0,00 36 920,00 0,00 0,00 holds",
    ]


def test_nothing_and_nobody(desk: Desk, tmp_path: Path) -> None:
    play(desk, "request", tmp_path)
    found = looked(desk)
    assert found.holds
    assert equation_report.month_equation(found) == [
        "03.2024 of AST, up to 31.03.2024: no money was placed on a request"
    ]
    with desk.database.begin() as connection, pytest.raises(UnknownAuthority):
        equation.look(connection, "XXX", MONTH)


def test_a_failing_row_is_told_by_both_sources_and_its_reference(desk: Desk, location: db.Location) -> None:
    Story(desk).golden()
    tamper(location, ONE_TIYN, "refund")
    found = looked(desk)
    lines = [line.replace(SPACE, " ") for line in equation_report.month_equation(found)]
    assert lines[0] == "03.2024 of AST, up to 31.03.2024: the control equation FAILS in 1 row"
    assert [" ".join(line.split()) for line in lines[2:4]] == [
        "A HSBKKZKX registers 1 089 140,00 1 070 680,00 0,00 18 459,99 0,00 0,01 registers and postings differ",
        "A HSBKKZKX postings 1 089 140,00 1 070 680,00 0,00 18 460,00 0,00 0,00",
    ]
    assert lines[-2:] == [
        "P20000002/1, kind A, HSBKKZKX: held 0,01 in the registers, 0,00 in the postings",
        "P20000002/1, kind A, HSBKKZKX: refunded 18 459,99 in the registers, 18 460,00 in the postings",
    ]
    sources = [(line.source, line.refunded_tiyn) for line in equation_report.rows(found)[:2]]
    assert sources == [("registers", 18_459_99), ("postings", 18_460_00)]


MISSING = [
    (Terms(funded=5, paid=5), Terms(funded=5, paid=5), 0, "holds"),
    (Terms(funded=5, paid=5), Terms(funded=5, paid=5), 2, "registers and postings differ"),
    (Terms(funded=5), Terms(funded=5, held=5), 1, "registers: 0,05 not accounted for; registers and postings differ"),
    (Terms(held=5), Terms(held=5), 0, "registers: −0,05 not accounted for; postings: −0,05 not accounted for"),
]


@pytest.mark.parametrize(("register", "ledger", "differing", "said"), MISSING)
def test_a_verdict_names_what_is_wrong(register: Terms, ledger: Terms, differing: int, said: str) -> None:
    row = EquationRow(aid_kind="A", bic="", register=register, ledger=ledger, differing=differing)
    assert equation.verdict(row) == said
    assert row.holds == (said == "holds")


# --- Not the sunny days -----------------------------------------------------------------------------------------------


def test_a_refused_file_sent_nothing(desk: Desk, tmp_path: Path) -> None:
    """MT-905: the money stands at no bank again, and goes with the next attempt."""
    play(desk, "orders", tmp_path / "out")
    before = looked(desk)
    assert before.total.register == Terms(funded=2_141_360_00, in_transit=2_141_360_00)
    refusal.import_file(at(desk, date(2024, 3, 18)), message(tmp_path, "GCVP-00100000071"))
    after = looked(desk)
    assert after.holds
    assert after.total.register == Terms(funded=2_141_360_00, in_transit=1_033_760_00, held=1_107_600_00)
    held = {(row.aid_kind, row.bic): row.register.held for row in after.rows if row.register.held}
    assert held == {("A", ""): 1_107_600_00}


def test_what_a_bank_kept_is_held_by_the_bank(desk: Desk, tmp_path: Path) -> None:
    """E54, R-006: the fee is not paid to a person; it is claimed."""
    own = paid_month(desk, tmp_path)
    short = ITEM - 460_00
    statement.import_file(own, written(tmp_path, credit(own.today, short, "77", HALYK, NAMED)))
    returns.import_file(own, returns_file(tmp_path, told(own.today, "77", [item(people(desk)[0], short)])))
    said = Said(messages=("HSBKKZKX/RMZ77",), items=(f"1={FIRST}",), reason="fee", short=True)
    return_place.place(own, said)
    found = looked(desk)
    assert found.holds
    assert (found.total.register.paid, found.total.register.not_resent, found.total.register.claimed) == (
        3 * ITEM,
        short,
        460_00,
    )
    assert equation_report.month_equation(found)[-1] == "of what is held banks kept 460,00 of returns (R-006)"


class WeighedCourse(Course):
    """A course of events after each of which the equation of every book holds, now and at every month's end."""

    def check(self) -> None:
        days = [self.world.today, *(closing.last_day(month) for month in MONTHS)]
        with self.world.desk.database.begin() as connection:
            for book in CODES:
                for last in days:
                    failing = [row for row in ledger_equation.rows(connection, book, last) if not row.holds]
                    assert failing == [], ledger_equation.differences(connection, book, last)


def test_the_equation_holds_in_any_course_of_events(new_books: NewBooks) -> None:
    """Storno, resends, claims, refusals, placings undone, money moved between books, returns of earlier months."""
    chance = random.Random(103)  # noqa: S311 - it draws events, nothing is kept secret with it
    with new_books() as location, db.opened(location) as database:
        course = WeighedCourse(location, database)
        course.world.set_up()
        course.a_month_begins(chance.choice([1, 2, 3]))
        for place in range(45):
            course.happen(chance.choice(EVENTS), chance.randrange(8), chance.randrange(8))
            if place % 5 == 0:
                course.check()
        course.check()
        end(course.world)


# --- The bar to signing -----------------------------------------------------------------------------------------------


def test_an_act_is_not_signed_while_its_equation_fails(desk: Desk, location: db.Location, tmp_path: Path) -> None:
    """Neither side signs; Appendix 2 has no transfers and is signed all the same. The refusal has the numbers."""
    built(desk, tmp_path)
    tamper(location, ONE_TIYN, "refund")
    for role in ("corporation", "authority"):
        with pytest.raises(EquationFails) as refused:
            sign(desk, role)
        assert str(refused.value).replace(SPACE, " ") == (
            "the act cannot be signed, the control equation of 03.2024 fails: kind A, HSBKKZKX: funded 1 089 140,00 = "
            "paid 1 070 680,00 + returned and not resent 0,00 + refunded 18 459,99 + in transit 0,00 + held 0,01 by "
            "the registers, funded 1 089 140,00 = paid 1 070 680,00 + returned and not resent 0,00 + refunded "
            "18 460,00 + in transit 0,00 + held 0,00 by the postings; P20000002/1, kind A, HSBKKZKX: held 0,01 in the "
            "registers, 0,00 in the postings. See all of it with: esep month equation --authority AST --month 2024-03; "
            "whether rows were changed beside the commands says: esep ledger verify"
        )
    sign(desk, "deputy")
    tamper(location, ONE_TIYN.replace("- 1", "+ 1"), "refund")
    sign(desk, "corporation", "authority")


def test_a_recorded_signature_stands_whatever_becomes_of_the_rows(
    desk: Desk, location: db.Location, tmp_path: Path
) -> None:
    built(desk, tmp_path)
    sign(desk, "corporation")
    tamper(location, ONE_TIYN, "refund")
    sign(desk, "corporation")
    with pytest.raises(EquationFails):
        sign(desk, "authority")


# --- The command ------------------------------------------------------------------------------------------------------

Run = Callable[..., Result]


@pytest.fixture
def esep(desk: Desk, location: db.Location) -> Run:
    Story(desk).golden()
    surroundings = {
        "ESEP_DATABASE_URL": str(location.url),
        "ESEP_OWNER_DATABASE_URL": str(location.owner_url),
        "ESEP_HOME": str(location.home),
    }
    return lambda *words: CliRunner(env=surroundings).invoke(cli.app, [*map(str, words)])


def test_the_command_shows_pastes_and_saves(esep: Run, tmp_path: Path) -> None:
    own = ("month", "equation", "--authority", "AST", "--month", "2024-03")
    assert esep(*own).output.startswith("03.2024 of AST, up to 31.03.2024: the control equation holds\nkind")
    pasted = esep(*own, "--tabs").output.splitlines()
    assert pasted[0].split("\t")[3:9] == list(equation_report.HEADING[3:9])
    assert len(pasted) == 9
    path = tmp_path / "equation.csv"
    assert f"wrote 16 rows to {path}" in esep(*own, "--save", path).output
    assert "all kinds;all banks;registers;214136000;210444000;0;3692000;0;0;0;holds" in path.read_text("utf-8-sig")
