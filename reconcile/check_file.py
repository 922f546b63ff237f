"""`esep format check`: looks through a file as formats do, and at the check digits in it as the books do.

What the books would refuse at an import although the form is right is said as a note: check digits of people,
organisations and accounts. Dictionaries, doubles and the books themselves are seen by the command that takes the file.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from formats import Survey, survey
from formats.errors import Findings
from ledgers.identifiers import invalid_bins, invalid_ibans, invalid_iins

_WRONG = "a wrong check digit, which the command that takes the file refuses"
_IBAN_LENGTH = 20
_NUMBER_LENGTH = 12

Invalid = Callable[[Sequence[str]], list[int]]


def _invalid_numbers(values: Sequence[str]) -> list[int]:
    """The places of the values that are neither an IIN nor a BIN."""
    return sorted(set(invalid_iins(values)).intersection(invalid_bins(values)))


_LABELS = {"idn": "IIN", "iin": "IIN", "guardian_iin": "IIN of the guardian", "authority_bin": "BIN of the authority"}
# Fields of lists, decisions and statements that hold numbers with check digits, and who judges them.
_FIELDS: dict[str, Invalid] = {
    "idn": invalid_iins,
    "iin": invalid_iins,
    "guardian_iin": invalid_iins,
    "authority_bin": invalid_bins,
    "counterparty_bin": _invalid_numbers,
    "account": invalid_ibans,
    "iban": invalid_ibans,
    "counterparty_iban": invalid_ibans,
}


def check_file(path: Path, *, charset: str | None = None) -> Survey:
    """What the file is, its figures, its faults and its notes.

    Raises LookupError for a charset that is not known.
    """
    return survey(path, charset=charset, judge=judge)


def judge(columns: Mapping[str, Sequence[Any]], findings: Findings) -> None:
    """Note the numbers of a batch of records, given column by column, whose check digits are wrong."""
    for name, invalid in _FIELDS.items():
        length = _IBAN_LENGTH if invalid is invalid_ibans else _NUMBER_LENGTH
        # A number of another length, or none, is of another kind: an old account, a card, an RNN.
        values = [value for value in columns.get(name, ()) if len(value) == length and value.isascii()]
        for place in invalid(values) if values else ():
            findings.note(None, _LABELS.get(name, name.replace("_", " ")), values[place], _WRONG)
