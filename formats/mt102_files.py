"""MT-102 as the files that a bank takes: cut by its limits into numbered siblings, with its habits, in its charset.

A list that is too long or too large for the bank becomes several messages. Each has the reference and the number with
-1, -2 and so on, says in its purpose which part it is, and numbers its people from 1. What the bank would refuse (a
purpose code, a missing enterprise code, a letter) is refused here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from formats import mt102_packed, mt102_writing
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
# No bank takes a list in so many parts; it stands for the room that the numbering of the parts needs.
_PARTS_MAX = 999
_MARK_BYTES_MAX = 3


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
    whole = _with_habits(message, profile, enterprise_code, fee)
    parts = list(_cut(whole, profile, is_transliterated=is_transliterated))
    return tuple(
        _encoded(_part(whole, part, number, len(parts)), profile, is_transliterated=is_transliterated)
        for number, part in enumerate(parts, 1)
    )


def _unaccepted(
    message: Mt102 | PackedMt102, profile: BankProfile, enterprise_code: str, fee: Fee | None
) -> Iterator[Fault]:
    """What the bank would refuse, whatever the size of the list."""
    codes = {message.header.knp} if isinstance(message, Mt102) else {item.knp for item in message.items}
    for code in sorted(codes.difference(profile.knp)) if profile.knp else ():
        yield _limit(":70: /KNP/", code, f"{' or '.join(profile.knp)}, as {profile.bic} takes it")
    if fee is not None and not (profile.fee_record and isinstance(message, Mt102)):
        yield _limit("fee record", "a fee", f"none: {profile.bic} takes no fee in the list")
    if profile.enterprise_code == "first" and len(enterprise_code) < _ENTERPRISE_CODE_MIN:
        yield _limit(
            "enterprise code", enterprise_code, f"{_ENTERPRISE_CODE_MIN} characters or more, given by the bank"
        )
    if profile.enterprise_code == "unicode" and len(enterprise_code) not in {0, _UNICODE_LENGTH}:
        yield _limit("enterprise code", enterprise_code, f"{_UNICODE_LENGTH} characters, given by the bank, or none")
    if enterprise_code and not profile.enterprise_code:
        yield _limit("enterprise code", enterprise_code, f"none: {profile.bic} asks for no code")


def _with_habits(
    message: Mt102 | PackedMt102, profile: BankProfile, enterprise_code: str, fee: Fee | None
) -> Mt102 | PackedMt102:
    """The list with the enterprise's code in its purpose and the fee as its last record."""
    if isinstance(message, PackedMt102):
        return message
    purpose = message.header.assign
    if enterprise_code:
        first = profile.enterprise_code == "first"
        purpose = f"{enterprise_code} {purpose}" if first else f"{purpose} UNICODE {enterprise_code}"
    last = max((item.number for item in message.items), default=0) + 1
    record = (Mt102Item(last, fee.amount, *FEE, "", "", fee.account),) if fee else ()
    return replace(message, header=replace(message.header, assign=purpose), items=(*message.items, *record))


def _cut(message: Mt102 | PackedMt102, profile: BankProfile, *, is_transliterated: bool) -> Iterator[range]:
    """The places of the items of each part, as many as the bank takes in one file.

    Raises FormatError when one item alone is too large, or when there is none.
    """
    if isinstance(message, Mt102):
        texts, records_max = map(mt102_writing.item_text, message.items), profile.records_max
    else:
        texts, records_max = map(mt102_packed.payment_text, message.items), profile.packed_records_max
    sizes = [_size(text, profile, is_transliterated=is_transliterated) for text in texts]
    whole = _write(_part(message, range(1), _PARTS_MAX, _PARTS_MAX if len(sizes) > 1 else 1) if sizes else message)
    room = profile.bytes_max - _MARK_BYTES_MAX - _size(whole, profile, is_transliterated=is_transliterated) + sizes[0]
    start = used = 0
    for place, size in enumerate(sizes):
        if size > room:
            found = f"{size} bytes, of which a file has room for {max(room, 0)}"
            raise FormatError(_TO_WRITE, [_limit(f"item {place + 1}", found, f"files of {profile.bytes_max} bytes")])
        if used + size > room or place - start == records_max:
            yield range(start, place)
            start, used = place, 0
        used += size
    yield range(start, len(sizes))


def _size(text: str, profile: BankProfile, *, is_transliterated: bool) -> int:
    """The bytes of a text in the bank's charset; letters that it lacks are refused when the file is written."""
    if is_transliterated:
        text = transliterate(text, profile.charset).text
    text = text.replace(EOL, _LINE_ENDS[profile.line_end])
    if profile.charset.startswith("utf-8"):
        return len(text.encode(errors="replace"))
    return len(text) * (2 if profile.charset.startswith("utf-16") else 1)


def _part(message: Mt102 | PackedMt102, places: range, number: int, count: int) -> Mt102 | PackedMt102:
    """One of `count` parts of a list, with its number; the only part is the list itself."""
    if count == 1:
        return message
    if isinstance(message, PackedMt102):
        header = replace(message.header, reference=f"{message.header.reference}-{number}")
        return PackedMt102(header=header, items=message.items[places.start : places.stop])
    head = message.header
    purpose = f"{head.assign} ЧАСТЬ {number} ИЗ {count}"
    items = (item._replace(number=place) for place, item in enumerate(message.items[places.start : places.stop], 1))
    reference, document = f"{head.reference}-{number}", f"{head.number}-{number}"
    return Mt102(header=replace(head, reference=reference, number=document, assign=purpose), items=tuple(items))


def _encoded(message: Mt102 | PackedMt102, profile: BankProfile, *, is_transliterated: bool) -> Sibling:
    text = _write(message).replace(EOL, _LINE_ENDS[profile.line_end])
    if not is_transliterated:
        return Sibling(message=message, data=encode(text, profile.charset))
    other = transliterate(text, profile.charset)
    return Sibling(message=message, data=encode(other.text, profile.charset), replaced=other.replaced)


def _write(message: Mt102 | PackedMt102) -> str:
    return mt102_writing.write(message) if isinstance(message, Mt102) else mt102_packed.write(message)


def _limit(place: str, found: str, expected: str) -> Fault:
    remedy = "correct it, or agree another value with the bank and change its profile"
    return Fault(
        code=Code.BANK_LIMIT, line=None, place=place, found=found or "nothing", expected=expected, remedy=remedy
    )
