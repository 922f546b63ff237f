"""MT940 and the general MT950: the files of fixtures, the proof of balances, pages, and what is written."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats import mt940
from formats.errors import Code, Findings, FormatError
from formats.mt940 import Balance, Mt940, Mt940Head, Mt940Line
from formats.statement import continuity
from formats.text import encode
from tests.formats import messages, statements

FOLDER = statements.FOLDER
KAZAKH = (FOLDER / "kazakh_knp_cp1251.sta").read_bytes()
SWIFT = (FOLDER / "swift_new_year.fin").read_bytes()
PAGES = (FOLDER / "two_pages.sta").read_bytes()
FILES = sorted(path for path in FOLDER.rglob("*") if path.is_file())

ACCOUNT = "KZ286017A99999999910"


def kzt(year: int, month: int, day: int, amount: int) -> Balance:
    return Balance(on=date(year, month, day), currency="KZT", amount=amount)


JULY_15, AUGUST_20, SEPTEMBER_10 = date(2026, 7, 15), date(2026, 8, 20), date(2026, 9, 10)
QUARTER = Mt940(
    head=Mt940Head(
        reference="STMT001",
        account=ACCOUNT,
        number="1",
        page="1",
        opening=kzt(2026, 7, 1, 0),
        closing=kzt(2026, 9, 30, 72_000_000),
    ),
    lines=(
        Mt940Line(
            1,
            "C",
            JULY_15,
            JULY_15,
            "",
            70_000_000,
            "NTRF",
            "NONREF",
            details="KNP 710 оплата за товары от ТОО ОБРАЗЕЦ БИН 230740999989",
        ),
        Mt940Line(
            2,
            "C",
            AUGUST_20,
            AUGUST_20,
            "",
            5_000_000,
            "NTRF",
            "NONREF",
            details="КНП 342: перевод между своими счетами",
        ),
        Mt940Line(
            3, "D", SEPTEMBER_10, SEPTEMBER_10, "", 3_000_000, "NTRF", "NONREF", "B26091000017", details="оплата налога"
        ),
    ),
)


def found(data: bytes) -> tuple[tuple[Mt940, ...], Findings]:
    """The statements of some bytes of UTF-8, and what was found on the way."""
    findings = Findings("statement.sta")
    return tuple(mt940.messages([data.decode()], findings)), findings


def test_kazakh_statement_without_envelope_is_read_in_full() -> None:
    assert mt940.read(KAZAKH, "bank.sta") == (QUARTER,)


def test_kazakh_statement_gives_purpose_codes_and_texts() -> None:
    statement = mt940.account_statement(QUARTER)
    assert (statement.account, statement.currency, statement.number) == (ACCOUNT, "KZT", "1")
    assert (statement.date_from, statement.date_to) == (date(2026, 7, 2), date(2026, 9, 30))
    assert (statement.credited, statement.debited) == (75_000_000, 3_000_000)
    assert [(one.knp, one.purpose, one.counterparty_idn) for one in statement.movements] == [
        ("710", "оплата за товары от ТОО ОБРАЗЕЦ БИН 230740999989", ""),
        ("342", "перевод между своими счетами", ""),
        ("", "оплата налога", ""),
    ]
    assert [(one.reference, one.bank_reference) for one in statement.movements][2] == ("", "B26091000017")


def test_statement_of_swift_is_read_in_full() -> None:
    [message], findings = found(SWIFT)
    assert (findings.faults, findings.notes) == ((), ())
    head = message.head
    assert head.envelope.endswith("{3:{108:STATEMENT0000001}}")
    assert (head.account, head.owner_bic, head.number, head.page) == (ACCOUNT, "CLNTKZKA", "00002", "001")
    assert (head.opening, head.closing) == (kzt(2025, 12, 30, 100_000), kzt(2026, 1, 5, 233_225))
    assert (head.available, head.forward) == (
        kzt(2026, 1, 5, 230_000),
        (kzt(2026, 1, 6, 233_225), kzt(2026, 1, 7, -75)),
    )
    assert (head.information, head.related_reference) == ("MESSAGE TO THE ACCOUNT OWNER", "NONREF")
    assert [(line.mark, line.value_date, line.booked_on, line.funds_code, line.amount) for line in message.lines] == [
        ("RC", date(2025, 12, 31), date(2026, 1, 2), "", 150),
        ("RD", date(2026, 1, 1), date(2025, 12, 30), "T", 20_000),
        ("C", date(2026, 1, 2), None, "", 123_400),
        ("D", date(2026, 1, 5), date(2026, 1, 5), "", 10_025),
    ]
    assert (message.lines[0].reference, message.lines[0].supplement) == ("INVOICE 17", "SUPPLEMENTARY DETAILS")


def test_statement_of_swift_gives_counterparties_where_they_are_named() -> None:
    [message] = mt940.read(SWIFT, "bank.fin")
    german, _, coded, plain = mt940.account_statement(message).movements
    assert (german.counterparty_name, german.counterparty_account, german.counterparty_bic) == (
        "TOO OBRAZEC ALMATY",
        ACCOUNT,
        "HSBKKZKX",
    )
    assert (coded.knp, coded.counterparty_idn, coded.number, coded.purpose) == (
        "710",
        "230640999996",
        "17",
        "ОПЛАТА ПО ДОГОВОРУ 17",
    )
    assert (plain.purpose, plain.counterparty_name) == ("COMMISSION", "")


def test_pages_are_given_each_and_joined_to_one_statement() -> None:
    first, second = mt940.read(PAGES, "pages.sta")
    assert [(one.head.number, one.head.page, one.head.is_first_page) for one in (first, second)] == [
        ("31", "1", True),
        ("31", "2", False),
    ]
    [statement] = mt940.account_statements([first, second])
    assert (statement.opening, statement.closing) == (100_000, 125_000)
    assert [one.line for one in statement.movements] == [1, 2]
    assert len(mt940.account_statements([first, replace(second, head=replace(second.head, number="32"))])) == 2


def test_page_that_is_not_in_the_file_is_said() -> None:
    first, second = mt940.read(PAGES, "pages.sta")
    for page, note in (
        (first, ":62M:: 'KZ286017A99999999910 31/1', a page after this one is not in the file"),
        (second, "line 4, :60M:: 'KZ286017A99999999910 31/2', a page before this one is not in the file"),
    ):
        _, findings = found(mt940.write(page).encode())
        assert [str(one) for one in findings.notes] == [note]


def test_several_accounts_of_a_file_are_read_in_order() -> None:
    data = (FOLDER / "two_accounts_bank_name.sta").read_bytes()
    statements_found, findings = found(data)
    assert [mt940.account_statement(one).account for one in statements_found] == [ACCOUNT, "KZ986017A99999999911"]
    assert [str(one) for one in findings.notes] == [
        "line 1, before the statement: 'HSBKKZKX', it was passed over (3 times)"
    ]
    assert statements_found[0].head.opening.amount == -1_000


def test_statement_of_the_payment_system_keeps_what_is_not_of_mt940() -> None:
    [message], findings = found((FOLDER / "payment_system_envelope.txt").read_bytes())
    assert message.head.other == (("23", "FINAL"),)
    assert message.lines[0][6:9] == ("S100", "TRS2307030001", "GR1429640")
    assert [note.place for note in findings.notes] == [":23:"]


def test_general_mt950_is_the_same_without_texts() -> None:
    [message] = mt940.read((FOLDER / "general_mt950.fin").read_bytes(), "gross.fin")
    assert [(line.transaction_type, line.change) for line in message.lines] == [("S103", 25_050), ("NCHG", -50)]


def test_statement_dated_by_the_day_before_follows_the_one_before() -> None:
    before = mt940.account_statement(QUARTER)
    head = replace(QUARTER.head, number="2", opening=QUARTER.head.closing, closing=kzt(2026, 10, 1, 72_000_000))
    assert continuity(before, mt940.account_statement(Mt940(head=head, lines=()))) is None
    later = replace(head, opening=kzt(2026, 10, 3, 1), closing=kzt(2026, 10, 3, 1))
    gap = continuity(before, mt940.account_statement(Mt940(head=later, lines=())))
    assert gap is not None
    assert (gap.days, gap.difference) == (2, 1 - 72_000_000)


@pytest.mark.parametrize(
    ("name", "code", "fault"),
    [
        (
            "wrong_closing.sta",
            Code.BALANCE,
            (
                "line 9, :62F: closing balance: found '670000,10', expected 670000,00, opening 0,00 and 2 movements "
                "(difference 0,10); ask the sender for a corrected file"
            ),
        ),
        (
            "bad_mark.sta",
            Code.VALUE,
            (
                "line 5, :61: mark: found 'K', expected C, D, RC, RD, EC, ED, then at most one letter of the currency; "
                "ask the sender for a corrected file"
            ),
        ),
        (
            "letter_in_amount.sta",
            Code.AMOUNT,
            (
                "line 7, :61: amount: found '3000O,00', expected digits and a comma, with up to two digits behind it, "
                "like 18460,00; ask the sender for a corrected file"
            ),
        ),
        (
            "no_such_day.sta",
            Code.DATE,
            (
                "line 5, :61: date: found '260230', expected days that exist: YYMMDD, then optionally MMDD; "
                "ask the sender for a corrected file"
            ),
        ),
        (
            "cut_short.sta",
            Code.FILE_CUT_SHORT,
            (
                "line 8, end of statement: found 'no :62F:', expected -} alone on a line, or a closing balance "
                "and then -; "
                "the file is cut short: ask the sender for a corrected file"
            ),
        ),
        (
            "cut_short_envelope.fin",
            Code.FILE_CUT_SHORT,
            (
                "line 10, end of statement: found 'no -}', expected -} alone on a line, or a closing balance "
                "and then -; "
                "the file is cut short: ask the sender for a corrected file"
            ),
        ),
        (
            "page_does_not_go_on.sta",
            Code.BALANCE,
            (
                "line 10, :60M: opening balance: found '1200,00', expected 1000,00, the closing balance of the page "
                "before; "
                "ask the sender for a corrected file"
            ),
        ),
        (
            "second_currency.sta",
            Code.CURRENCY,
            (
                "line 9, balances: currency: found 'USD', expected KZT, the currency of the opening balance; "
                "ask the sender for a corrected file"
            ),
        ),
        (
            "no_account_no_opening.sta",
            Code.MISSING,
            (
                "line 1, :25: of the statement: found 'nothing', expected the tag, which is mandatory; "
                "ask the sender for a corrected file"
            ),
        ),
        (
            "another_message.txt",
            Code.MT_OTHER_TYPE,
            "line 1, block 2: found 'MT100', expected MT940 or MT950; give the file to the command for its type",
        ),
    ],
)
def test_broken_file_is_refused_with_its_fault(name: str, code: Code, fault: str) -> None:
    with pytest.raises(FormatError) as refusal:
        mt940.read((FOLDER / "broken" / name).read_bytes(), name)
    assert (code, fault) in [(one.code, str(one)) for one in refusal.value.faults]


@pytest.mark.parametrize(
    ("old", "new", "places"),
    [
        (b":60F:C260701", b":60F:C261001", [":62F: date"]),
        (b":60F:C260701KZT0,00", b":60F:260701KZT5,00", [":60F: mark"]),
        (b":60F:C260701KZT0,00", b":60F:C260701KZT", [":60F: amount"]),
        (b":60F:C260701KZT0,00", b":60F:C260701KZT0,000", [":60F: amount"]),
        (b":60F:C260701KZT0,00", b":60F:0,00", [":60F: balance"]),
        (b":60F:C260701KZT0,00", b":60F:C263201KZT0,00", [":60F: date"]),
        (b":25:", b":25:KZ\r\n:25:", [":25: of the statement"]),
        (b":25:", b":20:\r\n:25:", [":20: of the statement"]),
        (b":28C:1/1", b":28C:1/1\r\n2", ["text under :28C:"]),
        (b":62F:", b":62M:C260930KZT720000,00\r\n:62F:", [":62F: of the statement"]),
    ],
)
def test_wrong_head_is_refused_at_its_place(old: bytes, new: bytes, places: list[str]) -> None:
    text = encode(mt940.write(replace(QUARTER, head=replace(QUARTER.head, envelope=statements.ENVELOPES[2]))), "utf-8")
    with pytest.raises(FormatError) as refusal:
        mt940.read(text.replace(old, new), "broken.sta")
    assert [fault.place for fault in refusal.value.faults][: len(places)] == places


@pytest.mark.parametrize(
    ("old", "new", "note"),
    [
        (b":60F:C260701KZT0,00", b":60F:260701KZT0,00", "C or D is missing, which says nothing of a balance of zero"),
        (b":60F:C260701KZT0,00", b":60F:C260701KZT0", "the comma is missing: read as whole units"),
        (b":62F:C260930KZT720000,00", b":62F:C260930KZT720000.00", "a dot was read as the comma"),
        (b":60F:C260701KZT", ":60F:С260701КZT".encode(), "Cyrillic letters were read as the Latin ones"),
        (b":28C:1/1\r\n", b"", "the statement has no number, so a missing one goes unnoticed"),
        (b":28C:", b":13D:2607011200+0500\r\n:28C:", "a tag that says nothing to Esep; it is kept"),
    ],
)
def test_unusual_head_is_read_and_noted(old: bytes, new: bytes, note: str) -> None:
    [message], findings = found(mt940.write(QUARTER).encode().replace(old, new))
    assert findings.faults == ()
    assert [one.meaning[: len(note)] for one in findings.notes] == [note]
    assert message.lines == QUARTER.lines


@pytest.mark.parametrize(
    ("text", "code", "why"),
    [
        ("", Code.FILE_EMPTY, "nothing"),
        ("date;amount\n1;2\n", Code.FILE_EMPTY, "a table"),
        (mt940.write(QUARTER) + "MORE\n", Code.MT_OUTSIDE, "text behind a statement"),
        (":61:260701C1,NTRFA\n:62F:C260701KZT1,\n", Code.MISSING, "a statement without its head"),
        ("{1:F01}{2:I940}{4:\n:20:A\n-}", Code.MT_HEADER, "an envelope that is none"),
        ("TEXT\n:20:A\n", Code.FILE_CUT_SHORT, "a head alone"),
        (":20:A\n\nTEXT\n:25:B\n", Code.MT_TEXT_BLOCK, "text under a tag"),
    ],
)
def test_file_that_is_no_statement_is_refused(text: str, code: Code, why: str) -> None:
    _, findings = found(text.encode())
    assert code in [fault.code for fault in findings.faults], why


def test_answer_of_the_network_and_a_queue_prefix_are_passed_over() -> None:
    answer = b"{1:F21BANKKZKAAXXX2222123456}{4:{177:2601051201}{451:0}}"
    [message], findings = found(b"MSGID=1;MSGTYPE=940;" + SWIFT.replace(b"{1:F01", answer + b"{1:F01"))
    assert findings.faults == ()
    assert message.head.reference == "STMT2026-002"
    assert len(findings.notes) == 2


def test_messages_that_follow_on_one_line_are_read() -> None:
    both, findings = found(SWIFT.rstrip() + SWIFT)
    assert findings.faults == ()
    assert both[0] == both[1]


def test_stream_gives_movements_in_batches_and_then_the_head() -> None:
    amount = 1_000
    lines = tuple(QUARTER.lines[0]._replace(line=at, amount=amount) for at in range(1, 5001))
    closing = kzt(2026, 9, 30, 5_000 * amount)
    text = mt940.write(Mt940(head=replace(QUARTER.head, closing=closing), lines=lines))
    findings = Findings("large.sta")
    *batches, head = mt940.stream((text[at : at + (1 << 16)] for at in range(0, len(text), 1 << 16)), findings)
    assert isinstance(head, Mt940Head)
    assert tuple(line for batch in batches if not isinstance(batch, Mt940Head) for line in batch) == lines
    assert len(batches) < 100
    assert findings.faults == ()


@given(statements.general(), st.sampled_from(["utf-8", "utf-16", "cp1251"]))
def test_statement_written_is_the_statement_read(message: Mt940, charset: str) -> None:
    data = encode(mt940.write(message), charset)
    named = charset if charset == "cp1251" else None
    assert mt940.read(data, "bank.sta", charset=named) == (message,)


@given(st.lists(statements.general(), min_size=1, max_size=3))
def test_statements_of_a_file_are_the_statements_written(all_of_them: list[Mt940]) -> None:
    apart = [replace(one, head=replace(one.head, is_first_page=True, is_last_page=True)) for one in all_of_them]
    text = "".join(mt940.write(one) for one in apart)
    assert mt940.read(text.encode(), "bank.sta") == tuple(apart)


@given(st.text(max_size=40), st.sampled_from(["details", "supplement", "reference", "bank_reference"]))
def test_any_text_is_refused_or_read_back(text: str, name: str) -> None:
    changed: dict[str, Any] = {name: text}
    lines = (QUARTER.lines[0]._replace(**changed), *QUARTER.lines[1:])
    message = replace(QUARTER, lines=lines)
    written = messages.answer(lambda: mt940.write(message))
    if isinstance(written, str):
        assert mt940.read(written.encode(), "bank.sta", charset="utf-8") == (message,)


@given(st.text(max_size=40), st.sampled_from(["reference", "account", "number", "page", "information", "owner_bic"]))
def test_any_text_of_the_head_is_refused_or_read_back(text: str, name: str) -> None:
    changed: dict[str, Any] = {name: text}
    message = replace(QUARTER, head=replace(QUARTER.head, **changed))
    written = messages.answer(lambda: mt940.write(message))
    if isinstance(written, str):
        assert mt940.read(written.encode(), "bank.sta", charset="utf-8") == (message,)


@pytest.mark.parametrize(
    ("head", "place"),
    [
        ({"closing": kzt(2026, 9, 30, 72_000_001)}, ":62F: closing balance"),
        ({"closing": Balance(on=date(2026, 9, 30), currency="USD", amount=72_000_000)}, ":62F: currency"),
        ({"closing": kzt(2026, 6, 30, 72_000_000)}, ":62F: date"),
        ({"opening": kzt(1999, 7, 1, 0)}, ":60F: date"),
        ({"envelope": "{1:F01}"}, "blocks 1 to 3"),
        ({"other": (("61", "A"),)}, ":61:"),
        ({"other": (("13D", "A\n:B"),)}, ":13D:"),
        ({"page": "1", "number": ""}, ":28C: page"),
        ({"owner_bic": "short"}, ":25P: BIC"),
    ],
)
def test_wrong_head_is_not_written(head: dict[str, Any], place: str) -> None:
    with pytest.raises(FormatError) as refusal:
        mt940.write(replace(QUARTER, head=replace(QUARTER.head, **head)))
    assert place in [fault.place for fault in refusal.value.faults]


def test_refusal_to_write_names_place_found_expected_and_remedy() -> None:
    with pytest.raises(FormatError) as refusal:
        mt940.write(replace(QUARTER, lines=(QUARTER.lines[0]._replace(transaction_type="TRF"),)))
    [fault] = [fault for fault in refusal.value.faults if "type" in fault.place]
    assert str(fault) == (
        ":61: number 1: transaction type: found 'TRF', expected N, S or F and three capitals or digits, like NTRF; "
        "correct it before it is sent"
    )
    assert fault.code is Code.UNWRITABLE


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_file_cut_at_any_byte_is_read_or_refused(path: Any) -> None:
    data = path.read_bytes()
    for length in range(len(data)):
        messages.answer(lambda length=length: mt940.read(data[:length], "cut.sta"))  # type: ignore[misc]


@given(st.sampled_from([path.read_bytes() for path in FILES]).flatmap(messages.mutated))
def test_broken_bytes_are_read_or_refused(data: bytes) -> None:
    read = messages.answer(lambda: mt940.read(data, "broken.sta"))
    if not isinstance(read, FormatError):
        mt940.account_statements(read)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    messages.answer(lambda: mt940.read(data, "any.sta"))
