"""`esep format convert`: a file in another form, written beside nothing that is there already.

A file with the same content is left as it is; one with another content is never written over.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from formats.convert import Wanted, convert
from formats.errors import Note
from reconcile.errors import Refusal


class FileThere(Refusal):
    """Files with these names are there and say something else."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self.paths = tuple(paths)
        names = ", ".join(map(str, paths))
        super().__init__(f"{names}: there already, with another content; name another folder, or move it away")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The files in order, whether each had to be written, and what was lost or changed."""

    paths: tuple[Path, ...]
    is_new: tuple[bool, ...]
    notes: tuple[Note, ...]


def convert_file(
    path: Path, wanted: Wanted, out: Path, *, charset: str | None = None, dry_run: bool = False
) -> Written:
    """Write the file in another form into the folder `out`, all of its parts or none.

    Raises:
        FormatError: faults of the file, or what the other form cannot carry.
        FileThere: a name is taken by another content.
        LookupError: a charset that is not known.
    """
    made = convert(path, wanted, charset=charset)
    targets = {out / f"{path.stem}{ending}": data for ending, data in made.files}
    taken = [target for target, data in targets.items() if target.exists() and target.read_bytes() != data]
    if taken:
        raise FileThere(taken)
    is_new = tuple(not target.exists() for target in targets)
    if not dry_run:
        out.mkdir(parents=True, exist_ok=True)
        for target, data in targets.items():
            if target.exists():
                continue
            # Whole or not at all, also when the power fails in the middle of it.
            draft = target.with_name(f".{target.name}.part")
            draft.write_bytes(data)
            draft.replace(target)
    return Written(paths=tuple(targets), is_new=is_new, notes=made.notes)
