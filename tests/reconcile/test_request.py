"""The request asks the authority for the money of its needs, by aid kind (R-033, R-034, R-040, R-042)."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from formats import exchange
from ledgers import integrity, posting
from ledgers.journal import Event
from ledgers.requests import RequestedKind
from reconcile import funding_report, need, order, refund, release, report, request, statement
from reconcile.arrivals import ArrivedTooEarly, ArrivesInFuture, UnknownDocument
from reconcile.desk import Desk
from reconcile.line_book import NoReason
from reconcile.request import RequestLine
from tests.reconcile.bank import FIVE_MRP, balances, transfer
from tests.reconcile.bank import statement as written
from tests.reconcile.decided import cancel, decide, entered, set_up
from tests.reconcile.golden import at, balance, counts, play

DAY = date(2024, 3, 12)
MARCH = date(2024, 3, 1)
GOLDEN_REQUEST = "AST-2024-0001"


def test_the_golden_request(desk: Desk, tmp_path: Path) -> None:
    result = play(desk, "request", tmp_path)
    (sent,) = result.requests
    assert (sent.number, sent.amount) == ("AST-2024-0001", 2_141_360_00)
    assert [(line.aid_kind, line.count, line.amount) for line in sent.lines] == [
        ("A", 100, 1_846_000_00),
        ("B", 40, 295_360_00),
    ]
    assert balance(desk, "requested") == 2_141_360_00


def test_the_document_can_be_read_back_and_has_its_pictures(desk: Desk, tmp_path: Path) -> None:
    (sent,) = play(desk, "request", tmp_path).requests
    octets = (tmp_path / "request-AST-2024-0001.xml").read_bytes()
    assert exchange.read(octets, "request") == sent
    for language in ("kk", "ru"):
        assert (tmp_path / f"request-AST-2024-0001-{language}.pdf").read_bytes().startswith(b"%PDF-1.7")


def test_sending_again_makes_no_second_request_but_writes_a_missing_file(desk: Desk, tmp_path: Path) -> None:
    play(desk, "request", tmp_path)
    before = counts(desk)
    lost = tmp_path / "request-AST-2024-0001.xml"
    octets = lost.read_bytes()
    lost.unlink()
    again = request.send(at(desk, DAY), tmp_path)
    assert again.requests == ()
    assert [file.path.name for file in again.files if file.written] == [lost.name]
    assert lost.read_bytes() == octets
    assert counts(desk) == before


# --- Arrival ----------------------------------------------------------------------------------------------------------


def listed(desk: Desk, today: date) -> list[RequestLine]:
    with desk.database.begin() as connection:
        return request.listed(connection, today)


def test_a_request_came_on_the_day_it_was_sent_unless_another_day_is_told(desk: Desk, tmp_path: Path) -> None:
    """E31: what arrived on the 12th is due on the 14th; a later arrival moves the day."""
    play(desk, "request", tmp_path)
    (first, _) = listed(desk, DAY)
    assert (first.arrived_on, first.due) == (DAY, date(2024, 3, 14))
    later = at(desk, date(2024, 3, 13))
    told = request.arrived(later, "AST", GOLDEN_REQUEST, date(2024, 3, 13))
    assert (told.before, told.is_repeat) == (None, False)
    assert listed(desk, DAY)[0].due == date(2024, 3, 15)
    before = counts(desk)
    assert request.arrived(later, "AST", GOLDEN_REQUEST, date(2024, 3, 13)).is_repeat
    assert counts(desk) == before
    corrected = request.arrived(later, "AST", GOLDEN_REQUEST, DAY)
    assert funding_report.arrived(corrected) == [
        "request AST-2024-0001 arrived on 12.03.2024, not on 13.03.2024 as was told before"
    ]
    assert listed(desk, DAY)[0].due == date(2024, 3, 14)


@pytest.mark.parametrize(
    ("reference", "on", "refusal"),
    [
        (GOLDEN_REQUEST, date(2024, 3, 11), ArrivedTooEarly),
        (GOLDEN_REQUEST, date(2024, 3, 14), ArrivesInFuture),
        ("AST-2024-0009", DAY, UnknownDocument),
    ],
)
def test_an_arrival_that_cannot_be_is_refused(
    desk: Desk, tmp_path: Path, reference: str, on: date, refusal: type[Exception]
) -> None:
    play(desk, "request", tmp_path)
    before = counts(desk)
    with pytest.raises(refusal):
        request.arrived(at(desk, date(2024, 3, 13)), "AST", reference, on)
    assert counts(desk) == before


# --- The list ---------------------------------------------------------------------------------------------------------


def test_the_list_says_what_came_and_what_is_awaited_until_when(desk: Desk, tmp_path: Path) -> None:
    play(desk, "request", tmp_path)
    sent = listed(desk, date(2024, 3, 14))
    assert [(one.aid_kind, one.asked_tiyn, one.came_tiyn, one.awaited_tiyn, one.state) for one in sent] == [
        ("A", 1_846_000_00, 0, 1_846_000_00, "due by 14.03.2024"),
        ("B", 295_360_00, 0, 295_360_00, "due by 14.03.2024"),
    ]
    statement.import_file(
        at(desk, date(2024, 3, 18)), written(tmp_path, transfer(date(2024, 3, 18), 1_846_000_00, "145"))
    )
    statement.import_file(
        at(desk, date(2024, 3, 18)),
        written(tmp_path, transfer(date(2024, 3, 18), 100_000_00, "146"), opening=1_846_000_00),
    )
    late = listed(desk, date(2024, 3, 18))
    assert [(one.came_tiyn, one.awaited_tiyn, one.state) for one in late] == [
        (1_846_000_00, 0, "all came"),
        (100_000_00, 195_360_00, "part came, overdue since 14.03.2024, 2 working days"),
    ]
    lines = funding_report.request_list(late, tabs=True)
    assert lines[0].split("\t")[-4:] == ["awaited, KZT", "from", "due", "state"]


def test_a_monthly_request_waits_for_the_first_and_asks_over_the_year_end(desk: Desk, tmp_path: Path) -> None:
    """E05: need on Wed 27.12.2023, request 28.12, money from Wed 03.01.2024, softly due on Thu 04.01."""
    set_up(desk, tmp_path)
    decide(desk, date(2023, 12, 20), "M", date(2024, 1, 1), 2)
    assert len(need.form(at(desk, date(2023, 12, 27))).formed) == 1
    sent = request.send(at(desk, date(2023, 12, 28)), tmp_path / "out")
    assert sent.over_year_end == ("AST-2023-0001",)
    assert report.requests_sent(sent)[1].startswith("look: request AST-2023-0001 asks in one budget year")
    (waits,) = listed(desk, date(2023, 12, 29))
    assert (waits.earliest, waits.due) == (date(2024, 1, 3), date(2024, 1, 4))
    assert (waits.state, waits.note) == ("waits until 03.01.2024 (R-042)", request.OVER_YEAR_END)
    assert listed(desk, date(2024, 1, 3))[0].state == "due by 04.01.2024"
    early = transfer(date(2023, 12, 29), 2 * FIVE_MRP, "900", "AST-2023-0001")
    result = statement.import_file(at(desk, date(2023, 12, 29)), written(tmp_path, early))
    assert [one.case for one in result.remarks] == ["before_the_first"]
    assert "before the 1st, old budget year" in report.statement_import(result)[-1]


def test_what_was_carried_is_paid_in_the_month_after_its_need(desk: Desk, tmp_path: Path) -> None:
    """6.5: a March award of 28.03 is asked for on 29.04; its month of payment is May, so it waits for the 1st."""
    set_up(desk, tmp_path)
    decide(desk, date(2024, 3, 28), "M", MARCH, 1)
    assert need.form(at(desk, date(2024, 4, 25))).formed == ()
    need.form(at(desk, date(2024, 4, 26)))
    request.send(at(desk, date(2024, 4, 29)), tmp_path / "out")
    (carried,) = listed(desk, date(2024, 4, 29))
    assert (carried.earliest, carried.due) == (date(2024, 5, 2), date(2024, 5, 3))


# --- What a request no longer needs -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("funding", "awaited", "unpaid", "withdrawn", "released"),
    [
        (0, 100, 100, 0, 0),
        (0, 100, 60, 40, 0),  # the awaited rest goes first
        (60, 40, 30, 40, 30),  # then what came
        (100, 0, 0, 0, 100),
        (9_480_00, 2_002_660_00, 2_012_140_00, 0, 0),  # E32: less than one person is left, and 109 wait
        (0, 100, 120, 0, 0),  # more is needed than was asked for: nothing to let go
    ],
)
def test_the_awaited_rest_goes_before_money_that_came(
    funding: int, awaited: int, unpaid: int, withdrawn: int, released: int
) -> None:
    asked = RequestedKind(
        authority_id=1,
        request_number=1,
        reference="R",
        sent_on=DAY,
        aid_kind="A",
        count=1,
        asked=1,
        came=0,
        awaited=awaited,
        funding=funding,
        payment_months=(MARCH,),
    )
    found = release.surplus_of(asked, unpaid)
    assert (found.withdrawn, found.released) == (withdrawn, released)


def three_asked(desk: Desk, folder: Path) -> list[int]:
    """Three people of kind A asked for on 12.03.2024."""
    set_up(desk, folder)
    awards = decide(desk, date(2024, 3, 6), "A", MARCH, 3)
    need.form(at(desk, date(2024, 3, 11)))
    request.send(at(desk, DAY), folder / "out")
    return awards


def test_an_award_cancelled_before_the_money_came_is_no_longer_awaited(desk: Desk, tmp_path: Path) -> None:
    awards = three_asked(desk, tmp_path)
    cancel(desk, DAY, MARCH, awards[0])
    tried = release.release(at(desk, DAY), "AST", GOLDEN_REQUEST, "бас тартты", dry_run=True)
    assert balance(desk, "requested") == 3 * FIVE_MRP
    done = release.release(at(desk, DAY), "AST", GOLDEN_REQUEST, "бас тартты")
    assert done == tried
    assert [(one.aid_kind, one.withdrawn, one.released) for one in done.surpluses] == [("A", FIVE_MRP, 0)]
    assert balance(desk, "requested") == 2 * FIVE_MRP
    before = counts(desk)
    again = release.release(at(desk, DAY), "AST", GOLDEN_REQUEST, "бас тартты")
    assert funding_report.released(again) == ["the awards of request AST-2024-0001 need all of it, nothing changed"]
    assert counts(desk) == before


def test_an_award_cancelled_after_the_money_came_goes_back_with_the_next_refund(desk: Desk, tmp_path: Path) -> None:
    awards = three_asked(desk, tmp_path)
    statement.import_file(desk, written(tmp_path, transfer(date(2024, 3, 14), 3 * FIVE_MRP, "145")))
    cancel(desk, date(2024, 3, 14), MARCH, awards[0])
    done = release.release(desk, "AST", GOLDEN_REQUEST, "қайтыс болды", aid_kind="A")
    assert [(one.withdrawn, one.released) for one in done.surpluses] == [(0, FIVE_MRP)]
    assert balances(desk)[f"1 refundable/A/{GOLDEN_REQUEST}"] == FIVE_MRP
    assert release.release(desk, "AST", GOLDEN_REQUEST, "қайтыс болды").surpluses == ()
    (sent,) = refund.send(desk, tmp_path / "out").refunds
    assert sent.order.amount == FIVE_MRP


def test_what_was_sent_is_no_longer_needed_and_what_a_bank_refused_is(desk: Desk, tmp_path: Path) -> None:
    """A sent file took its funding along; refused by the bank (MT-905), its people need the money again."""
    three_asked(desk, tmp_path)
    statement.import_file(desk, written(tmp_path, transfer(date(2024, 3, 14), 3 * FIVE_MRP, "145")))
    (sent,) = order.send(at(desk, date(2024, 3, 18)), tmp_path / "out").orders
    assert release.release(at(desk, date(2024, 3, 18)), "AST", GOLDEN_REQUEST, "-").surpluses == ()
    with entered(desk, "file_refused", date(2024, 3, 18), ["order_refusal"]) as (connection, number):
        refusal = {"order_number": sent.order_number, "refused_on": date(2024, 3, 18), "reference": "905", "code": "01"}
        key = {"authority_id": 1, "entry_number": number, "reason": "-", "sha256": bytes(32)}
        posting.append(connection, "order_refusal", [refusal | key])
        back = Event(
            rule="payment_refused",
            aid_kind="A",
            debit_reference=sent.reference,
            credit_reference=GOLDEN_REQUEST,
            amount=sent.amount,
        )
        posting.post(connection, 1, number, date(2024, 3, 18), [back])
    assert release.release(at(desk, date(2024, 3, 18)), "AST", GOLDEN_REQUEST, "-").surpluses == ()
    assert balance(desk, "funding") == 3 * FIVE_MRP


def test_a_release_of_what_is_not_there_is_refused(desk: Desk, tmp_path: Path) -> None:
    three_asked(desk, tmp_path)
    for reference, kind in (("AST-2024-0009", None), (GOLDEN_REQUEST, "B")):
        with pytest.raises(release.UnknownRequest):
            release.release(desk, "AST", reference, "-", aid_kind=kind)
    with pytest.raises(NoReason):
        release.release(desk, "AST", GOLDEN_REQUEST, " ")


def test_the_sums_of_the_month_still_agree_after_a_release(desk: Desk, tmp_path: Path) -> None:
    awards = three_asked(desk, tmp_path)
    statement.import_file(desk, written(tmp_path, transfer(date(2024, 3, 14), 2 * FIVE_MRP, "145")))
    cancel(desk, date(2024, 3, 14), MARCH, awards[0])
    release.release(desk, "AST", GOLDEN_REQUEST, "-")
    with desk.database.begin() as connection:
        assert list(integrity.mismatches(connection, 1, MARCH, date(2024, 3, 31))) == []
        open_kinds = connection.execute(
            text("SELECT count(*) FROM esep.posting WHERE rule IN ('request_withdrawn', 'funding_released')")
        )
        assert open_kinds.scalar_one() == 1
