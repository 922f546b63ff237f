"""One form of a file into another, where both say the same: what is lost or changed on the way is told.

csv, xlsx     every list of people or payments, every statement, our own exchange files
xml           our own exchange files
mt102         MT-102 for a bank, by its profile; the proposals from pacs.008 and pacs.004
pacs.008      an MT-102 (a proposal: where Kazakhstan's banks put its codes is not public)
pacs.004      a return MT-102, with the order that it answers
1c            a statement of any form, as the 1C exchange file that `esep statement import` takes
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from formats import (
    awards,
    camt,
    exchange,
    forms,
    lines,
    mt,
    mt940,
    mt950,
    mx_mapping,
    onec,
    pacs004,
    pacs008,
    sheets,
    tables,
    twins,
)
from formats.amounts import format_amount
from formats.camt_report import BankReport
from formats.charsets import charset_named
from formats.columns import Family, Field
from formats.errors import Code, Fault, Findings, FormatError, Note
from formats.mt102_files import files
from formats.mt102_message import Mt102
from formats.mt102_packed import PackedMt102
from formats.mt940 import Mt940
from formats.mt950 import Mt950
from formats.mx_mapping import Mapped
from formats.onec_parts import Statement, StatementLine
from formats.pacs004 import Pacs004
from formats.pacs008 import Pacs008
from formats.profiles import profile
from formats.reading import Reading, read
from formats.recognise import Kind
from formats.statement import AccountStatement, Movement

Message = TypeVar("Message")

_DOCUMENTS = frozenset({Kind.EXCHANGE, Kind.TWIN})
# A client's terminal, as far as block 1 shows it; the bank puts its own in its place.
_TERMINAL = "K05000000000"
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
    at. `original` is the order that a return answers. Letters that the charset lacks are written as others where
    `is_transliterated` asks for it.
    """

    target: Target
    bank: str = ""
    enterprise_code: str = ""
    charset: str = ""
    created: str = ""
    original: Path | None = None
    is_transliterated: bool = False


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
    made = tuple(_CONVERSIONS[wanted.target](found, wanted, path, findings))
    return Converted(files=made, notes=(*found.notes, *findings.notes))


def _to_table(found: Reading, wanted: Wanted, path: Path, _: Findings) -> Iterator[tuple[str, bytes]]:
    is_csv = wanted.target is Target.CSV
    if found.recognised.kind is Kind.LINES:
        yield f".{wanted.target}", _lines(found, sheets.write_csv if is_csv else sheets.write_xlsx)
    elif found.recognised.kind in _DOCUMENTS:
        (document,) = found.messages
        yield f".{wanted.target}", twins.write_csv(document) if is_csv else twins.write_xlsx(document)
    else:
        table = tables.table_of(found.messages, path.name)
        yield f".{wanted.target}", tables.csv_of(table) if is_csv else tables.xlsx_of(table)


def _to_xml(found: Reading, wanted: Wanted, path: Path, _: Findings) -> Iterator[tuple[str, bytes]]:
    if found.recognised.kind is Kind.LINES:
        yield ".xml", _lines(found, lines.write_xml)
    elif found.recognised.kind in _DOCUMENTS:
        (document,) = found.messages
        yield ".xml", exchange.write(document)
    else:
        raise _cannot(path, found.messages[0], wanted, "an exchange file of Esep")


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
        bank = profile(wanted.bank or _bank_of(one))
        limits = replace(bank, charset=charset_named(wanted.charset)) if wanted.charset else bank
        code, is_transliterated = wanted.enterprise_code, wanted.is_transliterated
        for sibling in files(one, limits, enterprise_code=code, is_transliterated=is_transliterated):
            made.append(sibling.data)
            for letter in sibling.replaced:
                meaning = f"written as {letter.written_as}, {letter.count} times: {limits.charset} lacks it"
                findings.note(letter.first_line, f"file {len(made)}", letter.letter, meaning)
    yield from ((".txt" if len(made) == 1 else f"-{number}.txt", data) for number, data in enumerate(made, 1))


def _list_of(message: object, wanted: Wanted, path: Path, findings: Findings) -> Mt102 | PackedMt102:
    envelope = mt.Header(terminal=_TERMINAL, message_type="102")
    match message:
        case Mt102() | PackedMt102():
            return message
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
    statements = statements_of(found.messages)
    if not statements:
        raise _cannot(path, found.messages[0], wanted, "a statement: MT940, MT950, MT970, camt.052, camt.053 or 1C")
    for number, statement in enumerate(statements, 1):
        data = onec.write(_onec_statement(statement, path, findings), wanted.charset or _ONEC_CHARSET)
        yield (".txt" if len(statements) == 1 else f"-{number}.txt"), data


def statements_of(messages: Sequence[object]) -> tuple[AccountStatement, ...]:
    """The statements among the messages whatever their form; pages of one are joined."""
    pages = [one for one in messages if isinstance(one, Mt940)]
    found: list[AccountStatement] = list(mt940.account_statements(pages)) if pages else []
    for message in messages:
        match message:
            case Mt950():
                found.append(mt950.account_statement(message))
            case BankReport():
                found.append(camt.account_statement(message))
            case Statement():
                found.append(onec.account_statement(message))
    return tuple(found)


def _onec_statement(statement: AccountStatement, path: Path, findings: Findings) -> Statement:
    """The statement as 1C has it: movements that are only expected are left out and told."""
    if (
        statement.opening is None
        or statement.closing is None
        or statement.date_from is None
        or statement.date_to is None
    ):
        raise _lacking(
            path, "a statement without both balances and both days", "ask the bank for the statement of whole days"
        )
    booked = [one for one in statement.movements if one.change]
    for one in statement.movements:
        if not one.change:
            findings.note(None, f"movement {one.line}", one.mark, "is only expected, and was left out")
        elif one.mark in {"RC", "RD"}:
            findings.note(
                None, f"movement {one.line}", one.mark, "turns another back; 1C has only what it does to the balance"
            )
    lines = tuple(_onec_line(one, number, statement) for number, one in enumerate(booked, 1))
    return Statement(
        account=statement.account,
        date_from=statement.date_from,
        date_to=statement.date_to,
        opening=statement.opening,
        credited=statement.credited,
        debited=statement.debited,
        closing=statement.closing,
        lines=lines,
    )


def _onec_line(one: Movement, number: int, statement: AccountStatement) -> StatementLine:
    day = one.booked_on or one.value_date or statement.date_to or date.min
    return StatementLine(
        line=number,
        number=one.number or one.reference or one.bank_reference,
        dated=day,
        booked_on=day,
        value_date=one.value_date or day,
        amount=one.amount,
        direction="credit" if one.change > 0 else "debit",
        counterparty_name=one.counterparty_name,
        counterparty_bin=one.counterparty_idn,
        counterparty_iban=one.counterparty_account,
        counterparty_bic=one.counterparty_bic,
        knp=one.knp,
        purpose=" ".join(one.purpose.split()),
    )


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
    remedy = "choose another form; docs/formats/convert.md lists them"
    found = f"{type(message).__name__} to {wanted.target}"
    fault = Fault(code=Code.UNWRITABLE, line=None, place="conversion", found=found, expected=expected, remedy=remedy)
    return FormatError(path.name, [fault])


def _lacking(path: Path, found: str, remedy: str) -> FormatError:
    expected = "all that the other form needs"
    fault = Fault(code=Code.MISSING, line=None, place="conversion", found=found, expected=expected, remedy=remedy)
    return FormatError(path.name, [fault])
