"""Funding: cases E32 to E40."""

import re

import pytest

from formats.errors import FormatError
from ledgers import acts
from reconcile import refund, statement
from tests.procedure.table import Table, d
from tests.procedure.town import FIVE_MRP, PAYERS, Town
from tests.reconcile import bank

CASES = Table()
REQUEST = "AST-2024-0001"


def transfers_of(town: Town, first: str, last: str, book: int = 1) -> list[tuple[str, str, int]]:
    """What Appendix 1 of these days lists: number, kind, tiyn."""
    with town.desk.database.begin() as connection:
        parts = acts.transfer_parts(connection, book, d(first), d(last))
    return [(one.order_number, one.aid_kind, one.amount) for one in parts]


@CASES.row(
    "E32",
    "request 5 002 660,00 (271 × 18 460); received 3 000 000,00",
    "162 persons paid = 2 990 520,00; 9 480,00 stays in 200; 109 persons wait (2 012 140,00); request rest "
    "2 002 660,00",
)
def e32(town: Town) -> None:
    assert 271 * FIVE_MRP == 5_002_660_00
    town.funded(amounts=[FIVE_MRP] * 271, received=3_000_000_00)
    sent = town.send("18.03.2024")
    assert sum(one.count for one in sent.orders) == 162
    assert sum(one.amount for one in sent.orders) == 2_990_520_00
    balances = town.balances()
    assert balances[f"1 funding/A/{REQUEST}"] == 9_480_00
    assert balances[f"1 requested/A/{REQUEST}"] == 2_002_660_00
    ((waiting, amount),) = town.ask(
        "SELECT count(*), sum(w.amount)::bigint FROM esep.award_line w WHERE NOT EXISTS "
        "(SELECT 1 FROM esep.payment p WHERE p.award_number = w.award_number)"
    )
    assert (waiting, amount) == (109, 2_012_140_00)
    town.pay_in("19.03.2024", 2_002_660_00, REQUEST, number="146")
    assert sum(one.count for one in town.send("20.03.2024").orders) == 109
    assert f"1 funding/A/{REQUEST}" not in town.balances()


@CASES.row(
    "E34",
    "request 2 141 360,00; received 2 141 630,00 (digits swapped)",
    "270,00 to 205, not payable; refund 270,00; Appendix 1 shows the received 2 141 630,00",
)
def e34(town: Town) -> None:
    assert 116 * FIVE_MRP == 2_141_360_00
    town.funded(amounts=[FIVE_MRP] * 116, received=2_141_630_00)
    assert town.balances()["1 unidentified/S1"] == 270_00
    assert sum(one.amount for one in town.send("18.03.2024").orders) == 2_141_360_00
    assert town.balances()["1 unidentified/S1"] == 270_00
    (back,) = refund.send(town.at("19.03.2024"), town.out, lines=["S1"]).refunds
    assert back.order.amount == 270_00
    assert "1 unidentified/S1" not in town.balances()
    assert sum(one[2] for one in transfers_of(town, "01.03.2024", "31.03.2024")) == 2_141_630_00


@CASES.row("E35", "transfer without request", "205 unmatched; no MT-102 allowed from it")
def e35(town: Town) -> None:
    told = town.pay_in("14.03.2024", FIVE_MRP)
    assert [one.amount for one in told.unidentified] == [FIVE_MRP]
    assert town.balances() == {"1 cash": FIVE_MRP, "1 unidentified/S1": FIVE_MRP}
    town.decide("14.03.2024", "O", "03.2024")
    assert town.send("14.03.2024").orders == ()
    town.form("14.03.2024")
    (reference,) = town.ask_for("15.03.2024")
    assert town.send("15.03.2024").orders == ()
    assert town.balances()[f"1 requested/O/{reference}"] == FIVE_MRP


@CASES.row(
    "E37",
    "payment order dated Fri 29.03.2024, received Mon 01.04.2024",
    "in the April act; for the March act it is a timing difference (AMB-9)",
)
def e37(town: Town) -> None:
    people = town.decide("06.03.2024", "A")
    town.form("11.03.2024")
    (reference,) = town.ask_for("28.03.2024")
    told = town.pay_in("01.04.2024", FIVE_MRP, reference, dated="29.03.2024")
    assert len(people.awards) == 1
    assert any("in that of 03.2024 it is a timing difference (AMB-9)" in one.sentence for one in told.remarks)
    assert transfers_of(town, "01.03.2024", "31.03.2024") == []
    assert transfers_of(town, "01.04.2024", "30.04.2024") == [("145", "A", FIVE_MRP)]


@CASES.row(
    "E39",
    "the same transfer imported twice (same number, date, BIN, amount)",
    "the second is refused as a duplicate; balances unchanged",
)
def e39(town: Town) -> None:
    town.funded()
    before = town.balances()
    came = bank.line("credit", d("14.03.2024"), FIVE_MRP, "145", PAYERS[1], REQUEST)
    other = bank.credit(d("15.03.2024"), 1_00, "9", ("", "", ""), "-")
    again = statement.import_file(town.at("15.03.2024"), bank.statement(town.folder, came, other))
    assert (again.new_lines, again.known_lines) == (1, 1)
    assert town.balances() == before | {"0 cash": 1_00, "0 unidentified/S2": 1_00}
    assert transfers_of(town, "01.03.2024", "31.03.2024") == [("145", "A", FIVE_MRP)]


@CASES.row("E40", "transfer with amount 0,00 or negative", "refused at import")
def e40(town: Town) -> None:
    for amount in ("0.00", "-18460.00"):
        came = bank.line("credit", d("14.03.2024"), FIVE_MRP, "145", PAYERS[1])
        path = bank.statement(town.folder, came)
        text, count = re.subn(r"(?m)^(Сумма\w*=)18460.00$", rf"\g<1>{amount}", path.read_text("utf-8"))
        assert count > 0
        path.write_text(text, "utf-8")
        with pytest.raises(FormatError) as refused:
            statement.import_file(town.at("14.03.2024"), path)
        assert any(amount in fault.found for fault in refused.value.faults), refused.value
    assert town.balances() == {}
