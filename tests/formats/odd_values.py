"""Values that a writer must refuse or get back as they are: signs that end rows, look like others, or get lost."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import TypeVar

from formats.errors import Code, Findings, FormatError

Message = TypeVar("Message")

TEXTS = [
    "", "А", "И\u0306", "А\u00a0Б", "А Б", "А  Б", "А" * 66, "А" * 67, "\U0001f600", "А:Б", "А-Б", "№", "«А»", "А\\Б",
    "А/Б", "/", "/NM/А", "А{", "{1:", "}", ":А", ":21:1", "-", "-}", " А", "А ", "\tА", "А\nБ", "А\n-}", "А\r\n:21:9",
    "\r", "\x1a", "\0", "\x85", "\u2028", "\u200b", "\ufeff", "\ufffd", "\ud800", "А — Б", "А\u00a0", "\u3000А",
]  # fmt: skip
DIGITS = ["", "1", "٣", "12", "123", "123456", "12345678901", "123456789012", "80010139999Х", "132023", "011800"]
CODES = ["", "KZ1", "kz1", "КZ1", "K" * 34, "K" * 35, "K 1", "K/1", "٣", "HSBKKZKX", "190501914", "R-1", "-R", "А"]
DAYS = [date(999, 12, 31), date(1000, 1, 1), date(1999, 12, 31), date(2000, 1, 1), date(2099, 12, 31), date(2100, 1, 1)]

_PLACES = (
    "70/XX",
    "70/FM",
    "70/ASSIGN",
    "59/XX",
    "59/CHIEF",
    "50/XX",
    "50/ASSIGN",
    "21/XX",
    "54B",
    "50",
    "32A",
    "XX",
    "",
)
_OTHER = [((place, text),) for place in _PLACES for text in TEXTS]

ITEMS: dict[str, list[object]] = {
    "number": [-1, 0, 1, 999_999_999, 10**9],
    "amount": [-1, 0, 1, 99, 100, 92_233_720_368_547_758, 92_233_720_368_547_759],
    **{name: [*TEXTS] for name in ("surname", "first_name", "patronymic", "assign", "changed_surname")},
    **{name: [*DIGITS] for name in ("idn", "period", "rnn")},
    "account": [*CODES],
    "birth_date": [*DAYS],
    "contribution": ["C", "V", "S", "X", "С"],
    "social_card": ["0" * 16, "А" * 16],
    "other": [*_OTHER],
}
PARTIES: dict[str, list[object]] = {
    **{name: [*TEXTS] for name in ("name", "chief", "main_bk")},
    **{name: [*DIGITS] for name in ("idn", "rnn", "irs", "seco")},
    **{name: [*CODES] for name in ("account", "bic")},
}
HEADS: dict[str, list[object]] = {
    **{name: [*TEXTS, *CODES] for name in ("reference", "number", "assign")},
    **{name: [*DIGITS] for name in ("vo", "knp", "pso", "prt", "period", "budget_code", "send")},
    **{name: [*DAYS] for name in ("dated", "value_date")},
    "other": [*_OTHER],
}
"""For each field of a person, a party and a head values of its type that are odd or wrong."""


def comes_back(
    message: Message, write: Callable[[Message], str], read: Callable[[Iterable[str], Findings], Iterator[object]]
) -> bool:
    """Whether a writer refuses the message, or a reader gives it back as it was."""
    try:
        text = write(message)
    except FormatError as refusal:
        return {fault.code for fault in refusal.faults} == {Code.UNWRITABLE}
    findings = Findings("bank.txt")
    return list(read([text], findings)) == [message] and not findings.faults
