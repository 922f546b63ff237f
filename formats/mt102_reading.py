"""Reading MT-102 in flat memory: the people of a list come in batches, its head and its proof at the end.

What kind of list it is shows at its head and its first record: with a payer and a beneficiary at the head it is a list
of people, with parties behind :21: ordinary payments packed together, with /ADR/ or /LS/ a register of utilities.
"""

import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from formats import mt, mt102_packed, mt102_utilities, mt_fields, mt_parts
from formats.amounts import display_amount, format_amount
from formats.errors import Code, Findings
from formats.mt import Field, Room
from formats.mt102_columns import Columns
from formats.mt102_message import FEE, IN_ITEM, NUMBER, TYPE, Mt102, Mt102Header, Mt102Item
from formats.mt102_packed import PackedHeader, PackedMt102, PackedPayment
from formats.mt102_utilities import UtilityHeader, UtilityMt102, UtilityPayment
from formats.mt_fields import Tagged, by_tag, money, part, part_day, value, value_day
from formats.mt_parts import ANY_TEXT, Others
from formats.rows import Rows
from formats.text import decode

HeaderOfAny = Mt102Header | PackedHeader | UtilityHeader
ItemOfAny = Mt102Item | PackedPayment | UtilityPayment
MessageOfAny = Mt102 | PackedMt102 | UtilityMt102

_HEAD_TAGS = ("20", "50", "52B", "57B", "59", "70", "32A")
_ITEM_TAGS = ("21", "32B", "70")
_PEOPLE = "people only; payments with payers of their own are another layout"
_OPV = mt_parts.shape(r"[CVS](?:[0-9A-Z]{16})?", "C, V or S, before 2011 with 16 characters of a social card")
# What an account looks like is for its bank to say: cards and codes stand there too.
_ACCOUNT = mt_parts.shape(r"[ -~]+", "an account of Latin letters and digits", latin=True)
_UTILITY = re.compile(r"(?m)^//?(?:ADR|LS)/")

_NO_REFERENCE = frozenset({"20"})

_HeaderReader = Callable[[dict[str, Tagged], Sequence[Tagged], Others, Findings], HeaderOfAny]
Item = TypeVar("Item", Mt102Item, PackedPayment, UtilityPayment)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The end of a message: its head, the number of its items and their sum in tiyn, which :32A: states."""

    header: HeaderOfAny
    count: int
    total: int


def read(
    data: bytes, source: str, *, charset: str | None = None, findings: Findings | None = None
) -> tuple[Mt102, ...]:
    """All messages of a file, in order; each a list of people. What was forgiven is noted in `findings`.

    Raises FormatError with every fault of the file; then nothing of it is returned.
    """
    findings = findings or Findings(source)
    found = []
    for line, message in _messages([decode(data, source, charset).text], findings):
        if isinstance(message, Mt102):
            found.append(message)
        else:
            remedy = "ask for one message for each list of people"
            findings.fault(Code.MT_OTHER_TYPE, line, "MT-102", type(message).__name__, _PEOPLE, remedy)
    findings.check()
    return tuple(found)


def messages(texts: Iterable[str], findings: Findings) -> Iterator[MessageOfAny]:
    """All messages of a text of any layout, in order; where there was a fault they hold stand-ins.

    Nothing may be done with them before findings.check() has passed at the end.

    Raises FormatError at once for a row, head or record without an end, and for more faults than anybody would read.
    """
    return (message for _, message in _messages(texts, findings))


def _messages(texts: Iterable[str], findings: Findings) -> Iterator[tuple[int, MessageOfAny]]:
    """Each message with the line where it begins."""
    for envelope in mt.envelopes(Rows(texts, findings.source), findings, TYPE):
        items: list[ItemOfAny] = []
        for part_of_list in items_of(envelope, findings):
            if isinstance(part_of_list, Ended):
                yield envelope.line, whole(part_of_list.header, items)
            else:
                items.extend(part_of_list)


def whole(header: HeaderOfAny, items: Sequence[ItemOfAny]) -> MessageOfAny:
    """The message of a head and its items."""
    if isinstance(header, PackedHeader):
        return PackedMt102(header=header, items=tuple(item for item in items if isinstance(item, PackedPayment)))
    if isinstance(header, UtilityHeader):
        return UtilityMt102(header=header, items=tuple(item for item in items if isinstance(item, UtilityPayment)))
    return Mt102(header=header, items=tuple(item for item in items if isinstance(item, Mt102Item)))


def stream(texts: Iterable[str], findings: Findings) -> Iterator[Sequence[ItemOfAny] | Ended]:
    """The items of every message in batches, each message closed by its Ended, in flat memory.

    Faults go into `findings`, and what comes out may hold stand-ins for them: nothing may be applied before
    findings.check() has passed at the end.

    Raises FormatError at once for a row, head or record without an end, and for more faults than anybody would read.
    """
    for envelope in mt.envelopes(Rows(texts, findings.source), findings, TYPE):
        yield from items_of(envelope, findings)


def items_of(envelope: mt.Envelope, findings: Findings) -> Iterator[Sequence[ItemOfAny] | Ended]:
    """The items of one message in batches, closed by its Ended."""
    return _List(envelope, findings).read()


class _List:
    """One message while it is read."""

    def __init__(self, envelope: mt.Envelope, findings: Findings) -> None:
        self._envelope = envelope
        self._block = envelope.block
        self._findings = findings
        self._head: list[Field] = []
        self._head_room = Room(findings, "in the head of a message")
        self._numbers = _Numbers(findings)
        self._count = 0
        self._total = 0
        self._is_summed = True

    def read(self) -> Iterator[Sequence[ItemOfAny] | Ended]:
        group = self._group()
        tags = {one.tag for one in self._head}
        if not {"50", "59"} & tags and any(one.tag in {"50", "59"} for one in group):
            yield from self._packed(group)
        elif "59" not in tags and any(one.tag == "70" and _UTILITY.search("\n".join(one.rows)) for one in group):
            yield from self._utilities(group)
        else:
            yield from self._people(group)

    def _group(self) -> list[Field]:
        """The fields of the next item, begun by :21:; those of the head are put aside, :32A: among them."""
        group: list[Field] = []
        room = Room(self._findings, "in one record")
        while (tag := self._block.next_tag()) and (tag != "21" or not group):
            one = next(self._block)
            is_of_group = tag == "21" or (bool(group) and tag != "32A")
            (room if is_of_group else self._head_room).take(one.size, one.line)
            (group if is_of_group else self._head).append(one)
        return group

    def _people(self, group: list[Field]) -> Iterator[Sequence[ItemOfAny] | Ended]:
        columns = Columns()
        while group:
            item, line = _person(group, self._findings), group[0].line
            self._numbers.take([item.number], [line])
            yield self._counted([item])
            while self._block.next_tag() == "21":
                people, lines = columns.take(self._block)
                if not people:
                    break
                self._numbers.take([person.number for person in people], lines)
                yield self._counted(people)
            group = self._group()
        yield self._ended(_HEAD_TAGS, partial(_header, self._envelope))

    def _packed(self, group: list[Field]) -> Iterator[Sequence[ItemOfAny] | Ended]:
        payer_bic, beneficiary_bic = (_raw_bank(self._head, tag) for tag in ("52B", "57B"))
        first: dict[str, int] = {}
        while group:
            payment, line = mt102_packed.read_payment(group, payer_bic, beneficiary_bic, self._findings), group[0].line
            if payment.reference and first.setdefault(payment.reference, line) != line:
                again = f"{payment.reference} again, first on line {first[payment.reference]}"
                self._findings.fault(Code.ITEM_NUMBER, line, ":21: reference", again, "each reference once")
            yield self._counted([payment])
            group = self._group()
        yield self._ended(mt102_packed.HEAD_TAGS, partial(mt102_packed.read_header, self._envelope))

    def _utilities(self, group: list[Field]) -> Iterator[Sequence[ItemOfAny] | Ended]:
        while group:
            payment = mt102_utilities.read_payment(group, self._findings)
            self._numbers.take([payment.number], [group[0].line])
            yield self._counted([payment])
            group = self._group()
        yield self._ended(
            mt102_utilities.HEAD_TAGS, partial(mt102_utilities.read_header, self._envelope), _NO_REFERENCE
        )

    def _counted(self, items: Sequence[Item]) -> Sequence[Item]:
        amounts = [item.amount for item in items]
        self._count += len(amounts)
        self._total += sum(amounts)
        self._is_summed = self._is_summed and all(amounts)
        return items

    def _ended(self, tags: Sequence[str], read_header: _HeaderReader, optional: frozenset[str] = frozenset()) -> Ended:
        """The head, from the fields before the items and behind them, and the proof of the total (E41)."""
        findings = self._findings
        fields, kept = mt_parts.read_head(self._head, tags, findings)
        head = by_tag(fields, tags, "the message", self._envelope.line, findings, optional=optional)
        if not self._count:
            findings.fault(Code.MISSING, self._envelope.line, ":21: of the message", "", "at least one item")
        self._check_total(head["32A"], is_utility="20" in optional)
        header = read_header(head, fields, tuple(kept), findings)
        return Ended(header=header, count=self._count, total=self._total)

    def _check_total(self, stated_in: Tagged, *, is_utility: bool) -> None:
        """E41: the total of :32A: against the sum of :32B:, unless an amount could not be read at all."""
        stated = money(stated_in, self._findings, dot=is_utility)
        if stated is None or not self._count or not self._is_summed or stated == self._total:
            return
        difference = display_amount(abs(self._total - stated))
        computed = f"{display_amount(self._total)}, the sum of :32B: of {self._count} items (difference {difference})"
        self._findings.fault(Code.TOTAL, stated_in.line, ":32A: total", format_amount(stated), computed)


class _Numbers:
    """The numbers of a list given out so far, each with its line: from 1 on in order, and the others one by one."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._lines = array("L")
        self._others: dict[int, int] = {}

    def take(self, numbers: list[int], lines: Sequence[int]) -> None:
        """Count them in; the same number twice may be the same person twice, and is a fault (E42)."""
        upto = len(self._lines)
        if not self._others and numbers == list(range(upto + 1, upto + 1 + len(numbers))):
            self._lines.extend(lines)
            return
        for number, line in zip(numbers, lines, strict=True):
            first = self._first(number)
            if first:
                found = f"{number} again, first on line {first}"
                self._findings.fault(Code.ITEM_NUMBER, line, ":21: number", found, "each number once")
            elif number == len(self._lines) + 1:
                self._lines.append(line)
            elif number >= 0:
                self._others[number] = line

    def _first(self, number: int) -> int:
        return self._lines[number - 1] if 1 <= number <= len(self._lines) else self._others.get(number, 0)


def _raw_bank(head: Sequence[Field], tag: str) -> str:
    """The bank that a packed payment shares with the head, which reports on it."""
    bank = next((one for one in head if one.tag == tag), None)
    silent = Findings("")
    return value(mt_fields.tagged(bank, silent), mt_parts.BIC, silent) if bank else ""


def _header(
    envelope: mt.Envelope, head: dict[str, Tagged], fields: Sequence[Tagged], kept: Others, findings: Findings
) -> Mt102Header:
    details = mt_parts.read_details(head["70"], findings)
    return Mt102Header(
        envelope=envelope.header,
        reference=value(head["20"], mt_parts.ANY_TEXT, findings),
        payer=mt_parts.read_payer(head["50"], mt_parts.read_bank(head["52B"], findings), findings),
        beneficiary=mt_parts.read_beneficiary(head["59"], mt_parts.read_bank(head["57B"], findings), findings),
        value_date=value_day(head["32A"], findings),
        other=(*kept, *mt_parts.other_parts(fields, findings)),
        **{name: getattr(details, name) for name in mt_parts.DETAILS},
    )


def _person(group: Sequence[Field], findings: Findings) -> Mt102Item:
    """One person; number -1 and amount 0 stand in for those that are faults."""
    for one in group:
        if one.tag in _HEAD_TAGS and one.tag not in _ITEM_TAGS:
            findings.fault(
                Code.MT_TEXT_BLOCK, one.line, f":{one.tag}: among the people", one.rows[0] or "a party", _PEOPLE
            )
    ours = [one for one in group if one.tag in _ITEM_TAGS or one.tag not in _HEAD_TAGS]
    fields, kept = mt_parts.read_head(ours, _ITEM_TAGS, findings)
    found = by_tag(fields, _ITEM_TAGS, "the item", group[0].line, findings)
    number, person = value(found["21"], NUMBER, findings), found["70"]
    surname, changed = _surnames(person, findings)
    first_name = part(person, "NM", ANY_TEXT, findings)
    idn, rnn = ("", "") if _is_fee(person, surname, first_name, findings) else mt_parts.numbers(person, findings)
    contribution, card = _contribution(person, findings)
    born = "DT" in person.parts and bool(person.parts["DT"].text)
    return Mt102Item(
        number=int(number) if NUMBER.pattern.fullmatch(number) else -1,
        amount=money(found["32B"], findings) or 0,
        surname=surname,
        first_name=first_name,
        patronymic=part(person, "FT", ANY_TEXT, findings, optional=True),
        idn=idn,
        account=part(person, "LA", _ACCOUNT, findings, optional=True),
        assign=part(person, "ASSIGN", ANY_TEXT, findings, optional=True),
        birth_date=part_day(person, "DT", findings, full=True) if born else None,
        period=part(person, "PERIOD", mt_parts.PERIOD, findings, optional=True),
        contribution=contribution,
        social_card=card,
        rnn=rnn,
        changed_surname=changed,
        other=(*kept, *mt_parts.other_parts(fields, findings, IN_ITEM)),
    )


def _surnames(person: Tagged, findings: Findings) -> tuple[str, str]:
    """/FM/, and the second of the two that it has when a slash stands between them."""
    text = part(person, "FM", ANY_TEXT, findings)
    surname, slash, changed = text.partition("/")
    if slash and not (surname.strip() and changed.strip()):
        expected = "a surname, or two with a slash between them"
        findings.fault(Code.VALUE, person.parts["FM"].line, ":70: /FM/", text, expected)
    return surname.strip(), changed.strip()


def _is_fee(person: Tagged, surname: str, first_name: str, findings: Findings) -> bool:
    """Whether the record is the fee of the bank, which has no number of a person."""
    if (surname, first_name) != FEE or {"IDN", "RNN"} & set(person.parts):
        return False
    findings.note(person.line, ":70: record", " ".join(FEE), "the fee of the bank, counted in the total like a person")
    return True


def _contribution(person: Tagged, findings: Findings) -> tuple[str, str]:
    """/OPV/: one letter, and before 2011 the 16 characters of the social card after it."""
    text = part(person, "OPV", _OPV, findings, optional=True)
    return text[:1], text[1:]
