"""Holds where several authorities pay: an award's number is a number of its own book."""

from pathlib import Path

import pytest

from formats.holds import HoldLine
from reconcile import hold
from reconcile.desk import Desk
from reconcile.hold import NobodyHeld
from tests.reconcile.bank import counts, people, two_authorities

AWARD = 20_000_001


def test_a_number_of_two_authorities_is_held_where_it_is_said(desk: Desk, tmp_path: Path) -> None:
    office = two_authorities(desk, tmp_path)
    own = [one for one in people(office) if one.award == AWARD]
    assert len(own) == 2, "both books have an award of this number"
    line = HoldLine(0, "", "suspended", office.today, "", "")
    before = counts(office)
    with pytest.raises(NobodyHeld, match="is a number of several authorities, AST, ALA; say which: --authority CODE"):
        hold.place(office, line, award=AWARD)
    assert counts(office) == before
    (placed,) = hold.place(office, line, award=AWARD, authority_code="ALA")
    assert (placed.authority_code, placed.hold.iin) == ("ALA", own[1].iin)


def test_a_person_is_held_in_every_book_that_pays_them(desk: Desk, tmp_path: Path) -> None:
    office = two_authorities(desk, tmp_path)
    iins = [one.iin for one in people(office)]
    person = next(iin for iin in iins if iins.count(iin) == 2)
    placed = hold.place(office, HoldLine(0, person, "death", office.today, "АХАТ 1", ""))
    assert [one.authority_code for one in placed] == ["AST", "ALA"]
