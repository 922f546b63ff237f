"""Setup files: every fault is listed, a change is a new version in the right book, the same file changes nothing."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from formats.errors import FormatError
from ledgers import aid_terms, rates, rule_sets
from ledgers import setup as register
from ledgers.aid_terms import AidTerm
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
    (('charset = "cp1251"', 'charset = "cp1252"'), "bank[1].charset", "one of cp1251, cp866, koi8-r, utf-8"),
    (('name_ru = "Halyk"', f'name_ru = "{"H" * 61}"'), "bank[1].name_ru", "at most 60 letters"),
    (('name_ru = "ГУ «Упр', f'name_ru = "{"Г" * 30}«Упр'), "authority[1].name_ru", "at most 60 letters"),
    (('chief = "Сейітов А.Б."', f'chief = "{"С" * 61}"'), "corporation.chief", "at most 60 letters"),
    (('memorial_day = "03-21"', 'memorial_day = "21-03"'), "authority[1].aid_kind[1].memorial_day", "MM-DD"),
    (('memorial_day = "03-21"', 'memorial_day = ""'), "authority[1].aid_kind[2].memorial_day", "MM-DD"),
    (('signer = "Дәулетова', 'signed = "Дәулетова'), "authority[1].signed", "one of authority_id, code"),
    (('terminal = "K05009000000"\n', ""), "corporation.terminal", "a value"),
    (("items_max = 0", 'items_max = "0"'), "bank[1].items_max", "a whole number"),
    (('knp = "027"', 'knp = ""'), "bank[1].knp", "a text"),
    (('code = "B"', 'code = "A"'), "aid kind A of authority 1", "each once"),
    (("[[bank]]", "[[banks]]"), "banks", "one of corporation, bank, authority, rate, rule_set"),
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


TERM = [
    (
        'valid_from = 2024-01-01\nvalid_to = "2024-12-31"',
        {"valid_from": date(2024, 1, 1), "valid_to": date(2024, 12, 31)},
    ),
    ('mrp = "5"', {"mrp_hundredths": 500}),
    ('mrp = "2,5"\nmrp_day = "payment"', {"mrp_hundredths": 250, "mrp_day": "payment"}),
    ("mrp = 36", {"mrp_hundredths": 3600}),
    ('fixed_amount = "20 000,00"', {"fixed_amount": 20_000_00}),
    ('payment_days = "5-10, 25"', {"payment_days": "5-10,25-25"}),
    ('active = false\nnote = "asked the maslikhat"', {"is_active": False, "note": "asked the maslikhat"}),
    (
        'programme = "011"\nneeds_category = true',
        {"programme": "011", "needs_category": True},
    ),
]


def with_term(tmp_path: Path, said: str) -> Path:
    return changed(tmp_path, ('code = "A"\n', f'code = "A"\n{said}\n'))


@pytest.mark.parametrize(("said", "expected"), TERM, ids=[row[0] for row in TERM])
def test_an_aid_kind_may_say_its_term_and_the_rest_has_defaults(
    desk: Desk, tmp_path: Path, said: str, expected: dict[str, object]
) -> None:
    result = setup.import_file(desk, with_term(tmp_path, said))
    assert "term of aid kind A of authority 1, version 1" in result.changed
    assert setup.import_file(desk, with_term(tmp_path, said)).is_repeat
    with desk.database.begin() as connection:
        (term,) = aid_terms.in_force(connection)
    assert term == replace(AidTerm(authority_id=1, code="A"), **expected)  # type: ignore[arg-type]


def test_a_file_that_says_nothing_of_a_term_leaves_it_as_it_is(desk: Desk, tmp_path: Path) -> None:
    setup.import_file(desk, GOLDEN)
    with desk.database.begin() as connection:
        assert aid_terms.in_force(connection) == []
    setup.import_file(desk, with_term(tmp_path, 'mrp = "5"'))
    assert setup.import_file(desk, GOLDEN).is_repeat
    with desk.database.begin() as connection:
        assert [term.mrp_hundredths for term in aid_terms.in_force(connection)] == [500]


BAD_TERMS = [
    ("mrp = 2.5", "mrp", "in quotes"),
    ('mrp = "0"', "mrp", "above zero"),
    ('mrp = "2.555"', "mrp", "two decimals"),
    ('fixed_amount = "x"', "fixed_amount", "tenge above zero"),
    ('mrp = "5"\nfixed_amount = "100"', "fixed_amount", "one of the two"),
    ('mrp_day = "holiday"', "mrp_day", "one of decision, memorial, payment"),
    ('payment_days = "10-5"', "payment_days", "windows of days"),
    ('payment_days = "32"', "payment_days", "windows of days"),
    ('valid_from = "01.01.2024"', "valid_from", "a day like 2024-03-01"),
    ("valid_from = 2024-02-01\nvalid_to = 2024-01-01", "valid_to", "a day not before 01.02.2024"),
    ('active = "no"', "active", "true or false"),
    ("active = false", "note", "why the kind is not active"),
]


@pytest.mark.parametrize(("said", "place", "expected"), BAD_TERMS, ids=[row[0] for row in BAD_TERMS])
def test_a_wrong_term_is_refused(desk: Desk, tmp_path: Path, said: str, place: str, expected: str) -> None:
    with pytest.raises(FormatError) as caught:
        setup.import_file(desk, with_term(tmp_path, said))
    where = f"authority[1].aid_kind[1].{place}"
    assert [fault for fault in caught.value.faults if fault.place == where and expected in fault.expected]
    assert entries(desk) == []


RATE = '[[rate]]\nvalid_from = 2027-01-01\nmrp = 4500\nsubsistence = "52000"\nbasis = "budget law 2027"\n'
PILOT = """
[[rule_set]]
code = "PILOT"
valid_from = 2023-06-01
valid_to = 2025-05-31
places = "Астана қаласы; Алматы қаласы; Шымкент қаласы"
basis = "an order that extends it"
"""


def appended(tmp_path: Path, tables: str) -> Path:
    path = tmp_path / "setup.toml"
    path.write_text(GOLDEN.read_text("utf-8") + "\n" + tables, "utf-8")
    return path


def test_rates_and_rule_sets_stand_in_book_0(desk: Desk, tmp_path: Path) -> None:
    result = setup.import_file(desk, appended(tmp_path, RATE + PILOT))
    assert result.changed[4:6] == ("rate from 01.01.2027, version 1", "rule set PILOT, version 1")
    with desk.database.begin() as connection:
        assert rates.load(connection).mrp(date(2027, 3, 1)) == 4500_00
        assert rates.load(connection).mrp(date(2026, 3, 1)) == 4325_00
        (pilot,) = rule_sets.load(connection)
    assert pilot.is_in_force(date(2024, 6, 3)), "an order that extends the pilot takes the place of what came along"
    assert setup.import_file(desk, appended(tmp_path, RATE + PILOT)).is_repeat


@pytest.mark.parametrize(
    ("tables", "place"),
    [
        (RATE.replace("4500", '"4500,50"'), "rate[1].mrp"),
        (RATE.replace("basis", "source"), "rate[1].source"),
        (RATE.replace('basis = "budget law 2027"\n', ""), "rate[1].basis"),
        (RATE + RATE, "rate from 01.01.2027"),
        (PILOT.replace("2025", "2022"), "rule_set[1].valid_to"),
        (PILOT.replace("places", "place"), "rule_set[1].place"),
    ],
)
def test_a_wrong_rate_or_rule_set_is_refused(desk: Desk, tmp_path: Path, tables: str, place: str) -> None:
    with pytest.raises(FormatError) as caught:
        setup.import_file(desk, appended(tmp_path, tables))
    assert place in [fault.place for fault in caught.value.faults]
    assert entries(desk) == []


def test_a_bank_that_was_renamed_keeps_its_old_name_on_the_days_before(desk: Desk, tmp_path: Path) -> None:
    setup.import_file(replace(desk, today=date(2024, 3, 1)), GOLDEN)
    renamed = changed(tmp_path, ('name_ru = "Kaspi"', 'name_ru = "Kaspi Bank"'), ("(2 АЕК)", "(екі АЕК)"))
    setup.import_file(replace(desk, today=date(2024, 4, 10)), renamed)
    days = (date(2024, 1, 1), date(2024, 3, 31), date(2024, 4, 9), date(2024, 4, 10), date(2024, 5, 1))
    with desk.database.begin() as connection:
        names = [register.banks_at(connection, day)["CASPKZKA"].name_ru for day in days]
        kinds = [register.kinds_at(connection, 1, day)["B"].name_kk.endswith("(екі АЕК)") for day in days]
        assert register.banks_at(connection, days[0]).keys() == register.banks(connection).keys()
        assert register.banks_at(connection, days[-1]) == register.banks(connection)
        assert register.authority_at(connection, 1, days[0]) == register.authority(connection, "AST")
        assert register.corporation_at(connection, days[0]) == register.corporation(connection)
    assert names == ["Kaspi", "Kaspi", "Kaspi", "Kaspi Bank", "Kaspi Bank"]
    assert kinds == [False, False, False, True, True]


def test_books_without_setup_have_nobody_on_any_day(desk: Desk) -> None:
    with desk.database.begin() as connection:
        assert register.banks_at(connection, date(2024, 3, 1)) == {}
        with pytest.raises(register.SetupMissing):
            register.corporation_at(connection, date(2024, 3, 1))
        with pytest.raises(register.UnknownAuthority):
            register.authority_at(connection, 1, date(2024, 3, 1))
