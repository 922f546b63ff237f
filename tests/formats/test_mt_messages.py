"""MT messages of any types in any order in one file, whatever the pieces that its text comes in."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats import mt_messages
from formats.errors import Code, Findings
from formats.text import decode
from tests.formats import files

# One file of each type, and the class that its message is read as.
NAMES = {
    "C_crediting_card_accounts_input.txt": "Mt102",
    "G_utilities_input_cp1251.txt": "UtilityMt102",
    "H_multi_payment_102_clearing.txt": "PackedMt102",
    "I_mt100_input.txt": "Mt100",
    "mt9xx/J2_mt910_credit_INFERRED.txt": "Confirmation",
    "mt9xx/J_mt905_reject_INFERRED.txt": "Refusal",
    "mt9xx/mt192_cancellation_INFERRED.txt": "KeptMessage",
    "mt9xx/mt920_request.txt": "StatementRequest",
    "mt9xx/mt950_gross_bic.txt": "Mt950",
    "mt9xx/mt970_clearing_mfo.txt": "Mt950",
    "mt9xx/mt998_p1p_receipts_cp866.txt": "CodedForm",
    "mt940/swift_new_year.fin": "Mt940",
    "mt940/general_mt950.fin": "Mt940",
    "mt940/payment_system_envelope.txt": "Mt940",
}
TEXTS = {name: decode((files.FIXTURES / name).read_bytes(), name).text for name in NAMES}


def read(text: str, piece: int) -> tuple[list[object], Findings]:
    findings = Findings("file.txt")
    pieces = (text[start : start + piece] for start in range(0, len(text), piece))
    return list(mt_messages.messages(pieces, findings)), findings


ALONE = {name: read(text, 1 << 20)[0] for name, text in TEXTS.items()}


def glued(names: Sequence[str]) -> str:
    return "".join(text if text.endswith(("\n", "\r")) else f"{text}\r\n" for text in (TEXTS[name] for name in names))


@pytest.mark.parametrize(("name", "kind"), NAMES.items())
def test_each_type_goes_to_its_reader(name: str, kind: str) -> None:
    assert [type(one).__name__ for one in ALONE[name]] == [kind]


@given(
    names=st.lists(st.sampled_from(list(NAMES)), min_size=2, max_size=6), piece=st.sampled_from([1, 7, 509, 1 << 20])
)
def test_messages_of_all_types_follow_one_another_in_any_order(names: list[str], piece: int) -> None:
    found, findings = read(glued(names), piece)
    assert findings.faults == ()
    # Only numbers of lines may differ from those of a file with one message, and no message has any.
    assert found == [message for name in names for message in ALONE[name]]


@pytest.mark.parametrize(
    "names", [("mt940/swift_new_year.fin", "I_mt100_input.txt"), ("I_mt100_input.txt", "mt940/swift_new_year.fin")]
)
def test_a_message_without_an_end_before_one_of_the_other_family_is_cut_short(names: tuple[str, str]) -> None:
    first, second = (TEXTS[name] for name in names)
    found, findings = read(first[: first.rindex("-}")] + second, 1 << 20)
    assert [fault.code for fault in findings.faults] == [Code.FILE_CUT_SHORT]
    assert len(found) == 2


def test_the_line_of_a_fault_is_that_of_the_whole_file() -> None:
    first, second = TEXTS["mt940/swift_new_year.fin"], TEXTS["I_mt100_input.txt"]
    wrong = second.replace("KZT", "USD", 1)
    _, alone = read(wrong, 1 << 20)
    _, behind = read(first + wrong, 1 << 20)
    before = first.count("\n")
    assert [fault.line for fault in behind.faults] == [(fault.line or 0) + before for fault in alone.faults]
    assert len(behind.faults) == 1


def test_a_message_whose_type_cannot_be_read_does_not_hide_the_next() -> None:
    found, findings = read("{1:F01}{2:nonsense}{4:\r\n:20:A\r\n-}\r\n" + TEXTS["mt940/swift_new_year.fin"], 7)
    assert [fault.code for fault in findings.faults] == [Code.MT_HEADER]
    assert [type(one).__name__ for one in found] == ["Mt940"]


def test_cyrillic_letters_in_the_type_lead_to_the_same_reader() -> None:
    text = TEXTS["mt940/payment_system_envelope.txt"]
    found, findings = read(text.replace("{2:O", "{2:О"), 7)
    assert [type(one).__name__ for one in found] == ["Mt940"]
    assert findings.faults == ()
    assert any("Cyrillic letters" in note.meaning for note in findings.notes)


def test_the_refusal_that_a_bank_writes_for_itself_is_told() -> None:
    _, findings = read("{2:E11F01K05470000000}\r\n", 1 << 20)
    [fault] = findings.faults
    assert fault.code is Code.MT_OTHER_TYPE
    assert "ask it for the MT905" in fault.remedy


def test_a_text_without_any_message_is_a_fault() -> None:
    assert [fault.code for fault in read("nothing of the kind\r\n", 3)[1].faults] == [Code.FILE_EMPTY]


def test_a_list_and_a_statement_come_in_batches_and_then_their_ends() -> None:
    findings = Findings("file.txt")
    text = glued(["C_crediting_card_accounts_input.txt", "mt940/swift_new_year.fin", "I_mt100_input.txt"])
    names = [type(part).__name__ for part in mt_messages.stream([text], findings)]
    assert [name for name in names if name not in {"list", "tuple"}] == ["Ended", "Mt940Head", "Mt100"]
    assert names[0] in {"list", "tuple"}
