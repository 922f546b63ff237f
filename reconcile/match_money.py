"""The money of returns: which line of a bank brings which of its messages, each pair with the rule that made it.

A line is one message; or, when its amount is no message's own, all that the bank's messages up to its day make
together. What remains is for a person to say: `return place`.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from ledgers.returns import Message
from ledgers.statements import Line
from reconcile.match import grouped, number_of
from reconcile.mined import Mined, mine

Money = tuple[Line, tuple[Message, ...], str]
"""A line, the messages whose money it is, and the rule."""

OWN_BOOK = 0


def money_of(lines: Iterable[tuple[Line, str]], messages: Iterable[Message]) -> list[Money]:
    """Lines (each with the BIC of its bank) with the messages that they bring: one, or all that a bank has waiting."""
    lines, messages = list(lines), list(messages)
    pairs = pair_returns(lines, messages)
    paired = {id(end) for line, message, _ in pairs for end in (line, message)}
    left = [(line, bic) for line, bic in lines if id(line) not in paired]
    waiting = [message for message in messages if id(message) not in paired]
    return [
        *((line, (message,), rule) for line, message, rule in pairs),
        *lump_sums(left, waiting),
    ]


def lump_sums(lines: Sequence[tuple[Line, str]], messages: Sequence[Message]) -> list[Money]:
    """Lines that are the sum of all that a bank's messages up to their day make, of two or more.

    Not when a message has this very amount, when one is parked or of another authority, when a line names the order of
    another message, or when two lines would do: then nothing is guessed. `messages` are all that wait for money.
    """
    found: list[Money] = []
    of_bank = grouped(messages, lambda message: message.bic)
    for bic, own in grouped(lines, lambda pair: pair[1]).items():
        waiting = of_bank.get(bic, [])
        sums = [(line, _sum_of(line, waiting)) for line, _ in own]
        fits = [(line, chosen) for line, chosen in sums if chosen]
        if len(fits) == 1:
            found.append((*fits[0], "all_of_bank"))
    return found


def _sum_of(line: Line, waiting: Sequence[Message]) -> tuple[Message, ...]:
    """All messages up to the line's day, when the line is their sum and nothing speaks against it; else none."""
    chosen = tuple(message for message in waiting if message.dated <= line.booked_on)
    books = {message.authority_id for message in chosen}
    if len(chosen) < 2 or len(books) > 1 or OWN_BOOK in books:
        return ()
    amounts = [message.amount for message in chosen]
    if sum(amounts) != line.amount or any(message.amount == line.amount for message in waiting):
        return ()
    of_line = mine(line.purpose)
    return () if any(_names_another(of_line, mine(message.purpose)) for message in chosen) else chosen


def _names_another(of_line: Mined, of_message: Mined) -> bool:
    """Whether both name orders, and none in common."""
    both = of_line.names_payment and of_message.names_payment
    shared = set(of_line.references) & set(of_message.references) or set(of_line.documents) & set(of_message.documents)
    return both and not shared


def pair_returns(lines: Iterable[tuple[Line, str]], messages: Iterable[Message]) -> list[tuple[Line, Message, str]]:
    """Lines (each with the BIC of its bank) and messages that belong together, with the rule that paired them.

    Evidence is tried from the strongest to the weakest; at each step a pair must be the only one for both. Equal lines
    are one candidate, of which the first is taken.
    """
    lines_by = grouped(sorted(lines, key=lambda pair: pair[0].line_number), lambda pair: (pair[1], pair[0].amount))
    pairs: list[tuple[Line, Message, str]] = []
    for key, group in grouped(messages, lambda message: (message.bic, message.amount)).items():
        pairs += _pair([line for line, _ in lines_by.get(key, [])], group)
    return pairs


def _pair(lines: list[Line], messages: list[Message]) -> list[tuple[Line, Message, str]]:
    mined_of = {id(one): mine(one.purpose) for one in lines} | {id(one): mine(one.purpose) for one in messages}
    pairs: list[tuple[Line, Message, str]] = []
    for rule, agrees in _EVIDENCE:
        candidates = {line.identity: line for line in reversed(lines)}.values()
        edges = [
            (line, message)
            for line in candidates
            for message in messages
            if agrees(line, message, mined_of[id(line)], mined_of[id(message)])
        ]
        ends = Counter(id(end) for edge in edges for end in edge)
        for line, message in edges:
            if ends[id(line)] == ends[id(message)] == 1:
                pairs.append((line, message, rule))
                lines.remove(line)
                messages.remove(message)
    return pairs


def _same_reference(line: Line, message: Message, of_line: Mined, _: Mined) -> bool:
    return message.reference.upper() in (line.document_number.upper(), *of_line.references)


def _same_document(line: Line, message: Message, _of_line: Mined, _of_message: Mined) -> bool:
    return _same_number(line, message) and line.document_date == message.dated


def _same_order(line: Line, message: Message, of_line: Mined, of_message: Mined) -> bool:
    same_reference = set(of_line.references) & set(of_message.references)
    same_document = set(of_line.documents) & set(of_message.documents)
    return bool(same_reference or same_document) and not _other_number(line, message)


def _nothing_against(line: Line, message: Message, of_line: Mined, of_message: Mined) -> bool:
    """The amount alone: no number that contradicts, and no other order named."""
    is_silent = not (of_line.names_payment and of_message.names_payment)
    return is_silent and not _other_number(line, message) and line.booked_on >= message.dated


def _other_number(line: Line, message: Message) -> bool:
    """Whether the line has another document's number; a numbering of the bank's own, like NT-475719, says nothing."""
    return number_of(line.document_number) is not None and not _same_number(line, message)


def _same_number(line: Line, message: Message) -> bool:
    ours, theirs = number_of(line.document_number), number_of(message.document_number)
    return ours == theirs if ours is not None else line.document_number == message.document_number != ""


_EVIDENCE: tuple[tuple[str, Callable[[Line, Message, Mined, Mined], bool]], ...] = (
    ("same_reference", _same_reference),
    ("same_document", _same_document),
    ("same_order", _same_order),
    ("amount_of_bank", _nothing_against),
)
