"""Tables of the books as files: CSV for other programs, XLSX for people, Parquet for those who count.

Amounts are whole tiyn (int64) beside the tenge that people read, so that a sum over the column is exact; Parquet, which
only programs read, has the tiyn alone. Beside each file stands its SHA-256, as `sha256sum -c` reads it.
"""

from collections.abc import Sequence
from dataclasses import asdict
from hashlib import file_digest
from pathlib import Path
from typing import Any

from ledgers.money import plain_tenge
from reconcile.errors import Refusal

AMOUNTS = (
    "opening_debit",
    "opening_credit",
    "debit",
    "credit",
    "closing_debit",
    "closing_credit",
    "amount",
    "balance",
)
"""Columns of tiyn, as the rows of all tables call them."""


class UnknownTable(Refusal):
    """A file name that ends neither in .csv, nor in .xlsx, nor in .parquet."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path.name}: a table is written as .csv, .xlsx or .parquet; name the file so")


class ParquetMissing(Refusal):
    """A table is wanted as Parquet, and the library that writes it is not there."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path.name}: Parquet is written by the package pyarrow, which is not installed; install it, or name a "
            ".csv or .xlsx file"
        )


def save(rows: Sequence[Any], path: Path) -> int:
    """Write frozen rows as a table and its SHA-256 beside it, a column for each field; returns how many rows.

    Raises:
        UnknownTable: the name ends in none of the three ways.
        ParquetMissing: Parquet is wanted and cannot be written here.
    """
    import pandas as pd

    writers = {".csv": _csv, ".xlsx": _xlsx, ".parquet": _parquet}
    if path.suffix not in writers:
        raise UnknownTable(path)
    frame = pd.DataFrame([asdict(row) for row in rows])
    for name in AMOUNTS:
        if name in frame and frame[name].dtype == "int64":
            if path.suffix != ".parquet":
                frame.insert(frame.columns.get_loc(name) + 1, f"{name}_kzt", frame[name].map(plain_tenge))
            frame = frame.rename(columns={name: f"{name}_tiyn"})
    writers[path.suffix](frame, path)
    write_digest(path)
    return len(frame)


def digest_path(path: Path) -> Path:
    """Where the digest of a file stands: beside it, with `.sha256` after its name."""
    return path.with_name(f"{path.name}.sha256")


def write_digest(path: Path) -> None:
    """Write the SHA-256 of a file beside it; `sha256sum -c FILE.sha256` in its folder proves the file."""
    with path.open("rb") as file:
        sha256 = file_digest(file, "sha256").hexdigest()
    digest_path(path).write_text(f"{sha256}  {path.name}\n", encoding="utf-8", newline="\n")


def _csv(frame: Any, path: Path) -> None:
    # With the mark at its start a spreadsheet reads the Kazakh letters right.
    frame.to_csv(path, index=False, sep=";", encoding="utf-8-sig")


def _xlsx(frame: Any, path: Path) -> None:
    # A name or a purpose that begins like a formula or an address is a text all the same.
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    frame.to_excel(path, index=False, engine="xlsxwriter", engine_kwargs={"options": options}, freeze_panes=(1, 0))


def _parquet(frame: Any, path: Path) -> None:
    try:
        frame.to_parquet(path, index=False, engine="pyarrow")
    except ImportError as error:
        raise ParquetMissing(path) from error
