"""MT-102 as the files that a bank takes: cut by its limits into numbered siblings, with its habits, in its charset.

A list that is too long or too large for the bank becomes several messages. Each has the reference and the number with
-1, -2 and so on, says in its purpose which part it is, and numbers its people from 1. What the bank would refuse (a
purpose code, a missing enterprise code, a letter) is refused here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from formats import mt102_packed, mt102_writing
from formats.amounts import AMOUNT_MAX
from formats.charsets import charset_named
from formats.errors import Code, Fault, FormatError
from formats.mt import EOL
from formats.mt102_message import FEE, Mt102, Mt102Item
from formats.mt102_packed import PackedMt102
from formats.profiles import BankProfile
from formats.text import Replacement, encode, transliterate

_TO_WRITE = "MT-102 to write"
_ENTERPRISE_CODE_MIN = 9
_UNICODE_LENGTH = 16
_LINE_ENDS = {"crlf": EOL, "lf": "\n"}
# No text of a message holds it.
_BETWEEN = "{"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sibling:
    """One file of a list: its message, its bytes, and the letters that were written as others."""

    message: Mt102 | PackedMt102
    data: bytes
    replaced: tuple[Replacement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """The fee of the bank: amount in tiyn, and the code of its account."""

    amount: int
    account: str


def files(
    message: Mt102 | PackedMt102,
    profile: BankProfile,
    *,
    enterprise_code: str = "",
    fee: Fee | None = None,
    is_transliterated: bool = False,
) -> tuple[Sibling, ...]:
    """The files of a list for a bank; letters that its charset lacks are written as others where that is asked for.

    Raises FormatError with everything that the bank would refuse, or that would not be read back as it is.
    """
    faults = list(_unaccepted(message, profile, enterprise_code, fee))
    if faults:
        raise FormatError(_TO_WRITE, faults)
    whole = _List(
        message=_with_fee(message, fee),
        profile=profile,
        enterprise_code=enterprise_code,
        is_fee_last=fee is not None,
        is_transliterated=is_transliterated,
    )
    return whole.files()


def _unaccepted(
    message: Mt102 | PackedMt102, profile: BankProfile, enterprise_code: str, fee: Fee | None
) -> Iterator[Fault]:
    """What the bank would refuse, whatever the size of the list."""
    is_list = isinstance(message, Mt102)
    codes = {message.header.knp} if isinstance(message, Mt102) else {item.knp for item in message.items}
    for code in sorted(codes.difference(profile.knp)) if profile.knp else ():
        yield _limit(":70: /KNP/", code, f"{' or '.join(profile.knp)}, as {profile.bic} takes it")
    if fee is not None and not (profile.fee_record and is_list):
        yield _limit("fee record", "a fee", f"none: {profile.bic} takes no fee in the list")
    if not profile.enterprise_code or not is_list:
        if enterprise_code:
            yield _limit("enterprise code", enterprise_code, f"none: {profile.bic} asks for no code here")
    elif profile.enterprise_code == "first" and len(enterprise_code) < _ENTERPRISE_CODE_MIN:
        expected = f"{_ENTERPRISE_CODE_MIN} characters or more, given by the bank"
        yield _limit("enterprise code", enterprise_code, expected)
    elif profile.enterprise_code == "unicode" and len(enterprise_code) not in {0, _UNICODE_LENGTH}:
        yield _limit("enterprise code", enterprise_code, f"{_UNICODE_LENGTH} characters, given by the bank, or none")


def _with_fee(message: Mt102 | PackedMt102, fee: Fee | None) -> Mt102 | PackedMt102:
    """The list with the fee as its last record."""
    if fee is None or isinstance(message, PackedMt102):
        return message
    last = max((item.number for item in message.items), default=0) + 1
    return replace(message, items=(*message.items, Mt102Item(last, fee.amount, *FEE, "", "", fee.account)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _List:
    """A list on its way to the bank."""

    message: Mt102 | PackedMt102
    profile: BankProfile
    enterprise_code: str
    is_fee_last: bool
    is_transliterated: bool

    def files(self) -> tuple[Sibling, ...]:
        """One file where the bank takes it, or as many as it takes."""
        only = self._encoded(self._part(range(len(self.message.items)), 1, 1))
        if len(only.message.items) <= self._records_max and len(only.data) <= self.profile.bytes_max:
            return (only,)
        parts = self._parts()
        return tuple(self._encoded(self._part(places, number, len(parts))) for number, places in enumerate(parts, 1))

    @property
    def _records_max(self) -> int:
        is_list = isinstance(self.message, Mt102)
        return self.profile.records_max if is_list else self.profile.packed_records_max

    def _parts(self) -> list[range]:
        """The places of the items of each part; the fewer digits their numbers have, the more room there is."""
        sizes = self._sizes()
        parts: list[range] = []
        parts_max = 0
        while parts_max < max(len(parts), 1):
            parts_max = 10 * parts_max + 9
            parts = list(self._cut(sizes, self.profile.bytes_max - self._size_of_frame(parts_max)))
        return parts

    def _cut(self, sizes: Sequence[int], room: int) -> Iterator[range]:
        """As many items as there is room for; the fee goes with the last person.

        Raises FormatError when one item alone is too large.
        """
        start = used = 0
        last = len(sizes) - 1 - self.is_fee_last
        for place, own in enumerate(sizes[: last + 1]):
            size, records = (sum(sizes[last:]), len(sizes) - last) if place == last else (own, 1)
            if size > room or records > self._records_max:
                found = f"{size} bytes, of which a file has room for {max(room, 0)}"
                expected = f"files of {self.profile.bytes_max} bytes"
                raise FormatError(_TO_WRITE, [_limit(f"item {place + 1}", found, expected)])
            if used + size > room or place - start + records > self._records_max:
                yield range(start, place)
                start, used = place, 0
            used += size
        yield range(start, len(sizes))

    def _part(self, places: range, number: int, parts: int) -> Mt102 | PackedMt102:
        """One of the parts of the list, with its number; the only part is the list itself."""
        reference = self.message.header.reference + (f"-{number}" if parts > 1 else "")
        if isinstance(self.message, PackedMt102):
            packed = replace(self.message.header, reference=reference)
            return PackedMt102(header=packed, items=self.message.items[places.start : places.stop])
        head, items = self.message.header, self.message.items[places.start : places.stop]
        document, purpose = head.number, head.assign
        if parts > 1:
            document, purpose = f"{document}-{number}", f"{purpose} ЧАСТЬ {number} ИЗ {parts}"
            items = tuple(item._replace(number=place) for place, item in enumerate(items, 1))
        if self.enterprise_code:
            is_first = self.profile.enterprise_code == "first"
            code = self.enterprise_code
            purpose = f"{code} {purpose}" if is_first else f"{purpose} UNICODE {code}"
        return Mt102(header=replace(head, reference=reference, number=document, assign=purpose), items=items)

    def _size_of_frame(self, parts_max: int) -> int:
        """The bytes of the last of so many parts without its items, whatever its total is."""
        part = self._part(range(1), parts_max, parts_max)
        if isinstance(part, Mt102):
            part = replace(part, items=(part.items[0]._replace(amount=AMOUNT_MAX),))
        else:
            part = replace(part, items=(replace(part.items[0], amount=AMOUNT_MAX),))
        return len(self._encoded(part).data) - sum(self._sizes_of([_item_texts(part)[0]]))

    def _sizes(self) -> list[int]:
        """The bytes of each item, whatever part it comes into: its number there is not greater than its place."""
        message = self.message
        if isinstance(message, Mt102):
            items = tuple(item._replace(number=place) for place, item in enumerate(message.items, 1))
            message = replace(message, items=items)
        return self._sizes_of(_item_texts(message))

    def _sizes_of(self, texts: Sequence[str]) -> list[int]:
        charset = charset_named(self.profile.charset)
        text = self._fitted(_BETWEEN.join(texts))[0]
        if charset.startswith("utf-8"):
            return [len(one.encode()) for one in text.split(_BETWEEN)]
        return [
            len(one.encode("utf-16-le")) if charset.startswith("utf-16") else len(one) for one in text.split(_BETWEEN)
        ]

    def _encoded(self, message: Mt102 | PackedMt102) -> Sibling:
        text = mt102_writing.write(message) if isinstance(message, Mt102) else mt102_packed.write(message)
        fitted, replaced = self._fitted(text)
        return Sibling(message=message, data=encode(fitted, self.profile.charset), replaced=replaced)

    def _fitted(self, text: str) -> tuple[str, tuple[Replacement, ...]]:
        """The text with the bank's line ends and, where that is asked for, in the letters of its charset."""
        text = text.replace(EOL, _LINE_ENDS[self.profile.line_end])
        if not self.is_transliterated:
            return text, ()
        other = transliterate(text, self.profile.charset)
        return other.text, other.replaced


def _item_texts(message: Mt102 | PackedMt102) -> list[str]:
    if isinstance(message, Mt102):
        return list(map(mt102_writing.item_text, message.items))
    return list(map(mt102_packed.payment_text, message.items))


def _limit(place: str, found: str, expected: str) -> Fault:
    remedy = "correct it, or agree another value with the bank and change its profile"
    return Fault(
        code=Code.BANK_LIMIT, line=None, place=place, found=found or "nothing", expected=expected, remedy=remedy
    )
