r"""One form of a file into another, where both say the same: what is lost or changed on the way is told.

csv, xlsx     every list of people or payments, every statement, our own exchange files
xml           our own exchange files
mt102         MT-102 for a bank, by its profile; the proposals from pacs.008 and pacs.004
pacs.008      an MT-102 (a proposal: where Kazakhstan's banks put its codes is not public)
pacs.004      a return MT-102, with the order that it answers
1c            a statement of any form, as the 1C exchange file that `esep statement import` takes

>>> made = convert(Path("fixtures/messages/C_crediting_card_accounts_input.txt"), Wanted(target=Target.CSV))
>>> [(ending, data.count(b"\r\n")) for ending, data in made.files]
[('.csv', 5)]
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from formats import awards, exchange, forms, lines, mt, mx_mapping, onec, pacs004, pacs008, sheets, tables, twins
from formats.amounts import format_amount
from formats.charsets import charset_named
from formats.columns import Family, Field
from formats.errors import Code, Fault, Findings, FormatError, Note
from formats.mt102_files import files
from formats.mt102_message import Mt102
from formats.mt102_packed import PackedMt102
from formats.mx_mapping import Mapped
from formats.onec_from_statements import note_batches, onec_statements
from formats.pacs004 import Pacs004
from formats.pacs008 import Pacs008
from formats.profiles import BankProfile, bics, profile
from formats.reading import Reading, read
from formats.recognise import Kind
from formats.summaries_mt import summary_of_any

Message = TypeVar("Message")

TERMINAL = "K05000000000"
"""What stands in block 1 where no terminal is named: the shape of a client's, which the bank replaces by its own."""

_DOCUMENTS = frozenset({Kind.EXCHANGE, Kind.TWIN})
_ONEC_CHARSET = "utf-8"


class Target(StrEnum):
    """The forms that files are converted to."""

    CSV = "csv"
    XLSX = "xlsx"
    XML = "xml"
    MT102 = "mt102"
    PACS008 = "pacs.008"
    PACS004 = "pacs.004"
    ONEC = "1c"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to convert to, and what the form needs: a bank and its enterprise code, a charset, a moment, the order.

    `charset` is '' for that of the bank's profile. `created` is the moment that an ISO 20022 message says it was made
    at. `original` is the order that a return answers. `terminal` is the sender's in block 1, for an MT-102 out of an
    ISO 20022 message. Letters that the charset lacks are written as others where `is_transliterated` asks for it.
    """

    target: Target
    bank: str = ""
    enterprise_code: str = ""
    charset: str = ""
    created: str = ""
    original: Path | None = None
    terminal: str = ""
    is_transliterated: bool = False


# What each form asks of Wanted; the rest of it would be passed over in silence.
_OPTIONS = {
    "bank": {Target.MT102},
    "enterprise_code": {Target.MT102},
    "terminal": {Target.MT102},
    "is_transliterated": {Target.MT102},
    "charset": {Target.MT102, Target.ONEC},
    "original": {Target.PACS004},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """The files, each with the ending of its name, and what was lost or changed."""

    files: tuple[tuple[str, bytes], ...]
    notes: tuple[Note, ...]


def convert(path: Path, wanted: Wanted, *, charset: str | None = None) -> Converted:
    """The file in another form.

    Raises:
        FormatError: faults of the file, or what the other form cannot carry.
        LookupError: a charset that is not known.
    """
    found = read(path, charset=charset)
    findings = Findings(path.name)
    for name, targets in _OPTIONS.items():
        if getattr(wanted, name) and wanted.target not in targets:
            findings.note(None, name.replace("_", " "), str(getattr(wanted, name)), f"says nothing for {wanted.target}")
    made = tuple(_CONVERSIONS[wanted.target](found, wanted, path, findings))
    return Converted(files=made, notes=(*found.notes, *findings.notes))


def _to_table(found: Reading, wanted: Wanted, path: Path, findings: Findings) -> Iterator[tuple[str, bytes]]:
    is_csv = wanted.target is Target.CSV
    if found.recognised.kind is Kind.LINES:
        yield f".{wanted.target}", _lines(found, sheets.write_csv if is_csv else sheets.write_xlsx)
    elif found.recognised.kind in _DOCUMENTS:
        (document,) = found.messages
        yield f".{wanted.target}", twins.write_csv(document) if is_csv else twins.write_xlsx(document)
    else:
        table = tables.table_of(found.messages, path.name)
        note_batches(found.messages, findings)
        meaning = "is not in a table of records: the head of each message, its balances, what Esep keeps unread"
        findings.note(None, "table", "all but the records", meaning)
        yield f".{wanted.target}", tables.csv_of(table, path.name) if is_csv else tables.xlsx_of(table)


def _to_xml(found: Reading, wanted: Wanted, path: Path, _: Findings) -> Iterator[tuple[str, bytes]]:
    if found.recognised.kind is Kind.LINES:
        yield ".xml", _lines(found, lines.write_xml)
    elif found.recognised.kind in _DOCUMENTS:
        (document,) = found.messages
        yield ".xml", exchange.write(document)
    else:
        raise _cannot(path, next(iter(found.messages), None), wanted, "an exchange file of Esep")


def _lines(found: Reading, write: Callable[[Iterator[Sequence[str]], Path, Family], None]) -> bytes:
    """Decisions or resolutions in another of their forms."""
    family = awards.AWARDS if found.recognised.name == "awards" else awards.RESOLUTIONS
    rows = (
        row
        for batch in found.messages
        for row in zip(*(_sheet_texts(field, batch.columns[field.name]) for field in family.fields), strict=True)
    )
    with TemporaryDirectory(prefix="esep-convert-") as folder:
        target = Path(folder) / "lines"
        write(rows, target, family)
        return target.read_bytes()


def _sheet_texts(field: Field, values: Sequence[str]) -> list[str]:
    """Values as they stand in a sheet: 05.03.2024, 03.2024, 18460,00."""
    if field.kind is forms.AMOUNT:
        return [format_amount(int(value)) for value in values]
    if field.kind is forms.DAY:
        return [f"{date.fromisoformat(value):%d.%m.%Y}" for value in values]
    if field.kind is forms.MONTH:
        return [f"{date.fromisoformat(value):%m.%Y}" for value in values]
    return list(values)


def _to_mt102(found: Reading, wanted: Wanted, path: Path, findings: Findings) -> Iterator[tuple[str, bytes]]:
    made: list[bytes] = []
    for message in found.messages:
        one = _list_of(message, wanted, path, findings)
        bank = _profile(wanted, wanted.bank or _bank_of(one), findings)
        code, is_transliterated = wanted.enterprise_code, wanted.is_transliterated
        for sibling in files(one, bank, enterprise_code=code, is_transliterated=is_transliterated):
            made.append(sibling.data)
            for letter in sibling.replaced:
                meaning = f"written as {letter.written_as}, {letter.count} times: {bank.charset} lacks it"
                findings.note(letter.first_line, f"file {len(made)}", letter.letter, meaning)
    yield from ((".txt" if len(made) == 1 else f"-{number}.txt", data) for number, data in enumerate(made, 1))


def _profile(wanted: Wanted, bic: str, findings: Findings) -> BankProfile:
    """The limits and habits of the bank; that none are known is told."""
    bank = profile(bic)
    if bic not in bics():
        limits = f"{bank.records_max} people, {bank.bytes_max} bytes, charset {bank.charset}"
        findings.note(None, "bank", bic, f"its limits are not known; usual ones were taken: {limits}")
    return replace(bank, charset=charset_named(wanted.charset)) if wanted.charset else bank


def _list_of(message: object, wanted: Wanted, path: Path, findings: Findings) -> Mt102 | PackedMt102:
    if isinstance(message, Mt102 | PackedMt102):
        return message
    envelope = mt.Header(terminal=wanted.terminal or TERMINAL, message_type="102")
    if not wanted.terminal:
        findings.note(None, "block 1", TERMINAL, "stands for your terminal: name it, or let the bank put in its own")
    match message:
        case Pacs008():
            return _told(mx_mapping.from_pacs008(message, envelope=envelope), findings)
        case Pacs004():
            return _told(mx_mapping.from_pacs004(message, envelope=envelope), findings)
        case _:
            raise _cannot(path, message, wanted, "an MT-102, a pacs.008 or a pacs.004")


def _bank_of(message: Mt102 | PackedMt102) -> str:
    return message.header.beneficiary.bic if isinstance(message, Mt102) else message.header.beneficiary_bic


def _to_pacs008(found: Reading, wanted: Wanted, path: Path, findings: Findings) -> Iterator[tuple[str, bytes]]:
    for number, message in enumerate(found.messages, 1):
        if not isinstance(message, Mt102):
            raise _cannot(path, message, wanted, "an MT-102 with a list of people")
        mapped = _told(mx_mapping.to_pacs008(message, created=wanted.created), findings)
        yield _numbered(number, len(found.messages)), pacs008.write(mapped)


def _to_pacs004(found: Reading, wanted: Wanted, path: Path, findings: Findings) -> Iterator[tuple[str, bytes]]:
    if wanted.original is None:
        raise _lacking(path, "the order that the return answers", "name its file with --original")
    originals = [one for one in read(wanted.original).messages if isinstance(one, Mt102)]
    if len(originals) != 1:
        raise _lacking(
            wanted.original, f"{len(originals)} lists of people", "give the one MT-102 that the return answers"
        )
    for number, message in enumerate(found.messages, 1):
        if not isinstance(message, Mt102):
            raise _cannot(path, message, wanted, "a return MT-102 that names people")
        mapped = _told(mx_mapping.to_pacs004(message, originals[0], created=wanted.created), findings)
        yield _numbered(number, len(found.messages)), pacs004.write(mapped)


def _to_onec(found: Reading, wanted: Wanted, path: Path, findings: Findings) -> Iterator[tuple[str, bytes]]:
    statements = onec_statements(found.messages, findings)
    if not statements:
        expected = "a statement: MT940, MT950, MT970, camt.052, camt.053 or 1C"
        raise _cannot(path, next(iter(found.messages), None), wanted, expected)
    for number, statement in enumerate(statements, 1):
        data = onec.write(statement, charset_named(wanted.charset or _ONEC_CHARSET))
        yield (".txt" if len(statements) == 1 else f"-{number}.txt"), data


_CONVERSIONS: dict[Target, Callable[[Reading, Wanted, Path, Findings], Iterator[tuple[str, bytes]]]] = {
    Target.CSV: _to_table,
    Target.XLSX: _to_table,
    Target.XML: _to_xml,
    Target.MT102: _to_mt102,
    Target.PACS008: _to_pacs008,
    Target.PACS004: _to_pacs004,
    Target.ONEC: _to_onec,
}


def _told(mapped: Mapped[Message], findings: Findings) -> Message:
    """The mapped message; what did not survive goes into the findings."""
    for note in mapped.notes:
        findings.note(note.line, note.place, note.found, note.meaning)
    return mapped.message


def _numbered(number: int, count: int) -> str:
    return ".xml" if count == 1 else f"-{number}.xml"


def _cannot(path: Path, message: object, wanted: Wanted, expected: str) -> FormatError:
    remedy = "choose another form; docs/formats/check-and-convert.md lists them"
    found = f"{_named(message)}, to {wanted.target}"
    fault = Fault(code=Code.UNWRITABLE, line=None, place="conversion", found=found, expected=expected, remedy=remedy)
    return FormatError(path.name, [fault])


def _named(message: object) -> str:
    """What a message is, as `esep format check` names it."""
    if isinstance(message, awards.AwardBatch):
        return "decisions or resolutions"
    return summary_of_any(message).what if message is not None else "a file without messages"


def _lacking(path: Path, found: str, remedy: str) -> FormatError:
    expected = "all that the other form needs"
    fault = Fault(code=Code.MISSING, line=None, place="conversion", found=found, expected=expected, remedy=remedy)
    return FormatError(path.name, [fault])
