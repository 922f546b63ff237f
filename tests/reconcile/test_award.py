"""Decisions come in: whole or not at all, every fault listed, the same line never twice (R-021, R-024)."""

import csv
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from formats.awards import AWARD_FIELDS, write_awards_xlsx, write_awards_xml
from formats.errors import Fault, FormatError
from reconcile import award
from reconcile.desk import Desk
from tests.reconcile.golden import IN, at, counts, play

DAY = date(2024, 3, 6)


@pytest.fixture
def ready(desk: Desk, tmp_path: Path) -> Desk:
    """A desk whose books know the golden month's authority, kinds and banks."""
    play(desk, "setup", tmp_path)
    return at(desk, DAY)


def rows() -> list[dict[str, str]]:
    with (IN / "decisions.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def write(path: Path, lines: list[dict[str, str]], encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, AWARD_FIELDS, delimiter=";", lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(lines)
    return path


def refused(desk: Desk, path: Path) -> tuple[Fault, ...]:
    before = counts(desk)
    with pytest.raises(FormatError) as refusal:
        award.import_file(desk, path)
    after = counts(desk)
    assert after.pop("received_file") == before.pop("received_file") + 1, "the refused file is kept as evidence"
    assert after == before, "nothing of a refused file is applied"
    return refusal.value.faults


def test_the_golden_decisions_come_in_by_kind_and_month(ready: Desk) -> None:
    result = award.import_file(ready, IN / "decisions.csv")
    assert [(t.aid_kind, t.due_month, t.count, t.amount) for t in result.totals] == [
        ("A", date(2024, 3, 1), 100, 1_846_000_00),
        ("B", date(2024, 3, 1), 40, 295_360_00),
    ]
    assert result.known == 0


@pytest.mark.parametrize("writer", [write_awards_xml, write_awards_xlsx], ids=["xml", "xlsx"])
def test_xml_and_xlsx_bring_the_same_lines_as_csv(ready: Desk, tmp_path: Path, writer: Callable[..., None]) -> None:
    award.import_file(ready, IN / "decisions.csv")
    twin = tmp_path / "twin"
    writer([[line[name] for name in AWARD_FIELDS] for line in rows()], twin)
    before = counts(ready)
    again = award.import_file(ready, twin)
    assert (again.count, again.known) == (0, 140)
    after = counts(ready)
    assert after.pop("received_file") == before.pop("received_file") + 1
    assert after == before


def test_the_same_file_twice_changes_nothing_and_says_so(ready: Desk) -> None:
    award.import_file(ready, IN / "decisions.csv")
    before = counts(ready)
    again = award.import_file(ready, IN / "decisions.csv")
    assert (again.count, again.known) == (0, 140)
    assert counts(ready) == before


def test_known_lines_beside_new_ones_bring_the_new_ones_only(ready: Desk, tmp_path: Path) -> None:
    award.import_file(ready, write(tmp_path / "first.csv", rows()[:100]))
    result = award.import_file(ready, write(tmp_path / "all.csv", rows()))
    assert (result.count, result.known) == (40, 100)


def test_the_same_decision_with_other_content_is_refused_and_the_field_is_named(ready: Desk, tmp_path: Path) -> None:
    award.import_file(ready, IN / "decisions.csv")
    changed = rows()
    changed[4]["amount"] = "18460,01"
    faults = refused(ready, write(tmp_path / "changed.csv", changed))
    assert [(fault.line, fault.place) for fault in faults] == [(6, "decision_number")]
    assert faults[0].expected.endswith("differs in: amount")


def change(name: str, value: str) -> Callable[[list[dict[str, str]]], None]:
    def apply(lines: list[dict[str, str]]) -> None:
        lines[2][name] = value

    return apply


def twice(lines: list[dict[str, str]]) -> None:
    lines.append(dict(lines[2]))


FAULTS = [
    (change("iin", "421024351501"), 4, "iin", "check digit"),
    (change("authority_bin", "230540100011"), 4, "authority_bin", "check digit"),
    (change("iban", "KZ886010000000000004"), 4, "iban", "check digits (E45)"),
    (change("bic", "CASPKZKA"), 4, "iban", "an account of another bank (E46)"),
    (change("bic", "NURSKZKX"), 4, "bic", "a bank nobody set up"),
    (change("aid_kind", "Z"), 4, "aid_kind", "an unknown kind"),
    (change("amount", "18460.00"), 4, "amount", "a dot (E48)"),
    (change("amount", "18460,0"), 4, "amount", "one decimal (E48)"),
    (change("amount", "18460,005"), 4, "amount", "three decimals (E48)"),
    (change("amount", "0,00"), 4, "amount", "nothing"),
    (change("birth_date", "15.09.1963"), 4, "birth_date", "not the IIN's"),
    (change("birth_date", "31.02.1963"), 4, "birth_date", "no such day"),
    (change("decision_date", "07.03.2024"), 4, "decision_date", "not signed yet"),
    (change("guardian_surname", "Ахметова"), 4, "guardian_iin", "half a guardian (E52)"),
    (change("guardian_iin", "421024351501"), 4, "guardian_iin", "the guardian's check digit"),
    (change("case_id", ""), 4, "case_id", "no electronic case (C02)"),
    (change("due_month", "01.0001"), 4, "due_month", "a month of long ago"),
    (change("due_month", "03.2204"), 4, "due_month", "a month far away"),
    (twice, 142, "iin", "one decision twice in one file (C11)"),
]


@pytest.mark.parametrize(("spoil", "line", "place"), [row[:3] for row in FAULTS], ids=[row[3] for row in FAULTS])
def test_a_bad_line_refuses_the_file(
    ready: Desk, tmp_path: Path, spoil: Callable[[list[dict[str, str]]], None], line: int, place: str
) -> None:
    lines = rows()
    spoil(lines)
    faults = refused(ready, write(tmp_path / "bad.csv", lines))
    assert (line, place) in {(fault.line, fault.place) for fault in faults}


def test_all_faults_of_a_file_are_listed_at_once(ready: Desk, tmp_path: Path) -> None:
    lines = rows()
    for place, (name, value) in enumerate({"iin": "1", "amount": "1.00", "bic": "XXXXKZKA", "aid_kind": "Q"}.items()):
        lines[place * 10][name] = value
    faults = refused(ready, write(tmp_path / "bad.csv", lines))
    assert {(fault.line, fault.place) for fault in faults} >= {
        (2, "iin"),
        (12, "amount"),
        (22, "bic"),
        (32, "aid_kind"),
    }
    assert all(fault.expected and fault.remedy for fault in faults)


def test_an_unknown_encoding_is_refused_with_the_line(ready: Desk, tmp_path: Path) -> None:
    path = write(tmp_path / "koi.csv", rows())
    octets = path.read_bytes()
    path.write_bytes(octets[:5000] + b"\xff\xfe\x98\x00" + octets[5000:])
    assert refused(ready, path)


def test_a_file_in_cp1251_with_look_alike_letters_brings_the_same_lines(ready: Desk, tmp_path: Path) -> None:
    from formats.text import encode

    award.import_file(ready, IN / "decisions.csv")
    path = tmp_path / "cp1251.csv"
    path.write_bytes(encode((IN / "decisions.csv").read_text("utf-8-sig"), "cp1251"))
    assert award.import_file(ready, path).known == 140


def test_the_guardian_of_a_child_is_kept(ready: Desk, tmp_path: Path) -> None:
    """E52: a child's aid may go to the guardian's account when the guardian is in the data (R-021)."""
    lines = rows()
    guardian = lines[10]
    lines[0] |= {
        "guardian_iin": guardian["iin"],
        "guardian_surname": guardian["surname"],
        "guardian_first_name": guardian["first_name"],
        "iban": guardian["iban"],
    }
    award.import_file(ready, write(tmp_path / "guardian.csv", lines))
    with ready.database.begin() as connection:
        kept = connection.execute(
            text("SELECT guardian_iin FROM esep.award_line WHERE iin = :iin"), {"iin": lines[0]["iin"]}
        )
        assert kept.scalar_one() == guardian["iin"]


def test_lines_of_one_long_xml_line_are_told_apart(ready: Desk, tmp_path: Path) -> None:
    path = tmp_path / "one-line.xml"
    write_awards_xml([[line[name] for name in AWARD_FIELDS] for line in rows()], path)
    path.write_bytes(path.read_bytes().replace(b"\n<line", b"<line"))
    assert award.import_file(ready, path).count == 140


def every_other(lines: list[dict[str, str]]) -> Iterator[dict[str, str]]:
    yield from lines[::2]


def test_decisions_that_come_later_are_appended(ready: Desk, tmp_path: Path) -> None:
    """S3 p.16: people missed by the first list come on an additional one."""
    award.import_file(ready, write(tmp_path / "a.csv", list(every_other(rows()))))
    assert award.import_file(ready, write(tmp_path / "b.csv", rows())).count == 70


def test_a_person_awarded_twice_by_two_decisions_is_pointed_at(ready: Desk, tmp_path: Path) -> None:
    """C11: it may be a difference, or one decision spelled in two ways; a person has to look."""
    award.import_file(ready, IN / "decisions.csv")
    line = rows()[4] | {"decision_number": "2024-15a"}
    other = rows()[5] | {"decision_number": "2024-17"}
    again = rows()[5] | {"decision_number": "2024-18"}
    result = award.import_file(ready, write(tmp_path / "second.csv", [line, other, again]))
    assert result.count == 3
    assert {(one.line, one.decision_number, one.other_number) for one in result.twice_awarded} == {
        (2, "2024-15a", "2024-15"),
        (3, "2024-17", "2024-15"),
        (4, "2024-18", "2024-15"),
        (4, "2024-18", "2024-17"),
    }
