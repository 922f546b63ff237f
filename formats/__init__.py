"""Bytes and typed, frozen messages: every file that a bank or another system sends or receives.

Nothing here knows a database, a clock or a setting. A reader returns a whole message or raises FormatError with every
fault of the file; a writer is strict and gives the same bytes for the same message. `read` reads a file whatever it is,
`survey` looks through one of any size; the modules read and write one format each.
"""

from typing import TYPE_CHECKING, Any

from formats.errors import Fault, FormatError, Note

if TYPE_CHECKING:
    from formats.reading import Reading, read
    from formats.surveys import Survey, survey

__all__ = ["Fault", "FormatError", "Note", "Reading", "Survey", "read", "survey"]

_PLACES = {"Reading": "reading", "read": "reading", "Survey": "surveys", "survey": "surveys"}


def __getattr__(name: str) -> Any:
    """Import the readers of all formats only when one of them is asked for."""
    if name not in _PLACES:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"formats.{_PLACES[name]}"), name)
