"""The authority's outcome of a return: resend or refund, exactly one of them (R-061, R-062)."""

import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from formats.awards import RESOLUTION_FIELDS, read_resolutions, write_resolutions_csv, write_resolutions_xlsx
from formats.errors import Fault, FormatError
from reconcile import resolve
from reconcile.desk import Desk
from tests.reconcile.golden import IN, at, balance, counts, play

DAY = date(2024, 3, 27)
BIN = "230540100010"
SIGNER = "Дәулетова Әсел Нұрланқызы"


@pytest.fixture
def returned(desk: Desk, tmp_path: Path) -> Desk:
    """The golden month with three payments returned and nothing decided."""
    play(desk, "notice", tmp_path)
    return at(desk, DAY)


def lines() -> list[dict[str, str]]:
    """The golden resolutions in the text forms of a sheet."""
    faults: list[Fault] = []
    (batch,) = read_resolutions(IN / "resolutions.xml", "resolutions", faults)
    assert not faults
    columns = {name: list(batch.columns[name]) for name in RESOLUTION_FIELDS}
    columns["date"] = ["27.03.2024"] * 3
    columns["amount"] = ["18460,00"] * 3
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def write(path: Path, rows: list[dict[str, str]]) -> Path:
    write_resolutions_csv([[row[name] for name in RESOLUTION_FIELDS] for row in rows], path)
    return path


def refused(desk: Desk, path: Path) -> tuple[Fault, ...]:
    before = counts(desk)
    with pytest.raises(FormatError) as refusal:
        resolve.import_file(desk, path)
    after = counts(desk)
    before.pop("received_file"), after.pop("received_file")
    assert after == before
    return refusal.value.faults


def refund(row: dict[str, str], number: str) -> dict[str, str]:
    """The same return decided the other way, in another document."""
    empty = dict.fromkeys(("surname", "first_name", "patronymic", "bic", "iban"), "")
    return row | empty | {"outcome": "refund", "reason": "қайтару", "number": number}


def test_the_golden_resolutions(returned: Desk) -> None:
    result = resolve.import_file(returned, IN / "resolutions.xml")
    assert [(o.outcome, o.count, o.amount) for o in result.outcomes] == [
        ("refund", 2, 36_920_00),
        ("resend", 1, 18_460_00),
    ]
    assert [balance(returned, code) for code in ("returned", "resend", "refundable")] == [0, 18_460_00, 36_920_00]


def test_a_corrected_account_is_a_new_version_of_the_award_line(returned: Desk) -> None:
    resolve.import_file(returned, IN / "resolutions.xml")
    with returned.database.begin() as connection:
        versions = connection.execute(
            text("SELECT version, bic, iin FROM esep.award_line WHERE award_number = 20000006 ORDER BY version")
        ).all()
    assert [(row.version, row.bic) for row in versions] == [(1, "HSBKKZKX"), (2, "CASPKZKA")]
    assert versions[0].iin == versions[1].iin


def test_the_same_resolutions_again_change_nothing_in_whichever_file(returned: Desk, tmp_path: Path) -> None:
    resolve.import_file(returned, IN / "resolutions.xml")
    before = counts(returned)
    assert (resolve.import_file(returned, IN / "resolutions.xml").count, counts(returned)) == (0, before)
    twin = tmp_path / "twin.xlsx"
    write_resolutions_xlsx([[row[name] for name in RESOLUTION_FIELDS] for row in lines()], twin)
    assert resolve.import_file(returned, twin).known == 3


@pytest.mark.parametrize(("first", "second"), [("resend", "refund"), ("refund", "resend")])
def test_a_second_outcome_is_refused_and_the_first_one_named(
    returned: Desk, tmp_path: Path, first: str, second: str
) -> None:
    row = lines()[0]
    outcomes = {"resend": row | {"number": "1"}, "refund": refund(row, "2")}
    resolve.import_file(returned, write(tmp_path / "first.csv", [outcomes[first]]))
    (fault,) = refused(returned, write(tmp_path / "second.csv", [outcomes[second]]))
    assert fault.place == "outcome"
    assert f"decided: {first}" in fault.expected


def test_resend_and_refund_from_two_sessions_at_once_one_wins(returned: Desk, tmp_path: Path) -> None:
    row = lines()[0]
    files = [
        write(tmp_path / "resend.csv", [row | {"number": "1"}]),
        write(tmp_path / "refund.csv", [refund(row, "2")]),
    ]
    start = threading.Barrier(2)
    results: list[int | FormatError] = []

    def decide(path: Path) -> None:
        start.wait()
        try:
            results.append(resolve.import_file(returned, path).count)
        except FormatError as refusal:
            results.append(refusal)

    sessions = [threading.Thread(target=decide, args=(path,)) for path in files]
    for session in sessions:
        session.start()
    for session in sessions:
        session.join()
    assert sorted(isinstance(result, FormatError) for result in results) == [False, True]
    assert balance(returned, "resend") + balance(returned, "refundable") == 18_460_00
    assert balance(returned, "returned") == 36_920_00


def change(name: str, value: str) -> Callable[[dict[str, str]], dict[str, str]]:
    return lambda row: row | {name: value}


FAULTS = [
    (change("payment_reference", "P20000001/1"), "payment_reference", "a payment that did not come back"),
    (change("payment_reference", "P1/1"), "payment_reference", "no such payment"),
    (change("amount", "18460,01"), "amount", "another amount"),
    (change("amount", "18460.00"), "amount", "a dot"),
    (change("iin", "421024351500"), "iin", "another person"),
    (change("iin", "421024351501"), "iin", "check digit"),
    (change("iban", "KZ577220000000000008"), "iban", "check digits of the new account"),
    (change("bic", "HSBKKZKX"), "iban", "the new account is of another bank"),
    (change("bic", "NURSKZKX"), "bic", "a bank nobody set up"),
    (change("date", "28.03.2024"), "date", "decided after today"),
    (change("date", "18.03.2024"), "date", "decided before it came back"),
    (change("outcome", "keep"), "outcome", "an unknown outcome"),
    (change("authority_bin", "160440007161"), "authority_bin", "not an authority"),
]


@pytest.mark.parametrize(("spoil", "place"), [row[:2] for row in FAULTS], ids=[row[2] for row in FAULTS])
def test_a_bad_line_refuses_the_file(
    returned: Desk, tmp_path: Path, spoil: Callable[[dict[str, str]], dict[str, str]], place: str
) -> None:
    rows = lines()
    rows[0] = spoil(rows[0])
    faults = refused(returned, write(tmp_path / "bad.csv", rows))
    assert place in {fault.place for fault in faults}


def test_one_return_twice_in_a_file_is_refused(returned: Desk, tmp_path: Path) -> None:
    rows = lines()
    faults = refused(returned, write(tmp_path / "twice.csv", [*rows, rows[1]]))
    assert [(fault.line, fault.place) for fault in faults] == [(5, "payment_reference")]


def test_one_return_twice_in_an_xml_of_one_line_is_refused_too(returned: Desk, tmp_path: Path) -> None:
    octets = (IN / "resolutions.xml").read_bytes()
    start, end = octets.index(b"<line"), octets.index(b"</resolutions>")
    first = octets[start : octets.index(b"/>", start) + 2]
    path = tmp_path / "one-line.xml"
    path.write_bytes((octets[:end] + first + octets[end:]).replace(b"\n<line", b"<line"))
    faults = refused(returned, path)
    assert {fault.place for fault in faults} == {"payment_reference"}
