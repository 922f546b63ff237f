"""A small world for crediting registers: payments as a test wants them, and the register that a bank makes of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from pathlib import Path

from fixtures.people import Person, people
from reconcile.desk import Desk
from tests.ledgers.stories import Rows, Story
from tests.ledgers.story_rows import BANKS, MONTH, award_line, day, payment_order

HALYK, KASPI = "HSBKKZKX", "CASPKZKA"
PEOPLE: tuple[Person, ...] = tuple(islice(people(seed=2024), 40))
SENT, CREDITED, BACK = day(18), day(19), day(20)
HEADING = "order_reference;item;iin;full_name;iban;amount;outcome;credited_on;reason"


@dataclass(frozen=True, kw_only=True)
class Paid:
    """A payment: its order and item, to whom (a place in PEOPLE), how much in tiyn, and an account of other people."""

    order: int
    item: int
    who: int
    amount: int = 18_460_00
    account_of: int | None = None

    def iban(self, bic: str = HALYK) -> str:
        return PEOPLE[self.who if self.account_of is None else self.account_of].iban(BANKS[bic])


@dataclass(frozen=True, kw_only=True)
class Said:
    """A line of a register."""

    order: str
    item: str
    iin: str
    iban: str
    amount: int
    outcome: str = "credited"
    on: date = CREDITED
    reason: str = ""

    @property
    def text(self) -> str:
        amount = f"{self.amount // 100},{self.amount % 100:02d}"
        values = (self.order, self.item, self.iin, "Тест", self.iban, amount, self.outcome, f"{self.on:%d.%m.%Y}")
        return ";".join((*values, self.reason))


def said(paid: Paid, **other: object) -> Said:
    """What a bank says of a payment that it credited as it was sent, but for what is given."""
    line = Said(
        order=f"GCVP-001{paid.order:08d}",
        item=str(paid.item),
        iin=PEOPLE[paid.who].iin,
        iban=paid.iban(),
        amount=paid.amount,
    )
    return replace(line, **other)  # type: ignore[arg-type]


def register(folder: Path, lines: Iterable[Said]) -> Path:
    """The register as a file; its lines begin with line 2."""
    path = folder / f"register-{len(list(folder.iterdir()))}.csv"
    path.write_text("\n".join([HEADING, *(line.text for line in lines)]) + "\n", "utf-8")
    return path


@dataclass
class World:
    """Books with payments alone: setup, awards and files, no money."""

    desk: Desk
    is_set_up: bool = False
    awards: int = 0
    story: Story = field(init=False)

    def __post_init__(self) -> None:
        self.story = Story(self.desk)
        if not self.is_set_up:
            self.story.set_up()
            self.desk.database.open_months([MONTH.isoformat()])

    def send(self, paid: Sequence[Paid], *, bic: str = HALYK, on: date = SENT) -> None:
        """Files of these payments; the awards get the numbers 20000001 and on."""
        awards, payments = [], []
        for one in paid:
            self.awards += 1
            number = 20_000_000 + self.awards
            own = {"amount": one.amount, "iban": one.iban(bic), "decision_number": f"2024-{number}"}
            awards.append(award_line(PEOPLE[one.who], number, "A", bic) | own)
            payments.append(
                {
                    "due_month": MONTH,
                    "award_number": number,
                    "attempt": 1,
                    "version": 1,
                    "order_number": one.order,
                    "item": one.item,
                    "request_number": 1,
                    "amount": one.amount,
                }
            )
        orders = []
        for order in sorted({one.order for one in paid}):
            amounts = [one.amount for one in paid if one.order == order]
            orders.append(payment_order(order, "MT-102", "A", bic, on, len(amounts), sum(amounts)))
        rows = {"award_line": awards, "payment_order": orders, "payment": payments}
        if awards:
            total = sum(int(award["amount"]) for award in awards)
            rows["award_batch"] = [{"aid_kind": "A", "due_month": MONTH, "count": len(awards), "amount": total}]
        self.story.enter("orders_sent", on, rows)

    def come_back(self, award: int, amount: int, on: date = BACK) -> None:
        """The payment came back, by a message of the bank."""
        own = {"return_number": award % 1000, "item": 1, "amount": amount}
        message = {
            "return_number": award % 1000,
            "reference": f"RET{award}",
            "document_number": str(award % 1000),
            "dated": on,
            "bic": HALYK,
            "payer_iban": "KZ30601A000000000601",
            "amount": amount,
            "count": 1,
            "purpose": "-",
            "sha256": bytes(32),
        }
        person = dict.fromkeys(("iin", "surname", "first_name", "patronymic", "iban", "reason"), "-")
        returned = own | {"due_month": MONTH, "award_number": award, "attempt": 1}
        rows: Rows = {"return_message": [message], "return_item": [own | person], "returned_payment": [returned]}
        self.story.enter("return_received", on, rows)
