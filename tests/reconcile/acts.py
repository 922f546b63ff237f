"""The signed golden month, for tests of what becomes of its documents."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from ledgers.act_life import Role
from reconcile import act, act_sign, close
from reconcile.desk import Desk
from tests.ledgers.stories import Story
from tests.ledgers.story_rows import MONTH

BUILT = date(2024, 4, 2)
SIGNED = date(2024, 4, 15)
SIGNERS: dict[Role, str] = {
    "corporation": "Мұқанова Сәуле",
    "authority": "Жұмағұлов Өмірзақ",
    "deputy": "Нұрпейісова Әсем",
    "director": "Сәрсенбаев Ғалым",
}
DISABILITY = "Мүгедектігі бар адамдарға Наурыз мейрамына (5 АЕК)"
MOTHERS = "Көпбалалы аналарға Наурыз мейрамына (2 АЕК)"


def on(desk: Desk, day: date) -> Desk:
    """The same desk on another day."""
    return replace(desk, today=day)


def built(desk: Desk, out: Path) -> act.ActsBuilt:
    """The documents of the golden month, built on 02.04.2024."""
    Story(desk).golden()
    close.month(on(desk, BUILT), "AST", MONTH)
    return act.build(on(desk, BUILT), "AST", MONTH, out)


def sign(desk: Desk, *roles: Role, act_number: int = 0, day: date = SIGNED, month: date = MONTH) -> None:
    """Record signatures by their usual signers."""
    for role in roles:
        act_sign.sign(on(desk, day), "AST", month, role, SIGNERS[role], day, act_number=act_number)


def lines_file(folder: Path, *lines: str) -> Path:
    """The authority's lines of an act, as CSV."""
    path = folder / "act-lines.csv"
    text = "\r\n".join(["order_number;order_date;amount;aid_kind;comment", *lines, ""])
    path.write_bytes(text.encode("utf-8-sig"))
    return path
