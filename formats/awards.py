"""Awards (signed decisions) and resolutions (what the authority decided on returned payments), read and written.

One line of an award file is one month of aid of one person: the fields of R-021 with the guardian, and the decision's
own (R-022, R-024). One line of a resolution file is the outcome of one returned payment (R-062): sent again with
corrected details, or refunded. Both come as CSV, XLSX or XML, told apart by content, and are read batch by batch in
flat memory; docs/formats/awards.md describes them to whoever writes them.

>>> len(AWARD_FIELDS), len(RESOLUTION_FIELDS)
(25, 14)
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from formats import forms, lines, sheets
from formats.columns import Batch, Chunk, Converter, Family, Faults, Field
from formats.errors import Code, Fault, FormatError

AwardBatch = Batch
ResolutionBatch = Batch

_HEAD_BYTES = 4096


def _optional(name: str, kind: forms.Kind) -> Field:
    return Field(name=name, kind=kind, mandatory=False)


AWARDS = Family(
    root="awards",
    namespace="urn:esep:awards:1",
    fields=(
        Field(name="authority_bin", kind=forms.COMPANY_NUMBER),
        Field(name="decision_number", kind=forms.TEXT),
        Field(name="decision_date", kind=forms.DAY),
        Field(name="signer", kind=forms.TEXT),
        Field(name="case_id", kind=forms.TEXT),
        Field(name="source_system", kind=forms.TEXT),
        Field(name="aid_kind", kind=forms.TEXT),
        Field(name="due_month", kind=forms.MONTH),
        Field(name="amount", kind=forms.AMOUNT),
        Field(name="iin", kind=forms.PERSON_NUMBER),
        Field(name="surname", kind=forms.NAME),
        Field(name="first_name", kind=forms.NAME),
        _optional("patronymic", forms.NAME),
        Field(name="birth_date", kind=forms.DAY),
        Field(name="sex", kind=forms.choice("M", "F")),
        Field(name="branch_code", kind=forms.TEXT),
        Field(name="payment_code", kind=forms.TEXT),
        Field(name="address", kind=forms.TEXT),
        Field(name="bic", kind=forms.BANK_CODE),
        Field(name="iban", kind=forms.BANK_ACCOUNT),
        _optional("phone", forms.TEXT),
        _optional("guardian_iin", forms.PERSON_NUMBER),
        _optional("guardian_surname", forms.NAME),
        _optional("guardian_first_name", forms.NAME),
        _optional("guardian_patronymic", forms.NAME),
    ),
)
AWARD_FIELDS = AWARDS.names

_CORRECTED = ("surname", "first_name", "bic", "iban")
_DETAILS = ("surname", "first_name", "patronymic", "bic", "iban")


def _outcome_is_complete(line: int, row: dict[str, str]) -> Iterable[Fault]:
    """A resend names the corrected details in full; a refund gives its reason and no details (R-062)."""
    if row["outcome"] == "resend":
        for name in _CORRECTED:
            if not row[name]:
                expected = "the corrected details in full, because the outcome is resend"
                yield _wrong_outcome(Code.MISSING, line, name, "", expected, "fill the field in")
        return
    if not row["reason"]:
        expected = "a reason, because the outcome is refund"
        yield _wrong_outcome(Code.MISSING, line, "reason", "", expected, "write why the money goes back")
    for name in _DETAILS:
        if row[name]:
            expected = "an empty field, because the outcome is refund"
            yield _wrong_outcome(Code.VALUE, line, name, row[name], expected, "empty it, or write resend")


def _wrong_outcome(code: Code, line: int, place: str, found: str, expected: str, remedy: str) -> Fault:
    return Fault(code=code, line=line, place=place, found=found, expected=expected, remedy=remedy)


RESOLUTIONS = Family(
    root="resolutions",
    namespace="urn:esep:resolutions:1",
    fields=(
        Field(name="authority_bin", kind=forms.COMPANY_NUMBER),
        Field(name="number", kind=forms.TEXT),
        Field(name="date", kind=forms.DAY),
        Field(name="signer", kind=forms.TEXT),
        Field(name="payment_reference", kind=forms.TEXT),
        Field(name="iin", kind=forms.PERSON_NUMBER),
        Field(name="amount", kind=forms.AMOUNT),
        Field(name="outcome", kind=forms.choice("resend", "refund")),
        _optional("surname", forms.NAME),
        _optional("first_name", forms.NAME),
        _optional("patronymic", forms.NAME),
        _optional("bic", forms.BANK_CODE),
        _optional("iban", forms.BANK_ACCOUNT),
        _optional("reason", forms.TEXT),
    ),
    rule=_outcome_is_complete,
)
RESOLUTION_FIELDS = RESOLUTIONS.names


def read_awards(path: Path, source: str, faults: list[Fault]) -> Iterator[AwardBatch]:
    """Award lines in batches of up to BATCH_ROWS; the rows left out have their faults in `faults` by the end.

    Nothing may be applied while `faults` is not empty at the end. `source` is the name under which the file is
    spoken of. Bytes of any kind become faults; OSError is the only thing that it raises.
    """
    return _read(AWARDS, path, source, faults)


def read_resolutions(path: Path, source: str, faults: list[Fault]) -> Iterator[ResolutionBatch]:
    """Resolution lines in batches, like read_awards()."""
    return _read(RESOLUTIONS, path, source, faults)


def write_awards_csv(rows: Iterable[Sequence[str]], path: Path) -> None:
    """Write rows of texts in the order and the sheet forms of AWARD_FIELDS as CSV in UTF-8.

    Raises FormatError for a row of another width or with a character that is not seen.
    """
    sheets.write_csv(rows, path, AWARDS)


def write_awards_xlsx(rows: Iterable[Sequence[str]], path: Path) -> None:
    """Write the same rows as XLSX, every cell as text.

    Raises FormatError like write_awards_csv(), and for more rows than a sheet has.
    """
    sheets.write_xlsx(rows, path, AWARDS)


def write_awards_xml(rows: Iterable[Sequence[str]], path: Path) -> None:
    """Write the same rows as XML that is valid against awards-1.xsd.

    Raises FormatError like write_awards_csv().
    """
    lines.write_xml(rows, path, AWARDS)


def write_resolutions_csv(rows: Iterable[Sequence[str]], path: Path) -> None:
    """Write rows in the order of RESOLUTION_FIELDS, like write_awards_csv()."""
    sheets.write_csv(rows, path, RESOLUTIONS)


def write_resolutions_xlsx(rows: Iterable[Sequence[str]], path: Path) -> None:
    """Write rows in the order of RESOLUTION_FIELDS, like write_awards_xlsx()."""
    sheets.write_xlsx(rows, path, RESOLUTIONS)


def write_resolutions_xml(rows: Iterable[Sequence[str]], path: Path) -> None:
    """Write rows in the order of RESOLUTION_FIELDS as XML that is valid against resolutions-1.xsd."""
    lines.write_xml(rows, path, RESOLUTIONS)


def _read(family: Family, path: Path, source: str, faults: list[Fault]) -> Iterator[Batch]:
    found = Faults(source, faults)
    read = 0
    try:
        with path.open("rb") as stream:
            chunks, converter = _open(family, stream, source, found)
            for chunk in chunks:
                read += len(chunk.lines)
                batch = converter.batch(chunk)
                if batch.lines:
                    yield batch
        if not read and not found.count:
            found.add([_no_lines(family)])
    except FormatError as refusal:
        faults.extend(refusal.faults)


def _open(family: Family, stream: BinaryIO, source: str, faults: Faults) -> tuple[Iterator[Chunk], Converter]:
    """The reader for what the file is by its content, whatever its name says."""
    head = stream.read(_HEAD_BYTES)
    if not head:
        raise FormatError(source, [_no_lines(family)])
    stream.seek(0)
    if head.startswith(b"PK\x03\x04"):
        return sheets.read_xlsx(stream, source, family, faults), Converter(family, "sheet", faults)
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        return lines.read_xml(stream, source, family, faults), Converter(family, "xml", faults)
    return sheets.read_csv(stream, source, family, faults), Converter(family, "sheet", faults)


def _no_lines(family: Family) -> Fault:
    return Fault(
        code=Code.FILE_EMPTY,
        line=None,
        place="file",
        found="no line",
        expected=f"at least one line of {family.root}",
        remedy="export the file again; an empty file is not sent",
    )
