"""Tables of the books as files: CSV for other programs, XLSX for people.

Amounts are whole tiyn (int64) beside the tenge that people read, so that a sum over the column is exact.
"""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ledgers.money import plain_tenge
from reconcile.errors import Refusal


class UnknownTable(Refusal):
    """A file name that ends neither in .csv nor in .xlsx."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path.name}: a table is written as .csv or .xlsx; name the file so")


def save(rows: Sequence[Any], path: Path) -> int:
    """Write frozen rows as a table, a column for each field, `amount`s in tiyn and in tenge; returns how many rows.

    Raises:
        UnknownTable: the name ends neither in .csv nor in .xlsx.
    """
    import pandas as pd

    writers = {".csv": _csv, ".xlsx": _xlsx}
    if path.suffix not in writers:
        raise UnknownTable(path)
    frame = pd.DataFrame([asdict(row) for row in rows])
    for name in ("debit", "credit", "amount", "balance"):
        if name in frame and frame[name].dtype == "int64":
            frame.insert(frame.columns.get_loc(name) + 1, f"{name}_kzt", frame[name].map(plain_tenge))
            frame = frame.rename(columns={name: f"{name}_tiyn"})
    writers[path.suffix](frame, path)
    return len(frame)


def _csv(frame: Any, path: Path) -> None:
    # With the mark at its start a spreadsheet reads the Kazakh letters right.
    frame.to_csv(path, index=False, sep=";", encoding="utf-8-sig")


def _xlsx(frame: Any, path: Path) -> None:
    # A name or a purpose that begins like a formula or an address is a text all the same.
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    frame.to_excel(path, index=False, engine="xlsxwriter", engine_kwargs={"options": options}, freeze_panes=(1, 0))
