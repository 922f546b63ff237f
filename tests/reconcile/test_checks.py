"""The checks of a month: what agrees is silent, what differs by 0,01 is named with its document and three values."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from ledgers import db
from ledgers.journal import Event
from reconcile import checks
from reconcile.checks import MonthCheck
from reconcile.desk import Desk
from tests.ledgers.stories import REQUEST, Story
from tests.ledgers.story_rows import MONTH, day, payment_order

TIYN = "0,01"


def checked(story: Story) -> MonthCheck:
    with story.desk.database.begin() as connection:
        return checks.run(connection, 1, MONTH)


def test_golden_month_has_no_finding_and_its_sums_are_those_of_the_forms(desk: Desk) -> None:
    """E53: all figures of the golden month, closing balance 0,00."""
    check = checked(Story(desk).golden())
    assert check.findings == ()
    assert {one.category: (one.register, one.ledger, one.statement) for one in check.totals} == {
        "transfers": (2_141_360_00,) * 3,
        "sent": (2_159_820_00,) * 3,
        "settled": (2_196_740_00,) * 3,
        "returned": (55_380_00,) * 3,
        "refunded": (36_920_00,) * 3,
    }
    equation = check.equation
    assert (equation.opening, equation.transfers, equation.returned, equation.other) == (0, 2_141_360_00, 55_380_00, 0)
    assert (equation.sent, equation.refunded, equation.closing, equation.obligations) == (2_159_820_00, 36_920_00, 0, 0)
    assert equation.holds
    assert (check.bank.bank, check.bank.cash, check.bank.unexplained) == (0, 0, 0)


def test_a_tiyn_between_register_and_ledger_blocks_and_names_the_file(desk: Desk) -> None:
    """E72: the ledger has 0,01 less than the items of the file."""
    check = checked(Story(desk).golden(posted=-1))
    found = {finding.place: finding.sentence for finding in check.blocking}
    file = "sent, file GCVP-00100000071 No 71 of 18.03.2024 to HSBKKZKX"
    assert file in found
    assert "register 1\xa0107\xa0600,00, ledger 1\xa0107\xa0599,99, statement 1\xa0107\xa0599,99" in found[file]
    assert f"they differ by {TIYN}" in found[file]
    # The debit of the file and the equation see the same tiyn; nothing else does.
    assert set(found) == {file, "settled, debit of GCVP-00100000071", "control equation"}


def small(desk: Desk) -> Story:
    """A month of three people at one bank, funded and not sent yet."""
    story = Story(desk)
    story.set_up()
    story.awards({("A", "HSBKKZKX"): 3})
    story.request({"A": 55_380_00})
    story.transfer("145", "A", 55_380_00, day(14))
    return story


PEOPLE = [20_000_001, 20_000_002, 20_000_003]


def bank_debited_other_amount(story: Story) -> None:
    story.settle(story.send("A", "HSBKKZKX", PEOPLE, day(18)), day(18))
    story.lines[-1]["amount"] += 1
    story.lines[0]["amount"] += 1
    story.statement()


def line_fits_no_file(story: Story) -> None:
    story.line(day(20), "debit", 18_460_00, "999")
    story.statement()


def statement_too_short(story: Story) -> None:
    story.statement(day(29))


def bank_had_money_before(story: Story) -> None:
    story.statement(opening=5_00)


def order_says_one_more(story: Story) -> None:
    story.enter(
        "orders_sent", day(18), {"payment_order": [payment_order(71, "MT-102", "A", "HSBKKZKX", day(18), 1, 1)]}
    )
    story.statement()


def money_left_for_no_book(story: Story) -> None:
    line = story.unidentified(100, day(20))
    events = [
        Event(rule="moved_out", debit_reference=f"S{line}", amount=100),
        Event(rule="moved_out_cash", amount=100),
    ]
    story.enter("money_moved", day(20), {}, events)
    story.statement()


BLOCKING: list[tuple[Callable[[Story], None], list[tuple[str, str]]]] = [
    (
        bank_debited_other_amount,
        [
            ("transfers, transfer 145 of 14.03.2024", "ledger 55\xa0380,00, statement 55\xa0380,01"),
            ("sent, file GCVP-00100000071", "ledger 55\xa0380,00, statement 55\xa0380,01"),
            (
                "settled, debit of GCVP-00100000071",
                "register 55\xa0380,00, ledger 55\xa0380,00, statement 55\xa0380,01",
            ),
        ],
    ),
    (line_fits_no_file, [("statement", "line S2 of 20.03.2024, debit No 999, 18\xa0460,00, fits no file")]),
    (statement_too_short, [("statement", "must reach 31.03.2024, they reach 29.03.2024")]),
    (bank_had_money_before, [("bank balance", "statement 1 from 01.03.2024 opens with 5,00, 0,00 was expected")]),
    (
        order_says_one_more,
        [("file GCVP-00100000071", "an order and its items disagree: it says 1 items, 1 tiyn, the rows give 0 items")],
    ),
    (
        money_left_for_no_book,
        [
            ("bank balance", "1,00 of the difference is not explained"),
            ("account between", "1,00 left one book"),
        ],
    ),
]


@pytest.mark.parametrize(("step", "expected"), BLOCKING, ids=[step.__name__ for step, _ in BLOCKING])
def test_what_blocks_names_the_line(desk: Desk, step: Callable[[Story], None], expected: list[tuple[str, str]]) -> None:
    story = small(desk)
    step(story)
    found = checked(story).blocking
    assert len(found) == len(expected), [str(finding) for finding in found]
    for finding, (place, sentence) in zip(found, expected, strict=True):
        assert finding.place.startswith(place)
        assert sentence in finding.sentence


def test_without_any_statement_the_month_stays_open(desk: Desk) -> None:
    story = Story(desk)
    story.set_up()
    assert [finding.sentence for finding in checked(story).blocking] == [
        "the statements must reach 31.03.2024, there is none; import the missing one"
    ]


def test_money_at_rest_is_listed_and_does_not_block(desk: Desk) -> None:
    """R-063: what waits is named with its reference; a month may close over it."""
    story = small(desk)
    story.send("A", "HSBKKZKX", PEOPLE, day(28))
    story.unidentified(7_00, day(28))
    story.statement()
    check = checked(story)
    assert check.blocking == ()
    assert [str(finding) for finding in check.warnings] == [
        "transit[GCVP-00100000071]: 55\xa0380,00 is open: the bank has not debited it yet",
        "unidentified[S2]: 7,00 is open: nobody can place it yet",
    ]
    assert check.equation.other == 7_00
    assert (check.equation.closing, check.equation.cash) == (7_00, 55_387_00)
    sent = next(one for one in check.totals if one.category == "sent")
    assert (sent.register, sent.ledger, sent.statement) == (55_380_00, 55_380_00, 0)


def test_returned_and_undecided_money_is_listed(desk: Desk) -> None:
    story = small(desk)
    story.settle(story.send("A", "HSBKKZKX", PEOPLE, day(18)), day(18))
    story.come_back("A", "HSBKKZKX", [20_000_001, 20_000_002], day(19), "шот жабылған")
    story.resolve(20_000_001, "resend", day(27))
    story.statement()
    assert [str(finding) for finding in checked(story).findings] == [
        "resend[P20000001/1]/A: 18\xa0460,00 is open: it is decided to be resent and is not sent (R-062)",
        "returned[P20000002/1]/A: 18\xa0460,00 is open: it came back and is not decided (R-061)",
    ]


def test_the_excess_of_a_transfer_is_part_of_the_transfer(desk: Desk) -> None:
    """E34: 270,00 above the request stands on its line; the transfer is what was received."""
    story = Story(desk)
    story.set_up()
    story.awards({("A", "HSBKKZKX"): 3})
    story.request({"A": 55_380_00})
    story.transfer("145", "A", 55_380_00, day(14), excess=270_00)
    story.statement()
    check = checked(story)
    assert check.blocking == ()
    transfers = check.totals[0]
    assert (transfers.register, transfers.ledger, transfers.statement) == (55_650_00,) * 3
    assert check.equation.other == 0


TAMPERED = [
    (
        "UPDATE esep.payment SET version = 2 WHERE award_number = 20000001",
        ["payment P20000001/1 in GCVP-00100000071: a payment and its award line disagree: it says version 2"],
    ),
    (
        "UPDATE esep.payment SET order_number = 99 WHERE award_number = 20000001",
        [
            "sent, file GCVP-00100000071",
            "file GCVP-00100000071",
            "payment P20000001/1: a payment without its order disagree: it says order 99",
        ],
    ),
    (
        "UPDATE esep.payment SET attempt = 2 WHERE award_number = 20000001",
        ["payment P20000001/2 in GCVP-00100000071: a later attempt and the outcome that allows it disagree"],
    ),
    (
        "UPDATE esep.payment SET request_number = 9 WHERE award_number = 20000001",
        ["payment P20000001/1 in GCVP-00100000071: a first payment and its request disagree: it says request 9"],
    ),
    (
        "UPDATE esep.award_line SET amount = amount + 1 WHERE award_number = 20000001",
        ["payment P20000001/1", "awards of entry 2, aid A: an import of awards and its lines disagree"],
    ),
    ("UPDATE esep.need SET count = 4", ["need 1: a need and the imports it took disagree: it says 4 lines"]),
    ("UPDATE esep.request SET amount = amount + 1", [f"request {REQUEST}: a request and its needs disagree"]),
    ("UPDATE esep.transfer_placing SET amount = amount - 1", ["transfer 145: a transfer and its placings disagree"]),
]


@pytest.mark.parametrize(("statement", "starts"), TAMPERED, ids=[statement for statement, _ in TAMPERED])
def test_references_that_no_key_guards_are_proved(
    desk: Desk, location: db.Location, statement: str, starts: list[str]
) -> None:
    story = small(desk)
    story.settle(story.send("A", "HSBKKZKX", PEOPLE, day(18)), day(18))
    story.statement()
    assert checked(story).findings == ()
    with db.owned(location) as owner, owner.begin() as connection:
        for table in ("payment", "award_line", "need", "request", "transfer_placing"):
            connection.execute(text(f"ALTER TABLE esep.{table} DISABLE TRIGGER USER"))
        connection.execute(text(statement))
    found = checked(story).blocking
    named = [start for start in starts if any(str(finding).startswith(start) for finding in found)]
    assert named == starts, [str(finding) for finding in found]
