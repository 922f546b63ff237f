"""A look through any file: it never raises, and it agrees with what a reader of the whole file says."""

from pathlib import Path

import pytest

from formats import Survey, read, survey
from formats.errors import Code, FormatError
from formats.recognise import Kind
from formats.summaries import Role, Summary
from formats.summaries_mt import summary_of_any
from formats.surveys import SUMMARIES_MAX
from tests.formats import files

MESSAGE = files.FIXTURES / "C_crediting_card_accounts_input.txt"
LISTS = MESSAGE.read_bytes()
REFUSED = (files.FIXTURES / "mt9xx" / "J_mt905_reject_INFERRED.txt").read_bytes()
STATEMENT = files.FIXTURES / "onec" / "kaspi_like.txt"


def refusal_of(path: Path) -> FormatError | None:
    try:
        read(path)
    except FormatError as refusal:
        return refusal
    return None


@pytest.mark.parametrize("path", files.ALL, ids=files.name_of)
def test_a_survey_finds_the_faults_that_a_reader_refuses_the_file_with(path: Path) -> None:
    refusal = refusal_of(path)
    assert sorted(map(str, survey(path).faults)) == sorted(map(str, refusal.faults if refusal else ()))


@pytest.mark.parametrize("path", files.GOOD, ids=files.name_of)
def test_a_survey_sums_up_what_a_reader_gives(path: Path) -> None:
    found, seen = read(path), survey(path)
    assert (seen.charset, seen.evidence, seen.notes) == (found.charset, found.evidence, found.notes)
    if found.recognised.kind is not Kind.LINES:
        assert seen.summaries == tuple(map(summary_of_any, found.messages))
        return
    [one] = seen.summaries
    assert one.count == sum(len(batch.lines) for batch in found.messages)
    assert dict(one.amounts)["amount"] == sum(int(text) for batch in found.messages for text in batch.columns["amount"])


def looked_at(tmp_path: Path, data: bytes, name: str = "file.txt") -> Survey:
    path = tmp_path / name
    path.write_bytes(data)
    return survey(path)


def test_messages_of_several_types_in_a_file_are_each_summed_up(tmp_path: Path) -> None:
    names = ["I_mt100_input.txt", "mt9xx/J2_mt910_credit_INFERRED.txt", "mt9xx/mt970_clearing_mfo.txt"]
    names += ["mt940/swift_new_year.fin", "mt940/general_mt950.fin"]
    data = b"\r\n".join([LISTS, *((files.FIXTURES / name).read_bytes() for name in names)])
    seen = looked_at(tmp_path, data)
    assert seen.faults == ()
    assert [one.what for one in seen.summaries] == [
        "MT-102, crediting by list",
        "MT-100, one payment",
        "MT910, a payment was credited",
        "MT970 statement, final (FINAL)",
        "MT940 statement",
        "MT950 statement",
    ]


def test_a_cut_list_still_says_what_it_is(tmp_path: Path) -> None:
    seen = looked_at(tmp_path, LISTS[: LISTS.index(b":32A:")])
    [one] = seen.summaries
    assert (one.what, one.count) == ("MT-102, crediting by list", 4)
    assert Code.FILE_CUT_SHORT in {fault.code for fault in seen.faults}


def test_a_list_that_breaks_off_in_a_line_without_end_says_how_far_it_was_read(tmp_path: Path) -> None:
    start = LISTS.index(b":21:3")
    seen = looked_at(tmp_path, LISTS[:start] + b"x" * (3 << 20))
    assert [fault.code for fault in seen.faults] == [Code.LINE_TOO_LONG]
    [one] = seen.summaries
    assert (one.what, one.role, one.count) == ("a message that was not read to its end", Role.OTHER, 1)


def test_a_camt_that_breaks_off_says_what_was_seen(tmp_path: Path) -> None:
    data = (files.FIXTURES / "iso20022" / "camt.053.001.02_statement.xml").read_bytes()
    start, end = data.index(b"<Ntry>"), data.index(b"</Ntry>") + len(b"</Ntry>")
    seen = looked_at(tmp_path, data[:start] + data[start:end] * 500 + b"<Ntry>", "cut.xml")
    [one] = seen.summaries
    assert (one.what, one.role) == ("camt.053 statement, not read to its end", Role.OTHER)
    assert dict(one.facts)["account"] == "KZ36009PENS999999901"
    assert 0 < one.count <= 500


def test_a_1c_statement_with_a_wrong_total_still_says_what_its_documents_are() -> None:
    [one] = survey(files.FIXTURES / "onec" / "broken" / "total.txt").summaries
    assert one == Summary(
        what="1C statement with faults: the documents that could be read",
        role=Role.OTHER,
        facts=(("account", "KZ36009PENS999999901"), ("bank", 'State Corporation "Government for Citizens"')),
        count=2,
        records="documents",
        amounts=(("credited", 11086000), ("debited", 774570)),
    )


def test_a_balance_that_is_not_known_is_left_out_and_not_shown_as_nothing() -> None:
    [one] = survey(files.FIXTURES / "mt940" / "broken" / "no_account_no_opening.sta").summaries
    assert [name for name, _ in one.amounts] == ["credited", "debited", "closing"]
    assert one.currency == "KZT"
    assert "from" not in dict(one.facts)


def test_decisions_are_summed_up_by_the_decisions_that_they_are(tmp_path: Path) -> None:
    [one] = survey(files.FIXTURES / "exchange" / "decisions.xlsx").summaries
    assert dict(one.facts) == {
        "authority bin": "020340000172",
        "decision number": "14-Ә/3",
        "aid kind": "HOLIDAY_8_MARCH, DISABLED_CHILD",
        "bic": "HSBKKZKX, CASPKZKA",
    }
    rows = (files.FIXTURES / "exchange" / "decisions.csv").read_text("utf-8-sig").splitlines()
    more = [
        rows[1].replace("HOLIDAY_8_MARCH", f"KIND{number}").replace("2024/000117", f"2024/{number}")
        for number in range(9)
    ]
    seen = looked_at(tmp_path, "\r\n".join([rows[0], *more, ""]).encode("utf-8-sig"), "many.csv")
    assert dict(seen.summaries[0].facts)["aid kind"] == "KIND0, KIND1, KIND2, KIND3 and others"


def test_orders_of_a_client_on_one_day_are_one_summary(tmp_path: Path) -> None:
    data = (files.FIXTURES / "onec" / "payment_orders_INFERRED.txt").read_bytes()
    start, end = data.index("СекцияДокумент".encode()), data.index("КонецФайла".encode())
    second = data[start:end].replace("Номер=".encode(), "Номер=9".encode())
    seen = looked_at(tmp_path, data[:end] + second + data[end:])
    [one] = seen.summaries
    assert (one.count, one.amounts) == (2, (("amount", 2 * 774570),))


def test_after_a_thousand_messages_the_others_are_one(tmp_path: Path) -> None:
    many = b"".join(REFUSED.replace(b"ERR0000001", b"ERR%07d" % number) for number in range(SUMMARIES_MAX + 5))
    seen = looked_at(tmp_path, many)
    assert len(seen.summaries) == SUMMARIES_MAX + 1
    assert (seen.summaries[-1].what, seen.summaries[-1].count) == ("MT905, a message was refused, all the others", 5)


def test_beyond_a_thousand_statements_balances_are_not_added_up(tmp_path: Path) -> None:
    one = (files.FIXTURES / "mt9xx" / "mt970_clearing_mfo.txt").read_bytes()
    seen = looked_at(tmp_path, one * (SUMMARIES_MAX + 2))
    assert seen.faults == ()
    assert dict(seen.summaries[0].amounts)["closing"] == 1386370
    last = seen.summaries[-1]
    assert (last.count, last.amounts) == (4, (("credited", 2 * 1407370), ("debited", 2 * 21000)))


def test_the_same_message_twice_is_two_and_not_one_of_twice_the_amount(tmp_path: Path) -> None:
    assert [(one.count, one.amounts) for one in looked_at(tmp_path, LISTS + LISTS).summaries] == [
        (4, (("amount", 13760000),)),
        (4, (("amount", 13760000),)),
    ]


def test_the_pieces_of_a_large_payment_message_are_one(tmp_path: Path) -> None:
    data = (files.FIXTURES / "iso20022" / "pain.001_freedom.xml").read_text("utf-8")
    start, end = data.index("<CdtTrfTxInf>"), data.index("</CdtTrfTxInf>") + len("</CdtTrfTxInf>")
    seen = looked_at(tmp_path, (data[:end] + data[start:end] * 5_000 + data[end:]).encode(), "large.xml")
    assert [one.count for one in seen.summaries] == [5_002]
    assert {fault.code for fault in seen.faults} == {Code.TOTAL}


def test_ten_thousand_faults_are_listed_in_a_moment(tmp_path: Path) -> None:
    data = ":20:S\r\n:25:KZ286017A99999999910\r\n:28C:1\r\n:60F:C240314KZT0,\r\n" + ":61:nonsense\r\n" * 20_000
    seen = looked_at(tmp_path, data.encode())
    assert len(seen.faults) == 10_001
    assert seen.faults[-1].code is Code.TOO_MANY_FAULTS


def test_no_summary_names_a_person() -> None:
    people = ("ИВАНОВ", "ПЕТРОВ", "Қожахметова", "Өмірбек", "СЕРИКОВ")
    shown = " ".join(str(value) for path in files.GOOD for one in survey(path).summaries for _, value in one.facts)
    assert [name for name in people if name in shown] == []


def test_a_charset_that_does_not_exist_is_refused() -> None:
    with pytest.raises(LookupError, match="charset 'latin-5' is not known"):
        survey(STATEMENT, charset="latin-5")
