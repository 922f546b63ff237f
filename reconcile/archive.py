"""The archive: the bytes of every file that came or went, under their SHA-256.

The bytes of a file to send stand here before the commit that sends it, so a killed command leaves either nothing or
a file that can be written out again; the same verb run again writes the missing file, not a second order.
"""

import os
from collections.abc import Iterable, Iterator
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


class ArchiveDamaged(Refusal):
    """Somebody changed bytes in the archive."""

    def __init__(self, name: str, path: Path) -> None:
        super().__init__(
            f"{name} was changed in the archive ({path}): its bytes are not those that were sent; "
            "restore the archive from its copy, and find out who changed it"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A file in the archive: the SHA-256 of its bytes (32 octets) and how many they are."""

    sha256: bytes
    octets: int


@dataclass(frozen=True)
class Archive:
    """Files by the digest of their content; what is there is never changed."""

    folder: Path

    def path(self, digest: bytes) -> Path:
        """Where the bytes of a digest stand."""
        name = digest.hex()
        return self.folder / name[:2] / name

    def keep(self, blocks: Iterable[bytes]) -> Stored:
        """Store a stream of blocks and return its digest; it is on the disk when this returns."""
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
        for folder in (target.parent, self.folder):
            _sync(folder)
        return Stored(sha256=hasher.digest(), octets=octets)

    def keep_file(self, path: Path) -> Stored:
        """Store a copy of a file; read on from the copy, so that what is kept is what was read."""
        with path.open("rb") as file:
            return self.keep(iter(lambda: file.read(_BLOCK), b""))

    def blocks(self, digest: bytes, name: str) -> Iterator[bytes]:
        """The bytes of a digest in blocks, proved while they are read; `name` is how people know the file.

        Raises:
            MissingFromArchive: the archive lacks the bytes.
            ArchiveDamaged: they are not the bytes that were kept.
        """
        path, hasher = self.path(digest), sha256()
        if not path.exists():
            raise MissingFromArchive(name, path)
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                hasher.update(block)
                yield block
        if hasher.digest() != digest:
            raise ArchiveDamaged(name, path)

    def read(self, digest: bytes, name: str) -> bytes:
        """The bytes of a digest, proved like `blocks`."""
        return b"".join(self.blocks(digest, name))

    def deliver(self, digest: bytes, target: Path) -> bool:
        """Write the archived bytes to `target`; False when the very same file stands there already.

        Raises:
            MissingFromArchive, ArchiveDamaged: as `blocks`; nothing is delivered then.
        """
        if target.exists() and digest_of(target) == digest:
            return False
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.{os.getpid()}")
        try:
            with draft.open("wb") as file:
                file.writelines(self.blocks(digest, target.name))
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
        return True


class DryArchive(Archive):
    """An archive that keeps nothing: for a dry run, which leaves no trace."""

    def keep(self, blocks: Iterable[bytes]) -> Stored:
        """Read the blocks through, so that everything that would refuse them does."""
        hasher, octets = sha256(), 0
        for block in blocks:
            hasher.update(block)
            octets += len(block)
        return Stored(sha256=hasher.digest(), octets=octets)


def _sync(folder: Path) -> None:
    """Put a folder's own list of names on the disk: a file that the books know must not be gone after a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def digest_of(path: Path) -> bytes:
    """SHA-256 of a file's bytes, read in blocks."""
    with path.open("rb") as file:
        hasher = sha256()
        while block := file.read(_BLOCK):
            hasher.update(block)
    return hasher.digest()
