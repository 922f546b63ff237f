"""The authority's list of the golden month through the verbs: import, matches by hand, differences, the protocol."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from formats import exchange
from formats.documents import Protocol
from formats.errors import FormatError
from ledgers.authority_lists import Side
from ledgers.money import format_tenge
from ledgers.verify import verify
from reconcile import authority_list, list_protocol, list_report, statement
from reconcile.authority_list import ListImport, NoList, NotMatched
from reconcile.desk import Desk
from reconcile.list_compare import SIDES
from reconcile.list_differences import differences
from reconcile.list_protocol import NothingDiffers
from tests.ledgers.stories import REQUEST, Story
from tests.ledgers.story_rows import MONTH, day
from tests.reconcile.bank import AUTHORITY, FIVE_MRP, counts, line, requested
from tests.reconcile.bank import statement as bank_statement
from tests.reconcile.documents import pages_of

TODAY = date(2024, 4, 8)
HEADING = "side;order_number;order_date;amount;aid_kind;comment"
GOLDEN = (
    "transfer;145;14.03.2024;1846000,00;A;",
    "аударым;00146;14.03.2024;295360,00;Көпбалалы аналарға Наурыз мейрамына (2 АЕК);",
    "возврат;77;29.03.2024;36920,00;;",
)
# E73: one item of 5 MRP less; the refund is missing, an order that nobody got, and one listed twice.
OTHER = (
    "transfer;145;14.03.2024;1827540,00;;",
    "transfer;146;14.03.2024;295360,00;;",
    "transfer;146;14.03.2024;295360,00;;",
    "transfer;151;20.03.2024;100,00;;",
)


def golden(desk: Desk) -> Desk:
    Story(desk).golden()
    return replace(desk, today=TODAY)


def listed(
    desk: Desk, folder: Path, *lines: str, document: str = "хат № 5", month: date = MONTH, dry_run: bool = False
) -> ListImport:
    path = folder / "list.csv"
    path.write_bytes("\r\n".join([HEADING, *lines, ""]).encode("utf-8-sig"))
    return authority_list.import_file(desk, path, "AST", month, document, dry_run=dry_run)


def test_a_list_that_agrees_in_every_line(desk: Desk, tmp_path: Path) -> None:
    """Kinds by code, by name or not at all; numbers with zeros; three languages."""
    office = golden(desk)
    before = counts(office)
    tried = listed(office, tmp_path, *GOLDEN, dry_run=True)
    assert counts(office) == before
    result = listed(office, tmp_path, *GOLDEN)
    assert tried == result
    assert [(one.finding, one.aid_kind) for one in result.comparison.results] == [
        ("agrees", "A"),
        ("agrees", "B"),
        ("agrees", "A"),
    ]
    sums = [(one.ours, one.theirs, one.real, one.timing) for one in map(result.comparison.totals, SIDES)]
    assert sums == [(2_141_360_00, 2_141_360_00, 0, 0), (36_920_00, 36_920_00, 0, 0)]
    assert list_report.imported(result)[0] == "list 1 of 03.2024 of AST: 3 lines imported"
    with office.database.begin() as connection:
        assert differences(connection, 1) == []
        assert verify(connection).is_sound
        with pytest.raises(NothingDiffers):
            list_protocol.make(connection, "AST", MONTH, TODAY, tmp_path / "out")


def test_the_same_file_again_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    office = golden(desk)
    listed(office, tmp_path, *GOLDEN)
    before = counts(office)
    again = listed(office, tmp_path, *GOLDEN)
    assert (again.is_repeat, counts(office)) == (True, before)
    assert list_report.imported(again)[0] == "list 1 of 03.2024 of AST is this very file, nothing changed"
    other = listed(office, tmp_path, *OTHER, document="хат № 6")
    assert (other.before, other.comparison.head.list_number) == (1, 2)
    superseded = listed(office, tmp_path, *GOLDEN)
    assert (superseded.is_repeat, superseded.in_force) == (True, 2)
    assert listed(office, tmp_path, *GOLDEN, document="хат № 7").comparison.head.list_number == 3


def test_differences_name_their_record(desk: Desk, tmp_path: Path) -> None:
    """E39, E73, a refund missing with them: kinds, subjects and amounts, and nothing of people."""
    office = golden(desk)
    listed(office, tmp_path, *OTHER)
    with office.database.begin() as connection:
        found = differences(connection, 1)
    assert [(one.kind, one.subject, one.amount, one.happened_on) for one in found] == [
        ("list_amount", "L1/2", 18_460_00, day(14)),
        ("list_twice", "L1/4", 295_360_00, day(14)),
        ("list_missing_with_us", "L1/5", 100_00, day(20)),
        ("list_missing_with_them", "R77", 36_920_00, day(29)),
    ]
    assert found[0].reason == (
        f"order 145 of 14.03.2024, kind A: they list {format_tenge(1_827_540_00)}, we hold "
        f"{format_tenge(1_846_000_00)}, {format_tenge(18_460_00)} more"
    )


def test_an_empty_month_is_a_list_too(desk: Desk, tmp_path: Path) -> None:
    office = golden(desk)
    result = listed(office, tmp_path, month=date(2024, 4, 1))
    assert (result.comparison.results, result.comparison.head.count) == ((), 0)
    assert list_report.imported(result)[1] == "no order and no refund on either side"


def test_a_transfer_received_in_april(desk: Desk, tmp_path: Path) -> None:
    """E37, AMB-9: of time in March and in April; a difference when no list has it."""
    requested(desk, {("A", "HSBKKZKX"): 1})
    office, april = replace(desk, today=TODAY), date(2024, 4, 1)
    came = line("credit", april, FIVE_MRP, "150", AUTHORITY, REQUEST, dated=date(2024, 3, 29))
    statement.import_file(office, bank_statement(tmp_path, came))
    march = listed(office, tmp_path, "transfer;150;29.03.2024;18460,00;;").comparison
    sides = f"{format_tenge(FIVE_MRP)} on both sides"
    (result,) = march.results
    assert result.sentence == (
        f"order 150 of 29.03.2024, kind A: {sides}, received on 01.04.2024; it counts in 04.2024"
    )
    totals = march.totals("transfer")
    assert (totals.real, totals.timing) == (0, -FIVE_MRP)
    later = listed(office, tmp_path, month=april).comparison
    assert [one.finding for one in later.results] == ["timing"]
    with office.database.begin() as connection:
        assert differences(connection, 1) == []
        made = list_protocol.make(connection, "AST", MONTH, TODAY, tmp_path / "out")
    text = " ".join(pages_of(next(one for one in made.files if one.name.endswith("ru.pdf")).read_bytes()))
    assert "разница во времени: поручение от 29.03.2024, поступило 01.04.2024" in text
    listed(office, tmp_path, document="хат № 6")
    with office.database.begin() as connection:
        assert [(one.kind, one.subject) for one in differences(connection, 1)] == [("list_missing_with_them", "T1")]


def test_a_person_matches_what_no_rule_can(desk: Desk, tmp_path: Path) -> None:
    office = golden(desk)
    listed(office, tmp_path, "transfer;9;01.03.2024;1846000,00;;", "transfer;146;14.03.2024;295360,00;;")
    before = counts(office)
    authority_list.match(office, "AST", "L1/2", "transfer", 1, "хат № 8", dry_run=True)
    assert counts(office) == before
    done = authority_list.match(office, "AST", "L1/2", "transfer", 1, "хат № 8")
    first = done.comparison.results[0]
    assert (first.finding, first.rule) == ("date", "by_hand")
    after = counts(office)
    again = authority_list.match(office, "AST", "L1/2", "transfer", 1, "хат № 8")
    assert (again.is_repeat, counts(office)) == (True, after)
    assert list_report.matched(again)[0] == "line L1/2 was matched to transfer 1 before, nothing changed"
    undone = authority_list.unmatch(office, "AST", "L1/2", "қате")
    assert undone.comparison.results[0].finding == "missing_with_us"
    with pytest.raises(NotMatched, match="nothing to undo"):
        authority_list.unmatch(office, "AST", "L1/2", "қате")
    with office.database.begin() as connection:
        assert verify(connection).is_sound


WRONG: tuple[tuple[str, Side, int, str, str], ...] = (
    ("L1/3", "transfer", 1, "хат", "amounts that differ are never matched"),
    ("L1/3", "refund", 77, "хат", "is a transfer, no refund"),
    ("L1/3", "transfer", 9, "хат", "there is no transfer 9"),
    ("L1/9", "transfer", 1, "хат", "list 1 has no line 9"),
    ("seven", "transfer", 1, "хат", "write it like L2/7"),
    ("L1/3", "transfer", 2, " ", "--reason is empty"),
)


def test_what_is_not_the_same_money_is_not_matched(desk: Desk, tmp_path: Path) -> None:
    office = golden(desk)
    listed(office, tmp_path, *OTHER)
    before = counts(office)
    for place, side, number, reason, sentence in WRONG:
        with pytest.raises(NotMatched, match=sentence):
            authority_list.match(office, "AST", place, side, number, reason)
    authority_list.match(office, "AST", "L1/3", "transfer", 2, "хат")
    with pytest.raises(NotMatched, match="transfer 2 is matched by hand to line L1/3"):
        authority_list.match(office, "AST", "L1/4", "transfer", 2, "хат")
    assert counts(office)["authority_list_match"] == before["authority_list_match"] + 1


def test_lists_that_are_none(desk: Desk, tmp_path: Path) -> None:
    office = golden(desk)
    with pytest.raises(NoList, match="--document is empty"):
        listed(office, tmp_path, *GOLDEN, document=" ")
    with pytest.raises(NoList, match=r"05.2024 has not begun"):
        listed(office, tmp_path, *GOLDEN, month=date(2024, 5, 1))
    with pytest.raises(FormatError):
        listed(office, tmp_path, "transfer;145;14.03.2024;0,00;;")
    with office.database.begin() as connection, pytest.raises(NoList, match=r"sent no list of 03.2024"):
        authority_list.show(connection, "AST", MONTH)


def test_the_protocol_sets_both_sides_against_each_other(desk: Desk, tmp_path: Path) -> None:
    """E73: 2 141 360,00 against 2 418 360,00 with what is listed twice; in both languages, refunds by themselves."""
    office = golden(desk)
    listed(office, tmp_path, *OTHER)
    out = tmp_path / "out"
    with office.database.begin() as connection:
        made = list_protocol.make(connection, "AST", MONTH, TODAY, out)
    ends = ("-kk.pdf", "-kk.xlsx", "-ru.pdf", "-ru.xlsx", ".xml")
    names = [f"list-protocol-AST-2024-03-L1-{side}{end}" for side in ("refunds", "transfers") for end in ends]
    assert [file.name for file in made.files] == sorted(names)
    protocol = exchange.read((out / "list-protocol-AST-2024-03-L1-transfers.xml").read_bytes(), "protocol")
    assert isinstance(protocol, Protocol)
    assert (protocol.ours, protocol.theirs) == (2_141_360_00, 2_418_360_00)
    assert [line.finding for line in protocol.lines] == ["amount", "agrees", "missing_with_us", "missing_with_us"]
    assert protocol.lines[2].comment == "тізімде екі рет көрсетілген / указано в списке дважды"
    ru = " ".join(pages_of((out / "list-protocol-AST-2024-03-L1-transfers-ru.pdf").read_bytes()))
    kk = " ".join(pages_of((out / "list-protocol-AST-2024-03-L1-refunds-kk.pdf").read_bytes()))
    for part in ("указано в списке дважды", "2 418 360,00 (Два миллиона", "Без разницы во времени", "хат № 5"):
        assert part in ru
    for part in ("қайтарылған сомалар бойынша", "уәкілетті органда жоқ", "Мерзім айырмасы"):
        assert part in kk
