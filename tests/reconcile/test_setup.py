"""Setup files: every fault is listed, a change is a new version in the right book, the same file changes nothing."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from formats.errors import FormatError
from ledgers import setup as register
from reconcile import setup
from reconcile.desk import Desk

GOLDEN = Path(__file__).parents[2] / "fixtures" / "golden_march_2024" / "setup.toml"


def entries(desk: Desk) -> list[tuple[int, int, str]]:
    with desk.database.begin() as connection:
        rows = connection.execute(text("SELECT authority_id, number, kind FROM esep.entry ORDER BY 1, 2"))
        return [(row.authority_id, row.number, row.kind) for row in rows]


def changed(tmp_path: Path, *pairs: tuple[str, str]) -> Path:
    content = GOLDEN.read_text("utf-8")
    for found, put in pairs:
        assert found in content
        content = content.replace(found, put)
    path = tmp_path / "setup.toml"
    path.write_text(content, "utf-8")
    return path


def test_golden_setup_stands_in_the_books_it_speaks_of(desk: Desk) -> None:
    result = setup.import_file(desk, GOLDEN)
    assert result.unchanged == 0
    assert result.changed == (
        "State Corporation, version 1",
        "bank HSBKKZKX, version 1",
        "bank CASPKZKA, version 1",
        "bank KPSTKZKA, version 1",
        "authority AST, version 1",
        "aid kind A of authority 1, version 1",
        "aid kind B of authority 1, version 1",
    )
    assert entries(desk) == [(0, 1, "setup_imported"), (1, 1, "setup_imported")]
    with desk.database.begin() as connection:
        assert register.corporation(connection).bin == "160440007161"
        assert {bic: bank.name_kk for bic, bank in register.banks(connection).items()} == {
            "CASPKZKA": "Kaspi",
            "HSBKKZKX": "Halyk",
            "KPSTKZKA": "Қазпочта",
        }
        assert register.authority(connection, "AST").first_order_number == 71
        assert [kind.memorial_day for kind in register.aid_kinds(connection, 1).values()] == ["03-21", "03-21"]


def test_the_same_file_again_changes_nothing_and_says_so(desk: Desk) -> None:
    setup.import_file(desk, GOLDEN)
    again = setup.import_file(replace(desk, today=date(2024, 3, 15)), GOLDEN)
    assert again.is_repeat
    assert again.unchanged == 7
    assert len(entries(desk)) == 2


def test_one_changed_item_is_one_new_version_in_its_own_book(desk: Desk, tmp_path: Path) -> None:
    setup.import_file(desk, GOLDEN)
    result = setup.import_file(desk, changed(tmp_path, ("(2 АЕК)", "(екі АЕК)")))
    assert result.changed == ("aid kind B of authority 1, version 2",)
    assert entries(desk) == [(0, 1, "setup_imported"), (1, 1, "setup_imported"), (1, 2, "setup_imported")]


def test_a_file_that_takes_a_change_back_is_a_third_version(desk: Desk, tmp_path: Path) -> None:
    setup.import_file(desk, GOLDEN)
    setup.import_file(desk, changed(tmp_path, ("(2 АЕК)", "(екі АЕК)")))
    assert setup.import_file(desk, GOLDEN).changed == ("aid kind B of authority 1, version 3",)


def test_unknown_authority_names_the_known_ones(desk: Desk) -> None:
    setup.import_file(desk, GOLDEN)
    with desk.database.begin() as connection, pytest.raises(register.UnknownAuthority, match="known are AST"):
        register.authority(connection, "ALA")


FAULTS = [
    (('bin = "160440007161"', 'bin = "160440007162"'), "corporation.bin", "check digit 1"),
    (('bin = "240140722017"', 'bin = "24014072201"'), "bank[2].bin", "twelve digits"),
    (("KZ30601A000000000601", "KZ31601A000000000601"), "bank[1].transit_iban", "check digits 30"),
    (("KZ30601A000000000601", "KZ71722C000000000722"), "bank[1].transit_iban", "the bank code 601 of HSBKKZKX (E46)"),
    (('bank_code = "563"', 'bank_code = "564"'), "bank[3].bank_code", "the bank code 563 of KPSTKZKA (E46)"),
    (('bic = "KKMFKZ2A"', 'bic = "KKMFKZ2B"'), "authority[1].bic", "a bank of the list ledgers/data/bank_codes.csv"),
    (('bic = "CASPKZKA"', 'bic = "CASP"'), "bank[2].bic", "eight or eleven"),
    (('charset = "cp1251"', 'charset = "koi8-r"'), "bank[1].charset", "one of cp1251, cp866, utf-8"),
    (('memorial_day = "03-21"', 'memorial_day = "21-03"'), "authority[1].aid_kind[1].memorial_day", "MM-DD"),
    (('memorial_day = "03-21"', 'memorial_day = ""'), "authority[1].aid_kind[2].memorial_day", "MM-DD"),
    (('signer = "Дәулетова', 'signed = "Дәулетова'), "authority[1].signed", "one of authority_id, code"),
    (('terminal = "K05009000000"\n', ""), "corporation.terminal", "a value"),
    (("items_max = 0", 'items_max = "0"'), "bank[1].items_max", "a whole number"),
    (('knp = "027"', 'knp = ""'), "bank[1].knp", "a text"),
    (('code = "B"', 'code = "A"'), "aid kind A of authority 1", "each once"),
    (("[[bank]]", "[[banks]]"), "banks", "one of corporation, bank, authority"),
    (("[corporation]", "[corporation"), "file", "TOML in UTF-8"),
]


@pytest.mark.parametrize(("swap", "place", "expected"), FAULTS, ids=[place for _, place, _ in FAULTS])
def test_faults_name_the_key_and_what_was_expected(
    desk: Desk, tmp_path: Path, swap: tuple[str, str], place: str, expected: str
) -> None:
    with pytest.raises(FormatError) as caught:
        setup.import_file(desk, changed(tmp_path, swap))
    assert [fault for fault in caught.value.faults if fault.place == place and expected in fault.expected]
    assert entries(desk) == []


def test_all_faults_come_at_once_and_the_refused_file_is_kept(desk: Desk, tmp_path: Path) -> None:
    path = changed(tmp_path, ('bin = "160440007161"', 'bin = "1"'), ('seco = "2"', 'seco = ""'), ("cp1251", "cp1252"))
    with pytest.raises(FormatError) as caught:
        setup.import_file(desk, path)
    assert len(caught.value.faults) == 5
    with desk.database.begin() as connection:
        row = connection.execute(text("SELECT * FROM esep.received_file")).one()
    assert (row.verdict, row.faults, row.kind) == ("refused", 5, "setup")
    assert desk.archive.path(bytes(row.sha256)).read_bytes() == path.read_bytes()


SECOND = [
    (("authority_id = 1", "authority_id = 2"), "authority 2.code"),
    (("authority_id = 1", "authority_id = 2"), "authority 2.bin"),
    (("authority_id = 1", "authority_id = 2"), "authority 2.first_order_number"),
]


@pytest.mark.parametrize(("swap", "place"), SECOND)
def test_an_authority_that_another_file_brought_keeps_its_codes_to_itself(
    desk: Desk, tmp_path: Path, swap: tuple[str, str], place: str
) -> None:
    setup.import_file(desk, GOLDEN)
    with pytest.raises(FormatError) as caught:
        setup.import_file(desk, changed(tmp_path, swap))
    assert place in [fault.place for fault in caught.value.faults]


def test_a_file_for_empty_books_needs_the_corporation(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "banks.toml"
    text = GOLDEN.read_text("utf-8")
    path.write_text(text[text.index("[[bank]]") :], "utf-8")
    with pytest.raises(FormatError, match="the State Corporation"):
        setup.import_file(desk, path)
    setup.import_file(desk, GOLDEN)
    assert setup.import_file(desk, path).is_repeat
