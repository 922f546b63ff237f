"""The archive: the bytes of every file that came or went, under their SHA-256.

The bytes of a file to send stand here before the commit that sends it, so a killed command leaves either nothing or
a file that can be written out again; the same verb run again writes the missing file, not a second order.
"""

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from reconcile.errors import Refusal

_BLOCK = 1 << 20


class MissingFromArchive(Refusal):
    """The books know a file whose bytes somebody took out of the archive."""

    def __init__(self, name: str, path: Path) -> None:
        super().__init__(f"{name} is missing from the archive ({path}); restore the archive from its copy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A file in the archive: the SHA-256 of its bytes (32 octets) and how many they are."""

    sha256: bytes
    octets: int


@dataclass(frozen=True, slots=True)
class Archive:
    """Files by the digest of their content; what is there is never changed."""

    folder: Path

    def path(self, digest: bytes) -> Path:
        """Where the bytes of a digest stand."""
        name = digest.hex()
        return self.folder / name[:2] / name

    def keep(self, blocks: Iterable[bytes]) -> Stored:
        """Store a stream of blocks and return its digest."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        hasher, octets = sha256(), 0
        # A killed command leaves a draft behind at most; a name of its own keeps two sessions apart.
        with NamedTemporaryFile(dir=self.folder, prefix="draft-", delete=False) as file:
            for block in blocks:
                hasher.update(block)
                octets += len(block)
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
        target = self.path(hasher.digest())
        target.parent.mkdir(exist_ok=True, mode=0o700)
        Path(file.name).replace(target)
        return Stored(sha256=hasher.digest(), octets=octets)

    def keep_file(self, path: Path) -> Stored:
        """Store a copy of a file."""
        with path.open("rb") as file:
            return self.keep(iter(lambda: file.read(_BLOCK), b""))

    def deliver(self, digest: bytes, target: Path) -> bool:
        """Write the archived bytes to `target`; False when the very same file stands there already.

        Raises:
            MissingFromArchive: the archive lacks the bytes.
        """
        if target.exists() and digest_of(target) == digest:
            return False
        if not self.path(digest).exists():
            raise MissingFromArchive(target.name, self.path(digest))
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.{os.getpid()}")
        shutil.copyfile(self.path(digest), draft)
        draft.replace(target)
        return True


def digest_of(path: Path) -> bytes:
    """SHA-256 of a file's bytes, read in blocks."""
    with path.open("rb") as file:
        hasher = sha256()
        while block := file.read(_BLOCK):
            hasher.update(block)
    return hasher.digest()
