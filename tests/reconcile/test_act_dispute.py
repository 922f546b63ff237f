"""An act that the authority does not agree with: its lines against ours, the protocol, the end (AMB-14, E73)."""

from datetime import date
from pathlib import Path

import pytest

from formats import exchange
from formats.documents import TransferAct
from formats.errors import FormatError
from ledgers import deadlines
from ledgers.errors import NotPermitted
from ledgers.money import format_tenge
from ledgers.verify import verify
from reconcile import act_dispute, act_report, act_settle, act_status, render
from reconcile.act_compare import Row, compare
from reconcile.act_dispute import EmptyText, NothingDisputed
from reconcile.act_settle import EndedOtherwise, UnknownDispute
from reconcile.desk import Desk
from reconcile.paper import Form
from reconcile.words import Language, amount_in_words
from tests.ledgers.story_rows import MONTH
from tests.reconcile.acts import DISABILITY, MOTHERS, built, lines_file, on, sign
from tests.reconcile.bank import counts
from tests.reconcile.documents import pages_of

DISPUTED = date(2024, 4, 10)
THEIRS = ("145;14.03.2024;1827540,00;A;бір адам артық", "146;14.03.2024;295360,00;;")


def dispute(desk: Desk, folder: Path, *lines: str, dry_run: bool = False) -> act_dispute.Disputed:
    file = lines_file(folder, *lines)
    later, out = on(desk, DISPUTED), folder / "out"
    return act_dispute.dispute(later, file, "AST", MONTH, "№ 12 хат", out, dry_run=dry_run)


def state(desk: Desk) -> str:
    with desk.database.begin() as connection:
        return act_status.status(connection, "AST", MONTH)[0].state


def test_the_protocol_of_the_golden_month(desk: Desk, tmp_path: Path) -> None:
    """E73: 2 141 360,00 against 2 122 900,00; one item of 5 MRP between them."""
    built(desk, tmp_path / "out")
    rows = counts(desk)
    tried = dispute(desk, tmp_path, *THEIRS, dry_run=True)
    assert counts(desk) == rows
    result = dispute(desk, tmp_path, *THEIRS)
    protocol = result.protocol
    assert tried.protocol == protocol
    assert (protocol.ours, protocol.theirs, protocol.difference) == (2_141_360_00, 2_122_900_00, 18_460_00)
    assert [(line.order_number, line.aid_kk, line.difference, line.finding) for line in protocol.lines] == [
        ("145", DISABILITY, 18_460_00, "amount"),
        ("146", MOTHERS, 0, "agrees"),
    ]
    names = [f"protocol-AST-2024-03-1{end}" for end in ("-kk.pdf", "-kk.xlsx", "-ru.pdf", "-ru.xlsx", ".xml")]
    assert [file.path.name for file in result.files] == names
    assert state(desk) == "DISPUTED"
    assert exchange.read((tmp_path / "out" / names[-1]).read_bytes(), "protocol") == protocol
    with desk.database.begin() as connection:
        assert verify(connection).is_sound


def test_both_totals_and_the_difference_stand_in_figures_and_words(desk: Desk, tmp_path: Path) -> None:
    """E73, E81: the same figures in both languages; E71: the words are those of the figure."""
    built(desk, tmp_path / "out")
    dispute(desk, tmp_path, *THEIRS)
    kk = " ".join(pages_of((tmp_path / "out" / "protocol-AST-2024-03-1-kk.pdf").read_bytes()))
    ru = " ".join(pages_of((tmp_path / "out" / "protocol-AST-2024-03-1-ru.pdf").read_bytes()))
    for part in ("2 141 360,00", "2 122 900,00", "18 460,00", "1 827 540,00", "бір адам артық", "№ 12 хат"):
        assert part in kk
        assert part in ru
    assert "18 460,00 (Он сегіз мың төрт жүз алпыс теңге 00 тиын)" in kk
    assert "18 460,00 (Восемнадцать тысяч четыреста шестьдесят тенге 00 тиын)" in ru
    assert "№ 1 келіспеушіліктер хаттамасы" in kk
    assert "Протокол разногласий № 1" in ru
    assert "2 122 900,00 (Екі миллион жүз жиырма екі мың тоғыз жүз теңге 00 тиын)" in kk


def test_while_it_is_disputed_nobody_signs_and_the_term_runs_on(desk: Desk, tmp_path: Path) -> None:
    """AMB-14, R-070: DISPUTED is no answer to the 20th."""
    built(desk, tmp_path / "out")
    sign(desk, "corporation", day=date(2024, 4, 9))
    dispute(desk, tmp_path, *THEIRS)
    with pytest.raises(NotPermitted, match="the act is disputed: end the dispute before it is signed"):
        sign(desk, "authority")
    sign(desk, "deputy")
    with desk.database.begin() as connection:
        [act_due] = [one for one in deadlines.board(connection, date(2024, 4, 25)) if one.rule == "R-070"]
    assert (act_due.subject, act_due.met_on, act_due.state) == ("2024-03", None, "overdue")
    settled = act_settle.settle(on(desk, DISPUTED), "AST", MONTH, 1, "explained", "түсіндірілді")
    assert act_report.settled(settled)[0] == "dispute 1 about Appendix 1 of 03.2024 of AST ended: explained"
    sign(desk, "authority")
    assert state(desk) == "SIGNED_BOTH"


def test_the_words_come_from_the_figure_alone(desk: Desk, tmp_path: Path) -> None:
    """E71: no document has words of its own; a form is made of figures, and says them again in words."""
    result = built(desk, tmp_path / "out")
    languages: tuple[Language, ...] = ("kk", "ru")
    for language in languages:
        form = render.form_of(result.act, language)
        figure, _, words = form.sums[0].amount.text.partition(" (")
        assert figure == format_tenge(result.act.total) == form_total(form)
        assert words == f"{amount_in_words(result.act.total, language)})"
    assert not [name for name in TransferAct.__dataclass_fields__ if "words" in name]


def form_total(form: Form) -> str:
    assert isinstance(form.totals[0], int)
    return format_tenge(form.totals[0])


def test_the_same_file_again_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    built(desk, tmp_path / "out")
    dispute(desk, tmp_path, *THEIRS)
    (tmp_path / "out" / "protocol-AST-2024-03-1-kk.pdf").unlink()
    rows = counts(desk)
    again = dispute(desk, tmp_path, *THEIRS)
    assert again.was_known
    assert [file.path.name for file in again.files if file.written] == ["protocol-AST-2024-03-1-kk.pdf"]
    assert counts(desk) == rows
    assert act_report.disputed(again)[-6] == (
        "dispute 1 about Appendix 1 of 03.2024 of AST was recorded before, nothing changed"
    )


def test_a_second_dispute_waits_for_the_end_of_the_first(desk: Desk, tmp_path: Path) -> None:
    built(desk, tmp_path / "out")
    dispute(desk, tmp_path, *THEIRS)
    with pytest.raises(NotPermitted, match="disputed already: end that dispute first"):
        dispute(desk, tmp_path, THEIRS[0])
    act_settle.settle(on(desk, DISPUTED), "AST", MONTH, 1, "withdrawn", "қате")
    second = dispute(desk, tmp_path, THEIRS[0])
    assert second.protocol.number == 2
    assert second.protocol.lines[1].finding == "missing_with_them"
    sign(desk, "deputy")
    rows = counts(desk)
    assert act_settle.settle(on(desk, DISPUTED), "AST", MONTH, 1, "withdrawn", "қате").was_known
    with pytest.raises(EndedOtherwise, match=r"ended on 10.04.2024 already: withdrawn, қате"):
        act_settle.settle(on(desk, DISPUTED), "AST", MONTH, 1, "explained", "қате")
    with pytest.raises(UnknownDispute, match="there is no dispute 3"):
        act_settle.settle(on(desk, DISPUTED), "AST", MONTH, 3, "explained", "қате")
    assert counts(desk) == rows


def test_lines_that_agree_are_no_dispute(desk: Desk, tmp_path: Path) -> None:
    built(desk, tmp_path / "out")
    rows = counts(desk) | {"received_file": 0}
    with pytest.raises(NothingDisputed, match="all 2 lines of the authority agree"):
        dispute(desk, tmp_path, "145;14.03.2024;1846000,00;;", f"146;14.03.2024;295360,00;{MOTHERS};")
    assert counts(desk) | {"received_file": 0} == rows
    with pytest.raises(EmptyText, match="--document is empty"):
        act_dispute.dispute(desk, lines_file(tmp_path), "AST", MONTH, " ", tmp_path)


def test_an_authority_that_knows_of_nothing_sends_a_heading(desk: Desk, tmp_path: Path) -> None:
    built(desk, tmp_path / "out")
    result = dispute(desk, tmp_path)
    assert [line.finding for line in result.protocol.lines] == ["missing_with_them", "missing_with_them"]
    assert result.protocol.difference == 2_141_360_00


def test_a_file_with_faults_is_refused_whole(desk: Desk, tmp_path: Path) -> None:
    built(desk, tmp_path / "out")
    with pytest.raises(FormatError) as caught:
        dispute(desk, tmp_path, "145;14.03.2024;1846000.00;;", "146;31.02.2024;0,00;;")
    assert [(fault.line, fault.place) for fault in caught.value.faults] == [
        (2, "amount"),
        (3, "order_date"),
        (3, "amount"),
    ]


def test_what_the_authority_signed_is_not_disputed(desk: Desk, tmp_path: Path) -> None:
    built(desk, tmp_path / "out")
    sign(desk, "authority", day=date(2024, 4, 9))
    with pytest.raises(NotPermitted, match="a matter of a corrective act"):
        dispute(desk, tmp_path, *THEIRS)


def _row(number: str, amount: int, aid: str = "") -> Row:
    return Row(order_number=number, order_date=date(2024, 3, 14), aid=aid, amount=amount)


# Ours, theirs, and what was found of each: aid, ours, theirs, finding.
COMPARED = [
    pytest.param(
        [_row("1", 5, "A"), _row("1", 3, "B")],
        [_row("1", 8)],
        [("", 8, 8, "agrees")],
        id="two kinds of one order, told as a whole",
    ),
    pytest.param(
        [_row("1", 5, "A"), _row("1", 3, "B")],
        [_row("1", 6, "A"), _row("1", 2, "B")],
        [("A", 5, 6, "kind"), ("B", 3, 2, "kind")],
        id="the order is right, the kinds are not",
    ),
    pytest.param(
        [_row("1", 5, "A"), _row("1", 3, "B")],
        [_row("1", 5, "A"), _row("1", 2, "B")],
        [("A", 5, 5, "agrees"), ("B", 3, 2, "amount")],
        id="one kind of an order",
    ),
    pytest.param([_row("1", 5, "A")], [_row(" 1 ", 4)], [("A", 5, 4, "amount")], id="another amount"),
    pytest.param(
        [_row("1", 5, "A")],
        [_row("2", 5, "A")],
        [("A", 5, 0, "missing_with_them"), ("A", 0, 5, "missing_with_us")],
        id="another number",
    ),
    pytest.param([_row("1", -5, "A")], [], [("A", -5, 0, "missing_with_them")], id="taken back"),
]


@pytest.mark.parametrize(("ours", "theirs", "expected"), COMPARED)
def test_orders_are_compared_line_by_line(
    ours: list[Row], theirs: list[Row], expected: list[tuple[str, int, int, str]]
) -> None:
    found = compare(ours, theirs)
    assert [(one.aid, one.ours, one.theirs, one.finding) for one in found] == expected
    assert sum(one.ours for one in found) == sum(row.amount for row in ours)
    assert sum(one.theirs for one in found) == sum(row.amount for row in theirs)
