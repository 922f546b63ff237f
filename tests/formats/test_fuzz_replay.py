"""The short replay of the fuzzer: only FormatError comes out of a reader, and what is written is read back.

Every file under fixtures/messages is given to every reader; then each is cut short, and spoilt by a zero byte, at many
places for the readers that are meant for it. `make fuzz` looks for new ones.
"""

from contextlib import suppress
from pathlib import Path

import pytest

from fixtures.readers import READERS
from formats import survey
from formats.errors import FormatError
from formats.recognise import HEAD_BYTES, Kind, recognise
from tests.formats import files

CUTS = 40
BYTES_MAX = 20_000
TEXT = {Kind.MT: ("mt", "mt940"), Kind.STATEMENT: ("mt", "mt940"), Kind.ONEC: ("onec", "onec-orders")}
OTHERS = {
    Kind.EXCHANGE: ("exchange",),
    Kind.TWIN: ("twins-csv",),
    Kind.LINES: ("awards", "resolutions"),
    Kind.WORKBOOK: ("twins-xlsx", "awards"),
}


def readers_of(path: Path) -> tuple[str, ...]:
    """The readers that the file is meant for."""
    with suppress(FormatError):
        found = recognise(path.read_bytes()[:HEAD_BYTES], path.name)
        if found.kind is Kind.ISO20022:
            name = "camt" if found.name.startswith("camt") else found.name
            return (name,) if name in READERS else ("recognise",)
        return ("recognise", "text", *TEXT[found.kind]) if found.kind in TEXT else ("recognise", *OTHERS[found.kind])
    return ("recognise", "text")


def places(data: bytes, count: int) -> range:
    """About so many places of the bytes, far from one another."""
    return range(1, len(data), max(len(data) // count, 1))


def fed(reader: str, data: bytes) -> None:
    """Give the bytes to a reader; it may refuse them, and nothing else."""
    with suppress(FormatError):
        READERS[reader](data)


@pytest.mark.parametrize("path", files.ALL, ids=files.name_of)
def test_every_reader_takes_or_refuses_every_file(path: Path) -> None:
    data = path.read_bytes()
    for reader in READERS:
        fed(reader, data)


@pytest.mark.parametrize("path", files.ALL, ids=files.name_of)
def test_every_file_cut_short_or_with_a_zero_byte_is_read_or_refused(path: Path) -> None:
    data = path.read_bytes()[:BYTES_MAX]
    for reader in readers_of(path):
        for place in places(data, CUTS):
            fed(reader, data[:place])
            fed(reader, data[:place] + b"\0" + data[place:])


@pytest.mark.parametrize("path", files.GOOD, ids=files.name_of)
def test_a_survey_of_a_spoilt_file_never_raises(path: Path, tmp_path: Path) -> None:
    data = path.read_bytes()
    target = tmp_path / path.name
    for place in places(data, 4):
        for spoilt in (data[:place], data[:place] + b"\xff{1:" + data[place + 3 :]):
            target.write_bytes(spoilt)
            survey(target)


def test_every_reader_is_meant_for_some_file() -> None:
    meant = {reader for path in files.ALL for reader in readers_of(path)}
    assert meant == set(READERS)
