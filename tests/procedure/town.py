"""A town in which every case can happen: two authorities, three banks, people with made-up numbers.

Every method is one thing that somebody does on a day, through the verbs and the files that they read; the balance of
the account is kept as the bank sees it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import text

from fixtures.people import Person, iban_for, people
from formats import onec
from formats.holds import HoldLine
from formats.mt102 import Mt102Item
from formats.onec import StatementLine
from ledgers import posting
from ledgers.act_life import Role
from ledgers.journal import EntryDraft, EntryKind
from ledgers.orders import PaymentOrder
from reconcile import (
    act,
    act_sign,
    award,
    close,
    deadlines,
    hold,
    need,
    order,
    refund,
    request,
    resolve,
    returns,
    setup,
    statement,
)
from reconcile.act import ActsBuilt
from reconcile.act_sign import Signed
from reconcile.award import AwardImport
from reconcile.deadlines import DeadlineRow
from reconcile.desk import Desk
from reconcile.need import NeedsFormed
from reconcile.order import OrdersSent
from reconcile.refund import RefundsSent
from reconcile.request import RequestLine
from reconcile.returns import NoticesSent, ReturnImport
from reconcile.statement import StatementImport
from tests.procedure.table import d
from tests.reconcile import bank
from tests.reconcile.bank import AUTHORITY, HALYK, KASPI, OTHER_AUTHORITY
from tests.reconcile.golden import STORY
from tests.reconcile.world import HEADING, RESOLUTIONS

KAZPOST = ("240140563011", "KZ30563K000000000563", "KPSTKZKA")
SIDES = {"HSBKKZKX": HALYK, "CASPKZKA": KASPI, "KPSTKZKA": KAZPOST}
BANK_CODES = {"HSBKKZKX": "601", "CASPKZKA": "722", "KPSTKZKA": "563"}
PAYERS = {1: AUTHORITY, 2: OTHER_AUTHORITY}
CODES = {1: "AST", 2: "ALA"}
FIVE_MRP = 18_460_00
MARCH = "03.2024"

KINDS = {
    "W": 'periodicity = "memorial"\nmemorial_day = "03-08"',
    "V": 'periodicity = "memorial"\nmemorial_day = "05-09"',
    "L": 'periodicity = "memorial"\nmemorial_day = "05-01"\nmrp = "5"\nmrp_day = "payment"',
    "N": 'periodicity = "memorial"\nmemorial_day = "01-07"',
    "D": 'periodicity = "memorial"\nmemorial_day = "12-16"',
    "M": 'periodicity = "monthly"\nmemorial_day = ""',
    "Q": 'periodicity = "quarterly"\nmemorial_day = ""',
    "O": 'periodicity = "one_off"\nmemorial_day = ""',
    "F": 'periodicity = "one_off"\nmemorial_day = ""\nmrp = "5"\nmrp_day = "decision"',
    "S": 'periodicity = "monthly"\nmemorial_day = ""\npayment_days = "5-10,20-25"',
    "X": 'periodicity = "one_off"\nmemorial_day = ""\nvalid_from = 2023-06-01\nvalid_to = 2024-05-31',
}
"""Kinds besides A and B of the golden month, which are for 21 March."""


def setup_file(folder: Path) -> Path:
    """The setup of the golden month with more kinds, and the same for a second authority in Almaty."""
    content = (STORY / "setup.toml").read_text("utf-8")
    kinds = "".join(
        f'\n[[authority.aid_kind]]\ncode = "{code}"\nname_kk = "Көмек {code}"\nname_ru = "Помощь {code}"\n'
        f'purpose = "СОЦИАЛЬНАЯ ПОМОЩЬ {code}"\n{lines}\n'
        for code, lines in KINDS.items()
    )
    own = f"{content[content.index('[[authority]]') :]}{kinds}"
    second = own
    for found, put in (
        ("authority_id = 1", "authority_id = 2"),
        ('"AST"', '"ALA"'),
        (AUTHORITY[0], OTHER_AUTHORITY[0]),
        (AUTHORITY[1], OTHER_AUTHORITY[1]),
        ("first_order_number = 71", "first_order_number = 50071"),
        ("Астана қаласы", "Алматы қаласы"),
        ("городу Астане", "городу Алматы"),
    ):
        assert found in second, found
        second = second.replace(found, put)
    path = folder / "setup.toml"
    path.write_text(f"{content}{kinds}\n{second}", "utf-8")
    return path


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """People of an import of decisions with the numbers of their awards, and what the import said."""

    people: tuple[Person, ...]
    awards: tuple[int, ...]
    told: AwardImport

    @property
    def payments(self) -> list[str]:
        """Their first payments."""
        return [f"P{award}/1" for award in self.awards]


@dataclass
class Town:
    """The town; what was sent is remembered until the bank debits it."""

    desk: Desk
    folder: Path
    balance: int = 0
    undebited: list[PaymentOrder] = field(default_factory=list)
    persons: Iterator[Person] = field(default_factory=lambda: people(seed=404))
    files: int = 0
    documents: int = 900

    def at(self, on: str, actor: str = "") -> Desk:
        """The desk on a day."""
        return replace(self.desk, today=d(on), actor=actor or self.desk.actor)

    @property
    def out(self) -> Path:
        return self.folder / "out"

    def path(self, name: str, content: str) -> Path:
        self.files += 1
        path = self.folder / f"{self.files:03d}-{name}"
        path.write_text(content, "utf-8")
        return path

    def set_up(self, on: str = "01.06.2023") -> None:
        setup.import_file(self.at(on), setup_file(self.folder))

    # --- Decisions, needs, requests -----------------------------------------------------------------------------------

    def row(self, person: Person, kind: str, month: str, amount: int, bic: str, **other: str) -> str:
        """A line of a file of decisions; `other` are columns with another value."""
        own = {
            "authority_bin": AUTHORITY[0],
            "decision_number": "1",
            "decision_date": "01.03.2024",
            "signer": "Басшы",
            "case_id": "Е-1",
            "source_system": "E-SOBES",
            "aid_kind": kind,
            "due_month": month,
            "amount": f"{amount // 100},{amount % 100:02d}",
            "iin": person.iin,
            "surname": person.surname,
            "first_name": person.first_name,
            "patronymic": person.patronymic,
            "birth_date": f"{person.birth_date:%d.%m.%Y}",
            "sex": person.sex,
            "branch_code": "0101",
            "payment_code": "05",
            "address": person.address,
            "bic": bic,
            "iban": person.iban(BANK_CODES[bic]),
            "phone": person.phone,
        }
        return ";".join((own | other).get(name, "") for name in HEADING.split(";"))

    def decisions(self, rows: Sequence[str]) -> Path:
        return self.path("decisions.csv", "\n".join([HEADING, *rows]))

    def decide(
        self,
        on: str,
        kind: str,
        month: str = MARCH,
        amounts: Sequence[int] = (FIVE_MRP,),
        bics: Sequence[str] = ("HSBKKZKX",),
        *,
        book: int = 1,
        number: str = "",
        decided: str = "",
        persons: Sequence[Person] = (),
        **other: Any,
    ) -> Decided:
        """Decisions for so many amounts, new people one after another at the banks, imported on a day."""
        self.documents += 1
        chosen = list(persons) or [next(self.persons) for _ in amounts]
        own = {
            "authority_bin": PAYERS[book][0],
            "decision_number": number or f"Ш-{self.documents}",
            "decision_date": decided or on,
        }
        rows = [
            self.row(person, kind, month, amount, bics[place % len(bics)], **(own | other))
            for place, (person, amount) in enumerate(zip(chosen, amounts, strict=True))
        ]
        told = award.import_file(self.at(on), self.decisions(rows))
        found = self.ask(
            "SELECT award_number FROM esep.award_line WHERE authority_id = :book AND version = 1 AND entry_number = "
            "(SELECT max(entry_number) FROM esep.award_batch WHERE authority_id = :book) ORDER BY award_number",
            book=book,
        )
        return Decided(people=tuple(chosen), awards=tuple(number for (number,) in found), told=told)

    def form(self, on: str) -> NeedsFormed:
        return need.form(self.at(on))

    def ask_for(self, on: str) -> list[str]:
        """Requests go out; returns their references."""
        return [one.number for one in request.send(self.at(on), self.out).requests]

    def asked(self, on: str) -> list[RequestLine]:
        """The list of requests as it looks on a day."""
        with self.desk.database.begin() as connection:
            return request.listed(connection, d(on))

    # --- The account --------------------------------------------------------------------------------------------------

    def state(self, on: str, *lines: StatementLine) -> StatementImport:
        """A statement with these lines."""
        path = bank.statement(self.folder, *lines, opening=self.balance)
        self.balance += sum(one.amount if one.direction == "credit" else -one.amount for one in lines)
        return statement.import_file(self.at(on), path)

    def pay_in(
        self, on: str, amount: int, purpose: str = "-", *, number: str = "145", dated: str = "", book: int = 1
    ) -> StatementImport:
        """Money of an authority comes to the account."""
        came = bank.line("credit", d(on), amount, number, PAYERS[book], purpose, d(dated or on))
        return self.state(on, came)

    def debit(self, on: str) -> StatementImport:
        """The banks take all files that they have not taken."""
        lines = [
            replace(
                bank.debit(d(on), one.amount, str(one.order_number), SIDES.get(one.bic) or PAYERS[one.authority_id]),
                dated=one.dated,
            )
            for one in self.undebited
        ]
        self.undebited = []
        return self.state(on, *lines)

    # --- Payments and returns -----------------------------------------------------------------------------------------

    def send(self, on: str, **how: Any) -> OrdersSent:
        sent = order.send(self.at(on), self.out, **how)
        if not how.get("dry_run"):
            self.undebited += sent.orders
        return sent

    def item(self, payment: str, **other: Any) -> tuple[Mt102Item, str, tuple[str, str, str]]:
        """An item that comes back: the person as the register has them, what names the file, and the bank."""
        award_number, _, attempt = payment.removeprefix("P").partition("/")
        (row,) = self.ask(
            "SELECT w.iin, w.surname, w.first_name, w.patronymic, w.iban, p.amount, o.order_number, o.dated, o.bic "
            "FROM esep.payment p JOIN esep.award_line w USING (authority_id, due_month, award_number, version) "
            "JOIN esep.payment_order o ON o.authority_id = p.authority_id AND o.order_number = p.order_number "
            "WHERE p.award_number = :award AND p.attempt = :attempt",
            award=int(award_number),
            attempt=int(attempt),
        )
        own = {
            "number": 1,
            "amount": row.amount,
            "surname": row.surname,
            "first_name": row.first_name,
            "patronymic": row.patronymic,
            "idn": row.iin,
            "account": row.iban,
            "assign": "",
        }
        return Mt102Item(**(own | other)), f"№ {row.order_number} от {row.dated:%d.%m.%Y}", SIDES[row.bic]

    def tell(
        self, on: str, payment: str, *, number: str = "", reason: str = "Счет закрыт", **other: Any
    ) -> ReturnImport:
        """A bank's message that a payment comes back."""
        self.documents += 1
        item, file, side = self.item(payment, **other)
        purpose = f"Возврат по пл.поручению {file}. {reason}"
        told = bank.message(d(on), number or str(self.documents), [item], purpose, side)
        return returns.import_file(self.at(on), bank.returns_file(self.folder, told))

    def money_back(self, on: str, payment: str, *, number: str = "", amount: int | None = None) -> StatementImport:
        """The money of a return."""
        item, file, side = self.item(payment)
        purpose = f"Возврат по пл.поручению {file}"
        came = bank.credit(
            d(on), item.amount if amount is None else amount, number or str(self.documents), side, purpose
        )
        return self.state(on, came)

    def give_back(self, on: str, *payments: str, reason: str = "Счет закрыт") -> None:
        """The banks give payments back: message and money on one day."""
        for payment in payments:
            self.tell(on, payment, reason=reason)
            self.money_back(on, payment)

    def notify(self, on: str) -> NoticesSent:
        return returns.notify(self.at(on), self.out)

    def resolve(
        self, on: str, payment: str, outcome: str, *, bic: str = "CASPKZKA", book: int = 1, **other: str
    ) -> None:
        """The authority's outcome: a resend to a new account at a bank, or a refund."""
        self.documents += 1
        item, _, _ = self.item(payment)
        own = {
            "authority_bin": PAYERS[book][0],
            "number": f"R-{self.documents}",
            "date": on,
            "signer": "Басшы",
            "payment_reference": payment,
            "iin": item.idn,
            "amount": f"{item.amount // 100},{item.amount % 100:02d}",
            "outcome": outcome,
        }
        if outcome == "resend":
            account = iban_for(BANK_CODES[bic], f"9{self.documents:012d}")
            names = {"surname": item.surname, "first_name": item.first_name, "patronymic": item.patronymic}
            own |= names | {"bic": bic, "iban": account}
        else:
            own["reason"] = "шот жабылған"
        values = own | other
        line = ";".join(values.get(name, "") for name in RESOLUTIONS.split(";"))
        resolve.import_file(self.at(on), self.path("resolutions.csv", f"{RESOLUTIONS}\n{line}"))

    def refund(self, on: str, **how: Any) -> RefundsSent:
        sent = refund.send(self.at(on), self.out, **how)
        if not how.get("dry_run"):
            self.undebited += [one.order for one in sent.refunds]
        return sent

    # --- Courses that many cases begin with ---------------------------------------------------------------------------

    def funded(
        self,
        kind: str = "A",
        amounts: Sequence[int] = (FIVE_MRP,),
        *,
        month: str = MARCH,
        decided: str = "06.03.2024",
        formed: str = "11.03.2024",
        asked: str = "12.03.2024",
        came: str = "14.03.2024",
        received: int | None = None,
        bics: Sequence[str] = ("HSBKKZKX",),
        book: int = 1,
    ) -> Decided:
        """Decided, asked for, and the money came (all of it unless said)."""
        people = self.decide(decided, kind, month, amounts, bics, book=book)
        self.form(formed)
        (reference,) = self.ask_for(asked)
        self.pay_in(came, sum(amounts) if received is None else received, reference, book=book)
        return people

    def paid(self, on: str = "18.03.2024", **how: Any) -> Decided:
        """Funded, sent and debited."""
        people = self.funded(**how)
        self.send(on)
        self.debit(on)
        return people

    # --- Looking ------------------------------------------------------------------------------------------------------

    def ask(self, query: str, **bind: Any) -> Sequence[Any]:
        with self.desk.database.begin() as connection:
            return connection.execute(text(query), bind).all()

    def balances(self) -> dict[str, int]:
        return bank.balances(self.desk)

    def board(self, on: str, rule: str, book: int = 1) -> list[DeadlineRow]:
        """The deadlines of a rule as the board of a day has them, also those that were met."""
        with self.desk.database.begin() as connection:
            found = deadlines.board(connection, d(on), CODES[book], met_since=date.min)
        return [one for one in found if one.rule == rule]

    def quiet(self, since: str, until: str) -> None:
        """A statement on which nothing moved."""
        content = onec.Statement(
            account=bank.OUR_IBAN,
            date_from=d(since),
            date_to=d(until),
            opening=self.balance,
            credited=0,
            debited=0,
            closing=self.balance,
            lines=(),
        )
        self.files += 1
        path = self.folder / f"{self.files:03d}-quiet.txt"
        path.write_bytes(onec.write(content, "utf-8"))
        statement.import_file(self.at(until), path)

    def closed(self, on: str, month: str, book: int = 1) -> ActsBuilt:
        """A month is closed on a day and its documents are built."""
        close.month(self.at(on), CODES[book], d(f"01.{month}"))
        return act.build(self.at(on), CODES[book], d(f"01.{month}"), self.folder / f"{CODES[book]}-{month}")

    def enter(self, kind: EntryKind, on: str, table: str, *rows: dict[str, object], actor: str = "tester") -> None:
        """Facts of a table under an entry of their own, as a verb writes them."""
        with self.desk.database.begin() as connection:
            posting.lock(connection, [1])
            number = posting.next_number(connection, 1)
            own = {"authority_id": 1, "entry_number": number}
            posting.append(connection, table, [row | own for row in rows])
            draft = EntryDraft(
                kind=kind,
                booked_on=d(on),
                value_date=d(on),
                actor=actor,
                source_key=f"{kind}:{number}",
                source_digest=posting.digest(kind, number),
                summary=kind,
            )
            posting.seal(connection, 1, number, draft, [table])

    def sign(self, on: str, role: Role, signer: str, *, month: str = MARCH, number: int = 0) -> Signed:
        """A signature under a document of a month."""
        return act_sign.sign(self.at(on), "AST", d(f"01.{month}"), role, signer, d(on), act_number=number)

    def stop(self, on: str, iin: str, reason: str, *, since: str = "", document: str = "№ 3") -> int:
        """What is not sent of a person waits; returns the number of the hold."""
        line = HoldLine(line=0, iin=iin, reason=reason, placed_on=d(since or on), document=document, note="")
        (placed,) = hold.place(self.at(on), line)
        return placed.hold.hold_number
