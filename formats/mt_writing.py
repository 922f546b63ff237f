"""Writing what MT-102 and MT-100 share, and refusing what would not survive.

Writing is strict: banks change `/`, `{` and `}` inside of texts, and a line that starts with `:` or `-` ends a field.
A text with such signs is refused instead of being sent as another text: what was written is what will be read.

>>> assign_lines("ЗАЧИСЛЕНИЕ НА КАРТ-СЧЕТА ПО СПИСКУ. ДОГОВОР № 1 ОТ 05.01.2023Г. РЕЕСТР 17")
['ЗАЧИСЛЕНИЕ НА КАРТ-СЧЕТА ПО СПИСКУ. ДОГОВОР № 1 ОТ', '05.01.2023Г. РЕЕСТР 17']
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from itertools import groupby
from operator import itemgetter

from formats.errors import Fault
from formats.mt import EOL, Header, to_correct
from formats.mt_fields import Shape, is_one_line
from formats.mt_parts import (
    ACCOUNT,
    BANK,
    BIC,
    BUDGET_CODE,
    DIGIT,
    IDN,
    IN_HEAD,
    KNP,
    PERIOD,
    REFERENCE,
    RNN,
    TWO_DIGITS,
    UNSAFE,
    Details,
    Known,
    Others,
    Party,
    shape,
)

_ASSIGN_FIRST = 62
_ASSIGN_NEXT = 70
_ASSIGN_LINES_MAX = 7


def surviving(length_max: int) -> Shape:
    """Text of one line that every reader gets back unchanged."""
    words = f"1 to {length_max} characters on one line, no / {{ }}, no : or - at the start, no blank at the ends"
    return Shape(re.compile(rf"(?![\s:\-])[^/{UNSAFE}]{{1,{length_max}}}(?<!\s)"), words)


NAME = surviving(60)
DOCUMENT_NUMBER = surviving(9)
_ASSIGN = surviving(_ASSIGN_FIRST + (_ASSIGN_LINES_MAX - 1) * (_ASSIGN_NEXT + 1))
_KEPT_TEXT = shape(
    rf"(?!\s)[^{UNSAFE}]*(?<!\s)(?:\n(?![\s:\-/])[^{UNSAFE}]+(?<!\s))*",
    "lines without { } and blanks at their ends, of which only the first begins with : - or /",
)
_KEPT_TAG = re.compile(r"(?!20$|21$|32[AB]$|50$|52B$|57B$|59$|70$)[0-9]{2}[A-Z]?")
_SUBFIELD_NAME = re.compile(r"(?!MAINBNK$)[A-Z][A-Z0-9]*")


def envelope_head(header: Header, reference: str) -> str:
    """Blocks 1 and 2, the opening of block 4 and :20:."""
    return lines((header.text(), "{4:", f":20:{reference}"))


def payment_text(payer: Party, beneficiary: Party, details: Details, kept: Others = ()) -> str:
    """:50:, :52B:, :57B:, :59: and :70: with what else was kept; what is optional is left out when empty."""
    rows = [*payer_rows(payer, kept), f":52B:{payer.bic}"]
    rows += kept_tags(kept)
    rows += [f":57B:{beneficiary.bic}", *beneficiary_rows(beneficiary, kept)]
    rows += [
        f":70:/NUM/{details.number}",
        f"/DATE/{details.dated:%y%m%d}",
        f"/SEND/{details.send}",
        f"/VO/{details.vo}",
    ]
    rows += [f"/KNP/{details.knp}", f"/PSO/{details.pso}"]
    rows += [f"/PRT/{details.prt}"] if details.prt else []
    rows += [f"/BCLASS/{details.budget_code}"] if details.budget_code else []
    rows += [f"/PERIOD/{details.period}"] if details.period else []
    return lines([*rows, *kept_under("70", kept)]) + assign_text(details.assign)


def payer_rows(payer: Party, kept: Others = ()) -> list[str]:
    """The rows of :50:."""
    rows = [f":50:/D/{payer.account}", f"/NAME/{payer.name}", *_numbers(payer)]
    rows += [f"/CHIEF/{payer.chief}", f"/MAINBK/{payer.main_bk}", f"/IRS/{payer.irs}", f"/SECO/{payer.seco}"]
    return rows + kept_under("50", kept)


def beneficiary_rows(beneficiary: Party, kept: Others = ()) -> list[str]:
    """The rows of :59:."""
    rows = [f":59:{beneficiary.account}", f"/NAME/{beneficiary.name}", *_numbers(beneficiary)]
    return [*rows, f"/IRS/{beneficiary.irs}", f"/SECO/{beneficiary.seco}", *kept_under("59", kept)]


def _numbers(party: Party) -> list[str]:
    idn = [f"/IDN/{party.idn}"] if party.idn or not party.rnn else []
    return idn + ([f"/RNN/{party.rnn}"] if party.rnn else [])


def kept_tags(kept: Others) -> list[str]:
    """The rows of the tags that were kept."""
    return [f":{place}:{continued(text)}" for place, text in kept if "/" not in place]


def kept_under(tag: str, kept: Others) -> list[str]:
    """The rows of the subfields that were kept from a tag."""
    return [f"/{place.partition('/')[2]}/{continued(text)}" for place, text in kept if place.startswith(f"{tag}/")]


def continued(text: str) -> str:
    """Kept text as it stood, over as many lines."""
    return text.replace("\n", EOL)


def assign_text(text: str) -> str:
    """The /ASSIGN/ subfield over as many lines as it needs."""
    return "/ASSIGN/" + lines(assign_lines(text))


def assign_lines(text: str) -> list[str]:
    """The purpose text broken between words: 62 characters on the first line, 70 on the others.

    A line never starts with a sign that readers take for a tag or an end; lines that are too long are not cut.
    """
    # Only a single blank before a harmless sign is a place to break: the lines, joined by one, give the text again. A
    # dash may become a hyphen where the charset lacks it.
    words = re.split(r"(?<=\S) (?=[^\s:\-/‐-―−])", text)
    rows, width = [words[0]], _ASSIGN_FIRST
    for word in words[1:]:
        if len(rows[-1]) + 1 + len(word) <= width:
            rows[-1] += " " + word
        else:
            rows.append(word)
            width = _ASSIGN_NEXT
    return rows


def lines(rows: Iterable[str]) -> str:
    """Rows as text, each ended by CR LF."""
    return "".join(f"{row}{EOL}" for row in rows)


def unwritable(place: str, text: str, wanted: Shape) -> list[Fault]:
    """The fault of a value that must not be written, if it has one."""
    if wanted.pattern.fullmatch(text):
        return []
    return [to_correct(place, text, wanted.expected)]


def unwritable_assign(place: str, text: str) -> list[Fault]:
    """Faults of a purpose text: signs that do not survive, too many lines, a word that fits no line."""
    faults = unwritable(place, text, _ASSIGN)
    first, *others = assign_lines(text)
    longest = max(map(len, others), default=0)
    if not faults and (len(first) > _ASSIGN_FIRST or longest > _ASSIGN_NEXT or len(others) >= _ASSIGN_LINES_MAX):
        expected = "at most 7 lines of words: 62 characters on the first, 70 on the others"
        faults.append(to_correct(place, text, expected))
    return faults


def unwritable_day(place: str, day: date) -> list[Fault]:
    """The fault of a date whose century two digits of a year cannot tell."""
    return [] if 2000 <= day.year <= 2099 else [to_correct(place, day.isoformat(), "a date of 2000 to 2099")]


def unwritable_party(tag: str, bank: str, party: Party) -> list[Fault]:
    """All faults of a party; an MFO goes with an RNN alone."""
    values = [(f":{tag}: account", party.account, ACCOUNT), (f":{tag}: /NAME/", party.name, NAME)]
    values += [(f":{tag}: /IRS/", party.irs, DIGIT), (f":{tag}: /SECO/", party.seco, DIGIT)]
    values += [(f":{tag}: /RNN/", party.rnn, RNN)] if party.rnn else []
    values += [(f":{tag}: /IDN/", party.idn, IDN)] if party.idn or not party.rnn else []
    values += [(f":{bank}:", party.bic, BANK if party.rnn else BIC)]
    if tag == "50":
        values += [(":50: /CHIEF/", party.chief, NAME), (":50: /MAINBK/", party.main_bk, NAME)]
        return unwritable_values(values)
    return unwritable_values(values) + [fault for name in (party.chief, party.main_bk) for fault in _absent(name)]


def unwritable_details(details: Details) -> list[Fault]:
    """All faults of the details."""
    values = [(":70: /NUM/", details.number, DOCUMENT_NUMBER), (":70: /SEND/", details.send, TWO_DIGITS)]
    values += [(":70: /VO/", details.vo, TWO_DIGITS), (":70: /KNP/", details.knp, KNP)]
    values += [(":70: /PSO/", details.pso, TWO_DIGITS)]
    values += [(":70: /PRT/", details.prt, TWO_DIGITS)] if details.prt else []
    values += [(":70: /PERIOD/", details.period, PERIOD)] if details.period else []
    values += [(":70: /BCLASS/", details.budget_code, BUDGET_CODE)] if details.budget_code else []
    return [
        *unwritable_values(values),
        *unwritable_day(":70: /DATE/", details.dated),
        *unwritable_assign(":70: /ASSIGN/", details.assign),
    ]


def unwritable_head(
    header: Header, reference: str, payer: Party, beneficiary: Party, details: Details, kept: Others
) -> list[Fault]:
    """All faults of the head of a message."""
    return [
        *header.unwritable(),
        *unwritable(":20:", reference, REFERENCE),
        *unwritable_party("50", "52B", payer),
        *unwritable_party("59", "57B", beneficiary),
        *unwritable_details(details),
        *unwritable_kept(kept, IN_HEAD),
    ]


def unwritable_kept(kept: Others, known: Known) -> list[Fault]:
    """What was kept from a message goes out only in the places and the order in which it would be read again."""
    tags = [place for place, _ in kept if "/" not in place]
    under = sorted(((place[:2], place[3:], text) for place, text in kept if "/" in place), key=itemgetter(0))
    ordered = [*tags, *(f"{tag}/{name}" for tag, name, _ in under)]
    faults = [
        to_correct(f":{place}:", text, f"{_KEPT_TEXT.expected}, tags before subfields")
        for (place, text), expected in zip(kept, ordered, strict=True)
        if place != expected
        or not ("/" in place or (_KEPT_TAG.fullmatch(place) and _KEPT_TEXT.pattern.fullmatch(text)))
    ]
    for tag, parts in groupby(under, key=itemgetter(0)):
        faults += _unwritable_subfields(f":{tag}:", tuple((name, text) for _, name, text in parts), known.get(tag))
    return faults


def _unwritable_subfields(place: str, kept: Others, known: AbstractSet[str] | None) -> list[Fault]:
    """The faults of subfields without fields of their own; `known` have one, and None says that none may stand here."""
    counts = Counter(name for name, _ in kept)
    expected = f"a subfield of its own kind, once, with {_KEPT_TEXT.expected}"
    return [
        to_correct(f"{place} /{name}/", text, expected)
        for name, text in kept
        if known is None
        or name in known
        or counts[name] > 1
        or not _SUBFIELD_NAME.fullmatch(name)
        or not _KEPT_TEXT.pattern.fullmatch(text)
        or ("\n" in text and is_one_line(name))
    ]


def unwritable_type(header: Header, message_type: str) -> list[Fault]:
    """The fault of a header of another message."""
    if header.message_type == message_type:
        return []
    return [to_correct("block 2", f"MT{header.message_type}", f"MT{message_type}")]


def unwritable_values(values: Iterable[tuple[str, str, Shape]]) -> list[Fault]:
    """The faults of the values that must not be written, each given with its place and its shape."""
    return [fault for place, text, wanted in values for fault in unwritable(place, text, wanted)]


def _absent(name: str) -> list[Fault]:
    return [to_correct(":59: officials", name, "none: the message has no place for them")] if name else []


class Given:
    """The numbers of a list given out so far: all from 1 up to one, and those out of that order one by one."""

    def __init__(self) -> None:
        self._upto = 0
        self._others: set[int] = set()

    def again(self, numbers: Sequence[int]) -> list[int]:
        """Take more numbers; returns those that were given before (E42)."""
        end = self._upto + len(numbers)
        if not self._others and numbers == tuple(range(self._upto + 1, end + 1)):
            self._upto = end
            return []
        return [number for number in numbers if not self._take(number)]

    def _take(self, number: int) -> bool:
        if 1 <= number <= self._upto or number in self._others:
            return False
        if number == self._upto + 1:
            self._upto = number
        else:
            self._others.add(number)
        return True
