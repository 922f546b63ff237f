"""What a bank accepts as a list: its limits and habits, read from data/bank_profiles.toml.

>>> profile("HSBKKZKX").records_max, profile("HSBKKZKX").enterprise_code, profile("UNKNOWN1").enterprise_code
(150, 'unicode', '')
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

DATA = Path(__file__).parent / "data" / "bank_profiles.toml"

LineEnd = Literal["crlf", "lf"]
EnterpriseCode = Literal["", "first", "unicode"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BankProfile:
    """The limits and habits of one bank.

    At most `records_max` people and `bytes_max` bytes in a file, purpose codes of `knp` alone unless it is empty, the
    fee as a last record where `fee_record` says so, the enterprise's code where `enterprise_code` says.
    """

    bic: str
    charset: str
    line_end: LineEnd
    records_max: int
    packed_records_max: int
    bytes_max: int
    knp: tuple[str, ...]
    fee_record: bool
    enterprise_code: EnterpriseCode
    source: str
    name: str = ""


def profile(bic: str) -> BankProfile:
    """The profile of a bank, by the first eight characters of its BIC; the default for one that is not in the data."""
    known = _profiles()
    values: dict[str, Any] = known["default"] | known["banks"].get(bic[:8], {})
    return BankProfile(bic=bic, **values | {"knp": tuple(values["knp"])})


def bics() -> tuple[str, ...]:
    """The banks that have a profile of their own."""
    return tuple(_profiles()["banks"])


@cache
def _profiles() -> dict[str, Any]:
    return tomllib.loads(DATA.read_text(encoding="utf-8"))
