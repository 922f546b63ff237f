r"""What of a statement or a payment order would not be read back as it is from a 1C file, and is not written.

>>> [fault.expected for fault in unwritable_text("purpose", "two\nlines")]
['one line without blanks at its ends']
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise

from formats import onec_keys as keys
from formats.amounts import AMOUNT_MAX
from formats.errors import Code, Fault
from formats.mt import to_correct
from formats.onec_parts import SpanBalance, Statement, StatementLine
from formats.onec_proof import wrong_total
from formats.onec_sections import LENGTH_MAX, key_read
from formats.onec_values import kind_read

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffd-\uffff]")
_TEXTS = (
    "number", "counterparty_name", "counterparty_bin", "counterparty_iban", "counterparty_bic", "counterparty_kbe",
    "counterparty_bank", "form", "knp", "purpose",
)  # fmt: skip
_OWN = ("name", "bin", "kbe", "bic", "bank", "account")
_ONE_LINE = "one line without blanks at its ends"


def unwritable_text(place: str, text: str) -> Iterator[Fault]:
    """The fault of a text that is not one line, or has blanks at its ends."""
    if _CONTROL.search(text) or text != text.strip():
        yield to_correct(place, text, _ONE_LINE)


def unwritable_amount(place: str, tiyn: int, least: int) -> Iterator[Fault]:
    """The fault of an amount that is too small or too large."""
    if not least <= tiyn <= AMOUNT_MAX:
        yield to_correct(place, f"{tiyn} tiyn", f"{least} to {AMOUNT_MAX} tiyn")


def unwritable_days(place: str, days: Iterable[date]) -> Iterator[Fault]:
    """The fault of a date whose year has less than four digits."""
    if min(days).year < 1000:
        yield to_correct(place, f"{min(days)}", "years of four digits")


def unwritable_other(place: str, other: Iterable[tuple[str, str]], used: frozenset[str]) -> Iterator[Fault]:
    """The faults of keys that would be read as something else than a key that no field is made of."""
    seen: set[str] = set()
    before = ""
    for key, text in other:
        # After a purpose a key in other letters is read as more of its text.
        if key_read(key, foreign=before not in keys.PURPOSES) != key or key in used or key in keys.MARKS or key in seen:
            yield to_correct(f"{place}, other", key, "a key that is read and kept, each once")
        seen.add(key)
        before = key
        yield from unwritable_text(f"{place}, {key}", text)


def whole(statement: Statement) -> SpanBalance:
    """The balances of a statement without its sections."""
    return SpanBalance(
        date_from=statement.date_from,
        date_to=statement.date_to,
        opening=statement.opening,
        credited=statement.credited,
        debited=statement.debited,
        closing=statement.closing,
    )


def unwritable_head(statement: Statement) -> list[Fault]:
    """What would not be read back of everything but the lines; whether the turnovers agree is looked at apart."""
    said = statement.head
    texts = {"account": statement.account or " ", "sender": said.sender, "receiver": said.receiver}
    texts["created at"] = said.created_at
    faults = [fault for place, text in texts.items() for fault in unwritable_text(place, text)]
    faults += unwritable_days("created on", [said.created_on]) if said.created_on else ()
    faults += unwritable_other("head", said.other, keys.HEAD_USED)
    faults += unwritable_other("account", statement.other, keys.SPAN_USED)
    for span in (whole(statement), *statement.spans):
        balances = zip(keys.BALANCES, (span.opening, span.credited, span.debited, span.closing), strict=True)
        for key, tiyn in balances:
            faults += unwritable_amount(key, tiyn, 0)
        if min(span.date_from, span.date_to).year < 1000 or span.date_from > span.date_to:
            expected = "years of four digits and a span that does not end before it begins"
            faults.append(to_correct("dates", f"{span.date_from} to {span.date_to}", expected))
    return [*faults, *_wrong_unstated(statement), *_unconnected(statement)]


def _wrong_unstated(statement: Statement) -> Iterator[Fault]:
    """Names that are no balances, and an opening balance that nothing in the file would show."""
    unstated = statement.unstated
    expected = "balances and turnovers in their order, each once"
    if unstated != tuple(key for key in keys.BALANCES if key in unstated):
        yield to_correct("unstated", ", ".join(unstated), expected)
    if {keys.OPENING, keys.CLOSING} <= set(unstated) and statement.opening:
        yield to_correct(keys.OPENING, f"{statement.opening} tiyn", "0 tiyn where neither balance is stated")
    if statement.spans and {keys.CREDITED, keys.DEBITED} & set(unstated):
        # A section whose turnover is not stated takes the documents of its days, which need not be its own.
        expected = "the turnovers of each section, where an account has several"
        yield to_correct("unstated", ", ".join(unstated), expected)


def _unconnected(statement: Statement) -> list[Fault]:
    """Sections that are not the statement, or do not follow one another."""
    spans = statement.spans
    if not spans:
        return []
    together = SpanBalance(
        date_from=spans[0].date_from,
        date_to=spans[-1].date_to,
        opening=spans[0].opening,
        credited=sum(one.credited for one in spans),
        debited=sum(one.debited for one in spans),
        closing=spans[-1].closing,
    )
    is_whole = len(spans) > 1 and together == whole(statement)
    follow = all(one.closing == two.opening and one.date_to < two.date_from for one, two in pairwise(spans))
    agree = all(one.opening + one.credited - one.debited == one.closing for one in spans)
    if is_whole and follow and agree:
        return []
    expected = "two or more sections that follow one another and are the statement together"
    return [to_correct("spans", f"{len(spans)} sections", expected)]


def unwritable_line(line: StatementLine, account: str, place: int) -> list[Fault]:
    """What would not be read back of a line, which is the `place`-th."""
    where = f"document {place}"
    faults: list[Fault] = []
    if line.line != place:
        faults.append(to_correct(where, f"line {line.line}", "documents counted from 1"))
    for name in _TEXTS:
        faults += unwritable_text(f"{where}, {name}", getattr(line, name))
    for name in _OWN:
        faults += unwritable_text(f"{where}, own {name}", getattr(line.own, name))
    faults += unwritable_text(f"{where}, kind", line.kind)
    if kind_read(line.kind) != line.kind:
        faults.append(to_correct(f"{where}, kind", line.kind, kind_read(line.kind)))
    if line.own.account and account in {line.own.account, line.counterparty_iban}:
        faults.append(to_correct(f"{where}, own account", line.own.account, f"nothing, since {account} is the account"))
    faults += unwritable_other(where, line.other, keys.LINE_USED)
    if (length := length_of(line)) > LENGTH_MAX // 2:
        faults.append(to_correct(where, f"{length} characters", f"at most {LENGTH_MAX // 2} characters"))
    faults += unwritable_amount(f"{where}, amount", line.amount, 1)
    faults += unwritable_days(f"{where}, dates", (line.dated, line.booked_on, line.value_date))
    return faults


def is_usual(lines: Iterable[StatementLine]) -> bool:
    """Whether kinds, own accounts and unknown keys need no closer look; all texts of a line are looked at apart."""
    kinds = {line.kind for line in lines}
    names = {tuple(key for key, _ in line.other) for line in lines}
    return (
        all(kind_read(kind) == kind for kind in kinds)
        and not any(line.own.account for line in lines)
        and not any(any(unwritable_other("", ((key, "") for key in one), keys.LINE_USED)) for one in names)
    )


def length_of(line: StatementLine) -> int:
    """The characters of all texts of a line."""
    texts = [getattr(line, name) for name in _TEXTS] + [getattr(line.own, name) for name in _OWN]
    return sum(map(len, (*texts, line.kind, *(part for pair in line.other for part in pair))))


def wrong_sums(statement: Statement, credited: int, debited: int) -> list[Fault]:
    """Stated turnovers against the documents, and the closing balance against both."""
    closing = statement.opening + statement.credited - statement.debited
    checks = (
        (Code.TOTAL, keys.CREDITED, statement.credited, credited, "the sum of the credits"),
        (Code.TOTAL, keys.DEBITED, statement.debited, debited, "the sum of the debits"),
        (Code.BALANCE, keys.CLOSING, statement.closing, closing, "opening balance and credits less debits"),
    )
    return [
        wrong_total(code, None, key, stated, computed, words)
        for code, key, stated, computed, words in checks
        if stated != computed
    ]
