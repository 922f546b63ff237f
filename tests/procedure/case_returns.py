"""Returns: cases E53 to E67."""

from pathlib import Path

import pytest

from formats.errors import FormatError
from ledgers import acts, closing, sums
from ledgers.claims import claims
from reconcile import act, carry_over, deadlines, return_place
from reconcile.carry_over import NotInDecember
from reconcile.return_hand import Said
from tests.procedure.table import Table, d
from tests.procedure.town import FIVE_MRP, Decided, Town
from tests.reconcile import bank

CASES = Table()
HALYK, KASPI, KAZPOST = "HSBKKZKX", "CASPKZKA", "KPSTKZKA"


def by_banks(town: Town, month: str, book: int = 1) -> list[tuple[str, str, int, int, int, int]]:
    """The rows of Appendix 2: kind, bank, transferred, returned (items and tiyn)."""
    first = d(f"01.{month}")
    with town.desk.database.begin() as connection:
        parts = acts.bank_parts(connection, book, first, closing.last_day(first))
    return [(one.aid_kind, one.bic, one.sent_count, one.sent, one.returned_count, one.returned) for one in parts]


def equation(town: Town, month: str, book: int = 1) -> sums.ControlEquation:
    first = d(f"01.{month}")
    with town.desk.database.begin() as connection:
        return sums.control_equation(connection, book, first, closing.last_day(first))


@CASES.row(
    "E53",
    "golden month",
    "section 1.11: 141 / 2 159 820,00 transferred, 3 / 55 380,00 returned, refund 36 920,00, transfers 2 141 360,00, "
    "closing 0,00",
)
def e53(golden: Town) -> None:
    assert sorted(by_banks(golden, "03.2024")) == sorted(
        [
            ("A", HALYK, 60, 1_107_600_00, 2, 36_920_00),
            ("A", KASPI, 31, 572_260_00, 0, 0),
            ("A", KAZPOST, 10, 184_600_00, 1, 18_460_00),
            ("B", HALYK, 25, 184_600_00, 0, 0),
            ("B", KASPI, 15, 110_760_00, 0, 0),
        ]
    )
    own = equation(golden, "03.2024")
    assert (own.transfers, own.sent, own.returned, own.refunded, own.closing) == (
        2_141_360_00,
        2_159_820_00,
        55_380_00,
        36_920_00,
        0,
    )
    assert own.holds


@CASES.row(
    "E54",
    "item 18 460,00, the bank returns 18 000,00 (fee 460,00)",
    "not matched by itself; the service is free (R-006): 18 000,00 in 210, 460,00 claimed",
)
def e54(town: Town) -> None:
    (payment,) = town.paid().payments
    told = town.tell("19.03.2024", payment, number="77", amount=18_000_00)
    assert [one.state for one in told.messages] == ["parked"]
    came = town.money_back("19.03.2024", payment, number="77", amount=18_000_00)
    assert [one.amount for one in came.unidentified] == [18_000_00]
    said = Said(messages=(f"{HALYK}/RMZ77",), items=(f"1={payment}",), reason="банк комиссия ұстады", short=True)
    return_place.place(town.at("20.03.2024"), said)
    balances = town.balances()
    assert balances[f"1 returned/A/{payment}"] == 18_000_00
    assert balances[f"1 claim/A/{payment}"] == 460_00
    with town.desk.database.begin() as connection:
        assert [(one.reference, one.open) for one in claims(connection, [1])] == [(payment, 460_00)]


@CASES.row("E56", "return with an unknown reference", "205 unidentified; no person is touched")
def e56(town: Town) -> None:
    (payment,) = town.paid().payments
    item, _, side = town.item(payment)
    came = bank.credit(d("19.03.2024"), FIVE_MRP, "78", side, "Возврат по пл.поручению № 999 от 18.03.2024")
    town.state("19.03.2024", came)
    assert sum(amount for name, amount in town.balances().items() if "unidentified" in name) == FIVE_MRP
    assert town.ask("SELECT 1 FROM esep.returned_payment") == []
    assert item.amount == FIVE_MRP


@CASES.row(
    "E58",
    "return of a return: resent 28.03.2024, back on Mon 01.04.2024",
    "data due Tue 02.04.2024; attempt 2 failed: with limit 2 only a refund is allowed; refund due 30.04.2024",
)
def e58(town: Town) -> None:
    decided = town.paid()
    town.give_back("19.03.2024", *decided.payments)
    town.notify("20.03.2024")
    town.resolve("27.03.2024", decided.payments[0], "resend")
    town.send("28.03.2024")
    town.debit("28.03.2024")
    second = f"P{decided.awards[0]}/2"
    town.give_back("01.04.2024", second)
    assert d("02.04.2024") in [one.due for one in town.board("01.04.2024", "R-060")]
    assert d("30.04.2024") in [one.due for one in town.board("01.04.2024", "R-063")]
    town.notify("02.04.2024")
    with pytest.raises(FormatError) as refused:
        town.resolve("03.04.2024", second, "resend")
    assert "refund" in str(refused.value)
    town.resolve("03.04.2024", second, "refund")
    assert [one.order.amount for one in town.refund("03.04.2024").refunds] == [FIVE_MRP]


@CASES.row(
    "E59",
    "Kaspi returns 18 460,00 on 03.04.2024 for a payment of 18.03.2024; the March documents are signed",
    "March unchanged; April Appendix 2 row Kaspi: transferred 0 / 0,00, returned 1 / 18 460,00, paid −1 / −18 460,00; "
    "refund due Tue 30.04.2024",
)
def e59(golden: Town) -> None:
    march = by_banks(golden, "03.2024")
    built = {path.name: path.read_bytes() for path in build(golden, "03.2024").iterdir()}
    (payment,) = [
        f"P{number}/1"
        for (number,) in golden.ask(
            "SELECT p.award_number FROM esep.payment p JOIN esep.payment_order o USING (authority_id, order_number) "
            "WHERE o.bic = 'CASPKZKA' AND p.attempt = 1 AND o.aid_kind = 'A' ORDER BY 1 LIMIT 1"
        )
    ]
    golden.give_back("03.04.2024", payment)
    assert by_banks(golden, "03.2024") == march
    assert by_banks(golden, "04.2024") == [("A", KASPI, 0, 0, 1, 18_460_00)]
    assert [one.due for one in golden.board("03.04.2024", "R-063") if one.met_on is None] == [d("30.04.2024")]
    golden.notify("04.04.2024")
    golden.resolve("05.04.2024", payment, "refund")
    golden.refund("05.04.2024")
    golden.debit("05.04.2024")
    golden.quiet("06.04.2024", "30.04.2024")
    (row,) = golden.closed("01.05.2024", "04.2024").statement.rows
    assert (row.paid_count, row.paid) == (-1, -18_460_00)
    assert {path.name: path.read_bytes() for path in build(golden, "03.2024", "again").iterdir()} == built


def build(town: Town, month: str, name: str = "built") -> Path:
    """The documents of a month in a folder of their own."""
    folder = town.folder / name
    act.build(town.at("02.04.2024"), "AST", d(f"01.{month}"), folder)
    return folder


@CASES.row(
    "E61",
    "return on Fri 29.12.2023, 69 000,00 (20 MRP × 3 450)",
    "refund due the same day; carry-over is refused by default, a manual one marks budget year 2023; data due "
    "Wed 03.01.2024",
)
def e61(town: Town) -> None:
    assert 20 * 3_450_00 == 69_000_00
    people = town.paid(
        "20.12.2023",
        kind="O",
        amounts=[69_000_00],
        month="12.2023",
        decided="14.12.2023",
        formed="14.12.2023",
        asked="15.12.2023",
        came="19.12.2023",
    )
    town.give_back("29.12.2023", *people.payments)
    assert [one.due for one in town.board("29.12.2023", "R-063")] == [d("29.12.2023")]
    assert [one.due for one in town.board("29.12.2023", "R-060")] == [d("03.01.2024")]
    december = d("01.12.2023")
    with pytest.raises(NotInDecember):
        carry_over.carry_over(town.at("29.12.2023"), "AST", people.payments, december, "банк жабық")
    carry_over.carry_over(town.at("29.12.2023"), "AST", people.payments, december, "банк жабық", despite_december=True)
    assert town.refund("29.12.2023").refunds == ()
    town.notify("03.01.2024")
    town.resolve("04.01.2024", people.payments[0], "refund")
    (back,) = town.refund("04.01.2024").refunds
    assert back.other_years == {2023: (1, 69_000_00)}


@CASES.row(
    "E62",
    "the authority is silent for 3 working days",
    "escalation to the head; at the month's end a refund is proposed",
)
def e62(town: Town) -> None:
    decided = town.paid()
    town.give_back("19.03.2024", *decided.payments)
    town.notify("20.03.2024")
    assert [one.state for one in town.board("28.03.2024", "R-061")] == ["due today"]
    (late,) = town.board("29.03.2024", "R-061")
    assert (late.due, late.state, late.late_by) == (d("28.03.2024"), "overdue", 1)
    assert late.advice == "escalate to the head of the authority; a refund is proposed at the month's end (E62)"
    (proposed,) = town.refund("29.03.2024", dry_run=True).refunds
    assert (proposed.lapsed, proposed.order.amount) == (1, FIVE_MRP)


@CASES.row(
    "E64",
    "deceased, the bank did not return, an heir took the money",
    "no ledger entry in 100; an overpayment case is opened",
)
def e64(town: Town) -> None:
    town.paid()
    before = town.balances()
    noted = deadlines.note(
        town.at("28.03.2024"), "P-012", "AST", "case 12", "started", on=d("28.03.2024"), words="мұрагер алды"
    )
    assert noted.deadline.due == d("29.03.2024")
    assert town.balances() == before == {}
    assert town.ask("SELECT 1 FROM esep.returned_payment") == []


@CASES.row("E65", "death registered 25.03 after the credit of 18.03", "the payment is lawful; only future lines stop")
def e65(town: Town) -> None:
    first = town.paid()
    person = first.people[0]
    later = town.decide("22.03.2024", "O", "04.2024", persons=[person])
    town.form("22.03.2024")
    (reference,) = town.ask_for("22.03.2024")
    town.stop("26.03.2024", person.iin, "death", since="25.03.2024", document="АХАЖ № 7")
    town.pay_in("27.03.2024", FIVE_MRP, reference)
    assert town.send("28.03.2024").orders == ()
    assert town.ask("SELECT award_number FROM esep.payment") == [(first.awards[0],)]
    assert f"1 funding/O/{reference}" in town.balances()
    assert later.awards[0] != first.awards[0]


@CASES.row(
    "E67",
    "monthly aid of three months, the second month returned",
    "only that month's item is resent or refunded; the others are untouched",
)
def e67(town: Town) -> None:
    rows: list[Decided] = []
    person = next(town.persons)
    for month, formed, asked, came, sent in (
        ("01.2024", "27.12.2023", "28.12.2023", "03.01.2024", "04.01.2024"),
        ("02.2024", "26.01.2024", "29.01.2024", "02.02.2024", "05.02.2024"),
        ("03.2024", "27.02.2024", "28.02.2024", "04.03.2024", "05.03.2024"),
    ):
        rows.append(town.decide("20.12.2023" if not rows else asked_before(formed), "M", month, persons=[person]))
        town.form(formed)
        (reference,) = town.ask_for(asked)
        town.pay_in(came, FIVE_MRP, reference)
        town.send(sent)
        town.debit(sent)
    second = rows[1].payments[0]
    town.give_back("06.03.2024", second)
    town.notify("07.03.2024")
    town.resolve("11.03.2024", second, "refund")
    (back,) = town.refund("11.03.2024").refunds
    assert [(one.reference, one.amount) for one in back.items] == [(second, FIVE_MRP)]
    assert by_banks(town, "03.2024") == [("M", HALYK, 1, FIVE_MRP, 1, FIVE_MRP)]
    assert len(town.ask("SELECT 1 FROM esep.payment")) == 3


def asked_before(formed: str) -> str:
    """A decision comes on the day its need is formed."""
    return formed
