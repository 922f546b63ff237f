"""What MT-102 and MT-100 share: payer and beneficiary (:50:, :59:), payment details (:70:), and text that survives.

Writing is strict: banks change `/`, `{` and `}` inside of texts, and a line that starts with `:` or `-` ends a field.
A text with such signs is refused instead of being sent as another text: what was written is what will be read.

>>> assign_lines("ЗАЧИСЛЕНИЕ НА КАРТ-СЧЕТА ПО СПИСКУ. ДОГОВОР № 1 ОТ 05.01.2023Г. РЕЕСТР 17")
['ЗАЧИСЛЕНИЕ НА КАРТ-СЧЕТА ПО СПИСКУ. ДОГОВОР № 1 ОТ', '05.01.2023Г. РЕЕСТР 17']
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from formats.errors import Fault
from formats.mt import EOL, Faults, Field, Shape, part, part_day, value

_ASSIGN_FIRST = 62
_ASSIGN_NEXT = 70
_ASSIGN_LINES_MAX = 7
_SEND = "07"
_UNSAFE = r"/{}\x00-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffd-\uffff"


def surviving(length_max: int) -> Shape:
    """Text of one line that every reader gets back unchanged."""
    words = f"1 to {length_max} characters on one line, no / {{ }}, no : or - at the start, no blank at the ends"
    return Shape(re.compile(rf"(?![\s:\-])[^{_UNSAFE}]{{1,{length_max}}}(?<!\s)"), words)


def shape(pattern: str, expected: str) -> Shape:
    """A shape from its pattern and its words."""
    return Shape(re.compile(pattern), expected)


ANY_TEXT = shape(r".+", "text")
ACCOUNT = shape(r"[A-Z0-9]{1,34}", "an account of capital letters and digits")
BIC = shape(r"[A-Z0-9]{8}(?:[A-Z0-9]{3})?", "a BIC of 8 or 11 characters")
IDN = shape(r"[0-9]{12}", "12 digits of an IIN or BIN")
DIGIT = shape(r"[0-9]", "one digit")
TWO_DIGITS = shape(r"[0-9]{2}", "two digits")
KNP = shape(r"[0-9]{3}", "three digits of a payment purpose code")
PERIOD = shape(r"(?:0[1-9]|1[0-2])[0-9]{4}", "a month MMYYYY")
TERMINAL = shape(r"[A-Z0-9]{12}", "12 capital letters and digits, like K05070000000")
REFERENCE = shape(r"[^\s:\-/{}][^\s/{}]{0,15}", "1 to 16 characters without blanks and / { }")
NAME = surviving(60)
_NUMBER = surviving(9)
_ASSIGN = surviving(_ASSIGN_FIRST + (_ASSIGN_LINES_MAX - 1) * (_ASSIGN_NEXT + 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Payer or beneficiary with its bank; chief and chief accountant are given for the payer only.

    irs is residency (1 resident), seco the economy sector; `НЕ ПРЕДУСМОТРЕН` stands for an official who does not exist.
    """

    account: str
    name: str
    idn: str
    irs: str
    seco: str
    bic: str
    chief: str = ""
    main_bk: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """The :70: of a message: document number and date, operation kind, purpose code, priority, purpose text."""

    number: str
    dated: date
    vo: str
    knp: str
    pso: str
    prt: str
    assign: str


def read_payer(payer: Field, bank: Field, faults: Faults) -> Party:
    """The party of :50: and :52B:."""
    return Party(
        account=part(payer, "D", ACCOUNT, faults),
        name=part(payer, "NAME", ANY_TEXT, faults),
        idn=part(payer, "IDN", IDN, faults),
        irs=part(payer, "IRS", DIGIT, faults),
        seco=part(payer, "SECO", DIGIT, faults),
        bic=value(bank, BIC, faults),
        chief=part(payer, "CHIEF", ANY_TEXT, faults),
        main_bk=part(payer, "MAINBK", ANY_TEXT, faults),
    )


def read_beneficiary(beneficiary: Field, bank: Field, faults: Faults) -> Party:
    """The party of :59: and :57B:, whose account stands right after the tag."""
    return Party(
        account=value(beneficiary, ACCOUNT, faults),
        name=part(beneficiary, "NAME", ANY_TEXT, faults),
        idn=part(beneficiary, "IDN", IDN, faults),
        irs=part(beneficiary, "IRS", DIGIT, faults),
        seco=part(beneficiary, "SECO", DIGIT, faults),
        bic=value(bank, BIC, faults),
    )


def read_details(details: Field, faults: Faults) -> Details:
    """The :70: of a message; /SEND/ must stand there but says nothing that differs."""
    part(details, "SEND", TWO_DIGITS, faults)
    return Details(
        number=part(details, "NUM", ANY_TEXT, faults),
        dated=part_day(details, "DATE", faults),
        vo=part(details, "VO", TWO_DIGITS, faults),
        knp=part(details, "KNP", KNP, faults),
        pso=part(details, "PSO", TWO_DIGITS, faults),
        prt=part(details, "PRT", TWO_DIGITS, faults, optional=True),
        assign=part(details, "ASSIGN", ANY_TEXT, faults),
    )


def envelope_head(message_type: str, terminal: str, reference: str) -> str:
    """Blocks 1 and 2 as clients send them (gross system, urgent), the opening of block 4 and :20:."""
    rows = (f"{{1:F01{terminal}0001000001}}", f"{{2:I{message_type}SGROSS000000U3003}}", "{4:", f":20:{reference}")
    return lines(rows)


def payment_text(payer: Party, beneficiary: Party, details: Details) -> str:
    """:50:, :52B:, :57B:, :59: and :70:; /PRT/ is left out when empty."""
    rows = [f":50:/D/{payer.account}", f"/NAME/{payer.name}", f"/IDN/{payer.idn}", f"/CHIEF/{payer.chief}"]
    rows += [f"/MAINBK/{payer.main_bk}", f"/IRS/{payer.irs}", f"/SECO/{payer.seco}"]
    rows += [f":52B:{payer.bic}", f":57B:{beneficiary.bic}"]
    rows += [f":59:{beneficiary.account}", f"/NAME/{beneficiary.name}", f"/IDN/{beneficiary.idn}"]
    rows += [f"/IRS/{beneficiary.irs}", f"/SECO/{beneficiary.seco}"]
    rows += [f":70:/NUM/{details.number}", f"/DATE/{details.dated:%y%m%d}", f"/SEND/{_SEND}", f"/VO/{details.vo}"]
    rows += [f"/KNP/{details.knp}", f"/PSO/{details.pso}"]
    rows += [f"/PRT/{details.prt}"] if details.prt else []
    return lines(rows) + assign_text(details.assign)


def assign_text(text: str) -> str:
    """The /ASSIGN/ subfield over as many lines as it needs."""
    return "/ASSIGN/" + lines(assign_lines(text))


def assign_lines(text: str) -> list[str]:
    """The purpose text broken between words: 62 characters on the first line, 70 on the others.

    A line never starts with a sign that readers take for a tag or an end; lines that are too long are not cut.
    """
    # Only a single blank before a harmless sign is a place to break: the lines, joined by one, give the text again.
    words = re.split(r"(?<=\S) (?=[^\s:\-/])", text)
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
    return [to_correct(place, text[:90] or "nothing", wanted.expected)]


def unwritable_assign(place: str, text: str) -> list[Fault]:
    """Faults of a purpose text: signs that do not survive, too many lines, a word that fits no line."""
    faults = unwritable(place, text, _ASSIGN)
    first, *others = assign_lines(text)
    longest = max(map(len, others), default=0)
    if not faults and (len(first) > _ASSIGN_FIRST or longest > _ASSIGN_NEXT or len(others) >= _ASSIGN_LINES_MAX):
        faults.append(
            to_correct(place, text[:90], "at most 7 lines of words: 62 characters on the first, 70 on the others")
        )
    return faults


def unwritable_day(place: str, day: date) -> list[Fault]:
    """The fault of a date whose century two digits of a year cannot tell."""
    return [] if 2000 <= day.year <= 2099 else [to_correct(place, day.isoformat(), "a date of 2000 to 2099")]


def unwritable_head(terminal: str, reference: str, payer: Party, beneficiary: Party, details: Details) -> list[Fault]:
    """All faults of the head of a message."""
    values = [("block 1, terminal", terminal, TERMINAL), (":20:", reference, REFERENCE)]
    for tag, bank, party in (("50", "52B", payer), ("59", "57B", beneficiary)):
        values += [(f":{tag}: account", party.account, ACCOUNT), (f":{tag}: /NAME/", party.name, NAME)]
        values += [(f":{tag}: /IDN/", party.idn, IDN), (f":{tag}: /IRS/", party.irs, DIGIT)]
        values += [(f":{tag}: /SECO/", party.seco, DIGIT), (f":{bank}:", party.bic, BIC)]
    values += [(":50: /CHIEF/", payer.chief, NAME), (":50: /MAINBK/", payer.main_bk, NAME)]
    values += [(":70: /NUM/", details.number, _NUMBER), (":70: /VO/", details.vo, TWO_DIGITS)]
    values += [(":70: /KNP/", details.knp, KNP), (":70: /PSO/", details.pso, TWO_DIGITS)]
    values += [(":70: /PRT/", details.prt, TWO_DIGITS)] if details.prt else []
    faults = [fault for place, text, wanted in values for fault in unwritable(place, text, wanted)]
    officials = [fault for name in (beneficiary.chief, beneficiary.main_bk) for fault in _absent(name)]
    return [
        *faults,
        *officials,
        *unwritable_day(":70: /DATE/", details.dated),
        *unwritable_assign(":70: /ASSIGN/", details.assign),
    ]


def _absent(name: str) -> list[Fault]:
    return [to_correct(":59: officials", name, "none: the message has no place for them")] if name else []


def to_correct(place: str, found: str, expected: str) -> Fault:
    """A fault of a value to write, which has no line yet."""
    return Fault(line=None, place=place, found=found, expected=expected, remedy="correct it before it is sent")


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
