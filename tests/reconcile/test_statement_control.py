"""Statement control: gaps, overlaps, corrected files, and the bank's balance out of the cash of the books (R-044)."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

import cli
from formats import onec
from formats.onec import StatementLine
from ledgers import db
from ledgers.calendar import BUILT_IN
from ledgers.differences import Difference
from ledgers.journal import Event
from ledgers.statement_continuity import Account, Brought, Kept, Turnover
from ledgers.statements import Statement
from reconcile import bank_balance, statement, statement_control, undo
from reconcile.bank_balance import NoStatement, NotReached
from reconcile.control_report import balance as balance_report
from reconcile.control_report import control as control_report
from reconcile.desk import Desk
from tests.ledgers.story_rows import day
from tests.reconcile import golden
from tests.reconcile.bank import A_MONTH, HALYK, OUR_IBAN, STRANGER, credit, debit, line, requested, transfer

IN = golden.STORY / "in"


@dataclass(frozen=True)
class File:
    """A statement of some days of March 2024 with its lines; the opening balance in tiyn."""

    first: int
    last: int
    opening: int
    lines: tuple[StatementLine, ...] = ()

    def written(self, folder: Path) -> Path:
        sums = {way: sum(one.amount for one in self.lines if one.direction == way) for way in ("credit", "debit")}
        content = onec.Statement(
            account=OUR_IBAN,
            date_from=day(self.first),
            date_to=day(self.last),
            opening=self.opening,
            credited=sums["credit"],
            debited=sums["debit"],
            closing=self.opening + sums["credit"] - sums["debit"],
            lines=tuple(replace(one, line=place) for place, one in enumerate(self.lines, start=1)),
        )
        place = len(list(folder.iterdir())) + 1
        path = folder / f"s{place}.txt"
        # Every file has other bytes, so that equal content is not told by its hash.
        path.write_bytes(onec.write(content, "utf-8") + b"\r\n" * place)
        return path


def brought(desk: Desk, folder: Path, *files: File) -> Desk:
    inbox = folder / "inbox"
    inbox.mkdir(exist_ok=True)
    for file in files:
        statement.import_file(desk, file.written(inbox))
    return desk


def controlled(desk: Desk) -> statement_control.Control:
    with desk.database.begin() as connection:
        result = statement_control.control(connection)
        assert statement_control.differences(connection, 0) == list(result.differences)
        assert statement_control.differences(connection, 1) == []
    return result


A = credit(day(4), 100_00, "1", STRANGER)
A_CORRECTED = credit(day(4), 90_00, "1", STRANGER)
TWIN = credit(day(4), 100_00, "1", STRANGER)
B = credit(day(5), 50_00, "2", STRANGER)
C = debit(day(5), 30_00, "3", STRANGER)
FIRST = File(4, 4, 0, (A,))

CHAINS: list[tuple[str, list[File], list[str], list[tuple[str, str, int, date]]]] = [
    ("one after the other", [FIRST, File(5, 5, 100_00, (B, C))], ["begins", "follows ST1"], []),
    ("days off alone are no gap", [File(4, 8, 0, (A,)), File(11, 11, 100_00)], ["begins", "follows ST1"], []),
    (
        "a holiday is a day off",
        [File(4, 7, 0, (A,)), File(11, 11, 100_00)],
        ["begins", "follows ST1"],
        [],
    ),
    (
        "bank days in no statement",
        [FIRST, File(11, 11, 100_00)],
        ["begins", "gap ST1"],
        [("statement_gap", "ST2", 0, day(5))],
    ),
    (
        "bank days and money",
        [FIRST, File(7, 7, 175_00)],
        ["begins", "gap ST1"],
        [("statement_gap", "ST2", 75_00, day(5))],
    ),
    (
        "the missing one came later",
        [FIRST, File(6, 6, 150_00), File(5, 5, 100_00, (B,))],
        ["begins", "follows ST1", "follows ST3"],
        [],
    ),
    (
        "opening is not the last closing",
        [FIRST, File(5, 5, 101_00, (B,))],
        ["begins", "does not follow ST1"],
        [("statement_opening", "ST2", 1_00, day(5))],
    ),
    (
        "the first one opens with money",
        [File(4, 4, 7_00, (A,))],
        ["does not follow"],
        [("statement_opening", "ST1", 7_00, day(4))],
    ),
    (
        "days twice, the same lines",
        [FIRST, File(5, 5, 100_00, (B, C)), File(4, 6, 0, (A, B, C))],
        ["begins", "overlaps ST1, ST2", "follows ST1"],
        [],
    ),
    (
        "days twice, a line more",
        [FIRST, File(4, 5, 0, (A, B))],
        ["begins", "overlaps ST1"],
        [],
    ),
    (
        "days twice, a line is gone",
        [File(4, 5, 0, (A, B)), File(5, 6, 100_00)],
        ["begins", "overlaps ST1"],
        [("statement_overlap", "ST2", -50_00, day(5))],
    ),
    (
        "the same content in other bytes",
        [FIRST, FIRST, File(5, 5, 100_00)],
        ["begins", "same again ST1", "follows ST2"],
        [],
    ),
    (
        "a corrected amount",
        [FIRST, File(4, 4, 0, (A_CORRECTED,)), File(5, 5, 90_00)],
        ["corrected ST2", "corrects ST1", "follows ST2"],
        [("statement_overlap", "ST2", -100_00, day(4))],
    ),
    (
        "a corrected file with a line more",
        [FIRST, File(4, 4, 0, (A, TWIN)), File(5, 5, 200_00)],
        ["corrected ST2", "corrects ST1", "follows ST2"],
        [],
    ),
    (
        "equal lawful lines are two",
        [File(4, 4, 0, (A, TWIN)), File(4, 5, 0, (A, TWIN, B))],
        ["begins", "overlaps ST1"],
        [],
    ),
    (
        "it goes on within the day",
        [FIRST, File(4, 4, 100_00, (credit(day(4), 20_00, "7", STRANGER),)), File(5, 5, 120_00)],
        ["begins", "goes on ST1", "follows ST2"],
        [],
    ),
    (
        "an equal line goes on within the day",
        [FIRST, File(4, 4, 100_00, (TWIN,)), File(5, 5, 200_00)],
        ["begins", "goes on ST1", "follows ST2"],
        [],
    ),
    (
        "it begins within another one with a wrong balance",
        [File(4, 6, 0, (A, B)), File(5, 6, 99_00, (B,))],
        ["begins", "does not follow ST1"],
        [("statement_opening", "ST2", -1_00, day(5))],
    ),
]


IN_BOOKS = ("days twice, the same lines", "a corrected amount", "an equal line goes on within the day")


def account_of(files: list[File]) -> Account:
    """The statements and what each brought, as the import counts: the n-th of equal lines is known with n of them."""
    kept: list[Kept] = []
    brought: list[Brought] = []
    known: Counter[StatementLine] = Counter()
    for number, file in enumerate(files, start=1):
        sums = {way: sum(one.amount for one in file.lines if one.direction == way) for way in ("credit", "debit")}
        head = Statement(
            statement_number=number,
            iban=OUR_IBAN,
            date_from=day(file.first),
            date_to=day(file.last),
            opening=file.opening,
            credited=sums["credit"],
            debited=sums["debit"],
            closing=file.opening + sums["credit"] - sums["debit"],
            sha256=bytes([number]) * 32,
        )
        one = Kept(statement=head, file_name=f"s{number}.txt")
        goes_on = bool(kept) and one.goes_on_from(kept[-1])
        seen = Counter(
            {one_line: n for one_line, n in known.items() if goes_on and one_line.booked_on == day(file.first)}
        )
        for source in file.lines:
            seen[source] += 1
            if seen[source] > known[source]:
                is_credit = source.direction == "credit"
                own = Turnover(count=1, credited=source.amount * is_credit, debited=source.amount * (not is_credit))
                brought.append(Brought(statement_number=number, day=source.booked_on, turnover=own))
        known |= seen
        kept.append(one)
    return Account(kept, brought)


@pytest.mark.parametrize(("files", "verdicts", "wrong"), [row[1:] for row in CHAINS], ids=[row[0] for row in CHAINS])
def test_statements_follow_or_it_is_said_how_not(
    files: list[File], verdicts: list[str], wrong: list[tuple[str, str, int, date]]
) -> None:
    links, found = statement_control.chain(account_of(files), BUILT_IN)
    assert [" ".join(filter(None, (one.verdict, one.against))) for one in links] == verdicts
    assert [(one.kind, one.subject, one.amount, one.happened_on) for one in found] == wrong


@pytest.mark.parametrize("name", IN_BOOKS)
def test_what_was_imported_is_judged_the_same(desk: Desk, tmp_path: Path, name: str) -> None:
    requested(desk)
    (files,) = (row[1] for row in CHAINS if row[0] == name)
    result = controlled(brought(desk, tmp_path, *files))
    links, found = statement_control.chain(account_of(files), BUILT_IN)
    assert (list(result.links), list(result.differences)) == (links, found)


def test_a_gap_is_told_with_its_days_and_figures_and_what_to_do(desk: Desk, tmp_path: Path) -> None:
    requested(desk)
    result = controlled(brought(desk, tmp_path, FIRST, File(7, 7, 175_00)))
    (gap,) = result.differences
    assert gap.reason == (
        "no statement has 2 bank days, 05.03.2024 to 06.03.2024: ST1 closed with 100,00, ST2 opens with 175,00, "
        "difference 75,00"
    )
    told = control_report(result, tabs=False)
    assert told[-2:] == [
        f"  statement gap, ST2: {gap.reason}",
        "    ask the bank for a statement of these days, also if nothing moved: esep statement import FILE",
    ]


def test_a_corrected_file_names_both_files_and_what_differs(desk: Desk, tmp_path: Path) -> None:
    requested(desk)
    result = controlled(brought(desk, tmp_path, FIRST, File(4, 4, 0, (A_CORRECTED,))))
    (found,) = result.differences
    assert found.reason == (
        "ST2 (s2.txt) gives the days of ST1 (s1.txt) again, 04.03.2024: credited 90,00, not 100,00, closing 90,00, "
        "not 100,00; it lacks credits of 100,00 that the books have of these days"
    )


def test_the_golden_month_follows_and_its_whole_month_agrees(desk: Desk, tmp_path: Path) -> None:
    golden.play(desk, "month_end", tmp_path)
    statement.import_file(golden.at(desk, date(2024, 4, 1)), IN / "statement-whole-month.txt")
    result = controlled(desk)
    assert [one.verdict for one in result.links] == ["begins", "overlaps", *["follows"] * 4]
    assert result.differences == ()
    whole = result.links[1]
    assert (whole.new_lines, whole.note.endswith("it has every line that was known, and 0 new ones")) == (0, True)
    assert control_report(result, tabs=True)[-1] == "the statements follow each other, and nothing is missing"


GOLDEN: list[tuple[date | None, int]] = [
    (date(2024, 2, 1), 0),
    (day(14), 2_141_360_00),
    (day(17), 2_141_360_00),
    (day(18), 0),
    (day(19), 55_380_00),
    (day(28), 36_920_00),
    (day(30), 0),
    (None, 0),
]


def test_the_balance_of_every_day_is_the_cash_of_that_day(desk: Desk, tmp_path: Path) -> None:
    golden.play(desk, "month_end", tmp_path)
    with desk.database.begin() as connection:
        for on, bank in GOLDEN:
            result = bank_balance.balance(connection, on)
            assert (result.bank, result.cash, result.difference) == (bank, bank, 0), on
            assert (result.items, result.spoken) == ((), ()), on
        with pytest.raises(NotReached, match=r"they end on 31\.03\.2024; import the next one"):
            bank_balance.balance(connection, date(2024, 4, 1))


def test_files_that_are_not_debited_are_spoken_for_and_no_difference(desk: Desk, tmp_path: Path) -> None:
    golden.play(desk, "orders", tmp_path)
    brought(desk, tmp_path, File(15, 18, A_MONTH + 295_360_00))
    with desk.database.begin() as connection:
        result = bank_balance.balance(connection)
    assert (result.bank, result.difference, result.free) == (2_141_360_00, 0, 0)
    assert {one.file for one in result.spoken} == {f"GCVP-001000000{number}" for number in range(71, 76)}
    cash = f"2{chr(160)}141{chr(160)}360,00"
    assert balance_report(result, tabs=True)[-1] == f"of the cash of all books, {cash} KZT, 0,00 may be spent"


def test_a_debit_without_a_file_is_an_item_by_its_line(desk: Desk, tmp_path: Path) -> None:
    requested(desk)
    brought(desk, tmp_path, File(14, 15, 0, (transfer(day(14), A_MONTH, "145"), debit(day(15), 3_00, "99", HALYK))))
    with desk.database.begin() as connection:
        result = bank_balance.balance(connection)
        before = bank_balance.balance(connection, day(14))
    (item,) = result.items
    assert (item.item, item.line, item.amount, item.document) == ("without a file", "S2", -3_00, "99")
    assert (result.bank, result.cash, result.difference) == (A_MONTH - 3_00, A_MONTH, 0)
    assert (before.bank, before.items, before.difference) == (A_MONTH, (), 0)
    assert controlled(desk).differences == (), "what is uncleared is no difference of the balance"


def test_a_line_of_a_closed_month_is_a_timing_item_of_that_month(desk: Desk, tmp_path: Path) -> None:
    story = requested(desk)
    story.enter("month_closed", date(2024, 4, 1), {"month_lock": [{"month": date(2024, 3, 1), "closing_cash": 0}]})
    april = replace(desk, today=date(2024, 4, 3))
    late = line("credit", day(29), A_MONTH, "145", STRANGER)
    brought(april, tmp_path, File(29, 31, 0, (late,)))
    with desk.database.begin() as connection:
        result = bank_balance.balance(connection, day(31))
    (item,) = result.items
    assert (item.item, item.amount, item.reason) == (
        "booked later",
        A_MONTH,
        "timing: it is in the books from 03.04.2024",
    )
    assert (result.bank, result.cash, result.difference) == (A_MONTH, 0, 0)


def test_a_debit_that_was_taken_from_its_file_is_an_item(desk: Desk, tmp_path: Path) -> None:
    golden.play(desk, "settled", tmp_path)
    undo.undo(golden.at(desk, day(20)), "S3", "another file")
    with desk.database.begin() as connection:
        result = bank_balance.balance(connection, day(18))
        before = bank_balance.balance(connection, day(17))
    assert [one.line for one in result.items] == ["S3"]
    assert (result.bank, result.cash + result.items[0].amount, result.difference) == (0, 0, 0)
    assert (before.items, before.difference) == ((), 0)


def test_money_that_no_statement_explains_is_a_difference(desk: Desk, tmp_path: Path) -> None:
    """Cash that was posted without a line of a statement."""
    story = requested(desk)
    brought(desk, tmp_path, FIRST)
    event = Event(rule="money_unidentified", credit_reference="S99", amount=5_00)
    story.enter("money_unidentified", day(4), {}, [event])
    (found,) = controlled(desk).differences
    assert (found.kind, found.subject, found.amount) == ("balance_differs", OUR_IBAN, -5_00)
    with desk.database.begin() as connection:
        result = bank_balance.balance(connection)
    assert result.difference == -5_00
    assert balance_report(result, tabs=False)[-1] == ("−5,00 KZT are not explained: esep statement control says where")


def test_without_a_statement_there_is_nothing_to_control(desk: Desk) -> None:
    requested(desk)
    result = controlled(desk)
    assert (result.links, result.differences) == ((), ())
    assert control_report(result, tabs=False) == ["no statement was imported yet"]
    with desk.database.begin() as connection, pytest.raises(NoStatement, match="esep statement import FILE"):
        bank_balance.balance(connection)


def test_a_difference_carries_no_name(desk: Desk, tmp_path: Path) -> None:
    requested(desk)
    found = controlled(brought(desk, tmp_path, FIRST, File(5, 5, 101_00, (B,)))).differences
    assert found == (
        Difference(
            authority_id=0,
            kind="statement_opening",
            subject="ST2",
            amount=1_00,
            happened_on=day(5),
            reason="ST1 closed with 100,00 on 04.03.2024, ST2 opens with 101,00 on 05.03.2024: difference 1,00",
        ),
    )


def test_the_commands_answer_with_the_chain_the_balance_and_the_banks(location: db.Location, tmp_path: Path) -> None:
    surroundings = {
        "ESEP_DATABASE_URL": str(location.url),
        "ESEP_OWNER_DATABASE_URL": str(location.owner_url),
        "ESEP_HOME": str(location.home),
        "ESEP_USER": "Айгүл",
    }

    def esep(*words: str) -> str:
        ran = CliRunner(env=surroundings).invoke(cli.app, list(words))
        assert ran.exit_code == 0, ran.output
        return ran.output

    assert esep("statement", "control") == "no statement was imported yet\n"
    esep("setup", "import", str(golden.STORY / "setup.toml"), "--today", "2024-03-01")
    esep("statement", "import", str(IN / "statement-2024-03-14.txt"), "--today", "2024-03-14")
    chain = tmp_path / "chain.csv"
    assert f"wrote 1 rows to {chain}" in esep("statement", "control", "--save", str(chain))
    assert "opening_tiyn" in chain.read_text("utf-8-sig")
    assert "difference\t0,00" in esep("statement", "balance", "--tabs", "--on", "2024-03-14")
    assert esep("bank", "performance", "--month", "2024-02") == (
        "nothing was sent to a bank in 02.2024, and nothing is open\n"
    )
