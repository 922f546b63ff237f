"""Rows of award and resolution files about people who do not exist, in the texts of a sheet."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from formats import awards
from formats.awards import AWARD_FIELDS, RESOLUTION_FIELDS
from formats.columns import Batch
from formats.errors import Fault

GRANNY = (
    "020340000172", "14-Ә/3", "05.03.2024", "Серікбаева Гүлнар", "ІС-2024/000117", "E-SOBES", "HOLIDAY_8_MARCH",
    "03.2024", "18460,00", "580312400120", "Қожахметова", "Әсел", "Нұрланқызы", "12.03.1958", "F", "0101", "03010125",
    'Астана қ., "Жетісу" көшесі; 14 & 15', "HSBKKZKX", "KZ35601A000000000123", "+77010000017", "", "", "", "",
)  # fmt: skip
CHILD = (
    "020340000172", "14-Ә/3", "05.03.2024", "Серікбаева Гүлнар", "ІС-2024/000118", "E-SOBES", "DISABLED_CHILD",
    "12.2024", "0,01", "190705500341", "Өмірбек", "Ілияс", "", "05.07.2019", "M", "0101", "03010126",
    "Астана қ., Сығанақ 7", "CASPKZKA", "KZ46722C000000004567", "", "850515499983", "Өмірбек", "Айгүл", "Ғалымқызы",
)  # fmt: skip
RESEND = (
    "020340000172", "7", "26.03.2024", "Серікбаева Гүлнар", "P24030000017", "580312400120", "18460,00", "resend",
    "Қожахметова", "Әсел", "Нұрланқызы", "CASPKZKA", "KZ46722C000000004567", "",
)  # fmt: skip
REFUND = (
    "020340000172", "8", "27.03.2024", "Серікбаева Гүлнар", "P24030000018", "190705500341", "0,01", "refund",
    "", "", "", "", "", "алушы қайтыс болды",
)  # fmt: skip

Rows = Iterable[Sequence[str]]
AWARD_WRITERS: dict[str, Callable[[Rows, Path], None]] = {
    "csv": awards.write_awards_csv,
    "xlsx": awards.write_awards_xlsx,
    "xml": awards.write_awards_xml,
}
RESOLUTION_WRITERS: dict[str, Callable[[Rows, Path], None]] = {
    "csv": awards.write_resolutions_csv,
    "xlsx": awards.write_resolutions_xlsx,
    "xml": awards.write_resolutions_xml,
}


def award(**changes: str) -> list[str]:
    """The granny's row with other values."""
    return [changes.get(name, value) for name, value in zip(AWARD_FIELDS, GRANNY, strict=True)]


def resolution(row: Sequence[str], **changes: str) -> list[str]:
    """A resolution's row with other values."""
    return [changes.get(name, value) for name, value in zip(RESOLUTION_FIELDS, row, strict=True)]


def read_awards(path: Path) -> tuple[list[Batch], list[Fault]]:
    """All batches and faults of an award file."""
    faults: list[Fault] = []
    return list(awards.read_awards(path, path.name, faults)), faults


def read_resolutions(path: Path) -> tuple[list[Batch], list[Fault]]:
    """All batches and faults of a resolution file."""
    faults: list[Fault] = []
    return list(awards.read_resolutions(path, path.name, faults)), faults


def read_bytes(path: Path, data: bytes) -> tuple[list[Batch], list[Fault]]:
    """All batches and faults of an award file with these bytes."""
    path.write_bytes(data)
    return read_awards(path)
