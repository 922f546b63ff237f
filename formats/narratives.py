"""What the free text of a statement movement (:86:) says of purpose code, purpose and counterparty, where that is sure.

Four forms are known; what they do not name stays empty, and the text itself is always kept by the reader.

    KNP 710 оплата за товары                          a purpose code before a free text (Kazakhstan; КНП alike)
    /KNP/710/NAME/ТОО ОБРАЗЕЦ/IBAN/KZ.../REMI/...     code words between slashes
    166?00GUTSCHRIFT?20RECHNUNG 17?30BIC?31IBAN?32NAME   a posting code and subfields ?nn (Germany and neighbours)
    anything else                                     a purpose, nothing more

Numbers of people and companies in a free text are not taken for the counterparty's: they may be anybody's.

>>> told("KNP 710 оплата по договору 12")
Told(knp='710', purpose='оплата по договору 12', name='', idn='', account='', bic='', reference='', number='')
"""

import re
from typing import NamedTuple

_ROW_WIDTH = 65
_KNP = re.compile(r"(?:KNP|КНП)[ :=№.-]{0,3}([0-9]{3})(?![0-9])[ ,;:.-]*(.*)", re.DOTALL | re.IGNORECASE)
_CODE_WORDS = {
    "KNP": "knp",
    "NAME": "name",
    "IDN": "idn",
    "BIN": "idn",
    "IIN": "idn",
    "IBAN": "account",
    "ACC": "account",
    "BIC": "bic",
    "EREF": "reference",
    "NUM": "number",
    "REMI": "purpose",
    "ASSIGN": "purpose",
}
_CODED = re.compile(rf"(?:^|/+)({'|'.join(_CODE_WORDS)})/")
_STARTS_CODED = re.compile(r"/+[A-Z]{2,8}/")
_SUBFIELDS = re.compile(r"[0-9]{3}([?<^~])(?=[0-9]{2})")
_SHAPES = {
    "knp": re.compile(r"[0-9]{3}"),
    "idn": re.compile(r"[0-9]{12}"),
    "account": re.compile(r"[A-Z0-9]{5,34}"),
    "bic": re.compile(r"[A-Z0-9]{8}(?:[A-Z0-9]{3})?"),
}


class Told(NamedTuple):
    """What a text says for sure; '' for what it does not say."""

    knp: str = ""
    purpose: str = ""
    name: str = ""
    idn: str = ""
    account: str = ""
    bic: str = ""
    reference: str = ""
    number: str = ""


def told(text: str) -> Told:
    """What a text of one or several lines says."""
    marked = _SUBFIELDS.match(text)
    if marked:
        return _subfields(text[marked.end() :], marked[1])
    if _STARTS_CODED.match(text):
        return _coded(text)
    whole = joined(text)
    match = _KNP.match(whole)
    return Told(knp=match[1], purpose=match[2]) if match else Told(purpose=whole)


def joined(text: str) -> str:
    """The lines of a text as one: a line of full width was broken inside, any other one between words."""
    rows = text.split("\n")
    return "".join(row if len(row) == _ROW_WIDTH else f"{row} " for row in rows[:-1]) + rows[-1]


def _coded(text: str) -> Told:
    """Code words: the value of each goes on to the next one that is known; a code word met twice says nothing sure."""
    whole = re.sub(r"\n(?=/)", "", text)
    parts = _CODED.split(joined(whole))
    found: dict[str, str] = {}
    for word, value in zip(parts[1::2], parts[2::2], strict=True):
        name = _CODE_WORDS[word]
        found[name] = "" if name in found else value.strip(" /")
    return Told(**{name: value for name, value in found.items() if _is_sure(name, value)})


def _subfields(text: str, mark: str) -> Told:
    """Subfields ?nn: 20 to 29 and 60 to 63 purpose, 30 bank, 31 account, 32 and 33 name."""
    fields: dict[int, str] = {}
    for part in text.replace("\n", "").split(mark):
        if part[:2].isascii() and part[:2].isdigit():
            fields[int(part[:2])] = part[2:]
    purpose = "".join(fields[number] for number in sorted(fields) if 20 <= number <= 29 or 60 <= number <= 63)
    found = {"purpose": purpose, "bic": fields.get(30, ""), "account": fields.get(31, "")}
    found["name"] = f"{fields.get(32, '')}{fields.get(33, '')}"
    return Told(**{name: value.strip() for name, value in found.items() if _is_sure(name, value.strip())})


def _is_sure(name: str, value: str) -> bool:
    return name not in _SHAPES or _SHAPES[name].fullmatch(value) is not None
