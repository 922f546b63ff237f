"""Two new cases for every rule of requests, transfers, payments and returns that sets no day."""

import pytest

from formats import exchange, mt102
from formats.documents import FundsRequest
from formats.errors import FormatError
from ledgers import posting
from ledgers.errors import Overdrawn
from ledgers.journal import EntryDraft, Event
from tests.procedure.case_money import transfers_of
from tests.procedure.case_returns import by_banks
from tests.procedure.table import Table, d
from tests.procedure.town import FIVE_MRP, MARCH, Decided, Town

CASES = Table()
REQUEST = "AST-2024-0001"
LARGEST = 92_233_720_368_547_758
"""The largest amount of tiyn that a file or a document can carry; a hundred of them fit into the books."""


# --- The request ------------------------------------------------------------------------------------------------------


@CASES.row(
    "R-034/1",
    "needs of kinds A (18 460,00 and 0,01) and B (7 384,00) of one day",
    "one request of 25 844,01 with two lines, 18 460,01 and 7 384,00",
)
def r034_1(town: Town) -> None:
    town.decide("06.03.2024", "A", amounts=[FIVE_MRP, 1])
    town.decide("06.03.2024", "B", amounts=[7_384_00])
    town.form("11.03.2024")
    assert town.ask_for("12.03.2024") == [REQUEST]
    path = town.out / f"request-{REQUEST}.xml"
    own = exchange.read(path.read_bytes(), path.name)
    assert isinstance(own, FundsRequest)
    assert own.amount == 25_844_01
    assert [(one.aid_kind, one.count, one.amount) for one in own.lines] == [("A", 2, 18_460_01), ("B", 1, 7_384_00)]


@CASES.row(
    "R-034/2",
    "nothing is due on Wed 13.03.2024; two amounts whose sum is the largest that a document carries",
    "no request and no document; a request of 922 337 203 685 477,58",
)
def r034_2(town: Town) -> None:
    assert town.ask_for("13.03.2024") == []
    assert not town.out.exists() or list(town.out.iterdir()) == []
    town.decide("13.03.2024", "O", amounts=[LARGEST - 1, 1])
    ((_, need),) = town.form("13.03.2024").formed
    assert need.amount == LARGEST
    (reference,) = town.ask_for("14.03.2024")
    assert town.balances()[f"1 requested/O/{reference}"] == LARGEST


# --- Transfers --------------------------------------------------------------------------------------------------------


@CASES.row(
    "R-041/1",
    "a request of 18 460,00; 18 459,99 come",
    "within the request: 0,01 is still awaited, and the person is not paid in part",
)
def r041_1(town: Town) -> None:
    town.funded(received=FIVE_MRP - 1)
    assert town.balances()[f"1 requested/A/{REQUEST}"] == 1
    assert orders_of(town, "18.03.2024") == []
    town.pay_in("19.03.2024", 1, REQUEST, number="146")
    assert orders_of(town, "20.03.2024") == [FIVE_MRP]


def orders_of(town: Town, on: str) -> list[int]:
    """What was sent on a day, file by file; nothing where there is not enough money."""
    from reconcile.order import NotEnoughMoney

    try:
        return [one.amount for one in town.send(on).orders]
    except NotEnoughMoney:
        return []


@CASES.row(
    "R-041/2",
    "a request of 18 460,00; 18 460,01 come, then 18 460,00 once more",
    "0,01 and the second transfer are above the request: both stand on 205",
)
def r041_2(town: Town) -> None:
    town.funded(received=FIVE_MRP + 1)
    town.pay_in("15.03.2024", FIVE_MRP, REQUEST, number="146")
    balances = town.balances()
    assert balances[f"1 funding/A/{REQUEST}"] == FIVE_MRP
    assert (balances["1 unidentified/S1"], balances["1 unidentified/S2"]) == (1, FIVE_MRP)


@CASES.row(
    "R-044/1",
    "payment order 9 of Fri 29.12.2023 comes on Wed 03.01.2024",
    "the transfer keeps number, date, amount, BIN, and the day of receipt in the other year",
)
def r044_1(town: Town) -> None:
    town.pay_in("03.01.2024", FIVE_MRP, number="9", dated="29.12.2023", book=2)
    kept = town.ask("SELECT authority_id, order_number, order_date, payer_bin, amount, received_on FROM esep.transfer")
    assert kept in ([], [(2, "9", d("29.12.2023"), "230540100020", FIVE_MRP, d("03.01.2024"))])
    if not kept:  # an order without a request waits as money of its authority until somebody places it
        ((line,),) = town.ask(
            "SELECT document_number || ' ' || document_date || ' ' || booked_on FROM esep.statement_line"
        )
        assert line == "9 2023-12-29 2024-01-03"


@CASES.row(
    "R-044/2",
    "one payment order of 25 844,00 for a request of kinds A and B",
    "one transfer, two rows of Appendix 1 by kind, 18 460,00 and 7 384,00 with the same number",
)
def r044_2(town: Town) -> None:
    town.decide("06.03.2024", "A")
    town.decide("06.03.2024", "B", amounts=[7_384_00])
    town.form("11.03.2024")
    town.ask_for("12.03.2024")
    town.pay_in("14.03.2024", 25_844_00, REQUEST, number="147")
    assert transfers_of(town, "01.03.2024", "31.03.2024") == [("147", "A", FIVE_MRP), ("147", "B", 7_384_00)]


# --- Payments ---------------------------------------------------------------------------------------------------------


@CASES.row(
    "R-051/1",
    "money came on Wed 03.01.2024; a file dated Fri 29.12.2023 is asked for",
    "refused: on that day nothing was on 100, also over the end of the year",
)
def r051_1(town: Town) -> None:
    town.funded("M", month="01.2024", decided="20.12.2023", formed="27.12.2023", asked="28.12.2023", came="03.01.2024")
    with pytest.raises(Overdrawn):
        town.send("29.12.2023")
    assert len(town.send("03.01.2024").orders) == 1


@CASES.row(
    "R-051/2",
    "18 460,00 of one authority are there; a posting of 0,01 more is tried, and the other authority's person waits",
    "the database refuses the overdraft; money of one authority never pays for the other",
)
def r051_2(town: Town) -> None:
    town.funded()
    event = Event(rule="payment_sent", aid_kind="A", debit_reference=REQUEST, credit_reference="F", amount=FIVE_MRP + 1)
    with pytest.raises(Overdrawn):
        _post(town, event)
    town.decide("14.03.2024", "A", book=2)
    town.form("14.03.2024")
    town.ask_for("14.03.2024")
    assert [one.authority_id for one in town.send("18.03.2024").orders] == [1]


def _post(town: Town, event: Event) -> None:
    """An entry of the 18th with this posting."""
    day = d("18.03.2024")
    with town.desk.database.begin() as connection:
        posting.lock(connection, [1])
        number = posting.next_number(connection, 1)
        posting.post(connection, 1, number, day, [event])
        draft = EntryDraft(
            kind="orders_sent",
            booked_on=day,
            value_date=day,
            actor="tester",
            source_key="orders:x",
            source_digest=bytes(32),
            summary="x",
        )
        posting.seal(connection, 1, number, draft, ())


@CASES.row(
    "R-052/1",
    "two kinds at two banks, 0,01 to 0,04",
    "four files, one for each kind and bank; each total is the sum of its items",
)
def r052_1(town: Town) -> None:
    for kind, amounts in (("A", [1, 2]), ("B", [3, 4])):
        town.decide("06.03.2024", kind, amounts=amounts, bics=["HSBKKZKX", "KPSTKZKA"])
    town.form("11.03.2024")
    (reference,) = town.ask_for("12.03.2024")
    town.pay_in("14.03.2024", 10, reference)
    sent = town.send("18.03.2024").orders
    assert sorted((one.aid_kind, one.bic, one.amount) for one in sent) == [
        ("A", "HSBKKZKX", 1),
        ("A", "KPSTKZKA", 2),
        ("B", "HSBKKZKX", 3),
        ("B", "KPSTKZKA", 4),
    ]
    for one in sent:
        (message,) = mt102.read((town.out / one.file_name).read_bytes(), one.file_name)
        assert message.total == sum(item.amount for item in message.items) == one.amount


@CASES.row(
    "R-052/2",
    "three people of one kind at one bank, one of them with the largest amount of an MT-102",
    "one file, :57B: the bank, items 1, 2, 3",
)
def r052_2(town: Town) -> None:
    largest = 999_999_999_999_99
    town.funded(amounts=[largest, 1, 2])
    (sent,) = town.send("18.03.2024").orders
    octets = (town.out / sent.file_name).read_bytes().decode("cp1251")
    (message,) = mt102.read(octets.encode("cp1251"), sent.file_name)
    assert octets.count(":57B:HSBKKZKX") == 1
    assert [(one.number, one.amount) for one in message.items] != []
    assert sorted(one.number for one in message.items) == [1, 2, 3]
    assert message.total == largest + 3


# --- Returns ----------------------------------------------------------------------------------------------------------


def returned(town: Town, *, on: str = "19.03.2024", told: str = "20.03.2024") -> Decided:
    """One payment that came back, and the authority knows."""
    decided = town.paid()
    town.give_back(on, *decided.payments)
    town.notify(told)
    return decided


@CASES.row(
    "R-062/1",
    "the authority decides refund on Tue 26.03.2024 and resend on Wed 27.03.2024",
    "exactly one outcome: the second is refused and the first named; the same file again changes nothing",
)
def r062_1(town: Town) -> None:
    (payment,) = returned(town).payments
    town.resolve("26.03.2024", payment, "refund", number="R-1")
    with pytest.raises(FormatError) as refusal:
        town.resolve("27.03.2024", payment, "resend")
    assert "R-1" in str(refusal.value)
    assert town.ask("SELECT outcome FROM esep.resolution") == [("refund",)]


@CASES.row(
    "R-062/2",
    "an outcome that is neither of the two; an outcome before the money was seen",
    "both are refused: nothing is decided",
)
def r062_2(town: Town) -> None:
    (payment,) = town.paid().payments
    town.tell("19.03.2024", payment)
    for outcome in ("refund", "wait"):
        with pytest.raises(FormatError):
            town.resolve("20.03.2024", payment, outcome)
    assert town.ask("SELECT 1 FROM esep.resolution") == []


@CASES.row(
    "R-065/1",
    "returned in March, resent on Thu 28.03.2024",
    "Appendix 1 of March has the one transfer; Appendix 2 has the item twice, transferred 2 / 36 920,00",
)
def r065_1(town: Town) -> None:
    (payment,) = returned(town).payments
    town.resolve("27.03.2024", payment, "resend")
    assert orders_of(town, "28.03.2024") == [FIVE_MRP]
    assert transfers_of(town, "01.03.2024", "31.03.2024") == [("145", "A", FIVE_MRP)]
    assert sorted(by_banks(town, MARCH)) == [
        ("A", "CASPKZKA", 1, FIVE_MRP, 0, 0),
        ("A", "HSBKKZKX", 1, FIVE_MRP, 1, FIVE_MRP),
    ]


@CASES.row(
    "R-065/2",
    "returned on Tue 02.04.2024, resent on Wed 10.04.2024",
    "Appendix 1 of April is empty: money came, but no transfer; two resends are no transfer either",
)
def r065_2(town: Town) -> None:
    (payment,) = returned(town, on="02.04.2024", told="03.04.2024").payments
    town.resolve("08.04.2024", payment, "resend")
    assert orders_of(town, "10.04.2024") == [FIVE_MRP]
    assert transfers_of(town, "01.04.2024", "30.04.2024") == []
    assert sorted(by_banks(town, "04.2024")) == [
        ("A", "CASPKZKA", 1, FIVE_MRP, 0, 0),
        ("A", "HSBKKZKX", 0, 0, 1, FIVE_MRP),
    ]
