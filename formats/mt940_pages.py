"""The statements of a general MT940 or MT950 file, page by page: envelopes, heads and the proof of their balances.

Blocks 1 to 3 may be those of SWIFT or of Kazakhstan's payment system, or be missing as in the exports of many banks;
then a line `-` or the next :20: ends a statement. What is no field of the head is kept and reported.

>>> ENVELOPE.fullmatch("{1:F01BANKKZKAAXXX0000000000}{2:I940CLNTKZKAXXXXN}")["type"]
'940'
"""

import re
from collections.abc import Generator
from dataclasses import dataclass

from formats.amounts import display_amount
from formats.errors import RESEND, Code, Findings
from formats.mt import HOMOGLYPHS, Field
from formats.mt940_lines import BLANK, END, TAG, Heads, LineReader, Mt940Line
from formats.mt_parts import Others
from formats.mt_statement import NO_BALANCE, Balance, one_row, read_balance
from formats.rows import Rows
from formats.statement import wrong_total

ENVELOPE = re.compile(
    r"\{1:[FAL][0-9]{2}[A-Z0-9]{12}[0-9]{10}\}\{2:[IO](?P<type>[0-9]{3})[A-Z0-9]{12,47}\}(?:\{3:(?:\{[^{}]*\})*\})?"
)
KNOWN_TAGS = frozenset({"20", "21", "25", "25P", "28", "28C", "60F", "60M", "61", "62F", "62M", "64", "65", "86"})

_TYPES = ("940", "950")
_TYPE = re.compile(r"\{2:[IO]([0-9]{3})")
_ANSWER = re.compile(r"\{1:[FAL]21[^{}]*\}\{4:(?:\{[^{}]*\})*\}")
_QUEUE_PREFIX = re.compile(r"(?:[A-Z_]+=[^;{}]*;)+")
_ENVELOPE_ROWS_MAX = 8
_LOOK_ALIKES = "Cyrillic letters were read as the Latin ones that they look like"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mt940Head:
    """All of a statement, or of one page of it, but its movements; balances in hundredths of the currency.

    `envelope` is blocks 1 to 3, '' in a file without them. `account` is :25: as it stands, `owner_bic` the second line
    of :25P:. `number` and `page` are :28C:. `available` is :64:, `forward` the :65: in order, and `information` the
    :86: that belongs to no movement.
    """

    reference: str
    account: str
    number: str
    opening: Balance
    closing: Balance
    envelope: str = ""
    related_reference: str = ""
    owner_bic: str = ""
    page: str = ""
    is_first_page: bool = True
    is_last_page: bool = True
    available: Balance | None = None
    forward: tuple[Balance, ...] = ()
    information: str = ""
    other: Others = ()


class PageReader:
    """The statements of a file over its rows."""

    def __init__(self, rows: Rows, findings: Findings) -> None:
        """Begin before the first statement."""
        self._rows = rows
        self._findings = findings
        self._heads = Heads()
        self._before: Mt940Head | None = None
        self._is_first = True

    def comes_to_statement(self) -> bool:
        """Go on to the next {1: or tag; banks put a name before the first statement, any other text is a fault."""
        is_reported = False
        while (row := self._rows.peek()) is not None:
            before, mark, rest = row.partition("{1:")
            text = before.strip(BLANK)
            if TAG.match(text):
                return True
            if text and (self._is_first or _QUEUE_PREFIX.fullmatch(text)):
                self._findings.note(self._rows.number, "before the statement", text, "it was passed over")
            elif text and not END.fullmatch(text) and not is_reported:
                is_reported = True
                expected = "a statement that begins with {1: or :20:"
                self._findings.fault(Code.MT_OUTSIDE, self._rows.number, "outside of statements", text, expected)
            self._rows.skip(1)
            if mark:
                self._rows.put_back(mark + rest)
                return True
        return False

    def statement(self) -> Generator[tuple[Mt940Line, ...], None, Mt940Head | None]:
        """The movements of the next statement in batches; returns its head, None when it is another message."""
        self._is_first = False
        line = self._rows.number
        envelope = self._envelope(line)
        if envelope is None:
            self._pass_over()
            return None
        lines = LineReader(self._rows, self._heads, self._findings)
        fields: list[Field] = []
        while (row := self._rows.peek()) is not None:
            text = row.rstrip(BLANK)
            if text.startswith(":61:"):
                yield from lines.batches()
            elif self._is_over(text, bare=not envelope, begun=bool(fields or lines.count)):
                break
            else:
                self._rows.skip(1)
                self._take(text, lines, fields)
        else:
            is_closed = any(one.tag.startswith("62") for one in fields)
            if envelope or not is_closed:
                self._cut_short("no -}" if envelope else "no :62F:")
        return self._head(envelope, line, fields, lines)

    def _is_over(self, text: str, *, bare: bool, begun: bool) -> bool:
        """Whether the row ends the statement; a row that belongs to the next one is left."""
        end = END.fullmatch(text)
        if end:
            self._rows.skip(1)
            if end[1]:
                self._rows.put_back(end[1])
            return True
        if text.startswith("{1:"):
            if not bare:
                self._cut_short("no -}")
            return True
        return bare and begun and text.startswith(":20:")

    def _cut_short(self, found: str) -> None:
        expected = "-} alone on a line, or a closing balance and then -"
        remedy = f"the file is cut short: {RESEND}"
        self._findings.fault(Code.FILE_CUT_SHORT, self._rows.number - 1, "end of statement", found, expected, remedy)

    def _take(self, text: str, lines: LineReader, fields: list[Field]) -> None:
        """Keep the field that begins with the row taken last."""
        line = self._rows.number - 1
        match = TAG.fullmatch(text)
        if match:
            fields.append(Field(match[1], line, [match[2].strip(BLANK), *lines.text_rows()]))
        elif text:
            self._findings.fault(Code.MT_TEXT_BLOCK, line, "statement", text, "a tag like :20:")

    def _envelope(self, line: int) -> str | None:
        """Blocks 1 to 3 without line ends, '' where a statement has none, None for another message."""
        if not (self._rows.peek() or "").startswith("{1:"):
            return ""
        text = ""
        for _ in range(_ENVELOPE_ROWS_MAX):
            row = self._rows.peek()
            if row is None or (text and (row.startswith(":") or "{1:" in row)):
                break
            self._rows.skip(1)
            answer = _ANSWER.match(row)
            if answer:
                self._findings.note(line, "before the statement", answer[0], "the network's answer was passed over")
                row = row[answer.end() :]
            head, opening, rest = row.partition("{4:")
            text += head.replace(" ", "").strip(BLANK)
            if opening:
                if rest.strip(BLANK):
                    self._rows.put_back(rest)
                break
        return self._checked(text, line)

    def _checked(self, text: str, line: int) -> str | None:
        """The envelope in Latin letters, None for another type of message; one of another form is a fault."""
        latin = text.translate(HOMOGLYPHS)
        guess = _TYPE.search(latin)
        if guess and guess[1] not in _TYPES:
            expected, remedy = "MT940 or MT950", "give the file to the command for its type"
            self._findings.fault(Code.MT_OTHER_TYPE, line, "block 2", f"MT{guess[1]}", expected, remedy)
            return None
        if not ENVELOPE.fullmatch(latin):
            expected = "{1:F01 and 22 characters}, {2:I940 or {2:O940 and the addresses}, then {4:"
            self._findings.fault(Code.MT_HEADER, line, "blocks 1 and 2", text, expected)
        elif latin != text:
            self._findings.note(line, "blocks 1 and 2", text, _LOOK_ALIKES)
        return latin or None

    def _pass_over(self) -> None:
        """Go on behind a message of another type."""
        while (row := self._rows.peek()) is not None and "{1:" not in row:
            self._rows.skip(1)
            if row.startswith("-}"):
                return

    def _head(self, envelope: str, line: int, fields: list[Field], lines: LineReader) -> Mt940Head:
        """The head of the fields, its balances proved; where there was a fault it holds stand-ins."""
        found = self._by_tag(fields, line)
        account = found.get("25") or found.get("25P") or Field("25", line, [""])
        number, _, page = one_row(found.get("28C") or found.get("28"), self._findings).partition("/")
        available = found.get("64")
        head = Mt940Head(
            reference=one_row(found.get("20"), self._findings),
            related_reference=one_row(found.get("21"), self._findings),
            account=account.rows[0] if account.tag == "25P" else one_row(account, self._findings),
            owner_bic="\n".join(account.rows[1:]) if account.tag == "25P" else "",
            number=number,
            page=page,
            envelope=envelope,
            opening=self._balance(found, "60"),
            closing=self._balance(found, "62"),
            is_first_page="60M" not in found,
            is_last_page="62M" not in found,
            available=self._read(available) if available else None,
            forward=tuple(self._read(one) for one in fields if one.tag == "65"),
            information="\n".join(row for one in fields if one.tag == "86" for row in one.rows),
            other=self._kept(fields),
        )
        self._prove(head, found, lines)
        return head

    def _by_tag(self, fields: list[Field], line: int) -> dict[str, Field]:
        """The fields that stand once at the most; one that is mandatory and missing is a fault."""
        found: dict[str, Field] = {}
        for one in fields:
            if one.tag in found and one.tag in KNOWN_TAGS - {"65", "86"}:
                first = f"again, first on line {found[one.tag].line}"
                self._findings.fault(Code.REPEATED, one.line, f":{one.tag}: of the statement", first, "once")
            found.setdefault(one.tag, one)
        for tags in (("20",), ("25", "25P"), ("60F", "60M"), ("62F", "62M")):
            present = [tag for tag in tags if tag in found]
            if not present:
                expected = "the tag, which is mandatory"
                self._findings.fault(Code.MISSING, line, f":{tags[0]}: of the statement", "", expected)
            elif len(present) > 1:
                self._findings.fault(Code.REPEATED, line, f":{tags[0]}: of the statement", "both", f":{tags[0]}: or M")
        if "28C" not in found and "28" not in found:
            self._findings.note(line, ":28C:", "", "the statement has no number, so a missing one goes unnoticed")
        return found

    def _balance(self, found: dict[str, Field], tag: str) -> Balance:
        one = found.get(f"{tag}F") or found.get(f"{tag}M")
        return self._read(one) if one else NO_BALANCE

    def _read(self, one: Field) -> Balance:
        return read_balance(one_row(one, self._findings), one.line, one.tag, self._findings)

    def _kept(self, fields: list[Field]) -> Others:
        """The fields that no field of the head is for, kept and reported."""
        kept = [(one.tag, one.line, "\n".join(one.rows)) for one in fields if one.tag not in KNOWN_TAGS]
        for tag, line, text in kept:
            self._findings.note(line, f":{tag}:", text, "a tag that says nothing to Esep; it is kept")
        return tuple((tag, text) for tag, _, text in kept)

    def _prove(self, head: Mt940Head, found: dict[str, Field], lines: LineReader) -> None:
        """Opening and movements give the closing balance; the page goes on where the one before it ended."""
        opening, closing = head.opening, head.closing
        if NO_BALANCE in (opening, closing):
            self._before = None
            return
        line = (found.get("62F") or found["62M"]).line
        others = [closing, *([head.available] if head.available else []), *head.forward]
        for currency in sorted({one.currency for one in others if one != NO_BALANCE} - {opening.currency}):
            expected = f"{opening.currency}, the currency of the opening balance"
            self._findings.fault(Code.CURRENCY, line, "balances: currency", currency, expected)
        if closing.on < opening.on:
            expected = f"not before {opening.on:%d.%m.%Y}, the day of the opening balance"
            self._findings.fault(Code.DATE, line, ":62F: date", f"{closing.on:%d.%m.%Y}", expected)
        if lines.is_whole:
            one = found.get("62F") or found["62M"]
            place = f":{one.tag}: closing balance"
            figures = (opening.amount, lines.change, lines.count, closing.amount)
            self._findings.add(wrong_total(*figures, line=one.line, place=place))
        self._prove_page(head, (found.get("60F") or found["60M"]).line)

    def _prove_page(self, head: Mt940Head, line: int) -> None:
        before, self._before = self._before, head
        goes_on = before is not None and not before.is_last_page
        if before and goes_on and (before.account, before.number) == (head.account, head.number):
            if (before.closing.amount, before.closing.currency) != (head.opening.amount, head.opening.currency):
                found, closed = display_amount(head.opening.amount), display_amount(before.closing.amount)
                expected = f"{closed}, the closing balance of the page before"
                self._findings.fault(Code.BALANCE, line, ":60M: opening balance", found, expected)
        elif before and goes_on:
            self._note_page(":62M:", before, line, "after")
            goes_on = False
        if not head.is_first_page and not goes_on:
            self._note_page(":60M:", head, line, "before")

    def _note_page(self, tag: str, head: Mt940Head, line: int | None, side: str) -> None:
        shown = f"{head.account} {head.number}/{head.page}"
        self._findings.note(line, tag, shown, f"a page {side} this one is not in the file")

    def ends(self) -> None:
        """Say that the last page in the file is not the last of its statement."""
        if self._before and not self._before.is_last_page:
            self._note_page(":62M:", self._before, None, "after")
