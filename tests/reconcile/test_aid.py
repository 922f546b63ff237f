"""Kinds of aid as data: taken over from published rules, decided where those contradict themselves (2.4)."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text

from ledgers import aid_terms, setup
from reconcile import aid, aid_report
from reconcile import setup as setup_verb
from reconcile.aid import UnclearDecision
from reconcile.desk import Desk
from tests.reconcile.golden import STORY, counts


@pytest.fixture
def ready(desk: Desk) -> Desk:
    setup_verb.import_file(desk, STORY / "setup.toml")
    return desk


def term(desk: Desk, code: str) -> aid_terms.AidTerm:
    with desk.database.begin() as connection:
        return aid_terms.by_code(connection, 1, [code])[code]


def test_a_whole_source_is_taken_over_with_its_dates(ready: Desk) -> None:
    result = aid.adopt(ready, "AST", "S3")
    assert (len(result.adopted), [kind.code for kind in result.waiting]) == (35, ["K23"])
    with ready.database.begin() as connection:
        kinds = setup.aid_kinds(connection, 1)
        assert len(aid_terms.in_force(connection, 1)) == 35
    assert kinds["K25"].memorial_day == "10-01"
    own = term(ready, "K25")
    assert (own.mrp_hundredths, own.valid_from, own.valid_to) == (200, date(2015, 6, 29), date(2021, 3, 29))


def test_the_same_again_changes_nothing_and_says_so(ready: Desk) -> None:
    aid.adopt(ready, "AST", "S2")
    before = counts(ready)
    again = aid.adopt(ready, "AST", "S2")
    assert (again.adopted, again.kept) == ((), ("ASPU", "ASPC"))
    assert counts(ready) == before
    assert aid_report.adopted(again)[-1] == "AST has all of them already, nothing changed"


def test_only_the_named_kinds_are_taken_over(ready: Desk) -> None:
    result = aid.adopt(ready, "AST", "S4", codes=["S11", "S10", "S11"])
    assert [kind.code for kind in result.adopted] == ["S11", "S10"]
    assert (term(ready, "S11").needs_category, term(ready, "S11").source_system) == (True, "PLATFORM")


def test_a_dry_run_leaves_no_trace(ready: Desk) -> None:
    before = counts(ready)
    assert len(aid.adopt(ready, "AST", "S3", dry_run=True).adopted) == 35
    assert counts(ready) == before


@pytest.mark.parametrize(("source", "codes"), [("S5", []), ("S3", ["K99"])])
def test_what_the_catalogue_does_not_have_is_refused(ready: Desk, source: str, codes: list[str]) -> None:
    with pytest.raises(aid.UnknownSource, match="known are"):
        aid.adopt(ready, "AST", source, codes=codes)


def test_a_doubtful_kind_waits_until_a_person_decides(ready: Desk) -> None:
    """9(6): 36 (тридцать шесть тысяч) МРП: which of the two is meant is decided by name and reason."""
    aid.adopt(ready, "AST", "S3", codes=["K23"])
    assert not term(ready, "K23").is_active
    assert "figure and words differ: 36 (тридцать шесть тысяч)" in term(ready, "K23").note
    actor = replace(ready, actor="Дәулетова")
    result = aid.decide(actor, "AST", "K23", aid.read_size(mrp="36"), reason="letter of the maslikhat No 7")
    assert (result.was.is_active, result.now.is_active, result.now.mrp_hundredths) == (False, True, 3600)
    assert term(ready, "K23") == result.now
    with ready.database.begin() as connection:
        rows = connection.execute(
            text("""
                SELECT t.version, t.is_active, e.actor FROM esep.aid_kind_term t
                JOIN esep.entry e ON e.authority_id = t.authority_id AND e.number = t.entry_number ORDER BY 1
            """)
        )
        assert [tuple(row) for row in rows] == [(1, False, "tester"), (2, True, "Дәулетова")]


def test_a_decision_stays_when_the_source_is_taken_over_again(ready: Desk) -> None:
    aid.adopt(ready, "AST", "S3", codes=["K23"])
    aid.decide(ready, "AST", "K23", aid.read_size(fixed="90900000.00"), reason="letter")
    aid.adopt(ready, "AST", "S3")
    assert (term(ready, "K23").is_active, term(ready, "K23").fixed_amount) == (True, 90_900_000_00)


def test_the_same_decision_again_changes_nothing(ready: Desk) -> None:
    size = aid.read_size(mrp="5", mrp_day="payment")
    aid.decide(ready, "AST", "A", size, reason="letter")
    before = counts(ready)
    assert aid.decide(ready, "AST", "A", size, reason="letter").is_repeat
    assert counts(ready) == before
    assert (term(ready, "A").mrp_day, term(ready, "A").mrp_hundredths) == ("payment", 500)


def test_a_decision_may_leave_the_day_that_counts_as_it_is(ready: Desk) -> None:
    aid.decide(ready, "AST", "A", aid.read_size(mrp="5", mrp_day="payment"), reason="letter")
    aid.decide(ready, "AST", "A", aid.read_size(mrp="2,5"), reason="letter")
    assert (term(ready, "A").mrp_day, term(ready, "A").mrp_hundredths) == ("payment", 250)


@pytest.mark.parametrize(
    "size",
    [
        {},
        {"mrp": "36", "fixed": "1"},
        {"mrp": "36", "is_free": True},
        {"mrp": "x"},
        {"mrp": "0"},
        {"fixed": "1.234"},
        {"mrp": "5", "mrp_day": "holiday"},
    ],
)
def test_a_size_is_one_and_a_number(size: dict[str, str]) -> None:
    with pytest.raises(UnclearDecision):
        aid.read_size(**size)  # type: ignore[arg-type]


def test_a_decision_names_a_kind_of_the_authority_and_a_reason(ready: Desk) -> None:
    with pytest.raises(aid.UnknownKind, match="AST has no aid kind 'K23'; it has A, B"):
        aid.decide(ready, "AST", "K23", aid.read_size(mrp="36"), reason="letter")
    with pytest.raises(UnclearDecision, match="no reason"):
        aid.decide(ready, "AST", "A", aid.read_size(mrp="36"), reason=" ")


def test_the_list_shows_kinds_with_their_terms(ready: Desk) -> None:
    aid.adopt(ready, "AST", "S3", codes=["K02", "K23"])
    with ready.database.begin() as connection:
        shown = aid.in_force(connection, "AST")
    cells = [line.split("\t") for line in aid_report.in_force(shown, tabs=True)]
    assert [row[1:5] for row in cells[1:]] == [
        ["A", "21.03", "free", "always"],
        ["B", "21.03", "free", "always"],
        ["K02", "22.03", "5 MRP of the decision day", "29.06.2015 to 29.03.2021"],
        ["K23", "30.08", "inactive", "29.06.2015 to 29.03.2021"],
    ]
    assert [(row.code, row.mrp, row.is_active) for row in aid.rows(shown)][2:] == [
        ("K02", "5", True),
        ("K23", "36", False),
    ]
