"""The files under fixtures/messages, by folder, and how to make others beside them."""

from pathlib import Path

FIXTURES = Path(__file__).parents[2] / "fixtures" / "messages"
NO_MESSAGES = {"README.md", ".gitattributes", "broken.txt"}
BROKEN = "broken"


def name_of(path: Path) -> str:
    """The path as the tables have it."""
    return path.relative_to(FIXTURES).as_posix()


ALL = sorted(path for path in FIXTURES.rglob("*") if path.is_file() and path.name not in NO_MESSAGES)
GOOD = [path for path in ALL if BROKEN not in path.parts]
WRONG = [path for path in ALL if BROKEN in path.parts]
