"""The others of a made-up town: authorities that decide and pay, banks that debit, refuse and give back.

What they do is kept here by itself, beside the books: the account of the State Corporation as the bank sees it, and
which item of which file a person got. So a test can compare the books with what really happened.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import text

from fixtures.people import Person, iban_for, people
from formats import mt102, onec
from formats.errors import FormatError
from formats.holds import HoldLine
from formats.text import encode
from ledgers.errors import LedgerError
from ledgers.orders import PaymentOrder
from reconcile import (
    award,
    cancel,
    carry_over,
    claim,
    hold,
    need,
    order,
    reallocate,
    refund,
    refusal,
    release,
    request,
    resolve,
    return_place,
    returns,
    settle,
    setup,
    statement,
    undo,
    waiting,
)
from reconcile.desk import Desk
from reconcile.errors import Refusal
from reconcile.return_hand import Said
from reconcile.waiting import WaitingLine
from tests.reconcile.bank import AUTHORITY, HALYK, KASPI, OTHER_AUTHORITY, OUR_IBAN, credit, debit, line, message
from tests.reconcile.golden import STORY

START = date(2024, 3, 11)
PAYERS = {1: AUTHORITY, 2: OTHER_AUTHORITY}
CODES = {1: "AST", 2: "ALA"}
BANKS = {"HSBKKZKX": HALYK, "CASPKZKA": KASPI}
BANK_CODES = {"HSBKKZKX": "601", "CASPKZKA": "722"}
AMOUNTS = {"A": 18_460_00, "B": 7_384_00, "M": 11_076_00}
MONTHLY = """
[[authority.aid_kind]]
code = "M"
name_kk = "Ай сайынғы көмек"
name_ru = "Ежемесячная помощь"
periodicity = "monthly"
memorial_day = ""
purpose = "ЕЖЕМЕСЯЧНАЯ СОЦИАЛЬНАЯ ПОМОЩЬ"
"""
HEADING = (
    "authority_bin;decision_number;decision_date;signer;case_id;source_system;aid_kind;due_month;amount;iin;surname;"
    "first_name;patronymic;birth_date;sex;branch_code;payment_code;address;bic;iban;phone;guardian_iin;"
    "guardian_surname;guardian_first_name;guardian_patronymic"
)
RESOLUTIONS = (
    "authority_bin;number;date;signer;payment_reference;iin;amount;outcome;surname;first_name;patronymic;bic;iban;"
    "reason"
)


@dataclass
class File:
    """A file as its bank has it: what the bank did with it, and who of it was given back."""

    order: PaymentOrder
    items: tuple[mt102.Mt102Item, ...]
    state: str = "sent"
    given_back: set[int] = field(default_factory=set)


@dataclass
class Step:
    """One import or command that the books took: what a second course plays again in another order."""

    day: date
    name: str
    run: Callable[[Desk], Any]
    is_import: bool


@dataclass
class World:
    """The town on one day; every method is one thing that somebody does, and tells whether the books took it."""

    desk: Desk
    folder: Path
    today: date = START
    balance: int = 0
    files: dict[str, File] = field(default_factory=dict)
    requests: dict[str, tuple[int, dict[str, int]]] = field(default_factory=dict)
    transfers: list[onec.StatementLine] = field(default_factory=list)
    returned: list[tuple[int, str, Person, int]] = field(default_factory=list)
    unsent_messages: list[Path] = field(default_factory=list)
    unsent_money: list[onec.StatementLine] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    paid_twice: list[str] = field(default_factory=list)
    people: Iterator[Person] = field(default_factory=lambda: people(seed=77))
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    persons: dict[str, Person] = field(default_factory=dict)

    # --- The machinery ------------------------------------------------------------------------------------------------

    def at(self, desk: Desk | None = None) -> Desk:
        """The desk on the world's day."""
        return replace(desk or self.desk, today=self.today)

    def do(self, name: str, run: Callable[[Desk], Any], *, is_import: bool = False) -> Any:
        """Do something at the desk; None when the books refuse it, which leaves them as they were."""
        try:
            result = run(self.at())
        except (LedgerError, Refusal, FormatError) as refusal:
            self.refused.append(f"{name}: {refusal}")
            return None
        self.steps.append(Step(self.today, name, run, is_import))
        if is_import and len(self.steps) % 5 == 0:
            before = heads(self.desk)
            run(self.at())
            assert heads(self.desk) == before, f"{name} came again and changed the books"
        return result

    def path(self, name: str, content: bytes) -> Path:
        path = self.folder / f"{next(self.numbers):05d}-{name}"
        path.write_bytes(content)
        return path

    def set_up(self) -> None:
        """Two authorities with the same kinds and banks."""
        content = (STORY / "setup.toml").read_text("utf-8") + MONTHLY
        start = content.index("[[authority]]")
        second = content[start:]
        for found, put in (
            ("authority_id = 1", "authority_id = 2"),
            ('"AST"', '"ALA"'),
            (AUTHORITY[0], OTHER_AUTHORITY[0]),
            (AUTHORITY[1], OTHER_AUTHORITY[1]),
            ("first_order_number = 71", "first_order_number = 50071"),
        ):
            assert found in second
            second = second.replace(found, put)
        path = self.path("setup.toml", f"{content}\n{second}".encode())
        self.do("setup", lambda desk: setup.import_file(desk, path))

    def pass_days(self, days: int) -> None:
        self.today += timedelta(days=days)

    # --- The authorities ----------------------------------------------------------------------------------------------

    def decide(self, book: int, kind: str, month: date, bics: list[str]) -> bool:
        """Decisions for new people, one at each of these banks."""
        rows = [HEADING]
        decision = f"{CODES[book]}-{next(self.numbers)}"
        for bic in bics:
            person = next(self.people)
            self.persons[person.iin] = person
            rows.append(self._award(book, decision, kind, month, person, bic))
        path = self.path("decisions.csv", "\n".join(rows).encode())
        return self.do("decide", lambda desk: award.import_file(desk, path), is_import=True) is not None

    def _award(self, book: int, decision: str, kind: str, month: date, person: Person, bic: str) -> str:
        amount = AMOUNTS[kind]
        return ";".join(
            [
                *[PAYERS[book][0], decision, f"{self.today:%d.%m.%Y}", "Басшы", "Е-1", "E-SOBES", kind],
                *[f"{month:%m.%Y}", f"{amount // 100},{amount % 100:02d}", person.iin, person.surname],
                *[person.first_name, person.patronymic, f"{person.birth_date:%d.%m.%Y}", person.sex, "0101", "05"],
                *[person.address, bic, person.iban(BANK_CODES[bic]), person.phone, "", "", "", ""],
            ]
        )

    def ask(self) -> None:
        """Needs whose day has come are formed, and the authorities are asked."""
        self.do("need", need.form)
        sent = self.do("request", lambda desk: request.send(desk, self.folder / "out"))
        books = {side[0]: book for book, side in PAYERS.items()}
        for one in sent.requests if sent else ():
            kinds: dict[str, int] = defaultdict(int)
            for part in one.lines:
                kinds[part.aid_kind] += part.amount
            self.requests[one.number] = (books[one.authority_bin], dict(kinds))

    def pay_in(self, book: int, amount: int, purpose: str, side: tuple[str, str, str] | None = None) -> bool:
        """Money of an authority comes to the account."""
        own = line("credit", self.today, amount, str(next(self.numbers)), side or PAYERS[book], purpose)
        self.transfers.append(own)
        return self.state([own])

    # --- The office, by hand ------------------------------------------------------------------------------------------

    def waiting(self) -> list[WaitingLine]:
        """The money that waits for somebody to say where it belongs."""
        with self.desk.database.begin() as connection:
            return [one for one in waiting.waiting(connection, self.today) if one.direction == "credit"]

    def place(self, name: str, reference: str, kind: str, amount: int, *, anew: bool) -> bool:
        """A person places a line on a request, and turns round what it was before if it must be."""
        part = f"{reference}/{kind}={amount // 100},{amount % 100:02d}"
        code = reference.split("-", maxsplit=1)[0]
        done = self.do(
            "place", lambda desk: reallocate.place(desk, name, code, [part], "хат № 1", anew=anew), is_import=not anew
        )
        return done is not None

    def undo(self, name: str) -> bool:
        """A person takes back what a line was placed as, and gives a debit back to the file that it was of."""
        done = self.do("undo", lambda desk: undo.undo(desk, name, "қате"))
        if done is not None and done.line.direction == "debit" and not done.is_repeat:
            files = [one for one in self.in_state("debited") if one.order.amount == done.line.amount]
            own = next(
                one
                for one in files
                if one.order.dated == done.line.document_date
                and str(one.order.order_number) == done.line.document_number
            )
            again = self.do("settle", lambda desk: settle.settle(desk, name, own.order.reference, "дұрыс екен"))
            assert again is not None, self.refused[-1]
        return done is not None

    def release(self, reference: str) -> bool:
        """What a request does not need goes back to the authority."""
        code = reference.split("-", maxsplit=1)[0]
        return self.do("release", lambda desk: release.release(desk, code, reference, "қажет емес")) is not None

    def carry_over(self, book: int, reference: str) -> bool:
        """A return waits for the next month, with a reason."""
        code, month = CODES[book], self.today.replace(day=1)
        done = self.do("carry over", lambda desk: carry_over.carry_over(desk, code, [reference], month, "зерделенуде"))
        return done is not None

    def give_excess_back(self, name: str) -> None:
        """What waits of a line goes back to its authority."""
        sent = self.do("excess", lambda desk: refund.send(desk, self.folder / "out", lines=[name]))
        for one in sent.refunds if sent else ():
            self.files[one.order.reference] = File(order=one.order, items=())

    def arrive(self, reference: str) -> bool:
        """A request reached its authority on this day."""
        code = reference.split("-", maxsplit=1)[0]
        return self.do("arrived", lambda desk: request.arrived(desk, code, reference, self.today)) is not None

    def stop(self, iin: str, reason: str) -> bool:
        """Nothing of a person is sent any more."""
        own = HoldLine(0, iin, reason, self.today, "", "")
        return bool(self.do("hold", lambda desk: hold.place(desk, own)))

    def let_go(self, code: str, number: int) -> bool:
        """A hold is over."""
        return self.do("hold end", lambda desk: hold.end(desk, code, number, document="", note="анықталды")) is not None

    def cancel(self, code: str, award_number: int) -> bool:
        """An award will not be paid."""
        done = self.do(
            "cancel", lambda desk: cancel.cancel(desk, code, [award_number], reason="күші жойылды", document="")
        )
        return done is not None

    def refuse(self, file: File) -> bool:
        """A bank does not take a file."""
        reference = file.order.reference
        done = self.do("refuse", lambda desk: refusal.refuse(desk, reference, reason="қате"))
        if done is not None:
            file.state = "refused"
        return done is not None

    def resolve(self, book: int, reference: str, person: Person, amount: int, outcome: str) -> bool:
        """The authority decides on one return: resend to a new account at Kaspi, or refund."""
        head = [PAYERS[book][0], f"R-{next(self.numbers)}", f"{self.today:%d.%m.%Y}", "Басшы", reference, person.iin]
        paid = f"{amount // 100},{amount % 100:02d}"
        account = iban_for("722", f"9{next(self.numbers):012d}")
        names = [person.surname, person.first_name, person.patronymic, "CASPKZKA", account, ""]
        rest = names if outcome == "resend" else [""] * 5 + ["шот жабылған"]
        path = self.path("resolutions.csv", "\n".join([RESOLUTIONS, ";".join([*head, paid, outcome, *rest])]).encode())
        return self.do("resolve", lambda desk: resolve.import_file(desk, path), is_import=True) is not None

    # --- The banks ----------------------------------------------------------------------------------------------------

    def state(self, lines: list[onec.StatementLine]) -> bool:
        """A statement of the day with these lines; the account moves whether or not the books take it."""
        turnover = {way: sum(one.amount for one in lines if one.direction == way) for way in ("credit", "debit")}
        opening = self.balance
        self.balance += turnover["credit"] - turnover["debit"]
        content = onec.Statement(
            account=OUR_IBAN,
            date_from=self.today,
            date_to=self.today,
            opening=opening,
            credited=turnover["credit"],
            debited=turnover["debit"],
            closing=self.balance,
            lines=tuple(replace(one, line=place) for place, one in enumerate(lines, start=1)),
        )
        path = self.path("statement.txt", onec.write(content, "utf-8"))
        taken = self.do("statement", lambda desk: statement.import_file(desk, path), is_import=True)
        assert taken is not None, self.refused[-1]
        return True

    def send(self) -> None:
        """MT-102 files go out; the banks read them."""
        sent = self.do("send", lambda desk: order.send(desk, self.folder / "out"))
        for one in sent.orders if sent else ():
            [read] = mt102.read((self.folder / "out" / one.file_name).read_bytes(), one.file_name)
            self.files[one.reference] = File(order=one, items=tuple(read.items))

    def refund(self) -> None:
        """Refunds go out."""
        sent = self.do("refund", lambda desk: refund.send(desk, self.folder / "out"))
        for one in sent.refunds if sent else ():
            self.files[one.order.reference] = File(order=one.order, items=())

    def in_state(self, state: str, *, lists: bool = False) -> list[File]:
        """The files in a state, in the order they were sent; `lists` leaves refunds out."""
        return [file for file in self.files.values() if file.state == state and (file.items or not lists)]

    def debit(self, file: File) -> bool:
        """The bank takes the money of a file."""
        side = BANKS.get(file.order.bic) or PAYERS[file.order.authority_id]
        file.state = "debited"
        own = debit(self.today, file.order.amount, str(file.order.order_number), side)
        return self.state([replace(own, dated=file.order.dated)])

    def give_back(self, file: File, place: int) -> tuple[Path, onec.StatementLine] | None:
        """The bank gives one person's money back: its message, and the line that brings the money."""
        if place in file.given_back:
            return None
        file.given_back.add(place)
        item = file.items[place]
        number = str(500_000 + next(self.numbers))
        named = f"№ {file.order.order_number} от {file.order.dated:%d.%m.%Y} реф {file.order.reference}"
        purpose = f"Возврат по пл.поручению {named}"
        told = message(self.today, number, [item], f"{purpose}. Счет закрыт", BANKS[file.order.bic])
        path = self.path("return.txt", encode(mt102.write(told), "cp1251"))
        money = credit(self.today, item.amount, number, BANKS[file.order.bic], purpose)
        return path, money

    def turn_round(self, file: File) -> bool:
        """The bank turns the debit of a whole file round, and a person says so."""
        if file.given_back:
            return False
        number = str(700_000 + next(self.numbers))
        self.state([credit(self.today, file.order.amount, number, BANKS[file.order.bic], "СТОРНО")])
        for name in [one.line for one in self.waiting() if one.document == number]:
            said = Said(reason="сторно", line=name, file=file.order.reference)
            if self.do("storno", partial(return_place.place, said=said)) is not None:
                file.given_back.update(range(len(file.items)))
                return True
        return False

    def keep_a_fee(self, file: File, place: int, fee: int = 460_00) -> bool:
        """The bank gives one person's money back less a fee; a person claims the fee, and the bank pays it at once."""
        if place in file.given_back:
            return False
        file.given_back.add(place)
        item = file.items[place]
        number = str(600_000 + next(self.numbers))
        told = message(self.today, number, [item._replace(amount=item.amount - fee)], "Возврат", BANKS[file.order.bic])
        self.tell(self.path("return.txt", encode(mt102.write(told), "cp1251")))
        self.state([credit(self.today, item.amount - fee, number, BANKS[file.order.bic], "Возврат")])
        payment = self._payment(file, item.idn)
        told_as = f"{file.order.bic}/{told.header.reference}"
        said = Said(
            reason="комиссия",
            messages=[told_as],
            items=[f"1={payment}"],
            short=True,
            authority_code=CODES[file.order.authority_id],
        )
        if self.do("short", lambda desk: return_place.place(desk, said)) is None:
            return False
        own = str(600_000 + next(self.numbers))
        self.state([credit(self.today, fee, own, BANKS[file.order.bic], "Комиссия")])
        code = CODES[file.order.authority_id]
        for name in [one.line for one in self.waiting() if one.document == own]:
            pays = partial(claim.paid, line=name, payment=payment, reason="хат", authority_code=code)
            self.do("claim", pays)
        return True

    def _payment(self, file: File, iin: str) -> str:
        """What the books call a person's payment in a file."""
        with self.desk.database.begin() as connection:
            row = connection.execute(
                text("""
                    SELECT p.award_number, p.attempt FROM esep.payment p
                    JOIN esep.award_line w ON w.authority_id = p.authority_id AND w.due_month = p.due_month
                        AND w.award_number = p.award_number AND w.version = p.version AND w.iin = :iin
                    WHERE p.authority_id = :book AND p.order_number = :order
                """),
                {"iin": iin, "book": file.order.authority_id, "order": file.order.order_number},
            ).one()
        return f"P{row.award_number}/{row.attempt}"

    def tell(self, path: Path) -> bool:
        """A return message reaches the State Corporation."""
        return self.do("return", lambda desk: returns.import_file(desk, path), is_import=True) is not None

    def notify(self) -> None:
        """The authorities are told; what they are told waits for their decision."""
        sent = self.do("notify", lambda desk: returns.notify(desk, self.folder / "out"))
        books = {side[0]: book for book, side in PAYERS.items()}
        for notice in sent.notices if sent else ():
            self.returned += [
                (books[notice.authority_bin], one.payment_reference, self.persons[one.iin], one.amount)
                for one in notice.lines
            ]


def heads(desk: Desk) -> list[tuple[int, int]]:
    """The last entry of every book: equal heads are equal books."""
    with desk.database.begin() as connection:
        query = "SELECT authority_id, max(number) FROM esep.entry GROUP BY 1 ORDER BY 1"
        return [(book, number) for book, number in connection.execute(text(query))]
