"""Account reports that are refused: each file under fixtures/messages/iso20022/broken with the text that it gives."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats import camt
from formats.errors import Code, FormatError

FOLDER = Path(__file__).parents[2] / "fixtures" / "messages" / "iso20022"
FILES = sorted(FOLDER.glob("camt*.xml"))
RESEND = "; ask the sender for a corrected file"
DOCTYPE = (
    "expected a message without a document type and entities; ask the sender for a file without it; "
    "do not open this one in other programs"
)
VERSIONS = (
    "expected urn:iso:std:iso:20022:tech:xsd: and camt.053.001.02 to .14, camt.054.001.02 to .14, "
    "camt.052.001.02 to .14; look whether this is the right file; if it is, ask the sender for the message "
    "in this version"
)
ISO = "urn:iso:std:iso:20022:tech:xsd:"
BROKEN: dict[str, tuple[set[Code], tuple[str, ...]]] = {
    "external_entity": ({Code.XML_DOCTYPE}, ("line 2, DOCTYPE: found '<!DOCTYPE Document [', ", DOCTYPE)),
    "billion_laughs": ({Code.XML_DOCTYPE}, ("line 3, DOCTYPE: found '<!DOCTYPE Document [', ", DOCTYPE)),
    "quadratic_blowup": (
        {Code.XML_DOCTYPE},
        ("line 1, DOCTYPE: found '<!DOCTYPE Document [<!ENTITY a \"", "a" * 28, "', ", DOCTYPE),
    ),
    "undefined_entity": (
        {Code.XML_MALFORMED},
        ("line 5, XML: found \"Entity 'bank' not defined\", expected well-formed XML", RESEND),
    ),
    "cut_short": (
        {Code.FILE_CUT_SHORT},
        (
            "line 152, end of file: found 'Premature end of data in tag AcctSvcrRef line 152', ",
            "expected every element closed; ask the sender for the whole file",
        ),
    ),
    "wrong_balance": (
        {Code.BALANCE},
        (
            "line 49, Bal CLBD: found '103114,00', ",
            "expected 103114,30, OPBD 0,00 and 4 booked entries (difference 0,30)",
            RESEND,
        ),
    ),
    "unknown_version": ({Code.XML_NAMESPACE}, (f"line 2, Document: found '{ISO}camt.053.001.99', ", VERSIONS)),
    "other_namespace": ({Code.XML_NAMESPACE}, ("line 2, Document: found 'urn:bank:statement:1', ", VERSIONS)),
    "two_versions": (
        {Code.XML_NAMESPACE},
        (
            f"line 167, Document: found '{ISO}camt.053.001.08', expected {ISO}camt.053.001.02; ",
            "split the file: one kind and version of message in each",
        ),
    ),
    "deep": (
        {Code.XML_LIMIT},
        ("line 146, elements: found 'more than 40 levels', expected at most 40 levels of elements", RESEND),
    ),
    "wrong_totals": (
        {Code.TOTAL},
        (
            "line 64, TxsSummry/TtlNtries/Sum: found '7745,00', ",
            f"expected 7745,70, the sum of the entries (difference 0,70){RESEND}\n",
            f"line 78, Ntry/NtryDtls/Btch/NbOfTxs: found '3', expected 2, as payments are there{RESEND}\n",
            "line 78, Ntry/NtryDtls/Btch/TtlAmt: found '7745,70', ",
            f"expected 7745,71, the sum of 2 payments (difference 0,01){RESEND}\n",
            f"line 78, Ntry/Amt: found '7745,70', expected 7745,71, the sum of 2 payments (difference 0,01){RESEND}",
        ),
    ),
    "wrong_values": (
        {Code.MISSING, Code.AMOUNT, Code.VALUE, Code.DATE, Code.CURRENCY},
        (
            f"line 8, Stmt/Id: found 'nothing', expected an element Id{RESEND}\n",
            "line 70, Ntry/Amt: found '110860,00', ",
            f"expected digits, a dot and at most two digits, like 18460.00, without a sign{RESEND}\n",
            f"line 71, Ntry/CdtDbtInd: found 'PLUS', expected CRDT or DBIT{RESEND}\n",
            "line 72, Ntry/Sts: found 'DONE', expected BOOK, PDNG, INFO or FUTR; ask the bank what it means: ",
            "whether the entry is booked decides on the balance\n",
            f"line 74, Ntry/BookgDt/Dt: found '14.03.2024', expected a day like 2024-03-14{RESEND}\n",
            f"line 134, Ntry/Amt: found 'nothing', expected Ccy of three capital letters, like KZT{RESEND}",
        ),
    ),
    "repeated_balance": (
        {Code.REPEATED},
        ("line 49, Bal/Tp: found 'CLBD 2 times', expected one balance CLBD", RESEND),
    ),
    "no_statement": ({Code.MISSING}, ("line 1, BkToCstmrStmt: found 'nothing', expected at least one Stmt", RESEND)),
    "other_currency": (
        {Code.CURRENCY},
        (
            "line 148, Ntry/Amt/@Ccy: found 'USD', expected KZT, as the account; ",
            "ask the bank: amounts of two currencies cannot be added to one balance",
        ),
    ),
    "zero_byte": (
        {Code.CONTROL_CHARACTER},
        (
            "line 144, XML: found 'a zero byte', expected text; the file is damaged; ",
            "ask the sender for the whole file",
        ),
    ),
    "entry_alone": ({Code.XML_SCHEMA}, ("line 1, Ntry: found 'inside nothing', expected inside Stmt", RESEND)),
    "misplaced_entry": ({Code.XML_SCHEMA}, ("line 64, Ntry: found 'inside Intrst', expected inside Stmt", RESEND)),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_files_say_what_is_wrong(name: str) -> None:
    codes, texts = BROKEN[name]
    data = (FOLDER / "broken" / f"camt.053_{name}.xml").read_bytes()
    with pytest.raises(FormatError) as refusal:
        camt.read(data, "march.xml")
    assert "\n".join(str(fault) for fault in refusal.value.faults) == "".join(texts)
    assert {fault.code for fault in refusal.value.faults} == codes


def test_every_broken_file_is_shown() -> None:
    files = {file.name for file in (FOLDER / "broken").glob("camt*")}
    assert files == {f"camt.053_{name}.xml" for name in BROKEN}


def test_only_a_format_error_comes_out_of_a_file_cut_anywhere() -> None:
    data = (FOLDER / "camt.054.001.08_returns.xml").read_bytes()
    for end in range(0, len(data.rstrip()), 7):
        with pytest.raises(FormatError) as refusal:
            camt.read(data[:end], "march.xml")
        codes = {fault.code for fault in refusal.value.faults}
        assert codes & {Code.FILE_CUT_SHORT, Code.FILE_EMPTY, Code.XML_MALFORMED}


@given(st.sampled_from(FILES), st.integers(0, 2**32), st.integers(1, 6))
def test_only_a_format_error_comes_out_of_a_file_changed_anywhere(file: Path, seed: int, changes: int) -> None:
    chance = random.Random(seed)  # noqa: S311 # a repeatable change, not a secret
    data = bytearray(file.read_bytes())
    pieces = [b"<", b">", b"&", b"</", b"-", b"9", b"\0", b"<Ntry>", b"</Stmt>", b"<TxDtls/>", b"", b"\xd2", b"Amt"]
    for _ in range(changes):
        start = chance.randrange(len(data))
        data[start : start + chance.choice((0, 1, 5, 30, 300))] = chance.choice(pieces)
    try:
        camt.read(bytes(data), "march.xml")
    except FormatError as error:
        assert error.faults  # noqa: PT017 # the file may also be read: what was changed may be blank


@given(st.binary(max_size=400))
def test_only_a_format_error_comes_out_of_anything(data: bytes) -> None:
    with pytest.raises(FormatError):
        camt.read(data, "march.xml")
