"""Any file that Esep reads: which messages come out of it, and what it says of a file that it does not read."""

import os
from pathlib import Path

import pytest

from formats import read
from formats.errors import Code, FormatError
from formats.reading import Reading
from formats.recognise import Kind
from formats.summaries_mt import summary_of_any
from tests.formats import files

MESSAGE = files.FIXTURES / "C_crediting_card_accounts_input.txt"

# The file, its charset ('' where the file says it itself), the class of its messages, the records of each.
EXPECTED = [
    ("A2_pension_legacy_2003_cp866.txt", "cp866", "Mt102", [2]),
    ("A_pension_opv_input.txt", "utf-8", "Mt102", [3]),
    ("B_social_contrib_input.txt", "utf-8", "Mt102", [2]),
    ("C_crediting_card_accounts_input.txt", "utf-8", "Mt102", [4]),
    ("D_benefits_gcvp_to_bank_output_INFERRED.txt", "utf-8", "Mt102", [2]),
    ("E_return_gcvp_partial_output.txt", "utf-8", "Mt102", [1]),
    ("F_return_bank_to_gcvp_INFERRED.txt", "utf-8", "Mt102", [1]),
    ("G_utilities_input_cp1251.txt", "cp1251", "UtilityMt102", [2]),
    ("H_multi_payment_102_clearing.txt", "utf-8", "PackedMt102", [2]),
    ("I_mt100_input.txt", "utf-8", "Mt100", [1]),
    ("charsets/crediting_cp1251.txt", "cp1251", "Mt102", [4]),
    ("charsets/crediting_cp866_transliterated.txt", "cp866", "Mt102", [4]),
    ("charsets/crediting_koi8-r_transliterated.txt", "koi8-r", "Mt102", [4]),
    ("charsets/crediting_utf-16-be_without_mark.txt", "utf-16-be", "Mt102", [4]),
    ("charsets/crediting_utf-16-le_with_mark.txt", "utf-16", "Mt102", [4]),
    ("charsets/crediting_utf-8-sig.txt", "utf-8-sig", "Mt102", [4]),
    ("charsets/crediting_utf-8_cr.txt", "utf-8", "Mt102", [4]),
    ("charsets/crediting_utf-8_lf.txt", "utf-8", "Mt102", [4]),
    ("exchange/annex1.csv", "", "MoneyAnnex", [2]),
    ("exchange/annex1.xlsx", "", "MoneyAnnex", [2]),
    ("exchange/annex1.xml", "", "MoneyAnnex", [2]),
    ("exchange/annex2.csv", "", "PeopleAnnex", [2]),
    ("exchange/annex2.xlsx", "", "PeopleAnnex", [2]),
    ("exchange/annex2.xml", "", "PeopleAnnex", [2]),
    ("exchange/appendix1.csv", "", "TransferAct", [1]),
    ("exchange/appendix1.xlsx", "", "TransferAct", [1]),
    ("exchange/appendix1.xml", "", "TransferAct", [1]),
    ("exchange/appendix2.csv", "", "PaymentStatement", [2]),
    ("exchange/appendix2.xlsx", "", "PaymentStatement", [2]),
    ("exchange/appendix2.xml", "", "PaymentStatement", [2]),
    ("exchange/corrective-act.csv", "", "CorrectiveAct", [1]),
    ("exchange/corrective-act.xlsx", "", "CorrectiveAct", [1]),
    ("exchange/corrective-act.xml", "", "CorrectiveAct", [1]),
    ("exchange/decisions.csv", "", "Batch", [2]),
    ("exchange/decisions.xlsx", "", "Batch", [2]),
    ("exchange/decisions.xml", "", "Batch", [2]),
    ("exchange/protocol.csv", "", "Protocol", [2]),
    ("exchange/protocol.xlsx", "", "Protocol", [2]),
    ("exchange/protocol.xml", "", "Protocol", [2]),
    ("exchange/request.csv", "", "FundsRequest", [2]),
    ("exchange/request.xlsx", "", "FundsRequest", [2]),
    ("exchange/request.xml", "", "FundsRequest", [2]),
    ("exchange/resolutions.csv", "", "Batch", [2]),
    ("exchange/resolutions.xlsx", "", "Batch", [2]),
    ("exchange/resolutions.xml", "", "Batch", [2]),
    ("exchange/return-notice.csv", "", "ReturnNotice", [2]),
    ("exchange/return-notice.xlsx", "", "ReturnNotice", [2]),
    ("exchange/return-notice.xml", "", "ReturnNotice", [2]),
    ("iso20022/camt.052.001.06_pending.xml", "", "BankReport", [3]),
    ("iso20022/camt.052.001.10_future.xml", "", "BankReport", [3]),
    ("iso20022/camt.053.001.02_statement.xml", "", "BankReport", [4]),
    ("iso20022/camt.053.001.04_statement.xml", "", "BankReport", [2]),
    ("iso20022/camt.053.001.08_batch.xml", "", "BankReport", [1]),
    ("iso20022/camt.053.001.14_prefixed.xml", "", "BankReport", [1]),
    ("iso20022/camt.054.001.08_envelope.xml", "", "BankReport", [1]),
    ("iso20022/camt.054.001.08_returns.xml", "", "BankReport", [1]),
    ("iso20022/pacs.002_pending.xml", "", "Pacs002", [0]),
    ("iso20022/pacs.002_rejected.xml", "", "Pacs002", [3]),
    ("iso20022/pacs.002_settled.xml", "", "Pacs002", [1]),
    ("iso20022/pacs.004_first_version.xml", "", "Pacs004", [1]),
    ("iso20022/pacs.004_return.xml", "", "Pacs004", [1]),
    ("iso20022/pacs.004_whole_message.xml", "", "Pacs004", [0]),
    ("iso20022/pacs.008_crediting.xml", "", "Pacs008", [2]),
    ("iso20022/pacs.008_in_envelope.xml", "", "Pacs008", [1]),
    ("iso20022/pacs.008_old_version.xml", "", "Pacs008", [1]),
    ("iso20022/pain.001_freedom.xml", "", "Pain001", [2]),
    ("iso20022/pain.001_old_version.xml", "", "Pain001", [2]),
    ("iso20022/pain.001_with_time.xml", "", "Pain001", [1]),
    ("iso20022/pain.002_accepted.xml", "", "Pain002", [0]),
    ("iso20022/pain.002_part.xml", "", "Pain002", [2]),
    ("mt940/general_mt950.fin", "utf-8", "Mt940", [2]),
    ("mt940/kazakh_knp_cp1251.sta", "cp1251", "Mt940", [3]),
    ("mt940/payment_system_envelope.txt", "utf-8", "Mt940", [1]),
    ("mt940/swift_new_year.fin", "utf-8", "Mt940", [4]),
    ("mt940/two_accounts_bank_name.sta", "utf-8", "Mt940", [1, 0]),
    ("mt940/two_pages.sta", "utf-8", "Mt940", [1, 1]),
    ("mt9xx/J2_mt910_credit_INFERRED.txt", "utf-8", "Confirmation", [1]),
    ("mt9xx/J_mt905_reject_INFERRED.txt", "utf-8", "Refusal", [1]),
    ("mt9xx/K_mt998_wrp_return_of_collection_order.txt", "utf-8", "CodedForm", [0]),
    ("mt9xx/mt192_cancellation_INFERRED.txt", "cp866", "KeptMessage", [1]),
    ("mt9xx/mt900_debit_INFERRED.txt", "utf-8", "Confirmation", [1]),
    ("mt9xx/mt920_request.txt", "utf-8", "StatementRequest", [1]),
    ("mt9xx/mt950_gross_bic.txt", "utf-8", "Mt950", [3]),
    ("mt9xx/mt950_present_expected.txt", "utf-8", "Mt950", [3]),
    ("mt9xx/mt970_clearing_mfo.txt", "utf-8", "Mt950", [2]),
    ("mt9xx/mt998_800_statistics_INFERRED.txt", "utf-8", "KeptText", [1]),
    ("mt9xx/mt998_a01_accounts.txt", "utf-8", "CodedForm", [0]),
    ("mt9xx/mt998_limit_150.txt", "utf-8", "LimitRequest", [1]),
    ("mt9xx/mt998_p1p_receipts_cp866.txt", "cp866", "CodedForm", [2]),
    ("onec/accounts_two.txt", "utf-8", "Statement", [2, 2]),
    ("onec/balances_unstated.txt", "utf-8", "Statement", [2]),
    ("onec/bcc_like_quotes.txt", "utf-8", "Statement", [1]),
    ("onec/comma_and_charset.txt", "cp1251", "Statement", [2]),
    ("onec/days_between.txt", "utf-8", "Statement", [3]),
    ("onec/days_first.txt", "utf-8", "Statement", [3]),
    ("onec/dos_cp866.txt", "cp866", "Statement", [2]),
    ("onec/jusan_like_capitals.txt", "cp1251", "Statement", [2]),
    ("onec/kaspi_like.txt", "cp1251", "Statement", [2]),
    ("onec/keys_unknown.txt", "utf-8", "Statement", [2]),
    ("onec/opening_unstated.txt", "utf-8", "Statement", [2]),
    ("onec/payment_orders_INFERRED.txt", "utf-8", "PaymentOrder", [1]),
    ("onec/purpose_over_lines.txt", "utf-8", "Statement", [2]),
    ("onec/sections_open.txt", "utf-8", "Statement", [2]),
    ("onec/utf16.txt", "utf-16", "Statement", [2]),
]


def records_of(found: Reading) -> list[int]:
    """The number of records of each message; of decisions and resolutions, of each batch."""
    if found.recognised.kind is Kind.LINES:
        return [len(batch.lines) for batch in found.messages]
    return [summary_of_any(message).count for message in found.messages]


@pytest.mark.parametrize(("name", "charset", "kind", "counts"), EXPECTED, ids=[row[0] for row in EXPECTED])
def test_a_good_file_gives_its_messages(name: str, charset: str, kind: str, counts: list[int]) -> None:
    found = read(files.FIXTURES / name)
    assert found.charset == charset
    assert {type(message).__name__ for message in found.messages} == {kind}
    assert records_of(found) == counts


def test_the_table_has_every_good_file() -> None:
    assert [row[0] for row in EXPECTED] == [files.name_of(path) for path in files.GOOD]


def test_a_path_may_be_a_text() -> None:
    assert read(str(MESSAGE)) == read(MESSAGE)


def test_what_is_unusual_comes_with_the_messages() -> None:
    notes = read(files.FIXTURES / "onec" / "bcc_like_quotes.txt").notes
    assert [note.place for note in notes] == ["СекцияДокумент", "end of file"]


def test_a_charset_that_is_named_is_obeyed_and_its_other_names_are_known() -> None:
    found = read(files.FIXTURES / "onec" / "dos_cp866.txt", charset="DOS")
    assert (found.charset, found.evidence) == ("cp866", "named by the user")


@pytest.mark.parametrize(
    "name", ["C_crediting_card_accounts_input.txt", "exchange/request.xml", "exchange/request.csv"]
)
def test_a_charset_that_does_not_exist_is_refused_whatever_the_file_is(name: str) -> None:
    with pytest.raises(LookupError, match="charset 'klingon' is not known; known are utf-8"):
        read(files.FIXTURES / name, charset="klingon")


def test_a_charset_that_is_not_asked_for_is_noted() -> None:
    [note] = read(files.FIXTURES / "exchange" / "request.xml", charset="cp1251").notes
    meaning = "was not asked for: a file of this kind says itself which it is in"
    assert (note.place, note.found, note.meaning) == ("charset", "cp1251", meaning)


def test_a_file_that_is_not_there_is_an_ordinary_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "nothing.txt")


def test_a_folder_is_an_ordinary_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="Is a directory"):
        read(tmp_path)


def test_a_pipe_is_refused_with_what_to_do() -> None:
    end, other = os.pipe()
    os.close(other)
    try:
        with pytest.raises(FormatError) as refusal:
            read(f"/dev/fd/{end}")
    finally:
        os.close(end)
    assert str(refusal.value.faults[0]) == (
        "file: found 'a pipe or a device', expected a file, which can be read twice; save it as a file and give that"
    )


def test_an_iso_message_without_a_reader_is_named_with_those_that_have_one(tmp_path: Path) -> None:
    path = tmp_path / "other.xml"
    path.write_text('<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.060.001.05"/>', "utf-8")
    with pytest.raises(FormatError) as refusal:
        read(path)
    [fault] = refusal.value.faults
    assert (fault.code, fault.found) == (Code.XML_NAMESPACE, "camt.060")
    assert fault.expected.startswith("one of camt.052, camt.053, camt.054, pacs.002, ")


def test_a_document_that_is_too_large_is_refused_without_reading_all_of_it(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as target:
        target.write(b"document;request-1\r\n")
        target.truncate(1 << 33)
    with pytest.raises(FormatError) as refusal:
        read(path)
    assert {fault.code for fault in refusal.value.faults} == {Code.FILE_TOO_LARGE}


# Right as they are, and refused by a writer, by one bank or by the reader of another type only.
READABLE = {
    "broken/bank-limit.txt",
    "broken/letter-lacking.txt",
    "broken/unwritable.xml",
    "mt940/broken/another_message.txt",
    "onec/broken/fuzz_turnover_of_one_section.txt",
}


@pytest.mark.parametrize("path", files.WRONG, ids=files.name_of)
def test_a_file_with_faults_is_refused_and_each_says_what_to_do(path: Path) -> None:
    if files.name_of(path) in READABLE:
        assert read(path).messages
        return
    with pytest.raises(FormatError) as refusal:
        read(path)
    assert refusal.value.source == path.name
    assert all(fault.found and fault.expected and fault.remedy for fault in refusal.value.faults)
