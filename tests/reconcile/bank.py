"""What banks send in the tests of statements and returns: statement lines, whole statements, return messages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlalchemy import text

from formats import mt, mt102, onec
from formats.mt_parts import Party
from formats.onec import Direction, StatementLine
from formats.text import encode
from ledgers.journal import EntryKind, Event
from ledgers.tables import FACTS, UNCHAINED
from reconcile import need, order, request, setup
from reconcile import statement as verb
from reconcile.desk import Desk
from tests.ledgers.stories import GOLDEN, REQUEST, Rows, Story
from tests.ledgers.story_rows import day

OUR_IBAN = "KZ24009ESEP000000001"
OUR_BIN = "160440007161"
AUTHORITY = ("230540100010", "KZ73070A010100000001", "KKMFKZ2A")
HALYK = ("240140601018", "KZ30601A000000000601", "HSBKKZKX")
KASPI = ("240140722017", "KZ71722C000000000722", "CASPKZKA")
STRANGER = ("230640999996", "KZ076017A99999999900", "HSBKKZKX")
A_MONTH, B_MONTH = 1_846_000_00, 295_360_00
FIVE_MRP = 18_460_00

Side = tuple[str, str, str]


def line(
    direction: Direction, on: date, amount: int, number: str, side: Side, purpose: str = "-", dated: date | None = None
) -> StatementLine:
    """A line whose document is of the same day unless said."""
    return StatementLine(
        line=1,
        number=number,
        dated=dated or on,
        booked_on=on,
        value_date=on,
        amount=amount,
        direction=direction,
        counterparty_name="Тест",
        counterparty_bin=side[0],
        counterparty_iban=side[1],
        counterparty_bic=side[2],
        knp="027",
        purpose=purpose,
    )


def transfer(on: date, amount: int, number: str, purpose: str = REQUEST) -> StatementLine:
    """The authority's money."""
    return line("credit", on, amount, number, AUTHORITY, purpose)


def debit(on: date, amount: int, number: str, side: Side = HALYK, purpose: str = "-") -> StatementLine:
    """The bank takes the money of a file."""
    return line("debit", on, amount, number, side, purpose)


def credit(on: date, amount: int, number: str, side: Side = HALYK, purpose: str = "-") -> StatementLine:
    """A bank gives money back."""
    return line("credit", on, amount, number, side, purpose)


def statement(folder: Path, *lines: StatementLine, opening: int = 0, account: str = OUR_IBAN) -> Path:
    """A statement file over these lines, named by its days."""
    days = [one.booked_on for one in lines] or [day(1)]
    sums = {way: sum(one.amount for one in lines if one.direction == way) for way in ("credit", "debit")}
    content = onec.Statement(
        account=account,
        date_from=min(days),
        date_to=max(days),
        opening=opening,
        credited=sums["credit"],
        debited=sums["debit"],
        closing=opening + sums["credit"] - sums["debit"],
        lines=tuple(replace(one, line=place) for place, one in enumerate(lines, start=1)),
    )
    path = folder / f"statement-{min(days)}-{max(days)}-{len(list(folder.iterdir()))}.txt"
    path.write_bytes(onec.write(content, "utf-8"))
    return path


@dataclass(frozen=True, kw_only=True)
class Person:
    """A person of a file, as the register has them."""

    award: int
    iin: str
    surname: str
    first_name: str
    patronymic: str
    iban: str


def people(desk: Desk) -> list[Person]:
    """Everybody with an award, by award number."""
    with desk.database.begin() as connection:
        rows = connection.execute(
            text("""
                SELECT award_number AS award, iin, surname, first_name, patronymic, iban FROM esep.award_line
                WHERE version = 1 ORDER BY authority_id, award_number
            """)
        )
        return [Person(**row._asdict()) for row in rows]


def item(person: Person, amount: int = FIVE_MRP, assign: str = "", iban: str | None = None) -> mt102.Mt102Item:
    return mt102.Mt102Item(
        number=1,
        amount=amount,
        surname=person.surname,
        first_name=person.first_name,
        patronymic=person.patronymic,
        idn=person.iin,
        account=person.iban if iban is None else iban,
        assign=assign,
    )


def message(
    on: date,
    number: str,
    items: Sequence[mt102.Mt102Item],
    purpose: str = "Возврат по пл.поручению № 71 от 18.03.2024. Счет закрыт",
    side: Side = HALYK,
    account: str = OUR_IBAN,
) -> mt102.Mt102:
    """A return: payer and beneficiary swapped, its items numbered anew."""
    bank = Party(
        account=side[1], name="БАНК", idn=side[0], irs="1", seco="4", bic=side[2], chief="А.А.", main_bk="Б.Б."
    )
    us = Party(account=account, name="ГОСКОРПОРАЦИЯ", idn=OUR_BIN, irs="1", seco="6", bic="GCVPKZ2A")
    header = mt102.Mt102Header(
        envelope=mt.Header(terminal="K05601000000", message_type="102"),
        reference=f"RMZ{number}",
        payer=bank,
        beneficiary=us,
        number=number,
        dated=on,
        value_date=on,
        vo="01",
        knp="028",
        pso="01",
        prt="50",
        assign=purpose,
    )
    return mt102.Mt102(header=header, items=tuple(one._replace(number=n) for n, one in enumerate(items, start=1)))


def returns_file(folder: Path, *messages: mt102.Mt102) -> Path:
    path = folder / f"returns-{len(list(folder.iterdir()))}.txt"
    path.write_bytes(encode("".join(mt102.write(one) for one in messages), "cp1251"))
    return path


def counts(desk: Desk) -> dict[str, int]:
    """How many rows every table of the books has."""
    tables = [*FACTS, *UNCHAINED]
    with desk.database.begin() as connection:
        return {name: connection.execute(text(f"SELECT count(*) FROM esep.{name}")).scalar_one() for name in tables}


def balances(desk: Desk) -> dict[str, int]:
    """Open balances on the normal side: '1 funding/A/AST-2024-0001' -> tiyn."""
    with desk.database.begin() as connection:
        rows = connection.execute(
            text("""
                SELECT a.authority_id, a.code, a.aid_kind, a.reference,
                       sum(CASE WHEN (c.normal_side = 'debit') = (p.debit = a.account_id) THEN p.amount
                                ELSE -p.amount END)::bigint AS balance
                FROM esep.account a
                JOIN esep.chart c ON c.code = a.code
                JOIN esep.posting p ON p.authority_id = a.authority_id AND a.account_id IN (p.debit, p.credit)
                GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
            """)
        )
        return {
            f"{row.authority_id} {'/'.join(filter(None, (row.code, row.aid_kind, row.reference)))}": row.balance
            for row in rows
            if row.balance
        }


def cash_of_lines(desk: Desk) -> Mapping[int, int]:
    """What each statement line moved on cash, over all books and versions of its match."""
    with desk.database.begin() as connection:
        rows = connection.execute(
            text("""
                SELECT split_part(e.source_key, ':', 2)::bigint AS line,
                       sum(CASE WHEN d.code = 'cash' THEN p.amount ELSE 0 END
                           - CASE WHEN c.code = 'cash' THEN p.amount ELSE 0 END)::bigint AS moved
                FROM esep.entry e
                JOIN esep.posting p ON p.authority_id = e.authority_id AND p.entry_number = e.number
                JOIN esep.account d ON d.authority_id = p.authority_id AND d.account_id = p.debit
                JOIN esep.account c ON c.authority_id = p.authority_id AND c.account_id = p.credit
                WHERE e.source_key LIKE 'line:%'
                GROUP BY 1 ORDER BY 1
            """)
        )
        return {row.line: row.moved for row in rows}


def requested(desk: Desk, cells: Mapping[tuple[str, str], int] | None = None) -> Story:
    """Setup, decisions and the request of the golden month, or of fewer people."""
    story = Story(desk)
    story.set_up()
    if cells is None:
        story.awards()
        story.request({"A": A_MONTH, "B": B_MONTH})
    else:
        story.awards(cells)
        kinds = sorted({kind for kind, _ in cells})
        per = {"A": FIVE_MRP, "B": 7_384_00}
        story.request({kind: per[kind] * sum(n for (own, _), n in cells.items() if own == kind) for kind in kinds})
    return story


OTHER_AUTHORITY = ("230540100020", "KZ46070A010100000002", "KKMFKZ2A")


@dataclass
class OtherStory(Story):
    """The same decisions in the book of the second authority."""

    def enter(
        self,
        kind: EntryKind,
        on: date,
        rows: Rows,
        events: Sequence[Event] = (),
        *,
        book: int = 2,
        value: date | None = None,
    ) -> int:
        return super().enter(kind, on, rows, events, book=book, value=value)


def two_authorities(desk: Desk, folder: Path) -> Desk:
    """AST sent file 71 to Halyk and 72 to Kaspi, ALA file 72 to Halyk, a person each and all debited; on the 19th.

    The person at Halyk is the same one in both.
    """
    content = GOLDEN.read_text("utf-8")
    block = content[content.index("[[authority]]") : content.index("[[authority.aid_kind]]")]
    kind = content[content.index("[[authority.aid_kind]]") :].split("[[authority.aid_kind]]")[1]
    for found, put in (
        ("authority_id = 1", "authority_id = 2"),
        ('"AST"', '"ALA"'),
        (AUTHORITY[0], OTHER_AUTHORITY[0]),
        (AUTHORITY[1], OTHER_AUTHORITY[1]),
        ("first_order_number = 71", "first_order_number = 72"),
    ):
        assert found in block
        block = block.replace(found, put)
    path = folder / "setup.toml"
    path.write_text(f"{content}\n{block}\n[[authority.aid_kind]]{kind}", "utf-8")
    setup.import_file(replace(desk, today=day(1)), path)
    Story(desk).awards({("A", "HSBKKZKX"): 1, ("A", "CASPKZKA"): 1})
    OtherStory(desk).awards({("A", "HSBKKZKX"): 1})
    need.form(desk)
    request.send(desk, folder / "out")
    came = [transfer(day(14), 2 * FIVE_MRP, "145"), line("credit", day(14), FIVE_MRP, "9", OTHER_AUTHORITY)]
    verb.import_file(desk, statement(folder, *came))
    order.send(replace(desk, today=day(18)), folder / "out")
    return replace(desk, today=day(19))
