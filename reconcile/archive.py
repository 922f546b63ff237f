"""The archive: the bytes of every file that came or went, under their SHA-256.

The bytes of a file to send stand here before the commit that sends it, so a killed command leaves either nothing or
a file that can be written out again; the same verb run again writes the missing file, not a second order.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from reconcile.errors import Refusal

_BLOCK = 1 << 20
_SYNCS_AT_ONCE = 16


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
        draft, stored = self._draft(blocks)
        self._settle([(draft, self.path(stored.sha256))])
        return stored

    @contextmanager
    def together(self) -> Iterator["Archive"]:
        """An archive for many files: all of them are on the disk when the block ends, and not before.

        A folder is synchronised once and not once a file, which a thousand files would wait for.
        """
        batch = _Batch(self.folder)
        try:
            yield batch
            self._settle(batch.drafts)
        finally:
            for draft, _ in batch.drafts:
                draft.unlink(missing_ok=True)

    def _draft(self, blocks: Iterable[bytes]) -> tuple[Path, Stored]:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        hasher, octets = sha256(), 0
        # A killed command leaves drafts behind at most; a name of its own keeps two sessions apart.
        with NamedTemporaryFile(dir=self.folder, prefix="draft-", delete=False) as file:
            try:
                for block in blocks:
                    hasher.update(block)
                    octets += len(block)
                    file.write(block)
            except BaseException:
                Path(file.name).unlink()
                raise
        return Path(file.name), Stored(sha256=hasher.digest(), octets=octets)

    def _settle(self, drafts: Sequence[tuple[Path, Path]]) -> None:
        """Put drafts into their places: first their bytes, then their names, then the folders."""
        _sync_all(draft for draft, _ in drafts)
        for draft, target in drafts:
            target.parent.mkdir(exist_ok=True, mode=0o700)
            draft.replace(target)
        _sync_all({folder for _, target in drafts for folder in (target.parent, self.folder)})

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


@dataclass(frozen=True)
class _Batch(Archive):
    """Files of one command, drafted and not yet in their places."""

    drafts: list[tuple[Path, Path]] = field(default_factory=list)

    def keep(self, blocks: Iterable[bytes]) -> Stored:
        """Draft a file."""
        draft, stored = self._draft(blocks)
        self.drafts.append((draft, self.path(stored.sha256)))
        return stored


class DryArchive(Archive):
    """An archive that keeps nothing: for a dry run, which leaves no trace."""

    @contextmanager
    def together(self) -> Iterator[Archive]:
        """The dry archive itself."""
        yield self

    def keep(self, blocks: Iterable[bytes]) -> Stored:
        """Read the blocks through, so that everything that would refuse them does."""
        hasher, octets = sha256(), 0
        for block in blocks:
            hasher.update(block)
            octets += len(block)
        return Stored(sha256=hasher.digest(), octets=octets)


def _sync_all(paths: Iterable[Path]) -> None:
    """Synchronise files or folders at the same time: a disk takes many in the time of one."""
    with ThreadPoolExecutor(max_workers=_SYNCS_AT_ONCE) as pool:
        list(pool.map(_sync, paths))


def _sync(path: Path) -> None:
    """Put a file, or a folder's list of names, on the disk: what the books know must not be gone after a power cut."""
    handle = os.open(path, os.O_RDONLY)
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
