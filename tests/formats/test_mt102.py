"""MT-102: what is written is what is read, and what is not right is refused whole with all its faults."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats import mt102, mt102_reading
from formats.errors import Findings, FormatError
from formats.mt import Header
from formats.mt102 import Layout, Mt102, Mt102Item
from formats.mt102_columns import Columns
from formats.text import encode
from tests.formats import messages
from tests.formats.messages import changed, refused

CREDITING = (messages.FIXTURES / "C_crediting_card_accounts_input.txt").read_bytes()
BENEFITS = (messages.FIXTURES / "D_benefits_gcvp_to_bank_output_INFERRED.txt").read_bytes()
RETURN = (messages.FIXTURES / "E_return_gcvp_partial_output.txt").read_bytes()
PAYMENT = (messages.FIXTURES / "I_mt100_input.txt").read_bytes()
MANY = mt102.write(
    replace(messages.CREDITING, items=tuple(messages.PEOPLE[n % 4]._replace(number=n + 1) for n in range(40)))
).encode()


def test_crediting_is_written_byte_for_byte() -> None:
    assert mt102.write(messages.CREDITING).encode() == CREDITING


def test_crediting_is_read_in_full() -> None:
    assert mt102.read(CREDITING, "C.txt") == (messages.CREDITING,)


@pytest.mark.parametrize(
    ("name", "total", "people", "layout"),
    [
        ("A_pension_opv_input.txt", 3084617, 3, Layout.PENSION),
        ("A2_pension_legacy_2003_cp866.txt", 380000, 2, Layout.PENSION),
        ("B_social_contrib_input.txt", 770000, 2, Layout.SOCIAL),
        ("C_crediting_card_accounts_input.txt", 13760000, 4, Layout.CREDITING),
        ("D_benefits_gcvp_to_bank_output_INFERRED.txt", 9800000, 2, Layout.BENEFITS),
        ("E_return_gcvp_partial_output.txt", 850050, 1, Layout.PARTIAL_RETURN),
        ("F_return_bank_to_gcvp_INFERRED.txt", 6000000, 1, Layout.BANK_RETURN),
    ],
)
def test_every_layout_is_read_with_its_total(name: str, total: int, people: int, layout: mt102.Layout) -> None:
    (message,) = mt102.read((messages.FIXTURES / name).read_bytes(), name)
    assert (message.total, len(message.items), message.layout) == (total, people, layout)


def test_benefits_keep_birth_dates_and_months() -> None:
    (message,) = mt102.read(BENEFITS, "D.txt")
    assert message.header.reference == "GCVP-00099999901"
    assert [(item.birth_date, item.period) for item in message.items] == [
        (date(1980, 1, 1), "072023"),
        (date(1985, 5, 15), "072023"),
    ]


def test_return_names_the_reason_at_the_head_and_at_the_person() -> None:
    (message,) = mt102.read(RETURN, "E.txt")
    assert message.header.assign == (
        "Возврат ошибочных элементов платежа № 125 от 10.07.2023 "
        "референс RMZ9900001 на сумму 30846,17. Ошибка на 1 чел. на сумму 8500,50"
    )
    assert message.items[0].assign == "[ИИН] не соответствует указанным Ф.И.О."
    assert message.items[0].account == ""
    assert message.header.payer.account == "KZ12009NPS0413609816"
    assert message.header.beneficiary.account == "KZ076017A99999999900"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda text: text.replace("\r\n", "\n"), "LF instead of CR LF"),
        (lambda text: text.rstrip(), "no line end after the last line"),
        (lambda text: "MSGID=1;MSGTYPE=102;SENDER=SCLEAR00000;\x1a" + text, "the prefix of the message queue"),
        (lambda text: "\r\n\r\n" + text + "\r\n\r\n\x1a", "blank lines around, DOS end of file"),
        (lambda text: text.replace(":70:/NUM/", ":70:\r\n/NUM/"), "the first subfield on a line of its own"),
        (lambda text: text.replace("/FM/", "//FM/").replace("/LA/", "//LA/"), "double slashes"),
        (lambda text: text.replace("/MAINBK/", "/MAINBNK/"), "the other spelling of the chief accountant"),
        (lambda text: text.replace("SGROSS", "SGRОSS"), "a Cyrillic О in block 2"),
        (lambda text: text.replace("SGROSS000000U3003", "SCLEAR00000N3020"), "clearing, one zero short"),
        (lambda text: text.replace("U3003}", "3003}"), "no priority letter"),
        (
            lambda text: text.replace("I102SGROSS000000U3003", "O1022307030915SGROSS00000000000000002307030915U"),
            "output",
        ),
        (lambda text: text.replace("U3003}", "U3003}\r\n{3:{113:N}}"), "a block 3"),
        (lambda text: text.replace("}\r\n{", "}{"), "all blocks on one line"),
        (lambda text: text.replace("/IRS/1\r\n/SECO/2", "/SECO/2\r\n/IRS/1"), "another order of subfields"),
        (
            lambda text: text.replace(":52B:KKMFKZ2A\r\n", "", 1).replace(":21:1", ":52B:KKMFKZ2A\r\n:21:1", 1),
            "of tags",
        ),
        (lambda text: text.replace("/FT/\r\n", ""), "no /FT/ where it is empty"),
        (lambda text: text.replace("/NM/АННА", "/NM/АННА  "), "blanks at the end of a line"),
        (lambda text: text.replace("/FM/", "/OPV/S\r\n/SICID/\r\n/SICID/7\r\nx\r\n/FM/"), "subfields nobody knows"),
        (lambda text: text.replace(":57B:", ":54B:NBRKKZKX\r\nmore\r\n:57B:"), "a tag nobody needs"),
    ],
)
def test_habits_of_banks_are_read_as_the_same_message(change: Callable[[str], str], why: str) -> None:
    text = CREDITING.decode()
    assert change(text) != text
    (message,) = mt102.read(change(text).encode(), "bank.txt")
    # The envelope tells another way, and what nobody knows is kept; the payment is the same.
    items = tuple(item._replace(other=(), contribution="") for item in message.items)
    header = replace(message.header, envelope=messages.HEADER.envelope, other=())
    assert replace(message, header=header, items=items) == messages.CREDITING, why


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_message_is_read_in_every_charset_of_banks(charset: str) -> None:
    assert mt102.read(encode(CREDITING.decode(), charset), "bank.txt") == (messages.CREDITING,)


def test_russian_message_is_read_from_dos_letters() -> None:
    text = changed(("СЫНАҚОВ", "СЫНАКОВ"), ("ТЕСТҰЛЫ", "ТЕСТУЛЫ"))
    (message,) = mt102.read(encode(text, "cp866"), "bank.txt")
    assert message.items[0].surname == "СЫНАКОВ"


def test_several_messages_of_a_file_are_read_in_order() -> None:
    found = mt102.read(CREDITING + b"\r\n" + RETURN + b"MSGID=2;\x1a" + BENEFITS, "bank.txt")
    assert [message.total for message in found] == [13760000, 850050, 9800000]


def test_total_that_differs_from_the_sum_is_refused_with_both() -> None:
    """E41: items 3 x 18460,00, stated 55830,00."""
    pairs = [("KZT5000,00", "KZT18460,00"), ("KZT75000,00", "KZT18460,00"), ("KZT42600,00", "KZT18460,00")]
    text = changed(*pairs, ("KZT137600,00", "KZT55830,00"))
    start, end = text.index(":21:4"), text.index(":32A:")
    (fault,) = refused(text[:start] + text[end:]).faults
    assert (fault.line, fault.place, fault.found) == (52, ":32A: total", "55830,00")
    assert "55380,00" in fault.expected
    assert "difference 450,00" in fault.expected


def test_sum_beyond_every_amount_is_a_difference_and_no_crash() -> None:
    text = changed(("KZT5000,00", "KZT922337203685477,58"), ("KZT75000,00", "KZT922337203685477,58"))
    assert "1844674407428555,16" in refused(text).faults[0].expected


def test_same_item_number_twice_is_refused() -> None:
    """E42: items 1, 2, 2."""
    (fault,) = refused(changed((":21:3", ":21:2"))).faults
    assert (fault.line, fault.place) == (44, ":21: number")
    assert fault.found == "2 again, first on line 36"


@pytest.mark.parametrize("amount", ["5000.00", "5000,0", "5000,005", "5000", "0,00", "5 000,00", "-5000,00", ""])
def test_amount_in_another_form_is_refused_with_its_line(amount: str) -> None:
    """E48: comma and two digits; the sum is not complained about when a part of it is unknown."""
    (fault,) = refused(changed(("KZT5000,00", f"KZT{amount}"))).faults
    assert (fault.line, fault.place, fault.found) == (29, ":32B: amount", amount or "nothing")
    assert fault.remedy


@pytest.mark.parametrize(
    ("old", "new", "line", "place"),
    [
        (":32A:230701KZT", ":32A:230732KZT", 60, ":32A: date"),
        (":32A:230701KZT", ":32A:2307 1KZT", 60, ":32A: date"),
        ("/DATE/230701", "/DATE/20230701", 20, ":70: /DATE/"),
        ("/DATE/230701", "/DATE/230229", 20, ":70: /DATE/"),
        (":32B:KZT5000,00", ":32B:USD5000,00", 29, ":32B: currency"),
        (":32B:KZT5000,00", ":32B:5000,00", 29, ":32B: currency"),
        (":32A:230701KZT", ":32A:230701RUB", 60, ":32A: currency"),
        ("137600,00", "137600.00", 60, ":32A: amount"),
        (":20:REFERENCE\r\n", "", 1, ":20: of the message"),
        (":20:REFERENCE", ":20:", 4, ":20: value"),
        (":52B:KKMFKZ2A", ":52B:1905019141", 12, ":52B: value"),
        (":52B:KKMFKZ2A", ":52B:KKMFKZ2", 12, ":52B: value"),
        (":57B:HSBKKZKX\r\n", "", 1, ":57B: of the message"),
        ("/IDN/230140999968", "/IDN/23014099996", 7, ":50: /IDN/"),
        ("/IDN/800101399997", "/LS/800101399997", 30, ":70: /IDN/"),
        ("/IDN/800101399997", "/RNN/8001", 34, ":70: /RNN/"),
        ("/CHIEF/СЕРИКОВ С.С.\r\n", "", 5, ":50: /CHIEF/"),
        (":50:/D/", ":50:/C/", 5, ":50: /D/"),
        ("/KNP/311\r\n", "", 19, ":70: /KNP/"),
        ("/FM/СЫНАҚОВ\r\n", "", 30, ":70: /FM/"),
        ("/FM/СЫНАҚОВ", "/FM/", 31, ":70: /FM/"),
        (":32B:KZT5000,00\r\n", "", 28, ":32B: of the item"),
        (":21:1\r\n", ":21:RMZ1\r\n", 28, ":21: value"),
        ("/NM/АРМАН", "/NM/АРМАН\r\nЕЩЁ", 33, "text block"),
        ("/NM/АРМАН", "/NM/АРМАН\r\n/lost", 33, ":70: subfield"),
        (":21:1\r\n", ":21:1\r\n:2:1\r\n", 29, "text block"),
        ("/NM/АРМАН", "/NM/АРМАН\r\n/NM/АСАН", 33, ":70: /NM/"),
        (":20:REFERENCE", ":20:REFERENCE\r\n:20:REFERENCE", 5, ":20: of the message"),
        ("/IDN/800101399997", "/DT/1978924\r\n/IDN/800101399997", 34, ":70: /DT/"),
        ("/IDN/800101399997", "/PERIOD/132023\r\n/IDN/800101399997", 34, ":70: /PERIOD/"),
        (":21:2\r\n", ":21:2\r\n:50:/D/KZ1\r\n", 37, ":50: among the people"),
        ("{4:\r\n", "{4:\r\nlost text\r\n", 4, "text block"),
        ("{1:F01K05070000000", "{1:F01K050700000", 1, "blocks 1 and 2"),
        ("{2:I102", "{2:X102", 1, "blocks 1 and 2"),
        ("{1:", ":20:LOST\r\n{1:", 1, "outside of messages"),
    ],
)
def test_fault_is_reported_with_line_and_place(old: str, new: str, line: int, place: str) -> None:
    (fault,) = refused(changed((old, new))).faults
    assert (fault.line, fault.place) == (line, place)
    assert fault.found
    assert fault.expected
    assert fault.remedy


def test_all_faults_of_all_messages_are_reported_in_order() -> None:
    text = changed(("KZT5000,00", "KZT5000.00"), ("/DATE/230701", "/DATE/000000"), ("/NM/АРМАН", "/NM/"))
    faults = refused(text + "garbage\r\n" + text.replace("\r\n-}", "")).faults
    assert [fault.line for fault in faults] == [20, 29, 32, 62, 82, 91, 94, 122]


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"", "file"),
        (b"\r\n", "file"),
        (b"authority_bin;amount", "outside of messages"),
        (PAYMENT, "block 2"),
        (CREDITING[: CREDITING.index(b"-}")], "end of message"),
        (CREDITING[: CREDITING.index(b":32A:")], ":32A: of the message"),
        (CREDITING[: CREDITING.index(b":21:1")] + b":32A:230701KZT1,00\r\n-}", ":21: of the message"),
        (CREDITING[: CREDITING.index(b"-}")] + CREDITING, "end of message"),
        (CREDITING + b"\xff", "charset"),
        (b"{1:", "blocks 1 and 2"),
    ],
)
def test_file_that_is_not_whole_messages_is_refused(data: bytes, place: str) -> None:
    assert place in {fault.place for fault in refused(data).faults}


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        (
            "{1:F01K050700000000010066410}{2:I102SCLEAR000000N3020}",
            Header(
                terminal="K05070000000",
                message_type="102",
                session="0010",
                sequence="066410",
                system="SCLEAR000000",
                priority="N",
                delivery="3020",
            ),
        ),
        (
            "{1:F01K050700000000001000001}{2:I102SGROSS0000003003}",
            Header(terminal="K05070000000", message_type="102", priority=""),
        ),
        (
            "{1:F01K050700000000001000001}{2:O1021806071505SCLEAR00000000000000001806071506U}",
            Header(
                terminal="K05070000000",
                message_type="102",
                direction="output",
                system="SCLEAR000000",
                delivery="",
                accepted="1806071505",
                trace="0000000000",
                delivered="1806071506",
            ),
        ),
    ],
    ids=["25 characters", "24 characters", "51 characters"],
)
def test_header_of_either_direction_is_kept(blocks: str, expected: Header) -> None:
    text = CREDITING.decode().replace("{1:F01K050700000000001000001}\r\n{2:I102SGROSS000000U3003}", blocks)
    (message,) = mt102.read(text.encode(), "bank.txt")
    assert message.header.envelope == expected
    assert mt102.read(mt102.write(message).encode(), "bank.txt") == (message,)


def test_list_of_before_2013_keeps_its_numbers() -> None:
    """RNN instead of IIN, MFO instead of BIC, two surnames, the number of a social card."""
    (message,) = mt102.read((messages.FIXTURES / "A2_pension_legacy_2003_cp866.txt").read_bytes(), "A2.txt")
    assert (message.header.payer.bic, message.header.payer.rnn) == ("190501914", "600400099999")
    assert message.header.period == "082003"
    first = message.items[0]
    assert (first.surname, first.changed_surname, first.rnn) == ("ПРИМЕРОВА", "СИНТЕТИКОВА", "600400099998")
    assert (first.contribution, first.social_card) == ("C", "0000000000000001")
    assert mt102.read(mt102.write(message).encode(), "A2.txt") == (message,)


def test_fee_of_the_bank_is_an_item_that_is_no_person() -> None:
    fee = ":21:5\r\n:32B:KZT100,00\r\n:70:\r\n/FM/КОМИССИЯ\r\n/NM/БАНКА\r\n/LA/FEE001\r\n"
    text = changed((":32A:", fee + ":32A:"), ("KZT137600,00", "KZT137700,00"))
    (message,) = mt102.read(text.encode(), "bank.txt")
    assert (message.items[4].is_fee, message.items[4].amount) == (True, 10000)
    assert mt102.read(mt102.write(message).encode(), "bank.txt") == (message,)


def test_zero_missing_before_the_comma_is_read_and_said() -> None:
    findings = Findings("bank.txt")
    text = changed(("KZT5000,00", "KZT,50"), ("KZT137600,00", "KZT132600,50"))
    (message,) = mt102_reading.messages([text], findings)
    assert message.items[0].amount == 50
    assert [str(note) for note in findings.notes] == [
        "line 29, :32B: amount: ',50', the zero before the comma was missing"
    ]


def test_what_is_unknown_is_kept_reported_and_written_again() -> None:
    findings = Findings("bank.txt")
    text = changed(("/FM/", "/SICID/7\r\nx\r\n/FM/"), (":57B:", ":54B:NBRKKZKX\r\n:57B:"), ("/KNP/", "/XYZ/9\r\n/KNP/"))
    (message,) = mt102_reading.messages([text], findings)
    findings.check()
    assert isinstance(message, Mt102)
    assert message.header.other == (("54B", "NBRKKZKX"), ("70/XYZ", "9"))
    assert message.items[0].other == (("70/SICID", "7\nx"),)
    assert [(note.line, note.place) for note in findings.notes] == [
        (13, ":54B:"),
        (24, ":70: /XYZ/"),
        (33, ":70: /SICID/"),
    ]
    assert mt102.read(mt102.write(message).encode(), "bank.txt") == (message,)


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [("KKMFKZ2A", "ККМFКZ2А"), ("KZ77070103KSN9999000", "КZ77070103КSN9999000"), ("KZT5000,00", "КZТ5000,00")],
)
def test_cyrillic_letters_in_codes_are_read_as_latin_and_said(latin: str, cyrillic: str) -> None:
    findings = Findings("bank.txt")
    (message,) = mt102_reading.messages([changed((latin, cyrillic))], findings)
    assert message == messages.CREDITING
    assert len(findings.notes) == 1
    assert "Cyrillic" in findings.notes[0].meaning


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
@pytest.mark.parametrize("size", [1, 7, 1000, 10**6])
def test_stream_of_any_pieces_and_line_ends_gives_the_same_list(end: str, size: int) -> None:
    text = CREDITING.decode().replace("\r\n", end)
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    findings = Findings("bank.txt")
    assert tuple(mt102_reading.messages(pieces, findings)) == (messages.CREDITING,)
    assert (findings.faults, findings.notes) == ((), ())


@given(messages.lists(), st.integers(1, 200), st.sampled_from(["mixed", "alike"]))
def test_people_read_many_at_a_time_are_those_read_one_by_one(message: Mt102, size: int, shapes: str) -> None:
    items = [item._replace(number=number) for number, item in enumerate(message.items * 40, 1)]
    if shapes == "alike":
        items = [items[0]._replace(number=number) for number in range(1, 100)]
    text = mt102.write(replace(message, items=tuple(items)))
    pieces = [text[start : start + size * 100] for start in range(0, len(text), size * 100)]
    at_once, singly = Findings("bank.txt"), Findings("bank.txt")
    found = tuple(mt102_reading.messages(pieces, at_once))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Columns, "take", lambda *_: ([], ()))
        assert found == tuple(mt102_reading.messages(pieces, singly))
    assert (at_once.faults, at_once.notes) == (singly.faults, singly.notes)


@given(messages.mutated(MANY))
def test_faults_found_many_at_a_time_are_those_found_one_by_one(data: bytes) -> None:
    at_once = messages.answer(lambda: mt102.read(data, "bank.txt"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Columns, "take", lambda *_: ([], ()))
        singly = messages.answer(lambda: mt102.read(data, "bank.txt"))
    assert str(at_once) == str(singly)


def test_every_beginning_of_a_message_is_refused() -> None:
    for end in range(len(CREDITING) - len(b"-}\r\n")):
        assert refused(CREDITING[:end]).faults


@given(messages.lists(), st.sampled_from(["utf-8", "cp1251", "utf-16"]))
def test_list_written_is_the_list_read(message: Mt102, charset: str) -> None:
    assert mt102.read(encode(mt102.write(message), charset), "bank.txt") == (message,)


@given(st.lists(messages.people(plain=True), min_size=1, max_size=5, unique_by=lambda item: item.number))
def test_head_body_and_tail_are_the_message(items: list[Mt102Item]) -> None:
    message = replace(messages.CREDITING, items=tuple(items))
    parts = [mt102.head(message.header), *mt102.body(items), mt102.tail(date(2023, 7, 1), message.total)]
    assert "".join(parts) == mt102.write(message)


def test_long_list_with_one_rare_field_is_written_and_read() -> None:
    items = [messages.PEOPLE[0]._replace(number=number, amount=100 + number) for number in range(1, 2501)]
    items[1700] = items[1700]._replace(period="032024", surname="ӘЛИ\u00a0УЛЫ", amount=1)
    message = replace(messages.CREDITING, items=tuple(items))
    chunks = list(mt102.body(items))
    assert len(chunks) == 3
    assert mt102.read(mt102.write(message).encode(), "bank.txt") == (message,)


@given(st.binary(max_size=200) | messages.mutated(CREDITING) | messages.mutated(RETURN) | messages.mutated(BENEFITS))
def test_reading_raises_nothing_but_format_error(data: bytes) -> None:
    answer = messages.answer(lambda: mt102.read(data, "bank.txt"))
    assert answer.faults if isinstance(answer, FormatError) else all(message.items for message in answer)
