"""What the three reconciliations leave in the golden month: a row in every table of schema 0003."""

from ledgers.journal import EntryKind
from tests.ledgers.stories import Rows, Story
from tests.ledgers.story_rows import MONTH, day

HALYK = "HSBKKZKX"
FIVE_MRP = 18_460_00


def reconcile(story: Story) -> dict[str, int]:
    """Enter a crediting register, a list, their matches and two differences; returns the entry of each table."""
    found: dict[str, int] = {}
    for kind, book, rows in _entries():
        number = story.enter(kind, day(31), rows, book=book)
        found |= dict.fromkeys(rows, number)
    return found


def _entries() -> list[tuple[EntryKind, int, Rows]]:
    return [
        ("match_terms_changed", 0, {"match_term": [_term()]}),
        ("crediting_imported", 1, {"crediting": [_crediting()], "crediting_line": [_credited(n) for n in (1, 2, 3)]}),
        ("crediting_matched", 1, {"crediting_match": [_match()]}),
        ("crediting_unmatched", 1, {"crediting_unmatch": [{"match_number": 1, "line": 2, "reason": "other person"}]}),
        ("list_imported", 1, {"authority_list": [_list()], "authority_list_line": [_listed(n) for n in (1, 2, 3)]}),
        ("list_matched", 1, {"authority_list_match": [_list_match()]}),
        ("breaks_found", 1, {"break_item": [_break(1, "C1/3"), _break(2, "P20000004/1")]}),
        ("breaks_worked", 1, {"break_event": [_event()]}),
    ]


def _term() -> dict[str, object]:
    return {
        "iban": "",
        "bic": HALYK,
        "rule": "account_amount_window",
        "version": 1,
        "is_on": True,
        "window_days": 3,
        "tolerance": 0,
        "reason": "the bank credits a day later",
    }


def _crediting() -> dict[str, object]:
    return {
        "crediting_number": 1,
        "bic": HALYK,
        "document": "register-halyk.csv",
        "dated": day(19),
        "count": 3,
        "amount": 3 * FIVE_MRP,
        "sha256": bytes([7]) * 32,
    }


def _credited(line: int) -> dict[str, object]:
    return {
        "crediting_number": 1,
        "line": line,
        "order_reference": "GCVP-00100000071" if line < 3 else "",
        "item": line + 2 if line < 3 else 0,
        "iin": "900101300017",
        "full_name": "Тест Тестов",
        "iban": "KZ076010000000000006",
        "amount": FIVE_MRP,
        "outcome": "credited",
        "credited_on": day(19),
        "reason": "",
    }


def _match() -> dict[str, object]:
    return {
        "match_number": 1,
        "crediting_number": 1,
        "rule": "exact_reference",
        "is_paired": True,
        "orders": [71, 71],
        "items": [3, 4],
        "lines": [1, 2],
        "amount_paid": 2 * FIVE_MRP,
        "amount_credited": 2 * FIVE_MRP,
        "note": "",
    }


def _list() -> dict[str, object]:
    return {
        "list_number": 1,
        "month": MONTH,
        "document": "treasury-03.csv",
        "count": 3,
        "transferred": 2_141_360_00,
        "refunded": 36_920_00,
        "sha256": bytes([8]) * 32,
    }


def _listed(line: int) -> dict[str, object]:
    side, number, amount = (
        ("transfer", "145", 1_846_000_00),
        ("transfer", "146", 295_360_00),
        ("refund", "77", 36_920_00),
    )[line - 1]
    return {
        "list_number": 1,
        "line": line,
        "side": side,
        "order_number": number,
        "order_date": day(14),
        "amount": amount,
        "aid_kind": "A",
        "comment": "",
    }


def _list_match() -> dict[str, object]:
    return {"list_number": 1, "line": 3, "version": 1, "number": 77, "reason": "the date is that of our order"}


def _break(number: int, subject: str) -> dict[str, object]:
    return {
        "break_number": number,
        "kind": "credited_unknown" if number == 1 else "payment_not_credited",
        "subject": subject,
        "occurrence": 1,
        "amount": FIVE_MRP,
        "bic": HALYK,
        "aid_kind": "A",
        "happened_on": day(20),
        "reason": f"18460,00 of {subject} stands on one side alone",
    }


def _event() -> dict[str, object]:
    return {
        "break_number": 2,
        "step": 1,
        "action": "assigned",
        "happened_on": day(21),
        "owner": "Аружан",
        "until": None,
        "reference": "",
        "note": "asks the bank",
    }
