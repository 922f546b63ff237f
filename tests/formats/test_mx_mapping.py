"""The proposed mapping of MT-102 and ISO 20022: there and back the same message, and nothing lost without a note."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from formats import mt102, mx, mx_lines, mx_mapping, pacs004, pacs008
from formats.errors import Code, FormatError
from formats.mt102 import Mt102, Mt102Item
from formats.mx_mapping import Proposal
from formats.mx_parts import Account, Coded, Identifier, Party
from tests.formats import messages
from tests.formats.payments import fixture

MOMENT = "2023-07-01T09:30:00+05:00"
LISTS = (
    "A_pension_opv_input.txt",
    "A2_pension_legacy_2003_cp866.txt",
    "B_social_contrib_input.txt",
    "C_crediting_card_accounts_input.txt",
    "D_benefits_gcvp_to_bank_output_INFERRED.txt",
)
PROPOSALS = (
    Proposal(),
    Proposal(knp="regulatory"),
    Proposal(knp="remittance", codes="remittance", charge_bearer="SHAR", settlement_method="INDA"),
)


def read(name: str) -> Mt102:
    (message,) = mt102.read((messages.FIXTURES / name).read_bytes(), name)
    return message


CREDITING = read("C_crediting_card_accounts_input.txt")
OF_CREDITING = mx_mapping.to_pacs008(CREDITING, created=MOMENT, message_id="F230701-101").message


def test_a_list_becomes_a_transfer_for_each_person() -> None:
    mapped = mx_mapping.to_pacs008(CREDITING, created=MOMENT, message_id="F230701-101")
    first = mapped.message.transfers[0]
    header = mapped.message.header
    assert (header.message_id, header.count, header.total) == (
        "F230701-101",
        4,
        mx.Amount(value=13760000, currency="KZT"),
    )
    assert first.end_to_end_id == "F230701-101-1"
    assert first.debtor.identifiers == (Identifier(number="230140999968", scheme=Coded(proprietary="BIN")),)
    assert (first.creditor.name, first.creditor.kind, first.creditor.number) == (
        "СЫНАҚОВ АРМАН ТЕСТҰЛЫ",
        "person",
        "800101399997",
    )
    assert (first.creditor_account, first.creditor_agent_account) == (
        Account(iban="KZ986017A99999999911"),
        Account(iban="KZ286017A99999999910"),
    )
    assert first.purpose == Coded(proprietary="311")
    codes = {(report.indicator, one.type): one.code for report in first.regulatory for one in report.details}
    assert codes == {
        ("DEBT", "KOD"): "12",
        ("CRED", "KBE"): "14",
        ("BOTH", "VO"): "01",
        ("BOTH", "PSO"): "01",
        ("BOTH", "PRT"): "50",
    }
    assert first.remittance == (
        "ЗАЧИСЛЕНИЕ НА КАРТ-СЧЕТА ПО СПИСКУ. ДОГОВОР № 1 ОТ 05.01.2023Г. РЕЕСТР 17. КОЛ-ВО 4",
        "/NUM/101",
        "/DATE/2023-07-01",
        "/20/REFERENCE",
        "/CHIEF/СЕРИКОВ С.С.",
        "/MAINBK/АХМЕТОВА А.А.",
    )
    assert [str(note) for note in mapped.notes] == ["blocks 1 and 2: 'K05070000000', have no place in ISO 20022"]


def test_the_reference_of_client_files_is_no_reference() -> None:
    mapped = mx_mapping.to_pacs008(CREDITING, created=MOMENT)
    assert mapped.message.transfers[2].end_to_end_id == "REFERENCE-3"
    assert str(mapped.notes[0]) == ":20:: 'REFERENCE', is the same in every file, so that EndToEndId is not unique"


def test_who_contributes_is_the_ultimate_debtor() -> None:
    mapped = mx_mapping.to_pacs008(read("A_pension_opv_input.txt"), created=MOMENT, message_id="F1").message
    first = mapped.transfers[0]
    assert first.ultimate_debtor is not None
    assert (first.ultimate_debtor.name, first.ultimate_debtor.number) == ("СЫНАҚОВ АРМАН ТЕСТҰЛЫ", "800101399997")
    assert (first.creditor.number, first.creditor_account) == ("160440007161", Account(iban="KZ12009NPS0413609816"))
    assert first.remittance[-4:] == ("/21/1", "/DT/1980-01-01", "/PERIOD/062023", "/OPV/C")


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("proposal", PROPOSALS)
def test_every_list_is_valid_pacs008_and_comes_back(name: str, proposal: Proposal) -> None:
    message = read(name)
    there = mx_mapping.to_pacs008(message, created=MOMENT, message_id="F1", proposal=proposal)
    (written,) = pacs008.read(pacs008.write(there.message), name)
    back = mx_mapping.from_pacs008(written, envelope=message.header.envelope, proposal=proposal)
    assert (back.message, back.notes) == (message, ())
    assert [note.place for note in there.notes] == ["blocks 1 and 2"]


@given(messages.lists())
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], max_examples=60)
def test_any_list_that_may_be_written_comes_back_from_pacs008(message: Mt102) -> None:
    there = mx_mapping.to_pacs008(message, created=MOMENT)
    (written,) = pacs008.read(pacs008.write(there.message), "a.xml")
    back = mx_mapping.from_pacs008(written, envelope=message.header.envelope)
    assert (back.message, back.notes) == (message, ())


@given(messages.lists())
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], max_examples=60)
def test_any_list_comes_back_from_pacs004(message: Mt102) -> None:
    there = mx_mapping.to_pacs004(message, message, created=MOMENT, message_id="R1")
    (written,) = pacs004.read(pacs004.write(there.message), "a.xml")
    assert mx_mapping.from_pacs004(written, envelope=message.header.envelope).message == message


def test_what_has_no_place_in_a_list_is_noted() -> None:
    first = replace(
        OF_CREDITING.transfers[0],
        uetr="86d7da8e-6e41-4466-b9bb-9b41d5814d5a",
        ultimate_debtor=Party(name="АКИМАТ"),
        creditor=replace(OF_CREDITING.transfers[0].creditor, residence="KZ"),
    )
    message = replace(OF_CREDITING, transfers=(first, *OF_CREDITING.transfers[1:]))
    mapped = mx_mapping.from_pacs008(message, envelope=CREDITING.header.envelope)
    assert mapped.message == CREDITING
    assert {str(note) for note in mapped.notes} == {
        "transfers creditor residence: 'KZ', does not survive, nothing stands there instead",
        "transfers uetr: '86d7da8e-6e41-4466-b9bb-9b41d5814d5a', does not survive, nothing stands there instead",
        "transfers ultimate_debtor: 'name АКИМАТ', does not survive, nothing stands there instead",
    }


def test_what_a_list_cannot_do_without_is_named() -> None:
    (message,) = pacs008.read(fixture("pacs.008_crediting.xml"), "a.xml")
    with pytest.raises(FormatError) as refusal:
        mx_mapping.from_pacs008(message, envelope=CREDITING.header.envelope)
    words = str(refusal.value)
    for expected in (
        "transfer 1: found 'no /NUM/', expected the number of the document, which an MT-102 cannot do without",
        "transfer 1: found 'no /DATE/'",
        "transfer 2: found 'no /KOD/'",
        "transfer 2: found 'no KNP', expected a payment purpose code",
        "transfer 2, payer idn: found 'nothing', expected 230140999968, the same in all transfers",
    ):
        assert expected in words
    assert {fault.code for fault in refusal.value.faults} == {Code.UNWRITABLE}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"currency": "USD"}, "transfer 1, currency: found 'USD', expected KZT"),
        ({"end_to_end_id": "NOTPROVIDED"}, "expected a reference that ends in - and the number of the list"),
        ({"remittance": ("A", "/NUM/1", "/DATE/31.12.2023")}, "transfer 1 /DATE/: found '31.12.2023'"),
    ],
)
def test_a_transfer_that_is_no_part_of_a_list_is_refused(change: dict[str, object], words: str) -> None:
    first = replace(OF_CREDITING.transfers[0], **change)  # type: ignore[arg-type]
    with pytest.raises(FormatError) as refusal:
        mx_mapping.from_pacs008(replace(OF_CREDITING, transfers=(first,)), envelope=CREDITING.header.envelope)
    assert words in str(refusal.value)


def test_a_message_without_transfers_or_value_date_is_refused() -> None:
    with pytest.raises(FormatError, match="at least one"):
        mx_mapping.from_pacs008(replace(OF_CREDITING, transfers=()), envelope=CREDITING.header.envelope)
    dateless = replace(OF_CREDITING, header=replace(OF_CREDITING.header, settlement_date=None))
    with pytest.raises(FormatError, match="the value date of :32A:"):
        mx_mapping.from_pacs008(dateless, envelope=CREDITING.header.envelope)


def test_a_word_that_fits_no_line_is_refused() -> None:
    message = replace(CREDITING, header=replace(CREDITING.header, assign="X" * 141))
    with pytest.raises(FormatError, match="words that fit lines of 140 characters"):
        mx_mapping.to_pacs008(message, created=MOMENT)


def test_a_name_of_more_words_is_kept_in_lines() -> None:
    item = CREDITING.items[0]._replace(surname="АБД АЛЬ", patronymic="")
    mapped = mx_mapping.to_pacs008(replace(CREDITING, items=(item,)), created=MOMENT).message
    assert mapped.transfers[0].creditor.name == "АБД АЛЬ АРМАН"
    assert mapped.transfers[0].remittance[-3:] == ("/21/1", "/FM/АБД АЛЬ", "/NM/АРМАН")


@pytest.mark.parametrize(
    ("returned", "original", "expected"),
    [
        ("E_return_gcvp_partial_output.txt", "A_pension_opv_input.txt", "F230710-2"),
        ("F_return_bank_to_gcvp_INFERRED.txt", "D_benefits_gcvp_to_bank_output_INFERRED.txt", "F230710-1"),
    ],
)
def test_a_return_names_the_payment_that_comes_back(returned: str, original: str, expected: str) -> None:
    message = read(returned)
    there = mx_mapping.to_pacs004(message, read(original), created=MOMENT, original_id="F230710")
    (transfer,) = there.message.transfers
    assert transfer.original_end_to_end_id == expected
    assert transfer.reasons[0].reason == Coded(proprietary=message.header.knp)
    assert transfer.reasons[0].information[0] == message.items[0].assign
    assert there.message.original_message is not None
    assert there.message.original_message.message_id == "F230710"
    (written,) = pacs004.read(pacs004.write(there.message), returned)
    assert mx_mapping.from_pacs004(written, envelope=message.header.envelope).message == message


def test_a_person_who_is_not_in_the_original_or_twice_is_noted() -> None:
    twice = replace(CREDITING, items=(CREDITING.items[0], CREDITING.items[0]._replace(number=2)))
    stranger: Mt102Item = CREDITING.items[1]
    returned = replace(
        CREDITING,
        header=replace(CREDITING.header, payer=CREDITING.header.beneficiary, beneficiary=CREDITING.header.payer),
        items=(CREDITING.items[0]._replace(account=""), stranger),
    )
    mapped = mx_mapping.to_pacs004(returned, twice, created=MOMENT, message_id="R1")
    assert [one.original_end_to_end_id for one in mapped.message.transfers] == ["NOTPROVIDED", "NOTPROVIDED"]
    notes = [str(note) for note in mapped.notes]
    assert ":21:: '1', 2 payments of the original have this IIN and amount" in notes
    assert ":21:: '2', 0 payments of the original have this IIN and amount" in notes
    assert not any("swapped" in note for note in notes)


def test_a_return_to_another_account_is_noted() -> None:
    mapped = mx_mapping.to_pacs004(CREDITING, CREDITING, created=MOMENT, message_id="R1")
    assert any("are not the accounts of the original swapped" in str(note) for note in mapped.notes)


def test_a_return_of_another_bank_is_no_list() -> None:
    (message,) = pacs004.read(fixture("pacs.004_return.xml"), "a.xml")
    with pytest.raises(FormatError, match="no /NUM/"):
        mx_mapping.from_pacs004(message, envelope=CREDITING.header.envelope)


def test_lines_say_which_text_they_go_on_with() -> None:
    entries = [("", "/NUM/ in a text"), ("X2", "a/b c"), ("OTHER", "54B=KKMF\nKZ2A")]
    assert mx_lines.decode(mx_lines.encode(entries, 40)) == entries
    with pytest.raises(ValueError, match="abcdefgh /ij"):
        mx_lines.encode([("", "abcdefgh /ijklmn")], 10)
