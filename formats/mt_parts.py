"""What MT-102 and MT-100 share: payer and beneficiary (:50:, :59:), payment details (:70:), and how they are read.

>>> BANK.pattern.fullmatch("HSBKKZKX") is not None, BANK.pattern.fullmatch("190501914") is not None
(True, True)
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date

from formats.errors import Findings
from formats.mt import Field, Room
from formats.mt_fields import Shape, Tagged, others, part, part_day, tagged, value


def shape(pattern: str, expected: str, *, latin: bool = False) -> Shape:
    """A shape from its pattern and its words."""
    return Shape(re.compile(pattern), expected, latin)


ANY_TEXT = shape(r".+", "text")
ACCOUNT = shape(r"[A-Z0-9]{1,34}", "an account of capital letters and digits", latin=True)
BIC = shape(r"[A-Z0-9]{8}(?:[A-Z0-9]{3})?", "a BIC of 8 or 11 characters", latin=True)
BANK = shape(r"[A-Z0-9]{8}(?:[A-Z0-9]{3})?|[0-9]{9}", "a BIC of 8 or 11 characters, or an MFO of 9 digits", latin=True)
IDN = shape(r"[0-9]{12}", "12 digits of an IIN or BIN")
RNN = shape(r"[0-9]{12}", "12 digits of an RNN")
DIGIT = shape(r"[0-9]", "one digit")
TWO_DIGITS = shape(r"[0-9]{2}", "two digits")
KNP = shape(r"[0-9]{3}", "three digits of a payment purpose code")
BUDGET_CODE = shape(r"[0-9]{6}", "six digits of a budget code")
PERIOD = shape(r"(?:0[1-9]|1[0-2])[0-9]{4}", "a month MMYYYY")
UNSAFE = r"{}\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffd-\uffff"
"""Signs, as in a set of a pattern, that banks change or that do not survive in a file."""
REFERENCE = shape(rf"[^\s:\-/{UNSAFE}][^\s/{UNSAFE}]{{0,15}}", "1 to 16 characters without blanks and / { }")

BENEFICIARY_PARTS = frozenset({"NAME", "IDN", "RNN", "IRS", "SECO"})
PAYER_PARTS = BENEFICIARY_PARTS | {"D", "CHIEF", "MAINBK"}
DETAIL_PARTS = frozenset({"NUM", "DATE", "SEND", "VO", "KNP", "PSO", "PRT", "PERIOD", "BCLASS", "ASSIGN"})

Known = Mapping[str, AbstractSet[str]]
"""The tags of a message that have subfields, each with those that have fields here."""
IN_PARTIES: Known = {"50": PAYER_PARTS, "59": BENEFICIARY_PARTS}
IN_HEAD: Known = {**IN_PARTIES, "70": DETAIL_PARTS}

Others = tuple[tuple[str, str], ...]
"""What a message has that no field here is for, in order: its place, `54B` or `50/TAG`, and its text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Payer or beneficiary with its bank; chief and chief accountant are given for the payer only.

    irs is residency (1 resident), seco the economy sector; `НЕ ПРЕДУСМОТРЕН` stands for an official who does not exist.
    Before 2013 a party had an RNN instead of its IIN or BIN, and before 2010 its bank an MFO of nine digits.
    """

    account: str
    name: str
    idn: str
    irs: str
    seco: str
    bic: str
    chief: str = ""
    main_bk: str = ""
    rnn: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """The :70: of a message: document number and date, operation kind, purpose code, priority, purpose text.

    `period` (/PERIOD/, MMYYYY) and `budget_code` (/BCLASS/) are '' where there is none; `send` is how it was sent, 07.
    """

    number: str
    dated: date
    vo: str
    knp: str
    pso: str
    prt: str
    assign: str
    period: str = ""
    budget_code: str = ""
    send: str = "07"


DETAILS = tuple(Details.__dataclass_fields__)
"""The names of the fields of Details, which the messages have as their own."""


def read_head(
    fields: Iterable[Field], known: Sequence[str], findings: Findings
) -> tuple[list[Tagged], list[tuple[str, str]]]:
    """The fields with the known tags, and the others, which are kept and reported."""
    found: list[Tagged] = []
    kept: list[tuple[str, str]] = []
    room = Room(findings, "in one message")
    for one in fields:
        room.take(one.size, one.line)
        if one.tag in known:
            found.append(tagged(one, findings))
        else:
            text = "\n".join(one.rows)
            findings.note(one.line, f":{one.tag}:", text, "a tag that says nothing to Esep; it is kept")
            kept.append((one.tag, text))
    return found, kept


def read_payer(payer: Tagged, bic: str, findings: Findings) -> Party:
    """The party of :50:, whose bank is known from :52B:."""
    return Party(
        account=part(payer, "D", ACCOUNT, findings),
        bic=bic,
        chief=part(payer, "CHIEF", ANY_TEXT, findings),
        main_bk=part(payer, "MAINBK", ANY_TEXT, findings),
        **_identity(payer, findings),
    )


def read_beneficiary(beneficiary: Tagged, bic: str, findings: Findings) -> Party:
    """The party of :59:, whose account stands right after the tag and whose bank is known from :57B:."""
    return Party(account=value(beneficiary, ACCOUNT, findings), bic=bic, **_identity(beneficiary, findings))


def _identity(party: Tagged, findings: Findings) -> dict[str, str]:
    idn, rnn = numbers(party, findings)
    return {
        "name": part(party, "NAME", ANY_TEXT, findings),
        "idn": idn,
        "rnn": rnn,
        "irs": part(party, "IRS", DIGIT, findings),
        "seco": part(party, "SECO", DIGIT, findings),
    }


def numbers(one: Tagged, findings: Findings) -> tuple[str, str]:
    """/IDN/ and /RNN/, the second of which stood in its place before 2013; one of them must be there."""
    if "RNN" not in one.parts:
        return part(one, "IDN", IDN, findings), ""
    line, text = one.parts["RNN"]
    findings.note(line, f":{one.tag}: /RNN/", text, "a number of before 2013, kept beside the IIN or BIN")
    return part(one, "IDN", IDN, findings, optional=True), part(one, "RNN", RNN, findings)


def read_bank(bank: Tagged, findings: Findings) -> str:
    """The bank of :52B: or :57B:."""
    code = value(bank, BANK, findings)
    if len(code) == 9:
        findings.note(bank.line, f":{bank.tag}: value", code, "an MFO of before 2010 instead of a BIC")
    return code


def read_details(details: Tagged, findings: Findings) -> Details:
    """The :70: of a message."""
    return Details(
        number=part(details, "NUM", ANY_TEXT, findings),
        dated=part_day(details, "DATE", findings),
        vo=part(details, "VO", TWO_DIGITS, findings),
        knp=part(details, "KNP", KNP, findings),
        pso=part(details, "PSO", TWO_DIGITS, findings),
        prt=part(details, "PRT", TWO_DIGITS, findings, optional=True),
        assign=part(details, "ASSIGN", ANY_TEXT, findings),
        period=part(details, "PERIOD", PERIOD, findings, optional=True),
        budget_code=part(details, "BCLASS", BUDGET_CODE, findings, optional=True),
        send=part(details, "SEND", TWO_DIGITS, findings),
    )


def other_parts(fields: Iterable[Tagged], findings: Findings, known: Known = IN_HEAD) -> list[tuple[str, str]]:
    """The subfields that have no field here, each with its place; they are reported."""
    return [
        (f"{one.tag}/{name}", text)
        for one in sorted(fields, key=lambda field: field.tag)
        for name, text in others(one, known.get(one.tag, frozenset()), findings)
    ]


def details_of(message: object) -> Details:
    """The details that a message has as its own fields."""
    return Details(**{name: getattr(message, name) for name in DETAILS})
