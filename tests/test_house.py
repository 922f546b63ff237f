"""The house: pinned requirements, the package's own description, and pages whose links lead somewhere."""

import doctest
import importlib
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
PARTS = ["commands", "formats", "ledgers", "reconcile", "fixtures"]
LOCKS = ["requirements.txt", "requirements-dev.txt", "requirements-fuzz.txt"]
# An address, an option that names one, a path, or a line of a resolver that tells where it ran.
PLACE = re.compile(r"://|^\s*-|\s@\s|^\s*\.|file:/|(?<!\w)/\w", re.MULTILINE)
PINNED = re.compile(r"[a-z0-9-]+==[0-9][0-9A-Za-z.]*( ; \S.*)?")


def lock(name: str) -> dict[str, list[str]]:
    """Return the hashes of each pinned requirement of a lock."""
    joined = re.sub(r"#.*", "", (ROOT / name).read_text(encoding="utf-8")).replace("\\\n", " ")
    lines = [line.split("--hash=") for line in joined.splitlines() if line.strip()]
    return {requirement.strip(): [text.strip() for text in hashes] for requirement, *hashes in lines}


def description() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=!~; ]", requirement)[0].lower().replace("_", "-") for requirement in requirements}


@pytest.mark.parametrize("name", LOCKS)
def test_every_requirement_is_pinned_with_hashes(name: str) -> None:
    pins = lock(name)
    assert pins
    for requirement, hashes in pins.items():
        assert PINNED.fullmatch(requirement), requirement
        assert hashes, f"{requirement} has no hash"
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", text) for text in hashes)


@pytest.mark.parametrize("name", LOCKS)
def test_requirements_name_no_host_and_no_place(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    without_hashes = re.sub(r"--hash=\S+", "", text)
    assert [match.group() for match in PLACE.finditer(without_hashes)] == []


def test_the_locks_agree() -> None:
    product, *others = (lock(name) for name in LOCKS)
    assert all(product.items() <= other.items() for other in others)


def test_all_that_the_package_asks_for_is_locked() -> None:
    project = description()["project"]
    assert names(project["dependencies"]) | {"setuptools"} <= names(list(lock("requirements.txt")))
    for extra in ("dev", "fuzz"):
        assert names(project["optional-dependencies"][extra]) <= names(list(lock(f"requirements-{extra}.txt")))


def test_every_dependency_has_its_reasons_written_down() -> None:
    page = (ROOT / "docs/adr/0004-dependencies.md").read_text(encoding="utf-8")
    explained = {cell.split(" (")[0].strip().lower() for cell in re.findall(r"^\| ([^|]+) \|", page, re.MULTILINE)}
    project = description()["project"]
    extras = (project["optional-dependencies"][extra] for extra in ("dev", "fuzz"))
    asked = names(project["dependencies"]).union(*map(names, extras))
    assert asked <= explained


def test_the_package_is_what_its_readers_are_told() -> None:
    project = description()["project"]
    assert project["name"] == "esep"
    assert project["scripts"] == {"esep": "cli:main"}
    assert project["requires-python"] == ">=3.11"
    assert re.fullmatch(r"\d+\.\d+\.\d+", project["version"])
    assert "Apache License" in (ROOT / project["license-files"][0]).read_text(encoding="utf-8")


def test_the_readme_tells_the_two_commands_that_the_makefile_has() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in ("demo", "test", "check", "bench", "clean"):
        assert f"make {target}" in readme
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


@pytest.mark.parametrize(
    "page", sorted(path.relative_to(ROOT).as_posix() for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
)
def test_links_between_pages_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    targets = [target for target in re.findall(r"\]\(([^)#]+)[^)]*\)", text) if "://" not in target]
    assert [target for target in targets if not ((ROOT / page).parent / target).exists()] == []


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = sorted(int(path.name[:4]) for path in (ROOT / "docs/adr").glob("[0-9]*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


def modules_with_examples() -> list[str]:
    files = [file for part in PARTS for file in (ROOT / part).rglob("*.py") if "migrations" not in file.parts]
    with_examples = [file for file in files if ">>> " in file.read_text(encoding="utf-8")]
    return sorted(".".join(file.relative_to(ROOT).with_suffix("").parts) for file in with_examples)


@pytest.mark.parametrize("name", modules_with_examples())
def test_the_examples_in_a_module_are_true(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
