"""The documents of a closed month: the golden figures, the same bytes for ever, a refusal while anything differs."""

from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from formats.documents import StatementRow
from ledgers import db
from ledgers.verify import verify
from reconcile import act, close, setup
from reconcile.act import MonthNotClosed
from reconcile.archive import ArchiveDamaged, MissingFromArchive
from reconcile.close import MonthDisagrees
from reconcile.desk import Desk
from tests.ledgers.stories import GOLDEN, Story
from tests.ledgers.story_rows import MONTH, day

APRIL = date(2024, 4, 2)
A = "Мүгедектігі бар адамдарға Наурыз мейрамына (5 АЕК)"
B = "Көпбалалы аналарға Наурыз мейрамына (2 АЕК)"
NAMES = sorted(
    [f"{name}-AST-2024-03.xml" for name in ("act", "statement-by-banks", "annex-1", "annex-2")]
    + [
        f"{name}-AST-2024-03-{language}.{kind}"
        for name in ("act", "statement-by-banks", "annex-1", "annex-2")
        for language in ("kk", "ru")
        for kind in ("pdf", "xlsx")
    ]
)


@pytest.fixture
def later(desk: Desk) -> Desk:
    """The desk in April."""
    return replace(desk, today=APRIL)


def closed(desk: Desk) -> Story:
    story = Story(desk).golden()
    close.month(replace(desk, today=APRIL), "AST", MONTH)
    return story


def digests(folder: Path) -> dict[str, str]:
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def cells(row: StatementRow) -> tuple[Any, ...]:
    return row.bank_kk, row.sent_count, row.sent, row.returned_count, row.returned, row.paid_count, row.paid, row.aid_kk


def test_golden_documents_hold_every_figure_of_the_month(desk: Desk, later: Desk, tmp_path: Path) -> None:
    """E53, E77: Appendix 1 and 2 of the golden month, row by row."""
    closed(desk)
    built = act.build(later, "AST", day(20), tmp_path / "out")
    assert not built.was_built
    rows = [(row.code, row.order_number, row.order_date, row.amount, row.aid_kk) for row in built.act.rows]
    assert rows == [(1, "145", day(14), 1_846_000_00, A), (2, "146", day(14), 295_360_00, B)]
    assert built.act.total == 2_141_360_00
    assert [cells(row) for row in built.statement.rows] == [
        ("Halyk", 60, 1_107_600_00, 2, 36_920_00, 58, 1_070_680_00, A),
        ("Kaspi", 31, 572_260_00, 0, 0, 31, 572_260_00, A),
        ("Қазпочта", 10, 184_600_00, 1, 18_460_00, 9, 166_140_00, A),
        ("Halyk", 25, 184_600_00, 0, 0, 25, 184_600_00, B),
        ("Kaspi", 15, 110_760_00, 0, 0, 15, 110_760_00, B),
    ]
    assert cells(built.statement.total)[1:-1] == (141, 2_159_820_00, 3, 55_380_00, 138, 2_104_440_00)
    assert [row.number for row in built.statement.rows] == [1, 2, 3, 4, 5]
    assert (built.act.authority_bin, built.act.corporation_signer.full_name) == (
        "230540100010",
        "Мұқанова Сәуле Ерболқызы",
    )
    assert sorted(digests(tmp_path / "out")) == NAMES
    with desk.database.begin() as connection:
        assert verify(connection).is_sound


def test_the_same_bytes_are_delivered_for_ever(desk: Desk, later: Desk, tmp_path: Path) -> None:
    """E76: whatever is set up later, the documents of March are those that were built."""
    closed(desk)
    first = act.build(later, "AST", MONTH, tmp_path / "first")
    renamed = tmp_path / "setup.toml"
    renamed.write_text(GOLDEN.read_text("utf-8").replace("(2 АЕК)", "(екі АЕК)"), "utf-8")
    setup.import_file(later, renamed)
    may = replace(later, today=date(2024, 5, 3))
    second = act.build(may, "AST", MONTH, tmp_path / "second")
    assert second.was_built
    assert (second.act, second.statement) == (first.act, first.statement)
    assert digests(tmp_path / "second") == digests(tmp_path / "first")
    (tmp_path / "second" / "act-AST-2024-03-kk.pdf").unlink()
    third = act.build(may, "AST", MONTH, tmp_path / "second")
    assert [file.path.name for file in third.files if file.written] == ["act-AST-2024-03-kk.pdf"]


def test_a_document_that_the_archive_lost_is_named(desk: Desk, later: Desk, tmp_path: Path) -> None:
    closed(desk)
    act.build(later, "AST", MONTH, tmp_path / "out")
    name = "act-AST-2024-03.xml"
    kept = desk.archive.path(bytes.fromhex(digests(tmp_path / "out")[name]))
    octets = kept.read_bytes()
    kept.write_bytes(octets.replace(b"145", b"154"))
    with pytest.raises(ArchiveDamaged, match=name):
        act.build(later, "AST", MONTH, tmp_path / "out")
    kept.unlink()
    with pytest.raises(MissingFromArchive, match=name):
        act.build(later, "AST", MONTH, tmp_path / "out")


def test_two_books_with_the_same_month_give_the_same_bytes(desk: Desk, later: Desk, tmp_path: Path) -> None:
    """The bytes depend on the values alone, not on the day or the folder of the run."""
    closed(desk)
    act.build(later, "AST", MONTH, tmp_path / "first")
    with desk.database.begin() as connection:
        documents = connection.execute(text("SELECT count(*) FROM esep.document")).scalar_one()
    assert documents == len(NAMES)
    values = act.build(later, "AST", MONTH, tmp_path / "first")
    assert values.money is not None
    assert values.people is not None
    again = act._files("AST", MONTH, values.act, values.statement, values.money, values.people)
    assert {name: sha256(octets).hexdigest() for name, octets in again.items()} == digests(tmp_path / "first")


def test_an_open_month_has_no_documents(desk: Desk, later: Desk, tmp_path: Path) -> None:
    Story(desk).golden()
    with pytest.raises(MonthNotClosed, match="esep month close --authority AST --month 2024-03"):
        act.build(later, "AST", MONTH, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_empty_month_has_its_documents(desk: Desk, later: Desk, tmp_path: Path) -> None:
    """E68: БАРЛЫҒЫ 0,00 and no bank rows."""
    story = Story(desk)
    story.set_up()
    story.statement()
    close.month(later, "AST", MONTH)
    built = act.build(later, "AST", MONTH, tmp_path / "out")
    assert (built.act.rows, built.act.total, built.statement.rows) == ((), 0, ())
    assert cells(built.statement.total)[1:-1] == (0, 0, 0, 0, 0, 0)
    assert sorted(digests(tmp_path / "out")) == NAMES


DIFFERENCES = [
    (
        "UPDATE esep.payment SET amount = amount + 1 WHERE award_number = 20000005",
        ["sent, file GCVP-00100000071", "Appendix 2, column 4: the document says 2\xa0159\xa0820,01"],
    ),
    (
        "UPDATE esep.transfer SET amount = amount - 1 WHERE order_number = '145'",
        ["transfers, transfer 145", "Appendix 1, column 6: the document says 2\xa0141\xa0359,99"],
    ),
    (
        "UPDATE esep.returned_payment SET amount = amount - 1 WHERE award_number = 20000002",
        ["returned, return HSBKKZKX RET1", "Appendix 2, column 6: the document says 55\xa0379,99"],
    ),
]


@pytest.mark.parametrize(("statement", "starts"), DIFFERENCES, ids=[starts[1] for _, starts in DIFFERENCES])
def test_a_tiyn_refuses_the_documents_and_names_the_line(
    desk: Desk, later: Desk, location: db.Location, tmp_path: Path, statement: str, starts: list[str]
) -> None:
    """E72: also when the difference came after the close, behind the triggers."""
    closed(desk)
    with db.owned(location) as owner, owner.begin() as connection:
        for table in ("payment", "transfer", "returned_payment"):
            connection.execute(text(f"ALTER TABLE esep.{table} DISABLE TRIGGER USER"))
        connection.execute(text(statement))
    with pytest.raises(MonthDisagrees) as caught:
        act.build(later, "AST", MONTH, tmp_path / "out")
    found = [str(finding) for finding in caught.value.findings]
    assert [start for start in starts if any(one.startswith(start) for one in found)] == starts, found
    assert not (tmp_path / "out").exists()


def test_a_transfer_is_a_row_for_each_kind_and_one_for_what_no_request_took(
    desk: Desk, later: Desk, tmp_path: Path
) -> None:
    """E34: the act shows all that was received; the excess has no aid."""
    story = Story(desk)
    story.set_up()
    story.awards({("A", "HSBKKZKX"): 3})
    story.request({"A": 55_380_00})
    story.transfer("145", "A", 55_380_00, day(14), excess=270_00)
    story.statement()
    close.month(later, "AST", MONTH)
    built = act.build(later, "AST", MONTH, tmp_path / "out")
    assert [(row.order_number, row.amount, row.aid_kk) for row in built.act.rows] == [
        ("145", 55_380_00, A),
        ("145", 270_00, ""),
    ]
    assert built.act.total == 55_650_00


def test_what_came_back_next_month_makes_that_month_negative(desk: Desk, tmp_path: Path) -> None:
    """E59, AMB-12: March stays as it was; in April Kaspi has 0 sent, 1 returned, −1 paid."""
    story = closed(desk)
    march = act.build(replace(desk, today=APRIL), "AST", MONTH, tmp_path / "march")
    back = date(2024, 4, 3)
    story.come_back("A", "CASPKZKA", [20_000_061], back, "шот жабылған")
    story.statement(date(2024, 4, 30), since=date(2024, 4, 1))
    may = replace(desk, today=date(2024, 5, 3))
    close.month(may, "AST", date(2024, 4, 1))
    april = act.build(may, "AST", date(2024, 4, 1), tmp_path / "april")
    assert [cells(row) for row in april.statement.rows] == [("Kaspi", 0, 0, 1, 18_460_00, -1, -18_460_00, A)]
    assert april.act.rows == ()
    assert act.build(may, "AST", MONTH, tmp_path / "march").statement == march.statement
