"""One form into another: every target from every source that can give it, read back and compared."""

import csv
import io
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from formats import onec, read
from formats.convert import TERMINAL, Converted, Target, Wanted, convert
from formats.errors import Code, Findings, FormatError
from formats.mt102_message import Mt102
from formats.onec_from_statements import onec_statement, onec_statements, statements_of
from formats.statement import AccountStatement, Movement
from tests.formats import files

LIST = files.FIXTURES / "C_crediting_card_accounts_input.txt"
OURS = files.FIXTURES / "D_benefits_gcvp_to_bank_output_INFERRED.txt"
RETURN = files.FIXTURES / "E_return_gcvp_partial_output.txt"
ANSWERED = files.FIXTURES / "A_pension_opv_input.txt"
MOMENT = "2024-03-18T10:00:00+05:00"


def made(name: str | Path, target: Target, **given: object) -> Converted:
    wanted = replace(Wanted(target=target, created=MOMENT), **given)  # type: ignore[arg-type] # a table of options
    return convert(files.FIXTURES / name, wanted)


def written(found: Converted, folder: Path, stem: str = "made") -> list[Path]:
    paths = []
    for ending, data in found.files:
        paths.append(folder / f"{stem}{ending}")
        paths[-1].write_bytes(data)
    return paths


def meanings(found: Converted) -> list[tuple[str, str]]:
    return [(note.found, note.meaning) for note in found.notes]


def refused(name: str | Path, target: Target, **given: object) -> FormatError:
    with pytest.raises(FormatError) as refusal:
        made(name, target, **given)
    return refusal.value


# To 1C: from every form of statement.
STATEMENTS = [
    "mt940/kazakh_knp_cp1251.sta",
    "mt940/two_pages.sta",
    "mt940/swift_new_year.fin",
    "mt940/payment_system_envelope.txt",
    "mt9xx/mt970_clearing_mfo.txt",
    "iso20022/camt.053.001.02_statement.xml",
    "iso20022/camt.053.001.08_batch.xml",
    "iso20022/camt.053.001.14_prefixed.xml",
    "onec/kaspi_like.txt",
    "onec/days_between.txt",
]


@pytest.mark.parametrize("charset", ["utf-8", "cp1251"])
@pytest.mark.parametrize("name", STATEMENTS)
def test_a_statement_as_1c_is_read_back_with_the_same_figures(name: str, charset: str, tmp_path: Path) -> None:
    [path] = written(made(name, Target.ONEC, charset=charset), tmp_path)
    [source] = statements_of(read(files.FIXTURES / name).messages)
    found = onec.read(path.read_bytes(), path.name)
    assert (found.account, found.opening, found.closing) == (source.account, source.opening, source.closing)
    assert (found.credited, found.debited) == (source.credited, source.debited)
    assert (found.date_from, found.date_to) == (source.date_from, source.date_to)
    booked = [one for one in source.movements if one.change]
    assert [one.amount if one.direction == "credit" else -one.amount for one in found.lines] == [
        one.change for one in booked
    ]
    assert [(one.counterparty_iban, one.knp, one.counterparty_bin) for one in found.lines] == [
        (one.counterparty_account, one.knp, one.counterparty_idn) for one in booked
    ]


def test_a_1c_statement_stays_whole_on_its_way_to_1c(tmp_path: Path) -> None:
    [source] = read(files.FIXTURES / "onec" / "keys_unknown.txt").messages
    [path] = written(made("onec/keys_unknown.txt", Target.ONEC), tmp_path)
    [found] = read(path).messages
    assert found.other == source.other
    assert found.lines == source.lines


def test_the_accounts_of_a_file_become_a_file_each_that_the_books_take(tmp_path: Path) -> None:
    paths = written(made("onec/accounts_two.txt", Target.ONEC), tmp_path)
    assert [path.name for path in paths] == ["made-1.txt", "made-2.txt"]
    accounts = [onec.read(path.read_bytes(), path.name).account for path in paths]
    assert accounts == ["KZ36009PENS999999901", "KZ986017A99999999911"]


def test_what_1c_has_no_place_for_is_told() -> None:
    assert meanings(made("mt940/swift_new_year.fin", Target.ONEC)) == [
        ("1: RC", "turns another back; 1C has only what it does to the balance"),
        ("1: B0000000017", "a second reference, which a 1C document has no place for"),
        ("1", "no BIN or IIN of the other side, by which the books know who paid"),
        ("3: 02.01.2026", "no day of booking; this day stands for it"),
    ]
    assert ("1: 2 payments", "only the sum of them was written") in meanings(
        made("iso20022/camt.053.001.08_batch.xml", Target.ONEC)
    )


DAY = date(2024, 3, 14)
WHOLE = AccountStatement(
    account="KZ36009PENS999999901",
    currency="KZT",
    number="1",
    date_from=DAY,
    date_to=DAY,
    opening=0,
    closing=500,
    movements=(
        Movement(line=1, mark="C", amount=500, booked_on=DAY, purpose="two\n  rows", counterparty_idn="020340000172"),
        Movement(line=2, mark="ED", amount=100),
    ),
)


def test_a_purpose_becomes_one_row_and_what_is_expected_is_left_out_both_told() -> None:
    findings = Findings("march.sta")
    statement = onec_statement(WHOLE, findings)
    assert [line.purpose for line in statement.lines] == ["two rows"]
    assert [(note.found, note.meaning) for note in findings.notes] == [
        ("2: ED", "is only expected, and was left out"),
        ("1: purpose", "rows and blanks were joined: a 1C purpose is one row"),
    ]


REFUSED_AS_1C = [
    ({"opening": None}, Code.MISSING, "a statement without both balances and both days"),
    ({"closing": None}, Code.MISSING, "a statement without both balances and both days"),
    ({"date_from": None}, Code.MISSING, "a statement without both balances and both days"),
    ({"opening": -500, "closing": 0}, Code.BALANCE, "a balance below zero, -5,00"),
    ({"currency": "USD"}, Code.CURRENCY, "an account in USD"),
]


@pytest.mark.parametrize(("changes", "code", "found"), REFUSED_AS_1C)
def test_what_1c_cannot_say_is_refused(changes: dict[str, object], code: Code, found: str) -> None:
    with pytest.raises(FormatError) as refusal:
        onec_statement(replace(WHOLE, **changes), Findings("march.sta"))  # type: ignore[arg-type] # a table of fields
    [fault] = refusal.value.faults
    assert (fault.code, fault.found) == (code, found)


def test_a_1c_statement_without_its_opening_balance_is_not_made_up() -> None:
    [statement] = read(files.FIXTURES / "onec" / "opening_unstated.txt").messages
    with pytest.raises(FormatError, match="without both balances"):
        onec_statements([statement], Findings("opening_unstated.txt"))


# Tables.
LISTS = [
    "C_crediting_card_accounts_input.txt",
    "onec/kaspi_like.txt",
    "mt940/two_pages.sta",
    "iso20022/pacs.008_crediting.xml",
]


@pytest.mark.parametrize("name", LISTS)
def test_csv_and_xlsx_of_records_have_the_same_texts_and_say_what_they_lack(name: str) -> None:
    as_csv, as_xlsx = made(name, Target.CSV), made(name, Target.XLSX)
    [(ending, data)], [(other, workbook)] = as_csv.files, as_xlsx.files
    assert (ending, other) == (".csv", ".xlsx")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert CalamineWorkbook.from_filelike(io.BytesIO(workbook)).get_sheet_by_index(0).to_python() == rows
    lost = "is not in a table of records: the head of each message, its balances, what Esep keeps unread"
    assert ("all but the records", lost) in meanings(as_csv)


# Our own files: each form of a document gives the same document.
DOCUMENTS = ["request", "return-notice", "appendix1", "appendix2"]


@pytest.mark.parametrize("source", ["xml", "csv", "xlsx"])
@pytest.mark.parametrize("target", [Target.XML, Target.CSV, Target.XLSX])
@pytest.mark.parametrize("stem", DOCUMENTS)
def test_a_document_is_the_same_in_all_its_forms(stem: str, source: str, target: Target, tmp_path: Path) -> None:
    [path] = written(made(f"exchange/{stem}.{source}", target), tmp_path)
    assert path.suffix == f".{target}"
    assert read(path).messages == read(files.FIXTURES / "exchange" / f"{stem}.xml").messages


@pytest.mark.parametrize("source", ["xml", "csv", "xlsx"])
@pytest.mark.parametrize("target", [Target.XML, Target.CSV, Target.XLSX])
@pytest.mark.parametrize("stem", ["decisions", "resolutions"])
def test_decisions_and_resolutions_are_the_same_in_all_their_forms(
    stem: str, source: str, target: Target, tmp_path: Path
) -> None:
    [path] = written(made(f"exchange/{stem}.{source}", target), tmp_path)
    [batch], [expected] = read(path).messages, read(files.FIXTURES / "exchange" / f"{stem}.xml").messages
    assert batch.columns == expected.columns


# MT-102 and ISO 20022.
def test_a_list_for_a_bank_is_written_as_its_profile_says(tmp_path: Path) -> None:
    [source] = read(LIST).messages
    [path] = written(made(LIST, Target.MT102, charset="utf-8"), tmp_path)
    assert read(path).messages == (source,)


def test_a_list_that_is_too_long_becomes_numbered_files(tmp_path: Path) -> None:
    [source] = read(LIST).messages
    assert isinstance(source, Mt102)
    many = tuple(source.items[0]._replace(number=number) for number in range(1, 302))
    path = tmp_path / "long.txt"
    from formats.mt102_writing import write

    path.write_bytes(write(replace(source, items=many)).encode())
    paths = written(made(path, Target.MT102), tmp_path)
    assert [one.name for one in paths] == ["made-1.txt", "made-2.txt", "made-3.txt"]
    found = [read(one).messages[0] for one in paths]
    assert [len(one.items) for one in found] == [150, 150, 1]
    assert sum(one.total for one in found) == 301 * source.items[0].amount


def test_limits_of_a_bank_that_are_not_known_are_told() -> None:
    meaning = "its limits are not known; usual ones were taken: 150 people, 64512 bytes, charset cp1251"
    assert ("KPSTKZKA", meaning) in meanings(made(OURS, Target.MT102))


def test_letters_that_a_charset_lacks_are_refused_or_told(tmp_path: Path) -> None:
    text = LIST.read_text("utf-8").replace("//FM/", "//FM/Қ", 1)
    path = tmp_path / "kazakh.txt"
    path.write_bytes(text.encode())
    refusal = refused(path, Target.MT102, charset="koi8-r")
    assert {fault.code for fault in refusal.faults} == {Code.LETTER_LACKING}
    found = made(path, Target.MT102, charset="koi8-r", is_transliterated=True)
    assert ("Қ", "written as К, 1 times: koi8-r lacks it") in meanings(found)


def test_pacs_008_and_back_is_the_same_list(tmp_path: Path) -> None:
    [source] = read(LIST).messages
    assert isinstance(source, Mt102)
    [path] = written(made(LIST, Target.PACS008), tmp_path)
    [message] = read(path).messages
    assert (message.header.created, message.total) == (MOMENT, source.total)
    back = made(path, Target.MT102, charset="utf-8")
    stand_in = "stands for your terminal: name it, or let the bank put in its own"
    assert (TERMINAL, stand_in) in meanings(back)
    [path] = written(back, tmp_path, "back")
    [found] = read(path).messages
    assert found.items == source.items
    envelope = replace(source.header.envelope, terminal=TERMINAL)
    assert found.header == replace(source.header, envelope=envelope)


def test_a_terminal_that_is_named_stands_in_block_1(tmp_path: Path) -> None:
    [path] = written(made(LIST, Target.PACS008), tmp_path)
    found = made(path, Target.MT102, terminal="K05070000000")
    assert found.files[0][1].startswith(b"{1:F01K05070000000")
    assert TERMINAL not in {name for name, _ in meanings(found)}


def test_pacs_004_and_back_is_the_same_return(tmp_path: Path) -> None:
    [source] = read(RETURN).messages
    [path] = written(made(RETURN, Target.PACS004, original=ANSWERED), tmp_path)
    [path] = written(made(path, Target.MT102, charset="utf-8"), tmp_path, "back")
    [found] = read(path).messages
    assert (found.items, found.total) == (source.items, source.total)


def test_a_return_without_its_order_is_refused() -> None:
    [fault] = refused(RETURN, Target.PACS004).faults
    assert (fault.found, fault.remedy) == ("the order that the return answers", "name its file with --original")
    [fault] = refused(RETURN, Target.PACS004, original=files.FIXTURES / "I_mt100_input.txt").faults
    assert fault.found == "0 lists of people"


# What a form cannot carry.
UNSUPPORTED = [
    ("C_crediting_card_accounts_input.txt", Target.ONEC, "MT-102, crediting by list, to 1c",
     "a statement: MT940, MT950, MT970, camt.052, camt.053 or 1C"),
    ("I_mt100_input.txt", Target.XML, "MT-100, one payment, to xml", "an exchange file of Esep"),
    ("exchange/request.xml", Target.MT102, "request for funds, to mt102", "an MT-102, a pacs.008 or a pacs.004"),
    ("exchange/decisions.csv", Target.ONEC, "decisions or resolutions, to 1c",
     "a statement: MT940, MT950, MT970, camt.052, camt.053 or 1C"),
    ("I_mt100_input.txt", Target.PACS008, "MT-100, one payment, to pacs.008", "an MT-102 with a list of people"),
    ("G_utilities_input_cp1251.txt", Target.MT102, "MT-102, utility payments, to mt102",
     "an MT-102, a pacs.008 or a pacs.004"),
    ("H_multi_payment_102_clearing.txt", Target.PACS008, "MT-102, ordinary payments packed together, to pacs.008",
     "an MT-102 with a list of people"),
    ("iso20022/pain.001_freedom.xml", Target.MT102, "pain.001, payments for a bank, to mt102",
     "an MT-102, a pacs.008 or a pacs.004"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "target", "found", "expected"), UNSUPPORTED, ids=[row[2] for row in UNSUPPORTED])
def test_what_cannot_be_said_in_a_form_is_refused(name: str, target: Target, found: str, expected: str) -> None:
    [fault] = refused(name, target).faults
    assert (fault.code, fault.found, fault.expected) == (Code.UNWRITABLE, found, expected)
    assert fault.remedy == "choose another form; docs/formats/check-and-convert.md lists them"


def test_a_file_with_faults_is_converted_to_nothing() -> None:
    assert refused("onec/broken/total.txt", Target.CSV).faults[0].code is Code.TOTAL


OPTIONS = [("bank", "HSBKKZKX"), ("enterprise_code", "123456789"), ("terminal", TERMINAL), ("original", LIST)]


@pytest.mark.parametrize(("name", "value"), OPTIONS)
def test_an_option_that_says_nothing_for_the_form_is_told(name: str, value: object) -> None:
    found = made("onec/kaspi_like.txt", Target.CSV, **{name: value})
    assert (str(value), "says nothing for csv") in meanings(found)


def test_every_option_is_told_where_it_says_nothing() -> None:
    from formats.convert import _OPTIONS

    assert {field.name for field in fields(Wanted)} - {"target", "created"} == set(_OPTIONS)


@pytest.mark.parametrize("target", [Target.MT102, Target.ONEC])
def test_a_charset_that_does_not_exist_is_refused(target: Target) -> None:
    name = LIST if target is Target.MT102 else "onec/kaspi_like.txt"
    with pytest.raises(LookupError, match="charset 'klingon' is not known"):
        made(name, target, charset="klingon")
