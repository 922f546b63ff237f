"""What a reader says when a file cannot be read: every fault, with its place and its remedy.

A file is right or it is refused whole. The reader goes on to the end and collects all faults, so that the person
who has to ask the bank or the authority for a better file asks once.

>>> form = "digits, comma, two digits"
>>> wrong = Fault(line=7, place="amount", found="18460.00", expected=form, remedy="write 18460,00")
>>> print(FormatError("march.csv", [wrong]))
march.csv is refused, 1 fault:
  line 7, amount: found '18460.00', expected digits, comma, two digits; write 18460,00
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault of a file: where it stands, what was found, what was expected, what to do."""

    line: int | None
    place: str
    found: str
    expected: str
    remedy: str

    def __str__(self) -> str:
        where = f"line {self.line}, {self.place}" if self.line is not None else self.place
        return f"{where}: found {self.found!r}, expected {self.expected}; {self.remedy}"


class FormatError(ValueError):
    """A file that cannot be read; nothing of it is applied."""

    def __init__(self, source: str, faults: Sequence[Fault]) -> None:
        self.source = source
        self.faults = tuple(faults)
        super().__init__(source, self.faults)

    def __str__(self) -> str:
        count = len(self.faults)
        head = f"{self.source} is refused, {count} fault{'' if count == 1 else 's'}:"
        return "\n".join([head, *(f"  {fault}" for fault in self.faults)])
