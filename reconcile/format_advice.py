"""What to do next with a file that `esep format check` has read: which command takes it, or that none has to.

A file is told by its content alone; whether an account or a bank is one of the books, the command that takes the file
looks up.
"""

import shlex
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from formats.summaries import Role, Summary

if TYPE_CHECKING:
    from formats import Survey

_BOOKS_CURRENCY = "KZT"
_CONVERT = "esep format convert {file} --to {target} --out FOLDER"
_TO_1C = (_CONVERT.format(file="{file}", target="1c"), "esep statement import FILE_OF_FOLDER")
_TO_MT102 = _CONVERT.format(file="{file}", target="mt102")
# What to do, and the commands for it.
_NEXT: dict[Role, tuple[str, ...]] = {
    Role.ONEC_STATEMENT: ("if {account} is the account of your books, import it", "esep statement import {file}"),
    Role.STATEMENT: ("the books take a statement as 1C: make one, and import it", *_TO_1C),
    Role.RETURN: ("import the return", "esep return import {file}"),
    Role.RETURN_XML: ("make an MT-102 of it, and import that", _TO_MT102, "esep return import FILE_OF_FOLDER"),
    Role.DECISIONS: (
        "import the decisions, which also looks for doubles and at the dictionaries of the books",
        "esep award import {file}",
    ),
    Role.RESOLUTIONS: ("import the resolutions", "esep resolution import {file}"),
    Role.ORDER_XML: ("nothing to import; as an MT-102 for a bank", _TO_MT102),
    Role.ORDER: (
        "nothing to import: payments that somebody has to make; as a table for a spreadsheet",
        _CONVERT.format(file="{file}", target="xlsx"),
    ),
    Role.OWN_ORDER: (
        "nothing to import: an order of the State Corporation; the statement brings what is debited for it",
    ),
    Role.REPORT: (
        "nothing to import: it lacks a balance, or is not final; ask the bank for the statement of whole days",
    ),
    Role.REFUSAL: (
        "import the refusal of {references}: its items go again; correct first what the reason says",
        "esep order refused {file}",
    ),
    Role.ANSWER: ("nothing to import: what was really paid or received comes with the statement",),
    Role.DOCUMENT: ("nothing to import: a document that Esep writes for an authority",),
    Role.OTHER: ("nothing to import",),
}
_SEVERAL = ("the books take one account in a file: cut it, and import the file of your account", *_TO_1C)
_MIXED = "the file holds several kinds of messages, and a command takes one kind: ask for a file of each, or cut it"
_WITH_FAULTS = "no command takes a file with faults; give the faults above to whoever made it"


def advice(seen: "Survey", file: str) -> Iterator[str]:
    """What to do next, with its commands, for each kind of message in the file, which a person called `file`."""
    if seen.recognised is None:
        return
    if seen.faults:
        yield f"next: {_WITH_FAULTS}"
        return
    roles = dict.fromkeys(one.role for one in seen.summaries)
    if len(roles) > 1:
        yield f"next: {_MIXED}"
    for role in roles:
        alike = [one for one in seen.summaries if one.role == role]
        sentence, *commands = _for(role, alike)
        known = {"file": shlex.quote(file), "account": _all(alike, "account"), "references": _all(alike, "of message")}
        yield f"next: {sentence.format(**known)}"
        yield from (f"  {command.format(**known)}" for command in commands)


def _for(role: Role, alike: Sequence[Summary]) -> tuple[str, ...]:
    others = sorted({one.currency for one in alike} - {_BOOKS_CURRENCY})
    if role is Role.STATEMENT and others:
        return (f"nothing to import: the books are in {_BOOKS_CURRENCY}, this is in {', '.join(others)}",)
    return _SEVERAL if role is Role.ONEC_STATEMENT and len(alike) > 1 else _NEXT[role]


def _all(alike: Sequence[Summary], fact: str) -> str:
    return ", ".join(str(dict(one.facts).get(fact, "")) for one in alike)
