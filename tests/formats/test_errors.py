"""Every class of faults has one file that shows it and one page that says what to do; and how faults are collected."""

import re
import shlex
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.testing import CliRunner

import cli
from formats import pacs002
from formats.errors import FAULTS_MAX, RESEND, Code, Fault, Findings, FormatError, shortened, too_many

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "errors"
BROKEN = "fixtures/messages/broken"
INDEX = (PAGES / "README.md").read_text("utf-8")

CONSOLE = re.compile(r"```console\n\$ (?P<command>[^\n]+)\n(?P<answer>.*?)```", re.DOTALL)
NAMES = re.compile(r"^Russian: (.+)\. Kazakh: (.+)\.$", re.MULTILINE)
ROW = re.compile(r"^\| \[([a-z-]+)\]\(([a-z-]+)\.md\) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
CODE = re.compile(r"\[([a-z-]+)\]$")
# What a file shows besides its own class: so many faults that the reading stops are faults of some class.
OTHERS = {Code.TOO_MANY_FAULTS: {Code.TABLE_WIDTH}}
WRITTEN = {Code.LETTER_LACKING, Code.UNWRITABLE, Code.BANK_LIMIT}


class Answer(NamedTuple):
    """What a command says, and the codes of all faults that it met."""

    lines: list[str]
    codes: set[Code]


def page(code: Code) -> str:
    return (PAGES / f"{code}.md").read_text("utf-8")


def shown(code: Code) -> re.Match[str]:
    """The only console block of a page."""
    (block,) = CONSOLE.finditer(page(code))
    return block


@cache
def answer(command: str) -> Answer:
    """What the command of a page says; `| head -n` cuts it as a shell does."""
    words, _, pipe = command.partition(" | ")
    program, *arguments = shlex.split(words)
    assert program == "esep"
    ran = CliRunner().invoke(cli.app, arguments)
    assert ran.exit_code == 1
    lines, codes = (
        ran.output.splitlines(),
        {Code(found[1]) for found in map(CODE.search, ran.output.splitlines()) if found},
    )
    if isinstance(ran.exception, FormatError):
        lines, codes = cli._refusal(ran.exception) or [], {fault.code for fault in ran.exception.faults}
    if pipe:
        head, option, count = shlex.split(pipe)
        assert (head, option) == ("head", "-n")
        lines = lines[: int(count)]
    return Answer(lines, codes)


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def test_every_class_has_one_page_and_one_file() -> None:
    codes = sorted(Code)
    assert sorted(path.stem for path in PAGES.iterdir() if path.name != "README.md") == codes
    assert sorted(path.stem for path in (ROOT / BROKEN).iterdir()) == codes


@pytest.mark.parametrize("code", Code)
def test_a_page_names_the_file_of_its_class(code: Code) -> None:
    command = shown(code)["command"]
    (file,) = (ROOT / BROKEN).glob(f"{code}.*")
    assert f"{BROKEN}/{file.name}" in command
    assert command.startswith("esep format convert " if code in WRITTEN else "esep format check ")


@pytest.mark.parametrize("code", Code)
def test_a_page_prints_what_the_command_says(code: Code, request: pytest.FixtureRequest) -> None:
    block = shown(code)
    said = "".join(f"{line}\n" for line in answer(block["command"]).lines)
    if request.config.getoption("--update-golden"):
        text = page(code)
        (PAGES / f"{code}.md").write_text(text[: block.start("answer")] + said + text[block.end("answer") :], "utf-8")
        block = shown(code)
    assert block["answer"] == said


@pytest.mark.parametrize("code", Code)
def test_a_file_shows_its_class_and_no_other(code: Code) -> None:
    assert answer(shown(code)["command"]).codes == {code} | OTHERS.get(code, set())


@pytest.mark.parametrize("code", Code)
def test_a_page_says_why_and_what_to_do(code: Code) -> None:
    text = page(code)
    parts = [line for line in text.splitlines() if line.startswith("#")]
    assert parts[0].startswith(f"# {code}: ")
    assert parts[1:] == ["## What Esep says", "## Why it is refused", "## What to do"]
    assert re.search(r"^\* ", text.partition("## What to do")[2], re.MULTILINE)
    assert re.search(r"^See also: \[.+\]\(\.\./formats/[a-z0-9]+\.md\)", text, re.IGNORECASE | re.MULTILINE)


def test_the_index_has_every_class_with_the_names_of_its_page() -> None:
    rows = ROW.findall(INDEX)
    assert [row[0] for row in rows] == list(Code)
    for code, name, meaning, russian, kazakh in rows:
        assert name == code
        assert meaning.strip()
        assert NAMES.findall(page(Code(code))) == [(russian, kazakh)]
    assert len({row[3] for row in rows}) == len({row[4] for row in rows}) == len(Code)


def test_the_index_explains_a_fault_that_esep_really_says() -> None:
    (example,) = re.findall(r"```text\n(.*?)```", INDEX, re.DOTALL)
    assert " ".join(example.split()) in [" ".join(line.split()) for line in answer(shown(Code.AMOUNT)["command"]).lines]


@pytest.mark.parametrize("name", sorted(path.name for path in PAGES.glob("*.md")))
def test_lines_of_text_are_no_wider_than_a_screen(name: str) -> None:
    prose = CONSOLE.sub("", (PAGES / name).read_text("utf-8"))
    assert [line for line in prose.splitlines() if len(line) > 120 and not line.startswith("|")] == []


@pytest.mark.parametrize(
    ("tail", "code"),
    [
        (b"<A>B & C</A>\n</Document>\n", Code.XML_MALFORMED),
        (b"<A>B & C</A></Document>", Code.XML_MALFORMED),
        ("<A>Ә & Б</A></Document>".encode(), Code.XML_MALFORMED),
        (b"<A>" + b"B" * 200_000 + b" & C</A></Document>", Code.XML_MALFORMED),
        (b"<A>B", Code.FILE_CUT_SHORT),
        (b"<A>B &", Code.FILE_CUT_SHORT),
        (b"<A>B &amp", Code.FILE_CUT_SHORT),
        (b"<A b=", Code.FILE_CUT_SHORT),
        ("<A>Ә".encode()[:-1], Code.FILE_CUT_SHORT),
    ],
)
def test_xml_is_told_cut_short_only_where_its_end_is_missing(tail: bytes, code: Code) -> None:
    findings = Findings("status.xml")
    start = b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.002.001.12">'
    assert list(pacs002.messages(BytesIO(start + tail), findings)) == []
    assert [fault.code for fault in findings.faults] == [code]


# How faults and notes are collected.


def fault(line: int | None, place: str = "amount", code: Code = Code.VALUE) -> Fault:
    return Fault(code=code, line=line, place=place, found="x", expected="y", remedy="do z")


def test_a_file_without_faults_passes() -> None:
    findings = Findings("march.txt")
    findings.check()
    assert (findings.source, findings.faults, findings.notes) == ("march.txt", (), ())


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (7, "line 7, amount: found 'x', expected y; do z"),
        (None, "amount: found 'x', expected y; do z"),
    ],
)
def test_a_fault_says_where_what_and_what_to_do(line: int | None, text: str) -> None:
    assert str(fault(line)) == text


def test_faults_come_in_the_order_of_their_lines_and_those_of_a_line_as_they_were_found() -> None:
    findings = Findings("march.txt")
    findings.add([fault(9, "a"), fault(2, "b"), fault(None, "c"), fault(9, "d"), fault(2, "e")])
    assert [(one.line, one.place) for one in findings.faults] == [(None, "c"), (2, "b"), (2, "e"), (9, "a"), (9, "d")]
    with pytest.raises(FormatError) as refusal:
        findings.check()
    assert refusal.value.faults == findings.faults
    assert refusal.value.source == "march.txt"


def test_a_refusal_counts_its_faults() -> None:
    assert str(FormatError("a.txt", [fault(1)])).splitlines()[0] == "a.txt is refused, 1 fault:"
    assert str(FormatError("a.txt", [fault(1), fault(2)])).splitlines() == [
        "a.txt is refused, 2 faults:",
        "  line 1, amount: found 'x', expected y; do z",
        "  line 2, amount: found 'x', expected y; do z",
    ]


@pytest.mark.parametrize(
    ("found", "kept"),
    [
        ("", "nothing"),
        ("a" * 90, "a" * 90),
        ("a" * 91, f"{'a' * 90}… (91 characters)"),
    ],
)
def test_what_was_found_is_no_longer_than_a_line_and_never_empty(found: str, kept: str) -> None:
    findings = Findings("march.txt")
    findings.fault(Code.DATE, 3, "date", found, "a date")
    assert findings.faults == (
        Fault(code=Code.DATE, line=3, place="date", found=kept, expected="a date", remedy=RESEND),
    )
    assert shortened(found) == (kept if found else "")


def test_the_reading_stops_at_too_many_faults_and_says_where() -> None:
    findings = Findings("march.txt")
    findings.add([fault(line) for line in range(1, FAULTS_MAX)])
    with pytest.raises(FormatError) as refusal:
        findings.fault(Code.DATE, FAULTS_MAX + 5, "date", "x", "a date")
    *faults, last = refusal.value.faults
    assert len(faults) == FAULTS_MAX
    assert faults[-1].code is Code.DATE
    assert last == too_many(FAULTS_MAX + 5)
    assert last.code is Code.TOO_MANY_FAULTS
    assert str(last) == (
        "line 10005, file: found '10000 faults up to this line', expected a file with few faults; "
        "look whether this is the right file; the lines after this one were not read"
    )


def test_faults_found_elsewhere_stop_the_reading_too() -> None:
    findings = Findings("march.txt")
    with pytest.raises(FormatError) as refusal:
        findings.add([fault(line) for line in range(1, 2 * FAULTS_MAX)])
    assert len(refusal.value.faults) == FAULTS_MAX + 1
    assert refusal.value.faults[-1].line == FAULTS_MAX


def test_a_note_keeps_the_first_place_and_counts_the_others() -> None:
    findings = Findings("march.txt")
    findings.note(8, ":50:", "/MAINBNK/", "read as /MAINBK/")
    findings.note(3, ":50:", "/MAINBANK/", "read as /MAINBK/")
    findings.note(5, ":59:", "/MAINBNK/", "read as /MAINBK/")
    findings.note(None, "file", "a" * 91, "long")
    assert [str(note) for note in findings.notes] == [
        f"file: '{'a' * 90}… (91 characters)', long",
        "line 5, :59:: '/MAINBNK/', read as /MAINBK/",
        "line 8, :50:: '/MAINBNK/', read as /MAINBK/ (2 times)",
    ]
    assert findings.faults == ()


def test_after_many_kinds_of_notes_the_others_are_counted_together() -> None:
    findings = Findings("march.txt")
    for line in range(1, 301):
        findings.note(line, "key", f"Ключ{line}", f"a key that Esep does not know: {line}")
    findings.note(400, "key", "Ключ1", "a key that Esep does not know: 1")
    *notes, last = findings.notes
    assert [note.line for note in notes] == list(range(1, 201))
    assert notes[0].count == 2
    assert str(last) == (
        "file: 'other notes', more was read although it was unusual; the first kinds of it stand above (100 times)"
    )
