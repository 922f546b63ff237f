"""MT998: forms with their rows, requests for a limit, and texts that are kept."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats import mt998
from formats.errors import Code, Findings, FormatError
from formats.mt import Header
from formats.mt998 import FORMS, CodedForm, Document, KeptText, LimitRequest, Mt998, Payer, Receipt
from tests.formats import messages, statements

SERVICE = statements.SERVICE
RETURN = (SERVICE / "K_mt998_wrp_return_of_collection_order.txt").read_bytes()
RECEIPTS = (SERVICE / "mt998_p1p_receipts_cp866.txt").read_bytes()
FILES = sorted(path for path in SERVICE.rglob("*") if "mt998" in path.name)


def header(sequence: str, system: str = "KNALOG000000", tail: str = "U3003") -> Header:
    return Header(
        terminal="K05470000000",
        message_type="998",
        session="0010",
        sequence=sequence,
        system=system,
        priority=tail[0],
        delivery=tail[1:],
    )


WRP = CodedForm(
    header=header("000321"),
    reference="INC0000000000321",
    subtype="400",
    code="WRP",
    formed_on=date(2023, 7, 3),
    title="Возврат инкассового распоряжения по ОПВ",
    bank="FOBAKZKA",
    payer=Payer("230640999996", "KZ59470142860A999905", 'ТОО "СИНТЕТИКА"'),
    document=Document(1_500_000, "17", date(2023, 7, 1), "INK9900017"),
    reason="02",
)
P1P = CodedForm(
    header=header("000324", tail="N2020"),
    reference="INC0000000000324",
    subtype="400",
    code="P1P",
    formed_on=date(2023, 7, 3),
    formed_at="1015",
    title="Подтверждение получения инк. расп. по ОПВ",
    bank="FOBAKZKA",
    receipts=(
        Receipt("07", "230640999996", "KZ59470142860A999905", 1_500_000, "17", "INK9900017", "01"),
        Receipt("07", "230740999989", "KZ776017A99999999901", 25_075, "18", "INK9900018", "02"),
    ),
)
LIMIT = LimitRequest(
    header=header("000326", "SDVR00000000"),
    reference="MKB0307202336000",
    subtype="400",
    code="150",
    dated=date(2023, 7, 3),
    action="SET",
    amount=500_000_000,
    other=(
        ("77E/52B", "470"),
        ("77E/53C", "125/KZ29125KZT9999000017"),
        ("77E/NAME", '470\nАО "БАНК-ПОЛУЧАТЕЛЬ"'),
        ("77E/56B", "NBRKKZKX"),
        ("77E/CHIEF", "СЕРИКОВ С.С."),
        ("77E/MAINBK", "АХМЕТОВА А.А."),
    ),
)
ACCOUNTS = CodedForm(
    header=header("002536", tail="N2020"),
    reference="ACC0000000000325",
    subtype="400",
    code="A01",
    formed_on=date(2023, 7, 3),
    formed_at="1309",
    title="Увед. об откр. и закр. банковских счетов",
    other=(
        ("77E/ACCOUNT", "FOBAKZKA/KZ59470142860A999905/05/1/20230703/230640999996//"),
        ("77E/ACCOUNT", "FOBAKZKA/KZ32470142860A999906/20/2/20230703/230140999968//"),
    ),
)
STATISTICS = KeptText(
    header=header("000327", "SSTAT0000000"),
    fields=(
        ("20", "STAT000000000327"),
        ("12", "800"),
        ("77E", "ОТЧЕТ ПО ПЛАТЕЖАМ ЗА ИЮНЬ 2023\n1;311;137600,00\n2;710;250,75"),
    ),
)


def found(text: str) -> tuple[tuple[Mt998, ...], Findings]:
    """The messages of a text, and what was found on the way."""
    findings = Findings("inc.998")
    return tuple(mt998.messages([text], findings)), findings


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("K_mt998_wrp_return_of_collection_order.txt", WRP),
        ("mt998_p1p_receipts_cp866.txt", P1P),
        ("mt998_limit_150.txt", LIMIT),
        ("mt998_a01_accounts.txt", ACCOUNTS),
        ("mt998_800_statistics_INFERRED.txt", STATISTICS),
    ],
)
def test_file_is_read_in_full_and_written_again(name: str, expected: Mt998) -> None:
    assert mt998.read((SERVICE / name).read_bytes(), name) == (expected,)
    assert mt998.read(mt998.write(expected).encode(), name) == (expected,)


def test_return_of_a_collection_order_is_written_as_the_example() -> None:
    # The example has the reason after the document, as it is written.
    assert mt998.write(WRP).encode() == RETURN


@pytest.mark.parametrize(
    "code",
    [
        "WR1",
        "WRP",
        "WRS",
        "P01",
        "P1P",
        "P1S",
        "P02",
        "P03",
        "P3P",
        "P3S",
        "A01",
        "A03",
        "A1C",
        "A3C",
        "ACR",
        "PAC",
        "PAP",
        "PAS",
        "PAR",
        "ACV",
        "APV",
        "ASV",
        "OR1",
    ],
)
def test_form_is_known_by_its_code(code: str) -> None:
    _, findings = found(RETURN.decode().replace("/WRP/", f"/{code}/"))
    assert FORMS[code]
    assert (findings.faults, findings.notes) == ((), ())


@pytest.mark.parametrize(
    ("old", "new", "note"),
    [
        ("/WRP/", "/ZZZ/", "a form that Esep does not know; it is kept"),
        ("/REASON/02", "/REASON/02\r\n/NEW/1", "a row that Esep does not know; it is kept"),
        ("/REASON/02", "//05/1/2/3\r\n/TOTAL/1/KZT/1,00", "a row that Esep does not know; it is kept"),
        ("/REASON/02", "/REASON/02\r\n:79:TEXT", "a tag that says nothing to Esep; it is kept"),
        ("15000,00", "15000.00", "a dot was read as the comma"),
        ("FORMS/WRP", "FORMS\r\n/WRP", "the line after FORMS was read as its end"),
    ],
)
def test_what_is_unusual_is_read_and_noted(old: str, new: str, note: str) -> None:
    [message], findings = found(RETURN.decode().replace(old, new))
    assert findings.faults == ()
    assert note in [one.meaning for one in findings.notes]
    assert isinstance(message, CodedForm)
    assert message.document == WRP.document


def test_receipts_without_a_total_are_noted() -> None:
    text = RECEIPTS.decode("cp866").replace("/TOTAL/2/KZT/15250,75\r\n", "")
    [message], findings = found(text)
    assert message == P1P
    assert [one.meaning for one in findings.notes] == ["there is no total, so a missing receipt goes unnoticed"]


def test_account_filled_up_with_blanks_is_read_bare() -> None:
    [message], _ = found(RECEIPTS.decode("cp866").replace("A999905/KZT", "A999905   /KZT"))
    assert message == P1P


@pytest.mark.parametrize(
    ("old", "new", "place", "code"),
    [
        (":20:INC0000000000321\r\n", "", ":20: of the message", Code.MISSING),
        (":12:400", ":12:40", ":12: subtype", Code.VALUE),
        (":12:400", ":12:400\r\n:12:400", ":12: of the message", Code.REPEATED),
        ("/230703/", "/231303/", ":77E: day", Code.DATE),
        ("/230703/", "/2307032515/", ":77E: moment", Code.DATE),
        ("/BANK/FOBAKZKA", "/BANK/FOBA", "/BANK/", Code.VALUE),
        ("/PLAT/230640999996", "/PLAT/23064099999", "/PLAT/ BIN or IIN", Code.VALUE),
        ("/PLAT/230640999996/", "/PLAT/", "/PLAT/", Code.MT_TEXT_BLOCK),
        ("/REFDOC/KZT/15000,00", "/REFDOC/USD/15000,00", "/REFDOC/ currency", Code.CURRENCY),
        ("/REFDOC/KZT/15000,00", "/REFDOC/KZT/15000,000", "/REFDOC/ amount", Code.AMOUNT),
        ("/17/230701/", "/17/", "/REFDOC/", Code.MT_TEXT_BLOCK),
        ("/17/230701/", "/17/230732/", "/REFDOC/ day", Code.DATE),
        ("/REASON/02", "/REASON/2", "/REASON/", Code.VALUE),
        ("{2:I998", "{2:I102", "block 2", Code.MT_OTHER_TYPE),
    ],
)
def test_wrong_part_is_refused_at_its_place(old: str, new: str, place: str, code: Code) -> None:
    text = RETURN.decode()
    assert old in text
    _, findings = found(text.replace(old, new))
    assert (place, code) in [(fault.place, fault.code) for fault in findings.faults]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("/P1/SET/KZT5000000,00", "/P1/ADD/KZT5000000,00", "/P1/"),
        ("/P1/SET/KZT5000000,00", "/P1/UPD/KZT5000000,000", "/P1/ amount"),
        ("/P1/SET/KZT5000000,00\r\n", "", "/P1/"),
        ("/DATE/230703\r\n", "", "/DATE/"),
        ("/DATE/230703", "/DATE/3", "/DATE/"),
    ],
)
def test_wrong_request_for_a_limit_is_refused_at_its_place(old: str, new: str, place: str) -> None:
    text = (SERVICE / "mt998_limit_150.txt").read_bytes().decode()
    assert old in text
    _, findings = found(text.replace(old, new))
    assert [fault.place for fault in findings.faults] == [place]


def test_total_that_is_wrong_is_refused_with_both_figures() -> None:
    name = "mt998_wrong_total.txt"
    with pytest.raises(FormatError) as refusal:
        mt998.read((SERVICE / "broken" / name).read_bytes(), name)
    assert str(refusal.value) == (
        "mt998_wrong_total.txt is refused, 2 faults:\n"
        "  line 9, /TOTAL/ count: found '2', expected 1, the number of receipts; ask the sender for a corrected file\n"
        "  line 9, /TOTAL/ sum: found '15250,75', expected 15000,00, the sum of 1 receipts; "
        "ask the sender for a corrected file"
    )


kept = st.lists(st.tuples(st.sampled_from(["77E/ACCOUNT", "77E/NEW"]), statements.rows), max_size=2).map(tuple)
receipts = st.builds(
    Receipt,
    kind=messages.digits(2),
    idn=messages.digits(12),
    account=messages.accounts,
    amount=st.integers(0, 10**13),
    number=messages.digits(4),
    reference=messages.digits(9),
    status=messages.digits(2),
)
envelopes = messages.envelopes("998")
forms = st.builds(
    CodedForm,
    header=envelopes,
    reference=messages.digits(16),
    subtype=messages.digits(3),
    code=st.sampled_from([*FORMS, "ZZ9"]),
    formed_on=messages.days,
    formed_at=st.sampled_from(["", "0000", "2359"]),
    title=st.one_of(st.just(""), statements.rows),
    bank=st.sampled_from(["", "FOBAKZKA"]),
    payer=st.one_of(st.none(), st.builds(Payer, messages.digits(12), messages.accounts, statements.rows)),
    document=st.one_of(
        st.none(), st.builds(Document, messages.amounts, messages.digits(3), messages.days, messages.digits(9))
    ),
    reason=st.sampled_from(["", "02"]),
    receipts=st.lists(receipts, max_size=3).map(tuple),
    other=kept,
)
limits = st.builds(
    LimitRequest,
    header=envelopes,
    reference=messages.digits(16),
    subtype=messages.digits(3),
    code=messages.digits(3),
    dated=messages.days,
    action=st.sampled_from(["SET", "UPD"]),
    amount=messages.amounts,
    other=kept,
)
texts = st.builds(
    KeptText,
    header=envelopes,
    fields=st.lists(st.tuples(st.sampled_from(["20", "12", "77E", "79"]), statements.rows), max_size=4).map(tuple),
)


@given(st.one_of(forms, limits, texts))
def test_message_written_is_the_message_read(message: Mt998) -> None:
    [read], findings = found(mt998.write(message))
    assert read == message
    assert findings.faults == ()


@given(st.text(max_size=40), st.sampled_from(["title", "reference", "bank", "formed_at", "code", "subtype", "reason"]))
def test_any_text_is_refused_or_read_back(text: str, name: str) -> None:
    changed: dict[str, Any] = {name: text}
    message = replace(WRP, **changed)
    written = messages.answer(lambda: mt998.write(message))
    if isinstance(written, str):
        assert mt998.read(written.encode(), "inc.998", charset="utf-8") == (message,)


@given(st.text("/FORMSGVN WRP:-0123\n", max_size=60))
def test_any_kept_text_is_refused_or_read_back(text: str) -> None:
    message = replace(STATISTICS, fields=(*STATISTICS.fields[:2], ("77E", text)))
    written = messages.answer(lambda: mt998.write(message))
    if isinstance(written, str):
        assert mt998.read(written.encode(), "stat.998", charset="utf-8") == (message,)


@pytest.mark.parametrize(
    ("message", "place"),
    [
        (replace(WRP, formed_on=date(1999, 1, 1)), ":77E: day"),
        (replace(WRP, other=(("77E/BANK", "A"),)), "77E/BANK"),
        (replace(WRP, other=(("77E//07", "A"),)), "77E//07"),
        (replace(WRP, other=(("79", "A"), ("77E/NEW", "A"))), "77E/NEW"),
        (replace(WRP, other=(("20", "A"),)), "20"),
        (replace(WRP, document=Document(-1, "17", date(2023, 7, 1), "INK")), "/REFDOC/ amount"),
        (replace(WRP, payer=Payer("1", "KZ", "A")), "/PLAT/ BIN or IIN"),
        (replace(P1P, receipts=(P1P.receipts[0]._replace(status="1"),)), "// receipt 1: status"),
        (replace(LIMIT, amount=-1), "/P1/ amount"),
        (replace(LIMIT, other=(("77E/DATE", "230703"),)), "77E/DATE"),
        (replace(LIMIT, header=replace(LIMIT.header, message_type="102")), "block 2"),
        (replace(STATISTICS, fields=(("77E", "FORMS/WRP/230703/A"),)), ":77E:"),
    ],
)
def test_what_would_be_read_otherwise_is_not_written(message: Mt998, place: str) -> None:
    with pytest.raises(FormatError) as refusal:
        mt998.write(message)
    assert place in [fault.place for fault in refusal.value.faults]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_file_cut_at_any_byte_is_read_or_refused(path: Path) -> None:
    data = path.read_bytes()
    for length in range(len(data)):
        messages.answer(lambda length=length: mt998.read(data[:length], "cut.998"))  # type: ignore[misc]


@given(st.sampled_from([path.read_bytes() for path in FILES]).flatmap(messages.mutated))
def test_broken_bytes_are_read_or_refused(data: bytes) -> None:
    messages.answer(lambda: mt998.read(data, "broken.998"))
