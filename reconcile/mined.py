"""What a purpose text names: our file, a payment order with its date, a request; and the reason it ends with.

No format has a field for the payment that comes back, or for the request that a transfer answers: banks and
authorities write them into the purpose, each in words of their own (R-044, R-060). What is found here is evidence for
a match, never a match by itself. Letters of one look count as the same letter, as people type codes on any keyboard.

>>> found = mine("Возврат по пл.поручению № 71 от 18.03.2024 реф GCVP-00100000071. Счет закрыт")
>>> found.documents, found.references
((Document(number=71, dated=datetime.date(2024, 3, 18)),), ('GCVP-00100000071',))
>>> mine("Өтінім AST-2024-0001 бойынша трансферт").requests
('AST-2024-0001',)
>>> last_sentence("Возврат по пл.поручению № 71 от 18.03.2024. Счет закрыт")
'Счет закрыт'
"""

import datetime
import re
from dataclasses import dataclass
from typing import NamedTuple


class Document(NamedTuple):
    """A payment order that a text names, with its date when the text gives one."""

    number: int
    dated: datetime.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mined:
    """Everything that a text names, in the order of the text, each once."""

    references: tuple[str, ...]
    documents: tuple[Document, ...]
    requests: tuple[str, ...]

    @property
    def names_payment(self) -> bool:
        """Whether the text says which payment it speaks of."""
        return bool(self.references or self.documents)


# Capital letters of one look, and the dashes that word processors put for a hyphen.
_LOOK_ALIKES = str.maketrans("АВЕКМНОРСТХУІ‐‑‒–—", "ABEKMHOPCTXYI-----")

_DAY = r"(?P<day>\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2})(?!\d)"
_SIGN = r"(?P<sign>№|N[O0]?\b\.?|НОМЕР)"
_NUMBERS = r"(?P<numbers>\d{1,9}(?:\s*[,;И]\s*\d{1,9})*)(?!\d)"
_ORDER = r"(?:ПЛ\w*[.\s]*)?ПОРУЧ\w*|ПЛАТ[ЕЁ]Ж\w*|П\s?[/.]\s?П|ПП|ДОКУМЕНТ\w*|ДОК|ТАПСЫРМА\w*"
_DOCUMENT = re.compile(rf"(?<!\w)(?:{_ORDER})[.:\s]*(?:{_SIGN}[\s:]*)?{_NUMBERS}(?:\s*(?:ОТ\s*)?{_DAY})?")
_DOCUMENT_KK = re.compile(rf"(?:{_DAY}\s*(?:Ж\w*\.?)?\s*)?{_SIGN}\s*{_NUMBERS}\s*(?:ТӨЛЕМ|ТАПСЫРМА)")
# A hard line break of 70 characters may fall inside of our own reference.
_OWN_REFERENCE = re.compile(r"GCVP\s?-\s?(\d(?:\s?\d){10}|\d+)(?!\d)")
_REFERENCE = re.compile(r"\bРЕФ(?:ЕРЕНС\w*)?[.:\s№]*(?P<reference>[A-ZА-ЯІ0-9][A-ZА-ЯІ0-9-]{3,15})")
_REQUEST = re.compile(r"(?<![0-9A-Z-])([0-9A-Z]{1,6})\s?-\s?(20\d\d)\s?-\s?(\d{4,6})(?![0-9-])")
_SENTENCE_END = re.compile(r"[.;!]\s+(?=[А-ЯЁӘҒҚҢӨҰҮҺІA-Z\[])")


def mine(text: str) -> Mined:
    """Find the references, payment orders and requests that a purpose text names."""
    # Writers of bank messages put a backslash for every slash.
    capitals = re.sub(r"\s+", " ", text.replace("\\", "/")).upper()
    folded = capitals.translate(_LOOK_ALIKES)
    own = [f"GCVP-{match[1].replace(' ', '')}" for match in _OWN_REFERENCE.finditer(folded)]
    other = [match["reference"].translate(_LOOK_ALIKES) for match in _REFERENCE.finditer(capitals)]
    references = own + [name for name in other if any(map(str.isdigit, name)) and not name.startswith("GCVP")]
    requests = [f"{code}-{year}-{number}" for code, year, number in _REQUEST.findall(folded)]
    return Mined(
        references=tuple(dict.fromkeys(references)),
        documents=tuple(dict.fromkeys(_documents(capitals))),
        requests=tuple(dict.fromkeys(requests)),
    )


def last_sentence(text: str) -> str:
    """Return the reason that a purpose text ends with, or the whole text when its end only names the payment."""
    whole = re.sub(r"\s+", " ", text).strip()
    last = _SENTENCE_END.split(whole)[-1].strip(" .")
    return whole if mine(last).names_payment or not last else last


def day_of(text: str) -> datetime.date | None:
    """Return the date of a text like 18.03.2024, 18/03/24 or 2024-03-18, or None when there is no such day."""
    parts = [int(part) for part in re.split(r"[./-]", text)]
    year, month, day = parts if parts[0] > 31 else reversed(parts)
    try:
        return datetime.date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None


def _documents(capitals: str) -> list[Document]:
    found = []
    for pattern in (_DOCUMENT, _DOCUMENT_KK):
        for match in pattern.finditer(capitals):
            # A bare number after a word is as likely a count of people: only a sign or a date makes it a document's.
            if match["sign"] or match["day"]:
                dated = day_of(match["day"]) if match["day"] else None
                found += [Document(int(number), dated) for number in re.findall(r"\d+", match["numbers"])]
    return found
