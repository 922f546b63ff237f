"""What `esep format check` says, word for word, and how it says many messages, many faults, and what to do next."""

from pathlib import Path

import pytest

from formats import survey
from formats.errors import Note
from formats.summaries import Role, Summary
from reconcile.convert_file import Written
from reconcile.format_report import FAULTS_SHOWN, checked, converted

FIXTURES = Path(__file__).parents[2] / "fixtures"
MESSAGES = FIXTURES / "messages"
EXPECTED = Path(__file__).parent / "checks"
"""What `esep format check` says, to be read before it is committed; --update-golden writes it anew."""


def said(path: Path, **given: bool) -> str:
    return "\n".join(checked(survey(path), path.name, **given))


GOLDEN = {
    "1c-statement": "onec/bcc_like_quotes.txt",
    "return-of-a-bank": "F_return_bank_to_gcvp_INFERRED.txt",
    "statement-of-two-pages": "mt940/two_pages.sta",
    "statement-not-proved": "mt940/broken/wrong_closing.sta",
    "decisions": "exchange/decisions.xlsx",
    "xml-of-another-kind": "iso20022/broken/camt.053_other_namespace.xml",
}


@pytest.mark.parametrize("story", GOLDEN)
def test_check_says_word_for_word(story: str, request: pytest.FixtureRequest) -> None:
    expected = EXPECTED / f"{story}.txt"
    found = said(MESSAGES / GOLDEN[story]).replace("\N{NO-BREAK SPACE}", " ") + "\n"
    if request.config.getoption("--update-golden"):
        expected.write_text(found, "utf-8")
    assert found == expected.read_text("utf-8")


NEXT = [
    ("onec/accounts_two.txt", "the books take one account in a file: cut it, and import the file of your account"),
    ("onec/opening_unstated.txt", "nothing to import: it lacks a balance, or is not final"),
    ("onec/payment_orders_INFERRED.txt", "nothing to import: payments that somebody has to make"),
    ("iso20022/camt.053.001.02_statement.xml", "the books take a statement as 1C: make one, and import it"),
    ("iso20022/camt.054.001.08_returns.xml", "nothing to import: it lacks a balance, or is not final"),
    ("mt9xx/mt970_clearing_mfo.txt", "the books take a statement as 1C"),
    ("mt9xx/mt950_present_expected.txt", "nothing to import: it lacks a balance, or is not final"),
    ("mt9xx/J2_mt910_credit_INFERRED.txt", "nothing to import: what was really paid or received comes with the"),
    ("mt9xx/J_mt905_reject_INFERRED.txt", "import the refusal of F230703-00101001: its items go again"),
    ("mt9xx/mt920_request.txt", "nothing to import"),
    ("C_crediting_card_accounts_input.txt", "nothing to import: payments that somebody has to make; as a table"),
    ("D_benefits_gcvp_to_bank_output_INFERRED.txt", "nothing to import: an order of the State Corporation"),
    ("E_return_gcvp_partial_output.txt", "nothing to import: an order of the State Corporation"),
    ("exchange/resolutions.csv", "import the resolutions"),
    ("exchange/request.xml", "nothing to import: a document that Esep writes for an authority"),
    ("iso20022/pacs.004_return.xml", "make an MT-102 of it, and import that"),
    ("iso20022/pacs.008_crediting.xml", "nothing to import; as an MT-102 for a bank"),
    ("iso20022/pacs.002_settled.xml", "nothing to import: what was really paid or received comes with the statement"),
]


def next_of(name: str) -> list[str]:
    """The lines of advice: sentences, and the commands under them."""
    lines = said(MESSAGES / name).splitlines()
    return lines[next(place for place, line in enumerate(lines) if line.startswith("next: ")) :]


@pytest.mark.parametrize(("name", "start"), NEXT, ids=[name for name, _ in NEXT])
def test_the_end_says_what_to_do_next(name: str, start: str) -> None:
    assert next_of(name)[0].startswith(f"next: {start}")


COMMANDS = [
    ("onec/kaspi_like.txt", ["esep statement import kaspi_like.txt"]),
    ("exchange/decisions.xml", ["esep award import decisions.xml"]),
    ("exchange/resolutions.csv", ["esep resolution import resolutions.csv"]),
    ("F_return_bank_to_gcvp_INFERRED.txt", ["esep return import F_return_bank_to_gcvp_INFERRED.txt"]),
    (
        "mt940/two_pages.sta",
        ["esep format convert two_pages.sta --to 1c --out FOLDER", "esep statement import FILE_OF_FOLDER"],
    ),
    (
        "iso20022/pacs.004_return.xml",
        ["esep format convert pacs.004_return.xml --to mt102 --out FOLDER", "esep return import FILE_OF_FOLDER"],
    ),
    ("mt9xx/mt920_request.txt", []),
]


@pytest.mark.parametrize(("name", "commands"), COMMANDS, ids=[name for name, _ in COMMANDS])
def test_the_commands_for_it_stand_each_on_a_line(name: str, commands: list[str]) -> None:
    assert next_of(name)[1:] == [f"  {command}" for command in commands]


def test_every_role_has_its_advice() -> None:
    from reconcile.format_advice import _NEXT

    assert set(_NEXT) == set(Role)


def test_the_next_command_has_the_file_as_the_person_named_it() -> None:
    lines = checked(survey(MESSAGES / "onec" / "kaspi_like.txt"), "from the bank/march 2024.txt")
    assert lines[-1] == "  esep statement import 'from the bank/march 2024.txt'"


def test_a_file_of_several_kinds_is_to_be_cut_first(tmp_path: Path) -> None:
    path = tmp_path / "mixed.txt"
    names = ("F_return_bank_to_gcvp_INFERRED.txt", "mt9xx/mt970_clearing_mfo.txt")
    path.write_bytes(b"\r\n".join((MESSAGES / name).read_bytes() for name in names))
    lines = said(path).splitlines()
    first = next(place for place, line in enumerate(lines) if line.startswith("next: "))
    assert lines[first].startswith("next: the file holds several kinds of messages")
    assert "  esep return import mixed.txt" in lines[first:]


def test_a_statement_in_another_currency_is_not_for_the_books(tmp_path: Path) -> None:
    path = tmp_path / "usd.sta"
    path.write_bytes((MESSAGES / "mt940" / "two_pages.sta").read_bytes().replace(b"KZT", b"USD"))
    assert said(path).splitlines()[-1] == "next: nothing to import: the books are in KZT, this is in USD"


def glued(tmp_path: Path, count: int) -> Path:
    data = (MESSAGES / "C_crediting_card_accounts_input.txt").read_bytes()
    path = tmp_path / "many.txt"
    path.write_bytes(b"".join(data.replace(b"REFERENCE", b"REF%d" % number) for number in range(count)))
    return path


def test_several_messages_of_a_kind_are_summed_up(tmp_path: Path) -> None:
    lines = said(glued(tmp_path, 2)).replace("\N{NO-BREAK SPACE}", " ").splitlines()
    assert lines.count("MT-102, crediting by list") == 2
    assert "together: 2 messages, 8 people, 275 200,00 KZT" in lines


def test_many_messages_of_a_kind_are_a_table_that_fits(tmp_path: Path) -> None:
    lines = said(glued(tmp_path, 5)).replace("\N{NO-BREAK SPACE}", " ").splitlines()
    heading = next(line for line in lines if line.startswith("reference"))
    assert heading.split()[:3] == ["reference", "number", "dated"]
    assert heading.endswith("amount, KZT")
    rows = lines[lines.index(heading) + 1 :][:5]
    assert [row.split()[0] for row in rows] == [f"REF{number}" for number in range(5)]
    assert all("…" in row and row.endswith("137 600,00") for row in rows)
    assert lines[lines.index(heading) + 6] == "proved: 5 of 5"
    assert "together: 5 messages, 20 people, 688 000,00 KZT" in lines


def test_with_tabs_nothing_is_cut(tmp_path: Path) -> None:
    lines = said(glued(tmp_path, 2), tabs=True).splitlines()
    row = next(line for line in lines if line.startswith("REF0\t"))
    assert "…" not in row
    assert "ЗАЧИСЛЕНИЕ НА КАРТ-СЧЕТА ПО СПИСКУ. ДОГОВОР № 1 ОТ 05.01.2023Г. РЕЕСТР 17. КОЛ-ВО 4" in row.split("\t")


def test_only_the_first_hundred_faults_are_shown_unless_all_are_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "many.sta"
    path.write_text(":20:S\n:25:KZ286017A99999999910\n:28C:1\n:60F:C240314KZT0,\n" + ":61:nonsense\n" * 150, "utf-8")
    count = len(survey(path).faults)
    assert said(path).splitlines()[-2] == f"  ... and {count - FAULTS_SHOWN} more; --all shows them"
    assert len(said(path, everything=True).splitlines()) == len(said(path).splitlines()) + count - FAULTS_SHOWN - 1


def test_currencies_that_differ_are_told_in_the_table() -> None:
    from reconcile.format_report import _table, _together

    one = Summary(what="a", role=Role.OTHER, facts=(), count=1, records="payments", amounts=(("amount", 100),))
    other = Summary(
        what="a", role=Role.OTHER, facts=(), count=1, records="payments", amounts=(("amount", 5),), currency="USD"
    )
    lines = _table([one, other], tabs=True)
    assert [line.split("\t") for line in lines] == [
        ["count", "amount, in its currency", "currency"],
        ["1", "1,00", "KZT"],
        ["1", "0,05", "USD"],
    ]
    assert list(_together([one, other])) == []


def test_what_was_converted_is_told_with_what_was_lost() -> None:
    note = Note(line=None, place="movements", found="1: RC", meaning="turns another back")
    written = Written(paths=(Path("a-1.txt"), Path("a-2.txt")), is_new=(True, False), notes=(note,))
    assert converted(written, dry_run=False) == [
        "wrote a-1.txt",
        "there already, the same: a-2.txt",
        "",
        "unusual, lost or changed on the way:",
        "  movements: '1: RC', turns another back",
    ]
    assert converted(written, dry_run=True)[0] == "would write a-1.txt"
