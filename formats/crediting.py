"""Banks' crediting registers, read: whom the bank credited or could not credit, person by person.

A row is one person: the file it came in (GCVP-... or the number of the payment order) and the item in it where the
bank names them, the IIN where it names one, the account, the amount, the outcome with its day, the bank's reason. CSV
with semicolons or XLSX, the words of the outcome in English, Russian or Kazakh. There is no form of it in the order: a
bank gives what its system has, so all that is not needed to find the money may be empty.
"""

from collections.abc import Iterator
from pathlib import Path

from formats import forms, sheet_lists
from formats.columns import Batch, Family, Faults, Field
from formats.errors import Fault, FormatError

OUTCOMES = {
    "credited": "credited",
    "зачислено": "credited",
    "есептелді": "credited",
    "returned": "returned",
    "возвращено": "returned",
    "қайтарылды": "returned",
}
"""How a bank writes an outcome -> what it is called here."""

FAMILY = Family(
    root="crediting register",
    namespace="",
    fields=(
        Field(name="order_reference", kind=forms.TEXT, mandatory=False),
        Field(name="item", kind=forms.COUNT, mandatory=False),
        Field(name="iin", kind=forms.PERSON_NUMBER, mandatory=False),
        Field(name="full_name", kind=forms.TEXT, mandatory=False),
        Field(name="iban", kind=forms.BANK_ACCOUNT),
        Field(name="amount", kind=forms.AMOUNT),
        Field(name="outcome", kind=forms.choice(*OUTCOMES)),
        Field(name="credited_on", kind=forms.DAY),
        Field(name="reason", kind=forms.TEXT, mandatory=False),
    ),
)


def read_crediting(path: Path, source: str, faults: list[Fault]) -> Iterator[Batch]:
    """The rows of a register in batches of columns, in the order of the file; every fault goes to `faults`.

    A column is named as in `FAMILY`: the amount in tiyn, the day as YYYY-MM-DD, the outcome 'credited' or 'returned',
    the item '0' where the bank names none. What stops the reading is a fault like the others.
    """
    count = 0
    try:
        for batch in sheet_lists.batches(path, source, FAMILY, Faults(source, faults)):
            count += len(batch.lines)
            batch.columns["item"] = [item or "0" for item in batch.columns["item"]]
            batch.columns["outcome"] = [OUTCOMES[word] for word in batch.columns["outcome"]]
            yield batch
    except FormatError as refusal:
        faults += refusal.faults
        return
    if not count and not faults:
        faults.append(sheet_lists.empty(FAMILY))
