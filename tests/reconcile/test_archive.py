"""The archive keeps bytes by their digest, and delivers what is missing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from reconcile.archive import Archive, MissingFromArchive, digest_of


def test_what_is_kept_is_delivered_once(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    stored = archive.keep([b"Esep ", b"1 846 000,00"])
    target = tmp_path / "out" / "file.txt"
    assert archive.deliver(stored.sha256, target)
    assert target.read_bytes() == b"Esep 1 846 000,00"
    assert not archive.deliver(stored.sha256, target)
    assert (stored.octets, digest_of(target)) == (17, stored.sha256)


def test_a_file_that_somebody_changed_in_the_folder_is_written_again(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    stored = archive.keep([b"right"])
    target = tmp_path / "file.txt"
    target.write_bytes(b"wrong")
    assert archive.deliver(stored.sha256, target)
    assert target.read_bytes() == b"right"


def test_the_same_bytes_are_kept_once(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    archive.keep([b"twice"])
    archive.keep([b"twice"])
    assert len([file for file in (tmp_path / "archive").rglob("*") if file.is_file()]) == 1


def test_bytes_taken_out_of_the_archive_are_missed_with_the_files_name(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    stored = archive.keep([b"gone"])
    archive.path(stored.sha256).unlink()
    with pytest.raises(MissingFromArchive, match=r"act\.pdf"):
        archive.deliver(stored.sha256, tmp_path / "act.pdf")


def test_only_its_owner_may_read_the_archive(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    stored = archive.keep([b"people"])
    assert (tmp_path / "archive").stat().st_mode & 0o077 == 0
    assert archive.path(stored.sha256).stat().st_mode & 0o077 == 0


def test_files_kept_together_stand_there_when_the_block_ends(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    with archive.together() as batch:
        stored = [batch.keep([text]) for text in (b"first", b"second", b"first")]
        assert not archive.path(stored[0].sha256).exists()
    assert [archive.read(one.sha256, "x") for one in stored] == [b"first", b"second", b"first"]
    assert not list((tmp_path / "archive").glob("draft-*"))


def test_files_of_a_command_that_is_refused_are_taken_away(tmp_path: Path) -> None:
    def refuse() -> Iterator[bytes]:
        yield b"half a file"
        raise ValueError("refused")

    def command() -> None:
        with Archive(tmp_path / "archive").together() as batch:
            batch.keep([b"first"])
            batch.keep(refuse())

    with pytest.raises(ValueError, match="refused"):
        command()
    assert [file.read_bytes() for file in (tmp_path / "archive").iterdir()] == []
