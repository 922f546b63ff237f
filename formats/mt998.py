"""MT998, coded text between banks, the tax authority and the payment system (mt102.md §5.3).

    :20:INC0000000000321
    :12:400                                                    subtype
    :77E:FORMS/WRP/230703/Возврат инкассового распоряжения     form, day (with HHMM as well), title
    /BANK/FOBAKZKA                                             bank
    /PLAT/230640999996/KZ59470142860A999905/ТОО "СИНТЕТИКА"    payer: BIN, account, name
    /REFDOC/KZT/15000,00/17/230701/INK9900017                  the document: amount, number, day, its :20:
    /REASON/02                                                 reason of the return
    //07/BIN/account/KZT/15000,00/17/INK9900017/01             a receipt: document kind first, status last
    /TOTAL/1/KZT/15000,00                                      count and sum of the receipts, which are proved

Three things travel in it: forms (FORMS/), requests for a limit (GOVERNMENT MSPD) and, under subtype 800 and others,
text whose layout is not public. Rows that no field is for are kept and reported. Programs of one bank are the source.

>>> FORMS["WRP"]
'return of a collection order for pension contributions'
"""

import re
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, NamedTuple

from formats.amounts import format_amount
from formats.errors import Code, Fault, Findings, FormatError
from formats.mt import Envelope, Field, Header, envelopes, to_correct
from formats.mt998_rows import (
    FORMS,
    KEPT_TEXT,
    CodedRow,
    Document,
    Payer,
    Receipt,
    coded_rows,
    document,
    form_rows,
    is_receipt,
    moment,
    payer,
    prove,
    receipt,
    unwritable_rows,
)
from formats.mt_fields import CURRENCY, day
from formats.mt_parts import ANY_TEXT, BANK, BIC, TWO_DIGITS, Others, shape
from formats.mt_statement import (
    FIELD_TEXT,
    ONE_ROW,
    REFERENCE,
    read_amount,
    read_shaped,
    shaped_row,
    single,
    unwritable_amount,
)
from formats.mt_writing import lines as text_of
from formats.mt_writing import unwritable, unwritable_day, unwritable_values
from formats.rows import Rows
from formats.text import decode

__all__ = [
    "FORMS",
    "CodedForm",
    "Document",
    "KeptText",
    "LimitRequest",
    "Payer",
    "Receipt",
    "messages",
    "read",
    "write",
]


_TYPE = "998"
_TAGS = ("20", "12", "77E")
_OPENING = re.compile(r"FORMS/([A-Z0-9]{3})/([0-9]{6,12})/(.*)")
_LIMIT = re.compile(r"GOVERNMENT MSPD ([0-9]{3})")
_LIMIT_ACTION = re.compile(rf"(SET|UPD)/{CURRENCY}(.*)")

_SUBTYPE = shape(r"[0-9]{3}", "three digits of a subtype")
_CODE = shape(r"[A-Z0-9]{3}", "three capitals or digits of a form")
_TIME = shape(r"(?:(?:[01][0-9]|2[0-3])[0-5][0-9])?", "a time HHMM, or nothing")
_FORM_ROWS = frozenset({"BANK", "PLAT", "REFDOC", "REASON", "TOTAL"})
_LIMIT_ROWS = frozenset({"DATE", "P1"})
_KEPT_PLACE = re.compile(r"77E/(/?[A-Z0-9]+)|(?!(?:12|20|77E)\Z)[0-9]{2}[A-Z]?")


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedForm:
    """A form of the tax authority: `code` is one of FORMS or a new one, `formed_at` is HHMM or ''."""

    header: Header
    reference: str
    subtype: str
    code: str
    formed_on: date
    title: str
    formed_at: str = ""
    bank: str = ""
    payer: Payer | None = None
    document: Document | None = None
    reason: str = ""
    receipts: tuple[Receipt, ...] = ()
    other: Others = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitRequest:
    """A request to set or change a limit in the gross system: GOVERNMENT MSPD and its number, /DATE/ and /P1/."""

    header: Header
    reference: str
    subtype: str
    code: str
    dated: date
    action: Literal["SET", "UPD"]
    amount: int
    other: Others = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptText:
    """A message whose text has no public layout, such as statistics under subtype 800: its fields as they stand."""

    header: Header
    fields: Others


Mt998 = CodedForm | LimitRequest | KeptText


def read(data: bytes, source: str, *, charset: str | None = None) -> tuple[Mt998, ...]:
    """All messages of a file, in order.

    Raises FormatError with every fault of the file; then nothing of it is returned.
    """
    findings = Findings(source)
    found = tuple(messages([decode(data, source, charset).text], findings))
    findings.check()
    return found


def messages(texts: Iterable[str], findings: Findings) -> Iterator[Mt998]:
    """The messages of a text in any chunks; apply nothing before findings.check() passed.

    Raises FormatError for a text that has no lines, and for more faults than anybody would read.
    """
    for envelope in envelopes(Rows(texts, findings.source), findings, _TYPE):
        yield message(envelope, findings)


def message(envelope: Envelope, findings: Findings) -> Mt998:
    """The message of an envelope; where there was a fault it holds stand-ins."""
    fields = list(envelope.block)
    first_77e = next((one for one in fields if one.tag == "77E"), None)
    coded = first_77e or Field("77E", envelope.line, [""])
    first, rows = coded_rows(coded, findings)
    form, limit = _OPENING.fullmatch(first), _LIMIT.fullmatch(first)
    if not form and not limit:
        findings.note(coded.line, ":77E:", first, "a text of no public layout; it is kept as it stands")
        return KeptText(header=envelope.header, fields=tuple((one.tag, "\n".join(one.rows)) for one in fields))
    found, others = single(fields, _TAGS, frozenset(), envelope.line, findings)
    reference = shaped_row(found.get("20"), "reference", ANY_TEXT, findings)
    head = _Head(envelope.header, reference, shaped_row(found.get("12"), "subtype", _SUBTYPE, findings), coded.line)
    if form:
        typed = _form(head, form, rows, findings)
        return replace(typed, other=(*typed.other, *others))
    request = _limit(head, limit[1] if limit else "", rows, findings)
    return replace(request, other=(*request.other, *others))


def _kept(rows: Iterable[CodedRow], findings: Findings) -> Others:
    kept = list(rows)
    for row in kept:
        findings.note(row.line, f":77E: /{row.name}/", row.text, "a row that Esep does not know; it is kept")
    return tuple((f"77E/{row.name}", row.text) for row in kept)


class _Head(NamedTuple):
    """What the typed messages have in common."""

    header: Header
    reference: str
    subtype: str
    line: int


def _form(head: _Head, opening: re.Match[str], rows: list[CodedRow], findings: Findings) -> CodedForm:
    """A form; where there was a fault it holds stand-ins."""
    if opening[1] not in FORMS:
        findings.note(head.line, ":77E: form", opening[1], "a form that Esep does not know; it is kept")
    formed_on, formed_at = moment(opening[2], head.line, findings)
    known: dict[str, CodedRow] = {}
    receipts: list[Receipt] = []
    rest: list[CodedRow] = []
    for row in rows:
        if row.name in _FORM_ROWS and row.name not in known:
            known[row.name] = row
        elif is_receipt(row):
            receipts.append(receipt(row, findings))
        else:
            rest.append(row)
    listed = sum(row.name.startswith("/") for row in rows)
    rest += prove(known.get("TOTAL"), receipts, listed, head.line, findings)
    bank, reason = known.get("BANK"), known.get("REASON")
    return CodedForm(
        header=head.header,
        reference=head.reference,
        subtype=head.subtype,
        code=opening[1],
        formed_on=formed_on,
        formed_at=formed_at,
        title=opening[3].strip(),
        bank=read_shaped(bank.text, bank.line, "/BANK/", BANK, findings) if bank else "",
        payer=payer(known["PLAT"], findings) if "PLAT" in known else None,
        document=document(known["REFDOC"], findings) if "REFDOC" in known else None,
        reason=read_shaped(reason.text, reason.line, "/REASON/", TWO_DIGITS, findings) if reason else "",
        receipts=tuple(receipts),
        other=_kept(rest, findings),
    )


def _limit(head: _Head, code: str, rows: list[CodedRow], findings: Findings) -> LimitRequest:
    """A request for a limit; where there was a fault it holds stand-ins."""
    known = {row.name: row for row in reversed(rows) if row.name in _LIMIT_ROWS}
    for name in sorted(_LIMIT_ROWS):
        if name not in known:
            findings.fault(Code.MISSING, head.line, f"/{name}/", "", "the row, which is mandatory")
    dated, limit = known.get("DATE"), known.get("P1")
    match = _LIMIT_ACTION.fullmatch(limit.text) if limit else None
    amount = 0
    if match and limit:
        amount = read_amount(match[2], limit.line, "/P1/ amount", findings) or 0
    elif limit:
        findings.fault(Code.VALUE, limit.line, "/P1/", limit.text, "SET or UPD, a slash, KZT and an amount")
    return LimitRequest(
        header=head.header,
        reference=head.reference,
        subtype=head.subtype,
        code=code,
        dated=day(dated.text, dated.line, "/DATE/", findings) if dated else date.min,
        action="UPD" if match and match[1] == "UPD" else "SET",
        amount=amount,
        other=_kept([row for row in rows if row not in known.values()], findings),
    )


def write(message: Mt998) -> str:
    """The message as text with CR LF.

    Raises FormatError with every value that would not be read back as it is.
    """
    faults = message.header.unwritable()
    if message.header.message_type != _TYPE:
        faults.append(to_correct("block 2", message.header.message_type, _TYPE))
    faults += _unwritable_fields(message) if isinstance(message, KeptText) else _unwritable(message)
    if faults:
        raise FormatError("MT998 to write", faults)
    rows = [message.header.text(), "{4:"]
    if isinstance(message, KeptText):
        for tag, text in message.fields:
            rows += f":{tag}:{text}".split("\n")
        return text_of([*rows, "-}"])
    rows += [f":20:{message.reference}", f":12:{message.subtype}"]
    rows += _form_text(message) if isinstance(message, CodedForm) else _limit_text(message)
    for place, text in message.other:
        name = _KEPT_PLACE.fullmatch(place)
        rows += (f"/{name[1]}/{text}" if name and name[1] else f":{place}:{text}").split("\n")
    return text_of([*rows, "-}"])


def _form_text(message: CodedForm) -> list[str]:
    rows = [f":77E:FORMS/{message.code}/{message.formed_on:%y%m%d}{message.formed_at}/{message.title}"]
    rows += [f"/BANK/{message.bank}"] if message.bank else []
    rows += form_rows(message.payer, message.document, message.receipts)
    return rows + ([f"/REASON/{message.reason}"] if message.reason else [])


def _limit_text(message: LimitRequest) -> list[str]:
    limit = f"/P1/{message.action}/{CURRENCY}{format_amount(message.amount)}"
    return [f":77E:GOVERNMENT MSPD {message.code}", f"/DATE/{message.dated:%y%m%d}", limit]


def _unwritable(message: CodedForm | LimitRequest) -> list[Fault]:
    faults = unwritable_values([(":20:", message.reference, REFERENCE), (":12:", message.subtype, _SUBTYPE)])
    faults += unwritable(":77E: code", message.code, _CODE if isinstance(message, CodedForm) else _SUBTYPE)
    taken = _LIMIT_ROWS if isinstance(message, LimitRequest) else _FORM_ROWS
    if isinstance(message, CodedForm):
        faults += unwritable_day(":77E: day", message.formed_on)
        faults += unwritable(":77E: time", message.formed_at, _TIME)
        faults += unwritable(":77E: title", message.title, ONE_ROW) if message.title else []
        faults += unwritable("/BANK/", message.bank, BIC) if message.bank else []
        faults += unwritable("/REASON/", message.reason, TWO_DIGITS) if message.reason else []
        faults += unwritable_rows(message.payer, message.document, message.receipts)
    else:
        faults += unwritable_day("/DATE/", message.dated)
        faults += unwritable_amount("/P1/ amount", message.amount)
        faults += [] if message.action in {"SET", "UPD"} else [to_correct("/P1/", message.action, "SET or UPD")]
    return faults + _unwritable_other(message.other, taken)


def _unwritable_other(other: Others, taken: AbstractSet[str]) -> list[Fault]:
    """Faults of what was kept: it goes out only where it would be read again."""
    faults: list[Fault] = []
    is_tag = False
    for place, text in other:
        match = _KEPT_PLACE.fullmatch(place)
        is_row = match is not None and match[1] is not None
        is_list = is_row and place.startswith("77E//")
        if match is None or (is_row and (is_tag or place.partition("/")[2] in taken)) or is_list:
            expected = "a row of :77E: that has no field of its own, or behind those a tag"
            faults.append(to_correct(place, text, expected))
        is_tag = is_tag or not is_row
        faults += unwritable(place, text, KEPT_TEXT)
    return faults


def _unwritable_fields(message: KeptText) -> list[Fault]:
    """Faults of the fields of a text without layout: they look like fields, and :77E: is of no known form."""
    faults: list[Fault] = []
    texts = dict(reversed(message.fields))
    first = texts.get("77E", "").partition("\n")[0]
    if first == "FORMS" or _OPENING.match(first) or _LIMIT.match(first):
        expected = "no form and no request for a limit, which have fields of their own"
        faults.append(to_correct(":77E:", first, expected))
    for tag, text in message.fields:
        faults += [] if re.fullmatch(r"[0-9]{2}[A-Z]?", tag) else [to_correct(f":{tag}:", tag, "a tag like 77E")]
        faults += unwritable(f":{tag}:", text, FIELD_TEXT)
    return faults
