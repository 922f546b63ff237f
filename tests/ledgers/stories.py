"""Months for the tests of the books, written with the posting API alone: the rows and postings that the verbs make.

`Story.golden()` is the golden month: 141 payments, three returns, one resend, one refund, closing balance 0,00.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import text

from fixtures.people import people
from ledgers import posting
from ledgers.journal import EntryDraft, EntryKind, Event
from reconcile import setup
from reconcile.desk import Desk
from tests.ledgers.story_rows import AMOUNTS, MONTH, award_line, day, payment_order, resolution

GOLDEN = Path(__file__).parents[2] / "fixtures" / "golden_march_2024" / "setup.toml"
CELLS = {
    ("A", "HSBKKZKX"): 60,
    ("A", "CASPKZKA"): 30,
    ("A", "KPSTKZKA"): 10,
    ("B", "HSBKKZKX"): 25,
    ("B", "CASPKZKA"): 15,
}
REQUEST = "AST-2024-0001"

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass
class Story:
    """Enters facts into book 1 (and statement lines into book 0) and remembers what it needs for the next step."""

    desk: Desk
    lines: list[dict[str, Any]] = field(default_factory=list)
    matches: list[dict[str, Any]] = field(default_factory=list)
    orders: dict[str, int] = field(default_factory=dict)
    entered: int = 0
    returns: int = 0
    statements: int = 0
    _keys: Iterator[int] = field(default_factory=count)

    def enter(
        self,
        kind: EntryKind,
        on: date,
        rows: Rows,
        events: Sequence[Event] = (),
        *,
        book: int = 1,
        value: date | None = None,
    ) -> int:
        """One sealed entry with its register rows and postings; returns its number."""
        with self.desk.database.begin() as connection:
            posting.lock(connection, [book])
            number = posting.next_number(connection, book)
            for table, values in rows.items():
                own = {"authority_id": book, "entry_number": number}
                posting.append(connection, table, [dict(value) | own for value in values])
            if events:
                posting.post(connection, book, number, on, events)
            draft = EntryDraft(
                kind=kind,
                booked_on=on,
                value_date=value or on,
                actor="tester",
                source_key=f"{kind}:{next(self._keys)}",
                source_digest=posting.digest(kind, on),
                summary=kind,
            )
            posting.seal(connection, book, number, draft, list(rows))
            return number

    def set_up(self) -> None:
        setup.import_file(replace(self.desk, today=day(1)), GOLDEN)

    def awards(self, cells: Mapping[tuple[str, str], int] = CELLS) -> None:
        """Decisions for so many people of each kind and bank; award numbers follow their order."""
        self.desk.database.open_months([MONTH.isoformat()])
        number = 2
        persons = people(seed=2024)
        rows: list[dict[str, Any]] = []
        batches: list[dict[str, Any]] = []
        for (kind, bic), many in cells.items():
            for _ in range(many):
                rows.append(award_line(next(persons), number * 10_000_000 + len(rows) + 1, kind, bic))
        for kind in sorted({kind for kind, _ in cells}):
            many = sum(value for (own, _), value in cells.items() if own == kind)
            batches.append({"aid_kind": kind, "due_month": MONTH, "count": many, "amount": many * AMOUNTS[kind]})
        assert self.enter("awards_imported", day(11), {"award_line": rows, "award_batch": batches}) == number

    def request(self, amounts: Mapping[str, int]) -> None:
        needs = [
            {
                "need_number": place,
                "aid_kind": kind,
                "due_month": MONTH,
                "formed_on": day(11),
                "after_entry": 0,
                "upto_entry": 2,
                "count": amount // AMOUNTS[kind],
                "amount": amount,
            }
            for place, (kind, amount) in enumerate(amounts.items(), start=1)
        ]
        self.enter("need_formed", day(11), {"need": needs})
        events = [
            Event(rule="request_sent", aid_kind=kind, debit_reference=REQUEST, amount=amount)
            for kind, amount in amounts.items()
        ]
        request = {"request_number": 1, "reference": REQUEST, "sent_on": day(12), "amount": sum(amounts.values())}
        own = [{"need_number": need["need_number"], "request_number": 1} for need in needs]
        self.enter("request_sent", day(12), {"request": [request], "request_need": own}, events)

    def transfer(self, order: str, kind: str, amount: int, on: date, *, excess: int = 0) -> int:
        """A transfer placed on the request, what is above it (`excess`) left on its statement line."""
        line = self.line(on, "credit", amount + excess, order)
        place = line
        events = [
            Event(rule="transfer_placed", aid_kind=kind, credit_reference=REQUEST, amount=amount),
            Event(rule="transfer_awaited", aid_kind=kind, credit_reference=REQUEST, amount=amount),
        ]
        if excess:
            events.append(Event(rule="money_unidentified", credit_reference=f"S{line}", amount=excess))
        transfer = {
            "transfer_number": place,
            "order_number": order,
            "order_date": on,
            "payer_bin": "230540100010",
            "amount": amount + excess,
            "received_on": on,
            "line_number": line,
        }
        placing = {"transfer_number": place, "request_number": 1, "aid_kind": kind, "amount": amount}
        entry = self.enter("transfer_received", on, {"transfer": [transfer], "transfer_placing": [placing]}, events)
        self.match(line, "transfer", order, entry)
        return entry

    def send(self, kind: str, bic: str, awards: Sequence[int], on: date, *, attempt: int = 1, posted: int = 0) -> str:
        """An MT-102 of these awards; `posted` makes its posting differ from its items by so many tiyn."""
        number = 71 + len(self.orders)
        reference = f"GCVP-001{number:08d}"
        amount = AMOUNTS[kind] * len(awards)
        order = payment_order(number, "MT-102", kind, bic, on, len(awards), amount)
        payments = [
            {
                "due_month": MONTH,
                "award_number": award,
                "attempt": attempt,
                "version": attempt,
                "order_number": number,
                "item": item,
                "request_number": 1 if attempt == 1 else 0,
                "amount": AMOUNTS[kind],
            }
            for item, award in enumerate(awards, start=1)
        ]
        source = REQUEST if attempt == 1 else f"P{awards[0]}/{attempt - 1}"
        rule = "payment_sent" if attempt == 1 else "payment_resent"
        event = Event(
            rule=rule, aid_kind=kind, debit_reference=source, credit_reference=reference, amount=amount + posted
        )
        self.enter("orders_sent", on, {"payment_order": [order], "payment": payments}, [event])
        self.orders[reference] = amount + posted
        return reference

    def settle(self, reference: str, on: date) -> None:
        line = self.line(on, "debit", self.orders[reference], str(int(reference[-8:])))
        event = Event(rule="file_settled", debit_reference=reference, amount=self.orders[reference])
        self.match(line, "settlement", reference, self.enter("file_settled", on, {}, [event]))

    def come_back(self, kind: str, bic: str, awards: Sequence[int], on: date, reason: str) -> None:
        """A return message with its money on the same day."""
        self.returns += 1
        number = self.returns
        amount = AMOUNTS[kind] * len(awards)
        line = self.line(on, "credit", amount, f"R{number}")
        message = {
            "return_number": number,
            "reference": f"RET{number}",
            "document_number": str(number),
            "dated": on,
            "bic": bic,
            "payer_iban": "KZ30601A000000000601",
            "amount": amount,
            "count": len(awards),
            "purpose": reason,
            "sha256": bytes(32),
        }
        items, payments, events = [], [], []
        for item, award in enumerate(awards, start=1):
            own = {"return_number": number, "item": item, "amount": AMOUNTS[kind]}
            person = dict.fromkeys(("iin", "surname", "first_name", "patronymic", "iban"), "-")
            items.append(own | person | {"reason": reason})
            payments.append(own | {"due_month": MONTH, "award_number": award, "attempt": 1})
            events.append(
                Event(rule="return_received", aid_kind=kind, credit_reference=f"P{award}/1", amount=AMOUNTS[kind])
            )
        rows: Rows = {
            "return_message": [message],
            "return_item": items,
            "returned_payment": payments,
            "return_money": [{"return_number": number, "line_number": line, "returned_on": on}],
        }
        self.match(line, "return", str(number), self.enter("return_received", on, rows, events))

    def resolve(self, award: int, outcome: str, on: date, *, kind: str = "A") -> None:
        """The authority's outcome; a resend brings a second version of the award line, with an account at Kaspi."""
        rows: dict[str, list[dict[str, Any]]] = {"resolution": [resolution(award, outcome, on)]}
        if outcome == "resend":
            rows["award_line"] = [self.second_version(award)]
        reference = f"P{award}/1"
        event = Event(
            rule=f"{outcome}_decided",
            aid_kind=kind,
            debit_reference=reference,
            credit_reference=reference,
            amount=AMOUNTS[kind],
        )
        self.enter("resolutions_imported", on, rows, [event])

    def refund(self, awards: Sequence[int], on: date, *, kind: str = "A") -> str:
        number = 71 + len(self.orders)
        reference = f"GCVP-001{number:08d}"
        amount = AMOUNTS[kind] * len(awards)
        refunds, events = [], []
        for award in awards:
            own = {"aid_kind": kind, "reference": f"P{award}/1", "amount": AMOUNTS[kind]}
            refunds.append(own | {"order_number": number})
            events.append(
                Event(
                    rule="refund_sent",
                    aid_kind=kind,
                    debit_reference=f"P{award}/1",
                    credit_reference=reference,
                    amount=AMOUNTS[kind],
                )
            )
        order = payment_order(number, "MT-100", "", "KKMFKZ2A", on, len(awards), amount)
        self.enter("refund_sent", on, {"payment_order": [order], "refund": refunds}, events)
        self.orders[reference] = amount
        return reference

    def unidentified(self, amount: int, on: date) -> int:
        """A credit of the authority that nobody can place."""
        line = self.line(on, "credit", amount, "unknown")
        event = Event(rule="money_unidentified", credit_reference=f"S{line}", amount=amount)
        self.match(line, "unidentified", f"S{line}", self.enter("money_unidentified", on, {}, [event]))
        return line

    def line(self, on: date, direction: str, amount: int, document: str) -> int:
        """A statement line, entered with the statement at the end; returns its number."""
        number = self.entered + len(self.lines) + 1
        counterparty = dict.fromkeys(("name", "bin", "iban", "bic"), "-")
        self.lines.append(
            {f"counterparty_{name}": value for name, value in counterparty.items()}
            | {
                "line_number": number,
                "file_line": number * 20,
                "iban": "KZ24009ESEP000000001",
                "booked_on": on,
                "value_date": on,
                "direction": direction,
                "document_number": document,
                "document_date": on,
                "amount": amount,
                "knp": "027",
                "purpose": "-",
                "occurrence": 1,
            }
        )
        return number

    def match(self, line: int, matched_as: str, reference: str, entry: int, placed_in: int = 1) -> None:
        self.matches.append(
            {
                "line_number": line,
                "version": 1,
                "placed_in": placed_in,
                "placed_entry": entry,
                "matched_as": matched_as,
                "reference": reference,
                "rule": "story",
            }
        )

    def statement(self, until: date = date(2024, 3, 31), *, since: date = MONTH, opening: int = 0) -> int:
        """The statement over all lines that stand in none yet; the next one begins where it ended."""
        turnover = {
            side: sum(line["amount"] for line in self.lines if line["direction"] == side)
            for side in ("credit", "debit")
        }
        self.statements += 1
        head = {
            "statement_number": self.statements,
            "iban": "KZ24009ESEP000000001",
            "date_from": since,
            "date_to": until,
            "opening": opening,
            "credited": turnover["credit"],
            "debited": turnover["debit"],
            "closing": opening + turnover["credit"] - turnover["debit"],
            "sha256": bytes([self.statements]) * 32,
        }
        for line in self.lines:
            line["statement_number"] = self.statements
        rows = {"statement": [head], "statement_line": self.lines, "line_match": self.matches}
        number = self.enter("statement_imported", until, rows, book=0)
        self.entered += len(self.lines)
        self.lines, self.matches = [], []
        return number

    def golden(self, *, posted: int = 0) -> "Story":
        """The golden month; `posted` puts the file to Halyk wrong by so many tiyn in the ledger (E72)."""
        self.set_up()
        self.awards()
        self.request({"A": 1_846_000_00, "B": 295_360_00})
        self.transfer("145", "A", 1_846_000_00, day(14))
        self.transfer("146", "B", 295_360_00, day(14))
        first = 1
        for (kind, bic), many in CELLS.items():
            awards = [20_000_000 + number for number in range(first, first + many)]
            wrong = posted if (kind, bic) == ("A", "HSBKKZKX") else 0
            self.settle(self.send(kind, bic, awards, day(18), posted=wrong), day(18))
            first += many
        self.come_back("A", "HSBKKZKX", [20_000_001, 20_000_002], day(19), "шот жабылған")
        self.come_back("A", "KPSTKZKA", [20_000_091], day(19), "алушы қайтыс болған")
        self.resolve(20_000_001, "resend", day(27))
        self.resolve(20_000_002, "refund", day(27))
        self.resolve(20_000_091, "refund", day(27))
        self.settle(self.send("A", "CASPKZKA", [20_000_001], day(28), attempt=2), day(28))
        self.settle(self.refund([20_000_002, 20_000_091], day(29)), day(29))
        self.statement()
        return self

    def second_version(self, award: int) -> dict[str, Any]:
        with self.desk.database.begin() as connection:
            row = connection.execute(
                text("SELECT * FROM esep.award_line WHERE authority_id = 1 AND award_number = :award"), {"award": award}
            ).one()
        corrected = {"version": 2, "bic": "CASPKZKA", "iban": f"KZ71722{row.iban[7:]}"}
        return dict(row._asdict()) | corrected
