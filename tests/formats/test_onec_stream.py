"""1C statements of any size: in columns as exactly as one by one, in texts of any size, in flat memory."""

import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formats import onec
from formats.errors import Code, Fault, Findings, FormatError
from formats.onec import Batch, Owner, Statement
from formats.text import decode
from tests.formats import messages
from tests.formats.test_onec import STATEMENT, TEXT
from tests.formats.test_onec_variants import FOLDER

HEAD = TEXT[: TEXT.index("СекцияДокумент")]
DOCUMENTS = TEXT[TEXT.index("СекцияДокумент") : TEXT.index("КонецФайла")]
FILES = [path.read_bytes() for path in sorted(FOLDER.rglob("*.txt"))]
TEXTS = [decode(data, "march.txt").text for data in FILES]

Answer = tuple[list[Batch | Statement], tuple[Fault, ...], set[tuple[str, str, int]]]


def answer(text: str, *, plain: bool, size: int = 1 << 30) -> Answer:
    """What the reader says of a text that comes in pieces of this size."""
    findings = Findings("march.txt")
    pieces = (text[start : start + size] for start in range(0, len(text), size))
    lines: dict[str, list[onec.StatementLine]] = {}
    items: list[Batch | Statement] = []
    for item in onec._Statements(pieces, findings, None, plain=plain).items():
        if isinstance(item, Batch):
            lines.setdefault(item.account, []).extend(item.lines)
        else:
            items.append(item)
    batches = (Batch(account=account, lines=found) for account, found in sorted(lines.items()))
    return [*batches, *items], findings.faults, {(note.place, note.meaning, note.count) for note in findings.notes}


ROWS = st.sampled_from([
    "НомерДокумента=", "НомерДокумента = 7", "СуммаПриход=5", "СуммаРасход=5,00", "СуммаПриход=", "СуммаРасход=0",
    "Сумма=5", "Сумма=110860", "ДатаОперации=1.1.24", "ДатаВалютирования=", "Валюта=USD", "Валюта=398",
    "ПлательщикКБЕ=1", "GUID=7", "ПолучательИИК=KZ36009PENS999999901", "ПлательщикИИК=", "ПолучательИИК=KZ9",
    "продолжение", "Сумма", "СУММА", "КонецФайла\x1a",
    " КонецРасчСчет", "\x1a", "Ключ=значение", "", "  ", "КонецДокумента",
    "СекцияДокумент=Выписка", 'СЕКЦИЯДОКУМЕНТ="выписка"',
    "КОНЕЦДОКУМЕНТА", "СекцияРасчСчет", "КонецФайла", "НазначениеПлатежа1=а", "НазначениеПлатежа=",
    "ПолучательНаименование=\xa0АО ", "КонецДокумента ", "=", "а=б=в",
    "СуммаПриход=1 000.00", "СуммаПриход=1\xa0000", "СуммаРасход=-5", "СуммаРасход=1e3", "СуммаРасход=٧",
    "СуммаПриход=\xa0110860", "ДатаОперации=00.00.0000", "ДатаДокумента=31.02.2024", "ДатаОперации=\xa018.03.2024 ",
    "НазначениеПлатежа=КонецДокумента", "НазначениеПлатежа2=сумма=5", "сумма=5", "РасчСчет=KZ9", "КонецДокумента=7",
])  # fmt: skip


@st.composite
def disturbed(draw: st.DrawFn) -> str:
    """A statement of several documents with rows put in, taken out and exchanged."""
    documents = DOCUMENTS.replace("=ЗАЧИСЛЕНИЕ ПО", draw(st.sampled_from(["=ЗАЧИСЛЕНИЕ\nПО", "=\nЗА\n ПО ", "=ЗА ПО"])))
    rows = (HEAD + documents * draw(st.integers(1, 4)) + "КонецФайла\n").split("\n")
    for _ in range(draw(st.integers(0, 4))):
        place = draw(st.integers(0, len(rows) - 1))
        rows[place : place + draw(st.integers(0, 2))] = [draw(ROWS)] * draw(st.integers(0, 1))
    return "\n".join(rows)


@given(disturbed(), st.integers(1, 3000))
@settings(max_examples=300, deadline=None)
def test_columns_give_what_reading_one_by_one_gives(text: str, size: int) -> None:
    exact = answer(text, plain=False)
    assert answer(text, plain=True) == exact
    assert answer(text, plain=True, size=size) == exact


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_fixtures_read_the_same_in_columns_and_in_pieces(text: str) -> None:
    exact = answer(text, plain=False)
    assert answer(text, plain=True) == exact
    for size in (1, 7, 100):
        assert answer(text, plain=True, size=size) == exact


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_end_may_be_cut_in_two(end: str) -> None:
    text = TEXT.replace("\n", end)
    assert answer(text, plain=True, size=1) == answer(TEXT, plain=False)


def many(count: int, **changes: str) -> Iterator[str]:
    """A statement of twice so many documents, with wrong totals unless they are changed."""
    text = DOCUMENTS
    for old, new in changes.items():
        text = text.replace(old, new)
    return chain([HEAD], (text for _ in range(count)), ["КонецФайла\n"])


def test_long_statement_is_read_in_flat_memory() -> None:
    findings = Findings("march.txt")
    tracemalloc.start()
    count = 0
    for item in onec.stream(many(10_000), findings):
        if isinstance(item, Batch):
            count += len(item.lines)
            assert len(item.lines) <= 2_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 20_000
    assert peak < 12_000_000
    assert [fault.code for fault in findings.faults] == [Code.TOTAL, Code.TOTAL]


def test_lines_are_counted_through_all_batches() -> None:
    batches = [item for item in onec.stream(many(3_000), Findings("m")) if isinstance(item, Batch)]
    assert [line.line for batch in batches for line in batch.lines] == list(range(1, 6_001))
    assert [batch.lines[0].direction for batch in batches] == ["credit"] * 3


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (TEXT.replace("НомерДокумента=101", "НомерДокумента=" + "1" * (1 << 21)), 31),
        ("1CClientBankExchange\n" + "А" * (1 << 21), 1),
        ("1CClientBankExchange\n" + "ПлательщикНаименование" * (1 << 17), 1),
        (HEAD + "СекцияДокумент=Выписка\n" + "НазначениеПлатежа=а\n" * 100_000, 16),
    ],
)
def test_line_or_section_without_end_stops_the_reading(text: str, line: int) -> None:
    for size in (1 << 30, 1 << 16):
        findings = Findings("march.txt")
        assert list(onec.messages((text[at : at + size] for at in range(0, len(text), size)), findings)) == []
        assert [fault.code for fault in findings.faults] == [Code.LINE_TOO_LONG]
        assert findings.faults[0].line in {line, line + 1}


def test_two_files_glued_together_are_said() -> None:
    findings = Findings("march.txt")
    assert list(onec.messages([TEXT, TEXT], findings)) == []
    assert [(fault.code, fault.line) for fault in findings.faults] == [(Code.ONEC_SECTION, 45)]


def test_file_with_many_spellings_of_keys_does_not_fill_the_memory() -> None:
    rows = "".join(f"Ключ{number}=1\n" for number in range(20_000))
    findings = Findings("march.txt")
    assert len(list(onec.messages([TEXT.replace("КонецДокумента\n", rows + "КонецДокумента\n", 1)], findings))) == 1
    assert (len(findings.notes), findings.notes[-1].count) == (201, 19_800)


@given(st.binary(max_size=200) | st.sampled_from(FILES).flatmap(messages.mutated))
@settings(max_examples=300, deadline=None)
def test_streaming_raises_nothing_but_format_error(data: bytes) -> None:
    found = messages.answer(lambda: onec.read(data, "march.txt"))
    assert isinstance(found, FormatError | Statement)


def test_file_cut_at_every_byte_is_refused_or_proved() -> None:
    data = (FOLDER / "kaspi_like.txt").read_bytes()
    for cut in range(len(data)):
        found = messages.answer(lambda cut=cut: onec.read(data[:cut], "march.txt"))  # type: ignore[misc]
        assert isinstance(found, FormatError) or cut >= len(data) - 2


LINES = tuple(
    replace(
        line,
        own=Owner(name="НАО", bin="160440007161", kbe="11", bic="GCVPKZ2A", bank="Банк"),
        counterparty_kbe="1",
        counterparty_bank="Банк",
        form="Платежное поручение",
        kind="ПлатежноеПоручение",
        other=(("GUID", "7"), ("ПлательщикБанкБИН_ИИН", ""), ("СтатусПлатежа", "Исполнен")),
    )
    for line in STATEMENT.lines
)


@pytest.mark.parametrize("charset", ["cp1251", "utf-8", "utf-8-sig", "utf-16", "koi8-r"])
def test_statement_written_in_pieces_is_the_same_file(charset: str) -> None:
    lines = tuple(replace(line, purpose="Перечисление", counterparty_name='АО "БАНК') for line in LINES)
    whole = replace(STATEMENT, lines=lines)
    data = onec.write(whole, charset)
    assert b"".join(onec.chunks(STATEMENT, [lines[:1], lines[1:]], charset)) == data
    assert onec.read(data, "march.txt") == whole


def test_turnovers_of_a_stream_are_looked_at_in_the_end() -> None:
    pieces = onec.chunks(STATEMENT, [STATEMENT.lines[:1]], "utf-8")
    assert next(pieces).startswith(b"1CClientBankExchange\r\n")
    with pytest.raises(FormatError, match="wrong totals"):
        list(pieces)


def test_several_sections_are_written_as_they_were_read() -> None:
    found = onec.read((FOLDER / "days_between.txt").read_bytes(), "march.txt")
    assert onec.read(onec.write(found, "utf-8"), "march.txt") == found
    assert found.spans
    with pytest.raises(FormatError, match="follow one another"):
        onec.write(replace(found, spans=found.spans[:1]), "utf-8")
    with pytest.raises(FormatError, match="follow one another"):
        onec.write(replace(found, spans=found.spans[::-1]), "utf-8")


def test_what_is_unstated_is_not_written() -> None:
    (found,) = onec.messages([(FOLDER / "balances_unstated.txt").read_text()], Findings("march.txt"))
    (again,) = onec.messages([onec.write(found, "utf-8").decode()], Findings("march.txt"))
    assert again == found


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": '"Выписка"'}, "kind"),
        ({"kind": "выписка"}, "expected Выписка"),
        ({"other": (("НомерДокумента", "7"),)}, "other"),
        ({"other": (("номердокумента", "7"),)}, "other"),
        ({"other": (("КонецДокумента", "7"),)}, "other"),
        ({"other": (("два слова", "7"),)}, "other"),
        ({"other": (("Ключ", "7"), ("Ключ", "8"))}, "other"),
        ({"other": (("Ключ", " 7"),)}, "Ключ"),
        ({"own": Owner(name="а\nб")}, "own name"),
        ({"own": Owner(account=STATEMENT.account)}, "own account"),
        ({"purpose": "а\u2028б"}, "purpose"),
        ({"purpose": "\xa0а"}, "purpose"),
        ({"counterparty_kbe": "1 "}, "counterparty_kbe"),
    ],
)
def test_line_that_would_not_be_read_back_is_not_written(changes: dict[str, object], words: str) -> None:
    line = replace(STATEMENT.lines[0], **changes)  # type: ignore[arg-type]
    with pytest.raises(FormatError, match=words) as refusal:
        onec.write(replace(STATEMENT, lines=(line, STATEMENT.lines[1])), "utf-8")
    assert {fault.code for fault in refusal.value.faults} == {Code.UNWRITABLE}


def test_signs_that_are_rare_but_right_are_written() -> None:
    line = replace(STATEMENT.lines[0], purpose="Код = 7,\xa0мягкий\u00ad перенос")
    statement = replace(STATEMENT, lines=(line, STATEMENT.lines[1]))
    assert onec.read(onec.write(statement, "utf-8"), "march.txt") == statement
