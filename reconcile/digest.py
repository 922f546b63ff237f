"""The daily digest: the heads of all books in a file that is kept elsewhere, so that nobody can take an entry back.

The file is what `esep ledger verify --digest` reads: a line a book, and at its end the SHA-256 of the lines before. The
same state gives the same bytes; another state of the same day goes into a file with the next number.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from ledgers.verify import Head
from reconcile.errors import Refusal

_OWN = re.compile(r"^# sha256 ([0-9a-f]{64})\n\Z", re.MULTILINE)
_FILES_A_DAY = 1000


class DigestChanged(Refusal):
    """A digest file whose lines do not give the SHA-256 at its end."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name}: its lines are not those that were written; take the file from where it is kept")


class TooManyDigests(Refusal):
    """A folder with a thousand different digests of one day."""

    def __init__(self, day: date, out: Path) -> None:
        super().__init__(f"{out} has {_FILES_A_DAY} digests of {day:%d.%m.%Y} already; name another folder")


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestWritten:
    """Where the digest stands, of how many books; `is_repeat` when the same state was written there before."""

    path: Path
    sha256: str
    books: int
    is_repeat: bool


def content(heads: Sequence[Head], day: date) -> bytes:
    """The bytes of the digest of a day: the heads by book, and the SHA-256 of all before its line."""
    lines = [f"# heads of all books on {day:%d.%m.%Y}: book, last entry, its hash", *map(str, heads)]
    body = "".join(f"{line}\n" for line in lines).encode()
    return body + f"# sha256 {sha256(body).hexdigest()}\n".encode()


def write(heads: Sequence[Head], day: date, out: Path) -> DigestWritten:
    """Write `digest-YYYY-MM-DD.txt`, or the next number of that day beside one of another state.

    Raises:
        TooManyDigests: the folder is full of that day.
    """
    octets = content(heads, day)
    out.mkdir(parents=True, exist_ok=True)
    for number in range(1, _FILES_A_DAY + 1):
        path = out / f"digest-{day:%Y-%m-%d}{f'-{number}' if number > 1 else ''}.txt"
        is_repeat = path.exists()
        if is_repeat and path.read_bytes() != octets:
            continue
        if not is_repeat:
            with path.open("xb") as file:
                file.write(octets)
        own = sha256(octets).hexdigest()
        return DigestWritten(path=path, sha256=own, books=len(heads), is_repeat=is_repeat)
    raise TooManyDigests(day, out)


def checked(text: str, name: str) -> str:
    """The text of a digest file, if the SHA-256 at its end is that of its lines, or if it has none.

    Raises:
        DigestChanged: a line was changed, added or cut out.
    """
    own = _OWN.search(text)
    if own is not None and sha256(text[: own.start()].encode()).hexdigest() != own[1]:
        raise DigestChanged(name)
    return text


def written(result: DigestWritten) -> list[str]:
    """What is said about a digest that was written."""
    said = "stands there already, nothing changed" if result.is_repeat else "written"
    return [
        f"{result.path}: {said}; heads of {result.books} books, SHA-256 of the file {result.sha256}",
        f"keep it elsewhere; prove the books against it with: esep ledger verify --digest {result.path}",
    ]
